//! Dividers as PDF, to be printed: A4, one sheet a page, with the standard fonts every reader has. The code stands on it twice,
//! so that one of them may be torn or stamped over; all it says stands beside it in clear text.

use pdf_writer::{Content, Name, Pdf, Rect, Ref, Str, TextStr};
use qrcode::{Color, EcLevel, QrCode};

/// A4 in points.
const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
/// Space at the left and the right.
const MARGIN: f32 = 50.0;
/// Side of a code: 45 mm, so that one module is five pixels at 100 dpi.
const CODE_SIDE: f32 = 127.6;
/// A letter of Courier is so wide, in ems.
const COURIER: f32 = 0.6;
/// Most lines of a title; what is longer is cut with dots (the file is found by its reference number).
const TITLE_LINES_MAX: usize = 4;
const HEADING_FONT: Name<'_> = Name(b"F1");
const TEXT_FONT: Name<'_> = Name(b"F2");
const STRONG_FONT: Name<'_> = Name(b"F3");

/// The file a divider is the cover sheet of, as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverText {
    /// The reference number.
    pub reference: String,
    /// The title.
    pub title: String,
    /// Class and its title.
    pub class: String,
}

/// A sheet to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Name of the registry.
    pub registry: String,
    /// The file, if it is a cover sheet.
    pub cover: Option<CoverText>,
    /// The register, in words.
    pub register: Option<String>,
    /// What the code says.
    pub code: String,
}

/// The sheets, one a page. A code that is too long to be drawn stands in clear text only, and whoever scans it is told; none
/// of [`super::DividerCode`] is.
#[must_use]
pub fn pdf(sheets: &[Sheet]) -> Vec<u8> {
    let (catalog, tree, info) = (Ref::new(1), Ref::new(2), Ref::new(3));
    let fonts = [(HEADING_FONT, "Helvetica-Bold"), (TEXT_FONT, "Courier"), (STRONG_FONT, "Courier-Bold")];
    let font_ref = |at: usize| Ref::new(4 + at as i32);
    let page_ref = |at: usize| Ref::new(10 + 2 * at as i32);
    let content_ref = |at: usize| Ref::new(11 + 2 * at as i32);
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(tree);
    pdf.document_info(info).title(TextStr("Trenn- und Deckblätter")).producer(TextStr("schriftgut"));
    for (at, (_, base)) in fonts.iter().enumerate() {
        pdf.type1_font(font_ref(at))
            .base_font(Name(base.as_bytes()))
            .encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    pdf.pages(tree).kids((0..sheets.len()).map(page_ref)).count(sheets.len() as i32);
    for (at, sheet) in sheets.iter().enumerate() {
        let mut page = pdf.page(page_ref(at));
        page.parent(tree).media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).contents(content_ref(at));
        let mut resources = page.resources();
        let mut names = resources.fonts();
        fonts.iter().enumerate().for_each(|(at, (name, _))| {
            names.pair(*name, font_ref(at));
        });
        drop(names);
        drop(resources);
        drop(page);
        pdf.stream(content_ref(at), &drawn(sheet));
    }
    pdf.finish()
}

fn drawn(sheet: &Sheet) -> Vec<u8> {
    let mut content = Content::new();
    let heading = match sheet.cover {
        Some(_) => "SCHRIFTGUT-DECKBLATT",
        None => "SCHRIFTGUT-TRENNBLATT",
    };
    line(&mut content, HEADING_FONT, 34.0, HEIGHT - 90.0, heading);
    line(&mut content, TEXT_FONT, 14.0, HEIGHT - 120.0, &sheet.registry);
    code(&mut content, &sheet.code, MARGIN, HEIGHT - 290.0);
    code(&mut content, &sheet.code, WIDTH - MARGIN - CODE_SIDE, 110.0);
    let mut below = HEIGHT - 340.0;
    let mut write = |font, size: f32, text: &str, lines_max| {
        for text in wrapped(text, size, lines_max) {
            line(&mut content, font, size, below, &text);
            below -= size * 1.5;
        }
    };
    match &sheet.cover {
        Some(cover) => {
            write(TEXT_FONT, 14.0, "Hier beginnt ein Dokument der Akte", 1);
            write(STRONG_FONT, 24.0, &cover.reference, TITLE_LINES_MAX);
            write(STRONG_FONT, 14.0, &cover.title, TITLE_LINES_MAX);
            write(TEXT_FONT, 12.0, &cover.class, TITLE_LINES_MAX);
        }
        None => {
            write(STRONG_FONT, 20.0, "Hier beginnt ein neues Dokument.", 1);
            write(TEXT_FONT, 12.0, "Es gehört in die Akte des Deckblatts davor,", 1);
            write(TEXT_FONT, 12.0, "sonst dorthin, wo der Stapel liegt.", 1);
        }
    }
    if let Some(register) = &sheet.register {
        write(STRONG_FONT, 14.0, register, 2);
    }
    line(
        &mut content,
        TEXT_FONT,
        10.0,
        84.0,
        "Bitte nicht beschreiben und nicht lochen. Die Rückseite bleibt leer.",
    );
    line(
        &mut content,
        TEXT_FONT,
        10.0,
        70.0,
        "Das Blatt kommt nicht in die Akte und kann wieder verwendet werden.",
    );
    let first: String = sheet.code.chars().take(100).collect();
    line(&mut content, TEXT_FONT, 7.0, 50.0, &first);
    content.finish().to_vec()
}

fn line(content: &mut Content, font: Name<'_>, size: f32, below: f32, text: &str) {
    content.begin_text().set_font(font, size).next_line(MARGIN, below);
    content.show(Str(&win_ansi(text))).end_text();
}

/// The modules of a code as rectangles, those of a row that touch as one.
fn code(content: &mut Content, text: &str, left: f32, bottom: f32) {
    let Ok(drawn) = QrCode::with_error_correction_level(text, EcLevel::Q) else { return };
    let (side, colours) = (drawn.width(), drawn.to_colors());
    let module = CODE_SIDE / side as f32;
    for (row, colours) in colours.chunks(side).enumerate() {
        let below = bottom + CODE_SIDE - (row as f32 + 1.0) * module;
        let mut at = 0;
        while at < side {
            let run = colours[at..].iter().take_while(|colour| **colour == Color::Dark).count();
            if run > 0 {
                content.rect(left + at as f32 * module, below, run as f32 * module, module);
            }
            at += run.max(1);
        }
    }
    content.fill_nonzero();
}

/// Text in lines that fit the page; dots where it goes on beyond the last one.
fn wrapped(text: &str, size: f32, lines_max: usize) -> Vec<String> {
    let fit = ((WIDTH - 2.0 * MARGIN) / (size * COURIER)) as usize;
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let mut letters: Vec<char> = word.chars().collect();
        while !letters.is_empty() {
            let Some(last) = lines.last_mut() else { return lines };
            let used = last.chars().count();
            let room = fit.saturating_sub(if used == 0 { 0 } else { used + 1 });
            if letters.len() > room && (used > 0 || room == 0) {
                lines.push(String::new());
                continue;
            }
            if used > 0 {
                last.push(' ');
            }
            last.extend(letters.drain(..room.min(letters.len())));
        }
    }
    if lines.len() > lines_max {
        lines.truncate(lines_max);
        if let Some(last) = lines.last_mut() {
            let kept: String = last.chars().take(fit.saturating_sub(3)).collect();
            *last = kept + "...";
        }
    }
    lines
}

/// The bytes of a text in the encoding of the standard fonts (Windows-1252); a letter it has not becomes a question mark.
fn win_ansi(text: &str) -> Vec<u8> {
    let byte = |letter: char| match letter {
        ' '..='~' | '\u{a0}'..='\u{ff}' => letter as u32 as u8,
        '€' => 0x80,
        '‚' => 0x82,
        '„' => 0x84,
        '…' => 0x85,
        'Š' => 0x8a,
        'Ž' => 0x8e,
        '‘' => 0x91,
        '’' => 0x92,
        '“' => 0x93,
        '”' => 0x94,
        '–' => 0x96,
        '—' => 0x97,
        'š' => 0x9a,
        'ž' => 0x9e,
        _ => b'?',
    };
    text.chars().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_title_is_wrapped_and_what_is_cut_says_so() {
        let fit = ((WIDTH - 2.0 * MARGIN) / (14.0 * COURIER)) as usize;
        let lines = wrapped(&"Neubau einer Doppelgarage ".repeat(4), 14.0, 4);
        assert!(lines.len() == 2 && lines.iter().all(|line| line.chars().count() <= fit), "{lines:?}");
        assert_eq!(lines.join(" "), "Neubau einer Doppelgarage ".repeat(4).trim());
        let cut = wrapped(&"x".repeat(1000), 14.0, 2);
        assert!(cut.len() == 2 && cut[1].ends_with("...") && cut[1].chars().count() <= fit);
        assert_eq!(wrapped("", 14.0, 2), [""]);
    }

    #[test]
    fn german_letters_are_printed_as_they_are() {
        assert_eq!(win_ansi("Größe „5 €“"), b"Gr\xf6\xdfe \x845 \x80\x93");
        assert_eq!(win_ansi("→"), b"?");
    }
}
