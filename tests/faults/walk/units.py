"""Where one message ends and the next begins: HTTP messages, or the records of TLS, which a proxy cannot look into."""
import asyncio
import re
from dataclasses import dataclass


@dataclass
class Unit:
    """One message or record. `head` is how many of its bytes are header."""
    data: bytes
    head: int

    @property
    def body(self):
        return self.data[self.head:]

    @property
    def goodbye(self):
        """An alert: both sides send one at the end of a connection. TLS 1.3 seals its type too (RFC 8446 6): two bytes, the type and the tag."""
        return self.data[:1] == b"\x15" or (self.data[:1] == b"\x17" and len(self.body) == 2 + 1 + 16)


async def http_message(reader):
    """The next HTTP message; None at the end. All messages of the conversation have a Content-Length, or no body."""
    try:
        header = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"\r\nContent-Length: *(\d+)\r\n", header, re.I)
        body = await reader.readexactly(int(length[1])) if length else b""
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    return Unit(header + body, len(header))


async def tls_record(reader):
    """RFC 8446 5.1: type, version, length, payload."""
    try:
        header = await reader.readexactly(5)
        return Unit(header + await reader.readexactly(int.from_bytes(header[3:], "big")), 5)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
