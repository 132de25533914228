//! The words that compounds are made of: a list that lies on the machine, read when the program runs. It is no
//! part of the program (Debian's `wngerman` is under the GPL). Without it nothing is split, and `doctor` says so.
//!
//! Which list was read is part of an index's version: with another list the index is made anew.

use std::sync::LazyLock;

use super::fold::fold_whole;
use crate::base::digest::Sha256;

/// Where Debian's `wngerman` keeps its words, one a line, nouns in upper case.
pub(in crate::index) const WORD_LIST: &str = "/usr/share/dict/ngerman";

/// Shortest noun that is a part.
const NOUN_CHARS_MIN: usize = 3;
/// Shortest other word that is a part.
const OTHER_CHARS_MIN: usize = 4;
/// Shortest infinitive whose stem is a part (`bauen`, `messen`).
const INFINITIVE_CHARS_MIN: usize = 5;
/// Of the digest of a list so much is its name.
const NAME_CHARS: usize = 16;
/// Endings that are words by chance: as parts they would split what is one word.
const ENDINGS: [&str; 36] = [
    "ung", "ungen", "heit", "keit", "schaft", "lich", "isch", "tion", "ion", "ern", "ernd", "enden", "end",
    "ens", "igen", "ige", "sten", "ster", "ter", "ten", "tes", "tern", "inne", "innen", "chen", "lein",
    "eres", "ere", "eren", "erin", "ling", "linge", "zen", "zer", "gen", "nis",
];

/// What a word of the list may be in a compound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// The stem of a verb: in front only (`wohn-`).
    VerbStem,
    /// Any word but a noun.
    Other,
    /// A noun.
    Noun,
}

/// What the beginning of a text may be in a compound.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beginning {
    /// As a word of the list.
    pub class: Option<Class>,
    /// With an `e` behind it, it is a noun (`erd` of `erde`).
    pub dropped: bool,
}

/// Folded words, in order, one behind the other.
#[derive(Debug, Default)]
pub(in crate::index) struct Lexicon {
    words: String,
    /// Where each word ends, and what it is.
    ends: Vec<(u32, Class)>,
}

/// The list of this machine, as it was when the program first asked; empty if it is not there.
static LIST: LazyLock<String> = LazyLock::new(|| std::fs::read_to_string(WORD_LIST).unwrap_or_default());

/// The words of the list of this machine; without one nothing is split. They are gathered when they are first needed:
/// most that starts looks up no word.
pub(in crate::index) fn of_this_machine() -> &'static Lexicon {
    static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::of(&LIST));
    &LEXICON
}

/// Which list this machine has; none without one.
pub(in crate::index) fn name_of_list() -> Option<&'static str> {
    static NAME: LazyLock<String> =
        LazyLock::new(|| Sha256::of(&[LIST.as_bytes()]).to_string().chars().take(NAME_CHARS).collect());
    (!LIST.is_empty()).then(|| NAME.as_str())
}

impl Lexicon {
    /// The words of a list, one a line.
    pub(super) fn of(list: &str) -> Self {
        let mut words: Vec<(String, Class)> = Vec::new();
        for word in list.lines().filter(|word| word.chars().all(char::is_alphabetic)) {
            gather(word, &mut words);
        }
        // Of one spelling the best class stays: it is last.
        words.sort_unstable();
        let mut lexicon = Self::default();
        for (at, (word, class)) in words.iter().enumerate() {
            let is_last = words.get(at + 1).is_none_or(|(next, _)| next != word);
            let end = u32::try_from(lexicon.words.len() + word.len());
            if let (true, Ok(end)) = (is_last, end) {
                lexicon.words.push_str(word);
                lexicon.ends.push((end, *class));
            }
        }
        lexicon
    }

    pub(in crate::index) fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    fn word(&self, at: usize) -> &str {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before].0 as usize);
        &self.words[start..self.ends[at].0 as usize]
    }

    /// What each beginning of `text` may be in a compound, shortest first, up to the longest that begins a word of
    /// the list: one walk, which ends where no word goes on.
    pub(super) fn beginnings(&self, text: &str) -> Vec<Beginning> {
        let (mut from, mut to) = (0, self.ends.len());
        let mut all = Vec::new();
        for length in 1..=text.len() {
            let wanted = &text.as_bytes()[..length];
            let head = |at: usize| {
                let word = self.word(at).as_bytes();
                &word[..word.len().min(length)]
            };
            from = first(from, to, |at| head(at) >= wanted);
            to = first(from, to, |at| head(at) > wanted);
            if from == to {
                break;
            }
            // The beginning itself is the first of those that begin so; the one with an e comes soon after.
            let class = (self.word(from).len() == length).then(|| self.ends[from].1);
            let with_e = first(from, to, |at| {
                let word = self.word(at).as_bytes();
                word.len() > length && word[length..] >= b"e"[..]
            });
            let is_with_e = with_e < to && &self.word(with_e).as_bytes()[length..] == b"e";
            let dropped = is_with_e && self.ends[with_e].1 == Class::Noun;
            all.push(Beginning { class, dropped });
        }
        all
    }
}

/// The first place in the range from which on `holds` is true; its end if there is none.
fn first(mut from: usize, mut to: usize, holds: impl Fn(usize) -> bool) -> usize {
    while from < to {
        let middle = from.midpoint(to);
        if holds(middle) { to = middle } else { from = middle + 1 }
    }
    from
}

fn gather(word: &str, words: &mut Vec<(String, Class)>) {
    let folded = fold_whole(word);
    let is_abbreviation = word.len() > 2 && word.chars().all(char::is_uppercase);
    if is_abbreviation || ENDINGS.contains(&folded.as_str()) {
        return;
    }
    let chars = folded.chars().count();
    if word.starts_with(char::is_uppercase) {
        if chars >= NOUN_CHARS_MIN {
            words.push((folded, Class::Noun));
        }
        return;
    }
    let infinitive = folded.strip_suffix("en").or_else(|| {
        // `klingeln`, `feuern`: only the n goes.
        folded.strip_suffix('n').filter(|stem| stem.ends_with("el") || stem.ends_with("er"))
    });
    if let Some(stem) = infinitive.filter(|_| chars >= INFINITIVE_CHARS_MIN) {
        words.push((stem.to_owned(), Class::VerbStem));
    }
    if chars >= OTHER_CHARS_MIN {
        words.push((folded, Class::Other));
    }
}
