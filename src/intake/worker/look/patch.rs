//! Patch code T on a scanned page: the sheet that scanning service providers put between documents. Four bars, 0.08 inch thin and
//! 0.2 inch thick with gaps of 0.08 inch between, thin–thick–thin–thick; upside down the same bars are patch code 3, which
//! separates here too. Across the bars every line of the page must show that pattern for 35 mm and more, with paper on both
//! sides; the other four patch codes are left alone, for scanners use them to switch colours and levels.

use image::GrayImage;

use super::at_resolution;

/// At which resolution it is looked.
const DPI: u32 = 100;
/// The whole pattern, in pixels: 0.8 inch, a fifth more or less.
const WIDTH: std::ops::RangeInclusive<usize> = 64..=96;
/// Thin bars and gaps in a pattern of a thousand, with what scanning and skew make of them.
const THIN: std::ops::RangeInclusive<usize> = 50..=155;
/// Thick bars.
const THICK: std::ops::RangeInclusive<usize> = 185..=320;
/// So much paper on both sides, in pixels.
const PAPER: usize = 8;
/// How long the bars are at least, in pixels: 35 mm.
const LENGTH: usize = 138;
/// Of so many lines in a hundred the pattern must be seen.
const SEEN: usize = 80;
/// How far it may move from one line to the next that shows it, in pixels.
const DRIFT: usize = 3;
/// Lines that may be spoilt in between.
const GAP: usize = 6;
/// Ink is darker than this share of the paper, in percent.
const INK: u32 = 60;

/// The bars stand on it, in either direction.
pub(super) fn is_on(image: &GrayImage, dpi: u32) -> bool {
    let small = at_resolution(image, dpi, DPI);
    let ink = ink_below(&small);
    let (width, height) = small.dimensions();
    let row = |y: u32| (0..width).map(|x| small.get_pixel(x, y).0[0] < ink).collect::<Vec<_>>();
    let column = |x: u32| (0..height).map(|y| small.get_pixel(x, y).0[0] < ink).collect::<Vec<_>>();
    runs_through((0..height).map(row)) || runs_through((0..width).map(column))
}

/// The shade below which there is ink: by the shade most of the page has.
fn ink_below(image: &GrayImage) -> u8 {
    let mut shades = [0_u32; 256];
    image.iter().for_each(|shade| shades[usize::from(*shade)] += 1);
    let paper = (0_u32..).zip(shades).max_by_key(|(_, count)| *count).map_or(255, |(shade, _)| shade);
    u8::try_from(paper * INK / 100).unwrap_or(u8::MAX)
}

/// Bars that were seen on lines one after another.
struct Track {
    first: usize,
    last: usize,
    seen: usize,
    at: usize,
    is_turned: bool,
}

fn runs_through(lines: impl Iterator<Item = Vec<bool>>) -> bool {
    let mut tracks: Vec<Track> = Vec::new();
    for (number, line) in lines.enumerate() {
        for (at, is_turned) in patterns(&line) {
            let goes_on = |track: &&mut Track| {
                track.is_turned == is_turned && track.at.abs_diff(at) <= DRIFT && number - track.last <= GAP
            };
            match tracks.iter_mut().find(goes_on) {
                Some(track) => (track.last, track.at, track.seen) = (number, at, track.seen + 1),
                None => tracks.push(Track { first: number, last: number, seen: 1, at, is_turned }),
            }
        }
        tracks.retain(|track| is_long(track) || number - track.last <= GAP);
    }
    tracks.iter().any(is_long)
}

fn is_long(track: &Track) -> bool {
    let length = track.last - track.first + 1;
    length >= LENGTH && track.seen * 100 >= length * SEEN
}

/// Where on a line the pattern begins, and whether it is turned around.
fn patterns(line: &[bool]) -> Vec<(usize, bool)> {
    let runs = runs(line);
    let mut found = Vec::new();
    for nine in runs.windows(9) {
        let [before, bars @ .., after] = nine else { continue };
        let whole: usize = bars.iter().map(|run| run.length).sum();
        if before.is_ink || before.length < PAPER || after.length < PAPER || !WIDTH.contains(&whole) {
            continue;
        }
        let share = |at: usize| bars[at].length * 1000 / whole;
        let gaps = [1, 3, 5].into_iter().all(|at| THIN.contains(&share(at)));
        let (thin, thick) = (|at| THIN.contains(&share(at)), |at| THICK.contains(&share(at)));
        let is_turned = thick(0) && thin(2) && thick(4) && thin(6);
        if gaps && (is_turned || thin(0) && thick(2) && thin(4) && thick(6)) {
            found.push((bars[0].begins, is_turned));
        }
    }
    found
}

/// Pixels of one kind in a row.
struct Run {
    begins: usize,
    length: usize,
    is_ink: bool,
}

/// The runs of a line; a single pixel of the other kind is a speck, and none.
fn runs(line: &[bool]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (at, &is_ink) in line.iter().enumerate() {
        let is_speck = line.get(at + 1).is_some_and(|next| *next != is_ink);
        match runs.last_mut() {
            Some(run) if run.is_ink == is_ink => run.length += 1,
            Some(run) if is_speck => run.length += 1,
            _ => runs.push(Run { begins: at, length: 1, is_ink }),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use image::{Luma, imageops};

    use super::*;

    const PATCH_T: [u32; 4] = [8, 20, 8, 20];

    /// An A4 page at 200 dpi with bars so many pixels thick, at 100 dpi, and so long; turned, and every so many pixels spoilt.
    fn page(bars: [u32; 4], length: u32, degrees: f32, spoilt_every: u32) -> GrayImage {
        let mut page = GrayImage::from_pixel(1654, 2339, Luma([235]));
        let mut left = 500;
        for bar in bars.map(|bar| bar * 2) {
            for (x, y) in (left..left + bar).flat_map(|x| (200..200 + length * 2).map(move |y| (x, y))) {
                page.put_pixel(x, y, Luma([30]));
            }
            left += bar + 16;
        }
        let (sin, cos) = degrees.to_radians().sin_cos();
        GrayImage::from_fn(1654, 2339, |x, y| {
            if spoilt_every > 0 && (x * 7919 + y * 104_729) % spoilt_every == 0 {
                return Luma([if page.get_pixel(x, y).0[0] > 128 { 0 } else { 255 }]);
            }
            let (dx, dy) = (x as f32 - 827.0, y as f32 - 1170.0);
            let (x, y) = (dx * cos + dy * sin + 827.0, dy * cos - dx * sin + 1170.0);
            let inside = x >= 0.0 && y >= 0.0 && x < 1654.0 && y < 2339.0;
            if inside { *page.get_pixel(x as u32, y as u32) } else { Luma([235]) }
        })
    }

    #[test]
    fn the_bars_are_seen_on_pages_that_lie_any_way_askew_and_noisy() {
        for (degrees, spoilt) in [(0.0, 0), (2.0, 0), (-3.0, 0), (1.0, 40), (0.0, 25)] {
            let page = page(PATCH_T, 200, degrees, spoilt);
            for turned in [page.clone(), imageops::rotate90(&page), imageops::rotate180(&page)] {
                assert!(is_on(&turned, 200), "{degrees} degrees, spoilt {spoilt}");
            }
        }
        assert!(is_on(&imageops::thumbnail(&page(PATCH_T, 200, 0.0, 0), 827, 1169), 100), "a coarse scan");
    }

    #[test]
    fn other_bars_short_ones_and_writing_are_none() {
        for bars in
            [[20, 8, 8, 20], [8, 20, 20, 8], [20, 20, 8, 8], [8, 8, 20, 20], [8, 8, 8, 8], [20, 20, 20, 20]]
        {
            assert!(!is_on(&page(bars, 200, 0.0, 0), 200), "{bars:?}");
        }
        assert!(!is_on(&page(PATCH_T, 100, 0.0, 0), 200), "too short");
        assert!(!is_on(&page([16, 40, 16, 40], 200, 0.0, 0), 200), "too wide");
        assert!(!is_on(&GrayImage::from_pixel(1654, 2339, Luma([255])), 200));
        assert!(!is_on(
            &GrayImage::from_fn(1654, 2339, |x, _| Luma([if x % 32 < 16 { 0 } else { 255 }])),
            200
        ));
        assert!(!is_on(&GrayImage::new(1, 1), 200));
    }
}
