//! Destroy (Vernichten): the only place where records end.
//!
//! Order: approvals and grace checked → every holder counted from the ledger → a warrant per file, judged again
//! today → *condemned* in the ledger (**point of no return**: from here it only rolls forward) → keys forgotten
//! → bytes removed → index purged, catalogue rebuilt → looked at again by decoding → *destroyed* in the ledger
//! → certificate → the witness file, a copy of which belongs outside. Interrupted anywhere after *condemned*, the
//! next start finishes it ([`Registry::resume_destructions`]).

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::civil::Date;

use super::Registry;
use super::entries::{CONDEMNED, DESTROYED, EXECUTED};
use super::error::{Answer, Error, causes};
use super::witness::Ending;
use super::write::Writing;
use crate::catalog::Kind;
use crate::domain::actor::{Actor, RecordsManager};
use crate::domain::case_file::CaseFile;
use crate::domain::disposal::{
    ApprovedList, Condemned, DestructionWarrant, DisposalList, HeldElsewhere, ListPolicy, Obstacle, reissue,
};
use crate::domain::document::{Document, HeldObject};
use crate::domain::event::{DestructionCounts, DocumentEvent, Event, FileEvent, ListEvent};
use crate::domain::ids::{CaseFileId, DisposalListId, DocumentId, ObjectId, PersonId};
use crate::ledger::EntryNo;

/// Objects read from the vault's manifest at a time.
const OBJECTS_AT_A_TIME: usize = 2_000;

/// What an execution did.
#[derive(Debug, Clone)]
pub struct Executed {
    /// The list.
    pub list: DisposalListId,
    /// Files destroyed.
    pub files: usize,
    /// What went, in numbers.
    pub counts: DestructionCounts,
    /// Files that were not destroyed, and why.
    pub spared: Vec<NotDestroyed>,
    /// Where the certificate lies (JSON; the readable page beside it).
    pub certificate: std::path::PathBuf,
}

/// A file that an obstacle kept from being destroyed.
#[derive(Debug, Clone)]
pub struct NotDestroyed {
    /// The file.
    pub file: CaseFileId,
    /// Its reference number.
    pub reference: Option<String>,
    /// The obstacle.
    pub obstacle: Obstacle,
}

/// A file on its way out, read from its own chain.
struct Candidate {
    file: CaseFile,
    documents: Vec<Document>,
}

impl Candidate {
    fn objects(&self) -> BTreeSet<ObjectId> {
        self.documents.iter().flat_map(Document::objects).map(|object| object.id).collect()
    }
}

impl Registry {
    /// Carries out an approved list: what nothing stands against is destroyed, the rest is spared and said so.
    ///
    /// # Errors
    /// A refusal if an approval, the archive or the grace is missing, or everything is spared; a fault before
    /// the point of no return leaves all as it was, after it the next start finishes.
    pub fn execute_list(
        &self,
        manager: RecordsManager<'_>,
        id: DisposalListId,
        on: Date,
    ) -> Answer<Executed> {
        let _nobody_builds = self.building()?;
        let writing = self.writing_in_need()?;
        if let Some(batch) = self.unfinished()?.into_iter().find(|batch| batch.list == id) {
            return self.roll_forward(&writing, manager.actor().id, &batch, on);
        }
        let list = self.list_from_chain(id)?;
        let keys = self.own_keys()?;
        let approved =
            list.approved(self.list_policy()?, on, &|signature, text| keys.hold(signature, text))?;
        let mut spared = Vec::new();
        let candidates = self.candidates(&list, &mut spared)?;
        let named: BTreeMap<_, _> = candidates
            .iter()
            .map(|one| (one.file.id, (one.file.class.clone(), one.file.reference.clone())))
            .collect();
        let warrants = self.warrants(&approved, candidates, &mut spared)?;
        if warrants.is_empty() {
            self.record_spared(&writing, manager.actor(), id, &spared)?;
            let why: BTreeSet<_> = spared.iter().map(|line| line.obstacle.to_string()).collect();
            return Err(Error::Refusal(crate::domain::refusal::Refusal::new(
                format!("Von der Aussonderungsliste {id} kann heute nichts vernichtet werden"),
                why.into_iter().collect::<Vec<_>>().join("; "),
                "sehen Sie mit `schriftgut list show` nach, was entgegensteht",
            )));
        }
        self.record_spared(&writing, manager.actor(), id, &spared)?;
        let going = warrants.iter().filter_map(|(warrant, _)| named.get(&warrant.file()));
        let numbers = self.numbers_that_go(going.map(|(class, reference)| (class, reference)))?;
        let condemned = self.condemn(&writing, manager.actor(), id, &warrants, numbers, on)?;
        let warrants: Vec<_> = warrants.into_iter().map(|(warrant, _)| warrant).collect();
        let batch = Batch { list: id, condemned, done: BTreeMap::new() };
        let mut executed = self.finish(&writing, manager.actor().id, &batch, &warrants, on)?;
        executed.spared = spared;
        Ok(executed)
    }

    /// What the town demands of a list of this registry.
    fn list_policy(&self) -> Answer<ListPolicy> {
        let grace_days = self.rules()?.grace_days;
        Ok(ListPolicy::of(grace_days, self.catalog()?.count(Kind::File)?))
    }

    fn list_from_chain(&self, id: DisposalListId) -> Answer<DisposalList> {
        let chains = self.chains(&BTreeSet::from([id.0]))?;
        let events = chains
            .get(&id.0)
            .into_iter()
            .flatten()
            .filter_map(|event| if let Event::List(_, event) = event { Some(event) } else { None });
        DisposalList::replay(id, events).ok_or_else(|| Error::unknown("Aussonderungsliste", &id.to_string()))
    }

    /// The files to destroy, each read from its own chain of entries, never from a view.
    fn candidates(&self, list: &DisposalList, spared: &mut Vec<NotDestroyed>) -> Answer<Vec<Candidate>> {
        let mut files = self.files_from_chains(list.to_destroy().map(|line| line.file))?;
        let mut documents =
            self.documents_from_chains(files.values().flat_map(|file| file.documents.iter().copied()))?;
        let mut candidates = Vec::new();
        for line in list.to_destroy() {
            let Some(file) = files.remove(&line.file) else {
                spared.push(NotDestroyed { file: line.file, reference: None, obstacle: Obstacle::Changed });
                continue;
            };
            let documents = file.documents.iter().filter_map(|id| documents.remove(id)).collect();
            candidates.push(Candidate { file, documents });
        }
        Ok(candidates)
    }

    /// Warrants for all candidates that nothing stands against. When one is spared its objects are held again,
    /// so the others are judged anew, until none is spared.
    fn warrants(
        &self,
        approved: &ApprovedList<'_>,
        mut candidates: Vec<Candidate>,
        spared: &mut Vec<NotDestroyed>,
    ) -> Answer<Vec<(DestructionWarrant, DestructionCounts)>> {
        let wanted = candidates.iter().flat_map(Candidate::objects).collect();
        let holders = self.census(&wanted)?;
        let rules = self.rules()?;
        loop {
            let asked = candidates.len();
            let going: HashSet<DocumentId> =
                candidates.iter().flat_map(|candidate| candidate.documents.iter().map(|d| d.id)).collect();
            let elsewhere = HeldElsewhere::counted(
                holders
                    .iter()
                    .map(|(object, held)| {
                        (*object, held.iter().filter(|id| !going.contains(id)).count() as u64)
                    })
                    .collect(),
            );
            let mut counted = BTreeSet::new();
            let mut warrants = Vec::with_capacity(candidates.len());
            let mut kept = Vec::with_capacity(candidates.len());
            for candidate in candidates {
                let Candidate { file, documents } = &candidate;
                match approved.warrant(file, documents, &rules.book, &rules.confirmations, &elsewhere) {
                    Ok(warrant) => {
                        let counts = counts(&candidate, &warrant, &mut counted);
                        warrants.push((warrant, counts));
                        kept.push(candidate);
                    }
                    Err(obstacle) => spared.push(NotDestroyed {
                        file: file.id,
                        reference: Some(file.reference.to_string()),
                        obstacle,
                    }),
                }
            }
            if kept.len() == asked {
                return Ok(warrants);
            }
            candidates = kept;
        }
    }

    /// Who holds these objects, asked of every entry of the ledger. Anything unreadable that was not destroyed
    /// is a fault: it might hold them.
    pub(super) fn census(
        &self,
        wanted: &BTreeSet<ObjectId>,
    ) -> Answer<BTreeMap<ObjectId, BTreeSet<DocumentId>>> {
        let mut holders: BTreeMap<_, BTreeSet<DocumentId>> =
            wanted.iter().map(|object| (*object, BTreeSet::new())).collect();
        self.each_held_object(&mut |document, held| {
            if let Some(holders) = holders.get_mut(&held.id) {
                holders.insert(document);
            }
            Ok(())
        })?;
        Ok(holders)
    }

    /// Every object that a living document holds, out of the ledger.
    pub(super) fn each_held_object(
        &self,
        each: &mut dyn FnMut(DocumentId, &HeldObject) -> Answer<()>,
    ) -> Answer<()> {
        let gone = self.gone_documents()?;
        self.each_document_entry(&mut |entry_no, document, event| match event {
            Some(event) => event.held().map_or(Ok(()), |held| each(document, held)),
            None if gone.contains(&document) => Ok(()),
            None => Err(Error::fault(
                format!("Eintrag {} ist nicht lesbar, obwohl die Akte nicht vernichtet ist", entry_no.0),
                "brechen Sie ab und stellen Sie den Schlüsselbund aus der Sicherung wieder her",
                "sein Siegel lässt sich nicht öffnen",
            )),
        })
    }

    /// Calls `each` for every entry about a document.
    fn each_document_entry(
        &self,
        each: &mut dyn FnMut(EntryNo, DocumentId, Option<DocumentEvent>) -> Answer<()>,
    ) -> Answer<()> {
        self.each_entry_from(0, &mut |entry| {
            if entry.header.kind.0 / 100 != 4 {
                return Ok(());
            }
            let event = match self.open_body(entry)? {
                Some(Event::Document(_, event)) => Some(event),
                Some(_) | None => None,
            };
            each(entry.header.number, DocumentId(entry.header.subject), event)
        })
    }

    /// Documents of files whose destruction has begun, out of the office's own entries.
    pub(super) fn gone_documents(&self) -> Answer<HashSet<DocumentId>> {
        let mut gone = HashSet::new();
        self.each_of_kinds(&[CONDEMNED], &mut |event| {
            if let Event::File(_, FileEvent::Condemned { documents, .. }) = event {
                gone.extend(documents);
            }
        })?;
        Ok(gone)
    }

    fn record_spared(
        &self,
        writing: &Writing<'_>,
        by: &Actor,
        id: DisposalListId,
        spared: &[NotDestroyed],
    ) -> Answer<()> {
        let obstructed = |line: &NotDestroyed| {
            let obstacle = line.obstacle.code().to_owned();
            Event::List(id, ListEvent::LineObstructed { file: line.file, obstacle })
        };
        let events: Vec<_> = spared.iter().map(obstructed).collect();
        self.record(writing, by.id, &events).map(|_| ())
    }

    /// The point of no return. What must be known of their numbers when they are gone is noted with it.
    fn condemn(
        &self,
        writing: &Writing<'_>,
        by: &Actor,
        list: DisposalListId,
        warrants: &[(DestructionWarrant, DestructionCounts)],
        numbers: Vec<Event>,
        on: Date,
    ) -> Answer<Vec<Condemned>> {
        let condemned: Vec<_> = warrants
            .iter()
            .map(|(warrant, counts)| Condemned {
                file: warrant.file(),
                list,
                documents: warrant.documents().to_vec(),
                counts: *counts,
            })
            .collect();
        let event = |c: &Condemned| {
            let documents = c.documents.clone();
            Event::File(c.file, FileEvent::Condemned { list, on, documents, counts: c.counts })
        };
        let events: Vec<_> = condemned.iter().map(event).chain(numbers).collect();
        self.record(writing, by.id, &events)?;
        Ok(condemned)
    }

    /// Everything after the point of no return. Each step may be repeated.
    fn finish(
        &self,
        writing: &Writing<'_>,
        by: PersonId,
        batch: &Batch,
        warrants: &[DestructionWarrant],
        on: Date,
    ) -> Answer<Executed> {
        let forgotten = self.written(self.keyring.forget(warrants))?;
        let going: HashSet<_> = batch.condemned.iter().flat_map(|c| c.documents.iter().copied()).collect();
        self.renditions.forget(|document| going.contains(&document));
        for warrant in warrants {
            self.written(self.vault.destroy(warrant, on))?;
        }
        self.purge_indexes(&batch.condemned)?;
        self.renew_catalog()?;
        self.look_again(&batch.condemned, warrants)?;
        let left = batch.condemned.iter().filter(|c| !batch.done.contains_key(&c.file));
        let destroyed: Vec<_> =
            left.map(|c| Event::File(c.file, FileEvent::Destroyed { list: batch.list, on })).collect();
        self.record(writing, by, &destroyed)?;
        let on = if destroyed.is_empty() { batch.done.values().max().copied().unwrap_or(on) } else { on };
        let counts = total(&batch.condemned);
        let (certificate, digest) = self.certify(batch.list, &batch.condemned, counts, forgotten, on)?;
        self.write_witness(Some(Ending { list: batch.list, on, certificate: digest }))?;
        let executed = ListEvent::Executed { on, certificate: digest };
        self.record(writing, by, &[Event::List(batch.list, executed)])?;
        let files = batch.condemned.len();
        Ok(Executed { list: batch.list, files, counts, spared: Vec::new(), certificate })
    }

    /// Is anything left? Asked by decoding, since a raw search misses compressed and encoded words.
    pub(super) fn look_again(&self, condemned: &[Condemned], warrants: &[DestructionWarrant]) -> Answer<()> {
        let left = |what: String| {
            Error::fault(
                "Die Vernichtung ist nicht vollständig",
                "starten Sie das Programm neu: die Vernichtung wird zu Ende geführt",
                what,
            )
        };
        for warrant in warrants {
            for key in warrant.keys() {
                if self.keyring.key(&key)?.is_some() {
                    return Err(left(format!("Schlüssel {key} ist noch im Schlüsselbund")));
                }
            }
        }
        let objects: Vec<_> = warrants.iter().flat_map(DestructionWarrant::objects).copied().collect();
        if let Some(place) = self.vault.remains_of(&objects)?.first() {
            return Err(left(format!("es sind noch Bytes da: {}", causes::stored_place(place))));
        }
        for c in condemned {
            if self.file(c.file)?.is_some() {
                return Err(left(format!("Akte {} steht noch im Katalog", c.file)));
            }
        }
        Ok(())
    }

    /// Rolls forward what was condemned and not completed. Called when the registry is opened.
    ///
    /// # Errors
    /// A fault; then the registry stays closed and the next start tries again.
    pub(super) fn resume_destructions(&self) -> Answer<()> {
        let _nobody_builds = self.building()?;
        let writing = self.undisturbed()?;
        let on = self.today();
        for batch in self.unfinished()? {
            self.draw_on_the_reserve()?;
            self.roll_forward(&writing, PersonId::PROGRAM, &batch, on)?;
        }
        Ok(())
    }

    fn roll_forward(&self, writing: &Writing<'_>, by: PersonId, batch: &Batch, on: Date) -> Answer<Executed> {
        // Their keys may be forgotten already, so their objects are known only by elimination: what no living
        // record holds. Nothing is being taken in at this moment.
        let mut objects = Some(self.unclaimed_objects(&batch.condemned)?);
        let reissue = |c| reissue(c, objects.take().unwrap_or_default(), on);
        let warrants: Vec<_> = batch.condemned.iter().map(reissue).collect();
        self.finish(writing, by, batch, &warrants, on)
    }

    /// The list's destruction began and is not completed.
    pub(super) fn is_unfinished(&self, list: DisposalListId) -> Answer<bool> {
        Ok(self.unfinished()?.iter().any(|batch| batch.list == list))
    }

    /// Lists whose execution began and is not recorded as done, out of the office's own entries.
    fn unfinished(&self) -> Answer<Vec<Batch>> {
        let mut batches: BTreeMap<DisposalListId, Batch> = BTreeMap::new();
        self.each_of_kinds(&[CONDEMNED, DESTROYED, EXECUTED], &mut |event| match event {
            Event::File(file, FileEvent::Condemned { list, documents, counts, .. }) => {
                let batch = batches.entry(list).or_insert_with(|| Batch::of(list));
                batch.condemned.push(Condemned { file, list, documents, counts });
            }
            Event::File(file, FileEvent::Destroyed { list, on }) => {
                batches.entry(list).or_insert_with(|| Batch::of(list)).done.insert(file, on);
            }
            Event::List(list, ListEvent::Executed { .. }) => {
                batches.remove(&list);
            }
            _ => {}
        })?;
        Ok(batches.into_values().collect())
    }

    /// Objects in the vault that no document outside `condemned` holds.
    pub(super) fn unclaimed_objects(&self, condemned: &[Condemned]) -> Answer<BTreeSet<ObjectId>> {
        let going: HashSet<_> = condemned.iter().flat_map(|c| c.documents.iter().copied()).collect();
        let mut claimed = HashSet::new();
        self.each_held_object(&mut |document, held| {
            if !going.contains(&document) {
                claimed.insert(held.id);
            }
            Ok(())
        })?;
        let mut unclaimed = BTreeSet::new();
        self.each_stored(&mut |stored| {
            if !claimed.contains(&stored) {
                unclaimed.insert(stored);
            }
        })?;
        Ok(unclaimed)
    }

    pub(super) fn each_stored(&self, each: &mut dyn FnMut(ObjectId)) -> Answer<()> {
        let mut after = None;
        loop {
            let page = self.vault.list(after.as_ref(), OBJECTS_AT_A_TIME)?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.id);
            page.iter().for_each(|stored| each(stored.id));
        }
    }
}

/// The files of one list that were condemned together, and those of them already recorded as destroyed, and when.
struct Batch {
    list: DisposalListId,
    condemned: Vec<Condemned>,
    done: BTreeMap<CaseFileId, Date>,
}

impl Batch {
    fn of(list: DisposalListId) -> Self {
        Self { list, condemned: Vec::new(), done: BTreeMap::new() }
    }
}

/// What goes with one file; an object that two files of the batch share is counted with the first.
fn counts(
    candidate: &Candidate,
    warrant: &DestructionWarrant,
    counted: &mut BTreeSet<ObjectId>,
) -> DestructionCounts {
    let sizes: BTreeMap<ObjectId, u64> =
        candidate.documents.iter().flat_map(Document::objects).map(|o| (o.id, o.size_bytes)).collect();
    let going: Vec<_> = warrant.objects().copied().collect();
    let fresh: Vec<_> = going.iter().filter(|id| counted.insert(**id)).collect();
    DestructionCounts {
        documents: candidate.documents.len() as u64,
        objects: fresh.len() as u64,
        bytes: fresh.iter().filter_map(|id| sizes.get(id)).sum(),
        objects_held_elsewhere: (sizes.len() - going.len()) as u64,
    }
}

fn total(condemned: &[Condemned]) -> DestructionCounts {
    condemned.iter().fold(DestructionCounts::default(), |sum, c| DestructionCounts {
        documents: sum.documents + c.counts.documents,
        objects: sum.objects + c.counts.objects,
        bytes: sum.bytes + c.counts.bytes,
        objects_held_elsewhere: sum.objects_held_elsewhere + c.counts.objects_held_elsewhere,
    })
}
