//! What the core promises to those who use it: rights, words that are kept, the life of a file, disposal lists and
//! warrants, restorations. A promise of one module alone stands in that module.

mod catalogues;
mod codes;
mod dialogue;
mod events;
mod every_path;
mod files;
mod life;
mod lists;
mod paper;
mod registers;
mod restorations;
mod rights;
mod samples;
mod scans;
mod thinnings;
mod warrants;

use jiff::civil::{Date, date};
use uuid::Uuid;

use super::case_file::CaseFile;
use super::disposal::Signature;
use super::document::{Document, HeldObject, TextRendition, TextState};
use super::ids::{DocumentId, ObjectId, PersonId};
use super::protection::ProtectionDomain;
use super::retention::example::example_file;
use super::text::Format;
use crate::base::digest::Sha256;

const DAY: Date = date(2026, 11, 22);

fn person(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(number))
}

fn document_id(number: u128) -> DocumentId {
    DocumentId(Uuid::from_u128(number))
}

/// A file that is open.
fn file() -> CaseFile {
    example_file("63.10".parse().unwrap())
}

fn object(number: u8) -> HeldObject {
    HeldObject {
        id: ObjectId([number; 32]),
        sha256: Sha256([number; 32]),
        size_bytes: u64::from(number),
        wrapped_key: Vec::new(),
    }
}

/// A document nobody has read yet, with one original.
fn document(number: u128, original: HeldObject) -> Document {
    Document {
        id: document_id(number),
        file: None,
        case: None,
        domain: ProtectionDomain::General,
        file_name: "antrag.pdf".to_owned(),
        received: DAY,
        original,
        format: Format::UNKNOWN,
        text: TextState::Unread,
        earlier_texts: Vec::new(),
        earlier: Vec::new(),
        register: None,
        withdrawn: None,
        made_of: Vec::new(),
        became: Vec::new(),
        contained_in: None,
        contents: Vec::new(),
        stays_inside: Vec::new(),
        unpacking: None,
        scan: None,
        stack: None,
        pages_expected: None,
    }
}

fn text_layer(object: HeldObject) -> TextRendition {
    TextRendition {
        object,
        pages_declared: Some(3),
        pages_read: 3,
        pages_recognised: 0,
        engine: None,
        shortfalls: Vec::new(),
        symbol_coding: None,
    }
}

/// A signature as good as any other to the core, which asks somebody else whether it holds: see [`verifies`].
fn sign(by: PersonId, text: &[u8]) -> Signature {
    let mut bytes = [0; 64];
    bytes[..32].copy_from_slice(&Sha256::of(&[by.0.as_bytes(), text]).0);
    Signature { by, public: [7; 32], bytes }
}

fn verifies(signature: &Signature, text: &[u8]) -> bool {
    *signature == sign(signature.by, text)
}
