//! The master secret: the one thing that is kept outside the keyring.
//!
//! It lies in a key file (one machine) or comes from a passphrase; on paper it is a recovery sheet
//! ([`super::recovery`]). Whoever has it and the keyring's files can read every record that lives.

use std::fmt;
use std::path::Path;

use data_encoding::HEXLOWER;
use zeroize::Zeroizing;

use super::error::KeyringError;
use super::folder::Folder;
use super::layout::MasterCheck;
use super::stretch::{Recipe, StretchError};
use crate::base::seal::SealKey;
use crate::disk::{Disk, parent_of};

/// What a key file begins with. The line goes on with 64 digits of secret and 8 of checksum.
const KEY_FILE_START: &str = "schriftgut-master-secret-v1";
const WRAP_PURPOSE: &str = "schriftgut 2026 keyring v1: seals epoch keys";
const CHECK_PURPOSE: &str = "schriftgut 2026 keyring v1: tells master secrets apart";
const KEY_FILE_PURPOSE: &str = "schriftgut 2026 keyring v1: checksum of a key file";

/// 32 secret bytes, wiped when dropped and never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct MasterSecret(SealKey);

impl MasterSecret {
    /// A fresh random secret.
    #[must_use]
    pub fn random() -> Self {
        Self(SealKey::random())
    }

    /// A secret from bytes that came from a place of trust.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(SealKey::from_bytes(bytes))
    }

    /// The secret that this passphrase gives under this recipe (which is no secret and is kept beside
    /// the keyring: without it the passphrase is lost). Takes about a tenth of a second.
    ///
    /// # Errors
    /// [`StretchError`] if the memory for it is not there.
    pub fn from_passphrase(passphrase: &str, recipe: &Recipe) -> Result<Self, StretchError> {
        recipe.stretch(passphrase).map(Self)
    }

    /// Writes a new key file, durable on return, readable by its owner alone (0600).
    ///
    /// # Errors
    /// [`KeyringError::AlreadyThere`] if there is a file of that name; [`KeyringError::Io`].
    pub fn write_key_file(&self, disk: &Disk, path: &Path) -> Result<(), KeyringError> {
        let (folder, name) = place_of(disk, path)?;
        if folder.has(&name)? {
            return Err(KeyringError::AlreadyThere { dir: path.to_owned() });
        }
        folder.put(&name, self.key_file_line().as_bytes())?;
        folder.sync()
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// [`KeyringError::NotAKeyFile`] if it is not one or a digit was changed; [`KeyringError::Io`].
    pub fn read_key_file(disk: &Disk, path: &Path) -> Result<Self, KeyringError> {
        let (folder, name) = place_of(disk, path)?;
        let missing = || KeyringError::Io {
            doing: "reading",
            path: path.to_owned(),
            source: std::io::Error::from(std::io::ErrorKind::NotFound).into(),
        };
        let bytes = Zeroizing::new(folder.read(&name)?.ok_or_else(missing)?);
        Self::from_key_file_line(&bytes).ok_or_else(|| KeyringError::NotAKeyFile { path: path.to_owned() })
    }

    fn key_file_line(&self) -> Zeroizing<String> {
        let secret = Zeroizing::new(HEXLOWER.encode(self.expose()));
        let sum = HEXLOWER.encode(&self.sum(KEY_FILE_PURPOSE)[..4]);
        Zeroizing::new(format!("{KEY_FILE_START} {} {sum}\n", *secret))
    }

    fn from_key_file_line(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let mut words = text.split_whitespace().skip(1);
        let secret = Zeroizing::new(HEXLOWER.decode(words.next()?.as_bytes()).ok()?);
        let found = Self::from_bytes(secret.as_slice().try_into().ok()?);
        (found.key_file_line().trim_end() == text.trim_end()).then_some(found)
    }

    /// The secret itself. Hand it to a cipher or the recovery sheet, never to a log.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        self.0.expose()
    }

    /// The key that seals epoch keys.
    pub(super) fn wrap_key(&self) -> SealKey {
        self.0.derive(WRAP_PURPOSE)
    }

    /// Tells this secret from others, and gives nothing away about it.
    pub(super) fn check(&self) -> MasterCheck {
        self.sum(CHECK_PURPOSE)
    }

    /// Eight bytes that are a one-way function of the secret, for one purpose.
    pub(super) fn sum(&self, purpose: &str) -> [u8; 8] {
        let derived = self.0.derive(purpose);
        let mut sum = [0; 8];
        sum.copy_from_slice(&derived.expose()[..8]);
        sum
    }
}

impl fmt::Debug for MasterSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterSecret(…)")
    }
}

/// The folder and the name of a file.
fn place_of(disk: &Disk, path: &Path) -> Result<(Folder, String), KeyringError> {
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| KeyringError::NotAKeyFile { path: path.to_owned() })?;
    Ok((Folder::on(disk, parent_of(path)), name.to_owned()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::super::stretch::Cost;
    use super::*;

    #[test]
    fn a_key_file_gives_back_the_secret_and_is_for_its_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("master.key");
        let master = MasterSecret::random();
        master.write_key_file(&Disk::real(), &path).unwrap();
        assert_eq!(MasterSecret::read_key_file(&Disk::real(), &path).unwrap(), master);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let again = MasterSecret::random().write_key_file(&Disk::real(), &path);
        assert!(matches!(again, Err(KeyringError::AlreadyThere { .. })), "a key file is never overwritten");
        assert_eq!(MasterSecret::read_key_file(&Disk::real(), &path).unwrap(), master);
    }

    #[test]
    fn a_changed_key_file_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("master.key");
        MasterSecret::random().write_key_file(&Disk::real(), &path).unwrap();
        let good = std::fs::read(&path).unwrap();
        for at in 0..good.len() - 1 {
            let mut bad = good.clone();
            bad[at] ^= 1;
            std::fs::write(&path, &bad).unwrap();
            let read = MasterSecret::read_key_file(&Disk::real(), &path);
            assert!(matches!(read, Err(KeyringError::NotAKeyFile { .. })), "byte {at}");
        }
    }

    #[test]
    fn a_passphrase_gives_the_same_secret_under_the_same_recipe_only() {
        let recipe = Recipe::fresh(Cost::FOR_TESTS);
        let stored: Recipe = recipe.to_string().parse().unwrap();
        let master = MasterSecret::from_passphrase("Grüne Akten, 12 Stück", &recipe).unwrap();
        assert_eq!(MasterSecret::from_passphrase("Grüne Akten, 12 Stück", &stored).unwrap(), master);
        // The same text typed on a keyboard that composes its umlauts.
        assert_eq!(
            MasterSecret::from_passphrase("Gru\u{308}ne Akten, 12 Stu\u{308}ck", &stored).unwrap(),
            master
        );
        assert_ne!(MasterSecret::from_passphrase("grüne Akten, 12 Stück", &stored).unwrap(), master);
        let other = Recipe::fresh(Cost::FOR_TESTS);
        assert_ne!(MasterSecret::from_passphrase("Grüne Akten, 12 Stück", &other).unwrap(), master);
    }

    #[test]
    fn a_master_secret_is_never_printed() {
        assert_eq!(format!("{:?}", MasterSecret::random()), "MasterSecret(…)");
    }
}
