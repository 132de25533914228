//! What of reading the catalogue knows: which documents wait for it, and which were not read or only in part; and which scans
//! that are to stand for their paper are not done with.

use super::key::Key;
use super::{Catalog, CatalogError, Changes};
use crate::domain::ids::DocumentId;

impl Changes {
    /// A document's text is still to be read, or no longer so.
    pub fn set_unread(&mut self, document: DocumentId, unread: bool) {
        let key = Key::unread(document);
        if unread { self.0.insert(key, &[]) } else { self.0.remove(key) }
    }

    /// Reading a document was given up or fell short, or no longer so.
    pub fn set_read_in_part(&mut self, document: DocumentId, is_so: bool) {
        let key = Key::read_in_part(document);
        if is_so { self.0.insert(key, &[]) } else { self.0.remove(key) }
    }

    /// Somebody has something to do with a scan that is to stand for its paper, or no longer so.
    pub fn set_scan_open(&mut self, document: DocumentId, is_so: bool) {
        let key = Key::open_scan(document);
        if is_so { self.0.insert(key, &[]) } else { self.0.remove(key) }
    }
}

impl Catalog {
    /// The scans that somebody has something to do with.
    ///
    /// # Errors
    /// [`CatalogError`] if they cannot be read.
    pub fn open_scans(&self) -> Result<Vec<DocumentId>, CatalogError> {
        self.ids(&Key::open_scan_all()).map(|ids| ids.into_iter().map(DocumentId).collect())
    }

    /// The documents whose text is still to be read.
    ///
    /// # Errors
    /// [`CatalogError`] if they cannot be read.
    pub fn unread(&self) -> Result<Vec<DocumentId>, CatalogError> {
        self.ids(&Key::unread_all()).map(|ids| ids.into_iter().map(DocumentId).collect())
    }

    /// The documents whose reading was given up or fell short.
    ///
    /// # Errors
    /// [`CatalogError`] if they cannot be read.
    pub fn read_in_part(&self) -> Result<Vec<DocumentId>, CatalogError> {
        self.ids(&Key::read_in_part_all()).map(|ids| ids.into_iter().map(DocumentId).collect())
    }
}
