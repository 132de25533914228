//! `transfer …`: to the archive, and what it says of it.

use std::path::PathBuf;

use clap::Subcommand;

use crate::domain::disposal::MessageVersion;
use crate::domain::disposal::PackageForm;

/// `transfer …`
#[derive(Debug, Subcommand)]
pub enum TransferVerb {
    /// Übernimmt Archivwürdiges in den Archivflügel und gibt es aus: als Paket mit Findmittel (`BagIt`, E-ARK oder OCFL) oder als xdomea-Nachricht (0503)
    Export {
        /// Kennung der Liste
        #[arg(value_name = "LISTE")]
        list: String,
        /// Ordner des Pakets (darf nicht bestehen); bei xdomea der Ordner, in den die Nachricht kommt
        #[arg(long, value_name = "ORDNER")]
        out: PathBuf,
        /// Als Paket, was immer für das Archiv gemerkt ist: bagit (ein Paket), eark (je Akte ein SIP 2.1.0) oder ocfl (ein
        /// Speicher, OCFL 1.1)
        #[arg(long, value_name = "FORM", conflicts_with = "xdomea")]
        form: Option<PackageForm>,
        /// Als Nachricht in dieser Version von xdomea: 3.0.0, 3.1.0 oder 4.0.0 (wie es das Archiv annimmt, siehe `archive set`)
        #[arg(long, value_name = "VERSION")]
        xdomea: Option<MessageVersion>,
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
