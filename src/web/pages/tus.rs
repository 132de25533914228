//! Uploads in pieces, as the protocol tus 1.0.0 (<https://tus.io/protocols/resumable-upload>) has it: the core, and its
//! extensions *creation*, *termination* and *expiration*. What it says is kept here; what becomes of the bytes is the
//! registry's affair.
//!
//! Written here and not taken from a library: those for axum read a body before anybody was let in, keep it in the clear,
//! and know no owner. *Checksum* is left out: it demands SHA-1, and the bytes are sealed on the way. No length is announced
//! later (*creation-defer-length*). A client that has sent its last byte and hears an error may ask again: asking takes in
//! what is whole. Where an upload became a document, `Schriftgut-Dokument` names it; where it was refused, the answer is
//! 422 or 410 with the reason.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::case_file::ReferenceNumber;
use crate::domain::ids::UploadId;
use crate::format::upload::read_metadata;
use crate::registry::{Continued, Error, NewUpload, UPLOAD_BYTES_MAX, UploadState, UploadView, Words};
use crate::web::Office;
use crate::web::answer::Outcome;
use crate::web::asked::{Asked, mistake};
use crate::web::gate::Visitor;
use crate::web::incoming::Incoming;
use crate::web::routes::report;
use crate::web::trouble::Trouble;

const VERSION: &str = "1.0.0";
const EXTENSIONS: &str = "creation,termination,expiration";
/// The body of a `PATCH`.
const MEDIA: &str = "application/offset+octet-stream";
/// Where uploads lie.
const PLACE: &str = "/aufnehmen/teile";
/// Names the document an upload became.
const DOCUMENT: &str = "schriftgut-dokument";

const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");

/// What is understood here.
pub fn describe(_: &Office, _: &Asked) -> Outcome {
    let mut response = in_protocol(StatusCode::NO_CONTENT.into_response());
    put(response.headers_mut(), "tus-version", VERSION);
    put(response.headers_mut(), "tus-extension", EXTENSIONS);
    put(response.headers_mut(), "tus-max-size", &UPLOAD_BYTES_MAX.to_string());
    Ok(response)
}

/// Begins an upload.
pub fn begin(office: &Office, visitor: &Visitor, asked: &Asked, _: &mut Incoming) -> Outcome {
    answered(|| {
        let clerk = visitor.clerk()?;
        require_version(asked)?;
        let malformed = || Trouble::Malformed(StatusCode::BAD_REQUEST);
        let size_bytes = number(asked, "upload-length").ok_or_else(malformed)?;
        if size_bytes > UPLOAD_BYTES_MAX {
            return Err(Trouble::Malformed(StatusCode::PAYLOAD_TOO_LARGE));
        }
        let said =
            read_metadata(asked.header("upload-metadata").unwrap_or_default()).ok_or_else(malformed)?;
        let new = NewUpload {
            file_name: said.get("filename").cloned().unwrap_or_default(),
            reference: reference(said.get("akte").map_or("", String::as_str))?,
            size_bytes: Some(size_bytes),
        };
        let begun = office.registry.begin_upload(clerk, &new)?;
        let mut response = as_it_is(StatusCode::CREATED, &begun);
        put(response.headers_mut(), "location", &format!("{PLACE}/{}", begun.id));
        Ok(response)
    })
}

/// How far an upload is. One that is whole and was not taken in, for whatever went wrong, is taken in.
pub fn look(office: &Office, visitor: &Visitor, asked: &Asked, _: &mut Incoming) -> Outcome {
    answered(|| {
        let clerk = visitor.clerk()?;
        require_version(asked)?;
        let view = there(office.registry.upload(clerk, asked.param::<UploadId>("teil")?)?)?;
        match &view.state {
            UploadState::Refused(_) => Err(Trouble::Malformed(StatusCode::GONE)),
            _ => Ok(as_it_is(StatusCode::OK, &view)),
        }
    })
}

/// Goes on with an upload.
pub fn go_on(office: &Office, visitor: &Visitor, asked: &Asked, incoming: &mut Incoming) -> Outcome {
    answered(|| {
        let clerk = visitor.clerk()?;
        require_version(asked)?;
        let id = asked.param::<UploadId>("teil")?;
        if asked.header("content-type") != Some(MEDIA) {
            return Err(Trouble::Malformed(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let offset = number(asked, "upload-offset").ok_or(Trouble::Malformed(StatusCode::BAD_REQUEST))?;
        let announced = incoming.announced_bytes;
        let continued =
            office.registry.continue_upload(clerk, id, Some(offset), announced, &mut incoming.bytes())?;
        let view = there(continued)?;
        match view.state {
            UploadState::Refused(words) => Ok(refused(&words)),
            _ => Ok(as_it_is(StatusCode::NO_CONTENT, &view)),
        }
    })
}

/// Ends an upload.
pub fn end(office: &Office, visitor: &Visitor, asked: &Asked, _: &mut Incoming) -> Outcome {
    answered(|| {
        let clerk = visitor.clerk()?;
        require_version(asked)?;
        match office.registry.discard_upload(clerk, asked.param::<UploadId>("teil")?)? {
            None => Ok(in_protocol(StatusCode::NO_CONTENT.into_response())),
            Some(why) => Err(there(why).map_or_else(|trouble| trouble, |_| Trouble::NotFound)),
        }
    })
}

/// The reference number somebody typed; none for the in-tray.
pub(super) fn reference(text: &str) -> Result<Option<ReferenceNumber>, Trouble> {
    let text = Some(text.trim()).filter(|text| !text.is_empty());
    text.map(str::parse).transpose().map_err(|_| {
        mistake(
            "Eine Datei wird nicht hochgeladen",
            "das Aktenzeichen ist zu lang oder hat unsichtbare Zeichen",
            "schreiben Sie es wie auf der Akte, oder lassen Sie das Feld leer",
        )
    })
}

/// The upload, or why there is none to go on with.
fn there(continued: Continued) -> Result<UploadView, Trouble> {
    match continued {
        Continued::At(view) => Ok(view),
        Continued::Gone => Err(Trouble::NotFound),
        Continued::Busy => Err(Trouble::Malformed(StatusCode::LOCKED)),
        Continued::Elsewhere(_) => Err(Trouble::Malformed(StatusCode::CONFLICT)),
        Continued::TooLong => Err(Trouble::Malformed(StatusCode::PAYLOAD_TOO_LARGE)),
    }
}

fn number(asked: &Asked, name: &str) -> Option<u64> {
    let text = asked.header(name)?;
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

fn require_version(asked: &Asked) -> Result<(), Trouble> {
    match asked.header("tus-resumable") {
        Some(VERSION) => Ok(()),
        _ => Err(Trouble::Malformed(StatusCode::PRECONDITION_FAILED)),
    }
}

/// An answer of the protocol; what went wrong is said in plain text, for the script that shows it.
fn answered(answer: impl FnOnce() -> Outcome) -> Outcome {
    answer().or_else(|trouble| {
        report(PLACE, &trouble);
        let is_full = matches!(&trouble, Trouble::Office(error) if error.is_for_want_of_room());
        let status = match &trouble {
            _ if is_full => StatusCode::INSUFFICIENT_STORAGE,
            // 409 is what the protocol says where an upload goes on elsewhere, and clients then try again.
            Trouble::Office(Error::Refusal(_)) => StatusCode::UNPROCESSABLE_ENTITY,
            trouble => trouble.status(),
        };
        let mut response = in_protocol((status, in_a_line(&trouble.words())).into_response());
        put(response.headers_mut(), "tus-version", VERSION);
        Ok(response)
    })
}

fn refused(words: &Words) -> Response {
    in_protocol((StatusCode::UNPROCESSABLE_ENTITY, in_a_line(words)).into_response())
}

fn in_a_line(words: &Words) -> String {
    format!("{}: {}. Ausweg: {}.", words.what, words.why, words.way_out)
}

fn as_it_is(status: StatusCode, view: &UploadView) -> Response {
    let mut response = in_protocol(status.into_response());
    let headers = response.headers_mut();
    headers.insert(OFFSET, HeaderValue::from(view.received_bytes));
    if let Some(bytes) = view.size_bytes {
        headers.insert(LENGTH, HeaderValue::from(bytes));
    }
    match &view.state {
        UploadState::Taken { document, .. } => put(headers, DOCUMENT, &document.to_string()),
        _ => put(headers, "upload-expires", &in_http(view.expires)),
    }
    response
}

fn in_protocol(mut response: Response) -> Response {
    response.headers_mut().insert(RESUMABLE, HeaderValue::from_static(VERSION));
    response
}

/// A header of our own making, which is always plain text.
fn put(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

/// A moment as HTTP writes it.
fn in_http(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
