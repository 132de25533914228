//! A disk whose n-th operation fails, once or for good: what bad disks and full disks do; and a clock that shows
//! what it is told to. For tests.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::{Bytes, Disk, Lock, Medium, Mode};

/// How an operation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// `EIO`. A sync that fails so drops what was not synced.
    Broken,
    /// `ENOSPC`, of operations that need room; others go well.
    Full,
    /// Half of what is written is there, then `EIO`; other operations fail whole.
    Torn,
}

/// What an operation does to the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Touch {
    /// It only looks.
    Look,
    /// It changes something, and needs no room for it.
    Change,
    /// It needs room.
    Grow,
}

/// When and how it fails.
#[derive(Debug, Default)]
struct Plan {
    /// Operations counted since the count was last set.
    done: u64,
    /// Operations that still go well, and what comes then; none if all goes well.
    fault: Option<(u64, Fault)>,
    /// From then on everything fails, not one operation alone.
    lasting: bool,
    /// How many failed.
    failed: u64,
    /// The operations that would change something, by number from 0.
    changes: Vec<u64>,
}

/// The hand that sets the faults.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    plan: Arc<Mutex<Plan>>,
    /// What the clock shows; the medium's own time if none is told.
    clock: Arc<Mutex<Option<Timestamp>>>,
}

impl Faults {
    /// Lets `after` operations go well from now on, and the next one fail; with `lasting` all that follow too.
    pub fn set(&self, after: u64, fault: Fault, lasting: bool) {
        *self.plan() = Plan { fault: Some((after, fault)), lasting, ..Plan::default() };
    }

    /// From now on all goes well.
    pub fn clear(&self) {
        *self.plan() = Plan::default();
    }

    /// Puts the clock forward or back; it stands still until it is put again.
    pub fn put_clock(&self, now: Timestamp) {
        *self.clock.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }

    /// Operations since faults were last set or cleared.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.plan().done
    }

    /// Operations that failed since then.
    #[must_use]
    pub fn failed(&self) -> u64 {
        self.plan().failed
    }

    /// Which operations since then would have changed something, by number from 0. One that only looks leaves the
    /// disk as the one before did.
    #[must_use]
    pub fn changes(&self) -> Vec<u64> {
        self.plan().changes.clone()
    }

    fn plan(&self) -> std::sync::MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts an operation; the fault it has, if any.
    fn meet(&self, touch: Touch) -> Option<Fault> {
        let mut plan = self.plan();
        if touch != Touch::Look {
            let number = plan.done;
            plan.changes.push(number);
        }
        plan.done += 1;
        let (after, fault) = plan.fault?;
        let due = if plan.lasting { plan.done > after } else { plan.done == after + 1 };
        let met = due && (fault != Fault::Full || touch == Touch::Grow);
        plan.failed += u64::from(met);
        met.then_some(fault)
    }

    fn pass(&self, touch: Touch) -> io::Result<()> {
        self.meet(touch).map_or(Ok(()), |fault| Err(fault.error()))
    }
}

impl Fault {
    fn error(self) -> io::Error {
        match self {
            Self::Full => io::ErrorKind::StorageFull.into(),
            Self::Broken | Self::Torn => io::Error::other("the disk was told to fail"),
        }
    }
}

/// See the module documentation.
pub struct Failing {
    medium: Arc<dyn Medium>,
    faults: Faults,
}

impl Failing {
    /// Stands before `disk`; nothing fails until the hand says so.
    #[must_use]
    pub fn before(disk: &Disk) -> (Disk, Faults) {
        let faults = Faults::default();
        let failing = Self { medium: Arc::clone(&disk.0), faults: faults.clone() };
        (Disk::on(Arc::new(failing)), faults)
    }
}

impl Medium for Failing {
    fn open(&self, path: &Path, mode: Mode) -> io::Result<Arc<dyn Bytes>> {
        let makes = matches!(mode, Mode::New | Mode::Any);
        self.faults.pass(if makes { Touch::Grow } else { Touch::Look })?;
        let bytes = self.medium.open(path, mode)?;
        Ok(Arc::new(FailingBytes { bytes, faults: self.faults.clone() }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.faults.pass(Touch::Change)?;
        self.medium.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.faults.pass(Touch::Change)?;
        self.medium.remove(path)
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<String>> {
        self.faults.pass(Touch::Look)?;
        self.medium.names(folder)
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.faults.pass(Touch::Grow)?;
        self.medium.make_folder(path)
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.faults.pass(Touch::Change)?;
        self.medium.remove_folder(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.faults.pass(Touch::Change)?;
        self.medium.sync_folder(path)
    }

    fn is_folder(&self, path: &Path) -> io::Result<bool> {
        self.faults.pass(Touch::Look)?;
        self.medium.is_folder(path)
    }

    fn exists(&self, path: &Path) -> io::Result<bool> {
        self.faults.pass(Touch::Look)?;
        self.medium.exists(path)
    }

    fn lock(&self, path: &Path) -> io::Result<Lock> {
        self.medium.lock(path)
    }

    fn now(&self) -> Timestamp {
        let told = *self.faults.clock.lock().unwrap_or_else(PoisonError::into_inner);
        told.unwrap_or_else(|| self.medium.now())
    }
}

struct FailingBytes {
    bytes: Arc<dyn Bytes>,
    faults: Faults,
}

impl Bytes for FailingBytes {
    fn length(&self) -> io::Result<u64> {
        self.faults.pass(Touch::Look)?;
        self.bytes.length()
    }

    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        self.faults.pass(Touch::Look)?;
        self.bytes.read_at(buffer, at)
    }

    fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<()> {
        match self.faults.meet(Touch::Grow) {
            None => self.bytes.write_at(bytes, at),
            Some(Fault::Broken) => Err(Fault::Broken.error()),
            Some(fault) => {
                self.bytes.write_at(&bytes[..bytes.len() / 2], at)?;
                Err(fault.error())
            }
        }
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.faults.pass(Touch::Change)?;
        self.bytes.set_len(length)
    }

    fn punch(&self, at: u64, length: u64) -> io::Result<()> {
        self.faults.pass(Touch::Change)?;
        self.bytes.punch(at, length)
    }

    fn sync(&self) -> io::Result<()> {
        if let Some(fault) = self.faults.meet(Touch::Grow) {
            self.bytes.drop_unsynced();
            return Err(fault.error());
        }
        self.bytes.sync()
    }

    fn drop_unsynced(&self) {
        self.bytes.drop_unsynced();
    }
}
