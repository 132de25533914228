//! `show`: a file with its documents, or a document with its completeness.

use serde::Serialize;

use crate::cli::desk::Desk;
use crate::domain::case_file::Phase;
use crate::domain::document::{Document, TextState};
use crate::domain::ids::DocumentId;
use crate::domain::life_cycle::german;
use crate::domain::text::pages_read;
use crate::format::wording;
use crate::registry::{Answer, FileView};

#[derive(Serialize)]
struct FileJson<'a> {
    id: String,
    reference: String,
    title: &'a str,
    class: String,
    domain: String,
    phase: String,
    outcome: &'static str,
    fields: &'a std::collections::BTreeMap<String, String>,
    documents: Vec<DocumentJson<'a>>,
}

#[derive(Serialize)]
struct DocumentJson<'a> {
    id: String,
    file_name: &'a str,
    media: String,
    size_bytes: u64,
    sha256: String,
    version: usize,
    pages_declared: Option<u32>,
    pages_read: Option<u32>,
    shortfalls: Vec<String>,
}

pub(in crate::cli) fn run(desk: &mut Desk<'_>, what: &str) -> Answer<u8> {
    let actor = desk.actor.clone();
    if let Ok(id) = what.parse::<DocumentId>()
        && let Ok(view) = desk.registry.show_document(actor.as_reader()?, id)
    {
        if desk.json {
            desk.tell(&document_json(&view.document))?;
        } else {
            let file = view.file.map_or_else(
                || "im Posteingang".to_owned(),
                |file| format!("in der Akte {}", file.reference),
            );
            desk.say(format!("{} ({file})", document_line(&view.document)))?;
        }
        return Ok(0);
    }
    let view = desk.registry.show_file(actor.as_reader()?, what, desk.today())?;
    if desk.json {
        desk.tell(&file_json(&view))?
    } else {
        say_file(desk, &view)?
    }
    Ok(0)
}

fn say_file(desk: &mut Desk<'_>, view: &FileView) -> Answer<()> {
    let file = &view.file;
    desk.say(format!("Akte {}  {}", file.reference, file.title))?;
    desk.say(format!("Aktenplaneinheit {}  {}", file.class, view.class_title))?;
    desk.say(format!("Schutzbereich {}, {}", file.domain.label(), phase(&file.phase)))?;
    for (name, value) in &file.fields {
        desk.say(format!("  {name}: {value}"))?;
    }
    for fact in &file.facts {
        desk.say(format!("  {} am {} ({})", fact.kind, german(fact.on), fact.source))?;
    }
    for hold in &file.holds {
        desk.say(format!("  Vernichtungssperre {} seit {}: {}", hold.id, german(hold.since), hold.reason))?;
    }
    if let Some(place) = &file.carriers.paper {
        desk.say(format!("  Papierakte: Regal {}, Karton {}", place.shelf, place.r#box))?;
    }
    let rules = desk.registry.rules()?;
    desk.say(format!("Ergebnis: {}", wording::outcome(&view.finding.outcome, &rules.book)))?;
    for case in &file.cases {
        desk.say(format!("Vorgang „{}“ seit {}", case.title, german(case.opened)))?;
        for document in view.documents.iter().filter(|document| document.case == Some(case.id)) {
            desk.say(format!("  {}", document_line(document)))?;
        }
    }
    for document in view.documents.iter().filter(|document| document.case.is_none()) {
        desk.say(format!("  {}", document_line(document)))?;
    }
    Ok(())
}

fn phase(phase: &Phase) -> String {
    match phase {
        Phase::Open => "laufend".to_owned(),
        Phase::Closed { on } => format!("geschlossen (z.d.A.) am {}", german(*on)),
        Phase::Transferred { on } => format!("an das Archiv abgegeben am {}", german(*on)),
        Phase::Condemned { on } => format!("Vernichtung begonnen am {}", german(*on)),
        Phase::Destroyed { on } => format!("vernichtet am {}", german(*on)),
    }
}

fn document_line(document: &Document) -> String {
    let text = completeness(&document.text);
    let version = match document.version() {
        1 => String::new(),
        version => format!(" (Fassung {version})"),
    };
    format!("{}  {}{version}  {text}", document.id, document.file_name)
}

/// What was read of a document, and what is missing.
pub(super) fn completeness(text: &TextState) -> String {
    match text {
        TextState::Unread => "noch ungelesen".to_owned(),
        TextState::GivenUp { reason } => format!("nicht lesbar: {reason}"),
        TextState::Read(text) => {
            let mut line = match text.pages_declared {
                Some(declared) => pages_read(text.pages_read, declared),
                None => format!("{} von ? Seiten gelesen", text.pages_read),
            };
            text.shortfalls_besides_the_count()
                .for_each(|shortfall| line.push_str(&format!("; {shortfall}")));
            line
        }
    }
}

fn file_json(view: &FileView) -> FileJson<'_> {
    let file = &view.file;
    FileJson {
        id: file.id.to_string(),
        reference: file.reference.to_string(),
        title: &file.title,
        class: file.class.to_string(),
        domain: file.domain.to_string(),
        phase: phase(&file.phase),
        outcome: view.finding.outcome.code(),
        fields: &file.fields,
        documents: view.documents.iter().map(document_json).collect(),
    }
}

fn document_json(document: &Document) -> DocumentJson<'_> {
    let text = match &document.text {
        TextState::Read(text) => Some(text),
        TextState::Unread | TextState::GivenUp { .. } => None,
    };
    let shortfalls = match &document.text {
        TextState::GivenUp { reason } => vec![reason.clone()],
        _ => text.map(|text| text.shortfalls.clone()).unwrap_or_default(),
    };
    DocumentJson {
        id: document.id.to_string(),
        file_name: &document.file_name,
        media: document.media.to_string(),
        size_bytes: document.original.size_bytes,
        sha256: document.original.sha256.to_string(),
        version: document.version(),
        pages_declared: text.and_then(|text| text.pages_declared),
        pages_read: text.map(|text| text.pages_read),
        shortfalls,
    }
}
