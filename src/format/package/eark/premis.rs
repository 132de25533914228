//! What is kept, and what happened to it (PREMIS 3): the file and its objects, the events of its history, and who did them.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::domain::disposal::dialogue::told::Happened;
use crate::format::package::xml::Xml;
use crate::format::package::{Export, PackagedFile, PackagedObject, Written, moment};

/// What the kinds of identifiers are called: a UUID; a path from the folder of the package; a number in this file.
const UUID: &str = "UUID";
const PATH: &str = "path";
const LOCAL: &str = "local";

/// The program, as an agent.
const PROGRAM: &str = "agent-0";

pub(super) fn of(export: &Export, file: &PackagedFile, objects: &[(&PackagedObject, Written)]) -> String {
    let mut premis = Premis { xml: Xml::begin(), events: 0, agents: BTreeMap::new() };
    premis.xml.open(
        "premis",
        &[
            ("xmlns", "http://www.loc.gov/premis/v3"),
            ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
            ("version", "3.0"),
        ],
    );
    premis.entity(&file.id.to_string(), &file.title, None);
    for document in &file.documents {
        let newest = document.versions.last().map_or("", |version| version.original_name.as_str());
        premis.entity(&document.id.to_string(), newest, Some(&file.id.to_string()));
    }
    for (object, written) in objects {
        let document = file.documents.iter().find(|document| {
            let mut names = document.versions.iter().map(|version| version.name.as_str());
            names.any(|name| {
                object.name.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest == ".text.json")
            })
        });
        let of = document.map_or_else(|| file.id.to_string(), |document| document.id.to_string());
        premis.object(object, written, &of);
    }
    for happened in &file.history {
        premis.happened(happened, &file.id.to_string());
    }
    for document in &file.documents {
        for happened in &document.history {
            premis.happened(happened, &document.id.to_string());
        }
    }
    let id = file.id.to_string();
    premis.event("fixity check", export.at, CHECKED, (PROGRAM, "success"), &id);
    premis.event("information package creation", export.at, MADE, (PROGRAM, "success"), &id);
    premis.agents(export);
    premis.xml.close("premis");
    premis.xml.end()
}

/// What the last two events say.
const CHECKED: &str =
    "Jede Datei wurde beim Schreiben mit dem SHA-256 verglichen, der bei der Erfassung festgehalten wurde.";
const MADE: &str = "Das Paket wurde aus dem Archivexemplar geschrieben.";

/// PREMIS being written.
struct Premis {
    xml: Xml,
    events: usize,
    /// Who acted, with the identifier they go by.
    agents: BTreeMap<String, String>,
}

impl Premis {
    fn identifier(&mut self, of: &str, (kind, value): (&str, &str)) {
        self.xml.open(&format!("{of}Identifier"), &[]);
        self.xml.text(&format!("{of}IdentifierType"), &[], kind);
        self.xml.text(&format!("{of}IdentifierValue"), &[], value);
        self.xml.close(&format!("{of}Identifier"));
    }

    /// A file or a document; a document is a part of its file.
    fn entity(&mut self, id: &str, name: &str, part_of: Option<&str>) {
        self.xml.open("object", &[("xsi:type", "intellectualEntity")]);
        self.identifier("object", (UUID, id));
        if !name.is_empty() {
            self.xml.text("originalName", &[], name);
        }
        if let Some(whole) = part_of {
            self.related("structural", "is part of", whole);
        }
        self.xml.close("object");
    }

    fn related(&mut self, kind: &str, how: &str, to: &str) {
        self.xml.open("relationship", &[]);
        self.xml.text("relationshipType", &[], kind);
        self.xml.text("relationshipSubType", &[], how);
        self.identifier("relatedObject", (UUID, to));
        self.xml.close("relationship");
    }

    fn object(&mut self, object: &PackagedObject, written: &Written, of: &str) {
        let xml = &mut self.xml;
        xml.open("object", &[("xsi:type", "file")]);
        self.identifier("object", (PATH, &written.path));
        let xml = &mut self.xml;
        xml.open("objectCharacteristics", &[]);
        xml.text("compositionLevel", &[], "0");
        xml.open("fixity", &[]);
        xml.text("messageDigestAlgorithm", &[], "SHA-256");
        xml.text("messageDigest", &[], &written.sha256.to_string());
        xml.close("fixity");
        xml.text("size", &[], &written.size_bytes.to_string());
        xml.open("format", &[]);
        xml.open("formatDesignation", &[]);
        xml.text("formatName", &[], super::mets::media(object));
        xml.close("formatDesignation");
        if let Some(puid) = object.format.and_then(|format| format.pronom) {
            xml.open("formatRegistry", &[]);
            xml.text("formatRegistryName", &[], "PRONOM");
            xml.text("formatRegistryKey", &[], &puid.to_string());
            xml.close("formatRegistry");
        }
        xml.close("format");
        xml.close("objectCharacteristics");
        if let Some(name) = &object.original_name {
            xml.text("originalName", &[], name);
        }
        self.related("structural", "represents", of);
        self.xml.close("object");
    }

    /// Something out of the history of a record. Who did it is an agent of its own.
    fn happened(&mut self, happened: &Happened, to: &str) {
        let next = format!("agent-{}", self.agents.len() + 2); // 0 is the program, 1 the office
        let who = self.agents.entry(happened.who.clone()).or_insert(next).clone();
        self.event("record keeping", happened.at, &happened.what, (&who, ""), to);
    }

    fn event(&mut self, kind: &str, at: Timestamp, what: &str, (who, outcome): (&str, &str), to: &str) {
        self.events += 1;
        let number = format!("event-{}", self.events);
        self.xml.open("event", &[]);
        self.identifier("event", (LOCAL, &number));
        let xml = &mut self.xml;
        xml.text("eventType", &[], kind);
        xml.text("eventDateTime", &[], &moment(at));
        xml.open("eventDetailInformation", &[]);
        xml.text("eventDetail", &[], what);
        xml.close("eventDetailInformation");
        if !outcome.is_empty() {
            xml.open("eventOutcomeInformation", &[]);
            xml.text("eventOutcome", &[], outcome);
            xml.close("eventOutcomeInformation");
        }
        self.identifier("linkingAgent", (LOCAL, who));
        self.identifier("linkingObject", (UUID, to));
        self.xml.close("event");
    }

    fn agents(&mut self, export: &Export) {
        let program = format!("schriftgut {}", env!("CARGO_PKG_VERSION"));
        self.agent(PROGRAM, &program, "software");
        self.agent("agent-1", &export.organisation, "organization");
        for (name, id) in std::mem::take(&mut self.agents) {
            self.agent(&id, &name, "person");
        }
    }

    fn agent(&mut self, id: &str, name: &str, kind: &str) {
        self.xml.open("agent", &[]);
        self.identifier("agent", (LOCAL, id));
        self.xml.text("agentName", &[], name);
        self.xml.text("agentType", &[], kind);
        self.xml.close("agent");
    }
}
