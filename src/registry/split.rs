//! Split (Teilen): a stack that was scanned as one document becomes the documents it is. The scan as it came is evidence: it is
//! kept, out of use, and says what it became.

use super::Registry;
use super::assemble::{Reassembled, in_words, with_reason};
use super::error::{Answer, Error};
use super::ingest::{NewPart, Origin, PlacedPart};
use super::keep::require_text;
use crate::domain::actor::{Actor, Clerk};
use crate::domain::case_file::CaseFile;
use crate::domain::document::{Document, PagesOf};
use crate::domain::event::{DocumentEvent, Event, FileEvent};
use crate::domain::ids::DocumentId;
use crate::domain::life_cycle::{Command, decide};
use crate::format::wording::page_range;
use crate::intake::{Pages, Part};

/// Most parts one document is split into at once.
pub const PARTS_MAX: usize = 100;

/// How a document is to be split.
#[derive(Debug, Clone, Default)]
pub struct SplitOrder {
    /// The pages with which a new part begins, ascending; the first part begins with page 1.
    pub at: Vec<u32>,
    /// The files the parts go into, one for each; none if all stay where the document is.
    pub into: Vec<String>,
    /// Why; may be empty.
    pub reason: String,
    /// A signed one too: its parts are not signed.
    pub although_signed: bool,
}

impl Registry {
    /// Splits a document. Its parts are read anew; itself it is kept, out of use.
    ///
    /// # Errors
    /// A mistake for pages that are not there, for a document that is unknown, not in use, unread or cannot be split; a
    /// refusal for a signed one, or by the phase of a file, or while a file is on a running list.
    pub fn split(&self, clerk: Clerk<'_>, id: DocumentId, order: &SplitOrder) -> Answer<Reassembled> {
        if !order.reason.trim().is_empty() {
            require_text("Der Grund", &order.reason)?;
        }
        let actor = clerk.actor();
        let (before, pages) = self.document_to_reassemble(actor, id)?;
        let ranges = ranges(&before, &order.at, pages)?;
        self.targets(actor, &before, &order.into, ranges.len())?;
        let what = not_split(&before);
        let parts: Vec<_> = ranges.iter().map(|range| vec![*range]).collect();
        let made = self.assembled(std::slice::from_ref(&before), &parts, order.although_signed, &what)?;
        let spans = spans(&before, &ranges, &made.parts)?;
        let new = made.parts.into_iter().zip(&spans).map(|(part, span)| NewPart {
            file_name: part_name(&before.file_name, (span.first, span.last)),
            bytes: part.bytes,
            origin: Origin::MadeOf(vec![*span]),
        });
        let sealed = self.seal_parts(actor, before.domain, new.collect())?;
        let writing = self.writing_about(sealed.iter().map(|part| part.new_bytes()).sum())?;
        self.require_unchanged(actor, &before)?;
        let targets = self.targets(actor, &before, &order.into, spans.len())?;
        let left_out = in_words(&made.left_out);
        let ranges: Vec<_> = spans.iter().map(|span| page_range(span.first, span.last)).collect();
        let became = format!("geteilt in {} Dokumente ({})", spans.len(), ranges.join("; "));
        let reason = with_reason(became, &order.reason, &left_out);
        let mut original = before.clone();
        let placed = sealed.into_iter().zip(&targets).map(|(part, file)| {
            // Elsewhere there are other cases and registers.
            let stays = before.file == Some(file.id);
            let case = before.case.filter(|_| stays);
            let register = before.register.clone().filter(|_| stays);
            PlacedPart { part, file: Some(file.id), case, register }
        });
        let parts = self.take_in_parts(&writing, actor, before.domain, placed.collect(), |ids| {
            let mut events = filed_with(&before, targets.first());
            let replaced = DocumentEvent::Replaced { by: ids.to_vec(), on: self.today(), reason };
            events.push(Event::Document(id, replaced));
            for event in &events {
                if let Event::Document(_, event) = event {
                    original.apply(event);
                }
            }
            events
        })?;
        Ok(Reassembled { originals: vec![original], parts, left_out })
    }

    /// The file each part goes into.
    fn targets(
        &self,
        actor: &Actor,
        document: &Document,
        into: &[String],
        parts: usize,
    ) -> Answer<Vec<CaseFile>> {
        let refuse = |why: String, way_out: &str| Err(Error::mistake(not_split(document), why, way_out));
        let own = document.file.map(|file| self.cover(file)).transpose()?.flatten();
        if let Some(own) = &own {
            self.require_not_listed(own)?;
            decide(own, Command::TakeOver(document.id))?;
        }
        if into.is_empty() {
            return match own {
                Some(own) => Ok(vec![own; parts]),
                None => refuse(
                    "es liegt im Posteingang, und dort hätte der ursprüngliche Scan nie eine Frist"
                        .to_owned(),
                    "nennen Sie für jeden Teil eine Akte (`--into`), oder legen Sie es zuerst in eine Akte",
                ),
            };
        }
        if into.len() != parts {
            let why = format!("es entstehen {parts} Teile, genannt sind {} Aktenzeichen", into.len());
            return refuse(why, "nennen Sie für jeden Teil eines, in der Reihenfolge der Seiten");
        }
        let mut targets = Vec::with_capacity(parts);
        for reference in into {
            let file = self.cover_named(actor, reference)?;
            if file.domain != document.domain {
                let why = format!("die Akte {} hat einen anderen Schutzbereich", file.reference);
                return refuse(why, "ein Teil bleibt in dem Schutzbereich, aus dem er kommt");
            }
            self.require_not_listed(&file)?;
            let command = if own.is_some() { Command::TakeOver } else { Command::File };
            decide(&file, command(document.id))?;
            targets.push(file);
        }
        Ok(targets)
    }
}

fn not_split(document: &Document) -> String {
    format!("„{}“ wird nicht geteilt", document.file_name)
}

/// The pages of each part, in their order.
fn ranges(document: &Document, at: &[u32], pages: u32) -> Answer<Vec<Pages>> {
    let refuse = |why: String, way_out: &str| Err(Error::mistake(not_split(document), why, way_out));
    if at.is_empty() || at.len() >= PARTS_MAX {
        let why = format!("es entstünden {} Teile; möglich sind 2 bis {PARTS_MAX}", at.len() + 1);
        return refuse(why, "nennen Sie die Seiten, mit denen ein neues Dokument beginnt");
    }
    if let Some(page) = at.iter().find(|page| !(2..=pages).contains(*page)) {
        let why = match pages {
            0 | 1 => "es hat nicht mehr als eine Seite".to_owned(),
            pages => {
                format!("mit Seite {page} kann kein neues Dokument beginnen, es hat die Seiten 1 bis {pages}")
            }
        };
        return refuse(why, "nennen Sie Seiten ab der zweiten");
    }
    if !at.is_sorted_by(|one, next| one < next) {
        return refuse(
            "die Seiten steigen nicht auf".to_owned(),
            "nennen Sie jede einmal, die kleinste zuerst",
        );
    }
    let firsts = std::iter::once(1).chain(at.iter().copied());
    let lasts = at.iter().map(|next| Some(next - 1)).chain(std::iter::once(None));
    Ok(firsts.zip(lasts).map(|(first, last)| Pages { source: 0, first, last }).collect())
}

/// The pages each part was made of; a worker that made something else is not believed.
fn spans(document: &Document, ranges: &[Pages], made: &[Part]) -> Answer<Vec<PagesOf>> {
    let version = u32::try_from(document.version()).unwrap_or(u32::MAX);
    let span = |(range, part): (&Pages, &Part)| {
        let count = part.pages.first().copied()?;
        let last = range.first.checked_add(count)?.checked_sub(1)?;
        let fits = last >= range.first && range.last.is_none_or(|asked| asked == last);
        fits.then_some(PagesOf { document: document.id, version, first: range.first, last })
    };
    let spans: Option<Vec<_>> = ranges.iter().zip(made).map(span).collect();
    spans.filter(|spans| spans.len() == ranges.len()).ok_or_else(|| {
        let cause = "die Teile haben nicht die Seiten, die sie haben sollten";
        Error::fault(not_split(document), "versuchen Sie es erneut", cause)
    })
}

/// A scan out of the in-tray is kept in the file of its first part.
pub(super) fn filed_with(document: &Document, first: Option<&CaseFile>) -> Vec<Event> {
    let Some(file) = first.filter(|_| document.file.is_none()) else { return Vec::new() };
    vec![
        Event::Document(document.id, DocumentEvent::Filed { file: file.id }),
        Event::File(file.id, FileEvent::DocumentFiled { document: document.id }),
    ]
}

/// `stapel.pdf` becomes `stapel (Seiten 4–8).pdf`.
pub(super) fn part_name(name: &str, (first, last): (u32, u32)) -> String {
    let pages = page_range(first, last);
    match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => format!("{stem} ({pages}).{ending}"),
        _ => format!("{name} ({pages})"),
    }
}
