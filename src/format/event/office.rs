//! Events of the office and of people, as they are kept.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::dialogue::{WireCatalogue, WirePlanMessage, WireTakes};
use super::{FormatError, parse};
use crate::domain::deputy::Deputyship;
use crate::domain::event::{OfficeEvent, PersonEvent};
use crate::domain::fixity::{Look, Part};
use crate::domain::ids::{CaseFileId, DeputyshipId, PersonId, RestorationId, SavedSearchId, TokenId};
use crate::domain::restoration::{BackupPart, LedgerMark};
use crate::domain::saved::SavedSearch;
use crate::domain::token::Token;
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
        #[serde(default, skip_serializing_if = "Option::is_none")]
        edition: Option<String>,
        source: String,
    },
    RulesEnacted {
        edition: String,
        source: String,
    },
    RulesProposed {
        edition: String,
        source: String,
        by: Uuid,
    },
    RuleConfirmed {
        rule: String,
        edition: String,
    },
    StreetsSet {
        source: String,
    },
    RecordTypesEnacted {
        sources: BTreeMap<String, String>,
    },
    NumberGiven {
        class: String,
        year: i16,
        number: u64,
        pattern: String,
        by_hand: bool,
    },
    PlanMessaged(WirePlanMessage),
    PlanAppraised(WireCatalogue),
    ArchiveSet {
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        takes: Option<WireTakes>,
        default: bool,
    },
    Verified {
        objects: u64,
        entries: u64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        look: Option<WireLook>,
    },
    Repaired {
        objects: u64,
        archived: u64,
        ids: String,
        source: String,
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
    BackedUp {
        on: Date,
        part: String,
        backup: WireMark,
        objects: u64,
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
            OfficeEvent::FilePlanSet { edition, source } => {
                Self::FilePlanSet { edition: edition.map(|edition| edition.to_string()), source }
            }
            OfficeEvent::NumberGiven { class, year, number, pattern, by_hand } => {
                let (class, pattern) = (class.to_string(), pattern.to_string());
                Self::NumberGiven { class, year, number, pattern, by_hand }
            }
            OfficeEvent::RulesEnacted { edition, source } => Self::RulesEnacted { edition, source },
            OfficeEvent::RulesProposed { edition, source, by } => {
                Self::RulesProposed { edition: edition.to_string(), source, by: by.0 }
            }
            OfficeEvent::RuleConfirmed { rule, edition } => Self::RuleConfirmed { rule, edition },
            OfficeEvent::StreetsSet { source } => Self::StreetsSet { source },
            OfficeEvent::RecordTypesEnacted { sources } => Self::RecordTypesEnacted { sources },
            OfficeEvent::PlanMessaged { message } => Self::PlanMessaged(message.into()),
            OfficeEvent::PlanAppraised { catalogue } => Self::PlanAppraised(catalogue.into()),
            OfficeEvent::ArchiveSet { name, takes, is_default } => {
                Self::ArchiveSet { name, takes: takes.map(WireTakes::from), default: is_default }
            }
            OfficeEvent::Verified { objects, entries, look } => {
                Self::Verified { objects, entries, look: look.as_ref().map(WireLook::from) }
            }
            OfficeEvent::Repaired { objects, archived, ids, source } => {
                Self::Repaired { objects, archived, ids: ids.to_string(), source: source.to_string() }
            }
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
            OfficeEvent::BackedUp { on, part, backup, objects } => {
                Self::BackedUp { on, part: part.code().to_owned(), backup: backup.into(), objects }
            }
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
            Self::FilePlanSet { edition, source } => {
                let edition = edition.map(|edition| parse(&edition, "edition")).transpose()?;
                Ok(OfficeEvent::FilePlanSet { edition, source })
            }
            Self::NumberGiven { class, year, number, pattern, by_hand } => {
                let (class, pattern) = (parse(&class, "class")?, parse(&pattern, "pattern")?);
                Ok(OfficeEvent::NumberGiven { class, year, number, pattern, by_hand })
            }
            Self::RulesEnacted { edition, source } => Ok(OfficeEvent::RulesEnacted { edition, source }),
            Self::RulesProposed { edition, source, by } => Ok(OfficeEvent::RulesProposed {
                edition: parse(&edition, "edition")?,
                source,
                by: PersonId(by),
            }),
            Self::RuleConfirmed { rule, edition } => Ok(OfficeEvent::RuleConfirmed { rule, edition }),
            Self::StreetsSet { source } => Ok(OfficeEvent::StreetsSet { source }),
            Self::RecordTypesEnacted { sources } => Ok(OfficeEvent::RecordTypesEnacted { sources }),
            Self::PlanMessaged(message) => Ok(OfficeEvent::PlanMessaged { message: message.into_message()? }),
            Self::PlanAppraised(said) => Ok(OfficeEvent::PlanAppraised { catalogue: said.into_catalogue()? }),
            Self::ArchiveSet { name, takes, default } => {
                let takes = takes.map(WireTakes::into_takes).transpose()?;
                Ok(OfficeEvent::ArchiveSet { name, takes, is_default: default })
            }
            Self::Verified { objects, entries, look } => {
                let look = look.map(WireLook::into_look).transpose()?;
                Ok(OfficeEvent::Verified { objects, entries, look })
            }
            Self::Repaired { objects, archived, ids, source } => {
                let (ids, source) = (parse(&ids, "ids")?, parse(&source, "source")?);
                Ok(OfficeEvent::Repaired { objects, archived, ids, source })
            }
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
            Self::BackedUp { on, part, backup, objects } => {
                let part = BackupPart::of_code(&part).ok_or_else(|| FormatError::wrong("event", "part"))?;
                Ok(OfficeEvent::BackedUp { on, part, backup: backup.into_mark()?, objects })
            }
            Self::Drilled { on, backup, files, documents, pages, compared, differences } => {
                let backup = backup.into_mark()?;
                Ok(OfficeEvent::Drilled { on, backup, files, documents, pages, compared, differences })
            }
        }
    }
}

/// What a verification covered and found.
#[derive(Serialize, Deserialize)]
pub(super) struct WireLook {
    part: u32,
    of: u32,
    complete: bool,
    read_data: bool,
    since: Date,
    changed: u64,
    missing: u64,
    untracked: u64,
    vault_root: String,
    archive_root: String,
}

impl From<&Look> for WireLook {
    fn from(look: &Look) -> Self {
        Self {
            part: look.part.number(),
            of: look.part.of(),
            complete: look.complete,
            read_data: look.read_data,
            since: look.since,
            changed: look.changed,
            missing: look.missing,
            untracked: look.untracked,
            vault_root: look.vault_root.to_string(),
            archive_root: look.archive_root.to_string(),
        }
    }
}

impl WireLook {
    fn into_look(self) -> Result<Look, FormatError> {
        Ok(Look {
            part: Part::new(self.part, self.of).ok_or_else(|| FormatError::wrong("event", "part"))?,
            complete: self.complete,
            read_data: self.read_data,
            since: self.since,
            changed: self.changed,
            missing: self.missing,
            untracked: self.untracked,
            vault_root: parse(&self.vault_root, "vault_root")?,
            archive_root: parse(&self.archive_root, "archive_root")?,
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum WirePerson {
    Registered { login: String, name: String },
    SecretSet { sealed_key: Bytes },
    RightsSet { roles: Vec<String>, clearances: Vec<String> },
    DutiesSet { branches: Vec<String> },
    SigningKeyPublished { public: Bytes },
    SearchSaved { search: Uuid, name: String, query: String, file: Option<Uuid>, order: String, seen: u64 },
    SearchRenamed { search: Uuid, name: String },
    SearchSeen { search: Uuid, seen: u64 },
    SearchForgotten { search: Uuid },
    DeputyNamed { deputyship: Uuid, deputy: Uuid, from: Date, until: Date, reason: String },
    DeputyshipEnded { deputyship: Uuid, on: Date },
    TokenIssued { token: Uuid, name: String, scopes: Vec<String>, issued: Date, until: Date, digest: String },
    TokenRevoked { token: Uuid, on: Date },
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
            PersonEvent::DutiesSet { branches } => Self::DutiesSet { branches: codes(branches) },
            PersonEvent::SigningKeyPublished { public } => {
                Self::SigningKeyPublished { public: Bytes(public.to_vec()) }
            }
            PersonEvent::SearchSaved { search } => {
                let SavedSearch { id, name, query, only_file, order, seen } = search.clone();
                let (name, order) = (name.to_string(), order.code().to_owned());
                Self::SearchSaved {
                    search: id.0,
                    name,
                    query,
                    file: only_file.map(|file| file.0),
                    order,
                    seen,
                }
            }
            PersonEvent::SearchRenamed { id, name } => {
                Self::SearchRenamed { search: id.0, name: name.to_string() }
            }
            PersonEvent::SearchSeen { id, seen } => Self::SearchSeen { search: id.0, seen: *seen },
            PersonEvent::SearchForgotten { id } => Self::SearchForgotten { search: id.0 },
            PersonEvent::DeputyNamed { deputyship } => {
                let Deputyship { id, deputy, from, until, reason } = deputyship.clone();
                Self::DeputyNamed { deputyship: id.0, deputy: deputy.0, from, until, reason }
            }
            PersonEvent::DeputyshipEnded { id, on } => Self::DeputyshipEnded { deputyship: id.0, on: *on },
            PersonEvent::TokenIssued { token } => {
                let Token { id, name, scopes, issued, until, digest } = token.clone();
                let (name, scopes, digest) = (name.to_string(), codes(&scopes), digest.to_string());
                Self::TokenIssued { token: id.0, name, scopes, issued, until, digest }
            }
            PersonEvent::TokenRevoked { id, on } => Self::TokenRevoked { token: id.0, on: *on },
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
            Self::DutiesSet { branches } => {
                Ok(PersonEvent::DutiesSet { branches: parse_all(&branches, "branches")? })
            }
            Self::SigningKeyPublished { public } => {
                Ok(PersonEvent::SigningKeyPublished { public: public.fixed("public")? })
            }
            Self::SearchSaved { search, name, query, file, order, seen } => Ok(PersonEvent::SearchSaved {
                search: SavedSearch {
                    id: SavedSearchId(search),
                    name: parse(&name, "name")?,
                    query,
                    only_file: file.map(CaseFileId),
                    order: parse(&order, "order")?,
                    seen,
                },
            }),
            Self::SearchRenamed { search, name } => {
                Ok(PersonEvent::SearchRenamed { id: SavedSearchId(search), name: parse(&name, "name")? })
            }
            Self::SearchSeen { search, seen } => {
                Ok(PersonEvent::SearchSeen { id: SavedSearchId(search), seen })
            }
            Self::SearchForgotten { search } => {
                Ok(PersonEvent::SearchForgotten { id: SavedSearchId(search) })
            }
            Self::DeputyNamed { deputyship, deputy, from, until, reason } => {
                let (id, deputy) = (DeputyshipId(deputyship), PersonId(deputy));
                Ok(PersonEvent::DeputyNamed { deputyship: Deputyship { id, deputy, from, until, reason } })
            }
            Self::DeputyshipEnded { deputyship, on } => {
                Ok(PersonEvent::DeputyshipEnded { id: DeputyshipId(deputyship), on })
            }
            Self::TokenIssued { token, name, scopes, issued, until, digest } => {
                let (id, name, scopes) =
                    (TokenId(token), parse(&name, "name")?, parse_all(&scopes, "scopes")?);
                let digest = parse(&digest, "digest")?;
                Ok(PersonEvent::TokenIssued { token: Token { id, name, scopes, issued, until, digest } })
            }
            Self::TokenRevoked { token, on } => Ok(PersonEvent::TokenRevoked { id: TokenId(token), on }),
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
