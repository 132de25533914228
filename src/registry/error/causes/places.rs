//! Words of the truth's layers about what they were doing and what they found: short English texts there, German here.
//! A text that is not listed gets general words; a test looks through the layers that all of them are.

use std::path::Path;

use crate::keyring::KeyringFlaw;
use crate::vault::Suspect;

/// Pairs of what a layer says and what users read.
pub(super) type Words = &'static [(&'static str, &'static str)];

/// What was being done to a path, which follows.
pub(super) const DOING: Words = &[
    ("measuring", "beim Messen von"),
    ("reading", "beim Lesen von"),
    ("writing", "beim Schreiben von"),
    ("syncing", "beim dauerhaften Sichern von"),
    ("cutting", "beim Kürzen von"),
    ("renaming to", "beim Umbenennen in"),
    ("erasing in", "beim Löschen in"),
    ("creating", "beim Anlegen von"),
    ("opening", "beim Öffnen von"),
    ("removing", "beim Entfernen von"),
    ("removing folder", "beim Entfernen des Ordners"),
    ("listing", "beim Lesen des Ordners"),
    ("making folder", "beim Anlegen des Ordners"),
    ("syncing folder", "beim dauerhaften Sichern des Ordners"),
    ("looking for", "beim Suchen nach"),
    ("locking", "beim Sperren von"),
    ("working in", "beim Arbeiten in"),
];

/// What is wrong with an entry or with the ledger.
pub(super) const LEDGER: Words = &[
    ("it is missing", "er fehlt"),
    ("it is missing between two segments", "er fehlt zwischen zwei Dateien"),
    ("it is not what the signed head covers", "er ist nicht der, für den der unterschriebene Stand bürgt"),
    ("another entry stands in its place", "an seiner Stelle steht ein anderer"),
    ("its bytes are not an entry", "seine Bytes sind kein Eintrag"),
    ("its frame is broken", "seine gespeicherten Bytes sind beschädigt"),
    ("its hash is missing", "seine Prüfsumme fehlt"),
    ("its place is beyond the file", "seine Stelle liegt hinter dem Ende der Datei"),
    ("its place is not known", "seine Stelle ist nicht bekannt"),
    ("its segment does not follow the one before", "seine Datei schließt nicht an die vorige an"),
    ("its segment has no header", "seine Datei hat keinen Kopf"),
    ("its segment is missing", "seine Datei fehlt"),
    (
        "stored hashes do not lead to the signed head",
        "die Prüfsummen führen nicht zum unterschriebenen Stand",
    ),
    ("a head slot is unreadable", "einer der beiden unterschriebenen Stände ist nicht lesbar"),
    ("the entries do not lead to a signed head", "die Einträge führen zu keinem unterschriebenen Stand"),
    ("the head slots are older than the head", "die gespeicherten Stände sind älter als der geltende"),
    ("hash is missing", "eine Prüfsumme fehlt"),
    ("leaf is not an entry", "seine Bytes sind kein Eintrag"),
    ("leaf is not this entry", "seine Bytes sind nicht dieser Eintrag"),
    ("tree differs", "die Prüfsummen weichen ab"),
    ("signature does not hold", "die Unterschrift gilt nicht"),
];

/// Which part of a stored object no longer fits.
pub(super) const VAULT: Words = &[
    ("its head", "ihr Kopf stimmt nicht"),
    ("its length", "ihre Länge stimmt nicht"),
    ("its footer", "ihr Ende stimmt nicht"),
    ("its file is gone", "sie ist nicht mehr da, wo sie lag"),
    ("its sealed bytes", "ihre versiegelten Bytes sind andere"),
    ("something else lies in its place", "an ihrer Stelle liegt etwas anderes"),
];

/// What is wrong with a file of the keyring; `#` stands for a number.
pub(super) const KEYRING: Words = &[
    ("missing", "fehlt"),
    ("too short", "ist zu kurz"),
    ("longer than a page can be", "ist zu lang"),
    ("does not begin as it must", "beginnt nicht wie eine Datei des Schlüsselbunds"),
    ("has format version #, which never was", "hat Format #, das es nie gab"),
    ("does not hold one key", "enthält nicht genau einen Schlüssel"),
    ("lists an impossible page", "nennt ein Blatt, das es nicht geben kann"),
    ("its header does not fit its name", "hat einen Kopf, der nicht zum Namen passt"),
    ("its seal does not open", "hat ein Siegel, das sich nicht öffnen lässt"),
    ("frame # does not open", "Fach # lässt sich nicht öffnen"),
    ("frame # names a key that is already there", "Fach # nennt einen Schlüssel, den es schon gibt"),
    (
        "frames before # were lost after they were durable",
        "Fächer vor # sind weg, obwohl sie gesichert waren",
    ),
    ("has # frames, the root knows of #", "hat # Fächer, verzeichnet sind #"),
    ("there are pages, but no root", "enthält Blätter, aber kein Verzeichnis der Blätter"),
    ("holds keys, but the root does not know it", "enthält Schlüssel, ist aber nicht verzeichnet"),
    (
        "does not read back as it was written",
        "ist nach dem Schreiben nicht so lesbar, wie es geschrieben wurde",
    ),
    ("the copy does not hold the same keys", "die Kopie enthält nicht dieselben Schlüssel"),
    ("the keys on disk are not those held in memory", "gespeichert sind andere Schlüssel als im Speicher"),
];

/// What is wrong with a place in a store's own files.
pub(super) const PLACES: Words = &[
    ("manifest", "Bestandsverzeichnis"),
    ("manifest: it is gone", "Bestandsverzeichnis: es fehlt"),
    (
        "manifest: its last line is not whole (starting the program makes it again from the record)",
        "Bestandsverzeichnis: die letzte Zeile ist nicht vollständig (beim nächsten Start wird sie neu gemacht)",
    ),
    ("manifest line #", "Bestandsverzeichnis, Zeile #"),
];

fn find(words: Words, text: &str) -> Option<&'static str> {
    words.iter().find(|(known, _)| *known == text).map(|(_, german)| *german)
}

/// As [`find`], with every number in the text in place of a `#`.
fn find_with_numbers(words: Words, text: &str) -> Option<String> {
    let mut numbers = Vec::new();
    let mut pattern = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(at);
        let end = from.find(|c: char| !c.is_ascii_digit()).unwrap_or(from.len());
        let (number, behind) = from.split_at(end);
        pattern.push_str(before);
        pattern.push('#');
        numbers.push(number);
        rest = behind;
    }
    pattern.push_str(rest);
    let german = find(words, &pattern)?;
    Some(numbers.iter().fold(german.to_owned(), |text, number| text.replacen('#', number, 1)))
}

/// `beim Lesen von /daten/x`.
pub(super) fn doing_at(doing: &str, path: &Path) -> String {
    format!("{} {}", find(DOING, doing).unwrap_or("beim Zugriff auf"), path.display())
}

/// What an audit of the ledger found.
pub(in crate::registry) fn ledger_flaw(what: &str) -> &'static str {
    find(LEDGER, what).unwrap_or("das Nachweisbuch ist hier beschädigt")
}

pub(super) fn vault_flaw(what: &str) -> &'static str {
    find(VAULT, what).unwrap_or("ihre Bytes sind verändert")
}

/// A place in the keyring that does not decode.
pub(in crate::registry) fn keyring_flaw(flaw: &KeyringFlaw) -> String {
    let what = find_with_numbers(KEYRING, &flaw.what).unwrap_or_else(|| "ist beschädigt".to_owned());
    format!("{}: {what}", flaw.path.display())
}

/// Something in a store that is not as it was written.
pub(in crate::registry) fn stored_suspect(suspect: &Suspect) -> String {
    match suspect {
        Suspect::Object(id) => id.to_string(),
        Suspect::Place(place) => stored_place(place),
    }
}

/// A place in a store: a path as it is, bytes and objects in words.
pub(in crate::registry) fn stored_place(place: &str) -> String {
    find_with_numbers(PLACES, place)
        .or_else(|| object_in_words(place))
        .or_else(|| bytes_in_words(place))
        .unwrap_or_else(|| place.to_owned())
}

/// ``object `…` in PATH at 17`` or ``object `…` as PATH``.
fn object_in_words(place: &str) -> Option<String> {
    let (id, place) = place.strip_prefix("object `")?.split_once("` ")?;
    Some(match place.strip_prefix("as ") {
        Some(path) => format!("gespeicherte Datei {id} als {path}"),
        None => format!("gespeicherte Datei {id} {}", at_in_words(place.strip_prefix("in ")?)),
    })
}

/// `9 bytes in PATH at 17`.
fn bytes_in_words(place: &str) -> Option<String> {
    let (length, place) = place.split_once(" bytes in ")?;
    length.parse::<u64>().ok()?;
    Some(format!("{length} Bytes {}", at_in_words(place)))
}

fn at_in_words(place: &str) -> String {
    match place.rsplit_once(" at ") {
        Some((path, at)) => format!("in {path} ab Stelle {at}"),
        None => format!("in {place}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    /// What stands in a line that says what was being done or found.
    const SAYS: [&str; 11] = [
        "what",
        "flaw(",
        "damaged(",
        "Broken(",
        "changed(\"",
        "Place(",
        "UNREADABLE: ",
        "UNCOVERED: ",
        "doing",
        "syncing(\"",
        "Step::End",
    ];
    /// Stands in such a line and is nothing that is said.
    const UNSAID: [&str; 3] = ["#: it is gone", "memory", "`#`: #"];

    fn sources(folder: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = path.file_name().unwrap().to_str().unwrap();
            let tests = ["tests", "tests.rs", "suite.rs", "faults.rs", "golden.rs"].contains(&name);
            match path.is_dir() {
                _ if tests => {}
                true => found.extend(sources(&path)),
                false => found.push(path),
            }
        }
        found
    }

    /// The text with a `#` for every number and everything that is filled in.
    fn pattern(text: &str) -> String {
        let (mut out, mut inside) = (String::new(), false);
        for c in text.chars() {
            match c {
                '{' => {
                    inside = true;
                    out.push('#');
                }
                '}' => inside = false,
                _ if inside => {}
                c if c.is_ascii_digit() && out.ends_with('#') => {}
                c if c.is_ascii_digit() => out.push('#'),
                c => out.push(c),
            }
        }
        out
    }

    #[test]
    fn whatever_the_layers_of_the_truth_say_has_german_words() {
        let known = |text: &str| {
            UNSAID.contains(&text)
                || [DOING, LEDGER, VAULT, KEYRING, PLACES].iter().any(|words| find(words, text).is_some())
        };
        let (mut unknown, mut seen) = (Vec::new(), 0);
        for layer in ["disk", "vault", "ledger", "keyring"] {
            for path in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(layer)) {
                let text = std::fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
                let lines = code.lines().map(str::trim).filter(|line| {
                    let silent = ["//", "#["].iter().any(|start| line.starts_with(start));
                    !silent && !line.contains("assert") && SAYS.iter().any(|says| line.contains(says))
                });
                for said in lines.flat_map(|line| line.split('"').skip(1).step_by(2)) {
                    let said = pattern(said);
                    seen += 1;
                    if !said.is_empty() && !known(&said) {
                        unknown.push(format!("{}: {said}", path.display()));
                    }
                }
            }
        }
        assert!(unknown.is_empty(), "without German words:\n{}", unknown.join("\n"));
        assert!(seen > 60, "the layers' words were not found: {seen}");
    }

    #[test]
    fn numbers_and_places_keep_their_values() {
        let flaw = |what: &str| keyring_flaw(&KeyringFlaw { path: "/x/page".into(), what: what.to_owned() });
        assert_eq!(
            flaw("has 12 frames, the root knows of 345"),
            "/x/page: hat 12 Fächer, verzeichnet sind 345"
        );
        assert_eq!(flaw("something new"), "/x/page: ist beschädigt");
        assert_eq!(stored_place("manifest line 7"), "Bestandsverzeichnis, Zeile 7");
        assert_eq!(stored_place("9 bytes in /x/0.vol at 17"), "9 Bytes in /x/0.vol ab Stelle 17");
        assert_eq!(
            stored_place("object `ab` in /x/0.vol at 3"),
            "gespeicherte Datei ab in /x/0.vol ab Stelle 3"
        );
        assert_eq!(stored_place("object `ab` as /x/ab"), "gespeicherte Datei ab als /x/ab");
        assert_eq!(stored_place("volumes/fremd.txt"), "volumes/fremd.txt");
    }
}
