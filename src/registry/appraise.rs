//! Appraise (Bewerten): the archive decides each line. The decision goes to the list, where it outlives the
//! record; the reason in free words goes to the file, where it dies with it, and so do the names of documents that are left
//! out of what is kept.

use std::collections::BTreeSet;

use super::Registry;
use super::error::{Answer, Error};
use crate::base::seal::random_bytes;
use crate::domain::actor::Archivist;
use crate::domain::appraisal::thinning::{LeftOut, Thinned};
use crate::domain::case_file::CaseFile;
use crate::domain::disposal::{Decision, DisposalList, LineState, Stage};
use crate::domain::document::Document;
use crate::domain::event::{Event, FileEvent};
use crate::domain::ids::{CaseFileId, DisposalListId, DocumentId};
use crate::domain::register::RegisterNumber;

/// What the archive does without of a file that is worth keeping. Everything that is not named here is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeaveOut {
    /// Every document that lies in one of these registers now.
    pub registers: Vec<String>,
    /// These documents.
    pub documents: Vec<DocumentId>,
    /// What the rules in force propose for such a file.
    pub by_rule: bool,
}

impl LeaveOut {
    /// Nothing is named.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.registers.is_empty() && self.documents.is_empty() && !self.by_rule
    }
}

/// A file that is taken over in part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThinnedFile {
    /// What the list keeps of it.
    pub thinned: Thinned,
    /// The rule that was followed, with its edition.
    pub rule: Option<String>,
    /// The documents that are left out.
    pub left_out: Vec<Document>,
}

impl Registry {
    /// Decides that of one line a part is worth keeping: all documents but those that are named.
    ///
    /// # Errors
    /// As [`Self::appraise`]; a refusal while a hold stands, if nothing would be left out or nothing kept; a mistake for a
    /// register the file's type does not have, a document that is not in it, or if no rule proposes anything for it.
    pub fn appraise_thinned(
        &self,
        archivist: Archivist<'_>,
        id: DisposalListId,
        file: CaseFileId,
        leave_out: &LeaveOut,
        reason: &str,
    ) -> Answer<ThinnedFile> {
        let (writing, actor) = (self.writing()?, archivist.actor());
        let list = self.list_named(id)?;
        let file =
            self.readable_file(actor, file)?.ok_or_else(|| Error::unknown("Akte", &file.to_string()))?;
        list.appraise(file.id, Decision::Archive)?;
        let (registers, rule) = self.registers_left_out(&file, leave_out)?;
        let mut documents: BTreeSet<_> = leave_out.documents.iter().copied().collect();
        if let Some(strange) = documents.iter().find(|document| !file.documents.contains(document)) {
            return Err(Error::unknown("Dokument", &strange.to_string()));
        }
        for document in &file.documents {
            let register = self.document(*document)?.and_then(|document| document.register);
            if register.is_some_and(|register| registers.contains(&register)) {
                documents.insert(*document);
            }
        }
        let shown = documents.iter().map(|document| self.document(*document));
        let shown = shown.filter_map(Result::transpose).collect::<Answer<_>>()?;
        let (events, thinned) = self.thinned_events(&list, &file, documents, rule.clone(), reason.trim())?;
        self.record(&writing, actor.id, &events)?;
        Ok(ThinnedFile { thinned, rule, left_out: shown })
    }

    /// What follows from the decision that a file is kept without these documents.
    pub(super) fn thinned_events(
        &self,
        list: &DisposalList,
        file: &CaseFile,
        documents: BTreeSet<DocumentId>,
        rule: Option<String>,
        reason: &str,
    ) -> Answer<([Event; 2], Thinned)> {
        let (left_out, thinned) = LeftOut::of(file, documents, rule, random_bytes())?;
        let (decision, reason) = (Decision::Archive, reason.to_owned());
        let noted = FileEvent::AppraisalNoted { list: list.id, decision, reason, left_out: Some(left_out) };
        let decided = list.thin(file.id, thinned)?;
        Ok(([Event::List(list.id, decided), Event::File(file.id, noted)], thinned))
    }

    /// The registers that are named, and those a rule names, if it is to be followed.
    fn registers_left_out(
        &self,
        file: &CaseFile,
        leave_out: &LeaveOut,
    ) -> Answer<(BTreeSet<RegisterNumber>, Option<String>)> {
        let rules = self.rules()?;
        let refuse = |(why, way_out): (String, String)| {
            Error::mistake(format!("Die Akte {} wird nicht ausgedünnt", file.reference), why, way_out)
        };
        let mut registers = BTreeSet::new();
        for number in &leave_out.registers {
            registers.insert(rules.register_named(file.record_type.as_ref(), number).map_err(refuse)?);
        }
        if !leave_out.by_rule {
            return Ok((registers, None));
        }
        let rule = rules.book.thinning_for(file).ok_or_else(|| {
            let way_out = "nennen Sie Register oder Dokumente, oder bewerten Sie die Akte als Ganzes";
            refuse(("das Regelwerk schlägt für solche Akten nichts vor".to_owned(), way_out.to_owned()))
        })?;
        registers.extend(rule.leave_out.iter().cloned());
        Ok((registers, Some(format!("{} ({})", rule.id, rules.book.edition()))))
    }

    /// Decides one line.
    ///
    /// # Errors
    /// A refusal unless the list is offered; a mistake if the file is not on it or hidden from this person.
    pub fn appraise(
        &self,
        archivist: Archivist<'_>,
        id: DisposalListId,
        file: CaseFileId,
        decision: Decision,
        reason: &str,
    ) -> Answer<()> {
        let writing = self.writing()?;
        let list = self.list_named(id)?;
        let readable = self.readable_file(archivist.actor(), file)?;
        readable.ok_or_else(|| Error::unknown("Akte", &file.to_string()))?;
        let decided = list.appraise(file, decision)?;
        let noted = FileEvent::AppraisalNoted {
            list: id,
            decision,
            reason: reason.trim().to_owned(),
            left_out: None,
        };
        let events = [Event::List(id, decided), Event::File(file, noted)];
        self.record(&writing, archivist.actor().id, &events)?;
        Ok(())
    }

    /// Follows the proposals for all lines that are still undecided and have one; answers how many those were.
    /// Lines without a proposal stay undecided.
    ///
    /// # Errors
    /// A refusal unless the list is offered.
    pub fn follow_proposals(&self, archivist: Archivist<'_>, id: DisposalListId) -> Answer<usize> {
        let writing = self.writing()?;
        let list = self.list_named(id)?;
        if !matches!(list.stage, Stage::Offered { .. }) {
            return Err(Error::mistake(
                "Die Vorschläge können nicht übernommen werden",
                list.stage_in_words(),
                "bewertet wird nach der Anbietung und vor dem Vernichtungsvorschlag",
            ));
        }
        let mut events = Vec::new();
        for (line, state) in list.lines.values() {
            let (LineState::Undecided, Some(decision)) = (state, line.proposal) else { continue };
            if self.readable_file(archivist.actor(), line.file)?.is_none() {
                continue; // not this person's to decide: it stays undecided
            }
            events.push(Event::List(id, list.appraise(line.file, decision)?));
            let reason = "Vorschlag übernommen".to_owned();
            events.push(Event::File(
                line.file,
                FileEvent::AppraisalNoted { list: id, decision, reason, left_out: None },
            ));
        }
        self.record(&writing, archivist.actor().id, &events)?;
        Ok(events.len() / 2)
    }
}
