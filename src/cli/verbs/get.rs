//! `get`: the original, byte for byte.

use std::path::Path;

use crate::cli::desk::Desk;
use crate::cli::disk;
use crate::cli::json::record::got;
use crate::registry::{Answer, Error};

pub(in crate::cli) fn run(
    desk: &mut Desk<'_>,
    document: &str,
    out: &Path,
    version: Option<usize>,
) -> Answer<u8> {
    let id = document.parse().map_err(|_| Error::unknown("Dokument", document))?;
    // The document first: an unknown one leaves no empty file behind.
    desk.registry.show_document(desk.actor.as_reader()?, id)?;
    let mut file = std::fs::File::create_new(out).map_err(|cause| {
        Error::mistake(
            format!("{} kann nicht geschrieben werden", out.display()),
            disk::in_german(&cause),
            "nennen Sie eine Datei, die es noch nicht gibt, in einem Ordner, den es gibt",
        )
    })?;
    let written =
        desk.registry.get_version(desk.actor.as_reader()?, id, version, &mut file).and_then(|document| {
            file.sync_all()?;
            Ok(document)
        });
    match written {
        Ok(document) => {
            desk.result(&got(&document, version, out), || {
                format!("{} nach {} geschrieben", document.file_name, out.display())
            })?;
            Ok(0)
        }
        Err(error) => {
            std::fs::remove_file(out)?; // half a document is none
            Err(error)
        }
    }
}
