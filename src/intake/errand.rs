//! One errand: a worker is started, fed, listened to against the clock, and always reaped.
//!
//! Three threads share the errand so that nothing can hang: one feeds the document, one listens, and
//! the caller watches the clock and kills the worker's whole process group when it has run out.

use std::io::{self, BufReader, Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use super::wire::{self, Job, Message};
use super::workshop::Source;

/// Where programs are found; nothing else of the parent's environment reaches the worker.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";
/// The variable that names the worker's one folder to write to.
pub(super) const SCRATCH: &str = "SCHRIFTGUT_SCRATCH";
/// Bytes handed to the worker at a time.
const CHUNK_BYTES: usize = 256 * 1024;
/// Messages that may wait for the parent; more and the worker waits.
const MESSAGES_WAITING_MAX: usize = 4;
/// Signals by which the kernel ends a worker that ran out of processor time.
const SIGXCPU: i32 = 24;

/// How an errand ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The worker said all it had to say.
    Done,
    /// The worker died or talked nonsense.
    Crashed,
    /// The worker took too long, by the clock or by processor time.
    TooSlow,
    /// The worker said more than is listened to.
    TooMuch,
}

/// Why an errand could not be run at all.
#[derive(Debug)]
pub(super) enum Failure {
    /// The worker could not be started.
    Start(io::Error),
    /// The document could not be read from its source.
    Source(io::Error),
    /// The document is larger than allowed.
    TooLarge,
}

/// What is needed to run an errand.
pub(super) struct Errand<'e> {
    pub(super) program: &'e Path,
    pub(super) job: &'e Job,
    pub(super) source: Option<&'e dyn Source>,
    /// The one folder it may write to; mostly none.
    pub(super) scratch: Option<&'e Path>,
    /// Longest wait for the next message.
    pub(super) patience: Duration,
    /// When the whole document must be done.
    pub(super) deadline: Instant,
    /// Bytes that may still be listened to; what was used is taken off.
    pub(super) output_left: &'e mut u64,
}

/// One thing heard from the worker.
enum Heard {
    Message(Message, u64),
    Bytes(Vec<u8>),
}

impl Errand<'_> {
    /// Runs the errand; `hear` gets each message, with the bytes that follow it.
    pub(super) fn run(self, hear: &mut dyn FnMut(Message, Option<Vec<u8>>)) -> Result<End, Failure> {
        let mut child = start(self.program, self.scratch).map_err(Failure::Start)?;
        let group = Pid::from_child(&child);
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let (Some(stdin), Some(stdout)) = (stdin, stdout) else {
            let _ = reap(&mut child, group);
            return Err(Failure::Start(io::ErrorKind::BrokenPipe.into()));
        };
        let Errand { job, source, patience, deadline, output_left, .. } = self;
        let too_large = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let feeder = scope.spawn(|| feed(stdin, job, source, &too_large));
            let (heard, mailbox) = sync_channel(MESSAGES_WAITING_MAX);
            let allowed = *output_left;
            scope.spawn(move || listen(stdout, allowed, &heard));
            let end = attend(&mailbox, patience, deadline, output_left, hear);
            // Closing the mailbox and ending the group frees both threads, whatever they wait for.
            drop(mailbox);
            let status = reap(&mut child, group);
            let fed = feeder.join().unwrap_or_else(|_| Err(io::ErrorKind::BrokenPipe.into()));
            if too_large.load(Ordering::Relaxed) {
                return Err(Failure::TooLarge);
            }
            fed.map_err(Failure::Source)?;
            let out_of_time = status.is_some_and(|status| status.signal() == Some(SIGXCPU));
            Ok(if end == End::Crashed && out_of_time { End::TooSlow } else { end })
        })
    }
}

fn start(program: &Path, scratch: Option<&Path>) -> io::Result<Child> {
    Command::new(program)
        .arg("worker")
        .env_clear()
        .envs(scratch.map(|folder| (SCRATCH, folder)))
        .env("PATH", PATH)
        .env("LANG", "C.UTF-8")
        .env("OMP_THREAD_LIMIT", "1")
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
}

/// Ends the worker and whatever it started, and takes it off the process table.
fn reap(child: &mut Child, group: Pid) -> Option<ExitStatus> {
    // A worker that is done has left already; only then is its status its own.
    let own = child.try_wait().ok().flatten();
    let _ = kill_process_group(group, Signal::KILL);
    own.or_else(|| child.wait().ok())
}

/// Hands over the job and the document. A worker that stops listening is no error of the source.
fn feed(
    mut to: ChildStdin,
    job: &Job,
    source: Option<&dyn Source>,
    too_large: &AtomicBool,
) -> io::Result<()> {
    if wire::send(&mut to, job).is_err() {
        return Ok(());
    }
    let Some(source) = source else { return Ok(()) };
    let mut from = source.open()?;
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut left = job.setup().input_bytes_max;
    loop {
        let read = match from.read(&mut chunk) {
            Ok(0) => return Ok(()),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        match left.checked_sub(read as u64) {
            Some(rest) => left = rest,
            None => {
                too_large.store(true, Ordering::Relaxed);
                return Ok(());
            }
        }
        if to.write_all(&chunk[..read]).is_err() {
            return Ok(());
        }
    }
}

/// Reads messages until the worker is silent, talks nonsense or says more than `allowed`.
fn listen(stdout: ChildStdout, mut allowed: u64, heard: &SyncSender<Heard>) {
    let mut from = BufReader::new(stdout);
    while let Ok(Some((message, bytes))) = wire::receive::<Message>(&mut from) {
        let behind = message.bytes_behind();
        allowed = allowed.saturating_sub(bytes);
        if heard.send(Heard::Message(message, bytes)).is_err() {
            return;
        }
        if let Some(length) = behind {
            if length > allowed {
                return;
            }
            let mut bytes = Vec::new();
            let read = from.by_ref().take(length).read_to_end(&mut bytes);
            if read.ok() != usize::try_from(length).ok() || heard.send(Heard::Bytes(bytes)).is_err() {
                return;
            }
        }
    }
}

/// Passes on what is heard until the last word, or until patience, time or allowance run out.
fn attend(
    mailbox: &Receiver<Heard>,
    patience: Duration,
    deadline: Instant,
    output_left: &mut u64,
    hear: &mut dyn FnMut(Message, Option<Vec<u8>>),
) -> End {
    let mut bytes_ahead = None;
    loop {
        let wait = patience.min(deadline.saturating_duration_since(Instant::now()));
        let (message, bytes, used) = match (mailbox.recv_timeout(wait), bytes_ahead.take()) {
            (Ok(Heard::Message(message, _)), None) if message.bytes_behind().is_some() => {
                bytes_ahead = Some(message);
                continue;
            }
            (Ok(Heard::Message(message, used)), None) => (message, None, used),
            (Ok(Heard::Bytes(bytes)), Some(message)) => {
                let used = bytes.len() as u64;
                (message, Some(bytes), used)
            }
            (Err(RecvTimeoutError::Timeout), _) => return End::TooSlow,
            _ => return End::Crashed,
        };
        match output_left.checked_sub(used) {
            Some(left) => *output_left = left,
            None => return End::TooMuch,
        }
        let last = !matches!(
            message,
            Message::Begin { .. }
                | Message::Look(_)
                | Message::Page(_)
                | Message::Short { .. }
                | Message::Engine(_)
                | Message::Checked { .. }
                | Message::Busy
                | Message::Part { .. }
                | Message::Contained { .. }
                | Message::Kept { .. }
        );
        hear(message, bytes);
        if last {
            return End::Done;
        }
    }
}
