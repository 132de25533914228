//! Words and the signs between them, read as one word where somebody only put blanks round the signs: `63 / 123 / 1974`,
//! `12 - 16`, `12- 16`, `118 /2`. Joins what has a digit and short letters such as groups of a number have; knows not
//! what it is.

use std::borrow::Cow;

use super::Seen;

/// What stands between groups of one number. A point ends sentences, too, and joins nothing.
const JOINTS: [char; 5] = ['/', '-', '–', '—', '+'];
/// What ends the number before it.
const ENDS: [char; 4] = [',', ';', '.', ':'];
/// Longest group of capital letters.
const CAPITALS_MAX: usize = 4;

/// Words in one way of reading.
pub(super) struct Reading<'a> {
    words: Vec<Read<'a>>,
}

struct Read<'a> {
    text: Cow<'a, str>,
    /// How many words and signs up to its end.
    end: usize,
    is_joined: bool,
}

impl Reading<'_> {
    /// The words.
    pub fn words(&self) -> Vec<&str> {
        self.words.iter().map(|read| read.text.as_ref()).collect()
    }

    /// Of how many words and signs its first words are.
    pub fn end_of(&self, length: usize) -> usize {
        length.checked_sub(1).and_then(|last| self.words.get(last)).map_or(0, |read| read.end)
    }

    /// The first word, and whether signs with blanks round them are in it.
    pub fn first(&self) -> Option<(&str, bool)> {
        self.words.first().map(|read| (read.text.as_ref(), read.is_joined))
    }
}

/// Every word by itself, the signs left out.
pub(super) fn apart<'a>(run: &[Seen<'a>]) -> Reading<'a> {
    let read = |(at, seen): (usize, &Seen<'a>)| match seen {
        Seen::Word(word) => Some(Read { text: Cow::Borrowed(word), end: at + 1, is_joined: false }),
        Seen::Sign(_) | Seen::Other => None,
    };
    Reading { words: run.iter().enumerate().filter_map(read).collect() }
}

/// Words joined by the signs between them; signs that join nothing are left out.
pub(super) fn joined<'a>(run: &[Seen<'a>]) -> Reading<'a> {
    let (mut words, mut at) = (Vec::new(), 0);
    while let Some(seen) = run.get(at) {
        at += 1;
        let Seen::Word(word) = seen else { continue };
        let mut read = Read { text: Cow::Borrowed(*word), end: at, is_joined: false };
        let may_begin = is_group(word.trim_end_matches(JOINTS));
        while let Some((sign, next, end)) = next(&read.text, &run[at..]).filter(|_| may_begin) {
            let text = read.text.to_mut();
            text.push_str(sign);
            text.push_str(next);
            at += end;
            read = Read { end: at, is_joined: true, ..read };
        }
        words.push(read);
    }
    Reading { words }
}

/// What one sign joins to the text: the sign, unless it stands at one of the words, the word, and of how many words and
/// signs both are.
fn next<'a>(text: &str, behind: &[Seen<'a>]) -> Option<(&'a str, &'a str, usize)> {
    let (sign, next, length) = match behind {
        [Seen::Sign(sign), Seen::Word(next), ..] if is_joint(sign) => (*sign, *next, 2),
        [Seen::Word(next), ..] => ("", *next, 1),
        _ => return None,
    };
    let signs = [!sign.is_empty(), text.ends_with(JOINTS), next.starts_with(JOINTS)];
    let is_one = signs.iter().filter(|is_there| **is_there).count() == 1;
    let fits = is_one && !text.ends_with(ENDS) && is_group(next.trim_matches(JOINTS).trim_end_matches(ENDS));
    fits.then_some((sign, next, length))
}

fn is_joint(sign: &str) -> bool {
    let mut chars = sign.chars();
    chars.next().is_some_and(|c| JOINTS.contains(&c)) && chars.next().is_none()
}

/// It has a digit, is one letter, or few capitals.
fn is_group(text: &str) -> bool {
    let letters = text.chars().count();
    let are_capitals = letters <= CAPITALS_MAX && text.chars().all(char::is_uppercase);
    text.chars().any(|c| c.is_ascii_digit())
        || (letters > 0 && are_capitals)
        || (letters == 1 && text.chars().all(char::is_alphabetic))
}
