//! Why a file named on the command line could not be read or written, as users read it.

use std::io::{Error, ErrorKind};

use crate::registry::error::causes;

/// Why a file could not be read or written. What is read here is text, so bytes of another form are no UTF-8.
pub(super) fn in_german(cause: &Error) -> String {
    match cause.kind() {
        ErrorKind::InvalidData => "der Inhalt ist nicht in UTF-8 geschrieben".to_owned(),
        _ => causes::system(cause),
    }
}
