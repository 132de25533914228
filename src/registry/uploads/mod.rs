//! What people send in pieces (Hochladen): a large file that may be cut off, go on later, and is taken in as one document
//! once it is whole. Until then it is no truth: it lies in `uploads`, sealed, for a day after its last byte.
//!
//! **Sealed under a key of its own, which lies beside it, sealed under the office's key.** A key in memory alone would
//! be forgotten sooner, but an upload of gigabytes has to survive a restart of the server. So the key lies in the head,
//! and goes with it: who has the disk has nothing without the keyring, and once the head is removed what the disk may
//! still have of the pieces is noise. Names lie in the head, sealed as well.
//!
//! **It is there for whoever began it,** and for nobody else, whatever the rights. Taking in asks for the rights of the
//! moment. **Once, and not twice:** the id of the document stands in the head before the document is taken in; after a kill
//! the registry is asked whether it came to that. May not decide anything about documents: `ingest` does.

mod deposit;
mod pieces;
mod store;

use std::io::{self, Read};
use std::time::Duration;

use jiff::Timestamp;

pub use self::deposit::{Deposited, NewDeposit, Receipt, RepeatKey};
use self::pieces::{Contents, PIECE_BYTES_MAX};
use self::store::Held;
pub(super) use self::store::Uploads;
use super::error::{Answer, Error, Words};
use super::{ORIGINAL_BYTES_MAX, Outcome, PlannedId, Registry, Source, Taken, Target};
use crate::base::seal::SealKey;
use crate::domain::actor::{Actor, Clerk};
use crate::domain::case_file::{Phase, ReferenceNumber};
use crate::domain::ids::{DocumentId, UploadId};
use crate::format::upload::{UploadEnd, UploadHead};

/// Largest upload: no larger document is taken in.
pub const UPLOAD_BYTES_MAX: u64 = ORIGINAL_BYTES_MAX;
/// How long an upload is kept after its last byte.
pub const UPLOAD_KEPT: Duration = Duration::from_secs(24 * 3600);
/// How long it is said what became of an upload.
const END_KEPT: Duration = Duration::from_secs(3600);
/// Uploads of one person that are on their way at once.
const UPLOADS_OF_ONE_MAX: usize = 500;
/// Bytes of all those, as they will be when they are whole.
const BYTES_OF_ONE_MAX: u64 = 32 << 30;
/// Longest name of a file, in characters.
const NAME_CHARS_MAX: usize = 255;

/// An upload to be begun.
#[derive(Debug, Clone)]
pub struct NewUpload {
    /// Name of the file; of a path, its last part.
    pub file_name: String,
    /// The file it belongs to; none for the in-tray.
    pub reference: Option<ReferenceNumber>,
    /// How long it will be; none if nobody knows: then it is as long as what comes.
    pub size_bytes: Option<u64>,
}

/// An upload, as its person sees it.
#[derive(Debug, Clone)]
pub struct UploadView {
    /// Its id.
    pub id: UploadId,
    /// Name of the file.
    pub file_name: String,
    /// The file it belongs to; none for the in-tray.
    pub reference: Option<ReferenceNumber>,
    /// What has come, durable.
    pub received_bytes: u64,
    /// How long it will be, if that is known.
    pub size_bytes: Option<u64>,
    /// When it will be removed.
    pub expires: Timestamp,
    /// How far it is.
    pub state: UploadState,
}

/// How far an upload is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UploadState {
    /// Something is missing, or it is about to be taken in.
    OnItsWay,
    /// It is a document.
    Taken {
        /// Which.
        document: DocumentId,
        /// One with this content was there already, as this person may know.
        known: bool,
    },
    /// It was not taken in, and is removed.
    Refused(Words),
}

/// What came of going on with an upload.
#[derive(Debug)]
pub enum Continued {
    /// It is not there, for this person.
    Gone,
    /// It is being gone on with elsewhere.
    Busy,
    /// It does not go on there: so much has come.
    Elsewhere(u64),
    /// More came than there is to come.
    TooLong,
    /// So it is now. What did not come before the line went dead is still missing.
    At(UploadView),
}

impl Registry {
    /// Begins an upload.
    ///
    /// # Errors
    /// A mistake if it is too large, empty or has no name, or its file is not there for this person or takes nothing more;
    /// a refusal if this person has too much on its way; a fault if there is no room.
    pub fn begin_upload(&self, clerk: Clerk<'_>, new: &NewUpload) -> Answer<UploadView> {
        let actor = clerk.actor();
        let file_name = self.name_of_upload(&new.file_name)?;
        let what = || format!("{file_name} wird nicht hochgeladen");
        match new.size_bytes {
            Some(0) => {
                return Err(Error::mistake(what(), "die Datei ist leer", "wählen Sie eine Datei mit Inhalt"));
            }
            Some(bytes) if bytes > UPLOAD_BYTES_MAX => {
                let why = format!("die Datei ist größer als {} GiB", UPLOAD_BYTES_MAX >> 30);
                return Err(Error::mistake(what(), why, "teilen Sie die Datei"));
            }
            _ => {}
        }
        if let Some(reference) = &new.reference {
            self.require_takes_uploads(actor, reference, &what())?;
        }
        self.require_few_on_their_way(actor, new.size_bytes.unwrap_or(0), what)?;
        let head = UploadHead {
            person: actor.id,
            file_name,
            reference: new.reference.clone(),
            size_bytes: new.size_bytes,
            touched: self.disk.now(),
            key: SealKey::random(),
            document: None,
            end: None,
        };
        let held = self.new_upload(head)?;
        Ok(held.view())
    }

    /// An upload of this person; none if it is not there.
    ///
    /// # Errors
    /// A fault if it cannot be looked at.
    pub fn upload(&self, clerk: Clerk<'_>, id: UploadId) -> Answer<Continued> {
        self.continue_upload(clerk, id, None, None, &mut io::empty())
    }

    /// What this person has on its way, and what became lately of the rest; the newest last.
    ///
    /// # Errors
    /// A fault if it cannot be looked at.
    pub fn uploads(&self, clerk: Clerk<'_>) -> Answer<Vec<UploadView>> {
        let mut views = self.views_of_uploads(clerk.actor().id)?;
        views.sort_by_key(|view| (view.expires, view.id));
        Ok(views)
    }

    /// Goes on with an upload at `offset` (none: only looks). What has come is durable when this returns, even if the
    /// line went dead. What is whole by then is taken in before this returns.
    ///
    /// # Errors
    /// A fault if the disk fails or is full, or taking in fails; then it can be tried again.
    pub fn continue_upload(
        &self,
        clerk: Clerk<'_>,
        id: UploadId,
        offset: Option<u64>,
        announced_bytes: Option<u64>,
        bytes: &mut dyn Read,
    ) -> Answer<Continued> {
        let mut held = match self.hold_upload(clerk.actor().id, id)? {
            Ok(held) => held,
            Err(why) => return Ok(why),
        };
        let received = held.received_bytes();
        if let Some(offset) = offset {
            let room = held.head.size_bytes.unwrap_or(UPLOAD_BYTES_MAX) - received;
            match offset {
                _ if offset != received => return Ok(Continued::Elsewhere(received)),
                _ if announced_bytes.is_some_and(|bytes| bytes > room) => return Ok(Continued::TooLong),
                _ => {}
            }
            self.require_room_beside(announced_bytes.unwrap_or(0))?;
            if !self.receive(&mut held, bytes, room)? {
                return Ok(Continued::TooLong);
            }
        }
        if held.is_whole() {
            self.take_in_upload(clerk, &mut held)?;
        }
        Ok(Continued::At(held.view()))
    }

    /// Says that an upload whose length nobody knew is whole, and takes it in.
    ///
    /// # Errors
    /// As [`Self::continue_upload`].
    pub fn finish_upload(&self, clerk: Clerk<'_>, id: UploadId) -> Answer<Continued> {
        let mut held = match self.hold_upload(clerk.actor().id, id)? {
            Ok(held) => held,
            Err(why) => return Ok(why),
        };
        let received = held.received_bytes();
        held.head.size_bytes.get_or_insert(received);
        if held.is_whole() {
            self.take_in_upload(clerk, &mut held)?;
        }
        Ok(Continued::At(held.view()))
    }

    /// Ends an upload of this person and removes what came of it. A document it has become stays.
    ///
    /// # Errors
    /// A fault if it cannot be removed.
    pub fn discard_upload(&self, clerk: Clerk<'_>, id: UploadId) -> Answer<Option<Continued>> {
        match self.hold_upload(clerk.actor().id, id)? {
            Ok(held) => self.remove_upload(held).map(|()| None),
            Err(why) => Ok(Some(why)),
        }
    }

    /// Removes what nobody goes on with, and takes in what is whole: its server was ended before it could.
    ///
    /// # Errors
    /// The first fault; the others were tended.
    pub fn tend_uploads(&self) -> Answer<()> {
        let now = self.disk.now();
        let mut first = Ok(());
        for (id, person) in self.all_uploads()? {
            let Ok(mut held) = self.hold_upload(person, id)? else { continue };
            let tended = if expires(&held.head) <= now {
                self.remove_upload(held)
            } else if held.is_whole() && held.head.end.is_none() {
                match self.person_by_id(person) {
                    Ok(actor) => match actor.as_clerk() {
                        Ok(clerk) => self.take_in_upload(clerk, &mut held),
                        Err(_) => Ok(()), // the right is gone; so will the upload be, in a day
                    },
                    Err(_) => self.remove_upload(held),
                }
            } else {
                Ok(())
            };
            first = first.and(tended);
        }
        first
    }

    /// This person has not too much on its way already, and there is room for so many bytes more.
    fn require_few_on_their_way(
        &self,
        actor: &Actor,
        size_bytes: u64,
        what: impl Fn() -> String,
    ) -> Answer<()> {
        let (count, bytes) = self.uploads_on_their_way(actor.id)?;
        if count >= UPLOADS_OF_ONE_MAX || bytes.saturating_add(size_bytes) > BYTES_OF_ONE_MAX {
            return Err(Error::Refusal(crate::domain::refusal::Refusal::new(
                what(),
                format!(
                    "von Ihnen sind schon {count} Dateien unterwegs; zugleich dürfen es {UPLOADS_OF_ONE_MAX} mit zusammen \
                     {} GiB sein",
                    BYTES_OF_ONE_MAX >> 30
                ),
                "warten Sie, bis sie aufgenommen sind, oder verwerfen Sie, was Sie nicht mehr brauchen",
            )));
        }
        // Once in pieces, and once more when it is taken in.
        self.require_room_beside(self.missing_bytes_of_all()?.saturating_add(size_bytes.saturating_mul(2)))
    }

    fn name_of_upload(&self, name: &str) -> Answer<String> {
        let last = name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
        let chars = last.chars().count();
        if chars == 0 || chars > NAME_CHARS_MAX || last.chars().any(char::is_control) {
            return Err(Error::mistake(
                "Eine Datei wird nicht hochgeladen",
                format!("ihr Name fehlt, ist länger als {NAME_CHARS_MAX} Zeichen oder enthält Steuerzeichen"),
                "benennen Sie die Datei um",
            ));
        }
        Ok(last.to_owned())
    }

    /// What would be refused at the end is refused at the beginning.
    fn require_takes_uploads(&self, actor: &Actor, reference: &ReferenceNumber, what: &str) -> Answer<()> {
        let file = self.file_named(actor, reference.as_str())?;
        if file.phase != Phase::Open {
            let why = format!("Akte {} kann kein Dokument mehr aufnehmen", file.reference);
            return Err(Error::mistake(what, why, "öffnen Sie die Akte wieder, oder nennen Sie eine andere"));
        }
        Ok(())
    }

    /// Seals what comes, until it ends or the line goes dead; false if it is more than there is room for. Durable on return.
    fn receive(&self, held: &mut Held<'_>, bytes: &mut dyn Read, room: u64) -> Answer<bool> {
        let Some(pieces) = &mut held.pieces else { return Ok(true) };
        let (mut buffer, mut filled, mut left) = (vec![0; PIECE_BYTES_MAX], 0, room);
        let fits = loop {
            let read = match bytes.read(&mut buffer[filled..]) {
                Ok(read) => read,
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => 0, // what came until then is kept
            };
            match left.checked_sub(read as u64) {
                None => break false,
                Some(rest) => left = rest,
            }
            filled += read;
            if filled == buffer.len() || read == 0 && filled > 0 {
                pieces.add(&buffer[..filled])?;
                filled = 0;
            }
            if read == 0 {
                break true;
            }
        };
        let synced = pieces.sync();
        if let Err(cause) = synced {
            // Nobody knows what is on disk, and nothing will say so again.
            held.forsake();
            return Err(cause.into());
        }
        held.head.touched = self.disk.now();
        self.put_head(held)?;
        Ok(fits)
    }

    /// Takes in what is whole; a second time it only says what came of it.
    fn take_in_upload(&self, clerk: Clerk<'_>, held: &mut Held<'_>) -> Answer<()> {
        if held.head.end.is_some() {
            return Ok(());
        }
        let earlier = match held.head.document {
            Some(id) => self.is_taken_in(clerk, id)?,
            None => false,
        };
        let end = if earlier { UploadEnd::Taken { known: false } } else { self.ingest_upload(clerk, held)? };
        held.head.end = Some(end);
        held.head.touched = self.disk.now();
        self.put_head(held)?;
        self.remove_pieces(held)
    }

    fn ingest_upload(&self, clerk: Clerk<'_>, held: &mut Held<'_>) -> Answer<UploadEnd> {
        let planned = PlannedId::draw();
        held.head.document = Some(planned.id());
        self.put_head(held)?;
        let target = held.head.reference.clone().map(Target::of);
        Ok(match self.ingest_pieces(clerk, held, planned, target)?.outcome {
            Outcome::Taken(_) => UploadEnd::Taken { known: false },
            Outcome::Known(_) => UploadEnd::Taken { known: true },
            Outcome::Refused(Words { what, why, way_out }) => UploadEnd::Refused([what, why, way_out]),
        })
    }

    /// Takes in what has come, under this id.
    fn ingest_pieces(
        &self,
        clerk: Clerk<'_>,
        held: &Held<'_>,
        planned: PlannedId,
        target: Option<Target>,
    ) -> Answer<Taken> {
        let (id, bytes, key) = (held.id, held.received_bytes(), held.head.key.clone());
        let (disk, path) = (self.disk.clone(), self.pieces_of(id));
        let open = move || {
            let contents = Contents::of(&disk, &path, key.clone(), id, bytes)?;
            Ok(Box::new(contents) as Box<dyn Read>)
        };
        let name = held.head.file_name.clone();
        let source = Source { name: name.clone(), file_name: name, target, open: Box::new(open) };
        let mut outcome = None;
        self.ingest_planned(clerk, std::iter::once((planned, source)), &mut |taken| outcome = Some(taken))?;
        outcome.ok_or_else(|| {
            Error::fault(
                "Eine hochgeladene Datei wurde nicht aufgenommen",
                "versuchen Sie es erneut; was hochgeladen ist, bleibt einen Tag",
                "das Erfassen endete ohne Antwort",
            )
        })
    }
}

/// When it will be removed.
fn expires(head: &UploadHead) -> Timestamp {
    let kept = if head.end.is_some() { END_KEPT } else { UPLOAD_KEPT };
    head.touched.checked_add(kept).unwrap_or(Timestamp::MAX)
}
