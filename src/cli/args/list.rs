//! `list …`: from what is due to what is destroyed.

use clap::Subcommand;
use jiff::civil::Date;

use crate::domain::case_file::ClassNumber;

/// `list …`
#[derive(Debug, Subcommand)]
pub enum ListVerb {
    /// Legt eine Liste aus dem an, was fällig ist
    Create {
        /// Nur dieser Zweig des Aktenplans
        #[arg(long, value_name = "NR")]
        class: Option<ClassNumber>,
        /// Stichtag (heute)
        #[arg(long, value_name = "JJJJ-MM-TT")]
        on: Option<Date>,
    },
    /// Zeigt eine Liste (ohne Angabe: alle)
    Show {
        /// Kennung der Liste
        #[arg(value_name = "LISTE")]
        list: Option<String>,
    },
    /// Bietet eine Liste dem Archiv an
    Offer {
        /// Kennung der Liste
        #[arg(value_name = "LISTE")]
        list: String,
    },
    /// Bewertet Zeilen einer Liste (Archiv)
    Appraise {
        /// Kennung der Liste
        #[arg(value_name = "LISTE")]
        list: String,
        /// Aktenzeichen der Zeile
        #[arg(long = "file", value_name = "AKTENZEICHEN", required_unless_present = "follow_proposals")]
        file: Option<String>,
        /// A = archivwürdig, V = vernichten
        #[arg(long, value_name = "A|V", value_parser = ["A", "V"], required_unless_present = "follow_proposals")]
        decision: Option<String>,
        /// Begründung
        #[arg(long, default_value = "", value_name = "TEXT")]
        reason: String,
        /// Alle offenen Zeilen nach ihrem Vorschlag entscheiden
        #[arg(long, conflicts_with_all = ["file", "decision"])]
        follow_proposals: bool,
    },
    /// Schlägt die Vernichtung vor (mit eigener Unterschrift)
    Propose {
        /// Kennung der Liste
        #[arg(value_name = "LISTE")]
        list: String,
    },
    /// Gibt die Vernichtung frei (mit eigener Unterschrift)
    Approve {
        /// Kennung der Liste
        #[arg(value_name = "LISTE")]
        list: String,
    },
    /// Zieht eine Liste zurück
    Withdraw {
        /// Kennung der Liste
        #[arg(value_name = "LISTE")]
        list: String,
    },
    /// Vernichtet, was auf der Liste freigegeben ist
    Execute {
        /// Kennung der Liste
        #[arg(value_name = "LISTE")]
        list: String,
        /// Zur Bestätigung die ersten acht Zeichen der Kennung
        #[arg(long, value_name = "KENNUNG")]
        confirm: String,
    },
}
