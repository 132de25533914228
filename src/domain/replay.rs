//! Files and documents out of what happened to them: what happened, happened. May not say no: that is `decide`'s.

use std::collections::BTreeMap;

use super::case_file::{CaseFile, Description, Fact, FactKind, Phase};
use super::document::{Document, EarlierVersion, TextState};
use super::event::{DocumentEvent, FileEvent};
use super::ids::{CaseFileId, DocumentId};
use super::paper::PastLoan;
use super::restriction::Restriction;
use super::scan::ScanProduct;
use super::text::Format;

impl CaseFile {
    /// The file as its first event tells it; none if the first event is not its opening.
    #[must_use]
    pub fn opened_by(id: CaseFileId, event: FileEvent) -> Option<CaseFile> {
        let FileEvent::Opened { reference, title, class, record_type, domain, on, fields, carriers } = event
        else {
            return None;
        };
        Some(CaseFile {
            id,
            reference,
            title,
            class,
            record_type,
            domain,
            phase: Phase::Open,
            opened: on,
            fields,
            facts: Vec::new(),
            holds: Vec::new(),
            restriction: Restriction::None,
            notes: Vec::new(),
            reminders: Vec::new(),
            responsible: None,
            carriers,
            loan: None,
            past_loans: Vec::new(),
            paper_scanned: None,
            cases: Vec::new(),
            relations: BTreeMap::new(),
            documents: Vec::new(),
        })
    }

    /// The file as all its events tell it; none if they do not begin with its opening.
    #[must_use]
    pub fn replay(id: CaseFileId, events: impl IntoIterator<Item = FileEvent>) -> Option<CaseFile> {
        let mut events = events.into_iter();
        let mut file = Self::opened_by(id, events.next()?)?;
        events.for_each(|event| file.apply(&event));
        Some(file)
    }

    /// What happened, happened: never fails.
    pub fn apply(&mut self, event: &FileEvent) {
        match event {
            FileEvent::Opened { .. } | FileEvent::AppraisalNoted { .. } => {}
            FileEvent::CaseOpened { case } => self.cases.push(case.clone()),
            FileEvent::DocumentFiled { document } => self.documents.push(*document),
            FileEvent::DocumentTakenOut { document, .. } => self.documents.retain(|own| own != document),
            FileEvent::Closed { on } => {
                self.phase = Phase::Closed { on: *on };
                if let Ok(kind) = FactKind::CLOSED.parse() {
                    self.facts.push(Fact { kind, on: *on, source: "Schlussverfügung".to_owned() });
                }
            }
            FileEvent::Reopened { .. } => {
                (self.phase, self.restriction) = (Phase::Open, Restriction::None);
                self.facts.retain(|fact| fact.kind.as_str() != FactKind::CLOSED);
            }
            FileEvent::FactRecorded { fact } => self.facts.push(fact.clone()),
            FileEvent::Described { description, .. } => {
                let Description { title, class, record_type, fields } = description.clone();
                (self.title, self.class, self.record_type, self.fields) = (title, class, record_type, fields);
            }
            FileEvent::Related { to, relation, .. } => {
                self.relations.insert(*to, *relation);
            }
            FileEvent::Unrelated { to, .. } => {
                self.relations.remove(to);
            }
            FileEvent::Noted { note } => self.notes.push(note.clone()),
            FileEvent::ReminderSet { reminder } => self.reminders.push(reminder.clone()),
            FileEvent::ReminderDone { id, .. } => self.reminders.retain(|reminder| reminder.id != *id),
            FileEvent::Assigned { to, .. } => self.responsible = *to,
            FileEvent::PaperPlaced { place, .. } => self.carriers.paper = Some(place.clone()),
            FileEvent::PaperLent { loan } => self.loan = Some(loan.clone()),
            FileEvent::PaperReturned { on } => {
                self.past_loans.extend(self.loan.take().map(|loan| PastLoan { loan, returned: *on }));
            }
            FileEvent::PaperScanned { on, .. } => self.paper_scanned = Some(*on),
            FileEvent::Restricted { on, .. } => self.restriction = Restriction::Since(*on),
            FileEvent::RestrictionLifted { on, .. } => self.restriction = Restriction::Lifted { on: *on },
            FileEvent::HoldPlaced { hold } => self.holds.push(hold.clone()),
            FileEvent::HoldReleased { id, .. } => self.holds.retain(|hold| hold.id != *id),
            FileEvent::Transferred { on, .. } => self.phase = Phase::Transferred { on: *on },
            FileEvent::Condemned { on, .. } => self.phase = Phase::Condemned { on: *on },
            FileEvent::Destroyed { on, .. } => self.phase = Phase::Destroyed { on: *on },
        }
    }
}

impl Document {
    /// The document as all its events tell it; none if they do not begin with its taking in.
    #[must_use]
    pub fn replay<'a>(
        id: DocumentId,
        events: impl IntoIterator<Item = &'a DocumentEvent>,
    ) -> Option<Document> {
        let mut events = events.into_iter();
        let DocumentEvent::TakenIn { file, case, register, domain, file_name, received, original } =
            events.next()?
        else {
            return None;
        };
        let mut document = Document {
            id,
            file: *file,
            case: *case,
            register: register.clone(),
            domain: *domain,
            file_name: file_name.clone(),
            received: *received,
            original: original.clone(),
            format: Format::UNKNOWN,
            text: TextState::Unread,
            earlier_texts: Vec::new(),
            earlier: Vec::new(),
            withdrawn: None,
            made_of: Vec::new(),
            became: Vec::new(),
            contained_in: None,
            contents: Vec::new(),
            stays_inside: Vec::new(),
            unpacking: None,
            scan: None,
            stack: None,
            pages_expected: None,
        };
        events.for_each(|event| document.apply(event));
        Some(document)
    }

    /// What happened, happened: never fails.
    pub fn apply(&mut self, event: &DocumentEvent) {
        match event {
            DocumentEvent::TakenIn { .. } => {}
            DocumentEvent::Filed { file } => self.file = Some(*file),
            DocumentEvent::Refiled { file, register, .. } => {
                (self.file, self.case, self.register) = (Some(*file), None, register.clone());
            }
            DocumentEvent::Sorted { register, .. } => self.register.clone_from(register),
            DocumentEvent::Withdrawn { on, reason } => self.withdrawn = Some((*on, reason.clone())),
            DocumentEvent::MadeOf { pages } => self.made_of.clone_from(pages),
            DocumentEvent::Replaced { by, on, reason } => {
                self.withdrawn = Some((*on, reason.clone()));
                self.became.extend(by);
            }
            DocumentEvent::ContainedIn { container, path } => {
                self.contained_in = Some((*container, path.clone()));
            }
            DocumentEvent::Unpacked { unpacking, contents, stays_inside, case, .. } => {
                self.unpacking = Some(*unpacking);
                self.contents.extend(contents);
                self.stays_inside.extend(stays_inside.iter().cloned());
                self.case = case.or(self.case);
            }
            DocumentEvent::DividersFound { stack, .. } => self.stack = Some(stack.clone()),
            DocumentEvent::PagesExpected { page_count } => self.pages_expected = Some(*page_count),
            DocumentEvent::Reinstated { .. } => self.withdrawn = None,
            DocumentEvent::Scanned { scan } => match &mut self.scan {
                Some(product) => product.restate(scan),
                None => self.scan = Some(ScanProduct::new((**scan).clone())),
            },
            DocumentEvent::PagesChecked { version, pages, by, on } => {
                let is_newest = u32::try_from(self.version()) == Ok(*version);
                if let Some(product) = self.scan.as_mut().filter(|_| is_newest) {
                    product.look(pages, *by, *on);
                }
            }
            DocumentEvent::TransferNoted { note } => {
                if let Some(product) = &mut self.scan {
                    product.note = Some((**note).clone());
                }
            }
            DocumentEvent::VersionAdded { file_name, received, original } => {
                self.scan.iter_mut().for_each(ScanProduct::begin_anew);
                self.earlier.push(EarlierVersion {
                    file_name: std::mem::replace(&mut self.file_name, file_name.clone()),
                    received: std::mem::replace(&mut self.received, *received),
                    original: std::mem::replace(&mut self.original, original.clone()),
                    format: std::mem::replace(&mut self.format, Format::UNKNOWN),
                    text: std::mem::replace(&mut self.text, TextState::Unread),
                    earlier_texts: std::mem::take(&mut self.earlier_texts),
                });
            }
            DocumentEvent::TextRead { format, rendition } => {
                self.format = *format;
                self.take_text(rendition.clone());
            }
            DocumentEvent::ReadingGivenUp { format, reason } => {
                self.format = *format;
                self.text = TextState::GivenUp { reason: reason.clone() };
            }
        }
    }
}
