//! A running server owns the registry; commands reach it through a socket in the registry's folder, which only
//! the owner of that folder can open. The command line is carried out there by the same code, and what it says
//! comes back line by line.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read as _, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Parser as _;
use serde::{Deserialize, Serialize};

use super::args::{Args, Hold, HoldPlace, HoldVerb, RulesVerb, Verb};
use super::secret::{Secrets, operator};
use crate::registry::layout::Layout;
use crate::registry::{Answer, Error, Registry};

/// Longest command line, in bytes.
const REQUEST_BYTES_MAX: u64 = 1 << 20;

#[derive(Serialize, Deserialize)]
struct Request {
    args: Vec<String>,
    folder: PathBuf,
    operator: String,
    secrets: Secrets,
    terminal: bool,
}

#[derive(Serialize, Deserialize)]
enum Reply {
    Out(String),
    Err(String),
    Exit(u8),
}

/// Has the server carry the command out, if one is running; none if not.
pub(super) fn through_server(
    args: &Args,
    given: &[OsString],
    secrets: &Secrets,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Answer<Option<u8>> {
    let root = args.registry()?;
    let Ok(mut stream) = UnixStream::connect(Layout::at(&root).socket()) else { return Ok(None) };
    let request = Request {
        args: given.iter().map(|arg| arg.to_string_lossy().into_owned()).collect(),
        folder: std::env::current_dir()?,
        operator: operator(),
        secrets: secrets.clone(),
        terminal: args.terminal,
    };
    send(&mut stream, &request)?;
    for line in BufReader::new(stream).lines() {
        match serde_json::from_str(&line?).map_err(std::io::Error::from)? {
            Reply::Out(text) => out.write_all(text.as_bytes())?,
            Reply::Err(text) => err.write_all(text.as_bytes())?,
            Reply::Exit(code) => return Ok(Some(code)),
        }
    }
    Err(Error::fault(
        "Der Server hat die Verbindung beendet",
        "sehen Sie nach, ob er noch läuft, und prüfen Sie mit `schriftgut show`, was geschehen ist",
        "die Antwort brach ab, bevor sie zu Ende war",
    ))
}

/// How long commands in progress are waited for when the server ends.
const FAREWELL: Duration = Duration::from_secs(10);
/// How often it is looked whether they are done.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// The commands in progress: each holds the token.
#[derive(Debug)]
pub struct Commands(Arc<()>);

impl Commands {
    /// Lets them come to an end and be answered, if they do not take too long.
    pub fn farewell(&self) {
        let begun = Instant::now();
        // The listening thread holds the token as well, and this is the other one.
        while Arc::strong_count(&self.0) > 2 && begun.elapsed() < FAREWELL {
            std::thread::sleep(LOOK_EVERY);
        }
    }
}

/// Takes commands for as long as the process lives, each on a thread of its own.
///
/// # Errors
/// A fault if the socket cannot be made.
pub fn listen(registry: &Arc<Registry>) -> Answer<Commands> {
    let path = registry.layout().socket();
    if path.exists() {
        std::fs::remove_file(&path)?; // left behind by a server that was killed: this process has the lock
    }
    let listener = UnixListener::bind(&path)?;
    let registry = Arc::clone(registry);
    let commands = Commands(Arc::new(()));
    let token = Arc::clone(&commands.0);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (registry, token) = (Arc::clone(&registry), Arc::clone(&token));
            std::thread::spawn(move || {
                // A client that goes away is no error of the server.
                drop(serve_one(&registry, stream));
                drop(token);
            });
        }
    });
    Ok(commands)
}

fn serve_one(registry: &Registry, stream: UnixStream) -> std::io::Result<()> {
    let mut line = String::new();
    BufReader::new(stream.try_clone()?.take(REQUEST_BYTES_MAX)).read_line(&mut line)?;
    let request: Request = serde_json::from_str(&line)?;
    let mut out = Channel { stream: stream.try_clone()?, wrap: Reply::Out };
    let mut err = Channel { stream: stream.try_clone()?, wrap: Reply::Err };
    let code = match carry_out(registry, &request, &mut out, &mut err) {
        Ok(code) => code,
        Err(error) => {
            writeln!(err, "{error}")?;
            error.exit_code()
        }
    };
    send(&mut &stream, &Reply::Exit(code))
}

fn carry_out(registry: &Registry, request: &Request, out: &mut dyn Write, err: &mut dyn Write) -> Answer<u8> {
    let mut args = Args::try_parse_from(&request.args).map_err(|error| super::usage::mistake(&error))?;
    args.terminal = request.terminal;
    resolve(&mut args.verb, &request.folder);
    super::carry_out(registry, &args, &request.operator, request.secrets.clone(), out, err)
}

fn resolve_rules(verb: &mut RulesVerb, absolute: impl Fn(&mut PathBuf)) {
    match verb {
        RulesVerb::Try(asked) => asked.file.iter_mut().chain(&mut asked.csv).for_each(absolute),
        RulesVerb::Propose { file } | RulesVerb::Export { out: file, .. } => absolute(file),
        RulesVerb::Check { file } => file.iter_mut().for_each(absolute),
        RulesVerb::Diff { file, against } => file.iter_mut().chain(against).for_each(absolute),
        RulesVerb::Show { .. } | RulesVerb::Confirm { .. } | RulesVerb::Enact { .. } => {}
    }
}

/// Paths count from the folder the command was given in, not from the server's.
fn resolve(verb: &mut Verb, folder: &Path) {
    use super::args::{
        BackupVerb, KeysVerb, Mail, MailVerb, PaperVerb, PlanVerb, ProofVerb, ScanVerb, StreetsVerb,
        TypesVerb,
    };
    let absolute = |path: &mut PathBuf| *path = folder.join(&*path);
    match verb {
        Verb::Ingest(ingest) => {
            ingest.folder = folder.to_owned();
            ingest.batch.paths().for_each(absolute);
        }
        Verb::Watch(asked) => absolute(&mut asked.folder),
        Verb::Mail(Mail { verb: MailVerb::Fetch(asked) }) => absolute(&mut asked.profile),
        Verb::Dividers(asked) => absolute(&mut asked.to),
        Verb::Forecast(asked) => asked.csv.iter_mut().for_each(absolute),
        Verb::Get(asked) => absolute(&mut asked.out),
        Verb::Verify(verify) => verify.against.iter_mut().for_each(absolute),
        Verb::Repair(repair) => absolute(&mut repair.from),
        Verb::Rules(rules) => resolve_rules(&mut rules.verb, absolute),
        Verb::Facts { file, .. } => absolute(file),
        Verb::List(list) => list.verb.paths().for_each(absolute),
        Verb::Hold(Hold { verb: HoldVerb::Place(HoldPlace { from: Some(file), .. }) }) => absolute(file),
        Verb::Paper(paper) => {
            if let PaperVerb::Import { file, .. } = &mut paper.verb {
                absolute(file);
            }
        }
        Verb::Scan(scan) => {
            if let ScanVerb::State { procedure: Some(file), .. } | ScanVerb::Show { out: Some(file), .. } =
                &mut scan.verb
            {
                absolute(file);
            }
        }
        Verb::Plan(plan) => plan.verb.iter_mut().flat_map(PlanVerb::paths).for_each(absolute),
        Verb::Types(types) => {
            if let TypesVerb::Check { files } | TypesVerb::Enact { files } = &mut types.verb {
                files.iter_mut().for_each(absolute);
            }
        }
        Verb::Streets(streets) => {
            if let StreetsVerb::Set { file } = &mut streets.verb {
                absolute(file);
            }
        }
        Verb::Transfer(transfer) => absolute(transfer.verb.path()),
        Verb::Keys(keys) => {
            let (KeysVerb::Backup { out } | KeysVerb::Recover { out }) = &mut keys.verb;
            absolute(out);
        }
        Verb::Backup(backup) => {
            backup.to.iter_mut().chain(&mut backup.keys).for_each(absolute);
            if let Some(BackupVerb::Drill { from, keys, master, .. }) = &mut backup.verb {
                [from, keys, master].into_iter().for_each(absolute);
            }
        }
        Verb::Checkpoint(checkpoint) => {
            checkpoint.to.iter_mut().chain(&mut checkpoint.against).for_each(absolute);
        }
        Verb::Proof(proof) => {
            if let ProofVerb::Show { out: Some(out), .. } = &mut proof.verb {
                absolute(out);
            }
        }
        _ => {}
    }
}

fn send(stream: &mut impl Write, value: &impl Serialize) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    stream.write_all(&line)
}

/// A stream of the client's terminal.
struct Channel {
    stream: UnixStream,
    wrap: fn(String) -> Reply,
}

impl Write for Channel {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        send(&mut self.stream, &(self.wrap)(String::from_utf8_lossy(bytes).into_owned()))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.stream.flush()
    }
}
