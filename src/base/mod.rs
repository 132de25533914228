//! Words without domain meaning: digests, seals, secrets, hexadecimal text.
//!
//! Knows nothing of records, files or people, and nothing of any layer above.

pub mod digest;
pub mod seal;
