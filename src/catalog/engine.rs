//! Letting go of sled: on a disk that fails it panics in its own drop, and a view may be lost, but not take the
//! program with it.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// The one file sled keeps everything in.
const FILE: &str = "db";

/// An open database, let go of with care.
#[derive(Debug)]
pub(super) struct Engine {
    /// None only once it was let go.
    db: Option<sled::Db>,
    file: PathBuf,
}

impl Engine {
    /// A database in this folder.
    pub(super) fn at(db: sled::Db, dir: &Path) -> Self {
        Self { db: Some(db), file: dir.join(FILE) }
    }

    /// The database, unless it was let go.
    pub(super) fn get(&self) -> Option<&sled::Db> {
        self.db.as_ref()
    }

    /// Lets go of the database. sled's drop syncs and unwraps the answer: it is asked first, and a database on a disk
    /// that cannot sync is left as it is: the next start makes a new one.
    pub(super) fn let_go(&mut self) {
        let Some(db) = self.db.take() else { return };
        let _ = db.flush();
        if File::open(&self.file).and_then(|file| file.sync_all()).is_ok() {
            let _ = catch_unwind(AssertUnwindSafe(|| drop(db)));
        } else {
            std::mem::forget(db);
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.let_go();
    }
}
