//! A rule says no. What users read is German and has three parts: what cannot be done, why, and the way out.

use std::fmt;

/// A rule says no (exit 3, HTTP 403 or 409). Never content: a refusal may be shown to anyone who asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What cannot be done: `Akte 63.10.01-1042 kann nicht vernichtet werden`.
    pub what: String,
    /// Why, with date and basis: `Vernichtungssperre seit 01.03.2024 (Verfahren 4 K 112/24)`.
    pub why: String,
    /// What the user can do now.
    pub way_out: String,
}

impl Refusal {
    /// A refusal with its three parts.
    pub fn new(what: impl Into<String>, why: impl Into<String>, way_out: impl Into<String>) -> Self {
        Self { what: what.into(), why: why.into(), way_out: way_out.into() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.why)
    }
}

impl std::error::Error for Refusal {}
