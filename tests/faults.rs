//! What a disk that fails may not do: a full one, one that refuses a write, one that cannot sync, one that lies.
//! `SCHRIFTGUT_FULL=1` lets every single call fail in turn; otherwise a part of them.

mod common;
mod machine;
#[path = "faults/views.rs"]
mod views;

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use common::condemned::{
    Condemned, FILES_PER_LIST, WORD, acknowledged, assert_three_parts, bytes_of, ingest, noise, program,
};
use common::open_patiently;
use machine::{
    HANGS, Injected, SmallDisk, Traced, cannot_trace, full_size, injected, not_run, path_of, traced,
};
use tempfile::TempDir;

use schriftgut::domain::ids::DocumentId;

/// Calls that fail in a normal run: the first ones each, then every so many.
const EACH: u32 = 12;
const THEN_EVERY: u32 = 4;
/// No sweep is longer than this.
const SWEEP_MAX: u32 = 2_000;

/// An office with one signed list, and papers to take in.
struct Prepared {
    office: Condemned,
    papers: TempDir,
}

impl Prepared {
    fn new() -> Self {
        let papers = TempDir::new().unwrap();
        for number in 0..5 {
            let bytes = noise(&number.to_string(), if number == 3 { 1_200_000 } else { 5_000 });
            std::fs::write(papers.path().join(format!("{number}.bin")), bytes).unwrap();
        }
        Self { office: Condemned::with_lists(1), papers }
    }

    fn ingest(&self, root: &Path) -> Command {
        ingest(root, "N-1", self.papers.path())
    }

    fn execute(&self, root: &Path) -> Command {
        program(root, self.office.lists[0].execute())
    }
}

/// Views are made anew from the truth; only what is about the truth decides.
fn is_truth(path: &str) -> bool {
    !path.contains("/views/") && !path.ends_with("/views") && path.contains("/amt")
}

/// Judges one run: the registry, what was traced, what was injected, and where.
type Judge<'a> = &'a dyn Fn(&Path, &Traced, &[Injected], &str);

/// Lets the first call fail, then the second, and so on, until the program no longer comes that far. Each time the
/// program runs on a fresh copy.
fn sweep(
    what: &str,
    prepared: &Prepared,
    command: &dyn Fn(&Path) -> Command,
    calls: &str,
    inject: &dyn Fn(u32) -> String,
    judge: Judge<'_>,
) {
    let begun = Instant::now();
    let (mut number, mut runs, mut hits) = (1, 0, 0);
    loop {
        assert!(number < SWEEP_MAX, "{what}: no end");
        let scratch = TempDir::new().unwrap();
        let root = scratch.path().join("amt");
        prepared.office.copy_to(&root);
        let traced = traced(&command(&root), calls, &inject(number), None);
        assert_ne!(traced.code, HANGS, "{what}, call {number}: it hangs");
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
    prepared.office.assert_sound(root, &taken, at);
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
    prepared.office.assert_sound(root, &taken, at);
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
    let scratch = TempDir::new().unwrap();
    let root = scratch.path().join("amt");
    prepared.office.copy_to(&root);
    let undisturbed = traced(&prepared.ingest(&root), WRITES, &format!("{WRITES}:error=EIO:when=9999"), None);
    assert_eq!(undisturbed.code, 0, "{}", undisturbed.err);
    let mut writes: BTreeMap<&str, u32> = BTreeMap::new();
    // Names that are thrown anew each time cannot be asked for.
    for path in undisturbed.calls.iter().map(|call| path_of(call)).filter(|path| !path.ends_with(".tmp")) {
        *writes.entry(path).or_default() += u32::from(is_truth(path));
    }
    let mut lies = 0;
    for (path, count) in writes {
        for number in 1..=count {
            std::fs::remove_dir_all(&root).unwrap();
            prepared.office.copy_to(&root);
            let inject = format!("{WRITES}:retval=40:when={number}");
            let traced = traced(&prepared.ingest(&root), WRITES, &inject, Some(path));
            let at = format!("write {number} of {path}");
            assert_ne!(traced.code, HANGS, "{at}: it hangs");
            lies += injected(&traced.calls).len();
            assert_noticed(&root, &acknowledged(&traced.out), &at);
        }
    }
    println!("{lies} lies");
    assert!(lies >= 5, "only {lies} writes were lied about");
}

fn assert_noticed(root: &Path, taken: &BTreeMap<DocumentId, String>, at: &str) {
    let Ok(registry) = open_patiently(root) else { return }; // refused as damaged
    let clean = common::verify(&registry).is_ok_and(|verified| verified.is_clean());
    for (id, source) in taken {
        let served = bytes_of(&registry, *id);
        assert!(served.is_none() || served == std::fs::read(source).ok(), "{at}: wrong bytes of {source}");
        assert!(served.is_some() || !clean, "{at}: {source} is lost and nobody notices");
    }
}

/// `serve`, ended when the test is over.
struct Server {
    child: Child,
    talk: JoinHandle<String>,
}

impl Server {
    fn start(root: &Path) -> Self {
        let mut command = program(root, ["serve", "--listen", "127.0.0.1:0"]);
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
                let status =
                    task.map(|task| std::fs::read_to_string(task.path().join("status")).unwrap_or_default());
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
        prepared.office.copy_to(&root);
        let server = Server::start(&root);
        let strace =
            Attached::to(server.child.id(), SYNCS, &format!("fsync,fdatasync:error=EIO:when={number}"));
        let said = prepared.ingest(&root).output().unwrap();
        let err = String::from_utf8(said.stderr).unwrap();
        let taken = acknowledged(&String::from_utf8(said.stdout).unwrap());
        if said.status.success() {
            strace.detach();
            server.end(false);
            prepared.office.assert_sound(&root, &taken, &at);
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
        prepared.office.assert_sound(&root, &taken, &at);
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
    prepared.office.copy_to(&root);
    let server = served.then(|| Server::start(&root));
    let papers = TempDir::new().unwrap();
    for number in 0..DELIVERED {
        let name = format!("Lieferung{number:03}.bin");
        std::fs::write(papers.path().join(&name), noise(&name, DELIVERED_BYTES)).unwrap();
    }
    let run = |arguments: &[&str]| program(&root, arguments).output().unwrap();
    let take_in = || ingest(&root, "N-1", papers.path()).output().unwrap();

    let first = take_in();
    refused_for_want_of_room(&first, "the disk fills up");
    let mut taken = acknowledged(&String::from_utf8(first.stdout).unwrap());
    assert!(!taken.is_empty(), "nothing was taken in before the disk was full");
    let again = take_in();
    refused_for_want_of_room(&again, "it is still full");
    taken.extend(acknowledged(&String::from_utf8(again.stdout).unwrap()));

    disk.fill();
    refused_for_want_of_room(&take_in(), "not a byte is left");
    for (id, source) in taken.iter().take(3) {
        let out = papers.path().join("heraus");
        well(&run(&["get", &id.to_string(), "--out", out.to_str().unwrap()]), "get on a full disk");
        assert!(std::fs::read(&out).unwrap() == std::fs::read(source).unwrap(), "{source}");
        std::fs::remove_file(out).unwrap();
    }
    let found = well(&run(&["search", "--json", WORD]), "search on a full disk");
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&found).unwrap()["total"],
        FILES_PER_LIST,
        "{found}"
    );
    well(&run(&["verify", "--read-data"]), "verify on a full disk");

    let executed = prepared.execute(&root).output().unwrap();
    assert!(well(&executed, "destruction on a full disk").contains("vernichtet"));
    refused_for_want_of_room(&take_in(), "the reserve comes first");

    disk.free();
    let one = papers.path().join("Lieferung399.bin");
    let said = run(&["ingest", "--json", "--no-read", one.to_str().unwrap()]);
    taken.extend(acknowledged(&well(&said, "there is room again")));
    let found = well(&run(&["search", "--json", "datei:Lieferung399"]), "search");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&found).unwrap()["total"], 1, "{found}");
    if let Some(server) = server {
        let (code, talk) = server.end(false);
        assert_eq!(code, Some(0), "it went on all the time: {talk}");
    }
    let (_, gone) = prepared.office.assert_sound(&root, &taken, "afterwards");
    assert_eq!(gone.len(), 1, "the list is gone");
    println!("{} acknowledged, all there", taken.len());
}

#[test]
fn a_full_disk_refuses_and_goes_on_when_there_is_room() {
    full_and_free_again(false);
}

#[test]
fn a_server_on_a_full_disk_refuses_and_goes_on_when_there_is_room() {
    full_and_free_again(true);
}
