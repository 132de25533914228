//! How a no is told to programs: RFC 9457, with the three parts people read, in German. A thing that is hidden and one that
//! does not exist are the same problem, byte for byte: nothing of the question stands in it.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::facts::FactAnswer;
use super::{to_bytes, with_type};
use crate::registry::Words;
use crate::web::trouble::Trouble;

/// The media type of a problem.
pub const MEDIA: &str = "application/problem+json";

/// Why there is no answer (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the status says which kind it is.
    r#type: String,
    /// The words of HTTP for the status.
    title: String,
    /// The status.
    status: u16,
    /// What cannot be done, why, and the way out; German.
    detail: String,
    /// What became of each line, where a list was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<Vec<FactAnswer>>,
}

/// The answer to a program.
pub fn answer(trouble: &Trouble) -> Response {
    let mut response = told(trouble.status(), &words(trouble), None);
    match trouble {
        Trouble::NoToken => {
            let asks = HeaderValue::from_static("Bearer realm=\"schriftgut\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, asks);
        }
        Trouble::Later { seconds, .. } => {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
        }
        _ => {}
    }
    response
}

/// A list with mistakes: nothing of it was taken.
pub fn with_lines(words: &Words, lines: Vec<FactAnswer>) -> Response {
    told(StatusCode::UNPROCESSABLE_ENTITY, words, Some(lines))
}

/// What was sent is understood, and is not taken.
pub fn unprocessable(words: &Words) -> Response {
    with_status(StatusCode::UNPROCESSABLE_ENTITY, words)
}

/// A no with a status of its own.
pub fn with_status(status: StatusCode, words: &Words) -> Response {
    told(status, words, None)
}

fn told(status: StatusCode, words: &Words, lines: Option<Vec<FactAnswer>>) -> Response {
    let problem = Problem {
        r#type: "about:blank".to_owned(),
        title: status.canonical_reason().unwrap_or_default().to_owned(),
        status: status.as_u16(),
        detail: format!("{}: {}. {}.", words.what, words.why, sentence(&words.way_out)),
        lines,
    };
    // A problem is made of texts and numbers; were that ever not JSON, the status still says what it is.
    with_type(status, MEDIA, to_bytes(&problem).unwrap_or_default())
}

/// With a capital letter.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A page speaks of forms and of going back; to a program other words fit.
fn words(trouble: &Trouble) -> Words {
    let Trouble::Malformed(status) = trouble else { return trouble.words() };
    let (why, way_out) = match *status {
        StatusCode::METHOD_NOT_ALLOWED => (
            "was unter dieser Adresse liegt, wird anders abgefragt",
            "benutzen Sie eine Methode, die Allow nennt",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => ("sie ist zu groß", "teilen Sie sie in mehrere"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => (
            "ihr Inhalt kommt nicht so, wie die Beschreibung der Schnittstelle es nennt",
            "senden Sie JSON mit Content-Type: application/json, und ein Dokument Byte für Byte, weder als Formular noch gepackt",
        ),
        StatusCode::REQUEST_TIMEOUT => {
            ("sie kam nicht rechtzeitig vollständig an", "senden Sie sie noch einmal")
        }
        _ => (
            "sie hat nicht die Form, die die Beschreibung der Schnittstelle nennt",
            "vergleichen Sie sie mit /api/v1/openapi.json",
        ),
    };
    Words {
        what: "Die Anfrage ist nicht lesbar".to_owned(),
        why: why.to_owned(),
        way_out: way_out.to_owned(),
    }
}
