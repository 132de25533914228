//! The interface for programs: what it answers, that it tells nothing of what is hidden, that it is what it says of itself,
//! and that the example of the handbook works.

use std::process::Command;

use schriftgut::domain::token::TokenScope;
use schriftgut::registry::NewToken;
use schriftgut::web::{openapi, serve};
use serde_json::{Value, json};

use super::json_schema::Schema;
use super::*;

/// A program with a token.
pub struct Program<'t> {
    town: &'t Town,
    token: String,
}

impl Town {
    /// A program that acts for this person, until tomorrow.
    pub fn program(&self, actor: &Actor, scopes: &[TokenScope]) -> Program<'_> {
        let until = self.registry.today().tomorrow().unwrap();
        let name = format!("Programm {}", self.registry.tokens(actor, &actor.login).unwrap().len());
        let scopes = scopes.iter().copied().collect();
        let issued = self.registry.issue_token(actor, &NewToken { name: &name, scopes, until }).unwrap();
        Program { town: self, token: issued.text }
    }
}

impl Program<'_> {
    pub fn with<'t>(town: &'t Town, token: &str) -> Program<'t> {
        Program { town, token: token.to_owned() }
    }

    pub fn token(&self) -> &str {
        &self.token
    }

    pub async fn get(&self, path: &str) -> Page {
        self.ask("GET", path, &[], Vec::new()).await
    }

    pub async fn facts(&self, body: impl Into<Vec<u8>>) -> Page {
        let body: Vec<u8> = body.into();
        self.ask("POST", "/api/v1/facts", &[("content-type", "application/json")], body).await
    }

    pub async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Page {
        let mut request = Request::builder().method(method).uri(path);
        if !self.token.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.town.ask(request.body(body.into()).unwrap()).await
    }
}

impl Page {
    pub fn json(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.body());
        assert_eq!(self.headers["content-type"], "application/json");
        serde_json::from_slice(&self.bytes).unwrap()
    }

    /// What it says when it says no.
    #[track_caller]
    pub fn problem(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body());
        assert_eq!(self.headers["content-type"], "application/problem+json", "{}", self.body());
        let problem: Value = serde_json::from_slice(&self.bytes).unwrap();
        assert_eq!((&problem["status"], &problem["type"]), (&json!(status), &json!("about:blank")));
        assert!(problem["detail"].as_str().unwrap().ends_with('.'), "{problem}");
        problem
    }
}

/// A town with a file that is read by everyone and one under tax secrecy.
fn town() -> (Town, String, String) {
    let town = Town::new();
    let operator = town.operator();
    let all: Vec<_> = ProtectionDomain::ALL.to_vec();
    town.registry
        .set_rights(operator.as_administrator().unwrap(), "leitung", None, Some(all.into_iter().collect()))
        .unwrap();
    let operator = town.operator();
    let open = town.document(&operator, target("63/10-1", "Garage", GENERAL[0]), "plan.txt", b"Eine Garage");
    let tax = ProtectionDomain::Tax;
    let hidden = town.document(&operator, target("63/10-2", "Steuer", tax), "steuer.txt", b"Eine Garage");
    town.registry.read_texts(&|_| {}).unwrap();
    (town, open, hidden)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_reads_what_its_person_may_read_in_the_shapes_of_the_command_line() {
    let (town, open, _) = town();
    let sach = town.person("sach", Role::Clerk, GENERAL);
    let program = town.program(&sach, &TokenScope::ALL);
    let file = program.get("/api/v1/files/63%2F10-1").await.json();
    assert_eq!((&file["reference"], &file["documents"][0]["id"]), (&json!("63/10-1"), &json!(open)));
    let by_id = program.get(&format!("/api/v1/files/{}", file["id"].as_str().unwrap())).await.json();
    assert_eq!(file, by_id);
    assert_eq!(program.get("/api/v1/files/63%2010%201").await.json(), file, "in any spelling");
    let why = program.get("/api/v1/files/63%2F10-1/why?on=2031-01-01").await.json();
    assert_eq!((&why["on"], &why["file"]), (&json!("2031-01-01"), &json!("63/10-1")));
    assert!(why["text"].as_str().unwrap().contains("Warum:"));
    program.get("/api/v1/files/63%2F10-1/why?on=morgen").await.problem(400);
    let document = program.get(&format!("/api/v1/documents/{open}")).await.json();
    assert_eq!(document, file["documents"][0]);
    let original = program.get(&format!("/api/v1/documents/{open}/original")).await;
    assert_eq!((original.status, &original.bytes[..]), (StatusCode::OK, &b"Eine Garage"[..]));
    assert!(original.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    let found = program.get("/api/v1/search?q=garagen&facets=true&explain=true").await.json();
    assert_eq!(found["total"], 1, "{found}");
    let hits = found["hits"].as_array().unwrap();
    assert!(hits.iter().any(|hit| hit["document"] == json!(open)), "{found}");
    assert_eq!(
        found["facets"]["classes"][0],
        json!({ "count": 2, "value": "63.10.03" }),
        "the page and its file"
    );
    assert_eq!(program.get("/api/v1/search?q=garage&page=2").await.json()["hits"], json!([]));
    for wrong in
        ["", "?q=", "?q=%28garage", "?q=a&page=0", "?q=a&page=51", "?q=a&sort=schnell", "?q=a&facets=1"]
    {
        program.get(&format!("/api/v1/search{wrong}")).await.problem(400);
    }
    // Nothing changes that is only looked at, and what is there is asked one way.
    let wrong_way = program.ask("DELETE", "/api/v1/files/63%2F10-1", &[], Vec::new()).await;
    wrong_way.problem(405);
    assert_eq!(wrong_way.headers["allow"], "GET, HEAD");
    assert_eq!(program.get("/api/v1/facts").await.headers["allow"], "POST");
    program.get("/api/v1/nichts").await.problem(404);
    program.get("/api/v1/files/%FF").await.problem(404);
    let head = program.ask("HEAD", "/api/v1/files/63%2F10-1", &[], Vec::new()).await;
    assert_eq!(head.status, StatusCode::OK);
}

/// The same question about what is hidden and what does not exist, and the same answer, byte by byte.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_hidden_and_what_does_not_exist_are_one_answer_to_programs() {
    let (town, _, hidden) = town();
    let sach = town.person("sach", Role::Clerk, GENERAL);
    let program = town.program(&sach, &TokenScope::ALL);
    let operator = town.operator();
    let view =
        town.registry.show_file(operator.as_reader().unwrap(), "63/10-2", town.registry.today()).unwrap();
    let file = view.file.id.to_string();
    for (there, absent) in [
        (format!("files/{file}"), format!("files/{NOBODY}")),
        ("files/63%2F10-2".to_owned(), "files/63%2F10-9".to_owned()),
        ("files/63%2F10-2/why".to_owned(), "files/63%2F10-9/why".to_owned()),
        (format!("documents/{hidden}"), format!("documents/{NOBODY}")),
        (format!("documents/{hidden}/original"), format!("documents/{NOBODY}/original")),
        (format!("documents/{hidden}/rendition"), format!("documents/{NOBODY}/rendition")),
        ("search?q=garage&file=63%2F10-2".to_owned(), "search?q=garage&file=63%2F10-9".to_owned()),
    ] {
        let one = program.get(&format!("/api/v1/{there}")).await;
        let other = program.get(&format!("/api/v1/{absent}")).await;
        one.problem(404);
        assert_eq!((one.bytes, one.headers), (other.bytes, other.headers), "{there}");
    }
    let fact = |file: &str| json!([{ "file": file, "kind": "building_demolished", "on": "2020-01-01", "source": "Anzeige" }]);
    let one = program.facts(fact("63/10-2").to_string()).await;
    let other = program.facts(fact("63/10-9").to_string()).await;
    one.problem(422);
    assert_eq!(one.body().replace("10-2", "10-9"), other.body());
    let found = program.get("/api/v1/search?q=Steuer").await.json();
    assert_eq!((&found["total"], &found["hits"]), (&json!(0), &json!([])));
    assert_eq!(program.get("/api/v1/search?q=garage").await.json()["total"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_come_in_line_by_line_all_or_none_and_sent_twice_they_are_known() {
    let (town, ..) = town();
    let sach = town.person("sach", Role::Clerk, GENERAL);
    let program = town.program(&sach, &[TokenScope::Facts]);
    let fact = |file: &str, kind: &str, on: &str| json!({ "file": file, "kind": kind, "on": on, "source": "Anzeige" });
    let good = fact("63 10 1", "building_demolished", "2020-01-01");
    let wrong = json!([
        good,
        fact("63/10-7", "building_demolished", "2020-01-01"),
        fact("63/10-1", "erfunden", "2020-01-01"),
        fact("63/10-1", "building_demolished", "2999-01-01"),
        fact("63/10-1", "building_demolished", "2020-02-30"),
        fact("63/10-1", "Abriss!", "2020-01-01"),
        { "file": "63/10-1", "kind": "building_demolished", "on": "2020-01-01" },
        { "file": "63/10-1", "kind": 7, "on": "2020-01-01", "source": "x" },
        { "file": "63/10-1", "kind": "died", "on": "2020-01-01", "source": "x", "farbe": "rot" },
        { "file": "\u{0}", "kind": "died", "on": "2020-01-01", "source": "x" },
        null,
    ]);
    let refused = program.facts(wrong.to_string()).await.problem(422);
    let lines = refused["lines"].as_array().unwrap();
    let outcomes: Vec<_> = lines.iter().map(|line| line["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, [&["held_back"][..], &["mistake"; 10]].concat());
    for (line, why) in
        [(1, "nicht gefunden"), (2, "unbekannt"), (3, "Zukunft"), (4, "kein Tag"), (6, "„source“ fehlt")]
    {
        assert!(lines[line]["reason"].as_str().unwrap().contains(why), "{}", lines[line]);
    }
    assert_eq!(lines[10]["line"], 11);
    let facts = || {
        let view = town.registry.show_file(sach.as_reader().unwrap(), "63/10-1", town.registry.today());
        view.unwrap().file.facts.len()
    };
    let before = facts();
    let twice = json!([good, good]).to_string();
    let done = program.facts(twice.clone()).await.json();
    assert_eq!((&done["recorded"], &done["known"]), (&json!(1), &json!(1)));
    assert_eq!(done["lines"][0], json!({ "line": 1, "outcome": "recorded", "reason": null }));
    let again = program.facts(twice).await.json();
    assert_eq!((&again["recorded"], &again["known"]), (&json!(0), &json!(2)));
    assert_eq!(facts(), before + 1);
    assert_eq!(program.facts("[]").await.json()["recorded"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_the_json_it_takes_is_a_problem_and_never_a_fault() {
    let (town, ..) = town();
    let sach = town.person("sach", Role::Clerk, GENERAL);
    let program = town.program(&sach, &TokenScope::ALL);
    let deep = "[".repeat(200_000);
    let many = format!("[{}]", vec!["1"; 5_001].join(","));
    let bodies: [&[u8]; 12] = [
        b"",
        b"{}",
        b"null",
        b"[",
        b"[1] 2",
        b"\xff\xfe",
        b"[\"\xff\"]",
        b"[\"\\ud800\"]",
        b"[1e999]",
        b"\xef\xbb\xbf[]",
        deep.as_bytes(),
        many.as_bytes(),
    ];
    for body in bodies {
        program.facts(body).await.problem(400);
    }
    program.facts(vec![b' '; 2 << 20]).await.problem(413);
    program.facts("[1]").await.problem(422);
    program.facts(format!("[{}[]{}]", "[".repeat(100), "]".repeat(100))).await.problem(422);
    for media in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""] {
        let page = program.ask("POST", "/api/v1/facts", &[("content-type", media)], b"[]".to_vec()).await;
        page.problem(415);
    }
    let with_charset = [("content-type", "Application/JSON; charset=utf-8")];
    assert_eq!(program.ask("POST", "/api/v1/facts", &with_charset, b"[]".to_vec()).await.json()["known"], 0);
}

/// The description names every address of the interface, each answer has the shape it says, and the kept text is this one.
#[tokio::test(flavor = "multi_thread")]
async fn the_interface_is_what_it_says_of_itself() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/openapi.json");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, openapi()).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == openapi(), "docs/openapi.json is out of date; run the tests with UPDATE_DOCS=1");
    let (town, open, _) = town();
    let served = town.anonymous().get("/api/v1/openapi.json").await.json();
    assert_eq!(served, serde_json::from_str::<Value>(&kept).unwrap());
    let mut described = Vec::new();
    for (path, item) in served["paths"].as_object().unwrap() {
        described
            .extend(item.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone())));
    }
    let routes = route_table().filter(|(_, path)| path.starts_with("/api"));
    let mut routes: Vec<_> = routes.map(|(method, path)| (method.to_owned(), path.to_owned())).collect();
    described.sort();
    routes.sort();
    assert_eq!(described, routes);

    let schema = Schema::read(&kept);
    let sach = town.person("sach", Role::Clerk, GENERAL);
    let program = town.program(&sach, &TokenScope::ALL);
    let fact = json!([{ "file": "63/10-1", "kind": "building_demolished", "on": "2020-01-01", "source": "Anzeige" }]);
    for (path, asked) in [
        ("/api/v1/files/{reference}", "/api/v1/files/63%2F10-1".to_owned()),
        ("/api/v1/files/{reference}/why", "/api/v1/files/63%2F10-1/why".to_owned()),
        ("/api/v1/documents/{id}", format!("/api/v1/documents/{open}")),
        ("/api/v1/search", "/api/v1/search?q=garage&facets=true&explain=true".to_owned()),
        ("/api/v1/search", "/api/v1/search?q=gahrage+zaun".to_owned()),
        ("/api/v1/documents/{id}/reading", format!("/api/v1/documents/{open}/reading")),
        ("/api/v1/facts", String::new()),
    ] {
        let (operation, page) = match asked.is_empty() {
            true => (&served["paths"][path]["post"], program.facts(fact.to_string()).await),
            false => (&served["paths"][path]["get"], program.get(&asked).await),
        };
        let answer = page.json();
        let says = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        assert_eq!(schema.flaws_of(says, &answer), [""; 0], "{path}: {answer}");
        let flaws = schema.flaws_of(says, &json!({}));
        assert!(!flaws.is_empty(), "{path} takes anything for its answer");
    }
    let says = &served["paths"]["/api/v1/documents"]["post"];
    for (status, outcome) in [("201", "taken"), ("200", "taken_before")] {
        let headers = [("idempotency-key", "eins")];
        let page = program.ask("POST", "/api/v1/documents?name=a.txt", &headers, "Garage!").await;
        let answer: Value = serde_json::from_slice(&page.bytes).unwrap();
        assert_eq!((page.status.as_str(), &answer["outcome"]), (status, &json!(outcome)));
        let says = &says["responses"][status]["content"]["application/json"]["schema"];
        assert_eq!(schema.flaws_of(says, &answer), [""; 0], "{answer}");
    }
    let problem = program.facts("[1]").await.problem(422);
    assert_eq!(schema.flaws_of(&json!({ "$ref": "#/components/schemas/Problem" }), &problem), [""; 0]);
}

/// `serve` on a socket, and the program of the handbook against it.
#[tokio::test(flavor = "multi_thread")]
async fn the_example_of_the_handbook_works() {
    if Command::new("python3").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "CI has no python3");
        println!("not run: no python3");
        return;
    }
    let (town, open, _) = town();
    let sach = town.person("sach", Role::Clerk, GENERAL);
    let program = town.program(&sach, &TokenScope::ALL);
    let (tell, told) = std::sync::mpsc::channel();
    let registry = Arc::clone(&town.registry);
    // It ends with the process.
    std::thread::spawn(move || {
        serve(registry, "127.0.0.1:0".parse().unwrap(), |address| tell.send(address).unwrap())
    });
    let address = told.recv_timeout(std::time::Duration::from_secs(30)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let run = |words: &[&str]| {
        let example = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/schnittstelle.py");
        let mut command = Command::new("python3");
        command.arg("-B").arg(example).args(words).current_dir(folder.path());
        command.env("SCHRIFTGUT_ADRESSE", format!("http://{address}/")).env("PYTHONIOENCODING", "utf-8");
        let said = command.env("SCHRIFTGUT_SCHLUESSEL", program.token()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (said.status.code().unwrap(), text(said.stdout), text(said.stderr))
    };
    let (code, out, err) = run(&["suchen", "garagen"]);
    assert_eq!((code, err.trim()), (0, "1 Seiten"), "{out}");
    assert!(out.contains("63/10-1: plan.txt, Seite 1: Eine Garage"), "{out}");
    let (code, out, err) = run(&["akte", "63/10-1"]);
    assert!(code == 0 && out.contains(&open) && out.contains("Warum:"), "{out}{err}");
    let (code, _, err) = run(&["original", &open, "plan.txt"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(std::fs::read(folder.path().join("plan.txt")).unwrap(), b"Eine Garage");
    let fact = ["tatsache", "63/10-1", "building_demolished", "2020-01-01", "Anzeige"];
    assert_eq!(run(&fact).1.trim(), "1 eingetragen, 0 schon bekannt");
    assert_eq!(run(&fact).1.trim(), "0 eingetragen, 1 schon bekannt");
    let (code, _, err) = run(&["tatsache", "63/10-2", "building_demolished", "2020-01-01", "Anzeige"]);
    assert!(code == 1 && err.contains("Zeile 1: Akte „63/10-2“ wurde nicht gefunden"), "{err}");
    std::fs::write(folder.path().join("bescheid.txt"), "Bescheid").unwrap();
    let (code, first, err) = run(&["ablegen", "bescheid.txt", "63/10-1"]);
    assert!(code == 0 && first.contains(" taken "), "{first}{err}");
    let again = run(&["ablegen", "bescheid.txt", "63/10-1"]).1;
    assert_eq!((again.contains(" taken_before "), again.split(' ').next()), (true, first.split(' ').next()));
    let (code, _, err) = run(&["ablegen", "bescheid.txt", "63/10-2"]);
    assert!(code == 1 && err.contains("die Akte 63/10-2 gibt es nicht"), "{err}");
    assert_eq!(run(&[]).0, 2);
}
