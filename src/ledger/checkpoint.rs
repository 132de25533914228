//! Checkpoints (C2SP `tlog-checkpoint`): the head of a ledger as the text of a signed note. Pure.
//!
//! Three lines (origin, size, root in base64), then extension lines if any. The name of the signing key is
//! the origin. See `schema/formats/checkpoint.md`.

use data_encoding::BASE64;
use ed25519_dalek::SigningKey;

use crate::base::digest::Sha256;

use super::note::{self, NoteError, VerifierKey};
use super::tree::empty_root;

/// The first `size` entries, named by the root of their tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// How many entries.
    pub size: u64,
    /// The RFC 6962 root over them.
    pub root: Sha256,
}

impl Head {
    /// The head of a ledger without entries.
    #[must_use]
    pub fn empty() -> Self {
        Self { size: 0, root: empty_root() }
    }
}

/// What a checkpoint says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which ledger, such as `schriftgut/1b4e28ba-2fa1-41d2-883f-0016d3cca427`.
    pub origin: String,
    /// Size and root.
    pub head: Head,
    /// Further lines, opaque here; none is empty.
    pub extensions: Vec<String>,
}

/// Why a text is not a checkpoint we can rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Not a note, or not signed by the key.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Not origin, size and root in their only spelling.
    #[error("not a checkpoint")]
    Body,
    /// Signed by the right key, but for another ledger.
    #[error("checkpoint is of another origin than its key")]
    Origin,
}

impl Checkpoint {
    /// The text that is signed.
    ///
    /// # Errors
    /// [`CheckpointError::Body`] if origin or extensions cannot stand in lines of their own.
    pub fn body(&self) -> Result<String, CheckpointError> {
        let Self { origin, head, extensions } = self;
        let mut body = format!("{origin}\n{}\n{}\n", head.size, BASE64.encode(head.root.as_bytes()));
        for line in extensions {
            body.push_str(line);
            body.push('\n');
        }
        if Self::parse(&body).as_ref() == Ok(self) { Ok(body) } else { Err(CheckpointError::Body) }
    }

    /// Reads the text of a checkpoint.
    ///
    /// # Errors
    /// [`CheckpointError::Body`] for any text that [`Self::body`] would not write.
    pub fn parse(body: &str) -> Result<Self, CheckpointError> {
        let mut lines = body.strip_suffix('\n').ok_or(CheckpointError::Body)?.split('\n');
        let mut line = || lines.next().filter(|line| !line.is_empty()).ok_or(CheckpointError::Body);
        let (origin, size, root) = (line()?, line()?, line()?);
        let canonical = size == "0" || !size.starts_with('0') && size.bytes().all(|b| b.is_ascii_digit());
        let size = if canonical {
            size.parse().map_err(|_| CheckpointError::Body)?
        } else {
            return Err(CheckpointError::Body);
        };
        let root = BASE64.decode(root.as_bytes()).map_err(|_| CheckpointError::Body)?;
        let root = Sha256(root.try_into().map_err(|_| CheckpointError::Body)?);
        if size == 0 && root != empty_root() {
            return Err(CheckpointError::Body);
        }
        let extensions: Vec<_> = lines.map(str::to_owned).collect();
        if extensions.iter().any(String::is_empty) {
            return Err(CheckpointError::Body);
        }
        Ok(Self { origin: origin.to_owned(), head: Head { size, root }, extensions })
    }

    /// Signs it under its origin.
    ///
    /// # Errors
    /// [`CheckpointError`] if origin or extensions cannot be written.
    pub fn sign(&self, key: &SigningKey) -> Result<String, CheckpointError> {
        Ok(note::sign(&self.body()?, &self.origin, key)?)
    }
}

/// Reads a checkpoint that `key` signed for the ledger it is named after.
///
/// # Errors
/// [`CheckpointError`] says why it cannot be relied on.
pub fn verify(note: &str, key: &VerifierKey) -> Result<Checkpoint, CheckpointError> {
    let checkpoint = Checkpoint::parse(key.open(note)?)?;
    if checkpoint.origin == key.name() { Ok(checkpoint) } else { Err(CheckpointError::Origin) }
}

/// What a checkpoint *claims*, whoever signed it. For showing and routing, never for trusting.
///
/// # Errors
/// [`CheckpointError`] if it is not a checkpoint in a note.
pub fn claimed(note: &str) -> Result<Checkpoint, CheckpointError> {
    Checkpoint::parse(note::split(note)?.0)
}
