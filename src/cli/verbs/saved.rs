//! `saved …`: saved searches, and what is new in them.

use crate::cli::args::SavedVerb;
use crate::cli::desk::Desk;
use crate::cli::json::saved as json;
use crate::domain::saved::SavedSearch;
use crate::format::wording::count;
use crate::registry::{Answer, NewSearch, SavedIn, SavedView};

pub(in crate::cli) fn run(desk: &mut Desk<'_>, verb: &SavedVerb) -> Answer<u8> {
    let actor = desk.actor.clone();
    let reader = actor.as_reader()?;
    match verb {
        SavedVerb::Add { name, query, file, sort } => {
            let shown = file.as_ref().map(|file| desk.registry.show_file(reader, file, desk.today()));
            let only_file = shown.transpose()?.map(|view| view.file.id);
            let new = NewSearch { name, query, only_file, order: (*sort).into(), mark: None };
            let id = desk.registry.save_search(reader, &new)?;
            desk.result(&json::added(id, name), || format!("Suche „{name}“ gespeichert ({id})"))?;
        }
        SavedVerb::List => {
            let all = desk.registry.saved_searches(reader)?;
            desk.result(&json::searches(&all), || match all.is_empty() {
                true => "keine gespeicherten Suchen".to_owned(),
                false => all.iter().map(line).collect::<Vec<_>>().join("\n"),
            })?;
        }
        SavedVerb::Run { which, new, seen, limit, offset } => {
            let search = desk.registry.saved_search(reader, which)?;
            // What comes while somebody reads the answer is not seen.
            let mark = seen.then(|| desk.registry.mark(reader)).transpose()?;
            if *new {
                let page = desk.registry.new_hits(reader, search.id, *offset, *limit)?;
                super::search::tell(desk, &page, false)?;
            } else {
                super::search::ask(desk, &search.search(*offset, *limit))?;
            }
            if let Some(mark) = mark {
                desk.registry.mark_seen(reader, search.id, Some(&mark))?;
                desk.remark(format_args!("„{}“ gilt bis eben als gesehen", search.name))?;
            }
        }
        SavedVerb::Seen { which } => seen(desk, which.as_deref())?,
        SavedVerb::Rename { which, name } => {
            let search = desk.registry.saved_search(reader, which)?;
            desk.registry.rename_search(reader, search.id, name)?;
            desk.result(&json::renamed(search.id, name), || {
                format!("„{}“ heißt jetzt „{name}“", search.name)
            })?;
        }
        SavedVerb::Remove { which } => {
            let search = desk.registry.saved_search(reader, which)?;
            desk.registry.forget_search(reader, search.id)?;
            desk.result(&json::removed(search.id), || format!("Suche „{}“ entfernt", search.name))?;
        }
    }
    Ok(0)
}

fn seen(desk: &mut Desk<'_>, which: Option<&str>) -> Answer<()> {
    let actor = desk.actor.clone();
    let reader = actor.as_reader()?;
    let mark = desk.registry.mark(reader)?;
    let all: Vec<SavedSearch> = match which {
        Some(which) => vec![desk.registry.saved_search(reader, which)?],
        None => desk.registry.saved_searches(reader)?.into_iter().map(|view| view.search).collect(),
    };
    for search in &all {
        desk.registry.mark_seen(reader, search.id, Some(&mark))?;
    }
    desk.result(&json::seen(&all), || {
        format!("{} bis jetzt als gesehen gemerkt", count(all.len(), "Suche", "Suchen"))
    })
}

fn line(view: &SavedView) -> String {
    let search = &view.search;
    let place = match &view.place {
        SavedIn::Everything => String::new(),
        SavedIn::File(reference) => format!(", in der Akte {reference}"),
        SavedIn::Gone => ", in einer Akte, die es für Sie nicht mehr gibt".to_owned(),
    };
    let new = match &view.news {
        Ok(news) if news.is_any() => news.german(),
        Ok(_) => "nichts Neues".to_owned(),
        Err(words) => words.why.clone(),
    };
    format!("{}: {new}\n  {}{place}; {}  {}", search.name, search.query, search.order.label(), search.id)
}
