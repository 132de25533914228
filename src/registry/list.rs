//! Disposal lists (Aussonderungslisten): collect what is due, offer it, show it, take it back.

use std::collections::BTreeMap;

use jiff::civil::Date;
use uuid::Uuid;

use super::Registry;
use super::dialogue::CatalogueNamed;
use super::error::{Answer, Error};
use super::keep::require_text;
use crate::base::digest::Sha256;
use crate::catalog::Kind;
use crate::domain::actor::{Actor, Auditor, RecordsManager};
use crate::domain::appraisal::{ProposalReason, propose};
use crate::domain::case_file::{CaseFile, ClassNumber, Note, Phase};
use crate::domain::disposal::{
    ByCatalogue, CatalogueInForce, Cause, Decision, DisposalList, Ground, Line, LineState,
};
use crate::domain::event::{Event, FileEvent, ListEvent};
use crate::domain::ids::{CaseFileId, DisposalListId};
use crate::domain::life_cycle::{Command, decide};
use crate::domain::refusal::Refusal;
use crate::domain::retention::{Disposition, Finding, Outcome, RuleBook, evaluate};
use crate::format::wording;

/// Lists read from the catalogue at a time.
const LISTS_AT_A_TIME: usize = 500;

/// A list with the files on it, as far as this person may read them.
#[derive(Debug, Clone)]
pub struct ListView {
    /// The list.
    pub list: DisposalList,
    /// Its files, in the order of its lines; none for a file that is hidden or destroyed.
    pub files: Vec<(CaseFileId, Option<CaseFile>)>,
    /// The catalogues that say something of its lines, by the digest of their message.
    pub catalogues: BTreeMap<Sha256, CatalogueNamed>,
}

impl ListView {
    /// What a catalogue said of a line, and which.
    #[must_use]
    pub fn catalogue_of<'a>(&'a self, line: &'a Line) -> Option<(&'a ByCatalogue, &'a CatalogueNamed)> {
        let said = line.catalogue.as_ref()?;
        Some((said, self.catalogues.get(&said.digest)?))
    }

    /// Its lines as people look for them: by reference number, those without one last.
    #[must_use]
    pub fn by_reference(&self) -> Vec<ListedLine<'_>> {
        let lines = self.list.lines.values().zip(&self.files);
        let mut lines: Vec<_> =
            lines.map(|((line, state), (_, file))| ListedLine { line, state, file: file.as_ref() }).collect();
        lines.sort_by_key(|it| (it.file.is_none(), it.file.map(|file| &file.reference), it.line.file));
        lines
    }
}

/// A line, as one person may see it.
#[derive(Debug, Clone, Copy)]
pub struct ListedLine<'a> {
    /// The line.
    pub line: &'a Line,
    /// How it stands.
    pub state: &'a LineState,
    /// Its file; none if this person may not read it, or it is destroyed.
    pub file: Option<&'a CaseFile>,
}

impl ListedLine<'_> {
    /// What people call its file; its id if this person may not read it, or it is destroyed.
    #[must_use]
    pub fn reference(&self) -> String {
        self.file.map_or_else(|| self.line.file.to_string(), |file| file.reference.to_string())
    }
}

impl Registry {
    /// Collects what is due on a day into a new list, perhaps of one branch of the file plan only.
    ///
    /// # Errors
    /// A refusal if nothing is due.
    pub fn create_list(
        &self,
        manager: RecordsManager<'_>,
        branch: Option<&ClassNumber>,
        on: Date,
    ) -> Answer<DisposalListId> {
        let writing = self.writing()?;
        let rules = self.rules()?;
        let actor = manager.actor();
        let mut lines = Vec::new();
        self.each_file(&mut |file| {
            let wanted = branch.is_none_or(|branch| file.class.is_within(branch));
            // What was handed over is in the archive already; a second copy there would be one too many.
            let handed_over = matches!(file.phase, Phase::Transferred { .. });
            if !wanted || handed_over || !actor.may_read_file(&file) || self.catalog()?.is_listed(file.id)? {
                return Ok(());
            }
            let finding = evaluate(&file, &rules.book, &rules.confirmations, on);
            if let Outcome::Due { since, disposition } = finding.outcome {
                lines.push(self.line(
                    file,
                    &finding,
                    since,
                    disposition,
                    (&rules.book, rules.catalogue.as_ref()),
                )?);
            }
            Ok(())
        })?;
        let event = DisposalList::collect(lines, rules.book.edition().to_string(), on)?;
        let id = DisposalListId(Uuid::new_v4());
        // What the catalogue decides is noted in each file, as if somebody had decided it here.
        let noted = rules.catalogue.as_ref().map(|catalogue| noted_by(catalogue, id, &event));
        let events: Vec<_> =
            std::iter::once(Event::List(id, event)).chain(noted.into_iter().flatten()).collect();
        self.record(&writing, actor.id, &events)?;
        Ok(id)
    }

    /// A list of files that are to go before their time, on a ground the law names. The way is that of every list: the archive
    /// decides, three people sign. The reason is sealed with each file, as a note.
    ///
    /// # Errors
    /// A mistake for a file that is unknown; a refusal for one that is not closed, is held, or is on a running list.
    pub fn create_early_list(
        &self,
        manager: RecordsManager<'_>,
        references: &[String],
        ground: Ground,
        reason: &str,
    ) -> Answer<DisposalListId> {
        require_text("Die Begründung", reason)?;
        let (writing, rules, actor) = (self.writing()?, self.rules()?, manager.actor());
        let (on, id) = (self.today(), DisposalListId(Uuid::new_v4()));
        let (mut lines, mut notes) = (BTreeMap::new(), Vec::new());
        for reference in references {
            let file = self.cover_named(actor, reference)?;
            self.require_not_listed(&file)?;
            require_may_go_early(&file)?;
            if lines.contains_key(&file.id) {
                continue;
            }
            let text = format!("Vorzeitige Vernichtung beantragt: {}. {}", ground.label(), reason.trim());
            let event = decide(&file, Command::Note(Note { by: actor.id, on, text }))?;
            notes.push(Event::File(file.id, event));
            let finding = evaluate(&file, &rules.book, &rules.confirmations, on);
            // What a class is worth says nothing of files that go before their time: the archive looks at each.
            let line = self.line(file, &finding, on, Disposition::Appraise, (&rules.book, None))?;
            lines.insert(line.file, Line { cause: Cause::Early(ground), ..line });
        }
        let lines = lines.into_values().collect();
        let event = DisposalList::collect(lines, rules.book.edition().to_string(), on)?;
        let events: Vec<_> = std::iter::once(Event::List(id, event)).chain(notes).collect();
        self.record(&writing, actor.id, &events)?;
        Ok(id)
    }

    /// A line: why the file is due, and what rule and criteria propose to the archive.
    fn line(
        &self,
        file: CaseFile,
        finding: &Finding,
        since: Date,
        disposition: Disposition,
        (book, catalogue): (&RuleBook, Option<&CatalogueInForce>),
    ) -> Answer<Line> {
        let proposal = propose(&file, book.criteria());
        let proposed = match (disposition, proposal.disposition) {
            (Disposition::ArchiveWorthy, _) | (_, Some(Disposition::ArchiveWorthy)) => {
                Some(Decision::Archive)
            }
            // A criterion that could not be answered asks for a look: nothing is proposed.
            (Disposition::Destroy, _) if !proposal.needs_a_look() => Some(Decision::Destroy),
            (Disposition::Destroy | Disposition::Appraise, _) => None,
        };
        let criteria = proposal.reasons.iter().filter_map(|reason| match reason {
            ProposalReason::Meets { criterion, .. } => Some(criterion.to_string()),
            ProposalReason::Unclear { .. } => None,
        });
        let said = catalogue.and_then(|catalogue| catalogue.on_line(&file.class, &proposal, proposed));
        Ok(Line {
            catalogue: said,
            file: file.id,
            cause: Cause::Rule(finding.rule.as_ref().map(ToString::to_string).unwrap_or_default()),
            since,
            proposal: proposed,
            criteria: criteria.collect(),
            documents: self.catalog()?.documents_of(file.id)?,
        })
    }

    /// Offers a list to the archive.
    ///
    /// # Errors
    /// A refusal unless it is a draft.
    pub fn offer_list(&self, manager: RecordsManager<'_>, id: DisposalListId, on: Date) -> Answer<()> {
        self.change_list(manager.actor(), id, |list| Ok(list.offer(on)?))
    }

    /// Takes a list back.
    ///
    /// # Errors
    /// A refusal once its destruction has begun.
    pub fn withdraw_list(&self, manager: RecordsManager<'_>, id: DisposalListId, on: Date) -> Answer<()> {
        if self.is_unfinished(id)? {
            return Err(Error::Refusal(Refusal::new(
                format!("Aussonderungsliste {id} kann nicht zurückgezogen werden"),
                "die Vernichtung hat begonnen und ist nicht umkehrbar",
                "`schriftgut list execute` oder ein Neustart führt sie zu Ende",
            )));
        }
        self.change_list(manager.actor(), id, |list| Ok(list.withdraw(on)?))
    }

    /// A list with its files.
    ///
    /// # Errors
    /// A mistake if there is no such list.
    pub fn show_list(&self, auditor: Auditor<'_>, id: DisposalListId) -> Answer<ListView> {
        let list = self.list_named(id)?;
        let mut files = Vec::with_capacity(list.lines.len());
        for file in list.lines.keys() {
            files.push((*file, self.readable_file(auditor.actor(), *file)?));
        }
        let catalogues = self.catalogues_named(list.lines.values().map(|(line, _)| line))?;
        Ok(ListView { list, files, catalogues })
    }

    /// All lists, newest first.
    ///
    /// # Errors
    /// A fault if the catalogue fails.
    pub fn lists(&self, _auditor: Auditor<'_>) -> Answer<Vec<DisposalList>> {
        let mut lists = Vec::new();
        let mut after = None;
        loop {
            let rows = self.catalog()?.rows(Kind::List, after, LISTS_AT_A_TIME)?;
            let Some((last, _)) = rows.last() else { break };
            after = Some(*last);
            for (id, _) in &rows {
                lists.extend(self.list(DisposalListId(*id))?);
            }
        }
        lists.sort_by_key(|list| std::cmp::Reverse((list.created, list.id)));
        Ok(lists)
    }

    pub(super) fn list_named(&self, id: DisposalListId) -> Answer<DisposalList> {
        self.list(id)?.ok_or_else(|| Error::unknown("Aussonderungsliste", &id.to_string()))
    }

    /// Asks the list and records what follows.
    pub(super) fn change_list(
        &self,
        actor: &Actor,
        id: DisposalListId,
        decide: impl FnOnce(&DisposalList) -> Answer<ListEvent>,
    ) -> Answer<()> {
        let writing = self.writing()?;
        let event = decide(&self.list_named(id)?)?;
        self.record(&writing, actor.id, &[Event::List(id, event)])?;
        Ok(())
    }
}

/// The notes in the files whose lines a catalogue decides.
fn noted_by(catalogue: &CatalogueInForce, list: DisposalListId, created: &ListEvent) -> Vec<Event> {
    let ListEvent::Created { lines, .. } = created else { return Vec::new() };
    let reason = wording::by_catalogue(&catalogue.catalogue.archive, catalogue.catalogue.on, "");
    let noted = lines.iter().filter(|line| !line.is_offered()).filter_map(|line| {
        let (decision, reason) = (line.catalogue.as_ref()?.decision, reason.clone());
        Some(Event::File(line.file, FileEvent::AppraisalNoted { list, decision, reason, left_out: None }))
    });
    noted.collect()
}

/// A file that may be put on a list before its time: closed, and not held.
fn require_may_go_early(file: &CaseFile) -> Result<(), Refusal> {
    let refuse = |why: String, way_out: &str| {
        let what = format!("Die Akte {} kann nicht vorzeitig vernichtet werden", file.reference);
        Err(Refusal::new(what, why, way_out))
    };
    match (file.holds.first(), &file.phase) {
        (Some(hold), _) => refuse(
            format!("an ihr besteht eine Vernichtungssperre ({})", hold.reason),
            "warten Sie, bis die Sperre aufgehoben ist",
        ),
        (None, Phase::Closed { .. }) => Ok(()),
        (None, _) => refuse(
            "sie ist nicht geschlossen (z.d.A.)".to_owned(),
            "schließen Sie die Akte; soll nur ein Teil von ihr gehen, legen Sie ihn mit `schriftgut refile` in eine eigene",
        ),
    }
}
