//! A machine that fails on purpose: disks of their own that lose power or run full, and system calls that answer
//! with an error. Needs root, loop devices and ptrace; where they are missing a test says `not run`, and fails if
//! CI says that this is the machine it must run on.
#![allow(dead_code, reason = "each suite uses its part")]

pub mod ways;

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The release sizes are asked for.
pub fn full_size() -> bool {
    std::env::var_os("SCHRIFTGUT_FULL").is_some_and(|value| value == "1")
}

/// How often a loop goes round: in every run of the tests, and before a release.
pub fn times(normal: u32, release: u32) -> u32 {
    if full_size() { release } else { normal }
}

/// This machine cannot do what the test needs. Where `./run test` has tried a mount and it went well, that is a
/// failure.
pub fn not_run(why: &str) {
    println!("not run: {why}");
    assert!(std::env::var_os("SCHRIFTGUT_FAULTS").is_none(), "this machine can, and it did not run: {why}");
}

/// Chance that can be repeated: its seed is printed, and `SCHRIFTGUT_SEED` sets it.
pub struct Dice(u64);

impl Dice {
    pub fn thrown_for(what: &str) -> Self {
        let seed = Self::given().unwrap_or_else(Self::of_this_moment);
        println!("{what}: SCHRIFTGUT_SEED={seed}");
        Self(seed)
    }

    /// The seeds of so many runs. Whoever fails says the one of the run: `SCHRIFTGUT_SEED` does that run again, alone.
    pub fn seeds(runs: usize) -> Vec<u64> {
        if let Some(seed) = Self::given() {
            return vec![seed];
        }
        let mut dice = Self(Self::of_this_moment());
        (0..runs).map(|_| dice.next() >> 16 | 1).collect()
    }

    fn given() -> Option<u64> {
        std::env::var("SCHRIFTGUT_SEED").ok().and_then(|seed| seed.parse().ok())
    }

    fn of_this_moment() -> u64 {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        now.as_nanos() as u64 | 1
    }

    /// The next number (xorshift64*).
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// Between 0 and 1.
    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn below(&mut self, longest: Duration) -> Duration {
        longest.mul_f64(self.share())
    }
}

/// How far a long run has come, said every few seconds.
pub struct Progress {
    what: String,
    all: usize,
    begun: Instant,
    /// How many are done, and when that was last said.
    done: Mutex<(usize, Instant)>,
}

impl Progress {
    const EVERY: Duration = Duration::from_secs(5);

    pub fn of(what: &str, all: usize) -> Self {
        let now = Instant::now();
        Self { what: what.to_owned(), all, begun: now, done: Mutex::new((0, now)) }
    }

    /// One more is done.
    pub fn step(&self) {
        let mut done = self.done.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        done.0 += 1;
        if done.1.elapsed() >= Self::EVERY {
            done.1 = Instant::now();
            println!("{}: {} of {} in {} s", self.what, done.0, self.all, self.begun.elapsed().as_secs());
        }
    }
}

/// The file systems power is cut on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileSystem {
    Ext4,
    Xfs,
}

impl FileSystem {
    /// Where it goes down, xfs lets go of what waited for its journal, and a sync that comes then finds nothing to wait
    /// for and says yes. A machine without power says nothing: there, what is said after the cut does not count.
    pub fn is_believed_after_the_cut(self) -> bool {
        self == Self::Ext4
    }
}

/// Large enough for xfs, which wants 300 MB; the image is sparse.
const IMAGE_BYTES: u64 = 320 << 20;

/// `EXT4_IOC_SHUTDOWN` / `XFS_IOC_GOINGDOWN` with flag 2, NOLOGFLUSH: from this moment nothing more reaches the
/// image, neither data nor journal. Says when it stands ready, cuts when a line comes.
const CUT: &str = "import fcntl,os,struct,sys;d=os.open(sys.argv[1],0);print(flush=True);sys.stdin.readline();\
                   fcntl.ioctl(d,2<<30|4<<16|88<<8|125,struct.pack('I',2))";

/// A disk whose power can be cut: an image on a loop device.
pub struct CutDisk {
    folder: TempDir,
    place: PathBuf,
    mounted: bool,
    kind: FileSystem,
}

impl CutDisk {
    /// A new, empty file system; the reason if this machine has none to give.
    pub fn new(kind: FileSystem) -> Result<Self, String> {
        let folder = TempDir::new().unwrap();
        let image = folder.path().join("image");
        std::fs::File::create(&image).and_then(|file| file.set_len(IMAGE_BYTES)).unwrap();
        let maker = if kind == FileSystem::Ext4 { "mkfs.ext4" } else { "mkfs.xfs" };
        done(Command::new(maker).arg("-q").arg(&image))?;
        let place = folder.path().join("disk");
        std::fs::create_dir(&place).unwrap();
        let mut disk = Self { folder, place, mounted: false, kind };
        disk.mount()?;
        Ok(disk)
    }

    /// Where it is mounted.
    pub fn place(&self) -> &Path {
        &self.place
    }

    pub fn kind(&self) -> FileSystem {
        self.kind
    }

    fn mount(&mut self) -> Result<(), String> {
        let image = self.folder.path().join("image");
        done(Command::new("mount").args(["-o", "loop"]).arg(image).arg(&self.place))?;
        self.mounted = true;
        Ok(())
    }

    /// A hand on the switch.
    pub fn switch(&self) -> Switch {
        let mut hand = Command::new("python3")
            .args(["-c", CUT])
            .arg(&self.place)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        BufReader::new(hand.stdout.take().unwrap()).read_line(&mut String::new()).unwrap();
        Switch(hand)
    }

    /// The power is back: mounted again, its journal replayed. Nobody may have a file open on it.
    pub fn restart(&mut self) {
        self.unmount();
        self.mount().unwrap();
    }

    fn unmount(&mut self) {
        let begun = Instant::now();
        while let Err(why) = done(Command::new("umount").arg(&self.place)) {
            assert!(begun.elapsed() < Duration::from_secs(10), "{why}");
            std::thread::sleep(Duration::from_millis(5));
        }
        self.mounted = false;
    }
}

impl Drop for CutDisk {
    fn drop(&mut self) {
        if self.mounted {
            let _ = Command::new("umount").arg("--lazy").arg(&self.place).status();
        }
    }
}

/// A process that stands ready to cut the power.
pub struct Switch(Child);

impl Switch {
    /// The power is off when this returns.
    pub fn cut(mut self) {
        self.0.stdin.take().unwrap().write_all(b"\n").unwrap();
        assert!(self.0.wait().unwrap().success(), "the file system was not shut down");
    }
}

/// What a process has said so far, a thread of its own listening. Bytes behind the last line end are no line yet.
pub struct Journal {
    said: Arc<Mutex<String>>,
    listener: JoinHandle<()>,
}

impl Journal {
    pub fn of(child: &mut Child) -> Self {
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let said = Arc::new(Mutex::new(String::new()));
        let pen = said.clone();
        let listener = std::thread::spawn(move || {
            let mut line = String::new();
            while lines.read_line(&mut line).is_ok_and(|read| read > 0) {
                pen.lock().unwrap().push_str(&line);
                line.clear();
            }
        });
        Self { said, listener }
    }

    /// Cuts the power; the answer, after the process has ended, is what counts as said.
    pub fn cut(self, switch: Switch, kind: FileSystem, end: impl FnOnce()) -> String {
        let before = self.said.lock().unwrap().clone();
        switch.cut();
        end();
        self.listener.join().unwrap();
        let all = std::mem::take(&mut *self.said.lock().unwrap());
        if kind.is_believed_after_the_cut() { all } else { before }
    }
}

/// A disk with little room, in memory.
pub struct SmallDisk(TempDir);

const OTHERS: &str = "others";
const OTHERS_BYTES: usize = 8 << 20;

impl SmallDisk {
    /// With something of somebody else's on it; the reason if this user may not mount.
    pub fn new(mebibytes: u32) -> Result<Self, String> {
        let folder = TempDir::new().unwrap();
        let size = format!("size={mebibytes}m");
        done(Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder.path()))?;
        std::fs::write(folder.path().join(OTHERS), vec![0x55; OTHERS_BYTES]).unwrap();
        Ok(Self(folder))
    }

    pub fn place(&self) -> &Path {
        self.0.path()
    }

    /// Somebody else fills it to the last byte.
    pub fn fill(&self) {
        let mut ballast = std::fs::File::options().append(true).open(self.place().join(OTHERS)).unwrap();
        let mut piece = 1 << 20;
        while piece > 0 {
            match ballast.write_all(&vec![0x55; piece]) {
                Ok(()) => {}
                Err(_) => piece /= 2,
            }
        }
    }

    /// Somebody else takes away all that is his: there is more room than before he filled it.
    pub fn free(&self) {
        std::fs::remove_file(self.place().join(OTHERS)).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.0.path()).status();
    }
}

/// Runs a command of the system to its end; what it said if it failed.
pub fn done(command: &mut Command) -> Result<(), String> {
    match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr).trim())),
        Err(cause) => Err(format!("{command:?}: {cause}")),
    }
}

/// A program run under `strace`, which lets some of its system calls fail.
pub struct Traced {
    pub code: i32,
    pub out: String,
    pub err: String,
    /// The calls that were traced, in order, each in one line.
    pub calls: Vec<String>,
}

/// A call that was made to fail: its place among the calls, and the file it was about.
#[derive(Debug)]
pub struct Injected {
    pub at: usize,
    pub path: String,
}

/// Why nothing can be traced here.
pub fn cannot_trace() -> Option<String> {
    done(Command::new("strace").args(["-f", "--seccomp-bpf", "-o", "/dev/null", "true"])).err()
}

/// A program that hangs is killed after so many seconds, with this code.
const HANGS_SECONDS: &str = "60";
pub const HANGS: i32 = 124;

/// Runs a command with `inject` (as `strace -e inject=` takes it), and notes these calls; with a path only those
/// about that file.
pub fn traced(command: &Command, calls: &str, inject: &str, path: Option<&str>) -> Traced {
    let folder = TempDir::new().unwrap();
    let log = folder.path().join("log");
    let mut strace = Command::new("strace");
    strace.args(["-f", "--seccomp-bpf", "-qq", "-y", "-s", "600", "-e", &format!("trace={calls}")]);
    strace.args(["-e", &format!("inject={inject}"), "-e", "signal=none", "-o"]).arg(&log);
    strace.args(path.into_iter().flat_map(|path| ["-P", path]));
    strace.args(["timeout", "-s", "KILL", HANGS_SECONDS]).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => strace.env(name, value),
            None => strace.env_remove(name),
        };
    }
    let output = strace.stdin(Stdio::null()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let calls = calls_of(&std::fs::read_to_string(&log).unwrap());
    Traced {
        code: output.status.code().unwrap_or(-1),
        out: text(output.stdout),
        err: text(output.stderr),
        calls,
    }
}

/// The lines of a log, those of interrupted calls put together again.
pub fn calls_of(log: &str) -> Vec<String> {
    let mut begun = std::collections::HashMap::new();
    let mut calls = Vec::new();
    for line in log.lines() {
        let (thread, rest) = line.split_once(' ').unwrap_or(("", line));
        let rest = rest.trim_start();
        if let Some(start) = rest.strip_suffix("<unfinished ...>") {
            begun.insert(thread.to_owned(), start.to_owned());
        } else if let Some((_, end)) =
            rest.strip_prefix("<... ").and_then(|rest| rest.split_once(" resumed>"))
        {
            calls.push(begun.remove(thread).unwrap_or_default() + end);
        } else {
            calls.push(rest.to_owned());
        }
    }
    calls
}

/// The file a call is about.
pub fn path_of(call: &str) -> &str {
    call.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or("", |(path, _)| path)
}

/// The calls that were made to fail.
pub fn injected(calls: &[String]) -> Vec<Injected> {
    let hit = calls.iter().enumerate().filter(|(_, call)| call.contains("(INJECTED)"));
    hit.map(|(at, call)| Injected { at, path: path_of(call).to_owned() }).collect()
}
