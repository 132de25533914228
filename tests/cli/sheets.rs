//! The deletion concept and the record of processing activities, from outside: made of what is in force, and never written
//! over what the town has added.

use crate::office::Office;

#[test]
fn a_sheet_is_of_the_rules_in_force_and_never_written_over_another() {
    let office = Office::new();
    office.add_person("voss", "Henning Voss", &["records_manager"]);
    let path = office.place("konzept.md");
    let asked = ["rules", "export", "--what", "deletion-concept", "--out", path.to_str().unwrap()];
    let said = office.run(asked).done().out;
    assert!(said.contains("was die Stadt von Hand ergänzt"), "{said}");
    let concept = || std::fs::read_to_string(&path).unwrap();
    let before = concept();
    assert!(before.starts_with("# Löschkonzept: Stadtverwaltung\n"), "{before}");
    let open = "aus der Praxis bestätigen oder ersetzen";
    assert!(before.contains(open) && before.contains("noch nicht bestätigt: macht bis dahin nichts fällig"));
    std::fs::write(&path, "von Hand ergänzt").unwrap();
    let refused = office.run(asked).failed(2);
    assert!(refused.contains("die es noch nicht gibt"), "{refused}");
    assert_eq!(concept(), "von Hand ergänzt");

    office.run_as("voss", &["rules", "confirm"]).done();
    std::fs::remove_file(&path).unwrap();
    office.run(asked).done();
    assert!(!concept().contains(open), "nothing is left to confirm");
    assert!(concept().contains("aus der Praxis, von der Stadt bestätigt"));
}

#[test]
fn the_record_of_processing_activities_knows_the_types_of_the_town() {
    let office = Office::new();
    office.add_person("voss", "Henning Voss", &["records_manager"]);
    let own = include_str!("../../schema/record-types/vertrag.toml");
    let own = own.replace("2026-1", "2026-2").replace("label = \"Vertrag\"", "label = \"Vereinbarung\"");
    let own = office.write("vertrag.toml", own);
    office.run_as("voss", &["types", "enact", &own]).done();
    let path = office.place("art30.md");
    office.run(["rules", "export", "--what", "art30", "--out", path.to_str().unwrap()]).done();
    let sheets = std::fs::read_to_string(&path).unwrap();
    assert!(sheets.contains("\n## Vereinbarung\n") && !sheets.contains("\n## Vertrag\n"), "{sheets}");
    assert!(sheets.contains("| vertrag, Ausgabe 2026-2 |"), "{sheets}");
    office.run(["rules", "export", "--what", "alles", "--out", "x.md"]).failed(2);
    assert!(!office.place("x.md").exists());
}
