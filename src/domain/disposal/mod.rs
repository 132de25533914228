//! Disposal (Aussonderung): lists, the archive's decision on each line, approvals, and the warrant.
//!
//! The only way to a [`DestructionWarrant`] leads through [`DisposalList::approved`]: an undecided line blocks,
//! one person cannot sign twice, a hold or a changed record is an obstacle, and a warrant is worth a day.

mod approval;
mod cause;
pub mod dialogue;
mod list;
mod warrant;

pub use approval::{ApprovedList, ListPolicy, Signature, SignedAs, signed_text};
pub use cause::{Cause, Ground, NotAGround};
pub use dialogue::catalogue::{ByCatalogue, Catalogue, CatalogueInForce, PlanMessage};
pub use dialogue::receiver::{
    ARCHIVE_CHARS_MAX, HandoverForm, Naming, NotAForm, PackageForm, Receiver, Receivers, Takes,
};
pub use dialogue::{Exchanged, MessageKind, MessageVersion};
pub use list::{Decision, DisposalList, LINES_MAX, Line, LineState, Stage};
pub use warrant::{Condemned, DestructionWarrant, HeldElsewhere, Obstacle, reissue};

/// Warrants for the suites of the layers that destroy.
#[cfg(test)]
pub mod testing {
    pub use super::warrant::testing::warrant_for;
}
