//! Large sheets, made in pieces: most of a plan is paper, which is encoded once.

use std::collections::HashMap;
use std::io::{Cursor, Write};

use image::{GrayImage, Luma, imageops};
use tiff::encoder::colortype::Gray8;

use crate::{ccitt, material};

/// Rows of a strip.
const STRIP: u32 = 256;
const PAPER: u8 = 255;
const INK_BELOW: u8 = 128;

/// Paper with pictures on it.
pub struct Sheet {
    width: u32,
    height: u32,
    pictures: Vec<(GrayImage, u32, u32)>,
}

impl Sheet {
    pub fn new(width: u32, height: u32) -> Self {
        Self { width, height, pictures: Vec::new() }
    }

    pub fn put(&mut self, picture: GrayImage, left: u32, top: u32) {
        assert!(left + picture.width() <= self.width && top + picture.height() <= self.height);
        self.pictures.push((picture, left, top));
    }

    /// The pixels of a strip; none if it is all paper.
    fn strip(&self, top: u32, rows: u32) -> Option<GrayImage> {
        let touched =
            |(picture, _, at): &&(GrayImage, u32, u32)| *at < top + rows && at + picture.height() > top;
        let mut pictures = self.pictures.iter().filter(touched).peekable();
        let _ = pictures.peek()?;
        let mut strip = GrayImage::from_pixel(self.width, rows, Luma([PAPER]));
        for (picture, left, at) in pictures {
            imageops::replace(&mut strip, picture, i64::from(*left), i64::from(*at) - i64::from(top));
        }
        Some(strip)
    }

    /// Black and white, G4, in strips.
    pub fn g4_tiff(&self, dpi: u32) -> Vec<u8> {
        let mut out = b"II*\0\0\0\0\0".to_vec();
        let (mut offsets, mut lengths) = (Vec::new(), Vec::new());
        let mut papers: HashMap<u32, (u32, u32)> = HashMap::new();
        for top in (0..self.height).step_by(STRIP as usize) {
            let rows = STRIP.min(self.height - top);
            let strip = self.strip(top, rows);
            let (offset, length) = match (&strip, papers.get(&rows)) {
                (None, Some(paper)) => *paper,
                _ => {
                    let paper = || GrayImage::from_pixel(self.width, rows, Luma([PAPER]));
                    let data = g4(strip.as_ref().unwrap_or(&paper()));
                    let place = (out.len() as u32, data.len() as u32);
                    out.extend_from_slice(&data);
                    if strip.is_none() {
                        papers.insert(rows, place);
                    }
                    place
                }
            };
            offsets.push(offset);
            lengths.push(length);
        }
        let mut list = |values: &[u32]| {
            let at = out.len() as u32;
            values.iter().for_each(|value| out.extend_from_slice(&value.to_le_bytes()));
            at
        };
        let (offsets_at, lengths_at, dpi_at) = (list(&offsets), list(&lengths), list(&[dpi, 1]));
        let count = offsets.len() as u32;
        let entries = [
            (256, 4, 1, self.width),
            (257, 4, 1, self.height),
            (258, 3, 1, 1),
            (259, 3, 1, 4),
            (262, 3, 1, 0),
            (273, 4, count, offsets_at),
            (277, 3, 1, 1),
            (278, 4, 1, STRIP),
            (279, 4, count, lengths_at),
            (282, 5, 1, dpi_at),
            (296, 3, 1, 2),
        ];
        let directory = out.len() as u32;
        out[4..8].copy_from_slice(&directory.to_le_bytes());
        put_directory(&mut out, &entries);
        out
    }

    /// A grey JPEG: its strips were encoded one by one and are parted by restarts.
    pub fn jpeg(&self) -> Vec<u8> {
        assert!(self.height.is_multiple_of(STRIP) && self.width.is_multiple_of(8));
        let mut paper = None;
        let mut out = Vec::new();
        for (number, top) in (0..).zip((0..self.height).step_by(STRIP as usize)) {
            let encoded = match self.strip(top, STRIP) {
                Some(strip) => material::jpeg(&strip),
                None => paper
                    .get_or_insert_with(|| {
                        material::jpeg(&GrayImage::from_pixel(self.width, STRIP, Luma([PAPER])))
                    })
                    .clone(),
            };
            let data = scan_of(&encoded);
            if number == 0 {
                out.extend_from_slice(&encoded[..data.0]);
                let frame = out.windows(2).position(|two| two == [0xFF, 0xC0]).unwrap();
                out[frame + 5..frame + 7].copy_from_slice(&(self.height as u16).to_be_bytes());
                let units = (self.width / 8 * STRIP / 8) as u16;
                let restarts = [&[0xFF, 0xDD, 0, 4], &units.to_be_bytes()[..]].concat();
                out.splice(frame..frame, restarts);
            } else {
                out.extend_from_slice(&[0xFF, 0xD0 + ((number - 1) % 8) as u8]);
            }
            out.extend_from_slice(&encoded[data.0..data.1]);
        }
        out.extend_from_slice(&[0xFF, 0xD9]);
        out
    }
}

/// Where the data of a JPEG's only scan begin and end.
fn scan_of(jpeg: &[u8]) -> (usize, usize) {
    let scan = jpeg.windows(2).position(|two| two == [0xFF, 0xDA]).unwrap();
    let length = usize::from(u16::from_be_bytes([jpeg[scan + 2], jpeg[scan + 3]]));
    (scan + 2 + length, jpeg.len() - 2)
}

/// A JPEG that says it is larger than it is.
pub fn lying_jpeg(image: &GrayImage, width: u16, height: u16) -> Vec<u8> {
    let mut jpeg = material::jpeg(image);
    let frame = jpeg.windows(2).position(|two| two == [0xFF, 0xC0]).unwrap();
    jpeg[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    jpeg[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    jpeg
}

/// Something that looks like thousands of letters, and is none.
pub fn marks(width: u32, height: u32) -> GrayImage {
    GrayImage::from_fn(width, height, |x, y| {
        let part = (x / 40 * 31 + x % 40 / 7 * 17) ^ (y / 60 * 13 + y % 60 / 9 * 29);
        let is_ink = x % 40 < 28 && y % 60 < 36 && part.wrapping_mul(2_654_435_761) >> 9 & 1 == 0;
        Luma([if is_ink { 0 } else { PAPER }])
    })
}

pub fn g4(image: &GrayImage) -> Vec<u8> {
    let mut encoder = ccitt::Encoder::new(image.width() as usize);
    for row in image.rows() {
        encoder.row(row.map(|shade| shade.0[0] < INK_BELOW));
    }
    encoder.finish()
}

pub fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn lzw(bytes: &[u8]) -> Vec<u8> {
    weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8).encode(bytes).unwrap()
}

/// A TIFF in strips of so many rows.
pub fn stripped(image: &GrayImage, rows: u32) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let mut encoder = tiff::encoder::TiffEncoder::new(&mut out).unwrap();
    let mut written = encoder.new_image::<Gray8>(image.width(), image.height()).unwrap();
    written.rows_per_strip(rows).unwrap();
    written.write_data(image).unwrap();
    out.into_inner()
}

/// A TIFF of grey tiles, square, of this side.
pub fn tiled(image: &GrayImage, side: u32) -> Vec<u8> {
    let (width, height) = image.dimensions();
    let mut out = b"II*\0\0\0\0\0".to_vec();
    let mut offsets = Vec::new();
    for (row, column) in
        (0..height.div_ceil(side)).flat_map(|row| (0..width.div_ceil(side)).map(move |column| (row, column)))
    {
        offsets.push(out.len() as u32);
        let mut tile = GrayImage::from_pixel(side, side, Luma([0]));
        let (left, top) = (column * side, row * side);
        let part = imageops::crop_imm(image, left, top, side.min(width - left), side.min(height - top));
        imageops::replace(&mut tile, &part.to_image(), 0, 0);
        out.extend_from_slice(&tile);
    }
    let count = offsets.len() as u32;
    let offsets_at = out.len() as u32;
    offsets.iter().for_each(|offset| out.extend_from_slice(&offset.to_le_bytes()));
    let lengths_at = out.len() as u32;
    offsets.iter().for_each(|_| out.extend_from_slice(&(side * side).to_le_bytes()));
    let entries = [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (277, 3, 1, 1),
        (322, 4, 1, side),
        (323, 4, 1, side),
        (324, 4, count, offsets_at),
        (325, 4, count, lengths_at),
    ];
    let directory = out.len() as u32;
    out[4..8].copy_from_slice(&directory.to_le_bytes());
    put_directory(&mut out, &entries);
    out
}

/// A TIFF whose only strip is these bytes, with these short tags.
pub fn tiff_of(data: &[u8], (width, height): (u32, u32), short: &[(u16, u32)]) -> Vec<u8> {
    let mut out = b"II*\0\0\0\0\0".to_vec();
    out.extend_from_slice(data);
    let mut entries = vec![
        (256, 4, 1, width),
        (257, 4, 1, height),
        (273, 4, 1, 8),
        (278, 4, 1, height),
        (279, 4, 1, data.len() as u32),
    ];
    entries.extend(short.iter().map(|(tag, value)| (*tag, 3, 1, *value)));
    entries.sort_unstable();
    let directory = out.len() as u32;
    out[4..8].copy_from_slice(&directory.to_le_bytes());
    put_directory(&mut out, &entries);
    out
}

fn put_directory(out: &mut Vec<u8>, entries: &[(u16, u16, u32, u32)]) {
    out.extend_from_slice(&(entries.len() as u16).to_le_bytes());
    for (tag, kind, count, value) in entries {
        out.extend_from_slice(&tag.to_le_bytes());
        out.extend_from_slice(&kind.to_le_bytes());
        out.extend_from_slice(&count.to_le_bytes());
        out.extend_from_slice(&value.to_le_bytes());
    }
    out.extend_from_slice(&[0; 4]);
}

/// A PDF of one page, a thousand points either way, with a grey image and this content.
pub fn pdf(data: &[u8], (width, height): (u32, u32), bits: u8, filter: &str, content: &str) -> Vec<u8> {
    let image = format!(
        "<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray \
         /BitsPerComponent {bits} /Length {} {filter} >>",
        data.len()
    );
    let stream =
        |dictionary: &str, data: &[u8]| [dictionary.as_bytes(), b"\nstream\n", data, b"\nendstream"].concat();
    let objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1000 1000] /Contents 5 0 R /Resources << /XObject << /Im 4 0 R >> >> >>"
            .to_vec(),
        stream(&image, data),
        stream(&format!("<< /Length {} >>", content.len()), content.as_bytes()),
    ];
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        places.push(out.len());
        writeln!(out, "{number} 0 obj").unwrap();
        out.extend_from_slice(object);
        out.extend_from_slice(b"\nendobj\n");
    }
    let table = out.len();
    writeln!(out, "xref\n0 {}\n0000000000 65535 f ", places.len() + 1).unwrap();
    places.iter().for_each(|place| writeln!(out, "{place:010} 00000 n ").unwrap());
    writeln!(out, "trailer << /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF", places.len() + 1).unwrap();
    out
}
