#!/usr/bin/env python3
"""Fragt eine Registratur über ihre Schnittstelle; braucht nichts außer Python.

    schnittstelle.py suchen ANFRAGE
    schnittstelle.py akte AKTENZEICHEN
    schnittstelle.py original DOKUMENT DATEI
    schnittstelle.py tatsache AKTENZEICHEN ART TAG QUELLE
    schnittstelle.py ablegen DATEI AKTENZEICHEN

Adresse und Zugangsschlüssel stehen in SCHRIFTGUT_ADRESSE und SCHRIFTGUT_SCHLUESSEL.
"""

import base64
import hashlib
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request


class Problem(Exception):
    """Die Registratur sagt nein: was nicht geht, warum, und der Ausweg."""


def ask(path, query=None, body=None, headers=()):
    """Stellt eine Frage und gibt die Bytes der Antwort zurück."""
    address = os.environ["SCHRIFTGUT_ADRESSE"].rstrip("/") + "/api/v1/" + path
    if query:
        address += "?" + urllib.parse.urlencode(query)
    request = urllib.request.Request(address)
    request.add_header("Authorization", "Bearer " + os.environ["SCHRIFTGUT_SCHLUESSEL"])
    for line in headers:
        request.add_header(*line)
    if hasattr(body, "read"):
        request.data = body
    elif body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        problem = json.load(error)
        reasons = [f"Zeile {line['line']}: {line['reason']}" for line in problem.get("lines", []) if line["reason"]]
        raise Problem("\n".join([problem["detail"]] + reasons)) from None


def name(text):
    """Ein Aktenzeichen oder eine Kennung als Teil einer Adresse: auch / wird verschlüsselt."""
    return urllib.parse.quote(text, safe="")


def search(query):
    page = 1
    while True:
        found = json.loads(ask("search", {"q": query, "page": page}))
        for hit in found["hits"]:
            place = f", Seite {hit['page']}" if hit["page"] else ""
            print(f"{hit['file'] or 'Posteingang'}: {hit['file_name'] or hit['title']}{place}: {hit['snippet']}")
        if page == 1:
            print(f"{found['total']} Seiten", file=sys.stderr)
        if len(found["hits"]) < 20 or page == 50:
            return
        page += 1


def show(reference):
    file = json.loads(ask("files/" + name(reference)))
    why = json.loads(ask("files/" + name(reference) + "/why"))
    print(f"Akte {file['reference']}: {file['title']} ({file['phase']})")
    for document in file["documents"]:
        print(f"  {document['id']}  {document['file_name']}")
    print(why["text"], end="")


def save(document, path):
    with open(path, "xb") as out:
        out.write(ask("documents/" + name(document) + "/original"))


def record(reference, kind, on, source):
    fact = {"file": reference, "kind": kind, "on": on, "source": source}
    done = json.loads(ask("facts", body=[fact]))
    print(f"{done['recorded']} eingetragen, {done['known']} schon bekannt")


def file(path, reference):
    """Legt ein Dokument ab. Noch einmal gerufen, legt es nichts doppelt ab: Sein Name ist Akte und Inhalt."""
    with open(path, "rb") as content:
        digest = hashlib.sha256()
        for piece in iter(lambda: content.read(1 << 20), b""):
            digest.update(piece)
        content.seek(0)
        key = hashlib.sha256(reference.encode() + b"\0" + digest.digest()).hexdigest()
        headers = [
            ("Idempotency-Key", key),
            ("Content-Digest", "sha-256=:" + base64.b64encode(digest.digest()).decode() + ":"),
            ("Content-Type", "application/octet-stream"),
            ("Content-Length", str(os.path.getsize(path))),
        ]
        query = {"name": os.path.basename(path), "file": reference}
        done = json.loads(ask("documents", query, content, headers))
    state = json.loads(ask("documents/" + done["document"] + "/reading"))
    print(f"{done['document']} {done['outcome']} {state['state']}")


def main(words):
    verbs = {"suchen": (search, 1), "akte": (show, 1), "original": (save, 2), "tatsache": (record, 4), "ablegen": (file, 2)}
    verb, count = verbs.get(words[0] if words else "", (None, 0))
    if verb is None or len(words) != count + 1:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        verb(*words[1:])
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
