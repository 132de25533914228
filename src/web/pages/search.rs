//! Search (Suchen): hits by page, together by file and document, each with the words around it.

use askama::Template;
use axum::http::StatusCode;

use super::narrow::{self, FacetView, OrderView};
use super::{OK, Paging};
use crate::domain::ids::CaseFileId;
use crate::domain::query::{self, Part, Sought};
use crate::domain::record_type::RecordTypes;
use crate::domain::streets::{StreetNames, Streets};
use crate::registry::{self, Behind, Error, FileGroup, Hit, Search, grouped};
use crate::web::Office;
use crate::web::answer::{Outcome, page_with_script as page};
use crate::web::asked::Asked;
use crate::web::frame::Frame;
use crate::web::gate::Visitor;
use crate::web::trouble::{OrNotFound as _, Trouble};
use crate::web::words::{Segment, segments};

/// Hits on one page.
const HITS_PER_PAGE: usize = 20;
/// Furthest page; whoever wants more narrows the search.
const PAGES_MAX: usize = 50;

#[derive(Template)]
#[template(path = "web/search.html")]
struct SearchPage<'a> {
    frame: Frame,
    query: &'a str,
    /// The file that alone is searched: id and what people call it.
    only: Option<(String, String)>,
    /// What every address of this search carries on: the one file, and that reasons are wanted.
    kept: String,
    /// The same, with reasons if there are none, without if there are.
    kept_other: String,
    with_reasons: bool,
    failed: Option<String>,
    /// The file whose folder has what was typed as its barcode: id, reference number and title.
    by_barcode: Option<(String, String, String)>,
    /// What is asked for, if it is more than one thing: each can be taken away.
    parts: Vec<PartView<'a>>,
    found: Option<FoundView>,
    /// How far this answer has looked, for whoever saves it.
    mark: String,
}

/// A part of the query, and the query without it.
struct PartView<'a> {
    label: String,
    typed: &'a str,
    without: String,
    /// Where it was recognised as more than words: the query in which it is not.
    as_words: Option<String>,
}

struct FoundView {
    total: usize,
    files_total: usize,
    behind: Option<&'static str>,
    /// Where not everything was looked at: that it was not.
    partial: Option<&'static str>,
    /// Where matches are not as typed: that they are not.
    note: Option<&'static str>,
    /// Streets that have other names, in words.
    streets: Vec<String>,
    did_you_mean: Vec<String>,
    took_ms: String,
    facets: Vec<FacetView>,
    orders: Vec<OrderView>,
    /// The order in use, as the address names it.
    order: &'static str,
    /// What has all that was asked for.
    whole: Vec<GroupView>,
    /// What has only some of the words; not counted.
    partly: Vec<GroupView>,
    paging: Paging,
    /// More match than pages are shown.
    is_cut: bool,
}

/// What of a file is among the hits.
struct GroupView {
    /// Its id, reference number and title; none in the in-tray.
    file: Option<(String, String, Vec<Segment>)>,
    /// It is a hit itself, and why.
    own: Option<Vec<String>>,
    documents: Vec<DocumentView>,
}

struct DocumentView {
    id: String,
    name: String,
    places: Vec<PlaceView>,
}

/// A place in a document.
struct PlaceView {
    page: Option<u32>,
    snippet: Vec<Segment>,
    /// Why, if that was asked.
    why: Vec<String>,
}

/// The page; without a question only the box.
pub fn show(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let reader = visitor.reader()?;
    let query = asked.query("q").unwrap_or_default().trim();
    let number = asked.number("seite")?;
    let only = only_file(office, visitor, asked)?;
    let with_reasons = asked.query("warum") == Some("1");
    let kept = |with_reasons: bool| {
        let only = only.as_ref().map(|(id, _)| format!("&akte={id}")).unwrap_or_default();
        format!("{only}{}", if with_reasons { "&warum=1" } else { "" })
    };
    let mut shown = SearchPage {
        frame: Frame::of(office, visitor, "suche"),
        query,
        only: only.as_ref().map(|(id, name)| (id.to_string(), name.clone())),
        kept: kept(with_reasons),
        kept_other: kept(!with_reasons),
        with_reasons,
        failed: None,
        by_barcode: by_barcode(office, visitor, query)?,
        parts: Vec::new(),
        found: None,
        mark: String::new(),
    };
    if query.is_empty() {
        return page(OK, &shown);
    }
    if number > PAGES_MAX {
        return Err(Trouble::NotFound);
    }
    let search = Search {
        query,
        only_file: only.map(|(id, _)| id),
        order: narrow::order(asked.query("sortierung")),
        offset: (number - 1) * HITS_PER_PAGE,
        limit: HITS_PER_PAGE,
        with_facets: true,
        with_reasons,
    };
    shown.mark = office.registry.mark(reader)?;
    match office.registry.search_for(reader, &search) {
        Ok(found) => {
            let rules = office.registry.rules()?;
            shown.parts = parts_of(query, &rules.streets);
            shown.found = Some(found_view(&search, found, number, &rules.types)?);
            page(OK, &shown)
        }
        Err(Error::Mistake(words)) => {
            shown.failed = Some(format!("{}. {}.", words.why, words.way_out));
            page(StatusCode::BAD_REQUEST, &shown)
        }
        Err(other) => Err(other.into()),
    }
}

/// A scanner types into whatever field has the cursor.
fn by_barcode(
    office: &Office,
    visitor: &Visitor,
    query: &str,
) -> Result<Option<(String, String, String)>, Trouble> {
    match office.registry.find_paper(visitor.reader()?, query) {
        Ok(file) => Ok(Some((file.id.to_string(), file.reference.to_string(), file.title))),
        Err(Error::Mistake(_)) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

/// The file that alone is to be searched, and what people call it.
fn only_file(
    office: &Office,
    visitor: &Visitor,
    asked: &Asked,
) -> Result<Option<(CaseFileId, String)>, Trouble> {
    let Some(id) = asked.query("akte").filter(|id| !id.is_empty()) else { return Ok(None) };
    let id: CaseFileId = id.parse().map_err(|_| Trouble::NotFound)?;
    let today = office.registry.today();
    let view = office.registry.show_file_by_id(visitor.reader()?, id, today).or_not_found()?;
    Ok(Some((id, view.file.reference.to_string())))
}

fn found_view(
    search: &Search<'_>,
    found: registry::SearchPage,
    number: usize,
    types: &RecordTypes,
) -> Result<FoundView, Trouble> {
    let matching = found.total + found.files_total;
    let orders = narrow::orders(search.order);
    let (whole, partly) = found.whole_and_partly();
    let views = |hits| grouped(hits).iter().map(|group| group_view(group, search.with_reasons)).collect();
    Ok(FoundView {
        total: found.total,
        files_total: found.files_total,
        behind: found.behind.map(Behind::note),
        partial: found.partial_note(),
        note: found.reach.note(),
        streets: found.streets.iter().map(StreetNames::note).collect(),
        took_ms: format!("{:.1}", found.took_ms).replace('.', ","),
        facets: found
            .facets
            .as_ref()
            .map(|facets| narrow::facets(search.query, facets, types))
            .unwrap_or_default(),
        order: orders.iter().find(|view| view.is_used).map_or("", |view| view.name),
        orders,
        whole: views(whole),
        partly: views(partly),
        paging: Paging::of(number, matching.min(PAGES_MAX * HITS_PER_PAGE), HITS_PER_PAGE)?,
        is_cut: matching > PAGES_MAX * HITS_PER_PAGE,
        did_you_mean: found.did_you_mean,
    })
}

fn parts_of<'a>(query: &'a str, streets: &Streets) -> Vec<PartView<'a>> {
    let parts = query::parts_in(query, streets).unwrap_or_default();
    if parts.len() < 2 && parts.iter().all(|part| part.sought.is_none()) {
        return Vec::new();
    }
    let with = |at: usize, instead: Option<&str>| {
        let rest = parts.iter().enumerate();
        let rest = rest.filter_map(|(other, part)| if other == at { instead } else { Some(part.typed) });
        rest.collect::<Vec<_>>().join(" ")
    };
    let view = |(at, part): (usize, &Part<'a>)| PartView {
        label: part
            .sought
            .as_ref()
            .map_or_else(|| label(part.typed), |sought| format!("{} {}", kind(sought), part.typed)),
        typed: part.typed,
        without: with(at, None),
        as_words: part.sought.as_ref().map(|_| with(at, Some(&part.only_words()))),
    };
    parts.iter().enumerate().map(view).collect()
}

/// What words were recognised as.
fn kind(sought: &Sought) -> &'static str {
    match sought {
        Sought::Address(_) => "Adresse",
        Sought::Parcel(_) => "Flurstück",
        Sought::Reference(_) => "Aktenzeichen",
    }
}

/// A part in words: `jahr:1950..1965` is *Jahr 1950 bis 1965*.
fn label(typed: &str) -> String {
    const FIELDS: [(&str, &str); 13] = [
        ("az:", "Aktenzeichen"),
        ("aktenzeichen:", "Aktenzeichen"),
        ("titel:", "Titel"),
        ("datei:", "Datei"),
        ("klasse:", "Klasse"),
        ("straße:", "Adresse"),
        ("strasse:", "Adresse"),
        ("flurstück:", "Flurstück"),
        ("flur:", "Flurstück"),
        ("jahr:", "Jahr"),
        ("phase:", "Phase"),
        ("art:", "Art"),
        ("dokumentart:", "Art"),
    ];
    let (not, asked) = match typed.strip_prefix('-').or_else(|| typed.strip_prefix("NICHT ")) {
        Some(asked) => ("nicht ", asked),
        None => ("", typed),
    };
    let asked = asked.strip_prefix('=').unwrap_or(asked);
    let named = FIELDS.iter().find(|(field, _)| asked.to_lowercase().starts_with(field));
    let Some((field, name)) = named else { return format!("{not}{asked}") };
    let value = asked.split_once(':').map_or("", |(_, value)| value);
    let value = match (*field, value.split_once("..")) {
        ("jahr:", Some(("", to))) => format!("bis {to}"),
        ("jahr:", Some((from, ""))) => format!("ab {from}"),
        ("jahr:", Some((from, to))) => format!("{from} bis {to}"),
        _ => value.to_owned(),
    };
    format!("{not}{name} {value}")
}

fn group_view(group: &FileGroup<'_>, with_reasons: bool) -> GroupView {
    let why = |hit: &Hit| if with_reasons { hit.reasons() } else { Vec::new() };
    let snippet = |hit: &Hit| segments(&hit.snippet.text, hit.snippet.marks.iter().cloned());
    let place = |hit: &&Hit| PlaceView { page: hit.page, snippet: snippet(hit), why: why(hit) };
    let file = group.file.map(|file| {
        let title = group.own.map_or_else(|| segments(&file.title, std::iter::empty()), snippet);
        (file.id.to_string(), file.reference.to_string(), title)
    });
    let document = |found: &registry::DocumentGroup<'_>| DocumentView {
        id: found.document.id.to_string(),
        name: found.document.file_name.clone(),
        places: found.hits.iter().map(place).collect(),
    };
    GroupView { file, own: group.own.map(why), documents: group.documents.iter().map(document).collect() }
}
