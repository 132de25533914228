//! Recognition of scanned pages whose words somebody has written down: ours (the worker, as it reads a scan) beside tesseract
//! alone and `ocrmypdf`, same pages, same run, two at a time. Rates are of characters and words, after what two people would
//! write differently is made the same (forms of quotes and dashes, long s, blanks).
//!
//! `cargo bench --bench recognition` takes every fifth page, `-- --every 1` all of them. Behind it stands what the same pages
//! cost when they lie crooked, on a side or on their head; the other two get no options for that.

#[path = "../tests/common/shared.rs"]
#[allow(dead_code, reason = "each bench uses its part")]
mod shared;

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use image::{DynamicImage, GrayImage, Luma};
use rapidfuzz::distance::levenshtein;
use schriftgut::intake::{Bytes, Workshop};
use unicode_normalization::UnicodeNormalization as _;

const EVERY: usize = 5;
const AT_A_TIME: usize = 2;
/// By how many degrees a crooked page lies askew.
const DEGREES: f64 = 2.0;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Typewriter,
    Fraktur,
    OldPrint,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Typewriter => "typewriter",
            Self::Fraktur => "Fraktur, 19th century",
            Self::OldPrint => "print before 1800",
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Lies {
    Straight,
    Crooked,
    OnItsSide,
    OnItsHead,
}

impl Lies {
    const ALL: [Self; 4] = [Self::Straight, Self::Crooked, Self::OnItsSide, Self::OnItsHead];

    fn name(self) -> &'static str {
        match self {
            Self::Straight => "as it is",
            Self::Crooked => "two degrees askew",
            Self::OnItsSide => "on its side",
            Self::OnItsHead => "on its head",
        }
    }

    fn put(self, page: &DynamicImage) -> DynamicImage {
        match self {
            Self::Straight => page.clone(),
            Self::Crooked => DynamicImage::ImageLuma8(askew(&page.to_luma8())),
            Self::OnItsSide => page.rotate270(),
            Self::OnItsHead => page.rotate180(),
        }
    }
}

/// The nearest pixel of the page turned around its middle.
fn askew(page: &GrayImage) -> GrayImage {
    let (sin, cos) = DEGREES.to_radians().sin_cos();
    let middle = (f64::from(page.width()) / 2.0, f64::from(page.height()) / 2.0);
    GrayImage::from_fn(page.width(), page.height(), |x, y| {
        let (x, y) = (f64::from(x) - middle.0, f64::from(y) - middle.1);
        let (x, y) = (x * cos + y * sin + middle.0, y * cos - x * sin + middle.1);
        let inside = x >= 0.0 && y >= 0.0 && x < f64::from(page.width()) && y < f64::from(page.height());
        if inside { *page.get_pixel(x as u32, y as u32) } else { Luma([230]) }
    })
}

struct Page {
    kind: Kind,
    image: PathBuf,
    truth: String,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Engine {
    Ours,
    Tesseract,
    Ocrmypdf,
}

impl Engine {
    const ALL: [Self; 3] = [Self::Ours, Self::Tesseract, Self::Ocrmypdf];

    fn name(self) -> &'static str {
        match self {
            Self::Ours => "schriftgut",
            Self::Tesseract => "tesseract, deu",
            Self::Ocrmypdf => "ocrmypdf, deu",
        }
    }

    fn read(self, image: &Path, place: &Path) -> Option<String> {
        match self {
            Self::Ours => {
                let workshop = Workshop::with_program(env!("CARGO_BIN_EXE_schriftgut"));
                let bytes = std::fs::read(image).unwrap();
                let reading = workshop.read(&Bytes(&bytes), &mut |_| {}).ok()?;
                Some(reading.pages.into_iter().map(|page| page.text).collect::<Vec<_>>().join("\n"))
            }
            Self::Tesseract => said(Command::new("tesseract").arg(image).args(["stdout", "-l", "deu"])),
            Self::Ocrmypdf => {
                let (text, pdf) = (place.join("text"), place.join("pdf"));
                let options = ["-l", "deu", "--image-dpi", "150", "--output-type", "pdf", "--sidecar"];
                said(Command::new("ocrmypdf").args(options).arg(&text).arg(image).arg(&pdf))?;
                std::fs::read_to_string(text).ok()
            }
        }
    }
}

fn said(command: &mut Command) -> Option<String> {
    let output = command.env("OMP_THREAD_LIMIT", "1").output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[derive(Default)]
struct Tally {
    pages: usize,
    failed: usize,
    characters: f64,
    words: f64,
    took: Duration,
}

fn main() {
    let Some(pages) = pages() else {
        println!("skipped: the test material is not there");
        return;
    };
    let tallies = Mutex::new(BTreeMap::<(Lies, Kind, Engine), Tally>::new());
    let next = Mutex::new(pages.iter());
    std::thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                loop {
                    let Some(page) = next.lock().unwrap().next() else { break };
                    measure(page, &tallies);
                }
            });
        }
    });
    println!("| the page lies | kind | engine | pages | not read | characters wrong | words wrong | time |");
    println!("|---|---|---|--:|--:|--:|--:|--:|");
    for ((lies, kind, engine), tally) in tallies.into_inner().unwrap() {
        let mean = |sum: f64| 100.0 * sum / tally.pages as f64;
        println!(
            "| {} | {} | {} | {} | {} | {:.1} % | {:.1} % | {:.1} s |",
            lies.name(),
            kind.name(),
            engine.name(),
            tally.pages,
            tally.failed,
            mean(tally.characters),
            mean(tally.words),
            tally.took.as_secs_f64(),
        );
    }
}

/// The image of a page. The old TIFFs have tags that few decoders forgive; `ocrmypdf` brings one that does.
fn opened(path: &Path, place: &Path) -> DynamicImage {
    if !path.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("tif")) {
        return image::open(path).unwrap();
    }
    let png = place.join("opened.png");
    let script = "import sys; from PIL import Image; Image.open(sys.argv[1]).convert('L').save(sys.argv[2])";
    let made = Command::new("/usr/bin/python3").args(["-c", script]).arg(path).arg(&png).status();
    assert!(made.is_ok_and(|status| status.success()), "{}", path.display());
    image::open(png).unwrap()
}

fn measure(page: &Page, tallies: &Mutex<BTreeMap<(Lies, Kind, Engine), Tally>>) {
    let place = tempfile::tempdir().unwrap();
    let image = opened(&page.image, place.path());
    for lies in Lies::ALL {
        // What is turned costs all three an image without a stated resolution.
        let shown = place.path().join("page.png");
        lies.put(&image).save(&shown).unwrap();
        for engine in Engine::ALL {
            let begun = Instant::now();
            let read = engine.read(&shown, place.path());
            let took = begun.elapsed();
            let (truth, text) = (plain(&page.truth), plain(read.as_deref().unwrap_or_default()));
            let mut tallies = tallies.lock().unwrap();
            let tally = tallies.entry((lies, page.kind, engine)).or_default();
            tally.pages += 1;
            tally.failed += usize::from(read.is_none());
            tally.took += took;
            let letters = |text: &str| text.chars().map(u64::from).collect::<Vec<_>>();
            let words = |text: &str| text.split(' ').map(number_of).collect::<Vec<_>>();
            tally.characters += wrong(&letters(&truth), &letters(&text));
            tally.words += wrong(&words(&truth), &words(&text));
        }
    }
}

/// Changes that make one of the other, as a share of what should be there.
fn wrong(truth: &[u64], text: &[u64]) -> f64 {
    let changes = levenshtein::distance(truth.iter().copied(), text.iter().copied());
    changes as f64 / truth.len().max(1) as f64
}

/// The same for the same word.
fn number_of(word: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    word.hash(&mut hasher);
    hasher.finish()
}

fn plain(text: &str) -> String {
    let same = |character: char| match character {
        'ſ' => 's',
        '„' | '“' | '”' | '»' | '«' | '‚' | '‘' | '’' | '\'' => '"',
        '–' | '—' | '⸗' | '=' => '-',
        other => other,
    };
    let text: String = text.nfc().map(same).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn pages() -> Option<Vec<Page>> {
    let data = shared::root().join("data");
    let sets = [
        ("ocr_ehri_typewriter_de", Kind::Typewriter),
        ("ocr_cis_fraktur19", Kind::Fraktur),
        ("ocr_vd_sbb", Kind::OldPrint),
    ];
    let mut found = Vec::new();
    for (set, kind) in sets {
        let mut images = Vec::new();
        below(&data.join(set), &mut images)?;
        images.sort();
        found.extend(images.into_iter().filter_map(|image| page(kind, image)).step_by(every()));
    }
    Some(found)
}

fn every() -> usize {
    let given = std::env::args().skip_while(|argument| argument != "--every").nth(1);
    given.map_or(EVERY, |number| number.parse().unwrap())
}

/// Each set has its own way of naming a transcription after its image.
fn page(kind: Kind, image: PathBuf) -> Option<Page> {
    let stem = image.with_extension("").to_str()?.to_owned();
    let shortened = stem.rsplit_once('_').map_or(stem.as_str(), |(before, _)| before).to_owned();
    let names =
        [stem.clone(), shortened, stem.replace("/tif/", "/gt/"), stem.replace("OCR-D-IMG", "OCR-D-GT-PAGE")];
    let truth = names.iter().find_map(|name| std::fs::read_to_string(format!("{name}.gt.txt")).ok())?;
    Some(Page { kind, image, truth })
}

fn below(folder: &Path, found: &mut Vec<PathBuf>) -> Option<()> {
    for entry in std::fs::read_dir(folder).ok()? {
        let path = entry.ok()?.path();
        if path.is_dir() {
            below(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "tif" || extension == "jpg") {
            found.push(path);
        }
    }
    Some(())
}
