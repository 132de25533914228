//! Documents made here, byte by byte: a PDF with a text layer, a scan without one.

use ab_glyph::{Font, FontVec, PxScale, ScaleFont, point};

const FONTS: [&str; 4] = [
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/TTF/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    "/usr/share/fonts/truetype/freefont/FreeSans.ttf",
];

/// A PDF of one page with this text (ASCII without brackets).
pub fn pdf(text: &str) -> Vec<u8> {
    pdf_of_pages(&[text])
}

/// A PDF with one page for each of these texts (ASCII without brackets).
pub fn pdf_of_pages(texts: &[&str]) -> Vec<u8> {
    let kids: Vec<_> = (0..texts.len()).map(|page| format!("{} 0 R", 4 + 2 * page)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), texts.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    for (page, text) in texts.iter().enumerate() {
        let content = format!("BT /F1 14 Tf 72 700 Td ({text}) Tj ET");
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R \
             /Resources << /Font << /F1 3 0 R >> >> >>",
            5 + 2 * page
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
    }
    let mut bytes = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        offsets.push(bytes.len());
        bytes.extend_from_slice(format!("{number} 0 obj\n{object}\nendobj\n").as_bytes());
    }
    let table = bytes.len();
    bytes.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for offset in offsets {
        bytes.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    let trailer =
        format!("trailer << /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1);
    bytes.extend_from_slice(trailer.as_bytes());
    bytes
}

/// A scan (PNG) of these lines in large clear letters; none if this machine has no font to draw with.
pub fn scan(lines: &[&str]) -> Option<Vec<u8>> {
    let font = FONTS.iter().find_map(|path| FontVec::try_from_vec(std::fs::read(path).ok()?).ok())?;
    let scale = PxScale::from(64.0);
    let scaled = font.as_scaled(scale);
    let mut page = image::GrayImage::from_pixel(1240, 700, image::Luma([255]));
    for (row, line) in lines.iter().enumerate() {
        let (mut x, y) = (100.0_f32, 150.0 + 110.0 * row as f32);
        for letter in line.chars() {
            let id = font.glyph_id(letter);
            if let Some(outline) = font.outline_glyph(id.with_scale_and_position(scale, point(x, y))) {
                let bounds = outline.px_bounds();
                outline.draw(|dx, dy, cover| {
                    let at = (bounds.min.x as u32 + dx, bounds.min.y as u32 + dy);
                    page.put_pixel(at.0, at.1, image::Luma([255 - (cover.min(1.0) * 255.0) as u8]));
                });
            }
            x += scaled.h_advance(id);
        }
    }
    let mut bytes = std::io::Cursor::new(Vec::new());
    page.write_to(&mut bytes, image::ImageFormat::Png).ok()?;
    Some(bytes.into_inner())
}

/// One PDF of these pages of others: which of them, and which page, from 1.
pub fn stacked(program: &str, sources: &[&[u8]], pages: &[(usize, u32)]) -> Vec<u8> {
    use schriftgut::intake::{Bytes, Pages, Sized, Workshop};
    let bytes: Vec<_> = sources.iter().map(|source| Bytes(source)).collect();
    let sized: Vec<Sized<'_>> = bytes.iter().map(|bytes| (bytes as _, bytes.0.len() as u64)).collect();
    let pages = pages.iter().map(|(source, page)| Pages { source: *source, first: *page, last: Some(*page) });
    let made = Workshop::with_program(program).assemble(&sized, &[pages.collect()], false);
    made.unwrap().parts.remove(0).bytes
}
