//! Pages that lie crooked: by how many degrees, the page straightened, and where its words are on the page as it came.
//!
//! The measure, at 100 dpi: ink is what is darker than a threshold that parts the shades best (Otsu 1979). It is summed along
//! lines of every slope in question; the slope along which full and empty lines differ most is that of the writing
//! (Postl 1986).

use image::{GrayImage, Luma, imageops};

use crate::domain::text::WordBox;

/// At which resolution slopes are measured.
const DPI: u32 = 100;
/// The steepest slope that is measured, in degrees; more is no page that was fed askew.
const DEGREES_MAX: f64 = 7.0;
/// Steps of the first look and of the second, in degrees.
const STEPS: [f64; 2] = [0.5, 0.05];
/// Less is left as it is: recognition does not mind, and every turning blurs.
const DEGREES_MIN: f64 = 0.25;
/// By so much lines along the slope must differ more than lines straight across.
const CLEARER: f64 = 1.05;
/// A page with less ink, or with more of its area, tells nothing.
const INK_MIN: usize = 300;
const INK_SHARE_MAX: f64 = 0.4;

/// By how many degrees the writing falls to the right; none if it lies straight, or nobody can tell.
pub(super) fn skew(image: &GrayImage, dpi: u32) -> Option<f64> {
    let ink = ink(image, dpi)?;
    let mut best = (score(&ink, 0.0), 0.0);
    let straight = best.0;
    let mut from_to = (-DEGREES_MAX, DEGREES_MAX);
    for step in STEPS {
        let count = ((from_to.1 - from_to.0) / step).round() as i32;
        let slopes = (0..=count).map(|at| from_to.0 + f64::from(at) * step);
        for degrees in slopes {
            let found = score(&ink, degrees);
            if found > best.0 {
                best = (found, degrees);
            }
        }
        from_to = (best.1 - step, best.1 + step);
    }
    let is_clear = best.0 > straight * CLEARER && best.1.abs() >= DEGREES_MIN && best.1.abs() < DEGREES_MAX;
    is_clear.then_some(best.1)
}

/// The dark places of a page, without the border in which scanners leave shadows.
struct Ink {
    places: Vec<(f64, f64)>,
    height: f64,
}

fn ink(image: &GrayImage, dpi: u32) -> Option<Ink> {
    let side = |pixels: u32| (u64::from(pixels) * u64::from(DPI) / u64::from(dpi.max(1))).max(1) as u32;
    let smaller = (dpi > DPI).then(|| imageops::thumbnail(image, side(image.width()), side(image.height())));
    let small = smaller.as_ref().unwrap_or(image);
    let threshold = threshold(small);
    let (width, height) = small.dimensions();
    let inside = |x: u32, y: u32| {
        (width / 20..width - width / 20).contains(&x) && (height / 20..height - height / 20).contains(&y)
    };
    let dark = |(x, y, shade): &(u32, u32, &Luma<u8>)| inside(*x, *y) && shade.0[0] <= threshold;
    let places: Vec<_> =
        small.enumerate_pixels().filter(dark).map(|(x, y, _)| (f64::from(x), f64::from(y))).collect();
    let most = f64::from(width) * f64::from(height) * INK_SHARE_MAX;
    let tells = places.len() >= INK_MIN && (places.len() as f64) < most;
    tells.then_some(Ink { places, height: f64::from(height) + f64::from(width) })
}

/// The shade that parts dark from light with the greatest variance between the two.
pub(super) fn threshold(image: &GrayImage) -> u8 {
    let mut counts = [0_u64; 256];
    image.as_raw().iter().for_each(|shade| counts[usize::from(*shade)] += 1);
    let all: u64 = counts.iter().sum();
    let sum = |counts: &[u64]| (0_u64..).zip(counts).map(|(shade, count)| shade * count).sum::<u64>() as f64;
    let whole = sum(&counts);
    let (mut below, mut below_sum) = (0_u64, 0.0);
    let mut best = (0.0, 0);
    for (shade, count) in (0..=u8::MAX).zip(counts) {
        below += count;
        below_sum += f64::from(shade) * count as f64;
        let above = all - below;
        if below == 0 || above == 0 {
            continue;
        }
        let means = below_sum / below as f64 - (whole - below_sum) / above as f64;
        let variance = below as f64 * above as f64 * means * means;
        if variance > best.0 {
            best = (variance, shade);
        }
    }
    best.1
}

/// How much neighbouring lines of this slope differ in ink.
fn score(ink: &Ink, degrees: f64) -> f64 {
    let slope = degrees.to_radians().tan();
    let lift = ink.height / 2.0;
    let mut lines = vec![0_i64; (ink.height * 2.0) as usize + 1];
    for (x, y) in &ink.places {
        let line = (y - x * slope + lift).max(0.0) as usize;
        if let Some(line) = lines.get_mut(line) {
            *line += 1;
        }
    }
    lines.windows(2).map(|pair| ((pair[1] - pair[0]) as f64).powi(2)).sum()
}

/// The image turned back by so many degrees around its middle; what comes in from outside has the shade of the paper.
pub(super) fn straightened(image: &GrayImage, degrees: f64) -> GrayImage {
    let (width, height) = image.dimensions();
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (middle_x, middle_y) = (f64::from(width) / 2.0, f64::from(height) / 2.0);
    let paper = paper(image);
    GrayImage::from_fn(width, height, |x, y| {
        let (x, y) = (f64::from(x) - middle_x, f64::from(y) - middle_y);
        Luma([between(image, x * cos - y * sin + middle_x, x * sin + y * cos + middle_y, paper)])
    })
}

/// The most frequent of the lighter shades.
fn paper(image: &GrayImage) -> u8 {
    let mut counts = [0_u64; 256];
    image.as_raw().iter().for_each(|shade| counts[usize::from(*shade)] += 1);
    (128..=u8::MAX).max_by_key(|shade| counts[usize::from(*shade)]).unwrap_or(u8::MAX)
}

/// The shade between four pixels, each by its nearness.
fn between(image: &GrayImage, x: f64, y: f64, outside: u8) -> u8 {
    let (left, top) = (x.floor(), y.floor());
    let (right_share, bottom_share) = (x - left, y - top);
    let shade = |x: f64, y: f64| {
        let inside = x >= 0.0 && y >= 0.0 && x < f64::from(image.width()) && y < f64::from(image.height());
        f64::from(if inside { image.get_pixel(x as u32, y as u32).0[0] } else { outside })
    };
    let across = |y: f64| shade(left, y) * (1.0 - right_share) + shade(left + 1.0, y) * right_share;
    (across(top) * (1.0 - bottom_share) + across(top + 1.0) * bottom_share).round() as u8
}

/// A word of the straightened page as it lies on the page before: its middle is turned along, its size stays.
pub(super) fn lay_back(word: &mut WordBox, degrees: f64, (width, height): (u32, u32)) {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (width, height) = (f64::from(width), f64::from(height));
    let x = (f64::from(word.left + word.width / 2.0) - 0.5) * width;
    let y = (f64::from(word.top + word.height / 2.0) - 0.5) * height;
    let (x, y) = ((x * cos - y * sin) / width + 0.5, (x * sin + y * cos) / height + 0.5);
    word.left = (x as f32 - word.width / 2.0).clamp(0.0, 1.0 - word.width);
    word.top = (y as f32 - word.height / 2.0).clamp(0.0, 1.0 - word.height);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of something like words, falling to the right by so many degrees.
    fn written(degrees: f64) -> GrayImage {
        let page = GrayImage::from_fn(1654, 2339, |x, y| {
            let in_line = (200..2100).contains(&y) && y % 60 < 18 && (150..1500).contains(&x);
            let in_word = x % 90 < 70 && (x / 6 + y / 9) % 3 != 0;
            Luma([if in_line && in_word { 40 } else { 225 }])
        });
        straightened(&page, -degrees)
    }

    #[test]
    fn a_page_that_was_fed_askew_is_measured_to_a_tenth_of_a_degree() {
        for degrees in [-5.3, -1.0, 0.4, 2.0, 6.5] {
            let found = skew(&written(degrees), 200).unwrap();
            assert!((found - degrees).abs() <= 0.1, "{degrees}: {found}");
        }
    }

    #[test]
    fn a_straight_page_and_one_that_tells_nothing_are_left_as_they_are() {
        assert_eq!(skew(&written(0.0), 200), None);
        assert_eq!(skew(&GrayImage::from_pixel(1654, 2339, Luma([255])), 200), None);
        assert_eq!(skew(&GrayImage::from_pixel(8, 8, Luma([0])), 70), None);
        let mut chance = 7_u32;
        let grain = GrayImage::from_fn(827, 1169, |_, _| {
            chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            Luma([(chance >> 24) as u8])
        });
        assert_eq!(skew(&grain, 100), None);
    }

    #[test]
    fn a_straightened_page_has_its_words_where_the_measure_says() {
        let crooked = written(3.0);
        assert_eq!(skew(&straightened(&crooked, 3.0), 200), None);
        let (start, end, width, height) = (0, 4, 0.01, 0.01);
        let mut word = WordBox { start, end, left: 0.895, top: 0.495, width, height };
        lay_back(&mut word, 3.0, (1654, 2339));
        // 0.4 of the width to the right of the middle a line that falls by three degrees is lower by 0.4 * sin 3° * 1654 pixels.
        assert!((f64::from(word.top) - 0.495 - 0.4 * 0.052_336 * 1654.0 / 2339.0).abs() < 1e-4, "{word:?}");
        assert!((f64::from(word.left) - 0.895).abs() < 1e-3, "{word:?}");
    }
}
