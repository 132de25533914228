//! Documents that a program sends to a server that is killed: over a real connection, to the real program.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::office::Office;
use crate::server::Server;

const DOCUMENTS: usize = 80;
const PATIENCE: Duration = Duration::from_secs(120);

/// Asks; none if the server is gone before the answer is whole.
fn ask(address: &str, head: &str, body: &[u8]) -> Option<(u16, Value)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(body).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let text = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, serde_json::from_str(body).ok()?))
}

struct Program {
    token: String,
}

impl Program {
    fn head(&self, document: &str, bytes: usize) -> String {
        format!(
            "POST /api/v1/documents?name={document}.txt&file=63-1 HTTP/1.1\r\nHost: localhost\r\n\
             Authorization: Bearer {}\r\nIdempotency-Key: {document}\r\nContent-Length: {bytes}\r\n\
             Connection: close\r\n\r\n",
            self.token
        )
    }

    /// Sends a document; its id and the status, once it is acknowledged.
    fn send(&self, address: &str, document: &str) -> Option<(u16, String)> {
        let bytes = content(document);
        let (status, answer) = ask(address, &self.head(document, bytes.len()), &bytes)?;
        assert!(matches!(status, 200 | 201), "{answer}");
        Some((status, answer["document"].as_str().unwrap().to_owned()))
    }

    fn state(&self, address: &str, id: &str) -> String {
        let head = format!(
            "GET /api/v1/documents/{id}/reading HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\
             Connection: close\r\n\r\n",
            self.token
        );
        let (status, answer) = ask(address, &head, b"").unwrap();
        assert_eq!(status, 200, "{answer}");
        answer["state"].as_str().unwrap().to_owned()
    }

    /// Sends one after the other until the server is gone, and tells of each that was acknowledged.
    fn send_all(&self, address: &str, tell: &Sender<(String, String)>) {
        for number in 0..DOCUMENTS {
            let document = format!("blatt-{number}");
            let Some((_, id)) = self.send(address, &document) else { return };
            if tell.send((document, id)).is_err() {
                return;
            }
        }
    }
}

/// No two alike, and of several pieces.
fn content(document: &str) -> Vec<u8> {
    format!("{document}: Garage und Zaun an der Ringstrasse.\n").repeat(9_000).into_bytes()
}

#[test]
fn what_was_acknowledged_before_a_kill_is_there_once_and_read_later() {
    let office = Office::new();
    let first = office.write("a.txt", "Antrag");
    office.take_in(&["--file", "63-1", "--class", "63.10.03", &first]);
    let until = jiff::Zoned::now().date().tomorrow().unwrap().to_string();
    let issue = ["user", "token", "issue", "Abgleich", "--json", "--scope", "ablegen", "--until", &until];
    let token = office.run(issue).done().json()["token"].as_str().unwrap().to_owned();
    let program = Program { token };
    let mut journal: BTreeMap<String, String> = BTreeMap::new();
    for (round, kill_after) in [0, 3, 9, 14, 20, 27].into_iter().enumerate() {
        let server = Server::start(&office);
        // One that is cut off in the middle.
        let halb = content("halb");
        let mut cut = TcpStream::connect(server.address()).unwrap();
        cut.write_all(program.head("halb", halb.len()).as_bytes()).unwrap();
        cut.write_all(&halb[..halb.len() / 2]).unwrap();
        let (tell, told) = channel();
        std::thread::scope(|scope| {
            let (address, program) = (server.address().to_owned(), &program);
            scope.spawn(move || program.send_all(&address, &tell));
            let mut acknowledged: Vec<_> = told.iter().take(kill_after).collect();
            std::thread::sleep(Duration::from_millis(7 * round as u64));
            drop(server);
            acknowledged.extend(told.iter());
            assert!(acknowledged.len() < DOCUMENTS, "the kill missed");
            for (document, id) in acknowledged {
                let known = journal.insert(document.clone(), id.clone());
                assert!(known.is_none_or(|known| known == id), "{document} is there twice");
            }
        });
    }
    assert!(journal.len() >= 27, "only {} acknowledged", journal.len());

    let server = Server::start(&office);
    let (tell, told) = channel();
    assert_eq!(program.send(server.address(), "halb").unwrap().0, 201);
    program.send_all(server.address(), &tell);
    drop(tell);
    for (document, id) in told {
        let known = journal.insert(document.clone(), id.clone());
        assert!(known.is_none_or(|known| known == id), "{document} is there twice");
    }
    assert_eq!(journal.len(), DOCUMENTS);
    let file = office.run(["show", "--json", "63-1"]).done().json();
    assert_eq!(file["documents"].as_array().unwrap().len(), DOCUMENTS + 2, "nothing is there twice");
    for (document, id) in &journal {
        assert_eq!(office.original(id), content(document), "{document}");
        let begun = Instant::now();
        while program.state(server.address(), id) != "read" {
            assert!(begun.elapsed() < PATIENCE, "{document} is not read");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
    drop(server);
    assert_eq!(std::fs::read_dir(office.registry().join("uploads")).unwrap().count(), 0);
    office.run(["verify"]).done();
}
