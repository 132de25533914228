//! Bytes as groups of letters that people can read aloud, write down and type in.
//!
//! Base32 after Crockford: no I, L, O, U; I and L are read as 1, O as 0; case, blanks and hyphens do
//! not matter. Every group is four letters of data and one of check. The check is taken over GF(32)
//! and depends on the group's position: one wrong letter, two neighbours swapped, and two groups
//! swapped are always found, and the group is named.

use std::fmt::Write as _;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters of data in a group; one of check follows.
pub(super) const DATA_LETTERS: usize = 4;
const GROUP_LETTERS: usize = DATA_LETTERS + 1;

/// What is wrong with a text that should be groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GroupFault {
    /// A group (counted from 1) is not as it was written.
    Group(usize),
    /// Letters are missing or too many.
    Letters { found: usize, wanted: usize },
}

/// Groups of five letters. The bytes must fill whole groups (a multiple of 5 bytes, at most 75).
pub(super) fn to_groups(bytes: &[u8]) -> Vec<String> {
    let values: Vec<u8> = bytes
        .chunks(5)
        .flat_map(|five| {
            let word = five.iter().fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
            (0..8).rev().map(move |at| (word >> (5 * at) & 31) as u8)
        })
        .collect();
    let letter = |value: &u8| ALPHABET[usize::from(*value)] as char;
    let group = |(at, data): (usize, &[u8])| {
        let mut text: String = data.iter().map(letter).collect();
        text.push(letter(&check(at, data)));
        text
    };
    values.chunks(DATA_LETTERS).enumerate().map(group).collect()
}

/// Reads groups that hold `bytes_wanted` bytes.
pub(super) fn from_groups(text: &str, bytes_wanted: usize) -> Result<Vec<u8>, GroupFault> {
    let letters: Vec<char> = text.chars().filter(|c| !c.is_whitespace() && !is_dash(*c)).collect();
    let groups_wanted = bytes_wanted * 8 / 5 / DATA_LETTERS;
    let mut values = Vec::new();
    for (at, group) in letters.chunks(GROUP_LETTERS).enumerate().take(groups_wanted) {
        let found: Option<Vec<u8>> = group.iter().map(|letter| value_of(*letter)).collect();
        match found.as_deref().and_then(<[u8]>::split_last) {
            Some((last, data)) if data.len() == DATA_LETTERS && *last == check(at, data) => {
                values.extend_from_slice(data);
            }
            _ if group.len() < GROUP_LETTERS => break,
            _ => return Err(GroupFault::Group(at + 1)),
        }
    }
    let wanted = groups_wanted * GROUP_LETTERS;
    if letters.len() != wanted {
        return Err(GroupFault::Letters { found: letters.len(), wanted });
    }
    let to_bytes = |eight: &[u8]| {
        let word = eight.iter().fold(0_u64, |word, value| word << 5 | u64::from(*value));
        (0..5).rev().map(move |at| (word >> (8 * at)) as u8).collect::<Vec<u8>>()
    };
    Ok(values.chunks(8).flat_map(to_bytes).collect())
}

/// Groups in lines of `per_line`, as they are printed.
pub(super) fn in_lines(groups: &[String], per_line: usize) -> String {
    let mut text = String::new();
    for (at, line) in groups.chunks(per_line).enumerate() {
        let from = at * per_line + 1;
        let _ = writeln!(text, "  {from:>2}–{:<2}   {}", from + line.len() - 1, line.join("  "));
    }
    text
}

fn is_dash(letter: char) -> bool {
    matches!(letter, '-' | '–' | '—')
}

fn value_of(letter: char) -> Option<u8> {
    let letter = match letter.to_ascii_uppercase() {
        'I' | 'L' => '1',
        'O' => '0',
        other => other,
    };
    ALPHABET.iter().position(|known| char::from(*known) == letter).map(|at| at as u8)
}

/// Position of the group, plus Σ α^(i+1)·letter over GF(32).
fn check(group: usize, data: &[u8]) -> u8 {
    let position = (group as u8 + 1) & 31;
    // Horner: every letter is multiplied by another power of α, none by 1.
    position ^ data.iter().fold(0, |sum, value| times_alpha(sum ^ value))
}

/// Multiplies by α in GF(32) with x⁵ + x² + 1.
fn times_alpha(value: u8) -> u8 {
    let doubled = value << 1;
    if doubled & 32 == 0 { doubled } else { doubled ^ 0b10_0101 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BYTES: [u8; 45] = [
        0x11, 0x9f, 0x3c, 0, 0, 0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0x80, 0x40, 0x20, 0x10, 8, 4, 2, 1,
        0xaa, 0x55, 0xde, 0xad, 0xbe, 0xef, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 0xfe,
    ];

    #[test]
    fn groups_give_back_the_bytes_however_they_are_typed() {
        let text = to_groups(&BYTES).join(" ");
        assert_eq!(from_groups(&text, 45), Ok(BYTES.to_vec()));
        assert_eq!(from_groups(&text.to_lowercase().replace(' ', " - \n"), 45), Ok(BYTES.to_vec()));
        let with_letters = text.replace('1', "l").replace('0', "O");
        assert_eq!(from_groups(&with_letters, 45), Ok(BYTES.to_vec()));
    }

    #[test]
    fn every_single_wrong_letter_is_found_in_its_group() {
        let good: Vec<u8> = to_groups(&BYTES).concat().into_bytes();
        for at in 0..good.len() {
            for letter in ALPHABET.iter().filter(|letter| **letter != good[at]) {
                let mut bad = good.clone();
                bad[at] = *letter;
                let read = from_groups(std::str::from_utf8(&bad).unwrap(), 45);
                assert_eq!(read, Err(GroupFault::Group(at / GROUP_LETTERS + 1)));
            }
        }
    }

    #[test]
    fn swapped_neighbours_and_swapped_groups_are_found() {
        let groups = to_groups(&BYTES);
        let good: Vec<char> = groups.concat().chars().collect();
        for at in 0..good.len() - 1 {
            let mut bad = good.clone();
            bad.swap(at, at + 1);
            let read = from_groups(&bad.iter().collect::<String>(), 45);
            assert_eq!(read.is_err(), good[at] != good[at + 1], "letters {at} and the next");
        }
        for at in 0..groups.len() - 1 {
            let mut bad = groups.clone();
            bad.swap(at, at + 1);
            assert_eq!(from_groups(&bad.concat(), 45), Err(GroupFault::Group(at + 1)));
        }
    }

    #[test]
    fn missing_letters_are_counted() {
        let text = to_groups(&BYTES).concat();
        assert_eq!(from_groups(&text[..87], 45), Err(GroupFault::Letters { found: 87, wanted: 90 }));
        assert_eq!(from_groups("", 45), Err(GroupFault::Letters { found: 0, wanted: 90 }));
        assert_eq!(from_groups(&format!("{text}0"), 45), Err(GroupFault::Letters { found: 91, wanted: 90 }));
    }
}
