//! `archive …`: which archives take over, and what each takes.

use clap::{Subcommand, ValueEnum};

use crate::domain::disposal::{HandoverForm, MessageVersion, Naming};

/// `archive …`
#[derive(Debug, Subcommand)]
pub enum ArchiveVerb {
    /// Merkt, was ein Archiv annimmt; danach gilt es ohne weitere Angabe
    Set {
        /// Wie das Archiv heißt; steht in Nachrichten als Empfänger
        #[arg(value_name = "NAME")]
        name: String,
        /// Version von xdomea: 3.0.0, 3.1.0 oder 4.0.0
        #[arg(long, value_name = "VERSION")]
        xdomea: Option<MessageVersion>,
        /// Form der Abgabe: bagit, eark oder ocfl (Pakete) oder xdomea (0503); ohne Angabe xdomea, wenn eine Version genannt
        /// ist, sonst bagit
        #[arg(long, value_name = "FORM")]
        form: Option<HandoverForm>,
        /// Dateinamen der Nachrichten: long (…_Aussonderung.Anbieteverzeichnis.0501) oder short (…_0501_1); ohne Angabe wie
        /// es die Version vorsieht
        #[arg(long, value_name = "STIL")]
        naming: Option<NamingArg>,
        /// Dieses Archiv ist gemeint, wenn keines genannt ist (sonst das zuerst gemerkte)
        #[arg(long)]
        default: bool,
    },
    /// Zeigt die gemerkten Archive
    Show,
    /// Vergisst ein Archiv
    Forget {
        /// Wie es heißt
        #[arg(value_name = "NAME")]
        name: String,
    },
}

/// How messages are called, as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum NamingArg {
    /// With the name of the message.
    Long,
    /// With its code.
    Short,
}

impl From<NamingArg> for Naming {
    fn from(naming: NamingArg) -> Self {
        match naming {
            NamingArg::Long => Self::Long,
            NamingArg::Short => Self::Short,
        }
    }
}
