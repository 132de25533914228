//! From the coefficients of a block to its pixels: the inverse cosine transform after Arai, Agui and Nakajima, in floating
//! point, its scales multiplied into the steps of quantisation. Nothing here can overflow.

/// Where the coefficients stand, in the order they are written.
pub(super) const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
    14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39,
    46, 53, 60, 61, 54, 47, 55, 62, 63,
];
/// The scales of the transform along one side.
const SCALES: [f32; 8] =
    [1.0, 1.387_039_8, 1.306_563, 1.175_875_6, 1.0, 0.785_694_96, 0.541_196_1, 0.275_899_38];
const MIDDLE: f32 = 128.0;

/// What coefficients are multiplied with, by their place: the steps, given in the order they are written, times the scales.
pub(super) fn scales(steps: &[u16; 64]) -> [f32; 64] {
    let mut scales = [0.0; 64];
    for (step, place) in steps.iter().zip(ZIGZAG) {
        let place = usize::from(place);
        scales[place] = f32::from(*step) * SCALES[place / 8] * SCALES[place % 8] / 8.0;
    }
    scales
}

/// Puts the pixels of a block into a plane, at its beginning. A flat block has only its first coefficient.
pub(super) fn transform(values: &mut [f32; 64], is_flat: bool, plane: &mut [u8], stride: usize) {
    if is_flat {
        let shade = pixel(values[0]);
        for row in plane.chunks_mut(stride).take(8) {
            row[..8].fill(shade);
        }
        return;
    }
    for column in 0..8 {
        let side = std::array::from_fn(|row| values[row * 8 + column]);
        for (row, value) in one_side(side).into_iter().enumerate() {
            values[row * 8 + column] = value;
        }
    }
    for (row, line) in plane.chunks_mut(stride).take(8).enumerate() {
        let side = std::array::from_fn(|column| values[row * 8 + column]);
        for (place, value) in line.iter_mut().zip(one_side(side)) {
            *place = pixel(value);
        }
    }
}

fn pixel(value: f32) -> u8 {
    // A cast stops at the ends.
    (value + MIDDLE).round() as u8
}

fn one_side([v0, v1, v2, v3, v4, v5, v6, v7]: [f32; 8]) -> [f32; 8] {
    let (sum, difference) = (v0 + v4, v0 - v4);
    let both = v2 + v6;
    let turned = (v2 - v6) * std::f32::consts::SQRT_2 - both;
    let (e0, e3, e1, e2) = (sum + both, sum - both, difference + turned, difference - turned);
    let (z13, z10, z11, z12) = (v5 + v3, v5 - v3, v1 + v7, v1 - v7);
    let o7 = z11 + z13;
    let z5 = (z10 + z12) * 1.847_759_1;
    let o6 = z5 - z10 * 2.613_126 - o7;
    let o5 = (z11 - z13) * std::f32::consts::SQRT_2 - o6;
    let o4 = z5 - z12 * 1.082_392_2 - o5;
    [e0 + o7, e1 + o6, e2 + o5, e3 + o4, e3 - o4, e2 - o5, e1 - o6, e0 - o7]
}
