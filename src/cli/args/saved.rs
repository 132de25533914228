//! `saved …`: saved searches.

use clap::Subcommand;

use super::Listing;

/// `saved …`
#[derive(Debug, Subcommand)]
pub enum SavedVerb {
    /// Speichert eine Suche; was sie jetzt findet, gilt als gesehen
    Add {
        /// Name
        #[arg(value_name = "NAME")]
        name: String,
        /// Suchanfrage, wie bei `search`
        #[arg(value_name = "ANFRAGE")]
        query: String,
        /// Nur in dieser Akte
        #[arg(long, value_name = "AKTENZEICHEN")]
        file: Option<String>,
        /// Reihenfolge: die besten, die neuesten oder die ältesten zuerst
        #[arg(long, value_enum, default_value = "beste", value_name = "REIHENFOLGE")]
        sort: Listing,
    },
    /// Zeigt Ihre gespeicherten Suchen und wie viel neu ist
    List,
    /// Führt eine gespeicherte Suche aus
    Run {
        /// Name oder Kennung
        #[arg(value_name = "NAME|KENNUNG")]
        which: String,
        /// Nur, was neu ist
        #[arg(long)]
        new: bool,
        /// Danach gilt als gesehen, was sie bis eben gefunden hat
        #[arg(long)]
        seen: bool,
        /// Höchstens so viele Treffer
        #[arg(long, default_value_t = 10, value_name = "ZAHL")]
        limit: usize,
        /// So viele Treffer überspringen
        #[arg(long, default_value_t = 0, value_name = "ZAHL")]
        offset: usize,
    },
    /// Merkt, dass gesehen ist, was eine gespeicherte Suche bis jetzt findet (ohne Angabe: jede)
    Seen {
        /// Name oder Kennung
        #[arg(value_name = "NAME|KENNUNG")]
        which: Option<String>,
    },
    /// Benennt eine gespeicherte Suche um
    Rename {
        /// Name oder Kennung
        #[arg(value_name = "NAME|KENNUNG")]
        which: String,
        /// Neuer Name
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Entfernt eine gespeicherte Suche
    Remove {
        /// Name oder Kennung
        #[arg(value_name = "NAME|KENNUNG")]
        which: String,
    },
}
