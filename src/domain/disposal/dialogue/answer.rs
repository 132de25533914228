//! Answers of the archive, held against the list: all that does not fit is told at once, and nothing of an answer that does
//! not fit counts. Undecided is never destroyed: a line that is missing or left open is an objection, not a "no".

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use uuid::Uuid;

use super::super::list::{Decision, DisposalList, LineState};
use super::{MessageKind, MessageVersion, message_id};
use crate::domain::ids::{ArchiveCopyId, CaseFileId, CaseId, DocumentId};

/// What stands on the envelope of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerHead {
    /// Which message it is.
    pub kind: MessageKind,
    /// Of which version.
    pub version: MessageVersion,
    /// Its own id, where the version says so.
    pub id: Option<Uuid>,
    /// The process it belongs to.
    pub process: Uuid,
    /// The message it answers, where the version says so.
    pub answers: Option<Uuid>,
    /// Which part of how many it is, where the version says so.
    pub part: Option<(u64, u64)>,
    /// Who sent it; empty if it does not say.
    pub sender: String,
}

impl AnswerHead {
    /// Whether it answers our message of this process, and as a whole; `whose` says in German what the process is.
    pub(super) fn belongs_to(&self, process: Uuid, whose: &str) -> Result<(), Objection> {
        let object = |what: String| Err(Objection { line: None, what });
        if self.process != process {
            return object(format!("ihre ProzessID ist {}, die {whose} {process}", self.process));
        }
        let ours = self.kind.answers().map(|kind| message_id(process, kind));
        if let (Some(answers), Some(ours)) = (self.answers, ours)
            && answers != ours
        {
            return object(format!("sie antwortet auf die Nachricht {answers}, unsere ist {ours}"));
        }
        match self.part {
            None | Some((1, 1)) => Ok(()),
            Some((part, of)) => object(format!(
                "sie ist Teil {part} von {of}; angenommen wird eine Antwort nur als Ganzes in einer Nachricht"
            )),
        }
    }
}

/// What the archive says of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It decided.
    Decided(Decision),
    /// It left it open (B).
    Open,
    /// Something that is no decision.
    Unknown(String),
}

/// An object and what the archive says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppraisedObject {
    /// The object.
    pub id: Uuid,
    /// What is said of it.
    pub verdict: Verdict,
    /// On which line of the message it stands.
    pub line: usize,
}

/// An object that was handed over, and whether it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedObject {
    /// The object.
    pub id: Uuid,
    /// It is in the archive.
    pub is_imported: bool,
    /// Why not, in the archive's words.
    pub errors: Vec<String>,
    /// What the archive calls it.
    pub reference: Option<String>,
    /// On which line of the message it stands.
    pub line: usize,
}

/// Something that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Objection {
    /// The line of the message; none if something is missing.
    pub line: Option<usize>,
    /// What, German.
    pub what: String,
}

impl fmt::Display for Objection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "Zeile {line}: ")?;
        }
        f.write_str(&self.what)
    }
}

/// What a file on the list consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inside {
    /// What people call the file.
    pub reference: String,
    /// Its documents, each with the case it lies in.
    pub documents: BTreeMap<DocumentId, Option<CaseId>>,
    /// Its cases.
    pub cases: BTreeSet<CaseId>,
}

/// A line the archive decided on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The file.
    pub file: CaseFileId,
    /// The decision.
    pub decision: Decision,
    /// The documents it does without.
    pub left_out: BTreeSet<DocumentId>,
}

/// A line whose copy is in the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// The file.
    pub file: CaseFileId,
    /// Its archive copy.
    pub copy: ArchiveCopyId,
    /// What the archive calls it.
    pub reference: Option<String>,
}

/// What an id in a message stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    File,
    Case(CaseId),
    Document(DocumentId),
}

/// Every id that may stand in an answer, with its file.
fn known(inside: &BTreeMap<CaseFileId, Inside>) -> BTreeMap<Uuid, (CaseFileId, Part)> {
    let mut known = BTreeMap::new();
    for (file, inside) in inside {
        known.insert(file.0, (*file, Part::File));
        known.extend(inside.cases.iter().map(|case| (case.0, (*file, Part::Case(*case)))));
        known.extend(inside.documents.keys().map(|one| (one.0, (*file, Part::Document(*one)))));
    }
    known
}

/// Objections on the way, and which ids have been seen on which line.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) objections: Vec<Objection>,
    seen: BTreeMap<Uuid, usize>,
}

impl Reading {
    pub(super) fn object(&mut self, line: usize, what: String) {
        self.objections.push(Objection { line: Some(line), what });
    }

    /// The object of this id; none, and an objection, if it is strange here or stands there twice.
    pub(super) fn place<T: Copy>(
        &mut self,
        known: &BTreeMap<Uuid, T>,
        id: Uuid,
        line: usize,
        of: &str,
    ) -> Option<T> {
        let Some(found) = known.get(&id) else {
            self.object(line, format!("{id} steht nicht {of} (überzählig)"));
            return None;
        };
        if let Some(before) = self.seen.insert(id, line) {
            self.object(line, format!("{id} steht schon in Zeile {before}"));
            return None;
        }
        Some(*found)
    }
}

impl DisposalList {
    /// Whether an answer is about this list, and whole.
    ///
    /// # Errors
    /// What does not fit.
    pub fn fits(&self, head: &AnswerHead) -> Result<(), Objection> {
        head.belongs_to(self.id.0, "der Liste")
    }

    /// What the archive decided, line by line. A case or document it does without is left out of what is kept.
    ///
    /// # Errors
    /// All that does not fit, in the order of the message, then what is missing.
    pub fn judged(
        &self,
        objects: &[AppraisedObject],
        inside: &BTreeMap<CaseFileId, Inside>,
    ) -> Result<Vec<Judged>, Vec<Objection>> {
        let known = known(inside);
        let mut reading = Reading::default();
        let mut decided: BTreeMap<(CaseFileId, Part), (Decision, usize)> = BTreeMap::new();
        for object in objects {
            let place = reading.place(&known, object.id, object.line, "im Anbieteverzeichnis");
            let Some((file, part)) = place else { continue };
            let named = named(inside, file, part);
            match &object.verdict {
                Verdict::Decided(decision) => {
                    decided.insert((file, part), (*decision, object.line));
                }
                Verdict::Open => reading.object(
                    object.line,
                    format!("{named} ist nicht entschieden (B); erwartet wird A oder V"),
                ),
                Verdict::Unknown(said) => reading.object(
                    object.line,
                    format!("„{said}“ ist keine Bewertung für {named}; erwartet wird A oder V"),
                ),
            }
        }
        for (file, inside) in inside {
            if !reading.seen.contains_key(&file.0) {
                let what = format!("die Akte {} fehlt", inside.reference);
                reading.objections.push(Objection { line: None, what });
            }
        }
        let mut judged = Vec::new();
        for (file, inside) in inside {
            let Some((decision, _)) = decided.get(&(*file, Part::File)) else { continue };
            let below = decided.range((*file, Part::File)..).take_while(|((of, _), _)| of == file);
            let mut left_out = BTreeSet::new();
            for ((_, part), (below, line)) in below {
                if let Err(what) = part_of(inside, (*decision, *below), *part, &decided, *file, &mut left_out)
                {
                    reading.object(*line, what);
                }
            }
            judged.push(Judged { file: *file, decision: *decision, left_out });
        }
        if reading.objections.is_empty() { Ok(judged) } else { Err(reading.objections) }
    }

    /// Which lines the archive confirms. Every line that was handed over must be there; an answer that names nothing
    /// confirms all of them if its version lets it speak for the whole (`says_all`).
    ///
    /// # Errors
    /// All that does not fit: surplus, failed, missing.
    pub fn confirmed(
        &self,
        objects: &[ImportedObject],
        says_all: bool,
        inside: &BTreeMap<CaseFileId, Inside>,
    ) -> Result<Vec<Confirmed>, Vec<Objection>> {
        let known = known(inside);
        let mut reading = Reading::default();
        let mut references = BTreeMap::new();
        for object in objects {
            let Some((file, part)) = reading.place(&known, object.id, object.line, "in unserer Abgabe")
            else {
                continue;
            };
            if !object.is_imported {
                let errors = object.errors.join(", ");
                let errors = if errors.is_empty() { String::new() } else { format!(": „{errors}“") };
                let named = named(inside, file, part);
                reading.object(object.line, format!("{named} ist nicht übernommen{errors}"));
            }
            if part == Part::File {
                references.insert(file, object.reference.clone());
            }
        }
        let mut confirmed = Vec::new();
        for (file, inside) in inside {
            let Some((_, LineState::Transferred(copy))) = self.lines.get(file) else { continue };
            let is_meant = references.contains_key(file) || (says_all && objects.is_empty());
            if !is_meant {
                let what = format!("die Akte {} fehlt", inside.reference);
                reading.objections.push(Objection { line: None, what });
                continue;
            }
            let reference = references.remove(file).flatten();
            confirmed.push(Confirmed { file: *file, copy: *copy, reference });
        }
        if reading.objections.is_empty() { Ok(confirmed) } else { Err(reading.objections) }
    }
}

/// What people call a part of a file.
fn named(inside: &BTreeMap<CaseFileId, Inside>, file: CaseFileId, part: Part) -> String {
    let reference = inside.get(&file).map_or_else(|| file.to_string(), |inside| inside.reference.clone());
    match part {
        Part::File => format!("die Akte {reference}"),
        Part::Case(id) => format!("der Vorgang {id} der Akte {reference}"),
        Part::Document(id) => format!("das Dokument {id} der Akte {reference}"),
    }
}

/// What the decision on a part of a file means for the whole: what is left out, or why the two contradict each other.
fn part_of(
    inside: &Inside,
    (whole, decision): (Decision, Decision),
    part: Part,
    decided: &BTreeMap<(CaseFileId, Part), (Decision, usize)>,
    file: CaseFileId,
    left_out: &mut BTreeSet<DocumentId>,
) -> Result<(), String> {
    let case = match part {
        Part::File => return Ok(()),
        Part::Case(_) => None,
        Part::Document(id) => inside.documents.get(&id).copied().flatten(),
    };
    let of_case = case.and_then(|case| decided.get(&(file, Part::Case(case)))).map(|(decision, _)| *decision);
    let above = of_case.filter(|_| whole == Decision::Archive).unwrap_or(whole);
    let reference = &inside.reference;
    match (above, decision) {
        (Decision::Archive, Decision::Archive) | (Decision::Destroy, Decision::Destroy) => Ok(()),
        (Decision::Destroy, Decision::Archive) => Err(format!(
            "ein Teil der Akte {reference} ist archivwürdig (A), das Ganze aber zu vernichten (V); bewerten Sie das Ganze \
             mit A und mit V, was nicht übernommen wird"
        )),
        (Decision::Archive, Decision::Destroy) => {
            match part {
                Part::File => {}
                Part::Case(case) => left_out.extend(
                    inside
                        .documents
                        .iter()
                        .filter(|(_, of)| **of == Some(case))
                        .map(|(document, _)| *document),
                ),
                Part::Document(id) => {
                    left_out.insert(id);
                }
            }
            Ok(())
        }
    }
}
