"""What every part of the second reader shares: the flaw it stops at, and texts that have one spelling."""

import base64
import binascii
import json
import re


class Flaw(Exception):
    """The first thing that is not as the specification says."""


def need(holds, words):
    """Stops with these words unless it holds."""
    if not holds:
        raise Flaw(words)


def from_base64(text):
    """RFC 4648 section 4, padded, in its one spelling."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Flaw(f"`{text[:40]}` is not base64") from None
    need(base64.b64encode(data).decode() == text, f"`{text[:40]}` is not the one spelling of its bytes")
    return data


def from_hex(text, size):
    """So many bytes in lower-case hexadecimal."""
    need(re.fullmatch("[0-9a-f]{%d}" % (2 * size), text), f"`{text[:80]}` is not {size} bytes in hexadecimal")
    return bytes.fromhex(text)


def from_json(text):
    """JSON in which no field stands twice."""
    def once(pairs):
        need(len(dict(pairs)) == len(pairs), "a field stands twice")
        return dict(pairs)
    try:
        return json.loads(text, object_pairs_hook=once)
    except ValueError as error:
        raise Flaw(f"no JSON: {error}") from None
