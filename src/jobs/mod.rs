//! Jobs: what is done without being asked. A job is a gap in the record, so there is no queue to lose: whatever
//! is unread is read, again and again, for as long as the server runs.

use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::registry::Registry;

/// How often the in-tray of unread documents is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How long to wait after the machinery failed.
const WAIT_AFTER_FAULT: Duration = Duration::from_secs(60);

/// Background reading, until it is stopped.
#[derive(Debug)]
pub struct Reading {
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Reading {
    /// Lets the documents being read come to an end, then stops.
    pub fn stop(self) {
        drop(self.stop);
        // A thread that panicked has already said so.
        let _ = self.thread.join();
    }
}

/// Reads texts in the background.
#[must_use]
pub fn read_in_background(registry: Arc<Registry>) -> Reading {
    let (stop, stopped) = channel();
    let thread = std::thread::spawn(move || {
        let mut wait = LOOK_EVERY;
        while matches!(stopped.recv_timeout(wait), Err(RecvTimeoutError::Timeout)) {
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
    });
    Reading { stop, thread }
}
