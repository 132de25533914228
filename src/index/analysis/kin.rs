//! Stems that belong to one word and that no stemmer brings together: participles (`gereinigt`, `eingereicht`), plurals
//! of foreign words (`Konten`, `Risikos`, `Museen`) and spellings before 1902 and 1996 (`Thür`, `Verhältniß`, `Acten`).
//! A query asks for all of them that the index has; pages are not changed by it, so the rules may grow without a
//! rebuild. They guess, so what they find ranks below the word itself. Strong verbs have no rule (`brach`).

use std::collections::BTreeSet;

use super::stem;

/// Shortest stem that is inflected by rule: of shorter ones everything is a form.
const INFLECTED_CHARS_MIN: usize = 4;
/// Shortest verb behind a prefix.
const VERB_CHARS_MIN: usize = 3;
/// Shortest stem that may be spelled otherwise.
const SPELLED_CHARS_MIN: usize = 3;
/// Most other spellings of one word.
const SPELLINGS_MAX: usize = 24;

/// Prefixes that stand before the `ge` of a participle and the `zu` of an infinitive.
const SEPARABLE: [&str; 17] = [
    "ab", "an", "auf", "aus", "bei", "dar", "durch", "ein", "fest", "her", "hin", "mit", "nach", "um", "vor",
    "weg", "zu",
];

/// Endings of foreign nouns that fall away before their plural.
const FOREIGN: [&str; 5] = ["o", "a", "um", "us", "on"];

/// How a sound is written today, and how it was; folded.
const SPELLINGS: [(&str, &str); 16] = [
    ("t", "th"),
    ("nis", "niss"),
    ("k", "c"),
    ("z", "c"),
    ("f", "ph"),
    ("ei", "ey"),
    ("hilf", "hulf"),
    ("gult", "gilt"),
    ("rau", "rauh"),
    ("nummer", "numer"),
    ("platz", "plaz"),
    ("fff", "ff"),
    ("lll", "ll"),
    ("mmm", "mm"),
    ("nnn", "nn"),
    ("ttt", "tt"),
];

/// The further stems of a folded word; its own is not among them.
pub(in crate::index) fn kin(folded: &str) -> BTreeSet<String> {
    let own = stem(folded);
    let mut all = BTreeSet::new();
    if !own.chars().all(char::is_alphabetic) {
        return all;
    }
    if own.chars().count() >= INFLECTED_CHARS_MIN {
        participles(&own, &mut all);
        plurals(&own, &mut all);
    }
    if own.chars().count() >= SPELLED_CHARS_MIN {
        spellings(&own, &mut all);
    }
    all.remove(own.as_ref());
    all
}

/// `reinig`: `reinigt`, `gereinigt`; and back.
fn participles(own: &str, all: &mut BTreeSet<String>) {
    let ends = [Some(own), own.strip_suffix('t'), own.strip_suffix("et")];
    let roots = ends.into_iter().flatten().flat_map(|end| [Some(end.to_owned()), without_infix(end)]);
    for root in roots.flatten().filter(|root| root.chars().count() >= INFLECTED_CHARS_MIN) {
        let endings: &[&str] = match root.chars().next_back() {
            Some('t' | 'd') => &["et"],
            Some('m' | 'n') => &["t", "et"],
            _ => &["t"],
        };
        all.extend(endings.iter().map(|end| format!("{root}{end}")));
        if without_infix(&root).is_none() {
            let (prefix, verb) = split(&root).unwrap_or(("", &root));
            all.extend(endings.iter().map(|end| format!("{prefix}ge{verb}{end}")));
            all.extend((!prefix.is_empty()).then(|| format!("{prefix}zu{verb}")));
        }
        all.insert(root);
    }
}

/// A separable prefix and the verb behind it.
fn split(root: &str) -> Option<(&str, &str)> {
    let parts = SEPARABLE.iter().filter_map(|prefix| Some((*prefix, root.strip_prefix(prefix)?)));
    parts.filter(|(_, verb)| verb.len() >= VERB_CHARS_MIN).max_by_key(|(prefix, _)| prefix.len())
}

/// `gereinig`: `reinig`; `eingereich`, `einzureich`: `einreich`.
fn without_infix(end: &str) -> Option<String> {
    match split(end) {
        Some((prefix, verb)) => {
            let verb = verb.strip_prefix("ge").or_else(|| verb.strip_prefix("zu"))?;
            Some(format!("{prefix}{verb}"))
        }
        None => end.strip_prefix("ge").map(str::to_owned),
    }
}

/// `konto`, `kontos`: `kont`, which is the stem of `Konten`; and back.
fn plurals(own: &str, all: &mut BTreeSet<String>) {
    let ends_in_vowel = |word: &str| word.ends_with(['a', 'e', 'i', 'o', 'u', 'y']);
    let singular = own.strip_suffix('s').filter(|word| ends_in_vowel(word)).unwrap_or(own);
    let bare = FOREIGN.iter().find_map(|ending| singular.strip_suffix(ending)).unwrap_or(singular);
    if ends_in_vowel(singular) {
        all.extend([singular.to_owned(), format!("{singular}s")]);
    }
    if bare.chars().count() >= INFLECTED_CHARS_MIN {
        all.extend(FOREIGN.map(|ending| format!("{bare}{ending}")));
        all.extend(["os", "as"].map(|ending| format!("{bare}{ending}")));
        all.insert(bare.to_owned());
    }
}

/// One spelling exchanged everywhere or at one place, and then one more.
fn spellings(own: &str, all: &mut BTreeSet<String>) {
    let once = respelled(own);
    let twice: Vec<_> = once.iter().flat_map(|word| respelled(word)).collect();
    all.extend(once.into_iter().chain(twice).take(SPELLINGS_MAX));
    // `studieren` loses its `er`, as an ending; `studiren` has none.
    all.extend(own.ends_with('i').then(|| format!("{own}r")));
    all.extend(own.strip_suffix('r').filter(|end| end.ends_with('i')).map(str::to_owned));
}

fn respelled(word: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for (today, then) in SPELLINGS {
        for (from, to) in [(today, then), (then, today)] {
            for (at, _) in word.match_indices(from) {
                // `th` is no `t` to which an h could be added.
                if !(to.starts_with(from) && word[at..].starts_with(to)) {
                    all.insert(format!("{}{to}{}", &word[..at], &word[at + from.len()..]));
                }
            }
            if word.contains(from) && !to.contains(from) {
                all.insert(word.replace(from, to));
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::fold_whole;
    use super::*;

    fn are_kin(one: &str, other: &str) -> bool {
        let (one, other) = (fold_whole(one), fold_whole(other));
        let same = stem(&one) == stem(&other);
        same || (kin(&one).contains(stem(&other).as_ref()) && kin(&other).contains(stem(&one).as_ref()))
    }

    #[test]
    fn forms_that_the_stemmer_parts_meet_in_both_directions() {
        for line in [
            "reinigen gereinigt gereinigten reinigt",
            "einreichen eingereicht einzureichen eingereichten",
            "anbauen angebaut angebautes",
            "zerstören zerstört zerstörten",
            "arbeiten gearbeitet",
            "Konto Konten Kontos",
            "Risiko Risiken Risikos",
            "Kamera Kameras",
            "Museum Museen Museums",
            "Gremium Gremien Gremiums",
            "Stadion Stadien Stadions",
            "Praktikum Praktika",
        ] {
            let forms: Vec<&str> = line.split(' ').collect();
            for one in &forms {
                for other in &forms {
                    assert!(are_kin(one, other), "{one} {other}: {:?}", kin(&fold_whole(one)));
                }
            }
        }
    }

    #[test]
    fn spellings_of_the_grandparents_meet_those_of_today() {
        for (today, then) in [
            ("Tür", "Thür"),
            ("Teil", "Theil"),
            ("Mitteilung", "Mittheilung"),
            ("Verhältnis", "Verhältniß"),
            ("Verhältnisse", "Verhältniß"),
            ("Akten", "Acten"),
            ("Konzession", "Concession"),
            ("Hilfe", "Hülfe"),
            ("Fotograf", "Photograph"),
            ("Schifffahrt", "Schiffahrt"),
            ("Stadtrat", "Stadtrath"),
            ("studieren", "studiren"),
        ] {
            assert!(are_kin(today, then), "{today} {then}: {:?}", kin(&fold_whole(today)));
        }
    }

    #[test]
    fn numbers_and_short_words_have_no_kin() {
        for word in ["1958", "12a", "an", ""] {
            assert!(kin(word).is_empty(), "{word}");
        }
    }

    #[test]
    fn a_word_has_no_more_kin_than_is_looked_up() {
        assert!(kin(&"tkzf".repeat(20)).len() <= 2 * SPELLINGS_MAX);
    }
}
