//! Where uploads lie: for each a sealed head (`ID.head`) and sealed pieces (`ID.part`), which only the owner of the registry
//! may read. What is known of them is kept in memory as well. May not take in.

use std::collections::{HashMap, hash_map};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use uuid::Uuid;

use super::pieces::Pieces;
use super::{Continued, Registry, UploadState, UploadView, expires};
use crate::base::seal::SealKey;
use crate::domain::ids::{DocumentId, KeyId, PersonId, UploadId};
use crate::format::upload::{UploadEnd, UploadHead};
use crate::registry::error::{Answer, Words};

const HEAD: &str = ".head";
const PART: &str = ".part";

/// Everything that is known of uploads; none before somebody asks.
#[derive(Debug, Default)]
pub(in crate::registry) struct Uploads(Mutex<Option<HashMap<UploadId, Entry>>>);

#[derive(Debug)]
struct Entry {
    head: UploadHead,
    /// None if they were not looked through yet, or are not needed any more.
    pieces: Option<Pieces>,
    /// What has come, if that is known.
    received_bytes: Option<u64>,
    is_held: bool,
}

/// An upload in one hand. Letting go puts back what is known of it.
pub(super) struct Held<'a> {
    uploads: &'a Uploads,
    pub(super) id: UploadId,
    pub(super) head: UploadHead,
    pub(super) pieces: Option<Pieces>,
    is_gone: bool,
    is_forsaken: bool,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let received = self.received_bytes();
        let mut all = self.uploads.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(all) = all.as_mut() else { return };
        if self.is_gone {
            all.remove(&self.id);
        } else if let Some(entry) = all.get_mut(&self.id) {
            entry.head = self.head.clone();
            entry.pieces = self.pieces.take();
            entry.received_bytes = Some(received).filter(|_| !self.is_forsaken);
            entry.is_held = false;
        }
    }
}

impl Held<'_> {
    pub(super) fn received_bytes(&self) -> u64 {
        match (&self.pieces, &self.head.end) {
            (Some(pieces), _) => pieces.received_bytes,
            (None, Some(_)) => self.head.size_bytes.unwrap_or(0),
            (None, None) => 0,
        }
    }

    pub(super) fn is_whole(&self) -> bool {
        self.head.size_bytes == Some(self.received_bytes())
    }

    /// What is in the pieces is to be looked through again.
    pub(super) fn forsake(&mut self) {
        self.pieces = None;
        self.is_forsaken = true;
    }

    pub(super) fn view(&self) -> UploadView {
        view(self.id, &self.head, self.received_bytes())
    }
}

fn view(id: UploadId, head: &UploadHead, received_bytes: u64) -> UploadView {
    let state = match (&head.end, head.document) {
        (Some(UploadEnd::Taken { known }), Some(DocumentId(document))) => {
            UploadState::Taken { document: DocumentId(document), known: *known }
        }
        (Some(UploadEnd::Refused([what, why, way_out])), _) => {
            let [what, why, way_out] = [what, why, way_out].map(Clone::clone);
            UploadState::Refused(Words { what, why, way_out })
        }
        _ => UploadState::OnItsWay,
    };
    UploadView {
        id,
        file_name: head.file_name.clone(),
        reference: head.reference.clone(),
        received_bytes,
        size_bytes: head.size_bytes,
        expires: expires(head),
        state,
    }
}

fn context(id: UploadId) -> Vec<u8> {
    [b"schriftgut upload head 1", id.0.as_bytes().as_slice()].concat()
}

impl Registry {
    fn head_of(&self, id: UploadId) -> PathBuf {
        self.layout.uploads().join(format!("{id}{HEAD}"))
    }

    pub(super) fn pieces_of(&self, id: UploadId) -> PathBuf {
        self.layout.uploads().join(format!("{id}{PART}"))
    }

    fn head_key(&self) -> Answer<SealKey> {
        Ok(self.record_key(KeyId::OFFICE)?.derive("schriftgut 2026-11-28 head of an upload"))
    }

    /// Asks what is known of all of them; the first time the folder is read.
    fn among_uploads<T>(&self, ask: impl FnOnce(&mut HashMap<UploadId, Entry>) -> T) -> Answer<T> {
        let mut all = self.uploads.0.lock().unwrap_or_else(PoisonError::into_inner);
        match all.as_mut() {
            Some(all) => Ok(ask(all)),
            None => {
                let found = self.find_uploads()?;
                Ok(ask(all.insert(found)))
            }
        }
    }

    /// What an earlier program left. What has no head that can be read is removed: nobody can go on with it.
    fn find_uploads(&self) -> Answer<HashMap<UploadId, Entry>> {
        let (folder, key) = (self.layout.uploads(), self.head_key()?);
        let mut found = HashMap::new();
        let names = self.disk.names(&folder)?;
        for name in &names {
            let Some(id) = name.strip_suffix(HEAD).and_then(|id| id.parse::<UploadId>().ok()) else {
                continue;
            };
            let sealed = self.disk.read(&folder.join(name))?.unwrap_or_default();
            let plain = key.open(&context(id), &sealed);
            let head = plain.ok().and_then(|plain| UploadHead::read(&plain).ok());
            if let Some(head) = head {
                let entry = Entry { head, pieces: None, received_bytes: None, is_held: false };
                found.insert(id, entry);
            }
        }
        for name in names {
            let id = name.strip_suffix(HEAD).or_else(|| name.strip_suffix(PART));
            let is_known = id.and_then(|id| id.parse().ok()).is_some_and(|id| found.contains_key(&id));
            if !is_known {
                self.disk.remove(&folder.join(name))?;
            }
        }
        Ok(found)
    }

    /// Begins one, durable but empty.
    pub(super) fn new_upload(&self, head: UploadHead) -> Answer<Held<'_>> {
        loop {
            if let Some(held) = self.new_upload_as(UploadId(Uuid::new_v4()), head.clone())? {
                return Ok(held);
            }
        }
    }

    /// The same under this id; none if there is one already.
    pub(super) fn new_upload_as(&self, id: UploadId, head: UploadHead) -> Answer<Option<Held<'_>>> {
        self.disk.make_folder(&self.layout.uploads())?;
        let entry = Entry { head: head.clone(), pieces: None, received_bytes: Some(0), is_held: true };
        let is_new = self.among_uploads(|all| match all.entry(id) {
            hash_map::Entry::Occupied(_) => false,
            hash_map::Entry::Vacant(place) => {
                place.insert(entry);
                true
            }
        })?;
        if !is_new {
            return Ok(None);
        }
        let uploads = &self.uploads;
        let mut held = Held { uploads, id, head, pieces: None, is_gone: true, is_forsaken: false };
        held.pieces = Some(Pieces::begin(&self.disk, &self.pieces_of(id), held.head.key.clone(), id)?);
        if let Err(error) = self.put_head(&held) {
            self.disk.remove(&self.pieces_of(id))?;
            return Err(error);
        }
        held.is_gone = false;
        Ok(Some(held))
    }

    /// Takes one in hand; the inner error says that it is not there for this person, or in another hand.
    pub(super) fn hold_upload(&self, person: PersonId, id: UploadId) -> Answer<Result<Held<'_>, Continued>> {
        let taken = self.among_uploads(|all| {
            let entry = all.get_mut(&id).filter(|entry| entry.head.person == person)?;
            let is_free = !std::mem::replace(&mut entry.is_held, true);
            Some(is_free.then(|| (entry.head.clone(), entry.pieces.take())))
        })?;
        let (head, pieces) = match taken {
            Some(Some(taken)) => taken,
            Some(None) => return Ok(Err(Continued::Busy)),
            None => return Ok(Err(Continued::Gone)),
        };
        let uploads = &self.uploads;
        let mut held = Held { uploads, id, head, pieces, is_gone: false, is_forsaken: false };
        if held.pieces.is_none() && held.head.end.is_none() {
            held.is_forsaken = true;
            held.pieces = Pieces::open(&self.disk, &self.pieces_of(id), held.head.key.clone(), id)?;
            held.is_forsaken = false;
            if held.pieces.is_none() {
                self.remove_upload(held)?;
                return Ok(Err(Continued::Gone));
            }
        }
        Ok(Ok(held))
    }

    /// Writes the head anew, durable on return.
    pub(super) fn put_head(&self, held: &Held<'_>) -> Answer<()> {
        let sealed = self.head_key()?.seal(&context(held.id), &held.head.write());
        Ok(self.disk.put_durably(&self.head_of(held.id), &sealed)?)
    }

    /// The pieces are not needed any more.
    pub(super) fn remove_pieces(&self, held: &mut Held<'_>) -> Answer<()> {
        held.pieces = None;
        self.disk.remove(&self.pieces_of(held.id))?;
        Ok(())
    }

    /// Removes one: the head first, for with it goes the key.
    pub(super) fn remove_upload(&self, mut held: Held<'_>) -> Answer<()> {
        self.disk.remove(&self.head_of(held.id))?;
        held.is_gone = true;
        self.remove_pieces(&mut held)?;
        Ok(self.disk.sync_folder(&self.layout.uploads())?)
    }

    /// All of them, and whose they are.
    pub(super) fn all_uploads(&self) -> Answer<Vec<(UploadId, PersonId)>> {
        self.among_uploads(|all| all.iter().map(|(id, entry)| (*id, entry.head.person)).collect())
    }

    /// Those of a person. How far one has come that was not looked through yet is found out first.
    pub(super) fn views_of_uploads(&self, person: PersonId) -> Answer<Vec<UploadView>> {
        let unknown: Vec<_> = self.among_uploads(|all| {
            let own = all.iter().filter(|(_, entry)| entry.head.person == person);
            own.filter(|(_, entry)| entry.received_bytes.is_none()).map(|(id, _)| *id).collect()
        })?;
        for id in unknown {
            drop(self.hold_upload(person, id)?);
        }
        self.among_uploads(|all| {
            let own = all.iter().filter(|(_, entry)| entry.head.person == person);
            own.map(|(id, entry)| view(*id, &entry.head, entry.received_bytes.unwrap_or(0))).collect()
        })
    }

    /// How many of a person's are not at their end, and how long they will be together.
    pub(super) fn uploads_on_their_way(&self, person: PersonId) -> Answer<(usize, u64)> {
        self.among_uploads(|all| {
            let own = all.values().filter(|entry| entry.head.person == person && entry.head.end.is_none());
            own.fold((0, 0_u64), |(count, bytes), entry| {
                (count + 1, bytes.saturating_add(entry.head.size_bytes.unwrap_or(0)))
            })
        })
    }

    /// Bytes that were announced and have not come yet.
    pub(super) fn missing_bytes_of_all(&self) -> Answer<u64> {
        self.among_uploads(|all| {
            let open = all.values().filter(|entry| entry.head.end.is_none());
            let missing = open.map(|entry| {
                let size = entry.head.size_bytes.unwrap_or(0);
                size.saturating_sub(entry.received_bytes.unwrap_or(0)).saturating_add(size)
            });
            missing.fold(0, u64::saturating_add)
        })
    }
}
