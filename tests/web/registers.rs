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
    let archive = town.signed_in("archiv").await.get("/akte/63-1").await;
    assert!(!archive.body().contains("Einordnen"), "who reads only sorts nothing");
}
