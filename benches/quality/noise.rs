//! What recognition makes of clean text: letters that look alike, and errors by chance. Blanks and line ends stay, which
//! is kinder than real recognition; errors do not cluster, which is less kind: on a real page most words are whole and
//! a few are past help.

use super::dice::Dice;

/// What is read as what. Where several begin alike, chance decides.
const CONFUSIONS: [(&str, &str); 38] = [
    ("rn", "m"),
    ("m", "rn"),
    ("c", "e"),
    ("e", "c"),
    ("l", "1"),
    ("l", "I"),
    ("I", "l"),
    ("1", "l"),
    ("i", "l"),
    ("l", "i"),
    ("ü", "ii"),
    ("ü", "u"),
    ("ö", "o"),
    ("ä", "a"),
    ("ſ", "f"),
    ("s", "f"),
    ("f", "s"),
    ("f", "t"),
    ("t", "f"),
    ("u", "n"),
    ("n", "u"),
    ("h", "b"),
    ("b", "h"),
    ("ß", "B"),
    ("cl", "d"),
    ("d", "cl"),
    ("o", "0"),
    ("0", "O"),
    ("a", "o"),
    ("e", "o"),
    ("in", "m"),
    ("nn", "m"),
    ("ri", "n"),
    ("g", "q"),
    ("B", "8"),
    ("S", "5"),
    ("5", "S"),
    ("vv", "w"),
];
/// Letters that stand in for a letter by chance.
const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz";
/// Errors in a hundred that are confusions of the table, where one fits.
const CONFUSED_PERCENT: usize = 65;
/// Blanks and signs bear no errors, and some errors are two edits: so much of the wanted rate is the chance of one at a
/// letter, for the edits in all to be as many as wanted.
const CHANCE_PERCENT: usize = 119;

/// The misreading of pages, one after the other.
pub struct Noise {
    /// Chance of an error at a character, in a million.
    chance: usize,
    dice: Dice,
    chars: usize,
    edits: usize,
}

impl Noise {
    /// So many characters in a hundred are edited.
    pub fn new(percent: u8, seed: u64) -> Self {
        let chance = usize::from(percent) * 100 * CHANCE_PERCENT;
        Self { chance, dice: Dice(seed), chars: 0, edits: 0 }
    }

    /// The page as it was read.
    pub fn misread(&mut self, text: &str) -> String {
        let mut read = String::with_capacity(text.len() + 16);
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            self.chars += 1;
            if !c.is_alphanumeric() || !self.dice.in_a_million(self.chance) {
                read.push(c);
                rest = &rest[c.len_utf8()..];
                continue;
            }
            let taken = self.err(rest, c, &mut read);
            self.chars += rest[..taken].chars().count() - 1;
            rest = &rest[taken..];
        }
        read
    }

    /// Edits as a share of all characters.
    pub fn rate(&self) -> f64 {
        self.edits as f64 / self.chars.max(1) as f64
    }

    /// One error at the beginning of `rest`; how many bytes it takes.
    fn err(&mut self, rest: &str, c: char, read: &mut String) -> usize {
        let fitting: Vec<_> = CONFUSIONS.iter().filter(|(from, _)| rest.starts_with(from)).collect();
        if !fitting.is_empty() && self.dice.below(100) < CONFUSED_PERCENT {
            let (from, to) = self.dice.pick(&fitting);
            read.push_str(to);
            self.edits += from.chars().count().max(to.chars().count());
            return from.len();
        }
        let by_chance = char::from(*self.dice.pick(LETTERS));
        match self.dice.below(4) {
            0 => {}
            1 => read.extend([c, by_chance]),
            _ => read.push(by_chance),
        }
        self.edits += 1;
        c.len_utf8()
    }
}
