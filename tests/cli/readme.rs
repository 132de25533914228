//! The README's commands do what it says, typed as they stand there. `./run test` ends with `./run demo --once`.

use std::path::Path;
use std::process::Command;

use crate::office::PROGRAM;

const README: &str = include_str!("../../README.md");

/// The lines of the first block after this heading that has no language.
fn block(heading: &str) -> Vec<&'static str> {
    let section = README.split_once(heading).unwrap_or_else(|| panic!("README has no „{heading}“")).1;
    let section = section.split("\n## ").next().unwrap();
    section.split("```\n").nth(1).expect("a block of commands").lines().collect()
}

#[test]
fn a_registry_of_your_own_is_made_by_the_commands_of_the_readme() {
    let place = tempfile::tempdir().unwrap();
    let commands = block("## A registry of your own");
    assert_eq!(commands.first(), Some(&"cargo build --release"), "the program under test is built already");
    std::os::unix::fs::symlink(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("examples"),
        place.path().join("examples"),
    )
    .unwrap();
    let script = commands[1..].join("\n").replace("target/release/schriftgut", PROGRAM);
    assert!(script.matches(PROGRAM).count() >= 5, "{script}");
    let run = Command::new("bash")
        .args(["-euxc", &script])
        .current_dir(place.path())
        .env("USER", "neuling")
        .output()
        .unwrap();
    // The recovery sheets are secrets: they go to the terminal, not into what is piped on.
    let said = [run.stdout, run.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(run.status.success(), "{said}");
    for promise in ["drei Wiederherstellungsblätter", "Kesterbrück", "10.90.01-1", "unversehrt"] {
        assert!(said.contains(promise), "nothing says „{promise}“:\n{said}");
    }
}

#[test]
fn the_two_commands_of_the_readme_are_verbs_of_run() {
    let run = include_str!("../../run");
    for command in README.lines().filter_map(|line| line.strip_prefix("    ./run ")) {
        let verb = command.split_whitespace().next().unwrap();
        assert!(run.contains(&format!("\n  {verb}) ")), "./run has no verb {verb}");
    }
    assert!(run.contains("\n  demo --once\n"), "./run test ends with the demo");
}
