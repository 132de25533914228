//! The interface for programs (`/api/v1`): what a program needs of the office, in JSON. It translates and never decides.
//!
//! | file | question it answers |
//! |---|---|
//! | here | what is an endpoint, and how is one asked? |
//! | `gate` | who brings this token, and what is it good for? |
//! | `files`, `documents`, `search`, `facts`, `deposit` | what does each endpoint answer? |
//! | `problem` | how is a no told? |
//! | `openapi` | how does all of this describe itself? |
//!
//! A cookie is never looked at here, so no page of another site can use one. An endpoint that is not open to everyone gets
//! a `gate::Bearer`, which only the gate can make. What a person may not read is not there, byte for byte.

pub mod deposit;
pub mod documents;
pub mod facts;
pub mod files;
mod gate;
pub mod openapi;
mod problem;
pub mod search;

use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;

use self::gate::Bearer;
use super::Office;
use super::answer::Outcome;
use super::asked::Asked;
use super::incoming::Incoming;
use super::routes::report;
use super::trouble::Trouble;

/// Where all of it lies.
pub const ROOT: &str = "/api/";
/// Largest body. It is read before the gate knows who sends it.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;

/// How an endpoint is asked: by everyone, or by whoever the gate has let in.
#[derive(Clone, Copy)]
pub enum Show {
    /// By everyone.
    Open(fn(&Office, &Asked) -> Outcome),
    /// With a token.
    Gated(fn(&Office, &Bearer, &Asked) -> Outcome),
    /// With a token; the body is of any size, and read on the way, after the gate.
    Streamed(fn(&Office, &Bearer, &Asked, &mut Incoming) -> Outcome),
}

/// An endpoint: how it answers, and how it describes itself.
pub struct Endpoint {
    /// How it answers.
    pub show: Show,
    /// How it describes itself.
    pub describe: fn() -> openapi::Description,
}

/// Answers a question about this address, by the endpoint of its method.
pub async fn answer(
    office: Arc<Office>,
    path: &'static str,
    endpoints: Arc<[(&'static str, &'static Endpoint)]>,
    request: Request,
) -> Response {
    // Whoever asks for the head alone gets that of the answer; the server leaves the body out.
    let method = if request.method() == Method::HEAD { Method::GET } else { request.method().clone() };
    let own = |(own, _): &&(&str, _)| *own == method.as_str();
    let Some(endpoint) = endpoints.iter().find(own).map(|(_, endpoint)| *endpoint) else {
        return not_this_way(&endpoints);
    };
    let (asked, incoming) = match read(request, matches!(endpoint.show, Show::Streamed(_))).await {
        Ok(read) => read,
        Err(trouble) => return problem::answer(&trouble),
    };
    let shown = tokio::task::spawn_blocking(move || {
        let admit = || gate::admit(&office, &asked);
        let shown = match (endpoint.show, incoming) {
            (Show::Open(show), _) => show(&office, &asked),
            (Show::Gated(show), _) => admit().and_then(|bearer| show(&office, &bearer, &asked)),
            (Show::Streamed(show), Some(mut incoming)) => {
                admit().and_then(|bearer| show(&office, &bearer, &asked, &mut incoming))
            }
            (Show::Streamed(_), None) => Err(Trouble::NotFound), // `read` gives it what comes
        };
        shown.unwrap_or_else(|trouble| problem::answer(report(path, &trouble)))
    });
    match shown.await {
        Ok(response) => response,
        Err(broken) => problem::answer(report(path, &Trouble::Broken(broken.to_string()))),
    }
}

/// Reads a question; a body of any size is only begun.
async fn read(request: Request, is_streamed: bool) -> Result<(Asked, Option<Incoming>), Trouble> {
    if !is_streamed {
        return Ok((Asked::read_bytes(request).await?, None));
    }
    let (asked, request) = Asked::read_head(request).await?;
    Ok((asked, Some(Incoming::of(request).await?)))
}

/// There is something here, but it is not asked this way.
fn not_this_way(endpoints: &[(&'static str, &'static Endpoint)]) -> Response {
    let mut response = problem::answer(&Trouble::Malformed(StatusCode::METHOD_NOT_ALLOWED));
    let mut allowed: Vec<_> = endpoints.iter().map(|(method, _)| *method).collect();
    if allowed.contains(&"GET") {
        allowed.push("HEAD");
    }
    if let Ok(allowed) = HeaderValue::from_str(&allowed.join(", ")) {
        response.headers_mut().insert(header::ALLOW, allowed);
    }
    response
}

/// There is nothing here.
pub fn nothing() -> Response {
    problem::answer(&Trouble::NotFound)
}

/// An answer in JSON.
fn json(status: StatusCode, value: &impl Serialize) -> Outcome {
    Ok(with_type(status, "application/json", to_bytes(value)?))
}

fn to_bytes(value: &impl Serialize) -> Result<Vec<u8>, Trouble> {
    serde_json::to_vec(value).map_err(|cause| Trouble::Broken(cause.to_string()))
}

fn with_type(status: StatusCode, media: &'static str, bytes: Vec<u8>) -> Response {
    let of_type: [(HeaderName, HeaderValue); 1] = [(header::CONTENT_TYPE, HeaderValue::from_static(media))];
    (status, of_type, bytes).into_response()
}
