//! Files whose names are the attack: what a file system allows and people should never be shown as it is.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;

/// Names of files, without `/` and zero, which no file system has.
pub fn names() -> Vec<OsString> {
    let mut names: Vec<Vec<u8>> = [
        "a..hinauf",
        "drei...",
        "-rf",
        "--help",
        "-",
        "~",
        "$(touch x)",
        "`touch x`",
        "a;touch x",
        "a|b",
        "a&&b",
        "*",
        "?",
        "[a]",
        "{a,b}",
        "\\",
        "\\\\127.0.0.1\\teilen",
        "C:",
        "CON",
        "NUL.txt",
        "COM1",
        "a:strom",
        "rechnung\u{202e}fdp.exe",
        "unsichtbar\u{200b}\u{feff}",
        "M\u{fc}ller.txt",
        "Mu\u{308}ller.txt",
        "gleich.TXT",
        "GLEICH.txt",
        "zeile\nzwei.txt",
        "wagen\rruecklauf.txt",
        "glocke\u{7}\u{1b}[2J.txt",
        "<img src=x onerror=alert(1)>.txt",
        "'; DROP TABLE akten; --",
        "=cmd|' c calc'!A1.csv",
        "+1+1",
        "@SUM(A1)",
        " vorn und hinten ",
        "punkt.",
        "%2e%2e%2f",
        "\u{1f4c4}",
    ]
    .iter()
    .map(|name| name.as_bytes().to_vec())
    .collect();
    names.push([b'a'; 255].to_vec());
    names.push("ä".repeat(127).into_bytes());
    names.push(b"keine\xFF\xFEzeichen.txt".to_vec());
    names.push(b"halb\xC3".to_vec());
    names.into_iter().map(OsString::from_vec).collect()
}
