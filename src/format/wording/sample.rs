//! Samples (Stichproben) in words: how one was drawn, and what it can and cannot stand for.

use crate::domain::appraisal::sample::{Method, SampleFlaw};

/// How it is drawn.
#[must_use]
pub fn sample_method(method: &Method) -> String {
    let listed = |texts: &[String]| texts.join(", ");
    match method {
        Method::EveryNth { n, first } => {
            format!("jede {n}. Akte in der Reihe der Aktenzeichen, beginnend mit der {first}.")
        }
        Method::Random { per_thousand, seed } => {
            format!("{per_thousand} von 1000 nach dem Los, Startwert „{seed}“")
        }
        Method::ByValue { field, values } => format!("jede Akte mit {field}: {}", listed(values)),
        Method::ByInitial { field, letters } => {
            let letters: Vec<_> = letters.iter().map(ToString::to_string).collect();
            format!("jede Akte, deren Feld {field} so beginnt: {}", listed(&letters))
        }
        Method::ByYear { years } => {
            let years: Vec<_> = years.iter().map(ToString::to_string).collect();
            format!("jede Akte, die in diesen Jahren angelegt wurde: {}", listed(&years))
        }
    }
}

/// What it stands for, and what not.
#[must_use]
pub fn sample_represents(method: &Method) -> &'static str {
    match method {
        Method::EveryNth { .. } => {
            "Gleichmäßig über die Reihe verteilt: Sie zeigt den Alltag. Sie täuscht, wo die Reihe selbst einen Takt hat, \
             und besondere Einzelfälle fängt sie nur zufällig."
        }
        Method::Random { .. } => {
            "Sie bildet die Gesamtheit zahlenmäßig ab: Anteile und Durchschnitte lassen sich schätzen. Besondere \
             Einzelfälle fängt sie nur zufällig, und Zusammenhänge zwischen Akten zerreißt sie."
        }
        Method::ByValue { .. } => {
            "Sie bewahrt das Gewählte vollständig und im Zusammenhang. Über alles andere sagt sie nichts; hochrechnen \
             lässt sie sich nicht."
        }
        Method::ByInitial { .. } => {
            "Sie bewahrt dieselben Namen über viele Jahre und lässt sich mit anderen Ämtern verknüpfen, die ebenso \
             wählen. Namen sind nach Herkunft ungleich verteilt: Anteile lassen sich nicht sicher schätzen."
        }
        Method::ByYear { .. } => {
            "Sie bewahrt diese Jahre vollständig, als Querschnitt. Was dazwischen geschah und sich entwickelte, fehlt."
        }
    }
}

/// Why it cannot be drawn so.
#[must_use]
pub fn sample_flaw(flaw: SampleFlaw) -> &'static str {
    match flaw {
        SampleFlaw::Step => {
            "die Schrittweite ist mindestens 1, und die erste Akte liegt zwischen 1 und der Schrittweite"
        }
        SampleFlaw::Share => "der Anteil liegt zwischen 1 und 1000 von 1000",
        SampleFlaw::NoSeed => "ein Los braucht einen Startwert",
        SampleFlaw::NothingAsked => "es ist kein Wert, kein Buchstabe und kein Jahr genannt",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_written_down_with_all_that_is_needed_to_draw_it_again() {
        let values = vec!["Markt".to_owned(), "Ring".to_owned()];
        for (method, told) in [
            (Method::EveryNth { n: 25, first: 7 }, &["25", "7"][..]),
            (Method::Random { per_thousand: 50, seed: "Los 1".to_owned() }, &["50", "Los 1"]),
            (Method::ByValue { field: "street".to_owned(), values }, &["street", "Markt", "Ring"]),
            (
                Method::ByInitial { field: "surname".to_owned(), letters: vec!['D', 'O'] },
                &["surname", "D", "O"],
            ),
            (Method::ByYear { years: vec![1950, 1966] }, &["1950", "1966"]),
        ] {
            let text = sample_method(&method);
            assert!(told.iter().all(|part| text.contains(part)), "{text}");
        }
    }
}
