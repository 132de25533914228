//! The test suites of other projects: good, odd, broken and hostile files. Every one ends as read, partly read or
//! kept unread with a reason; the table says how many of which, and how long it took.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use schriftgut::domain::text::MediaType;
use schriftgut::intake::{Bytes, IntakeError};

use super::workshop;

/// Folders whose names begin so hold office documents and mails.
const SETS: [&str; 2] = ["office_", "mail_"];
/// Share of the files with a telling ending that are known as what they are called.
const KNOWN_MIN: f64 = 0.93;
/// Share of the known kinds that are read, wholly or partly; the rest is encrypted or broken.
const READ_MIN: f64 = 0.85;
/// Nothing takes longer.
const WORST: Duration = Duration::from_secs(60);

fn data() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let data = std::env::var_os("SCHRIFTGUT_SHARED").map_or(beside, PathBuf::from).join("data");
    if data.is_dir() {
        return Some(data);
    }
    assert!(std::env::var_os("CI").is_none(), "in CI the test material must be present");
    println!("skipped: no test material in {}", data.display());
    None
}

fn files(data: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = fs::read_dir(data).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        path.is_dir() && SETS.iter().any(|set| name.starts_with(set))
    });
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
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
        _ => return None,
    })
}

struct Outcome {
    path: PathBuf,
    media: MediaType,
    /// Read wholly, read partly, kept unread.
    column: usize,
    said: String,
    took: Duration,
}

fn outcome(path: &Path) -> Outcome {
    let bytes = fs::read(path).unwrap();
    let begun = Instant::now();
    let read = workshop().read(&Bytes(&bytes), &mut |_| {});
    let took = begun.elapsed();
    let (media, column, said) = match read {
        Ok(reading) => {
            let said: Vec<String> = reading.shortfalls.into_iter().map(|one| one.reason).collect();
            (reading.format.media, usize::from(!said.is_empty()), said.join("; "))
        }
        Err(IntakeError::NotReadable { format, reason }) => (format.media, 2, reason.german().to_owned()),
        Err(other) => panic!("{}: the machinery failed: {other}", path.display()),
    };
    Outcome { path: path.to_owned(), media, column, said, took }
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
        "| format | files | read | partly | unread | median ms | worst ms |\n|---|--:|--:|--:|--:|--:|--:|"
    );
    for (kind, mut files) in kinds {
        files.sort_by_key(|one| one.took);
        let of = |column| files.iter().filter(|one| one.column == column).count();
        let milliseconds = |one: &Outcome| one.took.as_millis();
        let (median, worst) = (milliseconds(files[files.len() / 2]), milliseconds(files[files.len() - 1]));
        println!("| {kind} | {} | {} | {} | {} | {median} | {worst} |", files.len(), of(0), of(1), of(2));
    }
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
        assert!(one.took < WORST, "{} took {:?}", one.path.display(), one.took);
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
