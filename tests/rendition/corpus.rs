//! The test suites of other projects: what our own reader found in an office document is found in the PDF made of it, but for a
//! share that is named. Some files of each kind in every run, all of them with `SCHRIFTGUT_FULL=1`, which prints the table.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use schriftgut::domain::text::{MediaType, Reading};
use schriftgut::intake::{Bytes, IntakeError, Limits};

use super::measured::Measured;
use super::shared::data;
use super::{can_convert, workshop};

/// Files of each kind in an ordinary run.
const OF_EACH: usize = 2;
/// Share of the words our reader found that are in the PDF, at the median of all files of a kind. Hidden sheets, comments and
/// notes of slides are read and not laid out.
const FOUND_MIN: f64 = 0.95;
/// Share of the readable files that become a PDF.
const CONVERTED_MIN: f64 = 0.9;
/// Most memory: the office program's, or the worker's that waits for it.
const MEMORY_MAX: u64 = 1 << 30;
/// Longest time: the program's own, and what its worker may take besides.
const WORST: Duration = Duration::from_secs(75);

/// Files below the folders of office documents, in order.
fn files(data: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(data).unwrap().map(|entry| entry.unwrap().path());
    let of_office = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().starts_with("office_");
    folders.filter(of_office).flat_map(|folder| super::common::files_below(&folder)).collect()
}

/// Words of letters: numbers and days are written as a cell says, which our reader does not follow. The name of a sheet, the
/// first line of its page, is on no paper.
fn words(reading: &Reading) -> BTreeSet<String> {
    use MediaType::{Ods, Xls, Xlsb, Xlsx};
    let names = usize::from(matches!(reading.format.media, Ods | Xls | Xlsb | Xlsx));
    let lines = reading.pages.iter().flat_map(|page| page.text.lines().skip(names));
    let words = lines.flat_map(|line| line.split(|sign: char| !sign.is_alphanumeric()));
    let words = words.filter(|word| word.chars().count() > 2 && word.chars().all(char::is_alphabetic));
    words.map(str::to_lowercase).collect()
}

/// A word of the one that no word of the other has in it: a PDF may part or join words at the end of a line.
fn found(ours: &BTreeSet<String>, laid_out: &Reading) -> f64 {
    let text: String = laid_out.pages.iter().flat_map(|page| page.text.chars()).collect();
    let text: String = text.to_lowercase().chars().filter(|sign| sign.is_alphanumeric()).collect();
    let there = ours.iter().filter(|word| text.contains(word.as_str())).count();
    if ours.is_empty() { 1.0 } else { there as f64 / ours.len() as f64 }
}

#[derive(Default)]
struct Tally {
    files: usize,
    failed: BTreeMap<&'static str, Vec<String>>,
    shares: Vec<(f64, String)>,
    took: Vec<Duration>,
    memory: u64,
}

impl Tally {
    fn add(&mut self, path: &Path, bytes: &[u8], ours: &Reading) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        self.files += 1;
        let measured = Measured::new(&Limits::default(), WORST);
        let begun = Instant::now();
        let made = measured.workshop().rendition(&Bytes(bytes));
        self.took.push(begun.elapsed());
        self.memory = self.memory.max(measured.most_bytes().unwrap_or_default());
        match made {
            Ok(rendition) => {
                let read = workshop().read(&Bytes(&rendition.pdf), &mut |_| {}).unwrap();
                assert_eq!(read.pages_declared, Some(rendition.pages), "{name}");
                self.shares.push((found(&words(ours), &read), name));
            }
            Err(IntakeError::NotReadable { reason, .. }) => {
                self.failed.entry(reason.german()).or_default().push(name);
            }
            Err(other) => panic!("{name}: the machinery failed: {other}"),
        }
    }

    fn median(&self) -> f64 {
        self.shares.get(self.shares.len() / 2).map_or(1.0, |(share, _)| *share)
    }
}

#[test]
fn what_our_reader_found_is_found_in_the_pdf_that_is_made() {
    let Some(data) = data().filter(|_| can_convert()) else { return };
    let full = std::env::var_os("SCHRIFTGUT_FULL").is_some();
    let mut kinds: BTreeMap<&'static str, (MediaType, Tally)> = BTreeMap::new();
    for path in files(&data) {
        let bytes = fs::read(&path).unwrap();
        // What our own reader cannot open is damaged or encrypted, and its reason is given already.
        let Ok(ours) = workshop().read(&Bytes(&bytes), &mut |_| {}) else { continue };
        let media = ours.format.media;
        let (_, tally) = kinds.entry(media.label()).or_insert_with(|| (media, Tally::default()));
        if media.is_laid_out() && (full || tally.files < OF_EACH) {
            tally.add(&path, &bytes, &ours);
        }
    }
    kinds.retain(|_, (media, _)| media.is_laid_out());
    let (mut files, mut converted, mut poor) = (0, 0, Vec::new());
    println!("kind | files | converted | words found: median, least | time: median, worst | memory");
    for (label, (_, tally)) in &mut kinds {
        tally.shares.sort_by(|one, other| one.0.total_cmp(&other.0));
        tally.took.sort();
        let least = tally.shares.first().cloned().unwrap_or((1.0, String::new()));
        println!(
            "{label} | {} | {} | {:.3}, {:.3} ({}) | {:.1?}, {:.1?} | {} MiB",
            tally.files,
            tally.shares.len(),
            tally.median(),
            least.0,
            least.1,
            tally.took[tally.took.len() / 2],
            tally.took[tally.took.len() - 1],
            tally.memory >> 20
        );
        for (share, name) in tally.shares.iter().take_while(|(share, _)| full && *share < FOUND_MIN) {
            println!("    {share:.3} {name}");
        }
        for (reason, names) in &tally.failed {
            println!("    {reason}: {names:?}");
        }
        (files, converted) = (files + tally.files, converted + tally.shares.len());
        if tally.median() < FOUND_MIN {
            poor.push(*label);
        }
        assert!(tally.memory <= MEMORY_MAX, "{label}: {} MiB", tally.memory >> 20);
        assert!(tally.took.iter().all(|took| *took <= WORST), "{label}: {:?}", tally.took.last());
    }
    println!("{converted} of {files} converted");
    assert_eq!(poor, [""; 0]);
    assert!(converted as f64 >= files as f64 * CONVERTED_MIN, "{converted} of {files}");
    assert!(kinds.len() >= 7, "kinds: {:?}", kinds.keys());
}
