//! The schema for editors says what the reader takes: key by key, value by value.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use super::json_schema::Schema;
use super::{PROBE, changed, pack_files, plan};
use schriftgut::domain::retention::RuleBook;
use schriftgut::format::rule_pack;

const FIRST_LINE: &str = "#:schema ../../schema/rule-pack.schema.json";

fn schema() -> Schema {
    Schema::read(include_str!("../../schema/rule-pack.schema.json"))
}

fn is_read(text: &str) -> bool {
    rule_pack::read("probe.toml", text).is_ok()
}

fn flaws(schema: &Schema, text: &str) -> Vec<String> {
    let pack: toml::Table = text.parse().unwrap_or_else(|error| panic!("{error}:\n{text}"));
    schema.flaws(&serde_json::to_value(pack).unwrap())
}

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

#[test]
fn every_pack_names_the_schema_in_its_first_line_and_keeps_to_it() {
    let schema = schema();
    for file in pack_files() {
        let text = fs::read_to_string(&file).unwrap();
        assert_eq!(text.lines().next(), Some(FIRST_LINE), "{}", file.display());
        let (_, path) = FIRST_LINE.split_once(' ').unwrap();
        assert!(file.parent().unwrap().join(path).is_file(), "{}", file.display());
        assert_eq!(flaws(&schema, &text), [""; 0], "{}", file.display());
    }
    assert_eq!(flaws(&schema, PROBE), [""; 0]);
}

/// The fields the reader knows of one table, read off its source.
fn fields(wire: &str) -> BTreeSet<String> {
    let sources =
        [include_str!("../../src/format/rule_pack.rs"), include_str!("../../src/format/rule_pack/entry.rs")];
    let begins = format!("struct {wire} {{\n");
    let (_, rest) = sources.iter().find_map(|source| source.split_once(&begins)).expect(wire);
    let (body, _) = rest.split_once("\n}").unwrap();
    let name = |line: &str| line.trim().split_once(": ").map(|(name, _)| name.to_owned());
    body.lines().filter(|line| !line.trim().starts_with("#[")).filter_map(name).collect()
}

#[test]
fn the_schema_has_every_key_of_the_reader_and_no_other_and_the_specification_names_each() {
    let schema = schema();
    let specification = include_str!("../../schema/formats/rule-pack.md");
    for (wire, path) in [
        ("PackWire", "/properties"),
        ("RuleWire", "/properties/rule/items/properties"),
        ("TermWire", "/definitions/term/properties"),
        ("SuspensionWire", "/definitions/term/properties/suspended/items/properties"),
        ("CriterionWire", "/properties/criterion/items/properties"),
        ("ThinningWire", "/properties/thinning/items/properties"),
        ("ConditionWire", "/definitions/condition/properties"),
    ] {
        let known = keys(schema.value().pointer(path).unwrap());
        assert_eq!(known, fields(wire), "{wire}");
        for key in &known {
            let named = [format!("`{key}`"), format!("{{ {key}"), format!(", {key}")];
            assert!(named.iter().any(|named| specification.contains(named)), "rule-pack.md lacks `{key}`");
        }
    }
    let most = &schema.value()["properties"];
    for array in ["rule", "criterion", "thinning"] {
        assert_eq!(most[array]["maxItems"], rule_pack::ENTRIES_MAX);
    }
}

/// A way into a pack: names of tables and places in lists.
type Way = Vec<Step>;

#[derive(Debug, Clone)]
enum Step {
    Key(String),
    At(usize),
}

fn ways(value: &toml::Value, so_far: &Way, found: &mut Vec<Way>) {
    let mut go = |step: Step, inner: &toml::Value| {
        let way = [so_far.clone(), vec![step]].concat();
        ways(inner, &way, found);
        found.push(way);
    };
    match value {
        toml::Value::Table(table) => {
            table.iter().for_each(|(key, inner)| go(Step::Key(key.clone()), inner));
        }
        toml::Value::Array(items) => items.iter().enumerate().for_each(|(at, inner)| go(Step::At(at), inner)),
        _ => {}
    }
}

fn inside<'a>(value: &'a mut toml::Value, way: &[Step]) -> &'a mut toml::Value {
    way.iter().fold(value, |value, step| match step {
        Step::Key(key) => &mut value[key.as_str()],
        Step::At(at) => &mut value[*at],
    })
}

#[test]
fn whatever_is_left_out_added_or_of_a_wrong_kind_the_schema_refuses_what_the_reader_refuses() {
    let (schema, whole) = (schema(), toml::Value::Table(PROBE.parse().unwrap()));
    let mut all = Vec::new();
    ways(&whole, &Vec::new(), &mut all);
    let mut refused = 0;
    let mut agree = |value: &toml::Value, what: &str, way: &Way| {
        let text = toml::to_string(value).unwrap();
        let (read, said) = (is_read(&text), flaws(&schema, &text));
        assert_eq!(read, said.is_empty(), "{what} {way:?}: {said:?}\n{:?}", rule_pack::read("", &text).err());
        refused += usize::from(!read);
    };
    let mut more = whole.clone();
    more.as_table_mut().unwrap().insert("neu".to_owned(), toml::Value::Integer(7));
    agree(&more, "one key more in", &Vec::new());
    for way in &all {
        let (last, above) = way.split_last().unwrap();
        let mut lacking = whole.clone();
        if let (Step::Key(key), toml::Value::Table(table)) = (last, inside(&mut lacking, above)) {
            table.remove(key);
            agree(&lacking, "without", way);
        }
        let mut of_a_wrong_kind = whole.clone();
        *inside(&mut of_a_wrong_kind, way) = toml::Value::Array(vec![toml::Value::Array(Vec::new())]);
        agree(&of_a_wrong_kind, "another kind", way);
        let mut more = whole.clone();
        if let toml::Value::Table(table) = inside(&mut more, way) {
            table.insert("neu".to_owned(), toml::Value::Integer(7));
            agree(&more, "one key more in", way);
        }
    }
    assert!(all.len() > 60 && refused > all.len(), "{} ways, {refused} refused", all.len());
}

#[test]
fn values_the_reader_refuses_the_schema_refuses() {
    let schema = schema();
    let long = format!("\"{}\"", "x".repeat(61));
    for (from, to) in [
        ("format = 1", "format = 2"),
        ("\"probe 1\"", "\"\""),
        ("\"probe 1\"", "\" probe 1\""),
        ("\"probe 1\"", long.as_str()),
        ("title = \"Probe: jedes Feld, das ein Regelwerk haben kann\"", "title = 5"),
        ("closed = \"Akte", "Closed = \"Akte"),
        ("closed = \"Akte", "7_closed = \"Akte"),
        ("\"P-01\"", "\"\""),
        ("\"P-01\"", long.as_str()),
        ("[\"63.10.01\", ", "[\"63/10\", "),
        ("[\"63.10.01\", ", "[\"63.\", "),
        ("[\"63.10.01\", ", "[\"63100.01\", "),
        ("permanent = false", "permanent = \"nein\""),
        ("permanent = false", "permanent = true"),
        ("permanent = true", ""),
        ("permanent = true", "terms = []"),
        ("\"10 years\"", "\"zehn Jahre\""),
        ("\"10 years\"", "\"10years\""),
        ("\"10 years\"", "\"65536 years\""),
        ("\"10 years\"", "\"-1 years\""),
        ("\"10 years\"", "\"10 weeks\""),
        ("\"10 years\"", "10"),
        ("[\"closed\", \"b", "[\"Closed\", \"b"),
        ("counted = \"same_day\"", "counted = \"yearly\""),
        ("ends = \"same_day\"", "ends = \"financial_year_after_resolution\""),
        ("_counted = \"end_of_year\"", "_counted = \"yearly\""),
        ("from = \"court_dispute\"", "from = \"Rechtsstreit\""),
        ("until = \"closed\"", "until = [\"closed\"]"),
        ("suspended = [{", "suspended = [{}, {"),
        ("disposition = \"B\"", "disposition = \"X\""),
        ("\"with_record\"", "\"burn\""),
        ("\"sourced\"", "\"certain\""),
        ("\"2020-01-01\"", "\"2025-02-29\""),
        ("\"2020-01-01\"", "\"2025-13-01\""),
        ("\"2020-01-01\"", "\"1.1.2020\""),
        ("is = [\"ja\"]", "is = \"ja\""),
        ("is = [\"ja\"]", "is = [\"ja\"], filled = true"),
        ("is = [\"ja\"]", "fact = \"closed\""),
        ("field = \"monument\", is", "is"),
        ("filled = true", "filled = 1"),
        ("below = 1945", "below = \"1945\""),
        ("below = 1945", "below = 1945, at_least = 3"),
        ("below = 1945", ""),
        ("fact = \"court_dispute\"", "fact = \"Rechtsstreit\""),
        ("fact = \"court_dispute\"", ""),
        ("fact = \"court_dispute\"", "fact = \"closed\", all = []"),
    ] {
        let text = changed(PROBE, from, to);
        assert!(!is_read(&text), "the reader takes {to}");
        assert_ne!(flaws(&schema, &text), [""; 0], "the schema takes {to}");
    }
}

#[test]
fn values_the_reader_takes_the_schema_takes() {
    let schema = schema();
    for (from, to) in [
        ("permanent = false\n", ""),
        ("permanent = true", "permanent = true\nterms = []"),
        ("\"10 years\"", "\"1 year\""),
        ("\"10 years\"", "\"65535 years\""),
        ("\"10 years\"", "\"60000 months\""),
        ("\"10 years\"", "\"1 month\""),
        ("\"6 months\"", "\"60 days_before\""),
        ("\"6 months\"", "\"1 day_before\""),
        ("\"6 months\"", "\"until_event\""),
        ("paper = \"with_record\"\n", ""),
        ("\"2020-01-01\"", "\"2024-02-29\""),
        ("when = { all = [", "when = { any = ["),
        (
            "when = { all = [{ any = [{ field = \"monument\", is",
            "when = { all = [{ any = [{ field = \"x\", is",
        ),
    ] {
        let text = changed(PROBE, from, to);
        assert!(is_read(&text), "the reader refuses {to}");
        assert_eq!(flaws(&schema, &text), [""; 0], "the schema refuses {to}");
    }
}

#[test]
fn every_choice_of_the_schema_is_one_of_the_reader_and_the_reader_names_no_other() {
    let schema = schema();
    for (field, path, from) in [
        ("counted", "/definitions/counted/enum", "counted = \"same_day\""),
        ("ends", "/definitions/term/properties/ends/enum", "ends = \"end_of_year\""),
        ("disposition", "/properties/rule/items/properties/disposition/enum", "disposition = \"B\""),
        ("paper", "/properties/rule/items/properties/paper/enum", "paper = \"with_record\""),
        ("confidence", "/properties/rule/items/properties/confidence/enum", "confidence = \"sourced\""),
    ] {
        let choices = schema.value().pointer(path).unwrap().as_array().unwrap().iter();
        let choices: BTreeSet<_> = choices.map(|choice| choice.as_str().unwrap()).collect();
        for choice in &choices {
            assert!(is_read(&changed(PROBE, from, &format!("{field} = \"{choice}\""))), "{field}: {choice}");
        }
        let said = rule_pack::read("", &changed(PROBE, from, &format!("{field} = \"?\""))).unwrap_err();
        let (_, named) = said.reason.split_once("erwartet wird ").unwrap();
        let named: BTreeSet<_> = named.split(", ").flat_map(|part| part.split(" oder ")).collect();
        assert_eq!(named, choices, "{field}");
    }
}

/// What can be read, but makes no rule book, an editor tells as far as it can be told from one entry.
#[test]
fn rules_that_contradict_themselves_are_refused_by_the_schema_too() {
    let schema = schema();
    for (from, to) in [
        ("[\"closed\", \"building_demolished\"]", "[]"),
        ("[\"63.20.01\"]", "[]"),
        ("[\"63.20.01\"]", "[\"63.20.01\", \"63.20.01\"]"),
        ("\"10 years\"", "\"0 years\""),
        ("\"same_day\", period = \"10 years\"", "\"end_of_year\", period = \"60 days_before\""),
        ("\"10 years\"", "\"until_event\""),
        ("\"10 years\"", "\"60 days_before\""),
        ("disposition = \"A\"", "disposition = \"V\""),
        ("disposition = \"A\"", "disposition = \"A\"\npaper = \"after_scan_check\""),
        ("basis = \"Praxis\"", "basis = \" \""),
        ("is = [\"ja\"]", "is = []"),
        ("any = [{ field = \"monument\", is = [\"ja\"] }, { field = \"owner\", filled = true }]", "any = []"),
    ] {
        let text = changed(PROBE, from, to);
        let pack = rule_pack::read("probe.toml", &text).unwrap_or_else(|mistake| panic!("{to}: {mistake}"));
        assert!(RuleBook::new(pack, &plan()).is_err(), "a book is made with {to}");
        assert_ne!(flaws(&schema, &text), [""; 0], "the schema takes {to}");
    }
}
