//! Words without domain meaning: digests, seals, secrets, hexadecimal text, how far a view has followed.
//!
//! Knows nothing of records, files or people, and nothing of any layer above.

pub mod checksum;
pub mod digest;
pub mod followed;
pub mod seal;
