//! A watched folder: what is put there is taken in once and put away, whatever happens on the way; nothing is lost, nothing
//! is there twice, and what cannot be taken in lies apart with its reason. Driven from outside, through the real program.

#[path = "cli/office.rs"]
mod office;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use office::{Office, Said};
use schriftgut::registry::Registry;

const CLASS: &str = "63.10.03";
/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until it is so.
#[track_caller]
fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A program that is killed when the test is over.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Watches, for as long as nobody kills it.
fn watching(office: &Office, more: &[&str]) -> Running {
    let mut command = office.command();
    command.args(["watch", "eingang", "--no-read", "--file", "E-1", "--class", CLASS]);
    let more = if more.is_empty() { &["--settle", "0"] } else { more };
    Running(command.args(more).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
}

/// Takes in what is there, into a file whose documents can be listed.
fn once(office: &Office) -> Said {
    let into = ["--file", "E-1", "--class", CLASS];
    office.run(["watch", "--json", "--once", "--settle", "0", "eingang", "--no-read"].iter().chain(&into))
}

/// The last line of `watch --once --json`.
fn summary(said: &Said, key: &str) -> u64 {
    said.lines().last().unwrap()["summary"][key].as_u64().unwrap()
}

/// The documents of the file, by name: how many there are of each.
fn documents(office: &Office) -> BTreeMap<String, u32> {
    let file = office.run(["show", "--json", "E-1"]).done().json();
    let mut names = BTreeMap::new();
    for document in file["documents"].as_array().unwrap() {
        *names.entry(document["file_name"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    names
}

/// Every file below a folder that is not hidden, by its path from there.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for entry in entries.map(Result::unwrap) {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type().unwrap().is_dir() {
            found.extend(files(&entry.path()).into_iter().map(|below| format!("{name}/{below}")));
        } else if !name.starts_with('.') {
            found.push(name);
        }
    }
    found.sort();
    found
}

fn inbox(office: &Office) -> PathBuf {
    let place = office.place("eingang");
    fs::create_dir_all(&place).unwrap();
    place
}

#[test]
fn what_is_put_there_is_taken_in_once_and_put_away_under_a_name_of_its_own() {
    let office = Office::new();
    let inbox = inbox(&office);
    for (name, text) in [("b.txt", "zwei"), ("a.txt", "eins"), ("scanner 2/tief/c.txt", "drei")] {
        office.write(&format!("eingang/{name}"), text);
    }
    for name in ["d.txt.part", "e.TMP", ".verborgen", "~$brief.docx"] {
        office.write(&format!("eingang/{name}"), "unfertig");
    }
    let said = once(&office).done();
    let sources: Vec<_> =
        said.lines().iter().filter_map(|l| l["source"].as_str().map(str::to_owned)).collect();
    assert_eq!(sources, ["a.txt", "b.txt", "scanner 2/tief/c.txt"], "in the order of their names");
    assert_eq!(files(&inbox.join("erledigt")), ["a.txt", "b.txt", "scanner 2/tief/c.txt"]);
    assert_eq!(files(&inbox).len(), 3 + 3, "what is not finished stays");
    assert_eq!(documents(&office).len(), 3);
    // The scanner begins anew with the same names.
    office.write("eingang/a.txt", "vier");
    office.write("eingang/scanner 2/tief/c.txt", "fünf");
    assert_eq!(summary(&once(&office).done(), "taken"), 2);
    assert_eq!(fs::read_to_string(inbox.join("erledigt/a (2).txt")).unwrap(), "vier");
    assert_eq!(fs::read_to_string(inbox.join("erledigt/a.txt")).unwrap(), "eins");
    assert_eq!(documents(&office)["c.txt"], 2);
    assert_eq!(summary(&once(&office).done(), "taken"), 0);
}

#[test]
fn a_file_that_is_still_written_is_left_alone_until_it_has_come_to_rest() {
    let office = Office::new();
    let inbox = inbox(&office);
    let place = inbox.join("scan.txt");
    fs::write(&place, "Anfang").unwrap();
    let _running = watching(&office, &["--settle", "3"]);
    // Somebody writes to it for longer than it would have to rest.
    let begun = Instant::now();
    let mut text = "Anfang".to_owned();
    while begun.elapsed() < Duration::from_secs(7) {
        text.push_str(" und weiter");
        fs::write(&place, &text).unwrap();
        std::thread::sleep(Duration::from_millis(300));
    }
    assert!(place.exists(), "it was taken while it was written");
    until("it is taken at last", || inbox.join("erledigt/scan.txt").exists());
    assert_eq!(fs::read_to_string(inbox.join("erledigt/scan.txt")).unwrap(), text);
    let id = office.run(["show", "--json", "E-1"]).done().json()["documents"][0]["id"].clone();
    assert_eq!(office.original(id.as_str().unwrap()), text.as_bytes());
}

#[test]
fn what_cannot_be_taken_in_lies_apart_with_what_why_and_the_way_out() {
    let office = Office::new();
    let inbox = inbox(&office);
    let secret = office.write("geheim.txt", "Nicht für den Eingang");
    symlink(&secret, inbox.join("verweis.txt")).unwrap();
    symlink(office.registry(), inbox.join("ordner")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(inbox.join("socket")).unwrap();
    fs::write(inbox.join("leer.pdf"), "").unwrap();
    let broken = std::ffi::OsStr::from_bytes(b"stra\xdfe.txt");
    fs::write(inbox.join(broken), "Straße").unwrap();
    office.write("eingang/gut.txt", "Antrag");
    office.write("eingang/zu.txt", "nicht lesbar");
    fs::set_permissions(inbox.join("zu.txt"), fs::Permissions::from_mode(0o000)).unwrap();
    let may_read_all = fs::read(inbox.join("zu.txt")).is_ok(); // root
    let said = once(&office);
    let refused = if may_read_all { 5 } else { 6 };
    assert_eq!((said.code, summary(&said, "refused")), (2, refused), "{said:?}");
    assert_eq!(summary(&said, "left"), 0);
    let apart = inbox.join("fehlgeschlagen");
    let expected = [
        ("verweis.txt", "Verweis"),
        ("ordner", "Verweis"),
        ("socket", "Socket"),
        ("leer.pdf", "leer"),
        ("zu.txt", "darf nicht gelesen werden"),
    ];
    for (name, why) in expected.into_iter().filter(|(name, _)| !may_read_all || *name != "zu.txt") {
        assert!(apart.join(name).symlink_metadata().is_ok(), "{name}");
        let reason = fs::read_to_string(apart.join(format!("{name}.grund.txt"))).unwrap();
        assert!(reason.contains(why), "{reason}");
        let lines: Vec<_> = reason.lines().map(|line| line.split(':').next().unwrap()).collect();
        assert_eq!(lines, ["Fehler", "Grund", "Ausweg"], "{reason}");
    }
    assert_eq!(fs::read(apart.join(broken)).unwrap(), "Straße".as_bytes());
    let reason = apart.join(std::ffi::OsStr::from_bytes(b"stra\xdfe.txt.grund.txt"));
    assert!(fs::read_to_string(reason).unwrap().contains("UTF-8"));
    assert!(Path::new(&secret).exists() && office.registry().exists(), "what a link leads to is untouched");
    // Once more: nothing is left, and nothing was taken that should not have been.
    assert_eq!(once(&office).code, 0);
    let taken = documents(&office);
    assert!(taken.keys().all(|name| name == "gut.txt" || may_read_all && name == "zu.txt"), "{taken:?}");
}

#[test]
fn what_was_acknowledged_and_could_not_be_put_away_is_put_away_later_and_never_taken_twice() {
    let office = Office::new();
    let inbox = inbox(&office);
    office.write("eingang/erledigt", "hier liegt eine Datei, wo ein Ordner sein müsste");
    let names = ["a.txt", "b.txt", "tief/c.txt"];
    names.iter().for_each(|name| drop(office.write(&format!("eingang/{name}"), name)));
    let said = once(&office);
    assert_eq!((summary(&said, "taken"), summary(&said, "left")), (3, 3), "{said:?}");
    assert!(said.err.contains("noch einmal erfasst wird die Datei nicht"), "{said:?}");
    // Another program each time: what it knows it knows from the note and the registry.
    let running = watching(&office, &[]);
    std::thread::sleep(Duration::from_secs(1));
    drop(running);
    assert_eq!(summary(&once(&office), "taken"), 0);
    // Meanwhile something else of the same name comes, and something new.
    office.write("eingang/b.txt", "ein anderes Blatt");
    office.write("eingang/neu.txt", "neu");
    fs::remove_file(inbox.join("erledigt")).unwrap();
    let said = once(&office).done();
    assert_eq!((summary(&said, "finished"), summary(&said, "taken")), (2, 2), "{said:?}");
    assert_eq!(files(&inbox.join("erledigt")), ["a.txt", "b.txt", "neu.txt", "tief/c.txt"]);
    let taken = documents(&office);
    assert_eq!(taken.values().sum::<u32>(), 5);
    assert_eq!(taken["b.txt"], 2);
}

#[test]
fn a_folder_that_vanishes_and_comes_back_is_watched_on_and_nothing_is_lost() {
    let office = Office::new();
    let inbox = inbox(&office);
    let _running = watching(&office, &[]);
    office.write("eingang/vorher.txt", "vorher");
    until("it watches", || inbox.join("erledigt/vorher.txt").exists());
    let away = office.place("anderswo");
    fs::rename(&inbox, &away).unwrap();
    fs::write(away.join("dazwischen.txt"), "dazwischen").unwrap();
    std::thread::sleep(Duration::from_secs(1));
    assert!(!inbox.exists(), "a folder that is away is not made anew");
    fs::rename(&away, &inbox).unwrap();
    until("it goes on", || inbox.join("erledigt/dazwischen.txt").exists());
    assert_eq!(
        documents(&office).into_iter().collect::<Vec<_>>(),
        [("dazwischen.txt".to_owned(), 1), ("vorher.txt".to_owned(), 1)]
    );
}

#[test]
fn on_another_file_system_files_are_put_away_as_well() {
    let office = Office::new();
    let inbox = inbox(&office);
    let Ok(other) = tempfile::tempdir_in("/dev/shm") else { return };
    symlink(other.path(), inbox.join("erledigt")).unwrap();
    office.write("eingang/a.txt", "eins");
    office.write("eingang/tief/a.txt", "zwei");
    assert_eq!(summary(&once(&office).done(), "taken"), 2);
    assert_eq!(files(&inbox), ["erledigt"]);
    assert_eq!(files(other.path()), ["a.txt", "tief/a.txt"]);
}

#[test]
fn who_may_not_take_in_may_not_watch_and_nothing_is_touched() {
    let office = Office::new();
    let inbox = inbox(&office);
    office.add_person("archiv", "Imke Wolters", &["archivist"]);
    office.add_person("anna", "Anna Weber", &["clerk"]);
    office.write("eingang/a.txt", "eins");
    let watch = ["watch", "--once", "--settle", "0", "eingang"];
    assert!(office.run_as("archiv", &watch).failed(3).contains("Sachbearbeitung"));
    let missing = ["watch", "--once", "--settle", "0", "nirgends"];
    assert!(office.run_as("anna", &missing).failed(2).contains("nirgends"));
    let own = office.registry().to_str().unwrap().to_owned();
    assert!(
        office.run_as("anna", &["watch", "--once", &own]).failed(2).contains("die Registratur liegt darin")
    );
    let nobodys = [&watch[..], &["--file", "X-9"]].concat();
    assert!(office.run_as("anna", &nobodys).failed(2).contains("X-9"));
    assert_eq!(files(&inbox), ["a.txt"]);
    office.run_as("anna", &watch).done();
    assert_eq!(files(&inbox), ["erledigt/a.txt"]);
}

#[test]
fn a_server_watches_and_carries_out_the_verb_and_ends_it_when_nobody_listens() {
    let office = Office::new();
    let inbox = inbox(&office);
    fs::create_dir(office.place("zweiter")).unwrap();
    let mut command = office.command();
    command.args(["serve", "--listen", "127.0.0.1:0", "--watch", "zweiter"]);
    let _server = Running(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    until("the server is up", || office.registry().join("server.sock").exists());
    office.write("zweiter/post.txt", "Post");
    until("the server takes in", || office.place("zweiter/erledigt/post.txt").exists());
    office.write("eingang/a.txt", "eins");
    assert_eq!(summary(&once(&office).done(), "taken"), 1);
    let running = watching(&office, &[]);
    office.write("eingang/b.txt", "zwei");
    until("the server watches", || inbox.join("erledigt/b.txt").exists());
    drop(running);
    std::thread::sleep(Duration::from_secs(1));
    office.write("eingang/c.txt", "drei");
    std::thread::sleep(Duration::from_secs(2));
    assert!(inbox.join("c.txt").exists(), "nobody asked for it any more");
    assert_eq!(documents(&office).len(), 2);
}

/// Files in the folder that the registry has taken in and that were not put away.
fn between(office: &Office, inbox: &Path) -> usize {
    let Ok(note) = fs::read_to_string(inbox.join(".schriftgut-laufzettel")) else { return 0 };
    let registry = Registry::open(office.registry()).unwrap();
    let person = registry.person(office::OPERATOR).unwrap();
    let lines = note.lines().filter_map(|line| line.strip_prefix("+ "));
    let is_between = |line: &&str| {
        let mut parts = line.splitn(3, ' ');
        let (id, path) = (parts.next().unwrap(), parts.nth(1).unwrap_or_default());
        let is_there = !path.is_empty() && inbox.join(path).exists();
        is_there && registry.show_document(person.as_reader().unwrap(), id.parse().unwrap()).is_ok()
    };
    lines.filter(is_between).count()
}

/// Killed again and again, at any moment: every file is taken in once, and lies in `erledigt` once.
/// `SCHRIFTGUT_FULL=1` kills four hundred times.
#[test]
fn however_often_it_is_killed_no_file_is_lost_and_none_is_taken_in_twice() {
    const FILES_PER_RUN: usize = 100;
    let kills: usize = if std::env::var_os("SCHRIFTGUT_FULL").is_some() { 400 } else { 30 };
    let office = Office::new();
    let inbox = inbox(&office);
    let put = |run: usize| {
        for number in 0..FILES_PER_RUN {
            let text = format!("Lauf {run}, Blatt {number}. {}", "Garage. ".repeat(number * 50));
            office.write(&format!("eingang/{}/{run:03}-{number:03}.txt", run % 3), text);
        }
    };
    // How long it takes when nobody kills: kills fall into this time, whatever the machine.
    put(999);
    let begun = Instant::now();
    drop(once(&office).done());
    let whole = begun.elapsed();
    let (mut caught, mut expected) = (0, FILES_PER_RUN);
    for run in 0..kills {
        put(run);
        expected += FILES_PER_RUN;
        let running = watching(&office, &[]);
        if run % 2 == 0 {
            // In the midst of putting away: the first lies there, the others were acknowledged with it.
            let first = inbox.join(format!("erledigt/{}/{run:03}-{:03}.txt", run % 3, 0));
            let begun = Instant::now();
            while !first.exists() && begun.elapsed() < PATIENCE {
                std::thread::sleep(Duration::from_micros(50));
            }
        } else {
            std::thread::sleep(whole.mul_f64(1.3 * ((run * 37) % kills + 1) as f64 / kills as f64));
        }
        drop(running);
        caught += between(&office, &inbox);
    }
    let said = once(&office).done();
    assert_eq!(summary(&said, "left"), 0, "{said:?}");
    println!("{kills} kills, {expected} files, {caught} caught between acknowledgement and putting away");
    assert!(caught > 0, "the kills missed");
    let taken = documents(&office);
    assert!(taken.values().all(|count| *count == 1), "taken in twice: {taken:?}");
    assert_eq!(taken.len(), expected, "every file is a document");
    let done = files(&inbox.join("erledigt"));
    assert_eq!(done.len(), expected, "every file was put away once");
    assert_eq!(files(&inbox).len(), expected, "nothing lies anywhere else");
    let verified = office.run(["verify", "--json"]);
    assert_eq!(verified.code, 0, "{verified:?}");
}
