//! Read again (Noch einmal lesen): one document whose reading was given up or fell short, or everything that was recognised with
//! another engine than there is now. A new text stands beside the old one, which is kept; it does not replace it where it has
//! fewer pages. Whoever reads something new goes first. Safe to stop at any time: what was read with the engine of now is not
//! read again.

use std::time::{Duration, Instant};

use super::Registry;
use super::error::{Answer, Error};
use crate::domain::actor::Clerk;
use crate::domain::case_file::CaseFile;
use crate::domain::document::{Document, TextState};
use crate::domain::ids::{CaseFileId, DocumentId};
use crate::intake::IntakeError;

/// How often it is looked whether what is new has been read.
const GIVES_WAY_FOR: Duration = Duration::from_millis(500);

/// What reading a document again came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reread {
    /// It has another text now.
    New,
    /// Word for word what it had.
    Same,
    /// What it had stays: why, in words for users.
    Kept(String),
}

/// What of the records was recognised with another engine than this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outdated {
    /// What is recognised with now.
    pub engine: String,
    /// The documents, in the order of their ids.
    pub documents: Vec<DocumentId>,
}

/// How far reading again has come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RereadSum {
    /// Documents read again so far.
    pub done: usize,
    /// Documents with another text than before.
    pub new: usize,
    /// Documents with the same text as before.
    pub same: usize,
    /// Documents whose text stays, and why.
    pub kept: Vec<(DocumentId, String)>,
}

impl Registry {
    /// Reads a document again: with a newer program, say, or after what was in the way has gone.
    ///
    /// # Errors
    /// A mistake if it is unknown to this person, was withdrawn, waits or is being read.
    pub fn read_again(&self, clerk: Clerk<'_>, id: DocumentId) -> Answer<(Document, Reread)> {
        let document = self.known_document(clerk.actor(), id)?;
        let refuse = |why: &str, way_out: &str| {
            Err(Error::mistake(format!("Dokument {id} wird nicht noch einmal gelesen"), why, way_out))
        };
        if document.withdrawn.is_some() {
            return refuse("es ist zurückgezogen", "nehmen Sie zuerst zurück, dass es zurückgezogen ist");
        }
        if document.text == TextState::Unread {
            return refuse(
                "es wartet noch darauf, gelesen zu werden",
                "`schriftgut queue` zeigt, was wartet",
            );
        }
        let Some(_in_hand) = self.take_in_hand(id) else {
            return refuse("es wird gerade gelesen", "warten Sie einen Augenblick");
        };
        self.require_room(0)?;
        let reread = self.reread(&document)?;
        self.follow_indexes()?;
        Ok((self.known_document(clerk.actor(), id)?, reread))
    }

    /// What was recognised with another engine than there is now, of the files this person may read: of these files, or of all.
    ///
    /// # Errors
    /// A mistake for a file unknown to this person, and where nothing can be recognised.
    pub fn read_with_another_engine(&self, clerk: Clerk<'_>, references: &[String]) -> Answer<Outdated> {
        let actor = clerk.actor();
        let engine = self.workshop.sandbox_status()?.engine.ok_or_else(|| {
            Error::mistake(
                "Es wird nichts noch einmal gelesen",
                "tesseract ist nicht da oder startet nicht",
                "installieren Sie tesseract mit dem Modell für Deutsch; `schriftgut doctor` sagt, was fehlt",
            )
        })?;
        let mut documents = Vec::new();
        if references.is_empty() {
            let parts = self.fold_files(&|found: &mut Vec<DocumentId>, file: CaseFile| {
                if actor.may_read_file(&file) && !file.phase.is_gone() {
                    self.outdated_of(file.id, &engine, found)?;
                }
                Ok(())
            })?;
            documents = parts.concat();
        }
        for reference in references {
            self.outdated_of(self.file_named(actor, reference)?.id, &engine, &mut documents)?;
        }
        documents.sort_unstable();
        documents.dedup();
        Ok(Outdated { engine, documents })
    }

    fn outdated_of(&self, file: CaseFileId, engine: &str, found: &mut Vec<DocumentId>) -> Answer<()> {
        for id in self.catalog()?.documents_of(file)? {
            let Some(document) = self.document(id)? else { continue };
            if document.withdrawn.is_none()
                && let TextState::Read(text) = &document.text
                && text.pages_recognised > 0
                && text.engine.as_deref() != Some(engine)
            {
                found.push(id);
            }
        }
        Ok(())
    }

    /// Reads these documents again, one after the other. `report` hears of each.
    ///
    /// # Errors
    /// A fault of the machinery; what was read before stays read.
    pub fn read_all_again(
        &self,
        clerk: Clerk<'_>,
        documents: &[DocumentId],
        report: &mut dyn FnMut(&RereadSum),
    ) -> Answer<RereadSum> {
        let (mut sum, followed) = (RereadSum::default(), std::sync::Mutex::new(Instant::now()));
        for &id in documents {
            self.give_way_to_what_is_new()?;
            self.require_room(0)?;
            let document = self.readable_document(clerk.actor(), id)?;
            let in_hand = self.take_in_hand(id);
            match document.filter(|document| document.withdrawn.is_none()).zip(in_hand.as_ref()) {
                None => {
                    sum.kept.push((id, "es war inzwischen nicht mehr da oder in anderen Händen".to_owned()))
                }
                Some((document, _)) => match self.reread(&document)? {
                    Reread::New => sum.new += 1,
                    Reread::Same => sum.same += 1,
                    Reread::Kept(why) => sum.kept.push((id, why)),
                },
            }
            sum.done += 1;
            report(&sum);
            self.follow_now_and_then(&followed)?;
        }
        self.follow_indexes()?;
        Ok(sum)
    }

    /// While somebody reads what is new, that is waited for.
    fn give_way_to_what_is_new(&self) -> Answer<()> {
        while self.unread()? > 0 && self.reading.try_lock().is_err() {
            std::thread::sleep(GIVES_WAY_FOR);
        }
        Ok(())
    }

    /// Reads a document that is in hand and was read before.
    fn reread(&self, document: &Document) -> Answer<Reread> {
        let TextState::Read(before) = &document.text else {
            return Ok(match self.read_document(document)? {
                Some(_) => Reread::New,
                None => Reread::Kept("es ist weiterhin nicht lesbar".to_owned()),
            });
        };
        let reading = match self.workshop.read(&self.plain_source(document), &mut |_| {}) {
            Ok(reading) => reading,
            Err(IntakeError::NotReadable { reason, .. }) => {
                return Ok(Reread::Kept(reason.german().to_owned()));
            }
            Err(fault) => return Err(fault.into()),
        };
        let found = reading.pages.len();
        if u32::try_from(found).is_ok_and(|found| found < before.pages_read) {
            let why = format!("jetzt wären nur {found} von {} Seiten gelesen", before.pages_read);
            return Ok(Reread::Kept(why));
        }
        let rendition = self.keep_reading(document, &reading)?;
        Ok(if rendition.object.id == before.object.id { Reread::Same } else { Reread::New })
    }
}
