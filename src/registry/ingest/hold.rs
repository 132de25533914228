//! Which key an object has, and who holds it: equal content is stored once inside a protection domain.

use std::collections::{BTreeSet, HashMap};

use crate::base::digest::Blake3;
use crate::base::seal::SealKey;
use crate::domain::actor::Actor;
use crate::domain::document::{Document, HeldObject};
use crate::domain::ids::{DocumentId, ObjectId};
use crate::registry::Registry;
use crate::registry::error::{Answer, Error};
use crate::registry::seals::{unwrap_object_key, wrap_object_key};
use crate::vault::Staged;

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
    key: SealKey,
    readable: bool,
}

impl Registry {
    /// Makes a document hold what was staged: under the key the object already has, or its own.
    /// Also answers whether this person may know that the content was there before.
    pub(super) fn hold(
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
        let record_key = self.record_key(document)?;
        let wrapped_key = wrap_object_key(document.into(), &record_key, &id, &objects.keys[&id]);
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
        std::io::copy(&mut sealed, &mut hasher)?;
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
            let readable = actor.may_read(document.domain);
            if found.is_none() {
                let key = unwrap_object_key((*id).into(), &self.record_key(*id)?, held)?;
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
