//! The marker structure of a JPEG: does it reach its end? Decoders show a scan that stops half-way and paint the rest
//! grey, so this is how it is told. It knows nothing of pixels.

/// Marker that ends the image (EOI).
const END: u8 = 0xD9;
/// Stands alone like start of image and restarts (TEM).
const TEMPORARY: u8 = 0x01;

/// The image reaches its end marker; what stands behind that does not matter.
pub(super) fn reaches_its_end(bytes: &[u8]) -> bool {
    let mut at = 0;
    while let Some((marker, after)) = next_marker(bytes, at) {
        at = match marker {
            END => return true,
            // Restarts and start of image: no segment follows.
            0xD0..=0xD8 | TEMPORARY => after,
            // A thumbnail with an end of its own lies in a segment.
            _ => segment_end(bytes, after).unwrap_or(bytes.len()),
        };
    }
    false
}

/// The next marker from `at` on, and where it ends: `FF`, any number of times, and a code. `FF 00` is a byte of the
/// data of a scan, which end at a marker and have no length.
fn next_marker(bytes: &[u8], mut at: usize) -> Option<(u8, usize)> {
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == 0xFF)?;
        at += bytes[at..].iter().position(|byte| *byte != 0xFF)?;
        let code = bytes[at];
        at += 1;
        if code != 0 {
            return Some((code, at));
        }
    }
}

/// Where the segment ends whose length stands at `at`; the length counts itself.
fn segment_end(bytes: &[u8], at: usize) -> Option<usize> {
    let length = u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]);
    Some(at + usize::from(length.max(2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Start, a segment that holds an end marker, a scan with a stuffed byte and a restart, an end with fill bytes.
    const WHOLE: &[u8] = &[
        0xFF, 0xD8, 0xFF, 0xE1, 0x00, 0x06, 0xFF, 0xD9, 0x00, 0x00, 0xFF, 0xDA, 0x00, 0x02, 0x12, 0xFF, 0x00,
        0xD9, 0xFF, 0xD0, 0x34, 0xFF, 0xFF, 0xD9,
    ];

    #[test]
    fn only_the_whole_image_reaches_its_end() {
        assert!(reaches_its_end(WHOLE));
        for length in 0..WHOLE.len() {
            assert!(!reaches_its_end(&WHOLE[..length]), "{length} bytes");
        }
        assert!(reaches_its_end(&[WHOLE, b"and what a camera puts behind it"].concat()));
    }

    #[test]
    fn a_segment_longer_than_the_file_is_no_end() {
        assert!(!reaches_its_end(&[0xFF, 0xD8, 0xFF, 0xE0, 0xFF, 0xFF, 0xFF, 0xD9]));
        assert!(!reaches_its_end(&[0xFF, 0xD8, 0xFF, 0xE0, 0x00]));
    }
}
