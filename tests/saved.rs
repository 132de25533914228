//! Saved searches: they are the person's own and stay, and what is new in them is what came since, as far as this
//! person may read it.

mod common;
#[allow(dead_code, reason = "each suite uses its part")]
#[path = "backup/room.rs"]
mod room;

use std::collections::BTreeSet;

use common::{Paper, TestOffice};
use room::Room;
use schriftgut::domain::actor::{Actor, Role};
use schriftgut::domain::ids::SavedSearchId;
use schriftgut::domain::protection::ProtectionDomain;
use schriftgut::domain::query::Order;
use schriftgut::domain::saved::SAVED_MAX;
use schriftgut::registry::{Error, NewPerson, NewSearch, News, PlaceKind, SavedIn, SavedView};

const CLASS: &str = "63.10.03";

/// A clerk who reads what has no special secrecy.
fn clerk(office: &TestOffice, login: &str) -> Actor {
    let operator = office.registry().person(common::OPERATOR).unwrap();
    let person = NewPerson {
        login: login.to_owned(),
        name: "Frau Sach".to_owned(),
        roles: BTreeSet::from([Role::Clerk]),
        clearances: BTreeSet::from([ProtectionDomain::General]),
    };
    office.registry().add_person(operator.as_administrator().unwrap(), &person).unwrap();
    office.registry().person(login).unwrap()
}

fn save(office: &TestOffice, by: &Actor, name: &str, query: &str) -> SavedSearchId {
    let new = NewSearch { name, query, ..NewSearch::default() };
    office.registry().save_search(by.as_reader().unwrap(), &new).unwrap()
}

fn saved(office: &TestOffice, by: &Actor) -> Vec<SavedView> {
    office.registry().saved_searches(by.as_reader().unwrap()).unwrap()
}

/// New pages and files in each saved search.
fn news(office: &TestOffice, by: &Actor) -> Vec<(usize, usize)> {
    let counted = |view: SavedView| {
        let News { pages, files, is_partial } = view.news.unwrap();
        assert!(!is_partial);
        (pages, files)
    };
    saved(office, by).into_iter().map(counted).collect()
}

/// Name, query and order of each saved search, and what is new.
fn told(office: &TestOffice, by: &Actor) -> Vec<(String, String, Order, usize)> {
    let told = |view: SavedView| {
        let search = view.search;
        (search.name.to_string(), search.query, search.order, view.news.unwrap().hits())
    };
    saved(office, by).into_iter().map(told).collect()
}

fn seen(office: &TestOffice, by: &Actor, id: SavedSearchId) {
    office.registry().mark_seen(by.as_reader().unwrap(), id, None).unwrap();
}

fn take_in_hidden(office: &TestOffice, n: usize) {
    let (reference, name) = (format!("11.20-{n}"), format!("zeugnis-{n}.txt"));
    let mut paper = Paper::new(&reference, CLASS, &name, format!("Zeugnis {n}: Garage, Carport"));
    paper.domain = ProtectionDomain::Personnel;
    office.take_in(paper);
}

#[test]
fn what_came_since_somebody_looked_is_new_and_counted_exactly() {
    let office = TestOffice::demo();
    let by = &clerk(&office, "sach");
    office.ingest_text("63-1", CLASS, "alt.txt", "Garage, vor langem");
    office.read_texts();
    let id = save(&office, by, "Garagen", "Garage");
    assert_eq!(news(&office, by), [(0, 0)], "what was there when it was saved is not new");
    for n in 0..25 {
        office.ingest_text(
            &format!("64-{n}"),
            CLASS,
            &format!("neu-{n}.txt"),
            &format!("Garage {n} am Markt"),
        );
    }
    office.ingest_text("65-1", CLASS, "anders.txt", "Ein Zaun");
    assert_eq!(news(&office, by), [(0, 0)], "nobody has read them yet");
    office.read_texts();
    assert_eq!(news(&office, by), [(25, 0)]);
    assert_eq!(news(&office, by), [(25, 0)], "looking writes nothing");
    let reader = by.as_reader().unwrap();
    let page = office.registry().new_hits(reader, id, 20, 20).unwrap();
    assert_eq!((page.total, page.hits.len()), (25, 5));
    let names = page.hits.iter().map(|hit| hit.document.as_ref().unwrap().file_name.as_str());
    assert!(names.into_iter().all(|name| name.starts_with("neu-")));
    seen(&office, by, id);
    assert_eq!(news(&office, by), [(0, 0)]);
}

#[test]
fn what_came_while_somebody_was_looking_is_still_new() {
    let office = TestOffice::demo();
    let by = &clerk(&office, "sach");
    let reader = by.as_reader().unwrap();
    let id = save(&office, by, "Garagen", "Garage");
    office.ingest_text("63-1", CLASS, "eins.txt", "Garage");
    office.read_texts();
    let mark = office.registry().mark(reader).unwrap();
    office.ingest_text("63-2", CLASS, "zwei.txt", "Garage");
    office.read_texts();
    office.registry().mark_seen(reader, id, Some(&mark)).unwrap();
    assert_eq!(news(&office, by), [(1, 0)]);
    seen(&office, by, id);
    office.registry().mark_seen(reader, id, Some(&mark)).unwrap();
    assert_eq!(news(&office, by), [(0, 0)], "what was seen stays seen");
    let mine = |mark: &str| office.registry().mark_seen(reader, id, Some(mark));
    let of_another = office.registry().mark(office.manager.as_reader().unwrap()).unwrap();
    for wrong in ["", "12", &of_another, &mark.replace(&mark[90..], "000000")] {
        assert!(matches!(mine(wrong), Err(Error::Mistake(_))), "{wrong}");
    }
}

#[test]
fn a_new_page_of_an_old_file_is_new_and_the_file_is_not() {
    let office = TestOffice::demo();
    let by = &clerk(&office, "sach");
    let old = Paper { title: Some("Bergwerk"), ..Paper::new("63-1", CLASS, "alt.txt", "Erstes Blatt") };
    office.take_in(old);
    let other =
        office.take_in(Paper { reference: None, ..Paper::new("", CLASS, "post.txt", "Noch ein Blatt") });
    office.read_texts();
    let queries = ["az:63-1", "titel:Bergwerk", "Bergwerk", "NICHT Zaun"];
    let ids: Vec<_> = queries.iter().map(|query| save(&office, by, query, query)).collect();
    assert_eq!(news(&office, by), [(0, 0); 4]);
    office.ingest_text("63-1", CLASS, "neu.txt", "Zweites Blatt");
    office.read_texts();
    assert_eq!(news(&office, by), [(1, 0), (1, 0), (0, 0), (1, 0)]);
    ids.iter().for_each(|id| seen(&office, by, *id));
    office.registry().file_document(by.as_clerk().unwrap(), other, "63-1").unwrap();
    assert_eq!(news(&office, by), [(1, 0), (1, 0), (0, 0), (1, 0)], "put into the file");
    ids.iter().for_each(|id| seen(&office, by, *id));
    let titled =
        Paper { title: Some("Bergwerk Nord"), ..Paper::new("63-2", CLASS, "drei.txt", "Drittes Blatt") };
    office.take_in(titled);
    office.read_texts();
    assert_eq!(news(&office, by), [(0, 0), (1, 1), (0, 1), (1, 1)], "a file that was opened");
}

#[test]
fn closing_a_file_makes_nothing_new() {
    let office = TestOffice::demo();
    let by = &clerk(&office, "sach");
    let garage = Paper { title: Some("Garage"), ..Paper::new("63-1", CLASS, "alt.txt", "Garage") };
    office.take_in(garage);
    office.read_texts();
    save(&office, by, "Garagen", "Garage");
    assert_eq!(news(&office, by), [(0, 0)]);
    office.close("63-1", common::LONG_AGO);
    assert_eq!(news(&office, by), [(0, 0)]);
    common::rebuild(office.registry()).unwrap();
    assert_eq!(news(&office, by), [(0, 0)], "after a rebuild");
}

#[test]
fn a_saved_search_survives_a_rebuild_and_a_restoration() {
    let (office, room) = (TestOffice::demo(), Room::new());
    let by = &clerk(&office, "sach");
    let reader = by.as_reader().unwrap();
    office.ingest_text("63-1", CLASS, "alt.txt", "Garage");
    office.read_texts();
    let only_file = Some(office.file_id("63-1"));
    let new = NewSearch { name: "Hier", query: "Garage", only_file, order: Order::Newest, mark: None };
    office.registry().save_search(reader, &new).unwrap();
    let overall = save(&office, by, "Überall", "Garage");
    let gone = save(&office, by, "Fort", "Zaun");
    office.ingest_text("63-1", CLASS, "neu.txt", "Garage, zweites Blatt");
    office.ingest_text("63-2", CLASS, "anders.txt", "Garage, anderswo");
    office.read_texts();
    office.registry().rename_search(reader, overall, "In allen Akten").unwrap();
    office.registry().forget_search(reader, gone).unwrap();
    let before = told(&office, by);
    let entry = |name: &str, order, new| (name.to_owned(), "Garage".to_owned(), order, new);
    let expected = [entry("Hier", Order::Newest, 1), entry("In allen Akten", Order::Relevance, 2)];
    assert_eq!(before, expected);
    assert_eq!(saved(&office, by)[0].place, SavedIn::File("63-1".to_owned()));
    common::rebuild(office.registry()).unwrap();
    assert_eq!(told(&office, by), before, "after a rebuild");
    room.back_up(&office);
    let witness = room.outside(&office);
    let (restored, _) = room.restore(&office, Some(&witness)).unwrap();
    assert_eq!(told(&restored, by), before, "after a restoration");
    seen(&restored, by, overall);
    assert_eq!(news(&restored, by), [(1, 0), (0, 0)]);
}

#[test]
fn another_person_never_sees_it_nor_touches_it() {
    let office = TestOffice::demo();
    let (mine, yours) = (&clerk(&office, "sach"), &clerk(&office, "bear"));
    let id = save(&office, mine, "Meine", "Bremkamp");
    save(&office, yours, "Meine", "Lohmann");
    assert_eq!(told(&office, yours)[0].1, "Lohmann");
    for other in [yours, &office.manager.clone(), &office.archivist.clone()] {
        let (registry, reader) = (office.registry(), other.as_reader().unwrap());
        assert!(saved(&office, other).iter().all(|view| view.search.id != id));
        // The same words as for an id that nobody has.
        let nobody = SavedSearchId(uuid::Uuid::from_u128(7));
        let words = |error: Error, id: SavedSearchId| format!("{error}").replace(&id.to_string(), "…");
        let trials: [&dyn Fn(SavedSearchId) -> Error; 5] = [
            &|id| registry.saved_search(reader, &id.to_string()).unwrap_err(),
            &|id| registry.new_hits(reader, id, 0, 9).unwrap_err(),
            &|id| registry.mark_seen(reader, id, None).unwrap_err(),
            &|id| registry.rename_search(reader, id, "Jetzt meine").unwrap_err(),
            &|id| registry.forget_search(reader, id).unwrap_err(),
        ];
        for trial in trials {
            assert_eq!(words(trial(id), id), words(trial(nobody), nobody));
        }
    }
    assert_eq!(told(&office, mine), [("Meine".into(), "Bremkamp".into(), Order::Relevance, 0)]);
}

#[test]
fn hidden_documents_change_nothing() {
    let told = |with_hidden: bool| {
        let office = TestOffice::demo();
        let by = &clerk(&office, "sach");
        let queries =
            ["Garage", "Gar*", "NICHT Zaun", "\"Garage Carport\"", "az:11.20-1", "jahr:1958", "garagf~"];
        let ids: Vec<_> = queries.iter().map(|query| save(&office, by, query, query)).collect();
        let mut told = vec![news(&office, by)];
        for (step, id) in ids.iter().enumerate().take(3) {
            office.ingest_text(&format!("63-{step}"), CLASS, &format!("{step}.txt"), "Garage, 12.3.1958");
            if with_hidden {
                take_in_hidden(&office, step);
            }
            office.read_texts();
            told.push(news(&office, by));
            seen(&office, by, *id);
            told.push(news(&office, by));
            let length = office.registry().mark(by.as_reader().unwrap()).unwrap().len();
            told.push(vec![(length, 0)]);
        }
        told
    };
    assert_eq!(told(false), told(true));
}

#[test]
fn with_the_rights_the_news_change_at_once() {
    let office = TestOffice::demo();
    let by = clerk(&office, "sach");
    save(&office, &by, "Garagen", "Garage");
    take_in_hidden(&office, 1);
    office.read_texts();
    assert_eq!(news(&office, &by), [(0, 0)]);
    let set = |clearances: &[ProtectionDomain]| {
        let operator = office.registry().person(common::OPERATOR).unwrap();
        let clearances = Some(clearances.iter().copied().collect());
        let administrator = operator.as_administrator().unwrap();
        office.registry().set_rights(administrator, "sach", None, clearances).unwrap();
        office.registry().person("sach").unwrap()
    };
    assert_eq!(news(&office, &set(&ProtectionDomain::ALL)), [(1, 0)]);
    assert_eq!(news(&office, &set(&[])), [(0, 0)]);
}

#[test]
fn a_file_that_is_gone_for_this_person_is_named_no_more() {
    let office = TestOffice::demo();
    office.due_file("66-1", "Garage, zurückgenommen");
    take_in_hidden(&office, 1);
    office.read_texts();
    let (by, reference) = (&clerk(&office, "sach"), office.file_id("66-1"));
    let reader = by.as_reader().unwrap();
    let inside =
        |file| NewSearch { name: "Dort", query: "Garage", only_file: Some(file), ..NewSearch::default() };
    let hidden = office.file_id("11.20-1");
    assert!(matches!(office.registry().save_search(reader, &inside(hidden)), Err(Error::Mistake(_))));
    office.registry().save_search(reader, &inside(reference)).unwrap();
    office.destroy_what_is_due();
    let all = saved(&office, by);
    assert_eq!((&all[0].place, all[0].news.as_ref().unwrap().hits()), (&SavedIn::Gone, 0));
}

#[test]
fn what_is_saved_is_sealed_and_forgotten_is_forgotten() {
    let office = TestOffice::demo();
    let by = &clerk(&office, "sach");
    let reader = by.as_reader().unwrap();
    let places = |marker: &str| -> BTreeSet<PlaceKind> {
        let found = office.registry().look_for(&[marker.to_owned()]).unwrap();
        found.into_iter().map(|one| one.place).collect()
    };
    let id = save(&office, by, "Zwetschgenhof", "Maulbeerbrief");
    office.registry().rename_search(reader, id, "Quittenhof").unwrap();
    for marker in ["Maulbeerbrief", "Quittenhof"] {
        assert_eq!(places(marker), BTreeSet::from([PlaceKind::Ledger, PlaceKind::Catalog]), "{marker}");
    }
    office.registry().forget_search(reader, id).unwrap();
    assert!(saved(&office, by).is_empty());
    assert!(matches!(office.registry().saved_search(reader, "Quittenhof"), Err(Error::Mistake(_))));
    for marker in ["Zwetschgenhof", "Maulbeerbrief", "Quittenhof"] {
        assert_eq!(places(marker), BTreeSet::from([PlaceKind::Ledger]), "{marker}");
    }
}

#[test]
fn what_cannot_be_saved_says_why() {
    let office = TestOffice::demo();
    let by = &clerk(&office, "sach");
    let reader = by.as_reader().unwrap();
    let trial = |name: &str, query: &str| {
        let new = NewSearch { name, query, ..NewSearch::default() };
        office.registry().save_search(reader, &new)
    };
    let id = trial("Garagen", "Garage").unwrap();
    for (name, query) in
        [("", "Garage"), ("Zwei\nZeilen", "Garage"), ("GARAGEN ", "Garage"), ("Gut", "(Garage")]
    {
        assert!(matches!(trial(name, query), Err(Error::Mistake(_))), "{name:?} {query}");
    }
    office.registry().rename_search(reader, id, "garagen").unwrap();
    for n in 1..SAVED_MAX {
        trial(&format!("Suche {n}"), "Garage").unwrap();
    }
    let Err(Error::Refusal(refusal)) = trial("Eine zu viel", "Garage") else { panic!("no refusal") };
    assert!(refusal.why.contains("50"), "{refusal:?}");
}

#[test]
fn a_renamed_street_is_news_under_each_of_its_names() {
    let office = TestOffice::demo();
    let by = &clerk(&office, "sach");
    save(&office, by, "Garagen", "Garage");
    save(&office, by, "Straße", "Sedansplatz 3");
    let keeper = office.manager.as_street_keeper().unwrap();
    office.registry().set_streets(keeper, "format = 1\nSedansplatz = Markt; 1919\n".to_owned()).unwrap();
    let mut paper = Paper::new("63-1", CLASS, "neu.txt", "Garage");
    paper.fields = &[("street", "Markt"), ("house_number", "3")];
    office.take_in(paper);
    office.read_texts();
    assert_eq!(news(&office, by), [(1, 0), (1, 1)]);
}
