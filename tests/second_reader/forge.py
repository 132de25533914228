"""Forges a certificate of destruction in every way a forger without the ledger's key could think of.

    forge.py CERTIFICATE FOLDER     writes one file for each forgery, named after what is forged; says how many

None of them may pass any verifier. A forgery that leaves the certificate as it was is a mistake here, and refused.
"""

import base64
import copy
import json
import sys
from pathlib import Path


def bits(text, at):
    """Base64 with one bit turned in byte `at`."""
    data = bytearray(base64.b64decode(text))
    data[at] ^= 1
    return base64.b64encode(bytes(data)).decode()


def digit(text, at=0):
    """Another hexadecimal digit."""
    return text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1:]


def event_of(entry):
    return json.loads(base64.b64decode(entry["plain"])[32:])


def said(entry, change):
    """The disclosed body says something else."""
    data = base64.b64decode(entry["plain"])
    event = json.loads(data[32:])
    change(event)
    body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
    entry["plain"] = base64.b64encode(data[:32] + body).decode()


def of_kind(proof, word):
    return next(entry for entry in proof["entries"] if "plain" in entry and event_of(entry)["event"] == word)


STATEMENT = {
    "another-registry": lambda s: s.update(registry="Nebenstadt"),
    "without-the-demo-stamp": lambda s: s.update(demo=not s["demo"]),
    "another-list": lambda s: s.update(list="0193b0c2-0000-7000-8000-000000000001"),
    "a-day-before": lambda s: s.update(on="2020-01-01"),
    "a-day-after": lambda s: s.update(on="2035-01-01"),
    "another-edition": lambda s: s.update(edition=s["edition"] + "x"),
    "one-document-more": lambda s: s.update(documents=s["documents"] + 1),
    "no-document": lambda s: s.update(documents=0),
    "one-object-more": lambda s: s.update(objects=s["objects"] + 1),
    "more-bytes": lambda s: s.update(bytes=s["bytes"] + 1),
    "held-elsewhere": lambda s: s.update(objects_held_elsewhere=s["objects_held_elsewhere"] + 1),
    "no-lines": lambda s: s.update(lines=[]),
    "a-line-twice": lambda s: s["lines"].append(copy.deepcopy(s["lines"][0])),
    "a-line-of-another-file": lambda s: s["lines"].append(
        {**s["lines"][0], "file": "0193b0c2-0000-7000-8000-000000000002"}),
    "the-line-names-another-file": lambda s: s["lines"][0].update(file="0193b0c2-0000-7000-8000-000000000003"),
    "the-line-names-another-rule": lambda s: s["lines"][0].update(rule="ZZ-99"),
    "the-line-was-due-earlier": lambda s: s["lines"][0].update(since="1999-12-31"),
    "the-line-has-fewer-documents": lambda s: s["lines"][0].update(documents=0),
    "a-file-was-taken-over-in-part": lambda s: s.update(
        thinned=[{"file": s["lines"][0]["file"], "left_out": 1, "of": 2}]),
    "the-statement-has-a-field-more": lambda s: s.update(note="alles rechtens"),
    "the-statement-lacks-a-field": lambda s: s.pop("approvers"),
    "a-line-has-a-field-more": lambda s: s["lines"][0].update(note="alles rechtens"),
    "the-id-in-capitals": lambda s: s["lines"][0].update(file=s["lines"][0]["file"].upper()),
    "a-number-as-text": lambda s: s.update(documents=str(s["documents"])),
    "a-negative-sum": lambda s: s.update(bytes=-s["bytes"]),
}

EVENTS = {
    "no-days-of-grace": ("founded", lambda e: e.update(grace_days=e["grace_days"] + 1)),
    "founded-under-another-name": ("founded", lambda e: e.update(name="Nebenstadt")),
    "another-rule-on-the-list": ("list_created", lambda e: e["lines"][0].update(rule="ZZ-99")),
    "a-document-less-on-the-list": ("list_created", lambda e: e["lines"][0].update(documents=[])),
    "the-archive-decided-otherwise": ("line_appraised", lambda e: e.update(decision="A")),
    "another-proposer": ("list_proposed", lambda e: e["signature"].update(
        by="0193b0c2-0000-7000-8000-000000000004")),
    "another-day-of-proposing": ("list_proposed", lambda e: e["signature"].update(on="2020-01-01")
                                 if "on" in e["signature"] else e.update(on="2020-01-01")),
    "another-signature": ("list_approved", lambda e: e["signature"].update(
        signature=bits(e["signature"]["signature"], 3))),
    "another-key": ("list_approved", lambda e: e["signature"].update(public=bits(e["signature"]["public"], 3))),
    "another-key-published": ("signing_key_published", lambda e: e.update(public=bits(e["public"], 3))),
    "condemned-by-another-list": ("condemned", lambda e: e.update(list="0193b0c2-0000-7000-8000-000000000005")),
    "condemned-on-another-day": ("condemned", lambda e: e.update(on="2020-01-01")),
    "other-documents-condemned": ("condemned", lambda e: e.update(documents=[])),
    "destroyed-by-another-list": ("destroyed", lambda e: e.update(list="0193b0c2-0000-7000-8000-000000000006")),
    "destroyed-on-another-day": ("destroyed", lambda e: e.update(on="2020-01-01")),
}


def _checkpoint(change):
    def forge(proof):
        lines = proof["checkpoint"].split("\n")
        change(lines)
        proof["checkpoint"] = "\n".join(lines)
    return forge


def _signature(lines):
    words = lines[-2].split(" ")
    words[-1] = bits(words[-1], 20)
    lines[-2] = " ".join(words)


def _named(lines):
    words = lines[-2].split(" ")
    words[-1] = bits(words[-1], 1)
    lines[-2] = " ".join(words)


CHECKPOINT = {
    "of-another-ledger": lambda lines: lines.__setitem__(0, lines[0] + "x"),
    "of-a-larger-ledger": lambda lines: lines.__setitem__(1, str(int(lines[1]) + 1)),
    "of-a-smaller-ledger": lambda lines: lines.__setitem__(1, str(int(lines[1]) - 1)),
    "of-another-root": lambda lines: lines.__setitem__(2, bits(lines[2], 5)),
    "with-another-signature": _signature,
    "signed-by-a-key-of-another-name": _named,
    "unsigned": lambda lines: lines.__delitem__(-2),
    "with-a-line-more": lambda lines: lines.insert(3, "rechtens"),
}


def _without(at):
    return lambda proof: proof["entries"].pop(at)


def _entry(at, field, change):
    return lambda proof: proof["entries"][at].update({field: change(proof["entries"][at][field])})


def _swapped(proof):
    entries = proof["entries"]
    entries[0], entries[1] = entries[1], entries[0]


def _other_path(proof):
    entries = proof["entries"]
    entries[0]["path"], entries[1]["path"] = entries[1]["path"], entries[0]["path"]


WHOLE = {
    "another-version": lambda proof: proof.update(schriftgut_proof=2),
    "a-version-that-never-was": lambda proof: proof.update(schriftgut_proof=0),
    "no-version": lambda proof: proof.pop("schriftgut_proof"),
    "a-field-more": lambda proof: proof.update(note="alles rechtens"),
    "no-entries": lambda proof: proof.update(entries=[]),
    "an-entry-twice": lambda proof: proof["entries"].insert(1, copy.deepcopy(proof["entries"][1])),
    "entries-out-of-order": _swapped,
    "paths-exchanged": _other_path,
    "an-entry-renumbered": _entry(2, "number", lambda number: number + 1),
    "a-path-that-is-shorter": _entry(3, "path", lambda path: path[:-1]),
    "a-path-that-is-longer": _entry(3, "path", lambda path: [*path, path[0]]),
    "a-path-with-another-digest": _entry(4, "path", lambda path: [digit(path[0]), *path[1:]]),
    "a-path-in-capitals": _entry(4, "path", lambda path: [path[0].upper(), *path[1:]]),
    "an-entry-with-a-field-more": _entry(0, "leaf", lambda leaf: leaf + "="),
}

TEXT = {
    "a-field-twice": lambda text: text.replace('"schriftgut_proof"', '"schriftgut_proof":1,"schriftgut_proof"', 1),
    "cut-off": lambda text: text[:-40],
    "something-behind-it": lambda text: text + "{}",
    "nothing": lambda text: "",
    "the-statement-twice": lambda text: text.replace('"certificate"', '"certificate":{},"certificate"', 1),
}


def forgeries(text):
    """Each with its name, as text."""
    genuine = json.loads(text)

    def forged(change):
        proof = copy.deepcopy(genuine)
        change(proof)
        if proof == genuine:
            raise SystemExit("a forgery that changes nothing")
        return json.dumps(proof, ensure_ascii=False)

    for name, change in STATEMENT.items():
        yield f"statement-{name}", forged(lambda proof, change=change: change(proof["certificate"]))
    for name, (word, change) in EVENTS.items():
        yield f"event-{name}", forged(lambda proof, word=word, change=change: said(of_kind(proof, word), change))
    for name, change in CHECKPOINT.items():
        yield f"checkpoint-{name}", forged(_checkpoint(change))
    for name, change in WHOLE.items():
        yield f"proof-{name}", forged(change)
    for at, entry in enumerate(genuine["entries"]):
        yield f"entry-{at}-left-out", forged(_without(at))
        size = len(base64.b64decode(entry["leaf"]))
        for part, place in (("beginning", 0), ("middle", size // 2), ("end", size - 1)):
            yield f"entry-{at}-changed-at-its-{part}", forged(
                _entry(at, "leaf", lambda leaf, place=place: bits(leaf, place)))
        if "plain" in entry:
            yield f"entry-{at}-salted-otherwise", forged(_entry(at, "plain", lambda plain: bits(plain, 0)))
    for name, change in TEXT.items():
        if change(text) == text:
            raise SystemExit("a forgery that changes nothing")
        yield f"text-{name}", change(text)


def main(certificate, folder):
    made = 0
    for name, text in forgeries(Path(certificate).read_text()):
        (Path(folder) / f"{name}.json").write_text(text)
        made += 1
    print(made)


if __name__ == "__main__":
    main(*sys.argv[1:])
