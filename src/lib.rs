//! `schriftgut`: the records office of a town.
//!
//! The folders below are the architecture, lowest layer first; an arrow never points up
//! (`tests/layers.rs` holds the table). ARCHITECTURE.md walks through it.
//!
//! | layer | what lives there |
//! |---|---|
//! | [`base`] | words without domain meaning: digests, seals, hex |
//! | [`domain`] | the rules of a records office; pure: no disk, clock, randomness, encoding |
//! | [`mod@format`] | the encodings of all that is kept or exchanged; the only place with serde |
//! | [`disk`] | the one narrow door to the disk, and a simulated one |
//! | [`vault`], [`ledger`], [`keyring`] | the truth: objects, what happened, record keys |
//! | [`catalog`], [`index`] | views: thrown away and rebuilt at will |
//! | [`intake`] | the worker: untrusted bytes are opened there and nowhere else |
//! | [`registry`] | the office: one verb, one file |
//! | [`answers`] | what both doors for programs answer with, in one shape |
//! | [`jobs`], [`web`], [`cli`] | doors: translate, never decide |

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod answers;
pub mod base;
pub mod catalog;
pub mod cli;
pub mod disk;
pub mod domain;
pub mod format;
pub mod index;
pub mod intake;
pub mod jobs;
pub mod keyring;
pub mod ledger;
pub mod registry;
pub mod vault;
pub mod web;
