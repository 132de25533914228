//! `search`: hits by page, together by file and document, with the words around the match.

use std::collections::BTreeMap;

use crate::answers::SearchAnswer;
use crate::cli::args::SearchArgs;
use crate::cli::desk::Desk;
use crate::format::wording::count;
use crate::index::Facets;
use crate::registry::{Answer, DocumentGroup, Hit, Search, SearchPage, grouped};

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
        let listed = |hits: &[Hit]| lines(hits, with_reasons);
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
        ("Aktenart", &facets.record_types),
        ("Register", &facets.registers),
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

/// What was found, by file and document.
fn lines(hits: &[Hit], with_reasons: bool) -> String {
    let why = |hit: &Hit, indent: &str| match with_reasons {
        true => {
            format!("{indent}warum: {}; {:.1} Punkte\n", hit.reasons().join("; "), hit.score)
        }
        false => String::new(),
    };
    let mut text = String::new();
    for group in grouped(hits) {
        let reference = group.file.map_or("Posteingang", |file| file.reference.as_str());
        let title = group.file.map_or("", |file| &file.title);
        text += &match group.own {
            Some(own) => format!("{reference}  {}  (dem Namen nach)\n{}", marked(own), why(own, "    ")),
            None => format!("{}\n", format!("{reference}  {title}").trim_end()),
        };
        for DocumentGroup { document, hits } in group.documents {
            text += &format!("  {}  {}\n", document.file_name, document.id);
            for hit in hits {
                let page = hit.page.map(|page| format!("Seite {page}: ")).unwrap_or_default();
                text += &format!("    {page}{}\n{}", marked(hit), why(hit, "      "));
            }
        }
    }
    text
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
