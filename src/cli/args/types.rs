//! `types …`: record types.

use std::path::PathBuf;

use clap::Subcommand;

/// `types …`
#[derive(Debug, Subcommand)]
pub enum TypesVerb {
    /// Zeigt die geltenden Aktenarten, oder eine mit ihren Feldern und Registern
    Show {
        /// Name oder Bezeichnung, z. B. bauakte
        #[arg(value_name = "AKTENART")]
        name: Option<String>,
    },
    /// Prüft Dateien mit Aktenarten, jede für sich und mit den geltenden zusammen
    Check {
        /// TOML-Dateien, je Aktenart eine
        #[arg(value_name = "DATEI", required = true)]
        files: Vec<PathBuf>,
    },
    /// Setzt Aktenarten in Kraft, alle oder keine; Akten behalten die Ausgabe, mit der sie angelegt wurden
    Enact {
        /// TOML-Dateien, je Aktenart eine
        #[arg(value_name = "DATEI", required = true)]
        files: Vec<PathBuf>,
    },
}
