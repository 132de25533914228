//! In which order documents are read (Lesereihenfolge): what somebody took in singly goes before what came in a heap.
//! Nothing says of a document how it came; it follows from the entries of the ledger, so it is the same after a restart.

use super::ids::{DocumentId, PersonId};

/// Entries of one person that follow each other within so many seconds belong to one heap.
const HEAP_GAP_SECONDS: i64 = 60;
/// So many that came together are no heap yet.
const SINGLY_MAX: usize = 10;

/// The newest entry of a document that waits to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// The document.
    pub document: DocumentId,
    /// Number of the entry.
    pub entry: u64,
    /// Who made it.
    pub by: PersonId,
    /// When, in seconds of any clock.
    pub at_seconds: i64,
}

/// Puts them in order: first what came singly, then the heaps, the oldest first in both.
pub fn put_in_order(waiting: &mut [Arrival]) {
    waiting.sort_unstable_by_key(|arrival| (arrival.by, arrival.entry));
    let of_one = |before: &Arrival, after: &Arrival| {
        before.by == after.by && after.at_seconds.saturating_sub(before.at_seconds) <= HEAP_GAP_SECONDS
    };
    let mut placed: Vec<(bool, Arrival)> = Vec::with_capacity(waiting.len());
    for heap in waiting.chunk_by(of_one) {
        placed.extend(heap.iter().map(|arrival| (heap.len() > SINGLY_MAX, *arrival)));
    }
    placed.sort_unstable_by_key(|(is_heap, arrival)| (*is_heap, arrival.entry));
    waiting.iter_mut().zip(placed).for_each(|(place, (_, arrival))| *place = arrival);
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn arrival(entry: u64, by: u128, at_seconds: i64) -> Arrival {
        let document = DocumentId(Uuid::from_u128(u128::from(entry)));
        Arrival { document, entry, by: PersonId(Uuid::from_u128(by)), at_seconds }
    }

    fn order(mut waiting: Vec<Arrival>) -> Vec<u64> {
        put_in_order(&mut waiting);
        waiting.iter().map(|arrival| arrival.entry).collect()
    }

    #[test]
    fn what_somebody_took_in_singly_goes_before_a_heap_however_late_it_came() {
        let heap = (0..500).map(|entry| arrival(entry, 1, i64::try_from(entry).unwrap()));
        let single = [arrival(600, 2, 400), arrival(601, 2, 401), arrival(602, 1, 4_000)];
        let ordered = order(heap.chain(single).collect());
        assert_eq!(ordered[..3], [600, 601, 602]);
        assert_eq!(ordered[3..], (0..500).collect::<Vec<_>>());
    }

    #[test]
    fn the_oldest_goes_first_and_nothing_is_left_out() {
        let waiting = [arrival(9, 1, 900), arrival(3, 2, 300), arrival(7, 1, 10), arrival(5, 3, 0)];
        assert_eq!(order(waiting.to_vec()), [3, 5, 7, 9]);
        assert_eq!(order(Vec::new()), [0; 0]);
    }
}
