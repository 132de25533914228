//! The indexes follow the ledger: while texts are read, when someone searches, when a verb ends. Every record is put in
//! as the catalogue knows it. And what was condemned leaves them. May not decide which indexes are asked: see `rebuild`.
//!
//! Nobody who searches waits for a whole batch: whoever reads texts sees to it that there is never much left to follow,
//! and a search that would still wait for long is answered out of the indexes as they are, which is said ([`Behind`]).

use std::ops::Range;
use std::sync::{Mutex, RwLockReadGuard, TryLockError};
use std::time::{Duration, Instant};

use super::Registry;
use super::entries::{
    CLOSED, DESCRIBED, ENTRIES_AT_A_TIME, NOTED, OPENED, REOPENED, RESTRICTED, RESTRICTION_LIFTED,
    TRANSFERRED,
};
use super::error::Answer;
use super::indexes::Indexes;
use super::rebuild::Rebuilding;
use crate::catalog::Kind;
use crate::domain::disposal::Condemned;
use crate::domain::document::{Document, TextState};
use crate::domain::ids::{CaseFileId, DocumentId};
use crate::domain::query::{HitKind, PhaseName};
use crate::domain::text::PageText;
use crate::index::{FileEntry, Index, PageEntry, years_of};
use crate::ledger::{EntryNo, Header};

/// Pages and files put in until all before them is made durable: so much is done again after an interruption.
const PUT_PER_COMMIT: u64 = 5_000;
/// While texts are read, the indexes follow so often: a search has so much left to do at the most.
const FOLLOW_EVERY: Duration = Duration::from_secs(2);
/// So long a search waits for others that bring the indexes up to date, and does that itself.
const SEARCH_WAITS: Duration = Duration::from_secs(2);
/// How often a search that waits looks again.
const LOOK_AGAIN: Duration = Duration::from_millis(2);

/// Why what was taken in or read last is not found yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behind {
    /// The disk is full and the indexes cannot follow.
    DiskFull,
    /// So much is being written that the indexes have not followed yet.
    MuchWritten,
}

impl Behind {
    /// What to tell somebody who searches, German.
    #[must_use]
    pub fn note(self) -> &'static str {
        match self {
            Self::DiskFull => "Der Datenträger ist voll: zuletzt Erfasstes wird noch nicht gefunden.",
            Self::MuchWritten => {
                "Gerade wird viel erfasst oder gelesen: das Neueste wird erst in Kürze gefunden. Suchen Sie dann noch einmal."
            }
        }
    }
}

/// What following has put in.
#[derive(Default)]
struct Put {
    files: u64,
    documents: u64,
    pages: u64,
    /// What was restricted left the indexes: its words are still on disk, and count.
    left: bool,
}

impl Registry {
    /// Brings every index up to the ledger's head.
    pub(super) fn follow_indexes(&self) -> Answer<()> {
        self.healing(&mut || self.follow_indexes_telling(&mut |_| {}))
    }

    /// As [`Self::follow_indexes`], if that was not done for a while; by one of the threads that share `last`. On a full
    /// disk the indexes stay behind.
    pub(super) fn follow_now_and_then(&self, last: &Mutex<Instant>) -> Answer<()> {
        let Ok(mut last) = last.try_lock() else { return Ok(()) };
        if last.elapsed() >= FOLLOW_EVERY {
            self.as_there_is_room(self.follow_indexes().map(|()| None))?;
            *last = Instant::now();
        }
        Ok(())
    }

    /// Brings the indexes up to what is written by now, if that does not take too long; else says why they stay behind.
    pub(super) fn follow_for_a_search(&self) -> Answer<Option<Behind>> {
        let (wanted, until) = (self.catalog()?.followed()?.entries, Instant::now() + SEARCH_WAITS);
        let followed = self.healing(&mut || self.follow_to(wanted, until));
        self.as_there_is_room(followed.map(|followed| (!followed).then_some(Behind::MuchWritten)))
    }

    fn as_there_is_room(&self, followed: Answer<Option<Behind>>) -> Answer<Option<Behind>> {
        match followed {
            Err(_) if !self.has_room()? => Ok(Some(Behind::DiskFull)),
            followed => followed,
        }
    }

    /// Everything before this entry is in the indexes; false if it was not until then. Those that are not whole are waited
    /// for.
    fn follow_to(&self, wanted: u64, until: Instant) -> Answer<bool> {
        loop {
            let indexes = self.indexes()?;
            if !indexes.are_whole() {
                drop(indexes);
                return self.follow_indexes_telling(&mut |_| {}).map(|()| true);
            }
            if indexes.followed()? >= wanted {
                return Ok(true);
            }
            drop(indexes);
            match self.following.try_lock() {
                Ok(_following) => return self.bring_up_until(&*self.indexes()?, Some(until), &mut |_| {}),
                Err(TryLockError::Poisoned(_)) => return self.following().map(|_| false),
                Err(TryLockError::WouldBlock) if Instant::now() >= until => return Ok(false),
                Err(TryLockError::WouldBlock) => std::thread::sleep(LOOK_AGAIN),
            }
        }
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
        self.bring_up_until(indexes, None, tell).map(drop)
    }

    /// As [`Self::bring_up`], but no longer than until then; false if something is left.
    fn bring_up_until(
        &self,
        indexes: &Indexes,
        until: Option<Instant>,
        tell: &mut dyn FnMut(Rebuilding),
    ) -> Answer<bool> {
        let brought = self.put_until(indexes, until, tell);
        if brought.is_err() {
            // Whatever failed, perhaps not an index: the next follower begins at the last commit.
            indexes.each().for_each(Index::break_off);
        }
        brought
    }

    fn put_until(
        &self,
        indexes: &Indexes,
        until: Option<Instant>,
        tell: &mut dyn FnMut(Rebuilding),
    ) -> Answer<bool> {
        if self.have_followed(indexes)? {
            return Ok(true);
        }
        let head = self.catalog()?.followed()?.entries;
        let (from, building) = (indexes.followed()?, !indexes.are_whole());
        let mut position = from;
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
                if position > head || !self.put_record(indexes, &entry.header, from..head, &mut put)? {
                    continue;
                }
                tell(&put, position);
                if position < head && until.is_some_and(|until| Instant::now() >= until) {
                    self.commit_to(indexes, position, &mut put)?;
                    return Ok(false);
                }
                if put.files + put.pages >= durable + PUT_PER_COMMIT {
                    durable = put.files + put.pages;
                    self.commit_to(indexes, position, &mut put)?;
                }
            }
        }
        self.commit_to(indexes, head, &mut put)?;
        indexes.mark_whole()?;
        Ok(true)
    }

    /// Makes durable what was put in. What left the indexes must not be counted any more by the time this is acknowledged:
    /// how rare a word is would tell of it. If that is interrupted it is done again.
    fn commit_to(&self, indexes: &Indexes, position: u64, put: &mut Put) -> Answer<()> {
        if std::mem::take(&mut put.left) {
            indexes.each().try_for_each(|index| index.purge().map(drop))?;
        }
        indexes.commit(self.followed_to(position)?)
    }

    /// Puts in the record that an entry is about, as it is now; false if there is nothing to put. A document waits for the
    /// newest of its entries, if that is among those that are `followed`: so it is put in once.
    fn put_record(
        &self,
        indexes: &Indexes,
        header: &Header,
        followed: Range<u64>,
        put: &mut Put,
    ) -> Answer<bool> {
        if header.kind.0 == OPENED {
            self.index_file(indexes, CaseFileId(header.subject), header.number)?;
            put.files += 1;
            return Ok(true);
        }
        if header.kind.0 == NOTED {
            return self.put_noted(indexes, CaseFileId(header.subject), followed.start, put);
        }
        if header.kind.0 == RESTRICTED {
            let file = CaseFileId(header.subject);
            // Lifted since: it is put in as it is now, or was.
            if !self.catalog()?.is_restricted(file)? {
                return Ok(false);
            }
            indexes.each().try_for_each(|index| index.remove_file(file))?;
            put.left = true;
            return Ok(true);
        }
        if [CLOSED, REOPENED, TRANSFERRED, DESCRIBED, RESTRICTION_LIFTED].contains(&header.kind.0) {
            return self.put_again(indexes, CaseFileId(header.subject), followed.start, put);
        }
        if header.kind.0 / 100 != 4 {
            return Ok(false);
        }
        let row = self.catalog()?.row(Kind::Document, header.subject)?;
        if row.is_none_or(|row| row.head > header.number.0 && row.head < followed.end) {
            return Ok(false);
        }
        let pages = self.index_document(indexes, DocumentId(header.subject))?;
        put.documents += u64::from(pages > 0);
        put.pages += pages;
        Ok(true)
    }

    /// Puts in a file that got a note; its pages say what they said. All else is put in with its notes already.
    fn put_noted(&self, indexes: &Indexes, id: CaseFileId, from: u64, put: &mut Put) -> Answer<bool> {
        if from == 0 {
            return Ok(false);
        }
        self.index_file(indexes, id, self.opened_at(id)?)?;
        put.files += 1;
        Ok(true)
    }

    /// Puts in a file that has changed (its phase, what is said of it), and those of its documents that were put in before entry `from`. All else
    /// is put in from the catalogue while these entries are followed, and it knows the change already.
    fn put_again(&self, indexes: &Indexes, id: CaseFileId, from: u64, put: &mut Put) -> Answer<bool> {
        if from == 0 {
            return Ok(false);
        }
        self.index_file(indexes, id, self.opened_at(id)?)?;
        put.files += 1;
        let documents = self.catalog()?.documents_of(id)?;
        for document in documents {
            let row = self.catalog()?.row(Kind::Document, document.0)?;
            if row.is_some_and(|row| row.head < from) {
                let pages = self.index_document(indexes, document)?;
                put.documents += u64::from(pages > 0);
                put.pages += pages;
            }
        }
        Ok(true)
    }

    /// The entry a file was opened with: the first of its chain.
    fn opened_at(&self, id: CaseFileId) -> Answer<EntryNo> {
        let mut first = EntryNo(self.catalog()?.row(Kind::File, id.0)?.map_or(0, |row| row.head));
        while let Some(previous) = self.ledger.entry(first)?.header.previous {
            first = previous;
        }
        Ok(first)
    }

    fn index_file(&self, indexes: &Indexes, id: CaseFileId, at: EntryNo) -> Answer<()> {
        let Some(file) = self.cover(id)?.filter(|file| !file.restriction.stands()) else { return Ok(()) };
        let index = indexes.of_domain(file.domain)?;
        let notes = file.notes.iter().map(|note| note.text.clone());
        let texts: Vec<String> = file.fields.values().cloned().chain(notes).collect();
        index.put_file(&FileEntry {
            file: id,
            class: &file.class,
            record_type: file.type_id(),
            reference: &file.reference,
            title: &file.title,
            texts: &texts,
            street: &file.address(),
            parcel: file.field("parcel"),
            phase: PhaseName::of(&file.phase),
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
        let is_restricted = match document.file {
            Some(file) => self.catalog()?.is_restricted(file)?,
            None => false,
        };
        if document.withdrawn.is_some() || is_restricted {
            index.remove_document(id)?;
            return Ok(0);
        }
        let file = match document.file {
            Some(file) => self.cover(file)?,
            None => None,
        };
        let street = file.as_ref().map(|file| file.address()).unwrap_or_default();
        let put = |page: u32, text: &str, letter_years: &[u16]| {
            index.put_page(&PageEntry {
                document: id,
                file: document.file,
                class: file.as_ref().map(|file| &file.class),
                record_type: file.as_ref().and_then(|file| file.type_id()),
                register: document.register.as_ref(),
                street: &street,
                phase: file.as_ref().and_then(|file| PhaseName::of(&file.phase)),
                kind: HitKind::of(&document),
                file_name: &document.file_name,
                page,
                text,
                letter_years,
                position,
            })
        };
        if document.version() > 1 || !document.earlier_texts.is_empty() {
            // The earlier version, or the earlier text, may have had more pages.
            index.remove_document(id)?;
        }
        match self.pages_to_index(&document)? {
            Some(pages) => {
                let years = pages.first().map(|page| years_of(&page.text)).unwrap_or_default();
                pages.iter().try_for_each(|page| put(page.number, &page.text, &years))?;
                Ok(pages.len() as u64)
            }
            // Not readable or not yet read: it is found by its name.
            None => {
                put(1, "", &[])?;
                Ok(1)
            }
        }
    }

    fn pages_to_index(&self, document: &Document) -> Answer<Option<Vec<PageText>>> {
        let TextState::Read(_) = &document.text else { return Ok(None) };
        Ok(self.text_layer(document)?.filter(|pages| !pages.is_empty()))
    }

    /// What was condemned leaves every index, and the indexes are merged until no deleted entry is left. Its keys are
    /// forgotten: nobody can put it in again. Whoever calls this holds [`Self::building`].
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
