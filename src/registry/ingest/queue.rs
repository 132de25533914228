//! The queue of sources: several threads seal them side by side, and they come out in the order they went in, so
//! that the papers of a file keep the order of their delivery. It may not look into what it carries.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Where the threads fetch their work. Each piece has its place in the queue from the moment it is fetched.
pub(super) struct Inlet<I, T> {
    work: Mutex<Option<(I, SyncSender<Receiver<T>>)>>,
}

/// Where the pieces come out. Once it is let go, nothing more is fetched.
pub(super) struct Outlet<T> {
    places: Receiver<Receiver<T>>,
    /// The place at the head, if it was looked at before it was filled.
    head: Option<Receiver<T>>,
}

/// A queue with room for so many pieces.
pub(super) fn queue<I: Iterator, T>(work: I, room: usize) -> (Inlet<I, T>, Outlet<T>) {
    let (sender, places) = sync_channel(room);
    (Inlet { work: Mutex::new(Some((work, sender))) }, Outlet { places, head: None })
}

impl<I: Iterator, T> Inlet<I, T> {
    /// The next piece of work and where its result goes; none if there is no more, or nobody waits for it.
    pub(super) fn fetch(&self) -> Option<(I::Item, SyncSender<T>)> {
        let mut work = self.work.lock().ok()?;
        let (pieces, places) = work.as_mut()?;
        let fetched = pieces.next().and_then(|piece| {
            let (sender, place) = sync_channel(1);
            places.send(place).ok().map(|()| (piece, sender))
        });
        if fetched.is_none() {
            *work = None;
        }
        fetched
    }
}

impl<T> Outlet<T> {
    /// Waits for the next piece; none after the last, or after one whose thread failed.
    pub(super) fn wait(&mut self) -> Option<T> {
        let place = self.head.take().or_else(|| self.places.recv().ok())?;
        place.recv().ok()
    }

    /// The next piece, if it is there already.
    pub(super) fn ready(&mut self) -> Option<T> {
        let place = self.head.take().or_else(|| self.places.try_recv().ok())?;
        let piece = place.try_recv().ok();
        if piece.is_none() {
            self.head = Some(place);
        }
        piece
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_several_threads_do_comes_out_in_order() {
        let (inlet, mut outlet) = queue(0..500_u32, 8);
        let mut out = Vec::new();
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    while let Some((piece, place)) = inlet.fetch() {
                        if piece % 7 == 0 {
                            std::thread::yield_now();
                        }
                        place.send(piece).unwrap();
                    }
                });
            }
            while let Some(piece) = outlet.wait() {
                out.push(piece);
                out.extend(std::iter::from_fn(|| outlet.ready()));
            }
        });
        assert_eq!(out, (0..500).collect::<Vec<_>>());
    }

    #[test]
    fn after_a_piece_that_failed_nothing_comes_out() {
        let (inlet, mut outlet) = queue(0..3_u32, 8);
        let (first, place) = inlet.fetch().unwrap();
        place.send(first).unwrap();
        drop(inlet.fetch().unwrap());
        assert_eq!((outlet.wait(), outlet.wait()), (Some(0), None));
        drop(outlet);
        assert!(inlet.fetch().is_none(), "nobody waits for more");
    }
}
