//! What kind of document it is, in words: with the version where it is known, and its name in PRONOM.

use crate::domain::text::{Format, MediaType, Puid};

/// Versions of PDF by their names in PRONOM. That a file is PDF/A is what it says of itself; nobody here has checked it.
const PDF_VERSIONS: &[(Puid, &str)] = &[
    (Puid::fmt(14), "PDF 1.0"),
    (Puid::fmt(15), "PDF 1.1"),
    (Puid::fmt(16), "PDF 1.2"),
    (Puid::fmt(17), "PDF 1.3"),
    (Puid::fmt(18), "PDF 1.4"),
    (Puid::fmt(19), "PDF 1.5"),
    (Puid::fmt(20), "PDF 1.6"),
    (Puid::fmt(276), "PDF 1.7"),
    (Puid::fmt(1129), "PDF 2.0"),
    (Puid::fmt(95), "PDF/A-1a nach eigener Angabe"),
    (Puid::fmt(354), "PDF/A-1b nach eigener Angabe"),
    (Puid::fmt(476), "PDF/A-2a nach eigener Angabe"),
    (Puid::fmt(477), "PDF/A-2b nach eigener Angabe"),
    (Puid::fmt(478), "PDF/A-2u nach eigener Angabe"),
    (Puid::fmt(479), "PDF/A-3a nach eigener Angabe"),
    (Puid::fmt(480), "PDF/A-3b nach eigener Angabe"),
    (Puid::fmt(481), "PDF/A-3u nach eigener Angabe"),
    (Puid::fmt(1910), "PDF/A-4 nach eigener Angabe"),
    (Puid::fmt(1911), "PDF/A-4e nach eigener Angabe"),
    (Puid::fmt(1912), "PDF/A-4f nach eigener Angabe"),
];

/// What a document is: `PDF/A-1b nach eigener Angabe (fmt/354)`, `Word-Dokument (fmt/412)`, `HEIC-Bild`.
#[must_use]
pub fn kind(format: Format) -> String {
    let Some(puid) = format.pronom else { return format.media.label().to_owned() };
    let version = PDF_VERSIONS.iter().find(|(known, _)| format.media == MediaType::Pdf && *known == puid);
    let label = version.map_or_else(|| format.media.label(), |(_, label)| label);
    format!("{label} ({puid})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_named_with_its_version_and_its_name_in_pronom() {
        let named = |media, puid| kind(Format::known(media, puid));
        assert_eq!(named(MediaType::Pdf, Puid::fmt(354)), "PDF/A-1b nach eigener Angabe (fmt/354)");
        assert_eq!(named(MediaType::Docx, Puid::fmt(412)), "Word-Dokument (fmt/412)");
        assert_eq!(named(MediaType::PlainText, Puid::x_fmt(111)), "reiner Text (x-fmt/111)");
        assert_eq!(kind(Format::of(MediaType::Heic)), "HEIC-Bild");
        assert_eq!(kind(Format::UNKNOWN), "unbekanntes Format");
    }
}
