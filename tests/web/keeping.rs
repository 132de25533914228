//! Keeping files and rules in the browser: what is said of a file is changed, noted and brought up again, and rules come into
//! force by two people.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_changed_noted_and_brought_up_again_and_nothing_typed_is_lost() {
    let town = Town::new();
    town.person("sach", Role::Clerk, GENERAL);
    let operator = town.operator();
    town.document(&operator, target("63-1", "Neubau", GENERAL[0]), "alt.txt", b"Scheune");
    let sach = town.signed_in("sach").await;
    let page = sach.get("/akte/63-1").await;
    page.says(&[
        "<dt>Aktenart</dt><dd>Bauakte</dd>",
        "Angaben ändern",
        "Vermerk schreiben",
        "Zur Wiedervorlage",
    ]);
    let view = town.registry.show_file(operator.as_reader().unwrap(), "63-1", town.registry.today()).unwrap();
    let id = view.file.id;

    let form = sach.get(&format!("/akte/{id}/aendern")).await;
    form.says(&["value=\"Neubau\"", "<label for=\"feld-built_year\">Baujahr", "<option value=\"hausakte\">"]);
    let change = format!("/akte/{id}/aendern");
    let typed = |year: &'static str, reason: &'static str| {
        [
            ("betreff", "Neubau <b>Ring</b>"),
            ("klasse", "63.10.01"),
            ("aktenart", "bauakte"),
            ("feld.built_year", year),
            ("feld.street", "Ringstraße"),
            ("grund", reason),
        ]
    };
    let refused = sach.post(&change, &typed("um 1900", "Sichtung")).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    for told in [
        "Es wurde nichts geändert",
        "„um 1900“ passt nicht",
        "value=\"um 1900\"",
        "value=\"Sichtung\"",
        "value=\"Neubau &#60;b&#62;Ring&#60;/b&#62;\"",
    ] {
        assert!(refused.body().contains(told), "no {told} in {}", refused.body());
    }
    assert_eq!(sach.post(&change, &typed("1900", "")).await.status, StatusCode::BAD_REQUEST);
    sach.post(&change, &typed("1900", "Sichtung")).await.leads_on("geaendert");
    sach.get("/akte/63-1")
        .await
        .says(&["<dt>Baujahr</dt><dd>1900</dd>", "<dt>Straße</dt><dd>Ringstraße</dd>"]);

    sach.post(&format!("/akte/{id}/vermerk"), &[("vermerk", "Anruf <script>")]).await.leads_on("vermerkt");
    sach.get("/akte/63-1").await.says(&["Vermerke", "Anruf &#60;script&#62;"]);
    let remind = format!("/akte/{id}/wiedervorlage");
    assert_eq!(
        sach.post(&remind, &[("am", "2020-01-01"), ("wozu", "x")]).await.status,
        StatusCode::BAD_REQUEST
    );
    sach.post(&remind, &[("wozu", "Baubeginn prüfen")]).await.leads_on("wiedervorlage");
    let start = sach.get("/").await;
    start.says(&["Wiedervorlagen", "Baubeginn prüfen", "Akte 63-1"]);
    let page = sach.get("/akte/63-1").await;
    let body = page.body().to_owned();
    let done = body.split("action=\"").find(|at| at.contains("/erledigt\"")).unwrap();
    let done = done.split('"').next().unwrap().to_owned();
    sach.post(&done, &[]).await.leads_on("erledigt");
    assert!(!sach.get("/").await.body().contains("Baubeginn"), "dealt with");
}

#[tokio::test(flavor = "multi_thread")]
async fn proposed_rules_are_shown_with_what_they_change_and_enacted_by_somebody_else() {
    let town = Town::new();
    let manager = town.person("bauer", Role::RecordsManager, GENERAL);
    town.person("archiv", Role::Archivist, GENERAL);
    let (bauer, archiv) = (town.signed_in("bauer").await, town.signed_in("archiv").await);
    assert!(!bauer.get("/regeln").await.body().contains("Vorgeschlagen"));
    let pack = schriftgut::format::rule_pack::NRW_KOMMUNAL.rules.replace("2026-1\"", "2026-2\"");
    let pack = pack.replacen("period = \"10 years\"", "period = \"60 years\"", 1);
    town.registry.propose_rules(manager.as_records_manager().unwrap(), pack).unwrap();
    let shown = archiv.get("/regeln").await;
    shown.says(&["Vorgeschlagen: nrw-kommunal 2026-2", "60 Jahre", "in Kraft setzen"]);
    assert!(
        !bauer.get("/regeln").await.body().contains("in Kraft setzen</button>"),
        "not by whoever proposed it"
    );
    let operator = town.operator();
    for (number, closed) in [("63-1", 2010), ("63-2", 2014)] {
        let mut file = target(number, "Carport", GENERAL[0]);
        file.as_mut().unwrap().class = Some("63.10.03".parse().unwrap());
        file.as_mut().unwrap().opened = Some(date(closed, 1, 1));
        town.document(&operator, file, &format!("{number}.txt"), number.as_bytes());
        town.registry.close(operator.as_clerk().unwrap(), number, date(closed, 3, 1)).unwrap();
    }
    town.registry.confirm_rules(manager.as_records_manager().unwrap(), &[]).unwrap();
    let tried = archiv.get("/regeln/erproben").await;
    tried.says(&[
        "2 würden anders beurteilt",
        "<li>2 nicht mehr fällig</li>",
        "BA-03 (Frist)",
        "<rect class=\"sure\"",
    ]);
    let saved = archiv.get("/regeln/erproben/akten.csv").await;
    assert!(saved.body().contains("63-2;63.10.03;nicht mehr fällig;"), "{}", saved.body());
    let enact = [("ausgabe", "nrw-kommunal 2026-2")];
    assert_eq!(bauer.post("/regeln/in-kraft", &enact).await.status, StatusCode::CONFLICT);
    archiv.post("/regeln/in-kraft", &enact).await.leads_on("regeln");
    archiv.get("/regeln").await.says(&["Ausgabe nrw-kommunal 2026-2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_file_is_opened_in_the_browser_and_shows_the_number_it_got() {
    let town = Town::new();
    town.person("sach", Role::Clerk, GENERAL);
    let sach = town.signed_in("sach").await;
    sach.get("/").await.says(&["<a href=\"/akten/neu\">Neue Akte anlegen</a>"]);
    sach.get("/akten/neu").await.says(&["<option value=\"63.10.01\">63.10.01 Bauakten</option>", "Weiter"]);
    for (class, told) in [("63", "weiter untergliedert"), ("6x", "„6x“ ist keine Aktenplaneinheit")] {
        let page = sach.get(&format!("/akten/neu?klasse={class}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert!(page.body().contains(told), "{}", page.body());
    }
    let form = sach.get("/akten/neu?klasse=63.10.01").await;
    form.says(&[
        "63.10.01 Bauakten",
        "das nächste nach dem Muster {class}-{year}/{number:4}",
        "for=\"feld-built_year\">Baujahr",
    ]);
    sach.get("/akten/neu?klasse=20.10.01").await.says(&["Aktenzeichen (nötig)", "von Hand vergeben"]);

    let typed = |year: &'static str| {
        [
            ("klasse", "63.10.01"),
            ("betreff", "Garage <b>Ring</b>"),
            ("aktenzeichen", ""),
            ("vorgang", "Bauantrag"),
            ("aktenart", "bauakte"),
            ("feld.built_year", year),
        ]
    };
    let refused = sach.post("/akten/neu", &typed("neu")).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    for told in ["Es wurde keine Akte angelegt", "„neu“ passt nicht", "value=\"neu\"", "value=\"Bauantrag\""]
    {
        assert!(refused.body().contains(told), "no {told} in {}", refused.body());
    }
    let to = sach.post("/akten/neu", &typed("1961")).await.leads_on("neu");
    let number = format!("63.10.01-{}/0001", town.registry.today().year());
    sach.get(&format!("{to}?getan=neu")).await.says(&[
        "Die Akte ist angelegt",
        &format!("Akte {number}"),
        "<dt>Baujahr</dt><dd>1961</dd>",
        "Garage &#60;b&#62;",
    ]);
    let by_hand = [("klasse", "63.10.01"), ("betreff", "x"), ("aktenzeichen", number.as_str())];
    let refused = sach.post("/akten/neu", &by_hand).await;
    assert!(refused.body().contains("ist oder war schon vergeben"), "{}", refused.body());
    let hidden = [("klasse", "11.20.01"), ("betreff", "x"), ("aktenzeichen", "P-1")];
    assert!(sach.post("/akten/neu", &hidden).await.body().contains("fehlt die Berechtigung"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stack_is_split_on_its_page_and_leads_to_its_parts() {
    let town = Town::new();
    town.person("sach", Role::Clerk, GENERAL);
    let operator = town.operator();
    let bytes = material::pdf_of_pages(&["Bauantrag", "Lageplan", "Wohngeld"]);
    let id = town.document(&operator, target("63-1", "Neubau", GENERAL[0]), "stapel.pdf", &bytes);
    let sach = town.signed_in("sach").await;
    let page = format!("/dokument/{id}");
    assert!(!sach.get(&page).await.body().contains("/teilen"), "nobody knows its pages yet");
    town.registry.read_texts(&|_| {}).unwrap();
    sach.get(&page).await.says(&["Schnitt nach Seite", "Aktenzeichen für jeden Teil"]);
    let split = format!("{page}/teilen");
    for wrong in ["", "zwei", "3", "2, 1", "4294967295"] {
        assert_eq!(
            sach.post(&split, &[("schnitte", wrong)]).await.status,
            StatusCode::BAD_REQUEST,
            "{wrong}"
        );
    }
    sach.post(&split, &[("schnitte", "2"), ("grund", "<b>zwei</b> Briefe")]).await.leads_on("geteilt");
    let whole = sach.get(&page).await;
    whole.says(&["Zurückgezogen am", "&#60;b&#62;zwei", "Daraus gemacht", "stapel (Seiten 1–2).pdf"]);
    assert!(!whole.body().contains("/teilen"), "it is split");
    let body = whole.body().to_owned();
    let links = body.split("Daraus gemacht").nth(1).unwrap().split("/dokument/").nth(1).unwrap();
    let part = links.split('"').next().unwrap().to_owned();
    let part = sach.get(&format!("/dokument/{part}")).await;
    part.says(&["Gemacht aus", "Seiten 1–2 von <a href=\"/dokument/", "stapel.pdf</a>"]);
    assert_eq!(sach.post(&split, &[("schnitte", "1")]).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test(flavor = "multi_thread")]
async fn scans_of_one_letter_are_merged_in_the_order_typed_and_a_mistake_loses_nothing() {
    let town = Town::new();
    town.person("sach", Role::Clerk, GENERAL);
    let operator = town.operator();
    let into = || target("63-1", "Neubau", GENERAL[0]);
    let one = town.document(&operator, into(), "anfang.pdf", &material::pdf_of_pages(&["Bauantrag"]));
    let sach = town.signed_in("sach").await;
    town.registry.read_texts(&|_| {}).unwrap();
    let file = sach.get("/akte/63-1").await;
    assert!(!file.body().contains("/zusammenfuegen"), "one alone is nothing to merge");
    let two = town.document(&operator, into(), "ende.pdf", &material::pdf_of_pages(&["Lageplan", "Gruss"]));
    let other = town.document(
        &operator,
        target("63-2", "Abbruch", GENERAL[0]),
        "x.pdf",
        &material::pdf_of_pages(&["x"]),
    );
    town.registry.read_texts(&|_| {}).unwrap();
    let link = sach
        .get("/akte/63-1")
        .await
        .body()
        .split("href=\"")
        .find(|rest| rest.contains("/zusammenfuegen\""))
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    sach.get(&link).await.says(&["anfang.pdf", "ende.pdf", "Stelle von ende.pdf"]);
    let ids = [("dokument", one.to_string()), ("dokument", two.to_string())];
    let with = |places: [&str; 2], reason: &str| {
        let mut form: Vec<(&str, String)> = ids.to_vec();
        form.extend(places.map(|place| ("stelle", place.to_owned())));
        form.push(("grund", reason.to_owned()));
        form
    };
    for (places, reason, why) in [
        (["1", ""], "doppelt gescannt", "nötig sind 2 bis"),
        (["2", "2"], "doppelt gescannt", "zwei Dokumente haben die Stelle 2"),
        (["eins", "2"], "doppelt gescannt", "„eins“ ist keine Stelle"),
        (["2", "1"], "", "Grund"),
    ] {
        let form = with(places, reason);
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let refused = sach.post(&link, &form).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{why}");
        for said in [why, &format!("value=\"{}\"", places[0])] {
            assert!(refused.body().contains(said), "{said}: {}", refused.body());
        }
    }
    let foreign = [("dokument", other.to_string()), ("stelle", "1".to_owned())];
    let foreign: Vec<(&str, &str)> = foreign.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(sach.post(&link, &foreign).await.status, StatusCode::NOT_FOUND);
    let form = with(["2", "1"], "ein <b>Brief</b>");
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let to = sach.post(&link, &form).await.leads_on("zusammengefuegt");
    sach.get(&to).await.says(&["ende (zusammengefügt).pdf", "Gemacht aus", "anfang.pdf</a>", "ende.pdf</a>"]);
    sach.get(&format!("/dokument/{one}")).await.says(&["Zurückgezogen am", "ein &#60;b&#62;Brief"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deputy_is_named_on_ones_account_and_sees_on_the_first_page_what_waits() {
    let town = Town::new();
    let anna = town.person("anna", Role::Clerk, GENERAL);
    town.person("erich", Role::Clerk, GENERAL);
    town.document(&town.operator(), target("63-1", "Neubau", GENERAL[0]), "alt.txt", b"Scheune");
    let today = town.registry.today();
    let clerk = anna.as_clerk().unwrap();
    town.registry.remind(clerk, "63-1", today, None, "<i>Baubeginn</i>").unwrap();
    town.registry.assign(clerk, &["63-1".to_owned()], Some("anna")).unwrap();
    let (browser, deputy) = (town.signed_in("anna").await, town.signed_in("erich").await);
    assert!(!deputy.get("/").await.body().contains("Baubeginn"));
    let day = today.to_string();
    let form = |who: &'static str| {
        [("vertretung", who), ("von", "2020-01-01"), ("bis", "2999-12-31"), ("grund", "Urlaub")]
    };
    assert_eq!(browser.post("/kennwort/vertretung", &form("niemand")).await.status, StatusCode::BAD_REQUEST);
    let half = [("vertretung", "erich"), ("von", day.as_str())];
    assert_eq!(browser.post("/kennwort/vertretung", &half).await.status, StatusCode::BAD_REQUEST);
    browser.post("/kennwort/vertretung", &form("erich")).await.leads_on("vertretung");
    browser.get("/kennwort").await.says(&["31.12.2999", "(erich)", "Urlaub", "Vertretung beenden"]);
    let start = deputy.get("/").await;
    start.says(&["In Vertretung für", "&#60;i&#62;Baubeginn", "zuständig: <a href=\"/akte/"]);
    browser.post("/kennwort/vertretung/beenden", &[]).await.leads_on("vertretung_beendet");
    assert!(!deputy.get("/").await.body().contains("Baubeginn"), "it is over");
}
