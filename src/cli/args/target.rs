//! Where what is taken in belongs, as `ingest` and `watch` are told.

use clap::Args;

use super::keep;
use crate::domain::case_file::ClassNumber;
use crate::domain::protection::ProtectionDomain;

/// The file documents go into, and what is to be said of it if it is new.
#[derive(Debug, Args)]
pub struct TargetArgs {
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
}
