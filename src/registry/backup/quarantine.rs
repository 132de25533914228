//! Quarantine (Quarantäne): a registry that was restored without a checkpoint from outside opens for nobody. It may
//! hold what was destroyed after its backup. Two different people who may approve destructions release it together,
//! each with a signature of their own; that is recorded for ever.

use std::path::Path;

use crate::disk::Disk;
use crate::domain::disposal::Signature;
use crate::domain::event::Event;
use crate::domain::life_cycle::german;
use crate::domain::refusal::Refusal;
use crate::domain::restoration::{RELEASES_NEEDED, Restoration};
use crate::registry::error::{Answer, Error};
use crate::registry::{Registry, Signer};

/// A registry in quarantine: it can be looked at and released, and nothing else.
#[derive(Debug)]
pub struct Quarantined(Registry);

impl Quarantined {
    /// Opens a registry that is in quarantine.
    ///
    /// # Errors
    /// A mistake if it is not.
    pub fn open(root: &Path) -> Answer<Self> {
        Self::open_on(&Disk::real(), root)
    }

    /// As [`Self::open`], with the truth on this disk.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_on(disk: &Disk, root: &Path) -> Answer<Self> {
        Self::try_open(disk, root).map_err(Error::while_opening)
    }

    fn try_open(disk: &Disk, root: &Path) -> Answer<Self> {
        let registry = Registry::open_unready(disk, root)?;
        registry.settle_views()?;
        registry.reload_rules()?;
        let quarantined = Self(registry);
        quarantined.restoration()?;
        Ok(quarantined)
    }

    /// The restoration that is not released yet.
    ///
    /// # Errors
    /// A mistake if there is none (any more).
    pub fn restoration(&self) -> Answer<Restoration> {
        self.0.in_quarantine()?.map(|(restoration, _)| restoration).ok_or_else(|| {
            Error::mistake(
                format!("Die Registratur in {} ist nicht in Quarantäne", self.0.layout.root().display()),
                "sie wurde nie ohne Prüfpunkt wiederhergestellt, oder sie ist schon freigegeben",
                "arbeiten Sie mit ihr",
            )
        })
    }

    /// The person behind a login, if the secret is right.
    ///
    /// # Errors
    /// As [`Registry::sign_in`].
    pub fn sign_in(&self, login: &str, secret: &str) -> Answer<Signer> {
        self.0.sign_in(login, secret)
    }

    /// One person releases it. Answers how many more it needs.
    ///
    /// # Errors
    /// A refusal for somebody who may not approve destructions, or has released it already.
    pub fn release(&self, signer: &Signer) -> Answer<usize> {
        let restoration = self.restoration()?;
        let role = signer.actor().as_approver()?.role();
        let signature = self.0.sign_text(signer, &restoration.signed_text())?;
        let event = restoration.release(self.0.today(), role, signature)?;
        let writing = self.0.writing()?;
        self.0.record(&writing, signer.actor().id, &[Event::Office(event)])?;
        let left = self.0.in_quarantine()?;
        Ok(left.map_or(0, |(_, released_by)| RELEASES_NEEDED.saturating_sub(released_by)))
    }
}

impl Registry {
    /// The newest restoration if it is not released yet, and how many people have released it.
    fn in_quarantine(&self) -> Answer<Option<(Restoration, usize)>> {
        let Some(newest) = self.restorations()?.pop().filter(|newest| newest.witness.is_none()) else {
            return Ok(None);
        };
        let keys = self.own_keys()?;
        let holds = |signature: &Signature, text: &[u8]| keys.hold(signature, text);
        let released_by = newest.released_by(&holds);
        Ok(newest.is_in_quarantine(&holds).then_some((newest, released_by)))
    }
}

/// Lets nobody in as long as it is not released.
pub(in crate::registry) fn refuse_if_in_quarantine(registry: &Registry) -> Answer<()> {
    let Some((restoration, released_by)) = registry.in_quarantine()? else { return Ok(()) };
    Err(Error::Refusal(Refusal::new(
        format!("Die Registratur in {} ist in Quarantäne", registry.layout.root().display()),
        format!(
            "sie wurde am {} aus einer Sicherung (Stand {} Einträge) wiederhergestellt, ohne dass ein Prüfpunkt von \
             außerhalb vorlag: was danach vernichtet wurde, könnte wieder da sein",
            german(restoration.on),
            restoration.backup.size
        ),
        format!(
            "stellen Sie sie mit --checkpoint neu wieder her, oder {RELEASES_NEEDED} Personen aus \
             Schriftgutverwaltung und Archiv geben sie frei (`schriftgut quarantine release`); bisher {released_by}"
        ),
    )))
}
