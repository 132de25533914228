//! Digests and their hexadecimal form.
//!
//! Algorithms are told apart by type, so that one can never stand in for the other:
//! [`Sha256`] (Merkle tree, archives, evidence), [`Blake3`] (fixity of sealed bytes), and, of 64 bytes, [`Sha512`] (packages
//! for archives that ask for it).

use std::fmt;
use std::str::FromStr;

use data_encoding::HEXLOWER;
use sha2::Digest as _;

/// Bytes read at a time.
const READ_AT_A_TIME: usize = 64 << 10;

/// What is wrong with a text that should be 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected 64 lower-case hexadecimal digits")]
pub struct NotADigest;

/// Reads lower-case hexadecimal digits, two for each byte: of a digest 64.
///
/// # Errors
/// [`NotADigest`] for any other text; upper-case digits are refused so that one digest has one text.
pub fn bytes_from_hex<const N: usize>(text: &str) -> Result<[u8; N], NotADigest> {
    let bytes = HEXLOWER.decode(text.as_bytes()).map_err(|_| NotADigest)?;
    bytes.try_into().map_err(|_| NotADigest)
}

/// 32 bytes as 64 lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

macro_rules! digest {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; 32]);

        impl $name {
            /// The 32 bytes.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), hex(&self.0[..4]))
            }
        }

        impl FromStr for $name {
            type Err = NotADigest;
            fn from_str(text: &str) -> Result<Self, NotADigest> {
                bytes_from_hex(text).map(Self)
            }
        }
    };
}

digest! {
    /// A SHA-256 digest (FIPS 180-4).
    Sha256
}
digest! {
    /// A BLAKE3 digest without key.
    Blake3
}

impl Sha256 {
    /// The digest of several pieces, as if they were one.
    #[must_use]
    pub fn of(pieces: &[&[u8]]) -> Self {
        let mut hasher = sha2::Sha256::new();
        for piece in pieces {
            hasher.update(piece);
        }
        Self(hasher.finalize().into())
    }

    /// The digest of everything there is to read.
    ///
    /// # Errors
    /// What the reader says.
    pub fn of_reader(reader: &mut dyn std::io::Read) -> std::io::Result<Self> {
        let mut hasher = sha2::Sha256::new();
        let mut buffer = vec![0; READ_AT_A_TIME];
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => return Ok(Self(hasher.finalize().into())),
                Ok(read) => hasher.update(&buffer[..read]),
                Err(cause) if cause.kind() == std::io::ErrorKind::Interrupted => {}
                Err(cause) => return Err(cause),
            }
        }
    }
}

/// A SHA-512 digest (FIPS 180-4).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha512(pub [u8; 64]);

impl Sha512 {
    /// The digest of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(sha2::Sha512::digest(bytes).into())
    }
}

impl fmt::Display for Sha512 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for Sha512 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sha512({})", hex(&self.0[..4]))
    }
}

impl Blake3 {
    /// The digest of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_standards_in_however_many_pieces_the_bytes_come() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Sha256::of(&[b"abc"]).to_string(), abc);
        assert_eq!(Sha256::of(&[b"a", b"", b"bc"]).to_string(), abc);
        assert!(Sha512::of(b"abc").to_string().starts_with("ddaf35a193617abacc417349ae204131"));
        let empty = "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262";
        assert_eq!(Blake3::of(b"").to_string(), empty);
    }

    #[test]
    fn a_reader_that_is_interrupted_is_asked_again_and_one_that_fails_is_not() {
        struct Answers(Vec<std::io::Result<&'static [u8]>>);
        impl std::io::Read for Answers {
            fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
                let bytes = if self.0.is_empty() { Ok(&b""[..]) } else { self.0.remove(0) }?;
                buffer[..bytes.len()].copy_from_slice(bytes);
                Ok(bytes.len())
            }
        }
        use std::io::ErrorKind::{Interrupted, UnexpectedEof};
        let mut interrupted = Answers(vec![Ok(b"a"), Err(Interrupted.into()), Ok(b"bc")]);
        assert_eq!(Sha256::of_reader(&mut interrupted).unwrap(), Sha256::of(&[b"abc"]));
        let mut fails = Answers(vec![Ok(b"abc"), Err(UnexpectedEof.into()), Ok(b"d")]);
        assert_eq!(Sha256::of_reader(&mut fails).unwrap_err().kind(), UnexpectedEof);
    }

    #[test]
    fn a_digest_has_one_text_and_its_beginning_in_logs() {
        let text = "0a".repeat(32);
        assert_eq!(text.parse(), Ok(Sha256([10; 32])));
        assert_eq!(Blake3([10; 32]).to_string(), text);
        for wrong in ["", "0a", &"0A".repeat(32), &"0g".repeat(32), &"0a".repeat(33)] {
            assert_eq!(wrong.parse::<Sha256>(), Err(NotADigest), "{wrong}");
        }
        assert_eq!(format!("{:?}", Sha256([10; 32])), "Sha256(0a0a0a0a)");
        assert_eq!((bytes_from_hex::<2>("0a0b"), hex(&[10, 11])), (Ok([10, 11]), "0a0b".to_owned()));
    }
}
