//! The tests of the truth have teeth: every bug of `seeded_bugs/bugs.toml`, put into a copy of the source, makes
//! the test named beside it fail.
//!
//! The ordinary run sees to it that bugs and tests are still to be found. `SCHRIFTGUT_FULL=1` builds the program
//! once per bug and prints what caught it. Syncs that are left out have a suite of their own (`simulated_disk`).

mod source;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Instant;

use serde::Deserialize;
use source::{files_below, root};

/// Our own crate is built quickly and runs slowly; what it depends on is optimised as ever.
const UNOPTIMISED: &str = "profile.release.package.schriftgut.opt-level=0";
/// Bugs there are at least.
const BUGS_MIN: usize = 12;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bugs {
    bug: Vec<Bug>,
}

/// One place of the source, made wrong.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bug {
    id: String,
    /// What goes wrong.
    what: String,
    /// Below `src`.
    file: String,
    /// The right code: stands there once.
    find: String,
    /// The wrong code.
    replace: String,
    /// The test that notices, as `cargo test` is asked for it.
    test: String,
}

impl Bug {
    /// Target and full name of the test.
    fn target_and_name(&self) -> (&str, &str) {
        self.test.rsplit_once(' ').unwrap_or_else(|| panic!("{}: `{}` names no target", self.id, self.test))
    }

    /// The file with the bug in it.
    fn put_into(&self, right: &str) -> String {
        let places = right.matches(&self.find).count();
        assert_eq!(places, 1, "{}: src/{} has `{}` {places} times", self.id, self.file, self.find);
        right.replacen(&self.find, &self.replace, 1)
    }
}

fn bugs() -> Vec<Bug> {
    let text = fs::read_to_string(root().join("tests/seeded_bugs/bugs.toml")).unwrap();
    toml::from_str::<Bugs>(&text).unwrap().bug
}

/// Where a test may stand: files of its target, each with the path of its module.
fn modules(target: &str) -> Vec<(PathBuf, String)> {
    let (folder, files) = match target.split_once(' ') {
        None if target == "--lib" => (root().join("src"), files_below(&root().join("src"), ".rs")),
        Some(("--test", name)) => {
            let folder = root().join("tests");
            let mut files = files_below(&folder.join(name), ".rs");
            files.push(folder.join(name).with_extension("rs"));
            return files.into_iter().map(|file| (file, String::new())).collect();
        }
        _ => panic!("`{target}` is no target of tests"),
    };
    let module = |file: &PathBuf| {
        let path =
            file.strip_prefix(&folder).unwrap().with_extension("").to_string_lossy().replace('/', "::");
        format!("{}::", path.trim_end_matches("::mod"))
    };
    files.into_iter().map(|file| (file.clone(), module(&file))).collect()
}

#[test]
fn every_bug_has_its_place_and_its_test() {
    let bugs = bugs();
    assert!(bugs.len() >= BUGS_MIN);
    let mut ids = BTreeSet::new();
    for bug in &bugs {
        assert!(ids.insert(&bug.id) && !bug.what.is_empty(), "{}", bug.id);
        let right = fs::read_to_string(root().join("src").join(&bug.file)).unwrap();
        assert_ne!(bug.put_into(&right), right, "{}", bug.id);
        let (target, test) = bug.target_and_name();
        let function = format!("fn {}(", test.rsplit("::").next().unwrap_or(test));
        let stands = |(file, module): (PathBuf, String)| {
            test.starts_with(&module) && fs::read_to_string(file).is_ok_and(|text| text.contains(&function))
        };
        assert!(modules(target).into_iter().any(stands), "{}: there is no `{}`", bug.id, bug.test);
    }
}

/// A copy of the package, built beside it. What it depends on is built once and kept between runs.
struct Copied {
    tree: PathBuf,
    built: PathBuf,
}

impl Copied {
    fn make() -> Self {
        let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("seeded-bugs");
        let copied = Self { tree: place.join("tree"), built: place.join("target") };
        if copied.tree.exists() {
            fs::remove_dir_all(&copied.tree).unwrap();
        }
        copy_folder(&root(), &copied.tree);
        copied
    }

    fn file(&self, bug: &Bug) -> PathBuf {
        self.tree.join("src").join(&bug.file)
    }

    fn cargo(&self, test: &str, more: &[&str]) -> Output {
        Command::new(env!("CARGO"))
            .current_dir(&self.tree)
            .args(["test", "--release", "--locked", "--config", UNOPTIMISED])
            .args(test.split(' '))
            .args(more)
            .env("CARGO_TARGET_DIR", &self.built)
            // Only what a bug touches is built again.
            .env("CARGO_INCREMENTAL", "1")
            // The tests that notice run in their ordinary size.
            .env_remove("SCHRIFTGUT_FULL")
            .output()
            .unwrap()
    }

    /// Whether the one test of this name passes; an error if it was not built or not run.
    fn passes(&self, bug: &Bug) -> Result<bool, String> {
        let built = self.cargo(&bug.test, &["--no-run"]);
        if !built.status.success() {
            return Err(format!("does not compile:\n{}", String::from_utf8_lossy(&built.stderr)));
        }
        let run = self.cargo(&bug.test, &["--", "--exact"]);
        let said = String::from_utf8_lossy(&run.stdout);
        let one = |result: &str| said.contains(&format!("test {} ... {result}\n", bug.target_and_name().1));
        match (run.status.success(), one("ok"), one("FAILED")) {
            (true, true, false) => Ok(true),
            (false, false, true) => Ok(false),
            _ => Err(format!("was not run:\n{said}{}", String::from_utf8_lossy(&run.stderr))),
        }
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let name = entry.file_name();
        if name == "target" || name.to_string_lossy().starts_with('.') {
            continue;
        }
        let (from, to) = (entry.path(), to.join(&name));
        if from.is_dir() {
            copy_folder(&from, &to);
        } else {
            fs::copy(from, to).unwrap();
        }
    }
}

#[test]
fn every_bug_is_noticed_by_its_test() {
    if std::env::var_os("SCHRIFTGUT_FULL").is_none_or(|full| full != "1") {
        println!("the bugs are built with SCHRIFTGUT_FULL=1");
        return;
    }
    let (bugs, copied) = (bugs(), Copied::make());
    let mut wrong = Vec::new();
    let mut tests = BTreeSet::new();
    for bug in bugs.iter().filter(|bug| tests.insert(&bug.test)) {
        match copied.passes(bug) {
            Ok(true) => {}
            Ok(false) => wrong.push(format!("`{}` fails without a bug", bug.test)),
            Err(why) => wrong.push(format!("`{}` {why}", bug.test)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for bug in &bugs {
        let began = Instant::now();
        let right = fs::read_to_string(copied.file(bug)).unwrap();
        fs::write(copied.file(bug), bug.put_into(&right)).unwrap();
        let found = match copied.passes(bug) {
            Ok(false) => "caught",
            Ok(true) => "MISSED",
            Err(why) => {
                wrong.push(format!("{}: {why}", bug.id));
                "NOT RUN"
            }
        };
        fs::write(copied.file(bug), right).unwrap();
        println!(
            "| {} | {} | `{}` | {found} | {} s |",
            bug.id,
            bug.what,
            bug.test,
            began.elapsed().as_secs()
        );
        if found == "MISSED" {
            wrong.push(format!("{}: `{}` does not notice", bug.id, bug.test));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
