//! Saved searches (Gespeicherte Suchen): a person's own, with what is new in each. Looking changes nothing; that
//! something was seen is a form of its own, which carries how far the page had looked.

use askama::Template;

use super::{OK, Paging};
use crate::domain::ids::SavedSearchId;
use crate::domain::saved::{SAVED_MAX, SEARCH_NAME_CHARS_MAX};
use crate::registry::{Hit, NewSearch, SavedIn, SavedView};
use crate::web::Office;
use crate::web::answer::{Outcome, page, see_other};
use crate::web::asked::Asked;
use crate::web::frame::Frame;
use crate::web::gate::Visitor;
use crate::web::trouble::{OrNotFound as _, Trouble};
use crate::web::words::{Segment, percent_encoded, segments};

/// New hits on one page.
const HITS_PER_PAGE: usize = 20;
/// Furthest page of new hits.
const PAGES_MAX: usize = 50;

#[derive(Template)]
#[template(path = "web/saved.html")]
struct SavedPage {
    frame: Frame,
    searches: Vec<SearchLine>,
    /// How far this page has looked.
    mark: String,
}

#[derive(Template)]
#[template(path = "web/new_hits.html")]
struct NewHitsPage {
    frame: Frame,
    search: SearchLine,
    mark: String,
    hits: Vec<HitLine>,
    total: usize,
    is_partial: bool,
    paging: Paging,
}

/// A saved search, as pages show it.
pub(super) struct SearchLine {
    pub id: String,
    pub name: String,
    pub query: String,
    /// Where it looks, in words; nothing if everywhere.
    pub place: String,
    pub order: &'static str,
    /// The way to all it finds.
    pub all: String,
    /// What is new, in words; nothing if nothing is.
    pub new: String,
    /// Why nobody can say what is new.
    pub failed: Option<String>,
}

struct HitLine {
    /// Where it leads, and what it is called.
    link: (String, String),
    place: String,
    snippet: Vec<Segment>,
}

/// This person's saved searches; none for somebody who reads no records.
pub(super) fn lines(office: &Office, visitor: &Visitor) -> Result<Vec<SearchLine>, Trouble> {
    let Ok(reader) = visitor.actor().as_reader() else { return Ok(Vec::new()) };
    Ok(office.registry.saved_searches(reader)?.iter().map(line).collect())
}

fn line(view: &SavedView) -> SearchLine {
    let search = &view.search;
    let mut all = format!("/suche?q={}", percent_encoded(&search.query));
    if let Some(file) = search.only_file {
        all.push_str(&format!("&akte={file}"));
    }
    match super::narrow::name_of(search.order) {
        "" => {}
        order => all.push_str(&format!("&sortierung={order}")),
    }
    SearchLine {
        id: search.id.to_string(),
        name: search.name.to_string(),
        query: search.query.clone(),
        place: match &view.place {
            SavedIn::Everything => String::new(),
            SavedIn::File(reference) => format!("in der Akte {reference}"),
            SavedIn::Gone => "in einer Akte, die es für Sie nicht mehr gibt".to_owned(),
        },
        order: search.order.label(),
        all,
        new: view.news.as_ref().map(|news| news.german()).unwrap_or_default(),
        failed: view.news.as_ref().err().map(|words| format!("{}. {}.", words.why, words.way_out)),
    }
}

/// All of them.
pub fn show(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    // Before they are counted: what comes meanwhile is not seen.
    let mark = office.registry.mark(visitor.reader()?)?;
    let searches = lines(office, visitor)?;
    page(OK, &SavedPage { frame: Frame::of(office, visitor, "gespeichert").noting(asked), searches, mark })
}

/// What is new in one.
pub fn show_new(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let (reader, id) = (visitor.reader()?, asked.param::<SavedSearchId>("suche")?);
    let number = asked.number("seite")?;
    if number > PAGES_MAX {
        return Err(Trouble::NotFound);
    }
    let mark = office.registry.mark(reader)?;
    let search = line(&office.registry.saved_view(reader, id).or_not_found()?);
    let found = office.registry.new_hits(reader, id, (number - 1) * HITS_PER_PAGE, HITS_PER_PAGE)?;
    let total = found.total + found.files_total;
    let paging = Paging::of(number, total.min(PAGES_MAX * HITS_PER_PAGE), HITS_PER_PAGE)?;
    let hits = found.hits.iter().filter_map(|hit| hit_line(hit, &search.query)).collect();
    let (frame, is_partial) = (Frame::of(office, visitor, "gespeichert"), found.is_partial);
    page(OK, &NewHitsPage { frame, search, mark, hits, total, is_partial, paging })
}

fn hit_line(hit: &Hit, query: &str) -> Option<HitLine> {
    let (link, place) = match (&hit.document, &hit.file) {
        (Some(document), file) => {
            let (mut address, mut name) = (format!("/dokument/{}", document.id), document.file_name.clone());
            if let Some(page) = hit.page {
                address.push_str(&format!("/seite/{page}?q={}", percent_encoded(query)));
                name.push_str(&format!(", Seite {page}"));
            }
            let place = file.as_ref().map(|file| format!("Akte {}, {}", file.reference, file.title));
            ((address, name), place.unwrap_or_else(|| "im Posteingang".to_owned()))
        }
        (None, Some(file)) => {
            let name = format!("Akte {}: {}", file.reference, file.title);
            ((format!("/akte/{}", file.id), name), String::new())
        }
        (None, None) => return None,
    };
    let snippet = segments(&hit.snippet.text, hit.snippet.marks.iter().cloned());
    Some(HitLine { link, place, snippet })
}

/// Saves what is being searched.
pub fn save(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let reader = visitor.reader()?;
    let only_file = match asked.field("akte")? {
        "" => None,
        id => Some(id.parse().map_err(|_| Trouble::NotFound)?),
    };
    let new = NewSearch {
        name: asked.filled("name", "Name")?,
        query: asked.filled("q", "Suche")?,
        only_file,
        order: super::narrow::order(Some(asked.field("sortierung")?)),
        mark: mark_of(asked)?,
    };
    office.registry.save_search(reader, &new)?;
    Ok(see_other("/gespeichert?getan=gespeichert"))
}

/// How far the page had looked on which the form stood.
fn mark_of(asked: &Asked) -> Result<Option<&str>, Trouble> {
    Ok(Some(asked.field("bis")?).filter(|mark| !mark.is_empty()))
}

/// What one finds was seen.
pub fn mark_seen(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let id = asked.param("suche")?;
    let reader = visitor.reader()?;
    office.registry.saved_view(reader, id).or_not_found()?;
    office.registry.mark_seen(reader, id, mark_of(asked)?)?;
    Ok(see_other("/gespeichert?getan=gesehen"))
}

/// Calls one otherwise.
pub fn rename(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let id = asked.param("suche")?;
    let reader = visitor.reader()?;
    office.registry.saved_view(reader, id).or_not_found()?;
    office.registry.rename_search(reader, id, asked.filled("name", "Name")?)?;
    Ok(see_other("/gespeichert?getan=umbenannt"))
}

/// Removes one.
pub fn remove(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let id: SavedSearchId = asked.param("suche")?;
    office.registry.forget_search(visitor.reader()?, id).or_not_found()?;
    Ok(see_other("/gespeichert?getan=entfernt"))
}
