//! How answers look on the wire: pages, ways on, downloads, and the headers that every one of them carries.

use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use askama::Template;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use hyper::body::Frame as BodyFrame;
use tokio::sync::mpsc;

use super::trouble::Trouble;
use super::words::percent_encoded;

/// A page, or why there is none.
pub type Outcome = Result<Response, Trouble>;

/// Nothing but our own style sheet, images and forms; no script at all.
const CSP: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; \
                   frame-ancestors 'none'; base-uri 'none'";
/// The same, and our own script from its own address, which may ask us.
const CSP_WITH_SCRIPT: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; \
                               frame-ancestors 'none'; base-uri 'none'; script-src 'self'; connect-src 'self'";
/// Bytes sent at a time while downloading.
const CHUNK_BYTES: usize = 256 * 1024;
/// Chunks that wait for a slow browser.
const CHUNKS_WAITING: usize = 4;
/// A download whose browser takes nothing for so long is broken off.
const STALL_MAX: Duration = Duration::from_secs(60);

/// The headers of every answer. What an answer says itself about keeping stands; all else is never kept. Scripts are
/// forbidden but to [`page_with_script`].
pub async fn with_safe_headers(mut response: Response) -> Response {
    let always = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    let headers = response.headers_mut();
    headers.extend(always.map(|(name, value)| (name, HeaderValue::from_static(value))));
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(CSP));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// A page.
pub fn page(status: StatusCode, template: &impl Template) -> Outcome {
    let html = template.render()?;
    let of_type = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    Ok((status, of_type, html).into_response())
}

/// A page that has a script of ours.
pub fn page_with_script(status: StatusCode, template: &impl Template) -> Outcome {
    let mut response = page(status, template)?;
    let policy = HeaderValue::from_static(CSP_WITH_SCRIPT);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

/// The way on after a form (303). `to` is a path of ours.
pub fn see_other(to: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let to = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, to);
    response
}

/// Headers that make a browser save what follows under a name, and never show it.
fn as_attachment(file_name: &str, media: &'static str) -> HeaderMap {
    let disposition =
        format!("attachment; filename=\"dokument\"; filename*=UTF-8''{}", percent_encoded(file_name));
    let disposition = HeaderValue::from_str(&disposition).unwrap_or(HeaderValue::from_static("attachment"));
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers
}

/// A small file to save.
pub fn download(file_name: &str, media: &'static str, bytes: Vec<u8>) -> Response {
    (as_attachment(file_name, media), bytes).into_response()
}

/// A file of any size to save. `write` runs on a thread of its own and is slowed down by the browser; if it
/// fails, the connection breaks off, so that no half file looks like a whole one.
pub fn download_stream(
    file_name: &str,
    media: &'static str,
    size_bytes: u64,
    write: impl FnOnce(&mut dyn Write) -> Result<(), String> + Send + 'static,
) -> Response {
    let (sender, receiver) = mpsc::channel(CHUNKS_WAITING);
    let handle = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || {
        let pipe = Pipe { sender: sender.clone(), handle };
        let mut out = io::BufWriter::with_capacity(CHUNK_BYTES, pipe);
        let written = write(&mut out).and_then(|()| out.flush().map_err(|cause| cause.to_string()));
        if let Err(cause) = written {
            // Whoever downloads may have gone: then nobody hears it, and nobody needs to.
            let _ = sender.try_send(Err(io::Error::other(cause)));
        }
    });
    let mut response = (as_attachment(file_name, media), Body::new(Streamed(receiver))).into_response();
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(size_bytes));
    response
}

/// The writing end of a download.
struct Pipe {
    sender: mpsc::Sender<io::Result<Bytes>>,
    handle: tokio::runtime::Handle,
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sending = self.sender.send(Ok(Bytes::copy_from_slice(bytes)));
        match self.handle.block_on(async { tokio::time::timeout(STALL_MAX, sending).await }) {
            Ok(Ok(())) => Ok(bytes.len()),
            Ok(Err(_)) => Err(io::ErrorKind::BrokenPipe.into()),
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The reading end of a download.
struct Streamed(mpsc::Receiver<io::Result<Bytes>>);

impl hyper::body::Body for Streamed {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<BodyFrame<Bytes>>>> {
        self.0.poll_recv(context).map(|chunk| chunk.map(|chunk| chunk.map(BodyFrame::data)))
    }
}
