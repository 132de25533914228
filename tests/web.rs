//! The web door, asked as browsers ask: what each role may, what nobody may see, where a form may come from,
//! and the way from a search to a certificate of destruction.

#[path = "web/api.rs"]
mod api;
#[path = "web/check.rs"]
mod check;
#[path = "web/deliveries.rs"]
mod deliveries;
#[path = "web/deposits.rs"]
mod deposits;
#[path = "web/forecast.rs"]
mod forecast;
#[allow(dead_code, reason = "other suites use the rest")]
#[path = "common/json_schema.rs"]
mod json_schema;
#[path = "web/keeping.rs"]
mod keeping;
#[path = "web/mailboxes.rs"]
mod mailboxes;
#[allow(dead_code, reason = "other suites use the rest")]
#[path = "common/material.rs"]
mod material;
#[path = "web/odd.rs"]
mod odd;
#[path = "web/paper.rs"]
mod paper;
#[path = "web/registers.rs"]
mod registers;
#[path = "web/renditions.rs"]
mod renditions;
#[path = "web/searching.rs"]
mod searching;
#[path = "web/tokens.rs"]
mod tokens;
#[path = "web/uploads.rs"]
mod uploads;
#[path = "web/who_may.rs"]
mod who_may;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use jiff::civil::date;
use schriftgut::disk::Disk;
use schriftgut::domain::actor::{Actor, Role};
use schriftgut::domain::case_file::{Carriers, PaperLocation};
use schriftgut::domain::protection::ProtectionDomain;
use schriftgut::intake::Workshop;
use schriftgut::registry::{Founding, NewPerson, Outcome, Registry, Source, Target, found_on};
use schriftgut::web::{route_table, router};
use tower::ServiceExt as _;

const SECRET: &str = "vier Akten im Keller";
/// The one script there is, and where it stands.
const OUR_SCRIPT: &str = "<script src=\"/assets/suche.js\" defer></script>";
const NOBODY: &str = "1b4e28ba-2fa1-41d2-883f-0016d3cca427";
/// Page images and texts of these tests are small.
const BODY_MAX: usize = 16 << 20;

/// A registry with its web door.
struct Town {
    registry: Arc<Registry>,
    router: Router,
    setup_token: String,
    _folder: tempfile::TempDir,
}

impl Town {
    fn new() -> Self {
        Self::on(&Disk::real())
    }

    fn on(disk: &Disk) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let founding = Founding {
            name: "Musterstadt".into(),
            demo: true,
            login: "leitung".into(),
            rules: schriftgut::format::rule_pack::NRW_KOMMUNAL,
        };
        let initial = found_on(disk, &folder.path().join("registratur"), &founding).unwrap();
        let workshop = Workshop::with_program(env!("CARGO_BIN_EXE_schriftgut"));
        let registry = Arc::new(initial.registry.with_workshop(workshop));
        let router = router(Arc::clone(&registry));
        Self { registry, router, setup_token: initial.setup_token, _folder: folder }
    }

    fn operator(&self) -> Actor {
        self.registry.person("leitung").unwrap()
    }

    /// A person with a secret.
    fn person(&self, login: &str, role: Role, clearances: &[ProtectionDomain]) -> Actor {
        let operator = self.operator();
        let person = NewPerson {
            login: login.into(),
            name: format!("Frau {login}"),
            roles: [role].into(),
            clearances: clearances.iter().copied().collect(),
        };
        self.registry.add_person(operator.as_administrator().unwrap(), &person).unwrap();
        let person = self.registry.person(login).unwrap();
        self.registry.set_secret(&person, login, SECRET).unwrap();
        person
    }

    /// Takes a document in and answers its id.
    fn document(&self, by: &Actor, target: Option<Target>, name: &str, bytes: &[u8]) -> String {
        let bytes = bytes.to_vec();
        let source = Source {
            name: name.into(),
            file_name: name.into(),
            target,
            open: Box::new(move || Ok(Box::new(std::io::Cursor::new(bytes.clone())))),
        };
        let mut id = None;
        let clerk = by.as_clerk().unwrap();
        self.registry
            .ingest(clerk, std::iter::once(source), &mut |taken| match taken.outcome {
                Outcome::Taken(document) | Outcome::Known(document) => id = Some(document.to_string()),
                Outcome::Refused(words) => panic!("{words:?}"),
            })
            .unwrap();
        id.unwrap()
    }

    async fn ask(&self, request: Request<Body>) -> Page {
        let has_script =
            request.method() == "GET" && ["/suche", "/aufnehmen"].contains(&request.uri().path());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, BODY_MAX).await.unwrap().to_vec();
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("x-frame-options", "DENY"),
        ] {
            assert_eq!(parts.headers[name], value);
        }
        let policy = parts.headers["content-security-policy"].to_str().unwrap();
        // Two pages alone have scripts of ours, from its own address; nothing else runs, there or elsewhere.
        let script = match has_script {
            true => policy.strip_suffix("; script-src 'self'; connect-src 'self'"),
            false => None,
        };
        let rest = script.unwrap_or(policy);
        assert!(
            rest.starts_with("default-src 'none'; style-src 'self';") && !rest.contains("script"),
            "{policy}"
        );
        Page { status: parts.status, headers: parts.headers, bytes }
    }

    /// Somebody who has signed in.
    async fn signed_in(&self, login: &str) -> Browser<'_> {
        let mut browser = Browser { town: self, cookie: None, csrf: String::new() };
        let entered = browser.post("/anmelden", &[("login", login), ("kennwort", SECRET)]).await;
        assert_eq!((entered.status, entered.location()), (StatusCode::SEE_OTHER, "/"), "{login}");
        browser.remember(&entered);
        browser.csrf = browser.get("/kennwort").await.csrf();
        browser
    }

    fn anonymous(&self) -> Browser<'_> {
        Browser { town: self, cookie: None, csrf: String::new() }
    }
}

/// A file to be opened, in a class whose records are destroyed ten years after closing.
fn target(reference: &str, title: &str, domain: ProtectionDomain) -> Option<Target> {
    Some(Target {
        record_type: None,
        reference: reference.parse().unwrap(),
        class: Some("63.10.03".parse().unwrap()),
        title: Some(title.into()),
        domain: Some(domain),
        fields: BTreeMap::from([("street".into(), "Markt 5".into())]),
        carriers: Carriers {
            paper: Some(PaperLocation {
                shelf: "R4".into(),
                r#box: "K17".into(),
                ..PaperLocation::default()
            }),
        },
        opened: Some(date(1990, 1, 2)),
        case: None,
        register: None,
        page_count: None,
    })
}

/// What came back.
struct Page {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Page {
    fn body(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    fn location(&self) -> &str {
        self.headers.get("location").map_or("", |to| to.to_str().unwrap())
    }

    fn csrf(&self) -> String {
        let body = self.body();
        let (_, rest) = body.split_once(r#"name="csrf" value=""#).expect("a page of somebody signed in");
        rest[..64].to_owned()
    }

    /// The value of a field of a form that nobody sees.
    fn hidden_field(&self, name: &str) -> String {
        let body = self.body();
        let (_, rest) =
            body.split_once(&format!(r#"name="{name}" value=""#)).expect("a form with this field");
        rest.split('"').next().unwrap().to_owned()
    }

    /// Fails unless the page is there and says all this.
    fn says(&self, words: &[&str]) {
        let body = self.body();
        assert_eq!(self.status, StatusCode::OK, "{body}");
        for word in words {
            assert!(body.contains(word), "{word:?} is not in {body}");
        }
    }

    /// Fails unless it leads on with this notice.
    fn leads_on(&self, done: &str) -> String {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body());
        assert!(self.location().ends_with(&format!("?getan={done}")), "{}", self.location());
        self.location().split('?').next().unwrap().to_owned()
    }
}

/// A browser with its cookie.
struct Browser<'t> {
    town: &'t Town,
    cookie: Option<String>,
    csrf: String,
}

impl Browser<'_> {
    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(path).header("host", "localhost:8080");
        match &self.cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        }
    }

    async fn get(&self, path: &str) -> Page {
        self.town.ask(self.request("GET", path).body(Body::empty()).unwrap()).await
    }

    /// Posts a form as our own page would.
    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Page {
        self.post_with(path, form, &[("sec-fetch-site", "same-origin"), ("origin", "null")], &self.csrf).await
    }

    async fn post_with(
        &self,
        path: &str,
        form: &[(&str, &str)],
        headers: &[(&str, &str)],
        csrf: &str,
    ) -> Page {
        let mut body = format!("csrf={csrf}");
        for (name, value) in form {
            body.push_str(&format!("&{name}={}", encoded(value)));
        }
        let mut request =
            self.request("POST", path).header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.town.ask(request.body(Body::from(body)).unwrap()).await
    }

    /// Sends files as the form does in a browser without scripts.
    async fn send_files(&self, reference: &str, files: &[(&str, &[u8])]) -> Page {
        let mut body = Vec::new();
        for (name, value) in [("csrf", self.csrf.as_str()), ("akte", reference)] {
            let part = format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        for (name, bytes) in files {
            let head = format!(
                "--x\r\ncontent-disposition: form-data; name=\"dateien\"; filename=\"{name}\"\r\n\
                 content-type: application/octet-stream\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--x--\r\n");
        self.send_form(Body::from(body)).await
    }

    /// Sends what should be a form with files.
    async fn send_form(&self, body: Body) -> Page {
        let request = self.request("POST", "/aufnehmen").header("sec-fetch-site", "same-origin");
        let request = request.header("content-type", "multipart/form-data; boundary=x");
        self.town.ask(request.body(body).unwrap()).await
    }

    fn remember(&mut self, page: &Page) {
        let cookie = page.headers["set-cookie"].to_str().unwrap();
        self.cookie = Some(cookie.split(';').next().unwrap().to_owned());
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// A PDF of one page that says one line, made by hand.
fn pdf(line: &str) -> Vec<u8> {
    let stream = format!("BT /F1 24 Tf 72 700 Td ({line}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{stream}\nendstream", stream.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", number + 1).as_bytes());
    }
    let xref = out.len();
    out.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for place in places {
        out.extend_from_slice(format!("{place:010} 00000 n \n").as_bytes());
    }
    let trailer =
        format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n", objects.len() + 1);
    out.extend_from_slice(trailer.as_bytes());
    out
}

/// The form that decides a line.
fn decide<'t>(file: &'t str, decision: &'t str, reason: &'t str) -> [(&'t str, &'t str); 3] {
    [("akte", file), ("entscheidung", decision), ("grund", reason)]
}

const GENERAL: &[ProtectionDomain] = &[ProtectionDomain::General];

#[tokio::test(flavor = "multi_thread")]
async fn an_office_walks_from_a_search_to_the_certificate() {
    let town = Town::new();
    let manager = town.person("bauer", Role::RecordsManager, GENERAL);
    town.person("vogel", Role::RecordsManager, GENERAL);
    town.person("archiv", Role::Archivist, GENERAL);
    let operator = town.operator();
    let scan = pdf("Garage an der Scheune");
    let document =
        town.document(&operator, target("63.10.03-1", "Markt 5, Garage", GENERAL[0]), "plan.pdf", &scan);
    let notes = "Vermerk\nDie Scheune bleibt stehen.\n".as_bytes();
    town.document(&operator, target("63.10.03-2", "Markt 7, Scheune", GENERAL[0]), "vermerk.txt", notes);
    town.registry.read_texts(&|_| {}).unwrap();
    town.registry.confirm_rules(manager.as_records_manager().unwrap(), &[]).unwrap();

    let bauer = town.signed_in("bauer").await;
    bauer.get("/").await.says(&["In den Akten suchen", "Frau bauer"]);

    // Search, page, picture, original.
    let found = bauer.get("/suche?q=garagen").await;
    found.says(&[
        "1 Seite",
        "plan.pdf, Seite 1",
        "<mark>Garage</mark> an der Scheune",
        ">63.10.03-1</a> Markt 5, <mark>Garage</mark></h3>",
    ]);
    assert!(!found.body().contains("vermerk.txt"));
    let page = format!("/dokument/{document}/seite/1");
    bauer.get(&format!("{page}?q=garagen")).await.says(&[
        "Seite 1 von 1",
        "<rect x=",
        "<mark>Garage</mark>",
        "1 Wort",
    ]);
    let image = bauer.get(&format!("{page}/bild.png?breite=300")).await;
    assert_eq!((image.status, &image.bytes[1..4]), (StatusCode::OK, &b"PNG"[..]));
    assert_eq!(image.headers["content-type"], "image/png");
    assert_eq!(bauer.get(&format!("{page}/bild.png?breite=9999999")).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(bauer.get(&format!("/dokument/{document}/seite/2")).await.status, StatusCode::NOT_FOUND);
    let original = bauer.get(&format!("/dokument/{document}/original")).await;
    assert_eq!(original.bytes, scan, "byte for byte");
    assert!(original.headers["content-disposition"].to_str().unwrap().starts_with("attachment; "));
    assert_eq!(original.headers["content-length"], scan.len().to_string().as_str());
    assert_eq!(original.headers["cache-control"], "no-store");

    // What is recognised says so, and can be taken as mere words.
    let address = bauer.get("/suche?q=scheune+Markt+7").await;
    address.says(&[
        "Adresse Markt 7",
        "nur als Wort suchen",
        "/suche?q=scheune%20%3DMarkt%20%3D7",
        "63.10.03-2",
    ]);
    bauer.get("/suche?q=63.10.03-1").await.says(&["Aktenzeichen 63.10.03-1", "plan.pdf, Seite 1"]);
    let words = bauer.get("/suche?q=scheune+%3DMarkt+%3D7").await;
    assert!(!words.body().contains("Adresse") && !words.body().contains("nur als Wort"));

    // A street is found under its former name, and the answer says so.
    let register = "format = 1\nSedansplatz = Markt; 1919\n".to_owned();
    town.registry.set_streets(manager.as_street_keeper().unwrap(), register).unwrap();
    bauer.get("/suche?q=scheune+sedansplatz+7").await.says(&["Sedansplatz, heute Markt", "63.10.03-2"]);

    // A question that cannot be read is answered at the box.
    let mistake = bauer.get("/suche?q=%28garage").await;
    assert_eq!(mistake.status, StatusCode::BAD_REQUEST);
    assert!(mistake.body().contains("aria-invalid") && mistake.body().contains(r#"value="(garage""#));

    // The file, by any spelling; closing, a fact, a hold that stands and goes.
    let file = bauer.get("/akte/63%2F10%2F03%201").await;
    file.says(&[
        "Markt 5, Garage",
        "laufend",
        "Regal R4, Karton K17",
        "1 von 1 Seite gelesen",
        "nicht geschlossen",
    ]);
    for reference in ["63.10.03-1", "63.10.03-2"] {
        bauer
            .post(&format!("/akte/{reference}/schliessen"), &[("am", "14.03.2013")])
            .await
            .leads_on("geschlossen");
    }
    let again = bauer.post("/akte/63.10.03-1/schliessen", &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.body().contains("geschlossen (z.d.A.)"), "a refusal says why");
    let wrong = bauer.post("/akte/63.10.03-1/schliessen", &[("am", "31.02.2013")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let reason = "Verfahren 4 K 112/24";
    let file =
        bauer.post("/akte/63.10.03-1/sperre", &[("grund", reason), ("seit", "")]).await.leads_on("gesperrt");
    let held = bauer.get(&format!("{file}?getan=gesperrt")).await;
    held.says(&[reason, "gesperrt (Vernichtungssperre)", "Die Vernichtungssperre besteht."]);
    let body = held.body();
    let (release, _) = body.split_once("/aufheben\"").unwrap();
    let release = format!("{}/aufheben", release.rsplit('"').next().unwrap());
    bauer.post(&release, &[]).await.leads_on("entsperrt");
    bauer.get(&file).await.says(&["fällig seit"]);

    // The list: collected, offered, appraised (one for keeping, handed over by the archive), proposed, approved.
    let list = bauer.post("/listen", &[("klasse", "63"), ("am", "")]).await.leads_on("angelegt");
    bauer.get(&list).await.says(&["Noch nicht bewertet", "63.10.03-1", "Dem Archiv anbieten"]);
    bauer.post(&format!("{list}/anbieten"), &[]).await.leads_on("angeboten");
    assert_eq!(bauer.post(&format!("{list}/vorschlaege"), &[]).await.status, StatusCode::FORBIDDEN);
    let archiv = town.signed_in("archiv").await;
    archiv.get("/").await.says(&["Das wartet auf Sie"]);
    archiv.get(&list).await.says(&["A archivwürdig", "V vernichten"]);
    let actor = town.registry.person("archiv").unwrap();
    let reader = actor.as_reader().unwrap();
    let id_of =
        |reference| town.registry.show_file(reader, reference, town.registry.today()).unwrap().file.id;
    let (first, second) = (id_of("63.10.03-1").to_string(), id_of("63.10.03-2").to_string());
    let path = format!("{list}/bewerten");
    assert_eq!(archiv.post(&path, &decide(&first, "", "x")).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(archiv.post(&path, &decide(&first, "V", " ")).await.status, StatusCode::BAD_REQUEST);
    archiv.post(&path, &decide(&first, "V", "Massenakte ohne Aussagewert")).await.leads_on("bewertet");
    archiv.post(&path, &decide(&second, "A", "Bauweise")).await.leads_on("bewertet");
    bauer.get(&list).await.says(&["Archivexemplare sind noch nicht übernommen"]);
    let out = town.registry.layout().root().join("abgabe");
    let list_id = list.rsplit('/').next().unwrap();
    let archivist = actor.as_archivist().unwrap();
    town.registry.transfer(archivist, list_id.parse().unwrap(), &out, town.registry.today()).unwrap();
    let wrong = bauer.post(&format!("{list}/vorschlagen"), &[("kennwort", "falsch")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let secret = [("kennwort", SECRET)];
    bauer.post(&format!("{list}/vorschlagen"), &secret).await.leads_on("vorgeschlagen");
    assert_eq!(bauer.post(&format!("{list}/freigeben"), &secret).await.status, StatusCode::CONFLICT);
    archiv.post(&format!("{list}/freigeben"), &secret).await.leads_on("freigegeben");
    let too_early = bauer.post(&format!("{list}/ausfuehren"), &[("bestaetigung", &list_id[..8])]).await;
    assert_eq!(too_early.status, StatusCode::CONFLICT, "one approval is not enough");
    let vogel = town.signed_in("vogel").await;
    vogel.post(&format!("{list}/freigeben"), &secret).await.leads_on("freigegeben");
    bauer.get(&list).await.says(&["vorgeschlagen von Frau bauer", "freigegeben von Frau archiv (Archiv)"]);

    // Executed only with the id typed back; then the certificate, and the file is gone.
    let typo = bauer.post(&format!("{list}/ausfuehren"), &[("bestaetigung", "00000000")]).await;
    assert_eq!(typo.status, StatusCode::BAD_REQUEST);
    bauer.get(&file).await.says(&["Markt 5, Garage"]);
    bauer
        .post(&format!("{list}/ausfuehren"), &[("bestaetigung", &list_id[..8])])
        .await
        .leads_on("ausgefuehrt");
    bauer.get(&list).await.says(&[
        "Vernichtungsprotokoll",
        "ausgeführt",
        "<h2 id=\"seite2\">Vernichtet</h2>",
        "nicht mehr vorhanden",
    ]);
    assert_eq!(bauer.get(&file).await.status, StatusCode::NOT_FOUND);
    bauer.get("/suche?q=garagen").await.says(&["0 Seiten"]);
    let certificate = bauer.get(&format!("{list}/protokoll.html")).await;
    certificate.says(&["Vernichtungsprotokoll", list_id]);
    assert!(certificate.headers["content-disposition"].to_str().unwrap().starts_with("attachment; "));
    let proof = bauer.get(&format!("{list}/protokoll.json")).await;
    let verdict = schriftgut::registry::verify_proof(&proof.body(), &town.registry.verifier_key()).unwrap();
    assert_eq!(verdict.destroyed, Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_hidden_answers_like_what_is_missing_and_what_was_typed_is_never_markup() {
    let town = Town::new();
    let personnel = [ProtectionDomain::General, ProtectionDomain::Personnel];
    let manager = town.person("personal", Role::RecordsManager, &personnel);
    town.person("sach", Role::Clerk, GENERAL);
    let hidden = target("11.20-7", "Personalakte Klarname", ProtectionDomain::Personnel);
    let hidden = town.document(&manager, hidden, "zeugnis.txt", b"Ein Zeugnis voller Lob\n");
    let evil_title = "<script>alert(1)</script>\"'&";
    let evil_name = "<img src=x onerror=alert(2)>.txt";
    let evil_text = "Scheune <script>alert(3)</script> am Markt\n".as_bytes();
    let evil = town.document(&manager, target("<b>1</b>", evil_title, GENERAL[0]), evil_name, evil_text);
    let tray = town.document(&manager, None, "post.txt", b"Post\n");
    town.registry.read_texts(&|_| {}).unwrap();
    let reader = manager.as_reader().unwrap();
    let file = |reference| town.registry.show_file(reader, reference, town.registry.today()).unwrap().file.id;
    let hidden_file = file("11.20-7").to_string();
    let evil_file = file("<b>1</b>").to_string();

    let personal = town.signed_in("personal").await;
    personal.get(&format!("/akte/{hidden_file}")).await.says(&["Personalakte Klarname"]);
    personal.get("/suche?q=zeugnis").await.says(&["1 Seite", "Personalakte Klarname"]);

    // For somebody without clearance: the same page, byte for byte, as for what is not there.
    let sach = town.signed_in("sach").await;
    let pairs = [
        (format!("/akte/{hidden_file}"), format!("/akte/{NOBODY}")),
        ("/akte/11.20-7".to_owned(), "/akte/11.20-8".to_owned()),
        (format!("/dokument/{hidden}"), format!("/dokument/{NOBODY}")),
        (format!("/dokument/{hidden}/original"), format!("/dokument/{NOBODY}/original")),
        (format!("/dokument/{hidden}/lesefassung.pdf"), format!("/dokument/{NOBODY}/lesefassung.pdf")),
        (format!("/dokument/{hidden}/lesefassung/1"), format!("/dokument/{NOBODY}/lesefassung/1")),
        (
            format!("/dokument/{hidden}/lesefassung/1/bild.png"),
            format!("/dokument/{NOBODY}/lesefassung/1/bild.png"),
        ),
        (format!("/dokument/{hidden}/seite/1"), format!("/dokument/{NOBODY}/seite/1")),
        (format!("/dokument/{hidden}/seite/99"), format!("/dokument/{NOBODY}/seite/99")),
        (format!("/dokument/{hidden}/seite/1/bild.png"), format!("/dokument/{NOBODY}/seite/1/bild.png")),
        (format!("/suche?q=lob&akte={hidden_file}"), format!("/suche?q=lob&akte={NOBODY}")),
        (format!("/suche?q=lab&akte={hidden_file}"), format!("/suche?q=lab&akte={NOBODY}")),
    ];
    for (there, missing) in &pairs {
        let (there, missing) = (sach.get(there).await, sach.get(missing).await);
        assert_eq!((there.status, missing.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
        assert_eq!(there.bytes, missing.bytes);
        assert_eq!(there.headers, missing.headers);
    }
    for what in ["schliessen", "oeffnen", "tatsache"] {
        let there = sach.post(&format!("/akte/{hidden_file}/{what}"), &[]).await;
        let missing = sach.post(&format!("/akte/{NOBODY}/{what}"), &[]).await;
        assert_eq!((there.status, there.bytes), (StatusCode::NOT_FOUND, missing.bytes), "{what}");
    }
    let without_time = |page: &Page| {
        // How far a page has looked is sealed anew each time.
        let body = page.body().replace(&page.hidden_field("bis"), "");
        let (before, rest) = body.split_once("status\">").unwrap();
        format!("{before}{}", rest.split_once("ms)").unwrap().1).replace("unauffindbar", "zeugnis")
    };
    let (there, missing) = (sach.get("/suche?q=zeugnis").await, sach.get("/suche?q=unauffindbar").await);
    there.says(&["0 Seiten"]);
    assert_eq!(without_time(&there), without_time(&missing));

    // Everything typed is shown as typed, and nothing of it is markup.
    let shown = [
        format!("/akte/{evil_file}"),
        format!("/dokument/{evil}"),
        format!("/dokument/{evil}/seite/1?q={}", encoded("\"'><svg onload=alert(4)>")),
        "/suche?q=scheune".to_owned(),
        format!("/suche?q={}", encoded("scheune \"><svg onload=alert(4)>")),
        format!("/suche?q=scheune&akte={evil_file}&getan={}", encoded("<script>")),
        format!("/anmelden?weiter={}", encoded("/\"><svg onload=alert(4)>")),
    ];
    for path in &shown {
        let page = sach.get(path).await;
        let body = page.body().replace(OUR_SCRIPT, "");
        assert!(matches!(page.status, StatusCode::OK | StatusCode::BAD_REQUEST), "{path}: {}", page.status);
        for markup in ["<script", "<img src=x", "<svg onload", "<b>1", "onerror=alert(2)>"] {
            assert!(!body.contains(markup), "{path} has {markup}: {body}");
        }
    }
    let page = sach.get("/suche?q=scheune").await;
    page.says(&["<mark>Scheune</mark> &#60;script&#62;alert(3)", "&#60;img src=x onerror=alert(2)&#62;.txt"]);

    // What lies in the in-tray can be put into a file.
    sach.get(&format!("/dokument/{tray}")).await.says(&["im Posteingang", "In eine Akte legen"]);
    let filed = sach.post(&format!("/dokument/{tray}/ablegen"), &[("akte", "<b>1</b>")]).await;
    sach.get(&filed.leads_on("abgelegt")).await.says(&["in der Akte"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_is_set_up_once_kept_apart_by_site_and_slowed_down_when_guessed() {
    let town = Town::new();
    let anonymous = town.anonymous();

    // The set-up link works once, and a mistake does not use it up.
    let link = format!("/einrichten?token={}", town.setup_token);
    anonymous.get(&link).await.says(&["leitung", "Konto einrichten"]);
    assert_eq!(anonymous.get("/einrichten?token=0").await.status, StatusCode::NOT_FOUND);
    let setup = |one, two| [("token", town.setup_token.as_str()), ("kennwort", one), ("wiederholung", two)];
    assert_eq!(anonymous.post("/einrichten", &setup(SECRET, "anders")).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(anonymous.post("/einrichten", &setup("kurz", "kurz")).await.status, StatusCode::BAD_REQUEST);
    anonymous.post("/einrichten", &setup(SECRET, SECRET)).await.leads_on("eingerichtet");
    assert_eq!(anonymous.get(&link).await.status, StatusCode::NOT_FOUND);
    assert_eq!(anonymous.post("/einrichten", &setup(SECRET, SECRET)).await.status, StatusCode::NOT_FOUND);

    // The cookie says what it must; over a name that is not this machine's it asks for TLS.
    let form = [("login", "leitung"), ("kennwort", SECRET), ("weiter", "//example.org")];
    let entered = anonymous.post("/anmelden", &form).await;
    assert_eq!(entered.location(), "/", "never away from here");
    let cookie = entered.headers["set-cookie"].to_str().unwrap().to_owned();
    assert!(
        cookie.starts_with("schriftgut=") && cookie.ends_with("; HttpOnly; SameSite=Strict; Path=/"),
        "{cookie}"
    );
    let secret = encoded(SECRET);
    let elsewhere = Request::post("/anmelden")
        .header("host", "akten.example.org")
        .header("origin", "https://akten.example.org")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(format!("login=leitung&kennwort={secret}&weiter=%2Fregeln")))
        .unwrap();
    let entered_elsewhere = town.ask(elsewhere).await;
    assert_eq!(entered_elsewhere.location(), "/regeln");
    let secure = entered_elsewhere.headers["set-cookie"].to_str().unwrap();
    assert!(secure.starts_with("__Host-schriftgut=") && secure.ends_with("; Path=/; Secure"), "{secure}");
    assert_eq!(anonymous.get("/regeln").await.location(), "/anmelden?weiter=%2Fregeln");

    // Forms: only ours, only of this session.
    let mut leitung = town.anonymous();
    leitung.remember(&entered);
    leitung.csrf = leitung.get("/kennwort").await.csrf();
    let person = [("login", "neu"), ("name", "Neu"), ("rolle", "clerk"), ("schutzbereich", "general")];
    let same = [("sec-fetch-site", "same-origin")];
    for (headers, csrf) in [
        (&same[..], ""),
        (&same[..], NOBODY),
        (&[("sec-fetch-site", "cross-site")][..], leitung.csrf.as_str()),
        (&[("sec-fetch-site", "same-site")][..], &leitung.csrf),
        (&[("origin", "https://example.org")][..], &leitung.csrf),
        (&[("origin", "null")][..], &leitung.csrf),
    ] {
        let page = leitung.post_with("/personen", &person, headers, csrf).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{headers:?} {csrf}");
    }
    assert!(town.registry.person("neu").is_err(), "nothing was changed");
    let own = [("origin", "http://localhost:8080")];
    let csrf = leitung.csrf.clone();
    leitung.post_with("/personen", &person, &own, &csrf).await.leads_on("person");
    let large = "x".repeat(300 * 1024);
    assert_eq!(leitung.post("/personen", &[("name", &large)]).await.status, StatusCode::PAYLOAD_TOO_LARGE);

    // Rights are those of this moment, and a new secret ends the session.
    leitung.get("/personen").await.says(&["Neue Person"]);
    let own = [("login", "leitung"), ("rolle", "clerk"), ("schutzbereich", "general")];
    let last = leitung.post("/personen/rechte", &own).await;
    assert_eq!(last.status, StatusCode::CONFLICT, "{}", last.body());
    assert!(last.body().contains("behält die Rolle Administration"), "{}", last.body());
    town.person("vertretung", Role::Administrator, GENERAL);
    leitung.post("/personen/rechte", &own).await.leads_on("rechte");
    assert_eq!(leitung.get("/personen").await.status, StatusCode::FORBIDDEN);
    let new = "noch mehr Akten";
    let change = [("kennwort", SECRET), ("neu", new), ("wiederholung", new)];
    let changed = leitung.post("/kennwort", &change).await;
    changed.leads_on("kennwort");
    assert_eq!(leitung.get("/").await.status, StatusCode::SEE_OTHER);
    leitung.remember(&changed);
    leitung.csrf = leitung.get("/kennwort").await.csrf();

    // Signing out ends the session on this side, too.
    let left = leitung.post("/abmelden", &[]).await;
    assert!(left.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(leitung.get("/").await.status, StatusCode::SEE_OTHER);

    // Five wrong secrets, and even the right one has to wait; another login does not.
    for _ in 0..5 {
        let wrong = anonymous.post("/anmelden", &[("login", "leitung"), ("kennwort", SECRET)]).await;
        assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
        assert!(wrong.body().contains("Anmeldename oder Kennwort ist falsch"));
    }
    let braked = anonymous.post("/anmelden", &[("login", "leitung"), ("kennwort", new)]).await;
    assert_eq!(braked.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(braked.body().contains("zu viele falsche Kennwörter"));
    let other = anonymous.post("/anmelden", &[("login", "neu"), ("kennwort", "x")]).await;
    assert_eq!(other.status, StatusCode::UNAUTHORIZED);
}
