//! `PowerPoint` since 2007: a slide is a page, with its tables, its notes and its comments. Hidden slides are read
//! and marked.

use std::io;
use std::ops::ControlFlow;

use super::{drawn_text, left_out, main_part, relations};
use crate::intake::reason::Reason;
use crate::intake::worker::package::Package;
use crate::intake::worker::text_pages::{Draft, Serve, TextPages};
use crate::intake::worker::xml::Piece;

/// Opens `bytes` and hands the slides to `serve`.
pub(in crate::intake::worker) fn open(bytes: &[u8], serve: Serve<'_>) -> Result<io::Result<()>, Reason> {
    let mut package = Package::open(bytes)?;
    let main = main_part(&mut package, "ppt/presentation.xml");
    let mut order = Vec::new();
    let found = package.walk(&main, &mut |piece| {
        if let Piece::Open(tag) = piece
            && tag.name() == "sldId"
        {
            // Two attributes are called `id`; the relation's comes with a prefix and is no number.
            order.extend(tag.attributes_named("id").into_iter().find(|id| id.parse::<u64>().is_err()));
        }
        ControlFlow::Continue(())
    });
    if !found {
        return Err(Reason::Damaged);
    }
    let slides = relations(&mut package, &main);
    let mut pages = TextPages::default();
    for id in order {
        let slide = slides.iter().find(|relation| relation.id == id && !relation.external);
        match slide {
            Some(slide) => read_slide(&mut package, &slide.target, &mut pages),
            None => {
                pages.note(Reason::PartDamaged);
                pages.page("");
            }
        }
    }
    pages.note_all(left_out(&mut package));
    pages.note_all(package.notes().iter().copied());
    Ok(pages.serve(serve))
}

fn read_slide(package: &mut Package<'_>, part: &str, pages: &mut TextPages) {
    let mut draft = Draft::default();
    if is_hidden(package, part) {
        draft.push("[Verborgene Folie]\n");
    }
    if !drawn_text(package, part, &mut draft) {
        pages.note(Reason::PartDamaged);
    }
    draft.end_line();
    for relation in relations(package, part) {
        match relation.kind.as_str() {
            "notesSlide" if !relation.external => {
                let mut notes = Draft::default();
                drawn_text(package, &relation.target, &mut notes);
                let notes = notes.take();
                // A sheet of notes repeats the number of its slide, if nothing else.
                if !notes.trim().is_empty() && notes.trim().parse::<u32>().is_err() {
                    draft.push(&format!("[Notizen] {}", notes.trim()));
                    draft.end_line();
                }
            }
            "comments" if !relation.external => comments(package, &relation.target, &mut draft),
            // Diagrams keep their words in a part of their own, as charts do.
            "diagramData" | "chart" if !relation.external => {
                drawn_text(package, &relation.target, &mut draft);
                draft.end_line();
            }
            _ => {}
        }
    }
    if draft.is_cut() {
        pages.note(Reason::DocumentTooLong);
    }
    pages.page(draft.as_str());
}

fn is_hidden(package: &mut Package<'_>, part: &str) -> bool {
    let mut hidden = false;
    package.walk(part, &mut |piece| match piece {
        Piece::Open(tag) => {
            hidden = tag.name() == "sld" && matches!(tag.attribute("show").as_deref(), Some("0" | "false"));
            ControlFlow::Break(())
        }
        _ => ControlFlow::Continue(()),
    });
    hidden
}

fn comments(package: &mut Package<'_>, part: &str, draft: &mut Draft) {
    let mut in_text = false;
    package.walk(part, &mut |piece| {
        match piece {
            Piece::Open(tag) if matches!(tag.name(), "text" | "t") => {
                draft.push("[Kommentar: ");
                in_text = true;
            }
            Piece::Close("text" | "t") => {
                draft.push("]\n");
                in_text = false;
            }
            Piece::Text(text) if in_text => draft.push(text),
            _ => {}
        }
        ControlFlow::Continue(())
    });
}
