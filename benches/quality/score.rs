//! How good an answer is, among the pages the rule has an opinion on.

use super::queries::{Query, SEEN};
use super::text::PageNo;

/// Two figures of an answer, each from 0 to 1.
#[derive(Debug, Clone, Copy, Default)]
pub struct Score {
    /// Relevant pages among the first ten, of ten or of as many as there are.
    pub recall: f64,
    /// The same with the order: normalised discounted cumulated gain of the first ten.
    pub ndcg: f64,
}

/// The first ten of an answer that are judged.
pub fn seen(query: &Query, ranked: &[PageNo]) -> Vec<PageNo> {
    ranked.iter().filter(|page| !query.no_opinion.contains(page)).take(SEEN).copied().collect()
}

/// Judges one answer.
pub fn score(query: &Query, ranked: &[PageNo]) -> Score {
    let gains: Vec<u8> =
        seen(query, ranked).iter().map(|page| query.grades.get(page).copied().unwrap_or(0)).collect();
    let mut best: Vec<u8> = query.grades.values().copied().collect();
    best.sort_by(|a, b| b.cmp(a));
    best.truncate(SEEN);
    let found = gains.iter().filter(|gain| **gain > 0).count();
    Score { recall: found as f64 / best.len() as f64, ndcg: discounted(&gains) / discounted(&best) }
}

fn discounted(gains: &[u8]) -> f64 {
    let gain = |(at, gain): (u32, &u8)| (f64::from(1_u32 << gain) - 1.0) / f64::from(at + 2).log2();
    // From zero: the sum of nothing is minus zero.
    (0..).zip(gains).map(gain).fold(0.0, |sum, gain| sum + gain)
}

/// The mean of scores.
pub fn mean(scores: &[Score]) -> Score {
    let of = |pick: fn(&Score) -> f64| scores.iter().map(pick).sum::<f64>() / scores.len().max(1) as f64;
    Score { recall: of(|score| score.recall), ndcg: of(|score| score.ndcg) }
}
