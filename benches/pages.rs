//! Searching many pages: ours beside tantivy with its German stemmer, same pages, same queries, in turns, in one run.
//! Ten hits and the number of all, one thread, warm; ours ranks, finds parts of compounds and old spellings and counts
//! pages and files apart, the other finds stems. Twice more: with the rights of a clerk with 500 grants of 1,000 classes,
//! and as a whole registry, where an answer has its snippets out of sealed text layers (the other: out of its own store).
//!
//! `cargo bench --bench pages` is small; `-- --pages 100000,316000,1000000 --whole-up-to 316000` is what
//! `docs/measurements.md` reports. SQLite FTS5, Xapian and PostgreSQL take part up to `--peers-up-to` pages (words and
//! two words; they answer with numbers alone).

#[path = "quality/dice.rs"]
mod dice;
#[path = "pages/material.rs"]
mod material;
#[path = "pages/ours.rs"]
mod ours;
#[path = "pages/peers.rs"]
mod peers;
#[path = "pages/plain.rs"]
mod plain;
#[path = "../tests/common/shared.rs"]
#[allow(dead_code, reason = "each bench uses its part")]
mod shared;

use std::path::Path;
use std::time::{Duration, Instant};

use material::{Kind, Material, Query};

/// Pages of a document.
const DOCUMENT_PAGES: u64 = 10;
/// Hits that are asked for.
const HITS: usize = 10;
/// The small run.
const PAGES: u64 = 3_000;

fn main() {
    let Some(material) = Material::read() else {
        println!("skipped: the test material is not there");
        return;
    };
    let material: &'static Material = Box::leak(Box::new(material));
    let queries = material.queries();
    let sizes = given("--pages").unwrap_or_else(|| PAGES.to_string());
    let most = |flag| given(flag).map_or(PAGES, |number| number.parse().unwrap());
    for pages in sizes.split(',').map(|number| number.parse::<u64>().unwrap()) {
        let place = tempfile::tempdir().unwrap();
        println!("\n## {pages} pages\n");
        let plain = indexes_alone(place.path(), material, pages, &queries);
        if pages <= most("--whole-up-to") {
            whole(place.path(), material, pages, &queries, &plain);
        }
        if pages <= most("--peers-up-to") {
            peers::compare(place.path(), material, pages, &queries);
        }
    }
}

/// What stands behind this flag.
fn given(flag: &str) -> Option<String> {
    std::env::args().skip_while(|argument| argument != flag).nth(1)
}

fn indexes_alone(place: &Path, material: &Material, pages: u64, queries: &[Query]) -> plain::Plain {
    let (ours_at, plain_at) = (place.join("ours"), place.join("plain"));
    let (plain, plain_took) = timed(|| plain::Plain::filled(&plain_at, material, pages));
    let (ours, ours_took) = timed(|| ours::Alone::filled(&ours_at, material, pages));
    let rate = |took: Duration| pages as f64 / took.as_secs_f64();
    println!(
        "indexing, pages made included: ours {:.0}/s, tantivy {:.0}/s ({:.2}×); bytes a page: ours {}, tantivy {} \
         and {} of stored text; resident: {} MiB",
        rate(ours_took),
        rate(plain_took),
        rate(ours_took) / rate(plain_took),
        bytes_below(&ours_at, "") / pages,
        (bytes_below(&plain_at, "") - bytes_below(&plain_at, "store")) / pages,
        bytes_below(&plain_at, "store") / pages,
        resident() >> 20,
    );
    println!(
        "\n| the index alone | tantivy p50 | p99 | ours p50 | p99 | of its p50 | 500 grants p50 | p99 | of its p50 | facets p50 |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    for kind in Kind::ALL {
        let ways: [&dyn Fn(&Query) -> usize; 4] = [
            &|query| plain.ask(query),
            &|query| ours.ask(query, false),
            &|query| ours.ask(query, true),
            &|query| ours.count(query),
        ];
        let [plain, ours, grants, facets] = in_turns(queries, kind, ways);
        println!(
            "| {} | {} | {} | {} | {} | {:.2}× | {} | {} | {:.2}× | {} |",
            kind.name(),
            ms(plain.p50()),
            ms(plain.p99()),
            ms(ours.p50()),
            ms(ours.p99()),
            ours.p50().as_secs_f64() / plain.p50().as_secs_f64(),
            ms(grants.p50()),
            ms(grants.p99()),
            grants.p50().as_secs_f64() / plain.p50().as_secs_f64(),
            ms(facets.p50()),
        );
    }
    plain
}

fn whole(place: &Path, material: &'static Material, pages: u64, queries: &[Query], plain: &plain::Plain) {
    let (whole, took) = timed(|| ours::Whole::filled(&place.join("whole"), material, pages));
    println!(
        "\nA whole registry: taken in, read and indexed in {:.0} s ({:.0} pages/s); resident: {} MiB",
        took.as_secs_f64(),
        pages as f64 / took.as_secs_f64(),
        resident() >> 20
    );
    println!("\n| with snippets | tantivy p50 | p99 | mean | ours p50 | p99 | mean | of its mean |");
    println!("|---|--:|--:|--:|--:|--:|--:|--:|");
    let mut all: [Times; 2] = Default::default();
    let line = |name: &str, [plain, ours]: &[Times; 2]| {
        println!(
            "| {name} | {} | {} | {} | {} | {} | {} | {:.2}× |",
            ms(plain.p50()),
            ms(plain.p99()),
            ms(plain.mean()),
            ms(ours.p50()),
            ms(ours.p99()),
            ms(ours.mean()),
            ours.mean().as_secs_f64() / plain.mean().as_secs_f64(),
        );
    };
    for kind in Kind::ALL {
        let ways: [&dyn Fn(&Query) -> usize; 2] =
            [&|query| plain.ask_with_snippets(query), &|query| whole.ask(query)];
        let times = in_turns(queries, kind, ways);
        line(kind.name(), &times);
        for (all, times) in all.iter_mut().zip(times) {
            all.0.extend(times.0);
            all.0.sort();
        }
    }
    line("all of them", &all);
}

/// Times, in order.
#[derive(Default, Clone)]
struct Times(Vec<Duration>);

impl Times {
    fn p50(&self) -> Duration {
        self.0[self.0.len() / 2]
    }

    fn p99(&self) -> Duration {
        self.0[(self.0.len() - 1) * 99 / 100]
    }

    fn mean(&self) -> Duration {
        self.0.iter().sum::<Duration>() / self.0.len() as u32
    }
}

/// Every query of a kind in every way, one way after the other; once before, so that all are warm.
fn in_turns<const N: usize>(
    queries: &[Query],
    kind: Kind,
    ways: [&dyn Fn(&Query) -> usize; N],
) -> [Times; N] {
    let mut times: [Times; N] = std::array::from_fn(|_| Times::default());
    for query in queries.iter().filter(|query| query.kind == kind) {
        for way in ways {
            std::hint::black_box(way(query));
        }
        for (way, times) in ways.into_iter().zip(&mut times) {
            let begun = Instant::now();
            std::hint::black_box(way(query));
            times.0.push(begun.elapsed());
        }
    }
    times.iter_mut().for_each(|times| times.0.sort());
    times
}

fn ms(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    (work(), begun.elapsed())
}

/// Bytes of the files below a folder with this ending, or all.
fn bytes_below(folder: &Path, ending: &str) -> u64 {
    let of = |entry: std::io::Result<std::fs::DirEntry>| {
        let entry = entry.unwrap();
        let meta = entry.metadata().unwrap();
        let counts = entry.path().to_string_lossy().ends_with(ending);
        if meta.is_dir() { bytes_below(&entry.path(), ending) } else { u64::from(counts) * meta.len() }
    };
    std::fs::read_dir(folder).unwrap().map(of).sum()
}

/// Bytes of memory this process has (`VmRSS`), pages of files in it.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) << 10
}
