//! The message, read. It comes from outside: nothing in it is trusted, and no place it names is looked at.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::Node;

use super::{DOMAIN, EXTENSION, PATTERN, ROOT, VERSIONS};
use crate::domain::case_file::ClassNumber;
use crate::domain::file_plan::{CLASSES_MAX, FilePlan, FilePlanClass};
use crate::format::file_plan::mistake::PlanMistake;
use crate::format::file_plan::{RawClass, told};
use crate::format::lines::Lines;
use crate::format::xdomea::NAMESPACE;
use crate::format::xdomea::nodes::{child, children, parsed, value};

/// What a message says.
#[derive(Debug, Clone)]
pub struct Message {
    /// The plan.
    pub plan: FilePlan,
    /// What of it has no place here, German.
    pub lost: Vec<String>,
}

/// Reads a message; `file` is its name in messages to people.
///
/// # Errors
/// Every mistake there is, in the order of the text; of a text that is no such message the first.
pub fn read(file: &str, text: &str) -> Result<Message, Vec<PlanMistake>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = Lines::of(text);
    let one = |reason: String| vec![PlanMistake::whole(file, reason)];
    let document = parsed(text, &lines).map_err(|(line, why)| {
        let whole = PlanMistake::whole(file, why);
        vec![line.map_or(whole.clone(), |line| whole.on(line))]
    })?;
    let root = document.root_element();
    is_the_message(root).map_err(one)?;
    let plan = child(root, "Aktenplan").ok_or_else(|| one("das Element Aktenplan fehlt".to_owned()))?;
    let mut reading =
        Reading { file, lines, begins: Vec::new(), mistakes: Vec::new(), lost: BTreeMap::new() };
    let classes = reading.classes(plan);
    if !reading.mistakes.is_empty() {
        return Err(reading.mistakes);
    }
    let edition = value(plan, "Version");
    let parsed = edition.parse().ok();
    if parsed.is_none() && !edition.is_empty() {
        reading.lose("eine Version, die nicht als Ausgabe taugt");
    }
    if child(plan, "Gueltigkeit").is_some() || child(plan, "Aktenplandatei").is_some() {
        reading.lose("Gültigkeit oder Datei des ganzen Aktenplans");
    }
    let made = FilePlan::new(classes).map_err(|flaws| told(file, &flaws, &reading.begins))?;
    let lost = reading.lost.iter().map(|(what, count)| format!("Nicht übernommen: {what} ({count}-mal)"));
    Ok(Message { plan: made.called(value(plan, "Bezeichnung"), parsed), lost: lost.collect() })
}

/// Which message it is, and of which version.
fn is_the_message(root: Node<'_, '_>) -> Result<(), String> {
    let name: String = root.tag_name().name().chars().take(80).collect();
    let Some(version) = root.tag_name().namespace().and_then(|space| space.strip_prefix(NAMESPACE)) else {
        return Err(format!("„{name}“ ist keine Nachricht von xdomea; erwartet wird {ROOT}"));
    };
    if name != ROOT {
        return Err(format!("es ist die Nachricht {name}; erwartet wird {ROOT}"));
    }
    if VERSIONS.contains(&version) {
        return Ok(());
    }
    let version: String = version.chars().take(20).collect();
    Err(format!("xdomea {version} ist unbekannt; gelesen werden {}", VERSIONS.join(", ")))
}

/// Reading on the way.
struct Reading<'a> {
    file: &'a str,
    lines: Lines,
    begins: Vec<(ClassNumber, usize)>,
    mistakes: Vec<PlanMistake>,
    lost: BTreeMap<&'static str, usize>,
}

impl Reading<'_> {
    fn lose(&mut self, what: &'static str) {
        *self.lost.entry(what).or_default() += 1;
    }

    /// All classes, from the top down. How deep they lie in each other was looked at before.
    fn classes(&mut self, plan: Node<'_, '_>) -> Vec<FilePlanClass> {
        let mut classes = Vec::new();
        let mut waiting: Vec<_> = units(plan).map(|unit| (unit, None)).collect();
        waiting.reverse();
        while let Some((unit, above)) = waiting.pop() {
            if classes.len() + self.mistakes.len() > CLASSES_MAX {
                let reason = format!("mehr als {CLASSES_MAX} Klassen; teilen Sie den Aktenplan");
                self.mistakes.push(PlanMistake::whole(self.file, reason));
                break;
            }
            let line = self.lines.at(unit.range().start);
            let number = match self.class(unit, above.as_ref()) {
                Ok(class) => {
                    let number = class.number.clone();
                    self.begins.push((number.clone(), line));
                    classes.push(class);
                    Some(number)
                }
                Err(of_class) => {
                    self.mistakes.extend(of_class.into_iter().map(|mistake| mistake.on(line)));
                    None
                }
            };
            let mut below: Vec<_> = units(unit).map(|below| (below, number.clone())).collect();
            below.reverse();
            waiting.append(&mut below);
        }
        classes
    }

    fn class(
        &mut self,
        unit: Node<'_, '_>,
        above: Option<&ClassNumber>,
    ) -> Result<FilePlanClass, Vec<PlanMistake>> {
        let number = value(unit, "Kennzeichen");
        let (short, long) = (value(unit, "BetreffKurz"), value(unit, "Inhaltsangabe"));
        let title = if short.is_empty() { &long } else { &short };
        if *title != long && !long.is_empty() {
            self.lose("Inhaltsangabe neben dem Betreff");
        }
        let own = self.own_fields(unit);
        let field = |name: &str| own.get(name).map(String::as_str);
        let closed = match value(unit, "Stillgelegt").as_str() {
            "true" | "1" => true,
            "" | "false" | "0" => false,
            _ => {
                let reason = "erwartet wird true oder false".to_owned();
                return Err(vec![PlanMistake::field(self.file, &number, "Stillgelegt", reason)]);
            }
        };
        let raw =
            RawClass { number: &number, title, closed, domain: field(DOMAIN), reference: field(PATTERN) };
        let class =
            raw.read(self.file).map_err(|mistakes| mistakes.into_iter().map(renamed).collect::<Vec<_>>())?;
        if let Some(above) = above
            && class.number.lineage().nth(1).as_ref() != Some(above)
        {
            let reason = format!(
                "sie liegt unter {above}, ihre Nummer setzt die aber nicht fort; erwartet wird eine wie {above}.10"
            );
            return Err(vec![PlanMistake::class(self.file, &number, reason)]);
        }
        self.lose_the_rest(unit);
        Ok(class)
    }

    /// The fields of our own extension.
    fn own_fields(&mut self, unit: Node<'_, '_>) -> BTreeMap<String, String> {
        let Some(extension) = child(unit, "AnwendungsspezifischeErweiterung") else { return BTreeMap::new() };
        if value(extension, "Kennung") != EXTENSION {
            self.lose("Erweiterung eines anderen Programms");
            return BTreeMap::new();
        }
        let fields = children(extension, "Feld");
        fields.map(|field| (value(field, "Name"), value(field, "Wert"))).collect()
    }

    /// What stands at a class and has no place here.
    fn lose_the_rest(&mut self, unit: Node<'_, '_>) {
        let names: BTreeSet<_> = unit.children().map(|node| node.tag_name().name()).collect();
        for (name, what) in [
            ("Aussonderungsart", "Aussonderungsart und Aufbewahrungsdauer; sie stehen im Regelwerk"),
            ("Gueltigkeit", "Gültigkeit einer Aktenplaneinheit"),
            ("VerweisAktenplaneinheit", "Verweis auf eine andere Aktenplaneinheit"),
            ("AnwendungsspezifischeErweiterungXML", "Erweiterung in XML"),
        ] {
            if names.contains(name) {
                self.lose(what);
            }
        }
    }
}

/// What the message calls a field.
fn renamed(mistake: PlanMistake) -> PlanMistake {
    let field = mistake.field.map(|field| match field {
        "number" => "Kennzeichen",
        "domain" => DOMAIN,
        "reference" => PATTERN,
        other => other,
    });
    PlanMistake { field, ..mistake }
}

fn units<'a, 'input>(node: Node<'a, 'input>) -> impl Iterator<Item = Node<'a, 'input>> {
    children(node, "Einheit")
}
