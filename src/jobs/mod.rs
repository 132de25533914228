//! Jobs: what is done without being asked. A job is a gap in the record, so there is no queue to lose: whatever
//! is unread is read, again and again, for as long as the server runs. What is put into a watched folder is taken in, and what lies in a mailbox. What the
//! rules restrict is restricted, once a day.

pub mod mail;
pub mod watch;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::registry::{Outcome, Registry};
use mail::Mailbox;
use watch::{Said, Watch, reason};

/// How often the in-tray of unread documents is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How often it is looked whether another day has begun.
const LOOK_FOR_A_NEW_DAY: Duration = Duration::from_secs(60);
/// How often uploads are looked at.
const TEND_UPLOADS_EVERY: Duration = Duration::from_secs(60);
/// How long to wait after the machinery failed.
const WAIT_AFTER_FAULT: Duration = Duration::from_secs(60);

/// Work in the background, until it is stopped.
#[derive(Debug)]
pub struct Background {
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Background {
    fn begin(work: impl FnOnce(Receiver<()>) + Send + 'static) -> Self {
        let (stop, stopped) = channel();
        Self { stop, thread: std::thread::spawn(move || work(stopped)) }
    }

    /// Lets what is in hand come to an end, then stops.
    pub fn stop(self) {
        drop(self.stop);
        // A thread that panicked has already said so.
        let _ = self.thread.join();
    }
}

/// Waits; true if it is to stop.
fn pause(stopped: &Receiver<()>, pause: Duration) -> bool {
    !matches!(stopped.recv_timeout(pause), Err(RecvTimeoutError::Timeout))
}

/// Reads texts in the background.
#[must_use]
pub fn read_in_background(registry: Arc<Registry>) -> Background {
    Background::begin(move |stopped| {
        let mut wait = LOOK_EVERY;
        while !pause(&stopped, wait) {
            wait = LOOK_EVERY;
            let outcome = registry.unread().and_then(|unread| match unread {
                0 => Ok(()),
                _ => registry.read_texts(&|_| {}).map(|_| ()),
            });
            if let Err(error) = outcome {
                eprintln!("{error}");
                wait = WAIT_AFTER_FAULT;
            }
        }
    })
}

/// Restricts each day, and at once, what the rules have restricted by then.
#[must_use]
pub fn restrict_in_background(registry: Arc<Registry>) -> Background {
    Background::begin(move |stopped| {
        let mut done = None;
        let mut wait = Duration::ZERO;
        while !pause(&stopped, wait) {
            wait = LOOK_FOR_A_NEW_DAY;
            let today = registry.today();
            if done == Some(today) {
                continue;
            }
            match registry.restrict_by_the_rules() {
                Ok(_) => done = Some(today),
                Err(error) => eprintln!("{error}"),
            }
        }
    })
}

/// Removes uploads that nobody goes on with, and takes in those that are whole; forgets deliveries of long ago.
#[must_use]
pub fn tend_uploads_in_background(registry: Arc<Registry>) -> Background {
    Background::begin(move |stopped| {
        let mut wait = Duration::ZERO;
        while !pause(&stopped, wait) {
            wait = TEND_UPLOADS_EVERY;
            for tended in [registry.tend_uploads(), registry.tend_deliveries()] {
                if let Err(error) = tended {
                    eprintln!("{error}");
                }
            }
        }
    })
}

/// Watches a folder in the background. What is in the way, and what was set aside, goes to the error output.
#[must_use]
pub fn watch_in_background(registry: Arc<Registry>, mut watch: Watch) -> Background {
    Background::begin(move |stopped| {
        watch.until(&registry, &mut to_the_log, &mut |wait| pause(&stopped, wait));
    })
}

/// Empties a mailbox in the background, again and again; says as much as [`watch_in_background`].
#[must_use]
pub fn empty_in_background(registry: Arc<Registry>, mut mailbox: Mailbox) -> Background {
    Background::begin(move |stopped| {
        loop {
            mailbox.empty(&registry, &mut to_the_log, &mut || pause(&stopped, Duration::ZERO));
            if pause(&stopped, mailbox.pause()) {
                return;
            }
        }
    })
}

fn to_the_log(said: Said<'_>) {
    match said {
        Said::Trouble(words) => eprintln!("{words}"),
        Said::Taken(taken) => {
            if let Outcome::Refused(words) = &taken.outcome {
                eprintln!("{}", reason(words));
            }
        }
    }
}
