//! Record types (Aktenarten): those that are built in are sound and fit the file plan, the rules and the demo; golden
//! data stays readable; the schema for editors says what the reader takes; mistakes name file, line and way out.

#[path = "common/golden.rs"]
mod golden_data;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use schriftgut::domain::appraisal::Condition;
use schriftgut::domain::record_type::{
    FIELDS_MAX, FieldKind, HELP_CHARS_MAX, LABEL_CHARS_MAX, OPTIONS_MAX, REGISTERS_MAX, RecordTypes,
    XdomeaElement,
};
use schriftgut::format::record_type::{enact, models, value_flaw};
use schriftgut::format::{file_plan, rule_pack};
use serde_json::Value;

fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn text(path: &str) -> String {
    fs::read_to_string(at(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn built_in() -> RecordTypes {
    enact(&models(), &RecordTypes::default()).unwrap_or_else(|mistakes| {
        panic!("{}", mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

fn source(file: &str, text: impl Into<String>) -> (String, String) {
    (file.to_owned(), text.into())
}

/// The worked example of the specification.
fn example() -> String {
    let specification = text("schema/formats/record-type.md");
    let rest = specification.split("```toml\n").nth(1).expect("an example");
    rest.split("```").next().expect("its end").to_owned()
}

/// What is wrong with the example after this change, beside the built-in types.
fn told(change: &str, to: &str) -> String {
    let example = example();
    assert!(example.contains(change), "{change}");
    let changed = source("verein.toml", example.replacen(change, to, 1));
    let mistakes = enact(&BTreeMap::from([changed]), &built_in()).unwrap_err();
    mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_built_in_types_are_all_files_of_the_folder_and_lie_in_the_file_plan() {
    let files: BTreeSet<_> = fs::read_dir(at("schema/record-types"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(files, models().into_keys().collect());
    let types = built_in();
    let plan = file_plan::read("kommunal.toml", file_plan::MODEL).unwrap();
    for record_type in types.in_force() {
        assert!(files.contains(&format!("{}.toml", record_type.id)), "{}", record_type.id);
        for class in &record_type.classes {
            assert!(plan.class(class).is_some(), "{}: {class}", record_type.id);
        }
    }
    let of = |class: &str| types.of_class(&class.parse().unwrap()).unwrap().label.clone();
    assert_eq!(of("63.10.01"), "Bauakte");
    assert_eq!(of("11.20.02"), "Personalakte");
    assert_eq!(of("10.90.01"), "Allgemeine Akte");
    assert_eq!(types.named("bauakte").unwrap().registers.len(), 9);
}

fn fields_asked(condition: &Condition, asked: &mut BTreeSet<String>) {
    let said = format!("{condition:?}");
    for part in said.split("field: \"").skip(1) {
        asked.extend(part.split('"').next().map(str::to_owned));
    }
}

#[test]
fn every_field_a_criterion_asks_for_is_one_its_files_can_have_and_takes_the_values_asked_for() {
    let types = built_in();
    let pack = rule_pack::read("kommunal.toml", rule_pack::NRW_KOMMUNAL.rules).unwrap();
    let mut all = BTreeSet::new();
    for criterion in &pack.criteria {
        let mut asked = BTreeSet::new();
        fields_asked(&criterion.condition, &mut asked);
        for class in &criterion.classes {
            let record_type = types.of_class(class).unwrap();
            for field in &asked {
                assert!(record_type.field(field).is_some(), "{}: {field} ({})", criterion.id, record_type.id);
            }
        }
        all.extend(asked);
    }
    assert!(all.contains("monument") && all.contains("built_year"), "{all:?}");
    let building = types.named("bauakte").unwrap();
    for (field, value) in
        [("monument", "Baudenkmal"), ("special_building", "Industrie"), ("court_dispute", "ja")]
    {
        assert_eq!(building.field(field).unwrap().kind.read(value).as_deref(), Some(value));
    }
}

#[test]
fn what_is_said_of_the_files_of_the_demo_fits_their_types() {
    let types = built_in();
    let mut read = 0;
    for list in ["examples/demo/files.toml", "examples/demo/offices.toml"] {
        let table: toml::Table = toml::from_str(&text(list)).unwrap();
        for file in table.values().filter_map(toml::Value::as_array).flatten() {
            let reference = file["az"].as_str().unwrap();
            let (class, _) = reference.split_once('-').unwrap();
            let said: BTreeMap<String, String> = file
                .get("fields")
                .and_then(toml::Value::as_table)
                .into_iter()
                .flatten()
                .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
                .collect();
            let record_type = types.of_class(&class.parse().unwrap()).unwrap();
            let kept = record_type.read(&said).unwrap_or_else(|flaws| {
                panic!("{reference}: {}", value_flaw(&flaws[0], record_type));
            });
            assert_eq!(kept, said, "{reference}");
            read += 1;
        }
    }
    assert!(read > 40, "{read} files");
}

#[test]
fn a_type_ever_written_is_read_as_it_was_meant() {
    let path = at("tests/golden/record-type/v1/vereinsakte.toml");
    golden_data::require(&path, || {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, example()).unwrap();
    });
    let kept = fs::read_to_string(&path).unwrap();
    assert_eq!(kept, example(), "the worked example of record-type.md is the golden file");
    let types = enact(&BTreeMap::from([source("vereinsakte.toml", kept)]), &built_in()).unwrap();
    let read = format!("{:#?}\n", types.named("vereinsakte").unwrap());
    let path = at("tests/golden/record-type/v1/vereinsakte.expected.txt");
    golden_data::require(&path, || fs::write(&path, &read).unwrap());
    assert_eq!(read, fs::read_to_string(&path).unwrap());
}

#[test]
fn every_mistake_names_file_line_field_and_way_out_in_german() {
    insta::assert_snapshot!(
        [
            told("format = 1", "format = 2"),
            told("id = \"vereinsakte\"", "id = \"Vereinsakte\""),
            told("id = \"vereinsakte\"", "id = \"ohne\""),
            told("edition = \"2026-1\"", "edition = \"\""),
            told("[\"41.30\"]", "[\"41.30\", \"Verein\"]"),
            told("[\"41.30\"]", "[\"63.10\"]"),
            told("label = \"Vereinsakte\"", "label = \"Bauakte\""),
            told("label = \"Vereinsakte\"", "label = \"\""),
            told("label = \"Vereinsakte\"", "label = \"Vereinsakte\"\ndefault = true"),
            told("label = \"Vereinsakte\"", "lable = \"Vereinsakte\""),
            told("name = \"chair\"", "name = \"association\""),
            told("name = \"chair\"", "name = \"Vorsitz\""),
            told("label = \"Vorsitz\"", "label = \"Verein\""),
            told("kind = \"person\"", "kind = \"name\""),
            told("kind = \"text\"", "kind = \"text\"\noptions = [\"a\"]"),
            told("options = [\"laufend\", \"einmalig\", \"keine\"]", "options = []"),
            told("options = [\"laufend\", \"einmalig\", \"keine\"]", ""),
            told("\"einmalig\"", "\"Laufend\""),
            told("personal = true\n", ""),
            told("personal = true\n", "personal = true\nfacet = true\n"),
            told("required = true\nxdomea = \"AnwendungsspezifischeErweiterung/Feldgruppe/Feld\"", "required = true"),
            told("\"Kontakt\"", "\"Akte/Kontakt\""),
            told("\"Kontakt\"", "\"Verweis/SGOKennzeichen\""),
            told("required = true", "required = \"ja\""),
            told("title = \"Anträge\"", "titel = \"Anträge\""),
            told("title = \"Anträge\"\n", "title = \"Anträge\"\n[[register]]\nnumber = \"10\"\ntitle = \"Bescheide\"\n"),
            told("id = \"vereinsakte\"", "id = \"bauakte\""),
        ]
        .join("\n"),
        @r#"
        verein.toml, Feld `format`: Format 2 ist unbekannt; dieses Programm liest Format 1
        verein.toml, Zeile 2, Feld `id`: „Vereinsakte“ ist kein Name einer Aktenart; ein Name hat Kleinbuchstaben, Ziffern und Unterstriche, beginnt mit einem Buchstaben und ist nicht „ohne“
        verein.toml, Zeile 2, Feld `id`: „ohne“ ist kein Name einer Aktenart; ein Name hat Kleinbuchstaben, Ziffern und Unterstriche, beginnt mit einem Buchstaben und ist nicht „ohne“
        verein.toml, Zeile 3, Feld `edition`: „“ ist keine Ausgabe; nennen Sie sie wie „2026-1“ (höchstens 60 Zeichen)
        verein.toml, Zeile 5, Feld `classes`: „Verein“ ist keine Aktenplaneinheit; erwartet werden Zifferngruppen wie 63.10
        verein.toml: die Aktenplaneinheit 63.10 nennt auch die Aktenart „bauakte“; lassen Sie sie bei einer von beiden weg
        Aktenarten: zwei Aktenarten heißen „Bauakte“; geben Sie einer von ihnen ein anderes label
        verein.toml, Feld `label`: die Aktenart hat keinen lesbaren Namen; erwartet werden 1 bis 80 Zeichen ohne Leerzeichen am Rand
        verein.toml: default = true steht auch bei der Aktenart „allgemein“; streichen Sie es bei einer von beiden
        verein.toml: Zeile 4: unbekanntes Feld `lable`; welche Angaben eine Aktenart hat, steht in schema/formats/record-type.md
        verein.toml, Zeile 14, Feld `association`: der Name steht zweimal da; geben Sie einem der Felder einen anderen name
        verein.toml, Zeile 14, Feld `Vorsitz`: „Vorsitz“ ist kein Name eines Feldes; ein Name hat Kleinbuchstaben, Ziffern und Unterstriche und beginnt mit einem Buchstaben
        verein.toml, Zeile 14, Feld `chair`: „Verein“ heißt schon ein anderes Feld; geben Sie ihm ein anderes label
        verein.toml, Zeile 14, Feld `chair`: „name“ ist keine Art von Feld; möglich sind: text, long_text, number, date, year, money, yes_no, choice, person, address, parcel, reference
        verein.toml, Zeile 7, Feld `association`: nur eine Auswahl (kind = "choice") hat options; streichen Sie options oder schreiben Sie kind = "choice"
        verein.toml, Zeile 21, Feld `funded`: die Auswahl hat nichts zur Wahl; nennen Sie sie: options = ["…", "…"]
        verein.toml, Zeile 21, Feld `funded`: die Auswahl hat nichts zur Wahl; nennen Sie sie: options = ["…", "…"]
        verein.toml, Zeile 21, Feld `funded`: „Laufend“ steht zweimal zur Wahl; streichen Sie eines von beiden
        verein.toml, Zeile 14, Feld `chair`: das Feld nennt Personen (kind = "person") und sagt es nicht; schreiben Sie personal = true
        verein.toml, Zeile 14, Feld `chair`: nach einem personenbezogenen Feld wird nicht gegliedert; streichen Sie facet oder personal
        verein.toml, Zeile 7, Feld `association`: das Feld ist Pflicht und ginge bei einer Abgabe verloren; nennen Sie mit xdomea das Element, oder streichen Sie required
        verein.toml, Zeile 14, Feld `chair`: „Akte/Kontakt“ ist kein Element, das xdomea für eine Akte kennt; möglich sind: AllgemeineMetadaten/Federfuehrung, AllgemeineMetadaten/Aktenfuehrung, AllgemeineMetadaten/Bemerkung, Kontakt, Verweis/SGOKennzeichen, AnwendungsspezifischeErweiterung/Feldgruppe/Feld
        verein.toml, Zeile 14, Feld `chair`: das Element Verweis/SGOKennzeichen fasst diese Art von Feld nicht; nennen Sie ein anderes; AnwendungsspezifischeErweiterung/Feldgruppe/Feld fasst jedes
        verein.toml: Zeile 11: hier steht eine falsche Art von Wert (Text, Zahl, Liste oder ja/nein); welche Angaben eine Aktenart hat, steht in schema/formats/record-type.md
        verein.toml: Zeile 30: unbekanntes Feld `titel`; welche Angaben eine Aktenart hat, steht in schema/formats/record-type.md
        verein.toml, Zeile 31, Feld `register`: das Register 10 steht zweimal da; streichen Sie eines von beiden
        verein.toml: die Ausgabe „2026-1“ der Aktenart „bauakte“ galt schon und lautet anders; jede Änderung ist eine neue Ausgabe: ändern Sie edition
        "#
    );
}

#[test]
fn nothing_is_taken_if_one_of_several_files_is_flawed_and_all_are_told() {
    let sound = source("a.toml", example());
    let other =
        |file: &str| source(file, example().replace("vereinsakte", "V").replace("Vereinsakte", "Anders"));
    let mistakes =
        enact(&BTreeMap::from([sound, other("b.toml"), other("c.toml")]), &built_in()).unwrap_err();
    assert_eq!(
        mistakes.iter().map(|mistake| mistake.file.as_str()).collect::<Vec<_>>(),
        ["b.toml", "c.toml"]
    );
}

#[test]
fn no_text_makes_the_reader_panic() {
    let whole = example();
    for at in whole.char_indices().map(|(at, _)| at) {
        let _ = enact(&BTreeMap::from([source("a.toml", &whole[..at])]), &built_in());
        let (before, after) = whole.split_at(at);
        let _ = enact(
            &BTreeMap::from([source("a.toml", format!("{before}\"ä{after}"))]),
            &RecordTypes::default(),
        );
    }
}

#[test]
fn the_schema_for_editors_says_what_the_reader_takes() {
    let schema: Value = serde_json::from_str(&text("schema/record-type.schema.json")).unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let texts = |value: &Value| {
        let all = value.as_array().unwrap().iter();
        all.map(|text| text.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let field = &schema["properties"]["field"]["items"];
    assert_eq!(texts(&field["properties"]["kind"]["enum"]), FieldKind::CODES);
    assert_eq!(texts(&field["properties"]["xdomea"]["enum"]), XdomeaElement::ALL.map(XdomeaElement::path));
    for (limit, of) in [
        (&schema["definitions"]["label"]["maxLength"], LABEL_CHARS_MAX),
        (&schema["definitions"]["help"]["maxLength"], HELP_CHARS_MAX),
        (&schema["properties"]["field"]["maxItems"], FIELDS_MAX),
        (&schema["properties"]["register"]["maxItems"], REGISTERS_MAX),
        (&field["properties"]["options"]["maxItems"], OPTIONS_MAX),
    ] {
        assert_eq!(*limit, of);
    }
    // Whatever key the schema knows the reader knows, and the other way round: the reader names none other as unknown.
    let specification = text("schema/formats/record-type.md");
    for key in keys(&schema["properties"]).iter().chain(&keys(&field["properties"])) {
        assert!(specification.contains(&format!("| `{key}`")), "record-type.md lacks `{key}`");
    }
    let refused = |key: &str, within: &str| told(within, &format!("{key} = [[7]]\n{within}"));
    for key in keys(&schema["properties"]) {
        assert!(!refused(&key, "classes").contains("unbekanntes Feld"), "{key}");
    }
    for key in keys(&field["properties"]) {
        assert!(!refused(&key, "personal = true").contains("unbekanntes Feld"), "{key}");
    }
    for key in texts(&schema["required"]) {
        let lacking: String = example()
            .lines()
            .filter(|line| !line.starts_with(&format!("{key} =")))
            .fold(String::new(), |text, line| text + line + "\n");
        let mistakes = enact(&BTreeMap::from([source("a.toml", lacking)]), &built_in()).unwrap_err();
        assert!(
            mistakes[0].to_string().contains(&format!("das Feld `{key}` fehlt")),
            "{key}: {}",
            mistakes[0]
        );
    }
}
