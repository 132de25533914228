//! Pictures of phones, of the web and of archives: HEIC, WebP, GIF, JPEG 2000. The files beside the material were drawn for
//! this (the word „Bebauungsplan“ in black on white) and written by other programs than the ones that read them here.

use std::io::Cursor;

use image::{DynamicImage, GrayImage, ImageFormat, Luma, Rgba, RgbaImage};
use schriftgut::domain::text::{MediaType, Reading, TextSource};
use schriftgut::intake::{Bytes, IntakeError, Pages, Reason, Sized};

use super::{material, read, refused, workshop};

/// By `heif-enc -q 40`.
const HEIC: &[u8] = include_bytes!("../intake_material/word.heic");
/// Two pictures, by `heif-enc -q 20`.
const TWO_HEIC: &[u8] = include_bytes!("../intake_material/two_pictures.heic");
/// By `cwebp -q 40`.
const LOSSY_WEBP: &[u8] = include_bytes!("../intake_material/word_lossy.webp");
/// In its container, grey, by `opj_compress -r 20`.
const JP2: &[u8] = include_bytes!("../intake_material/word.jp2");
/// Without a container, in colours, by `opj_compress -r 40`.
const CODE_STREAM: &[u8] = include_bytes!("../intake_material/word_colour.j2k");
/// 24 megapixels in colours, by `opj_compress -r 3000 -n 6`.
const LARGE_JP2: &[u8] = include_bytes!("../intake_material/plan.jp2");

/// Colours of the palette: white, black, red.
const PALETTE: &[u8] = &[255, 255, 255, 0, 0, 0, 255, 0, 0];

/// A GIF of these pictures in black and white.
pub fn gif(images: &[&GrayImage], transparent: Option<u8>) -> Vec<u8> {
    let side = |side: u32| u16::try_from(side).unwrap();
    let mut out = Vec::new();
    let (width, height) = (side(images[0].width()), side(images[0].height()));
    let mut encoder = gif::Encoder::new(&mut out, width, height, PALETTE).unwrap();
    for image in images {
        let indices: Vec<u8> = image.iter().map(|shade| u8::from(*shade < 128)).collect();
        let frame = gif::Frame::from_indexed_pixels(width, height, indices, transparent);
        encoder.write_frame(&frame).unwrap();
    }
    drop(encoder);
    out
}

/// A WebP without loss.
pub fn webp(image: &DynamicImage) -> Vec<u8> {
    let mut out = Vec::new();
    let colours =
        if image.color().has_alpha() { image_webp::ColorType::Rgba8 } else { image_webp::ColorType::Rgb8 };
    let samples =
        if image.color().has_alpha() { image.to_rgba8().into_raw() } else { image.to_rgb8().into_raw() };
    image_webp::WebPEncoder::new(&mut out).encode(&samples, image.width(), image.height(), colours).unwrap();
    out
}

fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut out = [&kind[..], &u32::try_from(content.len()).unwrap().to_le_bytes(), content].concat();
    out.resize(out.len().next_multiple_of(2), 0);
    out
}

fn riff(chunks: &[Vec<u8>]) -> Vec<u8> {
    let content = [b"WEBP".to_vec(), chunks.concat()].concat();
    chunk(b"RIFF", &content)
}

/// The head of an extended WebP: what is in it, and its size.
fn extended(flags: u8, width: u32, height: u32) -> Vec<u8> {
    let side = |side: u32| (side - 1).to_le_bytes()[..3].to_vec();
    chunk(b"VP8X", &[vec![flags, 0, 0, 0], side(width), side(height)].concat())
}

/// A film of so many times this picture.
fn webp_film(image: &GrayImage, frames: usize) -> Vec<u8> {
    let still = webp(&DynamicImage::from(image.clone()));
    let size = extended(0b10, image.width(), image.height());
    let place = [[0; 6].to_vec(), size[12..18].to_vec(), vec![100, 0, 0, 0]].concat();
    let frame = chunk(b"ANMF", &[place, still[12..].to_vec()].concat());
    let mut chunks = vec![size, chunk(b"ANIM", &[255, 255, 255, 255, 0, 0])];
    chunks.extend(std::iter::repeat_n(frame, frames));
    riff(&chunks)
}

/// A WebP whose details say that it was taken with the camera turned to the right.
fn turned_webp(image: &GrayImage) -> Vec<u8> {
    let exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    let still = webp(&DynamicImage::from(image.clone()));
    let size = extended(0b1000, image.width(), image.height());
    riff(&[size, still[12..].to_vec(), chunk(b"EXIF", exif)])
}

fn said(reading: &Reading) -> Vec<&str> {
    reading.shortfalls.iter().map(|shortfall| shortfall.reason.as_str()).collect()
}

#[test]
fn pictures_of_phones_and_of_the_web_are_recognised_like_scans() {
    let scan = material::scan("Bebauungsplan");
    let of = |bytes: &[u8]| bytes.to_vec();
    for (bytes, media) in [
        (of(HEIC), MediaType::Heic),
        (of(LOSSY_WEBP), MediaType::WebP),
        (webp(&DynamicImage::from(scan.clone())), MediaType::WebP),
        (turned_webp(&image::imageops::rotate270(&scan)), MediaType::WebP),
        (gif(&[&scan], None), MediaType::Gif),
        (of(JP2), MediaType::Jpeg2000),
        (of(CODE_STREAM), MediaType::Jpeg2000),
    ] {
        let reading = read(&bytes).unwrap();
        assert_eq!(reading.format.media, media);
        assert!(reading.is_complete(), "{media}: {:?}", reading.shortfalls);
        assert_eq!(reading.pages_declared, Some(1));
        let page = &reading.pages[0];
        assert_eq!((page.source, page.text.as_str()), (TextSource::Recognised, "Bebauungsplan"), "{media}");
    }
}

#[test]
fn their_pages_are_drawn_at_the_width_that_was_asked_for() {
    let scan = material::scan("Lageplan");
    for bytes in [HEIC, LOSSY_WEBP, JP2, CODE_STREAM, &gif(&[&scan], None), &webp_film(&scan, 2), LARGE_JP2] {
        let png = workshop().page_image(&Bytes(bytes), 1, 200).unwrap();
        let image = image::load_from_memory(&png).unwrap().into_luma8();
        assert_eq!(image.width(), 200);
        let dark = image.pixels().filter(|pixel| pixel.0[0] < 160).count();
        assert!(dark > 0 && dark < image.len() / 2, "{dark} of {} pixels are dark", image.len());
    }
}

#[test]
fn of_several_pictures_the_first_is_read_and_that_is_said() {
    let (first, second) = (material::scan("Vorderseite"), material::scan("Rueckseite"));
    for (name, bytes, text) in [
        ("GIF", gif(&[&first, &second], None), "Vorderseite"),
        ("WebP", webp_film(&first, 3), "Vorderseite"),
        ("HEIC", TWO_HEIC.to_vec(), "Bebauungsplan"),
        ("PNG", animated_png(&first), "Vorderseite"),
    ] {
        let reading = read(&bytes).unwrap();
        assert_eq!(said(&reading), [Reason::OnlyFirstPicture.german()], "{name}");
        assert_eq!(reading.pages.len(), 1);
        assert_eq!(reading.pages[0].text, text, "{name}");
    }
    let reading = read(&webp_film(&first, 1)).unwrap();
    assert!(reading.is_complete(), "a film of one picture: {:?}", reading.shortfalls);
}

/// A PNG that says it is a film; its own picture is the first.
fn animated_png(image: &GrayImage) -> Vec<u8> {
    let mut png = material::png(image);
    let mut control = b"acTL".to_vec();
    control.extend_from_slice(&[0, 0, 0, 2, 0, 0, 0, 0]);
    let check = material::crc32(&control).to_be_bytes();
    let chunk = [&8_u32.to_be_bytes()[..], &control, &check].concat();
    png.splice(33..33, chunk);
    png
}

#[test]
fn what_is_transparent_is_white_paper() {
    let scan = material::scan("durchsichtig");
    let ink = RgbaImage::from_fn(scan.width(), scan.height(), |x, y| {
        Rgba([0, 0, 0, 255 - scan.get_pixel(x, y).0[0]])
    });
    let mut png = Cursor::new(Vec::new());
    DynamicImage::from(ink.clone()).write_to(&mut png, ImageFormat::Png).unwrap();
    for (name, bytes) in
        [("PNG", png.into_inner()), ("WebP", webp(&DynamicImage::from(ink))), ("GIF", gif(&[&scan], Some(0)))]
    {
        assert_eq!(read(&bytes).unwrap().pages[0].text, "durchsichtig", "{name}");
        let drawn = workshop().page_image(&Bytes(&bytes), 1, 300).unwrap();
        let drawn = image::load_from_memory(&drawn).unwrap().into_luma8();
        assert_eq!(drawn.get_pixel(1, 1), &Luma([255]), "{name}");
    }
}

#[test]
fn a_picture_of_an_archive_that_is_too_large_is_read_at_a_lower_resolution_and_that_is_said() {
    let reading = read(LARGE_JP2).unwrap();
    assert_eq!(said(&reading), [Reason::ResolutionReduced.german()]);
    assert_eq!(reading.pages[0].text, "Bebauungsplan");
}

#[test]
fn whatever_is_cut_off_is_never_called_complete() {
    let pattern = GrayImage::from_fn(64, 64, |x, y| Luma([(x * 7 + y * 13) as u8]));
    let colours = DynamicImage::from(pattern.clone());
    let kinds = [
        HEIC.to_vec(),
        LOSSY_WEBP.to_vec(),
        webp(&colours),
        gif(&[&pattern], None),
        JP2.to_vec(),
        CODE_STREAM.to_vec(),
    ];
    for whole in kinds {
        let places = (1..20).map(|twentieth| whole.len() * twentieth / 20).chain([whole.len() - 1]);
        for place in places {
            match read(&whole[..place]) {
                // The first four letters of a WebP are a word.
                Ok(reading) if reading.format.media == MediaType::PlainText => assert!(place < 20),
                Ok(reading) => assert!(!reading.is_complete(), "cut at {place}: {reading:?}"),
                Err(IntakeError::NotReadable { .. }) => {}
                Err(other) => panic!("cut at {place}: {other}"),
            }
        }
    }
}

#[test]
fn a_picture_too_large_for_memory_is_refused_before_a_pixel_of_it_is_read() {
    let mut gif = gif(&[&GrayImage::new(8, 8)], None);
    gif[6..10].copy_from_slice(&[0xFF; 4]);
    let mut frame = self::gif(&[&GrayImage::new(8, 8)], None);
    let descriptor = frame.iter().position(|byte| *byte == b',').unwrap();
    frame[descriptor + 5..descriptor + 9].copy_from_slice(&[0xFF; 4]);
    // 14 bits each for width and height, less one.
    let webp = riff(&[chunk(b"VP8L", &[0x2F, 0xFE, 0xBF, 0xFF, 0x0F, 0, 0, 0, 0, 0])]);
    let canvas = riff(&[extended(0, 1 << 24, 1 << 7), chunk(b"VP8L", &[0x2F, 0, 0, 0, 0, 0])]);
    let mut stream = CODE_STREAM.to_vec();
    stream[8..16].copy_from_slice(&[0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF]);
    stream[24..32].copy_from_slice(&[0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF]);
    let mut heic = HEIC.to_vec();
    let mut at = 0;
    while let Some(size) = heic[at..].windows(4).position(|kind| kind == b"ispe") {
        at += size + 8;
        heic[at..at + 8].copy_from_slice(&[0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF]);
    }
    for (name, bytes) in [
        ("GIF", gif),
        ("picture in a GIF", frame),
        ("WebP", webp),
        ("canvas", canvas),
        ("JPEG 2000", stream),
        ("HEIC", heic),
    ] {
        assert_eq!(refused(&bytes), Reason::TooLarge, "{name}");
    }
}

#[test]
fn a_picture_of_more_tiles_than_can_be_named_is_damaged() {
    let mut stream = CODE_STREAM.to_vec();
    stream[24..32].copy_from_slice(&[0, 0, 0, 1, 0, 0, 0, 1]);
    assert_eq!(refused(&stream), Reason::Damaged);
}

#[test]
fn pictures_are_neither_parted_nor_joined_and_the_refusal_says_so() {
    let scan = material::scan("Bild");
    for bytes in [HEIC, LOSSY_WEBP, JP2, &gif(&[&scan], None)] {
        let parts = [vec![Pages { source: 0, first: 1, last: None }]];
        let source: Sized<'_> = (&Bytes(bytes), bytes.len() as u64);
        match workshop().assemble(&[source], &parts, false) {
            Err(IntakeError::NotReadable { reason: Reason::NotDivisible, .. }) => {}
            other => panic!("{other:?}"),
        }
    }
}
