//! Whether nothing stands on a page. The measure, at 100 dpi, without a border of 5 mm: what is darker than the paper around
//! it (8 mm in every direction) by [`INK_MIN`] of 255 shades is ink; ink that hangs together over 1.5 mm is writing, and one
//! such piece is enough: a faint pencil line, a page number, a fold, print that shows through. Smaller specks are dirt, up to
//! [`SPECKS_MAX`] of them. Round pieces of 4 to 8 mm within 20 mm of an edge are punch holes, up to four. A page that is too
//! noisy for faint ink to be told from noise is not called blank: whoever is in doubt keeps the page.

use image::GrayImage;

use super::at_resolution;

/// At which resolution it is looked.
const DPI: u32 = 100;
/// How much darker than the paper ink is: pencil of the hardest kind is at 20 and more.
const INK_MIN: i32 = 12;
/// Mean difference of neighbours from which on a page is too noisy to be judged.
const NOISE_MAX: f32 = 6.0;
/// Specks there may be.
const SPECKS_MAX: usize = 40;
/// Punch holes there may be.
const HOLES_MAX: usize = 4;
/// Smaller pictures are not judged.
const SIDE_MIN_PIXELS: u32 = 150;

/// Millimetres as pixels.
const fn mm(tenths: u32) -> usize {
    (tenths * DPI / 254) as usize
}

const BORDER: usize = mm(50);
const AROUND: usize = mm(80);
const WRITING_MIN: usize = mm(15);
const HOLE: std::ops::RangeInclusive<usize> = mm(40)..=mm(80);
const HOLE_FROM_EDGE_MAX: usize = mm(200);

pub(super) fn is_blank(image: &GrayImage, dpi: u32) -> bool {
    let small = at_resolution(image, dpi, DPI);
    if small.width().min(small.height()) < SIDE_MIN_PIXELS || dpi < DPI * 3 / 4 {
        return false;
    }
    let page = Page::inside_of(&small);
    if page.noise() > NOISE_MAX {
        return false;
    }
    let mut ink = page.ink();
    let (mut specks, mut holes) = (0, 0);
    for at in 0..ink.len() {
        if !ink[at] {
            continue;
        }
        let piece = page.piece(&mut ink, at);
        if piece.is_a_hole(&page) {
            holes += 1;
        } else if piece.width().max(piece.height()) >= WRITING_MIN {
            return false;
        } else if piece.pixels > 1 {
            specks += 1;
        }
        if specks > SPECKS_MAX || holes > HOLES_MAX {
            return false;
        }
    }
    true
}

/// A page without its border.
struct Page {
    width: usize,
    height: usize,
    shades: Vec<u8>,
}

/// Ink that hangs together.
struct Piece {
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
    pixels: usize,
}

impl Piece {
    fn width(&self) -> usize {
        self.right + 1 - self.left
    }

    fn height(&self) -> usize {
        self.bottom + 1 - self.top
    }

    /// A disc, or, where the scanner's lid is bright, its rim.
    fn is_a_hole(&self, page: &Page) -> bool {
        let (width, height) = (self.width(), self.height());
        let (x, y) = ((self.left + self.right) / 2 + BORDER, (self.top + self.bottom) / 2 + BORDER);
        let (whole_width, whole_height) = (page.width + 2 * BORDER, page.height + 2 * BORDER);
        let from_edge = x.min(whole_width - x).min(y).min(whole_height - y);
        let is_disc = self.pixels * 100 >= width * height * 65;
        HOLE.contains(&width)
            && HOLE.contains(&height)
            && width * 3 <= height * 4
            && height * 3 <= width * 4
            && is_disc
            && from_edge <= HOLE_FROM_EDGE_MAX
    }
}

impl Page {
    fn inside_of(image: &GrayImage) -> Self {
        let (width, height) = (image.width() as usize, image.height() as usize);
        let rows = image.as_raw().chunks_exact(width).skip(BORDER).take(height - 2 * BORDER);
        let shades = rows.flat_map(|row| row[BORDER..width - BORDER].iter().copied()).collect();
        Self { width: width - 2 * BORDER, height: height - 2 * BORDER, shades }
    }

    /// Mean difference of neighbours; edges of ink are too few to count.
    fn noise(&self) -> f32 {
        let differences = self.shades.windows(2).map(|pair| u64::from(pair[0].abs_diff(pair[1])));
        let (mut sum, mut count) = (0, 0_u64);
        differences.for_each(|difference| (sum, count) = (sum + difference, count + 1));
        sum as f32 / count.max(1) as f32
    }

    /// What is darker than the paper around it.
    fn ink(&self) -> Vec<bool> {
        let sums = self.sums();
        let stride = self.width + 1;
        let mut ink = Vec::with_capacity(self.shades.len());
        for y in 0..self.height {
            let (top, bottom) = (y.saturating_sub(AROUND), (y + AROUND + 1).min(self.height));
            for x in 0..self.width {
                let (left, right) = (x.saturating_sub(AROUND), (x + AROUND + 1).min(self.width));
                let sum = sums[bottom * stride + right] + sums[top * stride + left]
                    - sums[top * stride + right]
                    - sums[bottom * stride + left];
                let mean = sum / ((bottom - top) * (right - left)) as u64;
                ink.push(mean as i32 - i32::from(self.shades[y * self.width + x]) >= INK_MIN);
            }
        }
        ink
    }

    /// The sum of all shades above and left of each place.
    fn sums(&self) -> Vec<u64> {
        let stride = self.width + 1;
        let mut sums = vec![0_u64; stride * (self.height + 1)];
        for (y, row) in self.shades.chunks_exact(self.width).enumerate() {
            let mut of_row = 0_u64;
            for (x, shade) in row.iter().enumerate() {
                of_row += u64::from(*shade);
                sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] + of_row;
            }
        }
        sums
    }

    /// Takes the piece out of the ink that this place belongs to.
    fn piece(&self, ink: &mut [bool], at: usize) -> Piece {
        let (x, y) = (at % self.width, at / self.width);
        let mut piece = Piece { left: x, right: x, top: y, bottom: y, pixels: 0 };
        let mut waiting = vec![at];
        ink[at] = false;
        while let Some(at) = waiting.pop() {
            let (x, y) = (at % self.width, at / self.width);
            piece.pixels += 1;
            (piece.left, piece.right) = (piece.left.min(x), piece.right.max(x));
            (piece.top, piece.bottom) = (piece.top.min(y), piece.bottom.max(y));
            for y in y.saturating_sub(1)..=(y + 1).min(self.height - 1) {
                for x in x.saturating_sub(1)..=(x + 1).min(self.width - 1) {
                    if std::mem::take(&mut ink[y * self.width + x]) {
                        waiting.push(y * self.width + x);
                    }
                }
            }
        }
        piece
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Luma;

    /// Paper at 200 dpi: a shadow to one side, grain, and a dark edge where the scanner looked past it.
    fn paper() -> GrayImage {
        let mut chance = 11_u32;
        GrayImage::from_fn(1654, 2339, |x, _| {
            chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let grain = (chance >> 28) as u8;
            if x < 20 { Luma([20]) } else { Luma([225 + grain - (x / 60) as u8]) }
        })
    }

    fn darken(page: &mut GrayImage, (x, y): (u32, u32), (width, height): (u32, u32), by: u8) {
        for y in y..y + height {
            for x in x..x + width {
                page.put_pixel(x, y, Luma([page.get_pixel(x, y).0[0].saturating_sub(by)]));
            }
        }
    }

    fn disc(page: &mut GrayImage, (middle_x, middle_y): (u32, u32), radius: u32) {
        for y in middle_y - radius..=middle_y + radius {
            for x in middle_x - radius..=middle_x + radius {
                if x.abs_diff(middle_x).pow(2) + y.abs_diff(middle_y).pow(2) <= radius * radius {
                    page.put_pixel(x, y, Luma([40]));
                }
            }
        }
    }

    #[test]
    fn paper_with_dust_and_punch_holes_is_blank() {
        let mut page = paper();
        assert!(is_blank(&page, 200));
        (0..20).for_each(|at| darken(&mut page, (200 + at * 50, 300 + at * 70), (4, 5), 120));
        disc(&mut page, (95, 850), 23);
        disc(&mut page, (95, 1480), 23);
        assert!(is_blank(&page, 200));
        assert!(is_blank(&GrayImage::from_pixel(1654, 2339, Luma([255])), 200));
    }

    #[test]
    fn the_faintest_pencil_line_a_page_number_and_a_hole_in_the_middle_are_not() {
        let mut pencil = paper();
        darken(&mut pencil, (700, 900), (60, 3), 30);
        assert!(!is_blank(&pencil, 200), "a stroke of 8 mm, 0.4 mm wide, at an eighth of black");
        let mut number = paper();
        darken(&mut number, (830, 2250), (5, 20), 150);
        assert!(!is_blank(&number, 200), "a 1 at the foot");
        let mut blob = paper();
        disc(&mut blob, (800, 1100), 23);
        assert!(!is_blank(&blob, 200), "no hole is in the middle");
        let mut specks = paper();
        (0..90).for_each(|at| darken(&mut specks, (200 + at * 12, 300 + at * 20), (4, 5), 120));
        assert!(!is_blank(&specks, 200), "a dotted line");
    }

    #[test]
    fn what_cannot_be_judged_is_not_blank() {
        let mut chance = 5_u32;
        let noisy = GrayImage::from_fn(827, 1169, |_, _| {
            chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            Luma([180 + (chance >> 26) as u8])
        });
        assert!(!is_blank(&noisy, 100));
        assert!(!is_blank(&GrayImage::from_pixel(90, 90, Luma([255])), 100));
    }
}
