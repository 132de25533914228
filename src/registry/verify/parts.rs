//! Looking at the objects: all at once from front to back, or bit by bit in the order of addresses, with a
//! position that is kept among the views after every bit.

use std::path::PathBuf;

use super::{Looking, Run, STORES, Scope};
use crate::disk::Disk;
use crate::domain::fixity::Part;
use crate::domain::ids::ObjectId;
use crate::format::verification::Position;
use crate::registry::Registry;
use crate::registry::error::Answer;
use crate::vault::{ScrubReport, Stored, Vault};

/// Objects looked at between two looks at the clock, at most.
const OBJECTS_AT_A_TIME: usize = 1_024;
/// Sealed bytes read between two looks at the clock, unless one object has more.
const BYTES_AT_A_TIME: u64 = 256 << 20;
/// Objects between two words about progress when all is read at once.
const OBJECTS_PER_WORD: u64 = 1_000;

impl Position {
    /// The day it was begun, if it is no beginning.
    pub(super) fn resumed(&self) -> Option<jiff::civil::Date> {
        let begun = self.store > 0 || self.after.is_some();
        begun.then_some(self.since)
    }

    /// Where it stands, in words.
    pub(super) fn words(&self) -> String {
        match STORES.get(usize::from(self.store)) {
            Some(store) => match &self.after {
                Some(id) => format!("{store}, nach {id}"),
                None => format!("{store}, am Anfang"),
            },
            None => format!("Inhalte, vor Eintrag {}", self.read_to),
        }
    }
}

impl Registry {
    fn store(&self, number: u8) -> Option<&dyn Vault> {
        match number {
            0 => Some(self.vault.as_ref()),
            1 => Some(self.archive.as_ref()),
            _ => None,
        }
    }

    /// Where to begin: where the last run of the same scope stopped, if it was stopped.
    pub(super) fn position(&self, scope: &Scope) -> Position {
        let entries = self.ledger.head().size;
        let kept = scope.in_parts().then(|| Disk::real().read(&self.position_path(scope)).ok()).flatten();
        kept.flatten()
            .and_then(|json| Position::read(&String::from_utf8_lossy(&json), scope.part(), scope.read_data))
            // Of a longer ledger: left over from another day.
            .filter(|position| position.entries <= entries)
            .unwrap_or_else(|| Position::start(self.today(), entries))
    }

    fn position_path(&self, scope: &Scope) -> PathBuf {
        let part = scope.part();
        let data = if scope.read_data { "-data" } else { "" };
        let name = format!("{}-of-{}{data}.json", part.number(), part.of());
        self.layout.views().join("verification").join(name)
    }

    /// Keeps the position, or clears it away when there is nothing left to do. A view: if that fails, the next run
    /// begins anew and nothing is lost.
    pub(super) fn keep_position(&self, run: &Run<'_>, complete: bool) {
        let (disk, path) = (Disk::real(), self.position_path(run.scope));
        if complete {
            let _ = disk.remove(&path);
            return;
        }
        let json = run.position.write(run.scope.part(), run.scope.read_data);
        let folder = path.parent().map_or(Ok(()), |folder| disk.make_folder(folder));
        let _ = folder.and_then(|()| disk.put(&path, json.as_bytes()));
    }

    /// Looks at the objects of both stores; false if time was up before.
    pub(super) fn verify_stores(&self, run: &mut Run<'_>) -> Answer<bool> {
        while let Some(vault) = self.store(run.position.store) {
            let name = STORES[usize::from(run.position.store)];
            if !run.scope.in_parts() {
                scrub(name, vault, run)?;
            } else if !self.scrub_part(name, vault, run)? {
                return Ok(false);
            }
            (run.position.store, run.position.after) = (run.position.store + 1, None);
        }
        Ok(true)
    }

    fn scrub_part(&self, name: &'static str, vault: &dyn Vault, run: &mut Run<'_>) -> Answer<bool> {
        let part = run.scope.part();
        if run.position.after.is_none() {
            let mut report = ScrubReport::default();
            vault.look_around(part, &mut report)?;
            note(name, &report, run);
        }
        loop {
            let ids = next_objects(vault, part, run.position.after)?;
            let Some(last) = ids.last().copied() else { return Ok(true) };
            let mut report = ScrubReport::default();
            vault.check(&ids, &mut report)?;
            note(name, &report, run);
            run.position.after = Some(last);
            self.keep_position(run, false);
            let percent = Some(share(part, &last));
            (run.tell)(Looking { at: name, done: run.position.objects, percent });
            // After the work, so that even the shortest time gets somewhere.
            if run.scope.is_over() {
                return Ok(false);
            }
        }
    }
}

/// All objects of a store, from front to back.
fn scrub(name: &'static str, vault: &dyn Vault, run: &mut Run<'_>) -> Answer<()> {
    let mut done = run.position.objects;
    let report = vault.scrub(&mut |_, _| {
        done += 1;
        if done.is_multiple_of(OBJECTS_PER_WORD) {
            (run.tell)(Looking { at: name, done, percent: None });
        }
    })?;
    note(name, &report, run);
    Ok(())
}

fn note(name: &str, report: &ScrubReport, run: &mut Run<'_>) {
    let mut found = super::Verified::default();
    found.note_store(name, report);
    run.position.objects += found.objects;
    run.position.changed.append(&mut found.changed);
    run.position.missing.append(&mut found.missing);
    run.position.untracked.append(&mut found.untracked);
}

/// The next objects of a part, as many as fit between two looks at the clock.
fn next_objects(vault: &dyn Vault, part: Part, after: Option<ObjectId>) -> Answer<Vec<ObjectId>> {
    let after = after.or_else(|| part.address_before());
    let mut bytes = 0;
    let fits = |stored: &Stored| {
        let first = bytes == 0;
        bytes += stored.sealed_bytes;
        part.contains(&stored.id) && (first || bytes <= BYTES_AT_A_TIME)
    };
    let page = vault.list(after.as_ref(), OBJECTS_AT_A_TIME)?;
    Ok(page.into_iter().take_while(fits).map(|stored| stored.id).collect())
}

/// Hundredths of a part that lie before this address.
fn share(part: Part, id: &ObjectId) -> u64 {
    let [a, b, c, d, ..] = id.0;
    let beginning = u64::from(u32::from_be_bytes([a, b, c, d]));
    let hundredths = (beginning * 100 * u64::from(part.of())) >> 32;
    hundredths.saturating_sub(100 * u64::from(part.number() - 1)).min(100)
}
