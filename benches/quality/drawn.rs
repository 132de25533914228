//! Queries whose words are drawn from the pages: a word, or two or three of one page; asked of the clean pages and of
//! the misread ones.

use super::collection::Writing;
use super::dice::Dice;
use super::queries::{Class, Query, World, some};
use super::text::{Pages, capital, fold, words};

/// Letters of a word that is drawn.
const LETTERS: std::ops::RangeInclusive<usize> = 6..=20;
/// Pages it stands on: of one page only it is often a slip of the source itself; of many, any ten pages are right.
const WORD_PAGES: std::ops::RangeInclusive<usize> = 2..=20;
/// Pages a word of a known page stands on at most.
const KNOWN_WORD_PAGES_MAX: usize = 60;
/// How often a known page is tried for words that stand together on it alone.
const TRIES: usize = 20;

/// All classes of this file.
pub fn all(world: &World, dice: &mut Dice) -> Vec<Query> {
    let (single, known) = (single(world, dice), known(world, dice));
    let mut all = known.clone();
    for writing in Writing::ALL {
        if let Writing::Misread(percent) = writing {
            let of = |class: Class, query: &Query| Query { class, writing, ..query.clone() };
            all.extend(single.iter().map(|query| of(Class::MisreadWord(percent), query)));
            all.extend(known.iter().map(|query| of(Class::MisreadKnown(percent), query)));
        }
    }
    all
}

fn single(world: &World, dice: &mut Dice) -> Vec<Query> {
    let fits = |(word, pages): &(&String, &Pages)| {
        WORD_PAGES.contains(&pages.len()) && LETTERS.contains(&word.chars().count())
    };
    let mut words: Vec<&String> = world.words.spelled.iter().filter(fits).map(|(word, _)| word).collect();
    dice.shuffle(&mut words);
    let draw = |word: &String| {
        let folded = fold(word);
        let relevant = world.words.with(&folded);
        let no_opinion = world.words.akin(&[folded]);
        Query::new(Class::Known, capital(&typed(word)), &relevant, &no_opinion)
    };
    words.into_iter().map(draw).filter(Query::can_be_judged).take(world.most).collect()
}

/// Nobody types a long s.
fn typed(word: &str) -> String {
    word.replace('ſ', "s")
}

fn known(world: &World, dice: &mut Dice) -> Vec<Query> {
    let mut all = Vec::new();
    let mut numbers: Vec<usize> = (0..world.pages.len()).collect();
    dice.shuffle(&mut numbers);
    for number in numbers.into_iter().take(world.most * 2) {
        let fits = |(word, broken): &(String, bool)| {
            let few = (1..=KNOWN_WORD_PAGES_MAX).contains(&world.words.literally(word).len());
            !broken && few && LETTERS.contains(&word.chars().count())
        };
        let words: Vec<String> =
            words(&world.pages[number]).into_iter().filter(fits).map(|(word, _)| word).collect();
        let count = 2 + dice.below(2);
        let query = (0..TRIES).find_map(|_| together(world, &words, count, dice));
        all.extend(query);
    }
    some(all, world.most, dice)
}

/// Words of a page that stand together nowhere else.
fn together(world: &World, words: &[String], count: usize, dice: &mut Dice) -> Option<Query> {
    if words.len() < count * 2 {
        return None;
    }
    let chosen: Vec<&String> = (0..count).map(|_| dice.pick(words)).collect();
    let folded: Vec<String> = chosen.iter().map(|word| fold(word)).collect();
    let repeated = (1..count).any(|at| folded[..at].contains(&folded[at]));
    let common =
        |pages: &mut dyn Iterator<Item = Pages>| pages.reduce(|all, next| &all & &next).unwrap_or_default();
    let relevant = common(&mut folded.iter().map(|word| world.words.with(word)));
    if repeated || relevant.len() != 1 {
        return None;
    }
    let no_opinion = common(&mut folded.iter().map(|word| world.words.akin(std::slice::from_ref(word))));
    let typed = chosen.iter().map(|word| typed(word)).collect::<Vec<_>>().join(" ");
    Some(Query::new(Class::Known, typed, &relevant, &no_opinion))
}
