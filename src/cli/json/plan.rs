//! The file plan: `plan`.

use std::path::Path;

use serde_json::{Value, json};

use super::{text, texts};
use crate::domain::case_file::ClassNumber;
use crate::domain::disposal::{Catalogue, MessageKind};
use crate::domain::file_plan::{ChangedClass, FilePlan, FilePlanClass};
use crate::domain::retention::Disposition;
use crate::format::wording;
use crate::registry::{OfferedPlan, PlanPreview, TakenPlanAnswer, Words};

/// `plan show --json`; what the archive's catalogue in force says of a class stands beside it.
pub(in crate::cli) fn show(
    plan: &FilePlan,
    said: &dyn Fn(&FilePlanClass) -> Option<(ClassNumber, Disposition)>,
    catalogue: Option<&Catalogue>,
) -> Value {
    let class = |class: &FilePlanClass| {
        json!({
            "class": class.number.to_string(),
            "title": class.title,
            "closed": class.closed,
            "domain": plan.domain_of(&class.number).code(),
            "reference": plan.pattern_of(&class.number).map(ToString::to_string),
            "appraised": said(class).map(|(_, said)| said.code()),
        })
    };
    json!({
        "edition": plan.edition().map(ToString::to_string),
        "title": plan.title(),
        "classes": plan.classes().map(class).collect::<Vec<_>>(),
        "catalogue": catalogue.map(|one| json!({
            "archive": one.archive,
            "on": one.on.to_string(),
            "edition": one.edition.to_string(),
            "version": one.version.code(),
            "digest": one.digest.to_string(),
        })),
    })
}

/// `plan offer --json`
pub(in crate::cli) fn offered(plan: &OfferedPlan) -> Value {
    json!({
        "message": MessageKind::PlanOffer.code(),
        "version": plan.version.code(),
        "edition": plan.edition.to_string(),
        "container": text(&plan.container),
        "classes": plan.classes,
    })
}

/// `plan appraise --json`: what the archive decided, and where nothing is decided
pub(in crate::cli) fn appraised(taken: &TakenPlanAnswer) -> Value {
    let said = taken
        .classes
        .iter()
        .map(|(class, said)| json!({ "class": class.to_string(), "decision": said.code() }));
    json!({
        "message": taken.kind.code(),
        "version": taken.version.code(),
        "sender": taken.sender,
        "edition": taken.edition.to_string(),
        "decided": said.collect::<Vec<_>>(),
        "undecided": texts(&taken.silent),
        "receipts": taken.receipts.iter().map(|path| text(path)).collect::<Vec<_>>(),
    })
}

/// `plan check --json` and `plan enact --json`
pub(in crate::cli) fn preview(preview: &PlanPreview, enacted: bool) -> Value {
    json!({
        "edition": preview.plan.edition().map(ToString::to_string),
        "in_force": preview.is_in_force || enacted,
        "classes": preview.plan.classes().count(),
        "changes": changes(preview),
        "without_rule": texts(&preview.ungoverned),
    })
}

fn changes(preview: &PlanPreview) -> Vec<Value> {
    let change = |one: &ChangedClass| {
        let files = files(preview, one);
        json!({
            "class": one.number.to_string(),
            "title": one.title,
            "change": one.change.code(),
            "files": files,
            "text": wording::plan_change(one, files),
        })
    };
    preview.changes.iter().map(change).collect()
}

/// How many files the person may read that a change concerns.
pub(in crate::cli) fn files(preview: &PlanPreview, one: &ChangedClass) -> u64 {
    let concerned = one.change.concerns_files();
    preview.files.get(&one.number).copied().filter(|_| concerned).unwrap_or_default()
}

/// `plan export --json`
pub(in crate::cli) fn exported(form: &str, out: &Path, plan: &FilePlan, lost: &[String]) -> Value {
    let edition = plan.edition().map(ToString::to_string);
    json!({ "form": form, "out": text(out), "edition": edition, "lost": lost })
}

/// `plan import --json`; what keeps it from being enacted, if something does.
pub(in crate::cli) fn imported(
    plan: &FilePlan,
    source: &str,
    out: Option<&Path>,
    lost: &[String],
    tried: &Result<PlanPreview, Words>,
) -> Value {
    json!({
        "edition": plan.edition().map(ToString::to_string),
        "classes": plan.classes().count(),
        "out": out.map(text),
        "plan": out.is_none().then_some(source),
        "lost": lost,
        "changes": tried.as_ref().map(changes).unwrap_or_default(),
        "obstacle": tried.as_ref().err().map(|words| words.why.clone()),
    })
}
