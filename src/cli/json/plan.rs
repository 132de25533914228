//! The file plan: `plan`.

use std::path::Path;

use serde_json::{Value, json};

use super::{text, texts};
use crate::domain::file_plan::{ChangedClass, FilePlan, FilePlanClass};
use crate::format::wording;
use crate::registry::{PlanPreview, Words};

/// `plan show --json`
pub(in crate::cli) fn show(plan: &FilePlan) -> Value {
    let class = |class: &FilePlanClass| {
        json!({
            "class": class.number.to_string(),
            "title": class.title,
            "closed": class.closed,
            "domain": plan.domain_of(&class.number).code(),
            "reference": plan.pattern_of(&class.number).map(ToString::to_string),
        })
    };
    json!({
        "edition": plan.edition().map(ToString::to_string),
        "title": plan.title(),
        "classes": plan.classes().map(class).collect::<Vec<_>>(),
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
