//! The file plan as the message Aktenplan.Aktenplan.0301 of xdomea: written in version 3.1.0, the newest with a schema for it;
//! read in every version since 2.3.0. What xdomea has no words for (secrecy, patterns of reference numbers) goes in its
//! extension for applications and is read from there again; what we have no place for is told as lost.

mod read;
#[cfg(test)]
mod tests;
mod write;

pub use read::{Message, read};
pub use write::{Envelope, Fate, write};

/// The version that is written.
pub const VERSION: &str = "3.1.0";
/// The versions that are read.
pub const VERSIONS: [&str; 4] = ["2.3.0", "2.4.0", "3.0.0", VERSION];

/// The root of the message.
const ROOT: &str = "Aktenplan.Aktenplan.0301";
/// By this our own extension is known.
const EXTENSION: &str = "schriftgut:aktenplan:1";
/// Name of the field of the extension with the secrecy of a class.
const DOMAIN: &str = "Schutzbereich";
/// Name of the field of the extension with the pattern of a class.
const PATTERN: &str = "Aktenzeichenmuster";
