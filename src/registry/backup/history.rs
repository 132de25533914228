//! The backup's ledger: the same entries, so the same tree and the same root; only ever appended to. It may go
//! further than the backup's state when a run was interrupted; the state says how much of it counts.

use ed25519_dalek::SigningKey;

use super::ENTRIES_AT_A_TIME;
use super::place::Place;
use crate::disk::Disk;
use crate::ledger::{
    BATCH_BYTES_MAX, Draft, Entry, EntryNo, Head, Ledger, LedgerError, LocalLedger, proof::verify_consistency,
};
use crate::registry::Registry;
use crate::registry::error::{Answer, Error};

/// Bytes of entries appended together.
const BATCH_BYTES: usize = BATCH_BYTES_MAX / 8;

/// The ledger of a backup, open for writing.
pub(super) struct History {
    ledger: LocalLedger,
    place: String,
}

impl History {
    /// Opens the ledger of the backup, or makes one.
    pub(super) fn open(registry: &Registry, place: &Place, has_state: bool) -> Answer<Self> {
        let (dir, heads) = (place.path("ledger"), place.path("head"));
        let origin = registry.manifest.origin();
        let signing = || crate::registry::open::signing_key(&registry.keyring);
        let disk = place.disk();
        let opened = match disk.exists(&dir)? {
            true => LocalLedger::open_on(disk, &dir, &heads, signing()?, &origin),
            false => LocalLedger::create_on(disk, &dir, &heads, signing()?, &origin),
        };
        let ledger = match opened {
            Ok(ledger) => ledger,
            Err(_) if !has_state => {
                // What a first run left half-made.
                place.empty("ledger")?;
                place.empty("head")?;
                LocalLedger::create_on(disk, &dir, &heads, signing()?, &origin)?
            }
            Err(cause) => return Err(damaged(place, cause)),
        };
        Ok(Self { ledger, place: place.root().display().to_string() })
    }

    /// Appends what is missing up to `head`.
    pub(super) fn follow(&self, from: &dyn Ledger, head: Head) -> Answer<()> {
        let here = self.ledger.head();
        let consistent = here.size <= head.size
            && verify_consistency(&here, &head, &from.consistency(here.size, head.size)?).is_ok();
        if !consistent {
            return Err(Error::mistake(
                format!("Nach {} kann nicht gesichert werden", self.place),
                "diese Sicherung hat einen anderen Verlauf des Nachweisbuchs: sie stammt aus der Zeit vor einer \
                 Wiederherstellung",
                "nehmen Sie einen neuen Ordner und bewahren Sie diese Sicherung gesondert auf",
            ));
        }
        append_all(&self.ledger, from, head.size)?;
        if self.ledger.head() == head {
            return Ok(());
        }
        Err(Error::fault(
            "Das gesicherte Nachweisbuch stimmt nicht mit der Registratur überein",
            "prüfen Sie mit `schriftgut verify`; die vorige Sicherung ist unversehrt",
            "die kopierten Einträge führen nicht zur selben Wurzel",
        ))
    }
}

/// The ledger of a backup cannot be opened.
pub(super) fn damaged(place: &Place, cause: LedgerError) -> Error {
    Error::fault(
        format!("Das Nachweisbuch der Sicherung in {} ist beschädigt", place.root().display()),
        "prüfen Sie sie mit `schriftgut backup check`; sichern Sie in einen neuen Ordner",
        cause,
    )
}

/// Appends entries of one ledger to another until that has `size` of them.
pub(super) fn append_all(to: &dyn Ledger, from: &dyn Ledger, size: u64) -> Answer<()> {
    let mut here = to.head().size;
    while here < size {
        let at_most = (size - here).min(ENTRIES_AT_A_TIME as u64) as usize;
        let (mut drafts, mut bytes) = (Vec::new(), 0);
        for entry in from.entries(EntryNo(here), at_most)? {
            bytes += entry.body.len();
            drafts.push(draft_of(entry));
            if bytes > BATCH_BYTES {
                break;
            }
        }
        if drafts.is_empty() {
            let what = format!("es endet bei Eintrag {here}, nicht bei {size}");
            return Err(Error::fault(
                "Das Nachweisbuch der Sicherung ist zu kurz",
                "prüfen Sie sie mit `schriftgut backup check`",
                what,
            ));
        }
        here = to.append(here, drafts)?.size;
    }
    Ok(())
}

/// Makes the ledger of a restored registry: the first `head.size` entries of the backup's.
pub(super) fn renew(
    disk: &Disk,
    layout: &crate::registry::layout::Layout,
    signing: SigningKey,
    origin: &str,
    from: &dyn Ledger,
    head: Head,
) -> Answer<()> {
    let ledger = LocalLedger::create_on(disk, &layout.ledger(), &layout.head(), signing, origin)?;
    append_all(&ledger, from, head.size)?;
    if ledger.head() == head {
        return Ok(());
    }
    Err(Error::fault(
        "Das Nachweisbuch der Sicherung ist beschädigt",
        "prüfen Sie sie mit `schriftgut backup check` und nehmen Sie eine andere",
        "seine Einträge führen nicht zur Wurzel des unterschriebenen Stands",
    ))
}

fn draft_of(entry: Entry) -> Draft {
    let Entry { header, body } = entry;
    Draft {
        at: header.at,
        actor: header.actor,
        kind: header.kind,
        subject: header.subject,
        key: header.key,
        previous: header.previous,
        commitment: header.commitment,
        body,
    }
}
