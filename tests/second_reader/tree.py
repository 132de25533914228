"""The tree of RFC 6962 (RFC 9162 section 2.1): roots, and the verification of both kinds of proofs (`proof.md`).
Proofs are also made here, by the recursion the RFC defines them with, so that kept ones can be compared."""

from hashlib import sha256

PATH_MAX = 64


def leaf_hash(leaf):
    return sha256(b"\0" + leaf).digest()


def node(left, right):
    return sha256(b"\1" + left + right).digest()


def _split(count):
    """The largest power of two below a number above one."""
    return 1 << (count - 1).bit_length() - 1


class Tree:
    """Leaf hashes; full subtrees are hashed once."""

    def __init__(self, hashes):
        self.hashes, self.known = hashes, {}

    def hash(self, first, end):
        """MTH of the leaves from `first` up to, not with, `end`."""
        if end - first == 0:
            return sha256(b"").digest()
        if end - first == 1:
            return self.hashes[first]
        if (first, end) not in self.known:
            cut = first + _split(end - first)
            self.known[first, end] = node(self.hash(first, cut), self.hash(cut, end))
        return self.known[first, end]

    def root(self, size):
        return self.hash(0, size)

    def inclusion(self, number, first, end):
        """PATH: the audit path of a leaf, deepest sibling first."""
        if end - first == 1:
            return []
        cut = first + _split(end - first)
        if number < cut:
            return self.inclusion(number, first, cut) + [self.hash(cut, end)]
        return self.inclusion(number, cut, end) + [self.hash(first, cut)]

    def consistency(self, old, new):
        """PROOF: that the tree of `old` leaves is a beginning of that of `new`."""
        return [] if old in (0, new) else self._subproof(old, 0, new, True)

    def _subproof(self, old, first, end, whole):
        if old == end - first:
            return [] if whole else [self.hash(first, end)]
        cut = _split(end - first)
        if old <= cut:
            return self._subproof(old, first, first + cut, whole) + [self.hash(first + cut, end)]
        return self._subproof(old - cut, first + cut, end, False) + [self.hash(first, first + cut)]

    def complete_subtrees(self):
        """All of them, in the order in which they become complete: `hashes.derived`."""
        for number in range(len(self.hashes)):
            width = 1
            while (number + 1) % width == 0:
                yield self.hash(number + 1 - width, number + 1)
                width *= 2


def is_included(leaf, number, size, path, root):
    """RFC 9162 section 2.1.3.2: the leaf hash is entry `number` of the tree with this size and root."""
    if number >= size or len(path) > PATH_MAX:
        return False
    at, last, climbed = number, size - 1, leaf
    for digest in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            climbed = node(digest, climbed)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            climbed = node(climbed, digest)
        at, last = at >> 1, last >> 1
    return last == 0 and climbed == root


def is_beginning(old, old_root, new, new_root, path):
    """RFC 9162 section 2.1.4.2: the tree of `old` entries is a beginning of that of `new`."""
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path and old_root == sha256(b"").digest()
    if old > new or not path or len(path) > PATH_MAX:
        return False
    if old & (old - 1) == 0:
        path = [old_root, *path]
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    was = now = path[0]
    for digest in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            was, now = node(digest, was), node(digest, now)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            now = node(now, digest)
        at, last = at >> 1, last >> 1
    return last == 0 and was == old_root and now == new_root
