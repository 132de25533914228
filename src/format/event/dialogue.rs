//! Events of the office about archives outside, as they are kept: what each takes, and what they decide on the file plan.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{FormatError, parse};
use crate::domain::disposal::{Catalogue, HandoverForm, Naming, PlanMessage, Takes};
use crate::domain::ids::PersonId;

#[derive(Serialize, Deserialize)]
pub(super) struct WirePlanMessage {
    on: Date,
    message: String,
    version: String,
    process: Uuid,
    edition: String,
    digest: String,
}

impl From<PlanMessage> for WirePlanMessage {
    fn from(message: PlanMessage) -> Self {
        Self {
            on: message.on,
            message: message.kind.code().to_owned(),
            version: message.version.to_string(),
            process: message.process,
            edition: message.edition.to_string(),
            digest: message.digest.to_string(),
        }
    }
}

impl WirePlanMessage {
    pub(super) fn into_message(self) -> Result<PlanMessage, FormatError> {
        Ok(PlanMessage {
            on: self.on,
            kind: parse(&self.message, "message")?,
            version: parse(&self.version, "version")?,
            process: self.process,
            edition: parse(&self.edition, "edition")?,
            digest: parse(&self.digest, "digest")?,
        })
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct WireCatalogue {
    on: Date,
    version: String,
    process: Uuid,
    edition: String,
    digest: String,
    archive: String,
    by: Uuid,
    classes: BTreeMap<String, String>,
}

impl From<Catalogue> for WireCatalogue {
    fn from(catalogue: Catalogue) -> Self {
        let said = catalogue.classes.iter().map(|(class, said)| (class.to_string(), said.code().to_owned()));
        Self {
            on: catalogue.on,
            version: catalogue.version.to_string(),
            process: catalogue.process,
            edition: catalogue.edition.to_string(),
            digest: catalogue.digest.to_string(),
            classes: said.collect(),
            archive: catalogue.archive,
            by: catalogue.by.0,
        }
    }
}

impl WireCatalogue {
    pub(super) fn into_catalogue(self) -> Result<Catalogue, FormatError> {
        let said =
            |(class, said): (String, String)| Ok((parse(&class, "classes")?, parse(&said, "classes")?));
        Ok(Catalogue {
            on: self.on,
            version: parse(&self.version, "version")?,
            process: self.process,
            edition: parse(&self.edition, "edition")?,
            digest: parse(&self.digest, "digest")?,
            archive: self.archive,
            by: PersonId(self.by),
            classes: self.classes.into_iter().map(said).collect::<Result<_, _>>()?,
        })
    }
}

/// What an archive takes.
#[derive(Serialize, Deserialize)]
pub(super) struct WireTakes {
    form: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    naming: Option<String>,
}

impl From<Takes> for WireTakes {
    fn from(takes: Takes) -> Self {
        Self {
            form: takes.form.code().to_owned(),
            version: takes.version.map(|version| version.to_string()),
            naming: takes.naming.map(|naming| naming.code().to_owned()),
        }
    }
}

impl WireTakes {
    pub(super) fn into_takes(self) -> Result<Takes, FormatError> {
        let form: HandoverForm = parse(&self.form, "form")?;
        let naming = |code: String| Naming::ALL.into_iter().find(|naming| naming.code() == code);
        let naming =
            self.naming.map(|code| naming(code).ok_or_else(|| FormatError::wrong("event", "naming")));
        Ok(Takes {
            form,
            version: self.version.map(|version| parse(&version, "version")).transpose()?,
            naming: naming.transpose()?,
        })
    }
}
