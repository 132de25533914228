//! Events of documents and of archive copies, as they are kept.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::scan::{WireChecked, WireNote, WireScan};
use super::{FormatError, documents, parse, uuids};
use crate::domain::divider::Stack;
use crate::domain::document::{PagesOf, StaysInside, Unpacking};
use crate::domain::event::{ArchiveEvent, DocumentEvent};
use crate::domain::ids::{CaseFileId, CaseId, DocumentId};
use crate::domain::register::RegisterNumber;
use crate::format::wire::{WireHeld, WireRendition, format_from, media_code};

#[derive(Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum WireDocument {
    TakenIn {
        file: Option<Uuid>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        case: Option<Uuid>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        register: Option<String>,
        domain: String,
        file_name: String,
        received: Date,
        original: WireHeld,
    },
    VersionAdded {
        file_name: String,
        received: Date,
        original: WireHeld,
    },
    Filed {
        file: Uuid,
    },
    Refiled {
        file: Uuid,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        register: Option<String>,
        on: Date,
        reason: String,
    },
    Sorted {
        register: Option<String>,
        on: Date,
        reason: String,
    },
    Withdrawn {
        on: Date,
        reason: String,
    },
    Reinstated {
        on: Date,
        reason: String,
    },
    MadeOf {
        pages: Vec<WirePages>,
    },
    Replaced {
        by: Vec<Uuid>,
        on: Date,
        reason: String,
    },
    ContainedIn {
        container: Uuid,
        path: String,
    },
    Unpacked {
        version: u32,
        through: u32,
        is_whole: bool,
        contents: Vec<Uuid>,
        stays_inside: Vec<WireInside>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        case: Option<Uuid>,
        on: Date,
    },
    Scanned(WireScan),
    PagesChecked(WireChecked),
    TransferNoted(Box<WireNote>),
    DividersFound {
        version: u32,
        page_count: u32,
        dividers: Vec<u32>,
        blank_backs: Vec<u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        whole_because: Option<String>,
        on: Date,
    },
    PagesExpected {
        page_count: u32,
    },
    TextRead {
        media: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pronom: Option<String>,
        rendition: WireRendition,
    },
    ReadingGivenUp {
        media: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pronom: Option<String>,
        reason: String,
    },
}

impl From<&DocumentEvent> for WireDocument {
    fn from(event: &DocumentEvent) -> Self {
        match event {
            DocumentEvent::TakenIn { file, case, register, domain, file_name, received, original } => {
                Self::TakenIn {
                    file: file.map(|id| id.0),
                    case: case.map(|id| id.0),
                    register: text_of(register),
                    domain: domain.to_string(),
                    file_name: file_name.clone(),
                    received: *received,
                    original: original.into(),
                }
            }
            DocumentEvent::VersionAdded { file_name, received, original } => Self::VersionAdded {
                file_name: file_name.clone(),
                received: *received,
                original: original.into(),
            },
            DocumentEvent::Filed { file } => Self::Filed { file: file.0 },
            DocumentEvent::Refiled { file, register, on, reason } => {
                Self::Refiled { file: file.0, register: text_of(register), on: *on, reason: reason.clone() }
            }
            DocumentEvent::Sorted { register, on, reason } => {
                Self::Sorted { register: text_of(register), on: *on, reason: reason.clone() }
            }
            DocumentEvent::Withdrawn { on, reason } => Self::Withdrawn { on: *on, reason: reason.clone() },
            DocumentEvent::Reinstated { on, reason } => Self::Reinstated { on: *on, reason: reason.clone() },
            DocumentEvent::MadeOf { pages } => {
                Self::MadeOf { pages: pages.iter().copied().map(WirePages::from).collect() }
            }
            DocumentEvent::Replaced { by, on, reason } => {
                Self::Replaced { by: uuids(by), on: *on, reason: reason.clone() }
            }
            DocumentEvent::ContainedIn { container, path } => {
                Self::ContainedIn { container: container.0, path: path.clone() }
            }
            DocumentEvent::Unpacked { unpacking, contents, stays_inside, case, on } => Self::Unpacked {
                version: unpacking.version,
                through: unpacking.through,
                is_whole: unpacking.is_whole,
                contents: uuids(contents),
                stays_inside: stays_inside.iter().map(WireInside::from).collect(),
                case: case.map(|id| id.0),
                on: *on,
            },
            DocumentEvent::Scanned { scan } => Self::Scanned(scan.as_ref().into()),
            DocumentEvent::PagesChecked { version, pages, by, on } => {
                Self::PagesChecked(WireChecked::of(*version, pages, *by, *on))
            }
            DocumentEvent::TransferNoted { note } => Self::TransferNoted(Box::new(note.as_ref().into())),
            DocumentEvent::DividersFound { stack, on } => dividers_found(stack.clone(), *on),
            DocumentEvent::PagesExpected { page_count } => Self::PagesExpected { page_count: *page_count },
            DocumentEvent::TextRead { format, rendition } => Self::TextRead {
                media: media_code(format.media),
                pronom: format.pronom.map(|puid| puid.to_string()),
                rendition: rendition.into(),
            },
            DocumentEvent::ReadingGivenUp { format, reason } => Self::ReadingGivenUp {
                media: media_code(format.media),
                pronom: format.pronom.map(|puid| puid.to_string()),
                reason: reason.clone(),
            },
        }
    }
}

fn dividers_found(stack: Stack, on: Date) -> WireDocument {
    let Stack { version, page_count, dividers, blank_backs, whole_because } = stack;
    WireDocument::DividersFound { version, page_count, dividers, blank_backs, whole_because, on }
}

impl WireDocument {
    pub(super) fn into_event(self) -> Result<DocumentEvent, FormatError> {
        match self {
            Self::TakenIn { file, case, register, domain, file_name, received, original } => {
                Ok(DocumentEvent::TakenIn {
                    file: file.map(CaseFileId),
                    case: case.map(CaseId),
                    register: register_from(register)?,
                    domain: parse(&domain, "domain")?,
                    file_name,
                    received,
                    original: original.into_held()?,
                })
            }
            Self::VersionAdded { file_name, received, original } => {
                Ok(DocumentEvent::VersionAdded { file_name, received, original: original.into_held()? })
            }
            Self::Filed { file } => Ok(DocumentEvent::Filed { file: CaseFileId(file) }),
            Self::Refiled { file, register, on, reason } => {
                let register = register_from(register)?;
                Ok(DocumentEvent::Refiled { file: CaseFileId(file), register, on, reason })
            }
            Self::Sorted { register, on, reason } => {
                Ok(DocumentEvent::Sorted { register: register_from(register)?, on, reason })
            }
            Self::Withdrawn { on, reason } => Ok(DocumentEvent::Withdrawn { on, reason }),
            Self::Reinstated { on, reason } => Ok(DocumentEvent::Reinstated { on, reason }),
            Self::MadeOf { pages } => {
                Ok(DocumentEvent::MadeOf { pages: pages.into_iter().map(PagesOf::from).collect() })
            }
            Self::Replaced { by, on, reason } => {
                Ok(DocumentEvent::Replaced { by: documents(by), on, reason })
            }
            Self::ContainedIn { container, path } => {
                Ok(DocumentEvent::ContainedIn { container: DocumentId(container), path })
            }
            Self::Unpacked { version, through, is_whole, contents, stays_inside, case, on } => {
                Ok(DocumentEvent::Unpacked {
                    unpacking: Unpacking { version, through, is_whole },
                    contents: documents(contents),
                    stays_inside: stays_inside.into_iter().map(StaysInside::from).collect(),
                    case: case.map(CaseId),
                    on,
                })
            }
            Self::Scanned(scan) => Ok(DocumentEvent::Scanned { scan: Box::new(scan.into_scan()?) }),
            Self::PagesChecked(checked) => {
                let (version, pages, by, on) = checked.into_parts();
                Ok(DocumentEvent::PagesChecked { version, pages, by, on })
            }
            Self::TransferNoted(note) => {
                Ok(DocumentEvent::TransferNoted { note: Box::new(note.into_note()?) })
            }
            Self::DividersFound { version, page_count, dividers, blank_backs, whole_because, on } => {
                let stack = Stack { version, page_count, dividers, blank_backs, whole_because };
                Ok(DocumentEvent::DividersFound { stack, on })
            }
            Self::PagesExpected { page_count } => Ok(DocumentEvent::PagesExpected { page_count }),
            Self::TextRead { media, pronom, rendition } => Ok(DocumentEvent::TextRead {
                format: format_from(&media, pronom.as_deref())?,
                rendition: rendition.into_rendition()?,
            }),
            Self::ReadingGivenUp { media, pronom, reason } => {
                Ok(DocumentEvent::ReadingGivenUp { format: format_from(&media, pronom.as_deref())?, reason })
            }
        }
    }
}

fn text_of(register: &Option<RegisterNumber>) -> Option<String> {
    register.as_ref().map(ToString::to_string)
}

fn register_from(text: Option<String>) -> Result<Option<RegisterNumber>, FormatError> {
    text.map(|text| parse(&text, "register")).transpose()
}

#[derive(Serialize, Deserialize)]
pub(super) struct WirePages {
    document: Uuid,
    version: u32,
    first: u32,
    last: u32,
}

impl From<PagesOf> for WirePages {
    fn from(pages: PagesOf) -> Self {
        let PagesOf { document, version, first, last } = pages;
        Self { document: document.0, version, first, last }
    }
}

impl From<WirePages> for PagesOf {
    fn from(pages: WirePages) -> Self {
        let WirePages { document, version, first, last } = pages;
        Self { document: DocumentId(document), version, first, last }
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct WireInside {
    path: String,
    reason: String,
}

impl From<&StaysInside> for WireInside {
    fn from(StaysInside { path, reason }: &StaysInside) -> Self {
        Self { path: path.clone(), reason: reason.clone() }
    }
}

impl From<WireInside> for StaysInside {
    fn from(WireInside { path, reason }: WireInside) -> Self {
        Self { path, reason }
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct WireArchived {
    name: String,
    object: WireHeld,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum WireArchive {
    TakenOver {
        file: Uuid,
        reference: String,
        title: String,
        class: String,
        on: Date,
        objects: Vec<WireArchived>,
    },
    Confirmed {
        on: Date,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<String>,
        digest: String,
    },
}

impl From<&ArchiveEvent> for WireArchive {
    fn from(event: &ArchiveEvent) -> Self {
        match event {
            ArchiveEvent::TakenOver { file, reference, title, class, on, objects } => Self::TakenOver {
                file: file.0,
                reference: reference.to_string(),
                title: title.clone(),
                class: class.to_string(),
                on: *on,
                objects: objects
                    .iter()
                    .map(|(name, object)| WireArchived { name: name.clone(), object: object.into() })
                    .collect(),
            },
            ArchiveEvent::Confirmed { on, reference, digest } => {
                Self::Confirmed { on: *on, reference: reference.clone(), digest: digest.to_string() }
            }
        }
    }
}

impl WireArchive {
    pub(super) fn into_event(self) -> Result<ArchiveEvent, FormatError> {
        match self {
            Self::TakenOver { file, reference, title, class, on, objects } => Ok(ArchiveEvent::TakenOver {
                file: CaseFileId(file),
                reference: parse(&reference, "reference")?,
                title,
                class: parse(&class, "class")?,
                on,
                objects: objects
                    .into_iter()
                    .map(|archived| Ok((archived.name, archived.object.into_held()?)))
                    .collect::<Result<_, FormatError>>()?,
            }),
            Self::Confirmed { on, reference, digest } => {
                Ok(ArchiveEvent::Confirmed { on, reference, digest: parse(&digest, "digest")? })
            }
        }
    }
}
