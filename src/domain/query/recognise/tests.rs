//! What is recognised, as what, and what is not.

use super::super::{parse, parts, parts_in};
use super::*;

/// What is recognised, in one line: `A street|from-to+letter`, `F district|section|number`, `Z reference`.
fn seen(typed: &str) -> Vec<String> {
    seen_in(typed, &Streets::default())
}

pub(super) fn seen_in(typed: &str, streets: &Streets) -> Vec<String> {
    let sought = parts_in(typed, streets).unwrap_or_default().into_iter().filter_map(|part| part.sought);
    sought.map(|sought| show(&sought)).collect()
}

fn show(sought: &Sought) -> String {
    match sought {
        Sought::Address(Address { street, numbers: HouseNumbers { first, last, letters } }) => {
            let letters = match letters {
                Some((from, to)) if from == to => from.to_string(),
                Some((from, to)) => format!("{from}-{to}"),
                None => String::new(),
            };
            format!("A {street}|{first}-{last}{letters}")
        }
        Sought::Parcel(Parcel { district, section, number }) => {
            let or_none = |text: &Option<String>| text.clone().unwrap_or_default();
            format!("F {}|{}|{number}", or_none(district), or_none(section))
        }
        Sought::Reference(reference) => format!("Z {reference}"),
    }
}

#[test]
fn addresses_parcels_and_reference_numbers_are_recognised_as_people_type_them() {
    for (typed, expected) in [
        ("Bahnhofstr. 12a", &["A Bahnhofstr.|12-12a"][..]),
        ("Bahnhofstraße 12 a", &["A Bahnhofstraße|12-12a"]),
        ("bahnhofstrasse 12A, Garage", &["A bahnhofstrasse|12-12a"]),
        ("Garage in der Bahnhofstr. 12", &["A Bahnhofstr.|12-12"]),
        ("Robert-Koch-Straße 5", &["A Robert-Koch-Straße|5-5"]),
        ("Berliner Straße 5", &["A Berliner Straße|5-5"]),
        ("Bahnhofstr. Nr. 7", &["A Bahnhofstr.|7-7"]),
        ("Karlstraße 10-14", &["A Karlstraße|10-14"]),
        ("Karlstraße 10–14 Anbau", &["A Karlstraße|10-14"]),
        ("Karlstraße 12/14", &["A Karlstraße|12-14"]),
        ("Am Alten Markt 3", &["A Am Alten Markt|3-3"]),
        ("In der Gasse 7", &["A In der Gasse|7-7"]),
        ("Am Ziegelofen 2", &["A Am Ziegelofen|2-2"]),
        ("Hinter den Höfen 4b", &["A Hinter den Höfen|4-4b"]),
        ("Alter Markt 3", &["A Alter Markt|3-3"]),
        ("Garage Markt 3", &["A Markt|3-3"]),
        ("Straße des 17. Juni 135", &["A Straße des 17. Juni|135-135"]),
        ("Platz der Republik 1", &["A Platz der Republik|1-1"]),
        ("Parkallee 8 02091-C-71", &["A Parkallee|8-8", "Z 02091-C-71"]),
        ("Bahnhofstr. 12.", &["A Bahnhofstr.|12-12"]),
        ("Gemarkung Musterdorf Flur 4 Flurstück 118/2", &["F Musterdorf|4|118/2"]),
        ("Gemarkung Bad Musterdorf, Flur 4, Flurstück 118", &["F Bad Musterdorf|4|118"]),
        ("Flur 4 Nr. 118/2", &["F |4|118/2"]),
        ("Musterdorf 4-118/2", &["F Musterdorf|4|118/2"]),
        ("Gemarkung Musterdorf 4-118/2", &["F Musterdorf|4|118/2"]),
        ("Fl. 4, Flst. 118/2", &["F |4|118/2"]),
        ("Flur 4, 118/2 Garage", &["F |4|118/2"]),
        ("Flst.-Nr. 118/2", &["F ||118/2"]),
        ("Fl.Nr. 118/2", &["F ||118/2"]),
        ("Parzelle 118/2", &["F ||118/2"]),
        ("02091-C-71", &["Z 02091-C-71"]),
        ("02091/C/71,", &["Z 02091/C/71"]),
        ("63.10/1958/12", &["Z 63.10/1958/12"]),
        ("63.10.01-1042", &["Z 63.10.01-1042"]),
    ] {
        assert_eq!(seen(typed), expected, "{typed}");
    }
}

#[test]
fn what_only_looks_like_it_is_left_as_it_was_typed() {
    for typed in [
        "12.3.1958",
        "12/3/1958",
        "1958-03-12",
        "12.03.58",
        "1.3.1958-5.4.1960",
        "Bahnhofstr. 12.3.1958",
        "Bahnhofstr. 12. März 1958",
        "Bahnhofstr. 12 März 1958",
        "Bahnhofstr. 12 3 1958",
        "Ring 3 Mai 58",
        "Flur 4 Flurstück 12/3 1958",
        "im Jahr 1958",
        "in der Anlage 3",
        "am 12.3.1958",
        "am 12",
        "Bahnhofstraße",
        "Bahnhofstraße 1958",
        "Straße 5",
        "Stellplatz 12",
        "Hering 12",
        "Garage 12a",
        "Am W12 3",
        "Zur – 3",
        "118/2",
        "Flur 4",
        "Flurstück 77",
        "4 K 112/24",
        "z.d.A.",
        "1.250.000",
        "scan_12_03.pdf",
        "Müller-Lüdenscheidt-Weg",
        "Seite 10-14",
        "Karlstraße 14-10",
        "\"Bahnhofstr. 12a\"",
        "straße:Bahnhofstr. 12a",
        "Bahnhofstr. -12a",
        "-02091-C-71",
        "=Bahnhofstr. =12a",
        "=02091-C-71",
        "Bahnhofstr. ODER 12a",
        "(Bahnhofstr. 12a)",
    ] {
        assert_eq!(seen(typed), [""; 0], "{typed}");
        let tree = format!("{:?}", parse(typed).unwrap());
        assert!(!tree.contains("Recognised"), "{typed}: {tree}");
    }
}

#[test]
fn a_part_can_be_asked_for_as_nothing_but_words() {
    for typed in ["Am Alten Markt 3", "Flur 4 UND Nr. 118/2", "02091-C-71", "63 / 123 / 1974", "Ring 12 - 16"]
    {
        let words = parts(typed).unwrap()[0].only_words();
        assert_eq!(seen(&words), [""; 0], "{words}");
    }
    assert_eq!(parts("Am Markt UND 3").unwrap()[0].only_words(), "=Am =Markt =3");
    assert_eq!(parts("63 / 123 / 1974").unwrap()[0].only_words(), "=63 =123 =1974");
}

#[test]
fn what_might_be_a_date_is_one_and_what_no_calendar_has_is_none() {
    for text in [
        "12.3.1958",
        "12 3 1958",
        "1958-03-12",
        "31.12.2099",
        "1/1/1500",
        "12.3.58",
        "1.2.99",
        "12. März 58",
        "3März1958",
        "März 1958",
        "mrz 1500",
        "Dezember 2099",
        "jän 1960",
        "Ja\u{308}nner 1960",
        "MAI 1958",
        "0.0.00",
    ] {
        assert!(date::may_be(text), "{text}");
    }
    for text in [
        "",
        "12",
        "1958",
        "12.3",
        "März",
        "März 58",
        "März 1499",
        "Garage 1958",
        "32.1.1958",
        "1.13.1958",
        "1.3.1499",
        "1.3.2100",
        "1.3.195",
        "001.3.1958",
        "1.003.1958",
        "1.3.1958.4",
        "1958-13-01",
        "1958-12-32",
        "1499-03-12",
        "1958-Mai-12",
        "12.Garage.1958",
        "Mai.3.1958",
        "1.3.x",
        "x.3.1958",
        "Marktplätze 1958",
        "Mai 19588",
        "58-3-12",
    ] {
        assert!(!date::may_be(text), "{text}");
    }
}

/// Words and signs, as a query has them.
fn typed(text: &str) -> Vec<Seen<'_>> {
    let is_word = |text: &str| text.contains(char::is_alphanumeric);
    text.split(' ').map(|text| if is_word(text) { Seen::Word(text) } else { Seen::Sign(text) }).collect()
}

#[test]
fn one_sign_with_blanks_round_it_joins_what_numbers_are_made_of() {
    for (text, expected) in [
        ("63 / 123 / 1974", "63/123/1974"),
        ("12 - 16 x", "12-16 x"),
        ("12- 16", "12-16"),
        ("12 -16", "12-16"),
        ("12- -16", "12- -16"),
        ("12 - -16", "12 -16"),
        ("12- - 16", "12- 16"),
        ("12, - 16", "12, 16"),
        ("12 - 16, - 18", "12-16, 18"),
        ("12 16", "12 16"),
        ("12 // 16", "12 16"),
        ("12 & 16", "12 16"),
        ("12 – a", "12–a"),
        ("a + b", "a+b"),
        ("ab - 12", "ab 12"),
        ("12 - ab", "12 ab"),
        ("ABCD - 12", "ABCD-12"),
        ("ABCDE - 12", "ABCDE 12"),
        ("Garage - 12", "Garage 12"),
        ("12a - Garage", "12a Garage"),
        ("4- - x", "4- x"),
    ] {
        assert_eq!(joined(&typed(text)).words().join(" "), expected, "{text}");
    }
    let run = typed("12 - 16 x");
    let (together, single) = (joined(&run), apart(&run));
    assert_eq!([0, 1, 2, 3].map(|length| together.end_of(length)), [0, 3, 4, 0]);
    assert_eq!(together.first(), Some(("12-16", true)));
    assert_eq!(single.words(), ["12", "16", "x"]);
    assert_eq!([0, 1, 2, 3].map(|length| single.end_of(length)), [0, 1, 3, 4]);
    assert_eq!(single.first(), Some(("12", false)));
}

#[test]
fn what_is_recognised_ends_where_it_ends() {
    for (text, expected) in [
        ("Karlstraße 12 bis 14 b Anbau", &["Karlstraße 12 bis 14 b", "Anbau"][..]),
        ("Karlstraße 12 bis 14 bb", &["Karlstraße 12 bis 14", "bb"]),
        ("Karlstraße 12 bis 14, b", &["Karlstraße 12 bis 14,", "b"]),
        ("Karlstraße 12 bis 14b c", &["Karlstraße 12 bis 14b", "c"]),
        ("Karlstraße 12 a Anbau", &["Karlstraße 12 a", "Anbau"]),
        ("Karlstraße 12 a, bis 14", &["Karlstraße 12 a,", "bis", "14"]),
        ("Karlstraße Nr. 12 Anbau", &["Karlstraße Nr. 12", "Anbau"]),
        ("Karlstraße 12 bis 14. März", &["Karlstraße 12", "bis", "14.", "März"]),
        ("Am Markt 3 xy", &["Am Markt 3", "xy"]),
        ("Flur 4 Nr. 118 Garage", &["Flur 4 Nr. 118", "Garage"]),
        ("Flur 4 Flst. Nr. 118/2 Garage", &["Flur 4 Flst. Nr. 118/2", "Garage"]),
        ("Gemarkung Bad Dorf 4-118/2 Garage", &["Gemarkung Bad Dorf 4-118/2", "Garage"]),
        ("Dorf 4-118/2 Garage", &["Dorf 4-118/2", "Garage"]),
        ("Az. 4 K 112/24 Garage", &["Az. 4 K 112/24", "Garage"]),
        ("Az.:63/12 Garage", &["Az.:63/12", "Garage"]),
        ("Az. 4711 B Müller", &["Az. 4711", "B", "Müller"]),
        ("63 / 123 / 1974 Garage", &["63 / 123 / 1974", "Garage"]),
    ] {
        let parts = parts(text).unwrap();
        assert_eq!(parts.iter().map(|part| part.typed).collect::<Vec<_>>(), expected, "{text}");
    }
}
