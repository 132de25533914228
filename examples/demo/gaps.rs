//! Filling the gaps of a letter, and writing it as its time did.

use jiff::civil::Date;

use crate::rng::Rng;

/// From this year on letters follow the new spelling.
const REFORMED: i16 = 1998;

/// Finds the word for a gap.
pub type LookUp<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The lines of a letter, those between `%repeat N` and `%end` N times, with `{i}` counted. Instead of N there
/// may be the name of a word that holds it.
pub fn repeated(text: &str, look_up: LookUp) -> Vec<String> {
    let mut lines = Vec::new();
    let mut source = text.lines();
    while let Some(line) = source.next() {
        let times =
            line.strip_prefix("%repeat ").map(|times| look_up(times).unwrap_or_else(|| times.to_owned()));
        match times.and_then(|times| times.parse::<usize>().ok()) {
            None => lines.push(line.to_owned()),
            Some(times) => {
                let block: Vec<_> = source.by_ref().take_while(|line| *line != "%end").collect();
                for i in 1..=times {
                    lines.extend(block.iter().map(|line| line.replace("{i}", &i.to_string())));
                }
            }
        }
    }
    lines
}

/// Fills the gaps of one line: `{name}`, `{n:10-99}` a whole number, `{m:1-9}` one with two decimals; words may
/// hold gaps themselves. Gives back the gap that nothing fills.
pub fn fill(line: &str, look_up: LookUp, rng: &mut Rng, out: &mut String) -> Result<(), String> {
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (gap, after) = after.split_once('}').ok_or_else(|| after.to_owned())?;
        rest = after;
        let range = gap.get(2..).and_then(|range| range.split_once('-'));
        let bounds = range.and_then(|(low, high)| Some((low.parse().ok()?, high.parse().ok()?)));
        match (gap.get(..2), bounds) {
            (Some("n:"), Some((low, high))) => out.push_str(&rng.whole(low, high).to_string()),
            (Some("m:"), Some((low, high))) => {
                out.push_str(&format!("{},{:02}", rng.whole(low, high), rng.whole(0, 99)));
            }
            _ => fill(&look_up(gap).ok_or(gap)?, look_up, rng, out)?,
        }
    }
    out.push_str(rest);
    Ok(())
}

/// Letters are written in today's spelling; in the years before the reform these words had another.
pub fn spelled(text: String, year: i16) -> String {
    // A genitive keeps its double s: Erdgeschoß, des Erdgeschosses.
    const PAIRS: [(&str, &str); 8] = [
        ("dass", "daß"),
        ("muss", "muß"),
        ("chluss", "chluß"),
        ("eschoss", "eschoß"),
        ("chluße", "chlusse"),
        ("eschoße", "eschosse"),
        ("lässt", "läßt"),
        ("umfasst", "umfaßt"),
    ];
    if year >= REFORMED {
        return text;
    }
    PAIRS.iter().fold(text, |text, (new, old)| text.replace(new, old))
}

/// `12. März 1958`.
pub fn german(date: Date) -> String {
    const MONTHS: [&str; 12] = [
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
    let month = MONTHS[date.month() as usize - 1];
    format!("{}. {month} {}", date.day(), date.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled_from_words_within_words_and_a_missing_one_is_named() {
        let words = |gap: &str| match gap {
            "house" => Some("Haus in der {street}".to_owned()),
            "street" => Some("Bachstraße".to_owned()),
            _ => None,
        };
        let mut out = String::new();
        assert_eq!(fill("Ein {house}, {n:7-7} m", &words, &mut Rng::named(""), &mut out), Ok(()));
        assert_eq!(out, "Ein Haus in der Bachstraße, 7 m");
        assert_eq!(fill("{roof}", &words, &mut Rng::named(""), &mut out), Err("roof".to_owned()));
    }

    #[test]
    fn a_block_is_repeated_and_counted() {
        assert_eq!(repeated("a\n%repeat 2\nPos. {i}\n%end\nb", &|_| None), ["a", "Pos. 1", "Pos. 2", "b"]);
    }

    #[test]
    fn letters_before_the_reform_are_spelled_the_old_way() {
        let old = spelled("dass das Erdgeschoss und die Decke des Erdgeschosses".to_owned(), 1958);
        assert_eq!(old, "daß das Erdgeschoß und die Decke des Erdgeschosses");
    }
}
