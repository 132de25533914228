//! What people type and what it means; mistakes, limits, parts.

use proptest::prelude::*;

use super::*;

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
            "art:mail",
            "4: „mail“ ist keine Art von Treffern. Möglich sind: akte, scan, pdf, bild, text, sonstiges.",
        ),
        (
            "art: scan",
            "4: „“ ist keine Art von Treffern. Möglich sind: akte, scan, pdf, bild, text, sonstiges.",
        ),
        ("klasse:Bau", "7: „Bau“ ist keine Klasse des Aktenplans. Beispiel: klasse:63.10"),
    ] {
        assert_eq!(read(typed), complaint, "{typed}");
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
