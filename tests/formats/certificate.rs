//! Makes a certificate the way the office does: a file is taken in, closed, listed, appraised, proposed,
//! approved by two others and destroyed. Only run when the golden one is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::path::Path;

use jiff::civil::{Date, date};
use schriftgut::domain::actor::{Actor, Role};
use schriftgut::domain::case_file::Carriers;
use schriftgut::domain::disposal::Decision;
use schriftgut::domain::ids::DisposalListId;
use schriftgut::domain::protection::ProtectionDomain;
use schriftgut::registry::{Founding, Initial, NewPerson, Registry, Signer, Source, Target, found};

const REFERENCE: &str = "10.20.02-7";

/// The certificate's JSON and the ledger's public key.
pub fn make(folder: &Path) -> (String, String) {
    let town = Town::found(folder);
    (town.certificate(REFERENCE), town.registry.verifier_key())
}

/// A registry and its people.
pub struct Town {
    pub registry: Registry,
    manager: Signer,
    second: Signer,
    archivist: Signer,
}

impl Town {
    pub fn found(folder: &Path) -> Self {
        let founding = Founding {
            name: "Musterstadt".to_owned(),
            demo: true,
            login: "betrieb".to_owned(),
            rules: schriftgut::format::rule_pack::NRW_KOMMUNAL,
        };
        let Initial { registry, .. } = found(folder, &founding).expect("founded");
        let administrator = registry.person("betrieb").expect("the operator");
        let manager = hire(&registry, &administrator, "anna", Role::RecordsManager);
        let second = hire(&registry, &administrator, "bert", Role::RecordsManager);
        let archivist = hire(&registry, &administrator, "clara", Role::Archivist);
        let right = manager.actor().as_records_manager().expect("a records manager");
        registry.confirm_rules(right, &[]).expect("confirmed");
        Self { registry, manager, second, archivist }
    }

    /// The certificate of a file that goes the whole way.
    pub fn certificate(&self, reference: &str) -> String {
        let (registry, manager) = (&self.registry, self.manager.actor());
        let today = registry.today();
        take_in(registry, manager, reference);
        let right = || manager.as_records_manager().expect("a records manager");
        let clerk = manager.as_clerk().expect("a clerk");
        registry.close(clerk, reference, date(2015, 6, 1)).expect("closed");
        let list = registry.create_list(right(), None, today).expect("something is due");
        registry.offer_list(right(), list, today).expect("offered");
        appraise(registry, self.archivist.actor(), list);
        sign(registry, list, today, [&self.manager, &self.second, &self.archivist]);
        let executed = registry.execute_list(right(), list, today).expect("destroyed");
        std::fs::read_to_string(executed.certificate).expect("the certificate")
    }
}

fn hire(registry: &Registry, administrator: &Actor, login: &str, role: Role) -> Signer {
    let person = NewPerson {
        login: login.to_owned(),
        name: format!("{login} (Muster)"),
        roles: BTreeSet::from([role]),
        clearances: BTreeSet::from([ProtectionDomain::General]),
    };
    registry.add_person(administrator.as_administrator().expect("an administrator"), &person).expect("hired");
    let actor = registry.person(login).expect("there");
    registry.set_secret(&actor, login, "ein langes Kennwort").expect("set by its owner");
    registry.sign_in(login, "ein langes Kennwort").expect("signed in")
}

fn take_in(registry: &Registry, manager: &Actor, reference: &str) {
    let source = Source {
        name: "Rundschreiben.txt".to_owned(),
        file_name: "Rundschreiben.txt".to_owned(),
        target: Some(Target {
            record_type: None,
            reference: reference.parse().expect("a reference"),
            class: Some("10.20.02".parse().expect("a class")),
            title: Some("Rundschreiben 2015".to_owned()),
            domain: Some(ProtectionDomain::General),
            fields: BTreeMap::new(),
            carriers: Carriers::default(),
            opened: Some(date(2015, 1, 5)),
            case: None,
            register: None,
            page_count: None,
        }),
        open: Box::new(|| Ok(Box::new(Cursor::new(b"Rundschreiben an alle".to_vec())))),
    };
    let clerk = manager.as_clerk().expect("a clerk");
    let summary = registry.ingest(clerk, std::iter::once(source), &mut |_| {}).expect("taken in");
    assert_eq!(summary.taken, 1);
}

fn appraise(registry: &Registry, archivist: &Actor, list: DisposalListId) {
    let right = archivist.as_archivist().expect("an archivist");
    let view = registry.show_list(archivist.as_auditor().expect("may look"), list).expect("the list");
    for file in view.list.lines.keys() {
        registry.appraise(right, list, *file, Decision::Destroy, "ohne bleibenden Wert").expect("appraised");
    }
}

fn sign(registry: &Registry, list: DisposalListId, on: Date, [proposer, first, second]: [&Signer; 3]) {
    registry.propose_list(proposer, list, on).expect("proposed");
    registry.approve_list(first, list, on).expect("approved");
    registry.approve_list(second, list, on).expect("approved by the archive");
}
