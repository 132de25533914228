//! Replacement scanning (ersetzendes Scannen): what is said of a scan, the visual check, the transfer note, and which scans
//! somebody has something to do with. What becomes of the paper is told in `fate`. Nothing here destroys anything.

mod fate;

pub use fate::PaperView;

use std::collections::btree_map::Entry;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::Registry;
use super::error::{Answer, Error};
use super::keep::require_text;
use crate::base::digest::hex;
use crate::base::seal::random_bytes;
use crate::domain::actor::{Actor, Clerk, Reader};
use crate::domain::case_file::{CaseFile, ReferenceNumber};
use crate::domain::document::{Document, TextState};
use crate::domain::event::{DocumentEvent, Event};
use crate::domain::ids::DocumentId;
use crate::domain::life_cycle::{german, require_kept};
use crate::domain::refusal::Refusal;
use crate::domain::scan::check::{CheckState, look_at_pages, state_scan};
use crate::domain::scan::note::{Names, NoteOrder, write_note};
use crate::domain::scan::{
    Irreplaceable, PageVerdict, PaperScan, Procedure, ProtectionNeed, SCAN_TEXT_CHARS_MAX, SymbolCoding,
    TransferNote,
};

/// Most scans that are spoken of with one command: it is one append to the ledger, all or nothing.
pub const SCANS_AT_ONCE_MAX: usize = 10_000;

/// What somebody says of a scan. What is not said stays as it was.
#[derive(Debug, Clone, Default)]
pub struct ScanOrder {
    /// How it was scanned; must be said once.
    pub procedure: Option<Procedure>,
    /// Who stood at the scanner.
    pub operator: Option<String>,
    /// When it was scanned; now, if it was taken in today.
    pub captured: Option<DateTime>,
    /// How many pages were counted on paper.
    pub pages: Option<u32>,
    /// How much depends on it.
    pub need: Option<ProtectionNeed>,
    /// Its paper stays whatever happens.
    pub irreplaceable: Option<Irreplaceable>,
}

/// A scan somebody has something to do with.
#[derive(Debug, Clone)]
pub struct OpenScan {
    /// The document.
    pub document: Document,
    /// The file it lies in.
    pub file: Option<ReferenceNumber>,
    /// How far it has come.
    pub state: CheckState,
}

/// A scan with its transfer note.
#[derive(Debug, Clone)]
pub struct NotedScan {
    /// The document.
    pub document: Document,
    /// The file it lies in.
    pub file: Option<ReferenceNumber>,
    /// The note.
    pub note: TransferNote,
}

impl Registry {
    /// Says that documents came from paper and are to stand for it, or says it otherwise: of all of them or of none.
    ///
    /// # Errors
    /// A mistake for an unknown document, or if something is missing that must be said; a refusal by its state, its secrecy or
    /// the phase of its file.
    pub fn state_scans(
        &self,
        clerk: Clerk<'_>,
        documents: &[DocumentId],
        order: &ScanOrder,
    ) -> Answer<Vec<Document>> {
        if documents.len() > SCANS_AT_ONCE_MAX {
            let why =
                format!("{} Dokumente sind genannt, zulässig sind {SCANS_AT_ONCE_MAX}", documents.len());
            return Err(Error::mistake("Es wird nichts eingetragen", why, "teilen Sie die Angabe"));
        }
        let writing = self.writing()?;
        let (mut events, mut stated) = (Vec::new(), Vec::new());
        for id in documents {
            let mut document = self.scan_to_change(clerk.actor(), *id)?;
            let event = state_scan(&document, self.scan_said(clerk.actor(), &document, order)?)?;
            document.apply(&event);
            events.push(Event::Document(*id, event));
            stated.push(document);
        }
        self.record(&writing, clerk.actor().id, &events)?;
        Ok(stated)
    }

    /// What is said of a scan from now on.
    fn scan_said(&self, actor: &Actor, document: &Document, order: &ScanOrder) -> Answer<PaperScan> {
        let refuse = |why: String, way_out: &str| {
            let what = format!("„{}“ wird nicht als ersetzender Scan geführt", document.file_name);
            Err(Error::mistake(what, why, way_out))
        };
        let now = self.disk.now().to_zoned(TimeZone::system()).datetime();
        let now = now.round(jiff::Unit::Second).unwrap_or(now);
        let before = document.scan.as_ref().map(|product| &product.scan);
        let Some(procedure) = order.procedure.clone().or(before.map(|scan| scan.procedure.clone())) else {
            return refuse(
                "es ist nicht gesagt, mit welchem Verfahren gescannt wurde".to_owned(),
                "nennen Sie die Datei mit dem Verfahren (`--procedure`)",
            );
        };
        let today = (document.received == self.today()).then_some(now);
        let Some(captured) = order.captured.or(before.map(|scan| scan.captured)).or(today) else {
            let why = format!(
                "erfasst wurde es am {}; wann es gescannt wurde, ist nicht gesagt",
                german(document.received)
            );
            return refuse(why, "nennen Sie den Zeitpunkt (`--captured 2026-11-20T14:30`)");
        };
        if captured > now {
            return refuse("der Zeitpunkt des Scannens liegt in der Zukunft".to_owned(), "prüfen Sie ihn");
        }
        let operator = order.operator.as_deref().map(str::trim).filter(|name| !name.is_empty());
        if operator.is_some_and(|name| name.chars().count() > SCAN_TEXT_CHARS_MAX) {
            let why = format!("der Name hat mehr als {SCAN_TEXT_CHARS_MAX} Zeichen");
            return refuse(why, "kürzen Sie ihn");
        }
        let least = ProtectionNeed::least(document.domain);
        let need = order.need.or(before.map(|scan| scan.need)).unwrap_or(ProtectionNeed::UNSTATED.max(least));
        // Who corrects a count has not scanned: the scan stays that of whoever answered for it.
        let corrects = order.procedure.is_none() && order.captured.is_none();
        Ok(PaperScan {
            procedure,
            operator: operator.map(str::to_owned).or(before.and_then(|scan| scan.operator.clone())),
            captured,
            pages_on_paper: order.pages.or(before.and_then(|scan| scan.pages_on_paper)),
            need,
            irreplaceable: order.irreplaceable.or(before.and_then(|scan| scan.irreplaceable)),
            seed: before.map_or_else(|| hex(&random_bytes::<16>()), |scan| scan.seed.clone()),
            by: before.filter(|_| corrects).map_or(actor.id, |scan| scan.by),
            on: before.filter(|_| corrects).map_or(self.today(), |scan| scan.on),
        })
    }

    /// Notes what was seen on pages of a scan, all of it or nothing.
    ///
    /// # Errors
    /// A mistake for an unknown document; a refusal by its state, for a page it has not, or for the person who scanned it.
    pub fn look_at_scan(
        &self,
        clerk: Clerk<'_>,
        id: DocumentId,
        pages: Vec<(u32, PageVerdict)>,
    ) -> Answer<Document> {
        let (writing, actor) = (self.writing()?, clerk.actor());
        let mut document = self.scan_to_change(actor, id)?;
        let event = look_at_pages(&document, actor, pages, self.today())?;
        document.apply(&event);
        self.record(&writing, actor.id, &[Event::Document(id, event)])?;
        Ok(document)
    }

    /// Writes the transfer note of a scan. Whoever writes it states that the scan matches its paper.
    ///
    /// # Errors
    /// A mistake for an unknown document; a refusal with what is missing.
    pub fn write_transfer_note(
        &self,
        clerk: Clerk<'_>,
        id: DocumentId,
        order: &NoteOrder,
    ) -> Answer<NotedScan> {
        let actor = clerk.actor();
        let before = self.scan_to_change(actor, id)?;
        let coding = self.coding_of(&before)?;
        let writing = self.writing()?;
        let mut document = self.scan_to_change(actor, id)?;
        if document.original != before.original {
            let what = format!("„{}“ bekommt keinen Transfervermerk", document.file_name);
            return Err(Refusal::new(what, "eine neue Fassung kam dazu", "prüfen Sie die neue").into());
        }
        let mut names = Names::new();
        if let Some(product) = &document.scan {
            let looked = product.looks.values().map(|look| look.by);
            for person in looked.chain([product.scan.by, actor.id]) {
                if let Entry::Vacant(place) = names.entry(person) {
                    place.insert(self.person_by_id(person)?.name);
                }
            }
        }
        let note = write_note(&document, coding, (actor, &names), order, self.today())?;
        let event = DocumentEvent::TransferNoted { note: Box::new(note.clone()) };
        document.apply(&event);
        self.record(&writing, actor.id, &[Event::Document(id, event)])?;
        let file = self.reference_of(&document)?;
        Ok(NotedScan { document, file, note })
    }

    /// How its images are compressed. Of what was read by a program that did not look, it is looked now.
    fn coding_of(&self, document: &Document) -> Answer<Option<SymbolCoding>> {
        let TextState::Read(text) = &document.text else { return Ok(None) };
        if text.symbol_coding.is_some() || document.check_state() != Some(CheckState::Passed) {
            return Ok(text.symbol_coding.or(Some(SymbolCoding::Absent)));
        }
        let source = self.plain_source(document);
        Ok(self.workshop.read(&source, &mut |_| {})?.symbol_coding)
    }

    /// Says that another scan stands for the paper of this one from now on.
    ///
    /// # Errors
    /// A mistake for documents that are unknown, are no such scans, or lie in different files; a refusal by the state of either.
    pub fn replace_scan(
        &self,
        clerk: Clerk<'_>,
        old: DocumentId,
        new: DocumentId,
        reason: &str,
    ) -> Answer<(Document, Document)> {
        require_text("Der Grund", reason)?;
        let (writing, actor) = (self.writing()?, clerk.actor());
        let (mut before, after) = (self.scan_to_change(actor, old)?, self.scan_to_change(actor, new)?);
        let refuse = |why: &str, way_out: &str| {
            Err(Error::mistake(format!("Der Scan „{}“ wird nicht ersetzt", before.file_name), why, way_out))
        };
        if old == new || before.file != after.file {
            return refuse(
                "der neue Scan ist derselbe, oder er liegt in einer anderen Akte",
                "prüfen Sie die Kennungen",
            );
        }
        if before.scan.is_none() || after.scan.is_none() {
            let why = "eines der beiden Dokumente ist nicht als ersetzender Scan geführt";
            return refuse(why, "`schriftgut scan state` sagt, dass es vom Papier kommt");
        }
        if after.withdrawn.is_some() || !before.became.is_empty() {
            let why = "der neue Scan ist zurückgezogen, oder der alte ist schon ersetzt";
            return refuse(why, "`schriftgut show` zeigt, wie sie stehen");
        }
        let (by, on, reason) = (vec![new], self.today(), reason.trim().to_owned());
        let event = DocumentEvent::Replaced { by, on, reason };
        before.apply(&event);
        self.record(&writing, actor.id, &[Event::Document(old, event)])?;
        Ok((before, after))
    }

    /// Scans somebody has something to do with, of those this person may read; the longest here first.
    ///
    /// # Errors
    /// A fault if the catalogue fails.
    pub fn open_scans(&self, reader: Reader<'_>) -> Answer<Vec<OpenScan>> {
        let open = self.catalog()?.open_scans()?;
        let mut scans = Vec::new();
        for id in open {
            let Some(document) = self.readable_document(reader.actor(), id)? else { continue };
            let Some(state) = document.check_state() else { continue };
            scans.push(OpenScan { file: self.reference_of(&document)?, document, state });
        }
        scans.sort_by(|a, b| {
            let key =
                |scan: &OpenScan| (scan.document.received, scan.document.file_name.clone(), scan.document.id);
            key(a).cmp(&key(b))
        });
        Ok(scans)
    }

    /// The transfer note of a document.
    ///
    /// # Errors
    /// A mistake if the document is unknown to this person, or has none.
    pub fn transfer_note(&self, reader: Reader<'_>, id: DocumentId) -> Answer<NotedScan> {
        let document = self.known_document(reader.actor(), id)?;
        let Some(note) = document.scan.as_ref().and_then(|product| product.note.clone()) else {
            return Err(Error::mistake(
                format!("„{}“ hat keinen Transfervermerk", document.file_name),
                "er ist noch nicht geschrieben, oder danach kam etwas dazwischen",
                "`schriftgut scan list` zeigt, was noch zu tun ist",
            ));
        };
        Ok(NotedScan { file: self.reference_of(&document)?, document, note })
    }

    fn reference_of(&self, document: &Document) -> Answer<Option<ReferenceNumber>> {
        let file = document.file.map(|file| self.cover(file)).transpose()?.flatten();
        Ok(file.map(|file| file.reference))
    }

    /// A document that this person may read, and whose file, if it lies in one, is kept here.
    fn scan_to_change(&self, actor: &Actor, id: DocumentId) -> Answer<Document> {
        let document = self.known_document(actor, id)?;
        let file: Option<CaseFile> = document.file.map(|file| self.cover(file)).transpose()?.flatten();
        if let Some(file) = file {
            require_kept(&file, "nimmt keine Änderung an ihren Dokumenten mehr an")?;
        }
        Ok(document)
    }
}
