//! What becomes of the paper of files that were scanned (Verbleib des Papiers): may it go, and if not, why not yet. Only tells;
//! whoever destroys paper does so by an order of his own.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::Registry;
use crate::catalog::Kind;
use crate::domain::actor::{Clerk, Reader};
use crate::domain::appraisal::propose;
use crate::domain::case_file::CaseFile;
use crate::domain::disposal::Decision;
use crate::domain::document::Document;
use crate::domain::event::{Event, FileEvent};
use crate::domain::ids::DocumentId;
use crate::domain::life_cycle::{Command, decide};
use crate::domain::restoration::BackupPart;
use crate::domain::retention::{Disposition, PaperFate, Scans, paper_fate_of_scans};
use crate::domain::scan::Irreplaceable;
use crate::ledger::EntryNo;
use crate::registry::entries::TRANSFER_NOTED;
use crate::registry::error::Answer;
use crate::registry::keep::require_not_too_many;
use crate::registry::rules::RulesInForce;

/// What becomes of the paper of a file.
#[derive(Debug, Clone)]
pub struct PaperView {
    /// The file, without its documents.
    pub file: CaseFile,
    /// May the paper go?
    pub fate: PaperFate,
    /// Documents whose paper stays whatever happens, by the names of their files, and what it is.
    pub stays: Vec<(String, Irreplaceable)>,
}

impl Registry {
    /// States that all the paper of files was scanned, and that every document that came from it says so; of all of them or of
    /// none.
    ///
    /// # Errors
    /// A mistake for an unknown file; a refusal for one without paper, or by its phase.
    pub fn state_paper_scanned(&self, clerk: Clerk<'_>, references: &[String]) -> Answer<Vec<CaseFile>> {
        require_not_too_many(references)?;
        let (writing, by, on) = (self.writing()?, clerk.actor().id, self.today());
        let (mut stated, mut events, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
        for reference in references {
            let mut file = self.cover_named(clerk.actor(), reference)?;
            if seen.insert(file.id) {
                let event = decide(&file, Command::StatePaperScanned { by, on })?;
                file.apply(&event);
                events.push(Event::File(file.id, event));
                stated.push(file);
            }
        }
        if !events.is_empty() {
            self.record(&writing, by, &events)?;
        }
        Ok(stated)
    }

    /// What becomes of the paper of one file.
    ///
    /// # Errors
    /// A mistake if it is unknown to this person.
    pub fn paper_fate(&self, reader: Reader<'_>, reference: &str, on: Date) -> Answer<PaperView> {
        let file = self.cover_named(reader.actor(), reference)?;
        self.fate_of(&*self.rules()?, self.both_backed_up_to()?, file, on)
    }

    /// What becomes of the paper of every file that has some and that this person may read, in the order of ids.
    ///
    /// # Errors
    /// A fault if the catalogue fails, or what `each` says.
    pub fn paper_fates(
        &self,
        reader: Reader<'_>,
        on: Date,
        each: &mut dyn FnMut(PaperView) -> Answer<()>,
    ) -> Answer<()> {
        let (rules, up_to) = (self.rules()?, self.both_backed_up_to()?);
        self.each_file(&mut |file| {
            if file.carriers.paper.is_none() || !reader.actor().may_read_file(&file) {
                return Ok(());
            }
            each(self.fate_of(&rules, up_to, file, on)?)
        })
    }

    /// What becomes of the paper of a file that is being shown.
    pub(in crate::registry) fn paper_fate_on_cover(
        &self,
        rules: &RulesInForce,
        file: &CaseFile,
        on: Date,
    ) -> Answer<PaperFate> {
        Ok(self.fate_of(rules, self.both_backed_up_to()?, file.clone(), on)?.fate)
    }

    fn fate_of(&self, rules: &RulesInForce, up_to: u64, file: CaseFile, on: Date) -> Answer<PaperView> {
        let ids = self.catalog()?.documents_of(file.id)?;
        let (mut documents, mut backed_up) = (Vec::new(), BTreeSet::new());
        // Without paper there is no question, and a file may have thousands of documents.
        for id in ids.into_iter().filter(|_| file.carriers.paper.is_some()) {
            let Some(document) = self.document(id)? else { continue };
            if document.scan.as_ref().is_some_and(|product| product.note.is_some())
                && self.is_backed_up(id, up_to)?
            {
                backed_up.insert(id);
            }
            documents.push(document);
        }
        let decision = self.decision_on(&file)?;
        let criterion_hit = propose(&file, rules.book.criteria()).needs_a_look();
        let scans = Scans { documents: &documents, backed_up: &backed_up };
        let by = (&rules.book, &rules.confirmations);
        let fate = paper_fate_of_scans(&file, by, (decision, criterion_hit), scans, on);
        let stays = |document: &Document| {
            let kind = document.scan.as_ref()?.scan.irreplaceable?;
            Some((document.file_name.clone(), kind))
        };
        let stays = documents.iter().filter_map(stays).collect();
        Ok(PaperView { file, fate, stays })
    }

    /// What the archive decided on a file last; none if it has not.
    fn decision_on(&self, file: &CaseFile) -> Answer<Option<Disposition>> {
        let Some(lived) = self.lived(Kind::File, file.id.0)? else { return Ok(None) };
        let decisions = lived.file_events().filter_map(|event| match event {
            FileEvent::AppraisalNoted { decision, .. } => Some(*decision),
            _ => None,
        });
        Ok(decisions.last().map(|decision| match decision {
            Decision::Archive => Disposition::ArchiveWorthy,
            Decision::Destroy => Disposition::Destroy,
        }))
    }

    /// How far the ledger went when the last recorded runs were made, of the contents and of the keys: the lesser.
    fn both_backed_up_to(&self) -> Answer<u64> {
        let [contents, keys] = BackupPart::ALL.map(|part| self.backed_up_to(part));
        Ok(contents?.min(keys?))
    }

    /// Its newest transfer note stands before this entry.
    fn is_backed_up(&self, id: DocumentId, up_to: u64) -> Answer<bool> {
        let mut next = self.catalog()?.row(Kind::Document, id.0)?.map(|row| EntryNo(row.head));
        while let Some(number) = next {
            if number.0 < up_to {
                return Ok(true); // and so is the note, which is this one or stands before it
            }
            let entry = self.ledger.entry(number)?;
            if entry.header.subject != id.0 || entry.header.kind.0 == TRANSFER_NOTED {
                return Ok(false);
            }
            next = entry.header.previous;
        }
        Ok(false)
    }
}
