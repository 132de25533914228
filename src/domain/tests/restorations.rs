//! A registry that came back from a backup, and how it leaves quarantine.

use uuid::Uuid;

use super::{DAY, person, sign, verifies};
use crate::base::digest::Sha256;
use crate::domain::actor::Role;
use crate::domain::event::OfficeEvent;
use crate::domain::ids::RestorationId;
use crate::domain::restoration::{LedgerMark, Restoration};

fn mark(size: u64) -> LedgerMark {
    LedgerMark { size, root: Sha256([9; 32]) }
}

fn restored(number: u128, witness: Option<LedgerMark>) -> OfficeEvent {
    let id = RestorationId(Uuid::from_u128(number));
    OfficeEvent::Restored { id, on: DAY, backup: mark(40), witness, destroyed_again: 2 }
}

fn one(events: &[OfficeEvent]) -> Restoration {
    let mut all = Restoration::all(events.iter());
    assert_eq!(all.len(), 1);
    all.remove(0)
}

#[test]
fn two_different_people_release_a_registry_that_was_shown_no_checkpoint() {
    let mut events = vec![restored(1, None)];
    let release = |events: &mut Vec<OfficeEvent>, by: u128| {
        let restoration = one(events);
        let event = restoration.release(DAY, Role::Archivist, sign(person(by), &restoration.signed_text()));
        event.map(|event| events.push(event))
    };
    assert!(one(&events).is_in_quarantine(&verifies));
    release(&mut events, 5).unwrap();
    assert!(one(&events).is_in_quarantine(&verifies));
    let twice = release(&mut events, 5).unwrap_err();
    assert!(twice.why.contains("zwei verschiedene Personen"), "{twice}");
    release(&mut events, 6).unwrap();
    assert_eq!(one(&events).released_by(&verifies), 2);
    assert!(!one(&events).is_in_quarantine(&verifies));
    assert!(one(&events).is_in_quarantine(&|_, _| false), "signatures that do not hold release nothing");
}

#[test]
fn signatures_for_another_restoration_and_repeated_ones_release_nothing() {
    let mut events = vec![restored(1, None), restored(2, None)];
    let all = Restoration::all(events.iter());
    let [first, second] = [&all[0], &all[1]];
    let (role, on, restoration) = (Role::RecordsManager, DAY, second.id);
    for by in [5, 6] {
        let signature = sign(person(by), &first.signed_text());
        events.push(OfficeEvent::Released { restoration, on, role, signature });
    }
    for _ in 0..2 {
        let signature = sign(person(7), &second.signed_text());
        events.push(OfficeEvent::Released { restoration, on, role, signature });
    }
    let all = Restoration::all(events.iter());
    assert_eq!(all.iter().map(|each| each.releases.len()).collect::<Vec<_>>(), [0, 4]);
    assert_eq!(all[1].released_by(&verifies), 1);
    let signed = |restoration: &Restoration| String::from_utf8(restoration.signed_text()).unwrap();
    assert!(signed(second).starts_with("schriftgut restoration 1\nrelease\n"), "as the format says");
    assert!(signed(second).contains(&second.id.to_string()) && signed(second).contains("\n40\n0909"));
}

#[test]
fn a_checkpoint_from_outside_leaves_nothing_to_release_and_tells_what_was_lost() {
    let seen = one(&[restored(1, Some(mark(47)))]);
    assert!(!seen.is_in_quarantine(&|_, _| false));
    assert_eq!(seen.lost(), 7);
    let refused = seen.release(DAY, Role::Archivist, sign(person(5), &seen.signed_text())).unwrap_err();
    assert!(refused.why.contains("22.11.2026"), "{refused}");
    assert_eq!(one(&[restored(1, Some(mark(39)))]).lost(), 0);
    assert_eq!(one(&[restored(1, None)]).lost(), 0, "nobody knows");
}
