//! `streets …`: the street register.

use std::path::PathBuf;

use clap::Subcommand;

/// `streets …`
#[derive(Debug, Subcommand)]
pub enum StreetsVerb {
    /// Zeigt, welche Straßen es gibt und welche umbenannt wurden
    Show,
    /// Legt das Straßenverzeichnis fest (ersetzt das bisherige)
    Set {
        /// Textdatei: `format = 2`, dann je Zeile ein Straßenname oder „alter Name = neuer Name; Jahr“
        #[arg(value_name = "DATEI")]
        file: PathBuf,
    },
}
