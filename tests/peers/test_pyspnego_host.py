"""pyspnego as the host's end of NTLM and SPNEGO: what our client says convinces somebody who did not learn it from us."""
import base64
import hashlib
import os
import re
import ssl
import subprocess
import tempfile
import unittest
from pathlib import Path

import spnego
from spnego.channel_bindings import GssChannelBindings

from tests.support.hostile import Crowd, Request, answer, attack, envelope, usual
from tests.support.service import ADMIN
from tests.support.winrm import SEALED_TYPE, multipart, parts


def field(head, name):
    found = re.search(rb"(?im)^" + name + rb": *([^\r\n]+)", head)
    return found[1].decode() if found else ""


def turned_away(*challenges):
    return answer(b"", "401 Unauthorized", headers=[f"WWW-Authenticate: Negotiate {text}".rstrip() for text in challenges])


def binding_of(certificate):
    """tls-server-end-point (RFC 5929 4.1) of a certificate that is signed with SHA-256."""
    der = ssl.PEM_cert_to_DER_cert(Path(certificate).read_text())
    return GssChannelBindings(application_data=b"tls-server-end-point:" + hashlib.sha256(der).digest())


class Host:
    """Logs a connection on with pyspnego, opens what it is sent, and answers as a good host does, sealed."""

    def __init__(self, protocol, output=b"good\n", binding=None):
        self.protocol, self.output, self.binding = protocol, output, binding
        self.contexts = []

    def log_on(self, talk):
        """The context of the connection once the client has proven itself; None when it left or was refused."""
        options = spnego.NegotiateOptions.use_ntlm if self.protocol == "ntlm" else spnego.NegotiateOptions.use_negotiate
        context = spnego.server(protocol=self.protocol, options=options, channel_bindings=self.binding)
        while request := talk.request():
            token = field(request.head, b"Authorization").removeprefix("Negotiate ")
            try:
                said = context.step(base64.b64decode(token))
            except spnego.exceptions.SpnegoError:
                talk.say(turned_away(""))
                return None
            text = base64.b64encode(said).decode() if said else ""
            if context.complete:
                talk.say(answer(b"", headers=[f"WWW-Authenticate: Negotiate {text}"] if text else []))
                self.contexts.append(context)
                return context
            talk.say(turned_away(text))
        return None

    def __call__(self, talk):
        context = self.log_on(talk)
        while context and (request := talk.request()):
            if SEALED_TYPE.split(";")[0] not in field(request.head, b"Content-Type"):  # Inside TLS there is nothing to seal.
                talk.say(answer(envelope(request, usual(request))))
                continue
            signature, data = parts(request.body)
            opened = Request(request.head, context.unwrap(signature + data).data)
            talk.host.requests.append(opened)
            said = usual(opened).replace(base64.b64encode(b"good\n").decode(), base64.b64encode(self.output).decode())
            clear = envelope(opened, said)
            whole = context.wrap(clear).data
            talk.say(answer(multipart(whole[:16], whole[16:], len(clear)), kind=SEALED_TYPE))


class EitherWay:
    protocol, transport = "", ""

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        users = cls.folder / "users"
        users.write_text(f"LAB:{ADMIN[0]}:{ADMIN[1]}\n:{ADMIN[0]}:{ADMIN[1]}\nLAB:Günter:Gruß-€\n")
        os.environ["NTLM_USER_FILE"] = str(users)
        cls.addClassCleanup(os.environ.pop, "NTLM_USER_FILE")

    def run_against(self, host, user=ADMIN[0], password=ADMIN[1]):
        with Crowd({"host": host}) as crowd:
            return attack("run", crowd.url("host"), "-u", user, "--transport", self.transport, "--", "echo good", password=password)

    def test_a_sealed_command(self):
        host = Host(self.protocol)
        ran = self.run_against(host)
        self.assertEqual((ran.code, ran.stdout), (0, b"good\n"), ran)
        self.assertTrue(host.contexts)

    def test_a_megabyte_sealed(self):
        ran = self.run_against(Host(self.protocol, b"x" * 1_000_000))
        self.assertEqual((ran.code, len(ran.stdout)), (0, 1_000_000))

    def test_a_domain_and_a_foreign_name(self):
        for user, password, principal in ((f"LAB\\{ADMIN[0]}", ADMIN[1], f"LAB\\{ADMIN[0]}"), ("LAB\\Günter", "Gruß-€", "LAB\\Günter")):
            host = Host(self.protocol)
            ran = self.run_against(host, user, password)
            self.assertEqual((ran.code, ran.stdout), (0, b"good\n"), ran)
            self.assertEqual({context.client_principal for context in host.contexts}, {principal})

    def test_a_wrong_password(self):
        host = Host(self.protocol)
        ran = self.run_against(host, password="wrong")
        self.assertEqual((ran.code, host.contexts), (4, []), ran)
        self.assertIn("auth.rejected", ran.stderr)


    def test_the_channel_is_bound(self):
        """pyspnego wants the binding as soon as it has one itself."""
        certificate, key = self.folder / "cert.pem", self.folder / "key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-sha256", "-nodes", "-days", "2",
                        "-subj", "/CN=127.0.0.1", "-keyout", key, "-out", certificate], check=True, capture_output=True)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, key)
        for more, code in (((), 0), (("--send-cbt", "no"), 4)):
            with self.subTest(more), Crowd({"host": Host(self.protocol, binding=binding_of(certificate))}, tls) as crowd:
                ran = attack("run", crowd.url("host", "https"), "-u", ADMIN[0], "--transport", self.transport, "--cert-validation", "ignore", *more,
                             "--", "echo good")
                self.assertEqual((ran.code, ran.stdout), (code, b"" if code else b"good\n"), ran)


class Raw(EitherWay, unittest.TestCase):
    protocol = transport = "ntlm"


class InSpnego(EitherWay, unittest.TestCase):
    protocol = transport = "negotiate"


if __name__ == "__main__":
    unittest.main()
