//! Read texts (Texte lesen): whatever is still unread goes to the worker; what it yields becomes a sealed text
//! layer, what is inside it comes out, and the gap in the record closes. Giving up is an event too. Safe to stop and start at any time.

use std::collections::{HashSet, VecDeque};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::Registry;
use super::error::{Answer, Error};
use super::seals::wrap_object_key;
use crate::base::seal::SealKey;
use crate::domain::divider::Stack;
use crate::domain::document::{Document, HeldObject, TextRendition, TextState};
use crate::domain::event::{DocumentEvent, Event};
use crate::domain::ids::{DocumentId, ObjectId, PersonId};
use crate::domain::text::{Format, Reading, Shortfall, TextSource};
use crate::format::{text_layer, wording};
use crate::intake::IntakeError;

/// Workers that read side by side.
const WORKERS: usize = 2;
/// How often it is looked at which document comes next.
const ORDERED_EVERY: Duration = Duration::from_secs(2);
/// And not before so many times as long as that took.
const ORDERED_SELDOM: u32 = 20;
/// Largest text layer of one document: 256 MiB of JSON.
const TEXT_LAYER_BYTES_MAX: u64 = 256 << 20;
/// Context of the key that names a document's own text layer: equal texts of two documents stay two objects.
const TEXT_ADDRESS: &str = "schriftgut text layer address 1";

/// How far reading has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Documents that were waiting when it began.
    pub documents: usize,
    /// Documents done so far: read or given up.
    pub done: usize,
    /// Documents read.
    pub read: usize,
    /// Documents given up.
    pub given_up: usize,
    /// Pages read.
    pub pages: u64,
    /// Pages of them that were recognised (OCR).
    pub recognised: u64,
}

impl Registry {
    /// Reads every document that is unread. `report` hears of each as it is done.
    ///
    /// # Errors
    /// A fault of the machinery; what was read before stays read, the rest stays unread.
    pub fn read_texts(&self, report: &(dyn Fn(Progress) + Sync)) -> Answer<Progress> {
        // One reader at a time: whoever waited finds the work done.
        let _reading = self.reading.lock().map_err(|_| poisoned())?;
        let mut order = Order::default();
        order.renew(self)?;
        let waiting = order.waiting.len();
        if waiting > 0 {
            self.require_room(0)?; // what is read could not be kept
        }
        let order = Mutex::new(order);
        let progress = Mutex::new(Progress { documents: waiting, ..Progress::default() });
        let followed = Mutex::new(Instant::now());
        let work = || -> Answer<()> {
            loop {
                let next = order.lock().map_err(|_| poisoned())?.next(self)?;
                let Some((id, left)) = next else { return Ok(()) };
                let done = self.read_text(id)?;
                let mut progress = progress.lock().map_err(|_| poisoned())?;
                progress.done += 1;
                progress.documents = progress.documents.max(progress.done + left);
                match done {
                    Some(rendition) => {
                        progress.read += 1;
                        progress.pages += u64::from(rendition.pages_read);
                        progress.recognised += u64::from(rendition.pages_recognised);
                    }
                    None => progress.given_up += 1,
                }
                report(*progress);
                drop(progress);
                self.follow_now_and_then(&followed)?;
            }
        };
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..WORKERS.min(waiting)).map(|_| scope.spawn(work)).collect();
            threads.into_iter().try_for_each(|thread| thread.join().map_err(|_| poisoned())?)
        })?;
        self.follow_indexes()?;
        progress.into_inner().map_err(|_| poisoned())
    }

    /// How many documents are unread.
    ///
    /// # Errors
    /// A fault if the catalogue fails.
    pub fn unread(&self) -> Answer<usize> {
        Ok(self.catalog()?.unread()?.len())
    }

    /// Reads one document and records what came of it; none if it was given up (or is gone).
    fn read_text(&self, id: DocumentId) -> Answer<Option<TextRendition>> {
        let Some(document) = self.document(id)? else { return Ok(None) };
        if document.text != TextState::Unread {
            return Ok(None);
        }
        let Some(_in_hand) = self.take_in_hand(id) else { return Ok(None) };
        self.read_document(&document)
    }

    /// Reads a document that is in hand.
    pub(super) fn read_document(&self, document: &Document) -> Answer<Option<TextRendition>> {
        let source = self.plain_source(document);
        match self.workshop.read(&source, &mut |_| {}) {
            Ok(reading) => self.keep_reading(document, &reading).map(Some),
            Err(IntakeError::NotReadable { format, reason }) => {
                self.give_up(document, format, reason.german().to_owned())?;
                Ok(None)
            }
            Err(fault) => Err(fault.into()),
        }
    }

    /// Keeps what was read of a document that is in hand. Before the gap in the record closes, what is inside is out and a
    /// stack is divided, or it is tried again.
    pub(super) fn keep_reading(&self, document: &Document, reading: &Reading) -> Answer<TextRendition> {
        if reading.contains_files {
            self.unpack_when_read(document.id)?;
        }
        let stack = self.divide_when_read(document, reading)?;
        self.keep_text(document, reading, stack)
    }

    /// Keeps what was read, if the document still waits for it or is read again; what was read before is kept with it.
    fn keep_text(
        &self,
        document: &Document,
        reading: &Reading,
        stack: Option<Stack>,
    ) -> Answer<TextRendition> {
        let json = text_layer::encode(&reading.pages);
        let record_key = self.record_key(document.id)?;
        let address_key = text_address(&record_key, &document.original.id);
        let staged = self.vault.stager(&address_key).stage(&mut json.as_slice(), TEXT_LAYER_BYTES_MAX)?;
        // Word for word as before: there is nothing to be deposited.
        let as_before = document.objects().find(|object| object.id == staged.id).cloned();
        let is_new = as_before.is_none();
        let object = as_before.unwrap_or_else(|| HeldObject {
            id: staged.id,
            sha256: staged.sha256,
            size_bytes: staged.size_bytes,
            wrapped_key: wrap_object_key(document.id.into(), &record_key, &staged.id, &staged.object_key),
        });
        let rendition = rendition(document, reading, stack.as_ref(), object);
        let writing = self.writing()?;
        if !self.still_waits(document)? {
            return Ok(rendition);
        }
        if is_new && self.vault.contains(&staged.id)? {
            self.written(self.vault.replace_unclaimed(vec![staged]))?;
        } else if is_new {
            self.written(self.vault.deposit(vec![staged]))?;
        }
        let on = self.today();
        let found = stack.map(|stack| DocumentEvent::DividersFound { stack, on });
        let read = DocumentEvent::TextRead { format: reading.format, rendition: rendition.clone() };
        let events = found.into_iter().chain([read]).map(|event| Event::Document(document.id, event));
        self.record(&writing, PersonId::PROGRAM, &events.collect::<Vec<_>>())?;
        Ok(rendition)
    }

    fn give_up(&self, document: &Document, format: Format, reason: String) -> Answer<()> {
        let writing = self.writing()?;
        if !self.still_waits(document)? {
            return Ok(());
        }
        let event = Event::Document(document.id, DocumentEvent::ReadingGivenUp { format, reason });
        self.record(&writing, PersonId::PROGRAM, &[event])?;
        Ok(())
    }

    /// While it was being read it may have been condemned, read by somebody else, or got a newer version.
    pub(super) fn still_waits(&self, document: &Document) -> Answer<bool> {
        let now = self.document(document.id)?;
        let same = now.is_some_and(|now| now.original == document.original && now.text == document.text);
        Ok(same && !self.is_condemned(document)?)
    }

    fn is_condemned(&self, document: &Document) -> Answer<bool> {
        let Some(file) = document.file else { return Ok(false) };
        let phase = self.cover(file)?.map(|file| file.phase);
        Ok(phase.is_none_or(|phase| phase.is_gone()))
    }
}

/// What is read next. It is looked at anew now and then, so that a letter somebody waits for is not read behind the heap
/// that came before it.
#[derive(Default)]
struct Order {
    waiting: VecDeque<DocumentId>,
    /// What was handed out in this run: nothing is tried twice.
    handed_out: HashSet<DocumentId>,
    /// When to look again.
    renew_at: Option<Instant>,
}

impl Order {
    fn renew(&mut self, registry: &Registry) -> Answer<()> {
        let begun = Instant::now();
        let mut order = registry.reading_order()?;
        order.retain(|id| !self.handed_out.contains(id));
        self.waiting = order.into();
        self.renew_at = Some(Instant::now() + ORDERED_EVERY.max(begun.elapsed() * ORDERED_SELDOM));
        Ok(())
    }

    /// The next document, and how many are left.
    fn next(&mut self, registry: &Registry) -> Answer<Option<(DocumentId, usize)>> {
        if self.waiting.is_empty() || self.renew_at.is_none_or(|at| at <= Instant::now()) {
            self.renew(registry)?;
        }
        let next = self.waiting.pop_front();
        self.handed_out.extend(next);
        Ok(next.map(|id| (id, self.waiting.len())))
    }
}

/// The key that names the text layer of one version of one document: no other text shares its object.
fn text_address(record_key: &SealKey, original: &ObjectId) -> SealKey {
    let key = record_key.derive(TEXT_ADDRESS);
    SealKey::from_bytes(*blake3::keyed_hash(key.expose(), &original.0).as_bytes())
}

fn rendition(
    document: &Document,
    reading: &Reading,
    stack: Option<&Stack>,
    object: HeldObject,
) -> TextRendition {
    let recognised = reading.pages.iter().filter(|page| page.source == TextSource::Recognised).count();
    TextRendition {
        object,
        pages_declared: reading.pages_declared,
        pages_read: count(reading.pages.len()),
        pages_recognised: count(recognised),
        symbol_coding: reading.symbol_coding,
        engine: reading.engine.clone(),
        shortfalls: shortfalls(document, reading, stack),
    }
}

/// What fell short: of its text, of dividing it, and of the pages it should have.
fn shortfalls(document: &Document, reading: &Reading, stack: Option<&Stack>) -> Vec<String> {
    let found = reading.pages_declared.unwrap_or_else(|| count(reading.pages.len()));
    let expected = document.pages_expected.filter(|_| document.version() == 1);
    let differ = expected.and_then(|expected| wording::pages_differ(expected, found));
    let whole = stack.and_then(wording::stack_stays_whole);
    reading.shortfalls.iter().map(in_words).chain(whole).chain(differ).collect()
}

/// What fell short, for users: `Seite 9: Die Seite ist beschädigt`.
fn in_words(shortfall: &Shortfall) -> String {
    match shortfall.page {
        Some(page) => format!("Seite {page}: {}", shortfall.reason),
        None => shortfall.reason.clone(),
    }
}

fn count(pages: usize) -> u32 {
    u32::try_from(pages).unwrap_or(u32::MAX)
}

fn poisoned() -> Error {
    Error::fault(
        "Das Lesen ist abgebrochen",
        "`schriftgut work` liest weiter",
        "ein Teil des Programms ist abgestürzt",
    )
}
