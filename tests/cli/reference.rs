//! `docs/cli.md` is what the program itself says about its commands. `UPDATE_DOCS=1` writes it anew.

use std::fmt::Write as _;
use std::path::Path;

use clap::CommandFactory as _;
use clap::{Arg, Command};

const HEAD: &str = "# Befehle von schriftgut

Diese Seite ist aus dem Programm erzeugt und wird im Test damit verglichen \
(`UPDATE_DOCS=1` schreibt sie neu). Ausgang: 0 getan, 1 Störung, 2 Fehler in der Eingabe, 3 abgelehnt. \
Ergebnisse stehen auf der Standardausgabe, alles andere auf der Fehlerausgabe.
";

#[test]
fn the_reference_says_what_the_program_says() {
    let mut command = schriftgut::cli::args::Args::command();
    command.build();
    let mut page = HEAD.to_owned();
    write!(page, "\n## Für alle Befehle\n\n").unwrap();
    options(&mut page, &command, &|arg| arg.is_global_set());
    for verb in command.get_subcommands() {
        describe(&mut page, verb, "schriftgut");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/cli.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == page, "docs/cli.md is out of date; run the tests with UPDATE_DOCS=1");
}

fn describe(page: &mut String, verb: &Command, parents: &str) {
    let name = format!("{parents} {}", verb.get_name());
    let about = verb.get_about().expect("every command says what it does").to_string();
    if verb.has_subcommands() {
        write!(page, "\n## {name}\n\n{about}.\n").unwrap();
        if verb.get_arguments().any(|arg| !common(arg)) {
            write!(page, "\n```text\n{name}").unwrap();
            verb.get_arguments()
                .filter(|arg| !common(arg))
                .for_each(|arg| write!(page, " [{}]", usage(arg)).unwrap());
            page.push_str("\n```\n\n");
            options(page, verb, &|arg| !common(arg));
        }
        verb.get_subcommands().for_each(|verb| describe(page, verb, &name));
        return;
    }
    let depth = if parents.contains(' ') { "###" } else { "##" };
    write!(page, "\n{depth} {name}\n\n{about}.\n\n```text\n{name}").unwrap();
    for arg in verb.get_arguments().filter(|arg| !common(arg)) {
        let usage = usage(arg);
        match arg.is_required_set() {
            true => write!(page, " {usage}").unwrap(),
            false => write!(page, " [{usage}]").unwrap(),
        }
    }
    page.push_str("\n```\n");
    if verb.get_arguments().any(|arg| !common(arg)) {
        page.push('\n');
        options(page, verb, &|arg| !common(arg));
    }
}

fn common(arg: &Arg) -> bool {
    arg.is_global_set() || ["help", "version"].contains(&arg.get_id().as_str())
}

fn options(page: &mut String, verb: &Command, wanted: &dyn Fn(&Arg) -> bool) {
    for arg in verb.get_arguments().filter(|arg| wanted(arg)) {
        let help = arg.get_help().expect("every argument says what it is").to_string();
        write!(page, "- `{}`: {help}", usage(arg)).unwrap();
        let defaults: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
        if arg.get_action().takes_values() && !defaults.concat().is_empty() {
            write!(page, " (sonst `{}`)", defaults.join(" ")).unwrap();
        }
        if let Some(variable) = arg.get_env() {
            write!(page, "; auch aus `{}`", variable.to_string_lossy()).unwrap();
        }
        page.push('\n');
    }
}

/// How an argument is written.
fn usage(arg: &Arg) -> String {
    let names = arg.get_value_names().unwrap_or_default();
    let value = names.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let many = arg.get_num_args().is_some_and(|count| count.max_values() > 1)
        || matches!(arg.get_action(), clap::ArgAction::Append);
    let more = if many { "…" } else { "" };
    match (arg.get_long(), arg.get_action().takes_values()) {
        (Some(long), true) => format!("--{long} {value}{more}"),
        (Some(long), false) => format!("--{long}"),
        (None, _) => format!("{value}{more}"),
    }
}
