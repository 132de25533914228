//! The keyring: one small random key per record, and the power to forget it.
//!
//! A record is destroyed by forgetting its key. Nothing but the 32 bytes of an *epoch key* has to be
//! physically destroyed for that: record keys are sealed in pages, page keys in the root, the root
//! under the epoch key, and [`Keyring::forget`] writes the pages concerned and the root anew under a
//! new epoch key before it destroys the old one. Every older image of pages and root, wherever it
//! lies, is then useless. On media that do not truly overwrite (SSD, copy-on-write, journals) the
//! destruction of those 32 bytes is best effort, as long as the master secret lives; the certificate
//! says so.
//!
//! ```text
//! MasterSecret ── seals ──> epoch-<n>.key ── seals ──> root-<n> ── seals ──> page-<no>-<gen>
//!  key file or passphrase,   32 bytes, the only          page keys            frames: (KeyId, key)
//!  2-of-3 recovery sheet     thing ever destroyed
//! ```
//!
//! What this layer does not know: what a record is, whether it may go ([`DestructionWarrant`] says
//! so), where keyring backups are kept and when they expire. It never writes a key unsealed, never
//! prints one, and keeps **no list of forgotten ids**: an id that was forgotten looks as if it had
//! never been there, and adding it again makes a new, unrelated key. Ids are UUIDs that are never
//! given twice, so this never happens to a record.
//!
//! Memory: all keys are held, about 100 bytes each (an entry of 48 and its share of the look-up
//! table); 2.2 million keys take about 220 MB. They are wiped when dropped, but pages of memory may
//! be swapped out: swap must be encrypted or off.
//!
//! Beside the keyring stand [`recovery`] (the master secret on paper, 2 of 3), and [`person_key`]
//! (people's own signing keys, sealed under their secret).
//!
//! Format: `schema/formats/keyring.md`, `schema/formats/recovery-sheet.md`.
//!
//! [`DestructionWarrant`]: crate::domain::disposal::DestructionWarrant

mod backup;
mod error;
mod folder;
mod forget;
mod groups;
mod held;
mod layout;
mod load;
mod master;
pub mod person_key;
pub mod recovery;
mod ring;
pub mod stretch;
#[cfg(test)]
mod tests;

pub use backup::{KeyringAudit, KeyringBackup};
pub use error::{KeyringError, KeyringFlaw};
pub use forget::Forgotten;
pub use layout::{KEYRING_VERSION, KEYS_PER_PAGE, PAGES_MAX};
pub use master::MasterSecret;
pub use ring::Keyring;
