//! Narrowing a search: what the matches have in common, each as a query that asks for less, and the orders they can be
//! listed in. Counts come from the search itself, within what the visitor may read.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::query::Order;
use crate::domain::query::{self, HitKind, Place};
use crate::domain::record_type::{RecordTypeId, RecordTypes, Register};
use crate::domain::register::RegisterNumber;
use crate::index::Facets;

/// Most values of a kind that are offered; how many more there are is said.
const VALUES_MAX: usize = 8;

/// One thing that matches differ in.
pub(super) struct FacetView {
    pub name: &'static str,
    pub values: Vec<ValueView>,
    /// Values that are not offered.
    pub more: usize,
}

/// A value, how many match with it, and the query for those.
pub(super) struct ValueView {
    pub label: String,
    pub count: usize,
    pub narrowed: String,
}

/// What the matches differ in; nothing where all are alike.
pub(super) fn facets(query: &str, facets: &Facets, types: &RecordTypes) -> Vec<FacetView> {
    let named = |counts: &BTreeMap<String, usize>, asked: &dyn Fn(&str) -> String| {
        let value = |(name, count): (&String, &usize)| (name.clone(), *count, asked(name));
        counts.iter().map(value).collect::<Vec<_>>()
    };
    let years = facets.years.iter().map(|(year, count)| (year.to_string(), *count, format!("jahr:{year}")));
    let kind = |kind: HitKind| {
        let count = facets.kinds.get(kind.word())?;
        Some((kind.label().to_owned(), *count, format!("art:{}", kind.word())))
    };
    let record_type = |(name, count): (&String, &usize)| {
        let label =
            if name == RecordTypeId::NONE { "ohne Aktenart" } else { types.label(name).unwrap_or(name) };
        (label.to_owned(), *count, format!("aktenart:{name}"))
    };
    let register = |(number, count): (&String, &usize)| {
        (register_label(number, types), *count, format!("register:{number}"))
    };
    let all = [
        view("Klasse", query, named(&facets.classes, &|class| format!("klasse:{class}"))),
        view("Aktenart", query, facets.record_types.iter().map(record_type).collect()),
        view("Register", query, facets.registers.iter().map(register).collect()),
        view("Straße", query, named(&facets.streets, &|street| query::naming(Place::Street, street))),
        view("Jahr", query, years.collect()),
        view("Phase der Akte", query, named(&facets.phases, &|phase| format!("phase:{phase}"))),
        view("Art", query, HitKind::ALL.into_iter().filter_map(kind).collect()),
    ];
    all.into_iter().filter(|facet| facet.values.len() > 1).collect()
}

/// Its number, and its title if all record types that have this register call it the same.
fn register_label(word: &str, types: &RecordTypes) -> String {
    if word == RegisterNumber::NONE {
        return "in keinem Register".to_owned();
    }
    let is_asked = |register: &&Register| {
        register.number.parse::<RegisterNumber>().is_ok_and(|number| number.word().as_deref() == Some(word))
    };
    let of_that_number = types.in_force().flat_map(|of| of.registers.iter().filter(is_asked));
    let titles: BTreeSet<&str> = of_that_number.map(|register| register.title.as_str()).collect();
    match titles.iter().next() {
        Some(title) if titles.len() == 1 => format!("{word} {title}"),
        _ => word.to_owned(),
    }
}

/// What people read, how many match with it, and how it is asked for.
type Choice = (String, usize, String);

fn view(name: &'static str, query: &str, mut choices: Vec<Choice>) -> FacetView {
    // The most frequent first, those that are equal in their own order.
    choices.sort_by_key(|(_, count, _)| std::cmp::Reverse(*count));
    let more = choices.len().saturating_sub(VALUES_MAX);
    choices.truncate(VALUES_MAX);
    let value = |(label, count, asked): Choice| ValueView { label, count, narrowed: narrowed(query, &asked) };
    FacetView { name, values: choices.into_iter().map(value).collect(), more }
}

/// The query and this too; brackets where its parts are not simply asked for together.
fn narrowed(query: &str, also: &str) -> String {
    if query::parts(query).is_some() { format!("{query} {also}") } else { format!("({query}) {also}") }
}

/// An order to list in: its name in the address, what it is called, and whether it is the one in use.
pub(super) struct OrderView {
    pub name: &'static str,
    pub label: &'static str,
    pub is_used: bool,
}

/// The order of that name; the best first if there is none.
pub(super) fn order(name: Option<&str>) -> Order {
    Order::ALL.into_iter().find(|order| name == Some(name_of(*order))).unwrap_or_default()
}

/// The name of an order in an address; nothing for the best first.
pub(super) fn name_of(order: Order) -> &'static str {
    match order {
        Order::Relevance => "",
        Order::Newest => "neueste",
        Order::Oldest => "aelteste",
    }
}

pub(super) fn orders(used: Order) -> Vec<OrderView> {
    let view =
        |order: Order| OrderView { name: name_of(order), label: order.label(), is_used: order == used };
    Order::ALL.map(view).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_all_matches_share_is_no_choice_and_what_is_not_offered_is_counted() {
        let years = (1950..1970_u16).map(|year| (year, usize::from(year) - 1949)).collect();
        let all = Facets { classes: [("63.10".to_owned(), 9)].into(), years, ..Facets::default() };
        let shown = facets("garage ODER zaun", &all, &RecordTypes::default());
        let [years] = &shown[..] else { panic!("one choice") };
        assert_eq!((years.values.len(), years.more), (VALUES_MAX, 12));
        assert_eq!((years.values[0].label.as_str(), years.values[0].count), ("1969", 20));
        assert_eq!(years.values[0].narrowed, "(garage ODER zaun) jahr:1969");
    }

    #[test]
    fn every_narrowed_query_can_be_read() {
        let streets = [("Am \"Alten\" Markt".to_owned(), 2), ("Karlstraße".to_owned(), 1)].into();
        for facet in facets("garage", &Facets { streets, ..Facets::default() }, &RecordTypes::default()) {
            for value in facet.values {
                assert!(query::parse(&value.narrowed).is_ok(), "{}", value.narrowed);
            }
        }
    }
}
