//! index
mod analysis;
