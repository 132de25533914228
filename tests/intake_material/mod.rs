//! Documents made byte by byte for the intake tests; nothing here comes from elsewhere.

use std::fmt::Write as _;
use std::io::Cursor;
use std::io::Write as _;

use image::{DynamicImage, GrayImage, ImageFormat};
use lopdf::{
    Dictionary, Document, EncryptionState, EncryptionVersion, Object, Permissions, Stream, dictionary,
};
use schriftgut::intake::{Bytes, Workshop};

/// What stands between a page's dictionary and its end, besides contents.
#[derive(Default)]
struct Shape<'s> {
    rotate: i32,
    declared: Option<usize>,
    /// The page (from 0) whose contents these bytes are, with the filter entries they need.
    special: Option<(usize, Vec<u8>, &'static str)>,
    image: Option<Drawn<'s>>,
}

/// A grey image inside a PDF.
struct Drawn<'s> {
    size: (u32, u32),
    data: &'s [u8],
    filter: &'static str,
}

fn assemble(contents: &[String], shape: &Shape<'_>) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    let mut object = |out: &mut Vec<u8>, dictionary: &str, stream: Option<&[u8]>| {
        places.push(out.len());
        let _ = write!(out, "{} 0 obj\n{dictionary}\n", places.len());
        if let Some(stream) = stream {
            out.extend_from_slice(b"stream\n");
            out.extend_from_slice(stream);
            out.extend_from_slice(b"\nendstream\n");
        }
        out.extend_from_slice(b"endobj\n");
    };
    let pages = contents.len();
    let kids: String = (0..pages).fold(String::new(), |mut kids, index| {
        let _ = write!(kids, "{} 0 R ", 5 + 2 * index);
        kids
    });
    object(&mut out, "<< /Type /Catalog /Pages 2 0 R >>", None);
    let count = shape.declared.unwrap_or(pages);
    object(&mut out, &format!("<< /Type /Pages /Count {count} /Kids [{kids}] >>"), None);
    object(
        &mut out,
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        None,
    );
    match &shape.image {
        Some(Drawn { size: (width, height), data, filter }) => {
            let dictionary = format!(
                "<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray \
                 /BitsPerComponent 8 /Length {} {filter} >>",
                data.len()
            );
            object(&mut out, &dictionary, Some(data));
        }
        None => object(&mut out, "null", None),
    }
    for (index, content) in contents.iter().enumerate() {
        let page = format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate {} /Contents {} 0 R \
             /Resources << /Font << /F1 3 0 R >> /XObject << /Im 4 0 R >> >> >>",
            shape.rotate,
            6 + 2 * index
        );
        object(&mut out, &page, None);
        match &shape.special {
            Some((page, bytes, filter)) if *page == index => {
                object(&mut out, &format!("<< /Length {} {filter} >>", bytes.len()), Some(bytes));
            }
            _ => {
                object(&mut out, &format!("<< /Length {} >>", content.len()), Some(content.as_bytes()));
            }
        }
    }
    let start = out.len();
    let _ = write!(out, "xref\n0 {}\n0000000000 65535 f \n", places.len() + 1);
    for place in &places {
        let _ = writeln!(out, "{place:010} 00000 n ");
    }
    let _ = write!(out, "trailer << /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", places.len() + 1);
    out
}

/// What shows `text` at the top of a page.
fn shown(text: &str) -> String {
    let escaped: String = text
        .chars()
        .map(|c| if c.is_ascii() { c.to_string() } else { format!("\\{:03o}", u32::from(c)) })
        .collect();
    format!("BT /F1 12 Tf 72 742 Td ({escaped}) Tj ET")
}

/// A PDF with one page per text, each in 12-point Helvetica at the top left.
pub fn pdf(texts: &[&str]) -> Vec<u8> {
    let contents: Vec<String> = texts.iter().map(|text| shown(text)).collect();
    assemble(&contents, &Shape::default())
}

/// A PDF whose pages have these contents.
pub fn pdf_of_contents(contents: &[&str]) -> Vec<u8> {
    let contents: Vec<String> = contents.iter().map(|content| (*content).to_owned()).collect();
    assemble(&contents, &Shape::default())
}

/// One page, to be shown turned clockwise by `degrees`.
pub fn turned_pdf(text: &str, degrees: i32) -> Vec<u8> {
    assemble(&[shown(text)], &Shape { rotate: degrees, ..Shape::default() })
}

/// A PDF that says it has `declared` pages.
pub fn pdf_declaring(texts: &[&str], declared: usize) -> Vec<u8> {
    let contents: Vec<String> = texts.iter().map(|text| shown(text)).collect();
    assemble(&contents, &Shape { declared: Some(declared), ..Shape::default() })
}

/// A PDF with an image on its only page and no text.
pub fn pdf_of_image(image: &GrayImage) -> Vec<u8> {
    pdf_showing(Drawn { size: image.dimensions(), data: image, filter: "" })
}

/// A PDF with these bytes, called a grey JPEG of that size, on its only page and no text.
pub fn pdf_of_jpeg(jpeg: &[u8], size: (u32, u32)) -> Vec<u8> {
    pdf_showing(Drawn { size, data: jpeg, filter: "/Filter /DCTDecode" })
}

fn pdf_showing(image: Drawn<'_>) -> Vec<u8> {
    let height = 595.0 * f64::from(image.size.1) / f64::from(image.size.0);
    let content = format!("q 595 0 0 {height} 0 {} cm /Im Do Q", 842.0 - height);
    assemble(&[content], &Shape { image: Some(image), ..Shape::default() })
}

/// A PDF whose page `page` (from 1) unpacks to `bytes` blanks.
pub fn pdf_with_bomb(texts: &[&str], page: usize, bytes: usize) -> Vec<u8> {
    let mut bomb = Stream::new(Dictionary::new(), vec![b' '; bytes]);
    bomb.compress().unwrap();
    let contents: Vec<String> = texts.iter().map(|text| shown(text)).collect();
    let special = Some((page - 1, bomb.content, "/Filter /FlateDecode"));
    assemble(&contents, &Shape { special, ..Shape::default() })
}

/// A PDF of these codes, in a font that draws each as a box and names it so; nothing says what they mean.
pub fn pdf_of_drawn_letters(letters: &[(u8, &str)]) -> Vec<u8> {
    let codes: String = letters.iter().fold(String::new(), |mut codes, (code, _)| {
        let _ = write!(codes, "{code:02x}");
        codes
    });
    let bytes = pdf_of_contents(&[&format!("BT /F1 12 Tf 72 700 Td <{codes}> Tj ET")]);
    let mut document = Document::load_mem(&bytes).unwrap();
    let shape = Stream::new(Dictionary::new(), b"600 0 50 0 500 700 d1 50 0 450 700 re f".to_vec());
    let shape = document.add_object(shape);
    let (mut shapes, mut differences) = (Dictionary::new(), Vec::new());
    for (code, name) in letters {
        shapes.set(*name, shape);
        differences.extend([Object::from(i64::from(*code)), Object::Name(name.as_bytes().to_vec())]);
    }
    let font = dictionary! {
        "Type" => "Font", "Subtype" => "Type3", "FontBBox" => vec![0.into(), 0.into(), 600.into(), 700.into()],
        "FontMatrix" => vec![0.001.into(), 0.into(), 0.into(), 0.001.into(), 0.into(), 0.into()],
        "CharProcs" => shapes, "Encoding" => dictionary! { "Differences" => differences },
        "FirstChar" => 0, "LastChar" => 255, "Widths" => vec![Object::from(600); 256],
    };
    document.objects.insert((3, 0), Object::Dictionary(font));
    let mut out = Vec::new();
    document.save_to(&mut out).unwrap();
    out
}

/// A page that says „Name:“ beside the fields of a form, none of them drawn but those that lie on the word.
pub fn pdf_form(fields: Vec<Dictionary>) -> Vec<u8> {
    let bytes = pdf_of_contents(&["BT /F1 12 Tf 72 700 Td (Name:) Tj ET"]);
    let mut document = Document::load_mem(&bytes).unwrap();
    let fields: Vec<Object> = fields.into_iter().map(|field| document.add_object(field).into()).collect();
    let page = document.get_dictionary_mut((5, 0)).unwrap();
    page.set("Annots", fields);
    let mut out = Vec::new();
    document.save_to(&mut out).unwrap();
    out
}

/// A field of a form, with more of what is said of it.
pub fn field(kind: &str, value: Object, [left, bottom, right, top]: [i64; 4]) -> Dictionary {
    dictionary! {
        "Type" => "Annot", "Subtype" => "Widget", "FT" => kind, "V" => value,
        "Rect" => vec![left.into(), bottom.into(), right.into(), top.into()],
    }
}

/// A PDF with `depth` arrays in each other, in the catalogue and in the page's contents.
pub fn nested_pdf(depth: usize) -> Vec<u8> {
    let nest = "[".repeat(depth) + &"]".repeat(depth);
    let pdf = String::from_utf8(pdf_of_contents(&[&format!("{nest} TJ")])).unwrap();
    pdf.replace("/Type /Catalog", &format!("/Type /Catalog /Nest {nest}")).into_bytes()
}

/// A PDF encrypted with this user password.
pub fn encrypted_pdf(password: &str) -> Vec<u8> {
    let mut document = Document::load_mem(&pdf(&["Verschlusssache"])).unwrap();
    let id = Object::string_literal(vec![7_u8; 16]);
    document.trailer.set("ID", vec![id.clone(), id]);
    let version = EncryptionVersion::V2 {
        document: &document,
        owner_password: "Amtsleitung",
        user_password: password,
        key_length: 128,
        permissions: Permissions::all(),
    };
    let state = EncryptionState::try_from(version).unwrap();
    document.encrypt(&state).unwrap();
    let mut out = Vec::new();
    document.save_to(&mut out).unwrap();
    out
}

/// A word in large print on white, as a scanner would see it at 200 dots per inch.
pub fn scan(word: &str) -> GrayImage {
    let content = format!("BT /F1 48 Tf 60 700 Td ({word}) Tj ET");
    let workshop = Workshop::with_program(env!("CARGO_BIN_EXE_schriftgut"));
    let png = workshop.page_image(&Bytes(&pdf_of_contents(&[&content])), 1, 1654).unwrap();
    let page = image::load_from_memory(&png).unwrap().into_luma8();
    image::imageops::crop_imm(&page, 0, 150, 1654, 400).to_image()
}

fn encoded(image: &GrayImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    DynamicImage::from(image.clone()).write_to(&mut out, format).unwrap();
    out.into_inner()
}

/// A PNG.
pub fn png(image: &GrayImage) -> Vec<u8> {
    encoded(image, ImageFormat::Png)
}

/// A JPEG.
pub fn jpeg(image: &GrayImage) -> Vec<u8> {
    encoded(image, ImageFormat::Jpeg)
}

/// A TIFF with one page per image.
pub fn tiff(images: &[&GrayImage]) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let mut encoder = tiff::encoder::TiffEncoder::new(&mut out).unwrap();
    for image in images {
        encoder.write_image::<tiff::encoder::colortype::Gray8>(image.width(), image.height(), image).unwrap();
    }
    out.into_inner()
}

/// A TIFF whose only strip is these bytes, called a grey JPEG of that size.
pub fn tiff_of_jpeg(jpeg: &[u8], (width, height): (u32, u32)) -> Vec<u8> {
    tiff_by_hand(jpeg, width, height, &[(258, 8), (259, 7), (262, 1), (277, 1)], &[])
}

/// The header of a PNG of that size, without any pixels.
pub fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut chunk = b"IHDR".to_vec();
    chunk.extend_from_slice(&width.to_be_bytes());
    chunk.extend_from_slice(&height.to_be_bytes());
    chunk.extend_from_slice(&[8, 6, 0, 0, 0]);
    let mut out = b"\x89PNG\r\n\x1a\n\0\0\0\x0D".to_vec();
    out.extend_from_slice(&chunk);
    out.extend_from_slice(&crc32(&chunk).to_be_bytes());
    out.extend_from_slice(b"\0\0\0\0IDAT\x35\xAF\x06\x1E");
    out
}

/// The check that ends a chunk of a PNG.
pub fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| {
                if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 }
            },
        )
    })
}

/// A TIFF in modified Huffman (compression 2), in which every row is made of runs of single pixels
/// chained by runs of length zero of the other colour.
pub fn huffman_tiff(image: &GrayImage) -> Vec<u8> {
    let (width, height) = image.dimensions();
    let mut data = Vec::new();
    for row in image.rows() {
        let mut bits = Bits::default();
        let pixels: Vec<bool> = row.map(|pixel| pixel.0[0] < 128).collect();
        let (mut at, mut black) = (0, false);
        while at < pixels.len() {
            let run = pixels[at..].iter().take_while(|pixel| **pixel == black).count();
            bits.run(run, black);
            at += run;
            black = !black;
        }
        data.extend(bits.finish());
    }
    tiff_by_hand(&data, width, height, &[(258, 1), (259, 2), (262, 0), (277, 1)], &[])
}

/// A TIFF of one row whose four pixels point into a palette: black, red, green, white.
pub fn palette_tiff() -> Vec<u8> {
    let planes: [[u16; 16]; 3] = std::array::from_fn(|plane| {
        std::array::from_fn(|index| match (index, plane) {
            (1, 0) | (2, 1) | (3, _) => u16::MAX,
            _ => 0,
        })
    });
    let map: Vec<u8> = planes.concat().iter().flat_map(|value| value.to_le_bytes()).collect();
    tiff_by_hand(&[0x01, 0x23], 4, 1, &[(258, 4), (259, 1), (262, 3), (277, 1)], &map)
}

/// A little-endian TIFF with one strip, these short tags and, where there is one, this palette.
fn tiff_by_hand(data: &[u8], width: u32, height: u32, short: &[(u16, u32)], map: &[u8]) -> Vec<u8> {
    let map_at = 8 + data.len() as u32;
    let mut out = b"II*\0".to_vec();
    out.extend_from_slice(&(map_at + map.len() as u32).to_le_bytes());
    out.extend_from_slice(data);
    out.extend_from_slice(map);
    let mut entries: Vec<(u16, u16, u32, u32)> = vec![
        (256, 4, 1, width),
        (257, 4, 1, height),
        (273, 4, 1, 8),
        (278, 4, 1, height),
        (279, 4, 1, data.len() as u32),
    ];
    entries.extend(short.iter().map(|(tag, value)| (*tag, 3, 1, *value)));
    if !map.is_empty() {
        entries.push((320, 3, map.len() as u32 / 2, map_at));
    }
    entries.sort_unstable();
    out.extend_from_slice(&(entries.len() as u16).to_le_bytes());
    for (tag, kind, count, value) in entries {
        out.extend_from_slice(&tag.to_le_bytes());
        out.extend_from_slice(&kind.to_le_bytes());
        out.extend_from_slice(&count.to_le_bytes());
        out.extend_from_slice(&value.to_le_bytes());
    }
    out.extend_from_slice(&[0; 4]);
    out
}

/// Bits from the left, a row at a time.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: usize,
}

impl Bits {
    /// A run, as single steps: ITU-T T.4 has a code for runs of one and of none in either colour.
    fn run(&mut self, length: usize, black: bool) {
        const WHITE: [&str; 2] = ["00110101", "000111"];
        const BLACK: [&str; 2] = ["0000110111", "010"];
        let (own, other) = if black { (BLACK, WHITE) } else { (WHITE, BLACK) };
        if length == 0 {
            self.put(own[0]);
        }
        for step in 0..length {
            if step > 0 {
                self.put(other[0]);
            }
            self.put(own[1]);
        }
    }

    fn put(&mut self, code: &str) {
        for bit in code.bytes() {
            if self.used.is_multiple_of(8) {
                self.bytes.push(0);
            }
            if bit == b'1' {
                let last = self.bytes.len() - 1;
                self.bytes[last] |= 0x80 >> (self.used % 8);
            }
            self.used += 1;
        }
    }

    fn finish(self) -> Vec<u8> {
        self.bytes
    }
}
