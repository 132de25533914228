//! What of a typed query can be completed or corrected, by its place in the text. Reads the text as the lexer does, and
//! knows no words.

use std::ops::Range;

use super::lexer::{Kind, closing_quotes, field_named, is_blank, is_operator, tokens};
use super::{Place, QUERY_BYTES_MAX, Text, parse};

/// The end of a query that is still being typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun<'a> {
    /// What stands before it.
    pub before: &'a str,
    /// Where it is looked for, if that was said (`titel:`).
    pub place: Option<Place>,
    /// What was typed of it; behind the quote of a field all words, else the last one.
    pub text: &'a str,
}

/// The end of a query that is still being typed; none if nothing can go on there.
#[must_use]
pub fn begun(input: &str) -> Option<Begun<'_>> {
    if input.len() > QUERY_BYTES_MAX {
        return None;
    }
    let place_of = |word: &str| field_named(word.strip_suffix(':')?);
    let begun = if let Some((at, inner)) = open_quote(input) {
        let from = last_word(&input[..at]);
        match place_of(&input[from..at]) {
            Some(place) => Begun { before: &input[..from], place: Some(place?), text: inner.trim_start() },
            None => {
                let from = input.len() - inner.len() + last_word(inner);
                Begun { before: &input[..from], place: None, text: &input[from..] }
            }
        }
    } else {
        let from = last_word(input);
        let word = input[from..].trim_start_matches('-');
        let before = &input[..input.len() - word.len()];
        match word.split_once(':').and_then(|(name, value)| Some((field_named(name)?, value))) {
            Some((place, value)) => Begun { before, place: Some(place?), text: value },
            None => Begun { before, place: None, text: word },
        }
    };
    (!begun.text.ends_with(['*', '~']) && !is_operator(begun.text)).then_some(begun)
}

/// The quote that is not closed: where it stands, and what stands behind it.
fn open_quote(input: &str) -> Option<(usize, &str)> {
    let mut open: Option<(usize, usize, &[char])> = None;
    for (at, c) in input.char_indices() {
        open = match open {
            Some((_, _, closing)) if closing.contains(&c) => None,
            None => closing_quotes(c).map(|closing| (at, at + c.len_utf8(), closing)),
            open => open,
        };
    }
    open.map(|(at, inner, _)| (at, &input[inner..]))
}

/// Where the last word begins; the end of the text if a blank, bracket or quote stands there.
fn last_word(text: &str) -> usize {
    let parts = |c: char| is_blank(c) || matches!(c, '(' | ')') || closing_quotes(c).is_some();
    let last = text.char_indices().rev().find(|(_, c)| parts(*c));
    last.map_or(0, |(at, c)| at + c.len_utf8())
}

/// The single words that a query looks for in texts, as byte ranges; not those it excludes.
#[must_use]
pub fn words(input: &str) -> Vec<Range<usize>> {
    if parse(input).is_err() {
        return Vec::new();
    }
    let mut words = Vec::new();
    // Brackets that are open since a NICHT; none where nothing is excluded. Two of them exclude as one does: nobody types
    // that.
    let (mut excluded, mut depth) = (false, 0_usize);
    for token in tokens(input).unwrap_or_default() {
        match token.kind {
            Kind::Not => excluded = true,
            Kind::Open if excluded => depth += 1,
            Kind::Close => {
                depth = depth.saturating_sub(1);
                excluded = depth > 0;
            }
            Kind::Text(Place::Content, Text::Word(word)) if !excluded => {
                words.push(token.at..token.at + word.len());
            }
            Kind::Text(..) | Kind::Class(_) | Kind::Years(_) | Kind::Trait(_) | Kind::Noise => {
                excluded &= depth > 0
            }
            _ => {}
        }
    }
    words
}

/// A word from a text as it can be typed: what reads like `ODER` is no operator there.
#[must_use]
pub fn typeable(word: &str) -> String {
    if is_operator(word) { word.to_lowercase() } else { word.to_owned() }
}

/// What finds the files that have these words in this place, in this order.
#[must_use]
pub fn naming(place: Place, words: &str) -> String {
    let field = match place {
        Place::Content => "",
        Place::Reference => "az:",
        Place::Title => "titel:",
        Place::FileName => "datei:",
        Place::Street => "straße:",
        Place::Parcel => "flurstück:",
    };
    if words.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '/')) {
        return format!("{field}{words}");
    }
    let is_quote = |c: char| closing_quotes(c).is_some() || c.is_control();
    format!("{field}\"{}\"", words.replace(is_quote, " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_goes_on_and_what_stands_before_it_stays() {
        for (input, before, place, text) in [
            ("Gar", "", None, "Gar"),
            ("Anbau Gar", "Anbau ", None, "Gar"),
            ("Anbau -Gar", "Anbau -", None, "Gar"),
            ("(Anbau ODER Gar", "(Anbau ODER ", None, "Gar"),
            ("\"alte Scheu", "\"alte ", None, "Scheu"),
            ("\"alte Scheune\" Gar", "\"alte Scheune\" ", None, "Gar"),
            ("\"alte Scheune\" und \"Gar", "\"alte Scheune\" und \"", None, "Gar"),
            ("Anbau az:63.10", "Anbau ", Some(Place::Reference), "63.10"),
            ("Anbau titel:\"Neubau ei", "Anbau ", Some(Place::Title), "Neubau ei"),
            ("um 10:3", "um ", None, "10:3"),
            ("Anbau ", "Anbau ", None, ""),
        ] {
            assert_eq!(begun(input), Some(Begun { before, place, text }), "{input}");
        }
        for input in [
            "gar*",
            "gar~",
            "Anbau ODER",
            "klasse:63",
            "jahr:19",
            "phase:lau",
            "art:sc",
            "klasse:\"63",
            &"x".repeat(2000),
        ] {
            assert_eq!(begun(input), None, "{input}");
        }
    }

    #[test]
    fn words_that_are_looked_for_have_their_places() {
        let found = |input: &'static str| words(input).into_iter().map(|at| &input[at]).collect::<Vec<_>>();
        assert_eq!(found("Anbau (Garage ODER -Carport)"), ["Anbau", "Garage"]);
        assert_eq!(found("(a) NICHT b c"), ["a", "c"]);
        assert_eq!(found("a NICHT (b (c) d) e -\"f\" g"), ["a", "e", "g"]);
        assert_eq!(found("titel:Neubau \"alte Scheune\" gar* müler~ Dach"), ["Dach"]);
        assert_eq!(found("(offen"), [""; 0]);
    }

    #[test]
    fn what_is_offered_can_be_typed_and_is_read_as_what_it_is() {
        for (place, words, typed) in [
            (Place::Content, "Garage", "Garage"),
            (Place::Reference, "63.10/1958-12", "az:63.10/1958-12"),
            (Place::Title, "Neubau", "titel:Neubau"),
            (Place::FileName, "plan.pdf", "datei:plan.pdf"),
            (Place::Street, "Am Markt", "straße:\"Am Markt\""),
            (Place::Parcel, "Flur 4", "flurstück:\"Flur 4\""),
            (Place::Title, "„Haus“ (alt)", "titel:\" Haus  (alt)\""),
            (Place::Title, "a\u{7}b", "titel:\"a b\""),
        ] {
            assert_eq!(naming(place, words), typed);
            assert!(parse(typed).is_ok(), "{typed}");
        }
        assert_eq!(
            ["UND", "NICHT", "OR", "Und", "Garage"].map(typeable),
            ["und", "nicht", "or", "Und", "Garage"]
        );
    }

    #[test]
    fn the_longest_query_there_may_be_can_still_be_completed() {
        let longest = "x".repeat(QUERY_BYTES_MAX);
        assert_eq!(begun(&longest).map(|begun| begun.text), Some(longest.as_str()));
        assert_eq!(begun(&format!("{longest}x")), None);
    }

    #[test]
    fn what_is_quoted_and_what_is_closed_again_is_told_apart() {
        for (input, before, place, text) in [
            ("«alte» Gar", "«alte» ", None, "Gar"),
            ("«alte Gar", "«alte ", None, "Gar"),
            ("«alte» titel:Gar", "«alte» ", Some(Place::Title), "Gar"),
            ("„a\" Gar", "„a\" ", None, "Gar"),
            ("(Gar", "(", None, "Gar"),
            ("a)Gar", "a)", None, "Gar"),
            ("a\tGar", "a\t", None, "Gar"),
            ("--Gar", "--", None, "Gar"),
            ("x titel:„ Neu", "x ", Some(Place::Title), "Neu"),
            ("x ö:„Neu", "x ö:„", None, "Neu"),
        ] {
            assert_eq!(begun(input), Some(Begun { before, place, text }), "{input}");
        }
    }

    #[test]
    fn a_bracket_behind_nicht_excludes_until_it_is_closed() {
        let found = |input: &'static str| words(input).into_iter().map(|at| &input[at]).collect::<Vec<_>>();
        assert_eq!(found("(a b) c"), ["a", "b", "c"]);
        assert_eq!(found("-(a (b c) d) e"), ["e"]);
        assert_eq!(found("-a b -klasse:63 c"), ["b", "c"]);
        assert_eq!(found("-((a)) b"), ["b"]);
        assert_eq!(found("(a) -b c"), ["a", "c"]);
        assert_eq!(found("x -\"a b\" – Dach"), ["x", "Dach"]);
    }
}
