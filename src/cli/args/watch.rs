//! `watch`: a folder whose files are taken in as they come.

use std::path::PathBuf;

use clap::Args;

use super::keep;
use crate::domain::case_file::ClassNumber;
use crate::domain::protection::ProtectionDomain;

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
    /// Aktenzeichen; ohne Angabe in den Posteingang
    #[arg(long, alias = "into", value_name = "AKTENZEICHEN")]
    pub file: Option<String>,
    /// Aktenplaneinheit, falls die Akte neu ist
    #[arg(long, value_name = "NR", requires = "file")]
    pub class: Option<ClassNumber>,
    /// Betreff, falls die Akte neu ist
    #[arg(long, value_name = "TEXT", requires = "file")]
    pub title: Option<String>,
    /// Aktenart, falls die Akte neu ist (die der Aktenplaneinheit)
    #[arg(long = "type", value_name = "AKTENART", requires = "file")]
    pub record_type: Option<String>,
    /// Feld der Aktenart, falls die Akte neu ist; mehrmals für mehrere
    #[arg(long = "field", value_name = "NAME=WERT", requires = "file", value_parser = keep::field)]
    pub fields: Vec<(String, String)>,
    /// Vorgang in der Akte; wird angelegt, wenn es ihn nicht gibt
    #[arg(long, value_name = "TITEL", requires = "file")]
    pub case: Option<String>,
    /// Register der Akte, in dem die Dokumente liegen
    #[arg(long, value_name = "NR", requires = "file")]
    pub register: Option<String>,
    /// Schutzbereich, falls die Akte neu ist (der der Aktenplaneinheit): general, tax, social, personnel
    #[arg(long, value_name = "BEREICH", requires = "file")]
    pub domain: Option<ProtectionDomain>,
    /// Texte jetzt nicht lesen
    #[arg(long)]
    pub no_read: bool,
}
