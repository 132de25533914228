//! `open`: a file without a document.

use clap::Args;
use jiff::civil::Date;

use super::keep;
use crate::domain::case_file::ClassNumber;

/// `open`
#[derive(Debug, Args)]
pub struct OpenArgs {
    /// Aktenplaneinheit
    #[arg(long, value_name = "NR")]
    pub class: ClassNumber,
    /// Betreff
    #[arg(long, value_name = "TEXT")]
    pub title: String,
    /// Aktenzeichen (das nächste nach dem Muster der Aktenplaneinheit)
    #[arg(long, value_name = "AKTENZEICHEN")]
    pub reference: Option<String>,
    /// Aktenart (die der Aktenplaneinheit)
    #[arg(long = "type", value_name = "AKTENART")]
    pub record_type: Option<String>,
    /// Feld der Aktenart; mehrmals für mehrere
    #[arg(long = "field", value_name = "NAME=WERT", value_parser = keep::field)]
    pub fields: Vec<(String, String)>,
    /// Tag der Anlage (heute)
    #[arg(long, value_name = "JJJJ-MM-TT")]
    pub opened: Option<Date>,
    /// Vorgang, der in ihr angelegt wird
    #[arg(long, value_name = "TITEL")]
    pub case: Option<String>,
}
