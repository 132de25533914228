//! Words that stand in the ledger, in rule packs, in certificates or in scripts of others: whoever changes one here makes
//! something unreadable that was written before.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use uuid::Uuid;

use super::DAY;
use crate::domain::actor::Role;
use crate::domain::disposal::{Decision, Obstacle};
use crate::domain::ids::{HoldId, KeyId, ObjectId};
use crate::domain::protection::ProtectionDomain;
use crate::domain::query::{HitKind, Order, PhaseName};
use crate::domain::record_type::{FieldKind, FieldName, RecordTypeId, XdomeaElement};
use crate::domain::retention::forecast::Standing;
use crate::domain::retention::{Disposition, Outcome, Part, RuleId, Shift, WaitingFor};
use crate::domain::scan::{Irreplaceable, ProtectionNeed, SymbolCoding};
use crate::domain::text::{MediaType, Puid};

fn are_read_as_they_are_written<T>(all: &[T], codes: &[&str])
where
    T: Display + FromStr + PartialEq + Debug,
    T::Err: Debug,
{
    assert_eq!(all.iter().map(T::to_string).collect::<Vec<_>>(), codes);
    for (value, code) in all.iter().zip(codes) {
        assert_eq!(code.parse::<T>().ok().as_ref(), Some(value), "{code}");
        assert!(code.to_uppercase().repeat(2).parse::<T>().is_err(), "{code}: one spelling only");
    }
}

#[test]
fn roles_secrecies_and_dispositions_are_read_as_they_are_written() {
    are_read_as_they_are_written(
        &Role::ALL,
        &["clerk", "records_manager", "archivist", "auditor", "administrator"],
    );
    are_read_as_they_are_written(&ProtectionDomain::ALL, &["general", "tax", "social", "personnel"]);
    are_read_as_they_are_written(&Disposition::ALL, &["A", "B", "V"]);
}

#[test]
fn people_read_german_words_for_roles_secrecies_and_decisions() {
    let roles = Role::ALL.map(Role::label);
    assert_eq!(roles, ["Sachbearbeitung", "Schriftgutverwaltung", "Archiv", "Revision", "Administration"]);
    let domains = ProtectionDomain::ALL.map(ProtectionDomain::label);
    assert_eq!(domains, ["Allgemein", "Steuergeheimnis", "Sozialgeheimnis", "Personalakten"]);
    let decisions = [Decision::Archive, Decision::Destroy];
    assert_eq!(decisions.map(Decision::label), ["archivwürdig", "vernichten"]);
    assert_eq!(decisions.map(Decision::letter), ["A", "V"]);
}

#[test]
fn what_is_said_of_scans_is_read_as_it_is_written_and_people_read_german_words() {
    are_read_as_they_are_written(&ProtectionNeed::ALL, &["normal", "high", "very_high"]);
    are_read_as_they_are_written(
        &Irreplaceable::ALL,
        &["notarial_deed", "sealed_attestation", "opening_balance", "security", "other_original"],
    );
    are_read_as_they_are_written(&SymbolCoding::ALL, &["absent", "present", "unclear"]);
    assert_eq!(ProtectionNeed::ALL.map(ProtectionNeed::label), ["normal", "hoch", "sehr hoch"]);
    assert_eq!(
        Irreplaceable::ALL.map(Irreplaceable::label),
        [
            "notarielle Urkunde",
            "Beglaubigung mit Siegel",
            "Eröffnungsbilanz",
            "Wertpapier",
            "nur im Original gültig"
        ]
    );
}

#[test]
fn every_finding_and_every_obstacle_has_a_code_of_its_own_that_scripts_rely_on() {
    let waiting_for = WaitingFor::Closing;
    let (until, since, by) = (DAY, DAY, HoldId(Uuid::from_u128(1)));
    let disposition = Disposition::Destroy;
    let outcomes = [
        Outcome::NotBegun { waiting_for: waiting_for.clone() },
        Outcome::Suspended { until: "ended".parse().unwrap() },
        Outcome::Retained { until },
        Outcome::Permanent,
        Outcome::Held { by },
        Outcome::Due { since, disposition },
        Outcome::Ungoverned,
        Outcome::Unconfirmed { would_be: Box::new(Outcome::Permanent) },
        Outcome::Gone { on: DAY },
    ];
    assert_eq!(
        outcomes.map(|outcome| outcome.code()),
        [
            "not_begun",
            "suspended",
            "retained",
            "permanent",
            "held",
            "due",
            "ungoverned",
            "unconfirmed",
            "gone"
        ]
    );
    let standings = [
        Standing::Due,
        Standing::DueIn(2030),
        Standing::Later,
        Standing::Permanent,
        Standing::NotBegun(waiting_for),
        Standing::Suspended("ended".parse().unwrap()),
        Standing::Held,
        Standing::Ungoverned,
        Standing::Gone,
    ];
    assert_eq!(
        standings.map(|standing| standing.code()),
        ["due", "due_in", "later", "permanent", "not_begun", "suspended", "held", "ungoverned", "gone"]
    );
    let obstacles = [
        Obstacle::NotCleared,
        Obstacle::Held(String::new()),
        Obstacle::NotDue,
        Obstacle::Changed,
        Obstacle::HoldersUnknown,
    ];
    assert_eq!(
        obstacles.map(|obstacle| obstacle.code()),
        ["not_cleared", "held", "not_due", "changed", "holders_unknown"]
    );
}

#[test]
fn the_parts_of_a_rule_and_what_a_trial_finds_have_codes_that_scripts_rely_on() {
    assert_eq!(
        Part::ALL.map(Part::code),
        [
            "title",
            "classes",
            "trigger",
            "period",
            "suspension",
            "restriction",
            "disposition",
            "paper",
            "basis",
            "confidence",
            "validity",
            "note"
        ]
    );
    assert_eq!(
        Shift::ALL.map(Shift::code),
        [
            "newly_due",
            "no_longer_due",
            "proposal_lost",
            "proposal_won",
            "disposition",
            "earlier",
            "later",
            "restriction",
            "thinning",
            "held",
            "otherwise"
        ]
    );
}

#[test]
fn kinds_of_fields_and_elements_of_a_message_are_named_as_the_standard_and_the_types_name_them() {
    let options = || vec!["Neubau".to_owned()];
    let kinds = FieldKind::CODES.map(|code| FieldKind::of(code, options()).unwrap());
    let is_choice = |kind: &FieldKind| *kind == FieldKind::Choice(options());
    assert_eq!(kinds.iter().position(is_choice), FieldKind::CODES.iter().position(|code| *code == "choice"));
    assert_eq!(FieldKind::of("Text", options()), None);
    let facets = kinds.iter().filter(|kind| kind.is_fit_for_facets()).map(FieldKind::code);
    assert_eq!(facets.collect::<Vec<_>>(), ["text", "year", "yes_no", "choice"]);
    for (element, path, is_single, holds) in [
        (XdomeaElement::Federfuehrung, "AllgemeineMetadaten/Federfuehrung", true, "text choice"),
        (XdomeaElement::Aktenfuehrung, "AllgemeineMetadaten/Aktenfuehrung", true, "text choice"),
        (XdomeaElement::Bemerkung, "AllgemeineMetadaten/Bemerkung", true, "text long_text"),
        (XdomeaElement::Kontakt, "Kontakt", false, "person"),
        (XdomeaElement::Verweis, "Verweis/SGOKennzeichen", false, "reference"),
        (
            XdomeaElement::Feld,
            "AnwendungsspezifischeErweiterung/Feldgruppe/Feld",
            false,
            &FieldKind::CODES.join(" "),
        ),
    ] {
        assert_eq!(XdomeaElement::of(path), Some(element));
        assert_eq!((element.path(), element.is_single()), (path, is_single));
        let held = kinds.iter().filter(|kind| element.holds(kind)).map(FieldKind::code);
        assert_eq!(held.collect::<Vec<_>>().join(" "), holds, "{path}");
    }
    assert_eq!(XdomeaElement::of("Kennzeichen"), None, "the office fills it itself");
}

#[test]
fn what_a_document_is_has_its_registered_name() {
    let registered = [
        "application/pdf",
        "image/tiff",
        "image/jpeg",
        "image/png",
        "text/plain",
        "image/jp2",
        "image/webp",
        "image/gif",
        "image/heic",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.presentation",
        "application/rtf",
        "text/html",
        "application/xml",
        "text/csv",
        "message/rfc822",
        "application/vnd.ms-outlook",
        "application/mbox",
        "application/zip",
        "application/octet-stream",
    ];
    assert_eq!(MediaType::ALL.map(|media| media.to_string()), registered);
    assert_eq!(registered.map(MediaType::of_iana), MediaType::ALL.map(Some));
    assert_eq!(MediaType::of_iana("application/PDF"), None, "a name that is kept is written in one way");
}

#[test]
fn a_name_in_pronom_is_read_back_and_written_in_one_way() {
    for name in ["fmt/354", "x-fmt/111", "fmt/1129"] {
        assert_eq!(name.parse::<Puid>().map(|puid| puid.to_string()), Ok(name.to_owned()));
    }
    for wrong in ["", "fmt", "fmt/", "354", "fmt/007", "fmt/+7", "FMT/7", "x-x-fmt/7", "fmt/70000", "fmt/7 "]
    {
        assert!(wrong.parse::<Puid>().is_err(), "{wrong}");
    }
}

#[test]
fn a_name_is_shown_as_it_is_written_and_an_id_can_be_read_back() {
    assert_eq!(
        "63.10.01-7".parse::<crate::domain::case_file::ReferenceNumber>().unwrap().to_string(),
        "63.10.01-7"
    );
    assert_eq!("63.10".parse::<crate::domain::case_file::ClassNumber>().unwrap().to_string(), "63.10");
    let fact = "built_2".parse::<crate::domain::case_file::FactKind>().unwrap();
    assert_eq!((fact.to_string().as_str(), fact.as_str()), ("built_2", "built_2"));
    let id = "bauakte".parse::<RecordTypeId>().unwrap();
    assert_eq!((id.to_string().as_str(), id.as_str()), ("bauakte", "bauakte"));
    let field = "built_year".parse::<FieldName>().unwrap();
    assert_eq!((field.to_string().as_str(), field.as_str()), ("built_year", "built_year"));
    assert_eq!("BA-03".parse::<RuleId>().unwrap().to_string(), "BA-03");
    let object = ObjectId([0xAB; 32]);
    assert_eq!(object.to_string(), "ab".repeat(32));
    assert_eq!(object.to_string().parse(), Ok(object));
    assert!("AB".repeat(32).parse::<ObjectId>().is_err(), "one object has one name");
    assert_eq!(format!("{object:?}"), "ObjectId(abababab)", "logs show the beginning only");
}

#[test]
fn the_keys_of_the_office_are_told_from_those_of_records_and_from_each_other() {
    let general = KeyId::address(ProtectionDomain::General);
    let office = [KeyId::OFFICE, KeyId::LEDGER_SIGNING, KeyId::LOOKUP, general];
    let domains = ProtectionDomain::ALL.map(KeyId::address);
    assert!(office.iter().chain(&domains).all(KeyId::is_of_the_office));
    let all: std::collections::BTreeSet<_> = office.iter().chain(&domains).map(KeyId::to_string).collect();
    assert_eq!(all.len(), 7, "{all:?}");
    assert_eq!(general.to_string(), "00000000-0000-0000-0000-000000000010");
    assert!(KeyId(Uuid::from_u128(0xFF)).is_of_the_office());
    assert!(!KeyId(Uuid::from_u128(0x100)).is_of_the_office());
}

#[test]
fn orders_phases_and_kinds_of_hits_have_the_words_people_type_and_addresses_carry() {
    let orders = ["relevance", "newest", "oldest"];
    assert_eq!(Order::ALL.map(Order::code), orders);
    assert_eq!(orders.map(str::parse), Order::ALL.map(Ok));
    assert!("Newest".parse::<Order>().is_err());
    let labels = ["beste Treffer zuerst", "neueste zuerst", "älteste zuerst"];
    assert_eq!(Order::ALL.map(Order::label), labels);
    assert_eq!(PhaseName::ALL.map(PhaseName::word), ["laufend", "geschlossen", "abgegeben"]);
    assert_eq!(
        HitKind::ALL.map(HitKind::word),
        ["akte", "scan", "pdf", "bild", "text", "office", "mail", "sonstiges"]
    );
    assert_eq!(
        HitKind::ALL.map(HitKind::label),
        ["Akte", "Scan", "PDF", "Bild", "Text", "Office-Dokument", "E-Mail", "Sonstiges"]
    );
}
