//! Addresses: words that end in or begin with what streets are called, and a house number. `Bahnhofstr. 12a`,
//! `Berliner Straße 5`, `Am Alten Markt 3`, `Platz der Republik 1`, `Karlstraße 10-14`.
//!
//! Known limits: streets that are called like anything (`Rosenhag 2`, `Stadtmauer 1`) are not recognised; of a name of
//! several words before `Straße` only the last belongs to it, which finds the street all the same.

use super::{is_name, plain};

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

/// `12`, `12a`, `10-14`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HouseNumbers {
    /// The first.
    pub first: u16,
    /// The last; the same if it is one.
    pub last: u16,
    /// The letter behind a single one, lower case.
    pub letter: Option<char>,
}

/// The address these words begin with, and of how many words it is.
pub(super) fn at(words: &[&str]) -> Option<(usize, Address)> {
    let all: Vec<String> = words.iter().map(|word| plain(word)).collect();
    street_lengths(&all).into_iter().find_map(|length| {
        let is_said = all.get(length).is_some_and(|word| NUMBER.contains(&word.as_str()));
        let behind = length + usize::from(is_said);
        let (more, numbers) = numbers_at(words.get(behind..)?)?;
        let street = words[..length].iter().map(|word| word.trim_end_matches([',', ';']));
        let street = street.collect::<Vec<_>>().join(" ");
        Some((behind + more, Address { street, numbers }))
    })
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
    let text = first.trim_end_matches([',', ';', '.']).to_lowercase();
    let mut numbers = match text.split_once(['-', '–', '/', '+']) {
        None => {
            let (number, letter) = number(&text)?;
            HouseNumbers { first: number, last: number, letter }
        }
        Some((from, to)) => {
            let ((first, _), (last, _)) = (number(from)?, number(to)?);
            let is_range = first < last && last - first <= RANGE_MAX;
            is_range.then_some(HouseNumbers { first, last, letter: None })?
        }
    };
    let letter = behind.first().and_then(|word| one_letter(word.trim_end_matches([',', ';'])));
    let is_apart = numbers.first == numbers.last
        && numbers.letter.is_none()
        && letter.is_some()
        && !first.ends_with([',', ';']);
    if is_apart {
        numbers.letter = letter;
    }
    Some((1 + usize::from(is_apart), numbers))
}

fn one_letter(text: &str) -> Option<char> {
    let mut letters = text.chars();
    let letter = letters.next().filter(char::is_ascii_alphabetic)?;
    letters.next().is_none().then(|| letter.to_ascii_lowercase())
}

/// `12`, `12a`
fn number(text: &str) -> Option<(u16, Option<char>)> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, letter) = text.split_at(digits);
    let number = (1..=DIGITS_MAX).contains(&digits).then(|| number.parse().ok()).flatten()?;
    let letter = if letter.is_empty() { None } else { Some(one_letter(letter)?) };
    (number > 0).then_some((number, letter))
}
