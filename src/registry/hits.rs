//! Hits as people read them: together by file and document, and why each is one. Only arranges what a search found;
//! looks nothing up.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::search::Hit;
use crate::domain::case_file::CaseFile;
use crate::domain::document::Document;
use crate::domain::ids::{CaseFileId, DocumentId};
use crate::index::Reason;

/// What of one file is among the hits. What lies in the in-tray has no file, so there each document is by itself.
#[derive(Debug)]
pub struct FileGroup<'h> {
    /// The file; none in the in-tray.
    pub file: Option<&'h CaseFile>,
    /// The hit that is the file's own description.
    pub own: Option<&'h Hit>,
    /// Its documents among the hits, placed by the first hit of each.
    pub documents: Vec<DocumentGroup<'h>>,
}

/// What of one document is among the hits.
#[derive(Debug)]
pub struct DocumentGroup<'h> {
    /// The document.
    pub document: &'h Document,
    /// Its hits in their order; at least one.
    pub hits: Vec<&'h Hit>,
}

/// The same hits by file, and within it by document; a file and a document are placed by their first hit.
#[must_use]
pub fn grouped(hits: &[Hit]) -> Vec<FileGroup<'_>> {
    let mut groups: Vec<FileGroup<'_>> = Vec::new();
    let mut places: HashMap<(Option<CaseFileId>, Option<DocumentId>), usize> = HashMap::new();
    for hit in hits {
        let (file, document) = (hit.file.as_ref(), hit.document.as_ref());
        let alone = if file.is_none() { document } else { None };
        let place = match places.entry((file.map(|file| file.id), alone.map(|document| document.id))) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => {
                groups.push(FileGroup { file, own: None, documents: Vec::new() });
                *new.insert(groups.len() - 1)
            }
        };
        let group = &mut groups[place];
        let Some(document) = document else {
            group.own = Some(hit);
            continue;
        };
        match group.documents.iter_mut().find(|known| known.document.id == document.id) {
            Some(known) => known.hits.push(hit),
            None => group.documents.push(DocumentGroup { document, hits: vec![hit] }),
        }
    }
    groups
}

impl Hit {
    /// Why it is among the matches, German; at least one reason, if they were asked for.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        let named = "die Akte ist es, die Sie nennen (Adresse, Flurstück oder Aktenzeichen)";
        let named = self.is_named.then(|| named.to_owned());
        let own = self.is_own.then(|| "die Akte liegt in Ihrer Zuständigkeit".to_owned());
        let told = self.why.iter().map(Reason::german);
        let mut reasons: Vec<_> = named.into_iter().chain(told).chain(own).collect();
        if reasons.is_empty() {
            reasons.push("passt zu den Angaben, nach denen Sie eingrenzen".to_owned());
        }
        reasons
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;
    use crate::base::digest::Sha256;
    use crate::domain::document::{HeldObject, TextState};
    use crate::domain::ids::ObjectId;
    use crate::domain::protection::ProtectionDomain;
    use crate::domain::retention::example::example_file;
    use crate::domain::text::{Format, MediaType};
    use crate::index::Snippet;

    fn document(number: u128, file: Option<CaseFileId>) -> Document {
        Document {
            id: DocumentId(Uuid::from_u128(number)),
            file,
            case: None,
            domain: ProtectionDomain::General,
            file_name: format!("{number}.txt"),
            received: date(2026, 1, 2),
            original: HeldObject {
                id: ObjectId([0; 32]),
                sha256: Sha256::of(&[b""]),
                size_bytes: 0,
                wrapped_key: Vec::new(),
            },
            format: Format::of(MediaType::PlainText),
            text: TextState::Unread,
            earlier_texts: Vec::new(),
            earlier: Vec::new(),
            register: None,
            withdrawn: None,
            made_of: Vec::new(),
            became: Vec::new(),
            contained_in: None,
            contents: Vec::new(),
            stays_inside: Vec::new(),
            unpacking: None,
            scan: None,
            stack: None,
            pages_expected: None,
        }
    }

    /// File (0 for the in-tray), document (0 for the file itself), page.
    type Short = (u128, u128, u32);

    fn hits(short: &[Short]) -> Vec<Hit> {
        let hit = |(at, (file, number, page)): (usize, &Short)| {
            let id = CaseFileId(Uuid::from_u128(*file));
            let file = (*file > 0).then(|| CaseFile { id, ..example_file("63.10".parse().unwrap()) });
            let document = (*number > 0).then(|| document(*number, file.as_ref().map(|file| file.id)));
            Hit {
                page: document.as_ref().map(|_| *page),
                file,
                document,
                snippet: Snippet { text: String::new(), marks: Vec::new() },
                score: 100.0 - at as f32,
                why: Vec::new(),
                is_named: false,
                is_own: false,
            }
        };
        short.iter().enumerate().map(hit).collect()
    }

    /// Each group as it would be read from above to below.
    fn read(groups: &[FileGroup<'_>]) -> Vec<Vec<Short>> {
        let short = |hit: &Hit| {
            let file = hit.file.as_ref().map_or(0, |file| file.id.0.as_u128());
            let document = hit.document.as_ref().map_or(0, |document| document.id.0.as_u128());
            (file, document, hit.page.unwrap_or(0))
        };
        let pages = |group: &FileGroup<'_>| {
            let below = group.documents.iter().flat_map(|document| document.hits.iter().copied());
            group.own.into_iter().chain(below).map(short).collect()
        };
        groups.iter().map(pages).collect()
    }

    #[test]
    fn a_file_and_a_document_stand_where_their_best_hit_stands() {
        let hits = hits(&[(2, 20, 7), (1, 11, 1), (2, 21, 3), (2, 20, 2), (2, 0, 0), (1, 0, 0), (2, 20, 9)]);
        let expected = vec![
            vec![(2, 0, 0), (2, 20, 7), (2, 20, 2), (2, 20, 9), (2, 21, 3)],
            vec![(1, 0, 0), (1, 11, 1)],
        ];
        assert_eq!(read(&grouped(&hits)), expected);
    }

    #[test]
    fn documents_in_the_in_tray_have_nothing_in_common() {
        let hits = hits(&[(0, 1, 1), (3, 30, 1), (0, 2, 1), (0, 1, 4)]);
        let expected = vec![vec![(0, 1, 1), (0, 1, 4)], vec![(3, 30, 1)], vec![(0, 2, 1)]];
        assert_eq!(read(&grouped(&hits)), expected);
    }

    proptest::proptest! {
        #[test]
        fn every_hit_is_shown_exactly_once_and_the_best_one_is_in_the_first_group(
            mut short in proptest::collection::vec((0..4_u128, 1..4_u128, 1..9_u32), 0..30)
        ) {
            // A document is in one file.
            short.iter_mut().for_each(|hit| hit.1 += hit.0 * 10);
            short.sort_unstable_by_key(|hit| (hit.2, hit.1));
            short.dedup();
            let hits = hits(&short);
            let groups = read(&grouped(&hits));
            proptest::prop_assert_eq!(groups.first().map(|group| group[0]), short.first().copied());
            let mut shown = groups.concat();
            shown.sort_unstable_by_key(|hit| (hit.2, hit.1));
            proptest::prop_assert_eq!(shown, short);
        }
    }
}
