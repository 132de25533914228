//! What an archive decided on whole classes, in words.

use jiff::civil::Date;

use super::day;
use crate::domain::case_file::ClassNumber;
use crate::domain::disposal::{ByCatalogue, Decision};
use crate::domain::retention::Disposition;

/// A catalogue: `Bewertungskatalog (0513) von Kreisarchiv, angenommen am 28.11.2026 von Imke Wolters`. Who sent it and who took
/// it in may be empty.
#[must_use]
pub fn by_catalogue(archive: &str, on: Date, by: &str) -> String {
    let named =
        |word: &str, name: &str| if name.is_empty() { String::new() } else { format!(" {word} {name}") };
    let (archive, by) = (named("von", archive), named("von", by));
    format!("Bewertungskatalog (0513){archive}, angenommen am {}{by}", day(on))
}

/// What a catalogue says of a line of a list; `is_settled`: nobody has decided on the line since.
#[must_use]
pub fn line_by_catalogue(said: &ByCatalogue, is_settled: bool, catalogue: &str) -> String {
    let letter = said.decision.letter();
    match (said.decides, is_settled) {
        (true, true) => format!("entschieden durch {catalogue}: {letter}"),
        (true, false) => format!("{catalogue} sagte {letter}; seither einzeln entschieden"),
        (false, _) => format!(
            "{catalogue} sagt {letter}, aber etwas spricht für das Aufheben oder ist ungeklärt: das Archiv entscheidet einzeln"
        ),
    }
}

/// What the archive decided on the class of a file; `unseen`: nothing speaks for keeping the file, and nothing is
/// unclear.
#[must_use]
pub fn class_appraised(class: &ClassNumber, said: Disposition, catalogue: &str, unseen: bool) -> String {
    let what = match said {
        Disposition::ArchiveWorthy => format!("{} (A)", Decision::Archive.label()),
        Disposition::Appraise => "einzeln zu bewerten (B)".to_owned(),
        Disposition::Destroy if unseen => format!("{} (V)", Decision::Destroy.label()),
        Disposition::Destroy => {
            format!(
                "{} (V), hier aber einzeln zu bewerten, weil etwas für das Aufheben spricht oder ungeklärt ist",
                Decision::Destroy.label()
            )
        }
    };
    format!("für die Klasse {class} vorab entschieden: {what} – {catalogue}")
}
