//! Propose and approve (Vorschlagen, Freigeben): each with the person's own signature over the exact list.

use jiff::civil::Date;

use super::Registry;
use super::error::{Answer, Error};
use crate::domain::actor::{Actor, Approver, RecordsManager};
use crate::domain::disposal::{DisposalList, Signature, SignedAs, signed_text};
use crate::domain::ids::DisposalListId;
use crate::domain::refusal::Refusal;
use crate::keyring::person_key::SigningIdentity;

/// A person whose signing key is unlocked, for as long as this value lives.
pub struct Signer {
    pub(super) actor: Actor,
    pub(super) identity: SigningIdentity,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").field("actor", &self.actor.id).finish_non_exhaustive()
    }
}

impl Signer {
    /// Who signs.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    fn sign(&self, list: &DisposalList, signed_as: SignedAs) -> Signature {
        let text = signed_text(&list.digest(), signed_as);
        Signature { by: self.actor.id, public: self.identity.public(), bytes: self.identity.sign(&text) }
    }
}

impl Registry {
    /// A person's signature over some text, with a key that is the person's own.
    pub(super) fn sign_text(&self, signer: &Signer, text: &[u8]) -> Answer<Signature> {
        self.require_own_key(signer)?;
        let identity = &signer.identity;
        Ok(Signature { by: signer.actor.id, public: identity.public(), bytes: identity.sign(text) })
    }

    fn require_own_key(&self, signer: &Signer) -> Answer<()> {
        if self.owns_key(signer.actor.id, &signer.identity.public())? {
            return Ok(());
        }
        Err(Error::Refusal(Refusal::new(
            "Sie können noch nicht unterschreiben",
            "Ihr Kennwort hat jemand anderes vergeben",
            "setzen Sie zuerst ein eigenes Kennwort (`schriftgut user secret`)",
        )))
    }

    /// Proposes a list for destruction.
    ///
    /// # Errors
    /// A refusal while a line is undecided, an archive copy is missing, or nothing is to be destroyed.
    pub fn propose_list(&self, signer: &Signer, id: DisposalListId, on: Date) -> Answer<()> {
        let _right: RecordsManager<'_> = signer.actor.as_records_manager()?;
        self.require_own_key(signer)?;
        self.change_list(&signer.actor, id, |list| {
            list.require_proposable()?;
            Ok(list.propose(on, signer.sign(list, SignedAs::Proposer))?)
        })
    }

    /// Approves a list for destruction.
    ///
    /// # Errors
    /// A refusal if this person proposed or approved it already.
    pub fn approve_list(&self, signer: &Signer, id: DisposalListId, on: Date) -> Answer<()> {
        let approver: Approver<'_> = signer.actor.as_approver()?;
        self.require_own_key(signer)?;
        let role = approver.role();
        self.change_list(&signer.actor, id, |list| {
            Ok(list.approve(on, role, signer.sign(list, SignedAs::Approver(role)))?)
        })
    }
}
