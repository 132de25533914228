//! What people type and what it means; mistakes, limits, parts.

use proptest::prelude::*;

use super::*;
use crate::domain::streets::{Renaming, Streets};

/// The tree in one line: `&` all, `|` any, `!` not, `w'…'` word, `p'…'` phrase, `x'…'` prefix, `s'…'` similar,
/// `n8'…'` near.
fn show(node: &Node) -> String {
    let many = |sign: &str, nodes: &[Node]| {
        format!("({})", nodes.iter().map(show).collect::<Vec<_>>().join(&format!(" {sign} ")))
    };
    match node {
        Node::Text(place, text) => {
            let place = match place {
                Place::Content => "",
                Place::Reference => "az:",
                Place::Title => "titel:",
                Place::FileName => "datei:",
                Place::Street => "straße:",
                Place::Parcel => "flurstück:",
            };
            let kind = match text {
                Text::Word(_) => 'w',
                Text::Phrase(_) => 'p',
                Text::Prefix(_) => 'x',
                Text::Similar(_) => 's',
                Text::Near(_, distance) => return format!("{place}n{distance}'{}'", text.as_str()),
            };
            format!("{place}{kind}'{}'", text.as_str())
        }
        Node::Recognised(found) => {
            format!("<{}>", found.words.iter().map(show).collect::<Vec<_>>().join(" & "))
        }
        Node::Class(class) => format!("klasse:{class}"),
        Node::Years(years) => format!("jahr:{years:?}"),
        Node::Trait(Trait::Phase(phase)) => format!("phase:{}", phase.word()),
        Node::Trait(Trait::Kind(kind)) => format!("art:{}", kind.word()),
        Node::Trait(Trait::Type(Some(name))) => format!("aktenart:{name}"),
        Node::Trait(Trait::Type(None)) => "aktenart:ohne".to_owned(),
        Node::Trait(Trait::Register(Some(number))) => format!("register:{number}"),
        Node::Trait(Trait::Register(None)) => "register:ohne".to_owned(),
        Node::Not(inner) => format!("!{}", show(inner)),
        Node::All(nodes) => many("&", nodes),
        Node::Any(nodes) => many("|", nodes),
    }
}

fn read(input: &str) -> String {
    match parse(input) {
        Ok(query) => show(query.root()),
        Err(QueryMistake { at, reason }) => format!("{at}: {reason}"),
    }
}

#[test]
fn what_people_type_is_read_as_they_mean_it() {
    for (typed, tree) in [
        ("Garage", "w'Garage'"),
        ("Garage Anbau", "(w'Garage' & w'Anbau')"),
        ("Garage UND Anbau", "(w'Garage' & w'Anbau')"),
        ("Garage AND Anbau", "(w'Garage' & w'Anbau')"),
        ("a ODER b c", "(w'a' | (w'b' & w'c'))"),
        ("a OR b ODER c", "(w'a' | w'b' | w'c')"),
        ("und oder nicht", "(w'und' & w'oder' & w'nicht')"),
        ("(a ODER b) c", "((w'a' | w'b') & w'c')"),
        ("a -b", "(w'a' & !w'b')"),
        ("a NICHT b", "(w'a' & !w'b')"),
        ("a UND NOT (b c)", "(w'a' & !(w'b' & w'c'))"),
        ("NICHT NICHT a", "!!w'a'"),
        ("-a", "!w'a'"),
        ("--a", "!w'a'"),
        ("-\"a b\"", "!p'a b'"),
        ("\"zum alten Löwen\"", "p'zum alten Löwen'"),
        ("„zum Löwen“ «a» »b«", "(p'zum Löwen' & p'a' & p'b')"),
        ("\"UND\"", "p'UND'"),
        ("genehm*", "x'genehm'"),
        ("02091-C*", "x'02091-C'"),
        ("02091-C-71", "<w'02091-C-71'>"),
        ("=02091-C-71", "w'=02091-C-71'"),
        ("(02091-C-71)", "w'02091-C-71'"),
        ("02091-C-71 ODER x", "(w'02091-C-71' | w'x')"),
        ("-02091-C-71", "!w'02091-C-71'"),
        ("Ring 12 a x", "(<w'Ring' & w'12' & w'a'> & w'x')"),
        ("Ring =12 a", "(w'Ring' & w'=12' & w'a')"),
        ("Ring (12)", "(w'Ring' & w'12')"),
        ("§ 34", "w'34'"),
        ("§34", "w'§34'"),
        ("§ UND 34", "w'34'"),
        ("a - b", "(w'a' & w'b')"),
        ("a & b", "(w'a' & w'b')"),
        ("4 K 112/24", "(w'4' & w'K' & w'112/24')"),
        ("10:30", "w'10:30'"),
        ("Betreff:Garage", "w'Betreff:Garage'"),
        ("az:02091-C-71", "az:w'02091-C-71'"),
        ("AZ:\"4 K 112/24\" Garage", "(az:p'4 K 112/24' & w'Garage')"),
        ("Aktenzeichen:63.10*", "az:x'63.10'"),
        ("titel:Neubau -titel:Garage", "(titel:w'Neubau' & !titel:w'Garage')"),
        ("klasse:63 datei:plan.pdf", "(klasse:63 & datei:w'plan.pdf')"),
        ("Straße(n)", "(w'Straße' & w'n')"),
        ("müler~", "s'müler'"),
        ("titel:müler~", "titel:s'müler'"),
        ("\"Garage Nachbar\"~12", "n12'Garage Nachbar'"),
        ("„Garage Nachbar“~ x", "(n8'Garage Nachbar' & w'x')"),
        ("a ~ b", "(w'a' & w'b')"),
        ("straße:\"Ring 12a\" Str:Ring", "(straße:p'Ring 12a' & straße:w'Ring')"),
        ("flurstück:118/2", "flurstück:w'118/2'"),
        ("jahr:1958 Garage", "(jahr:1958..=1958 & w'Garage')"),
        ("Jahr:1950..1965", "jahr:1950..=1965"),
        ("-jahr:..1920", "!jahr:1000..=1920"),
        ("jahr:1990..", "jahr:1990..=2999"),
        ("Phase:ZdA -art:Scan a", "(phase:geschlossen & !art:scan & w'a')"),
        ("dokumentart:pdf phase:laufend", "(art:pdf & phase:laufend)"),
    ] {
        assert_eq!(read(typed), tree, "{typed}");
    }
}

#[test]
fn a_mistake_says_what_is_wrong_and_points_at_the_place() {
    for (typed, complaint) in [
        ("", "0: Die Suche enthält kein Wort."),
        ("  § – ", "0: Die Suche enthält kein Wort."),
        ("a \"b c", "2: Das schließende Anführungszeichen fehlt."),
        ("ä \"§\"", "3: Zwischen den Anführungszeichen steht kein Wort."),
        ("UND a", "0: Vor „UND“ fehlt ein Wort."),
        ("(ODER a)", "1: Vor „ODER“ fehlt ein Wort."),
        ("a ODER", "2: Hinter „ODER“ fehlt ein Wort."),
        ("a UND ODER b", "2: Hinter „UND“ fehlt ein Wort."),
        ("a NICHT", "2: Hinter „NICHT“ fehlt ein Wort."),
        ("(a", "0: Zu dieser öffnenden Klammer fehlt die schließende."),
        ("(", "0: Zu dieser öffnenden Klammer fehlt die schließende."),
        ("a)", "1: Zu dieser schließenden Klammer fehlt die öffnende."),
        (")", "0: Zu dieser schließenden Klammer fehlt die öffnende."),
        ("a ()", "2: In der Klammer steht nichts."),
        ("a*b", "1: Das Sternchen darf nur am Ende eines Wortes stehen."),
        ("*bau", "0: Das Sternchen darf nur am Ende eines Wortes stehen."),
        ("b*", "0: Vor dem Sternchen müssen mindestens 2 Buchstaben oder Ziffern stehen."),
        ("az: 63", "3: Direkt hinter „az:“ fehlt, wonach gesucht werden soll."),
        ("jahr:58", "5: „58“ ist kein Jahr. Beispiele: jahr:1958, jahr:1950..1965"),
        ("jahr:", "5: „“ ist kein Jahr. Beispiele: jahr:1958, jahr:1950..1965"),
        ("jahr:..", "5: „..“ ist kein Jahr. Beispiele: jahr:1958, jahr:1950..1965"),
        ("jahr:1965..1950", "5: Das erste Jahr liegt nach dem zweiten. Beispiel: jahr:1950..1965"),
        ("bau~", "0: Vor der Tilde muss ein Wort aus mindestens 4 Buchstaben stehen."),
        ("a \"b c\"~51", "2: Zwischen den Wörtern dürfen höchstens 50 andere stehen."),
        ("a \"b c\"~99999999999", "2: Zwischen den Wörtern dürfen höchstens 50 andere stehen."),
        (
            "a phase:offen",
            "8: „offen“ ist keine Phase einer Akte. Möglich sind: laufend, geschlossen, abgegeben.",
        ),
        (
            "art:brief",
            "4: „brief“ ist keine Art von Treffern. Möglich sind: akte, scan, pdf, bild, text, office, mail, sonstiges.",
        ),
        (
            "art: scan",
            "4: „“ ist keine Art von Treffern. Möglich sind: akte, scan, pdf, bild, text, office, mail, sonstiges.",
        ),
        ("klasse:Bau", "7: „Bau“ ist keine Klasse des Aktenplans. Beispiel: klasse:63.10"),
    ] {
        assert_eq!(read(typed), complaint, "{typed}");
    }
}

#[test]
fn each_field_is_known_by_every_name_people_have_for_it() {
    for (names, place) in [
        (&["az", "AZ", "aktenzeichen"][..], "az"),
        (&["titel"], "titel"),
        (&["datei", "Datei"], "datei"),
        (&["straße", "strasse", "STR", "adresse"], "straße"),
        (&["flurstück", "flurstueck", "flur", "gemarkung"], "flurstück"),
    ] {
        for name in names {
            assert_eq!(read(&format!("{name}:plan")), format!("{place}:w'plan'"));
            assert_eq!(read(&format!("{name}:„alter Plan“ x")), format!("({place}:p'alter Plan' & w'x')"));
        }
    }
    for (typed, tree) in [
        ("Klasse:63.10.", "klasse:63.10"),
        ("klasse:\"63\"", "klasse:63"),
        ("phase:z.d.A. phase:zda phase:Z.D.A", "(phase:geschlossen & phase:geschlossen & phase:geschlossen)"),
        ("aktenart:Bauakte", "aktenart:bauakte"),
        ("aktenart:ohne", "aktenart:ohne"),
        ("register:3", "register:3"),
        ("Register:IV-A", "register:iv-a"),
        ("register:ohne", "register:ohne"),
        ("jahr:1000..2999", "jahr:1000..=2999"),
        ("jahr:1958..1958", "jahr:1958..=1958"),
    ] {
        assert_eq!(read(typed), tree, "{typed}");
    }
    for (typed, complaint) in [
        ("x register:§", "11: „§“ ist keine Nummer eines Registers. Beispiel: register:3"),
        ("x aktenart:Bau-akte", "11: „Bau-akte“ ist kein Name einer Aktenart. Beispiel: aktenart:bauakte"),
        ("jahr:0999", "5: „0999“ ist kein Jahr. Beispiele: jahr:1958, jahr:1950..1965"),
        ("jahr:01958", "5: „01958“ ist kein Jahr. Beispiele: jahr:1958, jahr:1950..1965"),
        ("jahr:1950..x", "5: „1950..x“ ist kein Jahr. Beispiele: jahr:1958, jahr:1950..1965"),
        ("ä titel: x", "9: Direkt hinter „titel:“ fehlt, wonach gesucht werden soll."),
        ("az:§", "3: Direkt hinter „az:“ fehlt, wonach gesucht werden soll."),
        ("titel:a*b", "7: Das Sternchen darf nur am Ende eines Wortes stehen."),
        ("klasse:", "7: Direkt hinter „klasse:“ fehlt, wonach gesucht werden soll."),
    ] {
        assert_eq!(read(typed), complaint, "{typed}");
    }
}

#[test]
fn signs_mean_what_they_mean_where_they_stand() {
    for (typed, tree) in [
        ("”a b”", "p'a b'"),
        ("“a b”", "p'a b'"),
        ("„a b\" c", "(p'a b' & w'c')"),
        ("«a b» »c d«", "(p'a b' & p'c d')"),
        ("-(a b) -„c d“", "(!(w'a' & w'b') & !p'c d')"),
        ("---a b", "(!w'a' & w'b')"),
        ("a -- b", "(w'a' & w'b')"),
        ("a-b", "w'a-b'"),
        ("a\u{7}b\tc", "(w'a' & w'b' & w'c')"),
        ("bau**", "x'bau'"),
        ("§a* §§1*", "0: Vor dem Sternchen müssen mindestens 2 Buchstaben oder Ziffern stehen."),
        ("§ab*", "x'§ab'"),
        ("müll~", "s'müll'"),
        ("mü1l~", "0: Vor der Tilde muss ein Wort aus mindestens 4 Buchstaben stehen."),
        ("\"a b\"~50", "n50'a b'"),
        ("\"a b\"~0", "n0'a b'"),
        ("\" a b \"", "p'a b'"),
        ("a UND", "2: Hinter „UND“ fehlt ein Wort."),
        ("a -(", "3: Zu dieser öffnenden Klammer fehlt die schließende."),
        ("a (UND b)", "3: Vor „UND“ fehlt ein Wort."),
        ("a (b ODER)", "5: Hinter „ODER“ fehlt ein Wort."),
        ("(NICHT)", "1: Hinter „NICHT“ fehlt ein Wort."),
        ("a ODER ODERX", "(w'a' | w'ODERX')"),
        ("((a))", "w'a'"),
    ] {
        assert_eq!(read(typed), tree, "{typed}");
    }
}

/// The tree with what a recognised part may also be, and the notes on its streets.
fn under_all_names(typed: &str) -> String {
    fn wide(node: &Node) -> String {
        let all = |nodes: &[Node]| nodes.iter().map(wide).collect::<Vec<_>>().join(" & ");
        match node {
            Node::Recognised(found) if found.also.is_empty() => format!("<{}>", all(&found.words)),
            Node::Recognised(found) => {
                let also = found.also.iter().map(wide).collect::<Vec<_>>().join(" or ");
                format!("<{} or {also}>", all(&found.words))
            }
            Node::All(nodes) => all(nodes),
            Node::Any(nodes) => nodes.iter().map(wide).collect::<Vec<_>>().join(" | "),
            other => show(other),
        }
    }
    let renaming = |old: &str, new: &str| Renaming { old: old.into(), new: new.into(), from: Some(1946) };
    let streets = Streets::new(vec![
        renaming("Kaiserstraße", "Platz der Einheit"),
        renaming("Kamp", "Hof"),
        renaming("Alter Kamp", "Neuer Kamp"),
        renaming("Weg 12", "Rosenweg"),
        renaming("1.Maiplatz", "Schulhof"),
    ]);
    let streets = streets.unwrap();
    let (query, found) = parse_in(typed, &streets).unwrap().under_all_names(&streets);
    let notes = found.iter().map(|street| street.note()).collect::<Vec<_>>().join("; ");
    format!("{} [{notes}]", wide(query.root()))
}

#[test]
fn a_street_is_looked_for_under_each_of_its_names_unless_it_is_excluded_or_quoted() {
    let (kaiser, hof) = ("Kaiserstraße, heute Platz der Einheit", "Kamp, heute Hof");
    for (typed, tree, notes) in [
        ("Kaiserstr.", "<w'Kaiserstr.' or p'Platz der Einheit'>", kaiser),
        (
            "Garage Kaiserstraße Dach",
            "w'Garage' & <w'Kaiserstraße' or p'Platz der Einheit'> & w'Dach'",
            kaiser,
        ),
        ("Kaiserstr. 12", "<w'Kaiserstr.' & w'12' or <p'Platz der Einheit' & w'12'>>", kaiser),
        (
            "Garage Platz der Einheit",
            "w'Garage' & <w'Platz' & w'der' & w'Einheit' or p'Kaiserstraße'>",
            "Platz der Einheit, früher Kaiserstraße",
        ),
        ("Alter Kamp", "<w'Alter' & w'Kamp' or p'Neuer Kamp'>", "Alter Kamp, heute Neuer Kamp"),
        ("Kamp Kamp", "<w'Kamp' or p'Hof'> & <w'Kamp' or p'Hof'>", hof),
        ("12. März 1958 Kamp", "w'12.' & w'März' & w'1958' & <w'Kamp' or p'Hof'>", hof),
        (
            "12. März 1958 Kaiserstr. 4",
            "w'12.' & w'März' & w'1958' & <w'Kaiserstr.' & w'4' or <p'Platz der Einheit' & w'4'>>",
            kaiser,
        ),
        ("Kamp ODER Kaiserstr.", "<w'Kamp' or p'Hof'> | <w'Kaiserstr.' or p'Platz der Einheit'>", "both"),
        (
            "Kamp 12 bis 14",
            "<w'Kamp' & w'12' & w'bis' & w'14' or p'Kamp 12-14' or <p'Hof' & w'12' & w'bis' & w'14' or p'Hof 12-14'>>",
            hof,
        ),
        ("straße:Kamp", "straße:w'Kamp' | straße:p'Hof '", hof),
        ("straße:\"Kamp 12\"", "straße:p'Kamp 12' | straße:p'Hof 12'", hof),
        (
            "straße:\"Alter Kamp 12\"",
            "straße:p'Alter Kamp 12' | straße:p'Neuer Kamp 12'",
            "Alter Kamp, heute Neuer Kamp",
        ),
        ("x (Kamp Dach)", "w'x' & <w'Kamp' or p'Hof'> & w'Dach'", hof),
        ("straße:Ring", "straße:w'Ring'", ""),
        ("titel:Kamp", "titel:w'Kamp'", ""),
        ("Garage -Kamp", "w'Garage' & !w'Kamp'", ""),
        ("\"Kamp\"", "p'Kamp'", ""),
        ("=Kamp", "w'=Kamp'", ""),
        ("Ring 5", "<w'Ring' & w'5'>", ""),
        ("02091-C-71", "<w'02091-C-71'>", ""),
    ] {
        let notes = if notes == "both" { format!("{hof}; {kaiser}") } else { notes.to_owned() };
        assert_eq!(under_all_names(typed), format!("{tree} [{notes}]"), "{typed}");
    }
}

#[test]
fn a_name_that_a_date_begins_in_is_no_street_and_a_street_called_like_a_date_is_one() {
    let (weg, platz) = ("Weg 12, heute Rosenweg", "1.Maiplatz, heute Schulhof");
    for (typed, tree, notes) in [
        ("=x Weg 12 Dach", "w'=x' & <w'Weg' & w'12' or p'Rosenweg'> & w'Dach'", weg),
        ("Weg 12 März 1958", "w'Weg' & w'12' & w'März' & w'1958'", ""),
        ("Garage Weg 12 März 1958", "w'Garage' & w'Weg' & w'12' & w'März' & w'1958'", ""),
        ("1.Maiplatz 58", "<w'1.Maiplatz' & w'58' or <p'Schulhof' & w'58'>>", platz),
    ] {
        assert_eq!(under_all_names(typed), format!("{tree} [{notes}]"), "{typed}");
    }
}

#[test]
fn a_query_that_names_no_street_stays_as_it_was_read() {
    let streets = Streets::default();
    for typed in ["Garage", "Garage Dach", "Garage ODER Dach", "straße:Ring", "-Garage Ring 5"] {
        let read = parse_in(typed, &streets).unwrap();
        assert_eq!(read.clone().under_all_names(&streets), (read, Vec::new()), "{typed}");
    }
}

#[test]
fn a_query_falls_into_parts_that_can_be_taken_away() {
    for (typed, expected) in [
        ("Garage UND jahr:1950..1965 -\"alter Kram\"", &["Garage", "jahr:1950..1965", "-\"alter Kram\""][..]),
        (
            "az:\"4 K 112/24\"  NICHT NICHT x \"a b\"~3 müler~",
            &["az:\"4 K 112/24\"", "NICHT NICHT x", "\"a b\"~3", "müler~"],
        ),
        ("§ 34", &["§", "34"]),
        ("x Ring – UND 12 xy", &["x", "Ring – UND 12", "xy"]),
        ("02091-C-71", &["02091-C-71"]),
    ] {
        let parts = parts(typed).unwrap();
        assert_eq!(parts.iter().map(|part| part.typed).collect::<Vec<_>>(), expected, "{typed}");
    }
    assert_eq!(parts("a ODER b"), None);
    assert_eq!(parts("(a) b"), None);
}

#[test]
fn limits_hold_and_are_named() {
    let nested = |n: usize| format!("{}a{}", "(".repeat(n), ")".repeat(n));
    assert_eq!(read(&nested(QUERY_DEPTH_MAX)), "w'a'");
    assert!(read(&nested(QUERY_DEPTH_MAX + 1)).contains("geschachtelt"));
    assert!(read(&"(".repeat(QUERY_BYTES_MAX)).contains("geschachtelt"));
    assert!(read(&"NICHT ".repeat(QUERY_DEPTH_MAX + 2)).contains("geschachtelt"));
    assert!(parse(&"a ".repeat(QUERY_TERMS_MAX)).is_ok());
    assert_eq!(read(&"a ".repeat(QUERY_TERMS_MAX + 1)), "100: Die Suche hat mehr als 50 Wörter.");
    assert!(read(&"a1".repeat(QUERY_TERMS_MAX)).contains("mehr als 50 Wörter"));
    let joined = |runs: usize| vec!["a"; runs].join("-");
    assert!(parse(&joined(QUERY_TERMS_MAX)).is_ok(), "signs are no words");
    assert!(read(&joined(QUERY_TERMS_MAX + 1)).contains("mehr als 50 Wörter"));
    for asks in ["jahr:1958 ", "klasse:63 ", "art:scan "] {
        assert!(parse(&asks.repeat(QUERY_TERMS_MAX)).is_ok());
        assert!(read(&asks.repeat(QUERY_TERMS_MAX + 1)).contains("mehr als 50 Wörter"), "{asks}");
    }
    assert!(read(&"ä".repeat(QUERY_BYTES_MAX)).starts_with("1024: Die Suche ist länger"));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_at_a_place_inside_it(
        input in prop_oneof![".{0,80}", "[()\"„“*~:. aäUNDODERICHT§19-]{0,60}", "(Ring |Flur |=|12|4-118/2|a|3\\.| |UND |-){0,12}", "(jahr:|straße:|klasse:|phase:|art:)[0-9.~*\"]{0,12}"]
    ) {
        match parse(&input) {
            Err(mistake) => {
                prop_assert!(input.is_char_boundary(mistake.at));
                prop_assert!(mistake.reason.ends_with('.') || mistake.reason.contains("Beispiel"));
            }
            // What its parts say together, it says.
            Ok(query) => if let Some(parts) = parts(&input) {
                let typed = parts.iter().map(|part| part.typed).collect::<Vec<_>>().join(" ");
                prop_assert_eq!(parse(&typed), Ok(query));
            },
        }
    }
}
