//! Plans: images too large to be held whole are read in tiles, with their words where they stand, drawn for the page that shows
//! them, and cost no more memory than any other task. The sheets are made here.

#[path = "../examples/demo/ccitt.rs"]
#[allow(dead_code, reason = "made for the demo, which uses all of it")]
mod ccitt;
#[path = "intake_material/mod.rs"]
#[allow(dead_code, reason = "made for the intake suite, which uses all of it")]
mod material;
#[path = "common/measured.rs"]
mod measured;
#[path = "plans/sheets.rs"]
mod sheets;

use std::time::{Duration, Instant};

use image::{GrayImage, imageops};
use measured::Measured;
use schriftgut::domain::text::{PageText, Reading, TextSource, WordBox};
use schriftgut::intake::{Bytes, IntakeError, Limits, Reason, Workshop};
use sheets::{Sheet, lying_jpeg, pdf, tiff_of};

/// Most memory of a task, and the longest time for it.
const MEMORY_MAX: u64 = 512 << 20;
const TASK_MAX: Duration = Duration::from_secs(60);

/// A workshop for which a small scan is a plan.
fn small_workshop() -> Workshop {
    let limits = Limits { whole_pixels_max: 300_000, ..Limits::default() };
    Workshop::with_program(env!("CARGO_BIN_EXE_schriftgut")).with_limits(limits)
}

fn read(bytes: &[u8]) -> Result<Reading, IntakeError> {
    small_workshop().read(&Bytes(bytes), &mut |_| {})
}

/// The box of a word that is there once.
#[track_caller]
fn the_box(page: &PageText, word: &str) -> WordBox {
    let is_it = |one: &&WordBox| &page.text[one.start as usize..one.end as usize] == word;
    let found: Vec<_> = page.words.iter().filter(is_it).collect();
    assert_eq!(found.len(), 1, "{word} in: {}", page.text);
    *found[0]
}

#[track_caller]
fn assert_near(found: &WordBox, (left, top, width, height): (f32, f32, f32, f32), by: f32) {
    for (found, expected) in
        [(found.left, left), (found.top, top), (found.width, width), (found.height, height)]
    {
        assert!((found - expected).abs() <= by, "{found} is not near {expected}");
    }
}

/// Where the ink of an image is, as shares of its sides.
fn ink(image: &GrayImage) -> (f32, f32, f32, f32) {
    let dark = || image.enumerate_pixels().filter(|(.., shade)| shade.0[0] < 128);
    let (left, right) = (dark().map(|at| at.0).min().unwrap(), dark().map(|at| at.0).max().unwrap());
    let (top, bottom) = (dark().map(|at| at.1).min().unwrap(), dark().map(|at| at.1).max().unwrap());
    let (width, height) = (image.width() as f32, image.height() as f32);
    (left as f32 / width, top as f32 / height, (right - left) as f32 / width, (bottom - top) as f32 / height)
}

#[test]
fn a_plan_is_read_and_drawn_however_it_is_stored() {
    let scan = material::scan("Bebauungsplan");
    let (place, size) = (ink(&scan), scan.dimensions());
    let raw = scan.as_raw();
    let bits = sheets::g4(&scan);
    let jpeg = material::jpeg(&scan);
    let grey: &[(u16, u32)] = &[(258, 8), (262, 1), (277, 1)];
    let with = |compression: u32| [grey, &[(259, compression)]].concat();
    for (kind, bytes) in [
        ("TIFF, strips", sheets::stripped(&scan, 64)),
        ("TIFF, one strip", tiff_of(raw, size, &with(1))),
        ("TIFF, one strip, deflate", tiff_of(&sheets::deflated(raw), size, &with(8))),
        ("TIFF, one strip, LZW", tiff_of(&sheets::lzw(raw), size, &with(5))),
        ("TIFF, JPEG", material::tiff_of_jpeg(&jpeg, size)),
        ("TIFF, G4", tiff_of(&bits, size, &[(258, 1), (262, 0), (277, 1), (259, 4)])),
        ("TIFF, tiles", sheets::tiled(&scan, 256)),
        ("PNG", material::png(&scan)),
        ("JPEG", jpeg.clone()),
    ] {
        let reading = read(&bytes).unwrap();
        assert!(reading.is_complete(), "{kind}: {:?}", reading.shortfalls);
        let page = &reading.pages[0];
        assert_eq!((page.text.as_str(), page.source), ("Bebauungsplan", TextSource::Recognised), "{kind}");
        assert_near(&page.words[0], place, 0.02);
        let png = small_workshop().page_image(&Bytes(&bytes), 1, 500).unwrap();
        let drawn = image::load_from_memory(&png).unwrap().into_luma8();
        assert_eq!(drawn.width(), 500, "{kind}");
        let (left, top, width, height) = ink(&drawn);
        let there = WordBox { start: 0, end: 1, left, top, width, height };
        assert_near(&there, place, 0.02);
    }
}

#[test]
fn a_plan_in_a_pdf_is_read_and_drawn_where_it_lies_on_the_page() {
    let scan = material::scan("Bebauungsplan");
    let (size, raw) = (scan.dimensions(), scan.as_raw());
    let fax = format!("/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns {} >>", size.0);
    for (kind, data, bits, filter) in [
        ("plain", raw.clone(), 8, ""),
        ("deflate", sheets::deflated(raw), 8, "/Filter /FlateDecode"),
        ("JPEG", material::jpeg(&scan), 8, "/Filter /DCTDecode"),
        ("G4", sheets::g4(&scan), 1, &*fax),
    ] {
        // On the lower half of a page of 1000 points, and half as wide as that.
        let bytes = pdf(&data, size, bits, filter, "q 500 0 0 120 250 100 cm /Im Do Q");
        let reading = read(&bytes).unwrap();
        assert!(reading.is_complete(), "{kind}: {:?}", reading.shortfalls);
        let page = &reading.pages[0];
        assert_eq!(page.text, "Bebauungsplan", "{kind}");
        let (left, top, width, height) = ink(&scan);
        let place = (0.25 + left / 2.0, 0.78 + top * 0.12, width / 2.0, height * 0.12);
        assert_near(&page.words[0], place, 0.02);
        let png = small_workshop().page_image(&Bytes(&bytes), 1, 1000).unwrap();
        let (left, top, width, height) = ink(&image::load_from_memory(&png).unwrap().into_luma8());
        assert_near(&WordBox { start: 0, end: 1, left, top, width, height }, place, 0.02);
    }
}

#[test]
fn a_plan_that_stands_on_its_head_is_read() {
    let lines = ["Der Plan der Stadt", "zeigt die Leitungen", "und alle Bauten", "im Westen des Tals"];
    let mut sheet = GrayImage::from_pixel(1654, 1600, image::Luma([255]));
    for (line, text) in (0..).zip(lines) {
        imageops::replace(&mut sheet, &material::scan(text), 0, line * 400);
    }
    let page = &read(&material::png(&imageops::rotate180(&sheet))).unwrap().pages[0];
    assert_eq!(page.text.lines().collect::<Vec<_>>(), lines);
    let (first, last) = (page.words[0], page.words[page.words.len() - 1]);
    assert!(first.top > last.top && first.left > page.words[1].left, "{:?}", page.words);
}

#[test]
fn what_cannot_be_taken_in_rows_is_kept_unread() {
    let scan = material::scan("Bebauungsplan");
    let why = |bytes: &[u8]| match read(bytes) {
        Ok(reading) => reading.shortfalls[0].reason.clone(),
        Err(IntakeError::NotReadable { reason, .. }) => reason.german().to_owned(),
        Err(other) => panic!("{other}"),
    };
    let mut progressive = material::jpeg(&scan);
    let frame = progressive.windows(2).position(|two| two == [0xFF, 0xC0]).unwrap();
    progressive[frame + 1] = 0xC2;
    assert_eq!(why(&progressive), Reason::PageTooLarge.german());
    let jbig2 =
        pdf(b"no matter", (1654, 400), 1, "/Filter /JBIG2Decode", "q 500 0 0 120 250 100 cm /Im Do Q");
    assert_eq!(why(&jbig2), Reason::PageTooLarge.german());
}

#[test]
fn a_plan_of_more_than_six_hundred_megapixels_is_kept_unread() {
    let limits = Limits::default();
    let measured = Measured::new(&limits, TASK_MAX);
    for bytes in [
        material::png_header(24_500, 24_531),
        tiff_of(b"", (24_500, 24_531), &[(258, 1), (262, 0), (277, 1), (259, 4)]),
        tiff_of(b"", (400_000, 1_000), &[(258, 1), (262, 0), (277, 1), (259, 4)]),
    ] {
        let reading = measured.workshop().read(&Bytes(&bytes), &mut |_| {});
        let reason = match reading {
            Ok(reading) => reading.shortfalls[0].reason.clone(),
            Err(IntakeError::NotReadable { reason, .. }) => reason.german().to_owned(),
            Err(other) => panic!("{other}"),
        };
        assert!(reason.contains("zu groß"), "{reason}");
    }
    assert!(measured.most_bytes().is_none_or(|most| most < 64 << 20), "refused before it is decoded");
}

#[test]
fn a_header_that_lies_costs_little_and_what_is_there_is_read() {
    let measured = Measured::new(&Limits::default(), TASK_MAX);
    let mut three = ccitt::Encoder::new(24_000);
    (0..3).for_each(|row| three.row((0..24_000).map(move |x| x / 50 % 2 == row % 2)));
    let fax = tiff_of(&three.finish(), (24_000, 25_000), &[(258, 1), (262, 0), (277, 1), (259, 4)]);
    for bytes in [fax, lying_jpeg(&material::scan("Bebauungsplan"), 24_000, 25_000)] {
        let begun = Instant::now();
        let reading = measured.workshop().read(&Bytes(&bytes), &mut |_| {}).unwrap();
        assert!(begun.elapsed() < TASK_MAX);
        assert!(!reading.is_complete());
        let reason = &reading.shortfalls[0].reason;
        assert!(reason == Reason::ImageCutOff.german() || reason == Reason::PageDamaged.german(), "{reason}");
    }
    assert!(measured.most_bytes().is_none_or(|most| most < MEMORY_MAX), "{:?}", measured.most_bytes());
}

/// A0 at 600 dpi, black and white: 558 megapixels.
#[test]
fn the_largest_sheet_is_read_with_every_word_in_its_place_in_bounds_of_time_and_memory() {
    let mut sheet = Sheet::new(19_866, 28_087);
    let half = |word: &str| imageops::thumbnail(&material::scan(word), 827, 200);
    // Across the edge between the first two tiles, which end at 2709 and begin at 2409 when the sheet is made smaller by two.
    let places = [
        ("Bebauungsplan", 900, 700),
        ("Grundwasser", 5_418 - 300, 9_000),
        ("Schriftfeld", 18_500, 27_600),
        ("Leitungsrecht", 12_000, 18_400),
    ];
    for (word, left, top) in places {
        sheet.put(half(word), left, top);
    }
    let title = material::scan("Lageplan");
    sheet.put(imageops::resize(&title, 1654 * 6, 400 * 6, imageops::FilterType::Triangle), 3_000, 3_500);
    let bytes = sheet.g4_tiff(600);
    let measured = Measured::new(&Limits::default(), TASK_MAX * 2);
    let begun = Instant::now();
    let reading = measured.workshop().read(&Bytes(&bytes), &mut |_| {}).unwrap();
    let reading_took = begun.elapsed();
    assert!(reading.is_complete(), "{:?}", reading.shortfalls);
    let page = &reading.pages[0];
    for (word, left, top) in places {
        let found = the_box(page, word);
        let (in_left, in_top, width, height) = ink(&half(word));
        let place = (
            (left as f32 + in_left * 827.0) / 19_866.0,
            (top as f32 + in_top * 200.0) / 28_087.0,
            width * 827.0 / 19_866.0,
            height * 200.0 / 28_087.0,
        );
        assert_near(&found, place, 0.001);
    }
    let found = the_box(page, "Lageplan");
    let (in_left, in_top, ..) = ink(&title);
    let place = ((3_000.0 + in_left * 9_924.0) / 19_866.0, (3_500.0 + in_top * 2_400.0) / 28_087.0);
    assert_near(&found, (place.0, place.1, found.width, found.height), 0.01);
    let begun = Instant::now();
    let png = measured.workshop().page_image(&Bytes(&bytes), 1, 1_200).unwrap();
    let drawing_took = begun.elapsed();
    let drawn = image::load_from_memory(&png).unwrap().into_luma8();
    assert_eq!(drawn.dimensions(), (1_200, 1_696));
    assert!(drawn.iter().any(|shade| *shade < 60), "the title is seen");
    println!("558 MP: read in {reading_took:.1?}, drawn in {drawing_took:.1?}, {:?}", measured.most_bytes());
    assert!(reading_took < TASK_MAX && drawing_took < TASK_MAX);
    assert!(measured.most_bytes().is_none_or(|most| most <= MEMORY_MAX), "{:?}", measured.most_bytes());
}

#[test]
fn a_grey_jpeg_of_179_megapixels_is_read_and_drawn() {
    let mut sheet = Sheet::new(14_000, 12_800);
    let word = material::scan("Leitungsrecht");
    sheet.put(word.clone(), 9_000, 6_100);
    let bytes = sheet.jpeg();
    let measured = Measured::new(&Limits::default(), TASK_MAX * 2);
    let begun = Instant::now();
    let reading = measured.workshop().read(&Bytes(&bytes), &mut |_| {}).unwrap();
    let took = begun.elapsed();
    assert!(reading.is_complete(), "{:?}", reading.shortfalls);
    let (in_left, in_top, ..) = ink(&word);
    let found = the_box(&reading.pages[0], "Leitungsrecht");
    let place = ((9_000.0 + in_left * 1_654.0) / 14_000.0, (6_100.0 + in_top * 400.0) / 12_800.0);
    assert_near(&found, (place.0, place.1, found.width, found.height), 0.002);
    let png = measured.workshop().page_image(&Bytes(&bytes), 1, 700).unwrap();
    let drawn = image::load_from_memory(&png).unwrap().into_luma8();
    assert!(ink(&drawn).0 > 0.64, "the word is seen where it stands");
    println!("179 MP JPEG: read in {took:.1?}, {:?}", measured.most_bytes());
    assert!(took < TASK_MAX);
    assert!(measured.most_bytes().is_none_or(|most| most <= MEMORY_MAX), "{:?}", measured.most_bytes());
}

#[test]
fn where_the_time_does_not_suffice_what_was_read_stays_and_that_is_said() {
    let mut sheet = Sheet::new(14_000, 11_000);
    // The title block stands at the bottom right, and is read first.
    sheet.put(imageops::thumbnail(&material::scan("Schriftfeld"), 827, 200), 12_900, 10_600);
    let marks = sheets::marks(2_000, 1_800);
    for (row, column) in (0..5).flat_map(|row| (0..5).map(move |column| (row, column))) {
        sheet.put(marks.clone(), column * 2_400, row * 2_100);
    }
    let limits = Limits { page_wall: Duration::from_secs(20), ..Limits::default() };
    let workshop = Workshop::with_program(env!("CARGO_BIN_EXE_schriftgut")).with_limits(limits);
    let reading = workshop.read(&Bytes(&sheet.g4_tiff(300)), &mut |_| {}).unwrap();
    let reason = &reading.shortfalls.first().expect("not all was read").reason;
    assert_eq!(reason, Reason::PlanPartlyRead.german());
    assert!(reading.pages[0].text.contains("Schriftfeld"), "{}", reading.pages[0].text);
}
