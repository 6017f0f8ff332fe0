"""pyspnego as the host's end of CredSSP: our client convinces it, hands it the password, and seals with it."""
import base64
import os
import ssl
import tempfile
import unittest
from pathlib import Path

import spnego
from spnego.tls import CredSSPTLSContext, default_tls_context, generate_tls_certificate

from tests.peers.test_pyspnego_host import field
from tests.support.credssp import turned_away
from tests.support.hostile import Crowd, Request, answer, attack, envelope, usual
from tests.support.service import ADMIN

PROTOCOL = "application/HTTP-CredSSP-session-encrypted"
CHUNK = 16384
LAST = b"--Encrypted Boundary--\r\n"
CERTIFICATE = generate_tls_certificate()


def tls_context(folder, newest, oldest=ssl.TLSVersion.TLSv1_2):
    made = default_tls_context(usage="accept")
    file = Path(folder) / "inner.pem"
    file.write_bytes(CERTIFICATE[0] + CERTIFICATE[1])
    made.context.load_cert_chain(file)
    if oldest < ssl.TLSVersion.TLSv1_2:
        made.context.set_ciphers("DEFAULT:@SECLEVEL=0")
    made.context.minimum_version, made.context.maximum_version = oldest, newest
    return CredSSPTLSContext(context=made.context, public_key=CERTIFICATE[2])


def opened(context, body):
    """What a sealed body holds, chunk by chunk."""
    clear = b""
    while b"application/octet-stream\r\n" in body:
        head, rest = body.split(b"application/octet-stream\r\n", 1)
        length = int(head.rsplit(b"Length=", 1)[1].split(b"\r\n")[0])
        size = int.from_bytes(rest[:4], "little")
        end = rest.index(b"--Encrypted Boundary", 4 + size + length)
        clear += context.unwrap_winrm(rest[4:4 + size], rest[4 + size:end])
        body = rest[end:]
    assert body == LAST, body
    return clear


def sealed(context, clear):
    """Body and Content-Type, as Windows sends them."""
    chunks = [clear[at:at + CHUNK] for at in range(0, len(clear), CHUNK)]
    body = b""
    for chunk in chunks:
        header, data, _ = context.wrap_winrm(chunk)
        body += (f"--Encrypted Boundary\r\n\tContent-Type: {PROTOCOL}\r\n"
                 f"\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length={len(chunk)}\r\n"
                 "--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n").encode()
        body += len(header).to_bytes(4, "little") + header + data
    kind = "multipart/x-multi-encrypted" if len(chunks) > 1 else "multipart/encrypted"
    return body + LAST, f'{kind};protocol="{PROTOCOL}";boundary="Encrypted Boundary"'


class Host:
    def __init__(self, tls, output=b"good\n"):
        self.tls, self.output = tls, output
        self.handed, self.versions, self.inner = [], set(), set()

    def log_on(self, talk):
        context = spnego.server(protocol="credssp", credssp_tls_context=self.tls)
        while request := talk.request():
            token = field(request.head, b"Authorization").removeprefix("CredSSP ")
            try:
                said = context.step(base64.b64decode(token))
            except spnego.exceptions.SpnegoError:
                talk.say(turned_away())
                return None
            if context.complete:
                self.handed.append(context.get_extra_info("client_credential"))
                self.versions.add(context.get_extra_info("protocol_version"))
                self.inner.add(context.get_extra_info("ssl_object").version())
                talk.say(answer(b""))
                return context
            talk.say(turned_away(said or b""))
        return None

    def __call__(self, talk):
        context = self.log_on(talk)
        while context and (request := talk.request()):
            clear = Request(request.head, opened(context, request.body))
            talk.host.requests.append(clear)
            said = usual(clear).replace(base64.b64encode(b"good\n").decode(), base64.b64encode(self.output).decode())
            body, kind = sealed(context, envelope(clear, said))
            talk.say(answer(body, kind=kind))


class CredSsp(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        users = Path(cls.folder) / "users"
        users.write_text(f"LAB:{ADMIN[0]}:{ADMIN[1]}\n:{ADMIN[0]}:{ADMIN[1]}\nLAB:Günter:Gruß-€\n")
        os.environ["NTLM_USER_FILE"] = str(users)
        cls.addClassCleanup(os.environ.pop, "NTLM_USER_FILE")

    def run_against(self, host, *options, user=ADMIN[0], password=ADMIN[1]):
        with Crowd({"host": host}) as crowd:
            return attack("run", crowd.url("host"), "-u", user, "--transport", "credssp", *options, "--", "echo good", password=password)

    def test_a_sealed_command_in_each_version_of_tls(self):
        for newest, name in ((ssl.TLSVersion.TLSv1_3, "TLSv1.3"), (ssl.TLSVersion.TLSv1_2, "TLSv1.2")):
            with self.subTest(name):
                host = Host(tls_context(self.folder, newest))
                ran = self.run_against(host)
                self.assertEqual((ran.code, ran.stdout), (0, b"good\n"), ran)
                self.assertEqual((host.versions, host.inner), ({6}, {name}))
                self.assertTrue(all((one.domain_name, one.username, one.password) == ("", *ADMIN) for one in host.handed), host.handed)

    def test_tls_1_0_where_it_is_asked_for(self):
        host = Host(tls_context(self.folder, ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1), b"x" * 100_000)
        ran = self.run_against(host, "--credssp-disable-tls12")
        self.assertEqual((ran.code, len(ran.stdout), host.inner), (0, 100_000, {"TLSv1"}), ran)

    def test_a_megabyte_in_many_chunks(self):
        ran = self.run_against(Host(tls_context(self.folder, ssl.TLSVersion.TLSv1_3), b"x" * 1_000_000))
        self.assertEqual((ran.code, len(ran.stdout)), (0, 1_000_000))

    def test_a_domain_and_a_foreign_name(self):
        host = Host(tls_context(self.folder, ssl.TLSVersion.TLSv1_3))
        ran = self.run_against(host, user="LAB\\Günter", password="Gruß-€")
        self.assertEqual((ran.code, ran.stdout), (0, b"good\n"), ran)
        self.assertEqual({(one.domain_name, one.username, one.password) for one in host.handed}, {("LAB", "Günter", "Gruß-€")})

    def test_a_wrong_password(self):
        host = Host(tls_context(self.folder, ssl.TLSVersion.TLSv1_3))
        ran = self.run_against(host, password="wrong")
        self.assertEqual((ran.code, host.handed), (4, []), ran)
        self.assertIn("auth.rejected", ran.stderr)


if __name__ == "__main__":
    unittest.main()
