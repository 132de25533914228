//! What lists and profiles promise: every flaw with its line, nothing lost in silence, nothing that hangs.

use jiff::civil::date;

use super::*;
use crate::format::wording;

const HEAD: &str = "path;aktenzeichen;klasse;titel;geschlossen_am;feld:street";

fn own(text: &str) -> List {
    read(text.as_bytes(), &Profile::default())
}

fn why(text: &str) -> String {
    said(&own(text))
}

fn said(list: &List) -> String {
    assert!(!list.flaws.is_empty());
    list.flaws.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn rows(text: &str) -> Vec<Row> {
    let list = own(text);
    assert_eq!(list.flaws, []);
    list.rows
}

fn profile(text: &str) -> Profile {
    Profile::read(text).unwrap_or_else(|mistakes| panic!("{mistakes:?}"))
}

#[track_caller]
fn mistakes(text: &str) -> String {
    let mistakes = Profile::read(text).unwrap_err();
    mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_good_manifest_yields_its_rows() {
    let rows = rows(&format!(
        "{HEAD}\na/1.pdf;63-1;63.10.01;Haus;1972-03-01;Ring\n./a//2.pdf;63-1;63.10.01;Haus;1972-03-01;Ring\n"
    ));
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].fields["street"], "Ring");
    assert_eq!(rows[1].closed, Some(date(1972, 3, 1)));
    assert_eq!((rows[1].line, rows[1].path.as_str()), (3, "a/2.pdf"));
}

#[test]
fn rows_of_one_file_lie_in_different_registers_or_in_none() {
    const HEAD: &str = "path;aktenzeichen;klasse;titel;register";
    let found = rows(&format!("{HEAD}\na;63-1;63.10.01;H; 3 \nb;63-1;63.10.01;H;\n"));
    assert_eq!(found[0].register.as_ref().map(RegisterNumber::as_str), Some("3"));
    assert_eq!(found[1].register, None);
    let long = "x".repeat(81);
    assert!(why(&format!("{HEAD}\na;63-1;63.10.01;H;{long}\n")).contains("ist kein Register"));
}

#[test]
fn how_many_pages_there_should_be_is_a_number_or_nothing() {
    const HEAD: &str = "path;aktenzeichen;klasse;titel;seiten";
    let found = rows(&format!("{HEAD}\na;63-1;63.10.01;H; 12 \nb;63-1;63.10.01;H;\n"));
    assert_eq!((found[0].page_count, found[1].page_count), (Some(12), None));
    for wrong in ["0", "-1", "zwei", "1,5", "100001", "4294967296"] {
        let said = why(&format!("{HEAD}\na;63-1;63.10.01;H;{wrong}\n"));
        assert!(said.contains("Zeile 2") && said.contains("keine Zahl von Seiten"), "{said}");
    }
}

#[test]
fn a_checksum_is_known_by_its_length_or_told() {
    const HEAD: &str = "path;aktenzeichen;klasse;titel;pruefsumme";
    let md5 = "900150983CD24FB0D6963F7D28E17F72";
    let found = rows(&format!("{HEAD}\na;63-1;63.10.01;H;{md5}\nb;63-1;63.10.01;H;\n"));
    assert_eq!(found[0].checksum.as_ref().unwrap().to_string(), md5.to_lowercase());
    assert_eq!(found[1].checksum, None);
    assert!(why(&format!("{HEAD}\na;63-1;63.10.01;H;abc\n")).contains("„abc“ ist keine Prüfsumme"));
}

#[test]
fn every_mistake_names_its_row_or_column() {
    assert!(why("path;aktenzeichen;klasse\n").contains("„titel“ fehlt"));
    assert!(why("path;aktenzeichen;klasse;titel;farbe\n").contains("„farbe“ ist unbekannt"));
    assert!(why("path;aktenzeichen;klasse;titel;titel\n").contains("„titel“ steht zweimal da"));
    assert!(why("path;aktenzeichen;klasse;titel;papierseiten\n").contains("„papierseiten“ ist unbekannt"));
    for outside in ["../x", "/x", "", "a/../../x", "."] {
        assert!(
            why(&format!("{HEAD}\n{outside};63-1;63.10.01;H;;\n")).contains("Zeile 2: der Pfad"),
            "{outside}"
        );
    }
    assert!(why(&format!("{HEAD}\nx;63-1;neun;H;;\n")).contains("„neun“ ist keine Aktenplaneinheit"));
    assert!(why(&format!("{HEAD}\nx;63-1;63.10.01;H;gestern;\n")).contains("kein Tag (JJJJ-MM-TT)"));
    assert!(why(&format!("{HEAD}\nx;63-1;63.10.01;H;;\nx;63-1;63.10.01;H;;\n")).contains("schon in Zeile 2"));
    let other = why(&format!("{HEAD}\nx;63-1;63.10.01;H;;\ny;63-1;63.10.01;I;;\n"));
    assert_eq!(other, "Zeile 3: Zeile 2 sagt anderes über die Akte 63-1 (titel)");
    assert!(why(&format!("{HEAD}\nx;63-1;63.10.01\n")).contains("Spalten"));
}

#[test]
fn all_mistakes_are_told_at_once_and_the_line_is_that_of_the_text() {
    let text = format!(
        "{HEAD}\nx;;neun;H;gestern;\n\"y\";63-1;63.10.01;\"Haus\nmit Hof\";;\n../z;63-1;63.10.01;I;;\nw;63-1;63.10.01\n"
    );
    let list = own(&text);
    let lines: Vec<_> = list.flaws.iter().map(|flaw| flaw.line.unwrap()).collect();
    assert_eq!(lines, [2, 2, 2, 5, 6, 6], "{:?}", list.flaws);
    assert_eq!((list.row_count, list.rows.len()), (4, 2));
    // What a flawed row names is named all the same.
    assert_eq!(
        list.paths.into_iter().collect::<Vec<_>>(),
        [("w".into(), 6), ("x".into(), 2), ("y".into(), 3)]
    );
}

#[test]
fn where_paper_stands_is_read_and_a_barcode_belongs_to_one_file() {
    const HEAD: &str = "path;aktenzeichen;klasse;titel;raum;karton;strichcode";
    let found = rows(&format!(
        "{HEAD}\na;63-1;63.10.01;H;U 12;K4;4711\nb;63 1;63.10.01;H;U 12;K4;4711\nc;63-2;63.10.01;I;;;\n"
    ));
    let place = found[0].carriers.paper.as_ref().unwrap();
    assert_eq!(wording::place(place), "Raum U 12, Karton K4, Strichcode 4711");
    assert_eq!(found[2].carriers.paper, None);
    let two = format!("{HEAD}\na;63-1;63.10.01;H;;;4711\nb;63-2;63.10.01;H;;;4711\n");
    assert!(why(&two).contains("Zeile 3: der Strichcode 4711 gehört schon zur Akte in Zeile 2"));
    assert!(why(&format!("{HEAD}\na;63-1;63.10.01;H;;;zwei Wörter\n")).contains("Zeile 2: ein Strichcode"));
    let long = "x".repeat(81);
    assert!(why(&format!("{HEAD}\na;63-1;63.10.01;H;{long};;\n")).contains("der Raum ist länger"));
}

const CSV: &str = r#"
format = 1
encoding = "windows-1252"
separator = "|"
date = "TT.MM.JJJJ"
dates = ["feld:antragsdatum"]
checksum = "md5"
path_separator = "\\"
strip_prefix = "D:\\Export\\"
path_prefix = "scans"
ignore = ["Stapel"]
accompanying = ["Lieferschein.pdf", "*.md5"]

[columns]
path = "Datei"
aktenzeichen = "AZ"
titel = "Betreff"
geschlossen_am = "Abschluss"
schutzbereich = "Schutz"
pruefsumme = "MD5"
"feld:antragsdatum" = "Antrag"

[fixed]
klasse = "63.10.01"

[values.schutzbereich]
"Steuer" = "tax"
"#;

#[test]
fn a_list_in_the_columns_of_whoever_delivers_is_read_as_its_profile_says() {
    let profile = profile(CSV);
    let text = "Stapel|Datei|AZ|Betreff|Abschluss|Schutz|MD5|Antrag\n\
                7|D:\\Export\\a\\1.tif|63-1|M\u{fc}hle|01.03.1972|Steuer|900150983cd24fb0d6963f7d28e17f72|02.01.1971\n";
    let bytes: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    let list = read(&bytes, &profile);
    assert_eq!(list.flaws, []);
    let row = &list.rows[0];
    assert_eq!((row.path.as_str(), row.title.as_str()), ("scans/a/1.tif", "Mühle"));
    assert_eq!((row.closed, row.domain), (Some(date(1972, 3, 1)), Some(ProtectionDomain::Tax)));
    assert_eq!((row.class.as_str(), row.fields["antragsdatum"].as_str()), ("63.10.01", "1971-01-02"));
    assert!(profile.accompanies("x/Lieferschein.pdf") && profile.accompanies("a/1.md5"));
    assert!(!profile.accompanies("a/1.tif"));
    let said = |text: &str| said(&read(text.as_bytes(), &profile));
    assert!(
        said("Datei|AZ|Betreff|Abschluss|Schutz|MD5\n")
            .contains("„Antrag“ fehlt, in der laut Profil „feld:antragsdatum“ steht")
    );
    let head = "Datei|AZ|Betreff|Abschluss|Schutz|MD5|Antrag";
    assert!(said(&format!("{head}|Farbe\n")).contains("„Farbe“ kommt im Profil nicht vor"));
    let wrong = said(&format!("{head}\nC:\\1.tif|63-1|H|1972-03-01||{}|\n", "0".repeat(64)));
    for part in ["beginnt nicht mit „D:/Export/“", "kein Tag (TT.MM.JJJJ)", "keine Prüfsumme nach md5"] {
        assert!(wrong.contains(part), "{part}: {wrong}");
    }
    assert!(said(&format!("{head}\nD:\\Export\\1.tif|63-1|H||||\n")).contains("die Prüfsumme fehlt"));
}

#[test]
fn a_list_without_a_head_is_read_by_the_numbers_of_its_columns() {
    let profile = profile(
        "format = 1\nheader = false\nignore = [4]\n[columns]\npath = 3\naktenzeichen = 1\ntitel = 2\n[fixed]\nklasse = \"63.10.01\"\n",
    );
    let list = read(b"63-1;Haus;a.tif;x\n63-1;Haus;b.tif;y\n", &profile);
    assert_eq!((list.flaws, list.rows[1].path.as_str(), list.rows[1].line), (vec![], "b.tif", 2));
    let said = |text: &str| said(&read(text.as_bytes(), &profile));
    assert!(said("63-1;Haus\n").contains("„3“ fehlt"));
    assert!(said("63-1;Haus;a;x;y\n").contains("„5“ kommt im Profil nicht vor"));
    assert!(
        said("63-1;Haus;a;x\n63-1;Haus\n")
            .contains("Zeile 2: sie hat nicht so viele Spalten wie die erste Zeile")
    );
}

#[test]
fn what_is_not_in_the_encoding_it_should_be_in_is_told() {
    assert!(
        said(&read(b"path\n\xfc\n", &Profile::default()))
            .contains("nicht in UTF-8 geschrieben (zuerst in Zeile 2)")
    );
    let latin = profile(CSV);
    assert!(said(&read(b"Datei\n\x81\n", &latin)).contains("Zeile 2 hat ein Zeichen"));
    assert!(said(&read("\u{feff}Datei\n".as_bytes(), &latin)).contains("Zeichen für UTF-8"));
}

const XML: &str = r#"
format = 1
kind = "xml"
document = "Lieferung/Akte/Beleg"

[columns]
path = "Datei/@name"
aktenzeichen = "../@az"
titel = "../Betreff"
seiten = "Seiten"

[fixed]
klasse = "63.10.01"

[totals]
documents = "Lieferung/@anzahl"
pages = "Lieferung/Kopf/Seiten"
"#;

const LIST: &str = r#"<?xml version="1.0"?>
<l:Lieferung xmlns:l="urn:x" anzahl="2"><Kopf><Seiten>5</Seiten></Kopf>
<Akte az="63-1"><Betreff>Haus &amp; Hof</Betreff>
  <Beleg><Datei name="a.tif"/><Seiten> 2 </Seiten></Beleg>
  <Beleg><Datei name="b.tif"/><Seiten>3</Seiten></Beleg>
</Akte></l:Lieferung>
"#;

#[test]
fn a_list_in_xml_is_read_along_the_paths_of_its_profile() {
    let profile = profile(XML);
    let list = read(LIST.as_bytes(), &profile);
    assert_eq!(list.flaws, []);
    let row = &list.rows[1];
    assert_eq!((row.path.as_str(), row.reference.as_str(), row.line), ("b.tif", "63-1", 5));
    assert_eq!((row.title.as_str(), row.page_count), ("Haus & Hof", Some(3)));
    let told = |change: &str, to: &str| {
        assert!(LIST.contains(change), "{change}");
        said(&read(LIST.replacen(change, to, 1).as_bytes(), &profile))
    };
    assert!(told("anzahl=\"2\"", "anzahl=\"3\"").contains("soll 3 Dokumente haben, in der Liste sind es 2"));
    assert!(told("<Seiten>5", "<Seiten>6").contains("soll 6 Seiten haben, in der Liste sind es 5"));
    assert!(told("anzahl=\"2\"", "").contains("„Lieferung/@anzahl“ fehlt"));
    assert!(
        told("<Seiten>3</Seiten>", "<Seiten>3</Seiten><Seiten>4</Seiten>")
            .contains("Zeile 5: „Seiten“ gibt es hier 2-mal")
    );
    assert!(
        told("<Seiten>3</Seiten>", "<Seiten><x/></Seiten>")
            .contains("hat keinen Text, sondern weitere Elemente")
    );
    assert!(told("<Datei name=\"b.tif\"/>", "<Datei/>").contains("Zeile 5: der Pfad „“"));
    assert!(told("</Akte>", "").contains("kein gültiges XML"));
    assert!(said(&read(b"<x/>", &profile)).contains("kein Element „Lieferung/Akte/Beleg“"));
}

#[test]
fn xml_from_outside_names_no_entities_fetches_nothing_and_nests_no_deeper_than_it_may() {
    let profile = profile(XML);
    let bomb = "<!DOCTYPE l [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><Lieferung>&b;</Lieferung>";
    assert!(said(&read(bomb.as_bytes(), &profile)).contains("Dokumenttyp (DTD)"));
    let outside = "<!DOCTYPE l SYSTEM \"http://127.0.0.1/x.dtd\"><Lieferung/>";
    assert!(said(&read(outside.as_bytes(), &profile)).contains("Dokumenttyp (DTD)"));
    assert!(said(&read("<a>".repeat(1_000_000).as_bytes(), &profile)).contains("mehr als 60 tief"));
    // Many documents under one element, each asking what stands beside them.
    let beleg = "<Beleg><Datei name=\"a\"/><Seiten>1</Seiten></Beleg>".repeat(20_000);
    let begun = std::time::Instant::now();
    let many = format!("<Lieferung><Akte az=\"1\">{beleg}<Betreff>x</Betreff></Akte></Lieferung>");
    assert_eq!(read(many.as_bytes(), &profile).row_count, 20_000);
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

#[test]
fn a_profile_that_means_nothing_is_refused_with_line_and_way_out() {
    let told = |change: &str, to: &str| {
        assert!(CSV.contains(change), "{change}");
        mistakes(&CSV.replacen(change, to, 1))
    };
    for (change, to, expected) in [
        ("format = 1", "format = 2", "Zeile 2: Format 2 ist unbekannt; dieses Programm liest Format 1"),
        (
            "checksum = \"md5\"",
            "checksum = \"crc\"",
            "Zeile 7: `checksum` kann nicht \"crc\" sein; möglich: \"md5\", \"sha1\"",
        ),
        ("windows-1252", "latin1", "Zeile 3: `encoding` kann nicht \"latin1\" sein; möglich: \"utf-8\""),
        ("separator = \"|\"", "separator = \"xx\"", "Zeile 4: `separator` kann nicht"),
        (
            "TT.MM.JJJJ",
            "DD.MM.YY",
            "Zeile 5: „DD.MM.YY“ sagt nicht, wie ein Tag geschrieben ist; nehmen Sie TT",
        ),
        ("feld:antragsdatum", "antragsdatum", "Zeile 6: „antragsdatum“ ist kein Feld"),
        ("\"scans\"", "\"../scans\"", "Zeile 10: „../scans“ liegt nicht unter"),
        ("\"*.md5\"", "\"*.m*5\"", "Zeile 12: „*.m*5“ nennt keine Datei"),
        ("titel = ", "betreff = ", "die Spalte „betreff“ kennen wir nicht; es gibt: path, aktenzeichen"),
        ("titel = \"Betreff\"", "titel = \"AZ\"", "stehen in derselben Spalte"),
        ("titel = \"Betreff\"", "titel = 3", "3 ist keine Stelle in der Liste"),
        ("klasse = ", "titel = ", "„titel“ steht unter columns und unter fixed"),
        ("klasse = \"63.10.01\"", "vorgang = \"x\"", "es ist nicht gesagt, wo klasse steht"),
        ("pruefsumme = \"MD5\"", "", "keine Spalte hat Prüfsummen"),
        ("[values.schutzbereich]", "[values.register]", "`values` nennt „register“"),
        ("ignore = ", "ignorieren = ", "unbekanntes Feld `ignorieren`"),
        ("ignore = ", "document = \"a/b\"\nignore = ", "`document` gibt es nur bei kind = \"xml\""),
    ] {
        let said = told(change, to);
        assert!(said.contains(expected), "{change} -> {to}: {said}");
    }
    let xml = |change: &str, to: &str| mistakes(&XML.replacen(change, to, 1));
    assert!(xml("document = \"Lieferung/Akte/Beleg\"", "").contains("`document` fehlt"));
    assert!(xml("Lieferung/Akte/Beleg", "//Beleg").contains("Zeile 4: „//Beleg“ nennt kein Element"));
    assert!(xml("Datei/@name", "Datei[1]").contains("Zeile 7: \"Datei[1]\" ist keine Stelle in der Liste"));
    assert!(
        xml("format = 1", "format = 1\nheader = true").contains("`header` gibt es nur bei kind = \"csv\"")
    );
    assert!(xml("Lieferung/@anzahl", "../x").contains("ist kein Weg vom obersten Element an"));
    assert!(mistakes("format = 1\n[fixed]\nklasse = \"1\"\n").contains("nur mit `columns`"));
    assert!(mistakes("format = 1\nheader = false\n").contains("`columns` fehlt"));
}

#[test]
fn no_text_makes_the_readers_panic() {
    for whole in [CSV, XML] {
        for at in whole.char_indices().map(|(at, _)| at) {
            let _ = Profile::read(&whole[..at]);
            let (before, after) = whole.split_at(at);
            let _ = Profile::read(&format!("{before}\"ä{after}"));
        }
    }
    let profile = profile(XML);
    for at in LIST.char_indices().map(|(at, _)| at) {
        let _ = read(&LIST.as_bytes()[..at], &profile);
        let (before, after) = LIST.split_at(at);
        let _ = read(format!("{before}<ä{after}").as_bytes(), &profile);
        let _ = read(format!("{before}<ä{after}").as_bytes(), &Profile::default());
    }
}

#[test]
fn the_schema_for_editors_and_the_specification_say_what_the_reader_takes() {
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../../schema/batch-profile.schema.json")).unwrap();
    let specification = include_str!("../../../schema/formats/batch-profile.md");
    let keys = schema["properties"].as_object().unwrap();
    for key in keys.keys() {
        assert!(specification.contains(&format!("| `{key}` |")), "batch-profile.md lacks `{key}`");
        let said = mistakes(&format!("{key} = {{ x = [[7]] }}\n"));
        assert!(!said.contains(&format!("unbekanntes Feld `{key}`")), "{key}: {said}");
    }
    let known = mistakes("format = 1\nnirgends = 1\n");
    let named = known.split("es gibt: ").nth(1).unwrap().split(';').next().unwrap().split(", ");
    assert!(named.map(|key| assert!(keys.contains_key(key), "{key}")).count() > 10);
    let pattern = schema["definitions"]["column"]["pattern"].as_str().unwrap();
    let columns: Vec<_> = pattern.trim_start_matches("^(").trim_end_matches(")$").split('|').collect();
    let ours: Vec<_> = REQUIRED.into_iter().chain(OPTIONAL).chain(["feld:.+"]).collect();
    assert_eq!(columns, ours);
    let example = specification.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    assert!(Profile::read(example).is_ok());
}
