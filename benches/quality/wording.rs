//! Queries of words: compounds, inflection, umlauts, broken words, old spelling. The rules stand in the bench's head.

use std::collections::BTreeMap;

use super::collection::Writing;
use super::dice::Dice;
use super::lists;
use super::queries::{Class, Query, World, is_telling, some};
use super::text::{Pages, capital, fold, without_umlauts};

/// Most pages a word that is drawn stands on: of more frequent words any ten pages are right.
const DRAWN_PAGES_MAX: usize = 30;
/// Endings a part of a compound may have where it stands as a word.
const ENDINGS: [&str; 9] = ["", "e", "s", "es", "n", "en", "er", "ern", "se"];

/// All classes of this file.
pub fn all(world: &World, dice: &mut Dice) -> Vec<Query> {
    let kinds: [fn(&World) -> Vec<Query>; 5] = [parts, apart, streets, old_since_1996, old_since_1902];
    let mut all: Vec<Query> =
        kinds.iter().flat_map(|draw| some(draw(world), world.most, &mut *dice)).collect();
    let inflected = inflected(world, dice);
    all.extend(some(inflected, world.most, dice));
    all.extend(some(broken(world), world.most, dice));
    all.extend(written_out(world));
    all
}

fn parts(world: &World) -> Vec<Query> {
    let draw = |part: lists::Part| {
        let has = |word: &str| part.patterns.iter().any(|pattern| word.contains(pattern.as_str()));
        let is = |word: &str| has(word) && !part.exceptions.iter().any(|not| word.contains(not.as_str()));
        let (whole, broken) = world.words.where_some(&is);
        let (by_chance, _) = world.words.where_some(&has);
        let no_opinion = &(&broken | &by_chance) | &world.words.akin(&part.patterns);
        let query = Query::new(Class::Part, &part.typed, &whole, &no_opinion);
        is_telling(&world.words.literally(&part.typed), &whole).then_some(query)
    };
    lists::parts().into_iter().filter_map(draw).collect()
}

fn apart(world: &World) -> Vec<Query> {
    let draw = |compound: lists::Compound| {
        let plain = |word: &str| without_umlauts(&fold(word));
        let whole = plain(&compound.whole);
        let (mut joined, broken) = world.words.where_some(&|word| without_umlauts(word).contains(&whole));
        joined.extend(with_hyphen(world, &compound.parts));
        let mut both: Option<Pages> = None;
        for part in &compound.parts {
            let part = plain(part);
            let is = |word: &str| {
                let word = without_umlauts(word);
                word.strip_prefix(part.as_str()).is_some_and(|end| ENDINGS.contains(&end))
            };
            let pages = world.words.where_some(&is).0;
            both = Some(both.map_or(pages.clone(), |both| &both & &pages));
        }
        let both = both.unwrap_or_default();
        let relevant = &joined | &both;
        let mut query = Query::new(Class::Apart, compound.parts.join(" "), &relevant, &broken);
        query.grades.extend(joined.iter().map(|page| (*page, 2)));
        let telling = !joined.is_empty() && is_telling(&both, &relevant);
        telling.then_some(query)
    };
    lists::compounds().into_iter().filter_map(draw).collect()
}

/// Pages where the compound stands with hyphens between its parts.
fn with_hyphen(world: &World, parts: &[String]) -> Pages {
    let written = parts.iter().map(|part| fold(part)).collect::<Vec<_>>().join("-");
    let has = |page: &&String| fold(page).contains(&written);
    (0..).zip(&world.pages).filter(|(_, page)| has(page)).map(|(number, _)| number).collect()
}

fn inflected(world: &World, dice: &mut Dice) -> Vec<Query> {
    let mut all = Vec::new();
    for forms in lists::inflections() {
        let folded: Vec<String> = forms.iter().map(|form| fold(form)).collect();
        let relevant = folded.iter().fold(Pages::new(), |all, form| &all | &world.words.with(form));
        let no_opinion = world.words.akin(&folded);
        let telling: Vec<_> = forms
            .iter()
            .filter(|form| is_telling(&world.words.literally(form), &relevant))
            .map(|form| Query::new(Class::Inflection, *form, &relevant, &no_opinion))
            .collect();
        // Two of a line at most, so that no line outweighs the others.
        all.extend(some(telling, 2, dice));
    }
    all
}

/// Words with umlauts or ß: typed without, and asked of pages that lack them.
fn written_out(world: &World) -> Vec<Query> {
    let special = |word: &&String| word.contains(['ä', 'ö', 'ü', 'ß']) && word.chars().count() >= 5;
    let draw = |word: &String| {
        let folded = fold(word);
        let relevant = world.words.with(&folded);
        let fits = relevant.len() <= DRAWN_PAGES_MAX && word.len() < 24;
        let telling = is_telling(&world.words.literally(&folded), &relevant);
        let no_opinion = (fits && telling).then(|| world.words.akin(std::slice::from_ref(&folded)));
        no_opinion.map(|no_opinion| {
            let query = |class, typed: &str| Query::new(class, capital(typed), &relevant, &no_opinion);
            let of_page = query(Class::PageWrittenOut, word).of(Writing::WrittenOut);
            [query(Class::TypedWrittenOut, &folded), of_page]
        })
    };
    let mut words: Vec<&String> = world.words.spelled.keys().filter(special).collect();
    Dice(11).shuffle(&mut words);
    // Only as many as are needed: each looks through all words.
    let both = words.into_iter().filter_map(draw).filter(|both| both.iter().all(Query::can_be_judged));
    both.take(world.most).flatten().collect()
}

fn streets(world: &World) -> Vec<Query> {
    let mut by_name: BTreeMap<&str, Pages> = BTreeMap::new();
    for (word, pages) in &world.words.spelled {
        for ending in ["straße", "strasse", "str"] {
            if let Some(name) = word.strip_suffix(ending).filter(|name| name.chars().count() >= 4) {
                by_name.entry(name).or_default().extend(pages);
                break;
            }
        }
    }
    let mut all = Vec::new();
    // With ß it is a street; `Gleistrasse` is none.
    let is_street = |name: &str| world.words.spelled.contains_key(&format!("{name}straße"));
    let few = by_name.into_iter().filter(|(_, pages)| pages.len() <= DRAWN_PAGES_MAX);
    for (name, pages) in few.filter(|(name, _)| is_street(name)) {
        let no_opinion = world.words.akin(&[fold(name)]);
        let variants = ["straße", "strasse", "str"].map(|ending| format!("{name}{ending}"));
        let telling = |word: &&String| is_telling(&world.words.literally(word), &pages);
        all.extend(variants.iter().filter(telling).map(|word| {
            let dot = if word.ends_with("str") { "." } else { "" };
            Query::new(Class::Street, format!("{}{dot}", capital(word)), &pages, &no_opinion)
        }));
    }
    all
}

fn broken(world: &World) -> Vec<Query> {
    let draw = |(word, pages): (&String, &Pages)| {
        let whole = world.words.with(word);
        let relevant = pages | &whole;
        let fits = word.len() >= 8 && relevant.len() <= DRAWN_PAGES_MAX && is_telling(&whole, &relevant);
        let no_opinion = || world.words.akin(std::slice::from_ref(word));
        let typed = || capital(&world.words.broken_spelled[word]);
        fits.then(|| Query::new(Class::Broken, typed(), &relevant, &no_opinion()))
    };
    let mut words: Vec<_> = world.words.broken.iter().collect();
    Dice(12).shuffle(&mut words);
    words.into_iter().filter_map(draw).filter(Query::can_be_judged).take(world.most).collect()
}

fn old_since_1996(world: &World) -> Vec<Query> {
    old(world, Class::OldSince1996)
}

fn old_since_1902(world: &World) -> Vec<Query> {
    old(world, Class::OldSince1902)
}

/// Today's word asked of pages in old spelling, and the old word asked of the pages as they are.
fn old(world: &World, class: Class) -> Vec<Query> {
    let mut all = Vec::new();
    let of_class = |pair: &lists::Spelling| pair.since_1902 == (class == Class::OldSince1902);
    for pair in lists::old_spellings().into_iter().filter(of_class) {
        let both = [fold(&pair.now), fold(&pair.then)];
        let relevant = &world.words.with(&both[0]) | &world.words.with(&both[1]);
        let no_opinion = world.words.akin(&both);
        let query = |typed: &str| Query::new(class, capital(typed), &relevant, &no_opinion);
        if !relevant.is_empty() {
            all.push(query(&pair.now).of(Writing::Old));
        }
        if is_telling(&world.words.literally(&pair.then), &relevant) {
            all.push(query(&pair.then));
        }
    }
    all
}
