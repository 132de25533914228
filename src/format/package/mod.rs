//! Packages for an archive that takes no xdomea: a bag (`BagIt`), a submission package (E-ARK SIP), a storage root (OCFL). All three hold
//! the same: the objects of the archive copies, a description of each file, and a finding aid. Here stands what is told of them,
//! where things lie and what is written around them; nothing here opens an object or writes to a disk.

pub mod bag;
pub mod eark;
pub mod finding_aid;
pub mod ocfl;
#[cfg(test)]
pub(crate) mod samples;
mod xml;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::base::digest::{Sha256, Sha512};
pub use crate::domain::disposal::PackageForm;
use crate::domain::disposal::dialogue::told::Happened;
use crate::domain::ids::{ArchiveCopyId, CaseFileId, DisposalListId, DocumentId};
use crate::domain::protection::ProtectionDomain;
use crate::domain::text::Format;

/// An export as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Who hands over.
    pub organisation: String,
    /// Of which list.
    pub list: DisposalListId,
    /// The day.
    pub on: Date,
    /// When it was written.
    pub at: Timestamp,
    /// Its files by reference number and title, in their order.
    pub files: Vec<(String, String)>,
}

/// A file as a package tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackagedFile {
    /// Its place in the export, from 1.
    pub number: usize,
    /// The folder it goes by; no other file of the export has it.
    pub folder: String,
    /// The id it had.
    pub id: CaseFileId,
    /// Its archive copy.
    pub copy: ArchiveCopyId,
    /// What people called it.
    pub reference: String,
    /// What it is about.
    pub title: String,
    /// The number of its class.
    pub class: String,
    /// What the class is called; empty if the plan does not know it.
    pub class_title: String,
    /// What kind of file it is, German; none if nobody said.
    pub kind: Option<String>,
    /// Its secrecy.
    pub secrecy: ProtectionDomain,
    /// Its first day; none if it was taken in when it had long been closed.
    pub begun: Option<Date>,
    /// The day it was closed.
    pub closed: Option<Date>,
    /// What is known of it, by label: the fields of its type, then facts.
    pub fields: Vec<(String, String)>,
    /// What the archive decided, German.
    pub decision: String,
    /// The archive's reason.
    pub reason: String,
    /// Why it was on the list, and which criteria spoke for keeping it.
    pub basis: String,
    /// That a part of it was not taken over, and why; none if all of it was.
    pub thinned: Option<String>,
    /// Its documents, in its order.
    pub documents: Vec<PackagedDocument>,
    /// What happened to it.
    pub history: Vec<Happened>,
    /// Its description as JSON (`schema/formats/bag.md`).
    pub description: String,
}

/// A document in a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackagedDocument {
    /// The id it had.
    pub id: DocumentId,
    /// The register it lay in.
    pub register: Option<String>,
    /// The case it lay in.
    pub case: Option<String>,
    /// Its versions, oldest first.
    pub versions: Vec<PackagedVersion>,
    /// What happened to it.
    pub history: Vec<Happened>,
}

/// A version of a document in a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackagedVersion {
    /// Its number, from 1.
    pub number: usize,
    /// The name of its original in the package.
    pub name: String,
    /// The name the file came with.
    pub original_name: String,
    /// What the bytes are.
    pub format: Format,
    /// How many pages it has; none if nobody knows.
    pub pages: Option<u32>,
    /// How many bytes.
    pub size_bytes: u64,
    /// SHA-256 of the bytes.
    pub sha256: Sha256,
}

/// An object of an archive copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackagedObject {
    /// Its name in the package.
    pub name: String,
    /// It is a text layer that was read of an original.
    pub is_text: bool,
    /// What the bytes are, if that is known.
    pub format: Option<Format>,
    /// The name it came with; none for a text layer.
    pub original_name: Option<String>,
}

/// A file of the package that was written, and is what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Where, from the folder of the export.
    pub path: String,
    /// How many bytes.
    pub size_bytes: u64,
    /// SHA-256 of them.
    pub sha256: Sha256,
    /// SHA-512 of them.
    pub sha512: Sha512,
}

impl Written {
    /// What a text would be, once it is written there.
    pub(crate) fn text(path: &str, text: &str) -> Self {
        let bytes = text.as_bytes();
        let (sha256, sha512) = (Sha256::of(&[bytes]), Sha512::of(bytes));
        Self { path: path.to_owned(), size_bytes: bytes.len() as u64, sha256, sha512 }
    }
}

/// A text to be written, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewText {
    /// Where, from the folder of the export.
    pub path: String,
    /// What.
    pub text: String,
}

impl NewText {
    fn at(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into() }
    }
}

/// One of the forms: where the objects of a file lie, and what stands around them.
pub trait Layout {
    /// Where the object of this name lies, from the folder of the export.
    fn place(&self, file: &PackagedFile, name: &str, is_text: bool) -> String;
    /// What is written of a file once its objects are, in this order.
    fn around(&mut self, file: &PackagedFile, objects: &[(PackagedObject, Written)]) -> Vec<NewText>;
    /// What is written once all files and the finding aid are, in this order.
    fn finish(&mut self, finding_aid: &[Written]) -> Vec<NewText>;
}

/// The layout of a form.
#[must_use]
pub fn layout(form: PackageForm, export: &Export) -> Box<dyn Layout> {
    match form {
        PackageForm::Bag => Box::new(bag::Bag::new(export)),
        PackageForm::Eark => Box::new(eark::Sips::new(export)),
        PackageForm::Ocfl => Box::new(ocfl::Root::new(export)),
    }
}

/// A moment as XML and JSON write it, to the second.
fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A name that every file system takes: letters, digits, `.`, `-`, `_`; anything else becomes `_`, and no name
/// begins with a full stop.
#[must_use]
pub fn safe_name(name: &str) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '_' };
    let safe: String = name.chars().map(kept).take(120).collect();
    let safe = safe.trim_start_matches('.');
    if safe.is_empty() { "_".to_owned() } else { safe.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_on_every_file_system() {
        assert_eq!(safe_name("../../Lageplan März.pdf"), "_.._Lageplan_M_rz.pdf");
        assert_eq!(safe_name("63.10.01-1042"), "63.10.01-1042");
        assert_eq!(safe_name("..."), "_");
    }

    #[test]
    fn a_form_is_what_it_is_called() {
        for form in PackageForm::ALL {
            assert_eq!(form.code().parse(), Ok(form));
        }
        assert_eq!("zip".parse::<PackageForm>(), Err(crate::domain::disposal::NotAForm));
    }
}
