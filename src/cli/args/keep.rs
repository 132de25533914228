//! `change`, `reminder …`, `assign`: what clerks do with files beside closing them.

use clap::{Args, Subcommand};
use jiff::civil::Date;

use crate::domain::case_file::ClassNumber;

/// `NAME=WERT`
pub(super) fn field(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("erwartet wird NAME=WERT, z. B. street=Ringstraße")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

/// `change`
#[derive(Debug, Args)]
pub struct ChangeArgs {
    /// Aktenzeichen; bei mehreren wird an allen oder an keiner geändert
    #[arg(value_name = "AKTENZEICHEN", required = true)]
    pub references: Vec<String>,
    /// Neuer Betreff
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Neue Aktenplaneinheit
    #[arg(long, value_name = "NR")]
    pub class: Option<ClassNumber>,
    /// Neue Aktenart
    #[arg(long = "type", value_name = "AKTENART")]
    pub record_type: Option<String>,
    /// Feld der Aktenart; ohne Wert (NAME=) entfällt die Angabe
    #[arg(long = "field", value_name = "NAME=WERT", value_parser = field)]
    pub fields: Vec<(String, String)>,
    /// Grund der Änderung; steht im Nachweisbuch
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Zeigt nur, was sich ändern würde
    #[arg(long)]
    pub preview: bool,
}

/// `assign`
#[derive(Debug, Args)]
pub struct Assign {
    /// Aktenzeichen
    #[arg(value_name = "AKTENZEICHEN", required = true)]
    pub references: Vec<String>,
    /// Anmeldename; ohne Angabe ist niemand persönlich zuständig
    #[arg(long, value_name = "ANMELDENAME")]
    pub to: Option<String>,
}

/// `reminder …`
#[derive(Debug, Subcommand)]
pub enum ReminderVerb {
    /// Trägt eine Wiedervorlage ein
    Add {
        /// Aktenzeichen
        #[arg(value_name = "AKTENZEICHEN")]
        reference: String,
        /// Tag
        #[arg(long, value_name = "JJJJ-MM-TT")]
        on: Date,
        /// Wozu
        #[arg(long, value_name = "TEXT")]
        text: String,
        /// Für wen (Anmeldename; ohne Angabe für Sie selbst)
        #[arg(long = "for", value_name = "ANMELDENAME")]
        whom: Option<String>,
    },
    /// Zeigt Ihre Wiedervorlagen
    List {
        /// Bis zu diesem Tag (heute)
        #[arg(long, value_name = "JJJJ-MM-TT")]
        until: Option<Date>,
    },
    /// Hakt eine Wiedervorlage ab
    Done {
        /// Aktenzeichen
        #[arg(value_name = "AKTENZEICHEN")]
        reference: String,
        /// Kennung der Wiedervorlage
        #[arg(value_name = "WIEDERVORLAGE")]
        reminder: String,
    },
}
