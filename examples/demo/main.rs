//! Draws the demo material: the scanned files of an invented town, with manifest, facts, holds, and the words that
//! must be found. `cargo run --release --example demo -- OUT_DIR`; every run writes the same bytes.
//!
//! Town, people, streets and courts are invented; nothing is taken from real files.

mod ccitt;
mod fonts;
mod gaps;
mod ink;
mod letter;
mod lists;
mod paper;
mod pdf;
mod plan;
mod press;
mod rng;
mod tiff;
mod town;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;

use lists::{Found, Lists};
use press::{Press, Printed};
use town::{CaseFile, Paper, Town};

fn main() -> std::process::ExitCode {
    let Some(out) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("Aufruf: demo ZIELORDNER");
        return std::process::ExitCode::from(2);
    };
    let start = Instant::now();
    match draw_everything(&out) {
        Ok(counts) => {
            println!("{counts}, {:.1} s", start.elapsed().as_secs_f32());
            std::process::ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("Fehler:  {error}");
            let mut cause = error.source();
            while let Some(why) = cause {
                eprintln!("Grund:   {why}");
                cause = why.source();
            }
            std::process::ExitCode::FAILURE
        }
    }
}

fn draw_everything(out: &Path) -> Result<Counts, Box<dyn Error>> {
    let town = Town::load()?;
    let mut press = Press::new(&town)?;
    let mut lists = Lists::create(out, &town.files)?;
    let mut counts = Counts { files: town.files.len(), ..Counts::default() };
    // Bytes by `AKTENZEICHEN/letter`, for documents that lie in two files.
    let mut printed: BTreeMap<String, Printed> = BTreeMap::new();
    for file in &town.files {
        std::fs::create_dir_all(out.join(&file.az))?;
        for (i, paper) in file.docs.iter().enumerate() {
            let known = paper.same_as.as_ref().map(|name| (name, printed.get(name)));
            let document = match known {
                None => press.print(file, paper)?,
                Some((_, Some(document))) => document.clone(),
                Some((name, None)) => return Err(format!("no document `{name}` before this one").into()),
            };
            let path = format!("{}/{}", file.az, file_name(i, paper));
            std::fs::write(out.join(&path), &document.bytes)?;
            counts.add(paper, &document);
            lists.document(file, &path)?;
            for word in &paper.find {
                lists.expected(&found(word, file, &path, &document)?)?;
            }
            printed.insert(format!("{}/{}", file.az, paper.letter), document);
        }
    }
    lists.finish()?;
    std::fs::write(out.join("story.toml"), town::STORY)?;
    Ok(counts)
}

/// `02_baugenehmigung_1958-05-20.pdf`.
fn file_name(index: usize, paper: &Paper) -> String {
    let name =
        paper.same_as.as_ref().and_then(|name| name.split_once('/')).map_or(&*paper.letter, |(_, l)| l);
    format!("{:02}_{name}_{}.{}", index + 1, paper.on, paper.form.extension())
}

/// On which page a word stands; that it stands nowhere is a mistake in the data.
fn found<'a>(
    word: &'a str,
    file: &'a CaseFile,
    path: &'a str,
    document: &Printed,
) -> Result<Found<'a>, Box<dyn Error>> {
    let page = document.texts.iter().position(|text| text.contains(word));
    let page = page.ok_or_else(|| format!("`{word}` is not in `{path}`"))? + 1;
    Ok(Found { word, az: &file.az, path, page })
}

/// What was drawn.
#[derive(Default)]
struct Counts {
    files: usize,
    documents: usize,
    pages: usize,
    pages_to_recognise: usize,
    size_bytes: usize,
}

impl Counts {
    fn add(&mut self, paper: &Paper, document: &Printed) {
        self.documents += 1;
        self.size_bytes += document.bytes.len();
        if !paper.form.is_unreadable() {
            self.pages += document.texts.len();
        }
        if paper.form.needs_recognition() {
            self.pages_to_recognise += document.texts.len();
        }
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { files, documents, pages, pages_to_recognise, size_bytes } = self;
        let size_mb = *size_bytes as f64 / 1e6;
        write!(f, "{files} Akten, {documents} Dokumente, {pages} Seiten")?;
        write!(f, " (davon {pages_to_recognise} ohne Textschicht), {size_mb:.1} MB")
    }
}
