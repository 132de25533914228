//! Excel, old and new: a sheet is a page, a row a line, cells parted by tabs. Numbers and days are written as
//! people here write them; formulas stand with the value they last had.

use std::io::{self, Cursor};
use std::ops::ControlFlow;

use calamine::{DataType, ExcelDateTime, Reader, Sheet, SheetType, SheetVisible, Xls, XlsError, Xlsb, Xlsx};

use super::{drawn_text, left_out, left_out_of, main_part, relations};
use crate::domain::text::MediaType;
use crate::intake::limits::SPREADSHEET_BYTES_MAX;
use crate::intake::reason::Reason;
use crate::intake::wire::Setup;
use crate::intake::worker::ole::Ole;
use crate::intake::worker::package::Package;
use crate::intake::worker::text_pages::{Draft, Serve, TextPages};
use crate::intake::worker::xml::Piece;

/// Opens `bytes` and hands the sheets to `serve`.
pub(in crate::intake::worker) fn open(
    bytes: &[u8],
    media: MediaType,
    setup: &Setup,
    serve: Serve<'_>,
) -> Result<io::Result<()>, Reason> {
    let mut pages = TextPages::default();
    let sheets_max = setup.pages_max as usize;
    if media == MediaType::Xls {
        old(bytes, sheets_max, &mut pages)?;
    } else {
        let mut package = Package::open(bytes)?;
        // The reader of cells has the shared texts in memory as a whole.
        if package.unpacked_bytes(SPREADSHEET_BYTES_MAX) > SPREADSHEET_BYTES_MAX {
            return Err(Reason::TooLarge);
        }
        match media {
            MediaType::Xlsb => binary(bytes, sheets_max, &mut pages)?,
            _ => new(bytes, sheets_max, &mut package, &mut pages)?,
        }
        pages.note_all(left_out(&mut package));
        pages.note_all(package.notes().iter().copied());
    }
    Ok(pages.serve(serve))
}

fn old(bytes: &[u8], sheets_max: usize, pages: &mut TextPages) -> Result<(), Reason> {
    let mut book = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsError::Password => Reason::Encrypted,
        _ => Reason::Damaged,
    })?;
    for sheet in readable(book.sheets_metadata(), sheets_max, pages) {
        let mut page = Page::of(&sheet);
        match book.worksheet_range(&sheet.name) {
            Ok(range) => {
                let (top, left) = range.start().unwrap_or_default();
                for (row, column, value) in range.used_cells() {
                    page.cell((top + place(row), left + place(column)), value);
                }
            }
            Err(_) => pages.note(Reason::PartDamaged),
        }
        page.put(pages);
    }
    let ole = Ole::open(bytes)?;
    pages.note_all(left_out_of(&ole));
    Ok(())
}

fn place(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn new(
    bytes: &[u8],
    sheets_max: usize,
    package: &mut Package<'_>,
    pages: &mut TextPages,
) -> Result<(), Reason> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|_| Reason::Damaged)?;
    let parts = parts_of_sheets(package);
    for sheet in readable(book.sheets_metadata(), sheets_max, pages) {
        let mut page = Page::of(&sheet);
        let read = book.worksheet_cells_reader(&sheet.name).and_then(|mut cells| {
            page.every_cell(|page| {
                let cell = cells.next_cell()?;
                Ok(cell.map(|cell| page.cell(cell.get_position(), cell.get_value())))
            })
        });
        if read.is_err() {
            pages.note(Reason::PartDamaged);
        }
        if let Some((_, part)) = parts.iter().find(|(name, _)| *name == sheet.name) {
            beside_the_cells(package, part, &mut page.draft);
        }
        page.put(pages);
    }
    Ok(())
}

fn binary(bytes: &[u8], sheets_max: usize, pages: &mut TextPages) -> Result<(), Reason> {
    let mut book = Xlsb::new(Cursor::new(bytes)).map_err(|_| Reason::Damaged)?;
    for sheet in readable(book.sheets_metadata(), sheets_max, pages) {
        let mut page = Page::of(&sheet);
        let read = book.worksheet_cells_reader(&sheet.name).and_then(|mut cells| {
            page.every_cell(|page| {
                let cell = cells.next_cell()?;
                Ok(cell.map(|cell| page.cell(cell.get_position(), cell.get_value())))
            })
        });
        if read.is_err() {
            pages.note(Reason::PartDamaged);
        }
        page.put(pages);
    }
    Ok(())
}

/// The sheets that have cells, as many as there may be pages; notes what is left out.
fn readable(sheets: &[Sheet], sheets_max: usize, pages: &mut TextPages) -> Vec<Sheet> {
    if sheets.len() > sheets_max {
        pages.note(Reason::TooManyPages);
    }
    let sheets: Vec<Sheet> = sheets.iter().take(sheets_max).cloned().collect();
    if sheets.iter().any(|sheet| matches!(sheet.typ, SheetType::MacroSheet | SheetType::Vba)) {
        pages.note(Reason::ActiveIgnored);
    }
    sheets
        .into_iter()
        .filter(|sheet| matches!(sheet.typ, SheetType::WorkSheet | SheetType::DialogSheet))
        .collect()
}

/// A sheet while its cells come.
struct Page {
    draft: Draft,
    row: Option<u32>,
}

impl Page {
    fn of(sheet: &Sheet) -> Self {
        let mut draft = Draft::default();
        if sheet.visible != SheetVisible::Visible {
            draft.push("[Verborgenes Blatt] ");
        }
        draft.push(&sheet.name);
        draft.end_line();
        Self { draft, row: None }
    }

    /// Reads on until there is no further cell; what was read before something broke stays.
    fn every_cell<E>(&mut self, mut read: impl FnMut(&mut Self) -> Result<Option<()>, E>) -> Result<(), E> {
        while read(self)?.is_some() {}
        Ok(())
    }

    fn cell(&mut self, (row, _column): (u32, u32), value: &impl DataType) {
        let Some(text) = text_of(value) else { return };
        match self.row {
            Some(present) if present == row => self.draft.push("\t"),
            _ => self.draft.end_line(),
        }
        self.row = Some(row);
        self.draft.push(text.trim_end());
    }

    fn put(mut self, pages: &mut TextPages) {
        self.draft.end_line();
        if self.draft.is_cut() {
            pages.note(Reason::DocumentTooLong);
        }
        pages.page(self.draft.as_str());
    }
}

/// A cell's value in words; none if it is empty or only says that something was miscalculated.
fn text_of(value: &impl DataType) -> Option<String> {
    let text = if let Some(day) = value.get_datetime() {
        written(&day)
    } else if let Some(truth) = value.get_bool() {
        (if truth { "WAHR" } else { "FALSCH" }).to_owned()
    } else if let Some(number) = value.get_float() {
        number.to_string().replace('.', ",")
    } else if let Some(number) = value.get_int() {
        number.to_string()
    } else {
        let text =
            value.get_string().or_else(|| value.get_datetime_iso()).or_else(|| value.get_duration_iso());
        text?.to_owned()
    };
    (!text.trim().is_empty()).then_some(text)
}

/// `31.12.2023`, `31.12.2023 14:05`, `14:05`, or hours and minutes that have gone by.
fn written(day: &ExcelDateTime) -> String {
    let value = day.as_f64();
    if day.is_duration() {
        let minutes = (value * 24.0 * 60.0).round();
        return format!("{}:{:02}", (minutes / 60.0).trunc(), (minutes % 60.0).abs());
    }
    let (year, month, date, hour, minute, _, _) = day.to_ymd_hms_milli();
    let time = format!("{hour:02}:{minute:02}");
    if (0.0..1.0).contains(&value) {
        return time;
    }
    let written = format!("{date:02}.{month:02}.{year:04}");
    if value.fract() == 0.0 { written } else { format!("{written} {time}") }
}

/// Which part of the package a sheet is, by its name.
fn parts_of_sheets(package: &mut Package<'_>) -> Vec<(String, String)> {
    let main = main_part(package, "xl/workbook.xml");
    let targets = relations(package, &main);
    let mut parts = Vec::new();
    package.walk(&main, &mut |piece| {
        if let Piece::Open(tag) = piece
            && tag.name() == "sheet"
            && let (Some(name), Some(id)) = (tag.attribute("name"), tag.attribute("id"))
            && let Some(target) = targets.iter().find(|relation| relation.id == id)
        {
            parts.push((name, target.target.clone()));
        }
        ControlFlow::Continue(())
    });
    parts
}

/// Text boxes, charts' and comments' words, which no cell holds.
fn beside_the_cells(package: &mut Package<'_>, part: &str, draft: &mut Draft) {
    for relation in relations(package, part).into_iter().filter(|relation| !relation.external) {
        match relation.kind.as_str() {
            "comments" | "threadedComment" => comments(package, &relation.target, draft),
            "drawing" => {
                draft.end_line();
                drawn_text(package, &relation.target, draft);
            }
            _ => {}
        }
    }
}

fn comments(package: &mut Package<'_>, part: &str, draft: &mut Draft) {
    let mut in_text = false;
    package.walk(part, &mut |piece| {
        match piece {
            Piece::Open(tag) if matches!(tag.name(), "comment" | "threadedComment") => {
                draft.end_line();
                draft.push("[Kommentar: ");
            }
            Piece::Close("comment" | "threadedComment") => draft.push("]\n"),
            Piece::Open(tag) if matches!(tag.name(), "t" | "text") => in_text = true,
            Piece::Close("t") => in_text = false,
            Piece::Text(text) if in_text && !text.trim().is_empty() => draft.push(text),
            _ => {}
        }
        ControlFlow::Continue(())
    });
}
