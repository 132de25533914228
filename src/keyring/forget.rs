//! Forgetting: the act by which a record is destroyed.
//!
//! Order of writing: new epoch key → the pages concerned, rewritten under new page keys → read them
//! back → new root: **from here on it is done** → read it back → destroy the old epoch key → remove
//! the old root and pages. Interrupted before the root, opening finds the keyring as it was; after
//! it, opening finishes.

use std::collections::{BTreeMap, HashSet};

use super::error::KeyringError;
use super::layout::{
    Entry, KEYS_PER_PAGE, PageName, Root, RootLine, epoch_file, page_header, read_page, root_file,
    seal_epoch, seal_frame, seal_root,
};
use super::load::{read_epoch, read_root};
use super::ring::{Keyring, Writer};
use crate::base::seal::SealKey;
use crate::domain::disposal::DestructionWarrant;
use crate::domain::ids::KeyId;

/// What [`Keyring::forget`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forgotten {
    /// The epoch the keys were last readable in.
    pub epoch_before: u64,
    /// The epoch now; the same as before if there was nothing to forget.
    pub epoch_after: u64,
    /// Keys forgotten. Those already gone are not counted.
    pub keys: usize,
}

impl Keyring {
    /// Forgets all keys the warrants name. Keys already gone are fine, so an interrupted forgetting is
    /// finished by asking again. On return the old epoch key is overwritten and removed, and with it
    /// every older image of the keyring has become unreadable, except in keyring backups, which hold
    /// epoch keys of their own until they expire.
    ///
    /// # Errors
    /// [`KeyringError::OfOffice`] if a warrant names a key of the office (nothing is forgotten then);
    /// [`KeyringError::Damaged`] while a page is damaged, since the keys may lie there;
    /// [`KeyringError::Io`], [`KeyringError::Spoiled`]: open again and ask again.
    pub fn forget(&self, warrants: &[DestructionWarrant]) -> Result<Forgotten, KeyringError> {
        let mut writer = self.writer()?;
        let ids: HashSet<KeyId> = warrants.iter().flat_map(DestructionWarrant::keys).collect();
        if let Some(id) = ids.iter().find(|id| id.is_of_the_office()) {
            return Err(KeyringError::OfOffice { id: *id });
        }
        let survivors = self.survivors(&ids)?;
        let epoch_before = writer.epoch;
        let keys = {
            let held = self.held()?;
            ids.iter().filter(|id| held.page_of(id).is_some()).count()
        };
        if keys > 0 {
            self.spoiling(self.turn_epoch(&mut writer, survivors))?;
        }
        Ok(Forgotten { epoch_before, epoch_after: writer.epoch, keys })
    }

    /// Begins a new epoch without forgetting anything, and destroys the old epoch key: older images of
    /// the root become unreadable.
    ///
    /// # Errors
    /// As [`Self::forget`].
    pub fn renew_epoch(&self) -> Result<Forgotten, KeyringError> {
        let mut writer = self.writer()?;
        let epoch_before = writer.epoch;
        self.spoiling(self.turn_epoch(&mut writer, BTreeMap::new()))?;
        Ok(Forgotten { epoch_before, epoch_after: writer.epoch, keys: 0 })
    }

    /// The pages that hold one of `ids`, each with the entries that stay.
    fn survivors(&self, ids: &HashSet<KeyId>) -> Result<BTreeMap<u32, Vec<Entry>>, KeyringError> {
        let held = self.held()?;
        let mut pages = BTreeMap::new();
        for no in ids.iter().filter_map(|id| held.page_of(id)) {
            pages.entry(no).or_insert_with(|| {
                held.page(no).iter().filter(|entry| !ids.contains(&entry.id)).cloned().collect()
            });
        }
        Ok(pages)
    }

    fn turn_epoch(&self, writer: &mut Writer, pages: BTreeMap<u32, Vec<Entry>>) -> Result<(), KeyringError> {
        let (old_epoch, epoch, epoch_key) = (writer.epoch, writer.epoch + 1, SealKey::random());
        let sealed = seal_epoch(&writer.wrap, writer.check, epoch, &epoch_key);
        writer.folder.put(&epoch_file(epoch), &sealed)?;
        let root = self.next_root(writer, &pages)?;
        for (no, entries) in &pages {
            writer.rewrite_page(*no, &root[no], entries)?;
        }
        writer.folder.sync()?;
        writer.folder.put(&root_file(epoch), &seal_root(&epoch_key, epoch, &root))?;
        writer.folder.sync()?;
        // It is done: memory follows at once, whatever happens to the rest.
        let old_root = std::mem::replace(&mut writer.root, root);
        (writer.epoch, writer.epoch_key, writer.tail) = (epoch, epoch_key, None);
        self.set_epoch(epoch);
        {
            let mut held = self.held_mut()?;
            for (no, entries) in &pages {
                held.replace(*no, entries);
            }
        }
        writer.read_back()?;
        writer.folder.destroy(&epoch_file(old_epoch))?;
        writer.folder.remove(&root_file(old_epoch))?;
        for no in pages.keys() {
            writer.folder.remove(&PageName { no: *no, generation: old_root[no].generation }.file())?;
        }
        writer.folder.sync()
    }

    /// The root after `pages` are rewritten, with the number of frames every page then has.
    fn next_root(&self, writer: &Writer, pages: &BTreeMap<u32, Vec<Entry>>) -> Result<Root, KeyringError> {
        let held = self.held()?;
        let line_of = |no: &u32, line: &RootLine| match pages.get(no) {
            Some(entries) => RootLine {
                generation: line.generation + 1,
                frames: entries.len() as u32,
                key: SealKey::random(),
            },
            None => RootLine { frames: held.page(*no).len() as u32, ..line.clone() },
        };
        Ok(writer.root.iter().map(|(no, line)| (*no, line_of(no, line))).collect())
    }
}

impl Writer {
    /// Writes the next generation of a page and reads it back.
    fn rewrite_page(&self, no: u32, line: &RootLine, entries: &[Entry]) -> Result<(), KeyringError> {
        debug_assert!(entries.len() <= KEYS_PER_PAGE, "a page only shrinks");
        let page = PageName { no, generation: line.generation };
        let mut bytes = page_header(page).to_vec();
        for (slot, entry) in entries.iter().enumerate() {
            bytes.extend(seal_frame(page, &line.key, slot, 0, &entry.id, &entry.key));
        }
        let (name, path) = (page.file(), self.folder.path(&page.file()));
        self.folder.put(&name, &bytes)?;
        let written = self.folder.read(&name)?.unwrap_or_default();
        let read = read_page(&path, &written, page, &line.key, false)?;
        if read.entries.iter().map(|(_, entry)| entry).eq(entries) {
            return Ok(());
        }
        Err(KeyringError::damaged(&path, "does not read back as it was written"))
    }

    /// Epoch key and root read back from disk as they are held here.
    fn read_back(&self) -> Result<(), KeyringError> {
        let epoch_key = read_epoch(&self.folder, &self.wrap, self.check, self.epoch)?;
        if read_root(&self.folder, &epoch_key, self.epoch)? == self.root {
            return Ok(());
        }
        let path = self.folder.path(&root_file(self.epoch));
        Err(KeyringError::damaged(&path, "does not read back as it was written"))
    }
}
