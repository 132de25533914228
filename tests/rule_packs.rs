//! Every rule pack does what the examples beside it say, and the examples have teeth; the schema for editors says what
//! the reader takes; what is wrong is told with file, line and way out.

#[allow(dead_code, reason = "other suites use the rest")]
#[path = "common/json_schema.rs"]
mod json_schema;
#[path = "rule_packs/mistakes.rs"]
mod mistakes;
#[path = "rule_packs/schema.rs"]
mod schema;

use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::date;
use schriftgut::domain::file_plan::FilePlan;
use schriftgut::domain::retention::example::{Example, check};
use schriftgut::domain::retention::{
    Confidence, Confirmations, Disposition, EndCounting, Part, Period, Retention, Rule, RuleBook, RulePack,
    evaluate,
};
use schriftgut::format::{file_plan, rule_pack, wording};
use schriftgut::registry::{Founding, found};

struct Pack {
    name: String,
    rules: RulePack,
    examples: Vec<Example>,
    law_sheet: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("retention-rules")
}

/// A pack that has every field once.
const PROBE: &str = include_str!("rule_packs/probe.toml");

/// The text with one place changed, the first of its kind.
fn changed(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

/// Every `<jurisdiction>/<pack>.toml`, in order.
fn pack_files() -> Vec<PathBuf> {
    let inside = |folder: PathBuf| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_pack = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.ends_with(".toml") && !name.ends_with(".examples.toml")
    };
    let folders = inside(root()).filter(|path| path.is_dir());
    let mut files: Vec<_> = folders.flat_map(inside).filter(is_pack).collect();
    files.sort();
    assert!(!files.is_empty(), "no pack under {}", root().display());
    files
}

/// Every pack with its examples and its law sheet; a pack without them fails here.
fn packs() -> Vec<Pack> {
    let pack = |file: PathBuf| {
        let name = file.strip_prefix(root()).unwrap().display().to_string();
        let beside = |ending: &str| {
            let path = file.with_extension(ending);
            fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        };
        Pack {
            rules: rule_pack::read(&name, &beside("toml")).unwrap_or_else(|mistake| panic!("{mistake}")),
            examples: rule_pack::read_examples(&name, &beside("examples.toml"))
                .unwrap_or_else(|mistake| panic!("{mistake}")),
            law_sheet: beside("md"),
            name,
        }
    };
    pack_files().into_iter().map(pack).collect()
}

fn plan() -> FilePlan {
    file_plan::read("kommunal.toml", file_plan::MODEL).unwrap()
}

fn book(rules: &RulePack) -> RuleBook {
    RuleBook::new(rules.clone(), &plan()).unwrap_or_else(|flaws| {
        let words: Vec<_> = flaws.iter().map(wording::flaw).collect();
        panic!("{}", words.join("\n"))
    })
}

#[test]
fn every_pack_does_what_its_examples_say() {
    for pack in packs() {
        let failures = check(&book(&pack.rules), &pack.examples);
        assert!(failures.is_empty(), "{}: {failures:#?}", pack.name);
    }
}

#[test]
fn a_pack_without_examples_is_told_each_rule_and_criterion_that_has_none() {
    for pack in packs() {
        let failures = check(&book(&pack.rules), &[]);
        assert_eq!(failures.len(), pack.rules.rules.len() + pack.rules.criteria.len(), "{}", pack.name);
    }
}

#[test]
fn no_class_of_the_model_file_plan_is_without_rule_today_or_before_the_year_2025() {
    for pack in packs() {
        let book = book(&pack.rules);
        for on in [date(2020, 1, 1), date(2026, 11, 22)] {
            let gaps: Vec<_> = book.gaps(on).collect();
            assert!(gaps.is_empty(), "{}: {gaps:?}", pack.name);
        }
    }
}

#[test]
fn the_law_sheet_names_every_rule_and_every_criterion() {
    for pack in packs() {
        let ids = pack.rules.rules.iter().map(|rule| &rule.id);
        let ids = ids.chain(pack.rules.criteria.iter().map(|criterion| &criterion.id));
        let missing: Vec<_> = ids.filter(|id| !pack.law_sheet.contains(&format!("`{id}`"))).collect();
        assert!(missing.is_empty(), "{}: {missing:?}", pack.name);
        assert!(pack.law_sheet.contains(pack.rules.edition.as_str()), "{}", pack.name);
    }
}

/// Each way a rule can be wrong by one.
fn mutants(rule: &Rule) -> Vec<(&'static str, Rule)> {
    let with = |change: &dyn Fn(&mut Rule)| {
        let mut mutant = rule.clone();
        change(&mut mutant);
        mutant
    };
    let other = match rule.disposition {
        Disposition::Appraise => Disposition::ArchiveWorthy,
        Disposition::ArchiveWorthy | Disposition::Destroy => Disposition::Appraise,
    };
    let Retention::Terms(terms) = &rule.retention else {
        let period = Period::Years(30);
        let term = schriftgut::domain::retention::Term {
            start: vec!["closed".parse().unwrap()],
            counted: schriftgut::domain::retention::StartCounting::EndOfYear,
            period,
            ends: EndCounting::EndOfYear,
            not_before: None,
            suspended: Vec::new(),
        };
        return vec![("not for ever", with(&|rule| rule.retention = Retention::Terms(vec![term.clone()])))];
    };
    let mut mutants = vec![
        (
            "other disposition",
            with(&|rule| {
                rule.disposition = other;
                rule.paper = schriftgut::domain::retention::PaperRule::WithRecord;
            }),
        ),
        (
            "for ever",
            with(&|rule| {
                rule.retention = Retention::Permanent;
                rule.restricted_after = None;
                rule.disposition = Disposition::ArchiveWorthy;
                rule.paper = schriftgut::domain::retention::PaperRule::Keep;
            }),
        ),
    ];
    if let Some(Period::Years(years)) = rule.restricted_after {
        let change = |rule: &mut Rule| rule.restricted_after = Some(Period::Years(years + 1));
        mutants.push(("restricted later", with(&change)));
        mutants.push(("never restricted", with(&|rule| rule.restricted_after = None)));
    }
    for (at, _) in terms.iter().enumerate().filter(|(_, term)| !term.suspended.is_empty()) {
        let change = |rule: &mut Rule| {
            if let Retention::Terms(terms) = &mut rule.retention {
                terms[at].suspended.clear();
            }
        };
        mutants.push(("without suspension", with(&change)));
    }
    for (at, term) in terms.iter().enumerate() {
        let longer = match term.period {
            Period::Years(years) => Period::Years(years + 1),
            Period::Months(months) => Period::Months(months + 1),
            Period::DaysBefore(days) => Period::DaysBefore(days + 1),
            Period::UntilEvent => Period::Years(20),
        };
        mutants.push((
            "another period",
            with(&|rule| {
                if let Retention::Terms(terms) = &mut rule.retention {
                    terms[at].period = longer;
                }
            }),
        ));
    }
    mutants
}

#[test]
fn a_rule_changed_by_one_makes_its_examples_fail() {
    for pack in packs() {
        let mut tried = 0;
        for (at, rule) in pack.rules.rules.iter().enumerate() {
            for (change, mutant) in mutants(rule) {
                let mut rules = pack.rules.clone();
                rules.rules[at] = mutant;
                let failures = check(&book(&rules), &pack.examples);
                assert!(!failures.is_empty(), "{}: no example notices: {} with {change}", pack.name, rule.id);
                tried += 1;
            }
        }
        assert!(tried > pack.rules.rules.len());
    }
}

#[test]
fn a_criterion_that_asks_the_opposite_makes_its_examples_fail() {
    use schriftgut::domain::appraisal::Condition;
    for pack in packs() {
        for at in 0..pack.rules.criteria.len() {
            let mut rules = pack.rules.clone();
            let condition = rules.criteria[at].condition.clone();
            rules.criteria[at].condition = Condition::Not(Box::new(condition));
            let failures = check(&book(&rules), &pack.examples);
            assert!(!failures.is_empty(), "{}: {}", pack.name, rules.criteria[at].id);
        }
    }
}

#[test]
fn the_built_in_packs_are_those_in_the_folder() {
    let files: Vec<_> = pack_files().into_iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    assert_eq!(files.len(), rule_pack::BUILT_IN.len());
    for built_in in rule_pack::BUILT_IN {
        assert!(files.iter().any(|file| file == built_in.rules), "{}", built_in.name);
        assert!(rule_pack::read_examples(built_in.file, built_in.examples).unwrap().len() >= 60);
    }
}

#[test]
fn what_rests_on_practice_is_due_by_no_pack_before_the_town_has_confirmed_it() {
    let nobody = Confirmations::default();
    for pack in packs() {
        let book = book(&pack.rules);
        let mut waited = 0;
        for example in &pack.examples {
            let found = evaluate(&example.file, &book, &nobody, example.on);
            let confidence = found.rule.as_ref().and_then(|id| book.rule(id)).map(|rule| rule.confidence);
            if confidence == Some(Confidence::ToBeConfirmed) {
                assert!(!found.outcome.is_due(), "{}: {}", pack.name, example.name);
                waited += u32::from(example.outcome.is_due());
            }
        }
        assert!(waited > 10, "{}: {waited}", pack.name);
    }
}

#[test]
fn the_example_for_another_state_calls_only_federal_law_sourced_and_names_no_state() {
    let built_in = rule_pack::MUSTER_KOMMUNAL;
    let pack = rule_pack::read(built_in.file, built_in.rules).unwrap();
    let federal = ["AO", "HGB", "UStG", "VgV", "BMG", "PAuswG", "PStG", "AdVermiG"];
    let mut sourced = 0;
    for rule in pack.rules.iter().filter(|rule| rule.confidence == Confidence::Sourced) {
        let is_law = |word: &&str| word.chars().filter(|letter| letter.is_uppercase()).count() > 1;
        let words = rule.basis.text.split([' ', ',']);
        let laws: Vec<_> = words.filter(is_law).filter(|law| !law.starts_with('(')).collect();
        assert!(!laws.is_empty() && laws.iter().all(|law| federal.contains(law)), "{}: {laws:?}", rule.id);
        sourced += 1;
    }
    assert!(sourced > 10 && sourced < pack.rules.len() / 2, "{sourced}");
    let states = [
        "NRW",
        "Westfalen",
        "Bayern",
        "Baden",
        "Berlin",
        "Brandenburg",
        "Bremen",
        "Hamburg",
        "Hessen",
        "Mecklenburg",
        "Niedersachsen",
        "Rheinland",
        "Saarland",
        "Sachsen",
        "Schleswig",
        "Thüringen",
    ];
    for state in states {
        assert!(!built_in.rules.contains(state) && !built_in.examples.contains(state), "{state}");
    }
}

#[test]
fn a_registry_can_be_founded_with_either_pack_and_nothing_else_differs() {
    for built_in in rule_pack::BUILT_IN {
        let folder = tempfile::tempdir().unwrap();
        let (name, login) = ("Musterstadt".to_owned(), "amt".to_owned());
        let founding = Founding { name, demo: false, login, rules: built_in };
        let registry = found(&folder.path().join("registratur"), &founding).unwrap().registry;
        let rules = registry.rules().unwrap();
        let pack = rule_pack::read(built_in.file, built_in.rules).unwrap();
        assert_eq!(*rules.book.pack(), pack);
        assert_eq!((rules.grace_days, rules.types.in_force().count()), (30, 10));
    }
}

#[test]
fn the_worked_example_of_the_specification_is_read_and_has_its_digest() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/formats/rule-pack.md");
    let specification = fs::read_to_string(path).unwrap();
    let (_, rest) = specification.split_once("```toml\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    let pack = rule_pack::read("rule-pack.md", example).unwrap();
    let stated =
        format!("The {} bytes between the fences have the SHA-256 digest\n`{}`", example.len(), pack.digest);
    assert!(specification.contains(&stated), "{stated}");
    assert_eq!(book(&pack).rules().len(), 1);
}

#[test]
fn a_suspension_is_told_with_its_days_or_with_what_it_waits_for() {
    let built_in = rule_pack::MUSTER_KOMMUNAL;
    let book = rule_pack::read_book(built_in.file, built_in.rules, &plan()).unwrap();
    let why = |name: &str| {
        let examples = rule_pack::read_examples(built_in.file, built_in.examples).unwrap();
        let example = examples.into_iter().find(|example| example.name == name).expect(name);
        let finding = evaluate(&example.file, &book, &Confirmations::all_of(&book), example.on);
        wording::explain(&example.file, &finding, &book)
    };
    let begun = "„Verhandlungen über Ansprüche begonnen“ am 01.03.2010";
    let told = why("FI-09: am Tag danach nach einer Hemmung von 31 Tagen fällig");
    let days = format!(
        "  - Gehemmt: von {begun} bis „Verhandlungen über Ansprüche beendet“ am 31.03.2010 lief die Frist nicht; sie \
         verlängert sich um 31 Tage\n"
    );
    assert!(told.contains(&days) && told.contains("→ letzter Tag 31.12.2031 (Jahresende)\n"), "{told}");
    let told = why("FI-09: solange verhandelt wird, steht die Frist still");
    let waits = "Verhandlungen über Ansprüche beendet“\n";
    assert!(told.contains(&format!("Ergebnis: Frist gehemmt: nicht bekannt ist „{waits}")), "{told}");
    assert!(
        told.contains(&format!("  - Gehemmt: seit {begun} läuft die Frist nicht, bis bekannt ist: „{waits}")),
        "{told}"
    );
    let rule = book.rule(&"FI-09".parse().unwrap()).unwrap();
    assert_eq!(
        wording::part(Part::Suspension, rule, &book),
        format!("von „Verhandlungen über Ansprüche begonnen“ bis „{}", waits.trim_end())
    );
    let other = book.rule(&"FI-10".parse().unwrap()).unwrap();
    assert_eq!(wording::part(Part::Suspension, other, &book), "keine");
}

#[test]
fn a_pack_ever_written_is_read_as_it_was_meant() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/rule-pack/v1");
    for (name, digest) in [
        ("all-fields", "fd5d90724124f214a0a15f0ec614445b18ba7271825d3551b320619db73c787b"),
        ("thinning", "5c63fceb0330b41861031dbd4688d5548144f797d7d54762abed2fc3aacd081a"),
    ] {
        let kept = |ending: &str| fs::read_to_string(folder.join(format!("{name}{ending}"))).unwrap();
        let pack = rule_pack::read(name, &kept(".toml")).unwrap_or_else(|mistake| panic!("{mistake}"));
        assert_eq!(pack.digest.to_string(), digest, "golden data is never changed");
        let examples = rule_pack::read_examples(name, &kept(".examples.toml"));
        let examples = examples.unwrap_or_else(|mistake| panic!("{mistake}"));
        assert_eq!(check(&book(&pack), &examples), []);
    }
}

/// A trial on a million files is a matter of seconds; measured without reasons, on every example in turn.
#[test]
fn a_rule_change_is_tried_on_a_million_files_in_seconds() {
    use schriftgut::domain::retention::outcome;
    const FILES: usize = 1_000_000;
    const SECONDS_MAX: u64 = 10;
    let pack = packs().into_iter().find(|pack| pack.name.starts_with("nrw")).unwrap();
    let book = book(&pack.rules);
    let all = Confirmations::all_of(&book);
    let files = pack.examples.iter().map(|example| &example.file).cycle().take(FILES);
    let begun = std::time::Instant::now();
    let due = files.filter(|file| outcome(file, &book, &all, date(2026, 11, 22)).is_due()).count();
    let took = begun.elapsed();
    println!("{FILES} files in {took:?}, {due} due");
    assert!(due > 0 && took.as_secs() < SECONDS_MAX, "{took:?}");
}
