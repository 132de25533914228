//! Similar (Ähnliches): the documents most like another, among those this person may read. Writes nothing, decides
//! nothing.

use super::Registry;
use super::error::{Answer, Error};
use super::find::readable;
use crate::domain::actor::{Actor, Reader};
use crate::domain::case_file::CaseFile;
use crate::domain::document::Document;
use crate::domain::ids::DocumentId;
use crate::index::{Alike, Scope};

/// Most documents of one answer.
pub const SIMILAR_MAX: usize = 10;

/// A document that is like another.
#[derive(Debug, Clone)]
pub struct SimilarDocument {
    /// The document.
    pub document: Document,
    /// The file it is in, without its documents; none in the in-tray.
    pub file: Option<CaseFile>,
    /// The page that is most alike, from 1.
    pub page: u32,
}

impl Registry {
    /// The documents most like this one, best first; none if its text was not read.
    ///
    /// # Errors
    /// A mistake if it is unknown to this person; a fault if a view fails.
    pub fn similar(&self, reader: Reader<'_>, document: DocumentId) -> Answer<Vec<SimilarDocument>> {
        let actor = reader.actor();
        let found = self.readable_document(actor, document)?;
        let document = found.ok_or_else(|| Error::unknown("Dokument", &document.to_string()))?;
        let pages = self.text_layer(&document)?.unwrap_or_default();
        let texts: Vec<&str> = pages.iter().map(|page| page.text.as_str()).collect();
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        self.follow_for_a_search()?;
        let mut alike = self.healing(&mut || self.alike(actor, document.id, &texts))?;
        alike.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.document.cmp(&b.document)));
        let mut similar = Vec::new();
        for Alike { document, page, .. } in alike {
            if similar.len() == SIMILAR_MAX {
                break;
            }
            // The catalogue has the last word.
            let Some(document) = self.readable_document(actor, document)? else { continue };
            let file = match document.file {
                None => None,
                Some(id) => match self.readable_cover(actor, id)? {
                    Some(file) => Some(file),
                    None => continue,
                },
            };
            similar.push(SimilarDocument { document, file, page });
        }
        Ok(similar)
    }

    fn alike(&self, actor: &Actor, document: DocumentId, texts: &[&str]) -> Answer<Vec<Alike>> {
        let indexes = self.whole_indexes()?;
        let mut all = Vec::new();
        for domain in readable(actor) {
            let index = indexes.of_domain(domain)?;
            all.extend(index.similar(document, texts, &Scope::EVERYTHING, SIMILAR_MAX)?);
        }
        Ok(all)
    }
}
