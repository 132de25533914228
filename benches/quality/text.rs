//! Words as a judge reads them. Deliberately simple and our own engine's in nothing: a word is a run of letters; one
//! that is broken at the end of a line is told apart from one that stands whole.

use std::collections::{BTreeMap, BTreeSet};

/// A page's number in the collection.
pub type PageNo = u32;
/// Pages, each once.
pub type Pages = BTreeSet<PageNo>;

/// Longest word that is judged: longer ones are words without the blanks between them.
const LETTERS_MAX: usize = 26;
/// Words that go on behind a hyphen without being its rest: `Bau-⏎und Gartenamt`.
const CONJUNCTIONS: [&str; 5] = ["und", "oder", "bzw", "sowie", "bis"];

/// One spelling of a word for all: small letters, umlauts and ß written out, s for ſ.
pub fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len() + 2);
    for c in word.chars().flat_map(char::to_lowercase) {
        match c {
            'ä' => folded.push_str("ae"),
            'ö' => folded.push_str("oe"),
            'ü' => folded.push_str("ue"),
            'ß' => folded.push_str("ss"),
            'ſ' => folded.push('s'),
            _ => folded.push(c),
        }
    }
    folded
}

/// A folded word without its umlauts, for a plural to contain its singular: `kompostplaetze`, `kompostplatz`.
pub fn without_umlauts(folded: &str) -> String {
    folded.replace("ae", "a").replace("oe", "o").replace("ue", "u")
}

/// The words of a text in order, as they stand there; true if the word was broken at the end of a line.
pub fn words(text: &str) -> Vec<(String, bool)> {
    let chars: Vec<char> = text.chars().collect();
    let (mut all, mut at) = (Vec::new(), 0);
    while at < chars.len() {
        if !chars[at].is_alphabetic() {
            at += 1;
            continue;
        }
        let (mut word, mut broken) = (String::new(), false);
        at = run(&chars, at, &mut word);
        while let Some(rest) = rest_behind_break(&chars, at) {
            broken = true;
            at = run(&chars, rest, &mut word);
        }
        all.push((word, broken));
    }
    all
}

/// Takes letters; where they end.
fn run(chars: &[char], mut at: usize, word: &mut String) -> usize {
    while at < chars.len() && chars[at].is_alphabetic() {
        word.push(chars[at]);
        at += 1;
    }
    at
}

/// Where a word goes on that a hyphen breaks here, at the end of a line.
fn rest_behind_break(chars: &[char], at: usize) -> Option<usize> {
    let blanks = |mut at: usize| {
        while chars.get(at).is_some_and(|c| matches!(c, ' ' | '\r')) {
            at += 1;
        }
        at
    };
    let end = blanks(chars.get(at).filter(|c| **c == '-').map(|_| at + 1)?);
    let next = blanks(chars.get(end).filter(|c| **c == '\n').map(|_| end + 1)?);
    chars.get(next).filter(|c| c.is_lowercase())?;
    let mut word = String::new();
    run(chars, next, &mut word);
    (!CONJUNCTIONS.contains(&word.as_str())).then_some(next)
}

/// Which words stand on which pages.
#[derive(Default)]
pub struct Vocabulary {
    /// By the folded word that stands whole.
    pub whole: BTreeMap<String, Pages>,
    /// By the folded word that is broken at the end of a line.
    pub broken: BTreeMap<String, Pages>,
    /// How such a word is spelled, by the folded word.
    pub broken_spelled: BTreeMap<String, String>,
    /// By the word in small letters, but as it is spelled, standing whole.
    pub spelled: BTreeMap<String, Pages>,
}

impl Vocabulary {
    /// Of all pages.
    pub fn of(pages: &[String]) -> Self {
        let mut all = Self::default();
        for (number, text) in (0..).zip(pages) {
            for (word, broken) in words(text) {
                let place = if broken { &mut all.broken } else { &mut all.whole };
                place.entry(fold(&word)).or_default().insert(number);
                if broken {
                    all.broken_spelled.entry(fold(&word)).or_insert(word);
                } else {
                    all.spelled.entry(word.to_lowercase()).or_default().insert(number);
                }
            }
        }
        all
    }

    /// Pages with this folded word, standing whole.
    pub fn with(&self, folded: &str) -> Pages {
        self.whole.get(folded).cloned().unwrap_or_default()
    }

    /// Pages where the word stands whole and is spelled like this.
    pub fn literally(&self, typed: &str) -> Pages {
        self.spelled.get(&typed.to_lowercase()).cloned().unwrap_or_default()
    }

    /// Pages with a word of which `test` holds: standing whole, and broken. Longer words than any are left out.
    pub fn where_some(&self, test: &dyn Fn(&str) -> bool) -> (Pages, Pages) {
        let of = |words: &BTreeMap<String, Pages>| {
            let fitting = words.iter().filter(|(word, _)| word.len() <= LETTERS_MAX && test(word));
            fitting.flat_map(|(_, pages)| pages.iter().copied()).collect()
        };
        (of(&self.whole), of(&self.broken))
    }

    /// Pages with words so near to these that a judge who knows only the rule has no opinion: the word broken, or
    /// a longer word that contains it, or all but its ending.
    pub fn akin(&self, folded: &[String]) -> Pages {
        let stems: Vec<&str> = folded.iter().map(|word| without_ending(word)).collect();
        let of = |words: &BTreeMap<String, Pages>| -> Pages {
            let fitting = words.iter().filter(|(word, _)| stems.iter().any(|stem| word.contains(stem)));
            fitting.flat_map(|(_, pages)| pages.iter().copied()).collect()
        };
        &of(&self.whole) | &of(&self.broken)
    }
}

/// A long word without its last two letters.
fn without_ending(word: &str) -> &str {
    if word.len() < 8 || !word.is_char_boundary(word.len() - 2) { word } else { &word[..word.len() - 2] }
}

/// The first letter as a capital.
pub fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
