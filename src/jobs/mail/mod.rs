//! A mailbox (Postfach): the mails in one of its folders are taken in as they came, and moved once they are acknowledged. It
//! decides nothing: it is a door, and acts as the person who started it, with the rights of the moment. What a mail says is
//! not looked at here; its bytes go the way of every document.
//!
//! **The one connection this program opens itself** is this one: to the server the profile names, sealed, with a certificate
//! that proves its name, and only while a mailbox is emptied. **Once, and not twice**, as in a watched folder
//! (`watch/note.rs`): a note in the registry's folder says under which id each mail will be, by the numbers its server
//! keeps for it; then the registry acknowledges, then the mail is moved, then the note is crossed off. Should the server
//! have given new numbers meanwhile, the content tells (`visit.rs`).

mod secret;
mod talk;
mod visit;
mod wire;
mod words;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use self::talk::Talk;
use self::visit::{Stopped, Visit};
use self::words::Hitch;
use super::watch::note::Note;
use super::watch::{Said, Tally, reason};
use crate::base::digest::Blake3;
use crate::domain::ids::PersonId;
use crate::format::mail_profile::MailProfile;
use crate::registry::{Answer, MailboxState, Registry, Target, Words};

/// How long to wait at least after the server did not accept the secret: accounts are locked after a few tries.
const WAIT_AFTER_WRONG_SECRET: Duration = Duration::from_secs(600);
/// Longest wait after something was in the way, unless the profile wants a longer one anyway.
const WAIT_MAX: Duration = Duration::from_secs(900);
/// How long whoever empties the same mailbox is waited for.
const WAIT_FOR_ANOTHER: Duration = Duration::from_secs(20);
/// How often it is looked whether he is done.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// What to empty.
#[derive(Debug)]
pub struct Order {
    /// The mailbox.
    pub profile: MailProfile,
    /// The folder that paths in the profile count from.
    pub beside: PathBuf,
    /// Where its mails go; none for the in-tray.
    pub target: Option<Target>,
    /// Who acts.
    pub person: PersonId,
}

/// A mailbox that is emptied.
#[derive(Debug)]
pub struct Mailbox {
    order: Order,
    /// What is in the way, as it was said last.
    said: Option<Words>,
    /// The folders were asked for.
    is_prepared: bool,
    /// Visits that failed, one after the other.
    failures: u32,
    is_secret_wrong: bool,
}

/// Whoever has the mailbox emptied: what he is told, and whether he wants it to end.
struct Caller<'c> {
    tally: &'c mut Tally,
    say: &'c mut dyn FnMut(Said<'_>),
    stop: &'c mut dyn FnMut() -> bool,
}

impl Mailbox {
    /// Makes ready to empty a mailbox; nothing is asked yet.
    #[must_use]
    pub fn of(order: Order) -> Self {
        Self { order, said: None, is_prepared: false, failures: 0, is_secret_wrong: false }
    }

    /// What it was made of.
    #[must_use]
    pub fn profile(&self) -> &MailProfile {
        &self.order.profile
    }

    /// How long to wait until the next visit: longer after each that failed.
    #[must_use]
    pub fn pause(&self) -> Duration {
        wait(self.order.profile.every, self.failures, self.is_secret_wrong)
    }

    /// Empties the mailbox once; `stop` is asked again and again whether to end. Something in the way is said, if it
    /// is not what was said last; false if there was. The next visit begins anew.
    pub fn empty(
        &mut self,
        registry: &Registry,
        say: &mut dyn FnMut(Said<'_>),
        stop: &mut dyn FnMut() -> bool,
    ) -> (Tally, bool) {
        let mut tally = Tally::default();
        loop {
            let before = tally;
            let caller = Caller { tally: &mut tally, say, stop };
            if let Err(words) = self.visit(registry, caller) {
                self.failures = self.failures.saturating_add(1);
                self.is_prepared = false;
                if self.said.as_ref() != Some(&words) {
                    say(Said::Trouble(&reason(&words)));
                }
                self.said = Some(words);
                return (tally, false);
            }
            (self.said, self.failures) = (None, 0);
            if tally.left == 0 || tally.moved() == before.moved() || stop() {
                return (tally, true);
            }
        }
    }

    /// One visit. How it ended is kept, for whoever asks what was not taken in and why.
    fn visit(&mut self, registry: &Registry, caller: Caller<'_>) -> Result<(), Words> {
        self.is_secret_wrong = false;
        let name = self.name();
        let held = hold(registry, &name, caller.stop).map_err(|error| error.words())?;
        let Some(mut note) = held else {
            let words = words::held_by_another(&self.order.profile);
            return if (caller.stop)() { Ok(()) } else { Err(words) };
        };
        let known = registry.mailbox(&name).map_err(|error| error.words())?;
        let known = known.filter(|known| known.person == self.order.person);
        let mut state = known.unwrap_or_else(|| self.first_state(registry));
        let visited = self.visit_alone(registry, &mut note, &mut state, caller);
        let visited = match visited {
            Ok(()) | Err(Stopped::Hitch(Hitch::ToldToStop)) => Ok(()),
            Err(Stopped::Office(error)) => Err(error.words()),
            Err(Stopped::Hitch(hitch)) => {
                self.is_secret_wrong = matches!(hitch, Hitch::SignIn);
                Err(hitch.words(&self.order.profile))
            }
        };
        state.trouble =
            visited.as_ref().err().map(|Words { what, why, way_out }| [what, why, way_out].map(Clone::clone));
        let kept = registry.note_mailbox(&name, &mut state).map_err(|error| error.words());
        visited.and(kept)
    }

    fn visit_alone(
        &mut self,
        registry: &Registry,
        note: &mut Note,
        state: &mut MailboxState,
        Caller { tally, say, stop }: Caller<'_>,
    ) -> Result<(), Stopped> {
        let actor = registry.person_by_id(self.order.person)?;
        let clerk = actor.as_clerk().map_err(crate::registry::Error::from)?;
        let talk = self.sign_in(stop)?;
        let name = self.name();
        let mut visit = Visit { order: &self.order, name, registry, clerk, talk, note, state, tally, say };
        let visited = visit.go_through();
        visit.talk.end();
        visited
    }

    fn sign_in<'s>(&mut self, stop: &'s mut dyn FnMut() -> bool) -> Result<Talk<'s>, Hitch> {
        let profile = &self.order.profile;
        let secret = secret::secret(&profile.secret, &self.order.beside).map_err(Hitch::Secret)?;
        let mut talk = Talk::begin(profile, &secret, stop)?;
        if !self.is_prepared {
            talk.make(&profile.done)?;
            talk.make(&profile.failed)?;
            self.is_prepared = true;
        }
        Ok(talk)
    }

    /// Where the note and the state of this mailbox lie. It says nothing of whose it is.
    fn name(&self) -> String {
        let MailProfile { server, port, user, folder, .. } = &self.order.profile;
        let digest = Blake3::of(format!("{server}\n{port}\n{user}\n{folder}").as_bytes());
        digest.to_string().chars().take(32).collect()
    }

    fn first_state(&self, registry: &Registry) -> MailboxState {
        let MailProfile { server, user, folder, failed, .. } = &self.order.profile;
        MailboxState {
            person: self.order.person,
            server: server.clone(),
            user: user.clone(),
            folder: folder.clone(),
            failed: failed.clone(),
            visited: registry.now(),
            trouble: None,
            aside: Vec::new(),
            aside_count: 0,
        }
    }
}

/// Takes the note of a mailbox in hand; none if somebody else has it and does not let go.
fn hold(registry: &Registry, name: &str, stop: &mut dyn FnMut() -> bool) -> Answer<Option<Note>> {
    let home = registry.prepare_mailbox(name)?;
    let begun = Instant::now();
    loop {
        let note = Note::of(&home)?;
        if note.is_some() || begun.elapsed() > WAIT_FOR_ANOTHER || stop() {
            return Ok(note);
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

fn wait(every: Duration, failures: u32, is_secret_wrong: bool) -> Duration {
    let first = if is_secret_wrong { every.max(WAIT_AFTER_WRONG_SECRET) } else { every };
    match failures {
        0 => every,
        _ => first.saturating_mul(1 << (failures - 1).min(16)).min(first.max(WAIT_MAX)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_makes_the_next_wait_longer_up_to_a_quarter_of_an_hour() {
        let waits = |every, is_secret_wrong| {
            [0, 1, 2, 3, 4, 5, 6, u32::MAX]
                .map(|failures| wait(Duration::from_secs(every), failures, is_secret_wrong).as_secs())
        };
        assert_eq!(waits(60, false), [60, 60, 120, 240, 480, 900, 900, 900]);
        assert_eq!(waits(60, true), [60, 600, 900, 900, 900, 900, 900, 900]);
        assert_eq!(waits(3_600, false), [3_600; 8]);
    }
}
