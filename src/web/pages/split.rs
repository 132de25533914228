//! Splitting a document (Teilen): a stack that was scanned as one. What can be split is said here, what is split the registry
//! decides.

use super::document::{leave_to_draw, named};
use crate::domain::document::{Document, TextState};
use crate::domain::text::MediaType;
use crate::registry::SplitOrder;
use crate::web::Office;
use crate::web::answer::{Outcome, see_other};
use crate::web::asked::{Asked, mistake};
use crate::web::gate::Visitor;
use crate::web::trouble::Trouble;
use crate::web::words::page_count;

/// It is in use, has pages that can be parted, and more than one.
pub(super) fn can_be_split(document: &Document) -> bool {
    has_parting_pages(document) && page_count(document).is_some_and(|count| count > 1)
}

/// It is in use and was read, and its pages can be taken out and put behind others.
pub(super) fn has_parting_pages(document: &Document) -> bool {
    matches!(document.text, TextState::Read(_))
        && document.withdrawn.is_none()
        && matches!(document.format.media, MediaType::Pdf | MediaType::Tiff)
}

/// Splits it behind the pages named.
pub fn split(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let clerk = visitor.clerk()?;
    let document = named(office, visitor, asked)?.document;
    let order = SplitOrder {
        at: cuts(asked.filled("schnitte", "Schnitt nach Seite")?)?,
        into: listed(asked.field("akten")?, &['\n']).map(str::to_owned).collect(),
        reason: asked.field("grund")?.to_owned(),
        although_signed: asked.field("signiert")? == "ja",
    };
    // Every page is drawn, to see that it looks as before.
    let _pass = leave_to_draw(office)?;
    office.registry.split(clerk, document.id, &order)?;
    Ok(see_other(&format!("/dokument/{}?getan=geteilt", document.id)))
}

/// The pages with which new parts begin: those behind the pages named.
fn cuts(text: &str) -> Result<Vec<u32>, Trouble> {
    let page = |text: &str| {
        text.parse::<u32>().ok().and_then(|page| page.checked_add(1)).ok_or_else(|| {
            mistake(
                "Das Dokument wird nicht geteilt",
                format!("„{text}“ ist keine Seitenzahl"),
                "nennen Sie die letzte Seite jedes Teils, durch Komma getrennt: 3, 8",
            )
        })
    };
    listed(text, &[',', ';', ' ']).map(page).collect()
}

fn listed<'a>(text: &'a str, between: &'a [char]) -> impl Iterator<Item = &'a str> {
    text.split(between).map(str::trim).filter(|one| !one.is_empty())
}
