//! Rebuild (Neu aufbauen): views are thrown away and made again from the truth, into a fresh folder that then
//! takes the old one's place. After a destruction this is how deleted values really leave the disk.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::RwLockReadGuard;
use std::time::Duration;

use super::Registry;
use super::error::{Answer, Error};
use super::layout::Layout;
use crate::catalog::{Catalog, CatalogError};
use crate::domain::actor::Caretaker;
use crate::domain::disposal::Condemned;
use crate::domain::document::{Document, TextState};
use crate::domain::event::{Event, FileEvent};
use crate::domain::ids::{CaseFileId, DocumentId};
use crate::domain::protection::ProtectionDomain;
use crate::index::{FileEntry, Index, IndexError, PageEntry};
use crate::ledger::EntryNo;

/// Entries taken from the ledger at a time.
const ENTRIES_AT_A_TIME: usize = 2_000;
/// How often a busy index is asked again, and after what pause: two seconds in all. A worker that is just being
/// started holds a copy of every lock of this process until its program begins, so a lock that was let go can seem
/// taken for a moment.
const BUSY_TRIES: u32 = 40;
const BUSY_PAUSE: Duration = Duration::from_millis(50);

/// The views, and why one is built anew, in words for those who keep the machine.
const CATALOG: &str = "Der Katalog";
const INDEX: &str = "Ein Suchindex";
const MISSING: &str = "fehlte";
const UNUSABLE: &str = "war beschädigt oder von einer anderen Programmfassung";
const OTHER_HISTORY: &str = "gehörte zu einem anderen Stand oder zu einer anderen Registratur";

impl Registry {
    /// Throws all views away and builds them again.
    ///
    /// # Errors
    /// A fault; the views that were there stay in use until the new ones are whole.
    pub fn rebuild(&self, _caretaker: Caretaker<'_>) -> Answer<()> {
        let _writing = self.undisturbed()?;
        self.renew_catalog()?;
        self.renew_indexes()
    }

    /// A new catalogue, in a folder of its own: the engine goes on writing into the old one's for a while after it
    /// was let go, so nothing new may ever lie there.
    pub(super) fn renew_catalog(&self) -> Answer<()> {
        let newest = catalogues(&self.layout)?.last().copied().unwrap_or(0);
        let fresh = self.layout.catalogue(newest + 1);
        remove_folder(&fresh)?;
        let new = Catalog::open(&fresh)?;
        self.follow_into(&new)?;
        new.flush()?;
        let old = std::mem::replace(&mut *self.catalog.write().map_err(|_| gone())?, new);
        drop(old);
        for older in catalogues(&self.layout)?.into_iter().filter(|number| *number <= newest) {
            remove_patiently(&self.layout.catalogue(older))?;
        }
        Ok(())
    }

    /// New indexes in the old ones' place.
    pub(super) fn renew_indexes(&self) -> Answer<()> {
        let mut indexes = self.indexes.write().map_err(|_| gone())?;
        indexes.clear();
        for domain in ProtectionDomain::ALL {
            remove_folder(&self.layout.index(domain))?;
            indexes.insert(domain, Index::create(&self.layout.index(domain))?);
        }
        drop(indexes);
        self.try_follow_indexes()
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
        let followed: Vec<_> = self.indexes()?.values().map(Index::followed).collect();
        for followed in followed {
            if !self.is_our_history(followed)? {
                self.remark(INDEX, OTHER_HISTORY)?;
                return self.renew_indexes();
            }
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

    /// Asks the indexes. One that is busy is asked again for a while; a damaged one is made anew and asked once
    /// more.
    pub(super) fn healing<T>(&self, ask: &dyn Fn() -> Answer<T>) -> Answer<T> {
        let (mut waited, mut renewed) = (0, false);
        loop {
            let answer = ask();
            match answer.as_ref().err().and_then(index_error) {
                Some(IndexError::Busy) if waited < BUSY_TRIES => {
                    waited += 1;
                    std::thread::sleep(BUSY_PAUSE);
                }
                Some(error) if error.wants_rebuild() && !renewed => {
                    renewed = true;
                    self.remark(INDEX, UNUSABLE)?;
                    self.renew_indexes()?;
                }
                _ => return answer,
            }
        }
    }

    pub(super) fn indexes(&self) -> Answer<RwLockReadGuard<'_, BTreeMap<ProtectionDomain, Index>>> {
        self.indexes.read().map_err(|_| gone())
    }

    /// Brings every index up to the ledger's head.
    pub(super) fn follow_indexes(&self) -> Answer<()> {
        self.healing(&|| self.try_follow_indexes())
    }

    fn try_follow_indexes(&self) -> Answer<()> {
        let indexes = self.indexes()?;
        let head = self.ledger.head().size;
        let least = || indexes.values().map(|index| index.followed().entries).min().unwrap_or(head);
        let mut position = least();
        if position >= head {
            return Ok(());
        }
        // One follower at a time; whoever waited finds the work done.
        let _following = self.following.lock().map_err(|_| gone())?;
        position = position.max(least());
        let mut touched = Touched::default();
        while position < head {
            let entries = self.ledger.entries(EntryNo(position), ENTRIES_AT_A_TIME)?;
            for entry in &entries {
                touched.note(self.open_body(entry)?);
            }
            position += entries.len() as u64;
        }
        for file in &touched.files {
            self.index_file(&indexes, *file)?;
        }
        for document in &touched.documents {
            self.index_document(&indexes, *document)?;
        }
        let followed = self.followed_to(head)?;
        for index in indexes.values() {
            index.commit(followed)?;
        }
        Ok(())
    }

    fn index_file(&self, indexes: &BTreeMap<ProtectionDomain, Index>, id: CaseFileId) -> Answer<()> {
        let Some(file) = self.cover(id)? else { return Ok(()) };
        let Some(index) = indexes.get(&file.domain) else { return Ok(()) };
        let texts: Vec<String> = file.fields.values().cloned().collect();
        index.put_file(&FileEntry {
            file: id,
            class: &file.class,
            reference: &file.reference,
            title: &file.title,
            texts: &texts,
            street: &file.address(),
            parcel: file.field("parcel"),
            years: file.years(),
        })?;
        Ok(())
    }

    fn index_document(&self, indexes: &BTreeMap<ProtectionDomain, Index>, id: DocumentId) -> Answer<()> {
        let Some(document) = self.document(id)? else { return Ok(()) };
        let Some(index) = indexes.get(&document.domain) else { return Ok(()) };
        let file = match document.file {
            Some(file) => self.cover(file)?,
            None => None,
        };
        let street = file.as_ref().map(|file| file.address()).unwrap_or_default();
        let put = |page: u32, text: &str, first_page: &str| {
            index.put_page(&PageEntry {
                document: id,
                file: document.file,
                class: file.as_ref().map(|file| &file.class),
                street: &street,
                file_name: &document.file_name,
                page,
                text,
                first_page,
            })
        };
        if document.version() > 1 {
            // The earlier version may have had more pages.
            index.remove_document(id)?;
        }
        match self.pages_to_index(&document)? {
            Some(pages) => {
                let first = pages.first().map_or("", |page| page.text.as_str());
                pages.iter().try_for_each(|page| put(page.number, &page.text, first))?;
            }
            // Not readable or not yet read: it is found by its name.
            None => put(1, "", "")?,
        }
        Ok(())
    }

    fn pages_to_index(&self, document: &Document) -> Answer<Option<Vec<crate::domain::text::PageText>>> {
        let TextState::Read(_) = &document.text else { return Ok(None) };
        Ok(self.text_layer(document)?.filter(|pages| !pages.is_empty()))
    }

    /// What was condemned leaves every index, and the indexes are merged until no deleted entry is left.
    pub(super) fn purge_indexes(&self, condemned: &[Condemned]) -> Answer<()> {
        self.healing(&|| self.try_purge_indexes(condemned))
    }

    fn try_purge_indexes(&self, condemned: &[Condemned]) -> Answer<()> {
        let head = self.ledger.head().size;
        self.try_follow_indexes()?;
        let (indexes, followed) = (self.indexes()?, self.followed_to(head)?);
        for index in indexes.values() {
            for c in condemned {
                index.remove_file(c.file)?;
                c.documents.iter().try_for_each(|document| index.remove_document(*document))?;
            }
            index.commit(followed)?;
            index.purge()?;
        }
        Ok(())
    }
}

/// Records that entries behind an index's position are about.
#[derive(Default)]
struct Touched {
    files: BTreeSet<CaseFileId>,
    documents: BTreeSet<DocumentId>,
}

impl Touched {
    fn note(&mut self, event: Option<Event>) {
        match event {
            Some(Event::File(file, FileEvent::Opened { .. })) => {
                self.files.insert(file);
            }
            Some(Event::Document(document, _)) => {
                self.documents.insert(document);
            }
            Some(_) | None => {}
        }
    }
}

/// The numbers of the catalogues there are, in order: one, unless a rebuild was interrupted.
fn catalogues(layout: &Layout) -> Answer<Vec<u64>> {
    let entries = match std::fs::read_dir(layout.catalog()) {
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
    let mut numbers = catalogues(layout)?;
    let Some(newest) = numbers.pop() else {
        say_once(remarks, said(CATALOG, MISSING));
        remove_folder(&layout.catalog())?;
        return Ok(Catalog::open(&layout.catalogue(1))?);
    };
    numbers.into_iter().try_for_each(|older| remove_folder(&layout.catalogue(older)))?;
    match Catalog::open(&layout.catalogue(newest)) {
        Ok(catalog) => Ok(catalog),
        Err(CatalogError::Stale { .. } | CatalogError::Engine { .. } | CatalogError::Damaged(_)) => {
            say_once(remarks, said(CATALOG, UNUSABLE));
            // First out with the old one: the disk may be full.
            remove_patiently(&layout.catalogue(newest))?;
            Ok(Catalog::open(&layout.catalogue(newest + 1))?)
        }
    }
}

/// Opens an index, or starts a new one where it cannot be used.
pub(super) fn open_index(dir: &Path, remarks: &mut Vec<String>) -> Answer<Index> {
    let opened =
        if dir.join("meta.json").exists() { Index::open(dir) } else { Err(IndexError::Damaged(None)) };
    match opened {
        Ok(index) => Ok(index),
        Err(error) if error.wants_rebuild() => {
            say_once(remarks, said(INDEX, if dir.exists() { UNUSABLE } else { MISSING }));
            remove_folder(dir)?;
            Ok(Index::create(dir)?)
        }
        Err(error) => Err(error.into()),
    }
}

/// A remark: which view is built anew, and why.
fn said(view: &str, why: &str) -> String {
    format!("Hinweis: {view} {why} und wird aus dem Nachweisbuch neu aufgebaut.")
}

/// There is an index for each protection domain: what happened to all of them is said once.
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

/// Removes a folder into which an engine that was let go may still write.
fn remove_patiently(path: &Path) -> std::io::Result<()> {
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

fn gone() -> Error {
    Error::fault(
        "Eine Sicht ist nicht verfügbar",
        "starten Sie das Programm neu",
        "ein früherer Neuaufbau ist abgestürzt",
    )
}
