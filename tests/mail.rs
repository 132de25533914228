//! A mailbox: what lies in it is taken in once and moved, whatever happens on the way; nothing is lost, nothing is there twice,
//! and what cannot be taken in lies apart with its reason. Driven from outside, through the real program, against a real
//! server (Dovecot) with TLS.

#[path = "cli/office.rs"]
mod office;

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use office::{Office, Said};
use serde_json::Value;

const SECRET: &str = "vier geheime Worte";
const CLASS: &str = "63.10.03";
const PATIENCE: Duration = Duration::from_secs(60);

/// A mail server of its own, which is ended with the test.
struct Server {
    place: tempfile::TempDir,
    port: u16,
    starttls_port: u16,
    child: Child,
    owner: Option<(u32, u32)>,
}

/// A program that is ended with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Dovecot is here; in CI it has to be.
fn has_dovecot() -> bool {
    let found = Path::new("/usr/sbin/dovecot").exists();
    if !found {
        assert!(std::env::var_os("CI").is_none(), "dovecot-imapd is not installed");
        eprintln!("not run: dovecot-imapd is not installed");
    }
    found
}

fn run(program: &str, args: &[&str], folder: &Path) -> String {
    let done = Command::new(program).args(args).current_dir(folder).output().unwrap();
    assert!(done.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap().trim().to_owned()
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A certificate for `localhost`, and the one it was made with.
fn certify(folder: &Path) {
    let new =
        ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"];
    let ca = ["-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Probe"];
    run("openssl", &[&new[..], &ca].concat(), folder);
    let name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    let leaf = ["-keyout", "key.pem", "-out", "cert.pem", "-CA", "ca.pem", "-CAkey", "ca.key"];
    run(
        "openssl",
        &[&new[..], &name, &leaf, &["-addext", "basicConstraints=critical,CA:FALSE"]].concat(),
        folder,
    );
}

impl Server {
    fn start() -> Option<Self> {
        if !has_dovecot() {
            return None;
        }
        let place = tempfile::tempdir().unwrap();
        fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).unwrap();
        certify(place.path());
        let is_root = run("id", &["-u"], place.path()) == "0";
        let user = if is_root { "mail".to_owned() } else { run("id", &["-un"], place.path()) };
        let number = |flag| run("id", &[flag, &user], place.path()).parse::<u32>().unwrap();
        let (port, starttls_port) = (free_port(), free_port());
        let at = place.path().display();
        let internal = if is_root {
            String::new()
        } else {
            let group = run("id", &["-gn"], place.path());
            format!(
                "default_internal_user = {user}\ndefault_login_user = {user}\ndefault_internal_group = {group}\n"
            )
        };
        let config = format!(
            "{internal}protocols = imap\nlisten = 127.0.0.1\nbase_dir = {at}/run\nstate_dir = {at}/state\nlog_path = {at}/log\n\
             ssl = required\nssl_cert = <{at}/cert.pem\nssl_key = <{at}/key.pem\nmail_location = maildir:{at}/mail\n\
             first_valid_uid = 1\nservice imap-login {{\n chroot =\n inet_listener imap {{\n port = {starttls_port}\n }}\n \
             inet_listener imaps {{\n port = {port}\n ssl = yes\n }}\n}}\nservice anvil {{\n chroot =\n}}\nservice stats {{\n \
             chroot =\n}}\npassdb {{\n driver = passwd-file\n args = scheme=PLAIN {at}/users\n}}\nuserdb {{\n driver = static\n \
             args = uid={uid} gid={gid} home={at}/mail\n}}\n",
            uid = number("-u"),
            gid = number("-g"),
        );
        fs::write(place.path().join("dovecot.conf"), config).unwrap();
        fs::write(place.path().join("users"), format!("bauamt:{{PLAIN}}{SECRET}\n")).unwrap();
        let owner = is_root.then(|| (number("-u"), number("-g")));
        let child = Self::spawn(place.path());
        let server = Self { place, port, starttls_port, child, owner };
        ["mail", "mail/new", "mail/cur", "mail/tmp"].iter().for_each(|name| server.make(name));
        server.await_it();
        Some(server)
    }

    fn spawn(place: &Path) -> Child {
        let mut command = Command::new("/usr/sbin/dovecot");
        command.arg("-F").arg("-c").arg(place.join("dovecot.conf"));
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    fn await_it(&self) {
        let begun = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(
                begun.elapsed() < PATIENCE,
                "{}",
                fs::read_to_string(self.path("log")).unwrap_or_default()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn stop(&mut self) {
        if self.child.try_wait().unwrap().is_none() {
            run("kill", &[&self.child.id().to_string()], Path::new("/"));
            self.child.wait().unwrap();
        }
    }

    fn start_again(&mut self) {
        self.child = Self::spawn(self.place.path());
        self.await_it();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    fn own(&self, path: &Path) {
        if let Some((uid, gid)) = self.owner {
            chown(path, Some(uid), Some(gid)).unwrap();
        }
    }

    fn make(&self, name: &str) {
        fs::create_dir_all(self.path(name)).unwrap();
        self.own(&self.path(name));
    }

    /// A mail comes.
    fn deliver(&self, number: usize, bytes: impl AsRef<[u8]>) {
        let path = self.path(&format!("mail/new/{}.{number}.probe", 1_790_000_000 + number));
        fs::write(&path, bytes).unwrap();
        self.own(&path);
    }

    /// Somebody removes what lies in a folder.
    fn empty(&self, folder: &str) {
        let root = self.path(&format!("mail/.{folder}"));
        let files = ["new", "cur"].iter().filter_map(|sub| fs::read_dir(root.join(sub)).ok()).flatten();
        files.for_each(|file| fs::remove_file(file.unwrap().path()).unwrap());
    }

    /// The mails that lie in a folder.
    fn mails(&self, folder: &str) -> Vec<Vec<u8>> {
        let root = if folder == "INBOX" { self.path("mail") } else { self.path(&format!("mail/.{folder}")) };
        let files = ["new", "cur"].iter().filter_map(|sub| fs::read_dir(root.join(sub)).ok()).flatten();
        files.map(|file| fs::read(file.unwrap().path()).unwrap()).collect()
    }

    /// A profile, with more lines.
    fn profile(&self, office: &Office, more: &str) -> String {
        let secret = office.write("geheim", format!("{SECRET}\n"));
        fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).unwrap();
        let text = format!(
            "server = \"localhost\"\nport = {}\nca = \"{}\"\nuser = \"bauamt\"\npassword_file = \"geheim\"\ndone = \"Erfasst\"\n\
             failed = \"Abgelehnt\"\nfile = \"E-1\"\nclass = \"{CLASS}\"\n{more}\n",
            self.port,
            self.path("ca.pem").display()
        );
        office.write("postfach.toml", text)
    }
}

fn mail(number: usize) -> String {
    format!(
        "From: buerger{number}@example.org\r\nSubject: Antrag {number}\r\nMessage-ID: <{number}@example.org>\r\n\r\nMauer {number}\r\n"
    )
}

fn fetch(office: &Office) -> Said {
    office.run(["mail", "fetch", "--profile", "postfach.toml", "--no-read", "--json"])
}

#[track_caller]
fn summary(said: &Said, key: &str) -> u64 {
    said.lines().last().unwrap_or_else(|| panic!("{said:?}"))["summary"][key].as_u64().unwrap()
}

/// What `queue --json` tells of mailboxes.
#[track_caller]
fn mailboxes(said: &Said) -> Vec<Value> {
    said.json()["mailboxes"].as_array().unwrap_or_else(|| panic!("{said:?}")).clone()
}

/// The originals of the file, each once.
fn originals(office: &Office) -> Vec<Vec<u8>> {
    let shown = office.run(["show", "--json", "E-1"]);
    if shown.code != 0 {
        return Vec::new();
    }
    let file = shown.json();
    let documents = file["documents"].as_array().unwrap();
    let original = |id: &str| {
        let _ = fs::remove_file(office.place(&format!("ausgabe-{id}"))); // of an earlier look
        office.original(id)
    };
    documents.iter().map(|document| original(document["id"].as_str().unwrap())).collect()
}

#[test]
fn what_lies_in_a_mailbox_is_taken_in_as_it_came_once_and_moved() {
    let Some(server) = Server::start() else { return };
    let office = Office::new();
    server.profile(&office, "");
    let broken: [&[u8]; 4] =
        [b"\x01\xff{99}\r\n)", b"kein Kopf", &[b'x'; 300_000], b"Subject: =?x?\r\n\r\n* BYE\r\na7 OK\r\n"];
    let mut sent: Vec<Vec<u8>> = (0..3).map(|number| mail(number).into_bytes()).collect();
    sent.extend(broken.iter().map(|bytes| bytes.to_vec()));
    sent.iter().enumerate().for_each(|(number, bytes)| server.deliver(number, bytes));
    let said = fetch(&office).done();
    assert_eq!((summary(&said, "taken"), summary(&said, "left")), (7, 0), "{said:?}");
    assert!(said.lines()[0]["source"].as_str().unwrap().starts_with("Mail 20"), "{said:?}");
    // Line ends are those of the protocol, whatever lay on the server's disk.
    let crlf = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    let texts = |all: &[Vec<u8>]| all.iter().map(|bytes| crlf(bytes)).collect::<BTreeSet<_>>();
    assert_eq!(texts(&originals(&office)), texts(&sent));
    assert_eq!((server.mails("INBOX").len(), server.mails("Erfasst").len()), (0, 7));
    assert_eq!(summary(&fetch(&office).done(), "taken"), 0);
    // By the other way to TLS, and by a running server.
    server.deliver(20, mail(20));
    let text = fs::read_to_string(office.place("postfach.toml")).unwrap();
    let starttls = text.replace(
        &format!("port = {}", server.port),
        &format!("tls = \"starttls\"\nport = {}", server.starttls_port),
    );
    office.write("postfach.toml", starttls);
    assert_eq!(summary(&fetch(&office).done(), "taken"), 1);
    let mut command = office.command();
    command.args(["serve", "--listen", "127.0.0.1:0", "--mail", "postfach.toml"]).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut talk = BufReader::new(child.stderr.take().unwrap());
    talk.read_line(&mut String::new()).unwrap();
    server.deliver(21, mail(21));
    assert_eq!(fetch(&office).code, 0, "a server empties it for whoever asks");
    let begun = Instant::now();
    while server.mails("Erfasst").len() < 9 {
        assert!(begun.elapsed() < PATIENCE);
        std::thread::sleep(Duration::from_millis(50));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(originals(&office).len(), 9);
}

#[test]
fn what_is_in_the_way_is_said_in_three_parts_without_the_secret_and_nothing_is_touched() {
    let Some(mut server) = Server::start() else { return };
    let office = Office::new();
    let profile = server.profile(&office, "");
    server.deliver(0, mail(0));
    let whole = fs::read_to_string(&profile).unwrap();
    let refused = |text: &str, why: &str| {
        fs::write(&profile, text).unwrap();
        let said = fetch(&office);
        assert_ne!(said.code, 0, "{said:?}");
        for part in ["Fehler:  ", "\nGrund:   ", "\nAusweg:  ", why] {
            assert!(said.err.contains(part), "no {part:?} in {said:?}");
        }
        assert!(!said.err.contains("Worte") && !said.out.contains("Worte"), "{said:?}");
    };
    refused(&whole.replace("ca = ", "# ca = "), "weist sich nicht");
    refused(&whole.replace("\"localhost\"", "\"127.0.0.1\""), "weist sich nicht");
    refused(&whole.replace("done = \"Erfasst\"", "done = \"a\\nb\""), "Steuerzeichen");
    refused(&format!("{whole}folder = \"Gibt es nicht\""), "den Ordner zu öffnen");
    refused(&whole.replace(&server.port.to_string(), &server.starttls_port.to_string()), "kein TLS");
    fs::set_permissions(office.place("geheim"), fs::Permissions::from_mode(0o644)).unwrap();
    refused(&whole, "dürfen auch andere lesen");
    fs::set_permissions(office.place("geheim"), fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(office.place("geheim"), "falsche Worte").unwrap();
    refused(&whole, "nimmt Name oder Kennwort nicht an");
    fs::write(office.place("geheim"), SECRET).unwrap();
    server.stop();
    refused(&whole, "antwortet nicht");
    assert_eq!(server.mails("INBOX").len(), 1);
    // The profile named other servers, ports and folders before: each is a mailbox of its own.
    let is_silent = || {
        let known = mailboxes(&office.run(["queue", "--json"]));
        known
            .iter()
            .any(|one| one["trouble"]["why"].as_str().is_some_and(|why| why.contains("antwortet nicht")))
    };
    assert!(is_silent());
    server.start_again();
    assert_eq!(summary(&fetch(&office).done(), "taken"), 1);
    assert!(!is_silent());
    // The secret from the environment, of a variable that is named for it.
    server.deliver(1, mail(1));
    fs::write(
        &profile,
        whole.replace("password_file = \"geheim\"", "password_env = \"SCHRIFTGUT_MAIL_TEST\""),
    )
    .unwrap();
    assert!(fetch(&office).failed(1).contains("SCHRIFTGUT_MAIL_TEST"));
    let mut command = office.command();
    command.args(["mail", "fetch", "--profile", "postfach.toml", "--no-read", "--json"]);
    assert_eq!(summary(&office::said(command.env("SCHRIFTGUT_MAIL_TEST", SECRET)).done(), "taken"), 1);
}

#[test]
fn what_cannot_be_taken_in_lies_in_a_folder_of_its_own_with_the_reason() {
    let Some(server) = Server::start() else { return };
    let office = Office::new();
    server.profile(&office, "");
    server.deliver(0, mail(0));
    fetch(&office).done();
    office.run(["close", "E-1"]).done();
    server.deliver(1, mail(1));
    let said = fetch(&office);
    assert_eq!((said.code, summary(&said, "refused")), (2, 1), "{said:?}");
    assert_eq!(server.mails("INBOX").len(), 0);
    let apart: Vec<_> =
        server.mails("Abgelehnt").iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect();
    assert_eq!(apart.len(), 2, "{apart:?}");
    assert!(apart.iter().any(|text| text.contains("Mauer 1")));
    let reason = apart.iter().find(|text| text.contains("Nicht erfasst: ")).unwrap();
    ["Fehler:  ", "Grund:   ", "geschlossen", "Ausweg:  "]
        .iter()
        .for_each(|part| assert!(reason.contains(part), "{reason}"));
    // The person it is emptied as is told of it, and nobody else, until somebody has looked after it.
    let standing = &mailboxes(&office.run(["queue", "--json"]))[0];
    assert_eq!(standing["aside_count"], 1);
    assert!(standing["aside"][0]["why"].as_str().unwrap().contains("geschlossen"), "{standing}");
    let words = office.run(["queue"]).done().out;
    assert!(
        words.contains("Postfach bauamt auf localhost (INBOX)") && words.contains("„Abgelehnt“"),
        "{words}"
    );
    office.add_person("sb1", "Heike Brandt", &["clerk"]);
    assert_eq!(mailboxes(&office.run_as("sb1", &["queue", "--json"])), [] as [Value; 0]);
    server.empty("Abgelehnt");
    fetch(&office).done();
    assert_eq!(mailboxes(&office.run(["queue", "--json"]))[0]["aside_count"], 0);
}

#[test]
fn a_mail_that_is_too_large_is_set_aside_and_the_others_come() {
    let Some(server) = Server::start() else { return };
    let office = Office::new();
    server.profile(&office, "mail_mib_max = 1");
    server.deliver(0, mail(0));
    server.deliver(1, format!("{}{}", mail(1), "Noch eine Zeile.\r\n".repeat(70_000)));
    server.deliver(2, mail(2));
    let said = fetch(&office);
    assert_eq!((said.code, summary(&said, "taken"), summary(&said, "refused")), (2, 2, 1), "{said:?}");
    assert!(said.out.contains("größer als 1 MiB"), "{said:?}");
    let lie = |folder: &str| server.mails(folder).len();
    assert_eq!((lie("INBOX"), lie("Erfasst"), lie("Abgelehnt")), (0, 2, 2), "with the reason beside it");
}

#[test]
fn attachments_become_documents_as_those_of_a_mail_in_a_watched_folder() {
    let Some(server) = Server::start() else { return };
    let office = Office::new();
    server.profile(&office, "");
    let mail = "From: a@b.example\r\nSubject: Bauantrag\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n\
                --x\r\nContent-Type: text/plain\r\n\r\nAnbei der Plan\r\n--x\r\nContent-Type: text/plain; name=plan.txt\r\n\
                Content-Disposition: attachment; filename=plan.txt\r\n\r\nGrundriss\r\n--x\r\nContent-Type: text/csv\r\n\
                Content-Disposition: attachment; filename=liste.csv\r\n\r\na;b\r\n--x--\r\n";
    server.deliver(0, mail);
    office.run(["mail", "fetch", "--profile", "postfach.toml"]).done();
    office.write("eingang/post.eml", mail);
    let into = ["--file", "E-2", "--class", CLASS];
    office.run(["watch", "eingang", "--once", "--settle", "0"].iter().chain(&into)).done();
    let came = |file: &str| {
        let shown = office.run(["show", "--json", file]).done().json();
        let documents = shown["documents"].as_array().unwrap().clone();
        let mut documents: Vec<_> = documents.into_iter().map(unnamed).collect();
        documents.sort_by_key(Value::to_string);
        (documents, shown["cases"].as_array().map(Vec::len))
    };
    let (by_mail, by_folder) = (came("E-1"), came("E-2"));
    assert_eq!(by_mail, by_folder);
    let names: Vec<_> = by_mail.0.iter().filter_map(|one| one["file_name"].as_str()).collect();
    assert_eq!(names, ["liste.csv", "plan.txt"], "{by_mail:?}");
    assert_eq!(by_mail.0.len(), 3);
}

/// A document, without what differs from mail to mail: ids, and the name it came under.
fn unnamed(document: Value) -> Value {
    match document {
        Value::String(text) if uuid::Uuid::try_parse(&text).is_ok() => "an id".into(),
        Value::Array(all) => all.into_iter().map(unnamed).collect(),
        Value::Object(fields) => {
            let is_named = |key: &str, value: &Value| {
                key == "file_name" && value.as_str().is_some_and(|name| name.ends_with(".eml"))
            };
            let fields = fields.into_iter().filter(|(key, value)| !is_named(key, value));
            Value::Object(fields.map(|(key, value)| (key, unnamed(value))).collect())
        }
        other => other,
    }
}

/// A server that says what it should not, and the port it listens on.
fn odd_server(server: &Server, what: &str) -> (Running, u16) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail/odd_server.py");
    let mut command = Command::new("python3");
    command.arg(script).arg(server.path("cert.pem")).arg(server.path("key.pem")).arg(what);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut port = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut port).unwrap();
    (Running(child), port.trim().parse().unwrap())
}

#[test]
fn a_server_that_says_what_it_should_not_is_not_believed_and_nobody_waits_for_ever() {
    let Some(server) = Server::start() else { return };
    let office = Office::new();
    let profile = server.profile(&office, "patience_seconds = 2\nmail_mib_max = 1");
    let whole = fs::read_to_string(&profile).unwrap();
    let ask = |what: &str| {
        let (_running, port) = odd_server(&server, what);
        fs::write(&profile, whole.replace(&server.port.to_string(), &port.to_string())).unwrap();
        let begun = Instant::now();
        let said = fetch(&office);
        assert!(begun.elapsed() < PATIENCE, "{what}");
        said
    };
    for (what, why) in [
        ("a line without end", "viel zu viel"),
        ("lines without end", "viel zu viel"),
        ("deep brackets", "viel zu viel"),
        ("a run without end", "viel zu viel"),
        ("heedless", "viel zu viel"),
        ("no numbers", "nicht IMAP"),
        ("no IMAP", "nicht IMAP"),
        ("goodbye", "antwortet nicht"),
        ("silent", "antwortet nicht"),
        ("cannot move", "weder MOVE noch UIDPLUS"),
    ] {
        let said = ask(what).failed(1);
        assert!(said.contains(why), "{what}: {said}");
    }
    // Nothing of one mail is taken for another, and its size is what comes.
    for (what, why) in [
        ("of another", "nur leer heraus"),
        ("empty", "nur leer heraus"),
        ("larger than said", "größer als 1 MiB"),
    ] {
        let said = ask(what);
        assert_eq!((said.code, summary(&said, "refused")), (2, 1), "{what}: {said:?}");
        assert!(said.out.contains(why), "{what}: {said:?}");
    }
    assert_eq!(originals(&office).len(), 0);
    assert_eq!(summary(&ask("as it should").done(), "taken"), 1, "the script is not to blame");
}

#[test]
fn a_server_that_ends_does_not_wait_for_a_mail_server_that_hangs() {
    let Some(server) = Server::start() else { return };
    let office = Office::new();
    let profile = server.profile(&office, "patience_seconds = 300");
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let whole = fs::read_to_string(&profile).unwrap();
    fs::write(&profile, whole.replace(&server.port.to_string(), &port.to_string())).unwrap();
    let mut command = office.command();
    command.args(["serve", "--listen", "127.0.0.1:0", "--mail", "postfach.toml"]);
    let mut running = Running(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    let _line = silent.accept().unwrap(); // and never a word
    let begun = Instant::now();
    let other = office.write("brief.txt", "Brief");
    office.run(["ingest", "--no-read", &other]).done(); // the office works on meanwhile
    run("kill", &[&running.0.id().to_string()], Path::new("/"));
    let ended = running.0.wait().unwrap();
    assert!(ended.success() && begun.elapsed() < Duration::from_secs(30), "{ended:?} {:?}", begun.elapsed());
}

#[test]
fn what_was_acknowledged_and_could_not_be_moved_is_moved_later_even_under_new_numbers() {
    let Some(mut server) = Server::start() else { return };
    let office = Office::new();
    server.profile(&office, "");
    (0..5).for_each(|number| server.deliver(number, mail(number)));
    // A folder nobody may write to.
    server.make("mail/.Erfasst");
    let shut =
        |mode| fs::set_permissions(server.path("mail/.Erfasst"), fs::Permissions::from_mode(mode)).unwrap();
    shut(0o000);
    let said = fetch(&office);
    assert!(said.code != 0 && said.err.contains("eine Mail zu verschieben"), "{said:?}");
    assert_eq!((originals(&office).len(), server.mails("INBOX").len()), (5, 5));
    shut(0o755);
    server.stop();
    for entry in fs::read_dir(server.path("mail")).unwrap().map(Result::unwrap) {
        if entry.file_name().to_string_lossy().starts_with("dovecot") {
            fs::remove_file(entry.path()).unwrap(); // the server forgets the numbers it gave
        }
    }
    std::thread::sleep(Duration::from_millis(1_100)); // and its new ones begin with the second
    server.start_again();
    let said = fetch(&office).done();
    assert_eq!(summary(&said, "taken"), 0, "{said:?}");
    assert_eq!(
        (originals(&office).len(), server.mails("INBOX").len(), server.mails("Erfasst").len()),
        (5, 0, 5)
    );
}

/// How long the notes are that say what is about to be taken in.
fn note_bytes(office: &Office) -> u64 {
    let Ok(homes) = fs::read_dir(office.registry().join("mailboxes")) else { return 0 };
    let note = |home: std::io::Result<fs::DirEntry>| home.unwrap().path().join(".schriftgut-laufzettel");
    homes.filter_map(|home| fs::metadata(note(home)).ok()).map(|known| known.len()).sum()
}

#[test]
fn five_hundred_mails_are_there_once_each_whoever_is_killed_in_between() {
    let Some(mut server) = Server::start() else { return };
    let office = Office::new();
    server.profile(&office, "");
    const MAILS: usize = 500;
    (0..MAILS).for_each(|number| server.deliver(number, mail(number)));
    let documents = || {
        let shown = office.run(["show", "--json", "E-1"]);
        if shown.code == 0 { shown.json()["documents"].as_array().unwrap().clone() } else { Vec::new() }
    };
    let (mut round, mut between) = (0, 0);
    while server.mails("INBOX").len() > 100 && round < 16 {
        let mut command = office.command();
        command.args(["mail", "fetch", "--profile", "postfach.toml", "--no-read"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        if round % 2 == 0 {
            // Until the first mail is acknowledged: none of those that were taken in with it is moved yet.
            let mut out = BufReader::new(child.stdout.take().unwrap());
            out.read_line(&mut String::new()).unwrap();
        } else {
            // Until mails are in hand, and then some.
            let (begun, before) = (Instant::now(), note_bytes(&office));
            while note_bytes(&office) <= before && child.try_wait().unwrap().is_none() {
                assert!(begun.elapsed() < PATIENCE);
                std::thread::sleep(Duration::from_millis(1));
            }
            std::thread::sleep(Duration::from_millis([0, 60, 5, 150][round / 2 % 4]));
        }
        if round % 4 == 3 {
            server.stop(); // the program hears of it, and says so
            child.wait().unwrap();
            server.start_again();
        } else {
            child.kill().unwrap();
            child.wait().unwrap();
        }
        between += usize::from(documents().len() > server.mails("Erfasst").len());
        round += 1;
    }
    eprintln!("{round} rounds, {between} of them ended between acknowledging and moving");
    assert!(between > 0, "none of {round} kills came between acknowledging and moving");
    let said = fetch(&office).done();
    assert_eq!(summary(&said, "left"), 0, "{said:?}");
    assert_eq!((server.mails("INBOX").len(), server.mails("Erfasst").len()), (0, MAILS));
    let documents = documents();
    let contents: BTreeSet<_> = documents.iter().map(|one| one["sha256"].as_str().unwrap()).collect();
    assert_eq!((documents.len(), contents.len()), (MAILS, MAILS), "each once");
}
