//! `search`: what is asked, and how it is listed.

use clap::{Args, ValueEnum};

use crate::domain::query::Order;

/// `search`
#[derive(Debug, Args)]
pub struct SearchArgs {
    /// Suchanfrage: Wörter, "Wendungen", Anfang*, ähnlich~, "nah beieinander"~8, UND ODER NICHT, az: titel: straße: flurstück: klasse: datei: jahr:1950..1965 phase:laufend art:scan
    #[arg(value_name = "ANFRAGE")]
    pub query: String,
    /// Höchstens so viele Treffer
    #[arg(long, default_value_t = 10, value_name = "ZAHL")]
    pub limit: usize,
    /// So viele Treffer überspringen
    #[arg(long, default_value_t = 0, value_name = "ZAHL")]
    pub offset: usize,
    /// Zu jedem Treffer sagen, warum er einer ist
    #[arg(long)]
    pub explain: bool,
    /// Reihenfolge: die besten, die neuesten oder die ältesten zuerst
    #[arg(long, value_enum, default_value = "beste", value_name = "REIHENFOLGE")]
    pub sort: Listing,
    /// Auch zählen, was die Treffer gemeinsam haben: Klasse, Straße, Jahr, Phase der Akte, Art
    #[arg(long)]
    pub facets: bool,
    /// Nur in dieser Akte
    #[arg(long, value_name = "AKTENZEICHEN")]
    pub file: Option<String>,
}

/// In which order hits are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Listing {
    /// Die besten zuerst
    Beste,
    /// Die neuesten zuerst
    Neueste,
    /// Die ältesten zuerst
    #[value(name = "älteste", alias = "aelteste")]
    Aelteste,
}

impl From<Listing> for Order {
    fn from(listing: Listing) -> Self {
        match listing {
            Listing::Beste => Self::Relevance,
            Listing::Neueste => Self::Newest,
            Listing::Aelteste => Self::Oldest,
        }
    }
}
