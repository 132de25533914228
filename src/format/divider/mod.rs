//! Dividers (Trenn- und Deckblätter): what the square code on one says (`schema/formats/divider.md`), and the sheets as PDF.
//! Whether the check in a code is right is not known here: that takes a key.

mod sheets;

use data_encoding::BASE32_NOPAD;
use uuid::Uuid;

use crate::domain::divider::Divider;
use crate::domain::ids::CaseFileId;

pub use sheets::{CoverText, Sheet, pdf};

/// The version that is written.
pub const VERSION: &str = "SG1";
const PLAIN: &str = "T";
const COVER: &str = "D";

/// What the code on a divider says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DividerCode {
    /// Of which registry it is: the first five bytes of its id.
    pub registry: [u8; 5],
    /// What it says.
    pub divider: Divider,
    /// Shows that this registry printed it.
    pub check: [u8; 8],
}

/// The first five bytes of a registry's id.
#[must_use]
pub fn registry_mark(id: Uuid) -> [u8; 5] {
    let [a, b, c, d, e, ..] = *id.as_bytes();
    [a, b, c, d, e]
}

/// What the check is made over: all the code says but for the check itself.
#[must_use]
pub fn checked_text(registry: [u8; 5], divider: &Divider) -> String {
    text(registry, divider, "")
}

fn text(registry: [u8; 5], divider: &Divider, check: &str) -> String {
    let (kind, file) = match divider.file {
        Some(file) => (COVER, BASE32_NOPAD.encode(file.0.as_bytes())),
        None => (PLAIN, String::new()),
    };
    let register = divider.register.as_ref().map_or("", |register| register.as_str());
    format!("{VERSION}:{kind}:{}:{file}:{check}:{register}", BASE32_NOPAD.encode(&registry))
}

impl DividerCode {
    /// The text of the code.
    #[must_use]
    pub fn write(&self) -> String {
        text(self.registry, &self.divider, &BASE32_NOPAD.encode(&self.check))
    }

    /// Reads the text of a code; none if it is none of this version.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let mut part = || parts.next();
        let (version, kind, registry, file, check, register) =
            (part()?, part()?, part()?, part()?, part()?, part()?);
        let file = match kind {
            PLAIN if file.is_empty() => None,
            COVER => Some(CaseFileId(Uuid::from_bytes(bytes(file)?))),
            _ => return None,
        };
        let register = match register {
            "" => None,
            number => Some(number.parse().ok()?),
        };
        let divider = Divider { file, register };
        let code = Self { registry: bytes(registry)?, divider, check: bytes(check)? };
        (version == VERSION).then_some(code)
    }
}

fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    BASE32_NOPAD.decode(text.as_bytes()).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_example_of_the_specification_is_read_and_written() {
        let code = DividerCode {
            registry: [0x15, 0, 0, 0, 0x2a],
            divider: Divider { file: None, register: "3".parse().ok() },
            check: [1, 2, 3, 4, 5, 6, 7, 8],
        };
        assert_eq!(code.write(), "SG1:T:CUAAAABK::AEBAGBAFAYDQQ:3");
        assert_eq!(DividerCode::read("SG1:T:CUAAAABK::AEBAGBAFAYDQQ:3"), Some(code));
    }

    #[test]
    fn what_is_no_code_of_this_version_is_not_read() {
        for text in [
            "",
            "SG1",
            "SG2:T:CUAAAABK::AEBAGBAFAYDQQ:3",
            "SG1:T:CUAAAABK::AEBAGBAFAYDQQ",
            "SG1:D:CUAAAABK::AEBAGBAFAYDQQ:3",
            "SG1:T:CUAAAABK:CUAAAABK:AEBAGBAFAYDQQ:3",
            "SG1:T:CUAAAABK::AEBAGBAFAYDQ0:3",
            "SG1:T:CUAAAAB::AEBAGBAFAYDQQ:3",
        ] {
            assert_eq!(DividerCode::read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_divider_comes_back(
            registry: [u8; 5],
            check: [u8; 8],
            file in prop::option::of(any::<u128>()),
            register in prop::option::of("[ -~äöüß:]{1,80}"),
        ) {
            let file = file.map(|file| CaseFileId(Uuid::from_u128(file)));
            let register = register.and_then(|register| register.parse().ok());
            let code = DividerCode { registry, divider: Divider { file, register }, check };
            prop_assert_eq!(DividerCode::read(&code.write()), Some(code));
        }

        #[test]
        fn nothing_panics(text in ".{0,200}") {
            let _ = DividerCode::read(&text);
        }
    }
}
