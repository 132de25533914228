//! What is said of a scan that is to stand for its paper.

use schriftgut::domain::scan::{Procedure, ProtectionNeed};
use schriftgut::registry::ScanOrder;

/// Normal need, so many pages counted on paper.
pub fn scan_order(pages: u32) -> ScanOrder {
    let procedure = Procedure {
        name: "Verfahrensanweisung Scanstelle".to_owned(),
        version: "1.2".to_owned(),
        device: "Einzugsscanner".to_owned(),
        software: "Scanprogramm 4".to_owned(),
        site: "Rathaus, U 12".to_owned(),
    };
    ScanOrder {
        procedure: Some(procedure),
        pages: Some(pages),
        need: Some(ProtectionNeed::Normal),
        ..ScanOrder::default()
    }
}
