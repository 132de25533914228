//! A list that is a CSV table: which column of theirs is which of ours. What it says is not asked here.

use super::profile::Place;
use super::{CORRECT, Flaw, Profile, REQUIRED, Raw, is_column};

/// Reads a table.
pub(super) fn read(text: &str, profile: &Profile) -> Raw {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(profile.separator)
        .has_headers(profile.has_header)
        .flexible(true)
        .from_reader(text.as_bytes());
    let head: Vec<String> = match profile.has_header {
        false => Vec::new(),
        true => match reader.headers() {
            Ok(head) => head.iter().map(|name| name.trim().to_owned()).collect(),
            Err(_) => return Raw::flawed(Flaw::whole("die Kopfzeile ist nicht lesbar", CORRECT)),
        },
    };
    let mut raw = Raw::default();
    let mut width = profile.has_header.then_some(head.len());
    let mut places = Vec::new();
    if profile.has_header {
        places = places_of(&head, profile, &mut raw);
    }
    if !raw.flaws.is_empty() {
        return raw;
    }
    for record in reader.records() {
        let Ok(record) = record else {
            raw.flaws.push(Flaw::whole("die Liste bricht ab: sie ist ab hier nicht lesbar", CORRECT));
            break;
        };
        let line = record.position().map_or(0, csv::Position::line);
        if width.is_none() {
            width = Some(record.len());
            let numbers: Vec<_> = (1..=record.len()).map(|number| number.to_string()).collect();
            places = places_of(&numbers, profile, &mut raw);
            if !raw.flaws.is_empty() {
                return raw;
            }
        }
        if !raw.has_room() {
            break;
        }
        if width != Some(record.len()) {
            let like = if profile.has_header { "die Kopfzeile" } else { "die erste Zeile" };
            raw.flaws.push(Flaw::at(line, format!("sie hat nicht so viele Spalten wie {like}"), CORRECT));
        }
        let cells = places.iter().map(|at| record.get(*at).unwrap_or_default().trim().to_owned());
        raw.rows.push((line, cells.collect()));
    }
    raw
}

/// Where the columns stand that are wanted; what they are called goes into `raw`, with what is wrong.
fn places_of(head: &[String], profile: &Profile, raw: &mut Raw) -> Vec<usize> {
    for (at, name) in head.iter().enumerate() {
        if head[..at].contains(name) {
            raw.flaws.push(Flaw::whole(format!("die Spalte „{name}“ steht zweimal da"), CORRECT));
        }
    }
    let Some(mapped) = &profile.columns else { return own_columns(head, raw) };
    let mut places = Vec::new();
    for (ours, place) in mapped {
        let theirs = match place {
            Place::Number(number) => number.to_string(),
            Place::Name(name) => name.clone(),
            Place::Path(_) => continue,
        };
        match head.iter().position(|name| *name == theirs) {
            Some(at) => {
                raw.columns.push(ours.clone());
                places.push(at);
            }
            None => raw.flaws.push(Flaw::whole(
                format!("die Spalte „{theirs}“ fehlt, in der laut Profil „{ours}“ steht"),
                "berichtigen Sie die Liste oder das Profil (columns)",
            )),
        }
    }
    let unasked = |(at, name): &(usize, &String)| !places.contains(at) && !profile.ignores(name);
    for (_, name) in head.iter().enumerate().filter(unasked) {
        raw.flaws.push(Flaw::whole(
            format!("die Spalte „{name}“ kommt im Profil nicht vor"),
            "nennen Sie sie dort unter columns oder unter ignore",
        ));
    }
    places
}

/// A list without a profile has our columns.
fn own_columns(head: &[String], raw: &mut Raw) -> Vec<usize> {
    for name in REQUIRED.into_iter().filter(|name| !head.iter().any(|column| column == name)) {
        let needed = REQUIRED.join(", ");
        raw.flaws.push(Flaw::whole(
            format!("die Spalte „{name}“ fehlt (nötig: {needed})"),
            "berichtigen Sie die Liste, oder nennen Sie ein Profil (--profile), das ihre Spalten zuordnet",
        ));
    }
    for name in head.iter().filter(|name| !is_column(name)) {
        raw.flaws.push(Flaw::whole(format!("die Spalte „{name}“ ist unbekannt"), CORRECT));
    }
    raw.columns = head.to_vec();
    (0..head.len()).collect()
}
