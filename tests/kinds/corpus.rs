//! The test suites of other projects, scans and old pages: good, odd, broken and hostile files. Every one ends as read,
//! partly read or kept unread with a reason; the table says how many of which, how long it took and how much memory. Office
//! documents and mails are read in every run, all of them with `SCHRIFTGUT_FULL=1`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use schriftgut::domain::text::MediaType;
use schriftgut::intake::{Bytes, IntakeError, Limits};

use super::measured::Measured;
use super::shared::data;

/// Folders whose names begin so hold office documents and mails.
const SETS: [&str; 2] = ["office_", "mail_"];
/// Folders whose names begin so hold pages to be drawn and recognised.
const PAGES: [&str; 3] = ["pdf_", "scan_", "ocr_"];
/// What lies beside such pages and is no document: what stands on them, and where.
const BESIDE: [&str; 4] = ["txt", "json", "md", "tsv"];
/// Most memory of a worker, recognition included.
const MEMORY_MAX: u64 = 2 << 30;
/// Longest time for a whole file.
const FILE_MAX: Duration = Duration::from_secs(1_800);
/// Share of the files with a telling ending that are known as what they are called.
const KNOWN_MIN: f64 = 0.93;
/// Share of the known kinds that are read, wholly or partly; the rest is encrypted or broken.
const READ_MIN: f64 = 0.85;
/// Nothing takes longer.
const WORST: Duration = Duration::from_secs(60);

fn files(data: &Path) -> Vec<PathBuf> {
    let full = std::env::var_os("SCHRIFTGUT_FULL").is_some();
    let mut folders: Vec<PathBuf> = fs::read_dir(data).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let is_wanted = |sets: &[&str]| sets.iter().any(|set| name.starts_with(set));
        path.is_dir() && (is_wanted(&SETS) || (full && is_wanted(&PAGES)))
    });
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let is_beside = path.extension().is_some_and(|one| BESIDE.iter().any(|ending| one == *ending));
            let of_pages = path
                .components()
                .any(|one| PAGES.iter().any(|set| one.as_os_str().to_string_lossy().starts_with(set)));
            if path.is_dir() {
                folders.push(path);
            } else if !(is_beside && of_pages) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// What a name's ending leads one to expect.
fn called(path: &Path) -> Option<MediaType> {
    let ending = path.extension()?.to_str()?.to_lowercase();
    Some(match ending.as_str() {
        "doc" => MediaType::Doc,
        "xls" => MediaType::Xls,
        "ppt" => MediaType::Ppt,
        "docx" => MediaType::Docx,
        "xlsx" => MediaType::Xlsx,
        "pptx" => MediaType::Pptx,
        "odt" => MediaType::Odt,
        "rtf" => MediaType::Rtf,
        "html" => MediaType::Html,
        "eml" => MediaType::Mail,
        "msg" => MediaType::OutlookMail,
        "mbox" => MediaType::Mbox,
        "zip" => MediaType::Zip,
        "pdf" => MediaType::Pdf,
        "tif" | "tiff" => MediaType::Tiff,
        "jpg" => MediaType::Jpeg,
        _ => return None,
    })
}

struct Outcome {
    path: PathBuf,
    media: MediaType,
    /// Read wholly, read partly, kept unread.
    column: usize,
    said: String,
    pages: u32,
    took: Duration,
    /// The most memory of its workers, in bytes.
    memory: u64,
}

fn outcome(path: &Path) -> Outcome {
    let bytes = fs::read(path).unwrap();
    let measured = Measured::new(&Limits::default(), FILE_MAX);
    let begun = Instant::now();
    let read = measured.workshop().read(&Bytes(&bytes), &mut |_| {});
    let took = begun.elapsed();
    let memory = measured.most_bytes().unwrap_or_default();
    let (media, column, said, pages) = match read {
        Ok(reading) => {
            let pages = u32::try_from(reading.pages.len()).unwrap();
            let said: Vec<String> = reading.shortfalls.into_iter().map(|one| one.reason).collect();
            (reading.format.media, usize::from(!said.is_empty()), said.join("; "), pages)
        }
        Err(IntakeError::NotReadable { format, reason }) => (format.media, 2, reason.german().to_owned(), 0),
        Err(other) => panic!("{}: the machinery failed: {other}", path.display()),
    };
    Outcome { path: path.to_owned(), media, column, said, pages, took, memory }
}

fn outcomes(files: &[PathBuf]) -> Vec<Outcome> {
    let (next, done) = (Mutex::new(files.iter()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(file) = { next.lock().unwrap().next() } {
                    let outcome = outcome(file);
                    done.lock().unwrap().push(outcome);
                }
            });
        }
    });
    done.into_inner().unwrap()
}

fn print_table(outcomes: &[Outcome]) {
    let mut kinds: BTreeMap<&str, Vec<&Outcome>> = BTreeMap::new();
    outcomes.iter().for_each(|one| kinds.entry(one.media.label()).or_default().push(one));
    println!(
        "| format | files | pages | read | partly | unread | median ms | worst ms | a page at most, ms | most MiB |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    );
    for (kind, mut files) in kinds {
        files.sort_by_key(|one| one.took);
        let of = |column| files.iter().filter(|one| one.column == column).count();
        let milliseconds = |one: &Outcome| one.took.as_millis();
        let (median, worst) = (milliseconds(files[files.len() / 2]), milliseconds(files[files.len() - 1]));
        let pages: u32 = files.iter().map(|one| one.pages).sum();
        let page = files.iter().map(|one| per_page(one).as_millis()).max().unwrap_or_default();
        let memory = files.iter().map(|one| one.memory >> 20).max().unwrap_or_default();
        println!(
            "| {kind} | {} | {pages} | {} | {} | {} | {median} | {worst} | {page} | {memory} |",
            files.len(),
            of(0),
            of(1),
            of(2)
        );
    }
}

/// What a page of it took, in the mean.
fn per_page(one: &Outcome) -> Duration {
    one.took / one.pages.max(1)
}

#[test]
fn every_file_of_other_projects_ends_as_read_partly_read_or_kept_with_a_reason() {
    let Some(data) = data() else { return };
    let outcomes = outcomes(&files(&data));
    print_table(&outcomes);
    for one in
        outcomes.iter().filter(|one| one.column > 0 || called(&one.path).is_some_and(|m| m != one.media))
    {
        let name = one.path.strip_prefix(&data).unwrap().display();
        println!("{} {name}: {} {}", ["read", "partly", "unread"][one.column], one.media.label(), one.said);
    }
    for one in &outcomes {
        assert!(per_page(one) < WORST, "{} took {:?}", one.path.display(), one.took);
        assert!(one.memory < MEMORY_MAX, "{}: {} bytes", one.path.display(), one.memory);
        assert!(one.column == 0 || !one.said.is_empty(), "{} without a reason", one.path.display());
    }
    let called: Vec<(&Outcome, MediaType)> =
        outcomes.iter().filter_map(|one| Some((one, called(&one.path)?))).collect();
    let known = called.iter().filter(|(one, media)| one.media == *media).count();
    let share = known as f64 / called.len() as f64;
    println!("{known} of {} are what they are called", called.len());
    assert!(share >= KNOWN_MIN, "{share}");
    let read = called.iter().filter(|(one, _)| one.column < 2).count();
    let share = read as f64 / called.len() as f64;
    println!("{read} of {} are read", called.len());
    assert!(share >= READ_MIN, "{share}");
}
