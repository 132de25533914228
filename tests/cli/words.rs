//! What the program says when it cannot: what, why, and the way out, in German.

use crate::office::{Office, program, redacted, said};

/// What is said on stderr about a command that ends with this code.
#[track_caller]
fn words(office: &Office, code: i32, args: &[&str]) -> String {
    redacted(office, &office.run(args).failed(code))
}

#[test]
fn nothing_of_that_name() {
    let office = Office::new();
    let id = "2c3f4a60-3ea8-4a0c-9e3f-57f3a9b6c111";
    insta::assert_snapshot!(words(&office, 2, &["show", "63-99/1999"]), @"");
    insta::assert_snapshot!(words(&office, 2, &["why", "63-99/1999"]), @"");
    insta::assert_snapshot!(words(&office, 2, &["get", id, "--out", "x"]), @"");
    insta::assert_snapshot!(words(&office, 2, &["get", "kein Dokument", "--out", "x"]), @"");
    insta::assert_snapshot!(words(&office, 2, &["file", id, "63-99/1999"]), @"");
    assert!(!office.place("x").exists());
}

#[test]
fn nothing_to_take_in() {
    let office = Office::new();
    let path = office.write("a.txt", "a");
    insta::assert_snapshot!(words(&office, 2, &["ingest"]), @"");
    let refused = |args: &[&str]| {
        let said = office.run(["ingest", &path].iter().chain(args));
        assert_eq!(said.code, 2, "{said:?}");
        redacted(&office, &said.out)
    };
    insta::assert_snapshot!(refused(&["--file", "63-1/2020"]), @"");
    insta::assert_snapshot!(refused(&["--file", "63-1/2020", "--class", "99.99.99"]), @"");
    insta::assert_snapshot!(refused(&["--file", "63-1/2020", "--class", "63.10.01", "--domain", "social"]), @"");
    insta::assert_snapshot!(words(&office, 2, &["ingest", &path, "--file", " "]), @"");
}

#[test]
fn no_registry() {
    let office = Office::new();
    insta::assert_snapshot!(said(program().arg("plan")).failed(2), @"");
    let empty = office.place("leer");
    std::fs::create_dir(&empty).unwrap();
    insta::assert_snapshot!(words(&office, 2, &["--registry", empty.to_str().unwrap(), "plan"]), @"");
    insta::assert_snapshot!(words(&office, 2, &["init"]), @"");
}

#[test]
fn a_query_that_cannot_be_read() {
    let office = Office::new();
    insta::assert_snapshot!(words(&office, 2, &["search", "(Kanal"]), @"");
    insta::assert_snapshot!(words(&office, 2, &["search", ""]), @"");
}

#[test]
fn a_command_that_cannot_be_read() {
    let office = Office::new();
    insta::assert_snapshot!(words(&office, 2, &["schreddern"]), @"");
    insta::assert_snapshot!(words(&office, 2, &["show"]), @"");
    insta::assert_snapshot!(words(&office, 2, &["show", "63-1", "--gern"]), @"");
    insta::assert_snapshot!(words(&office, 2, &["why", "63-1", "--on", "morgen"]), @"");
    insta::assert_snapshot!(words(&office, 2, &["ingest", "x", "--manifest", "y"]), @"");
    insta::assert_snapshot!(words(&office, 2, &["ingest", "x", "--class", "63.10.01"]), @"");
}

#[test]
fn what_the_rules_forbid() {
    let office = Office::new();
    office.add_person("voss", "Henning Voss", &["records_manager", "clerk"]);
    let path = office.write("a.txt", "a");
    office.run(["ingest", "--no-read", "--file", "63-1/2020", "--class", "63.10.03", &path]).done();
    office.run(["close", "63-1/2020", "--on", "2020-05-01"]).done();
    let twice = office.run(["close", "63-1/2020", "--on", "2020-05-02"]);
    insta::assert_snapshot!(redacted(&office, &twice.failed(3)), @"");
    let into_closed = office.run(["ingest", "--file", "63-1/2020", &path]);
    assert_eq!(into_closed.code, 2);
    insta::assert_snapshot!(redacted(&office, into_closed.out.lines().next().unwrap()), @"");
    insta::assert_snapshot!(office.run_as("voss", &["list", "create"]).failed(3), @"");
    insta::assert_snapshot!(words(&office, 3, &["hold", "place", "63-1/2020", "--reason", "Klage"]), @"");
}

#[test]
fn machinery_that_fails() {
    let office = Office::new();
    std::fs::remove_file(office.registry().join("keys/master.key")).unwrap();
    insta::assert_snapshot!(words(&office, 1, &["plan"]), @"");
}
