"""Proof files and certificates of destruction (`certificate.md`, `event.md`, `disposal-list.md`)."""

import struct
from collections import namedtuple
from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID

from ed25519 import verifies
from flaw import Flaw, from_base64, from_hex, from_json, need
from ledger import NONE, read_entry
from note import read_checkpoint
from tree import is_included, leaf_hash

OFFICE = UUID(int=2).bytes
SALT_BYTES = 32
LIST_DAYS_MAX = 90
WORDS = {
    100: "founded", 101: "file_plan_set", 102: "rules_enacted", 103: "rule_confirmed", 104: "verified",
    202: "rights_set", 203: "signing_key_published", 309: "condemned", 310: "destroyed", 500: "list_created",
    501: "list_offered", 502: "line_appraised", 503: "line_transferred", 504: "list_proposed",
    505: "list_approved", 506: "list_withdrawn", 507: "line_obstructed", 508: "list_executed",
    509: "list_sampled", 510: "list_messaged", 511: "line_confirmed",
}
STATEMENT = {"registry", "demo", "list", "on", "edition", "lines", "proposer", "approvers", "documents", "objects",
             "bytes", "objects_held_elsewhere", "method", "epochs", "places", "residual_risks", "tool"}
THINNED = {"file", "left_out", "of"}
LINE = {"file", "rule", "basis", "since", "documents"}
SUMS = ("documents", "objects", "bytes", "objects_held_elsewhere")

Proven = namedtuple("Proven", "entry event")
Proof = namedtuple("Proof", "checkpoint proven statement")


def _has(value, fields, optional=()):
    need(isinstance(value, dict), "not an object")
    for field in value:
        need(field in fields or field in optional, f"unknown field `{field}`")
    for field in fields:
        need(field in value, f"field `{field}` is missing")


def read_day(text):
    day = date.fromisoformat(text)
    need(day.isoformat() == text, f"`{text}` is no day")
    return day


def _id(text):
    need(str(UUID(text)) == text, f"`{text}` is no id")
    return UUID(text).bytes


def _event(entry, plain):
    """What the body says: the commitment binds it, the header names its kind."""
    need(entry.key == OFFICE, "a body is disclosed that is not of the office")
    need(sha256(plain).digest() == entry.commitment, "the disclosed body is not what was committed to")
    event = from_json(plain[SALT_BYTES:].decode())
    need(event["v"] == 1, "an event of another version")
    need(event["event"] == WORDS.get(entry.kind), "the event is of another kind than its header says")
    return event


def _proven(item, checkpoint):
    _has(item, {"number", "leaf", "path"}, {"plain"})
    leaf, path = from_base64(item["leaf"]), [from_hex(digest, 32) for digest in item["path"]]
    need(is_included(leaf_hash(leaf), item["number"], checkpoint.size, path, checkpoint.root), "the path fails")
    entry = read_entry(leaf)
    need(entry.number == item["number"], "the leaf has another number")
    return Proven(entry, _event(entry, from_base64(item["plain"])) if "plain" in item else None)


class Evidence:
    """The proven entries, as a certificate needs them."""

    def __init__(self, proven):
        self.proven = [one for one in proven if one.event]

    def of(self, kind, subject=None):
        return [one for one in self.proven if one.entry.kind == kind and subject in (None, one.entry.subject)]

    def one(self, kind, subject=None):
        found = self.of(kind, subject)
        need(len(found) == 1, f"{len(found)} entries of kind {kind} where one is needed")
        return found[0]


class DisposalList:
    """A list, replayed from all its entries up to execution."""

    def __init__(self, evidence, list_id):
        self.id, self.evidence = list_id, evidence
        chain = [one for one in evidence.proven if one.entry.subject == list_id]
        before = NONE
        for one in chain:
            need(one.entry.previous == before, f"an entry of the list before {one.entry.number} is left out")
            before = one.entry.number
        need(chain and chain[0].entry.kind == 500, "the list does not begin with its creation")
        created = chain[0].event
        self.edition = created["edition"]
        self.lines = {_id(line["file"]): line for line in created["lines"]}
        need(len(self.lines) == len(created["lines"]), "a file stands on the list twice")
        self.decisions, self.handed_over, self.obstructed, self.thinned = {}, set(), set(), {}
        for file, line in self.lines.items():
            if line.get("catalogue", {}).get("decides"):  # the archive had decided on its class
                self.decisions[file] = line["catalogue"]["decision"]
        for one in chain[1:]:
            self._happens(one)
        # Over the list as it ends: what changed after a signature voids it.
        self.signed = [self._signature(one) for one in chain if one.entry.kind in (504, 505)]

    def _happens(self, one):
        kind, event = one.entry.kind, one.event
        need(kind not in (500, 506), "the list was begun twice or withdrawn")
        if kind in (502, 503, 507, 511):
            file = _id(event["file"])
            need(file in self.lines, "a decision on a file that is not on the list")
            if kind == 502:
                self.decisions[file] = event["decision"]
                self.thinned.pop(file, None)
                if "thinned" in event:
                    self.thinned[file] = event["thinned"]
            if kind == 503:
                self.handed_over.add(file)
            if kind == 507:
                self.obstructed.add(file)
            if kind == 511:
                need(file in self.handed_over, "something is confirmed that was not handed over")

    def _signature(self, one):
        by = one.entry.actor
        signature = one.event["signature"]
        need(_id(signature["by"]) == by, "somebody else entered a signature")
        published = [key.event["public"] for key in self.evidence.of(203, by) if key.entry.actor == by]
        need(signature["public"] in published, "the key of a signature was not published by its owner")
        act = "propose" if one.entry.kind == 504 else "approve"
        text = f"schriftgut disposal list 1\n{act}\n{self.digest().hex()}\n".encode()
        fits = verifies(from_base64(signature["public"]), text, from_base64(signature["signature"]))
        need(fits, f"the signature in entry {one.entry.number} does not fit the list")
        return one.entry.kind, by, one.event.get("role"), read_day(one.event["on"])

    def digest(self):
        """Of the bytes that people sign."""
        def text(words):
            data = words.encode()
            return struct.pack("<Q", len(data)) + data
        data = b"SGDL\x01" + self.id + text(self.edition)
        for file in sorted(self.lines):
            line = self.lines[file]
            data += file + self._decision(file) + text(line["rule"]) + text(line["since"])
            data += struct.pack("<Q", len(line["documents"])) + b"".join(_id(one) for one in line["documents"])
        return sha256(data).digest()

    def _decision(self, file):
        """One byte; of a file that is kept in part with how much, and the seal over which."""
        if file not in self.thinned:
            return self.decisions.get(file, "\0").encode()
        part = self.thinned[file]
        return b"T" + struct.pack("<QQ", part["kept"], part["of"]) + from_hex(part["seal"], 32)

    def cleared(self):
        """The files it clears for destruction."""
        return {file for file in self.lines if self.decisions.get(file) == "V"} - self.obstructed

    def is_approved(self, grace_days, on):
        """Proposed by one, approved by two others, one of them the archivist; the days of grace are over."""
        need(set(self.decisions) == set(self.lines), "a line was not decided")
        kept = {file for file in self.lines if self.decisions[file] == "A"}
        need(kept == self.handed_over, "a line worth keeping was not handed over")
        proposers = {by for kind, by, _, _ in self.signed if kind == 504}
        approvers = {by for kind, by, _, _ in self.signed if kind == 505}
        roles = {role for kind, _, role, _ in self.signed if kind == 505}
        need(len(proposers) == 1 and len(approvers - proposers) >= 2, "not signed by three different people")
        need("archivist" in roles, "no archivist approved")
        last = max(day for _, _, _, day in self.signed)
        need(last + timedelta(days=grace_days) <= on, "the days of grace were not over")
        need(on <= last + timedelta(days=LIST_DAYS_MAX), "the list was too old")


def _statement(statement, evidence):
    _has(statement, STATEMENT, {"thinned"})
    founded = evidence.one(100).event
    need(statement["registry"] == founded["name"], "another registry")
    need(statement["demo"] == founded["demo"], "the demo stamp is not that of the founding")
    the_list = DisposalList(evidence, _id(statement["list"]))
    need(statement["edition"] == the_list.edition, "the edition is not that of the list")
    files = [_id(line["file"]) for line in statement["lines"]]
    need(len(set(files)) == len(files) and set(files) == the_list.cleared(),
         "the lines are not exactly the files the list cleared")
    thinned = [{"file": str(UUID(bytes=file)), "left_out": part["of"] - part["kept"], "of": part["of"]}
               for file, part in sorted(the_list.thinned.items())]
    for line in statement.get("thinned", []):
        _has(line, THINNED)
    need(statement.get("thinned", []) == thinned, "the files taken over in part are not those of the list")
    sums, last = dict.fromkeys(SUMS, 0), None
    for line in statement["lines"]:
        _has(line, LINE)
        file = _id(line["file"])
        listed = the_list.lines[file]
        same = (line["rule"], line["since"], line["documents"]) == (
            listed["rule"], listed["since"], len(listed["documents"]))
        need(same, f"the line of file {line['file']} is not as the list has it")
        condemned, destroyed = evidence.one(309, file), evidence.one(310, file)
        for one in (condemned, destroyed):
            need(one.event["list"] == statement["list"], "a file went by another list")
        need(condemned.entry.number < destroyed.entry.number, "destroyed before it was condemned")
        need(condemned.event["documents"] == listed["documents"], "other documents went than were listed")
        the_list.is_approved(founded["grace_days"], read_day(condemned.event["on"]))
        for name in SUMS:
            found = condemned.event[name]
            sums[name] += len(found) if isinstance(found, list) else found
        last = max(filter(None, (last, read_day(destroyed.event["on"]))))
    need(last == read_day(statement["on"]), "the day is not that of the last destruction")
    for name in SUMS:
        need(statement[name] == sums[name], f"the sum of {name} is another")


def read_proof(data, verifier):
    """A proof file whose every promise holds; a statement, if there is one, included."""
    try:
        proof = from_json(data.decode())
        _has(proof, {"schriftgut_proof", "checkpoint", "entries"}, {"certificate"})
        need(proof["schriftgut_proof"] == 1, "a proof file of another version")
        checkpoint = read_checkpoint(proof["checkpoint"].encode(), verifier)
        proven = [_proven(item, checkpoint) for item in proof["entries"]]
        numbers = [one.entry.number for one in proven]
        need(numbers == sorted(set(numbers)), "the entries are not in their order, each once")
        if "certificate" in proof:
            _statement(proof["certificate"], Evidence(proven))
    except (KeyError, TypeError, ValueError, AttributeError, struct.error) as error:
        raise Flaw(f"not as the specification says: {error!r}") from None
    return Proof(checkpoint, proven, proof.get("certificate"))
