//! Backups (`schema/formats/backup.md`): the state is a signed checkpoint whose extension lines name the list of
//! contents by its digest; the list has a line for every file and object. Plain text, so that it can be read
//! without this program.

use std::str::FromStr;

use jiff::Timestamp;

use super::FormatError;
use crate::base::digest::Blake3;
use crate::domain::ids::ObjectId;

/// The version that is written.
pub const BACKUP_VERSION: u32 = 1;

/// What the extension lines of a state say beside origin, size and root of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupState {
    /// When it was made, to the second.
    pub at: Timestamp,
    /// BLAKE3 of the list of contents.
    pub contents: Blake3,
    /// Lines in it.
    pub lines: u64,
    /// What this run copied: objects, and bytes in them.
    pub copied: (u64, u64),
    /// Objects this run removed, because they were destroyed.
    pub removed: u64,
    /// Objects that the ledger names and that could not be copied: damaged or missing in the registry itself.
    pub short: u64,
}

/// One of the two stores of objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wing {
    /// The office's.
    Office,
    /// The archive wing.
    Archive,
}

impl Wing {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Office, Self::Archive];

    /// The folder's name, in a registry and in a backup.
    #[must_use]
    pub fn folder(self) -> &'static str {
        match self {
            Self::Office => "vault",
            Self::Archive => "archive",
        }
    }
}

/// A line of the list of contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A small file, by its path in the registry.
    File {
        /// The path, parts joined by `/`.
        path: String,
        /// BLAKE3 of its bytes.
        digest: Blake3,
        /// How many.
        bytes: u64,
    },
    /// A sealed object.
    Object {
        /// Where it is kept.
        wing: Wing,
        /// Its address.
        id: ObjectId,
        /// BLAKE3 of its sealed body.
        digest: Blake3,
        /// Bytes of it.
        bytes: u64,
    },
}

impl BackupState {
    /// The extension lines.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let Self { at, contents, lines, copied, removed, short } = self;
        vec![
            format!("schriftgut-backup {BACKUP_VERSION}"),
            format!("at {at}"),
            format!("contents {contents} {lines}"),
            format!("copied {} {}", copied.0, copied.1),
            format!("removed {removed}"),
            format!("short {short}"),
        ]
    }

    /// Reads the extension lines; any spelling that [`Self::lines`] would not write is refused.
    ///
    /// # Errors
    /// [`FormatError::Newer`] for a later version, otherwise what is wrong.
    pub fn read(lines: &[String]) -> Result<Self, FormatError> {
        let wrong = |field| FormatError::wrong("backup", field);
        let mut rest = lines.iter();
        let mut field = |name: &'static str| {
            let line = rest.next().and_then(|line| line.strip_prefix(name)?.strip_prefix(' '));
            line.ok_or(wrong(name))
        };
        let version: u32 = number(field("schriftgut-backup")?).ok_or(wrong("schriftgut-backup"))?;
        if version > BACKUP_VERSION {
            return Err(FormatError::Newer { what: "backup", version });
        }
        let at = field("at")?.parse().map_err(|_| wrong("at"))?;
        let (contents, count) = field("contents")?.split_once(' ').ok_or(wrong("contents"))?;
        let (objects, bytes) = field("copied")?.split_once(' ').ok_or(wrong("copied"))?;
        let state = Self {
            at,
            contents: number(contents).ok_or(wrong("contents"))?,
            lines: number(count).ok_or(wrong("contents"))?,
            copied: (number(objects).ok_or(wrong("copied"))?, number(bytes).ok_or(wrong("copied"))?),
            removed: number(field("removed")?).ok_or(wrong("removed"))?,
            short: number(field("short")?).ok_or(wrong("short"))?,
        };
        if state.lines() == lines { Ok(state) } else { Err(wrong("lines")) }
    }
}

impl Content {
    /// The line, with its line feed.
    #[must_use]
    pub fn line(&self) -> String {
        match self {
            Self::File { path, digest, bytes } => format!("file {digest} {bytes} {path}\n"),
            Self::Object { wing, id, digest, bytes } => {
                format!("{} {digest} {bytes} {id}\n", wing.folder())
            }
        }
    }

    /// Reads a line without its line feed.
    ///
    /// # Errors
    /// [`FormatError`] for any line that [`Self::line`] would not write, and for a path that leads out of the
    /// backup.
    pub fn read(line: &str) -> Result<Self, FormatError> {
        let wrong = || FormatError::wrong("backup", "contents");
        let mut words = line.splitn(4, ' ');
        let mut word = || words.next().ok_or(wrong());
        let (kind, digest, bytes, name) = (word()?, word()?, word()?, word()?);
        let (digest, bytes) = (number(digest).ok_or(wrong())?, number(bytes).ok_or(wrong())?);
        let content = if kind == "file" {
            let stays = name.split('/').all(|part| !matches!(part, "" | "." | ".."));
            let plain = !name.contains(|c: char| c.is_control() || c == '\\');
            if !stays || !plain {
                return Err(wrong());
            }
            Self::File { path: name.to_owned(), digest, bytes }
        } else {
            let wing = Wing::ALL.into_iter().find(|wing| wing.folder() == kind).ok_or(wrong())?;
            Self::Object { wing, id: number(name).ok_or(wrong())?, digest, bytes }
        };
        if content.line().trim_end_matches('\n') == line { Ok(content) } else { Err(wrong()) }
    }
}

fn number<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> BackupState {
        BackupState {
            at: "2026-11-22T09:15:00Z".parse().unwrap(),
            contents: Blake3([7; 32]),
            lines: 812,
            copied: (12, 3_456),
            removed: 1,
            short: 0,
        }
    }

    #[test]
    fn a_state_is_read_as_it_was_written_and_in_no_other_spelling() {
        let lines = state().lines();
        assert_eq!(BackupState::read(&lines).unwrap(), state());
        for at in 0..lines.len() {
            let mut other = lines.clone();
            other[at].push('0');
            assert!(BackupState::read(&other).ok().is_none_or(|read| read != state()), "line {at}");
            other.remove(at);
            assert!(BackupState::read(&other).is_err(), "line {at}");
        }
        let mut newer = lines;
        newer[0] = "schriftgut-backup 2".to_owned();
        assert!(matches!(BackupState::read(&newer), Err(FormatError::Newer { version: 2, .. })));
    }

    #[test]
    fn a_line_of_contents_is_read_as_it_was_written_and_leads_nowhere_else() {
        let object = Content::Object {
            wing: Wing::Archive,
            id: ObjectId([3; 32]),
            digest: Blake3([4; 32]),
            bytes: 17,
        };
        let file = |path: &str| Content::File { path: path.to_owned(), digest: Blake3([5; 32]), bytes: 9 };
        for content in [object, file("schriftgut.toml"), file("certificates/a b.json")] {
            let line = content.line();
            assert_eq!(Content::read(line.trim_end_matches('\n')).unwrap(), content);
        }
        for path in ["../x", "/etc/passwd", "a//b", "a/./b", "a\\b", "a\nb", ""] {
            assert!(Content::read(file(path).line().trim_end_matches('\n')).is_err(), "{path}");
        }
        for line in ["", "vault", "cellar 00 1 00", "file 00 1 x"] {
            assert!(Content::read(line).is_err(), "{line}");
        }
    }
}
