//! Samples (Auswahl): what is kept of the ordinary, drawn so that anyone can draw it again.
//!
//! A sample depends on nothing but its method and the files: not on their order, the machine or the clock.
//! Chance is a hash of a recorded seed and the file's id, which outlives the file: what was drawn can be drawn again
//! when nothing is left of it but its id (`schema/formats/sample.md`).

use crate::base::digest::Sha256;
use crate::domain::case_file::CaseFile;
use crate::domain::ids::CaseFileId;

/// How a sample is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Method {
    /// Every n-th file in the order of the reference numbers, beginning with the `first`-th (from 1).
    EveryNth {
        /// n, at least 1.
        n: u32,
        /// The first one, from 1 to n.
        first: u32,
    },
    /// So many of a thousand (rounded up), by chance.
    Random {
        /// From 1 to 1000.
        per_thousand: u16,
        /// Recorded beside the sample; another seed draws another sample.
        seed: String,
    },
    /// Every file whose field has one of these values: whole streets, say.
    ByValue {
        /// The field: `street`.
        field: String,
        /// The values; case and blanks at the ends do not matter.
        values: Vec<String>,
    },
    /// Every file whose field begins with one of these letters: D, O, T.
    ByInitial {
        /// The field: `surname`.
        field: String,
        /// The letters; case does not matter.
        letters: Vec<char>,
    },
    /// Every file opened in one of these years.
    ByYear {
        /// The years.
        years: Vec<i16>,
    },
}

/// A method that can draw nothing sensible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SampleFlaw {
    /// `n` is zero, or `first` is not from 1 to `n`.
    #[error("every n-th file needs n of at least 1 and a first one from 1 to n")]
    Step,
    /// Not from 1 to 1000.
    #[error("a share is from 1 to 1000 of a thousand")]
    Share,
    /// A random sample without seed cannot be drawn again.
    #[error("a random sample needs a seed")]
    NoSeed,
    /// No value, letter or year.
    #[error("a sample by value, letter or year needs at least one")]
    NothingAsked,
}

/// What was drawn: printable, and drawn again at will.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// How.
    pub method: Method,
    /// From which files, in the order of their reference numbers.
    pub population: Vec<CaseFileId>,
    /// The files drawn, in the same order.
    pub chosen: Vec<CaseFileId>,
}

impl Sample {
    /// Draws it again from the recorded ids alone: whether it is as it was recorded; none for a method that asks what is in
    /// the files.
    #[must_use]
    pub fn drawn_again(&self) -> Option<bool> {
        let again = match &self.method {
            Method::EveryNth { n, first } => every_nth(&self.population, *n, *first),
            Method::Random { per_thousand, seed } => by_chance(&self.population, *per_thousand, seed),
            Method::ByValue { .. } | Method::ByInitial { .. } | Method::ByYear { .. } => return None,
        };
        Some(again == self.chosen)
    }
}

/// The number that decides by chance: who has the smallest is drawn first.
#[must_use]
pub fn lot(seed: &str, file: CaseFileId) -> Sha256 {
    Sha256::of(&[seed.as_bytes(), b"\n", file.to_string().as_bytes()])
}

/// Draws a sample of these files.
///
/// # Errors
/// A [`SampleFlaw`] if the method makes no sense; an empty sample is none.
pub fn draw(method: &Method, files: &[&CaseFile]) -> Result<Sample, SampleFlaw> {
    check(method)?;
    let mut ordered = files.to_vec();
    ordered.sort_by_cached_key(|file| (file.reference.fold(), file.id));
    let population: Vec<CaseFileId> = ordered.iter().map(|file| file.id).collect();
    let chosen = match method {
        Method::EveryNth { n, first } => every_nth(&population, *n, *first),
        Method::Random { per_thousand, seed } => by_chance(&population, *per_thousand, seed),
        Method::ByValue { field, values } => {
            let values: Vec<_> = values.iter().map(|value| value.trim().to_lowercase()).collect();
            keep(&ordered, |file| text(file, field).is_some_and(|is| values.contains(&is)))
        }
        Method::ByInitial { field, letters } => {
            let letters: Vec<_> = letters.iter().flat_map(|letter| letter.to_lowercase()).collect();
            let begins = |is: String| is.starts_with(letters.as_slice());
            keep(&ordered, |file| text(file, field).is_some_and(begins))
        }
        Method::ByYear { years } => keep(&ordered, |file| years.contains(&file.opened.year())),
    };
    Ok(Sample { method: method.clone(), population, chosen })
}

fn check(method: &Method) -> Result<(), SampleFlaw> {
    match method {
        Method::EveryNth { n, first } if *first == 0 || first > n => Err(SampleFlaw::Step),
        Method::Random { per_thousand, .. } if !(1..=1000).contains(per_thousand) => Err(SampleFlaw::Share),
        Method::Random { seed, .. } if seed.trim().is_empty() => Err(SampleFlaw::NoSeed),
        Method::ByValue { values, .. } if values.is_empty() => Err(SampleFlaw::NothingAsked),
        Method::ByInitial { letters, .. } if letters.is_empty() => Err(SampleFlaw::NothingAsked),
        Method::ByYear { years } if years.is_empty() => Err(SampleFlaw::NothingAsked),
        _ => Ok(()),
    }
}

fn keep(files: &[&CaseFile], wanted: impl Fn(&CaseFile) -> bool) -> Vec<CaseFileId> {
    files.iter().filter(|file| wanted(file)).map(|file| file.id).collect()
}

fn text(file: &CaseFile, field: &str) -> Option<String> {
    file.fields.get(field).map(|text| text.trim().to_lowercase())
}

fn every_nth(ordered: &[CaseFileId], n: u32, first: u32) -> Vec<CaseFileId> {
    let (step, passed_over) = (n.max(1) as usize, first.saturating_sub(1) as usize);
    ordered.iter().skip(passed_over).step_by(step).copied().collect()
}

/// Those with the smallest lots; exactly the share, not about the share.
fn by_chance(ordered: &[CaseFileId], per_thousand: u16, seed: &str) -> Vec<CaseFileId> {
    let wanted = (ordered.len() * usize::from(per_thousand)).div_ceil(1000);
    let mut by_lot: Vec<_> = ordered.iter().enumerate().map(|(at, file)| (lot(seed, *file), at)).collect();
    by_lot.sort_unstable();
    let mut chosen: Vec<_> = by_lot.into_iter().take(wanted).map(|(_, at)| at).collect();
    chosen.sort_unstable();
    chosen.into_iter().map(|at| ordered[at]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::retention::example::example_file;

    fn files() -> Vec<CaseFile> {
        let streets = ["Markt", "Domplatz", "Am Ölberg", "Ostwall"];
        let file = |number: usize| {
            let mut file = example_file("63.10.01".parse().unwrap());
            file.id = CaseFileId(uuid::Uuid::from_u128(number as u128));
            file.reference = format!("63.10.01-{number:04}").parse().unwrap();
            file.fields.insert("street".into(), streets[number % 4].into());
            file.opened = jiff::civil::date(1950 + (number % 50) as i16, 1, 2);
            file
        };
        (0..250).map(file).collect()
    }

    fn methods() -> Vec<Method> {
        let street = || "street".to_owned();
        vec![
            Method::EveryNth { n: 25, first: 3 },
            Method::Random { per_thousand: 50, seed: "2026-11-22 Stadtarchiv".into() },
            Method::ByValue { field: street(), values: vec![" markt".into()] },
            Method::ByInitial { field: street(), letters: vec!['d', 'O'] },
            Method::ByYear { years: vec![1966] },
        ]
    }

    #[test]
    fn a_sample_is_the_same_in_whatever_order_the_files_come() {
        let files = files();
        let mut refs: Vec<_> = files.iter().collect();
        let drawn: Vec<_> = methods().iter().map(|m| draw(m, &refs).unwrap()).collect();
        refs.reverse();
        refs.rotate_left(17);
        let again: Vec<_> = methods().iter().map(|m| draw(m, &refs).unwrap()).collect();
        assert_eq!(drawn, again);
        let sizes: Vec<_> = drawn.iter().map(|sample| sample.chosen.len()).collect();
        assert_eq!(sizes, [10, 13, 63, 125, 5]);
        assert_eq!(drawn[0].chosen[0], files[2].id, "the third file comes first");
    }

    #[test]
    fn another_seed_draws_another_sample_and_this_one_always_draws_these() {
        let files = files();
        let refs: Vec<_> = files.iter().collect();
        let random = |seed: &str| {
            let method = Method::Random { per_thousand: 20, seed: seed.into() };
            let sample = draw(&method, &refs).unwrap();
            sample.chosen.iter().map(|id| id.0.as_u128()).collect::<Vec<_>>()
        };
        assert_ne!(random("a"), random("b"));
        assert_eq!(random("Los 1"), random("Los 1"));
    }

    #[test]
    fn what_was_drawn_is_drawn_again_from_the_recorded_ids_alone() {
        let files = files();
        let refs: Vec<_> = files.iter().collect();
        for method in methods() {
            let sample = draw(&method, &refs).unwrap();
            let needs_files = !matches!(method, Method::EveryNth { .. } | Method::Random { .. });
            assert_eq!(sample.drawn_again().is_none(), needs_files, "{method:?}");
            let mut other = sample.clone();
            other.chosen.pop();
            assert!(sample.drawn_again() != Some(false) && other.drawn_again() != Some(true));
        }
    }

    #[test]
    fn a_method_that_makes_no_sense_is_refused() {
        let flaw = |method: Method| draw(&method, &[]).err();
        assert_eq!(flaw(Method::EveryNth { n: 0, first: 0 }), Some(SampleFlaw::Step));
        assert_eq!(flaw(Method::EveryNth { n: 5, first: 6 }), Some(SampleFlaw::Step));
        assert_eq!(flaw(Method::Random { per_thousand: 0, seed: "x".into() }), Some(SampleFlaw::Share));
        assert_eq!(flaw(Method::Random { per_thousand: 9, seed: " ".into() }), Some(SampleFlaw::NoSeed));
        assert_eq!(flaw(Method::ByYear { years: vec![] }), Some(SampleFlaw::NothingAsked));
    }
}
