//! Who may do what: a right comes from its roles and from nothing else.

use super::person;
use crate::domain::actor::{Actor, Role};
use crate::domain::protection::ProtectionDomain;

fn actor(roles: &[Role], clearances: &[ProtectionDomain]) -> Actor {
    Actor {
        id: person(5),
        login: "voss".to_owned(),
        name: "Anna Voss".to_owned(),
        roles: roles.iter().copied().collect(),
        clearances: clearances.iter().copied().collect(),
        duties: ["63", "11.20"].map(|class| class.parse().unwrap()).into(),
    }
}

#[test]
fn each_right_comes_from_its_roles_and_from_no_other() {
    use Role::{Administrator, Archivist, Auditor, Clerk, RecordsManager};
    type Right = (&'static str, fn(&Actor) -> bool, &'static [Role]);
    let rights: &[Right] = &[
        ("reader", |actor| actor.as_reader().is_ok(), &[Clerk, RecordsManager, Archivist]),
        ("clerk", |actor| actor.as_clerk().is_ok(), &[Clerk, RecordsManager]),
        ("records manager", |actor| actor.as_records_manager().is_ok(), &[RecordsManager]),
        ("street keeper", |actor| actor.as_street_keeper().is_ok(), &[RecordsManager, Administrator]),
        ("rule enactor", |actor| actor.as_rule_enactor().is_ok(), &[RecordsManager, Archivist]),
        ("archivist", |actor| actor.as_archivist().is_ok(), &[Archivist]),
        (
            "caretaker",
            |actor| actor.as_caretaker().is_ok(),
            &[RecordsManager, Archivist, Auditor, Administrator],
        ),
        ("auditor", |actor| actor.as_auditor().is_ok(), &[RecordsManager, Archivist, Auditor]),
        ("administrator", |actor| actor.as_administrator().is_ok(), &[Administrator]),
        ("approver", |actor| actor.as_approver().is_ok(), &[RecordsManager, Archivist]),
    ];
    for (name, has, roles) in rights {
        for role in Role::ALL {
            assert_eq!(has(&actor(&[role], &[])), roles.contains(&role), "{name}: {role}");
        }
        assert!(!has(&actor(&[], &ProtectionDomain::ALL)), "{name}: no role at all");
    }
}

#[test]
fn a_refused_right_names_the_roles_that_have_it() {
    let refused = actor(&[Role::Auditor], &[]).as_clerk().unwrap_err();
    assert_eq!(refused.why, "nötig ist die Rolle Sachbearbeitung oder Schriftgutverwaltung");
    assert_eq!(refused.to_string(), format!("{}: {}", refused.what, refused.why));
}

#[test]
fn who_keeps_the_machine_or_audits_it_never_approves_and_the_archive_approves_as_the_archive() {
    for other in [Role::Administrator, Role::Auditor] {
        for approver in [Role::RecordsManager, Role::Archivist] {
            assert!(actor(&[other, approver], &[]).as_approver().is_err(), "{other} and {approver}");
        }
    }
    let role = |roles: &[Role]| actor(roles, &[]).as_approver().unwrap().role();
    assert_eq!(role(&[Role::RecordsManager, Role::Clerk]), Role::RecordsManager);
    assert_eq!(role(&[Role::RecordsManager, Role::Archivist]), Role::Archivist);
    let both = actor(&[Role::Archivist], &[]);
    assert_eq!(both.as_approver().unwrap().actor().id, person(5));
}

#[test]
fn reading_takes_a_role_that_reads_and_a_clearance_for_this_secrecy() {
    let cleared = [ProtectionDomain::General, ProtectionDomain::Tax];
    for domain in ProtectionDomain::ALL {
        let clerk = actor(&[Role::Clerk], &cleared);
        assert_eq!(clerk.is_cleared_for(domain), cleared.contains(&domain), "{domain}");
        assert!(!actor(&[Role::Administrator], &ProtectionDomain::ALL).is_cleared_for(domain), "{domain}");
    }
}

#[test]
fn a_person_is_responsible_for_the_branches_named_and_what_lies_below() {
    let anna = actor(&[Role::Clerk], &[]);
    let classes = ["63", "63.10.01", "11.20.05"];
    assert!(classes.iter().all(|class| anna.is_responsible_for(&class.parse().unwrap())));
    assert!(!["64", "11", "631"].iter().any(|class| anna.is_responsible_for(&class.parse().unwrap())));
}
