//! Reads the package's own source as text, for the tests that hold the house rules: which files there are,
//! what in them is code (not comment, not string), and what is compiled for tests only.
//!
//! Text, not a compiler: a macro that builds paths out of pieces could slip past. What is checked with it is
//! checked a second time by the compiler where that matters (`domain_alone.rs`).

#![allow(dead_code)] // each test binary uses its part

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A source file.
pub struct Source {
    /// Path below `src`, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
    /// Its text with comments and the insides of strings blanked; as long, with the same lines.
    pub code: String,
    /// Compiled for tests only, as a whole.
    pub is_test: bool,
}

/// The package's folder.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder whose name ends so, in order. Skips what is built and what is hidden.
pub fn files_below(folder: &Path, suffix: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for path in entries.map(|entry| entry.expect("folder is readable").path()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.starts_with('.') || name == "target" || name == "node_modules" {
                continue;
            }
            if path.is_dir() {
                waiting.push(path);
            } else if name.ends_with(suffix) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Every source file below `src`.
pub fn sources() -> Vec<Source> {
    let src = root().join("src");
    let mut sources: Vec<_> = files_below(&src, ".rs")
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("source is text");
            let path = path.strip_prefix(&src).expect("below src").to_string_lossy().replace('\\', "/");
            Source { code: code_of(&text), path, text, is_test: false }
        })
        .collect();
    let tests: BTreeSet<String> = sources.iter().flat_map(test_modules).collect();
    for source in &mut sources {
        let module = source.path.trim_end_matches(".rs").trim_end_matches("/mod");
        source.is_test = tests.iter().any(|test| module == test || module.starts_with(&format!("{test}/")));
    }
    sources
}

/// Modules that a file declares with `#[cfg(test)] mod name;`, as paths below `src`.
fn test_modules(source: &Source) -> Vec<String> {
    let folder = match source.path.rsplit_once('/') {
        Some((folder, "mod.rs")) => folder.to_owned(),
        None if matches!(source.path.as_str(), "lib.rs" | "main.rs") => String::new(),
        _ => source.path.trim_end_matches(".rs").to_owned(),
    };
    let mut found = Vec::new();
    for (at, _) in source.code.match_indices("#[cfg(test)]") {
        let behind = source.code[at + "#[cfg(test)]".len()..].trim_start();
        let behind = behind.strip_prefix("pub(crate) ").unwrap_or(behind);
        let behind = behind.strip_prefix("pub ").unwrap_or(behind);
        let Some((name, _)) = behind.strip_prefix("mod ").and_then(|rest| rest.split_once(';')) else {
            continue;
        };
        if name.chars().all(|c| c.is_alphanumeric() || c == '_') {
            found.push(format!("{folder}/{name}").trim_start_matches('/').to_owned());
        }
    }
    found
}

/// The code outside of `#[cfg(test)]` items: those are blanked, too.
pub fn without_tests(code: &str) -> String {
    let mut out = code.to_owned();
    let mut from = 0;
    while let Some(found) = out[from..].find("#[cfg(test)]") {
        let at = from + found;
        let end = end_of_item(&out, at + "#[cfg(test)]".len());
        let blank: String = out[at..end].chars().map(blanked).collect();
        from = at + blank.len();
        out.replace_range(at..end, &blank);
    }
    out
}

/// One past the item, field or arm that begins behind `at`: its closing brace, its semicolon, or its comma.
fn end_of_item(code: &str, at: usize) -> usize {
    let item = code[at..].split_whitespace().next().is_some_and(|word| ITEMS.contains(&word));
    let mut depth = 0_usize;
    for (offset, c) in code[at..].char_indices() {
        match c {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' if depth == 0 => return at + offset, // closes what the field stands in
            ')' | ']' => depth -= 1,
            '}' => {
                depth -= 1;
                if depth == 0 {
                    return at + offset + 1;
                }
            }
            ';' if depth == 0 => return at + offset + 1,
            ',' if depth == 0 && !item => return at + offset + 1,
            _ => {}
        }
    }
    code.len()
}

/// Words that begin an item.
const ITEMS: &[&str] =
    &["mod", "fn", "impl", "use", "struct", "enum", "trait", "const", "static", "type", "pub", "pub(crate)"];

/// One past the brace that closes the one at `open`.
pub fn end_of_block(code: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (offset, c) in code[open..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return open + offset + 1;
                }
            }
            _ => {}
        }
    }
    code.len()
}

/// The line of a byte, from 1.
pub fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

fn blanked(c: char) -> char {
    if c == '\n' { '\n' } else { ' ' }
}

/// The text with comments and the insides of strings and characters blanked. Lines stay where they are.
pub fn code_of(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = match chars[at] {
            '/' if chars.get(at + 1) == Some(&'/') => end_of_line(&chars, at),
            '/' if chars.get(at + 1) == Some(&'*') => end_of_comment(&chars, at),
            '"' => end_of_string(&chars, at),
            'r' if begins_word(&chars, at) => end_of_raw_string(&chars, at).unwrap_or(at),
            'b' | 'c' if begins_word(&chars, at) && chars.get(at + 1) == Some(&'r') => {
                end_of_raw_string(&chars, at + 1).unwrap_or(at)
            }
            '\'' => end_of_char(&chars, at).unwrap_or(at),
            _ => at,
        };
        if end > at {
            out.extend(chars[at..end].iter().map(|c| blanked(*c)));
            at = end;
        } else {
            out.push(chars[at]);
            at += 1;
        }
    }
    out
}

fn begins_word(chars: &[char], at: usize) -> bool {
    at == 0 || !(chars[at - 1].is_alphanumeric() || matches!(chars[at - 1], '_' | 'b' | 'c'))
}

fn end_of_line(chars: &[char], at: usize) -> usize {
    chars[at..].iter().position(|c| *c == '\n').map_or(chars.len(), |line| at + line)
}

fn end_of_comment(chars: &[char], at: usize) -> usize {
    let (mut depth, mut i) = (0_usize, at);
    while i + 1 < chars.len() {
        match (chars[i], chars[i + 1]) {
            ('/', '*') => (depth, i) = (depth + 1, i + 2),
            ('*', '/') => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            return i;
        }
    }
    chars.len()
}

fn end_of_string(chars: &[char], at: usize) -> usize {
    let mut i = at + 1;
    while i < chars.len() {
        match chars[i] {
            '\\' => i += 2,
            '"' => return i + 1,
            _ => i += 1,
        }
    }
    chars.len()
}

fn end_of_raw_string(chars: &[char], at: usize) -> Option<usize> {
    let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
    if chars.get(at + 1 + hashes) != Some(&'"') {
        return None; // a raw identifier, or a word that begins so
    }
    let mut i = at + 2 + hashes;
    while i < chars.len() {
        if chars[i] == '"' && chars[i + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes {
            return Some(i + 1 + hashes);
        }
        i += 1;
    }
    Some(chars.len())
}

/// None for a lifetime.
fn end_of_char(chars: &[char], at: usize) -> Option<usize> {
    match (chars.get(at + 1)?, chars.get(at + 2)) {
        ('\\', _) => (at + 3..chars.len()).find(|i| chars[*i] == '\'').map(|i| i + 1),
        (_, Some('\'')) => Some(at + 3),
        _ => None,
    }
}
