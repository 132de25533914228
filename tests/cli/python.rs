//! A Python with packages of others: the validators that archives use. Installed once, into the build folder.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// One installs, the others wait.
static INSTALLING: Mutex<()> = Mutex::new(());

/// A Python in which this module can be imported; none where it cannot be installed, which CI takes for a failure.
pub fn python_with(module: &str, packages: &[&str]) -> Option<PathBuf> {
    let _one = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(module);
    let python = place.join("bin/python");
    let has_it = || {
        let import = format!("import {module}");
        Command::new(&python).args(["-c", &import]).output().is_ok_and(|out| out.status.success())
    };
    if has_it() {
        return Some(python);
    }
    let made = Command::new("python3").args(["-m", "venv"]).arg(&place).output();
    let installed = Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .args(packages)
        .output();
    if has_it() {
        return Some(python);
    }
    assert!(std::env::var_os("CI").is_none(), "CI needs {module}: {made:?} {installed:?}");
    println!("skipped: no Python with {module}: {installed:?}");
    None
}
