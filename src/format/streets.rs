//! The street register as lines of text: `format = 2`, then a street per line or `alter Name = neuer Name; Jahr`. Written
//! by hand, read here. Mistakes are told in German, with file and line, because the people who keep the register read
//! them; all of them at once, because whoever pastes a list of two thousand streets corrects it once.

use crate::domain::streets::{
    OTHER_NAMES_MAX, RENAMINGS_MAX, Renaming, STREET_CHARS_MAX, STREETS_MAX, Streets, StreetsFlaw, check_name,
};

/// The newest format this program reads.
pub const FORMAT: u32 = 2;
/// The first one: renamings only.
const RENAMINGS_ONLY: u32 = 1;
/// Years a street may have been renamed in.
const YEARS: std::ops::RangeInclusive<u16> = 1000..=2999;

/// What is wrong with a register's text; users read it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum StreetsMistake {
    /// The first line does not name the format.
    #[error("{file}: die erste Zeile muss `format = {FORMAT}` lauten")]
    NoFormat {
        /// Name of the file.
        file: String,
    },
    /// A later format.
    #[error("{file}: Format {found} ist unbekannt, erwartet wird {RENAMINGS_ONLY} oder {FORMAT}")]
    Format {
        /// Name of the file.
        file: String,
        /// The format found.
        found: u32,
    },
    /// A line that is none.
    #[error("{file}, Zeile {line}: {reason}")]
    Line {
        /// Name of the file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// The register is too long.
    #[error("{file}: {reason}")]
    TooLong {
        /// Name of the file.
        file: String,
        /// In which way.
        reason: String,
    },
}

/// A line that says something, and its number.
struct Line {
    number: usize,
    says: Says,
}

enum Says {
    Street(String),
    Renaming(Renaming),
}

impl Line {
    fn names(&self) -> [&str; 2] {
        match &self.says {
            Says::Street(name) => [name, name],
            Says::Renaming(renaming) => [&renaming.old, &renaming.new],
        }
    }
}

/// Reads a street register; `file` is its name in messages.
///
/// # Errors
/// Every [`StreetsMistake`] that can be seen, in the order of the lines; at least one.
pub fn read(file: &str, text: &str) -> Result<Streets, Vec<StreetsMistake>> {
    let file = file.to_owned();
    let numbered = text.trim_start_matches('\u{feff}').lines().map(str::trim).enumerate();
    let mut lines = numbered.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let first = lines.next().and_then(|(_, line)| line.split_once('='));
    let format =
        first.filter(|(name, _)| name.trim() == "format").and_then(|(_, value)| value.trim().parse().ok());
    let format = match format {
        None => return Err(vec![StreetsMistake::NoFormat { file }]),
        Some(format @ (RENAMINGS_ONLY | FORMAT)) => format,
        Some(found) => return Err(vec![StreetsMistake::Format { file, found }]),
    };
    let (mut read, mut mistakes) = (Vec::new(), Vec::new());
    for (at, line) in lines {
        let number = at + 1;
        match read_line(line, format) {
            Ok(says) => read.push(Line { number, says }),
            Err(reason) => mistakes.push(StreetsMistake::Line { file: file.clone(), line: number, reason }),
        }
    }
    if mistakes.is_empty() { register(&file, read) } else { Err(mistakes) }
}

/// The lines together.
fn register(file: &str, lines: Vec<Line>) -> Result<Streets, Vec<StreetsMistake>> {
    let places: Vec<(usize, [String; 2])> =
        lines.iter().map(|line| (line.number, line.names().map(str::to_owned))).collect();
    let (mut named, mut renamings) = (Vec::new(), Vec::new());
    for line in lines {
        match line.says {
            Says::Street(name) => named.push(name),
            Says::Renaming(renaming) => renamings.push(renaming),
        }
    }
    Streets::of(named, renamings).map_err(|flaw| {
        let (file, reason) = (file.to_owned(), words(&flaw));
        let name = match &flaw {
            StreetsFlaw::NoName(name) | StreetsFlaw::SameName(name) | StreetsFlaw::TooManyNames(name) => name,
            StreetsFlaw::TooMany | StreetsFlaw::TooManyStreets => {
                return vec![StreetsMistake::TooLong { file, reason }];
            }
        };
        let place = places.iter().rfind(|(_, names)| names.contains(name));
        vec![match place {
            Some((line, _)) => StreetsMistake::Line { file, line: *line, reason },
            None => StreetsMistake::TooLong { file, reason },
        }]
    })
}

fn read_line(line: &str, format: u32) -> Result<Says, String> {
    let expected = match format {
        RENAMINGS_ONLY => "erwartet wird „alter Name = neuer Name; Jahr“",
        _ => "erwartet wird ein Straßenname oder „alter Name = neuer Name; Jahr“",
    };
    let Some((old, rest)) = line.split_once('=') else {
        if format == RENAMINGS_ONLY || line.contains(';') {
            return Err(expected.to_owned());
        }
        check_name(line).map_err(|flaw| words(&flaw))?;
        return Ok(Says::Street(line.to_owned()));
    };
    let (new, year) = rest.split_once(';').map_or((rest, None), |(new, year)| (new, Some(year.trim())));
    let year = year.map(|year| year.parse().ok().filter(|year| YEARS.contains(year)));
    let from = match year {
        Some(None) => return Err("hinter dem Strichpunkt wird ein Jahr mit vier Ziffern erwartet".to_owned()),
        Some(year) => year,
        None => None,
    };
    if new.contains('=') {
        return Err(expected.to_owned());
    }
    let renaming = Renaming { old: old.trim().to_owned(), new: new.trim().to_owned(), from };
    renaming.check().map_err(|flaw| words(&flaw))?;
    Ok(Says::Renaming(renaming))
}

fn words(flaw: &StreetsFlaw) -> String {
    match flaw {
        StreetsFlaw::TooMany => format!("es sind mehr als {RENAMINGS_MAX} Umbenennungen"),
        StreetsFlaw::TooManyStreets => format!("es sind mehr als {STREETS_MAX} Straßen"),
        StreetsFlaw::NoName(name) => format!(
            "„{name}“ ist kein Straßenname; er braucht Buchstaben und hat höchstens {STREET_CHARS_MAX} Zeichen"
        ),
        StreetsFlaw::SameName(name) => format!("„{name}“ heißt vorher und nachher gleich"),
        StreetsFlaw::TooManyNames(name) => {
            format!("„{name}“ hat mehr als {OTHER_NAMES_MAX} andere Namen")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        read("s.txt", text).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn mistakes_name_file_and_line_in_german() {
        for (text, mistake) in [
            ("", "s.txt: die erste Zeile muss `format = 2` lauten"),
            ("A = B; 1919", "s.txt: die erste Zeile muss `format = 2` lauten"),
            ("Am Markt", "s.txt: die erste Zeile muss `format = 2` lauten"),
            ("format = 3", "s.txt: Format 3 ist unbekannt, erwartet wird 1 oder 2"),
            ("format = 1\n\nRing", "s.txt, Zeile 3: erwartet wird „alter Name = neuer Name; Jahr“"),
            ("format = 1\nA = B = C", "s.txt, Zeile 2: erwartet wird „alter Name = neuer Name; Jahr“"),
            (
                "format = 2\nRing; 1919",
                "s.txt, Zeile 2: erwartet wird ein Straßenname oder „alter Name = neuer Name; Jahr“",
            ),
            (
                "format = 1\nA = B; 19",
                "s.txt, Zeile 2: hinter dem Strichpunkt wird ein Jahr mit vier Ziffern erwartet",
            ),
            (
                "format = 1\nRingstr. = Ringstraße",
                "s.txt, Zeile 2: „Ringstraße“ heißt vorher und nachher gleich",
            ),
            (
                "format = 1\nRing = ",
                "s.txt, Zeile 2: „“ ist kein Straßenname; er braucht Buchstaben und hat höchstens 100 Zeichen",
            ),
            (
                "format = 2\n–",
                "s.txt, Zeile 2: „–“ ist kein Straßenname; er braucht Buchstaben und hat höchstens 100 Zeichen",
            ),
        ] {
            assert_eq!(told(text), [mistake], "{text}");
        }
    }

    #[test]
    fn all_mistakes_are_told_at_once_each_with_its_line() {
        let told = told("format = 2\nA-Weg = a weg\n# gut\nB-Weg\nB-Weg; 1919\nC = D; neu\n");
        let lines: Vec<&str> = told.iter().map(|told| &told[..told.find(':').unwrap()]).collect();
        assert_eq!(lines, ["s.txt, Zeile 2", "s.txt, Zeile 5", "s.txt, Zeile 6"]);
    }

    #[test]
    fn too_many_names_of_one_street_are_told_with_the_last_line_that_names_it() {
        let lines: String = (0..=OTHER_NAMES_MAX).map(|n| format!("Weg {n} = Ring\n")).collect();
        assert_eq!(
            told(&format!("format = 2\n{lines}Kamp\n")),
            ["s.txt, Zeile 22: „Ring“ hat mehr als 20 andere Namen"]
        );
        let streets = "Ring\n".repeat(STREETS_MAX + 1);
        assert_eq!(told(&format!("format = 2\n{streets}")), ["s.txt: es sind mehr als 20000 Straßen"]);
    }
}
