//! What `ingest` is told of a delivered batch.

use std::path::PathBuf;

use clap::Args;

/// A delivered batch.
#[derive(Debug, Default, Args)]
pub struct BatchArgs {
    /// Begleitliste (CSV, mit Profil auch XML); Pfade darin gelten ab ihrem Ordner
    #[arg(long, value_name = "DATEI", conflicts_with_all = ["paths", "file"])]
    pub manifest: Option<PathBuf>,
    /// Profil des Lieferanten (TOML): wie seine Liste geschrieben ist und welche Spalte welche ist
    #[arg(long, value_name = "DATEI", requires = "manifest")]
    pub profile: Option<PathBuf>,
    /// Nur prüfen, nichts erfassen
    #[arg(long, requires = "manifest")]
    pub check: bool,
    /// Bericht über jede Zeile der Liste, als Tabelle (.csv) oder als Seite (.html)
    #[arg(long, value_name = "DATEI", requires = "manifest")]
    pub report: Option<PathBuf>,
    /// So viele Dokumente soll die Lieferung haben
    #[arg(long, value_name = "ANZAHL", requires = "manifest")]
    pub count: Option<u64>,
    /// Dateien im Ordner der Liste hinnehmen, die nicht in ihr stehen
    #[arg(long, requires = "manifest")]
    pub allow_surplus: bool,
    /// Laufzettel der Lieferung (neben der Liste, verborgen); nötig, wo dort nicht geschrieben werden darf
    #[arg(long, value_name = "DATEI", requires = "manifest")]
    pub note: Option<PathBuf>,
}

impl BatchArgs {
    /// Every path that is named.
    pub(in crate::cli) fn paths(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        [&mut self.manifest, &mut self.profile, &mut self.report, &mut self.note].into_iter().flatten()
    }
}
