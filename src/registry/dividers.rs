//! Dividers (Trenn- und Deckblätter): the sheets that are printed, and what one that was found on a scan says. Each carries a
//! check under a key of this registry: no other town's sheet is obeyed, and none that somebody made up.

use uuid::Uuid;

use super::Registry;
use super::error::{Answer, Error};
use crate::base::seal::SealKey;
use crate::catalog::Kind;
use crate::domain::actor::{Actor, Clerk};
use crate::domain::case_file::CaseFile;
use crate::domain::divider::{Divider, StackPage};
use crate::domain::event::{DocumentEvent, Event};
use crate::domain::ids::{CaseFileId, DocumentId, KeyId, PersonId};
use crate::domain::life_cycle::{Command, decide};
use crate::domain::register::RegisterNumber;
use crate::domain::scan::check::SCAN_PAGES_MAX;
use crate::domain::text::Reading;
use crate::format::divider::{CoverText, DividerCode, Sheet, checked_text, pdf, registry_mark};
use crate::format::wording;
use crate::ledger::EntryNo;

/// Most sheets printed at once.
pub const DIVIDERS_MAX: usize = 1_000;
/// Context of the key the check is made with.
const CHECK: &str = "schriftgut divider check 1";

/// Sheets to print.
#[derive(Debug, Clone, Default)]
pub struct DividerOrder {
    /// Cover sheets for the files of these reference numbers.
    pub files: Vec<String>,
    /// So many plain ones besides.
    pub plain: usize,
    /// The register all of them name.
    pub register: Option<String>,
}

impl Registry {
    /// The sheets as PDF: cover sheets in the order of their files, then plain ones.
    ///
    /// # Errors
    /// A mistake if a file is unknown to this person or has no such register, or for none or too many; a refusal if a file
    /// takes no documents.
    pub fn dividers(&self, clerk: Clerk<'_>, order: &DividerOrder) -> Answer<Vec<u8>> {
        let count = order.files.len().saturating_add(order.plain);
        if count == 0 || count > DIVIDERS_MAX {
            let why = format!("verlangt sind {count} Blätter; möglich sind 1 bis {DIVIDERS_MAX}");
            let way_out = "nennen Sie Aktenzeichen (`--file`) oder eine Zahl von Trennblättern (`--plain`)";
            return Err(Error::mistake(NOT_PRINTED, why, way_out));
        }
        let files = order.files.iter().map(|reference| self.cover_named(clerk.actor(), reference));
        let files = files.collect::<Answer<Vec<_>>>()?;
        let register = self.register_of_order(order.register.as_deref())?;
        let mut sheets = Vec::with_capacity(count);
        for file in &files {
            sheets.push(self.cover_sheet(file, register.as_ref())?);
        }
        if order.plain > 0 {
            let words = register.as_ref().map(|register| format!("Register {register}"));
            let sheet = self.sheet(Divider { file: None, register }, None, words)?;
            sheets.extend(std::iter::repeat_n(sheet, order.plain));
        }
        Ok(pdf(&sheets))
    }

    /// The cover sheet of a file, as PDF, and the file's reference number.
    ///
    /// # Errors
    /// As [`Self::dividers`].
    pub fn cover_sheet_of(&self, clerk: Clerk<'_>, id: CaseFileId) -> Answer<(Vec<u8>, String)> {
        let file = self.readable_cover(clerk.actor(), id)?;
        let file = file.ok_or_else(|| Error::unknown("Akte", &id.to_string()))?;
        Ok((pdf(&[self.cover_sheet(&file, None)?]), file.reference.to_string()))
    }

    fn cover_sheet(&self, file: &CaseFile, register: Option<&RegisterNumber>) -> Answer<Sheet> {
        decide(file, Command::File(DocumentId(Uuid::nil())))?;
        let rules = self.rules()?;
        let words = match register {
            None => None,
            Some(register) => {
                let known = rules.register_named(file.record_type.as_ref(), register.as_str());
                known.map_err(|(why, way_out)| Error::mistake(NOT_PRINTED, why, way_out))?;
                let title = register.among(rules.registers(file.record_type.as_ref()));
                let title = title.map(|register| register.title.as_str());
                Some(wording::register(Some(register.as_str()), title))
            }
        };
        let class = rules.plan.class(&file.class).map_or("", |class| class.title.as_str());
        let cover = CoverText {
            reference: file.reference.to_string(),
            title: file.title.clone(),
            class: format!("{} {class}", file.class),
        };
        self.sheet(Divider { file: Some(file.id), register: register.cloned() }, Some(cover), words)
    }

    fn sheet(&self, divider: Divider, cover: Option<CoverText>, register: Option<String>) -> Answer<Sheet> {
        let registry = registry_mark(self.manifest.id);
        let check = self.divider_check(registry, &divider)?;
        let code = DividerCode { registry, divider, check }.write();
        Ok(Sheet { registry: self.name().to_owned(), cover, register, code })
    }

    fn register_of_order(&self, register: Option<&str>) -> Answer<Option<RegisterNumber>> {
        let parsed = register.map(str::parse::<RegisterNumber>).transpose();
        parsed.map_err(|_| {
            let why = format!("„{}“ ist kein Register", register.unwrap_or_default());
            Error::mistake(NOT_PRINTED, why, "nennen Sie die Nummer, wie sie in der Akte steht")
        })
    }

    fn divider_check(&self, registry: [u8; 5], divider: &Divider) -> Answer<[u8; 8]> {
        let key: SealKey = self.record_key(KeyId::OFFICE)?.derive(CHECK);
        let made = blake3::keyed_hash(key.expose(), checked_text(registry, divider).as_bytes());
        let [a, b, c, d, e, f, g, h, ..] = *made.as_bytes();
        Ok([a, b, c, d, e, f, g, h])
    }

    /// What each page of a scan is to whoever divides it; none if there is no divider in it.
    pub(super) fn stack_pages(&self, reading: &Reading) -> Answer<Option<Vec<StackPage>>> {
        let last_read = reading.pages.last().map_or(0, |page| page.number);
        // A file may claim any number of pages. What has more than any scan is not taken apart, whatever stands on it.
        let claimed = reading.pages_declared.unwrap_or(0).min(SCAN_PAGES_MAX);
        let page_count = claimed.max(last_read);
        let mut pages = vec![StackPage::Written; page_count as usize];
        let mut is_stack = false;
        for look in &reading.looks {
            let Some(page) = pages.get_mut((look.number as usize).saturating_sub(1)) else { continue };
            if look.is_blank {
                *page = StackPage::Blank;
            } else if look.is_patch {
                *page = StackPage::Patch;
                is_stack = true;
            } else if !look.codes.is_empty() {
                *page = self.divider_said(&look.codes)?;
                is_stack = true;
            }
        }
        Ok(is_stack.then_some(pages))
    }

    /// What the codes on one page say together. A sheet may have its own on it twice.
    fn divider_said(&self, codes: &[String]) -> Answer<StackPage> {
        let [text] = codes else { return Ok(StackPage::Damaged) };
        let Some(code) = DividerCode::read(text) else { return Ok(StackPage::Damaged) };
        if code.registry != registry_mark(self.manifest.id) {
            return Ok(StackPage::Foreign);
        }
        match self.divider_check(code.registry, &code.divider)? == code.check {
            true => Ok(StackPage::Divider(code.divider)),
            false => Ok(StackPage::Damaged),
        }
    }

    /// Who took in the newest version of a document; none if it came out of another.
    pub(super) fn taken_in_by(&self, id: DocumentId) -> Answer<Option<Actor>> {
        let mut next = self.catalog()?.row(Kind::Document, id.0)?.map(|row| EntryNo(row.head));
        while let Some(number) = next {
            let entry = self.ledger.entry(number)?;
            let event = self.open_body(&entry)?;
            if let Some(Event::Document(
                _,
                DocumentEvent::TakenIn { .. } | DocumentEvent::VersionAdded { .. },
            )) = event
            {
                let by = entry.header.actor;
                return if by == PersonId::PROGRAM { Ok(None) } else { self.person_by_id(by).map(Some) };
            }
            next = entry.header.previous;
        }
        Ok(None)
    }
}

const NOT_PRINTED: &str = "Die Trenn- und Deckblätter werden nicht gedruckt";
