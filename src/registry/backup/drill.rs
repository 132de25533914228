//! Drill (Probe): a backup nobody ever restored is a hope. The backup is restored into a place of its own below the
//! views (where plain words may lie), verified with data, compared with the registry as of that state, and removed
//! again, its keys overwritten. The result goes into the ledger.
//!
//! The other side of the comparison is counted from the ledger's entries up to the state, not from a view: two
//! ways to the same figures.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use uuid::Uuid;

use super::place;
use super::restore::{Restore, caretaker, look_through, make, read_master};
use crate::base::digest::hex;
use crate::base::seal::random_bytes;
use crate::catalog::Kind;
use crate::domain::actor::{Actor, Administrator};
use crate::domain::document::{Document, TextState};
use crate::domain::event::{DocumentEvent, Event, OfficeEvent};
use crate::domain::ids::{CaseFileId, DocumentId};
use crate::domain::restoration::LedgerMark;
use crate::registry::Registry;
use crate::registry::entries::CONDEMNED;
use crate::registry::error::Answer;
use crate::registry::layout::Layout;
use crate::registry::witness::Witness;

/// Entries and rows read at a time.
const ENTRIES_AT_A_TIME: usize = 2_000;
/// Documents whose bytes and texts are compared, too; verifying has read all of them against their digests.
const SAMPLE: usize = 200;
/// Searches compared.
const SEARCHES: usize = 100;
/// Shortest word that is searched for, in letters.
const WORD_LETTERS_MIN: usize = 5;
/// How the folder of a drill begins.
const FOLDER: &str = "drill-";
/// Differences that are named; all are counted.
const NAMED_MAX: usize = 50;

/// What a drill found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drilled {
    /// How far the backup's ledger goes.
    pub state: LedgerMark,
    /// Files in it.
    pub files: u64,
    /// Documents in it.
    pub documents: u64,
    /// Pages with a text in it.
    pub pages: u64,
    /// Files, documents and searches compared.
    pub compared: u64,
    /// How many differences there are; none is a passed drill.
    pub differences: u64,
    /// The first of them, in words for users.
    pub named: Vec<String>,
}

impl Registry {
    /// Restores a backup for a trial, compares it with this registry, and records what came of it. `seed` picks
    /// the sample; the same seed picks the same.
    ///
    /// # Errors
    /// As [`super::restore`]; then nothing is recorded.
    pub fn drill(
        &self,
        by: Administrator<'_>,
        from: &Path,
        keys: &Path,
        master: &Path,
        seed: u64,
    ) -> Answer<Drilled> {
        let witness = {
            let _writing = self.writing()?;
            Witness::read(&self.witness_text(None)?, &self.own_verifier()?)?
        };
        let place = self.layout.views().join(format!("{FOLDER}{}", hex(&random_bytes::<8>())));
        let order = Restore { from, keys, master, to: &place, checkpoint: None, read_data: true };
        let drilled = self.drill_in(&order, witness, seed);
        self.remove_drill(&place)?;
        let drilled = drilled?;
        let Drilled { state, files, documents, pages, compared, differences, .. } = drilled;
        let on = self.today();
        let event =
            OfficeEvent::Drilled { on, backup: state, files, documents, pages, compared, differences };
        let writing = self.writing()?;
        self.record(&writing, by.actor().id, &[Event::Office(event)])?;
        Ok(drilled)
    }

    fn drill_in(&self, order: &Restore<'_>, witness: Witness, seed: u64) -> Answer<Drilled> {
        let disk = &self.disk;
        let master = read_master(disk, order.master)?;
        let (restored, report) = make(disk, order, order.to, &master, Some(witness))?;
        let verified = look_through(&restored, order.read_data)?;
        let (actor, searchable) = (caretaker(), verified.is_clean());
        let now = self.as_of(report.state.size)?;
        let mut trial = Trial { here: self, there: &restored, now, actor, compared: 0, found: Vec::new() };
        for (word, list) in
            [("verändert", verified.changed), ("fehlt", verified.missing), ("unbekannt", verified.untracked)]
        {
            list.into_iter().for_each(|what| trial.found.push(format!("{word}: {what}")));
        }
        let [files, documents, pages] = trial.count()?;
        trial.compare_all(seed, searchable)?;
        let Trial { compared, mut found, .. } = trial;
        let differences = found.len() as u64;
        found.truncate(NAMED_MAX);
        Ok(Drilled { state: report.state, files, documents, pages, compared, differences, named: found })
    }

    /// What there was after the first `size` entries and has not been destroyed since, counted from the ledger.
    fn as_of(&self, size: u64) -> Answer<AsOf> {
        let gone = self.gone_documents()?;
        let gone_files: HashSet<Uuid> = {
            let mut gone = HashSet::new();
            self.each_of_kinds(&[CONDEMNED], &mut |event| {
                if let Event::File(file, _) = event {
                    gone.insert(file.0);
                }
            })?;
            gone
        };
        let mut now = AsOf::default();
        self.each_entry_from(0, &mut |entry| {
            let header = &entry.header;
            if header.number.0 >= size {
                now.moved.insert(header.subject);
                return Ok(());
            }
            match header.kind.0 {
                300 if !gone_files.contains(&header.subject) => {
                    now.files.insert(CaseFileId(header.subject));
                }
                400..=499 if !gone.contains(&DocumentId(header.subject)) => {
                    if let Some(Event::Document(id, event)) = self.open_body(entry)? {
                        now.note(id, &event);
                    }
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(now)
    }

    /// Removes what a drill left that was killed: its keys first.
    pub(in crate::registry) fn remove_drills(&self) -> Answer<()> {
        for name in self.disk.names(&self.layout.views())?.iter().filter(|name| name.starts_with(FOLDER)) {
            self.remove_drill(&self.layout.views().join(name))?;
        }
        Ok(())
    }

    /// Keys overwritten, then everything removed.
    fn remove_drill(&self, folder: &Path) -> Answer<()> {
        let layout = Layout::at(folder);
        for keyring in [layout.keyring(), layout.archive_keyring()] {
            place::destroy_folder(&self.disk, &keyring)?;
        }
        self.disk.remove_folder(folder)?;
        Ok(crate::registry::rebuild::remove_folder(folder)?) // its views are on no other disk than this machine's
    }
}

/// The registry as of a state.
#[derive(Default)]
struct AsOf {
    files: BTreeSet<CaseFileId>,
    /// Documents, with pages of their newest version.
    documents: BTreeMap<DocumentId, u64>,
    /// Subjects of later entries: they are no longer what they were.
    moved: HashSet<Uuid>,
}

impl AsOf {
    fn note(&mut self, id: DocumentId, event: &DocumentEvent) {
        match event {
            DocumentEvent::TakenIn { .. } | DocumentEvent::VersionAdded { .. } => {
                self.documents.insert(id, 0);
            }
            DocumentEvent::TextRead { rendition, .. } => {
                self.documents.insert(id, u64::from(rendition.pages_read));
            }
            DocumentEvent::Filed { .. }
            | DocumentEvent::Refiled { .. }
            | DocumentEvent::Sorted { .. }
            | DocumentEvent::Withdrawn { .. }
            | DocumentEvent::MadeOf { .. }
            | DocumentEvent::Replaced { .. }
            | DocumentEvent::ContainedIn { .. }
            | DocumentEvent::Unpacked { .. }
            | DocumentEvent::Scanned { .. }
            | DocumentEvent::PagesChecked { .. }
            | DocumentEvent::TransferNoted { .. }
            | DocumentEvent::DividersFound { .. }
            | DocumentEvent::PagesExpected { .. }
            | DocumentEvent::Reinstated { .. }
            | DocumentEvent::ReadingGivenUp { .. } => {}
        }
    }
}

/// Two registries, one of them restored.
struct Trial<'a> {
    here: &'a Registry,
    there: &'a Registry,
    now: AsOf,
    actor: Actor,
    compared: u64,
    found: Vec<String>,
}

impl Trial<'_> {
    fn compare<T: PartialEq>(&mut self, what: impl FnOnce() -> String, here: T, there: T) {
        self.compared += 1;
        if here != there {
            self.found.push(what());
        }
    }

    /// Files, documents and pages of the restored registry, out of its catalogue.
    fn count(&mut self) -> Answer<[u64; 3]> {
        let (mut files, mut documents, mut pages) = (0, 0, 0);
        self.there.each_file(&mut |_| {
            files += 1;
            Ok(())
        })?;
        let mut after = None;
        loop {
            let rows = self.there.catalog()?.rows(Kind::Document, after, ENTRIES_AT_A_TIME)?;
            let Some((last, _)) = rows.last() else { break };
            after = Some(*last);
            for (id, _) in &rows {
                let Some(document) = self.there.document(DocumentId(*id))? else { continue };
                documents += 1;
                pages += pages_of(&document);
            }
        }
        let expected =
            [self.now.files.len() as u64, self.now.documents.len() as u64, self.now.documents.values().sum()];
        for (word, (here, there)) in
            ["Akten", "Dokumente", "Seiten"].iter().zip(expected.into_iter().zip([files, documents, pages]))
        {
            self.compare(
                || format!("{word}: {there} in der Sicherung, {here} in der Registratur"),
                here,
                there,
            );
        }
        Ok([files, documents, pages])
    }

    /// Every file and every document, and of some all they consist of.
    fn compare_all(&mut self, seed: u64, searchable: bool) -> Answer<()> {
        let mut draw = Draw::seeded(seed);
        let unmoved = |id: &Uuid| !self.now.moved.contains(id);
        let documents: Vec<_> = self.now.documents.keys().copied().filter(|id| unmoved(&id.0)).collect();
        let files: Vec<_> = self.now.files.iter().copied().filter(|id| unmoved(&id.0)).collect();
        let sampled = draw.some_of(&documents, SAMPLE);
        let to_the_byte: HashSet<_> = sampled.iter().copied().collect();
        for file in files {
            let (here, there) = (self.here.file(file)?, self.there.file(file)?);
            self.compare(|| format!("Akte {file} ist anders"), here, there);
        }
        for id in documents {
            let (here, there) = (self.here.document(id)?, self.there.document(id)?);
            let same = match (&here, &there) {
                (Some(here), Some(there)) => {
                    here == there && (!to_the_byte.contains(&id) || self.same_bytes(here, there))
                }
                _ => false,
            };
            self.compare(|| format!("Dokument {id} ist anders"), true, same);
        }
        if searchable { self.searches(&sampled, &mut draw) } else { Ok(()) }
    }

    /// Byte by byte, in every version and with its text. What cannot be read is not the same.
    fn same_bytes(&self, here: &Document, there: &Document) -> bool {
        here.objects().zip(there.objects()).all(|(a, b)| {
            let read = |registry: &Registry, held| registry.read_object(here.id, held).ok();
            match (read(self.here, a), read(self.there, b)) {
                (Some(a), Some(b)) => a == b,
                _ => false,
            }
        })
    }

    /// Words out of the sample's texts; both registries must find the same pages.
    fn searches(&mut self, documents: &[DocumentId], draw: &mut Draw) -> Answer<()> {
        let mut asked: BTreeSet<String> = BTreeSet::new();
        for id in documents {
            if asked.len() == SEARCHES {
                break;
            }
            let Some(document) = self.there.document(*id)? else { continue };
            let Ok(Some(pages)) = self.there.text_layer(&document) else { continue };
            let text: Vec<&str> = pages.iter().map(|page| page.text.as_str()).collect();
            let proper = |word: &&str| {
                word.chars().all(char::is_alphabetic) && word.chars().count() >= WORD_LETTERS_MIN
            };
            let joined = text.join(" ");
            let words: Vec<&str> = joined.split_whitespace().filter(proper).collect();
            let Some(word) = draw.some_of(&words, 1).pop() else { continue };
            if asked.insert(word.to_lowercase()) {
                self.search(word)?;
            }
        }
        Ok(())
    }

    /// One word in both. One that too many pages have is left out: only the best are shown.
    fn search(&mut self, word: &str) -> Answer<()> {
        let limit = crate::registry::search::HITS_MAX;
        let ask = |registry: &Registry| -> Answer<Option<BTreeSet<(Uuid, u32)>>> {
            let page = registry.search(self.actor.as_reader()?, word, 0, limit)?;
            let hits = page.hits.iter().filter_map(|hit| Some((hit.document.as_ref()?.id.0, hit.page?)));
            let known = hits.filter(|(id, _)| !self.now.moved.contains(id)).collect();
            Ok((page.total + page.files_total <= limit).then_some(known))
        };
        if let (Some(here), Some(there)) = (ask(self.here)?, ask(self.there)?) {
            // The word itself is content and is not named.
            self.compare(|| "eine Suche findet anderes als in der Registratur".to_owned(), here, there);
        }
        Ok(())
    }
}

fn pages_of(document: &Document) -> u64 {
    match &document.text {
        TextState::Read(rendition) => u64::from(rendition.pages_read),
        TextState::Unread | TextState::GivenUp { .. } => 0,
    }
}

/// Draws a sample that the same seed draws again.
struct Draw {
    stream: blake3::OutputReader,
}

impl Draw {
    fn seeded(seed: u64) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"schriftgut drill 1").update(&seed.to_le_bytes());
        Self { stream: hasher.finalize_xof() }
    }

    fn below(&mut self, bound: usize) -> usize {
        let mut bytes = [0; 8];
        self.stream.fill(&mut bytes);
        (u64::from_le_bytes(bytes) % bound.max(1) as u64) as usize
    }

    /// Up to `at_most` of them, none twice.
    fn some_of<T: Clone>(&mut self, all: &[T], at_most: usize) -> Vec<T> {
        let mut pool: Vec<usize> = (0..all.len()).collect();
        let wanted = at_most.min(all.len());
        for at in 0..wanted {
            let other = at + self.below(pool.len() - at);
            pool.swap(at, other);
        }
        pool[..wanted].iter().map(|at| all[*at].clone()).collect()
    }
}
