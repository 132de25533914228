"""Draws a sample again from its protocol (schema/formats/sample.md), with nothing but a hash: `ok` or what differs."""

import hashlib
import json
import sys


def lot(seed, file):
    return hashlib.sha256(f"{seed}\n{file}".encode()).hexdigest()


def drawn(protocol):
    method, members = protocol["method"], protocol["population"]
    by = method["by"]
    if by == "every_nth":
        return [m for m in members if m["number"] >= method["first"] and (m["number"] - method["first"]) % method["n"] == 0]
    if by == "random":
        wanted = -(-len(members) * method["per_thousand"] // 1000)
        chosen = {m["id"] for m in sorted(members, key=lambda m: lot(method["seed"], m["id"]))[:wanted]}
        return [m for m in members if m["id"] in chosen]
    looked_at = lambda m: m["looked_at"].strip().lower()
    if by == "value":
        values = [value.strip().lower() for value in method["values"]]
        return [m for m in members if looked_at(m) in values]
    if by == "initial":
        letters = tuple(letter.lower() for letter in method["letters"])
        return [m for m in members if looked_at(m).startswith(letters)]
    if by == "year":
        return [m for m in members if int(m["looked_at"]) in method["years"]]
    sys.exit(f"unknown method {by}")


protocol = json.load(open(sys.argv[1], encoding="utf-8"))
again = [m["id"] for m in drawn(protocol)]
told = [m["id"] for m in protocol["population"] if m["drawn"]]
print("ok" if again == told else f"other files: {again} instead of {told}")
