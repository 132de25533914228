//! Draws a sheet that is set, and says to screen readers what is what.

use std::num::NonZeroU16;

use krilla::Data;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, SpanTag, TableHeaderScope, Tag, TagGroup,
    TagKind, TagTree,
};
use krilla::{Document, SerializeSettings};

use super::lay::{Frame, Laid, Leaf, Line, MARGIN, PAGE, Part, WIDTH};
use super::typeface::Typefaces;
use super::{Attachment, PrintError, Sheet};

const LANGUAGE: &str = "de-DE";
const FOOT_SIZE: f32 = 8.0;
const FOOT_BASE: f32 = PAGE.1 - 40.0;

pub(super) fn pdf(sheet: &Sheet, laid: &Laid, typefaces: &Typefaces) -> Result<Vec<u8>, PrintError> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A3_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| PrintError(format!("{error:?}")))?;
    let settings = SerializeSettings { configuration, ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    document.set_metadata(metadata(sheet));
    for attachment in &sheet.attachments {
        let embedded = document.embed_file(embedded(attachment, date(sheet)));
        embedded.ok_or_else(|| PrintError(format!("two attachments are named {}", attachment.name)))?;
    }
    let mut marks: Vec<Vec<Identifier>> = vec![Vec::new(); laid.leaves];
    for (at, page) in laid.pages.iter().enumerate() {
        let settings = PageSettings::from_wh(PAGE.0, PAGE.1).ok_or_else(|| PrintError("page".to_owned()))?;
        let mut drawn = document.start_page_with(settings);
        let mut surface = drawn.surface();
        page.frames.iter().for_each(|frame| draw_frame(&mut surface, frame));
        for line in &page.lines {
            draw_line(&mut surface, line, typefaces, &mut marks);
        }
        let foot = format!("{} · Seite {} von {}", sheet.title, at + 1, laid.pages.len());
        draw_foot(&mut surface, &foot, typefaces);
        surface.finish();
        drawn.finish();
    }
    document.set_outline(outline(laid));
    let mut tree = TagTree::new().with_lang(Some(LANGUAGE.to_owned()));
    laid.parts.iter().for_each(|part| tree.push(tagged(part, laid, &marks)));
    document.set_tag_tree(tree);
    document.finish().map_err(|error| PrintError(format!("{error:?}")))
}

fn metadata(sheet: &Sheet) -> Metadata {
    Metadata::new()
        .title(sheet.title.clone())
        .description(sheet.about.clone())
        .language(LANGUAGE.to_owned())
        .creator(sheet.producer.clone())
        .producer(sheet.producer.clone())
        .creation_date(date(sheet))
}

fn date(sheet: &Sheet) -> DateTime {
    let (month, day) = (sheet.on.month().unsigned_abs(), sheet.on.day().unsigned_abs());
    DateTime::new(sheet.on.year().unsigned_abs()).month(month).day(day)
}

fn embedded(attachment: &Attachment, modified: DateTime) -> EmbeddedFile {
    EmbeddedFile {
        path: attachment.name.clone(),
        mime_type: MimeType::new(&attachment.media_type),
        description: Some(attachment.about.clone()),
        association_kind: AssociationKind::Data,
        data: Data::from(attachment.bytes.clone()),
        modification_date: Some(modified),
        compress: None,
        location: None,
    }
}

fn draw_line(surface: &mut Surface<'_>, line: &Line, typefaces: &Typefaces, marks: &mut [Vec<Identifier>]) {
    // An empty cell is a cell to a reader only if something stands in it.
    let text = if line.text.is_empty() { " " } else { line.text.as_str() };
    let tag = match line.leaf {
        Some(_) => ContentTag::Span(SpanTag::empty()),
        None => ContentTag::Artifact(Artifact::new(ArtifactType::Layout, None)),
    };
    let mark = surface.start_tagged(tag);
    let typeface = if line.is_bold { &typefaces.bold } else { &typefaces.regular };
    surface.set_fill(Some(Fill::default()));
    surface.set_stroke(None);
    let start = Point::from_xy(line.left, line.base);
    surface.draw_glyphs(start, &typeface.measures().glyphs(text), typeface.font(), text, line.size, false);
    surface.end_tagged();
    if let Some(marks) = line.leaf.and_then(|leaf| marks.get_mut(leaf)) {
        marks.push(mark);
    }
}

fn draw_frame(surface: &mut Surface<'_>, frame: &Frame) {
    let Some(rect) = Rect::from_xywh(frame.left, frame.top, frame.width, frame.height) else { return };
    let mut builder = PathBuilder::new();
    builder.push_rect(rect);
    let Some(path) = builder.finish() else { return };
    surface.start_tagged(ContentTag::Artifact(Artifact::new(ArtifactType::Layout, None)));
    surface.set_fill(None);
    let width = if frame.is_strong { 1.5 } else { 0.5 };
    surface.set_stroke(Some(Stroke { width, opacity: NormalizedF32::ONE, ..Stroke::default() }));
    surface.draw_path(&path);
    surface.end_tagged();
}

fn draw_foot(surface: &mut Surface<'_>, text: &str, typefaces: &Typefaces) {
    let typeface = &typefaces.regular;
    let text = typeface.measures().drawable(text);
    let left = MARGIN + (WIDTH - typeface.measures().width(&text) * FOOT_SIZE).max(0.0);
    surface.start_tagged(ContentTag::Artifact(Artifact::new(ArtifactType::PaginationOther, None)));
    surface.set_fill(Some(Fill::default()));
    surface.set_stroke(None);
    let start = Point::from_xy(left, FOOT_BASE);
    surface.draw_glyphs(start, &typeface.measures().glyphs(&text), typeface.font(), &text, FOOT_SIZE, false);
    surface.end_tagged();
}

fn outline(laid: &Laid) -> Outline {
    let mut outline = Outline::new();
    for (text, page, top) in &laid.headings {
        let there = XyzDestination::new(*page, Point::from_xy(MARGIN, *top));
        outline.push_child(OutlineNode::new(text.clone(), there));
    }
    outline
}

/// What a part is to a reader, with the marks of its lines.
fn tagged(part: &Part, laid: &Laid, marks: &[Vec<Identifier>]) -> TagGroup {
    let of = |tag: TagKind, leaf: &Leaf| {
        let mut group = TagGroup::new(tag);
        marks.get(*leaf).into_iter().flatten().for_each(|mark| group.push(*mark));
        group
    };
    let group = |tag: TagKind, children: Vec<TagGroup>| {
        let mut group = TagGroup::new(tag);
        children.into_iter().for_each(|child| group.push(child));
        group
    };
    match part {
        Part::Heading { level, leaf } => {
            let nth = laid.parts.iter().take_while(|other| !std::ptr::eq(*other, part));
            let nth = nth.filter(|other| matches!(other, Part::Heading { .. })).count();
            let title = laid.headings.get(nth).map(|(text, ..)| text.clone());
            of(Tag::Hn(NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN), title).into(), leaf)
        }
        Part::Paragraph(leaf) => of(Tag::P.into(), leaf),
        Part::Terms(pairs) | Part::List(pairs) => {
            let numbering =
                if matches!(part, Part::List(_)) { ListNumbering::Disc } else { ListNumbering::None };
            let item = |(label, body): &(Leaf, Leaf)| {
                group(Tag::LI.into(), vec![of(Tag::Lbl.into(), label), of(Tag::LBody.into(), body)])
            };
            group(Tag::L(numbering).into(), pairs.iter().map(item).collect())
        }
        Part::Table { head, rows } => {
            let named = |scope: TableHeaderScope| TagKind::from(Tag::TH(scope));
            let head = head.iter().map(|leaf| of(named(TableHeaderScope::Column), leaf)).collect();
            let row = |leaves: &Vec<Leaf>| {
                let cell = |(at, leaf): (usize, &Leaf)| {
                    let tag = if at == 0 { named(TableHeaderScope::Row) } else { Tag::TD.into() };
                    of(tag, leaf)
                };
                group(Tag::TR.into(), leaves.iter().enumerate().map(cell).collect())
            };
            let head = group(Tag::THead.into(), vec![group(Tag::TR.into(), head)]);
            let body = group(Tag::TBody.into(), rows.iter().map(row).collect());
            group(Tag::Table.into(), vec![head, body])
        }
    }
}
