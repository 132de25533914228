//! Searching in the browser: help, saved searches, hits by file and document, and whatever is typed.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn who_searches_is_helped_with_what_this_person_may_read() {
    let town = Town::new();
    let personnel = [ProtectionDomain::General, ProtectionDomain::Personnel];
    let manager = town.person("personal", Role::RecordsManager, &personnel);
    town.person("sach", Role::Clerk, GENERAL);
    let hidden = target("11.20-7", "Personalakte", ProtectionDomain::Personnel);
    let hidden =
        town.document(&manager, hidden, "zeugnis.txt", b"Zeugnis, Scheunentor, Dachstuhl, Hausschwamm");
    let text = "Scheune <b>am</b> Müllersteg, Dachstuhl, Hausschwamm".as_bytes();
    let first = town.document(&manager, target("63-1", "Neubau <i>", GENERAL[0]), "erstes.txt", text);
    let text = "Gutachten zum Hausschwamm im Dachstuhl".as_bytes();
    let second = town.document(&manager, target("63-2", "Abbruch", GENERAL[0]), "<zweites>.txt", text);
    town.registry.read_texts(&|_| {}).unwrap();

    let (personal, sach) = (town.signed_in("personal").await, town.signed_in("sach").await);
    let suggested = sach.get("/suche/vorschlag?q=Abbruch+scheu").await;
    suggested.says(&[r#"{"suggestions":[{"kind":"Wort","query":"Abbruch Scheune","text":"Scheune"}]}"#]);
    assert_eq!(suggested.headers["content-type"], "application/json");
    assert_eq!(suggested.headers["cache-control"], "no-store");
    personal.get("/suche/vorschlag?q=Abbruch+scheu").await.says(&["Scheunentor", "Scheune\""]);
    for nothing in ["zeu", "11.2", "titel:perso", "", "x", "%00%00%00", "gar*", "%E2%80%AE%E2%80%AE%E2%80%AE"]
    {
        let page = sach.get(&format!("/suche/vorschlag?q={nothing}")).await;
        assert_eq!(page.body(), r#"{"suggestions":[]}"#, "{nothing}");
    }
    sach.get("/suche/vorschlag?q=neub").await.says(&[r#"{"kind":"Titel","query":"titel:\"Neubau <i>\"","#]);

    let search = sach.get("/suche?q=Schaune").await;
    search.says(&["Meinten Sie: <a href=\"/suche?q=Scheune\">Scheune</a></p>", OUR_SCRIPT]);
    assert!(!sach.get("/suche?q=Zeugnus").await.body().contains("Meinten Sie"));
    sach.get("/suche?q=M%C3%BClersteg").await.says(&["/suche?q=M%C3%BCllersteg\">Müllersteg</a>"]);

    let page = sach.get(&format!("/dokument/{first}")).await;
    page.says(&["Ähnliche Dokumente", &format!("/dokument/{second}\">&#60;zweites&#62;.txt</a>"), "63-2"]);
    assert!(!page.body().contains("zeugnis.txt") && !page.body().contains("gerade nicht"), "{}", page.body());
    personal
        .get(&format!("/dokument/{first}"))
        .await
        .says(&["zeugnis.txt", &format!("/dokument/{hidden}/seite/1")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn everyone_sees_the_streets_and_who_keeps_them_is_told_each_line_that_is_wrong() {
    let town = Town::new();
    town.person("sach", Role::Clerk, GENERAL);
    town.person("bauer", Role::RecordsManager, GENERAL);
    let operator = town.operator();
    town.document(&operator, target("63-1", "Neubau", GENERAL[0]), "alt.txt", b"Scheune im Kamp 3");
    town.registry.read_texts(&|_| {}).unwrap();
    let (sach, bauer) = (town.signed_in("sach").await, town.signed_in("bauer").await);

    let empty = sach.get("/strassen").await;
    empty.says(&["noch kein Straßenverzeichnis"]);
    assert!(!empty.body().contains("<textarea"), "who may not change it has no form");
    bauer.get("/strassen").await.says(&["format = 2\n</textarea>", "<label for=\"verzeichnis\">"]);
    assert!(!sach.get("/suche?q=Kamp+3").await.body().contains("Adresse Kamp 3"));

    // Not taken: every wrong line is named, and what was sent is still there.
    let wrong = "format = 2\nKamp\nRing; 1919\n<b> = x; y\nA = B = C";
    let refused = bauer.post("/strassen", &[("verzeichnis", wrong)]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    let body = refused.body();
    for said in [
        "role=\"alert\" id=\"fehler\"",
        "Zeile 3: erwartet wird ein Straßenname oder „alter Name = neuer Name; Jahr“</a></li>",
        "Zeile 4: hinter dem Strichpunkt wird ein Jahr mit vier Ziffern erwartet</a></li>",
        "Zeile 5:",
        "aria-invalid=\"true\"",
        "&#60;b&#62; = x; y\nA = B = C</textarea>",
    ] {
        assert!(body.contains(said), "{said:?} is not in {body}");
    }
    assert!(!body.contains("<b> ="), "{body}");
    sach.get("/strassen").await.says(&["noch kein Straßenverzeichnis"]);

    // A whole town, longer than other fields may be; lines end as browsers end them.
    let streets: String = (0..500).map(|n| format!("Straße am Hügel {n:03}\r\n")).collect();
    let register = format!("format = 2\r\n# 1936\r\nSchinderkuhle = Kamp; 1936\r\n{streets}");
    bauer.post("/strassen", &[("verzeichnis", &register)]).await.leads_on("strassen");
    sach.get("/strassen").await.says(&["502 Namen", "<li>Kamp, früher Schinderkuhle</li>", "Seite 1 von 6"]);
    sach.get("/strassen?seite=6").await.says(&["<li>Straße am Hügel 499</li>"]);
    assert_eq!(sach.get("/strassen?seite=7").await.status, StatusCode::NOT_FOUND);
    sach.get("/strassen?q=schinder").await.says(&["1 von 502 Namen", "Schinderkuhle, heute Kamp"]);
    bauer.get("/strassen").await.says(&["# 1936", "Straße am Hügel 499</textarea>"]);

    // From now on it is a street.
    sach.get("/suche?q=Schinderkuhle+3").await.says(&["Adresse Schinderkuhle 3", "heute Kamp", "alt.txt"]);

    let long = "ä".repeat(150_001);
    let refused = bauer.post("/strassen", &[("verzeichnis", &long)]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.body().contains("150000 Zeichen"), "{}", refused.body());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_search_tells_what_is_new_until_it_was_seen() {
    let town = Town::new();
    town.person("sach", Role::Clerk, GENERAL);
    town.person("andere", Role::Clerk, GENERAL);
    let operator = town.operator();
    let take_in = |reference: &str, name: &str| {
        let target = target(reference, "Markt 5 <i>", GENERAL[0]);
        town.document(&operator, target, name, b"Scheune am Markt");
        town.registry.read_texts(&|_| {}).unwrap();
    };
    take_in("63-1", "alt.txt");
    let (sach, andere) = (town.signed_in("sach").await, town.signed_in("andere").await);

    // Saved below the answer, with the order it was listed in.
    let answer = sach.get("/suche?q=scheune&sortierung=neueste").await;
    let form = |name: &'static str, mark: &str| {
        let (q, order) = ("scheune".to_owned(), "neueste".to_owned());
        [("name", name.to_owned()), ("q", q), ("sortierung", order), ("bis", mark.to_owned())]
    };
    let mark = answer.hidden_field("bis");
    // Taken in while the person reads the answer: not seen.
    take_in("63-2", "neu.txt");
    let form = form("Meine <b>Scheunen</b>", &mark);
    let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let foreign = [("sec-fetch-site", "cross-site")];
    assert_eq!(
        sach.post_with("/gespeichert", &form, &foreign, &sach.csrf).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(sach.post_with("/gespeichert", &form, &[], "0").await.status, StatusCode::FORBIDDEN);
    let list = sach.post("/gespeichert", &form).await.leads_on("gespeichert");
    assert_eq!(sach.post("/gespeichert", &form).await.status, StatusCode::BAD_REQUEST, "the name is taken");
    let name = "Meine &#60;b&#62;Scheunen&#60;/b&#62;";
    let all = "/suche?q=scheune&#38;sortierung=neueste\"";
    sach.get("/").await.says(&[name, all, "1 neuer Treffer"]);
    let page = sach.get(&list).await;
    page.says(&[name, all, "1 neuer Treffer", "1 von höchstens 50"]);
    let (_, rest) =
        page.body().split_once("action=\"/gespeichert/").map(|(a, b)| (a.len(), b.to_owned())).unwrap();
    let own = format!("/gespeichert/{}", &rest[..36]);
    let new = sach.get(&own).await;
    new.says(&[name, "neu.txt, Seite 1", "<mark>Scheune</mark>", "Markt 5 &#60;i&#62;"]);
    assert!(!new.body().contains("alt.txt"));

    // Looking does not mark it; the form does, up to what was shown.
    let mark = new.hidden_field("bis");
    take_in("63-3", "noch-eins.txt");
    sach.get("/").await.says(&["2 neue Treffer"]);
    sach.post(&format!("{own}/gesehen"), &[("bis", &mark)]).await.leads_on("gesehen");
    sach.get("/").await.says(&["1 neuer Treffer"]);
    assert_eq!(sach.post(&format!("{own}/gesehen"), &[("bis", "ff")]).await.status, StatusCode::BAD_REQUEST);
    sach.post(&format!("{own}/gesehen"), &[]).await.leads_on("gesehen");
    assert!(!sach.get("/").await.body().contains("Treffer"));

    // For anybody else it does not exist.
    assert!(!andere.get("/").await.body().contains("Scheunen"));
    assert!(!andere.get("/gespeichert").await.body().contains("Scheunen"));
    let missing = andere.get(&format!("/gespeichert/{NOBODY}")).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert_eq!(andere.get(&own).await.bytes, missing.bytes);
    for what in ["gesehen", "umbenennen", "entfernen"] {
        let theirs = andere.post(&format!("{own}/{what}"), &[("name", "Jetzt meine")]).await;
        assert_eq!((theirs.status, &theirs.bytes), (StatusCode::NOT_FOUND, &missing.bytes), "{what}");
    }

    sach.post(&format!("{own}/umbenennen"), &[("name", "Scheunen")]).await.leads_on("umbenannt");
    sach.get("/").await.says(&[">Scheunen</a>"]);
    sach.post(&format!("{own}/entfernen"), &[]).await.leads_on("entfernt");
    sach.get(&list).await.says(&["Sie haben keine Suche gespeichert"]);
    assert!(!sach.get("/").await.body().contains("Gespeicherte Suchen"));
}

#[tokio::test(flavor = "multi_thread")]
async fn hits_stand_together_by_file_and_document_and_say_on_request_why_they_are_hits() {
    let town = Town::new();
    let personnel = [ProtectionDomain::General, ProtectionDomain::Personnel];
    let manager = town.person("personal", Role::RecordsManager, &personnel);
    town.person("sach", Role::Clerk, GENERAL);
    let pages = "Scheune, Dachstuhl\u{c}Nichts\u{c}Scheune und noch eine Scheune".as_bytes();
    let long = town.document(&manager, target("63-1", "Neubau", GENERAL[0]), "antrag.txt", pages);
    town.document(&manager, target("63-1", "Neubau", GENERAL[0]), "plan.txt", b"Scheune");
    town.document(&manager, target("63-2", "Abbruch", GENERAL[0]), "brief.txt", b"Dachstuhl");
    town.document(&manager, None, "lose.txt", b"Scheune");
    let hidden = target("11.20-7", "Personalakte", ProtectionDomain::Personnel);
    town.document(&manager, hidden, "zeugnis.txt", b"Zeugnis, Scheune");
    town.registry.read_texts(&|_| {}).unwrap();
    let sach = town.signed_in("sach").await;
    let times = |page: &Page, word: &str| page.body().matches(word).count();

    // One heading for the file, one for the document, a link for each page.
    let found = sach.get("/suche?q=Scheune").await;
    found.says(&["4 Seiten", "<h3>Posteingang</h3>", "lose.txt</a></h4>"]);
    for (word, expected) in
        [(">63-1</a>", 1), ("antrag.txt</a></h4>", 1), ("plan.txt</a></h4>", 1), ("63-2", 0), ("11.20", 0)]
    {
        assert_eq!(times(&found, word), expected, "{word}: {}", found.body());
    }
    for page in [1, 3] {
        found.says(&[&format!("/dokument/{long}/seite/{page}?q=Scheune\"")]);
    }
    assert!(!found.body().contains("Warum: ") && !found.body().contains("ein Teil der Wörter"));

    // What has some of the words stands behind, under its own heading, and is not counted.
    let some = sach.get("/suche?q=Scheune+Dachstuhl").await;
    some.says(&["<p role=\"status\">1 Seite ("]);
    let body = some.body();
    let (whole, partly) = body.split_once("Nicht mitgezählt: wo nur ein Teil der Wörter steht</h2>").unwrap();
    assert!(whole.contains("antrag.txt") && !whole.contains("brief.txt") && !whole.contains("plan.txt"));
    for one in ["63-2", "brief.txt", "plan.txt", "lose.txt", "antrag.txt, Seite 3"] {
        assert!(partly.contains(one), "{one}: {body}");
    }
    assert!(!body.contains("zeugnis"), "{body}");

    // Why, and how to be without it again; what narrows keeps it.
    let why = sach.get("/suche?q=Scheune+Dachstuhl&warum=1").await;
    why.says(&[
        "Warum: „Scheune“ 1-mal genau so; „Dachstuhl“ 1-mal genau so</p>",
        "Warum: „Scheune“ 2-mal genau so; „Dachstuhl“ steht hier nicht</p>",
        "<a href=\"/suche?q=Scheune%20Dachstuhl\">Ohne Begründung zeigen</a>",
        "/suche?q=Dachstuhl&#38;warum=1\" title=\"ohne Scheune suchen\"",
    ]);
    some.says(&["<a href=\"/suche?q=Scheune%20Dachstuhl&#38;warum=1\">Warum diese Treffer?</a>"]);
    let own = sach.get("/suche?q=Markt+5&warum=1").await;
    own.says(&["Akte, dem Namen nach gefunden", "Warum: die Akte ist es, die Sie nennen"]);
    let narrowed = sach.get("/suche?q=klasse%3A63&warum=1").await;
    narrowed.says(&["Warum: passt zu den Angaben, nach denen Sie eingrenzen</p>"]);
    let nothing = sach.get("/suche?q=Zeugnis&warum=1").await;
    assert!(!nothing.body().contains("Warum") && !nothing.body().contains("Ohne Begründung"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_stands_behind_the_question_mark_of_a_search_is_answered_or_refused() {
    let town = Town::new();
    let clerk = town.person("sach", Role::Clerk, GENERAL);
    town.document(&clerk, None, "garage.txt", b"Garage\n");
    town.registry.read_texts(&|_| {}).unwrap();
    let sach = town.signed_in("sach").await;
    sach.get("/suche?q=%E2%80%AEGarage%00").await.says(&["garage.txt"]);
    for (query, why) in [
        ("(".repeat(10_000), "Die Suche ist länger als 1024 Zeichen"),
        ("%FF".repeat(20_000), "Die Suche ist länger als 1024 Zeichen"),
        ("%28".repeat(1_000), "mehr als 20-mal ineinander geschachtelt"),
        ("%FF%FE%00%E2%80%8F".to_owned(), "Die Suche enthält kein Wort"),
        ("*".to_owned(), "Vor dem Sternchen"),
        ("%22".to_owned(), "Das schließende Anführungszeichen fehlt"),
    ] {
        let page = sach.get(&format!("/suche?q={query}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{why}");
        assert!(page.body().contains(why), "{why:?} is not in {}", page.body());
        // Whoever is still typing gets no suggestions.
        assert_eq!(sach.get(&format!("/suche/vorschlag?q={query}")).await.status, StatusCode::OK, "{why}");
    }
    for query in
        ["q=%", "q=%zz&q=%C3", "q", "&&&=", "%FF=%FF", "q=Gar%FFage", "q=Garage&seite=99999999999999999999"]
    {
        let page = sach.get(&format!("/suche?{query}")).await;
        assert!(!page.status.is_server_error(), "{query}: {}", page.status);
    }
}
