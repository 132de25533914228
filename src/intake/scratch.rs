//! A folder in memory for one conversion, gone with it. The plain bytes of a document lie in it while the office program reads
//! them, so it is made on a file system that has no disk beneath (`tmpfs`), or not at all. May not be used for anything else.
//!
//! Whoever made it holds a lock on it. A folder nobody holds is what a killed program left behind, and goes with the next one.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::fs::{FlockOperation, flock, fstat, statfs};

/// Shared memory as a folder: on every Linux, and never a disk.
const PLACE: &str = "/dev/shm";
/// How the names of these folders begin.
const PREFIX: &str = "schriftgut-lesefassung-";
/// What `statfs` says of a file system in memory (`TMPFS_MAGIC`).
const IN_MEMORY: u64 = 0x0102_1994;
/// Names that are tried; one is taken only if somebody else's program of our number left it.
const NAMES_MAX: u32 = 100;

static NEXT: AtomicU64 = AtomicU64::new(0);

/// See the module documentation.
#[derive(Debug)]
pub(super) struct Scratch {
    path: PathBuf,
    /// Holds the lock until the folder is gone.
    _held: File,
}

impl Scratch {
    /// A new folder, for this user alone.
    pub(super) fn make() -> io::Result<Self> {
        let place = Path::new(PLACE);
        if u64::try_from(statfs(place)?.f_type).ok() != Some(IN_MEMORY) {
            return Err(io::ErrorKind::Unsupported.into());
        }
        sweep(place);
        for _ in 0..NAMES_MAX {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = place.join(format!("{PREFIX}{}-{number}", std::process::id()));
            match DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(error),
            }
            if let Some(held) = hold(&path)? {
                return Ok(Self { path, _held: held });
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What could not be removed is, by the next one.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// The lock on a folder; none if somebody else has it, or swept the folder away before it was held.
fn hold(path: &Path) -> io::Result<Option<File>> {
    let folder = match File::open(path) {
        Ok(folder) => folder,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let is_held = flock(&folder, FlockOperation::NonBlockingLockExclusive).is_ok();
    Ok((is_held && fstat(&folder)?.st_nlink > 0).then_some(folder))
}

/// Removes what killed programs of this user left behind. What others left is theirs.
fn sweep(place: &Path) {
    let Ok(entries) = fs::read_dir(place) else { return };
    for entry in entries.flatten() {
        if !entry.file_name().to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        if let Ok(Some(_held)) = hold(&entry.path()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_gone_with_its_owner_and_what_a_killed_one_left_with_the_next() {
        let Ok(first) = Scratch::make() else {
            assert!(std::env::var_os("CI").is_none(), "in CI there is a file system in memory");
            println!("skipped: {PLACE} is not in memory");
            return;
        };
        fs::write(first.path().join("x"), "y").unwrap();
        // A killed program holds nothing any more: its lock went with it.
        let left = Path::new(PLACE).join(format!("{PREFIX}test-{}", std::process::id()));
        fs::create_dir(&left).unwrap();
        fs::write(left.join("x"), "y").unwrap();
        let second = Scratch::make().unwrap();
        assert!(!left.exists(), "nobody held it");
        assert!(first.path().join("x").exists(), "somebody holds it");
        assert_ne!(first.path(), second.path());
        let path = first.path().to_owned();
        drop(first);
        assert!(!path.exists());
    }
}
