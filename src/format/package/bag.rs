//! A bag (`BagIt`, RFC 8493; `schema/formats/bag.md`): its tag files, and the description of a file that every form of package has.
//! Writes nothing.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::{Export, Layout, NewText, PackagedFile, PackagedObject, Written};
use crate::base::digest::Sha256;
use crate::domain::case_file::CaseFile;
use crate::domain::ids::ArchiveCopyId;

/// What the description of a file is called.
pub(super) const DESCRIPTION: &str = "akte.json";

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

/// The bag of an export.
pub(super) struct Bag {
    organisation: String,
    on: Date,
    payload: BTreeMap<String, Sha256>,
    payload_bytes: u64,
}

impl Bag {
    pub(super) fn new(export: &Export) -> Self {
        let organisation = export.organisation.clone();
        Self { organisation, on: export.on, payload: BTreeMap::new(), payload_bytes: 0 }
    }

    fn holds(&mut self, written: &Written) {
        self.payload.insert(written.path.clone(), written.sha256);
        self.payload_bytes += written.size_bytes;
    }
}

impl Layout for Bag {
    fn place(&self, file: &PackagedFile, name: &str, _: bool) -> String {
        format!("data/{}/{name}", file.folder)
    }

    fn around(&mut self, file: &PackagedFile, objects: &[(PackagedObject, Written)]) -> Vec<NewText> {
        for (_, written) in objects {
            self.holds(written);
        }
        let description = NewText::at(self.place(file, DESCRIPTION, false), file.description.as_str());
        self.holds(&Written::text(&description.path, &description.text));
        vec![description]
    }

    fn finish(&mut self, finding_aid: &[Written]) -> Vec<NewText> {
        let declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
        let one_line = self.organisation.replace(['\r', '\n'], " ");
        let info = format!(
            "Source-Organization: {one_line}\nBagging-Date: {}\nPayload-Oxum: {}.{}\n\
             Bag-Software-Agent: schriftgut {}\n",
            self.on,
            self.payload_bytes,
            self.payload.len(),
            env!("CARGO_PKG_VERSION"),
        );
        let manifest: String =
            self.payload.iter().map(|(path, digest)| manifest_line(path, digest)).collect();
        let mut files = vec![
            NewText::at("bagit.txt", declaration),
            NewText::at("bag-info.txt", info),
            NewText::at("manifest-sha256.txt", manifest),
        ];
        let tags = files.iter().map(|file| Written::text(&file.path, &file.text));
        let tags = tags.chain(finding_aid.iter().cloned());
        let tags: String = tags.map(|tag| manifest_line(&tag.path, &tag.sha256)).collect();
        files.push(NewText::at("tagmanifest-sha256.txt", tags));
        files
    }
}

/// `digest  path`, with the path's line ends and percent signs encoded (RFC 8493 §2.1.3).
fn manifest_line(path: &str, digest: &Sha256) -> String {
    let path = path.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    format!("{digest}  {path}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::package::samples;

    #[test]
    fn the_tag_manifest_covers_every_tag_file_before_it_and_the_finding_aid() {
        let export = Export { organisation: "Stadt\nX".to_owned(), ..samples::export() };
        let mut bag = Bag::new(&export);
        bag.holds(&Written::text("data/a%b", "x"));
        let files = bag.finish(&[Written::text("Findmittel.html", "")]);
        assert_eq!(files.len(), 4);
        assert!(files[2].text.ends_with("data/a%25b\n"));
        assert_eq!(files[3].text.lines().count(), 4);
        assert!(files[3].text.ends_with("  Findmittel.html\n"));
        assert!(files[1].text.contains("Payload-Oxum: 1.1") && files[1].text.contains("Stadt X"));
    }
}
