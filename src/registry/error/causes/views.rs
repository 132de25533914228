//! Why views, worker and encodings failed. What an engine says itself stands in parentheses behind a sentence of
//! ours, in its own language: it is for those who look after the machine.

use std::fmt::Display;

use super::system;
use crate::catalog::CatalogError;
use crate::format::FormatError;
use crate::index::IndexError;
use crate::intake::IntakeError;

fn behind(words: &str, engine: Option<&dyn Display>) -> String {
    engine.map_or_else(|| words.to_owned(), |engine| format!("{words} ({engine})"))
}

/// The catalogue.
pub(super) fn catalog(error: &CatalogError) -> String {
    match error {
        CatalogError::Stale { path, cause } => {
            let words = format!("der Katalog in {} ist nicht benutzbar", path.display());
            behind(&words, cause.as_ref().map(|cause| cause as &dyn Display))
        }
        CatalogError::Engine { doing, cause } => {
            let words = match *doing {
                "read" => "der Katalog lässt sich nicht lesen",
                _ => "der Katalog lässt sich nicht schreiben",
            };
            behind(words, Some(cause))
        }
        CatalogError::Damaged(_) => "ein Wert des Katalogs ist beschädigt".to_owned(),
    }
}

/// The index.
pub(super) fn index(error: &IndexError) -> String {
    match error {
        IndexError::Stale { .. } => "der Suchindex ist von einer anderen Programmfassung".to_owned(),
        IndexError::Damaged(cause) => {
            behind("der Suchindex ist beschädigt", cause.as_ref().map(|cause| cause as &dyn Display))
        }
        IndexError::Exists => "in diesem Ordner liegt schon ein Suchindex".to_owned(),
        IndexError::Busy => "ein anderes Programm schreibt gerade in den Suchindex".to_owned(),
        IndexError::Directory(source) => format!("der Ordner des Suchindex: {}", system(source)),
        IndexError::Engine(cause) => behind("die Suchmaschine kann nicht weiterarbeiten", Some(cause)),
        IndexError::TooDeep => "so weit lässt sich nicht blättern".to_owned(),
        IndexError::TooManyWords => "der Wortanfang passt auf zu viele Wörter".to_owned(),
        IndexError::TooManyFiles => "Aktenzeichen oder Titel passen auf zu viele Akten".to_owned(),
        IndexError::NotPurged { entries, files } => format!(
            "nach dem Bereinigen sind noch gelöschte Einträge ({entries}) oder fremde Dateien ({files}) im Suchindex"
        ),
        IndexError::NotAWord => "gesucht wurde etwas, das nicht ein einzelnes Wort ist".to_owned(),
    }
}

/// The worker.
pub(in crate::registry) fn intake(error: &IntakeError) -> String {
    match error {
        IntakeError::NotReadable { reason, .. } => reason.german().to_owned(),
        IntakeError::WorkerStart { program, source } => {
            format!("das Leseprogramm {program} startet nicht: {}", system(source))
        }
        IntakeError::Sandbox => {
            "das Leseprogramm konnte sich nicht abschotten und liest deshalb nichts".to_owned()
        }
        IntakeError::Protocol => "das Leseprogramm gibt keine oder eine unverständliche Antwort".to_owned(),
        IntakeError::OcrMissing => "tesseract ist nicht da oder startet nicht".to_owned(),
        IntakeError::OcrLanguage { languages } => {
            format!("tesseract hat kein Sprachmodell für „{languages}“")
        }
        IntakeError::ConverterMissing => "LibreOffice ist nicht installiert".to_owned(),
        IntakeError::NoScratch(source) => {
            format!("im Arbeitsspeicher (/dev/shm) lässt sich kein Ordner anlegen: {}", system(source))
        }
        IntakeError::FilesUnfenced => {
            "der Kernel hat kein Landlock, und ohne diese Abschottung wird LibreOffice nicht gestartet"
                .to_owned()
        }
        IntakeError::Source(source) => {
            format!("die Bytes des Dokuments sind nicht lesbar: {}", system(source))
        }
    }
}

/// A kept text.
pub(in crate::registry) fn format(error: &FormatError) -> String {
    match error {
        FormatError::Json { what, .. } => format!("{} hat nicht die erwartete Form", kept_text(what)),
        FormatError::Wrong { what, field } => {
            format!("{} hat im Feld `{field}` einen Wert, der nichts bedeutet", kept_text(what))
        }
        FormatError::Newer { what, version } => {
            format!("{} hat Format {version}, das dieses Programm nicht kennt", kept_text(what))
        }
    }
}

/// What users call one of our formats.
fn kept_text(what: &str) -> &'static str {
    match what {
        "proof" => "der Nachweis",
        "event" => "der Inhalt des Eintrags",
        "text layer" => "der gelesene Text",
        "backup" => "der Stand der Sicherung",
        "tombstones" => "das Vernichtungsverzeichnis",
        "registry manifest" | "registry" => "die Datei schriftgut.toml",
        "demo list" | "demo story" => "die Vorlage der Vorführung",
        _ => "die Angabe",
    }
}
