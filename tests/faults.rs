//! What a disk that fails may not do: a full one, one that refuses a write, one that cannot sync, one that lies.
//! `SCHRIFTGUT_FULL=1` lets every single call fail in turn; otherwise a part of them.

mod common;
mod machine;

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use common::{OPERATOR, PROGRAM, Paper, SECRET, TestOffice, WITHDRAWN, copy_folder, open_patiently};
use machine::{
    Injected, SmallDisk, Traced, cannot_trace, full_size, injected, noise, not_run, path_of, traced,
};
use tempfile::TempDir;

use schriftgut::domain::disposal::Stage;
use schriftgut::domain::ids::{DisposalListId, DocumentId};
use schriftgut::registry::{Registry, verify_proof};

/// Calls that fail in a normal run: the first ones each, then every so many.
const EACH: u32 = 12;
const THEN_EVERY: u32 = 4;
/// No sweep is longer than this.
const SWEEP_MAX: u32 = 2_000;

/// A founded office with a signed list of two files, and papers to take in.
struct Prepared {
    place: TempDir,
    list: DisposalListId,
    going: BTreeMap<DocumentId, Vec<u8>>,
    staying: BTreeMap<DocumentId, Vec<u8>>,
}

const FILES: usize = 2;

impl Prepared {
    fn new() -> Self {
        let mut office = TestOffice::demo();
        let shared = b"Dieselbe Anlage liegt allen Akten bei.".to_vec();
        let stays = office.take_in(Paper::new("B-1", WITHDRAWN, "anlage.txt", shared.clone()));
        let mut going = BTreeMap::new();
        for file in 0..FILES {
            let text = format!("Antrag {file}: Garage, Carport, Zaun.").into_bytes();
            let large = noise(&format!("gross {file}"), 1_300_000);
            for bytes in [shared.clone(), text, large] {
                let paper = Paper::new(if file == 0 { "V-0" } else { "V-1" }, WITHDRAWN, "blatt", bytes.clone());
                going.insert(office.take_in(paper), bytes);
            }
        }
        (0..FILES).for_each(|file| office.close(&format!("V-{file}"), common::LONG_AGO));
        let list = office.signed_list();
        office.read_texts();
        office.registry().search(office.manager.as_reader().unwrap(), "Garage", 0, 1).unwrap();
        office.close_doors();
        let place = TempDir::new().unwrap();
        copy_folder(office.root(), &place.path().join("amt"));
        let papers = place.path().join("papiere");
        std::fs::create_dir(&papers).unwrap();
        for number in 0..5 {
            let bytes = noise(&number.to_string(), if number == 3 { 1_200_000 } else { 5_000 });
            std::fs::write(papers.join(format!("{number}.bin")), bytes).unwrap();
        }
        Self { place, list, going, staying: BTreeMap::from([(stays, shared)]) }
    }

    fn papers(&self) -> PathBuf {
        self.place.path().join("papiere")
    }

    /// A copy of the office, to be spoiled.
    fn copy(&self, place: &Path) {
        copy_folder(&self.place.path().join("amt"), place);
    }

    fn ingest(&self, root: &Path) -> Command {
        let papers = self.papers();
        let papers = papers.to_str().unwrap();
        program(root, &["ingest", "--json", "--no-read", "--file", "N-1", "--class", WITHDRAWN, papers])
    }

    fn execute(&self, root: &Path) -> Command {
        let list = self.list.to_string();
        program(root, &["list", "execute", &list, "--confirm", &list[..8]])
    }

    /// Opened again: what was acknowledged is there, what stays is whole, and the list is whole or gone.
    fn assert_sound(&self, root: &Path, taken: &BTreeMap<DocumentId, String>, at: &str) -> Registry {
        let registry = open_patiently(root).unwrap_or_else(|error| panic!("{at}: {error}"));
        for (id, source) in taken {
            assert!(bytes_of(&registry, *id) == std::fs::read(source).ok(), "{at}: {source}");
        }
        for (id, bytes) in &self.staying {
            assert!(bytes_of(&registry, *id).as_ref() == Some(bytes), "{at}: what stays is whole");
        }
        self.is_gone(&registry, at);
        let verified = common::verify(&registry).unwrap();
        assert!(verified.is_clean(), "{at}: {verified:#?}");
        registry
    }

    /// The list is executed, with a certificate, and nothing of it is left; or all of it is there.
    fn is_gone(&self, registry: &Registry, at: &str) -> bool {
        let person = registry.person("archiv").unwrap();
        let stage = registry.show_list(person.as_auditor().unwrap(), self.list).unwrap().list.stage;
        let left = self.going.iter().filter(|(id, bytes)| bytes_of(registry, **id).as_ref() == Some(*bytes));
        let left = left.count();
        if !matches!(stage, Stage::Executed { .. }) {
            assert_eq!(left, self.going.len(), "{at}: a list that is not executed is whole");
            return false;
        }
        assert_eq!(left, 0, "{at}: of an executed list nothing is left");
        let path = registry.layout().certificates().join(format!("{}.json", self.list));
        let certificate = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{at}: {error}"));
        assert_eq!(verify_proof(&certificate, &registry.verifier_key()).unwrap().destroyed, Some(FILES), "{at}");
        true
    }
}

fn program(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).stdin(Stdio::null());
    command.env("SCHRIFTGUT_REGISTRY", root).env("SCHRIFTGUT_SECRET", SECRET).env("USER", OPERATOR);
    command
}

fn bytes_of(registry: &Registry, id: DocumentId) -> Option<Vec<u8>> {
    let person = registry.person("voss").unwrap();
    let mut bytes = Vec::new();
    registry.get(person.as_reader().unwrap(), id, &mut bytes).ok().map(|_| bytes)
}

/// The documents acknowledged on stdout, with their sources. The last line may be cut.
fn acknowledged(out: &str) -> BTreeMap<DocumentId, String> {
    let lines = out.split_inclusive('\n').filter(|line| line.ends_with('\n'));
    let values = lines.map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let taken = values.filter_map(|value| {
        let id = value["document"].as_str()?.parse().unwrap();
        Some((id, value["source"].as_str().unwrap().to_owned()))
    });
    taken.collect()
}

fn assert_three_parts(err: &str, at: &str) {
    assert!(!err.contains("panicked"), "{at}: {err}");
    for part in ["Fehler:  ", "\nGrund:   ", "\nAusweg:  "] {
        assert!(err.contains(part), "{at}: no {part:?} in {err}");
    }
}

/// Views are made anew from the truth; only what is about the truth decides.
fn is_truth(path: &str) -> bool {
    !path.contains("/views/") && !path.ends_with("/views") && path.contains("/amt")
}

/// Lets the first call fail, then the second, and so on, until the program no longer comes that far. Each time the
/// program runs on a fresh copy.
fn sweep(
    what: &str,
    prepared: &Prepared,
    command: &dyn Fn(&Path) -> Command,
    calls: &str,
    inject: &dyn Fn(u32) -> String,
    judge: &dyn Fn(&Path, &Traced, &[Injected], &str),
) {
    let begun = std::time::Instant::now();
    let (mut number, mut runs, mut hits) = (1, 0, 0);
    loop {
        assert!(number < SWEEP_MAX, "{what}: no end");
        let scratch = TempDir::new().unwrap();
        let root = scratch.path().join("amt");
        prepared.copy(&root);
        let traced = traced(&command(&root), calls, &inject(number));
        let injected = injected(&traced.calls);
        runs += 1;
        if injected.is_empty() {
            assert_eq!(traced.code, 0, "{what}, undisturbed: {}", traced.err);
            break;
        }
        hits += usize::from(injected.iter().any(|hit| is_truth(&hit.path)));
        judge(&root, &traced, &injected, &format!("{what}, call {number}"));
        number += if full_size() || number < EACH { 1 } else { THEN_EVERY };
    }
    println!("{what}: {runs} runs, {hits} of them hit the truth, {:?}", begun.elapsed());
    assert!(hits > 0, "{what}: nothing was hit");
}

/// After a sync that failed nothing is acknowledged and the sync is not tried again; the program ends and says why.
fn judge_sync(prepared: &Prepared, root: &Path, traced: &Traced, injected: &[Injected], at: &str) {
    let taken = acknowledged_in(&traced.out);
    for hit in injected.iter().filter(|hit| is_truth(&hit.path)) {
        let at = format!("{at} ({})", hit.path);
        assert_eq!(traced.code, 1, "{at}: {}", traced.err);
        assert_three_parts(&traced.err, &at);
        assert_nothing_follows(&traced.calls[hit.at + 1..], &hit.path, &at);
    }
    prepared.assert_sound(root, &taken, at);
}

fn assert_nothing_follows(calls: &[String], path: &str, at: &str) {
    for call in calls {
        assert!(!call.contains(r#"\"outcome\":\"taken\""#), "{at}: acknowledged afterwards: {call}");
        assert!(!call.starts_with("write(1<") || !call.contains("vernichtet"), "{at}: reported: {call}");
        let again = call.contains("sync(") && path_of(call) == path;
        assert!(!again, "{at}: tried again: {call}");
    }
}

/// What `list execute` says is no JSON.
fn acknowledged_in(out: &str) -> BTreeMap<DocumentId, String> {
    if out.starts_with('{') { acknowledged(out) } else { BTreeMap::new() }
}

const SYNCS: &str = "fsync,fdatasync,write";

#[test]
fn a_sync_that_fails_while_taking_in_ends_the_program() {
    if let Some(why) = cannot_trace() {
        return not_run(&why);
    }
    let prepared = Prepared::new();
    let inject = |number| format!("fsync,fdatasync:error=EIO:when={number}");
    let judge = |root: &Path, traced: &Traced, injected: &[Injected], at: &str| {
        judge_sync(&prepared, root, traced, injected, at);
    };
    sweep("sync, taking in", &prepared, &|root| prepared.ingest(root), SYNCS, &inject, &judge);
}

#[test]
fn a_sync_that_fails_while_destroying_ends_the_program_and_the_next_start_finishes() {
    if let Some(why) = cannot_trace() {
        return not_run(&why);
    }
    let prepared = Prepared::new();
    let inject = |number| format!("fsync,fdatasync:error=EIO:when={number}");
    let judge = |root: &Path, traced: &Traced, injected: &[Injected], at: &str| {
        judge_sync(&prepared, root, traced, injected, at);
    };
    sweep("sync, destroying", &prepared, &|root| prepared.execute(root), SYNCS, &inject, &judge);
}

/// A write that fails is an error with its reason, and what was acknowledged before stays.
fn judge_write(prepared: &Prepared, root: &Path, traced: &Traced, injected: &[Injected], at: &str) {
    let taken = acknowledged_in(&traced.out);
    if let Some(hit) = injected.iter().find(|hit| is_truth(&hit.path)) {
        let at = format!("{at} ({})", hit.path);
        assert_eq!(traced.code, 1, "{at}: {}", traced.err);
        assert_three_parts(&traced.err, &at);
    }
    assert!(!traced.err.contains("panicked"), "{at}: {}", traced.err);
    prepared.assert_sound(root, &taken, at);
}

/// What the program writes goes through these; its words to stdout and stderr do not.
const WRITES: &str = "pwrite64";

#[test]
fn a_write_that_fails_is_an_error_with_its_reason() {
    if let Some(why) = cannot_trace() {
        return not_run(&why);
    }
    let prepared = Prepared::new();
    let judge = |root: &Path, traced: &Traced, injected: &[Injected], at: &str| {
        judge_write(&prepared, root, traced, injected, at);
    };
    // Once, and from then on.
    for (error, on) in [("EIO", ""), ("ENOSPC", "+")] {
        let inject = |number| format!("{WRITES}:error={error}:when={number}{on}");
        let (taking_in, destroying) = (format!("{error}{on}, taking in"), format!("{error}{on}, destroying"));
        sweep(&taking_in, &prepared, &|root| prepared.ingest(root), WRITES, &inject, &judge);
        sweep(&destroying, &prepared, &|root| prepared.execute(root), WRITES, &inject, &judge);
    }
}

/// The system says that some bytes were written, and they were not: a lying disk. No wrong byte is ever served, and
/// what cannot be served is found out.
#[test]
fn a_disk_that_lies_about_a_write_is_found_out() {
    if let Some(why) = cannot_trace() {
        return not_run(&why);
    }
    let prepared = Prepared::new();
    let judge = |root: &Path, traced: &Traced, _: &[Injected], at: &str| {
        let taken = acknowledged_in(&traced.out);
        let Ok(registry) = open_patiently(root) else { return }; // refused as damaged
        let clean = common::verify(&registry).is_ok_and(|verified| verified.is_clean());
        for (id, source) in &taken {
            let served = bytes_of(&registry, *id);
            assert!(served.is_none() || served == std::fs::read(source).ok(), "{at}: wrong bytes of {source}");
            assert!(served.is_some() || !clean, "{at}: {source} is lost and nobody notices");
        }
    };
    let inject = |number| format!("{WRITES}:retval=40:when={number}");
    sweep("lies, taking in", &prepared, &|root| prepared.ingest(root), WRITES, &inject, &judge);
}

/// `serve`, ended when the test is over.
struct Server {
    child: Child,
    talk: JoinHandle<String>,
}

impl Server {
    fn start(root: &Path) -> Self {
        let mut command = program(root, &["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        stderr.read_line(&mut line).unwrap();
        assert!(line.contains("http://127.0.0.1:"), "{line}");
        let talk = std::thread::spawn(move || {
            let mut talk = String::new();
            let _ = stderr.read_to_string(&mut talk);
            talk
        });
        Self { child, talk }
    }

    /// Ends it as a service manager would, or hears how it ended by itself.
    fn end(mut self, by_itself: bool) -> (Option<i32>, String) {
        if !by_itself {
            rustix::process::kill_process(
                rustix::process::Pid::from_child(&self.child),
                rustix::process::Signal::TERM,
            )
            .unwrap();
        }
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if begun.elapsed() > Duration::from_secs(20) {
                let _ = self.child.kill();
                panic!("the server goes on");
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        (status.code(), self.talk.join().unwrap())
    }
}

/// `strace` at a running process.
struct Attached {
    strace: Child,
    log: TempDir,
}

impl Attached {
    fn to(process: u32, calls: &str, inject: &str) -> Self {
        let log = TempDir::new().unwrap();
        let mut strace = Command::new("strace");
        strace.args(["-f", "-qq", "-y", "-s", "600", "-e", &format!("trace={calls}"), "-e", "signal=none"]);
        strace.args(["-e", &format!("inject={inject}"), "-p", &process.to_string(), "-o"]);
        let strace = strace.arg(log.path().join("log")).stdin(Stdio::null()).spawn().unwrap();
        let attached = || {
            std::fs::read_dir(format!("/proc/{process}/task")).unwrap().all(|task| {
                let status = task.map(|task| std::fs::read_to_string(task.path().join("status")).unwrap_or_default());
                status.is_ok_and(|status| !status.contains("TracerPid:\t0\n"))
            })
        };
        let begun = Instant::now();
        while !attached() {
            assert!(begun.elapsed() < Duration::from_secs(10), "strace does not attach");
            std::thread::sleep(Duration::from_millis(10));
        }
        Self { strace, log }
    }

    /// The calls that were made to fail; the process goes on alone.
    fn detach(mut self) -> (Vec<String>, Vec<Injected>) {
        let _ = rustix::process::kill_process(
            rustix::process::Pid::from_child(&self.strace),
            rustix::process::Signal::INT,
        );
        self.strace.wait().unwrap();
        let calls = machine::calls_of(&std::fs::read_to_string(self.log.path().join("log")).unwrap());
        let injected = injected(&calls);
        (calls, injected)
    }
}

/// After a sync that failed a server acknowledges nothing more, tells whoever asked, and ends with the reason.
#[test]
fn a_sync_that_fails_ends_the_server_with_the_reason() {
    if let Some(why) = cannot_trace() {
        return not_run(&why);
    }
    let prepared = Prepared::new();
    let (mut ended, mut number) = (0, 1);
    loop {
        let at = format!("server, sync {number}");
        let scratch = TempDir::new().unwrap();
        let root = scratch.path().join("amt");
        prepared.copy(&root);
        let server = Server::start(&root);
        let strace =
            Attached::to(server.child.id(), SYNCS, &format!("fsync,fdatasync:error=EIO:when={number}"));
        let said = prepared.ingest(&root).output().unwrap();
        let err = String::from_utf8(said.stderr).unwrap();
        let taken = acknowledged(&String::from_utf8(said.stdout).unwrap());
        if said.status.success() {
            strace.detach();
            server.end(false);
            prepared.assert_sound(&root, &taken, &at);
            break;
        }
        assert_eq!(said.status.code(), Some(1), "{at}: {err}");
        assert_three_parts(&err, &at);
        let (code, talk) = server.end(true);
        let (calls, injected) = strace.detach();
        let hit = injected.iter().find(|hit| is_truth(&hit.path)).unwrap_or_else(|| panic!("{at}: {err}"));
        assert_eq!(code, Some(1), "{at}: {talk}");
        assert!(talk.contains("es wird nichts mehr geschrieben"), "{at}: {talk}");
        assert_three_parts(&talk, &at);
        assert_nothing_follows(&calls[hit.at + 1..], &hit.path, &at);
        prepared.assert_sound(&root, &taken, &at);
        ended += 1;
        number += 1;
    }
    assert!(ended >= 3, "only {ended} syncs were hit");
}

const DISK_MIB: u32 = 64;
/// More than fits.
const DELIVERED: u32 = 400;
const DELIVERED_BYTES: usize = 200_000;

/// The words of a command that a full disk refuses.
fn refused_for_want_of_room(said: &Output, at: &str) {
    let err = String::from_utf8_lossy(&said.stderr);
    assert_eq!(said.status.code(), Some(1), "{at}: {err}");
    assert_three_parts(&err, at);
    assert!(err.contains("Der Datenträger ist voll") && err.contains("schaffen Sie Platz"), "{at}: {err}");
}

fn well(said: &Output, at: &str) -> String {
    assert!(said.status.success(), "{at}: {said:?}");
    String::from_utf8(said.stdout.clone()).unwrap()
}

/// Filled by taking in, then by somebody else to the last byte; then there is room again.
fn full_and_free_again(served: bool) {
    let disk = match SmallDisk::new(DISK_MIB) {
        Ok(disk) => disk,
        Err(why) => return not_run(&why),
    };
    let prepared = Prepared::new();
    let root = disk.place().join("amt");
    prepared.copy(&root);
    let server = served.then(|| Server::start(&root));
    let papers = TempDir::new().unwrap();
    for number in 0..DELIVERED {
        let name = format!("Lieferung{number:03}.bin");
        std::fs::write(papers.path().join(&name), noise(&name, DELIVERED_BYTES)).unwrap();
    }
    let run = |arguments: &[&str]| program(&root, arguments).output().unwrap();
    let all = papers.path().to_str().unwrap();
    let ingest = ["ingest", "--json", "--no-read", "--file", "N-1", "--class", WITHDRAWN, all];

    let first = run(&ingest);
    refused_for_want_of_room(&first, "the disk fills up");
    let mut taken = acknowledged(&String::from_utf8(first.stdout).unwrap());
    assert!(!taken.is_empty(), "nothing was taken in before the disk was full");
    let again = run(&ingest);
    refused_for_want_of_room(&again, "it is still full");
    taken.extend(acknowledged(&String::from_utf8(again.stdout).unwrap()));

    disk.fill();
    refused_for_want_of_room(&run(&ingest), "not a byte is left");
    for (id, source) in taken.iter().take(3) {
        let out = papers.path().join("heraus");
        well(&run(&["get", &id.to_string(), "--out", out.to_str().unwrap()]), "get on a full disk");
        assert!(std::fs::read(&out).unwrap() == std::fs::read(source).unwrap(), "{source}");
        std::fs::remove_file(out).unwrap();
    }
    let found = well(&run(&["search", "--json", "Garage"]), "search on a full disk");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&found).unwrap()["total"], FILES, "{found}");
    well(&run(&["verify", "--read-data"]), "verify on a full disk");

    let list = prepared.list.to_string();
    let executed = run(&["list", "execute", &list, "--confirm", &list[..8]]);
    assert!(well(&executed, "destruction on a full disk").contains("vernichtet"));
    refused_for_want_of_room(&run(&ingest), "the reserve comes first");

    disk.free();
    let one = papers.path().join("Lieferung399.bin");
    let said = run(&["ingest", "--json", "--no-read", one.to_str().unwrap()]);
    taken.extend(acknowledged(&well(&said, "there is room again")));
    let found = well(&run(&["search", "--json", "Lieferung399"]), "search");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&found).unwrap()["total"], 1, "{found}");
    if let Some(server) = server {
        let (code, talk) = server.end(false);
        assert_eq!(code, Some(0), "it went on all the time: {talk}");
    }
    let registry = prepared.assert_sound(&root, &taken, "afterwards");
    assert!(prepared.is_gone(&registry, "afterwards"));
    println!("{} of {DELIVERED} were taken in before the disk was full", taken.len() - 1);
}

#[test]
fn a_full_disk_refuses_and_goes_on_when_there_is_room() {
    full_and_free_again(false);
}

#[test]
fn a_server_on_a_full_disk_refuses_and_goes_on_when_there_is_room() {
    full_and_free_again(true);
}
