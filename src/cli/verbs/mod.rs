//! One verb, one file; the same names as in the office.

pub(super) mod backup;
pub(super) mod case_file;
pub(super) mod demo;
pub(super) mod doctor;
pub(super) mod evaluate;
pub(super) mod get;
pub(super) mod hold;
pub(super) mod ingest;
pub(super) mod init;
pub(super) mod keys;
pub(super) mod list;
pub(super) mod proof;
pub(super) mod restore;
pub(super) mod rules;
pub(super) mod saved;
pub(super) mod search;
pub(super) mod serve;
pub(super) mod show;
pub(super) mod similar;
pub(super) mod streets;
pub(super) mod suggest;
pub(super) mod transfer;
pub(super) mod user;
pub(super) mod verify;
pub(super) mod why;
pub(super) mod work;
