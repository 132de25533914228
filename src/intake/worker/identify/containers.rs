//! What is inside a ZIP or a compound file tells what it is.

use crate::domain::text::{Format, MediaType, Puid};
use crate::intake::worker::ole::{self, Ole};
use crate::intake::worker::package::Package;

/// Longest table of contents of an office package that is looked at.
const CONTENT_TYPES_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// Longest name of a media type in a package.
const MIMETYPE_BYTES_MAX: u64 = 256;

/// The format of a ZIP or a compound file; none if it is neither.
pub(super) fn format(bytes: &[u8]) -> Option<Format> {
    if bytes.starts_with(ole::MARK) {
        return Some(compound(bytes));
    }
    matches!(bytes.get(..4), Some(b"PK\x03\x04" | b"PK\x05\x06")).then(|| package(bytes))
}

fn package(bytes: &[u8]) -> Format {
    let zip = Format::known(MediaType::Zip, Puid::x_fmt(263));
    let Ok(mut package) = Package::open(bytes) else { return zip };
    if let Some(types) = package.beginning("[Content_Types].xml", CONTENT_TYPES_BYTES_MAX) {
        return office(&types).unwrap_or(zip);
    }
    let Some(mimetype) = package.beginning("mimetype", MIMETYPE_BYTES_MAX) else { return zip };
    open_document(&mimetype, &mut package).unwrap_or(zip)
}

/// The main part's type, as the package's table names it.
const OFFICE: &[(&str, Format)] = &[
    ("wordprocessingml.document.main+xml", Format::known(MediaType::Docx, Puid::fmt(412))),
    ("ms-word.document.macroEnabled.main+xml", Format::known(MediaType::Docx, Puid::fmt(523))),
    ("wordprocessingml.template.main+xml", Format::of(MediaType::Docx)),
    ("ms-word.template.macroEnabledTemplate.main+xml", Format::of(MediaType::Docx)),
    ("spreadsheetml.sheet.main+xml", Format::known(MediaType::Xlsx, Puid::fmt(214))),
    ("ms-excel.sheet.macroEnabled.main+xml", Format::known(MediaType::Xlsx, Puid::fmt(445))),
    ("spreadsheetml.template.main+xml", Format::of(MediaType::Xlsx)),
    ("ms-excel.template.macroEnabled.main+xml", Format::of(MediaType::Xlsx)),
    ("ms-excel.sheet.binary.macroEnabled.main", Format::known(MediaType::Xlsb, Puid::fmt(595))),
    ("presentationml.presentation.main+xml", Format::known(MediaType::Pptx, Puid::fmt(215))),
    ("ms-powerpoint.presentation.macroEnabled.main+xml", Format::known(MediaType::Pptx, Puid::fmt(487))),
    ("presentationml.slideshow.main+xml", Format::of(MediaType::Pptx)),
    ("ms-powerpoint.slideshow.macroEnabled.main+xml", Format::of(MediaType::Pptx)),
    ("presentationml.template.main+xml", Format::of(MediaType::Pptx)),
];

fn office(types: &[u8]) -> Option<Format> {
    let types = String::from_utf8_lossy(types);
    OFFICE.iter().find(|(name, _)| types.contains(name)).map(|(_, format)| *format)
}

fn open_document(mimetype: &[u8], package: &mut Package<'_>) -> Option<Format> {
    let name = std::str::from_utf8(mimetype).ok()?.trim();
    let kind = name.strip_prefix("application/vnd.oasis.opendocument.")?;
    let (media, numbers) = match kind.trim_end_matches("-template").trim_end_matches("-master") {
        "text" => (MediaType::Odt, [136, 290, 291, 1756]),
        "spreadsheet" => (MediaType::Ods, [137, 294, 295, 1755]),
        "presentation" => (MediaType::Odp, [138, 292, 293, 1754]),
        _ => return None,
    };
    if kind.contains('-') {
        return Some(Format::of(media)); // a template has another name there
    }
    let content = package.beginning("content.xml", CONTENT_TYPES_BYTES_MAX).unwrap_or_default();
    let version = office_version(&content);
    let pronom = version
        .and_then(|version| ["1.0", "1.1", "1.2", "1.3"].iter().position(|known| *known == version))
        .map(|index| Puid::fmt(numbers[index]));
    Some(Format { media, pronom })
}

/// `office:version="1.2"` of the root element.
fn office_version(content: &[u8]) -> Option<String> {
    let mark = b"office:version=";
    let at = content.windows(mark.len()).position(|window| window == mark)? + mark.len() + 1;
    Some(String::from_utf8_lossy(content.get(at..at + 3)?).into_owned())
}

fn compound(bytes: &[u8]) -> Format {
    // The container itself has a name as well.
    let container = Format::known(MediaType::Unknown, Puid::fmt(111));
    let Ok(mut ole) = Ole::open(bytes) else { return Format::UNKNOWN };
    if ole.has("__properties_version1.0") {
        return Format::known(MediaType::OutlookMail, Puid::x_fmt(430));
    }
    if ole.has("EncryptedPackage") {
        return Format::known(MediaType::Unknown, Puid::fmt(494));
    }
    if let Some(stream) = ole.read("WordDocument") {
        return Format { media: MediaType::Doc, pronom: word_version(&stream) };
    }
    if ole.has("PowerPoint Document") {
        return Format::known(MediaType::Ppt, Puid::fmt(126));
    }
    if let Some(stream) = ole.read("Workbook").or_else(|| ole.read("Book")) {
        return Format { media: MediaType::Xls, pronom: excel_version(&stream) };
    }
    container
}

/// Word writes its version into the beginning of its main stream.
fn word_version(stream: &[u8]) -> Option<Puid> {
    match u16::from_le_bytes(stream.get(2..4)?.try_into().ok()?) {
        101..=104 => Some(Puid::fmt(39)),
        193..=0x0112 => Some(Puid::fmt(40)),
        _ => None,
    }
}

/// Excel 97 and its successors write the same version, but another year beside it.
fn excel_version(stream: &[u8]) -> Option<Puid> {
    let record = stream.get(..12)?;
    let word = |at: usize| u16::from_le_bytes([record[at], record[at + 1]]);
    match (word(0), word(4), word(10)) {
        (0x0809, 0x0500, _) => Some(Puid::fmt(59)),
        (0x0809, 0x0600, 0x07CC) => Some(Puid::fmt(61)),
        (0x0809, 0x0600, 0x07CD) => Some(Puid::fmt(62)),
        _ => None,
    }
}

/// It is an office document behind a password.
pub(in crate::intake::worker) fn is_encrypted_package(format: Format) -> bool {
    format.pronom == Some(Puid::fmt(494))
}
