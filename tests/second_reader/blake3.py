"""BLAKE3, unkeyed, 32 bytes (BLAKE3 paper, sections 2.1 to 2.6): the checksums of segments and frames."""

import struct

IV = (0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19)
PERMUTATION = (2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8)
# Columns, then diagonals.
PLACES = ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
          (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14))
CHUNK_START, CHUNK_END, PARENT, ROOT = 1, 2, 4, 8
BLOCK_BYTES, CHUNK_BYTES, ROUNDS, WORD = 64, 1024, 7, 0xFFFFFFFF


def _turn(value, bits):
    return (value >> bits | value << (32 - bits)) & WORD


def _compress(chaining, block, counter, flags):
    words = struct.unpack("<16I", block.ljust(BLOCK_BYTES, b"\0"))
    v = [*chaining, *IV[:4], counter & WORD, counter >> 32, len(block), flags]
    for _ in range(ROUNDS):
        for i, (a, b, c, d) in enumerate(PLACES):
            v[a] = (v[a] + v[b] + words[2 * i]) & WORD
            v[d] = _turn(v[d] ^ v[a], 16)
            v[c] = (v[c] + v[d]) & WORD
            v[b] = _turn(v[b] ^ v[c], 12)
            v[a] = (v[a] + v[b] + words[2 * i + 1]) & WORD
            v[d] = _turn(v[d] ^ v[a], 8)
            v[c] = (v[c] + v[d]) & WORD
            v[b] = _turn(v[b] ^ v[c], 7)
        words = [words[i] for i in PERMUTATION]
    return [v[i] ^ v[i + 8] for i in range(8)]


def _subtree(data, first_chunk, root):
    """The chaining value of the subtree over this data."""
    if len(data) > CHUNK_BYTES:
        chunks = -(-len(data) // CHUNK_BYTES)
        left = 1 << (chunks - 1).bit_length() - 1
        cut = left * CHUNK_BYTES
        pair = _subtree(data[:cut], first_chunk, 0) + _subtree(data[cut:], first_chunk + left, 0)
        return _compress(IV, struct.pack("<16I", *pair), 0, PARENT | root)
    blocks = [data[at:at + BLOCK_BYTES] for at in range(0, len(data), BLOCK_BYTES)] or [b""]
    chaining = IV
    for i, block in enumerate(blocks):
        last = i + 1 == len(blocks)
        flags = (CHUNK_START if i == 0 else 0) | (CHUNK_END | root if last else 0)
        chaining = _compress(chaining, block, first_chunk, flags)
    return chaining


def blake3(data):
    """The digest of these bytes."""
    return struct.pack("<8I", *_subtree(data, 0, ROOT))
