//! What each role may: every address, asked by everyone.

use super::*;

/// Every address, asked about something that does not exist, with an empty form: who gets how far.
/// anonymous, clerk, records manager, archivist, auditor, administrator
const WHO_MAY: &[(&str, &str, [u16; 6])] = &[
    ("GET", "/assets/schriftgut.css", [200; 6]),
    ("GET", "/assets/siegel.svg", [200; 6]),
    ("GET", "/assets/suche.js", [200; 6]),
    ("GET", "/assets/aufnehmen.js", [200; 6]),
    ("GET", "/assets/tus.min.js", [200; 6]),
    ("GET", "/einrichten", [404; 6]),
    ("POST", "/einrichten", [404; 6]),
    ("GET", "/anmelden", [200; 6]),
    ("POST", "/anmelden", [401; 6]),
    ("GET", "/kennwort", [303, 200, 200, 200, 200, 200]),
    ("POST", "/kennwort", [401, 400, 400, 400, 400, 400]),
    ("POST", "/kennwort/vertretung", [401, 400, 400, 400, 400, 400]),
    ("POST", "/kennwort/vertretung/beenden", [401, 400, 400, 400, 400, 400]),
    ("POST", "/kennwort/schluessel", [401, 400, 400, 400, 400, 400]),
    ("POST", "/kennwort/schluessel/{schluessel}/widerrufen", [401, 404, 404, 404, 404, 404]),
    ("GET", "/", [303, 200, 200, 200, 200, 200]),
    ("GET", "/suche", [303, 200, 200, 200, 403, 403]),
    ("GET", "/suche/vorschlag", [303, 200, 200, 200, 403, 403]),
    ("GET", "/gespeichert", [303, 200, 200, 200, 403, 403]),
    ("POST", "/gespeichert", [401, 400, 400, 400, 403, 403]),
    ("GET", "/gespeichert/{suche}", [303, 404, 404, 404, 403, 403]),
    ("POST", "/gespeichert/{suche}/gesehen", [401, 404, 404, 404, 403, 403]),
    ("POST", "/gespeichert/{suche}/umbenennen", [401, 404, 404, 404, 403, 403]),
    ("POST", "/gespeichert/{suche}/entfernen", [401, 404, 404, 404, 403, 403]),
    ("GET", "/aufnehmen", [303, 200, 200, 403, 403, 403]),
    ("POST", "/aufnehmen", [401, 400, 400, 403, 403, 403]),
    ("OPTIONS", "/aufnehmen/teile", [204; 6]),
    // Without the session's token in a header it is not our page that asks.
    ("POST", "/aufnehmen/teile", [401, 403, 403, 403, 403, 403]),
    ("HEAD", "/aufnehmen/teile/{teil}", [401, 403, 403, 403, 403, 403]),
    ("PATCH", "/aufnehmen/teile/{teil}", [401, 403, 403, 403, 403, 403]),
    ("DELETE", "/aufnehmen/teile/{teil}", [401, 403, 403, 403, 403, 403]),
    ("POST", "/aufnehmen/teile/{teil}/verwerfen", [401, 404, 404, 403, 403, 403]),
    ("GET", "/akten/neu", [303, 200, 200, 403, 403, 403]),
    ("POST", "/akten/neu", [401, 400, 400, 403, 403, 403]),
    ("GET", "/akte/{akte}", [303, 404, 404, 404, 403, 403]),
    ("POST", "/akte/{akte}/schliessen", [401, 404, 404, 403, 403, 403]),
    ("POST", "/akte/{akte}/oeffnen", [401, 404, 404, 403, 403, 403]),
    ("POST", "/akte/{akte}/tatsache", [401, 404, 404, 403, 403, 403]),
    ("POST", "/akte/{akte}/sperre", [401, 403, 404, 403, 403, 403]),
    ("POST", "/akte/{akte}/sperre/{sperre}/aufheben", [401, 403, 404, 403, 403, 403]),
    ("GET", "/akte/{akte}/deckblatt.pdf", [303, 404, 404, 403, 403, 403]),
    ("GET", "/akte/{akte}/aendern", [303, 404, 404, 403, 403, 403]),
    ("POST", "/akte/{akte}/aendern", [401, 404, 404, 403, 403, 403]),
    ("POST", "/akte/{akte}/einordnen", [401, 404, 404, 403, 403, 403]),
    ("GET", "/akte/{akte}/zusammenfuegen", [303, 404, 404, 403, 403, 403]),
    ("POST", "/akte/{akte}/zusammenfuegen", [401, 404, 404, 403, 403, 403]),
    ("POST", "/akte/{akte}/bezug", [401, 404, 404, 403, 403, 403]),
    ("POST", "/akte/{akte}/vermerk", [401, 404, 404, 403, 403, 403]),
    ("POST", "/akte/{akte}/wiedervorlage", [401, 404, 404, 403, 403, 403]),
    ("POST", "/akte/{akte}/wiedervorlage/{wiedervorlage}/erledigt", [401, 404, 404, 403, 403, 403]),
    ("POST", "/akte/{akte}/standort", [401, 404, 404, 403, 403, 403]),
    ("POST", "/akte/{akte}/ausleihe", [401, 404, 404, 403, 403, 403]),
    ("POST", "/akte/{akte}/rueckgabe", [401, 404, 404, 403, 403, 403]),
    ("GET", "/papier", [303, 200, 200, 200, 403, 403]),
    ("GET", "/pruefen", [303, 200, 200, 200, 403, 403]),
    ("GET", "/pruefen/{dokument}", [303, 404, 404, 404, 403, 403]),
    ("POST", "/pruefen/{dokument}/seiten", [401, 404, 404, 403, 403, 403]),
    ("POST", "/pruefen/{dokument}/vermerk", [401, 404, 404, 403, 403, 403]),
    ("GET", "/pruefen/{dokument}/seite/{seite}", [303, 404, 404, 404, 403, 403]),
    ("POST", "/pruefen/{dokument}/seite/{seite}", [401, 404, 404, 403, 403, 403]),
    ("GET", "/dokument/{dokument}", [303, 404, 404, 404, 403, 403]),
    ("POST", "/dokument/{dokument}/ablegen", [401, 404, 404, 403, 403, 403]),
    ("POST", "/dokument/{dokument}/umlegen", [401, 404, 404, 403, 403, 403]),
    ("POST", "/dokument/{dokument}/zurueckziehen", [401, 404, 404, 403, 403, 403]),
    ("POST", "/dokument/{dokument}/wieder", [401, 404, 404, 403, 403, 403]),
    ("POST", "/dokument/{dokument}/teilen", [401, 404, 404, 403, 403, 403]),
    ("GET", "/dokument/{dokument}/transfervermerk", [303, 404, 404, 404, 403, 403]),
    ("GET", "/dokument/{dokument}/transfervermerk.xml", [303, 404, 404, 404, 403, 403]),
    ("GET", "/dokument/{dokument}/original", [303, 404, 404, 404, 403, 403]),
    ("GET", "/dokument/{dokument}/lesefassung.pdf", [303, 404, 404, 404, 403, 403]),
    ("GET", "/dokument/{dokument}/lesefassung/{seite}", [303, 404, 404, 404, 403, 403]),
    ("GET", "/dokument/{dokument}/lesefassung/{seite}/bild.png", [303, 404, 404, 404, 403, 403]),
    ("GET", "/dokument/{dokument}/seite/{seite}", [303, 404, 404, 404, 403, 403]),
    ("GET", "/dokument/{dokument}/seite/{seite}/bild.png", [303, 404, 404, 404, 403, 403]),
    ("GET", "/listen", [303, 403, 200, 200, 200, 403]),
    ("POST", "/listen", [401, 403, 409, 403, 403, 403]),
    ("GET", "/listen/{liste}", [303, 403, 404, 404, 404, 403]),
    ("POST", "/listen/{liste}/anbieten", [401, 403, 404, 403, 403, 403]),
    ("POST", "/listen/{liste}/bewerten", [401, 403, 403, 404, 403, 403]),
    ("POST", "/listen/{liste}/vorschlaege", [401, 403, 403, 404, 403, 403]),
    ("POST", "/listen/{liste}/vorschlagen", [401, 403, 404, 403, 403, 403]),
    ("POST", "/listen/{liste}/freigeben", [401, 403, 404, 404, 403, 403]),
    ("POST", "/listen/{liste}/zurueckziehen", [401, 403, 404, 403, 403, 403]),
    ("POST", "/listen/{liste}/ausfuehren", [401, 403, 404, 403, 403, 403]),
    ("GET", "/listen/{liste}/protokoll.html", [303, 403, 404, 404, 404, 403]),
    ("GET", "/listen/{liste}/protokoll.json", [303, 403, 404, 404, 404, 403]),
    ("GET", "/listen/{liste}/protokoll.pdf", [303, 403, 404, 404, 404, 403]),
    ("GET", "/lesen", [303, 200, 200, 200, 403, 403]),
    ("POST", "/lesen/{dokument}/nochmal", [401, 404, 404, 403, 403, 403]),
    ("POST", "/lesen/{dokument}/aufgeben", [401, 404, 404, 403, 403, 403]),
    ("GET", "/lieferungen", [303, 200, 200, 200, 403, 403]),
    ("GET", "/lieferungen/{lieferung}", [303, 404, 404, 404, 403, 403]),
    ("POST", "/lieferungen/{lieferung}/entfernen", [401, 404, 404, 403, 403, 403]),
    ("GET", "/sperren", [303, 200, 200, 200, 403, 403]),
    ("POST", "/sperren", [401, 403, 400, 403, 403, 403]),
    ("POST", "/sperren/{sperre}/aufheben", [401, 403, 404, 403, 403, 403]),
    ("GET", "/vorschau", [303, 200, 200, 200, 403, 403]),
    ("GET", "/regeln", [303, 200, 200, 200, 200, 200]),
    ("POST", "/regeln/bestaetigen", [401, 403, 400, 403, 403, 403]),
    ("POST", "/regeln/in-kraft", [401, 403, 400, 400, 403, 403]),
    ("GET", "/regeln/erproben", [303, 404, 404, 404, 403, 403]),
    ("GET", "/regeln/erproben/akten.csv", [303, 404, 404, 404, 403, 403]),
    ("GET", "/strassen", [303, 200, 200, 200, 200, 200]),
    ("POST", "/strassen", [401, 403, 400, 403, 403, 400]),
    ("GET", "/personen", [303, 403, 403, 403, 403, 200]),
    ("POST", "/personen", [401, 403, 403, 403, 403, 400]),
    ("POST", "/personen/rechte", [401, 403, 403, 403, 403, 400]),
    ("POST", "/personen/kennwort", [401, 403, 403, 403, 403, 400]),
    ("GET", "/api/v1/openapi.json", [200; 6]),
    // A cookie is none of the interface's business: without a token nobody gets in.
    ("GET", "/api/v1/files/{reference}", [401; 6]),
    ("GET", "/api/v1/files/{reference}/why", [401; 6]),
    ("GET", "/api/v1/documents/{id}", [401; 6]),
    ("POST", "/api/v1/documents", [401; 6]),
    ("GET", "/api/v1/documents/{id}/reading", [401; 6]),
    ("GET", "/api/v1/documents/{id}/original", [401; 6]),
    ("GET", "/api/v1/documents/{id}/rendition", [401; 6]),
    ("GET", "/api/v1/search", [401; 6]),
    ("POST", "/api/v1/facts", [401; 6]),
    ("POST", "/abmelden", [401, 303, 303, 303, 303, 303]), // last: it ends the session
];

#[tokio::test(flavor = "multi_thread")]
async fn every_role_gets_exactly_as_far_as_the_table_says() {
    let mut listed: Vec<_> = WHO_MAY.iter().map(|(method, path, _)| (*method, *path)).collect();
    let mut routes: Vec<_> = route_table().collect();
    listed.sort_unstable();
    routes.sort_unstable();
    assert_eq!(routes, listed, "every address stands in the table, once");

    let town = Town::new();
    let mut visitors = vec![town.anonymous()];
    for role in Role::ALL {
        town.person(role.code(), role, &ProtectionDomain::ALL);
        visitors.push(town.signed_in(role.code()).await);
    }
    for (method, path, expected) in WHO_MAY {
        let path = path.replace("{seite}", "1");
        let path = [
            "{akte}",
            "{dokument}",
            "{liste}",
            "{sperre}",
            "{lieferung}",
            "{suche}",
            "{teil}",
            "{wiedervorlage}",
            "{schluessel}",
            "{reference}",
            "{id}",
        ]
        .iter()
        .fold(path, |path, name| path.replace(name, NOBODY));
        let mut got = Vec::new();
        for (number, visitor) in visitors.iter().enumerate() {
            let login = format!("niemand{number}");
            let page = match *method {
                "GET" => visitor.get(&path).await,
                "POST" if path == "/aufnehmen" => visitor.send_files("", &[]).await,
                "HEAD" | "PATCH" | "DELETE" | "OPTIONS" => {
                    visitor.town.ask(visitor.request(method, &path).body(Body::empty()).unwrap()).await
                }
                _ if path == "/anmelden" => visitor.post(&path, &[("login", &login)]).await,
                _ => visitor.post(&path, &[]).await,
            };
            got.push(page.status.as_u16());
            if page.status == StatusCode::SEE_OTHER && *method == "GET" {
                assert!(page.location().starts_with("/anmelden"), "{path}");
            }
        }
        assert_eq!(got, expected, "{method} {path}");
    }
}
