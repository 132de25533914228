//! Take in (Erfassen): the bytes become durable in the vault, then the entry in the ledger; with that the
//! document is acknowledged. Reading its text follows.
//!
//! One thread stages (hashes, compresses, seals) while another makes the last batch durable, so that many
//! documents share their fsyncs. Nothing is acknowledged before its batch is in the ledger.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::sync::mpsc::sync_channel;

use uuid::Uuid;

use super::Registry;
use super::error::{Answer, Error, Words};
use super::seals::{unwrap_object_key, wrap_object_key};
use super::write::Writing;
use crate::base::seal::SealKey;
use crate::domain::actor::{Actor, Clerk};
use crate::domain::case_file::{Carriers, CaseFile, ClassNumber, Fact, ReferenceNumber};
use crate::domain::document::HeldObject;
use crate::domain::event::{DocumentEvent, Event, FileEvent};
use crate::domain::ids::{CaseFileId, DocumentId, KeyId, ObjectId};
use crate::domain::life_cycle::{Command, decide};
use crate::domain::protection::ProtectionDomain;
use crate::vault::{Staged, Stager};

/// Documents made durable together at the most.
const BATCH_DOCUMENTS: usize = 128;
/// Bytes made durable together, about.
const BATCH_BYTES: u64 = 64 << 20;
/// Largest original taken in: 4 GiB.
pub const ORIGINAL_BYTES_MAX: u64 = 4 << 30;

/// Opens the bytes of a document when its turn comes.
pub type Opener = Box<dyn FnOnce() -> std::io::Result<Box<dyn Read>> + Send>;

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
    /// Secrecy for a new file.
    pub domain: ProtectionDomain,
    /// Fields of its record type, for a new file.
    pub fields: BTreeMap<String, String>,
    /// What a new file is kept on.
    pub carriers: Carriers,
    /// The day a new file was opened; today if none is given.
    pub opened: Option<jiff::civil::Date>,
    /// Facts to record with a new file.
    pub facts: Vec<Fact>,
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

/// A source whose bytes are sealed and wait for their batch.
struct Ready {
    name: String,
    file_name: String,
    target: Option<Target>,
    domain: ProtectionDomain,
    staged: Staged,
}

enum Step {
    Ready(Box<Ready>),
    Refused { name: String, words: Words },
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
        let actor = clerk.actor();
        let stagers = self.stagers()?;
        let mut summary = Summary::default();
        std::thread::scope(|scope| {
            let (sender, receiver) = sync_channel::<Step>(BATCH_DOCUMENTS);
            let staging = scope.spawn(move || {
                for source in sources {
                    if sender.send(self.stage(&stagers, source)?).is_err() {
                        break; // the other side failed and says why
                    }
                }
                Ok::<(), Error>(())
            });
            while let Ok(first) = receiver.recv() {
                let mut batch = Vec::new();
                let mut bytes = 0;
                for step in std::iter::once(first).chain(receiver.try_iter()) {
                    match step {
                        Step::Refused { name, words } => {
                            summary.refused += 1;
                            acknowledge(Taken { source: name, file: None, outcome: Outcome::Refused(words) });
                        }
                        Step::Ready(ready) => {
                            bytes += ready.staged.size_bytes;
                            batch.push(*ready);
                        }
                    }
                    if batch.len() >= BATCH_DOCUMENTS || bytes >= BATCH_BYTES {
                        break;
                    }
                }
                self.take_batch(actor, batch, &mut summary, acknowledge)?;
            }
            staging.join().map_err(|_| {
                Error::fault(
                    "Das Erfassen ist abgebrochen",
                    "starten Sie es erneut",
                    "staging thread panicked",
                )
            })?
        })?;
        Ok(summary)
    }

    fn stagers(&self) -> Answer<HashMap<ProtectionDomain, Stager>> {
        let stager = |domain| Ok((domain, self.vault.stager(&self.record_key(KeyId::address(domain))?)));
        ProtectionDomain::ALL.into_iter().map(stager).collect()
    }

    /// Seals one source's bytes. Its secrecy is that of its file, if that exists.
    fn stage(&self, stagers: &HashMap<ProtectionDomain, Stager>, source: Source) -> Answer<Step> {
        let refused = |words| Ok(Step::Refused { name: source.name.clone(), words });
        let domain = match &source.target {
            None => ProtectionDomain::General,
            Some(target) => {
                self.file_by_reference(&target.reference)?.map_or(target.domain, |file| file.domain)
            }
        };
        let what = format!("{} wurde nicht erfasst", source.name);
        let reader = match (source.open)() {
            Ok(reader) => reader,
            Err(cause) => return refused(unreadable(what, &cause)),
        };
        let mut reader = SourceReader { inner: reader, failed: None };
        match stagers[&domain].stage(&mut reader, ORIGINAL_BYTES_MAX) {
            Ok(staged) => Ok(Step::Ready(Box::new(Ready {
                name: source.name,
                file_name: source.file_name,
                target: source.target,
                domain,
                staged,
            }))),
            Err(_) if reader.failed.is_some() => {
                let cause = reader.failed.unwrap_or_else(|| std::io::ErrorKind::Other.into());
                refused(unreadable(what, &cause))
            }
            Err(crate::vault::VaultError::TooLarge { .. }) => refused(Words {
                what,
                why: format!("die Datei ist größer als {} GiB", ORIGINAL_BYTES_MAX >> 30),
                way_out: "teilen Sie die Datei".to_owned(),
            }),
            Err(cause) => Err(cause.into()),
        }
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
        let writing = self.writing()?;
        let mut plan = Plan::default();
        let mut kept = Vec::with_capacity(batch.len());
        for ready in batch {
            match self.place(actor, &ready, &mut plan)? {
                Ok(file) => kept.push((ready, file, DocumentId(Uuid::new_v4()))),
                Err(words) => {
                    summary.refused += 1;
                    acknowledge(Taken { source: ready.name, file: None, outcome: Outcome::Refused(words) });
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

    /// Finds (or plans) the file a document goes into; the inner error is a refusal of this one document.
    fn place(
        &self,
        actor: &Actor,
        ready: &Ready,
        plan: &mut Plan,
    ) -> Answer<Result<Option<(CaseFileId, ReferenceNumber)>, Words>> {
        let Some(target) = &ready.target else { return Ok(Ok(None)) };
        let refuse = |why: &str, way_out: &str| {
            Ok(Err(Words {
                what: format!("{} wurde nicht erfasst", ready.name),
                why: why.to_owned(),
                way_out: way_out.to_owned(),
            }))
        };
        let other_domain = || {
            refuse(
                "die Akte hat einen anderen Schutzbereich als angegeben",
                "lassen Sie die Angabe weg: es gilt der Schutzbereich der Akte",
            )
        };
        if let Some((id, domain)) = plan.opened.get(&target.reference.fold()) {
            // The bytes are already sealed and named for one domain.
            return if *domain == ready.domain {
                Ok(Ok(Some((*id, target.reference.clone()))))
            } else {
                other_domain()
            };
        }
        if let Some(file) = self.file_by_reference(&target.reference)? {
            return match self.may_add(actor, &file) {
                Ok(()) if file.domain != ready.domain => other_domain(),
                Ok(()) => Ok(Ok(Some((file.id, file.reference)))),
                Err(error) => Ok(Err(error.words())),
            };
        }
        let Some(class) = &target.class else {
            return refuse(
                &format!("die Akte {} gibt es nicht, und es ist keine Klasse angegeben", target.reference),
                "nennen Sie mit --class die Aktenplaneinheit, dann wird die Akte angelegt",
            );
        };
        if !actor.clearances.contains(&target.domain) {
            return refuse(
                "Ihnen fehlt die Berechtigung für diesen Schutzbereich",
                "fragen Sie die Administration",
            );
        }
        if !self.rules()?.plan.class(class).is_some() {
            return refuse(
                &format!("die Aktenplaneinheit {class} steht nicht im Aktenplan"),
                "`schriftgut plan` zeigt den Aktenplan",
            );
        }
        let id = CaseFileId(Uuid::new_v4());
        let title = target.title.clone().unwrap_or_else(|| target.reference.to_string());
        plan.opened.insert(target.reference.fold(), (id, target.domain));
        plan.events.push(Event::File(
            id,
            FileEvent::Opened {
                reference: target.reference.clone(),
                title,
                class: class.clone(),
                domain: target.domain,
                on: target.opened.unwrap_or_else(|| self.today()),
                fields: target.fields.clone(),
                carriers: target.carriers.clone(),
            },
        ));
        for fact in &target.facts {
            plan.events.push(Event::File(id, FileEvent::FactRecorded { fact: fact.clone() }));
        }
        Ok(Ok(Some((id, target.reference.clone()))))
    }

    fn may_add(&self, actor: &Actor, file: &CaseFile) -> Answer<()> {
        if !actor.may_read(file.domain) {
            return Err(Error::unknown("Akte", file.reference.as_str()));
        }
        decide(file, Command::File(DocumentId(Uuid::nil())))?;
        Ok(())
    }

    /// Keys, then objects, then entries: each durable before the next names it.
    fn make_durable(
        &self,
        writing: &Writing<'_>,
        actor: &Actor,
        plan: Plan,
        kept: Vec<(Ready, Option<(CaseFileId, ReferenceNumber)>, DocumentId)>,
    ) -> Answer<Vec<(Taken, u64)>> {
        let mut keys: Vec<KeyId> = plan.opened.values().map(|(id, _)| (*id).into()).collect();
        keys.extend(kept.iter().map(|(_, _, id)| KeyId::from(*id)));
        self.keyring.add(&keys)?;

        let mut object_keys: HashMap<ObjectId, SealKey> = HashMap::new();
        let mut deposits = Vec::new();
        let mut orphans = Vec::new();
        let mut events = plan.events;
        let mut taken = Vec::with_capacity(kept.len());
        let today = self.today();
        for (ready, file, id) in kept {
            let Ready { name, file_name, domain, staged, .. } = ready;
            let (object, sha256, size_bytes) = (staged.id, staged.sha256, staged.size_bytes);
            let mut known_here = object_keys.contains_key(&object);
            if !known_here {
                if let Some(holder) = self.key_from_a_holder(actor, &object)? {
                    object_keys.insert(object, holder.key);
                    known_here = holder.readable;
                } else {
                    object_keys.insert(object, staged.object_key.clone());
                    let place = if self.vault.contains(&object)? { &mut orphans } else { &mut deposits };
                    place.push(staged);
                }
            }
            let record_key = self.record_key(id)?;
            let original = HeldObject {
                id: object,
                sha256,
                size_bytes,
                wrapped_key: wrap_object_key(id.into(), &record_key, &object, &object_keys[&object]),
            };
            let file_id = file.as_ref().map(|(id, _)| *id);
            events.push(Event::Document(
                id,
                DocumentEvent::TakenIn { file: file_id, domain, file_name, received: today, original },
            ));
            if let Some(file_id) = file_id {
                events.push(Event::File(file_id, FileEvent::DocumentFiled { document: id }));
            }
            let outcome = if known_here { Outcome::Known(id) } else { Outcome::Taken(id) };
            taken.push((
                Taken { source: name, file: file.map(|(_, reference)| reference), outcome },
                size_bytes,
            ));
        }
        // Nobody holds these any more: a deposit that was never acknowledged, whose key is lost.
        self.vault.replace_unclaimed(orphans)?;
        self.vault.deposit(deposits)?;
        self.record(writing, actor.id, &events)?;
        Ok(taken)
    }

    /// The object's key out of a living record that holds it, and whether this person may know of it.
    fn key_from_a_holder(&self, actor: &Actor, object: &ObjectId) -> Answer<Option<Holder>> {
        let holders = self.catalog()?.holders(object)?;
        let mut found: Option<Holder> = None;
        for id in holders {
            let Some(document) = self.document(id)? else { continue };
            let Some(held) = document.objects().find(|held| held.id == *object) else { continue };
            let readable = actor.may_read(document.domain);
            if found.is_none() {
                let key = unwrap_object_key(id.into(), &self.record_key(id)?, held)?;
                found = Some(Holder { key, readable: false });
            }
            if let Some(holder) = found.as_mut().filter(|_| readable) {
                holder.readable = true;
                break;
            }
        }
        Ok(found)
    }
}

struct Holder {
    key: SealKey,
    readable: bool,
}

/// Files to be opened with a batch.
#[derive(Default)]
struct Plan {
    opened: BTreeMap<String, (CaseFileId, ProtectionDomain)>,
    events: Vec<Event>,
}

fn unreadable(what: String, cause: &std::io::Error) -> Words {
    let why = match cause.kind() {
        std::io::ErrorKind::NotFound => "die Datei gibt es nicht".to_owned(),
        std::io::ErrorKind::PermissionDenied => "die Datei darf nicht gelesen werden".to_owned(),
        std::io::ErrorKind::IsADirectory => "es ist ein Ordner, keine Datei".to_owned(),
        _ => format!("die Datei ist nicht lesbar ({cause})"),
    };
    Words { what, why, way_out: "prüfen Sie den Pfad und die Rechte".to_owned() }
}

/// Remembers that it was the source that failed, not the vault.
struct SourceReader {
    inner: Box<dyn Read>,
    failed: Option<std::io::Error>,
}

impl Read for SourceReader {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.inner.read(buffer).inspect_err(|cause| self.failed = Some(cause.kind().into()))
    }
}
