//! `search`: hits by page, with the words around the match.

use crate::cli::desk::Desk;
use crate::cli::json::SearchAnswer;
use crate::format::wording::count;
use crate::index::Reason;
use crate::registry::{Answer, Hit, Search, SearchPage};

pub(in crate::cli) fn run(desk: &mut Desk<'_>, search: &Search<'_>) -> Answer<u8> {
    let page = desk.registry.search_for(desk.actor.as_reader()?, search)?;
    tell(desk, &page, search.with_reasons)
}

/// Tells what was found, and what there is to say about it.
pub(super) fn tell(desk: &mut Desk<'_>, page: &SearchPage, with_reasons: bool) -> Answer<u8> {
    desk.result(&SearchAnswer::from(page), || {
        let explained = |hit: &Hit| if with_reasons { reasons(hit) } else { String::new() };
        let hits =
            page.hits.iter().map(|hit| format!("{}\n    {}\n{}", heading(hit), marked(hit), explained(hit)));
        let (pages, files) = (count(page.total, "Seite", "Seiten"), count(page.files_total, "Akte", "Akten"));
        format!("{}{pages} und {files} in {:.1} ms", hits.collect::<String>(), page.took_ms)
    })?;
    if let Some(note) = page.reach.note() {
        desk.remark(note)?;
    }
    for street in &page.streets {
        desk.remark(street.note())?;
    }
    if !page.did_you_mean.is_empty() {
        desk.remark(format_args!("Meinten Sie: {}", page.did_you_mean.join(" oder ")))?;
    }
    if let Some(note) = page.partial_note() {
        desk.remark(note)?;
    }
    if page.is_behind {
        desk.remark("Der Datenträger ist voll: zuletzt Erfasstes wird noch nicht gefunden.")?;
    }
    Ok(0)
}

fn heading(hit: &Hit) -> String {
    let file = hit
        .file
        .as_ref()
        .map_or_else(|| "Posteingang".to_owned(), |file| format!("{}  {}", file.reference, file.title));
    match (&hit.document, hit.page) {
        (Some(document), Some(page)) => {
            format!("{file}\n  {} Seite {page}  {}", document.file_name, document.id)
        }
        (Some(document), None) => format!("{file}\n  {}  {}", document.file_name, document.id),
        (None, _) => file,
    }
}

/// Why it is a hit, and where it stands in the order.
fn reasons(hit: &Hit) -> String {
    let named = hit
        .is_named
        .then(|| "die Akte ist es, die Sie nennen (Adresse, Flurstück oder Aktenzeichen)".to_owned());
    let reasons = named.into_iter().chain(hit.why.iter().map(Reason::german));
    format!("    warum: {}; {:.1} Punkte\n", reasons.collect::<Vec<_>>().join("; "), hit.score)
}

/// The snippet on one line, what matches between » and «.
fn marked(hit: &Hit) -> String {
    let (text, mut out, mut at) = (&hit.snippet.text, String::new(), 0);
    for mark in &hit.snippet.marks {
        out.push_str(&text[at..mark.start]);
        out.push('»');
        out.push_str(&text[mark.clone()]);
        out.push('«');
        at = mark.end;
    }
    out.push_str(&text[at..]);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}
