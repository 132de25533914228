//! All disposal lists (Aussonderungslisten), and a new one.

use askama::Template;

use super::OK;
use crate::domain::case_file::ClassNumber;
use crate::domain::life_cycle::german;
use crate::web::Office;
use crate::web::answer::{Outcome, page, see_other};
use crate::web::asked::{Asked, mistake};
use crate::web::frame::Frame;
use crate::web::gate::Visitor;

#[derive(Template)]
#[template(path = "web/lists.html")]
struct ListsPage {
    frame: Frame,
    lists: Vec<ListLine>,
    creates: bool,
    today: String,
}

struct ListLine {
    id: String,
    short: String,
    created: String,
    lines: usize,
    undecided: usize,
    stage: String,
}

/// The page.
pub fn show(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let lists = office.registry.lists(visitor.auditor()?)?;
    let lists = lists.iter().map(|list| {
        let id = list.id.to_string();
        ListLine {
            short: id[..8].to_owned(),
            id,
            created: german(list.created),
            lines: list.lines.len(),
            undecided: list.undecided().count(),
            stage: list.stage_in_words(),
        }
    });
    page(
        OK,
        &ListsPage {
            frame: Frame::of(office, visitor, "listen").noting(asked),
            lists: lists.collect(),
            creates: visitor.records_manager().is_ok(),
            today: office.registry.today().to_string(),
        },
    )
}

/// Collects what is due into a new list.
pub fn create(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let manager = visitor.records_manager()?;
    let branch: Option<ClassNumber> = match asked.field("klasse")? {
        "" => None,
        text => Some(text.parse().map_err(|_| {
            mistake(
                "Die Aussonderungsliste wurde nicht angelegt",
                format!("„{text}“ ist keine Nummer einer Klasse"),
                "schreiben Sie sie wie 63.10 oder lassen Sie das Feld leer",
            )
        })?),
    };
    let on = asked.day("am", office.registry.today())?;
    let id = office.registry.create_list(manager, branch.as_ref(), on)?;
    Ok(see_other(&format!("/listen/{id}?getan=angelegt")))
}
