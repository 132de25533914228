//! The first page: the search box, what waits, and what is new in saved searches.

use askama::Template;

use super::OK;
use super::saved::{self, SearchLine};
use crate::domain::actor::Role;
use crate::domain::case_file::{CaseFile, Hold, Reminder};
use crate::domain::disposal::{DisposalList, Stage};
use crate::domain::life_cycle::german;
use crate::registry::Deputed;
use crate::web::Office;
use crate::web::answer::{Outcome, page};
use crate::web::asked::Asked;
use crate::web::frame::Frame;
use crate::web::gate::Visitor;

#[derive(Template)]
#[template(path = "web/start.html")]
struct StartPage {
    frame: Frame,
    /// Documents whose text is still to be read. For the administration alone: the number counts hidden ones too.
    unread: Option<usize>,
    waiting: Vec<Waiting>,
    /// The person's saved searches, with what is new in each.
    searches: Vec<SearchLine>,
    /// What the person is to look at again, up to today.
    reminders: Vec<ReminderLine>,
    /// What the person looks after today for others who are away.
    deputed: Vec<DeputedView>,
    /// Holds that are to be reviewed by today, with their day. For whoever may release them.
    holds: Vec<(String, String)>,
}

struct DeputedView {
    name: String,
    reminders: Vec<ReminderLine>,
    /// Id, reference number and title of open files.
    files: Vec<(String, String, String)>,
    more_files: usize,
}

struct ReminderLine {
    file: String,
    reference: String,
    on: String,
    text: String,
}

struct Waiting {
    id: String,
    short: String,
    what: &'static str,
    lines: usize,
}

/// The page.
pub fn show(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let actor = visitor.actor();
    let unread = if actor.is(Role::Administrator) { Some(office.registry.unread()?) } else { None };
    let waiting = match actor.as_auditor() {
        Ok(auditor) => {
            let lists = office.registry.lists(auditor)?;
            lists.iter().filter_map(|list| waiting_for(list, visitor)).collect()
        }
        Err(_) => Vec::new(),
    };
    let (frame, searches) =
        (Frame::of(office, visitor, "start").noting(asked), saved::lines(office, visitor)?);
    let reminders = match actor.as_reader() {
        Ok(reader) => {
            let due = office.registry.reminders(reader, office.registry.today())?;
            due.into_iter().map(|(file, one)| reminder_line(&file, &one)).collect()
        }
        Err(_) => Vec::new(),
    };
    let deputed = match actor.as_reader() {
        Ok(reader) => {
            let all = office.registry.deputed(reader, office.registry.today())?;
            all.iter().map(deputed_view).collect()
        }
        Err(_) => Vec::new(),
    };
    let holds = match (visitor.records_manager(), actor.as_reader()) {
        (Ok(_), Ok(reader)) => {
            let due = office.registry.holds(reader, Some(office.registry.today()))?;
            let told = |hold: &Hold| (hold.reason.clone(), hold.review.map(german).unwrap_or_default());
            due.iter().map(|due| told(&due.hold)).collect()
        }
        _ => Vec::new(),
    };
    page(OK, &StartPage { frame, unread, waiting, searches, reminders, deputed, holds })
}

fn deputed_view(deputed: &Deputed) -> DeputedView {
    let file = |file: &CaseFile| (file.id.to_string(), file.reference.to_string(), file.title.clone());
    DeputedView {
        name: deputed.absent.name.clone(),
        reminders: deputed.reminders.iter().map(|(file, one)| reminder_line(file, one)).collect(),
        files: deputed.files.iter().map(file).collect(),
        more_files: deputed.more_files,
    }
}

fn reminder_line(file: &CaseFile, one: &Reminder) -> ReminderLine {
    ReminderLine {
        file: file.id.to_string(),
        reference: file.reference.to_string(),
        on: german(one.on),
        text: one.text.clone(),
    }
}

/// What a list waits for from this person, if it does.
fn waiting_for(list: &DisposalList, visitor: &Visitor) -> Option<Waiting> {
    let actor = visitor.actor();
    let (manages, archives) = (actor.as_records_manager().is_ok(), actor.as_archivist().is_ok());
    let what = match &list.stage {
        Stage::Draft if manages => "dem Archiv anbieten",
        Stage::Offered { .. } if archives && list.undecided().next().is_some() => "bewerten",
        Stage::Offered { .. } if archives && list.to_archive().next().is_some() => {
            "Archivexemplare übernehmen"
        }
        Stage::Offered { .. } if manages && list.require_proposable().is_ok() => {
            "zur Vernichtung vorschlagen"
        }
        Stage::Proposed { .. } => {
            let signed = list.signatures().iter().any(|(_, signature)| signature.by == actor.id);
            if actor.as_approver().is_ok() && !signed {
                "freigeben"
            } else if manages {
                "Freigaben, Karenz, Ausführung"
            } else {
                return None;
            }
        }
        _ => return None,
    };
    let id = list.id.to_string();
    Some(Waiting { short: id[..8].to_owned(), id, what, lines: list.lines.len() })
}
