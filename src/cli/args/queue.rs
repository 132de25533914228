//! `queue`: what is being read.

use clap::Args;

/// `queue`
#[derive(Debug, Args)]
pub struct QueueArgs {
    /// Dieses aufgegebene Dokument noch einmal lesen
    #[arg(long, value_name = "DOKUMENT", conflicts_with = "give_up")]
    pub retry: Option<String>,
    /// Dieses wartende Dokument nicht lesen; sein Original bleibt, wie es ist
    #[arg(long, value_name = "DOKUMENT", requires = "reason")]
    pub give_up: Option<String>,
    /// Warum es nicht gelesen werden soll
    #[arg(long, value_name = "TEXT", requires = "give_up")]
    pub reason: Option<String>,
}
