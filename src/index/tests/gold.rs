//! Compounds against splits that people made: 4,000 words, third-party material that is not kept in the tree. It lies in
//! `../shared/data` or `$SCHRIFTGUT_SHARED/data`; without it the test says so and passes, except under `CI`.

use crate::index::analysis::{Chunk, Scanner, lexicon, parts_of};

/// At least this share of the words has a cut wherever people made one, and none where they made none.
const SAME_MIN: f64 = 0.85;
/// People put a linking element to the one part or the other.
const NEAR: usize = 2;

fn folded(word: &str) -> String {
    let (mut scanner, mut chunk) = (Scanner::of_beginnings(word), Chunk::default());
    scanner.next_into(&mut chunk);
    chunk.folded
}

/// Where the parts of a word end, the last left out.
fn borders<'a>(parts: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let mut ends: Vec<usize> = parts
        .scan(0, |end, part| {
            *end += part.len();
            Some(*end)
        })
        .collect();
    ends.pop();
    ends
}

#[test]
fn compounds_are_cut_where_people_cut_them() {
    let shared = std::env::var_os("SCHRIFTGUT_SHARED").unwrap_or_else(|| "../shared".into());
    let gold = std::path::Path::new(&shared).join("data/comp_jwordsplitter/gold.tsv");
    let Ok(gold) = std::fs::read_to_string(&gold) else {
        assert!(std::env::var_os("CI").is_none(), "in CI the test material must be present");
        return println!("not run: {} is not there", gold.display());
    };
    let (mut words, mut same) = (0, 0);
    for line in gold.lines().filter(|line| line.chars().all(|c| c.is_alphabetic() || c == '|')) {
        let theirs: Vec<String> = line.split('|').map(folded).collect();
        let word = theirs.concat();
        if word != folded(&line.replace('|', "")) {
            continue; // an umlaut written out over a border
        }
        let (mut ours, mut at) = (Vec::new(), 0);
        for part in parts_of(lexicon(), &word) {
            at += word[at..].find(part).unwrap_or(0) + part.len();
            ours.push(at);
        }
        ours.pop();
        let theirs = borders(theirs.iter().map(String::as_str));
        let near = |a: &[usize], b: &[usize]| a.iter().all(|a| b.iter().any(|b| a.abs_diff(*b) <= NEAR));
        words += 1;
        // A part that is a compound itself may be cut further than people cared to.
        same += usize::from(near(&theirs, &ours) && theirs.is_empty() == ours.is_empty());
    }
    let share = f64::from(same as u32) / f64::from(words);
    println!("{same} of {words} words are cut where people cut them ({:.1} %)", share * 100.0);
    assert!(share >= SAME_MIN, "{share}");
}
