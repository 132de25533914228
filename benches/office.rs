//! How fast the office works, each figure beside something to hold it against in the same run on the same machine:
//! ratios travel, seconds do not.
//!
//! - **take in**: files of 10–100 KB (half text, half like JPEG), sealed, in the ledger, acknowledged; against a
//!   bare packed store (BLAKE3, zstd 3, append, one `fdatasync` per 64 MiB; no seal, no ledger, no catalogue). Other
//!   archives, and files on disk: `benches/archives.rs`.
//! - **search**: words, AND, phrases and beginnings over pages in the index, with snippets from the sealed texts.
//! - **evaluate**: every file against the rules.
//! - **ledger**: entries appended one by one and a thousand at a time; against `fdatasync` alone.
//! - **rebuild**: both views from the ledger.
//!
//! `cargo bench` is small (`-- ingest` only that part); `-- --large` is what `docs/measurements.md` reports; `--test` only shows that all run.

#[path = "quality/dice.rs"]
mod dice;

use std::fs::File;
use std::io::{Read, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use dice::Dice;
use ed25519_dalek::SigningKey;
use schriftgut::base::digest::Sha256;
use schriftgut::domain::actor::Actor;
use schriftgut::domain::case_file::Carriers;
use schriftgut::domain::ids::{KeyId, PersonId};
use schriftgut::domain::protection::ProtectionDomain;
use schriftgut::intake::Workshop;
use schriftgut::ledger::{Draft, EntryKind, Ledger as _, LocalLedger};
use schriftgut::registry::{Founding, Registry, Source, Target, found};

/// How much is done.
struct Scale {
    ingest_files: usize,
    ingest_rounds: usize,
    documents: usize,
    queries: usize,
    case_files: usize,
    ledger_entries: u64,
}

const TINY: Scale = Scale {
    ingest_files: 20,
    ingest_rounds: 1,
    documents: 4,
    queries: 3,
    case_files: 20,
    ledger_entries: 2_000,
};
const SMALL: Scale = Scale {
    ingest_files: 1_000,
    ingest_rounds: 3,
    documents: 200,
    queries: 100,
    case_files: 1_000,
    ledger_entries: 20_000,
};
const LARGE: Scale = Scale {
    ingest_files: 5_000,
    ingest_rounds: 5,
    documents: 3_000,
    queries: 300,
    case_files: 20_000,
    ledger_entries: 200_000,
};

/// Pages of a document that is searched.
const PAGES: usize = 10;
/// Words of a page.
const PAGE_WORDS: usize = 250;
/// Words there are; the n-th is as frequent as 1/n.
const VOCABULARY: usize = 20_000;
/// Bytes a bare store makes durable together.
const SYNC_BYTES: usize = 64 << 20;
/// Single appends that are timed: each waits for the disk.
const SINGLE_APPENDS_MAX: u64 = 200;

fn main() {
    let given = |flag: &str| std::env::args().any(|arg| arg == flag);
    let scale = match (given("--test"), given("--large")) {
        (true, _) => &TINY,
        (false, true) => &LARGE,
        (false, false) => &SMALL,
    };
    println!("{:<52} {:>16}   held against", "what", "median");
    let parts: [(&str, Part); 4] =
        [("ingest", ingest), ("search", search_and_rebuild), ("evaluate", evaluate), ("ledger", ledger)];
    let some = parts.iter().any(|(name, _)| given(name));
    for (name, measure) in parts {
        if given(name) || !some {
            measure(scale);
        }
    }
}

/// A part of the table.
type Part = fn(&Scale);
/// Makes a query of one kind.
type Ask<'a> = &'a dyn Fn(&mut Words) -> String;

/// One line of the table, and what limits the figure.
fn line(what: &str, measured: &str, against: &str, limit: &str) {
    println!("{what:<52} {measured:>16}   {against}\n    limited by: {limit}");
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let begun = Instant::now();
    let done = work();
    (begun.elapsed(), done)
}

// ---- take in -----------------------------------------------------------------------------------

fn ingest(scale: &Scale) {
    let files = documents_of_an_office(scale.ingest_files);
    let bytes: usize = files.iter().map(Vec::len).sum();
    let (mut sealed, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..scale.ingest_rounds {
        let folder = tempfile::tempdir().unwrap();
        let office = open(folder.path());
        let sources: Vec<_> =
            files.iter().enumerate().map(|(at, bytes)| source(at, bytes.clone(), None)).collect();
        sealed.push(timed(|| take_in(&office, sources)).0);
        bare.push(timed(|| bare_store(folder.path(), &files)).0);
    }
    let (sealed, bare) = (median(sealed), median(bare));
    let rate = |time: Duration| bytes as f64 / 1e6 / time.as_secs_f64();
    line(
        &format!("take in {} files, {:.0} MB", files.len(), bytes as f64 / 1e6),
        &format!("{:.0} MB/s", rate(sealed)),
        &format!(
            "bare packed store {:.0} MB/s: {:.2}x",
            rate(bare),
            sealed.as_secs_f64() / bare.as_secs_f64()
        ),
        "zstd, two hashes (BLAKE3, SHA-256) and the seal; ledger and catalogue are a fifth of it",
    );
}

/// Half the files are prose, half have the entropy of a JPEG.
fn documents_of_an_office(count: usize) -> Vec<Vec<u8>> {
    let mut dice = Dice(1);
    let mut words = Words::new();
    let document = |at: usize| {
        let length = 10_000 + dice.below(90_000);
        if at.is_multiple_of(2) {
            let mut bytes = vec![0; length];
            blake3::Hasher::new().update(&at.to_le_bytes()).finalize_xof().fill(&mut bytes);
            return bytes;
        }
        let mut text = format!("{at} ");
        while text.len() < length {
            text.push_str(words.draw());
            text.push(' ');
        }
        text.into_bytes()
    };
    (0..count).map(document).collect()
}

/// What must be done at least: an address, smaller bytes, one file, durable.
fn bare_store(folder: &Path, files: &[Vec<u8>]) {
    let mut pack = File::create_new(folder.join("bare.pack")).unwrap();
    let (mut index, mut waiting) = (Vec::new(), 0);
    for bytes in files {
        let address = blake3::hash(bytes);
        let packed = zstd::bulk::compress(bytes, 3).unwrap();
        let smaller = if packed.len() < bytes.len() { &packed } else { bytes };
        pack.write_all(smaller).unwrap();
        index.push((address, smaller.len()));
        waiting += smaller.len();
        if waiting >= SYNC_BYTES {
            pack.sync_data().unwrap();
            waiting = 0;
        }
    }
    pack.sync_data().unwrap();
    assert_eq!(index.len(), files.len());
}

// ---- search, rebuild ---------------------------------------------------------------------------

fn search_and_rebuild(scale: &Scale) {
    let folder = tempfile::tempdir().unwrap();
    let office = open(folder.path());
    let mut words = Words::new();
    let sources: Vec<_> = (0..scale.documents).map(|at| source(at, words.document(), target(at))).collect();
    take_in(&office, sources);
    let pages = scale.documents * PAGES;
    let (reading, progress) = timed(|| office.registry.read_texts(&|_| {}).unwrap());
    assert_eq!(progress.pages, pages as u64);
    line(
        &format!("read {} text documents in the worker", scale.documents),
        &format!("{:.0} documents/s", scale.documents as f64 / reading.as_secs_f64()),
        "-",
        "a process of its own per document, and a durable entry for each",
    );
    let kinds: [(&str, Ask<'_>); 4] = [
        ("word", &|words| words.draw().to_owned()),
        ("two words, both", &|words| {
            let first = words.draw().to_owned();
            format!("{first} UND {}", words.draw())
        }),
        ("phrase", &|words| words.phrase()),
        ("beginning", &|words| format!("{}*", words.draw().chars().take(5).collect::<String>())),
    ];
    for (kind, make) in kinds {
        let mut times = Vec::with_capacity(scale.queries);
        for _ in 0..scale.queries {
            let query = make(&mut words);
            let (time, _) =
                timed(|| office.registry.search(office.actor.as_reader().unwrap(), &query, 0, 10).unwrap());
            times.push(time);
        }
        times.sort();
        let p99 = times[(times.len() - 1) * 99 / 100];
        line(
            &format!("search {pages} pages: {kind}, ten hits with snippets"),
            &format!("{:.2} ms", times[times.len() / 2].as_secs_f64() * 1e3),
            &format!("p99 {:.2} ms", p99.as_secs_f64() * 1e3),
            "marking the words of ten snippets and opening their text layers; the index is a fifteenth",
        );
    }
    let (time, ()) =
        timed(|| office.registry.rebuild(office.actor.as_caretaker().unwrap(), &mut |_| {}).unwrap());
    line(
        &format!("rebuild both views, {} documents, {pages} pages", scale.documents),
        &format!("{:.2} s", time.as_secs_f64()),
        &format!("{:.0} pages/s", pages as f64 / time.as_secs_f64()),
        "opening every text layer and indexing its words",
    );
}

// ---- evaluate ----------------------------------------------------------------------------------

fn evaluate(scale: &Scale) {
    let folder = tempfile::tempdir().unwrap();
    let office = open(folder.path());
    let sources =
        (0..scale.case_files).map(|at| source(at, format!("Akte {at}").into_bytes(), target(at))).collect();
    take_in(&office, sources);
    let times = (0..3).map(|year| {
        let on = jiff::civil::date(2030 + year, 1, 1);
        let reader = office.actor.as_reader().unwrap();
        let (time, tally) = timed(|| office.registry.evaluate_all(reader, on, &mut |_| Ok(())).unwrap());
        assert_eq!(tally.0.values().sum::<u64>(), scale.case_files as u64);
        time
    });
    let time = median(times.collect());
    line(
        &format!("evaluate {} files", scale.case_files),
        &format!("{:.0} files/s", scale.case_files as f64 / time.as_secs_f64()),
        &format!("a million in {:.0} s", 1e6 / scale.case_files as f64 * time.as_secs_f64()),
        "opening and decoding the catalogue's sealed rows, four fifths; the rules are the rest",
    );
}

// ---- ledger ------------------------------------------------------------------------------------

fn ledger(scale: &Scale) {
    for batch in [1, 1_000] {
        let folder = tempfile::tempdir().unwrap();
        let (dir, heads) = (folder.path().join("ledger"), folder.path().join("heads"));
        let key = SigningKey::from_bytes(&[7; 32]);
        let ledger = LocalLedger::create(&dir, &heads, key, "schriftgut/bench").unwrap();
        let entries =
            if batch == 1 { scale.ledger_entries.min(SINGLE_APPENDS_MAX) } else { scale.ledger_entries };
        let mut times = Vec::new();
        for first in (0..entries).step_by(batch) {
            let drafts = (0..batch).map(|_| draft(first)).collect();
            times.push(timed(|| ledger.append(first, drafts).unwrap()).0);
        }
        let (append, sync) = (median(times), median(bare_syncs(folder.path(), &[0; 512].repeat(batch))));
        line(
            &format!("ledger: append {batch} at a time, durable"),
            &format!("{:.2} ms", append.as_secs_f64() * 1e3),
            &format!(
                "write + fdatasync of as many bytes {:.2} ms: {:.2}x",
                sync.as_secs_f64() * 1e3,
                append.as_secs_f64() / sync.as_secs_f64()
            ),
            if batch == 1 {
                "two places made durable one after the other"
            } else {
                "hashing the entries into the tree"
            },
        );
    }
}

fn bare_syncs(folder: &Path, bytes: &[u8]) -> Vec<Duration> {
    let mut file = File::create(folder.join("bare")).unwrap();
    let sync = |_| {
        let append = || {
            file.write_all(bytes).unwrap();
            file.sync_data().unwrap();
        };
        timed(append).0
    };
    (0..50).map(sync).collect()
}

fn draft(number: u64) -> Draft {
    Draft {
        at: jiff::Timestamp::UNIX_EPOCH,
        actor: PersonId(uuid::Uuid::from_u128(1)),
        kind: EntryKind(401),
        subject: uuid::Uuid::from_u128(u128::from(number)),
        key: KeyId::OFFICE,
        previous: None,
        commitment: Sha256::of(&[&number.to_le_bytes()]),
        body: vec![7; 350],
    }
}

// ---- an office and its papers --------------------------------------------------------------------

struct Office {
    registry: Registry,
    actor: Actor,
}

fn open(folder: &Path) -> Office {
    let founding = Founding {
        name: "Messung".to_owned(),
        demo: true,
        login: "amt".to_owned(),
        rules: schriftgut::format::rule_pack::NRW_KOMMUNAL,
    };
    let registry = found(&folder.join("registry"), &founding).unwrap().registry;
    let registry = registry.with_workshop(Workshop::with_program(env!("CARGO_BIN_EXE_schriftgut")));
    let actor = registry.person("amt").unwrap();
    Office { registry, actor }
}

fn take_in(office: &Office, sources: Vec<Source>) {
    let count = sources.len() as u64;
    let clerk = office.actor.as_clerk().unwrap();
    let summary = office.registry.ingest(clerk, sources.into_iter(), &mut |_| {}).unwrap();
    assert_eq!(summary.taken, count, "{summary:?}");
}

fn source(at: usize, bytes: Vec<u8>, target: Option<Target>) -> Source {
    let open = move || Ok(Box::new(std::io::Cursor::new(bytes.clone())) as Box<dyn Read>);
    Source { name: at.to_string(), file_name: format!("{at}.txt"), target, open: Box::new(open) }
}

fn target(at: usize) -> Option<Target> {
    Some(Target {
        record_type: None,
        reference: format!("63-{at}/2020").parse().unwrap(),
        class: Some("63.10.03".parse().unwrap()),
        title: Some(format!("Akte {at}")),
        domain: Some(ProtectionDomain::General),
        fields: [("street".to_owned(), "Am Wall".to_owned())].into(),
        carriers: Carriers::default(),
        opened: None,
        case: None,
        register: None,
        page_count: None,
    })
}

/// Made-up words; the n-th is drawn about as often as 1/n, as in prose.
struct Words {
    all: Vec<String>,
    dice: Dice,
}

impl Words {
    fn new() -> Self {
        const SYLLABLES: [&str; 16] = [
            "bau", "amt", "stra", "haus", "wall", "rat", "gen", "ver", "kan", "al", "brand", "schutz", "ord",
            "nung", "plan", "ufer",
        ];
        let mut dice = Dice(2);
        let word = |_| (0..2 + dice.below(3)).map(|_| SYLLABLES[dice.below(SYLLABLES.len())]).collect();
        Self { all: (0..VOCABULARY).map(word).collect(), dice: Dice(3) }
    }

    fn draw(&mut self) -> &str {
        // Inverse of the cumulated 1/n.
        let u = self.dice.below(1 << 30) as f64 / f64::from(1 << 30);
        let rank = ((VOCABULARY as f64).powf(u) - 1.0) as usize;
        &self.all[rank]
    }

    /// Two words that follow each other in some document: frequent words do.
    fn phrase(&mut self) -> String {
        let [a, b] = [self.dice.below(50), self.dice.below(50)];
        format!("\"{} {}\"", self.all[a], self.all[b])
    }

    fn document(&mut self) -> Vec<u8> {
        let mut text = String::new();
        for page in 0..PAGES {
            if page > 0 {
                text.push('\u{c}');
            }
            for word in 0..PAGE_WORDS {
                text.push_str(self.draw());
                text.push(if word % 10 == 9 { '\n' } else { ' ' });
            }
        }
        text.into_bytes()
    }
}
