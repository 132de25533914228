//! The bits of a JPEG's scan, and the codes they are written in. It knows nothing of blocks.

use crate::intake::reason::Reason;

/// Codes of so many bits are looked up at once.
const QUICK_BITS: u32 = 9;
/// Longest code.
const CODE_BITS_MAX: u32 = 16;

/// Codes of different length and what they stand for.
pub(super) struct Huffman {
    /// By the next bits: length and symbol; a length of nothing if the code is longer.
    quick: Vec<(u8, u8)>,
    /// By length: one more than the last code, and what to add to a code for its symbol's place.
    ends: [u32; 17],
    places: [i32; 17],
    symbols: Vec<u8>,
}

impl Huffman {
    /// The codes of which there are so many of each length; none if they do not fit.
    pub(super) fn new(counts: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        let mut table = Self {
            quick: vec![(0, 0); 1 << QUICK_BITS],
            ends: [0; 17],
            places: [0; 17],
            symbols: symbols.to_vec(),
        };
        let (mut code, mut place) = (0_u32, 0_usize);
        for (length, count) in (1..=CODE_BITS_MAX).zip(counts) {
            let count = u32::from(*count);
            table.places[length as usize] = place as i32 - code as i32;
            if length <= QUICK_BITS {
                for at in 0..count {
                    let spare = QUICK_BITS - length;
                    let from = ((code + at) << spare) as usize;
                    let symbol = *symbols.get(place + at as usize)?;
                    table.quick.get_mut(from..from + (1 << spare))?.fill((length as u8, symbol));
                }
            }
            code += count;
            place += count as usize;
            if code > 1 << length {
                return None;
            }
            table.ends[length as usize] = code;
            code <<= 1;
        }
        Some(table)
    }
}

/// The bits of a scan.
pub(super) struct Bits<'b> {
    bytes: &'b [u8],
    at: usize,
    /// What was taken from the bytes and not used, in its lowest bits.
    held: u64,
    count: u32,
    /// Bits that were made up because the data had ended.
    borrowed: u32,
}

impl<'b> Bits<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0, held: 0, count: 0, borrowed: 0 }
    }

    fn fill(&mut self) {
        while self.count <= 48 {
            let byte = match (self.bytes.get(self.at), self.bytes.get(self.at + 1)) {
                (Some(0xFF), Some(0)) => {
                    self.at += 2;
                    0xFF
                }
                // A marker, or the end: what follows is made up and must not be used.
                (Some(0xFF), _) | (None, _) => {
                    self.borrowed += 8;
                    0
                }
                (Some(byte), _) => {
                    self.at += 1;
                    *byte
                }
            };
            self.held = self.held << 8 | u64::from(byte);
            self.count += 8;
        }
    }

    fn peek(&self, bits: u32) -> u32 {
        (self.held >> (self.count - bits)) as u32 & ((1 << bits) - 1)
    }

    fn skip(&mut self, bits: u32) -> Result<(), Reason> {
        self.count -= bits;
        if self.count < self.borrowed { Err(Reason::ImageCutOff) } else { Ok(()) }
    }

    /// The next symbol.
    pub(super) fn symbol(&mut self, table: &Huffman) -> Result<u8, Reason> {
        if self.count < CODE_BITS_MAX {
            self.fill();
        }
        let (length, symbol) = table.quick[self.peek(QUICK_BITS) as usize];
        if length > 0 {
            self.skip(u32::from(length))?;
            return Ok(symbol);
        }
        for length in QUICK_BITS + 1..=CODE_BITS_MAX {
            let code = self.peek(length);
            if code < table.ends[length as usize] {
                self.skip(length)?;
                let place = usize::try_from(code as i32 + table.places[length as usize]).ok();
                return place.and_then(|place| table.symbols.get(place)).copied().ok_or(Reason::PageDamaged);
            }
        }
        Err(if self.borrowed > 0 { Reason::ImageCutOff } else { Reason::PageDamaged })
    }

    /// The next value, written in so many bits.
    pub(super) fn value(&mut self, size: u8) -> Result<i32, Reason> {
        let size = u32::from(size);
        if size == 0 {
            return Ok(0);
        }
        if size > CODE_BITS_MAX {
            return Err(Reason::PageDamaged);
        }
        if self.count < size {
            self.fill();
        }
        let bits = self.peek(size) as i32;
        self.skip(size)?;
        Ok(if bits < 1 << (size - 1) { bits - (1 << size) + 1 } else { bits })
    }

    /// Goes behind the next restart marker.
    pub(super) fn restart(&mut self) -> Result<(), Reason> {
        (self.held, self.count, self.borrowed) = (0, 0, 0);
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let is_restart = |two: &[u8]| two[0] == 0xFF && (0xD0..=0xD7).contains(&two[1]);
        let found = rest.windows(2).position(|two| two[0] == 0xFF && two[1] != 0 && two[1] != 0xFF);
        match found {
            Some(place) if is_restart(&rest[place..place + 2]) => {
                self.at += place + 2;
                Ok(())
            }
            _ => Err(Reason::ImageCutOff),
        }
    }
}
