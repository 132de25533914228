//! Take in (Erfassen): the bytes become durable in the vault, then the entry in the ledger; with that the
//! document is acknowledged. Reading its text follows.
//!
//! Two threads stage (hash, compress, seal) while another makes the last batch durable, so that many documents
//! share their fsyncs. They enter the ledger in the order of the sources. Nothing is acknowledged before its batch
//! is in the ledger.

mod check;
mod hold;
mod parts;
mod plan;
mod planned;
mod queue;
mod source;
#[cfg(test)]
mod tests;
mod version;

use std::collections::{BTreeMap, HashMap};
use std::io::Read;

use super::Registry;
use super::error::{Answer, Error, Words};
use super::write::Writing;
use crate::domain::actor::{Actor, Clerk};
use crate::domain::case_file::{Carriers, ClassNumber, ReferenceNumber};
use crate::domain::event::{DocumentEvent, Event, FileEvent};
use crate::domain::ids::{DocumentId, KeyId};
use crate::domain::protection::ProtectionDomain;
use crate::domain::register::RegisterNumber;
use crate::vault::Stager;
pub use check::Proposed;
use hold::{Content, Objects};
pub(super) use parts::{NewPart, Origin, PlacedPart};
use plan::{Kept, Plan};
pub use planned::PlannedId;
use queue::{Inlet, Weighed, queue};

/// Documents made durable together at the most.
const BATCH_DOCUMENTS: usize = 128;
/// Bytes made durable together, about.
const BATCH_BYTES: u64 = 64 << 20;
/// Bytes that wait, sealed, while a batch is made durable.
const WAITING_BYTES: u64 = 16 << 20;
/// Largest original taken in: 4 GiB.
pub const ORIGINAL_BYTES_MAX: u64 = 4 << 30;

/// Opens the bytes of a document when its turn comes, from their beginning; rarely a second time.
pub type Opener = Box<dyn Fn() -> std::io::Result<Box<dyn Read>> + Send>;

/// A document to take in.
pub struct Source {
    /// What the answer calls it: a path, an upload's name.
    pub name: String,
    /// Name of the file it came in; kept, sealed.
    pub file_name: String,
    /// Where it belongs; none for the in-tray.
    pub target: Option<Target>,
    /// Its bytes.
    pub open: Opener,
}

/// The file a document belongs to. It is opened if it does not exist and a class is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The reference number.
    pub reference: ReferenceNumber,
    /// Class for a new file.
    pub class: Option<ClassNumber>,
    /// Title for a new file; the reference number if none is given.
    pub title: Option<String>,
    /// Secrecy for a new file; that of its class if none is given.
    pub domain: Option<ProtectionDomain>,
    /// Record type of a new file, by name or label; that of its class if none is given.
    pub record_type: Option<String>,
    /// Fields of its record type, for a new file.
    pub fields: BTreeMap<String, String>,
    /// What a new file is kept on.
    pub carriers: Carriers,
    /// The day a new file was opened; today if none is given.
    pub opened: Option<jiff::civil::Date>,
    /// Title of the case (Vorgang) inside the file; it is opened if the file has none of that title.
    pub case: Option<String>,
    /// The register of the file's record type the document lies in; none if it is sorted into none.
    pub register: Option<RegisterNumber>,
    /// How many pages the document should have; none if nobody counted.
    pub page_count: Option<u32>,
}

impl Target {
    /// A file, and nothing more is said: it is there already, or a class is named for it.
    #[must_use]
    pub fn of(reference: ReferenceNumber) -> Self {
        Self {
            reference,
            class: None,
            title: None,
            domain: None,
            record_type: None,
            fields: BTreeMap::new(),
            carriers: Carriers::default(),
            opened: None,
            case: None,
            register: None,
            page_count: None,
        }
    }
}

/// What became of one source, at the moment it is certain.
#[derive(Debug)]
pub struct Taken {
    /// The source's name.
    pub source: String,
    /// The file it is in.
    pub file: Option<ReferenceNumber>,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a source.
#[derive(Debug)]
pub enum Outcome {
    /// Taken in: durable and acknowledged.
    Taken(DocumentId),
    /// Taken in, and this person may know that a document with the same content is already there.
    Known(DocumentId),
    /// Not taken in.
    Refused(Words),
}

/// What an ingest did, in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Documents taken in, new to this registry.
    pub taken: u64,
    /// Documents taken in whose content was known.
    pub known: u64,
    /// Sources refused.
    pub refused: u64,
    /// Bytes of originals.
    pub bytes: u64,
}

/// A source whose bytes are sealed, or known, and wait for their batch.
struct Ready {
    id: PlannedId,
    name: String,
    file_name: String,
    target: Option<Target>,
    domain: ProtectionDomain,
    content: Content,
}

enum Step {
    Ready(Box<Ready>),
    Refused { name: String, words: Words },
}

impl Weighed for Step {
    fn bytes(&self) -> u64 {
        match self {
            Self::Ready(ready) => ready.content.new_bytes(),
            Self::Refused { .. } => 0,
        }
    }
}

impl Registry {
    /// Takes in all sources. `acknowledge` hears of each at the moment it is durable (or refused).
    ///
    /// # Errors
    /// A fault stops the run; what was acknowledged before stays.
    pub fn ingest(
        &self,
        clerk: Clerk<'_>,
        sources: impl Iterator<Item = Source> + Send,
        acknowledge: &mut dyn FnMut(Taken),
    ) -> Answer<Summary> {
        self.ingest_planned(clerk, sources.map(|source| (PlannedId::draw(), source)), acknowledge)
    }

    /// As [`Self::ingest`], each source under an id that was drawn before: whoever wrote it down can ask
    /// ([`Self::took_in`]) what came of it, even if this program was killed on the way.
    ///
    /// # Errors
    /// As [`Self::ingest`].
    pub fn ingest_planned(
        &self,
        clerk: Clerk<'_>,
        sources: impl Iterator<Item = (PlannedId, Source)> + Send,
        acknowledge: &mut dyn FnMut(Taken),
    ) -> Answer<Summary> {
        let actor = clerk.actor();
        let stagers = self.stagers()?;
        let (inlet, outlet) = queue(sources, BATCH_DOCUMENTS, WAITING_BYTES);
        let mut summary = Summary::default();
        std::thread::scope(|scope| {
            let staging = [(); 2].map(|()| scope.spawn(|| self.stage_all(actor, &stagers, &inlet)));
            let mut outlet = outlet; // let go when this side fails, so that the threads stop
            while let Some(first) = outlet.wait() {
                let mut batch = Vec::new();
                let mut bytes = 0;
                for step in std::iter::once(first).chain(std::iter::from_fn(|| outlet.ready())) {
                    match step {
                        Step::Refused { name, words } => {
                            summary.refused += 1;
                            acknowledge(Taken { source: name, file: None, outcome: Outcome::Refused(words) });
                        }
                        Step::Ready(ready) => {
                            bytes += ready.content.size_bytes();
                            batch.push(*ready);
                        }
                    }
                    if batch.len() >= BATCH_DOCUMENTS || bytes >= BATCH_BYTES {
                        break;
                    }
                }
                self.take_batch(actor, batch, &mut summary, acknowledge)?;
            }
            drop(outlet);
            staging.into_iter().try_for_each(|thread| thread.join().map_err(|_| broken_off())?)
        })?;
        Ok(summary)
    }

    fn stagers(&self) -> Answer<HashMap<ProtectionDomain, Stager>> {
        let stager = |domain| Ok((domain, self.vault.stager(&self.record_key(KeyId::address(domain))?)));
        ProtectionDomain::ALL.into_iter().map(stager).collect()
    }

    /// Seals one source after the other, until there are none. A fault leaves its place in the queue empty: there
    /// the other side stops.
    fn stage_all(
        &self,
        actor: &Actor,
        stagers: &HashMap<ProtectionDomain, Stager>,
        sources: &Inlet<impl Iterator<Item = (PlannedId, Source)>, Step>,
    ) -> Answer<()> {
        while let Some((planned, place)) = sources.fetch() {
            let step = self.stage(actor, stagers, planned)?;
            if place.send(step).is_err() {
                break; // the other side failed and says why
            }
        }
        Ok(())
    }

    /// The secrecy a document gets there: that of its file, if that is there.
    fn domain_at(&self, actor: &Actor, target: &Target) -> Answer<ProtectionDomain> {
        match self.cover_by_reference(&target.reference)? {
            Some(file) if actor.may_read_file(&file) => Ok(file.domain),
            _ => self.domain_of_new(target),
        }
    }

    /// The secrecy of a file that is not there yet.
    fn domain_of_new(&self, target: &Target) -> Answer<ProtectionDomain> {
        match (target.domain, &target.class) {
            (Some(domain), _) => Ok(domain),
            (None, Some(class)) => Ok(self.rules()?.plan.domain_of(class)),
            (None, None) => Ok(ProtectionDomain::General),
        }
    }

    /// Seals one source's bytes. Its secrecy is that of its file, if that exists.
    fn stage(
        &self,
        actor: &Actor,
        stagers: &HashMap<ProtectionDomain, Stager>,
        (id, source): (PlannedId, Source),
    ) -> Answer<Step> {
        let domain = match &source.target {
            None => ProtectionDomain::General,
            Some(target) => self.domain_at(actor, target)?,
        };
        let Source { name, file_name, target, open } = source;
        Ok(match self.staged(self.content(actor, &stagers[&domain], &name, open))? {
            Ok(content) => Step::Ready(Box::new(Ready { id, name, file_name, target, domain, content })),
            Err(words) => Step::Refused { name, words },
        })
    }

    /// Makes a batch durable and acknowledges it.
    fn take_batch(
        &self,
        actor: &Actor,
        batch: Vec<Ready>,
        summary: &mut Summary,
        acknowledge: &mut dyn FnMut(Taken),
    ) -> Answer<()> {
        if batch.is_empty() {
            return Ok(());
        }
        let writing = self.writing_about(batch.iter().map(|ready| ready.content.new_bytes()).sum())?;
        let mut plan = Plan::default();
        let mut kept = Vec::with_capacity(batch.len());
        for ready in batch {
            match self.keep(actor, ready, &mut plan)? {
                Ok(ready) => kept.push(ready),
                Err((source, words)) => {
                    summary.refused += 1;
                    acknowledge(Taken { source, file: None, outcome: Outcome::Refused(words) });
                }
            }
        }
        let taken = self.make_durable(&writing, actor, plan, kept)?;
        drop(writing);
        for (taken, bytes) in taken {
            summary.bytes += bytes;
            match taken.outcome {
                Outcome::Known(_) => summary.known += 1,
                Outcome::Taken(_) | Outcome::Refused(_) => summary.taken += 1,
            }
            acknowledge(taken);
        }
        Ok(())
    }

    /// What is certain of a source now that this thread may write; the inner error is its name and why it is refused.
    fn keep(&self, actor: &Actor, ready: Ready, plan: &mut Plan) -> Answer<Result<Kept, (String, Words)>> {
        let Ready { id, name, file_name, target, domain, content } = ready;
        let content = match self.content_now(domain, &name, content)? {
            Ok(content) => content,
            Err(words) => return Ok(Err((name, words))),
        };
        let ready = Ready { id, name, file_name, target, domain, content };
        Ok(match self.place(actor, &ready, plan)? {
            Ok(placed) => Ok(Kept { ready, placed }),
            Err(words) => Err((ready.name, words)),
        })
    }

    /// Keys, then objects, then entries: each durable before the next names it.
    fn make_durable(
        &self,
        writing: &Writing<'_>,
        actor: &Actor,
        plan: Plan,
        kept: Vec<Kept>,
    ) -> Answer<Vec<(Taken, u64)>> {
        let mut keys: Vec<KeyId> = plan.opened.values().map(|file| file.id.into()).collect();
        keys.extend(kept.iter().map(|kept| KeyId::from(kept.ready.id.id())));
        self.written(self.keyring.add(&keys))?;

        let mut objects = Objects::default();
        let mut events = plan.events;
        let mut taken = Vec::with_capacity(kept.len());
        let received = self.today();
        for Kept { ready, placed } in kept {
            let Ready { id, name, file_name, target, domain, content } = ready;
            let id = id.id();
            let (original, known) = self.hold(actor, id, content, &mut objects)?;
            let size_bytes = original.size_bytes;
            let (file, case) = placed.as_ref().map_or((None, None), |placed| (Some(placed.id), placed.case));
            let page_count = target.as_ref().and_then(|target| target.page_count);
            let register = target.and_then(|target| target.register);
            let event =
                DocumentEvent::TakenIn { file, case, register, domain, file_name, received, original };
            events.push(Event::Document(id, event));
            let expected = page_count.map(|page_count| DocumentEvent::PagesExpected { page_count });
            events.extend(expected.map(|expected| Event::Document(id, expected)));
            if let Some(file) = file {
                events.push(Event::File(file, FileEvent::DocumentFiled { document: id }));
            }
            let outcome = if known { Outcome::Known(id) } else { Outcome::Taken(id) };
            let file = placed.map(|placed| placed.reference);
            taken.push((Taken { source: name, file, outcome }, size_bytes));
        }
        self.deposit_new(objects)?;
        self.record(writing, actor.id, &events)?;
        Ok(taken)
    }
}

fn broken_off() -> Error {
    Error::fault(
        "Das Erfassen ist abgebrochen",
        "starten Sie es erneut",
        "ein Teil des Programms ist abgestürzt",
    )
}
