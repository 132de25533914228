//! Narrowing a search: what the matches have in common, each as a query that asks for less, and the orders they can be
//! listed in. Counts come from the search itself, within what the visitor may read.

use crate::domain::query::Order;
use crate::domain::query::{self, HitKind, Place};
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
pub(super) fn facets(query: &str, facets: &Facets) -> Vec<FacetView> {
    let classes = facets.classes.iter().map(|(class, count)| (class.clone(), *count)).collect();
    let streets = facets.streets.iter().map(|(street, count)| (street.clone(), *count)).collect();
    let years = facets.years.iter().map(|(year, count)| (year.to_string(), *count)).collect();
    let phases = facets.phases.iter().map(|(phase, count)| (phase.clone(), *count)).collect();
    let kind = |kind: HitKind| Some((kind.label().to_owned(), *facets.kinds.get(kind.word())?));
    let kinds = HitKind::ALL.into_iter().filter_map(kind).collect();
    let all = [
        view("Klasse", query, classes, |class| format!("klasse:{class}")),
        view("Straße", query, streets, |street| query::naming(Place::Street, street)),
        view("Jahr", query, years, |year| format!("jahr:{year}")),
        view("Phase der Akte", query, phases, |phase| format!("phase:{phase}")),
        view("Art", query, kinds, |kind| format!("art:{}", kind.to_lowercase())),
    ];
    all.into_iter().filter(|facet| facet.values.len() > 1).collect()
}

fn view(
    name: &'static str,
    query: &str,
    mut values: Vec<(String, usize)>,
    asked: impl Fn(&str) -> String,
) -> FacetView {
    // The most frequent first, those that are equal in their own order.
    values.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let more = values.len().saturating_sub(VALUES_MAX);
    values.truncate(VALUES_MAX);
    let value = |(label, count): (String, usize)| ValueView {
        narrowed: narrowed(query, &asked(&label)),
        label,
        count,
    };
    FacetView { name, values: values.into_iter().map(value).collect(), more }
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
        let shown = facets("garage ODER zaun", &all);
        let [years] = &shown[..] else { panic!("one choice") };
        assert_eq!((years.values.len(), years.more), (VALUES_MAX, 12));
        assert_eq!((years.values[0].label.as_str(), years.values[0].count), ("1969", 20));
        assert_eq!(years.values[0].narrowed, "(garage ODER zaun) jahr:1969");
    }

    #[test]
    fn every_narrowed_query_can_be_read() {
        let streets = [("Am \"Alten\" Markt".to_owned(), 2), ("Karlstraße".to_owned(), 1)].into();
        for facet in facets("garage", &Facets { streets, ..Facets::default() }) {
            for value in facet.values {
                assert!(query::parse(&value.narrowed).is_ok(), "{}", value.narrowed);
            }
        }
    }
}
