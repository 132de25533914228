//! Whatever is typed into the search box is answered or refused at its place: no panic, no overflow of the stack, nothing
//! that takes longer than anybody waits. Queries come by chance through the grammar, the index in every reach, facets,
//! marks and suggestions; and worse ones through the doors.
//!
//! `SCHRIFTGUT_FULL=1` asks ten million. A failure says the seed of its query: `SCHRIFTGUT_SEED` asks that one again,
//! alone. What ends the whole process (a stack that overflows) leaves its seed in the file that is named at the start.

mod machine;
#[path = "common/mill.rs"]
mod mill;
#[path = "search_fuzz/queries.rs"]
mod queries;
#[path = "search_fuzz/town.rs"]
mod town;

use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use machine::{Dice, Progress, times};
use mill::Mill;
use town::{Town, WORDS};

use schriftgut::domain::query::{self, Order, Query};
use schriftgut::domain::streets::{Renaming, Streets};
use schriftgut::index::{Facets, Found, HITS_MAX, Index, IndexError, Reach, Scope, highlight, snippet};

/// Longer than this nobody waits, whatever was typed.
const PATIENCE: Duration = Duration::from_secs(2);
/// A busy machine keeps a thread waiting: what took too long may show so often that it need not.
const TRIES: u32 = 3;
const THREADS: usize = 2;
const REACHES: [Reach; 5] =
    [Reach::AsWritten, Reach::AcrossPages, Reach::Misread, Reach::Similar, Reach::AnyWord];
/// One query in so many is asked in every reach, the others in one.
const EVERY_REACH_ONE_IN: usize = 8;
/// One query in so many is also completed and corrected.
const SUGGESTED_ONE_IN: usize = 8;

/// What is asked, and how it went so far.
struct Fuzz {
    town: Town,
    streets: Streets,
    scopes: [Scope; 4],
    asked: AtomicUsize,
    read: AtomicUsize,
    found: AtomicUsize,
    longest_micros: AtomicU64,
}

impl Fuzz {
    fn new() -> Self {
        let town = Town::new();
        let renamed = |old: &str, new: &str| Renaming { old: old.into(), new: new.into(), from: Some(1951) };
        let streets = vec![renamed("Kaiserstraße", "Rathausstraße"), renamed("Ring", "Bahnhofstraße")];
        let everything = Scope::EVERYTHING;
        let branch = |numbers: &[&str]| Some(numbers.iter().map(|number| number.parse().unwrap()).collect());
        let scopes = [
            everything.clone(),
            Scope { branches: branch(&["63"]), in_tray: false, ..everything.clone() },
            Scope { only_file: Some(town.file), ..everything.clone() },
            Scope { branches: branch(&[]), in_tray: false, ..everything },
        ];
        let [asked, read, found] = [0; 3].map(AtomicUsize::new);
        let (streets, longest_micros) = (Streets::new(streets).unwrap(), AtomicU64::new(0));
        Self { town, streets, scopes, asked, read, found, longest_micros }
    }

    /// Asks the query of this seed, with a clock beside it that runs while this thread works.
    fn ask_in_time(&self, seed: u64) {
        let typed = queries::of_seed(seed, &WORDS);
        let what =
            || format!("SCHRIFTGUT_SEED={seed}: {:?} …", typed.chars().take(2_000).collect::<String>());
        let mut took = Duration::MAX;
        for _ in 0..TRIES {
            let begun = worked();
            let asked = catch_unwind(AssertUnwindSafe(|| self.ask(seed, &typed)));
            assert!(asked.is_ok(), "{}", what());
            took = took.min(worked() - begun);
            if took <= PATIENCE {
                break;
            }
        }
        assert!(took <= PATIENCE, "it took {took:?}: {}", what());
        self.longest_micros.fetch_max(took.as_micros() as u64, Ordering::Relaxed);
        self.asked.fetch_add(1, Ordering::Relaxed);
    }

    fn ask(&self, seed: u64, typed: &str) {
        let mut mill = Mill(seed.rotate_left(32));
        let scope = &self.scopes[mill.below(self.scopes.len())];
        if mill.below(SUGGESTED_ONE_IN) == 0 {
            self.suggest(typed, scope);
        }
        match query::parse(typed) {
            Err(mistake) => {
                assert!(typed.is_char_boundary(mistake.at), "{mistake:?}");
                assert!(!mistake.reason.is_empty());
            }
            Ok(query) => {
                self.read.fetch_add(1, Ordering::Relaxed);
                query::parts(typed).into_iter().flatten().for_each(|part| drop(part.only_words()));
                let (query, _) = query.under_all_names(&self.streets);
                let all = mill.below(EVERY_REACH_ONE_IN) == 0;
                let one = mill.below(REACHES.len());
                for reach in REACHES.into_iter().enumerate().filter(|(n, _)| all || *n == one) {
                    self.look(&query, reach.1, scope, &mut mill);
                }
            }
        }
    }

    /// Finds, counts and marks.
    fn look(&self, query: &Query, reach: Reach, scope: &Scope, mill: &mut Mill) {
        let order = *mill.one_of(&[Order::Relevance, Order::Newest, Order::Oldest]);
        let keep = *mill.one_of(&[0, 1, 20, 20, 20, 200, HITS_MAX]);
        let found = answer(self.town.index.search_by(order, query, reach, scope, keep));
        let facets = answer(self.town.index.facets(query, reach, scope));
        assert_eq!(found.is_some(), facets.is_some());
        if let Some((found, facets)) = found.zip(facets) {
            self.found.fetch_add(usize::from(found.total + found.files_total > 0), Ordering::Relaxed);
            require_sums(&found, &facets, keep);
        }
        let text = mill.one_of(&self.town.texts);
        require_marks(text, &highlight(query, reach, text));
        let snippet = snippet(query, reach, text, 1 + mill.below(300));
        require_marks(&snippet.text, &snippet.marks);
    }

    /// As the query goes on, and what was meant by its words.
    fn suggest(&self, typed: &str, scope: &Scope) {
        let index: &Index = &self.town.index;
        if let Some(begun) = query::begun(typed) {
            assert!(typed.starts_with(begun.before));
            answer(index.completions(begun.text, scope, 8));
            if let Some(place) = begun.place {
                answer(index.files_from(place, begun.text, scope, 8));
            }
        }
        for at in query::words(typed).into_iter().take(3) {
            answer(index.similar_words(&typed[at], scope, 8));
        }
    }
}

/// How long this thread was at work, without what it waited for others on a busy machine (`schedstat` of proc(5), in ns).
fn worked() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").expect("proc");
    let nanos = told.split(' ').next().and_then(|first| first.parse().ok()).expect("nanoseconds");
    Duration::from_nanos(nanos)
}

/// What was found; none if it was refused for a reason that people read. Anything else is a fault, and what panics
/// inside the engine is one too.
fn answer<T>(asked: Result<T, IndexError>) -> Option<T> {
    match asked {
        Ok(found) => Some(found),
        Err(refused) if refused.advice().is_some() => None,
        Err(fault) => panic!("{fault:?}"),
    }
}

fn require_sums(found: &Found, facets: &Facets, keep: usize) {
    let all = found.total + found.files_total;
    assert_eq!(found.hits.len(), all.min(keep));
    assert!(found.hits.iter().all(|hit| hit.score.is_finite()));
    assert!(found.hits.is_sorted_by(|a, b| a.compare(b).is_le()));
    let most = [facets.classes.values().max(), facets.years.values().max(), facets.streets.values().max()];
    assert!(most.into_iter().flatten().all(|count| *count <= all), "{all}, but {facets:?}");
}

/// Marks can be cut out, one behind the other.
fn require_marks(text: &str, marks: &[Range<usize>]) {
    let mut end = 0;
    for mark in marks {
        assert!(end <= mark.start && mark.start < mark.end && text.get(mark.clone()).is_some(), "{marks:?}");
        end = mark.end;
    }
}

#[test]
fn whatever_is_typed_is_answered_or_refused_in_time() {
    let fuzz = Fuzz::new();
    let seeds = Dice::seeds(times(100_000, 10_000_000) as usize);
    let progress = Progress::of("queries", seeds.len());
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let name = format!("search_fuzz.{}.{thread}", std::process::id());
            let at = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
            println!("the seed that is just being asked: {}", at.display());
            let (fuzz, seeds, progress, next) = (&fuzz, &seeds, &progress, &next);
            scope.spawn(move || {
                let last = File::create(&at).unwrap();
                while let Some(seed) = seeds.get(next.fetch_add(1, Ordering::Relaxed)) {
                    last.write_all_at(format!("{seed:020}\n").as_bytes(), 0).unwrap();
                    fuzz.ask_in_time(*seed);
                    progress.step();
                }
                std::fs::remove_file(&at).unwrap();
            });
        }
    });
    let count = |counter: &AtomicUsize| counter.load(Ordering::Relaxed);
    let (asked, read, found) = (count(&fuzz.asked), count(&fuzz.read), count(&fuzz.found));
    let longest = Duration::from_micros(fuzz.longest_micros.load(Ordering::Relaxed));
    println!("{asked} asked, {read} of them read, {found} answers with matches, longest {longest:?}");
    assert_eq!(asked, seeds.len());
    // Neither is everything refused nor everything found nowhere: the dice reach all of the grammar and the index.
    assert!(seeds.len() == 1 || (read > asked / 4 && read < asked && found > read / 4), "{read}, {found}");
}
