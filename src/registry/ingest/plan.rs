//! Where the documents of a batch go: into files and cases that exist, or that are opened with the batch.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{Ready, Target};
use crate::domain::actor::Actor;
use crate::domain::case_file::{Case, CaseFile, ClassNumber, ReferenceNumber};
use crate::domain::event::{Event, FileEvent};
use crate::domain::file_plan::NoNewFiles;
use crate::domain::ids::{CaseFileId, CaseId, DocumentId};
use crate::domain::life_cycle::{Command, decide};
use crate::domain::paper::Barcode;
use crate::domain::protection::ProtectionDomain;
use crate::domain::record_type::TypeEdition;
use crate::format::wording;
use crate::registry::Registry;
use crate::registry::error::{Answer, Error, Words};
use crate::registry::open_file::in_use;
use crate::registry::record_types::{Described, Description};

/// Why a document is not taken in, and the way out.
pub(super) type Refused = (String, String);

const ANOTHER_BARCODE: &str = "jeder Strichcode gehört zu einer Akte: nehmen Sie einen anderen";

fn barcode_of(target: &Target) -> Option<&Barcode> {
    target.carriers.paper.as_ref().and_then(|place| place.barcode.as_ref())
}

/// Where a document goes.
pub(super) struct Placed {
    pub(super) id: CaseFileId,
    pub(super) reference: ReferenceNumber,
    pub(super) case: Option<CaseId>,
}

/// A document of a batch that will be taken in.
pub(super) struct Kept {
    pub(super) ready: Ready,
    pub(super) placed: Option<Placed>,
}

/// A file to be opened with a batch.
pub(super) struct Opened {
    pub(super) id: CaseFileId,
    domain: ProtectionDomain,
    record_type: Option<TypeEdition>,
}

/// Files and cases to be opened with a batch.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) opened: BTreeMap<String, Opened>,
    cases: BTreeMap<(CaseFileId, String), CaseId>,
    /// On the folders of files to be opened.
    barcodes: BTreeSet<Barcode>,
    pub(super) events: Vec<Event>,
}

impl Plan {
    fn open(
        &mut self,
        target: &Target,
        (class, domain): (&ClassNumber, ProtectionDomain),
        described: Described,
        today: jiff::civil::Date,
    ) -> CaseFileId {
        let id = CaseFileId(Uuid::new_v4());
        let record_type = described.record_type.clone();
        self.opened.insert(target.reference.fold(), Opened { id, domain, record_type });
        self.barcodes.extend(barcode_of(target).cloned());
        let opened = FileEvent::Opened {
            reference: target.reference.clone(),
            title: target.title.clone().unwrap_or_else(|| target.reference.to_string()),
            class: class.clone(),
            record_type: described.record_type,
            domain,
            on: target.opened.unwrap_or(today),
            fields: described.fields,
            carriers: target.carriers.clone(),
        };
        self.events.push(Event::File(id, opened));
        id
    }

    /// The case of this title in a file: one it has, one planned already, or a new one.
    fn case(
        &mut self,
        id: CaseFileId,
        file: Option<&CaseFile>,
        title: &str,
        today: jiff::civil::Date,
    ) -> CaseId {
        if let Some(case) = file.and_then(|file| file.cases.iter().find(|case| case.title == title)) {
            return case.id;
        }
        let events = &mut self.events;
        *self.cases.entry((id, title.to_owned())).or_insert_with(|| {
            let case = Case { id: CaseId(Uuid::new_v4()), title: title.to_owned(), opened: today };
            let case_id = case.id;
            events.push(Event::File(id, FileEvent::CaseOpened { case }));
            case_id
        })
    }
}

impl Registry {
    /// Finds (or plans) the file and case a document goes into; the inner error is a refusal of this document.
    pub(super) fn place(
        &self,
        actor: &Actor,
        ready: &Ready,
        plan: &mut Plan,
    ) -> Answer<Result<Option<Placed>, Words>> {
        let Some(target) = &ready.target else { return Ok(Ok(None)) };
        let (id, file) = match self.find_or_plan(actor, ready.domain, target, plan)? {
            Ok(found) => found,
            Err((why, way_out)) => {
                let what = format!("{} wurde nicht erfasst", ready.name);
                return Ok(Err(Words { what, why, way_out }));
            }
        };
        let case = target.case.as_ref().map(|title| plan.case(id, file.as_ref(), title, self.today()));
        let reference = file.map_or_else(|| target.reference.clone(), |file| file.reference);
        Ok(Ok(Some(Placed { id, reference, case })))
    }

    /// The file, with its state if it exists already; the inner error is why not, and the way out.
    pub(super) fn find_or_plan(
        &self,
        actor: &Actor,
        domain: ProtectionDomain,
        target: &Target,
        plan: &mut Plan,
    ) -> Answer<Result<(CaseFileId, Option<CaseFile>), Refused>> {
        let refuse = |why: String, way_out: &str| Ok(Err((why, way_out.to_owned())));
        let other_domain = || {
            refuse(
                "die Akte hat einen anderen Schutzbereich als angegeben".to_owned(),
                "lassen Sie die Angabe weg: es gilt der Schutzbereich der Akte",
            )
        };
        // The bytes are already sealed and named for one domain.
        if let Some(file) = plan.opened.get(&target.reference.fold()) {
            if file.domain != domain {
                return other_domain();
            }
            return Ok(self.fits_register(target, file.record_type.as_ref())?.map(|()| (file.id, None)));
        }
        // One that is hidden is answered as one that is not there; its number stays taken.
        let there = self.cover_by_reference(&target.reference)?.filter(|file| actor.may_read_file(file));
        if let Some(file) = there {
            return match decide(&file, Command::File(DocumentId(Uuid::nil()))) {
                Ok(_) if file.domain != domain => other_domain(),
                Ok(_) => {
                    let fits = self.fits_register(target, file.record_type.as_ref())?;
                    Ok(fits.map(|()| (file.id, Some(file))))
                }
                Err(refusal) => {
                    let words = Error::from(refusal).words();
                    Ok(Err((words.why, words.way_out)))
                }
            };
        }
        Ok(self.plan_new(actor, domain, target, plan)?.map(|id| (id, None)))
    }

    /// The register that is named, if the file's record type has it.
    fn fits_register(
        &self,
        target: &Target,
        record_type: Option<&TypeEdition>,
    ) -> Answer<Result<(), Refused>> {
        let Some(register) = &target.register else { return Ok(Ok(())) };
        Ok(self.rules()?.register_named(record_type, register.as_str()).map(|_| ()))
    }

    /// Plans a file that is not there yet.
    fn plan_new(
        &self,
        actor: &Actor,
        domain: ProtectionDomain,
        target: &Target,
        plan: &mut Plan,
    ) -> Answer<Result<CaseFileId, Refused>> {
        let refuse = |why: String, way_out: &str| Ok(Err((why, way_out.to_owned())));
        let Some(class) = &target.class else {
            return refuse(
                format!("die Akte {} gibt es nicht, und es ist keine Klasse angegeben", target.reference),
                "nennen Sie die Aktenplaneinheit (`--class`), dann wird die Akte angelegt",
            );
        };
        if !actor.clearances.contains(&domain) {
            let why = "Ihnen fehlt die Berechtigung für diesen Schutzbereich".to_owned();
            return refuse(why, "fragen Sie die Administration");
        }
        if let Err(why) = self.rules()?.plan.takes_new_files(class) {
            return refuse(wording::no_new_files(class, why), "`schriftgut plan` zeigt den Aktenplan");
        }
        if let Some(barcode) = barcode_of(target).filter(|barcode| plan.barcodes.contains(*barcode)) {
            let why = format!("der Strichcode {barcode} gehört schon zu einer anderen Akte dieser Lieferung");
            return refuse(why, ANOTHER_BARCODE);
        }
        if let Some(why) = self.why_barcode_is_taken(actor, target.carriers.paper.as_ref())? {
            return refuse(why, ANOTHER_BARCODE);
        }
        // A hidden file has it, or one that is gone.
        let is_taken = self.cover_by_reference(&target.reference)?.is_some();
        if is_taken || self.was_given(&target.reference)? {
            return refuse(in_use(&target.reference), "nennen Sie ein anderes");
        }
        let (record_type, fields) = (target.record_type.as_deref(), &target.fields);
        match self.describe(Description { class, record_type, fields }, None)? {
            Ok(described) => {
                let fits = self.fits_register(target, described.record_type.as_ref())?;
                Ok(fits.map(|()| plan.open(target, (class, domain), described, self.today())))
            }
            Err((why, way_out)) => refuse(why, &way_out),
        }
    }

    /// Why a document cannot go into the file of this reference number, and the way out, as far as file plan and record
    /// types say: the class is unknown; or the file would have to be opened, and its class takes no new ones, or what
    /// is said of it does not fit its type.
    ///
    /// # Errors
    /// A fault if the catalogue fails.
    pub fn unplanned(
        &self,
        reference: &ReferenceNumber,
        said: Description<'_>,
    ) -> Answer<Option<(String, String)>> {
        let planned = self.rules()?.plan.takes_new_files(said.class);
        let unplanned = planned.err().map(|why| {
            (wording::no_new_files(said.class, why), "`schriftgut plan` zeigt den Aktenplan".to_owned())
        });
        if planned == Err(NoNewFiles::Unknown) {
            return Ok(unplanned);
        }
        let unfit = unplanned.or(self.describe(said, None)?.err());
        // Of a file that is there its cover counts, and nothing else.
        if unfit.is_some() && self.cover_by_reference(reference)?.is_some() { Ok(None) } else { Ok(unfit) }
    }
}
