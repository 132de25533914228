//! PDF as offices make it: scans with or without an invisible text layer, and letters straight from a computer.

use std::io::Cursor;

use image::GrayImage;
use image::codecs::jpeg::{JpegEncoder, PixelDensity};
use lopdf::{
    Dictionary, Document, EncryptionState, EncryptionVersion, Object, Permissions, Stream, dictionary,
};

use crate::fonts::Face;
use crate::letter::{Item, Page};

/// Quality of JPEG scans: low, but without loss for recognition.
const JPEG_QUALITY: u8 = 48;

/// A scanned page on its way into a PDF.
pub struct Scan {
    /// The drawn page.
    pub image: GrayImage,
    /// Its dots per inch.
    pub dpi: u16,
    /// Bilevel G4 instead of grey JPEG.
    pub bilevel: bool,
    /// Put the text invisibly over the image, turned by this angle.
    pub text_skew: Option<f32>,
}

/// Why a PDF could not be written.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// The JPEG encoder refused.
    #[error("page image could not be encoded")]
    Jpeg(#[from] image::ImageError),
    /// The PDF library refused.
    #[error("pdf could not be written")]
    Pdf(#[from] lopdf::Error),
    /// The file could not be put together.
    #[error("pdf could not be saved")]
    Save(#[from] std::io::Error),
    /// The encryption was refused.
    #[error("pdf could not be encrypted")]
    Encrypt(#[from] Box<dyn std::error::Error + Send + Sync>),
}

/// One page as grey JPEG.
pub fn jpeg(page: &GrayImage, dpi: u16) -> Result<Vec<u8>, image::ImageError> {
    let mut out = Cursor::new(Vec::new());
    let mut encoder = JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY);
    encoder.set_pixel_density(PixelDensity::dpi(dpi));
    page.write_with_encoder(encoder)?;
    Ok(out.into_inner())
}

/// A PDF of page images.
pub fn scanned(pages: &[(&Page, Scan)], title: &str) -> Result<Vec<u8>, PdfError> {
    let mut book = Book::new();
    for (page, scan) in pages {
        let image = book.document.add_object(image_stream(scan)?);
        let (w, h) = page.size;
        let mut content = format!("q {w} 0 0 {h} 0 0 cm /Scan Do Q\n").into_bytes();
        if let Some(skew) = scan.text_skew {
            content.extend(text_operators(page, Some(skew)));
        }
        book.add_page(page.size, content, dictionary! { "Scan" => image })?;
    }
    book.finish(title)
}

/// A PDF with real text and drawn strokes.
pub fn digital(pages: &[Page], title: &str) -> Result<Vec<u8>, PdfError> {
    let mut book = Book::new();
    for page in pages {
        let mut content = text_operators(page, None);
        for item in &page.items {
            if let Item::Line { from, to, width } = item {
                let (h, (x0, y0), (x1, y1)) = (page.size.1, *from, *to);
                content.extend(format!("{width} w {x0} {} m {x1} {} l S\n", h - y0, h - y1).bytes());
            }
        }
        book.add_page(page.size, content, Dictionary::new())?;
    }
    book.finish(title)
}

/// Locks a PDF so that it cannot be opened without `password`. RC4 with 128 bits, as archives of the time hold it:
/// it needs no random part, so that the demo stays the same byte for byte.
pub fn encrypted(pdf: &[u8], password: &str) -> Result<Vec<u8>, PdfError> {
    let mut document = Document::load_mem(pdf)?;
    let id = || Object::string_literal("Kesterbrueck1905");
    document.trailer.set("ID", vec![id(), id()]);
    let version = EncryptionVersion::V2 {
        document: &document,
        owner_password: password,
        user_password: password,
        key_length: 128,
        permissions: Permissions::empty(),
    };
    let state = EncryptionState::try_from(version)?;
    document.encrypt(&state)?;
    // The second half of /U is arbitrary padding (ISO 32000-1, algorithm 5, step f); the library draws it at random.
    for object in document.objects.values_mut() {
        if let Ok(Object::String(check, _)) = object.as_dict_mut().and_then(|dict| dict.get_mut(b"U")) {
            check.iter_mut().skip(16).for_each(|byte| *byte = 0);
        }
    }
    save(document)
}

struct Book {
    document: Document,
    pages: lopdf::ObjectId,
    fonts: lopdf::ObjectId,
    kids: Vec<Object>,
}

impl Book {
    fn new() -> Self {
        let mut document = Document::with_version("1.5");
        let pages = document.new_object_id();
        let mut fonts = Dictionary::new();
        for face in Face::ALL {
            let font = document.add_object(dictionary! {
                "Type" => "Font", "Subtype" => "Type1", "BaseFont" => face.pdf_name(),
                "Encoding" => "WinAnsiEncoding",
            });
            fonts.set(face.pdf_name(), font);
        }
        let fonts = document.add_object(fonts);
        Self { document, pages, fonts, kids: Vec::new() }
    }

    fn add_page(&mut self, (w, h): (f32, f32), content: Vec<u8>, images: Dictionary) -> Result<(), PdfError> {
        let mut stream = Stream::new(Dictionary::new(), content);
        stream.compress()?;
        let content = self.document.add_object(stream);
        let page = self.document.add_object(dictionary! {
            "Type" => "Page", "Parent" => self.pages, "Contents" => content,
            "MediaBox" => vec![0.into(), 0.into(), w.into(), h.into()],
            "Resources" => dictionary! { "Font" => self.fonts, "XObject" => images },
        });
        self.kids.push(page.into());
        Ok(())
    }

    fn finish(mut self, title: &str) -> Result<Vec<u8>, PdfError> {
        let count = i64::try_from(self.kids.len()).unwrap_or(i64::MAX);
        let tree = dictionary! { "Type" => "Pages", "Kids" => self.kids, "Count" => count };
        self.document.objects.insert(self.pages, tree.into());
        let catalog = self.document.add_object(dictionary! { "Type" => "Catalog", "Pages" => self.pages });
        let info = self.document.add_object(dictionary! {
            "Title" => Object::string_literal(win_ansi(title)),
            "Producer" => Object::string_literal("Scanstelle"),
        });
        self.document.trailer.set("Root", catalog);
        self.document.trailer.set("Info", info);
        save(self.document)
    }
}

fn save(mut document: Document) -> Result<Vec<u8>, PdfError> {
    let mut out = Vec::new();
    document.save_to(&mut out)?;
    Ok(out)
}

fn image_stream(scan: &Scan) -> Result<Stream, PdfError> {
    let (width, height) = scan.image.dimensions();
    let mut dict = dictionary! {
        "Type" => "XObject", "Subtype" => "Image", "ColorSpace" => "DeviceGray",
        "Width" => i64::from(width), "Height" => i64::from(height),
    };
    let data = if scan.bilevel {
        dict.set("BitsPerComponent", 1);
        dict.set("Filter", "CCITTFaxDecode");
        dict.set(
            "DecodeParms",
            dictionary! { "K" => -1, "Columns" => i64::from(width), "Rows" => i64::from(height) },
        );
        crate::tiff::g4(&scan.image)
    } else {
        dict.set("BitsPerComponent", 8);
        dict.set("Filter", "DCTDecode");
        jpeg(&scan.image, scan.dpi)?
    };
    Ok(Stream::new(dict, data).with_compression(false))
}

/// The text of a page; with a skew it is invisible (render mode 3) and lies where the turned image shows it.
fn text_operators(page: &Page, skew: Option<f32>) -> Vec<u8> {
    let (w, h) = page.size;
    let (sin, cos) = skew.unwrap_or(0.0).sin_cos();
    let mode = if skew.is_some() { 3 } else { 0 };
    let mut out = format!("BT {mode} Tr\n").into_bytes();
    for item in &page.items {
        let Item::Text { x, y, size, face, text } = item else { continue };
        // Turned clockwise about the centre; PDF counts upward.
        let (dx, dy) = (x - w / 2.0, y - h / 2.0);
        let (px, py) = (w / 2.0 + dx * cos - dy * sin, h - (h / 2.0 + dx * sin + dy * cos));
        let font = face.pdf_name();
        out.extend(format!("/{font} {size} Tf {cos} {} {sin} {cos} {px} {py} Tm (", -sin).bytes());
        for byte in win_ansi(text) {
            if matches!(byte, b'(' | b')' | b'\\') {
                out.push(b'\\');
            }
            out.push(byte);
        }
        out.extend(b") Tj\n");
    }
    out.extend(b"ET\n");
    out
}

/// Windows-1252; what it lacks becomes a question mark.
fn win_ansi(text: &str) -> Vec<u8> {
    let byte = |c: char| match c {
        '€' => 0x80,
        '‚' => 0x82,
        '„' => 0x84,
        '…' => 0x85,
        '‘' => 0x91,
        '’' => 0x92,
        '“' => 0x93,
        '”' => 0x94,
        '–' => 0x96,
        '—' => 0x97,
        c => u8::try_from(u32::from(c)).unwrap_or(b'?'),
    };
    text.chars().map(byte).collect()
}
