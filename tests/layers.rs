//! The arrow points down: no layer names one above it, siblings never meet, and each foreign crate is named
//! only where it belongs. The table is below; a breach is named with file and line.

mod source;

use std::collections::BTreeSet;
use std::fmt;

/// The layers, lowest first. Those that share a step are siblings and never name each other.
const STEPS: &[&[&str]] = &[
    &["base"],
    &["domain"],
    &["format", "disk"],
    &["vault", "ledger", "keyring", "catalog", "index", "intake"],
    &["registry"],
    &["answers"],
    &["jobs", "web", "cli"],
];

/// Who opens files itself, and which: none of them is a file of the truth.
const FILES_OF_THEIR_OWN: &[(&str, &str)] = &[
    ("disk", "it is the door"),
    ("catalog", "a view"),
    ("index", "a view, and the system's list of words"),
    ("intake/scratch.rs", "a folder in memory for one conversion"),
    ("intake/worker/convert.rs", "the same folder, from inside"),
    ("intake/worker/ocr/engine.rs", "the models of the recognition"),
    ("intake/worker/sandbox.rs", "what the kernel says of the worker"),
    ("registry/indexes.rs", "views"),
    ("registry/init.rs", "the rights of the root"),
    ("registry/open.rs", "the folder of the views"),
    ("registry/places.rs", "a look that only reads"),
    ("registry/rebuild.rs", "views"),
    ("registry/room.rs", "the reserve, which holds nothing"),
    ("registry/dialogue", "messages to an archive, given out"),
    ("cli", "what people give and take"),
    ("jobs/mail", "where the secret of a mailbox lies, and the note of what is in hand"),
    ("jobs/watch", "what people put into a watched folder, and what becomes of it"),
];

/// Siblings that may meet: a door may start the other doors it is made of.
const MAY_MEET: &[(&str, &str)] = &[
    ("cli", "web"),  // `serve` starts the server
    ("cli", "jobs"), // `work` runs by hand what the clock runs
    ("web", "jobs"), // a running server is also the clock
];

/// Every foreign crate, and who may name it: a layer, or one file of it.
const CRATES: &[(&str, &[&str])] = &[
    // Truth: hashing, sealing, signing
    ("blake3", &["base", "vault", "ledger", "keyring", "registry"]),
    ("sha2", &["base", "vault", "ledger", "registry"]),
    ("md5", &["base/checksum.rs"]),
    ("sha1", &["base/checksum.rs"]),
    ("chacha20poly1305", &["base", "vault"]),
    ("ed25519_dalek", &["ledger", "keyring", "registry"]),
    ("getrandom", &["base"]),
    ("zeroize", &["base", "keyring"]),
    ("blahaj", &["keyring"]),
    ("argon2", &["keyring"]),
    ("zstd", &["vault"]),
    ("data_encoding", &["base", "format", "ledger", "keyring"]),
    // Views
    ("tantivy", &["index"]),
    ("frostem", &["index"]),
    ("strsim", &["index"]),
    ("rapidfuzz", &["index"]),
    ("sled", &["catalog"]),
    ("unicode_normalization", &["index", "intake", "keyring", "registry"]),
    // Intake: untrusted bytes are opened there and nowhere else
    ("lopdf", &["intake/worker/pdf"]),
    ("hayro", &["intake/worker/pdf"]),
    ("hayro_interpret", &["intake/worker/pdf"]),
    ("hayro_syntax", &["intake/worker/pdf"]),
    ("hayro_ccitt", &["intake/worker/tiff", "intake/worker/pdf"]),
    ("hayro_jpeg2000", &["intake/worker/picture"]),
    ("heic_rs", &["intake/worker/picture"]),
    ("gif", &["intake/worker/picture"]),
    ("image_webp", &["intake/worker/picture"]),
    ("image", &["intake/worker"]),
    ("tiff", &["intake/worker"]),
    ("png", &["intake/worker/picture"]),
    ("flate2", &["intake/worker/tiff", "intake/worker/pdf"]),
    ("weezl", &["intake/worker/tiff"]),
    ("calamine", &["intake/worker/office/sheets.rs"]),
    ("quick_xml", &["intake/worker/xml.rs"]),
    ("zip", &["intake/worker/package.rs", "format/xdomea/container.rs"]), // opened there, made here
    ("cfb", &["intake/worker/ole.rs"]),
    ("memchr", &["intake/worker/identify"]),
    ("html5gum", &["intake/worker/html.rs"]),
    ("mail_parser", &["intake/worker/mail"]),
    ("encoding_rs", &["intake/worker/charset.rs", "format/batch_manifest"]),
    ("rqrr", &["intake/worker/look"]),
    ("landlock", &["intake/worker/sandbox.rs"]),
    ("seccompiler", &["intake/worker/sandbox.rs"]),
    ("libc", &["intake/worker/sandbox.rs"]),
    // Formats: a serialisable type is a promise, so only `format` makes them; both sides of a pipe may talk JSON
    ("serde", &["format", "intake/wire.rs", "intake/reason.rs", "answers", "web", "cli"]),
    ("serde_json", &["format", "intake/wire.rs", "web", "cli"]),
    ("toml", &["format"]),
    ("csv", &["format"]),
    ("qrcode", &["format/divider", "intake/worker/look"]), // looking is tested on codes that are drawn
    ("pdf_writer", &["format/divider"]),
    ("krilla", &["format/print"]),
    ("skrifa", &["format/print"]),
    // In packages it is read by tests alone: what others will read of them.
    (
        "roxmltree",
        &["format/xdomea", "format/file_plan/xdomea", "format/batch_manifest/xml.rs", "format/package"],
    ),
    // Words of the domain
    (
        "jiff",
        &[
            "disk", "domain", "format", "vault", "ledger", "catalog", "registry", "answers", "jobs", "web",
            "cli",
        ],
    ),
    (
        "uuid",
        &["domain", "format", "vault", "ledger", "keyring", "catalog", "index", "registry", "web", "cli"],
    ),
    (
        "thiserror",
        &[
            "base", "domain", "format", "vault", "ledger", "keyring", "catalog", "index", "intake", "web",
            "cli", "disk",
        ],
    ),
    // Doors
    ("clap", &["cli"]),
    ("rpassword", &["cli"]),
    ("tokio", &["web"]),
    ("axum", &["web"]),
    ("hyper", &["web"]),
    ("hyper_util", &["web"]),
    ("utoipa", &["answers", "web/api"]),
    ("imap_proto", &["jobs/mail/talk.rs"]),
    ("rustls", &["jobs/mail/wire.rs"]),
    ("askama", &["web", "format/certificate_page.rs", "format/batch_report.rs"]),
    // Operating system
    ("rustix", &["disk/real.rs", "intake", "registry/room.rs", "jobs/watch"]),
];

/// What tests name besides, wherever they stand.
const TEST_CRATES: &[&str] = &["proptest", "insta", "tempfile", "tower", "ct_merkle", "ab_glyph", "regex"];

/// Parts of the standard library that the pure core does not know.
const IMPURE_STD: &[&str] = &["fs", "io", "net", "time", "thread", "process", "env", "os"];
/// Names that bring in a clock or chance, whatever path they come by.
const IMPURE_NAMES: &[&str] = &["SystemTime", "Instant", "getrandom", "random_bytes", "new_v4", "now_v7"];
/// Types whose `now` is a clock.
const CLOCKS: &[&str] = &["Zoned", "Timestamp", "Date", "DateTime", "Time"];
/// Macros that speak to the outside.
const SPEAKING_MACROS: &[&str] = &["println", "print", "eprintln", "eprint", "dbg"];

/// A house rule broken, and where.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Breach {
    file: String,
    line: usize,
    what: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "src/{}:{}: {}", self.file, self.line, self.what)
    }
}

/// A piece of code: a word, `::`, or one sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Token<'a> {
    text: &'a str,
    line: usize,
}

fn tokens(code: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let (mut line, mut rest) = (1, code);
    while let Some(first) = rest.chars().next() {
        let length = if first.is_alphanumeric() || first == '_' {
            rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        if first == '\n' {
            line += 1;
        } else if !first.is_whitespace() {
            found.push(Token { text: &rest[..length], line });
        }
        rest = &rest[length..];
    }
    found
}

/// Words that are no part of a path, so that a path can begin right behind them.
const KEYWORDS: &[&str] = &[
    "use", "extern", "return", "in", "as", "let", "mut", "ref", "move", "match", "if", "else", "while",
    "for", "break", "impl", "dyn", "where", "const", "static", "fn", "mod", "pub", "type", "unsafe",
];

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_') && !KEYWORDS.contains(&text)
}

/// A path as the code names it, `{…}` taken apart, with the line of its last word.
#[derive(Debug, PartialEq, Eq)]
struct Named<'a> {
    segments: Vec<&'a str>,
    line: usize,
    /// How many modules written in braces in this file it stands in.
    inner_modules: usize,
}

/// Every path in the code, in `use` trees and anywhere else.
fn paths(code: &str) -> Vec<Named<'_>> {
    let tokens = tokens(code);
    let (mut found, mut at, mut depth) = (Vec::new(), 0, 0_usize);
    let mut inner: Vec<usize> = Vec::new();
    while at < tokens.len() {
        match tokens[at].text {
            "{" => depth += 1,
            "}" => {
                if inner.last() == Some(&depth) {
                    inner.pop();
                }
                depth = depth.saturating_sub(1);
            }
            "mod" if tokens.get(at + 2).is_some_and(|token| token.text == "{") => {
                inner.push(depth + 1);
                at += 2;
                depth += 1;
            }
            text if is_word(text) && !is_continued(&tokens, at) => {
                at = tree(&tokens, at, &mut Vec::new(), inner.len(), &mut found);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// This word stands behind `a::` or `a.`, so no path begins here.
fn is_continued(tokens: &[Token<'_>], at: usize) -> bool {
    let before = |n: usize| at.checked_sub(n).map_or("", |at| tokens[at].text);
    before(1) == "." || (before(1) == "::" && (is_word(before(2)) || before(2) == ">"))
}

/// Reads `a::b::{c, d::e}` from the word at `at`; returns one past its end.
fn tree<'a>(
    tokens: &[Token<'a>],
    mut at: usize,
    prefix: &mut Vec<&'a str>,
    inner_modules: usize,
    found: &mut Vec<Named<'a>>,
) -> usize {
    let before = prefix.len();
    while let Some(token) = tokens.get(at) {
        if token.text == "{" {
            at = branches(tokens, at + 1, prefix, inner_modules, found);
            prefix.truncate(before);
            return at;
        }
        if !is_word(token.text) && token.text != "*" {
            break;
        }
        prefix.push(token.text);
        at += 1;
        if tokens.get(at).is_none_or(|next| next.text != "::") {
            break;
        }
        at += 1;
    }
    let line = tokens[at.saturating_sub(1).min(tokens.len() - 1)].line;
    found.push(Named { segments: prefix.clone(), line, inner_modules });
    prefix.truncate(before);
    at
}

fn branches<'a>(
    tokens: &[Token<'a>],
    mut at: usize,
    prefix: &mut Vec<&'a str>,
    inner_modules: usize,
    found: &mut Vec<Named<'a>>,
) -> usize {
    while let Some(token) = tokens.get(at) {
        match token.text {
            "}" => return at + 1,
            "as" => at += 2,
            text if is_word(text) || text == "*" || text == "{" => {
                at = tree(tokens, at, prefix, inner_modules, found);
            }
            _ => at += 1,
        }
    }
    at
}

/// The modules a file stands in: `vault/local/mod.rs` in `vault::local`.
fn module_of(file: &str) -> Vec<&str> {
    let module = file.trim_end_matches(".rs");
    let module = module.strip_suffix("/mod").unwrap_or(module);
    if matches!(module, "lib" | "main") { Vec::new() } else { module.split('/').collect() }
}

fn step_of(layer: &str) -> Option<usize> {
    STEPS.iter().position(|step| step.contains(&layer))
}

/// The layer a path leads to, if it leads through the crate's root.
fn layer_named<'a>(named: &Named<'a>, modules: usize) -> Option<&'a str> {
    let supers = named.segments.iter().take_while(|segment| **segment == "super").count();
    match named.segments.first() {
        Some(&"crate" | &"schriftgut") => Some(named.segments.get(1).copied().unwrap_or("*")),
        Some(&"super") if supers >= modules + named.inner_modules => {
            Some(named.segments.get(supers).copied().unwrap_or("*"))
        }
        _ => None,
    }
}

/// What is wrong with an arrow from one layer to another.
fn wrong_arrow(from: &str, to: &str) -> Option<String> {
    let own = step_of(from)?;
    match step_of(to) {
        _ if from == to => None,
        None => Some(format!("`{from}` names the crate's root as a whole (`{to}`): name a layer")),
        Some(step) if step > own => Some(format!("`{from}` names `{to}`, which is above it")),
        Some(step) if step == own && !MAY_MEET.contains(&(from, to)) => {
            Some(format!("`{from}` names its sibling `{to}`: only layers above may see both"))
        }
        Some(_) => None,
    }
}

fn wrong_crate(file: &str, name: &str, tests: bool) -> Option<String> {
    if TEST_CRATES.contains(&name) {
        return (!tests).then(|| format!("`{name}` is for tests only"));
    }
    let (_, places) = CRATES.iter().find(|(known, _)| *known == name)?;
    let within = |place: &&str| file == *place || file.starts_with(&format!("{place}/"));
    if places.iter().any(within) {
        return None;
    }
    Some(format!("the crate `{name}` belongs in {} and nowhere else", places.join(", ")))
}

/// What the pure core may not know: disk, network, clock, chance.
fn impure(named: &Named<'_>) -> Option<String> {
    let path = named.segments.join("::");
    let standard = matches!(named.segments.first(), Some(&"std" | &"core" | &"alloc"));
    let first = named.segments.get(1).copied();
    let outside = standard && first.is_none_or(|part| part == "*" || IMPURE_STD.contains(&part));
    let pairs = || named.segments.windows(2);
    let clock = pairs().any(|pair| CLOCKS.contains(&pair[0]) && matches!(pair[1], "now" | "today"));
    let name = named.segments.iter().any(|segment| IMPURE_NAMES.contains(segment));
    (outside || clock || name).then(|| format!("the pure core names `{path}`: no I/O, clock or chance there"))
}

/// The truth goes through the one door to the disk and the clock (`src/disk`), whoever writes it. A stopwatch
/// (`Instant`) is no clock: it knows no day.
fn beside_the_door(file: &str, layer: &str, named: &Named<'_>) -> Option<String> {
    let within = |(place, _): &(&str, &str)| file == *place || file.starts_with(&format!("{place}/"));
    let files = named.segments.starts_with(&["std", "fs"]) || named.segments.starts_with(&["std", "*"]);
    // The core has a stricter rule of its own.
    if files && layer != "domain" && !FILES_OF_THEIR_OWN.iter().any(within) {
        return Some(format!("`{layer}` names `std::fs`: the truth goes through `crate::disk`"));
    }
    let pairs = || named.segments.windows(2);
    let clock = named.segments.contains(&"SystemTime")
        || pairs().any(|pair| CLOCKS.contains(&pair[0]) && matches!(pair[1], "now" | "today"));
    let bound = ["vault", "ledger", "keyring", "registry"].contains(&layer);
    (clock && bound)
        .then(|| format!("`{layer}` asks a clock of its own: the time comes through `crate::disk`"))
}

/// Every breach in one file. `code` has neither comments nor strings; `plain` lacks its tests as well.
fn breaches(file: &str, code: &str, plain: &str) -> Vec<Breach> {
    let modules = module_of(file);
    let Some(layer) = modules.first().copied() else { return Vec::new() };
    let mut found = BTreeSet::new();
    let mut note = |line: usize, what: Option<String>| {
        found.extend(what.map(|what| Breach { file: file.to_owned(), line, what }));
    };
    for named in paths(code) {
        let visibility = named.segments == ["crate"] && is_visibility(code, named.line);
        if let Some(to) = layer_named(&named, modules.len()).filter(|_| !visibility) {
            note(named.line, wrong_arrow(layer, to));
        }
    }
    for named in paths(plain) {
        note(named.line, beside_the_door(file, layer, &named));
    }
    if layer == "domain" {
        paths(plain).iter().for_each(|named| note(named.line, impure(named)));
    }
    for (text, tests) in [(plain, false), (code, true)] {
        for named in paths(text) {
            let alone = named.segments.len() == 1 && !is_imported(text, &named);
            if !alone {
                note(named.line, wrong_crate(file, named.segments[0], tests));
            }
        }
    }
    if layer == "domain" {
        let tokens = tokens(plain);
        for pair in tokens.windows(2).filter(|pair| pair[1].text == "!") {
            let speaks = SPEAKING_MACROS.contains(&pair[0].text);
            note(pair[0].line, speaks.then(|| format!("the pure core speaks: `{}!`", pair[0].text)));
        }
    }
    found.into_iter().collect()
}

/// The line says `pub(crate)`.
fn is_visibility(code: &str, line: usize) -> bool {
    code.lines().nth(line - 1).is_some_and(|text| text.contains("pub(crate)") && !text.contains("use crate"))
}

/// The line is `use name` or `extern crate name`.
fn is_imported(code: &str, named: &Named<'_>) -> bool {
    let line = code.lines().nth(named.line - 1).unwrap_or_default();
    let words: Vec<_> = tokens(line).into_iter().map(|token| token.text).collect();
    words.windows(2).any(|pair| matches!(pair[0], "use" | "crate") && pair[1] == named.segments[0])
}

fn check(file: &str, text: &str) -> Vec<Breach> {
    let code = source::code_of(text);
    breaches(file, &code, &source::without_tests(&code))
}

#[test]
fn every_arrow_points_down_and_every_crate_is_in_its_place() {
    let mut found = Vec::new();
    for source in source::sources() {
        let plain = if source.is_test { String::new() } else { source::without_tests(&source.code) };
        found.extend(breaches(&source.path, &source.code, &plain));
    }
    let lines: Vec<_> = found.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "{} breaches:\n{}", lines.len(), lines.join("\n"));
}

#[test]
fn every_folder_of_the_source_is_a_layer() {
    for source in source::sources() {
        let modules = module_of(&source.path);
        if let Some(layer) = modules.first() {
            assert!(step_of(layer).is_some(), "src/{} is in no layer of the table", source.path);
        }
    }
}

#[test]
fn every_dependency_stands_in_the_table_and_nothing_else_does() {
    let manifest = std::fs::read_to_string(source::root().join("Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let named = |table: &str| -> BTreeSet<String> {
        manifest[table].as_table().unwrap().keys().map(|name| name.replace('-', "_")).collect()
    };
    let table: BTreeSet<String> = CRATES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(named("dependencies"), table);
    let tests: BTreeSet<String> = TEST_CRATES.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(named("dev-dependencies"), tests);
}

/// The words of the first breach in a sample, with its line.
fn first(file: &str, text: &str) -> Option<(usize, String)> {
    check(file, text).into_iter().next().map(|breach| (breach.line, breach.what))
}

#[test]
fn an_arrow_that_points_up_is_named_with_its_line() {
    let samples = [
        ("domain/hold.rs", "//! x\nuse crate::format::event;\n", 2),
        ("domain/hold.rs", "fn f() {\n    crate::registry::Registry::open();\n}\n", 2),
        ("base/digest.rs", "use crate::{\n    base::seal,\n    domain::ids::KeyId,\n};\n", 3),
        ("vault/local/mod.rs", "use super::super::registry::Registry;\n", 1),
        ("vault/local/mod.rs", "mod deep {\n    use super::super::super::web::page;\n}\n", 2),
        ("format/event.rs", "macro_rules! m { () => { $crate::vault::open() } }\n", 1),
        ("format/event.rs", "type T = Vec<crate::cli::Args>;\n", 1),
        ("registry/open.rs", "use schriftgut::web;\n", 1),
    ];
    for (file, text, line) in samples {
        let (found, what) = first(file, text).unwrap_or_else(|| panic!("nothing found in {text:?}"));
        assert!(what.contains("above"), "{what}");
        assert_eq!(found, line, "{text:?}");
    }
}

#[test]
fn truth_that_goes_past_the_door_is_named() {
    assert!(first("vault/local/mod.rs", "use std::{fs, io};").is_some_and(|(_, what)| what.contains("disk")));
    assert!(
        first("web/page.rs", "fn f() { std::fs::read(p); }").is_some_and(|(_, what)| what.contains("disk"))
    );
    assert_eq!(first("registry/open.rs", "use std::fs::File;"), None);
    for clock in ["jiff::Zoned::now()", "jiff::Timestamp::now()", "std::time::SystemTime::now()"] {
        let asked = first("registry/write.rs", &format!("fn f() {{ {clock}; }}"));
        assert!(asked.is_some_and(|(_, what)| what.contains("clock")), "{clock}");
    }
}

#[test]
fn siblings_that_meet_are_named() {
    let what = |file, text| first(file, text).map(|(_, what)| what).unwrap_or_default();
    assert!(what("catalog/mod.rs", "use crate::ledger::EntryNo;").contains("sibling"));
    assert!(what("index/search.rs", "let x = crate::vault::open();").contains("sibling"));
    assert!(what("web/page.rs", "use crate::cli::args;").contains("sibling"));
    assert_eq!(what("cli/serve.rs", "use crate::web::serve;"), "");
    assert!(what("vault/mod.rs", "use crate::*;").contains("root"));
}

#[test]
fn a_crate_in_the_wrong_layer_is_named() {
    let what = |file, text| first(file, text).map(|(_, what)| what).unwrap_or_default();
    assert!(what("registry/search.rs", "use tantivy::Index;").contains("`tantivy`"));
    assert!(what("registry/open.rs", "fn f() { let db = sled::open(p); }").contains("`sled`"));
    assert!(what("domain/event.rs", "#[derive(serde::Serialize)] struct S;").contains("`serde`"));
    assert!(what("web/page.rs", "use ::lopdf::Document;").contains("`lopdf`"));
    assert!(what("format/event.rs", "use askama;").contains("`askama`"));
    assert!(what("vault/mod.rs", "fn f() { tempfile::tempdir(); }").contains("tests only"));
    assert_eq!(what("vault/mod.rs", "#[cfg(test)]\nmod tests {\n use tempfile::tempdir; }"), "");
    assert_eq!(what("format/certificate_page.rs", "use askama::Template;"), "");
    assert_eq!(what("intake/worker/picture.rs", "use image::Rgb;"), "");
}

#[test]
fn disk_clock_and_chance_in_the_core_are_named() {
    let samples = [
        "use std::fs::File;",
        "use std::{collections::BTreeMap, io::Read};",
        "fn f() { std::env::var(\"X\"); }",
        "use std::time::Duration;",
        "fn f() { let t = jiff::Zoned::now(); }",
        "use jiff::Timestamp;\nfn f() { Timestamp::now(); }",
        "fn f() { uuid::Uuid::new_v4(); }",
        "fn f() { let key = crate::base::seal::random_bytes::<32>(); }",
        "fn f() { println!(\"x\"); }",
    ];
    for text in samples {
        let (_, what) = first("domain/hold.rs", text).unwrap_or_else(|| panic!("nothing in {text:?}"));
        assert!(what.contains("pure core"), "{what}");
        assert_eq!(first("cli/hold.rs", &text.replace("println", "p")), None, "only the core is pure");
    }
}

#[test]
fn comments_strings_and_lower_layers_are_no_breach() {
    let fine = [
        "//! See [`crate::registry::Registry`].\nuse crate::base::digest::Sha256;",
        "/* use crate::web; /* nested */ use sled::Db; */",
        "const X: &str = \"use crate::web; sled::open\";",
        "const X: &str = r#\"crate::web \" sled::x\"#;",
        "pub(crate) fn f<'a>(x: &'a str) -> char { '\"' }",
        "use super::ids::KeyId;\nmod tests { use super::super::event::Event; }",
        "fn f(image: Image) { image.tiff(); }",
    ];
    for text in fine {
        assert_eq!(check("domain/hold.rs", text), [], "{text}");
    }
}
