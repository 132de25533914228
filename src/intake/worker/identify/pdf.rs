//! The version of a PDF: what its header says, or the PDF/A it claims to be in its metadata. A claim is not checked.

use memchr::memmem;

use crate::domain::text::{Format, MediaType, Puid};

/// How PDF/A names itself in metadata, in either spelling of XMP.
const PART: &[u8] = b"pdfaid:part";
const CONFORMANCE: &[u8] = b"pdfaid:conformance";
/// How far behind its name a value stands.
const VALUE_WITHIN_BYTES: usize = 24;

/// What a PDF is; `bytes` begin with its header.
pub(super) fn format(bytes: &[u8]) -> Format {
    Format { media: MediaType::Pdf, pronom: claimed(bytes).or_else(|| version(bytes)) }
}

fn version(bytes: &[u8]) -> Option<Puid> {
    Some(Puid::fmt(match bytes.get(5..8)? {
        b"1.0" => 14,
        b"1.1" => 15,
        b"1.2" => 16,
        b"1.3" => 17,
        b"1.4" => 18,
        b"1.5" => 19,
        b"1.6" => 20,
        b"1.7" => 276,
        b"2.0" => 1129,
        _ => return None,
    }))
}

/// The PDF/A of its metadata; none if they are absent, compressed, or say something else.
fn claimed(bytes: &[u8]) -> Option<Puid> {
    let part = value(bytes, PART)?;
    let conformance = value(bytes, CONFORMANCE).unwrap_or(b' ').to_ascii_lowercase();
    Some(Puid::fmt(match (part, conformance) {
        (b'1', b'a') => 95,
        (b'1', b'b') => 354,
        (b'2', b'a') => 476,
        (b'2', b'b') => 477,
        (b'2', b'u') => 478,
        (b'3', b'a') => 479,
        (b'3', b'b') => 480,
        (b'3', b'u') => 481,
        (b'4', b' ') => 1910,
        (b'4', b'e') => 1911,
        (b'4', b'f') => 1912,
        _ => return None,
    }))
}

/// The one sign a property has: `<pdfaid:part>2</…` or `pdfaid:part="2"`. The last one counts: files are changed
/// by adding to them.
fn value(bytes: &[u8], name: &[u8]) -> Option<u8> {
    let last = memmem::rfind(bytes, name)?;
    // In the spelling with elements the last is the closing tag, and the value stands before it.
    let before = &bytes[last.saturating_sub(3)..last];
    if let [sign, b'<', b'/'] = before {
        return Some(*sign);
    }
    let rest = &bytes[last + name.len()..];
    let rest = &rest[..rest.len().min(VALUE_WITHIN_BYTES)];
    rest.iter()
        .copied()
        .find(|byte| !matches!(byte, b'=' | b'"' | b'\'' | b'>') && !byte.is_ascii_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(bytes: &[u8]) -> Option<String> {
        format(bytes).pronom.map(|puid| puid.to_string())
    }

    #[test]
    fn a_pdf_has_the_version_of_its_header_or_the_pdf_a_it_claims() {
        assert_eq!(named(b"%PDF-1.7\n").as_deref(), Some("fmt/276"));
        assert_eq!(named(b"%PDF-2.0\n").as_deref(), Some("fmt/1129"));
        assert_eq!(named(b"%PDF-9.9\n"), None);
        let elements = b"%PDF-1.4 <pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>";
        assert_eq!(named(elements).as_deref(), Some("fmt/354"));
        let attributes = b"%PDF-1.7 <rdf pdfaid:part=\"3\" pdfaid:conformance='A'>";
        assert_eq!(named(attributes).as_deref(), Some("fmt/479"));
        assert_eq!(named(b"%PDF-2.0 pdfaid:part=\"4\"").as_deref(), Some("fmt/1910"));
        assert_eq!(named(b"%PDF-1.5 pdfaid:part=\"7\"").as_deref(), Some("fmt/19"), "no such PDF/A");
    }
}
