//! A submission package for each file (E-ARK SIP 2.1.0, which is CSIP 2.1.0 and more; `schema/formats/eark-sip.md`): the originals as one
//! representation, their text layers as another, METS for the whole and for each of them, Dublin Core, PREMIS.

mod dc;
mod mets;
mod premis;

use super::bag::DESCRIPTION;
use super::finding_aid::{self, NAMES};
use super::{Export, Layout, NewText, PackagedFile, PackagedObject, PackagedVersion, Written};

/// The schema of the description, as it goes with it.
const DESCRIPTION_SCHEMA: &str = include_str!("../../../../schema/package/akte.schema.json");

/// The packages of an export.
pub(super) struct Sips {
    export: Export,
}

/// A representation: the originals, or what was read of them.
struct Representation<'a> {
    /// The folder it lies in.
    name: &'static str,
    /// What is in it, German.
    label: &'static str,
    /// Its objects, with their places from its folder.
    objects: Vec<(&'a PackagedObject, Written)>,
}

impl Sips {
    pub(super) fn new(export: &Export) -> Self {
        Self { export: export.clone() }
    }
}

/// The package of a file: its folder, which is also what it is called.
fn name(file: &PackagedFile) -> String {
    format!("{}_{}", file.folder, file.copy)
}

fn representation(is_text: bool) -> &'static str {
    if is_text { "rep2" } else { "rep1" }
}

/// What is written at this place, named from a folder above it.
fn seen_from(folder: &str, written: &Written) -> Written {
    let path =
        written.path.strip_prefix(folder).map_or(written.path.as_str(), |path| path.trim_start_matches('/'));
    Written { path: path.to_owned(), ..written.clone() }
}

impl Layout for Sips {
    fn place(&self, file: &PackagedFile, name_of_object: &str, is_text: bool) -> String {
        format!("{}/representations/{}/data/{name_of_object}", name(file), representation(is_text))
    }

    fn around(&mut self, file: &PackagedFile, objects: &[(PackagedObject, Written)]) -> Vec<NewText> {
        let sip = name(file);
        let mut texts: Vec<NewText> = Vec::new();
        let mut put = |path: String, text: String| {
            let written = Written::text(&path, &text);
            texts.push(NewText::at(format!("{sip}/{path}"), text));
            written
        };
        let mut representations = Vec::new();
        for (is_text, label) in [(false, "Originale"), (true, "Textschichten")] {
            let name = representation(is_text);
            let folder = format!("{sip}/representations/{name}");
            let objects: Vec<_> = objects
                .iter()
                .filter(|(object, _)| object.is_text == is_text)
                .map(|(object, written)| (object, seen_from(&folder, written)))
                .collect();
            if !objects.is_empty() {
                representations.push(Representation { name, label, objects });
            }
        }
        let pointers: Vec<_> = representations
            .iter()
            .map(|of| {
                let path = format!("representations/{}/METS.xml", of.name);
                (of, put(path, mets::of_representation(&self.export, of)))
            })
            .collect();
        let link = |version: &PackagedVersion| {
            format!("../representations/{}/data/{}", representation(false), version.name)
        };
        let finding_aid = finding_aid::of_one(&self.export, file, &link);
        let documentation: Vec<_> = NAMES
            .iter()
            .zip(finding_aid)
            .map(|(name, text)| put(format!("documentation/{name}"), text))
            .collect();
        let schema = put("schemas/akte.schema.json".to_owned(), DESCRIPTION_SCHEMA.to_owned());
        let dublin_core = put("metadata/descriptive/dc.xml".to_owned(), dc::of(&self.export, file));
        let description = put(format!("metadata/descriptive/{DESCRIPTION}"), file.description.clone());
        let preserved: Vec<_> =
            objects.iter().map(|(object, written)| (object, seen_from(&sip, written))).collect();
        let premis =
            put("metadata/preservation/premis.xml".to_owned(), premis::of(&self.export, file, &preserved));
        let whole = mets::Whole {
            name: &sip,
            label: format!("{}: {}", file.reference, file.title),
            dublin_core: &dublin_core,
            description: &description,
            premis: &premis,
            documentation: &documentation,
            schema: &schema,
            representations: &pointers,
        };
        let root = whole.write(&self.export);
        texts.push(NewText::at(format!("{sip}/METS.xml"), root));
        texts
    }

    fn finish(&mut self, _: &[Written]) -> Vec<NewText> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::base::digest::Sha256;
    use crate::format::package::samples;

    fn texts() -> Vec<NewText> {
        let (mut sips, file) = (Sips::new(&samples::export()), samples::file());
        let objects = samples::objects(&sips, &file);
        sips.around(&file, &objects)
    }

    #[test]
    fn every_reference_of_a_mets_leads_to_what_it_says() {
        let texts = texts();
        let objects = samples::objects(&Sips::new(&samples::export()), &samples::file());
        let mut named = BTreeSet::new();
        for mets in texts.iter().filter(|text| text.path.ends_with("/METS.xml")) {
            let folder = mets.path.strip_suffix("/METS.xml").unwrap();
            let read = roxmltree::Document::parse(&mets.text).unwrap();
            let mut ids = BTreeSet::new();
            for node in read.descendants() {
                assert!(node.attribute("ID").is_none_or(|id| ids.insert(id)), "an id twice in {}", mets.path);
                let Some(sum) = node.attribute("CHECKSUM") else { continue };
                let place = if node.has_tag_name(("http://www.loc.gov/METS/", "file")) {
                    node.children().find(roxmltree::Node::is_element).unwrap()
                } else {
                    node
                };
                let href = place.attribute(("http://www.w3.org/1999/xlink", "href")).unwrap();
                let path = format!("{folder}/{href}");
                let of_text = texts.iter().find(|text| text.path == path);
                let of_text = of_text.map(|text| Sha256::of(&[text.text.as_bytes()]));
                let of_object = objects.iter().find(|(_, written)| written.path == path);
                let expected = of_text.or(of_object.map(|(_, written)| written.sha256)).expect(&path);
                assert_eq!(sum, expected.to_string());
                named.insert(path);
            }
            for node in
                read.descendants().filter(|node| node.has_tag_name(("http://www.loc.gov/METS/", "fptr")))
            {
                assert!(ids.contains(node.attribute("FILEID").unwrap()), "{}", mets.path);
            }
        }
        // All but the root's own METS is named by one.
        let all = texts.iter().map(|text| &text.path).chain(objects.iter().map(|(_, written)| &written.path));
        let unnamed: Vec<_> = all.filter(|path| !named.contains(*path)).collect();
        assert_eq!(unnamed, [&format!("{}/METS.xml", name(&samples::file()))]);
    }

    #[test]
    fn what_people_typed_is_text_everywhere() {
        for text in texts().iter().filter(|text| text.path.ends_with(".xml")) {
            let read = roxmltree::Document::parse(&text.text).unwrap();
            assert!(read.descendants().all(|node| node.tag_name().name() != "script"), "{}", text.path);
        }
        let dc = texts().into_iter().find(|text| text.path.ends_with("dc.xml")).unwrap();
        let read = roxmltree::Document::parse(&dc.text).unwrap();
        let title = read.descendants().find(|node| node.tag_name().name() == "title").unwrap();
        assert_eq!(title.text(), Some(samples::HOSTILE));
    }

    #[test]
    fn without_text_layers_there_is_one_representation() {
        let (mut sips, file) = (Sips::new(&samples::export()), samples::file());
        let mut objects = samples::objects(&sips, &file);
        objects.retain(|(object, _)| !object.is_text);
        assert!(sips.around(&file, &objects).iter().all(|text| !text.path.contains("rep2")));
    }
}
