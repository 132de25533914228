//! `refile`, `withdraw`: repairing what went wrong with documents.

use clap::Args;

/// `refile`
#[derive(Debug, Args)]
pub struct Refile {
    /// Kennungen der Dokumente
    #[arg(value_name = "DOKUMENT", required_unless_present = "all_of")]
    pub documents: Vec<String>,
    /// Alle Dokumente dieser Akte
    #[arg(long, value_name = "AKTENZEICHEN", conflicts_with = "documents")]
    pub all_of: Option<String>,
    /// In diese Akte
    #[arg(long, value_name = "AKTENZEICHEN")]
    pub to: String,
    /// Warum
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// `withdraw`
#[derive(Debug, Args)]
pub struct Withdraw {
    /// Kennung des Dokuments
    #[arg(value_name = "DOKUMENT")]
    pub document: String,
    /// Warum
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Macht es rückgängig
    #[arg(long)]
    pub undo: bool,
}
