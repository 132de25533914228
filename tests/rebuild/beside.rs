//! New indexes are built beside those in use: nobody who searches notices, what was interrupted goes on, and nothing that
//! lies about outlives what is destroyed.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use schriftgut::domain::protection::ProtectionDomain;
use schriftgut::index::Index;
use schriftgut::registry::{PlaceKind, Rebuilding, Registry};

use crate::common::{LONG_AGO, TestOffice, WITHDRAWN, caretaker, files_below};

/// Documents, and pages of each: so many that a rebuild keeps what it has done more than once.
const DOCUMENTS: u64 = 12;
const PAGES: u64 = 1_000;
/// The document after which a rebuild is stopped: it has kept the five before and not yet this one.
const STOPPED_AFTER: u64 = 7;
/// A word in one document of a file that is due; the first that goes into an index.
const CONDEMNED: &str = "Elsbeerenhang";

/// An office with pages enough, searched once.
fn office() -> TestOffice {
    let office = TestOffice::demo();
    office.ingest_text("V-1", WITHDRAWN, "erstes.txt", &format!("Antrag, {CONDEMNED}"));
    office.read_texts();
    office.close("V-1", LONG_AGO);
    let page = |document: u64, page: u64| format!("Garage {document} im Mühlenweg, Blatt {page}");
    for document in 1..DOCUMENTS {
        let pages: Vec<_> = (0..PAGES).map(|number| page(document, number)).collect();
        office.ingest_text("A-1", WITHDRAWN, &format!("{document}.txt"), &pages.join("\u{c}"));
    }
    office.read_texts();
    assert_eq!(found(office.registry()), ((DOCUMENTS - 1) * PAGES) as usize);
    office
}

/// How many pages a search finds, which must show some of them.
fn found(registry: &Registry) -> usize {
    let person = registry.person("voss").unwrap();
    let page = registry.search(person.as_reader().unwrap(), "Garage", 0, 10).unwrap();
    assert_eq!(page.hits.len(), page.total.min(10));
    assert_eq!(page.behind, None);
    page.total
}

/// What a rebuild says of the indexes while it goes on.
fn rebuild(registry: &Registry, mut each: impl FnMut(u64)) -> Vec<Rebuilding> {
    let mut told = Vec::new();
    let caretaker = caretaker();
    let tell = &mut |now: Rebuilding| {
        if let Rebuilding::Indexes { documents, .. } = now {
            told.push(now);
            each(documents);
        }
    };
    registry.rebuild(caretaker.as_caretaker().unwrap(), tell).unwrap();
    told
}

/// A rebuild is stopped in the middle, and the doors are closed.
fn stop_a_rebuild(office: &mut TestOffice) {
    let stop = |documents| assert!(documents < STOPPED_AFTER, "stopped here, as the test wants");
    let stopped = catch_unwind(AssertUnwindSafe(|| rebuild(office.registry(), stop)));
    assert!(stopped.is_err());
    office.close_doors();
}

/// The names of what lies beside one another in the folder of the indexes.
fn numbers(office: &TestOffice) -> BTreeSet<String> {
    let names = std::fs::read_dir(office.root().join("views/index")).unwrap();
    names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn set<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
    names.map(str::to_owned).into()
}

fn index(office: &TestOffice, number: &str) -> Index {
    let domain = ProtectionDomain::General.code();
    Index::open(&office.root().join("views/index").join(number).join(domain)).unwrap()
}

/// Where it began, and how many documents it put in.
fn went(told: &[Rebuilding]) -> (u64, u64) {
    let (Some(Rebuilding::Indexes { followed, documents: 0, .. }), Some(last)) = (told.first(), told.last())
    else {
        panic!("{told:?}")
    };
    let Rebuilding::Indexes { documents, .. } = last else { panic!("{last:?}") };
    (*followed, *documents)
}

/// It put in every document, or only those that a stopped one had not kept.
fn assert_began_anew(told: &[Rebuilding]) {
    assert_eq!(went(told), (0, DOCUMENTS));
}

fn assert_went_on(told: &[Rebuilding]) {
    let (followed, documents) = went(told);
    assert!(followed > 0 && documents < DOCUMENTS, "{followed}, {documents}");
}

#[test]
fn searches_during_a_rebuild_find_what_they_found_before() {
    let office = office();
    let (registry, before) = (office.registry(), found(office.registry()));
    let (over, searches) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let searching = scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                assert_eq!(found(registry), before);
                searches.fetch_add(1, Ordering::Relaxed);
            }
        });
        // At every document, and from another thread at any moment.
        let told = rebuild(registry, |_| assert_eq!(found(registry), before));
        assert_began_anew(&told);
        assert_eq!(found(registry), before);
        over.store(true, Ordering::Relaxed);
        searching.join().unwrap();
    });
    assert!(searches.into_inner() > 3);
    assert_eq!(numbers(&office), set(["2"]), "the old ones are removed");
}

#[test]
fn a_rebuild_that_was_stopped_goes_on_and_does_not_begin_anew() {
    let mut office = office();
    stop_a_rebuild(&mut office);
    assert_eq!(numbers(&office), set(["1", "2"]));
    office.open_doors();
    office.ingest_text("A-2", WITHDRAWN, "neu.txt", "Garage");
    office.read_texts();
    let before = found(office.registry());
    let told = rebuild(office.registry(), |_| {});
    assert_went_on(&told);
    assert_eq!(found(office.registry()), before);
    assert_eq!(numbers(&office), set(["2"]));
    // The next one has nothing to go on with.
    let (followed, documents) = went(&rebuild(office.registry(), |_| {}));
    assert_eq!((followed, documents), (0, DOCUMENTS + 1));
    assert_eq!(found(office.registry()), before);
}

#[test]
fn a_half_built_index_is_never_asked() {
    let mut office = office();
    let before = found(office.registry());
    stop_a_rebuild(&mut office);
    let (old, begun) = (index(&office, "1").followed().entries, index(&office, "2").followed().entries);
    assert!(0 < begun && begun < old, "{begun} of {old}");
    office.open_doors();
    assert_eq!(found(office.registry()), before);
    assert_eq!(numbers(&office), set(["1", "2"]), "it waits for the next rebuild");
    office.close_doors();
    // Where the old one is gone or damaged, the half-built one is finished first.
    let begun = office.root().join("views/index");
    for damage in ["gone", "damaged", "damaged while it is open"] {
        let copy = tempfile::TempDir::new().unwrap();
        crate::common::copy_folder(office.root(), &copy.path().join("amt"));
        let place = copy.path().join("amt/views/index/1");
        match damage {
            "gone" => std::fs::remove_dir_all(&place).unwrap(),
            "damaged" => std::fs::write(place.join("general/meta.json"), "{}").unwrap(),
            _ => {
                let words = files_below(&place);
                let words = words.iter().find(|path| path.extension().is_some_and(|name| name == "term"));
                let mut bytes = std::fs::read(words.unwrap()).unwrap();
                bytes.iter_mut().for_each(|byte| *byte ^= 4);
                std::fs::write(words.unwrap(), bytes).unwrap();
            }
        }
        let opened = TestOffice::copy_of(&copy.path().join("amt"));
        assert_eq!(found(opened.registry()), before, "{damage}");
        assert_eq!(numbers(&opened), set(["2"]), "{damage}");
        let said = opened.registry().remarks().join("\n");
        assert_eq!(damage != "gone", said.contains("Ein Suchindex war beschädigt"), "{damage}: {said}");
    }
    // Such a one that a rebuild finds in use goes on as well.
    std::fs::remove_dir_all(begun.join("1")).unwrap();
    office.open_doors();
    assert_went_on(&rebuild(office.registry(), |_| {}));
    assert_eq!(found(office.registry()), before);
}

#[test]
fn a_half_built_index_that_is_damaged_or_of_another_history_is_begun_anew() {
    let mut office = office();
    let before = found(office.registry());
    stop_a_rebuild(&mut office);
    let begun = office.root().join("views/index/2");
    std::fs::write(begun.join("general/meta.json"), "{}").unwrap();
    office.open_doors();
    assert_began_anew(&rebuild(office.registry(), |_| {}));
    assert_eq!(found(office.registry()), before);
    // That of another registry.
    let mut other = TestOffice::with_grace();
    other.ingest_text("A-1", WITHDRAWN, "a.txt", "Zaun");
    other.read_texts();
    other.close_doors();
    office.close_doors();
    let (theirs, place) = (other.root().join("views/index/1"), office.root().join("views/index/3"));
    crate::common::copy_folder(&theirs, &place);
    std::fs::remove_file(place.join("whole")).unwrap();
    office.open_doors();
    assert_began_anew(&rebuild(office.registry(), |_| {}));
    assert_eq!(found(office.registry()), before);
}

#[test]
fn what_is_destroyed_while_a_half_built_index_lies_there_is_in_no_folder_afterwards() {
    let mut office = office();
    stop_a_rebuild(&mut office);
    for number in ["1", "2"] {
        assert!(index(&office, number).contains_word(CONDEMNED).unwrap(), "{number}");
    }
    office.open_doors();
    let places = |office: &TestOffice| {
        let found = office.registry().look_for(&[CONDEMNED.to_owned()]).unwrap();
        let found = found.into_iter().filter(|found| found.place == PlaceKind::Index);
        found.map(|found| found.at).collect::<BTreeSet<_>>()
    };
    assert_eq!(places(&office), set(["1/general", "2/general"]));
    assert_eq!(office.destroy_what_is_due().files, 1);
    assert_eq!(numbers(&office), set(["1"]));
    assert!(!index(&office, "1").contains_word(CONDEMNED).unwrap());
    assert_eq!(places(&office), set([]));
    let told = rebuild(office.registry(), |_| {});
    assert_eq!(went(&told), (0, DOCUMENTS - 1), "nothing was left to go on with");
}

#[test]
fn left_overs_are_removed_at_the_start_and_those_of_an_earlier_program_are_said() {
    let mut office = office();
    let before = found(office.registry());
    office.close_doors();
    let place = office.root().join("views/index");
    // An older one, one far ahead, and files nobody knows.
    for name in ["0", "7", "rest"] {
        crate::common::copy_folder(&place.join("1"), &place.join(name));
    }
    std::fs::remove_file(place.join("7/whole")).unwrap();
    std::fs::write(place.join("rest.tmp"), CONDEMNED).unwrap();
    office.open_doors();
    assert_eq!(numbers(&office), set(["1"]));
    assert_eq!(found(office.registry()), before);
    assert!(office.registry().remarks().is_empty());
    office.close_doors();
    // An earlier program did not number them.
    for domain in ProtectionDomain::ALL {
        std::fs::rename(place.join("1").join(domain.code()), place.join(domain.code())).unwrap();
    }
    std::fs::remove_dir_all(place.join("1")).unwrap();
    office.open_doors();
    assert_eq!(numbers(&office), set(["1"]));
    assert_eq!(found(office.registry()), before);
    let said = office.registry().remarks().join("\n");
    assert!(said.contains("Ein Suchindex war beschädigt oder von einer anderen Programmfassung"), "{said}");
}
