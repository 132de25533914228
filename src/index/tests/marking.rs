//! Which words of a text are marked, and the snippet around them.

use super::*;

fn marked(typed: &str, text: &str) -> String {
    show(text, &highlight(&query(typed), Reach::AsWritten, text))
}

fn show(text: &str, marks: &[std::ops::Range<usize>]) -> String {
    let mut out = text.to_owned();
    for mark in marks.iter().rev() {
        out.insert(mark.end, ']');
        out.insert(mark.start, '[');
    }
    out
}

#[test]
fn marks_stand_on_the_words_that_were_meant() {
    for (typed, text, expected) in [
        ("Garage", "Die Garagen, die GARAGE", "Die [Garagen], die [GARAGE]"),
        ("Mueller", "Müller und Mu\u{308}ller", "[Müller] und [Mu\u{308}ller]"),
        ("Baugenehmigung", "Die Bau-\ngenehmigung", "Die [Bau-\ngenehmigung]"),
        ("02091-C-71", "Az. 02091-C-71 und 02091 C 71.", "Az. [02091-C-71] und [02091] [C] [71]."),
        ("\"die Garage\"", "Garage, die Garage", "Garage, [die] [Garage]"),
        ("gar*", "Garten Garage Anbau", "[Garten] [Garage] Anbau"),
        ("Hauptstraße", "Hauptstr. 12", "[Hauptstr]. 12"),
        ("a -Garage", "Garage a", "Garage [a]"),
        ("titel:Garage a", "Garage a", "Garage [a]"),
        ("12", "12a 12", "[12]a [12]"),
    ] {
        assert_eq!(marked(typed, text), expected, "{typed}");
    }
}

#[test]
fn a_snippet_shows_the_stretch_with_the_most_different_words() {
    let text =
        format!("{}Garage {}Anbau mit Garage\nam Haus {}", "x ".repeat(60), "y ".repeat(60), "z ".repeat(60));
    let snippet = snippet(&query("Garage Anbau"), Reach::AsWritten, &text, 40);
    assert_eq!(show(&snippet.text, &snippet.marks), "…y y y y [Anbau] mit [Garage] am Haus z z z…");
}

#[test]
fn a_snippet_keeps_its_length_and_its_marks_inside_for_any_length() {
    let text = "Öffentliche Straße: Müller baut eine Garage, überlängenwörterohneleerzeichen Garage";
    for chars_max in 0..100 {
        let cut = snippet(&query("Garage ODER Müller"), Reach::AsWritten, text, chars_max);
        assert!(cut.text.chars().count() <= chars_max, "{chars_max}: {cut:?}");
        assert!(cut.marks.iter().all(|mark| cut.text.get(mark.clone()).is_some()), "{cut:?}");
    }
    let without = snippet(&query("Carport"), Reach::AsWritten, text, 20);
    assert_eq!(without, Snippet { text: "Öffentliche…".to_owned(), marks: vec![] });
    assert_eq!(
        snippet(&query("a"), Reach::AsWritten, "", 20),
        Snippet { text: String::new(), marks: vec![] }
    );
}

#[test]
fn marks_stand_on_compounds_and_on_what_was_found_instead() {
    assert_eq!(marked("Genehmigung", "Die Baugenehmigung"), "Die [Baugenehmigung]");
    assert_eq!(marked("Baugenehmigung", "Bau Genehmigung"), "[Bau] [Genehmigung]");
    let within = |typed: &str, reach, text: &str| show(text, &highlight(&query(typed), reach, text));
    assert_eq!(within("Kamin", Reach::AsWritten, "Der Karnin"), "Der Karnin");
    assert_eq!(within("Kamin", Reach::Misread, "Der Karnin"), "Der [Karnin]");
    assert_eq!(within("Müler", Reach::Similar, "Herr Müller"), "Herr [Müller]");
}
