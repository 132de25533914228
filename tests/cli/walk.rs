//! The archivist's walk of the handbook is what the program does: its changes are made to the rule file, its commands are
//! run in order, and what stands below each of them is what is said. Every day it asks about is named: nothing is redacted.

use std::collections::HashSet;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::office::{OPERATOR, Office, PROGRAM, SECRET, Said, said};

const CHAPTER: &str = include_str!("../../docs/handbuch/9-eine-regel-aendern.md");
/// The copy of the rules that the chapter works on.
const COPY: &str = "neue-regeln.toml";
/// Stands for lines left out.
const LEFT_OUT: &str = "…";

/// What the chapter does, in its order.
enum Step<'a> {
    /// A change to the copy: what a reader takes out, and puts in its place.
    Change { before: String, after: String },
    /// A command, and the lines below it.
    Command { line: &'a str, says: Vec<&'a str> },
}

/// The fenced blocks of the chapter, with their languages.
fn blocks() -> Vec<(&'static str, Vec<&'static str>)> {
    let fences = CHAPTER.split("```").skip(1).step_by(2);
    let block = |text: &'static str| {
        let (language, body) = text.split_once('\n').unwrap();
        (language, body.lines().collect())
    };
    fences.map(block).collect()
}

fn is_command(line: &str) -> bool {
    ["schriftgut ", "cp "].iter().any(|verb| line.starts_with(verb))
}

fn steps() -> Vec<Step<'static>> {
    let mut steps = Vec::new();
    for (language, lines) in blocks() {
        match language {
            "diff" => steps.extend(lines.split(|line| line.trim() == LEFT_OUT).map(change)),
            "" => {
                assert!(is_command(lines[0]), "a block begins with a command: {lines:?}");
                for line in lines {
                    match steps.last_mut() {
                        _ if is_command(line) => steps.push(Step::Command { line, says: Vec::new() }),
                        Some(Step::Command { says, .. }) => says.push(line),
                        _ => panic!("{line} is said by no command"),
                    }
                }
            }
            _ => panic!("a block of {language} is not looked at"),
        }
    }
    steps
}

/// What is in front, and what is after it: a line stays, goes or comes.
fn change(lines: &[&str]) -> Step<'static> {
    let side = |gone: char| {
        let kept = lines.iter().filter(|line| !line.starts_with(gone));
        kept.map(|line| format!("{}\n", &line[1..])).collect::<String>()
    };
    Step::Change { before: side('+'), after: side('-') }
}

/// The files of the chapter's table, the people it names, and the rule that is confirmed when it begins.
fn office() -> Office {
    let office = Office::new();
    office.add_person("voss", "Henning Voss", &["records_manager"]);
    office.add_person("wolters", "Imke Wolters", &["archivist"]);
    let rows = CHAPTER.lines().filter(|line| line.starts_with("| 63."));
    let mut list =
        "path;aktenzeichen;titel;klasse;feld:built_year;geschlossen_am;aktenart;feld:street\n".to_owned();
    for (number, row) in rows.enumerate() {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [file, title, class, built, closed] = cells[..] else { panic!("{row}") };
        let closed = closed.rsplit('.').collect::<Vec<_>>().join("-");
        office.write(&format!("{number}.txt"), format!("Dokument {number}\n"));
        list.push_str(&format!("{number}.txt;{file};{title};{class};{built};{closed};bauakte;Ringstraße\n"));
    }
    let list = office.write("liste.csv", list);
    assert_eq!(office.take_in(&["--allow-surplus", "--manifest", &list]).len(), 4);
    office.run_as("voss", &["rules", "confirm", "BA-03"]).done();
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("retention-rules");
    symlink(rules, office.place("retention-rules")).unwrap();
    office
}

/// Changes the copy where the chapter does, which is one place.
fn change_copy(office: &Office, before: &str, after: &str) {
    let rules = std::fs::read_to_string(office.place(COPY)).unwrap();
    assert_eq!(rules.matches(before).count(), 1, "not once in the rules:\n{before}");
    office.write(COPY, rules.replace(before, after));
}

/// Runs a line as it is typed, in a shell.
fn typed(office: &Office, line: &str) -> Said {
    let programs = Path::new(PROGRAM).parent().unwrap().to_str().unwrap();
    let path = format!("{programs}:{}", std::env::var("PATH").unwrap());
    let mut shell = Command::new("bash");
    shell.args(["-euc", line]).current_dir(office.place("")).stdin(Stdio::null());
    shell.env("PATH", path).env("USER", OPERATOR);
    said(shell.env("SCHRIFTGUT_REGISTRY", office.registry()).env("SCHRIFTGUT_SECRET", SECRET))
}

/// What is said is what the chapter says, but for the lines it leaves out.
fn is_as_written(written: &[&str], said: &[&str]) -> bool {
    match written {
        [] => said.is_empty(),
        [line, rest @ ..] if *line == LEFT_OUT => (1..=said.len()).any(|at| is_as_written(rest, &said[at..])),
        [line, rest @ ..] => said.first() == Some(line) && is_as_written(rest, &said[1..]),
    }
}

#[test]
fn the_walk_of_the_handbook_goes_as_it_stands_there() {
    let office = office();
    let mut verbs = HashSet::new();
    for step in steps() {
        match step {
            Step::Change { before, after } => change_copy(&office, &before, &after),
            Step::Command { line, says } => {
                let fails = says.first().is_some_and(|line| line.starts_with("Fehler: "));
                let said = typed(&office, line);
                let code = said.code.clamp(2, 3);
                let out = if fails { said.failed(code) } else { said.done().out };
                assert!(is_as_written(&says, &out.lines().collect::<Vec<_>>()), "{line}\n{out}");
                verbs.extend(line.split(' ').filter(|word| !word.starts_with('-')).map(str::to_owned));
            }
        }
    }
    for verb in ["show", "why", "check", "diff", "try", "propose", "enact", "confirm", "forecast"] {
        assert!(verbs.contains(verb), "the walk goes by {verb}");
    }
    let table = std::fs::read_to_string(office.place("aenderungen.csv")).unwrap();
    assert_eq!(table.lines().count(), 4, "a head and the three files that are changed: {table}");
}

#[test]
fn an_edition_that_was_in_force_is_kept_word_for_word_and_may_come_back() {
    let office = office();
    for step in steps() {
        match step {
            Step::Command { line, .. } if line.contains(" propose ") => break,
            Step::Command { line, .. } if line.starts_with("cp ") => drop(typed(&office, line).done()),
            Step::Command { .. } => {}
            Step::Change { before, after } => change_copy(&office, &before, &after),
        }
    }
    let enact = |file: &str, edition: &str| {
        office.run_as("voss", &["rules", "propose", file]).done();
        office.run_as("wolters", &["rules", "enact", edition]).done();
    };
    let earlier = "retention-rules/nrw/kommunal.toml";
    enact(COPY, "nrw-kommunal 2026-2");
    let forged = std::fs::read_to_string(office.place(earlier)).unwrap().replacen("10 years", "1 years", 1);
    let forged = office.write("anders.toml", forged);
    office.run_as("voss", &["rules", "propose", &forged]).failed(2);
    enact(earlier, "nrw-kommunal 2026-1");
    let shown = office.run(["rules", "show"]).done().out;
    assert!(shown.contains("BA-03 bestätigt"), "what was confirmed of that edition still is: {shown}");
}

#[test]
fn the_walk_names_the_pages_of_the_browser_by_their_words() {
    let pages = concat!(
        include_str!("../../templates/web/rules.html"),
        include_str!("../../templates/web/trial.html"),
        include_str!("../../src/web/routes.rs")
    );
    let chapter = CHAPTER.replace('\n', " ");
    for words in [
        "Regelwerk",
        "Was das an den Akten ändern würde",
        "Alle Akten als Tabelle speichern",
        "/regeln/erproben",
    ] {
        assert!(chapter.contains(words), "the chapter does not say {words}");
        assert!(pages.contains(words), "no page says {words}");
    }
}
