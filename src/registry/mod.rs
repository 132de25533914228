//! The office: one verb, one file. Here alone the truth (vault, ledger, keyring), the views (catalogue, index),
//! the worker and the rules of the domain meet.
//!
//! Data flows one way: a verb asks the domain, makes objects durable in the vault, then the entry in the
//! ledger (`write`), and the views follow (`follow`). Nothing flows back from a view into the truth. The
//! right to act comes in as a value (see [`crate::domain::actor`]); what a person may not read does not exist
//! for that person.

pub mod error;
pub mod layout;

mod appraise;
mod approve;
mod assemble;
mod backup;
mod broken;
mod certificate;
mod close;
mod deliveries;
mod deputies;
mod destroy;
mod dialogue;
mod divide;
mod dividers;
mod doctor;
mod entries;
mod evaluate;
mod fact;
mod file_plan;
mod find;
mod follow;
mod follow_indexes;
mod forecast;
mod get;
mod hits;
mod hold;
mod indexes;
mod ingest;
mod init;
mod keep;
mod list;
mod mailboxes;
mod merge;
mod numbers;
mod open;
mod open_file;
mod package;
mod paper;
mod people;
mod places;
mod print;
mod proof;
mod read_again;
mod read_texts;
mod reading_queue;
mod rebuild;
mod record_types;
mod records;
mod refile;
mod relate;
mod rendition;
mod repair;
mod restrict;
mod room;
mod rules;
mod sample;
mod saved;
mod scan;
mod seals;
mod search;
mod show;
mod similar;
mod sort;
mod split;
mod streets;
mod suggest;
#[cfg(test)]
mod tests;
mod tokens;
mod transfer;
mod try_rules;
mod unpack;
mod uploads;
mod verify;
mod walk;
mod witness;
mod write;

use std::sync::{Arc, Mutex, RwLock};

pub use appraise::{LeaveOut, ThinnedFile};
pub use approve::Signer;
pub use assemble::Reassembled;
pub use backup::{
    BackedUp, Checked, Drilled, KEY_COPIES_KEPT_DAYS, KeysBackedUp, Quarantined, Restore, Restored,
    check_backup, check_backup_on, require_places_apart, restore, restore_on,
};
pub use deliveries::{
    DELIVERY_KEPT, DeliveryInHand, DeliveryLineView, DeliveryState, DeliveryTally, DeliveryView, LineFate,
    NewDelivery,
};
pub use deputies::{Deputed, DeputyOrder, DeputyView};
pub use destroy::{Executed, NotDestroyed};
pub use dialogue::{
    Addressed, Asked, CatalogueNamed, MessageOrder, OfferedPlan, TakenAnswer, TakenPlanAnswer, WrittenMessage,
};
pub use dividers::{DIVIDERS_MAX, DividerOrder};
pub use doctor::{Check, Health};
pub use error::{Answer, Error, Words};
pub use evaluate::{Evaluated, Tally};
pub use fact::{FactLine, FactOutcome, RecordedFacts};
pub use file_plan::{PlanInForce, PlanPreview};
pub use follow_indexes::Behind;
pub use hits::{DocumentGroup, FileGroup, grouped};
pub use hold::{HoldOrder, HoldPlaced, StandingHold};
pub use ingest::{ORIGINAL_BYTES_MAX, Outcome, PlannedId, Proposed, Source, Summary, Taken, Target};
pub use init::{Founding, Initial, found, found_on, recover_master_key};
pub use keep::{Change, ChangedFile};
pub use list::{ListView, ListedLine};
pub use merge::{MERGED_MAX, MergeOrder};
pub use open_file::NewFile;
pub use package::{Handover, PackageOrder};
pub use paper::{LoanView, PlacedFile};
pub use people::NewPerson;
pub use places::{MarkerFound, PlaceKind};
pub use proof::{Subject, Verdict, verifier_key, verify_proof};
pub use read_again::{Outdated, Reread, RereadSum};
pub use read_texts::Progress;
pub use reading_queue::{QUEUE_NAMED_MAX, QueueView};
pub use rebuild::Rebuilding;
pub use record_types::Description;
pub use refile::Moved;
pub use repair::Repair;
pub use restrict::ToRestrict;
pub use rules::{RulesInForce, RulesOfEdition};
pub use sample::{DrawnSample, SampleAsked};
pub use saved::{NewSearch, News, SavedIn, SavedView};
pub use scan::{NotedScan, OpenScan, PaperView, SCANS_AT_ONCE_MAX, ScanOrder};
pub use search::{Hit, Search, SearchPage};
pub use show::{ClassAppraised, DocumentView, FileView};
pub use similar::{Duplicated, SIMILAR_MAX, SimilarDocument};
pub use split::{PARTS_MAX, SplitOrder};
pub use streets::{StreetsCount, flaws_of_streets};
pub use suggest::{CORRECTIONS_MAX, SUGGESTIONS_MAX, Suggestion, SuggestionKind};
pub use tokens::{Bearer, IssuedToken, NewToken};
pub use try_rules::Tried;
pub use unpack::CameOut;
pub use uploads::{
    Continued, Deposited, NewDeposit, NewUpload, Receipt, RepeatKey, UPLOAD_BYTES_MAX, UPLOAD_KEPT,
    UploadState, UploadView,
};
pub use verify::{
    KeylessView, Looking, Outcome as VerifyOutcome, Scope, Verified, coverage_words, verify_without_keys,
};
pub use witness::Continuity;

pub use crate::format::mailbox::MailboxState;

use crate::catalog::Catalog;
use crate::disk::{Disk, Lock};
use crate::format::manifest::Manifest;
use crate::intake::Workshop;
use crate::keyring::Keyring;
use crate::ledger::Ledger;
use crate::vault::{DisposableVault, Vault};
use indexes::Indexes;
use layout::Layout;

/// A registry, opened by the one process that owns it.
pub struct Registry {
    layout: Layout,
    manifest: Manifest,
    vault: Arc<dyn DisposableVault>,
    /// The archive wing: the same store, handed out without `destroy`.
    archive: Arc<dyn Vault>,
    ledger: Arc<dyn Ledger>,
    keyring: Keyring,
    archive_keyring: Keyring,
    /// Replaced as a whole when it is rebuilt.
    catalog: RwLock<Catalog>,
    indexes: RwLock<Indexes>,
    rules: RwLock<Arc<RulesInForce>>,
    workshop: Workshop,
    /// Whoever holds it may write; taking in and destroying the same content cannot race.
    writing: Mutex<()>,
    /// Whoever holds it reads texts, so that no document is read twice.
    reading: Mutex<()>,
    /// What is in the hands of those who read, and what is known of what waits.
    reading_desk: reading_queue::ReadingDesk,
    /// What was made to be read and may be asked for again.
    renditions: rendition::Renditions,
    /// What people are sending in pieces.
    uploads: uploads::Uploads,
    deliveries_in_hand: deliveries::DeliveriesInHand,
    /// Whoever holds it builds new indexes beside those in use, or destroys, for which nobody may build. Asked for before
    /// `writing`.
    building: Mutex<()>,
    /// Whoever holds it brings the indexes in use up to date, or puts others in their place. Asked for after `writing`.
    following: Mutex<()>,
    /// Set when a write to the truth failed for good.
    broken: broken::Broken,
    /// What was found about the views and not said yet.
    remarks: Mutex<Vec<String>>,
    /// Released when the process ends, however it ends.
    disk: Disk,
    _lock: Lock,
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registry").field("root", &self.layout.root()).finish_non_exhaustive()
    }
}

impl Registry {
    /// Its name, as certificates print it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.manifest.name
    }

    /// Where everything of it lies.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Made for showing: zero days of grace, stamped certificates.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        self.manifest.demo
    }

    /// Today, by the machine's clock and time zone.
    #[must_use]
    pub fn today(&self) -> jiff::civil::Date {
        self.disk.today()
    }

    /// Now, by the clock of this registry.
    #[must_use]
    pub fn now(&self) -> jiff::Timestamp {
        self.disk.now()
    }
}
