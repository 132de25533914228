//! New documents out of the pages of others. Whatever is made is opened again, and each page must look and read as the one it
//! was made of: what reads wrong bytes rightly and what writes them are two programs, and neither believes the other.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Document, PageError, identify, pdf, tiff};
use crate::base::digest::Sha256;
use crate::domain::text::{Format, MediaType};
use crate::intake::limits::{ASSEMBLED_PAGES_MAX, LOOK_WIDTH, PAGES_PER_LOOK};
use crate::intake::reason::Reason;
use crate::intake::wire::{self, Message, Pages, Setup};

/// What is to be made.
pub(super) struct Order {
    pub(super) lengths: Vec<u64>,
    pub(super) parts: Vec<Vec<Pages>>,
    pub(super) although_signed: bool,
    pub(super) setup: Setup,
}

/// Pages of one document, from 1; all of them are there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Range {
    pub(super) source: usize,
    pub(super) first: u32,
    pub(super) last: u32,
}

impl Range {
    /// The pages, from 0.
    pub(super) fn indices(self) -> std::ops::Range<usize> {
        self.first as usize - 1..self.last as usize
    }
}

/// What makes new bytes of one format.
enum Maker<'b> {
    Pdf(pdf::assemble::Maker),
    Tiff(tiff::assemble::Maker<'b>),
}

/// How each page of a document looks and reads.
type Looks = Vec<Sha256>;

/// Makes what is asked for and hands it over.
pub(super) fn run(bytes: &[u8], order: &Order, out: &mut impl Write) -> io::Result<()> {
    let media = media_of(bytes, order);
    let refuse = |reason| {
        let media = *media.as_ref().unwrap_or(&MediaType::Unknown);
        Message::Refused { format: Format::of(media).into(), reason }
    };
    let done = match &media {
        Err(reason) => Err(*reason),
        Ok(media) => {
            let work = || assemble(bytes, *media, order, out);
            catch_unwind(AssertUnwindSafe(work)).unwrap_or(Ok(Err(Reason::Damaged)))?
        }
    };
    match done {
        Ok(()) => Ok(()),
        Err(reason) => wire::send(out, &refuse(reason)),
    }
}

/// The documents, apart again; none if the bytes are not as many as was said.
fn apart<'b>(mut bytes: &'b [u8], lengths: &[u64]) -> Option<Vec<&'b [u8]>> {
    let mut all = Vec::with_capacity(lengths.len());
    for length in lengths {
        let (one, rest) = bytes.split_at_checked(usize::try_from(*length).ok()?)?;
        all.push(one);
        bytes = rest;
    }
    bytes.is_empty().then_some(all)
}

/// What all of them are.
fn media_of(bytes: &[u8], order: &Order) -> Result<MediaType, Reason> {
    let all = apart(bytes, &order.lengths).ok_or(Reason::Damaged)?;
    let media: BTreeSet<_> = all.iter().map(|one| identify::format(one).media.to_string()).collect();
    let first = all.first().map(|one| identify::format(one).media).ok_or(Reason::Empty)?;
    if media.len() > 1 {
        return Err(Reason::MixedFormats);
    }
    if matches!(first, MediaType::Pdf | MediaType::Tiff) { Ok(first) } else { Err(Reason::NotDivisible) }
}

/// The outer error is a parent that listens no more, the inner one a document that is to blame.
fn assemble(
    bytes: &[u8],
    media: MediaType,
    order: &Order,
    out: &mut impl Write,
) -> io::Result<Result<(), Reason>> {
    let Some(sources) = apart(bytes, &order.lengths) else { return Ok(Err(Reason::Damaged)) };
    let mut left_out = BTreeSet::new();
    let maker = match media {
        MediaType::Pdf => {
            pdf::assemble::Maker::open(&sources, order.although_signed, &mut left_out).map(Maker::Pdf)
        }
        _ => tiff::assemble::Maker::open(&sources, &order.setup, &mut left_out).map(Maker::Tiff),
    };
    let maker = match maker {
        Ok(maker) => maker,
        Err(reason) => return Ok(Err(reason)),
    };
    let mut looks = Vec::with_capacity(sources.len());
    for source in &sources {
        match look(source, media, &order.setup, out)? {
            Ok(look) => looks.push(look),
            Err(reason) => return Ok(Err(reason)),
        }
    }
    if looks.iter().map(Vec::len).sum::<usize>() > ASSEMBLED_PAGES_MAX as usize {
        return Ok(Err(Reason::TooManyPages));
    }
    for asked in &order.parts {
        let made = ranges(asked, &looks).and_then(|ranges| {
            let made = match &maker {
                Maker::Pdf(maker) => maker.make(&ranges, &mut left_out)?,
                Maker::Tiff(maker) => maker.make(&ranges)?,
            };
            Ok((ranges, made))
        });
        let (ranges, made) = match made {
            Ok(made) => made,
            Err(reason) => return Ok(Err(reason)),
        };
        let before: Looks =
            ranges.iter().flat_map(|range| looks[range.source][range.indices()].to_vec()).collect();
        if look(&made, media, &order.setup, out)? != Ok(before) {
            return Ok(Err(Reason::NotAsBefore));
        }
        let pages = ranges.iter().map(|range| range.last + 1 - range.first).collect();
        wire::send(out, &Message::Part { bytes: made.len() as u64, pages })?;
        out.write_all(&made)?;
        out.flush()?;
    }
    let left_out = left_out.into_iter().collect();
    wire::send(out, &Message::Made { format: Format::of(media).into(), left_out }).map(Ok)
}

/// The pages asked for, if all of them are there.
fn ranges(asked: &[Pages], looks: &[Looks]) -> Result<Vec<Range>, Reason> {
    let range = |pages: &Pages| {
        let count = u32::try_from(looks.get(pages.source)?.len()).ok()?;
        let last = pages.last.unwrap_or(count);
        let there = (1..=last).contains(&pages.first) && last <= count;
        there.then_some(Range { source: pages.source, first: pages.first, last })
    };
    asked.iter().map(|pages| range(pages).ok_or(Reason::NoSuchPage)).collect()
}

/// Looks at every page; some at a time, so that what drawing remembers does not grow with the document.
fn look(
    bytes: &[u8],
    media: MediaType,
    setup: &Setup,
    out: &mut impl Write,
) -> io::Result<Result<Looks, Reason>> {
    let (mut looks, mut told) = (Looks::new(), Ok(()));
    loop {
        let mut more = false;
        let mut serve = |document: &mut dyn Document| {
            let count = document.page_count().min(ASSEMBLED_PAGES_MAX + 1);
            for _ in 0..PAGES_PER_LOOK {
                let number = u32::try_from(looks.len()).unwrap_or(u32::MAX).saturating_add(1);
                if number > count {
                    break;
                }
                looks.push(fingerprint(document, number));
                told = wire::send(out, &Message::Busy);
                if told.is_err() {
                    break;
                }
            }
            more = told.is_ok() && (looks.len() as u32) < count;
            Ok(())
        };
        let opened = match media {
            MediaType::Pdf => pdf::open(bytes.to_vec(), setup, &mut serve),
            _ => tiff::open(bytes.to_vec(), setup, &mut serve),
        };
        std::mem::replace(&mut told, Ok(()))?;
        match opened {
            Err(reason) => return Ok(Err(reason)),
            Ok(served) => served?,
        }
        if !more {
            return Ok(if looks.is_empty() { Err(Reason::NoPages) } else { Ok(looks) });
        }
    }
}

/// How a page looks, small, and what is written in it. What cannot be drawn must fail the same way before and after.
fn fingerprint(document: &mut dyn Document, number: u32) -> Sha256 {
    let drawn = catch_unwind(AssertUnwindSafe(|| document.image(number, LOOK_WIDTH)));
    let (kind, pixels) = match drawn {
        Ok(Ok(image)) => {
            (format!("{}x{} {:?}", image.width(), image.height(), image.color()), image.into_bytes())
        }
        Ok(Err(PageError::Short(reason))) => (format!("{reason:?}"), Vec::new()),
        Ok(Err(PageError::Fault(fault))) => (format!("{fault:?}"), Vec::new()),
        Err(_) => ("crashed".to_owned(), Vec::new()),
    };
    let written = catch_unwind(AssertUnwindSafe(|| document.written(number))).unwrap_or_default();
    Sha256::of(&[kind.as_bytes(), &[0], &pixels, &[0], written.as_bytes()])
}
