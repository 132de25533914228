//! Numbers that were given: how far a series of reference numbers was counted, and which of them were ever in use. Both
//! outlive the files; series and reference numbers are known here by keyed hashes alone.

use super::key::Key;
use super::{Catalog, CatalogError, Changes, engine};

impl Changes {
    /// A reference number was in use and is never given again.
    pub fn put_given(&mut self, hash: &[u8; 32]) {
        self.0.insert(Key::given(hash), &[]);
    }

    /// A series of reference numbers was counted up to this number.
    pub fn put_counted(&mut self, series: &[u8; 32], number: u64) {
        self.0.insert(Key::counted(series), &number.to_le_bytes());
    }
}

impl Catalog {
    /// The reference number with this keyed hash was given once, whether or not its file is still there.
    ///
    /// # Errors
    /// [`CatalogError`] if it cannot be read.
    pub fn was_given(&self, hash: &[u8; 32]) -> Result<bool, CatalogError> {
        self.db()?.contains_key(Key::given(hash)).map_err(engine("read"))
    }

    /// How far the series with this keyed hash was counted; 0 if no number of it was given.
    ///
    /// # Errors
    /// [`CatalogError`] if it cannot be read.
    pub fn counted(&self, series: &[u8; 32]) -> Result<u64, CatalogError> {
        let Some(value) = self.db()?.get(Key::counted(series)).map_err(engine("read"))? else { return Ok(0) };
        let number = value.as_ref().try_into().map_err(|_| CatalogError::Damaged("number"))?;
        Ok(u64::from_le_bytes(number))
    }
}

#[cfg(test)]
mod tests {
    use crate::base::followed::Followed;
    use crate::catalog::{Catalog, Changes, Pace};

    #[test]
    fn what_was_counted_and_given_is_known_apart() {
        let dir = tempfile::tempdir().unwrap();
        let catalog = Catalog::open(dir.path(), Pace::Lazily).unwrap();
        let (series, reference) = ([1; 32], [2; 32]);
        let mut changes = Changes::default();
        changes.put_counted(&series, 7);
        changes.put_given(&reference);
        changes.put_counted(&series, 8);
        catalog.apply(changes, Followed::NOTHING).unwrap();
        assert_eq!((catalog.counted(&series).unwrap(), catalog.counted(&reference).unwrap()), (8, 0));
        assert!(catalog.was_given(&reference).unwrap() && !catalog.was_given(&series).unwrap());
    }
}
