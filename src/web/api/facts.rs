//! Facts (Tatsachen) from other programs: a list of them, taken the same way as a table of the command line. All are looked
//! at before the first is recorded; if one is wrong, none is. Sent again, what is there already is passed over.

use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::gate::Bearer;
use super::openapi::Description;
use super::{Endpoint, Show, json, problem};
use crate::format::fact_list::{self, Row, WrongRow};
use crate::registry::{FactLine, FactOutcome, Words};
use crate::web::Office;
use crate::web::answer::Outcome;
use crate::web::asked::{Asked, mistake};
use crate::web::pages::OK;
use crate::web::trouble::Trouble;

/// Most facts of one call.
pub const FACTS_MAX: usize = 5_000;
/// Longest part of a name that was sent and is said back.
const NAME_CHARS_SAID: usize = 40;

/// `POST /api/v1/facts`
pub const FACTS: Endpoint = Endpoint {
    show: Show::Gated(facts),
    describe: || {
        Description::new("Tatsachen eintragen: alle oder, wenn eine nicht stimmt, keine", "tatsachen")
            .takes_list_of::<NewFact>(FACTS_MAX)
            .answers::<FactsAnswer>()
            .or(StatusCode::CONFLICT, "Die Regeln lassen es jetzt nicht zu")
            .or(StatusCode::REQUEST_TIMEOUT, "Die Anfrage kam nicht rechtzeitig vollständig an")
            .or(StatusCode::PAYLOAD_TOO_LARGE, "Die Anfrage ist zu groß")
            .or(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Die Anfrage ist nicht als JSON ausgewiesen")
            .or(StatusCode::UNPROCESSABLE_ENTITY, "Eine Zeile stimmt nicht; es wurde nichts eingetragen")
    },
};

/// A fact to be recorded.
#[derive(ToSchema)]
#[allow(
    dead_code,
    reason = "its shape is described; what comes is read field by field, so that each line has its reason"
)]
pub struct NewFact {
    /// The reference number of the file.
    #[schema(max_length = 80)]
    file: String,
    /// The kind of the fact, as the rules call it.
    #[schema(max_length = 60)]
    kind: String,
    /// The day of the fact.
    #[schema(format = Date)]
    on: String,
    /// From where it is known.
    #[schema(max_length = 400)]
    source: String,
}

/// What became of a list of facts.
#[derive(Serialize, ToSchema)]
pub struct FactsAnswer {
    /// So many were recorded.
    recorded: usize,
    /// So many were known.
    known: usize,
    /// Line by line.
    lines: Vec<FactAnswer>,
}

/// What became of one fact.
#[derive(Debug, Serialize, ToSchema)]
pub struct FactAnswer {
    /// Its place in the list, from 1.
    line: u64,
    /// `recorded`, `known`; or, where nothing was recorded, `mistake` and `held_back`.
    outcome: &'static str,
    /// What is wrong, German; only with a mistake.
    reason: Option<String>,
}

impl From<FactLine> for FactAnswer {
    fn from(FactLine { line, outcome }: FactLine) -> Self {
        let (outcome, reason) = match outcome {
            FactOutcome::Recorded => ("recorded", None),
            FactOutcome::Known => ("known", None),
            FactOutcome::HeldBack => ("held_back", None),
            FactOutcome::Mistake(reason) => ("mistake", Some(reason)),
        };
        Self { line, outcome, reason }
    }
}

fn facts(office: &Office, bearer: &Bearer, asked: &Asked) -> Outcome {
    let clerk = bearer.recorder()?;
    let rows = rows(asked)?;
    let lines = office.registry.record_each_fact(clerk, rows, true)?;
    let count = |wanted: &FactOutcome| lines.iter().filter(|line| line.outcome == *wanted).count();
    let (recorded, known) = (count(&FactOutcome::Recorded), count(&FactOutcome::Known));
    let wrong = lines.iter().filter(|line| matches!(line.outcome, FactOutcome::Mistake(_))).count();
    let lines = lines.into_iter().map(FactAnswer::from).collect();
    if wrong == 0 {
        return json(OK, &FactsAnswer { recorded, known, lines });
    }
    let words = Words {
        what: "Die Tatsachen werden nicht festgehalten".to_owned(),
        why: match wrong {
            1 => "eine Zeile stimmt nicht; welche und warum, steht in „lines“".to_owned(),
            wrong => format!("{wrong} Zeilen stimmen nicht; welche und warum, steht in „lines“"),
        },
        way_out: "berichtigen Sie die Liste; es wurde noch nichts festgehalten".to_owned(),
    };
    Ok(problem::with_lines(&words, lines).into_response())
}

/// The rows of the list that was sent; each for itself, or what is wrong with it.
fn rows(asked: &Asked) -> Result<Vec<Result<Row, WrongRow>>, Trouble> {
    let media = asked.header(header::CONTENT_TYPE.as_str()).unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim();
    if !media.eq_ignore_ascii_case("application/json") {
        return Err(Trouble::Malformed(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    let sent: Vec<Value> = serde_json::from_slice(asked.bytes()).map_err(|flaw| {
        mistake(
            "Die Tatsachen werden nicht festgehalten",
            format!("der Inhalt ist keine Liste in JSON (Zeile {}, Spalte {})", flaw.line(), flaw.column()),
            "senden Sie eine Liste von Objekten mit file, kind, on und source",
        )
    })?;
    if sent.len() > FACTS_MAX {
        return Err(mistake(
            "Die Tatsachen werden nicht festgehalten",
            format!("es sind mehr als {FACTS_MAX}"),
            "teilen Sie die Liste",
        ));
    }
    let numbered = (1..).zip(sent);
    Ok(numbered.map(|(line, fact)| row(line, &fact).map_err(|why| WrongRow { line, why })).collect())
}

fn row(line: u64, fact: &Value) -> Result<Row, String> {
    const FIELDS: [&str; 4] = ["file", "kind", "on", "source"];
    let Value::Object(fact) = fact else {
        return Err(format!("die Zeile ist kein Objekt mit {}", FIELDS.join(", ")));
    };
    if let Some(unknown) = fact.keys().find(|name| !FIELDS.contains(&name.as_str())) {
        let unknown: String = unknown.chars().filter(|c| !c.is_control()).take(NAME_CHARS_SAID).collect();
        return Err(format!("das Feld „{unknown}“ ist unbekannt (möglich: {})", FIELDS.join(", ")));
    }
    fact_list::row(line, [text(fact, "file")?, text(fact, "kind")?, text(fact, "on")?, text(fact, "source")?])
}

fn text<'f>(fact: &'f Map<String, Value>, name: &str) -> Result<&'f str, String> {
    let text = fact.get(name).and_then(Value::as_str).map(str::trim);
    text.ok_or_else(|| format!("das Feld „{name}“ fehlt oder ist kein Text"))
}
