//! Takes off a tile what hangs together and is too large to be a letter: the lines of the drawing, frames, pieces of a title.
//! The engine takes its measure of letters from what it sees, and passes over small print beside large pieces. Areas stay, for
//! letters may lie on them.

use image::GrayImage;

use super::straighten::threshold;

/// Higher or wider pieces are no letters to be read off a tile, in pixels: 5 mm at 300 dpi with what hangs below the line, and
/// letters that touch make a piece of a word. Beside letters of 90 pixels the engine saw none of 26.
const HEIGHT_MAX: u32 = 80;
const WIDTH_MAX: u32 = 800;
/// A piece of more of the tile than this is an area, in percent.
const AREA_MIN: usize = 10;
/// With more ink than this nobody can tell ink from paper, in percent.
const INK_MAX: usize = 40;

/// Ink side by side in a row, from its first pixel up to one behind its last.
#[derive(Clone, Copy)]
struct Run {
    row: u32,
    from: u32,
    to: u32,
    /// A run of the same piece, or this one.
    of: usize,
}

/// What is known of a piece, at the run that stands for it.
#[derive(Clone, Copy)]
struct Piece {
    left: u32,
    right: u32,
    top: u32,
    bottom: u32,
    pixels: usize,
}

/// Leaves only what may be letters.
pub(super) fn keep(image: &mut GrayImage) {
    let ink_up_to = threshold(image);
    let width = image.width();
    let (mut ink, mut paper_sum) = (0_usize, 0_u64);
    for shade in image.as_raw() {
        if *shade <= ink_up_to {
            ink += 1;
        } else {
            paper_sum += u64::from(*shade);
        }
    }
    let all = image.as_raw().len();
    if ink == 0 || ink * 100 > all * INK_MAX {
        return;
    }
    let paper = (paper_sum / (all - ink).max(1) as u64) as u8;
    let mut runs = runs(image, ink_up_to);
    join(&mut runs);
    let pieces = pieces(&mut runs);
    for Run { row, from, to, of } in runs {
        let Piece { left, right, top, bottom, pixels } = pieces[of];
        let is_large = right - left > WIDTH_MAX || bottom - top > HEIGHT_MAX;
        if is_large && pixels * 100 <= all * AREA_MIN {
            let begin = row as usize * width as usize;
            // With the blur at its edges.
            let (from, to) = (from.saturating_sub(1) as usize, (to + 1).min(width) as usize);
            image.as_mut()[begin + from..begin + to].fill(paper);
        }
    }
}

fn runs(image: &GrayImage, ink_up_to: u8) -> Vec<Run> {
    let mut runs = Vec::new();
    for (row, shades) in (0..).zip(image.as_raw().chunks_exact(image.width().max(1) as usize)) {
        let mut begun = None;
        for (at, shade) in (0..).zip(shades) {
            match (begun, *shade <= ink_up_to) {
                (None, true) => begun = Some(at),
                (Some(from), false) => {
                    runs.push(Run { row, from, to: at, of: runs.len() });
                    begun = None;
                }
                _ => {}
            }
        }
        if let Some(from) = begun {
            runs.push(Run { row, from, to: image.width(), of: runs.len() });
        }
    }
    runs
}

/// Joins runs that touch those of the row above, also at a corner.
fn join(runs: &mut [Run]) {
    let mut above = 0;
    for at in 0..runs.len() {
        let Run { row, from, to, .. } = runs[at];
        while above < at
            && (runs[above].row + 1 < row || (runs[above].row + 1 == row && runs[above].to < from))
        {
            above += 1;
        }
        let mut other = above;
        while other < at && runs[other].row + 1 == row && runs[other].from <= to {
            let (one, two) = (first_of(runs, at), first_of(runs, other));
            runs[one.max(two)].of = one.min(two);
            other += 1;
        }
    }
}

/// The run that stands for the piece of this one; the way there is made shorter.
fn first_of(runs: &mut [Run], mut at: usize) -> usize {
    while runs[at].of != at {
        let next = runs[at].of;
        runs[at].of = runs[next].of;
        at = next;
    }
    at
}

/// The pieces, each at the run that stands for it; from then on every run names that one.
fn pieces(runs: &mut [Run]) -> Vec<Piece> {
    let nothing = Piece { left: u32::MAX, right: 0, top: u32::MAX, bottom: 0, pixels: 0 };
    let mut pieces = vec![nothing; runs.len()];
    for at in 0..runs.len() {
        let first = first_of(runs, at);
        runs[at].of = first;
        let Run { row, from, to, .. } = runs[at];
        let piece = &mut pieces[first];
        (piece.left, piece.right) = (piece.left.min(from), piece.right.max(to));
        (piece.top, piece.bottom) = (piece.top.min(row), piece.bottom.max(row + 1));
        piece.pixels += (to - from) as usize;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use image::Luma;

    use super::*;

    fn sheet() -> GrayImage {
        GrayImage::from_pixel(1200, 900, Luma([230]))
    }

    fn fill(image: &mut GrayImage, (left, top): (u32, u32), (width, height): (u32, u32)) {
        for (x, y) in (left..left + width).flat_map(|x| (top..top + height).map(move |y| (x, y))) {
            image.put_pixel(x, y, Luma([20]));
        }
    }

    fn dark(image: &GrayImage) -> usize {
        image.iter().filter(|shade| **shade < 128).count()
    }

    #[test]
    fn lines_frames_and_pieces_of_a_title_go_and_letters_stay() {
        let mut image = sheet();
        fill(&mut image, (100, 300), (40, 60));
        fill(&mut image, (150, 300), (600, 30));
        let letters = dark(&image);
        fill(&mut image, (0, 100), (1200, 4));
        fill(&mut image, (900, 0), (60, 400));
        // A frame around the letters, which it does not touch, and a line that climbs a pixel at a time.
        [(80, 280), (80, 380)].into_iter().for_each(|at| fill(&mut image, at, (720, 5)));
        [(80, 280), (795, 280)].into_iter().for_each(|at| fill(&mut image, at, (5, 305)));
        (0..500).for_each(|at| image.put_pixel(300 + at, 870 - at / 2, Luma([20])));
        keep(&mut image);
        assert_eq!(dark(&image), letters);
        assert_eq!(image.get_pixel(120, 320).0, [20]);
    }

    #[test]
    fn an_area_stays_and_so_does_what_cannot_be_told_apart() {
        let mut image = sheet();
        fill(&mut image, (100, 100), (400, 400));
        let before = image.clone();
        keep(&mut image);
        assert!(image == before, "letters may lie on it");
        let mut night = GrayImage::from_pixel(300, 300, Luma([20]));
        fill(&mut night, (0, 0), (1, 1));
        (0..300).for_each(|at| night.put_pixel(at, 7, Luma([240])));
        let before = night.clone();
        keep(&mut night);
        assert!(night == before);
        keep(&mut GrayImage::new(1, 1));
    }

    #[test]
    fn pieces_that_meet_only_further_down_are_one() {
        let mut image = sheet();
        fill(&mut image, (200, 100), (10, 50));
        fill(&mut image, (400, 100), (10, 50));
        fill(&mut image, (300, 120), (10, 30));
        let before = image.clone();
        keep(&mut image);
        assert!(image == before);
        fill(&mut image, (200, 150), (210, 5));
        fill(&mut image, (350, 155), (10, 40));
        keep(&mut image);
        assert_eq!(dark(&image), 0, "together they are higher than a letter");
    }
}
