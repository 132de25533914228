//! From what a line looks like to how it is read: Hebrew and Arabic stand on the page from right to left, numbers and other
//! scripts among them from left to right. May not change a line in which no such letter stands.

/// How a word runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Runs {
    Left,
    Right,
    /// Numbers and signs: as those around them.
    Along,
}

/// The order in which words that stand from left to right are read; none if that is how they are read.
pub(super) fn order<'t>(words: impl Iterator<Item = &'t str>) -> Option<Vec<usize>> {
    let words: Vec<&str> = words.collect();
    if !words.iter().any(|word| is_leftward(word)) {
        return None;
    }
    let runs: Vec<Runs> = words.iter().map(|word| runs(word)).collect();
    let count = |runs_so: fn(char) -> bool| {
        words.iter().flat_map(|word| word.chars()).filter(|c| runs_so(*c)).count()
    };
    let is_leftward = count(runs_left) > count(runs_right);
    let (with, against) = if is_leftward { (Runs::Left, Runs::Right) } else { (Runs::Right, Runs::Left) };
    let mut order: Vec<usize> = (0..words.len()).collect();
    if with == Runs::Left {
        order.reverse();
    }
    // What runs against the line is turned around where it stands, with the numbers within.
    let mut at = 0;
    while at < order.len() {
        if runs[order[at]] != against {
            at += 1;
            continue;
        }
        let stretch = order[at..].iter().take_while(|word| runs[**word] != with).count();
        let last = order[at..at + stretch].iter().rposition(|word| runs[*word] == against).unwrap_or(0);
        order[at..=at + last].reverse();
        at += stretch;
    }
    Some(order)
}

/// Letters of it are read from right to left.
pub(super) fn is_leftward(text: &str) -> bool {
    text.chars().any(runs_left)
}

/// The word as it is read, of the word as it stands there: turned around, but for numbers and other scripts in it.
pub(super) fn as_read(standing: &str) -> String {
    let signs: Vec<char> = standing.chars().collect();
    let mut out = String::with_capacity(standing.len());
    let mut end = signs.len();
    while end > 0 {
        let keeps = |sign: char| sign.is_numeric() || runs_right(sign);
        let mut begin = end - 1;
        if keeps(signs[begin]) {
            // Signs between two numbers belong to them: 1.234,5 and 14-4-1434.
            while begin > 0 {
                let before = signs[begin - 1];
                let joins =
                    matches!(before, '.' | ',' | '/' | '-' | ':') && begin > 1 && keeps(signs[begin - 2]);
                if !keeps(before) && !joins {
                    break;
                }
                begin -= 1;
            }
            out.extend(&signs[begin..end]);
        } else {
            out.push(mirrored(signs[begin]));
        }
        end = begin;
    }
    out
}

fn runs(word: &str) -> Runs {
    if is_leftward(word) {
        Runs::Left
    } else if word.chars().any(runs_right) {
        Runs::Right
    } else {
        Runs::Along
    }
}

/// Hebrew, Arabic and their kin, without their digits.
fn runs_left(sign: char) -> bool {
    matches!(sign, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
        && !sign.is_numeric()
}

fn runs_right(sign: char) -> bool {
    sign.is_alphabetic() && !runs_left(sign)
}

fn mirrored(sign: char) -> char {
    match sign {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '{' => '}',
        '}' => '{',
        '<' => '>',
        '>' => '<',
        '«' => '»',
        '»' => '«',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &[&str]) -> String {
        let order = order(line.iter().copied()).unwrap_or_else(|| (0..line.len()).collect());
        let word = |index: usize| {
            if is_leftward(line[index]) { as_read(line[index]) } else { line[index].to_owned() }
        };
        order.into_iter().map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_line_without_such_letters_stays_as_it_is() {
        assert_eq!(order(["Akte", "63-1/1970", "(alt)"].into_iter()), None);
    }

    #[test]
    fn a_line_from_right_to_left_is_read_so_and_its_numbers_are_not() {
        assert_eq!(read(&["םולש", "1434", "םלוע"]), "עולם 1434 שלום");
        assert_eq!(read(&["12-3-1434", "םולש"]), "שלום 12-3-1434");
        assert_eq!(read(&["(1.234,5)םולש"]), "שלום(1.234,5)");
    }

    #[test]
    fn each_script_keeps_its_direction_within_the_line() {
        assert_eq!(read(&["two", "words", "םולש", "םלועה", "קרזנ"]), "נזרק העולם שלום two words");
        assert_eq!(read(&["Herr", "םולש", "7", "םלוע", "wohnt", "hier"]), "Herr עולם 7 שלום wohnt hier");
        assert_eq!(read(&["«ab", "cd»", "םולשהגב"]), "בגהשלום «ab cd»");
    }
}
