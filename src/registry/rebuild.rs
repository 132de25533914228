//! Rebuild (Neu aufbauen): views are made again from the truth, each in a fresh folder beside the old one, which is
//! asked until the new one is whole and takes its place. Taking in and reading go on while indexes are built, and wait
//! only for the last few entries; destroying waits for all of it. After a destruction this is how deleted values really leave
//! the disk. New indexes are kept when a rebuild is interrupted, and the next one goes on with them.

use std::path::Path;
use std::sync::{MutexGuard, RwLockReadGuard};
use std::time::Duration;

use super::Registry;
use super::error::{Answer, Error};
use super::indexes::{Indexes, remove_others};
use super::layout::Layout;
use super::room::pace_at_start;
use crate::catalog::{Catalog, CatalogError};
use crate::domain::actor::Caretaker;
use crate::index::{Index, IndexError};

/// How often a folder is removed again into which an engine may still write, and after what pause: two seconds in all.
const BUSY_TRIES: u32 = 40;
const BUSY_PAUSE: Duration = Duration::from_millis(50);

/// The views, and why one is built anew, in words for those who keep the machine.
const CATALOG: &str = "Der Katalog";
const INDEX: &str = "Ein Suchindex";
const MISSING: &str = "fehlte";
const UNUSABLE: &str = "war beschädigt oder von einer anderen Programmfassung";
const OTHER_HISTORY: &str = "gehörte zu einem anderen Stand oder zu einer anderen Registratur";

/// How far a rebuild has come, for those who wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rebuilding {
    /// It is at the catalogue.
    Catalog,
    /// It is at the indexes.
    Indexes {
        /// Documents put in by this run.
        documents: u64,
        /// Pages of them.
        pages: u64,
        /// Entries of the ledger followed, by this run and those it went on from.
        followed: u64,
        /// Entries there are to follow.
        entries: u64,
    },
}

impl Registry {
    /// Builds all views anew, and goes on with indexes that an interrupted rebuild has begun. `tell` hears how far it
    /// has come.
    ///
    /// # Errors
    /// A fault; the views that were there stay in use until the new ones are whole.
    pub fn rebuild(&self, _caretaker: Caretaker<'_>, tell: &mut dyn FnMut(Rebuilding)) -> Answer<()> {
        tell(Rebuilding::Catalog);
        let writing = self.undisturbed()?;
        self.renew_catalog()?;
        drop(writing);
        self.renew_indexes(tell)
    }

    /// A new catalogue, in a folder of its own: the engine goes on writing into the old one's for a while after it
    /// was let go, so nothing new may ever lie there.
    pub(super) fn renew_catalog(&self) -> Answer<()> {
        let newest = numbered(&self.layout.catalog())?.last().copied().unwrap_or(0);
        let fresh = self.layout.catalogue(newest + 1);
        remove_folder(&fresh)?;
        let new = Catalog::open(&fresh, self.catalog()?.pace())?;
        self.follow_into(&new)?;
        new.flush()?;
        let old = std::mem::replace(&mut *self.catalog.write().map_err(|_| gone())?, new);
        drop(old);
        for older in numbered(&self.layout.catalog())?.into_iter().filter(|number| *number <= newest) {
            remove_patiently(&self.layout.catalogue(older))?;
        }
        Ok(())
    }

    /// New indexes, built beside those in use, which go on following what is written meanwhile.
    fn renew_indexes(&self, tell: &mut dyn FnMut(Rebuilding)) -> Answer<()> {
        let before = self.indexes()?;
        let (number, were_whole) = (before.number(), before.are_whole());
        drop(before);
        self.healing(&mut || self.follow_indexes_telling(tell))?;
        let _building = self.building()?;
        if !were_whole || self.indexes()?.number() != number {
            return Ok(()); // those in use were just built
        }
        let built = self.built_beside(number + 1, tell);
        if built.is_err() && !self.has_room()? {
            // What cannot be finished for want of room does not take more of it.
            remove_patiently(&self.layout.indexes_numbered(number + 1))?;
        }
        let built = built?;
        // What was written meanwhile, so that little is left while whoever writes waits.
        self.bring_up(&built, &mut |_| {})?;
        let writing = self.undisturbed()?;
        let _following = self.following()?;
        self.bring_up(&built, &mut |_| {})?;
        let mut indexes = self.indexes.write().map_err(|_| gone())?;
        // Those in use were damaged meanwhile, and others are in their place: these were for nothing.
        let old = if indexes.number() == number { std::mem::replace(&mut *indexes, built) } else { built };
        let kept = indexes.number();
        drop(indexes);
        drop(writing);
        drop(old);
        remove_others(&self.layout, &[kept])
    }

    /// Indexes that are whole, which nobody asks yet.
    fn built_beside(&self, number: u64, tell: &mut dyn FnMut(Rebuilding)) -> Answer<Indexes> {
        let begun = self.begun(number)?;
        match self.bring_up(&begun, tell) {
            Ok(()) => return Ok(begun),
            Err(error) if !wants_rebuild(&error) => return Err(error),
            Err(_) => drop(begun), // damaged meanwhile
        }
        let new = Indexes::create(&self.layout, number)?;
        self.bring_up(&new, tell)?;
        Ok(new)
    }

    /// The indexes that were begun under this number, if they are of this version and this history; else new ones.
    fn begun(&self, number: u64) -> Answer<Indexes> {
        match Indexes::open(&self.layout, number) {
            Ok(begun) if self.are_our_history(&begun)? => return Ok(begun),
            Err(error) if !wants_rebuild(&error) => return Err(error),
            _ => {}
        }
        Indexes::create(&self.layout, number)
    }

    fn are_our_history(&self, indexes: &Indexes) -> Answer<bool> {
        let mut followed = indexes.each().map(Index::followed);
        followed.try_fold(true, |ours, followed| Ok(ours && self.is_our_history(followed)?))
    }

    /// Other indexes in place of these, which cannot be asked: those a rebuild has begun, or empty ones. They follow
    /// before they are asked.
    fn replace_indexes(&self, number: u64) -> Answer<()> {
        // Others are perhaps being built under the next number.
        let building = self.building.try_lock();
        // Whoever follows is waited for, and has perhaps done this.
        let _following = self.following()?;
        let mut indexes = self.indexes.write().map_err(|_| gone())?;
        if indexes.number() == number {
            // First out with the old ones: the disk may be full.
            indexes.remove()?;
            *indexes = match building {
                Ok(_) => self.begun(number + 1)?,
                Err(_) => Indexes::create(&self.layout, number + 2)?,
            };
        }
        Ok(())
    }

    /// Removes indexes that a rebuild has begun and not finished: they may hold what was destroyed. Whoever calls this
    /// holds [`Self::building`].
    pub(super) fn discard_begun_indexes(&self) -> Answer<()> {
        let _following = self.following()?;
        let number = self.indexes()?.number();
        remove_others(&self.layout, &[number])
    }

    /// Views that have followed another history are not believed: they are left over from a later day (the truth
    /// was restored from a backup) or are those of another registry. Then the catalogue follows, and is asked by
    /// the indexes only when it is whole.
    pub(super) fn settle_views(&self) -> Answer<()> {
        let followed = self.catalog()?.followed();
        match followed {
            Ok(followed) if self.is_our_history(followed)? => self.follow_catalog()?,
            Ok(_) | Err(CatalogError::Damaged(_)) => {
                self.remark(CATALOG, OTHER_HISTORY)?;
                self.renew_catalog()?;
            }
            Err(error) => return Err(error.into()),
        }
        let indexes = self.indexes()?;
        let (number, ours) = (indexes.number(), self.are_our_history(&indexes)?);
        drop(indexes);
        if !ours {
            self.remark(INDEX, OTHER_HISTORY)?;
            self.replace_indexes(number)?;
        }
        Ok(())
    }

    fn remark(&self, view: &str, why: &str) -> Answer<()> {
        let mut remarks = self.remarks.lock().map_err(|_| gone())?;
        say_once(&mut remarks, said(view, why));
        Ok(())
    }

    /// What was found about the views and not said yet, in words for those who keep the machine. Said once.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        self.remarks.lock().map(|mut remarks| std::mem::take(&mut *remarks)).unwrap_or_default()
    }

    /// Asks the indexes. Damaged ones are begun anew and asked once more, which must see to it that they follow first.
    pub(super) fn healing<T>(&self, ask: &mut dyn FnMut() -> Answer<T>) -> Answer<T> {
        let number = self.indexes()?.number();
        match ask() {
            Err(error) if wants_rebuild(&error) => {
                self.remark(INDEX, UNUSABLE)?;
                self.replace_indexes(number)?;
                ask()
            }
            answer => answer,
        }
    }

    /// The indexes in use, perhaps not whole. Whoever wants [`Self::following`] too asks for that first.
    pub(super) fn indexes(&self) -> Answer<RwLockReadGuard<'_, Indexes>> {
        self.indexes.read().map_err(|_| gone())
    }

    /// Waits until nobody else builds new indexes, or destroys. Whoever wants to write too asks for this first.
    pub(super) fn building(&self) -> Answer<MutexGuard<'_, ()>> {
        self.building.lock().map_err(|_| gone())
    }

    /// Waits until nobody else brings the indexes in use up to date, or puts others in their place.
    pub(super) fn following(&self) -> Answer<MutexGuard<'_, ()>> {
        self.following.lock().map_err(|_| gone())
    }
}

/// The numbers that folders in this one are named by, in order: one, unless a rebuild was interrupted.
fn numbered(folder: &Path) -> Answer<Vec<u64>> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let names: Vec<String> = names.collect::<std::io::Result<_>>()?;
    let mut numbers: Vec<u64> = names.iter().filter_map(|name| name.parse().ok()).collect();
    numbers.sort_unstable();
    Ok(numbers)
}

/// Opens the newest catalogue, or starts a new one where it cannot be used; it follows the ledger before it is asked.
/// Older ones are removed: they hold what was destroyed.
pub(super) fn open_catalog(layout: &Layout, remarks: &mut Vec<String>) -> Answer<Catalog> {
    let pace = pace_at_start(layout)?;
    let mut numbers = numbered(&layout.catalog())?;
    let Some(newest) = numbers.pop() else {
        say_once(remarks, said(CATALOG, MISSING));
        remove_folder(&layout.catalog())?;
        return Ok(Catalog::open(&layout.catalogue(1), pace)?);
    };
    numbers.into_iter().try_for_each(|older| remove_folder(&layout.catalogue(older)))?;
    match Catalog::open(&layout.catalogue(newest), pace) {
        Ok(catalog) => Ok(catalog),
        Err(CatalogError::Stale { .. } | CatalogError::Engine { .. } | CatalogError::Damaged(_)) => {
            say_once(remarks, said(CATALOG, UNUSABLE));
            // First out with the old one: the disk may be full.
            remove_patiently(&layout.catalogue(newest))?;
            Ok(Catalog::open(&layout.catalogue(newest + 1), pace)?)
        }
    }
}

/// Opens the newest indexes that are whole; where there are none, those begun last, or new ones. Those a rebuild has begun
/// beside them stay for the next rebuild, everything else is removed: it holds what was destroyed.
pub(super) fn open_indexes(layout: &Layout, remarks: &mut Vec<String>) -> Answer<Indexes> {
    let were_there = layout.indexes().exists();
    let numbers = numbered(&layout.indexes())?;
    let whole = numbers.iter().rfind(|number| layout.indexes_whole(**number).exists());
    let number = whole.or(numbers.last()).copied().unwrap_or(0);
    remove_others(layout, &[number, number + 1])?;
    match Indexes::open(layout, number) {
        Err(error) if wants_rebuild(&error) => {}
        opened => return opened,
    }
    say_once(remarks, said(INDEX, if were_there { UNUSABLE } else { MISSING }));
    // First out with the old ones: the disk may be full.
    remove_patiently(&layout.indexes_numbered(number))?;
    match Indexes::open(layout, number + 1) {
        Err(error) if wants_rebuild(&error) => Indexes::create(layout, number + 1),
        opened => opened,
    }
}

/// A remark: which view is built anew, and why.
fn said(view: &str, why: &str) -> String {
    format!("Hinweis: {view} {why} und wird aus dem Nachweisbuch neu aufgebaut.")
}

/// What is found again before it was said is said once.
fn say_once(remarks: &mut Vec<String>, remark: String) {
    if !remarks.contains(&remark) {
        remarks.push(remark);
    }
}

/// What of the index failed, if that is what failed.
fn index_error(error: &Error) -> Option<&IndexError> {
    let Error::Fault { cause: Some(cause), .. } = error else { return None };
    cause.downcast_ref()
}

fn wants_rebuild(error: &Error) -> bool {
    index_error(error).is_some_and(IndexError::wants_rebuild)
}

/// Removes a folder into which an engine that was let go may still write.
pub(super) fn remove_patiently(path: &Path) -> std::io::Result<()> {
    let mut tries = 0;
    loop {
        match remove_folder(path) {
            Err(_) if tries < BUSY_TRIES => {
                tries += 1;
                std::thread::sleep(BUSY_PAUSE);
            }
            removed => return removed,
        }
    }
}

pub(super) fn remove_folder(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(path) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => Err(cause),
        _ => Ok(()),
    }
}

pub(super) fn gone() -> Error {
    Error::fault(
        "Eine Sicht ist nicht verfügbar",
        "starten Sie das Programm neu",
        "ein früherer Neuaufbau ist abgestürzt",
    )
}
