//! The protocol of a sample (`schema/formats/sample.md`): how it was drawn, from which files and with which numbers, so that
//! a third person can draw it again without this program.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use super::event::list::WireMethod;
use super::wording;
use crate::domain::appraisal::sample::{Method, Sample, lot};
use crate::domain::case_file::CaseFile;
use crate::domain::ids::{CaseFileId, DisposalListId};

#[derive(Serialize)]
struct Protocol {
    format: &'static str,
    list: String,
    on: String,
    method: WireMethod,
    method_in_words: String,
    represents: &'static str,
    drawn_again: Option<bool>,
    population: Vec<Member>,
}

#[derive(Serialize)]
struct Member {
    number: usize,
    id: String,
    reference: Option<String>,
    /// What the method looked at: the lot, the value of the field, the year.
    looked_at: Option<String>,
    drawn: bool,
}

/// The protocol as JSON text; `file` answers a file of the population, as far as it is still there.
#[must_use]
pub fn protocol(
    list: DisposalListId,
    on: Date,
    sample: &Sample,
    file: &dyn Fn(CaseFileId) -> Option<CaseFile>,
) -> String {
    let drawn: BTreeSet<_> = sample.chosen.iter().collect();
    let member = |(at, id): (usize, &CaseFileId)| {
        let file = file(*id);
        Member {
            number: at + 1,
            id: id.to_string(),
            looked_at: looked_at(&sample.method, *id, file.as_ref()),
            reference: file.map(|file| file.reference.to_string()),
            drawn: drawn.contains(id),
        }
    };
    let protocol = Protocol {
        format: "schriftgut sample 1",
        list: list.to_string(),
        on: on.to_string(),
        method: (&sample.method).into(),
        method_in_words: wording::sample_method(&sample.method),
        represents: wording::sample_represents(&sample.method),
        drawn_again: sample.drawn_again(),
        population: sample.population.iter().enumerate().map(member).collect(),
    };
    serde_json::to_string_pretty(&protocol).expect("texts and numbers are JSON") + "\n"
}

fn looked_at(method: &Method, id: CaseFileId, file: Option<&CaseFile>) -> Option<String> {
    match method {
        Method::EveryNth { .. } => None,
        Method::Random { seed, .. } => Some(lot(seed, id).to_string()),
        Method::ByValue { field, .. } | Method::ByInitial { field, .. } => {
            file.map(|file| file.field(field).to_owned())
        }
        Method::ByYear { .. } => file.map(|file| file.opened.year().to_string()),
    }
}
