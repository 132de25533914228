//! What can happen in an office, at random, and the same for the same seed. Where something is missing that a step
//! needs, it is brought about first: every step does what it is called.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use jiff::civil::date;
use tempfile::TempDir;

use schriftgut::domain::case_file::{CaseFile, Phase};
use schriftgut::domain::disposal::{Decision, DisposalList, LineState, MessageVersion, Naming, Stage};
use schriftgut::domain::fixity::Part;
use schriftgut::domain::ids::{CaseFileId, DisposalListId, DocumentId};
use schriftgut::domain::paper::Placing;
use schriftgut::domain::protection::ProtectionDomain;
use schriftgut::domain::relation::Relation;
use schriftgut::domain::scan::PageVerdict;
use schriftgut::domain::scan::note::NoteOrder;
use schriftgut::domain::token::TokenScope;
use schriftgut::format::paper_list::Row;
use schriftgut::registry::{
    Answer, Change, DeputyOrder, Error, LeaveOut, MergeOrder, MessageOrder, NewFile, NewPerson, NewToken,
    Registry, ScanOrder, Scope, Signer, SplitOrder,
};

use super::answers::BARCODES;
use super::mill::Mill;
use super::scans::scan_order;
use super::{BUILDING, LONG_AGO, OPERATOR, Paper, TestOffice, WITHDRAWN, caretaker, material};

/// Texts and titles are made of these. The first [`PLAIN`] have no umlauts.
pub const WORDS: [&str; 16] = [
    "Garage",
    "Carport",
    "Wintergarten",
    "Dachgaube",
    "Zaunanlage",
    "Scheune",
    "Brandschutz",
    "Statik",
    "Nachbar",
    "Kanalanschluss",
    "Baugenehmigung",
    "Mühlenweg",
    "Lindenallee",
    "Kirchgasse",
    "Hafenstraße",
    "Stellplätze",
];
const PLAIN: usize = 11;
/// Classes and secrecies of files.
const KINDS: [(&str, ProtectionDomain); 5] = [
    (WITHDRAWN, ProtectionDomain::General),
    (WITHDRAWN, ProtectionDomain::General),
    (BUILDING, ProtectionDomain::General),
    ("22.10.01", ProtectionDomain::Tax),
    (REGISTER, ProtectionDomain::General),
];
/// A class whose files have a second phase, in which few read them.
const REGISTER: &str = "33.10.01";
/// Everything that happens, as [`History::happened`] counts it.
pub const EVERYDAY: [&str; 20] = [
    "opened by number",
    "taken in",
    "taken in again",
    "put into the in-tray",
    "filed from the in-tray",
    "a newer version",
    "made due",
    "held",
    "released",
    "closed",
    "reopened",
    "a fact",
    "restricted",
    "kept",
    "mended",
    "paper",
    "a person",
    "opened anew",
    "looked at",
    "searched",
];
/// What takes longer.
pub const DEAR: [&str; 9] = [
    "texts read",
    "reassembled",
    "scanned",
    "a list made",
    "decided",
    "handed over",
    "confirmed",
    "signed",
    "destroyed",
];

/// What is asked of an office that has lived so: all words, beginnings, phrases, fields.
pub fn queries() -> Vec<String> {
    let beginning = |word: &&str| format!("{}*", word.chars().take(4).collect::<String>());
    let words = WORDS.iter().map(|word| (*word).to_owned());
    let beginnings = WORDS.iter().step_by(3).map(beginning);
    let others = [
        "dasselbe",
        "Nachtrag",
        "Posteingang",
        "datei:blatt",
        "\"Antrag auf Garage\"",
        "Statik ODER Scheune",
    ];
    let titles = WORDS.iter().step_by(4).map(|word| format!("titel:{word}"));
    words.chain(beginnings).chain(titles).chain(others.map(str::to_owned)).collect()
}

/// See the module documentation.
pub struct History {
    pub mill: Mill,
    /// How often what happened.
    pub happened: BTreeMap<&'static str, usize>,
    /// Reference numbers of all files there ever were.
    pub files: Vec<String>,
    /// All documents there ever were.
    pub documents: Vec<DocumentId>,
    name: String,
    in_tray: Vec<DocumentId>,
    running: Vec<DisposalListId>,
}

impl History {
    /// One whose files begin with this name.
    pub fn new(name: &str, seed: u64) -> Self {
        Self {
            mill: Mill(seed),
            happened: BTreeMap::new(),
            files: Vec::new(),
            documents: Vec::new(),
            name: name.to_owned(),
            in_tray: Vec::new(),
            running: Vec::new(),
        }
    }

    fn note(&mut self, what: &'static str) {
        *self.happened.entry(what).or_default() += 1;
    }

    /// One thing happens.
    pub fn step(&mut self, office: &mut TestOffice) {
        let what = EVERYDAY[self.mill.below(EVERYDAY.len() + 3).saturating_sub(3)];
        match what {
            "opened by number" => self.open_by_number(office),
            "taken in" => self.take_in(office),
            "taken in again" => {
                let reference = self.an_open_file(office);
                self.put(office, &reference, "gleich.txt", b"immer dasselbe".to_vec());
            }
            "put into the in-tray" => {
                self.put_into_the_in_tray(office);
            }
            "filed from the in-tray" => self.file_from_the_in_tray(office),
            "a newer version" => self.add_version(office),
            "made due" => self.make_due(office),
            "held" => {
                self.hold(office);
            }
            "released" => self.release(office),
            "closed" => {
                self.close(office);
            }
            "reopened" => self.reopen(office),
            "a fact" => {
                let file = self.a_file(office);
                office.fact(&file, "building_demolished", date(2015, 5, 5), "Abbruchanzeige");
            }
            "restricted" => self.restrict(office),
            "kept" => self.keep(office),
            "mended" => self.mend(office),
            "paper" => self.move_paper(office),
            "a person" => self.add_person(office),
            "opened anew" => office.open_doors(),
            "looked at" => {
                let scope = Scope { part: Part::new(1 + self.mill.below(4) as u32, 4), ..Scope::default() };
                look(office.registry(), &scope);
            }
            _ => {
                let (word, reader) = (*self.mill.one_of(&WORDS), office.manager.as_reader().unwrap());
                office.registry().search(reader, word, 0, 20).unwrap();
            }
        }
        self.note(what);
    }

    /// Texts are read, or a list goes a part of its way.
    pub fn dear_step(&mut self, office: &TestOffice) {
        if self.mill.below(3) == 0 {
            office.read_texts();
            self.note("texts read");
            return;
        }
        if self.mill.below(4) == 0 {
            self.reassemble(office);
            self.note("reassembled");
            return;
        }
        if self.mill.below(5) == 0 {
            self.scan(office);
            self.note("scanned");
            return;
        }
        let list = match self.running.last() {
            Some(list) if self.mill.below(3) > 0 => *list,
            _ => self.make_list(office),
        };
        for _ in 0..3 + self.mill.below(9) {
            if !self.advance(office, list) {
                self.running.retain(|running| *running != list);
                return;
            }
        }
    }

    fn words(&mut self) -> String {
        let mut word = || *self.mill.one_of(&WORDS);
        format!("Antrag auf {}, {} und {}. Blatt {}.", word(), word(), word(), self.documents.len())
    }

    fn new_file(&mut self) -> String {
        // Of one length, so that no two numbers are the same without their hyphens.
        let reference = format!("{}-{:03}", self.name, self.files.len());
        self.files.push(reference.clone());
        reference
    }

    /// The first file from somewhere on that this can be asked of.
    fn file_that(&mut self, office: &TestOffice, fits: impl Fn(&CaseFile) -> bool) -> Option<CaseFile> {
        let (reader, today) = (office.manager.as_reader().unwrap(), office.today());
        let from = self.mill.below(self.files.len().max(1));
        let around = self.files[from..].iter().chain(&self.files[..from]);
        let shown = around.filter_map(|file| there(office.registry().show_file(reader, file, today)));
        shown.map(|view| view.file).find(|file| fits(file))
    }

    fn an_open_file(&mut self, office: &TestOffice) -> String {
        let old = if self.mill.below(3) == 0 { None } else { self.file_that(office, is_open) };
        old.map_or_else(|| self.new_file(), |file| file.reference.to_string())
    }

    /// Any file that is there.
    fn a_file(&mut self, office: &TestOffice) -> String {
        if let Some(file) = self.file_that(office, |_| true) {
            return file.reference.to_string();
        }
        self.take_in(office);
        self.files.last().unwrap().clone()
    }

    fn put(&mut self, office: &TestOffice, reference: &str, name: &str, bytes: Vec<u8>) -> DocumentId {
        // For a file that is there, only its reference number counts.
        let (class, domain) = *self.mill.one_of(&KINDS);
        let title = Some(*self.mill.one_of(&WORDS));
        let paper = Paper { title, domain, ..Paper::new(reference, class, name, bytes) };
        let id = office.take_in(paper);
        self.documents.push(id);
        id
    }

    fn take_in(&mut self, office: &TestOffice) {
        let reference = self.an_open_file(office);
        let (name, bytes) = match self.mill.below(8) {
            0 => ("bild.bin", (0..300).map(|_| self.mill.below(256) as u8).collect()),
            1 => ("plan.pdf", material::pdf(WORDS[self.mill.below(PLAIN)])),
            _ => ("blatt.txt", self.words().repeat(1 + self.mill.below(20)).into_bytes()),
        };
        self.put(office, &reference, name, bytes);
    }

    /// A file without a document, whose number no file ever had; sometimes it is closed at once.
    fn open_by_number(&mut self, office: &TestOffice) {
        let (class, _) = *self.mill.one_of(&KINDS[..3]);
        let new = NewFile {
            class: class.parse().unwrap(),
            title: self.words(),
            reference: None,
            record_type: None,
            fields: BTreeMap::new(),
            opened: Some(date(2009, 1, 2)),
            case: (self.mill.below(2) == 0).then(|| "Vorgang".to_owned()),
        };
        let opened = office.registry().open_file(office.manager.as_clerk().unwrap(), &new).unwrap();
        let reference = opened.reference.to_string();
        assert!(!self.files.contains(&reference), "{reference} was given twice");
        self.files.push(reference);
    }

    fn put_into_the_in_tray(&mut self, office: &TestOffice) -> DocumentId {
        let text = format!("Posteingang: {}", self.words());
        let id = office.take_in(Paper { reference: None, ..Paper::new("", WITHDRAWN, "post.txt", text) });
        self.documents.push(id);
        self.in_tray.push(id);
        id
    }

    fn file_from_the_in_tray(&mut self, office: &TestOffice) {
        if self.in_tray.is_empty() {
            self.put_into_the_in_tray(office);
        }
        let id = self.in_tray.swap_remove(self.mill.below(self.in_tray.len()));
        let fits = |file: &CaseFile| is_open(file) && file.domain == ProtectionDomain::General;
        let file = self.file_that(office, fits).map_or_else(
            || {
                let reference = self.new_file();
                self.documents.push(office.ingest_text(&reference, WITHDRAWN, "erstes.txt", "Erstes Blatt"));
                reference
            },
            |file| file.reference.to_string(),
        );
        office.registry().file_document(office.manager.as_clerk().unwrap(), id, &file).unwrap();
    }

    fn add_version(&mut self, office: &TestOffice) {
        let reader = office.manager.as_reader().unwrap();
        let from = self.mill.below(self.documents.len().max(1));
        let mut around = self.documents[from..].iter().chain(&self.documents[..from]).copied();
        let found = around.find(|id| {
            let view = there(office.registry().show_document(reader, *id));
            view.is_some_and(|view| view.file.as_ref().is_none_or(is_open))
        });
        let id = found.unwrap_or_else(|| self.put_into_the_in_tray(office));
        let text = format!("Nachtrag: {}", self.words());
        let source = Paper { reference: None, ..Paper::new("", WITHDRAWN, "blatt-neu.txt", text) }.source();
        office.registry().add_version(office.manager.as_clerk().unwrap(), id, source).unwrap();
    }

    fn make_due(&mut self, office: &TestOffice) {
        let (reference, text) = (self.new_file(), self.words());
        self.documents.push(office.due_file(&reference, &text));
    }

    /// A file's second phase begins, or is lifted.
    fn restrict(&mut self, office: &TestOffice) {
        let (registry, manager) = (office.registry(), office.manager.as_records_manager().unwrap());
        let restricted = registry.restricted_files(office.manager.as_reader().unwrap()).unwrap();
        match restricted.first() {
            Some(file) if self.mill.below(2) == 0 => {
                registry.lift_restriction(manager, &[file.reference.to_string()], "Auskunft").unwrap();
            }
            _ => {
                let reference = self.new_file();
                let paper = Paper::new(&reference, REGISTER, "meldung.txt", self.words());
                self.documents.push(office.take_in(paper));
                office.fact(&reference, "moved_away", LONG_AGO, "Abmeldung");
                office.close(&reference, LONG_AGO);
                assert!(!registry.restrict_due(manager, office.today(), true).unwrap().is_empty());
            }
        }
    }

    fn hold(&mut self, office: &TestOffice) -> CaseFile {
        let reference = self.a_file(office);
        office.hold(&reference, "Verfahren 4 K 112/24");
        let reader = office.manager.as_reader().unwrap();
        office.registry().show_file(reader, &reference, office.today()).unwrap().file
    }

    fn release(&mut self, office: &TestOffice) {
        let held = self.file_that(office, |file| !file.holds.is_empty());
        let file = held.unwrap_or_else(|| self.hold(office));
        let manager = office.manager.as_records_manager().unwrap();
        let (reference, hold) = (file.reference.to_string(), file.holds[0].id);
        office.registry().release_hold(manager, hold, &[reference]).unwrap();
    }

    fn close(&mut self, office: &TestOffice) -> String {
        let (reference, opened) = match self.file_that(office, is_open) {
            Some(file) => (file.reference.to_string(), file.opened),
            None => {
                let reference = self.new_file();
                self.put(office, &reference, "zu.txt", b"geschlossen".to_vec());
                (reference, LONG_AGO)
            }
        };
        let on = if self.mill.below(3) == 0 { office.today() } else { LONG_AGO.max(opened) };
        office.close(&reference, on);
        reference
    }

    fn reopen(&mut self, office: &TestOffice) {
        let closed = self.file_that(office, |file| matches!(file.phase, Phase::Closed { .. }));
        let reference = match closed {
            Some(file) => file.reference.to_string(),
            None => self.close(office),
        };
        let clerk = office.manager.as_clerk().unwrap();
        office.registry().reopen(clerk, &reference, office.today()).unwrap();
    }

    /// A note, a reminder set or done, or another title and class.
    fn keep(&mut self, office: &TestOffice) {
        let (registry, clerk) = (office.registry(), office.manager.as_clerk().unwrap());
        let (reference, words) = (self.a_file(office), self.words());
        let other = self.a_file(office);
        let done = match self.mill.below(5) {
            4 if other != reference => registry.relate(clerk, &reference, &other, Relation::Part),
            0 => registry.note(clerk, &reference, &words).map(|_| ()),
            1 => registry.remind(clerk, &reference, date(2040, 1, 1), None, &words).map(|_| ()),
            2 => match self.file_that(office, |file| !file.reminders.is_empty()) {
                Some(file) => {
                    let id = file.reminders[0].id;
                    registry.finish_reminder(clerk, file.reference.as_str(), id).map(|_| ())
                }
                None => registry.assign(clerk, &[reference], Some("voss")).map(|_| ()),
            },
            _ => {
                let class = Some([WITHDRAWN, BUILDING][self.mill.below(2)].parse().unwrap());
                let change =
                    Change { title: Some(words), class, reason: "genauer".into(), ..Change::default() };
                registry.change_files(clerk, &[reference], &change, true).map(|_| ())
            }
        };
        // What is on a list or handed over is not changed.
        match done {
            Ok(()) | Err(Error::Refusal(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }

    /// A document is moved into another file, withdrawn or put in use again.
    fn mend(&mut self, office: &TestOffice) {
        let (registry, clerk) = (office.registry(), office.manager.as_clerk().unwrap());
        let from = self.mill.below(self.documents.len().max(1));
        let around = self.documents[from..].iter().chain(&self.documents[..from]).copied();
        let reader = office.manager.as_reader().unwrap();
        let mut there = around.filter_map(|id| there(registry.show_document(reader, id)));
        let Some(view) = there.find(|view| view.file.is_some()) else { return };
        let (id, domain) = (view.document.id, view.document.domain);
        let done = match self.mill.below(4) {
            1 => {
                let register = (self.mill.below(3) > 0).then_some("50");
                match registry.sort(clerk, &[id], register, "") {
                    Err(Error::Mistake(_)) => Ok(()), // its file's type has no such register
                    sorted => sorted.map(|_| ()),
                }
            }
            0 => {
                let is_withdrawn = view.document.withdrawn.is_some();
                registry.withdraw(clerk, id, "falsch gescannt", is_withdrawn).map(|_| ())
            }
            _ => match self.file_that(office, |file| file.domain == domain) {
                Some(file) => {
                    registry.refile(clerk, &[id], file.reference.as_str(), "falsch abgelegt").map(|_| ())
                }
                None => return,
            },
        };
        match done {
            Ok(()) | Err(Error::Refusal(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }

    /// A stack is taken in, read and split, and sometimes put together again or put in use as it was.
    fn reassemble(&mut self, office: &TestOffice) {
        let (registry, clerk) = (office.registry(), office.manager.as_clerk().unwrap());
        let reference = self.an_open_file(office);
        if self.mill.below(2) == 0 {
            return self.take_in_a_mail(office, &reference);
        }
        let pages: Vec<_> = (0..2 + self.mill.below(3)).map(|_| WORDS[self.mill.below(PLAIN)]).collect();
        let stack = self.put(office, &reference, "stapel.pdf", material::pdf_of_pages(&pages));
        office.read_texts();
        let order = SplitOrder { at: vec![2], ..SplitOrder::default() };
        let parts = match registry.split(clerk, stack, &order) {
            Ok(done) => done.parts,
            Err(Error::Refusal(_)) => return, // on a running list
            Err(error) => panic!("{error}"),
        };
        let ids: Vec<_> = parts.iter().map(|part| part.id).collect();
        self.documents.extend(&ids);
        assert!(matches!(registry.withdraw(clerk, stack, "zurück", true), Err(Error::Refusal(_))));
        match self.mill.below(3) {
            0 => {
                office.read_texts();
                let order = MergeOrder { reason: "doch eines".to_owned(), ..MergeOrder::default() };
                self.documents.push(registry.merge(clerk, &ids, &order).unwrap().parts[0].id);
            }
            1 => {
                for id in ids {
                    registry.withdraw(clerk, id, "falsch geteilt", false).unwrap();
                }
                registry.withdraw(clerk, stack, "falsch geteilt", true).unwrap();
            }
            _ => {}
        }
    }

    /// A scan comes in that is to stand for its paper; it is looked at, gets its note, is replaced or put out of use.
    fn scan(&mut self, office: &TestOffice) {
        let (registry, clerk) = (office.registry(), office.manager.as_clerk().unwrap());
        let reference = self.an_open_file(office);
        let pages: Vec<_> = (0..1 + self.mill.below(3)).map(|_| WORDS[self.mill.below(PLAIN)]).collect();
        let id = self.put(office, &reference, "scan.pdf", material::pdf_of_pages(&pages));
        // Files of every secrecy: a need nobody states is high enough for all.
        let order = ScanOrder { need: None, ..scan_order(pages.len() as u32) };
        registry.state_scans(clerk, &[id], &order).unwrap();
        let placing = Placing { shelf: Some("R 7".into()), ..Placing::default() };
        registry.place_paper(clerk, std::slice::from_ref(&reference), &placing, "").unwrap();
        registry.state_paper_scanned(clerk, std::slice::from_ref(&reference)).unwrap();
        if self.mill.below(5) == 0 {
            return; // nobody has read it
        }
        office.read_texts();
        let scan = registry.show_document(office.manager.as_reader().unwrap(), id).unwrap();
        let left = scan.document.pages_to_check().unwrap();
        let seen = left.into_iter().map(|page| (page, PageVerdict::Accepted)).collect();
        registry.look_at_scan(clerk, id, seen).unwrap();
        match self.mill.below(4) {
            0 => {
                let again = vec![(1, PageVerdict::Rescan { reason: "schief".into() })];
                registry.look_at_scan(clerk, id, again).unwrap();
                let new = self.put(office, &reference, "neu.pdf", material::pdf_of_pages(&pages));
                registry.state_scans(clerk, &[new], &order).unwrap();
                registry.replace_scan(clerk, id, new, "neu gescannt").unwrap();
            }
            1 => drop(registry.withdraw(clerk, id, "doppelt", false).unwrap()),
            _ => drop(registry.write_transfer_note(clerk, id, &NoteOrder::default()).unwrap()),
        }
    }

    /// A mail comes in with an attachment, which comes out of it.
    fn take_in_a_mail(&mut self, office: &TestOffice, reference: &str) {
        let word = WORDS[self.mill.below(PLAIN)];
        let mail = format!(
            "From: a@b.example\nSubject: {word}\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nAnbei\n\
             --x\nContent-Disposition: attachment; filename=anlage.txt\n\n{word}\n--x--\n"
        );
        let mail = self.put(office, reference, "post.eml", mail.into_bytes());
        office.read_texts();
        let reader = office.manager.as_reader().unwrap();
        let contents = office.registry().show_document(reader, mail).unwrap().contents;
        self.documents.extend(contents.iter().map(|attachment| attachment.id));
    }

    /// Paper is put somewhere, two files swap their barcodes, it is lent, or it comes back.
    fn move_paper(&mut self, office: &TestOffice) {
        let (registry, clerk) = (office.registry(), office.manager.as_clerk().unwrap());
        let (file, other) = (self.a_file(office), self.a_file(office));
        let barcode = self.mill.below(BARCODES).to_string();
        let row = |line, file: &str, barcode: String| Row {
            line,
            reference: file.parse().unwrap(),
            placing: Placing { barcode: Some(barcode), ..Placing::default() },
        };
        let reader = office.manager.as_reader().unwrap();
        let barcode_of = |file: &str| {
            let file = registry.show_file(reader, file, office.today()).unwrap().file;
            Some(file.carriers.paper?.barcode?.to_string())
        };
        let done = match self.mill.below(4) {
            0 => {
                let placing =
                    Placing { shelf: Some(self.words()), barcode: Some(barcode), ..Placing::default() };
                registry.place_paper(clerk, &[file], &placing, "").map(|_| ())
            }
            1 => match (barcode_of(&file), barcode_of(&other)) {
                (Some(one), Some(two)) if file != other => {
                    let rows = [row(2, &file, two), row(3, &other, one)];
                    registry.place_papers(clerk, &rows, "getauscht", true).map(|_| ())
                }
                _ => registry.place_papers(clerk, &[row(2, &file, barcode)], "", true).map(|_| ()),
            },
            2 => registry.lend_paper(clerk, &[file], "Herr Kruse", Some(date(2040, 1, 1))).map(|_| ()),
            _ => match self.file_that(office, |file| file.loan.is_some()) {
                Some(file) => registry.return_paper(clerk, &[file.reference.to_string()]).map(|_| ()),
                None => registry.lend_paper(clerk, &[file], "tamm", None).map(|_| ()),
            },
        };
        // A barcode another file has is a mistake; what is handed over, lent or without paper is refused.
        match done {
            Ok(()) | Err(Error::Refusal(_) | Error::Mistake(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }

    fn add_person(&mut self, office: &TestOffice) {
        let operator = office.registry().person(OPERATOR).unwrap();
        let archivist = &office.archivist;
        let person = NewPerson {
            login: format!("{}-{}-{}", self.name, self.documents.len(), self.mill.below(1_000_000)),
            name: (*self.mill.one_of(&WORDS)).to_owned(),
            roles: archivist.roles.clone(),
            clearances: archivist.clearances.iter().take(self.mill.below(3)).copied().collect(),
        };
        office.registry().add_person(operator.as_administrator().unwrap(), &person).unwrap();
        // Whoever comes sees that somebody stands in for who keeps the files, or no longer does.
        let (registry, manager, today) = (office.registry(), &office.manager, office.today());
        if registry.deputies(manager, &manager.login).unwrap().is_empty() {
            let (deputy, reason) = (archivist.login.clone(), String::new());
            let order = DeputyOrder { deputy, from: today, until: today.tomorrow().unwrap(), reason };
            registry.name_deputy(manager, &manager.login, &order).unwrap();
        } else {
            registry.end_deputies(manager, &manager.login).unwrap();
        }
        // Nor is a token for ever.
        let held = registry.tokens(manager, &manager.login).unwrap();
        if let Some(token) = held.first().filter(|_| held.len() > self.mill.below(3)) {
            registry.revoke_token(manager, &manager.login, &token.id.to_string()).unwrap();
        } else {
            let name = format!("Abgleich {}", self.mill.below(1_000_000));
            let new = NewToken { name: &name, scopes: TokenScope::ALL.into(), until: today };
            registry.issue_token(manager, &new).unwrap();
        }
    }

    fn make_list(&mut self, office: &TestOffice) -> DisposalListId {
        let manager = office.manager.as_records_manager().unwrap();
        let create = || office.registry().create_list(manager, None, office.today());
        let list = match create() {
            Err(Error::Refusal(_)) => {
                self.make_due(office);
                create().unwrap()
            }
            list => list.unwrap(),
        };
        self.running.push(list);
        self.note("a list made");
        list
    }

    /// A list goes one step on its way; false if it is at its end.
    fn advance(&mut self, office: &TestOffice, id: DisposalListId) -> bool {
        let (registry, today) = (office.registry(), office.today());
        let manager = office.manager.as_records_manager().unwrap();
        let list = registry.show_list(office.manager.as_auditor().unwrap(), id).unwrap().list;
        let signers = signers(office);
        match &list.stage {
            Stage::Draft => {
                registry.offer_list(manager, id, today).unwrap();
                let out = TempDir::new().unwrap();
                registry.write_offer(manager, id, as_message(out.path())).unwrap();
            }
            Stage::Offered { .. } if list.undecided().next().is_some() => self.decide(office, id),
            Stage::Offered { .. } if list.to_archive().next().is_some() => {
                let out = TempDir::new().unwrap();
                let archivist = office.archivist.as_archivist().unwrap();
                match registry.transfer(archivist, id, &out.path().join("paket"), today) {
                    // Held since it was decided to keep a part: it is kept as a whole.
                    Err(Error::Refusal(_)) => {
                        let thinned = list.thinned.keys();
                        let held = thinned.filter(|file| matches!(list.lines[file].1, LineState::Decided(_)));
                        for file in held {
                            registry.appraise(archivist, id, *file, Decision::Archive, "als Ganzes").unwrap();
                        }
                    }
                    handed_over => {
                        handed_over.unwrap();
                        self.note("handed over");
                        registry.hand_over(archivist, id, as_message(out.path())).unwrap();
                        let answer = confirmation(office, id);
                        registry
                            .take_answer(
                                archivist,
                                id,
                                ("0506.xml", answer.as_bytes()),
                                &["transfer receipt"],
                                None,
                            )
                            .unwrap();
                        self.note("confirmed");
                    }
                }
            }
            Stage::Offered { .. } if list.to_destroy().next().is_none() => {
                registry.withdraw_list(manager, id, today).unwrap();
                return false;
            }
            Stage::Offered { .. } => registry.propose_list(&signers[0], id, today).unwrap(),
            // Three sign, so that a list may be of any length.
            Stage::Proposed { approvals, .. } if approvals.len() + 1 < signers.len() => {
                registry.approve_list(&signers[approvals.len() + 1], id, today).unwrap();
                self.note("signed");
            }
            Stage::Proposed { .. } => {
                self.carry_out(office, &list);
                return false;
            }
            Stage::Withdrawn { .. } | Stage::Executed { .. } => return false,
        }
        true
    }

    /// The archive decides every line, or leaves some for later.
    fn decide(&mut self, office: &TestOffice, id: DisposalListId) {
        let archivist = office.archivist.as_archivist().unwrap();
        let view = office.registry().show_list(office.archivist.as_auditor().unwrap(), id).unwrap();
        // By reference numbers: the ids are others on every run.
        let mut lines: Vec<(String, CaseFileId)> = view
            .files
            .iter()
            .filter_map(|(id, file)| Some((file.as_ref()?.reference.to_string(), *id)))
            .filter(|(_, id)| view.list.undecided().any(|line| line.file == *id))
            .collect();
        lines.sort();
        for (_, file) in &lines {
            let decision = if self.mill.below(3) == 0 { Decision::Archive } else { Decision::Destroy };
            office.registry().appraise(archivist, id, *file, decision, "Entscheidung").unwrap();
            if decision == Decision::Archive {
                self.thin(office, id, *file);
            }
            if self.mill.below(12) == 0 {
                break;
            }
        }
        self.note("decided");
    }

    /// A file that is kept may be kept in part, if it has several documents and is not held.
    fn thin(&mut self, office: &TestOffice, id: DisposalListId, file: CaseFileId) {
        let (registry, archivist) = (office.registry(), office.archivist.as_archivist().unwrap());
        let reader = office.archivist.as_reader().unwrap();
        let view = registry.show_file_by_id(reader, file, office.today()).unwrap();
        let documents: Vec<_> = view.documents.iter().take(self.mill.below(3)).map(|one| one.id).collect();
        let leave_out = LeaveOut { documents, ..LeaveOut::default() };
        match registry.appraise_thinned(archivist, id, file, &leave_out, "Ausgedünnt") {
            Ok(_) | Err(Error::Refusal(_)) => {} // held, nothing to leave out, or nothing would be left
            Err(error) => panic!("{error}"),
        }
    }

    /// What is signed goes; if nothing of it may go any more, the list is taken back.
    fn carry_out(&mut self, office: &TestOffice, list: &DisposalList) {
        match office.execute(list.id) {
            Ok(_) => self.note("destroyed"),
            Err(Error::Refusal(_)) => {
                let manager = office.manager.as_records_manager().unwrap();
                office.registry().withdraw_list(manager, list.id, office.today()).unwrap();
            }
            Err(error) => panic!("{error}"),
        }
    }
}

/// A look that must find nothing, and be recorded.
pub fn look(registry: &Registry, scope: &Scope) {
    let outcome = registry.verify_scope(caretaker().as_caretaker().unwrap(), scope, &mut |_| {}).unwrap();
    assert!(outcome.found.is_clean() && outcome.recorded, "{outcome:?}");
}

fn is_open(file: &CaseFile) -> bool {
    file.phase == Phase::Open
}

/// None of what is not there (any more); a fault is none of that.
fn there<T>(shown: Answer<T>) -> Option<T> {
    match shown {
        Ok(shown) => Some(shown),
        Err(Error::Mistake(_)) => None,
        Err(error) => panic!("{error}"),
    }
}

/// Who proposes and who approves. To unlock a key is dear on purpose: it is done once for all demo offices, which are
/// copies of one.
fn signers(office: &TestOffice) -> &'static [Signer; 4] {
    static SIGNERS: OnceLock<[Signer; 4]> = OnceLock::new();
    SIGNERS.get_or_init(|| ["voss", "tamm", "archiv", "beides"].map(|login| office.signer(login)))
}

/// A message in this folder.
fn as_message(out: &Path) -> MessageOrder<'_> {
    let version = MessageVersion::V3_1;
    MessageOrder { version, receiver: "Kreisarchiv", naming: Naming::of(version), out }
}

/// What an archive says when all that was handed over is there.
fn confirmation(office: &TestOffice, id: DisposalListId) -> String {
    let auditor = office.archivist.as_auditor().unwrap();
    let list = office.registry().show_list(auditor, id).unwrap().list;
    let handed_over = list.lines.values().filter(|(_, state)| matches!(state, LineState::Transferred(_)));
    let objects = handed_over.map(|(line, _)| {
        format!(
            "<x:AusgesondertesSGO><x:IDSGO>{}</x:IDSGO><x:Erfolgreich>1</x:Erfolgreich><x:Archivkennung>KA</x:Archivkennung>\
             </x:AusgesondertesSGO>",
            line.file
        )
    });
    format!(
        "<x:Aussonderung.AussonderungImportBestaetigen.0506 xmlns:x=\"urn:xoev-de:xdomea:schema:3.1.0\"><x:Kopf>\
         <x:ProzessID>{id}</x:ProzessID></x:Kopf>{}</x:Aussonderung.AussonderungImportBestaetigen.0506>",
        objects.collect::<String>()
    )
}
