//! Events of disposal lists, as they are kept.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{FormatError, decision_from, documents, parse, uuids};
use crate::base::digest::Sha256;
use crate::domain::appraisal::sample::{Method, Sample};
use crate::domain::appraisal::thinning::Thinned;
use crate::domain::disposal::{ByCatalogue, Exchanged, Line};
use crate::domain::event::ListEvent;
use crate::domain::ids::{ArchiveCopyId, CaseFileId};
use crate::format::wire::WireSignature;

#[derive(Serialize, Deserialize)]
pub(super) struct WireLine {
    file: Uuid,
    rule: String,
    since: Date,
    proposal: Option<String>,
    criteria: Vec<String>,
    documents: Vec<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    catalogue: Option<WireByCatalogue>,
}

/// What the catalogue in force said of a line.
#[derive(Serialize, Deserialize)]
struct WireByCatalogue {
    digest: String,
    class: String,
    decision: String,
    decides: bool,
}

impl WireByCatalogue {
    fn into_said(self) -> Result<ByCatalogue, FormatError> {
        let (digest, decision) = (parse(&self.digest, "digest")?, decision_from(&self.decision)?);
        Ok(ByCatalogue { digest, class: parse(&self.class, "class")?, decision, decides: self.decides })
    }
}

/// How a sample is drawn, as it is kept and printed.
#[derive(Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub(in crate::format) enum WireMethod {
    EveryNth { n: u32, first: u32 },
    Random { per_thousand: u16, seed: String },
    Value { field: String, values: Vec<String> },
    Initial { field: String, letters: Vec<char> },
    Year { years: Vec<i16> },
}

impl From<&Method> for WireMethod {
    fn from(method: &Method) -> Self {
        match method.clone() {
            Method::EveryNth { n, first } => Self::EveryNth { n, first },
            Method::Random { per_thousand, seed } => Self::Random { per_thousand, seed },
            Method::ByValue { field, values } => Self::Value { field, values },
            Method::ByInitial { field, letters } => Self::Initial { field, letters },
            Method::ByYear { years } => Self::Year { years },
        }
    }
}

impl From<WireMethod> for Method {
    fn from(wire: WireMethod) -> Self {
        match wire {
            WireMethod::EveryNth { n, first } => Self::EveryNth { n, first },
            WireMethod::Random { per_thousand, seed } => Self::Random { per_thousand, seed },
            WireMethod::Value { field, values } => Self::ByValue { field, values },
            WireMethod::Initial { field, letters } => Self::ByInitial { field, letters },
            WireMethod::Year { years } => Self::ByYear { years },
        }
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct WireThinned {
    kept: u64,
    of: u64,
    seal: String,
}

impl From<&Thinned> for WireThinned {
    fn from(Thinned { kept, of, seal }: &Thinned) -> Self {
        Self { kept: *kept, of: *of, seal: seal.to_string() }
    }
}

impl WireThinned {
    fn into_thinned(self) -> Result<Thinned, FormatError> {
        Ok(Thinned { kept: self.kept, of: self.of, seal: parse(&self.seal, "seal")? })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum WireList {
    ListCreated {
        on: Date,
        edition: String,
        lines: Vec<WireLine>,
    },
    ListOffered {
        on: Date,
    },
    LineAppraised {
        file: Uuid,
        decision: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        thinned: Option<WireThinned>,
    },
    LineTransferred {
        file: Uuid,
        copy: Uuid,
    },
    ListProposed {
        on: Date,
        signature: WireSignature,
    },
    ListApproved {
        on: Date,
        role: String,
        signature: WireSignature,
    },
    ListWithdrawn {
        on: Date,
    },
    LineObstructed {
        file: Uuid,
        obstacle: String,
    },
    ListExecuted {
        on: Date,
        certificate: String,
    },
    ListSampled {
        on: Date,
        method: WireMethod,
        population: Vec<Uuid>,
        chosen: Vec<Uuid>,
    },
    ListMessaged {
        on: Date,
        message: String,
        version: String,
        digest: String,
    },
    LineConfirmed {
        file: Uuid,
        copy: Uuid,
    },
}

impl From<&ListEvent> for WireList {
    fn from(event: &ListEvent) -> Self {
        match event {
            ListEvent::Created { on, edition, lines } => Self::ListCreated {
                on: *on,
                edition: edition.clone(),
                lines: lines.iter().map(from_line).collect(),
            },
            ListEvent::Offered { on } => Self::ListOffered { on: *on },
            ListEvent::Sampled { on, sample: Sample { method, population, chosen } } => Self::ListSampled {
                on: *on,
                method: method.into(),
                population: population.iter().map(|id| id.0).collect(),
                chosen: chosen.iter().map(|id| id.0).collect(),
            },
            ListEvent::LineAppraised { file, decision, thinned } => Self::LineAppraised {
                file: file.0,
                decision: decision.letter().to_owned(),
                thinned: thinned.as_ref().map(WireThinned::from),
            },
            ListEvent::LineTransferred { file, copy } => Self::LineTransferred { file: file.0, copy: copy.0 },
            ListEvent::Proposed { on, signature } => {
                Self::ListProposed { on: *on, signature: signature.into() }
            }
            ListEvent::Approved { on, role, signature } => {
                Self::ListApproved { on: *on, role: role.to_string(), signature: signature.into() }
            }
            ListEvent::Withdrawn { on } => Self::ListWithdrawn { on: *on },
            ListEvent::LineObstructed { file, obstacle } => {
                Self::LineObstructed { file: file.0, obstacle: obstacle.clone() }
            }
            ListEvent::Executed { on, certificate } => {
                Self::ListExecuted { on: *on, certificate: certificate.to_string() }
            }
            ListEvent::Exchanged { message: Exchanged { on, kind, version, digest } } => Self::ListMessaged {
                on: *on,
                message: kind.code().to_owned(),
                version: version.to_string(),
                digest: digest.to_string(),
            },
            ListEvent::LineConfirmed { file, copy } => Self::LineConfirmed { file: file.0, copy: copy.0 },
        }
    }
}

impl WireList {
    pub(super) fn into_event(self) -> Result<ListEvent, FormatError> {
        match self {
            Self::ListCreated { on, edition, lines } => Ok(ListEvent::Created {
                on,
                edition,
                lines: lines.into_iter().map(WireLine::into_line).collect::<Result<_, _>>()?,
            }),
            Self::ListOffered { on } => Ok(ListEvent::Offered { on }),
            Self::LineAppraised { file, decision, thinned } => Ok(ListEvent::LineAppraised {
                file: CaseFileId(file),
                decision: decision_from(&decision)?,
                thinned: thinned.map(WireThinned::into_thinned).transpose()?,
            }),
            Self::ListSampled { on, method, population, chosen } => {
                let files = |ids: Vec<Uuid>| ids.into_iter().map(CaseFileId).collect();
                let (population, chosen) = (files(population), files(chosen));
                Ok(ListEvent::Sampled { on, sample: Sample { method: method.into(), population, chosen } })
            }
            Self::LineTransferred { file, copy } => {
                Ok(ListEvent::LineTransferred { file: CaseFileId(file), copy: ArchiveCopyId(copy) })
            }
            Self::ListProposed { on, signature } => {
                Ok(ListEvent::Proposed { on, signature: signature.into_signature()? })
            }
            Self::ListApproved { on, role, signature } => Ok(ListEvent::Approved {
                on,
                role: parse(&role, "role")?,
                signature: signature.into_signature()?,
            }),
            Self::ListWithdrawn { on } => Ok(ListEvent::Withdrawn { on }),
            Self::LineObstructed { file, obstacle } => {
                Ok(ListEvent::LineObstructed { file: CaseFileId(file), obstacle })
            }
            Self::ListExecuted { on, certificate } => {
                let certificate: Sha256 = parse(&certificate, "certificate")?;
                Ok(ListEvent::Executed { on, certificate })
            }
            Self::ListMessaged { on, message, version, digest } => Ok(ListEvent::Exchanged {
                message: Exchanged {
                    on,
                    kind: parse(&message, "message")?,
                    version: parse(&version, "version")?,
                    digest: parse(&digest, "digest")?,
                },
            }),
            Self::LineConfirmed { file, copy } => {
                Ok(ListEvent::LineConfirmed { file: CaseFileId(file), copy: ArchiveCopyId(copy) })
            }
        }
    }
}

fn from_line(line: &Line) -> WireLine {
    WireLine {
        file: line.file.0,
        rule: line.cause.to_string(),
        since: line.since,
        proposal: line.proposal.map(|decision| decision.letter().to_owned()),
        criteria: line.criteria.clone(),
        documents: uuids(&line.documents),
        catalogue: line.catalogue.as_ref().map(|said| WireByCatalogue {
            digest: said.digest.to_string(),
            class: said.class.to_string(),
            decision: said.decision.letter().to_owned(),
            decides: said.decides,
        }),
    }
}

impl WireLine {
    fn into_line(self) -> Result<Line, FormatError> {
        Ok(Line {
            file: CaseFileId(self.file),
            cause: self.rule.parse().unwrap_or_else(|never| match never {}),
            since: self.since,
            proposal: self.proposal.as_deref().map(decision_from).transpose()?,
            criteria: self.criteria,
            documents: documents(self.documents),
            catalogue: self.catalogue.map(WireByCatalogue::into_said).transpose()?,
        })
    }
}
