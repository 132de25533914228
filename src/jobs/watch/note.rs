//! The note (Laufzettel): a hidden file in the watched folder that says under which id each file is about to be taken in.
//! It is durable before the first of them is; so after a kill the registry can be asked what became of each, and what it
//! acknowledged is put away instead of being taken in again. It holds names that lie beside it anyway, and is empty
//! between rounds. Whoever holds it has the folder to himself.
//!
//! A line each: `+ ID SIZE PATH` for a file about to be taken in, `- ID` once it is put away. A line that was cut short
//! is one that nobody acted upon.

use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use crate::domain::ids::DocumentId;

/// What it is called.
const NAME: &str = ".schriftgut-laufzettel";
/// Largest note that is read: lines for some hundred thousand files.
const BYTES_MAX: u64 = 64 << 20;
/// A note that is longer than this is written anew even if something of it is left.
const TIDIED_BYTES: u64 = 1 << 20;

/// A file that is about to be taken in, or was and is not put away yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::jobs) struct Line {
    pub(in crate::jobs) id: DocumentId,
    pub(in crate::jobs) size_bytes: u64,
    /// From the watched folder.
    pub(in crate::jobs) path: PathBuf,
}

/// The note of a folder, in our hands.
#[derive(Debug)]
pub(in crate::jobs) struct Note {
    file: File,
    /// It ends in the midst of a line.
    is_torn: bool,
}

impl Note {
    /// Takes it in hand; none if somebody else has it.
    pub(in crate::jobs) fn of(root: &Path) -> io::Result<Option<Self>> {
        let path = root.join(NAME);
        let is_new = !path.exists();
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .custom_flags(flags(OFlags::NOFOLLOW | OFlags::NONBLOCK))
            .open(&path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            // A share that knows no locks: two watchers of one folder are then nobody's fault but their owner's.
            Err(TryLockError::Error(cause)) if cause.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(cause)) => return Err(cause),
        }
        if is_new {
            sync(root)?;
        }
        Ok(Some(Self { file, is_torn: false }))
    }

    /// What was to be taken in and is not known to be put away, in order.
    pub(in crate::jobs) fn lines(&mut self) -> io::Result<Vec<Line>> {
        if self.file.metadata()?.len() > BYTES_MAX {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(0))?;
        self.file.read_to_end(&mut bytes)?;
        self.is_torn = !bytes.is_empty() && !bytes.ends_with(b"\n");
        Ok(read(&bytes))
    }

    /// Notes what is about to be taken in, durable on return.
    pub(in crate::jobs) fn begin<'a>(&mut self, lines: impl Iterator<Item = &'a Line>) -> io::Result<()> {
        let torn = if std::mem::take(&mut self.is_torn) { "\n" } else { "" };
        let text: String = std::iter::once(torn.to_owned()).chain(lines.map(in_a_line)).collect();
        let written = self.file.write_all(text.as_bytes()).and_then(|()| self.file.sync_all());
        self.is_torn = written.is_err();
        written
    }

    /// Notes that a file is put away. Not durable at once: after a power cut it is looked for again.
    /// So it may fail as well: the end of the round forgets the line anyway.
    pub(in crate::jobs) fn settle(&mut self, id: DocumentId) {
        let torn = if std::mem::take(&mut self.is_torn) { "\n" } else { "" };
        self.is_torn = self.file.write_all(format!("{torn}- {id}\n").as_bytes()).is_err();
    }

    /// Ends a round: what is left is kept, and all else forgotten. Needs room only where much has gathered.
    pub(in crate::jobs) fn finish(&mut self, left: &[Line]) -> io::Result<()> {
        let length = self.file.metadata()?.len();
        if length == 0 || !left.is_empty() && length < TIDIED_BYTES {
            return Ok(());
        }
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0))?;
        self.is_torn = false;
        self.begin(left.iter())
    }
}

/// Makes names in a folder durable. A share that cannot say so has done what it can.
pub(in crate::jobs) fn sync(folder: &Path) -> io::Result<()> {
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        Err(cause) if !matches!(cause.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => {
            Err(cause)
        }
        _ => Ok(()),
    }
}

/// Flags as the standard library wants them.
pub(in crate::jobs) fn flags(flags: OFlags) -> i32 {
    flags.bits().cast_signed()
}

fn in_a_line(line: &Line) -> String {
    let path = line.path.to_string_lossy().replace('%', "%25").replace('\n', "%0A").replace('\r', "%0D");
    format!("+ {} {} {path}\n", line.id, line.size_bytes)
}

fn read(bytes: &[u8]) -> Vec<Line> {
    let mut lines: Vec<Option<Line>> = Vec::new();
    let mut places = HashMap::new();
    let whole = bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n"));
    for line in whole.filter_map(|line| std::str::from_utf8(line).ok()) {
        let line = line.trim_end_matches('\n');
        if let Some(id) = line.strip_prefix("- ").and_then(|id| id.parse::<DocumentId>().ok()) {
            if let Some(place) = places.remove(&id) {
                lines[place] = None;
            }
        } else if let Some(line) = line.strip_prefix("+ ").and_then(line_from) {
            places.insert(line.id, lines.len());
            lines.push(Some(line));
        }
    }
    lines.into_iter().flatten().collect()
}

fn line_from(text: &str) -> Option<Line> {
    let mut parts = text.splitn(3, ' ');
    let (id, size, path) = (parts.next()?, parts.next()?, parts.next()?);
    let path = PathBuf::from(path.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%"));
    // It lies below the watched folder, whoever wrote this.
    let is_below = path.components().all(|part| matches!(part, std::path::Component::Normal(_)));
    let is_below = is_below && path.file_name().is_some();
    is_below.then_some(Line { id: id.parse().ok()?, size_bytes: size.parse().ok()?, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDS: [&str; 2] = ["1b4e28ba-2fa1-41d2-883f-0016d3cca427", "2b4e28ba-2fa1-41d2-883f-0016d3cca427"];

    fn line(number: usize, path: &str) -> Line {
        Line { id: IDS[number].parse().unwrap(), size_bytes: 7, path: path.into() }
    }

    #[test]
    fn what_is_written_down_is_read_again_whatever_it_is_called() {
        let folder = tempfile::tempdir().unwrap();
        let all = [line(0, "a b/100 % Ä\n%0A.pdf"), line(1, "b.pdf")];
        let mut note = Note::of(folder.path()).unwrap().unwrap();
        note.begin(all.iter()).unwrap();
        assert_eq!(note.lines().unwrap(), all);
        assert!(Note::of(folder.path()).unwrap().is_none(), "somebody has it");
        note.settle(all[0].id);
        drop(note);
        let mut note = Note::of(folder.path()).unwrap().unwrap();
        assert_eq!(note.lines().unwrap(), all[1..]);
        note.file.write_all(b"+ 1b4e").unwrap(); // the power went
        assert_eq!(note.lines().unwrap(), all[1..]);
        note.begin(all[..1].iter()).unwrap();
        assert_eq!(note.lines().unwrap(), [line(1, "b.pdf"), all[0].clone()]);
        note.finish(&all[1..]).unwrap();
        assert_eq!(note.lines().unwrap().len(), 2, "something is left, and it is short");
        note.finish(&[]).unwrap();
        assert_eq!(note.lines().unwrap(), []);
    }

    #[test]
    fn a_line_that_was_cut_short_or_leads_out_of_the_folder_is_none() {
        let whole = in_a_line(&line(0, "a.pdf"));
        for cut in 0..whole.len() {
            assert_eq!(read(&whole.as_bytes()[..cut]), [], "{cut}");
        }
        for path in ["../a.pdf", "/etc/passwd", "a/../../b", ""] {
            assert_eq!(read(format!("+ {} 7 {path}\n", IDS[0]).as_bytes()), [], "{path}");
        }
    }
}
