//! `search`: hits by page, with the words around the match.

use std::collections::BTreeMap;

use crate::cli::args::SearchArgs;
use crate::cli::desk::Desk;
use crate::cli::json::SearchAnswer;
use crate::format::wording::count;
use crate::index::{Facets, Reason};
use crate::registry::{Answer, Hit, Search, SearchPage};

/// Stands before hits that are not counted.
const PARTLY: &str = "Darunter, nicht mitgezählt: wo nur ein Teil der Wörter steht\n";

pub(in crate::cli) fn run(desk: &mut Desk<'_>, asked: &SearchArgs) -> Answer<u8> {
    let (registry, reader) = (desk.registry, desk.actor.as_reader()?);
    let only_file = match &asked.file {
        Some(reference) => Some(registry.show_file(reader, reference, registry.today())?.file.id),
        None => None,
    };
    let search = Search {
        query: &asked.query,
        only_file,
        order: asked.sort.into(),
        offset: asked.offset,
        limit: asked.limit,
        with_facets: asked.facets,
        with_reasons: asked.explain,
    };
    ask(desk, &search)
}

/// Searches, and tells what was found.
pub(super) fn ask(desk: &mut Desk<'_>, search: &Search<'_>) -> Answer<u8> {
    let page = desk.registry.search_for(desk.actor.as_reader()?, search)?;
    tell(desk, &page, search.with_reasons)
}

/// Tells what was found, and what there is to say about it.
pub(super) fn tell(desk: &mut Desk<'_>, page: &SearchPage, with_reasons: bool) -> Answer<u8> {
    desk.result(&SearchAnswer::from(page), || {
        let explained = |hit: &Hit| if with_reasons { reasons(hit) } else { String::new() };
        let listed = |hits: &[Hit]| -> String {
            let line = |hit: &Hit| format!("{}\n    {}\n{}", heading(hit), marked(hit), explained(hit));
            hits.iter().map(line).collect()
        };
        let (whole, partly) = page.whole_and_partly();
        let mut text = listed(whole);
        if !partly.is_empty() {
            text.push_str(PARTLY);
            text.push_str(&listed(partly));
        }
        text.push_str(&page.facets.as_ref().map(counts).unwrap_or_default());
        let (pages, files) = (count(page.total, "Seite", "Seiten"), count(page.files_total, "Akte", "Akten"));
        format!("{text}{pages} und {files} in {:.1} ms", page.took_ms)
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
    if let Some(behind) = page.behind {
        desk.remark(behind.note())?;
    }
    Ok(0)
}

/// What the matches have in common, a line for each thing.
fn counts(facets: &Facets) -> String {
    let years = facets.years.iter().map(|(year, count)| (year.to_string(), *count)).collect();
    let all = [
        ("Klasse", &facets.classes),
        ("Straße", &facets.streets),
        ("Jahr", &years),
        ("Phase", &facets.phases),
        ("Art", &facets.kinds),
    ];
    let line = |(name, values): (&str, &BTreeMap<String, usize>)| {
        let values = values.iter().map(|(value, count)| format!("{value} ({count})"));
        format!("{name}: {}\n", values.collect::<Vec<_>>().join(", "))
    };
    all.into_iter().filter(|(_, values)| !values.is_empty()).map(line).collect()
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
