//! What is being read (Was gelesen wird): what is read now, what waits, and what was not read or only in part.

use askama::Template;

use super::OK;
use super::document::{leave_to_draw, named};
use crate::domain::document::Document;
use crate::domain::ids::{DeliveryId, DocumentId};
use crate::domain::life_cycle::german;
use crate::format::wording;
use crate::registry::{MailboxState, Reread};
use crate::web::Office;
use crate::web::answer::{Outcome, page, see_other};
use crate::web::asked::Asked;
use crate::web::frame::Frame;
use crate::web::gate::Visitor;
use crate::web::trouble::Trouble;
use crate::web::words::completeness;

#[derive(Template)]
#[template(path = "web/reading.html")]
struct ReadingPage {
    frame: Frame,
    /// What is read now, and for how long.
    now: Vec<(Line, String)>,
    next: Vec<Line>,
    waiting: usize,
    more_waiting: usize,
    oldest: String,
    in_part: Vec<Line>,
    in_part_count: usize,
    more_in_part: usize,
    mailboxes: Vec<Postbox>,
    /// May have it read again, or not at all.
    keeps: bool,
}

/// What is known of a mailbox.
struct Postbox {
    name: String,
    visited: String,
    trouble: Option<String>,
    failed: String,
    aside: Vec<(String, String)>,
    aside_count: u64,
    more_aside: u64,
}

impl From<&MailboxState> for Postbox {
    fn from(state: &MailboxState) -> Self {
        let why =
            |(name, [_, why, way_out]): &(String, [String; 3])| (name.clone(), format!("{why}; {way_out}"));
        Self {
            name: format!("{} auf {} ({})", state.user, state.server, state.folder),
            visited: wording::moment(state.visited),
            trouble: state.trouble.as_ref().map(|[_, why, way_out]| format!("{why}; {way_out}")),
            failed: state.failed.clone(),
            aside: state.aside.iter().map(why).collect(),
            aside_count: state.aside_count,
            more_aside: state.aside_count.saturating_sub(state.aside.len() as u64),
        }
    }
}

struct Line {
    id: String,
    name: String,
    received: String,
    said: Vec<String>,
}

impl From<&Document> for Line {
    fn from(document: &Document) -> Self {
        Self {
            id: document.id.to_string(),
            name: document.file_name.clone(),
            received: german(document.received),
            said: completeness(document),
        }
    }
}

/// The page.
pub fn show(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let view = office.registry.reading_queue(visitor.reader()?)?;
    let lines = |documents: &[Document]| documents.iter().map(Line::from).collect::<Vec<_>>();
    let since = |seconds: u64| match seconds {
        0..60 => format!("seit {seconds} Sekunden"),
        _ => format!("seit {} Minuten", seconds / 60),
    };
    page(
        OK,
        &ReadingPage {
            frame: Frame::of(office, visitor, "lesen").noting(asked),
            now: view.now.iter().map(|(document, seconds)| (Line::from(document), since(*seconds))).collect(),
            more_waiting: view.waiting - view.next.len().min(view.waiting),
            next: lines(&view.next),
            waiting: view.waiting,
            oldest: view.oldest.map(german).unwrap_or_default(),
            more_in_part: view.in_part_count - view.in_part.len(),
            in_part: lines(&view.in_part),
            in_part_count: view.in_part_count,
            mailboxes: view.mailboxes.iter().map(Postbox::from).collect(),
            keeps: visitor.clerk().is_ok(),
        },
    )
}

/// Reads a document again whose reading was given up or fell short.
pub fn retry(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let clerk = visitor.clerk()?;
    let document = named(office, visitor, asked)?.document;
    let _pass = leave_to_draw(office)?;
    let note = match office.registry.read_again(clerk, document.id)?.1 {
        Reread::New => "gelesen",
        Reread::Same => "gleich",
        Reread::Kept(_) => "geblieben",
    };
    Ok(see_other(&format!("{}?getan={note}", back_to(asked, document.id)?)))
}

/// Gives up reading a document that waits.
pub fn give_up(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let clerk = visitor.clerk()?;
    let document = named(office, visitor, asked)?.document;
    office.registry.give_up_reading(clerk, document.id, asked.field("grund")?)?;
    Ok(see_other(&format!("{}?getan=aufgegeben", back_to(asked, document.id)?)))
}

/// The page the form stood on: that of the document, of a delivery, or this one.
fn back_to(asked: &Asked, document: DocumentId) -> Result<String, Trouble> {
    let from = asked.field("von")?;
    Ok(match from.parse::<DeliveryId>() {
        Ok(delivery) => format!("/lieferungen/{delivery}"),
        Err(_) if from == "dokument" => format!("/dokument/{document}"),
        Err(_) => "/lesen".to_owned(),
    })
}
