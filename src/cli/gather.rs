//! What a path given to `ingest` names: the files to take in, and the places below it that are not taken, with the
//! reason. It opens no file.

use std::fs::DirEntry;
use std::path::{Path, PathBuf};

use super::disk;

/// What lies at a path or below it.
#[derive(Default)]
pub(super) struct Gathered {
    /// Files in the order of their names. What cannot be looked at is among them: it is refused when it is opened.
    pub(super) files: Vec<PathBuf>,
    /// Places that are not taken.
    pub(super) refused: Vec<NotTaken>,
}

/// A place that is not taken.
pub(super) struct NotTaken {
    pub(super) path: PathBuf,
    pub(super) why: String,
    pub(super) way_out: &'static str,
}

/// Gathers what a given path names. A link is followed if it was given itself or leads to a file; a link to a folder
/// that is found below is not, because it may lead out of what was given, or round in a circle.
pub(super) fn gather(given: &Path) -> Gathered {
    let mut gathered = Gathered::default();
    if given.is_dir() {
        gathered.folder(given);
    } else {
        gathered.files.push(given.to_owned());
    }
    gathered
}

impl Gathered {
    /// Everything in a folder but what is hidden.
    fn folder(&mut self, folder: &Path) {
        let entries = std::fs::read_dir(folder).and_then(|entries| entries.collect::<Result<Vec<_>, _>>());
        let mut entries = match entries {
            Ok(entries) => entries,
            Err(cause) => {
                let why = format!("der Ordner lässt sich nicht lesen: {}", disk::in_german(&cause));
                let way_out = "prüfen Sie die Rechte und erfassen Sie ihn dann eigens";
                return self.refused.push(NotTaken { path: folder.to_owned(), why, way_out });
            }
        };
        entries.sort_by_cached_key(DirEntry::path);
        for entry in entries.iter().filter(|entry| !is_hidden(entry)) {
            let (path, kind) = (entry.path(), entry.file_type());
            match kind {
                Ok(kind) if kind.is_dir() => self.folder(&path),
                Ok(kind) if kind.is_symlink() && path.is_dir() => {
                    let why = "es ist ein Verweis auf einen Ordner; ihm wird nicht gefolgt".to_owned();
                    let way_out = "nennen Sie den Ordner selbst, wenn auch er gemeint ist";
                    self.refused.push(NotTaken { path, why, way_out });
                }
                _ => self.files.push(path),
            }
        }
    }
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(b".")
}
