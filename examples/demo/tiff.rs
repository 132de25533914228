//! Multi-page TIFF as scanners write it: bilevel G4 (own container, the encoder of the `tiff` crate knows no
//! bilevel images) and grey LZW.

use std::io::Cursor;

use image::GrayImage;
use tiff::encoder::{Compression, Rational, TiffEncoder, colortype::Gray8};
use tiff::tags::ResolutionUnit;

use crate::ccitt::Encoder;

/// Darker than this is ink when a page becomes bilevel.
pub const INK_BELOW: u8 = 150;

/// Field types of TIFF 6.0.
const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;

/// One page as a G4 data stream.
pub fn g4(page: &GrayImage) -> Vec<u8> {
    let mut encoder = Encoder::new(page.width() as usize);
    for row in page.rows() {
        encoder.row(row.map(|pixel| pixel.0[0] < INK_BELOW));
    }
    encoder.finish()
}

/// All pages as bilevel G4, little-endian.
pub fn bilevel(pages: &[GrayImage], dpi: u16) -> Result<Vec<u8>, std::num::TryFromIntError> {
    let mut out = b"II*\0".to_vec();
    let mut link = out.len(); // where the place of the next directory is to be written
    out.extend([0; 4]);
    for page in pages {
        let data = g4(page);
        let data_at = u32::try_from(out.len())?;
        out.extend(&data);
        out.resize(out.len().next_multiple_of(2), 0);
        let resolution_at = u32::try_from(out.len())?;
        out.extend(u32::from(dpi).to_le_bytes());
        out.extend(1u32.to_le_bytes());
        let directory_at = u32::try_from(out.len())?;
        out[link..link + 4].copy_from_slice(&directory_at.to_le_bytes());
        let entries = [
            (256, LONG, page.width()),               // ImageWidth
            (257, LONG, page.height()),              // ImageLength
            (258, SHORT, 1),                         // BitsPerSample
            (259, SHORT, 4),                         // Compression: T.6
            (262, SHORT, 0),                         // PhotometricInterpretation: white is zero
            (273, LONG, data_at),                    // StripOffsets
            (277, SHORT, 1),                         // SamplesPerPixel
            (278, LONG, page.height()),              // RowsPerStrip
            (279, LONG, u32::try_from(data.len())?), // StripByteCounts
            (282, RATIONAL, resolution_at),          // XResolution
            (283, RATIONAL, resolution_at),          // YResolution
            (296, SHORT, 2),                         // ResolutionUnit: inch
        ];
        out.extend(u16::try_from(entries.len())?.to_le_bytes());
        for (tag, kind, value) in entries {
            out.extend(u16::to_le_bytes(tag));
            out.extend(kind.to_le_bytes());
            out.extend(1u32.to_le_bytes());
            out.extend(value.to_le_bytes());
        }
        link = out.len();
        out.extend([0; 4]);
    }
    Ok(out)
}

/// All pages as grey LZW, reduced to 16 tones so that the compression finds something to do.
pub fn grey_lzw(pages: &[GrayImage], dpi: u16) -> tiff::TiffResult<Vec<u8>> {
    let mut out = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut out)?.with_compression(Compression::Lzw);
    for page in pages {
        let tones: Vec<u8> = page.as_raw().iter().map(|tone| tone & 0xf0 | tone >> 4).collect();
        let mut image = encoder.new_image::<Gray8>(page.width(), page.height())?;
        image.resolution(ResolutionUnit::Inch, Rational { n: dpi.into(), d: 1 });
        image.write_data(&tones)?;
    }
    Ok(out.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    #[test]
    fn every_run_length_is_understood_by_another_reader() {
        let mut rng = Rng::named("runs");
        let width: u32 = 5200;
        let image = GrayImage::from_fn(width, 700, |x, y| {
            // Row y holds one run of about 4y pixels, and noise where rows are odd.
            let ink = (y..y * 5).contains(&x) || (y % 2 == 1 && rng.chance(3)) || (y % 5 == 0 && x < 3);
            image::Luma([if ink { 0 } else { 255 }])
        });
        let bytes = bilevel(std::slice::from_ref(&image), 200).unwrap();
        let mut reader = ::tiff::decoder::Decoder::new(std::io::Cursor::new(bytes)).unwrap();
        let ::tiff::decoder::DecodingResult::U8(read) = reader.read_image().unwrap() else { panic!() };
        let row_bytes = width as usize / 8;
        for (x, y, pixel) in image.enumerate_pixels() {
            let byte = read[y as usize * row_bytes + x as usize / 8];
            let white = byte >> (7 - x % 8) & 1 == 1;
            assert_eq!(white, pixel.0[0] == 255, "pixel {x}, {y}");
        }
    }
}
