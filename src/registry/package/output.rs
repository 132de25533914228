//! The folder of an export while it is written: under another name beside it, until all of it is durable. Every file is read again
//! once it is there. Does not know what it writes.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256 as Hasher256, Sha512 as Hasher512};

use crate::base::digest::{Sha256, Sha512};
use crate::disk::{Disk, DiskFile, TEMPORARY, parent_of};
use crate::format::package::Written;
use crate::registry::error::Answer;
use crate::registry::transfer::differs;

/// Bytes read and written at a time.
const AT_A_TIME_BYTES: usize = 128 << 10;

/// See the module documentation.
pub(super) struct Output {
    disk: Disk,
    out: PathBuf,
    temporary: PathBuf,
    folders: BTreeSet<PathBuf>,
}

/// A file that is being written.
pub(super) struct Writing {
    path: String,
    file: DiskFile,
    at: u64,
    sha256: Hasher256,
    sha512: Hasher512,
}

impl Writing {
    pub(super) fn write(&mut self, bytes: &[u8]) -> Answer<()> {
        self.file.write_at(bytes, self.at)?;
        self.at += bytes.len() as u64;
        self.sha256.update(bytes);
        self.sha512.update(bytes);
        Ok(())
    }
}

impl Output {
    /// Begins. What an interrupted export of this name left is removed: nobody else uses its name.
    pub(super) fn begin(disk: &Disk, out: &Path) -> Answer<Self> {
        let name = out.file_name().unwrap_or_default().to_string_lossy();
        let temporary = parent_of(out).join(format!(".{name}.schriftgut{TEMPORARY}"));
        disk.remove_folder(&temporary)?;
        let output = Self {
            disk: disk.clone(),
            out: out.to_owned(),
            folders: BTreeSet::from([temporary.clone()]),
            temporary,
        };
        if let Err(error) = disk.make_folder(&output.temporary) {
            output.abandon();
            return Err(error.into());
        }
        Ok(output)
    }

    /// Makes files at these places.
    pub(super) fn create_each<const N: usize>(&mut self, paths: [&str; N]) -> Answer<[Writing; N]> {
        let made: Vec<_> = paths.iter().map(|path| self.create(path)).collect::<Answer<_>>()?;
        made.try_into().map_err(|_| differs(paths[0]))
    }

    fn create(&mut self, path: &str) -> Answer<Writing> {
        let target = self.temporary.join(path);
        let mut folder = parent_of(&target);
        if !self.folders.contains(folder) {
            self.disk.make_folder(folder)?;
            while self.folders.insert(folder.to_owned()) {
                folder = parent_of(folder);
            }
        }
        let file = self.disk.create(&target)?;
        let (sha256, sha512) = (Hasher256::new(), Hasher512::new());
        Ok(Writing { path: path.to_owned(), file, at: 0, sha256, sha512 })
    }

    /// Makes a file durable, and reads it again.
    pub(super) fn close(&mut self, writing: Writing) -> Answer<Written> {
        let Writing { path, file, at, sha256, sha512 } = writing;
        file.sync()?;
        let sha256 = Sha256(sha256.finalize().into());
        if read_again(&file)? != sha256 {
            return Err(differs(&path));
        }
        Ok(Written { path, size_bytes: at, sha256, sha512: Sha512(sha512.finalize().into()) })
    }

    /// Everything a source yields, as one file.
    pub(super) fn write(&mut self, path: &str, source: &mut dyn Read) -> Answer<Written> {
        let mut writing = self.create(path)?;
        let mut buffer = vec![0; AT_A_TIME_BYTES];
        loop {
            let read = source.read(&mut buffer)?;
            if read == 0 {
                return self.close(writing);
            }
            writing.write(&buffer[..read])?;
        }
    }

    /// Makes all names durable, then gives the folder its own.
    pub(super) fn finish(&self) -> Answer<()> {
        for folder in self.folders.iter().filter(|folder| folder.starts_with(&self.temporary)) {
            self.disk.sync_folder(folder)?;
        }
        self.disk.rename_folder(&self.temporary, &self.out)?;
        if let Err(error) = self.disk.sync_folder(parent_of(&self.out)) {
            // Whether the name lasts is not known: what may not be there is not left to be taken for a package.
            self.disk.rename_folder(&self.out, &self.temporary)?;
            return Err(error.into());
        }
        Ok(())
    }

    /// Leaves nothing. What cannot be removed now is removed by the next export of this name.
    pub(super) fn abandon(&self) {
        let _ = self.disk.remove_folder(&self.temporary);
    }
}

fn read_again(file: &DiskFile) -> Answer<Sha256> {
    let (mut hasher, mut buffer, mut at) = (Hasher256::new(), vec![0; AT_A_TIME_BYTES], 0);
    loop {
        let read = file.read_at(&mut buffer, at)?;
        if read == 0 {
            return Ok(Sha256(hasher.finalize().into()));
        }
        hasher.update(&buffer[..read]);
        at += read as u64;
    }
}
