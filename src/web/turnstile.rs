//! Lets only so many through at once, so that costly work cannot be asked for without bound.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// A place that only so many may be in at once.
pub struct Turnstile {
    free: Mutex<usize>,
    freed: Condvar,
}

/// The permission to be in; leaving is dropping it.
pub struct Pass<'a>(&'a Turnstile);

impl Turnstile {
    /// For so many at once.
    pub fn new(places: usize) -> Self {
        Self { free: Mutex::new(places), freed: Condvar::new() }
    }

    /// Waits for a place, but not longer than `patience`.
    pub fn enter(&self, patience: Duration) -> Option<Pass<'_>> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut free, _) = self
            .freed
            .wait_timeout_while(free, patience, |free| *free == 0)
            .unwrap_or_else(PoisonError::into_inner);
        if *free == 0 {
            return None;
        }
        *free -= 1;
        Some(Pass(self))
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_the_places_are_in_at_once() {
        let turnstile = Turnstile::new(1);
        let first = turnstile.enter(Duration::ZERO);
        assert!(first.is_some());
        assert!(turnstile.enter(Duration::from_millis(1)).is_none());
        drop(first);
        assert!(turnstile.enter(Duration::ZERO).is_some());
    }
}
