//! Rendition to be read (Lesefassung): a document of an office program, laid out on pages as a PDF. It is made when somebody
//! wants to see it and kept for a while in memory, sealed under the key of its record; it is no part of the record, stands in no
//! entry, and is on no disk. May not be given out as the document: the original is what counts.

use std::collections::VecDeque;
use std::io::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Registry;
use super::error::{Answer, Error};
use crate::base::seal::SealKey;
use crate::domain::actor::Reader;
use crate::domain::document::Document;
use crate::domain::ids::{DocumentId, ObjectId};
use crate::intake::{Bytes, IntakeError, Reason, Rendition};

/// Most bytes of renditions kept in memory; the one that was not asked for longest goes first.
const KEPT_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Most renditions kept, those that could not be made counted along.
const KEPT_MAX: usize = 200;
/// Way out when there is none.
const TEXT_OR_ORIGINAL: &str = "lesen Sie den Text, oder laden Sie das Original herunter";

/// Of which document, and of which of its versions.
type Of = (DocumentId, ObjectId);

/// What came of it.
enum Made {
    /// A PDF of so many pages, sealed.
    Pdf { sealed: Vec<u8>, pages: u32 },
    /// Nothing, and asking again gives the same.
    Nothing(Reason),
}

impl Made {
    fn bytes(&self) -> usize {
        match self {
            Self::Pdf { sealed, .. } => sealed.len(),
            Self::Nothing(_) => 0,
        }
    }
}

/// What is kept, the newest last.
#[derive(Default)]
pub(super) struct Renditions(Mutex<VecDeque<(Of, Made)>>);

impl Renditions {
    fn kept(&self) -> MutexGuard<'_, VecDeque<(Of, Made)>> {
        // What is kept is whole between any two changes, whoever was interrupted.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, of: Of, made: Made) {
        let mut kept = self.kept();
        kept.retain(|(other, _)| *other != of);
        kept.push_back((of, made));
        while kept.len() > KEPT_MAX
            || kept.iter().map(|(_, made)| made.bytes()).sum::<usize>() > KEPT_BYTES_MAX
        {
            let _ = kept.pop_front();
        }
    }

    /// What was made of it, if that is still there and opens with this key.
    fn find(&self, of: Of, key: &SealKey) -> Option<Result<Rendition, Reason>> {
        let mut kept = self.kept();
        let at = kept.iter().position(|(other, _)| *other == of)?;
        let entry = kept.remove(at)?;
        let found = match &entry.1 {
            Made::Pdf { sealed, pages } => {
                let pdf = key.open(&context(of), sealed).ok()?;
                Ok(Rendition { pdf, pages: *pages })
            }
            Made::Nothing(reason) => Err(*reason),
        };
        kept.push_back(entry);
        Some(found)
    }

    fn has(&self, of: Of) -> bool {
        self.kept().iter().any(|(other, _)| *other == of)
    }

    /// Forgets what was made of these documents.
    pub(super) fn forget(&self, documents: impl Fn(DocumentId) -> bool) {
        self.kept().retain(|((document, _), _)| !documents(*document));
    }
}

fn context((document, object): Of) -> Vec<u8> {
    let mut context = b"schriftgut rendition 1".to_vec();
    context.extend_from_slice(document.0.as_bytes());
    context.extend_from_slice(&object.0);
    context
}

fn of(document: &Document) -> Of {
    (document.id, document.original.id)
}

impl Registry {
    /// A rendition of this document may be asked for here: it is of a kind that has one, and an office program is installed.
    #[must_use]
    pub fn offers_rendition(&self, document: &Document) -> bool {
        document.format.media.is_laid_out() && self.workshop.converter().is_some()
    }

    /// It need not be made first.
    #[must_use]
    pub fn has_rendition(&self, document: &Document) -> bool {
        self.renditions.has(of(document))
    }

    /// How many pages the rendition of a document's newest version has; it is made if need be.
    ///
    /// # Errors
    /// A mistake if the document is unknown to this person or nothing can be made of it; a fault if this machine makes none.
    pub fn rendition_pages(&self, reader: Reader<'_>, id: DocumentId) -> Answer<u32> {
        let document = self.known_document(reader.actor(), id)?;
        Ok(self.rendition(&document)?.pages)
    }

    /// A page of the rendition as PNG, `width` pixels wide.
    ///
    /// # Errors
    /// As [`Self::rendition_pages`]; a mistake if there is no such page.
    pub fn rendition_image(
        &self,
        reader: Reader<'_>,
        id: DocumentId,
        page: u32,
        width: u32,
    ) -> Answer<Vec<u8>> {
        let document = self.known_document(reader.actor(), id)?;
        let rendition = self.rendition(&document)?;
        self.workshop.page_image(&Bytes(&rendition.pdf), page, width).map_err(|error| match error {
            IntakeError::NotReadable { reason, .. } => Error::mistake(
                format!("Seite {page} der Lesefassung kann nicht gezeigt werden"),
                reason.german(),
                TEXT_OR_ORIGINAL,
            ),
            fault => fault.into(),
        })
    }

    /// Writes the rendition to `out`, a PDF.
    ///
    /// # Errors
    /// As [`Self::rendition_pages`].
    pub fn get_rendition(&self, reader: Reader<'_>, id: DocumentId, out: &mut dyn Write) -> Answer<Document> {
        let document = self.known_document(reader.actor(), id)?;
        out.write_all(&self.rendition(&document)?.pdf)?;
        Ok(document)
    }

    fn rendition(&self, document: &Document) -> Answer<Rendition> {
        let none = |reason: Reason| {
            Error::mistake(
                format!("Von „{}“ gibt es keine Lesefassung", document.file_name),
                reason.german(),
                TEXT_OR_ORIGINAL,
            )
        };
        if !document.format.media.is_laid_out() {
            return Err(none(Reason::NotConverted));
        }
        let (of, key) = (of(document), self.record_key(document.id)?);
        if let Some(found) = self.renditions.find(of, &key) {
            return found.map_err(none);
        }
        match self.workshop.rendition(&self.plain_source(document)) {
            Ok(rendition) => {
                let sealed = key.seal(&context(of), &rendition.pdf);
                self.keep_rendition(of, Made::Pdf { sealed, pages: rendition.pages })?;
                Ok(rendition)
            }
            Err(IntakeError::NotReadable { reason, .. }) => {
                self.keep_rendition(of, Made::Nothing(reason))?;
                Err(none(reason))
            }
            Err(fault) => Err(fault.into()),
        }
    }

    /// Keeps it, unless its record was destroyed meanwhile. The key is asked for after the entry is there: whoever forgets
    /// the key first finds the entry, whoever forgets it later is seen here.
    fn keep_rendition(&self, of: Of, made: Made) -> Answer<()> {
        self.renditions.keep(of, made);
        if self.keyring.key(&of.0.into())?.is_none() {
            self.renditions.forget(|document| document == of.0);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn some(number: u8) -> Of {
        (DocumentId(Uuid::from_bytes([number; 16])), ObjectId([number; 32]))
    }

    fn pdf(key: &SealKey, of: Of, bytes: usize) -> Made {
        Made::Pdf { sealed: key.seal(&context(of), &vec![b'x'; bytes]), pages: 3 }
    }

    #[test]
    fn what_is_kept_is_sealed_and_opens_only_with_its_own_key() {
        let (kept, key) = (Renditions::default(), SealKey::random());
        kept.keep(some(1), pdf(&key, some(1), 100));
        let sealed = match &kept.kept()[0].1 {
            Made::Pdf { sealed, .. } => sealed.clone(),
            Made::Nothing(_) => panic!("a PDF was kept"),
        };
        assert!(!sealed.windows(8).any(|window| window == b"xxxxxxxx"), "in the clear");
        assert_eq!(kept.find(some(1), &key).unwrap().unwrap().pages, 3);
        assert!(kept.find(some(2), &key).is_none());
        assert!(kept.find(some(1), &SealKey::random()).is_none());
        assert!(!kept.has(some(1)), "what does not open is of no use");
    }

    #[test]
    fn what_is_forgotten_is_gone_and_the_rest_is_not() {
        let (kept, key) = (Renditions::default(), SealKey::random());
        kept.keep(some(1), pdf(&key, some(1), 10));
        kept.keep(some(2), Made::Nothing(Reason::ConversionFailed));
        kept.forget(|document| document == some(1).0);
        assert!(!kept.has(some(1)));
        assert_eq!(kept.find(some(2), &key).unwrap().unwrap_err(), Reason::ConversionFailed);
    }

    #[test]
    fn memory_is_bounded_and_the_longest_unused_goes_first() {
        let (kept, key) = (Renditions::default(), SealKey::random());
        let half = || Made::Pdf { sealed: vec![0; KEPT_BYTES_MAX / 2], pages: 1 };
        kept.keep(some(1), pdf(&key, some(1), 10));
        kept.keep(some(2), half());
        assert!(kept.find(some(1), &key).is_some(), "used again");
        kept.keep(some(3), half());
        assert_eq!([1, 2, 3].map(|number| kept.has(some(number))), [true, false, true]);
        for number in 0..=u8::MAX {
            kept.keep(some(number), Made::Nothing(Reason::ConversionFailed));
        }
        assert_eq!(kept.kept().len(), KEPT_MAX);
    }
}
