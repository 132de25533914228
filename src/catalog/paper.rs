//! What the catalogue knows of paper: which file has a barcode (by its keyed hash), and whose paper is lent. No names and
//! no places: they are sealed in the files' rows.

use uuid::Uuid;

use super::key::Key;
use super::{Catalog, CatalogError, Changes, engine};
use crate::domain::ids::CaseFileId;

impl Changes {
    /// A barcode, known by its keyed hash, is on the folder of a file, or on none any more.
    pub fn set_barcode(&mut self, hash: &[u8; 32], file: Option<CaseFileId>) {
        let key = Key::barcode(hash);
        match file {
            Some(file) => self.0.insert(key, file.0.as_bytes()),
            None => self.0.remove(key),
        }
    }

    /// The paper of a file is lent, or no longer so.
    pub fn set_lent(&mut self, file: CaseFileId, lent: bool) {
        let key = Key::lent(file);
        if lent { self.0.insert(key, &[]) } else { self.0.remove(key) }
    }
}

impl Catalog {
    /// The file with this keyed hash of its barcode.
    ///
    /// # Errors
    /// [`CatalogError`] if it cannot be read.
    pub fn file_by_barcode(&self, hash: &[u8; 32]) -> Result<Option<CaseFileId>, CatalogError> {
        let Some(value) = self.db()?.get(Key::barcode(hash)).map_err(engine("read"))? else {
            return Ok(None);
        };
        let id = Uuid::from_slice(&value).map_err(|_| CatalogError::Damaged("barcode"))?;
        Ok(Some(CaseFileId(id)))
    }

    /// The files whose paper is lent, in the order of ids.
    ///
    /// # Errors
    /// [`CatalogError`] if they cannot be read.
    pub fn lent(&self) -> Result<Vec<CaseFileId>, CatalogError> {
        self.ids(&Key::lent_all()).map(|ids| ids.into_iter().map(CaseFileId).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::followed::Followed;
    use crate::catalog::Pace;

    #[test]
    fn a_barcode_leads_to_one_file_and_what_is_lent_comes_back() {
        let dir = tempfile::tempdir().unwrap();
        let catalog = Catalog::open(dir.path(), Pace::Lazily).unwrap();
        let [one, other] = [1, 2].map(|n| CaseFileId(Uuid::from_u128(n)));
        let apply = |change: &dyn Fn(&mut Changes)| {
            let mut changes = Changes::default();
            change(&mut changes);
            catalog.apply(changes, Followed::NOTHING).unwrap();
        };
        apply(&|changes| {
            changes.set_barcode(&[7; 32], Some(one));
            changes.set_lent(one, true);
            changes.set_lent(other, true);
        });
        assert_eq!(catalog.file_by_barcode(&[7; 32]).unwrap(), Some(one));
        assert_eq!(catalog.file_by_barcode(&[8; 32]).unwrap(), None);
        assert_eq!(catalog.lent().unwrap(), [one, other]);
        apply(&|changes| {
            changes.set_barcode(&[7; 32], Some(other));
            changes.set_lent(one, false);
        });
        assert_eq!(catalog.file_by_barcode(&[7; 32]).unwrap(), Some(other));
        assert_eq!(catalog.lent().unwrap(), [other]);
        apply(&|changes| changes.set_barcode(&[7; 32], None));
        assert_eq!(catalog.file_by_barcode(&[7; 32]).unwrap(), None);
    }
}
