//! `list sample`, `list samples`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::domain::appraisal::sample::Sample;
use crate::domain::case_file::CaseFile;
use crate::domain::ids::{CaseFileId, DisposalListId};
use crate::format::wording;

/// `list sample --json`
pub(in crate::cli) fn drawn(
    list: DisposalListId,
    sample: &Sample,
    files: &BTreeMap<CaseFileId, CaseFile>,
    preview: bool,
) -> Value {
    let mut told = of(list, sample, files);
    told["preview"] = preview.into();
    told
}

/// A line of `list samples --json`
pub(in crate::cli) fn recorded(
    list: DisposalListId,
    on: Date,
    sample: &Sample,
    files: &BTreeMap<CaseFileId, CaseFile>,
) -> Value {
    let mut told = of(list, sample, files);
    told["on"] = on.to_string().into();
    told["drawn_again"] = sample.drawn_again().into();
    told
}

fn of(list: DisposalListId, sample: &Sample, files: &BTreeMap<CaseFileId, CaseFile>) -> Value {
    let name =
        |id: &CaseFileId| files.get(id).map_or_else(|| id.to_string(), |file| file.reference.to_string());
    json!({
        "list": list.to_string(),
        "method": wording::sample_method(&sample.method),
        "represents": wording::sample_represents(&sample.method),
        "population": sample.population.len(),
        "drawn": sample.chosen.iter().map(name).collect::<Vec<_>>(),
    })
}
