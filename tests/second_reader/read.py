"""A second reader of a registry's evidence: ledger, checkpoint, proofs, certificate of destruction.

It exists to show that the specifications in `schema/formats` suffice: it was written from them alone, in another
language, with nothing but Python's standard library, and shares no line with the program. Where a specification
did not suffice it was mended. Whoever doubts the program can read this instead: it reads only, needs no secret,
and trusts nothing but the verifier key it is given.

    read.py ledger FOLDER HEADS KEY     every entry, every root, both heads, the rule for a torn tail
    read.py answers FILE LEDGER HEADS   the golden ledger's proofs: verified, and made anew and compared
    read.py proof FILE KEY              a proof file or a certificate
    read.py forged FOLDER KEY           the files of a folder, of which none may hold
    read.py registry FOLDER [KEY]       a registry's ledger, and its certificates against ledger and key

KEY is a verifier key (`checkpoint.md`) or a file that holds one. Without it `registry` takes the one its manifest
names, which shows that a registry agrees with itself, not whose it is. What is sealed stays sealed: without keys a
body is opaque, so of the commitments only those are checked that a certificate discloses. A list's size is not
known offline either, so two approvals are asked for, never three. Says `ok` and what was read, or the first flaw.
"""

import sys
import tomllib
from pathlib import Path

from certificate import read_proof
from flaw import Flaw, from_hex, need
from ledger import read_ledger
from note import read_checkpoint, read_verifier, verifier_of
from tree import is_beginning, is_included, leaf_hash


def key(word):
    return read_verifier(Path(word).read_text().strip() if Path(word).is_file() else word)


def ledger(folder, heads, word):
    read = read_ledger(Path(folder), Path(heads), key(word))
    return [f"{read.head.size} entries", *read.words]


def answers(file, folder, heads):
    """`answers.txt` (`proof.md`): key, checkpoint, then proofs by entry and by older size, a digest a line."""
    text = Path(file).read_text()
    first, note = text.split("\n", 1)
    verifier = read_verifier(first)
    note, proofs = note.split("entry 0 ", 1)
    checkpoint = read_checkpoint(note.encode(), verifier)
    read = read_ledger(Path(folder), Path(heads), verifier)
    need(checkpoint == read.head, "the checkpoint is not the ledger's head")
    made = ""
    for entry in read.entries:
        path = read.tree.inclusion(entry.number, 0, checkpoint.size)
        need(is_included(leaf_hash(entry.leaf), entry.number, checkpoint.size, path, checkpoint.root), "inclusion")
        made += f"entry {entry.number} {entry.leaf.hex()}\n" + "".join(f"  {digest.hex()}\n" for digest in path)
    for old in range(checkpoint.size + 1):
        path = read.tree.consistency(old, checkpoint.size)
        need(is_beginning(old, read.tree.root(old), checkpoint.size, checkpoint.root, path), "consistency")
        made += f"consistency from {old}\n" + "".join(f"  {digest.hex()}\n" for digest in path)
    need(made == "entry 0 " + proofs, "the proofs are not those that follow from the ledger")
    return [f"{2 * checkpoint.size + 1} proofs"]


def proof(file, word):
    read = read_proof(Path(file).read_bytes(), key(word))
    words = [f"{len(read.proven)} entries proven under a checkpoint of {read.checkpoint.size}"]
    if read.statement:
        words.append(f"{len(read.statement['lines'])} files destroyed on {read.statement['on']}")
    return words


def forged(folder, word):
    files, verifier = sorted(Path(folder).iterdir()), key(word)
    for file in files:
        try:
            read_proof(file.read_bytes(), verifier)
        except Flaw:
            continue
        raise Flaw(f"{file.name} holds")
    return [f"none of {len(files)} holds"]


def registry(folder, word=None):
    folder = Path(folder)
    manifest = tomllib.loads((folder / "schriftgut.toml").read_text())
    need(manifest["format"] == 1, "a registry of another format")
    own = verifier_of(f"schriftgut/{manifest['id']}", from_hex(manifest["ledger_key"], 32))
    verifier = key(word) if word else own
    need(verifier == own, "the manifest names another key")
    read = read_ledger(folder / "ledger", folder / "head", verifier)
    words = [f"{read.head.size} entries", *read.words]
    for file in sorted(folder.glob("certificates/*.json")):
        one = read_proof(file.read_bytes(), verifier)
        need(one.statement and one.statement["list"] == file.stem, f"{file.name}: the certificate of another list")
        need(one.checkpoint.size <= read.head.size, f"{file.name}: more entries than the ledger has")
        same = read.tree.root(one.checkpoint.size) == one.checkpoint.root
        need(same, f"{file.name}: its ledger is no beginning of this one")
        words.append(f"{file.name}: {len(one.statement['lines'])} files destroyed on {one.statement['on']}")
    return words


def main(arguments):
    verbs = {verb.__name__: verb for verb in (ledger, answers, proof, forged, registry)}
    if len(arguments) < 2 or arguments[0] not in verbs:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        print("ok: " + "; ".join(verbs[arguments[0]](*arguments[1:])))
    except (Flaw, OSError) as flaw:
        print(f"flaw: {flaw}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
