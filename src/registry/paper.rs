//! The paper of files (Papierakten): where it stands, whose folder has a barcode, and who has it on loan. What becomes of
//! paper in the end is decided elsewhere.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use super::Registry;
use super::error::{Answer, Error};
use super::keep::require_not_too_many;
use crate::domain::actor::{Actor, Clerk, Reader};
use crate::domain::case_file::{CaseFile, PaperLocation};
use crate::domain::event::Event;
use crate::domain::ids::CaseFileId;
use crate::domain::life_cycle::{Command, decide, german};
use crate::domain::paper::{Barcode, Borrower, Loan, Placing, lent_already};
use crate::domain::refusal::Refusal;
use crate::format::paper_list::Row;
use crate::format::wording;

/// Longest reason for another place, in characters. It stands with each file of a list, and a list is one append to the
/// ledger.
pub const REASON_CHARS_MAX: usize = 400;

/// A file whose paper was put somewhere else, or would be.
#[derive(Debug, Clone)]
pub struct PlacedFile {
    /// The file as it was, without its documents.
    pub file: CaseFile,
    /// Where its paper stands from now on.
    pub after: PaperLocation,
}

/// A loan, with the names of those who took part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanView {
    /// The loan.
    pub loan: Loan,
    /// Who has it.
    pub to: String,
    /// Who lent it.
    pub by: String,
    /// The day the paper came back; none while it is away.
    pub returned: Option<Date>,
}

impl Registry {
    /// Says where the paper of files stands from now on, of all of them or of none; those that stand there already are
    /// passed over.
    ///
    /// # Errors
    /// A mistake for an unknown file, a place that is none, a barcode that another file has; a refusal by its phase.
    pub fn place_paper(
        &self,
        clerk: Clerk<'_>,
        references: &[String],
        placing: &Placing,
        reason: &str,
    ) -> Answer<Vec<PlacedFile>> {
        require_reason(reason)?;
        require_not_too_many(references)?;
        let refuse =
            |why: &str, way_out: &str| Err(Error::mistake("Der Standort wird nicht geändert", why, way_out));
        if placing.is_silent() {
            return refuse(
                "es ist kein Standort genannt",
                "nennen Sie Gebäude, Raum, Regal, Karton oder Strichcode",
            );
        }
        let named = placing.barcode.as_deref().map(str::trim);
        if references.len() > 1 && named.is_some_and(|code| !code.is_empty()) {
            let way_out = "nennen Sie eine Akte, oder alle in einer Tabelle (`schriftgut paper import`)";
            return refuse("ein Strichcode gehört zu einer Akte, und mehrere sind genannt", way_out);
        }
        let writing = self.writing()?;
        let (mut placed, mut events, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
        for reference in references {
            let Some((one, event)) = self.placed(clerk.actor(), reference, placing, reason)? else {
                continue;
            };
            if seen.insert(one.file.id) {
                placed.push(one);
                events.push(event);
            }
        }
        if let Some((_, taken)) = self.taken_barcodes(clerk.actor(), &placed)?.into_iter().next() {
            return Err(taken);
        }
        if !events.is_empty() {
            self.record(&writing, clerk.actor().id, &events)?;
        }
        Ok(placed)
    }

    /// The same for many files, a row each. All rows are looked at before the first is recorded, and all are recorded
    /// together. Without `record` they are only looked at.
    ///
    /// # Errors
    /// Everything that is wrong, by the line it stands on; then nothing was recorded.
    pub fn place_papers(
        &self,
        clerk: Clerk<'_>,
        rows: &[Row],
        reason: &str,
        record: bool,
    ) -> Answer<Vec<PlacedFile>> {
        require_reason(reason)?;
        let writing = self.writing()?;
        let (mut placed, mut events, mut lines) = (Vec::new(), Vec::new(), Vec::new());
        let mut mistakes = Vec::new();
        for Row { line, reference, placing } in rows {
            match self.placed(clerk.actor(), reference.as_str(), placing, reason) {
                Ok(None) => {}
                Ok(Some((one, event))) => {
                    placed.push(one);
                    events.push(event);
                    lines.push(*line);
                }
                Err(fault @ Error::Fault { .. }) => return Err(fault),
                Err(error) => mistakes.push((*line, error)),
            }
        }
        let taken = self.taken_barcodes(clerk.actor(), &placed)?.into_iter();
        mistakes.extend(taken.map(|(at, error)| (lines[at], error)));
        if !mistakes.is_empty() {
            mistakes.sort_by_key(|(line, _)| *line);
            let told = |(line, error): &(u64, Error)| format!("Zeile {line}: {}", error.in_a_line());
            let told: Vec<_> = mistakes.iter().map(told).collect();
            return Err(Error::mistake(
                "Die Standorte werden nicht geändert",
                wording::first_of(&told, "eine weitere Zeile", "weitere Zeilen").join("; "),
                "berichtigen Sie die Liste; es wurde noch nichts geändert",
            ));
        }
        if record && !events.is_empty() {
            self.record(&writing, clerk.actor().id, &events)?;
        }
        Ok(placed)
    }

    /// A file, where its paper would stand, and the event that says so; none if it stands there already.
    fn placed(
        &self,
        actor: &Actor,
        reference: &str,
        placing: &Placing,
        reason: &str,
    ) -> Answer<Option<(PlacedFile, Event)>> {
        let file = self.cover_named(actor, reference)?;
        let before = file.carriers.paper.as_ref();
        let after = placing.applied_to(before).map_err(|flaw| {
            let way_out = "berichtigen Sie die Angabe; es wurde noch nichts geändert";
            Error::mistake(not_placed(&file), wording::place_flaw(&flaw), way_out)
        })?;
        if before == Some(&after) {
            return Ok(None);
        }
        let (place, on, reason) = (after.clone(), self.today(), reason.trim().to_owned());
        let event = decide(&file, Command::PlacePaper { place, on, reason })?;
        Ok(Some((PlacedFile { after, file: file.clone() }, Event::File(file.id, event))))
    }

    /// Which of these would get a barcode that another file has, by their places in the list. What one gives up, another
    /// may take.
    fn taken_barcodes(&self, actor: &Actor, placed: &[PlacedFile]) -> Answer<Vec<(usize, Error)>> {
        let mut given_up = HashMap::new();
        for PlacedFile { file, after } in placed {
            let before = file.carriers.paper.as_ref().and_then(|place| place.barcode.as_ref());
            if before != after.barcode.as_ref() {
                given_up.extend(before.map(|before| (before, file.id)));
            }
        }
        let (mut taken, mut claimed) = (Vec::new(), HashMap::new());
        for (at, PlacedFile { file, after }) in placed.iter().enumerate() {
            let Some(barcode) = &after.barcode else { continue };
            let first = *claimed.entry(barcode).or_insert(file.id);
            let there = self.file_by_barcode(barcode)?.filter(|there| given_up.get(barcode) != Some(there));
            if let Some(holder) = there.or(Some(first)).filter(|holder| *holder != file.id) {
                let why = self.whose_barcode(actor, barcode, holder)?;
                let way_out = "jeder Strichcode gehört zu einer Akte: nehmen Sie einen anderen";
                taken.push((at, Error::mistake(not_placed(file), why, way_out)));
            }
        }
        Ok(taken)
    }

    fn file_by_barcode(&self, barcode: &Barcode) -> Answer<Option<CaseFileId>> {
        let hash = self.barcode_hash(barcode)?;
        Ok(self.catalog()?.file_by_barcode(&hash)?)
    }

    /// Whose barcode it is, as far as this person may know.
    fn whose_barcode(&self, actor: &Actor, barcode: &Barcode, holder: CaseFileId) -> Answer<String> {
        Ok(match self.readable_cover(actor, holder)? {
            Some(other) => format!("der Strichcode {barcode} gehört schon zur Akte {}", other.reference),
            None => format!("der Strichcode {barcode} gehört schon zu einer anderen Akte"),
        })
    }

    /// Why a file cannot get the barcode of this place; none if it can.
    pub(super) fn why_barcode_is_taken(
        &self,
        actor: &Actor,
        place: Option<&PaperLocation>,
    ) -> Answer<Option<String>> {
        let Some(barcode) = place.and_then(|place| place.barcode.as_ref()) else { return Ok(None) };
        let holder = self.file_by_barcode(barcode)?;
        holder.map(|holder| self.whose_barcode(actor, barcode, holder)).transpose()
    }

    /// The file whose folder has this barcode, without its documents.
    ///
    /// # Errors
    /// A mistake if no file that this person may read has it.
    pub fn find_paper(&self, reader: Reader<'_>, barcode: &str) -> Answer<CaseFile> {
        let unknown = || Error::unknown("Strichcode", barcode.trim());
        let code: Barcode = barcode.parse().map_err(|_| unknown())?;
        let file =
            self.file_by_barcode(&code)?.map(|id| self.readable_cover(reader.actor(), id)).transpose()?;
        file.flatten().ok_or_else(unknown)
    }

    /// Lends the paper of files to whoever has this login, or is called so; of all of them or of none.
    ///
    /// # Errors
    /// A mistake for an unknown file, no name or a day that is over; a refusal for a file that has no paper or is lent,
    /// or for somebody who may not read it.
    pub fn lend_paper(
        &self,
        clerk: Clerk<'_>,
        references: &[String],
        to: &str,
        until: Option<Date>,
    ) -> Answer<Vec<(CaseFile, LoanView)>> {
        require_not_too_many(references)?;
        let since = self.today();
        let refuse = |why: String, way_out: &str| Error::mistake("Es wird nichts ausgeliehen", why, way_out);
        if let Some(until) = until.filter(|until| *until < since) {
            let why = format!("der {} ist vorbei", german(until));
            return Err(refuse(why, "nennen Sie heute oder einen späteren Tag"));
        }
        let known = match self.person(to.trim()) {
            Ok(person) => Some(person),
            Err(Error::Mistake(_)) => None,
            Err(other) => return Err(other),
        };
        let borrower = match &known {
            Some(person) => Borrower::Person(person.id),
            None => Borrower::named(to).map_err(|_| {
                refuse(wording::not_a_borrower(), "nennen Sie einen Anmeldenamen oder Name und Stelle")
            })?,
        };
        let loan = Loan { to: borrower, since, until, by: clerk.actor().id };
        let writing = self.writing()?;
        let (mut lent, mut events, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
        for reference in references {
            let mut file = self.cover_named(clerk.actor(), reference)?;
            if !seen.insert(file.id) {
                continue;
            }
            if let Some(person) = known.as_ref().filter(|person| !person.may_read_file(&file)) {
                return Err(may_not_read(&file, person).into());
            }
            if let Some(there) = &file.loan {
                return Err(lent_already(&file, there, &self.borrower_name(&there.to)?).into());
            }
            let event = decide(&file, Command::LendPaper(loan.clone()))?;
            file.apply(&event);
            events.push(Event::File(file.id, event));
            lent.push((file, self.loan_view(&loan, None)?));
        }
        if !events.is_empty() {
            self.record(&writing, clerk.actor().id, &events)?;
        }
        Ok(lent)
    }

    /// The paper of files came back; of all of them or of none. Answers the loans that are over.
    ///
    /// # Errors
    /// A mistake for an unknown file; a refusal for one that is not lent.
    pub fn return_paper(&self, clerk: Clerk<'_>, references: &[String]) -> Answer<Vec<(CaseFile, LoanView)>> {
        require_not_too_many(references)?;
        let (writing, on) = (self.writing()?, self.today());
        let (mut returned, mut events, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
        for reference in references {
            let mut file = self.cover_named(clerk.actor(), reference)?;
            if !seen.insert(file.id) {
                continue;
            }
            let event = decide(&file, Command::ReturnPaper { on })?;
            let loan = file.loan.as_ref().map(|loan| self.loan_view(loan, Some(on))).transpose()?;
            file.apply(&event);
            events.push(Event::File(file.id, event));
            returned.extend(loan.map(|loan| (file, loan)));
        }
        if !events.is_empty() {
            self.record(&writing, clerk.actor().id, &events)?;
        }
        Ok(returned)
    }

    /// What is lent, among the files this person may read: what should be back the longest comes first, what nobody set a
    /// day for last.
    ///
    /// # Errors
    /// A fault if the catalogue fails.
    pub fn loans(&self, reader: Reader<'_>) -> Answer<Vec<(CaseFile, LoanView)>> {
        let lent = self.catalog()?.lent()?;
        let mut loans = Vec::new();
        for id in lent {
            let Some(file) = self.readable_cover(reader.actor(), id)? else { continue };
            let Some(loan) = &file.loan else { continue };
            let view = self.loan_view(loan, None)?;
            loans.push((file, view));
        }
        loans.sort_by(|(a, one), (b, other)| {
            let key = |loan: &Loan| (loan.until.unwrap_or(Date::MAX), loan.since);
            (key(&one.loan), &a.reference).cmp(&(key(&other.loan), &b.reference))
        });
        Ok(loans)
    }

    /// A loan with the names of those who took part.
    pub(super) fn loan_view(&self, loan: &Loan, returned: Option<Date>) -> Answer<LoanView> {
        let (to, by) = (self.borrower_name(&loan.to)?, self.person_by_id(loan.by)?.name);
        Ok(LoanView { loan: loan.clone(), to, by, returned })
    }

    fn borrower_name(&self, borrower: &Borrower) -> Answer<String> {
        match borrower {
            Borrower::Person(id) => Ok(self.person_by_id(*id)?.name),
            Borrower::Named(name) => Ok(name.clone()),
        }
    }
}

/// Nobody has to say why.
fn require_reason(reason: &str) -> Answer<()> {
    let chars = reason.trim().chars().count();
    if chars <= REASON_CHARS_MAX {
        return Ok(());
    }
    Err(Error::mistake(
        "Der Standort wird nicht geändert",
        format!("der Grund hat {chars} Zeichen, zulässig sind {REASON_CHARS_MAX}"),
        "kürzen Sie ihn",
    ))
}

fn not_placed(file: &CaseFile) -> String {
    format!("Der Standort der Papierakte {} wird nicht geändert", file.reference)
}

fn may_not_read(file: &CaseFile, person: &Actor) -> Refusal {
    Refusal::new(
        format!("Die Papierakte {} wird nicht an {} ausgeliehen", file.reference, person.login),
        "diese Person darf sie nicht lesen",
        "wählen Sie eine andere, oder die Administration ändert die Rechte",
    )
}
