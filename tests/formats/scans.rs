//! Events of scans that stand for their paper, in every shape.

use jiff::civil::DateTime;
use schriftgut::domain::event::DocumentEvent;
use schriftgut::domain::ids::PersonId;
use schriftgut::domain::scan::note::{Named, Quality};
use schriftgut::domain::scan::{
    Irreplaceable, PageVerdict, PaperScan, Procedure, ProtectionNeed, TransferNote,
};

use super::Material;

impl Material {
    fn procedure(&self) -> Procedure {
        let site = if self.pick.is_multiple_of(2) { self.text.clone() } else { String::new() };
        Procedure {
            name: self.text.clone(),
            version: "1.2".to_owned(),
            device: self.other.clone(),
            software: self.text.clone(),
            site,
        }
    }

    fn captured(&self) -> DateTime {
        self.on.at(14, 30, 5, 0)
    }

    fn named(&self, n: usize) -> Named {
        Named { person: PersonId(self.uuid(n)), name: self.text.clone() }
    }

    pub(super) fn scans(&self) -> Vec<DocumentEvent> {
        let need = self.pick(&ProtectionNeed::ALL);
        let scan = PaperScan {
            procedure: self.procedure(),
            operator: self.some(self.other.clone()),
            captured: self.captured(),
            pages_on_paper: self.some(7),
            need,
            irreplaceable: self.some(self.pick(&Irreplaceable::ALL)),
            seed: "00112233".to_owned(),
            by: PersonId(self.uuid(1)),
            on: self.on,
        };
        let reason = self.other.clone();
        let note = TransferNote {
            version: u32::from(self.pick) + 1,
            sha256: self.held().sha256,
            size_bytes: self.number,
            pages: 7,
            creator: self.named(1),
            operator: self.some(self.other.clone()),
            procedure: self.procedure(),
            anomalies: vec![self.text.clone()],
            captured: self.captured(),
            quality: Quality {
                need,
                pages_required: 3,
                pages_accepted: 4,
                seed: "00112233".to_owned(),
                by: vec![self.named(0), self.named(2)],
                until: self.on,
            },
            statement: self.text.clone(),
            seal: self.some(self.other.clone()),
            by: self.named(2),
            on: self.on,
        };
        vec![
            DocumentEvent::Scanned { scan: Box::new(scan) },
            DocumentEvent::PagesChecked {
                version: u32::from(self.pick) + 1,
                pages: vec![(1, PageVerdict::Accepted), (3, PageVerdict::Rescan { reason })],
                by: PersonId(self.uuid(2)),
                on: self.on,
            },
            DocumentEvent::TransferNoted { note: Box::new(note) },
        ]
    }
}
