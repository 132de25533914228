//! Which key an object has, and who holds it: equal content is stored once inside a protection domain.

use std::collections::{BTreeSet, HashMap};

use super::Opener;
use crate::base::digest::{Blake3, Sha256};
use crate::base::seal::SealKey;
use crate::domain::actor::Actor;
use crate::domain::document::{Document, HeldObject};
use crate::domain::ids::{DocumentId, ObjectId};
use crate::registry::Registry;
use crate::registry::error::{Answer, Error};
use crate::registry::seals::{unwrap_object_key, wrap_object_key};
use crate::vault::{SMALL_BYTES_MAX, Staged, Stored};

/// Objects of a batch: their keys, and what is to be made durable.
#[derive(Default)]
pub(super) struct Objects {
    keys: HashMap<ObjectId, SealKey>,
    deposits: Vec<Staged>,
    orphans: Vec<Staged>,
}

/// Never acknowledged on what is damaged, and never sealed anew: that would lose it for all who hold it.
fn unsafe_to_share(id: &ObjectId, cause: &'static str) -> Error {
    Error::fault(
        "Derselbe Inhalt ist schon erfasst, aber im Speicher beschädigt oder verloren",
        "es wurde nichts verändert; `schriftgut verify` zeigt den Schaden, `schriftgut repair --from` holt den Inhalt \
         aus einer Sicherung zurück, danach erfassen Sie erneut",
        format!("{cause} (`{id}`)"),
    )
}

struct Holder {
    document: DocumentId,
    key: SealKey,
    sha256: Sha256,
    readable: bool,
}

/// A content that was here already when it was looked at, before anybody had the right to write. It counts only
/// where [`Registry::is_still_shared`] says so.
pub(super) struct Shared {
    stored: Stored,
    size_bytes: u64,
    holder: Holder,
}

/// What staging made of a source.
pub(super) enum Content {
    /// It is sealed.
    Staged(Staged),
    /// A living record holds it. What opens the source is kept: should that record go before this one is made, it is
    /// read again.
    Shared(Box<Shared>, Opener),
}

impl Content {
    pub(super) fn size_bytes(&self) -> u64 {
        match self {
            Self::Staged(staged) => staged.size_bytes,
            Self::Shared(shared, _) => shared.size_bytes,
        }
    }

    /// Bytes it holds in memory and will write.
    pub(super) fn new_bytes(&self) -> u64 {
        match self {
            Self::Staged(staged) => staged.sealed_bytes.min(SMALL_BYTES_MAX),
            Self::Shared(..) => 0,
        }
    }
}

impl Registry {
    /// A living record that holds this content, with stored bytes that are whole. A hint: what is not found here is
    /// sealed, and looked for again by whoever may write ([`Self::hold`]).
    pub(super) fn shared(&self, actor: &Actor, id: &ObjectId, size_bytes: u64) -> Answer<Option<Shared>> {
        let Some(stored) = self.vault.stored(id)? else { return Ok(None) };
        let hinted = self.catalog()?.holders(id)?;
        let holder = self.key_from(actor, id, &hinted, &|id| self.document(id))?;
        let Some(holder) = holder.filter(|_| self.is_whole(id).unwrap_or(false)) else { return Ok(None) };
        Ok(Some(Shared { stored, size_bytes, holder }))
    }

    /// The very same bytes are still stored and their holder still lives. Whoever may write asks; until the writing is
    /// done nobody destroys.
    pub(super) fn is_still_shared(&self, shared: &Shared) -> Answer<bool> {
        let same = self.vault.stored(&shared.stored.id)? == Some(shared.stored);
        Ok(same && self.keyring.key(&shared.holder.document.into())?.is_some())
    }

    /// Makes a document hold a content: under the key the object already has, or its own.
    /// Also answers whether this person may know that the content was there before.
    pub(super) fn hold(
        &self,
        actor: &Actor,
        document: DocumentId,
        content: Content,
        objects: &mut Objects,
    ) -> Answer<(HeldObject, bool)> {
        match content {
            Content::Staged(staged) => self.hold_staged(actor, document, staged, objects),
            Content::Shared(shared, _) => {
                let Shared { stored: Stored { id, .. }, size_bytes, holder } = *shared;
                let wrapped_key = self.wrapped_for(document, &id, &holder.key)?;
                let known = objects.keys.contains_key(&id) || holder.readable;
                Ok((HeldObject { id, sha256: holder.sha256, size_bytes, wrapped_key }, known))
            }
        }
    }

    fn wrapped_for(&self, document: DocumentId, object: &ObjectId, key: &SealKey) -> Answer<Vec<u8>> {
        Ok(wrap_object_key(document.into(), &self.record_key(document)?, object, key))
    }

    fn hold_staged(
        &self,
        actor: &Actor,
        document: DocumentId,
        staged: Staged,
        objects: &mut Objects,
    ) -> Answer<(HeldObject, bool)> {
        let (id, sha256, size_bytes) = (staged.id, staged.sha256, staged.size_bytes);
        let mut known = objects.keys.contains_key(&id);
        if !known {
            let in_vault = self.vault.contains(&id)?;
            let holder = if in_vault { self.key_from_a_holder(actor, &id)? } else { None };
            if holder.is_some() && !self.is_whole(&id)? {
                return Err(unsafe_to_share(&id, "die gespeicherten Bytes sind nicht mehr, wie sie waren"));
            }
            if !in_vault && !self.catalog()?.holders(&id)?.is_empty() {
                return Err(unsafe_to_share(
                    &id,
                    "Dokumente verweisen darauf, und der Speicher hat ihn nicht",
                ));
            }
            match holder {
                Some(holder) => {
                    objects.keys.insert(id, holder.key);
                    known = holder.readable;
                }
                None => {
                    objects.keys.insert(id, staged.object_key.clone());
                    let place = if in_vault { &mut objects.orphans } else { &mut objects.deposits };
                    place.push(staged);
                }
            }
        }
        let wrapped_key = self.wrapped_for(document, &id, &objects.keys[&id])?;
        Ok((HeldObject { id, sha256, size_bytes, wrapped_key }, known))
    }

    pub(super) fn deposit_new(&self, objects: Objects) -> Answer<()> {
        // Nobody holds these any more: deposits that were never acknowledged, whose keys are lost.
        self.written(self.vault.replace_unclaimed(objects.orphans))?;
        self.written(self.vault.deposit(objects.deposits))?;
        Ok(())
    }

    /// The stored bytes are what was stored: whoever is told that a content is safe here already can rely on it.
    fn is_whole(&self, id: &ObjectId) -> Answer<bool> {
        let (Some(stored), Some(mut sealed)) = (self.vault.stored(id)?, self.vault.sealed(id)?) else {
            return Ok(false);
        };
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(&mut sealed)?;
        Ok(Blake3(*hasher.finalize().as_bytes()) == stored.sealed_digest)
    }

    /// The object's key out of a living record that holds it, and whether this person may know of it. The
    /// catalogue is asked first; before it says "nobody" the ledger is, since a view never costs an object.
    fn key_from_a_holder(&self, actor: &Actor, object: &ObjectId) -> Answer<Option<Holder>> {
        let hinted = self.catalog()?.holders(object)?;
        if let Some(holder) = self.key_from(actor, object, &hinted, &|id| self.document(id))? {
            return Ok(Some(holder));
        }
        let census = self.census(&BTreeSet::from([*object]))?;
        let holders: Vec<_> = census.into_values().flatten().collect();
        let documents = self.documents_from_chains(holders.iter().copied())?;
        let holder = self.key_from(actor, object, &holders, &|id| Ok(documents.get(&id).cloned()))?;
        if holder.is_none() && !holders.is_empty() {
            // Never sealed anew while the ledger names a holder: that would lose it for all who hold it.
            return Err(Error::fault(
                "Ein gespeicherter Inhalt gehört zu einem Dokument, das nicht lesbar ist",
                "`schriftgut verify` zeigt, was beschädigt ist; es wurde nichts verändert",
                format!("die Dokumente, zu denen {object} gehört, geben den Schlüssel dazu nicht her"),
            ));
        }
        Ok(holder)
    }

    fn key_from(
        &self,
        actor: &Actor,
        object: &ObjectId,
        holders: &[DocumentId],
        look_up: &dyn Fn(DocumentId) -> Answer<Option<Document>>,
    ) -> Answer<Option<Holder>> {
        let mut found: Option<Holder> = None;
        for id in holders {
            let Some(document) = look_up(*id)? else { continue };
            let Some(held) = document.objects().find(|held| held.id == *object) else { continue };
            let readable = self.may_read_document(actor, &document)?;
            if found.is_none() {
                let key = unwrap_object_key((*id).into(), &self.record_key(*id)?, held)?;
                found = Some(Holder { document: *id, key, sha256: held.sha256, readable: false });
            }
            if let Some(holder) = found.as_mut().filter(|_| readable) {
                holder.readable = true;
                break;
            }
        }
        Ok(found)
    }
}
