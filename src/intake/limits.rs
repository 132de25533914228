//! Every limit of intake, by name. Passing one is an outcome with a reason, never a silent cut.

use std::time::Duration;

const MIB: u64 = 1024 * 1024;

/// Restarts of the worker within one document, each behind a page on which it died.
pub const RESTARTS_MAX: u32 = 20;
/// Pages one worker reads before a fresh one takes over, so that no cache grows with the document.
pub const PAGES_PER_WORKER: u32 = 250;
/// Widest page image handed out, in pixels.
pub const IMAGE_WIDTH_MAX: u32 = 4096;
/// Narrowest page image handed out, in pixels.
pub const IMAGE_WIDTH_MIN: u32 = 16;
/// Longest message line between worker and parent, in bytes. A page with its boxes fits ten times.
pub const LINE_BYTES_MAX: u64 = 32 * MIB;
/// Longest text of one page, in bytes; an A0 plan in small print has a fraction of it.
pub const PAGE_TEXT_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Most glyphs looked at on one page.
pub const PAGE_GLYPHS_MAX: usize = 500_000;
/// Resolution at which pages are drawn that are only looked at, in dots per inch.
pub const LOOK_DPI: f32 = 150.0;
/// Pixels of the image handed to recognition; larger pages are recognised at a lower resolution.
pub const OCR_PIXELS_MAX: u64 = 40_000_000;
/// Longest side of a plan, in pixels: four metres at 1200 dpi.
pub const PLAN_SIDE_MAX: u32 = 200_000;
/// Most bytes of one piece of an image (a strip, a row of tiles) that are decoded at once, where pieces are decoded (64 MiB).
pub const PIECE_BYTES_MAX: u64 = 64 * MIB;
/// Resolution at which pages are drawn for recognition, in dots per inch.
pub const OCR_DPI: f32 = 300.0;
/// Most square codes on one page that are handed on; beyond, the page counts as unclear.
pub const CODES_PER_PAGE_MAX: usize = 8;
/// Longest text of one square code that is handed on, in bytes; all a divider says fits four times.
pub const CODE_BYTES_MAX: usize = 512;
/// Longest name of an engine, in bytes.
pub const ENGINE_BYTES_MAX: usize = 256;
/// Lines that make one page of plain text that has no form feeds.
pub const PLAIN_LINES_PER_PAGE: usize = 100;
/// Text of one sheet, slide or mail that makes one page; what is longer goes on on the next, so nothing is lost.
pub const TEXT_PAGE_BYTES: usize = 256 * 1024;
/// Most text taken from one document that is text, in bytes: some 30,000 typed pages.
pub const DOCUMENT_TEXT_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Most parts of one package (ZIP, office document).
pub const PARTS_MAX: u64 = 50_000;
/// Most bytes unpacked from one package, all its parts together.
pub const UNPACKED_BYTES_MAX: u64 = 256 * MIB;
/// Most bytes unpacked from a spreadsheet that has to be in memory as a whole.
pub const SPREADSHEET_BYTES_MAX: u64 = 192 * MIB;
/// Deepest nesting of elements in XML, and of groups in RTF.
pub const NESTING_MAX: usize = 512;
/// Deepest nesting of a mail in a mail.
pub const MAIL_NESTING_MAX: usize = 3;
/// Smallest picture in a text that is named as not looked at, in bytes; smaller ones are logos and bullets.
pub const PICTURE_BYTES_NAMED: u64 = 100 * 1024;
/// Memory for a document that is text, over and above its own bytes and the parser's virtual stack.
pub const TEXT_MEMORY_BYTES: u64 = 512 * MIB;
/// Processor time for a document that is text, in seconds.
pub const TEXT_CPU_SECONDS: u64 = 60;
/// Most bytes of all documents that are taken apart or put together at once (128 MiB): they are held in memory several times.
pub const ASSEMBLED_BYTES_MAX: u64 = 128 * MIB;
/// Most pages of all documents that are taken apart or put together at once: each is drawn twice, to see that nothing changed.
pub const ASSEMBLED_PAGES_MAX: u32 = 1_000;
/// Most files that come out of a file in one round, and about how many bytes of them (32 MiB): one append to the ledger.
pub const UNPACKED_PER_ROUND: u32 = 200;
/// See [`UNPACKED_PER_ROUND`].
pub const UNPACKED_PER_ROUND_BYTES: u64 = 32 * MIB;
/// Most files that come out of one file that was taken in, containers in containers counted along.
pub const CONTAINED_MAX: u32 = 10_000;
/// How deep a container may lie in containers for its own contents to come out.
pub const CONTAINED_DEPTH_MAX: u32 = 3;
/// Longest path of a file inside a file, in characters.
pub const CONTAINED_PATH_CHARS_MAX: usize = 400;
/// Largest document that is made into a PDF to be read, in bytes; it lies in memory meanwhile.
pub const CONVERTED_BYTES_MAX: u64 = 64 * MIB;
/// Largest PDF made to be read, in bytes.
pub const RENDITION_BYTES_MAX: u64 = 64 * MIB;
/// Largest file that the office program may write in its folder in memory, in bytes.
pub const SCRATCH_FILE_BYTES_MAX: u64 = 128 * MIB;
/// Address space of the office program, in bytes: four times what it needs for a letter.
pub const CONVERTER_MEMORY_BYTES: u64 = 2048 * MIB;
/// Time of the office program for one document, in seconds, by the clock and by the processor's.
pub const CONVERTER_SECONDS: u64 = 60;
/// Pages looked at until what drawing remembers is forgotten.
pub const PAGES_PER_LOOK: u32 = 50;
/// Width at which pages are drawn to see that they look as before, in pixels.
pub const LOOK_WIDTH: u32 = 256;
/// Stack of the thread that parses PDF, in bytes: virtual, only used by deep nesting.
pub const PARSER_STACK_BYTES: usize = 256 * 1024 * 1024;

/// What one worker may use. Every field has a default that suits scans up to A0.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Address space of the worker and of each recognition process, in bytes (1.5 GiB, of which
    /// 256 MiB are the parser's virtual stack).
    pub memory_bytes: u64,
    /// Processor time of one worker (at most [`PAGES_PER_WORKER`] pages), in seconds (600).
    pub cpu_seconds: u64,
    /// Longest wait for one page, recognition included (60 s).
    pub page_wall: Duration,
    /// Longest time for one document (6 h: a thousand-page scan needs about one).
    pub document_wall: Duration,
    /// Largest document, in bytes (512 MiB).
    pub input_bytes_max: u64,
    /// Most pages read of one document (20,000).
    pub pages_max: u32,
    /// Most pixels of one image, checked before it is decoded (600 megapixels: A0 at 600 dpi has 558).
    pub pixels_max: u64,
    /// Most pixels of an image that is decoded whole (100 megapixels). What has more is decoded in pieces and made smaller on
    /// the way; what cannot be, is not read.
    pub whole_pixels_max: u64,
    /// Most bytes taken from the workers of one document (1 GiB).
    pub output_bytes_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_bytes: 1536 * MIB,
            cpu_seconds: 600,
            page_wall: Duration::from_secs(60),
            document_wall: Duration::from_secs(6 * 3600),
            input_bytes_max: 512 * MIB,
            pages_max: 20_000,
            pixels_max: 600_000_000,
            whole_pixels_max: 100_000_000,
            output_bytes_max: 1024 * MIB,
        }
    }
}
