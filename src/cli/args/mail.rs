//! `mail`: a mailbox whose mails are taken in.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `mail`
#[derive(Debug, Args)]
pub struct Mail {
    /// What to do with it.
    #[command(subcommand)]
    pub verb: MailVerb,
}

/// What can be done with a mailbox.
#[derive(Debug, Subcommand)]
pub enum MailVerb {
    /// Erfasst einmal, was darin liegt, und verschiebt es dort
    Fetch(MailFetch),
}

/// `mail fetch`
#[derive(Debug, Args)]
pub struct MailFetch {
    /// Profil des Postfachs (TOML)
    #[arg(long, value_name = "DATEI")]
    pub profile: PathBuf,
    /// Texte jetzt nicht lesen
    #[arg(long)]
    pub no_read: bool,
}
