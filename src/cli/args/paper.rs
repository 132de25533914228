//! `paper …`: where the paper of files stands, and who has it on loan; and what `ingest` is told of the place of a new one.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;

use crate::domain::paper::Placing;

/// Where paper stands.
#[derive(Debug, Clone, Args)]
pub struct PlaceArgs {
    /// Gebäude, in dem die Papierakte steht
    #[arg(long, value_name = "TEXT")]
    pub building: Option<String>,
    /// Raum der Papierakte
    #[arg(long, value_name = "TEXT")]
    pub room: Option<String>,
    /// Regal der Papierakte
    #[arg(long, value_name = "TEXT")]
    pub shelf: Option<String>,
    /// Karton der Papierakte
    #[arg(long = "box", value_name = "TEXT")]
    pub r#box: Option<String>,
    /// Strichcode auf der Mappe der Akte; keine zwei Akten haben denselben
    #[arg(long, value_name = "STRICHCODE")]
    pub barcode: Option<String>,
}

impl PlaceArgs {
    /// What was said.
    pub fn placing(&self) -> Placing {
        let Self { building, room, shelf, r#box, barcode } = self.clone();
        Placing { building, room, shelf, r#box, barcode }
    }
}

/// `paper …`
#[derive(Debug, Subcommand)]
pub enum PaperVerb {
    /// Hält fest, wo Papierakten stehen; was nicht genannt ist, bleibt
    Place {
        /// Aktenzeichen; bei mehreren gilt es für alle oder für keine
        #[arg(value_name = "AKTENZEICHEN", required = true)]
        references: Vec<String>,
        /// Where.
        #[command(flatten)]
        place: PlaceArgs,
        /// Grund; steht im Nachweisbuch
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
    /// Hält die Standorte vieler Papierakten aus einer Tabelle fest, alle oder keinen
    Import {
        /// CSV-Tabelle mit aktenzeichen und gebaeude;raum;regal;karton;strichcode
        #[arg(value_name = "DATEI")]
        file: PathBuf,
        /// Grund; steht im Nachweisbuch
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
        /// Zeigt nur, was sich ändern würde
        #[arg(long)]
        preview: bool,
    },
    /// Leiht Papierakten aus
    Lend {
        /// Aktenzeichen; bei mehreren gilt es für alle oder für keine
        #[arg(value_name = "AKTENZEICHEN", required = true)]
        references: Vec<String>,
        /// An wen: Anmeldename, sonst Name und Stelle, wie sie hier stehen
        #[arg(long, value_name = "WER")]
        to: String,
        /// Letzter Tag der Ausleihe
        #[arg(long, value_name = "JJJJ-MM-TT")]
        until: Option<Date>,
    },
    /// Trägt die Rückgabe von Papierakten ein
    Return {
        /// Aktenzeichen; bei mehreren gilt es für alle oder für keine
        #[arg(value_name = "AKTENZEICHEN", required = true)]
        references: Vec<String>,
    },
    /// Zeigt, was ausgeliehen ist; was überfällig ist, zuerst
    Loans {
        /// Nur was überfällig ist
        #[arg(long)]
        overdue: bool,
    },
    /// Bestätigt, dass das ganze Papier einer Akte gescannt ist und jedes Dokument, das vom Papier kommt, als Scan eingetragen
    Scanned {
        /// Aktenzeichen; bei mehreren gilt es für alle oder für keine
        #[arg(value_name = "AKTENZEICHEN", required = true)]
        references: Vec<String>,
    },
    /// Sagt, ob das Papier gehen darf, und sonst, warum noch nicht; ohne Aktenzeichen für alle Papierakten
    Fate {
        /// Aktenzeichen
        #[arg(value_name = "AKTENZEICHEN")]
        reference: Option<String>,
        /// Nur Papier, das gehen darf
        #[arg(long, conflicts_with = "reference")]
        may_go: bool,
        /// Stichtag (heute)
        #[arg(long, value_name = "JJJJ-MM-TT")]
        on: Option<Date>,
    },
    /// Findet die Akte zu einem Strichcode
    Find {
        /// Strichcode, wie ihn der Leser liest
        #[arg(value_name = "STRICHCODE")]
        barcode: String,
    },
}
