//! Whatever happens in an office, and in whatever order: views built anew answer as those that followed.

use std::collections::BTreeMap;

use crate::common::answers::{Answers, Asked, answers, assert_same, without_scores};
use crate::common::history::{DEAR, EVERYDAY, History, queries};
use crate::common::{TestOffice, rebuild};
use crate::machine::{Dice, Progress, times};

/// Steps until the views are built anew.
const STEPS: usize = 14;
/// One step of so many reads, decides, hands over or destroys.
const DEAR_STEPS: usize = 4;
/// Every so many histories also live on with views that were built anew, and once more with none.
const LIVE_ON: u64 = 4;

fn all_answers(office: &TestOffice, history: &History) -> Answers {
    let asked = Asked { queries: &queries(), files: &history.files, documents: &history.documents };
    answers(office.registry(), &asked)
}

fn live(office: &mut TestOffice, history: &mut History) {
    for _ in 0..STEPS {
        if history.mill.below(DEAR_STEPS) == 0 { history.dear_step(office) } else { history.step(office) }
    }
}

/// The views that followed are compared with new ones.
fn compare(office: &TestOffice, history: &History, what: &str) -> Answers {
    let followed = all_answers(office, history);
    let failed = followed.iter().find(|(question, answer)| {
        (question.starts_with("search") && answer.starts_with("Err")) || answer.contains("Fault {")
    });
    assert!(failed.is_none(), "{what}: {failed:?}");
    rebuild(office.registry()).unwrap();
    let built = all_answers(office, history);
    assert_same(&without_scores(&followed), &without_scores(&built), &format!("{what}, after a rebuild"));
    built
}

/// One history; what happened in it.
fn one_history(seed: u64) -> BTreeMap<&'static str, usize> {
    println!("history: SCHRIFTGUT_SEED={seed}");
    let what = format!("SCHRIFTGUT_SEED={seed}");
    let (mut office, mut history) = (TestOffice::demo(), History::new("H", seed));
    live(&mut office, &mut history);
    compare(&office, &history, &what);
    if (seed / 2).is_multiple_of(LIVE_ON) {
        live(&mut office, &mut history);
        let built = compare(&office, &history, &format!("{what}, lived on"));
        office.close_doors();
        std::fs::remove_dir_all(office.root().join("views")).unwrap();
        office.open_doors();
        // Built twice out of the same entries, also scores are the same.
        assert_same(&built, &all_answers(&office, &history), &format!("{what}, without views"));
    }
    office.assert_clean_after(&what);
    history.happened
}

/// `SCHRIFTGUT_FULL=1` walks a thousand histories; `SCHRIFTGUT_SEED` walks one again.
#[test]
fn views_built_anew_answer_as_those_that_followed_whatever_happened() {
    let seeds = Dice::seeds(times(20, 1_000) as usize);
    let progress = Progress::of("histories", seeds.len());
    let mut happened = BTreeMap::new();
    for seed in &seeds {
        for (what, count) in one_history(*seed) {
            *happened.entry(what).or_insert(0) += count;
        }
        progress.step();
    }
    println!("{} histories: {happened:?}", seeds.len());
    let never: Vec<_> = EVERYDAY.iter().chain(&DEAR).filter(|what| !happened.contains_key(**what)).collect();
    assert!(seeds.len() == 1 || never.is_empty(), "never happened: {never:?}");
}
