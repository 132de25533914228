//! `init`: what a registry is founded with.

use std::path::PathBuf;

use clap::Args;

use crate::format::rule_pack::{BUILT_IN, BuiltIn, NRW_KOMMUNAL};

/// `init`
#[derive(Debug, Args)]
pub struct Init {
    /// Ordner (sonst --registry)
    #[arg(value_name = "ORDNER")]
    pub dir: Option<PathBuf>,
    /// Name der Registratur
    #[arg(long, default_value = "Stadtverwaltung", value_name = "NAME")]
    pub name: String,
    /// Regelwerk: `nrw` für Nordrhein-Westfalen, `muster` für ein Land ohne eigenes (belegt ist nur Bundesrecht)
    #[arg(long, default_value = NRW_KOMMUNAL.name, value_name = "REGELWERK", value_parser = rules)]
    pub rules: BuiltIn,
    /// Zum Vorführen: ohne Karenz, Protokolle tragen einen Vermerk
    #[arg(long)]
    pub demo: bool,
}

/// The name of a pack that comes with the program.
fn rules(text: &str) -> Result<BuiltIn, String> {
    let known = BUILT_IN.into_iter().find(|pack| pack.name == text);
    known.ok_or_else(|| format!("möglich sind: {}", BUILT_IN.map(|pack| pack.name).join(", ")))
}
