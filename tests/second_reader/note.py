"""Signed checkpoints and verifier keys (`checkpoint.md`)."""

import re
from collections import namedtuple
from hashlib import sha256

from ed25519 import verifies
from flaw import Flaw, from_base64, from_hex, need

NOTE_BYTES_MAX = 1 << 20
SIGNATURES_MAX = 100
ED25519 = b"\x01"
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

Checkpoint = namedtuple("Checkpoint", "size root")
Verifier = namedtuple("Verifier", "name hash public")


def _key_hash(name, public):
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def verifier_of(name, public):
    """The verifier with this name and public key."""
    need(re.fullmatch("schriftgut/" + UUID, name), f"`{name}` is no name of a ledger")
    return Verifier(name, _key_hash(name, public), public)


def read_verifier(text):
    """A verifier key as it is handed to outsiders."""
    parts = text.split("+", 2)
    need(len(parts) == 3, "a verifier key has three parts")
    key = from_base64(parts[2])
    need(len(key) == 33 and key[:1] == ED25519, "not an Ed25519 key")
    verifier = verifier_of(parts[0], key[1:])
    need(from_hex(parts[1], 4) == verifier.hash, "the verifier key's hash is not that of its key")
    return verifier


def _signatures(lines):
    need(1 <= len(lines) <= SIGNATURES_MAX, "a note has 1 to 100 signatures")
    for line in lines:
        parts = line.split(" ")
        need(len(parts) == 3 and parts[0] == "\u2014", "a signature line has three parts")
        name, data = parts[1], from_base64(parts[2])
        need(name and "+" not in name and not re.search(r"\s", name), "no name of a key")
        need(len(data) > 4, "a signature is too short")
        yield name, data[:4], data[4:]


def read_checkpoint(data, verifier):
    """The checkpoint in this note, if the verifier signed it."""
    need(len(data) <= NOTE_BYTES_MAX, "the note is too long")
    try:
        note = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Flaw("the note is not text") from None
    need(not re.search("[\0-\x09\x0b-\x1f]", note), "the note has control characters")
    text, empty, rest = note.rpartition("\n\n")
    need(empty and rest.endswith("\n"), "the note has no signatures or no last line feed")
    text += "\n"
    ours = 0
    for name, key_hash, signature in _signatures(rest[:-1].split("\n")):
        if (name, key_hash) == (verifier.name, verifier.hash):
            need(verifies(verifier.public, text.encode(), signature), "a signature by our key does not fit")
            ours += 1
    need(ours, "our key did not sign this note")
    lines = text[:-1].split("\n")
    need(len(lines) >= 3 and all(lines), "a checkpoint has three lines, and no empty ones")
    need(lines[0] == verifier.name, "the checkpoint is that of another ledger")
    need(re.fullmatch("0|[1-9][0-9]{0,19}", lines[1]) and int(lines[1]) < 1 << 64, "the size is no number")
    root = from_base64(lines[2])
    need(len(root) == 32, "the root has not 32 bytes")
    size = int(lines[1])
    need(size or root == sha256(b"").digest(), "no entries have another root")
    return Checkpoint(size, root)
