//! The desk a verb works at: the office and the person who acts; and the voice it speaks with, which a verb has
//! without a desk too. A verb states its result both ways at once: as JSON, and in words.

use std::fmt::Display;
use std::io::Write;
use std::ops::{Deref, DerefMut};

use jiff::civil::Date;
use serde::Serialize;

use super::args::Args;
use super::secret::Secrets;
use crate::domain::actor::Actor;
use crate::domain::ids::DisposalListId;
use crate::registry::{Answer, Error, Registry, Signer};

/// Words as a terminal may show them: names of files and titles come from elsewhere, and signs that ring, move the cursor
/// or turn the line around are shown as �.
pub(super) fn harmless(words: &str) -> String {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let misleads = |c: char| turns(c) || (c.is_control() && !matches!(c, '\n' | '\t'));
    words.replace(misleads, "\u{fffd}")
}

/// A name as a part of one line.
pub(super) fn one_line(name: &str) -> String {
    name.replace(['\n', '\t'], "\u{fffd}")
}

/// How a verb speaks: the result to stdout, as JSON or in words; talk to stderr.
pub(super) struct Voice<'a> {
    pub(super) json: bool,
    terminal: bool,
    pub(super) out: &'a mut dyn Write,
    pub(super) err: &'a mut dyn Write,
}

impl<'a> Voice<'a> {
    pub(super) fn new(args: &Args, out: &'a mut dyn Write, err: &'a mut dyn Write) -> Self {
        Self { json: args.json, terminal: args.terminal, out, err }
    }

    /// The result, or a part of it that is certain now: a line of JSON, or these words. Empty words are not said.
    pub(super) fn result<T: Into<String>>(
        &mut self,
        json: &impl Serialize,
        words: impl FnOnce() -> T,
    ) -> Answer<()> {
        if self.json {
            return self.tell(json);
        }
        match words().into() {
            words if words.is_empty() => Ok(()),
            words => self.say(words),
        }
    }

    /// A line of the result in words. A verb that says it sees to the JSON itself.
    pub(super) fn say(&mut self, line: impl Display) -> Answer<()> {
        writeln!(self.out, "{}", harmless(&line.to_string()))?;
        Ok(())
    }

    /// A line of the result as JSON, written at once and flushed: it is certain now.
    pub(super) fn tell(&mut self, value: &impl Serialize) -> Answer<()> {
        let mut line = serde_json::to_vec(value).map_err(std::io::Error::from)?;
        line.push(b'\n');
        self.out.write_all(&line)?;
        self.out.flush()?;
        Ok(())
    }

    /// A step on the way: people read it as a part of the result, beside JSON it is talk.
    pub(super) fn step(&mut self, line: impl Display) -> Answer<()> {
        if self.json {
            return self.remark(line);
        }
        self.say(line)?;
        self.out.flush()?;
        Ok(())
    }

    /// Somebody watches, and would like to know how far it has come.
    pub(super) fn shows_progress(&self) -> bool {
        self.terminal && !self.json
    }

    /// Somebody is there to hear it: the terminal, or the client of a server, who may have left.
    pub(super) fn is_heard(&mut self) -> bool {
        self.err.write(&[]).is_ok()
    }

    /// A word about progress. That nobody reads it is no reason to stop.
    pub(super) fn mention(&mut self, words: &str) {
        let _ = write!(self.err, "{words}").and_then(|()| self.err.flush());
    }

    /// Talk, not result.
    pub(super) fn remark(&mut self, line: impl Display) -> Answer<()> {
        writeln!(self.err, "{}", harmless(&line.to_string()))?;
        Ok(())
    }
}

/// What a verb has at hand. Whoever has a desk has its voice.
pub(super) struct Desk<'a> {
    pub(super) registry: &'a Registry,
    pub(super) actor: Actor,
    signer: Option<Signer>,
    pub(super) new_secret: Option<String>,
    voice: Voice<'a>,
}

impl<'a> Deref for Desk<'a> {
    type Target = Voice<'a>;

    fn deref(&self) -> &Voice<'a> {
        &self.voice
    }
}

impl<'a> DerefMut for Desk<'a> {
    fn deref_mut(&mut self) -> &mut Voice<'a> {
        &mut self.voice
    }
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
        let voice = Voice::new(args, out, err);
        Ok(Self { registry, actor, signer, new_secret: secrets.new, voice })
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
}

/// Reads an id or says that nothing has it.
pub(super) fn list_id(text: &str) -> Answer<DisposalListId> {
    text.parse().map_err(|_| Error::unknown("Aussonderungsliste", text))
}
