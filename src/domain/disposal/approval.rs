//! Approvals: signatures over the exact list. Any change to what is signed voids them.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::list::{DisposalList, LineState, Stage};
use crate::base::digest::Sha256;
use crate::domain::actor::Role;
use crate::domain::appraisal::thinning::Thinned;
use crate::domain::ids::PersonId;
use crate::domain::life_cycle::german;
use crate::domain::refusal::Refusal;

/// A person's Ed25519 signature over [`signed_text`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Who signed.
    pub by: PersonId,
    /// The public key it is checked with; the ledger says whose it is.
    pub public: [u8; 32],
    /// The signature.
    pub bytes: [u8; 64],
}

/// What a signature says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedAs {
    /// "I propose that these be destroyed."
    Proposer,
    /// "I approve that these be destroyed", in this role.
    Approver(Role),
}

/// The exact bytes a person signs (`schema/formats/disposal-list.md`).
#[must_use]
pub fn signed_text(digest: &Sha256, signed_as: SignedAs) -> Vec<u8> {
    let word = match signed_as {
        SignedAs::Proposer => "propose",
        SignedAs::Approver(_) => "approve",
    };
    format!("schriftgut disposal list 1\n{word}\n{digest}\n").into_bytes()
}

/// What the town demands before a list may be executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListPolicy {
    /// Days a list waits after its last signature.
    pub grace_days: u16,
    /// More lines to destroy than this ask for a third approval.
    pub lines_without_third: usize,
}

impl ListPolicy {
    /// Above this many records a third approval is always asked for.
    pub const RECORDS_CAP: usize = 500;
    /// Above this share of all records, too: one in a hundred.
    pub const SHARE_CAP: usize = 100;
    /// Below this many records the share does not count, so that small registries can work.
    pub const SHARE_COUNTS_FROM: usize = 20;
    /// Days an approval is good for.
    pub const APPROVAL_GOOD_DAYS: i32 = 90;

    /// The policy of a registry with so many files.
    #[must_use]
    pub fn of(grace_days: u16, files_in_registry: usize) -> Self {
        let share = (files_in_registry / Self::SHARE_CAP).max(Self::SHARE_COUNTS_FROM);
        Self { grace_days, lines_without_third: share.min(Self::RECORDS_CAP) }
    }
}

/// A list whose approvals were checked one by one today: the only place a warrant comes from.
#[derive(Debug)]
pub struct ApprovedList<'a> {
    pub(super) list: &'a DisposalList,
    pub(super) on: Date,
}

impl DisposalList {
    /// SHA-256 over the canonical bytes of what is signed: list, edition, and for each line in the order of
    /// ids its file, rule, day, decision (with what is kept, if that is a part) and documents (`schema/formats/disposal-list.md`).
    #[must_use]
    pub fn digest(&self) -> Sha256 {
        let mut bytes = b"SGDL\x01".to_vec();
        bytes.extend_from_slice(self.id.0.as_bytes());
        put_text(&mut bytes, &self.edition);
        for (line, state) in self.lines.values() {
            bytes.extend_from_slice(line.file.0.as_bytes());
            match self.thinned.get(&line.file) {
                Some(thinned) => put_thinned(&mut bytes, thinned),
                None => bytes.push(match state {
                    LineState::Undecided => 0,
                    LineState::Decided(decision) => decision.letter().as_bytes()[0],
                    LineState::Transferred(_) => b'A',
                    LineState::Obstructed(_) => b'V',
                }),
            }
            put_text(&mut bytes, &line.cause.to_string());
            put_text(&mut bytes, &line.since.to_string());
            bytes.extend_from_slice(&(line.documents.len() as u64).to_le_bytes());
            for document in &line.documents {
                bytes.extend_from_slice(document.0.as_bytes());
            }
        }
        Sha256::of(&[&bytes])
    }

    /// Checks everything a list needs before anything on it may be destroyed. `verifies` says whether a
    /// signature is good and its key was this person's.
    ///
    /// # Errors
    /// A [`Refusal`] that names what is missing.
    pub fn approved(
        &self,
        policy: ListPolicy,
        on: Date,
        verifies: &dyn Fn(&Signature, &[u8]) -> bool,
    ) -> Result<ApprovedList<'_>, Refusal> {
        let what = "kann nicht ausgeführt werden";
        let Stage::Proposed { last_signed, proposer, approvals } = &self.stage else {
            return Err(self.refuse(
                what,
                self.stage_in_words(),
                "die Liste braucht Vorschlag und zwei Freigaben",
            ));
        };
        if self.undecided().next().is_some() || self.to_archive().next().is_some() {
            return Err(self.refuse(
                what,
                "nicht jede Zeile ist entschieden und erledigt".to_owned(),
                "Unentschiedenes wird nie vernichtet",
            ));
        }
        let digest = self.digest();
        let signatures = self.signatures();
        let all_verify = signatures
            .iter()
            .all(|(signed_as, signature)| verifies(signature, &signed_text(&digest, *signed_as)));
        if !all_verify {
            return Err(self.refuse(
                what,
                "eine Unterschrift passt nicht zu dieser Liste".to_owned(),
                "ziehen Sie die Liste zurück und lassen Sie neu unterschreiben; unterrichten Sie die Revision",
            ));
        }
        let people: BTreeSet<_> =
            approvals.iter().map(|(_, approval)| approval.by).chain([proposer.by]).collect();
        let needed = if self.to_destroy().count() > policy.lines_without_third { 3 } else { 2 };
        if people.len() < needed + 1 {
            return Err(self.refuse(
                what,
                format!("{} von {needed} Freigaben verschiedener Personen liegen vor", people.len() - 1),
                "`schriftgut list approve` durch weitere Personen",
            ));
        }
        let by_role = |role| approvals.iter().any(|(approver, _)| *approver == role);
        if !by_role(Role::Archivist) {
            return Err(self.refuse(
                what,
                "das Archiv hat nicht freigegeben".to_owned(),
                "eine der Freigaben gibt eine Person des Archivs",
            ));
        }
        // A day that cannot be counted counts as none: the list waits.
        let days = days_between(*last_signed, on).unwrap_or(i32::MIN);
        if days < i32::from(policy.grace_days) {
            return Err(self.refuse(
                what,
                format!("die Karenz von {} Tagen läuft seit {}", policy.grace_days, german(*last_signed)),
                "warten Sie die Karenz ab; bis dahin kann die Liste zurückgezogen werden",
            ));
        }
        if days > ListPolicy::APPROVAL_GOOD_DAYS {
            return Err(self.refuse(
                what,
                format!("die Freigaben sind älter als {} Tage", ListPolicy::APPROVAL_GOOD_DAYS),
                "ziehen Sie die Liste zurück und legen Sie sie neu an",
            ));
        }
        Ok(ApprovedList { list: self, on })
    }
}

fn days_between(from: Date, to: Date) -> Option<i32> {
    from.until((jiff::Unit::Day, to)).ok().map(|span| span.get_days())
}

/// In the place of a decision: worth keeping, in part.
fn put_thinned(bytes: &mut Vec<u8>, Thinned { kept, of, seal }: &Thinned) {
    bytes.push(b'T');
    bytes.extend_from_slice(&kept.to_le_bytes());
    bytes.extend_from_slice(&of.to_le_bytes());
    bytes.extend_from_slice(&seal.0);
}

fn put_text(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
    bytes.extend_from_slice(text.as_bytes());
}
