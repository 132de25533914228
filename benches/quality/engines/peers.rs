//! Engines of other languages: a script beside the bench takes the pages and the queries from files and prints what it
//! finds.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use super::Answers;
use crate::queries::{DEPTH, Query, SEEN};
use crate::text::PageNo;

/// Debian's own first: its packages are seen by no other.
const PYTHONS: [&str; 2] = ["/usr/bin/python3", "python3"];

/// Asks the script of this name; why it cannot answer, if it cannot.
pub fn answer(
    script: &str,
    folder: &Path,
    pages: &[String],
    queries: &[&Query],
    timed: bool,
) -> Result<Answers, String> {
    let lines = |name: &str, lines: &mut dyn Iterator<Item = Value>| {
        let mut file = std::io::BufWriter::new(std::fs::File::create(folder.join(name)).unwrap());
        lines.for_each(|line| writeln!(file, "{line}").unwrap());
        file.flush().unwrap();
    };
    lines("pages.jsonl", &mut pages.iter().map(|page| json!(page)));
    lines("queries.jsonl", &mut queries.iter().map(|query| json!(query.typed)));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("benches/quality/{script}.py"));
    let python = PYTHONS.iter().find(|python| Command::new(python).arg("--version").output().is_ok());
    let python = python.ok_or("not installed: python3")?;
    let timed = if timed { SEEN } else { 0 };
    let output = Command::new(python)
        .arg("-B") // leaves no compiled files beside the scripts
        .arg(&script)
        .arg(folder)
        .args([DEPTH.to_string(), timed.to_string()])
        .output()
        .map_err(|cause| cause.to_string())?;
    if !output.status.success() {
        return Err(format!("failed: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    let found: Value = serde_json::from_slice(&output.stdout).map_err(|cause| cause.to_string())?;
    if let Some(missing) = found["missing"].as_str() {
        return Err(format!("not installed: {missing}"));
    }
    let number = |value: &Value| value.as_u64().unwrap() as PageNo;
    let row = |row: &Value| row.as_array().unwrap().iter().map(number).collect::<Vec<PageNo>>();
    Ok(Answers {
        ranked: found["ranked"].as_array().unwrap().iter().map(row).collect(),
        times: row(&found["times_us"]).into_iter().map(|us| Duration::from_micros(us.into())).collect(),
        bytes: found["bytes"].as_u64().unwrap(),
        version: found["version"].as_str().unwrap().to_owned(),
    })
}
