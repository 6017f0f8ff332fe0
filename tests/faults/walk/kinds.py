"""The faults: what each does to a message. A garbling kind gives the changed bytes, or None where a message has nothing of that kind.

The way is `>` for requests and `<` for answers.
"""
import re

# Nothing of it comes, or a part of it, and the connection ends.
CLOSING = ("before", "cut-head", "cut-body")
# Nothing of it comes, or half of it, and the connection stays open.
SILENT = ("stall", "stall-mid")
# The host does it, and somebody else says in its place that it was refused: a restarted service does, and anybody on the way can.
FORGED = {"401": b'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Negotiate\r\nWWW-Authenticate: Basic realm="WSMAN"\r\nContent-Length: 0\r\n\r\n',
          "403": b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
          "503": b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"}
# All of it comes: one byte after the other, or with a pause in its middle that is shorter than what is waited for.
LATE = ("drip", "pause")
PAUSE = 0.5  # Seconds.
# All of it comes, and then the connection ends. Only for answers: a request that came whole, whose answer does not, is `< before`.
AFTER = "after"


def flip(data, at, bits):
    return data[:at] + bytes([data[at] ^ bits]) + data[at + 1:]


def in_header(unit, pattern, bits, offset=0):
    found = re.search(pattern, unit.data[:unit.head], re.I)
    return flip(unit.data, found.end() + offset, bits) if found else None


def line(unit, way):
    """The first byte: no longer HTTP."""
    return flip(unit.data, 0, 0x20)


def status(unit, way):
    """200 becomes 300: what was done looks like a redirection."""
    return in_header(unit, rb"^HTTP/1.1 (?=200)", 0x01) if way == "<" else None


def media_type(unit, way):
    """Content-Type becomes Conuent-Type, so that the body is of no known kind."""
    return in_header(unit, rb"\r\nCon(?=tent-Type:)", 0x01) if unit.body else None


def length(unit, way):
    """One digit more: the peer waits for bytes that never come."""
    found = re.search(rb"\r\nContent-Length: *", unit.data[:unit.head], re.I)
    return unit.data[:found.end()] + b"1" + unit.data[found.end():] if found else None


def token(unit, way):
    """The log-on token, or Basic's user and password: a bit of its text."""
    name = rb"\r\nAuthorization: \w+ " if way == ">" else rb"\r\nWWW-Authenticate: \w+ (?=\w{20})"
    found = re.search(name + rb"([\w+/=]+)", unit.data[:unit.head], re.I)
    if not found:
        return None
    # NTLM's third message: in its MIC ([MS-NLMP] 2.2.1.3), which only its receiver's key can tell. Else near the beginning.
    at = found.start(1) + (106 if len(found[1]) > 200 and way == ">" else 4)
    return unit.data[:at] + (b"A" if unit.data[at:at + 1] != b"A" else b"B") + unit.data[at + 1:]


def sealed_at(unit):
    found = re.search(rb"application/octet-stream\r\n", unit.data[unit.head:])
    return unit.head + found.end() + 4 if found else None  # Behind the length of the signature.


def signature(unit, way):
    """In the checksum of the NTLM signature ([MS-NLMP] 2.2.2.9.1)."""
    at = sealed_at(unit)
    return flip(unit.data, at + 4, 0x01) if at else None


def data(unit, way):
    """In the middle of what is sealed."""
    at = sealed_at(unit)
    return flip(unit.data, (at + 16 + len(unit.data)) // 2, 0x01) if at else None


def xml(unit, way):
    """The last tag is none any more: not XML."""
    at = unit.data.rfind(b"<", unit.head)
    return flip(unit.data, at, 0x40) if at >= 0 and not sealed_at(unit) else None


def ids(unit, way):
    """Another MessageID, or another RelatesTo: the answer belongs to another request."""
    name = rb":MessageID[^>]*>uuid:" if way == ">" else rb":RelatesTo[^>]*>uuid:"
    found = re.search(name, unit.data[unit.head:])
    if not found:
        return None
    at = unit.head + found.end()
    return unit.data[:at] + (b"A" if unit.data[at:at + 1] not in b"aA" else b"B") + unit.data[at + 1:]


def other_command(message):
    """The same Command with another CommandId."""
    at = message.index(b'CommandId="') + len('CommandId="')
    return message[:at] + (b"A" if message[at:at + 1] not in b"aA" else b"B") + message[at + 1:]


GARBLING = {"line": line, "status": status, "type": media_type, "length": length, "token": token,
            "signature": signature, "data": data, "xml": xml, "id": ids}


def garbled_record(unit, way):
    """In the middle of a TLS record's payload."""
    return flip(unit.data, (unit.head + len(unit.data)) // 2, 0x01)


def garbled_record_length(unit, way):
    """In the length of a TLS record: the peer waits for 8 KiB more than there are."""
    return flip(unit.data, 3, 0x20) if unit.data[3] < 0x20 else None


TLS_GARBLING = {"payload": garbled_record, "header": garbled_record_length}


def applies(kind, unit, way, garbling):
    """Whether this fault can happen to this message."""
    if kind == AFTER or kind in FORGED:
        return way == "<"
    if kind == "cut-body":
        return len(unit.body) > 1
    return kind not in garbling or garbling[kind](unit, way) is not None
