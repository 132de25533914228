//! Versioned encodings of all that is kept or exchanged; the only place with serde.
//!
//! Domain types carry no encoding: a stored format cannot change because a field of the core was renamed.
//! Old versions are read, only the newest is written. Each format stands in `schema/README.md`.

pub mod backup;
pub mod batch_manifest;
pub mod batch_report;
pub mod certificate_page;
pub mod certificate_sheet;
pub mod content_digest;
pub mod delivery;
pub mod demo_lists;
pub mod divider;
pub mod event;
pub mod fact_list;
pub mod file_plan;
pub mod forecast_table;
mod lines;
pub mod mail_profile;
pub mod mailbox;
pub mod manifest;
mod markup;
pub mod package;
pub mod paper_list;
pub mod print;
pub mod proof;
pub mod record_type;
mod rows;
pub mod rule_pack;
pub mod sample;
pub mod scan_procedure;
pub mod sheet;
pub mod streets;
mod table;
pub mod text_layer;
pub mod tombstones;
pub mod transfer_note;
pub mod trial_table;
pub mod upload;
pub mod verification;
pub(crate) mod wire;
pub mod wording;
pub mod xdomea;
mod xml_fence;

/// A kept text is not what it should be.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// The text is not JSON of this shape.
    #[error("not a valid {what}")]
    Json {
        /// Which format.
        what: &'static str,
        /// What the reader found.
        #[source]
        cause: serde_json::Error,
    },
    /// A field has a value that means nothing.
    #[error("not a valid {what}: field `{field}`")]
    Wrong {
        /// Which format.
        what: &'static str,
        /// Which field.
        field: &'static str,
    },
    /// Written by a newer version of the program.
    #[error("{what} of version {version} is newer than this program")]
    Newer {
        /// Which format.
        what: &'static str,
        /// Its version.
        version: u32,
    },
}

impl FormatError {
    pub(crate) fn json(what: &'static str, cause: serde_json::Error) -> Self {
        Self::Json { what, cause }
    }

    pub(crate) fn wrong(what: &'static str, field: &'static str) -> Self {
        Self::Wrong { what, field }
    }
}
