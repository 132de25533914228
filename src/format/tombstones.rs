//! The register of destructions (Vernichtungsverzeichnis, `schema/formats/backup.md`): what was destroyed, to be
//! kept outside the registry and its backups, so that a restored backup cannot bring it back. Ids and counts, no
//! content. A checkpoint, whose extension lines name the register by its digest, stands at its end.

use std::fmt::Write as _;
use std::str::{FromStr, Lines};

use jiff::civil::Date;

use super::FormatError;
use crate::base::digest::Sha256;
use crate::domain::disposal::Condemned;
use crate::domain::event::DestructionCounts;
use crate::domain::ids::{CaseFileId, DisposalListId, DocumentId};

/// The version that is written.
pub const TOMBSTONES_VERSION: u32 = 1;
/// The line between the register and its checkpoint.
const RULE: &str = "checkpoint\n";

/// A list that was carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// The list.
    pub list: DisposalListId,
    /// The day it was carried out.
    pub on: Date,
    /// SHA-256 of its certificate.
    pub certificate: Sha256,
    /// The files that went.
    pub files: Vec<Condemned>,
}

/// What the extension lines of the checkpoint say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Register {
    /// SHA-256 of the register's text.
    pub digest: Sha256,
    /// Lists in it.
    pub lists: u64,
    /// The keyring's epoch.
    pub epoch: u64,
}

impl Register {
    /// The extension lines of the checkpoint that closes this text.
    #[must_use]
    pub fn of(text: &str, lists: usize, epoch: u64) -> Self {
        Self { digest: Sha256::of(&[text.as_bytes()]), lists: lists as u64, epoch }
    }

    /// The extension lines.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let Self { digest, lists, epoch } = self;
        vec![format!("schriftgut-tombstones {TOMBSTONES_VERSION} {digest} {lists} {epoch}")]
    }

    /// Reads the extension lines; none for a checkpoint that closes no register.
    ///
    /// # Errors
    /// [`FormatError`] for a newer version or a line that means nothing.
    pub fn read(lines: &[String]) -> Result<Option<Self>, FormatError> {
        let wrong = || FormatError::wrong("tombstones", "checkpoint");
        let [line] = lines else {
            return if lines.is_empty() { Ok(None) } else { Err(wrong()) };
        };
        let words: Vec<_> = line.split(' ').collect();
        let ["schriftgut-tombstones", version, digest, lists, epoch] = words.as_slice() else {
            return Err(wrong());
        };
        let version: u32 = field(Some(version))?;
        if version > TOMBSTONES_VERSION {
            return Err(FormatError::Newer { what: "tombstones", version });
        }
        let register =
            Self { digest: field(Some(digest))?, lists: field(Some(lists))?, epoch: field(Some(epoch))? };
        if register.lines() == lines { Ok(Some(register)) } else { Err(wrong()) }
    }
}

/// The register's text.
#[must_use]
pub fn write(tombstones: &[Tombstone]) -> String {
    let mut text = String::new();
    for Tombstone { list, on, certificate, files } in tombstones {
        // Writing to a string does not fail.
        let _ = writeln!(text, "list {list} {on} {certificate}");
        for Condemned { file, documents, counts, .. } in files {
            let DestructionCounts { objects, bytes, objects_held_elsewhere, .. } = counts;
            let _ = writeln!(text, "file {file} {objects} {bytes} {objects_held_elsewhere}");
            for document in documents {
                let _ = writeln!(text, "document {document}");
            }
        }
    }
    text
}

/// Register and signed checkpoint as one text.
#[must_use]
pub fn join(register: &str, checkpoint: &str) -> String {
    format!("{register}{RULE}{checkpoint}")
}

/// Register and checkpoint out of a file. A bare checkpoint has an empty register.
#[must_use]
pub fn split(file: &str) -> (&str, &str) {
    match file.strip_prefix(RULE) {
        Some(checkpoint) => ("", checkpoint),
        None => match file.find(&format!("\n{RULE}")) {
            Some(at) => (&file[..=at], &file[at + 1 + RULE.len()..]),
            None => ("", file),
        },
    }
}

/// Reads a register's text.
///
/// # Errors
/// [`FormatError`] for any text that [`write()`] would not write.
pub fn read(text: &str) -> Result<Vec<Tombstone>, FormatError> {
    let mut lists = Vec::new();
    let mut lines = text.lines();
    let mut next = lines.next();
    while let Some(line) = next {
        let (tombstone, after) = read_list(line, &mut lines)?;
        lists.push(tombstone);
        next = after;
    }
    if write(&lists) == text { Ok(lists) } else { Err(FormatError::wrong("tombstones", "text")) }
}

fn read_list<'a>(line: &str, lines: &mut Lines<'a>) -> Result<(Tombstone, Option<&'a str>), FormatError> {
    let mut words = line.split(' ');
    if words.next() != Some("list") {
        return Err(FormatError::wrong("tombstones", "list"));
    }
    let (list, on, certificate) = (field(words.next())?, field(words.next())?, field(words.next())?);
    let mut files: Vec<Condemned> = Vec::new();
    for line in lines.by_ref() {
        let mut words = line.split(' ');
        match (words.next(), files.last_mut()) {
            (Some("file"), _) => {
                let file: CaseFileId = field(words.next())?;
                let counts = DestructionCounts {
                    documents: 0,
                    objects: field(words.next())?,
                    bytes: field(words.next())?,
                    objects_held_elsewhere: field(words.next())?,
                };
                files.push(Condemned { file, list, documents: Vec::new(), counts });
            }
            (Some("document"), Some(last)) => {
                let document: DocumentId = field(words.next())?;
                last.documents.push(document);
                last.counts.documents += 1;
            }
            _ => return Ok((Tombstone { list, on, certificate, files }, Some(line))),
        }
    }
    Ok((Tombstone { list, on, certificate, files }, None))
}

fn field<T: FromStr>(word: Option<&str>) -> Result<T, FormatError> {
    word.and_then(|word| word.parse().ok()).ok_or_else(|| FormatError::wrong("tombstones", "text"))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn tombstones() -> Vec<Tombstone> {
        let list = DisposalListId(Uuid::from_u128(1));
        let document = |n| DocumentId(Uuid::from_u128(n));
        let condemned = |file, documents: Vec<_>| Condemned {
            file: CaseFileId(Uuid::from_u128(file)),
            list,
            counts: DestructionCounts {
                documents: documents.len() as u64,
                objects: 3,
                bytes: 99,
                objects_held_elsewhere: 1,
            },
            documents,
        };
        let files = vec![condemned(5, vec![document(6), document(7)]), condemned(8, Vec::new())];
        let on = jiff::civil::date(2026, 11, 22);
        let empty = DisposalListId(Uuid::from_u128(2));
        vec![
            Tombstone { list, on, certificate: Sha256([1; 32]), files },
            Tombstone { list: empty, on, certificate: Sha256([2; 32]), files: Vec::new() },
        ]
    }

    #[test]
    fn a_register_is_read_as_it_was_written_and_no_line_can_be_dropped() {
        let text = write(&tombstones());
        assert_eq!(read(&text).unwrap(), tombstones());
        assert_eq!(read("").unwrap(), []);
        let register = Register::of(&text, 2, 7);
        for at in 0..text.lines().count() {
            let shorter: String =
                text.lines().enumerate().filter(|(n, _)| *n != at).map(|(_, l)| format!("{l}\n")).collect();
            assert_ne!(Register::of(&shorter, 2, 7), register, "line {at}");
        }
        assert!(read("file x\n").is_err() && read("document x\n").is_err() && read(&text[..30]).is_err());
    }

    #[test]
    fn register_and_checkpoint_come_apart_as_they_were_put_together() {
        let text = write(&tombstones());
        for register in [text.as_str(), ""] {
            assert_eq!(split(&join(register, "note\n")), (register, "note\n"));
        }
        assert_eq!(split("schriftgut/x\n1\n"), ("", "schriftgut/x\n1\n"));
        let register = Register::of(&text, 2, 7);
        assert_eq!(Register::read(&register.lines()).unwrap(), Some(register));
        assert_eq!(Register::read(&[]).unwrap(), None);
        assert!(Register::read(&["anything".to_owned()]).is_err());
    }
}
