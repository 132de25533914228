//! How fast a server answers while files that mean harm are taken in and read: the same searches and pages over HTTP, from the
//! real program, in turns with nothing else to do and with a part of the hostile corpus (`tests/hostile`, some six hundred
//! files) coming in. The goal: less than twice the time, at the median and at the slow end.
//!
//! `cargo bench --bench answers`, on a machine that does nothing else; `--test` only shows that it runs.

#[path = "../tests/hostile/corpus.rs"]
#[allow(dead_code, reason = "the test of the corpus uses all of it")]
mod corpus;
#[path = "quality/dice.rs"]
mod dice;
#[path = "../tests/cli/office.rs"]
mod office;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use corpus::{Corpus, Hostile};
use dice::Dice;
use office::{Office, SECRET};

/// How much is done.
struct Scale {
    documents: usize,
    /// In each of the turns one part of the corpus comes in.
    turns: usize,
    /// Files of the corpus in all.
    files: usize,
    idle: Duration,
}

const TINY: Scale = Scale { documents: 20, turns: 1, files: 20, idle: Duration::from_secs(2) };
const USUAL: Scale = Scale { documents: 2_000, turns: 3, files: usize::MAX, idle: Duration::from_secs(40) };

/// Files that only the clock ends are left out: they would take as long as all the others.
const FILES_MIN: usize = 320;
/// Words of a document, and how many different ones there are; the n-th is as frequent as 1/n.
const DOCUMENT_WORDS: usize = 600;
const VOCABULARY: usize = 5_000;
/// How long the person at the browser thinks between two answers.
const THINKING: Duration = Duration::from_millis(15);
const LOGIN: &str = "anna";
/// How often it is asked whether all is read.
const LOOK_EVERY: Duration = Duration::from_secs(3);
/// Longest time for a part of the corpus.
const PATIENCE: Duration = Duration::from_secs(1_800);

fn main() {
    let scale = if std::env::args().any(|arg| arg == "--test") { &TINY } else { &USUAL };
    let office = Office::new();
    office.add_person(LOGIN, "Anna Weber", &["clerk"]);
    let pages = fill(&office, scale.documents);
    let markers = tempfile::tempdir().unwrap();
    let mut files = Corpus::made(9, markers.path().to_owned()).files;
    files.retain(|file| !file.is_endless);
    files.truncate(scale.files);
    assert!(files.len() >= FILES_MIN.min(scale.files), "{} files", files.len());
    let server = Server::start(&office);
    let browser = Browser::signed_in(&server.address);
    let mut dice = Dice(7);
    // The first answers fill caches that every later one finds.
    browser.ask_for(scale.idle / 4, &pages, &mut dice);
    let (mut idle, mut busy) = (Vec::new(), Vec::new());
    for (turn, part) in files.chunks(files.len().div_ceil(scale.turns)).enumerate() {
        idle.extend(browser.ask_for(scale.idle, &pages, &mut dice));
        let begun = Instant::now();
        let while_read = browser.ask_while(&pages, &mut dice, || take_in(&office, turn, part));
        println!(
            "turn {}: {} files taken in and read in {:.0?}, {} answers meanwhile",
            turn + 1,
            part.len(),
            begun.elapsed(),
            while_read.len()
        );
        busy.extend(while_read);
        report(&mut idle, &mut busy);
    }
}

/// All turns so far.
fn report(idle: &mut [Duration], busy: &mut [Duration]) {
    idle.sort();
    busy.sort();
    println!("{:<8} {:>12} {:>12} {:>8}", "", "idle", "meanwhile", "ratio");
    for (name, share) in [("median", 50), ("p95", 95), ("p99", 99)] {
        let of = |times: &[Duration]| times[(times.len() - 1) * share / 100].as_secs_f64() * 1e3;
        let (idle, busy) = (of(idle), of(busy));
        println!("{name:<8} {idle:>9.1} ms {busy:>9.1} ms {:>7.2}x", busy / idle);
    }
    println!("{} and {} answers", idle.len(), busy.len());
}

/// Takes documents in and reads them; the addresses that are asked for.
fn fill(office: &Office, documents: usize) -> Vec<String> {
    let mut dice = Dice(1);
    let word = |dice: &mut Dice| {
        let place = ((VOCABULARY as f64).powf(dice.below(1_000_000) as f64 / 1e6)) as usize;
        format!("wort{place}")
    };
    for number in 0..documents {
        let words: Vec<String> = (0..DOCUMENT_WORDS).map(|_| word(&mut dice)).collect();
        office.write(&format!("stapel/{number}.txt"), words.join(" "));
    }
    let ids = office.take_in(&["--file", "63-1/2020", "--class", "63.10.03", "stapel"]);
    assert_eq!(ids.len(), documents);
    office.run(["work"]).done();
    let mut pages = vec!["/".to_owned(), "/akte/63-1%2F2020".to_owned()];
    pages.extend(ids.iter().take(100).map(|id| format!("/dokument/{id}")));
    for _ in 0..200 {
        let (one, other) = (word(&mut dice), word(&mut dice));
        pages.push(format!("/suche?q={one}"));
        pages.push(format!("/suche?q={one}+UND+{other}"));
    }
    pages
}

/// Takes files in, and waits until the server has read them.
fn take_in(office: &Office, turn: usize, files: &[Hostile]) {
    let folder = format!("eingang-{turn}");
    for (number, file) in files.iter().enumerate() {
        let ending = file.name.rsplit('.').next().unwrap_or("bin");
        let ending: String = ending.chars().filter(char::is_ascii_alphanumeric).collect();
        office.write(&format!("{folder}/{number}.{ending}"), &file.bytes);
    }
    let said = office.run(["ingest", "--no-read", &folder]);
    assert!(said.out.contains("erfasst"), "{said:?}");
    let begun = Instant::now();
    loop {
        std::thread::sleep(LOOK_EVERY);
        let queue = office.run(["queue", "--json"]).done().json();
        if queue["waiting"] == 0 && queue["now"].as_array().is_none_or(Vec::is_empty) {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "{queue}");
    }
}

/// `serve`, ended when the bench is over.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(office: &Office) -> Self {
        let mut command = office.command();
        let mut child =
            command.args(["serve", "--listen", "127.0.0.1:0"]).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        let address =
            line.split_once("http://").and_then(|(_, rest)| rest.split('/').next()).unwrap().to_owned();
        std::thread::spawn(move || {
            said.lines().map_while(Result::ok).for_each(|line| eprintln!("server: {line}"))
        });
        Self { child, address }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Somebody who has signed in.
struct Browser {
    address: String,
    cookie: String,
}

impl Browser {
    fn signed_in(address: &str) -> Self {
        let form = format!("login={LOGIN}&kennwort={}", SECRET.replace(' ', "+"));
        let head = format!(
            "POST /anmelden HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{form}",
            form.len()
        );
        let answer = exchange(address, &head);
        let cookie = answer.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("set-cookie").then(|| value.split(';').next().unwrap_or_default())
        });
        let cookie = cookie.unwrap_or_else(|| panic!("{answer}")).to_owned();
        Self { address: address.to_owned(), cookie }
    }

    /// How long each answer took, for so long.
    fn ask_for(&self, time: Duration, pages: &[String], dice: &mut Dice) -> Vec<Duration> {
        let begun = Instant::now();
        self.ask(pages, dice, || begun.elapsed() < time)
    }

    /// How long each answer took while the work went on.
    fn ask_while(&self, pages: &[String], dice: &mut Dice, work: impl FnOnce() + Send) -> Vec<Duration> {
        let is_over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let worker = scope.spawn(|| {
                let _guard = Over(&is_over);
                work();
            });
            let times = self.ask(pages, dice, || !is_over.load(Ordering::SeqCst));
            worker.join().unwrap();
            times
        })
    }

    fn ask(&self, pages: &[String], dice: &mut Dice, mut goes_on: impl FnMut() -> bool) -> Vec<Duration> {
        let mut times = Vec::new();
        while goes_on() {
            std::thread::sleep(THINKING);
            let page = dice.pick(pages);
            let begun = Instant::now();
            let answer = exchange(
                &self.address,
                &format!(
                    "GET {page} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nConnection: close\r\n\r\n",
                    self.address, self.cookie
                ),
            );
            times.push(begun.elapsed());
            assert!(answer.starts_with("HTTP/1.1 200"), "{page}: {}", &answer[..answer.len().min(300)]);
        }
        times
    }
}

/// Says that the work is over, also when it failed.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

fn exchange(address: &str, asked: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(asked.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}
