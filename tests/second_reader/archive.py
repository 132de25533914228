"""An archive, made from the standard and from none of the program's code: answers an offer (0501) with an appraisal (0502),
looks at what is handed over (0503), and confirms it (0506).

archive.py appraise OFFER.zip ANSWER.zip KEPT_REFERENCE…   everything else is to be destroyed
archive.py receive  KIND MESSAGE.zip ANSWER.xml            a receipt (0504 or 0507)
archive.py look     TRANSFER.zip                           what came, as JSON; fails if files and message do not fit
archive.py confirm  TRANSFER.zip ANSWER.xml                everything that came is in the archive
archive.py catalogue PLAN.zip ANSWER.xml CLASS=LETTER…     what becomes of whole classes (0513); prints what the plan says
"""

import csv
import hashlib
import io
import json
import re
import sys
import uuid
import xml.etree.ElementTree as ET
import zipfile

SPACE = "urn:xoev-de:xdomea:schema:"
WITH_RECEIPT = ("0502", "0513")


def opened(path):
    with zipfile.ZipFile(path) as container:
        assert all("/" not in name for name in container.namelist()), "everything lies in the root"
        stem = re.sub(r".*/", "", path).removesuffix(".zip")
        assert f"{stem}.xml" in container.namelist(), f"no {stem}.xml in {container.namelist()}"
        files = {name: container.read(name) for name in container.namelist()}
    root = ET.fromstring(files.pop(f"{stem}.xml"))
    version = root.tag[1:].split("}")[0].removeprefix(SPACE)
    return root, version, files


class Message:
    def __init__(self, path):
        self.root, self.version, self.files = opened(path)
        self.four = self.version == "4.0.0"
        self.id_name = "xdomeaUUID" if self.four else "ID"
        self.process = self.text(self.root, "ProzessID")

    def tag(self, name):
        return f"{{{SPACE}{self.version}}}{name}"

    def text(self, node, name):
        found = next(node.iter(self.tag(name)), None)
        return None if found is None else found.text

    def objects(self):
        return [list(holder)[0] for holder in self.root.findall(self.tag("Schriftgutobjekt"))]

    def id_of(self, node):
        return node.find(self.tag("Identifikation")).find(self.tag(self.id_name)).text

    def own_id(self):
        return next(self.root.iter("nachrichtenUUID")).text

    def answer(self, kind, name, content):
        """A message of the archive to this one."""
        full = f"{name}.{kind}"
        if not self.four:
            receipt = "<xdomea:Empfangsbestaetigung>0</xdomea:Empfangsbestaetigung>" if kind in WITH_RECEIPT else ""
            head = f"""<xdomea:Kopf><xdomea:ProzessID>{self.process}</xdomea:ProzessID>
<xdomea:Nachrichtentyp listURI="urn:xoev-de:xdomea:codeliste:nachrichtentyp" listVersionID="2.0"><code>{kind}</code></xdomea:Nachrichtentyp>
<xdomea:Erstellungszeitpunkt>2026-11-22T10:00:00Z</xdomea:Erstellungszeitpunkt>
<xdomea:Absender><xdomea:Institution><xdomea:Name>Kreisarchiv</xdomea:Name></xdomea:Institution></xdomea:Absender>
<xdomea:Empfaenger/>{receipt}</xdomea:Kopf>"""
            attributes = ""
        else:
            receipt = "<xdomea:Empfangsbestaetigung>0</xdomea:Empfangsbestaetigung>" if kind in WITH_RECEIPT else ""
            head = f"""<xdomea:nachrichtenkopf><xdomea:identifikation.nachricht><nachrichtenUUID>{uuid.uuid4()}</nachrichtenUUID>
<nachrichtentyp listURI="urn:xoev-de:xdomea:codeliste:nachrichtentyp" listVersionID="3.0"><code>{kind}</code></nachrichtentyp>
<erstellungszeitpunkt>2026-11-22T10:00:00Z</erstellungszeitpunkt></xdomea:identifikation.nachricht>
<xdomea:leser/><xdomea:autor><xdomea:NameInstitution><xdomea:Name>Kreisarchiv</xdomea:Name></xdomea:NameInstitution></xdomea:autor>
<xdomea:ProzessID>{self.process}</xdomea:ProzessID></xdomea:nachrichtenkopf>{receipt}
<xdomea:UUIDUrsprungsnachricht>{self.own_id()}</xdomea:UUIDUrsprungsnachricht>
<xdomea:LfdNrNachrichtProTyp>1</xdomea:LfdNrNachrichtProTyp>
<xdomea:GesamtanzahlNachrichtenProTyp>1</xdomea:GesamtanzahlNachrichtenProTyp>"""
            attributes = ' produkt="Probe" produkthersteller="Probe" standard="xdomea" version="4.0.0"'
        return f"""<?xml version="1.0" encoding="UTF-8"?>
<xdomea:{full} xmlns:xdomea="{SPACE}{self.version}"{attributes}>
{head}
{content}
</xdomea:{full}>
"""


def appraise(offer, out, kept):
    message = Message(offer)
    element = "BewertetesSGO" if message.four else "BewertetesObjekt"
    lines, found = [], set()
    for file in message.objects():
        reference = message.text(file, "Kennzeichen")
        code = "A" if reference in kept else "V"
        found.add(reference)
        lines.append(
            f"<xdomea:{element}><xdomea:{message.id_name}>{message.id_of(file)}</xdomea:{message.id_name}>"
            f"<xdomea:Aussonderungsart><xdomea:Aussonderungsart><code>{code}</code></xdomea:Aussonderungsart>"
            f"</xdomea:Aussonderungsart></xdomea:{element}>"
        )
    assert set(kept) <= found, f"{set(kept) - found} is not on offer"
    text = message.answer("0502", "Aussonderung.Bewertungsverzeichnis", "\n".join(lines))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr(out.rsplit("/", 1)[-1].removesuffix(".zip") + ".xml", text)
    print(json.dumps({"objects": len(lines), "kept": len(kept)}))


def look(transfer):
    message = Message(transfer)
    named, files = set(), []
    for file in message.objects():
        documents = []
        for document in file.iter(message.tag("Dokument")):
            for primary in document.iter(message.tag("Primaerdokument")):
                name = message.text(primary, "Dateiname")
                assert name in message.files, f"{name} is not in the container"
                assert name not in named, f"{name} is named twice"
                assert not name.startswith(message.id_of(document)), "its own id, not that of the document"
                named.add(name)
                digest = hashlib.sha256(message.files[name]).hexdigest()
                told = primary.find(message.tag("Hash"))
                if told is not None:
                    assert message.text(told, "Wert") == digest, f"{name} has another checksum"
                documents.append(
                    {
                        "original": message.text(primary, "DateinameOriginal"),
                        "sha256": digest,
                        "told": told is not None,
                        "content": message.files[name].decode("utf-8", "replace"),
                    }
                )
        files.append(
            {
                "file": message.text(file, "Kennzeichen"),
                "id": message.id_of(file),
                "history": len(list(file.iter(message.tag("Akteur")))),
                "documents": documents,
            }
        )
    assert named == set(message.files), f"surplus: {set(message.files) - named}"
    print(json.dumps(files))


def confirm(transfer, out):
    message = Message(transfer)
    good = "<xdomea:Erfolgreich>true</xdomea:Erfolgreich>"
    lines = []
    for number, file in enumerate(message.objects(), 1):
        called = f"<xdomea:Archivkennung>KA {number}</xdomea:Archivkennung>"
        if message.four:
            inner = (
                f"<xdomea:xdomeaUUID>{message.id_of(file)}</xdomea:xdomeaUUID>"
                f"<xdomea:ErfolgOderMisserfolg>{good}</xdomea:ErfolgOderMisserfolg>{called}"
            )
        else:
            inner = f"<xdomea:IDSGO>{message.id_of(file)}</xdomea:IDSGO>{good}{called}"
        lines.append(f"<xdomea:AusgesondertesSGO>{inner}</xdomea:AusgesondertesSGO>")
    if message.four:
        lines.insert(0, f"<xdomea:ErfolgOderMisserfolg>{good}</xdomea:ErfolgOderMisserfolg>")
    text = message.answer("0506", "Aussonderung.AussonderungImportBestaetigen", "\n".join(lines))
    open(out, "w", encoding="utf-8").write(text)


def receive(kind, path, out):
    names = {
        "0504": "AnbietungEmpfangBestaetigen",
        "0507": "AussonderungEmpfangBestaetigen",
        "0512": "AktenplanZurBewertungEmpfangBestaetigen",
    }
    text = Message(path).answer(kind, f"Aussonderung.{names[kind]}", "")
    open(out, "w", encoding="utf-8").write(text)


def catalogue(plan, out, decisions):
    message = Message(plan)
    classes = {}
    if message.version == "3.0.0":  # which says what a class is called only in a table beside
        (table,) = message.files.values()
        for row in csv.DictReader(io.StringIO(table.decode("utf-8-sig")), delimiter=";"):
            classes[row["Kennzeichen"]] = {"id": row["ID"], "title": row["Inhaltsangabe"]}
    else:
        assert not message.files, "nothing beside the message"
    for unit in message.root.iter(message.tag("Einheit")):
        own = unit.find(message.tag(message.id_name)).text
        proposal = next(unit.find(message.tag("Aussonderungsart")).iter("code")).text
        if message.version == "3.0.0":
            named = next(one for one in classes.values() if one["id"] == own)
        else:
            named = classes.setdefault(unit.find(message.tag("Kennzeichen")).text, {"id": own})
            named["title"] = unit.find(message.tag("Inhaltsangabe")).text
            above = unit.find(message.tag("Einheit"))
            named["below"] = above is not None
        named["proposal"] = proposal
    assert all("proposal" in one for one in classes.values()), "table and message name the same classes"
    lines = []
    for number, letter in (said.split("=") for said in decisions):
        lines.append(
            f"<xdomea:BewerteteAktenplaneinheit><xdomea:{message.id_name}>{classes[number]['id']}</xdomea:{message.id_name}>"
            f"<xdomea:Aussonderungsart><xdomea:Aussonderungsart><code>{letter}</code></xdomea:Aussonderungsart>"
            f"</xdomea:Aussonderungsart></xdomea:BewerteteAktenplaneinheit>"
        )
    text = message.answer("0513", "Aussonderung.Bewertungskatalog", "\n".join(lines))
    open(out, "w", encoding="utf-8").write(text)
    print(json.dumps(classes))


verb, *rest = sys.argv[1:]
if verb == "appraise":
    appraise(rest[0], rest[1], rest[2:])
elif verb == "catalogue":
    catalogue(rest[0], rest[1], rest[2:])
elif verb == "receive":
    receive(*rest)
elif verb == "look":
    look(*rest)
elif verb == "confirm":
    confirm(*rest)
else:
    sys.exit(__doc__)
