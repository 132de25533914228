//! The pages, and what becomes of them: as they are, without umlauts, in old spelling, misread.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use unicode_normalization::UnicodeNormalization as _;

use super::dice::Dice;
use super::lists;
use super::noise::Noise;
use super::shared;

/// Letters a page has at least.
const PAGE_LETTERS_MIN: usize = 300;
/// Characters and lines of a page at most: what was one sheet in the source may be several pages here.
const PAGE_CHARS_MAX: usize = 4_000;
const PAGE_LINES_MAX: usize = 90;
/// Pages of one paper at most, so that many papers take part.
const PAPER_PAGES_MAX: usize = 6;

/// How the collection is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Writing {
    /// As in the source.
    Clean,
    /// Without umlauts and ß, as on a machine that lacks them.
    WrittenOut,
    /// Every word of the list in its old spelling.
    Old,
    /// So many characters in a hundred are misread.
    Misread(u8),
}

impl Writing {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Clean,
        Self::WrittenOut,
        Self::Old,
        Self::Misread(1),
        Self::Misread(3),
        Self::Misread(5),
        Self::Misread(10),
    ];

    /// The pages so written.
    pub fn of(self, pages: &[String]) -> Vec<String> {
        match self {
            Self::Clean => pages.to_vec(),
            Self::WrittenOut => pages.iter().map(|page| written_out(page)).collect(),
            Self::Old => {
                let old: BTreeMap<_, _> = lists::old_spellings()
                    .into_iter()
                    .map(|pair| (pair.now.to_lowercase(), pair.then))
                    .collect();
                pages.iter().map(|page| in_old_spelling(page, &old)).collect()
            }
            Self::Misread(percent) => {
                let mut noise = Noise::new(percent, 40 + u64::from(percent));
                let misread = pages.iter().map(|page| noise.misread(page)).collect();
                println!("misread at {percent} %: {:.2} % of characters edited", noise.rate() * 100.0);
                misread
            }
        }
    }
}

fn written_out(text: &str) -> String {
    let pairs = [("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ä", "Ae"), ("Ö", "Oe"), ("Ü", "Ue"), ("ß", "ss")];
    pairs.iter().fold(text.to_owned(), |text, (one, two)| text.replace(one, two))
}

fn in_old_spelling(text: &str, old: &BTreeMap<String, String>) -> String {
    let mut all = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some(from) = rest.find(char::is_alphabetic) {
        all.push_str(&rest[..from]);
        rest = &rest[from..];
        let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let word = &rest[..end];
        match old.get(&word.to_lowercase()) {
            Some(then) if word.starts_with(char::is_uppercase) => all.push_str(&super::text::capital(then)),
            Some(then) => all.push_str(&then.to_lowercase()),
            None => all.push_str(word),
        }
        rest = &rest[end..];
    }
    all + rest
}

/// Where the material is; none if it is not there.
pub fn data() -> Option<PathBuf> {
    let data = shared::root().join("data");
    data.is_dir().then(|| data.canonicalize().unwrap())
}

/// `count` pages: council papers drawn by chance, and every transcription of old print.
pub fn pages(data: &Path, count: usize) -> Vec<String> {
    let unpacked = Path::new(env!("CARGO_TARGET_TMPDIR")).join("quality");
    let done = Command::new(data.join("unpack")).arg(&unpacked).status().unwrap();
    assert!(done.success(), "the material could not be unpacked");
    let mut papers = below(&unpacked.join("text_karlsruhe/files"), ".txt");
    Dice(1).shuffle(&mut papers);
    let print = ["ocr_cis_fraktur19", "ocr_vd_sbb"].map(|set| below(&data.join(set), ".gt.txt"));
    let (mut all, mut known) = (Vec::new(), HashSet::new());
    for path in print.into_iter().flatten().chain(papers) {
        let text = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
        let sheets = text.split('\u{c}').flat_map(cut);
        let whole = |page: &String| page.chars().filter(|c| c.is_alphabetic()).count() >= PAGE_LETTERS_MIN;
        for page in sheets.filter(whole).take(PAPER_PAGES_MAX) {
            if all.len() == count {
                return all;
            }
            if known.insert(page.clone()) {
                all.push(page);
            }
        }
    }
    all
}

/// Pages of bounded length, cut between lines.
fn cut(sheet: &str) -> Vec<String> {
    let (mut all, mut page, mut lines) = (Vec::new(), String::new(), 0);
    for line in sheet.lines() {
        if lines == PAGE_LINES_MAX || page.len() + line.len() > PAGE_CHARS_MAX {
            all.push(std::mem::take(&mut page));
            lines = 0;
        }
        // Control characters are left out: with them it is no text to a reader that is wary.
        page.extend(line.trim_end().nfc().filter(|c| !c.is_control()));
        page.push('\n');
        lines += 1;
    }
    all.push(page);
    all
}

/// Files with this ending, in the order of their names.
fn below(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                all.push(path);
            }
        }
    }
    all.sort();
    all
}
