//! `--json` everywhere: every verb answers in JSON, one answer a line and nothing else on stdout, alone and through a
//! running server. The verbs come from the program itself: one that is not asked here fails the test.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use clap::{Command, CommandFactory as _};
use schriftgut::cli::args::Args;
use serde_json::Value;

use crate::material::pdf_of_pages;
use crate::office::{Office, SECRET, Said, said};
use crate::server::own;

const MODEL: &str = include_str!("../../schema/file-plan/kommunal.toml");
const PACK: &str = include_str!("../../retention-rules/nrw/kommunal.toml");

/// Every verb that can be called, as it is typed.
fn verbs(command: &Command, parents: &str, found: &mut BTreeSet<String>) {
    for verb in command.get_subcommands() {
        let name = format!("{parents} {}", verb.get_name()).trim().to_owned();
        if !verb.is_subcommand_required_set() {
            found.insert(name.clone());
        }
        verbs(verb, &name, found);
    }
}

/// The verb of a command line.
fn verb_of(args: &[&str]) -> String {
    let line = ["schriftgut"].into_iter().chain(args.iter().copied());
    let matches = Args::command().try_get_matches_from(line).unwrap_or_else(|error| panic!("{error}"));
    let (mut names, mut at) = (Vec::new(), &matches);
    while let Some((name, below)) = at.subcommand() {
        names.push(name);
        at = below;
    }
    names.join(" ")
}

/// What a value is made of: names and kinds, without what changes from run to run.
fn shape(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "bool".to_owned(),
        Value::Number(_) => "number".to_owned(),
        Value::String(_) => "text".to_owned(),
        Value::Array(all) => {
            let kinds: BTreeSet<_> = all.iter().map(shape).collect();
            format!("[{}]", kinds.into_iter().collect::<Vec<_>>().join("|"))
        }
        Value::Object(fields) => {
            let fields: Vec<_> =
                fields.iter().map(|(name, value)| format!("{name}:{}", shape(value))).collect();
            format!("{{{}}}", fields.join(","))
        }
    }
}

/// What an archive says when a message of ours has come in.
fn receipt(list: &str, name: &str) -> String {
    format!(
        "<x:{name} xmlns:x=\"urn:xoev-de:xdomea:schema:3.1.0\"><x:Kopf><x:ProzessID>{list}</x:ProzessID></x:Kopf></x:{name}>"
    )
}

/// Names of fields are English words in small letters.
fn assert_names(value: &Value, verb: &str) {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    match value {
        Value::Array(all) => all.iter().for_each(|value| assert_names(value, verb)),
        Value::Object(fields) => {
            for (name, value) in fields {
                assert!(name.chars().all(fits), "{verb}: {name}");
                assert_names(value, verb);
            }
        }
        _ => {}
    }
}

/// A walk through the verbs: what each answered to `--json`.
struct Walk<'a> {
    office: &'a Office,
    answers: BTreeMap<String, Vec<Value>>,
}

impl<'a> Walk<'a> {
    fn through(office: &'a Office) -> Self {
        Self { office, answers: BTreeMap::new() }
    }

    /// Asks a verb as the operator.
    #[track_caller]
    fn ask(&mut self, args: &[&str]) -> Vec<Value> {
        let said = self.office.run(["--json"].iter().chain(args));
        self.note(args, said)
    }

    /// Asks a verb as this person.
    #[track_caller]
    fn ask_as(&mut self, login: &str, args: &[&str]) -> Vec<Value> {
        let all: Vec<_> = ["--json"].into_iter().chain(args.iter().copied()).collect();
        let said = self.office.run_as(login, &all);
        self.note(args, said)
    }

    /// It went well, and on stdout is JSON, line by line, and nothing else.
    #[track_caller]
    fn note(&mut self, args: &[&str], said: Said) -> Vec<Value> {
        let (verb, said) = (verb_of(args), said.done());
        let answers = said.lines();
        assert!(!answers.is_empty(), "{verb} answers nothing: {said:?}");
        for answer in &answers {
            assert!(answer.is_object(), "{verb}: {answer}");
            assert_names(answer, &verb);
        }
        self.answers.entry(verb).or_default().extend(answers.iter().cloned());
        answers
    }

    /// The answers of each verb, as this makes them out.
    fn told(&self, how: impl Fn(&Value) -> String) -> BTreeMap<&str, BTreeSet<String>> {
        self.answers.iter().map(|(verb, all)| (verb.as_str(), all.iter().map(&how).collect())).collect()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value}")).to_owned()
}

/// An office for showing, with its people.
fn office() -> Office {
    let office = Office::demo();
    office.add_person("voss", "Henning Voss", &["records_manager", "clerk"]);
    office.add_person("tamm", "Gesa Tamm", &["records_manager"]);
    office.add_person("wolters", "Imke Wolters", &["archivist"]);
    office
}

/// Two closed files, a building file whose house is gone and a notice.
fn batch(office: &Office) -> String {
    office.write("stapel/haus.txt", "Wohnhaus am Wall, Bauantrag");
    office.write("stapel/brief.txt", "Ein Schreiben der Nachbarin");
    office.write("stapel/anzeige.txt", "Anzeige eines Gartenhauses");
    office.write(
        "stapel/manifest.csv",
        "path;aktenzeichen;klasse;titel;geschlossen_am;feld:street;register\n\
         haus.txt;63-1/1960;63.10.01;Wohnhaus;1962-03-01;Wall;10\n\
         brief.txt;63-1/1960;63.10.01;Wohnhaus;1962-03-01;Wall;40\n\
         anzeige.txt;63-2/1990;63.10.03;Gartenhaus;1991-06-30;Ring;\n",
    )
}

/// What an open registry does, all of it.
fn in_the_office(walk: &mut Walk<'_>) {
    people(walk);
    records(walk);
    saved(walk);
    rules(walk);
    types(walk);
    streets(walk);
    holds(walk);
    restrictions(walk);
    disposal(walk);
    soundness(walk);
    copies(walk);
}

fn tomorrow() -> String {
    jiff::Zoned::now().date().tomorrow().unwrap().to_string()
}

fn people(walk: &mut Walk<'_>) {
    let added = walk.ask(&["user", "add", "anna", "--name", "Anna Weber", "--role", "clerk"]);
    assert_eq!(added[0]["roles"], serde_json::json!(["clerk"]));
    let more = ["--role", "clerk", "--domain", "general", "--domain", "tax"];
    let rights: Vec<_> = ["user", "rights", "anna"].into_iter().chain(more).collect();
    walk.ask(&rights);
    let secret = ["user", "secret", "anna"];
    let mut command = walk.office.command();
    command.arg("--json").args(secret).env("SCHRIFTGUT_NEW_SECRET", SECRET);
    walk.note(&secret, said(&mut command));
    assert_eq!(walk.ask(&["user", "duties", "anna", "--class", "63"])[0]["duties"][0], "63");
    assert_eq!(walk.ask(&["user", "deputy", "anna"])[0]["deputies"], serde_json::json!([]));
    let until = tomorrow();
    let issue = ["user", "token", "issue", "Abgleich", "--scope", "lesen", "--until", &until];
    let issued = walk.ask(&issue);
    assert!(text(&issued[0]["token"]).starts_with("schriftgut_"), "{issued:?}");
    let tokens = walk.ask(&["user", "token", "list"]);
    assert_eq!(tokens[0]["tokens"][0]["scopes"], serde_json::json!(["lesen"]));
    assert!(!tokens[0].to_string().contains("schriftgut_"), "shown once: {tokens:?}");
    walk.ask(&["user", "token", "revoke", "Abgleich"]);
    let listed = walk.ask(&["user", "list"]);
    assert_eq!(listed[0]["people"][1]["login"], "anna", "{listed:?}");
}

fn records(walk: &mut Walk<'_>) {
    let list = batch(walk.office);
    walk.office.write("post.txt", "Post, noch ohne Aktenzeichen");
    walk.office.write("post-2.txt", "Post, zweite Fassung");
    walk.office.write("carport.txt", "Anfrage zu einem Carport");
    walk.ask(&["ingest", "--allow-surplus", "--manifest", &list]);
    walk.office.write("eingang/anlage.txt", "Eine Anlage aus dem Scanner");
    let watched = walk.ask(&["watch", "eingang", "--once", "--settle", "0", "--no-read"]);
    assert_eq!((&watched[0]["outcome"], &watched[1]["summary"]["taken"]), (&"taken".into(), &1.into()));
    // The mailbox cannot be reached: that is talk, and what was done all the same is the answer.
    let profile =
        "server = \"localhost\"\nuser = \"a\"\npassword_file = \"fehlt\"\ndone = \"b\"\nfailed = \"c\"\n";
    walk.office.write("postfach.toml", profile);
    let args = ["mail", "fetch", "--profile", "postfach.toml", "--no-read"];
    let mut said = walk.office.run(["--json"].iter().chain(&args));
    assert_eq!(std::mem::replace(&mut said.code, 0), 1, "{said:?}");
    walk.note(&args, said);
    walk.ask(&["ingest", "--no-read", "--file", "63-3/2026", "--class", "63.10.03", "carport.txt"]);
    let id = text(&walk.ask(&["ingest", "--no-read", "post.txt"])[0]["document"]);
    let queue = &walk.ask(&["queue"])[0];
    assert_eq!((&queue["waiting"], &queue["next"][0]["state"]), (&3.into(), &"unread".into()), "{queue}");
    assert_eq!(walk.ask(&["work"])[0]["read"], 3);
    walk.ask(&["file", &id, "63-3/2026"]);
    let newer = walk.ask(&["ingest", "--version-of", &id, "post-2.txt"]);
    assert_eq!((&newer[0]["version"], &newer[0]["file"]), (&2.into(), &"63-3/2026".into()));
    assert_eq!(newer[1]["summary"]["read"], 1, "{newer:?}");
    walk.ask(&["refile", &id, "--to", "63-3/2026", "--reason", "liegt dort schon"]);
    assert_eq!(walk.ask(&["sort", &id, "--register", "20"])[0]["sorted"], 1);
    walk.ask(&["withdraw", &id, "--reason", "falsch gescannt"]);
    walk.ask(&["withdraw", &id, "--reason", "doch nicht", "--undo"]);
    walk.office.write("stapel.pdf", pdf_of_pages(&["eins", "zwei"]));
    let stack = text(&walk.ask(&["ingest", "--file", "63-3/2026", "stapel.pdf"])[0]["document"]);
    walk.ask(&["dividers", "--plain", "1", "--to", "blaetter.pdf"]);
    let parts = walk.ask(&["split", &stack, "--at", "2"]);
    let part = |at: usize| text(&parts[0]["documents"][at]["document"]);
    walk.ask(&["merge", &part(0), &part(1), "--reason", "doch eines"]);
    walk.office.write("post.zip", A_ZIP);
    let packed = text(&walk.ask(&["ingest", "--file", "63-3/2026", "--no-read", "post.zip"])[0]["document"]);
    assert_eq!(walk.ask(&["unpack", &packed])[0]["documents"][0]["path"], "leer.txt");
    let got = walk.ask(&["get", &id, "--version", "1", "--out", "heraus.txt"]);
    assert_eq!((&got[0]["version"], &got[0]["size_bytes"]), (&1.into(), &28.into()));
    walk.ask(&["get", &id, "--text", "--out", "text.txt"]);
    assert_eq!(walk.ask(&["queue", "--retry", &id])[0]["text"], "same");
    assert_eq!(walk.ask(&["work", "--again", "--preview"])[0]["documents"], 0);
    assert_eq!(walk.ask(&["work", "--again", "63-3/2026"])[0]["kept"], serde_json::json!([]));
    walk.ask(&["show", "63-1/1960"]);
    walk.ask(&["show", &id]);
    walk.ask(&["search", "Bauantrag"]);
    assert_eq!(walk.ask(&["search", "Bauantrog"])[0]["did_you_mean"], serde_json::json!(["Bauantrag"]));
    let narrow = ["search", "Bauantrag", "--facets", "--sort", "älteste", "--file", "63-1/1960"];
    let found = &walk.ask(&narrow)[0];
    assert_eq!((&found["total"], &found["facets"]["phases"][0]["count"]), (&1.into(), &1.into()), "{found}");
    let words = walk.ask(&["suggest", "Wohnhaus Bauan"]);
    let made = serde_json::json!({ "kind": "word", "query": "Wohnhaus Bauantrag", "text": "Bauantrag" });
    assert_eq!(words[0]["suggestions"][0], made);
    walk.ask(&["similar", &id]);
    walk.ask(&["duplicates", &id]);
    walk.ask(&["note", "63-3/2026", "Anruf"]);
    walk.ask(&["relate", "63-3/2026", "63-1/1960", "--as", "predecessor"]);
    walk.ask(&["relate", "63-3/2026", "63-1/1960", "--remove"]);
    let opened = &walk.ask(&["open", "--class", "63.10.01", "--title", "Garage", "--case", "Antrag"])[0];
    assert!(text(&opened["file"]).starts_with("63.10.01-"), "{opened}");
    walk.ask(&["assign", "63-3/2026", "--to", "anna"]);
    let changed = walk.ask(&["change", "63-3/2026", "--title", "Carport am Wall", "--reason", "genauer"]);
    assert_eq!(changed[1]["summary"]["changed"], 1, "{changed:?}");
    let add = ["reminder", "add", "63-3/2026", "--on", "2999-01-01", "--text", "Frist"];
    let reminder = text(&walk.ask(&add)[0]["reminder"]);
    let listed = walk.ask(&["reminder", "list", "--until", "2999-12-31"]);
    assert_eq!(listed[0]["reminders"][0]["reminder"], reminder.as_str());
    walk.ask(&["reminder", "done", "63-3/2026", &reminder]);
    walk.ask(&["close", "63-3/2026"]);
    walk.ask(&["reopen", "63-3/2026"]);
    let fact = ["fact", "63-1/1960", "building_demolished", "--on", "2001-10-05", "--source", "Anzeige"];
    assert_eq!(walk.ask(&fact)[0]["on"], "2001-10-05");
    walk.office.write(
        "tatsachen.csv",
        "aktenzeichen;tatsache;am;quelle\n63-1/1960;building_demolished;2001-10-05;Anzeige\n",
    );
    assert_eq!(walk.ask(&["facts", "tatsachen.csv"])[0]["known"], 1);
    paper(walk);
    scans(walk);
    walk.ask(&["why", "63-1/1960"]);
    walk.ask(&["evaluate"]);
}

fn paper(walk: &mut Walk<'_>) {
    let place = ["paper", "place", "63-1/1960", "63-3/2026", "--room", "U 12", "--shelf", "R4"];
    assert_eq!(walk.ask(&place)[2]["summary"]["placed"], 2);
    walk.office.write("standorte.csv", "aktenzeichen;strichcode\n63-1/1960;4711\n63-3/2026;4712\n");
    let shown = &walk.ask(&["paper", "import", "standorte.csv", "--preview"])[1];
    assert_eq!((&shown["before"]["barcode"], &shown["after"]["barcode"]), (&Value::Null, &"4712".into()));
    walk.ask(&["paper", "import", "standorte.csv", "--reason", "Inventur"]);
    let lent = &walk.ask(&["paper", "lend", "63-1/1960", "--to", "anna", "--until", "2999-01-01"])[0]["loan"];
    assert_eq!((&lent["to"], &lent["overdue"]), (&"Anna Weber".into(), &false.into()), "{lent}");
    assert_eq!(walk.ask(&["paper", "find", "4711"])[0]["loan"], *lent);
    assert_eq!(walk.ask(&["show", "63-1/1960"])[0]["loan"], *lent);
    assert_eq!(walk.ask(&["paper", "loans"])[0]["loans"][0]["loan"], *lent);
    assert_eq!(walk.ask(&["paper", "loans", "--overdue"])[0]["loans"], serde_json::json!([]));
    assert_eq!(walk.ask(&["paper", "return", "63-1/1960"])[0]["paper"]["room"], "U 12");
}

fn scans(walk: &mut Walk<'_>) {
    walk.office.write("scan.pdf", pdf_of_pages(&["drei", "vier"]));
    walk.office.write("verfahren.toml", crate::scan::PROCEDURE);
    let scanned = ["--scanned", "verfahren.toml", "--need", "normal"];
    let ingest = ["ingest", "--file", "63-3/2026", "scan.pdf"];
    let mut take_in = || text(&walk.ask(&[ingest.as_slice(), &scanned].concat())[0]["document"]);
    let (id, other) = (take_in(), take_in());
    assert_eq!(walk.ask(&["scan", "list"])[0]["scans"].as_array().unwrap().len(), 2);
    assert_eq!(walk.ask(&["scan", "state", &id, "--pages", "2"])[0]["pages_on_paper"], 2);
    assert_eq!(walk.ask(&["scan", "check", &id, "--accept", "1-2"])[0]["check"]["state"], "passed");
    let note = &walk.ask(&["scan", "note", &id])[0];
    assert_eq!(walk.ask(&["scan", "show", &id, "--out", "vermerk.xml"])[0], *note);
    assert_eq!(
        walk.ask(&["scan", "replace", &other, "--by", &id, "--reason", "doppelt"])[0]["by"],
        id.as_str()
    );
    walk.ask(&["paper", "scanned", "63-3/2026"]);
    assert_eq!(walk.ask(&["paper", "fate", "63-3/2026"])[0]["fate"], "keep");
    walk.ask(&["paper", "fate"]);
}

fn saved(walk: &mut Walk<'_>) {
    let id = text(&walk.ask(&["saved", "add", "Gauben", "Dachgaube"])[0]["search"]);
    walk.ask(&["saved", "add", "Post", "Fassung", "--file", "63-3/2026", "--sort", "neueste"]);
    walk.office.write("dach.txt", "Eine Dachgaube");
    walk.ask(&["ingest", "--file", "63-3/2026", "dach.txt"]);
    let listed = &walk.ask(&["saved", "list"])[0]["searches"];
    assert_eq!(listed[0]["new"], serde_json::json!({ "pages": 1, "files": 0, "partial": false }));
    assert_eq!((&listed[1]["new"]["pages"], &listed[1]["file"]), (&0.into(), &"63-3/2026".into()));
    assert_eq!(walk.ask(&["saved", "run", "gauben"])[0]["total"], 1);
    assert_eq!(walk.ask(&["saved", "run", &id, "--new", "--seen"])[0]["total"], 1);
    assert_eq!(walk.ask(&["saved", "run", "Gauben", "--new"])[0]["total"], 0);
    assert_eq!(walk.ask(&["saved", "seen"])[0]["seen"].as_array().unwrap().len(), 2);
    assert_eq!(walk.ask(&["saved", "rename", "Post", "Eingang"])[0]["renamed"], "Eingang");
    walk.ask(&["saved", "remove", "Eingang"]);
    assert_eq!(walk.ask(&["saved", "list"])[0]["searches"].as_array().unwrap().len(), 1);
    walk.office.run(["saved", "remove", "Eingang"]).failed(2);
}

fn rules(walk: &mut Walk<'_>) {
    let newer = PACK.replace("2026-1\"", "2026-2\"").replacen("id = \"BA-04\"", "id = \"BA-94\"", 1);
    walk.office.write("laenger.toml", newer.replacen("period = \"10 years\"", "period = \"60 years\"", 1));
    walk.office.write("neu.toml", newer);
    walk.ask(&["plan"]);
    plan(walk);
    walk.ask(&["rules", "show"]);
    walk.ask(&["rules", "check"]);
    walk.ask(&["rules", "check", "neu.toml"]);
    let forecast =
        &walk.ask(&["forecast", "--years", "20", "--on", "2026-01-02", "--csv", "vorschau.csv"])[0];
    assert_eq!((&forecast["files"], &forecast["last_year"]), (&4.into(), &2046.into()), "{forecast}");
    walk.ask(&["rules", "try", "laenger.toml", "--on", "2026-01-02"]);
    let changed = &walk.ask(&["rules", "diff", "laenger.toml"])[0];
    assert_eq!(changed["changed"][0]["parts"][0]["part"], "period", "{changed}");
    walk.ask(&["rules", "diff", "laenger.toml", "--against", "neu.toml"]);
    walk.ask(&["rules", "export", "--what", "deletion-concept", "--out", "loeschkonzept.md"]);
    let sheet = &walk.ask(&["rules", "export", "--what", "art30", "--out", "art30.md"])[0];
    assert_eq!((&sheet["what"], &sheet["edition"]), (&"art30".into(), &"nrw-kommunal 2026-1".into()));
    assert_eq!(walk.ask_as("voss", &["rules", "propose", "neu.toml"])[0]["proposed"], "nrw-kommunal 2026-2");
    walk.ask_as("wolters", &["rules", "enact", "nrw-kommunal 2026-2"]);
    assert_eq!(walk.ask_as("voss", &["rules", "confirm"])[0]["confirmed"], 66);
}

fn plan(walk: &mut Walk<'_>) {
    let newer = MODEL.replacen("2026-1", "2027-1", 1).replacen("\"Fundsachen\"", "\"Gefundenes\"", 1);
    walk.office.write("plan.toml", newer);
    assert_eq!(walk.ask(&["plan", "show"])[0]["edition"], "kommunal 2026-1");
    let checked = &walk.ask(&["plan", "check", "plan.toml"])[0];
    assert_eq!((&checked["changes"][0]["change"], &checked["in_force"]), (&"renamed".into(), &false.into()));
    walk.ask_as("voss", &["plan", "enact", "plan.toml"]);
    walk.ask(&["plan", "export", "--form", "csv", "--out", "plan.csv"]);
    walk.ask(&["plan", "export", "--form", "xdomea", "--out", "plan.xml"]);
    let imported = &walk.ask(&["plan", "import", "plan.csv"])[0];
    assert_eq!((&imported["edition"], &imported["out"]), (&Value::Null, &Value::Null), "{imported}");
    walk.ask(&["plan", "import", "plan.xml", "--out", "aus-xdomea.toml"]);
    let offer = ["plan", "offer", "--xdomea", "3.1.0", "--out", "nachrichten"];
    let container = text(&walk.ask_as("voss", &offer)[0]["container"]);
    let process = container.rsplit('/').next().unwrap().split('_').next().unwrap();
    let name = "Aussonderung.AktenplanZurBewertungEmpfangBestaetigen.0512";
    walk.office.write("0512.xml", receipt(process, name));
    assert_eq!(walk.ask_as("wolters", &["plan", "appraise", "0512.xml"])[0]["message"], "0512");
    walk.ask_as("voss", &["archive", "set", "Kreisarchiv", "--xdomea", "3.1.0"]);
    assert_eq!(walk.ask(&["archive", "show"])[0]["archives"][0]["xdomea"], "3.1.0");
    walk.ask_as("voss", &["archive", "forget", "Kreisarchiv"]);
}

fn types(walk: &mut Walk<'_>) {
    let own = include_str!("../../schema/record-types/vertrag.toml").replace("2026-1", "2026-2");
    walk.office.write("vertrag.toml", own);
    walk.ask(&["types", "show"]);
    assert_eq!(walk.ask(&["types", "show", "bauakte"])[0]["label"], "Bauakte");
    assert_eq!(walk.ask(&["types", "check", "vertrag.toml"])[0]["record_types"][0]["id"], "vertrag");
    let enacted = walk.ask_as("voss", &["types", "enact", "vertrag.toml"]);
    assert_eq!(enacted[0]["record_types"][0]["edition"], "2026-2");
}

fn streets(walk: &mut Walk<'_>) {
    walk.office.write("strassen.txt", "format = 2\nAm Markt\nKaiserwall = Wall; 1919\n");
    walk.office.run_as("anna", &["streets", "set", "strassen.txt"]).failed(3);
    assert_eq!(walk.ask_as("voss", &["streets", "set", "strassen.txt"])[0]["set"], 1);
    let shown = &walk.ask(&["streets", "show"])[0];
    assert_eq!((&shown["renamings"][0]["from"], &shown["streets"][0]), (&1919.into(), &"Am Markt".into()));
    let found = &walk.ask(&["search", "Kaiserwall Bauantrag"])[0];
    assert_eq!((&found["total"], &found["streets"][0]["now"][0]), (&1.into(), &"Wall".into()), "{found}");
}

fn holds(walk: &mut Walk<'_>) {
    let placed = walk.ask_as("voss", &["hold", "place", "63-3/2026", "--reason", "Klage"]);
    let hold = text(&placed[0]["hold"]);
    assert_eq!(walk.ask(&["hold", "list"])[0]["holds"][0]["hold"], hold.as_str());
    walk.ask_as("voss", &["hold", "release", &hold, "63-3/2026"]);
    assert_eq!(walk.ask(&["hold", "list"])[0], serde_json::json!({ "holds": [] }));
}

fn restrictions(walk: &mut Walk<'_>) {
    let open = [
        "open",
        "--class",
        "33.10.01",
        "--title",
        "Wegzug",
        "--reference",
        "33-1/2005",
        "--opened",
        "2005-01-01",
    ];
    walk.ask(&open);
    walk.ask(&["fact", "33-1/2005", "moved_away", "--on", "2010-10-30", "--source", "Abmeldung"]);
    walk.ask(&["close", "33-1/2005", "--on", "2009-06-15"]);
    walk.ask_as("voss", &["restrict", "apply"]);
    assert_eq!(walk.ask_as("voss", &["restrict", "list"])[0]["files"][0]["reference"], "33-1/2005");
    walk.ask_as("voss", &["restrict", "lift", "33-1/2005", "--reason", "Auskunft"]);
}

fn disposal(walk: &mut Walk<'_>) {
    walk.ask(&["close", "63-3/2026"]);
    let ground = ["--ground", "erasure", "--reason", "Antrag"];
    let early = [&["list", "early", "63-3/2026"], &ground[..]].concat();
    let early = text(&walk.ask_as("voss", &early)[0]["list"]);
    walk.ask_as("voss", &["list", "withdraw", &early]);
    walk.ask(&["reopen", "63-3/2026"]);
    let create = ["list", "create", "--on", "2026-01-02"];
    let withdrawn = text(&walk.ask_as("voss", &create)[0]["list"]);
    walk.ask_as("voss", &["list", "withdraw", &withdrawn]);
    let list = text(&walk.ask_as("voss", &create)[0]["list"]);
    let shown = walk.ask_as("voss", &["list", "show", &list]);
    assert_eq!(shown[0]["lines"].as_array().unwrap().len(), 2, "{shown:?}");
    assert_eq!(walk.ask_as("voss", &["list", "show"])[0]["lists"].as_array().unwrap().len(), 3);
    walk.ask_as("voss", &["list", "offer", &list]);
    walk.ask_as("voss", &["list", "export", &list, "--xdomea", "3.1.0", "--out", "nachrichten"]);
    walk.office.write("0504.xml", receipt(&list, "Aussonderung.AnbietungEmpfangBestaetigen.0504"));
    walk.ask_as("wolters", &["list", "import", &list, "0504.xml"]);
    walk.ask_as("wolters", &["list", "sample", &list, "--every", "2", "--preview"]);
    walk.ask_as("wolters", &["list", "sample", &list, "--class", "63.10.01", "--share", "1000"]);
    walk.ask_as("wolters", &["list", "samples", &list]);
    walk.ask_as("wolters", &["list", "appraise", &list, "--file", "63-1/1960", "--decision", "A"]);
    let part =
        ["list", "appraise", &list, "--file", "63-1/1960", "--decision", "A", "--leave-out-register", "40"];
    let thinned = &walk.ask_as("wolters", &part)[0];
    assert_eq!(thinned["thinned"], serde_json::json!({ "kept": 1, "of": 2 }), "{thinned}");
    walk.ask_as("wolters", &["list", "appraise", &list, "--file", "63-2/1990", "--decision", "V"]);
    walk.ask_as("wolters", &["list", "appraise", &list, "--follow-proposals"]);
    walk.ask_as("wolters", &["transfer", "export", &list, "--out", "abgabe"]);
    let as_message = ["transfer", "export", &list, "--xdomea", "3.1.0", "--out", "nachrichten"];
    walk.ask_as("wolters", &as_message);
    walk.office.write("0507.xml", receipt(&list, "Aussonderung.AussonderungEmpfangBestaetigen.0507"));
    walk.ask_as("wolters", &["transfer", "receipt", &list, "0507.xml"]);
    walk.ask_as("voss", &["list", "propose", &list]);
    walk.ask_as("tamm", &["list", "approve", &list]);
    walk.ask_as("wolters", &["list", "approve", &list]);
    let executed = walk.ask_as("voss", &["list", "execute", &list, "--confirm", &list[..8]]);
    walk.ask_as("voss", &["list", "certificate", &list, "--out", "protokoll.pdf"]);
    walk.ask_as("voss", &["proof", "show", "0"]);
    walk.ask_as("voss", &["proof", "show", &list, "--out", "nachweis.json"]);
    let (certificate, key) = (text(&executed[0]["certificate"]), walk.office.ledger_key());
    let verdict = walk.ask(&["proof", "verify", &certificate, "--key", &key]);
    assert_eq!(verdict[0]["destroyed"], 1);
    walk.ask(&["proof", "verify", "nachweis.json", "--key", &key]);
}

fn soundness(walk: &mut Walk<'_>) {
    walk.ask(&["verify", "--read-data"]);
    walk.ask(&["verify", "--subset", "1/2"]);
    walk.ask(&["verify", "--without-keys"]);
    walk.ask(&["rebuild"]);
    walk.ask(&["doctor"]);
}

/// Copies. Nothing is recorded between the backup and the checkpoint: restored, nothing is lost.
fn copies(walk: &mut Walk<'_>) {
    let master = walk.office.registry().join("keys/master.key");
    let both = walk.ask(&["backup", "--to", "inhalte", "--keys", "schluessel"]);
    assert_eq!(both.len(), 2, "an answer each");
    walk.ask(&["checkpoint", "--to", "aussen.note"]);
    assert_eq!(walk.ask(&["checkpoint", "--against", "aussen.note"])[0]["continues"], true);
    walk.ask(&["backup", "check", "inhalte"]);
    let from = ["--from", "inhalte", "--keys", "schluessel", "--master", master.to_str().unwrap()];
    walk.ask(&["backup", "drill"].into_iter().chain(from).collect::<Vec<_>>());
    walk.ask(&["repair", "--from", "inhalte"]);
    walk.ask(&["keys", "backup", "--out", "schluesselbund"]);
}

/// What needs no open registry, or makes one.
fn outside(walk: &mut Walk<'_>) {
    found(walk);
    show_all(walk);
    restore(walk);
    serve(walk);
}

/// A registry is founded, and its key file made again out of two sheets.
fn found(walk: &mut Walk<'_>) {
    let init = ["init", "zweite", "--name", "Zweite"];
    let founded = walk.office.run(["--json"].iter().chain(&init));
    let talk = founded.err.clone();
    assert!(talk.contains("Wiederherstellungsbl"), "the sheets are talk: {talk}");
    let answer = &walk.note(&init, founded)[0];
    assert_eq!(answer["setup_path"], format!("/einrichten?token={}", text(&answer["setup_token"])));
    let recover = ["keys", "recover", "--registry", "zweite", "--out", "master.key"];
    let typed = walk.office.write("blaetter.txt", sheets(&talk));
    let mut command = walk.office.command();
    command.arg("--json").args(recover).stdin(std::fs::File::open(typed).unwrap());
    walk.note(&recover, said(&mut command));
    let kept = |place: &str| std::fs::read(walk.office.place(place)).unwrap();
    assert!(kept("master.key") == kept("zweite/keys/master.key"));
}

/// The groups of the first two recovery sheets, a line each.
fn sheets(talk: &str) -> String {
    let mut sheets: Vec<Vec<&str>> = Vec::new();
    for line in talk.lines() {
        if line.starts_with("WIEDERHERSTELLUNGSBLATT") {
            sheets.push(Vec::new());
        }
        let mut words = line.split_whitespace();
        let first = words.next().unwrap_or_default();
        let numbered = first.contains('–') && first.starts_with(|c: char| c.is_ascii_digit());
        if let (true, Some(sheet)) = (numbered, sheets.last_mut()) {
            sheet.extend(words);
        }
    }
    format!("{}\n{}\n", sheets[0].join(" "), sheets[1].join(" "))
}

/// The demo, on two files.
fn show_all(walk: &mut Walk<'_>) {
    batch(walk.office);
    walk.office.write("stapel/story.toml", "archive = [\"63-1/1960\"]\nsearch_words = [\"Bauantrag\"]\n");
    let facts = "aktenzeichen;fakt;am;quelle\n63-1/1960;building_demolished;2001-10-05;Anzeige\n";
    walk.office.write("stapel/facts.csv", facts);
    walk.office.write("stapel/holds.csv", "aktenzeichen;grund;seit\n");
    let demo = ["demo", "--material", "stapel", "--registry", "vorfuehrung"];
    let answer = &walk.ask(&demo)[0];
    assert_eq!((&answer["archived"], &answer["destroyed"]), (&1.into(), &1.into()), "{answer}");
}

fn restore(walk: &mut Walk<'_>) {
    let master = walk.office.registry().join("keys/master.key");
    let from = ["--from", "inhalte", "--keys", "schluessel", "--master", master.to_str().unwrap()];
    let to = |place, more: &[&'static str]| {
        let line = ["restore", "--to", place].into_iter().chain(from);
        line.chain(more.iter().copied()).collect::<Vec<_>>()
    };
    let whole = walk.ask(&to("neu", &["--checkpoint", "aussen.note", "--verify"]));
    // A transfer note waited for the runs, so they were recorded: behind what they copied.
    assert_eq!((&whole[0]["quarantine"], &whole[0]["lost_entries"]), (&false.into(), &2.into()));
    let closed = walk.ask(&to("zu", &[]));
    assert_eq!(closed[0]["quarantine"], true);
    assert_eq!(walk.ask(&["quarantine", "show", "--registry", "zu"])[0]["needed"], 2);
    let release = ["quarantine", "release", "--registry", "zu"];
    assert_eq!(walk.ask_as("tamm", &release)[0]["needed"], 1);
    assert_eq!(walk.ask_as("wolters", &release)[0]["quarantine"], false);
}

/// The server says where it is, and goes on.
fn serve(walk: &mut Walk<'_>) {
    let serve = ["serve", "--listen", "127.0.0.1:0"];
    let mut command = walk.office.command();
    command.arg("--json").args(serve).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut server = command.spawn().unwrap();
    let mut out = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut out).unwrap();
    let _ = server.kill();
    let _ = server.wait();
    let answer = &walk.note(&serve, Said { code: 0, out, err: String::new() })[0];
    assert!(text(&answer["address"]).starts_with("http://127.0.0.1:"), "{answer}");
}

/// Names of the fields of each answer, a line per verb.
fn contract(walk: &Walk<'_>) -> String {
    let fields =
        |answer: &Value| answer.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>().join(" ");
    let mut page = String::new();
    for (verb, answers) in walk.told(fields) {
        writeln!(page, "{verb}: {}", answers.into_iter().collect::<Vec<_>>().join(" | ")).unwrap();
    }
    page
}

/// A ZIP with one file, which is empty.
const A_ZIP: &[u8] = b"PK\x03\x04\x14\0\0\0\0\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\x08\0\0\0leer.txt\
    PK\x01\x02\x14\x03\x14\0\0\0\0\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\x08\0\0\0\0\0\0\0\0\0\0\0\x80\x01\0\0\0\0leer.txt\
    PK\x05\x06\0\0\0\0\x01\0\x01\x006\0\0\0&\0\0\0\0\0";

#[test]
fn every_verb_answers_in_json_and_nothing_else() {
    let (alone, served) = (office(), office());
    let (mut walk, mut through) = (Walk::through(&alone), Walk::through(&served));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let _owner = own(&served);
            in_the_office(&mut through);
        });
        in_the_office(&mut walk);
    });
    assert_eq!(through.told(shape), walk.told(shape), "a server answers in the same shapes");
    outside(&mut walk);
    let mut all = BTreeSet::new();
    verbs(&Args::command(), "", &mut all);
    let asked: BTreeSet<_> = walk.answers.keys().cloned().collect();
    assert_eq!(asked, all, "every verb is asked");
    insta::assert_snapshot!(contract(&walk), @r"
    archive forget: archives
    archive set: archives
    archive show: archives
    assign: assigned to
    backup: backup copied copied_bytes entries objects removed root short | count destroyed kept keys
    backup check: at changed entries missing objects short unclaimed untracked
    backup drill: compared differences documents entries files named pages
    change: after before file | summary
    checkpoint: checkpoint entries root | continues words
    close: closed file
    demo: archived bag certificate clean destroyed documents entries list objects registry verifier_key
    dividers: path sheets
    doctor: checks
    duplicates: documents
    evaluate: file outcome rule | summary
    fact: fact file on source
    facts: known preview recorded
    file: document file
    forecast: apart by_class by_year files last_year on paper_mm_per_file
    get: document file_name out reading | document file_name out sha256 size_bytes version
    hold list: holds
    hold place: files hold preview reason review since too_late
    hold release: files hold released
    ingest: document file outcome reason source | document file outcome reason source version | summary
    init: edition login name registry roles rules setup_path setup_token verifier_key
    keys backup: keys
    keys recover: master
    list appraise: decided list | decision file left_out list rule thinned | decision file list
    list approve: approved list
    list certificate: bytes list pdf
    list create: created lines list messages stage
    list early: created lines list messages stage
    list execute: bytes certificate documents files list objects objects_held_elsewhere spared
    list export: container documents files message primary_files version
    list import: confirmed decided list message receipt sender version
    list offer: list offered
    list propose: list proposed
    list sample: drawn list method population preview represents
    list samples: drawn drawn_again list method on population represents
    list show: created lines list messages stage | lists
    list withdraw: list withdrawn
    mail fetch: summary
    merge: documents left_out withdrawn
    note: file notes
    open: case class domain file id record_type title
    paper fate: fate file rule stays why | summary
    paper find: file loan paper title
    paper import: after before file | summary
    paper lend: file loan
    paper loans: loans
    paper place: after before file | summary
    paper return: file from paper returned
    paper scanned: file scanned
    plan: catalogue classes edition title
    plan appraise: decided edition message receipts sender undecided version
    plan check: changes classes edition in_force without_rule
    plan enact: changes classes edition in_force without_rule
    plan export: edition form lost out
    plan import: changes classes edition lost obstacle out plan
    plan offer: classes container edition message version
    plan show: catalogue classes edition title
    proof show: checkpoint entries schriftgut_proof | entries proof verifier_key
    proof verify: destroyed entries origin size valid
    quarantine release: needed quarantine
    quarantine show: entries needed quarantine releases since
    queue: document file_name kept_because reasons received state text | in_part in_part_count mailboxes next now oldest waiting
    rebuild: rebuilt
    refile: moved to unsorted
    relate: file other relation
    reminder add: file on reminder
    reminder done: done file reminder
    reminder list: reminders responsible
    reopen: file reopened
    repair: archived left objects
    restore: changed destroyed_again entries lost lost_entries missing objects quarantine registry untracked
    restrict apply: files on preview
    restrict lift: lifted
    restrict list: files
    rules check: edition rules without_rule
    rules confirm: confirmed
    rules diff: after before changed classes criteria gone new thinnings
    rules enact: edition
    rules export: edition out what
    rules propose: proposed
    rules show: edition editions in_force proposed rules source title
    rules try: after before class due_in file outcome_after outcome_before restricted_from_after restricted_from_before rule_after rule_before shifts | summary
    saved add: name search
    saved list: searches
    saved remove: removed search
    saved rename: renamed search
    saved run: hits took_ms total
    saved seen: seen
    scan check: captured check document file_name irreplaceable need noted operator pages pages_on_paper procedure seed symbol_coding to_check version
    scan list: scans
    scan note: anomalies by captured creator document file file_name on operator pages procedure quality seal sha256 size_bytes statement version
    scan replace: by document
    scan show: anomalies by captured creator document file file_name on operator pages procedure quality seal sha256 size_bytes statement version
    scan state: captured check document file_name irreplaceable need noted operator pages pages_on_paper procedure seed symbol_coding to_check version
    search: did_you_mean hits reach took_ms total | facets hits took_ms total | hits partly streets took_ms total | hits took_ms total
    serve: address
    show: became contained_in contents file_name id made_of media pages_declared pages_read pronom readings register sha256 shortfalls size_bytes stays_inside version withdrawn | class documents domain fields id loan outcome paper phase record_type reference registers related restricted_since title
    similar: documents
    sort: register sorted
    split: documents left_out withdrawn
    streets set: set streets
    streets show: renamings streets
    suggest: suggestions
    transfer export: bag bytes files form objects | container documents files message primary_files version
    transfer receipt: confirmed decided list message receipt sender version
    types check: record_types
    types enact: record_types
    types show: classes closed default edition fields help id label registers | record_types
    unpack: document documents stays_inside
    user add: domains login name person roles
    user deputy: deputies login
    user duties: duties login
    user list: people
    user rights: domains login roles
    user secret: login secret_set
    user token issue: id login name scopes token until
    user token list: login tokens
    user token revoke: id login name revoked
    verify: archive_root changed entries missing objects part root size unclaimed untracked vault_root without_keys | changed complete covered entries missing objects part resumed stopped_at unclaimed untracked | changed entries missing objects unclaimed untracked
    watch: document file outcome reason source | summary
    why: catalogue criteria due_since edition file on outcome proposal reasons restricted_from rule text until
    withdraw: document reason withdrawn
    work: documents engine | documents engine kept new same | documents given_up pages read recognised
    ");
}

#[test]
fn what_cannot_be_done_leaves_stdout_empty() {
    let office = Office::new();
    let wrong: [(i32, &[&str]); 12] = [
        (2, &["schreddern"]),
        (2, &["show", "63-9/9999"]),
        (2, &["get", "kein Dokument", "--out", "x"]),
        (2, &["rules", "check", "fehlt.toml"]),
        (2, &["rules", "diff", "fehlt.toml"]),
        (3, &["rules", "confirm"]),
        (2, &["init"]),
        (2, &["demo"]),
        (2, &["backup"]),
        (2, &["backup", "check", "fehlt"]),
        (2, &["proof", "verify", "fehlt.json", "--key", "k"]),
        (2, &["quarantine", "show"]),
    ];
    for (code, args) in wrong {
        let said = office.run(["--json"].iter().chain(args));
        assert_eq!(said.out, "", "{args:?}");
        said.failed(code);
    }
}
