//! Verify (Prüfen der Unversehrtheit): is anything changed, missing, or there that nobody knows of? Reads the
//! truth only: vault against its manifest, ledger against its signed head, keyring, and each against the other.
//!
//! It may be done in parts and with a time limit; then it remembers where it stopped (`parts`). Others write
//! meanwhile: whatever looks wrong is looked at again, with the writing lock held, before it is said. That it was
//! done, with what it covered and found, is recorded in the ledger (`coverage`).

mod claims;
mod coverage;
mod outside;
mod parts;

use std::time::Instant;

use jiff::civil::Date;

use super::Registry;
use super::error::{Answer, causes};
use crate::domain::actor::Caretaker;
use crate::domain::fixity::{Coverage, Part};
use crate::format::verification::Position;

pub use coverage::coverage_words;
pub use outside::{KeylessView, verify_without_keys};

/// What was found. All is well if the three lists are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// Objects looked at, office and archive wing.
    pub objects: u64,
    /// Ledger entries looked at.
    pub entries: u64,
    /// Deposits that no entry names (yet): no error, swept after a day.
    pub unclaimed: u64,
    /// What is not as it was written.
    pub changed: Vec<String>,
    /// What should be there and is not.
    pub missing: Vec<String>,
    /// What is there and nobody knows of.
    pub untracked: Vec<String>,
    /// What restorations from backups cost: known and recorded, so no damage; but never left unsaid.
    pub lost: Vec<String>,
}

impl Verified {
    /// Nothing is changed, missing or untracked.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.changed.is_empty() && self.missing.is_empty() && self.untracked.is_empty()
    }

    /// Takes in what a store's scrub found.
    fn note_store(&mut self, name: &str, report: &crate::vault::ScrubReport) {
        self.objects += report.objects;
        self.changed.extend(
            report.changed.iter().map(|suspect| format!("{name}: {}", causes::stored_suspect(suspect))),
        );
        self.missing.extend(report.missing.iter().map(|id| format!("{name}: {id}")));
        self.untracked
            .extend(report.untracked.iter().map(|place| format!("{name}: {}", causes::stored_place(place))));
    }

    /// Takes in what an audit of the ledger found.
    fn note_ledger(&mut self, audit: &crate::ledger::Audit) {
        self.entries = audit.head.size;
        self.changed.extend(audit.flaws.iter().map(|flaw| match flaw.entry {
            Some(number) => format!("Nachweisbuch, Eintrag {number}: {}", causes::ledger_flaw(flaw.what)),
            None => format!("Nachweisbuch: {}", causes::ledger_flaw(flaw.what)),
        }));
        let chains = audit.broken_chains.iter();
        self.changed
            .extend(chains.map(|number| format!("Nachweisbuch, Eintrag {}: falsche Kette", number.0)));
    }
}

/// How the two stores are called, office first.
const STORES: [&str; 2] = ["Datenspeicher", "Archiv"];

/// What a verification is to cover.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// Only this share of the objects; all of them if none is named.
    pub part: Option<Part>,
    /// Every object is also opened with its key and compared with the SHA-256 recorded when it was taken in.
    pub read_data: bool,
    /// When to stop.
    pub until: Option<Instant>,
    /// A checkpoint kept outside, which the ledger must contain.
    pub against: Option<String>,
}

impl Scope {
    /// The share of the objects.
    #[must_use]
    pub fn part(&self) -> Part {
        self.part.unwrap_or(Part::WHOLE)
    }

    /// It is done bit by bit, and goes on where the last run stopped.
    #[must_use]
    pub fn in_parts(&self) -> bool {
        self.part.is_some() || self.until.is_some()
    }

    fn is_over(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }
}

/// How far a verification has come, for those who wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looking {
    /// What it is at.
    pub at: &'static str,
    /// So many of them are done.
    pub done: u64,
    /// Hundredths of this step, where they can be told.
    pub percent: Option<u64>,
}

/// What a verification came to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What was found, in this run and in those it went on from.
    pub found: Verified,
    /// It came to its end; otherwise time was up.
    pub complete: bool,
    /// The day it was begun, if this run went on from an earlier one.
    pub resumed: Option<Date>,
    /// Where it stopped, in words; empty if it is complete.
    pub stopped_at: String,
    /// It stands in the ledger. It does not if ledger or keyring are damaged, or cannot be written.
    pub recorded: bool,
    /// When all objects were last looked at.
    pub coverage: Coverage,
}

/// A verification under way.
struct Run<'a> {
    scope: &'a Scope,
    position: Position,
    /// What is found in each run anew: ledger, keyring, claims.
    fresh: Verified,
    tell: &'a mut dyn FnMut(Looking),
}

impl Run<'_> {
    /// Everything found, in earlier runs too.
    fn found(&self) -> Verified {
        let mut found = self.fresh.clone();
        found.objects = self.position.objects;
        for (all, carried) in [
            (&mut found.changed, &self.position.changed),
            (&mut found.missing, &self.position.missing),
            (&mut found.untracked, &self.position.untracked),
        ] {
            let mut lines = carried.clone();
            lines.append(all);
            *all = lines;
        }
        found
    }
}

impl Registry {
    /// Verifies everything, and records nothing; with `read_data` every object is also opened with its key.
    ///
    /// # Errors
    /// A fault if something cannot be read at all. Damage is an answer, not an error.
    pub fn verify(&self, _caretaker: Caretaker<'_>, read_data: bool) -> Answer<Verified> {
        let scope = Scope { read_data, ..Scope::default() };
        let mut silent = |_: Looking| {};
        let mut run = self.begin(&scope, &mut silent);
        self.carry_on(&mut run)?;
        Ok(run.found())
    }

    /// As [`Self::verify`] while a registry is put together from backups: its own file comes last of all.
    pub(super) fn verify_unfinished(&self, read_data: bool) -> Answer<Verified> {
        let scope = Scope { read_data, ..Scope::default() };
        let mut silent = |_: Looking| {};
        let mut run = self.begin(&scope, &mut silent);
        self.look_at_all(&mut run)?;
        Ok(run.found())
    }

    /// Verifies what the scope names, and records in the ledger that it was done.
    ///
    /// # Errors
    /// A mistake if the checkpoint is none of this registry; a fault if something cannot be read at all.
    pub fn verify_scope(
        &self,
        caretaker: Caretaker<'_>,
        scope: &Scope,
        tell: &mut dyn FnMut(Looking),
    ) -> Answer<Outcome> {
        let mut run = self.begin(scope, tell);
        let resumed = run.position.resumed();
        if let Some(note) = &scope.against {
            self.hold_against(note, &mut run.fresh)?;
        }
        let complete = self.carry_on(&mut run)?;
        let stopped_at = if complete { String::new() } else { run.position.words() };
        let (found, since) = (run.found(), run.position.since);
        if scope.in_parts() {
            self.keep_position(&run, complete);
        }
        let recorded = self.record_look(caretaker.actor().id, scope, &found, complete, since);
        // If the office's own chain cannot be read, what was found says why.
        let coverage = self.coverage().unwrap_or_default();
        Ok(Outcome { found, complete, resumed, stopped_at, recorded, coverage })
    }

    fn begin<'a>(&self, scope: &'a Scope, tell: &'a mut dyn FnMut(Looking)) -> Run<'a> {
        Run { scope, position: self.position(scope), fresh: Verified::default(), tell }
    }

    /// Everything there is to look at; false if time was up before.
    fn carry_on(&self, run: &mut Run<'_>) -> Answer<bool> {
        self.verify_manifest(&mut run.fresh)?;
        self.look_at_all(run)
    }

    fn look_at_all(&self, run: &mut Run<'_>) -> Answer<bool> {
        self.verify_ledger(run)?;
        self.verify_keyrings(&mut run.fresh)?;
        // If the office's own chain cannot be read, the audit has said why.
        run.fresh.lost = self.lost_history().unwrap_or_default();
        Ok(self.verify_stores(run)? && self.verify_claims(run)?)
    }

    /// What the registry was made with is what its file says, to the letter.
    fn verify_manifest(&self, found: &mut Verified) -> Answer<()> {
        let Some(text) = self.disk.read(&self.layout.manifest())? else {
            found.missing.push("schriftgut.toml".to_owned());
            return Ok(());
        };
        let signing = super::open::signing_key(&self.keyring)?;
        if text != self.manifest.write().as_bytes() {
            found.changed.push("schriftgut.toml: nicht mehr so, wie sie geschrieben wurde".to_owned());
        }
        if self.manifest.ledger_key != signing.verifying_key().to_bytes() {
            found.changed.push("schriftgut.toml: öffentlicher Schlüssel des Nachweisbuchs".to_owned());
        }
        Ok(())
    }

    fn verify_ledger(&self, run: &mut Run<'_>) -> Answer<()> {
        (run.tell)(Looking { at: "Nachweisbuch", done: 0, percent: None });
        run.fresh.note_ledger(&self.ledger.audit()?);
        Ok(())
    }

    fn verify_keyrings(&self, found: &mut Verified) -> Answer<()> {
        for (name, keyring) in
            [("Schlüsselbund", &self.keyring), ("Schlüsselbund des Archivs", &self.archive_keyring)]
        {
            let audit = keyring.audit()?;
            found
                .changed
                .extend(audit.flaws.iter().map(|flaw| format!("{name}: {}", causes::keyring_flaw(flaw))));
            found.untracked.extend(audit.leftovers.iter().map(|path| format!("{name}: {}", path.display())));
        }
        Ok(())
    }
}
