//! Ids that are drawn before a document is taken in. Whoever writes such an id down first can ask afterwards whether it
//! came to that: the door that moves a file once it is acknowledged, and may be killed between the two. It tells whoever
//! has the content and the id of a document that they belong together, and nothing else.

use std::io::Read;

use uuid::Uuid;

use crate::base::digest::Sha256;
use crate::catalog::Kind;
use crate::domain::actor::Clerk;
use crate::domain::event::{DocumentEvent, Event};
use crate::domain::ids::DocumentId;
use crate::registry::Registry;
use crate::registry::error::Answer;

/// The id of a document that is still to be taken in. It can only be drawn, so none is ever given twice; or it follows from
/// what a program says ([`crate::registry::RepeatKey`]), and then it is first asked whether it was given.
#[derive(Debug)]
pub struct PlannedId(DocumentId);

impl PlannedId {
    /// A new one.
    #[must_use]
    pub fn draw() -> Self {
        Self(DocumentId(Uuid::new_v4()))
    }

    /// One that follows from what was said. The caller has it to itself, and has asked that nothing was taken in under it.
    pub(in crate::registry) fn of_what_was_said(id: DocumentId) -> Self {
        Self(id)
    }

    /// The id the document will have, to be written down.
    #[must_use]
    pub fn id(&self) -> DocumentId {
        self.0
    }
}

impl Registry {
    /// A document of this id was taken in.
    ///
    /// # Errors
    /// A fault if the catalogue fails.
    pub fn is_taken_in(&self, _clerk: Clerk<'_>, id: DocumentId) -> Answer<bool> {
        Ok(self.catalog()?.row(Kind::Document, id.0)?.is_some())
    }

    /// The document of this id was taken in, and came with exactly this content. A document that was destroyed since
    /// is said to be this one, whatever the content: nobody knows any more, and nothing that was destroyed comes back
    /// for that reason.
    ///
    /// # Errors
    /// A fault if the ledger cannot be read, or the content.
    pub fn took_in(&self, _clerk: Clerk<'_>, id: DocumentId, content: &mut dyn Read) -> Answer<bool> {
        if self.catalog()?.row(Kind::Document, id.0)?.is_none() {
            return Ok(false);
        }
        let events = self.chain(Kind::Document, id.0)?;
        let Some(Event::Document(_, DocumentEvent::TakenIn { original, .. })) = events.first() else {
            return Ok(true); // its key is forgotten
        };
        Ok(Sha256::of_reader(content)? == original.sha256)
    }
}
