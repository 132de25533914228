//! A body of any size, piece by piece: read from the network by one task, handed to the thread that answers through a
//! short queue, so that a fast browser waits for a slow disk and nothing gathers in memory. A form with files
//! (`multipart/form-data`) is cut into its parts on the way; what is in them is not looked at.
//!
//! The queue is read only after the gate has seen who sends it, so a stranger's body waits and is thrown away.

use std::io::{self, Read};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::multipart::Field;
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::{StatusCode, header};
use hyper::body::Body as _;
use tokio::sync::mpsc;

use super::asked::{Asked, CSRF_FIELD};
use super::trouble::Trouble;

/// Longest wait for the next piece.
pub const STALL_MAX: Duration = Duration::from_secs(20);
/// Pieces that wait for the disk.
const PIECES_WAITING: usize = 8;
/// Largest field of a form beside its files.
const FIELD_BYTES_MAX: usize = 16 * 1024;
/// Bytes that are read and thrown away when an answer is there before the body ends: else the browser would see a
/// broken line instead of the answer.
const THROWN_AWAY_BYTES_MAX: u64 = 32 << 20;

/// A piece of a body.
#[derive(Debug)]
pub enum Piece {
    /// A field of a form.
    Field(String, String),
    /// A file of a form begins; this is its name.
    File(String),
    /// Bytes of the body, or of the file that began last.
    Bytes(Bytes),
    /// The body ends here. One that ends without was cut off.
    End,
}

/// A body on its way.
pub struct Incoming {
    pieces: mpsc::Receiver<Piece>,
    /// Taken from the queue and not used yet.
    next: Option<Piece>,
    is_form: bool,
    /// How long it says it is.
    pub announced_bytes: Option<u64>,
}

impl Incoming {
    /// The body of this request.
    pub async fn of(request: Request) -> Result<Self, Trouble> {
        let announced_bytes = request.body().size_hint().exact();
        let (sender, pieces) = mpsc::channel(PIECES_WAITING);
        let media = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let is_form = media.is_some_and(|media| media.trim_start().starts_with("multipart/"));
        if is_form {
            let form = Multipart::from_request(request, &()).await;
            let form = form.map_err(|_| Trouble::Malformed(StatusCode::BAD_REQUEST))?;
            tokio::spawn(hand_over_form(form, sender));
        } else {
            tokio::spawn(hand_over(request.into_body(), sender));
        }
        Ok(Self { pieces, next: None, is_form, announced_bytes })
    }

    /// The next piece; none behind the last, or if the line went dead.
    pub fn next(&mut self) -> Option<Piece> {
        self.next.take().or_else(|| self.pieces.blocking_recv())
    }

    /// A form of ours begins with what tells that it is ours.
    pub fn first_field_into(&mut self, asked: &mut Asked) {
        if self.is_form {
            match self.next() {
                Some(Piece::Field(name, value)) if name == CSRF_FIELD => asked.add_field(name, value),
                other => self.next = other,
            }
        }
    }

    /// The bytes up to the next part, or to the end. It is an error if the line goes dead before.
    pub fn bytes(&mut self) -> BytesOf<'_> {
        BytesOf { incoming: self, left: Bytes::new() }
    }
}

/// See [`Incoming::bytes`].
pub struct BytesOf<'a> {
    incoming: &'a mut Incoming,
    left: Bytes,
}

impl Read for BytesOf<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.left.is_empty() {
            match self.incoming.next() {
                Some(Piece::Bytes(bytes)) => self.left = bytes,
                None => return Err(io::ErrorKind::UnexpectedEof.into()),
                other => {
                    self.incoming.next = other;
                    return Ok(0);
                }
            }
        }
        let length = self.left.len().min(buffer.len());
        buffer[..length].copy_from_slice(&self.left.split_to(length));
        Ok(length)
    }
}

/// The queue, as whoever fills it sees it.
struct Outlet {
    queue: mpsc::Sender<Piece>,
    thrown_away_bytes: u64,
}

impl Outlet {
    /// Hands a piece over. Once nobody takes it any more it is thrown away; false if it was enough of that.
    async fn hand_over(&mut self, piece: Piece) -> bool {
        let bytes = if let Piece::Bytes(bytes) = &piece { bytes.len() as u64 } else { 0 };
        if self.queue.send(piece).await.is_ok() {
            return true;
        }
        self.thrown_away_bytes += bytes.max(1);
        self.thrown_away_bytes < THROWN_AWAY_BYTES_MAX
    }
}

/// What comes within the time it has; none if it does not.
async fn in_time<T>(coming: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(STALL_MAX, coming).await.ok()
}

async fn hand_over(mut body: axum::body::Body, queue: mpsc::Sender<Piece>) {
    let mut outlet = Outlet { queue, thrown_away_bytes: 0 };
    loop {
        let next = std::future::poll_fn(|context| std::pin::Pin::new(&mut body).poll_frame(context));
        match in_time(next).await {
            Some(Some(Ok(frame))) => {
                let Ok(bytes) = frame.into_data() else { continue };
                if !outlet.hand_over(Piece::Bytes(bytes)).await {
                    return;
                }
            }
            Some(None) => {
                outlet.hand_over(Piece::End).await;
                return;
            }
            Some(Some(Err(_))) | None => return,
        }
    }
}

async fn hand_over_form(mut form: Multipart, queue: mpsc::Sender<Piece>) {
    let mut outlet = Outlet { queue, thrown_away_bytes: 0 };
    loop {
        let goes_on = match in_time(form.next_field()).await {
            Some(Ok(Some(field))) => hand_over_part(field, &mut outlet).await,
            Some(Ok(None)) => {
                outlet.hand_over(Piece::End).await;
                return;
            }
            Some(Err(_)) | None => return,
        };
        if goes_on.is_none() {
            return;
        }
    }
}

/// None if the form ends here.
async fn hand_over_part(mut field: Field<'_>, outlet: &mut Outlet) -> Option<()> {
    if let Some(name) = field.file_name().map(str::to_owned) {
        outlet.hand_over(Piece::File(name)).await.then_some(())?;
        while let Some(bytes) = in_time(field.chunk()).await?.ok()? {
            outlet.hand_over(Piece::Bytes(bytes)).await.then_some(())?;
        }
        return Some(());
    }
    let name = field.name().unwrap_or_default().to_owned();
    let mut value = Vec::new();
    while let Some(bytes) = in_time(field.chunk()).await?.ok()? {
        value.extend_from_slice(&bytes);
        (value.len() <= FIELD_BYTES_MAX).then_some(())?;
    }
    let value = String::from_utf8(value).ok()?;
    outlet.hand_over(Piece::Field(name, value)).await.then_some(())
}
