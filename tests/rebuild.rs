//! What views promise: they can be thrown away at any time, are made again from the truth, and answer the same.

#[path = "rebuild/beside.rs"]
mod beside;
mod common;
#[path = "rebuild/histories.rs"]
mod histories;
mod machine;

use std::path::{Path, PathBuf};

use common::answers::{Answers, Asked, assert_same, without_scores};
use common::{BUILDING, LONG_AGO, Paper, TestOffice, WITHDRAWN, copy_folder, files_below};
use jiff::civil::date;
use tempfile::TempDir;

use schriftgut::domain::disposal::Decision;
use schriftgut::domain::protection::ProtectionDomain;
use schriftgut::registry::Search;

const SUBJECTS: [&str; 10] = [
    "Garage",
    "Carport",
    "Wintergarten",
    "Dachgaube",
    "Zaunanlage",
    "Scheune",
    "Brandschutz",
    "Statik",
    "Nachbar",
    "Kanalanschluss",
];
const STREETS: [&str; 5] = ["Mühlenweg", "Am Deich", "Kirchgasse", "Lindenallee", "Hafenstraße"];

/// Fifty queries: words, phrases, beginnings, combinations, fields.
fn queries() -> Vec<String> {
    let mut queries = Vec::new();
    for subject in SUBJECTS {
        queries.push(subject.to_owned());
        queries.push(format!("{subject} Mühlenweg"));
        queries.push(format!("\"Antrag auf {subject}\""));
        queries.push(format!("{}*", &subject[..4]));
    }
    for (street, subject) in STREETS.iter().zip(SUBJECTS) {
        queries.push(format!("{subject} ODER \"{street}\""));
        queries.push(format!("titel:{}", street.split(' ').next_back().unwrap()));
    }
    queries
}

/// An office with everything in it: files of several secrecies, an in-tray, a hold, a hand-over, a destruction.
fn lived_in() -> TestOffice {
    let office = TestOffice::demo();
    let mut papers = Vec::new();
    let texts: Vec<_> = (0..60)
        .map(|n| format!("Antrag auf {} im {}. Blatt {n}.", SUBJECTS[n % 10], STREETS[n % 5]))
        .collect();
    let names: Vec<_> = (0..60).map(|n| (format!("A-{:02}", n / 3), format!("blatt-{n}.txt"))).collect();
    for (n, (text, (reference, name))) in texts.iter().zip(&names).enumerate() {
        let file = n / 3;
        let (class, domain) = match file % 4 {
            0 => (BUILDING, ProtectionDomain::General),
            3 => ("22.10.01", ProtectionDomain::Tax),
            _ => (WITHDRAWN, ProtectionDomain::General),
        };
        let title = Some(STREETS[file % 5]);
        papers.push(Paper { title, domain, ..Paper::new(reference, class, name, text.as_bytes()) });
    }
    papers.push(Paper { reference: None, ..Paper::new("", WITHDRAWN, "post.txt", "Garage, Posteingang") });
    office.take_in_all(papers);
    office.read_texts();
    for file in (0..20).filter(|file| file % 4 != 3 && *file < 14) {
        office.close(&format!("A-{file:02}"), LONG_AGO);
    }
    for file in [0, 4] {
        office.fact(&format!("A-{file:02}"), "building_demolished", date(2015, 5, 5), "Abbruchanzeige");
    }
    office.hold("A-01", "Verfahren 4 K 112/24");
    // One is handed over, the others that are due are destroyed.
    let list = office.offered_list();
    let kept = office.file_id("A-00");
    let archivist = office.archivist.as_archivist().unwrap();
    for file in office.files_on(list) {
        let decision = if file == kept { Decision::Archive } else { Decision::Destroy };
        office.registry().appraise(archivist, list, file, decision, "Entscheidung").unwrap();
    }
    let bag = office.root().with_extension("abgabe");
    office.registry().transfer(archivist, list, &bag, office.today()).unwrap();
    office.sign_all(list, office.today());
    assert!(office.execute(list).unwrap().files > 5);
    // Life goes on: a draft list, something unread.
    office.due_file("B-01", "Antrag auf Garage, neu");
    let manager = office.manager.as_records_manager().unwrap();
    office.registry().create_list(manager, None, office.today()).unwrap();
    office
}

fn answers(office: &TestOffice) -> Answers {
    common::answers::answers(office.registry(), &Asked { queries: &queries(), ..Asked::default() })
}

#[test]
fn views_thrown_away_and_built_again_answer_the_same() {
    let mut office = lived_in();
    let before = answers(&office);
    assert!(before.len() > 75, "{}", before.len());
    let found =
        before.iter().filter(|(key, text)| key.starts_with("search") && !text.starts_with("0 0")).count();
    assert!(found > 40, "only {found} of the queries find anything");
    let failed = before.iter().find(|(_, answer)| answer.starts_with("Err"));
    assert!(failed.is_none(), "{failed:?}");
    common::rebuild(office.registry()).unwrap();
    // What followed has put pages in anew when their file was closed, and counted them twice in the scores.
    let (followed, before) = (before, answers(&office));
    assert_same(&without_scores(&followed), &without_scores(&before), "after rebuild");
    common::rebuild(office.registry()).unwrap();
    assert_same(&before, &answers(&office), "after a second rebuild");
    office.close_doors();
    std::fs::remove_dir_all(office.root().join("views")).unwrap();
    office.open_doors();
    assert_same(&before, &answers(&office), "after the views were deleted");
    office.open_doors();
    assert_same(&before, &answers(&office), "after another opening");
}

#[test]
fn views_left_over_from_a_later_day_are_not_believed() {
    let mut office = TestOffice::demo();
    office.ingest_text("A-1", WITHDRAWN, "a.txt", "Garage");
    office.registry().search(office.manager.as_reader().unwrap(), "Garage", 0, 10).unwrap();
    office.close_doors();
    let backup = TempDir::new().unwrap();
    copy_folder(office.root(), &backup.path().join("amt"));
    office.open_doors();
    let before = answers(&office);
    office.ingest_text("A-2", WITHDRAWN, "b.txt", "Garage");
    office.registry().search(office.manager.as_reader().unwrap(), "Garage", 0, 10).unwrap();
    office.close_doors();
    // The truth is restored from the backup, the views (which no backup holds) are those of today.
    copy_folder(&office.root().join("views"), &backup.path().join("later"));
    std::fs::remove_dir_all(backup.path().join("amt/views")).unwrap();
    std::fs::rename(backup.path().join("later"), backup.path().join("amt/views")).unwrap();
    let restored = TestOffice::copy_of(&backup.path().join("amt"));
    assert_same(&before, &answers(&restored), "after a restore");
}

/// Matches by the phase of their file, those that `phase:` finds among them, and the years of the files.
fn by_phase(office: &TestOffice) -> String {
    let reader = office.manager.as_reader().unwrap();
    let search = |query: &str| {
        let search = Search { query, limit: 50, with_facets: true, ..Search::default() };
        office.registry().search_for(reader, &search).unwrap()
    };
    let facets = search("Garage ODER klasse:63").facets.unwrap();
    let of = |phase: &str| {
        let query = format!("Garage phase:{phase}");
        let found = search(&query);
        let mut names: Vec<_> =
            found.hits.iter().filter_map(|hit| Some(hit.document.as_ref()?.file_name.clone())).collect();
        names.sort();
        names
    };
    let (open, closed) = (of("laufend"), of("geschlossen"));
    format!("{:?} {open:?} {closed:?} {:?} {:?}", facets.phases, facets.years, facets.kinds)
}

#[test]
fn pages_go_with_their_file_from_phase_to_phase() {
    let office = TestOffice::demo();
    office.ingest_text("A-1", WITHDRAWN, "a.txt", "Garage, Seite eins\u{c}Garage, Seite zwei");
    office.ingest_text("A-2", WITHDRAWN, "b.txt", "Garage");
    office.read_texts();
    let phases = |open: &[&str], closed: &[&str], when: &str| {
        let followed = by_phase(&office);
        assert!(followed.contains(&format!("{open:?} {closed:?}")), "{when}: {followed}");
        // A document that comes in the same breath as the phase is put in once, in the new one.
        common::rebuild(office.registry()).unwrap();
        assert_eq!(by_phase(&office), followed, "rebuilt {when}");
    };
    phases(&["a.txt", "a.txt", "b.txt"], &[], "at first");
    office.close("A-1", LONG_AGO);
    phases(&["b.txt"], &["a.txt", "a.txt"], "after closing");
    let clerk = office.manager.as_clerk().unwrap();
    office.registry().reopen(clerk, "A-1", office.today()).unwrap();
    phases(&["a.txt", "a.txt", "b.txt"], &[], "after reopening");
    office.ingest_text("A-1", WITHDRAWN, "c.txt", "Garage");
    office.read_texts();
    office.close("A-1", LONG_AGO);
    phases(&["b.txt"], &["a.txt", "a.txt", "c.txt"], "after filing and closing at once");
}

/// Puts other views into an office, which must say so when it is opened, and answer as before.
fn assert_not_believed(office: &Path, inflict: impl Fn(&Path), said: &[&str], what: &str) {
    let dir = TempDir::new().unwrap();
    let place = dir.path().join("amt");
    copy_folder(office, &place);
    let before = answers(&TestOffice::copy_of(&place));
    inflict(&place.join("views"));
    let opened = TestOffice::copy_of(&place);
    let remarks = opened.registry().remarks().join("\n");
    for words in said {
        assert!(remarks.contains(words), "{what}: {remarks:?} does not say `{words}`");
    }
    assert_same(&before, &answers(&opened), what);
    assert!(opened.registry().remarks().is_empty(), "{what}: said twice");
}

/// An office with so many files, searched once, its doors closed.
fn searched(office: &mut TestOffice, files: std::ops::Range<usize>) {
    for n in files {
        office.ingest_text(
            &format!("A-{n}"),
            WITHDRAWN,
            "a.txt",
            &format!("{} im Mühlenweg", SUBJECTS[n % 10]),
        );
    }
    office.read_texts();
    office.registry().search(office.manager.as_reader().unwrap(), "Mühlenweg", 0, 10).unwrap();
    office.close_doors();
}

fn put(views: &Path, others: &Path) {
    std::fs::remove_dir_all(views).unwrap();
    copy_folder(others, views);
}

#[test]
fn views_of_another_registry_are_not_believed_however_far_they_followed() {
    let mut office = TestOffice::demo();
    searched(&mut office, 0..3);
    for files in [1, 3, 6] {
        let mut other = TestOffice::with_grace();
        searched(&mut other, 0..files);
        let inflict = |views: &Path| put(views, &other.root().join("views"));
        let said =
            ["Der Katalog gehörte zu einem anderen Stand", "Ein Suchindex gehörte zu einem anderen Stand"];
        assert_not_believed(office.root(), inflict, &said, &format!("views of another with {files} files"));
    }
}

#[test]
fn views_of_a_history_that_was_put_back_are_not_believed_even_when_the_new_one_has_grown_past_them() {
    let mut office = TestOffice::demo();
    searched(&mut office, 0..2);
    let backup = TempDir::new().unwrap();
    copy_folder(office.root(), &backup.path().join("amt"));
    office.open_doors();
    searched(&mut office, 2..4);
    // Restored, and taken another way, further than the first.
    let mut restored = TestOffice::copy_of(&backup.path().join("amt"));
    searched(&mut restored, 4..9);
    let inflict = |views: &Path| put(views, &office.root().join("views"));
    let said = ["Der Katalog gehörte", "Ein Suchindex gehörte"];
    assert_not_believed(restored.root(), inflict, &said, "views of the first way");
}

#[test]
fn views_that_are_missing_or_of_a_newer_version_are_made_anew_and_that_is_said() {
    let mut office = TestOffice::demo();
    searched(&mut office, 0..2);
    let gone = |views: &Path| std::fs::remove_dir_all(views).unwrap();
    assert_not_believed(office.root(), gone, &["Der Katalog fehlte", "Ein Suchindex fehlte"], "no views");
    let newer_catalogue = |views: &Path| {
        let db = sled::open(common::newest_catalogue(views)).unwrap();
        assert!(
            db.insert(b"!layout", b"schriftgut catalogue 999").unwrap().is_some(),
            "the key is another now"
        );
        db.flush().unwrap();
    };
    let said = ["Der Katalog war beschädigt oder von einer anderen Programmfassung"];
    assert_not_believed(office.root(), newer_catalogue, &said, "a newer catalogue");
    let newer_index = |views: &Path| {
        for meta in files_below(views).iter().filter(|path| path.ends_with("meta.json")) {
            let text = std::fs::read_to_string(meta).unwrap();
            assert!(text.contains("; schema "), "{text}");
            std::fs::write(meta, text.replace("; schema ", "; schema 9")).unwrap();
        }
    };
    let said = ["Ein Suchindex war beschädigt oder von einer anderen Programmfassung"];
    assert_not_believed(office.root(), newer_index, &said, "a newer index");
}

/// How many places of each file of an index are tried.
const PLACES: usize = 6;

#[test]
fn a_bit_turned_in_an_index_or_in_the_catalogue_is_never_a_wrong_answer() {
    let mut office = TestOffice::demo();
    searched(&mut office, 0..6);
    let before = answers(&TestOffice::copy_of(office.root()));
    let mut said = 0;
    for path in files_below(&office.root().join("views")) {
        let relative = path.strip_prefix(office.root()).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        let used = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        let elsewhere =
            ["tax", "social", "personnel"].iter().any(|name| relative.to_str().unwrap().contains(name));
        for place in (0..PLACES.min(used)).filter(|_| !elsewhere) {
            let (dir, mut turned) = (TempDir::new().unwrap(), bytes.clone());
            let copy = dir.path().join("amt");
            copy_folder(office.root(), &copy);
            let at = used * (2 * place + 1) / (2 * PLACES);
            turned[at.min(used - 1)] ^= 4;
            std::fs::write(copy.join(relative), turned).unwrap();
            let opened = TestOffice::copy_of(&copy);
            assert_same(&before, &answers(&opened), &format!("{}, byte {at} of {used}", relative.display()));
            said += usize::from(!opened.registry().remarks().is_empty());
        }
    }
    assert!(said > 20, "only {said} were noticed");
}

/// Files that are made from the truth at will.
fn derived(root: &Path) -> Vec<PathBuf> {
    let ledger = ["ledger/hashes.derived", "ledger/offsets.derived"].map(PathBuf::from);
    let relative = |path: PathBuf| path.strip_prefix(root).unwrap().to_owned();
    files_below(&root.join("views")).into_iter().map(relative).chain(ledger).collect()
}

type Damage = (&'static str, fn(&Path));

const DAMAGES: [Damage; 5] = [
    ("deleted", |path| std::fs::remove_file(path).unwrap()),
    ("emptied", |path| std::fs::write(path, b"").unwrap()),
    ("cut in half", |path| {
        let bytes = std::fs::read(path).unwrap();
        std::fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
    }),
    ("overwritten", |path| {
        let bytes = std::fs::read(path).unwrap();
        std::fs::write(path, vec![0x5a; bytes.len()]).unwrap();
    }),
    ("rotten in every thousandth byte", |path| {
        let mut bytes = std::fs::read(path).unwrap();
        bytes.iter_mut().skip(100).step_by(1_000).for_each(|byte| *byte ^= 4);
        std::fs::write(path, bytes).unwrap();
    }),
];

#[test]
fn a_derived_file_that_is_gone_or_damaged_heals_at_the_next_opening() {
    let mut office = TestOffice::demo();
    for (n, subject) in SUBJECTS.iter().enumerate().take(3) {
        office.ingest_text(&format!("A-{n}"), WITHDRAWN, "a.txt", &format!("{subject} im Mühlenweg"));
    }
    office.due_file("B-1", "Zaunanlage");
    office.read_texts();
    let before = answers(&office);
    office.close_doors();
    let mut tried = 0;
    for path in derived(office.root()) {
        for (damage, inflict) in DAMAGES {
            let dir = TempDir::new().unwrap();
            let place = dir.path().join("amt");
            copy_folder(office.root(), &place);
            inflict(&place.join(&path));
            let what = format!("{} {damage}", path.display());
            let healed = std::panic::catch_unwind(|| {
                let office = TestOffice::copy_of(&place);
                let after = answers(&office);
                (office, after)
            });
            let Ok((_office, after)) = healed else { panic!("{what}: does not open") };
            assert_same(&before, &after, &what);
            tried += 1;
        }
    }
    assert!(tried > 60, "{tried}");
}
