//! The core stands by itself: `base` and `domain` are compiled here without any other layer. A path that leads
//! up does not compile, whatever macro builds it. That they name no disk and no clock is `layers.rs`'s to say.

#![allow(dead_code, unused_imports, missing_docs)]

#[path = "../src/base/mod.rs"]
mod base;
#[path = "../src/domain/mod.rs"]
mod domain;

#[test]
fn the_core_counts_a_period_without_the_rest_of_the_house() {
    use domain::retention::period::{EndCounting, Period, StartCounting, last_day};
    let closed = StartCounting::EndOfYear.anchor(jiff::civil::date(2013, 3, 14));
    let last = last_day(closed, Period::Years(10), EndCounting::EndOfYear);
    assert_eq!(last, Some(jiff::civil::date(2023, 12, 31)));
}
