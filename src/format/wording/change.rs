//! What a change of a file's description changes, part by part.

use std::collections::BTreeSet;

use crate::domain::case_file::Description;

/// `Betreff: Haus → Wohnhaus`, `Klasse: …`, `Feld built_year: – → 1961`.
#[must_use]
pub fn change(before: &Description, after: &Description) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = |name: &str, was: &str, is: &str| {
        let or_none = |text: &str| if text.is_empty() { "–".to_owned() } else { text.to_owned() };
        if was != is {
            parts.push(format!("{name}: {} → {}", or_none(was), or_none(is)));
        }
    };
    part("Betreff", &before.title, &after.title);
    part("Aktenplaneinheit", before.class.as_str(), after.class.as_str());
    let of = |said: &Description| {
        said.record_type.as_ref().map(|one| format!("{} {}", one.id, one.edition)).unwrap_or_default()
    };
    part("Aktenart", &of(before), &of(after));
    let names: BTreeSet<_> = before.fields.keys().chain(after.fields.keys()).collect();
    let value = |said: &Description, name: &String| said.fields.get(name).cloned().unwrap_or_default();
    for name in names {
        part(&format!("Feld {name}"), &value(before, name), &value(after, name));
    }
    parts
}
