//! Sets a sheet: breaks text into lines and lines onto pages. Nothing is drawn. Lengths in points of 1/72 inch from the top
//! left corner of the page.

use super::typeface::Measures;
use super::{Block, Sheet, Table};

/// A4.
pub(super) const PAGE: (f32, f32) = (595.28, 841.89);
pub(super) const MARGIN: f32 = 56.7;
/// Lowest place of text; below it is the foot.
const BOTTOM: f32 = PAGE.1 - 68.0;
pub(super) const WIDTH: f32 = PAGE.0 - 2.0 * MARGIN;

pub(super) const TITLE_SIZE: f32 = 17.0;
const HEADING_SIZE: f32 = 12.5;
const TEXT_SIZE: f32 = 10.0;
const CELL_SIZE: f32 = 8.5;
const LINE: f32 = 1.35;
const GAP: f32 = 7.0;
/// Between a cell's edge and its text.
const PAD: f32 = 3.0;
/// Share of the width that the words of terms take.
const TERM_SHARE: f32 = 0.28;
const BULLET: &str = "•";
const BULLET_WIDTH: f32 = 12.0;
/// A heading stands with at least so many lines of what follows.
const LINES_WITH_HEADING: f32 = 3.0;

/// A piece of text whose lines are one unit to a reader: a paragraph, a cell. Numbered in the order of reading.
pub(super) type Leaf = usize;

/// A line where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    /// None: drawn again for the eye alone, such as a table's head on its second page.
    pub leaf: Option<Leaf>,
    pub left: f32,
    /// Where its letters stand.
    pub base: f32,
    pub size: f32,
    pub is_bold: bool,
    pub text: String,
}

/// A box around something.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Frame {
    pub left: f32,
    pub top: f32,
    pub width: f32,
    pub height: f32,
    pub is_strong: bool,
}

#[derive(Debug, Default)]
pub(super) struct Page {
    pub lines: Vec<Line>,
    pub frames: Vec<Frame>,
}

/// What the leaves of a block are to a reader.
#[derive(Debug)]
pub(super) enum Part {
    Heading {
        level: u16,
        leaf: Leaf,
    },
    Paragraph(Leaf),
    /// Words and what is said of them.
    Terms(Vec<(Leaf, Leaf)>),
    /// Bullets and points.
    List(Vec<(Leaf, Leaf)>),
    Table {
        head: Vec<Leaf>,
        rows: Vec<Vec<Leaf>>,
    },
}

/// A sheet that is set.
#[derive(Debug, Default)]
pub(super) struct Laid {
    pub pages: Vec<Page>,
    pub parts: Vec<Part>,
    pub leaves: usize,
    /// Headings: text, page (from 0) and how far down.
    pub headings: Vec<(String, usize, f32)>,
}

/// Sets a sheet in two typefaces, for text and for what is bold.
pub(super) fn lay(sheet: &Sheet, regular: &Measures, bold: &Measures) -> Laid {
    let mut setter = Setter { regular, bold, laid: Laid::default(), top: MARGIN };
    setter.laid.pages.push(Page::default());
    setter.heading(&sheet.title, 1, TITLE_SIZE);
    for block in &sheet.blocks {
        setter.block(block);
    }
    setter.laid
}

/// How text is set in one place.
#[derive(Clone, Copy)]
struct Style {
    left: f32,
    width: f32,
    size: f32,
    is_bold: bool,
}

const TEXT: Style = Style { left: MARGIN, width: WIDTH, size: TEXT_SIZE, is_bold: false };

/// Text broken into lines, not yet on a page.
struct Broken {
    leaf: Option<Leaf>,
    style: Style,
    lines: Vec<String>,
}

struct Setter<'t> {
    regular: &'t Measures,
    bold: &'t Measures,
    laid: Laid,
    top: f32,
}

impl Setter<'_> {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(text) => self.heading(text, 2, HEADING_SIZE),
            Block::Paragraph(text) => self.paragraph(text, TEXT),
            Block::Notice(text) => self.notice(text),
            Block::Terms(terms) => self.terms(terms),
            Block::List(points) => self.list(points),
            Block::Table(table) => self.table(table),
        }
        self.top += GAP;
    }

    fn heading(&mut self, text: &str, level: u16, size: f32) {
        let (broken, leaf) = self.leaf(text, Style { size, is_bold: true, ..TEXT });
        let height = broken.lines.len() as f32 * size * LINE;
        if self.top + height + LINES_WITH_HEADING * TEXT_SIZE * LINE > BOTTOM {
            self.turn();
        }
        let page = self.laid.pages.len() - 1;
        self.laid.headings.push((broken.lines.concat().trim_end().to_owned(), page, self.top));
        self.side_by_side(&[broken], |_, _| {});
        self.laid.parts.push(Part::Heading { level, leaf });
        self.top += GAP / 2.0;
    }

    fn paragraph(&mut self, text: &str, style: Style) {
        let (broken, leaf) = self.leaf(text, style);
        self.side_by_side(&[broken], |_, _| {});
        self.laid.parts.push(Part::Paragraph(leaf));
    }

    fn notice(&mut self, text: &str) {
        let style = Style { left: MARGIN + GAP, width: WIDTH - 2.0 * GAP, is_bold: true, ..TEXT };
        let (broken, leaf) = self.leaf(text, style);
        self.top += PAD;
        self.side_by_side(&[broken], |page, (top, height)| {
            let (top, height) = (top - PAD, height + 2.0 * PAD);
            page.frames.push(Frame { left: MARGIN, top, width: WIDTH, height, is_strong: true });
        });
        self.top += PAD;
        self.laid.parts.push(Part::Paragraph(leaf));
    }

    fn terms(&mut self, terms: &[(String, String)]) {
        let words = Style { width: WIDTH * TERM_SHARE - GAP, is_bold: true, ..TEXT };
        let said = Style { left: MARGIN + WIDTH * TERM_SHARE, width: WIDTH * (1.0 - TERM_SHARE), ..TEXT };
        let mut all = Vec::new();
        for (word, text) in terms {
            let (word, one) = self.leaf(word, words);
            let (text, other) = self.leaf(text, said);
            self.side_by_side(&[word, text], |_, _| {});
            self.top += GAP / 2.0;
            all.push((one, other));
        }
        self.laid.parts.push(Part::Terms(all));
    }

    fn list(&mut self, points: &[String]) {
        let style = Style { left: MARGIN + BULLET_WIDTH, width: WIDTH - BULLET_WIDTH, ..TEXT };
        let mut all = Vec::new();
        for point in points {
            let (bullet, one) = self.leaf(BULLET, TEXT);
            let (text, other) = self.leaf(point, style);
            self.side_by_side(&[bullet, text], |_, _| {});
            all.push((one, other));
        }
        self.laid.parts.push(Part::List(all));
    }

    fn table(&mut self, table: &Table) {
        let whole: f32 = table.head.iter().map(|(_, share)| share).sum();
        let mut left = MARGIN;
        let mut columns = Vec::new();
        for (_, share) in &table.head {
            let width = WIDTH * share / whole.max(f32::MIN_POSITIVE);
            columns.push(Style {
                left: left + PAD,
                width: width - 2.0 * PAD,
                size: CELL_SIZE,
                is_bold: false,
            });
            left += width;
        }
        let names: Vec<&str> = table.head.iter().map(|(name, _)| name.as_str()).collect();
        let in_head: Vec<Style> = columns.iter().map(|column| Style { is_bold: true, ..*column }).collect();
        let head = self.row(&names, &in_head, None);
        let mut rows = Vec::new();
        for row in &table.rows {
            let cells: Vec<&str> = row.iter().map(String::as_str).collect();
            rows.push(self.row(&cells, &columns, Some((&names, &in_head))));
        }
        self.laid.parts.push(Part::Table { head, rows });
    }

    /// One row; where it goes on a new page, the head is drawn there again.
    fn row(&mut self, cells: &[&str], columns: &[Style], head: Option<(&[&str], &[Style])>) -> Vec<Leaf> {
        let of = |at: usize| cells.get(at).copied().unwrap_or_default();
        let made: Vec<_> =
            columns.iter().enumerate().map(|(at, column)| self.leaf(of(at), *column)).collect();
        let (broken, leaves): (Vec<_>, Vec<_>) = made.into_iter().unzip();
        let height = broken.iter().map(Broken::height).fold(0.0, f32::max) + 2.0 * PAD;
        if self.top + height > BOTTOM && self.top > MARGIN {
            self.turn();
            if let Some((names, styles)) = head {
                let again: Vec<_> =
                    names.iter().zip(styles).map(|(name, style)| self.again(name, *style)).collect();
                self.framed(&again, styles);
            }
        }
        self.framed(&broken, columns);
        leaves
    }

    fn framed(&mut self, cells: &[Broken], columns: &[Style]) {
        self.top += PAD;
        self.side_by_side(cells, |page, (top, height)| {
            for column in columns {
                let (left, width) = (column.left - PAD, column.width + 2.0 * PAD);
                let (top, height) = (top - PAD, height + 2.0 * PAD);
                page.frames.push(Frame { left, top, width, height, is_strong: false });
            }
        });
        self.top += PAD;
    }

    /// Sets texts beside each other, over as many pages as they need; `around` is told where they stand on each.
    fn side_by_side(&mut self, texts: &[Broken], mut around: impl FnMut(&mut Page, (f32, f32))) {
        let lines = texts.iter().map(|text| text.lines.len()).max().unwrap_or(0);
        let height = texts.iter().map(|text| text.style.size * LINE).fold(0.0, f32::max);
        let mut at = 0;
        while at < lines {
            let room = ((BOTTOM - self.top) / height).floor().max(0.0) as usize;
            if room == 0 {
                self.turn();
                self.top += PAD;
                continue;
            }
            let until = lines.min(at + room);
            let Some(page) = self.laid.pages.last_mut() else { return };
            around(page, (self.top, (until - at) as f32 * height));
            for text in texts {
                for (row, line) in text.lines.iter().enumerate().take(until).skip(at) {
                    let base = self.top + (row - at) as f32 * height + text.style.size;
                    let Style { left, size, is_bold, .. } = text.style;
                    page.lines.push(Line { leaf: text.leaf, left, base, size, is_bold, text: line.clone() });
                }
            }
            self.top += (until - at) as f32 * height;
            at = until;
        }
    }

    fn turn(&mut self) {
        self.laid.pages.push(Page::default());
        self.top = MARGIN;
    }

    fn leaf(&mut self, text: &str, style: Style) -> (Broken, Leaf) {
        let leaf = self.laid.leaves;
        self.laid.leaves += 1;
        (Broken { leaf: Some(leaf), ..self.again(text, style) }, leaf)
    }

    fn again(&self, text: &str, style: Style) -> Broken {
        let typeface = if style.is_bold { self.bold } else { self.regular };
        Broken { leaf: None, style, lines: broken(typeface, text, style.width / style.size) }
    }
}

impl Broken {
    fn height(&self) -> f32 {
        self.lines.len() as f32 * self.style.size * LINE
    }
}

/// Text in lines of at most this width (at size 1). A line ends after a blank, which it keeps; a word wider than a line is
/// broken where it must be. Breaks in the text are kept.
fn broken(typeface: &Measures, text: &str, width: f32) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let drawable = typeface.drawable(paragraph);
        let mut line = String::new();
        let mut used = 0.0;
        for word in drawable.split_inclusive(' ') {
            let (own, visible) = (typeface.width(word), typeface.width(word.trim_end()));
            if used + visible > width && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                used = 0.0;
            }
            if visible <= width {
                line.push_str(word);
                used += own;
                continue;
            }
            for character in word.chars() {
                let own = typeface.advance(character);
                if used + own > width && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                    used = 0.0;
                }
                line.push(character);
                used += own;
            }
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Letters of different widths, a blank, and one that is wider than the narrowest column.
    fn measures() -> Measures {
        let wide = [('\u{2003}', 9.0), ('W', 40.0)];
        Measures::told(
            (' '..='z').map(|letter| (letter, 0.3 + f32::from(letter as u8 % 5) / 5.0)).chain(wide).collect(),
        )
    }

    fn cells() -> impl Strategy<Value = Vec<Vec<String>>> {
        prop::collection::vec(prop::collection::vec("[a-fW ]{0,400}", 0..4), 0..40)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn nothing_is_lost_and_nothing_stands_outside_the_page(
            rows in cells(),
            text in "[a-z \n]{0,4000}",
            points in prop::collection::vec("[a-zÄ ]{0,300}", 0..30),
        ) {
            let head = [("Eins", 3.0), ("Zwei", 1.0), ("Drei", 2.0)];
            let head = head.map(|(name, share)| (name.to_owned(), share)).to_vec();
            let terms = points.iter().map(|point| (point.chars().take(30).collect(), point.clone())).collect();
            let sheet = Sheet {
                title: "Titel".to_owned(),
                about: String::new(),
                on: jiff::civil::date(2026, 11, 28),
                producer: String::new(),
                blocks: vec![
                    Block::Paragraph(text.clone()),
                    Block::Heading("Zeilen".to_owned()),
                    Block::Table(Table { head, rows: rows.clone() }),
                    Block::List(points.clone()),
                    Block::Notice(text),
                    Block::Terms(terms),
                ],
                attachments: Vec::new(),
            };
            let measures = measures();
            let laid = lay(&sheet, &measures, &measures);
            let mut told = vec![String::new(); laid.leaves];
            for page in &laid.pages {
                for line in &page.lines {
                    let width = measures.width(line.text.trim_end()) * line.size;
                    let fits = line.left >= MARGIN && line.left + width <= MARGIN + WIDTH + 0.1;
                    prop_assert!(fits || line.text.chars().count() == 1, "{line:?}");
                    prop_assert!(line.base > MARGIN && line.base <= BOTTOM, "{line:?}");
                    if let Some(leaf) = line.leaf {
                        told[leaf].push_str(&line.text);
                    }
                }
            }
            let Some(Part::Table { rows: leaves, .. }) =
                laid.parts.iter().find(|part| matches!(part, Part::Table { .. })) else { panic!("no table") };
            for (row, leaves) in rows.iter().zip(leaves) {
                for (at, leaf) in leaves.iter().enumerate() {
                    prop_assert_eq!(&told[*leaf], row.get(at).map_or("", String::as_str));
                }
            }
            let Some(Part::List(leaves)) = laid.parts.iter().find(|part| matches!(part, Part::List(_))) else { panic!("no list") };
            for (point, (_, leaf)) in points.iter().zip(leaves) {
                prop_assert_eq!(&told[*leaf], &measures.drawable(point));
            }
        }
    }

    #[test]
    fn what_cannot_be_drawn_is_named_and_what_steers_is_left_out() {
        let measures = measures();
        assert_eq!(measures.drawable("a\tb\u{202e}c\u{7}d"), "a bcd");
        assert_eq!(measures.drawable("x\u{4e2d}"), "x<U+4E2D>");
    }

    #[test]
    fn a_table_that_goes_on_shows_its_head_again_to_the_eye_alone() {
        let rows = (0..200).map(|number: u32| vec![number.to_string()]).collect();
        let sheet = Sheet {
            title: "T".to_owned(),
            about: String::new(),
            on: jiff::civil::date(2026, 11, 28),
            producer: String::new(),
            blocks: vec![Block::Table(Table { head: vec![("Kopf".to_owned(), 1.0)], rows })],
            attachments: Vec::new(),
        };
        let measures = measures();
        let laid = lay(&sheet, &measures, &measures);
        assert!(laid.pages.len() > 3);
        for (at, page) in laid.pages.iter().enumerate() {
            let heads: Vec<_> = page.lines.iter().filter(|line| line.text == "Kopf").collect();
            assert_eq!(heads.len(), 1, "page {at}");
            assert_eq!(heads[0].leaf.is_some(), at == 0);
        }
    }
}
