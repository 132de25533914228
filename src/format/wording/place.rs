//! Words for paper: where it stands, what is wrong with a place, and who has it on loan.

use jiff::civil::Date;

use super::day;
use crate::domain::paper::{
    BARCODE_CHARS_MAX, BORROWER_CHARS_MAX, Loan, PLACE_CHARS_MAX, PaperLocation, PlaceFlaw, PlacePart,
};

/// The parts of a place that are known, with what each is called.
fn parts(place: &PaperLocation) -> impl Iterator<Item = (&'static str, &str)> {
    let parts = [
        ("Gebäude", place.building.as_deref().unwrap_or_default()),
        ("Raum", place.room.as_deref().unwrap_or_default()),
        ("Regal", &place.shelf),
        ("Karton", &place.r#box),
        ("Strichcode", place.barcode.as_ref().map_or("", |code| code.as_str())),
    ];
    parts.into_iter().filter(|(_, text)| !text.is_empty())
}

/// `Gebäude Rathaus, Raum U 12, Regal R4, Karton K17, Strichcode 4711`; what is not known is left out.
#[must_use]
pub fn place(place: &PaperLocation) -> String {
    let parts: Vec<_> = parts(place).map(|(name, text)| format!("{name} {text}")).collect();
    parts.join(", ")
}

/// What changes of a place: `Regal: R4 → R5; Karton: K17 → –`. Where there was no paper, all of it is new.
#[must_use]
pub fn place_change(before: Option<&PaperLocation>, after: &PaperLocation) -> String {
    let nowhere = PaperLocation::default();
    let was: Vec<_> = parts(before.unwrap_or(&nowhere)).collect();
    let is: Vec<_> = parts(after).collect();
    let of = |all: &[(&'static str, &str)], name: &str| {
        all.iter()
            .find(|(own, _)| *own == name)
            .map_or_else(|| "–".to_owned(), |(_, text)| (*text).to_owned())
    };
    let names = ["Gebäude", "Raum", "Regal", "Karton", "Strichcode"];
    let changed = names.into_iter().filter(|name| of(&was, name) != of(&is, name));
    let changed: Vec<_> =
        changed.map(|name| format!("{name}: {} → {}", of(&was, name), of(&is, name))).collect();
    changed.join("; ")
}

/// What is wrong with a place.
#[must_use]
pub fn place_flaw(flaw: &PlaceFlaw) -> String {
    let part = |part: &PlacePart| match part {
        PlacePart::Building => "das Gebäude",
        PlacePart::Room => "der Raum",
        PlacePart::Shelf => "das Regal",
        PlacePart::Box => "der Karton",
    };
    match flaw {
        PlaceFlaw::TooLong(of) => format!("{} ist länger als {PLACE_CHARS_MAX} Zeichen", part(of)),
        PlaceFlaw::Unprintable(of) => {
            format!("{} enthält ein Steuerzeichen, etwa einen Zeilenumbruch", part(of))
        }
        PlaceFlaw::NotABarcode => format!(
            "ein Strichcode hat 1 bis {BARCODE_CHARS_MAX} Zeichen: Ziffern, Buchstaben ohne Umlaute und \
             Satzzeichen, keine Leerzeichen"
        ),
        PlaceFlaw::Nowhere => "es ist kein Standort genannt".to_owned(),
    }
}

/// Why nobody is called so who borrows.
#[must_use]
pub fn not_a_borrower() -> String {
    format!("wer ausleiht, wird mit 1 bis {BORROWER_CHARS_MAX} sichtbaren Zeichen genannt")
}

/// `ausgeliehen an Anna Weber seit 01.02.2026, zurück bis 01.03.2026 (überfällig)`
#[must_use]
pub fn loan(loan: &Loan, to: &str, on: Date) -> String {
    let overdue = if loan.is_overdue(on) { " (überfällig)" } else { "" };
    let until = loan.until.map_or_else(String::new, |until| format!(", zurück bis {}{overdue}", day(until)));
    format!("ausgeliehen an {to} seit {}{until}", day(loan.since))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::PersonId;
    use crate::domain::paper::Borrower;

    #[test]
    fn only_what_is_known_of_a_place_is_said() {
        let place_of = |room: Option<&str>, shelf: &str, barcode: Option<&str>| PaperLocation {
            room: room.map(str::to_owned),
            shelf: shelf.to_owned(),
            barcode: barcode.map(|code| code.parse().unwrap()),
            ..PaperLocation::default()
        };
        let (before, after) = (place_of(None, "R4", Some("4711")), place_of(Some("U 12"), "R5", None));
        assert_eq!(place(&before), "Regal R4, Strichcode 4711");
        assert_eq!(
            place_change(Some(&before), &after),
            "Raum: – → U 12; Regal: R4 → R5; Strichcode: 4711 → –"
        );
        assert_eq!(place_change(None, &before), "Regal: – → R4; Strichcode: – → 4711");
    }

    #[test]
    fn a_loan_says_when_it_is_overdue() {
        let since = jiff::civil::date(2026, 2, 1);
        let until = Some(jiff::civil::date(2026, 3, 1));
        let lent = Loan { to: Borrower::Person(PersonId::PROGRAM), since, until, by: PersonId::PROGRAM };
        assert_eq!(
            loan(&lent, "Anna", jiff::civil::date(2026, 3, 1)),
            "ausgeliehen an Anna seit 01.02.2026, zurück bis 01.03.2026"
        );
        assert!(loan(&lent, "Anna", jiff::civil::date(2026, 3, 2)).ends_with("(überfällig)"));
        let open = Loan { until: None, ..lent };
        assert_eq!(loan(&open, "Anna", Date::MAX), "ausgeliehen an Anna seit 01.02.2026");
    }
}
