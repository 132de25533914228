//! Appraise (Bewerten): the archive decides each line. The decision goes to the list, where it outlives the
//! record; the reason in free words goes to the file, where it dies with it.

use super::Registry;
use super::error::{Answer, Error};
use crate::domain::actor::Archivist;
use crate::domain::disposal::{Decision, LineState, Stage};
use crate::domain::event::{Event, FileEvent};
use crate::domain::ids::{CaseFileId, DisposalListId};

impl Registry {
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
        let noted = FileEvent::AppraisalNoted { list: id, decision, reason: reason.trim().to_owned() };
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
            events.push(Event::File(line.file, FileEvent::AppraisalNoted { list: id, decision, reason }));
        }
        self.record(&writing, archivist.actor().id, &events)?;
        Ok(events.len() / 2)
    }
}
