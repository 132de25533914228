//! A table as CSV (RFC 4180, `;` between columns, UTF-8 with a byte order mark, as office programs in Germany open it). A cell that a
//! spreadsheet would take for a formula gets an apostrophe before it: what people typed must not compute.

/// A table being written.
pub struct Table(String);

impl Table {
    /// A table with these columns.
    #[must_use]
    pub fn new(head: &[&str]) -> Self {
        let mut table = Self("\u{feff}".to_owned());
        table.row(head);
        table
    }

    /// More lines of a table whose head stands already.
    #[must_use]
    pub fn more() -> Self {
        Self(String::new())
    }

    /// One more line.
    pub fn row(&mut self, cells: &[&str]) {
        let cells: Vec<_> = cells.iter().map(|cell| quoted(cell)).collect();
        self.0.push_str(&cells.join(";"));
        self.0.push_str("\r\n");
    }

    /// The text.
    #[must_use]
    pub fn finish(self) -> String {
        self.0
    }
}

fn quoted(cell: &str) -> String {
    let computes = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if computes { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([';', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_computes_nothing() {
        let cells = ["63-1", "a;b", "sagt \"ja\"", "zwei\nZeilen", "=1+1"];
        let mut table = Table::new(&["a", "b", "c", "d", "e"]);
        table.row(&cells);
        let text = table.finish();
        let text = text.strip_prefix('\u{feff}').unwrap();
        let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
        let row = reader.records().next().unwrap().unwrap();
        assert_eq!(row.iter().take(4).collect::<Vec<_>>(), &cells[..4]);
        assert_eq!(&row[4], "'=1+1");
    }
}
