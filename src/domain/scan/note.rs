//! The transfer note (Transfervermerk, TR-RESISCAN A.NB.4): what is stated of a scan that stands for its paper, fields a to f.
//! It is written only over a scan that was checked, is complete, and is not compressed by symbol coding.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, DateTime};

use super::check::CheckState;
use super::{Procedure, ProtectionNeed, SCAN_TEXT_CHARS_MAX, ScanProduct, SymbolCoding};
use crate::base::digest::Sha256;
use crate::domain::actor::Actor;
use crate::domain::document::{Document, TextState};
use crate::domain::ids::PersonId;
use crate::domain::refusal::Refusal;

/// Field f, as every note states it.
pub const STATEMENT: &str =
    "Dieses Dokument ist ein Scanprodukt. Es stimmt mit dem Papieroriginal bildlich und inhaltlich überein.";

/// A person and the name at that time: a note must name a person, and an account may be forgotten before the document is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// The account.
    pub person: PersonId,
    /// The name.
    pub name: String,
}

/// Field e: what was checked, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quality {
    /// The need it was checked for.
    pub need: ProtectionNeed,
    /// How many pages had to be looked at; all of them, or a sample.
    pub pages_required: u32,
    /// How many were looked at and accepted.
    pub pages_accepted: u32,
    /// With which the sample can be drawn again.
    pub seed: String,
    /// Who looked.
    pub by: Vec<Named>,
    /// The day of the last look.
    pub until: Date,
}

/// A transfer note. It lives and dies with its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferNote {
    /// Which version of the document, from 1.
    pub version: u32,
    /// SHA-256 of its bytes.
    pub sha256: Sha256,
    /// How many bytes.
    pub size_bytes: u64,
    /// How many pages it has, which is how many were counted on paper.
    pub pages: u32,
    /// a: who made it.
    pub creator: Named,
    /// a: who stood at the scanner, if that was somebody else.
    pub operator: Option<String>,
    /// b: how it was scanned.
    pub procedure: Procedure,
    /// c: what was out of the ordinary; may be empty.
    pub anomalies: Vec<String>,
    /// d: when it was scanned.
    pub captured: DateTime,
    /// e: what was checked.
    pub quality: Quality,
    /// f: that it matches the paper.
    pub statement: String,
    /// Where a qualified signature or seal over the scan is found, as a person says; this program makes and checks none.
    pub seal: Option<String>,
    /// Who wrote the note.
    pub by: Named,
    /// The day it was written.
    pub on: Date,
}

/// What the person says who writes a note.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoteOrder {
    /// What was out of the ordinary; may be empty.
    pub anomalies: String,
    /// Where a qualified signature or seal is found; may be empty.
    pub seal: String,
}

/// The names of those who took part, by their accounts.
pub type Names = BTreeMap<PersonId, String>;

/// Writes a note, if that is allowed.
///
/// # Errors
/// A [`Refusal`] with what is missing and the way out.
pub fn write_note(
    document: &Document,
    coding: Option<SymbolCoding>,
    (by, names): (&Actor, &Names),
    order: &NoteOrder,
    on: Date,
) -> Result<TransferNote, Refusal> {
    let refuse = |why: String, way_out: &str| {
        Err(Refusal::new(format!("„{}“ bekommt keinen Transfervermerk", document.file_name), why, way_out))
    };
    let Some(product) = &document.scan else {
        let way_out = "`schriftgut scan state` sagt, dass es vom Papier kommt";
        return refuse("es ist nicht als ersetzender Scan geführt".to_owned(), way_out);
    };
    if document.withdrawn.is_some() {
        return refuse("es ist zurückgezogen".to_owned(), "nehmen Sie den Scan, der dafür gilt");
    }
    if product.note.is_some() {
        return refuse("es hat schon einen".to_owned(), "`schriftgut scan show` zeigt ihn");
    }
    if let Err((why, way_out)) = symbol_coding(coding) {
        return refuse(why.to_owned(), way_out);
    }
    match document.check_state() {
        Some(CheckState::Passed) => {}
        other => {
            let (why, way_out) = not_passed(other);
            return refuse(why, way_out);
        }
    }
    let pages = document.page_count().unwrap_or_default();
    match product.scan.pages_on_paper {
        None => {
            let way_out = "zählen Sie sie und tragen Sie die Zahl ein (`schriftgut scan state --pages`)";
            return refuse("niemand hat die Seiten des Papiers gezählt".to_owned(), way_out);
        }
        Some(paper) if paper != pages => {
            let why = format!("auf dem Papier wurden {paper} Seiten gezählt, der Scan hat {pages}");
            return refuse(why, "scannen Sie, was fehlt, oder berichtigen Sie die Zahl");
        }
        Some(_) => {}
    }
    for text in [&order.anomalies, &order.seal] {
        if text.trim().chars().count() > SCAN_TEXT_CHARS_MAX {
            let why = format!("eine Angabe ist länger als {SCAN_TEXT_CHARS_MAX} Zeichen");
            return refuse(why, "kürzen Sie sie");
        }
    }
    Ok(noted(document, product, (by, names), order, on))
}

/// The note of a scan of which nothing is missing.
fn noted(
    document: &Document,
    product: &ScanProduct,
    (by, names): (&Actor, &Names),
    order: &NoteOrder,
    on: Date,
) -> TransferNote {
    let named = |person: PersonId| Named { person, name: names.get(&person).cloned().unwrap_or_default() };
    let (required, looks) = (document.pages_to_check().unwrap_or_default(), &product.looks);
    let checkers: BTreeSet<_> = looks.values().map(|look| look.by).collect();
    let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let mut anomalies = match &document.text {
        TextState::Read(text) => text.shortfalls.clone(),
        TextState::Unread | TextState::GivenUp { .. } => Vec::new(),
    };
    anomalies.extend(filled(&order.anomalies));
    TransferNote {
        version: u32::try_from(document.version()).unwrap_or(u32::MAX),
        sha256: document.original.sha256,
        size_bytes: document.original.size_bytes,
        pages: document.page_count().unwrap_or_default(),
        creator: named(product.scan.by),
        operator: product.scan.operator.clone(),
        procedure: product.scan.procedure.clone(),
        anomalies,
        captured: product.scan.captured,
        quality: Quality {
            need: product.scan.need,
            pages_required: u32::try_from(required.len()).unwrap_or(u32::MAX),
            pages_accepted: u32::try_from(looks.len()).unwrap_or(u32::MAX),
            seed: product.scan.seed.clone(),
            by: checkers.into_iter().map(named).collect(),
            until: looks.values().map(|look| look.on).max().unwrap_or(on),
        },
        statement: STATEMENT.to_owned(),
        seal: filled(&order.seal),
        by: named(by.id),
        on,
    }
}

/// Why a scan that is compressed so cannot stand for its paper, and the way out.
///
/// # Errors
/// Both, German.
pub fn symbol_coding(coding: Option<SymbolCoding>) -> Result<(), (&'static str, &'static str)> {
    match coding {
        Some(SymbolCoding::Absent) => Ok(()),
        Some(SymbolCoding::Present) => Err((
            "seine Bilder sind mit Symbolkodierung (JBIG2) komprimiert: ähnliche Zeichen werden durch eines ersetzt, so kann aus \
             einer 6 eine 8 werden (TR-RESISCAN A.SC.12 verbietet das)",
            "stellen Sie am Scanner eine andere Kompression ein (etwa JPEG oder Fax G4) und scannen Sie neu",
        )),
        Some(SymbolCoding::Unclear) | None => Err((
            "es ließ sich nicht feststellen, ob seine Bilder mit Symbolkodierung (JBIG2) komprimiert sind",
            "scannen Sie neu, mit einer anderen Kompression (etwa JPEG oder Fax G4)",
        )),
    }
}

fn not_passed(state: Option<CheckState>) -> (String, &'static str) {
    match state {
        None | Some(CheckState::Passed | CheckState::Unread) => {
            ("es ist noch nicht gelesen".to_owned(), "`schriftgut work` liest es")
        }
        Some(CheckState::Unreadable { why }) => (why, "scannen Sie neu: jede Seite muss sich zeigen lassen"),
        Some(CheckState::Open { left }) => {
            let why = format!("die Sichtprüfung ist nicht fertig: noch {} anzusehen", pages(left.len()));
            (why, "`schriftgut scan check` oder die Seite „Scans prüfen“ führt sie weiter")
        }
        Some(CheckState::Rescan { pages: again }) => {
            let first = again.into_iter().next();
            let (page, reason) = first.unwrap_or_default();
            let why = format!("Seite {page} ist neu zu scannen: {reason}");
            (why, "nehmen Sie den neuen Scan auf und ersetzen Sie diesen (`schriftgut scan replace`)")
        }
    }
}

fn pages(count: usize) -> String {
    if count == 1 { "1 Seite".to_owned() } else { format!("{count} Seiten") }
}
