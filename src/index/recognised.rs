//! Words that are an address, a parcel or a reference number: found by their words as ever, and by the fields of
//! files, every page of which then matches, and comes first; and as what is as good. Adds to what words find, never takes away.
//!
//! - *Addresses*: the street stands in the field and one of the numbers directly behind it. `12` also means `12a` and a
//!   file at `10-14`; `10-14` means every file whose numbers meet these. A file may be at `12 a-c`, `12 a + b`, `10, 12`,
//!   `10/12`, `10 bis 14`: the field tells no signs apart, so whatever lies between the first and the last is meant.
//! - *Parcels*: the Flur, if it was said, directly before the number or one word before it. A file that names another
//!   Gemarkung is another parcel; one that names none may be this one.
//! - Where more files are found than a field may name, nothing is added.

use std::ops::RangeInclusive;

use tantivy::Term;
use tantivy::query::{BooleanQuery, Occur, Query as Engine, RegexPhraseQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::IndexError;
use super::analysis::{Chunk, chunks};
use super::compile::{Clause, Compiler, all_of, scored, term_query, words_in_order};
use super::dated::items;
use crate::domain::ids::CaseFileId;
use crate::domain::query::{Address, HouseNumbers, Parcel, Recognised, Sought, Text};

/// What is there comes before all that only has the words, however often.
pub(super) const THERE_SCORE: f32 = 1_000.0;
/// How far from a house number the numbers may be of a file that is at several.
const SPAN_MAX: u16 = 100;
/// A letter, a number or a word between the first and the last of several house numbers; and most of them.
const BETWEEN: &str = "[a-z]|bis|und|[0-9]|[0-9][0-9]|[0-9][0-9][0-9]";
const BETWEEN_MAX: usize = 3;
/// What may stand between the number of the Flur and that of the parcel; folded.
const PARCEL_WORDS: [&str; 7] = ["flurstuck", "flurstucke", "flurst", "flst", "nr", "parzelle", "parz"];
/// What stands before the name of a Gemarkung; folded.
const DISTRICT: &str = "gemarkung";

/// What must hold together for `found`.
pub(super) fn clauses(compiler: &Compiler<'_>, found: &Recognised) -> Result<Vec<Clause>, IndexError> {
    let mut typed = Vec::new();
    for item in items(&found.words) {
        typed.extend(compiler.item(&item)?);
    }
    typed.extend(compiler.side_by_side(&found.words)?);
    let otherwise = otherwise(compiler, found)?;
    if otherwise.is_empty() {
        return Ok(typed);
    }
    let any = std::iter::once(all_of(typed)).chain(otherwise).collect();
    Ok(vec![(Occur::Must, Box::new(BooleanQuery::union(any)))])
}

/// The ways to match without the words.
pub(super) fn otherwise(
    compiler: &Compiler<'_>,
    found: &Recognised,
) -> Result<Vec<Box<dyn Engine>>, IndexError> {
    let there = found.sought.as_ref().map(|sought| there(compiler, sought)).transpose()?.flatten();
    let also = found.also.iter().map(|node| compiler.node(node));
    there.map(Ok).into_iter().chain(also).collect()
}

/// The files that are there, and their pages; none if there are none, or more than a field may name.
fn there(compiler: &Compiler<'_>, sought: &Sought) -> Result<Option<Box<dyn Engine>>, IndexError> {
    let files = match sought {
        Sought::Address(address) => at(compiler, address),
        Sought::Parcel(parcel) => compiler.files(on(compiler.fields.parcel.exact, parcel)),
        Sought::Reference(reference) => {
            compiler.reference(&Text::Word(reference.clone())).and_then(|inner| compiler.files(inner))
        }
    };
    match files {
        Ok(files) if files.is_empty() => Ok(None),
        Ok(files) => Ok(Some(scored(compiler.entries_of(files), THERE_SCORE))),
        Err(IndexError::TooManyFiles) => Ok(None),
        Err(other) => Err(other),
    }
}

/// The files at this address.
fn at(compiler: &Compiler<'_>, address: &Address) -> Result<Vec<CaseFileId>, IndexError> {
    let (field, street) = (compiler.fields.street.exact, words(&address.street));
    let in_street = words_in_order(field, street.iter().map(String::as_str));
    // Most indexes have no file in this street, and looking for numbers is dear.
    if street.is_empty() || compiler.files(in_street)?.is_empty() {
        return Ok(Vec::new());
    }
    let HouseNumbers { first, last, letters } = address.numbers;
    // The engine reads these as patterns: digits and letters, as folding leaves them, stand for themselves.
    let pattern = |words: Vec<String>| -> Box<dyn Engine> {
        Box::new(RegexPhraseQuery::new(field, street.iter().cloned().chain(words).collect()))
    };
    // From one number or letter to another, whatever stands between them.
    let span = |from: &[String], to: &str| {
        let between = (0..=BETWEEN_MAX).map(|more| vec![BETWEEN.to_owned(); more]);
        let words = between.map(|between| [from, &between, &[to.to_owned()]].concat());
        words.map(pattern).collect::<Vec<_>>()
    };
    let mut ways: Vec<Box<dyn Engine>> = Vec::new();
    if let Some((from, to)) = letters {
        let letters = |from: char, to: char| format!("[{from}-{to}]");
        ways.push(pattern(vec![first.to_string(), letters(from, to)]));
        ways.extend(span(&[first.to_string(), letters('a', to)], &letters(from, 'z')));
    } else {
        let numbers = (first..=last).map(|number| number.to_string());
        let behind_street = |number: String| -> Box<dyn Engine> {
            words_in_order(field, street.iter().chain([&number]).map(String::as_str))
        };
        ways.extend(numbers.map(behind_street));
    }
    // A file at several numbers begins before these (or at one that is more than its letter), and ends behind.
    let begins = first.saturating_sub(SPAN_MAX).max(1)..=first - u16::from(letters.is_none());
    if !begins.is_empty() {
        ways.extend(span(&[any_of(begins)], &any_of(first..=last + SPAN_MAX)));
    }
    compiler.files(Box::new(BooleanQuery::union(ways)))
}

fn any_of(numbers: RangeInclusive<u16>) -> String {
    numbers.map(|number| number.to_string()).collect::<Vec<_>>().join("|")
}

/// What the parcel field of a file on this parcel has.
fn on(field: Field, parcel: &Parcel) -> Box<dyn Engine> {
    let number = words(&parcel.number);
    let phrase = |before: &[&str]| {
        words_in_order(field, before.iter().copied().chain(number.iter().map(String::as_str)))
    };
    let numbered: Box<dyn Engine> = match parcel.section.as_deref() {
        None => phrase(&[]),
        Some(section) => {
            let between = PARCEL_WORDS.iter().map(|word| phrase(&[section, word]));
            Box::new(BooleanQuery::union(std::iter::once(phrase(&[section])).chain(between).collect()))
        }
    };
    let Some(district) = &parcel.district else { return numbered };
    let named = words_in_order(field, words(district).iter().map(String::as_str));
    let any_name = term_query(Term::from_field_text(field, DISTRICT), IndexRecordOption::Basic);
    let unnamed = all_of(vec![(Occur::MustNot, any_name)]);
    Box::new(BooleanQuery::intersection(vec![numbered, Box::new(BooleanQuery::union(vec![named, unnamed]))]))
}

fn words(text: &str) -> Vec<String> {
    chunks(text).iter().flat_map(Chunk::words).map(str::to_owned).collect()
}
