//! The search, as `search --json` answers it, page by page.

use super::gate::Bearer;
use super::openapi::{Description, Parameter};
use super::{Endpoint, Show, json};
use crate::answers::SearchAnswer;
use crate::domain::query::Order;
use crate::registry::Search;
use crate::web::Office;
use crate::web::answer::Outcome;
use crate::web::asked::{Asked, mistake};
use crate::web::pages::OK;
use crate::web::trouble::{OrNotFound as _, Trouble};

/// Hits on one page.
pub const HITS_PER_PAGE: usize = 20;
/// Furthest page; whoever wants more narrows the search.
pub const PAGES_MAX: usize = 50;

/// `GET /api/v1/search`
pub const SEARCH: Endpoint = Endpoint {
    show: Show::Gated(search),
    describe: || {
        let page = format!("Die wievielte Seite, ab 1; auf einer stehen {HITS_PER_PAGE} Treffer");
        let yes = |name, words: &str| Parameter::query(name, words).one_of(&["true", "false"]);
        Description::new("Suchen, mit denselben Wörtern wie im Suchfeld", "suchen")
            .parameter(Parameter::query("q", "Die Suchanfrage").required())
            .parameter(Parameter::query("page", &page).number(1, PAGES_MAX))
            .parameter(Parameter::query("sort", "Die Reihenfolge").one_of(&Order::ALL.map(Order::code)))
            .parameter(Parameter::query("file", "Nur in der Akte mit diesem Aktenzeichen"))
            .parameter(yes("facets", "Auch zählen, was die Treffer gemeinsam haben"))
            .parameter(yes("explain", "Auch sagen, warum etwas ein Treffer ist"))
            .answers::<SearchAnswer>()
            .or_not_found()
    },
};

fn search(office: &Office, bearer: &Bearer, asked: &Asked) -> Outcome {
    let (registry, reader) = (&office.registry, bearer.searcher()?);
    let query = asked.query("q").unwrap_or_default().trim();
    if query.is_empty() {
        return Err(wrong("q", "was gesucht wird"));
    }
    let page = match asked.query("page") {
        None => 1,
        Some(text) => text
            .parse()
            .ok()
            .filter(|page| (1..=PAGES_MAX).contains(page))
            .ok_or_else(|| wrong("page", &format!("eine Zahl von 1 bis {PAGES_MAX}")))?,
    };
    let order = match asked.query("sort") {
        None => Order::default(),
        Some(text) => text.parse().map_err(|_| wrong("sort", &Order::ALL.map(Order::code).join(", ")))?,
    };
    let (with_facets, with_reasons) = (yes_or_no(asked, "facets")?, yes_or_no(asked, "explain")?);
    let only_file = match asked.query("file") {
        None => None,
        Some(reference) => {
            Some(registry.show_file(reader, reference, registry.today()).or_not_found()?.file.id)
        }
    };
    let (offset, limit) = ((page - 1) * HITS_PER_PAGE, HITS_PER_PAGE);
    let asked = Search { query, only_file, order, offset, limit, with_facets, with_reasons };
    json(OK, &SearchAnswer::from(&registry.search_for(reader, &asked)?))
}

fn yes_or_no(asked: &Asked, name: &str) -> Result<bool, Trouble> {
    match asked.query(name) {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(wrong(name, "true oder false")),
    }
}

fn wrong(name: &str, takes: &str) -> Trouble {
    mistake(
        "Die Suche ist nicht möglich",
        format!("die Angabe „{name}“ fehlt oder passt nicht"),
        &format!("nennen Sie dort {takes}"),
    )
}
