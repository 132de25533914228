//! A forecast (Vorschau): how much becomes due in which year and class, if rules and files stay as they are. Every file
//! is counted exactly once. What rests on a rule nobody has confirmed is counted apart and never added to what is sure.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::AddAssign;
use std::str::FromStr;

use jiff::civil::Date;

use super::finding::{Outcome, WaitingFor};
use super::trial::due_in;
use crate::domain::case_file::{CaseFile, ClassNumber, FactKind};

/// Most years a forecast looks ahead.
pub const YEARS_MAX: i16 = 200;
/// So many if nobody says.
pub const YEARS_DEFAULT: i16 = 50;
/// Thickest paper of a file, in millimetres: a metre of shelf.
const THICKNESS_MM_MAX: u16 = 1_000;

/// The years a forecast looks at: the rest of this one, and so many after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Horizon {
    on: Date,
    last_year: i16,
}

impl Horizon {
    /// Seen from this day, so many years on; none for no year at all or more than [`YEARS_MAX`].
    #[must_use]
    pub fn new(on: Date, years: i16) -> Option<Self> {
        // A year has four digits, so the sum fits.
        (1..=YEARS_MAX).contains(&years).then(|| Self { on, last_year: on.year() + years })
    }

    /// The day it is seen from.
    #[must_use]
    pub fn on(&self) -> Date {
        self.on
    }

    /// The last year it looks at.
    #[must_use]
    pub fn last_year(&self) -> i16 {
        self.last_year
    }

    /// The years it looks at.
    pub fn years(&self) -> impl Iterator<Item = i16> + use<> {
        self.on.year()..=self.last_year
    }
}

/// How much shelf the paper of a file takes. An assumption: nobody has measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thickness {
    mm: u16,
}

impl Thickness {
    /// The shelf that so many files with paper take, in millimetres.
    #[must_use]
    pub fn shelf_mm(self, paper_files: u64) -> u64 {
        paper_files.saturating_mul(u64::from(self.mm))
    }

    /// Of one file, in millimetres.
    #[must_use]
    pub fn mm(self) -> u16 {
        self.mm
    }
}

impl Default for Thickness {
    fn default() -> Self {
        Self { mm: 20 }
    }
}

impl fmt::Display for Thickness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.mm / 10, self.mm % 10) {
            (cm, 0) => write!(f, "{cm}"),
            (cm, mm) => write!(f, "{cm},{mm}"),
        }
    }
}

/// Not the thickness of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected centimetres from 0,1 to 100, with one decimal at most")]
pub struct NotAThickness;

impl FromStr for Thickness {
    type Err = NotAThickness;
    fn from_str(text: &str) -> Result<Self, NotAThickness> {
        let (cm, mm) = text.split_once([',', '.']).unwrap_or((text, "0"));
        let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(cm) || !all_digits(mm) || mm.len() != 1 {
            return Err(NotAThickness);
        }
        let (cm, mm): (u16, u16) =
            (cm.parse().map_err(|_| NotAThickness)?, mm.parse().map_err(|_| NotAThickness)?);
        let mm = cm.checked_mul(10).map(|ten| ten + mm).ok_or(NotAThickness)?;
        if (1..=THICKNESS_MM_MAX).contains(&mm) { Ok(Self { mm }) } else { Err(NotAThickness) }
    }
}

/// Where a file stands in a forecast.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Due on the day the forecast is seen from.
    Due,
    /// Becomes due in this year.
    DueIn(i16),
    /// Becomes due after the last year that is looked at, or beyond the calendar.
    Later,
    /// Kept for ever.
    Permanent,
    /// The period has not begun, so no year is known.
    NotBegun(WaitingFor),
    /// The period stands still until this fact is known, so no year is known.
    Suspended(FactKind),
    /// A hold stands.
    Held,
    /// No rule governs it.
    Ungoverned,
    /// Its destruction has begun.
    Gone,
}

impl Standing {
    /// The code used in commands and tables; years and facts left out.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::DueIn(_) => "due_in",
            Self::Later => "later",
            Self::Permanent => "permanent",
            Self::NotBegun(_) => "not_begun",
            Self::Suspended(_) => "suspended",
            Self::Held => "held",
            Self::Ungoverned => "ungoverned",
            Self::Gone => "gone",
        }
    }

    /// The year it becomes due, if that is one of those looked at.
    #[must_use]
    pub fn year(&self) -> Option<i16> {
        if let Self::DueIn(year) = self { Some(*year) } else { None }
    }

    /// Is due, or becomes so within the years looked at.
    #[must_use]
    pub fn is_due_by_then(&self) -> bool {
        matches!(self, Self::Due | Self::DueIn(_))
    }

    /// Where this outcome stands, and whether that is sure: an unconfirmed rule says only where it would.
    fn of(outcome: &Outcome, horizon: Horizon) -> (Self, bool) {
        let standing = match outcome {
            Outcome::Unconfirmed { would_be } => return (Self::of(would_be, horizon).0, false),
            Outcome::Due { .. } => Self::Due,
            Outcome::Retained { .. } => match due_in(outcome) {
                Some(year) if year <= horizon.last_year => Self::DueIn(year),
                _ => Self::Later,
            },
            Outcome::Permanent => Self::Permanent,
            Outcome::NotBegun { waiting_for } => Self::NotBegun(waiting_for.clone()),
            Outcome::Suspended { until } => Self::Suspended(until.clone()),
            Outcome::Held { .. } => Self::Held,
            Outcome::Ungoverned => Self::Ungoverned,
            Outcome::Gone { .. } => Self::Gone,
        };
        (standing, true)
    }
}

/// So many files, and what they take up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amount {
    /// Files.
    pub files: u64,
    /// Those of them that are kept on paper, too.
    pub paper_files: u64,
    /// The originals of their documents, all versions.
    pub size_bytes: u64,
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        self.files += other.files;
        self.paper_files += other.paper_files;
        self.size_bytes = self.size_bytes.saturating_add(other.size_bytes);
    }
}

/// What is sure, and what only an unconfirmed rule says. Never added to each other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amounts {
    /// By rules that can be relied on.
    pub sure: Amount,
    /// By rules the town has not confirmed: what they would say.
    pub unconfirmed: Amount,
}

impl Amounts {
    /// Files, sure or not.
    #[must_use]
    pub fn files(&self) -> u64 {
        self.sure.files + self.unconfirmed.files
    }
}

impl AddAssign for Amounts {
    fn add_assign(&mut self, other: Self) {
        self.sure += other.sure;
        self.unconfirmed += other.unconfirmed;
    }
}

/// All files of a forecast, by class and by where they stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forecast(BTreeMap<ClassNumber, BTreeMap<Standing, Amounts>>);

impl Forecast {
    /// One more file: what follows for it on the day of the horizon, and how large its documents are.
    pub fn count(&mut self, file: &CaseFile, outcome: &Outcome, size_bytes: u64, horizon: Horizon) {
        let (standing, is_sure) = Standing::of(outcome, horizon);
        let amount = Amount { files: 1, paper_files: u64::from(file.carriers.paper.is_some()), size_bytes };
        let amounts = self.0.entry(file.class.clone()).or_default().entry(standing).or_default();
        if is_sure {
            amounts.sure += amount;
        } else {
            amounts.unconfirmed += amount;
        }
    }

    /// Those of other files.
    pub fn add(&mut self, other: Self) {
        for (class, standings) in other.0 {
            let class = self.0.entry(class).or_default();
            standings
                .into_iter()
                .for_each(|(standing, amounts)| *class.entry(standing).or_default() += amounts);
        }
    }

    /// Class by class, and in each by where the files stand.
    pub fn classes(&self) -> impl Iterator<Item = (&ClassNumber, &BTreeMap<Standing, Amounts>)> {
        self.0.iter()
    }

    /// By where the files stand, whatever their class.
    #[must_use]
    pub fn standings(&self) -> BTreeMap<&Standing, Amounts> {
        let mut sums = BTreeMap::<_, Amounts>::new();
        for (standing, amounts) in self.0.values().flatten() {
            *sums.entry(standing).or_default() += *amounts;
        }
        sums
    }

    /// The files of these standings together.
    #[must_use]
    pub fn sum(&self, which: impl Fn(&Standing) -> bool) -> Amounts {
        sum(self.0.values().flatten(), which)
    }
}

/// Of those, the ones that stand so, together.
#[must_use]
pub fn sum<'a>(
    all: impl IntoIterator<Item = (&'a Standing, &'a Amounts)>,
    which: impl Fn(&Standing) -> bool,
) -> Amounts {
    let mut total = Amounts::default();
    all.into_iter().filter(|(standing, _)| which(standing)).for_each(|(_, amounts)| total += *amounts);
    total
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::super::laws::{any_book, any_day, any_file};
    use super::super::{Confidence, Confirmations, RuleBook, outcome};
    use super::*;
    use crate::domain::case_file::{Hold, PaperLocation};
    use crate::domain::ids::HoldId;

    /// Files with paper or without, some under a hold, each with the size of its documents.
    fn any_files() -> impl Strategy<Value = Vec<(CaseFile, u64)>> {
        let file = (any_file(), any::<bool>(), any_day(), 0u8..5, 0u64..1_000_000);
        let file = file.prop_map(|(mut file, has_paper, since, holds, size_bytes)| {
            let paper =
                PaperLocation { shelf: "R1".to_owned(), r#box: "K1".to_owned(), ..PaperLocation::default() };
            file.carriers.paper = has_paper.then_some(paper);
            if holds == 0 {
                let id = HoldId(Uuid::from_u128(1));
                file.holds.push(Hold { id, reason: "Verfahren".to_owned(), since, review: None });
            }
            (file, size_bytes)
        });
        proptest::collection::vec(file, 0..40)
    }

    fn any_horizon() -> impl Strategy<Value = Horizon> {
        (any_day(), 1..=YEARS_MAX).prop_map(|(on, years)| Horizon::new(on, years).unwrap())
    }

    fn forecast(
        files: &[(CaseFile, u64)],
        book: &RuleBook,
        all: &Confirmations,
        horizon: Horizon,
    ) -> Forecast {
        let mut forecast = Forecast::default();
        for (file, size_bytes) in files {
            forecast.count(file, &outcome(file, book, all, horizon.on()), *size_bytes, horizon);
        }
        forecast
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(600))]

        #[test]
        fn every_file_is_counted_once_and_sums_by_class_are_sums_by_year(
            files in any_files(), book in any_book(), horizon in any_horizon(), confirmed in any::<bool>()
        ) {
            let all = if confirmed { Confirmations::all_of(&book) } else { Confirmations::default() };
            let forecast = forecast(&files, &book, &all, horizon);
            let mut whole = forecast.sum(|_| true).sure;
            whole += forecast.sum(|_| true).unconfirmed;
            let papers = files.iter().filter(|(file, _)| file.carriers.paper.is_some()).count() as u64;
            let size_bytes = files.iter().map(|(_, size_bytes)| size_bytes).sum();
            prop_assert_eq!(whole, Amount { files: files.len() as u64, paper_files: papers, size_bytes });
            let (mut by_year, mut by_class) = (Amounts::default(), Amounts::default());
            horizon.years().for_each(|year| by_year += forecast.sum(|standing| standing.year() == Some(year)));
            forecast.classes().for_each(|(_, of)| by_class += sum(of, |standing| standing.year().is_some()));
            prop_assert_eq!(by_year, by_class, "no year lies outside the horizon");
            for (standing, amounts) in forecast.standings() {
                let mut by_class = Amounts::default();
                forecast.classes().for_each(|(_, of)| by_class += sum(of, |other| other == standing));
                prop_assert_eq!(amounts, by_class);
            }
        }

        #[test]
        fn a_file_is_due_in_the_year_it_is_counted_in_and_not_before(
            files in any_files(), book in any_book(), horizon in any_horizon()
        ) {
            let all = Confirmations::all_of(&book);
            for (file, size_bytes) in &files {
                let of_one = forecast(&[(file.clone(), *size_bytes)], &book, &all, horizon);
                let is_due = |on| outcome(file, &book, &all, on).is_due();
                for (standing, _) in of_one.standings() {
                    let Some(year) = standing.year() else {
                        prop_assert_eq!(*standing == Standing::Due, is_due(horizon.on()));
                        continue;
                    };
                    let is_due_then = is_due(date(year, 12, 31));
                    prop_assert!(is_due_then && !is_due(horizon.on()));
                    if year > horizon.on().year() {
                        let was_due = is_due(date(year - 1, 12, 31));
                        prop_assert!(!was_due);
                    }
                }
            }
        }

        #[test]
        fn nothing_is_sure_that_rests_on_a_rule_nobody_confirmed(
            files in any_files(), book in any_book(), horizon in any_horizon()
        ) {
            let forecast = forecast(&files, &book, &Confirmations::default(), horizon);
            let by_rule = |standing: &Standing| {
                standing.is_due_by_then() || matches!(standing, Standing::Later | Standing::Permanent)
            };
            let amounts = forecast.sum(by_rule);
            let is_sourced = book.rules()[0].confidence == Confidence::Sourced;
            prop_assert_eq!(if is_sourced { amounts.unconfirmed } else { amounts.sure }, Amount::default());
            let held = forecast.sum(|standing| *standing == Standing::Held);
            prop_assert_eq!(held.unconfirmed, Amount::default(), "a hold is no matter of rules");
        }

        #[test]
        fn it_does_not_matter_how_many_count(
            files in any_files(), book in any_book(), horizon in any_horizon(), at in any::<prop::sample::Index>()
        ) {
            let all = Confirmations::all_of(&book);
            let (some, others) = files.split_at(at.index(files.len() + 1));
            let mut together = forecast(some, &book, &all, horizon);
            together.add(forecast(others, &book, &all, horizon));
            prop_assert_eq!(together, forecast(&files, &book, &all, horizon));
        }
    }

    #[test]
    fn a_thickness_is_read_as_people_write_it() {
        let read = |text: &str| text.parse::<Thickness>().map(|thickness| thickness.to_string());
        for (text, cm) in [("2", "2"), ("2,5", "2,5"), ("2.5", "2,5"), ("0,1", "0,1"), ("100", "100")] {
            assert_eq!(read(text), Ok(cm.to_owned()));
        }
        for wrong in ["", ",", "0", "100,1", "-2", "2,", ",5", "2,55", "zwei", "70000", "+2,5"] {
            assert_eq!(read(wrong), Err(NotAThickness), "{wrong:?}");
        }
        assert_eq!(Thickness::default().shelf_mm(7), 140);
    }

    #[test]
    fn a_forecast_of_no_year_or_too_many_is_none() {
        let years = |years| Horizon::new(date(2026, 11, 27), years).map(|horizon| horizon.last_year());
        assert_eq!([0, -1, YEARS_MAX + 1].map(years), [None; 3]);
        assert_eq!([years(1), years(YEARS_MAX)], [Some(2027), Some(2226)]);
    }

    #[test]
    fn what_stands_in_a_forecast_is_told_by_year_class_and_certainty() {
        let horizon = Horizon::new(date(2026, 11, 27), 10).unwrap();
        assert_eq!((horizon.on(), horizon.last_year()), (date(2026, 11, 27), 2036));
        assert_eq!(horizon.years().collect::<Vec<_>>(), (2026..=2036).collect::<Vec<_>>());
        let retained = |year: i16| Outcome::Retained { until: date(year - 1, 12, 31) };
        let file = |class: &str| crate::domain::retention::example::example_file(class.parse().unwrap());
        let mut forecast = Forecast::default();
        let would_be = Outcome::Unconfirmed { would_be: Box::new(retained(2036)) };
        forecast.count(&file("63"), &retained(2036), 5, horizon);
        forecast.count(&file("63"), &retained(2036), 7, horizon);
        forecast.count(&file("64"), &would_be, 11, horizon);
        forecast.count(&file("64"), &retained(2037), 13, horizon);
        let of_2036 = forecast.sum(|standing| standing.year() == Some(2036));
        let amount = |files, size_bytes| Amount { files, paper_files: 0, size_bytes };
        assert_eq!((of_2036.sure, of_2036.unconfirmed), (amount(2, 12), amount(1, 11)));
        assert_eq!(of_2036.files(), 3);
        assert_eq!(forecast.sum(Standing::is_due_by_then).files(), 3);
        assert_eq!(forecast.standings()[&Standing::Later].sure, amount(1, 13));
        let classes: Vec<_> = forecast.classes().map(|(class, of)| (class.as_str(), of.len())).collect();
        assert_eq!(classes, [("63", 1), ("64", 2)]);
        assert!(Standing::Due.is_due_by_then() && !Standing::Later.is_due_by_then());
        assert_eq!("12,5".parse::<Thickness>().map(Thickness::mm), Ok(125));
    }
}
