#!/usr/bin/env python3
"""Takes the handbook's pictures anew, from the demo's registry in a real browser.

    ./run demo --once
    python3 docs/handbuch/bilder.py

It needs Debian's `chromium`, and nothing of Python beyond its standard library. It serves a copy of the demo's
registry, signs in as one of the demo's people by filling in the form, and photographs the pages in `PICTURES`.
The browser is driven by the DevTools protocol over a pair of pipes. The pictures get a palette of 64 colours, so
that a page stays below 120 kB; one that does not is an error.
"""

import base64
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", HERE.parent.parent / "target"))
PROGRAM = TARGET / "release/schriftgut"
DEMO = TARGET / "vorfuehrung/registratur"
LOGIN, SECRET = "schriftgut1", "nur-zum-zeigen"
WIDTH, HEIGHT_MIN, HEIGHT_MAX = 1200, 200, 1000
BYTES_MAX = 120_000
COLOURS = 64

# Name, and the way there from the page before: addresses to go to, links to press, folds to open.
PICTURES = [
    ("anmelden", [("go", "/anmelden")]),
    ("suche", [("sign in", ""), ("go", "/suche?q=Brandschutz")]),
    ("seite", [("go", "/suche?q=Hausschwamm"), ("press", "a[href*='/seite/']")]),
    ("akte", [("go", "/suche?q=az:63.10.01-0088"), ("press", ".hits h3 a[href^='/akte/']"), ("open", "details")]),
    ("aendern", [("go", "/akte/63.10.01-0088/aendern")]),
    ("neue-akte", [("go", "/akten/neu?klasse=63.10.01")]),
    ("sperren", [("go", "/sperren"), ("open", "details")]),
    ("vorschau", [("go", "/vorschau")]),
    ("liste", [("go", "/listen"), ("press", "th a[href^='/listen/']")]),
    ("protokoll", [("certificate", "")]),
]


class Browser:
    """A browser without a screen, and one page in it."""

    def __init__(self, folder):
        to_read, to_write = os.pipe(), os.pipe()
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
                 "--force-device-scale-factor=1", "--lang=de", f"--user-data-dir={folder}",
                 "--remote-debugging-pipe", "about:blank"]
        # The browser reads commands from descriptor 3 and answers on 4.
        plumbing = f"exec chromium \"$@\" 3<&{to_read[0]} 4>&{to_write[1]}"
        self.process = subprocess.Popen(
            ["sh", "-c", plumbing, "sh", *flags], pass_fds=(to_read[0], to_write[1]),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read[0])
        os.close(to_write[1])
        self.commands, self.answers = os.fdopen(to_read[1], "wb"), os.fdopen(to_write[0], "rb")
        self.number, self.rest, self.session = 0, b"", None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.ask("Page.enable")

    def _message(self):
        while b"\0" not in self.rest:
            piece = self.answers.read1(1 << 20)
            if not piece:
                sys.exit("chromium has ended; is Debian's package `chromium` installed?")
            self.rest += piece
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def ask(self, method, **params):
        """Sends a command and waits for its answer."""
        self.number += 1
        command = {"id": self.number, "method": method, "params": params}
        if self.session:
            command["sessionId"] = self.session
        self.commands.write(json.dumps(command).encode() + b"\0")
        self.commands.flush()
        while True:
            message = self._message()
            if message.get("id") == self.number:
                if "error" in message:
                    sys.exit(f"{method}: {message['error']}")
                return message["result"]

    def run(self, script):
        """What a script on the page answers, waited for."""
        done = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in done:
            sys.exit(f"{script}: {done['exceptionDetails']}")
        return done["result"].get("value")

    def _loaded(self):
        while self._message().get("method") != "Page.loadEventFired":
            pass

    def go(self, address):
        self.ask("Page.navigate", url=address)
        self._loaded()

    def press(self, selector):
        """Presses the first link or button that fits, and waits for the page it leads to."""
        self.on(selector, "setTimeout(() => found.click())")
        self._loaded()

    def on(self, selector, script):
        """Does something with the first element that fits."""
        there = f"(found => {{ if (found) {{ {script} }} return !!found }})(document.querySelector({selector!r}))"
        if not self.run(there):
            sys.exit(f"nothing on {self.run('location.href')} fits {selector}")

    def size(self, height):
        self.ask("Emulation.setDeviceMetricsOverride", width=WIDTH, height=height, deviceScaleFactor=1, mobile=False)

    def picture(self):
        """The page as PNG: as high as it is, up to a limit."""
        self.run("Promise.all([...document.images].map(i => i.decode().catch(() => 0)))")
        self.run("document.activeElement && document.activeElement.blur()")
        self.size(HEIGHT_MIN)
        self.size(min(self.run("document.documentElement.scrollHeight"), HEIGHT_MAX))
        shot = self.ask("Page.captureScreenshot", format="png")
        return base64.b64decode(shot["data"])

    def close(self):
        self.session = None
        self.ask("Browser.close")
        self.process.wait()


def pixels(png):
    """Width, height and rows of RGB pixels of a PNG as browsers write it: 8 bits, not interlaced."""
    at, data = 8, b""
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at:at + 8])
        body = png[at + 8:at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", body)
        if kind == b"IDAT":
            data += body
        at += length + 12
    if (depth, interlaced) != (8, 0) or colour not in (2, 6):
        sys.exit("the browser wrote a kind of PNG that is not known here")
    step, data, rows = {2: 3, 6: 4}[colour], zlib.decompress(data), []
    before = bytearray(width * step)
    for number in range(height):
        line = data[number * (width * step + 1):(number + 1) * (width * step + 1)]
        before = _unfiltered(line[0], bytearray(line[1:]), before, step)
        rows.append([tuple(before[x:x + 3]) for x in range(0, width * step, step)])
    return width, height, rows


def _unfiltered(kind, line, above, step):
    """PNG section 9.2."""
    if kind == 2:
        return bytearray((a + b) & 255 for a, b in zip(line, above))
    for x in range(len(line) if kind else 0):
        left, up = (line[x - step] if x >= step else 0), above[x]
        corner = above[x - step] if x >= step else 0
        if kind == 1:
            guess = left
        elif kind == 3:
            guess = (left + up) // 2
        else:
            guess = min((left, up, corner), key=lambda one: abs(left + up - corner - one))
        line[x] = (line[x] + guess) & 255
    return line


def small(png):
    """The same picture with the colours that are used most; all others become the nearest of them."""
    width, height, rows = pixels(png)
    # Colours that differ by little count as one, so that shades of a scan do not crowd out the rest.
    coarse = Counter(tuple(part & 0xF0 for part in pixel) for row in rows for pixel in row)
    exact = Counter(pixel for row in rows for pixel in row)
    chosen = {}
    for pixel, _ in exact.most_common():
        chosen.setdefault(tuple(part & 0xF0 for part in pixel), pixel)
    palette = [chosen[shade] for shade, _ in coarse.most_common(COLOURS)]
    index = {}
    for pixel in exact:
        index[pixel] = min(range(len(palette)), key=lambda n: sum((a - b) ** 2 for a, b in zip(palette[n], pixel)))
    data = b"".join(b"\0" + bytes(index[pixel] for pixel in row) for row in rows)
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", b"".join(bytes(colour) for colour in palette)),
        (b"IDAT", zlib.compress(data, 9)),
        (b"IEND", b""),
    ]
    def written(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return b"\x89PNG\r\n\x1a\n" + b"".join(written(*chunk) for chunk in chunks)


def served(registry):
    """The program with this registry, and its address."""
    command = [PROGRAM, "--registry", registry, "serve", "--listen", "127.0.0.1:0"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    for line in server.stderr:
        if found := re.search(r"http://[0-9.:]+", line):
            return server, found.group()
    sys.exit("the program did not start")


class Visit:
    """The demo's registry in a browser; each step is one of `PICTURES`."""

    def __init__(self, browser, address, registry):
        self.browser, self.address, self.registry = browser, address, registry

    def step(self, kind, where):
        steps = {"go": self.go, "press": self.browser.press, "open": self.open, "sign in": self.sign_in,
                 "certificate": self.certificate}
        steps[kind](where)

    def go(self, path):
        self.browser.go(self.address + path)

    def open(self, fold):
        self.browser.on(fold, "found.open = true")

    def sign_in(self, _):
        self.browser.on("#login", f"found.value = {LOGIN!r}")
        self.browser.on("#kennwort", f"found.value = {SECRET!r}")
        self.browser.press("form button")
        if self.browser.run("location.pathname") != "/":
            sys.exit("the sign-in was not accepted")

    def certificate(self, _):
        # The server hands it out as a file to keep; a reader opens it like this.
        self.browser.go(next(self.registry.glob("certificates/*.html")).as_uri())


def main():
    if not DEMO.exists():
        sys.exit(f"{DEMO} is missing: run `./run demo --once` first")
    with tempfile.TemporaryDirectory() as folder:
        registry = Path(folder) / "registratur"
        shutil.copytree(DEMO, registry, ignore=shutil.ignore_patterns("*.sock"))
        server, address = served(registry)
        browser = Browser(Path(folder) / "chromium")
        visit = Visit(browser, address, registry)
        try:
            for name, steps in PICTURES:
                for step in steps:
                    visit.step(*step)
                png = small(browser.picture())
                if len(png) > BYTES_MAX:
                    sys.exit(f"{name}: {len(png)} bytes, at most {BYTES_MAX}")
                (HERE / f"bilder/{name}.png").write_bytes(png)
                print(f"{name}.png  {len(png)} bytes")
        finally:
            browser.close()
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
