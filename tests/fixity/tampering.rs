//! Somebody with access to the files tampers with them at random: flips, swaps, drops, duplicates, cuts off, puts back
//! what was there before; ledger, heads, stores, keys, certificates, the checkpoint kept outside. A verification
//! against that checkpoint sees it, or every answer is as before. Never is a wrong byte served.

use std::collections::BTreeMap;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use schriftgut::domain::disposal::Decision;
use schriftgut::domain::fixity::Part;
use schriftgut::domain::ids::DocumentId;
use schriftgut::registry::{Continuity, Registry, verify_without_keys};

use crate::common::answers::{Answers, Asked, answers, differences, without_scores};
use crate::common::mill::Mill;
use crate::common::{Paper, TestOffice, WITHDRAWN, caretaker, copy_folder, open_patiently, verify};
use crate::flips::{Seen, Tally, files, folder};
use crate::machine::{Dice, Progress, times};
use crate::office::Documents;

type Files = BTreeMap<PathBuf, Vec<u8>>;

/// Where somebody tampers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Ledger,
    Heads,
    Stores,
    Keys,
    Certificates,
    Manifest,
    /// Files beside the ledger that are made again from its entries.
    Derived,
    /// The checkpoint that is kept outside.
    Outside,
}

/// Of twenty tamperings so many are here, about: where an auditor without keys sees it a look costs little.
const SHARES: [(Place, usize); 8] = [
    (Place::Ledger, 6),
    (Place::Stores, 6),
    (Place::Heads, 2),
    (Place::Keys, 2),
    (Place::Certificates, 1),
    (Place::Manifest, 1),
    (Place::Derived, 1),
    (Place::Outside, 1),
];
/// The checkpoint, among the files.
const NOTE: &str = "pruefpunkt.note";
/// Longest piece that is swapped, dropped or duplicated.
const PIECE_BYTES: usize = 600;
const UNNOTICED: &str = "nobody noticed";
/// Every so many tamperings an owner looks too, though it was seen without keys.
const OWNER_EVERY: u64 = 25;

fn place_of(path: &Path) -> Option<Place> {
    let text = path.to_str().unwrap();
    // Locks have no content. The page of a certificate is for reading: what proves is the JSON beside it.
    if text.ends_with("lock") || text.ends_with(".html") {
        return None;
    }
    let places = [
        (".derived", Place::Derived),
        ("ledger/", Place::Ledger),
        ("head/", Place::Heads),
        ("vault/", Place::Stores),
        ("archive/", Place::Stores),
        ("keyring/", Place::Keys),
        ("keys/", Place::Keys),
        ("certificates/", Place::Certificates),
        ("schriftgut.toml", Place::Manifest),
        (NOTE, Place::Outside),
    ];
    places.into_iter().find(|(part, _)| text.contains(part)).map(|(_, place)| place)
}

/// An office, as it was and as it is now, with a checkpoint of either moment that is kept outside.
struct Town {
    office: TestOffice,
    earlier: Files,
    now: Files,
    documents: Documents,
    gone: Vec<DocumentId>,
    healthy: Answers,
}

impl Town {
    fn new() -> Self {
        let (mut office, mut documents) = (TestOffice::demo(), Documents::new());
        let mut lives = |office: &TestOffice, number: usize, sheets: Range<usize>| {
            for sheet in sheets {
                let text = format!("Blatt {sheet} über eine Garage. ").repeat(1 + sheet * 15);
                documents.insert(office.ingest_text("A-1", WITHDRAWN, "blatt.txt", &text), text.into_bytes());
            }
            let goes = office.due_file(&format!("Z-{number}"), "wird vernichtet");
            office.destroy_what_is_due();
            let text = format!("Nummer {number} wird abgegeben");
            documents.insert(office.due_file(&format!("Y-{number}"), &text), text.into_bytes());
            hand_over(office);
            goes
        };
        let first = lives(&office, 1, 0..4);
        office.read_texts();
        let earlier = files_of(&mut office);
        office.open_doors();
        let second = lives(&office, 2, 4..7);
        let post = Paper { reference: None, ..Paper::new("", WITHDRAWN, "post.txt", "Post ohne Akte") };
        documents.insert(office.take_in(post), b"Post ohne Akte".to_vec());
        let now = files_of(&mut office);
        let (gone, healthy) = (vec![first, second], Answers::new());
        let mut town = Self { office, earlier, now, documents, gone, healthy };
        let place = folder();
        copy_folder(town.office.root(), &place.path().join("amt"));
        town.healthy = town.answers(&open_patiently(&place.path().join("amt")).unwrap());
        town
    }

    fn answers(&self, registry: &Registry) -> Answers {
        let queries = ["Garage", "Blatt*", "abgegeben", "vernichtet", "titel:A"].map(str::to_owned);
        let ids: Vec<_> = self.documents.keys().chain(&self.gone).copied().collect();
        let gone = ["Z-1", "Z-2"].map(str::to_owned);
        // Scores hang on what the index merged by itself meanwhile.
        without_scores(&answers(registry, &Asked { queries: &queries, files: &gone, documents: &ids }))
    }
}

/// What is due goes to the archive.
fn hand_over(office: &TestOffice) {
    let list = office.offered_list();
    let archivist = office.archivist.as_archivist().unwrap();
    for file in office.files_on(list) {
        office.registry().appraise(archivist, list, file, Decision::Archive, "").unwrap();
    }
    let out = folder();
    office.registry().transfer(archivist, list, &out.path().join("paket"), office.today()).unwrap();
}

/// Everything somebody may tamper with, at this moment, at which the office closes.
fn files_of(office: &mut TestOffice) -> Files {
    let note = office.registry().checkpoint(caretaker().as_caretaker().unwrap()).unwrap();
    office.close_doors();
    let root = office.root();
    let kept = files(root).into_iter().filter(|path| place_of(path).is_some() && !path.starts_with("views"));
    let mut all: Files = kept.map(|path| (path.clone(), std::fs::read(root.join(path)).unwrap())).collect();
    all.insert(NOTE.into(), note.into_bytes());
    all
}

/// What is to be there instead of some files; nothing, where they are gone.
struct Tampering {
    what: String,
    place: Option<Place>,
    changed: BTreeMap<PathBuf, Option<Vec<u8>>>,
}

impl Tampering {
    /// One that changes something.
    fn at_random(town: &Town, mill: &mut Mill) -> Self {
        loop {
            let mut tampering = Self::drawn(town, mill);
            tampering.changed.retain(|path, bytes| bytes.as_ref() != town.now.get(path));
            // The checkpoint can be no one's word if it is gone.
            if !tampering.changed.is_empty() && tampering.changed.get(Path::new(NOTE)) != Some(&None) {
                return tampering;
            }
        }
    }

    fn drawn(town: &Town, mill: &mut Mill) -> Self {
        let all: Vec<_> =
            SHARES.iter().flat_map(|(place, share)| std::iter::repeat_n(*place, *share)).collect();
        let place = *mill.one_of(&all);
        let there: Vec<_> = town.now.keys().filter(|path| place_of(path) == Some(place)).collect();
        let path = *mill.one_of(&there);
        let (bytes, other) = (&town.now[path], &town.now[*mill.one_of(&there)]);
        let (way, changed) = match mill.below(10) {
            0 | 1 => ("bits flipped in", Some(flipped(bytes, mill))),
            2 => ("pieces swapped in", Some(swapped(bytes, mill))),
            3 => ("a piece dropped from", Some(with_piece(bytes, mill, 0))),
            4 => ("a piece twice in", Some(with_piece(bytes, mill, 2))),
            5 => ("cut off:", Some(bytes[..mill.below(bytes.len().max(1))].to_vec())),
            6 => ("gone:", None),
            7 => ("the content of another in", Some(other.clone())),
            8 => ("an older version of", town.earlier.get(path).cloned()),
            _ => return Self::rolled_back(town, (mill.below(4) > 0).then_some(place)),
        };
        let what = format!("{way} {}", path.display());
        Self { what, place: Some(place), changed: [(path.clone(), changed)].into() }
    }

    /// Everything in one place, or the whole registry, as it was before.
    fn rolled_back(town: &Town, place: Option<Place>) -> Self {
        let older = |path: &&PathBuf| match place {
            Some(place) => place_of(path) == Some(place),
            None => place_of(path) != Some(Place::Outside),
        };
        let paths = town.now.keys().chain(town.earlier.keys()).filter(older);
        let changed = paths.map(|path| (path.clone(), town.earlier.get(path).cloned())).collect();
        Self { what: format!("an older state of {place:?}"), place, changed }
    }

    /// Does it below `root`.
    fn inflict(&self, root: &Path) {
        put(root, self.changed.iter().map(|(path, bytes)| (path, bytes.as_ref())));
    }

    /// Takes it back.
    fn take_back(&self, root: &Path, town: &Town) {
        put(root, self.changed.keys().map(|path| (path, town.now.get(path))));
    }
}

/// Writes files below `root`, or removes them.
fn put<'a>(root: &Path, files: impl Iterator<Item = (&'a PathBuf, Option<&'a Vec<u8>>)>) {
    for (path, bytes) in files {
        let path = root.join(path);
        match bytes {
            Some(bytes) => {
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, bytes).unwrap();
            }
            None if path.exists() => std::fs::remove_file(path).unwrap(),
            None => {}
        }
    }
}

fn flipped(bytes: &[u8], mill: &mut Mill) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..1 + mill.below(4) {
        let at = mill.below(bytes.len().max(1));
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= 1 << mill.below(8);
        }
    }
    bytes
}

fn swapped(bytes: &[u8], mill: &mut Mill) -> Vec<u8> {
    let (mut bytes, half) = (bytes.to_vec(), bytes.len() / 2);
    if half == 0 {
        return bytes;
    }
    let length = 1 + mill.below(half.min(PIECE_BYTES));
    let (one, other) = (mill.below(half - length + 1), half + mill.below(half - length + 1));
    for at in 0..length {
        bytes.swap(one + at, other + at);
    }
    bytes
}

/// A piece so many times where it stands once.
fn with_piece(bytes: &[u8], mill: &mut Mill, times_there: usize) -> Vec<u8> {
    let from = mill.below(bytes.len().max(1));
    let to = bytes.len().min(from + 1 + mill.below(PIECE_BYTES));
    [&bytes[..from], bytes[from..to].repeat(times_there).as_slice(), &bytes[to..]].concat()
}

/// What an auditor without keys sees, against the checkpoint; none if nothing.
fn without_keys(root: &Path) -> Option<Seen> {
    let note = String::from_utf8_lossy(&std::fs::read(root.join(NOTE)).unwrap()).into_owned();
    match verify_without_keys(root, Part::WHOLE, Some(&note), &mut |_| {}) {
        Err(_) => Some(Seen::Refused),
        Ok(view) if !view.found.is_clean() => Some(Seen::Reported),
        Ok(_) => None,
    }
}

/// What the owner sees, of a copy that is no longer needed. That the ledger contains the checkpoint was seen without
/// keys; what else stands in its file is compared here.
fn with_keys(town: &Town, root: &Path) -> Result<Seen, String> {
    let Ok(registry) = open_patiently(root) else { return Ok(Seen::Refused) };
    let said = !registry.remarks().is_empty();
    if let Ok(reader) = registry.person("voss") {
        for (id, content) in &town.documents {
            let mut bytes = Vec::new();
            let got = registry.get(reader.as_reader().unwrap(), *id, &mut bytes).is_ok();
            if !content.starts_with(&bytes) || (got && bytes != *content) {
                return Err(format!("wrong bytes of {id} were served"));
            }
        }
    }
    let note = String::from_utf8_lossy(&std::fs::read(root.join(NOTE)).unwrap()).into_owned();
    match registry.compare_checkpoint(caretaker().as_caretaker().unwrap(), &note) {
        Err(_) => return Ok(Seen::Refused),
        Ok(Continuity::Continues(_)) => {}
        Ok(Continuity::Broken | Continuity::Lost(_)) => return Ok(Seen::Reported),
    }
    if !verify(&registry).is_ok_and(|found| found.is_clean()) {
        return Ok(Seen::Reported);
    }
    let differs = differences(&town.healthy, &town.answers(&registry));
    match differs.first() {
        Some(first) => Err(format!("{UNNOTICED}, and {} answers differ: {first}", differs.len())),
        None if said => Ok(Seen::Said),
        None => Ok(Seen::Harmless("every answer is as before")),
    }
}

/// One tampering, in a folder that holds everything but the views and is as it was afterwards.
fn one(town: &Town, seed: u64, place: &Path) -> (Option<Place>, Seen) {
    let tampering = Tampering::at_random(town, &mut Mill(seed));
    tampering.inflict(place);
    let keyless = without_keys(place);
    tampering.take_back(place, town);
    if let Some(seen) = keyless.filter(|_| !(seed / 2).is_multiple_of(OWNER_EVERY)) {
        return (tampering.place, seen);
    }
    let copy = folder();
    let root = copy.path().join("amt");
    copy_folder(town.office.root(), &root);
    std::fs::write(root.join(NOTE), &town.now[Path::new(NOTE)]).unwrap();
    tampering.inflict(&root);
    let looked = catch_unwind(AssertUnwindSafe(|| with_keys(town, &root)));
    let what = format!("SCHRIFTGUT_SEED={seed}: {}", tampering.what);
    match (looked, keyless) {
        (Err(_), _) => panic!("{what}: whoever opens it panics"),
        // Seen by the auditor: for the owner it is enough that nothing wrong is served.
        (Ok(Err(why)), Some(seen)) if why.starts_with(UNNOTICED) => (tampering.place, seen),
        (Ok(Err(why)), _) => panic!("{what}: {why}"),
        (Ok(Ok(_)), Some(seen)) | (Ok(Ok(seen)), None) => (tampering.place, seen),
    }
}

/// `SCHRIFTGUT_FULL=1` tampers ten thousand times; `SCHRIFTGUT_SEED` once again with what failed.
#[test]
fn whoever_tampers_with_files_is_seen_or_changes_no_answer() {
    let town = Town::new();
    let seeds = Dice::seeds(times(1_000, 10_000) as usize);
    let progress = Progress::of("tamperings", seeds.len());
    let hands = std::thread::available_parallelism().map_or(1, usize::from).min(seeds.len());
    let mut tallies: BTreeMap<Option<Place>, Tally> = BTreeMap::new();
    std::thread::scope(|scope| {
        let (town, progress) = (&town, &progress);
        let shares = seeds.chunks(seeds.len().div_ceil(hands)).map(|share| {
            scope.spawn(move || {
                let place = folder();
                put(place.path(), town.now.iter().map(|(path, bytes)| (path, Some(bytes))));
                assert_eq!(without_keys(place.path()), None, "what is healthy raises no alarm");
                let mut seen = Vec::new();
                for seed in share {
                    seen.push(one(town, *seed, place.path()));
                    progress.step();
                }
                seen
            })
        });
        let shares: Vec<_> = shares.collect();
        for (place, seen) in shares.into_iter().flat_map(|share| share.join().unwrap()) {
            tallies.entry(place).or_default().note(seen);
        }
    });
    let mut all = Tally::default();
    for (place, tally) in &tallies {
        tally.conclude(&place.map_or("everything at once".to_owned(), |place| format!("{place:?}")));
        all.add(tally);
    }
    all.conclude("tamperings");
    let detected: usize = [Seen::Refused, Seen::Reported].into_iter().map(|seen| all.of(seen)).sum();
    assert!(seeds.len() == 1 || detected * 2 > all.all(), "{detected} of {} were seen", all.all());
}
