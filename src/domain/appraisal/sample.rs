//! Samples (Auswahl): what is kept of the ordinary, drawn so that anyone can draw it again.
//!
//! A sample depends on nothing but its method and the files: not on their order, the machine or the clock.
//! Chance is a hash of a recorded seed and the file's reference number.

use std::fmt;

use crate::base::digest::Blake3;
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
    /// From how many files.
    pub population: usize,
    /// The files drawn, in the order of their reference numbers.
    pub chosen: Vec<CaseFileId>,
}

/// Draws a sample of these files.
///
/// # Errors
/// A [`SampleFlaw`] if the method makes no sense; an empty sample is none.
pub fn draw(method: &Method, files: &[&CaseFile]) -> Result<Sample, SampleFlaw> {
    check(method)?;
    let mut ordered = files.to_vec();
    ordered.sort_by_cached_key(|file| (file.reference.fold(), file.id));
    let chosen: Vec<&CaseFile> = match method {
        Method::EveryNth { n, first } => {
            let (n, first) = (*n as usize, *first as usize);
            ordered.iter().skip(first - 1).step_by(n).copied().collect()
        }
        Method::Random { per_thousand, seed } => by_chance(&ordered, *per_thousand, seed),
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
    let chosen = chosen.iter().map(|file| file.id).collect();
    Ok(Sample { method: method.clone(), population: files.len(), chosen })
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

fn keep<'a>(files: &[&'a CaseFile], wanted: impl Fn(&CaseFile) -> bool) -> Vec<&'a CaseFile> {
    files.iter().copied().filter(|file| wanted(file)).collect()
}

fn text(file: &CaseFile, field: &str) -> Option<String> {
    file.fields.get(field).map(|text| text.trim().to_lowercase())
}

/// Those with the smallest hashes of seed and reference number; exactly the share, not about the share.
fn by_chance<'a>(ordered: &[&'a CaseFile], per_thousand: u16, seed: &str) -> Vec<&'a CaseFile> {
    let wanted = (ordered.len() * usize::from(per_thousand)).div_ceil(1000);
    let lot = |file: &CaseFile| Blake3::of(format!("{seed}\n{}", file.reference.fold()).as_bytes());
    let mut by_lot: Vec<_> = ordered.iter().enumerate().map(|(at, file)| (lot(file), at)).collect();
    by_lot.sort_unstable();
    let mut chosen: Vec<_> = by_lot.into_iter().take(wanted).map(|(_, at)| at).collect();
    chosen.sort_unstable();
    chosen.into_iter().map(|at| ordered[at]).collect()
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EveryNth { n, first } => write!(f, "every {n}th from the {first}th"),
            Self::Random { per_thousand, seed } => write!(f, "{per_thousand} of 1000 with seed `{seed}`"),
            Self::ByValue { field, values } => write!(f, "{field} is {}", values.join(", ")),
            Self::ByInitial { field, letters } => {
                write!(f, "{field} begins with {}", String::from_iter(letters))
            }
            Self::ByYear { years } => write!(f, "opened in {years:?}"),
        }
    }
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
    fn a_method_that_makes_no_sense_is_refused() {
        let flaw = |method: Method| draw(&method, &[]).err();
        assert_eq!(flaw(Method::EveryNth { n: 0, first: 0 }), Some(SampleFlaw::Step));
        assert_eq!(flaw(Method::EveryNth { n: 5, first: 6 }), Some(SampleFlaw::Step));
        assert_eq!(flaw(Method::Random { per_thousand: 0, seed: "x".into() }), Some(SampleFlaw::Share));
        assert_eq!(flaw(Method::Random { per_thousand: 9, seed: " ".into() }), Some(SampleFlaw::NoSeed));
        assert_eq!(flaw(Method::ByYear { years: vec![] }), Some(SampleFlaw::NothingAsked));
    }
}
