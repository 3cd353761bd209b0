#!/usr/bin/env python3
"""Parses mails with Python's email package and compares them with the .json beside each.

usage: check.py FILE.eml...    Prints what differs; exit status 1 if anything does.
"""
import datetime
import hashlib
import json
import pathlib
import re
import sys
from email import message_from_bytes, policy


def wire(address):
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"


def mailboxes(mail, header):
    value = mail[header]
    return [(a.display_name, a.addr_spec) for a in value.addresses] if value is not None else []


def lines(text):
    return None if text is None else text.replace("\r\n", "\n").replace("\r", "\n")


def defects(mail):
    for part in mail.walk():
        yield from part.defects
        for name, value in part.items():
            for defect in value.defects:
                # The file name stands there in two forms on purpose (RFC 2231's and ASCII).
                if name == "Content-Disposition" and "duplicate parameter name" in str(defect):
                    continue
                yield f"{name}: {defect!r}"


def shape(raw):
    """What holds of every mail on the wire."""
    if re.search(rb"(?<!\r)\n|\r(?!\n)", raw):
        yield "a line break that is not CRLF"
    if any(byte > 126 for byte in raw):
        yield "a byte beyond ASCII"
    for line in raw.split(b"\r\n"):
        if len(line) > 998:
            yield f"a line of {len(line)} bytes"
        if b"=?UTF-8?" in line and len(line) > 76:
            yield f"a line of {len(line)} bytes with an encoded word"
    for word in re.findall(rb"=\?UTF-8\?[BQ]\?[^?]*\?=", raw):
        if len(word) > 75:
            yield f"an encoded word of {len(word)} bytes"


def check(path):
    raw = path.read_bytes()
    want = json.loads(path.with_suffix(".json").read_text("utf-8"))
    mail = message_from_bytes(raw, policy=policy.default)
    yield from shape(raw)
    yield from (f"defect {d}" for d in defects(mail))

    def differs(what, got, wanted):
        if got != wanted:
            yield f"{what}: got {got!r}, want {wanted!r}"

    for header, key in [("From", "from"), ("Reply-To", "replyTo"), ("To", "to"), ("Cc", "cc"), ("Bcc", "bcc")]:
        yield from differs(header, mailboxes(mail, header), [(m.get("name", ""), wire(m["address"])) for m in want[key]])
    yield from differs("Subject", mail["Subject"], want["subject"])
    yield from differs("Date", mail["Date"].datetime, datetime.datetime.fromisoformat(want["date"]))
    yield from differs("Message-ID", mail["Message-ID"], want.get("messageID"))
    for header, value in want["headers"].items():
        yield from differs(header, mail[header], value)
    for name in set(mail.keys()):
        yield from differs(f"number of {name}", len(mail.get_all(name)), 1)

    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    yield from differs("text", lines(text and text.get_content()), lines(want["text"]))
    yield from differs("html", lines(html and html.get_content()), lines(want.get("html")))

    got = []
    for part in mail.iter_attachments() if mail.get_content_type() == "multipart/mixed" else []:
        content = part.get_payload(decode=True)
        got.append({
            "name": part.get_filename(),
            "contentType": part.get_content_type(),
            "sizeInBytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        })
    yield from differs("attachments", got, want["attachments"])


def main():
    bad = 0
    for name in sys.argv[1:]:
        for difference in check(pathlib.Path(name)):
            print(f"{name}: {difference}")
            bad += 1
    return 1 if bad or len(sys.argv) < 2 else 0


sys.exit(main())
