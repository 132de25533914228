//! What is remembered of a delivery, so that people can look how far it is (`registry::deliveries`): written down when it was
//! checked, before its first document is taken in, and after the last. May not decide anything.

use std::collections::BTreeMap;
use std::path::Path;

use super::Delivery;
use super::check::{Checked, Line};
use crate::cli::desk::Desk;
use crate::cli::disk;
use crate::domain::ids::DocumentId;
use crate::format::batch_report::Entry;
use crate::format::delivery::{DeliveryLine, Stage};
use crate::registry::{Answer, DeliveryInHand, NewDelivery, Registry};

/// Remembers one that was checked and is not taken in.
pub(super) fn checked(
    desk: &Desk<'_>,
    manifest: &Path,
    checked: &Checked,
    stage: Stage,
    entries: &[Entry],
) -> Answer<()> {
    remember(desk.registry, desk, manifest, checked, stage, entries.iter().map(of_entry).collect()).map(drop)
}

impl Delivery {
    /// Remembers that it is about to be taken in, each document under its id.
    pub(super) fn remember_begun<'r>(
        &self,
        registry: &'r Registry,
        desk: &Desk<'_>,
        manifest: &Path,
        planned: &BTreeMap<usize, DocumentId>,
    ) -> Answer<DeliveryInHand<'r>> {
        let lines = self.checked.lines.iter().enumerate();
        let lines = lines.map(|(at, line)| match planned.get(&at) {
            Some(id) => DeliveryLine { document: Some(*id), ..to_come(line) },
            None => of_line(line),
        });
        remember(registry, desk, manifest, &self.checked, Stage::Begun, lines.collect())
    }

    /// Remembers what became of each line.
    pub(super) fn remember_ended(&self, desk: &Desk<'_>, manifest: &Path) -> Answer<()> {
        let lines = self.checked.lines.iter().enumerate();
        let lines = lines.map(|(at, line)| match self.refusals.get(&at) {
            Some(words) => DeliveryLine {
                why: Some(words.why.clone()),
                way_out: Some(words.way_out.clone()),
                ..to_come(line)
            },
            None => of_line(line),
        });
        remember(desk.registry, desk, manifest, &self.checked, Stage::Ended, lines.collect()).map(drop)
    }
}

fn remember<'r>(
    registry: &'r Registry,
    desk: &Desk<'_>,
    manifest: &Path,
    checked: &Checked,
    stage: Stage,
    lines: Vec<DeliveryLine>,
) -> Answer<DeliveryInHand<'r>> {
    let place = manifest.canonicalize().unwrap_or_else(|_| manifest.to_owned());
    let new = NewDelivery {
        place: &place,
        list: disk::name_of(manifest),
        list_sha256: checked.list,
        stage,
        checksums: checked.checksums as u64,
        lines,
    };
    registry.remember_delivery(desk.actor.as_clerk()?, new)
}

/// One that is no document yet.
fn to_come(line: &Line) -> DeliveryLine {
    DeliveryLine {
        line: Some(line.row.line),
        path: Some(line.row.path.clone()),
        reference: Some(line.row.reference.to_string()),
        page_count: line.row.page_count,
        ..DeliveryLine::default()
    }
}

/// One as it is: of what is a document, the document says the rest.
fn of_line(line: &Line) -> DeliveryLine {
    match line.taken {
        None => to_come(line),
        taken => DeliveryLine { document: taken, path: None, reference: None, ..to_come(line) },
    }
}

fn of_entry(entry: &Entry) -> DeliveryLine {
    let document = entry.document.parse().ok();
    let said = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let is_flawed = !entry.why.is_empty();
    DeliveryLine {
        line: entry.line,
        document,
        path: said(&entry.path).filter(|_| document.is_none() || is_flawed),
        reference: said(&entry.reference).filter(|_| document.is_none() || is_flawed),
        page_count: entry.pages_expected,
        why: said(&entry.why),
        way_out: said(&entry.way_out),
    }
}
