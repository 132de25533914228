//! Reference numbers (Aktenzeichen): `02091-C-71`, `63.10/1958/12`, `63 / 123 / 1974`. At least three groups of letters or
//! digits, two of them with digits, parted by one sign each. Never a date, a sum of money or the name of a file. Behind
//! „Az.“ it is enough that there is a number: `Az. 00123 / 58`, `Az. 4 K 112/24`.

use super::joined::Reading;
use super::{date, plain};

const SIGNS: [char; 7] = ['-', '.', '/', '_', '–', '—', '+'];
/// What says that a reference number follows.
const NAMES: [&str; 8] =
    ["az", "aktenz", "aktenzeichen", "aktenzeichens", "aktennr", "aktennummer", "gz", "geschaeftszeichen"];
/// The same, where the number follows without a blank: `Az.:63-123-74`. What ends in a colon alone names a field.
const NAMES_BEFORE: [&str; 4] = ["az.:", "az.", "gz.:", "gz."];
/// Fewest groups, and how many of them have a digit.
const GROUPS_MIN: usize = 3;
const NUMBERED_GROUPS_MIN: usize = 2;
/// Longest group, and longest group of letters alone.
const GROUP_CHARS_MAX: usize = 10;
const LETTERS_MAX: usize = 4;
/// Longest group of letters between blanks: `4 K 112/24`.
const SINGLE_LETTERS_MAX: usize = 2;
/// Most groups between blanks.
const SINGLE_GROUPS_MAX: usize = 6;
/// Shortest number that is one by itself behind „Az.“, and that makes one of groups with blanks round their signs:
/// `12 - 14 - 16` counts something.
const TELLING_CHARS_MIN: usize = 3;
/// Groups of one date.
const DATE_GROUPS: usize = 3;

/// The reference number that is named as one, and of how many words it is.
pub(super) fn named(words: &[&str]) -> Option<(usize, String)> {
    let (first, behind) = words.split_first()?;
    if NAMES.contains(&plain(first).as_str()) {
        return behind_its_name(behind).map(|(length, reference)| (1 + length, reference));
    }
    let name =
        NAMES_BEFORE.iter().find(|name| first.get(..name.len()).is_some_and(|text| is_same(text, name)))?;
    let rest = &first[name.len()..];
    let words: Vec<&str> = std::iter::once(rest).chain(behind.iter().copied()).collect();
    if rest.is_empty() { None } else { behind_its_name(&words) }
}

fn is_same(text: &str, name: &str) -> bool {
    text.eq_ignore_ascii_case(name)
}

/// Behind „Az.“: groups with signs between them, or with blanks, of which the last may have signs.
fn behind_its_name(words: &[&str]) -> Option<(usize, String)> {
    let first = bare(words.first()?);
    if has_groups(first) {
        let is_number = first.split(SIGNS).all(is_group) && has_digit(first) && !is_file_name(first);
        return is_number.then(|| (1, first.to_owned()));
    }
    let mut groups: Vec<&str> = Vec::new();
    for word in words.iter().take(SINGLE_GROUPS_MAX) {
        let text = bare(word);
        let is_last = has_groups(text);
        let fits = if is_last { text.split(SIGNS).all(is_group) && has_digit(text) } else { is_single(text) };
        if !fits || is_file_name(text) {
            break;
        }
        groups.push(text);
        if is_last || text.len() < word.len() {
            break;
        }
    }
    // What ends in letters goes on with something else: „Az. 4711 B Müller“.
    while groups.len() > 1 && groups.last().is_some_and(|group| !has_digit(group)) {
        groups.pop();
    }
    let reference = groups.join("-");
    let tells = groups.len() > 1 || reference.chars().count() >= TELLING_CHARS_MIN;
    (tells && has_digit(&reference)).then_some((groups.len(), reference))
}

/// A group between blanks.
fn is_single(text: &str) -> bool {
    let is_short = text.chars().count() <= SINGLE_LETTERS_MAX && text.chars().all(char::is_uppercase);
    is_group(text) && (has_digit(text) || is_short)
}

/// The reference number that the first word is by itself.
pub(super) fn unnamed(reading: &Reading<'_>) -> Option<String> {
    let (word, is_joined) = reading.first()?;
    let word = bare(word);
    let groups: Vec<&str> = word.split(SIGNS).collect();
    let numbered = groups.iter().filter(|group| has_digit(group)).count();
    let fits = groups.len() >= GROUPS_MIN
        && numbered >= NUMBERED_GROUPS_MIN
        && groups.iter().all(|group| is_group(group))
        && !is_file_name(word)
        && !is_amount(word, &groups)
        && !is_dates(word, &groups)
        && (!is_joined || tells(&groups));
    fits.then(|| word.to_owned())
}

/// It has signs between groups.
pub(super) fn has_groups(reference: &str) -> bool {
    reference.contains(SIGNS)
}

/// Numbers with blanks round their signs also count something, or are years, or a day and what comes behind it.
fn tells(groups: &[&str]) -> bool {
    let is_year = |group: &&str| group.len() == 4 && group.starts_with(['1', '2']);
    let has_a_date = groups.windows(DATE_GROUPS).any(|groups| date::may_be(&groups.join(".")));
    let is_telling = |group: &&str| has_digit(group) && group.chars().count() >= TELLING_CHARS_MIN;
    !has_a_date && groups.iter().any(is_telling) && !groups.iter().all(is_year)
}

fn bare(word: &str) -> &str {
    word.trim_end_matches([',', ';', '.', ':'])
}

fn has_digit(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
}

fn is_group(group: &str) -> bool {
    let letters = group.chars().all(char::is_alphabetic);
    let most = if letters { LETTERS_MAX } else { GROUP_CHARS_MAX };
    group.chars().all(char::is_alphanumeric) && (1..=most).contains(&group.chars().count())
}

/// It ends as names of files do: `scan_12_03.pdf`.
fn is_file_name(word: &str) -> bool {
    word.rsplit_once('.').is_some_and(|(_, ending)| ending.chars().all(char::is_alphabetic))
}

/// `1.250.000`
fn is_amount(word: &str, groups: &[&str]) -> bool {
    let mut behind = groups.iter().skip(1);
    word.chars().all(|c| c == '.' || c.is_ascii_digit())
        && groups.first().is_some_and(|group| group.len() <= 3)
        && behind.all(|group| group.len() == 3)
}

/// `12.3.1958`, `1.3.1958-5.4.1960`
fn is_dates(word: &str, groups: &[&str]) -> bool {
    date::may_be(word)
        || (groups.len() == 2 * DATE_GROUPS
            && groups.chunks(DATE_GROUPS).all(|groups| date::may_be(&groups.join("."))))
}
