"""A WinRM client in a few lines over a raw connection: a test can hold several, and step each message by itself."""
import base64
import re
import struct

from tests.support import soap
from tests.support.ntlm import Ntlm
from tests.support.raw_http import Raw, request
from tests.support.service import ADMIN

MULTIPART = "multipart/encrypted"
PROTOCOL = "application/HTTP-SPNEGO-session-encrypted"
BOUNDARY = "Encrypted Boundary"
SEALED_TYPE = f'{MULTIPART};protocol="{PROTOCOL}";boundary="{BOUNDARY}"'


def basic(account):
    return "Basic " + base64.b64encode(f"{account[0]}:{account[1]}".encode()).decode()


def negotiate(token):
    return "Negotiate " + base64.b64encode(token).decode()


def token_in(answer):
    """The token of a Negotiate challenge; None when there is none."""
    words = [value.split(None, 1) for value in answer.all("www-authenticate")]
    found = [word[1] for word in words if word[0].lower() == "negotiate" and len(word) == 2]
    return base64.b64decode(found[0]) if found else None


def multipart(signature, sealed, length, boundary=BOUNDARY, kind=soap.SOAP_TYPE, signature_length=None):
    size = len(signature) if signature_length is None else signature_length
    return (f"--{boundary}\r\n\tContent-Type: {PROTOCOL}\r\n\tOriginalContent: type={kind};Length={length}\r\n"
            f"--{boundary}\r\n\tContent-Type: application/octet-stream\r\n").encode() + struct.pack("<I", size) + \
        signature + sealed + f"--{boundary}--\r\n".encode()


def parts(body):
    """Signature and sealed bytes of a multipart answer."""
    rest = body.split(b"application/octet-stream\r\n", 1)[1]
    size = struct.unpack("<I", rest[:4])[0]
    return rest[4:4 + size], re.sub(rb"--Encrypted Boundary--\r\n$", b"", rest[4 + size:])


def forgive(port, account=ADMIN):
    """Logs on rightly, so that the service forgets the account's wrong passwords: tests that try many are not held up."""
    with WinRM(port, account=account):
        pass


class WinRM:
    """One connection of one account. `how`: "ntlm" (sealed where there is no TLS), "spnego", "basic"."""

    def __init__(self, port, ca=None, account=ADMIN, how="ntlm", address="127.0.0.1"):
        self.raw = Raw(port, ca, address)
        self.account, self.how, self.sealed = account, how, how != "basic" and not ca
        self.fields = []
        self.ntlm = None

    def __enter__(self):
        try:
            self.log_on()
        except BaseException:
            self.raw.socket.close()
            raise
        return self

    def __exit__(self, *_):
        self.raw.socket.close()

    def log_on(self):
        """The last answer of the handshake."""
        if self.how == "basic":
            self.fields = [("Authorization", basic(self.account))]
            return None
        self.ntlm = Ntlm(self.account[0], self.account[1], spnego=self.how == "spnego")
        first = self.raw.ask(fields=[("Authorization", negotiate(self.ntlm.negotiate()))])
        if first is None:
            raise ConnectionError("closed before the challenge")
        challenge = token_in(first)
        done = self.raw.ask(fields=[("Authorization", negotiate(self.ntlm.authenticate(challenge)))])
        if done is None or done.status != 200:
            raise AssertionError(f"not logged on as {self.account[0]}: {done}")
        return done

    def write(self, xml):
        """Sends without waiting for the answer."""
        self.raw.send(self.bytes_of(xml))

    def bytes_of(self, xml, **how):
        body, kind = xml.encode() if isinstance(xml, str) else xml, soap.SOAP_TYPE
        if self.sealed:
            signature, data = self.ntlm.seal(body)
            body, kind = multipart(signature, data, len(body)), SEALED_TYPE
        return request(body, [*self.fields, ("Content-Type", kind)], **how)

    def read(self):
        """Status and XML of the next answer; None when the service closes."""
        answer = self.raw.answer()
        if answer is None:
            return None
        if answer.first("content-type").startswith(MULTIPART):
            answer.body = self.ntlm.unseal(*parts(answer.body))
        return answer.status, answer.body.decode()

    def ask(self, xml):
        self.write(xml)
        return self.read()

    def well(self, xml):
        """The XML of an answer that must be a success."""
        found = self.ask(xml)
        if found is None or found[0] != 200:
            raise AssertionError(f"refused: {found}")
        return found[1]

    def fault(self, xml):
        """The code of an answer that must be a fault."""
        found = self.ask(xml)
        if found is None or found[0] != 500 or soap.code_of(found[1]) is None:
            raise AssertionError(f"no fault: {found}")
        return soap.code_of(found[1])

    def create(self, **more):
        return soap.shell_of(self.well(soap.create(**more)))

    def command(self, shell, line, **more):
        return soap.value_of(self.well(soap.command(shell, line, **more)), "CommandId")

    def collect(self, shell, command):
        """Output and exit code of a command to its end."""
        out = b""
        while True:
            status, xml = self.ask(soap.receive(shell, command))
            if status != 200 and soap.code_of(xml) != soap.TIMED_OUT:
                raise AssertionError(f"Receive failed: {xml}")
            out += soap.output_of(xml)
            if status == 200 and soap.is_done(xml):
                return out, soap.exit_code_of(xml)

    def run(self, line):
        """A command in a shell of its own, from Create to Delete."""
        shell = self.create()
        found = self.collect(shell, self.command(shell, line))
        self.well(soap.delete(shell))
        return found
