//! What an acknowledgement promises: whatever was acknowledged before `kill -9` is there afterwards, byte for
//! byte, and what was still to be read is read later.

mod common;
mod machine;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use common::condemned::{Condemned, acknowledged, bytes_of, ingest, program};
use common::{OPERATOR, PROGRAM, SECRET, TestOffice, WITHDRAWN, open_patiently};
use machine::{Dice, times};
use tempfile::TempDir;

use schriftgut::domain::ids::DocumentId;

const KILLS: u32 = 70;
const ACKNOWLEDGED_MIN: usize = 1_000;
const DOCUMENTS_PER_RUN: u32 = 500;

fn schriftgut(root: &Path, arguments: &[&str]) -> Child {
    Command::new(PROGRAM)
        .args(arguments)
        .env("SCHRIFTGUT_REGISTRY", root)
        .env("SCHRIFTGUT_SECRET", SECRET)
        .env("USER", OPERATOR)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// A folder of small texts, none like another.
fn material(folder: &Path, run: u32, documents: u32) {
    std::fs::create_dir_all(folder).unwrap();
    for number in 0..documents {
        let text =
            format!("Lauf {run}, Blatt {number}: {}\n", "Garage und Zaun. ".repeat((number % 40) as usize));
        std::fs::write(folder.join(format!("{run:03}-{number:04}.txt")), text).unwrap();
    }
}

/// Lets it run for a while, kills it, and answers what it had acknowledged: document and source.
fn kill_after(mut child: Child, delay: Duration) -> Vec<(DocumentId, String)> {
    let stdout = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut acknowledged = Vec::new();
        let mut lines = BufReader::new(stdout);
        let mut line = String::new();
        // The last line may be cut: only a whole one acknowledges.
        while lines.read_line(&mut line).unwrap_or(0) > 0 && line.ends_with('\n') {
            let value: serde_json::Value = serde_json::from_str(&line).unwrap();
            if let Some(id) = value["document"].as_str() {
                assert!(matches!(value["outcome"].as_str(), Some("taken" | "known")), "{line}");
                acknowledged.push((id.parse().unwrap(), value["source"].as_str().unwrap().to_owned()));
            }
            line.clear();
        }
        acknowledged
    });
    std::thread::sleep(delay);
    let _ = child.kill();
    child.wait().unwrap();
    reader.join().unwrap()
}

/// How long a run takes that nobody kills: kills fall into this time, whatever the machine.
fn whole_run(root: &Path, papers: &Path) -> Duration {
    let folder = papers.join("ganz");
    material(&folder, KILLS, DOCUMENTS_PER_RUN);
    let begun = Instant::now();
    let folder = folder.to_str().unwrap();
    let arguments = ["ingest", "--json", "--no-read", "--file", "K-0", "--class", WITHDRAWN, folder];
    assert!(schriftgut(root, &arguments).wait_with_output().unwrap().status.success());
    begun.elapsed()
}

#[test]
fn what_was_acknowledged_survives_kill_9() {
    let mut office = TestOffice::demo();
    let root = office.root().to_owned();
    office.close_doors();
    let papers = TempDir::new().unwrap();
    let mut journal: BTreeMap<DocumentId, String> = BTreeMap::new();
    let whole_run = whole_run(&root, papers.path());
    let begun = Instant::now();
    let mut cut_short = 0;
    // A quick machine may take a few more kills until enough was acknowledged.
    let mut run = 0;
    while run < KILLS || (journal.len() < ACKNOWLEDGED_MIN && run < 10 * KILLS) {
        let folder = papers.path().join(run.to_string());
        material(&folder, run, DOCUMENTS_PER_RUN);
        let file = format!("K-{}", run % 7);
        let folder = folder.to_str().unwrap();
        let arguments = ["ingest", "--json", "--no-read", "--file", &file, "--class", WITHDRAWN, folder];
        // Every fifth run is let read as well.
        let reading = run % 5 == 4;
        let arguments: Vec<&str> =
            arguments.into_iter().filter(|a| !(reading && *a == "--no-read")).collect();
        let delay = whole_run.mul_f64(1.2 * f64::from((run * 37) % KILLS + 1) / f64::from(KILLS));
        let acknowledged = kill_after(schriftgut(&root, &arguments), delay);
        cut_short += u32::from(acknowledged.len() < DOCUMENTS_PER_RUN as usize);
        for (id, source) in acknowledged {
            assert!(journal.insert(id, source).is_none(), "an id was given twice");
        }
        drop(open_patiently(&root).unwrap_or_else(|error| panic!("run {run}: {error}")));
        run += 1;
    }
    println!("{} acknowledged, {cut_short} of {run} runs cut short, {:?}", journal.len(), begun.elapsed());
    assert!(journal.len() >= ACKNOWLEDGED_MIN, "only {} acknowledged", journal.len());
    assert!(cut_short >= KILLS / 6, "the kills missed: {cut_short} of {run}");
    office.open_doors();
    office.assert_clean();
    for (id, source) in &journal {
        assert_eq!(office.get(*id).unwrap(), std::fs::read(source).unwrap(), "{source}");
    }
    // Whatever else is there was whole as well, and new documents come after the old ones.
    let new = office.ingest_text("K-0", WITHDRAWN, "danach.txt", "Danach");
    assert_eq!(office.get(new).unwrap(), b"Danach");
}

#[test]
fn what_was_being_read_when_it_was_killed_is_read_later() {
    let mut office = TestOffice::demo();
    let root = office.root().to_owned();
    office.close_doors();
    let papers = TempDir::new().unwrap();
    material(papers.path(), 1, 60);
    let folder = papers.path().to_str().unwrap();
    let first = ["ingest", "--json", "--file", "L-1", "--class", WITHDRAWN, folder];
    let mut documents = kill_after(schriftgut(&root, &first), Duration::from_millis(400));
    if documents.len() < 60 {
        // The machine was slow: the rest is taken in now; reading still begins anew.
        documents = kill_after(schriftgut(&root, &first), Duration::from_secs(20));
    }
    for delay in [50, 90, 130, 170, 210, 250] {
        let mut working = schriftgut(&root, &["work"]);
        std::thread::sleep(Duration::from_millis(delay));
        let _ = working.kill();
        working.wait().unwrap();
    }
    office.open_doors();
    office.read_texts();
    assert_eq!(office.registry().unread().unwrap(), 0);
    let reader = office.manager.as_reader().unwrap();
    let page = office.registry().search(reader, "Blatt", 0, 100).unwrap();
    assert!(page.total >= 60, "{} of 60 found", page.total);
    for (id, source) in documents {
        assert_eq!(office.get(id).unwrap(), std::fs::read(source).unwrap());
    }
}

/// Each office lives through so many kills.
const KILLS_PER_OFFICE: u32 = 25;
const WRITERS: u32 = 8;
const DOCUMENTS_PER_WRITER: u32 = 60;
/// No server is let live longer than this after the commands were given.
const LONGEST_SERVED: Duration = Duration::from_millis(700);

/// A running server, ready for commands.
fn server(root: &Path) -> Child {
    let mut command = program(root, ["serve", "--listen", "127.0.0.1:0"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.contains("http://127.0.0.1:"), "{line}");
    child
}

/// A command whose words are written down outside, by somebody who is not killed.
struct Client {
    child: Child,
    journal: std::thread::JoinHandle<String>,
}

impl Client {
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        let journal = std::thread::spawn(move || {
            let mut said = String::new();
            let _ = stdout.read_to_string(&mut said);
            said
        });
        Self { child, journal }
    }

    fn kill(mut self) -> String {
        let _ = self.child.kill();
        self.child.wait().unwrap();
        self.journal.join().unwrap()
    }
}

/// Eight take in and one destroys, through one server, which is killed at a random moment. `SCHRIFTGUT_FULL=1` kills
/// a thousand times.
#[test]
fn eight_writers_and_a_destroyer_lose_nothing_acknowledged_when_the_server_is_killed() {
    let kills = times(30, 1_000);
    let mut dice = Dice::thrown_for("kills");
    let prepared = Condemned::with_lists(KILLS_PER_OFFICE);
    let begun = Instant::now();
    let (mut acknowledged_in_all, mut cut_short, mut reported, mut finished_at_start) = (0, 0, 0, 0);
    let mut recovery = Duration::ZERO;
    for first in (0..kills).step_by(KILLS_PER_OFFICE as usize) {
        let scratch = TempDir::new().unwrap();
        let root = scratch.path().join("amt");
        prepared.copy_to(&root);
        let mut gone = BTreeSet::new();
        let mut journal = BTreeMap::new();
        for kill in first..kills.min(first + KILLS_PER_OFFICE) {
            let at = format!("kill {kill}");
            let folders: Vec<_> =
                (0..WRITERS).map(|writer| scratch.path().join(format!("{kill}-{writer}"))).collect();
            for (run, folder) in (kill * WRITERS..).zip(&folders) {
                material(folder, run, DOCUMENTS_PER_WRITER);
            }
            let next = (0..prepared.lists.len()).find(|next| !gone.contains(next)).unwrap();
            let mut server = server(&root);
            let destroyer = Client::start(&mut program(&root, prepared.lists[next].execute()));
            let writers: Vec<_> = (0..)
                .zip(&folders)
                .map(|(writer, folder)| Client::start(&mut ingest(&root, &format!("K-{writer}"), folder)))
                .collect();
            std::thread::sleep(dice.below(LONGEST_SERVED));
            server.kill().unwrap();
            server.wait().unwrap();
            // A command that finds no server opens the registry itself: that is killed as well.
            let reports = destroyer.kill().contains("vernichtet");
            let mut taken = BTreeMap::new();
            for writer in writers {
                let by_one = acknowledged(&writer.kill());
                cut_short += usize::from(by_one.len() < DOCUMENTS_PER_WRITER as usize);
                taken.extend(by_one);
            }
            let opened = Instant::now();
            drop(open_patiently(&root).unwrap_or_else(|error| panic!("{at}: {error}")));
            recovery = recovery.max(opened.elapsed());
            let (_, gone_now) = prepared.assert_sound(&root, &taken, &at);
            if gone_now.contains(&next) {
                gone.insert(next);
                if reports { reported += 1 } else { finished_at_start += 1 }
            }
            assert!(!reports || gone.contains(&next), "{at}: it was reported as destroyed and is there");
            assert_eq!(gone_now, gone, "{at}: nothing else is gone, and what is gone stays gone");
            acknowledged_in_all += taken.len();
            journal.extend(taken);
        }
        let registry = open_patiently(&root).unwrap();
        for (id, source) in &journal {
            assert!(bytes_of(&registry, *id) == std::fs::read(source).ok(), "{source}");
        }
        let kill = kills.min(first + KILLS_PER_OFFICE);
        println!("{kill} kills, {acknowledged_in_all} acknowledged, {:?}", begun.elapsed());
    }
    println!(
        "{kills} kills: {acknowledged_in_all} acknowledged, 0 lost; {cut_short} of {} writers cut short; {reported} \
         destructions reported, {finished_at_start} finished at the next start; longest recovery {recovery:?}; {:?}",
        kills * WRITERS,
        begun.elapsed()
    );
    assert!(acknowledged_in_all > 0 && cut_short > 0, "the kills missed");
}
