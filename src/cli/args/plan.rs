//! `plan …`: the file plan, its editions, and its other forms.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::list::MessageArgs;

/// `plan …`
#[derive(Debug, Args)]
pub struct Plan {
    /// Was zu tun ist (ohne Angabe: zeigen)
    #[command(subcommand)]
    pub verb: Option<PlanVerb>,
}

/// `plan …`
#[derive(Debug, Subcommand)]
pub enum PlanVerb {
    /// Zeigt den geltenden Aktenplan oder eine frühere Ausgabe
    Show {
        /// Ausgabe (die geltende)
        #[arg(long, value_name = "AUSGABE")]
        edition: Option<String>,
        /// Als Tabelle (CSV)
        #[arg(long)]
        csv: bool,
    },
    /// Prüft einen Aktenplan und zeigt, was er gegenüber dem geltenden ändern würde
    Check {
        /// TOML-Datei
        #[arg(value_name = "DATEI")]
        file: PathBuf,
    },
    /// Setzt einen Aktenplan in Kraft; Akten behalten Aktenplaneinheit, Aktenzeichen und Schutzbereich
    Enact {
        /// TOML-Datei
        #[arg(value_name = "DATEI")]
        file: PathBuf,
    },
    /// Schreibt den geltenden Aktenplan zum Austausch
    Export {
        /// Form: csv (Tabelle) oder xdomea (Nachricht 0301)
        #[arg(long, value_name = "FORM")]
        form: PlanForm,
        /// Zieldatei (darf nicht bestehen)
        #[arg(long, value_name = "DATEI")]
        out: PathBuf,
    },
    /// Macht aus einer Tabelle (CSV) oder einer xdomea-Nachricht 0301 einen Aktenplan; in Kraft setzt ihn erst `plan enact`
    Import {
        /// CSV- oder XML-Datei
        #[arg(value_name = "DATEI")]
        file: PathBuf,
        /// Zieldatei (TOML; darf nicht bestehen); ohne Angabe auf die Standardausgabe
        #[arg(long, value_name = "DATEI")]
        out: Option<PathBuf>,
        /// Ausgabe, unter der er in Kraft treten soll (die der Nachricht)
        #[arg(long, value_name = "AUSGABE")]
        edition: Option<String>,
        /// Titel (der der Nachricht oder des geltenden Aktenplans)
        #[arg(long, value_name = "TEXT")]
        title: Option<String>,
    },
    /// Gibt den geltenden Aktenplan einem Archiv zur Bewertung, als xdomea-Nachricht (0511)
    Offer {
        /// Wie die Nachricht zu schreiben ist.
        #[command(flatten)]
        message: MessageArgs,
    },
    /// Nimmt den Bewertungskatalog des Archivs (0513) oder dessen Empfangsbestätigung (0512) an (Archiv)
    Appraise {
        /// Die Nachricht (XML) oder ihr Paket (ZIP)
        #[arg(value_name = "DATEI")]
        file: PathBuf,
        /// Bestätigt einen Bewertungskatalog: die Nachrichten 0515 und 0514 kommen in diesen Ordner
        #[arg(long, value_name = "ORDNER")]
        receipt: Option<PathBuf>,
    },
}

impl PlanVerb {
    /// The files it names.
    pub(in crate::cli) fn paths(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        let (one, other) = match self {
            Self::Show { .. } => (None, None),
            Self::Check { file } | Self::Enact { file } | Self::Export { out: file, .. } => {
                (Some(file), None)
            }
            Self::Import { file, out, .. } => (Some(file), out.as_mut()),
            Self::Offer { message } => (Some(&mut message.out), None),
            Self::Appraise { file, receipt } => (Some(file), receipt.as_mut()),
        };
        one.into_iter().chain(other)
    }
}

/// Forms a file plan is given to others in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PlanForm {
    /// A table.
    Csv,
    /// The message 0301.
    Xdomea,
}

impl PlanForm {
    /// As it is typed.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xdomea => "xdomea",
        }
    }
}
