//! Page images.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::hayro_syntax::page::Page;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use image::{DynamicImage, GrayImage, RgbImage};

use crate::intake::reason::Reason;

/// PDF's unit of length.
pub(super) const POINTS_PER_INCH: f32 = 72.0;
/// The rasterizer counts pixels of a side in 16 bits.
const SIDE_MAX: f32 = 65_000.0;

/// `scale`, or as much of it as keeps the image within `pixels_max` and the rasterizer's sides.
pub(super) fn bounded_scale(width: f32, height: f32, scale: f32, pixels_max: u64) -> f32 {
    let by_pixels = (pixels_max as f32 / (width * height).max(1.0)).sqrt();
    let by_side = SIDE_MAX / width.max(height).max(1.0);
    scale.min(by_pixels).min(by_side)
}

/// The page at `scale` pixels per point on white; grey if it has no colour.
pub(super) fn page<'a>(
    page: &'a Page<'a>,
    cache: &RenderCache<'a>,
    settings: &InterpreterSettings,
    scale: f32,
) -> Result<DynamicImage, Reason> {
    let (width, height) = page.render_dimensions();
    if !(scale.is_finite() && width * scale >= 1.0 && height * scale >= 1.0) {
        return Err(Reason::PageTooLarge);
    }
    let pixmap_settings = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let pixmap = render(page, cache, settings, &RenderSettings::default(), &pixmap_settings);
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    let pixels = pixmap.data_as_u8_slice().chunks_exact(4);
    let grey = pixels.clone().all(|pixel| pixel[0] == pixel[1] && pixel[1] == pixel[2]);
    let image = if grey {
        GrayImage::from_raw(width, height, pixels.map(|pixel| pixel[0]).collect()).map(DynamicImage::from)
    } else {
        let colours = pixels.flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
        RgbImage::from_raw(width, height, colours).map(DynamicImage::from)
    };
    image.ok_or(Reason::PageTooLarge)
}
