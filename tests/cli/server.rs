//! A running server owns the registry; the verbs go through it and say the same, to the last word.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::sync::Arc;

use schriftgut::cli::relay;
use schriftgut::intake::Workshop;
use schriftgut::registry::Registry;

use crate::office::{Office, PROGRAM, Said, redacted};

/// The registry is open in this process, and takes commands; for as long as the test lives.
pub fn own(office: &Office) -> Arc<Registry> {
    let registry = Registry::open(office.registry()).unwrap().with_workshop(Workshop::with_program(PROGRAM));
    let registry = Arc::new(registry);
    relay::listen(&registry).unwrap();
    registry
}

/// `serve`, killed when the test is over.
pub struct Server(Child, String);

impl Server {
    pub fn start(office: &Office) -> Self {
        let mut command = office.command();
        let mut child =
            command.args(["serve", "--listen", "127.0.0.1:0"]).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.contains("http://127.0.0.1:"), "{line}");
        let address = line.split_once("http://").and_then(|(_, rest)| rest.split('/').next()).unwrap();
        Self(child, address.to_owned())
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        &self.1
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Everything said, without what changes from run to run.
fn words(office: &Office, said: &Said) -> (i32, String, String) {
    (said.code, redacted(office, &said.out), redacted(office, &said.err))
}

/// A walk through the verbs; what each said.
fn walk(office: &Office) -> Vec<(i32, String, String)> {
    office.write("stapel/a.txt", "Wasserschaden im Keller");
    let mut all = Vec::new();
    let mut note = |said: Said| all.push(words(office, &said));
    note(office.run(["ingest", "--json", "--file", "63-1/2020", "--class", "63.10.03", "stapel", "stapel"]));
    note(office.run(["ingest", "--json", "fehlt.txt"]));
    note(office.run(["ingest"]));
    note(office.run(["close", "63-1/2020"]));
    note(office.run(["close", "63-1/2020"]));
    note(office.run(["show", "63-1/2020"]));
    note(office.run(["show", "63-9/9999"]));
    note(office.run(["why", "63-1/2020", "--on", "2026-01-02"]));
    note(office.run(["hold", "list"]));
    note(office.run_as("voss", &["rules", "confirm", "BA-03"]));
    note(office.run_as("voss", &["rules", "confirm", "XX-99"]));
    note(office.run(["rules", "confirm"]));
    note(office.run_as("voss", &["list", "create", "--on", "2021-01-01"]));
    note(office.run(["evaluate", "--json", "--on", "2026-01-02"]));
    note(office.run_as("voss", &["verify", "--json"]));
    note(office.run(["work"]));
    let file = office.run(["show", "--json", "63-1/2020"]).done().json();
    let id = file["documents"][0]["id"].as_str().unwrap();
    let out = office.place("ausgabe.txt");
    note(office.run(["get", id, "--out", out.to_str().unwrap()]));
    assert_eq!(std::fs::read(&out).unwrap(), b"Wasserschaden im Keller");
    note(office.run(["get", id, "--out", out.to_str().unwrap()]));
    office.run(["get", id, "--out", "daneben.txt"]).done();
    assert!(office.place("daneben.txt").exists(), "a path counts from where the command was given");
    all
}

#[test]
fn verbs_say_the_same_with_and_without_a_server() {
    let (alone, served) = (Office::new(), Office::new());
    for office in [&alone, &served] {
        office.add_person("voss", "Henning Voss", &["records_manager", "clerk"]);
    }
    let registry = own(&served);
    assert_eq!(walk(&served), walk(&alone));
    assert_eq!(registry.unread().unwrap(), 0);
}

#[test]
fn a_second_owner_is_refused() {
    let office = Office::new();
    let _first = own(&office);
    let second = office.run(["serve", "--listen", "127.0.0.1:0"]);
    insta::assert_snapshot!(redacted(&office, &second.failed(3)), @r"
    Fehler:  Die Registratur in [ordner]/registratur ist schon geöffnet
    Grund:   ein anderes Programm (vielleicht der Server) arbeitet damit
    Ausweg:  beenden Sie es zuerst; bei laufendem Server gehen alle Befehle durch ihn
    ");
}

#[test]
fn an_address_in_use_is_a_mistake_with_a_way_out() {
    let office = Office::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = office.run(["serve", "--listen", &address]);
    insta::assert_snapshot!(said.failed(2).replace(&address, "[adresse]"), @r"
    Fehler:  Der Server kann unter [adresse] nicht erreichbar gemacht werden
    Grund:   ein anderes Programm benutzt diese Adresse schon
    Ausweg:  nennen Sie mit --listen eine andere Adresse, etwa 127.0.0.1:8081, oder beenden Sie das Programm, das diese benutzt
    ");
    office.run(["plan"]).done();
}

#[test]
fn without_its_socket_an_owned_registry_is_refused_too() {
    let office = Office::new();
    let _owner = Registry::open(office.registry()).unwrap();
    office.run(["plan"]).failed(3);
}

#[test]
fn a_socket_left_behind_does_not_stand_in_the_way() {
    let office = Office::new();
    drop(std::os::unix::net::UnixListener::bind(office.registry().join("server.sock")).unwrap());
    office.run(["plan"]).done();
    let _owner = own(&office);
    office.run(["plan"]).done();
}

#[test]
fn only_the_owner_of_the_folder_can_reach_the_socket() {
    use std::os::unix::fs::PermissionsExt as _;
    let office = Office::new();
    let mode = std::fs::metadata(office.registry()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn serve_takes_commands_and_reads_what_is_unread() {
    let office = Office::new();
    let path = office.write("a.txt", "Wasserschaden im Keller");
    let _server = Server::start(&office);
    office.run(["serve", "--listen", "127.0.0.1:0"]).failed(3);
    office.run(["ingest", "--no-read", &path]).done();
    let begun = std::time::Instant::now();
    while office.run(["search", "--json", "Wasserschaden"]).done().json()["total"] == 0 {
        assert!(begun.elapsed().as_secs() < 30, "nobody reads");
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
}

#[test]
fn commands_at_the_same_time_are_all_carried_out() {
    let office = Office::new();
    let _owner = own(&office);
    std::thread::scope(|scope| {
        for number in 0..6 {
            let office = &office;
            scope.spawn(move || {
                let path = office.write(&format!("{number}.txt"), format!("Nummer {number}"));
                let file = format!("63-{number}/2020");
                office.run(["ingest", "--file", &file, "--class", "63.10.03", &path]).done();
            });
        }
    });
    let evaluated = office.run(["evaluate", "--json"]).done().lines();
    assert_eq!(evaluated.len(), 7, "six files and the summary");
    office.run(["search", "--json", "Nummer"]).done();
}
