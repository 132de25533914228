//! Queries of addresses, reference numbers and dates: each is found in the clean text by a rule that reads letters and
//! digits, and typed in another spelling. The rules stand in the bench's head.

use std::collections::BTreeMap;

use super::dice::Dice;
use super::queries::{Class, Query, World, is_telling, some};
use super::scan::{self, Address, Date};
use super::text::{PageNo, Pages};

/// What stands between the parts of a reference number that is typed.
const SEPARATORS: [&str; 6] = ["/", "-", ".", " ", "_", ""];
const MONTHS: [&str; 12] = scan::MONTHS;
/// Most pages of an address, number or date that is drawn.
const DRAWN_PAGES_MAX: usize = 30;

/// All classes of this file.
pub fn all(world: &World, dice: &mut Dice) -> Vec<Query> {
    let small: Vec<String> = world.pages.iter().map(|page| page.to_lowercase()).collect();
    let mut all = addresses(world, &small, dice);
    all.extend(references(world, &small, dice));
    all.extend(dates(world, &small, dice));
    all
}

/// By key, the pages; and the first that was found.
type Found<T> = BTreeMap<String, (T, Pages)>;

fn collect<T>(pages: &[String], scan: fn(&str) -> Vec<(String, T)>) -> Found<T> {
    let mut all = Found::new();
    for (number, page) in (0..).zip(pages) {
        for (key, one) in scan(page) {
            all.entry(key).or_insert_with(|| (one, Pages::new())).1.insert(number);
        }
    }
    all
}

/// Those of `among` on which the text stands as it is typed, and no digit or letter behind it.
fn literally(small: &[String], among: &Pages, typed: &str) -> Pages {
    let typed = typed.to_lowercase();
    let stands = |page: &&PageNo| {
        let text = &small[**page as usize];
        let ends = |at: usize| !text[at + typed.len()..].starts_with(char::is_alphanumeric);
        text.match_indices(&typed).any(|(at, _)| ends(at))
    };
    among.iter().filter(stands).copied().collect()
}

/// One of the spellings, by chance, of those that are hardly on the pages.
fn respelled(small: &[String], pages: &Pages, spellings: &[String], dice: &mut Dice) -> Option<String> {
    let telling = |typed: &&String| is_telling(&literally(small, pages, typed), pages);
    let telling: Vec<&String> = spellings.iter().filter(telling).collect();
    (!telling.is_empty()).then(|| (*dice.pick(&telling)).clone())
}

fn addresses(world: &World, small: &[String], dice: &mut Dice) -> Vec<Query> {
    let found: Found<Address> = collect(&world.pages, scan::addresses);
    let mut all = Vec::new();
    for (key, (address, pages)) in found.iter().filter(|(_, (_, pages))| pages.len() <= DRAWN_PAGES_MAX) {
        let Some(typed) = respelled(small, pages, &address.spellings(), dice) else { continue };
        // The same with a house number that goes on, or without the letter: 12 and 12a.
        let near =
            found.iter().filter(|(other, _)| other.starts_with(key.as_str()) || key.starts_with(*other));
        let near = near.fold(Pages::new(), |all, (_, (_, pages))| &all | pages);
        all.push(Query::new(Class::Address, typed, pages, &near));
    }
    some(all, world.most, dice)
}

fn references(world: &World, small: &[String], dice: &mut Dice) -> Vec<Query> {
    let found: Found<Vec<String>> = collect(&world.pages, scan::references);
    let mut keys: Vec<&Vec<String>> = found.values().map(|(groups, _)| groups).collect();
    dice.shuffle(&mut keys);
    let mut all = Vec::new();
    for groups in keys {
        if all.len() == world.most {
            break;
        }
        let small_groups: Vec<String> = groups.iter().map(|group| group.to_lowercase()).collect();
        let (mut pages, mut longer) = (Pages::new(), Pages::new());
        for (number, text) in (0..).zip(small) {
            match scan::stands(text, &small_groups) {
                scan::Stands::Whole => _ = pages.insert(number),
                scan::Stands::Longer => _ = longer.insert(number),
                scan::Stands::Not => {}
            }
        }
        let spellings = SEPARATORS.map(|separator| groups.join(separator));
        if pages.len() <= DRAWN_PAGES_MAX
            && let Some(typed) = respelled(small, &pages, &spellings, dice)
        {
            all.push(Query::new(Class::Reference, typed, &pages, &longer));
        }
    }
    some(all, world.most, dice)
}

fn dates(world: &World, small: &[String], dice: &mut Dice) -> Vec<Query> {
    let found: Found<Date> = collect(&world.pages, scan::dates);
    let mut all = Vec::new();
    for (date, pages) in found.values().filter(|(_, pages)| pages.len() <= DRAWN_PAGES_MAX) {
        let Date { year, month, day } = *date;
        let spellings = [
            format!("{day}.{month}.{year}"),
            format!("{day:02}.{month:02}.{year}"),
            format!("{day}. {} {year}", MONTHS[month as usize - 1]),
            format!("{year}-{month:02}-{day:02}"),
            format!("{day:02}.{month:02}.{:02}", year % 100),
        ];
        if let Some(typed) = respelled(small, pages, &spellings, dice) {
            all.push(Query::new(Class::Date, typed, pages, &Pages::new()));
        }
    }
    some(all, world.most, dice)
}
