//! Parcels (Flurstücke): `Gemarkung Musterdorf Flur 4 Flurstück 118/2`, `Flur 4 Nr. 118/2`, `Fl. 4, Flst. 118/2`,
//! `Musterdorf 4-118/2`. A number alone is none: it needs its Flur, or a slash and a word that says so.

use super::{address, is_name, plain};

const DISTRICT: [&str; 5] = ["gemarkung", "gem", "gemkg", "gmkg", "gemark"];
const SECTION: [&str; 3] = ["flur", "fl", "flurnr"];
const PARCEL: [&str; 17] = [
    "flurstueck",
    "flurstuecks",
    "flurstuecke",
    "flurstuecknr",
    "flurstuecksnr",
    "flurstuecknummer",
    "flurstuecksnummer",
    "flurst",
    "flurstnr",
    "flst",
    "flstnr",
    "flstk",
    "flnr",
    "flurnummer",
    "parzelle",
    "parz",
    "parzellennr",
];
const NUMBER: [&str; 3] = ["nr", "nummer", "no"];
/// Most words of the name of a Gemarkung.
const DISTRICT_WORDS_MAX: usize = 3;
/// Most digits of the number of a Flur, of a parcel, and of what is behind its slash.
const SECTION_DIGITS_MAX: usize = 3;
const NUMBER_DIGITS_MAX: usize = 5;
const PART_DIGITS_MAX: usize = 4;

/// A parcel, as far as it was named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// Gemarkung.
    pub district: Option<String>,
    /// Number of the Flur.
    pub section: Option<String>,
    /// Number of the parcel (Flurstück): `118/2`.
    pub number: String,
}

/// The parcel these words begin with, and of how many words it is.
pub(super) fn at(words: &[&str]) -> Option<(usize, Parcel)> {
    let all: Vec<String> = words.iter().map(|word| keyword(word)).collect();
    let is = |at: usize, names: &[&str]| all.get(at).is_some_and(|word| names.contains(&word.as_str()));
    let mut at = 0;
    let mut district = None;
    if is(0, &DISTRICT) {
        let named = |at: &usize| !is(*at, &SECTION) && !is(*at, &PARCEL) && names_district(words, *at);
        at = 1 + (1..words.len()).take_while(named).take(DISTRICT_WORDS_MAX).count();
        district = Some(joined(words.get(1..at)?)).filter(|name| !name.is_empty());
        district.as_ref()?;
    }
    // Where neither Gemarkung nor Flur is said, a name stands before the number in full: `Musterdorf 4-118/2`.
    let unsaid = district.is_none() && names_district(words, 0) && !is(0, &SECTION) && !is(0, &PARCEL);
    if let Some((section, number)) = words.get(at + usize::from(unsaid)).and_then(|word| in_full(word)) {
        let district = if unsaid { Some(joined(&words[..1])) } else { district };
        let section = Some(section.to_owned());
        return district
            .is_some()
            .then(|| (at + usize::from(unsaid) + 1, Parcel { district, section, number }));
    }
    let mut section = None;
    if is(at, &SECTION) {
        section = words.get(at + 1).map(|word| bare(word)).filter(|word| is_number(word, SECTION_DIGITS_MAX));
        section?;
        at += 2;
    }
    let said = is(at, &PARCEL);
    at += usize::from(said);
    let numbered = (said || section.is_some()) && is(at, &NUMBER);
    at += usize::from(numbered);
    let number = words.get(at).and_then(|word| parcel_number(word))?;
    let is_sure = if number.contains('/') {
        said || section.is_some() || district.is_some()
    } else {
        section.is_some() && (said || numbered || number.len() <= SECTION_DIGITS_MAX)
    };
    let section = section.map(str::to_owned);
    is_sure.then(|| (at + 1, Parcel { district, section, number: number.to_owned() }))
}

/// Without the signs inside: `Flst.-Nr.` is `flstnr`.
fn keyword(word: &str) -> String {
    plain(word).replace(['.', '-'], "")
}

fn bare(word: &str) -> &str {
    word.trim_matches([',', ';', '.', ':'])
}

fn joined(words: &[&str]) -> String {
    words.iter().map(|word| bare(word)).collect::<Vec<_>>().join(" ")
}

fn names_district(words: &[&str], at: usize) -> bool {
    let name = words.get(at).map(|word| plain(word));
    name.is_some_and(|name| is_name(&name) && name.len() > 2 && !address::is_street(&name))
}

fn is_number(text: &str, digits_max: usize) -> bool {
    (1..=digits_max).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn parcel_number(word: &str) -> Option<&str> {
    let word = bare(word);
    let (number, part) = word.split_once('/').unwrap_or((word, "0"));
    (is_number(number, NUMBER_DIGITS_MAX) && is_number(part, PART_DIGITS_MAX)).then_some(word)
}

/// `4-118/2`: Flur and parcel. Without a slash it would be two house numbers.
fn in_full(word: &str) -> Option<(&str, String)> {
    let (section, number) = bare(word).split_once(['-', '–'])?;
    let number = parcel_number(number).filter(|number| number.contains('/'))?;
    is_number(section, SECTION_DIGITS_MAX).then(|| (section, number.to_owned()))
}
