//! Opened to read: a vault on a medium that must not be changed, such as a backup that is checked or restored.
//!
//! Nothing is tidied up, nothing is locked, and nothing can be deposited or destroyed.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, RwLock};

use crate::disk::Disk;

use super::super::VaultError;
use super::super::manifest::{self, Condition, Log};
use super::super::stage::Nursery;
use super::super::volumes::{Appender, Volumes};
use super::{LocalVault, MANIFEST, ManifestState, OBJECTS, Opening, VOLUMES, Writer};

impl LocalVault {
    /// Opens the vault in this folder to read and to scrub; every change is refused as
    /// [`VaultError::Poisoned`]. None if it has no manifest.
    ///
    /// # Errors
    /// [`VaultError::UnknownVersion`] if a later program wrote it, [`VaultError::Io`].
    pub fn open_to_read(disk: &Disk, root: &Path) -> Result<Option<Self>, VaultError> {
        let path = root.join(MANIFEST);
        let found = manifest::read(disk, &path)?;
        let Some(manifest) = Log::to_read(disk, &path, &found)? else { return Ok(None) };
        let volumes = Arc::new(Volumes::new(disk.clone(), root.join(VOLUMES)));
        let state =
            if found.condition == Condition::Damaged { ManifestState::Damaged } else { ManifestState::Sound };
        // What lies behind the last record the manifest names was never acknowledged.
        let (last, end) = found.ends.last_key_value().map_or((0, 0), |(number, end)| (*number, *end));
        let writer = Writer {
            appender: Appender::new(Arc::clone(&volumes), last, end),
            manifest,
            poisoned: true,
            answers: HashMap::new(),
        };
        Ok(Some(Self {
            disk: disk.clone(),
            root: root.to_owned(),
            opening: Opening { manifest: state, adopted: 0, cut_bytes: 0 },
            volumes,
            nursery: Nursery::new(disk.clone(), root.join(OBJECTS)),
            objects: RwLock::new(found.objects),
            queue: Mutex::default(),
            writer: Mutex::new(writer),
            _lock: None,
        }))
    }
}
