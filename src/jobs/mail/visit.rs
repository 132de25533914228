//! One visit of a mailbox, signed in: what an earlier visit left undone is finished, then what lies there is taken in, and
//! moved. Nothing is removed, and nothing moved that is neither acknowledged nor said to be refused.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Order;
use super::talk::{Given, Mail, Talk};
use super::words::{self, Hitch, name_of, notice};
use crate::domain::actor::Clerk;
use crate::jobs::watch::note::{Line, Note};
use crate::jobs::watch::{Said, Tally};
use crate::registry::{
    Answer, Error, MailboxState, Outcome, PlannedId, Registry, Source, Taken, Target, Words,
};

/// Mails taken in together at the most, and about so many bytes: they wait in memory.
const MAILS_AT_A_TIME: usize = 100;
const BYTES_AT_A_TIME: usize = 32 << 20;
/// Mails of one visit: then rights are asked for anew.
const MAILS_OF_A_VISIT: usize = 500;

/// What is needed on a visit.
pub(super) struct Visit<'v, 's> {
    pub(super) order: &'v Order,
    pub(super) name: String,
    pub(super) registry: &'v Registry,
    pub(super) clerk: Clerk<'v>,
    pub(super) talk: Talk<'s>,
    pub(super) note: &'v mut Note,
    pub(super) state: &'v mut MailboxState,
    pub(super) tally: &'v mut Tally,
    pub(super) say: &'v mut dyn FnMut(Said<'_>),
}

/// Why a visit ended before its end.
pub(super) enum Stopped {
    Hitch(Hitch),
    Office(Error),
}

impl From<Hitch> for Stopped {
    fn from(hitch: Hitch) -> Self {
        Self::Hitch(hitch)
    }
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Office(error)
    }
}

/// Of the note, which lies on the registry's disk.
impl From<io::Error> for Stopped {
    fn from(cause: io::Error) -> Self {
        Self::Office(cause.into())
    }
}

/// A mail in hand.
struct InHand {
    id: PlannedId,
    mail: Mail,
    bytes: Vec<u8>,
}

/// Bytes that are read more than once.
#[derive(Clone)]
struct Shared(Arc<Vec<u8>>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Visit<'_, '_> {
    /// Goes through what lies there.
    pub(super) fn go_through(&mut self) -> Result<(), Stopped> {
        if self.state.aside_count > 0 && self.talk.is_empty(&self.order.profile.failed)? {
            (self.state.aside_count, self.state.aside) = (0, Vec::new()); // somebody has looked after them
        }
        let mut numbers = self.talk.numbers()?;
        let mut renumbered = self.finish_earlier(&mut numbers)?;
        let here = numbers.len().min(MAILS_OF_A_VISIT);
        let mut gone_through = 0;
        for some in numbers[..here].chunks(MAILS_AT_A_TIME) {
            if self.talk.is_to_stop() {
                break;
            }
            self.take_in(some, &mut renumbered)?;
            gone_through += some.len();
        }
        self.tally.left = (numbers.len() - gone_through) as u64;
        if self.tally.left == 0 {
            renumbered.clear(); // whoever is not here any more has been moved
        }
        Ok(self.note.finish(&renumbered)?)
    }

    /// What an earlier visit took in and did not move is moved. Answers what it took in under numbers that do not count
    /// any more.
    fn finish_earlier(&mut self, numbers: &mut Vec<u32>) -> Result<Vec<Line>, Stopped> {
        let (mut taken, mut renumbered) = (Vec::new(), Vec::new());
        for line in self.note.lines()? {
            if !self.registry.is_taken_in(self.clerk, line.id)? {
                continue; // it is as new
            }
            match place_of(&line.path) {
                Some((validity, uid)) if validity == self.talk.validity => {
                    if numbers.contains(&uid) {
                        taken.push(uid);
                    }
                }
                _ => renumbered.push(line),
            }
        }
        self.talk.put_away(&taken, &self.order.profile.done)?;
        self.tally.finished += taken.len() as u64;
        numbers.retain(|uid| !taken.contains(uid));
        self.note.finish(&renumbered)?;
        Ok(renumbered)
    }

    fn take_in(&mut self, numbers: &[u32], renumbered: &mut Vec<Line>) -> Result<(), Stopped> {
        let bytes_max = self.order.profile.mail_bytes_max;
        let mut mails = self.talk.describe(numbers)?;
        mails.retain(|mail| numbers.contains(&mail.uid));
        mails.sort_by_key(|mail| mail.uid);
        mails.dedup_by_key(|mail| mail.uid);
        let (mut in_hand, mut bytes_in_hand) = (Vec::new(), 0);
        for mail in mails {
            let name = name_of(&mail);
            let given = match mail.size_bytes > bytes_max {
                true => Given::TooLarge,
                false => self.talk.fetch(mail.uid, bytes_max)?,
            };
            let bytes = match given {
                Given::Whole(bytes) => bytes,
                Given::TooLarge => {
                    self.set_aside(mail.uid, &name, words::too_large(&name, bytes_max))?;
                    continue;
                }
                Given::Nothing => {
                    if self.talk.is_there(mail.uid)? {
                        self.set_aside(mail.uid, &name, words::unread(&name))?;
                    }
                    continue;
                }
            };
            if self.was_renumbered(&bytes, renumbered)? {
                self.talk.put_away(&[mail.uid], &self.order.profile.done)?;
                self.tally.finished += 1;
                continue;
            }
            bytes_in_hand += bytes.len();
            in_hand.push(InHand { id: PlannedId::draw(), mail, bytes });
            if bytes_in_hand >= BYTES_AT_A_TIME {
                self.hand_over(std::mem::take(&mut in_hand))?;
                bytes_in_hand = 0;
            }
        }
        self.hand_over(in_hand)
    }

    /// This content was taken in under numbers that do not count any more.
    fn was_renumbered(&self, bytes: &[u8], renumbered: &mut Vec<Line>) -> Answer<bool> {
        for at in 0..renumbered.len() {
            let line = &renumbered[at];
            if line.size_bytes == bytes.len() as u64
                && self.registry.took_in(self.clerk, line.id, &mut &bytes[..])?
            {
                renumbered.remove(at);
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Has mails taken in, then moves them.
    fn hand_over(&mut self, in_hand: Vec<InHand>) -> Result<(), Stopped> {
        if in_hand.is_empty() {
            return Ok(());
        }
        let validity = self.talk.validity;
        let lines: Vec<_> = in_hand.iter().map(|one| one.line(validity)).collect();
        self.note.begin(lines.iter())?;
        let uids: HashMap<String, u32> =
            in_hand.iter().map(|one| (name_of(&one.mail), one.mail.uid)).collect();
        let target = self.order.target.clone();
        let sources = in_hand.into_iter().map(move |one| one.into_source(target.clone()));
        let (mut taken_in, mut refused) = (Vec::new(), Vec::new());
        let (tally, say) = (&mut *self.tally, &mut *self.say);
        self.registry.ingest_planned(self.clerk, sources, &mut |taken| {
            let Some(uid) = uids.get(&taken.source).copied() else { return };
            match taken.outcome {
                Outcome::Refused(words) => return refused.push((uid, taken.source, words)),
                Outcome::Taken(_) => tally.taken += 1,
                Outcome::Known(_) => tally.known += 1,
            }
            taken_in.push(uid);
            say(Said::Taken(&taken));
        })?;
        self.talk.put_away(&taken_in, &self.order.profile.done)?;
        lines.iter().for_each(|line| self.note.settle(line.id));
        refused.into_iter().try_for_each(|(uid, name, words)| self.set_aside(uid, &name, words))
    }

    /// Moves what cannot be taken in. The reason is kept, and laid there as a message, before the mail is.
    fn set_aside(&mut self, uid: u32, name: &str, words: Words) -> Result<(), Stopped> {
        let failed = &self.order.profile.failed;
        let Words { what, why, way_out } = &words;
        self.state.set_aside(name, [what, why, way_out].map(Clone::clone));
        self.registry.note_mailbox(&self.name, self.state)?;
        self.talk.lay(failed, &notice(name, &words))?;
        self.talk.put_away(&[uid], failed)?;
        self.tally.refused += 1;
        let outcome = Outcome::Refused(words);
        (self.say)(Said::Taken(&Taken { source: name.to_owned(), file: None, outcome }));
        Ok(())
    }
}

impl InHand {
    fn line(&self, validity: u32) -> Line {
        let path = PathBuf::from(format!("{validity}-{}", self.mail.uid));
        Line { id: self.id.id(), size_bytes: self.bytes.len() as u64, path }
    }

    fn into_source(self, target: Option<Target>) -> (PlannedId, Source) {
        let Self { id, mail, bytes } = self;
        let bytes = Shared(Arc::new(bytes));
        let open = move || Ok(Box::new(io::Cursor::new(bytes.clone())) as Box<dyn io::Read>);
        let name = name_of(&mail);
        (id, Source { file_name: name.clone(), name, target, open: Box::new(open) })
    }
}

/// `17-42`: the numbers of folder and mail.
fn place_of(path: &Path) -> Option<(u32, u32)> {
    let (validity, uid) = path.to_str()?.split_once('-')?;
    Some((validity.parse().ok()?, uid.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_known_by_the_numbers_of_its_folder_and_its_own() {
        assert_eq!(place_of(Path::new("17-42")), Some((17, 42)));
        ["brief.txt", "17", "17-", "17-42-1", "-1-2"].iter().for_each(|other| {
            assert_eq!(place_of(Path::new(other)), None, "{other}");
        });
    }
}
