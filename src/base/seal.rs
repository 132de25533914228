//! Secret keys and the one seal that everything small is kept under.
//!
//! A sealed text is `nonce (24 bytes) ‖ XChaCha20-Poly1305 ciphertext with tag`. The nonce is random,
//! so one key may seal as much as it likes. Objects have a framed seal of their own (see `vault`).
//! Keys are wiped when dropped and never printed.

use std::fmt;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Bytes a seal adds: nonce and tag.
pub const SEAL_OVERHEAD_BYTES: usize = NONCE_BYTES + 16;
const NONCE_BYTES: usize = 24;

/// A seal could not be opened: wrong key, other context, or changed bytes. Which of them cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("seal does not open")]
pub struct SealBroken;

/// A secret key of 32 bytes.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct SealKey([u8; 32]);

impl SealKey {
    /// A fresh random key.
    #[must_use]
    pub fn random() -> Self {
        Self(random_bytes())
    }

    /// A key from bytes that came from a place of trust (keyring, recovery sheet).
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The secret itself. Hand it to a cipher, never to a log or a file in the clear.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// A key for one `purpose`, derived so that it says nothing about this one.
    /// `purpose` is a constant of the program (BLAKE3 `derive_key` context).
    #[must_use]
    pub fn derive(&self, purpose: &str) -> Self {
        Self(blake3::derive_key(purpose, &self.0))
    }

    /// Seals `plain`; `context` is authenticated but not stored: opening needs the same.
    #[must_use]
    pub fn seal(&self, context: &[u8], plain: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE_BYTES] = random_bytes();
        let sealed = XChaCha20Poly1305::new((&self.0).into())
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: context })
            .expect("XChaCha20-Poly1305 seals any text that fits into memory");
        let mut out = Vec::with_capacity(NONCE_BYTES + sealed.len());
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        out
    }

    /// Opens what [`Self::seal`] made.
    ///
    /// # Errors
    /// [`SealBroken`] if key or context differ or a byte was changed.
    pub fn open(&self, context: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealBroken> {
        let (nonce, body) = sealed.split_at_checked(NONCE_BYTES).ok_or(SealBroken)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| SealBroken)?;
        XChaCha20Poly1305::new((&self.0).into())
            .decrypt(&XNonce::from(nonce), Payload { msg: body, aad: context })
            .map_err(|_| SealBroken)
    }
}

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealKey(…)")
    }
}

/// Random bytes from the operating system.
///
/// # Panics
/// If the operating system has no randomness: no key can be made then, and nothing may be sealed.
#[must_use]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_opens_only_with_its_key_its_context_and_every_byte() {
        let key = SealKey::random();
        let sealed = key.seal(b"here", b"Bauakte");
        assert_eq!(key.open(b"here", &sealed), Ok(b"Bauakte".to_vec()));
        assert_eq!(key.open(b"there", &sealed), Err(SealBroken));
        assert_eq!(SealKey::random().open(b"here", &sealed), Err(SealBroken));
        assert_eq!(key.open(b"here", &sealed[..10]), Err(SealBroken));
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(key.open(b"here", &changed), Err(SealBroken), "byte {at}");
        }
    }

    #[test]
    fn a_key_for_one_purpose_says_nothing_of_any_other_and_none_is_printed() {
        let key = SealKey::from_bytes([7; 32]);
        assert_eq!(key.expose(), &[7; 32]);
        let derived = ["eins", "zwei"].map(|purpose| *key.derive(purpose).expose());
        assert!(derived[0] != derived[1] && !derived.contains(key.expose()));
        assert_eq!(key.derive("eins"), key.derive("eins"));
        assert_eq!(format!("{key:?}"), "SealKey(…)");
    }

    #[test]
    fn a_seal_is_longer_than_its_text_by_nonce_and_tag_and_never_the_same_twice() {
        let key = SealKey::random();
        let sealed = [key.seal(b"", b"Bauakte"), key.seal(b"", b"Bauakte")];
        assert!(sealed.iter().all(|sealed| sealed.len() == 7 + SEAL_OVERHEAD_BYTES));
        assert_ne!(sealed[0], sealed[1]);
        assert_ne!(random_bytes::<32>(), random_bytes::<32>());
    }
}
