//! What a document's bytes are: a kind that the office tells apart, and the number under which the world's
//! register of formats (PRONOM) knows the exact version. It knows no bytes: the worker looks at those.

use std::fmt;
use std::str::FromStr;

/// What kind of document the bytes are, found by content, never by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MediaType {
    /// PDF of any version.
    Pdf,
    /// TIFF, one page or many.
    Tiff,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// Plain text (UTF-8, or Latin-1 where it is not).
    PlainText,
    /// JPEG 2000.
    Jpeg2000,
    /// WebP.
    WebP,
    /// GIF.
    Gif,
    /// HEIC and its kin.
    Heic,
    /// Word before 2007.
    Doc,
    /// Excel before 2007.
    Xls,
    /// `PowerPoint` before 2007.
    Ppt,
    /// Word from 2007 on, with or without macros.
    Docx,
    /// Excel from 2007 on, with or without macros.
    Xlsx,
    /// Excel from 2007 on, in its binary form.
    Xlsb,
    /// `PowerPoint` from 2007 on, with or without macros.
    Pptx,
    /// `OpenDocument` text.
    Odt,
    /// `OpenDocument` spreadsheet.
    Ods,
    /// `OpenDocument` presentation.
    Odp,
    /// Rich Text Format.
    Rtf,
    /// HTML and XHTML.
    Html,
    /// XML of any kind.
    Xml,
    /// A table as text.
    Csv,
    /// One mail.
    Mail,
    /// One mail as Outlook keeps it.
    OutlookMail,
    /// Several mails in one file.
    Mbox,
    /// A ZIP that is none of the above.
    Zip,
    /// Not understood: kept, described and marked.
    Unknown,
}

impl MediaType {
    /// All of them.
    pub const ALL: [Self; 28] = [
        Self::Pdf,
        Self::Tiff,
        Self::Jpeg,
        Self::Png,
        Self::PlainText,
        Self::Jpeg2000,
        Self::WebP,
        Self::Gif,
        Self::Heic,
        Self::Doc,
        Self::Xls,
        Self::Ppt,
        Self::Docx,
        Self::Xlsx,
        Self::Xlsb,
        Self::Pptx,
        Self::Odt,
        Self::Ods,
        Self::Odp,
        Self::Rtf,
        Self::Html,
        Self::Xml,
        Self::Csv,
        Self::Mail,
        Self::OutlookMail,
        Self::Mbox,
        Self::Zip,
        Self::Unknown,
    ];

    /// The IANA media type. Old entries carry these names: one that was once written stays for ever.
    #[must_use]
    pub fn iana(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Tiff => "image/tiff",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::PlainText => "text/plain",
            Self::Jpeg2000 => "image/jp2",
            Self::WebP => "image/webp",
            Self::Gif => "image/gif",
            Self::Heic => "image/heic",
            Self::Doc => "application/msword",
            Self::Xls => "application/vnd.ms-excel",
            Self::Ppt => "application/vnd.ms-powerpoint",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Xlsb => "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Odp => "application/vnd.oasis.opendocument.presentation",
            Self::Rtf => "application/rtf",
            Self::Html => "text/html",
            Self::Xml => "application/xml",
            Self::Csv => "text/csv",
            Self::Mail => "message/rfc822",
            Self::OutlookMail => "application/vnd.ms-outlook",
            Self::Mbox => "application/mbox",
            Self::Zip => "application/zip",
            Self::Unknown => "application/octet-stream",
        }
    }

    /// The kind of this IANA media type; none if it is not one of ours.
    #[must_use]
    pub fn of_iana(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|media| media.iana() == name)
    }

    /// What people read, German.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Tiff => "TIFF-Bild",
            Self::Jpeg => "JPEG-Bild",
            Self::Png => "PNG-Bild",
            Self::PlainText => "reiner Text",
            Self::Jpeg2000 => "JPEG-2000-Bild",
            Self::WebP => "WebP-Bild",
            Self::Gif => "GIF-Bild",
            Self::Heic => "HEIC-Bild",
            Self::Doc => "Word-Dokument (bis 2003)",
            Self::Xls => "Excel-Tabelle (bis 2003)",
            Self::Ppt => "PowerPoint-Präsentation (bis 2003)",
            Self::Docx => "Word-Dokument",
            Self::Xlsx => "Excel-Tabelle",
            Self::Xlsb => "Excel-Tabelle (binär)",
            Self::Pptx => "PowerPoint-Präsentation",
            Self::Odt => "OpenDocument-Text",
            Self::Ods => "OpenDocument-Tabelle",
            Self::Odp => "OpenDocument-Präsentation",
            Self::Rtf => "RTF-Text",
            Self::Html => "HTML-Seite",
            Self::Xml => "XML-Datei",
            Self::Csv => "Tabelle als Text (CSV)",
            Self::Mail => "E-Mail",
            Self::OutlookMail => "E-Mail (Outlook)",
            Self::Mbox => "E-Mail-Postfach",
            Self::Zip => "ZIP-Archiv",
            Self::Unknown => "unbekanntes Format",
        }
    }

    /// It has no pages until an office program lays it out.
    #[must_use]
    pub fn is_laid_out(self) -> bool {
        matches!(
            self,
            Self::Doc
                | Self::Xls
                | Self::Ppt
                | Self::Docx
                | Self::Xlsx
                | Self::Xlsb
                | Self::Pptx
                | Self::Odt
                | Self::Ods
                | Self::Odp
                | Self::Rtf
                | Self::Html
        )
    }

    /// Its pages have a picture that can be drawn here.
    #[must_use]
    pub fn has_pictures(self) -> bool {
        matches!(
            self,
            Self::Pdf
                | Self::Tiff
                | Self::Jpeg
                | Self::Png
                | Self::Jpeg2000
                | Self::WebP
                | Self::Gif
                | Self::Heic
        )
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.iana())
    }
}

/// A name in PRONOM, the register of formats of The National Archives: `fmt/354`, `x-fmt/111`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Puid {
    /// Written `x-fmt`.
    provisional: bool,
    number: u16,
}

impl Puid {
    /// `fmt/` and this number.
    #[must_use]
    pub const fn fmt(number: u16) -> Self {
        Self { provisional: false, number }
    }

    /// `x-fmt/` and this number.
    #[must_use]
    pub const fn x_fmt(number: u16) -> Self {
        Self { provisional: true, number }
    }
}

impl fmt::Display for Puid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}fmt/{}", if self.provisional { "x-" } else { "" }, self.number)
    }
}

/// A text that is no name in PRONOM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAPuid;

impl fmt::Display for NotAPuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a PRONOM identifier such as `fmt/354`")
    }
}

impl FromStr for Puid {
    type Err = NotAPuid;

    fn from_str(text: &str) -> Result<Self, NotAPuid> {
        let (provisional, rest) = match text.strip_prefix("x-") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let number = rest.strip_prefix("fmt/").and_then(|number| number.parse().ok()).ok_or(NotAPuid)?;
        let puid = Self { provisional, number };
        // One format has one name: no `fmt/007`, no `fmt/+7`.
        if puid.to_string() == text { Ok(puid) } else { Err(NotAPuid) }
    }
}

/// What bytes were found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Format {
    /// The kind.
    pub media: MediaType,
    /// The exact version, where it can be told.
    pub pronom: Option<Puid>,
}

impl Format {
    /// Nothing is known.
    pub const UNKNOWN: Self = Self { media: MediaType::Unknown, pronom: None };

    /// A kind whose version cannot be told.
    #[must_use]
    pub const fn of(media: MediaType) -> Self {
        Self { media, pronom: None }
    }

    /// A kind in the version of this name.
    #[must_use]
    pub const fn known(media: MediaType, pronom: Puid) -> Self {
        Self { media, pronom: Some(pronom) }
    }
}
