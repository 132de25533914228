//! What was once written stays readable: golden data of the formats the office keeps (`schema/README.md`), and
//! the laws of their encodings. Golden files are written for a new version, with `SCHRIFTGUT_WRITE_GOLDEN=1`, and
//! never changed after; only the `.expected.txt` beside an event, which says in today's words what it means, may
//! follow the core's words.

#[path = "formats/backup.rs"]
mod backup;
#[path = "formats/certificate.rs"]
mod certificate;
#[path = "common/golden.rs"]
mod golden_data;
#[path = "formats/samples.rs"]
mod samples;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use proptest::prelude::*;
use samples::Material;
use schriftgut::base::digest::Sha256;
use schriftgut::domain::actor::Role;
use schriftgut::domain::case_file::{Carriers, Hold};
use schriftgut::domain::disposal::{Cause, DisposalList, SignedAs, signed_text};
use schriftgut::domain::event::{DocumentEvent, Event, FileEvent, ListEvent, OfficeEvent};
use schriftgut::domain::ids::{CaseFileId, DeliveryId, DisposalListId, DocumentId, KeyId, PersonId};
use schriftgut::domain::paper::{Borrower, Loan};
use schriftgut::domain::scan::ProtectionNeed;
use schriftgut::domain::scan::check::sample;
use schriftgut::domain::streets::Renaming;
use schriftgut::domain::text::{Format, PageText, TextSource, WordBox};
use schriftgut::format::delivery::{Delivery, DeliveryLine, Stage};
use schriftgut::format::event::{EVENT_VERSION, decode, encode, kind_code};
use schriftgut::format::manifest::Manifest;
use schriftgut::format::proof::ProofFile;
use schriftgut::format::{FormatError, streets, text_layer};
use schriftgut::registry::verify_proof;
use uuid::Uuid;

fn golden(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(path)
}

/// The kept text; what `make` says, for a new version.
fn kept(path: &str, make: impl FnOnce() -> String) -> String {
    let path = golden(path);
    golden_data::require(&path, || {
        fs::create_dir_all(path.parent().expect("a folder")).expect("folder is made");
        fs::write(&path, make()).expect("golden data is written");
    });
    fs::read_to_string(path).expect("golden data is readable")
}

fn specification(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/formats").join(name);
    fs::read_to_string(path).expect("the specification")
}

fn subject_of(event: &Event) -> Uuid {
    if matches!(event, Event::Office(_)) { KeyId::OFFICE.0 } else { Material::golden().subject() }
}

/// Name of the golden file; a shape that came later has a word more.
fn name(event: &Event) -> String {
    let later = match event {
        Event::Document(_, DocumentEvent::TakenIn { case: Some(_), .. }) => "-case",
        Event::Document(
            _,
            DocumentEvent::TakenIn { register: Some(_), .. }
            | DocumentEvent::Refiled { register: Some(_), .. },
        ) => "-register",
        Event::File(_, FileEvent::AppraisalNoted { left_out: Some(_), .. })
        | Event::List(_, ListEvent::LineAppraised { thinned: Some(_), .. }) => "-thinned",
        Event::List(_, ListEvent::Created { lines, .. }) if lines[0].catalogue.is_some() => "-catalogue",
        Event::Document(
            _,
            DocumentEvent::TextRead { format: Format { pronom: Some(_), .. }, .. }
            | DocumentEvent::ReadingGivenUp { format: Format { pronom: Some(_), .. }, .. },
        ) => "-pronom",
        Event::Document(_, DocumentEvent::TextRead { rendition, .. })
            if rendition.symbol_coding.is_some() =>
        {
            "-coding"
        }
        Event::Document(_, DocumentEvent::TextRead { rendition, .. }) if rendition.engine.is_some() => {
            "-engine"
        }
        Event::Office(OfficeEvent::Verified { look: Some(_), .. }) => "-look",
        Event::Office(OfficeEvent::FilePlanSet { edition: Some(_), .. }) => "-edition",
        Event::Office(OfficeEvent::ArchiveSet { takes: None, .. }) => "-forgotten",
        Event::File(_, FileEvent::Opened { record_type: Some(_), .. }) => "-type",
        Event::File(_, FileEvent::HoldPlaced { hold: Hold { review: Some(_), .. } }) => "-review",
        Event::File(_, FileEvent::Opened { carriers: Carriers { paper: Some(place) }, .. })
            if place.barcode.is_some() =>
        {
            "-place"
        }
        Event::File(_, FileEvent::PaperLent { loan: Loan { to: Borrower::Person(_), .. } }) => "-person",
        _ => "",
    };
    format!("{}-{}{later}", kind_code(event), tag(event))
}

/// The word that stands for the kind in the JSON text.
fn tag(event: &Event) -> String {
    let json: serde_json::Value = serde_json::from_slice(&encode(event)).expect("JSON");
    json["event"].as_str().expect("a tag").to_owned()
}

#[test]
fn every_event_ever_written_is_read_as_it_was_meant() {
    for event in Material::golden().events() {
        let (code, subject) = (kind_code(&event), subject_of(&event));
        let name = format!("event/v1/{}", name(&event));
        let json = kept(&format!("{name}.json"), || String::from_utf8(encode(&event)).expect("UTF-8"));
        let read = decode(code, subject, json.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let expected = kept(&format!("{name}.expected.txt"), || format!("{read:#?}\n"));
        assert_eq!(format!("{read:#?}\n"), expected, "{name}");
        assert_eq!(read, event, "{name}");
        assert_eq!(encode(&read), json.as_bytes(), "{name} is written as it was");
    }
}

#[test]
fn no_golden_event_is_forgotten_and_every_kind_has_one() {
    let codes: BTreeSet<u16> = Material::golden().events().iter().map(kind_code).collect();
    let all = [100..=116, 200..=212, 300..=322, 324..=324, 326..=327, 400..=417, 500..=511, 600..=601];
    assert_eq!(codes, all.into_iter().flatten().collect());
    let names: BTreeSet<String> =
        Material::golden().events().iter().map(|event| format!("{}.json", name(event))).collect();
    for file in fs::read_dir(golden("event/v1")).expect("golden events") {
        let name = file.expect("readable").file_name().to_string_lossy().into_owned();
        let json = name.replace(".expected.txt", ".json");
        assert!(names.contains(&json), "`{name}` is read by no test");
    }
}

#[test]
fn every_kind_of_event_stands_in_the_specification_with_its_key() {
    let text = specification("event.md");
    for event in Material::golden().events() {
        let key = match &event {
            Event::Archive(..) => "archive copy",
            event if event.outlives_its_record() => "office",
            Event::Person(..) => "person",
            Event::File(..) => "file",
            Event::Document(..) => "document",
            Event::Office(_) | Event::List(..) => unreachable!("these outlive every record"),
        };
        let row = format!("| {} | `{}` | {key} |", kind_code(&event), tag(&event));
        assert!(text.contains(&row), "event.md lacks the row {row}");
    }
}

#[test]
fn the_worked_example_of_an_event_has_the_commitment_it_shows() {
    let text = specification("event.md");
    let closed = FileEvent::Closed { on: Material::golden().on };
    let json = encode(&Event::File(CaseFileId(Material::golden().subject()), closed));
    assert!(text.contains(std::str::from_utf8(&json).unwrap()), "the JSON is shown");
    let salt: Vec<u8> = (0..32).collect();
    assert!(text.contains(&Sha256::of(&[&salt, &json]).to_string()), "the commitment is shown");
}

#[test]
fn an_event_of_a_newer_version_is_refused_by_name() {
    let json = format!("{{\"v\":{},\"event\":\"closed\",\"on\":\"2026-11-22\"}}", EVENT_VERSION + 1);
    let error = decode(302, Uuid::nil(), json.as_bytes()).unwrap_err();
    assert!(matches!(error, FormatError::Newer { what: "event", version } if version == 2), "{error}");
}

#[test]
fn an_event_under_another_kind_is_refused() {
    let event = &Material::golden().events()[7];
    let (json, code) = (encode(event), kind_code(event));
    assert!(decode(code, Uuid::nil(), &json).is_ok());
    assert!(decode(code + 1, Uuid::nil(), &json).is_err());
    assert!(decode(code, Uuid::nil(), &json[..json.len() - 1]).is_err());
}

/// What a street register says, in one line per name.
fn register_of(version: &str) -> String {
    let text =
        kept(&format!("streets/{version}/register.txt"), || unreachable!("registers are written by hand"));
    let streets = streets::read("register.txt", &text).expect("readable for ever");
    let mut said: String = streets.with("").iter().map(|street| street.note() + "\n").collect();
    for Renaming { old, new, from } in streets.renamings() {
        let _ = writeln!(said, "{old} -> {new} {from:?}");
    }
    said
}

#[test]
fn a_street_register_ever_written_is_read_as_it_was_meant() {
    for version in ["v1", "v2"] {
        let said = register_of(version);
        assert_eq!(kept(&format!("streets/{version}/expected.txt"), || said.clone()), said, "{version}");
    }
    let first = kept("streets/v1/register.txt", || unreachable!("registers are written by hand"));
    let as_second = first.replacen("format = 1", "format = 2", 1);
    let read = |text: &str| streets::read("register.txt", text).expect("readable");
    assert_eq!(read(&as_second), read(&first), "it means in format 2 what it meant");
}

fn material() -> impl Strategy<Value = Material> {
    let texts = (any::<String>(), any::<String>(), "[^\\p{Cc}]{1,40}");
    let day = (-9_999_i16..=9_999, 1_i8..=12, 1_i8..=28);
    let rest = (any::<[u128; 3]>(), any::<u64>(), any::<Vec<u8>>(), any::<u8>(), any::<bool>());
    (texts, day, rest).prop_map(|((text, other, reference), (year, month, day), rest)| {
        let (ids, number, bytes, pick, full) = rest;
        let fallback = || "63.10.01-1042".parse().expect("a reference number");
        let reference = reference.parse().unwrap_or_else(|_| fallback());
        let on = jiff::civil::date(year, month, day);
        Material { text, other, reference, ids, on, number, bytes, pick, full }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn whatever_happens_is_read_back_as_it_was_written(material in material()) {
        for event in material.events() {
            let subject = if matches!(event, Event::Office(_)) { Uuid::nil() } else { material.subject() };
            let json = encode(&event);
            prop_assert_eq!(decode(kind_code(&event), subject, &json).expect("readable"), event);
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic(kind in any::<u16>(), bytes in any::<Vec<u8>>(), cut in any::<usize>()) {
        let _ = decode(kind, Uuid::nil(), &bytes);
        for event in Material::golden().events() {
            let mut json = encode(&event);
            let at = cut % json.len();
            json[at] = json[at].wrapping_add(bytes.len() as u8 | 1);
            let _ = decode(kind_code(&event), Uuid::nil(), &json);
            json.truncate(at);
            prop_assert!(decode(kind_code(&event), Uuid::nil(), &json).is_err());
        }
    }
}

fn pages() -> Vec<PageText> {
    let word = |start, end, left| WordBox { start, end, left, top: 0.25, width: 0.125, height: 0.5 };
    vec![
        PageText {
            number: 1,
            text: "Büro 7".to_owned(),
            words: vec![word(0, 5, 0.1), word(6, 7, 0.75)],
            source: TextSource::Recognised,
            confidence: Some(91),
        },
        PageText {
            number: 3,
            text: String::new(),
            words: Vec::new(),
            source: TextSource::Empty,
            confidence: None,
        },
    ]
}

#[test]
fn a_text_layer_ever_written_is_read_as_it_was_meant() {
    let json = kept("text-layer/v1/pages.json", || String::from_utf8(text_layer::encode(&pages())).unwrap());
    assert_eq!(text_layer::decode(json.as_bytes()).unwrap(), pages());
    assert_eq!(text_layer::encode(&pages()), json.as_bytes());
    for page in pages() {
        assert_eq!(text_layer::text_of_page(json.as_bytes(), page.number).unwrap(), Some(page.text));
    }
    assert_eq!(text_layer::text_of_page(json.as_bytes(), 99).unwrap(), None);
    let shown = specification("text-layer.md");
    assert!(shown.contains(json.trim()), "the worked example of text-layer.md is the golden file");
    assert!(text_layer::decode(json.replace("\"v\":1", "\"v\":2").as_bytes()).is_err(), "newer");
    assert!(text_layer::decode(json.replace("[0,5,", "[0,2,").as_bytes()).is_err(), "inside a letter");
}

#[test]
fn a_manifest_ever_written_is_read_as_it_was_meant() {
    let manifest = Manifest {
        id: Uuid::from_u128(Material::golden().ids[0]),
        name: "Stadt Musterstadt".to_owned(),
        ledger_key: [7; 32],
        demo: true,
    };
    let text = kept("registry/v1/schriftgut.toml", || manifest.write());
    assert_eq!(Manifest::read(&text).unwrap(), manifest);
    assert!(specification("registry.md").contains(text.trim()), "registry.md shows the golden file");
    let newer = Manifest::read(&text.replace("format = 1", "format = 2"));
    assert!(matches!(newer, Err(FormatError::Newer { version: 2, .. })));
}

/// The list of the worked example in disposal-list.md.
fn example_list() -> DisposalList {
    let material = Material {
        text: "nrw-kommunal 2026-1".to_owned(),
        ids: [0x10, 0x20, 0x30],
        on: jiff::civil::date(2024, 1, 1),
        ..Material::golden()
    };
    let mut line = material.line(1);
    line.cause = Cause::Rule("BA-03".to_owned());
    let created = ListEvent::Created { on: material.on, edition: material.text.clone(), lines: vec![line] };
    let appraised = ListEvent::LineAppraised {
        file: CaseFileId(Uuid::from_u128(0x20)),
        decision: schriftgut::domain::disposal::Decision::Destroy,
        thinned: None,
    };
    DisposalList::replay(DisposalListId(Uuid::from_u128(0x10)), [&created, &appraised]).expect("a list")
}

#[test]
fn what_people_sign_is_what_the_specification_shows() {
    let digest = example_list().digest();
    let text = specification("disposal-list.md");
    assert!(text.contains(&digest.to_string()), "the example's digest is {digest}");
    let signed = String::from_utf8(signed_text(&digest, SignedAs::Approver(Role::Archivist))).unwrap();
    assert!(text.contains(signed.trim()), "the signed text is\n{signed}");
    let proposed = signed_text(&digest, SignedAs::Proposer);
    assert_ne!(proposed, signed.as_bytes());
    // The bytes as the specification spells them, put together by hand.
    let hex: String = text
        .split("```hex")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .expect("the bytes of the example")
        .lines()
        .map(|line| line.split("  ").next().unwrap_or_default().replace(' ', ""))
        .collect();
    let bytes = data_encoding::HEXLOWER.decode(hex.as_bytes()).expect("hexadecimal");
    assert_eq!(Sha256::of(&[&bytes]), digest, "the bytes shown have this digest");
}

/// The certificate kept, made by the office itself if there is none yet, and the key it is verified with.
fn kept_certificate() -> (String, String) {
    static MADE: OnceLock<(String, String)> = OnceLock::new();
    let make = || {
        MADE.get_or_init(|| {
            let folder = tempfile::tempdir().expect("a folder");
            certificate::make(&folder.path().join("registratur"))
        })
    };
    let json = kept("certificate/v1/certificate.json", || make().0.clone());
    let key = kept("certificate/v1/verifier-key.txt", || format!("{}\n", make().1));
    (json, key)
}

#[test]
fn a_certificate_ever_written_still_proves_what_it_says() {
    let (json, key) = kept_certificate();
    let verdict = verify_proof(&json, &key).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(verdict.destroyed, Some(1));
    let mut said = format!("{}, {} entries\n", verdict.origin, verdict.size);
    for (entry, event) in &verdict.entries {
        let what = event.as_ref().map_or("sealed".to_owned(), tag);
        writeln!(said, "{} kind {}: {what}", entry.header.number, entry.header.kind.0).unwrap();
    }
    assert_eq!(said, kept("certificate/v1/expected.txt", || said.clone()));
    let file = ProofFile::read(&json).unwrap();
    assert_eq!(file.write(), json, "written as it was");
    assert_eq!(file.certificate.expect("a statement").lines.len(), 1);
}

#[test]
fn a_certificate_that_was_tampered_with_proves_nothing() {
    let (json, key) = kept_certificate();
    let genuine = ProofFile::read(&json).unwrap();
    let refused = |what: &str, change: &dyn Fn(&mut ProofFile)| {
        let mut forged = genuine.clone();
        change(&mut forged);
        assert_ne!(forged, genuine, "{what}: nothing was changed");
        assert!(verify_proof(&forged.write(), &key).is_err(), "{what} passes");
    };
    let statement = |file: &mut ProofFile| file.certificate.take().expect("a statement");
    refused("another sum", &|file| {
        let mut said = statement(file);
        said.documents += 1;
        file.certificate = Some(said);
    });
    refused("a demo passed off as real", &|file| {
        let mut said = statement(file);
        said.demo = false;
        file.certificate = Some(said);
    });
    refused("another file", &|file| {
        let mut said = statement(file);
        said.lines[0].file = Uuid::from_u128(9).to_string();
        file.certificate = Some(said);
    });
    refused("an entry less", &|file| drop(file.entries.pop()));
    refused("another path", &|file| file.entries[0].path[0].0[0] ^= 1);
    refused("another body", &|file| {
        let plain = file.entries.iter_mut().find_map(|entry| entry.plain.as_mut()).expect("disclosed");
        *plain.last_mut().expect("not empty") ^= 1;
    });
    let other = key.replace(|c: char| c.is_ascii_digit(), "0");
    assert!(verify_proof(&json, &other).is_err(), "another key");
}

#[test]
fn the_pages_that_the_specification_of_the_transfer_note_names_are_drawn() {
    let digest: Sha256 = "a".repeat(64).parse().unwrap();
    let drawn = sample(ProtectionNeed::Normal, "00112233", &digest, 40);
    let text = include_str!("../schema/formats/transfer-note.md");
    let pages: Vec<_> = drawn.iter().map(u32::to_string).collect();
    let (last, rest) = pages.split_last().unwrap();
    assert!(text.contains(&format!("40 pages: pages {} and {last}.", rest.join(", "))), "{pages:?}");
}

#[test]
fn what_is_remembered_of_a_delivery_is_read_as_it_was_written() {
    let person = PersonId(Uuid::from_u128(7));
    let line = DeliveryLine { line: Some(2), page_count: Some(3), ..DeliveryLine::default() };
    let delivery = Delivery {
        id: DeliveryId(Uuid::from_u128(9)),
        person,
        place: Sha256([7; 32]),
        list: "Begleitliste Süd.csv".into(),
        list_sha256: Sha256([8; 32]),
        begun: "2026-11-28T08:00:00Z".parse().unwrap(),
        touched: "2026-11-28T09:30:00Z".parse().unwrap(),
        stage: Stage::Ended,
        checksums: 2,
        lines: vec![
            DeliveryLine { document: Some(DocumentId(Uuid::from_u128(11))), ..line.clone() },
            DeliveryLine {
                path: Some("scans/2.tif".into()),
                reference: Some("63-1".into()),
                why: Some("die Akte ist geschlossen (z.d.A.)".into()),
                way_out: Some("öffnen Sie sie wieder".into()),
                ..line
            },
            DeliveryLine { why: Some("3 Dateien fehlen".into()), ..DeliveryLine::default() },
        ],
    };
    let text = kept("delivery/v1/delivery.json", || String::from_utf8(delivery.write()).unwrap());
    assert_eq!(Delivery::read(text.as_bytes()).unwrap(), delivery);
    assert_eq!(delivery.write(), text.as_bytes());
    let begin = text.split("\"place\"").next().unwrap();
    assert!(specification("delivery.md").contains(begin), "the specification shows {begin}");
    for stage in [Stage::Flawed, Stage::Checked, Stage::Begun] {
        let other = Delivery { stage, ..delivery.clone() };
        assert_eq!(Delivery::read(&other.write()).unwrap(), other);
    }
    (0..text.len()).for_each(|cut| assert!(Delivery::read(&text.as_bytes()[..cut]).is_err(), "{cut}"));
    let newer = text.replace("\"format\":1", "\"format\":2");
    assert!(matches!(Delivery::read(newer.as_bytes()), Err(FormatError::Newer { version: 2, .. })));
    let unknown = text.replace("\"stage\"", "\"farbe\":1,\"stage\"");
    assert!(Delivery::read(unknown.as_bytes()).is_err());
}
