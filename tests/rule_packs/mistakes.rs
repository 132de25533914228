//! What can be wrong with a pack, or strange about a file: the answer is plain, with file, line and way out.

use std::collections::BTreeSet;

use jiff::civil::date;
use uuid::Uuid;

use super::{PROBE, changed, plan};
use schriftgut::domain::case_file::{Fact, Hold, Phase};
use schriftgut::domain::ids::HoldId;
use schriftgut::domain::retention::example::example_file;
use schriftgut::domain::retention::{Confirmations, Lack, Outcome, Reason, evaluate, outcome};
use schriftgut::format::{rule_pack, wording};

/// What users read of a pack that is the probe with one place changed.
fn told(from: &str, to: &str) -> String {
    told_of(&changed(PROBE, from, to))
}

fn told_of(text: &str) -> String {
    match rule_pack::read_book("probe.toml", text, &plan()) {
        Ok(_) => panic!("a book is made:\n{text}"),
        Err(error) => wording::pack_mistakes(&error).join("\n"),
    }
}

#[test]
fn the_probe_itself_makes_a_book() {
    assert_eq!(rule_pack::read_book("probe.toml", PROBE, &plan()).unwrap().rules().len(), 2);
}

#[test]
fn an_unknown_key_is_named_with_its_line_and_the_keys_there_are() {
    let rule = "id, title, classes, permanent, terms, restricted_after, disposition, paper, basis, basis_edition, confidence, valid_from, \
                valid_to, note";
    let term = "start, counted, period, ends, not_before, not_before_counted, suspended";
    for (from, to, expected) in [
        (
            "format = 1",
            "format = 1\nausgabe = \"1\"",
            "probe.toml: Zeile 3: unbekanntes Feld `ausgabe`; es gibt: format, edition, title, facts, rule, criterion, thinning"
                .to_owned(),
        ),
        (
            "basis_edition =",
            "basis_stand =",
            format!("probe.toml, Zeile 23: Regel P-01: unbekanntes Feld `basis_stand`; es gibt: {rule}"),
        ),
        (
            "counted = \"same_day\"",
            "gezaehlt = \"same_day\"",
            format!("probe.toml, Zeile 16: Regel P-01: Feld `terms`: unbekanntes Feld `gezaehlt`; es gibt: {term}"),
        ),
        (
            "title = \"Denkmal\"",
            "titel = \"Denkmal\"",
            "probe.toml, Zeile 40: Kriterium denkmal: unbekanntes Feld `titel`; es gibt: id, title, classes, when"
                .to_owned(),
        ),
    ] {
        assert_eq!(told(from, to), expected);
    }
}

#[test]
fn an_impossible_day_is_named_with_rule_field_and_line() {
    for day in
        ["2025-02-29", "2025-02-30", "2025-04-31", "2025-13-01", "2025-00-01", "2025-01-00", "gestern", ""]
    {
        assert_eq!(
            told("\"2020-01-01\"", &format!("\"{day}\"")),
            format!(
                "probe.toml, Zeile 25: Regel P-01, Feld `valid_from`: „{day}“: erwartet wird ein Tag wie 2026-11-22"
            )
        );
    }
    let bare = |day: &str| changed(PROBE, "\"2020-01-01\"", day);
    let pack = rule_pack::read("probe.toml", &bare("2020-01-01")).unwrap();
    assert_eq!(pack.rules[0].valid_from, Some(date(2020, 1, 1)), "a day needs no quotes");
    assert!(told_of(&bare("2025-02-29")).starts_with("probe.toml: Zeile 25: den Tag gibt es nicht"));
}

#[test]
fn two_rules_for_one_class_are_named_with_the_line_of_the_second_and_both_ways_out() {
    let twice = "probe.toml, Zeile 29: Regeln P-01 und P-02 gelten für Klasse 63.10.02 zugleich; streichen Sie die \
                 Klasse bei einer, oder lassen Sie eine mit `valid_to` enden, bevor die andere mit `valid_from` beginnt";
    assert_eq!(told("[\"63.20.01\"]", "[\"63.10.02\"]"), twice);
    let on_the_same_day = changed(PROBE, "[\"63.20.01\"]", "[\"63.10.02\"]\nvalid_from = \"2030-12-31\"");
    assert_eq!(told_of(&on_the_same_day), twice);
    let one_after_the_other = changed(&on_the_same_day, "\"2030-12-31\"\nnote", "\"2030-12-30\"\nnote");
    assert!(rule_pack::read_book("probe.toml", &one_after_the_other, &plan()).is_ok());
    assert_eq!(
        told("[\"63.20.01\"]", "[\"63.20.01\", \"63.20.01\"]"),
        "probe.toml, Zeile 29: Regel P-02, Feld `classes`: Klasse 63.20.01 steht zweimal da; streichen Sie eine"
    );
    assert_eq!(
        told("\"P-02\"", "\"P-01\""),
        "probe.toml, Zeile 29: Regel P-01 steht zweimal da; geben Sie einer eine andere id"
    );
}

#[test]
fn facts_and_classes_nobody_knows_are_named_and_all_flaws_are_told_at_once() {
    for (from, to, line, who, fact) in [
        ("[\"closed\"], c", "[\"demolished\"], c", 11, "P-01", "demolished"),
        ("before = \"building", "before = \"house", 11, "P-01", "house_demolished"),
        ("until = \"closed\"", "until = \"settled\"", 11, "P-01", "settled"),
        ("fact = \"court_dispute\"", "fact = \"quarrel\"", 38, "denkmal", "quarrel"),
    ] {
        assert_eq!(
            told(from, to),
            format!(
                "probe.toml, Zeile {line}: {who}: Tatsache {fact} steht nicht unter [facts]; nehmen Sie sie dort mit \
                 Worten auf"
            )
        );
    }
    let both = changed(&changed(PROBE, "63.20.01", "99.20.01"), "63.10\"]\nwhen", "99\"]\nwhen");
    assert_eq!(
        told_of(&both),
        "probe.toml, Zeile 29: P-02, Feld `classes`: Klasse 99.20.01 steht nicht im Aktenplan; `schriftgut plan` zeigt, \
         welche es gibt\n\
         probe.toml, Zeile 38: denkmal, Feld `classes`: Klasse 99 steht nicht im Aktenplan; `schriftgut plan` zeigt, \
         welche es gibt"
    );
}

#[test]
fn rules_for_thinning_that_are_empty_doubled_or_overlapping_are_named_with_their_line() {
    let second = "\n[[thinning]]\nid = \"weiter\"\ntitle = \"T\"\nreason = \"R\"\nrecord_type = \"bauakte\"\n\
                  classes = [\"63.10.01\"]\nleave_out = [\"40\"]\n";
    let two = format!("{PROBE}{second}");
    assert_eq!(
        told_of(&two),
        "probe.toml, Zeile 52: Ausdünnen duenn und weiter gelten beide für Klasse 63.10.01; streichen Sie die Klasse bei \
         einem"
    );
    assert!(
        rule_pack::read_book(
            "probe.toml",
            &changed(&two, "63.10.01\"]\nleave", "63.20.01\"]\nleave"),
            &plan()
        )
        .is_ok()
    );
    let other_type = two.replacen("record_type = \"bauakte\"", "record_type = \"hausakte\"", 1);
    assert!(rule_pack::read_book("probe.toml", &other_type, &plan()).is_ok(), "of another type");
    for (from, to, expected) in [
        ("[\"30\", \"40\"]", "[]", "Feld `leave_out`: kein Register genannt; nennen Sie eines oder mehr"),
        (
            "[\"30\", \"40\"]",
            "[\"30\", \"30\"]",
            "Feld `leave_out`: Register 30 steht zweimal da; streichen Sie eines",
        ),
        (
            "\"Bescheide und Pläne zeigen das Vorhaben\"",
            "\" \"",
            "Feld `reason`: keine Begründung; sagen Sie, warum der Rest genügt",
        ),
    ] {
        assert_eq!(told(from, to), format!("probe.toml, Zeile 44: Ausdünnen duenn, {expected}"));
    }
    let twice = two.replace("\"weiter\"", "\"duenn\"").replace("63.10.01\"]\nleave", "63.20.01\"]\nleave");
    assert_eq!(
        told_of(&twice),
        "probe.toml, Zeile 52: Ausdünnen duenn steht zweimal da; geben Sie einem eine andere id"
    );
}

#[test]
fn an_example_of_thinning_notices_every_register_more_or_less() {
    use schriftgut::domain::retention::example::{Failure, check};
    const EXAMPLE: &str = "format = 1\n[[example]]\nname = \"dünn\"\nclass = \"63.10.01\"\nrecord_type = \"bauakte\"\n\
                           on = \"2026-01-01\"\nexpect = \"not_begun\"\nwaiting_for = [\"closed\"]\n\
                           leaves_out = [\"30\", \"40\"]\n";
    let about_thinning = |pack: &str, example: &str| {
        let book = rule_pack::read_book("probe.toml", pack, &plan()).unwrap();
        let examples = rule_pack::read_examples("probe.examples.toml", example).unwrap();
        let failures = check(&book, &examples);
        let about = |failure: &&Failure| {
            matches!(failure, Failure::LeavesOut { .. } | Failure::ThinningWithoutExample(_))
        };
        failures.iter().filter(about).count()
    };
    assert_eq!(about_thinning(PROBE, EXAMPLE), 0);
    assert_eq!(
        about_thinning(&changed(PROBE, "\"30\", \"40\"", "\"30\""), EXAMPLE),
        2,
        "and no example proves it"
    );
    assert_eq!(
        about_thinning(PROBE, &changed(EXAMPLE, "leaves_out = [\"30\", \"40\"]", "leaves_out = []")),
        2
    );
    assert_eq!(about_thinning(PROBE, &changed(EXAMPLE, "record_type = \"bauakte\"\n", "")), 2, "of no type");
    assert_eq!(about_thinning(PROBE, &changed(EXAMPLE, "leaves_out = [\"30\", \"40\"]", "")), 1, "not asked");
}

#[test]
fn a_fact_the_rules_do_not_know_changes_nothing_about_a_file() {
    let book = rule_pack::read_book("probe.toml", PROBE, &plan()).unwrap();
    let mut file = example_file("63.10.01".parse().unwrap());
    file.phase = Phase::Closed { on: date(2021, 3, 4) };
    let all = Confirmations::all_of(&book);
    let before = evaluate(&file, &book, &all, date(2026, 11, 22));
    let (kind, source) = ("moved_away".parse().unwrap(), "Bürgeramt".to_owned());
    file.facts.push(Fact { kind, on: date(1990, 1, 1), source });
    assert_eq!(evaluate(&file, &book, &all, date(2026, 11, 22)), before);
}

#[test]
fn a_period_from_the_29th_of_february_ends_on_the_28th_where_there_is_no_29th() {
    for (period, ends, until) in [
        ("1 year", "same_day", date(2025, 2, 28)),
        ("4 years", "same_day", date(2028, 2, 29)),
        ("12 months", "same_day", date(2025, 2, 28)),
        ("1 month", "same_day", date(2024, 3, 29)),
        ("1 year", "end_of_year", date(2025, 12, 31)),
        ("until_event", "same_day", date(2024, 2, 29)),
    ] {
        let terms = format!(
            "terms = [{{ start = [\"closed\"], counted = \"same_day\", period = \"{period}\", ends = \"{ends}\" }}]"
        );
        let text =
            changed(PROBE, "permanent = true\ndisposition = \"A\"", &format!("{terms}\ndisposition = \"V\""));
        let book = rule_pack::read_book("probe.toml", &text, &plan()).unwrap();
        let mut file = example_file("63.20.01".parse().unwrap());
        file.phase = Phase::Closed { on: date(2024, 2, 29) };
        let on = |day| outcome(&file, &book, &Confirmations::default(), day);
        assert_eq!(on(until), Outcome::Retained { until }, "{period}, {ends}");
        assert!(on(until.tomorrow().unwrap()).is_due(), "{period}, {ends}");
    }
}

#[test]
fn a_class_without_rule_is_shown_as_a_gap_and_its_files_are_never_due() {
    let book = rule_pack::read_book("probe.toml", PROBE, &plan()).unwrap();
    let (today, later) = (date(2026, 11, 22), date(2031, 1, 1));
    let gaps = |on| book.gaps(on).map(|(class, lack)| wording::lack(class, lack)).collect::<Vec<_>>();
    let leaves = plan().leaves().count();
    assert_eq!(gaps(today).len(), leaves - 3, "three classes have a rule");
    assert!(gaps(today).contains(&"Für Klasse 63.10.03 gibt es keine Regel".to_owned()));
    assert!(gaps(later).contains(&"Für Klasse 63.10.01 ist an diesem Tag keine Regel in Kraft".to_owned()));
    for (class, on, lack) in [
        ("63.10.03", today, Lack::NoRule),
        ("63.10.01", later, Lack::NoneInForce),
        ("99", today, Lack::UnknownClass),
    ] {
        let mut file = example_file(class.parse().unwrap());
        file.phase = Phase::Closed { on: date(1950, 1, 1) };
        let finding = evaluate(&file, &book, &Confirmations::all_of(&book), on);
        assert_eq!(finding.outcome, Outcome::Ungoverned, "{class}");
        let why = Reason::NoRule { class: class.parse().unwrap(), lack };
        assert!(finding.reasons.contains(&why), "{class}: {:?}", finding.reasons);
    }
}

#[test]
fn ten_thousand_holds_on_a_file_are_ten_thousand_reasons_and_the_oldest_is_named() {
    const HOLDS: u128 = 10_000;
    let book = rule_pack::read_book("probe.toml", PROBE, &plan()).unwrap();
    let mut file = example_file("63.10.01".parse().unwrap());
    file.phase = Phase::Closed { on: date(2001, 1, 1) };
    let hold = |number: u128| Hold {
        id: HoldId(Uuid::from_u128(number)),
        reason: format!("Verfahren {number}"),
        since: date(2020, 1, 1)
            .checked_add(jiff::ToSpan::days(i64::try_from(number % 997).unwrap()))
            .unwrap(),
        review: None,
    };
    file.holds = (1..=HOLDS).rev().map(hold).collect();
    let (all, on) = (Confirmations::all_of(&book), date(2026, 11, 22));
    let finding = evaluate(&file, &book, &all, on);
    let oldest = Outcome::Held { by: HoldId(Uuid::from_u128(997)) };
    assert_eq!((&finding.outcome, &outcome(&file, &book, &all, on)), (&oldest, &oldest));
    let told = wording::explain(&file, &finding, &book);
    let reasons: BTreeSet<_> =
        told.lines().filter_map(|line| line.split_once(" (Verfahren ")).map(|(_, n)| n).collect();
    assert!((1..=HOLDS).all(|number| reasons.contains(format!("{number})").as_str())));
    file.holds.retain(|hold| hold.id == HoldId(Uuid::from_u128(4)));
    assert_eq!(outcome(&file, &book, &all, on), Outcome::Held { by: HoldId(Uuid::from_u128(4)) });
    file.holds.clear();
    assert!(!matches!(outcome(&file, &book, &all, on), Outcome::Held { .. }));
}
