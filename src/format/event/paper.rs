//! Places and loans of paper, as events keep them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{FormatError, parse};
use crate::domain::ids::PersonId;
use crate::domain::paper::{Borrower, Loan, PaperLocation};

#[derive(Serialize, Deserialize)]
pub(super) struct WirePaper {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    building: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    room: Option<String>,
    shelf: String,
    r#box: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    barcode: Option<String>,
}

/// `person` or `name`.
#[derive(Serialize, Deserialize)]
pub(super) struct WireLoan {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    person: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    since: Date,
    until: Option<Date>,
    by: Uuid,
}

impl From<&PaperLocation> for WirePaper {
    fn from(place: &PaperLocation) -> Self {
        let PaperLocation { building, room, shelf, r#box, barcode } = place.clone();
        Self { building, room, shelf, r#box, barcode: barcode.map(|code| code.to_string()) }
    }
}

impl WirePaper {
    pub(super) fn into_place(self) -> Result<PaperLocation, FormatError> {
        let Self { building, room, shelf, r#box, barcode } = self;
        let barcode = barcode.map(|code| parse(&code, "barcode")).transpose()?;
        Ok(PaperLocation { building, room, shelf, r#box, barcode })
    }
}

impl From<&Loan> for WireLoan {
    fn from(loan: &Loan) -> Self {
        let (person, name) = match &loan.to {
            Borrower::Person(id) => (Some(id.0), None),
            Borrower::Named(name) => (None, Some(name.clone())),
        };
        Self { person, name, since: loan.since, until: loan.until, by: loan.by.0 }
    }
}

impl WireLoan {
    pub(super) fn into_loan(self) -> Result<Loan, FormatError> {
        let Self { person, name, since, until, by } = self;
        let to = match (person, name) {
            (Some(person), None) => Borrower::Person(PersonId(person)),
            (None, Some(name)) => Borrower::Named(name),
            _ => return Err(FormatError::wrong("event", "person")),
        };
        Ok(Loan { to, since, until, by: PersonId(by) })
    }
}
