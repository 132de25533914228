//! `OpenDocument`: a text flows, a sheet or a slide is a page. Headers and footers, notes and comments are read, what
//! was deleted with tracking is left out and noted, hidden text and sheets are read and marked.

use std::collections::HashSet;
use std::io;
use std::ops::ControlFlow;

use crate::domain::text::MediaType;
use crate::intake::limits::PICTURE_BYTES_NAMED;
use crate::intake::reason::Reason;
use crate::intake::worker::package::Package;
use crate::intake::worker::text_pages::{Draft, Serve, TextPages};
use crate::intake::worker::xml::{Piece, Tag};

/// Most blanks one mark stands for; more are no text.
const BLANKS_MAX: usize = 40;

/// Opens `bytes` and hands the text to `serve`.
pub(in crate::intake::worker) fn open(
    bytes: &[u8],
    media: MediaType,
    serve: Serve<'_>,
) -> Result<io::Result<()>, Reason> {
    let mut package = Package::open(bytes)?;
    if is_encrypted(&mut package) {
        return Err(Reason::Encrypted);
    }
    let mut reader = OdfReader { media: Some(media), ..OdfReader::default() };
    if !package.walk("content.xml", &mut |piece| reader.see(piece)) {
        return Err(Reason::Damaged);
    }
    reader.end_page();
    let mut around = OdfReader { in_masters_only: true, ..OdfReader::default() };
    package.walk("styles.xml", &mut |piece| around.see(piece));
    let around_text = around.draft.take();
    let mut pages = std::mem::take(&mut reader.pages);
    if media == MediaType::Odt {
        let mut text = reader.draft.take();
        if !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&around_text);
        pages.flow(&text);
    } else if !around_text.trim().is_empty() && media == MediaType::Ods {
        pages.page(&around_text);
    }
    if reader.draft.is_cut() {
        pages.note(Reason::DocumentTooLong);
    }
    if reader.deletions {
        pages.note(Reason::DeletionsLeftOut);
    }
    if reader.external {
        pages.note(Reason::ExternalIgnored);
    }
    left_out(&package, &mut pages);
    pages.note_all(package.notes().iter().copied());
    Ok(pages.serve(serve))
}

fn is_encrypted(package: &mut Package<'_>) -> bool {
    let mut found = false;
    package.walk("META-INF/manifest.xml", &mut |piece| {
        found |= matches!(piece, Piece::Open(tag) if tag.name() == "encryption-data");
        if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    found
}

fn left_out(package: &Package<'_>, pages: &mut TextPages) {
    for entry in package.entries().iter().filter(|entry| !entry.is_folder) {
        let name = entry.name.as_str();
        if name.starts_with("Basic/") || name.starts_with("Scripts/") {
            pages.note(Reason::ActiveIgnored);
        } else if name.starts_with("Object ") {
            pages.note(Reason::EmbeddedIgnored);
        } else if name.starts_with("Pictures/") && entry.size_bytes >= PICTURE_BYTES_NAMED {
            pages.note(Reason::PicturesIgnored);
        }
    }
}

/// What the reader knows while it goes through a part.
#[derive(Default)]
struct OdfReader {
    media: Option<MediaType>,
    /// Only headers and footers, as the page styles have them.
    in_masters_only: bool,
    masters: usize,
    pages: TextPages,
    draft: Draft,
    skipped: usize,
    /// Inside a paragraph: elsewhere blanks are only the writing of the XML.
    paragraphs: usize,
    /// Cells, comments and notes, whose paragraphs stand on one line.
    joined: usize,
    notes: usize,
    /// The style that is being defined, and those that hide.
    style: Option<String>,
    hiding_styles: HashSet<String>,
    /// For each open span, whether it is hidden.
    spans: Vec<bool>,
    deletions: bool,
    external: bool,
}

impl OdfReader {
    fn see(&mut self, piece: Piece<'_>) -> ControlFlow<()> {
        match piece {
            Piece::Open(_) if self.skipped > 0 => self.skipped += 1,
            Piece::Close(_) if self.skipped > 0 => self.skipped -= 1,
            Piece::Text(_) if self.skipped > 0 => {}
            Piece::Open(tag) => self.open(&tag),
            Piece::Close(name) => self.close(name),
            Piece::Text(text) if self.is_read() => self.write(text),
            Piece::Text(_) => {}
        }
        if self.draft.is_cut() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn is_read(&self) -> bool {
        self.paragraphs > 0 && (!self.in_masters_only || self.masters > 0)
    }

    fn write(&mut self, text: &str) {
        // Line feeds and runs of blanks are blanks; a line feed that counts is an element.
        for (index, word) in text.split(|c: char| c.is_ascii_whitespace()).enumerate() {
            if index > 0 {
                self.draft.space();
            }
            self.draft.push(word);
        }
    }

    fn open(&mut self, tag: &Tag<'_>) {
        match tag.name() {
            "tracked-changes" => {
                self.deletions = true;
                self.skipped = 1;
            }
            "style" => self.style = tag.attribute("name"),
            "text-properties" if tag.has("display", "none") => self.hides(),
            "table-properties" if tag.has("display", "false") => self.hides(),
            "header" | "footer" | "header-left" | "footer-left" | "header-first" | "footer-first" => {
                self.masters += 1;
            }
            "page" if self.media == Some(MediaType::Odp) => {
                self.end_page();
                if tag.attribute("style-name").is_some_and(|style| self.hiding_styles.contains(&style)) {
                    self.draft.push("[Verborgene Folie]\n");
                }
            }
            "table" if self.media == Some(MediaType::Ods) && self.joined == 0 => self.open_sheet(tag),
            "p" | "h" => self.paragraphs += 1,
            "span" => {
                let style = tag.attribute("style-name").unwrap_or_default();
                let hidden = self.hiding_styles.contains(&style);
                if hidden {
                    self.draft.push("[verborgen: ");
                }
                self.spans.push(hidden);
            }
            "hidden-text" => {
                let text = tag.attribute("string-value").unwrap_or_default();
                self.draft.push(&format!("[verborgen: {text}]"));
                self.skipped = 1;
            }
            "tab" => self.draft.push("\t"),
            "line-break" => self.draft.push("\n"),
            "s" => {
                let blanks = tag.attribute("c").and_then(|count| count.parse().ok()).unwrap_or(1_usize);
                self.draft.push(&" ".repeat(blanks.min(BLANKS_MAX)));
            }
            "table-cell" => self.joined += 1,
            "annotation" => {
                self.joined += 1;
                self.draft.push("[Kommentar: ");
            }
            "note-citation" => self.skipped = 1,
            "note-body" => {
                self.joined += 1;
                self.draft.push(" [Fußnote: ");
            }
            "notes" => {
                self.notes = self.draft.as_str().len();
            }
            "image" | "object" | "object-ole" | "section-source" => {
                let target = tag.attribute("href").unwrap_or_default();
                self.external |= target.contains("://") || target.starts_with("//");
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "style" => self.style = None,
            "header" | "footer" | "header-left" | "footer-left" | "header-first" | "footer-first" => {
                self.masters = self.masters.saturating_sub(1);
            }
            "p" | "h" => {
                let was_read = self.is_read();
                self.paragraphs = self.paragraphs.saturating_sub(1);
                match (was_read, self.joined > 0) {
                    (false, _) => {}
                    (true, true) => self.draft.space(),
                    (true, false) => self.draft.push("\n"),
                }
            }
            "span" if self.spans.pop() == Some(true) => self.draft.push("]"),
            "table-cell" => {
                self.joined = self.joined.saturating_sub(1);
                self.draft.close("\t");
            }
            "table-row" => self.draft.end_line(),
            "annotation" | "note-body" => {
                self.joined = self.joined.saturating_sub(1);
                self.draft.close("] ");
            }
            "notes" => self.mark_notes(),
            _ => {}
        }
    }

    fn hides(&mut self) {
        if let Some(style) = &self.style {
            self.hiding_styles.insert(style.clone());
        }
    }

    fn open_sheet(&mut self, tag: &Tag<'_>) {
        self.end_page();
        if tag.attribute("style-name").is_some_and(|style| self.hiding_styles.contains(&style)) {
            self.draft.push("[Verborgenes Blatt] ");
        }
        self.draft.push(&tag.attribute("name").unwrap_or_default());
        self.draft.end_line();
    }

    /// What stands behind the slide's own words are its notes.
    fn mark_notes(&mut self) {
        let mut text = self.draft.take();
        let notes = text.split_off(self.notes.min(text.len()));
        self.draft.push(&text);
        if !notes.trim().is_empty() {
            self.draft.end_line();
            self.draft.push(&format!("[Notizen] {}\n", notes.trim()));
        }
    }

    /// A sheet or a slide ends, if one was begun; a text has no pages of its own.
    fn end_page(&mut self) {
        if matches!(self.media, Some(MediaType::Ods | MediaType::Odp)) {
            let text = self.draft.take();
            if !text.is_empty() {
                self.pages.page(&text);
            }
        }
    }
}
