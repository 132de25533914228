//! How fast rules are tried: what another rule pack would change for every file there is, read from a real registry;
//! beside the same question to SQLite and PostgreSQL over the same facts, in the same run.
//!
//! - **pure**: files in memory, judged under both packs, per processor.
//! - **trial**: the whole answer of `rules try`, catalogue read and opened; best memory of the process.
//! - **evaluation** with reasons, twice: the ledger stays as it is.
//! - **SQL**: the tables `file`, `fact` and two of rules; last day under both, compared, grouped by class and year. Only
//!   what SQL can say in one query: the longest term from the latest of its facts, to the end of the year; no holds that win,
//!   no reasons, no criteria, no rights.
//!
//! `cargo bench --bench rules` tries 20,000 files; `-- --files 1000000` is what `docs/measurements.md` reports; a test
//! run tries a few, so that it cannot rot. Making a million takes long: `--at FOLDER` keeps the registry there, and finds
//! it again for as many files.

#[path = "quality/dice.rs"]
mod dice;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use dice::Dice;
use jiff::civil::Date;
use schriftgut::domain::actor::{Actor, Role};
use schriftgut::domain::case_file::{Carriers, CaseFile, ClassNumber, Fact, Phase, ReferenceNumber};
use schriftgut::domain::file_plan::FilePlan;
use schriftgut::domain::protection::ProtectionDomain;
use schriftgut::domain::retention::example::example_file;
use schriftgut::domain::retention::trial::Books;
use schriftgut::domain::retention::{Confirmations, EndCounting, Period, Retention, RuleBook, StartCounting};
use schriftgut::format::fact_list::Row;
use schriftgut::format::{file_plan, rule_pack};
use schriftgut::registry::{Founding, NewPerson, Registry, Source, Target, found};

/// Files without being told.
const FILES_USUAL: usize = 20_000;
/// Files when it is only shown that it runs: in every test run, where cargo does not say `--bench`.
const FILES_TEST: usize = 300;
/// Times each question is asked.
const ROUNDS: usize = 5;
/// Files taken in at a time, so that the list of them stays small.
const TAKEN_AT_A_TIME: usize = 20_000;
/// The day it is asked for.
const ON: Date = jiff::civil::date(2026, 11, 27);

fn main() {
    let given: Vec<String> = std::env::args().collect();
    let after = |flag: &str| given.iter().skip_while(|arg| *arg != flag).nth(1);
    let files = match after("--files") {
        Some(number) => number.parse().expect("a number of files"),
        None if given.iter().any(|arg| arg == "--bench") => FILES_USUAL,
        None => FILES_TEST,
    };
    let passing = tempfile::tempdir().expect("a place");
    let folder =
        after("--at").map_or(passing.path().to_owned(), |place| Path::new(place).join(files.to_string()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let town = Town::new(&folder, files);
    println!("{files} files of {} classes\n", town.classes.len());
    pure(&town);
    let changed = in_the_registry(&town);
    sql(&town, &folder, changed);
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let begun = Instant::now();
    let done = work();
    (begun.elapsed(), done)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// The pack in force, and the one that is tried: longer and shorter periods, another criterion.
fn packs() -> [String; 2] {
    let before = rule_pack::NRW_KOMMUNAL.rules.to_owned();
    let after = before
        .replace("2026-1\"", "2026-9\"")
        .replace("period = \"10 years\"", "period = \"12 years\"")
        .replace("period = \"6 years\"", "period = \"5 years\"")
        .replacen("below = 1945", "below = 1950", 1);
    [before, after]
}

// ---- a town -------------------------------------------------------------------------------------

/// Files with a mix like a town's: nine of ten closed, between 1950 and 2025, some with facts, some held.
struct Town {
    root: PathBuf,
    registry: Registry,
    manager: Actor,
    plan: FilePlan,
    classes: Vec<ClassNumber>,
    made: Vec<Made>,
}

struct Made {
    reference: ReferenceNumber,
    class: usize,
    opened: Date,
    closed: Option<Date>,
    facts: Vec<Fact>,
    fields: BTreeMap<String, String>,
}

impl Town {
    fn new(folder: &Path, files: usize) -> Self {
        let plan = file_plan::read("kommunal.toml", file_plan::MODEL).expect("a file plan");
        let book = read(&packs()[0], &plan);
        let classes: Vec<_> = plan
            .classes()
            .map(|class| class.number.clone())
            .filter(|class| plan.takes_new_files(class).is_ok())
            .collect();
        let mut dice = Dice(7);
        let made: Vec<_> = (0..files).map(|at| Made::new(at, &classes, &book, &mut dice)).collect();
        let (root, whole) = (folder.join("registry"), folder.join("whole"));
        if whole.exists() {
            let registry = Registry::open(&root).expect("the registry of an earlier run");
            let manager = registry.person("leitung").expect("the person");
            println!("found as an earlier run made it");
            return Self { root, registry, manager, plan, classes, made };
        }
        let registry = founded(&root);
        let manager = records_manager(&registry);
        let town = Self { root, registry, manager, plan, classes, made };
        let (took, ()) = timed(|| town.take_in());
        std::fs::write(whole, "").expect("a mark");
        println!("made in {:.0} s: taken in, facts recorded, closed", took.as_secs_f64());
        town
    }

    fn take_in(&self) {
        let clerk = self.manager.as_clerk().expect("a clerk");
        for some in self.made.chunks(TAKEN_AT_A_TIME) {
            let sources: Vec<_> = some.iter().map(|made| self.source(made)).collect();
            let summary = self.registry.ingest(clerk, sources.into_iter(), &mut |_| {}).expect("taken in");
            assert_eq!(summary.taken, some.len() as u64, "{summary:?}");
            let row = |(made, fact): (&Made, &Fact)| Row {
                line: 0,
                reference: made.reference.clone(),
                fact: fact.clone(),
            };
            let facts = some.iter().flat_map(|made| made.facts.iter().map(move |fact| (made, fact))).map(row);
            self.registry.record_facts(clerk, facts.collect(), true).expect("recorded");
            let closing: Vec<_> =
                some.iter().filter_map(|made| Some((made.reference.clone(), made.closed?))).collect();
            self.registry.close_all(clerk, &closing).expect("closed");
        }
    }

    fn source(&self, made: &Made) -> Source {
        let name = made.reference.to_string();
        let text = format!("Vermerk zur Akte {name}");
        let target = Target {
            reference: made.reference.clone(),
            class: Some(self.classes[made.class].clone()),
            // A building file takes the type of its class; elsewhere some types need what nobody says here.
            record_type: (!is_building(&self.classes[made.class])).then(|| "allgemein".to_owned()),
            title: Some(format!("Akte {name}")),
            domain: Some(ProtectionDomain::General),
            fields: made.fields.clone(),
            carriers: Carriers::default(),
            opened: Some(made.opened),
            case: None,
            register: None,
            page_count: None,
        };
        let open = move || Ok(Box::new(std::io::Cursor::new(text.clone().into_bytes())) as Box<dyn Read>);
        Source { file_name: format!("{name}.txt"), name, target: Some(target), open: Box::new(open) }
    }
}

fn founded(root: &Path) -> Registry {
    let founding = Founding {
        name: "Messung".to_owned(),
        demo: true,
        login: "amt".to_owned(),
        rules: rule_pack::NRW_KOMMUNAL,
    };
    found(root, &founding).expect("a registry").registry
}

fn records_manager(registry: &Registry) -> Actor {
    let amt = registry.person("amt").expect("the operator");
    let person = NewPerson {
        login: "leitung".to_owned(),
        name: "Leitung".to_owned(),
        roles: [Role::RecordsManager, Role::Clerk].into(),
        clearances: [ProtectionDomain::General].into(),
    };
    registry.add_person(amt.as_administrator().expect("administrator"), &person).expect("a person");
    registry.person("leitung").expect("the person")
}

fn is_building(class: &ClassNumber) -> bool {
    class.as_str().starts_with("63.10")
}

impl Made {
    fn new(at: usize, classes: &[ClassNumber], book: &RuleBook, dice: &mut Dice) -> Self {
        let class = dice.below(classes.len());
        let opened = day(dice, 1950, 2024);
        let closed = (dice.below(10) > 0).then(|| {
            let years = i64::try_from(dice.below(6)).expect("few");
            opened.checked_add(jiff::Span::new().years(years)).map_or(ON, |day| day.min(ON))
        });
        let rule = book.governing(&classes[class], ON).ok().map(|(rule, _)| rule);
        let terms = match rule.map(|rule| &rule.retention) {
            Some(Retention::Terms(terms)) => terms.as_slice(),
            _ => &[],
        };
        let kinds = terms.iter().flat_map(|term| &term.start).filter(|kind| kind.as_str() != "closed");
        let known: Vec<_> = kinds.filter(|_| dice.below(2) == 0).cloned().collect();
        let facts = known.into_iter().map(|kind| Fact {
            kind,
            on: day(dice, 1960, 2024),
            source: "Liste".to_owned(),
        });
        let facts = facts.collect();
        let year = (is_building(&classes[class]) && dice.below(2) == 0)
            .then(|| (1880 + dice.below(140)).to_string());
        Self {
            reference: format!("{}-{at}", classes[class]).parse().expect("a reference number"),
            class,
            opened,
            closed,
            facts,
            fields: year.map(|year| ("built_year".to_owned(), year)).into_iter().collect(),
        }
    }

    fn file(&self, class: &ClassNumber) -> CaseFile {
        CaseFile {
            opened: self.opened,
            phase: self.closed.map_or(Phase::Open, |on| Phase::Closed { on }),
            facts: self
                .closed
                .map(|on| Fact { kind: "closed".parse().expect("a fact"), on, source: String::new() })
                .into_iter()
                .chain(self.facts.iter().cloned())
                .collect(),
            fields: self.fields.clone(),
            ..example_file(class.clone())
        }
    }
}

fn read(source: &str, plan: &FilePlan) -> RuleBook {
    rule_pack::read_book("Messung", source, plan).expect("a rule pack")
}

/// A day from the first of these years to the last.
fn day(dice: &mut Dice, from: i16, to: i16) -> Date {
    let years = usize::try_from(to - from + 1).expect("few");
    let year = from + i16::try_from(dice.below(years)).expect("few");
    let (month, day) = (1 + dice.below(12), 1 + dice.below(28));
    Date::new(year, i8::try_from(month).expect("few"), i8::try_from(day).expect("few")).expect("a day")
}

// ---- ours ---------------------------------------------------------------------------------------

fn pure(town: &Town) {
    let [before, after] = packs().map(|pack| read(&pack, &town.plan));
    let confirmed = Confirmations::all_of(&before);
    let books = Books::new(&before, &after, &confirmed);
    let files: Vec<_> =
        town.made.iter().take(100_000).map(|made| made.file(&town.classes[made.class])).collect();
    let judge = || files.iter().filter(|file| books.look(file, ON).shifted.is_some()).count();
    let times = (0..ROUNDS).map(|_| timed(|| std::hint::black_box(judge())).0).collect();
    let rate = files.len() as f64 / median(times).as_secs_f64();
    println!("pure, both packs: {rate:.0} files a second and processor");
}

/// How many files change.
fn in_the_registry(town: &Town) -> u64 {
    let manager = town.manager.as_records_manager().expect("a records manager");
    town.registry.confirm_rules(manager, &[]).expect("confirmed");
    let reader = town.manager.as_reader().expect("a reader");
    let [_, after] = packs();
    let mut times = Vec::new();
    let mut changed = 0;
    for _ in 0..ROUNDS {
        let (took, tried) = timed(|| town.registry.try_rules(reader, &after, ON).expect("tried"));
        assert_eq!(tried.trial.files, town.made.len() as u64);
        changed = tried.trial.changed;
        times.push(took);
    }
    let took = median(times).as_secs_f64();
    println!(
        "trial: {took:.2} s, {:.0} files a second; {changed} would be judged differently; resident at most {} MiB",
        town.made.len() as f64 / took,
        peak_mib()
    );
    let ledger = || ledger_bytes(&town.root.join("ledger"));
    let before = ledger();
    let evaluate = || {
        town.registry.evaluate_all(reader, ON, &mut |_| Ok(())).expect("evaluated");
    };
    let times = (0..2).map(|_| timed(evaluate).0).collect::<Vec<_>>();
    assert_eq!(ledger(), before, "evaluating writes nothing");
    println!("evaluation with reasons, one processor: {:.2} s; nothing written\n", times[1].as_secs_f64());
    changed
}

/// Bytes of all files of the ledger.
fn ledger_bytes(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).expect("the ledger");
    files.map(|file| file.and_then(|file| file.metadata()).expect("a file").len()).sum()
}

/// Most memory this process ever had.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()).unwrap_or(0) / 1024
}

// ---- the yardstick --------------------------------------------------------------------------------

fn sql(town: &Town, folder: &Path, ours: u64) {
    let tables = tables(town, folder);
    for engine in ["sqlite", "postgres"] {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/rules").join(format!("{engine}.py"));
        let said = Command::new("python3")
            .arg(script)
            .arg(&tables)
            .arg(ROUNDS.to_string())
            .arg(ON.to_string())
            .output();
        match said {
            Ok(said) if said.status.success() => {
                print!("{}", String::from_utf8_lossy(&said.stdout));
            }
            Ok(said) => println!("{engine}: not run: {}", String::from_utf8_lossy(&said.stderr).trim()),
            Err(cause) => println!("{engine}: not run: {cause}"),
        }
    }
    println!("(ours counts criteria, too: {ours})");
}

/// The facts and both packs as tables, parted by tabs.
fn tables(town: &Town, folder: &Path) -> PathBuf {
    let (mut files, mut facts, mut rules) = (String::new(), String::new(), String::new());
    for (at, made) in town.made.iter().enumerate() {
        let closed = made.closed.map(|day| day.to_string()).unwrap_or_default();
        writeln!(files, "{at}\t{}\t{closed}", town.classes[made.class]).expect("text");
        for (kind, on) in made
            .facts
            .iter()
            .map(|fact| (fact.kind.as_str(), fact.on))
            .chain(made.closed.map(|on| ("closed", on)))
        {
            writeln!(facts, "{at}\t{kind}\t{on}").expect("text");
        }
    }
    for (pack, source) in packs().iter().enumerate() {
        let book = read(source, &town.plan);
        for class in &town.classes {
            let Ok((rule, _)) = book.governing(class, ON) else { continue };
            let Retention::Terms(terms) = &rule.retention else { continue };
            for (number, term) in terms.iter().enumerate() {
                let months = match term.period {
                    Period::Years(years) => i64::from(years) * 12,
                    Period::Months(months) => i64::from(months),
                    Period::DaysBefore(_) | Period::UntilEvent => 0,
                };
                let to_year = term.counted != StartCounting::SameDay || term.ends == EndCounting::EndOfYear;
                for start in &term.start {
                    writeln!(
                        rules,
                        "{pack}\t{class}\t{number}\t{}\t{months}\t{}",
                        start.as_str(),
                        u8::from(to_year)
                    )
                    .expect("text");
                }
            }
        }
    }
    let place = folder.join("tables");
    std::fs::create_dir_all(&place).expect("a place");
    for (name, text) in [("file", files), ("fact", facts), ("rule", rules)] {
        std::fs::write(place.join(name), text).expect("written");
    }
    place
}
