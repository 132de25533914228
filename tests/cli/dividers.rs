//! One stack of paper becomes the right documents in the right files: dividers are printed, lie in the stack, are scanned with it
//! and found again; what is not wholly clear stays whole and says why.

use image::{DynamicImage, GrayImage, Luma, imageops};
use serde_json::Value;

use crate::material::{pdf_of_pages, stacked};
use crate::office::{Office, PROGRAM};

/// Pixels across a page at 150 dpi.
const WIDTH: u32 = 1240;

fn office() -> Office {
    let office = Office::demo();
    office.add_person("voss", "Henning Voss", &["records_manager", "clerk"]);
    for file in ["63-1", "63-2"] {
        open(&office, file);
    }
    office
}

fn open(office: &Office, file: &str) {
    office.run(["open", "--class", "63.10.03", "--title", "Garage Ringstraße", "--reference", file]).done();
}

fn put(office: &Office, name: &str, bytes: &[u8], args: &[&str]) -> String {
    let path = office.write(name, bytes);
    let all = [&["ingest", "--json", &path], args].concat();
    office.run(all).done().lines()[0]["document"].as_str().unwrap().to_owned()
}

/// Sheets as the program prints them.
fn printed(office: &Office, args: &[&str]) -> Vec<u8> {
    let to = office.place(&format!("blaetter-{}.pdf", args.concat().replace('-', "")));
    let all = [&["dividers", "--to", to.to_str().unwrap()], args].concat();
    office.run(all).done();
    std::fs::read(to).unwrap()
}

fn shown(office: &Office, what: &str) -> Value {
    office.run(["show", "--json", what]).done().json()
}

/// Names of the documents in use of a file, and their pages.
fn in_use(office: &Office, file: &str) -> Vec<(String, u64)> {
    let shown = shown(office, file);
    let all = shown["documents"].as_array().unwrap().iter().filter(|one| one["withdrawn"].is_null());
    all.map(|one| (one["file_name"].as_str().unwrap().to_owned(), one["pages_read"].as_u64().unwrap()))
        .collect()
}

fn found(office: &Office, query: &str) -> Vec<(String, String, u64)> {
    let found = office.run(["search", "--json", query]).done().json();
    let hits = found["hits"].as_array().unwrap().iter();
    let text = |hit: &Value, field: &str| hit[field].as_str().unwrap_or("").to_owned();
    hits.map(|hit| (text(hit, "file"), text(hit, "file_name"), hit["page"].as_u64().unwrap())).collect()
}

/// A page as a scanner sees it: drawn by the worker, turned, with grain and specks.
fn scanned(pdf: &[u8], page: u32, turned: bool) -> GrayImage {
    use schriftgut::intake::{Bytes, Workshop};
    let png = Workshop::with_program(PROGRAM).page_image(&Bytes(pdf), page, WIDTH).unwrap();
    let mut image = image::load_from_memory(&png).unwrap().into_luma8();
    if turned {
        image = imageops::rotate180(&image);
    }
    let mut chance = page * 7_919 + 13;
    for pixel in image.pixels_mut() {
        chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let grain = (chance >> 28) as u8;
        let speck = (chance >> 8).is_multiple_of(400_000);
        *pixel = Luma([if speck { 90 } else { (pixel.0[0] / 8 * 7 + 8).saturating_add(grain) }]);
    }
    image
}

/// A back on which nothing stands.
fn blank(number: u32) -> GrayImage {
    scanned(&pdf_of_pages(&[" "]), 1, number.is_multiple_of(2))
}

fn askew(image: &GrayImage, degrees: f32) -> GrayImage {
    let (width, height) = image.dimensions();
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (middle_x, middle_y) = (width as f32 / 2.0, height as f32 / 2.0);
    GrayImage::from_fn(width, height, |x, y| {
        let (x, y) = (x as f32 - middle_x, y as f32 - middle_y);
        let (x, y) = (cos * x + sin * y + middle_x, cos * y - sin * x + middle_y);
        let inside = x >= 0.0 && y >= 0.0 && x < width as f32 && y < height as f32;
        if inside { *image.get_pixel(x as u32, y as u32) } else { Luma([235]) }
    })
}

/// The pages as a multi-page TIFF.
fn tiff_of(pages: &[GrayImage]) -> Vec<u8> {
    use tiff::encoder::{Rational, TiffEncoder, colortype::Gray8};
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut bytes).unwrap();
    for page in pages {
        let mut image = encoder.new_image::<Gray8>(page.width(), page.height()).unwrap();
        image.resolution(tiff::tags::ResolutionUnit::Inch, Rational { n: 150, d: 1 });
        image.write_data(page.as_raw()).unwrap();
    }
    bytes.into_inner()
}

#[test]
fn a_stack_of_paper_becomes_the_right_documents_in_the_right_files() {
    let office = office();
    let sheets = printed(&office, &["--file", "63-1", "--file", "63-2", "--plain", "1"]);
    let papers =
        pdf_of_pages(&["Bauantrag Garage", "Lageplan Garage", "Wohngeldbescheid", "Rechenblatt Mietvertrag"]);
    // Scanned on both sides: the cover of 63-2, two letters; the cover of 63-1, upside down, one leaf with two pages.
    let stack = tiff_of(&[
        askew(&scanned(&sheets, 2, false), 2.0),
        blank(1),
        scanned(&papers, 3, false),
        blank(2),
        scanned(&sheets, 3, false),
        blank(3),
        scanned(&papers, 4, false),
        blank(4),
        scanned(&sheets, 1, true),
        blank(5),
        scanned(&papers, 1, false),
        scanned(&papers, 2, false),
    ]);
    let id = put(&office, "stapel.tif", &stack, &[]);
    office.run(["work"]).done();
    for _ in 0..2 {
        let names = |file: &str| in_use(&office, file);
        assert_eq!(names("63-1"), [("stapel (Seiten 11–12).tif".to_owned(), 2)]);
        assert_eq!(
            names("63-2"),
            [("stapel (Seite 3).tif".to_owned(), 1), ("stapel (Seite 7).tif".to_owned(), 1)]
        );
        let original = shown(&office, &id);
        let why = original["withdrawn"].as_str().unwrap();
        assert_eq!(
            why,
            "Stapel, aufgeteilt nach Trennblättern in 3 Dokumente (12 Seiten, davon 3 Trennblätter, 5 leere Rückseiten)"
        );
        assert_eq!(original["became"].as_array().unwrap().len(), 3);
        let hits = found(&office, "Wohngeldbescheid");
        assert_eq!(hits, [("63-2".to_owned(), "stapel (Seite 3).tif".to_owned(), 1)]);
        assert!(found(&office, "Trennblatt").is_empty() && found(&office, "Deckblatt").is_empty());
        office.run(["work"]).done();
        office.run(["rebuild"]).done();
    }
    assert!(office.original(&id) == stack, "the stack as it came");
    office.run(["verify", "--read-data"]).done();
    let said = office.run(["show", &id]).done().out;
    assert!(said.contains("5 leere Rückseiten") && said.contains("63-2"), "{said}");
}

#[test]
fn a_stack_in_a_file_falls_apart_there_and_a_scan_of_one_side_keeps_its_blank_pages() {
    let office = office();
    let sheets = printed(&office, &["--plain", "2", "--file", "63-2"]);
    let papers = pdf_of_pages(&["Antrag", " ", "Anlage", "Widerspruch"]);
    let pages = [(0, 2), (1, 1), (1, 2), (1, 3), (0, 3), (1, 4)];
    let stack = stacked(PROGRAM, &[&sheets, &papers], &pages);
    let id = put(&office, "stapel.pdf", &stack, &["--file", "63-1"]);
    office.run(["work"]).done();
    let whole = [("stapel (Seite 6).pdf".to_owned(), 1), ("stapel (Seiten 2–4).pdf".to_owned(), 3)];
    assert_eq!(in_use(&office, "63-1"), whole);
    assert!(shown(&office, &id)["withdrawn"].as_str().unwrap().contains("6 Seiten, davon 2 Trennblätter)"));
    assert_eq!(found(&office, "Widerspruch").len(), 1);
}

/// A sheet with the bars of patch code T across it, as scanning service providers have them.
fn patch_sheet() -> GrayImage {
    let mut page = blank(1);
    let mut top = 200;
    for bar in [12, 30, 12, 30] {
        for (y, x) in (top..top + bar).flat_map(|y| (200..1000).map(move |x| (y, x))) {
            page.put_pixel(x, y, Luma([25]));
        }
        top += bar + 12;
    }
    page
}

#[test]
fn patch_sheets_of_a_scanning_service_divide_a_stack_too() {
    let office = office();
    let papers = pdf_of_pages(&["Bauantrag Garage", "Lageplan Garage", "Wohngeldbescheid"]);
    let page = |number| scanned(&papers, number, false);
    let turned = imageops::rotate180(&askew(&patch_sheet(), 2.0));
    let stack = tiff_of(&[page(1), page(2), turned, page(3), patch_sheet()]);
    let id = put(&office, "stapel.tif", &stack, &["--file", "63-1"]);
    office.run(["work"]).done();
    let parts = [("stapel (Seite 4).tif".to_owned(), 1), ("stapel (Seiten 1–2).tif".to_owned(), 2)];
    assert_eq!(in_use(&office, "63-1"), parts);
    let why = shown(&office, &id)["withdrawn"].as_str().unwrap().to_owned();
    assert!(why.contains("in 2 Dokumente (5 Seiten, davon 2 Trennblätter)"), "{why}");
    assert!(office.original(&id) == stack, "the stack as it came");
}

#[test]
fn a_stack_that_stayed_whole_falls_apart_when_it_is_read_again_and_nothing_is_in_the_way() {
    let office = office();
    let sheets = printed(&office, &["--plain", "2"]);
    let papers = pdf_of_pages(&["Antrag", "Widerspruch"]);
    let stack = stacked(PROGRAM, &[&sheets, &papers], &[(0, 1), (1, 1), (0, 2), (1, 2)]);
    let id = put(&office, "stapel.pdf", &stack, &[]);
    office.run(["work"]).done();
    let whole = shown(&office, &id);
    assert!(whole["shortfalls"][0].as_str().unwrap().contains("im Posteingang"), "{whole}");
    office.run(["file", &id, "63-1"]).done();
    office.run(["queue", "--retry", &id]).done();
    office.run(["work"]).done();
    let parts = [("stapel (Seite 2).pdf".to_owned(), 1), ("stapel (Seite 4).pdf".to_owned(), 1)];
    assert_eq!(in_use(&office, "63-1"), parts);
}

/// Takes in a stack that must stay whole, and answers why it did.
fn stays_whole(office: &Office, sheets: &[u8], pages: &[(usize, u32)], args: &[&str]) -> String {
    let papers = pdf_of_pages(&["Antrag", "Anlage"]);
    let stack = stacked(PROGRAM, &[sheets, &papers], pages);
    let name = format!("stapel-{}-{}.pdf", pages.len(), sheets.len() + pages[0].0 + args.len());
    let id = put(office, &name, &stack, args);
    office.run(["work"]).done();
    let shown = shown(office, &id);
    assert!(shown["withdrawn"].is_null() && shown["became"].as_array().unwrap().is_empty(), "{shown}");
    assert_eq!(shown["pages_read"].as_u64().unwrap(), pages.len() as u64);
    let queue = office.run(["queue"]).done().out;
    let why = shown["shortfalls"][0].as_str().unwrap().to_owned();
    assert!(queue.contains(&why), "{queue}");
    assert!(
        why.starts_with("Stapel nicht aufgeteilt (") && why.ends_with("; teilen Sie ihn von Hand"),
        "{why}"
    );
    why
}

#[test]
fn what_is_not_clear_or_not_allowed_stays_whole_and_says_why() {
    let office = office();
    let plain = printed(&office, &["--plain", "2"]);
    let why = |pages: &[(usize, u32)]| stays_whole(&office, &plain, pages, &["--file", "63-1"]);
    assert!(why(&[(1, 1), (0, 1), (1, 2)]).contains("die erste Seite ist kein Trenn- oder Deckblatt"));
    assert!(why(&[(0, 1), (0, 2), (1, 1), (1, 2)]).contains("auf Seite 1 folgt keine beschriebene Seite"));
    assert!(why(&[(0, 1), (1, 1), (1, 2), (1, 1), (0, 2)]).contains("auf Seite 5 folgt keine"));
    let in_tray = stays_whole(&office, &plain, &[(0, 1), (1, 1)], &[]);
    assert!(in_tray.contains("im Posteingang, und kein Deckblatt nennt eine Akte"), "{in_tray}");
    let other = Office::demo();
    open(&other, "63-1");
    let foreign = printed(&other, &["--file", "63-1"]);
    let why = stays_whole(&office, &foreign, &[(0, 1), (1, 1)], &[]);
    assert!(why.contains("Seite 1 ist ein Trenn- oder Deckblatt einer anderen Registratur"), "{why}");
    let closed = printed(&office, &["--file", "63-2"]);
    office.run(["close", "63-2"]).done();
    let why = stays_whole(&office, &closed, &[(0, 1), (1, 1), (1, 2)], &[]);
    assert!(why.contains("das Dokument ab Seite 2: die Akte ist seit"), "{why}");
    assert!(office.run(["dividers", "--file", "63-2", "--to", "nie.pdf"]).failed(3).contains("geschlossen"));
}

#[test]
fn pages_never_come_where_others_read_them_or_the_one_who_took_them_in_may_not_write() {
    let office = office();
    office.add_person("social", "Sozialamt", &["records_manager", "clerk"]);
    office
        .run(["user", "rights", "social", "--role", "clerk", "--domain", "general", "--domain", "social"])
        .done();
    let hidden = ["open", "--class", "50.10.01", "--title", "Wohngeld", "--reference", "50-1"];
    office.run_as("social", &hidden).done();
    let to = office.place("geheim.pdf");
    let print = ["dividers", "--file", "50-1", "--to", to.to_str().unwrap()];
    let said = office.run_as("voss", &print).failed(2);
    let missing =
        office.run_as("voss", &["dividers", "--file", "50-9", "--to", to.to_str().unwrap()]).failed(2);
    assert_eq!(said.replace("50-1", "50-9"), missing, "hidden reads as missing");
    office.run_as("social", &print).done();
    let sheets = std::fs::read(&to).unwrap();
    // The one who may write there: the stack is of another secrecy than the file.
    let stack = stacked(PROGRAM, &[&sheets, &pdf_of_pages(&["Antrag"])], &[(0, 1), (1, 1)]);
    for (login, why) in
        [("social", "einen anderen Schutzbereich"), ("voss", "die Akte des Deckblatts gibt es nicht")]
    {
        let path = office.write(&format!("{login}.pdf"), &stack);
        let taken = office.run_as(login, &["ingest", "--json", &path]).done();
        let id = taken.lines()[0]["document"].as_str().unwrap().to_owned();
        office.run(["work"]).done();
        let shown = shown(&office, &id);
        assert!(
            shown["withdrawn"].is_null() && shown["shortfalls"][0].as_str().unwrap().contains(why),
            "{shown}"
        );
    }
}

#[test]
fn sheets_are_never_written_over_and_have_to_be_asked_for() {
    let office = office();
    let to = office.write("da.pdf", b"wichtig");
    office.run(["dividers", "--file", "63-1", "--to", &to]).failed(2);
    assert_eq!(std::fs::read(&to).unwrap(), b"wichtig");
    for wrong in [vec![], vec!["--plain", "1001"], vec!["--file", "63-1", "--register", "99"]] {
        let all = [vec!["dividers", "--to", "neu.pdf"], wrong].concat();
        office.run(all).failed(2);
    }
    assert!(!office.place("neu.pdf").exists());
    let said = office.run(["dividers", "--json", "--plain", "3", "--to", "neu.pdf"]).done().json();
    assert_eq!(said["sheets"], 3);
}

#[test]
fn a_sheet_that_cannot_be_read_or_that_somebody_made_up_divides_nothing() {
    let office = office();
    let sheets = printed(&office, &["--file", "63-1"]);
    let papers = pdf_of_pages(&["Bauantrag Garage"]);
    // Both codes are struck through; the heading still says what it is.
    let mut damaged = scanned(&sheets, 1, false);
    for (left, top) in [(80, 330), (850, 1200)] {
        for y in top..(top + 330).min(damaged.height()) {
            for x in left..(left + 320).min(damaged.width()) {
                damaged.put_pixel(x, y, Luma([if (x / 9 + y / 7) % 2 == 0 { 30 } else { 220 }]));
            }
        }
    }
    let id =
        put(&office, "stapel.tif", &tiff_of(&[damaged, scanned(&papers, 1, false)]), &["--file", "63-1"]);
    office.run(["work"]).done();
    let said = shown(&office, &id);
    let why = said["shortfalls"][0].as_str().unwrap_or_else(|| panic!("{said}"));
    assert!(
        why.contains("auf Seite 1 steht ein Trenn- oder Deckblatt, das nicht sicher lesbar ist"),
        "{why}"
    );
    let manifest = std::fs::read_to_string(office.registry().join("schriftgut.toml")).unwrap();
    let registry = schriftgut::format::manifest::Manifest::read(&manifest).unwrap().id;
    let made_up = schriftgut::format::divider::DividerCode {
        registry: schriftgut::format::divider::registry_mark(registry),
        divider: schriftgut::domain::divider::Divider { file: None, register: None },
        check: [7; 8],
    };
    let drawn = qrcode::QrCode::new(made_up.write()).unwrap();
    let (side, colours) = (drawn.width() as u32, drawn.to_colors());
    let mut letter = scanned(&papers, 1, false);
    for y in 0..side * 8 {
        for x in 0..side * 8 {
            let dark = colours[(y / 8 * side + x / 8) as usize] == qrcode::Color::Dark;
            letter.put_pixel(x + 300, y + 600, Luma([if dark { 20 } else { 235 }]));
        }
    }
    let bytes = tiff_of(&[letter, scanned(&papers, 1, false)]);
    let id = put(&office, "brief.tif", &bytes, &["--file", "63-1"]);
    office.run(["work"]).done();
    let said = shown(&office, &id);
    assert!(said["shortfalls"][0].as_str().unwrap().contains("nicht sicher lesbar"), "{said}");
    assert!(said["withdrawn"].is_null());
}

#[test]
fn how_many_pages_there_should_be_is_held_against_what_was_scanned() {
    let office = office();
    let pages = pdf_of_pages(&["Antrag", "Anlage"]);
    office.write("lieferung/a.pdf", &pages);
    office.write("lieferung/b.pdf", &pages);
    let list =
        "path;aktenzeichen;klasse;titel;seiten\na.pdf;63-8;63.10.03;Halle;2\nb.pdf;63-8;63.10.03;Halle;3\n";
    let manifest = office.write("lieferung/liste.csv", list);
    office.run(["ingest", "--manifest", &manifest]).done();
    office.run(["work"]).done();
    let shown = shown(&office, "63-8");
    let short = |at: usize| shown["documents"][at]["shortfalls"].clone();
    assert_eq!(short(0), serde_json::json!([]));
    assert_eq!(short(1), serde_json::json!(["die Begleitliste nennt 3 Seiten, gescannt sind 2"]));
    let queue = office.run(["queue"]).done().out;
    assert!(queue.contains("die Begleitliste nennt 3 Seiten, gescannt sind 2"), "{queue}");
    assert!(!queue.contains("a.pdf"), "{queue}");
}

#[test]
fn a_printed_sheet_is_a4_and_its_code_stands_on_it_twice() {
    let office = office();
    let sheet = scanned(&printed(&office, &["--file", "63-1"]), 1, false);
    assert_eq!((sheet.width(), sheet.height() / 10), (WIDTH, 175));
    let dark = |left: u32, top: u32| {
        let view = DynamicImage::from(sheet.clone()).crop_imm(left, top, 260, 260).into_luma8();
        view.pixels().filter(|pixel| pixel.0[0] < 100).count()
    };
    assert!(dark(105, 340) > 15_000 && dark(875, 1260) > 15_000, "{} {}", dark(105, 340), dark(875, 1260));
}
