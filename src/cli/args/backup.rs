//! `backup …`, `restore`, `checkpoint`, `quarantine …`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand};

/// `backup`
#[derive(Debug, ClapArgs)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Backup {
    /// Ordner für die Sicherung der versiegelten Inhalte; was schon da ist, wird nicht noch einmal kopiert
    #[arg(long, value_name = "ORDNER")]
    pub to: Option<PathBuf>,
    /// Ordner für die Kopien des Schlüsselbunds, getrennt von den Inhalten; Kopien über 30 Tage werden vernichtet
    #[arg(long, value_name = "ORDNER")]
    pub keys: Option<PathBuf>,
    /// Die Sicherung zuerst ganz lesen und Beschädigtes darin neu kopieren
    #[arg(long, requires = "to")]
    pub repair: bool,
    /// Was sonst zu tun ist
    #[command(subcommand)]
    pub verb: Option<BackupVerb>,
}

/// `backup …`
#[derive(Debug, Subcommand)]
pub enum BackupVerb {
    /// Prüft eine Sicherung für sich, ohne Schlüssel und ohne Registratur
    Check {
        /// Ordner der Sicherung
        #[arg(value_name = "ORDNER")]
        dir: PathBuf,
    },
    /// Stellt eine Sicherung zur Probe wieder her, vergleicht sie mit der Registratur und hält das Ergebnis fest
    Drill {
        /// Ordner der Sicherung
        #[arg(long, value_name = "ORDNER")]
        from: PathBuf,
        /// Ordner der Schlüsselsicherung
        #[arg(long, value_name = "ORDNER")]
        keys: PathBuf,
        /// Schlüsseldatei mit dem Hauptschlüssel
        #[arg(long, value_name = "DATEI")]
        master: PathBuf,
        /// Zahl, nach der die Stichprobe gezogen wird; dieselbe Zahl zieht dieselbe
        #[arg(long, default_value_t = 1, value_name = "ZAHL")]
        seed: u64,
    },
}

/// `restore`
#[derive(Debug, ClapArgs)]
pub struct Restore {
    /// Ordner der Sicherung der Inhalte
    #[arg(long, value_name = "ORDNER")]
    pub from: PathBuf,
    /// Ordner der Schlüsselsicherung; die neueste Kopie wird genommen
    #[arg(long, value_name = "ORDNER")]
    pub keys: PathBuf,
    /// Schlüsseldatei mit dem Hauptschlüssel
    #[arg(long, value_name = "DATEI")]
    pub master: PathBuf,
    /// Leerer oder neuer Ordner für die Registratur
    #[arg(long, value_name = "ORDNER")]
    pub to: PathBuf,
    /// Neuester Prüfpunkt, der außerhalb verwahrt wurde; ohne ihn bleibt die Registratur in Quarantäne
    #[arg(long, value_name = "DATEI")]
    pub checkpoint: Option<PathBuf>,
    /// Auch jeden Inhalt entschlüsseln und vergleichen
    #[arg(long)]
    pub verify: bool,
}

/// `checkpoint`
#[derive(Debug, ClapArgs)]
#[group(required = true, multiple = false)]
pub struct Checkpoint {
    /// Prüfpunkt mit Vernichtungsverzeichnis in diese Datei schreiben, die außerhalb zu verwahren ist
    #[arg(long, value_name = "DATEI")]
    pub to: Option<PathBuf>,
    /// Prüfen, ob das Nachweisbuch einen früheren Prüfpunkt fortsetzt
    #[arg(long, value_name = "DATEI")]
    pub against: Option<PathBuf>,
}

/// `quarantine …`
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum QuarantineVerb {
    /// Zeigt, warum die Registratur in Quarantäne ist und wer sie schon freigegeben hat
    Show,
    /// Gibt sie frei; es braucht zwei verschiedene Personen, die Vernichtungen freigeben dürfen
    Release,
}
