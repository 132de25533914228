//! Restorations (Wiederherstellungen): what a backup cannot know is what was destroyed after it. A restored
//! registry that was shown no checkpoint from outside is in quarantine until two people release it.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::actor::Role;
use super::disposal::Signature;
use super::event::OfficeEvent;
use super::ids::RestorationId;
use super::life_cycle::german;
use super::refusal::Refusal;
use crate::base::digest::Sha256;

/// So many different people release a registry from quarantine.
pub const RELEASES_NEEDED: usize = 2;

/// How far a ledger went: the first `size` entries, named by the root of their tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerMark {
    /// How many entries.
    pub size: u64,
    /// The root over them (RFC 6962).
    pub root: Sha256,
}

/// What a backup run copies: contents without keys, and keys apart from them. Only both together bring a record back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BackupPart {
    /// Objects, entries and files.
    Contents,
    /// Both keyrings.
    Keys,
}

impl BackupPart {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Contents, Self::Keys];

    /// The code used in formats.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Contents => "contents",
            Self::Keys => "keys",
        }
    }

    /// The part with this code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.code() == code)
    }
}

/// A restoration as the office's events tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restoration {
    /// Tells restorations apart.
    pub id: RestorationId,
    /// The day.
    pub on: Date,
    /// How far the backup's ledger goes.
    pub backup: LedgerMark,
    /// The newest checkpoint from outside that was shown.
    pub witness: Option<LedgerMark>,
    /// Files that were destroyed again.
    pub destroyed_again: u64,
    /// Who released it, and in which role.
    pub releases: Vec<(Role, Signature)>,
}

impl Restoration {
    /// All restorations, oldest first.
    pub fn all<'a>(events: impl Iterator<Item = &'a OfficeEvent>) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for event in events {
            match event {
                OfficeEvent::Restored { id, on, backup, witness, destroyed_again } => all.push(Self {
                    id: *id,
                    on: *on,
                    backup: *backup,
                    witness: *witness,
                    destroyed_again: *destroyed_again,
                    releases: Vec::new(),
                }),
                OfficeEvent::Released { restoration, role, signature, .. } => {
                    let of = all.iter_mut().find(|known| known.id == *restoration);
                    of.into_iter().for_each(|known| known.releases.push((*role, signature.clone())));
                }
                _ => {}
            }
        }
        all
    }

    /// Entries that the witness had seen and the backup had not; how many more there were nobody knows.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.witness.map_or(0, |witness| witness.size.saturating_sub(self.backup.size))
    }

    /// The exact bytes a person signs to release it (`schema/formats/backup.md`).
    #[must_use]
    pub fn signed_text(&self) -> Vec<u8> {
        let Self { id, backup, .. } = self;
        format!("schriftgut restoration 1\nrelease\n{id}\n{}\n{}\n", backup.size, backup.root).into_bytes()
    }

    /// Different people whose signature holds.
    pub fn released_by(&self, verifies: &dyn Fn(&Signature, &[u8]) -> bool) -> usize {
        let text = self.signed_text();
        let valid = self.releases.iter().filter(|(_, signature)| verifies(signature, &text));
        valid.map(|(_, signature)| signature.by).collect::<BTreeSet<_>>().len()
    }

    /// Nobody may work with it yet.
    pub fn is_in_quarantine(&self, verifies: &dyn Fn(&Signature, &[u8]) -> bool) -> bool {
        self.witness.is_none() && self.released_by(verifies) < RELEASES_NEEDED
    }

    /// The event of one person's release.
    ///
    /// # Errors
    /// A [`Refusal`] if it needs none, or this person has released it already.
    pub fn release(&self, on: Date, role: Role, signature: Signature) -> Result<OfficeEvent, Refusal> {
        if self.witness.is_some() {
            return Err(Refusal::new(
                "Diese Registratur ist nicht in Quarantäne",
                format!("bei der Wiederherstellung am {} lag ein Prüfpunkt vor", german(self.on)),
                "arbeiten Sie mit ihr",
            ));
        }
        if self.releases.iter().any(|(_, earlier)| earlier.by == signature.by) {
            return Err(Refusal::new(
                "Sie können diese Registratur nicht noch einmal freigeben",
                "Sie haben sie schon freigegeben, und es braucht zwei verschiedene Personen",
                "lassen Sie eine zweite Person aus Schriftgutverwaltung oder Archiv freigeben",
            ));
        }
        Ok(OfficeEvent::Released { restoration: self.id, on, role, signature })
    }
}
