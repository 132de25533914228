//! Whether a text might be a date. Says yes rather too often: what is a date to the index must be one here.

/// How names of months begin, with and without umlaut.
const MONTHS: [&str; 19] = [
    "jan",
    "jän",
    "jae",
    "ja\u{308}n",
    "feb",
    "mär",
    "mae",
    "mar",
    "ma\u{308}r",
    "mrz",
    "apr",
    "mai",
    "jun",
    "jul",
    "aug",
    "sep",
    "okt",
    "nov",
    "dez",
];
/// Most characters of the name of a month.
const MONTH_CHARS_MAX: usize = 10;

/// A day, or a month with its year, and nothing else.
pub(super) fn may_be(text: &str) -> bool {
    let pieces = pieces(text);
    match pieces.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [month, year] => is_month_name(month) && is_year(year),
        [first, second, third] => {
            let day_first = number(first, 31) && (number(second, 12) || is_month_name(second));
            (day_first && (is_year(third) || third.len() == 2 && number(third, 99)))
                || (is_year(first) && number(second, 12) && number(third, 31))
        }
        _ => false,
    }
}

/// Runs of letters and runs of digits, lower case.
fn pieces(text: &str) -> Vec<String> {
    let (mut pieces, mut kind) = (Vec::<String>::new(), None);
    for c in text.chars().flat_map(char::to_lowercase) {
        let here = if c.is_numeric() {
            Some(true)
        } else if c.is_alphabetic() || c == '\u{308}' {
            Some(false)
        } else {
            None
        };
        match pieces.last_mut() {
            Some(last) if here.is_some() && here == kind => last.push(c),
            _ if here.is_some() => pieces.push(c.to_string()),
            _ => {}
        }
        kind = here;
    }
    pieces
}

fn is_month_name(piece: &str) -> bool {
    piece.chars().count() <= MONTH_CHARS_MAX && MONTHS.iter().any(|month| piece.starts_with(month))
}

fn is_year(piece: &str) -> bool {
    piece.len() == 4 && piece.parse().is_ok_and(|year: u16| (1500..=2099).contains(&year))
}

/// One or two digits, up to `most`; of a short year also two noughts.
fn number(piece: &str, most: u8) -> bool {
    piece.len() <= 2 && piece.parse().is_ok_and(|number: u8| number <= most)
}
