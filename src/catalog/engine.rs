//! Letting go of sled: on a disk that fails it panics in its own drop, and a view may be lost, but not take the
//! program with it.

use std::fs::File;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// The one file sled keeps everything in.
const FILE: &str = "db";

/// An open database, let go of with care.
#[derive(Debug)]
pub(super) struct Engine {
    /// None only while it is dropped.
    db: Option<sled::Db>,
    file: Option<PathBuf>,
}

impl Engine {
    /// A database in this folder.
    pub(super) fn at(db: sled::Db, dir: &Path) -> Self {
        Self { db: Some(db), file: Some(dir.join(FILE)) }
    }

    /// A database in memory.
    pub(super) fn nowhere(db: sled::Db) -> Self {
        Self { db: Some(db), file: None }
    }
}

impl Deref for Engine {
    type Target = sled::Db;

    fn deref(&self) -> &sled::Db {
        self.db.as_ref().expect("taken only when it is dropped")
    }
}

impl Drop for Engine {
    /// sled's drop syncs and unwraps the answer. It is asked first, and a database on a disk that cannot sync is left
    /// as it is: the next start makes a new one.
    fn drop(&mut self) {
        let Some(db) = self.db.take() else { return };
        let _ = db.flush();
        let syncs = |path: &PathBuf| File::open(path).and_then(|file| file.sync_all()).is_ok();
        if self.file.as_ref().is_none_or(syncs) {
            let _ = catch_unwind(AssertUnwindSafe(|| drop(db)));
        } else {
            std::mem::forget(db);
        }
    }
}
