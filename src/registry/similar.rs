//! Similar (Ähnliches): the documents most like another, among those this person may read; and those that are the same, taken
//! in or scanned twice. Writes nothing, decides nothing: what is there twice may be there for a reason.

use std::collections::BTreeSet;

use super::Registry;
use super::error::Answer;
use super::find::readable;
use crate::domain::actor::{Actor, Reader};
use crate::domain::case_file::CaseFile;
use crate::domain::document::{Document, Sameness};
use crate::domain::ids::DocumentId;
use crate::index::{Alike, Scope, likeness};

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
    /// In what they are the same; none if one is only like the other.
    pub sameness: Option<Sameness>,
}

/// A document, and those that are the same.
#[derive(Debug, Clone)]
pub struct Duplicated {
    /// The document.
    pub document: Document,
    /// The others, all of the same content first.
    pub same: Vec<SimilarDocument>,
}

impl Registry {
    /// The documents most like this one, best first: those of the same content, then by their text.
    ///
    /// # Errors
    /// A mistake if it is unknown to this person; a fault if a view fails.
    pub fn similar(&self, reader: Reader<'_>, document: DocumentId) -> Answer<Vec<SimilarDocument>> {
        let document = self.known_document(reader.actor(), document)?;
        let mut similar = self.all_like(reader.actor(), &document)?;
        similar.truncate(SIMILAR_MAX);
        Ok(similar)
    }

    /// Those of a file's documents (or this one document) that are there more than once, anywhere this person may read, with
    /// all of the same content and those of the [`SIMILAR_MAX`] most similar that have the same text. What is out of use is
    /// there no more.
    ///
    /// # Errors
    /// As [`Self::similar`].
    pub fn duplicates(&self, reader: Reader<'_>, ids: &[DocumentId]) -> Answer<Vec<Duplicated>> {
        let mut all = Vec::new();
        for id in ids {
            let document = self.known_document(reader.actor(), *id)?;
            if document.withdrawn.is_some() {
                continue;
            }
            let mut same = self.all_like(reader.actor(), &document)?;
            same.retain(|one| one.sameness.is_some());
            if !same.is_empty() {
                all.push(Duplicated { document, same });
            }
        }
        Ok(all)
    }

    /// All of the same content, then those of similar text, each once.
    fn all_like(&self, actor: &Actor, document: &Document) -> Answer<Vec<SimilarDocument>> {
        let mut all = self.with_the_same_content(actor, document)?;
        let known: BTreeSet<_> = all.iter().map(|one| one.document.id).collect();
        let alike = self.with_similar_text(actor, document)?;
        all.extend(alike.into_iter().filter(|one| !known.contains(&one.document.id)));
        Ok(all)
    }

    /// Others in use whose newest version is the very same content.
    fn with_the_same_content(&self, actor: &Actor, document: &Document) -> Answer<Vec<SimilarDocument>> {
        let object = document.original.id;
        let mut same = Vec::new();
        for id in self.catalog()?.holders(&object)? {
            let Some((other, file)) = self.in_use(actor, id)? else { continue };
            if id != document.id && other.original.id == object {
                same.push(SimilarDocument {
                    document: other,
                    file,
                    page: 1,
                    sameness: Some(Sameness::Content),
                });
            }
        }
        Ok(same)
    }

    fn with_similar_text(&self, actor: &Actor, document: &Document) -> Answer<Vec<SimilarDocument>> {
        let own = self.text_layer(document)?.unwrap_or_default();
        let own: Vec<&str> = own.iter().map(|page| page.text.as_str()).collect();
        if own.is_empty() {
            return Ok(Vec::new());
        }
        self.follow_for_a_search()?;
        let mut alike = self.healing(&mut || self.alike(actor, document.id, &own))?;
        alike.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.document.cmp(&b.document)));
        let mut similar = Vec::new();
        for Alike { document, page, .. } in alike {
            if similar.len() == SIMILAR_MAX {
                break;
            }
            // The catalogue has the last word.
            let Some((document, file)) = self.in_use(actor, document)? else { continue };
            let text = self.text_layer(&document)?.unwrap_or_default();
            let text: Vec<&str> = text.iter().map(|page| page.text.as_str()).collect();
            let sameness = likeness(&own, &text).map(|percent| Sameness::Text { percent });
            similar.push(SimilarDocument { document, file, page, sameness });
        }
        Ok(similar)
    }

    /// A document this person may read, unless it is out of use, and its file.
    fn in_use(&self, actor: &Actor, id: DocumentId) -> Answer<Option<(Document, Option<CaseFile>)>> {
        let found = self.readable_document(actor, id)?;
        let Some(document) = found.filter(|document| document.withdrawn.is_none()) else { return Ok(None) };
        let Some(file) = document.file else { return Ok(Some((document, None))) };
        Ok(self.readable_cover(actor, file)?.map(|file| (document, Some(file))))
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
