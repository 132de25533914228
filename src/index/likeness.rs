//! Whether two texts are one: the same letter, scanned twice and read with other mistakes. A form letter to somebody else
//! is not the same. Looks at the words alone and decides nothing.

use std::collections::HashMap;

use rapidfuzz::distance::levenshtein::{self, Args};

/// So many letters and digits of each text are compared; a letter shows in front what it is.
const CHARS_MAX: usize = 8_000;
/// Of shorter texts nothing can be told.
const CHARS_MIN: usize = 120;
/// So much of two texts is the same, letter by letter, if recognition alone told them apart.
const SAME_LETTERS_MIN: f64 = 0.85;
/// So many of their numbers (dates, amounts, reference numbers) are then the same, if there are some.
const SAME_NUMBERS_MIN: f64 = 0.6;
/// Fewer numbers tell nothing.
const NUMBERS_MIN: usize = 3;
/// Digits of a number that tells something.
const DIGITS_MIN: usize = 2;

/// How much of two texts is the same, in percent, if they are one text that was read twice; none if they are two.
#[must_use]
pub fn likeness(one: &[&str], other: &[&str]) -> Option<u8> {
    let (a, b) = (letters(one), letters(other));
    if a.len().min(b.len()) < CHARS_MIN {
        return None;
    }
    let args = Args::default().score_cutoff(SAME_LETTERS_MIN);
    let same = levenshtein::normalized_similarity_with_args(a.iter().copied(), b.iter().copied(), &args)?;
    if !numbers_agree(&numbers(&a), &numbers(&b)) {
        return None;
    }
    // Cut, not rounded: all of it is the same only if nothing differs.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100")]
    Some((same * 100.0) as u8)
}

/// The letters and digits of a text, in small letters, a blank between words.
fn letters(pages: &[&str]) -> Vec<char> {
    let mut letters = Vec::new();
    for c in pages.iter().flat_map(|page| page.chars().chain([' '])) {
        if letters.len() >= CHARS_MAX {
            break;
        }
        if c.is_alphanumeric() {
            letters.extend(c.to_lowercase());
        } else if letters.last().is_some_and(|last| *last != ' ') {
            letters.push(' ');
        }
    }
    letters
}

/// The numbers in it, each with how often it stands there.
fn numbers(letters: &[char]) -> HashMap<&[char], usize> {
    let mut numbers = HashMap::new();
    let runs = letters.split(|c| !c.is_ascii_digit()).filter(|run| run.len() >= DIGITS_MIN);
    runs.for_each(|run| *numbers.entry(run).or_insert(0) += 1);
    numbers
}

/// They have most in common, or there are too few to tell.
fn numbers_agree(one: &HashMap<&[char], usize>, other: &HashMap<&[char], usize>) -> bool {
    let all = one.values().sum::<usize>() + other.values().sum::<usize>();
    if all < 2 * NUMBERS_MIN {
        return true;
    }
    let shared = one.iter().map(|(number, times)| *other.get(number).unwrap_or(&0).min(times));
    #[expect(clippy::cast_precision_loss, reason = "a few thousand at most")]
    let agreement = (2 * shared.sum::<usize>()) as f64 / all as f64;
    agreement >= SAME_NUMBERS_MIN
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LETTER: &str = "Sehr geehrter Herr Bremkamp,\nauf Ihren Antrag vom 12.03.1958 erteile ich Ihnen die \
        Genehmigung, auf dem Grundstück Wallgasse 17, Flur 4, Flurstück 118, eine Garage von 5,80 m mal 3,20 m zu \
        errichten. Die Gebühr von 48,50 DM ist binnen 14 Tagen zu zahlen. Aktenzeichen 63/0215/58.";

    /// Every n-th letter is misread.
    fn misread(text: &str, every: usize, first: usize) -> String {
        let misread = |(at, c): (usize, char)| match c {
            c if !c.is_alphabetic() || at % every != first => c,
            'e' => 'c',
            'n' => 'r',
            _ => 'i',
        };
        text.chars().enumerate().map(misread).collect()
    }

    #[test]
    fn a_letter_that_was_scanned_twice_is_known_whatever_recognition_misread() {
        assert_eq!(likeness(&[LETTER], &[LETTER]), Some(100));
        let (one, other) = (misread(LETTER, 20, 3), misread(LETTER, 20, 11));
        let found = likeness(&[&one], &[&other]).unwrap();
        assert!((85..99).contains(&found), "{found}");
        let (front, back) = LETTER.split_at(100);
        assert!(likeness(&[front, back], &[LETTER]).is_some(), "wherever a page ends");
    }

    #[test]
    fn the_same_form_to_somebody_else_is_another_letter() {
        let others = [("12.03.1958", "07.11.1961"), ("17", "4"), ("118", "92"), ("48,50", "31,00")];
        let others =
            others.into_iter().chain([("0215/58", "1170/61"), ("Bremkamp", "Lohmann"), ("5,80", "6,10")]);
        let other = others.fold(LETTER.to_owned(), |text, (was, is)| text.replace(was, is));
        assert_eq!(likeness(&[LETTER], &[&other]), None, "{other}");
    }

    #[test]
    fn other_texts_and_short_ones_are_not_the_same() {
        let other = LETTER.chars().rev().collect::<String>();
        assert_eq!(likeness(&[LETTER], &[&other]), None);
        assert_eq!(likeness(&[LETTER], &[&LETTER[..200]]), None, "half of it");
        assert_eq!(likeness(&["Bitte wenden"], &["Bitte wenden"]), None, "stands on everything");
        assert_eq!(likeness(&[], &[LETTER]), None);
    }

    proptest! {
        #[test]
        fn it_does_not_matter_which_came_first(
            one in "[a-z0-9 ]{100,300}", at in 0..100_usize, put in "[a-z0-9]{0,20}"
        ) {
            let other = format!("{}{put}{}", &one[..at], &one[at..]);
            prop_assert_eq!(likeness(&[&one], &[&other]), likeness(&[&other], &[&one]));
        }
    }
}
