"""The ledger on disk (`ledger.md`): entries, frames, segments, head slots, and the rule for its torn tail."""

import struct
from collections import namedtuple

from blake3 import blake3
from flaw import Flaw, need
from note import read_checkpoint
from tree import Tree, leaf_hash

NONE = 0xFFFF_FFFF_FFFF_FFFF
NIL = bytes(16)
# Milliseconds of the years -9999 to 9999.
TIME_MIN, TIME_MAX = -377705023201000, 253402207200999
ENTRY_BYTES_MAX = 16 << 20
SLOT_BYTES_MAX = 4096
SEGMENT_DIGITS, HEADER_BYTES, FRAME_BYTES, CLEAR_BYTES = 20, 32, 16, 116

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
    need(TIME_MIN <= time <= TIME_MAX, "an entry's time is beyond the years that count")
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
            note = (folder / name).read_bytes()
            need(len(note) <= SLOT_BYTES_MAX, "too long for a slot")
            valid.append(read_checkpoint(note, verifier))
        except (OSError, Flaw) as flaw:
            flaws.append(f"{name}: {flaw}")
    need(valid, "; ".join(flaws))
    return sorted(valid), flaws


class Walk:
    """All segments from the first on: what the head covers must be whole, what lies beyond it is the tail."""

    def __init__(self, size):
        self.size, self.frames = size, []
        self.tail_flaw, self.tail_bytes, self.tail_segments = None, 0, 0

    def segment(self, path):
        """The next segment."""
        number, data = len(self.frames), path.read_bytes()
        need(self.tail_flaw is None, f"{path.name} follows on what is torn: {self.tail_flaw}")
        need(path.name == f"{number:0{SEGMENT_DIGITS}}.segment", f"{path.name} is there where entry {number} was expected")
        try:
            _read_header(data, number)
            frames, self.tail_flaw = _frames(data, number)
        except Flaw as flaw:
            frames, self.tail_flaw = [], flaw
        if self.tail_flaw and number + len(frames) < self.size:
            raise Flaw(f"entry {number + len(frames)}: {path.name}: {self.tail_flaw}")
        covered = [frame for frame in frames if frame.entry.number < self.size]
        beyond = len(data) - (covered[-1].end if covered else min(HEADER_BYTES, len(data)))
        self.tail_bytes += beyond
        self.tail_segments += beyond > 0 or number == self.size
        self.frames += frames

    def batches(self, end):
        """Up to this entry, the frames of each batch count down to zero, and the last batch is whole."""
        expected = 0
        for number, frame in enumerate(self.frames[:end]):
            in_turn = expected == 0 or frame.follow == expected - 1
            need(in_turn, f"entry {number} is not the next of its batch")
            expected = frame.follow
        need(expected == 0, "the last batch is not whole")

    def tail(self, slots_valid):
        """The rule for what lies beyond the head, in words."""
        beyond = self.frames[self.size:]
        whole = sum(frame.follow == 0 for frame in beyond)
        torn = bool(self.tail_flaw or (beyond and beyond[-1].follow))
        if slots_valid == 1:
            need(not torn, f"a slot is unreadable and what lies beyond the other is torn: {self.tail_flaw}")
            self.batches(len(self.frames))
            return f"{whole} whole batches beyond the one readable head"
        one = whole + torn <= 1 and self.tail_segments <= 1
        need(one, "more than one batch lies beyond the head: older slots were put back")
        return f"a tail of {self.tail_bytes} bytes that was never acknowledged" if torn or whole else "no tail"


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
    for path in sorted(folder.glob("[0-9]" * SEGMENT_DIGITS + ".segment")):
        walk.segment(path)
    need(len(walk.frames) >= head.size, f"{len(walk.frames)} entries, the head covers {head.size}")
    walk.batches(head.size)
    entries = [frame.entry for frame in walk.frames[:head.size]]
    tree = Tree([leaf_hash(entry.leaf) for entry in entries])
    for slot in valid:
        need(tree.root(slot.size) == slot.root, f"the root of {slot.size} entries is not the signed one")
    _chains(entries)
    words = [walk.tail(len(valid)), *slot_flaws, _derived(folder, walk, tree)]
    return Ledger(entries, tree, head, words)
