//! Which engine recognises: the program's version and what its models are, so that it is known later with what a text was
//! recognised, and whether there is a better one by now. A model that was replaced by another of its name has another sum.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

use super::{OLD_LETTERS, PROGRAM};
use crate::base::digest::Sha256;

/// How much of a model's sum is told.
const SUM_CHARACTERS: usize = 8;

/// The engine in one line: `tesseract 5.3.0, deu 0f2a1b3c, Fraktur 9d8e7f60`; none if there is none.
pub(in crate::intake::worker) fn engine(languages: &str) -> Option<String> {
    let version = version()?;
    let listed = said_by("--list-langs")?;
    let mut lines = listed.lines();
    let folder = lines.next().and_then(|line| line.split('"').nth(1)).unwrap_or_default();
    let installed: Vec<_> = lines.map(str::trim).collect();
    let old = OLD_LETTERS.into_iter().find(|model| installed.contains(model));
    let models = languages.split('+').chain(old).map(|model| match sum(folder, model) {
        Some(sum) => format!(", {model} {sum}"),
        None => format!(", {model}"),
    });
    Some(version + &models.collect::<String>())
}

/// `tesseract 5.3.0`.
pub(in crate::intake::worker) fn version() -> Option<String> {
    said_by("--version")?.lines().next().map(str::to_owned)
}

fn said_by(question: &str) -> Option<String> {
    let answer = Command::new(PROGRAM).arg(question).stdin(Stdio::null()).output().ok()?;
    answer.status.success().then(|| String::from_utf8_lossy(&answer.stdout).into_owned())
}

fn sum(folder: &str, model: &str) -> Option<String> {
    let mut file = File::open(Path::new(folder).join(format!("{model}.traineddata"))).ok()?;
    let sum = Sha256::of_reader(&mut file).ok()?.to_string();
    Some(sum.chars().take(SUM_CHARACTERS).collect())
}
