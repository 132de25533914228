//! Stacks and how many pages there are, in words for users.

use super::count;
use crate::domain::divider::Stack;

/// What a stack holds: `12 Seiten, davon 2 Trennblätter, 3 leere Rückseiten`.
#[must_use]
pub fn stack(stack: &Stack) -> String {
    let number = |pages: &[u32]| pages.len() as u64;
    let mut words = format!(
        "{}, davon {}",
        count(u64::from(stack.page_count), "Seite", "Seiten"),
        count(number(&stack.dividers), "Trennblatt", "Trennblätter")
    );
    if !stack.blank_backs.is_empty() {
        let backs = count(number(&stack.blank_backs), "leere Rückseite", "leere Rückseiten");
        words.push_str(&format!(", {backs}"));
    }
    words
}

/// That a stack stayed whole, and why.
#[must_use]
pub fn stack_stays_whole(stack: &Stack) -> Option<String> {
    let why = stack.whole_because.as_ref()?;
    Some(format!("Stapel nicht aufgeteilt ({}): {why}; teilen Sie ihn von Hand", self::stack(stack)))
}

/// That there are more or fewer pages than whoever scanned them says; none if there are as many.
#[must_use]
pub fn pages_differ(expected: u32, found: u32) -> Option<String> {
    let said = count(u64::from(expected), "Seite", "Seiten");
    (expected != found).then(|| format!("die Begleitliste nennt {said}, gescannt sind {found}"))
}
