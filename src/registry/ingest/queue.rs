//! The queue of sources: several threads seal them side by side, and they come out in the order they went in, so
//! that the papers of a file keep the order of their delivery. It may not look into what it carries.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// Where the threads fetch their work. Each piece has its place in the queue from the moment it is fetched.
pub(super) struct Inlet<I, T> {
    work: Mutex<Option<(I, SyncSender<Receiver<T>>)>>,
    load: Arc<Load>,
}

/// Where the pieces come out. Once it is let go, nothing more is fetched.
pub(super) struct Outlet<T> {
    places: Receiver<Receiver<T>>,
    /// The place at the head, if it was looked at before it was filled.
    head: Option<Receiver<T>>,
    load: Arc<Load>,
}

/// What the pieces in the queue weigh. It is asked before a piece is fetched and never after: who has a place fills it,
/// so that the other side, which waits for places in their order, always comes on.
struct Load {
    /// None once nobody takes pieces out any more: then nobody waits either.
    bytes: Mutex<Option<u64>>,
    bytes_max: u64,
    changed: Condvar,
}

impl Load {
    fn change(&self, change: impl FnOnce(u64) -> Option<u64>) {
        let mut bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        *bytes = bytes.and_then(change);
        self.changed.notify_all();
    }

    fn wait_for_room(&self) {
        let bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let room = self.changed.wait_while(bytes, |bytes| bytes.is_some_and(|bytes| bytes >= self.bytes_max));
        drop(room);
    }
}

/// Pieces know what they weigh.
pub(super) trait Weighed {
    /// Bytes of memory.
    fn bytes(&self) -> u64;
}

/// A place in the queue, to be filled.
pub(super) struct Place<T> {
    sender: SyncSender<T>,
    load: Arc<Load>,
}

impl<T: Weighed> Place<T> {
    /// Fills it; an error if nobody waits for it.
    pub(super) fn send(self, piece: T) -> Result<(), std::sync::mpsc::SendError<T>> {
        let bytes = piece.bytes();
        self.load.change(|load| load.checked_add(bytes));
        self.sender.send(piece)
    }
}

/// A queue with room for so many pieces, and about so many bytes: each thread may go beyond by one piece.
pub(super) fn queue<I: Iterator, T>(work: I, room: usize, bytes_max: u64) -> (Inlet<I, T>, Outlet<T>) {
    let (sender, places) = sync_channel(room);
    let load = Arc::new(Load { bytes: Mutex::new(Some(0)), bytes_max, changed: Condvar::new() });
    let inlet = Inlet { work: Mutex::new(Some((work, sender))), load: Arc::clone(&load) };
    (inlet, Outlet { places, head: None, load })
}

impl<I: Iterator, T> Inlet<I, T> {
    /// The next piece of work and where its result goes; none if there is no more, or nobody waits for it.
    pub(super) fn fetch(&self) -> Option<(I::Item, Place<T>)> {
        self.load.wait_for_room();
        let mut work = self.work.lock().ok()?;
        let (pieces, places) = work.as_mut()?;
        let fetched = pieces.next().and_then(|piece| {
            let (sender, place) = sync_channel(1);
            let filled = Place { sender, load: Arc::clone(&self.load) };
            places.send(place).ok().map(|()| (piece, filled))
        });
        if fetched.is_none() {
            *work = None;
        }
        fetched
    }
}

impl<T: Weighed> Outlet<T> {
    /// Waits for the next piece; none after the last, or after one whose thread failed.
    pub(super) fn wait(&mut self) -> Option<T> {
        let place = self.head.take().or_else(|| self.places.recv().ok())?;
        self.taken(place.recv().ok())
    }

    /// The next piece, if it is there already.
    pub(super) fn ready(&mut self) -> Option<T> {
        let place = self.head.take().or_else(|| self.places.try_recv().ok())?;
        let piece = self.taken(place.try_recv().ok());
        if piece.is_none() {
            self.head = Some(place);
        }
        piece
    }

    fn taken(&self, piece: Option<T>) -> Option<T> {
        let bytes = piece.as_ref().map_or(0, Weighed::bytes);
        self.load.change(|load| Some(load.saturating_sub(bytes)));
        piece
    }
}

impl<T> Drop for Outlet<T> {
    /// Whoever waits for room need not wait: he learns when he fetches that nobody takes his piece.
    fn drop(&mut self) {
        self.load.change(|_| None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Weighed for u32 {
        fn bytes(&self) -> u64 {
            u64::from(*self)
        }
    }

    #[test]
    fn a_queue_holds_no_more_bytes_than_it_may_and_comes_on_however_heavy_a_piece_is() {
        let (inlet, mut outlet) = queue([7, 4, 3, 30, 1_u32].into_iter().cycle().take(400), 1_000, 10);
        let mut out = 0;
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while let Some((piece, place)) = inlet.fetch() {
                    // Nobody else fills places, so it can only have become less since.
                    let waiting = inlet.load.bytes.lock().unwrap().unwrap();
                    assert!(waiting < 10, "{waiting} bytes wait, and another piece was fetched");
                    place.send(piece).unwrap();
                }
            });
            while let Some(_piece) = outlet.wait() {
                out += 1;
            }
        });
        assert_eq!(out, 400);
    }

    #[test]
    fn who_waits_for_room_learns_that_nobody_waits_for_his_piece() {
        let (inlet, outlet) = queue(0..3_u32, 8, 1);
        inlet.fetch().unwrap().1.send(5).unwrap();
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| inlet.fetch().is_none());
            drop(outlet);
            assert!(waits.join().unwrap());
        });
    }

    #[test]
    fn what_several_threads_do_comes_out_in_order() {
        let (inlet, mut outlet) = queue(0..500_u32, 8, 100);
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
        let (inlet, mut outlet) = queue(0..3_u32, 8, 100);
        let (first, place) = inlet.fetch().unwrap();
        place.send(first).unwrap();
        drop(inlet.fetch().unwrap());
        assert_eq!((outlet.wait(), outlet.wait()), (Some(0), None));
        drop(outlet);
        assert!(inlet.fetch().is_none(), "nobody waits for more");
    }
}
