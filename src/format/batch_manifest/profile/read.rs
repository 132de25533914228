//! A profile out of TOML.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::{Spanned, Value};

use super::{DatePattern, FORMAT, Place, Profile, ProfileMistake, XmlPath};
use crate::base::checksum::Algorithm;
use crate::format::batch_manifest::text::Encoding;
use crate::format::batch_manifest::{OPTIONAL, REQUIRED, is_column};
use crate::format::rule_pack::with_cure;

type Texts = BTreeMap<Spanned<String>, Spanned<String>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    format: Spanned<u32>,
    kind: Option<Spanned<String>>,
    encoding: Option<Spanned<String>>,
    separator: Option<Spanned<String>>,
    header: Option<Spanned<bool>>,
    document: Option<Spanned<String>>,
    date: Option<Spanned<String>>,
    #[serde(default)]
    dates: Vec<Spanned<String>>,
    checksum: Option<Spanned<String>>,
    path_separator: Option<Spanned<String>>,
    strip_prefix: Option<Spanned<String>>,
    path_prefix: Option<Spanned<String>>,
    #[serde(default)]
    ignore: Vec<Spanned<Value>>,
    #[serde(default)]
    accompanying: Vec<Spanned<String>>,
    columns: Option<Spanned<BTreeMap<Spanned<String>, Spanned<Value>>>>,
    #[serde(default)]
    fixed: Texts,
    #[serde(default)]
    values: BTreeMap<Spanned<String>, BTreeMap<String, String>>,
    totals: Option<Spanned<WireTotals>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WireTotals {
    documents: Option<Spanned<String>>,
    pages: Option<Spanned<String>>,
}

/// Reads a profile.
pub(super) fn read(text: &str) -> Result<Profile, Vec<ProfileMistake>> {
    let wire: Wire = toml::from_str(text).map_err(|error| {
        let way_out = "was ein Profil sagen kann, steht in schema/formats/batch-profile.md".to_owned();
        vec![ProfileMistake { line: None, what: with_cure(&error, text), way_out }]
    })?;
    let mut notes = Notes { text, found: Vec::new() };
    if *wire.format.get_ref() != FORMAT {
        let what = format!("Format {} ist unbekannt", wire.format.get_ref());
        notes.note(&wire.format, what, format!("dieses Programm liest Format {FORMAT}"));
        return Err(notes.found);
    }
    let mut profile = Profile::default();
    notes.writing(&wire, &mut profile);
    notes.xml(&wire, &mut profile);
    notes.days_and_sums(&wire, &mut profile);
    notes.paths(&wire, &mut profile);
    notes.columns(&wire, &mut profile);
    notes.fixed(&wire, &mut profile);
    notes.whole(&profile);
    if notes.found.is_empty() { Ok(profile) } else { Err(notes.found) }
}

/// Mistakes as they are found.
struct Notes<'a> {
    text: &'a str,
    found: Vec<ProfileMistake>,
}

impl Notes<'_> {
    fn note<T>(&mut self, at: &Spanned<T>, what: impl Into<String>, way_out: impl Into<String>) {
        let before = self.text.get(..at.span().start).unwrap_or(self.text);
        let line = Some(before.matches('\n').count() + 1);
        self.found.push(ProfileMistake { line, what: what.into(), way_out: way_out.into() });
    }

    fn only<T>(&mut self, given: Option<&Spanned<T>>, key: &str, kind: &str) {
        if let Some(given) = given {
            self.note(given, format!("`{key}` gibt es nur bei kind = \"{kind}\""), "streichen Sie es");
        }
    }

    /// One of several words, or the default.
    fn choice<T: Copy>(
        &mut self,
        given: Option<&Spanned<String>>,
        key: &str,
        known: &[(&str, T)],
        default: T,
    ) -> T {
        let Some(given) = given else { return default };
        let found = known.iter().find(|(name, _)| name == given.get_ref());
        if found.is_none() {
            let names: Vec<_> = known.iter().map(|(name, _)| format!("{name:?}")).collect();
            let what = format!("`{key}` kann nicht {:?} sein", given.get_ref());
            self.note(given, what, format!("möglich: {}", names.join(", ")));
        }
        found.map_or(default, |(_, value)| *value)
    }

    /// How a table is written.
    fn writing(&mut self, wire: &Wire, profile: &mut Profile) {
        profile.encoding = self.choice(wire.encoding.as_ref(), "encoding", &Encoding::NAMES, Encoding::Utf8);
        let separators = [(";", b';'), (",", b','), ("\t", b'\t'), ("|", b'|')];
        profile.separator = self.choice(wire.separator.as_ref(), "separator", &separators, b';');
        profile.has_header = wire.header.as_ref().is_none_or(|header| *header.get_ref());
    }

    /// Where the documents are, if the list is XML.
    fn xml(&mut self, wire: &Wire, profile: &mut Profile) {
        let kinds = [("csv", false), ("xml", true)];
        if !self.choice(wire.kind.as_ref(), "kind", &kinds, false) {
            self.only(wire.document.as_ref(), "document", "xml");
            self.only(wire.totals.as_ref(), "totals", "xml");
            return;
        }
        self.only(wire.separator.as_ref(), "separator", "csv");
        self.only(wire.header.as_ref(), "header", "csv");
        self.only(wire.ignore.first(), "ignore", "csv");
        let Some(given) = &wire.document else {
            let (what, way_out) = (
                "`document` fehlt: welches Element ein Dokument ist",
                "nennen Sie es vom obersten Element an, etwa document = \"Lieferung/Beleg\"",
            );
            return self.missing(what, way_out);
        };
        let path = XmlPath::of(given.get_ref()).filter(XmlPath::is_of_elements);
        if path.is_none() {
            let what = format!("„{}“ nennt kein Element", given.get_ref());
            self.note(given, what, "nennen Sie Elemente vom obersten an, etwa \"Lieferung/Beleg\"");
        }
        profile.document = path;
        let Some(totals) = wire.totals.as_ref().map(Spanned::get_ref) else { return };
        profile.documents = self.total(totals.documents.as_ref());
        profile.pages = self.total(totals.pages.as_ref());
    }

    fn total(&mut self, given: Option<&Spanned<String>>) -> Option<XmlPath> {
        let given = given?;
        let path = XmlPath::of(given.get_ref()).filter(|path| path.up == 0 && !path.steps.is_empty());
        if path.is_none() {
            let what = format!("„{}“ ist kein Weg vom obersten Element an", given.get_ref());
            self.note(given, what, "schreiben Sie ihn etwa so: \"Lieferung/Kopf/@anzahl\"");
        }
        path
    }

    fn missing(&mut self, what: impl Into<String>, way_out: impl Into<String>) {
        self.found.push(ProfileMistake { line: None, what: what.into(), way_out: way_out.into() });
    }

    fn days_and_sums(&mut self, wire: &Wire, profile: &mut Profile) {
        if let Some(given) = &wire.date {
            match DatePattern::of(given.get_ref()) {
                Some(date) => profile.date = date,
                None => {
                    let what = format!("„{}“ sagt nicht, wie ein Tag geschrieben ist", given.get_ref());
                    self.note(given, what, "nehmen Sie TT, MM und JJJJ, etwa \"TT.MM.JJJJ\"");
                }
            }
        }
        for column in &wire.dates {
            if !(column.get_ref().starts_with("feld:") && is_column(column.get_ref())) {
                let what = format!("„{}“ ist kein Feld einer Aktenart", column.get_ref());
                self.note(column, what, "hier stehen Spalten wie \"feld:antragsdatum\"");
            }
            profile.dates.push(column.get_ref().clone());
        }
        let known = Algorithm::ALL.map(|algorithm| (algorithm.code(), Some(algorithm)));
        profile.checksum = self.choice(wire.checksum.as_ref(), "checksum", &known, None);
    }

    fn paths(&mut self, wire: &Wire, profile: &mut Profile) {
        let separators = [("/", false), ("\\", true)];
        profile.has_backslashes =
            self.choice(wire.path_separator.as_ref(), "path_separator", &separators, false);
        let slashes =
            |text: &str| if profile.has_backslashes { text.replace('\\', "/") } else { text.to_owned() };
        profile.strip_prefix = wire.strip_prefix.as_ref().map(|prefix| slashes(prefix.get_ref()));
        if let Some(given) = &wire.path_prefix {
            let prefix = slashes(given.get_ref());
            if prefix.starts_with('/') || prefix.split('/').any(|part| part == "..") {
                let what = format!("„{prefix}“ liegt nicht unter dem Ordner der Liste");
                self.note(given, what, "nennen Sie einen Ordner darin, etwa \"scans\"");
            }
            profile.path_prefix = prefix;
        }
        for pattern in &wire.accompanying {
            let text = pattern.get_ref();
            if text.len() < 2 || text[1..].contains('*') {
                let what = format!("„{text}“ nennt keine Datei");
                self.note(pattern, what, "nennen Sie einen Namen, oder ein Ende wie \"*.md5\"");
            }
            profile.accompanying.push(text.clone());
        }
    }

    fn columns(&mut self, wire: &Wire, profile: &mut Profile) {
        for ignored in &wire.ignore {
            match ignored.get_ref() {
                Value::String(name) => profile.ignore.push(name.trim().to_owned()),
                Value::Integer(number) => profile.ignore.push(number.to_string()),
                _ => self.note(ignored, "`ignore` nennt etwas, das keine Spalte ist", "nennen Sie Spalten"),
            }
        }
        let Some(columns) = &wire.columns else {
            if profile.document.is_some() || !profile.has_header {
                self.missing("`columns` fehlt", "sagen Sie, wo jede Spalte steht");
            }
            // Without columns a list has ours, and what is fixed is not among them.
            if !wire.fixed.is_empty() || !wire.ignore.is_empty() {
                self.missing(
                    "`fixed` und `ignore` gibt es nur mit `columns`",
                    "nennen Sie unter columns auch die Spalten, die heißen wie bei uns",
                );
            }
            return;
        };
        let mut mapped: Vec<(String, Place)> = Vec::new();
        for (ours, theirs) in columns.get_ref() {
            self.is_ours(ours);
            let Some(place) = self.place(theirs, profile) else { continue };
            if let Some((other, _)) =
                mapped.iter().find(|(_, taken)| *taken == place && profile.document.is_none())
            {
                let what = format!("„{}“ und „{other}“ stehen in derselben Spalte", ours.get_ref());
                self.note(theirs, what, "nennen Sie für eine von beiden eine andere");
            }
            mapped.push((ours.get_ref().clone(), place));
        }
        profile.columns = Some(mapped);
    }

    /// Where one column stands.
    fn place(&mut self, theirs: &Spanned<Value>, profile: &Profile) -> Option<Place> {
        let (place, way_out) = match (theirs.get_ref(), profile.document.is_some(), profile.has_header) {
            (Value::String(path), true, _) => (
                XmlPath::of(path).map(Place::Path),
                "schreiben Sie den Weg vom Element des Dokuments aus, etwa \"Datei/@name\" oder \"../@az\"",
            ),
            (Value::String(name), false, true) => (
                Some(name.trim()).filter(|name| !name.is_empty()).map(|name| Place::Name(name.to_owned())),
                "nennen Sie die Spalte, wie sie in der Kopfzeile heißt",
            ),
            (Value::Integer(number), false, false) => (
                usize::try_from(*number).ok().filter(|number| *number > 0).map(Place::Number),
                "zählen Sie die Spalten ab 1",
            ),
            (_, false, false) => (None, "ohne Kopfzeile (header = false) nennen Sie die Nummer der Spalte"),
            _ => (None, "nennen Sie sie als Text in Anführungszeichen"),
        };
        if place.is_none() {
            self.note(theirs, format!("{} ist keine Stelle in der Liste", theirs.get_ref()), way_out);
        }
        place
    }

    fn is_ours(&mut self, name: &Spanned<String>) {
        if !is_column(name.get_ref()) {
            let known: Vec<_> = REQUIRED.into_iter().chain(OPTIONAL).collect();
            let what = format!("die Spalte „{}“ kennen wir nicht", name.get_ref());
            self.note(name, what, format!("es gibt: {}, feld:NAME", known.join(", ")));
        }
    }

    /// What is the same for all documents, and what is called otherwise.
    fn fixed(&mut self, wire: &Wire, profile: &mut Profile) {
        let is_mapped = |profile: &Profile, name: &str| {
            profile.columns.iter().flatten().any(|(column, _)| column == name)
        };
        for (name, value) in &wire.fixed {
            self.is_ours(name);
            if is_mapped(profile, name.get_ref()) {
                let what = format!("„{}“ steht unter columns und unter fixed", name.get_ref());
                self.note(name, what, "lassen Sie es bei einem von beiden weg");
            }
            if matches!(name.get_ref().as_str(), "path" | "pruefsumme" | "strichcode" | "seiten") {
                let what = format!("„{}“ ist nie bei allen Dokumenten gleich", name.get_ref());
                self.note(name, what, "nennen Sie unter columns, wo es steht");
            }
            profile.fixed.insert(name.get_ref().clone(), value.get_ref().trim().to_owned());
        }
        for (name, values) in &wire.values {
            self.is_ours(name);
            if profile.columns.is_some() && !is_mapped(profile, name.get_ref()) {
                let what = format!("`values` nennt „{}“, und columns nennt es nicht", name.get_ref());
                self.note(name, what, "nennen Sie dort, wo es steht");
            }
            profile.values.insert(name.get_ref().clone(), values.clone());
        }
    }

    /// What only shows when everything is there.
    fn whole(&mut self, profile: &Profile) {
        let Some(columns) = &profile.columns else { return };
        let is_said =
            |name: &str| columns.iter().any(|(column, _)| column == name) || profile.fixed.contains_key(name);
        // A place that was refused is told already.
        let needed = REQUIRED.into_iter().filter(|name| !is_said(name) && self.found.is_empty());
        let needed: Vec<_> = needed.collect();
        if !needed.is_empty() {
            let what = format!("es ist nicht gesagt, wo {} steht", needed.join(", "));
            self.missing(what, "nennen Sie es unter columns, oder unter fixed, wenn es immer gleich ist");
        }
        if profile.checksum.is_some() && !is_said("pruefsumme") {
            let way_out = "nennen Sie unter columns, wo „pruefsumme“ steht, oder streichen Sie checksum";
            self.missing("`checksum` ist genannt, und keine Spalte hat Prüfsummen", way_out);
        }
        for column in profile.dates.iter().filter(|column| !is_said(column)) {
            self.missing(
                format!("`dates` nennt „{column}“, und columns nennt es nicht"),
                "nennen Sie dort, wo es steht",
            );
        }
    }
}
