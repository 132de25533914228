//! Uploads in pieces (tus) and by the plain form: cut off and gone on with, by whom they may be, and what is left of them.

use std::path::Path;

use axum::body::Bytes;

use super::*;

/// What a tus client asks, as our script does.
struct Asks<'b, 't> {
    browser: &'b Browser<'t>,
}

impl Asks<'_, '_> {
    async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Body) -> Page {
        let mut request = self
            .browser
            .request(method, path)
            .header("sec-fetch-site", "same-origin")
            .header("tus-resumable", "1.0.0")
            .header("x-schriftgut-csrf", &self.browser.csrf);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.browser.town.ask(request.body(body).unwrap()).await
    }

    async fn begin(&self, bytes: usize, metadata: &str) -> Page {
        let length = bytes.to_string();
        self.ask(
            "POST",
            "/aufnehmen/teile",
            &[("upload-length", &length), ("upload-metadata", metadata)],
            Body::empty(),
        )
        .await
    }

    async fn look(&self, place: &str) -> Page {
        self.ask("HEAD", place, &[], Body::empty()).await
    }

    async fn send(&self, place: &str, offset: usize, body: impl Into<Body>) -> Page {
        let offset = offset.to_string();
        let headers =
            [("upload-offset", offset.as_str()), ("content-type", "application/offset+octet-stream")];
        self.ask("PATCH", place, &headers, body.into()).await
    }
}

fn asks<'b, 't>(browser: &'b Browser<'t>) -> Asks<'b, 't> {
    Asks { browser }
}

/// `Plan.txt`, for the in-tray.
const PLAN: &str = "filename UGxhbi50eHQ=";

fn offset(page: &Page) -> &str {
    page.headers["upload-offset"].to_str().unwrap()
}

fn document(page: &Page) -> String {
    page.headers["schriftgut-dokument"].to_str().unwrap().to_owned()
}

/// A body whose line goes dead a moment behind these bytes.
struct CutOff(Option<Bytes>, std::pin::Pin<Box<tokio::time::Sleep>>);

impl hyper::body::Body for CutOff {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<hyper::body::Frame<Bytes>, std::io::Error>>> {
        match self.0.take() {
            Some(bytes) => std::task::Poll::Ready(Some(Ok(hyper::body::Frame::data(bytes)))),
            None => {
                self.1.as_mut().poll(context).map(|()| Some(Err(std::io::ErrorKind::ConnectionReset.into())))
            }
        }
    }
}

pub fn cut_off(bytes: &[u8]) -> Body {
    let moment = tokio::time::sleep(std::time::Duration::from_millis(200));
    Body::new(CutOff(Some(Bytes::copy_from_slice(bytes)), Box::pin(moment)))
}

/// Text that no seal hides by chance.
pub fn text(bytes: usize) -> Vec<u8> {
    b"Grundriss Erdgeschoss, Ringstrasse 7. ".iter().copied().cycle().take(bytes).collect()
}

/// All that lies of uploads.
pub fn left(town: &Town) -> Vec<Vec<u8>> {
    let folder = town.registry.layout().uploads();
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries.map(|entry| std::fs::read(entry.unwrap().path()).unwrap()).collect()
}

pub fn original(town: &Town, id: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let operator = town.operator();
    town.registry.get(operator.as_reader().unwrap(), id.parse().unwrap(), &mut bytes).unwrap();
    bytes
}

/// The server is ended and started again.
pub fn restarted(town: Town) -> Town {
    let Town { registry, router: old, setup_token, _folder } = town;
    let root = registry.layout().root().to_owned();
    drop((registry, old));
    let registry = Registry::open(Path::new(&root)).unwrap();
    let registry = Arc::new(registry.with_workshop(Workshop::with_program(env!("CARGO_BIN_EXE_schriftgut"))));
    let router = router(Arc::clone(&registry));
    Town { registry, router, setup_token, _folder }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cut_off_goes_on_where_it_was_in_any_browser_of_its_person_and_after_a_restart() {
    let town = Town::new();
    town.person("sach", Role::Clerk, GENERAL);
    let whole = text(700_000);
    let sach = town.signed_in("sach").await;
    let begun = asks(&sach).begin(whole.len(), PLAN).await;
    assert_eq!(begun.status, StatusCode::CREATED);
    let place = begun.location().to_owned();
    assert_eq!(offset(&begun), "0");
    asks(&sach).send(&place, 0, cut_off(&whole[..300_001])).await;
    let looked = asks(&sach).look(&place).await;
    assert_eq!((offset(&looked), looked.headers["upload-length"].to_str().unwrap()), ("300001", "700000"));
    assert!(looked.headers.contains_key("upload-expires"));
    for wrong in [0, 300_000, 300_002] {
        assert_eq!(asks(&sach).send(&place, wrong, whole.clone()).await.status, StatusCode::CONFLICT);
    }
    let too_long = asks(&sach).send(&place, 300_001, [&whole[300_001..], b"!"].concat()).await;
    assert_eq!(too_long.status, StatusCode::PAYLOAD_TOO_LARGE);
    let other = town.signed_in("sach").await;
    let sent = asks(&other).send(&place, 300_001, whole[300_001..400_000].to_vec()).await;
    assert_eq!((sent.status, offset(&sent)), (StatusCode::NO_CONTENT, "400000"));
    other.get("/aufnehmen").await.says(&["Plan.txt", "unterbrochen", "Posteingang"]);
    for piece in left(&town) {
        let clear = String::from_utf8_lossy(&piece).into_owned();
        assert!(!clear.contains("Grundriss") && !clear.contains("Plan"), "it lies there in the clear");
    }
    drop((sach, other));

    let town = restarted(town);
    let sach = town.signed_in("sach").await;
    assert_eq!(offset(&asks(&sach).look(&place).await), "400000");
    let sent = asks(&sach).send(&place, 400_000, whole[400_000..].to_vec()).await;
    assert_eq!(sent.status, StatusCode::NO_CONTENT, "{}", sent.body());
    let id = document(&sent);
    assert_eq!(original(&town, &id), whole);
    assert_eq!(left(&town).len(), 1, "of what became a document nothing is left but that it did");
    // Whoever missed the answer asks again; it is not taken in twice, here or after a restart.
    assert_eq!(document(&asks(&sach).look(&place).await), id);
    sach.get("/aufnehmen").await.says(&[&format!("<a href=\"/dokument/{id}\">Plan.txt</a>"), "aufgenommen"]);
    drop(sach);
    let town = restarted(town);
    let sach = town.signed_in("sach").await;
    let looked = asks(&sach).look(&place).await;
    assert_eq!((offset(&looked), document(&looked)), ("700000", id));
    assert_eq!(town.registry.unread().unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_not_there_for_anybody_else() {
    let town = Town::new();
    town.person("sach", Role::Clerk, GENERAL);
    town.person("fremd", Role::RecordsManager, &ProtectionDomain::ALL);
    let (sach, fremd) = (town.signed_in("sach").await, town.signed_in("fremd").await);
    let place = asks(&sach).begin(10, PLAN).await.location().to_owned();
    asks(&sach).send(&place, 0, "12345").await;
    let missing = format!("/aufnehmen/teile/{NOBODY}");
    for path in [&missing, "/aufnehmen/teile/x", "/aufnehmen/teile/..%2f..%2fkeyring"] {
        assert_eq!(asks(&sach).look(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let same = |one: Page, other: Page| {
        assert_eq!(one.status, StatusCode::NOT_FOUND);
        assert_eq!((one.headers, one.bytes), (other.headers, other.bytes));
    };
    same(asks(&fremd).look(&place).await, asks(&fremd).look(&missing).await);
    same(asks(&fremd).send(&place, 5, "67890").await, asks(&fremd).send(&missing, 5, "67890").await);
    let end = async |path: &str| asks(&fremd).ask("DELETE", path, &[], Body::empty()).await;
    same(end(&place).await, end(&missing).await);
    let discarded = fremd.post(&format!("{place}/verwerfen"), &[]).await;
    assert_eq!(discarded.bytes, fremd.post(&format!("{missing}/verwerfen"), &[]).await.bytes);
    assert!(!fremd.get("/aufnehmen").await.body().contains("Plan.txt"));
    assert_eq!(offset(&asks(&sach).look(&place).await), "5", "and nothing happened to it");
    // Not of our page, and not of the protocol.
    let bare = sach.request("PATCH", &place).header("tus-resumable", "1.0.0").header("upload-offset", "5");
    assert_eq!(town.ask(bare.body(Body::from("67890")).unwrap()).await.status, StatusCode::FORBIDDEN);
    let without = sach.request("HEAD", &place).header("x-schriftgut-csrf", &sach.csrf);
    assert_eq!(town.ask(without.body(Body::empty()).unwrap()).await.status, StatusCode::PRECONDITION_FAILED);
    let ended = asks(&sach).ask("DELETE", &place, &[], Body::empty()).await;
    assert_eq!((ended.status, left(&town).len()), (StatusCode::NO_CONTENT, 0));
    assert_eq!(asks(&sach).look(&place).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_taken_in_is_refused_at_the_beginning_and_else_at_the_end_with_the_way_out() {
    let town = Town::new();
    let sach = town.person("sach", Role::Clerk, GENERAL);
    town.document(&sach, target("63-1", "Antrag", ProtectionDomain::General), "a.txt", b"Antrag");
    town.document(&town.operator(), target("50-1", "Hilfe", ProtectionDomain::General), "b.txt", b"Hilfe");
    let browser = town.signed_in("sach").await;
    // NjMtMQ== is 63-1, OTktOQ== a file that is not there.
    let into = |number: &str| format!("{PLAN},akte {number}");
    for (bytes, metadata, status) in [
        (0, PLAN.to_owned(), 400),
        ((4 << 30) + 1, PLAN.to_owned(), 413),
        (5, "filename ".to_owned(), 400),
        (5, "filename !".to_owned(), 400),
        (5, "filename YQBi".to_owned(), 400),
        (5, into("OTktOQ=="), 400),
    ] {
        let begun = asks(&browser).begin(bytes, &metadata).await;
        assert_eq!(begun.status.as_u16(), status, "{bytes} {metadata}");
        assert!(begun.body().contains("Ausweg: "), "{}", begun.body());
    }
    assert_eq!(left(&town).len(), 0);
    let place = asks(&browser).begin(5, &into("NjMtMQ==")).await.location().to_owned();
    let taken = asks(&browser).send(&place, 0, "Plan!").await;
    browser.get(&format!("/dokument/{}", document(&taken))).await.says(&["63-1", "Plan.txt"]);
    // The file is closed while the upload is on its way.
    let place = asks(&browser).begin(5, &into("NjMtMQ==")).await.location().to_owned();
    asks(&browser).send(&place, 0, "Pla").await;
    town.registry.close(sach.as_clerk().unwrap(), "63-1", town.registry.today()).unwrap();
    let refused = asks(&browser).send(&place, 3, "n?").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body().contains("geschlossen (z.d.A.). Ausweg: "), "{}", refused.body());
    assert_eq!(asks(&browser).look(&place).await.status, StatusCode::GONE);
    browser.get("/aufnehmen").await.says(&["nicht aufgenommen: ", "Ausweg: "]);
    assert!(left(&town).iter().all(|piece| piece.len() < 2_000), "the pieces are gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_script_the_form_takes_many_files_and_one_that_is_cut_off_leaves_nothing() {
    let town = Town::new();
    town.person("sach", Role::Clerk, GENERAL);
    let sach = town.signed_in("sach").await;
    let large = text(1_500_000);
    let sent = sach.send_files("", &[("Scans\\Lage.txt", b"Lageplan"), ("Gross.txt", &large)]).await;
    assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, "/aufnehmen?getan=hochgeladen"));
    let page = sach.get("/aufnehmen").await;
    page.says(&[">Lage.txt</a>", ">Gross.txt</a>", "aufgenommen"]);
    let id = page.body().split_once("\">Gross.txt").unwrap().0.rsplit('/').next().unwrap().to_owned();
    assert_eq!(original(&town, &id), large);
    let (unread, lying) = (town.registry.unread().unwrap(), left(&town).len());
    let half = format!(
        "--x\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{}\r\n--x\r\ncontent-disposition: form-data; \
         name=\"dateien\"; filename=\"halb.txt\"\r\n\r\nhalb",
        sach.csrf
    );
    assert_eq!(sach.send_form(cut_off(half.as_bytes())).await.status, StatusCode::BAD_REQUEST);
    let foreign = half.replace(&sach.csrf, NOBODY) + "\r\n--x--\r\n";
    assert_eq!(sach.send_form(Body::from(foreign)).await.status, StatusCode::FORBIDDEN);
    assert_eq!(sach.send_files("", &[("leer.txt", b"")]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!((town.registry.unread().unwrap(), left(&town).len()), (unread, lying));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_goes_on_with_is_removed_after_a_day() {
    let (disk, faults) = schriftgut::disk::Failing::before(&Disk::real());
    let town = Town::on(&disk);
    town.person("sach", Role::Clerk, GENERAL);
    let sach = town.signed_in("sach").await;
    let place = asks(&sach).begin(10, PLAN).await.location().to_owned();
    asks(&sach).send(&place, 0, "12345").await;
    town.registry.tend_uploads().unwrap();
    assert_eq!(offset(&asks(&sach).look(&place).await), "5", "it has a day");
    let ended = asks(&sach).begin(3, PLAN).await.location().to_owned();
    document(&asks(&sach).send(&ended, 0, "abc").await);
    faults.put_clock(disk.now() + jiff::SignedDuration::from_hours(23));
    town.registry.tend_uploads().unwrap();
    assert_eq!(offset(&asks(&sach).look(&place).await), "5");
    assert_eq!(asks(&sach).look(&ended).await.status, StatusCode::NOT_FOUND, "that is known by now");
    faults.put_clock(disk.now() + jiff::SignedDuration::from_hours(2));
    town.registry.tend_uploads().unwrap();
    assert_eq!(asks(&sach).look(&place).await.status, StatusCode::NOT_FOUND);
    assert_eq!(left(&town).len(), 0, "and nothing is left");
    // Half a head, pieces without one, and what another program was about to write.
    let folder = town.registry.layout().uploads();
    for name in [format!("{NOBODY}.head"), format!("{NOBODY}.part"), "x.head.tmp".to_owned()] {
        std::fs::write(folder.join(name), "nichts").unwrap();
    }
    drop(sach);
    let town = restarted(town);
    town.registry.tend_uploads().unwrap();
    assert_eq!(left(&town).len(), 0, "what belongs to nobody is gone");
}
