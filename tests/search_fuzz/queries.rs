//! Queries nobody would think of: real ones that were damaged, well-formed ones of any depth, heaps of signs, and bytes
//! that were no text. The same seed makes the same query.

use crate::mill::Mill;

/// What people ask.
const REAL: [&str; 40] = [
    "Garage Mühlenweg",
    "Bahnhofstraße 12a",
    "straße:\"Kaiserstraße 12\" Anbau",
    "Berliner Straße 5 -Abbruch",
    "Flur 4 Flurstück 118/2",
    "Gemarkung Kesterbrück Flur 4 Nr. 118/2",
    "flurstück:118/2",
    "02091-C-71",
    "az:\"4 K 112/24\"",
    "az:63-17/1958",
    "63-17/1958",
    "titel:Garage",
    "titel:\"Neubau eines Wohnhauses\"",
    "datei:Lageplan*",
    "klasse:63.10 Garage",
    "jahr:1958",
    "jahr:1950..1965 Carport",
    "jahr:..1920",
    "-jahr:1990..",
    "12. März 1958",
    "12.3.1958 Baugenehmigung",
    "März 1958",
    "Ring 12 März 1958",
    "Baugenehmigung",
    "\"Antrag auf Baugenehmigung\"",
    "„Antrag auf Garage“",
    "»Antrag auf Garage«",
    "\"Garage Nachbar\"~8",
    "\"Garage Nachbar\"~",
    "Bauge*",
    "müler~",
    "Genehmigungsverfahren~",
    "Garage ODER Carport",
    "(Garage ODER Carport) UND (Zaun ODER Mauer)",
    "Garage NICHT Carport",
    "NICHT (Garage ODER Carport)",
    "Bau Zaun",
    "=12a =Ring",
    "Grundstücksentwässerungsanlage Straßenausbaubeitragssatzung",
    "um 10:30 § 34 BauGB",
];

/// What has a meaning in a query, or looks as if it had.
const PIECES: [&str; 78] = [
    "UND",
    "ODER",
    "NICHT",
    "AND",
    "OR",
    "NOT",
    "und",
    "(",
    ")",
    "\"",
    "„",
    "“",
    "”",
    "»",
    "«",
    "'",
    "-",
    "--",
    "~",
    "~8",
    "~50",
    "~51",
    "*",
    "**",
    "=",
    "==",
    ":",
    "::",
    ".",
    "..",
    ",",
    ";",
    "/",
    "\\",
    "+",
    "&",
    "§",
    "^",
    "[",
    "]",
    "{",
    "}",
    "?",
    "!",
    "az:",
    "AZ:",
    "titel:",
    "datei:",
    "straße:",
    "STRASSE:",
    "flurstück:",
    "klasse:",
    "klasse:63",
    "jahr:",
    "jahr:1958",
    "jahr:2999..1000",
    "body:",
    "stem:",
    "_:",
    "*:*",
    "TO",
    "IN",
    "Garage",
    "Bau",
    "Zaun",
    "12",
    "12a",
    "1958",
    "118/2",
    "Flur",
    "Nr.",
    "Ring",
    "Straße",
    "März",
    "a",
    "ß",
    "  ",
    "\t",
];

/// Characters that break programs: controls, marks of direction, those that grow or shrink when their case changes,
/// combining ones, digits that are none of ours, and the last ones there are.
const ODD: [char; 46] = [
    '\0',
    '\u{1}',
    '\u{7f}',
    '\u{85}',
    '\n',
    '\r',
    '\u{b}',
    '\u{1b}',
    '\u{a0}',
    '\u{ad}',
    '\u{200b}',
    '\u{200d}',
    '\u{200e}',
    '\u{200f}',
    '\u{202a}',
    '\u{202b}',
    '\u{202c}',
    '\u{202d}',
    '\u{202e}',
    '\u{2066}',
    '\u{2067}',
    '\u{2069}',
    '\u{2028}',
    '\u{2029}',
    '\u{3000}',
    '\u{feff}',
    '\u{fffd}',
    '\u{ffff}',
    '\u{10ffff}',
    '\u{e000}',
    '\u{308}',
    '\u{301}',
    '\u{345}',
    '\u{130}',
    '\u{131}',
    '\u{149}',
    '\u{1e9e}',
    '\u{fb03}',
    '\u{fdfa}',
    '\u{2167}',
    '\u{b2}',
    '\u{bd}',
    '\u{664}',
    '\u{ff13}',
    '\u{1f600}',
    '\u{1d7d8}',
];

/// How often a bomb repeats what it is made of; the last lengths are beyond every limit.
const REPEATED: [usize; 9] = [19, 20, 21, 49, 50, 51, 340, 1_024, 10_000];
/// One bomb in so many is as large as this, in bytes.
const HUGE_ONE_IN: usize = 200;
const HUGE_BYTES: usize = 1 << 20;
/// How deep a well-formed query is nested, at most: deeper than may be.
const DEPTH_MAX: usize = 24;
/// Words of the index, and of a language it has no other word of.
const WORDS_OF_ITS_OWN: usize = 4;

/// The query of a seed, which may ask for these words.
pub fn of_seed(seed: u64, words: &[&str]) -> String {
    let mut mill = Mill(seed);
    mill.below(2); // neighbouring seeds part
    match mill.below(10) {
        0..=3 => damaged(&mut mill, words),
        4 | 5 => {
            let depth = if mill.below(8) == 0 { DEPTH_MAX } else { 3 };
            well_formed(&mut mill, words, depth)
        }
        6 | 7 => heap(&mut mill, words),
        8 => bomb(&mut mill, words),
        _ => bytes(&mut mill),
    }
}

fn word(mill: &mut Mill, words: &[&str]) -> String {
    match mill.below(WORDS_OF_ITS_OWN + 1) {
        0 => (0..1 + mill.below(12)).map(|_| char::from(b'a' + mill.below(26) as u8)).collect(),
        _ => (*mill.one_of(words)).to_owned(),
    }
}

/// Any character, of any script.
fn character(mill: &mut Mill) -> char {
    match mill.below(4) {
        0 => *mill.one_of(&ODD),
        1 => char::from(mill.below(128) as u8),
        2 => char::from_u32(mill.below(0x3000) as u32).unwrap_or('x'),
        _ => char::from_u32(mill.below(0x11_0000) as u32).unwrap_or('\u{fffd}'),
    }
}

fn piece(mill: &mut Mill, words: &[&str]) -> String {
    match mill.below(8) {
        0..=3 => (*mill.one_of(&PIECES)).to_owned(),
        4 | 5 => word(mill, words),
        6 => character(mill).to_string(),
        _ => mill.one_of(&ODD).to_string(),
    }
}

/// A real query into which something was put, or out of which something was taken, a few times.
fn damaged(mill: &mut Mill, words: &[&str]) -> String {
    let mut query: Vec<char> = mill.one_of(&REAL).chars().collect();
    for _ in 0..mill.below(7) {
        let at = mill.below(query.len() + 1);
        match mill.below(6) {
            0 => drop(query.splice(at..at, piece(mill, words).chars())),
            1 => drop(query.splice(at..at, mill.one_of(&REAL).chars())),
            2 => drop(query.drain(at..(at + 1 + mill.below(3)).min(query.len()).max(at))),
            3 => {
                let end = (at + 1 + mill.below(12)).min(query.len()).max(at);
                let again: Vec<char> = query[at..end].repeat(1 + mill.below(3));
                drop(query.splice(at..at, again));
            }
            4 if at < query.len() => query[at] = character(mill),
            _ => query.reverse(),
        }
    }
    query.into_iter().collect()
}

/// A query as the grammar has them; every limit may be passed.
fn well_formed(mill: &mut Mill, words: &[&str], depth: usize) -> String {
    let inner = |mill: &mut Mill| well_formed(mill, words, depth.saturating_sub(1));
    match mill.below(if depth == 0 { 7 } else { 12 }) {
        0 => format!("{}*", word(mill, words)),
        1 => format!("{}~", word(mill, words)),
        2 => format!("\"{} {}\"~{}", word(mill, words), word(mill, words), mill.below(60)),
        3 => format!("„{} {}“", word(mill, words), word(mill, words)),
        4 => {
            let field = ["az", "titel", "datei", "straße", "flurstück", "klasse"][mill.below(6)];
            format!("{field}:{}", word(mill, words))
        }
        5 => format!("jahr:{}..{}", 990 + mill.below(2_020), 990 + mill.below(2_020)),
        6 => word(mill, words),
        7 => format!("({})", inner(mill)),
        8 => format!("NICHT {}", inner(mill)),
        9 => format!("({} ODER {})", inner(mill), inner(mill)),
        _ => format!("{} {}", inner(mill), inner(mill)),
    }
}

/// Signs and words in no order.
fn heap(mill: &mut Mill, words: &[&str]) -> String {
    let mut query = String::new();
    for _ in 0..1 + mill.below(14) {
        query.push_str(&piece(mill, words));
        if mill.below(3) > 0 {
            query.push(' ');
        }
    }
    query
}

/// One thing again and again, then perhaps another as often.
fn bomb(mill: &mut Mill, words: &[&str]) -> String {
    let made_of = match mill.below(4) {
        0 => format!("{} ", piece(mill, words)),
        1 => format!("{}{}", piece(mill, words), piece(mill, words)),
        _ => piece(mill, words),
    };
    let times = match mill.below(HUGE_ONE_IN) {
        0 => HUGE_BYTES / made_of.len(),
        _ => *mill.one_of(&REPEATED),
    };
    let middle = word(mill, words);
    let behind = if mill.below(2) == 0 { ")".repeat(times) } else { String::new() };
    format!("{}{middle}{behind}", made_of.repeat(times))
}

/// Bytes, as a door reads what is no UTF-8.
fn bytes(mill: &mut Mill) -> String {
    let bytes: Vec<u8> = (0..1 + mill.below(60)).map(|_| mill.below(256) as u8).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}
