//! Opens a file of the watched folder for being taken in, and sees to it that what is read is what came to rest: a file
//! that is written to meanwhile is not taken in half. It may not follow links: whoever may write into the folder must
//! not get at what he cannot read himself.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::io::Errno;

use super::look::Print;
use super::put_away::open;
use crate::registry::{PlannedId, Source, Target};

/// Why a file could not be read this time, though it may be later.
#[derive(Debug)]
pub(super) enum Hindrance {
    /// It changed since it came to rest.
    Changed,
    /// It is gone.
    Gone,
    /// The drive or the network does not answer.
    Flaky(io::Error),
}

/// What was in the way of each file, by its name.
pub(super) type Hindrances = Arc<Mutex<HashMap<String, Hindrance>>>;

/// A file that is about to be taken in.
pub(super) struct Settled {
    pub(super) id: PlannedId,
    /// From the watched folder, as text.
    pub(super) name: String,
    pub(super) print: Print,
}

impl Settled {
    /// As the registry takes it in.
    pub(super) fn into_source(
        self,
        root: Arc<PathBuf>,
        target: Option<Target>,
        hindrances: Hindrances,
    ) -> (PlannedId, Source) {
        let Self { id, name, print } = self;
        let file_name = name.rsplit('/').next().unwrap_or_default().to_owned();
        let of = name.clone();
        let open = Box::new(move || {
            let note = Noting { name: of.clone(), hindrances: Arc::clone(&hindrances) };
            match steady(&root, Path::new(&of), print) {
                Ok(file) => Ok(Box::new(Steady { file, print, note }) as Box<dyn Read>),
                Err(cause) => Err(note.hindered(cause)),
            }
        });
        (id, Source { name, file_name, target, open })
    }
}

/// Opens it, if it is still the file that was looked at, in the folder that was looked at.
fn steady(root: &Path, path: &Path, print: Print) -> io::Result<File> {
    let folder = path.parent().unwrap_or(Path::new(""));
    if root.join(folder).canonicalize()? != root.join(folder) {
        return Err(changed()); // a folder became a link
    }
    let file = open(&root.join(path))?;
    let metadata = file.metadata()?;
    if !metadata.is_file() || Print::from(&metadata) != print {
        return Err(changed());
    }
    Ok(file)
}

fn changed() -> io::Error {
    io::Error::new(ErrorKind::ResourceBusy, Changed)
}

/// Said to ourselves only.
#[derive(Debug)]
struct Changed;

impl std::fmt::Display for Changed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the file changed while it was read")
    }
}

impl std::error::Error for Changed {}

/// A file that must not change until its end was read.
struct Steady {
    file: File,
    print: Print,
    note: Noting,
}

impl Read for Steady {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer).map_err(|cause| match cause.kind() {
            ErrorKind::Interrupted => cause,
            _ => self.note.hindered(cause),
        })?;
        if read == 0 && !buffer.is_empty() && Print::from(&self.file.metadata()?) != self.print {
            return Err(self.note.hindered(changed()));
        }
        Ok(read)
    }
}

struct Noting {
    name: String,
    hindrances: Hindrances,
}

impl Noting {
    /// Notes a cause that may go away by itself, and hands it on. What will not is for the registry to put into words.
    fn hindered(&self, cause: io::Error) -> io::Error {
        let hindrance = match cause.kind() {
            _ if cause.get_ref().is_some_and(|inner| inner.is::<Changed>()) => Hindrance::Changed,
            ErrorKind::NotFound | ErrorKind::NotADirectory => Hindrance::Gone,
            _ if cause.raw_os_error() == Some(Errno::LOOP.raw_os_error()) => Hindrance::Gone, // a link now
            ErrorKind::PermissionDenied | ErrorKind::Unsupported => return cause,
            kind => Hindrance::Flaky(
                cause.raw_os_error().map_or_else(|| kind.into(), io::Error::from_raw_os_error),
            ),
        };
        self.hindrances.lock().unwrap_or_else(PoisonError::into_inner).insert(self.name.clone(), hindrance);
        cause
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    fn read(root: &Path, name: &str, meanwhile: impl FnOnce()) -> (Option<Vec<u8>>, Option<Hindrance>) {
        let path = root.join(name);
        let print = Print::from(&fs::metadata(&path).unwrap());
        let settled = Settled { id: PlannedId::draw(), name: name.to_owned(), print };
        let hindrances = Hindrances::default();
        let root = Arc::new(root.canonicalize().unwrap());
        let (_, source) = settled.into_source(root, None, Arc::clone(&hindrances));
        meanwhile();
        let mut bytes = Vec::new();
        let read = (source.open)().and_then(|mut file| file.read_to_end(&mut bytes));
        let hindrance = hindrances.lock().unwrap().remove(name);
        (read.ok().map(|_| bytes), hindrance)
    }

    #[test]
    fn a_file_is_read_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a.txt");
        fs::write(&place, "Antrag").unwrap();
        assert!(matches!(read(folder.path(), "a.txt", || {}), (Some(bytes), None) if bytes == b"Antrag"));
        let grows = || fs::write(&place, "Antrag mit Anlage").unwrap();
        assert!(matches!(read(folder.path(), "a.txt", grows), (None, Some(Hindrance::Changed))));
        let goes = || fs::remove_file(&place).unwrap();
        assert!(matches!(read(folder.path(), "a.txt", goes), (None, Some(Hindrance::Gone))));
    }

    #[test]
    fn whoever_puts_a_link_in_the_place_of_a_file_or_its_folder_gets_nothing_read() {
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let secret = elsewhere.path().join("a.txt");
        fs::write(&secret, "Geheim").unwrap();
        fs::create_dir(folder.path().join("tief")).unwrap();
        for name in ["a.txt", "tief/a.txt"] {
            fs::write(folder.path().join(name), "Antrag").unwrap();
        }
        let file_goes = || {
            fs::remove_file(folder.path().join("a.txt")).unwrap();
            symlink(&secret, folder.path().join("a.txt")).unwrap();
        };
        assert!(matches!(read(folder.path(), "a.txt", file_goes), (None, Some(_))));
        let folder_goes = || {
            fs::remove_dir_all(folder.path().join("tief")).unwrap();
            symlink(elsewhere.path(), folder.path().join("tief")).unwrap();
        };
        assert!(matches!(read(folder.path(), "tief/a.txt", folder_goes), (None, Some(_))));
    }
}
