//! JPEG row by row: baseline and extended sequential, Huffman, eight bits. No crate that is kept hands out the rows of a JPEG
//! as they are decoded, and a plan must not be held whole. Progressive ones cannot be taken in rows and are refused as too
//! large. Only what is needed is transformed: for shades the first component alone. Fit for plans only; smaller images are
//! decoded by `image`.

mod bits;
mod block;

use self::bits::{Bits, Huffman};
use self::block::{ZIGZAG, scales, transform};
use super::Smaller;
use crate::intake::reason::Reason;
use crate::intake::worker::picture::from_cmyk;

/// Markers: frames, tables, scans, end.
const SEQUENTIAL: [u8; 2] = [0xC0, 0xC1];
const PROGRESSIVE: u8 = 0xC2;
const HUFFMAN: u8 = 0xC4;
const QUANTISATION: u8 = 0xDB;
const RESTARTS: u8 = 0xDD;
const SCAN: u8 = 0xDA;
const END: u8 = 0xD9;
const ADOBE: u8 = 0xEE;
/// Most components of a frame, and largest sampling factor.
const COMPONENTS_MAX: usize = 4;
const SAMPLING_MAX: usize = 4;

/// One component of the frame.
struct Component {
    id: u8,
    across: usize,
    down: usize,
    quantisation: usize,
    dc: usize,
    ac: usize,
    before: i32,
    /// Bytes of a row of its plane, and the plane: one row of coding units.
    stride: usize,
    plane: Vec<u8>,
}

/// What was said before the scan.
#[derive(Default)]
struct Head {
    width: usize,
    height: usize,
    components: Vec<Component>,
    quantisation: [Option<[f32; 64]>; 4],
    dc: [Option<Huffman>; 4],
    ac: [Option<Huffman>; 4],
    restart_every: usize,
    /// The colours, as Adobe's programs say: 0 as they are, 1 YCbCr, 2 YCCK.
    adobe: Option<u8>,
}

/// Hands the rows of a JPEG over. `tables` are those that a TIFF keeps apart; `is_rgb` says that the file around it knows its
/// three components to be red, green and blue.
pub(in crate::intake::worker) fn decode(
    bytes: &[u8],
    tables: Option<&[u8]>,
    is_rgb: bool,
    to: &mut Smaller,
) -> Result<(), Reason> {
    let mut head = Head::default();
    if let Some(tables) = tables {
        head.take(tables)?;
    }
    let Some((parameters, data)) = head.take(bytes)? else { return Err(Reason::PageDamaged) };
    let scan = head.scan(parameters)?;
    if head.width != to.row_width() {
        return Err(Reason::PageDamaged);
    }
    head.rows(&scan, data, is_rgb, to)
}

/// A scan: its parameters, and where its data begin.
type Scan<'b> = (&'b [u8], &'b [u8]);

impl Head {
    /// Takes in all that stands before the first scan: its parameters, and where its data begin. None if there is no scan.
    fn take<'b>(&mut self, bytes: &'b [u8]) -> Result<Option<Scan<'b>>, Reason> {
        let mut at = 0;
        loop {
            let Some(from) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == 0xFF))
            else {
                return Ok(None);
            };
            at += from + 1;
            let Some(&marker) = bytes.get(at) else { return Ok(None) };
            match marker {
                // Fill bytes, stuffing, start of image, restarts.
                0xFF => continue,
                0x00 | 0x01 | 0xD0..=0xD8 => {
                    at += 1;
                    continue;
                }
                END => return Ok(None),
                _ => {}
            }
            let length = match bytes.get(at + 1..at + 3) {
                Some(&[high, low]) => usize::from(u16::from_be_bytes([high, low])).max(2),
                _ => return Ok(None),
            };
            let segment = bytes.get(at + 3..at + 1 + length).ok_or(Reason::PageDamaged)?;
            at += 1 + length;
            if marker == SCAN {
                return Ok(Some((segment, bytes.get(at..).unwrap_or_default())));
            }
            self.segment(marker, segment)?;
        }
    }

    fn segment(&mut self, marker: u8, segment: &[u8]) -> Result<(), Reason> {
        match marker {
            HUFFMAN => self.take_huffman(segment),
            QUANTISATION => self.take_quantisation(segment),
            marker if SEQUENTIAL.contains(&marker) => self.take_frame(segment),
            PROGRESSIVE => Err(Reason::PageTooLarge),
            0xC3..=0xCF => Err(Reason::ImageUnsupported),
            RESTARTS => {
                self.restart_every = usize::from(u16_at(segment, 0)?);
                Ok(())
            }
            ADOBE if segment.starts_with(b"Adobe") => {
                self.adobe = segment.get(11).copied();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn take_huffman(&mut self, mut segment: &[u8]) -> Result<(), Reason> {
        while let Some((kind, rest)) = segment.split_first() {
            let counts: [u8; 16] =
                rest.get(..16).and_then(|counts| counts.try_into().ok()).ok_or(Reason::PageDamaged)?;
            let symbols = counts.iter().map(|count| usize::from(*count)).sum::<usize>();
            let values = rest.get(16..16 + symbols).ok_or(Reason::PageDamaged)?;
            let table = Huffman::new(&counts, values).ok_or(Reason::PageDamaged)?;
            let place = usize::from(kind & 0x0F);
            let tables = if kind >> 4 == 0 { &mut self.dc } else { &mut self.ac };
            *tables.get_mut(place).ok_or(Reason::PageDamaged)? = Some(table);
            segment = &rest[16 + symbols..];
        }
        Ok(())
    }

    fn take_quantisation(&mut self, mut segment: &[u8]) -> Result<(), Reason> {
        while let Some((kind, rest)) = segment.split_first() {
            let size = if kind >> 4 == 0 { 1 } else { 2 };
            let values = rest.get(..64 * size).ok_or(Reason::PageDamaged)?;
            let mut steps = [0_u16; 64];
            for (step, value) in steps.iter_mut().zip(values.chunks_exact(size)) {
                *step = value.iter().fold(0, |step, byte| step << 8 | u16::from(*byte));
            }
            let place = self.quantisation.get_mut(usize::from(kind & 0x0F)).ok_or(Reason::PageDamaged)?;
            *place = Some(scales(&steps));
            segment = &rest[64 * size..];
        }
        Ok(())
    }

    fn take_frame(&mut self, segment: &[u8]) -> Result<(), Reason> {
        if segment.first() != Some(&8) {
            return Err(Reason::ImageUnsupported);
        }
        self.height = usize::from(u16_at(segment, 1)?);
        self.width = usize::from(u16_at(segment, 3)?);
        let count = usize::from(*segment.get(5).ok_or(Reason::PageDamaged)?);
        let described = segment.get(6..6 + count * 3).ok_or(Reason::PageDamaged)?;
        if count == 0 || count > COMPONENTS_MAX || self.width == 0 || !self.components.is_empty() {
            return Err(Reason::PageDamaged);
        }
        for three in described.chunks_exact(3) {
            let (across, down) = (usize::from(three[1] >> 4), usize::from(three[1] & 0x0F));
            let is_possible = (1..=SAMPLING_MAX).contains(&across) && (1..=SAMPLING_MAX).contains(&down);
            if !is_possible {
                return Err(Reason::PageDamaged);
            }
            let (id, quantisation) = (three[0], usize::from(three[2]));
            let (dc, ac, before, stride, plane) = (0, 0, 0, 0, Vec::new());
            self.components.push(Component { id, across, down, quantisation, dc, ac, before, stride, plane });
        }
        Ok(())
    }

    /// Which components the scan has, by their place.
    fn scan(&mut self, parameters: &[u8]) -> Result<Vec<usize>, Reason> {
        let count = usize::from(*parameters.first().ok_or(Reason::PageDamaged)?);
        let described = parameters.get(1..1 + count * 2).ok_or(Reason::PageDamaged)?;
        let mut scan = Vec::new();
        for two in described.chunks_exact(2) {
            let place = self.components.iter().position(|one| one.id == two[0]);
            let place = place.filter(|place| !scan.contains(place)).ok_or(Reason::PageDamaged)?;
            self.components[place].dc = usize::from(two[1] >> 4);
            self.components[place].ac = usize::from(two[1] & 0x0F);
            scan.push(place);
        }
        // Components that follow in scans of their own are colours; the first is the shade.
        if scan.first() == Some(&0) { Ok(scan) } else { Err(Reason::ImageUnsupported) }
    }

    fn rows(&mut self, scan: &[usize], data: &[u8], is_rgb: bool, to: &mut Smaller) -> Result<(), Reason> {
        if let [only] = scan {
            // A component alone is stored without regard to the others.
            (self.components[*only].across, self.components[*only].down) = (1, 1);
        }
        let most = |of: fn(&Component) -> usize| scan.iter().map(|at| of(&self.components[*at])).max();
        let across = most(|component| component.across).ok_or(Reason::PageDamaged)?;
        let down = most(|component| component.down).ok_or(Reason::PageDamaged)?;
        let units = self.width.div_ceil(8 * across);
        let colours = Colours::of(self, scan, is_rgb);
        let shown = if to.in_colour || colours != Colours::Shade { scan.len() } else { 1 };
        for at in scan {
            let component = &mut self.components[*at];
            component.stride = units * component.across * 8;
            component.plane = vec![0; component.stride * component.down * 8];
        }
        let mut bits = Bits::new(data);
        let mut until_restart = self.restart_every;
        let mut line = Vec::new();
        for _ in 0..self.height.div_ceil(8 * down) {
            for unit in 0..units {
                if self.restart_every > 0 && until_restart == 0 {
                    bits.restart()?;
                    scan.iter().for_each(|at| self.components[*at].before = 0);
                    until_restart = self.restart_every;
                }
                self.unit(scan, shown, unit, &mut bits)?;
                until_restart = until_restart.saturating_sub(1);
            }
            for row in 0..8 * down {
                self.put(scan, colours, (across, down), row, &mut line, to);
            }
        }
        Ok(())
    }

    /// Decodes one coding unit; of the components only so many are transformed.
    fn unit(&mut self, scan: &[usize], shown: usize, unit: usize, bits: &mut Bits<'_>) -> Result<(), Reason> {
        for (order, at) in scan.iter().enumerate() {
            let component = &mut self.components[*at];
            let table = |tables: &'_ [Option<Huffman>; 4], place: usize| {
                if tables.get(place).is_some_and(Option::is_some) {
                    Ok(place)
                } else {
                    Err(Reason::PageDamaged)
                }
            };
            let (dc, ac) = (table(&self.dc, component.dc)?, table(&self.ac, component.ac)?);
            let (Some(dc), Some(ac)) = (&self.dc[dc], &self.ac[ac]) else { return Err(Reason::PageDamaged) };
            let scales = self.quantisation.get(component.quantisation).and_then(Option::as_ref);
            let scales = scales.ok_or(Reason::PageDamaged)?;
            for block in 0..component.across * component.down {
                let (column, row) = (block % component.across, block / component.across);
                let mut values = [0.0_f32; 64];
                let is_flat = coefficients(bits, dc, ac, scales, &mut component.before, &mut values)?;
                if order < shown {
                    let left = (unit * component.across + column) * 8;
                    let from = row * 8 * component.stride + left;
                    transform(&mut values, is_flat, &mut component.plane[from..], component.stride);
                }
            }
        }
        Ok(())
    }

    /// Hands one row of the planes over.
    fn put(
        &self,
        scan: &[usize],
        colours: Colours,
        (across, down): (usize, usize),
        row: usize,
        line: &mut Vec<u8>,
        to: &mut Smaller,
    ) {
        let plane = |order: usize| {
            let component = &self.components[scan[order]];
            let from = row * component.down / down * component.stride;
            (&component.plane[from..from + component.stride], component.across)
        };
        let (first, of_first) = plane(0);
        let is_whole = of_first == across && !to.in_colour;
        if scan.len() == 1 || (colours == Colours::Shade && is_whole) {
            to.grey(&first[..self.width]);
            return;
        }
        let planes: Vec<_> = (0..scan.len()).map(plane).collect();
        line.clear();
        for x in 0..self.width {
            let mut samples = [0_u8; COMPONENTS_MAX];
            for (sample, (plane, of_plane)) in samples.iter_mut().zip(&planes) {
                *sample = plane[x * of_plane / across];
            }
            line.extend(colours.rgb(samples));
        }
        to.colours(line);
    }
}

/// Decodes the coefficients of a block, scaled, in their places; whether all but the first are nothing.
fn coefficients(
    bits: &mut Bits<'_>,
    dc: &Huffman,
    ac: &Huffman,
    scales: &[f32; 64],
    before: &mut i32,
    values: &mut [f32; 64],
) -> Result<bool, Reason> {
    let size = bits.symbol(dc)?;
    let difference = bits.value(size)?;
    *before = before.saturating_add(difference);
    values[0] = *before as f32 * scales[0];
    let (mut at, mut is_flat) = (1, true);
    while at < 64 {
        let symbol = bits.symbol(ac)?;
        let (run, size) = (usize::from(symbol >> 4), symbol & 0x0F);
        if size == 0 {
            if run < 15 {
                break;
            }
            at += 16;
            continue;
        }
        at += run;
        let value = bits.value(size)?;
        let place = usize::from(*ZIGZAG.get(at).ok_or(Reason::PageDamaged)?);
        values[place] = value as f32 * scales[place];
        is_flat = false;
        at += 1;
    }
    Ok(is_flat)
}

/// What the components mean.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Colours {
    /// The first is the shade, two more say the colour.
    Shade,
    /// Red, green, blue.
    Rgb,
    /// Four inks.
    Cmyk { is_inverted: bool, is_ycck: bool },
}

impl Colours {
    fn of(head: &Head, scan: &[usize], is_rgb: bool) -> Self {
        match scan.len() {
            3 if is_rgb || head.adobe == Some(0) => Self::Rgb,
            4 => Self::Cmyk { is_inverted: head.adobe.is_some(), is_ycck: head.adobe == Some(2) },
            _ => Self::Shade,
        }
    }

    fn rgb(self, samples: [u8; COMPONENTS_MAX]) -> [u8; 3] {
        let [first, second, third, fourth] = samples;
        match self {
            Self::Shade => of_ycc([first, second, third]),
            Self::Rgb => [first, second, third],
            Self::Cmyk { is_inverted, is_ycck } => {
                let [cyan, magenta, yellow] =
                    if is_ycck { of_ycc([first, second, third]) } else { [first, second, third] };
                let inks = [cyan, magenta, yellow, fourth];
                from_cmyk(if is_inverted { inks.map(|ink| 255 - ink) } else { inks })
            }
        }
    }
}

fn of_ycc([shade, blue, red]: [u8; 3]) -> [u8; 3] {
    let (shade, blue, red) = (i32::from(shade) << 16, i32::from(blue) - 128, i32::from(red) - 128);
    let byte = |value: i32| ((value + (1 << 15)) >> 16).clamp(0, 255) as u8;
    [byte(shade + 91_881 * red), byte(shade - 22_554 * blue - 46_802 * red), byte(shade + 116_130 * blue)]
}

fn u16_at(bytes: &[u8], at: usize) -> Result<u16, Reason> {
    let two = bytes.get(at..at + 2).and_then(|two| two.try_into().ok());
    two.map(u16::from_be_bytes).ok_or(Reason::PageDamaged)
}

#[cfg(test)]
mod tests {
    use image::codecs::jpeg::JpegEncoder;
    use image::{DynamicImage, GrayImage, Luma, Rgb, RgbImage};

    use super::*;

    fn drawn(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| {
            let shade = if (x / 9 + y / 7) % 3 == 0 { 30 } else { 220 };
            Rgb([shade, (x % 256) as u8, ((y * 3) % 256) as u8])
        })
    }

    fn encoded(image: &DynamicImage) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
        match image {
            DynamicImage::ImageLuma8(shades) => encoder.encode_image(shades).unwrap(),
            colours => encoder.encode_image(colours).unwrap(),
        }
        bytes
    }

    fn made(bytes: &[u8], image: &DynamicImage, in_colour: bool) -> (DynamicImage, bool) {
        let mut smaller = Smaller::new(image.width(), image.height(), 1, in_colour);
        let decoded = decode(bytes, None, false, &mut smaller);
        smaller.image(decoded).unwrap()
    }

    fn worst(one: &[u8], other: &[u8]) -> u8 {
        assert_eq!(one.len(), other.len());
        one.iter().zip(other).map(|(one, other)| one.abs_diff(*other)).max().unwrap()
    }

    #[test]
    fn rows_are_those_of_a_decoder_that_holds_the_image_whole() {
        for (width, height) in [(64, 64), (61, 47), (8, 1), (1, 9), (200, 33)] {
            let colours = DynamicImage::from(drawn(width, height));
            let shades = DynamicImage::from(GrayImage::from_fn(width, height, |x, y| {
                Luma([((x * 5 + y * 11) % 256) as u8])
            }));
            for image in [colours, shades] {
                let bytes = encoded(&image);
                let whole = image::load_from_memory(&bytes).unwrap();
                let (rows, is_all) = made(&bytes, &image, true);
                assert!(is_all);
                // Chroma is stretched in another way there; without subsampling both are one.
                let apart = worst(rows.to_rgb8().as_raw(), whole.to_rgb8().as_raw());
                assert!(apart <= 3, "{width}x{height}: {apart}");
                // For reading the first component is the shade.
                let (shades, _) = made(&bytes, &image, false);
                if !image.color().has_color() {
                    assert!(worst(shades.as_bytes(), rows.to_luma8().as_raw()) <= 1);
                }
                assert_eq!(shades.color(), image::ColorType::L8);
            }
        }
    }

    #[test]
    fn what_is_cut_off_shows_what_arrived_and_says_so() {
        let image = DynamicImage::from(drawn(96, 96));
        let bytes = encoded(&image);
        let (rows, is_all) = made(&bytes[..bytes.len() / 2], &image, true);
        assert!(!is_all);
        assert_ne!(rows.to_rgb8().get_pixel(0, 0).0, [255; 3]);
        assert_eq!(rows.to_rgb8().get_pixel(95, 95).0, [255; 3]);
        // No beginning of a file is a reason to panic.
        for length in (0..bytes.len()).step_by(5) {
            let mut smaller = Smaller::new(96, 96, 3, true);
            let _ = decode(&bytes[..length], None, false, &mut smaller);
        }
    }

    #[test]
    fn no_change_of_a_byte_makes_it_panic() {
        let image = DynamicImage::from(drawn(24, 24));
        let bytes = encoded(&image);
        for at in 0..bytes.len() {
            for value in [0, 0xFF, bytes[at] ^ 0x11] {
                let mut changed = bytes.clone();
                changed[at] = value;
                let _ = decode(&changed, None, false, &mut Smaller::new(24, 24, 2, true));
            }
        }
    }

    #[test]
    fn a_progressive_one_is_too_large() {
        let mut bytes = encoded(&DynamicImage::from(drawn(16, 16)));
        let frame = bytes.windows(2).position(|two| two == [0xFF, 0xC0]).unwrap();
        bytes[frame + 1] = PROGRESSIVE;
        let decoded = decode(&bytes, None, false, &mut Smaller::new(16, 16, 1, true));
        assert_eq!(decoded, Err(Reason::PageTooLarge));
    }
}
