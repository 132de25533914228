//! Folding: one form for all spellings of a word.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Abbreviation at the end of a word, and what completes it: `hauptstr` → `hauptstrasse`.
const ABBREVIATED_STREET: &str = "str";
const STREET_REST: &str = "asse";
const COMBINING_DIAERESIS: char = '\u{308}';

/// Folds one piece, character by character, to the end of a text.
///
/// `ae` and `oe` are read as umlauts, `ue` too unless a vowel or q stands before it (`bauen`, `quelle`).
/// This keeps the order of prefixes: the fold of a beginning is a beginning of the fold.
#[derive(Default)]
pub(super) struct Folder {
    /// The last two letters of the source, lower case; an umlaut counts as itself.
    before: [Option<char>; 2],
}

impl Folder {
    pub(super) fn push(&mut self, c: char, out: &mut String) {
        if c.is_ascii() {
            self.letter(c.to_ascii_lowercase(), out);
        } else if is_combining_mark(c) {
            self.accent(c);
        } else {
            for lower in std::iter::once(c).nfkd().flat_map(char::to_lowercase) {
                self.special(lower, out);
            }
        }
    }

    /// A decomposed accent is dropped, but `a` + diaeresis is no `a` that a following `e` could change.
    fn accent(&mut self, c: char) {
        if c == COMBINING_DIAERESIS {
            self.before[0] = match self.before[0] {
                Some('a') => Some('ä'),
                Some('o') => Some('ö'),
                Some('u') => Some('ü'),
                other => other,
            };
        }
    }

    fn special(&mut self, c: char, out: &mut String) {
        match c {
            'ß' => {
                self.letter('s', out);
                self.letter('s', out);
            }
            'æ' => self.umlaut('ä', 'a', out),
            'œ' | 'ø' => self.umlaut('ö', 'o', out),
            _ if is_combining_mark(c) => self.accent(c),
            _ if c.is_alphanumeric() => self.letter(c, out),
            _ => {}
        }
    }

    fn umlaut(&mut self, umlaut: char, folded: char, out: &mut String) {
        out.push(folded);
        self.before = [Some(umlaut), self.before[0]];
    }

    fn letter(&mut self, c: char, out: &mut String) {
        let written_out = c == 'e'
            && match self.before {
                [Some('a' | 'o'), _] => true,
                [Some('u'), before] => !before.is_some_and(keeps_ue),
                _ => false,
            };
        if !written_out {
            out.push(c);
        }
        self.before = [Some(c), self.before[0]];
    }
}

fn keeps_ue(before: char) -> bool {
    matches!(before, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'ä' | 'ö' | 'ü' | 'q')
}

/// Completes `…str` to `…strasse`, if the piece that begins at `start` ends so.
pub(super) fn complete_street(out: &mut String, start: usize) {
    if out[start..].ends_with(ABBREVIATED_STREET) {
        out.push_str(STREET_REST);
    }
}

/// All letters and digits of `text`, folded into one word, whatever stands between them:
/// what spellings of one reference number share.
pub(in crate::index) fn fold_whole(text: &str) -> String {
    let mut out = String::new();
    let mut folder = Folder::default();
    for c in text.chars() {
        if c.is_alphanumeric() || is_combining_mark(c) {
            folder.push(c, &mut out);
        } else {
            folder = Folder::default();
        }
    }
    out
}
