"""A KDC that gives every request the same refusal."""
import struct

from tests.support.credssp import _element


def _numbered(number, tag, content):
    return _element(0xA0 | number, _element(tag, content))


def refusal(code, realm, client_realm, time=b"20260101000000Z"):
    """KRB-ERROR, RFC 4120 5.9.1."""
    name = _element(0x30, _numbered(0, 0x02, b"\x02") + _numbered(1, 0x30, _element(0x1B, b"krbtgt") + _element(0x1B, realm.encode())))
    fields = [_numbered(0, 0x02, b"\x05"), _numbered(1, 0x02, b"\x1e"), _numbered(4, 0x18, time), _numbered(5, 0x02, b"\x00"),
              _numbered(6, 0x02, bytes([code])), _numbered(7, 0x1B, client_realm.encode()), _numbered(9, 0x1B, realm.encode()), _element(0xAA, name)]
    return _element(0x7E, _element(0x30, b"".join(fields)))


def _receive(connection, size):
    data = b""
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            return None
        data += more
    return data


def answer_all(message):
    """What a BadServer serves: each framed request gets `message()`."""
    def serve(connection):
        while head := _receive(connection, 4):
            if _receive(connection, struct.unpack(">I", head)[0]) is None:
                return
            said = message()
            connection.sendall(struct.pack(">I", len(said)) + said)
    return serve
