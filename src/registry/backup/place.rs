//! The place of a backup: which folder may be one, and the few ways in which its files are written. A content
//! backup and a keyring backup never lie in each other nor in a registry: together they would be the registry.

use std::path::{Component, Path, PathBuf};

use jiff::Timestamp;

use crate::base::digest::Blake3;
use crate::base::seal::random_bytes;
use crate::disk::{Disk, DiskError, parent_of};
use crate::format::backup::Wing;
use crate::registry::Registry;
use crate::registry::error::{Answer, Error};

/// What a folder of ours is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A backup of the sealed contents.
    Content,
    /// A place for copies of the keyrings.
    Keys,
    /// A registry.
    Registry,
}

impl Kind {
    fn marker(self) -> &'static str {
        match self {
            Self::Content => "backup.txt",
            Self::Keys => "keys.txt",
            Self::Registry => "lock",
        }
    }

    fn first_line(self) -> &'static str {
        match self {
            Self::Content => "schriftgut-backup 1",
            Self::Keys => "schriftgut-keys 1",
            Self::Registry => "",
        }
    }

    fn german(self) -> &'static str {
        match self {
            Self::Content => "Sicherung der Inhalte",
            Self::Keys => "Sicherung der Schlüssel",
            Self::Registry => "Registratur",
        }
    }

    fn explanation(self) -> &'static str {
        match self {
            Self::Content => {
                "Sicherung der versiegelten Inhalte einer Registratur, ohne Schlüssel und ohne Suchindex.\n\
                 Prüfen: schriftgut backup check ORDNER\nWiederherstellen: schriftgut restore --help\n"
            }
            Self::Keys => {
                "Versiegelte Kopien des Schlüsselbunds, je Tag ein Ordner, höchstens 30 Tage alt.\n\
                 Nie zusammen mit der Sicherung der Inhalte aufbewahren; ohne Hauptschlüssel nutzlos.\n"
            }
            Self::Registry => "",
        }
    }

    /// What this folder is; none if it is nothing of ours.
    ///
    /// # Errors
    /// A fault if the disk does not say.
    pub(super) fn of(disk: &Disk, folder: &Path) -> Result<Option<Self>, DiskError> {
        for kind in [Self::Content, Self::Keys] {
            if disk.exists(&folder.join(kind.marker()))? {
                return Ok(Some(kind));
            }
        }
        let is_registry =
            disk.exists(&folder.join("schriftgut.toml"))? && disk.is_folder(&folder.join("keyring"))?;
        Ok(is_registry.then_some(Self::Registry))
    }
}

/// A folder that is a backup.
#[derive(Debug)]
pub(super) struct Place {
    disk: Disk,
    root: PathBuf,
}

impl Place {
    /// A folder to write to: a backup of this kind and registry already, or new, and in nobody's way.
    pub(super) fn claim(root: &Path, kind: Kind, registry: &Registry) -> Answer<Self> {
        let (disk, root) = (registry.disk.clone(), absolute(root)?);
        let refuse = |why: String| {
            Err(Error::mistake(
                format!("Nach {} kann nicht gesichert werden", root.display()),
                why,
                "nennen Sie einen eigenen Ordner auf einem anderen Datenträger",
            ))
        };
        let own = absolute(registry.layout.root())?;
        if root.starts_with(&own) || own.starts_with(&root) {
            return refuse("der Ordner liegt in der Registratur, oder sie in ihm".to_owned());
        }
        for above in root.ancestors().skip(1) {
            if let Some(other) = Kind::of(&disk, above)? {
                return refuse(format!("der Ordner liegt in einer {}", other.german()));
            }
        }
        let origin = registry.manifest.origin();
        let marker = [kind.first_line(), &origin, kind.explanation()].join("\n");
        match Kind::of(&disk, &root)? {
            Some(found) if found == kind => {
                let text = disk.read(&root.join(kind.marker()))?.unwrap_or_default();
                if String::from_utf8_lossy(&text).lines().nth(1) != Some(origin.as_str()) {
                    return refuse(format!("dort liegt die {} einer anderen Registratur", kind.german()));
                }
            }
            Some(other) => return refuse(format!("dort liegt eine {}", other.german())),
            None if !only_unfinished(&disk, &root, kind)? => {
                return refuse("der Ordner ist nicht leer".to_owned());
            }
            None => {
                disk.make_folder(&root)?;
                disk.put_durably(&root.join(kind.marker()), marker.as_bytes())?;
            }
        }
        Ok(Self { disk, root })
    }

    /// A folder to read from.
    pub(super) fn find(disk: &Disk, root: &Path, kind: Kind) -> Answer<Self> {
        if Kind::of(disk, root)? == Some(kind) {
            return Ok(Self { disk: disk.clone(), root: root.to_owned() });
        }
        Err(Error::mistake(
            format!("In {} liegt keine {}", root.display(), kind.german()),
            format!("die Datei {} fehlt", kind.marker()),
            "nennen Sie den Ordner, in den gesichert wurde",
        ))
    }

    pub(super) fn disk(&self) -> &Disk {
        &self.disk
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        if name.is_empty() { self.root.clone() } else { self.root.join(name) }
    }

    /// The names in one of its folders.
    pub(super) fn names(&self, folder: &str) -> Result<Vec<String>, DiskError> {
        self.disk.names(&self.path(folder))
    }

    /// A small file, none if it is not there.
    pub(super) fn read(&self, name: &str) -> Result<Option<Vec<u8>>, DiskError> {
        self.disk.read(&self.path(name))
    }

    /// Puts a small file in its place, in one rename.
    pub(super) fn put(&self, name: &str, bytes: &[u8]) -> Result<(), DiskError> {
        let path = self.path(name);
        self.disk.make_folder(parent_of(&path))?;
        self.disk.put_durably(&path, bytes)
    }

    /// Removes the files of one of its folders.
    pub(super) fn empty(&self, folder: &str) -> Result<(), DiskError> {
        for name in self.names(folder)? {
            self.disk.remove(&self.path(folder).join(name))?;
        }
        if self.disk.is_folder(&self.path(folder))? {
            self.disk.sync_folder(&self.path(folder))
        } else {
            Ok(())
        }
    }

    /// The file of a list of contents.
    pub(super) fn contents(&self, digest: &Blake3) -> PathBuf {
        self.path(&format!("contents-{}.txt", &digest.to_string()[..16]))
    }

    /// Lists of contents that the state no longer names.
    pub(super) fn remove_old_contents(&self, current: &Blake3) -> Result<(), DiskError> {
        let current = self.contents(current);
        for name in self.names("")?.into_iter().filter(|name| is_contents(name)) {
            let path = self.path(&name);
            if path != current {
                self.disk.remove(&path)?;
            }
        }
        self.disk.sync_folder(&self.root)
    }
}

/// Empty, or with nothing in it but a marker that was being written.
fn only_unfinished(disk: &Disk, root: &Path, kind: Kind) -> Result<bool, DiskError> {
    let unfinished = format!("{}{}", kind.marker(), crate::disk::TEMPORARY);
    Ok(disk.names(root)?.iter().all(|name| *name == unfinished))
}

/// A list of contents, perhaps unfinished.
pub(super) fn is_contents(name: &str) -> bool {
    name.starts_with("contents-") && (name.ends_with(".txt") || name.ends_with(crate::disk::TEMPORARY))
}

/// What users call a store of objects.
pub(super) fn german(wing: Wing) -> &'static str {
    match wing {
        Wing::Office => "Datenspeicher",
        Wing::Archive => "Archiv",
    }
}

/// Backups tell the time to the second.
pub(super) fn to_the_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// The path without links and dots, as far as it exists.
pub(super) fn absolute(path: &Path) -> std::io::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
        if let Ok(real) = plain.canonicalize() {
            plain = real;
        }
    }
    Ok(plain)
}

/// Overwrites every file below a folder with random bytes, syncs, and removes it all. For keys.
pub(super) fn destroy_folder(disk: &Disk, folder: &Path) -> Answer<()> {
    for name in disk.names(folder)? {
        let path = folder.join(name);
        if disk.is_folder(&path)? {
            destroy_folder(disk, &path)?;
        } else {
            destroy_file(disk, &path)?;
        }
    }
    if disk.is_folder(folder)? {
        disk.sync_folder(folder)?;
    }
    // What is left are empty folders.
    disk.remove_folder(folder)?;
    Ok(disk.sync_folder(parent_of(folder))?)
}

fn destroy_file(disk: &Disk, path: &Path) -> Result<(), DiskError> {
    let Some(file) = disk.open_for_change(path)? else { return Ok(()) };
    let (mut at, length) = (0, file.len()?);
    while at < length {
        let noise = random_bytes::<4096>();
        let piece = (length - at).min(noise.len() as u64) as usize;
        file.write_at(&noise[..piece], at)?;
        at += piece as u64;
    }
    file.sync()?;
    disk.remove(path).map(drop)
}
