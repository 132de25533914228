//! The files of the hostile corpus, as they are made; what is done with them is decided by whoever has them made.

#[path = "archives.rs"]
mod archives;
#[path = "images.rs"]
mod images;
#[path = "../intake_material/mod.rs"]
#[allow(dead_code, reason = "each suite uses its part")]
mod intake_material;
#[path = "../kinds/make.rs"]
#[allow(dead_code, reason = "each suite uses its part")]
pub mod make;
#[path = "pdf.rs"]
mod pdf;
#[path = "texts.rs"]
mod texts;

use std::path::PathBuf;

/// A file of the corpus.
pub struct Hostile {
    pub name: String,
    pub bytes: Vec<u8>,
    /// A picture of more than twenty megapixels.
    pub is_plan: bool,
    /// Only the clock ends it.
    pub is_endless: bool,
}

/// The files, and what they are told of the trap.
pub struct Corpus {
    pub files: Vec<Hostile>,
    port: u16,
    markers: PathBuf,
}

impl Corpus {
    /// No file yet; those to come call this port of this machine and want to make files in this folder.
    pub fn of(port: u16, markers: PathBuf) -> Self {
        Self { files: Vec::new(), port, markers }
    }

    /// All of them; they call this port of this machine and want to make files in this folder.
    pub fn made(port: u16, markers: PathBuf) -> Self {
        let mut corpus = Self::of(port, markers);
        pdf::add(&mut corpus);
        archives::add(&mut corpus);
        images::add(&mut corpus);
        texts::add(&mut corpus);
        corpus
    }

    fn add(&mut self, name: impl Into<String>, bytes: Vec<u8>) {
        self.files.push(Hostile { name: name.into(), bytes, is_plan: false, is_endless: false });
    }

    fn add_plan(&mut self, name: impl Into<String>, bytes: Vec<u8>) {
        self.files.push(Hostile { name: name.into(), bytes, is_plan: true, is_endless: false });
    }

    fn add_endless(&mut self, name: impl Into<String>, bytes: Vec<u8>) {
        self.files.push(Hostile { name: name.into(), bytes, is_plan: false, is_endless: true });
    }

    /// An address of the trap.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }

    /// What a program that was run would make.
    fn marker(&self, name: &str) -> String {
        self.markers.join(name).display().to_string()
    }
}

/// Bytes drawn by chance, the same for the same seed.
fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    })
    .take(length)
    .collect()
}

/// So many times this byte, packed by hand (zlib): one byte, and copies of it of the greatest length.
fn deflated(byte: u8, length: usize) -> Vec<u8> {
    const LONGEST: usize = 258;
    let (mut out, mut hold, mut held) = (vec![0x78, 0x01], 0_u64, 0);
    let mut put = |out: &mut Vec<u8>, bits: u64, count: u32| {
        hold |= bits << held;
        held += count;
        while held >= 8 {
            out.push(hold as u8);
            hold >>= 8;
            held -= 8;
        }
        held
    };
    // The codes of the fixed table stand with their first bit in front.
    let code = |value: u64, count: u32| value.reverse_bits() >> (64 - count);
    let literal = |byte: u8| {
        if byte < 144 {
            (code(0x30 + u64::from(byte), 8), 8)
        } else {
            (code(0x190 + u64::from(byte) - 144, 9), 9)
        }
    };
    let (one, bits) = literal(byte);
    put(&mut out, 0b011, 3);
    let copies = length.saturating_sub(1) / LONGEST;
    (0..length - copies * LONGEST).for_each(|_| {
        put(&mut out, one, bits);
    });
    for _ in 0..copies {
        // Length 258 is 285, of eight bits; distance 1 is 0, of five.
        put(&mut out, code(0b1100_0101, 8), 8);
        put(&mut out, 0, 5);
    }
    put(&mut out, 0, 7);
    while put(&mut out, 0, 1) != 0 {}
    let (mut low, mut high) = (1_u64, 0_u64);
    for _ in 0..length {
        low = (low + u64::from(byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    out.extend_from_slice(&((high << 16 | low) as u32).to_be_bytes());
    out
}
