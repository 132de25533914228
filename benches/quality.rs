//! How well the search finds, beside five other engines, on German text of a town: same pages, same queries, same run.
//!
//! The collection is made when this runs and never kept: council papers of a town drawn by a seed, cut into pages, and
//! transcriptions of old print. They are looked for in `../shared/data` beside the package or in
//! `$SCHRIFTGUT_SHARED/data`; without them the bench says so and ends.
//!
//! **Judgements** come from the clean text, by rules that know nothing of our analysis, and from lists that were
//! written and checked by hand (`quality/lists`). A word is a run of letters; umlauts and ß are one with ae, oe, ue,
//! ss. A page can be relevant, not relevant, or one *the rule has no opinion on*; such pages are passed over wherever
//! an engine ranks them. No opinion, if nothing else is said: the word stands there only broken at the end of a line, or
//! only inside a longer word or one with another ending (all but two letters of a long word are the same).
//!
//! | class | relevant | drawn |
//! |---|---|---|
//! | part of a compound | any word of the page contains the part; exceptions are listed | the list `parts` |
//! | parts typed apart | 2: the compound, joined or with hyphens; 1: all parts, each as a word | `compounds` |
//! | inflection | any form of the word that is listed | `inflection`, two forms a word |
//! | umlauts, ß | the word, however spelled | words of 1 to 30 pages; the query without umlauts, or the pages |
//! | Straße | the street's name with Straße, Strasse, Str. | names of 1 to 30 pages |
//! | broken word | the word, whole or broken | words of 1 to 30 pages |
//! | old spelling | the word, then or now | `old`: today's word asked of pages that are put into old spelling, the old word of the pages as they are |
//! | address | street, number and letter, however spelled; no opinion: 12 for 12a | street names with a number behind |
//! | reference number | its groups in order with one sign or blank between, or none; no opinion: part of a longer one | runs with a slash, five digits or more, no span of years |
//! | date | the day, in figures or words | days of 1 to 30 pages |
//! | words of a page | that page, if it alone has all | two or three words, each on 60 pages at most |
//! | misread | as the clean page | the same queries; words of 2 to 20 pages; noise: `quality/noise.rs` |
//!
//! Where it can be told, a query is drawn only if the pages that have it literally do not fill ten hits: otherwise
//! every engine is right. It is not drawn either if there is no opinion on more pages than are fetched.
//!
//! **Figures**: recall@10 is the relevant pages among ten hits, of ten or of as many as there are; nDCG@10 counts the
//! order, too. Ours is asked through the registry, snippets and rights included; the others are given the words alone
//! and answer with numbers.
//!
//! `cargo bench --bench quality` is small; `-- --large` is what `docs/measurements.md` reports; `-- --worst` shows the
//! queries that lose, `-- --list` all queries and asks nothing, `-- --ours` asks ours alone. Debian's `python3-xapian` and `postgresql` take part where they are installed.

use std::collections::BTreeMap;

#[path = "quality/collection.rs"]
mod collection;
#[path = "quality/dice.rs"]
mod dice;
#[path = "quality/drawn.rs"]
mod drawn;
#[path = "quality/engines.rs"]
mod engines;
#[path = "quality/examples.rs"]
mod examples;
#[path = "quality/lists.rs"]
mod lists;
#[path = "quality/noise.rs"]
mod noise;
#[path = "quality/numbers.rs"]
mod numbers;
#[path = "quality/queries.rs"]
mod queries;
#[path = "quality/report.rs"]
mod report;
#[path = "quality/scan.rs"]
mod scan;
#[path = "quality/score.rs"]
mod score;
#[path = "../tests/common/shared.rs"]
#[allow(dead_code, reason = "each bench uses its part")]
mod shared;
#[path = "quality/text.rs"]
mod text;
#[path = "quality/wording.rs"]
mod wording;

use collection::Writing;
use dice::Dice;
use engines::Engine;
use queries::{Query, World};
use report::Round;
use text::Vocabulary;

/// Pages, and queries of a class at most.
const SMALL: (usize, usize) = (400, 40);
const LARGE: (usize, usize) = (4_000, 150);
/// Another number draws other queries.
const SEED: u64 = 20_261_126;

fn main() {
    let given = |flag: &str| std::env::args().any(|arg| arg == flag);
    examples::hold();
    let Some(data) = collection::data() else {
        println!("skipped: the test material is not there");
        return;
    };
    let (pages, most) = if given("--large") { LARGE } else { SMALL };
    let pages = collection::pages(&data, pages);
    let world = World { words: Vocabulary::of(&pages), pages, most };
    // Chance of its own for each, so that a longer list redraws nothing else.
    let mut queries = wording::all(&world, &mut Dice(SEED));
    queries.extend(numbers::all(&world, &mut Dice(SEED + 1)));
    queries.extend(drawn::all(&world, &mut Dice(SEED + 2)));
    println!("{} pages, {} queries, seed {SEED}", world.pages.len(), queries.len());
    if given("--list") {
        queries.iter().for_each(|query| println!("{query:?}"));
        return;
    }
    let texts: BTreeMap<Writing, Vec<String>> =
        Writing::ALL.into_iter().map(|writing| (writing, writing.of(&world.pages))).collect();
    let rounds: Vec<Round<'_>> =
        texts.iter().map(|(writing, pages)| round(*writing, pages, &queries)).collect();
    report::qualities(&rounds);
    report::times(&rounds[0], &world);
    if given("--worst") {
        report::worst(&rounds, &texts);
    }
}

/// Every engine takes in the pages of one writing and is asked the queries of it.
fn round<'a>(writing: Writing, pages: &[String], queries: &'a [Query]) -> Round<'a> {
    let queries: Vec<&Query> = queries.iter().filter(|query| query.writing == writing).collect();
    let timed = writing == Writing::Clean;
    let answer = |engine: Engine| {
        println!("{writing:?}: {}", engine.name());
        (engine, engine.answer(pages, &queries, timed))
    };
    let ours_alone = std::env::args().any(|arg| arg == "--ours");
    let engines = Engine::ALL.into_iter().filter(|engine| !ours_alone || *engine == Engine::Ours);
    Round { answers: engines.map(answer).collect(), queries }
}
