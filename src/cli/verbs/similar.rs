//! `similar`: the documents most like another, best first.

use crate::cli::desk::Desk;
use crate::cli::json::suggest::similar;
use crate::domain::ids::DocumentId;
use crate::registry::{Answer, Error, SimilarDocument};

pub(in crate::cli) fn run(desk: &mut Desk<'_>, document: &str) -> Answer<u8> {
    let id: DocumentId = document.parse().map_err(|_| Error::unknown("Dokument", document))?;
    let all = desk.registry.similar(desk.actor.as_reader()?, id)?;
    desk.result(&similar(&all), || all.iter().map(line).collect::<Vec<_>>().join("\n"))?;
    Ok(0)
}

fn line(one: &SimilarDocument) -> String {
    let (document, page) = (&one.document, one.page);
    let file = one.file.as_ref();
    let place =
        file.map_or_else(|| "Posteingang".to_owned(), |file| format!("{}  {}", file.reference, file.title));
    format!("{place}\n  {} Seite {page}  {}", document.file_name, document.id)
}
