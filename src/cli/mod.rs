//! The terminal door: reads the command line, hands it to the office, and says what came of it. Results go to
//! stdout (`--json`: one document, or one per line), talk to stderr. Exit 0 done, 1 fault, 2 mistake, 3 refusal.
//!
//! A running server owns the registry; then the command is carried out by it ([`relay`]), with the same code.

pub mod args;
mod batch;
mod desk;
mod disk;
mod gather;
mod json;
pub mod relay;
mod secret;
mod usage;
mod verbs;

use std::ffi::OsString;
use std::io::{IsTerminal as _, Write};
use std::process::ExitCode;

use clap::Parser as _;

use crate::registry::{Answer, Error, Registry};
use args::{Args, Verb};
use desk::{Desk, Voice};
use secret::Secrets;

/// The whole program: what `main` returns.
#[must_use]
pub fn main() -> ExitCode {
    let given: Vec<OsString> = std::env::args_os().collect();
    if given.get(1).is_some_and(|verb| verb == "worker") {
        return crate::intake::worker::main();
    }
    let mut args = match Args::try_parse_from(&given) {
        Ok(args) => args,
        Err(error) => return explain_usage(&error),
    };
    args.terminal = std::io::stderr().is_terminal();
    let (mut out, mut err) = (Out { inner: std::io::stdout().lock(), reader_left: false }, std::io::stderr());
    let code = match perform(args, &given, &mut out, &mut err) {
        Ok(code) => code,
        Err(error) => {
            // A reader who has seen enough (`… | head`) knows why it ends here.
            if !out.reader_left {
                let _ = writeln!(err, "{}", desk::harmless(&error.to_string()));
            }
            error.exit_code()
        }
    };
    let _ = out.flush();
    ExitCode::from(code)
}

/// Help and version are no mistake.
fn explain_usage(error: &clap::Error) -> ExitCode {
    use clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand as CalledBare;
    if error.use_stderr() && error.kind() != CalledBare {
        let mistake = usage::mistake(error);
        let _ = writeln!(std::io::stderr(), "{mistake}");
        return ExitCode::from(mistake.exit_code());
    }
    let _ = error.print();
    if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS }
}

/// Standard output, which remembers that nobody reads it any more.
struct Out {
    inner: std::io::StdoutLock<'static>,
    reader_left: bool,
}

impl Out {
    fn note<T>(&mut self, done: std::io::Result<T>) -> std::io::Result<T> {
        self.reader_left |= matches!(&done, Err(cause) if cause.kind() == std::io::ErrorKind::BrokenPipe);
        done
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let done = self.inner.write(bytes);
        self.note(done)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let done = self.inner.flush();
        self.note(done)
    }
}

fn perform(args: Args, given: &[OsString], out: &mut dyn Write, err: &mut dyn Write) -> Answer<u8> {
    let voice = &mut Voice::new(&args, out, err);
    match &args.verb {
        Verb::Init(init) => verbs::init::run(&args, init, voice),
        Verb::Demo(demo) => verbs::demo::run(&args, demo, voice),
        Verb::Proof(args::Proof { verb: args::ProofVerb::Verify { file, key } }) => {
            verbs::proof::verify(file, key, voice)
        }
        Verb::Keys(args::Keys { verb: args::KeysVerb::Recover { out: file } }) => {
            verbs::keys::recover(&args, file, &mut std::io::stdin().lock(), voice)
        }
        Verb::Backup(args::Backup { verb: Some(args::BackupVerb::Check { dir }), .. }) => {
            verbs::backup::check(dir, voice)
        }
        Verb::Restore(order) => verbs::restore::run(order, voice),
        Verb::Quarantine(quarantine) => verbs::restore::quarantine(&args, quarantine.verb, voice),
        Verb::Verify(verify) if verify.without_keys => verbs::verify::without_keys(&args, verify, voice),
        Verb::Serve(serve) => verbs::serve::run(&args, serve, voice),
        _ => {
            let secrets = secret::for_args(&args)?;
            if let Some(code) = relay::through_server(&args, given, &secrets, voice.out, voice.err)? {
                return Ok(code);
            }
            if let Verb::Watch(asked) = &args.verb
                && !asked.once
            {
                return verbs::watch::alone(&args, asked, secrets, voice);
            }
            let registry = Registry::open(&args.registry()?)?;
            let done = carry_out(&registry, &args, &secret::operator(), secrets, voice.out, voice.err);
            registry.remarks().iter().try_for_each(|remark| voice.remark(remark))?;
            done
        }
    }
}

/// Carries out a verb that needs an open registry.
///
/// # Errors
/// What the office answers.
pub(crate) fn carry_out(
    registry: &Registry,
    args: &Args,
    operator: &str,
    secrets: Secrets,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Answer<u8> {
    let desk = &mut Desk::new(registry, args, operator, secrets, out, err)?;
    match &args.verb {
        Verb::Ingest(ingest) => verbs::ingest::run(desk, ingest),
        Verb::Watch(asked) => verbs::watch::run(desk, asked),
        Verb::Mail(mail) => verbs::mail::run(desk, &mail.verb),
        Verb::Open(asked) => verbs::open::run(desk, asked),
        Verb::Work(asked) => verbs::work::run(desk, asked),
        Verb::Queue(asked) => verbs::queue::run(desk, asked),
        Verb::File { document, reference } => verbs::case_file::file(desk, document, reference),
        Verb::Close { reference, on } => verbs::case_file::close(desk, reference, *on),
        Verb::Reopen { reference, on } => verbs::case_file::reopen(desk, reference, *on),
        Verb::Fact { reference, kind, on, source } => {
            verbs::case_file::fact(desk, reference, kind, *on, source)
        }
        Verb::Facts { file, preview } => verbs::case_file::facts(desk, file, *preview),
        Verb::Change(asked) => verbs::keep::change(desk, asked),
        Verb::Note { reference, text } => verbs::keep::note(desk, reference, text),
        Verb::Reminder(reminder) => verbs::keep::reminder(desk, &reminder.verb),
        Verb::Assign(asked) => verbs::keep::assign(desk, asked),
        Verb::Paper(paper) => verbs::paper::run(desk, &paper.verb),
        Verb::Scan(scan) => verbs::scan::run(desk, &scan.verb),
        Verb::Search(asked) => verbs::search::run(desk, asked),
        Verb::Saved(saved) => verbs::saved::run(desk, &saved.verb),
        Verb::Suggest { beginning } => verbs::suggest::run(desk, beginning),
        Verb::Similar { document } => verbs::similar::run(desk, document),
        Verb::Duplicates(asked) => verbs::similar::duplicates(desk, asked),
        Verb::Show { what } => verbs::show::run(desk, what),
        Verb::Get(asked) => verbs::get::run(desk, asked),
        Verb::Why { reference, on } => verbs::why::run(desk, reference, *on),
        Verb::Evaluate { on } => verbs::evaluate::run(desk, *on),
        Verb::Forecast(asked) => verbs::forecast::run(desk, asked),
        Verb::Plan(plan) => verbs::plan::run(desk, plan.verb.as_ref()),
        Verb::Rules(rules) => verbs::rules::run(desk, &rules.verb),
        Verb::Types(types) => verbs::types::run(desk, &types.verb),
        Verb::Archive(archive) => verbs::archive::run(desk, &archive.verb),
        Verb::Streets(streets) => verbs::streets::run(desk, &streets.verb),
        Verb::Relate(asked) => verbs::keep::relate(desk, asked),
        Verb::Refile(asked) => verbs::refile::refile(desk, asked),
        Verb::Sort(asked) => verbs::sort::run(desk, asked),
        Verb::Withdraw(asked) => verbs::refile::withdraw(desk, asked),
        Verb::Dividers(asked) => verbs::dividers::run(desk, asked),
        Verb::Split(asked) => verbs::split::split(desk, asked),
        Verb::Merge(asked) => verbs::split::merge(desk, asked),
        Verb::Unpack(asked) => verbs::unpack::unpack(desk, asked),
        Verb::Hold(hold) => verbs::hold::run(desk, &hold.verb),
        Verb::Restrict(restrict) => verbs::restrict::run(desk, &restrict.verb),
        Verb::List(list) => verbs::list::run(desk, &list.verb),
        Verb::Transfer(transfer) => verbs::transfer::run(desk, &transfer.verb),
        Verb::User(user) => verbs::user::run(desk, &user.verb),
        Verb::Verify(verify) => verbs::verify::run(desk, verify),
        Verb::Repair(repair) => verbs::verify::repair(desk, repair),
        Verb::Rebuild => verbs::verify::rebuild(desk),
        Verb::Keys(keys) => verbs::keys::run(desk, &keys.verb),
        Verb::Doctor => verbs::doctor::run(desk),
        Verb::Proof(proof) => verbs::proof::run(desk, &proof.verb),
        Verb::Backup(backup) => verbs::backup::run(desk, backup),
        Verb::Checkpoint(checkpoint) => verbs::backup::checkpoint(desk, checkpoint),
        Verb::Init(_) | Verb::Demo(_) | Verb::Serve(_) | Verb::Restore(_) | Verb::Quarantine(_) => {
            Err(not_through_a_server())
        }
    }
}

/// It would make or open a registry itself.
fn not_through_a_server() -> Error {
    Error::mistake(
        "Dieser Befehl geht nicht durch einen laufenden Server",
        "er legt selbst eine Registratur an oder öffnet sie",
        "beenden Sie den Server zuerst",
    )
}
