//! Addresses: a street and a house number. A street is what the street register says, and words that end in or begin
//! with what streets are called. `Bahnhofstr. 12a`, `Berliner Straße 5`, `Am Alten Markt 3`, `Platz der Republik 1`,
//! `Karlstraße 10-14`, `Karlstraße 12a-c`, `Karlstraße 10 bis 14`.
//!
//! Known limits: streets that are called like anything (`Rosenhag 2`, `Stadtmauer 1`) are recognised only if they stand in
//! the register; of a name of several words before `Straße` only the last belongs to it otherwise, which finds the street
//! all the same. `12/14` and `12+14` are read as all numbers between, too.

use super::{is_name, plain};
use crate::domain::streets::Streets;

/// What the name of a street ends in, and what stands for one if there is a name before it.
const ENDINGS: [&str; 23] = [
    "strasse",
    "str",
    "gasse",
    "weg",
    "allee",
    "platz",
    "ring",
    "damm",
    "ufer",
    "steig",
    "stieg",
    "pfad",
    "markt",
    "chaussee",
    "promenade",
    "graben",
    "wall",
    "zeile",
    "twiete",
    "anger",
    "bruecke",
    "winkel",
    "siedlung",
];
/// Those that are names by themselves.
const ALONE: [&str; 9] =
    ["markt", "ring", "wall", "damm", "graben", "anger", "promenade", "chaussee", "allee"];
/// What ends so and is no street.
const NO_STREETS: [&str; 28] = [
    "parkplatz",
    "stellplatz",
    "spielplatz",
    "arbeitsplatz",
    "lagerplatz",
    "bauplatz",
    "sitzplatz",
    "bolzplatz",
    "campingplatz",
    "wohnungsmarkt",
    "supermarkt",
    "baumarkt",
    "verbrauchermarkt",
    "arbeitsmarkt",
    "rechtsweg",
    "radweg",
    "gehweg",
    "fussweg",
    "rettungsweg",
    "fluchtweg",
    "umweg",
    "hinweg",
    "rueckweg",
    "gartenweg",
    "instanzweg",
    "anfahrtsweg",
    "schulweg",
    "laufsteig",
];
/// Shortest beginning of a name that is one word with its ending, in letters.
const BEGINNING_CHARS_MIN: usize = 3;
/// What streets begin with, before a name.
const AT: [&str; 5] = ["am", "im", "zum", "zur", "beim"];
/// The same in two words.
const AT_FIRST: [&str; 8] = ["an", "in", "auf", "hinter", "unter", "vor", "bei", "ueber"];
const AT_SECOND: [&str; 3] = ["der", "dem", "den"];
/// What joins `Straße` or `Platz` with the name behind it.
const OF: [&str; 7] = ["der", "des", "am", "im", "zum", "zur", "an"];
/// Words that stand between `in der` and a number, and name no street.
const NO_NAMES: [&str; 29] = [
    "anlage",
    "akte",
    "seite",
    "blatt",
    "abschnitt",
    "jahr",
    "jahre",
    "flur",
    "nr",
    "nummer",
    "fassung",
    "hoehe",
    "absatz",
    "paragraph",
    "kapitel",
    "band",
    "teil",
    "ziffer",
    "punkt",
    "wert",
    "monat",
    "tag",
    "artikel",
    "haus",
    "gebaeude",
    "wohnung",
    "zimmer",
    "raum",
    "geschoss",
];
/// Most words of a name behind what streets begin with.
const NAME_WORDS_MAX: usize = 3;
/// Beginnings of what stands before a street that has a name by itself: `Alter Markt`.
const ADJECTIVES: [&str; 16] = [
    "alt", "neu", "gross", "klein", "lang", "kurz", "hoh", "breit", "ober", "unter", "hinter", "vorder",
    "rot", "gruen", "weiss", "inner",
];
const NUMBER: [&str; 4] = ["nr", "hausnr", "hausnummer", "nummer"];
/// Most words of a name that is looked up in the register.
const REGISTERED_WORDS_MAX: usize = 6;
/// What stands between house numbers, and the word for it.
const BETWEEN: [char; 5] = ['-', '–', '—', '/', '+'];
const UNTIL: &str = "bis";
/// What ends a house number.
const ENDS: [char; 3] = [',', ';', '.'];
/// Highest house number, in digits, and widest range of them.
const DIGITS_MAX: usize = 3;
const RANGE_MAX: u16 = 100;

/// An address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The street, as typed.
    pub street: String,
    /// The house numbers.
    pub numbers: HouseNumbers,
}

/// `12`, `12a`, `12a-c`, `10-14`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HouseNumbers {
    /// The first.
    pub first: u16,
    /// The last; the same if it is one.
    pub last: u16,
    /// The first and the last letter behind a single one, lower case.
    pub letters: Option<(char, char)>,
}

/// A number, and the letter behind it.
type Numbered = (u16, Option<char>);

impl HouseNumbers {
    /// From the first to the last of these, if they ascend.
    fn of(all: &[Numbered]) -> Option<Self> {
        let ((first, _), (last, _)) = (*all.first()?, *all.last()?);
        let ascend =
            all.windows(2).all(|two| two[0].0 < two[1].0 || (two[0].0 == two[1].0 && two[0].1 < two[1].1));
        if !ascend || last - first > RANGE_MAX {
            return None;
        }
        // `12-12a` is all of number 12.
        let is_lettered = all.iter().all(|(_, letter)| letter.is_some());
        let letters = || all.first()?.1.zip(all.last()?.1).filter(|_| is_lettered);
        Some(Self { first, last, letters: if first == last { letters() } else { None } })
    }
}

/// The address these words begin with, and of how many words it is.
pub(super) fn at(words: &[&str], streets: &Streets) -> Option<(usize, Address)> {
    let all: Vec<String> = words.iter().map(|word| plain(word)).collect();
    registered_lengths(words, streets).into_iter().chain(street_lengths(&all)).find_map(|length| {
        let is_said = all.get(length).is_some_and(|word| NUMBER.contains(&word.as_str()));
        let behind = length + usize::from(is_said);
        let (more, numbers) = numbers_at(words.get(behind..)?)?;
        let street = words[..length].iter().map(|word| word.trim_end_matches([',', ';']));
        let street = street.collect::<Vec<_>>().join(" ");
        Some((behind + more, Address { street, numbers }))
    })
}

/// Of how many words the street of the register may be that begins here, longest first.
fn registered_lengths(words: &[&str], streets: &Streets) -> Vec<usize> {
    let lengths = (1..=words.len().min(REGISTERED_WORDS_MAX)).rev();
    lengths.filter(|length| streets.has(&words[..*length].join(" "))).collect()
}

/// Joins two house numbers as a hyphen does.
pub(super) fn is_until(word: &str) -> bool {
    word.eq_ignore_ascii_case(UNTIL)
}

/// One word that is the name of a street: `Bahnhofstraße`, `Robert-Koch-Str.`
pub(super) fn is_street(plain: &str) -> bool {
    let stem = ENDINGS.iter().find_map(|ending| plain.strip_suffix(ending));
    is_name(plain)
        && !NO_STREETS.contains(&plain)
        && stem.is_some_and(|stem| stem.chars().filter(|c| c.is_alphabetic()).count() >= BEGINNING_CHARS_MIN)
}

/// Of how many words the street may be that begins here, longest first.
fn street_lengths(words: &[String]) -> Vec<usize> {
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    let is_name_at = |at: &usize| is_name(word(*at)) && !NO_NAMES.contains(&word(*at));
    let (first, second) = (word(0), word(1));
    if is_street(first) {
        return vec![1];
    }
    let opening = if AT.contains(&first) {
        1
    } else if AT_FIRST.contains(&first) && AT_SECOND.contains(&second) {
        2
    } else {
        0
    };
    if opening > 0 {
        let names = (opening..words.len()).take_while(is_name_at).take(NAME_WORDS_MAX).count();
        // „in der Bahnhofstraße“: the street is called so without what stands before it.
        let lengths = (opening + 1..=opening + names).rev().filter(|length| !is_street(word(length - 1)));
        return lengths.collect();
    }
    if ENDINGS.contains(&first) && OF.contains(&second) {
        let is_part = |at: &usize| is_name_at(at) || is_ordinal(word(*at));
        let names = (2..words.len()).take_while(is_part).take(NAME_WORDS_MAX).count();
        return (3..3 + names).rev().collect();
    }
    let needs_name = ENDINGS.contains(&second) && !ALONE.contains(&second);
    let is_named = is_name(first) && !NO_NAMES.contains(&first) && !ENDINGS.contains(&first);
    let is_adjective = first.ends_with("er") || ADJECTIVES.iter().any(|stem| first.starts_with(stem));
    if is_named && (needs_name || (ALONE.contains(&second) && is_adjective)) {
        return vec![2];
    }
    if ALONE.contains(&first) { vec![1] } else { Vec::new() }
}

/// The day in `Straße des 17. Juni`.
fn is_ordinal(plain: &str) -> bool {
    (1..=2).contains(&plain.len()) && plain.bytes().all(|byte| byte.is_ascii_digit())
}

/// The house numbers these words begin with, and of how many words they are.
fn numbers_at(words: &[&str]) -> Option<(usize, HouseNumbers)> {
    let (first, behind) = words.split_first()?;
    // „12.“ is the twelfth of something, unless nothing comes behind it.
    if first.ends_with('.') && !behind.is_empty() {
        return None;
    }
    let (mut all, mut length) = (all_in(first, None)?, 1);
    let mut is_open = !first.ends_with(ENDS);
    // The letter may stand apart: `12 a`, `12 a-c`.
    let apart = match all[..] {
        [(number, None)] if is_open => behind.first().and_then(|word| all_in(word, Some(number))),
        _ => None,
    };
    if let Some(apart) = apart {
        is_open = !behind[0].ends_with(ENDS);
        (all, length) = (apart, 2);
    }
    let numbers = HouseNumbers::of(&all)?;
    let until = if is_open { until(&all, &words[length..]) } else { None };
    Some(until.map_or((length, numbers), |(more, numbers)| (length + more, numbers)))
}

/// `bis 16`, `bis 14 b`, `bis c` behind other numbers: all together, and of how many words this is.
fn until(before: &[Numbered], words: &[&str]) -> Option<(usize, HouseNumbers)> {
    let (until, last) = (words.first()?, words.get(1)?);
    let is_day = last.ends_with('.') && words.len() > 2;
    if !is_until(until) || is_day {
        return None;
    }
    let number = before.last().map(|(number, _)| *number);
    let last_ones = all_in(last, None).or_else(|| all_in(last, number)).filter(|all| all.len() == 1)?;
    let letter = words.get(2).filter(|_| last_ones[0].1.is_none() && !last.ends_with(ENDS));
    let is_apart = letter.is_some_and(|word| one_letter(word.trim_end_matches(ENDS)).is_some());
    let numbers = HouseNumbers::of(&[before, &last_ones].concat())?;
    Some((2 + usize::from(is_apart), numbers))
}

/// All numbers in one word: `12`, `12a`, `12a-c`, `10-14`; behind a number that stands before it also `a`, `a-c`.
fn all_in(word: &str, before: Option<u16>) -> Option<Vec<Numbered>> {
    let mut all: Vec<Numbered> = Vec::new();
    for part in word.trim_end_matches(ENDS).to_lowercase().split(BETWEEN) {
        let last = all.last().map(|(number, _)| *number).or(before);
        let letter = || one_letter(part).zip(last).map(|(letter, number)| (number, Some(letter)));
        let is_first = all.is_empty() && before.is_some();
        let numbered = if is_first { letter() } else { numbered(part).or_else(letter) };
        all.push(numbered?);
    }
    Some(all)
}

fn one_letter(text: &str) -> Option<char> {
    let mut letters = text.chars();
    let letter = letters.next().filter(char::is_ascii_alphabetic)?;
    letters.next().is_none().then(|| letter.to_ascii_lowercase())
}

/// `12`, `12a`
fn numbered(text: &str) -> Option<Numbered> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, letter) = text.split_at(digits);
    let number = (1..=DIGITS_MAX).contains(&digits).then(|| number.parse().ok()).flatten()?;
    let letter = if letter.is_empty() { None } else { Some(one_letter(letter)?) };
    (number > 0).then_some((number, letter))
}
