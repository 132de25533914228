//! A watched folder (beobachteter Ordner): what scanners and people put there is taken in, and put away once it is
//! acknowledged. It decides nothing: it is a door, and acts as the person who started it, with the rights of the moment.
//!
//! It looks again and again instead of being told: scanners write to network shares, of which the kernel tells nobody,
//! and what happened while nobody listened would be missed as well.
//!
//! **Once, and not twice.** Before files are taken in, a note (`note.rs`) in the folder says under which id each will be; it is
//! durable first. Then the registry acknowledges, then the file is put away, then the note is crossed off. Whoever finds
//! lines in the note asks the registry whether it took in that id with that content: if so, only the putting away is left;
//! if not, the file is as new. Ids are drawn and never used again, so the answer tells nobody of documents that are hidden.
//!
//! Nothing is ever removed but the copy that was left on another file system.

mod look;
pub(super) mod note;
mod put_away;
mod steady;
mod words;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use crate::domain::actor::{Actor, Clerk};
use crate::domain::ids::{DocumentId, PersonId};
use crate::registry::{Answer, Error, Outcome, PlannedId, Registry, Taken, Target, Words};
use look::{Look, Print, Rest, Thing, look};
use note::{Line, Note};
use put_away::{Shelf, open};
use steady::{Hindrance, Hindrances, Settled};
use words::{Trouble, in_three_parts};

/// How often the folder is looked at.
pub const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How long a file has to keep its size and time before it is taken, if nothing else is said.
pub const SETTLE: Duration = Duration::from_secs(10);
/// Files taken in one round: then rights are asked for anew, and the note is short.
const FILES_AT_A_TIME: usize = 500;
/// How long to wait with what could not be done.
const WAIT_AFTER_TROUBLE: Duration = Duration::from_secs(30);

/// What a watcher says.
#[derive(Debug)]
pub enum Said<'a> {
    /// What became of a file: acknowledged, or refused and set aside.
    Taken(&'a Taken),
    /// Something is in the way, in three parts; said once until it has gone.
    Trouble(&'a str),
}

/// What to watch.
#[derive(Debug)]
pub struct Order {
    /// The folder.
    pub folder: PathBuf,
    /// Where its files go; none for the in-tray.
    pub target: Option<Target>,
    /// How long a file has to rest.
    pub settle: Duration,
    /// Who acts.
    pub person: PersonId,
}

/// What was done in a round, or in several.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Documents taken in, new to this registry.
    pub taken: u64,
    /// Documents taken in whose content was known.
    pub known: u64,
    /// Files set aside.
    pub refused: u64,
    /// Files that an earlier run had taken in and that were put away now.
    pub finished: u64,
    /// Files that stay for now: not at rest yet, or something is in the way.
    pub left: u64,
}

/// A watched folder.
#[derive(Debug)]
pub struct Watch {
    /// In full, without links.
    root: Arc<PathBuf>,
    target: Option<Target>,
    person: PersonId,
    settle: Duration,
    rest: Rest,
    shelf: Shelf,
    /// What is not tried again before then, and what was said of it.
    later: BTreeMap<PathBuf, (Instant, Option<Trouble>)>,
    /// What was said, and what came up in this round.
    said: BTreeSet<Trouble>,
    raised: BTreeSet<Trouble>,
}

impl Watch {
    /// Makes ready to watch a folder; nothing is taken in yet.
    ///
    /// # Errors
    /// A mistake if it is no folder, or lies inside the registry, or holds it.
    pub fn over(registry: &Registry, order: Order) -> Answer<Self> {
        let Order { folder, target, settle, person } = order;
        let refuse = |why: String, way_out: &str| {
            Error::mistake(format!("{} wird nicht beobachtet", folder.display()), why, way_out)
        };
        let root = folder.canonicalize().map_err(|cause| {
            refuse(
                crate::registry::error::causes::system(&cause),
                "nennen Sie einen Ordner, den es gibt und in dem Sie schreiben dürfen",
            )
        })?;
        if !root.is_dir() {
            return Err(refuse("es ist kein Ordner".to_owned(), "nennen Sie einen Ordner"));
        }
        let home = registry.layout().root().canonicalize()?;
        if root.starts_with(&home) || home.starts_with(&root) {
            return Err(refuse(
                "die Registratur liegt darin, oder der Ordner liegt in der Registratur".to_owned(),
                "nennen Sie einen Ordner, der mit der Registratur nichts zu tun hat",
            ));
        }
        let (rest, shelf) = (Rest::of(settle), Shelf::of(&root));
        let (later, said, raised) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
        Ok(Self { root: Arc::new(root), target, person, settle, rest, shelf, later, said, raised })
    }

    /// Looks, waits until what is there has come to rest, takes it in, and ends. `wait` may end it earlier.
    pub fn once(
        &mut self,
        registry: &Registry,
        say: &mut dyn FnMut(Said<'_>),
        wait: &mut dyn FnMut(Duration) -> bool,
    ) -> Tally {
        let mut tally = self.round(registry, say);
        if !self.settle.is_zero() && wait(self.settle) {
            return tally;
        }
        loop {
            let round = self.round(registry, say);
            tally.add(round);
            if round.moved() == 0 {
                return tally;
            }
        }
    }

    /// Watches until `wait` says that it is time to end.
    pub fn until(
        &mut self,
        registry: &Registry,
        say: &mut dyn FnMut(Said<'_>),
        wait: &mut dyn FnMut(Duration) -> bool,
    ) {
        loop {
            let round = self.round(registry, say);
            let more = round.taken + round.known + round.refused >= FILES_AT_A_TIME as u64;
            let pause = if more {
                Duration::ZERO
            } else {
                LOOK_EVERY.min(self.settle.max(Duration::from_millis(50)))
            };
            if wait(pause) {
                return;
            }
        }
    }

    /// Looks once, and takes in what is at rest. What is in the way is said, and the next round begins anew.
    pub fn round(&mut self, registry: &Registry, say: &mut dyn FnMut(Said<'_>)) -> Tally {
        let mut tally = Tally::default();
        self.later.retain(|_, (until, _)| *until > Instant::now());
        let still = self.later.values().filter_map(|(_, trouble)| trouble.clone());
        self.raised = still.collect();
        if let Err(trouble) = self.try_round(registry, say, &mut tally) {
            self.raise(trouble, say);
        }
        self.said = std::mem::take(&mut self.raised);
        tally
    }

    fn try_round(
        &mut self,
        registry: &Registry,
        say: &mut dyn FnMut(Said<'_>),
        tally: &mut Tally,
    ) -> Result<(), Trouble> {
        let of_folder = |cause: &io::Error| Trouble::folder(&self.root, cause);
        let Look { things, troubles } = look(&self.root).map_err(|cause| of_folder(&cause))?;
        let now = Instant::now();
        self.rest.see(&things, now);
        let actor = registry.person_by_id(self.person).map_err(|error| Trouble(error.to_string()))?;
        let clerk = actor.as_clerk().map_err(|refusal| Trouble(Error::from(refusal).to_string()))?;
        let note = Note::of(&self.root).map_err(|cause| Trouble::folder(&self.root, &cause))?;
        let Some(mut note) = note else { return Err(Trouble::watched_by_another(&self.root)) };
        let lines = note.lines().map_err(|cause| Trouble::folder(&self.root, &cause))?;
        troubles.into_iter().for_each(|trouble| self.raise(trouble, say));

        let mut left = self.finish_earlier(registry, clerk, lines, tally, say)?;
        let kept: BTreeSet<_> = left.iter().map(|line| line.path.clone()).collect();
        let is_free = |path: &PathBuf| !kept.contains(path) && !self.later.contains_key(path);
        let mut settled = self.rest.settled(now);
        settled.retain(|(path, _)| is_free(path));
        settled.truncate(FILES_AT_A_TIME);
        let files = self.set_aside_what_is_none(settled, tally, say);
        let done = self.take_in(registry, &actor, files, &mut note, &mut left, tally, say);
        let waiting = self.later.keys().chain(&kept).cloned().collect();
        tally.left = (self.rest.restless(now, &waiting) + waiting.len()) as u64;
        // First the names, then the note that they are settled.
        let synced = self.shelf.sync();
        done?;
        synced.and_then(|()| note.finish(&left)).map_err(|cause| Trouble::folder(&self.root, &cause))
    }

    /// What earlier rounds left: what the registry took in is put away. What remains noted is answered: taken in, and
    /// not put away.
    fn finish_earlier(
        &mut self,
        registry: &Registry,
        clerk: Clerk<'_>,
        lines: Vec<Line>,
        tally: &mut Tally,
        say: &mut dyn FnMut(Said<'_>),
    ) -> Result<Vec<Line>, Trouble> {
        let mut left = Vec::new();
        for line in lines {
            if self.later.contains_key(&line.path) {
                left.push(line); // it is not this round's
                continue;
            }
            let took_in = |path: &Path| took_in(registry, clerk, line.id, line.size_bytes, path);
            let place = self.root.join(&line.path);
            let in_words = |error: Error| Trouble(error.to_string());
            match place.symlink_metadata() {
                Ok(there) if !there.is_file() => {} // another thing of the same name
                Ok(_) => match took_in(&place).map_err(in_words)? {
                    Some(true) => match self.shelf.put_done_again(&line.path) {
                        Ok(()) => tally.finished += 1,
                        Err(cause) => {
                            self.wait_with(&line.path, Trouble::not_put_away(&line.path, &cause), say);
                            left.push(line);
                        }
                    },
                    Some(false) => {}
                    None => left.push(line), // it cannot be read right now
                },
                Err(_) => {
                    let is_put_away = |place: &PathBuf| matches!(took_in(place), Ok(Some(true)));
                    let is_new = !registry.is_taken_in(clerk, line.id).map_err(in_words)?;
                    // Gone, and not put away: its drive may be away, and come back.
                    if !is_new && !self.shelf.done_as(&line.path).iter().any(is_put_away) {
                        let until = Instant::now() + WAIT_AFTER_TROUBLE;
                        self.later.insert(line.path.clone(), (until, None));
                        left.push(line);
                    }
                }
            }
        }
        Ok(left)
    }

    /// Sets aside what is no file or has no name that can be kept; answers the rest.
    fn set_aside_what_is_none(
        &mut self,
        settled: Vec<(PathBuf, Thing)>,
        tally: &mut Tally,
        say: &mut dyn FnMut(Said<'_>),
    ) -> Vec<Settled> {
        let mut files = Vec::new();
        for (path, thing) in settled {
            let words = match (thing, path.to_str()) {
                (Thing::Link, _) => words::link(&path),
                (Thing::Other, _) => words::no_file(&path),
                (Thing::File(_), None) => words::no_utf8(&path),
                (Thing::File(Print { size_bytes: 0, .. }), _) => words::empty(&path),
                (Thing::File(print), Some(name)) => {
                    files.push(Settled { id: PlannedId::draw(), name: name.to_owned(), print });
                    continue;
                }
            };
            self.set_aside(&path, words, tally, say);
        }
        files
    }

    /// Takes files in and puts each away as it is acknowledged. `left` gets what is taken in and stays where it is.
    #[allow(clippy::too_many_arguments, reason = "a round's own step")]
    fn take_in(
        &mut self,
        registry: &Registry,
        actor: &Actor,
        files: Vec<Settled>,
        note: &mut Note,
        left: &mut Vec<Line>,
        tally: &mut Tally,
        say: &mut dyn FnMut(Said<'_>),
    ) -> Result<(), Trouble> {
        if files.is_empty() {
            return Ok(());
        }
        let clerk = actor.as_clerk().map_err(|refusal| Trouble(Error::from(refusal).to_string()))?;
        let of = |file: &Settled| Line {
            id: file.id.id(),
            size_bytes: file.print.size_bytes,
            path: PathBuf::from(&file.name),
        };
        let mut lines: HashMap<String, Line> =
            files.iter().map(|file| (file.name.clone(), of(file))).collect();
        let begun: Vec<_> = files.iter().map(of).collect();
        note.begin(begun.iter()).map_err(|cause| Trouble::folder(&self.root, &cause))?;
        let hindrances = Hindrances::default();
        let (root, target) = (Arc::clone(&self.root), self.target.clone());
        let of_registry = Arc::clone(&hindrances);
        let sources = files
            .into_iter()
            .map(move |file| file.into_source(Arc::clone(&root), target.clone(), Arc::clone(&of_registry)));
        let ingested = registry.ingest_planned(clerk, sources, &mut |taken| {
            let Some(line) = lines.remove(&taken.source) else { return };
            match taken.outcome {
                Outcome::Refused(words) => {
                    let hindrance =
                        hindrances.lock().unwrap_or_else(PoisonError::into_inner).remove(&taken.source);
                    match hindrance {
                        None => self.set_aside(&line.path, words, tally, say),
                        Some(hindrance) => self.hindered(&line.path, &hindrance, say),
                    }
                }
                Outcome::Taken(_) | Outcome::Known(_) => {
                    let is_new = matches!(taken.outcome, Outcome::Taken(_));
                    if is_new {
                        tally.taken += 1
                    } else {
                        tally.known += 1
                    }
                    say(Said::Taken(&taken));
                    match self.shelf.put_done(&line.path) {
                        Ok(()) => note.settle(line.id),
                        Err(cause) => {
                            self.wait_with(&line.path, Trouble::not_put_away(&line.path, &cause), say);
                            left.push(line);
                        }
                    }
                }
            }
        });
        ingested.map(|_| ()).map_err(|error| {
            // Whatever was not acknowledged waits; the note says what it was.
            let until = Instant::now() + WAIT_AFTER_TROUBLE;
            let trouble = Trouble(error.to_string());
            let waits = lines.into_values().map(|line| (line.path, (until, Some(trouble.clone()))));
            self.later.extend(waits);
            trouble
        })
    }

    fn hindered(&mut self, path: &Path, hindrance: &Hindrance, say: &mut dyn FnMut(Said<'_>)) {
        match hindrance {
            // It has to come to rest again; the next look sees that it changed.
            Hindrance::Changed | Hindrance::Gone => {}
            Hindrance::Flaky(cause) => self.wait_with(path, Trouble::will_be_tried_again(path, cause), say),
        }
    }

    fn set_aside(&mut self, path: &Path, words: Words, tally: &mut Tally, say: &mut dyn FnMut(Said<'_>)) {
        match self.shelf.put_failed(path, &words) {
            Ok(()) => {
                tally.refused += 1;
                let source = path.display().to_string();
                say(Said::Taken(&Taken { source, file: None, outcome: Outcome::Refused(words) }));
            }
            Err(cause) if cause.kind() == io::ErrorKind::NotFound && !self.is_there(path) => {}
            Err(cause) => self.wait_with(path, Trouble::not_set_aside(path, &words, &cause), say),
        }
    }

    fn is_there(&self, path: &Path) -> bool {
        self.root.join(path).symlink_metadata().is_ok()
    }

    /// Says what is in the way of a file, and leaves it alone for a while.
    fn wait_with(&mut self, path: &Path, trouble: Trouble, say: &mut dyn FnMut(Said<'_>)) {
        let until = Instant::now() + WAIT_AFTER_TROUBLE;
        self.raise(trouble.clone(), say);
        self.later.insert(path.to_owned(), (until, Some(trouble)));
    }

    fn raise(&mut self, trouble: Trouble, say: &mut dyn FnMut(Said<'_>)) {
        if !self.said.contains(&trouble) && self.raised.insert(trouble.clone()) {
            say(Said::Trouble(&trouble.0));
        }
        self.raised.insert(trouble);
    }
}

impl Tally {
    /// What is not where it was any more.
    #[must_use]
    pub fn moved(&self) -> u64 {
        self.taken + self.known + self.refused + self.finished
    }

    fn add(&mut self, other: Self) {
        self.taken += other.taken;
        self.known += other.known;
        self.refused += other.refused;
        self.finished += other.finished;
        self.left = other.left;
    }
}

/// The registry took in this file under this id; none if the file cannot be read right now.
fn took_in(
    registry: &Registry,
    clerk: Clerk<'_>,
    id: DocumentId,
    size_bytes: u64,
    path: &Path,
) -> Answer<Option<bool>> {
    let Ok(mut file) = open(path) else { return Ok(None) };
    let Ok(metadata) = file.metadata() else { return Ok(None) };
    if !metadata.is_file() || metadata.len() != size_bytes || !registry.is_taken_in(clerk, id)? {
        return Ok(Some(false));
    }
    registry.took_in(clerk, id, &mut file).map(Some)
}

/// Words about a file that was refused, as they stand beside it.
#[must_use]
pub fn reason(words: &Words) -> String {
    in_three_parts(words)
}
