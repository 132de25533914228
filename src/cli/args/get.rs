//! `get`: what comes out of the registry again.

use std::path::PathBuf;

use clap::Args;

/// `get`
#[derive(Debug, Args)]
pub struct GetArgs {
    /// Kennung des Dokuments
    #[arg(value_name = "DOKUMENT")]
    pub document: String,
    /// Zieldatei (darf nicht bestehen)
    #[arg(long, value_name = "DATEI")]
    pub out: PathBuf,
    /// Fassung (die neueste)
    #[arg(long, value_name = "NR")]
    pub version: Option<usize>,
    /// Statt des Originals den gelesenen Text, mit einem Seitenvorschub zwischen den Seiten
    #[arg(long, conflicts_with = "version")]
    pub text: bool,
    /// Statt des Originals eine Lesefassung als PDF: von Office-Dateien und HTML, mit LibreOffice gemacht
    #[arg(long, conflicts_with_all = ["version", "text"])]
    pub rendition: bool,
    /// Die wievielte Lesung (die neueste); `show --json` zeigt sie
    #[arg(long, value_name = "NR", requires = "text")]
    pub reading: Option<usize>,
}
