//! `watch`: a folder whose files are taken in as they come.

use std::path::PathBuf;

use clap::Args;

use super::target::TargetArgs;

/// Longest wait for a file to come to rest: an hour.
const SETTLE_SECONDS_MAX: u64 = 3_600;

/// `watch`
#[derive(Debug, Args)]
pub struct WatchArgs {
    /// Ordner, in den Scanner und Menschen Dateien legen
    #[arg(value_name = "ORDNER")]
    pub folder: PathBuf,
    /// Einmal erfassen, was darin liegt, und enden
    #[arg(long)]
    pub once: bool,
    /// Sekunden, die eine Datei unverändert liegen muss, bevor sie erfasst wird
    #[arg(long, value_name = "SEKUNDEN", default_value_t = 10,
          value_parser = clap::value_parser!(u64).range(0..=SETTLE_SECONDS_MAX))]
    pub settle: u64,
    /// Where its files go.
    #[command(flatten)]
    pub target: TargetArgs,
    /// Texte jetzt nicht lesen
    #[arg(long)]
    pub no_read: bool,
}
