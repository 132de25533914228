//! Walking through the entries of all segments in order, checking that nothing is missing in between.

use crate::ledger::entry::EntryNo;
use crate::ledger::error::LedgerError;

use super::segment::{Frame, Frames, Next, SEGMENT_HEADER_BYTES, Segment};

/// One step of a walk.
pub(super) enum Step {
    /// The entry that was expected, by its frame and the segment it stands in.
    Entry(Frame),
    /// The last segment ends exactly here.
    End,
    /// The expected entry is not here, for this reason. The walk cannot go on.
    Broken(&'static str),
}

/// A walk from one entry to the end.
pub(super) struct Walk<'a> {
    segments: &'a [Segment],
    segment: usize,
    frames: Frames<'a>,
    /// The entry that comes next.
    number: u64,
}

impl<'a> Walk<'a> {
    /// From the very first entry on.
    pub(super) fn begin(segments: &'a [Segment]) -> Result<Self, LedgerError> {
        let first = segments.first().filter(|segment| segment.first == 0);
        match first.map(Segment::has_its_header).transpose()? {
            Some(true) => Self::at(segments, 0, SEGMENT_HEADER_BYTES as u64, 0),
            Some(false) => Err(LedgerError::Damaged { entry: EntryNo(0), what: "its segment has no header" }),
            None => Err(LedgerError::Damaged { entry: EntryNo(0), what: "its segment is missing" }),
        }
    }

    /// From entry `number` on, which begins at byte `offset` of segment number `segment`.
    pub(super) fn at(
        segments: &'a [Segment],
        segment: usize,
        offset: u64,
        number: u64,
    ) -> Result<Self, LedgerError> {
        let found = segments.get(segment);
        let damaged =
            || LedgerError::Damaged { entry: EntryNo(number), what: "its place is beyond the file" };
        let found = found.ok_or_else(damaged)?;
        if offset > found.file.len()? {
            return Err(damaged());
        }
        Ok(Self { segments, segment, frames: found.frames(offset), number })
    }

    /// The entry that comes next.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Segment and byte where the next entry begins, if it is in the same segment as the last one.
    pub(super) fn position(&self) -> (usize, u64) {
        (self.segment, self.frames.position())
    }

    pub(super) fn step(&mut self) -> Result<Step, LedgerError> {
        loop {
            match self.frames.next()? {
                Next::Frame(frame) if frame.number() == Some(self.number) => {
                    self.number += 1;
                    return Ok(Step::Entry(frame));
                }
                Next::Frame(_) => return Ok(Step::Broken("another entry stands in its place")),
                Next::Broken => return Ok(Step::Broken("its frame is broken")),
                Next::End => {}
            }
            let Some(next) = self.segments.get(self.segment + 1) else { return Ok(Step::End) };
            if next.first != self.number {
                return Ok(Step::Broken("it is missing between two segments"));
            }
            if !next.has_its_header()? {
                return Ok(Step::Broken("its segment has no header"));
            }
            self.segment += 1;
            self.frames = next.frames(SEGMENT_HEADER_BYTES as u64);
        }
    }

    /// The next entry, which must be there because `acknowledged` entries are.
    pub(super) fn acknowledged(&mut self, acknowledged: u64) -> Result<Frame, LedgerError> {
        match self.step()? {
            Step::Entry(frame) => Ok(frame),
            Step::End => Err(LedgerError::Truncated { acknowledged, present: self.number }),
            Step::Broken(what) => Err(LedgerError::Damaged { entry: EntryNo(self.number), what }),
        }
    }
}
