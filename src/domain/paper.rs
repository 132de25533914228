//! The paper of a file (Papierakte): where it stands, which barcode is on its folder, and who has it on loan. Knows
//! nothing of what becomes of it: its fate is told in [`super::retention`].

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use super::case_file::CaseFile;
use super::ids::PersonId;
use super::life_cycle::german;
use super::refusal::Refusal;

/// Longest part of a place (building, room, shelf, box), in characters.
pub const PLACE_CHARS_MAX: usize = 80;
/// Longest barcode, in characters.
pub const BARCODE_CHARS_MAX: usize = 40;
/// Longest name of somebody who borrows, in characters.
pub const BORROWER_CHARS_MAX: usize = 200;

/// What the scanner reads from the folder of one file (Strichcode). No two files that are there have the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Barcode(String);

/// Not a barcode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a barcode has 1 to {BARCODE_CHARS_MAX} visible ASCII characters and no blanks")]
pub struct NotABarcode;

impl FromStr for Barcode {
    type Err = NotABarcode;
    fn from_str(text: &str) -> Result<Self, NotABarcode> {
        let text = text.trim();
        let fits = (1..=BARCODE_CHARS_MAX).contains(&text.len());
        if fits && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotABarcode)
        }
    }
}

impl fmt::Display for Barcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Barcode {
    /// As the scanner reads it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where the paper stands (Standort).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PaperLocation {
    /// Building (Gebäude).
    pub building: Option<String>,
    /// Room (Raum).
    pub room: Option<String>,
    /// Shelf (Regal); empty if it is not known.
    pub shelf: String,
    /// Box (Karton); empty if there is none.
    pub r#box: String,
    /// What the scanner reads from the file's folder.
    pub barcode: Option<Barcode>,
}

/// What the file is kept on. Two carriers have two fates.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Carriers {
    /// The paper original, with its place; none if there never was one or it has gone.
    pub paper: Option<PaperLocation>,
}

/// What somebody says of the place of a file's paper. What is not named stays; what is named and empty is taken away.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Placing {
    /// Building.
    pub building: Option<String>,
    /// Room.
    pub room: Option<String>,
    /// Shelf.
    pub shelf: Option<String>,
    /// Box.
    pub r#box: Option<String>,
    /// Barcode.
    pub barcode: Option<String>,
}

/// A part of a place, as flaws name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlacePart {
    /// Building.
    Building,
    /// Room.
    Room,
    /// Shelf.
    Shelf,
    /// Box.
    Box,
}

/// What is wrong with a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlaceFlaw {
    /// A part is longer than [`PLACE_CHARS_MAX`].
    TooLong(PlacePart),
    /// A part has a control character in it, such as the end of a line.
    Unprintable(PlacePart),
    /// Not a barcode.
    NotABarcode,
    /// Nothing would be left of the place.
    Nowhere,
}

impl Placing {
    /// What a table says of building, room, shelf, box and barcode; an empty cell says nothing.
    #[must_use]
    pub fn of_cells(cells: [&str; 5]) -> Self {
        let said = |cell: &str| (!cell.is_empty()).then(|| cell.to_owned());
        let [building, room, shelf, r#box, barcode] = cells.map(said);
        Self { building, room, shelf, r#box, barcode }
    }

    /// Nothing is named.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        *self == Self::default()
    }

    /// The place as it is then.
    ///
    /// # Errors
    /// The first [`PlaceFlaw`].
    pub fn applied_to(&self, before: Option<&PaperLocation>) -> Result<PaperLocation, PlaceFlaw> {
        let mut place = before.cloned().unwrap_or_default();
        let filled = |text: String| (!text.is_empty()).then_some(text);
        if let Some(building) = part(PlacePart::Building, self.building.as_deref())? {
            place.building = filled(building);
        }
        if let Some(room) = part(PlacePart::Room, self.room.as_deref())? {
            place.room = filled(room);
        }
        if let Some(shelf) = part(PlacePart::Shelf, self.shelf.as_deref())? {
            place.shelf = shelf;
        }
        if let Some(r#box) = part(PlacePart::Box, self.r#box.as_deref())? {
            place.r#box = r#box;
        }
        match self.barcode.as_deref().map(str::trim) {
            None => {}
            Some("") => place.barcode = None,
            Some(code) => place.barcode = Some(code.parse().map_err(|_| PlaceFlaw::NotABarcode)?),
        }
        if place == PaperLocation::default() { Err(PlaceFlaw::Nowhere) } else { Ok(place) }
    }
}

fn part(part: PlacePart, text: Option<&str>) -> Result<Option<String>, PlaceFlaw> {
    let Some(text) = text.map(str::trim) else { return Ok(None) };
    if text.chars().count() > PLACE_CHARS_MAX {
        return Err(PlaceFlaw::TooLong(part));
    }
    if text.chars().any(char::is_control) {
        return Err(PlaceFlaw::Unprintable(part));
    }
    Ok(Some(text.to_owned()))
}

/// Who has the paper of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Borrower {
    /// Somebody who is known here.
    Person(PersonId),
    /// Anybody else, as whoever lent it wrote: name and office.
    Named(String),
}

/// Not a name of somebody who borrows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("whoever borrows is named in 1 to {BORROWER_CHARS_MAX} visible characters")]
pub struct NotABorrower;

impl Borrower {
    /// Somebody who is not known here.
    ///
    /// # Errors
    /// [`NotABorrower`] for no or too many characters, or one that is not visible.
    pub fn named(text: &str) -> Result<Self, NotABorrower> {
        let text = text.trim();
        let fits = (1..=BORROWER_CHARS_MAX).contains(&text.chars().count());
        if fits && !text.chars().any(char::is_control) {
            Ok(Self::Named(text.to_owned()))
        } else {
            Err(NotABorrower)
        }
    }
}

/// A loan (Ausleihe) of a file's paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loan {
    /// Who has it.
    pub to: Borrower,
    /// Since when.
    pub since: Date,
    /// The last day it may be away; none if nobody said.
    pub until: Option<Date>,
    /// Who lent it.
    pub by: PersonId,
}

impl Loan {
    /// It should have come back before this day.
    #[must_use]
    pub fn is_overdue(&self, on: Date) -> bool {
        self.until.is_some_and(|until| until < on)
    }
}

/// A loan that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastLoan {
    /// The loan.
    pub loan: Loan,
    /// The day the paper came back.
    pub returned: Date,
}

/// What is lent is not lent again; `to` is whoever has it, as people call them.
#[must_use]
pub fn lent_already(file: &CaseFile, loan: &Loan, to: &str) -> Refusal {
    let until = loan.until.map_or_else(String::new, |until| format!(" bis {}", german(until)));
    Refusal::new(
        format!("Die Papierakte {} kann nicht ausgeliehen werden", file.reference),
        format!("sie ist seit {}{until} an {to} ausgeliehen", german(loan.since)),
        "tragen Sie zuerst die Rückgabe ein (`schriftgut paper return`)",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_barcode_is_what_a_scanner_types() {
        let read = |text: &str| text.parse::<Barcode>().map(|code| code.to_string());
        assert_eq!(read(" AB-0815 "), Ok("AB-0815".to_owned()));
        assert_eq!(read(&"7".repeat(BARCODE_CHARS_MAX)), Ok("7".repeat(BARCODE_CHARS_MAX)));
        for wrong in ["", " ", "47 11", "47\u{7}11", "Bücher", &"7".repeat(BARCODE_CHARS_MAX + 1)] {
            assert_eq!(read(wrong), Err(NotABarcode), "{wrong:?}");
        }
    }

    #[test]
    fn what_is_not_named_of_a_place_stays_and_what_is_empty_goes() {
        let said = |text: &str| Some(text.to_owned());
        let all = Placing {
            building: said("Rathaus"),
            room: said("U 12"),
            shelf: said(" R4 "),
            r#box: said("K17"),
            barcode: said("4711"),
        };
        let before = all.applied_to(None).unwrap();
        assert_eq!((before.shelf.as_str(), before.r#box.as_str()), ("R4", "K17"));
        assert_eq!(Placing::default().applied_to(Some(&before)), Ok(before.clone()));
        let moved = Placing { room: said("U 13"), r#box: said(""), ..Placing::default() };
        let after = moved.applied_to(Some(&before)).unwrap();
        assert_eq!(after, PaperLocation { room: said("U 13"), r#box: String::new(), ..before.clone() });
        let bare = Placing { barcode: said(" "), ..Placing::default() };
        assert_eq!(bare.applied_to(Some(&before)).unwrap().barcode, None);
    }

    #[test]
    fn a_place_that_is_none_has_its_flaw() {
        let shelf = |text: &str| Placing { shelf: Some(text.to_owned()), ..Placing::default() };
        let flaw = |placing: Placing| placing.applied_to(None).unwrap_err();
        assert_eq!(flaw(Placing::default()), PlaceFlaw::Nowhere);
        assert_eq!(flaw(shelf("  ")), PlaceFlaw::Nowhere);
        assert_eq!(flaw(shelf("R\n4")), PlaceFlaw::Unprintable(PlacePart::Shelf));
        assert_eq!(flaw(shelf(&"ü".repeat(PLACE_CHARS_MAX + 1))), PlaceFlaw::TooLong(PlacePart::Shelf));
        assert!(shelf(&"ü".repeat(PLACE_CHARS_MAX)).applied_to(None).is_ok());
        let barcode = Placing { barcode: Some("zwei Wörter".to_owned()), ..Placing::default() };
        assert_eq!(flaw(barcode), PlaceFlaw::NotABarcode);
    }

    #[test]
    fn a_loan_is_overdue_from_the_day_behind_its_last() {
        let day = |day| jiff::civil::date(2026, 3, day);
        let loan = |until| Loan {
            to: Borrower::Person(PersonId::PROGRAM),
            since: day(1),
            until,
            by: PersonId::PROGRAM,
        };
        assert!(!loan(Some(day(9))).is_overdue(day(9)));
        assert!(loan(Some(day(9))).is_overdue(day(10)));
        assert!(!loan(None).is_overdue(Date::MAX));
        assert_eq!(Borrower::named(" Frau Öz, Amt 63 "), Ok(Borrower::Named("Frau Öz, Amt 63".to_owned())));
        assert!(Borrower::named("a\nb").is_err() && Borrower::named(" ").is_err());
        assert!(Borrower::named(&"x".repeat(BORROWER_CHARS_MAX + 1)).is_err());
    }
}
