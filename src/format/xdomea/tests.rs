//! Messages of the dialogue: what is written says what was told and no more, what comes in is read in every version, and what
//! is no such message is told apart.

use jiff::civil::date;
use proptest::prelude::*;
use roxmltree::Document;
use uuid::Uuid;

use super::*;
use crate::base::digest::Sha256;
use crate::domain::case_file::Case;
use crate::domain::disposal::dialogue::answer::Verdict;
use crate::domain::disposal::dialogue::message_id;
use crate::domain::disposal::dialogue::told::{
    Happened, ToldDocument, ToldFate, ToldField, ToldFile, ToldVersion,
};
use crate::domain::disposal::{Decision, Naming};
use crate::domain::ids::{CaseFileId, CaseId, DisposalListId, DocumentId};
use crate::domain::protection::ProtectionDomain;
use crate::domain::record_type::XdomeaElement;
use crate::domain::retention::Disposition;
use crate::domain::text::{Format, MediaType, Puid};

const ID: &str = "00000000-0000-0000-0000-000000000007";

fn list() -> DisposalListId {
    DisposalListId(Uuid::from_u128(7))
}

fn envelope(version: MessageVersion) -> Envelope<'static> {
    Envelope {
        process: list().0,
        id: message_id(list().0, MessageKind::Offer),
        version,
        at: "2026-11-22T08:15:00.123456789Z".parse().unwrap(),
        sender: "Stadt <Kesterbrück> & Co",
        receiver: "Kreisarchiv",
        program: "0.1.0",
        answers: None,
    }
}

fn happened() -> Happened {
    let at = "2010-03-01T08:00:00Z".parse().unwrap();
    Happened { at, who: "Anna Voß".to_owned(), what: "geschlossen".to_owned() }
}

/// A document of a file: in a case or not, with its original or without.
fn document(number: u128, case: Option<u128>, original: bool) -> ToldDocument {
    let version = ToldVersion {
        number: 1,
        file: Uuid::from_u128(number + 1000),
        name: "Plan „Süd“.pdf".to_owned(),
        format: Format { media: MediaType::Pdf, pronom: Some(Puid::fmt(354)) },
        sha256: Sha256([0xab; 32]),
    };
    ToldDocument {
        id: DocumentId(Uuid::from_u128(number)),
        name: format!("plan-{number}.pdf"),
        case: case.map(|case| CaseId(Uuid::from_u128(case))),
        versions: original.then_some(version).into_iter().collect(),
        history: original.then(happened).into_iter().collect(),
    }
}

fn file(original: bool) -> ToldFile {
    let field = |element, label: &str, value: &str| ToldField {
        element,
        label: label.to_owned(),
        value: value.to_owned(),
    };
    ToldFile {
        id: CaseFileId(Uuid::from_u128(1)),
        reference: "63.10.01-1042".to_owned(),
        title: "Neubau & \u{1}<Umbau>".to_owned(),
        class: "63.10.01".parse().unwrap(),
        class_title: "Bauakten".to_owned(),
        kind: Some("Bauakte".to_owned()),
        domain: ProtectionDomain::Social,
        has_paper: true,
        begun: Some(date(1960, 1, 2)),
        closed: Some(date(1970, 3, 1)),
        fate: ToldFate {
            years: Some(30),
            disposition: Disposition::Appraise,
            kept_until: Some(date(2000, 12, 31)),
            proposal: Some(Decision::Archive),
            reason: "Regel BA-03; dafür spricht: Baudenkmal".to_owned(),
        },
        cases: vec![Case {
            id: CaseId(Uuid::from_u128(50)),
            title: "Antrag".into(),
            opened: date(1960, 1, 2),
        }],
        documents: vec![
            document(10, None, original),
            document(11, Some(50), original),
            document(12, Some(99), original),
        ],
        fields: if original {
            vec![
                field(XdomeaElement::Federfuehrung, "Amt", "Amt 63"),
                field(XdomeaElement::Bemerkung, "Bemerkung", "hat eine Bemerkung"),
                field(XdomeaElement::Kontakt, "Bauherr", "Erika Muster"),
                field(XdomeaElement::Verweis, "Vorakte", "63-9"),
                field(XdomeaElement::Feld, "Straße", "Ölbergstraße"),
            ]
        } else {
            Vec::new()
        },
        remark: original.then(|| "ausgedünnt".to_owned()),
        history: original.then(happened).into_iter().collect(),
    }
}

/// The text of every element of this name, whatever its namespace.
fn texts(xml: &str, name: &str) -> Vec<String> {
    let document = Document::parse(xml).unwrap();
    let named = document.descendants().filter(|node| node.tag_name().name() == name);
    named.map(|node| node.text().unwrap_or_default().trim().to_owned()).collect()
}

#[test]
fn an_offer_says_what_appraising_needs_and_nothing_more() {
    for version in MessageVersion::WRITTEN {
        let xml = offer(envelope(version), &[file(false)]);
        let is_4 = version == MessageVersion::V4_0;
        let ids = texts(&xml, if is_4 { "xdomeaUUID" } else { "ID" });
        let given: Vec<_> = [1, 10, 12, 50, 11].map(|id| Uuid::from_u128(id).to_string()).into();
        assert_eq!(ids, given, "{version}: a case the file does not have hides no document");
        assert_eq!(texts(&xml, "ProzessID"), [ID]);
        let made = if is_4 { "erstellungszeitpunkt" } else { "Erstellungszeitpunkt" };
        assert_eq!(texts(&xml, made), ["2026-11-22T08:15:00Z"]);
        assert_eq!(texts(&xml, "AnzahlJahre"), ["30"]);
        assert_eq!(texts(&xml, "Aufbewahrungsende"), ["2000-12-31"]);
        assert_eq!(texts(&xml, "ZdADatum"), ["1970-03-01"]);
        assert!(texts(&xml, "Betreff").contains(&"Neubau & \u{fffd}<Umbau>".to_owned()), "{xml}");
        assert!(xml.contains("Baudenkmal"), "the reason is there in every version");
        assert!(xml.contains("Sozialgeheimnis"), "so is the secrecy");
        assert_eq!(texts(&xml, "BewertungsvorschlagBegruendung").len(), usize::from(is_4));
        for absent in ["Version>", "HistorienProtokollInformation", "Kontakt>", "Erweiterung", "Standort"] {
            let said = xml.replace("<xdomea:Version>0.1.0</xdomea:Version>", "");
            assert!(!said.contains(absent), "{version}: {absent}");
        }
        assert_eq!(texts(&xml, "nachrichtenUUID").len(), usize::from(is_4));
        assert!(xml.contains(&format!("xmlns:xdomea=\"urn:xoev-de:xdomea:schema:{version}\"")));
        assert_eq!(xml, offer(envelope(version), &[file(false)]), "the same list is the same message");
    }
}

#[test]
fn what_is_handed_over_names_its_files_and_tells_its_history() {
    for version in MessageVersion::WRITTEN {
        let xml = transfer(envelope(version), &[file(true)]);
        let is_4 = version == MessageVersion::V4_0;
        let names: Vec<_> = [1010, 1012, 1011].map(|id| format!("{}.pdf", Uuid::from_u128(id))).into();
        assert_eq!(texts(&xml, "Dateiname"), names);
        assert_eq!(texts(&xml, "Importbestaetigung"), ["1"]);
        assert_eq!(texts(&xml, "Akteur").len(), 4);
        assert!(texts(&xml, "Wert").contains(&"Ölbergstraße".to_owned()));
        assert!(xml.contains("<code>044</code>"), "PDF/A has a code of its own");
        assert!(xml.contains("hat eine Bemerkung. ausgedünnt"), "{xml}");
        assert!(xml.contains("Erika Muster") && xml.contains("63-9") && xml.contains("Amt 63"));
        assert_eq!(xml.matches(&"ab".repeat(32)).count(), if is_4 { 3 } else { 0 });
    }
}

#[test]
fn messages_are_called_as_their_version_wants_it() {
    let called = |kind, version| stem(list().0, kind, version, Naming::of(version)).replace(ID, "ID");
    let (offer, transfer) = (MessageKind::Offer, MessageKind::Transfer);
    assert_eq!(called(offer, MessageVersion::V3_0), "ID_Aussonderung.Anbieteverzeichnis.0501");
    assert_eq!(called(transfer, MessageVersion::V3_1), "ID_Aussonderung.Aussonderung.0503");
    assert_eq!(called(transfer, MessageVersion::V4_0), "ID_0503_1");
    let otherwise = stem(list().0, offer, MessageVersion::V3_1, Naming::Short);
    assert_eq!(otherwise.replace(ID, "ID"), "ID_0501_1", "if the archive wants it so");
}

/// An answer of a version before 4.0.0.
fn before_4(version: &str, name: &str, content: &str) -> String {
    format!(
        "<x:{name} xmlns:x=\"urn:xoev-de:xdomea:schema:{version}\">\n<x:Kopf><x:ProzessID>{ID}</x:ProzessID><x:Absender>\
         <x:Institution><x:Name>Kreisarchiv</x:Name></x:Institution></x:Absender></x:Kopf>\n{content}\n</x:{name}>"
    )
}

/// An answer of 4.0.0.
fn of_4(name: &str, content: &str) -> String {
    let offer = message_id(list().0, MessageKind::Offer);
    format!(
        "<x:{name} xmlns:x=\"urn:xoev-de:xdomea:schema:4.0.0\">\n<x:nachrichtenkopf><x:identifikation.nachricht>\
         <nachrichtenUUID>{offer}</nachrichtenUUID></x:identifikation.nachricht><x:autor><x:NameInstitution><x:Name>\
         Kreisarchiv</x:Name></x:NameInstitution></x:autor><x:ProzessID>{ID}</x:ProzessID></x:nachrichtenkopf>\
         <x:UUIDUrsprungsnachricht>{offer}</x:UUIDUrsprungsnachricht><x:LfdNrNachrichtProTyp>1</x:LfdNrNachrichtProTyp>\
         <x:GesamtanzahlNachrichtenProTyp>1</x:GesamtanzahlNachrichtenProTyp>\n{content}\n</x:{name}>"
    )
}

const APPRAISAL: &str = "Aussonderung.Bewertungsverzeichnis.0502";
const IMPORT: &str = "Aussonderung.AussonderungImportBestaetigen.0506";

fn object(element: &str, id: &str, code: &str) -> String {
    format!("<x:{element}><x:{id}>{ID}</x:{id}>{code}</x:{element}>")
}

fn deep(code: &str) -> String {
    format!(
        "<x:Aussonderungsart><x:Aussonderungsart><code>{code}</code></x:Aussonderungsart></x:Aussonderungsart>"
    )
}

fn flaws(text: &str) -> Vec<String> {
    read(text).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn appraisals_of_every_version_are_read() {
    let flat = "<x:Aussonderungsart><code>A</code></x:Aussonderungsart>".to_owned();
    let messages = [
        before_4("2.3.0", APPRAISAL, &object("BewertetesObjekt", "ID", &flat)),
        before_4("2.4.0", APPRAISAL, &object("BewertetesObjekt", "ID", &flat)),
        before_4("3.0.0", APPRAISAL, &object("BewertetesObjekt", "ID", &deep("A"))),
        before_4("3.1.0", APPRAISAL, &object("BewertetesObjekt", "ID", &deep(" A\n"))),
        of_4(APPRAISAL, &object("BewertetesSGO", "xdomeaUUID", &deep("A"))),
    ];
    for (text, version) in messages.iter().zip(MessageVersion::ALL) {
        let answer = read(text).unwrap();
        assert_eq!((answer.head.kind, answer.head.version), (MessageKind::Appraisal, version));
        assert_eq!((answer.head.process, answer.head.sender.as_str()), (Uuid::from_u128(7), "Kreisarchiv"));
        let Content::Appraisal(objects) = answer.content else { panic!("{version}") };
        assert_eq!(objects.len(), 1);
        assert_eq!((objects[0].id, objects[0].line), (Uuid::from_u128(7), 3));
        assert_eq!(objects[0].verdict, Verdict::Decided(Decision::Archive));
        let is_4 = version == MessageVersion::V4_0;
        assert_eq!(answer.head.part, is_4.then_some((1, 1)));
        assert_eq!(answer.head.answers, is_4.then(|| message_id(list().0, MessageKind::Offer)));
    }
}

#[test]
fn what_is_no_decision_is_kept_as_it_was_said() {
    let free = "<x:Aussonderungsart><x:AussonderungsartKonfigurierbar>Auswahl</x:AussonderungsartKonfigurierbar>\
                </x:Aussonderungsart>";
    let table = [
        (deep("V"), Verdict::Decided(Decision::Destroy)),
        (deep("B"), Verdict::Open),
        (deep("a"), Verdict::Unknown("a".to_owned())),
        (deep(""), Verdict::Unknown(String::new())),
        (String::new(), Verdict::Unknown(String::new())),
        (free.to_owned(), Verdict::Unknown("Auswahl".to_owned())),
        (deep("A").replace("code>", "x:code>"), Verdict::Unknown(String::new())),
    ];
    for (code, verdict) in table {
        let text = before_4("3.1.0", APPRAISAL, &object("BewertetesObjekt", "ID", &code));
        let Content::Appraisal(objects) = read(&text).unwrap().content else { panic!("{code}") };
        assert_eq!(objects[0].verdict, verdict, "{code}");
    }
}

#[test]
fn confirmations_and_receipts_are_read() {
    let old = "<x:AusgesondertesSGO><x:IDSGO>ID</x:IDSGO><x:Erfolgreich>0</x:Erfolgreich><x:Fehlermeldung>Prüfsumme\n \
               falsch</x:Fehlermeldung><x:FehlermeldungCode><code>12</code></x:FehlermeldungCode></x:AusgesondertesSGO>"
        .replace(">ID<", &format!(">{ID}<"));
    let Content::Import(objects, None) = read(&before_4("3.0.0", IMPORT, &old)).unwrap().content else {
        panic!("an import")
    };
    assert_eq!(
        (objects[0].is_imported, objects[0].errors.as_slice()),
        (false, &["Prüfsumme falsch".into(), "12".into()][..])
    );
    let many = old.replace(
        "<x:FehlermeldungCode>",
        &format!(
            "{}<x:FehlermeldungCode>",
            format!("<x:Fehlermeldung>{}</x:Fehlermeldung>", "e".repeat(300)).repeat(7)
        ),
    );
    let Content::Import(objects, None) = read(&before_4("3.0.0", IMPORT, &many)).unwrap().content else {
        panic!("an import")
    };
    let told = &objects[0].errors;
    assert_eq!(
        (told.len(), told[1].chars().count(), told[5].as_str()),
        (6, 201, "und 4 weitere"),
        "{told:?}"
    );
    let good = "<x:ErfolgOderMisserfolg><x:Erfolgreich>true</x:Erfolgreich></x:ErfolgOderMisserfolg>";
    let new = format!(
        "{good}<x:AusgesondertesSGO><x:xdomeaUUID>{ID}</x:xdomeaUUID>{good}<x:Archivkennung>LA 7</x:Archivkennung>\
         </x:AusgesondertesSGO>"
    );
    let Content::Import(objects, Some(whole)) = read(&of_4(IMPORT, &new)).unwrap().content else {
        panic!("an import")
    };
    assert!(whole.is_imported && objects[0].is_imported);
    assert_eq!(objects[0].reference.as_deref(), Some("LA 7"));
    for (name, kind) in [
        ("Aussonderung.AnbietungEmpfangBestaetigen.0504", MessageKind::OfferReceived),
        ("Aussonderung.AussonderungEmpfangBestaetigen.0507", MessageKind::TransferReceived),
    ] {
        for text in [before_4("3.1.0", name, ""), of_4(name, "")] {
            let answer = read(&text).unwrap();
            assert_eq!((answer.head.kind, answer.content), (kind, Content::Receipt));
        }
    }
}

#[test]
fn mistakes_are_told_with_their_lines_all_at_once() {
    let bad = object("BewertetesObjekt", "ID", &deep("A")).replace(ID, "urn:uuid:7");
    let both = before_4("3.1.0", APPRAISAL, &format!("{bad}\n{bad}")).replacen(ID, &ID.replace('-', ""), 1);
    assert_eq!(
        flaws(&both),
        [
            "Zeile 2: ProzessID: „00000000000000000000000000000007“ ist keine UUID",
            "Zeile 3: ID: „urn:uuid:7“ ist keine UUID",
            "Zeile 4: ID: „urn:uuid:7“ ist keine UUID",
        ]
    );
    let headless = before_4("3.1.0", APPRAISAL, "").replace("Kopf>", "Kropf>");
    assert_eq!(flaws(&headless), ["Zeile 1: das Element Kopf fehlt"]);
    assert!(flaws(&before_4("3.1.0", APPRAISAL, ""))[0].contains("sie bewertet nichts"));
    assert!(flaws(&before_4("3.1.0", IMPORT, ""))[0].contains("sie bestätigt nichts"));
    let partless = of_4(APPRAISAL, &object("BewertetesSGO", "xdomeaUUID", &deep("A"))).replace(">1<", ">x<");
    assert!(flaws(&partless)[0].contains("LfdNrNachrichtProTyp"));
    let nameless = of_4(APPRAISAL, "").replace("<nachrichtenUUID>", "<nachrichtenUUID>x");
    assert!(flaws(&nameless)[0].contains("die nachrichtenUUID fehlt"));
    let long = before_4("3.1.0", APPRAISAL, "").replace("Kreisarchiv", &"K".repeat(401));
    assert!(flaws(&long)[0].contains("Name ist länger als 400 Zeichen"));
    let unclear = "<x:AusgesondertesSGO><x:Erfolgreich>ja</x:Erfolgreich></x:AusgesondertesSGO>";
    let told = flaws(&before_4("3.1.0", IMPORT, unclear));
    assert_eq!(
        told,
        ["Zeile 3: Erfolgreich: erwartet wird true oder false", "Zeile 3: IDSGO: „“ ist keine UUID"]
    );
    assert!(flaws(&of_4(IMPORT, "<x:AusgesondertesSGO/>"))[0].contains("ErfolgOderMisserfolg fehlt"));
}

#[test]
fn another_message_and_no_message_are_told_apart() {
    let ours = before_4("3.1.0", "Aussonderung.Anbieteverzeichnis.0501", "");
    assert!(flaws(&ours)[0].contains("ist keine Antwort des Archivs"));
    let other = before_4("3.1.0", "Aktenplan.Aktenplan.0301", "");
    assert!(flaws(&other)[0].contains("gehört nicht zur Aussonderung"));
    assert!(flaws("<html/>")[0].contains("„html“ ist keine Nachricht von xdomea"));
    assert!(flaws(&before_4("5.0.0", APPRAISAL, ""))[0].contains("xdomea 5.0.0 ist unbekannt"));
    assert!(flaws("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>")[0].contains("(DTD)"));
    assert!(flaws(&"<a>".repeat(1_000))[0].contains("mehr als 60 tief"));
    assert!(flaws("<a")[0].contains("endet nicht"));
    assert!(flaws("")[0].contains("kein gültiges XML"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_the_reader_panic_and_a_torn_message_is_none(
        cut in 0_usize..900, put in "[<>/a-zA-Z0-9:&\"= \n]{0,12}", four: bool, import: bool,
    ) {
        let name = if import { IMPORT } else { APPRAISAL };
        let content = format!(
            "{}<x:AusgesondertesSGO><x:IDSGO>{ID}</x:IDSGO><x:Erfolgreich>1</x:Erfolgreich></x:AusgesondertesSGO>",
            object(if four { "BewertetesSGO" } else { "BewertetesObjekt" }, "ID", &deep("A"))
        );
        let whole = if four { of_4(name, &content) } else { before_4("3.1.0", name, &content) };
        let cut = (0..=cut.min(whole.len())).rev().find(|at| whole.is_char_boundary(*at)).unwrap_or(0);
        drop(read(&format!("{}{put}{}", &whole[..cut], &whole[cut..])));
        if cut < whole.len() {
            prop_assert!(read(&whole[..cut]).is_err());
        }
    }
}
