//! The envelope of a message: up to 3.1.0 one head, from 4.0.0 on a head of another shape and attributes of the root.

use jiff::Timestamp;
use uuid::Uuid;

use super::page::Page;
use super::root;
use crate::domain::disposal::{MessageKind, MessageVersion};

/// What stands on the envelope of a message of ours.
#[derive(Debug, Clone, Copy)]
pub struct Envelope<'a> {
    /// What the message belongs to: the list, or the file plan on offer.
    pub process: Uuid,
    /// Its own id.
    pub id: Uuid,
    /// Of which version it is.
    pub version: MessageVersion,
    /// When it was made.
    pub at: Timestamp,
    /// Who sends it: the name of the registry.
    pub sender: &'a str,
    /// The archive; empty if nobody said.
    pub receiver: &'a str,
    /// Version of this program.
    pub program: &'a str,
    /// The message it answers; only a receipt does.
    pub answers: Option<Uuid>,
}

impl Envelope<'_> {
    pub(super) fn is_4(self) -> bool {
        self.version == MessageVersion::V4_0
    }

    /// The page, up to where the content begins.
    pub(super) fn begin(self, kind: MessageKind) -> Page {
        if self.is_4() { self.begin_4(kind) } else { self.begin_3(kind) }
    }

    fn begin_3(self, kind: MessageKind) -> Page {
        let mut page = Page::begin(&root(kind, self.version), self.version.code(), &[]);
        page.open("Kopf");
        page.text("ProzessID", &self.process.to_string());
        page.code("Nachrichtentyp", "nachrichtentyp", "2.0", kind.code());
        page.text("Erstellungszeitpunkt", &moment(self.at));
        party(&mut page, "Absender", "Institution", self.sender);
        party(&mut page, "Empfaenger", "Institution", self.receiver);
        page.open("SendendesSystem");
        page.text("Produktname", "schriftgut");
        page.text("Version", self.program);
        page.close("SendendesSystem");
        asked(&mut page, kind);
        page.close("Kopf");
        page
    }

    fn begin_4(self, kind: MessageKind) -> Page {
        let attributes = [
            ("produkt", "schriftgut"),
            ("produkthersteller", "schriftgut"),
            ("produktversion", self.program),
            ("standard", "xdomea"),
            ("version", self.version.code()),
        ];
        let mut page = Page::begin(&root(kind, self.version), self.version.code(), &attributes);
        page.open("nachrichtenkopf");
        page.open("identifikation.nachricht");
        page.bare("nachrichtenUUID", &self.id.to_string());
        page.bare_code("nachrichtentyp", "nachrichtentyp", "3.0", kind.code());
        page.bare("erstellungszeitpunkt", &moment(self.at));
        page.close("identifikation.nachricht");
        party(&mut page, "leser", "NameInstitution", self.receiver);
        party(&mut page, "autor", "NameInstitution", self.sender);
        page.text("ProzessID", &self.process.to_string());
        page.close("nachrichtenkopf");
        asked(&mut page, kind);
        if let Some(answers) = self.answers {
            page.text("UUIDUrsprungsnachricht", &answers.to_string());
        }
        page.text("LfdNrNachrichtProTyp", "1");
        page.text("GesamtanzahlNachrichtenProTyp", "1");
        page
    }

    /// A message without content: the receipt of a message of the archive.
    #[must_use]
    pub fn receipt(self, kind: MessageKind) -> String {
        self.begin(kind).end(&root(kind, self.version))
    }
}

/// A moment to the second: there are readers that stumble over nanoseconds.
pub(super) fn moment(at: Timestamp) -> String {
    format!("{at:.0}")
}

/// Which answers we ask for.
fn asked(page: &mut Page, kind: MessageKind) {
    if kind == MessageKind::Transfer {
        page.text("Importbestaetigung", "1"); // so and no other way by the schemas
        page.text("RueckmeldungArchivkennung", "true");
    }
    if matches!(kind, MessageKind::Offer | MessageKind::Transfer | MessageKind::PlanOffer) {
        page.text("Empfangsbestaetigung", "true");
    }
}

fn party(page: &mut Page, role: &str, institution: &str, called: &str) {
    if called.is_empty() {
        return page.empty(role);
    }
    page.open(role);
    page.open(institution);
    page.text("Name", called);
    page.close(institution);
    page.close(role);
}
