//! Nobody who searches waits for those who write, and hardly anybody who writes waits for those who build: searches are
//! answered in the middle of a batch, what is read is found at once, and taking in goes on while indexes are built anew.
//!
//! Nothing here is a matter of a fast machine. Where the promise is that something goes on meanwhile, the work stands
//! still in the middle until it has gone on; who would wait for the work waits for ever, and the test fails.

mod common;

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use common::{LONG_AGO, Paper, TestOffice, WITHDRAWN, caretaker, files_below};
use tempfile::TempDir;
use uuid::Uuid;

use schriftgut::base::followed::Followed;
use schriftgut::domain::ids::DocumentId;
use schriftgut::domain::protection::ProtectionDomain;
use schriftgut::domain::query::HitKind;
use schriftgut::index::{Index, PageEntry};
use schriftgut::registry::{Outcome, Rebuilding, Registry};

/// Who waits longer than this waits for something that does not come.
const FOR_EVER: Duration = Duration::from_secs(60);
/// Documents of a batch.
const BATCH: usize = 60;
/// A word on every page of a batch.
const COMMON: &str = "Elsbeerenhang";

/// Pages a search finds.
fn found(registry: &Registry, query: &str) -> usize {
    let person = registry.person("voss").unwrap();
    registry.search(person.as_reader().unwrap(), query, 0, 10).unwrap().total
}

fn batch() -> Vec<Paper<'static>> {
    let text = |number: usize| format!("{COMMON}, Blatt {number}");
    (0..BATCH).map(|number| Paper::new("A-1", WITHDRAWN, "blatt.txt", text(number))).collect()
}

/// Somebody in another thread, who does what is asked for, and is waited for.
struct Colleague<'a, T> {
    asks: Sender<()>,
    answers: &'a Mutex<Receiver<T>>,
}

impl<T> Colleague<'_, T> {
    /// What came of it, now.
    fn does(&self) -> T {
        self.asks.send(()).unwrap();
        let answers = self.answers.lock().unwrap();
        answers.recv_timeout(FOR_EVER).expect("it goes on while others are at work")
    }
}

/// Does some work beside a colleague who does `act` as often as the work asks for it.
fn beside<T: Send>(mut act: impl FnMut() -> T + Send, work: impl FnOnce(&Colleague<'_, T>)) {
    let ((asks, asked), (answer, answers)) = (channel::<()>(), channel());
    let answers = Mutex::new(answers);
    std::thread::scope(|scope| {
        scope.spawn(move || while asked.recv().is_ok() && answer.send(act()).is_ok() {});
        work(&Colleague { asks, answers: &answers });
    });
}

#[test]
fn what_is_taken_in_is_found_by_its_name_before_the_batch_is_done() {
    let office = TestOffice::demo();
    let registry = office.registry();
    beside(
        || found(registry, "datei:blatt.txt"),
        |colleague| {
            let sources = batch().into_iter().map(Paper::source);
            let mut taken = 0;
            let answer = &mut |answer: schriftgut::registry::Taken| {
                assert!(matches!(answer.outcome, Outcome::Taken(_)));
                taken += 1;
                assert!(colleague.does() >= taken);
            };
            registry.ingest(office.manager.as_clerk().unwrap(), sources, answer).unwrap();
            assert_eq!(taken, BATCH);
        },
    );
}

#[test]
fn what_is_read_is_found_at_once_while_the_rest_is_being_read() {
    let office = TestOffice::demo();
    office.take_in_all(batch());
    let registry = office.registry();
    let longest = Mutex::new(Duration::ZERO);
    beside(
        || {
            let begun = Instant::now();
            (found(registry, COMMON), begun.elapsed())
        },
        |colleague| {
            let colleague = Mutex::new(colleague);
            let progress = registry
                .read_texts(&|progress| {
                    let (found, took) = colleague.lock().unwrap().does();
                    assert!(found >= progress.read, "{found} of {progress:?}");
                    let mut longest = longest.lock().unwrap();
                    *longest = took.max(*longest);
                })
                .unwrap();
            assert_eq!(progress.read, BATCH);
        },
    );
    println!("found after it was read: {:?} at the longest", longest.into_inner().unwrap());
}

#[test]
fn the_indexes_follow_while_texts_are_read_and_nobody_searches() {
    let office = TestOffice::demo();
    found(office.registry(), COMMON);
    office.take_in_all(batch().into_iter().take(2).collect());
    let place = office.root().join("views/index/1").join(ProtectionDomain::General.code());
    let followed = || Index::open(&place).unwrap().followed().entries;
    let before = followed();
    let read = |progress: schriftgut::registry::Progress| match progress.done {
        // A document that takes a while.
        1 => std::thread::sleep(Duration::from_millis(2_500)),
        _ => {
            let begun = Instant::now();
            while followed() <= before {
                assert!(begun.elapsed() < FOR_EVER, "the indexes follow only at the end");
                std::thread::sleep(Duration::from_millis(5));
            }
        }
    };
    office.registry().read_texts(&read).unwrap();
    assert_eq!(found(office.registry(), COMMON), 2);
}

/// An office with a batch that is read.
fn office_with_a_batch() -> TestOffice {
    let office = TestOffice::demo();
    office.take_in_all(batch());
    office.read_texts();
    office
}

/// Builds the views anew; `meanwhile` is called once, in the middle of the indexes.
fn rebuild(registry: &Registry, meanwhile: impl FnOnce()) {
    let mut meanwhile = Some(meanwhile);
    let tell = &mut |now: Rebuilding| {
        if matches!(now, Rebuilding::Indexes { documents, .. } if documents > BATCH as u64 / 2) {
            meanwhile.take().into_iter().for_each(|meanwhile| meanwhile());
        }
    };
    registry.rebuild(caretaker().as_caretaker().unwrap(), tell).unwrap();
    assert!(meanwhile.is_none(), "there was a middle");
}

fn numbers(office: &TestOffice) -> Vec<String> {
    let names = std::fs::read_dir(office.root().join("views/index")).unwrap();
    names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn taking_in_reading_and_finding_go_on_while_indexes_are_built_anew() {
    let office = office_with_a_batch();
    let registry = office.registry();
    beside(
        || {
            let id = office.ingest_text("A-2", WITHDRAWN, "neu.txt", &format!("{COMMON}, Nachtrag"));
            office.read_texts();
            let version = Paper::new("A-2", WITHDRAWN, "zwei.txt", "Nachtrag in neuer Fassung").source();
            let found = [found(registry, COMMON), found(registry, "Nachtrag")];
            registry.add_version(office.manager.as_clerk().unwrap(), id, version).unwrap();
            office.read_texts();
            found
        },
        |colleague| rebuild(registry, || assert_eq!(colleague.does(), [BATCH + 1, 1])),
    );
    // What came meanwhile is in the new ones, as it is now.
    assert_eq!(numbers(&office), ["2"]);
    let words = [COMMON, "Nachtrag", "\"neuer Fassung\""];
    assert_eq!(words.map(|words| found(registry, words)), [BATCH, 1, 1]);
}

#[test]
fn what_is_destroyed_during_a_rebuild_is_in_neither_index() {
    const CONDEMNED: &str = "Hagebuttenweg";
    let office = TestOffice::demo();
    office.ingest_text("V-1", WITHDRAWN, "erstes.txt", &format!("Antrag, {CONDEMNED}"));
    office.close("V-1", LONG_AGO);
    office.take_in_all(batch());
    office.read_texts();
    let list = office.signed_list();
    let registry = office.registry();
    let has_begun = AtomicBool::new(false);
    std::thread::scope(|scope| {
        rebuild(registry, || {
            scope.spawn(|| {
                has_begun.store(true, Ordering::SeqCst);
                assert_eq!(office.execute(list).unwrap().files, 1);
            });
            while !has_begun.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(1));
            }
        });
    });
    assert_eq!(found(registry, CONDEMNED), 0);
    assert!(registry.look_for(&[CONDEMNED.to_owned()]).unwrap().is_empty());
    assert_eq!(numbers(&office), ["2"]);
    assert_eq!(found(registry, COMMON), BATCH);
}

fn size_of(folder: PathBuf) -> u64 {
    files_below(&folder).iter().map(|path| path.metadata().unwrap().len()).sum()
}

#[test]
fn indexes_do_not_grow_when_they_are_built_anew() {
    let office = office_with_a_batch();
    let place = |number: &str| office.root().join("views/index").join(number);
    rebuild(office.registry(), || {});
    let once = size_of(place("2"));
    rebuild(office.registry(), || {});
    let twice = size_of(place("3"));
    assert_eq!(found(office.registry(), COMMON), BATCH);
    // Ids are packed, so that it may be a few bytes more or less.
    assert!(twice.abs_diff(once) < once / 10, "{once} and then {twice}");
}

#[test]
fn an_index_does_not_grow_when_the_same_is_put_in_again() {
    const PAGES: u32 = 400;
    let folder = TempDir::new().unwrap();
    let place = folder.path().join("general");
    let put_all = |index: &Index, times: u64| {
        let document = DocumentId(Uuid::from_u128(1));
        for page in 1..=PAGES {
            let text = format!("{COMMON} {page}, Blatt {page} von {PAGES} ").repeat(20);
            let (file, class, street, file_name, letter_years) = (None, None, "", "blatt.txt", &[]);
            let (phase, kind, position) = (None, HitKind::PlainText, times);
            let text = text.as_str();
            index
                .put_page(&PageEntry {
                    record_type: None,
                    register: None,
                    document,
                    file,
                    class,
                    street,
                    phase,
                    kind,
                    file_name,
                    page,
                    position,
                    text,
                    letter_years,
                })
                .unwrap();
        }
        index.commit(Followed { entries: times, ..Followed::NOTHING }).unwrap();
    };
    let index = Index::create(&place).unwrap();
    put_all(&index, 1);
    drop(index); // whoever lets go waits for what is being merged
    let once = size_of(place.clone());
    for times in 2..20 {
        let index = Index::open(&place).unwrap();
        put_all(&index, times);
    }
    let index = Index::open(&place).unwrap();
    let query = schriftgut::domain::query::parse(COMMON).unwrap();
    let (reach, scope) = (schriftgut::index::Reach::AsWritten, schriftgut::index::Scope::EVERYTHING);
    assert_eq!(index.search(&query, reach, &scope, 0, 1).unwrap().total, PAGES as usize);
    drop(index);
    let often = size_of(place);
    println!("{once} bytes once, {often} after twenty times");
    assert!(often < 3 * once, "{once} and then {often}");
}
