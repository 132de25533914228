//! An office to test: a registry in a folder of its own, worked by the real program as a person at a terminal
//! would, one command after the other.
#![allow(dead_code, reason = "three suites share it, and each needs a part")]

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_schriftgut");
/// The operating-system user: administrator and clerk.
pub const OPERATOR: &str = "amt";
/// Everybody's secret.
pub const SECRET: &str = "vier kurze Worte reichen";

/// What the program said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    /// It went well; the talk on stderr does not matter.
    #[track_caller]
    pub fn done(self) -> Self {
        assert_eq!(self.code, 0, "{self:?}");
        self
    }

    /// It ended with this code and says why in three parts, on stderr alone.
    #[track_caller]
    pub fn failed(self, code: i32) -> String {
        assert_eq!(self.code, code, "{self:?}");
        for part in ["Fehler:  ", "\nGrund:   ", "\nAusweg:  "] {
            assert!(self.err.contains(part), "no {part:?} in {self:?}");
        }
        assert!(!self.err.contains("panicked"), "{self:?}");
        self.err
    }

    /// The lines of stdout as JSON.
    #[track_caller]
    pub fn lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect()
    }

    /// Stdout as one JSON document.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{self:?}"))
    }
}

/// A registry in a folder of its own, beside room for files.
pub struct Office {
    folder: TempDir,
    registry: PathBuf,
}

impl Office {
    /// A registry as `init` makes it.
    pub fn new() -> Self {
        Self::founded(&[])
    }

    /// A registry for showing: no days of grace.
    pub fn demo() -> Self {
        Self::founded(&["--demo"])
    }

    fn founded(more: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let registry = folder.path().join("registratur");
        let office = Self { folder, registry };
        office.run(["init"].iter().chain(more)).done();
        office
    }

    /// The registry's folder.
    pub fn registry(&self) -> &Path {
        &self.registry
    }

    /// A place beside the registry.
    pub fn place(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file beside the registry.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.place(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The program with this registry, as the operating-system user.
    pub fn command(&self) -> Command {
        let mut command = program();
        command.current_dir(self.folder.path()).env("SCHRIFTGUT_REGISTRY", &self.registry);
        command
    }

    /// Runs a command.
    pub fn run<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Said {
        said(self.command().args(args))
    }

    /// Runs a command as this person.
    pub fn run_as(&self, login: &str, args: &[&str]) -> Said {
        said(self.command().args(["--as", login]).args(args).env("SCHRIFTGUT_SECRET", SECRET))
    }

    /// Registers a person with a secret of their own.
    pub fn add_person(&self, login: &str, name: &str, roles: &[&str]) {
        let roles = roles.iter().flat_map(|role| ["--role", role]);
        self.run(["user", "add", login, "--name", name].into_iter().chain(roles)).done();
        let handed_out = "vom Amt vergeben";
        said(self.command().args(["user", "secret", login]).env("SCHRIFTGUT_NEW_SECRET", handed_out)).done();
        let own = ["--as", login, "user", "secret", login];
        let mut command = self.command();
        command.env("SCHRIFTGUT_SECRET", handed_out).env("SCHRIFTGUT_NEW_SECRET", SECRET);
        said(command.args(own)).done();
    }

    /// The public key of the ledger, as `init` and `proof show` say it.
    pub fn ledger_key(&self) -> String {
        let manifest = std::fs::read_to_string(self.registry.join("schriftgut.toml")).unwrap();
        schriftgut::format::manifest::Manifest::read(&manifest)
            .map(|manifest| schriftgut::registry::verifier_key(&manifest.origin(), &manifest.ledger_key))
            .unwrap()
    }

    /// Takes files in without reading them, and answers the ids of the documents, in the order of the answers.
    pub fn take_in(&self, args: &[&str]) -> Vec<String> {
        let said = self.run(["ingest", "--json", "--no-read"].iter().chain(args)).done();
        let ids = said.lines();
        ids.iter().filter_map(|line| line["document"].as_str().map(str::to_owned)).collect()
    }

    /// The original of a document, as `get` gives it.
    #[track_caller]
    pub fn original(&self, document: &str) -> Vec<u8> {
        let out = self.place(&format!("ausgabe-{document}"));
        self.run(["get", document, "--out", out.to_str().unwrap()]).done();
        std::fs::read(out).unwrap()
    }
}

/// The program without a registry, in German surroundings.
pub fn program() -> Command {
    let mut command = Command::new(PROGRAM);
    for name in ["SCHRIFTGUT_REGISTRY", "SCHRIFTGUT_SECRET", "SCHRIFTGUT_NEW_SECRET"] {
        command.env_remove(name);
    }
    command.env("USER", OPERATOR).stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub fn said(command: &mut Command) -> Said {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

/// What changes from run to run, replaced: folders, ids, keys, times.
pub fn redacted(office: &Office, text: &str) -> String {
    let folder = office.folder.path().to_str().unwrap();
    let mut text = text.replace(folder, "[ordner]");
    // Also yesterday: the day may have ended since.
    let today = jiff::Zoned::now().date();
    for day in [today, today.yesterday().unwrap()] {
        text = text.replace(&day.strftime("%d.%m.%Y").to_string(), "[heute]");
    }
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.char_indices().map(|(at, _)| at).find(|at| uuid_at(&rest[*at..])) {
        out.push_str(&rest[..at]);
        out.push_str("[kennung]");
        rest = &rest[at + UUID_CHARS..];
    }
    out.push_str(rest);
    out
}

const UUID_CHARS: usize = 36;

fn uuid_at(text: &str) -> bool {
    text.get(..UUID_CHARS).is_some_and(|text| uuid::Uuid::try_parse(text).is_ok())
}
