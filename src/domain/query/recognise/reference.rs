//! Reference numbers (Aktenzeichen) in one word: `02091-C-71`, `63.10/1958/12`. At least three groups of letters or
//! digits, two of them with digits, parted by one sign each. Never a date, a sum of money or the name of a file.

use super::date;

const SIGNS: [char; 6] = ['-', '.', '/', '_', '–', '+'];
/// Fewest groups, and how many of them have a digit.
const GROUPS_MIN: usize = 3;
const NUMBERED_GROUPS_MIN: usize = 2;
/// Longest group, and longest group of letters alone.
const GROUP_CHARS_MAX: usize = 10;
const LETTERS_MAX: usize = 4;
/// Groups of one date.
const DATE_GROUPS: usize = 3;

/// The reference number this word is.
pub(super) fn of(word: &str) -> Option<String> {
    let word = word.trim_end_matches([',', ';', '.', ':']);
    let groups: Vec<&str> = word.split(SIGNS).collect();
    let numbered = groups.iter().filter(|group| group.chars().any(|c| c.is_ascii_digit())).count();
    let fits = groups.len() >= GROUPS_MIN
        && numbered >= NUMBERED_GROUPS_MIN
        && groups.iter().all(|group| is_group(group))
        && !is_file_name(word)
        && !is_amount(word, &groups)
        && !is_dates(word, &groups);
    fits.then(|| word.to_owned())
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
