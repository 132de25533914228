//! Intake: what a document says, found out without trusting it.
//!
//! Two sides, one program. The **parent** ([`Workshop`]) asks; the **worker** ([`worker`]) is a child
//! process of the same program in which untrusted bytes are opened, and nowhere else. The parent
//! never parses a document: it streams the sealed-off bytes into a pipe and reads short, checked
//! messages back. Nothing touches the disk on either side.
//!
//! ```text
//!  registry --source--> Workshop ==stdin: job line, then bytes==> worker (sandbox) ==pipe==> tesseract
//!                          ^                                        |
//!                          +====stdout: one message per line========+
//! ```
//!
//! The worker shuts itself in before it reads a byte: limits of memory, time and files, no new
//! privileges, Landlock (nothing to write, nothing to read but the system's programs and language
//! models) and a filter that refuses sockets, tracing, mounts and their like. Where the kernel lacks
//! Landlock the other fences still hold; [`Workshop::sandbox_status`] says which do.
//!
//! New bytes out of old ones (parts of a document, or several made one) are made by the worker too, and looked at by it:
//! every page must look and read as before.
//!
//! What is inside a file (attachments, the contents of an archive) is handed out by the worker as it is, and opened by another one.
//!
//! An office document is laid out on pages by LibreOffice, a child of a worker whose fences have one gap: a folder in memory
//! ([`Workshop::rendition`]). What comes out is a PDF that nobody trusts either.
//!
//! A crash is an outcome: the page on which the worker died is named as a shortfall and a new worker
//! goes on behind it. What intake may not do: judge (it names gaps, the registry decides), store
//! anything, or look at a file's name.

mod assembly;
mod conversion;
mod errand;
pub mod limits;
mod reason;
mod scratch;
mod unpacking;
mod wire;
pub mod worker;
mod workshop;

pub use assembly::{Assembled, Part, Sized};
pub use conversion::Rendition;
pub use limits::Limits;
pub use reason::{LeftOut, Reason, StaysInside};
pub use unpacking::{ContainedFile, Unpacked};
pub use wire::{Pages, SandboxStatus};
pub use workshop::{Bytes, IntakeError, Source, Workshop};
