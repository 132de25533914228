//! The test office: a registry in a folder of its own, with people who sign, and verbs named as its users say
//! them. When it is dropped without a panic, everything in it must verify clean.
//!
//! Secrets are stretched as in production (there is no cheap way in), so people are made once per suite and
//! every office is a copy of the founded one.

#![allow(dead_code, reason = "each suite uses its part")]

pub mod answers;
pub mod condemned;
pub mod golden;
pub mod history;
pub mod material;
pub mod mill;
pub mod records;
pub mod scans;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use jiff::civil::{Date, date};
use tempfile::TempDir;

use schriftgut::disk::Disk;
use schriftgut::domain::actor::{Actor, Role};
use schriftgut::domain::case_file::{Carriers, Fact};
use schriftgut::domain::disposal::Decision;
use schriftgut::domain::ids::{CaseFileId, DisposalListId, DocumentId, PersonId};
use schriftgut::domain::protection::ProtectionDomain;
use schriftgut::intake::Workshop;
use schriftgut::registry::{
    Answer, Error, Executed, Founding, HoldOrder, NewPerson, Outcome, Registry, Signer, Source, Target,
    Verified, found,
};

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_schriftgut");
/// Withdrawn applications: due ten years after the year of closing, to be destroyed.
pub const WITHDRAWN: &str = "63.10.03";
/// Building files: due after the building is demolished, to be appraised.
pub const BUILDING: &str = "63.10.01";
/// A closing day that makes [`WITHDRAWN`] due long before today.
pub const LONG_AGO: Date = date(2010, 3, 1);
/// The operating-system user of every office; may execute lists without signing.
pub const OPERATOR: &str = "betrieb";
/// Everybody's secret.
pub const SECRET: &str = "einLangesKennwort7";

const PEOPLE: [(&str, &[Role]); 4] = [
    ("archiv", &[Role::Archivist]),
    ("voss", &[Role::RecordsManager, Role::Clerk]),
    ("tamm", &[Role::RecordsManager]),
    ("beides", &[Role::Archivist, Role::RecordsManager]),
];

/// See the module documentation.
pub struct TestOffice {
    root: PathBuf,
    _dir: TempDir,
    registry: Option<Registry>,
    /// Keeps records, takes in, proposes.
    pub manager: Actor,
    /// Appraises, takes over.
    pub archivist: Actor,
}

/// What a document is taken in with.
pub struct Paper<'a> {
    /// Reference number of its file; none for the in-tray.
    pub reference: Option<&'a str>,
    /// Class of its file.
    pub class: &'a str,
    /// Title of its file.
    pub title: Option<&'a str>,
    /// Secrecy of its file.
    pub domain: ProtectionDomain,
    /// Fields of its file.
    pub fields: &'a [(&'a str, &'a str)],
    /// Facts of its file.
    pub facts: Vec<Fact>,
    /// Its name.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl<'a> Paper<'a> {
    /// A document in a file of this class.
    pub fn new(reference: &'a str, class: &'a str, name: &'a str, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            reference: Some(reference),
            class,
            title: None,
            domain: ProtectionDomain::General,
            fields: &[],
            facts: Vec::new(),
            name,
            bytes: bytes.into(),
        }
    }

    /// What the registry takes in.
    pub fn source(self) -> Source {
        let target = self.reference.map(|reference| Target {
            record_type: None,
            reference: reference.parse().unwrap(),
            class: Some(self.class.parse().unwrap()),
            title: self.title.map(str::to_owned),
            domain: Some(self.domain),
            fields: self
                .fields
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect::<BTreeMap<_, _>>(),
            carriers: Carriers::default(),
            opened: Some(date(2009, 1, 2)),
            case: None,
            register: None,
            page_count: None,
        });
        let bytes = self.bytes;
        Source {
            name: self.name.to_owned(),
            file_name: self.name.to_owned(),
            target,
            open: Box::new(move || Ok(Box::new(Cursor::new(bytes.clone())))),
        }
    }
}

/// Somebody who keeps the machine, for verbs that only need that.
pub fn caretaker() -> Actor {
    Actor {
        id: PersonId::PROGRAM,
        login: "betrieb".to_owned(),
        name: "Betrieb".to_owned(),
        roles: [Role::Administrator].into(),
        clearances: BTreeSet::new(),
        duties: BTreeSet::new(),
    }
}

/// Verifies a registry to the last byte.
pub fn verify(registry: &Registry) -> Answer<Verified> {
    registry.verify(caretaker().as_caretaker()?, true)
}

/// Throws a registry's views away and builds them again.
pub fn rebuild(registry: &Registry) -> Answer<()> {
    registry.rebuild(caretaker().as_caretaker()?, &mut |_| {})
}

/// The registry, with the program under test as its workers.
pub fn with_workers(registry: Registry) -> Registry {
    registry.with_workshop(Workshop::with_program(PROGRAM))
}

fn found_with_people(root: &Path, demo: bool) {
    let founding = Founding {
        name: "Stadt Kesterbrück".to_owned(),
        demo,
        login: OPERATOR.to_owned(),
        rules: schriftgut::format::rule_pack::NRW_KOMMUNAL,
    };
    let registry = found(root, &founding).unwrap().registry;
    let operator = registry.person(OPERATOR).unwrap();
    for (login, roles) in PEOPLE {
        let person = NewPerson {
            login: login.to_owned(),
            name: format!("Person{login}"),
            roles: roles.iter().copied().collect(),
            clearances: ProtectionDomain::ALL.into_iter().collect(),
        };
        registry.add_person(operator.as_administrator().unwrap(), &person).unwrap();
        let actor = registry.person(login).unwrap();
        registry.set_secret(&actor, login, SECRET).unwrap();
    }
    let roles = BTreeSet::from([Role::Administrator, Role::Clerk, Role::RecordsManager]);
    let clearances = ProtectionDomain::ALL.into_iter().collect();
    registry
        .set_rights(operator.as_administrator().unwrap(), OPERATOR, Some(roles), Some(clearances))
        .unwrap();
    let manager = registry.person("voss").unwrap();
    registry.confirm_rules(manager.as_records_manager().unwrap(), &[]).unwrap();
}

/// The founded registry that offices are copies of.
fn template(demo: bool) -> &'static Path {
    static TEMPLATES: [OnceLock<TempDir>; 2] = [const { OnceLock::new() }; 2];
    TEMPLATES[usize::from(demo)]
        .get_or_init(|| {
            let dir = TempDir::new().unwrap();
            found_with_people(&dir.path().join("amt"), demo);
            dir
        })
        .path()
}

/// Opens a registry. A child that another test is just starting holds a copy of our locks until its program
/// begins, so a registry that was let go can seem open for a moment.
pub fn open_patiently(root: &Path) -> Answer<Registry> {
    let mut tries = 0;
    loop {
        match Registry::open(root) {
            Err(Error::Refusal(_)) if tries < 100 => {
                tries += 1;
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            answer => return answer,
        }
    }
}

/// Copies a folder with everything in it.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The catalogue in use, among these views of a registry that is closed.
pub fn newest_catalogue(views: &Path) -> PathBuf {
    let names = std::fs::read_dir(views.join("catalogue")).unwrap();
    let numbers = names.map(|entry| entry.unwrap().file_name().to_str().unwrap().parse::<u64>().unwrap());
    views.join("catalogue").join(numbers.max().unwrap().to_string())
}

/// Every file below a folder, in order.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { waiting.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

impl TestOffice {
    /// An office for showing: no days of grace.
    pub fn demo() -> Self {
        Self::copy_of(&template(true).join("amt"))
    }

    /// An office as a town has it: thirty days of grace.
    pub fn with_grace() -> Self {
        Self::copy_of(&template(false).join("amt"))
    }

    /// An office as it lies in this folder; nobody may have it open.
    pub fn copy_of(root: &Path) -> Self {
        let dir = TempDir::new().unwrap();
        let place = dir.path().join("amt");
        copy_folder(root, &place);
        let registry = with_workers(open_patiently(&place).unwrap());
        let manager = registry.person("voss").unwrap();
        let archivist = registry.person("archiv").unwrap();
        Self { root: place, _dir: dir, registry: Some(registry), manager, archivist }
    }

    /// An office whose truth lies in `root` of this disk, its views in `root` of the real one.
    pub fn on_disk(disk: &Disk, root: &Path) -> Answer<Self> {
        let registry = with_workers(Registry::open_on(disk, root)?);
        let (manager, archivist) = (registry.person("voss")?, registry.person("archiv")?);
        let _dir = TempDir::new().unwrap();
        Ok(Self { root: root.to_owned(), _dir, registry: Some(registry), manager, archivist })
    }

    /// The registry.
    pub fn registry(&self) -> &Registry {
        self.registry.as_ref().expect("the office is open")
    }

    /// Its folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Today.
    pub fn today(&self) -> Date {
        self.registry().today()
    }

    /// Lets it go, so that others (or the disk) can be at it.
    pub fn close_doors(&mut self) {
        self.registry = None;
    }

    /// Opens it (again).
    pub fn try_open_doors(&mut self) -> Answer<()> {
        self.registry = None;
        self.registry = Some(with_workers(open_patiently(&self.root)?));
        Ok(())
    }

    /// Opens it (again).
    pub fn open_doors(&mut self) {
        self.try_open_doors().unwrap();
    }

    /// Opens it (again), through this door to the real disk.
    pub fn open_doors_on(&mut self, disk: &Disk) {
        self.registry = None;
        self.registry = Some(with_workers(Registry::open_on(disk, &self.root).unwrap()));
    }

    /// Has its documents opened by other workers.
    pub fn change_workshop(&mut self, workshop: Workshop) {
        self.registry = self.registry.take().map(|registry| registry.with_workshop(workshop));
    }

    /// A person whose signing key is unlocked.
    pub fn signer(&self, login: &str) -> Signer {
        self.registry().sign_in(login, SECRET).unwrap()
    }

    /// Takes one document in.
    pub fn take_in(&self, paper: Paper<'_>) -> DocumentId {
        self.take_in_all(vec![paper]).remove(0)
    }

    /// Takes documents in; each must be acknowledged.
    pub fn take_in_all(&self, papers: Vec<Paper<'_>>) -> Vec<DocumentId> {
        let mut taken = Vec::new();
        let facts: Vec<_> = papers
            .iter()
            .flat_map(|paper| {
                paper.facts.iter().map(|fact| (paper.reference.unwrap().to_owned(), fact.clone()))
            })
            .collect();
        let sources: Vec<_> = papers.into_iter().map(Paper::source).collect();
        self.registry()
            .ingest(self.manager.as_clerk().unwrap(), sources.into_iter(), &mut |answer| match answer.outcome
            {
                Outcome::Taken(id) | Outcome::Known(id) => taken.push(id),
                Outcome::Refused(words) => panic!("{}: {words:?}", answer.source),
            })
            .unwrap();
        for (reference, fact) in facts {
            let clerk = self.manager.as_clerk().unwrap();
            self.registry().record_fact(clerk, &reference, fact.kind.as_str(), fact.on, fact.source).unwrap();
        }
        taken
    }

    /// Takes a text in.
    pub fn ingest_text(&self, reference: &str, class: &str, name: &str, text: &str) -> DocumentId {
        self.take_in(Paper::new(reference, class, name, text))
    }

    /// A file of withdrawn applications with one text, closed long ago: due.
    pub fn due_file(&self, reference: &str, text: &str) -> DocumentId {
        let id = self.ingest_text(reference, WITHDRAWN, "antrag.txt", text);
        self.close(reference, LONG_AGO);
        id
    }

    /// Closes a file.
    pub fn close(&self, reference: &str, on: Date) {
        self.registry().close(self.manager.as_clerk().unwrap(), reference, on).unwrap();
    }

    /// Records a fact.
    pub fn fact(&self, reference: &str, kind: &str, on: Date, source: &str) {
        let clerk = self.manager.as_clerk().unwrap();
        self.registry().record_fact(clerk, reference, kind, on, source.to_owned()).unwrap();
    }

    /// Places a hold since today.
    pub fn hold(&self, reference: &str, reason: &str) -> schriftgut::domain::ids::HoldId {
        let manager = self.manager.as_records_manager().unwrap();
        let order = HoldOrder::of(reference, reason.to_owned(), self.today());
        self.registry().place_hold(manager, &order, true).unwrap().id
    }

    /// Reads every text.
    pub fn read_texts(&self) {
        self.registry().read_texts(&|_| {}).unwrap();
    }

    /// The bytes of a document.
    pub fn get(&self, id: DocumentId) -> Answer<Vec<u8>> {
        let mut bytes = Vec::new();
        self.registry().get(self.manager.as_reader()?, id, &mut bytes)?;
        Ok(bytes)
    }

    /// The id of a file.
    pub fn file_id(&self, reference: &str) -> CaseFileId {
        let reader = self.manager.as_reader().unwrap();
        self.registry().show_file(reader, reference, self.today()).unwrap().file.id
    }

    /// This file cannot be seen any more.
    pub fn is_gone(&self, reference: &str) -> bool {
        let reader = self.manager.as_reader().unwrap();
        matches!(self.registry().show_file(reader, reference, self.today()), Err(Error::Mistake(_)))
    }

    /// A list of all that is due, offered.
    pub fn offered_list(&self) -> DisposalListId {
        let manager = self.manager.as_records_manager().unwrap();
        let list = self.registry().create_list(manager, None, self.today()).unwrap();
        self.registry().offer_list(manager, list, self.today()).unwrap();
        list
    }

    /// Every line of a list is to be destroyed.
    pub fn appraise_all(&self, list: DisposalListId) {
        for file in self.files_on(list) {
            let archivist = self.archivist.as_archivist().unwrap();
            let reason = "ohne bleibenden Wert";
            self.registry().appraise(archivist, list, file, Decision::Destroy, reason).unwrap();
        }
    }

    /// The files on a list.
    pub fn files_on(&self, list: DisposalListId) -> Vec<CaseFileId> {
        let auditor = self.archivist.as_auditor().unwrap();
        self.registry().show_list(auditor, list).unwrap().list.lines.into_keys().collect()
    }

    /// Proposed by one, approved by two others, on this day.
    pub fn sign_all(&self, list: DisposalListId, on: Date) {
        self.registry().propose_list(&self.signer("voss"), list, on).unwrap();
        self.registry().approve_list(&self.signer("tamm"), list, on).unwrap();
        self.registry().approve_list(&self.signer("archiv"), list, on).unwrap();
    }

    /// A list of all that is due, signed today by all who must.
    pub fn signed_list(&self) -> DisposalListId {
        let list = self.offered_list();
        self.appraise_all(list);
        self.sign_all(list, self.today());
        list
    }

    /// Carries a list out on a day.
    pub fn execute_on(&self, list: DisposalListId, on: Date) -> Answer<Executed> {
        self.registry().execute_list(self.manager.as_records_manager()?, list, on)
    }

    /// Carries a list out today.
    pub fn execute(&self, list: DisposalListId) -> Answer<Executed> {
        self.execute_on(list, self.today())
    }

    /// Everything that is due goes the whole way, today.
    pub fn destroy_what_is_due(&self) -> Executed {
        let list = self.signed_list();
        self.execute(list).unwrap()
    }

    /// The JSON of a certificate.
    pub fn certificate(&self, list: DisposalListId) -> String {
        let path = self.registry().layout().certificates().join(format!("{list}.json"));
        std::fs::read_to_string(path).unwrap()
    }

    /// Nothing is changed, missing or untracked.
    pub fn assert_clean(&self) {
        self.assert_clean_after("all that was done");
    }

    /// As [`Self::assert_clean`]; what it is that was done (seed, operation, cut) makes it happen again.
    pub fn assert_clean_after(&self, what: &str) {
        let verified = verify(self.registry()).unwrap_or_else(|error| panic!("after {what}: {error}"));
        assert!(verified.is_clean(), "after {what}: {verified:#?}");
    }
}

impl Drop for TestOffice {
    fn drop(&mut self) {
        if !std::thread::panicking() && self.registry.is_some() {
            self.assert_clean();
        }
    }
}
