//! The bytes of a source, sealed in one pass; and the words for a source that cannot be read.

use std::io::Read;

use super::{ORIGINAL_BYTES_MAX, Opener};
use crate::registry::error::{Answer, Words, causes};
use crate::vault::{Staged, Stager, VaultError};

/// Opens a source and seals its bytes; the inner error is a refusal of this source, in words for users.
pub(super) fn stage(stager: &Stager, name: &str, open: Opener) -> Answer<Result<Staged, Words>> {
    let what = format!("{name} wurde nicht erfasst");
    let reader = match open() {
        Ok(reader) => reader,
        Err(cause) => return Ok(Err(unreadable(what, &cause))),
    };
    let mut reader = SourceReader { inner: reader, failed: None };
    match stager.stage(&mut reader, ORIGINAL_BYTES_MAX) {
        Ok(staged) => Ok(Ok(staged)),
        Err(VaultError::TooLarge { .. }) => Ok(Err(Words {
            what,
            why: format!("die Datei ist größer als {} GiB", ORIGINAL_BYTES_MAX >> 30),
            way_out: "teilen Sie die Datei".to_owned(),
        })),
        Err(cause) => match reader.failed {
            Some(cause) => Ok(Err(unreadable(what, &cause))),
            None => Err(cause.into()),
        },
    }
}

fn unreadable(what: String, cause: &std::io::Error) -> Words {
    let why = match cause.kind() {
        std::io::ErrorKind::NotFound => "die Datei gibt es nicht".to_owned(),
        std::io::ErrorKind::PermissionDenied => "die Datei darf nicht gelesen werden".to_owned(),
        std::io::ErrorKind::IsADirectory => "es ist ein Ordner, keine Datei".to_owned(),
        std::io::ErrorKind::Unsupported => {
            "es ist keine Datei mit Inhalt, sondern Pipe, Socket oder Gerät".to_owned()
        }
        _ => format!("die Datei ist nicht lesbar: {}", causes::system(cause)),
    };
    Words { what, why, way_out: "prüfen Sie den Pfad und die Rechte".to_owned() }
}

/// Remembers that it was the source that failed, not the vault.
struct SourceReader {
    inner: Box<dyn Read>,
    failed: Option<std::io::Error>,
}

impl Read for SourceReader {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.inner.read(buffer).inspect_err(|cause| {
            let number = cause.raw_os_error();
            self.failed = Some(number.map_or_else(|| cause.kind().into(), std::io::Error::from_raw_os_error));
        })
    }
}
