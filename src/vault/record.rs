//! The clear head in front of every sealed body, the same in a volume and in a file of its own
//! (`schema/formats/volume.md`). It lets anyone check fixity without keys and rebuild the manifest.
//!
//! May not touch the disk and knows nothing of keys.

use crate::base::digest::Blake3;
use crate::domain::ids::ObjectId;

use super::manifest::{Location, Slot};

/// Bytes of a head.
pub(super) const HEAD_BYTES: usize = 96;
/// The first bytes of every head.
pub(super) const MAGIC: [u8; 4] = *b"SGob";
/// The version this program writes.
const VERSION: u8 = 1;
/// Bytes of a tombstone's body: volume and offset of the record that is dead.
pub(super) const TOMBSTONE_BYTES: usize = 12;
const CHECKED_BYTES: usize = 80;

/// What a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A sealed object.
    Object,
    /// The note that the record it names was destroyed.
    Tombstone,
}

/// The head of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) kind: Kind,
    pub(super) id: ObjectId,
    /// BLAKE3 of the body.
    pub(super) digest: Blake3,
    /// Bytes of the body.
    pub(super) length: u64,
}

impl Head {
    pub(super) fn object(id: ObjectId, digest: Blake3, length: u64) -> Self {
        Self { kind: Kind::Object, id, digest, length }
    }

    pub(super) fn encode(&self) -> [u8; HEAD_BYTES] {
        let mut bytes = [0; HEAD_BYTES];
        bytes[..4].copy_from_slice(&MAGIC);
        bytes[4] = VERSION;
        bytes[5] = match self.kind {
            Kind::Object => 1,
            Kind::Tombstone => 2,
        };
        bytes[8..16].copy_from_slice(&self.length.to_le_bytes());
        bytes[16..48].copy_from_slice(&self.id.0);
        bytes[48..80].copy_from_slice(self.digest.as_bytes());
        let check = Blake3::of(&bytes[..CHECKED_BYTES]);
        bytes[CHECKED_BYTES..].copy_from_slice(&check.as_bytes()[..16]);
        bytes
    }

    /// The head in these bytes; `None` if any of them is wrong. Whatever decodes encodes to the same
    /// bytes again.
    pub(super) fn decode(bytes: &[u8; HEAD_BYTES]) -> Option<Self> {
        let kind = match bytes[5] {
            1 => Kind::Object,
            2 => Kind::Tombstone,
            _ => return None,
        };
        let head = Self {
            kind,
            length: u64::from_le_bytes(bytes[8..16].try_into().ok()?),
            id: ObjectId(bytes[16..48].try_into().ok()?),
            digest: Blake3(bytes[48..80].try_into().ok()?),
        };
        (head.encode() == *bytes).then_some(head)
    }

    /// What the manifest says of this record if it lies there.
    pub(super) fn slot(&self, location: Location) -> Slot {
        Slot { location, digest: self.digest, length: self.length }
    }

    /// Bytes of head and body together; `None` for a length no file can have.
    pub(super) fn record_bytes(&self) -> Option<u64> {
        self.length.checked_add(HEAD_BYTES as u64)
    }
}

/// The whole record that says: what lay at `dead` was destroyed. Its head comes with it.
pub(super) fn tombstone(id: ObjectId, dead: Location) -> (Head, Vec<u8>) {
    let mut body = [0; TOMBSTONE_BYTES];
    body[..4].copy_from_slice(&dead.volume.to_le_bytes());
    body[4..].copy_from_slice(&dead.offset.to_le_bytes());
    let length = TOMBSTONE_BYTES as u64;
    let head = Head { kind: Kind::Tombstone, id, digest: Blake3::of(&body), length };
    (head, [&head.encode()[..], &body].concat())
}

/// The place a tombstone's body names; `None` if it does not fit its head.
pub(super) fn buried(head: &Head, body: &[u8]) -> Option<Location> {
    let fits = head.kind == Kind::Tombstone && Blake3::of(body) == head.digest;
    let body: &[u8; TOMBSTONE_BYTES] = body.try_into().ok().filter(|_| fits)?;
    let volume = u32::from_le_bytes(body[..4].try_into().ok()?);
    Some(Location { volume, offset: u64::from_le_bytes(body[4..].try_into().ok()?) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_with_any_changed_bit_is_no_head() {
        let bytes = Head::object(ObjectId([3; 32]), Blake3::of(b"sealed"), 6).encode();
        assert!(Head::decode(&bytes).is_some());
        for bit in 0..HEAD_BYTES * 8 {
            let mut changed = bytes;
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Head::decode(&changed), None, "bit {bit}");
        }
    }

    #[test]
    fn a_tombstone_names_its_dead_and_nothing_else_does() {
        let dead = Location { volume: 3, offset: 9_000 };
        let (head, record) = tombstone(ObjectId([3; 32]), dead);
        assert_eq!(Head::decode(record[..HEAD_BYTES].try_into().unwrap()), Some(head));
        assert_eq!(buried(&head, &record[HEAD_BYTES..]), Some(dead));
        let mut body = record[HEAD_BYTES..].to_vec();
        body[0] ^= 1;
        assert_eq!(buried(&head, &body), None);
        assert_eq!(buried(&Head { kind: Kind::Object, ..head }, &record[HEAD_BYTES..]), None);
    }
}
