//! A storage root with an object for each file (OCFL 1.1; `schema/formats/ocfl.md`). One version each: what the archive copy holds.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::bag::DESCRIPTION;
use super::{Export, Layout, NewText, PackagedFile, PackagedObject, Written};
use crate::base::digest::{Sha256, Sha512};

/// How objects are found: the first digits of the digest of their id name three folders, in which one is called as the id is.
const EXTENSION: &str = "0003-hash-and-id-n-tuple-storage-layout";
const TUPLES: usize = 3;
const TUPLE_CHARS: usize = 3;
/// What the versions of objects are called, and where their content lies.
const VERSION: &str = "v1";

/// The storage root of an export.
pub(super) struct Root {
    organisation: String,
    at: Timestamp,
}

impl Root {
    pub(super) fn new(export: &Export) -> Self {
        Self { organisation: export.organisation.clone(), at: export.at }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Inventory<'a> {
    id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    digest_algorithm: &'static str,
    head: &'static str,
    manifest: BTreeMap<String, Vec<String>>,
    fixity: BTreeMap<&'static str, BTreeMap<String, Vec<String>>>,
    versions: BTreeMap<&'static str, Version<'a>>,
}

#[derive(Serialize)]
struct Version<'a> {
    created: String,
    message: String,
    user: User<'a>,
    state: BTreeMap<String, Vec<String>>,
}

#[derive(Serialize)]
struct User<'a> {
    name: &'a str,
}

/// The id of an object.
fn id(file: &PackagedFile) -> String {
    format!("urn:uuid:{}", file.copy)
}

/// Where an object lies, from the storage root.
fn folder(file: &PackagedFile) -> String {
    let digest = Sha256::of(&[id(file).as_bytes()]).to_string();
    let mut folder = String::new();
    for tuple in 0..TUPLES {
        folder.push_str(&digest[tuple * TUPLE_CHARS..(tuple + 1) * TUPLE_CHARS]);
        folder.push('/');
    }
    // The extension writes small digits.
    folder + &id(file).replace(':', "%3a")
}

impl Layout for Root {
    fn place(&self, file: &PackagedFile, name: &str, _: bool) -> String {
        format!("{}/{VERSION}/content/{name}", folder(file))
    }

    fn around(&mut self, file: &PackagedFile, objects: &[(PackagedObject, Written)]) -> Vec<NewText> {
        let folder = folder(file);
        let description = NewText::at(self.place(file, DESCRIPTION, false), file.description.as_str());
        let described = Written::text(&description.path, &description.text);
        let (mut manifest, mut state, mut fixity) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for written in objects.iter().map(|(_, written)| written).chain([&described]) {
            let path = written.path[folder.len() + 1..].to_owned();
            let logical = path[VERSION.len() + "/content/".len()..].to_owned();
            let sha512 = written.sha512.to_string();
            manifest.entry(sha512.clone()).or_insert_with(Vec::new).push(path.clone());
            state.entry(sha512).or_insert_with(Vec::new).push(logical);
            fixity.entry(written.sha256.to_string()).or_insert_with(Vec::new).push(path);
        }
        let version = Version {
            created: super::moment(self.at),
            message: format!("Abgabe der Akte {}", file.reference),
            user: User { name: &self.organisation },
            state,
        };
        let inventory = Inventory {
            id: id(file),
            kind: "https://ocfl.io/1.1/spec/#inventory",
            digest_algorithm: "sha512",
            head: VERSION,
            manifest,
            fixity: BTreeMap::from([("sha256", fixity)]),
            versions: BTreeMap::from([(VERSION, version)]),
        };
        let inventory = serde_json::to_string_pretty(&inventory).expect("an inventory has only texts");
        let sidecar = format!("{} inventory.json\n", Sha512::of(inventory.as_bytes()));
        let inside = |name: &str, text: &str| NewText::at(format!("{folder}/{name}"), text);
        vec![
            description,
            inside("v1/inventory.json", &inventory),
            inside("v1/inventory.json.sha512", &sidecar),
            inside("inventory.json", &inventory),
            inside("inventory.json.sha512", &sidecar),
            inside("0=ocfl_object_1.1", "ocfl_object_1.1\n"),
        ]
    }

    fn finish(&mut self, _: &[Written]) -> Vec<NewText> {
        let json = |value: &serde_json::Value| format!("{value:#}\n");
        let layout = serde_json::json!({
            "extension": EXTENSION,
            "description": "Der Ordner eines Objekts heißt wie seine Kennung; davor stehen drei Ordner aus den ersten Zeichen ihres SHA-256.",
        });
        let config = serde_json::json!({
            "extensionName": EXTENSION,
            "digestAlgorithm": "sha256",
            "tupleSize": TUPLE_CHARS,
            "numberOfTuples": TUPLES,
        });
        vec![
            NewText::at("ocfl_layout.json", json(&layout)),
            NewText::at(format!("extensions/{EXTENSION}/config.json"), json(&config)),
            NewText::at("0=ocfl_1.1", "ocfl_1.1\n"),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::package::samples;

    #[test]
    fn an_inventory_names_every_content_by_both_digests() {
        let (mut root, file) = (Root::new(&samples::export()), samples::file());
        let objects = samples::objects(&root, &file);
        let texts = root.around(&file, &objects);
        let read: serde_json::Value = serde_json::from_str(&texts[1].text).unwrap();
        let named = |map: &serde_json::Value| -> usize {
            map.as_object().unwrap().values().map(|paths| paths.as_array().unwrap().len()).sum()
        };
        for map in [&read["manifest"], &read["fixity"]["sha256"], &read["versions"]["v1"]["state"]] {
            assert_eq!(named(map), objects.len() + 1, "{map}");
        }
        assert_eq!(texts[1].text, texts[3].text);
        assert!(texts[2].text.starts_with(&Sha512::of(texts[1].text.as_bytes()).to_string()));
        let digest = Sha256::of(&[id(&file).as_bytes()]).to_string();
        let tuples = format!("{}/{}/{}", &digest[..3], &digest[3..6], &digest[6..9]);
        assert_eq!(folder(&file), format!("{tuples}/urn%3auuid%3a{}", file.copy));
    }
}
