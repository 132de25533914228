"""The ledger on disk (`ledger.md`): entries, frames, segments, head slots, and the rule for its torn tail."""

import struct
from collections import namedtuple

from blake3 import blake3
from flaw import Flaw, need
from note import read_checkpoint
from tree import Tree, leaf_hash

NONE = 0xFFFF_FFFF_FFFF_FFFF
NIL = bytes(16)
ENTRY_BYTES_MAX = 16 << 20
SEGMENT_BYTES = 64 << 20
HEADER_BYTES, FRAME_BYTES, CLEAR_BYTES = 32, 16, 116

Entry = namedtuple("Entry", "kind number time actor subject key previous commitment body leaf")
Ledger = namedtuple("Ledger", "entries tree head words")
Frame = namedtuple("Frame", "entry follow start end")


def checksum(data):
    return blake3(data)[:8]


def read_entry(leaf):
    """The canonical entry in these bytes."""
    need(CLEAR_BYTES <= len(leaf) <= ENTRY_BYTES_MAX, "an entry is too short or too long")
    magic, version, kind, number, time, actor, subject, key, previous, commitment, length = struct.unpack(
        "<4sHHQq16s16s16sQ32sI", leaf[:CLEAR_BYTES])
    need(magic == b"SGLE", "no entry")
    need(version == 1, f"entry of version {version}")
    need(length == len(leaf) - CLEAR_BYTES, "the body's length is another")
    need(previous == NONE or (previous < number and subject != NIL), "an entry names an impossible previous one")
    return Entry(kind, number, time, actor, subject, key, previous, commitment, leaf[CLEAR_BYTES:], leaf)


def _frames(data, number):
    """The frames of a segment up to the first flaw, and that flaw if there is one."""
    frames, at = [], HEADER_BYTES
    while at < len(data):
        try:
            need(len(data) - at >= FRAME_BYTES, "a frame is torn")
            length, follow = struct.unpack_from("<II", data, at)
            end = at + FRAME_BYTES + length
            need(length <= ENTRY_BYTES_MAX and end <= len(data), "a frame is torn or its length is impossible")
            leaf = data[at + FRAME_BYTES:end]
            need(checksum(data[at:at + 8] + leaf) == data[at + 8:at + 16], "a frame's checksum does not fit")
            entry = read_entry(leaf)
            need(entry.number == number + len(frames), f"entry {entry.number} stands in its place")
        except Flaw as flaw:
            return frames, flaw
        frames.append(Frame(entry, follow, at, end))
        at = end
    return frames, None


def _read_header(data, number):
    need(len(data) >= HEADER_BYTES, "its header is torn")
    magic, version, first, check = struct.unpack("<8sQQ8s", data[:HEADER_BYTES])
    need(magic == b"SGLEDSEG" and check == checksum(data[:24]), "its header is damaged")
    need(version == 1, f"it is of version {version}")
    need(first == number, "its header names another first entry")


def _slots(folder, verifier):
    """What the two slots hold: the valid checkpoints, and the flaws of the others."""
    valid, flaws = [], []
    for name in ("head-0.note", "head-1.note"):
        try:
            valid.append(read_checkpoint((folder / name).read_bytes(), verifier))
        except (OSError, Flaw) as flaw:
            flaws.append(f"{name}: {flaw}")
    need(valid, "; ".join(flaws))
    return sorted(valid), flaws


class Walk:
    """All segments from the first on: what the head covers must be whole, what lies beyond it is the tail."""

    def __init__(self, size):
        self.size, self.frames, self.tail_flaw, self.tail_bytes = size, [], None, 0

    def segment(self, path):
        """The next segment."""
        number = len(self.frames)
        need(self.tail_flaw is None, f"{path.name} follows on what is torn: {self.tail_flaw}")
        need(path.name == f"{number:020}.segment", f"{path.name} is there, entry {number} was expected")
        data = path.read_bytes()
        try:
            _read_header(data, number)
            frames, flaw = _frames(data, number)
        except Flaw as found:
            frames, flaw = [], found
        if flaw and number + len(frames) < self.size:
            raise Flaw(f"entry {number + len(frames)}: {path.name}: {flaw}")
        covered = [frame for frame in frames if frame.entry.number < self.size]
        begin = covered[-1].end if covered else min(HEADER_BYTES, len(data))
        self.tail_bytes += len(data) - begin
        self.frames += frames
        self.tail_flaw = flaw
        whole = not frames or frames[-1].follow == 0 or flaw
        need(whole or number + len(frames) >= self.size, f"the batch at the end of {path.name} is not whole")

    def batches(self):
        """Frames of one batch count down to zero; a signed head ends with a batch."""
        expected = 0
        for frame in self.frames:
            entry = frame.entry.number
            covered = entry < self.size
            need(expected == 0 or frame.follow == expected - 1, f"entry {entry} is not the next of its batch")
            expected = frame.follow
            need(not covered or entry + 1 < self.size or expected == 0, "the head ends inside a batch")

    def tail(self, slots_valid):
        """The rule for what lies beyond the head, in words."""
        beyond = self.frames[self.size:]
        whole = sum(frame.follow == 0 for frame in beyond)
        torn = self.tail_flaw is not None or (beyond and beyond[-1].follow != 0)
        if not beyond and not torn:
            return "nothing beyond the head"
        if slots_valid == 2:
            need(whole + bool(torn) <= 1, "more than one batch lies beyond the head: older slots were put back")
            return f"a tail of {self.tail_bytes} bytes beyond the head was never acknowledged"
        need(not torn, f"a slot is unreadable and what lies beyond the head is torn: {self.tail_flaw}")
        return f"{whole} whole batches beyond the one readable head"


def _chains(entries):
    """Each entry names the one before it of the same subject."""
    last = {}
    for entry in entries:
        if entry.subject != NIL:
            need(entry.previous == last.get(entry.subject, NONE), f"entry {entry.number} breaks its subject's chain")
            last[entry.subject] = entry.number


def _derived(folder, walk, tree):
    """Whether the derived files say the same; nothing depends on it."""
    hashes = b"".join(tree.complete_subtrees())
    offsets = b"".join(struct.pack("<Q", frame.start) for frame in walk.frames[:walk.size])
    for name, data in (("hashes.derived", hashes), ("offsets.derived", offsets)):
        path = folder / name
        if not path.exists() or path.read_bytes() != data:
            return "derived files would be made anew"
    return "derived files fit"


def read_ledger(folder, heads, verifier):
    """A ledger under the newest head that the verifier signed."""
    valid, slot_flaws = _slots(heads, verifier)
    head = valid[-1]
    walk = Walk(head.size)
    for path in sorted(folder.glob("*.segment")):
        walk.segment(path)
    need(len(walk.frames) >= head.size, f"{len(walk.frames)} entries, the head covers {head.size}")
    walk.batches()
    entries = [frame.entry for frame in walk.frames[:head.size]]
    tree = Tree([leaf_hash(entry.leaf) for entry in entries])
    for slot in valid:
        need(tree.root(slot.size) == slot.root, f"the root of {slot.size} entries is not the signed one")
    _chains(entries)
    words = [walk.tail(len(valid)), *slot_flaws, _derived(folder, walk, tree)]
    return Ledger(entries, tree, head, words)
