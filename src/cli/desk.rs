//! The desk a verb works at: the office, the person who acts, and where to speak.

use std::fmt::Display;
use std::io::Write;

use jiff::civil::Date;
use serde::Serialize;

use super::args::Args;
use super::secret::Secrets;
use crate::domain::actor::Actor;
use crate::domain::ids::DisposalListId;
use crate::registry::{Answer, Error, Registry, Signer};

/// What a verb has at hand.
pub(super) struct Desk<'a> {
    pub(super) registry: &'a Registry,
    pub(super) actor: Actor,
    pub(super) json: bool,
    terminal: bool,
    signer: Option<Signer>,
    pub(super) new_secret: Option<String>,
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
}

impl<'a> Desk<'a> {
    /// The desk of the person named by `--as`, or of the operating-system user.
    pub(super) fn new(
        registry: &'a Registry,
        args: &Args,
        operator: &str,
        secrets: Secrets,
        out: &'a mut dyn Write,
        err: &'a mut dyn Write,
    ) -> Answer<Self> {
        let signer = match (&args.acting_as, &secrets.acting) {
            (Some(login), Some(secret)) => Some(registry.sign_in(login, secret)?),
            (Some(login), None) => {
                return Err(Error::mistake(
                    format!("Als „{login}“ kann nicht gehandelt werden"),
                    "es fehlt das Kennwort",
                    "setzen Sie SCHRIFTGUT_SECRET oder geben Sie es am Bildschirm ein",
                ));
            }
            (None, _) => None,
        };
        let actor = match &signer {
            Some(signer) => signer.actor().clone(),
            None => registry.person(operator)?,
        };
        Ok(Self {
            registry,
            actor,
            json: args.json,
            terminal: args.terminal,
            signer,
            new_secret: secrets.new,
            out,
            err,
        })
    }

    /// The person's unlocked signing key; only after signing in with `--as`.
    pub(super) fn signer(&self) -> Answer<&Signer> {
        self.signer.as_ref().ok_or_else(|| {
            Error::mistake(
                "Ohne Anmeldung kann nicht unterschrieben werden",
                "eine Unterschrift braucht den eigenen Schlüssel der Person",
                "nennen Sie mit --as, wer unterschreibt",
            )
        })
    }

    pub(super) fn today(&self) -> Date {
        self.registry.today()
    }

    /// A line of the result.
    pub(super) fn say(&mut self, line: impl Display) -> Answer<()> {
        writeln!(self.out, "{line}")?;
        Ok(())
    }

    /// A line of the result as JSON, flushed: it is certain now.
    pub(super) fn tell(&mut self, value: &impl Serialize) -> Answer<()> {
        serde_json::to_writer(&mut *self.out, value).map_err(std::io::Error::from)?;
        writeln!(self.out)?;
        self.out.flush()?;
        Ok(())
    }

    /// Somebody watches, and would like to know how far it has come.
    pub(super) fn shows_progress(&self) -> bool {
        self.terminal && !self.json
    }

    /// A word about progress. That nobody reads it is no reason to stop.
    pub(super) fn mention(&mut self, words: &str) {
        let _ = write!(self.err, "{words}").and_then(|()| self.err.flush());
    }

    /// Talk, not result.
    pub(super) fn remark(&mut self, line: impl Display) -> Answer<()> {
        writeln!(self.err, "{line}")?;
        Ok(())
    }
}

/// Reads an id or says that nothing has it.
pub(super) fn list_id(text: &str) -> Answer<DisposalListId> {
    text.parse().map_err(|_| Error::unknown("Aussonderungsliste", text))
}
