//! What a file is, in Dublin Core: what any catalogue can show. The whole of it stands in the description beside it.

use crate::format::package::xml::Xml;
use crate::format::package::{Export, PackagedFile};

pub(super) fn of(export: &Export, file: &PackagedFile) -> String {
    let mut xml = Xml::begin();
    xml.open(
        "oai_dc:dc",
        &[
            ("xmlns:oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc/"),
            ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
        ],
    );
    let mut say = |name: &str, text: &str| {
        if !text.is_empty() {
            xml.text(&format!("dc:{name}"), &[], text);
        }
    };
    say("title", &file.title);
    say("identifier", &file.reference);
    say("identifier", &format!("urn:uuid:{}", file.id));
    say("creator", &export.organisation);
    say("subject", format!("{} {}", file.class, file.class_title).trim_end());
    for (label, value) in &file.fields {
        say("description", &format!("{label}: {value}"));
    }
    say("description", &format!("Entscheidung des Archivs: {}", file.decision));
    if !file.reason.is_empty() {
        say("description", &format!("Begründung des Archivs: {}", file.reason));
    }
    say("description", &file.basis);
    say("description", file.thinned.as_deref().unwrap_or_default());
    if let Some(closed) = file.closed {
        let term = file.begun.map_or_else(|| closed.to_string(), |begun| format!("{begun}/{closed}"));
        say("date", &term);
    }
    say("type", file.kind.as_deref().unwrap_or("Akte"));
    say("language", "de");
    say("rights", &format!("Schutzbereich: {}", file.secrecy.label()));
    xml.close("oai_dc:dc");
    xml.end()
}
