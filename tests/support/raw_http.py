"""HTTP as bytes: says exactly what a test wants said, right or wrong, and reads what comes back."""
import socket
import ssl
from dataclasses import dataclass, field

from tests.support.service import DEADLINE


@dataclass
class Answer:
    status: int
    fields: list = field(default_factory=list)  # (name in lower case, value), as they came.
    body: bytes = b""

    def all(self, name):
        return [value for key, value in self.fields if key == name.lower()]

    def first(self, name):
        return next(iter(self.all(name)), "")


def request(body=b"", fields=(), method="POST", target="/wsman", version="HTTP/1.1", host="127.0.0.1", length=True):
    """Bytes of one request. `fields` are (name, value); nothing is checked, which is the point."""
    lines = [f"{method} {target} {version}"] + ([f"Host: {host}"] if host else [])
    lines += [f"{name}: {value}" for name, value in fields]
    lines += [f"Content-Length: {len(body)}"] if length else []
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def chunked(body, trailer=b""):
    return (f"{len(body):x}".encode() + b"\r\n" + body + b"\r\n" if body else b"") + b"0\r\n" + trailer + b"\r\n"


class Raw:
    """One connection. Use as a context manager."""

    def __init__(self, port, ca=None, address="127.0.0.1", seconds=DEADLINE, session=None, context=None, source=None):
        self.socket = socket.create_connection((address, port), timeout=seconds, source_address=(source, 0) if source else None)
        self.data = b""
        self.tls = ca or context
        if self.tls:
            context = context or ssl.create_default_context(cafile=ca)
            self.context = context
            self.socket = context.wrap_socket(self.socket, server_hostname=address, session=session)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        """False when the service has closed meanwhile: its answer may be there all the same."""
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            return False
        return True

    def more(self):
        try:
            data = self.socket.recv(65536)
        except (ConnectionResetError, ssl.SSLEOFError):
            return False
        self.data += data
        return bool(data)

    def answer(self):
        """The next one; None when the service closes instead. Silence beyond the deadline is a failure (TimeoutError)."""
        while b"\r\n\r\n" not in self.data:
            if not self.more():
                return None
        head, self.data = self.data.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        pairs = [line.split(":", 1) for line in lines[1:]]
        found = Answer(int(lines[0].split()[1]), [(name.strip().lower(), value.strip()) for name, value in pairs])
        if found.status < 200:
            return self.answer()
        length = int(found.first("content-length") or 0)
        while len(self.data) < length:
            if not self.more():
                return None
        found.body, self.data = self.data[:length], self.data[length:]
        return found

    def ask(self, body=b"", fields=(), **how):
        self.send(request(body, fields, **how))
        return self.answer()

    def closed(self):
        """Waits for the service to close; what it still says is dropped. True, or a TimeoutError."""
        while self.more():
            pass
        return True

    def answers(self):
        """All answers until the service closes."""
        found = []
        while (one := self.answer()) is not None:
            found.append(one)
        return found
