//! One event of every kind, made of the same material: fixed for golden data, arbitrary for laws.

#[path = "scans.rs"]
mod scans;

use std::collections::BTreeMap;

use jiff::civil::Date;
use schriftgut::base::digest::{Blake3, Sha256};
use schriftgut::domain::actor::Role;
use schriftgut::domain::appraisal::sample::{Method, Sample};
use schriftgut::domain::appraisal::thinning::{LeftOut, Thinned};
use schriftgut::domain::case_file::{
    Carriers, Case, Description, Fact, Hold, Note, PaperLocation, ReferenceNumber, Reminder,
};
use schriftgut::domain::deputy::Deputyship;
use schriftgut::domain::disposal::{
    ByCatalogue, Catalogue, Cause, Decision, Exchanged, HandoverForm, Line, MessageKind, MessageVersion,
    Naming, PlanMessage, Signature, Takes,
};
use schriftgut::domain::divider::Stack;
use schriftgut::domain::document::{HeldObject, PagesOf, StaysInside, TextRendition, Unpacking};
use schriftgut::domain::event::{
    ArchiveEvent, DestructionCounts, DocumentEvent, Event, FileEvent, ListEvent, OfficeEvent, PersonEvent,
};
use schriftgut::domain::fixity::{Look, Part};
use schriftgut::domain::ids::{
    ArchiveCopyId, CaseFileId, CaseId, DeputyshipId, DisposalListId, DocumentId, HoldId, ObjectId, PersonId,
    ReminderId, RestorationId, SavedSearchId, TokenId,
};
use schriftgut::domain::paper::{Borrower, Loan};
use schriftgut::domain::protection::ProtectionDomain;
use schriftgut::domain::query::Order;
use schriftgut::domain::record_type::TypeEdition;
use schriftgut::domain::register::RegisterNumber;
use schriftgut::domain::relation::Relation;
use schriftgut::domain::restoration::{BackupPart, LedgerMark};
use schriftgut::domain::retention::{Disposition, Edition};
use schriftgut::domain::saved::{SavedSearch, SearchName};
use schriftgut::domain::scan::SymbolCoding;
use schriftgut::domain::text::{Format, MediaType, Puid};
use schriftgut::domain::token::{Token, TokenScope};
use uuid::Uuid;

/// Some names in PRONOM.
const PUIDS: [Puid; 3] = [Puid::x_fmt(111), Puid::fmt(353), Puid::fmt(354)];

/// What events are made of.
#[derive(Debug, Clone)]
pub struct Material {
    /// Free text.
    pub text: String,
    /// More free text.
    pub other: String,
    /// A reference number.
    pub reference: ReferenceNumber,
    /// Ids.
    pub ids: [u128; 3],
    /// A day.
    pub on: Date,
    /// A number.
    pub number: u64,
    /// Bytes of any length.
    pub bytes: Vec<u8>,
    /// A byte that fills digests and keys, and picks one of several codes.
    pub pick: u8,
    /// Whether what may be missing is there.
    pub full: bool,
}

impl Material {
    /// The material of the golden data. Never changed.
    pub fn golden() -> Self {
        Self {
            text: "Neubau Einfamilienhaus, Ölbergstraße 7".to_owned(),
            other: "Bescheid \"vorläufig\" vom 12.03.2014\n".to_owned(),
            reference: "63.10.01-1042".parse().expect("a reference number"),
            ids: [0x1b4e_28ba_2fa1_41d2_883f_0016_d3cc_a427, 0x2000, 0x3000],
            on: jiff::civil::date(2026, 11, 22),
            number: 1_234_567,
            bytes: vec![0, 1, 2, 254, 255],
            pick: 1,
            full: true,
        }
    }

    fn uuid(&self, n: usize) -> Uuid {
        Uuid::from_u128(self.ids[n])
    }

    fn pick<T: Copy>(&self, of: &[T]) -> T {
        of[usize::from(self.pick) % of.len()]
    }

    fn held(&self) -> HeldObject {
        HeldObject {
            id: ObjectId([self.pick; 32]),
            sha256: Sha256([self.pick ^ 0xff; 32]),
            size_bytes: self.number,
            wrapped_key: self.bytes.clone(),
        }
    }

    fn signature(&self) -> Signature {
        Signature { by: PersonId(self.uuid(1)), public: [self.pick; 32], bytes: [self.pick; 64] }
    }

    fn mark(&self) -> LedgerMark {
        LedgerMark { size: self.number, root: Sha256([self.pick; 32]) }
    }

    fn decision(&self) -> Decision {
        self.pick(&[Decision::Archive, Decision::Destroy])
    }

    fn some<T>(&self, value: T) -> Option<T> {
        self.full.then_some(value)
    }

    /// The subject of every event made of this.
    pub fn subject(&self) -> Uuid {
        self.uuid(0)
    }

    /// One event of every kind, and of kinds that have grown one of each shape.
    pub fn events(&self) -> Vec<Event> {
        let mut events: Vec<Event> = self.office().into_iter().map(Event::Office).collect();
        let id = self.subject();
        events.extend(self.person().into_iter().map(|event| Event::Person(PersonId(id), event)));
        events.extend(self.file().into_iter().map(|event| Event::File(CaseFileId(id), event)));
        events.extend(self.document().into_iter().map(|event| Event::Document(DocumentId(id), event)));
        events.extend(self.list().into_iter().map(|event| Event::List(DisposalListId(id), event)));
        events.extend(self.archive().into_iter().map(|event| Event::Archive(ArchiveCopyId(id), event)));
        events
    }

    fn office(&self) -> Vec<OfficeEvent> {
        let (text, other) = (self.text.clone(), self.other.clone());
        vec![
            OfficeEvent::Founded { name: text.clone(), grace_days: u16::from(self.pick), demo: self.full },
            OfficeEvent::FilePlanSet { edition: None, source: other.clone() },
            OfficeEvent::FilePlanSet { edition: Some(self.edition()), source: other.clone() },
            OfficeEvent::NumberGiven {
                class: self.pick(&["63", "63.10.01"]).parse().expect("a class"),
                year: self.on.year(),
                number: self.number,
                pattern: self.pick(&["{number}", "{class}-{year}/{number:4}"]).parse().expect("a pattern"),
                by_hand: self.full,
            },
            OfficeEvent::RulesEnacted { edition: text.clone(), source: other.clone() },
            OfficeEvent::StreetsSet { source: other.clone() },
            OfficeEvent::RulesProposed {
                edition: self.edition(),
                source: other.clone(),
                by: PersonId(self.uuid(1)),
            },
            OfficeEvent::PlanMessaged { message: self.plan_message() },
            OfficeEvent::PlanAppraised { catalogue: self.catalogue() },
            OfficeEvent::ArchiveSet { name: text.clone(), takes: None, is_default: false },
            OfficeEvent::ArchiveSet { name: text.clone(), takes: Some(self.takes()), is_default: self.full },
            OfficeEvent::RecordTypesEnacted { sources: BTreeMap::from([(text.clone(), other.clone())]) },
            OfficeEvent::RuleConfirmed { rule: text, edition: other },
            OfficeEvent::Verified { objects: self.number, entries: self.ids[0] as u64, look: None },
            OfficeEvent::Verified {
                objects: self.number,
                entries: self.ids[0] as u64,
                look: Some(Look {
                    part: Part::new(1 + u32::from(self.pick), 256).expect("a part"),
                    complete: self.full,
                    read_data: !self.full,
                    since: self.on,
                    changed: self.number,
                    missing: self.ids[1] as u64,
                    untracked: u64::from(self.pick),
                    vault_root: Blake3([self.pick; 32]),
                    archive_root: Blake3([self.pick ^ 0xff; 32]),
                }),
            },
            OfficeEvent::Repaired {
                objects: self.number,
                archived: u64::from(self.pick),
                ids: Blake3([self.pick ^ 0xff; 32]),
                source: Blake3([self.pick; 32]),
            },
            OfficeEvent::Restored {
                id: RestorationId(self.uuid(1)),
                on: self.on,
                backup: self.mark(),
                witness: self.some(self.mark()),
                destroyed_again: self.ids[1] as u64,
            },
            OfficeEvent::Released {
                restoration: RestorationId(self.uuid(1)),
                on: self.on,
                role: self.pick(&Role::ALL),
                signature: self.signature(),
            },
            OfficeEvent::BackedUp {
                on: self.on,
                part: self.pick(&BackupPart::ALL),
                backup: self.mark(),
                objects: self.number,
            },
            OfficeEvent::Drilled {
                on: self.on,
                backup: self.mark(),
                files: self.number,
                documents: self.ids[0] as u64,
                pages: self.ids[1] as u64,
                compared: u64::from(self.pick),
                differences: self.ids[2] as u64,
            },
        ]
    }

    fn person(&self) -> Vec<PersonEvent> {
        let chosen = |n: usize| self.pick >> n & 1 == 1;
        let roles = Role::ALL.into_iter().enumerate().filter(|(n, _)| chosen(*n)).map(|(_, role)| role);
        let domains = ProtectionDomain::ALL.into_iter().enumerate().filter(|(n, _)| chosen(n + 3));
        vec![
            PersonEvent::Registered { login: self.text.clone(), name: self.other.clone() },
            PersonEvent::SecretSet { sealed_key: self.bytes.clone() },
            PersonEvent::RightsSet {
                roles: roles.collect(),
                clearances: domains.map(|(_, domain)| domain).collect(),
            },
            PersonEvent::DutiesSet {
                branches: [self.pick(&["63", "63.10.01"]).parse().expect("a class")].into(),
            },
            PersonEvent::SigningKeyPublished { public: [self.pick; 32] },
            PersonEvent::SearchSaved { search: self.saved_search() },
            PersonEvent::SearchRenamed { id: SavedSearchId(self.uuid(1)), name: self.search_name() },
            PersonEvent::SearchSeen { id: SavedSearchId(self.uuid(1)), seen: self.number },
            PersonEvent::SearchForgotten { id: SavedSearchId(self.uuid(1)) },
            PersonEvent::DeputyNamed {
                deputyship: Deputyship {
                    id: DeputyshipId(self.uuid(1)),
                    deputy: PersonId(self.uuid(2)),
                    from: self.on,
                    until: self.on,
                    reason: self.text.clone(),
                },
            },
            PersonEvent::DeputyshipEnded { id: DeputyshipId(self.uuid(1)), on: self.on },
            PersonEvent::TokenIssued {
                token: Token {
                    id: TokenId(self.uuid(1)),
                    name: self.search_name().as_str().parse().expect("names are alike"),
                    scopes: [TokenScope::Read, self.pick(&TokenScope::ALL)].into(),
                    issued: self.on,
                    until: self.on,
                    digest: Blake3([self.pick; 32]),
                },
            },
            PersonEvent::TokenRevoked { id: TokenId(self.uuid(1)), on: self.on },
        ]
    }

    /// Free text as far as it is a name.
    fn search_name(&self) -> SearchName {
        let visible: String = self.text.chars().filter(|c| !c.is_control()).take(80).collect();
        visible.parse().unwrap_or_else(|_| "Garagen".parse().expect("a name"))
    }

    fn saved_search(&self) -> SavedSearch {
        SavedSearch {
            id: SavedSearchId(self.uuid(1)),
            name: self.search_name(),
            query: self.other.clone(),
            only_file: self.some(CaseFileId(self.uuid(2))),
            order: self.pick(&Order::ALL),
            seen: self.number,
        }
    }

    fn edition(&self) -> Edition {
        self.pick(&["2026-1", "zweite"]).parse().expect("an edition")
    }

    fn type_edition(&self) -> TypeEdition {
        TypeEdition {
            id: self.pick(&["bauakte", "a_1"]).parse().expect("a type's name"),
            edition: self.edition(),
        }
    }

    fn opened(&self, record_type: Option<TypeEdition>, paper: Option<PaperLocation>) -> FileEvent {
        FileEvent::Opened {
            reference: self.reference.clone(),
            title: self.text.clone(),
            class: self.pick(&["63", "63.10.01"]).parse().expect("a class"),
            record_type,
            domain: self.pick(&ProtectionDomain::ALL),
            on: self.on,
            fields: BTreeMap::from([(self.text.clone(), self.other.clone())]),
            carriers: Carriers { paper },
        }
    }

    /// A place with a barcode, as kinds that came later have it.
    fn place(&self) -> PaperLocation {
        PaperLocation {
            building: self.some(self.text.clone()),
            room: self.some(self.other.clone()),
            shelf: self.other.clone(),
            r#box: self.text.clone(),
            barcode: Some(self.pick(&["4711", "AB-0815/7"]).parse().expect("a barcode")),
        }
    }

    fn loan(&self, to: Borrower) -> Loan {
        Loan { to, since: self.on, until: self.some(self.on), by: PersonId(self.uuid(1)) }
    }

    fn file(&self) -> Vec<FileEvent> {
        let (on, list) = (self.on, DisposalListId(self.uuid(1)));
        let documents = vec![DocumentId(self.uuid(1)), DocumentId(self.uuid(2))];
        let hold = Hold { id: HoldId(self.uuid(1)), reason: self.text.clone(), since: on, review: None };
        let reviewed = Hold { review: Some(on), ..hold.clone() };
        let place =
            PaperLocation { shelf: self.text.clone(), r#box: self.other.clone(), ..PaperLocation::default() };
        let kind = self.pick(&["closed", "building_demolished", "a_1"]).parse().expect("a fact's name");
        vec![
            self.opened(None, self.some(place.clone())),
            self.opened(Some(self.type_edition()), self.some(place)),
            self.opened(None, Some(self.place())),
            FileEvent::DocumentFiled { document: documents[0] },
            FileEvent::DocumentTakenOut { document: documents[0], to: CaseFileId(self.uuid(2)), on },
            FileEvent::Related { to: CaseFileId(self.uuid(2)), relation: self.pick(&Relation::ALL), on },
            FileEvent::Unrelated { to: CaseFileId(self.uuid(2)), on },
            FileEvent::Restricted {
                from: on,
                rule: "ME-01".parse().expect("a rule's name"),
                edition: "probe 2026-1".parse().expect("an edition"),
                on,
            },
            FileEvent::RestrictionLifted { on, reason: self.text.clone() },
            FileEvent::Closed { on },
            FileEvent::Reopened { on },
            FileEvent::FactRecorded { fact: Fact { kind, on, source: self.other.clone() } },
            FileEvent::Described {
                description: Description {
                    title: self.text.clone(),
                    class: self.pick(&["63", "63.10.01"]).parse().expect("a class"),
                    record_type: self.some(self.type_edition()),
                    fields: BTreeMap::from([(self.text.clone(), self.other.clone())]),
                },
                on,
                reason: self.other.clone(),
            },
            FileEvent::Noted { note: Note { by: PersonId(self.uuid(1)), on, text: self.text.clone() } },
            FileEvent::ReminderSet {
                reminder: Reminder {
                    id: ReminderId(self.uuid(1)),
                    whom: PersonId(self.uuid(2)),
                    on,
                    text: self.text.clone(),
                },
            },
            FileEvent::ReminderDone { id: ReminderId(self.uuid(1)), on },
            FileEvent::Assigned { to: self.some(PersonId(self.uuid(1))), on },
            FileEvent::PaperPlaced { place: self.place(), on, reason: self.other.clone() },
            FileEvent::PaperLent { loan: self.loan(Borrower::Named(self.text.clone())) },
            FileEvent::PaperLent { loan: self.loan(Borrower::Person(PersonId(self.uuid(2)))) },
            FileEvent::PaperReturned { on },
            FileEvent::PaperScanned { by: PersonId(self.uuid(2)), on },
            FileEvent::HoldPlaced { hold },
            FileEvent::HoldPlaced { hold: reviewed },
            FileEvent::HoldReleased { id: HoldId(self.uuid(1)), on },
            self.appraisal_noted(None),
            self.appraisal_noted(Some(self.left_out())),
            FileEvent::Transferred { list, copy: ArchiveCopyId(self.uuid(2)), on },
            FileEvent::Condemned {
                list,
                on,
                counts: DestructionCounts {
                    documents: documents.len() as u64,
                    objects: self.number,
                    bytes: self.ids[0] as u64,
                    objects_held_elsewhere: u64::from(self.pick),
                },
                documents,
            },
            FileEvent::Destroyed { list, on },
            FileEvent::CaseOpened {
                case: Case { id: CaseId(self.uuid(1)), title: self.text.clone(), opened: on },
            },
        ]
    }

    fn appraisal_noted(&self, left_out: Option<LeftOut>) -> FileEvent {
        let (list, reason) = (DisposalListId(self.uuid(1)), self.text.clone());
        FileEvent::AppraisalNoted { list, decision: self.decision(), reason, left_out }
    }

    fn left_out(&self) -> LeftOut {
        let documents = vec![DocumentId(self.uuid(1)), DocumentId(self.uuid(2))];
        LeftOut { documents, rule: self.some(self.other.clone()), salt: [self.pick; 32] }
    }

    fn document(&self) -> Vec<DocumentEvent> {
        let media = self.pick(&MediaType::ALL);
        let rendition = TextRendition {
            object: self.held(),
            pages_declared: self.some(self.number as u32),
            pages_read: self.ids[1] as u32,
            pages_recognised: u32::from(self.pick),
            shortfalls: vec![self.text.clone(), self.other.clone()],
            symbol_coding: None,
            engine: None,
        };
        let by_engine = TextRendition { engine: Some(self.text.clone()), ..rendition.clone() };
        let coded = TextRendition { symbol_coding: Some(self.pick(&SymbolCoding::ALL)), ..rendition.clone() };
        let mut events = vec![
            self.taken_in(None, None),
            self.taken_in(Some(CaseId(self.uuid(2))), None),
            self.taken_in(None, Some(self.register())),
            DocumentEvent::Filed { file: CaseFileId(self.uuid(1)) },
            DocumentEvent::TextRead { format: Format::of(media), rendition: rendition.clone() },
            DocumentEvent::TextRead { format: Format::known(media, self.pick(&PUIDS)), rendition },
            DocumentEvent::TextRead { format: Format::of(media), rendition: coded },
            DocumentEvent::TextRead { format: Format::of(media), rendition: by_engine },
            DocumentEvent::ReadingGivenUp { format: Format::of(media), reason: self.text.clone() },
            DocumentEvent::ReadingGivenUp {
                format: Format::known(media, self.pick(&PUIDS)),
                reason: self.other.clone(),
            },
            self.refiled(None),
            self.refiled(Some(self.register())),
            DocumentEvent::Sorted {
                register: self.some(self.register()),
                on: self.on,
                reason: self.other.clone(),
            },
            DocumentEvent::Withdrawn { on: self.on, reason: self.text.clone() },
            DocumentEvent::Reinstated { on: self.on, reason: self.other.clone() },
            DocumentEvent::MadeOf {
                pages: vec![PagesOf {
                    document: DocumentId(self.uuid(1)),
                    version: u32::from(self.pick),
                    first: self.ids[1] as u32,
                    last: self.number as u32,
                }],
            },
            DocumentEvent::Replaced {
                by: vec![DocumentId(self.uuid(2)), DocumentId(self.uuid(1))],
                on: self.on,
                reason: self.text.clone(),
            },
            DocumentEvent::ContainedIn { container: DocumentId(self.uuid(1)), path: self.other.clone() },
            DocumentEvent::Unpacked {
                unpacking: Unpacking {
                    version: u32::from(self.pick),
                    through: self.ids[0] as u32,
                    is_whole: self.pick.is_multiple_of(2),
                },
                contents: vec![DocumentId(self.uuid(0)), DocumentId(self.uuid(2))],
                stays_inside: vec![StaysInside { path: self.other.clone(), reason: self.text.clone() }],
                case: self.pick.is_multiple_of(2).then(|| CaseId(self.uuid(1))),
                on: self.on,
            },
            DocumentEvent::DividersFound {
                stack: Stack {
                    version: u32::from(self.pick),
                    page_count: self.number as u32,
                    dividers: vec![1, self.ids[1] as u32],
                    blank_backs: vec![2],
                    whole_because: self.some(self.text.clone()),
                },
                on: self.on,
            },
            DocumentEvent::PagesExpected { page_count: self.number as u32 },
            DocumentEvent::VersionAdded {
                file_name: self.other.clone(),
                received: self.on,
                original: self.held(),
            },
        ];
        events.extend(self.scans());
        events
    }

    fn register(&self) -> RegisterNumber {
        self.pick(&["3", "10a"]).parse().expect("a register")
    }

    fn refiled(&self, register: Option<RegisterNumber>) -> DocumentEvent {
        let (file, on, reason) = (CaseFileId(self.uuid(1)), self.on, self.text.clone());
        DocumentEvent::Refiled { file, register, on, reason }
    }

    fn taken_in(&self, case: Option<CaseId>, register: Option<RegisterNumber>) -> DocumentEvent {
        DocumentEvent::TakenIn {
            file: self.some(CaseFileId(self.uuid(1))),
            case,
            register,
            domain: self.pick(&ProtectionDomain::ALL),
            file_name: self.text.clone(),
            received: self.on,
            original: self.held(),
        }
    }

    /// A line of a disposal list.
    pub fn line(&self, file: usize) -> Line {
        Line {
            file: CaseFileId(self.uuid(file)),
            cause: Cause::Rule(self.text.clone()),
            since: self.on,
            proposal: self.some(self.decision()),
            criteria: vec![self.other.clone()],
            documents: vec![DocumentId(self.uuid(2))],
            catalogue: None,
        }
    }

    /// A line of whose class the archive had decided.
    fn settled_line(&self) -> Line {
        let said = ByCatalogue {
            digest: Sha256([self.pick; 32]),
            class: self.pick(&["63", "63.10.01"]).parse().expect("a class"),
            decision: self.decision(),
            decides: self.full,
        };
        Line { catalogue: Some(said), ..self.line(1) }
    }

    fn plan_message(&self) -> PlanMessage {
        PlanMessage {
            on: self.on,
            kind: self.pick(&MessageKind::ALL[7..]),
            version: self.pick(&MessageVersion::ALL),
            process: self.uuid(1),
            edition: self.edition(),
            digest: Sha256([self.pick; 32]),
        }
    }

    fn takes(&self) -> Takes {
        Takes {
            form: self.pick(&HandoverForm::ALL),
            version: self.some(self.pick(&MessageVersion::ALL)),
            naming: self.some(self.pick(&Naming::ALL)),
        }
    }

    fn catalogue(&self) -> Catalogue {
        let classes = ["63", "63.10.01"].map(|class| class.parse().expect("a class"));
        Catalogue {
            on: self.on,
            version: self.pick(&MessageVersion::ALL),
            process: self.uuid(1),
            edition: self.edition(),
            digest: Sha256([self.pick; 32]),
            archive: self.text.clone(),
            by: PersonId(self.uuid(2)),
            classes: classes.map(|class| (class, self.pick(&Disposition::ALL))).into(),
        }
    }

    fn list(&self) -> Vec<ListEvent> {
        let (on, file, signature) = (self.on, CaseFileId(self.uuid(1)), self.signature());
        vec![
            ListEvent::Created { on, edition: self.text.clone(), lines: vec![self.line(1), self.line(2)] },
            ListEvent::Created { on, edition: self.text.clone(), lines: vec![self.settled_line()] },
            ListEvent::Offered { on },
            ListEvent::LineAppraised { file, decision: self.decision(), thinned: None },
            ListEvent::LineAppraised {
                file,
                decision: Decision::Archive,
                thinned: Some(Thinned { kept: self.number, of: u64::MAX, seal: Sha256([self.pick; 32]) }),
            },
            ListEvent::LineTransferred { file, copy: ArchiveCopyId(self.uuid(2)) },
            ListEvent::Proposed { on, signature: signature.clone() },
            ListEvent::Approved { on, role: self.pick(&Role::ALL), signature },
            ListEvent::Withdrawn { on },
            ListEvent::LineObstructed { file, obstacle: self.text.clone() },
            ListEvent::Executed { on, certificate: Sha256([self.pick; 32]) },
            ListEvent::Sampled { on, sample: self.sample() },
            ListEvent::Exchanged {
                message: Exchanged {
                    on,
                    kind: self.pick(&MessageKind::ALL[..7]),
                    version: self.pick(&MessageVersion::ALL),
                    digest: Sha256([self.pick; 32]),
                },
            },
            ListEvent::LineConfirmed { file, copy: ArchiveCopyId(self.uuid(2)) },
        ]
    }

    fn sample(&self) -> Sample {
        let field = self.text.clone();
        let method = match self.pick % 5 {
            0 => Method::Random { per_thousand: 50, seed: self.other.clone() },
            1 => Method::EveryNth { n: 25, first: 3 },
            2 => Method::ByValue { field, values: vec![self.other.clone()] },
            3 => Method::ByInitial { field, letters: vec!['D', 'ß'] },
            _ => Method::ByYear { years: vec![1966, -1] },
        };
        let (one, other) = (CaseFileId(self.uuid(1)), CaseFileId(self.uuid(2)));
        Sample { method, population: vec![other, one], chosen: vec![one] }
    }

    fn archive(&self) -> Vec<ArchiveEvent> {
        let taken_over = ArchiveEvent::TakenOver {
            file: CaseFileId(self.uuid(1)),
            reference: self.reference.clone(),
            title: self.text.clone(),
            class: self.pick(&["63", "63.10.01"]).parse().expect("a class"),
            on: self.on,
            objects: vec![(self.other.clone(), self.held()), (self.text.clone(), self.held())],
        };
        let (reference, digest) = (self.some(self.other.clone()), Sha256([self.pick; 32]));
        vec![taken_over, ArchiveEvent::Confirmed { on: self.on, reference, digest }]
    }
}
