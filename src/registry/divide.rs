//! Divide (Stapel aufteilen): a scan in which dividers were found falls apart at them, as soon as it is read. Each document
//! goes where its divider says; the stack is kept as it came, out of use. What is not wholly clear, or not allowed to whoever
//! took the stack in, changes nothing: the stack stays whole and says why. What happens, happens in one append to the ledger.

use super::Registry;
use super::assemble::in_words;
use super::error::{Answer, Error};
use super::ingest::{NewPart, Origin, PlacedPart};
use super::split::{PARTS_MAX, filed_with, part_name};
use super::unpack::program;
use crate::domain::actor::Actor;
use crate::domain::case_file::CaseFile;
use crate::domain::divider::{Division, Stack, StackPage, StackPart, divide};
use crate::domain::document::{Document, PagesOf};
use crate::domain::event::{DocumentEvent, Event};
use crate::domain::ids::{CaseFileId, DocumentId};
use crate::domain::life_cycle::{Command, decide};
use crate::domain::register::RegisterNumber;
use crate::domain::text::Reading;
use crate::format::wording;
use crate::intake::{Assembled, IntakeError, Pages, Part, Sized};

/// Where a document of a stack goes.
#[derive(Debug, Clone, PartialEq)]
struct Place {
    file: CaseFile,
    register: Option<RegisterNumber>,
}

/// What was looked at, and what should be made of it.
struct Plan<'a> {
    before: &'a Document,
    division: Division,
    stack: Stack,
}

/// A stack that stayed whole may fall apart when it is read again.
fn was_divided(document: &Document) -> bool {
    document.stack_now().is_some_and(|stack| stack.whole_because.is_none())
}

/// Why a stack stays whole, in words for users.
type Whole = String;

impl Registry {
    /// Divides a document that was just read, if there are dividers in it. What is answered is to be recorded with its text: that
    /// dividers were found, and why it stays whole. None if there are none, or it was divided.
    pub(super) fn divide_when_read(&self, document: &Document, reading: &Reading) -> Answer<Option<Stack>> {
        let Some(pages) = self.stack_pages(reading)? else { return Ok(None) };
        let Some(before) = self.document(document.id)? else { return Ok(None) };
        // Divided already, and then the machine stopped; or somebody was faster.
        if before.original != document.original || before.withdrawn.is_some() || was_divided(&before) {
            return Ok(None);
        }
        let mut stack = found(&before, &pages);
        let whole = match divide(&pages) {
            Err(undivided) => undivided.german(),
            Ok(division) => {
                stack.blank_backs.clone_from(&division.blank_backs);
                let plan = Plan { before: &before, division, stack: stack.clone() };
                match self.divided(&plan) {
                    Ok(None) => return Ok(None),
                    Ok(Some(whole)) => whole,
                    // What the office refuses is no fault of the machinery.
                    Err(no @ (Error::Mistake(_) | Error::Refusal(_))) => no.words().why,
                    Err(fault) => return Err(fault),
                }
            }
        };
        stack.blank_backs.clear();
        stack.whole_because = Some(whole);
        Ok(Some(stack))
    }

    /// Carries out a plan; what is answered is why not.
    fn divided(&self, plan: &Plan<'_>) -> Answer<Option<Whole>> {
        let Plan { before, division, .. } = plan;
        if division.parts.len() > PARTS_MAX {
            return Ok(Some(format!("es wären mehr als {PARTS_MAX} Dokumente")));
        }
        let Some(clerk) = self.taken_in_by(before.id)? else {
            return Ok(Some(
                "niemand hat es als Stapel erfasst: es kam in einem anderen Dokument".to_owned(),
            ));
        };
        let places = match self.places(&clerk, before, &division.parts)? {
            Ok(places) => places,
            Err(whole) => return Ok(Some(whole)),
        };
        let made = match self.cut(before, &division.parts)? {
            Ok(made) => made,
            Err(whole) => return Ok(Some(whole)),
        };
        let left_out = in_words(&made.left_out);
        let new = made.parts.into_iter().zip(&division.parts).map(|(part, cut)| NewPart {
            file_name: part_name(&before.file_name, outermost(cut)),
            bytes: part.bytes,
            origin: Origin::MadeOf(spans(before, cut)),
        });
        let program = program();
        let sealed = self.seal_parts(&program, before.domain, new.collect())?;
        let writing = self.writing_about(sealed.iter().map(|part| part.new_bytes()).sum())?;
        // It may have changed while the bytes were sealed.
        let is_as_before = self.document(before.id)?.as_ref() == Some(*before);
        if !is_as_before || self.places(&clerk, before, &division.parts)? != Ok(places.clone()) {
            return Ok(Some("während es gelesen wurde, hat jemand es oder seine Akte geändert".to_owned()));
        }
        let placed = sealed.into_iter().zip(&places).map(|(part, place)| {
            let stays = before.file == Some(place.file.id);
            let (file, register) = (Some(place.file.id), place.register.clone());
            PlacedPart { part, file, case: before.case.filter(|_| stays), register }
        });
        self.take_in_parts(&writing, &program, before.domain, placed.collect(), |ids| {
            let first = places.first().map(|place| &place.file);
            let mut events = filed_with(before, first);
            events.extend(self.divided_events(plan, ids, &left_out));
            events
        })?;
        Ok(None)
    }

    fn divided_events(&self, plan: &Plan<'_>, ids: &[DocumentId], left_out: &[&str]) -> [Event; 2] {
        let (id, on, stack) = (plan.before.id, self.today(), plan.stack.clone());
        let documents = wording::count(ids.len() as u64, "Dokument", "Dokumente");
        let mut reason =
            format!("Stapel, aufgeteilt nach Trennblättern in {documents} ({})", wording::stack(&stack));
        if !left_out.is_empty() {
            reason.push_str(&format!("; nur noch hier: {}", left_out.join(", ")));
        }
        let replaced = DocumentEvent::Replaced { by: ids.to_vec(), on, reason };
        [DocumentEvent::DividersFound { stack, on }, replaced].map(|event| Event::Document(id, event))
    }

    /// Where each document goes, if whoever took the stack in may put it there, and nobody reads it who could not before; the
    /// inner error is why not.
    fn places(
        &self,
        clerk: &Actor,
        before: &Document,
        parts: &[StackPart],
    ) -> Answer<Result<Vec<Place>, Whole>> {
        if clerk.as_clerk().is_err() || !self.may_read_document(clerk, before)? {
            return Ok(Err("wer den Stapel erfasst hat, darf nichts mehr ablegen".to_owned()));
        }
        let own = before.file.map(|file| self.cover(file)).transpose()?.flatten();
        if let Some(own) = &own {
            self.require_not_listed(own)?;
            decide(own, Command::TakeOver(before.id))?;
        }
        let mut places = Vec::with_capacity(parts.len());
        for part in parts {
            let page = part.pages.first().map_or(0, |(first, _)| *first);
            match self.place_of_part(clerk, before, own.as_ref(), part)? {
                Ok(place) => places.push(place),
                Err(why) => return Ok(Err(format!("das Dokument ab Seite {page}: {why}"))),
            }
        }
        Ok(Ok(places))
    }

    fn place_of_part(
        &self,
        clerk: &Actor,
        before: &Document,
        own: Option<&CaseFile>,
        part: &StackPart,
    ) -> Answer<Result<Place, Whole>> {
        let whole = |why: &str| Ok(Err(why.to_owned()));
        let asked: Option<CaseFileId> = part.goes.file.or(before.file);
        let Some(asked) = asked else {
            return whole("der Stapel liegt im Posteingang, und kein Deckblatt nennt eine Akte");
        };
        // One that is hidden is answered as one that is not there.
        let Some(file) = self.cover(asked)?.filter(|file| clerk.may_read_file(file)) else {
            return whole("die Akte des Deckblatts gibt es nicht");
        };
        if file.domain != before.domain {
            return whole("die Akte des Deckblatts hat einen anderen Schutzbereich");
        }
        let is_elsewhere = own.is_some_and(|own| own.id != file.id);
        if is_elsewhere && own.is_some_and(|own| own.restriction.stands()) {
            return whole("der Stapel liegt in einer eingeschränkten Akte");
        }
        self.require_not_listed(&file)?;
        if let Err(refusal) = decide(&file, Command::File(before.id)) {
            return whole(&Error::from(refusal).words().why);
        }
        let stays = part.goes.file.is_none();
        let register = part.goes.register.clone().or_else(|| before.register.clone().filter(|_| stays));
        if let Some(register) = &register
            && let Err((why, _)) = self.rules()?.register_named(file.record_type.as_ref(), register.as_str())
        {
            return Ok(Err(why));
        }
        Ok(Ok(Place { file, register }))
    }

    /// Has the worker make the documents; the inner error is why it could not.
    fn cut(&self, before: &Document, parts: &[StackPart]) -> Answer<Result<Assembled, Whole>> {
        let source = self.plain_source(before);
        let sized: [Sized<'_>; 1] = [(&source, before.original.size_bytes)];
        let pages = |(first, last): &(u32, u32)| Pages { source: 0, first: *first, last: Some(*last) };
        let asked: Vec<Vec<Pages>> =
            parts.iter().map(|part| part.pages.iter().map(pages).collect()).collect();
        let made = match self.workshop.assemble(&sized, &asked, false) {
            Ok(made) => made,
            Err(IntakeError::NotReadable { reason, .. }) => return Ok(Err(reason.german().to_owned())),
            Err(fault) => return Err(fault.into()),
        };
        let is_as_asked = |(part, made): (&StackPart, &Part)| {
            made.pages.iter().copied().eq(part.pages.iter().map(|(first, last)| last + 1 - first))
        };
        if made.parts.len() == parts.len() && parts.iter().zip(&made.parts).all(is_as_asked) {
            return Ok(Ok(made));
        }
        let what = format!("„{}“ wird nicht aufgeteilt", before.file_name);
        Err(Error::fault(
            what,
            "versuchen Sie es erneut",
            "die Teile haben nicht die Seiten, die sie haben sollten",
        ))
    }
}

/// What was found in a document.
fn found(before: &Document, pages: &[StackPage]) -> Stack {
    let is_divider = |page: &StackPage| !matches!(page, StackPage::Written | StackPage::Blank);
    let dividers = (1..).zip(pages).filter(|(_, page)| is_divider(page)).map(|(number, _)| number);
    Stack {
        version: u32::try_from(before.version()).unwrap_or(u32::MAX),
        page_count: u32::try_from(pages.len()).unwrap_or(u32::MAX),
        dividers: dividers.collect(),
        blank_backs: Vec::new(),
        whole_because: None,
    }
}

fn spans(before: &Document, part: &StackPart) -> Vec<PagesOf> {
    let version = u32::try_from(before.version()).unwrap_or(u32::MAX);
    let span =
        |(first, last): &(u32, u32)| PagesOf { document: before.id, version, first: *first, last: *last };
    part.pages.iter().map(span).collect()
}

/// First and last page of a part, whatever is left out between.
fn outermost(part: &StackPart) -> (u32, u32) {
    let first = part.pages.first().map_or(0, |(first, _)| *first);
    (first, part.pages.last().map_or(first, |(_, last)| *last))
}
