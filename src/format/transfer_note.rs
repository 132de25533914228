//! The transfer note (Transfervermerk) for others: XML in a namespace of its own (`schema/transfer-note.xsd`,
//! `schema/formats/transfer-note.md`), and its fields in words, for the page that is printed. It is written and never read.

use std::fmt::Write as _;

use super::markup;
use crate::domain::life_cycle::german;
use crate::domain::scan::note::Named;
use crate::domain::scan::{ProtectionNeed, TransferNote};

/// The namespace.
pub const NAMESPACE: &str = "urn:schriftgut:transfervermerk:1";

/// How the integrity of a note is protected, as every export says it.
pub const SAFEGUARD: &str = "Nachweisbuch: Merkle-Baum nach RFC 6962 mit signierten Prüfpunkten; der Vermerk ist mit dem Schlüssel des \
                             Dokuments versiegelt";

/// What a note is about, besides what stands in it.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// Name of the registry.
    pub registry: &'a str,
    /// Reference number of the file; none for the in-tray.
    pub file: Option<&'a str>,
    /// Id of the document.
    pub document: &'a str,
    /// Name of the file it came in.
    pub file_name: &'a str,
}

/// The note as XML.
#[must_use]
pub fn xml(note: &TransferNote, about: About<'_>) -> String {
    let mut page = Page(String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"));
    let _ = writeln!(page.0, "<Transfervermerk xmlns=\"{NAMESPACE}\">");
    page.group("Scanprodukt", |page| {
        page.text("Registratur", about.registry);
        page.some("Aktenzeichen", about.file);
        page.text("Dokument", about.document);
        page.text("Dateiname", about.file_name);
        page.text("Fassung", &note.version.to_string());
        page.text("SHA-256", &note.sha256.to_string());
        page.text("Bytes", &note.size_bytes.to_string());
        page.text("Seiten", &note.pages.to_string());
    });
    page.group("Ersteller", |page| {
        page.person("Verantwortlich", &note.creator);
        page.some("AmScanner", note.operator.as_deref());
    });
    page.group("Umgebung", |page| {
        page.text("Verfahren", &note.procedure.name);
        page.text("Version", &note.procedure.version);
        page.text("Geraet", &note.procedure.device);
        page.text("Software", &note.procedure.software);
        page.some("Ort", Some(note.procedure.site.as_str()).filter(|site| !site.is_empty()));
    });
    page.group("Auffaelligkeiten", |page| {
        note.anomalies.iter().for_each(|one| page.text("Auffaelligkeit", one));
    });
    page.text("Erfasst", &note.captured.strftime("%Y-%m-%dT%H:%M:%S").to_string());
    page.group("Qualitaetssicherung", |page| {
        let quality = &note.quality;
        page.text("Schutzbedarf", quality.need.code());
        page.text("Verfahren", if is_full(note) { "vollstaendig" } else { "Stichprobe" });
        page.text("SeitenVerlangt", &quality.pages_required.to_string());
        page.text("SeitenAngenommen", &quality.pages_accepted.to_string());
        page.text("Startwert", &quality.seed);
        quality.by.iter().for_each(|person| page.person("Geprueft", person));
        page.text("Abgeschlossen", &quality.until.to_string());
    });
    page.text("Erklaerung", &note.statement);
    page.group("Unversehrtheit", |page| {
        page.text("Nachweis", SAFEGUARD);
        page.some("QualifiziertesSiegel", note.seal.as_deref());
    });
    page.group("Vermerk", |page| {
        page.person("Person", &note.by);
        page.text("Tag", &note.on.to_string());
    });
    page.0.push_str("</Transfervermerk>\n");
    page.0
}

/// Every page was to be looked at.
fn is_full(note: &TransferNote) -> bool {
    note.quality.pages_required >= note.pages
}

/// Its fields in words: what it is called, and what it says; more than one line where there is more to say.
#[must_use]
pub fn in_words(note: &TransferNote) -> Vec<(&'static str, Vec<String>)> {
    let quality = &note.quality;
    let mut creator = vec![note.creator.name.clone()];
    creator.extend(note.operator.as_ref().map(|name| format!("am Scanner: {name}")));
    let procedure = &note.procedure;
    let mut environment = vec![
        format!("Verfahren: {}, Version {}", procedure.name, procedure.version),
        format!("Gerät: {}", procedure.device),
        format!("Software: {}", procedure.software),
    ];
    environment.extend((!procedure.site.is_empty()).then(|| format!("Ort: {}", procedure.site)));
    let anomalies = match note.anomalies.is_empty() {
        true => vec!["keine".to_owned()],
        false => note.anomalies.clone(),
    };
    let names: Vec<_> = quality.by.iter().map(|person| person.name.as_str()).collect();
    let how = match is_full(note) {
        true => format!("alle {} Seiten", note.pages),
        false => format!(
            "Stichprobe: {} von {} Seiten, Startwert {}",
            quality.pages_required, note.pages, quality.seed
        ),
    };
    let checked = vec![
        format!("Sichtprüfung bestanden am {}, durch {}", german(quality.until), names.join(", ")),
        format!("angesehen: {how}; angenommen: {}", quality.pages_accepted),
        format!("Schutzbedarf: {}", quality.need.label()),
        format!("vollständig: {} Seiten auf Papier gezählt, {} im Scan", note.pages, note.pages),
    ];
    let mut proof = vec![SAFEGUARD.to_owned()];
    proof.push(match (&note.seal, quality.need) {
        (Some(seal), _) => format!("qualifiziertes Siegel (Angabe, hier nicht geprüft): {seal}"),
        (None, ProtectionNeed::Normal) => "kein qualifiziertes Siegel".to_owned(),
        (None, _) => "kein qualifiziertes Siegel; bei diesem Schutzbedarf ist eines nötig, das Papier bleibt"
            .to_owned(),
    });
    vec![
        ("Ersteller", creator),
        ("Technische und organisatorische Umgebung", environment),
        ("Auffälligkeiten", anomalies),
        ("Zeitpunkt der Erfassung", vec![moment(note)]),
        ("Ergebnis der Qualitätssicherung", checked),
        ("Erklärung", vec![note.statement.clone()]),
        ("Unversehrtheit", proof),
        (
            "Fassung und Prüfsumme (SHA-256)",
            vec![format!("{}, {} Byte", note.version, note.size_bytes), note.sha256.to_string()],
        ),
        ("Vermerk geschrieben", vec![format!("{}, {}", note.by.name, german(note.on))]),
    ]
}

fn moment(note: &TransferNote) -> String {
    format!("{} {}", german(note.captured.date()), note.captured.strftime("%H:%M"))
}

struct Page(String);

impl Page {
    fn group(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        let _ = writeln!(self.0, "<{name}>");
        inside(self);
        let _ = writeln!(self.0, "</{name}>");
    }

    fn text(&mut self, name: &str, text: &str) {
        let _ = writeln!(self.0, "<{name}>{}</{name}>", escaped(text));
    }

    fn some(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    fn person(&mut self, name: &str, person: &Named) {
        let _ = writeln!(self.0, "<{name} konto=\"{}\">{}</{name}>", person.person, escaped(&person.name));
    }
}

/// Text, or what stands in an attribute.
fn escaped(text: &str) -> String {
    markup::escaped(text, |c| match c {
        '"' => Some("&quot;".into()),
        '\t' => Some("\t".into()),
        '\n' => Some("\n".into()),
        _ => None,
    })
}
