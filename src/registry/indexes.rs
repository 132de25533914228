//! The indexes as a whole: one per protection domain, all of them in one numbered folder, so that new ones can be built
//! beside those in use and take their place together. May not read the ledger or the catalogue: what goes into an
//! index is the business of `follow_indexes`.
//!
//! | number | what lies there |
//! |---|---|
//! | the one in use | asked by searches, once it is whole |
//! | the next | begun by a rebuild and not finished; the next rebuild goes on with it |
//! | any other, any name | left over; removed when the registry is opened |
//!
//! Whole indexes have a marker file in their folder, written when they had followed to the end for the first time. How
//! far they followed is no sign of it: those in use are behind the ledger, too, after every entry. Indexes without the
//! marker are not asked before they have followed to the end.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use super::error::Answer;
use super::layout::Layout;
use super::rebuild::remove_patiently;
use crate::base::followed::Followed;
use crate::domain::protection::ProtectionDomain;
use crate::index::{Index, IndexError};

/// One index per protection domain.
pub(super) struct Indexes {
    layout: Layout,
    number: u64,
    whole: AtomicBool,
    /// None of them after they were let go; then nothing is answered.
    by_domain: BTreeMap<ProtectionDomain, Index>,
}

impl Indexes {
    /// Empty ones, in place of whatever lies there.
    pub(super) fn create(layout: &Layout, number: u64) -> Answer<Self> {
        remove_patiently(&layout.indexes_numbered(number))?;
        Self::of(layout, number, |domain| Index::create(&layout.index(number, domain)))
    }

    /// Those that lie there, if they are of this version.
    pub(super) fn open(layout: &Layout, number: u64) -> Answer<Self> {
        Self::of(layout, number, |domain| {
            let dir = layout.index(number, domain);
            if dir.join("meta.json").exists() { Index::open(&dir) } else { Err(IndexError::Damaged(None)) }
        })
    }

    fn of(
        layout: &Layout,
        number: u64,
        index: impl Fn(ProtectionDomain) -> Result<Index, IndexError>,
    ) -> Answer<Self> {
        let all = ProtectionDomain::ALL.into_iter().map(|domain| Ok((domain, index(domain)?)));
        let by_domain = all.collect::<Result<_, IndexError>>()?;
        let whole = AtomicBool::new(layout.indexes_whole(number).exists());
        Ok(Self { layout: layout.clone(), number, whole, by_domain })
    }

    /// Those built next have the next number.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The index of a protection domain.
    pub(super) fn of_domain(&self, domain: ProtectionDomain) -> Answer<&Index> {
        Ok(self.by_domain.get(&domain).ok_or(IndexError::Damaged(None))?)
    }

    /// The index of every protection domain.
    pub(super) fn each(&self) -> impl Iterator<Item = &Index> {
        self.by_domain.values()
    }

    /// Everything before this entry is in all of them.
    pub(super) fn followed(&self) -> Answer<u64> {
        let followed = self.each().map(|index| index.followed().entries).min();
        Ok(followed.ok_or(IndexError::Damaged(None))?)
    }

    pub(super) fn commit(&self, followed: Followed) -> Answer<()> {
        self.each().try_for_each(|index| index.commit(followed))?;
        Ok(())
    }

    /// They had once followed to the end.
    pub(super) fn are_whole(&self) -> bool {
        self.whole.load(Ordering::Acquire)
    }

    /// They have followed to the end. That stays true when the power fails, since now older ones are removed.
    pub(super) fn mark_whole(&self) -> Answer<()> {
        if !self.are_whole() {
            File::create(self.layout.indexes_whole(self.number))?.sync_all()?;
            for folder in [self.layout.indexes_numbered(self.number), self.layout.indexes()] {
                File::open(folder)?.sync_all()?;
            }
            self.whole.store(true, Ordering::Release);
        }
        Ok(())
    }

    /// Lets them go and removes them. What stays behind answers nothing, and says that it is damaged.
    pub(super) fn remove(&mut self) -> Answer<()> {
        *self.whole.get_mut() = false;
        self.by_domain.clear();
        Ok(remove_patiently(&self.layout.indexes_numbered(self.number))?)
    }
}

/// Removes whatever else lies beside the indexes with these numbers: older ones, and those of a program that did not
/// number them.
pub(super) fn remove_others(layout: &Layout, numbers: &[u64]) -> Answer<()> {
    for path in lying_there(layout)? {
        let kept = numbers.iter().any(|number| path == layout.indexes_numbered(*number));
        match path.is_dir() {
            _ if kept => {}
            true => remove_patiently(&path)?,
            false => std::fs::remove_file(&path)?,
        }
    }
    Ok(())
}

fn lying_there(layout: &Layout) -> Answer<Vec<PathBuf>> {
    match std::fs::read_dir(layout.indexes()) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        entries => {
            Ok(entries?.map(|entry| entry.map(|entry| entry.path())).collect::<std::io::Result<_>>()?)
        }
    }
}
