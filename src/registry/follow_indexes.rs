//! The indexes follow the ledger, when someone searches or a verb ends: every record is put in as the catalogue knows
//! it. And what was condemned leaves them. May not decide which indexes are asked: see `rebuild`.

use std::sync::RwLockReadGuard;

use super::Registry;
use super::entries::{ENTRIES_AT_A_TIME, OPENED};
use super::error::Answer;
use super::indexes::Indexes;
use super::rebuild::Rebuilding;
use crate::catalog::Kind;
use crate::domain::disposal::Condemned;
use crate::domain::document::{Document, TextState};
use crate::domain::ids::{CaseFileId, DocumentId};
use crate::domain::text::PageText;
use crate::index::{FileEntry, PageEntry};
use crate::ledger::{EntryNo, Header};

/// Pages and files put in until all before them is made durable: so much is done again after an interruption.
const PUT_PER_COMMIT: u64 = 5_000;

/// What following has put in.
#[derive(Default)]
struct Put {
    files: u64,
    documents: u64,
    pages: u64,
}

impl Registry {
    /// Brings every index up to the ledger's head.
    pub(super) fn follow_indexes(&self) -> Answer<()> {
        self.healing(&mut || self.follow_indexes_telling(&mut |_| {}))
    }

    /// As [`Self::follow_indexes`], once.
    pub(super) fn follow_indexes_telling(&self, tell: &mut dyn FnMut(Rebuilding)) -> Answer<()> {
        if self.have_followed(&*self.indexes()?)? {
            return Ok(());
        }
        // One follower at a time; whoever waited finds the work done.
        let _following = self.following()?;
        self.bring_up(&*self.indexes()?, tell)
    }

    /// The indexes, whole: those that were just begun anew follow first.
    pub(super) fn whole_indexes(&self) -> Answer<RwLockReadGuard<'_, Indexes>> {
        loop {
            let indexes = self.indexes()?;
            if indexes.are_whole() {
                return Ok(indexes);
            }
            drop(indexes);
            self.follow_indexes_telling(&mut |_| {})?;
        }
    }

    fn have_followed(&self, indexes: &Indexes) -> Answer<bool> {
        Ok(indexes.are_whole() && indexes.followed()? >= self.catalog()?.followed()?.entries)
    }

    /// Brings these indexes up to where the catalogue is, out of which records are taken; then they are whole. Whoever
    /// calls this holds [`Self::following`], or has them alone. `tell` hears of it if they were not whole.
    pub(super) fn bring_up(&self, indexes: &Indexes, tell: &mut dyn FnMut(Rebuilding)) -> Answer<()> {
        if self.have_followed(indexes)? {
            return Ok(());
        }
        let head = self.catalog()?.followed()?.entries;
        let (mut position, building) = (indexes.followed()?, !indexes.are_whole());
        let mut tell = |put: &Put, followed| {
            if building {
                let Put { documents, pages, .. } = *put;
                tell(Rebuilding::Indexes { documents, pages, followed, entries: head });
            }
        };
        let (mut put, mut durable) = (Put::default(), 0);
        tell(&put, position);
        while position < head {
            for entry in self.ledger.entries(EntryNo(position), ENTRIES_AT_A_TIME)? {
                position = entry.header.number.0 + 1;
                if position > head || !self.put_record(indexes, &entry.header, head, &mut put)? {
                    continue;
                }
                tell(&put, position);
                if put.files + put.pages >= durable + PUT_PER_COMMIT {
                    durable = put.files + put.pages;
                    indexes.commit(self.followed_to(position)?)?;
                }
            }
        }
        indexes.commit(self.followed_to(head)?)?;
        indexes.mark_whole()
    }

    /// Puts in the record that an entry is about, as it is now; false if there is nothing to put. A document waits for the
    /// newest of its entries, if that is before `head`: so it is put in once.
    fn put_record(&self, indexes: &Indexes, header: &Header, head: u64, put: &mut Put) -> Answer<bool> {
        if header.kind.0 == OPENED {
            self.index_file(indexes, CaseFileId(header.subject), header.number)?;
            put.files += 1;
            return Ok(true);
        }
        if header.kind.0 / 100 != 4 {
            return Ok(false);
        }
        let row = self.catalog()?.row(Kind::Document, header.subject)?;
        if row.is_none_or(|row| row.head > header.number.0 && row.head < head) {
            return Ok(false);
        }
        let pages = self.index_document(indexes, DocumentId(header.subject))?;
        put.documents += u64::from(pages > 0);
        put.pages += pages;
        Ok(true)
    }

    fn index_file(&self, indexes: &Indexes, id: CaseFileId, at: EntryNo) -> Answer<()> {
        let Some(file) = self.cover(id)? else { return Ok(()) };
        let index = indexes.of_domain(file.domain)?;
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
            position: at.0,
        })?;
        Ok(())
    }

    /// So many pages it has in the index now; 0 if it is gone.
    fn index_document(&self, indexes: &Indexes, id: DocumentId) -> Answer<u64> {
        // Before the document: if more happens to it meanwhile, it is put in again, with a later position.
        let position = self.catalog()?.row(Kind::Document, id.0)?.map_or(0, |row| row.head);
        let Some(document) = self.document(id)? else { return Ok(0) };
        let index = indexes.of_domain(document.domain)?;
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
                position,
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
                Ok(pages.len() as u64)
            }
            // Not readable or not yet read: it is found by its name.
            None => {
                put(1, "", "")?;
                Ok(1)
            }
        }
    }

    fn pages_to_index(&self, document: &Document) -> Answer<Option<Vec<PageText>>> {
        let TextState::Read(_) = &document.text else { return Ok(None) };
        Ok(self.text_layer(document)?.filter(|pages| !pages.is_empty()))
    }

    /// What was condemned leaves every index, and the indexes are merged until no deleted entry is left. Its keys are
    /// forgotten: nobody can put it in again.
    pub(super) fn purge_indexes(&self, condemned: &[Condemned]) -> Answer<()> {
        self.discard_begun_indexes()?;
        self.healing(&mut || self.try_purge_indexes(condemned))
    }

    fn try_purge_indexes(&self, condemned: &[Condemned]) -> Answer<()> {
        let head = self.ledger.head().size;
        self.follow_indexes_telling(&mut |_| {})?;
        let (indexes, followed) = (self.whole_indexes()?, self.followed_to(head)?);
        for index in indexes.each() {
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
