//! The state of a backup and its list of contents. The state is a signed checkpoint: whoever has the ledger's
//! public key can tell that this registry made it, and that nothing it names was exchanged.

use std::io::{BufRead as _, BufReader};
use std::iter::Peekable;

use ed25519_dalek::{SigningKey, VerifyingKey};

use super::OBJECTS_AT_A_TIME;
use super::place::Place;
use crate::base::digest::Blake3;
use crate::disk::DiskFile;
use crate::domain::ids::ObjectId;
use crate::domain::restoration::LedgerMark;
use crate::format::FormatError;
use crate::format::backup::{BackupState, Content, Wing};
use crate::format::manifest::Manifest;
use crate::ledger::{Checkpoint, Head, VerifierKey, checkpoint};
use crate::registry::error::causes::Cause;
use crate::registry::error::{Answer, Error};
use crate::registry::layout::Layout;
use crate::vault::{Stored, Vault};

/// The file that makes a backup valid.
pub(super) const STATE: &str = "backup.note";

/// The state of a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct State {
    /// How far the ledger goes.
    pub(super) mark: LedgerMark,
    /// What else it says.
    pub(super) state: BackupState,
}

impl State {
    /// The state of a backup; none if no run has finished yet.
    ///
    /// # Errors
    /// A fault if it is there and cannot be relied on.
    pub(super) fn read(place: &Place) -> Answer<Option<Self>> {
        let Some(bytes) = place.read(STATE)? else { return Ok(None) };
        let (_, key) = whose(place)?;
        let unreadable = |cause: Cause| {
            Error::fault(
                format!("Der Stand der Sicherung in {} ist nicht verlässlich", place.root().display()),
                "nehmen Sie eine andere Sicherung; sichern Sie in einen neuen Ordner",
                cause,
            )
        };
        let note = String::from_utf8(bytes).map_err(|_| unreadable("er ist kein Text".into()))?;
        let Checkpoint { head, extensions, .. } =
            checkpoint::verify(&note, &key).map_err(|cause| unreadable(cause.into()))?;
        let state = BackupState::read(&extensions).map_err(|cause| match cause {
            FormatError::Newer { version, .. } => Error::mistake(
                format!("Die Sicherung in {} ist nicht lesbar", place.root().display()),
                format!("sie hat Format {version}, das dieses Programm nicht kennt"),
                "verwenden Sie die neuere Programmversion",
            ),
            other => unreadable(other.into()),
        })?;
        Ok(Some(Self { mark: LedgerMark { size: head.size, root: head.root }, state }))
    }

    /// As [`Self::read`], where there must be one.
    pub(super) fn require(place: &Place) -> Answer<Self> {
        Self::read(place)?.ok_or_else(|| {
            Error::mistake(
                format!("In {} liegt keine vollständige Sicherung", place.root().display()),
                "die erste Sicherung dorthin ist nicht fertig geworden",
                "sichern Sie noch einmal mit `schriftgut backup --to`",
            )
        })
    }

    /// Signs the state and puts it in its place: from here on it is valid.
    pub(super) fn write(&self, place: &Place, origin: &str, key: &SigningKey) -> Answer<()> {
        let extensions = self.state.lines();
        let note = Checkpoint { origin: origin.to_owned(), head: self.head(), extensions }.sign(key);
        let note = note.map_err(|cause| {
            Error::fault("Der Stand der Sicherung kann nicht geschrieben werden", "sichern Sie erneut", cause)
        })?;
        Ok(place.put(STATE, note.as_bytes())?)
    }

    pub(super) fn head(&self) -> Head {
        Head { size: self.mark.size, root: self.mark.root }
    }
}

/// Whose backup this is, and the key its state is signed with.
pub(super) fn whose(place: &Place) -> Answer<(Manifest, VerifierKey)> {
    let manifest = Layout::at(place.root()).read_manifest(place.disk())?;
    let key = VerifyingKey::from_bytes(&manifest.ledger_key).ok();
    let key = key.and_then(|key| VerifierKey::new(&manifest.origin(), key).ok()).ok_or_else(|| {
        Error::fault(
            format!("Die Angaben in {} sind beschädigt", place.root().display()),
            "nehmen Sie eine andere Sicherung",
            "der öffentliche Schlüssel des Nachweisbuchs darin ist keiner",
        )
    })?;
    Ok((manifest, key))
}

/// Bytes of lines gathered before they are written.
const LINES_BYTES: usize = 256 * 1024;

/// A list of contents being written: hashed as it grows, named by its digest in the end.
pub(super) struct ContentsWriter<'a> {
    place: &'a Place,
    file: DiskFile,
    at: u64,
    waiting: Vec<u8>,
    hasher: blake3::Hasher,
    lines: u64,
}

impl<'a> ContentsWriter<'a> {
    pub(super) fn begin(place: &'a Place) -> Answer<Self> {
        let beside = place.path("contents-new.tmp");
        place.disk().remove(&beside)?;
        let file = place.disk().create(&beside)?;
        Ok(Self { place, file, at: 0, waiting: Vec::new(), hasher: blake3::Hasher::new(), lines: 0 })
    }

    pub(super) fn write(&mut self, content: &Content) -> Answer<()> {
        let line = content.line();
        self.hasher.update(line.as_bytes());
        self.waiting.extend_from_slice(line.as_bytes());
        self.lines += 1;
        if self.waiting.len() >= LINES_BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Answer<()> {
        self.file.write_at(&self.waiting, self.at)?;
        self.at += self.waiting.len() as u64;
        self.waiting.clear();
        Ok(())
    }

    /// Durable and named; answers digest and number of lines.
    pub(super) fn finish(mut self) -> Answer<(Blake3, u64)> {
        self.flush()?;
        self.file.sync()?;
        let digest = Blake3(*self.hasher.finalize().as_bytes());
        self.file.rename_to(&self.place.contents(&digest))?;
        self.place.disk().sync_folder(self.place.root())?;
        Ok((digest, self.lines))
    }
}

/// A file, read from front to back.
struct FromFront {
    file: DiskFile,
    at: u64,
}

impl std::io::Read for FromFront {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read_at(buffer, self.at).map_err(std::io::Error::other)?;
        self.at += read as u64;
        Ok(read)
    }
}

/// The lines of a list of contents.
pub(super) struct Contents {
    lines: std::io::Lines<BufReader<FromFront>>,
}

impl Contents {
    /// Opens a list; none if it is not there.
    pub(super) fn open(place: &Place, digest: &Blake3) -> Answer<Option<Self>> {
        let file = place.disk().open(&place.contents(digest))?;
        Ok(file.map(|file| Self { lines: BufReader::new(FromFront { file, at: 0 }).lines() }))
    }

    /// The list has the digest that the state names.
    pub(super) fn is_sound(place: &Place, digest: &Blake3) -> Answer<bool> {
        let Some(file) = place.disk().open(&place.contents(digest))? else { return Ok(false) };
        Ok(crate::vault::sealed_digest(&mut FromFront { file, at: 0 })? == *digest)
    }

    /// The objects of one wing, in order of address.
    pub(super) fn objects(self, of: Wing) -> impl Iterator<Item = Answer<Stored>> {
        self.filter_map(move |content| match content {
            Ok(Content::Object { wing, id, digest, bytes }) if wing == of => {
                Some(Ok(Stored { id, sealed_digest: digest, sealed_bytes: bytes }))
            }
            Ok(_) => None,
            Err(error) => Some(Err(error)),
        })
    }
}

impl Iterator for Contents {
    type Item = Answer<Content>;

    fn next(&mut self) -> Option<Answer<Content>> {
        let line = self.lines.next()?;
        Some(line.map_err(Error::from).and_then(|line| Ok(Content::read(&line)?)))
    }
}

/// How a vault differs from its part of a list of contents.
#[derive(Debug, Default)]
pub(super) struct Difference {
    /// On the list and not in the vault.
    pub(super) missing: Vec<ObjectId>,
    /// In both, but not the same.
    pub(super) changed: Vec<ObjectId>,
    /// In the vault and not on the list.
    pub(super) surplus: Vec<ObjectId>,
    /// On the list.
    pub(super) listed: u64,
}

/// Walks list and vault together; both are in order of address.
pub(super) fn difference(
    listed: impl Iterator<Item = Answer<Stored>>,
    vault: &dyn Vault,
) -> Answer<Difference> {
    let mut found = Difference::default();
    let mut kept = Kept { vault, page: Vec::new().into_iter(), after: None }.peekable();
    for wanted in listed {
        let wanted = wanted?;
        found.listed += 1;
        pass_by(&mut kept, Some(&wanted.id), &mut found.surplus)?;
        match kept.next_if(|next| next.as_ref().is_ok_and(|next| next.id == wanted.id)) {
            Some(Ok(there)) if there == wanted => {}
            Some(_) => found.changed.push(wanted.id),
            None => found.missing.push(wanted.id),
        }
    }
    pass_by(&mut kept, None, &mut found.surplus)?;
    Ok(found)
}

/// Everything before `until` is surplus.
fn pass_by(
    kept: &mut Peekable<Kept<'_>>,
    until: Option<&ObjectId>,
    surplus: &mut Vec<ObjectId>,
) -> Answer<()> {
    let before = |next: &Answer<Stored>| match (next, until) {
        (Ok(next), Some(until)) => next.id < *until,
        (_, None) | (Err(_), _) => true,
    };
    while let Some(next) = kept.next_if(before) {
        surplus.push(next?.id);
    }
    Ok(())
}

/// The objects of a vault, page by page.
struct Kept<'a> {
    vault: &'a dyn Vault,
    page: std::vec::IntoIter<Stored>,
    after: Option<ObjectId>,
}

impl Iterator for Kept<'_> {
    type Item = Answer<Stored>;

    fn next(&mut self) -> Option<Answer<Stored>> {
        if self.page.len() == 0 {
            match self.vault.list(self.after.as_ref(), OBJECTS_AT_A_TIME) {
                Ok(page) => self.page = page.into_iter(),
                Err(error) => return Some(Err(error.into())),
            }
        }
        let next = self.page.next()?;
        self.after = Some(next.id);
        Some(Ok(next))
    }
}

/// Objects in a backup's vault that its new list does not name.
pub(super) fn surplus(
    place: &Place,
    contents: &Blake3,
    wing: Wing,
    vault: &dyn Vault,
) -> Answer<Vec<ObjectId>> {
    let contents = Contents::open(place, contents)?.ok_or_else(|| lost_list(place))?;
    Ok(difference(contents.objects(wing), vault)?.surplus)
}

pub(super) fn lost_list(place: &Place) -> Error {
    Error::fault(
        format!("Das Verzeichnis der Sicherung in {} fehlt oder ist verändert", place.root().display()),
        "prüfen Sie sie mit `schriftgut backup check` und nehmen Sie eine andere",
        "es ist nicht das, das der unterschriebene Stand nennt",
    )
}
