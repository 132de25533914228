//! What "gone" means: marker words that were in every part of a record are in no place after its destruction;
//! and the checker that says so finds them wherever they are planted.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{LONG_AGO, Paper, SECRET, TestOffice, WITHDRAWN, material};
use jiff::civil::date;

use schriftgut::domain::case_file::Fact;
use schriftgut::domain::disposal::Decision;
use schriftgut::domain::ids::{CaseFileId, DocumentId};
use schriftgut::domain::protection::ProtectionDomain;
use schriftgut::domain::query::HitKind;
use schriftgut::index::{Index, PageEntry};
use schriftgut::registry::{PlaceKind, Subject};

const REFERENCE: &str = "63-Hagebuttenzeichen";

/// Where a marker stands in the record.
const MARKERS: [&str; 11] = [
    "Mirabellenhain",    // plain text
    "Schlehenhecke",     // PDF
    "HOLUNDERBUSCH",     // scan, read by OCR
    "Quittenallee",      // title
    "Mispelweg",         // field
    "Sanddornplan",      // file name
    "Ebereschenstreit",  // reason of a hold
    "Vogelbeeranzeige",  // source of a fact
    "Kornelkirschen",    // reason of the appraisal
    "Hagebuttenzeichen", // reference number
    "Berberitzenakte",   // name of an unreadable document
];
const SCAN: usize = 2;

fn markers() -> Vec<String> {
    MARKERS.map(str::to_owned).to_vec()
}

fn found(office: &TestOffice, markers: &[String]) -> BTreeMap<usize, BTreeSet<PlaceKind>> {
    let mut places: BTreeMap<usize, BTreeSet<PlaceKind>> = BTreeMap::new();
    for found in office.registry().look_for(markers).unwrap() {
        places.entry(found.marker).or_default().insert(found.place);
    }
    places
}

fn kinds_of(office: &TestOffice, marker: &str) -> BTreeSet<PlaceKind> {
    found(office, &[marker.to_owned()]).remove(&0).unwrap_or_default()
}

fn set<const N: usize>(kinds: [PlaceKind; N]) -> BTreeSet<PlaceKind> {
    kinds.into_iter().collect()
}

/// Tesseract and a font to draw with; in CI they must be there.
fn can_recognise() -> bool {
    let there = material::scan(&["x"]).is_some()
        && std::process::Command::new("tesseract").arg("--version").output().is_ok();
    assert!(there || std::env::var_os("CI").is_none(), "tesseract and a font are missing in CI");
    if !there {
        eprintln!("skipping the recognised scan: tesseract or a font is missing on this machine");
    }
    there
}

/// A record with a marker in every part.
fn marked_record(office: &TestOffice) -> Vec<DocumentId> {
    let fact = Fact {
        kind: "contract_ended".parse().unwrap(),
        on: date(2010, 1, 1),
        source: "Vogelbeeranzeige vom Neujahrstag".to_owned(),
    };
    let mut papers = vec![
        ("antrag.txt", b"Im Mirabellenhain soll gebaut werden.".to_vec()),
        ("Sanddornplan.pdf", material::pdf("Die Schlehenhecke bleibt stehen")),
        ("Berberitzenakte.bin", vec![0, 159, 146, 150, 255, 0, 1, 2, 3]),
    ];
    if can_recognise() {
        papers.push(("scan.png", material::scan(&["Am alten", "HOLUNDERBUSCH", "wird gebaut"]).unwrap()));
    }
    let papers = papers.into_iter().map(|(name, bytes)| Paper {
        title: Some("Neubau in der Quittenallee"),
        fields: &[("street", "Mispelweg 4")],
        facts: vec![fact.clone()],
        ..Paper::new(REFERENCE, WITHDRAWN, name, bytes)
    });
    let ids = office.take_in_all(papers.collect());
    office.read_texts();
    let hold = office.hold(REFERENCE, "Ebereschenstreit vor dem Verwaltungsgericht");
    let manager = office.manager.as_records_manager().unwrap();
    office.registry().release_hold(manager, hold, &[]).unwrap();
    office.close(REFERENCE, LONG_AGO);
    ids
}

fn destroy_marked(office: &TestOffice) -> (schriftgut::domain::ids::DisposalListId, CaseFileId) {
    let list = office.offered_list();
    let file = office.file_id(REFERENCE);
    let archivist = office.archivist.as_archivist().unwrap();
    for line in office.files_on(list) {
        office
            .registry()
            .appraise(archivist, list, line, Decision::Destroy, "Kornelkirschen ohne Wert")
            .unwrap();
    }
    office.sign_all(list, office.today());
    assert_eq!(found(office, &markers())[&8], set([PlaceKind::Ledger, PlaceKind::Catalog]), "appraisal note");
    office.execute(list).unwrap();
    (list, file)
}

#[test]
fn after_destruction_no_place_holds_any_word_of_the_record() {
    use PlaceKind::{Catalog, Index, Ledger, Vault};
    let mut office = TestOffice::demo();
    office.due_file("Nachbar", "Daneben steht ein Apfelbaum.");
    let neighbour = office.ingest_text("Bleibt", WITHDRAWN, "bleibt.txt", "Dahinter steht ein Birnbaum.");
    marked_record(&office);
    let reader = office.manager.as_reader().unwrap();
    office.registry().search(reader, "Quittenallee", 0, 10).unwrap();
    let before = found(&office, &markers());
    // Each is found where it lies; where the engines also show it raw on the disk, that is seen too.
    let lies = |marker: usize| -> BTreeSet<_> {
        let mut places = before.get(&marker).cloned().unwrap_or_default();
        places.remove(&PlaceKind::Files);
        places
    };
    assert_eq!(lies(0), set([Vault, Index]), "text");
    assert_eq!(lies(1), set([Vault, Index]), "PDF");
    if before.contains_key(&SCAN) || can_recognise() {
        assert_eq!(lies(SCAN), set([Vault, Index]), "recognised scan");
    }
    for marker in [3, 4, 5, 9, 10] {
        assert_eq!(lies(marker), set([Ledger, Catalog, Index]), "{}", MARKERS[marker]);
    }
    for marker in [6, 7] {
        assert_eq!(lies(marker), set([Ledger, Catalog]), "{}", MARKERS[marker]);
    }
    destroy_marked(&office);
    assert_eq!(found(&office, &markers()), BTreeMap::new());
    office.open_doors();
    assert_eq!(found(&office, &markers()), BTreeMap::new(), "after another opening");
    common::rebuild(office.registry()).unwrap();
    assert_eq!(found(&office, &markers()), BTreeMap::new(), "after a rebuild");
    // The checker still sees: what stays is still found.
    assert!(!kinds_of(&office, "Birnbaum").is_empty());
    assert_eq!(office.get(neighbour).unwrap(), b"Dahinter steht ein Birnbaum.");
}

#[test]
fn nothing_the_office_answers_gives_a_destroyed_record_away() {
    let office = TestOffice::demo();
    let documents = marked_record(&office);
    let (list, file) = destroy_marked(&office);
    let registry = office.registry();
    let reader = office.manager.as_reader().unwrap();
    let auditor = office.manager.as_auditor().unwrap();
    let clerk = office.manager.as_clerk().unwrap();
    let today = office.today();
    for marker in MARKERS {
        let page = registry.search(reader, marker, 0, 10).unwrap();
        assert_eq!((page.total, page.files_total, page.hits.len()), (0, 0, 0), "{marker}");
    }
    let mut answers = vec![
        format!("{:?}", registry.show_file_by_id(reader, file, today).unwrap_err()),
        format!("{:?}", registry.show_list(auditor, list).unwrap()),
        format!("{:?}", registry.lists(auditor).unwrap()),
        registry.prove(auditor, &Subject::File(file)).unwrap().write(),
        registry.prove(auditor, &Subject::List(list)).unwrap().write(),
        format!("{:?}", common::verify(registry).unwrap()),
        office.certificate(list),
        std::fs::read_to_string(registry.layout().certificates().join(format!("{list}.html"))).unwrap(),
    ];
    for id in &documents {
        answers.push(format!("{:?}", registry.show_document(reader, *id).unwrap_err()));
        answers.push(format!("{:?}", registry.marks(reader, *id, 1, "baum").unwrap_err()));
        answers.push(format!("{:?}", registry.page_image(reader, *id, 1, 100).unwrap_err()));
        answers.push(format!("{:?}", office.get(*id).unwrap_err()));
    }
    for answer in &answers {
        for marker in MARKERS {
            assert!(!answer.to_lowercase().contains(&marker.to_lowercase()), "{marker} in: {answer}");
        }
    }
    // Asked by its number it is answered exactly as a file that never was.
    let never = "63-Niegewesen";
    let words = |error: schriftgut::registry::Error, name: &str| format!("{error}").replace(name, "…");
    let ask = |name: &str| {
        [
            words(registry.show_file(reader, name, today).unwrap_err(), name),
            words(registry.close(clerk, name, today).unwrap_err(), name),
            words(registry.reopen(clerk, name, today).unwrap_err(), name),
        ]
    };
    assert_eq!(ask(REFERENCE), ask(never));
}

#[test]
fn a_marker_planted_in_a_place_is_found_in_exactly_that_place() {
    let mut office = TestOffice::demo();
    office.ingest_text("Anders", WITHDRAWN, "anders.txt", "Nichts davon.");
    let root = office.root().to_owned();
    let layout = office.registry().layout().clone();
    let planted = |name: &str| kinds_of(&office, name);
    for folder in ["certificates", "vault", "ledger", "keyring", "views", "head", "archive/volumes"] {
        let place = root.join(folder);
        std::fs::create_dir_all(&place).unwrap();
        let stray = place.join("rest.tmp");
        std::fs::write(&stray, b"... Walnussbaum ...").unwrap();
        assert_eq!(planted("Walnussbaum"), set([PlaceKind::Files]), "{folder}");
        std::fs::remove_file(&stray).unwrap();
        let named = place.join("haselnussbaum.tmp");
        std::fs::write(&named, b"").unwrap();
        assert_eq!(planted("Haselnussbaum"), set([PlaceKind::Files]), "{folder}");
        std::fs::remove_file(&named).unwrap();
    }
    // Across the seam of two chunks of a large file.
    let mut large = vec![b' '; (1 << 20) - 5];
    large.extend_from_slice(b"Walnussbaum");
    std::fs::write(root.join("vault/rest.tmp"), &large).unwrap();
    assert_eq!(planted("Walnussbaum"), set([PlaceKind::Files]));
    std::fs::remove_file(root.join("vault/rest.tmp")).unwrap();
    assert_eq!(planted("Walnussbaum"), set([]));

    // An entry of another record, and with it that record's row.
    office.fact("Anders", "contract_ended", office.today(), "steht im Maulbeerbrief");
    assert_eq!(planted("Maulbeerbrief"), set([PlaceKind::Ledger, PlaceKind::Catalog]));
    // Content nobody has read yet is in the vault alone; read, it is in the index, too.
    office.ingest_text("Anders", WITHDRAWN, "mehr.txt", "Ein Speierling steht dort.");
    assert_eq!(planted("Speierling"), set([PlaceKind::Vault]));
    office.read_texts();
    let mut places = planted("Speierling");
    places.remove(&PlaceKind::Files);
    assert_eq!(places, set([PlaceKind::Vault, PlaceKind::Index]));
    // A page in an index that no record stands behind; deleted entries count, too.
    office.close_doors();
    {
        let index = Index::open(&layout.index(1, ProtectionDomain::General)).unwrap();
        let document = DocumentId(uuid::Uuid::from_u128(0x99));
        let page = |document, text| PageEntry {
            record_type: None,
            register: None,
            document,
            file: None,
            class: None,
            street: "",
            phase: None,
            kind: HitKind::Other,
            file_name: "x",
            page: 1,
            text,
            letter_years: &[],
            position: 0,
        };
        index.put_page(&page(document, "Elsbeerenhang")).unwrap();
        // So many stay that the engine has no reason to merge the deleted one away in passing.
        for number in 1..20 {
            let beside = DocumentId(uuid::Uuid::from_u128(number));
            index.put_page(&page(beside, "Kastanie")).unwrap();
        }
        index.commit(index.followed()).unwrap();
        index.remove_document(document).unwrap();
        index.commit(index.followed()).unwrap();
        let db = sled::open(common::newest_catalogue(&layout.views())).unwrap();
        db.insert(b"x", b"Felsenbirnengarten".as_slice()).unwrap();
        db.flush().unwrap();
    }
    office.open_doors();
    let without_files = |name: &str| {
        let mut places = kinds_of(&office, name);
        places.remove(&PlaceKind::Files);
        places
    };
    assert_eq!(without_files("Elsbeerenhang"), set([PlaceKind::Index]));
    assert_eq!(without_files("Felsenbirnengarten"), set([PlaceKind::Catalog]));
    common::rebuild(office.registry()).unwrap();
    assert_eq!(kinds_of(&office, "Elsbeerenhang"), set([]));
    assert_eq!(kinds_of(&office, "Felsenbirnengarten"), set([]));
}

#[test]
fn a_word_in_an_archive_copy_is_found_in_the_archive_alone_once_the_original_is_gone() {
    let office = TestOffice::demo();
    office.due_file("Kopie", "Ein Maronenwald im Stadtgebiet.");
    let list = office.offered_list();
    let archivist = office.archivist.as_archivist().unwrap();
    for file in office.files_on(list) {
        office.registry().appraise(archivist, list, file, Decision::Archive, "").unwrap();
    }
    let bag = office.root().with_extension("abgabe");
    office.registry().transfer(archivist, list, &bag, office.today()).unwrap();
    let places = kinds_of(&office, "Maronenwald");
    assert!(places.contains(&PlaceKind::Archive) && places.contains(&PlaceKind::Vault), "{places:?}");
    assert!(!places.contains(&PlaceKind::Files), "an archive copy is sealed: {places:?}");
}

#[test]
fn secrets_and_people_are_nowhere_in_the_clear() {
    let office = TestOffice::demo();
    let found = office.registry().look_for(&[SECRET.to_owned(), "Personvoss".to_owned()]).unwrap();
    let secrets: Vec<_> = found.iter().filter(|found| found.marker == 0).collect();
    assert!(secrets.is_empty(), "{secrets:?}");
    let names: BTreeSet<_> = found.iter().map(|found| found.place).collect();
    assert_eq!(names, set([PlaceKind::Ledger, PlaceKind::Catalog]), "{found:?}");
}
