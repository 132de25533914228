//! The town as data: its letters (`letters.toml`), its files (`files.toml`) and which of them play a part
//! (`story.toml`); and filling a letter with a file's words.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Deserialize;

use crate::gaps::{fill, german, repeated, spelled};
use crate::paper::Wear;
use crate::rng::Rng;

/// The story as it is copied beside the scans.
pub const STORY: &str = include_str!("story.toml");

/// Mistakes in the data.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// Not the TOML that is expected.
    #[error("`{file}` is not as expected")]
    Toml {
        /// Which of the data files.
        file: &'static str,
        /// What is wrong.
        #[source]
        cause: Box<toml::de::Error>,
    },
    /// A letter is asked for that is not written.
    #[error("no letter `{0}`")]
    NoLetter(String),
    /// A letter has a gap that neither file, document nor town fills.
    #[error("nothing fills the gap `{gap}` in letter `{letter}`")]
    Gap {
        /// The letter.
        letter: String,
        /// Its gap.
        gap: String,
    },
    /// The story names a file that is not there.
    #[error("the story names `{0}`, which is no file")]
    Story(String),
}

/// Everything that was written for the demo.
pub struct Town {
    /// Words that fill gaps in every letter.
    pub words: BTreeMap<String, String>,
    /// Words that changed with the times, oldest first.
    pub eras: Vec<Era>,
    /// Letters by name.
    pub letters: BTreeMap<String, Letter>,
    /// The files, in the order of `files.toml`.
    pub files: Vec<CaseFile>,
}

/// Words of a time.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Era {
    /// Its last year.
    pub until: i16,
    /// What was said.
    pub words: BTreeMap<String, String>,
}

/// A letter with gaps.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letter {
    /// What people call it.
    pub title: String,
    /// Its text, in the marks of `letter.rs`.
    pub text: String,
    /// Set in print at any time (printed forms).
    #[serde(default)]
    pub printed: bool,
}

/// A day, written `1958-03-12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Day(pub Date);

impl TryFrom<String> for Day {
    type Error = jiff::Error;
    fn try_from(text: String) -> Result<Self, jiff::Error> {
        text.parse().map(Self)
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A file (Akte).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseFile {
    /// Aktenzeichen; up to the hyphen it is the class.
    pub az: String,
    /// Betreff.
    pub title: String,
    /// Protection domain, as `ProtectionDomain` writes it.
    #[serde(default = "general")]
    pub domain: String,
    /// Day of the closing order; none while it is open.
    pub closed: Option<Day>,
    /// Shelf and box, if there is paper.
    pub paper: Option<(String, String)>,
    /// Fields of the record type.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// Words for the letters of this file that are no fields of it.
    #[serde(default)]
    pub words: BTreeMap<String, String>,
    /// What happened: kind, day, source.
    #[serde(default)]
    pub facts: Vec<(String, Day, String)>,
    /// A hold: reason, since.
    pub hold: Option<(String, Day)>,
    /// Its documents.
    pub docs: Vec<Paper>,
}

/// A document of a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// The letter it is made from.
    #[serde(default)]
    pub letter: String,
    /// Its date.
    pub on: Day,
    /// What it is stored as.
    pub form: Form,
    /// How it has aged.
    #[serde(default)]
    pub wear: Wear,
    /// The same bytes as the document with this name in another file: `AKTENZEICHEN/letter`.
    pub same_as: Option<String>,
    /// Words for its gaps.
    #[serde(default)]
    pub with: BTreeMap<String, String>,
    /// Words that must be found on it.
    #[serde(default)]
    pub find: Vec<String>,
}

/// What a document is stored as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// PDF with grey page images, no text.
    Scan,
    /// PDF with bilevel page images, no text.
    Fax,
    /// PDF with grey page images and an invisible text layer.
    Ocr,
    /// PDF with bilevel page images and an invisible text layer.
    FaxOcr,
    /// TIFF, bilevel G4.
    Tiff,
    /// TIFF, grey LZW.
    TiffLzw,
    /// JPEG, one page.
    Jpeg,
    /// PDF with real text.
    Pdf,
    /// Plain text.
    Text,
    /// A drawing of size A1 at 150 dpi, bilevel PDF.
    Plan,
    /// A JPEG that calls itself `.pdf`.
    Lying,
    /// A PDF cut off in the middle.
    Truncated,
    /// A PDF behind a password nobody knows any more.
    Locked,
    /// No bytes at all.
    Empty,
}

impl Form {
    /// The extension of the file.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Tiff | Self::TiffLzw => "tif",
            Self::Jpeg => "jpg",
            Self::Text => "txt",
            _ => "pdf",
        }
    }

    /// Its pages can be read by recognition alone.
    pub fn needs_recognition(self) -> bool {
        use Form::{Fax, Jpeg, Lying, Plan, Scan, Tiff, TiffLzw};
        matches!(self, Scan | Fax | Tiff | TiffLzw | Jpeg | Plan | Lying)
    }

    /// It cannot be read on purpose.
    pub fn is_unreadable(self) -> bool {
        matches!(self, Self::Truncated | Self::Locked | Self::Empty)
    }
}

impl CaseFile {
    /// The class of the file plan.
    pub fn class(&self) -> &str {
        self.az.split_once('-').map_or(self.az.as_str(), |(class, _)| class)
    }
}

fn general() -> String {
    "general".to_owned()
}

impl Town {
    /// Reads the data that is compiled in, and checks the story against it.
    pub fn load() -> Result<Self, DataError> {
        #[derive(Deserialize)]
        struct Letters {
            words: BTreeMap<String, String>,
            era: Vec<Era>,
            letter: BTreeMap<String, Letter>,
        }
        #[derive(Deserialize)]
        struct Files {
            file: Vec<CaseFile>,
        }
        let Letters { words, era: eras, letter: letters } =
            parse("letters.toml", include_str!("letters.toml"))?;
        let Files { file: mut files } = parse("files.toml", include_str!("files.toml"))?;
        let Files { file: offices } = parse("offices.toml", include_str!("offices.toml"))?;
        files.extend(offices);
        let town = Self { words, eras, letters, files };
        town.check_story()?;
        Ok(town)
    }

    /// The letter a document is made from.
    pub fn letter(&self, name: &str) -> Result<&Letter, DataError> {
        self.letters.get(name).ok_or_else(|| DataError::NoLetter(name.to_owned()))
    }

    /// The text of a document with every gap filled.
    pub fn text(&self, file: &CaseFile, paper: &Paper, rng: &mut Rng) -> Result<String, DataError> {
        let letter = self.letter(&paper.letter)?;
        let mut own = BTreeMap::from([
            ("date".to_owned(), german(paper.on.0)),
            ("year".to_owned(), paper.on.0.year().to_string()),
            ("az".to_owned(), file.az.clone()),
            ("betreff".to_owned(), file.title.clone()),
        ]);
        own.extend(paper.with.clone());
        let year = paper.on.0.year();
        let of_the_time = self.eras.iter().find(|era| year <= era.until).map(|era| &era.words);
        let layers = [&own, &file.words, &file.fields, &self.words].into_iter().chain(of_the_time);
        let look_up = |gap: &str| {
            let word = layers.clone().find_map(|layer| layer.get(gap))?;
            // Fields hold days as machines like them.
            Some(word.parse().map_or_else(|_| word.clone(), german))
        };
        let mut out = String::new();
        for line in repeated(&letter.text, &look_up) {
            fill(&line, &look_up, rng, &mut out)
                .map_err(|gap| DataError::Gap { letter: paper.letter.clone(), gap })?;
            out.push('\n');
        }
        Ok(spelled(out, year))
    }

    fn check_story(&self) -> Result<(), DataError> {
        let story: toml::Table = parse("story.toml", STORY)?;
        let known: BTreeSet<_> = self.files.iter().map(|file| file.az.as_str()).collect();
        let names =
            story.iter().filter(|(role, _)| *role != "search_words").flat_map(|(_, value)| match value {
                toml::Value::Array(list) => list.iter().filter_map(toml::Value::as_str).collect(),
                other => other.as_str().into_iter().collect::<Vec<_>>(),
            });
        match names.into_iter().find(|name| !known.contains(name)) {
            Some(name) => Err(DataError::Story(name.to_owned())),
            None => Ok(()),
        }
    }
}

fn parse<T: serde::de::DeserializeOwned>(file: &'static str, text: &str) -> Result<T, DataError> {
    toml::from_str(text).map_err(|cause| DataError::Toml { file, cause: Box::new(cause) })
}
