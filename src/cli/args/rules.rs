//! `rules …`: the rules in force, and others.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use jiff::civil::Date;

/// `rules …`
#[derive(Debug, Subcommand)]
pub enum RulesVerb {
    /// Zeigt die geltenden Regeln, oder die einer früheren Ausgabe
    Show {
        /// Ausgabe, die galt oder gilt (ohne Angabe: die geltende)
        #[arg(long, value_name = "AUSGABE")]
        edition: Option<String>,
        /// Schreibt das Regelwerk im Wortlaut, wie es in Kraft trat (TOML)
        #[arg(long)]
        source: bool,
    },
    /// Prüft eine Regeldatei oder eine Aktenart (ohne Angabe: die geltenden Regeln)
    Check {
        /// TOML-Datei
        #[arg(value_name = "DATEI")]
        file: Option<PathBuf>,
    },
    /// Zeigt, was eine andere Regeldatei an den vorhandenen Akten ändern würde
    Try(TryRules),
    /// Vergleicht eine Regeldatei mit den geltenden Regeln oder mit einer anderen: Regel für Regel, Klasse für Klasse
    Diff {
        /// TOML-Datei (ohne Angabe: das vorgeschlagene Regelwerk)
        #[arg(value_name = "DATEI")]
        file: Option<PathBuf>,
        /// Andere TOML-Datei, mit der verglichen wird (die geltenden Regeln)
        #[arg(long, value_name = "DATEI")]
        against: Option<PathBuf>,
    },
    /// Bestätigt Regeln, die auf Übung beruhen (ohne Angabe: alle)
    Confirm {
        /// Kennungen der Regeln
        #[arg(value_name = "REGEL")]
        rules: Vec<String>,
    },
    /// Schreibt aus Regelwerk und Aktenarten ein Löschkonzept oder ein Blatt für das Verzeichnis nach Art. 30 DSGVO
    Export {
        /// Was geschrieben wird: deletion-concept (Löschkonzept) oder art30 (Verzeichnis von Verarbeitungstätigkeiten)
        #[arg(long, value_name = "ART")]
        what: Sheet,
        /// Zieldatei (Markdown; darf nicht bestehen)
        #[arg(long, value_name = "DATEI")]
        out: PathBuf,
        /// Stichtag (heute)
        #[arg(long, value_name = "JJJJ-MM-TT")]
        on: Option<Date>,
    },
    /// Schlägt eine Regeldatei vor; in Kraft setzt sie eine zweite Person
    Propose {
        /// TOML-Datei
        #[arg(value_name = "DATEI")]
        file: PathBuf,
    },
    /// Setzt das vorgeschlagene Regelwerk in Kraft, als zweite Person
    Enact {
        /// Ausgabe, wie sie vorgeschlagen ist
        #[arg(value_name = "AUSGABE")]
        edition: String,
    },
}

/// `rules try`
#[derive(Debug, ClapArgs)]
pub struct TryRules {
    /// TOML-Datei (ohne Angabe: das vorgeschlagene Regelwerk)
    #[arg(value_name = "DATEI")]
    pub file: Option<PathBuf>,
    /// Stichtag (heute)
    #[arg(long, value_name = "JJJJ-MM-TT")]
    pub on: Option<Date>,
    /// Schreibt die Akten, die anders beurteilt würden, als Tabelle (CSV) in diese Datei
    #[arg(long, value_name = "DATEI")]
    pub csv: Option<PathBuf>,
    /// Nennt nur die Summen
    #[arg(long)]
    pub sums: bool,
}

/// What `rules export` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Sheet {
    /// The deletion concept.
    DeletionConcept,
    /// The record of processing activities.
    Art30,
}

impl Sheet {
    /// As it is typed.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::DeletionConcept => "deletion-concept",
            Self::Art30 => "art30",
        }
    }
}
