//! Taking files in (Dateien aufnehmen): the form, and what becomes of a person's uploads. Without a script the form sends
//! all files at once; with it each goes on its own way in pieces (`tus`), with progress, pause and resumption.

use std::io;

use askama::Template;

use super::OK;
use super::tus::reference;
use crate::domain::ids::UploadId;
use crate::registry::{Error, NewUpload, UPLOAD_BYTES_MAX, UploadState, UploadView};
use crate::web::Office;
use crate::web::answer::{Outcome, page_with_script, see_other};
use crate::web::asked::{Asked, mistake};
use crate::web::frame::Frame;
use crate::web::gate::Visitor;
use crate::web::incoming::{Incoming, Piece};
use crate::web::trouble::Trouble;
use crate::web::words;

/// Most files of one form that is sent without a script.
const FILES_MAX: usize = 100;

#[derive(Template)]
#[template(path = "web/upload.html")]
struct UploadPage<'a> {
    frame: Frame,
    /// The reference number that is filled in.
    reference: &'a str,
    largest: String,
    lines: Vec<Line>,
}

struct Line {
    id: String,
    name: String,
    reference: String,
    /// How far it has come, in words.
    state: String,
    /// The document it is.
    document: Option<String>,
    is_on_its_way: bool,
}

impl From<UploadView> for Line {
    fn from(view: UploadView) -> Self {
        let (state, document) = match &view.state {
            UploadState::OnItsWay => {
                let all =
                    view.size_bytes.map_or_else(String::new, |all| format!(" von {}", words::size(all)));
                (format!("unterbrochen: {}{all} sind da", words::size(view.received_bytes)), None)
            }
            UploadState::Taken { document, known: false } => ("aufgenommen".to_owned(), Some(document)),
            UploadState::Taken { document, known: true } => {
                ("aufgenommen; den gleichen Inhalt gab es schon".to_owned(), Some(document))
            }
            UploadState::Refused(words) => {
                (format!("nicht aufgenommen: {}. Ausweg: {}", words.why, words.way_out), None)
            }
        };
        Self {
            id: view.id.to_string(),
            name: view.file_name,
            reference: view
                .reference
                .map_or_else(|| "Posteingang".to_owned(), |number| format!("Akte {number}")),
            document: document.map(ToString::to_string),
            is_on_its_way: view.state == UploadState::OnItsWay,
            state,
        }
    }
}

/// The form, and below it what this person has on its way.
pub fn show(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let lines = office.registry.uploads(visitor.clerk()?)?.into_iter().rev().map(Line::from).collect();
    page_with_script(
        OK,
        &UploadPage {
            frame: Frame::of(office, visitor, "aufnehmen").noting(asked),
            reference: asked.query("akte").unwrap_or_default(),
            largest: format!("{} GiB", UPLOAD_BYTES_MAX >> 30),
            lines,
        },
    )
}

/// Removes an upload, on the page.
pub fn discard(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let clerk = visitor.clerk()?;
    match office.registry.discard_upload(clerk, asked.param::<UploadId>("teil")?)? {
        None => Ok(see_other("/aufnehmen?getan=verworfen")),
        Some(crate::registry::Continued::Busy) => Err(mistake(
            "Das wird gerade nicht verworfen",
            "die Datei kommt in einem anderen Fenster gerade an",
            "halten Sie sie dort an, oder warten Sie einen Augenblick",
        )),
        Some(_) => Err(Trouble::NotFound),
    }
}

/// Takes in the files of a form, one after the other. What is not whole when the line goes dead is removed: a form
/// cannot go on.
pub fn take_form(office: &Office, visitor: &Visitor, _: &Asked, incoming: &mut Incoming) -> Outcome {
    visitor.clerk()?;
    let (mut typed, mut files) = (String::new(), 0);
    loop {
        match incoming.next() {
            Some(Piece::Field(name, value)) if name == "akte" => typed = value,
            Some(Piece::Field(..)) => {}
            Some(Piece::File(name)) if name.is_empty() => {
                drop(io::copy(&mut incoming.bytes(), &mut io::sink()))
            }
            Some(Piece::File(_)) if files == FILES_MAX => {
                return Err(mistake(
                    "Nicht alle Dateien wurden aufgenommen",
                    format!(
                        "ein Formular fasst {FILES_MAX} Dateien; die ersten sind aufgenommen und stehen auf der Seite „Aufnehmen“"
                    ),
                    "laden Sie die übrigen noch einmal hoch",
                ));
            }
            Some(Piece::File(file_name)) => {
                files += 1;
                take_file(
                    office,
                    visitor,
                    NewUpload { file_name, reference: reference(&typed)?, size_bytes: None },
                    incoming,
                )?;
            }
            Some(Piece::End) if files > 0 => return Ok(see_other("/aufnehmen?getan=hochgeladen")),
            Some(Piece::End) => {
                return Err(mistake(
                    "Es wurde nichts aufgenommen",
                    "es ist keine Datei gewählt",
                    "gehen Sie zurück und wählen Sie eine Datei",
                ));
            }
            Some(Piece::Bytes(_)) | None => return Err(cut_off()),
        }
    }
}

fn take_file(
    office: &Office,
    visitor: &Visitor,
    new: NewUpload,
    incoming: &mut Incoming,
) -> Result<(), Trouble> {
    let (clerk, registry) = (visitor.clerk()?, &office.registry);
    let begun = registry.begin_upload(clerk, &new)?.id;
    let announced = incoming.announced_bytes;
    let mut bytes = Watched { inner: incoming.bytes(), was_cut_off: false };
    let sent = registry.continue_upload(clerk, begun, Some(0), announced, &mut bytes);
    let is_empty = matches!(&sent, Ok(crate::registry::Continued::At(view)) if view.received_bytes == 0);
    let failed = match sent {
        Ok(crate::registry::Continued::At(_)) if bytes.was_cut_off => Some(cut_off()),
        Ok(crate::registry::Continued::At(_)) if is_empty => Some(Trouble::Office(Error::mistake(
            format!("{} wurde nicht aufgenommen", new.file_name),
            "die Datei ist leer",
            "wählen Sie eine Datei mit Inhalt",
        ))),
        Ok(crate::registry::Continued::At(_)) => None,
        Ok(_) => Some(Trouble::Office(Error::mistake(
            format!("{} wurde nicht aufgenommen", new.file_name),
            format!("die Dateien eines Formulars sind zusammen größer als {} GiB", UPLOAD_BYTES_MAX >> 30),
            "laden Sie sie einzeln hoch, oder teilen Sie die Datei",
        ))),
        Err(error) => Some(error.into()),
    };
    match failed {
        None => {
            registry.finish_upload(clerk, begun)?;
            Ok(())
        }
        Some(trouble) => {
            registry.discard_upload(clerk, begun)?;
            Err(trouble)
        }
    }
}

fn cut_off() -> Trouble {
    Trouble::Malformed(axum::http::StatusCode::BAD_REQUEST)
}

/// Remembers that the line went dead: the registry keeps what came, and a form cannot go on.
struct Watched<R> {
    inner: R,
    was_cut_off: bool,
}

impl<R: io::Read> io::Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer).inspect_err(|_| self.was_cut_off = true)
    }
}
