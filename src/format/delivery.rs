//! What is remembered of a delivered batch (Lieferung), so that people can look how far it is: its list, line by line, and under
//! which id each document is. It is kept for ninety days at the most, sealed, and is no truth: what became of a document the
//! document says. A line whose document was taken in keeps neither path nor reference number, which would outlive it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::FormatError;
use crate::base::digest::Sha256;
use crate::domain::ids::{DeliveryId, DocumentId, PersonId};

const WHAT: &str = "delivery";
const VERSION: u32 = 1;

/// How far a delivery was when it was written down last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Something was wrong with it; nothing was taken in.
    Flawed,
    /// Nothing was wrong with it; nothing was taken in.
    Checked,
    /// It was about to be taken in.
    Begun,
    /// It had been gone through to its end.
    Ended,
}

impl Stage {
    const ALL: [Self; 4] = [Self::Flawed, Self::Checked, Self::Begun, Self::Ended];

    fn code(self) -> &'static str {
        match self {
            Self::Flawed => "flawed",
            Self::Checked => "checked",
            Self::Begun => "begun",
            Self::Ended => "ended",
        }
    }
}

/// A delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The id that never changes.
    pub id: DeliveryId,
    /// Who delivered it.
    pub person: PersonId,
    /// Where its list lies: a keyed hash of the path.
    pub place: Sha256,
    /// Name of the list.
    pub list: String,
    /// The list, when it was looked at last.
    pub list_sha256: Sha256,
    /// When it was looked at first.
    pub begun: Timestamp,
    /// When it was looked at last.
    pub touched: Timestamp,
    /// How far it was then.
    pub stage: Stage,
    /// How many checksums were compared.
    pub checksums: u64,
    /// Its lines, and flaws that are about no line.
    pub lines: Vec<DeliveryLine>,
}

/// One line of a delivery. A document with several flaws has several.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeliveryLine {
    /// The line of the list; none if it is about no line.
    pub line: Option<u64>,
    /// The document it is, or is about to become.
    pub document: Option<DocumentId>,
    /// The file, from the list's folder; none once it is a document.
    pub path: Option<String>,
    /// Reference number of its file; none once it is a document.
    pub reference: Option<String>,
    /// Pages the list counts.
    pub page_count: Option<u32>,
    /// Why it was not taken in.
    pub why: Option<String>,
    /// What to do about it.
    pub way_out: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    format: u32,
    id: Uuid,
    person: Uuid,
    place: String,
    list: String,
    list_sha256: String,
    begun: Timestamp,
    touched: Timestamp,
    stage: String,
    checksums: u64,
    lines: Vec<WireLine>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireLine {
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page_count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    way_out: Option<String>,
}

impl From<&DeliveryLine> for WireLine {
    fn from(line: &DeliveryLine) -> Self {
        Self {
            line: line.line,
            document: line.document.map(|id| id.0),
            path: line.path.clone(),
            reference: line.reference.clone(),
            page_count: line.page_count,
            why: line.why.clone(),
            way_out: line.way_out.clone(),
        }
    }
}

impl From<WireLine> for DeliveryLine {
    fn from(line: WireLine) -> Self {
        Self {
            line: line.line,
            document: line.document.map(DocumentId),
            path: line.path,
            reference: line.reference,
            page_count: line.page_count,
            why: line.why,
            way_out: line.way_out,
        }
    }
}

impl Delivery {
    /// As it is kept, before it is sealed.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        let wire = Wire {
            format: VERSION,
            id: self.id.0,
            person: self.person.0,
            place: self.place.to_string(),
            list: self.list.clone(),
            list_sha256: self.list_sha256.to_string(),
            begun: self.begun,
            touched: self.touched,
            stage: self.stage.code().to_owned(),
            checksums: self.checksums,
            lines: self.lines.iter().map(WireLine::from).collect(),
        };
        serde_json::to_vec(&wire).expect("texts and numbers become JSON")
    }

    /// Reads it.
    ///
    /// # Errors
    /// If it is none of this version.
    pub fn read(bytes: &[u8]) -> Result<Self, FormatError> {
        let wire: Wire = serde_json::from_slice(bytes).map_err(|cause| FormatError::json(WHAT, cause))?;
        if wire.format != VERSION {
            return Err(FormatError::Newer { what: WHAT, version: wire.format });
        }
        let stage = Stage::ALL.into_iter().find(|stage| stage.code() == wire.stage);
        Ok(Self {
            id: DeliveryId(wire.id),
            person: PersonId(wire.person),
            place: wire.place.parse().map_err(|_| FormatError::wrong(WHAT, "place"))?,
            list: wire.list,
            list_sha256: wire.list_sha256.parse().map_err(|_| FormatError::wrong(WHAT, "list_sha256"))?,
            begun: wire.begun,
            touched: wire.touched,
            stage: stage.ok_or_else(|| FormatError::wrong(WHAT, "stage"))?,
            checksums: wire.checksums,
            lines: wire.lines.into_iter().map(DeliveryLine::from).collect(),
        })
    }
}
