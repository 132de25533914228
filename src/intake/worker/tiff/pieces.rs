//! The rows of a TIFF page that is a plan: strip after strip, or a row of tiles after another, as they are stored. A strip too
//! large to be decoded at once is taken row by row. A piece that is damaged stays white, and that is said.

use std::io::{Cursor, Read, Write, copy};

use flate2::read::ZlibDecoder;
use image::DynamicImage;
use tiff::decoder::{ChunkType, Decoder, Limits as TiffLimits};
use tiff::tags::Tag;
use weezl::BitOrder;

use super::samples::{Kind, looked_up};
use super::{JPEG, PageDecoder, RGB, Scan, WHITE_IS_ZERO, fax, reason, tag};
use crate::intake::limits::PIECE_BYTES_MAX;
use crate::intake::reason::Reason;
use crate::intake::worker::plan::packed::{Meaning, Packed, Predictor, Shape};
use crate::intake::worker::plan::{Smaller, jpeg, put_rows};

/// Compressions.
const PLAIN: u32 = 1;
const LZW: u32 = 5;
const DEFLATE: [u32; 2] = [8, 32_946];
/// Tables that all JPEGs of a page share.
const JPEG_TABLES: Tag = Tag::Unknown(347);
/// The predictor that takes each sample from its left neighbour.
const FROM_LEFT: u32 = 2;

/// Hands over the rows of page `number`.
pub(super) fn rows(scan: &mut Scan<'_>, number: u32, to: &mut Smaller) -> Result<(), Reason> {
    let at = scan.point_at(number)?;
    let mut limits = TiffLimits::default();
    limits.decoding_buffer_size = usize::try_from(PIECE_BYTES_MAX).unwrap_or(usize::MAX);
    let decoder = Decoder::new(Cursor::new(scan.bytes.as_slice())).map_err(reason)?;
    let mut decoder = decoder.with_limits(limits);
    let compression = tag(&mut decoder, Tag::Compression).unwrap_or(PLAIN);
    let is_tiled = decoder.get_chunk_type() == ChunkType::Tile;
    if let Some(kind) = fax::Compression::from_tag(compression).filter(|_| !is_tiled) {
        return fax::rows(&mut decoder, &scan.bytes, kind, to);
    }
    let mut page = Page {
        kind: Kind::of(&mut decoder, scan.palettes.contains(&at))?,
        size: decoder.dimensions().map_err(reason)?,
        piece: decoder.chunk_dimensions(),
        compression,
        is_little: scan.little,
        piece_bytes_max: PIECE_BYTES_MAX.min(scan.setup.whole_pixels_max),
        pieces_came: 0,
        are_whole: true,
    };
    if is_tiled {
        page.tiles(&mut decoder, to)?;
    } else {
        page.strips(&mut decoder, &scan.bytes, to)?;
    }
    match (page.are_whole, page.pieces_came) {
        (_, 0) => Err(Reason::PageDamaged),
        (false, _) => Err(Reason::ImageCutOff),
        (true, _) => Ok(()),
    }
}

/// A page that is stored in pieces.
struct Page {
    kind: Kind,
    size: (u32, u32),
    piece: (u32, u32),
    compression: u32,
    is_little: bool,
    /// A strip of more bytes is taken row by row.
    piece_bytes_max: u64,
    pieces_came: u32,
    are_whole: bool,
}

impl Page {
    /// What a piece of this size needs when it is decoded.
    fn bytes(&self, width: u32, height: u32) -> u64 {
        let samples = if self.kind.planar { 1 } else { u64::from(self.kind.color.num_samples()) };
        let bytes = samples * u64::from(self.kind.color.bit_depth()).div_ceil(8);
        u64::from(width) * u64::from(height) * bytes
    }

    /// A piece, upright; none if it is damaged.
    fn piece(&mut self, decoder: &mut PageDecoder<'_>, at: u32) -> Result<Option<DynamicImage>, Reason> {
        let size = decoder.chunk_data_dimensions(at);
        let decoded = decoder.read_chunk(at).map_err(reason);
        match decoded.and_then(|samples| self.kind.picture(samples, size)) {
            Ok(image) => {
                self.pieces_came += 1;
                Ok(Some(image))
            }
            // One that nobody here understands is no damage, and neither are the others any better.
            Err(Reason::ImageUnsupported) => Err(Reason::ImageUnsupported),
            Err(Reason::PageTooLarge) => Err(Reason::PageTooLarge),
            Err(_) => {
                self.are_whole = false;
                Ok(None)
            }
        }
    }

    fn strips(
        &mut self,
        decoder: &mut PageDecoder<'_>,
        bytes: &[u8],
        to: &mut Smaller,
    ) -> Result<(), Reason> {
        let (width, height) = self.size;
        let rows = self.piece.1.clamp(1, height);
        for at in 0..height.div_ceil(rows) {
            let rows = rows.min(height - at * rows);
            if self.bytes(width, rows) > self.piece_bytes_max {
                self.large_strip(decoder, bytes, at, rows, to)?;
                continue;
            }
            match self.piece(decoder, at)? {
                Some(image) => put_rows(&image, to),
                None => self.put_white(rows, to),
            }
        }
        Ok(())
    }

    fn tiles(&mut self, decoder: &mut PageDecoder<'_>, to: &mut Smaller) -> Result<(), Reason> {
        let ((width, height), (tile_width, tile_height)) = (self.size, self.piece);
        if tile_width == 0 || tile_height == 0 {
            return Err(Reason::PageDamaged);
        }
        let (across, down) = (width.div_ceil(tile_width), height.div_ceil(tile_height));
        if self.bytes(across * tile_width, tile_height) > 2 * PIECE_BYTES_MAX {
            return Err(Reason::PageTooLarge);
        }
        for row in 0..down {
            let tiles = (0..across).map(|column| self.piece(decoder, row * across + column));
            let tiles: Vec<_> = tiles.collect::<Result<_, _>>()?;
            let rows = tile_height.min(height - row * tile_height);
            let in_colour = tiles.iter().flatten().any(|tile| tile.color().has_color());
            let channels = if in_colour { 3 } else { 1 };
            let mut line = vec![u8::MAX; width as usize * channels];
            for y in 0..rows as usize {
                for (tile, place) in tiles.iter().zip(line.chunks_mut(tile_width as usize * channels)) {
                    put_tile_row(tile.as_ref(), y, place);
                }
                if in_colour { to.colours(&line) } else { to.grey(&line) }
            }
        }
        Ok(())
    }

    fn put_white(&self, rows: u32, to: &mut Smaller) {
        if self.kind.palette.is_some() || matches!(self.kind.color.num_samples(), 3..) && !self.kind.planar {
            let line = vec![u8::MAX; self.size.0 as usize * 3];
            (0..rows).for_each(|_| to.colours(&line));
        } else {
            (0..rows).for_each(|_| to.ink(std::iter::empty()));
        }
    }

    /// A strip that is taken row by row.
    fn large_strip(
        &mut self,
        decoder: &mut PageDecoder<'_>,
        bytes: &[u8],
        at: u32,
        rows: u32,
        to: &mut Smaller,
    ) -> Result<(), Reason> {
        let mut number = |of: Tag| {
            let all = decoder.get_tag_u64_vec(of).map_err(reason)?;
            all.get(at as usize).copied().ok_or(Reason::PageDamaged)
        };
        let (from, length) = (number(Tag::StripOffsets)?, number(Tag::StripByteCounts)?);
        let from = usize::try_from(from).map_err(|_| Reason::PageDamaged)?;
        let end = from.saturating_add(usize::try_from(length).unwrap_or(usize::MAX)).min(bytes.len());
        let strip = bytes.get(from..end).ok_or(Reason::PageDamaged)?;
        self.pieces_came += 1;
        if self.compression == JPEG {
            let tables = decoder.get_tag_u8_vec(JPEG_TABLES).ok();
            let is_rgb = tag(decoder, Tag::PhotometricInterpretation) == Some(RGB);
            return jpeg::decode(strip, tables.as_deref(), is_rgb, to);
        }
        let shape = self.shape(decoder);
        if !shape.is_known() {
            return Err(Reason::PageTooLarge);
        }
        let mut packed = Packed::new(shape, rows as usize, to);
        match self.compression {
            PLAIN => drop(packed.write_all(strip)),
            LZW => {
                let mut unpacking =
                    weezl::decode::Configuration::with_tiff_size_switch(BitOrder::Msb, 8).build();
                drop(unpacking.into_stream(&mut packed).decode_all(strip).status);
            }
            compression if DEFLATE.contains(&compression) => {
                // It ends with the last row that is wanted, or where it is damaged.
                drop(copy(&mut ZlibDecoder::new(strip).take(u64::MAX), &mut packed));
            }
            _ => return Err(Reason::PageTooLarge),
        }
        if !packed.is_whole() {
            self.are_whole = false;
        }
        Ok(())
    }

    fn shape(&self, decoder: &mut PageDecoder<'_>) -> Shape {
        let zero_is_white = tag(decoder, Tag::PhotometricInterpretation) == Some(WHITE_IS_ZERO);
        let samples = if self.kind.planar { 1 } else { usize::from(self.kind.color.num_samples()) };
        let colours = |map: &Vec<u16>| {
            let numbers = 0..u8::try_from(map.len() / 3).unwrap_or(u8::MAX);
            Meaning::Palette(numbers.map(|number| looked_up(map, number)).collect())
        };
        let meaning = match (self.kind.color, &self.kind.palette) {
            (_, Some(map)) => colours(map),
            (tiff::ColorType::RGB(_) | tiff::ColorType::RGBA(_), _) if samples >= 3 => Meaning::Rgb,
            (tiff::ColorType::CMYK(_) | tiff::ColorType::CMYKA(_), _) if samples >= 4 => Meaning::Cmyk,
            _ => Meaning::Shade { zero_is_white },
        };
        let predictor = match tag(decoder, Tag::Predictor) {
            Some(FROM_LEFT) => Predictor::Left,
            _ => Predictor::None,
        };
        let (width, bits) = (self.size.0 as usize, usize::from(self.kind.color.bit_depth()));
        Shape { width, bits, samples, meaning, predictor, is_little: self.is_little }
    }
}

/// A row of a tile at its place on the line; white where there is none.
fn put_tile_row(tile: Option<&DynamicImage>, y: usize, place: &mut [u8]) {
    let (raw, width, channels) = match tile {
        Some(DynamicImage::ImageRgb8(tile)) => (tile.as_raw(), tile.width() as usize, 3),
        Some(DynamicImage::ImageLuma8(tile)) => (tile.as_raw(), tile.width() as usize, 1),
        _ => {
            place.fill(u8::MAX);
            return;
        }
    };
    let row = raw.get(y * width * channels..(y + 1) * width * channels).unwrap_or_default();
    let common = row.len().min(place.len());
    place[..common].copy_from_slice(&row[..common]);
}
