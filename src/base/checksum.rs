//! Checksums as others write them into their lists, in four algorithms, told apart by their length. They show that a file
//! arrived as it was sent, and nothing more: MD5 and SHA-1 protect against no one who wants to deceive, so none of them
//! names or proves anything here. That is what [`Sha256`] is for, which is made in the same pass.

use std::fmt;
use std::io::{ErrorKind, Read};
use std::str::FromStr;

use data_encoding::HEXLOWER_PERMISSIVE;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha512};

use super::digest::{Sha256, hex};

/// Bytes read at a time.
const READ_AT_A_TIME: usize = 64 << 10;

/// What a checksum is made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// MD5 (RFC 1321).
    Md5,
    /// SHA-1 (FIPS 180-4).
    Sha1,
    /// SHA-256 (FIPS 180-4).
    Sha256,
    /// SHA-512 (FIPS 180-4).
    Sha512,
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Md5, Self::Sha1, Self::Sha256, Self::Sha512];

    /// What it is called in files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.code() == code)
    }

    const fn bytes(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }
}

/// A checksum; its text is hexadecimal.
#[derive(Clone, PartialEq, Eq)]
pub struct Checksum {
    algorithm: Algorithm,
    bytes: Vec<u8>,
}

impl Checksum {
    /// What it is made with.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.bytes))
    }
}

impl fmt::Debug for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{self}", self.algorithm.code())
    }
}

/// What is wrong with a text that should be a checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected 32, 40, 64 or 128 hexadecimal digits")]
pub struct NotAChecksum;

impl FromStr for Checksum {
    type Err = NotAChecksum;
    /// Digits in lower or upper case.
    fn from_str(text: &str) -> Result<Self, NotAChecksum> {
        let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).map_err(|_| NotAChecksum)?;
        let algorithm = Algorithm::ALL.into_iter().find(|algorithm| algorithm.bytes() == bytes.len());
        Ok(Self { algorithm: algorithm.ok_or(NotAChecksum)?, bytes })
    }
}

/// Reads everything there is, once: its digest, and its checksum if one is asked for.
///
/// # Errors
/// What the reader says.
pub fn measure(
    reader: &mut dyn Read,
    algorithm: Option<Algorithm>,
) -> std::io::Result<(Sha256, Option<Checksum>)> {
    let mut digest = sha2::Sha256::new();
    let mut other = algorithm.and_then(Running::new);
    let mut buffer = vec![0; READ_AT_A_TIME];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => {
                digest.update(&buffer[..read]);
                if let Some(other) = &mut other {
                    other.update(&buffer[..read]);
                }
            }
            Err(cause) if cause.kind() == ErrorKind::Interrupted => {}
            Err(cause) => return Err(cause),
        }
    }
    let digest = Sha256(digest.finalize().into());
    let checksum = algorithm.map(|algorithm| {
        let bytes = other.map_or_else(|| digest.0.to_vec(), Running::finish);
        Checksum { algorithm, bytes }
    });
    Ok((digest, checksum))
}

/// A checksum on the way; none is needed for the digest that is made anyway.
enum Running {
    Md5(Md5),
    Sha1(Sha1),
    Sha512(Sha512),
}

impl Running {
    fn new(algorithm: Algorithm) -> Option<Self> {
        match algorithm {
            Algorithm::Md5 => Some(Self::Md5(Md5::new())),
            Algorithm::Sha1 => Some(Self::Sha1(Sha1::new())),
            Algorithm::Sha512 => Some(Self::Sha512(Sha512::new())),
            Algorithm::Sha256 => None,
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Md5(hasher) => hasher.update(bytes),
            Self::Sha1(hasher) => hasher.update(bytes),
            Self::Sha512(hasher) => hasher.update(bytes),
        }
    }

    fn finish(self) -> Vec<u8> {
        match self {
            Self::Md5(hasher) => hasher.finalize().to_vec(),
            Self::Sha1(hasher) => hasher.finalize().to_vec(),
            Self::Sha512(hasher) => hasher.finalize().to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_the_standards_and_known_by_their_length() {
        let of_abc = [
            (Algorithm::Md5, "900150983cd24fb0d6963f7d28e17f72"),
            (Algorithm::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (Algorithm::Sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                Algorithm::Sha512,
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            ),
        ];
        for (algorithm, text) in of_abc {
            let (digest, made) = measure(&mut &b"abc"[..], Some(algorithm)).unwrap();
            let made = made.unwrap();
            assert_eq!((made.to_string().as_str(), digest), (text, Sha256::of(&[b"abc"])));
            assert_eq!(text.to_uppercase().parse::<Checksum>().unwrap(), made);
            assert_eq!((made.algorithm(), Algorithm::of(algorithm.code())), (algorithm, Some(algorithm)));
        }
        assert_eq!(measure(&mut &b"abc"[..], None).unwrap().1, None);
        for wrong in ["", "0a", &"0".repeat(63), &"g".repeat(64), &"0".repeat(96)] {
            assert_eq!(wrong.parse::<Checksum>(), Err(NotAChecksum), "{wrong}");
        }
    }
}
