//! Which spellings meet, and which do not.

use proptest::prelude::*;

use super::*;

fn stems(text: &str) -> Vec<String> {
    chunks(text).iter().flat_map(|c| c.words().map(|w| stem(w).into_owned()).collect::<Vec<_>>()).collect()
}

/// All words of a text, joined ones behind their pieces with a plus sign.
fn words(text: &str) -> String {
    let mut all = Vec::new();
    for chunk in chunks(text) {
        all.extend(chunk.words().map(str::to_owned));
        all.extend(chunk.joined().map(|(word, _)| format!("+{word}")));
    }
    all.join(" ")
}

/// Inflected forms and spellings of one word.
const MEET: [&[&str]; 17] = [
    &["Müller", "Mueller", "MULLER", "müller", "Mu\u{308}ller", "MÜLLER", "Ｍüller"],
    &["Straße", "Strasse", "Str.", "STRASSE", "Straßen", "straſse", "STRAẞE"],
    &["Hauptstraße", "Hauptstr.", "Hauptstrasse", "HAUPTSTR"],
    &["Goethe", "Göthe"],
    &["Häuser", "Haus", "Hauses", "Haeuser"],
    &["Bebauungsplan", "Bebauungspläne", "Bebauungsplans", "Bebauungsplaene"],
    &["Genehmigung", "Genehmigungen", "GENEHMIGUNG", "Genehmi-\ngung", "Genehmi\u{ad}gung"],
    &["Garage", "Garagen"],
    &["Grundstück", "Grundstücke", "Grundstueckes", "Grundſtück"],
    &["Bauherr", "Bauherren", "Bauherrn"],
    &["Anbau", "Anbaus", "Anbaues", "Anbauten"],
    &["Antrag", "Antrages", "Anträge", "Antraege"],
    &["Quelle", "Quellen"],
    &["ﬁnanzen", "Finanzen"],
    &["Café", "Cafe\u{301}", "Cafe"],
    &["m²", "m2"],
    &["12", "１２"],
];

/// Words that must stay apart.
const APART: [(&str, &str); 10] = [
    ("Bauer", "Bär"),
    ("Müller", "Mühle"),
    ("Straße", "Streit"),
    ("Garage", "Garten"),
    ("Bauherr", "Bauherrin"),
    ("Anbau", "Abbau"),
    ("12", "12a"),
    ("1042", "1043"),
    ("Haus", "Hausen-Nord"),
    ("Steuer", "Stur"),
];

#[test]
fn spellings_and_forms_of_one_word_meet() {
    for forms in MEET {
        for form in forms {
            assert_eq!(stems(form), stems(forms[0]), "{form} and {}", forms[0]);
        }
    }
}

#[test]
fn different_words_stay_apart() {
    for (one, other) in APART {
        assert_ne!(stems(one), stems(other), "{one} and {other}");
    }
}

#[test]
fn numbers_are_found_joined_and_in_parts() {
    for (text, expected) in [
        ("02091-C-71", "02091 c 71 +02091c71"),
        ("02091C71", "02091 c 71 +02091c71"),
        ("Hauptstr. 12a", "hauptstrasse 12 a +12a"),
        ("4 K 112/24", "4 k 112 24 +11224"),
        ("63.10.01-1042", "63 10 01 1042 +6310011042"),
        ("z.d.A.", "z d a +zda"),
        ("am 12.03.2014, um 10:30 Uhr", "am 12 03 2014 +12032014 um 10 30 uhr"),
        ("Lageplan_2.pdf", "lageplan 2 pdf +lageplan2pdf"),
        ("Inhalt.......12", "inhalt 12"),
        ("§ 34 (1)", "34 1"),
        ("Müller-Lüdenscheidt", "muller ludenscheidt +mullerludenscheidt"),
        ("\u{301}§–", ""),
    ] {
        assert_eq!(words(text), expected, "{text}");
    }
}

#[test]
fn hyphens_at_line_ends_are_joined_where_a_word_was_broken() {
    for (text, expected) in [
        ("Bau-\ngenehmigung", "baugenehmigung"),
        ("Bau- \r\n  genehmigung", "baugenehmigung"),
        ("Bau¬\ngenehmigung", "baugenehmigung"),
        ("Bau-\nund Gartenamt", "bau und gartenamt"),
        ("Müller-\nLüdenscheidt", "muller ludenscheidt +mullerludenscheidt"),
        ("02091-\nC-71", "02091 c 71 +02091c71"),
        ("Bau-\n\ngenehmigung", "bau genehmigung"),
        ("Garage -\nhaus", "garage haus"),
        ("Bau- und Gartenamt", "bau und gartenamt"),
    ] {
        assert_eq!(words(text), expected, "{text:?}");
    }
}

#[test]
fn a_run_without_end_is_cut_and_nothing_of_it_is_lost() {
    let long = "x".repeat(PIECE_CHARS_MAX * 2 + 7);
    let chunk = &chunks(&long)[0];
    assert_eq!(chunk.words().map(str::len).collect::<Vec<_>>(), [PIECE_CHARS_MAX, PIECE_CHARS_MAX, 7]);
    assert_eq!(chunk.joined(), None);
}

proptest! {
    #[test]
    fn any_text_is_cut_into_words_that_stand_in_it_in_order(text in "\\PC{0,60}") {
        let mut end = 0;
        for chunk in chunks(&text) {
            for piece in &chunk.pieces {
                prop_assert!(piece.source.start >= end && piece.source.end > piece.source.start);
                prop_assert!(text.get(piece.source.clone()).is_some());
                end = piece.source.end;
            }
        }
    }

    #[test]
    fn the_fold_of_a_beginning_begins_the_fold(word in "[a-zäöüßA-ZÄÖÜ]{1,12}", len in 1usize..12) {
        let beginning: String = word.chars().take(len).collect();
        prop_assert!(fold_whole(&word).starts_with(&fold_whole(&beginning)));
    }
}
