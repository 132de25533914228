//! The fences around the worker, put up before a byte of the document is read.
//!
//! 1. The worker dies with its parent, writes no core and no file, opens few files.
//! 2. Landlock (best effort by kernel version): reading and running only what the system brings,
//!    writing only to `/dev/null`, no TCP, no signals to others.
//! 3. A system-call filter refuses with "not permitted" whatever a reader of documents never needs:
//!    sockets, tracing, mounts, keys, modules. A deny list, because tesseract, a large program of its
//!    own, lives inside the same fences and needs threads and `exec`.
//!
//! The fences of a worker that runs the office program have a gap: one folder in memory may be written to. That program also
//! insists on a socket by which others of its kind would find it. It may make one, of the kind that stays inside the machine;
//! giving it a name and listening seem to succeed and do nothing, and connecting or accepting is refused. So there is no way
//! out through it and none in.
//!
//! Fences 1 and 3 are demanded; Landlock may be missing from the kernel and then is reported so.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::net::TcpStream;
use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, LandlockStatus, RestrictionStatus, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetStatus, Scope, path_beneath_rules,
};
use rustix::process::{
    Resource, Rlimit, Signal, getrlimit, nice, set_parent_process_death_signal, setrlimit,
};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch,
};

use crate::intake::limits::SCRATCH_FILE_BYTES_MAX;
use crate::intake::wire::SandboxStatus;

/// Newest Landlock version whose rights are named; older kernels enforce what they know.
const LANDLOCK_ABI: ABI = ABI::V6;
/// What may be read and run: the system's programs, libraries and language models.
const READABLE: [&str; 7] =
    ["/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d"];
/// What the office program needs besides: its settings, and which fonts there are.
const READABLE_FOR_OFFICE: [&str; 5] =
    ["/etc/libreoffice", "/var/lib/libreoffice", "/etc/fonts", "/var/cache/fontconfig", "/dev/urandom"];
/// Open files of the worker and of tesseract.
const FILES_MAX: u64 = 64;
/// Open files of the office program.
const FILES_FOR_OFFICE_MAX: u64 = 256;
/// Processes of the *user* the worker runs as: the kernel counts them together, so this only stops
/// avalanches.
const PROCESSES_MAX: u64 = 4096;
/// By how much reading steps back: beside somebody with as much to do it gets a tenth of a processor, and all of an idle one.
const STEP_BACK: i32 = 10;

/// What was put up.
pub(super) struct Fences {
    landlock: Option<String>,
    scratch: Option<PathBuf>,
}

impl Fences {
    /// The one folder that may be written to.
    pub(super) fn scratch(&self) -> Option<&Path> {
        self.scratch.as_deref()
    }

    /// The kernel fences off files.
    pub(super) fn are_around_files(&self) -> bool {
        self.landlock.is_some()
    }
}

/// Puts up all fences that need no choice of the parent; with a gap if the office program is to be run in a folder.
///
/// # Errors
/// When a fence that every kernel offers could not be put up; the worker must not go on.
pub(super) fn enter(scratch: Option<PathBuf>) -> io::Result<Fences> {
    set_parent_process_death_signal(Some(Signal::KILL))?;
    let (written, files) =
        if scratch.is_some() { (SCRATCH_FILE_BYTES_MAX, FILES_FOR_OFFICE_MAX) } else { (0, FILES_MAX) };
    for (resource, most) in [
        (Resource::Core, 0),
        (Resource::Fsize, written),
        (Resource::Nofile, files),
        (Resource::Nproc, PROCESSES_MAX),
    ] {
        lower(resource, most)?;
    }
    let landlock = restrict_files(scratch.as_deref()).map_err(io::Error::other)?;
    if scratch.is_some() {
        restrict_calls_for_office()?
    } else {
        restrict_calls()?
    }
    Ok(Fences { landlock, scratch })
}

/// Sets the limits the parent chose.
///
/// # Errors
/// When the system refuses.
pub(super) fn limit(memory_bytes: u64, cpu_seconds: u64) -> io::Result<()> {
    lower(Resource::As, memory_bytes)?;
    lower(Resource::Cpu, cpu_seconds)
}

/// Steps back behind whoever waits for an answer: reading has time, people have not. What is started inherits it.
pub(super) fn step_back() {
    // A kernel that does not let it go on reads no worse.
    let _ = nice(STEP_BACK);
}

/// Lowers a limit for good; a limit that is lower already stays.
fn lower(resource: Resource, most: u64) -> io::Result<()> {
    let most = getrlimit(resource).maximum.map_or(most, |present| present.min(most));
    Ok(setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?)
}

/// Landlock's version if the kernel enforces it, none if it has none.
fn restrict_files(scratch: Option<&Path>) -> Result<Option<String>, landlock::RulesetError> {
    let reading = AccessFs::from_read(LANDLOCK_ABI);
    let nothing: BitFlags<AccessFs> = AccessFs::ReadFile | AccessFs::WriteFile;
    let odd = AccessFs::MakeChar | AccessFs::MakeBlock | AccessFs::MakeFifo | AccessFs::MakeSock;
    let own = AccessFs::from_all(LANDLOCK_ABI) & !(odd | AccessFs::Execute);
    let for_office: &[&str] = if scratch.is_some() { &READABLE_FOR_OFFICE } else { &[] };
    let status: RestrictionStatus = Ruleset::default()
        .handle_access(AccessFs::from_all(LANDLOCK_ABI))?
        .handle_access(AccessNet::from_all(LANDLOCK_ABI))?
        .scope(Scope::from_all(LANDLOCK_ABI))?
        .create()?
        .add_rules(path_beneath_rules(READABLE, reading))?
        .add_rules(path_beneath_rules(["/dev/null"], nothing))?
        .add_rules(path_beneath_rules(for_office, reading))?
        .add_rules(path_beneath_rules(scratch, own))?
        .restrict_self()?;
    Ok(match (status.ruleset, status.landlock) {
        (RulesetStatus::NotEnforced, _) => None,
        (_, LandlockStatus::Available { effective_abi, .. }) => Some(format!("ABI {}", effective_abi as i32)),
        _ => None,
    })
}

/// System calls that end in "not permitted".
const DENIED_CALLS: &[libc::c_long] = &[
    // network
    libc::SYS_socket,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_accept4,
    // other processes
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_pidfd_getfd,
    libc::SYS_kcmp,
    // the file system's shape
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_mount_setattr,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_chroot,
    libc::SYS_pivot_root,
    libc::SYS_open_by_handle_at,
    libc::SYS_name_to_handle_at,
    libc::SYS_quotactl,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    // namespaces
    libc::SYS_unshare,
    libc::SYS_setns,
    // the kernel
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_fanotify_init,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
    libc::SYS_reboot,
    libc::SYS_acct,
    libc::SYS_syslog,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_clock_adjtime,
    libc::SYS_sethostname,
    libc::SYS_setdomainname,
    // keys
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_keyctl,
    // programs out of thin air
    libc::SYS_memfd_create,
];

/// The bit that marks the second numbering of system calls on x86-64 ("x32"): same calls, and a list
/// that names only the first numbering would let them through.
#[cfg(target_arch = "x86_64")]
const X32_BIT: libc::c_long = 0x4000_0000;

/// Calls on the office program's socket that seem to succeed and do nothing.
const PRETENDED_CALLS: [libc::c_long; 2] = [libc::SYS_bind, libc::SYS_listen];

/// A call, and in which cases it is meant; none of them listed means all.
type Rules = BTreeMap<i64, Vec<SeccompRule>>;

fn restrict_calls() -> io::Result<()> {
    apply(DENIED_CALLS.iter().map(|call| (*call, Vec::new())).collect(), libc::EPERM)
}

/// The same, but for a socket that stays inside the machine and leads nowhere.
fn restrict_calls_for_office() -> io::Result<()> {
    let other_than = |argument, value: libc::c_int| {
        let value = u64::from(value.unsigned_abs());
        let condition = SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::Ne, value);
        condition.and_then(|condition| SeccompRule::new(vec![condition])).map_err(io::Error::other)
    };
    let mut denied: Rules = DENIED_CALLS.iter().map(|call| (*call, Vec::new())).collect();
    denied.retain(|call, _| !PRETENDED_CALLS.contains(call));
    let _ = denied
        .insert(libc::SYS_socket, vec![other_than(0, libc::AF_UNIX)?, other_than(1, libc::SOCK_STREAM)?]);
    apply(denied, libc::EPERM)?;
    apply(PRETENDED_CALLS.iter().map(|call| (*call, Vec::new())).collect(), 0)
}

/// Puts up a filter that answers these calls with this error, 0 for none.
fn apply(rules: Rules, errno: libc::c_int) -> io::Result<()> {
    #[cfg(target_arch = "x86_64")]
    let rules: Rules =
        rules.into_iter().flat_map(|(call, all)| [(call, all.clone()), (call | X32_BIT, all)]).collect();
    let arch = TargetArch::try_from(std::env::consts::ARCH).map_err(io::Error::other)?;
    let answer = SeccompAction::Errno(errno.unsigned_abs());
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, answer, arch).map_err(io::Error::other)?;
    let program: BpfProgram = filter.try_into().map_err(io::Error::other)?;
    seccompiler::apply_filter(&program).map_err(io::Error::other)
}

/// Tries what must be impossible and says what was denied.
pub(super) fn try_the_fences(fences: &Fences, languages: &str) -> SandboxStatus {
    let probe = std::env::temp_dir().join(format!("schriftgut-fence-{}", std::process::id()));
    let written = File::create_new(&probe);
    if written.is_ok() {
        // Only where Landlock is missing; the file is empty.
        let _ = std::fs::remove_file(&probe);
    }
    let denied = |error: io::Error| error.kind() == io::ErrorKind::PermissionDenied;
    SandboxStatus {
        landlock: fences.landlock.clone(),
        reading_denied: File::open("/etc/passwd").err().is_some_and(denied),
        writing_denied: written.err().is_some_and(denied),
        network_denied: TcpStream::connect("127.0.0.1:9").err().is_some_and(denied),
        limits_set: getrlimit(Resource::As).current.is_some()
            && getrlimit(Resource::Cpu).current.is_some()
            && getrlimit(Resource::Fsize).current == Some(0),
        tesseract: super::ocr::version(),
        engine: super::ocr::engine(languages),
    }
}
