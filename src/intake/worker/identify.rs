//! What the bytes are, found by content and never by name.

use crate::domain::text::MediaType;

/// A PDF may carry this much foreign matter before its header (ISO 32000, implementation note 13).
const PDF_HEADER_WITHIN_BYTES: usize = 1024;
/// How much of a text is looked at to tell it from binary data.
const TEXT_PROBE_BYTES: usize = 64 * 1024;
/// Control characters a plausible Latin-1 text may hold, one in so many bytes.
const LATIN1_CONTROLS_ONE_IN: usize = 500;

/// The kind of document these bytes are, [`MediaType::Unknown`] if no mark fits.
pub(super) fn media_type(bytes: &[u8]) -> MediaType {
    let head = &bytes[..bytes.len().min(PDF_HEADER_WITHIN_BYTES + b"%PDF-".len())];
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        MediaType::Png
    } else if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        MediaType::Jpeg
    } else if is_tiff(bytes) {
        MediaType::Tiff
    } else if head.windows(5).any(|window| window == b"%PDF-") {
        MediaType::Pdf
    } else if is_text(bytes) {
        MediaType::PlainText
    } else {
        MediaType::Unknown
    }
}

/// Classic TIFF (42) and BigTIFF (43), both byte orders.
fn is_tiff(bytes: &[u8]) -> bool {
    matches!(bytes.get(..4), Some(b"II*\0" | b"MM\0*" | b"II+\0" | b"MM\0+"))
}

fn is_text(bytes: &[u8]) -> bool {
    let probe = &bytes[..bytes.len().min(TEXT_PROBE_BYTES)];
    if probe.is_empty() || probe.contains(&0) {
        return false;
    }
    let controls = probe.iter().filter(|b| is_odd_control(**b)).count();
    let few_controls = controls * LATIN1_CONTROLS_ONE_IN <= probe.len();
    let utf8 = match std::str::from_utf8(probe) {
        Ok(_) => true,
        // A character cut by the end of the probe is no error of the text.
        Err(error) => error.error_len().is_none() && probe.len() == TEXT_PROBE_BYTES,
    };
    few_controls && (utf8 || is_latin1(probe))
}

fn is_odd_control(byte: u8) -> bool {
    (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C)) || byte == 0x7F
}

/// Plausible Latin-1: mostly ASCII, and what is not is a printable letter or sign of Latin-1.
fn is_latin1(probe: &[u8]) -> bool {
    let foreign = probe.iter().filter(|b| (0x80..0xA0).contains(*b)).count();
    let high = probe.iter().filter(|b| **b >= 0xA0).count();
    foreign * LATIN1_CONTROLS_ONE_IN <= probe.len() && high * 4 <= probe.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides_what_a_document_is() {
        assert_eq!(media_type(b"%PDF-1.7\n"), MediaType::Pdf);
        let mut late = vec![b'x'; 1024];
        late.extend_from_slice(b"%PDF-1.4");
        assert_eq!(media_type(&late), MediaType::Pdf);
        assert_eq!(media_type(b"II*\0\x08\0\0\0"), MediaType::Tiff);
        assert_eq!(media_type(&[0xFF, 0xD8, 0xFF, 0xE0]), MediaType::Jpeg);
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\n...."), MediaType::Png);
        assert_eq!(media_type("Bürgermeister\n".as_bytes()), MediaType::PlainText);
        assert_eq!(media_type(b"B\xFCrgermeister der Stadt\n"), MediaType::PlainText);
        assert_eq!(media_type(b"PK\x03\x04\0\0"), MediaType::Unknown);
        assert_eq!(media_type(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]), MediaType::Unknown);
        assert_eq!(media_type(b""), MediaType::Unknown);
    }
}
