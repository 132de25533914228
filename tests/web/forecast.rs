//! The forecast in the browser: a picture and tables with the same figures, of what this person may read.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn what_becomes_due_is_a_picture_and_tables_with_the_same_figures() {
    let town = Town::new();
    let manager = town.person("bauer", Role::RecordsManager, GENERAL);
    town.person("personal", Role::Clerk, &[ProtectionDomain::Personnel]);
    town.person("revision", Role::Auditor, GENERAL);
    let operator = town.operator();
    town.document(&operator, target("63-1", "Carport", GENERAL[0]), "a.txt", b"Carport");
    town.document(&operator, target("63-2", "Zaun", GENERAL[0]), "b.txt", b"Zaun");
    let bauer = town.signed_in("bauer").await;
    let closed = town.registry.today();
    let on = closed.strftime("%d.%m.%Y").to_string();
    bauer.post("/akte/63-1/schliessen", &[("am", &on)]).await.leads_on("geschlossen");
    // Kept for ten years from the end of this one.
    let year = closed.year() + 11;

    let before = bauer.get("/vorschau").await;
    let row = format!(
        "<th scope=\"row\">{year}</th><td>–</td><td></td><td></td><td>1</td><td>0,02 m</td><td>7 Bytes</td>"
    );
    before.says(&[
        "<a href=\"/vorschau\" aria-current=\"page\">Vorschau</a>",
        "Was von den 2 Akten, die Sie lesen dürfen",
        "role=\"img\" aria-labelledby=\"bildtitel bildtext\"",
        "<rect class=\"unconfirmed\"",
        &format!("<title>{year}: 1</title>"),
        &row,
        "(von 2 Akten)",
        "nicht geschlossen (z.d.A.)",
    ]);
    let body = before.body();
    assert!(!body.contains("class=\"sure\"") && !body.contains("style="), "{body}");

    town.registry.confirm_rules(manager.as_records_manager().unwrap(), &[]).unwrap();
    let after = bauer.get("/vorschau?jahre=30&cm=2,5").await;
    let row = format!("<th scope=\"row\">{year}</th><td>1</td><td>0,03 m</td><td>7 Bytes</td><td>–</td>");
    after.says(&["<rect class=\"sure\"", &row, "angenommen sind 2,5 cm Regal", "value=\"30\""]);
    assert!(!after.body().contains("class=\"unconfirmed\""));
    let near = bauer.get("/vorschau?jahre=2").await;
    near.says(&["In diesen Jahren wird nichts fällig.", &format!("fällig nach {}", closed.year() + 2)]);

    // Who may not read the files sees nothing of them, and no class they are in.
    let personal = town.signed_in("personal").await;
    let none = personal.get("/vorschau").await;
    none.says(&["Was von den 0 Akten", "In diesen Jahren wird nichts fällig.", "Keine Akten."]);
    assert!(!none.body().contains("63.10"));
    let revision = town.signed_in("revision").await.get("/regeln").await.body();
    assert!(!revision.contains("/vorschau"), "no way to a page that is refused");

    for wrong in ["jahre=0", "jahre=201", "jahre=bald", "cm=0", "cm=dick", "jahre=-1"] {
        let page = bauer.get(&format!("/vorschau?{wrong}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{wrong}");
        assert!(page.body().contains("Die Vorschau ist so nicht zu rechnen"), "{}", page.body());
    }
}
