//! The archive's answers, read. They come from outside; which list they are for and whether they fit it is asked elsewhere.

use roxmltree::Node;
use uuid::Uuid;

use super::nodes::{bare_value, child, children, parsed, text_of, value};
use super::{NAMESPACE, root};
use crate::domain::disposal::dialogue::answer::{
    AnswerHead, AppraisedObject, ImportedObject, Objection, Verdict,
};
use crate::domain::disposal::{Decision, MessageKind, MessageVersion};
use crate::format::lines::Lines;

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its envelope.
    pub head: AnswerHead,
    /// What it says.
    pub content: Content,
}

/// What an answer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// What became of what was offered (0502).
    Appraisal(Vec<AppraisedObject>),
    /// What became of what was handed over (0506): the objects; and where the version says it, whether all went well.
    Import(Vec<ImportedObject>, Option<ImportedWhole>),
    /// What became of classes of the file plan (0513).
    Catalogue(Vec<AppraisedObject>),
    /// That a message of ours has come in (0504, 0507, 0512).
    Receipt,
}

/// What the archive says of all that was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedWhole {
    /// It went well.
    pub is_imported: bool,
    /// Why not, in the archive's words.
    pub errors: Vec<String>,
}

/// Reads an answer.
///
/// # Errors
/// All that is wrong, in the order of the text; of a text that is no such message the first.
pub fn read(text: &str) -> Result<Answer, Vec<Objection>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = Lines::of(text);
    let document = parsed(text, &lines).map_err(|(line, what)| vec![Objection { line, what }])?;
    let root = document.root_element();
    let (kind, version) = which(root).map_err(|what| vec![Objection { line: None, what }])?;
    let mut reading = Reading { lines, version, flaws: Vec::new() };
    let head = reading.head(root, kind);
    let content = match kind {
        MessageKind::Appraisal => {
            let object = if reading.is_4() { "BewertetesSGO" } else { "BewertetesObjekt" };
            Content::Appraisal(reading.appraised(root, object))
        }
        MessageKind::Catalogue => Content::Catalogue(reading.appraised(root, "BewerteteAktenplaneinheit")),
        MessageKind::ImportConfirmed => {
            let whole = child(root, "ErfolgOderMisserfolg").map(|node| reading.outcome(node));
            let whole = whole.map(|(is_imported, errors)| ImportedWhole { is_imported, errors });
            Content::Import(reading.imported(root), whole)
        }
        _ => Content::Receipt,
    };
    if reading.flaws.is_empty() { Ok(Answer { head, content }) } else { Err(reading.flaws) }
}

/// Which message it is, and of which version.
fn which(node: Node<'_, '_>) -> Result<(MessageKind, MessageVersion), String> {
    let name: String = node.tag_name().name().chars().take(80).collect();
    let Some(version) = node.tag_name().namespace().and_then(|space| space.strip_prefix(NAMESPACE)) else {
        return Err(format!("„{name}“ ist keine Nachricht von xdomea"));
    };
    let version = version.parse().map_err(|_| {
        let version: String = version.chars().take(20).collect();
        let known: Vec<_> = MessageVersion::ALL.iter().map(|known| known.code()).collect();
        format!("xdomea {version} ist unbekannt; gelesen werden {}", known.join(", "))
    })?;
    let Some(kind) = MessageKind::ALL.into_iter().find(|kind| root(*kind, version) == name) else {
        return Err(format!("die Nachricht {name} gehört nicht zur Aussonderung ({ANSWERS})"));
    };
    if kind.answers().is_none() {
        return Err(format!("die Nachricht {name} ist keine Antwort des Archivs; erwartet wird {ANSWERS}"));
    }
    Ok((kind, version))
}

/// The messages that come from the archive.
const ANSWERS: &str = "0502, 0504, 0506, 0507, 0512 oder 0513";

/// Reading on the way.
struct Reading {
    lines: Lines,
    version: MessageVersion,
    flaws: Vec<Objection>,
}

impl Reading {
    fn line(&self, node: Node<'_, '_>) -> usize {
        self.lines.at(node.range().start)
    }

    fn flaw(&mut self, node: Node<'_, '_>, what: impl Into<String>) {
        let line = Some(self.line(node));
        self.flaws.push(Objection { line, what: what.into() });
    }

    fn is_4(&self) -> bool {
        self.version == MessageVersion::V4_0
    }

    fn head(&mut self, root: Node<'_, '_>, kind: MessageKind) -> AnswerHead {
        let (name, sender, institution) = if self.is_4() {
            ("nachrichtenkopf", "autor", "NameInstitution")
        } else {
            ("Kopf", "Absender", "Institution")
        };
        let head = child(root, name);
        let process = match head {
            Some(head) => self.id(head, "ProzessID"),
            None => {
                self.flaw(root, format!("das Element {name} fehlt"));
                None
            }
        };
        let sender = head.and_then(|head| child(head, sender)).and_then(|node| child(node, institution));
        let sender = sender.map_or_else(String::new, |node| self.name(node, "Name"));
        let answers = if self.is_4() { self.id(root, "UUIDUrsprungsnachricht") } else { None };
        let part = if self.is_4() { self.part(root) } else { None };
        let own = head.and_then(|head| child(head, "identifikation.nachricht"));
        let own = own.and_then(|own| Uuid::try_parse(&bare_value(own, "nachrichtenUUID")).ok());
        if self.is_4() && own.is_none() {
            self.flaw(root, "die nachrichtenUUID fehlt oder ist keine UUID");
        }
        AnswerHead {
            kind,
            version: self.version,
            id: own,
            process: process.unwrap_or_default(),
            answers,
            part,
            sender,
        }
    }

    fn part(&mut self, root: Node<'_, '_>) -> Option<(u64, u64)> {
        let number = |name: &str| value(root, name).parse().ok();
        let part = number("LfdNrNachrichtProTyp").zip(number("GesamtanzahlNachrichtenProTyp"));
        if part.is_none() {
            self.flaw(
                root,
                "LfdNrNachrichtProTyp oder GesamtanzahlNachrichtenProTyp fehlt oder ist keine Zahl",
            );
        }
        part
    }

    /// What the archive calls something: kept with every line, so it has a limit.
    fn name(&mut self, node: Node<'_, '_>, element: &str) -> String {
        let name = value(node, element);
        if name.chars().count() > NAME_CHARS_MAX {
            self.flaw(node, format!("{element} ist länger als {NAME_CHARS_MAX} Zeichen"));
            return String::new();
        }
        name
    }

    /// The id in the child of this name.
    fn id(&mut self, node: Node<'_, '_>, name: &str) -> Option<Uuid> {
        let said = value(node, name);
        // No other way of writing one is allowed by the standard.
        let id = Uuid::try_parse(&said).ok().filter(|_| said.len() == 36);
        if id.is_none() {
            let said: String = said.chars().take(40).collect();
            self.flaw(node, format!("{name}: „{said}“ ist keine UUID"));
        }
        id
    }

    fn appraised(&mut self, root: Node<'_, '_>, object: &str) -> Vec<AppraisedObject> {
        let id = if self.is_4() { "xdomeaUUID" } else { "ID" };
        let mut objects = Vec::new();
        for node in children(root, object) {
            let line = self.line(node);
            if let Some(id) = self.id(node, id) {
                objects.push(AppraisedObject { id, verdict: verdict(node), line });
            }
        }
        if objects.is_empty() && self.flaws.is_empty() {
            self.flaw(root, format!("sie bewertet nichts: kein Element {object}"));
        }
        objects
    }

    fn imported(&mut self, root: Node<'_, '_>) -> Vec<ImportedObject> {
        let id = if self.is_4() { "xdomeaUUID" } else { "IDSGO" };
        let mut objects = Vec::new();
        for node in children(root, "AusgesondertesSGO") {
            let line = self.line(node);
            let outcome = if self.is_4() { child(node, "ErfolgOderMisserfolg") } else { Some(node) };
            let Some(outcome) = outcome else {
                self.flaw(node, "das Element ErfolgOderMisserfolg fehlt");
                continue;
            };
            let (is_imported, errors) = self.outcome(outcome);
            let reference = Some(self.name(node, "Archivkennung")).filter(|reference| !reference.is_empty());
            if let Some(id) = self.id(node, id) {
                objects.push(ImportedObject { id, is_imported, errors, reference, line });
            }
        }
        if objects.is_empty() && self.flaws.is_empty() && !self.is_4() {
            self.flaw(root, "sie bestätigt nichts: kein Element AusgesondertesSGO");
        }
        objects
    }

    /// Whether it went well, and why not.
    fn outcome(&mut self, node: Node<'_, '_>) -> (bool, Vec<String>) {
        let is_imported = match value(node, "Erfolgreich").as_str() {
            "true" | "1" => true,
            "false" | "0" => false,
            _ => {
                self.flaw(node, "Erfolgreich: erwartet wird true oder false");
                false
            }
        };
        let words = children(node, "Fehlermeldung").map(text_of);
        let codes = children(node, "FehlermeldungCode").map(|node| bare_value(node, "code"));
        let all: Vec<_> = words.chain(codes).filter(|error| !error.is_empty()).collect();
        let mut told: Vec<_> = all.iter().take(ERRORS_TOLD_MAX).map(|error| shortened(error)).collect();
        if let more @ 1.. = all.len() - told.len() {
            told.push(format!("und {more} weitere"));
        }
        (is_imported, told)
    }
}

/// Longest name of an archive, and of a file in it, in characters.
const NAME_CHARS_MAX: usize = 400;
/// Most errors of one object that are told, and how much of each.
const ERRORS_TOLD_MAX: usize = 5;
const ERROR_CHARS_TOLD_MAX: usize = 200;

fn shortened(error: &str) -> String {
    let mut told: String = error.chars().take(ERROR_CHARS_TOLD_MAX).collect();
    if told.len() < error.len() {
        told.push('…');
    }
    told
}

/// What an object was found to be. Up to 2.4.0 the code stands right in the element, from 3.0.0 on one deeper.
fn verdict(node: Node<'_, '_>) -> Verdict {
    let Some(outer) = child(node, "Aussonderungsart") else { return Verdict::Unknown(String::new()) };
    let said = match child(outer, "Aussonderungsart") {
        Some(inner) => bare_value(inner, "code"),
        None => match bare_value(outer, "code") {
            code if code.is_empty() => value(outer, "AussonderungsartKonfigurierbar"),
            code => code,
        },
    };
    match (Decision::of_letter(&said), said.as_str()) {
        (Some(decision), _) => Verdict::Decided(decision),
        (None, "B") => Verdict::Open,
        (None, _) => Verdict::Unknown(said.chars().take(40).collect()),
    }
}
