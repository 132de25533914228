//! The note of a delivery (Laufzettel): a hidden file beside its list that says under which id each document is about to be
//! taken in. It is durable before the first of them is, so after a kill the registry can be asked what became of each, and
//! nothing is taken in twice. A line each: `ID DIGEST`; the digest is over what the list says of the document (its path and
//! its file) and its content, so that a line that was corrected, or a file that was delivered anew, counts as new. A line
//! that was cut short is one that nobody acted upon. It only grows, and says nothing that does not lie beside it.
//!
//! Whoever holds it has the delivery to himself.

use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::base::digest::Sha256;
use crate::cli::disk;
use crate::domain::ids::DocumentId;
use crate::registry::{Answer, Error};

/// Largest note that is read: lines for some million documents.
const BYTES_MAX: u64 = 512 << 20;

/// The note, in our hands.
pub(super) struct Note {
    path: PathBuf,
    file: File,
    is_torn: bool,
    /// Under which ids a document was to be taken in, by its digest.
    begun: HashMap<Sha256, Vec<DocumentId>>,
}

/// Where the note of a list lies if nobody says otherwise.
pub(super) fn place_of(manifest: &Path) -> PathBuf {
    manifest.with_file_name(format!(".{}.schriftgut-laufzettel", disk::name_of(manifest)))
}

/// What a line of the note is about: this file of the delivery, for this file of the office, with this content.
pub(super) fn digest(path: &str, reference: &str, content: &Sha256) -> Sha256 {
    let lengths = [path.len() as u64, reference.len() as u64].map(u64::to_le_bytes);
    Sha256::of(&[&lengths[0], path.as_bytes(), &lengths[1], reference.as_bytes(), content.as_bytes()])
}

impl Note {
    /// Takes it in hand.
    pub(super) fn of(path: &Path) -> Answer<Self> {
        let refuse = |why: String, way_out: &str| {
            Error::mistake(format!("Der Laufzettel {} ist nicht zu führen", path.display()), why, way_out)
        };
        let unfit = |cause: &io::Error| {
            let way_out =
                "nennen Sie mit --note eine Datei, die geschrieben werden darf; es wurde noch nichts erfasst";
            refuse(disk::in_german(cause), way_out)
        };
        let is_new = !path.exists();
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .mode(0o600)
            .open(path)
            .map_err(|cause| unfit(&cause))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let way_out = "warten Sie, bis das zu Ende ist; es wurde noch nichts erfasst";
                return Err(refuse("diese Lieferung wird gerade erfasst".to_owned(), way_out));
            }
            // A share that knows no locks.
            Err(TryLockError::Error(cause)) if cause.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(cause)) => return Err(unfit(&cause)),
        }
        if is_new && let Some(folder) = path.parent() {
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            // A share that cannot do this has done what it can.
            let _ = File::open(folder).and_then(|folder| folder.sync_all());
        }
        let length = file.metadata().map_err(|cause| unfit(&cause))?.len();
        if length > BYTES_MAX {
            let why = format!("er ist größer als {} MiB", BYTES_MAX >> 20);
            return Err(refuse(why, "nennen Sie mit --note eine andere Datei"));
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|cause| unfit(&cause))?;
        let begun = read(&bytes).ok_or_else(|| {
            refuse("die Datei ist kein Laufzettel".to_owned(), "nennen Sie mit --note eine andere Datei")
        })?;
        let is_torn = !bytes.is_empty() && !bytes.ends_with(b"\n");
        Ok(Self { path: path.to_owned(), file, is_torn, begun })
    }

    /// The ids under which this document was to be taken in before.
    pub(super) fn begun(&self, digest: &Sha256) -> &[DocumentId] {
        self.begun.get(digest).map_or(&[], Vec::as_slice)
    }

    /// Nothing was to be taken in yet.
    pub(super) fn is_blank(&self) -> bool {
        self.begun.is_empty()
    }

    /// Notes what is about to be taken in, durable on return.
    pub(super) fn begin(&mut self, lines: impl Iterator<Item = (DocumentId, Sha256)>) -> Answer<()> {
        let mut text = if std::mem::take(&mut self.is_torn) { "\n" } else { "" }.to_owned();
        for (id, digest) in lines {
            text.push_str(&format!("{id} {digest}\n"));
        }
        self.file.write_all(text.as_bytes()).and_then(|()| self.file.sync_all()).map_err(|cause| {
            Error::mistake(
                format!("Der Laufzettel {} ist nicht zu führen", self.path.display()),
                disk::in_german(&cause),
                "schaffen Sie Platz, oder nennen Sie mit --note eine andere Datei; es wurde noch nichts erfasst",
            )
        })
    }
}

/// The lines of a note; none if it is something else.
fn read(bytes: &[u8]) -> Option<HashMap<Sha256, Vec<DocumentId>>> {
    let mut begun: HashMap<Sha256, Vec<DocumentId>> = HashMap::new();
    let (mut understood, mut strange) = (0_usize, 0_usize);
    for line in bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n")) {
        let text = std::str::from_utf8(line).unwrap_or_default().trim_end();
        let parts =
            text.split_once(' ').and_then(|(id, digest)| Some((id.parse().ok()?, digest.parse().ok()?)));
        match parts {
            Some((id, digest)) => {
                understood += 1;
                begun.entry(digest).or_default().push(id);
            }
            None => strange += 1,
        }
    }
    // A run that was killed leaves one cut line, and the next closes it.
    (strange <= understood + 1).then_some(begun)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> DocumentId {
        DocumentId(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn what_was_noted_is_known_by_the_next_run_whatever_was_cut_short() {
        let folder = tempfile::tempdir().unwrap();
        let path = place_of(&folder.path().join("liste.csv"));
        let of = |text: &str| digest("a.tif", "63-1", &Sha256::of(&[text.as_bytes()]));
        let mut note = Note::of(&path).unwrap();
        assert!(Note::of(&path).is_err(), "somebody has it");
        note.begin([(id(1), of("a")), (id(2), of("b"))].into_iter()).unwrap();
        drop(note);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() - 3]).unwrap();
        let mut note = Note::of(&path).unwrap();
        assert_eq!((note.begun(&of("a")), note.begun(&of("b"))), (&[id(1)][..], &[][..]));
        note.begin([(id(3), of("a"))].into_iter()).unwrap();
        drop(note);
        assert_eq!(Note::of(&path).unwrap().begun(&of("a")), [id(1), id(3)]);
        std::fs::write(&path, "path;aktenzeichen\na;b\nc;d\n").unwrap();
        assert!(Note::of(&path).is_err(), "a list is no note, and is not written into");
    }

    #[test]
    fn a_corrected_line_is_another_one() {
        let content = Sha256::of(&[b"x"]);
        let first = digest("a.tif", "63-1", &content);
        assert_ne!(first, digest("a.tif6", "3-1", &content));
        assert_ne!(first, digest("a.tif", "63-2", &content));
        assert_ne!(first, digest("a.tif", "63-1", &Sha256::of(&[b"y"])));
    }
}
