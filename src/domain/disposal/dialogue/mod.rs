//! The dialogue with an archive that takes over from outside, in messages of the standard xdomea: which there are, what the
//! archive is told of a file ([`told`]), whether an answer fits the list ([`answer`]), what it says of whole classes
//! before any file is due ([`catalogue`]), and which archive takes what ([`receiver`]). Knows no XML and no ZIP.
//!
//! The process id of the dialogue is the id of the list, the ids of what is told are those it has here; the id of a message
//! and of a file in it follow from them. So whoever writes a message again writes the same ids.

pub mod answer;
pub mod catalogue;
pub mod receiver;
pub mod told;

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use uuid::{Builder, Uuid};

use super::list::{DisposalList, Stage};
use crate::base::digest::Sha256;
use crate::domain::event::ListEvent;
use crate::domain::ids::{CaseFileId, DocumentId};
use crate::domain::life_cycle::german;
use crate::domain::refusal::Refusal;

/// A message of the dialogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessageKind {
    /// What is offered (ours).
    Offer,
    /// What the archive decided (theirs).
    Appraisal,
    /// What is handed over, with its files (ours).
    Transfer,
    /// The offer has come in (theirs).
    OfferReceived,
    /// The appraisal has come in (ours).
    AppraisalReceived,
    /// What was handed over is in the archive (theirs).
    ImportConfirmed,
    /// What was handed over has come in (theirs).
    TransferReceived,
    /// The file plan, to be appraised beforehand (ours).
    PlanOffer,
    /// The file plan has come in (theirs).
    PlanReceived,
    /// What the archive decided on whole classes (theirs).
    Catalogue,
    /// What it decided on classes is taken in (ours).
    CatalogueImported,
    /// What it decided on classes has come in (ours).
    CatalogueReceived,
}

impl MessageKind {
    /// All of them, in the order of their codes.
    pub const ALL: [Self; 12] = [
        Self::Offer,
        Self::Appraisal,
        Self::Transfer,
        Self::OfferReceived,
        Self::AppraisalReceived,
        Self::ImportConfirmed,
        Self::TransferReceived,
        Self::PlanOffer,
        Self::PlanReceived,
        Self::Catalogue,
        Self::CatalogueImported,
        Self::CatalogueReceived,
    ];

    /// The code of the standard.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Offer => "0501",
            Self::Appraisal => "0502",
            Self::Transfer => "0503",
            Self::OfferReceived => "0504",
            Self::AppraisalReceived => "0505",
            Self::ImportConfirmed => "0506",
            Self::TransferReceived => "0507",
            Self::PlanOffer => "0511",
            Self::PlanReceived => "0512",
            Self::Catalogue => "0513",
            Self::CatalogueImported => "0514",
            Self::CatalogueReceived => "0515",
        }
    }

    /// The German name users read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Offer => "Anbieteverzeichnis",
            Self::Appraisal => "Bewertungsverzeichnis",
            Self::Transfer => "Aussonderung",
            Self::OfferReceived => "Empfangsbestätigung der Anbietung",
            Self::AppraisalReceived => "Empfangsbestätigung der Bewertung",
            Self::ImportConfirmed => "Importbestätigung",
            Self::TransferReceived => "Empfangsbestätigung der Aussonderung",
            Self::PlanOffer => "Aktenplan zur Bewertung",
            Self::PlanReceived => "Empfangsbestätigung des Aktenplans",
            Self::Catalogue => "Bewertungskatalog",
            Self::CatalogueImported => "Importbestätigung des Bewertungskatalogs",
            Self::CatalogueReceived => "Empfangsbestätigung des Bewertungskatalogs",
        }
    }

    /// The message of ours that this one answers.
    #[must_use]
    pub fn answers(self) -> Option<Self> {
        match self {
            Self::Appraisal | Self::OfferReceived => Some(Self::Offer),
            Self::ImportConfirmed | Self::TransferReceived => Some(Self::Transfer),
            Self::PlanReceived | Self::Catalogue => Some(Self::PlanOffer),
            Self::Offer
            | Self::Transfer
            | Self::AppraisalReceived
            | Self::PlanOffer
            | Self::CatalogueImported
            | Self::CatalogueReceived => None,
        }
    }

    /// The verb that takes it in; none if it is one of ours.
    #[must_use]
    pub fn verb(self) -> Option<&'static str> {
        match self.answers()? {
            Self::Offer => Some("list import"),
            Self::Transfer => Some("transfer receipt"),
            _ => Some("plan appraise"),
        }
    }
}

impl fmt::Display for MessageKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.label(), self.code())
    }
}

/// Not the code of a message of the dialogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected one of 0501 to 0507, 0511 to 0515")]
pub struct NotAMessage;

impl FromStr for MessageKind {
    type Err = NotAMessage;
    fn from_str(code: &str) -> Result<Self, NotAMessage> {
        Self::ALL.into_iter().find(|kind| kind.code() == code).ok_or(NotAMessage)
    }
}

/// A version of the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessageVersion {
    /// 2.3.0
    V2_3,
    /// 2.4.0
    V2_4,
    /// 3.0.0
    V3_0,
    /// 3.1.0
    V3_1,
    /// 4.0.0
    V4_0,
}

impl MessageVersion {
    /// All that are read.
    pub const ALL: [Self; 5] = [Self::V2_3, Self::V2_4, Self::V3_0, Self::V3_1, Self::V4_0];
    /// All that are written.
    pub const WRITTEN: [Self; 3] = [Self::V3_0, Self::V3_1, Self::V4_0];

    /// As the standard writes it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::V2_3 => "2.3.0",
            Self::V2_4 => "2.4.0",
            Self::V3_0 => "3.0.0",
            Self::V3_1 => "3.1.0",
            Self::V4_0 => "4.0.0",
        }
    }
}

impl fmt::Display for MessageVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Not a version of the standard that is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected one of 2.3.0, 2.4.0, 3.0.0, 3.1.0, 4.0.0")]
pub struct NotAVersion;

impl FromStr for MessageVersion {
    type Err = NotAVersion;
    fn from_str(code: &str) -> Result<Self, NotAVersion> {
        Self::ALL.into_iter().find(|version| version.code() == code).ok_or(NotAVersion)
    }
}

/// That a message went out or came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exchanged {
    /// The day.
    pub on: Date,
    /// Which.
    pub kind: MessageKind,
    /// Of which version.
    pub version: MessageVersion,
    /// SHA-256 of its XML.
    pub digest: Sha256,
}

/// The id of a message of ours: the same, however often it is written.
#[must_use]
pub fn message_id(process: Uuid, kind: MessageKind) -> Uuid {
    derived(b"schriftgut xdomea message 1", &[process.as_bytes(), kind.code().as_bytes()])
}

/// The id by which the file of a version of a document goes in a message. The standard wants one that is not the document's.
#[must_use]
pub fn primary_file_id(document: DocumentId, version: usize) -> Uuid {
    let version = (version as u64).to_le_bytes();
    derived(b"schriftgut xdomea primary file 1", &[document.0.as_bytes(), &version])
}

/// A UUID (version 8) of the first half of a SHA-256.
fn derived(purpose: &[u8], parts: &[&[u8]]) -> Uuid {
    let mut all = vec![purpose];
    all.extend_from_slice(parts);
    let mut half = [0; 16];
    half.copy_from_slice(&Sha256::of(&all).0[..16]);
    Builder::from_custom_bytes(half).into_uuid()
}

impl DisposalList {
    /// The newest message of this kind that went out or came in.
    #[must_use]
    pub fn last_message(&self, kind: MessageKind) -> Option<&Exchanged> {
        self.messages.iter().rev().find(|message| message.kind == kind)
    }

    /// The list may be offered by a message now.
    ///
    /// # Errors
    /// A [`Refusal`] unless it is offered and still to be decided on.
    pub fn require_on_offer(&self) -> Result<(), Refusal> {
        let (why, way_out) = match &self.stage {
            Stage::Offered { .. } if self.offered().next().is_none() => (
                "der Bewertungskatalog des Archivs hat jede ihrer Zeilen entschieden".to_owned(),
                "es ist nichts anzubieten; geben Sie ab, oder schlagen Sie die Vernichtung vor",
            ),
            Stage::Offered { .. } => return Ok(()),
            Stage::Draft => (
                "sie ist noch nicht angeboten".to_owned(),
                "bieten Sie sie mit `schriftgut list offer` an, und schreiben Sie dann die Nachricht",
            ),
            _ => (self.stage_in_words(), "angeboten wird vor dem Vernichtungsvorschlag"),
        };
        Err(self.refuse("ergibt kein Anbieteverzeichnis", why, way_out))
    }

    /// An answer came: whether it answers a message of ours, and in its version.
    ///
    /// # Errors
    /// A [`Refusal`] if nothing went out that it could answer, or in another version.
    pub fn require_asked(&self, kind: MessageKind, version: MessageVersion) -> Result<(), Refusal> {
        let what = "nimmt diese Nachricht nicht an";
        let Some(ours) = kind.answers() else {
            let why = format!("sie ist ein {kind}; solche schreibt die abgebende Stelle selbst");
            return Err(self.refuse(what, why, "nehmen Sie die Antwort des Archivs"));
        };
        match self.last_message(ours) {
            Some(sent) if sent.version == version => Ok(()),
            Some(sent) => Err(self.refuse(
                what,
                format!(
                    "sie ist in xdomea {version}, unser {ours} vom {} in {}",
                    german(sent.on),
                    sent.version
                ),
                "bitten Sie das Archiv um die Antwort in dieser Version, oder schreiben Sie unsere Nachricht neu",
            )),
            None => Err(self.refuse(
                what,
                format!("sie antwortet auf ein {ours}, und für diese Liste wurde keines geschrieben"),
                "prüfen Sie die Kennung der Liste",
            )),
        }
    }

    /// Something is confirmed that was not yet.
    ///
    /// # Errors
    /// A [`Refusal`] if nothing of this was handed over, or all of it is confirmed already.
    pub fn require_unconfirmed(&self, files: impl Iterator<Item = CaseFileId>) -> Result<(), Refusal> {
        let mut files = files.peekable();
        let (why, way_out) = if files.peek().is_none() {
            ("von ihr ist nichts abgegeben", "`schriftgut transfer export` gibt ab")
        } else if files.all(|file| self.confirmed.contains(&file)) {
            ("alle ihre Abgaben sind schon bestätigt", "es ist nichts zu tun")
        } else {
            return Ok(());
        };
        Err(self.refuse("nimmt keine Bestätigung an", why.to_owned(), way_out))
    }

    /// A message went out or came in.
    #[must_use]
    pub fn exchanged(on: Date, kind: MessageKind, version: MessageVersion, digest: Sha256) -> ListEvent {
        ListEvent::Exchanged { message: Exchanged { on, kind, version, digest } }
    }
}
