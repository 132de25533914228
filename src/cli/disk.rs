//! What the disk answered, as users read it. Only what they can do something about has words of its own.

use std::io::{Error, ErrorKind};

/// Why a file could not be read or written.
pub(super) fn in_german(cause: &Error) -> String {
    match cause.kind() {
        ErrorKind::NotFound => "die Datei oder ihren Ordner gibt es nicht".to_owned(),
        ErrorKind::AlreadyExists => "es gibt dort schon etwas".to_owned(),
        ErrorKind::PermissionDenied => "Ihnen fehlt das Recht dazu".to_owned(),
        ErrorKind::IsADirectory => "es ist ein Ordner, keine Datei".to_owned(),
        ErrorKind::NotADirectory => {
            "auf dem Weg dorthin liegt eine Datei, wo ein Ordner sein müsste".to_owned()
        }
        ErrorKind::StorageFull => "der Datenträger ist voll".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "der Datenträger ist schreibgeschützt".to_owned(),
        ErrorKind::InvalidData => "der Inhalt ist nicht in UTF-8 geschrieben".to_owned(),
        _ => cause.to_string(),
    }
}
