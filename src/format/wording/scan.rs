//! Scans that stand for their paper, in words: how far the visual check has come, and what still has to be done.

use std::collections::BTreeSet;

use super::count;
use crate::domain::document::{Document, TextState};
use crate::domain::scan::SymbolCoding;
use crate::domain::scan::check::CheckState;
use crate::domain::scan::note::symbol_coding;

/// Most ranges of pages that are named.
const RANGES_MAX: usize = 12;

/// Pages by their ranges: `1–3, 7`.
#[must_use]
pub fn pages(pages: &BTreeSet<u32>) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for page in pages {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *page => *last = *page,
            _ => ranges.push((*page, *page)),
        }
    }
    let named = ranges.iter().take(RANGES_MAX).map(|(first, last)| match first == last {
        true => first.to_string(),
        false => format!("{first}–{last}"),
    });
    let named = named.collect::<Vec<_>>().join(", ");
    let more: u32 = ranges.iter().skip(RANGES_MAX).map(|(first, last)| last - first + 1).sum();
    if more == 0 {
        named
    } else {
        format!("{named} und {} weitere", count(u64::from(more), "Seite", "Seiten"))
    }
}

/// How far the visual check has come.
#[must_use]
pub fn check_state(state: &CheckState) -> String {
    match state {
        CheckState::Unread => "noch nicht gelesen, also noch nicht zu prüfen".to_owned(),
        CheckState::Unreadable { why } => format!("nicht zu prüfen: {why}"),
        CheckState::Open { left } => {
            let still = count(left.len() as u64, "Seite", "Seiten");
            format!("noch {still} anzusehen ({})", pages(left))
        }
        CheckState::Rescan { pages } => {
            let again: Vec<_> =
                pages.iter().map(|(page, reason)| format!("Seite {page}: {reason}")).collect();
            format!(
                "neu zu scannen ({})",
                super::first_of(&again, "eine weitere Seite", "weitere Seiten").join("; ")
            )
        }
        CheckState::Passed => "Sichtprüfung bestanden".to_owned(),
    }
}

/// What a document is as a scan that stands for its paper; none if it is not.
#[must_use]
pub fn scan(document: &Document) -> Option<String> {
    let product = document.scan.as_ref()?;
    let mut said = vec![format!("ersetzender Scan, Schutzbedarf {}", product.scan.need.label())];
    match (&product.note, document.check_state()) {
        (Some(note), _) => said.push(format!("Transfervermerk vom {}", super::day(note.on))),
        (None, Some(CheckState::Passed)) => {
            said.push("Sichtprüfung bestanden, der Transfervermerk fehlt noch".to_owned());
        }
        (None, state) => said.extend(state.as_ref().map(check_state)),
    }
    said.extend(
        product.scan.irreplaceable.map(|kind| format!("das Papier bleibt in jedem Fall ({})", kind.label())),
    );
    said.extend(symbol_coded(document).map(str::to_owned));
    Some(said.join(", "))
}

/// Why a scan cannot get a transfer note as it was compressed; none if it can, or nobody has looked.
#[must_use]
pub fn symbol_coded(document: &Document) -> Option<&'static str> {
    let TextState::Read(text) = &document.text else { return None };
    let coding = text.symbol_coding.filter(|coding| *coding != SymbolCoding::Absent)?;
    symbol_coding(Some(coding)).err().map(|(why, _)| why)
}
