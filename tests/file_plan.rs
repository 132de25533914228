//! What the file plan promises: an edition once in force says for ever what it said, no class goes, files keep what they were
//! opened with; and reference numbers are given in order and never twice, also when files are gone.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{BUILDING, Paper, TestOffice, WITHDRAWN};
use jiff::civil::date;

use schriftgut::domain::actor::{Actor, Role};
use schriftgut::domain::case_file::CaseFile;
use schriftgut::domain::protection::ProtectionDomain;
use schriftgut::format::file_plan;
use schriftgut::registry::{Answer, Error, NewFile, NewPerson, Outcome, Words};

fn new_file(class: &str) -> NewFile {
    NewFile {
        class: class.parse().unwrap(),
        title: "Antrag".to_owned(),
        reference: None,
        record_type: None,
        fields: BTreeMap::new(),
        opened: None,
        case: None,
    }
}

fn by_hand(class: &str, reference: &str) -> NewFile {
    NewFile { reference: Some(reference.parse().unwrap()), ..new_file(class) }
}

fn open_as(office: &TestOffice, actor: &Actor, new: &NewFile) -> Answer<CaseFile> {
    office.registry().open_file(actor.as_clerk()?, new)
}

fn open(office: &TestOffice, new: &NewFile) -> Answer<CaseFile> {
    open_as(office, &office.manager, new)
}

/// The number a new file of this class gets.
fn number(office: &TestOffice, class: &str) -> String {
    open(office, &new_file(class)).unwrap().reference.to_string()
}

#[track_caller]
fn mistake<T: std::fmt::Debug>(answer: Answer<T>) -> Words {
    match answer {
        Err(Error::Mistake(words)) => words,
        other => panic!("{other:?}"),
    }
}

/// The model plan as another edition, changed.
fn edition(name: &str, changes: &[(&str, &str)]) -> String {
    let mut text = file_plan::MODEL.replacen("kommunal 2026-1", name, 1);
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    text
}

fn enact(office: &TestOffice, text: String) -> Answer<schriftgut::registry::PlanPreview> {
    office.registry().enact_plan(office.manager.as_records_manager()?, "plan.toml", text)
}

/// Everything that was closed goes, on a day far ahead.
fn destroy_what_was_closed(office: &TestOffice) -> usize {
    let (registry, manager) = (office.registry(), office.manager.as_records_manager().unwrap());
    let on = date(office.today().year() + 12, 1, 2);
    let list = registry.create_list(manager, None, on).unwrap();
    registry.offer_list(manager, list, on).unwrap();
    office.appraise_all(list);
    office.sign_all(list, on);
    office.execute_on(list, on).unwrap().files
}

#[test]
fn numbers_are_given_in_order_and_never_again_after_their_files_were_destroyed() {
    let mut office = TestOffice::demo();
    let year = office.today().year();
    let name = |n: usize| format!("{WITHDRAWN}-{year}/{n:04}");
    let given: Vec<_> = (0..3).map(|_| number(&office, WITHDRAWN)).collect();
    assert_eq!(given, [name(1), name(2), name(3)]);
    assert_eq!(number(&office, BUILDING), format!("{BUILDING}-{year}/0001"), "each class counts for itself");
    // By hand, in another spelling, and far ahead: the next one passes over it, and does not go on from there.
    open(&office, &by_hand(WITHDRAWN, &format!("63 10 03 / {year} 0004"))).unwrap();
    open(&office, &by_hand(WITHDRAWN, &name(9_000))).unwrap();
    assert_eq!(number(&office, WITHDRAWN), name(5));
    let earlier = NewFile { opened: Some(date(1999, 5, 1)), ..new_file(WITHDRAWN) };
    assert_eq!(open(&office, &earlier).unwrap().reference.as_str(), format!("{WITHDRAWN}-1999/0001"));
    for n in [2, 3, 4, 5, 9_000] {
        office.close(&name(n), office.today());
    }
    assert_eq!(destroy_what_was_closed(&office), 5);
    assert!(office.is_gone(&name(5)));
    common::rebuild(office.registry()).unwrap();
    assert_eq!(number(&office, WITHDRAWN), name(6), "the last one is gone, and so is its number");
    office.close_doors();
    std::fs::remove_dir_all(office.root().join("views")).unwrap();
    office.open_doors();
    assert_eq!(number(&office, WITHDRAWN), name(7));
    for n in [1, 2, 4, 5, 9_000] {
        let words = mistake(open(&office, &by_hand(WITHDRAWN, &name(n))));
        assert!(words.why.contains("ist oder war schon vergeben"), "{n}: {words:?}");
    }
    let source = Paper::new(&name(3), WITHDRAWN, "a.txt", "neu").source();
    let mut answers = Vec::new();
    let clerk = office.manager.as_clerk().unwrap();
    office
        .registry()
        .ingest(clerk, std::iter::once(source), &mut |taken| answers.push(taken.outcome))
        .unwrap();
    assert!(
        matches!(answers.as_slice(), [Outcome::Refused(words)] if words.why.contains("schon vergeben")),
        "{answers:?}"
    );
    open(&office, &by_hand(WITHDRAWN, &format!("{WITHDRAWN}-{year}/2"))).unwrap();
}

#[test]
fn a_number_chosen_by_hand_is_not_given_again_whatever_class_of_the_plan_would_write_it() {
    let office = TestOffice::demo();
    let old = format!("{BUILDING}-1999/0001");
    open(&office, &by_hand(WITHDRAWN, &old)).unwrap();
    open(&office, &by_hand(WITHDRAWN, "Müller gegen Stadt")).unwrap();
    office.close(&old, office.today());
    office.close("Müller gegen Stadt", office.today());
    assert_eq!(destroy_what_was_closed(&office), 2);
    assert!(mistake(open(&office, &by_hand(BUILDING, &old))).why.contains("schon vergeben"));
    // What no pattern writes may say something of the file, and is gone with it.
    open(&office, &by_hand(WITHDRAWN, "Müller gegen Stadt")).unwrap();
}

#[test]
fn people_who_open_files_at_the_same_time_get_different_numbers() {
    let office = TestOffice::demo();
    let numbers: BTreeSet<String> = std::thread::scope(|scope| {
        let hands: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| (0..10).map(|_| number(&office, WITHDRAWN)).collect::<Vec<_>>()))
            .collect();
        hands.into_iter().flat_map(|hand| hand.join().unwrap()).collect()
    });
    let year = office.today().year();
    let expected: BTreeSet<_> = (1..=40).map(|n| format!("{WITHDRAWN}-{year}/{n:04}")).collect();
    assert_eq!(numbers, expected);
}

#[test]
fn a_file_without_a_document_is_a_file_like_any_other() {
    let office = TestOffice::demo();
    let new = NewFile {
        title: " Garage am Wall ".to_owned(),
        fields: BTreeMap::from([("built_year".to_owned(), "1961".to_owned())]),
        case: Some("Bauantrag".to_owned()),
        ..new_file(BUILDING)
    };
    let opened = open(&office, &new).unwrap();
    let reader = office.manager.as_reader().unwrap();
    let shown = office.registry().show_file(reader, opened.reference.as_str(), office.today()).unwrap();
    assert_eq!(shown.file, opened);
    assert_eq!(
        (shown.file.title.as_str(), shown.file.cases[0].title.as_str()),
        ("Garage am Wall", "Bauantrag")
    );
    assert_eq!(shown.file.domain, ProtectionDomain::General);
    assert_eq!(office.registry().search(reader, "Garage", 0, 10).unwrap().hits.len(), 1);
    office.ingest_text(opened.reference.as_str(), BUILDING, "antrag.txt", "Ein Antrag");
    let social = open(&office, &new_file("50.10.01")).unwrap();
    assert_eq!((social.domain, social.reference.as_str()), (ProtectionDomain::Social, "50.10.01-00001"));
    let wrong = NewFile { fields: BTreeMap::from([("built_year".to_owned(), "neu".to_owned())]), ..new };
    assert!(mistake(open(&office, &wrong)).why.contains("„neu“ passt nicht"));
    assert!(number(&office, BUILDING).ends_with("/0002"), "what was refused took no number");
}

#[test]
fn what_keeps_a_file_from_being_opened_is_told_with_the_way_out() {
    let office = TestOffice::demo();
    enact(&office, edition("zu", &[("title = \"Fundsachen\"", "title = \"Fundsachen\", closed = true")]))
        .unwrap();
    for (new, told) in [
        (new_file("11.20.01"), "hat kein Muster für Aktenzeichen"),
        (new_file("99"), "steht nicht im Aktenplan"),
        (new_file("63.10"), "weiter untergliedert"),
        (new_file("32.30.01"), "ist geschlossen"),
        (NewFile { title: " ".to_owned(), ..new_file(BUILDING) }, "Betreff ist leer"),
        (NewFile { title: "x".repeat(4_001), ..new_file(BUILDING) }, "Betreff ist zu lang"),
        (NewFile { case: Some(String::new()), ..new_file(BUILDING) }, "Vorgangs ist leer"),
        (NewFile { opened: Some(date(2999, 1, 1)), ..new_file(BUILDING) }, "liegt in der Zukunft"),
        (NewFile { record_type: Some("raum".to_owned()), ..new_file(BUILDING) }, "„raum“ gibt es nicht"),
    ] {
        let words = mistake(open(&office, &new));
        assert!(words.why.contains(told) && !words.way_out.is_empty(), "{words:?}");
    }
    assert!(open(&office, &by_hand("11.20.01", "P-1")).is_ok());
}

#[test]
fn a_number_in_use_is_refused_in_the_same_words_whether_or_not_its_file_may_be_read() {
    let office = TestOffice::demo();
    let person = NewPerson {
        login: "anna".to_owned(),
        name: "Anna".to_owned(),
        roles: [Role::Clerk].into(),
        clearances: [ProtectionDomain::General].into(),
    };
    let operator = office.registry().person(common::OPERATOR).unwrap();
    office.registry().add_person(operator.as_administrator().unwrap(), &person).unwrap();
    let anna = office.registry().person("anna").unwrap();
    open(&office, &by_hand("11.20.01", "P-1")).unwrap();
    open(&office, &by_hand(BUILDING, "B-1")).unwrap();
    let words = |reference: &str| {
        let words = mistake(open_as(&office, &anna, &by_hand(BUILDING, reference)));
        format!("{words:?}").replace(reference, "X")
    };
    assert_eq!(words("P-1"), words("B-1"));
    assert!(mistake(open_as(&office, &anna, &by_hand("11.20.01", "P-2"))).why.contains("Berechtigung"));
}

#[test]
fn editions_follow_each_other_and_every_one_stays_readable() {
    let mut office = TestOffice::demo();
    let second = edition(
        "kommunal 2027-1",
        &[
            (
                "title = \"Bauakten\" }",
                "title = \"Bauakten\" },\n{ number = \"63.10.09\", title = \"Garagen\" }",
            ),
            ("title = \"Fundsachen\"", "title = \"Gefundenes\", closed = true"),
            (
                "title = \"Öffentliche Ordnung\", reference",
                "title = \"Öffentliche Ordnung\", domain = \"social\", reference",
            ),
            ("\"{class}-{number:5}\"", "\"{class}/{number:5}\""),
        ],
    );
    let open_fund = open(&office, &new_file("32.30.01")).unwrap();
    let checked = office.registry().check_plan(&office.manager, "neu.toml", &second).unwrap();
    let told: Vec<_> =
        checked.changes.iter().map(|one| format!("{} {}", one.number, one.change.code())).collect();
    for one in [
        "32.30.01 renamed",
        "32.30.01 closed",
        "32.30.01 domain",
        "32 domain",
        "63.10.09 new",
        "50.10.01 reference",
    ] {
        assert!(told.contains(&one.to_owned()), "{one} in {told:?}");
    }
    assert_eq!(checked.files, BTreeMap::from([("32.30.01".parse().unwrap(), 1)]));
    assert_eq!(checked.ungoverned, ["63.10.09".parse().unwrap()]);
    assert!(!checked.is_in_force);
    assert_eq!(
        office.registry().rules().unwrap().plan.edition().unwrap().as_str(),
        "kommunal 2026-1",
        "only looked at"
    );

    enact(&office, second.clone()).unwrap();
    office.open_doors();
    let rules = office.registry().rules().unwrap();
    assert_eq!(rules.plan, file_plan::read("x", &second).unwrap());
    assert_eq!(rules.plans.len(), 2);
    drop(rules);
    let first = office.registry().plan_of_edition("kommunal 2026-1").unwrap();
    assert_eq!(first, file_plan::read("x", file_plan::MODEL).unwrap());
    let unknown = mistake(office.registry().plan_of_edition("1999"));
    assert!(unknown.why.contains("„kommunal 2026-1“, „kommunal 2027-1“"), "{unknown:?}");
    let reader = office.manager.as_reader().unwrap();
    let kept =
        office.registry().show_file(reader, open_fund.reference.as_str(), office.today()).unwrap().file;
    assert_eq!(kept, open_fund, "it keeps its secrecy and number");
    assert!(number(&office, "63.10.09").starts_with("63.10.09-"));
    assert_eq!(number(&office, "50.10.01"), "50.10.01/00001");
    assert_eq!(open(&office, &new_file("32.40.01")).unwrap().domain, ProtectionDomain::Social);
    assert!(enact(&office, second.clone()).unwrap().is_in_force, "once more changes nothing");
    assert!(enact(&office, format!("# Anmerkung\n{second}")).unwrap().is_in_force, "nor does a remark");
    assert_eq!(office.registry().rules().unwrap().plans.len(), 2);
    let same_name = second.replacen("Garagen", "Carports", 1);
    assert!(mistake(enact(&office, same_name)).why.contains("galt schon und lautet anders"));
}

#[test]
fn no_class_goes_and_what_keeps_a_plan_from_being_enacted_is_told() {
    let office = TestOffice::demo();
    let without = |line: &str| {
        let text = edition("ohne", &[]);
        text.lines().filter(|own| !own.contains(line)).collect::<Vec<_>>().join("\n")
    };
    let words = mistake(enact(&office, without("\"32.30.01\"")));
    assert!(
        words.why.contains("32.30.01 Fundsachen") && words.way_out.contains("closed = true"),
        "{words:?}"
    );
    let words = mistake(enact(&office, without("number = \"32.30\"")));
    assert!(words.why.contains("über ihr fehlt die Klasse 32.30"), "{words:?}");
    let nameless = file_plan::MODEL.replacen("edition = \"kommunal 2026-1\"\n", "", 1);
    assert!(
        office.registry().check_plan(&office.manager, "plan.toml", &nameless).is_ok(),
        "a look needs none"
    );
    assert!(mistake(enact(&office, nameless)).why.contains("plan.toml hat keine Ausgabe"));
    let none = "format = 1\nedition = \"leer\"\ntitle = \"x\"\nclasses = []";
    assert!(mistake(enact(&office, none.to_owned())).why.contains("hat keine Klasse"));
    assert_eq!(office.registry().rules().unwrap().plans.len(), 1);
}

#[test]
fn a_class_with_files_may_be_divided_and_its_files_are_counted_for_those_who_may_read_them() {
    let office = TestOffice::demo();
    office.ingest_text("A-1", "32.30.01", "a.txt", "Fahrrad");
    open(&office, &by_hand("11.20.01", "P-1")).unwrap();
    let divided = edition(
        "geteilt",
        &[
            (
                "title = \"Fundsachen\" }",
                "title = \"Fundsachen\" },\n{ number = \"32.30.01.1\", title = \"Fahrräder\" }",
            ),
            ("title = \"Personalakten Beamte\"", "title = \"Personalakten Beamte\", closed = true"),
        ],
    );
    let count = |actor: &Actor| {
        let preview = office.registry().check_plan(actor, "plan.toml", &divided).unwrap();
        preview.files.iter().map(|(class, count)| format!("{class} {count}")).collect::<Vec<_>>()
    };
    assert_eq!(count(&office.manager), ["11.20.01 1", "32.30.01 1"]);
    let blind = Actor { clearances: [ProtectionDomain::General].into(), ..office.manager.clone() };
    assert_eq!(count(&blind), ["32.30.01 1"], "what one may not read is not there");
    enact(&office, divided).unwrap();
    assert!(mistake(open(&office, &new_file("32.30.01"))).why.contains("weiter untergliedert"));
    office.ingest_text("A-1", "32.30.01", "b.txt", "Noch eines");
    assert!(number(&office, "32.30.01.1").starts_with("32.30.01.1-"));
}
