//! What users read when something fails.

use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::date;
use uuid::Uuid;

use super::*;
use crate::base::seal::SealBroken;
use crate::catalog::CatalogError;
use crate::domain::ids::{KeyId, ObjectId};
use crate::domain::text::Format;
use crate::format::FormatError;
use crate::format::proof::ProofFile;
use crate::index::{Index, IndexError};
use crate::intake::{IntakeError, Reason};
use crate::keyring::KeyringFlaw;
use crate::keyring::person_key::PersonKeyError;
use crate::keyring::stretch::StretchError;
use crate::ledger::EntryNo;
use crate::ledger::checkpoint::CheckpointError;
use crate::ledger::entry::NotAnEntry;
use crate::ledger::note::NoteError;
use crate::ledger::proof::ProofError;

/// Words that only stand in English sentences.
const ENGLISH: [&str; 14] = [
    " not ",
    "invalid",
    "failed",
    "found",
    "error",
    "damaged",
    "missing",
    "unreadable",
    "cannot",
    "broken",
    " the ",
    " of ",
    " is ",
    "already",
];
const ID: ObjectId = ObjectId([7; 32]);
/// What works without opening the registry.
const WITHOUT_OPENING: [&str; 3] = ["verify --without-keys", "restore", "keys recover"];

fn path() -> PathBuf {
    "/daten/x".into()
}

fn gone() -> Arc<io::Error> {
    Arc::new(ErrorKind::NotFound.into())
}

/// Every variant, in this order: it is `causes` that does not compile without the words of a new one.
fn of_the_vault() -> Vec<VaultError> {
    vec![
        VaultError::NotFound(ID),
        VaultError::Changed { id: ID, what: "its head" },
        VaultError::SealBroken(ID),
        VaultError::WrongAddress(ID),
        VaultError::OutOfRange { id: ID, offset: 1, length: 2, size_bytes: 2 },
        VaultError::TooLarge { limit_bytes: 4 },
        VaultError::Source(gone()),
        VaultError::StagedElsewhere(ID),
        VaultError::WarrantExpired { issued: date(2026, 1, 2), today: date(2026, 1, 3) },
        VaultError::StorageFull { path: path() },
        VaultError::Poisoned,
        VaultError::InUse(path()),
        VaultError::UnknownVersion { path: path(), found: 2, known: 1 },
        VaultError::Io { doing: "reading", path: path(), source: gone() },
    ]
}

fn of_the_ledger() -> Vec<LedgerError> {
    let entry = EntryNo(3);
    let mut all = vec![
        LedgerError::MovedOn { expected: 1, actual: 2 },
        LedgerError::Beyond { asked: 9, end: 3 },
        LedgerError::TooLarge { what: "entry", bytes: 5, limit_bytes: 4 },
        LedgerError::ReadOnly,
        LedgerError::Poisoned,
        LedgerError::Full { doing: "writing", path: path(), source: gone() },
        LedgerError::Io { doing: "listing", path: path(), source: gone() },
        LedgerError::Io { doing: "syncing", path: path(), source: Arc::new(io::Error::from_raw_os_error(5)) },
        LedgerError::NotEmpty { path: path() },
        LedgerError::Occupied { path: path() },
        LedgerError::Damaged { entry, what: "its frame is broken" },
        LedgerError::Truncated { acknowledged: 4, present: 3 },
        LedgerError::HeadUnreadable { path: path(), source: NoteError::Shape.into() },
        LedgerError::Forked { older: 3, newer: 4 },
        LedgerError::Outdated { head: 3, present: 4 },
        LedgerError::TailInDoubt { entry },
    ];
    all.extend(not_entries().map(|source| LedgerError::Unfit { position: 0, source }));
    all.extend(checkpoints().map(LedgerError::Checkpoint));
    all
}

fn not_entries() -> impl Iterator<Item = NotAnEntry> {
    use NotAnEntry::{Length, Magic, Previous, Time, Version};
    [Magic, Version(9), Length, Time, Previous].into_iter()
}

fn checkpoints() -> impl Iterator<Item = CheckpointError> {
    use NoteError::{Forged, Key, Name, Shape, SignatureLine, TooLarge, Unsigned};
    let notes = [TooLarge, Shape, SignatureLine, Name, Key, Unsigned, Forged];
    notes.into_iter().map(Into::into).chain([CheckpointError::Body, CheckpointError::Origin])
}

fn of_the_keyring() -> Vec<KeyringError> {
    vec![
        KeyringError::WrongMaster { dir: path() },
        KeyringError::Newer { path: path(), found: 2, known: 1 },
        KeyringError::NotAKeyring { dir: path() },
        KeyringError::AlreadyThere { dir: path() },
        KeyringError::InUse { dir: path() },
        KeyringError::Damaged(KeyringFlaw { path: path(), what: "frame 3 does not open".to_owned() }),
        KeyringError::OfOffice { id: KeyId(Uuid::nil()) },
        KeyringError::Full,
        KeyringError::Spoiled,
        KeyringError::NotAKeyFile { path: path() },
        KeyringError::Stretch(StretchError::NotARecipe),
        KeyringError::Stretch(StretchError::OutOfMemory),
        KeyringError::NoSpace { path: path() },
        KeyringError::Io { doing: "reading", path: path(), source: gone() },
    ]
}

/// Views, worker, encodings and the door to the disk. An index that is no index lets the engine speak as well.
fn of_the_rest() -> Vec<Error> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("meta.json"), "{}").unwrap();
    let no_index = Index::open(folder.path()).map(drop).unwrap_err();
    let no_proof = ProofFile::read("{}").map(drop).unwrap_err();
    assert!(matches!(no_proof, FormatError::Json { .. }), "{no_proof:?}");
    let (found, expected) = (String::new(), String::new());
    let source = || io::Error::from(ErrorKind::PermissionDenied);
    vec![
        CatalogError::Stale { path: path(), cause: None }.into(),
        CatalogError::Damaged("row").into(),
        no_index.into(),
        IndexError::Stale { found, expected }.into(),
        IndexError::Damaged(None).into(),
        IndexError::Exists.into(),
        IndexError::Busy.into(),
        IndexError::Directory(source()).into(),
        IndexError::TooDeep.into(),
        IndexError::TooManyWords.into(),
        IndexError::TooManyFiles.into(),
        IndexError::NotPurged { entries: 1, files: 2 }.into(),
        IndexError::NotAWord.into(),
        IntakeError::NotReadable { format: Format::UNKNOWN, reason: Reason::Damaged }.into(),
        IntakeError::WorkerStart { program: "/usr/bin/x".to_owned(), source: source() }.into(),
        IntakeError::Sandbox.into(),
        IntakeError::Protocol.into(),
        IntakeError::OcrMissing.into(),
        IntakeError::OcrLanguage { languages: "deu".to_owned() }.into(),
        IntakeError::ConverterMissing.into(),
        IntakeError::NoScratch(source()).into(),
        IntakeError::FilesUnfenced.into(),
        IntakeError::Source(source()).into(),
        no_proof.into(),
        FormatError::Wrong { what: "event", field: "id" }.into(),
        FormatError::Newer { what: "backup", version: 2 }.into(),
        DiskError::Full { doing: "writing", path: path(), source: gone() }.into(),
        DiskError::Failed { doing: "writing", path: path(), source: gone() }.into(),
        DiskError::Held { path: path() }.into(),
    ]
}

fn everything() -> Vec<Error> {
    let signing = [
        PersonKeyError::DoesNotOpen,
        PersonKeyError::NotSealed,
        PersonKeyError::Newer { found: 2 },
        PersonKeyError::Stretch(StretchError::OutOfMemory),
    ];
    let mut all: Vec<Error> = of_the_vault().into_iter().map(Error::from).collect();
    all.extend(of_the_ledger().into_iter().map(Error::from));
    all.extend(of_the_keyring().into_iter().map(Error::from));
    all.extend(of_the_keyring().into_iter().map(Error::no_master));
    all.extend(of_the_rest());
    all.extend(signing.map(|cause| Error::fault("Was", "so", cause)));
    all.push(Error::fault("Was", "so", SealBroken));
    all.extend([1, 2, 5, 13, 24, 28, 71, 98].map(|number| io::Error::from_raw_os_error(number).into()));
    all.push(io::Error::other("something else").into());
    all
}

/// The text without what stands in parentheses: there an engine may speak its own language.
fn without_parentheses(text: &str) -> String {
    let (mut out, mut depth) = (String::new(), 0_usize);
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

fn is_german(text: &str) {
    let plain = format!(" {} ", without_parentheses(text).to_lowercase());
    let english: Vec<_> = ENGLISH.iter().filter(|word| plain.contains(**word)).collect();
    assert!(!text.is_empty() && english.is_empty(), "{english:?} in {text:?}");
}

#[test]
fn no_fault_of_any_layer_speaks_english() {
    let all = everything();
    assert!(all.len() > 100, "{}", all.len());
    for error in all {
        let too_general = error.words().what == "Die Suche ist zu allgemein";
        assert!(too_general != matches!(error, Error::Fault { .. }), "{error}");
        let Words { what, why, way_out } = error.words();
        [what, why, way_out].iter().for_each(|text| is_german(text));
        assert_eq!(error.to_string().lines().count(), 3, "{error}");
    }
    let proofs = [ProofError::Range, ProofError::PathLength, ProofError::RootDiffers]
        .into_iter()
        .chain(checkpoints().map(ProofError::Checkpoint))
        .chain(not_entries().map(ProofError::Leaf))
        .chain([ProofError::Number { claimed: EntryNo(1), found: EntryNo(2) }]);
    proofs.for_each(|cause| is_german(&causes::proof(&cause)));
}

#[test]
fn damaged_stored_bytes_are_no_fault_of_the_disk_or_the_operating_system() {
    let broken = || VaultError::SealBroken(ID);
    let through_a_read = |cause: VaultError| io::Error::other(cause);
    let ways: [Error; 5] = [
        broken().into(),
        through_a_read(broken()).into(),
        io::Error::other(through_a_read(broken())).into(),
        VaultError::Source(Arc::new(through_a_read(broken()))).into(),
        IntakeError::Source(io::Error::other(Error::from(broken()))).into(),
    ];
    for error in ways {
        let words = error.words();
        assert_eq!(words.what, "Gespeicherte Bytes sind beschädigt", "{error}");
        assert!(words.why.contains("Siegel"), "{error}");
        let (look, repair) = ("`schriftgut verify --read-data`", "`schriftgut repair --from ORDNER`");
        let at = |verb: &str| words.way_out.find(verb).unwrap_or_else(|| panic!("{error}"));
        assert!(at(look) < at(repair), "{error}");
    }
}

#[test]
fn while_the_registry_is_being_opened_no_way_out_needs_it_open() {
    for error in everything().into_iter().map(Error::while_opening) {
        let way_out = error.words().way_out;
        for verb in way_out.split('`').skip(1).step_by(2).filter_map(|code| code.strip_prefix("schriftgut "))
        {
            assert!(WITHOUT_OPENING.contains(&verb), "`{verb}` opens the registry: {error}");
        }
    }
    let refusal = Error::Refusal(Refusal::new("Was", "darum", "`schriftgut verify`"));
    assert!(refusal.while_opening().words().way_out.contains("`schriftgut verify`"), "only faults change");
}

#[test]
fn what_the_system_answers_has_words_or_a_number() {
    let said = |number| causes::system(&io::Error::from_raw_os_error(number));
    assert_eq!(said(2), "die Datei oder ihren Ordner gibt es nicht");
    assert_eq!(said(98), "ein anderes Programm benutzt diese Adresse schon");
    assert_eq!(said(71), "das Betriebssystem meldet Fehler Nr. 71");
    assert!(said(5).ends_with("das Betriebssystem meldet Fehler Nr. 5"));
    assert_eq!(causes::system(&io::Error::other("x")), "das Betriebssystem nennt keinen Grund");
}

#[test]
fn a_full_disk_is_called_full_whichever_layer_meets_it() {
    let no_space = || Arc::new(io::Error::from(ErrorKind::StorageFull));
    let full = || DiskError::Full { doing: "writing", path: path(), source: no_space() };
    let errors: [Error; 6] = [
        full().into(),
        VaultError::from(full()).into(),
        LedgerError::from(full()).into(),
        KeyringError::from(full()).into(),
        io::Error::from(ErrorKind::QuotaExceeded).into(),
        io::Error::other(full()).into(),
    ];
    for error in errors {
        assert!(error.is_for_want_of_room(), "{error}");
        assert_eq!(error.words().what, "Der Datenträger ist voll");
    }
}
