//! Fax compression G4 (ITU-T T.6), as office scanners write it into TIFF and PDF.
//!
//! Encodes only; that readers of other hands understand it is shown by the test of `tiff.rs`.

/// Code words for runs of 0 to 63 white pixels, then of 64, 128 … 1728 (T.4, tables 2 and 3a).
const WHITE: &str = "00110101 000111 0111 1000 1011 1100 1110 1111 10011 10100 00111 01000 001000 000011 110100 \
    110101 101010 101011 0100111 0001100 0001000 0010111 0000011 0000100 0101000 0101011 0010011 0100100 0011000 \
    00000010 00000011 00011010 00011011 00010010 00010011 00010100 00010101 00010110 00010111 00101000 00101001 \
    00101010 00101011 00101100 00101101 00000100 00000101 00001010 00001011 01010010 01010011 01010100 01010101 \
    00100100 00100101 01011000 01011001 01011010 01011011 01001010 01001011 00110010 00110011 00110100 \
    11011 10010 010111 0110111 00110110 00110111 01100100 01100101 01101000 01100111 011001100 011001101 \
    011010010 011010011 011010100 011010101 011010110 011010111 011011000 011011001 011011010 011011011 \
    010011000 010011001 010011010 011000 010011011";

/// The same for black pixels.
const BLACK: &str = "0000110111 010 11 10 011 0011 0010 00011 000101 000100 0000100 0000101 0000111 00000100 \
    00000111 000011000 0000010111 0000011000 0000001000 00001100111 00001101000 00001101100 00000110111 \
    00000101000 00000010111 00000011000 000011001010 000011001011 000011001100 000011001101 000001101000 \
    000001101001 000001101010 000001101011 000011010010 000011010011 000011010100 000011010101 000011010110 \
    000011010111 000001101100 000001101101 000011011010 000011011011 000001010100 000001010101 000001010110 \
    000001010111 000001100100 000001100101 000001010010 000001010011 000000100100 000000110111 000000111000 \
    000000100111 000000101000 000001011000 000001011001 000000101011 000000101100 000001011010 000001100110 \
    000001100111 \
    0000001111 000011001000 000011001001 000001011011 000000110011 000000110100 000000110101 0000001101100 \
    0000001101101 0000001001010 0000001001011 0000001001100 0000001001101 0000001110010 0000001110011 \
    0000001110100 0000001110101 0000001110110 0000001110111 0000001010010 0000001010011 0000001010100 \
    0000001010101 0000001011010 0000001011011 0000001100100 0000001100101";

/// Runs of 1792, 1856 … 2560 pixels, of either colour (table 3b).
const LONG: &str = "00000001000 00000001100 00000001101 000000010010 000000010011 000000010100 000000010101 \
    000000010110 000000010111 000000011100 000000011101 000000011110 000000011111";

const PASS: Code = (0b0001, 4);
const HORIZONTAL: Code = (0b001, 3);
/// Vertical mode for a1 − b1 = −3 … 3.
const VERTICAL: [Code; 7] =
    [(0b0000010, 7), (0b000010, 6), (0b010, 3), (0b1, 1), (0b011, 3), (0b000011, 6), (0b0000011, 7)];
const END_OF_LINE: Code = (1, 12);
const LONGEST_RUN: usize = 2560;

/// A code word: its bits, right-aligned, and how many.
type Code = (u16, u8);

/// Encodes an image row by row; `true` in a row is a black pixel.
pub struct Encoder {
    runs: [Vec<Code>; 2],
    width: usize,
    reference: Vec<usize>,
    out: Vec<u8>,
    held: u32,
    held_bits: u8,
}

impl Encoder {
    /// For rows of this many pixels.
    pub fn new(width: usize) -> Self {
        let table = |own: &str| own.split_whitespace().chain(LONG.split_whitespace()).map(code).collect();
        let runs = [table(WHITE), table(BLACK)];
        Self { runs, width, reference: Vec::new(), out: Vec::new(), held: 0, held_bits: 0 }
    }

    /// Adds one row.
    pub fn row(&mut self, pixels: impl Iterator<Item = bool>) {
        let current = changes(pixels);
        let at = |list: &[usize], i: usize, width| list.get(i).copied().unwrap_or(width);
        // `start` is a0: before the first pixel it lies left of the row, so that b1 may be at 0.
        let (mut start, mut next, mut black) = (None, 0, false);
        while start.unwrap_or(0) < self.width {
            let from = start.unwrap_or(0);
            let a1 = at(&current, next, self.width);
            let b = self.first_change_after(start, black);
            let (b1, b2) = (at(&self.reference, b, self.width), at(&self.reference, b + 1, self.width));
            if b2 < a1 {
                self.put(PASS);
                start = Some(b2);
            } else if a1.abs_diff(b1) <= 3 {
                self.put(VERTICAL[a1 + 3 - b1]);
                (start, next, black) = (Some(a1), next + 1, !black);
            } else {
                let a2 = at(&current, next + 1, self.width);
                self.put(HORIZONTAL);
                self.run(a1 - from, black);
                self.run(a2 - a1, !black);
                (start, next) = (Some(a2), next + 2);
            }
        }
        self.reference = current;
    }

    /// Ends the image and hands out its bytes.
    pub fn finish(mut self) -> Vec<u8> {
        self.put(END_OF_LINE);
        self.put(END_OF_LINE);
        self.put((0, 7)); // fills up the last byte
        self.out
    }

    /// Index of b1: the first change on the row above, right of `start`, towards the other colour.
    fn first_change_after(&self, start: Option<usize>, black: bool) -> usize {
        let index = self.reference.partition_point(|&x| start.is_some_and(|s| x <= s));
        index + usize::from((index % 2 == 1) != black)
    }

    fn run(&mut self, mut length: usize, black: bool) {
        while length >= 64 {
            let part = length.min(LONGEST_RUN) / 64;
            self.put(self.runs[usize::from(black)][63 + part]);
            length -= part * 64;
        }
        self.put(self.runs[usize::from(black)][length]);
    }

    fn put(&mut self, (bits, count): Code) {
        self.held = (self.held << count) | u32::from(bits);
        self.held_bits += count;
        while self.held_bits >= 8 {
            self.held_bits -= 8;
            self.out.push((self.held >> self.held_bits) as u8);
        }
    }
}

/// Where the colour changes in a row that begins white.
fn changes(pixels: impl Iterator<Item = bool>) -> Vec<usize> {
    let mut last = false;
    let changed = pixels.enumerate().filter(|&(_, p)| std::mem::replace(&mut last, p) != p);
    changed.map(|(x, _)| x).collect()
}

fn code(word: &str) -> Code {
    (word.bytes().fold(0, |bits, b| bits << 1 | u16::from(b == b'1')), word.len() as u8)
}
