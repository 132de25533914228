//! Third-party material to run against: beside the project, or where `SCHRIFTGUT_SHARED` says. None of it is part of the project.

use std::path::{Path, PathBuf};

/// The folder it lies in, whether it is there or not.
pub fn root() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    std::env::var_os("SCHRIFTGUT_SHARED").map_or_else(beside, PathBuf::from)
}

/// The documents of it. Without them it is said that a test is skipped; in CI that is a failure.
pub fn data() -> Option<PathBuf> {
    let data = root().join("data");
    if data.is_dir() {
        return Some(data.canonicalize().unwrap());
    }
    assert!(std::env::var_os("CI").is_none(), "in CI the test material must be present");
    println!("skipped: no test material in {}", data.display());
    None
}
