//! What the tests of the forms make packages of: a file whose words try to be more than words.

use jiff::civil::date;
use uuid::Uuid;

use super::*;
use crate::domain::text::MediaType;

/// Words that would do something where they are not escaped.
pub(crate) const HOSTILE: &str = "<script>alert(1)</script> | =cmd()\n& \"x\" 'y' [a](b) `c` \\ *d*";

/// An export of one file.
pub(crate) fn export() -> Export {
    Export {
        organisation: "Stadt Musterstadt".to_owned(),
        list: DisposalListId(Uuid::from_u128(7)),
        on: date(2026, 11, 22),
        at: "2026-11-22T10:11:12Z".parse().unwrap(),
        files: vec![("63-1/1960".to_owned(), HOSTILE.to_owned())],
    }
}

/// A file with one document of two versions.
pub(crate) fn file() -> PackagedFile {
    let version = |number, name: &str| PackagedVersion {
        number,
        name: format!("00000000_{name}"),
        original_name: format!("{HOSTILE}.pdf"),
        format: Format { media: MediaType::Pdf, pronom: None },
        pages: Some(3),
        size_bytes: 4,
        sha256: Sha256::of(&[b"plan"]),
    };
    PackagedFile {
        number: 1,
        folder: "63-1_1960".to_owned(),
        id: CaseFileId(Uuid::from_u128(1)),
        copy: ArchiveCopyId(Uuid::from_u128(2)),
        reference: "63-1/1960".to_owned(),
        title: HOSTILE.to_owned(),
        class: "63.10.01".to_owned(),
        class_title: "Bauakten".to_owned(),
        kind: Some("Bauakte".to_owned()),
        secrecy: ProtectionDomain::General,
        begun: Some(date(1960, 1, 2)),
        closed: Some(date(1962, 3, 1)),
        fields: vec![("Straße".to_owned(), "=HYPERLINK(\"x\")".to_owned())],
        decision: "archivwürdig".to_owned(),
        reason: HOSTILE.to_owned(),
        basis: "Regel BA-01; für Archivwürdigkeit spricht: Denkmal".to_owned(),
        thinned: Some("ausgedünnt: 1 von 2 Dokumenten nicht übernommen".to_owned()),
        documents: vec![PackagedDocument {
            id: DocumentId(Uuid::from_u128(3)),
            register: Some("1 Anträge".to_owned()),
            case: None,
            versions: vec![version(1, "v1_plan.pdf"), version(2, "v2_plan.pdf")],
            history: Vec::new(),
        }],
        history: vec![Happened {
            at: "2026-01-02T03:04:05.678Z".parse().unwrap(),
            who: "Imke <Wolters>".to_owned(),
            what: HOSTILE.to_owned(),
        }],
        description: "{}".to_owned(),
    }
}

/// The objects of that file as they would have been written by a layout.
pub(crate) fn objects(layout: &dyn Layout, file: &PackagedFile) -> Vec<(PackagedObject, Written)> {
    let versions = file.documents.iter().flat_map(|document| &document.versions);
    let both = versions.flat_map(|version| {
        let original = PackagedObject {
            name: version.name.clone(),
            is_text: false,
            format: Some(version.format),
            original_name: Some(version.original_name.clone()),
        };
        let name = format!("{}.text.json", version.name);
        [original, PackagedObject { name, is_text: true, format: None, original_name: None }]
    });
    both.map(|object| {
        let written = Written::text(&layout.place(file, &object.name, object.is_text), "plan");
        (object, written)
    })
    .collect()
}
