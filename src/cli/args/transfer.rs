//! `transfer …`: to the archive, and what it says of it.

use std::path::PathBuf;

use clap::Subcommand;

use crate::domain::disposal::MessageVersion;

/// `transfer …`
#[derive(Debug, Subcommand)]
pub enum TransferVerb {
    /// Übernimmt Archivwürdiges in den Archivflügel und gibt es aus: als `BagIt`-Paket oder als xdomea-Nachricht (0503)
    Export {
        /// Kennung der Liste
        #[arg(value_name = "LISTE")]
        list: String,
        /// Ordner des `BagIt`-Pakets (darf nicht bestehen); bei xdomea der Ordner, in den die Nachricht kommt
        #[arg(long, value_name = "ORDNER")]
        out: PathBuf,
        /// Als Nachricht in dieser Version von xdomea: 3.0.0, 3.1.0 oder 4.0.0 (wie es das Archiv annimmt, siehe `archive set`)
        #[arg(long, value_name = "VERSION")]
        xdomea: Option<MessageVersion>,
        /// Als `BagIt`-Paket, was immer für das Archiv gemerkt ist
        #[arg(long, conflicts_with = "xdomea")]
        bag: bool,
        /// Wie das Archiv heißt; steht in der Nachricht als Empfänger (das gemeinte, siehe `archive set`)
        #[arg(long, default_value = "", value_name = "NAME")]
        archive: String,
    },
    /// Nimmt die Quittung des Archivs in xdomea an: Importbestätigung (0506) oder Empfangsbestätigung (0507) (Archiv)
    Receipt {
        /// Kennung der Liste
        #[arg(value_name = "LISTE")]
        list: String,
        /// Die Nachricht (XML) oder ihr Paket (ZIP)
        #[arg(value_name = "DATEI")]
        file: PathBuf,
    },
}

impl TransferVerb {
    /// The place it names.
    pub fn path(&mut self) -> &mut PathBuf {
        match self {
            Self::Export { out, .. } => out,
            Self::Receipt { file, .. } => file,
        }
    }
}
