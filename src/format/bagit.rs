//! The tag files of a bag (`BagIt`, RFC 8493) and the description of a file in it. Pure: writes nothing.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::base::digest::Sha256;
use crate::domain::case_file::CaseFile;
use crate::domain::ids::ArchiveCopyId;

/// A name that every file system takes: letters, digits, `.`, `-`, `_`; anything else becomes `_`, and no name
/// begins with a full stop.
#[must_use]
pub fn safe_name(name: &str) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '_' };
    let safe: String = name.chars().map(kept).take(120).collect();
    let safe = safe.trim_start_matches('.');
    if safe.is_empty() { "_".to_owned() } else { safe.to_owned() }
}

/// A document in the bag, as the description of its file names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BaggedDocument {
    /// Name of its newest original in the bag.
    pub datei: String,
    /// The id it had.
    pub dokument: String,
    /// The register it lay in, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub register: Option<BaggedRegister>,
}

/// The register of a document in the bag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BaggedRegister {
    /// Its number.
    pub nummer: String,
    /// What lies there; absent if the file's type did not know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub titel: Option<String>,
}

/// That a file was thinned: a part of it was not handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BaggedThinning {
    /// Documents that are not in the bag.
    pub nicht_uebernommen: u64,
    /// Documents there were when the archive decided.
    pub von: u64,
    /// The rule that proposed it, with its edition; absent if the archive chose by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regel: Option<String>,
    /// The archive's reason in free words.
    pub begruendung: String,
}

#[derive(Serialize)]
struct Description<'a> {
    aktenzeichen: &'a str,
    titel: &'a str,
    aktenplaneinheit: &'a str,
    akte: String,
    archivexemplar: String,
    angelegt: Date,
    tatsachen: Vec<BTreeMap<&'static str, String>>,
    felder: &'a BTreeMap<String, String>,
    dokumente: &'a [BaggedDocument],
    #[serde(skip_serializing_if = "Option::is_none")]
    ausgeduennt: Option<&'a BaggedThinning>,
}

/// The description of a file, as JSON.
#[must_use]
pub fn describe(
    file: &CaseFile,
    copy: ArchiveCopyId,
    documents: &[BaggedDocument],
    thinned: Option<&BaggedThinning>,
) -> String {
    let fact = |fact: &crate::domain::case_file::Fact| {
        BTreeMap::from([
            ("art", fact.kind.to_string()),
            ("am", fact.on.to_string()),
            ("quelle", fact.source.clone()),
        ])
    };
    let description = Description {
        aktenzeichen: file.reference.as_str(),
        titel: &file.title,
        aktenplaneinheit: file.class.as_str(),
        akte: file.id.to_string(),
        archivexemplar: copy.to_string(),
        angelegt: file.opened,
        tatsachen: file.facts.iter().map(fact).collect(),
        felder: &file.fields,
        dokumente: documents,
        ausgeduennt: thinned,
    };
    serde_json::to_string_pretty(&description).expect("a description has only texts")
}

/// The tag files, in the order they are to be written: name and text.
#[must_use]
pub fn tag_files(
    payload: &BTreeMap<String, Sha256>,
    payload_bytes: u64,
    organisation: &str,
    on: Date,
) -> Vec<(&'static str, String)> {
    let declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n".to_owned();
    let one_line = organisation.replace(['\r', '\n'], " ");
    let info = format!(
        "Source-Organization: {one_line}\nBagging-Date: {on}\nPayload-Oxum: {payload_bytes}.{}\n\
         Bag-Software-Agent: schriftgut {}\n",
        payload.len(),
        env!("CARGO_PKG_VERSION"),
    );
    let manifest: String = payload.iter().map(|(path, digest)| manifest_line(path, digest)).collect();
    let mut files =
        vec![("bagit.txt", declaration), ("bag-info.txt", info), ("manifest-sha256.txt", manifest)];
    let tags: String =
        files.iter().map(|(name, text)| manifest_line(name, &Sha256::of(&[text.as_bytes()]))).collect();
    files.push(("tagmanifest-sha256.txt", tags));
    files
}

/// `digest  path`, with the path's line ends and percent signs encoded (RFC 8493 §2.1.3).
fn manifest_line(path: &str, digest: &Sha256) -> String {
    let path = path.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    format!("{digest}  {path}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_on_every_file_system() {
        assert_eq!(safe_name("../../Lageplan März.pdf"), "_.._Lageplan_M_rz.pdf");
        assert_eq!(safe_name("63.10.01-1042"), "63.10.01-1042");
        assert_eq!(safe_name("..."), "_");
    }

    #[test]
    fn the_tag_manifest_covers_every_tag_file_before_it() {
        let payload = BTreeMap::from([("data/a%b".to_owned(), Sha256::of(&[b"x"]))]);
        let files = tag_files(&payload, 1, "Stadt\nX", jiff::civil::date(2026, 11, 22));
        assert_eq!(files.len(), 4);
        assert!(files[2].1.ends_with("data/a%25b\n"));
        assert_eq!(files[3].1.lines().count(), 3);
        assert!(files[1].1.contains("Payload-Oxum: 1.1"));
    }
}
