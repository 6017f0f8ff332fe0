"""CredSSP's messages and its inner TLS, for hosts that misbehave and for who stands in between."""
import base64
import re
import ssl
import struct
import subprocess


def _element(tag, content):
    size = len(content)
    length = bytes([size]) if size < 0x80 else b"\x81" + bytes([size]) if size < 0x100 else b"\x82" + struct.pack(">H", size)
    return bytes([tag]) + length + content


def _elements(content):
    while content:
        size, at = content[1], 2
        if size & 0x80:
            at += size & 0x7F
            size = int.from_bytes(content[2:at], "big")
        yield content[0], content[at:at + size]
        content = content[at + size:]


def ts_request(version=6, token=None, auth_info=None, proof=None, status=None, nonce=None):
    """[MS-CSSP] 2.2.1, in DER."""
    fields = [_element(0x02, bytes([version]))]
    fields.append(None if token is None else _element(0x30, _element(0x30, _element(0xA0, _element(0x04, token)))))
    fields += [None if part is None else _element(0x04, part) for part in (auth_info, proof)]
    fields.append(None if status is None else _element(0x02, struct.pack(">I", status)))
    fields.append(None if nonce is None else _element(0x04, nonce))
    return _element(0x30, b"".join(_element(0xA0 | i, field) for i, field in enumerate(fields) if field is not None))


def fields_of(message):
    """The fields of a TSRequest by number, each without its tag: 0 version, 1 token, 2 authInfo, 3 proof, 4 status, 5 nonce."""
    [(_, content)] = _elements(message)
    found = {}
    for tag, field in _elements(content):
        [(_, value)] = _elements(field)
        for _ in range(3 if tag == 0xA1 else 0):
            [(_, value)] = _elements(value)
        found[tag & 0x1F] = value
    return found


def make_certificate(folder, kind=("-newkey", "rsa:2048")):
    certificate, key = folder / "inner.pem", folder / "inner.key"
    subprocess.run(["openssl", "req", "-x509", *kind, "-nodes", "-days", "2", "-subj", "/CN=inner", "-keyout", key, "-out", certificate],
                   check=True, capture_output=True)
    return certificate, key


class InnerTls:
    """Either end of TLS without a socket."""

    def __init__(self, certificate=None, oldest=ssl.TLSVersion.TLSv1_2, newest=ssl.TLSVersion.TLSv1_2):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if certificate else ssl.PROTOCOL_TLS_CLIENT)
        if certificate:
            context.load_cert_chain(*certificate)
        else:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version, context.maximum_version = oldest, newest
        self.input, self.output = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.input, self.output, server_side=bool(certificate))
        self.connected = False

    def handshake(self, token):
        """What to send; a refusal is an alert."""
        self.input.write(token)
        try:
            self.tls.do_handshake()
            self.connected = True
        except ssl.SSLError:
            pass
        return self.output.read()

    def seal(self, clear):
        self.tls.write(clear)
        return self.output.read()

    def open(self, records):
        self.input.write(records)
        clear = b""
        while True:
            try:
                clear += self.tls.read()
            except ssl.SSLWantReadError:
                return clear


def token_of(head):
    """The token of a request's Authorization, or of an answer's WWW-Authenticate; None without one."""
    found = re.search(rb"(?im)^(?:Authorization|WWW-Authenticate): *CredSSP +([^\s]+)", head)
    return base64.b64decode(found[1]) if found else None


def turned_away(token=b""):
    field = b"WWW-Authenticate: CredSSP" + (b" " + base64.b64encode(token) if token else b"")
    return b"HTTP/1.1 401 Unauthorized\r\n" + field + b"\r\nContent-Length: 0\r\n\r\n"
