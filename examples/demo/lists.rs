//! The lists beside the scans: `manifest.csv`, `facts.csv`, `holds.csv`, `expected.csv`. UTF-8, parted by semicolons.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;

use csv::Writer;

use crate::town::CaseFile;

/// Columns of the manifest before and after the fields.
const BEFORE: [&str; 6] = ["path", "aktenzeichen", "klasse", "titel", "schutzbereich", "geschlossen_am"];
const AFTER: [&str; 2] = ["regal", "karton"];

/// A word and where it stands.
pub struct Found<'a> {
    /// The word.
    pub word: &'a str,
    /// The file it is in.
    pub az: &'a str,
    /// The document, from the folder of the lists.
    pub path: &'a str,
    /// The page, counted from 1.
    pub page: usize,
}

/// The lists while they are being written.
pub struct Lists {
    manifest: Writer<File>,
    expected: Writer<File>,
    fields: BTreeSet<String>,
}

impl Lists {
    /// Begins the lists in this folder, and writes those that depend on the files alone.
    pub fn create(out: &Path, files: &[CaseFile]) -> csv::Result<Self> {
        std::fs::create_dir_all(out)?;
        let fields: BTreeSet<String> = files.iter().flat_map(|file| file.fields.keys().cloned()).collect();
        let columns = BEFORE.map(str::to_owned).into_iter();
        let columns = columns.chain(fields.iter().map(|name| format!("feld:{name}")));
        let manifest = begin(out, "manifest.csv", columns.chain(AFTER.map(str::to_owned)))?;
        let expected = begin(out, "expected.csv", ["wort", "aktenzeichen", "path", "seite"])?;

        let mut facts = begin(out, "facts.csv", ["aktenzeichen", "fakt", "am", "quelle"])?;
        let mut holds = begin(out, "holds.csv", ["aktenzeichen", "grund", "seit"])?;
        for file in files {
            for (kind, on, source) in &file.facts {
                facts.write_record([&file.az, kind, &on.to_string(), source])?;
            }
            if let Some((reason, since)) = &file.hold {
                holds.write_record([&file.az, reason, &since.to_string()])?;
            }
        }
        facts.flush()?;
        holds.flush()?;
        Ok(Self { manifest, expected, fields })
    }

    /// Adds a document with all its file's words.
    pub fn document(&mut self, file: &CaseFile, path: &str) -> csv::Result<()> {
        let closed = file.closed.map_or_else(String::new, |on| on.to_string());
        let (shelf, r#box) = file.paper.clone().unwrap_or_default();
        let mut row = vec![path, &file.az, file.class(), &file.title, &file.domain, &closed];
        row.extend(self.fields.iter().map(|name| file.fields.get(name).map_or("", String::as_str)));
        row.extend([&*shelf, &*r#box]);
        self.manifest.write_record(row)
    }

    /// Adds a word that must be found.
    pub fn expected(&mut self, found: &Found) -> csv::Result<()> {
        self.expected.write_record([found.word, found.az, found.path, &found.page.to_string()])
    }

    /// Ends the lists.
    pub fn finish(mut self) -> std::io::Result<()> {
        self.manifest.flush()?;
        self.expected.flush()
    }
}

fn begin<T: AsRef<[u8]>>(
    out: &Path,
    name: &str,
    columns: impl IntoIterator<Item = T>,
) -> csv::Result<Writer<File>> {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_path(out.join(name))?;
    writer.write_record(columns)?;
    Ok(writer)
}
