//! Word since 2007: the body with its tables and text boxes, headers, footers, notes and comments. What was deleted
//! with tracking is left out and noted; hidden text is read and marked.

use std::io;
use std::ops::ControlFlow;

use super::{left_out, main_part};
use crate::intake::reason::Reason;
use crate::intake::worker::package::Package;
use crate::intake::worker::text_pages::{Draft, Serve, TextPages};
use crate::intake::worker::xml::{Piece, Tag};

/// Opens `bytes` and hands the text to `serve`.
pub(in crate::intake::worker) fn open(bytes: &[u8], serve: Serve<'_>) -> Result<io::Result<()>, Reason> {
    let mut package = Package::open(bytes)?;
    let main = main_part(&mut package, "word/document.xml");
    let mut reader = WordReader::default();
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let beside = |package: &Package<'_>, stem: &str| {
        let start = format!("{folder}/{stem}").trim_start_matches('/').to_lowercase();
        package.names(|name| {
            let name = name.to_lowercase();
            name.strip_prefix(&start).and_then(|rest| rest.strip_suffix(".xml")).is_some_and(is_number)
        })
    };
    let headers = beside(&package, "header");
    reader.once_each(&mut package, &headers);
    if !package.walk(&main, &mut |piece| reader.see(piece)) {
        return Err(Reason::Damaged);
    }
    reader.end_part();
    for stem in ["footnotes", "endnotes", "comments"] {
        for part in beside(&package, stem) {
            package.walk(&part, &mut |piece| reader.see(piece));
            reader.end_part();
        }
    }
    let footers = beside(&package, "footer");
    reader.once_each(&mut package, &footers);
    let mut pages = TextPages::default();
    pages.flow(reader.draft.as_str());
    if reader.draft.is_cut() {
        pages.note(Reason::DocumentTooLong);
    }
    if reader.deletions {
        pages.note(Reason::DeletionsLeftOut);
    }
    pages.note_all(left_out(&mut package));
    pages.note_all(package.notes().iter().copied());
    Ok(pages.serve(serve))
}

fn is_number(rest: &str) -> bool {
    rest.chars().all(|c| c.is_ascii_digit())
}

/// What the reader knows while it goes through a part.
#[derive(Default)]
struct WordReader {
    draft: Draft,
    /// Elements of a subtree that is left out.
    skipped: usize,
    /// Inside the properties of something: what stands there is no text.
    properties: usize,
    runs: usize,
    in_text: bool,
    /// This run is hidden.
    hidden: bool,
    /// Hidden text is being written down.
    hiding: bool,
    /// Cells and comments, whose paragraphs stand on one line.
    joined: usize,
    deletions: bool,
}

impl WordReader {
    /// Reads headers or footers: each wording once, they are repeated for first, even and odd pages.
    fn once_each(&mut self, package: &mut Package<'_>, parts: &[String]) {
        let mut seen: Vec<String> = Vec::new();
        for part in parts {
            let mut own = Self::default();
            package.walk(part, &mut |piece| own.see(piece));
            own.end_part();
            self.deletions |= own.deletions;
            let text = own.draft.take();
            if !text.trim().is_empty() && !seen.contains(&text) {
                self.draft.push(&text);
                self.draft.end_line();
                seen.push(text);
            }
        }
    }

    fn see(&mut self, piece: Piece<'_>) -> ControlFlow<()> {
        match piece {
            Piece::Open(_) if self.skipped > 0 => self.skipped += 1,
            Piece::Close(_) if self.skipped > 0 => self.skipped -= 1,
            Piece::Text(_) if self.skipped > 0 => {}
            Piece::Open(tag) => self.open(&tag),
            Piece::Close(name) => self.close(name),
            Piece::Text(text) if self.in_text => self.write(text),
            Piece::Text(_) => {}
        }
        if self.draft.is_cut() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn open(&mut self, tag: &Tag<'_>) {
        match tag.name() {
            "pPr" | "rPr" | "tblPr" | "tblGrid" | "tcPr" | "trPr" | "sectPr" => self.properties += 1,
            "vanish" if self.properties > 0 && self.runs > 0 => self.hidden = !is_off(tag),
            _ if self.properties > 0 => {}
            // The same once more, for programs that do not know the first.
            "Fallback" => self.skipped = 1,
            "del" | "moveFrom" => {
                self.deletions = true;
                self.skipped = 1;
            }
            "footnote" | "endnote" if tag.attribute("type").is_some() => self.skipped = 1,
            "r" => {
                self.runs += 1;
                self.hidden = false;
            }
            "t" => self.in_text = true,
            "tab" | "ptab" => self.write("\t"),
            "br" if tag.has("type", "page") && self.joined == 0 => self.draft.push("\u{c}"),
            "br" | "cr" => self.write("\n"),
            "noBreakHyphen" => self.write("-"),
            "tc" => self.joined += 1,
            "comment" => {
                self.joined += 1;
                let author = tag.attribute("author").filter(|author| !author.is_empty());
                let author = author.map(|author| format!(" von {author}")).unwrap_or_default();
                self.draft.push(&format!("[Kommentar{author}: "));
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "pPr" | "rPr" | "tblPr" | "tblGrid" | "tcPr" | "trPr" | "sectPr" => {
                self.properties = self.properties.saturating_sub(1);
            }
            _ if self.properties > 0 => {}
            "r" => self.runs = self.runs.saturating_sub(1),
            "t" => self.in_text = false,
            "p" => {
                self.show();
                if self.joined > 0 { self.draft.space() } else { self.draft.push("\n") }
            }
            "tc" => {
                self.joined = self.joined.saturating_sub(1);
                self.draft.close("\t");
            }
            "tr" => self.draft.end_line(),
            "comment" => {
                self.joined = self.joined.saturating_sub(1);
                self.draft.close("]\n");
            }
            _ => {}
        }
    }

    fn write(&mut self, text: &str) {
        if self.hidden && !self.hiding {
            self.draft.push("[verborgen: ");
            self.hiding = true;
        } else if !self.hidden {
            self.show();
        }
        self.draft.push(text);
    }

    /// Hidden text ends here.
    fn show(&mut self) {
        if self.hiding {
            self.draft.push("]");
            self.hiding = false;
        }
    }

    /// Parts begin anew, even behind a damaged one.
    fn end_part(&mut self) {
        self.show();
        self.draft.end_line();
        let draft = std::mem::take(&mut self.draft);
        *self = Self { draft, deletions: self.deletions, ..Self::default() };
    }
}

/// `<w:vanish w:val="0"/>` switches off what a style has switched on.
fn is_off(tag: &Tag<'_>) -> bool {
    matches!(tag.attribute("val").as_deref(), Some("0" | "false" | "off"))
}
