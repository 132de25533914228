"""What an archive finds in a submission package (E-ARK SIP): what the validator of the standard's board says of it, and whether every file is
what METS says. Shares no code with the program.

    sip.py validate FOLDER    the validator's findings, as JSON
    sip.py compare FOLDER     exit 0 if every file is named once and is what METS says, else what is not, a line each

The validator wants four lists of words from the network when it is imported; they lie beside it as well, and are read from there."""

import hashlib
import json
import os
import sys
import urllib.parse
import xml.etree.ElementTree as ET
from pathlib import Path

METS = "{http://www.loc.gov/METS/}"
HREF = "{http://www.w3.org/1999/xlink}href"


def validate(folder):
    import importlib.util
    import urllib.request

    beside = os.path.dirname(importlib.util.find_spec("eark_validator").origin)
    words = os.path.join(beside, "ipxml", "resources", "vocabs")
    urllib.request.urlopen = lambda address: open(os.path.join(words, address.rsplit("/", 1)[1]), "rb")

    from eark_validator.ipxml.schema import IP_SCHEMA
    from eark_validator.packages import PackageValidator
    from lxml import etree

    report = PackageValidator(Path(folder)).validation_report
    findings = [("structure", message) for message in report.structure.messages]
    if report.metadata:
        findings += [("schema", message) for message in report.metadata.schema_results.messages]
        findings += [("schematron", message) for message in report.metadata.schematron_results.messages]
    # The validator leaves the METS of representations alone.
    for mets in sorted(Path(folder).glob("representations/*/METS.xml")):
        if not IP_SCHEMA["csip"].validate(etree.parse(str(mets))):
            raise SystemExit(f"{mets}: {IP_SCHEMA['csip'].error_log}")
    seen = {
        "structure": report.structure.status.value,
        "schema": report.metadata and report.metadata.schema_results.status.value,
        "errors": [[of, m.rule_id, m.location] for of, m in findings if m.severity.name == "ERROR"],
        "warnings": [[of, m.rule_id] for of, m in findings if m.severity.name == "WARNING"],
    }
    print(json.dumps(seen))


def named(mets):
    """Every file a METS names: path, bytes, sum."""
    for node in ET.parse(mets).iter():
        if node.get("CHECKSUM") is None:
            continue
        place = node if node.tag == METS + "mdRef" else node.find(METS + "FLocat")
        assert node.get("CHECKSUMTYPE") == "SHA-256"
        path = mets.parent / urllib.parse.unquote(place.get(HREF))
        yield path, int(node.get("SIZE")), node.get("CHECKSUM")


def compare(folder):
    root = Path(folder) / "METS.xml"
    wrong, open_mets, seen = [], [root], [root]
    while open_mets:
        for path, size, expected in named(open_mets.pop()):
            seen.append(path)
            content = path.read_bytes() if path.is_file() else b""
            if len(content) != size or hashlib.sha256(content).hexdigest() != expected:
                wrong.append(f"changed: {path}")
            if path.name == "METS.xml":
                open_mets.append(path)
    there = {path for path in Path(folder).rglob("*") if path.is_file()}
    wrong += [f"unnamed: {path}" for path in there - set(seen)]
    wrong += [f"named twice: {path}" for path in set(seen) if seen.count(path) > 1]
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    {"validate": validate, "compare": compare}[sys.argv[1]](sys.argv[2])
