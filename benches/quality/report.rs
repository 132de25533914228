//! The tables, and the queries that lose.

use std::collections::BTreeMap;
use std::time::Duration;

use super::engines::{Answers, Engine};
use super::queries::{Class, Query, World};
use super::score::{Score, mean, score, seen};

/// Losing queries that are shown of each class.
const WORST: usize = 5;
/// Characters shown around a page that was missed.
const SHOWN_CHARS: usize = 50;

/// What all engines answered to the queries of one writing.
pub struct Round<'a> {
    pub queries: Vec<&'a Query>,
    pub answers: Vec<(Engine, Result<Answers, String>)>,
}

/// By class, the scores of each engine; none where it is not there.
fn by_class(rounds: &[Round<'_>]) -> BTreeMap<Class, Vec<Option<Vec<Score>>>> {
    let mut all: BTreeMap<Class, Vec<Option<Vec<Score>>>> = BTreeMap::new();
    for round in rounds {
        for (engine, (_, answers)) in round.answers.iter().enumerate() {
            for (at, query) in round.queries.iter().enumerate() {
                let row = all.entry(query.class).or_insert_with(|| vec![None; round.answers.len()]);
                let Ok(answers) = answers else { continue };
                row[engine].get_or_insert_default().push(score(query, &answers.ranked[at]));
            }
        }
    }
    all
}

/// The table of classes and engines, and what it says.
pub fn qualities(rounds: &[Round<'_>]) {
    let heads: Vec<_> = Engine::ALL.iter().map(|engine| format!(" {} |", engine.name())).collect();
    println!("\n| recall@10 / nDCG@10 | queries |{}", heads.concat());
    println!("|---|--:|{}", "--:|".repeat(heads.len()));
    let mut verdicts = Vec::new();
    for (class, row) in by_class(rounds) {
        let means: Vec<Option<Score>> = row.iter().map(|scores| scores.as_deref().map(mean)).collect();
        let count = row.iter().flatten().map(Vec::len).max().unwrap_or(0);
        let cell = |score: &Option<Score>| match score {
            Some(score) => format!(" {:.3} / {:.3} |", score.recall, score.ndcg),
            None => " not installed |".to_owned(),
        };
        println!("| {} | {count} |{}", class.name(), means.iter().map(cell).collect::<String>());
        verdicts.extend(verdict(class, &means));
    }
    println!();
    if verdicts.is_empty() {
        println!("every goal is met, and ours is behind no engine in any class");
    }
    verdicts.iter().for_each(|verdict| println!("{verdict}"));
}

/// Where ours misses its goal or is behind.
fn verdict(class: Class, means: &[Option<Score>]) -> Vec<String> {
    let mut all = Vec::new();
    let Some(ours) = means[0] else { return all };
    if let Some(goal) = class.goal().filter(|goal| ours.recall < *goal) {
        all.push(format!("MISSED  {}: recall {:.3}, goal {goal}", class.name(), ours.recall));
    }
    for (engine, peer) in Engine::ALL.iter().zip(means).skip(1) {
        let Some(peer) = peer else { continue };
        for (what, ours, peer) in [("recall", ours.recall, peer.recall), ("nDCG", ours.ndcg, peer.ndcg)] {
            if peer > ours {
                all.push(format!("BEHIND  {}: {what} {ours:.3}, {} {peer:.3}", class.name(), engine.name()));
            }
        }
    }
    all
}

/// Time of a query and size of the index, of the clean pages.
pub fn times(round: &Round<'_>, world: &World) {
    let bytes: usize = world.pages.iter().map(String::len).sum();
    println!(
        "\n{} pages, {:.1} MB of text, {} queries",
        world.pages.len(),
        mega(bytes as u64),
        round.queries.len()
    );
    println!("\n| engine | version | p50 | p99 | index | of the text |");
    println!("|---|---|--:|--:|--:|--:|");
    for (engine, answers) in &round.answers {
        match answers {
            Ok(answers) => {
                let mut times = answers.times.clone();
                times.sort();
                let at = |percent: usize| millis(times[(times.len() - 1) * percent / 100]);
                let (p50, p99, size) = (at(50), at(99), mega(answers.bytes));
                let share = answers.bytes as f64 / bytes as f64 * 100.0;
                let (name, version) = (engine.name(), &answers.version);
                println!("| {name} | {version} | {p50:.2} ms | {p99:.2} ms | {size:.1} MB | {share:.0} % |");
            }
            Err(why) => println!("| {} | {why} | | | | |", engine.name()),
        }
    }
}

fn mega(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Of each class, the queries that ours answers worst, with what the others make of them.
pub fn worst(rounds: &[Round<'_>], texts: &BTreeMap<super::collection::Writing, Vec<String>>) {
    let mut by_class: BTreeMap<Class, Vec<(f64, String)>> = BTreeMap::new();
    for round in rounds {
        let Ok(ours) = &round.answers[0].1 else { return };
        for (at, query) in round.queries.iter().enumerate() {
            let score = score(query, &ours.ranked[at]);
            if score.ndcg < 1.0 {
                let told = told(round, at, &texts[&query.writing]);
                by_class.entry(query.class).or_default().push((score.recall + score.ndcg, told));
            }
        }
    }
    for (class, mut all) in by_class {
        println!("\n{} ({} not perfect)", class.name(), all.len());
        all.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
        all.iter().take(WORST).for_each(|(_, told)| println!("{told}"));
    }
}

fn told(round: &Round<'_>, at: usize, texts: &[String]) -> String {
    let query = round.queries[at];
    let figures = round.answers.iter().map(|(_, answers)| match answers {
        Ok(answers) => {
            let score = score(query, &answers.ranked[at]);
            format!("{:.2}/{:.2}", score.recall, score.ndcg)
        }
        Err(_) => "-".to_owned(),
    });
    let figures: Vec<_> = figures.collect();
    let Ok(ours) = &round.answers[0].1 else { return String::new() };
    let seen = seen(query, &ours.ranked[at]);
    let show = |page: u32| format!("p{page} „{}“", around(&texts[page as usize], &query.typed));
    let missed = query.grades.keys().filter(|page| !seen.contains(page)).take(2).map(|page| show(*page));
    let wrong = seen.iter().filter(|page| !query.grades.contains_key(page)).take(2).map(|page| show(*page));
    format!(
        "  „{}“ {:?}: {} relevant, {} hits; {}\n    missed: {}\n    wrong: {}",
        query.typed,
        query.writing,
        query.grades.len(),
        ours.ranked[at].len(),
        figures.join(" "),
        missed.collect::<Vec<_>>().join(" | "),
        wrong.collect::<Vec<_>>().join(" | "),
    )
}

/// The text about the first place that begins like the query's first word.
fn around(text: &str, typed: &str) -> String {
    let small = text.to_lowercase();
    let chars: Vec<char> = small.chars().collect();
    let word: String = typed.to_lowercase().chars().take_while(|c| c.is_alphanumeric()).collect();
    let begin: String = word.chars().take(4).collect();
    let at = small.find(&word).or_else(|| small.find(&begin)).map_or(0, |at| small[..at].chars().count());
    let from = at.saturating_sub(SHOWN_CHARS / 5);
    chars[from..].iter().take(SHOWN_CHARS).map(|c| if *c == '\n' { '⏎' } else { *c }).collect()
}
