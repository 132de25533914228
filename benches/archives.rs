//! Taking in beside other archives: the same files, in turns, in one run. Each is a program of its own and reads the
//! files from disk: ours, restic and borg (as they are used: with encryption), `cp` with `sync`, and a bare packed
//! store written here. Twice each, the second time with everything known.
//!
//! Ours seals, hashes twice, writes the ledger and acknowledges each file only when it is durable. It reads and
//! hashes every byte again in the second run; restic and borg go by the time of change and do not.
//!
//! `cargo bench --bench archives` is small; `-- --large` is what `docs/measurements.md` reports.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Files of one kind, and how many rounds.
struct Corpus {
    name: &'static str,
    files: usize,
    bytes_min: usize,
    bytes_max: usize,
    /// Every other file is prose; without, all have the entropy of a JPEG.
    prose: bool,
}

const SMALL: [Corpus; 2] = [
    Corpus { name: "small", files: 1_000, bytes_min: 10_000, bytes_max: 100_000, prose: true },
    Corpus { name: "large", files: 20, bytes_min: 1_000_000, bytes_max: 10_000_000, prose: false },
];
const LARGE: [Corpus; 2] = [
    Corpus { name: "small", files: 20_000, bytes_min: 10_000, bytes_max: 100_000, prose: true },
    Corpus { name: "large", files: 366, bytes_min: 1_000_000, bytes_max: 10_000_000, prose: false },
];
/// Rounds; the middle one counts.
const ROUNDS: usize = 3;
/// Bytes the bare store makes durable together.
const SYNC_BYTES: usize = 64 << 20;
/// How often a running program is asked for its memory.
const ASK: Duration = Duration::from_millis(5);

/// What one run took.
#[derive(Debug, Clone, Copy, Default)]
struct Took {
    time: Duration,
    /// The most memory it held at once (`VmHWM`), in bytes.
    memory: u64,
}

/// Both runs of one archive, and what it keeps.
#[derive(Debug, Clone, Copy, Default)]
struct Round {
    first: Took,
    second: Took,
    stored: u64,
}

/// An archive: makes a new store in this folder and takes the files in, twice.
type Archive = fn(&Path, &Path) -> Option<Round>;

const ARCHIVES: [(&str, Archive); 5] = [
    ("schriftgut", ours),
    ("bare packed store", bare),
    ("cp and sync", copy),
    ("restic", restic),
    ("borg", borg),
];

fn main() {
    let large = std::env::args().any(|argument| argument == "--large");
    for corpus in if large { LARGE } else { SMALL } {
        measure(&corpus);
    }
}

fn measure(corpus: &Corpus) {
    let folder = tempfile::tempdir().unwrap();
    let files = folder.path().join("files");
    let bytes = write_files(corpus, &files);
    println!("\n{}: {} files, {:.0} MB", corpus.name, corpus.files, bytes as f64 / 1e6);
    println!(
        "{:<20} {:>9} {:>9} {:>11} {:>10}   time held against ours",
        "", "first", "second", "stored", "memory"
    );
    let mut rounds = vec![Vec::new(); ARCHIVES.len()];
    for round in 0..ROUNDS {
        for turn in 0..ARCHIVES.len() {
            let at = (turn + round) % ARCHIVES.len();
            let place = tempfile::tempdir_in(folder.path()).unwrap();
            rounds[at].extend(ARCHIVES[at].1(place.path(), &files));
        }
    }
    let middle = rounds.into_iter().map(middle).collect::<Vec<_>>();
    let ours = middle[0].expect("ours is there");
    for ((name, _), round) in ARCHIVES.iter().zip(&middle) {
        let Some(round) = round else {
            println!("{name:<20} not installed");
            continue;
        };
        println!(
            "{name:<20} {:>7.2} s {:>7.2} s {:>7.0} MiB {:>6.0} MiB   {:.2}x, {:.2}x",
            round.first.time.as_secs_f64(),
            round.second.time.as_secs_f64(),
            round.stored as f64 / f64::from(1 << 20),
            round.first.memory.max(round.second.memory) as f64 / f64::from(1 << 20),
            round.first.time.as_secs_f64() / ours.first.time.as_secs_f64(),
            round.second.time.as_secs_f64() / ours.second.time.as_secs_f64(),
        );
    }
}

/// The median of each figure by itself.
fn middle(rounds: Vec<Round>) -> Option<Round> {
    let median = |of: &dyn Fn(&Round) -> Took| {
        let mut all: Vec<_> = rounds.iter().map(of).collect();
        all.sort_by_key(|took| took.time);
        all.get(all.len() / 2).copied()
    };
    let stored = rounds.first()?.stored;
    Some(Round { first: median(&|round| round.first)?, second: median(&|round| round.second)?, stored })
}

/// Writes the files; how many bytes they are. The same everywhere.
fn write_files(corpus: &Corpus, folder: &Path) -> u64 {
    const WORDS: [&str; 16] = [
        "Bauantrag",
        "und",
        "die",
        "Genehmigung",
        "der",
        "Lageplan",
        "in",
        "Stellungnahme",
        "vom",
        "Flurstück",
        "mit",
        "Brandschutz",
        "wird",
        "Abstandsfläche",
        "nicht",
        "Grundstück",
    ];
    let mut total = 0;
    for at in 0..corpus.files {
        let mut chance = blake3::Hasher::new().update(&at.to_le_bytes()).finalize_xof();
        let mut eight = [0; 8];
        chance.fill(&mut eight);
        let length = corpus.bytes_min
            + (u64::from_le_bytes(eight) % (corpus.bytes_max - corpus.bytes_min) as u64) as usize;
        let mut bytes = vec![0; length];
        chance.fill(&mut bytes);
        if corpus.prose && at.is_multiple_of(2) {
            let words = bytes.iter().flat_map(|byte| [WORDS[usize::from(byte % 16)], " "]);
            let text: String = words.take(length / 4).collect();
            bytes = text.into_bytes();
            bytes.truncate(length);
        }
        let place = folder.join(format!("{:03}", at / 100));
        std::fs::create_dir_all(&place).unwrap();
        std::fs::write(place.join(format!("{at:05}.bin")), &bytes).unwrap();
        total += bytes.len() as u64;
    }
    rustix::fs::sync();
    total
}

/// Runs a program to its end; none if it is not installed.
fn run(command: &mut Command) -> Option<Took> {
    let begun = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut memory = 0;
    loop {
        memory = memory.max(peak_of(&status).unwrap_or(0));
        if let Some(ended) = child.try_wait().unwrap() {
            assert!(ended.success(), "{command:?}");
            return Some(Took { time: begun.elapsed(), memory });
        }
        std::thread::sleep(ASK);
    }
}

fn peak_of(status: &Path) -> Option<u64> {
    let text = std::fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? << 10)
}

/// What lies in a folder, in bytes.
fn size_of(folder: &Path) -> u64 {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let about = entry.metadata().unwrap();
        bytes += if about.is_dir() { size_of(&entry.path()) } else { about.len() };
    }
    bytes
}

fn ours(place: &Path, files: &Path) -> Option<Round> {
    let root = place.join("registry");
    let program = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_schriftgut"));
        command.arg("--registry").arg(&root).args(arguments);
        command
    };
    run(&mut program(&["init"]))?;
    let take_in = || run(program(&["ingest", "--no-read"]).arg(files));
    let first = take_in()?;
    let stored = ["vault", "ledger", "keyring", "head"].iter().map(|part| size_of(&root.join(part))).sum();
    Some(Round { first, second: take_in()?, stored })
}

/// What must be done at least: an address, smaller bytes, one file, durable. In this process.
fn bare(place: &Path, files: &Path) -> Option<Round> {
    let mut known = std::collections::HashMap::new();
    let mut take_in = |name: &str| {
        let begun = Instant::now();
        let mut pack = File::create_new(place.join(name)).unwrap();
        let (mut end, mut waiting) = (0, 0);
        for path in paths_below(files) {
            let mut bytes = Vec::new();
            File::open(path).unwrap().read_to_end(&mut bytes).unwrap();
            let address = blake3::hash(&bytes);
            if known.contains_key(&address) {
                continue;
            }
            let packed = zstd::bulk::compress(&bytes, 3).unwrap();
            let smaller = if packed.len() < bytes.len() { &packed } else { &bytes };
            pack.write_all(smaller).unwrap();
            known.insert(address, end);
            (end, waiting) = (end + smaller.len() as u64, waiting + smaller.len());
            if waiting >= SYNC_BYTES {
                pack.sync_data().unwrap();
                waiting = 0;
            }
        }
        pack.sync_data().unwrap();
        Took { time: begun.elapsed(), memory: 0 }
    };
    let (first, second) = (take_in("first.pack"), take_in("second.pack"));
    Some(Round { first, second, stored: size_of(place) })
}

fn paths_below(folder: &Path) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { paths.extend(paths_below(&path)) } else { paths.push(path) }
    }
    paths.sort();
    paths
}

fn copy(place: &Path, files: &Path) -> Option<Round> {
    let copied = |name: &str| {
        let line = "cp -r \"$1\" \"$2\" && sync -f \"$2\"";
        run(Command::new("sh").args(["-c", line, "sh"]).arg(files).arg(place.join(name)))
    };
    let first = copied("first")?;
    Some(Round { first, second: copied("second")?, stored: size_of(&place.join("first")) })
}

fn restic(place: &Path, files: &Path) -> Option<Round> {
    let repository = place.join("repository");
    let program = |arguments: &[&str]| {
        let mut command = Command::new("restic");
        command.args(arguments).current_dir(files).env("RESTIC_PASSWORD", "p");
        command.env("RESTIC_REPOSITORY", &repository).env("RESTIC_CACHE_DIR", place.join("cache"));
        command
    };
    run(&mut program(&["init", "-q"]))?;
    let first = run(&mut program(&["backup", "-q", "."]))?;
    let stored = size_of(&repository);
    Some(Round { first, second: run(&mut program(&["backup", "-q", "."]))?, stored })
}

fn borg(place: &Path, files: &Path) -> Option<Round> {
    let repository = place.join("repository");
    let program = |arguments: &[&str]| {
        let mut command = Command::new("borg");
        command.args(arguments).current_dir(files).env("BORG_PASSPHRASE", "p");
        command.env("BORG_REPO", &repository).env("BORG_BASE_DIR", place.join("base"));
        command
    };
    run(&mut program(&["init", "-e", "repokey"]))?;
    let first = run(&mut program(&["create", "-C", "zstd,3", "::1", "."]))?;
    let stored = size_of(&repository);
    Some(Round { first, second: run(&mut program(&["create", "-C", "zstd,3", "::2", "."]))?, stored })
}
