//! `similar`: the documents most like another, best first. `duplicates`: what is there twice.

use super::refile::document_id;
use crate::cli::args::Duplicates;
use crate::cli::desk::Desk;
use crate::cli::json::suggest as json;
use crate::format::wording;
use crate::registry::{Answer, Duplicated, SimilarDocument};

pub(in crate::cli) fn run(desk: &mut Desk<'_>, document: &str) -> Answer<u8> {
    let all = desk.registry.similar(desk.actor.as_reader()?, document_id(document)?)?;
    desk.result(&json::similar(&all), || all.iter().map(line).collect::<Vec<_>>().join("\n"))?;
    Ok(0)
}

pub(in crate::cli) fn duplicates(desk: &mut Desk<'_>, asked: &Duplicates) -> Answer<u8> {
    let (actor, today) = (desk.actor.clone(), desk.today());
    let reader = actor.as_reader()?;
    let mut ids = asked.documents.iter().map(|id| document_id(id)).collect::<Answer<Vec<_>>>()?;
    if let Some(reference) = &asked.file {
        ids.extend(&desk.registry.show_file(reader, reference, today)?.file.documents);
    }
    let all = desk.registry.duplicates(reader, &ids)?;
    desk.result(&json::duplicates(&all), || match all.as_slice() {
        [] => "nichts davon ist doppelt".to_owned(),
        all => all.iter().map(duplicated).collect::<Vec<_>>().join("\n"),
    })?;
    Ok(0)
}

fn duplicated(one: &Duplicated) -> String {
    let head = format!("{}  {}", one.document.file_name, one.document.id);
    let same = one.same.iter().map(|other| {
        let place =
            other.file.as_ref().map_or_else(|| "Posteingang".to_owned(), |file| file.reference.to_string());
        let what = other.sameness.map(wording::sameness).unwrap_or_default();
        format!("  {what}: {place}  {}  {}", other.document.file_name, other.document.id)
    });
    std::iter::once(head).chain(same).collect::<Vec<_>>().join("\n")
}

fn line(one: &SimilarDocument) -> String {
    let (document, page) = (&one.document, one.page);
    let file = one.file.as_ref();
    let place =
        file.map_or_else(|| "Posteingang".to_owned(), |file| format!("{}  {}", file.reference, file.title));
    let same = one.sameness.map(|same| format!("  ({})", wording::sameness(same))).unwrap_or_default();
    format!("{place}\n  {} Seite {page}  {}{same}", document.file_name, document.id)
}
