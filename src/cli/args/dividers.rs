//! `dividers`: sheets that divide a stack of paper.

use std::path::PathBuf;

use clap::Args;

/// `dividers`
#[derive(Debug, Args)]
pub struct DividersArgs {
    /// Ein Deckblatt für diese Akte; mehrmals für mehrere
    #[arg(long = "file", value_name = "AKTENZEICHEN")]
    pub files: Vec<String>,
    /// Dazu so viele Trennblätter: ein neues Dokument, in der Akte des Deckblatts davor
    #[arg(long, default_value_t = 0, value_name = "ANZAHL")]
    pub plain: usize,
    /// Alle Blätter für dieses Register der Akte
    #[arg(long, value_name = "NR")]
    pub register: Option<String>,
    /// In diese Datei, die es noch nicht gibt
    #[arg(long, value_name = "DATEI")]
    pub to: PathBuf,
}
