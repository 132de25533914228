//! What a file plan as TOML says, is told of its mistakes, and is written as.

use super::*;
use crate::domain::protection::ProtectionDomain;

fn told(mistakes: &[PlanMistake]) -> Vec<String> {
    mistakes.iter().map(ToString::to_string).collect()
}

fn mistakes_of(classes: &str) -> Vec<String> {
    let text = format!("format = 1\ntitle = \"x\"\nclasses = [\n{classes}\n]");
    told(&read("plan.toml", &text).unwrap_err())
}

#[test]
fn the_model_file_plan_is_sound_and_knows_its_secrecies_and_numbers() {
    let plan = read("kommunal.toml", MODEL).unwrap();
    assert!(plan.leaves().count() > 60);
    assert!(plan.edition().is_some());
    let domain = |number: &str| plan.domain_of(&number.parse().unwrap());
    assert_eq!(domain("63.10.01"), ProtectionDomain::General);
    assert_eq!(domain("11.20.01"), ProtectionDomain::Personnel);
    assert_eq!(domain("22.10.01"), ProtectionDomain::Tax);
    assert_eq!(domain("50.10.01"), ProtectionDomain::Social);
    let pattern = |number: &str| plan.pattern_of(&number.parse().unwrap()).map(ToString::to_string);
    assert_eq!(pattern("63.10.01").as_deref(), Some("{class}-{year}/{number:4}"));
    assert_eq!(pattern("90"), None);
}

#[test]
fn mistakes_name_file_line_class_and_field_in_german_with_the_way_out_and_all_at_once() {
    assert_eq!(
        mistakes_of(
            "{ number = \"6x\", title = \"Bau\", domain = \"geheim\" },\n\
             { number = \"63\", title = \"Bau\", reference = \"{jahr}\" },"
        ),
        [
            "plan.toml, Zeile 4: Klasse 6x, Feld `number`: erwartet werden Zifferngruppen wie 63.10.01",
            "plan.toml, Zeile 4: Klasse 6x, Feld `domain`: erwartet wird eines von general, tax, social, personnel",
            "plan.toml, Zeile 5: Klasse 63, Feld `reference`: den Teil {jahr} gibt es nicht; es gibt {class}, {year}, \
             {number} und {number:4} (1 bis 9 Stellen)",
        ]
    );
    assert_eq!(
        mistakes_of(
            "{ number = \"63.10\", title = \"Bau\" },\n{ number = \"63.10\", title = \"Bau\" },\n{ number = \"64\", title = \" \" }"
        ),
        [
            "plan.toml, Zeile 5: Klasse 63.10: steht zweimal da; geben Sie einer eine andere Nummer",
            "plan.toml, Zeile 5: Klasse 63.10: über ihr fehlt die Klasse 63; nehmen Sie sie auf oder berichtigen Sie die Nummer",
            "plan.toml, Zeile 6: Klasse 64: sie hat keinen Titel; geben Sie ihr einen",
        ]
    );
    let unknown = mistakes_of("{ number = \"63\", titel = \"Bau\" }");
    assert!(unknown[0].contains("unbekanntes Feld `titel`"), "{unknown:?}");
    assert!(mistakes_of("")[0].contains("hat keine Klasse"));
    let later = read("plan.toml", "format = 2\ntitle = \"x\"\nclasses = []").unwrap_err();
    assert!(later[0].to_string().contains("Format 2 ist unbekannt"), "{later:?}");
    let long = format!("# {}", "x".repeat(TEXT_BYTES_MAX));
    assert!(read("plan.toml", &long).unwrap_err()[0].to_string().contains("zulässig sind 8 MiB"));
}

#[test]
fn a_plan_written_is_read_again_as_it_was() {
    let text = "\u{feff}format = 1\r\nedition = \"2026-1\"\r\ntitle = 'Der \"Plan\"'\r\nclasses = [\r\n\
        { number = \"63\", title = 'Bau \\ \"alt\"', domain = \"tax\", reference = \"{class}/{number}\" },\r\n\
        { number = \"63.10\", title = \"=Summe\", closed = true } ]\r\n";
    let plan = read("plan.toml", text).unwrap();
    let again = read("plan.toml", &write(&plan)).unwrap();
    assert_eq!(again, plan);
    assert_eq!((again.title(), again.edition().unwrap().as_str()), ("Der \"Plan\"", "2026-1"));
    let model = read("kommunal.toml", MODEL).unwrap();
    assert_eq!(read("kommunal.toml", &write(&model)).unwrap(), model);
    for plan in [plan, model] {
        let (title, edition) = (plan.title().to_owned(), plan.edition().cloned());
        let again = table::read("plan.csv", &table::write(&plan)).unwrap().called(title, edition);
        assert_eq!(again, plan, "through a table");
    }
}

#[test]
fn a_table_is_read_as_office_programs_write_it() {
    let wanted = table::read("plan.csv", "nummer;titel\n63;Bau, alt\n63.10;\"Ring; Wall\"\n").unwrap();
    let other = "\u{feff}Titel,Nummer,Geschlossen\r\n\"Bau, alt\",63,\r\n\"Ring; Wall\",63.10,nein\r\n,,\r\n";
    assert_eq!(table::read("plan.csv", other).unwrap(), wanted);
    let labelled =
        table::read("plan.csv", "nummer;titel;schutzbereich\n22;Steuern;steuergeheimnis\n").unwrap();
    assert_eq!(labelled.domain_of(&"22".parse().unwrap()), ProtectionDomain::Tax);
}

#[test]
fn mistakes_in_a_table_name_row_and_column() {
    let mistakes = |text: &str| told(&table::read("plan.csv", text).unwrap_err());
    let head = "nummer;titel;geschlossen;schutzbereich;aktenzeichen\n";
    assert_eq!(
        mistakes(&format!("{head}63;Bau;vielleicht;;\n6a;Bau;;geheim;x\n63.10.01;Akten;;;\n")),
        [
            "plan.csv, Zeile 2: Klasse 63, Feld `geschlossen`: erwartet wird ja oder nein",
            "plan.csv, Zeile 3: Klasse 6a, Feld `nummer`: erwartet werden Zifferngruppen wie 63.10.01",
            "plan.csv, Zeile 3: Klasse 6a, Feld `schutzbereich`: erwartet wird eines von general, tax, social, personnel",
            "plan.csv, Zeile 3: Klasse 6a, Feld `aktenzeichen`: {number} steht genau einmal in einem Muster; schreiben Sie es \
             wie {class}-{year}/{number:4}",
        ]
    );
    let holes = mistakes(&format!("{head}63;Bau;;;\n63.10.01;Akten;;;\n63;Bau;;;\n"));
    assert_eq!(holes.len(), 2, "{holes:?}");
    assert!(holes[0].starts_with("plan.csv, Zeile 3: Klasse 63.10.01: über ihr fehlt"), "{holes:?}");
    assert!(holes[1].starts_with("plan.csv, Zeile 4: Klasse 63: steht zweimal da"), "{holes:?}");
    let ragged = mistakes(&format!("{head}63;Bau\n"));
    assert!(ragged[0].starts_with("plan.csv, Zeile 2: diese Zeile hat nicht so viele"), "{ragged:?}");
    for (text, told) in [
        ("nummer;farbe\n", "„farbe“ ist unbekannt"),
        ("nummer\n", "„titel“ fehlt"),
        ("nummer;titel;titel\n", "zweimal"),
        ("nummer;titel\n", "hat keine Klasse"),
        ("", "„nummer“ fehlt"),
    ] {
        let mistakes = mistakes(text);
        assert!(mistakes[0].contains(told), "{text:?}: {mistakes:?}");
    }
}

#[test]
fn a_plan_of_twenty_thousand_classes_is_read_at_once_and_one_with_too_many_is_not() {
    let table = |count: usize| {
        let mut text = "nummer;titel\n".to_owned();
        for n in 0..count {
            let (top, mid, low) = (n / 2_550, n / 50 % 51, n % 50);
            match (mid, low) {
                (0, 0) => text.push_str(&format!("{top};Klasse\n")),
                (mid, 0) => text.push_str(&format!("{top}.{mid};Klasse\n")),
                (0, _) => text.push_str(&format!("{top}.9{low};Klasse\n")),
                (mid, low) => text.push_str(&format!("{top}.{mid}.{low};Klasse\n")),
            }
        }
        text
    };
    let plan = table::read("plan.csv", &table(20_000)).unwrap();
    let text = write(&plan);
    let begun = std::time::Instant::now();
    assert_eq!(read("plan.toml", &text).unwrap(), plan);
    assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
    let far_down = text.replacen("{ number = \"7.42.49\"", "{ number = \"x\"", 1);
    let line = far_down.lines().position(|line| line.contains("\"x\"")).unwrap() + 1;
    let mistakes = told(&read("plan.toml", &far_down).unwrap_err());
    assert!(mistakes[0].starts_with(&format!("plan.toml, Zeile {line}: Klasse x")), "{mistakes:?}");
    let too_many = told(&table::read("plan.csv", &table(50_002)).unwrap_err());
    assert!(too_many[0].contains("mehr als 50000 Klassen"), "{too_many:?}");
}
