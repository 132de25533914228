//! The house is tidy: every module says what it is for, files and functions stay short, links lead somewhere,
//! formats have the files their register names, and nothing of a build machine is left in the text.

mod source;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use clap::{CommandFactory as _, Parser as _};
use schriftgut::cli::args::Args;
use source::{Source, code_of, end_of_block, files_below, line_of, root, sources, without_tests};

/// Longest file, in lines; tests apart.
const FILE_LINES_MAX: usize = 500;
/// The median file is not longer than this.
const FILE_LINES_MEDIAN_MAX: usize = 200;
/// Longest function, in lines; tests apart.
const FUNCTION_LINES_MAX: usize = 70;
/// Lines within which a module says what it is for.
const DOC_WITHIN_LINES: usize = 3;

/// Names that stand for "this cannot fail" or "later", and belong in tests at most.
const BANNED: &[&str] = &[".unwrap(", "todo!", "unimplemented!", "dbg!"];

fn fail_if_any(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{} {what}:\n{}", found.len(), found.join("\n"));
}

/// Not compiled into the program: a test module by its declaration, or by its name.
fn is_test(source: &Source) -> bool {
    let name = source.path.rsplit('/').next().unwrap_or_default();
    source.is_test || matches!(name, "tests.rs" | "suite.rs") || source.path.contains("/tests/")
}

/// Everything people read in the package, by path: source, documents, data.
fn texts() -> Vec<(String, String)> {
    let suffixes = [".rs", ".md", ".toml", ".html", ".sh", ".css", ".js", ".json"];
    let root = root();
    let mut texts = Vec::new();
    for path in suffixes.iter().flat_map(|suffix| files_below(&root, suffix)) {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let path = path.strip_prefix(&root).expect("below the root");
        texts.push((path.to_string_lossy().into_owned(), text));
    }
    texts
}

fn documents() -> Vec<(String, String)> {
    texts().into_iter().filter(|(path, _)| path.ends_with(".md")).collect()
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent = |text: &str| !text.lines().take(DOC_WITHIN_LINES).any(|line| line.starts_with("//! "));
    // A module of unit tests is named and placed by what it tests.
    let tests: Vec<_> =
        sources().into_iter().filter(is_test).map(|source| format!("src/{}", source.path)).collect();
    let found: Vec<_> = texts()
        .into_iter()
        .filter(|(path, text)| path.ends_with(".rs") && !tests.contains(path) && silent(text))
        .map(|(path, _)| path)
        .collect();
    fail_if_any("modules without `//!` in their first lines", &found);
}

#[test]
fn files_are_short() {
    let lines: Vec<(usize, String)> = sources()
        .iter()
        .filter(|source| !is_test(source))
        .map(|source| (source.text.lines().count(), source.path.clone()))
        .collect();
    let long = |(lines, path): &(usize, String)| {
        (*lines > FILE_LINES_MAX).then(|| format!("src/{path}: {lines} lines, at most {FILE_LINES_MAX}"))
    };
    fail_if_any("files too long", &lines.iter().filter_map(long).collect::<Vec<_>>());
    let mut counts: Vec<_> = lines.iter().map(|(lines, _)| *lines).collect();
    counts.sort_unstable();
    let median = counts[counts.len() / 2];
    assert!(median <= FILE_LINES_MEDIAN_MAX, "the median file has {median} lines");
}

/// Every function in code: name, first line, lines.
fn functions(code: &str) -> Vec<(String, usize, usize)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let name: String = code[at + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let Some(open) = body_of(code, at) else { continue };
        let (first, last) = (line_of(code, at), line_of(code, end_of_block(code, open)));
        if !name.is_empty() {
            found.push((name, first, last - first + 1));
        }
    }
    found
}

/// Where a function's body opens; none for a declaration.
fn body_of(code: &str, at: usize) -> Option<usize> {
    let mut depth = 0_i32;
    for (offset, c) in code[at..].char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '{' if depth == 0 => return Some(at + offset),
            ';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

#[test]
fn functions_are_short() {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| !is_test(source)) {
        for (name, line, lines) in functions(&without_tests(&source.code)) {
            if lines > FUNCTION_LINES_MAX {
                found.push(format!(
                    "src/{}:{line}: `{name}` has {lines} lines, at most {FUNCTION_LINES_MAX}",
                    source.path
                ));
            }
        }
    }
    fail_if_any("functions too long", &found);
}

#[test]
fn what_cannot_fail_says_why_and_nothing_is_left_for_later() {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| !is_test(source)) {
        let code = without_tests(&source.code);
        for banned in BANNED {
            for (at, _) in code.match_indices(banned) {
                found.push(format!("src/{}:{}: `{banned}`", source.path, line_of(&code, at)));
            }
        }
    }
    fail_if_any("banned words outside of tests", &found);
}

/// The targets of links `[text](target)` outside of code, with their lines.
fn links(markdown: &str) -> Vec<(usize, String)> {
    let (mut found, mut fenced) = (Vec::new(), false);
    for (line, text) in markdown.lines().enumerate() {
        if text.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        let prose: String = text.split('`').step_by(2).collect::<Vec<_>>().join("code");
        for part in prose.split("](").skip(1) {
            let target = part.split(')').next().unwrap_or_default();
            found.push((line + 1, target.split(' ').next().unwrap_or_default().to_owned()));
        }
    }
    found
}

/// The anchors of a document's headings, as GitHub and its like make them.
fn anchors(markdown: &str) -> Vec<String> {
    let anchor = |heading: &str| -> String {
        let kept = heading.to_lowercase();
        let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    let headings = markdown.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| anchor(line.trim_start_matches('#').trim())).collect()
}

#[test]
fn every_link_in_the_documents_leads_somewhere() {
    let mut found = Vec::new();
    for (path, text) in documents() {
        let folder = root().join(&path).parent().map(Path::to_owned).unwrap_or_default();
        for (line, target) in links(&text) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let place = if file.is_empty() { root().join(&path) } else { folder.join(file) };
            let named = || anchors(&fs::read_to_string(&place).unwrap_or_default());
            if !place.exists() || (!anchor.is_empty() && !named().iter().any(|name| name == anchor)) {
                found.push(format!("{path}:{line}: {target}"));
            }
        }
    }
    fail_if_any("links that lead nowhere", &found);
}

#[test]
fn every_document_has_one_title() {
    let mut found = Vec::new();
    for (path, text) in documents() {
        let mut fenced = false;
        let titles = text.lines().filter(|line| {
            fenced ^= line.starts_with("```");
            !fenced && line.starts_with("# ")
        });
        let count = titles.count();
        if count != 1 {
            found.push(format!("{path}: {count} titles"));
        }
    }
    fail_if_any("documents without exactly one title", &found);
}

/// Largest picture of the handbook.
const PICTURE_BYTES_MAX: u64 = 120_000;

#[test]
fn every_picture_of_the_handbook_is_there_named_described_and_small() {
    let folder = root().join("docs/handbuch");
    let (mut found, mut named) = (Vec::new(), BTreeSet::new());
    for (path, text) in documents().iter().filter(|(path, _)| path.starts_with("docs/handbuch/")) {
        for picture in text.split("![").skip(1) {
            let (words, target) = picture.split_once("](").unwrap_or_default();
            let target = target.split(')').next().unwrap_or_default();
            if words.split_whitespace().count() < 5 {
                found.push(format!("{path}: {target} is not described"));
            }
            named.insert(folder.join(target));
        }
    }
    let there: BTreeSet<_> = files_below(&folder, ".png").into_iter().collect();
    assert!(there.len() > 3, "the handbook's pictures were not found");
    found.extend(
        named.symmetric_difference(&there).map(|path| format!("{}: not named or not there", path.display())),
    );
    let size = |path: &Path| fs::metadata(path).map_or(0, |data| data.len());
    let large = there.iter().filter(|path| size(path) > PICTURE_BYTES_MAX);
    found.extend(large.map(|path| format!("{}: {} bytes", path.display(), size(path))));
    fail_if_any("flaws in the handbook's pictures", &found);
}

/// A command line as a shell would take it apart: blanks, with '…' and "…" held together.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for c in line.chars() {
        match (quote, c) {
            (None, ' ') => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), _) if c == open => quote = None,
            _ => word.push(c),
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

#[test]
fn every_command_in_the_handbook_is_one() {
    let (mut found, mut commands) = (Vec::new(), 0);
    for (path, text) in documents().iter().filter(|(path, _)| path.starts_with("docs/handbuch/")) {
        let mut fenced = false;
        for (line, command) in text.lines().enumerate() {
            fenced ^= command.starts_with("```");
            if !fenced || !command.starts_with("schriftgut ") {
                continue;
            }
            commands += 1;
            if let Err(error) = Args::try_parse_from(words(command)) {
                found.push(format!("{path}:{}: {command}\n{error}", line + 1));
            }
        }
    }
    assert!(commands > 30, "the handbook's commands were not found");
    fail_if_any("commands that do not exist", &found);
}

#[test]
fn every_verb_stands_in_the_handbook() {
    let handbook: String = documents()
        .iter()
        .filter(|(path, _)| path.starts_with("docs/handbuch/"))
        .map(|(_, text)| text.as_str())
        .collect();
    let mut found = Vec::new();
    let command = Args::command();
    for verb in command.get_subcommands().filter(|verb| verb.get_name() != "demo") {
        let mut names: Vec<_> =
            verb.get_subcommands().map(|sub| format!("{} {}", verb.get_name(), sub.get_name())).collect();
        if names.is_empty() {
            names.push(verb.get_name().to_owned());
        }
        let missing =
            |name: &String| !handbook.contains(&format!("schriftgut {name}")) && !as_someone(&handbook, name);
        found.extend(names.into_iter().filter(missing));
    }
    fail_if_any("verbs the handbook does not show", &found);
}

/// The handbook shows it with `--as NAME`.
fn as_someone(handbook: &str, verb: &str) -> bool {
    handbook.lines().any(|line| line.starts_with("schriftgut --as ") && line.contains(&format!(" {verb}")))
}

/// The rows of the register of formats, as cells.
fn register() -> Vec<Vec<String>> {
    let text = fs::read_to_string(root().join("schema/README.md")).expect("the register of formats");
    let rows = text.lines().filter(|line| line.starts_with('|'));
    let cells = |row: &str| row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    rows.map(cells).filter(|row: &Vec<String>| row.len() == 7).skip(2).collect()
}

/// What stands in back quotes or as a link's target in a cell.
fn names_in(cell: &str) -> Vec<String> {
    let quoted = cell.split('`').skip(1).step_by(2).map(str::to_owned);
    quoted.chain(links(cell).into_iter().map(|(_, target)| target)).collect()
}

#[test]
fn every_format_has_its_specification_its_reader_and_its_writer() {
    let root = root();
    let rows = register();
    assert!(rows.len() > 10, "the register's table was not found");
    let mut found = Vec::new();
    for row in &rows {
        let [name, _version, _since, specification, golden, reader, writer] = row.as_slice() else {
            continue;
        };
        for (what, cell) in [("golden data", golden), ("reader", reader), ("writer", writer)] {
            for path in names_in(cell).iter().filter(|path| !root.join(path).exists()) {
                found.push(format!("{name}: {what} `{path}` is not there"));
            }
        }
        let specified = names_in(specification);
        if specified.is_empty() || reader.is_empty() || writer.is_empty() {
            found.push(format!("{name}: has no specification, reader or writer"));
        }
        for path in specified.iter().filter(|path| !root.join("schema").join(path).exists()) {
            found.push(format!("{name}: specification `{path}` is not there"));
        }
    }
    fail_if_any("flaws in the register of formats", &found);
}

#[test]
fn every_specification_stands_in_the_register_and_names_its_source() {
    let root = root();
    let register: Vec<String> = register().iter().flat_map(|row| names_in(&row[3])).collect();
    let mut found = Vec::new();
    for path in files_below(&root.join("schema/formats"), ".md") {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !register.iter().any(|known| *known == format!("formats/{name}")) {
            found.push(format!("schema/formats/{name}: not in schema/README.md"));
        }
        let text = fs::read_to_string(&path).expect("a document is text");
        let sources: Vec<_> =
            text.split('`').skip(1).step_by(2).filter(|word| word.starts_with("src/")).collect();
        if sources.is_empty() {
            found.push(format!("schema/formats/{name}: names no source file"));
        }
        for file in sources.iter().filter(|file| !root.join(file).exists()) {
            found.push(format!("schema/formats/{name}: `{file}` is not there"));
        }
    }
    fail_if_any("flaws in the specifications", &found);
}

#[test]
fn nothing_of_a_build_machine_is_left_in_the_text() {
    // In two pieces, so that this file does not find itself.
    let paths = [("/ho", "me/"), ("/wo", "rk/"), ("/ro", "ot/"), ("/Us", "ers/"), ("C:", "\\")];
    let mut found = Vec::new();
    for (path, text) in texts() {
        for (one, two) in paths {
            let needle = format!("{one}{two}");
            for (at, _) in text.match_indices(&needle) {
                let inside_a_longer_path = text[..at].ends_with(|c: char| c.is_alphanumeric());
                if !inside_a_longer_path {
                    found.push(format!("{path}:{}: {needle}", line_of(&text, at)));
                }
            }
        }
    }
    fail_if_any("paths of a build machine", &found);
}

#[test]
fn the_measures_bite() {
    let code = code_of(
        "fn a() {\n  // fn b() {\n  let s = \"}\";\n}\nfn c(f: fn(u8) -> u8) -> u8 { f(1) }\nfn d();",
    );
    assert_eq!(functions(&code), [("a".to_owned(), 1, 4), ("c".to_owned(), 5, 1)]);
    let code = code_of("fn a() { x.unwrap() }\n#[cfg(test)]\nmod tests { fn b() { x.unwrap() } }\n");
    assert_eq!(without_tests(&code).matches(".unwrap(").count(), 1);
    assert_eq!(links("see [a](b.md#c) and `[x](y)`"), [(1, "b.md#c".to_owned())]);
    assert_eq!(anchors("## 1. Build figures\n"), ["1-build-figures"]);
    assert_eq!(words("a --b 'c d' \"e\""), ["a", "--b", "c d", "e"]);
    assert_eq!(names_in("`src/a.rs`, [x](y.md)"), ["src/a.rs", "y.md"]);
}
