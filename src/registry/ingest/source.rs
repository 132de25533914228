//! The bytes of a source, sealed in one pass unless they are here already; and the words for a source that cannot be
//! read.

use std::io::Read;

use super::hold::Content;
use super::{ORIGINAL_BYTES_MAX, Opener};
use crate::domain::actor::Actor;
use crate::domain::ids::KeyId;
use crate::domain::protection::ProtectionDomain;
use crate::registry::Registry;
use crate::registry::error::{Answer, Words, causes};
use crate::vault::{Passed, Staged, Stager, VaultError};

impl Registry {
    /// Opens a source and seals its bytes, unless a living record holds them; the inner error is a refusal of this
    /// source, in words for users.
    pub(super) fn content(
        &self,
        actor: &Actor,
        stager: &Stager,
        name: &str,
        open: Opener,
    ) -> Answer<Result<Content, Words>> {
        let passed = read(name, &open, &mut |reader| {
            // What cannot be looked up is sealed; then whoever may write looks it up again, and says what is wrong.
            stager.pass(reader, ORIGINAL_BYTES_MAX, &mut |id, size_bytes| {
                self.shared(actor, id, size_bytes).ok().flatten()
            })
        })?;
        Ok(match passed {
            Err(words) => Err(words),
            Ok(Passed::Staged(staged)) => Ok(Content::Staged(*staged)),
            Ok(Passed::Known(shared)) => Ok(Content::Shared(Box::new(shared), open)),
            Ok(Passed::Unknown) => staged(stager, name, &open)?.map(Content::Staged),
        })
    }

    /// The content as it is now that this thread may write: what was shared and is no longer so is read and sealed.
    pub(super) fn content_now(
        &self,
        domain: ProtectionDomain,
        name: &str,
        content: Content,
    ) -> Answer<Result<Content, Words>> {
        match content {
            Content::Shared(shared, open) if !self.is_still_shared(&shared)? => {
                let stager = self.vault.stager(&self.record_key(KeyId::address(domain))?);
                Ok(self.staged(staged(&stager, name, &open))?.map(Content::Staged))
            }
            content => Ok(Ok(content)),
        }
    }
}

fn staged(stager: &Stager, name: &str, open: &Opener) -> Answer<Result<Staged, Words>> {
    read(name, open, &mut |reader| stager.stage(reader, ORIGINAL_BYTES_MAX))
}

/// Hands an opened source to whoever stages it.
fn read<T>(
    name: &str,
    open: &Opener,
    stage: &mut dyn FnMut(&mut SourceReader) -> Result<T, VaultError>,
) -> Answer<Result<T, Words>> {
    let what = format!("{name} wurde nicht erfasst");
    let reader = match open() {
        Ok(reader) => reader,
        Err(cause) => return Ok(Err(unreadable(what, &cause))),
    };
    let mut reader = SourceReader { inner: reader, failed: None };
    match stage(&mut reader) {
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
