//! Thinning (Ausdünnen): of a file that is worth keeping the archive takes over a part, document by document.
//!
//! A rule of the pack can only propose. What is left out is named by document when the archive decides, and whatever is not
//! named is kept: a document without register, one that comes in later, one that is sorted otherwise afterwards. The names
//! die with the file; what outlives it is how many there were, and a seal that binds the signatures to exactly these.

use std::collections::BTreeSet;

use crate::base::digest::Sha256;
use crate::domain::case_file::{CaseFile, ClassNumber};
use crate::domain::ids::{CaseFileId, DocumentId};
use crate::domain::record_type::RecordTypeId;
use crate::domain::refusal::Refusal;
use crate::domain::register::RegisterNumber;
use crate::domain::retention::RuleId;

/// A rule that says which registers of an archive-worthy file the archive may do without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThinningRule {
    /// Its name, unlike that of every other.
    pub id: RuleId,
    /// What it is about, German: `Bauakten ohne Schriftverkehr`.
    pub title: String,
    /// Why the rest represents the matter, German.
    pub reason: String,
    /// The record type whose registers are meant.
    pub record_type: RecordTypeId,
    /// The classes (and all below them) it is proposed for.
    pub classes: Vec<ClassNumber>,
    /// The registers that are left out.
    pub leave_out: Vec<RegisterNumber>,
}

impl ThinningRule {
    /// It is proposed for this file.
    #[must_use]
    pub fn is_for(&self, file: &CaseFile) -> bool {
        file.type_id() == Some(&self.record_type)
            && self.classes.iter().any(|branch| file.class.is_within(branch))
    }

    /// Both would be proposed for one file; the class for which they would.
    #[must_use]
    pub fn overlap<'a>(&'a self, other: &'a Self) -> Option<&'a ClassNumber> {
        if self.record_type != other.record_type {
            return None;
        }
        let pairs = self.classes.iter().flat_map(|one| other.classes.iter().map(move |two| (one, two)));
        pairs.into_iter().find_map(|(one, two)| match (one.is_within(two), two.is_within(one)) {
            (true, _) => Some(one),
            (false, true) => Some(two),
            (false, false) => None,
        })
    }
}

/// The documents of a file that its archive copy does without. Sealed with the file, and gone with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Which, in the order of their ids.
    pub documents: Vec<DocumentId>,
    /// The rule that proposed it, with its edition; none if the archive chose by itself.
    pub rule: Option<String>,
    /// Keeps the seal from being guessed once this is gone.
    pub salt: [u8; 32],
}

/// That a file is thinned, as the list keeps it: numbers, and what binds signatures to the documents meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thinned {
    /// Documents that are taken over.
    pub kept: u64,
    /// Documents there were.
    pub of: u64,
    /// SHA-256 over the salt and the documents left out ([`LeftOut::seal`]).
    pub seal: Sha256,
}

impl Thinned {
    /// Documents that are not taken over.
    #[must_use]
    pub fn left_out(&self) -> u64 {
        self.of.saturating_sub(self.kept)
    }
}

impl LeftOut {
    /// What is left out of a file, and what the list keeps of that.
    ///
    /// # Errors
    /// A [`Refusal`] while a hold stands, if nothing would be left out or nothing kept, or for what lies in another file.
    pub fn of(
        file: &CaseFile,
        documents: BTreeSet<DocumentId>,
        rule: Option<String>,
        salt: [u8; 32],
    ) -> Result<(Self, Thinned), Refusal> {
        let refuse = |why: String, way_out: &str| {
            Err(Refusal::new(format!("Die Akte {} wird nicht ausgedünnt", file.reference), why, way_out))
        };
        require_not_held(file)?;
        if documents.is_empty() {
            return refuse(
                "keines ihrer Dokumente ist zum Auslassen genannt".to_owned(),
                "nennen Sie Register, in denen Dokumente liegen, oder bewerten Sie die Akte als Ganzes",
            );
        }
        if let Some(strange) = documents.iter().find(|document| !file.documents.contains(document)) {
            return refuse(
                format!("das Dokument {strange} liegt nicht in ihr"),
                "`schriftgut show` zeigt ihre Dokumente",
            );
        }
        let (of, left_out) = (file.documents.len() as u64, documents.len() as u64);
        if of == left_out {
            return refuse(
                "es bliebe kein Dokument übrig".to_owned(),
                "wenigstens eines bleibt; was nicht archivwürdig ist, bewerten Sie mit V",
            );
        }
        let left_out = Self { documents: documents.into_iter().collect(), rule, salt };
        let thinned =
            Thinned { kept: of - left_out.documents.len() as u64, of, seal: left_out.seal(file.id) };
        Ok((left_out, thinned))
    }

    /// SHA-256 over `SGTH`, 1, the salt, the file's id, the number of documents (8 bytes, little-endian) and their ids.
    #[must_use]
    pub fn seal(&self, file: CaseFileId) -> Sha256 {
        let mut bytes = b"SGTH\x01".to_vec();
        bytes.extend_from_slice(&self.salt);
        bytes.extend_from_slice(file.0.as_bytes());
        bytes.extend_from_slice(&(self.documents.len() as u64).to_le_bytes());
        for document in &self.documents {
            bytes.extend_from_slice(document.0.as_bytes());
        }
        Sha256::of(&[&bytes])
    }
}

/// While a hold stands every document of a file is kept wherever the file goes.
///
/// # Errors
/// A [`Refusal`] that names the hold.
pub fn require_not_held(file: &CaseFile) -> Result<(), Refusal> {
    match file.holds.first() {
        None => Ok(()),
        Some(hold) => Err(Refusal::new(
            format!("Die Akte {} wird nicht ausgedünnt", file.reference),
            format!("an ihr besteht eine Vernichtungssperre ({})", hold.reason),
            "warten Sie, bis die Sperre aufgehoben ist, oder bewerten Sie die Akte als Ganzes",
        )),
    }
}
