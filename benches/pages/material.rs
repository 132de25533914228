//! Pages by chance out of real German lines, and queries drawn from them. The same everywhere; never all in memory.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::dice::Dice;
use super::shared;

/// Letters of a page, about.
const PAGE_BYTES: usize = 2_000;
/// Lines that stay together, as prose does.
const RUN_LINES: usize = 6;
/// Pages that words are counted on.
const SAMPLE_PAGES: u64 = 3_000;
/// Queries of a kind.
const QUERIES: usize = 60;

/// Lines of council papers, laws and their like.
pub struct Material {
    lines: Vec<String>,
}

impl Material {
    /// None if the test material is not there.
    pub fn read() -> Option<Self> {
        let data = shared::root().join("data");
        if !data.is_dir() {
            return None;
        }
        let unpacked = Path::new(env!("CARGO_TARGET_TMPDIR")).join("quality");
        let done = Command::new(data.join("unpack")).arg(&unpacked).status().unwrap();
        assert!(done.success(), "the material could not be unpacked");
        let mut lines = Vec::new();
        for path in texts_below(&unpacked) {
            let text = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
            // The worker takes a text with control characters for none.
            let is_prose = |line: &&str| line.len() > 30 && !line.chars().any(char::is_control);
            lines.extend(text.lines().map(str::trim).filter(is_prose).map(str::to_owned));
        }
        Some(Self { lines })
    }

    /// The page of that number.
    pub fn page(&self, number: u64) -> String {
        let mut dice = Dice(number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let mut page = String::with_capacity(PAGE_BYTES + 200);
        while page.len() < PAGE_BYTES {
            let from = dice.below(self.lines.len().saturating_sub(RUN_LINES));
            for line in &self.lines[from..from + RUN_LINES] {
                page.push_str(line);
                page.push('\n');
            }
        }
        page
    }

    /// Queries of every kind, in turns.
    pub fn queries(&self) -> Vec<Query> {
        let pages: Vec<String> = (0..SAMPLE_PAGES).map(|number| self.page(number)).collect();
        let mut on: BTreeMap<&str, u64> = BTreeMap::new();
        for page in &pages {
            let mut words: Vec<_> = words(page).collect();
            words.sort_unstable();
            words.dedup();
            words.into_iter().for_each(|word| *on.entry(word).or_default() += 1);
        }
        let between = |from: f64, to: f64| -> Vec<&str> {
            let share = |pages: u64| pages as f64 / SAMPLE_PAGES as f64;
            on.iter().filter(|(_, n)| (from..to).contains(&share(**n))).map(|(word, _)| *word).collect()
        };
        let (frequent, middle, rare) = (between(0.05, 0.3), between(0.005, 0.05), between(0.0006, 0.002));
        let mut dice = Dice(7);
        let mut all = Vec::new();
        for _ in 0..QUERIES {
            let (first, second) = (dice.pick(&frequent), dice.pick(&middle));
            let side = side_by_side(&pages[dice.below(pages.len())], &mut dice);
            let one = dice.pick(&middle);
            let begin: String = dice.pick(&middle).chars().take(5).collect();
            let (often, sometimes, seldom) = (dice.pick(&frequent), dice.pick(&middle), dice.pick(&rare));
            for (kind, words) in [
                (Kind::Frequent, vec![*often]),
                (Kind::Middle, vec![*sometimes]),
                (Kind::Rare, vec![*seldom]),
                (Kind::RareAsTyped, vec![*seldom]),
                (Kind::Both, vec![*first, *second]),
                (Kind::BothAsTyped, vec![*first, *second]),
                (Kind::Phrase, side.to_vec()),
                (Kind::Beginning, vec![begin.as_str()]),
                (Kind::Similar, vec![*one]),
            ] {
                all.push(Query { kind, words: words.into_iter().map(str::to_owned).collect() });
            }
        }
        all
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Frequent,
    Middle,
    Rare,
    /// The same words, in quotes: what it costs to find them in other forms is the difference.
    RareAsTyped,
    Both,
    BothAsTyped,
    Phrase,
    Beginning,
    Similar,
}

impl Kind {
    pub const ALL: [Self; 9] = [
        Self::Frequent,
        Self::Middle,
        Self::Rare,
        Self::RareAsTyped,
        Self::Both,
        Self::BothAsTyped,
        Self::Phrase,
        Self::Beginning,
        Self::Similar,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Frequent => "word, on 5 to 30 % of pages",
            Self::Middle => "word, on 0.5 to 5 %",
            Self::Rare => "word, on 0.06 to 0.2 %",
            Self::RareAsTyped => "the same, in quotes",
            Self::Both => "two words, both",
            Self::BothAsTyped => "the same, each in quotes",
            Self::Phrase => "phrase of two words",
            Self::Beginning => "beginning of a word",
            Self::Similar => "similar words",
        }
    }
}

/// A query.
pub struct Query {
    pub kind: Kind,
    pub words: Vec<String>,
}

impl Query {
    /// As people type it here.
    pub fn typed(&self) -> String {
        let words = self.words.join(" ");
        match self.kind {
            Kind::Frequent | Kind::Middle | Kind::Rare | Kind::Both => words,
            Kind::Phrase | Kind::RareAsTyped => format!("\"{words}\""),
            Kind::BothAsTyped => format!("\"{}\"", self.words.join("\" \"")),
            Kind::Beginning => format!("{words}*"),
            Kind::Similar => format!("{words}~"),
        }
    }
}

fn words(page: &str) -> impl Iterator<Item = &str> {
    page.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() >= 5)
}

/// Two words that follow each other on a line.
fn side_by_side<'p>(page: &'p str, dice: &mut Dice) -> [&'p str; 2] {
    loop {
        let lines: Vec<&str> = page.lines().collect();
        let words: Vec<&str> = dice.pick(&lines).split(' ').collect();
        if words.len() < 2 {
            continue;
        }
        let at = dice.below(words.len() - 1);
        let is_word = |word: &str| word.chars().count() > 3 && word.chars().all(char::is_alphabetic);
        if is_word(words[at]) && is_word(words[at + 1]) {
            return [words[at], words[at + 1]];
        }
    }
}

fn texts_below(folder: &Path) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            paths.extend(texts_below(&path));
        } else if path.extension().is_some_and(|ending| ending == "txt" || ending == "md") {
            paths.push(path);
        }
    }
    paths.sort();
    paths
}
