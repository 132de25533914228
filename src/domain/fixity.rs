//! Fixity (Unversehrtheit): which share of the objects a verification looks at, what it found, and when all of
//! them were last looked at. Pure values; the looking is done by vault and registry.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use super::ids::ObjectId;
use crate::base::digest::Blake3;

/// The most parts a verification can be done in: one a day for more than twenty-five years.
pub const PARTS_MAX: u32 = 10_000;

/// A stable share of all objects: the `number`th of `of` equal ranges of addresses. Addresses are keyed digests,
/// so the ranges hold about as many objects each, and every object is in exactly one of them, for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    number: u32,
    of: u32,
}

impl Part {
    /// Everything.
    pub const WHOLE: Self = Self { number: 1, of: 1 };

    /// The `number`th (from 1) of `of` parts; none if there is no such part.
    #[must_use]
    pub fn new(number: u32, of: u32) -> Option<Self> {
        (1 <= number && number <= of && of <= PARTS_MAX).then_some(Self { number, of })
    }

    /// Which one, from 1.
    #[must_use]
    pub fn number(self) -> u32 {
        self.number
    }

    /// Of how many.
    #[must_use]
    pub fn of(self) -> u32 {
        self.of
    }

    /// It is everything.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.of == 1
    }

    /// This object is in it.
    #[must_use]
    pub fn contains(self, object: &ObjectId) -> bool {
        let [a, b, c, d, e, f, g, h, ..] = object.0;
        let beginning = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
        (u128::from(beginning) * u128::from(self.of)) >> 64 == u128::from(self.number - 1)
    }

    /// The last address before it: where a list of its objects begins. None for the first part.
    #[must_use]
    pub fn address_before(self) -> Option<ObjectId> {
        let start = (u128::from(self.number - 1) << 64).div_ceil(u128::from(self.of));
        let before = u64::try_from(start.checked_sub(1)?).ok()?;
        let mut address = [0xff; 32];
        address[..8].copy_from_slice(&before.to_be_bytes());
        Some(ObjectId(address))
    }

    /// The `number`th thing of a sequence is looked at together with this part.
    #[must_use]
    pub fn takes(self, number: u32) -> bool {
        number % self.of == self.number - 1
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

/// Not two numbers like `1/30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a part as `1/30`, of at most {PARTS_MAX}")]
pub struct NotAPart;

impl FromStr for Part {
    type Err = NotAPart;
    fn from_str(text: &str) -> Result<Self, NotAPart> {
        let (number, of) = text.split_once('/').ok_or(NotAPart)?;
        let number = number.parse().map_err(|_| NotAPart)?;
        Self::new(number, of.parse().map_err(|_| NotAPart)?).ok_or(NotAPart)
    }
}

/// What one verification covered and how it ended, as the ledger remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The share of the objects it was about.
    pub part: Part,
    /// It came to the end of that share; otherwise its time was up before.
    pub complete: bool,
    /// Every content was opened too.
    pub read_data: bool,
    /// The day it was begun: it may have been carried out in several runs.
    pub since: Date,
    /// How much was not as it was written.
    pub changed: u64,
    /// How much was not there.
    pub missing: u64,
    /// How much was there that nobody knew of.
    pub untracked: u64,
    /// Digest of the vault's whole manifest at the end (`Vault::manifest_root`).
    pub vault_root: Blake3,
    /// The same of the archive wing.
    pub archive_root: Blake3,
}

impl Look {
    /// Nothing was changed, missing or untracked.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.changed == 0 && self.missing == 0 && self.untracked == 0
    }
}

/// When all objects were last looked at, and how far the present round has come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// The day on which the last object had its turn.
    pub whole: Option<Date>,
    /// Parts looked at since.
    pub parts_done: u32,
    /// Of so many; 0 if none was looked at since.
    pub parts: u32,
    /// Damage that no later look at the same objects has found gone: the newest, its day, and how much was
    /// changed, missing, untracked.
    pub damage: Option<(Date, [u64; 3])>,
}

impl Coverage {
    /// Out of all verifications, oldest first, each with its day. One without a [`Look`] was whole and found
    /// nothing.
    pub fn of<'a>(looks: impl IntoIterator<Item = (Date, Option<&'a Look>)>) -> Self {
        let mut coverage = Self::default();
        let mut done: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        let mut damage: BTreeMap<Part, (Date, [u64; 3])> = BTreeMap::new();
        for (on, look) in looks {
            let part = look.map_or(Part::WHOLE, |look| look.part);
            if let Some(look) = look.filter(|look| !look.is_clean()) {
                damage.insert(part, (on, [look.changed, look.missing, look.untracked]));
            }
            if look.is_some_and(|look| !look.complete) {
                continue;
            }
            if look.is_none_or(Look::is_clean) {
                damage.retain(|of, _| !part.is_whole() && *of != part);
            }
            let parts = done.entry(part.of).or_default();
            parts.insert(part.number);
            if parts.len() as u64 == u64::from(part.of) {
                coverage.whole = Some(on);
                damage.retain(|of, _| of.of == part.of); // the others lie in parts looked at since
                done.clear();
            }
        }
        coverage.damage = damage.into_values().max_by_key(|(on, _)| *on);
        let furthest =
            done.iter().max_by_key(|(of, parts)| (parts.len() * PARTS_MAX as usize) / **of as usize);
        if let Some((of, parts)) = furthest {
            (coverage.parts_done, coverage.parts) = (u32::try_from(parts.len()).unwrap_or(*of), *of);
        }
        coverage
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn look(part: &str) -> Look {
        Look {
            part: part.parse().unwrap(),
            complete: true,
            read_data: false,
            since: date(2026, 1, 1),
            changed: 0,
            missing: 0,
            untracked: 0,
            vault_root: Blake3([0; 32]),
            archive_root: Blake3([0; 32]),
        }
    }

    fn coverage(looks: &[(i8, Look)]) -> Coverage {
        Coverage::of(looks.iter().map(|(day, look)| (date(2026, 1, *day), Some(look))))
    }

    proptest! {
        #[test]
        fn every_object_is_in_exactly_one_part(address: [u8; 32], of in 1..=PARTS_MAX) {
            let id = ObjectId(address);
            let holding: Vec<_> =
                (1..=of).filter_map(|number| Part::new(number, of)).filter(|part| part.contains(&id)).collect();
            prop_assert_eq!(holding.len(), 1);
            let before = holding[0].address_before();
            prop_assert!(before.is_none_or(|before| before < id && !holding[0].contains(&before)));
        }
    }

    #[test]
    fn parts_begin_where_the_one_before_ends() {
        for of in [1, 2, 3, 7, 30, 365, PARTS_MAX] {
            for number in 2..=of {
                let before = Part::new(number, of).unwrap().address_before().unwrap();
                assert!(Part::new(number - 1, of).unwrap().contains(&before), "{number}/{of}");
            }
        }
    }

    #[test]
    fn only_parts_there_are_can_be_named() {
        for wrong in ["", "1", "0/3", "4/3", "1/0", "1/10001", "-1/3", "1/3/5", "a/b"] {
            assert_eq!(wrong.parse::<Part>(), Err(NotAPart), "{wrong}");
        }
        assert_eq!("30/30".parse::<Part>().unwrap().to_string(), "30/30");
    }

    #[test]
    fn all_is_covered_when_every_part_had_its_turn() {
        let never = coverage(&[(1, look("1/3")), (2, look("1/3"))]);
        assert_eq!((never.whole, never.parts_done, never.parts), (None, 1, 3));
        let round = coverage(&[(1, look("1/3")), (2, look("3/3")), (3, look("2/3")), (4, look("1/3"))]);
        assert_eq!((round.whole, round.parts_done, round.parts), (Some(date(2026, 1, 3)), 1, 3));
        let whole = coverage(&[(1, look("1/3")), (5, look("1/1"))]);
        assert_eq!((whole.whole, whole.parts_done, whole.parts), (Some(date(2026, 1, 5)), 0, 0));
    }

    #[test]
    fn what_was_stopped_covers_nothing_and_what_was_found_is_said_until_it_is_gone() {
        let stopped = Look { complete: false, missing: 2, ..look("1/1") };
        let found = coverage(&[(1, look("1/1")), (2, stopped.clone())]);
        assert_eq!(found.whole, Some(date(2026, 1, 1)));
        assert_eq!(found.damage, Some((date(2026, 1, 2), [0, 2, 0])));
        assert_eq!(coverage(&[(2, stopped), (3, look("1/1"))]).damage, None);
        let in_part = Look { changed: 1, ..look("1/2") };
        let kept = coverage(&[(1, in_part.clone()), (2, look("2/2"))]);
        assert_eq!(kept.damage, Some((date(2026, 1, 1), [1, 0, 0])), "another part says nothing of this one");
        assert_eq!(coverage(&[(1, in_part.clone()), (2, look("1/2"))]).damage, None);
        assert_eq!(coverage(&[(1, in_part), (2, look("1/1"))]).damage, None);
    }

    #[test]
    fn a_part_says_which_of_how_many_it_is_and_every_number_is_taken_by_one() {
        let part = Part::new(3, 7).unwrap();
        assert_eq!((part.number(), part.of(), part.is_whole()), (3, 7, false));
        assert!(Part::WHOLE.is_whole() && Part::new(1, PARTS_MAX).is_some());
        assert_eq!(Part::new(1, PARTS_MAX + 1), None);
        for entry in 0..30 {
            let taking = (1..=7).filter(|number| Part::new(*number, 7).unwrap().takes(entry));
            assert_eq!(taking.collect::<Vec<_>>(), [entry % 7 + 1], "entry {entry}");
        }
        assert_eq!(Part::WHOLE.address_before(), None, "nothing lies before the first");
    }

    #[test]
    fn a_look_is_clean_only_if_nothing_was_found() {
        assert!(look("1/1").is_clean());
        for [changed, missing, untracked] in [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]] {
            assert!(!Look { changed, missing, untracked, ..look("1/1") }.is_clean());
        }
    }

    #[test]
    fn the_round_that_is_furthest_is_told_and_the_newest_damage() {
        let rounds = coverage(&[(1, look("1/2")), (2, look("1/30")), (3, look("2/30")), (4, look("1/365"))]);
        assert_eq!((rounds.parts_done, rounds.parts), (1, 2), "a half is more than two of thirty");
        let rounds = coverage(&[(1, look("1/30")), (2, look("2/30")), (3, look("1/20"))]);
        assert_eq!((rounds.parts_done, rounds.parts), (2, 30));
        let damaged = |part: &str, missing| Look { missing, ..look(part) };
        let two = coverage(&[(1, damaged("1/30", 1)), (2, damaged("2/30", 2))]);
        assert_eq!(two.damage, Some((date(2026, 1, 2), [0, 2, 0])));
        let stopped = Look { complete: false, ..look("1/30") };
        assert_eq!(
            coverage(&[(1, damaged("1/30", 1)), (2, stopped)]).damage.map(|(on, _)| on),
            Some(date(2026, 1, 1))
        );
    }

    #[test]
    fn a_full_round_forgets_damage_of_other_rounds_but_not_its_own() {
        let damaged = |part: &str| Look { changed: 1, ..look(part) };
        let other = coverage(&[(1, damaged("1/3")), (2, look("1/2")), (3, look("2/2"))]);
        assert_eq!(other.damage, None, "its objects were looked at since");
        let own = coverage(&[(1, damaged("1/2")), (2, look("2/2"))]);
        assert_eq!((own.whole, own.damage), (Some(date(2026, 1, 2)), Some((date(2026, 1, 1), [1, 0, 0]))));
        let without_look = Coverage::of([(date(2026, 1, 1), None)]);
        assert_eq!(without_look.whole, Some(date(2026, 1, 1)), "an early verification looked at everything");
        let cleared = Coverage::of([(date(2026, 1, 1), Some(&damaged("1/3"))), (date(2026, 1, 2), None)]);
        assert_eq!(cleared.damage, None);
    }
}
