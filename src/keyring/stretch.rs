//! Turning what people can remember into keys: Argon2id (RFC 9106), slow on purpose.
//!
//! One recipe (cost and salt) serves the master passphrase, people's signing keys and stored
//! verifiers. Texts are brought to NFC first, so that an umlaut is the same on every keyboard.

use std::fmt;
use std::str::FromStr;

use argon2::{Algorithm, Argon2, Params, Version};
use data_encoding::BASE64_NOPAD;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::base::seal::{SealKey, random_bytes};

/// Bytes of salt in a recipe.
pub const SALT_BYTES: usize = 16;
/// The most memory a stored recipe may ask for (1 GiB): a forged one must not bring the server down.
pub const MEMORY_KIB_MAX: u32 = 1 << 20;
/// The most passes and lanes a stored recipe may ask for.
pub const PASSES_MAX: u32 = 16;

/// What stretching costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes (computed one after the other here).
    pub lanes: u32,
}

impl Cost {
    /// What an office uses: memory and passes of RFC 9106's second recommended option (64 MiB, 3
    /// passes), with one lane instead of four, since lanes are computed one after the other.
    pub const OFFICE: Cost = Cost { memory_kib: 64 * 1024, passes: 3, lanes: 1 };
    /// The cheapest there is. Protects nothing: for tests, and only where it is asked for by name.
    pub const FOR_TESTS: Cost = Cost { memory_kib: 8, passes: 1, lanes: 1 };
}

/// Why no key came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StretchError {
    /// Not a recipe, or one that asks for more than [`MEMORY_KIB_MAX`] or [`PASSES_MAX`].
    #[error("expected an Argon2id recipe such as `$argon2id$v=19$m=65536,t=3,p=1$<salt>`")]
    NotARecipe,
    /// The memory is not there.
    #[error("not enough memory to derive a key")]
    OutOfMemory,
}

/// How a secret is stretched: cost and salt. No secret itself; its text is kept with what it opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipe {
    cost: Cost,
    salt: [u8; SALT_BYTES],
}

impl Recipe {
    /// A recipe with a random salt.
    #[must_use]
    pub fn fresh(cost: Cost) -> Self {
        Self { cost, salt: random_bytes() }
    }

    /// A recipe read from its parts.
    ///
    /// # Errors
    /// [`StretchError::NotARecipe`] if the cost is out of bounds.
    pub fn new(cost: Cost, salt: [u8; SALT_BYTES]) -> Result<Self, StretchError> {
        let within =
            cost.memory_kib <= MEMORY_KIB_MAX && cost.passes <= PASSES_MAX && cost.lanes <= PASSES_MAX;
        if !within || Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32)).is_err() {
            return Err(StretchError::NotARecipe);
        }
        Ok(Self { cost, salt })
    }

    /// Its cost.
    #[must_use]
    pub fn cost(&self) -> Cost {
        self.cost
    }

    /// Its salt.
    #[must_use]
    pub fn salt(&self) -> &[u8; SALT_BYTES] {
        &self.salt
    }

    /// The key this secret gives.
    ///
    /// # Errors
    /// [`StretchError::OutOfMemory`].
    pub fn stretch(&self, secret: &str) -> Result<SealKey, StretchError> {
        let Cost { memory_kib, passes, lanes } = self.cost;
        let params =
            Params::new(memory_kib, passes, lanes, Some(32)).map_err(|_| StretchError::NotARecipe)?;
        let text: Zeroizing<String> = Zeroizing::new(secret.nfc().collect());
        let mut key = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(text.as_bytes(), &self.salt, &mut *key)
            .map_err(|_| StretchError::OutOfMemory)?;
        Ok(SealKey::from_bytes(*key))
    }
}

/// The PHC string without a hash.
impl fmt::Display for Recipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cost { memory_kib, passes, lanes } = self.cost;
        let salt = BASE64_NOPAD.encode(&self.salt);
        write!(f, "$argon2id$v=19$m={memory_kib},t={passes},p={lanes}${salt}")
    }
}

impl FromStr for Recipe {
    type Err = StretchError;

    fn from_str(text: &str) -> Result<Self, StretchError> {
        let read = || {
            let (costs, salt) = text.strip_prefix("$argon2id$v=19$")?.split_once('$')?;
            let mut costs = costs.split(',');
            let mut cost = |name| costs.next()?.strip_prefix(name)?.parse().ok();
            let cost = Cost { memory_kib: cost("m=")?, passes: cost("t=")?, lanes: cost("p=")? };
            let salt = BASE64_NOPAD.decode(salt.as_bytes()).ok()?.try_into().ok()?;
            Recipe::new(cost, salt).ok()
        };
        // One recipe has one text.
        read().filter(|recipe| recipe.to_string() == text).ok_or(StretchError::NotARecipe)
    }
}

/// A text to check a secret with later (PHC string, Argon2id).
///
/// # Errors
/// [`StretchError::OutOfMemory`].
pub fn secret_hash(secret: &str, cost: Cost) -> Result<String, StretchError> {
    let recipe = Recipe::fresh(cost);
    let key = recipe.stretch(secret)?;
    Ok(format!("{recipe}${}", BASE64_NOPAD.encode(key.expose())))
}

/// Whether `secret` is the one `hash` was made from. Compared in constant time.
///
/// # Errors
/// [`StretchError::NotARecipe`] if `hash` is not one of [`secret_hash`]; [`StretchError::OutOfMemory`].
pub fn secret_matches(hash: &str, secret: &str) -> Result<bool, StretchError> {
    let (recipe, wanted) = hash.rsplit_once('$').ok_or(StretchError::NotARecipe)?;
    let recipe: Recipe = recipe.parse()?;
    let wanted = BASE64_NOPAD.decode(wanted.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
    let wanted: [u8; 32] = wanted.ok_or(StretchError::NotARecipe)?;
    let found = recipe.stretch(secret)?;
    Ok(blake3::Hash::from_bytes(*found.expose()) == blake3::Hash::from_bytes(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_matches_its_own_hash_only() {
        let hash = secret_hash("Öffne dich", Cost::FOR_TESTS).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
        assert_eq!(secret_matches(&hash, "Öffne dich"), Ok(true));
        assert_eq!(secret_matches(&hash, "öffne dich"), Ok(false));
        assert_ne!(secret_hash("Öffne dich", Cost::FOR_TESTS).unwrap(), hash, "salted");
    }

    #[test]
    fn the_hash_is_the_one_every_argon2_program_computes() {
        use argon2::{PasswordHash, PasswordVerifier};
        let hash = secret_hash("Aktenzeichen", Cost::FOR_TESTS).unwrap();
        let parsed = PasswordHash::new(&hash).unwrap();
        assert!(Argon2::default().verify_password(b"Aktenzeichen", &parsed).is_ok());
    }

    #[test]
    fn a_recipe_that_asks_for_too_much_is_refused() {
        let salt = "AAAAAAAAAAAAAAAAAAAAAA";
        let read = |costs: &str| format!("$argon2id$v=19${costs}${salt}").parse::<Recipe>();
        assert!(read("m=65536,t=3,p=1").is_ok());
        for costs in [
            "m=4294967295,t=3,p=1",
            "m=65536,t=17,p=1",
            "m=65536,t=3,p=17",
            "m=1,t=1,p=1",
            "m=065536,t=3,p=1",
        ] {
            assert_eq!(read(costs), Err(StretchError::NotARecipe), "{costs}");
        }
    }
}
