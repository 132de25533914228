//! What intake promises about documents that are made here, byte by byte: every format is read, every
//! bad file ends in a clear outcome, the worker is fenced in, and its death costs one page.

#[path = "intake/assembling.rs"]
mod assembling;
mod intake_material;
#[path = "intake/pictures.rs"]
mod pictures;

use std::time::{Duration, Instant};

use intake_material as material;
use schriftgut::domain::text::{MediaType, Reading, TextSource};
use schriftgut::intake::{Bytes, IntakeError, Limits, Reason, Workshop};

fn workshop() -> Workshop {
    Workshop::with_program(env!("CARGO_BIN_EXE_schriftgut"))
}

fn read(bytes: &[u8]) -> Result<Reading, IntakeError> {
    workshop().read(&Bytes(bytes), &mut |_| {})
}

fn refused(bytes: &[u8]) -> Reason {
    match read(bytes) {
        Err(IntakeError::NotReadable { reason, .. }) => reason,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[test]
fn a_pdf_is_read_with_its_words_in_boxes() {
    let reading = read(&material::pdf(&["Bauakte Rathausplatz 7", "zweite Seite"])).unwrap();
    assert_eq!(reading.format.media, MediaType::Pdf);
    assert_eq!(reading.pages_declared, Some(2));
    assert!(reading.is_complete(), "{:?}", reading.shortfalls);
    let page = &reading.pages[0];
    assert_eq!((page.number, page.source, page.confidence), (1, TextSource::Layer, None));
    assert_eq!(page.text, "Bauakte Rathausplatz 7");
    let word = page.words[1];
    assert_eq!(&page.text[word.start as usize..word.end as usize], "Rathausplatz");
    // Written at x 72 of 595 after "Bauakte ", baseline at 742 of 842 from below, in 12 points.
    assert!(word.left > 0.19 && word.left < 0.24, "{word:?}");
    assert!(word.top > 0.10 && word.top + word.height < 0.13, "{word:?}");
    assert_eq!(reading.pages[1].text, "zweite Seite");
}

#[test]
fn a_turned_page_is_read_upright() {
    let reading = read(&material::turned_pdf("quer gelegt", 90)).unwrap();
    let page = &reading.pages[0];
    assert_eq!(page.text, "quer gelegt");
    // Turned clockwise, what ran to the right runs down along the right edge.
    assert!(page.words[0].top < page.words[1].top, "{:?}", page.words);
    assert!(page.words[0].left > 0.8, "{:?}", page.words);
}

#[test]
fn letters_drawn_twice_for_boldness_are_read_once() {
    let content = "BT /F1 12 Tf 72 700 Td (fett) Tj ET BT /F1 12 Tf 72.3 700 Td (fett) Tj ET";
    assert_eq!(read(&material::pdf_of_contents(&[content])).unwrap().pages[0].text, "fett");
}

#[test]
fn what_a_stretch_of_text_is_said_to_mean_is_what_is_read() {
    let said = |text: &str, shown: &str| {
        let utf16: String = text.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
        let content = format!(
            "BT /F1 12 Tf 72 700 Td (Gr) Tj /Span << /ActualText <FEFF{utf16}> >> BDC ({shown}) Tj EMC (e) Tj ET"
        );
        read(&material::pdf_of_contents(&[&content])).unwrap().pages.remove(0)
    };
    assert_eq!(said("üß", "xy").text, "Grüße", "a letter for a letter");
    let joined = said("üß", "~~~~");
    assert_eq!(
        (joined.text.as_str(), joined.words.len()),
        ("Grüße", 1),
        "one word for many signs, in one box"
    );
    assert_eq!(said("", "ob").text, "Grobe", "no word is no reason to lose what is shown");
    assert_eq!(
        said("zwei Worte", "ob").text,
        "Grobe",
        "a passage says less of what stands where than its letters"
    );
    let unbalanced = "EMC ".repeat(3)
        + &"/Span << /ActualText (x) >> BDC ".repeat(2_000)
        + "BT /F1 12 Tf 72 700 Td (da) Tj ET";
    assert_eq!(read(&material::pdf_of_contents(&[&unbalanced])).unwrap().pages[0].text, "da");
}

#[test]
fn letters_a_font_draws_itself_are_told_by_their_codes_only_if_it_names_them_so() {
    let umlaut = material::pdf_of_drawn_letters(&[(b'G', "a71"), (0xE4, "a228"), (b'u', "a117")]);
    assert_eq!(read(&umlaut).unwrap().pages[0].text, "Gäu");
    let nameless = material::pdf_of_drawn_letters(&[(b'G', "a71"), (0xE4, "a7"), (b'u', "g117")]);
    assert_ne!(read(&nameless).map(|reading| reading.pages[0].text.clone()).unwrap_or_default(), "Gäu");
}

#[test]
fn what_was_filled_into_a_form_is_read_where_its_field_is_if_it_is_drawn_nowhere() {
    let text = |text: &str| lopdf::text_string(text);
    let beside = [120, 695, 300, 715];
    let form = |fields| read(&material::pdf_form(fields)).unwrap().pages.remove(0);
    let page = form(vec![material::field("Tx", text("Käthe Groß"), beside)]);
    assert_eq!(page.text, "Name: Käthe Groß");
    let name = page.words.last().unwrap();
    assert!((0.20..0.50).contains(&name.left) && (0.14..0.18).contains(&name.top), "{name:?}");
    let chosen = vec![text("Garage"), text("Carport")];
    assert!(form(vec![material::field("Ch", chosen.into(), beside)]).text.contains("Carport"));
    let parted = form(vec![material::field("Tx", text("erste Zeile\rzweite Zeile"), [72, 500, 400, 560])]);
    assert_eq!(parted.text, "Name:\nerste Zeile\nzweite Zeile");

    let drawn = material::field("Tx", text("Name:"), [60, 690, 130, 720]);
    assert_eq!(form(vec![drawn]).text, "Name:", "what is drawn is not read twice");
    let mut hidden = material::field("Tx", text("verborgen"), beside);
    hidden.set("F", 2);
    let mut password = material::field("Tx", text("geheim"), beside);
    password.set("Ff", 1 << 13);
    let button = material::field("Btn", text("Ja"), beside);
    let mut looking = material::field("Tx", text("anders"), beside);
    looking.set("AP", lopdf::dictionary! { "N" => lopdf::Object::Reference((6, 0)) });
    let text_of_them = form(vec![hidden, password, button, looking]).text;
    for unseen in ["verborgen", "geheim", "Ja", "anders"] {
        assert!(!text_of_them.contains(unseen), "{text_of_them}");
    }
    let many = (0..1_500).map(|_| material::field("Tx", text("oft"), beside)).collect();
    assert!(!read(&material::pdf_form(many)).unwrap().is_complete(), "more fields than are looked at");
}

#[test]
fn small_gaps_join_and_wide_gaps_part_words() {
    let content = "BT /F1 12 Tf 72 700 Td [(Ak) 20 (ten) -400 (plan)] TJ ET";
    assert_eq!(read(&material::pdf_of_contents(&[content])).unwrap().pages[0].text, "Akten plan");
}

#[test]
fn columns_are_read_one_after_the_other_and_tables_row_by_row() {
    let mut columns = String::new();
    let mut table = String::new();
    for row in 0..6 {
        let y = 700 - row * 14;
        columns.push_str(&format!("BT /F1 10 Tf 60 {y} Td (links steht hier Zeile {row} in Prosa) Tj ET\n"));
        columns
            .push_str(&format!("BT /F1 10 Tf 330 {y} Td (rechts steht dort Zeile {row} in Prosa) Tj ET\n"));
        table.push_str(&format!("BT /F1 10 Tf 60 {y} Td (Posten {row}) Tj ET\n"));
        table.push_str(&format!("BT /F1 10 Tf 330 {y} Td ({row},00 Euro) Tj ET\n"));
    }
    let reading = read(&material::pdf_of_contents(&[&columns, &table])).unwrap();
    let lines: Vec<&str> = reading.pages[0].text.lines().collect();
    assert_eq!(lines[1], "links steht hier Zeile 1 in Prosa");
    assert_eq!(lines[6], "rechts steht dort Zeile 0 in Prosa");
    assert_eq!(reading.pages[1].text.lines().nth(2), Some("Posten 2 2,00 Euro"));
}

#[test]
fn scans_of_every_kind_are_recognised() {
    let scan = material::scan("Bebauungsplan");
    for (bytes, media) in [
        (material::png(&scan), MediaType::Png),
        (material::jpeg(&scan), MediaType::Jpeg),
        (material::tiff(&[&scan]), MediaType::Tiff),
        (material::pdf_of_image(&scan), MediaType::Pdf),
    ] {
        let reading = read(&bytes).unwrap();
        assert_eq!(reading.format.media, media);
        assert!(reading.is_complete(), "{media}: {:?}", reading.shortfalls);
        let page = &reading.pages[0];
        assert_eq!(page.source, TextSource::Recognised, "{media}");
        assert_eq!(page.text, "Bebauungsplan", "{media}");
        assert!(page.confidence.unwrap() > 60, "{media}");
        assert!(page.words[0].left > 0.02 && page.words[0].width > 0.3, "{media}: {:?}", page.words);
    }
}

#[test]
fn a_fax_in_modified_huffman_is_recognised() {
    let reading = read(&material::huffman_tiff(&material::scan("Widerspruch"))).unwrap();
    assert_eq!(reading.pages[0].text, "Widerspruch");
}

#[test]
fn the_colours_of_a_palette_are_looked_up() {
    let png = workshop().page_image(&Bytes(&material::palette_tiff()), 1, 16).unwrap();
    let image = image::load_from_memory(&png).unwrap().into_rgb8();
    let colours: Vec<[u8; 3]> = [0, 5, 10, 15].iter().map(|x| image.get_pixel(*x, 0).0).collect();
    assert_eq!(colours[0], [0, 0, 0]);
    assert!(colours[1][0] > 200 && colours[1][1] < 60, "{colours:?}");
    assert!(colours[2][1] > 200 && colours[2][0] < 60, "{colours:?}");
    assert_eq!(colours[3], [255, 255, 255]);
}

#[test]
fn every_page_of_a_tiff_counts_and_a_blank_one_is_empty() {
    let blank = image::GrayImage::from_pixel(400, 300, image::Luma([255]));
    let reading = read(&material::tiff(&[&blank, &blank, &blank])).unwrap();
    assert_eq!(reading.pages_declared, Some(3));
    assert!(reading.pages.iter().all(|page| page.source == TextSource::Empty));
}

#[test]
fn plain_text_is_read_whatever_its_encoding() {
    let reading = read(b"Stra\xDFenausbau\nBeschlu\xDF\n").unwrap();
    assert_eq!(reading.format.media, MediaType::PlainText);
    assert_eq!(reading.pages[0].text, "Straßenausbau\nBeschluß");
    assert!(reading.is_complete());
}

#[test]
fn a_thousand_pages_are_read_by_several_workers() {
    let texts: Vec<String> = (1..=1000).map(|number| format!("Blatt {number}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut heard = 0;
    let bytes = material::pdf(&texts);
    let reading = workshop().read(&Bytes(&bytes), &mut |pages| heard = pages).unwrap();
    assert_eq!((reading.pages.len(), heard), (1000, 1000));
    assert_eq!(reading.pages[999].text, "Blatt 1000");
    assert!(reading.is_complete(), "{:?}", reading.shortfalls);
}

#[test]
fn bad_files_are_refused_with_their_reason() {
    assert_eq!(refused(b""), Reason::Empty);
    assert_eq!(refused(b"\x7FELF\x02\x01\x01\0"), Reason::UnknownFormat);
    assert_eq!(refused(b"PK\x03\x04\0\0\0\0"), Reason::Damaged);
    assert_eq!(refused(b"%PDF-1.7\nno objects follow"), Reason::Damaged);
    assert_eq!(refused(&material::encrypted_pdf("geheim")), Reason::Encrypted);
    assert_eq!(refused(&material::png_header(65_000, 65_000)), Reason::TooLarge);
    let mut cut = material::png(&material::scan("abgeschnitten"));
    cut.truncate(20);
    assert_eq!(refused(&cut), Reason::Damaged);
}

#[test]
fn an_empty_password_opens_what_is_encrypted_for_nobody() {
    assert_eq!(read(&material::encrypted_pdf("")).unwrap().pages[0].text, "Verschlusssache");
}

#[test]
fn what_a_file_claims_in_passing_does_not_decide_what_it_is() {
    // A picture that mentions PDF where a PDF's header could stand is still a picture.
    let mut bytes = material::png(&image::GrayImage::from_pixel(50, 50, image::Luma([255])));
    bytes.extend_from_slice(b"%PDF-1.7\n");
    assert_eq!(read(&bytes).unwrap().format.media, MediaType::Png);
    // A PDF behind foreign matter is still a PDF.
    let mut bytes = b"Anlage zur E-Mail vom 3. Mai\r\n".to_vec();
    bytes.extend_from_slice(&material::pdf(&["verspätet"]));
    let reading = read(&bytes).unwrap();
    assert_eq!((reading.format.media, reading.pages[0].text.as_str()), (MediaType::Pdf, "verspätet"));
}

#[test]
fn a_truncated_pdf_is_never_called_complete() {
    let whole = material::pdf(&["eins", "zwei", "drei", "vier", "fünf"]);
    for twentieth in 1..20 {
        let cut = &whole[..whole.len() * twentieth / 20];
        match read(cut) {
            Ok(reading) => {
                assert!(!reading.is_complete(), "cut at {twentieth}/20: {reading:?}");
                assert!(!reading.shortfalls.is_empty());
            }
            Err(IntakeError::NotReadable { .. }) => {}
            Err(other) => panic!("cut at {twentieth}/20: {other}"),
        }
    }
}

#[test]
fn a_picture_cut_off_is_read_as_far_as_it_goes_and_never_called_complete() {
    let scan = material::scan("Bebauungsplan");
    let (jpeg, png) = (material::jpeg(&scan), material::png(&scan));
    let size = scan.dimensions();
    // The word stands above the middle: of what is cut off here nothing but white paper is lost.
    let torn = &jpeg[..jpeg.len() - 100];
    // A chunk begins where the last one should be: all pixels are there, the end is not.
    let mut endless = png[..png.len() - 12].to_vec();
    endless.extend_from_slice(b"\0\0\0\x40tEXtand then noth");
    let cases = [
        ("JPEG", torn.to_vec()),
        ("JPEG but for its last byte", jpeg[..jpeg.len() - 1].to_vec()),
        ("JPEG in a PDF", material::pdf_of_jpeg(torn, size)),
        ("JPEG in a TIFF", material::tiff_of_jpeg(torn, size)),
        ("PNG", endless),
    ];
    for (name, bytes) in cases {
        let reading = read(&bytes).unwrap();
        assert!(!reading.is_complete(), "{name}");
        let short = &reading.shortfalls[0];
        assert_eq!((short.page, short.reason.as_str()), (Some(1), Reason::ImageCutOff.german()), "{name}");
        assert_eq!(reading.pages[0].text, "Bebauungsplan", "{name}");
    }
    let trailing = [&jpeg[..], b"what a camera puts behind the end"].concat();
    for (name, bytes) in [
        ("JPEG with a trailer", trailing.clone()),
        ("JPEG in a PDF", material::pdf_of_jpeg(&trailing, size)),
        ("JPEG in a TIFF", material::tiff_of_jpeg(&trailing, size)),
    ] {
        let reading = read(&bytes).unwrap();
        assert!(reading.is_complete(), "{name}: {:?}", reading.shortfalls);
        assert_eq!(reading.pages[0].text, "Bebauungsplan", "{name}");
    }
}

#[test]
fn a_picture_is_never_called_complete_wherever_it_is_cut() {
    let pattern = image::GrayImage::from_fn(64, 64, |x, y| image::Luma([(x * 7 + y * 13) as u8]));
    for whole in [material::jpeg(&pattern), material::png(&pattern)] {
        for tenth in 1..10 {
            match read(&whole[..whole.len() * tenth / 10]) {
                Ok(reading) => assert!(!reading.is_complete(), "cut at {tenth}/10: {reading:?}"),
                Err(IntakeError::NotReadable { .. }) => {}
                Err(other) => panic!("cut at {tenth}/10: {other}"),
            }
        }
    }
}

#[test]
fn missing_pages_are_counted() {
    let reading = read(&material::pdf_declaring(&["eins", "zwei"], 3)).unwrap();
    assert_eq!(reading.pages_declared, Some(3));
    assert!(reading.shortfalls.iter().any(|s| s.reason == "2 von 3 Seiten gelesen"), "{reading:?}");
}

#[test]
fn nesting_to_death_ends_in_an_outcome() {
    for depth in [20_000, 400_000] {
        match read(&material::nested_pdf(depth)) {
            Ok(_) | Err(IntakeError::NotReadable { .. }) => {}
            Err(other) => panic!("{depth}: {other}"),
        }
    }
}

#[test]
fn a_page_that_kills_the_worker_is_named_and_the_rest_is_read() {
    // The second page unpacks to far more than the worker may hold: the kernel ends it.
    let bytes = material::pdf_with_bomb(&["davor", "", "danach"], 2, 256 << 20);
    let limits = Limits { memory_bytes: 480 << 20, ..Limits::default() };
    let reading = workshop().with_limits(limits).read(&Bytes(&bytes), &mut |_| {}).unwrap();
    let read: Vec<&str> = reading.pages.iter().map(|page| page.text.as_str()).collect();
    assert_eq!(read, ["davor", "danach"]);
    assert_eq!(reading.shortfalls[0].page, Some(2), "{:?}", reading.shortfalls);
    assert!(reading.shortfalls.iter().any(|s| s.reason == "2 von 3 Seiten gelesen"));
}

#[test]
fn a_page_that_takes_too_long_is_named_and_the_rest_is_read() {
    let slow = "0 0 m 9 9 l S ".repeat(4_000_000);
    let bytes = material::pdf_of_contents(&[
        "BT /F1 12 Tf 72 700 Td (davor) Tj ET",
        &slow,
        "BT /F1 12 Tf 72 700 Td (danach) Tj ET",
    ]);
    let limits = Limits { page_wall: Duration::from_millis(400), ..Limits::default() };
    let begun = Instant::now();
    let reading = workshop().with_limits(limits).read(&Bytes(&bytes), &mut |_| {}).unwrap();
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!(reading.pages.last().unwrap().text, "danach");
    assert_eq!(reading.shortfalls[0].page, Some(2));
    assert_eq!(reading.shortfalls[0].reason, Reason::PageTooSlow.german());
}

#[test]
fn limits_of_size_and_pages_hold() {
    let bytes = material::pdf(&["eins", "zwei", "drei"]);
    let small = Limits { input_bytes_max: 100, ..Limits::default() };
    let answer = workshop().with_limits(small).read(&Bytes(&bytes), &mut |_| {});
    assert!(matches!(answer, Err(IntakeError::NotReadable { reason: Reason::TooLarge, .. })), "{answer:?}");
    let few = Limits { pages_max: 2, ..Limits::default() };
    let reading = workshop().with_limits(few).read(&Bytes(&bytes), &mut |_| {}).unwrap();
    assert_eq!(reading.pages.len(), 2);
    assert!(reading.shortfalls.iter().any(|s| s.reason == Reason::TooManyPages.german()));
}

#[test]
fn page_images_have_the_width_that_was_asked_for() {
    let scan = material::scan("Lageplan");
    for bytes in [material::pdf(&["Seite"]), material::png(&scan), material::tiff(&[&scan])] {
        let png = workshop().page_image(&Bytes(&bytes), 1, 200).unwrap();
        let image = image::load_from_memory(&png).unwrap();
        assert!(image.width().abs_diff(200) <= 1, "{}", image.width());
        let luma = image.into_luma8();
        let dark = luma.pixels().filter(|pixel| pixel.0[0] < 160).count();
        assert!(dark > 0, "nothing is drawn");
        assert!(dark < luma.len() / 2, "the paper is not white");
    }
    let missing = workshop().page_image(&Bytes(&material::pdf(&["Seite"])), 2, 200);
    assert!(matches!(missing, Err(IntakeError::NotReadable { reason: Reason::NoSuchPage, .. })));
}

#[test]
fn the_worker_can_neither_write_nor_connect_nor_look_around() {
    let status = workshop().sandbox_status().unwrap();
    assert!(status.network_denied, "{status:?}");
    assert!(status.limits_set, "{status:?}");
    assert!(status.tesseract.is_some(), "{status:?}");
    if status.landlock.is_some() {
        assert!(status.reading_denied && status.writing_denied && status.is_tight(), "{status:?}");
    } else {
        println!("this kernel has no Landlock: file access is not fenced");
    }
}

#[test]
fn faults_of_the_machinery_are_not_blamed_on_the_document() {
    let missing = Workshop::with_program("/nonexistent/schriftgut");
    let answer = missing.read(&Bytes(b"text"), &mut |_| {});
    assert!(matches!(answer, Err(IntakeError::WorkerStart { .. })), "{answer:?}");
    let unknown = workshop().with_languages("klingonisch");
    let answer = unknown.read(&Bytes(&material::png(&material::scan("Amt"))), &mut |_| {});
    assert!(matches!(answer, Err(IntakeError::OcrLanguage { .. })), "{answer:?}");
    let broken = || Err(std::io::Error::other("gone"));
    let answer = workshop().read(&broken, &mut |_| {});
    assert!(matches!(answer, Err(IntakeError::Source(_))), "{answer:?}");
}

#[test]
fn several_threads_may_read_at_once() {
    let shop = workshop();
    std::thread::scope(|scope| {
        for number in 0..4 {
            let shop = &shop;
            scope.spawn(move || {
                let text = format!("Faden {number}");
                let bytes = material::pdf(&[&text]);
                assert_eq!(shop.read(&Bytes(&bytes), &mut |_| {}).unwrap().pages[0].text, text);
            });
        }
    });
}
