//! The street register as lines of text: `format = 1`, then `alter Name = neuer Name; Jahr`. Written by hand, read
//! here. Mistakes are told in German, with file and line, because the people who keep the register read them.

use crate::domain::streets::{
    OTHER_NAMES_MAX, RENAMINGS_MAX, Renaming, STREET_CHARS_MAX, Streets, StreetsFlaw,
};

/// The format this program reads.
pub const FORMAT: u32 = 1;
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
    #[error("{file}: Format {found} ist unbekannt, erwartet wird {FORMAT}")]
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
        /// What is expected.
        reason: &'static str,
    },
    /// The lines do not fit each other.
    #[error("{file}: {}", words(flaw))]
    Flawed {
        /// Name of the file.
        file: String,
        /// The flaw.
        flaw: StreetsFlaw,
    },
}

/// Reads a street register; `file` is its name in messages.
///
/// # Errors
/// The first [`StreetsMistake`].
pub fn read(file: &str, text: &str) -> Result<Streets, StreetsMistake> {
    let numbered = text.trim_start_matches('\u{feff}').lines().map(str::trim).enumerate();
    let mut lines = numbered.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let first = lines.next().and_then(|(_, line)| line.split_once('='));
    let format =
        first.filter(|(name, _)| name.trim() == "format").and_then(|(_, value)| value.trim().parse().ok());
    match format {
        None => return Err(StreetsMistake::NoFormat { file: file.to_owned() }),
        Some(FORMAT) => {}
        Some(found) => return Err(StreetsMistake::Format { file: file.to_owned(), found }),
    }
    let read = |(at, line)| {
        read_line(line).map_err(|reason| StreetsMistake::Line { file: file.to_owned(), line: at + 1, reason })
    };
    let renamings = lines.map(read).collect::<Result<_, _>>()?;
    Streets::new(renamings).map_err(|flaw| StreetsMistake::Flawed { file: file.to_owned(), flaw })
}

fn read_line(line: &str) -> Result<Renaming, &'static str> {
    let expected = "erwartet wird „alter Name = neuer Name; Jahr“";
    let (old, rest) = line.split_once('=').ok_or(expected)?;
    let (new, year) = rest.split_once(';').map_or((rest, None), |(new, year)| (new, Some(year.trim())));
    let year = year.map(|year| year.parse().ok().filter(|year| YEARS.contains(year)));
    let from = match year {
        Some(None) => return Err("hinter dem Strichpunkt wird ein Jahr mit vier Ziffern erwartet"),
        Some(year) => year,
        None => None,
    };
    let (old, new) = (old.trim().to_owned(), new.trim().to_owned());
    if new.contains('=') { Err(expected) } else { Ok(Renaming { old, new, from }) }
}

fn words(flaw: &StreetsFlaw) -> String {
    match flaw {
        StreetsFlaw::TooMany => format!("es sind mehr als {RENAMINGS_MAX} Umbenennungen"),
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

    const REGISTER: &str = "\u{feff}format = 1\r\n# Ratsbeschlüsse\r\n\r\nKaiserstraße = Rathausstraße; 1919\r\n\
         Lange Str.=Oststraße\n";

    #[test]
    fn a_register_is_read_as_it_was_written() {
        let streets = read("straßen.txt", REGISTER).unwrap();
        let all: Vec<_> =
            streets.renamings().iter().map(|r| (r.old.as_str(), r.new.as_str(), r.from)).collect();
        assert_eq!(all, [("Kaiserstraße", "Rathausstraße", Some(1919)), ("Lange Str.", "Oststraße", None)]);
        assert_eq!(read("straßen.txt", "format = 1").unwrap(), Streets::default());
    }

    #[test]
    fn mistakes_name_file_and_line_in_german() {
        for (text, told) in [
            ("", "s.txt: die erste Zeile muss `format = 1` lauten"),
            ("A = B; 1919", "s.txt: die erste Zeile muss `format = 1` lauten"),
            ("format = 2", "s.txt: Format 2 ist unbekannt, erwartet wird 1"),
            ("format = 1\n\nRing", "s.txt, Zeile 3: erwartet wird „alter Name = neuer Name; Jahr“"),
            ("format = 1\nA = B = C", "s.txt, Zeile 2: erwartet wird „alter Name = neuer Name; Jahr“"),
            (
                "format = 1\nA = B; 19",
                "s.txt, Zeile 2: hinter dem Strichpunkt wird ein Jahr mit vier Ziffern erwartet",
            ),
            ("format = 1\nRingstr. = Ringstraße", "s.txt: „Ringstraße“ heißt vorher und nachher gleich"),
            (
                "format = 1\nRing = ",
                "s.txt: „“ ist kein Straßenname; er braucht Buchstaben und hat höchstens 100 Zeichen",
            ),
        ] {
            assert_eq!(read("s.txt", text).unwrap_err().to_string(), told, "{text}");
        }
    }
}
