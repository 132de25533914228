//! Intake against files that nobody here made: the test suites of other projects, and typewritten
//! pages with a transcription. What is promised: every file ends in a clear outcome, nearly all that
//! another reader opens is read, and the words are nearly the same.
//!
//! The files are not part of the project. They are looked for in `../shared/data` beside the package,
//! or in `$SCHRIFTGUT_SHARED/data`; without them the tests say so and pass, except under `CI`. A small
//! part is read normally, all of it with `SCHRIFTGUT_FULL=1`.

#[path = "common/shared.rs"]
#[allow(dead_code, reason = "each suite uses its part")]
mod shared;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::Instant;

use schriftgut::domain::text::{Reading, TextSource};
use schriftgut::intake::{Bytes, IntakeError, Pages, Sized, Workshop};
use shared::data;
use unicode_normalization::UnicodeNormalization;

/// In the normal run every so many-th file is read.
const SAMPLE_EVERY: usize = 10;
/// Shares of what another reader opens and words in common; measured values lie above them.
const OPENED_MIN: f64 = 0.97;
const F1_MEDIAN_MIN: f64 = 0.98;
const F1_MEAN_MIN: f64 = 0.95;
/// Time given to the other reader, in seconds.
const POPPLER_SECONDS_MAX: &str = "10";
/// Mean character error rate of typewritten pages; tesseract by itself has 0.06 to 0.09.
const TYPEWRITER_CER_MAX: f64 = 0.12;

fn full() -> bool {
    std::env::var_os("SCHRIFTGUT_FULL").is_some()
}

fn workshop() -> Workshop {
    Workshop::with_program(env!("CARGO_BIN_EXE_schriftgut"))
}

/// All files below folders whose name begins with `prefix` and whose own name ends in `suffix`.
fn files(data: &Path, prefix: &str, suffix: &str) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = fs::read_dir(data)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(prefix))
        .collect();
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().to_lowercase().ends_with(suffix) {
                found.push(path);
            }
        }
    }
    found.sort();
    if full() { found } else { found.into_iter().step_by(SAMPLE_EVERY).collect() }
}

/// Does `work` on every file, two at a time, and keeps the order.
fn on_all<T: Send>(files: &[PathBuf], work: impl Fn(&Path) -> T + Sync) -> Vec<T> {
    let next = Mutex::new(0);
    let done = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let index = {
                        let mut next = next.lock().unwrap();
                        *next += 1;
                        *next - 1
                    };
                    let Some(file) = files.get(index) else { return };
                    let result = work(file);
                    done.lock().unwrap().push((index, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap();
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

fn words(text: &str) -> HashMap<String, i64> {
    let mut words = HashMap::new();
    // The other reader marks the direction with signs nobody sees.
    let is_seen = |c: &char| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}');
    let text: String = text.nfkc().filter(is_seen).collect();
    for word in text.replace('\u{ad}', "-").split_whitespace() {
        *words.entry(word.to_owned()).or_insert(0) += 1;
    }
    words
}

/// The other reader joins words parted at the end of a line; here hyphens are kept, so they are joined
/// for the comparison only.
fn unhyphenated(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        match line.strip_suffix(['-', '\u{ad}']) {
            Some(begun) if begun.ends_with(char::is_alphanumeric) => out.push_str(begun),
            _ => {
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    out
}

/// Harmonic mean of precision and recall over the bags of words.
fn f1(ours: &HashMap<String, i64>, theirs: &HashMap<String, i64>) -> f64 {
    let common: i64 = ours.iter().map(|(word, n)| *n.min(theirs.get(word).unwrap_or(&0))).sum();
    let total: i64 = ours.values().sum::<i64>() + theirs.values().sum::<i64>();
    if total == 0 { 1.0 } else { 2.0 * common as f64 / total as f64 }
}

fn poppler(file: &Path) -> Option<String> {
    // It runs for ever on some of these files.
    let answer = Command::new("timeout")
        .args([POPPLER_SECONDS_MAX, "pdftotext", "-q", "-enc", "UTF-8"])
        .arg(file)
        .arg("-")
        .output()
        .ok()?;
    answer.status.success().then(|| String::from_utf8_lossy(&answer.stdout).into_owned())
}

fn text(reading: &Reading) -> String {
    reading.pages.iter().map(|page| page.text.as_str()).collect::<Vec<_>>().join("\n")
}

struct Compared {
    file: PathBuf,
    theirs: Option<String>,
    ours: Result<Reading, IntakeError>,
    seconds: f64,
    their_seconds: f64,
    /// What a worker costs that reads one line of plain text.
    line_seconds: f64,
}

#[test]
fn foreign_pdfs_end_in_a_clear_outcome_and_read_like_elsewhere() {
    let Some(data) = data() else { return };
    let files = files(&data, "pdf_", ".pdf");
    let workshop = workshop();
    let all = on_all(&files, |file| {
        let bytes = fs::read(file).unwrap();
        let begun = Instant::now();
        let ours = workshop.read(&Bytes(&bytes), &mut |_| {});
        let seconds = begun.elapsed().as_secs_f64();
        let begun = Instant::now();
        let theirs = poppler(file);
        let their_seconds = begun.elapsed().as_secs_f64();
        let begun = Instant::now();
        workshop.read(&Bytes(b"eine Zeile"), &mut |_| {}).unwrap();
        let line_seconds = begun.elapsed().as_secs_f64();
        Compared { file: file.to_owned(), theirs, ours, seconds, their_seconds, line_seconds }
    });
    let (mut openable, mut opened, mut recognised, mut partial) = (0, 0, 0, 0);
    let mut scores: Vec<(f64, &Path, usize, usize)> = Vec::new();
    let (mut our_times, mut their_times, mut line_times) = (Vec::new(), Vec::new(), Vec::new());
    for one in &all {
        let name = one.file.strip_prefix(&data).unwrap();
        if one.seconds > 5.0 {
            println!("slow: {} {:.1} s", name.display(), one.seconds);
        }
        match &one.ours {
            Ok(reading) => {
                partial += usize::from(!reading.is_complete());
                let by_ocr = reading.pages.iter().any(|page| page.source == TextSource::Recognised);
                recognised += usize::from(by_ocr);
                let Some(theirs) = &one.theirs else {
                    println!("only here: {}", name.display());
                    continue;
                };
                openable += 1;
                opened += 1;
                let (ours, theirs) = (words(&unhyphenated(&text(reading))), words(theirs));
                if !by_ocr && !theirs.is_empty() {
                    our_times.push(one.seconds);
                    their_times.push(one.their_seconds);
                    line_times.push(one.line_seconds);
                    let sum = |bag: &HashMap<String, i64>| bag.values().sum::<i64>() as usize;
                    scores.push((f1(&ours, &theirs), name, sum(&ours), sum(&theirs)));
                }
            }
            Err(IntakeError::NotReadable { reason, .. }) => {
                if one.theirs.is_some() {
                    openable += 1;
                    println!("only elsewhere: {} ({reason:?})", name.display());
                }
            }
            Err(other) => panic!("{}: the machinery failed: {other}", name.display()),
        }
    }
    scores.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mean = scores.iter().map(|score| score.0).sum::<f64>() / scores.len() as f64;
    let median = scores[scores.len() / 2].0;
    for (score, name, ours, theirs) in scores.iter().take(if full() { 60 } else { 5 }) {
        println!("{score:.3} {} ({ours} words here, {theirs} elsewhere)", name.display());
    }
    let share = opened as f64 / openable as f64;
    println!(
        "{} files: {opened} of {openable} openable read ({share:.3}), {partial} with shortfalls, {recognised} recognised; \
         word F1 over {} files: mean {mean:.3}, median {median:.3}",
        all.len(),
        scores.len()
    );
    let timed =
        [("here", &mut our_times), ("elsewhere", &mut their_times), ("here, one line", &mut line_times)];
    for (who, times) in timed {
        times.sort_by(f64::total_cmp);
        let (sum, middle) = (times.iter().sum::<f64>(), times[times.len() / 2] * 1_000.0);
        println!("{who}: {sum:.1} s for these files, median {middle:.0} ms");
    }
    assert!(share >= OPENED_MIN, "only {share:.3} of what others open is read");
    assert!(median >= F1_MEDIAN_MIN, "median F1 {median:.3}");
    assert!(mean >= F1_MEAN_MIN, "mean F1 {mean:.3}");
}

#[test]
fn foreign_scans_and_other_formats_end_in_a_clear_outcome() {
    let Some(data) = data() else { return };
    let mut files = files(&data, "scan_tiff", ".tif");
    files.extend(self::files(&data, "scan_tiff", ".tiff"));
    files.extend(self::files(&data, "office_", ""));
    let workshop = workshop();
    let all = on_all(&files, |file| {
        let bytes = fs::read(file).unwrap();
        (file.to_owned(), workshop.read(&Bytes(&bytes), &mut |_| {}))
    });
    let mut read = 0;
    for (file, outcome) in &all {
        match outcome {
            Ok(reading) => {
                read += 1;
                if !reading.is_complete() {
                    println!("{}: {:?}", file.display(), reading.shortfalls);
                }
            }
            Err(IntakeError::NotReadable { format, reason }) => {
                println!("{}: {} {reason:?}", file.display(), format.media);
            }
            Err(other) => panic!("{}: the machinery failed: {other}", file.display()),
        }
    }
    println!("{read} of {} read", all.len());
}

/// Levenshtein distance over characters.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

fn plain(text: &str) -> Vec<char> {
    let text: String = text.nfc().collect();
    let text = text.replace('ſ', "s").replace(['„', '“', '”', '«', '»'], "\"").replace(['–', '—'], "-");
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().collect()
}

#[test]
fn typewritten_pages_are_recognised_about_as_well_as_by_tesseract_alone() {
    let Some(data) = data() else { return };
    let files = files(&data, "ocr_ehri_typewriter_de", ".jpg");
    let files = if full() { files } else { files.into_iter().take(3).collect() };
    let workshop = workshop();
    let rates = on_all(&files, |file| {
        let bytes = fs::read(file).unwrap();
        let begun = Instant::now();
        let reading = workshop.read(&Bytes(&bytes), &mut |_| {}).unwrap();
        let seconds = begun.elapsed().as_secs_f64();
        let truth = plain(&fs::read_to_string(file.with_extension("gt.txt")).unwrap());
        let rate = distance(&plain(&text(&reading)), &truth) as f64 / truth.len() as f64;
        println!("{}: CER {rate:.3}, {seconds:.1} s", file.file_name().unwrap().to_string_lossy());
        rate
    });
    let mean = rates.iter().sum::<f64>() / rates.len() as f64;
    println!("{} pages: mean CER {mean:.3}", rates.len());
    assert!(mean <= TYPEWRITER_CER_MAX, "mean character error rate {mean:.3}");
}

/// Two halves of a document, whatever it is; why not, if it is not to be had.
fn halved(bytes: &[u8], pages: u32) -> Result<[Vec<u8>; 2], IntakeError> {
    let middle = pages / 2;
    let part = |first, last| vec![Pages { source: 0, first, last }];
    let source: Sized<'_> = (&Bytes(bytes), bytes.len() as u64);
    let parts = [part(1, Some(middle)), part(middle + 1, None)];
    let made = workshop().assemble(&[source], &parts, true)?;
    let [first, second] = <[_; 2]>::try_from(made.parts).expect("two parts");
    assert_eq!((first.pages[0], second.pages[0]), (middle, pages - middle));
    Ok([first.bytes, second.bytes])
}

/// What another program says is wrong with a PDF; nothing where it is not installed.
fn flaws_by_qpdf(bytes: &[u8]) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), bytes).unwrap();
    let Ok(done) = Command::new("qpdf").arg("--check").arg(file.path()).output() else {
        return String::new();
    };
    if done.status.success() { String::new() } else { String::from_utf8_lossy(&done.stderr).into_owned() }
}

#[test]
fn every_pdf_with_several_pages_is_the_same_in_two_halves() {
    let Some(data) = data() else { return };
    let (mut halves, mut flawed, mut not_halved) = (0, Vec::new(), Vec::new());
    let files = files(&data, "pdf_", ".pdf");
    let texts = |reading: Reading| reading.pages.into_iter().map(|page| (page.source, page.text));
    let answers = on_all(&files, |path| {
        let bytes = fs::read(path).unwrap();
        let read = |bytes: &[u8]| workshop().read(&Bytes(bytes), &mut |_| {});
        let whole = read(&bytes).ok().filter(|whole| whole.is_complete() && whole.pages.len() > 1)?;
        let pages = u32::try_from(whole.pages.len()).unwrap();
        Some(halved(&bytes, pages).map(|[first, second]| {
            let joined: Vec<_> =
                [&first, &second].into_iter().flat_map(|half| texts(read(half).unwrap())).collect();
            assert!(joined == texts(whole).collect::<Vec<_>>(), "{}", path.display());
            let is_sound = flaws_by_qpdf(&bytes).is_empty();
            if is_sound { [first, second].map(|half| flaws_by_qpdf(&half)).concat() } else { String::new() }
        }))
    });
    for (path, answer) in files.iter().zip(answers) {
        match answer {
            None => {}
            Some(Ok(flaws)) => {
                halves += 1;
                if !flaws.is_empty() {
                    flawed.push(format!("{}: {flaws}", path.display()));
                }
            }
            Some(Err(error)) => not_halved.push(format!("{}: {error}", path.display())),
        }
    }
    println!("{halves} halved; not halved: {not_halved:#?}; flawed: {flawed:#?}");
    assert!(halves >= 5 && not_halved.len() * 4 <= halves, "{halves} {not_halved:#?}");
    assert_eq!(flawed, [""; 0], "sound before, flawed after");
}
