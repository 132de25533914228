//! `get`: the original, byte for byte; or what was read of it; or a PDF of it to be read.

use std::fs::File;
use std::path::Path;

use crate::cli::args::GetArgs;
use crate::cli::desk::Desk;
use crate::cli::disk;
use crate::cli::json::record::{got, got_rendition, got_text};
use crate::domain::document::Document;
use crate::domain::ids::DocumentId;
use crate::registry::{Answer, Error};

pub(in crate::cli) fn run(desk: &mut Desk<'_>, asked: &GetArgs) -> Answer<u8> {
    let GetArgs { document, out, version, text, reading, rendition } = asked;
    let id = document.parse().map_err(|_| Error::unknown("Dokument", document))?;
    let reader = desk.actor.clone();
    let document = written(desk, id, out, &|desk, file| match text {
        true => desk.registry.get_text(reader.as_reader()?, id, *reading, file),
        false if *rendition => desk.registry.get_rendition(reader.as_reader()?, id, file),
        false => desk.registry.get_version(reader.as_reader()?, id, *version, file),
    })?;
    let told = match text {
        true => got_text(&document, *reading, out),
        false if *rendition => got_rendition(&document, out),
        false => got(&document, *version, out),
    };
    desk.result(&told, || format!("{} nach {} geschrieben", document.file_name, out.display()))?;
    Ok(0)
}

/// Has a file written, whole or not at all.
fn written(
    desk: &Desk<'_>,
    id: DocumentId,
    out: &Path,
    write: &dyn Fn(&Desk<'_>, &mut File) -> Answer<Document>,
) -> Answer<Document> {
    // The document first: an unknown one leaves no empty file behind.
    desk.registry.show_document(desk.actor.as_reader()?, id)?;
    let mut file = File::create_new(out).map_err(|cause| {
        Error::mistake(
            format!("{} kann nicht geschrieben werden", out.display()),
            disk::in_german(&cause),
            "nennen Sie eine Datei, die es noch nicht gibt, in einem Ordner, den es gibt",
        )
    })?;
    let written = write(desk, &mut file).and_then(|document| {
        file.sync_all()?;
        Ok(document)
    });
    if written.is_err() {
        std::fs::remove_file(out)?; // half a document is none
    }
    written
}
