//! The encodings of all that is kept or exchanged; the only place with serde.
//!
//! Domain types carry no encoding: each format has private wire types of its own and converts at its edge.

pub mod file_plan;
pub mod rule_pack;
pub mod wording;
