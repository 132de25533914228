//! `restrict`.

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::answers::restricted_since;
use crate::domain::case_file::CaseFile;
use crate::registry::ToRestrict;

/// `restrict apply --json`
pub(in crate::cli) fn applied(files: &[ToRestrict], on: Date, preview: bool) -> Value {
    let file = |ToRestrict { file, from }: &ToRestrict| json!({ "reference": file.reference.to_string(), "title": file.title, "from": from.to_string() });
    json!({ "on": on.to_string(), "files": files.iter().map(file).collect::<Vec<_>>(), "preview": preview })
}

/// `restrict list --json`
pub(in crate::cli) fn restricted(files: &[CaseFile]) -> Value {
    let file = |file: &CaseFile| {
        json!({
            "reference": file.reference.to_string(),
            "title": file.title,
            "restricted_since": restricted_since(file.restriction),
        })
    };
    json!({ "files": files.iter().map(file).collect::<Vec<_>>() })
}

/// `restrict lift --json`
pub(in crate::cli) fn lifted(files: &[CaseFile]) -> Value {
    json!({ "lifted": files.iter().map(|file| file.reference.to_string()).collect::<Vec<_>>() })
}
