//! No false alarms: registries with random histories verify clean, whole and in parts, with keys and without,
//! against every checkpoint they ever gave away.

use schriftgut::domain::fixity::Part;
use schriftgut::registry::{Registry, Scope, verify_without_keys};

use crate::common::{LONG_AGO, TestOffice, WITHDRAWN, caretaker, verify};
use crate::flips::{Mill, full};

/// One office for so many histories: its founding is the dear part, and it only ever grows.
const HISTORIES_PER_OFFICE: usize = 20;

/// One thing happens.
fn step(office: &mut TestOffice, mill: &mut Mill, seed: usize, number: usize) {
    let reference = format!("A-{seed}-{}", mill.below(3));
    match mill.below(12) {
        0..=5 => {
            let text = format!("{seed} {number} ").repeat(1 + mill.below(60));
            office.ingest_text(&reference, WITHDRAWN, "blatt.txt", &text);
        }
        6 => {
            office.ingest_text(&reference, WITHDRAWN, "gleich.txt", "immer dasselbe");
        }
        7 => {
            office.due_file(&format!("Z-{seed}-{number}"), "fällig");
        }
        8 => office.open_doors(),
        9 => {
            office.ingest_text(&reference, WITHDRAWN, "gesperrt.txt", "gesperrt");
            office.hold(&reference, "Verfahren");
        }
        10 => {
            let scope = Scope { part: Part::new(1 + mill.below(4) as u32, 4), ..Scope::default() };
            look(office.registry(), &scope);
        }
        _ => {
            let reference = format!("C-{seed}-{number}");
            office.ingest_text(&reference, WITHDRAWN, "zu.txt", "geschlossen");
            office.close(&reference, LONG_AGO);
        }
    }
}

fn look(registry: &Registry, scope: &Scope) {
    let outcome = registry.verify_scope(caretaker().as_caretaker().unwrap(), scope, &mut |_| {}).unwrap();
    assert!(outcome.found.is_clean() && outcome.recorded, "{outcome:?}");
}

/// The false alarms are counted, not only met: none may be there.
#[test]
fn healthy_registries_raise_no_alarm() {
    let histories = if full() { 10_000 } else { 100 };
    let (mut done, mut looks) = (0, 0);
    while done < histories {
        let mut office = TestOffice::demo();
        let mut kept = Vec::new();
        for seed in done..(done + HISTORIES_PER_OFFICE).min(histories) {
            let mut mill = Mill(seed as u64);
            for number in 0..1 + mill.below(4) {
                step(&mut office, &mut mill, seed, number);
            }
            if mill.below(40) == 0 {
                office.due_file(&format!("Z-{seed}-ende"), "fällig");
                office.destroy_what_is_due();
            }
            kept.push(office.registry().checkpoint(caretaker().as_caretaker().unwrap()).unwrap());
            let against = Some(kept[mill.below(kept.len())].clone());
            let found = verify(office.registry()).unwrap();
            assert!(found.is_clean(), "history {seed}: {found:#?}");
            let of = 1 + mill.below(5) as u32;
            let part = Part::new(1 + mill.below(of as usize) as u32, of);
            // While somebody has it open, as an auditor beside a running server.
            let keyless =
                verify_without_keys(office.root(), part.unwrap(), against.as_deref(), &mut |_| {}).unwrap();
            assert!(keyless.found.is_clean(), "history {seed}, keyless: {:#?}", keyless.found);
            look(office.registry(), &Scope { part, against, read_data: mill.below(2) == 0, until: None });
            let remarks = office.registry().remarks();
            assert!(remarks.is_empty(), "history {seed}: {remarks:?}");
            looks += 3;
        }
        done += HISTORIES_PER_OFFICE;
    }
    println!("{histories} histories, {looks} looks, 0 false alarms");
}
