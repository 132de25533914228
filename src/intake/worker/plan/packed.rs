//! Samples that lie one behind the other, packed or not, as TIFF and PDF store them: their rows are cut out of a stream of
//! bytes, what was predicted is added, and shades or colours handed over. It knows no compression: whoever unpacks writes here.

use std::io::{self, Write};

use super::Smaller;
use crate::intake::worker::picture::from_cmyk;

/// What the samples of a pixel mean.
#[derive(Debug, Clone)]
pub(in crate::intake::worker) enum Meaning {
    /// The first is the shade; nothing is black, or white.
    Shade { zero_is_white: bool },
    /// Red, green, blue.
    Rgb,
    /// Four inks.
    Cmyk,
    /// The first is the number of a colour.
    Palette(Vec<[u8; 3]>),
}

/// What was predicted from neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::intake::worker) enum Predictor {
    /// Nothing.
    None,
    /// Each sample from the one to the left (TIFF).
    Left,
    /// Each row begins with how it was predicted (PNG).
    Png,
}

/// How the samples lie.
#[derive(Debug, Clone)]
pub(in crate::intake::worker) struct Shape {
    pub(in crate::intake::worker) width: usize,
    /// Bits a sample: 1, 2, 4, 8 or 16.
    pub(in crate::intake::worker) bits: usize,
    /// Samples a pixel.
    pub(in crate::intake::worker) samples: usize,
    pub(in crate::intake::worker) meaning: Meaning,
    pub(in crate::intake::worker) predictor: Predictor,
    /// Of two bytes the second is the more significant.
    pub(in crate::intake::worker) is_little: bool,
}

impl Shape {
    /// It is one of those that can be read.
    pub(in crate::intake::worker) fn is_known(&self) -> bool {
        let wanted = match self.meaning {
            Meaning::Rgb => 3,
            Meaning::Cmyk => 4,
            Meaning::Shade { .. } | Meaning::Palette(_) => 1,
        };
        let depth_fits = matches!(self.bits, 8 | 16) || (matches!(self.bits, 1 | 2 | 4) && self.samples == 1);
        let left_fits = self.predictor != Predictor::Left || self.bits == 8;
        depth_fits && left_fits && (wanted..=5).contains(&self.samples) && self.width > 0
    }

    fn row_bytes(&self) -> usize {
        (self.width * self.samples * self.bits).div_ceil(8)
    }
}

/// Takes bytes and hands rows over, until all are there; then it takes no more.
pub(in crate::intake::worker) struct Packed<'s> {
    shape: Shape,
    row: Vec<u8>,
    before: Vec<u8>,
    line: Vec<u8>,
    to: &'s mut Smaller,
    rows_left: usize,
}

impl<'s> Packed<'s> {
    /// For so many rows of this shape.
    pub(in crate::intake::worker) fn new(shape: Shape, rows: usize, to: &'s mut Smaller) -> Self {
        let before = vec![0; shape.row_bytes()];
        Self { shape, row: Vec::new(), before, line: Vec::new(), to, rows_left: rows }
    }

    /// All rows came.
    pub(in crate::intake::worker) fn is_whole(&self) -> bool {
        self.rows_left == 0
    }

    /// Bytes of a row, with the one that says how it was predicted.
    fn needed(&self) -> usize {
        self.shape.row_bytes() + usize::from(self.shape.predictor == Predictor::Png)
    }

    fn row_is_there(&mut self) {
        let mut row = std::mem::take(&mut self.row);
        let pixel = (self.shape.samples * self.shape.bits / 8).max(1);
        match self.shape.predictor {
            Predictor::None => {}
            Predictor::Left => {
                for at in pixel..row.len() {
                    row[at] = row[at].wrapping_add(row[at - pixel]);
                }
            }
            Predictor::Png => {
                let way = row.remove(0);
                add_predicted(way, &mut row, &self.before, pixel);
                self.before.copy_from_slice(&row);
            }
        }
        self.hand_over(&row);
        self.rows_left -= 1;
        row.clear();
        self.row = row;
    }

    fn hand_over(&mut self, row: &[u8]) {
        let shape = &self.shape;
        if let (1, Meaning::Shade { zero_is_white }) = (shape.bits, &shape.meaning) {
            self.to.ink(spans(row, shape.width, *zero_is_white));
            return;
        }
        self.line.clear();
        let samples = shape.samples;
        for x in 0..shape.width {
            let sample = |at: usize| sample(row, x * samples + at, shape.bits, shape.is_little);
            match &shape.meaning {
                Meaning::Shade { zero_is_white } => {
                    let shade = stretched(sample(0), shape.bits);
                    self.line.push(if *zero_is_white { 255 - shade } else { shade });
                }
                Meaning::Rgb => self.line.extend([sample(0), sample(1), sample(2)]),
                Meaning::Cmyk => {
                    self.line.extend(from_cmyk([sample(0), sample(1), sample(2), sample(3)]));
                }
                Meaning::Palette(colours) => {
                    self.line.extend(colours.get(usize::from(sample(0))).unwrap_or(&[0; 3]));
                }
            }
        }
        match shape.meaning {
            Meaning::Shade { .. } => self.to.grey(&self.line),
            _ => self.to.colours(&self.line),
        }
    }
}

impl Write for Packed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut rest = bytes;
        while !rest.is_empty() {
            if self.rows_left == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            let taken = rest.len().min(self.needed() - self.row.len());
            self.row.extend_from_slice(&rest[..taken]);
            rest = &rest[taken..];
            if self.row.len() == self.needed() {
                self.row_is_there();
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The sample with this number; of two bytes the more significant.
fn sample(row: &[u8], at: usize, bits: usize, is_little: bool) -> u8 {
    match bits {
        8 => row.get(at).copied().unwrap_or(0),
        16 => row.get(at * 2 + usize::from(is_little)).copied().unwrap_or(0),
        _ => {
            let bit = at * bits;
            let byte = row.get(bit / 8).copied().unwrap_or(0);
            byte >> (8 - bits - bit % 8) & ((1 << bits) - 1)
        }
    }
}

fn stretched(sample: u8, bits: usize) -> u8 {
    match bits {
        2 => sample * 85,
        4 => sample * 17,
        _ => sample,
    }
}

/// The spans of ink in a row of bits.
fn spans(row: &[u8], width: usize, zero_is_white: bool) -> impl Iterator<Item = (usize, usize)> {
    let paper = if zero_is_white { 0x00 } else { 0xFF };
    let is_ink = move |x: usize| (row[x / 8] ^ paper) >> (7 - x % 8) & 1 == 1;
    let mut x = 0;
    std::iter::from_fn(move || {
        while x < width {
            if x % 8 == 0 && row[x / 8] == paper {
                x += 8;
            } else if is_ink(x) {
                break;
            } else {
                x += 1;
            }
        }
        let from = x;
        while x < width {
            if x % 8 == 0 && row[x / 8] == !paper {
                x += 8;
            } else if is_ink(x) {
                x += 1;
            } else {
                break;
            }
        }
        (from < width).then_some((from, x.min(width)))
    })
}

/// Adds what PNG predicted of a row; an unknown way predicts nothing.
fn add_predicted(way: u8, row: &mut [u8], before: &[u8], pixel: usize) {
    for at in 0..row.len() {
        let left = if at >= pixel { row[at - pixel] } else { 0 };
        let (above, corner) = (before[at], if at >= pixel { before[at - pixel] } else { 0 });
        let predicted = match way {
            1 => left,
            2 => above,
            3 => ((u16::from(left) + u16::from(above)) / 2) as u8,
            4 => paeth(left, above, corner),
            _ => 0,
        };
        row[at] = row[at].wrapping_add(predicted);
    }
}

fn paeth(left: u8, above: u8, corner: u8) -> u8 {
    let (l, a, c) = (i16::from(left), i16::from(above), i16::from(corner));
    let guess = l + a - c;
    let (from_left, from_above, from_corner) =
        ((guess - l).unsigned_abs(), (guess - a).unsigned_abs(), (guess - c).unsigned_abs());
    if from_left <= from_above && from_left <= from_corner {
        left
    } else if from_above <= from_corner {
        above
    } else {
        corner
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::reason::Reason;

    fn made(shape: Shape, rows: usize, bytes: &[u8]) -> Vec<u8> {
        let mut smaller = Smaller::new(shape.width as u32, rows as u32, 1, true);
        let mut packed = Packed::new(shape, rows, &mut smaller);
        // In pieces that fit no row.
        bytes.chunks(3).for_each(|piece| packed.write_all(piece).unwrap());
        assert!(packed.is_whole());
        assert!(packed.write_all(&[0]).is_err(), "no more is taken than is wanted");
        smaller.image(Ok::<(), Reason>(())).unwrap().0.into_bytes()
    }

    fn shape(width: usize, bits: usize, samples: usize, meaning: Meaning, predictor: Predictor) -> Shape {
        Shape { width, bits, samples, meaning, predictor, is_little: true }
    }

    #[test]
    fn bits_nibbles_bytes_and_words_become_shades() {
        let black_is_zero = Meaning::Shade { zero_is_white: false };
        let made_of = |width, bits, bytes: &[u8]| {
            made(shape(width, bits, 1, black_is_zero.clone(), Predictor::None), 1, bytes)
        };
        assert_eq!(made_of(10, 1, &[0b1010_0000, 0b0100_0000]), [255, 0, 255, 0, 0, 0, 0, 0, 0, 255]);
        assert_eq!(made_of(3, 2, &[0b0001_1100]), [0, 85, 255]);
        assert_eq!(made_of(3, 4, &[0x0F, 0x30]), [0, 255, 51]);
        assert_eq!(made_of(2, 16, &[1, 2, 3, 4]), [2, 4]);
        let white_is_zero = Meaning::Shade { zero_is_white: true };
        let inverted = shape(17, 1, 1, white_is_zero, Predictor::None);
        let row: Vec<u8> = made(inverted, 1, &[0xFF, 0x01, 0x80]);
        let expected: Vec<u8> = (0..17).map(|x| if (8..15).contains(&x) { 255 } else { 0 }).collect();
        assert_eq!(row, expected);
    }

    #[test]
    fn what_was_predicted_is_added() {
        let grey = Meaning::Shade { zero_is_white: false };
        assert_eq!(made(shape(3, 8, 1, grey.clone(), Predictor::Left), 1, &[10, 5, 250]), [10, 15, 9]);
        let rows = [1, 10, 5, 5, 2, 1, 1, 1, 4, 1, 1, 1, 3, 0, 0, 0, 0, 9, 9, 9];
        let shades = made(shape(3, 8, 1, grey, Predictor::Png), 5, &rows);
        assert_eq!(shades, [10, 15, 20, 11, 16, 21, 12, 17, 22, 6, 11, 16, 9, 9, 9]);
    }

    #[test]
    fn colours_are_looked_up_and_mixed() {
        let palette = Meaning::Palette(vec![[1, 2, 3], [4, 5, 6]]);
        assert_eq!(made(shape(2, 1, 1, palette, Predictor::None), 1, &[0x40]), [1, 2, 3, 4, 5, 6]);
        let rgb = shape(2, 8, 3, Meaning::Rgb, Predictor::Left);
        assert_eq!(made(rgb, 1, &[1, 2, 3, 1, 1, 1]), [1, 2, 3, 2, 3, 4]);
        let inks = shape(1, 8, 4, Meaning::Cmyk, Predictor::None);
        assert_eq!(made(inks, 1, &[0, 255, 255, 0]), [255, 0, 0]);
        assert!(!shape(1, 12, 1, Meaning::Rgb, Predictor::None).is_known());
    }
}
