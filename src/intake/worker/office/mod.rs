//! Documents of office programs. Text comes out; nothing in them is run, followed or fetched, and what is left out
//! for that is noted. Each kind has its reader; what they share of the packages since 2007 is here.

pub(super) mod doc;
pub(super) mod odf;
pub(super) mod ppt;
pub(super) mod sheets;
pub(super) mod slides;
pub(super) mod word;

use std::ops::ControlFlow;

use super::ole::Ole;
use super::package::Package;
use super::text_pages::Draft;
use super::xml::Piece;
use crate::intake::limits::PICTURE_BYTES_NAMED;
use crate::intake::reason::Reason;

/// Relations of a package that bring in content: what an external one names is not fetched.
const CONTENT_RELATIONS: &[&str] = &[
    "image",
    "oleObject",
    "package",
    "frame",
    "subDocument",
    "externalLinkPath",
    "audio",
    "video",
    "aFChunk",
];

/// A relation of a part to another, as the package lists it.
struct Relation {
    id: String,
    /// Last word of its type: `slide`, `comments`.
    kind: String,
    /// The other part, from the package's root; for an external one what stands there.
    target: String,
    external: bool,
}

/// The relations of a part, none if it has none.
fn relations(package: &mut Package<'_>, part: &str) -> Vec<Relation> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let list =
        if folder.is_empty() { format!("_rels/{name}.rels") } else { format!("{folder}/_rels/{name}.rels") };
    let mut found = Vec::new();
    package.walk(&list, &mut |piece| {
        if let Piece::Open(tag) = piece
            && tag.name() == "Relationship"
        {
            let target = tag.attribute("Target").unwrap_or_default();
            let external = tag.has("TargetMode", "External");
            let kind = tag.attribute("Type").unwrap_or_default();
            found.push(Relation {
                id: tag.attribute("Id").unwrap_or_default(),
                kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                target: if external { target } else { resolved(folder, &target) },
                external,
            });
        }
        ControlFlow::Continue(())
    });
    found
}

/// `../notes/a.xml` seen from `ppt/slides` is `ppt/notes/a.xml`; nothing leads out of the package.
fn resolved(folder: &str, target: &str) -> String {
    let (mut path, target) = match target.strip_prefix('/') {
        Some(target) => (Vec::new(), target),
        None => (folder.split('/').filter(|step| !step.is_empty()).collect(), target),
    };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(path.pop()),
            step => path.push(step),
        }
    }
    path.join("/")
}

/// The part that is the document itself, or `usual` where the package does not say.
fn main_part(package: &mut Package<'_>, usual: &str) -> String {
    let relations = relations(package, "");
    let main = relations.into_iter().find(|relation| relation.kind == "officeDocument" && !relation.external);
    main.map(|relation| relation.target).filter(|part| package.has(part)).unwrap_or_else(|| usual.to_owned())
}

/// What of a package since 2007 is left out, told by its parts.
fn left_out(package: &mut Package<'_>) -> Vec<Reason> {
    let mut notes = Vec::new();
    for entry in package.entries() {
        let name = entry.name.to_lowercase();
        if name.ends_with("vbaproject.bin") || name.contains("/activex/") || name.contains("/macrosheets/") {
            notes.push(Reason::ActiveIgnored);
        } else if name.contains("/embeddings/") {
            notes.push(Reason::EmbeddedIgnored);
        } else if name.contains("/media/") && entry.size_bytes >= PICTURE_BYTES_NAMED {
            notes.push(Reason::PicturesIgnored);
        }
    }
    for list in package.names(|name| name.ends_with(".rels")) {
        if brings_in_from_outside(package, &list) {
            notes.push(Reason::ExternalIgnored);
            break;
        }
    }
    notes
}

fn brings_in_from_outside(package: &mut Package<'_>, list: &str) -> bool {
    let mut found = false;
    package.walk(list, &mut |piece| {
        if let Piece::Open(tag) = piece
            && tag.has("TargetMode", "External")
        {
            let kind = tag.attribute("Type").unwrap_or_default();
            let kind = kind.rsplit('/').next().unwrap_or_default();
            let target = tag.attribute("Target").unwrap_or_default().to_lowercase();
            // Every letter names the template it was written from; one on another machine is another matter.
            let far = ["http:", "https:", "\\\\", "ftp:"].iter().any(|start| target.starts_with(start));
            found |= CONTENT_RELATIONS.contains(&kind) || (kind == "attachedTemplate" && far);
        }
        if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    found
}

/// The text of a drawing or a slide: paragraphs are lines, cells of a row stand on one line.
fn drawn_text(package: &mut Package<'_>, part: &str, draft: &mut Draft) -> bool {
    let (mut in_text, mut cells, mut skipped) = (false, 0_usize, 0_usize);
    package.walk(part, &mut |piece| {
        match piece {
            Piece::Open(_) if skipped > 0 => skipped += 1,
            Piece::Close(_) if skipped > 0 => skipped -= 1,
            Piece::Text(_) if skipped > 0 => {}
            Piece::Open(tag) => match tag.name() {
                "Fallback" => skipped = 1,
                "t" => in_text = true,
                "br" => draft.push("\n"),
                "tab" => draft.push("\t"),
                "tc" => cells += 1,
                _ => {}
            },
            Piece::Close(name) => match name {
                "t" => in_text = false,
                "p" if cells > 0 => draft.space(),
                "p" => draft.end_line(),
                "tc" => {
                    cells = cells.saturating_sub(1);
                    draft.close("\t");
                }
                "tr" => draft.end_line(),
                _ => {}
            },
            Piece::Text(text) if in_text => draft.push(text),
            Piece::Text(_) => {}
        }
        ControlFlow::Continue(())
    })
}

/// What of a compound file is left out, told by its storages.
fn left_out_of(ole: &Ole<'_>) -> Vec<Reason> {
    let mut notes = Vec::new();
    if ole.any(|name| matches!(name, "VBA" | "_VBA_PROJECT_CUR" | "Macros")) {
        notes.push(Reason::ActiveIgnored);
    }
    if ole.any(|name| name == "ObjectPool" || name.starts_with("MBD")) {
        notes.push(Reason::EmbeddedIgnored);
    }
    notes
}

/// A number in little-endian order, if the bytes reach that far.
fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

/// As [`u16_at`], with four bytes.
fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_relation_leads_out_of_the_package() {
        assert_eq!(resolved("ppt/slides", "../notesSlides/n1.xml"), "ppt/notesSlides/n1.xml");
        assert_eq!(resolved("ppt/slides", "/ppt/media/a.png"), "ppt/media/a.png");
        assert_eq!(resolved("word", "../../../etc/passwd"), "etc/passwd");
        assert_eq!(resolved("", "word/document.xml"), "word/document.xml");
    }
}
