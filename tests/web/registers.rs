//! Registers in the browser: the documents of a file in the order of its parts, and a form that sorts those that are ticked.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn documents_are_ticked_and_put_into_a_register_and_shown_there() {
    let town = Town::new();
    town.person("sach", Role::Clerk, GENERAL);
    town.person("archiv", Role::Archivist, GENERAL);
    let operator = town.operator();
    let one = town.document(&operator, target("63-1", "Neubau", GENERAL[0]), "bescheid.txt", b"Bescheid");
    let two = town.document(&operator, target("63-1", "Neubau", GENERAL[0]), "plan.txt", b"Plan");
    let other = town.document(&operator, target("63-2", "Carport", GENERAL[0]), "fremd.txt", b"Fremd");
    let sach = town.signed_in("sach").await;
    let page = sach.get("/akte/63-1").await;
    page.says(&["keinem Register zugeordnet (2)", "Einordnen", "Register 50  Bescheide der Bauaufsicht"]);
    let file = town.registry.show_file(operator.as_reader().unwrap(), "63-1", town.registry.today()).unwrap();
    let sort = format!("/akte/{}/einordnen", file.file.id);
    assert_eq!(
        sach.post(&sort, &[("register", "50")]).await.status,
        StatusCode::BAD_REQUEST,
        "none is ticked"
    );
    let wrong = [("dokument", one.as_str()), ("register", "99")];
    assert_eq!(sach.post(&sort, &wrong).await.status, StatusCode::BAD_REQUEST);
    let strange = [("dokument", one.as_str()), ("dokument", other.as_str()), ("register", "50")];
    assert_eq!(sach.post(&sort, &strange).await.status, StatusCode::NOT_FOUND, "of another file");
    sach.get("/akte/63-1").await.says(&["keinem Register zugeordnet (2)"]);
    let both = [("dokument", one.as_str()), ("dokument", two.as_str()), ("register", "50")];
    sach.post(&sort, &both).await.leads_on("eingeordnet");
    sach.post(&sort, &[("dokument", two.as_str()), ("register", "")]).await.leads_on("eingeordnet");
    let page = sach.get("/akte/63-1").await;
    page.says(&["Register 50  Bescheide der Bauaufsicht (1)", "keinem Register zugeordnet (1)"]);
    assert!(page.body().find("bescheid.txt") < page.body().find("plan.txt"));
    sach.get(&format!("/dokument/{one}")).await.says(&["Register 50  Bescheide der Bauaufsicht"]);
    town.registry.read_texts(&|_| {}).unwrap();
    let found = sach.get("/suche?q=bescheid+ODER+plan").await;
    found.says(&["50 Bescheide der Bauaufsicht", "in keinem Register", "register%3A50"]);
    let narrowed = sach.get("/suche?q=(bescheid+ODER+plan)+register:50").await;
    assert!(narrowed.body().contains("bescheid.txt") && !narrowed.body().contains("plan.txt"));
    let archive = town.signed_in("archiv").await.get("/akte/63-1").await;
    assert!(!archive.body().contains("Einordnen"), "who reads only sorts nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_archive_ticks_the_registers_it_does_without_and_the_list_says_so() {
    let town = Town::new();
    let manager = town.person("voss", Role::RecordsManager, GENERAL);
    let archive = town.person("archiv", Role::Archivist, GENERAL);
    let operator = town.operator();
    for (name, register) in [("bescheid.txt", Some("50")), ("brief.txt", Some("40")), ("lose.txt", None)] {
        let target = target("63-1", "Neubau", GENERAL[0]);
        let register = register.map(|number| number.parse().unwrap());
        let target = target.map(|target| Target { register, ..target });
        town.document(&operator, target, name, name.as_bytes());
    }
    let (registry, today) = (&town.registry, town.registry.today());
    registry.close(operator.as_clerk().unwrap(), "63-1", date(1991, 5, 1)).unwrap();
    registry.confirm_rules(manager.as_records_manager().unwrap(), &[]).unwrap();
    let list = registry.create_list(manager.as_records_manager().unwrap(), None, today).unwrap();
    registry.offer_list(manager.as_records_manager().unwrap(), list, today).unwrap();
    let file = registry.show_file(archive.as_reader().unwrap(), "63-1", today).unwrap().file.id.to_string();
    let archiv = town.signed_in("archiv").await;
    let page = format!("/listen/{list}");
    archiv.get(&page).await.says(&["Ausdünnen", "ohne Register 40  Allgemeiner Schriftverkehr"]);
    let decide = |decision, register| {
        [("akte", file.as_str()), ("entscheidung", decision), ("grund", "Haus"), ("auslassen", register)]
    };
    let path = format!("{page}/bewerten");
    assert_eq!(archiv.post(&path, &decide("V", "40")).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(archiv.post(&path, &decide("A", "99")).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        archiv.post(&path, &decide("A", "60")).await.status,
        StatusCode::CONFLICT,
        "nothing lies there"
    );
    let by_rule =
        [("akte", file.as_str()), ("entscheidung", "A"), ("grund", "x"), ("ausduennen", "regelwerk")];
    assert_eq!(archiv.post(&path, &by_rule).await.status, StatusCode::BAD_REQUEST, "no rule proposes it");
    archiv.get(&page).await.says(&["noch nicht bewertet"]);
    archiv.post(&path, &decide("A", "40")).await.leads_on("bewertet");
    archiv.get(&page).await.says(&["ausgedünnt: 1 von 3 Dokumenten nicht übernommen"]);
    let voss = town.signed_in("voss").await.get(&page).await;
    voss.says(&["ausgedünnt: 1 von 3 Dokumenten nicht übernommen"]);
    assert!(!voss.body().contains("Ausdünnen"), "only the archive decides");
}
