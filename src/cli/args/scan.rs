//! `scan …`: scans that are to stand for their paper; and what `ingest` is told of them.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::DateTime;

use crate::domain::scan::{Irreplaceable, ProtectionNeed};

/// What is said of scans when they are taken in.
#[derive(Debug, Clone, Default, Args)]
pub struct ScannedArgs {
    /// Die Dokumente kommen vom Papier und sollen es ersetzen; die Datei beschreibt das Verfahren (TOML)
    #[arg(long, value_name = "DATEI", conflicts_with = "version_of")]
    pub scanned: Option<PathBuf>,
    /// Wer am Scanner stand, wenn es jemand anderes war
    #[arg(long, value_name = "NAME", requires = "scanned")]
    pub operator: Option<String>,
    /// Wann gescannt wurde (jetzt)
    #[arg(long, value_name = "ZEITPUNKT", requires = "scanned")]
    pub captured: Option<DateTime>,
    /// Schutzbedarf: normal, high (hoch; gilt ohne Angabe) oder `very_high` (sehr hoch)
    #[arg(long, value_name = "BEDARF", requires = "scanned")]
    pub need: Option<ProtectionNeed>,
}

/// `scan …`
#[derive(Debug, Subcommand)]
pub enum ScanVerb {
    /// Sagt, dass Dokumente vom Papier kommen und es ersetzen sollen; was nicht genannt ist, bleibt
    State {
        /// Kennungen der Dokumente; es gilt für alle oder für keines
        #[arg(value_name = "DOKUMENT", required = true)]
        documents: Vec<String>,
        /// Datei mit dem Verfahren (TOML); einmal nötig
        #[arg(long, value_name = "DATEI")]
        procedure: Option<PathBuf>,
        /// Wer am Scanner stand, wenn es jemand anderes war
        #[arg(long, value_name = "NAME")]
        operator: Option<String>,
        /// Wann gescannt wurde, etwa 2026-11-20T14:30
        #[arg(long, value_name = "ZEITPUNKT")]
        captured: Option<DateTime>,
        /// Wie viele beschriebene Seiten auf dem Papier gezählt wurden
        #[arg(long, value_name = "ANZAHL")]
        pages: Option<u32>,
        /// Schutzbedarf: normal, high (hoch; gilt ohne Angabe) oder `very_high` (sehr hoch)
        #[arg(long, value_name = "BEDARF")]
        need: Option<ProtectionNeed>,
        /// Das Papier bleibt in jedem Fall: `notarial_deed`, `sealed_attestation`, `opening_balance`, security oder `other_original`
        #[arg(long, value_name = "ART")]
        irreplaceable: Option<Irreplaceable>,
    },
    /// Sichtprüfung: zeigt, welche Seiten anzusehen sind, oder trägt ein, was zu sehen war
    Check {
        /// Kennung des Dokuments
        #[arg(value_name = "DOKUMENT")]
        document: String,
        /// Seiten, die wie das Papier sind: 1-3,7
        #[arg(long, value_name = "SEITEN", value_delimiter = ',')]
        accept: Vec<String>,
        /// Seiten, die neu zu scannen sind
        #[arg(long, value_name = "SEITEN", value_delimiter = ',', requires = "reason")]
        rescan: Vec<String>,
        /// Was an ihnen nicht stimmt
        #[arg(long, value_name = "TEXT", requires = "rescan")]
        reason: Option<String>,
    },
    /// Schreibt den Transfervermerk; wer ihn schreibt, erklärt, dass Scan und Papier bildlich und inhaltlich übereinstimmen
    Note {
        /// Kennung des Dokuments
        #[arg(value_name = "DOKUMENT")]
        document: String,
        /// Auffälligkeiten
        #[arg(long, value_name = "TEXT")]
        anomalies: Option<String>,
        /// Wo das qualifizierte Siegel oder die Signatur zu finden ist; ohne bleibt das Papier, wenn der Schutzbedarf hoch ist
        #[arg(long, value_name = "TEXT")]
        seal: Option<String>,
    },
    /// Zeigt den Transfervermerk oder schreibt ihn als XML
    Show {
        /// Kennung des Dokuments
        #[arg(value_name = "DOKUMENT")]
        document: String,
        /// XML-Datei, die geschrieben wird (darf nicht bestehen)
        #[arg(long, value_name = "DATEI")]
        out: Option<PathBuf>,
    },
    /// Zeigt, bei welchen Scans etwas zu tun ist: prüfen, neu scannen, Transfervermerk schreiben
    List,
    /// Sagt, welcher neue Scan anstelle eines alten gilt
    Replace {
        /// Kennung des alten Scans
        #[arg(value_name = "DOKUMENT")]
        document: String,
        /// Kennung des neuen
        #[arg(long, value_name = "DOKUMENT")]
        by: String,
        /// Warum
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}
