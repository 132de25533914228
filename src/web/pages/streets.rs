//! Streets (Straßen): which there are, how they were called before, and the register that says so, kept by those who may.

use askama::Template;
use axum::http::StatusCode;

use super::{OK, Paging};
use crate::domain::streets::StreetNames;
use crate::registry::{Error, flaws_of_streets};
use crate::web::Office;
use crate::web::answer::{Outcome, page, see_other};
use crate::web::asked::Asked;
use crate::web::frame::Frame;
use crate::web::gate::Visitor;
use crate::web::trouble::Trouble;

/// Longest register that the form takes, in characters: some 7,000 streets. What is longer is set by the command
/// `streets set`.
pub const REGISTER_CHARS_MAX: usize = 150_000;
/// Streets on one page.
const STREETS_PER_PAGE: usize = 100;
/// What an office finds that has no register yet.
const EMPTY_REGISTER: &str = "format = 2\n";

#[derive(Template)]
#[template(path = "web/streets.html")]
struct StreetsPage<'a> {
    frame: Frame,
    /// What is looked for.
    query: &'a str,
    /// How many names there are, and how many of them match.
    all: usize,
    found: usize,
    streets: Vec<String>,
    paging: Paging,
    /// The register as text, for whoever may change it.
    register: Option<String>,
    /// Why what was sent was not taken: each mistake.
    mistakes: Vec<String>,
}

/// The page.
pub fn show(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let keeper = visitor.street_keeper().ok();
    let source = keeper.map(|keeper| office.registry.streets_source(keeper)).transpose()?;
    let register = source.map(|source| source.unwrap_or_else(|| EMPTY_REGISTER.to_owned()));
    page(OK, &view(office, visitor, asked, register, Vec::new())?)
}

fn view<'a>(
    office: &Office,
    visitor: &Visitor,
    asked: &'a Asked,
    register: Option<String>,
    mistakes: Vec<String>,
) -> Result<StreetsPage<'a>, Trouble> {
    let rules = office.registry.rules()?;
    let query = asked.query("q").unwrap_or_default().trim();
    let matching = rules.streets.with(query);
    let (found, number) = (matching.len(), asked.number("seite")?);
    let paging = Paging::of(number, found, STREETS_PER_PAGE)?;
    let shown = matching.iter().skip((number - 1) * STREETS_PER_PAGE).take(STREETS_PER_PAGE);
    Ok(StreetsPage {
        frame: Frame::of(office, visitor, "strassen").noting(asked),
        query,
        all: rules.streets.len(),
        found,
        streets: shown.map(StreetNames::note).collect(),
        paging,
        register,
        mistakes,
    })
}

/// Puts another register in force. What was sent stays in the field until it is right.
pub fn set(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let keeper = visitor.street_keeper()?;
    let register = asked.long_field("verzeichnis", REGISTER_CHARS_MAX)?.to_owned();
    match office.registry.set_streets(keeper, register.clone()) {
        Ok(_) => Ok(see_other("/strassen?getan=strassen")),
        Err(Error::Mistake(_)) => {
            let mistakes = flaws_of_streets(&register);
            let shown = view(office, visitor, asked, Some(register), mistakes)?;
            page(StatusCode::BAD_REQUEST, &shown)
        }
        Err(other) => Err(other.into()),
    }
}
