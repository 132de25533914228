//! Documents that programs send: there once however often they are sent, where they were meant to be, or nowhere and with the
//! reason; and how far they are.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Bytes;
use schriftgut::domain::token::TokenScope;
use serde_json::{Value, json};

use super::api::Program;
use super::uploads::{cut_off, left, original, restarted, text};
use super::*;

impl Program<'_> {
    /// Sends a document under this key.
    async fn send(&self, said: &str, key: &str, body: impl Into<Body>) -> Page {
        self.ask("POST", &format!("/api/v1/documents?{said}"), &[("idempotency-key", key)], body).await
    }
}

impl Page {
    /// What it says of a document that is there.
    #[track_caller]
    fn there(&self, status: u16, outcome: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body());
        let answer: Value = serde_json::from_slice(&self.bytes).unwrap();
        assert_eq!(answer["outcome"], outcome, "{answer}");
        let place = format!("/api/v1/documents/{}", answer["document"].as_str().unwrap());
        assert_eq!(self.headers["location"], place.as_str());
        answer
    }

    #[track_caller]
    fn says_why(&self, status: u16, why: &str) {
        let problem = self.problem(status);
        assert!(problem["detail"].as_str().unwrap().contains(why), "{why:?} is not in {problem}");
    }
}

fn id(answer: &Value) -> String {
    answer["document"].as_str().unwrap().to_owned()
}

/// A town with a file, and a clerk whose program may put documents into it.
fn town() -> (Town, Actor) {
    let town = Town::new();
    let sach = town.person("sach", Role::Clerk, GENERAL);
    town.document(&sach, target("63-1", "Garage", GENERAL[0]), "plan.txt", b"Eine Garage");
    (town, sach)
}

/// A body that comes to its end only after a while.
struct Slow(Option<Bytes>, Pin<Box<tokio::time::Sleep>>);

impl Slow {
    fn body(bytes: &'static [u8]) -> Body {
        Body::new(Self(Some(Bytes::from_static(bytes)), Box::pin(tokio::time::sleep(Duration::from_secs(2)))))
    }
}

impl hyper::body::Body for Slow {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, std::io::Error>>> {
        match self.0.take() {
            Some(bytes) => Poll::Ready(Some(Ok(hyper::body::Frame::data(bytes)))),
            None => self.1.as_mut().poll(context).map(|()| None),
        }
    }
}

/// A body that says it is larger than anything that is taken in.
struct Huge;

impl hyper::body::Body for Huge {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, std::io::Error>>> {
        Poll::Ready(Some(Ok(hyper::body::Frame::data(Bytes::from_static(&[b'x'; 65_536])))))
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        hyper::body::SizeHint::with_exact((4 << 30) + 1)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_program_sends_is_there_once_however_often_it_sends_it() {
    let (town, sach) = town();
    let program = town.program(&sach, &[TokenScope::File]);
    let large = text(3_000_000);
    let said = "name=Scans%5CGrundriss%20S%C3%BCd.txt&file=63%201";
    let taken = program.send(said, "eins", large.clone()).await.there(201, "taken");
    assert_eq!((&taken["file"], &taken["size_bytes"]), (&json!("63-1"), &json!(3_000_000)));
    assert_eq!(original(&town, &id(&taken)), large);
    let view = town.registry.show_document(sach.as_reader().unwrap(), id(&taken).parse().unwrap()).unwrap();
    assert_eq!(view.document.file_name, "Grundriss Süd.txt");
    assert_eq!(view.document.original.sha256.to_string(), taken["sha256"].as_str().unwrap());
    assert_eq!(left(&town).len(), 0, "nothing is left of its way");

    let again = program.send(said, "eins", large.clone()).await.there(200, "taken_before");
    assert_eq!((id(&again), &again["sha256"]), (id(&taken), &taken["sha256"]));
    program.send(said, "eins", "anderes").await.says_why(422, "mit anderem Inhalt");
    // Under another key it is another document; that the content is there may be known.
    let other = program.send(said, "zwei", large.clone()).await.there(201, "known");
    assert_ne!(id(&other), id(&taken));
    // The key of somebody else is another one.
    let zwei = town.person("zwei", Role::Clerk, GENERAL);
    let others = town.program(&zwei, &[TokenScope::File]);
    others.send("name=a.txt", "eins", "Zaun").await.there(201, "taken");

    drop((program, others));
    let town = restarted(town);
    let sach = town.registry.person("sach").unwrap();
    let program = town.program(&sach, &[TokenScope::File]);
    let again = program.send(said, "\"eins\"", large).await.there(200, "taken_before");
    assert_eq!(id(&again), id(&taken), "also after a restart, and with another token");
    let file = town.registry.show_file(sach.as_reader().unwrap(), "63-1", town.registry.today()).unwrap();
    assert_eq!(file.documents.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_document_one_may_not_read_any_more_sending_it_again_tells_nothing() {
    let (town, sach) = town();
    let program = town.program(&sach, &TokenScope::ALL);
    let taken = program.send("name=a.txt&file=63-1", "eins", "Zaun").await.there(201, "taken");
    let by = town.operator();
    town.registry.set_rights(by.as_administrator().unwrap(), "sach", None, Some([].into())).unwrap();
    program.get(&format!("/api/v1/documents/{}/reading", id(&taken))).await.problem(404);
    for content in ["Zaun", "Nicht der Zaun"] {
        let again = program.send("name=a.txt&file=63-1", "eins", content).await.there(200, "taken_before");
        assert_eq!((id(&again), &again["file"]), (id(&taken), &Value::Null));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_goes_where_it_was_said_or_nowhere_and_with_the_reason() {
    let (town, sach) = town();
    let operator = town.operator();
    let all = ProtectionDomain::ALL.into_iter().collect();
    town.registry.set_rights(operator.as_administrator().unwrap(), "leitung", None, Some(all)).unwrap();
    let hidden = target("63-2", "Steuer", ProtectionDomain::Tax);
    town.document(&town.operator(), hidden, "steuer.txt", b"Steuer");
    let program = town.program(&sach, &TokenScope::ALL);
    let new =
        "name=a.txt&file=63-7&class=63.10.03&title=Carport%20S%C3%BCd&field=street%3DMarkt%206&case=Antrag";
    let taken = program.send(new, "eins", "Zaun").await.there(201, "taken");
    assert_eq!(taken["file"], "63-7");
    let file = program.get("/api/v1/files/63-7").await.json();
    assert_eq!((&file["title"], &file["fields"]["street"]), (&json!("Carport Süd"), &json!("Markt 6")));
    assert_eq!(program.send("name=b.txt", "zwei", "Tor").await.there(201, "taken")["file"], Value::Null);

    let before = town.registry.unread().unwrap();
    for (said, status, why) in [
        ("", 400, "ihr Name fehlt"),
        ("name=%00", 400, "Steuerzeichen"),
        ("name=a.txt&fiel=63-1", 400, "die es nicht gibt"),
        ("name=a.txt&name=b.txt", 400, "„name“ steht mehrmals da"),
        ("name=a.txt&class=63.10.03", 400, "es ist keine genannt"),
        ("name=a.txt&file=63-1&pages=0", 400, "„pages“ ist nicht lesbar"),
        ("name=a.txt&file=63-1&domain=geheim", 400, "„domain“ ist nicht lesbar"),
        ("name=a.txt&file=63-8&class=63.10.03&field=street", 400, "NAME=WERT"),
        ("name=a.txt&file=63-9", 422, "die Akte 63-9 gibt es nicht"),
        ("name=a.txt&file=63-2", 422, "die Akte 63-2 gibt es nicht"),
        ("name=a.txt&file=63-8&class=99.99", 422, "99.99"),
        ("name=a.txt&file=63-8&class=63.10.03&domain=tax", 422, "Ihnen fehlt die Berechtigung"),
        ("name=a.txt&file=63-1&register=77", 422, "Register"),
    ] {
        program.send(said, "drei", "Zaun 3").await.says_why(status, why);
    }
    // What is hidden and what is not there are one answer.
    let one = program.send("name=a.txt&file=63-2", "drei", "Zaun 3").await;
    let other = program.send("name=a.txt&file=63-9", "drei", "Zaun 3").await;
    assert_eq!(one.body().replace("63-2", "63-9"), other.body());
    town.registry.close(sach.as_clerk().unwrap(), "63-1", town.registry.today()).unwrap();
    program.send("name=a.txt&file=63-1", "drei", "Zaun 3").await.says_why(422, "geschlossen");
    assert_eq!((town.registry.unread().unwrap(), left(&town).len()), (before, 0));
    // What was refused can be sent again under its key once nothing is in the way.
    program.send("name=a.txt&file=63-7", "drei", "Zaun 3").await.there(201, "taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_whole_or_not_what_it_says_is_not_taken_in() {
    let (town, sach) = town();
    let program = town.program(&sach, &TokenScope::ALL);
    let before = town.registry.unread().unwrap();
    let path = "/api/v1/documents?name=a.txt";
    let whole = text(700_000);
    program.send("name=a.txt", "eins", cut_off(&whole[..300_000])).await.problem(400);
    assert_eq!(left(&town).len(), 0, "nothing is left of what was cut off");
    program.send("name=a.txt", "eins", "").await.says_why(400, "leer");
    program.send("name=a.txt", "eins", Body::new(Huge)).await.says_why(413, "zu groß");
    program.ask("POST", path, &[], "Zaun").await.says_why(400, "Idempotency-Key");
    program.send("name=a.txt", "a b", "Zaun").await.says_why(400, "Idempotency-Key");
    let with = async |name: &str, value: &str| {
        program.ask("POST", path, &[("idempotency-key", "eins"), (name, value)], "Zaun").await
    };
    with("content-type", "multipart/form-data; boundary=x").await.problem(415);
    with("content-encoding", "gzip").await.problem(415);
    with("content-digest", "md5=:YQ==:").await.says_why(400, "sha-256=:…:");
    let wrong = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";
    with("content-digest", wrong).await.says_why(400, "nicht die genannte Prüfsumme");
    assert_eq!((town.registry.unread().unwrap(), left(&town).len()), (before, 0));

    let right = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";
    let headers = [("idempotency-key", "eins"), ("content-digest", right)];
    let hello = "{\"hello\": \"world\"}\n";
    program.ask("POST", path, &headers, hello).await.there(201, "taken");
    program.ask("POST", path, &headers, hello).await.there(200, "taken_before");
    program.ask("POST", path, &headers, "anderes").await.says_why(400, "nicht die genannte Prüfsumme");
    assert_eq!(town.registry.unread().unwrap(), before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_without_the_right_leaves_a_byte() {
    let (town, sach) = town();
    let archiv = town.person("archiv", Role::Archivist, GENERAL);
    let others = [TokenScope::Read, TokenScope::Search, TokenScope::Facts];
    let large = text(2_000_000);
    for (program, status) in [
        (Program::with(&town, ""), 401),
        (Program::with(&town, "Unfug"), 401),
        (town.program(&sach, &others), 403),
        (town.program(&archiv, &[TokenScope::File]), 403),
    ] {
        program.send("name=a.txt&file=63-1", "eins", large.clone()).await.problem(status);
    }
    assert_eq!((town.registry.unread().unwrap(), left(&town).len()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_document_twice_at_once_is_taken_in_once() {
    let (town, sach) = town();
    let program = town.program(&sach, &[TokenScope::File]);
    let said = "name=a.txt&file=63-1";
    let first = program.send(said, "eins", Slow::body(b"Zaun"));
    let second = async {
        tokio::time::sleep(Duration::from_millis(700)).await;
        program.send(said, "eins", "Zaun").await
    };
    let (first, second) = tokio::join!(first, second);
    let taken = first.there(201, "taken");
    second.says_why(409, "gerade schon unterwegs");
    assert_eq!(second.headers["retry-after"], "10");
    assert_eq!(id(&program.send(said, "eins", "Zaun").await.there(200, "taken_before")), id(&taken));
    assert_eq!(left(&town).len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_is_told_how_far_its_document_is_and_why_no_farther() {
    let (town, sach) = town();
    let program = town.program(&sach, &[TokenScope::File]);
    let sent = async |key: &str, name: &str, bytes: Vec<u8>| {
        id(&program.send(&format!("name={name}&file=63-1"), key, bytes).await.there(201, "taken"))
    };
    let good = sent("eins", "a.pdf", pdf("Zaun")).await;
    let bad = sent("zwei", "b.pdf", b"%PDF-1.4\nkaputt".to_vec()).await;
    let left_unread = sent("drei", "c.txt", b"Tor".to_vec()).await;
    let reading = async |id: &str| program.get(&format!("/api/v1/documents/{id}/reading")).await.json();
    for id in [&good, &bad, &left_unread] {
        assert_eq!(reading(id).await["state"], "waiting");
    }
    let clerk = sach.as_clerk().unwrap();
    town.registry.give_up_reading(clerk, left_unread.parse().unwrap(), "liegt doppelt vor").unwrap();
    town.registry.read_texts(&|_| {}).unwrap();
    let read = reading(&good).await;
    assert_eq!(
        (&read["state"], &read["pages_read"], &read["reasons"]),
        (&json!("read"), &json!(1), &json!([]))
    );
    let broken = reading(&bad).await;
    assert!(["given_up", "in_part"].contains(&broken["state"].as_str().unwrap()), "{broken}");
    assert!(!broken["reasons"][0].as_str().unwrap().is_empty(), "{broken}");
    let ordered = reading(&left_unread).await;
    assert_eq!(ordered["state"], "given_up");
    assert_eq!(ordered["reasons"], json!(["auf Anordnung nicht gelesen: liegt doppelt vor"]));
    // With this scope nothing else is read, and of what is hidden nothing is told.
    program.get(&format!("/api/v1/documents/{good}")).await.problem(403);
    let fremd = town.person("fremd", Role::Clerk, &[]);
    let others = town.program(&fremd, &TokenScope::ALL);
    let one = others.get(&format!("/api/v1/documents/{good}/reading")).await;
    let other = others.get(&format!("/api/v1/documents/{NOBODY}/reading")).await;
    one.problem(404);
    assert_eq!((one.bytes, one.headers), (other.bytes, other.headers));
}
