//! Where a file's paper stands, and who has it.

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::case_file::PaperLocation;
use crate::domain::paper::Borrower;
use crate::registry::LoanView;

/// Where the paper of a file stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlaceAnswer {
    /// What the scanner reads from the folder.
    barcode: Option<String>,
    /// The box.
    r#box: Option<String>,
    /// The building.
    building: Option<String>,
    /// The room.
    room: Option<String>,
    /// The shelf.
    shelf: Option<String>,
}

impl From<&PaperLocation> for PlaceAnswer {
    fn from(place: &PaperLocation) -> Self {
        let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Self {
            barcode: place.barcode.as_ref().map(ToString::to_string),
            r#box: known(&place.r#box),
            building: place.building.clone(),
            room: place.room.clone(),
            shelf: known(&place.shelf),
        }
    }
}

/// Who has the paper of a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoanAnswer {
    /// Who lent it.
    by: String,
    /// It should be back by now.
    overdue: bool,
    /// The id of the person who has it, if it is one of the office.
    person: Option<String>,
    /// The day it was lent.
    since: String,
    /// Who has it.
    to: String,
    /// The day it should be back.
    until: Option<String>,
}

impl LoanAnswer {
    /// A loan, as it is on this day.
    #[must_use]
    pub fn of(view: &LoanView, today: Date) -> Self {
        let person = match &view.loan.to {
            Borrower::Person(id) => Some(id.to_string()),
            Borrower::Named(_) => None,
        };
        Self {
            by: view.by.clone(),
            overdue: view.loan.is_overdue(today),
            person,
            since: view.loan.since.to_string(),
            to: view.to.clone(),
            until: view.loan.until.map(|until| until.to_string()),
        }
    }
}
