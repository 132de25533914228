//! Answers of the archive come in: read, held against the list, and then decided and recorded in one go, or not at all.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::super::Registry;
use super::super::error::{Answer, Error};
use super::{MessageOrder, put_message};
use crate::base::digest::Sha256;
use crate::disk::Disk;
use crate::domain::actor::{Actor, Archivist};
use crate::domain::case_file::CaseFile;
use crate::domain::disposal::dialogue::answer::{AnswerHead, Confirmed, Inside, Judged, Objection};
use crate::domain::disposal::{Decision, DisposalList, Line, LineState, MessageKind, MessageVersion};
use crate::domain::event::{ArchiveEvent, Event, FileEvent, ListEvent};
use crate::domain::ids::{CaseFileId, DisposalListId};
use crate::format::wording;
use crate::format::xdomea::{self, Content, Envelope};
use crate::intake::{Bytes, IntakeError};

/// What begins a ZIP.
const ZIP: &[u8] = b"PK\x03\x04";

/// An answer that was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenAnswer {
    /// Which message it is.
    pub kind: MessageKind,
    /// Of which version.
    pub version: MessageVersion,
    /// Who sent it; empty if it does not say.
    pub sender: String,
    /// Lines the archive decided on: reference number, decision, and how many documents it does without.
    pub decided: Vec<(String, Decision, usize)>,
    /// Lines whose arrival the archive confirms: reference number, and what the archive calls it.
    pub confirmed: Vec<(String, Option<String>)>,
    /// Where our receipt of it is, if one was asked for.
    pub receipt: Option<PathBuf>,
}

/// Files with what they consist of.
type Insides = BTreeMap<CaseFileId, (CaseFile, Inside)>;

impl Registry {
    /// Takes an answer of the archive in: its appraisal (0502), its receipts (0504, 0507), or that what was handed over has
    /// arrived (0506). Its name is that of the file, for messages to people; the bytes are the message or its container; the verbs
    /// are those it was given to, and one of them must be the one that takes it. That an appraisal has come in is confirmed by a
    /// message in `receipt_to` (0505), if a folder is named.
    ///
    /// # Errors
    /// A mistake that names every line that does not fit; a refusal as for a decision made by hand, or if nothing was asked.
    /// Then nothing of the answer is recorded.
    pub fn take_answer(
        &self,
        archivist: Archivist<'_>,
        id: DisposalListId,
        (name, bytes): (&str, &[u8]),
        verbs: &[&str],
        receipt_to: Option<&Path>,
    ) -> Answer<TakenAnswer> {
        let actor = archivist.actor();
        let text = self.message_text(name, bytes)?;
        let answer = xdomea::read(&text).map_err(|objections| not_taken(name, &objections))?;
        let head = answer.head;
        taken_by(name, head.kind, verbs)?;
        let writing = self.writing()?;
        let list = self.list_named(id)?;
        list.fits(&head).map_err(|objection| not_taken(name, &[objection]))?;
        list.require_asked(head.kind, head.version)?;
        let digest = Sha256::of(&[text.as_bytes()]);
        let mut events =
            vec![Event::List(id, DisposalList::exchanged(self.today(), head.kind, head.version, digest))];
        let (mut decided, mut confirmed) = (Vec::new(), Vec::new());
        match answer.content {
            Content::Receipt | Content::Catalogue(_) => {} // a catalogue was sent to its verb above
            Content::Appraisal(objects) => {
                let looks_inside =
                    objects.iter().any(|object| !list.lines.contains_key(&CaseFileId(object.id)));
                let files = self.insides(actor, &list, looks_inside, &|line, _| line.is_offered())?;
                let judged = list.judged(&objects, &inside(&files));
                for judged in judged.map_err(|objections| not_taken(name, &objections))? {
                    let Some((file, _)) = files.get(&judged.file) else { continue };
                    decided.push((file.reference.to_string(), judged.decision, judged.left_out.len()));
                    events.extend(self.decide_line(&list, file, judged, &said_by(&head))?);
                }
            }
            Content::Import(objects, whole) => {
                if let Some(failed) = whole.as_ref().filter(|whole| !whole.is_imported) {
                    let what = format!("das Archiv hat nicht alles übernommen: {}", failed.errors.join(", "));
                    return Err(not_taken(name, &[Objection { line: None, what }]));
                }
                let is_handed_over = |_: &Line, state: &LineState| matches!(state, LineState::Transferred(_));
                let files = self.insides(actor, &list, false, &is_handed_over)?;
                let found = list.confirmed(&objects, whole.is_some(), &inside(&files));
                let found = found.map_err(|objections| not_taken(name, &objections))?;
                list.require_unconfirmed(found.iter().map(|one| one.file))?;
                for Confirmed { file, copy, reference } in found {
                    events.push(Event::List(id, ListEvent::LineConfirmed { file, copy }));
                    let (on, known) = (self.today(), reference.clone());
                    events
                        .push(Event::Archive(copy, ArchiveEvent::Confirmed { on, reference: known, digest }));
                    let called = files.get(&file).map(|(file, _)| file.reference.to_string());
                    confirmed.push((called.unwrap_or_else(|| file.to_string()), reference));
                }
            }
        }
        let receipt = receipt_to.map(|out| self.put_receipt(id, &head, out)).transpose()?;
        events.extend(receipt.iter().map(|(_, event)| event.clone()));
        let recorded = self.record(&writing, actor.id, &events);
        let receipt = receipt.map(|(path, _)| path);
        if let (Err(_), Some(path)) = (&recorded, &receipt) {
            Disk::real().remove(path)?; // it would confirm what does not count
        }
        recorded?;
        let AnswerHead { kind, version, sender, .. } = head;
        Ok(TakenAnswer { kind, version, sender, decided, confirmed, receipt })
    }

    /// Writes the receipt of an appraisal (0505), and what is to be recorded of it.
    fn put_receipt(&self, id: DisposalListId, head: &AnswerHead, out: &Path) -> Answer<(PathBuf, Event)> {
        let kind = MessageKind::AppraisalReceived;
        if head.kind != MessageKind::Appraisal {
            return Err(Error::mistake(
                "Es wird keine Empfangsbestätigung geschrieben",
                format!("die Nachricht ist eine {}; bestätigt wird eine Bewertung (0502)", head.kind),
                "nehmen Sie sie ohne --receipt an",
            ));
        }
        let order = MessageOrder::answering(head, out);
        let path = Self::container_path(id.0, kind, order)?;
        let envelope = Envelope { answers: head.id, ..self.envelope(id.0, Uuid::new_v4(), order) };
        let xml = envelope.receipt(kind);
        put_message(&path, &xml, None)?;
        let digest = Sha256::of(&[xml.as_bytes()]);
        Ok((path, Event::List(id, DisposalList::exchanged(self.today(), kind, head.version, digest))))
    }

    /// What follows from the archive's decision on a line: the same as if somebody had made it here.
    fn decide_line(
        &self,
        list: &DisposalList,
        file: &CaseFile,
        judged: Judged,
        reason: &str,
    ) -> Answer<[Event; 2]> {
        let Judged { decision, left_out, .. } = judged;
        if !left_out.is_empty() {
            let (events, _) = self.thinned_events(list, file, left_out, None, reason)?;
            return Ok(events);
        }
        let reason = reason.to_owned();
        let noted = FileEvent::AppraisalNoted { list: list.id, decision, reason, left_out: None };
        Ok([Event::List(list.id, list.appraise(file.id, decision)?), Event::File(file.id, noted)])
    }

    /// The files of lines in some states, with what they consist of; in which cases their documents lie only if it is asked.
    fn insides(
        &self,
        actor: &Actor,
        list: &DisposalList,
        looks_inside: bool,
        wanted: &dyn Fn(&Line, &LineState) -> bool,
    ) -> Answer<Insides> {
        let (mut files, mut hidden) = (BTreeMap::new(), 0);
        for (line, _) in list.lines.values().filter(|(line, state)| wanted(line, state)) {
            let Some(file) = self.readable_file(actor, line.file)? else {
                hidden += 1;
                continue;
            };
            let mut documents = BTreeMap::new();
            for id in &file.documents {
                let document = if looks_inside { self.document(*id)? } else { None };
                documents.insert(*id, document.and_then(|document| document.case));
            }
            let cases = file.cases.iter().map(|case| case.id).collect();
            let inside = Inside { reference: file.reference.to_string(), documents, cases };
            files.insert(file.id, (file, inside));
        }
        Self::hidden(list, hidden)?;
        Ok(files)
    }

    /// The message itself. A container is opened by the worker, and must hold one message.
    pub(super) fn message_text(&self, name: &str, bytes: &[u8]) -> Answer<String> {
        let refuse = |what: String| not_taken(name, &[Objection { line: None, what }]);
        let mut found = Vec::new();
        if bytes.starts_with(ZIP) {
            let mut next = Some(0);
            while let Some(first) = next {
                let unpacked = self.workshop.unpack(&Bytes(bytes), first).map_err(|cause| match cause {
                    IntakeError::NotReadable { reason, .. } => refuse(reason.german().to_owned()),
                    fault => fault.into(),
                })?;
                next = unpacked.next;
                let messages = unpacked.files.into_iter().filter(|file| file.path.ends_with(".xml"));
                for file in messages {
                    found.push(
                        file.content.map_err(|why| refuse(format!("{}: {}", file.path, why.german())))?,
                    );
                }
            }
            if found.len() != 1 {
                return Err(refuse(format!(
                    "in dem Paket sind {} Nachrichten, erwartet wird eine",
                    found.len()
                )));
            }
        } else {
            found.push(bytes.to_vec());
        }
        let text = String::from_utf8(found.pop().unwrap_or_default());
        text.map_err(|_| refuse("sie ist nicht in UTF-8 geschrieben".to_owned()))
    }
}

fn inside(files: &Insides) -> BTreeMap<CaseFileId, Inside> {
    files.iter().map(|(id, (_, inside))| (*id, inside.clone())).collect()
}

/// What is noted in the file as the reason.
fn said_by(head: &AnswerHead) -> String {
    match head.sender.as_str() {
        "" => head.kind.to_string(),
        sender => format!("{} von {sender}", head.kind),
    }
}

/// A message goes to the verb that takes it.
pub(super) fn taken_by(name: &str, kind: MessageKind, verbs: &[&str]) -> Answer<()> {
    match kind.verb() {
        Some(verb) if verbs.contains(&verb) => Ok(()),
        Some(verb) => Err(Error::mistake(
            format!("{name} wird hier nicht angenommen"),
            format!("die Nachricht ist: {kind}"),
            format!("nehmen Sie sie mit `schriftgut {verb}` an"),
        )),
        None => {
            Err(not_taken(name, &[Objection { line: None, what: format!("{kind} schreiben wir selbst") }]))
        }
    }
}

/// An answer that does not fit: nothing of it counts.
pub(super) fn not_taken(name: &str, objections: &[Objection]) -> Error {
    let told = wording::first_of(objections, "ein weiterer Fehler", "weitere Fehler").join("; ");
    Error::mistake(
        format!("{name} wird nicht angenommen"),
        told,
        "es wurde nichts davon festgehalten; bitten Sie das Archiv um eine berichtigte Nachricht",
    )
}
