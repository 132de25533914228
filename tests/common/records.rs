//! Records without a registry: for what the domain promises alone.

use jiff::civil::{Date, date};
use uuid::Uuid;

use schriftgut::domain::case_file::{Carriers, CaseFile};
use schriftgut::domain::event::FileEvent;
use schriftgut::domain::ids::{CaseFileId, DisposalListId};
use schriftgut::domain::protection::ProtectionDomain;

use super::WITHDRAWN;

/// A day.
pub const DAY: Date = date(2026, 3, 14);

/// A file of withdrawn applications is opened.
pub fn opened() -> FileEvent {
    FileEvent::Opened {
        reference: "63.10.03-7".parse().unwrap(),
        title: "Carport".to_owned(),
        class: WITHDRAWN.parse().unwrap(),
        record_type: None,
        domain: ProtectionDomain::General,
        on: date(2009, 1, 2),
        fields: std::collections::BTreeMap::new(),
        carriers: Carriers::default(),
    }
}

/// The one list there is.
pub fn list_id() -> DisposalListId {
    DisposalListId(Uuid::from_u128(0x700))
}

/// The file after these events.
pub fn file_in(events: &[FileEvent]) -> CaseFile {
    let opened = opened();
    CaseFile::replay(CaseFileId(Uuid::from_u128(1)), std::iter::once(opened).chain(events.iter().cloned()))
        .unwrap()
}
