//! What matches can be narrowed to besides words: where their file is in its life, and what they are. Knows the words
//! people type for it, and no index.

use super::super::case_file::Phase;
use super::super::document::{Document, TextState};
use super::super::record_type::RecordTypeId;
use super::super::text::MediaType;

/// Something that can be asked of a match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trait {
    /// Its file is there in its life.
    Phase(PhaseName),
    /// It is of this kind.
    Kind(HitKind),
    /// Its file is of this record type; none: of no type.
    Type(Option<RecordTypeId>),
    /// Its document lies in the register of this number, as [`word`](super::super::register::RegisterNumber::word) writes it; none: in no register.
    Register(Option<String>),
}

/// Where the file of a match is in its life. What is condemned is no match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhaseName {
    /// In use.
    Open,
    /// Closed, to the files (z.d.A.).
    Closed,
    /// Handed over to the archive.
    Transferred,
}

impl PhaseName {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Open, Self::Closed, Self::Transferred];

    /// The name of this phase; none from the point of no return on.
    #[must_use]
    pub fn of(phase: &Phase) -> Option<Self> {
        match phase {
            Phase::Open => Some(Self::Open),
            Phase::Closed { .. } => Some(Self::Closed),
            Phase::Transferred { .. } => Some(Self::Transferred),
            Phase::Condemned { .. } | Phase::Destroyed { .. } => None,
        }
    }

    /// What people type, German.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "laufend",
            Self::Closed => "geschlossen",
            Self::Transferred => "abgegeben",
        }
    }

    pub(super) fn typed(word: &str) -> Option<Self> {
        let word = word.to_lowercase();
        match word.as_str() {
            "zda" | "z.d.a" | "z.d.a." => Some(Self::Closed),
            _ => Self::ALL.into_iter().find(|phase| phase.word() == word),
        }
    }
}

/// What a match is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HitKind {
    /// A file by its own description.
    File,
    /// A page that was scanned: a TIFF, or a PDF whose text had to be recognised.
    Scan,
    /// A page of a PDF with text of its own.
    Pdf,
    /// A picture (JPEG, PNG).
    Picture,
    /// Plain text, HTML, XML.
    PlainText,
    /// Text, spreadsheet or slides of an office program.
    Office,
    /// A mail.
    Mail,
    /// Of a document whose bytes are not understood, or not yet looked at.
    Other,
}

impl HitKind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::File,
        Self::Scan,
        Self::Pdf,
        Self::Picture,
        Self::PlainText,
        Self::Office,
        Self::Mail,
        Self::Other,
    ];

    /// What the pages of this document are.
    #[must_use]
    pub fn of(document: &Document) -> Self {
        match document.format.media {
            MediaType::Pdf => match &document.text {
                TextState::Read(text) if text.pages_recognised > 0 => Self::Scan,
                _ => Self::Pdf,
            },
            MediaType::Tiff => Self::Scan,
            MediaType::Jpeg
            | MediaType::Png
            | MediaType::Jpeg2000
            | MediaType::WebP
            | MediaType::Gif
            | MediaType::Heic => Self::Picture,
            MediaType::PlainText | MediaType::Html | MediaType::Xml => Self::PlainText,
            MediaType::Doc
            | MediaType::Xls
            | MediaType::Ppt
            | MediaType::Docx
            | MediaType::Xlsx
            | MediaType::Xlsb
            | MediaType::Pptx
            | MediaType::Odt
            | MediaType::Ods
            | MediaType::Odp
            | MediaType::Rtf
            | MediaType::Csv => Self::Office,
            MediaType::Mail | MediaType::OutlookMail | MediaType::Mbox => Self::Mail,
            MediaType::Zip | MediaType::Unknown => Self::Other,
        }
    }

    /// What people type, German.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::File => "akte",
            Self::Scan => "scan",
            Self::Pdf => "pdf",
            Self::Picture => "bild",
            Self::PlainText => "text",
            Self::Office => "office",
            Self::Mail => "mail",
            Self::Other => "sonstiges",
        }
    }

    /// What people read, German.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::File => "Akte",
            Self::Scan => "Scan",
            Self::Pdf => "PDF",
            Self::Picture => "Bild",
            Self::PlainText => "Text",
            Self::Office => "Office-Dokument",
            Self::Mail => "E-Mail",
            Self::Other => "Sonstiges",
        }
    }

    pub(super) fn typed(word: &str) -> Option<Self> {
        let word = word.to_lowercase();
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}
