//! Sums of money as people type them: `1.250,00`, `1250,-`. What matters is the number: it is found with points
//! between the thousands and without, with `,00`, `,-` or nothing behind it. A number without a comma needs no help:
//! it is found joined and in parts like any other.

/// Digits between two points.
const GROUP: usize = 3;
/// Most digits of a sum.
const DIGITS_MAX: usize = 12;

/// Other ways to write the sum `typed`, each as folded words one behind the other; none if it is no sum with a comma.
/// A sum without cents is found by its number alone.
pub(in crate::index) fn amounts(typed: &str) -> Vec<Vec<String>> {
    let Some((whole, cents)) = typed.trim_end_matches([';', ':']).split_once(',') else { return Vec::new() };
    let cents = cents.trim_end_matches('.');
    let (Some(digits), Some(cents)) = (digits_of(whole), cents_of(cents)) else { return Vec::new() };
    let mut ways = Vec::new();
    let with_cents = |mut words: Vec<String>| {
        words.push(cents.to_owned());
        words
    };
    if digits.len() > GROUP {
        ways.push(with_cents(groups(&digits)));
    }
    ways.push(if cents == NO_CENTS { vec![digits] } else { with_cents(vec![digits]) });
    ways
}

const NO_CENTS: &str = "00";

/// Without its points, if there is none or one before every three digits.
fn digits_of(whole: &str) -> Option<String> {
    let mut groups = whole.split('.');
    let first = groups.next()?;
    let is_grouped = whole.contains('.');
    let fits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let is_first = !first.is_empty() && fits(first) && (!is_grouped || first.len() <= GROUP);
    let digits: String = whole.split('.').collect();
    (is_first && groups.all(|group| group.len() == GROUP && fits(group)) && digits.len() <= DIGITS_MAX)
        .then_some(digits)
}

/// Two digits; dashes stand for none.
fn cents_of(text: &str) -> Option<&str> {
    let is_dash = |c: char| matches!(c, '-' | '–' | '—' | '=');
    if !text.is_empty() && text.chars().all(is_dash) {
        return Some(NO_CENTS);
    }
    (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}

fn groups(digits: &str) -> Vec<String> {
    let first = (digits.len() - 1) % GROUP + 1;
    let (first, rest) = digits.split_at(first);
    let rest = rest.as_bytes().chunks(GROUP).map(|group| String::from_utf8_lossy(group).into_owned());
    std::iter::once(first.to_owned()).chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_the_same_with_points_and_without() {
        for (typed, expected) in [
            ("1.250,00", &["1 250 00", "1250"][..]),
            ("1250,00", &["1 250 00", "1250"]),
            ("1250,-", &["1 250 00", "1250"]),
            ("12.500,--;", &["12 500 00", "12500"]),
            ("1.250,75", &["1 250 75", "1250 75"]),
            ("1250000,75.", &["1 250 000 75", "1250000 75"]),
            ("950,00", &["950"]),
        ] {
            let ways: Vec<_> = amounts(typed).iter().map(|words| words.join(" ")).collect();
            assert_eq!(ways, expected, "{typed}");
        }
    }

    #[test]
    fn what_is_no_sum_has_no_other_spelling() {
        for typed in [
            "1250",
            "1.250",
            "1250,",
            "1,5",
            "1,500",
            "12.50,00",
            "1250.000,00",
            ".250,00",
            "Garage,12",
            "a,-",
            ",-",
            "12.3,58a",
            "1.2.3,00",
            "1234567890123,00",
            "",
        ] {
            assert_eq!(amounts(typed), Vec::<Vec<String>>::new(), "{typed}");
        }
    }
}
