//! What lies in the folder of a delivery: every file, by its path from there. It opens none of them. Hidden files are no
//! part of a delivery, and a link to a folder is not followed: it may lead out of it, or round in a circle.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::cli::disk;
use crate::format::batch_manifest::Flaw;

/// Most files that are looked at: twice what a list can name.
const FILES_MAX: usize = 2_000_000;

/// Files that are there and that no list names, in the order of their names; and what could not be looked at.
pub(super) fn surplus(
    root: &Path,
    known: impl Fn(&str) -> bool,
    others: &[PathBuf],
) -> (BTreeSet<String>, Vec<Flaw>) {
    let others: BTreeSet<PathBuf> = others.iter().filter_map(|path| path.canonicalize().ok()).collect();
    let (mut found, mut flaws, mut seen) = (BTreeSet::new(), Vec::new(), 0);
    let mut waiting = vec![(root.to_owned(), String::new())];
    while let Some((folder, below)) = waiting.pop() {
        let entries = match std::fs::read_dir(&folder).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
            Ok(entries) => entries,
            Err(cause) => {
                let why = format!("der Ordner lässt sich nicht lesen: {}", disk::in_german(&cause));
                flaws.push(Flaw::whole(why, "prüfen Sie die Rechte").of(&below));
                continue;
            }
        };
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            let path = if below.is_empty() { name } else { format!("{below}/{name}") };
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if !is_folder && known(&path) {
                continue;
            }
            let is_other = entry.path().canonicalize().is_ok_and(|place| others.contains(&place));
            if is_other {
                continue;
            }
            seen += 1;
            if seen > FILES_MAX {
                let why = format!(
                    "im Ordner liegen mehr als {FILES_MAX} Dateien und Ordner, die nicht in der Liste stehen"
                );
                flaws.push(Flaw::whole(why, "legen Sie die Lieferung in einen eigenen Ordner"));
                return (found, flaws);
            }
            if is_folder {
                waiting.push((entry.path(), path));
            } else {
                found.insert(path);
            }
        }
    }
    (found, flaws)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_list_names_is_found_wherever_it_lies_but_not_what_is_hidden_or_known() {
        let root = tempfile::tempdir().unwrap();
        let write = |name: &str| {
            let path = root.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, name).unwrap();
        };
        for name in ["liste.csv", "a/1.tif", "a/2.tif", "a/b/3.tif", ".versteckt", "amt/x"] {
            write(name);
        }
        std::os::unix::fs::symlink(".", root.path().join("a/kreis")).unwrap();
        let others = ["liste.csv", "amt"].map(|name| root.path().join(name));
        let (found, flaws) = surplus(root.path(), |path| path == "a/1.tif", &others);
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["a/2.tif", "a/b/3.tif", "a/kreis"]);
        assert!(flaws.is_empty());
    }
}
