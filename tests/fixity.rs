//! Fixity: whatever happens to a byte of the truth is seen, and a wrong byte is never served; what is healthy
//! raises no alarm; what is damaged comes back out of a copy, and nothing destroyed with it.
//!
//! The ordinary run takes seeded samples of what is large. `SCHRIFTGUT_FULL=1` flips every bit, walks ten thousand
//! histories and tampers ten thousand times; with `-- --nocapture` either says what it counted, and how far it is.

mod common;
mod machine;

#[path = "fixity/alarms.rs"]
mod alarms;
#[path = "fixity/flips.rs"]
mod flips;
#[path = "fixity/interrupted.rs"]
mod interrupted;
#[path = "fixity/office.rs"]
mod office;
#[path = "fixity/outside.rs"]
mod outside;
#[path = "fixity/parts.rs"]
mod parts;
#[path = "fixity/repair.rs"]
mod repair;
#[path = "fixity/store.rs"]
mod store;
#[path = "fixity/tampering.rs"]
mod tampering;
#[path = "fixity/truth.rs"]
mod truth;
