//! Deliveries on their pages: how far each is, and of whom nobody hears anything.

use std::path::Path;

use schriftgut::base::digest::Sha256;
use schriftgut::domain::ids::DeliveryId;
use schriftgut::format::delivery::{DeliveryLine, Stage};
use schriftgut::registry::NewDelivery;

use super::*;

/// A delivery whose lines are these.
fn remember(town: &Town, by: &Actor, list: &str, stage: Stage, lines: Vec<DeliveryLine>) -> DeliveryId {
    let place = format!("/lieferung/{list}");
    let new = NewDelivery {
        place: Path::new(&place),
        list: list.into(),
        list_sha256: Sha256::of(&[list.as_bytes()]),
        stage,
        checksums: 0,
        lines,
    };
    town.registry.remember_delivery(by.as_clerk().unwrap(), new).unwrap().id
}

fn of_document(line: u64, id: &str, page_count: Option<u32>) -> DeliveryLine {
    DeliveryLine {
        line: Some(line),
        document: Some(id.parse().unwrap()),
        page_count,
        ..DeliveryLine::default()
    }
}

fn of_path(line: u64, path: &str, why: Option<&str>) -> DeliveryLine {
    DeliveryLine {
        line: Some(line),
        path: Some(path.into()),
        reference: Some("63-9".into()),
        why: why.map(Into::into),
        way_out: why.map(|_| "liefern Sie sie nach".into()),
        ..DeliveryLine::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_is_told_line_by_line_and_held_against_its_list() {
    let town = Town::new();
    let sach = town.person("sach", Role::Clerk, GENERAL);
    let file = || target("63-1", "Garage", GENERAL[0]);
    let good = town.document(&sach, file(), "gut.pdf", &pdf("Garage"));
    let short = town.document(&sach, file(), "kurz.pdf", &pdf("Zaun"));
    let broken = town.document(&sach, file(), "kaputt.pdf", b"%PDF-1.4\nkaputt");
    let id = remember(
        &town,
        &sach,
        "liste.csv",
        Stage::Begun,
        vec![
            of_document(2, &good, Some(1)),
            of_document(3, &short, Some(3)),
            of_document(4, &broken, None),
            of_path(5, "fehlt noch.pdf", None),
        ],
    );
    let browser = town.signed_in("sach").await;
    let page = format!("/lieferungen/{id}");
    browser.get("/lieferungen").await.says(&[
        "liste.csv",
        "unterbrochen",
        "4 Zeilen, 1 noch nicht erfasst, 3 erfasst, noch nicht gelesen",
    ]);
    browser.get(&page).await.says(&[
        "fehlt noch.pdf",
        "noch nicht erfasst",
        "gut.pdf",
        "wartet auf das Lesen",
    ]);
    browser.get(&format!("/dokument/{broken}")).await.says(&["Lesen aufgeben"]);
    let give_up = [("grund", "leer"), ("von", "dokument")];
    let given_up = browser.post(&format!("/lesen/{broken}/aufgeben"), &give_up).await;
    assert_eq!(given_up.leads_on("aufgegeben"), format!("/dokument/{broken}"));
    town.registry.read_texts(&|_| {}).unwrap();
    // Gone through to its end, with one refused.
    let lines = vec![
        of_document(2, &good, Some(1)),
        of_document(3, &short, Some(3)),
        of_document(4, &broken, None),
        of_path(5, "fehlt noch.pdf", Some("die Datei ist weg")),
    ];
    assert_eq!(remember(&town, &sach, "liste.csv", Stage::Ended, lines), id, "it is the same delivery");
    browser.get("/lieferungen").await.says(&[
        "mit Bemerkungen",
        "4 Zeilen, 1 abgewiesen, 2 gelesen, 1 nicht lesbar, 2 mit Bemerkung, 2 von 4 Seiten laut Liste gezählt",
    ]);
    browser.get(&page).await.says(&[
        "die Datei ist weg. Ausweg: liefern Sie sie nach",
        "die Begleitliste nennt 3 Seiten, gescannt sind 1",
        "auf Anordnung nicht gelesen: leer",
        "Noch einmal lesen",
        "erfasst und gelesen",
        "63-1",
    ]);
    let only = browser.get(&format!("{page}?nur=grund")).await;
    only.says(&["kurz.pdf", "fehlt noch.pdf", "kaputt.pdf"]);
    assert!(!only.body().contains("gut.pdf"), "of that one nothing is to be said");
    assert_eq!(browser.get(&format!("{page}?seite=2")).await.status, StatusCode::NOT_FOUND);
    // Read again where it failed, from each of the pages.
    for (from, place) in [
        (id.to_string(), page.clone()),
        ("dokument".to_owned(), format!("/dokument/{broken}")),
        ("https://example.org/".to_owned(), "/lesen".to_owned()),
    ] {
        let read = browser.post(&format!("/lesen/{broken}/nochmal"), &[("von", &from)]).await;
        assert_eq!(read.leads_on("geblieben"), place);
    }
    browser.get(&format!("/dokument/{broken}")).await.says(&["Text nicht lesbar", "Noch einmal lesen"]);
    // What lies there is sealed.
    for entry in std::fs::read_dir(town.registry.layout().deliveries()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("liste.csv"));
    }
    // Another list at the same place is another delivery; the first is taken from the list, and its documents stay.
    let next = remember(&town, &sach, "liste.csv", Stage::Ended, Vec::new());
    assert_eq!(next, id, "the same list");
    browser.post(&format!("{page}/entfernen"), &[]).await.leads_on("lieferung_entfernt");
    assert_eq!(browser.get(&page).await.status, StatusCode::NOT_FOUND);
    browser.get(&format!("/dokument/{good}")).await.says(&["gut.pdf"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_delivery_nobody_hears_what_he_may_not_read() {
    let town = Town::new();
    let operator = town.operator();
    let all: Vec<_> = ProtectionDomain::ALL.to_vec();
    let by = operator.as_administrator().unwrap();
    town.registry.set_rights(by, "leitung", None, Some(all.into_iter().collect())).unwrap();
    let operator = town.operator();
    let open = town.document(&operator, target("63-1", "Garage", GENERAL[0]), "offen.txt", b"Garage");
    let tax = ProtectionDomain::Tax;
    let hidden = town.document(&operator, target("63-2", "Steuer", tax), "geheim.txt", b"Steuer");
    let mixed = remember(
        &town,
        &operator,
        "gemischt.csv",
        Stage::Ended,
        vec![
            of_document(2, &open, Some(7)),
            of_document(3, &hidden, Some(9)),
            of_path(4, "weg.pdf", Some("weg")),
        ],
    );
    let secret = remember(&town, &operator, "geheim.csv", Stage::Ended, vec![of_document(2, &hidden, None)]);
    let flawed = remember(
        &town,
        &operator,
        "fehler.csv",
        Stage::Flawed,
        vec![of_path(2, "x.pdf", Some("die Datei fehlt")), of_path(3, "y.pdf", None)],
    );
    town.person("sach", Role::Clerk, GENERAL);
    let sach = town.signed_in("sach").await;
    let list = sach.get("/lieferungen").await;
    list.says(&[
        &format!("/lieferungen/{mixed}"),
        "1 Zeile, 1 erfasst, noch nicht gelesen, 0 von 7 Seiten laut Liste",
    ]);
    let one = sach.get(&format!("/lieferungen/{mixed}")).await;
    one.says(&["offen.txt", "63-1"]);
    for page in [&list, &one] {
        for word in ["gemischt", "geheim", "weg.pdf", "63-2", "16 Seiten", "entfernen", "fehler.csv"] {
            assert!(!page.body().contains(word), "{word} is told");
        }
    }
    let nothing = sach.get(&format!("/lieferungen/{NOBODY}")).await;
    for id in [secret, flawed] {
        let page = sach.get(&format!("/lieferungen/{id}")).await;
        assert_eq!((page.status, page.body()), (StatusCode::NOT_FOUND, nothing.body()));
        let post = sach.post(&format!("/lieferungen/{id}/entfernen"), &[]).await;
        assert_eq!(post.status, StatusCode::NOT_FOUND);
    }
    let post = sach.post(&format!("/lieferungen/{mixed}/entfernen"), &[]).await;
    assert_eq!(post.status, StatusCode::BAD_REQUEST, "it is somebody else's");
    // Whoever delivered it sees all three, and of the second no more than its document lets him.
    town.registry.set_secret(&operator, "leitung", SECRET).unwrap();
    let own = town.signed_in("leitung").await;
    own.get("/lieferungen").await.says(&[
        "gemischt.csv",
        "geheim.csv",
        "fehler.csv",
        "1 fehlerhaft, 1 noch nicht",
    ]);
    own.get(&format!("/lieferungen/{flawed}")).await.says(&["die Datei fehlt", "ohne Fehler, nicht erfasst"]);
    town.registry.set_rights(by, "leitung", None, Some([].into())).unwrap();
    let page = own.get(&format!("/lieferungen/{mixed}")).await;
    page.says(&["weg.pdf", "1 Zeile"]);
    assert!(!page.body().contains("geheim.txt") && !page.body().contains("offen.txt"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_is_forgotten_ninety_days_after_it_was_touched() {
    let (disk, faults) = schriftgut::disk::Failing::before(&Disk::real());
    let now = jiff::Timestamp::now();
    faults.put_clock(now);
    let town = Town::on(&disk);
    let sach = town.person("sach", Role::Clerk, GENERAL);
    remember(&town, &sach, "liste.csv", Stage::Checked, vec![of_path(2, "a.pdf", None)]);
    let kept = |town: &Town| town.registry.deliveries(sach.as_reader().unwrap(), 0, 10).unwrap().0.len();
    for (days, left) in [(89, 1), (90, 0)] {
        faults.put_clock(now + jiff::SignedDuration::from_hours(24 * days));
        town.registry.tend_deliveries().unwrap();
        assert_eq!(kept(&town), left, "day {days}");
    }
    assert_eq!(std::fs::read_dir(town.registry.layout().deliveries()).unwrap().count(), 0);
}
