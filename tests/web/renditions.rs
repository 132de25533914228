//! Documents of office programs as pages: offered where they can be made, marked as what they are, and never served as the original.

use schriftgut::domain::token::TokenScope;

use super::*;

const LETTER: &[u8] = br"{\rtf1\ansi Am Mirabellenhain\par\page Zweite Seite\par}";
const OFFERED: &str = "Als Seiten ansehen";

/// A town with a letter in it, as an office program writes it.
fn town() -> (Town, String) {
    let town = Town::new();
    let domain = ProtectionDomain::General;
    town.person("bauer", Role::Clerk, &[domain]);
    let letter =
        town.document(&town.operator(), target("63.10.03-1", "Markt 5", domain), "brief.rtf", LETTER);
    town.registry.read_texts(&|_| {}).unwrap();
    (town, letter)
}

/// LibreOffice is there.
fn can_convert(town: &Town, letter: &str) -> bool {
    let (operator, id) = (town.operator(), letter.parse().unwrap());
    let document = town.registry.show_document(operator.as_reader().unwrap(), id).unwrap().document;
    let there = town.registry.offers_rendition(&document);
    assert!(there || std::env::var_os("CI").is_none(), "in CI LibreOffice must be installed");
    if !there {
        println!("skipped: LibreOffice is not installed");
    }
    there
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_document_is_shown_as_pages_that_say_they_are_not_the_original() {
    let (town, letter) = town();
    if !can_convert(&town, &letter) {
        return;
    }
    let bauer = town.signed_in("bauer").await;
    let at = format!("/dokument/{letter}");
    let marked = "zum Lesen umgewandelt; das Original ist: RTF-Text";
    bauer.get(&at).await.says(&[OFFERED, marked, &format!("{at}/lesefassung/1")]);
    bauer.get(&format!("{at}/seite/1")).await.says(&["Am Mirabellenhain", OFFERED, "zählen anders"]);
    let first = bauer.get(&format!("{at}/lesefassung/1")).await;
    first.says(&["Lesefassung, Seite 1 von 2", "Zum Lesen umgewandelt; das Original ist: RTF-Text"]);
    first.says(&[
        &format!("{at}/lesefassung/2"),
        &format!("{at}/original"),
        &format!("{at}/lesefassung.pdf"),
    ]);
    assert!(!first.body().contains("Vorige Seite"));
    for beyond in ["0", "3", "99999999999"] {
        let page = bauer.get(&format!("{at}/lesefassung/{beyond}")).await;
        assert!([StatusCode::NOT_FOUND, StatusCode::BAD_REQUEST].contains(&page.status), "{beyond}");
    }
    let image = bauer.get(&format!("{at}/lesefassung/2/bild.png?breite=300")).await;
    assert_eq!((image.status, &image.bytes[1..4]), (StatusCode::OK, &b"PNG"[..]));
    assert_eq!(image.headers["content-type"], "image/png");
    let pdf = bauer.get(&format!("{at}/lesefassung.pdf")).await;
    assert_eq!((pdf.status, &pdf.bytes[..5]), (StatusCode::OK, &b"%PDF-"[..]));
    let saved = pdf.headers["content-disposition"].to_str().unwrap();
    assert!(saved.starts_with("attachment; ") && saved.contains("Lesefassung"), "{saved}");
    assert_eq!(bauer.get(&format!("{at}/original")).await.bytes, LETTER, "byte for byte");

    let program = town.program(&town.registry.person("bauer").unwrap(), &TokenScope::ALL);
    let same = program.get(&format!("/api/v1/documents/{letter}/rendition")).await;
    assert_eq!((same.status, same.bytes), (StatusCode::OK, pdf.bytes));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_rendition_offers_none_and_says_so_when_asked() {
    let (town, _) = town();
    let text = town.document(
        &town.operator(),
        target("63.10.03-2", "Markt 6", ProtectionDomain::General),
        "vermerk.txt",
        b"Vermerk",
    );
    town.registry.read_texts(&|_| {}).unwrap();
    let bauer = town.signed_in("bauer").await;
    let page = bauer.get(&format!("/dokument/{text}")).await;
    page.says(&["vermerk.txt"]);
    assert!(!page.body().contains(OFFERED));
    let asked = bauer.get(&format!("/dokument/{text}/lesefassung/1")).await;
    assert_eq!(asked.status, StatusCode::BAD_REQUEST);
    assert!(asked.body().contains("gibt es keine Lesefassung"), "{}", asked.body());
    let program = town.program(&town.registry.person("bauer").unwrap(), &TokenScope::ALL);
    let answer = program.get(&format!("/api/v1/documents/{text}/rendition")).await;
    answer.problem(422);
}
