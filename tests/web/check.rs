//! Checking scans in the browser: page by page, the count of paper, the note, and that nobody learns of what is hidden.

use schriftgut::domain::ids::DocumentId;
use schriftgut::domain::scan::{Procedure, ProtectionNeed};
use schriftgut::registry::ScanOrder;

use super::*;
use crate::material::pdf_of_pages;

fn order(need: ProtectionNeed) -> ScanOrder {
    let text = |text: &str| text.to_owned();
    ScanOrder {
        procedure: Some(Procedure {
            name: text("Anweisung <1>"),
            version: text("1.2"),
            device: text("Scanner"),
            software: text("Programm"),
            site: String::new(),
        }),
        need: Some(need),
        ..ScanOrder::default()
    }
}

/// A scan of two pages that this person took in, read; its id.
fn scan(town: &Town, by: &Actor, domain: ProtectionDomain, reference: &str) -> DocumentId {
    let bytes = pdf_of_pages(&["eins", "zwei"]);
    let id = town.document(by, target(reference, "Neubau", domain), "scan.pdf", &bytes);
    let id: DocumentId = id.parse().unwrap();
    town.registry.state_scans(by.as_clerk().unwrap(), &[id], &order(ProtectionNeed::High)).unwrap();
    town.registry.read_texts(&|_| {}).unwrap();
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_is_looked_at_page_by_page_counted_noted_and_printed() {
    let town = Town::new();
    town.person("sach", Role::Clerk, GENERAL);
    let id = scan(&town, &town.operator(), GENERAL[0], "63-1");
    let sach = town.signed_in("sach").await;
    sach.get("/papier").await.says(&["/pruefen"]);
    sach.get("/pruefen").await.says(&[
        "Bei 1 Scan",
        &format!("/pruefen/{id}"),
        "noch 2 Seiten anzusehen (1–2)",
    ]);
    let (at, first) = (format!("/pruefen/{id}"), format!("/pruefen/{id}/seite/1"));
    sach.get(&at).await.says(&[&first, "Auf dem Papier hat noch niemand gezählt"]);
    let page = sach.get(&first).await;
    page.says(&["Noch 2 Seiten", "accesskey=\"g\" autofocus", &format!("/dokument/{id}/seite/1/bild.png")]);
    assert!(!page.body().contains("<script"));

    assert_eq!(sach.post(&first, &[]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(sach.post(&first, &[("urteil", "neu"), ("grund", "")]).await.status, StatusCode::BAD_REQUEST);
    let next = sach.post(&first, &[("urteil", "gut")]).await.leads_on("angesehen");
    assert!(next.starts_with(&format!("/pruefen/{id}/seite/2")), "{next}");
    let second = format!("/pruefen/{id}/seite/2");
    sach.post(&second, &[("urteil", "neu"), ("grund", "schief <b>")]).await.leads_on("angesehen");
    sach.get(&at).await.says(&["neu zu scannen (Seite 2: schief &#60;b&#62;)"]);
    sach.post(&second, &[("urteil", "gut")]).await.leads_on("angesehen");
    assert_eq!(sach.get(&format!("/pruefen/{id}/seite/3")).await.status, StatusCode::NOT_FOUND);

    let note = format!("/pruefen/{id}/vermerk");
    assert_eq!(sach.post(&note, &[("erklaerung", "")]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        sach.post(&note, &[("erklaerung", "ja")]).await.status,
        StatusCode::CONFLICT,
        "nobody has counted"
    );
    let count = format!("/pruefen/{id}/seiten");
    assert_eq!(sach.post(&count, &[("papierseiten", "viele")]).await.status, StatusCode::BAD_REQUEST);
    sach.post(&count, &[("papierseiten", "2")]).await.leads_on("gezaehlt");
    let sent = [("erklaerung", "ja"), ("auffaelligkeiten", "Fleck <i>"), ("siegel", "")];
    sach.post(&note, &sent).await.leads_on("vermerk_geschrieben");

    let printed = sach.get(&format!("/dokument/{id}/transfervermerk")).await;
    printed.says(&[
        "Anweisung &#60;1&#62;",
        "Fleck &#60;i&#62;",
        "bildlich und inhaltlich",
        "kein qualifiziertes Siegel",
    ]);
    let saved = sach.get(&format!("/dokument/{id}/transfervermerk.xml")).await;
    assert!(saved.body().contains("<Auffaelligkeit>Fleck &lt;i&gt;</Auffaelligkeit>"), "{}", saved.body());
    sach.get("/pruefen").await.says(&["Bei keinem Scan ist etwas zu tun."]);
    sach.get(&format!("/dokument/{id}")).await.says(&["Transfervermerk vom"]);
    sach.get("/akte/63-1").await.says(&["Verbleib des Papiers", "Papier bleibt"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_scan_is_as_one_that_is_not_there_and_a_letter_is_none() {
    let town = Town::new();
    town.person("sach", Role::Clerk, GENERAL);
    town.person("archiv", Role::Archivist, GENERAL);
    let steuer = town.person("steuer", Role::Clerk, &[ProtectionDomain::Tax]);
    let hidden = scan(&town, &steuer, ProtectionDomain::Tax, "20-1").to_string();
    let operator = town.operator();
    let letter = town.document(&operator, target("63-1", "Neubau", GENERAL[0]), "brief.txt", b"Ein Brief");
    let open = scan(&town, &operator, GENERAL[0], "63-2").to_string();
    let (sach, archiv) = (town.signed_in("sach").await, town.signed_in("archiv").await);
    assert!(!sach.get("/pruefen").await.body().contains(&hidden));
    let nobody = "5f0c0000-0000-4000-8000-000000000000".to_owned();
    for path in [
        "/pruefen/{}",
        "/pruefen/{}/seite/1",
        "/dokument/{}/transfervermerk",
        "/dokument/{}/transfervermerk.xml",
    ] {
        let mut told = Vec::new();
        for id in [&hidden, &nobody] {
            let page = sach.get(&path.replace("{}", id)).await;
            told.push((page.status, page.body().replace(id.as_str(), "").replace(&sach.csrf, "")));
        }
        assert_eq!(told[0], told[1], "{path}");
        assert_eq!(told[0].0, StatusCode::NOT_FOUND, "{path}");
    }
    for (path, form) in
        [("/pruefen/{}/seite/1", ("urteil", "gut")), ("/pruefen/{}/seiten", ("papierseiten", "2"))]
    {
        for id in [&hidden, &nobody] {
            assert_eq!(
                sach.post(&path.replace("{}", id), &[form]).await.status,
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
    }
    assert_eq!(sach.get(&format!("/pruefen/{letter}")).await.status, StatusCode::NOT_FOUND);
    // Who only reads sees how it stands, without the buttons.
    let page = archiv.get(&format!("/pruefen/{open}/seite/1")).await;
    assert!(page.status == StatusCode::OK && !page.body().contains("name=\"urteil\""), "{}", page.status);
    let sent = archiv.post(&format!("/pruefen/{open}/seite/1"), &[("urteil", "gut")]).await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN);
}
