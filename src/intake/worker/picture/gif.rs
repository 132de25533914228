//! GIF: the first picture of it, painted on white paper. The others are counted only as far as saying that there are some.

use std::io::Cursor;
use std::num::NonZeroU64;

use gif::{DecodeOptions, Decoder, DecodingError, Frame, MemoryLimit};
use image::{DynamicImage, RgbImage};

use super::{Decoded, Header, check_pixels};
use crate::intake::reason::Reason;
use crate::intake::wire::Setup;

/// Colour of the paper.
const WHITE: u8 = 0xFF;

type Frames<'b> = Decoder<Cursor<&'b [u8]>>;

pub(super) fn header(bytes: &[u8], setup: &Setup) -> Result<Header, Reason> {
    let mut frames = frames(bytes, setup, true)?;
    let first = next(&mut frames)?;
    check_pixels(first.width.into(), first.height.into(), setup)?;
    let (width, height) = screen(&frames, &first);
    // What is broken behind the first picture is said of that one, when it is decoded.
    let are_several = matches!(frames.next_frame_info(), Ok(Some(_)));
    let complaints = are_several.then_some(Reason::OnlyFirstPicture).into_iter().collect();
    Ok(Header { width: width.into(), height: height.into(), dpi: None, complaints })
}

pub(super) fn decode(bytes: &[u8], setup: &Setup) -> Result<Decoded, Reason> {
    let mut frames = frames(bytes, setup, false)?;
    let frame = next(&mut frames)?;
    check_pixels(frame.width.into(), frame.height.into(), setup)?;
    let mut indices =
        vec![frame.transparent.unwrap_or(0); usize::from(frame.width) * usize::from(frame.height)];
    let is_whole = frames.read_into_buffer(&mut indices).is_ok();
    let palette = frames.palette().map_err(reason)?.to_vec();
    let (width, height) = screen(&frames, &frame);
    let mut paper = RgbImage::from_pixel(width.into(), height.into(), image::Rgb([WHITE; 3]));
    for (row, indices) in indices.chunks_exact(usize::from(frame.width).max(1)).enumerate() {
        let y = usize::from(frame.top) + row;
        for (column, index) in indices.iter().enumerate() {
            let x = usize::from(frame.left) + column;
            let is_on_paper = x < usize::from(width) && y < usize::from(height);
            if is_on_paper && frame.transparent != Some(*index) {
                let from = usize::from(*index) * 3;
                let colour = palette.get(from..from + 3).and_then(|rgb| rgb.try_into().ok());
                paper.put_pixel(x as u32, y as u32, image::Rgb(colour.unwrap_or([WHITE; 3])));
            }
        }
    }
    let is_cut_off = !is_whole || frames.next_frame_info().is_err();
    Ok(Decoded { image: DynamicImage::ImageRgb8(paper), is_cut_off })
}

/// The next picture; its pixels are still to be decoded.
fn next(frames: &mut Frames<'_>) -> Result<Frame<'static>, Reason> {
    frames.next_frame_info().map_err(reason)?.cloned().ok_or(Reason::PageDamaged)
}

/// The screen that pictures are shown on; without one the first is its own.
fn screen(frames: &Frames<'_>, first: &Frame<'_>) -> (u16, u16) {
    match (frames.width(), frames.height()) {
        (0, _) | (_, 0) => (first.width, first.height),
        screen => screen,
    }
}

fn frames<'b>(bytes: &'b [u8], setup: &Setup, only_count: bool) -> Result<Frames<'b>, Reason> {
    let mut options = DecodeOptions::new();
    // An index of one byte per pixel.
    options.set_memory_limit(MemoryLimit::Bytes(
        NonZeroU64::new(setup.whole_pixels_max).unwrap_or(NonZeroU64::MIN),
    ));
    options.skip_frame_decoding(only_count);
    options.read_info(Cursor::new(bytes)).map_err(reason)
}

fn reason(error: DecodingError) -> Reason {
    match error {
        DecodingError::MemoryLimit | DecodingError::OutOfMemory => Reason::PageTooLarge,
        _ => Reason::PageDamaged,
    }
}
