//! `forecast`: what becomes due in the years to come.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use jiff::civil::Date;

use crate::domain::retention::Thickness;
use crate::domain::retention::forecast::{YEARS_DEFAULT, YEARS_MAX};

/// `forecast`
#[derive(Debug, ClapArgs)]
pub struct ForecastArgs {
    /// So viele Jahre nach dem laufenden
    #[arg(long, value_name = "ZAHL", default_value_t = YEARS_DEFAULT,
          value_parser = clap::value_parser!(i16).range(1..=i64::from(YEARS_MAX)))]
    pub years: i16,
    /// Stichtag (heute)
    #[arg(long, value_name = "JJJJ-MM-TT")]
    pub on: Option<Date>,
    /// Angenommene Dicke des Papiers einer Akte in Zentimetern
    #[arg(long, value_name = "ZAHL", default_value_t = Thickness::default())]
    pub cm_per_file: Thickness,
    /// Schreibt alles nach Klasse und Jahr als Tabelle (CSV) in diese Datei
    #[arg(long, value_name = "DATEI")]
    pub csv: Option<PathBuf>,
}
