"""A mail server with TLS that says what it should not. Arguments: certificate, key, what it does; it says its port. For
tests/mail.rs."""

import re
import socket
import ssl
import sys
import time

CERTIFICATE, KEY, WHAT = sys.argv[1:]
DATE = b'"17-Jul-2026 02:44:25 +0200"'


def body(asked):
    most = int(re.search(rb"<0\.(\d+)>", asked).group(1))
    if WHAT == "of another":
        return 8, b"foo\n"
    if WHAT == "larger than said":
        return 7, b"x" * most
    if WHAT == "heedless":
        return 7, b"x" * (3 * most)
    if WHAT == "empty":
        return 7, b""
    return 7, b"Subject: x\r\n\r\ny\r\n"


def data(asked, line):
    """What comes before the tagged answer."""
    if b" CAPABILITY" in asked:
        return b"* CAPABILITY IMAP4rev1" + (b"" if WHAT == "cannot move" else b" MOVE") + b"\r\n"
    if b" SELECT " in asked:
        return b"" if WHAT == "no numbers" else b"* OK [UIDVALIDITY 17] valid\r\n"
    if b" SEARCH " in asked:
        if WHAT == "a line without end":
            while True:
                line.sendall(b"* SEARCH" + b" 1" * 10_000)
        if WHAT == "lines without end":
            while True:
                line.sendall(b"* 1 EXISTS\r\n" * 1_000)
        if WHAT == "deep brackets":
            return b"* 1 FETCH (BODYSTRUCTURE " + b"(" * 100_000 + b"\r\n"
        if WHAT == "a run without end":
            return b"* 1 FETCH (BODY[] {4000000000}\r\n"
        if WHAT == "no IMAP":
            return b"\x00\xff\r\n"
        if WHAT == "goodbye":
            return b"* BYE\r\n"
        if WHAT == "silent":
            time.sleep(600)
        return b"* SEARCH 7\r\n"
    if b"RFC822.SIZE" in asked:
        return b"* 1 FETCH (UID 7 RFC822.SIZE 100 INTERNALDATE " + DATE + b")\r\n"
    if b"BODY.PEEK" in asked:
        uid, content = body(asked)
        return b"* 1 FETCH (UID %d BODY[]<0> {%d}\r\n%s)\r\n" % (uid, len(content), content)
    return b""


def serve(line):
    heard = line.makefile("rb")
    line.sendall(b"* OK ready\r\n")
    for asked in heard:
        tag = asked.split()[0]
        while run := re.search(rb"\{(\d+)\}\r\n$", asked):
            line.sendall(b"+ go on\r\n")
            heard.read(int(run.group(1)))
            asked = heard.readline()
        line.sendall(data(asked, line) if asked.strip() else b"")
        line.sendall(tag + b" OK done\r\n")


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(CERTIFICATE, KEY)
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    try:
        with context.wrap_socket(listener.accept()[0], server_side=True) as line:
            serve(line)
    except OSError:
        pass  # whoever asked has gone
