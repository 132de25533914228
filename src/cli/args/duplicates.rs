//! `duplicates`: what is there more than once.

use clap::Args;

/// `duplicates`
#[derive(Debug, Args)]
pub struct Duplicates {
    /// Kennungen von Dokumenten
    #[arg(value_name = "DOKUMENT", required_unless_present = "file")]
    pub documents: Vec<String>,
    /// Alle Dokumente dieser Akte
    #[arg(long, value_name = "AKTENZEICHEN")]
    pub file: Option<String>,
}
