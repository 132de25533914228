//! `hold …`: holds (Vernichtungssperren).

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;

/// `hold place`
#[derive(Debug, Args)]
pub struct HoldPlace {
    /// Aktenzeichen
    #[arg(value_name = "AKTENZEICHEN")]
    pub references: Vec<String>,
    /// Textdatei mit weiteren Aktenzeichen, eines je Zeile
    #[arg(long, value_name = "DATEI")]
    pub from: Option<PathBuf>,
    /// Auch jede Akte, die diese Suche jetzt findet: selbst oder mit einer ihrer Seiten
    #[arg(long, value_name = "SUCHE")]
    pub query: Option<String>,
    /// Grund, z. B. das gerichtliche Aktenzeichen
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Seit (heute)
    #[arg(long, value_name = "JJJJ-MM-TT")]
    pub since: Option<Date>,
    /// Tag, an dem zu prüfen ist, ob die Sperre noch nötig ist; sie endet nicht von selbst
    #[arg(long, value_name = "JJJJ-MM-TT")]
    pub review: Option<Date>,
    /// Zeigt nur, welche Akten gesperrt würden
    #[arg(long)]
    pub preview: bool,
}

/// `hold …`
#[derive(Debug, Subcommand)]
pub enum HoldVerb {
    /// Setzt eine Vernichtungssperre an einer oder vielen Akten
    Place(HoldPlace),
    /// Hebt eine Vernichtungssperre auf, an allen ihren Akten oder nur an den genannten
    Release {
        /// Kennung der Sperre
        #[arg(value_name = "SPERRE")]
        hold: String,
        /// Nur an diesen Akten
        #[arg(value_name = "AKTENZEICHEN")]
        references: Vec<String>,
    },
    /// Zeigt die Vernichtungssperren und ihre Akten
    List {
        /// Nur Sperren, die bis zu diesem Tag zu prüfen sind
        #[arg(long, value_name = "JJJJ-MM-TT")]
        review_by: Option<Date>,
    },
}
