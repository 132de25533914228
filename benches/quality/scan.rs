//! Reads addresses, reference numbers and dates in a text, by plain rules over its characters.

use super::text::fold;

/// As they are written out.
pub const MONTHS: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];
/// Letters behind a house number; later ones are more often something else (`12 m`).
const HOUSE_LETTERS: std::ops::RangeInclusive<char> = 'a'..='h';
/// Two digits of a year: up to here of this century.
const CENTURY_ENDS: u32 = 39;

/// A street and a house number.
pub struct Address {
    /// What stands before the street's ending: `Hebel`, `Albert-Schweitzer-`, `Durlacher `.
    name: String,
    number: String,
    letter: Option<char>,
}

impl Address {
    fn key(&self) -> String {
        let name = fold(&self.name).replace(['-', ' '], "");
        let letter = self.letter.map_or_else(String::new, String::from);
        // The blank keeps number 1 from being the beginning of number 12.
        format!("{name} {} {letter}", self.number)
    }

    /// The ways to write it.
    pub fn spellings(&self) -> Vec<String> {
        let apart = self.name.ends_with(['-', ' ']);
        let endings = if apart { ["Straße", "Strasse", "Str."] } else { ["straße", "strasse", "str."] };
        let mut all = Vec::new();
        for ending in endings {
            let before = format!("{}{ending} {}", self.name, self.number);
            match self.letter {
                Some(letter) => all.extend([format!("{before}{letter}"), format!("{before} {letter}")]),
                None => all.push(before),
            }
        }
        all
    }
}

/// The addresses of a text, by key.
pub fn addresses(text: &str) -> Vec<(String, Address)> {
    let chars: Vec<char> = text.chars().collect();
    let (mut all, mut at, mut before) = (Vec::new(), 0, None);
    while at < chars.len() {
        if !chars[at].is_alphabetic() {
            // Only a blank may stand between the two words of `Durlacher Straße`.
            before = if chars[at] == ' ' { before } else { None };
            at += 1;
            continue;
        }
        let from = at;
        while at < chars.len() && (chars[at].is_alphabetic() || chars[at] == '-') {
            at += 1;
        }
        let word: String = chars[from..at].iter().collect();
        let address = street_of(&word, before.as_deref()).and_then(|name| {
            house_number(&chars, at).map(|(number, letter)| Address { name, number, letter })
        });
        all.extend(address.map(|address| (address.key(), address)));
        before = Some(word);
    }
    all
}

/// What stands before the ending of a street's name.
fn street_of(word: &str, before: Option<&str>) -> Option<String> {
    let endings = ["straße", "strasse", "str", "Straße", "Strasse", "Str"];
    let name = endings.iter().find_map(|ending| word.strip_suffix(ending))?;
    let named = |name: &str| {
        let letters = name.chars().filter(|c| c.is_alphabetic()).count();
        letters >= 4 && name.starts_with(char::is_uppercase)
    };
    if name.is_empty() {
        let blank = if before.is_some_and(|before| before.ends_with('-')) { "" } else { " " };
        return before.filter(|before| named(before)).map(|before| format!("{before}{blank}"));
    }
    named(name).then(|| name.to_owned())
}

/// `12`, `12a` or `12 a` behind blanks, on the same line.
fn house_number(chars: &[char], mut at: usize) -> Option<(String, Option<char>)> {
    let blanks = |mut at: usize| {
        while chars.get(at) == Some(&' ') {
            at += 1;
        }
        at
    };
    at += usize::from(chars.get(at) == Some(&'.'));
    at = blanks(at);
    let number: String = chars[at..].iter().take_while(|c| c.is_ascii_digit()).collect();
    if number.is_empty() || number.len() > 3 || number.starts_with('0') {
        return None;
    }
    at += number.len();
    let letter_at = if chars.get(at) == Some(&' ') { at + 1 } else { at };
    let ends = |c: Option<&char>| c.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, ')' | '.'));
    let letter = chars.get(letter_at).copied();
    let letter = letter.filter(|c| HOUSE_LETTERS.contains(c) && ends(chars.get(letter_at + 1)));
    let whole = letter.is_some() || !chars.get(at).is_some_and(|c| c.is_alphanumeric());
    whole.then_some((number, letter))
}

/// The reference numbers of a text: groups of digits or capitals between slashes, hyphens, dots.
pub fn references(text: &str) -> Vec<(String, Vec<String>)> {
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '/' | '-' | '.');
    let runs = text.split(|c| !inside(c)).map(|run| run.trim_end_matches(['.', '-', '/']));
    let groups = runs.filter(|run| run.contains('/')).filter_map(reference);
    groups.map(|groups| (groups.join("|"), groups)).collect()
}

/// The groups, if the run has the shape of a number: two to four groups of digits, or of up to three capitals;
/// five digits or more in all, three in one of them; no span of years.
fn reference(run: &str) -> Option<Vec<String>> {
    let groups: Vec<String> = run.split(['/', '-', '.']).map(str::to_owned).collect();
    let digits = |group: &str| group.chars().all(|c| c.is_ascii_digit());
    let capitals = |group: &str| group.len() <= 3 && group.chars().all(|c| c.is_ascii_uppercase());
    let shaped = groups.iter().all(|group| !group.is_empty() && (digits(group) || capitals(group)));
    let numbers: Vec<&String> = groups.iter().filter(|group| digits(group)).collect();
    let year = |group: &str| group.len() == 4 && (group.starts_with("19") || group.starts_with("20"));
    let short = |group: &str| group.len() <= 2 || year(group);
    let span = groups.len() == 2
        && ((year(&groups[0]) && short(&groups[1])) || (year(&groups[1]) && short(&groups[0])));
    let many = numbers.iter().map(|group| group.len()).sum::<usize>() >= 5;
    let phone = groups[0].starts_with('0');
    let fits = shaped && (2..=4).contains(&groups.len()) && !span && many && !phone;
    (fits && numbers.iter().any(|group| group.len() >= 3)).then_some(groups)
}

/// Whether a number stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    Not,
    /// As the beginning of a longer one, or the end.
    Longer,
    Whole,
}

/// Whether these groups stand in the text, one behind the other, with one sign or blank between them or none.
pub fn stands(text: &str, groups: &[String]) -> Stands {
    let mut found = Stands::Not;
    for (at, first) in text.match_indices(groups[0].as_str()) {
        let mut rest = &text[at + first.len()..];
        let all = groups[1..].iter().all(|group| {
            let next = rest.strip_prefix(['/', '-', '.', ' ', '_']).unwrap_or(rest);
            let behind = next.strip_prefix(group.as_str());
            rest = behind.unwrap_or(rest);
            behind.is_some()
        });
        let inner = |c: char| c.is_alphanumeric() || matches!(c, '/' | '-' | '_');
        let goes_on = rest.starts_with(char::is_alphanumeric)
            || rest.strip_prefix(['/', '-', '.']).is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
        let whole = !text[..at].ends_with(inner) && !goes_on;
        match (all, whole) {
            (true, true) => return Stands::Whole,
            (true, false) => found = Stands::Longer,
            (false, _) => {}
        }
    }
    found
}

/// A day.
#[derive(Debug, Clone, Copy)]
pub struct Date {
    pub year: u32,
    pub month: u32,
    pub day: u32,
}

/// The days of a text, by key: `12.3.1958`, `12.03.58`, `12. März 1958`, `1958-03-12`.
pub fn dates(text: &str) -> Vec<(String, Date)> {
    let mut all = Vec::new();
    let mut before = None;
    for (at, c) in text.char_indices() {
        if c.is_ascii_digit() && !before.is_some_and(|c: char| c.is_alphanumeric() || c == '.') {
            all.extend(date(&text[at..]));
        }
        before = Some(c);
    }
    let possible = |date: &Date| {
        (1..=12).contains(&date.month) && (1..=31).contains(&date.day) && (1900..2040).contains(&date.year)
    };
    let key = |date: Date| (format!("{:04}-{:02}-{:02}", date.year, date.month, date.day), date);
    all.into_iter().filter(possible).map(key).collect()
}

fn date(text: &str) -> Option<Date> {
    let (first, rest) = number(text)?;
    if text.len() - rest.len() == 4 {
        let (month, rest) = number(rest.strip_prefix('-')?)?;
        let (day, _) = number(rest.strip_prefix('-')?)?;
        return Some(Date { year: first, month, day });
    }
    let day_digits = text.len() - rest.len();
    let rest = rest.strip_prefix('.')?.trim_start_matches(' ');
    let month_digits = rest.len() - number(rest).map_or(rest, |(_, rest)| rest).len();
    let (month, rest) = match number(rest) {
        Some((month, rest)) => (month, rest.strip_prefix('.')?),
        None => MONTHS.iter().zip(1..).find_map(|(name, month)| Some((month, rest.strip_prefix(name)?)))?,
    };
    let rest = rest.trim_start_matches(' ');
    let (year, behind) = number(rest)?;
    // `4.1.12` is a heading more often than a day.
    let padded = day_digits == 2 && month_digits == 2;
    let year = match rest.len() - behind.len() {
        4 => year,
        2 if padded && year <= CENTURY_ENDS => 2000 + year,
        2 if padded => 1900 + year,
        _ => return None,
    };
    Some(Date { year, month, day: first })
}

/// Up to four digits, and what stands behind them.
fn number(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (1..=4).contains(&end).then(|| Some((text[..end].parse().ok()?, &text[end..])))?
}
