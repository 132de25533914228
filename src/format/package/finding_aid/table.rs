//! The finding aid as a table: a line for every original. What of a file is told stands on each of its lines.

use super::Link;
use crate::format::package::{PackagedDocument, PackagedFile, PackagedVersion};
use crate::format::table::Table;
use crate::format::wording;

/// The columns.
const HEAD: [&str; 27] = [
    "Aktenzeichen",
    "Titel",
    "Aktenplaneinheit",
    "Bezeichnung der Aktenplaneinheit",
    "Art der Akte",
    "Laufzeit von",
    "Laufzeit bis",
    "Angaben",
    "Schutzbereich",
    "Entscheidung des Archivs",
    "Begründung des Archivs",
    "Warum die Akte angeboten wurde",
    "Umfang der Übernahme",
    "Kennung der Akte",
    "Kennung des Archivexemplars",
    "Kennung des Dokuments",
    "Register",
    "Vorgang",
    "Fassung",
    "Datei",
    "Ursprünglicher Name",
    "Art",
    "MIME-Typ",
    "PRONOM",
    "Seiten",
    "Bytes",
    "SHA-256",
];

pub(super) fn begin() -> String {
    Table::new(&HEAD).finish()
}

pub(super) fn of_file(file: &PackagedFile, link: Link<'_>) -> String {
    let day = |day: Option<jiff::civil::Date>| day.map_or_else(String::new, |day| day.to_string());
    let fields: Vec<_> = file.fields.iter().map(|(label, value)| format!("{label}: {value}")).collect();
    let whole = || "ganz übernommen".to_owned();
    let of_file = [
        file.reference.clone(),
        file.title.clone(),
        file.class.clone(),
        file.class_title.clone(),
        file.kind.clone().unwrap_or_default(),
        day(file.begun),
        day(file.closed),
        fields.join("; "),
        file.secrecy.label().to_owned(),
        file.decision.clone(),
        file.reason.clone(),
        file.basis.clone(),
        file.thinned.clone().unwrap_or_else(whole),
        file.id.to_string(),
        file.copy.to_string(),
    ];
    let mut table = Table::more();
    let mut row = |of_document: [String; 12]| {
        let cells: Vec<_> = of_file.iter().chain(&of_document).map(String::as_str).collect();
        table.row(&cells);
    };
    for document in &file.documents {
        for version in &document.versions {
            row(of_version(document, version, link));
        }
    }
    if file.documents.is_empty() {
        row(Default::default());
    }
    table.finish()
}

fn of_version(document: &PackagedDocument, version: &PackagedVersion, link: Link<'_>) -> [String; 12] {
    [
        document.id.to_string(),
        document.register.clone().unwrap_or_default(),
        document.case.clone().unwrap_or_default(),
        version.number.to_string(),
        link(version),
        version.original_name.clone(),
        wording::kind(version.format),
        version.format.media.iana().to_owned(),
        version.format.pronom.map_or_else(String::new, |puid| puid.to_string()),
        version.pages.map_or_else(String::new, |pages| pages.to_string()),
        version.size_bytes.to_string(),
        version.sha256.to_string(),
    ]
}
