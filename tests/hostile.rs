//! The hostile corpus: some six hundred files that try to break, fill, stop, deceive or lead astray whoever opens them. They
//! are made here. Each must end as read, partly read or kept unread with a reason in German, within the worker's limits, and
//! the machinery must never fail of it. A trap listens on every address the files name, and markers stand where their
//! programs would write: nothing calls out, nothing is run.

#[path = "hostile/corpus.rs"]
mod corpus;
#[path = "hostile/laid_out.rs"]
mod laid_out;
#[path = "common/measured.rs"]
mod measured;
#[path = "hostile/names.rs"]
mod names;
#[path = "cli/office.rs"]
mod office;

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use corpus::{Corpus, Hostile};
use measured::Measured;
use office::Office;
use schriftgut::intake::{Bytes, IntakeError, Limits, Source};

/// So many files of each family at least, told by their endings; names have a test of their own.
const FAMILIES: [(&str, usize, &[&str]); 6] = [
    ("PDF", 90, &["pdf"]),
    ("archives", 60, &["zip", "gz", "7z", "rar", "xz", "bz2", "zst", "cab", "tar"]),
    ("pictures", 40, &["png", "jpg", "tif", "gif", "webp", "j2k", "jp2", "heic"]),
    ("XML", 30, &["xml"]),
    (
        "office, HTML, SVG",
        40,
        &["docx", "xlsx", "pptx", "odt", "ods", "doc", "xls", "ppt", "ole", "rtf", "html", "svg"],
    ),
    ("mail", 20, &["eml", "mbox", "msg"]),
];
/// So many names at least.
const NAMES_MIN: usize = 40;
/// Every so many-th file goes through a whole office.
const OFFICE_EVERY: usize = 12;
/// Most memory that a task needs beyond the file itself.
const MEMORY_MAX: u64 = 512 << 20;
/// Most memory for a picture of more than twenty megapixels.
const PLAN_MEMORY_MAX: u64 = 2 << 30;
/// Longest time for a task.
const TASK_MAX: Duration = Duration::from_secs(60);
/// What a task without an end is given here.
const ENDLESS_WALL: Duration = Duration::from_secs(2);
/// How much longer a worker lives that ought to have ended.
const GRACE: Duration = Duration::from_secs(3);
/// Rounds of taking out that are looked at.
const ROUNDS: u32 = 3;

/// Listens where the files would call.
struct Trap {
    calls: TcpListener,
    letters: UdpSocket,
    markers: tempfile::TempDir,
}

impl Trap {
    fn set() -> Self {
        let calls = TcpListener::bind("127.0.0.1:0").unwrap();
        let letters = UdpSocket::bind(calls.local_addr().unwrap()).unwrap();
        calls.set_nonblocking(true).unwrap();
        letters.set_nonblocking(true).unwrap();
        Self { calls, letters, markers: tempfile::tempdir().unwrap() }
    }

    fn port(&self) -> u16 {
        self.calls.local_addr().unwrap().port()
    }

    fn corpus(&self) -> Corpus {
        Corpus::made(self.port(), self.markers.path().to_owned())
    }

    fn heard(&self) -> bool {
        let called = self.calls.accept().is_ok();
        let written =
            !matches!(self.letters.recv(&mut [0; 16]), Err(error) if error.kind() == ErrorKind::WouldBlock);
        called || written
    }

    /// Nobody called and nothing was run; and the trap would have heard it.
    fn is_silent(&self) {
        assert!(!self.heard(), "something called out");
        let made: Vec<_> = std::fs::read_dir(self.markers.path()).unwrap().collect();
        assert!(made.is_empty(), "something was run: {made:?}");
        let _call = TcpStream::connect(self.calls.local_addr().unwrap()).unwrap();
        assert!(self.heard(), "the trap is deaf");
    }
}

/// What came of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Read,
    Partly,
    Unread,
}

/// A sentence in German, as it is shown to people.
fn is_a_reason(said: &str) -> bool {
    said.chars().next().is_some_and(char::is_alphanumeric) && said.contains(' ') && said.len() > 10
}

/// What was done with a file, how long it took and how much memory it needed.
type Task = (&'static str, Duration, Option<u64>);

/// Reads it, draws its first page, takes out what is in it; each is a task.
fn put_through(file: &Hostile) -> (End, Vec<Task>) {
    let mut tasks = Vec::new();
    // The clock that ends a task is put forward for those that have no other end.
    let page_wall = if file.is_endless { ENDLESS_WALL } else { Limits::default().page_wall };
    let limits = Limits { page_wall, ..Limits::default() };
    let source = Bytes(&file.bytes);
    let mut task =
        |what: &'static str, work: &mut dyn FnMut(&Measured, &dyn Source) -> Result<(), IntakeError>| {
            let measured = Measured::new(&limits, page_wall + GRACE);
            let begun = Instant::now();
            match work(&measured, &source) {
                Ok(()) | Err(IntakeError::NotReadable { .. }) => {}
                Err(other) => panic!("{}: the machinery failed while {what}: {other}", file.name),
            }
            tasks.push((what, begun.elapsed(), measured.most_bytes()));
        };
    let mut end = End::Unread;
    let mut pages = 0;
    task("reading", &mut |measured, source| {
        let read = measured.workshop().read(source, &mut |_| {});
        let said: Vec<String> = match &read {
            Ok(reading) => reading.shortfalls.iter().map(|shortfall| shortfall.reason.clone()).collect(),
            Err(IntakeError::NotReadable { reason, .. }) => vec![reason.german().to_owned()],
            Err(_) => Vec::new(),
        };
        assert!(said.iter().all(|said| is_a_reason(said)), "{}: {said:?}", file.name);
        if let Ok(reading) = &read {
            end = if reading.is_complete() { End::Read } else { End::Partly };
            pages = reading.pages.len();
        }
        read.map(|_| ())
    });
    task("drawing", &mut |measured, source| measured.workshop().page_image(source, 1, 300).map(|_| ()));
    task("taking out", &mut |measured, source| {
        let mut next = Some(0);
        for _ in 0..ROUNDS {
            let Some(first) = next else { break };
            let unpacked = measured.workshop().unpack(source, first)?;
            let odd = unpacked.files.iter().find(|file| file.path.chars().any(char::is_control));
            assert!(odd.is_none(), "{}: {odd:?}", file.name);
            next = unpacked.next;
        }
        Ok(())
    });
    // A file of many pages is many tasks.
    if let Some(reading) = tasks.first_mut() {
        reading.1 /= u32::try_from(pages.max(1)).unwrap_or(u32::MAX);
    }
    (end, tasks)
}

#[test]
fn every_hostile_file_ends_with_a_reason_within_its_limits_and_nothing_calls_out() {
    let trap = Trap::set();
    let corpus = trap.corpus();
    for (family, least, endings) in FAMILIES {
        let is_one =
            |file: &&Hostile| endings.iter().any(|ending| file.name.ends_with(&format!(".{ending}")));
        let files = corpus.files.iter().filter(is_one).count();
        println!("{family}: {files}");
        assert!(files >= least, "{family}: {files}");
    }
    assert!(Limits::default().page_wall <= TASK_MAX);
    let (next, done) = (Mutex::new(corpus.files.iter()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(file) = { next.lock().unwrap().next() } {
                    let (end, tasks) = put_through(file);
                    done.lock().unwrap().push((file, end, tasks));
                }
            });
        }
    });
    let done = done.into_inner().unwrap();
    let mut ends: BTreeMap<End, usize> = BTreeMap::new();
    let mut beyond = Vec::new();
    let (mut slowest, mut largest, mut largest_plan) = ((Duration::ZERO, ""), (0, ""), (0, ""));
    let spent: Duration = done.iter().flat_map(|(_, _, tasks)| tasks).map(|(_, took, _)| *took).sum();
    for (file, end, tasks) in &done {
        *ends.entry(*end).or_default() += 1;
        let allowed = file.bytes.len() as u64 + if file.is_plan { PLAN_MEMORY_MAX } else { MEMORY_MAX };
        for (what, took, memory) in tasks {
            let memory = memory.unwrap_or_default();
            if memory > allowed || *took > TASK_MAX {
                beyond.push(format!("{} ({what}): {took:?}, {} MiB", file.name, memory >> 20));
            }
            if *took > Duration::from_secs(3) {
                println!("slow: {} ({what}) {took:?}", file.name);
            }
            slowest = slowest.max((*took, file.name.as_str()));
            let most = if file.is_plan { &mut largest_plan } else { &mut largest };
            *most = (*most).max((memory, file.name.as_str()));
        }
    }
    println!(
        "{} files: {ends:?}; {spent:?} in all tasks, slowest {slowest:?}; most memory {} MiB ({}), of a plan {} MiB ({})",
        done.len(),
        largest.0 >> 20,
        largest.1,
        largest_plan.0 >> 20,
        largest_plan.1
    );
    assert_eq!(beyond, [""; 0]);
    trap.is_silent();
}

/// Signs that move the cursor, ring, or turn the line around.
fn misleads(sign: char) -> bool {
    (sign.is_control() && sign != '\n')
        || matches!(sign, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[test]
fn names_that_attack_are_taken_in_as_names_and_shown_as_one_harmless_line() {
    let office = Office::new();
    let folder = office.place("stapel");
    std::fs::create_dir(&folder).unwrap();
    let names = names::names();
    assert!(names.len() >= NAMES_MIN);
    for (number, name) in names.iter().enumerate() {
        std::fs::write(folder.join(name), format!("Vermerk {number}")).unwrap();
    }
    let said = office.run(["ingest", "stapel"]).done();
    let lines = said.out.lines().filter(|line| line.starts_with("erfasst    stapel/")).count();
    assert_eq!(
        (lines, said.out.lines().count()),
        (names.len(), names.len() + 1),
        "a line for each: {said:?}"
    );
    let misled = said.out.chars().chain(said.err.chars()).find(|sign| misleads(*sign));
    assert_eq!(misled, None, "{said:?}");
    assert!(said.out.contains(&format!("{} erfasst, 0 bekannt, 0 abgewiesen", names.len())), "{said:?}");
    for number in [0, names.len() - 1] {
        let found = office.run(["search", &format!("\"Vermerk {number}\"")]).done();
        assert_eq!(found.out.chars().find(|sign| misleads(*sign)), None, "{found:?}");
    }
    let around: Vec<PathBuf> =
        std::fs::read_dir(folder.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(around.len(), 2, "only the registry and the folder: {around:?}");
}

#[test]
fn a_folder_of_hostile_files_is_taken_in_whole_and_each_original_is_kept() {
    let trap = Trap::set();
    let corpus = trap.corpus();
    let office = Office::new();
    // Every so many-th: each file has been through the worker by itself.
    let files: Vec<&Hostile> = corpus.files.iter().step_by(OFFICE_EVERY).collect();
    for (number, file) in files.iter().enumerate() {
        office.write(&format!("stapel/{number:03}-{}", file.name), &file.bytes);
    }
    let said = office.run(["ingest", "--json", "stapel"]).done();
    let lines = said.lines();
    let (summary, lines) = lines.split_last().unwrap();
    let counts =
        ["taken", "known", "refused", "unread"].map(|what| summary["summary"][what].as_u64().unwrap());
    assert_eq!(counts, [files.len() as u64, 0, 0, 0], "{summary}");
    let mut taken = 0;
    for line in lines.iter().filter(|line| line["outcome"] == "taken") {
        let source = line["source"].as_str().unwrap();
        let number: usize = source["stapel/".len()..][..3].parse().unwrap();
        let document = office.run(["show", "--json", line["document"].as_str().unwrap()]).done().json();
        let short = document["shortfalls"].as_array().unwrap();
        assert!(short.iter().all(|said| is_a_reason(said.as_str().unwrap())), "{document}");
        assert!(!document["pages_read"].is_null() || !short.is_empty(), "no reason: {document}");
        assert!(office.original(line["document"].as_str().unwrap()) == files[number].bytes, "{source}");
        taken += 1;
    }
    assert_eq!(taken, files.len());
    office.run(["verify"]).done();
    trap.is_silent();
}
