//! Deliveries (Lieferungen): which batches came and how far each is; and one of them, line by line, held against its list.

use askama::Template;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{OK, Paging};
use crate::domain::document::TextState;
use crate::domain::ids::DeliveryId;
use crate::domain::life_cycle::german;
use crate::format::wording::count;
use crate::registry::{
    DELIVERY_KEPT, DeliveryLineView, DeliveryState, DeliveryTally, DeliveryView, LineFate,
};
use crate::web::Office;
use crate::web::answer::{Outcome, page, see_other};
use crate::web::asked::Asked;
use crate::web::frame::Frame;
use crate::web::gate::Visitor;
use crate::web::trouble::{OrNotFound as _, Trouble};
use crate::web::words::{completeness, falls_short};

const DELIVERIES_PER_PAGE: usize = 20;
const LINES_PER_PAGE: usize = 200;

#[derive(Template)]
#[template(path = "web/deliveries.html")]
struct DeliveriesPage {
    frame: Frame,
    deliveries: Vec<Head>,
    before: Option<usize>,
    after: Option<usize>,
    kept_days: u64,
}

/// A delivery in a few words.
struct Head {
    id: String,
    name: String,
    by: String,
    begun: String,
    touched: String,
    state: &'static str,
    /// What became of its lines, in words.
    said: Vec<String>,
    is_own: bool,
}

impl From<&DeliveryView> for Head {
    fn from(view: &DeliveryView) -> Self {
        let begun = day(view.begun);
        Self {
            id: view.id.to_string(),
            name: view.list.clone().unwrap_or_else(|| format!("Lieferung vom {begun}")),
            by: if view.is_own { "Ihnen".to_owned() } else { view.by.clone() },
            begun,
            touched: day(view.touched),
            state: state(view.state),
            said: in_words(&view.tally),
            is_own: view.is_own,
        }
    }
}

#[derive(Template)]
#[template(path = "web/delivery.html")]
struct DeliveryPage {
    frame: Frame,
    head: Head,
    lines: Vec<Line>,
    paging: Paging,
    /// Only lines are shown of which something is to be said.
    only_remarked: bool,
    /// May have documents read again, or not at all.
    keeps: bool,
}

struct Line {
    number: String,
    name: String,
    document: Option<String>,
    reference: String,
    fate: &'static str,
    expected: String,
    found: String,
    said: Vec<String>,
    way_out: String,
    is_unread: bool,
    /// Something of it could not be read, and it may be read again.
    falls_short: bool,
}

impl From<&DeliveryLineView> for Line {
    fn from(view: &DeliveryLineView) -> Self {
        let number = |number: Option<u32>| number.map_or_else(String::new, |number| number.to_string());
        let mut line = Self {
            number: view.line.map_or_else(String::new, |line| line.to_string()),
            name: view.name.clone(),
            document: None,
            reference: view.reference.clone().unwrap_or_default(),
            fate: "",
            expected: number(view.page_count),
            found: String::new(),
            said: Vec::new(),
            way_out: String::new(),
            is_unread: false,
            falls_short: false,
        };
        match &view.fate {
            LineFate::Sound => line.fate = "ohne Fehler, nicht erfasst",
            LineFate::ToCome => line.fate = "noch nicht erfasst",
            LineFate::Flawed(why, way_out) | LineFate::Refused(why, way_out) => {
                let is_flawed = matches!(view.fate, LineFate::Flawed(..));
                line.fate = if is_flawed { "fehlerhaft" } else { "abgewiesen" };
                line.said.push(why.clone());
                line.way_out.clone_from(way_out);
            }
            LineFate::Document(document, said) => {
                line.document = Some(document.id.to_string());
                line.found = number(document.page_count());
                line.fate = match &document.text {
                    TextState::Unread => "erfasst, wartet auf das Lesen",
                    TextState::GivenUp { .. } => "erfasst, nicht lesbar",
                    TextState::Read(text) if text.is_complete() => "erfasst und gelesen",
                    TextState::Read(_) => "erfasst, zum Teil gelesen",
                };
                line.is_unread = document.withdrawn.is_none() && document.text == TextState::Unread;
                line.falls_short = document.withdrawn.is_none() && falls_short(document);
                line.said.clone_from(said);
                if said.is_empty() && document.text != TextState::Unread {
                    line.said = completeness(document);
                }
            }
        }
        line
    }
}

/// All of them.
pub fn show(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let (reader, number) = (visitor.reader()?, asked.number("seite")?);
    let first = (number - 1).checked_mul(DELIVERIES_PER_PAGE).ok_or(Trouble::NotFound)?;
    let _pass = office.survey()?;
    let (views, has_more) = office.registry.deliveries(reader, first, DELIVERIES_PER_PAGE)?;
    if views.is_empty() && number > 1 {
        return Err(Trouble::NotFound);
    }
    page(
        OK,
        &DeliveriesPage {
            frame: Frame::of(office, visitor, "aufnehmen").noting(asked),
            deliveries: views.iter().map(Head::from).collect(),
            before: (number > 1).then(|| number - 1),
            after: has_more.then(|| number + 1),
            kept_days: DELIVERY_KEPT.as_secs() / (24 * 3600),
        },
    )
}

/// One of them.
pub fn show_one(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let reader = visitor.reader()?;
    let id = asked.param::<DeliveryId>("lieferung")?;
    let only_remarked = asked.query("nur") == Some("grund");
    let _pass = office.survey()?;
    let (view, mut lines) = office.registry.delivery(reader, id).or_not_found()?;
    if only_remarked {
        lines.retain(is_remarked);
    }
    let paging = Paging::of(asked.number("seite")?, lines.len(), LINES_PER_PAGE)?;
    let shown = lines.iter().skip((paging.page - 1) * LINES_PER_PAGE).take(LINES_PER_PAGE);
    page(
        OK,
        &DeliveryPage {
            frame: Frame::of(office, visitor, "aufnehmen").noting(asked),
            head: Head::from(&view),
            lines: shown.map(Line::from).collect(),
            paging,
            only_remarked,
            keeps: visitor.clerk().is_ok(),
        },
    )
}

/// Takes one from the list. Its documents stay.
pub fn forget(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let clerk = visitor.clerk()?;
    let id = asked.param::<DeliveryId>("lieferung")?;
    // What is not there for this person is not found; what is being taken in is told.
    office.registry.delivery(visitor.reader()?, id).or_not_found()?;
    office.registry.forget_delivery(clerk, id)?;
    Ok(see_other("/lieferungen?getan=lieferung_entfernt"))
}

fn is_remarked(line: &DeliveryLineView) -> bool {
    match &line.fate {
        LineFate::Flawed(..) | LineFate::Refused(..) => true,
        LineFate::Sound | LineFate::ToCome => false,
        LineFate::Document(_, said) => !said.is_empty(),
    }
}

fn day(at: Timestamp) -> String {
    german(at.to_zoned(TimeZone::system()).date())
}

fn state(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Flawed => "geprüft, fehlerhaft; nichts erfasst",
        DeliveryState::Checked => "geprüft, ohne Fehler; nicht erfasst",
        DeliveryState::Running => "wird erfasst",
        DeliveryState::Interrupted => "unterbrochen; derselbe Befehl setzt sie fort",
        DeliveryState::Reading => "erfasst, wird gelesen",
        DeliveryState::Remarked => "erfasst und gelesen, mit Bemerkungen",
        DeliveryState::Done => "fertig",
    }
}

/// What became of the lines, as far as there are such.
fn in_words(tally: &DeliveryTally) -> Vec<String> {
    let mut words = vec![count(tally.lines as u64, "Zeile", "Zeilen")];
    let parts = [
        (tally.flawed, "fehlerhaft"),
        (tally.refused, "abgewiesen"),
        (tally.to_come, "noch nicht erfasst"),
        (tally.unread, "erfasst, noch nicht gelesen"),
        (tally.read, "gelesen"),
        (tally.given_up, "nicht lesbar"),
        (tally.remarked, "mit Bemerkung"),
    ];
    words.extend(
        parts.iter().filter(|(number, _)| *number > 0).map(|(number, word)| format!("{number} {word}")),
    );
    if tally.pages_expected > 0 {
        let expected = count(tally.pages_expected, "Seite", "Seiten");
        words.push(format!("{} von {expected} laut Liste gezählt", tally.pages_found));
    }
    words
}
