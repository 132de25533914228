//! The engine: a grey image goes to tesseract through a pipe, a table of words comes back. Which image and which model is not
//! decided here.
//!
//! tesseract is a child of the worker and lives inside the same fences. No file is written: image
//! and table only pass through pipes.

use std::io::{self, Read, Write};
use std::process::{Child, Command, Stdio};

use image::GrayImage;
use unicode_normalization::UnicodeNormalization;

use super::empty_page;
use crate::domain::text::{PageText, TextSource, WordBox};
use crate::intake::limits::PAGE_TEXT_BYTES_MAX;
use crate::intake::reason::Reason;
use crate::intake::wire::Fault;
use crate::intake::worker::PageError;

/// The program; found through `PATH`, which the parent sets.
pub(in crate::intake::worker) const PROGRAM: &str = "tesseract";
/// Words below this confidence are taken for specks and stains. Low on purpose: a doubtful word that
/// can be searched is worth more than a gap.
const CONFIDENCE_MIN: f32 = 15.0;
/// Tokens without letter or digit must be surer than words: stains are mostly read as punctuation.
const CONFIDENCE_MIN_SIGNS: f32 = 60.0;
/// Most bytes of tesseract's table, beyond which the page counts as too long.
const TABLE_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Most bytes of tesseract's complaints that are looked at.
const COMPLAINT_BYTES_MAX: u64 = 64 * 1024;

/// The words of `image` with this model or these models, as page `number`.
pub(super) fn words(
    image: &GrayImage,
    dpi: u32,
    number: u32,
    languages: &str,
) -> Result<PageText, PageError> {
    Ok(page_of(&run(image, dpi, languages)?, number, image.dimensions()))
}

fn run(image: &GrayImage, dpi: u32, languages: &str) -> Result<String, PageError> {
    let mut child = Command::new(PROGRAM)
        .args(["stdin", "stdout", "-l", languages, "--psm", "3", "--dpi", &dpi.to_string()])
        .args(["-c", "tessedit_create_tsv=1"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|_| PageError::Fault(Fault::OcrMissing))?;
    let talked = talk(&mut child, image);
    let status = child.wait().map_err(|_| Reason::RecognitionFailed)?;
    let (table, complaint) = talked.map_err(|_| Reason::RecognitionFailed)?;
    if complaint.contains("Error opening data file") || complaint.contains("Failed loading language") {
        return Err(PageError::Fault(Fault::OcrLanguage));
    }
    if !status.success() {
        return Err(Reason::RecognitionFailed.into());
    }
    Ok(table)
}

/// Feeds the image as PGM and collects table and complaints, all three pipes at once.
fn talk(child: &mut Child, image: &GrayImage) -> io::Result<(String, String)> {
    let missing = || io::Error::from(io::ErrorKind::BrokenPipe);
    let mut stdin = child.stdin.take().ok_or_else(missing)?;
    let stdout = child.stdout.take().ok_or_else(missing)?;
    let stderr = child.stderr.take().ok_or_else(missing)?;
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let (width, height) = image.dimensions();
            // A reader that went away says why through its exit status.
            let _ = write!(stdin, "P5\n{width} {height}\n255\n").and_then(|()| stdin.write_all(image));
        });
        let complaint = scope.spawn(move || {
            let mut text = Vec::new();
            let _ = stderr.take(COMPLAINT_BYTES_MAX).read_to_end(&mut text);
            String::from_utf8_lossy(&text).into_owned()
        });
        let mut table = Vec::new();
        let _ = stdout.take(TABLE_BYTES_MAX).read_to_end(&mut table)?;
        let table = String::from_utf8_lossy(&table).into_owned();
        Ok((table, complaint.join().unwrap_or_default()))
    })
}

/// One line of tesseract's table that holds a word.
struct Row<'t> {
    line: (u32, u32, u32),
    left: u32,
    top: u32,
    width: u32,
    height: u32,
    confidence: f32,
    word: &'t str,
}

/// Columns: level page block paragraph line word left top width height confidence text.
fn row(line: &str) -> Option<Row<'_>> {
    let mut cells = line.splitn(12, '\t');
    let level: u32 = cells.next()?.parse().ok()?;
    let mut number = || cells.next()?.parse::<u32>().ok();
    let (_, block, paragraph, of_line, _) = (number()?, number()?, number()?, number()?, number()?);
    let (left, top, width, height) = (number()?, number()?, number()?, number()?);
    let confidence: f32 = cells.next()?.parse().ok()?;
    let word = cells.next()?.trim();
    let line = (block, paragraph, of_line);
    let floor = if word.chars().any(char::is_alphanumeric) { CONFIDENCE_MIN } else { CONFIDENCE_MIN_SIGNS };
    let taken = level == 5 && !word.is_empty() && confidence >= floor;
    taken.then_some(Row { line, left, top, width, height, confidence, word })
}

fn page_of(table: &str, number: u32, (width, height): (u32, u32)) -> PageText {
    let mut page = empty_page(number);
    let mut last_line = None;
    let mut confidences = 0.0;
    let across = |pixels: u32| (pixels as f32 / width as f32).clamp(0.0, 1.0);
    let down = |pixels: u32| (pixels as f32 / height as f32).clamp(0.0, 1.0);
    for row in table.lines().filter_map(row) {
        let word: String = row.word.nfc().collect();
        if page.text.len() + word.len() + 1 > PAGE_TEXT_BYTES_MAX {
            break;
        }
        if let Some(last) = last_line {
            page.text.push(if last == row.line { ' ' } else { '\n' });
        }
        last_line = Some(row.line);
        let start = page.text.len() as u32;
        page.text.push_str(&word);
        page.words.push(WordBox {
            start,
            end: page.text.len() as u32,
            left: across(row.left),
            top: down(row.top),
            width: across(row.width),
            height: down(row.height),
        });
        confidences += row.confidence;
    }
    if !page.words.is_empty() {
        page.source = TextSource::Recognised;
        page.confidence = Some((confidences / page.words.len() as f32).clamp(0.0, 100.0) as u8);
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
        4\t1\t1\t1\t1\t0\t10\t10\t80\t20\t-1\t\n\
        5\t1\t1\t1\t1\t1\t10\t10\t30\t20\t96.5\tStadt\n\
        5\t1\t1\t1\t1\t2\t50\t10\t30\t20\t90.1\tMu\u{308}nster\n\
        5\t1\t1\t1\t1\t3\t90\t10\t5\t20\t31.0\t|\n\
        5\t1\t1\t1\t2\t1\t10\t40\t30\t20\t3.0\tFleck\n\
        5\t1\t1\t1\t2\t2\t10\t40\t30\t20\t87.4\tAmt\n";

    #[test]
    fn the_table_becomes_lines_of_words_with_boxes() {
        let page = page_of(TABLE, 3, (100, 200));
        assert_eq!(page.text, "Stadt Münster\nAmt");
        assert_eq!(page.words.len(), 3);
        assert_eq!(page.confidence, Some(91));
        assert_eq!(page.words[0].left, 0.1);
        assert_eq!(page.words[0].top, 0.05);
        assert_eq!(page.source, TextSource::Recognised);
        for (word, expected) in page.words.iter().zip(["Stadt", "Münster", "Amt"]) {
            assert_eq!(&page.text[word.start as usize..word.end as usize], expected);
        }
    }

    #[test]
    fn a_table_without_words_is_an_empty_page() {
        assert_eq!(page_of("level\tpage\n", 1, (10, 10)).source, TextSource::Empty);
    }
}
