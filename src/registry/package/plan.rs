//! What an export holds: which files in which order under which folders, and of each what a package tells of it.

use std::collections::BTreeSet;

use super::PackageOrder;
use crate::catalog::Kind;
use crate::domain::case_file::CaseFile;
use crate::domain::disposal::DisposalList;
use crate::domain::document::{Document, TextState};
use crate::domain::event::FileEvent;
use crate::domain::ids::CaseFileId;
use crate::domain::life_cycle::german;
use crate::format::package::bag::{self, BaggedThinning};
use crate::format::package::{Export, PackagedDocument, PackagedFile, PackagedVersion, safe_name};
use crate::format::wording;
use crate::registry::Registry;
use crate::registry::dialogue::told_of;
use crate::registry::error::{Answer, Error};
use crate::registry::rules::RulesOfEdition;
use crate::registry::transfer::{Copy, name_in_copy, nothing_to_hand_over};

/// What the text layer of an original is called besides.
pub(super) const TEXT_ENDING: &str = ".text.json";

/// An export, before anything of it is written.
pub(super) struct Plan {
    pub(super) list: DisposalList,
    pub(super) export: Export,
    pub(super) files: Vec<Planned>,
    rules: RulesOfEdition,
}

/// A file of an export.
pub(super) struct Planned {
    number: usize,
    pub(super) file: CaseFileId,
    pub(super) reference: String,
    folder: String,
}

impl Registry {
    /// Every file of the list of which there is an archive copy, in the order of reference numbers.
    pub(super) fn plan_of(&self, list: DisposalList, order: PackageOrder<'_>) -> Answer<Plan> {
        let mut files = Vec::new();
        for id in list.lines.keys() {
            if let Some(copy) = self.copy_of(&list, *id)? {
                files.push((copy.file.reference.to_string(), copy.file.title, *id));
            }
        }
        if files.is_empty() {
            return Err(nothing_to_hand_over());
        }
        files.sort();
        let mut taken = BTreeSet::new();
        let planned = (1..).zip(&files).map(|(number, (reference, _, file))| {
            let folder = folder(reference, *file, &mut taken);
            Planned { number, file: *file, reference: reference.clone(), folder }
        });
        let planned = planned.collect();
        let export = Export {
            organisation: self.name().to_owned(),
            list: list.id,
            on: order.on,
            at: order.disk.now(),
            files: files.into_iter().map(|(reference, title, _)| (reference, title)).collect(),
        };
        let rules = self.rules_of_edition(Some(&list.edition))?;
        Ok(Plan { list, export, files: planned, rules })
    }

    /// A file as its package tells of it.
    pub(super) fn packaged(&self, plan: &Plan, planned: &Planned, copy: &Copy) -> Answer<PackagedFile> {
        let file = &copy.file;
        let line = plan.list.lines.get(&file.id).map(|(line, _)| line);
        let line = line.ok_or_else(|| Error::unknown("Akte", &file.id.to_string()))?;
        let told = told_of(file, line, &plan.rules);
        let (decision, reason) = self.appraisal_of(plan, file.id)?;
        let mut documents = Vec::new();
        for id in &file.documents {
            let Some(document) = self.document(*id)? else { continue };
            let versions = versions_in(&document, copy);
            if versions.is_empty() {
                continue; // left out of what is kept
            }
            let registers = plan.rules.in_force.registers(file.record_type.as_ref());
            let register = document.register.as_ref().map(|number| {
                let known = number.among(registers).map(|register| register.title.as_str());
                format!("{number} {}", known.unwrap_or_default()).trim_end().to_owned()
            });
            let case = file.cases.iter().find(|case| Some(case.id) == document.case);
            let case = case.map(|case| case.title.clone());
            let history = self.happened(Kind::Document, id.0)?;
            documents.push(PackagedDocument { id: *id, register, case, versions, history });
        }
        Ok(PackagedFile {
            number: planned.number,
            folder: planned.folder.clone(),
            id: file.id,
            copy: copy.id,
            reference: told.reference,
            title: told.title,
            class: told.class.to_string(),
            class_title: told.class_title,
            kind: told.kind,
            secrecy: told.domain,
            begun: told.begun,
            closed: told.closed,
            fields: fields(file, &plan.rules),
            decision,
            reason,
            basis: told.fate.reason,
            thinned: copy.thinned.as_ref().map(thinned),
            documents,
            history: self.happened(Kind::File, file.id.0)?,
            description: bag::describe(file, copy.id, &copy.documents, copy.thinned.as_ref()),
        })
    }

    /// What the archive decided of a file on this list last, and why.
    fn appraisal_of(&self, plan: &Plan, file: CaseFileId) -> Answer<(String, String)> {
        let lived = self.lived(Kind::File, file.0)?.unwrap_or_default();
        let noted = lived.file_events().filter_map(|event| match event {
            FileEvent::AppraisalNoted { list, decision, reason, .. } if *list == plan.list.id => {
                Some((decision.label().to_owned(), reason.clone()))
            }
            _ => None,
        });
        Ok(noted.last().unwrap_or_default())
    }
}

/// The folder of a file: its reference number, and the beginning of its id if another has that folder.
pub(super) fn folder(reference: &str, file: CaseFileId, taken: &mut BTreeSet<String>) -> String {
    let mut folder = safe_name(reference);
    // Some file systems do not tell small letters from capital ones.
    if !taken.insert(folder.to_lowercase()) {
        folder = format!("{folder}_{}", &file.to_string()[..8]);
        if !taken.insert(folder.to_lowercase()) {
            folder = format!("{}_{file}", safe_name(reference));
        }
    }
    folder
}

/// What is known of a file, by label.
fn fields(file: &CaseFile, rules: &RulesOfEdition) -> Vec<(String, String)> {
    let known = file.record_type.as_ref().and_then(|edition| rules.in_force.types.edition(edition));
    let of_type: Vec<(&str, &str)> = known.map_or_else(
        || file.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
        |record_type| record_type.labelled(&file.fields),
    );
    let of_type = of_type.into_iter().map(|(label, value)| (label.to_owned(), value.to_owned()));
    let facts = file.facts.iter().map(|fact| {
        let source = if fact.source.is_empty() { String::new() } else { format!(" ({})", fact.source) };
        let label = format!("Tatsache: {}", rules.book.fact_label(&fact.kind));
        (label, format!("{}{source}", german(fact.on)))
    });
    of_type.chain(facts).collect()
}

fn thinned(thinned: &BaggedThinning) -> String {
    let words = wording::thinned(thinned.nicht_uebernommen, thinned.von);
    match &thinned.regel {
        Some(rule) => format!("{words} ({rule})"),
        None => words,
    }
}

/// The versions of a document that the archive copy holds.
fn versions_in(document: &Document, copy: &Copy) -> Vec<PackagedVersion> {
    let earlier = document.earlier.iter().map(|version| (&version.file_name, version.format, &version.text));
    let all = earlier.chain([(&document.file_name, document.format, &document.text)]);
    let in_copy = (1..).zip(all).filter_map(|(number, (file_name, format, text))| {
        let name = name_in_copy(document, number, file_name);
        let (_, held) = copy.objects.iter().find(|(known, _)| *known == name)?;
        Some(PackagedVersion {
            number,
            name,
            original_name: file_name.clone(),
            format,
            pages: pages(text),
            size_bytes: held.size_bytes,
            sha256: held.sha256,
        })
    });
    in_copy.collect()
}

/// How many pages it has, as far as reading it told.
fn pages(text: &TextState) -> Option<u32> {
    match text {
        TextState::Read(rendition) => Some(rendition.pages_declared.unwrap_or(rendition.pages_read)),
        TextState::Unread | TextState::GivenUp { .. } => None,
    }
}
