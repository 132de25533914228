//! A document (Dokument) and its pages: the picture with the words that were searched for in boxes, the text
//! below it, and the original to save.

use std::time::Duration;

use askama::Template;
use axum::http::header;
use axum::response::IntoResponse as _;

use super::OK;
use crate::domain::document::{Document, PagesOf, TextState};
use crate::domain::ids::DocumentId;
use crate::domain::life_cycle::german;
use crate::domain::text::WordBox;
use crate::format::wording::{self, page_range};
use crate::registry::{DocumentView, SimilarDocument};
use crate::web::Office;
use crate::web::answer::{Outcome, download_stream, page, see_other};
use crate::web::asked::{Asked, mistake};
use crate::web::frame::Frame;
use crate::web::gate::Visitor;
use crate::web::trouble::{OrNotFound as _, Trouble};
use crate::web::turnstile::Pass;
use crate::web::words::{self, Segment, percent_encoded, segments};

/// Width of a page image in pixels, if none is asked for.
const IMAGE_WIDTH: u32 = 1_000;
/// Narrowest and widest page image.
const IMAGE_WIDTHS: std::ops::RangeInclusive<u32> = 100..=3_000;
/// How long a page image waits for others that are being drawn.
const DRAWING_PATIENCE: Duration = Duration::from_secs(30);

#[derive(Template)]
#[template(path = "web/document.html")]
struct DocumentPage {
    frame: Frame,
    id: String,
    name: String,
    file: Option<(String, String, String)>,
    register: Option<String>,
    received: String,
    size: String,
    /// What it is, and its name in PRONOM if it has one.
    kind: String,
    completeness: Vec<String>,
    /// How far it has come as a scan that is to stand for its paper.
    scan: Option<String>,
    pages: Option<u32>,
    shows_pages: bool,
    /// Of which kind the original is, if it can be shown as pages made of it.
    laid_out: Option<&'static str>,
    files: bool,
    /// When it was taken out of use, and why.
    withdrawn: Option<(String, String)>,
    /// The pages it was made of: in words, and the document they are of, if that is kept.
    made_of: Vec<(String, Option<(String, String)>)>,
    /// What was made of it.
    became: Vec<(String, String)>,
    /// What it came in; an inner none if that is not kept.
    contained_in: Option<Option<(String, String)>>,
    /// What came out of it.
    contents: Vec<(String, String)>,
    /// What stayed in it: its path, and why.
    stays_inside: Vec<(String, String)>,
    /// May be moved into another file, or be taken out of use.
    mends: bool,
    /// Waits to be read, and may be given up.
    waits: bool,
    /// Was read or given up, and may be read again.
    reads_again: bool,
    /// May be split.
    splits: bool,
    /// None if they could not be asked for: that is no reason not to show the document.
    similar: Option<Vec<SimilarView>>,
}

/// A document that is like the one shown.
struct SimilarView {
    id: String,
    name: String,
    page: u32,
    file: Option<(String, String, String)>,
    /// In what they are the same, if they are.
    same: Option<String>,
}

#[derive(Template)]
#[template(path = "web/page.html")]
struct PagePage<'a> {
    frame: Frame,
    id: String,
    name: String,
    file: Option<(String, String, String)>,
    number: u32,
    pages: Option<u32>,
    before: Option<u32>,
    after: Option<u32>,
    query: &'a str,
    failed: Option<String>,
    /// Pages of the document that match, and of them the one before and the one behind this.
    found: Vec<u32>,
    found_before: Option<u32>,
    found_after: Option<u32>,
    pictured: bool,
    /// As in [`DocumentPage`].
    laid_out: Option<&'static str>,
    boxes: Vec<BoxView>,
    text: Vec<Segment>,
}

/// A box in percent of the page's width and height.
struct BoxView {
    left: String,
    top: String,
    width: String,
    height: String,
}

pub(super) fn named(office: &Office, visitor: &Visitor, asked: &Asked) -> Result<DocumentView, Trouble> {
    let reader = visitor.reader()?;
    office.registry.show_document(reader, asked.param::<DocumentId>("dokument")?).or_not_found()
}

pub(super) fn file_of(view: &DocumentView) -> Option<(String, String, String)> {
    let file = view.file.as_ref()?;
    Some((file.id.to_string(), file.reference.to_string(), file.title.clone()))
}

/// What is known of it; `?seite=7` leads on to that page.
pub fn show(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let view = named(office, visitor, asked)?;
    let document = &view.document;
    if asked.query("seite").is_some() {
        let query =
            asked.query("q").map_or_else(String::new, |query| format!("?q={}", percent_encoded(query)));
        return Ok(see_other(&format!("/dokument/{}/seite/{}{query}", document.id, asked.number("seite")?)));
    }
    let keeps = visitor.clerk().is_ok() && document.withdrawn.is_none();
    page(
        OK,
        &DocumentPage {
            frame: Frame::of(office, visitor, "").noting(asked),
            id: document.id.to_string(),
            name: document.file_name.clone(),
            file: file_of(&view),
            register: document
                .register
                .as_ref()
                .map(|number| wording::register(Some(number.as_str()), view.register_title.as_deref())),
            received: german(document.received),
            size: words::size(document.original.size_bytes),
            kind: wording::kind(document.format),
            completeness: words::completeness(document),
            scan: wording::scan(document),
            pages: words::page_count(document),
            shows_pages: words::has_pictures(document) || words::page_count(document).is_some(),
            laid_out: laid_out(office, document),
            files: document.file.is_none() && visitor.clerk().is_ok(),
            withdrawn: document.withdrawn.as_ref().map(|(on, reason)| (german(*on), reason.clone())),
            made_of: view.made_of.iter().map(made_of).collect(),
            became: view.became.iter().map(link).collect(),
            contained_in: view.contained_in.as_ref().map(|(_, outer)| outer.as_ref().map(link)),
            contents: view.contents.iter().map(link).collect(),
            stays_inside: document
                .stays_inside
                .iter()
                .map(|inside| (inside.path.clone(), inside.reason.clone()))
                .collect(),
            mends: document.file.is_some() && visitor.clerk().is_ok(),
            waits: keeps && document.text == TextState::Unread,
            reads_again: keeps && document.text != TextState::Unread,
            splits: visitor.clerk().is_ok() && super::split::can_be_split(document),
            similar: similar_to(office, visitor, document.id)?,
        },
    )
}

fn laid_out(office: &Office, document: &Document) -> Option<&'static str> {
    office.registry.offers_rendition(document).then(|| document.format.media.label())
}

fn link(document: &Document) -> (String, String) {
    (document.id.to_string(), document.file_name.clone())
}

fn made_of((pages, document): &(PagesOf, Option<Document>)) -> (String, Option<(String, String)>) {
    (page_range(pages.first, pages.last), document.as_ref().map(link))
}

fn similar_to(
    office: &Office,
    visitor: &Visitor,
    id: DocumentId,
) -> Result<Option<Vec<SimilarView>>, Trouble> {
    let similar = match office.registry.similar(visitor.reader()?, id) {
        Ok(similar) => similar,
        Err(error) => {
            if let Some(cause) = Trouble::from(error).for_the_log() {
                eprintln!("web: similar documents: {cause}");
            }
            return Ok(None);
        }
    };
    let view = |one: SimilarDocument| SimilarView {
        id: one.document.id.to_string(),
        name: one.document.file_name,
        page: one.page,
        same: one.sameness.map(wording::sameness),
        file: one.file.map(|file| (file.id.to_string(), file.reference.to_string(), file.title)),
    };
    Ok(Some(similar.into_iter().map(view).collect()))
}

/// One page. A question that cannot be read still shows the page.
pub fn show_page(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let view = named(office, visitor, asked)?;
    let document = &view.document;
    let number = page_number(document, asked)?;
    let query = asked.query("q").unwrap_or_default().trim();
    let (reader, registry) = (visitor.reader()?, &office.registry);
    let (text, boxes, failed) = match registry.marks(reader, document.id, number, query) {
        Ok((text, boxes)) => (text, boxes, None),
        Err(crate::registry::Error::Mistake(words)) => {
            (registry.marks(reader, document.id, number, "").or_not_found()?.0, Vec::new(), Some(words.why))
        }
        Err(other) => return Err(other.into()),
    };
    let found = match failed {
        None if !query.is_empty() => registry.pages_with(reader, document.id, query)?,
        _ => Vec::new(),
    };
    let pages = words::page_count(document);
    let marks = boxes.iter().map(|word| word.start as usize..word.end as usize);
    page(
        OK,
        &PagePage {
            frame: Frame::of(office, visitor, ""),
            id: document.id.to_string(),
            name: document.file_name.clone(),
            file: file_of(&view),
            number,
            pages,
            before: number.checked_sub(1).filter(|before| *before > 0),
            after: number.checked_add(1).filter(|after| pages.is_none_or(|pages| *after <= pages)),
            query,
            failed,
            found_before: found.iter().rev().find(|page| **page < number).copied(),
            found_after: found.iter().find(|page| **page > number).copied(),
            found,
            pictured: words::has_pictures(document),
            laid_out: laid_out(office, document),
            text: segments(&text, marks),
            boxes: boxes.iter().map(box_view).collect(),
        },
    )
}

/// A page of the document, from 1; a page behind the last does not exist.
fn page_number(document: &Document, asked: &Asked) -> Result<u32, Trouble> {
    let number: u32 = asked.param("seite")?;
    let known = words::page_count(document).is_none_or(|pages| number <= pages);
    if number > 0 && known { Ok(number) } else { Err(Trouble::NotFound) }
}

fn box_view(word: &WordBox) -> BoxView {
    let percent = |fraction: f32| format!("{:.3}%", fraction * 100.0);
    BoxView {
        left: percent(word.left),
        top: percent(word.top),
        width: percent(word.width),
        height: percent(word.height),
    }
}

/// Leave to have pages drawn: only so many are at once, for whatever they are drawn for.
pub(super) fn leave_to_draw(office: &Office) -> Result<Pass<'_>, Trouble> {
    office.drawing.enter(DRAWING_PATIENCE).ok_or(Trouble::Later {
        seconds: DRAWING_PATIENCE.as_secs(),
        why: "es werden zu viele Seiten gezeichnet",
    })
}

/// How wide a picture is to be.
pub(super) fn image_width(asked: &Asked) -> Result<u32, Trouble> {
    let width = match asked.query("breite") {
        None => Some(IMAGE_WIDTH),
        Some(text) => text.parse().ok().filter(|width| IMAGE_WIDTHS.contains(width)),
    };
    width.ok_or_else(|| {
        mistake(
            "Das Bild kann nicht gezeigt werden",
            format!("die Breite liegt zwischen {} und {} Punkten", IMAGE_WIDTHS.start(), IMAGE_WIDTHS.end()),
            "wählen Sie eine andere Breite",
        )
    })
}

/// The picture of a page, drawn in the worker.
pub fn image(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let document = named(office, visitor, asked)?.document;
    let number = page_number(&document, asked)?;
    let width = image_width(asked)?;
    let _pass = leave_to_draw(office)?;
    let png = office.registry.page_image(visitor.reader()?, document.id, number, width)?;
    Ok(([(header::CONTENT_TYPE, "image/png")], png).into_response())
}

/// The original, byte for byte as it came, to save and never to show.
pub fn original(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let document = named(office, visitor, asked)?.document;
    let (registry, actor) = (std::sync::Arc::clone(&office.registry), visitor.actor().clone());
    let id = document.id;
    let write = move |out: &mut dyn std::io::Write| {
        let reader = actor.as_reader().map_err(|refusal| refusal.to_string())?;
        registry.get(reader, id, out).map(|_| ()).map_err(|error| error.words().what)
    };
    let size = document.original.size_bytes;
    Ok(download_stream(&document.file_name, document.format.media.iana(), size, write))
}

/// Moves it into another file.
pub fn refile(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let clerk = visitor.clerk()?;
    let document = named(office, visitor, asked)?.document;
    let (reference, reason) = (asked.filled("akte", "Aktenzeichen")?, asked.filled("grund", "Grund")?);
    let moved = office.registry.refile(clerk, &[document.id], reference, reason)?;
    let done = if moved.unsorted > 0 { "umgelegt_ohne_register" } else { "umgelegt" };
    Ok(see_other(&format!("/dokument/{}?getan={done}", document.id)))
}

/// Takes it out of use.
pub fn withdraw(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let (document, reason) = to_mend(office, visitor, asked)?;
    office.registry.withdraw(visitor.clerk()?, document, reason, false)?;
    Ok(see_other(&format!("/dokument/{document}?getan=aus_dem_gebrauch")))
}

/// Puts it in use again.
pub fn reinstate(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let (document, reason) = to_mend(office, visitor, asked)?;
    office.registry.withdraw(visitor.clerk()?, document, reason, true)?;
    Ok(see_other(&format!("/dokument/{document}?getan=wieder")))
}

fn to_mend<'a>(
    office: &Office,
    visitor: &Visitor,
    asked: &'a Asked,
) -> Result<(DocumentId, &'a str), Trouble> {
    visitor.clerk()?;
    Ok((named(office, visitor, asked)?.document.id, asked.filled("grund", "Grund")?))
}

/// Puts it from the in-tray into a file.
pub fn put_into_file(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let clerk = visitor.clerk()?;
    let document = named(office, visitor, asked)?.document;
    let reference = asked.filled("akte", "Aktenzeichen")?;
    office.registry.file_document(clerk, document.id, reference)?;
    Ok(see_other(&format!("/dokument/{}?getan=abgelegt", document.id)))
}
