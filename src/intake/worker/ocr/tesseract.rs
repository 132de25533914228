//! The engine: a grey image goes to tesseract through a pipe, a table of words comes back. Which image and which model is not
//! decided here.
//!
//! tesseract is a child of the worker and lives inside the same fences. No file is written: image
//! and table only pass through pipes.

use std::io::{self, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use image::GrayImage;
use rustix::process::{Pid, Signal, kill_process};
use unicode_normalization::UnicodeNormalization;

use super::empty_page;
use crate::domain::text::{PageText, TextSource, WordBox};
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

/// What tesseract is to expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// A page: columns, paragraphs, lines.
    Page,
    /// Writing strewn over a drawing.
    Strewn,
}

impl Layout {
    /// tesseract's number for it.
    fn mode(self) -> &'static str {
        match self {
            Self::Page => "3",
            Self::Strewn => "11",
        }
    }
}

/// How an image is to be recognised.
#[derive(Clone, Copy)]
pub(super) struct Way<'l> {
    /// With this model or these models.
    pub(super) languages: &'l str,
    pub(super) layout: Layout,
    /// After so long the engine is ended and nothing was read; none if only the page's own limit holds.
    pub(super) within: Option<Duration>,
}

/// A word that was recognised; lengths in pixels of the image.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) line: (u32, u32, u32),
    pub(super) left: u32,
    pub(super) top: u32,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) confidence: f32,
    pub(super) word: String,
}

/// The words of `image` with this model or these models, as page `number`.
pub(super) fn words(
    image: &GrayImage,
    dpi: u32,
    number: u32,
    languages: &str,
) -> Result<PageText, PageError> {
    let way = Way { languages, layout: Layout::Page, within: None };
    Ok(page_of(found(image, dpi, way)?, number, image.dimensions()))
}

/// The words of `image` one by one.
pub(super) fn found(image: &GrayImage, dpi: u32, way: Way<'_>) -> Result<Vec<Found>, PageError> {
    Ok(run(image, dpi, way)?.lines().filter_map(row).collect())
}

fn run(image: &GrayImage, dpi: u32, way: Way<'_>) -> Result<String, PageError> {
    let mut child = Command::new(PROGRAM)
        .args(["stdin", "stdout", "-l", way.languages, "--psm", way.layout.mode(), "--dpi", &dpi.to_string()])
        .args(["-c", "tessedit_create_tsv=1"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|_| PageError::Fault(Fault::OcrMissing))?;
    let talked = talk(&mut child, image, way.within);
    let status = child.wait().map_err(|_| Reason::RecognitionFailed)?;
    let (table, complaint, was_ended) = talked.map_err(|_| Reason::RecognitionFailed)?;
    if was_ended {
        return Err(Reason::PageTooSlow.into());
    }
    if complaint.contains("Error opening data file") || complaint.contains("Failed loading language") {
        return Err(PageError::Fault(Fault::OcrLanguage));
    }
    if !status.success() {
        return Err(Reason::RecognitionFailed.into());
    }
    Ok(table)
}

/// Feeds the image as PGM and collects table and complaints, all three pipes at once; whether the engine was ended because
/// its time was over.
fn talk(
    child: &mut Child,
    image: &GrayImage,
    within: Option<Duration>,
) -> io::Result<(String, String, bool)> {
    let missing = || io::Error::from(io::ErrorKind::BrokenPipe);
    let mut stdin = child.stdin.take().ok_or_else(missing)?;
    let stdout = child.stdout.take().ok_or_else(missing)?;
    let stderr = child.stderr.take().ok_or_else(missing)?;
    // Nobody has waited for it yet, so its number is its own.
    let engine = Pid::from_child(child);
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
        let (done, clock) = channel::<()>();
        let watcher = within.map(|within| {
            scope.spawn(move || {
                let is_over = clock.recv_timeout(within) == Err(RecvTimeoutError::Timeout);
                is_over && kill_process(engine, Signal::KILL).is_ok()
            })
        });
        let mut table = Vec::new();
        let read = stdout.take(TABLE_BYTES_MAX).read_to_end(&mut table);
        drop(done);
        let was_ended = watcher.is_some_and(|watcher| watcher.join().unwrap_or(false));
        let _ = read?;
        let table = String::from_utf8_lossy(&table).into_owned();
        Ok((table, complaint.join().unwrap_or_default(), was_ended))
    })
}

/// Columns: level page block paragraph line word left top width height confidence text.
fn row(line: &str) -> Option<Found> {
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
    taken.then(|| Found { line, left, top, width, height, confidence, word: word.nfc().collect() })
}

/// The page that words make, given in the order of reading.
pub(super) fn page_of(
    found: impl IntoIterator<Item = Found>,
    number: u32,
    (width, height): (u32, u32),
) -> PageText {
    let mut page = empty_page(number);
    let mut last_line = None;
    let mut confidences = 0.0;
    let across = |pixels: u32| (pixels as f32 / width as f32).clamp(0.0, 1.0);
    let down = |pixels: u32| (pixels as f32 / height as f32).clamp(0.0, 1.0);
    for row in found {
        let word = row.word;
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
        let page = page_of(TABLE.lines().filter_map(row), 3, (100, 200));
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
        assert_eq!(page_of("level\tpage\n".lines().filter_map(row), 1, (10, 10)).source, TextSource::Empty);
    }
}
