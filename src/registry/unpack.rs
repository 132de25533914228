//! Unpack (Herauslösen): what came inside a document (the attachments of a mail, the files of an archive) becomes documents of
//! their own, beside it and in one case with it. The document itself stays as it came. May not look into a byte of either.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::Registry;
use super::error::{Answer, Error};
use super::ingest::{NewPart, Origin, PlacedPart};
use crate::domain::actor::{Actor, Clerk};
use crate::domain::case_file::{Case, CaseFile};
use crate::domain::document::{Document, StaysInside, Unpacking};
use crate::domain::event::{DocumentEvent, Event};
use crate::domain::ids::{CaseId, DocumentId, PersonId};
use crate::domain::life_cycle::{Command, decide};
use crate::intake::limits::{CONTAINED_DEPTH_MAX, CONTAINED_MAX};
use crate::intake::{ContainedFile, IntakeError, Reason, StaysInside as Why, Unpacked};

/// Longest title of a case that is named after a mail, in characters.
const CASE_TITLE_CHARS_MAX: usize = 200;

/// What came out of a document.
#[derive(Debug, Clone)]
pub struct CameOut {
    /// The document, as it is now.
    pub container: Document,
    /// The new documents.
    pub documents: Vec<Document>,
}

/// One round, ready to be written.
struct Round {
    files: Vec<NewPart>,
    stays_inside: Vec<StaysInside>,
    through: u32,
    is_whole: bool,
    subject: Option<String>,
}

impl Registry {
    /// Takes the files out of a document, as far as that was not done. Usually reading it did.
    ///
    /// # Errors
    /// A mistake for a document that is unknown, that has nothing inside, or whose contents are out already; a refusal by the
    /// phase of its file, or while that is on a running list.
    pub fn unpack(&self, clerk: Clerk<'_>, id: DocumentId) -> Answer<CameOut> {
        let actor = clerk.actor();
        let before = self.document_to_mend(actor, id)?;
        let refuse = |why: &str, way_out: &str| Err(Error::mistake(nothing_comes_out(&before), why, way_out));
        if before.unpacked_through().is_none() {
            return refuse("sein Inhalt ist schon herausgelöst", "`schriftgut show` zeigt, was daraus kam");
        }
        let mut documents = Vec::new();
        loop {
            let container = self.document_to_mend(actor, id)?;
            let Some(first) = container.unpacked_through() else {
                return Ok(CameOut { container, documents });
            };
            let round = match self.next_round(&container, first)? {
                Ok(round) => round,
                Err(reason) => {
                    return refuse(reason.german(), "`schriftgut get` holt die Datei, wie sie kam");
                }
            };
            match self.keep_round(actor, &container, round)? {
                Some(new) => documents.extend(new),
                None => return refuse("jemand hat es inzwischen geändert", "versuchen Sie es erneut"),
            }
        }
    }

    /// Takes out what is inside a document that was just read. Where its file does not allow it, that is left to people.
    pub(super) fn unpack_when_read(&self, id: DocumentId) -> Answer<()> {
        let program = program();
        while let Some(container) = self.document(id)? {
            let Some(first) = container.unpacked_through() else { break };
            let round = match self.next_round(&container, first)? {
                Ok(round) => round,
                Err(reason) => Round {
                    files: Vec::new(),
                    stays_inside: vec![StaysInside {
                        path: String::new(),
                        reason: reason.german().to_owned(),
                    }],
                    through: first,
                    is_whole: true,
                    subject: None,
                },
            };
            match self.keep_round(&program, &container, round) {
                Ok(Some(_)) => {}
                Ok(None) | Err(Error::Mistake(_) | Error::Refusal(_)) => break,
                Err(fault) => return Err(fault),
            }
        }
        Ok(())
    }

    /// What the worker hands out next; the inner error is why the document does not even open.
    fn next_round(&self, container: &Document, first: u32) -> Answer<Result<Round, Reason>> {
        let source = self.plain_source(container);
        let Unpacked { files, next, subject } = match self.workshop.unpack(&source, first) {
            Ok(unpacked) => unpacked,
            Err(IntakeError::NotReadable { reason, .. }) => return Ok(Err(reason)),
            Err(fault) => return Err(fault.into()),
        };
        let (depth, family) = self.family_of_container(container)?;
        let mut room = CONTAINED_MAX.saturating_sub(family);
        let mut round = Round {
            files: Vec::new(),
            stays_inside: Vec::new(),
            through: first,
            is_whole: next.is_none(),
            subject,
        };
        for ContainedFile { path, content } in files {
            round.through = round.through.saturating_add(1);
            let content = match content {
                Ok(_) if depth >= CONTAINED_DEPTH_MAX => Err(Why::TooDeep),
                Ok(_) if room == 0 => Err(Why::TooMany),
                content => content,
            };
            match content {
                Ok(bytes) => {
                    room -= 1;
                    let file_name = file_name(&path, round.through);
                    let origin = Origin::ContainedIn { container: container.id, path };
                    round.files.push(NewPart { file_name, bytes, origin });
                }
                Err(why) => round.stays_inside.push(StaysInside { path, reason: why.german().to_owned() }),
            }
        }
        if room == 0 && !round.is_whole {
            let reason = format!("alle weiteren: {}", Why::TooMany.german());
            round.stays_inside.push(StaysInside { path: String::new(), reason });
            round.is_whole = true;
        }
        Ok(Ok(round))
    }

    /// Makes a round durable: the new documents and what becomes of the old one, in one append. None if that is not any more what
    /// was looked into.
    fn keep_round(&self, actor: &Actor, before: &Document, round: Round) -> Answer<Option<Vec<Document>>> {
        let Round { files, stays_inside, through, is_whole, subject } = round;
        let sealed = self.seal_parts(actor, before.domain, files)?;
        let writing = self.writing_about(sealed.iter().map(|part| part.new_bytes()).sum())?;
        let Some(now) = self.document(before.id)? else { return Ok(None) };
        if now.original != before.original || now.unpacking != before.unpacking {
            return Ok(None);
        }
        let cover = match now.file {
            Some(file) => Some(self.cover(file)?.ok_or_else(|| Error::unknown("Akte", &file.to_string()))?),
            None => None,
        };
        if let Some(cover) = &cover {
            self.require_not_listed(cover)?;
            decide(cover, Command::TakeOver(now.id))?;
        }
        let own_case = cover.as_ref().filter(|_| now.case.is_none() && !sealed.is_empty());
        let (case, opened) = match own_case.zip(subject) {
            Some((cover, subject)) => self.case_of_mail(cover, &case_title(&subject, &now.file_name)),
            None => (None, None),
        };
        let placed = sealed.into_iter().map(|part| PlacedPart {
            part,
            file: now.file,
            case: case.or(now.case),
            register: now.register.clone(),
        });
        let version = u32::try_from(now.version()).unwrap_or(u32::MAX);
        let unpacking = Unpacking { version, through, is_whole };
        let parts = self.take_in_parts(&writing, actor, now.domain, placed.collect(), |ids| {
            let (contents, on) = (ids.to_vec(), self.today());
            let unpacked = DocumentEvent::Unpacked { unpacking, contents, stays_inside, case, on };
            opened.into_iter().chain([Event::Document(now.id, unpacked)]).collect()
        })?;
        Ok(Some(parts))
    }

    /// The case a mail and its attachments lie in: one of that title, or a new one. None where the file takes none any more.
    fn case_of_mail(&self, cover: &CaseFile, title: &str) -> (Option<CaseId>, Option<Event>) {
        if let Some(case) = cover.cases.iter().find(|case| case.title == title) {
            return (Some(case.id), None);
        }
        let case = Case { id: CaseId(Uuid::new_v4()), title: title.to_owned(), opened: self.today() };
        let id = case.id;
        match decide(cover, Command::OpenCase(case)) {
            Ok(opened) => (Some(id), Some(Event::File(cover.id, opened))),
            Err(_) => (None, None),
        }
    }

    /// How deep a document lies in others, and how many documents came out of the outermost.
    fn family_of_container(&self, container: &Document) -> Answer<(u32, u32)> {
        let (mut outermost, mut depth) = (container.clone(), 0);
        while let Some((outer, _)) = &outermost.contained_in {
            let Some(outer) = self.document(*outer)? else { break };
            (outermost, depth) = (outer, depth + 1);
        }
        let inside = self.contents_of(&outermost, &|_| true)?;
        Ok((depth, u32::try_from(inside.len()).unwrap_or(u32::MAX)))
    }

    /// Everything that came out of a document, and out of that; only what `belongs` is followed.
    fn contents_of(&self, outer: &Document, belongs: &dyn Fn(&Document) -> bool) -> Answer<Vec<Document>> {
        let (mut found, mut waiting) = (Vec::new(), outer.contents.clone());
        while let Some(id) = waiting.pop() {
            if let Some(inner) = self.document(id)?.filter(belongs) {
                waiting.extend(&inner.contents);
                found.push(inner);
            }
        }
        Ok(found)
    }

    /// These documents, and what came out of them and lies where they lie: a mail is not parted from its attachments by moving it.
    pub(super) fn with_contents(&self, actor: &Actor, ids: &[DocumentId]) -> Answer<BTreeSet<DocumentId>> {
        let mut all: BTreeSet<_> = ids.iter().copied().collect();
        for id in ids {
            let Some(document) = self.readable_document(actor, *id)? else { continue };
            let inside = self.contents_of(&document, &|inner| inner.file == document.file)?;
            all.extend(inside.iter().map(|inner| inner.id));
        }
        Ok(all)
    }
}

/// The program itself. It may take out what is inside; it knows of no other document.
pub(super) fn program() -> Actor {
    Actor {
        id: PersonId::PROGRAM,
        login: String::new(),
        name: String::new(),
        roles: BTreeSet::new(),
        clearances: BTreeSet::new(),
        duties: BTreeSet::new(),
    }
}

fn nothing_comes_out(document: &Document) -> String {
    format!("Aus „{}“ wird nichts herausgelöst", document.file_name)
}

/// The name at the end of a path.
fn file_name(path: &str, number: u32) -> String {
    let name = path.rsplit('/').next().map(str::trim).filter(|name| !name.is_empty());
    name.map_or_else(|| format!("Anlage {number}"), str::to_owned)
}

/// What a mail is about, or the name of its file.
fn case_title(subject: &str, name: &str) -> String {
    let subject: String = subject.chars().filter(|c| !c.is_control()).take(CASE_TITLE_CHARS_MAX).collect();
    let title = subject.trim();
    if title.is_empty() { name.to_owned() } else { title.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_by_the_end_of_its_path_and_a_case_by_what_the_mail_is_about() {
        assert_eq!(file_name("anlagen/plan.pdf", 1), "plan.pdf");
        assert_eq!(file_name("", 3), "Anlage 3");
        assert_eq!(file_name("ordner/", 4), "Anlage 4");
        assert_eq!(case_title(" Rückfrage\r\n", "a.eml"), "Rückfrage");
        assert_eq!(case_title("\u{7}", "a.eml"), "a.eml");
        assert_eq!(case_title(&"x".repeat(999), "a.eml").len(), CASE_TITLE_CHARS_MAX);
    }
}
