//! The text of a list out of its bytes. What does not fit the encoding it should be in is told, never replaced.

use super::Flaw;

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// As our own lists are.
    #[default]
    Utf8,
    /// As office programs in Germany wrote for decades.
    Windows1252,
}

impl Encoding {
    /// By the name in a profile.
    pub(super) const NAMES: [(&str, Self); 2] = [("utf-8", Self::Utf8), ("windows-1252", Self::Windows1252)];
}

/// The text, without a byte order mark.
pub(super) fn decode(bytes: &[u8], encoding: Encoding) -> Result<String, Flaw> {
    match encoding {
        Encoding::Utf8 => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.trim_start_matches('\u{feff}').to_owned()),
            Err(cause) => {
                let line = bytes[..cause.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
                let why = format!("sie ist nicht in UTF-8 geschrieben (zuerst in Zeile {})", line + 1);
                let way_out =
                    "speichern Sie sie als UTF-8, oder nennen Sie ein Profil mit encoding = \"windows-1252\"";
                Err(Flaw::whole(why, way_out))
            }
        },
        Encoding::Windows1252 => {
            let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
            // Five bytes stand for nothing there; the decoder makes control characters of them.
            let strange = text.find(|letter| ('\u{80}'..='\u{9f}').contains(&letter));
            if let Some(at) = strange {
                let line = text[..at].matches('\n').count() + 1;
                let why = format!("Zeile {line} hat ein Zeichen, das es in Windows-1252 nicht gibt");
                return Err(Flaw::whole(why, "sehen Sie nach, wie die Liste geschrieben ist (encoding)"));
            }
            if bytes.starts_with(&[0xef, 0xbb, 0xbf]) {
                let why = "sie beginnt mit dem Zeichen für UTF-8, und das Profil nennt Windows-1252";
                return Err(Flaw::whole(why, "schreiben Sie im Profil encoding = \"utf-8\""));
            }
            Ok(text.into_owned())
        }
    }
}
