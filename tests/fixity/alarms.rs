//! No false alarms: registries with random histories verify clean, whole and in parts, with keys and without,
//! against every checkpoint they ever gave away.

use schriftgut::domain::fixity::Part;
use schriftgut::registry::{Scope, verify_without_keys};

use crate::common::history::{History, look};
use crate::common::{TestOffice, caretaker, verify};
use crate::flips::full;
use crate::machine::Progress;

/// One office for so many histories: its founding is the dear part, and it only ever grows.
const HISTORIES_PER_OFFICE: usize = 20;
/// One of so many histories reads, hands over or destroys.
const DEAR: usize = 20;

/// The false alarms are counted, not only met: none may be there.
#[test]
fn healthy_registries_raise_no_alarm() {
    let histories = if full() { 10_000 } else { 100 };
    let progress = Progress::of("histories", histories);
    let (mut done, mut looks) = (0, 0);
    while done < histories {
        let mut office = TestOffice::demo();
        let mut kept = Vec::new();
        for seed in done..(done + HISTORIES_PER_OFFICE).min(histories) {
            let mut history = History::new(&format!("A-{seed}"), seed as u64);
            for _ in 0..1 + history.mill.below(4) {
                history.step(&mut office);
            }
            if history.mill.below(DEAR) == 0 {
                history.dear_step(&office);
            }
            kept.push(office.registry().checkpoint(caretaker().as_caretaker().unwrap()).unwrap());
            let against = Some(kept[history.mill.below(kept.len())].clone());
            let found = verify(office.registry()).unwrap();
            assert!(found.is_clean(), "history {seed}: {found:#?}");
            let of = 1 + history.mill.below(5) as u32;
            let part = Part::new(1 + history.mill.below(of as usize) as u32, of);
            // While somebody has it open, as an auditor beside a running server.
            let keyless =
                verify_without_keys(office.root(), part.unwrap(), against.as_deref(), &mut |_| {}).unwrap();
            assert!(keyless.found.is_clean(), "history {seed}, keyless: {:#?}", keyless.found);
            let read_data = history.mill.below(2) == 0;
            look(office.registry(), &Scope { part, against, read_data, until: None });
            let remarks = office.registry().remarks();
            assert!(remarks.is_empty(), "history {seed}: {remarks:?}");
            looks += 3;
            progress.step();
        }
        done += HISTORIES_PER_OFFICE;
    }
    println!("{histories} histories, {looks} looks, 0 false alarms");
}
