//! The rules of a records office, pure: no disk, network, clock, randomness, thread, log or encoding.
//!
//! Today is always a parameter. What may be done is decided here ([`life_cycle`], [`disposal`]),
//! when it is due is found here ([`retention`]), who may do it is a value from here ([`actor`]).
//! The core compiles by itself (`tests/domain_alone.rs`).

pub mod actor;
pub mod appraisal;
pub mod case_file;
pub mod deputy;
pub mod disposal;
pub mod divider;
pub mod document;
pub mod event;
pub mod file_plan;
pub mod fixity;
pub mod ids;
pub mod life_cycle;
pub mod paper;
pub mod protection;
pub mod query;
pub mod reading_order;
pub mod record_type;
pub mod refusal;
pub mod register;
pub mod relation;
mod replay;
pub mod restoration;
pub mod restriction;
pub mod retention;
pub mod saved;
pub mod scan;
pub mod streets;
#[cfg(test)]
mod tests;
pub mod text;
pub mod token;
