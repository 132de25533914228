//! Signed notes (C2SP `signed-note`) with Ed25519: a text, an empty line, one signature per line. Pure.
//!
//! A key is known by name and a hash of four bytes. Signatures by keys we were not asked about are left
//! alone (witnesses add theirs); a signature that claims to be by our key and is not spoils the note.

use std::fmt;
use std::str::FromStr;

use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use crate::base::digest::Sha256;

/// The most bytes of a note we read.
pub const NOTE_BYTES_MAX: usize = 1 << 20;
/// The most signatures of a note we read.
pub const SIGNATURES_MAX: usize = 100;

const ED25519: u8 = 0x01;
const DASH: &str = "\u{2014} ";

/// Why a text is not a signed note, or not one signed by the key asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Above [`NOTE_BYTES_MAX`] or [`SIGNATURES_MAX`].
    #[error("note is too large")]
    TooLarge,
    /// No text, an empty line and signature lines; or control characters.
    #[error("not a signed note")]
    Shape,
    /// A signature line that cannot be read.
    #[error("malformed signature line")]
    SignatureLine,
    /// Not a key name: empty, or with spaces or a plus.
    #[error("not a key name")]
    Name,
    /// Not `name+hash+base64` of an Ed25519 key that may be used.
    #[error("not a verifier key")]
    Key,
    /// No signature by this key.
    #[error("not signed by this key")]
    Unsigned,
    /// The signature by this key does not fit the text.
    #[error("signature does not fit the text")]
    Forged,
}

/// A key name: not empty, no white space, no plus, no control characters.
///
/// # Errors
/// [`NoteError::Name`].
pub fn check_name(name: &str) -> Result<(), NoteError> {
    let bad = |c: char| c == '+' || c.is_whitespace() || c.is_control();
    if name.is_empty() || name.contains(bad) { Err(NoteError::Name) } else { Ok(()) }
}

/// The public half of a note key with its name; written `name+hash+base64`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key: VerifyingKey,
}

impl VerifierKey {
    /// A key under a name.
    ///
    /// # Errors
    /// [`NoteError::Name`] for a name that cannot be written in a note, [`NoteError::Key`] for a weak key.
    pub fn new(name: &str, key: VerifyingKey) -> Result<Self, NoteError> {
        check_name(name)?;
        if key.is_weak() {
            return Err(NoteError::Key);
        }
        Ok(Self { name: name.to_owned(), key })
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first four bytes of `SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key)`.
    #[must_use]
    pub fn hash(&self) -> [u8; 4] {
        let [a, b, c, d, ..] = Sha256::of(&[self.name.as_bytes(), b"\n", &[ED25519], self.key.as_bytes()]).0;
        [a, b, c, d]
    }

    /// The text of `note`, if this key signed it.
    ///
    /// # Errors
    /// [`NoteError`] says what is wrong with it.
    pub fn open<'a>(&self, note: &'a str) -> Result<&'a str, NoteError> {
        let (text, signatures) = split(note)?;
        let mut signed = false;
        for line in signatures.lines() {
            let (name, hash, signature) = read_signature(line)?;
            if name != self.name || hash != self.hash() {
                continue;
            }
            let signature = Signature::from_slice(&signature).map_err(|_| NoteError::SignatureLine)?;
            self.key.verify_strict(text.as_bytes(), &signature).map_err(|_| NoteError::Forged)?;
            signed = true;
        }
        if signed { Ok(text) } else { Err(NoteError::Unsigned) }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![ED25519];
        key.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{}+{}", self.name, HEXLOWER.encode(&self.hash()), BASE64.encode(&key))
    }
}

impl FromStr for VerifierKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(hash), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::Key);
        };
        let key = BASE64.decode(key.as_bytes()).map_err(|_| NoteError::Key)?;
        let [ED25519, key @ ..] = key.as_slice() else { return Err(NoteError::Key) };
        let key: &[u8; 32] = key.try_into().map_err(|_| NoteError::Key)?;
        let key = Self::new(name, VerifyingKey::from_bytes(key).map_err(|_| NoteError::Key)?)?;
        if HEXLOWER.encode(&key.hash()) == hash { Ok(key) } else { Err(NoteError::Key) }
    }
}

/// Signs `text` (non-empty lines, each ending in a line feed) under `name`.
///
/// # Errors
/// [`NoteError::Name`] or [`NoteError::Shape`] if the note could not be read again.
pub fn sign(text: &str, name: &str, key: &SigningKey) -> Result<String, NoteError> {
    let verifier = VerifierKey::new(name, key.verifying_key())?;
    if text.contains("\n\n") {
        return Err(NoteError::Shape);
    }
    let mut signature = verifier.hash().to_vec();
    signature.extend_from_slice(&key.sign(text.as_bytes()).to_bytes());
    let note = format!("{text}\n{DASH}{name} {}\n", BASE64.encode(&signature));
    split(&note)?;
    Ok(note)
}

/// The text of a note (with its last line feed) and its signature lines; nothing is verified.
///
/// # Errors
/// [`NoteError`] if it is not a note.
pub fn split(note: &str) -> Result<(&str, &str), NoteError> {
    if note.len() > NOTE_BYTES_MAX {
        return Err(NoteError::TooLarge);
    }
    if note.contains(|c: char| c < ' ' && c != '\n') {
        return Err(NoteError::Shape);
    }
    let gap = note.rfind("\n\n").ok_or(NoteError::Shape)?;
    let (text, signatures) = (&note[..=gap], &note[gap + 2..]);
    if text == "\n" || signatures.is_empty() || !signatures.ends_with('\n') {
        return Err(NoteError::Shape);
    }
    if signatures.lines().count() > SIGNATURES_MAX {
        return Err(NoteError::TooLarge);
    }
    Ok((text, signatures))
}

/// Name, key hash and the signature itself.
fn read_signature(line: &str) -> Result<(&str, [u8; 4], Vec<u8>), NoteError> {
    let (name, signature) =
        line.strip_prefix(DASH).and_then(|rest| rest.split_once(' ')).ok_or(NoteError::SignatureLine)?;
    check_name(name).map_err(|_| NoteError::SignatureLine)?;
    let bytes = BASE64.decode(signature.as_bytes()).map_err(|_| NoteError::SignatureLine)?;
    let (hash, signature) = bytes.split_first_chunk::<4>().ok_or(NoteError::SignatureLine)?;
    if signature.is_empty() {
        return Err(NoteError::SignatureLine);
    }
    Ok((name, *hash, signature.to_vec()))
}
