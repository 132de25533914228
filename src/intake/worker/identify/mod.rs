//! What the bytes are, found by content and never by name, with the name in PRONOM where the bytes tell it.
//!
//! The table is ours and short: names of formats that are certain, told by the marks the formats themselves
//! define. What cannot be told has none.

mod containers;
mod pdf;
mod texts;

pub(super) use containers::is_encrypted_package;
pub(super) use texts::envelope;

use crate::domain::text::{Format, MediaType, Puid};

/// A PDF may carry this much foreign matter before its header (ISO 32000, implementation note 13).
const PDF_HEADER_WITHIN_BYTES: usize = 1024;

/// The kind of document these bytes are, [`MediaType::Unknown`] if no mark fits.
pub(super) fn format(bytes: &[u8]) -> Format {
    picture(bytes)
        .or_else(|| containers::format(bytes))
        .or_else(|| pdf_header(bytes).map(|at| pdf::format(&bytes[at..])))
        .or_else(|| texts::format(bytes))
        .unwrap_or(Format::UNKNOWN)
}

fn pdf_header(bytes: &[u8]) -> Option<usize> {
    let head = &bytes[..bytes.len().min(PDF_HEADER_WITHIN_BYTES + b"%PDF-".len())];
    let at = head.windows(5).position(|window| window == b"%PDF-")?;
    // A mail whose first part mentions PDF is a mail.
    (at == 0 || !texts::is_mail(bytes)).then_some(at)
}

fn picture(bytes: &[u8]) -> Option<Format> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some(Format::known(MediaType::Png, png(bytes)));
    }
    if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        return Some(Format { media: MediaType::Jpeg, pronom: jfif(bytes) });
    }
    match bytes.get(..4)? {
        // Classic TIFF (42) and BigTIFF (43), both byte orders.
        b"II*\0" | b"MM\0*" => return Some(Format::known(MediaType::Tiff, Puid::fmt(353))),
        b"II+\0" | b"MM\0+" => return Some(Format::of(MediaType::Tiff)),
        [0xFF, 0x4F, 0xFF, 0x51] => return Some(Format::of(MediaType::Jpeg2000)),
        _ => {}
    }
    let (head, rest) = bytes.split_at_checked(12)?;
    match head {
        [b'G', b'I', b'F', b'8', b'7', b'a', ..] => Some(Format::known(MediaType::Gif, Puid::fmt(3))),
        [b'G', b'I', b'F', b'8', b'9', b'a', ..] => Some(Format::known(MediaType::Gif, Puid::fmt(4))),
        b"\0\0\0\x0CjP  \r\n\x87\n" => {
            let pronom = match rest.get(8..12) {
                Some(b"jp2 ") => Some(Puid::x_fmt(392)),
                Some(b"jpx ") => Some(Puid::fmt(151)),
                _ => None,
            };
            Some(Format { media: MediaType::Jpeg2000, pronom })
        }
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P'] => {
            let pronom = match rest.get(..4) {
                Some(b"VP8 ") => Some(Puid::fmt(566)),
                Some(b"VP8L") => Some(Puid::fmt(567)),
                Some(b"VP8X") => Some(Puid::fmt(568)),
                _ => None,
            };
            Some(Format { media: MediaType::WebP, pronom })
        }
        [_, _, _, _, b'f', b't', b'y', b'p', b'h', b'e', b'i' | b'v', _]
        | [_, _, _, _, b'f', b't', b'y', b'p', b'm', b'i' | b's', b'f', b'1'] => {
            Some(Format::known(MediaType::Heic, Puid::fmt(1101)))
        }
        _ => None,
    }
}

/// The version of a JFIF file stands in its first segment; without one it is none of these three.
fn jfif(bytes: &[u8]) -> Option<Puid> {
    if bytes.get(2..4)? != [0xFF, 0xE0] || bytes.get(6..11)? != b"JFIF\0" {
        return None;
    }
    match bytes.get(11..13)? {
        [1, 0] => Some(Puid::fmt(42)),
        [1, 1] => Some(Puid::fmt(43)),
        [1, 2] => Some(Puid::fmt(44)),
        _ => None,
    }
}

/// The version of a PNG is that of its newest chunk.
fn png(bytes: &[u8]) -> Puid {
    let mut newest = Puid::fmt(11);
    let mut rest = &bytes[8..];
    while let Some((length, chunk)) = rest.split_first_chunk::<4>() {
        match chunk.get(..4) {
            Some(b"iTXt") => return Puid::fmt(13),
            Some(b"iCCP" | b"sRGB" | b"sPLT") => newest = Puid::fmt(12),
            _ => {}
        }
        let length = u32::from_be_bytes(*length) as usize;
        rest = length.checked_add(8).and_then(|end| chunk.get(end..)).unwrap_or(&[]);
    }
    newest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn media_type(bytes: &[u8]) -> MediaType {
        format(bytes).media
    }

    fn puid(bytes: &[u8]) -> Option<String> {
        format(bytes).pronom.map(|puid| puid.to_string())
    }

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
        assert_eq!(media_type(b"PK\x03\x04\0\0"), MediaType::Zip);
        assert_eq!(media_type(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]), MediaType::Unknown);
        assert_eq!(media_type(b""), MediaType::Unknown);
        assert_eq!(media_type(&[0x7F, b'E', b'L', b'F', 2, 1, 1, 0]), MediaType::Unknown);
    }

    #[test]
    fn pictures_have_their_kind_and_their_version() {
        assert_eq!(puid(b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x01"), Some("fmt/43".to_owned()));
        assert_eq!(puid(b"\xFF\xD8\xFF\xE1\0\x10Exif\0\0"), None, "not certain, so none");
        assert_eq!(puid(b"\x89PNG\r\n\x1a\n"), Some("fmt/11".to_owned()));
        assert_eq!(puid(b"\x89PNG\r\n\x1a\n\0\0\0\x01sRGB\0\0\0\0\0"), Some("fmt/12".to_owned()));
        assert_eq!(puid(b"\x89PNG\r\n\x1a\n\xFF\xFF\xFF\xFFiDOT"), Some("fmt/11".to_owned()));
        for (bytes, media, name) in [
            (&b"GIF89a\x01\0\x01\0\0\0"[..], MediaType::Gif, Some("fmt/4")),
            (b"RIFF\x10\0\0\0WEBPVP8L", MediaType::WebP, Some("fmt/567")),
            (b"\0\0\0\x0CjP  \r\n\x87\n\0\0\0\x14ftypjp2 ", MediaType::Jpeg2000, Some("x-fmt/392")),
            (b"\xFF\x4F\xFF\x51\0\x29", MediaType::Jpeg2000, None),
            (b"\0\0\0\x18ftypheic\0\0\0\0", MediaType::Heic, Some("fmt/1101")),
            (b"\0\0\0\x18ftypmp42\0\0\0\0", MediaType::Unknown, None),
        ] {
            assert_eq!((media_type(bytes), puid(bytes).as_deref()), (media, name));
        }
    }
}
