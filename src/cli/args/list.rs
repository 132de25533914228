//! `list …`: from what is due to what is destroyed.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;

use crate::domain::case_file::ClassNumber;
use crate::domain::disposal::{Ground, MessageVersion};

/// What the archive does without of a file it keeps.
#[derive(Debug, Args)]
pub struct ThinningArgs {
    /// Ausdünnen: ohne die Dokumente in diesem Register; mehrmals für mehrere
    #[arg(long, value_name = "NR", requires = "decision")]
    pub leave_out_register: Vec<String>,
    /// Ausdünnen: ohne dieses Dokument; mehrmals für mehrere
    #[arg(long, value_name = "DOKUMENT", requires = "decision")]
    pub leave_out: Vec<String>,
    /// Ausdünnen, wie es das Regelwerk vorschlägt
    #[arg(long, requires = "decision")]
    pub thin: bool,
}

/// `list sample`
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("method").required(true).args(["every", "share", "values", "letters", "years"]))]
pub struct ListSample {
    /// Kennung der Liste
    #[arg(value_name = "LISTE")]
    pub list: String,
    /// Nur Zeilen dieses Zweigs des Aktenplans
    #[arg(long, value_name = "NR")]
    pub class: Option<ClassNumber>,
    /// Jede n-te Akte in der Reihe der Aktenzeichen
    #[arg(long, value_name = "N")]
    pub every: Option<u32>,
    /// Bei --every die erste (1)
    #[arg(long, value_name = "NR", requires = "every")]
    pub first: Option<u32>,
    /// So viele von 1000 nach dem Los
    #[arg(long, value_name = "VON_TAUSEND")]
    pub share: Option<u16>,
    /// Startwert des Loses; ohne Angabe wird einer gezogen und festgehalten
    #[arg(long, value_name = "TEXT", requires = "share")]
    pub seed: Option<String>,
    /// Feld der Aktenart, auf das --value oder --letter sieht, z. B. street
    #[arg(long, value_name = "NAME")]
    pub field: Option<String>,
    /// Jede Akte, deren Feld diesen Wert hat; mehrmals für mehrere
    #[arg(long = "value", value_name = "WERT", requires = "field")]
    pub values: Vec<String>,
    /// Jede Akte, deren Feld mit diesem Buchstaben beginnt; mehrmals für mehrere
    #[arg(long = "letter", value_name = "BUCHSTABE", requires = "field")]
    pub letters: Vec<char>,
    /// Jede Akte, die in diesem Jahr angelegt wurde; mehrmals für mehrere
    #[arg(long = "year", value_name = "JAHR")]
    pub years: Vec<i16>,
    /// Was mit den nicht gezogenen Zeilen wird; ohne Angabe bleiben sie unbewertet
    #[arg(long, value_name = "A|V", value_parser = ["A", "V"])]
    pub others: Option<String>,
    /// Zeigt nur, was gezogen würde
    #[arg(long)]
    pub preview: bool,
}

/// How a message to an archive is written.
#[derive(Debug, Args)]
pub struct MessageArgs {
    /// Version von xdomea: 3.0.0, 3.1.0 oder 4.0.0 (die, die das Archiv annimmt, siehe `archive set`)
    #[arg(long, value_name = "VERSION")]
    pub xdomea: Option<MessageVersion>,
    /// Wie das Archiv heißt; steht in der Nachricht als Empfänger (das gemeinte, siehe `archive set`)
    #[arg(long, default_value = "", value_name = "NAME")]
    pub archive: String,
    /// In diesen Ordner; der Dateiname folgt dem Standard
    #[arg(long, value_name = "ORDNER")]
    pub out: PathBuf,
}

/// `list …`
#[derive(Debug, Subcommand)]
pub enum ListVerb {
    /// Legt eine Liste aus Akten an, die vor Ablauf ihrer Frist gehen müssen; der Weg bleibt derselbe
    Early {
        /// Aktenzeichen
        #[arg(value_name = "AKTENZEICHEN", required = true)]
        references: Vec<String>,
        /// erasure = Art. 17 DSGVO, order = Anordnung eines Gerichts oder der Aufsichtsbehörde
        #[arg(long, value_name = "GRUND")]
        ground: Ground,
        /// Begründung; steht als Vermerk in jeder Akte und geht mit ihr
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Legt eine Liste aus dem an, was fällig ist
    Create {
        /// Nur dieser Zweig des Aktenplans
        #[arg(long, value_name = "NR")]
        class: Option<ClassNumber>,
        /// Stichtag (heute)
        #[arg(long, value_name = "JJJJ-MM-TT")]
        on: Option<Date>,
    },
    /// Zeigt eine Liste (ohne Angabe: alle)
    Show {
        /// Kennung der Liste
        #[arg(value_name = "LISTE")]
        list: Option<String>,
    },
    /// Bietet eine Liste dem Archiv an
    Offer {
        /// Kennung der Liste
        #[arg(value_name = "LISTE")]
        list: String,
    },
    /// Schreibt das Anbieteverzeichnis einer angebotenen Liste als xdomea-Nachricht (0501)
    Export {
        /// Kennung der Liste
        #[arg(value_name = "LISTE")]
        list: String,
        /// Wie die Nachricht zu schreiben ist.
        #[command(flatten)]
        message: MessageArgs,
    },
    /// Nimmt eine Antwort des Archivs in xdomea an: Bewertung (0502) oder Empfangsbestätigung (0504, 0507) (Archiv)
    Import {
        /// Kennung der Liste
        #[arg(value_name = "LISTE")]
        list: String,
        /// Die Nachricht (XML) oder ihr Paket (ZIP)
        #[arg(value_name = "DATEI")]
        file: PathBuf,
        /// Bestätigt den Empfang einer Bewertung: die Nachricht 0505 kommt in diesen Ordner
        #[arg(long, value_name = "ORDNER")]
        receipt: Option<PathBuf>,
    },
    /// Bewertet Zeilen einer Liste (Archiv)
    Appraise {
        /// Kennung der Liste
        #[arg(value_name = "LISTE")]
        list: String,
        /// Aktenzeichen der Zeile
        #[arg(long = "file", value_name = "AKTENZEICHEN", required_unless_present = "follow_proposals")]
        file: Option<String>,
        /// A = archivwürdig, V = vernichten
        #[arg(long, value_name = "A|V", value_parser = ["A", "V"], required_unless_present = "follow_proposals")]
        decision: Option<String>,
        /// Begründung
        #[arg(long, default_value = "", value_name = "TEXT")]
        reason: String,
        /// Alle offenen Zeilen nach ihrem Vorschlag entscheiden
        #[arg(long, conflicts_with_all = ["file", "decision"])]
        follow_proposals: bool,
        /// Was von einer archivwürdigen Akte nicht übernommen wird.
        #[command(flatten)]
        thinning: ThinningArgs,
    },
    /// Zieht eine Stichprobe aus unbewerteten Zeilen (Archiv); was gezogen wird, ist archivwürdig
    Sample(ListSample),
    /// Zeigt die Stichproben einer Liste und ob sie sich nachziehen lassen
    Samples {
        /// Kennung der Liste
        #[arg(value_name = "LISTE")]
        list: String,
        /// Das Protokoll jeder Stichprobe als JSON in diesen Ordner schreiben
        #[arg(long, value_name = "ORDNER")]
        out: Option<PathBuf>,
    },
    /// Schlägt die Vernichtung vor (mit eigener Unterschrift)
    Propose {
        /// Kennung der Liste
        #[arg(value_name = "LISTE")]
        list: String,
    },
    /// Gibt die Vernichtung frei (mit eigener Unterschrift)
    Approve {
        /// Kennung der Liste
        #[arg(value_name = "LISTE")]
        list: String,
    },
    /// Zieht eine Liste zurück
    Withdraw {
        /// Kennung der Liste
        #[arg(value_name = "LISTE")]
        list: String,
    },
    /// Schreibt das Vernichtungsprotokoll einer ausgeführten Liste als PDF/A, mit dem Nachweis darin
    Certificate {
        /// Kennung der Liste
        #[arg(value_name = "LISTE")]
        list: String,
        /// Datei, die geschrieben wird; es darf sie noch nicht geben
        #[arg(long, value_name = "DATEI")]
        out: PathBuf,
    },
    /// Vernichtet, was auf der Liste freigegeben ist
    Execute {
        /// Kennung der Liste
        #[arg(value_name = "LISTE")]
        list: String,
        /// Zur Bestätigung die ersten acht Zeichen der Kennung
        #[arg(long, value_name = "KENNUNG")]
        confirm: String,
    },
}

impl ListVerb {
    /// The places it names.
    pub fn paths(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        let (one, other) = match self {
            Self::Samples { out, .. } => (out.as_mut(), None),
            Self::Export { message, .. } => (Some(&mut message.out), None),
            Self::Certificate { out, .. } => (Some(out), None),
            Self::Import { file, receipt, .. } => (Some(file), receipt.as_mut()),
            _ => (None, None),
        };
        one.into_iter().chain(other)
    }
}
