//! The place of a backup: which folder may be one, and the few ways in which its files are written. A content
//! backup and a keyring backup never lie in each other nor in a registry: together they would be the registry.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Component, Path, PathBuf};

use jiff::Timestamp;

use crate::base::digest::Blake3;
use crate::base::seal::random_bytes;
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
    pub(super) fn of(folder: &Path) -> Option<Self> {
        let found = [Self::Content, Self::Keys].into_iter().find(|kind| folder.join(kind.marker()).is_file());
        let registry = || folder.join("schriftgut.toml").is_file() && folder.join("keyring").is_dir();
        found.or_else(|| registry().then_some(Self::Registry))
    }
}

/// A folder that is a backup.
#[derive(Debug)]
pub(super) struct Place {
    root: PathBuf,
}

impl Place {
    /// A folder to write to: a backup of this kind and registry already, or new, and in nobody's way.
    pub(super) fn claim(root: &Path, kind: Kind, registry: &Registry) -> Answer<Self> {
        let root = absolute(root)?;
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
            if let Some(other) = Kind::of(above) {
                return refuse(format!("der Ordner liegt in einer {}", other.german()));
            }
        }
        let origin = registry.manifest.origin();
        let marker = [kind.first_line(), &origin, kind.explanation()].join("\n");
        match Kind::of(&root) {
            Some(found) if found == kind => {
                let text = fs::read_to_string(root.join(kind.marker()))?;
                if text.lines().nth(1) != Some(origin.as_str()) {
                    return refuse(format!("dort liegt die {} einer anderen Registratur", kind.german()));
                }
            }
            Some(other) => return refuse(format!("dort liegt eine {}", other.german())),
            None if !names(&root)?.is_empty() => return refuse("der Ordner ist nicht leer".to_owned()),
            None => {
                make_private_folder(&root)?;
                put(&root.join(kind.marker()), marker.as_bytes())?;
            }
        }
        Ok(Self { root })
    }

    /// A folder to read from.
    pub(super) fn find(root: &Path, kind: Kind) -> Answer<Self> {
        if Kind::of(root) == Some(kind) {
            return Ok(Self { root: root.to_owned() });
        }
        Err(Error::mistake(
            format!("In {} liegt keine {}", root.display(), kind.german()),
            format!("die Datei {} fehlt", kind.marker()),
            "nennen Sie den Ordner, in den gesichert wurde",
        ))
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// A small file, none if it is not there.
    pub(super) fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.path(name)) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            read => read.map(Some),
        }
    }

    /// Puts a small file in its place, in one rename.
    pub(super) fn put(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.path(name);
        if let Some(folder) = path.parent() {
            make_private_folder(folder)?;
        }
        put(&path, bytes)
    }

    pub(super) fn remove_folder(&self, name: &str) -> io::Result<()> {
        match fs::remove_dir_all(self.path(name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// The file of a list of contents.
    pub(super) fn contents(&self, digest: &Blake3) -> PathBuf {
        self.path(&format!("contents-{}.txt", &digest.to_string()[..16]))
    }

    /// Lists of contents that the state no longer names.
    pub(super) fn remove_old_contents(&self, current: &Blake3) -> io::Result<()> {
        let current = self.contents(current);
        for name in names(&self.root)?.into_iter().filter(|name| is_contents(name)) {
            let path = self.path(&name);
            if path != current {
                fs::remove_file(path)?;
            }
        }
        sync_folder(&self.root)
    }
}

/// A list of contents, perhaps unfinished.
pub(super) fn is_contents(name: &str) -> bool {
    name.starts_with("contents-") && (name.ends_with(".txt") || name.ends_with(".tmp"))
}

/// What users call a store of objects.
pub(super) fn german(wing: Wing) -> &'static str {
    match wing {
        Wing::Office => "Datenspeicher",
        Wing::Archive => "Archiv",
    }
}

/// Now, to the second.
pub(super) fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

/// The names in a folder, sorted; none if it is not there.
pub(super) fn names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut names =
        entries.map(|e| Ok(e?.file_name().to_string_lossy().into_owned())).collect::<io::Result<Vec<_>>>()?;
    names.sort_unstable();
    Ok(names)
}

/// The path without links and dots, as far as it exists.
pub(super) fn absolute(path: &Path) -> io::Result<PathBuf> {
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

/// Makes a folder for the owner alone, durably; no error if it is there.
pub(super) fn make_private_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    if folder.is_dir() {
        return Ok(());
    }
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    folder.parent().map_or(Ok(()), sync_folder)
}

/// Temporary file in the same folder → write → fsync → rename → fsync folder.
pub(super) fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut beside = path.as_os_str().to_owned();
    beside.push(".tmp");
    let beside = PathBuf::from(beside);
    let mut file = File::options().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Makes the names in a folder durable.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    File::open(folder)?.sync_all()
}

/// Overwrites every file below a folder with random bytes, syncs, and removes it all. For keys.
pub(super) fn destroy_folder(folder: &Path) -> io::Result<()> {
    for name in names(folder)? {
        let path = folder.join(name);
        let kind = fs::symlink_metadata(&path)?;
        if kind.is_dir() {
            destroy_folder(&path)?;
        } else {
            destroy_file(&path, kind.len())?;
        }
    }
    fs::remove_dir(folder)?;
    folder.parent().map_or(Ok(()), sync_folder)
}

fn destroy_file(path: &Path, length: u64) -> io::Result<()> {
    let mut file = File::options().write(true).open(path)?;
    let mut left = length;
    while left > 0 {
        let noise = random_bytes::<4096>();
        let piece = left.min(noise.len() as u64) as usize;
        file.write_all(&noise[..piece])?;
        left -= piece as u64;
    }
    file.sync_all()?;
    fs::remove_file(path)
}
