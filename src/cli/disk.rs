//! Files named on the command line: read, written, and why they could not be, as users read it.

use std::io::{Error as Cause, ErrorKind, Read as _, Write as _};
use std::path::Path;

use crate::registry::error::causes;
use crate::registry::{Answer, Error};

/// Why a file could not be read or written. What is read here is text, so bytes of another form are no UTF-8.
pub(super) fn in_german(cause: &Cause) -> String {
    match cause.kind() {
        ErrorKind::InvalidData => "der Inhalt ist nicht in UTF-8 geschrieben".to_owned(),
        _ => causes::system(cause),
    }
}

/// What messages call a file.
pub(super) fn name_of(file: &Path) -> String {
    file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned()
}

/// The text of a file.
pub(super) fn read(file: &Path) -> Answer<String> {
    std::fs::read_to_string(file).map_err(|cause| {
        Error::mistake(
            format!("{} ist nicht lesbar", file.display()),
            in_german(&cause),
            "prüfen Sie den Pfad",
        )
    })
}

/// The bytes of a file that is not larger than this.
pub(super) fn read_bytes(file: &Path, most: u64) -> Answer<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = std::fs::File::open(file).and_then(|file| file.take(most + 1).read_to_end(&mut bytes));
    read.map_err(|cause| {
        let what = format!("{} ist nicht lesbar", file.display());
        Error::mistake(what, in_german(&cause), "prüfen Sie den Pfad")
    })?;
    if bytes.len() as u64 > most {
        return Err(Error::mistake(
            format!("{} wird nicht gelesen", file.display()),
            format!("die Datei ist größer als {} MiB", most >> 20),
            "prüfen Sie, ob es die richtige Datei ist",
        ));
    }
    Ok(bytes)
}

/// Writes a file, in place of one that is there.
pub(super) fn write(path: &Path, text: &str) -> Answer<()> {
    std::fs::write(path, text).map_err(|cause| not_written(path, &cause, "nennen Sie eine andere Datei"))
}

/// Writes a file that is not there yet.
pub(super) fn write_new(path: &Path, bytes: impl AsRef<[u8]>) -> Answer<()> {
    let written = std::fs::File::create_new(path).and_then(|mut file| file.write_all(bytes.as_ref()));
    written.map_err(|cause| {
        let way_out = "nennen Sie eine Datei, die es noch nicht gibt, in einem Ordner, den es gibt";
        not_written(path, &cause, way_out)
    })
}

fn not_written(path: &Path, cause: &Cause, way_out: &str) -> Error {
    Error::mistake(format!("{} kann nicht geschrieben werden", path.display()), in_german(cause), way_out)
}
