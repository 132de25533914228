//! Spellings as people of a town hall type them, and what each is recognised as: a table, so that whoever meets
//! another one adds a row.

use proptest::prelude::*;

use super::super::{Node, parse_in, parts_in};
use super::tests::seen_in;
use super::*;
use crate::domain::streets::Renaming;

/// Streets without what streets are usually called; `Kamp` was once `Schinderkuhle`.
fn streets() -> Streets {
    let named = ["Am Markt", "Im Winkel", "Unter den Linden", "Rosenhag", "Weg 3", "Bahnhofstraße"];
    let renamed = Renaming { old: "Schinderkuhle".into(), new: "Kamp".into(), from: Some(1936) };
    Streets::of(named.map(str::to_owned).to_vec(), vec![renamed]).unwrap()
}

/// What is typed, and what it is: `A street|from-to+letters`, `F district|section|number`, `Z reference`; nothing
/// where it is only words.
const SPELLINGS: &[(&str, &str)] = &[
    // Streets of the register, whatever they end in.
    ("Kamp 3", "A Kamp|3-3"),
    ("KAMP 3a", "A KAMP|3-3a"),
    ("Schinderkuhle 3", "A Schinderkuhle|3-3"),
    ("Garage Rosenhag 2", "A Rosenhag|2-2"),
    ("Rosenhag, 2", "A Rosenhag|2-2"),
    ("Rosenhag Nr. 2", "A Rosenhag|2-2"),
    ("Rosenhag Hausnummer 2", "A Rosenhag|2-2"),
    ("Am Markt 5", "A Am Markt|5-5"),
    ("am markt 5", "A am markt|5-5"),
    ("Im Winkel 7", "A Im Winkel|7-7"),
    ("Unter den Linden 12", "A Unter den Linden|12-12"),
    ("Unter-den-Linden 12", "A Unter-den-Linden|12-12"),
    ("Weg 3 12", "A Weg 3|12-12"),
    ("Bahnhofstr. 12a", "A Bahnhofstr.|12-12a"),
    ("Bahnhofstraße 12 a", "A Bahnhofstraße|12-12a"),
    ("Müller Kamp 3 Garage", "A Kamp|3-3"),
    // Several house numbers.
    ("Karlstraße 12-16", "A Karlstraße|12-16"),
    ("Karlstraße 12–16", "A Karlstraße|12-16"),
    ("Karlstraße 12 - 16", "A Karlstraße|12-16"),
    ("Karlstraße 12 – 16 Anbau", "A Karlstraße|12-16"),
    ("Karlstraße 12- 16", "A Karlstraße|12-16"),
    ("Karlstraße 12 –16", "A Karlstraße|12-16"),
    ("Karlstraße 12 bis 16", "A Karlstraße|12-16"),
    ("Karlstraße 12 BIS 16 b Anbau", "A Karlstraße|12-16"),
    ("Karlstraße 12a bis 16", "A Karlstraße|12-16"),
    ("Karlstraße 12 / 14", "A Karlstraße|12-14"),
    ("Karlstraße 12 + 14", "A Karlstraße|12-14"),
    ("Karlstraße 10/12/14", "A Karlstraße|10-14"),
    ("Karlstraße 12a-14b", "A Karlstraße|12-14"),
    ("Karlstraße 12a-c", "A Karlstraße|12-12a-c"),
    ("Karlstraße 12 a-c", "A Karlstraße|12-12a-c"),
    ("Karlstraße 12 a - c", "A Karlstraße|12-12a-c"),
    ("Karlstraße 12a bis c", "A Karlstraße|12-12a-c"),
    ("Karlstraße 12 a bis c Anbau", "A Karlstraße|12-12a-c"),
    ("Karlstraße 12a/b", "A Karlstraße|12-12a-b"),
    ("Karlstraße 12-a", "A Karlstraße|12-12"),
    ("Karlstraße 12 a - 14 b", "A Karlstraße|12-14"),
    ("Karlstraße 12 bis 1974", "A Karlstraße|12-12"),
    ("Karlstraße 12 bis 10", "A Karlstraße|12-12"),
    ("Karlstraße 12 - Garage", "A Karlstraße|12-12"),
    ("Karlstraße 12 - EG", "A Karlstraße|12-12"),
    ("Karlstraße 12 – 3. Änderung", "A Karlstraße|12-12"),
    // Parcels.
    ("Flur 4 Flurstück 118 / 2", "F |4|118/2"),
    ("Flurstück 118 /2", "F ||118/2"),
    ("Gemarkung Kesterbrück, Flur 4, Flst. 118 / 2", "F Kesterbrück|4|118/2"),
    ("Flur 4 - 118/2", "F |4|118/2"),
    // Reference numbers with blanks, and with what says that they are some.
    ("63 / 123 / 1974", "Z 63/123/1974"),
    ("63/ 123/ 1974", "Z 63/123/1974"),
    ("63 /123 /1974, Garage", "Z 63/123/1974"),
    ("63 – 123 – 1974", "Z 63–123–1974"),
    ("02091 - C - 71", "Z 02091-C-71"),
    ("Garage 63.10 / 1958 / 12", "Z 63.10/1958/12"),
    ("Az. 63 - 123 - 74", "Z 63-123-74"),
    ("Az. 63-12-74", "Z 63-12-74"),
    ("Az. 00123 / 58", "Z 00123/58"),
    ("AZ 00123/58", "Z 00123/58"),
    ("Az.: 00123/58 Müller", "Z 00123/58"),
    ("Az.:00123/58", "Z 00123/58"),
    ("Az.63/12", "Z 63/12"),
    ("Aktenzeichen 63 123 74", "Z 63-123-74"),
    ("Az. 4 K 112/24", "Z 4-K-112/24"),
    ("Az. 02091 C 71 Garage", "Z 02091-C-71"),
    ("Az. 4711", "Z 4711"),
    ("Az. 4711 B Müller", "Z 4711"),
    ("Aktenzeichen 4-118/2", "Z 4-118/2"),
    ("Az. 12/14", "Z 12/14"),
    ("Az. 00123/58 Kamp 3", "Z 00123/58; A Kamp|3-3"),
    ("Kamp 3 63 / 123 / 1974", "A Kamp|3-3; Z 63/123/1974"),
    // House numbers there are, and none there are not.
    ("Karlstraße 999", "A Karlstraße|999-999"),
    ("Karlstraße 0", ""),
    ("Karlstraße 1234", ""),
    ("Karlstraße 1-101", "A Karlstraße|1-101"),
    ("Karlstraße 1-102", ""),
    ("Karlstraße 12ab", ""),
    ("Karlstraße 12 ab", "A Karlstraße|12-12"),
    ("Karlstraße 12-12a", "A Karlstraße|12-12"),
    ("Karlstraße 12a-a", ""),
    ("Karlstraße 12c-a", ""),
    ("Karlstraße 12a-14", "A Karlstraße|12-14"),
    ("Karlstraße 12, 14", "A Karlstraße|12-12"),
    ("Karlstraße 12, a", "A Karlstraße|12-12"),
    ("Karlstraße 12. 14", ""),
    ("Karlstraße 12 bis 14.", "A Karlstraße|12-14"),
    ("Karlstraße 12 bis 14. März", "A Karlstraße|12-12"),
    ("Karlstraße 12 bis", "A Karlstraße|12-12"),
    ("Karlstraße 12 bis 13-14", "A Karlstraße|12-12"),
    ("Karlstraße a", ""),
    ("Karlstraße Nummer", ""),
    // What streets are called.
    ("Platz 3", ""),
    ("Ring 3", "A Ring|3-3"),
    ("Alter Ring 3", "A Alter Ring|3-3"),
    ("Berliner Ring 3", "A Berliner Ring|3-3"),
    ("Garage Ring 3", "A Ring|3-3"),
    ("Haus Weg 3", ""),
    ("Müller Weg 3", "A Müller Weg|3-3"),
    ("Weg Straße 3", ""),
    ("Weg der Rosen 3", "A Weg der Rosen|3-3"),
    ("Weg der Anlage 3", ""),
    ("Platz der alten Stadt Werne 3", "A Platz der alten Stadt Werne|3-3"),
    ("Platz der guten alten Stadt Werne 3", ""),
    ("Straße des 123. Juni 5", ""),
    ("An der Kirche 3", "A An der Kirche|3-3"),
    ("An Kirche 3", ""),
    ("Am Bahnhof Nord Ost 3", "A Am Bahnhof Nord Ost|3-3"),
    ("Am Bahnhof Nord Ost West 3", ""),
    ("Am Seite 3", ""),
    ("In der Bahnhofstraße 3", "A Bahnhofstraße|3-3"),
    ("Abweg 3", ""),
    ("Abcweg 3", "A Abcweg|3-3"),
    ("X-weg 3", ""),
    ("Stellplatz-weg 3", "A Stellplatz-weg|3-3"),
    ("12weg 3", ""),
    // Parcels, and what lacks something of one.
    ("Flur 4 118", "F |4|118"),
    ("Flur 4 1180", ""),
    ("Flur 4 Nr. 1180", "F |4|1180"),
    ("Flur 4 Flurstück 1180", "F |4|1180"),
    ("Flur 4 Flurstück Nr. 118", "F |4|118"),
    ("Flur 4, Nr. 118, Garage", "F |4|118"),
    ("Flur 1234 Nr. 5", ""),
    ("Flur x Nr. 5", ""),
    ("Flur 4 Nr. 123456", ""),
    ("Flur 4 Nr. 12345", "F |4|12345"),
    ("Flurstück 118/2345", "F ||118/2345"),
    ("Flurstück 118/23456", ""),
    ("Flurstück Nr. 118/2", "F ||118/2"),
    ("Nr. 118/2", ""),
    ("Gemarkung Musterdorf", ""),
    ("Gemarkung Musterdorf 118/2", "F Musterdorf||118/2"),
    ("Gemarkung Musterdorf 118", ""),
    ("Gemarkung Musterdorf Flurstück 118", ""),
    ("Gem. Dorf Fl. 4 Flst. 1", "F Dorf|4|1"),
    ("Gemarkung 4-118/2", "Z 4-118/2"),
    ("Gemarkung Bad Kleinen Nord West 4-118/2", "F West|4|118/2"),
    ("Musterdorf 4–118/2", "F Musterdorf|4|118/2"),
    ("Musterdorf 4-118", ""),
    ("Musterdorf 1234-118/2", "Z 1234-118/2"),
    ("Xy 4-118/2", "Z 4-118/2"),
    ("Xyz 4-118/2", "F Xyz|4|118/2"),
    ("Bahnhofstraße 4-118/2", "Z 4-118/2"),
    ("Flur 4-118/2", "Z 4-118/2"),
    ("Flurstück 4-118/2", "Z 4-118/2"),
    ("Gemarkung Dorf Flur", ""),
    // Reference numbers: behind their name a number is enough, without it three groups.
    ("Az. 123", "Z 123"),
    ("Az. AB", ""),
    ("Az. 63-AB", "Z 63-AB"),
    ("Az. scan-1.pdf", ""),
    ("Az. 63.AB", ""),
    ("Az. 63--12", ""),
    ("Az. 1234567890-1", "Z 1234567890-1"),
    ("Az. 12345678901-1", ""),
    ("Az. ABCD-1", "Z ABCD-1"),
    ("Az. ABCDE-1", ""),
    ("Az. AB-CD", ""),
    ("Az. A B 12", "Z A-B-12"),
    ("Az. abc 12", ""),
    ("Az. ABC 12", ""),
    ("Az. 1 2 3 4 5 6 7", "Z 1-2-3-4-5-6"),
    ("Az. 12 34, 56", "Z 12-34"),
    ("Az. 12 scan.pdf", ""),
    ("Az. 123 ab-cd", "Z 123"),
    ("Az. 123 1--2", "Z 123"),
    ("Az. 12 a.1", "Z 12-a.1"),
    ("Az. 12 a.1 56", "Z 12-a.1"),
    ("az 63 A", ""),
    ("Gz. 4711", "Z 4711"),
    ("gz.:63/12", "Z 63/12"),
    ("Azx 4711", ""),
    ("Az.: 4711", "Z 4711"),
    ("Az.:", ""),
    ("63-12", ""),
    ("a-b-1", ""),
    ("63-12-ABCDE", ""),
    ("63--12-5", ""),
    ("1-2-3.pdf", ""),
    ("1.250.00", "Z 1.250.00"),
    ("1250.250.000", "Z 1250.250.000"),
    ("1-250-000", "Z 1-250-000"),
    ("12.3.1958-5.4", "Z 12.3.1958-5.4"),
    ("12.3.1958-5.4.19600", "Z 12.3.1958-5.4.19600"),
    ("63 / 12 / 74", ""),
    ("1950 - 1955 - 3960", "Z 1950-1955-3960"),
    ("123 / 12 / 3 / 1958", ""),
    ("A / B / 123 / 4", "Z A/B/123/4"),
    // Nothing but words.
    ("Garage Müller 1974", ""),
    ("1974 Müller Garage", ""),
    ("Müller, Hans-Peter Garage", ""),
    ("Kamp", ""),
    ("Kamp 1974", ""),
    ("Kamp 3. Mai 1958", ""),
    ("Kamp 3 Mai 1958", ""),
    ("-Kamp 3", ""),
    ("=Kamp =3", ""),
    ("Kamp ODER 3", ""),
    ("Holzweg", ""),
    ("Stadtmauer 1", ""),
    ("12 / 14", ""),
    ("12 - 14", ""),
    ("12 - 14 - 16", ""),
    ("1950 - 1955 - 1960", ""),
    ("12 / 3 / 1958", ""),
    ("12 - 3 - 58", ""),
    ("12.3.1958 - 5.4.1960", ""),
    ("12.3.58 - 1960", ""),
    ("Karlstraße 12 / 3 / 1958", ""),
    ("Karlstraße 12 bis 16 März 1958", ""),
    ("Seite 10 - 14", ""),
    ("Müller - Garage - 1974", ""),
    ("3 Maiweg 12", ""),
    ("Garage Maiweg 12", "A Maiweg|12-12"),
    ("Platz des 8. Mai 45", "A Platz des 8. Mai|45-45"),
    ("Az.", ""),
    ("Az. Müller", ""),
    ("Az. 63", ""),
    ("az:63-123-74", ""),
    ("Anlage 1 / 2 / 3", ""),
    ("4 K 112 / 24", ""),
    ("1 . 250 . 000", ""),
    ("63 NICHT / 123 / 1974", ""),
];

#[test]
fn every_spelling_is_recognised_as_what_it_is_and_as_nothing_else() {
    let streets = streets();
    let told = |typed: &str| seen_in(typed, &streets).join("; ");
    let wrong = SPELLINGS.iter().filter(|(typed, expected)| told(typed) != *expected);
    let wrong: Vec<_> = wrong.map(|(typed, expected)| (typed, expected, told(typed))).collect();
    assert_eq!(wrong, [], "typed, expected, found");
}

#[test]
fn without_a_register_only_what_looks_like_a_street_is_one() {
    let none = Streets::default();
    for typed in ["Kamp 3", "Rosenhag 2", "Schinderkuhle 3"] {
        assert_eq!(seen_in(typed, &none), [""; 0], "{typed}");
    }
    assert_eq!(seen_in("Unter den Linden 12", &none), ["A Unter den Linden|12-12"]);
}

#[test]
fn words_that_stand_for_a_sign_need_not_be_in_a_text() {
    let also = |typed| match parse_in(typed, &streets()).unwrap().root() {
        Node::Recognised(found) => found.also.clone(),
        other => panic!("{other:?}"),
    };
    let content = |text| [Node::Text(Place::Content, text)];
    assert_eq!(also("Az. 00123 / 58"), content(Text::Word("00123/58".into())));
    assert_eq!(also("Kamp 12 bis 16"), content(Text::Phrase("Kamp 12-16".into())));
    assert_eq!(also("Kamp 12"), []);
    assert_eq!(also("Kamp 12a bis c"), [], "one number, whatever its letters");
    assert_eq!(also("Az. 4711"), []);
}

/// Pieces of which people make them.
const PIECES: [&str; 30] = [
    "Kamp",
    "Am",
    "Markt",
    "Karlstraße",
    "Az.",
    "Flur",
    "Flurstück",
    "Garage",
    "bis",
    "Nr.",
    "Mai",
    "UND",
    "NICHT",
    "12",
    "16",
    "12a",
    "a",
    "c",
    "63",
    "123",
    "1974",
    "118/2",
    "00123/58",
    "3.",
    "/",
    "-",
    "–",
    "+",
    "12-",
    "=12",
];

proptest! {
    #[test]
    fn what_is_recognised_is_one_part_of_the_query_and_takes_no_word_from_another(
        pieces in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 1..9)
    ) {
        let (typed, streets) = (pieces.join(" "), streets());
        let Ok(query) = parse_in(&typed, &streets) else { return Ok(()) };
        let parts = parts_in(&typed, &streets).unwrap();
        // The parts say what the whole says, and their words are those of the tree, in order.
        let again = parts.iter().map(|part| part.typed).collect::<Vec<_>>().join(" ");
        prop_assert_eq!(parse_in(&again, &streets), Ok(query.clone()));
        let nodes = match query.root() {
            Node::All(nodes) => nodes.clone(),
            other => vec![other.clone()],
        };
        let sought = parts.iter().filter_map(|part| part.sought.clone()).collect::<Vec<_>>();
        let found = nodes.iter().filter_map(|node| match node {
            Node::Recognised(found) => found.sought.clone(),
            _ => None,
        });
        prop_assert_eq!(found.collect::<Vec<_>>(), sought);
        // And without any recognition they are the same words.
        let words = nodes.iter().flat_map(|node| match node {
            Node::Recognised(found) => found.words.clone(),
            other => vec![other.clone()],
        });
        let bracketed = parse_in(&format!("({typed})"), &streets).unwrap();
        let plain = match bracketed.root() {
            Node::All(nodes) => nodes.clone(),
            other => vec![other.clone()],
        };
        prop_assert_eq!(words.collect::<Vec<_>>(), plain);
    }
}
