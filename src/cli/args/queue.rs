//! `queue` and `work`: what is being read, and reading it.

use clap::Args;

/// `queue`
#[derive(Debug, Args)]
pub struct QueueArgs {
    /// Dieses Dokument noch einmal lesen; sein früherer Text bleibt aufbewahrt
    #[arg(long, value_name = "DOKUMENT", conflicts_with = "give_up")]
    pub retry: Option<String>,
    /// Dieses wartende Dokument nicht lesen; sein Original bleibt, wie es ist
    #[arg(long, value_name = "DOKUMENT", requires = "reason")]
    pub give_up: Option<String>,
    /// Warum es nicht gelesen werden soll
    #[arg(long, value_name = "TEXT", requires = "give_up")]
    pub reason: Option<String>,
}

/// `work`
#[derive(Debug, Args)]
pub struct WorkArgs {
    /// Noch einmal lesen, was mit einer anderen Texterkennung gelesen wurde, als jetzt da ist; der frühere Text bleibt
    #[arg(long)]
    pub again: bool,
    /// Nur in diesen Akten
    #[arg(value_name = "AKTENZEICHEN", requires = "again")]
    pub references: Vec<String>,
    /// Zählt nur, was noch einmal gelesen würde
    #[arg(long, requires = "again")]
    pub preview: bool,
}
