//! People's own signing keys: Ed25519, the private half sealed under a key from the person's secret.
//!
//! An approval is a signature that only its person can make: the program keeps the sealed half and
//! cannot open it. Unlocking succeeds exactly when the secret is right, so one run of Argon2id serves
//! for logging in and for signing. A lost secret is a lost key: the person gets a new one.
//!
//! Sealed identity, 144 bytes, numbers little-endian: `"SGPERSON"`, version, memory in KiB, passes,
//! lanes (4 bytes each), salt (16), public key (32), and the private half under [`SealKey::seal`]
//! (72), with everything before it as context.
//!
//! [`SealKey::seal`]: crate::base::seal::SealKey::seal

use std::fmt;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use zeroize::Zeroizing;

pub use super::stretch::{Cost, StretchError, secret_hash, secret_matches};
use super::stretch::{Recipe, SALT_BYTES};
use crate::base::seal::{SEAL_OVERHEAD_BYTES, random_bytes};

const MAGIC: &[u8; 8] = b"SGPERSON";
const VERSION: u32 = 1;
const HEADER_BYTES: usize = 72;
/// The length of a sealed identity.
pub const SEALED_IDENTITY_BYTES: usize = HEADER_BYTES + 32 + SEAL_OVERHEAD_BYTES;

/// Why an identity could not be unlocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PersonKeyError {
    /// The secret is wrong, or the sealed bytes were changed: which, cannot be told.
    #[error("the secret does not open this signing key")]
    DoesNotOpen,
    /// Not a sealed identity.
    #[error("not a sealed signing key")]
    NotSealed,
    /// Sealed by a newer program.
    #[error("sealed signing key has format version {found}, this program reads up to {VERSION}")]
    Newer {
        /// Its version.
        found: u32,
    },
    /// The secret could not be stretched into a key.
    #[error("cannot derive a key from the secret")]
    Stretch(#[from] StretchError),
}

/// A person's signing key, unlocked. Wiped when dropped; keep it no longer than one act needs.
pub struct SigningIdentity(SigningKey);

impl SigningIdentity {
    /// A new signing key: its public half, and the identity sealed under `secret`.
    ///
    /// # Errors
    /// [`PersonKeyError::Stretch`] if the memory is not there.
    pub fn create(secret: &str) -> Result<([u8; 32], Vec<u8>), PersonKeyError> {
        Self::create_at(secret, Cost::OFFICE)
    }

    /// As [`Self::create`], at a cost of the caller's choice. Anything below [`Cost::OFFICE`] is for tests.
    ///
    /// # Errors
    /// As [`Self::create`].
    pub fn create_at(secret: &str, cost: Cost) -> Result<([u8; 32], Vec<u8>), PersonKeyError> {
        let private = Zeroizing::new(random_bytes::<32>());
        let identity = Self(SigningKey::from_bytes(&private));
        let sealed = identity.seal(secret, cost)?;
        Ok((identity.public(), sealed))
    }

    /// Seals this identity under another secret: the person changes theirs, the public half stays.
    ///
    /// # Errors
    /// As [`Self::create`].
    pub fn seal(&self, secret: &str, cost: Cost) -> Result<Vec<u8>, PersonKeyError> {
        let recipe = Recipe::new(cost, random_bytes())?;
        let header = header(&recipe, &self.public());
        let key = recipe.stretch(secret)?;
        Ok([&header[..], &key.seal(&header, self.0.as_bytes())].concat())
    }

    /// Opens a sealed identity. Takes about a tenth of a second.
    ///
    /// # Errors
    /// [`PersonKeyError::DoesNotOpen`] for a wrong secret; the others for bytes that are no identity.
    pub fn unlock(sealed: &[u8], secret: &str) -> Result<Self, PersonKeyError> {
        let (header, body) = sealed.split_at_checked(HEADER_BYTES).ok_or(PersonKeyError::NotSealed)?;
        let recipe = read_header(header)?;
        let plain = recipe.stretch(secret)?.open(header, body).map_err(|_| PersonKeyError::DoesNotOpen)?;
        let plain = Zeroizing::new(plain);
        let private: &[u8; 32] = plain.as_slice().try_into().map_err(|_| PersonKeyError::NotSealed)?;
        let identity = Self(SigningKey::from_bytes(private));
        if identity.public() != header[40..] {
            return Err(PersonKeyError::DoesNotOpen);
        }
        Ok(identity)
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// Signs a message (Ed25519, RFC 8032). The caller puts what it is about into the message.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for SigningIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningIdentity(…)")
    }
}

/// Whether `signature` over `message` is by the holder of `public`. Weak keys are refused.
#[must_use]
pub fn verify(public: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    VerifyingKey::from_bytes(public)
        .is_ok_and(|key| key.verify_strict(message, &Signature::from_bytes(signature)).is_ok())
}

fn header(recipe: &Recipe, public: &[u8; 32]) -> [u8; HEADER_BYTES] {
    let Cost { memory_kib, passes, lanes } = recipe.cost();
    let mut bytes = [0; HEADER_BYTES];
    bytes[..8].copy_from_slice(MAGIC);
    for (at, number) in [VERSION, memory_kib, passes, lanes].into_iter().enumerate() {
        bytes[8 + 4 * at..12 + 4 * at].copy_from_slice(&number.to_le_bytes());
    }
    bytes[24..40].copy_from_slice(recipe.salt());
    bytes[40..].copy_from_slice(public);
    bytes
}

fn read_header(header: &[u8]) -> Result<Recipe, PersonKeyError> {
    let read = || {
        let number = |at| Some(u32::from_le_bytes(header.get(at..at + 4)?.try_into().ok()?));
        let cost = Cost { memory_kib: number(12)?, passes: number(16)?, lanes: number(20)? };
        let salt: [u8; SALT_BYTES] = header.get(24..40)?.try_into().ok()?;
        Some((number(8)?, cost, salt)).filter(|_| header.starts_with(MAGIC))
    };
    match read().ok_or(PersonKeyError::NotSealed)? {
        (VERSION, cost, salt) => Recipe::new(cost, salt).map_err(|_| PersonKeyError::NotSealed),
        (0, ..) => Err(PersonKeyError::NotSealed),
        (found, ..) => Err(PersonKeyError::Newer { found }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_made_with_the_secret_and_checked_with_the_public_half() {
        let (public, sealed) = SigningIdentity::create_at("Zwei Köpfe", Cost::FOR_TESTS).unwrap();
        assert_eq!(sealed.len(), SEALED_IDENTITY_BYTES);
        let identity = SigningIdentity::unlock(&sealed, "Zwei Köpfe").unwrap();
        let signature = identity.sign(b"Liste 7");
        assert!(verify(&public, b"Liste 7", &signature));
        assert!(!verify(&public, b"Liste 8", &signature));
        let (other, _) = SigningIdentity::create_at("Zwei Köpfe", Cost::FOR_TESTS).unwrap();
        assert!(!verify(&other, b"Liste 7", &signature));
        assert!(!verify(&[0; 32], b"Liste 7", &signature), "a weak key signs nothing");
    }

    #[test]
    fn a_wrong_secret_and_any_changed_byte_do_not_unlock() {
        let (_, sealed) = SigningIdentity::create_at("richtig", Cost::FOR_TESTS).unwrap();
        let wrong = SigningIdentity::unlock(&sealed, "falsch");
        assert_eq!(wrong.err(), Some(PersonKeyError::DoesNotOpen));
        // In the numbers a high bit, which asks for more than is allowed instead of waiting for it.
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= if (12..24).contains(&at) { 0x80 } else { 1 };
            assert!(SigningIdentity::unlock(&changed, "richtig").is_err(), "byte {at}");
        }
        assert_eq!(SigningIdentity::unlock(&sealed[..50], "richtig").err(), Some(PersonKeyError::NotSealed));
    }

    #[test]
    fn a_sealed_identity_of_a_newer_program_says_so() {
        let (_, mut sealed) = SigningIdentity::create_at("x", Cost::FOR_TESTS).unwrap();
        sealed[8] = 2;
        assert_eq!(SigningIdentity::unlock(&sealed, "x").err(), Some(PersonKeyError::Newer { found: 2 }));
    }

    #[test]
    fn a_changed_secret_keeps_the_public_half() {
        let (public, sealed) = SigningIdentity::create_at("alt", Cost::FOR_TESTS).unwrap();
        let identity = SigningIdentity::unlock(&sealed, "alt").unwrap();
        let anew = identity.seal("neu", Cost::FOR_TESTS).unwrap();
        assert_eq!(SigningIdentity::unlock(&anew, "neu").unwrap().public(), public);
        assert!(SigningIdentity::unlock(&anew, "alt").is_err());
    }

    #[test]
    fn the_office_pays_the_full_cost() {
        let (_, sealed) = SigningIdentity::create("Büro").unwrap();
        assert_eq!(read_header(&sealed[..HEADER_BYTES]).unwrap().cost(), Cost::OFFICE);
        assert!(SigningIdentity::unlock(&sealed, "Büro").is_ok());
    }
}
