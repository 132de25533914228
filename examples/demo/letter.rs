//! Layout: the text of a letter becomes pages of placed items, in points from the upper left corner.
//!
//! Every line of a template is a paragraph, or begins with a mark: `# ` heading, `## ` small heading, `> ` to the
//! right, `| label | value` form row, `---` rule, `===` new page, `!stamp a / b`, `!seal`, `!sign Name`, `!head`,
//! `!plan rooms…`, `!site`, `!form` small print. Nothing here knows pixels or PDF.

use crate::fonts::{Face, Faces};
use crate::plan;

/// A4 in points.
pub const A4: (f32, f32) = (595.0, 842.0);
/// A1 across, in points.
pub const A1: (f32, f32) = (2384.0, 1684.0);

const MARGIN_LEFT: f32 = 72.0;
const MARGIN_RIGHT: f32 = 56.0;
const MARGIN_TOP: f32 = 64.0;
const MARGIN_BOTTOM: f32 = 70.0;
/// Where the values of form rows begin, from the left margin.
const VALUE_INDENT: f32 = 165.0;

/// Something at a place on a page.
pub enum Item {
    /// A line of text; `y` is its base line.
    Text { x: f32, y: f32, size: f32, face: Face, text: String },
    /// A straight stroke.
    Line { from: (f32, f32), to: (f32, f32), width: f32 },
    /// A rectangular rubber stamp with its upper left corner here.
    Stamp { x: f32, y: f32, lines: Vec<String> },
    /// A round seal with text on its ring, centred here.
    Seal { x: f32, y: f32, ring: String },
    /// A signature that begins here.
    Signature { x: f32, y: f32 },
}

/// A page and what is on it.
pub struct Page {
    /// Width and height in points.
    pub size: (f32, f32),
    /// In reading order.
    pub items: Vec<Item>,
}

impl Page {
    /// What a reader sees as text, line by line.
    pub fn text(&self) -> String {
        let lines = self.items.iter().filter_map(|item| match item {
            Item::Text { text, .. } => Some(text.as_str()),
            _ => None,
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// How a letter looks.
pub struct Style<'a> {
    /// Face of the running text.
    pub face: Face,
    /// Face of headings.
    pub bold: Face,
    /// Size of the running text in points.
    pub size: f32,
    /// Size of the sheet in points.
    pub sheet: (f32, f32),
    /// First line of the letterhead; the others follow, parted by ` / `.
    pub head: &'a str,
    /// Text on the ring of the seal.
    pub seal: &'a str,
}

/// Sets a letter. At least one page, possibly empty.
pub fn set(text: &str, style: &Style, faces: &Faces) -> Vec<Page> {
    let mut setter = Setter { style, faces, pages: Vec::new(), y: 0.0 };
    setter.new_page();
    text.lines().for_each(|line| setter.line(line.trim_end()));
    setter.pages
}

struct Setter<'a> {
    style: &'a Style<'a>,
    faces: &'a Faces,
    pages: Vec<Page>,
    y: f32,
}

impl Setter<'_> {
    fn line(&mut self, line: &str) {
        let size = self.style.size;
        if let Some(command) = line.strip_prefix('!') {
            self.command(command);
        } else if let Some(text) = line.strip_prefix("# ") {
            self.y += size * 0.6;
            self.paragraph(text, self.style.bold, size * 1.3);
            self.y += size * 0.4;
        } else if let Some(text) = line.strip_prefix("## ") {
            self.y += size * 0.3;
            self.paragraph(text, self.style.bold, size);
        } else if let Some(text) = line.strip_prefix("> ") {
            self.advance(size);
            let x = self.right() - self.faces.width(self.style.face, size, text);
            self.text(x, text, self.style.face, size);
        } else if let Some(row) = line.strip_prefix("| ") {
            self.form_row(row);
        } else if line == "---" {
            self.y += size * 0.5;
            self.rule(MARGIN_LEFT, self.right(), 0.8);
            self.y += size * 0.3;
        } else if line == "===" {
            self.new_page();
        } else if line.is_empty() {
            self.y += size * 0.75;
        } else {
            self.paragraph(line, self.style.face, size);
        }
    }

    fn command(&mut self, command: &str) {
        let (word, rest) = command.split_once(' ').unwrap_or((command, ""));
        let right = self.right();
        match word {
            "head" => self.letterhead(),
            "stamp" => {
                let lines = rest.split(" / ").map(str::to_owned).collect();
                let y = self.y + 4.0;
                self.put(Item::Stamp { x: right - 150.0, y, lines });
            }
            "seal" => {
                let (y, ring) = (self.y + 46.0, self.style.seal.to_owned());
                self.put(Item::Seal { x: right - 75.0, y, ring });
            }
            "sign" => self.signature(rest),
            "plan" => {
                let area = (MARGIN_LEFT, self.y + 30.0, right, self.bottom());
                let items = plan::floor(rest, area, self.style.size * 0.85);
                items.into_iter().for_each(|item| self.put(item));
            }
            "site" => {
                let area = (MARGIN_LEFT, self.y + 40.0, right, self.bottom());
                plan::site(rest, area).into_iter().for_each(|item| self.put(item));
            }
            _ => self.paragraph(rest, Face::Serif, 8.0),
        }
    }

    fn letterhead(&mut self) {
        let mut lines = self.style.head.split(" / ");
        let name = lines.next().unwrap_or_default();
        self.advance(17.0);
        self.text(MARGIN_LEFT, name, Face::SerifBold, 17.0);
        for line in lines {
            self.advance(9.5);
            self.text(MARGIN_LEFT, line, Face::Serif, 9.5);
        }
        self.y += 6.0;
        self.rule(MARGIN_LEFT, self.right(), 1.2);
        self.y += 14.0;
    }

    fn signature(&mut self, name: &str) {
        self.need(70.0);
        let y = self.y + 26.0;
        self.put(Item::Signature { x: MARGIN_LEFT + 8.0, y });
        self.y += 44.0;
        self.paragraph(name, self.style.face, self.style.size);
    }

    fn form_row(&mut self, row: &str) {
        let (label, value) = row.split_once(" | ").unwrap_or((row, ""));
        let size = self.style.size;
        let lines = self.wrap(value.trim(), self.style.face, size, self.right() - MARGIN_LEFT - VALUE_INDENT);
        for (i, line) in lines.iter().enumerate() {
            self.advance(size * 1.08);
            if i == 0 {
                self.text(MARGIN_LEFT, label.trim(), Face::Serif, 10.0);
            }
            self.text(MARGIN_LEFT + VALUE_INDENT, line, self.style.face, size);
        }
        self.y += 4.5;
        self.rule(MARGIN_LEFT + VALUE_INDENT - 4.0, self.right(), 0.5);
        self.y += 1.5;
    }

    fn paragraph(&mut self, text: &str, face: Face, size: f32) {
        for line in self.wrap(text, face, size, self.right() - MARGIN_LEFT) {
            self.advance(size);
            self.text(MARGIN_LEFT, &line, face, size);
        }
    }

    /// Breaks at spaces; a word wider than the line stands alone. At least one line.
    fn wrap(&self, text: &str, face: Face, size: f32, width: f32) -> Vec<String> {
        let mut lines = vec![String::new()];
        for word in text.split(' ') {
            let last = lines.last().map_or("", String::as_str);
            let longer = if last.is_empty() { word.to_owned() } else { format!("{last} {word}") };
            if last.is_empty() || self.faces.width(face, size, &longer) <= width {
                lines.pop();
                lines.push(longer);
            } else {
                lines.push(word.to_owned());
            }
        }
        lines
    }

    fn text(&mut self, x: f32, text: &str, face: Face, size: f32) {
        let y = self.y;
        self.put(Item::Text { x, y, size, face, text: text.to_owned() });
    }

    fn rule(&mut self, from: f32, to: f32, width: f32) {
        let y = self.y;
        self.put(Item::Line { from: (from, y), to: (to, y), width });
    }

    /// Moves down by a line of this size, on to the next page where this one ends.
    fn advance(&mut self, size: f32) {
        self.need(size * 1.35);
        self.y += size * 1.35;
    }

    fn need(&mut self, height: f32) {
        if self.y + height > self.bottom() {
            self.new_page();
        }
    }

    fn new_page(&mut self) {
        self.pages.push(Page { size: self.style.sheet, items: Vec::new() });
        self.y = MARGIN_TOP;
        if self.pages.len() > 1 {
            let number = format!("- {} -", self.pages.len());
            self.text(self.style.sheet.0 / 2.0 - 12.0, &number, self.style.face, self.style.size);
            self.y += 14.0;
        }
    }

    fn put(&mut self, item: Item) {
        if let Some(page) = self.pages.last_mut() {
            page.items.push(item);
        }
    }

    fn right(&self) -> f32 {
        self.style.sheet.0 - MARGIN_RIGHT
    }

    fn bottom(&self) -> f32 {
        self.style.sheet.1 - MARGIN_BOTTOM
    }
}
