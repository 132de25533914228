//! A small seeded generator (SplitMix64), so that every run draws the same scans.
//!
//! Not for keys: whoever knows the seed knows every number.

/// A stream of numbers that depends on its seed alone.
pub struct Rng(u64);

impl Rng {
    /// The stream that belongs to this name; each document has its own, so that adding one changes no other.
    pub fn named(name: &str) -> Self {
        // FNV-1a spreads short names well enough to start from.
        Self(
            name.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3)),
        )
    }

    /// The next 32 bits.
    pub fn bits(&mut self) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 32) as u32
    }

    /// A whole number from `low` to `high`, both included.
    pub fn whole(&mut self, low: u32, high: u32) -> u32 {
        low + self.bits() % (high.saturating_sub(low) + 1)
    }

    /// A number from `low` up to `high`.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        // 24 bits fit a f32 exactly.
        low + (high - low) * ((self.bits() >> 8) as f32 / 16_777_216.0)
    }

    /// True in `percent` of a hundred cases.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.bits() % 100 < percent
    }
}
