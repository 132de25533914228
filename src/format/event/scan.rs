//! Scans that stand for their paper, as events keep them: what is said of one, looks at its pages, its transfer note.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{FormatError, parse};
use crate::domain::ids::PersonId;
use crate::domain::scan::note::{Named, Quality};
use crate::domain::scan::{PageVerdict, PaperScan, Procedure, TransferNote};

#[derive(Serialize, Deserialize)]
struct WireProcedure {
    name: String,
    version: String,
    device: String,
    software: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    site: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct WireScan {
    procedure: WireProcedure,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    operator: Option<String>,
    captured: DateTime,
    pages_on_paper: Option<u32>,
    need: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    irreplaceable: Option<String>,
    seed: String,
    by: Uuid,
    on: Date,
}

#[derive(Serialize, Deserialize)]
struct WireRescan {
    page: u32,
    reason: String,
}

/// Accepted pages by their numbers, the others with the reason.
#[derive(Serialize, Deserialize)]
pub(super) struct WireChecked {
    version: u32,
    accepted: Vec<u32>,
    rescan: Vec<WireRescan>,
    by: Uuid,
    on: Date,
}

#[derive(Serialize, Deserialize)]
struct WireNamed {
    person: Uuid,
    name: String,
}

#[derive(Serialize, Deserialize)]
struct WireQuality {
    need: String,
    pages_required: u32,
    pages_accepted: u32,
    seed: String,
    by: Vec<WireNamed>,
    until: Date,
}

#[derive(Serialize, Deserialize)]
pub(super) struct WireNote {
    version: u32,
    sha256: String,
    size_bytes: u64,
    pages: u32,
    creator: WireNamed,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    operator: Option<String>,
    procedure: WireProcedure,
    anomalies: Vec<String>,
    captured: DateTime,
    quality: WireQuality,
    statement: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seal: Option<String>,
    by: WireNamed,
    on: Date,
}

impl From<&Procedure> for WireProcedure {
    fn from(procedure: &Procedure) -> Self {
        let Procedure { name, version, device, software, site } = procedure.clone();
        Self { name, version, device, software, site }
    }
}

impl From<WireProcedure> for Procedure {
    fn from(wire: WireProcedure) -> Self {
        let WireProcedure { name, version, device, software, site } = wire;
        Self { name, version, device, software, site }
    }
}

impl From<&Named> for WireNamed {
    fn from(named: &Named) -> Self {
        Self { person: named.person.0, name: named.name.clone() }
    }
}

impl From<WireNamed> for Named {
    fn from(wire: WireNamed) -> Self {
        Self { person: PersonId(wire.person), name: wire.name }
    }
}

impl From<&PaperScan> for WireScan {
    fn from(scan: &PaperScan) -> Self {
        Self {
            procedure: (&scan.procedure).into(),
            operator: scan.operator.clone(),
            captured: scan.captured,
            pages_on_paper: scan.pages_on_paper,
            need: scan.need.to_string(),
            irreplaceable: scan.irreplaceable.map(|kind| kind.to_string()),
            seed: scan.seed.clone(),
            by: scan.by.0,
            on: scan.on,
        }
    }
}

impl WireScan {
    pub(super) fn into_scan(self) -> Result<PaperScan, FormatError> {
        let irreplaceable = self.irreplaceable.map(|kind| parse(&kind, "irreplaceable")).transpose()?;
        Ok(PaperScan {
            procedure: self.procedure.into(),
            operator: self.operator,
            captured: self.captured,
            pages_on_paper: self.pages_on_paper,
            need: parse(&self.need, "need")?,
            irreplaceable,
            seed: self.seed,
            by: PersonId(self.by),
            on: self.on,
        })
    }
}

impl WireChecked {
    pub(super) fn of(version: u32, pages: &[(u32, PageVerdict)], by: PersonId, on: Date) -> Self {
        let (mut accepted, mut rescan) = (Vec::new(), Vec::new());
        for (page, verdict) in pages {
            match verdict {
                PageVerdict::Accepted => accepted.push(*page),
                PageVerdict::Rescan { reason } => {
                    rescan.push(WireRescan { page: *page, reason: reason.clone() });
                }
            }
        }
        Self { version, accepted, rescan, by: by.0, on }
    }

    pub(super) fn into_parts(self) -> (u32, Vec<(u32, PageVerdict)>, PersonId, Date) {
        let accepted = self.accepted.into_iter().map(|page| (page, PageVerdict::Accepted));
        let rescan =
            self.rescan.into_iter().map(|WireRescan { page, reason }| (page, PageVerdict::Rescan { reason }));
        (self.version, accepted.chain(rescan).collect(), PersonId(self.by), self.on)
    }
}

impl From<&TransferNote> for WireNote {
    fn from(note: &TransferNote) -> Self {
        let quality = &note.quality;
        Self {
            version: note.version,
            sha256: note.sha256.to_string(),
            size_bytes: note.size_bytes,
            pages: note.pages,
            creator: (&note.creator).into(),
            operator: note.operator.clone(),
            procedure: (&note.procedure).into(),
            anomalies: note.anomalies.clone(),
            captured: note.captured,
            quality: WireQuality {
                need: quality.need.to_string(),
                pages_required: quality.pages_required,
                pages_accepted: quality.pages_accepted,
                seed: quality.seed.clone(),
                by: quality.by.iter().map(WireNamed::from).collect(),
                until: quality.until,
            },
            statement: note.statement.clone(),
            seal: note.seal.clone(),
            by: (&note.by).into(),
            on: note.on,
        }
    }
}

impl WireNote {
    pub(super) fn into_note(self) -> Result<TransferNote, FormatError> {
        let quality = self.quality;
        Ok(TransferNote {
            version: self.version,
            sha256: parse(&self.sha256, "sha256")?,
            size_bytes: self.size_bytes,
            pages: self.pages,
            creator: self.creator.into(),
            operator: self.operator,
            procedure: self.procedure.into(),
            anomalies: self.anomalies,
            captured: self.captured,
            quality: Quality {
                need: parse(&quality.need, "need")?,
                pages_required: quality.pages_required,
                pages_accepted: quality.pages_accepted,
                seed: quality.seed,
                by: quality.by.into_iter().map(Named::from).collect(),
                until: quality.until,
            },
            statement: self.statement,
            seal: self.seal,
            by: self.by.into(),
            on: self.on,
        })
    }
}
