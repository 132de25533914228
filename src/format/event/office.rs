//! Events of the office and of people, as they are kept.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{FormatError, parse};
use crate::domain::event::{OfficeEvent, PersonEvent};
use crate::domain::ids::RestorationId;
use crate::domain::restoration::LedgerMark;
use crate::format::wire::{Bytes, WireSignature};

#[derive(Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum WireOffice {
    Founded {
        name: String,
        grace_days: u16,
        demo: bool,
    },
    FilePlanSet {
        source: String,
    },
    RulesEnacted {
        edition: String,
        source: String,
    },
    RuleConfirmed {
        rule: String,
        edition: String,
    },
    Verified {
        objects: u64,
        entries: u64,
    },
    Restored {
        id: Uuid,
        on: Date,
        backup: WireMark,
        witness: Option<WireMark>,
        destroyed_again: u64,
    },
    Released {
        restoration: Uuid,
        on: Date,
        role: String,
        signature: WireSignature,
    },
    Drilled {
        on: Date,
        backup: WireMark,
        files: u64,
        documents: u64,
        pages: u64,
        compared: u64,
        differences: u64,
    },
}

/// How far a ledger went.
#[derive(Serialize, Deserialize)]
pub(super) struct WireMark {
    size: u64,
    root: String,
}

impl From<LedgerMark> for WireMark {
    fn from(mark: LedgerMark) -> Self {
        Self { size: mark.size, root: mark.root.to_string() }
    }
}

impl WireMark {
    fn into_mark(self) -> Result<LedgerMark, FormatError> {
        Ok(LedgerMark { size: self.size, root: parse(&self.root, "root")? })
    }
}

impl From<&OfficeEvent> for WireOffice {
    fn from(event: &OfficeEvent) -> Self {
        match event.clone() {
            OfficeEvent::Founded { name, grace_days, demo } => Self::Founded { name, grace_days, demo },
            OfficeEvent::FilePlanSet { source } => Self::FilePlanSet { source },
            OfficeEvent::RulesEnacted { edition, source } => Self::RulesEnacted { edition, source },
            OfficeEvent::RuleConfirmed { rule, edition } => Self::RuleConfirmed { rule, edition },
            OfficeEvent::Verified { objects, entries } => Self::Verified { objects, entries },
            OfficeEvent::Restored { id, on, backup, witness, destroyed_again } => Self::Restored {
                id: id.0,
                on,
                backup: backup.into(),
                witness: witness.map(WireMark::from),
                destroyed_again,
            },
            OfficeEvent::Released { restoration, on, role, signature } => Self::Released {
                restoration: restoration.0,
                on,
                role: role.to_string(),
                signature: (&signature).into(),
            },
            OfficeEvent::Drilled { on, backup, files, documents, pages, compared, differences } => {
                let backup = backup.into();
                Self::Drilled { on, backup, files, documents, pages, compared, differences }
            }
        }
    }
}

impl WireOffice {
    pub(super) fn into_event(self) -> Result<OfficeEvent, FormatError> {
        match self {
            Self::Founded { name, grace_days, demo } => Ok(OfficeEvent::Founded { name, grace_days, demo }),
            Self::FilePlanSet { source } => Ok(OfficeEvent::FilePlanSet { source }),
            Self::RulesEnacted { edition, source } => Ok(OfficeEvent::RulesEnacted { edition, source }),
            Self::RuleConfirmed { rule, edition } => Ok(OfficeEvent::RuleConfirmed { rule, edition }),
            Self::Verified { objects, entries } => Ok(OfficeEvent::Verified { objects, entries }),
            Self::Restored { id, on, backup, witness, destroyed_again } => Ok(OfficeEvent::Restored {
                id: RestorationId(id),
                on,
                backup: backup.into_mark()?,
                witness: witness.map(WireMark::into_mark).transpose()?,
                destroyed_again,
            }),
            Self::Released { restoration, on, role, signature } => Ok(OfficeEvent::Released {
                restoration: RestorationId(restoration),
                on,
                role: parse(&role, "role")?,
                signature: signature.into_signature()?,
            }),
            Self::Drilled { on, backup, files, documents, pages, compared, differences } => {
                let backup = backup.into_mark()?;
                Ok(OfficeEvent::Drilled { on, backup, files, documents, pages, compared, differences })
            }
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum WirePerson {
    Registered { login: String, name: String },
    SecretSet { sealed_key: Bytes },
    RightsSet { roles: Vec<String>, clearances: Vec<String> },
    SigningKeyPublished { public: Bytes },
}

impl From<&PersonEvent> for WirePerson {
    fn from(event: &PersonEvent) -> Self {
        match event {
            PersonEvent::Registered { login, name } => {
                Self::Registered { login: login.clone(), name: name.clone() }
            }
            PersonEvent::SecretSet { sealed_key } => {
                Self::SecretSet { sealed_key: Bytes(sealed_key.clone()) }
            }
            PersonEvent::RightsSet { roles, clearances } => {
                Self::RightsSet { roles: codes(roles), clearances: codes(clearances) }
            }
            PersonEvent::SigningKeyPublished { public } => {
                Self::SigningKeyPublished { public: Bytes(public.to_vec()) }
            }
        }
    }
}

impl WirePerson {
    pub(super) fn into_event(self) -> Result<PersonEvent, FormatError> {
        match self {
            Self::Registered { login, name } => Ok(PersonEvent::Registered { login, name }),
            Self::SecretSet { sealed_key } => Ok(PersonEvent::SecretSet { sealed_key: sealed_key.0 }),
            Self::RightsSet { roles, clearances } => Ok(PersonEvent::RightsSet {
                roles: parse_all(&roles, "roles")?,
                clearances: parse_all(&clearances, "clearances")?,
            }),
            Self::SigningKeyPublished { public } => {
                Ok(PersonEvent::SigningKeyPublished { public: public.fixed("public")? })
            }
        }
    }
}

fn codes<T: ToString>(values: &BTreeSet<T>) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

fn parse_all<T: std::str::FromStr + Ord>(
    texts: &[String],
    field: &'static str,
) -> Result<BTreeSet<T>, FormatError> {
    texts.iter().map(|text| parse(text, field)).collect()
}
