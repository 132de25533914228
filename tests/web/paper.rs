//! Paper in the browser: where it stands, a scanned barcode that leads to its file, loans with the overdue ones first.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn paper_is_placed_lent_found_by_its_barcode_and_given_back() {
    let town = Town::new();
    town.person("sach", Role::Clerk, GENERAL);
    town.person("steuer", Role::Clerk, &[ProtectionDomain::Tax]);
    let operator = town.operator();
    town.document(&operator, target("63-1", "Neubau", GENERAL[0]), "alt.txt", b"Scheune");
    let id = town
        .registry
        .show_file(operator.as_reader().unwrap(), "63-1", town.registry.today())
        .unwrap()
        .file
        .id;
    let (sach, steuer) = (town.signed_in("sach").await, town.signed_in("steuer").await);
    sach.get("/akte/63-1").await.says(&["Regal R4, Karton K17", "Papierakte ausleihen", "value=\"K17\""]);

    let place = format!("/akte/{id}/standort");
    let typed = |room: &'static str| {
        [("raum", room), ("regal", "R5 <b>"), ("karton", ""), ("strichcode", "4711"), ("grund", "")]
    };
    assert_eq!(sach.post(&place, &typed("U\u{7}12")).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(sach.post(&place, &[]).await.status, StatusCode::BAD_REQUEST, "nowhere");
    sach.post(&place, &typed("U 12")).await.leads_on("standort");
    let page = sach.get("/akte/63-1").await;
    page.says(&["Raum U 12, Regal R5 &#60;b&#62;, Strichcode 4711"]);
    assert!(!page.body().contains("Karton K17"), "what was emptied is gone");

    let found = sach.get("/papier?strichcode=%204711").await;
    assert_eq!((found.status, found.location()), (StatusCode::SEE_OTHER, format!("/akte/{id}").as_str()));
    sach.get("/suche?q=4711")
        .await
        .says(&["Strichcode 4711: Akte", &format!("/akte/{id}\">63-1</a> Neubau")]);
    assert!(!steuer.get("/suche?q=4711").await.body().contains("Strichcode"), "hidden there, too");
    let missing = sach.get("/papier?strichcode=0815").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert!(missing.body().contains("„0815“ wurde nicht gefunden"), "{}", missing.body());
    let hidden = steuer.get("/papier?strichcode=4711").await;
    let none = steuer.get("/papier?strichcode=0815").await;
    assert_eq!(hidden.status, none.status);
    let plain = |page: &Page, csrf: &str| page.body().replace("4711", "0815").replace(csrf, "");
    assert_eq!(plain(&hidden, &steuer.csrf), plain(&none, &steuer.csrf), "hidden as if it were not there");

    let lend = format!("/akte/{id}/ausleihe");
    assert_eq!(sach.post(&lend, &[("an", ""), ("bis", "")]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(sach.post(&lend, &[("an", "x"), ("bis", "2020-01-01")]).await.status, StatusCode::BAD_REQUEST);
    sach.post(&lend, &[("an", "Kruse <script>"), ("bis", "2999-01-31")]).await.leads_on("ausgeliehen");
    assert_eq!(sach.post(&lend, &[("an", "sach")]).await.status, StatusCode::CONFLICT);
    sach.get("/akte/63-1").await.says(&["ausgeliehen an Kruse &#60;script&#62; seit", "31.01.2999"]);
    let listed = sach.get("/papier").await;
    listed.says(&["1 Papierakte ist ausgeliehen", "Kruse &#60;script&#62;", "31.01.2999"]);
    assert!(!listed.body().contains("überfällig"));
    steuer.get("/papier").await.says(&["Es ist nichts ausgeliehen."]);

    let give_back = format!("/akte/{id}/rueckgabe");
    assert_eq!(steuer.post(&give_back, &[]).await.status, StatusCode::NOT_FOUND);
    sach.post(&give_back, &[]).await.leads_on("zurueck");
    assert_eq!(sach.post(&give_back, &[]).await.status, StatusCode::CONFLICT);
    sach.get("/akte/63-1").await.says(&["Frühere Ausleihen der Papierakte", "Kruse &#60;script&#62;"]);
    sach.get("/papier").await.says(&["Es ist nichts ausgeliehen."]);
}
