//! Golden data: written once, for a new version, by somebody who says so; a file that is missing otherwise was lost.

use std::path::Path;

/// Says so.
const WRITE: &str = "SCHRIFTGUT_WRITE_GOLDEN";

/// Fails if what is kept there is missing, unless it may be made now.
pub fn require(path: &Path, make: impl FnOnce()) {
    if path.exists() {
        return;
    }
    assert!(
        std::env::var_os(WRITE).is_some_and(|write| write == "1"),
        "golden data is missing: {}. It is kept for ever and never made anew; only for a new version {WRITE}=1 writes it",
        path.display()
    );
    make();
}
