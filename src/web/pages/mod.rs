//! One file per page: what it shows and what its forms do. Each asks the registry, and nothing else.

pub mod account;
pub mod certificate;
pub mod check;
pub mod deliveries;
pub mod document;
pub mod file;
pub mod forecast;
pub mod holds;
pub mod keep;
pub mod list;
pub mod lists;
pub mod merge;
mod narrow;
pub mod new_file;
pub mod paper;
pub mod people;
pub mod reading;
pub mod rendition;
pub mod rules;
pub mod saved;
pub mod search;
pub mod setup;
pub mod sign_in;
pub mod split;
pub mod start;
pub mod streets;
pub mod suggest;
pub mod transfer_note;
pub mod trial;
pub mod tus;
pub mod upload;

use axum::http::StatusCode;

use super::trouble::Trouble;

/// How a long answer is cut into pages.
pub struct Paging {
    /// This page, from 1.
    pub page: usize,
    /// How many there are; at least 1.
    pub pages: usize,
}

impl Paging {
    /// For so many things, so many on a page. A page behind the last does not exist.
    pub fn of(page: usize, things: usize, per_page: usize) -> Result<Self, Trouble> {
        let pages = things.div_ceil(per_page).max(1);
        if page > pages { Err(Trouble::NotFound) } else { Ok(Self { page, pages }) }
    }

    /// There is a page before.
    pub fn before(&self) -> Option<usize> {
        (self.page > 1).then(|| self.page - 1)
    }

    /// There is a page behind.
    pub fn after(&self) -> Option<usize> {
        (self.page < self.pages).then(|| self.page + 1)
    }
}

/// The page is there.
pub(super) const OK: StatusCode = StatusCode::OK;
