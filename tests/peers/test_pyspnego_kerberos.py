"""pyspnego as either end of CredSSP with Kerberos inside, over the library's own GSSAPI."""
import base64
import http.client
import os
import ssl
import tempfile
import unittest

import spnego

from tests.peers.test_pyspnego_credssp import Host, opened, sealed, tls_context
from tests.support import kdc as kerberos
from tests.support.hostile import Crowd, attack
from tests.support.kdc import PASSWORD, REALM, Kdc
from tests.support.service import Service
from tests.support.soap import IDENTIFY

ALICE = f"alice@{REALM}"


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if reason := kerberos.missing():
            raise unittest.SkipTest(reason)
        cls.kdc = cls.enterClassContext(Kdc())
        given = {**cls.kdc.environment, "KRB5_KTNAME": str(cls.kdc.keytab)}  # The libraries in this process read them.
        kept = {name: os.environ.get(name) for name in given}
        cls.addClassCleanup(lambda: [os.environ.pop(n, None) if v is None else os.environ.__setitem__(n, v) for n, v in kept.items()])
        os.environ.update(given)


class Inner:
    """Notes which mechanism was at work inside."""

    def __init__(self):
        self.seen = set()

    def note(self, context):
        self.seen.add(context._auth_context.negotiated_protocol)


class AsTheHost(Case):
    def test_our_client_logs_on_and_hands_the_password_over(self):
        folder, inner = self.enterContext(tempfile.TemporaryDirectory()), Inner()

        class Noting(Host):
            def log_on(self, talk):
                context = super().log_on(talk)
                if context:
                    inner.note(context)
                return context

        for newest in (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2):
            with self.subTest(newest.name):
                host = Noting(tls_context(folder, newest))
                with Crowd({"host": host}) as crowd:
                    ran = attack("run", crowd.url("host"), "-u", ALICE, "--transport", "credssp", "--kerberos-hostname", "localhost",
                                 "-e", "ansible_winrm_credssp_auth_mechanism=kerberos", "--", "echo good", password=PASSWORD)
                self.assertEqual((ran.code, ran.stdout), (0, b"good\n"), ran)
                self.assertTrue(host.handed and all((one.username, one.password) == (ALICE, PASSWORD) for one in host.handed), host.handed)
        self.assertEqual(inner.seen, {"kerberos"})


class AsTheClient(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service = cls.enterClassContext(Service(["Service/Auth/CredSSP=true"], accounts=[("alice", PASSWORD, ["--admin"])],
                                                    options=["--keytab", str(cls.kdc.keytab)], environment=cls.kdc.environment))

    def post(self, body=b"", **headers):
        self.connection.request("POST", "/wsman", body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = self.connection.getresponse()
        return answer.status, answer.read(), answer.getheader("WWW-Authenticate") or ""

    def test_our_service_lets_it_in_and_answers_sealed(self):
        self.connection = http.client.HTTPConnection("127.0.0.1", self.service.port("http"), timeout=30)
        self.addCleanup(self.connection.close)
        context = spnego.client(ALICE, PASSWORD, hostname="localhost", service="HTTP", protocol="credssp")
        token, status = context.step(), 401
        while token and status == 401:
            status, _, field = self.post(Authorization="CredSSP " + base64.b64encode(token).decode())
            said = base64.b64decode(field.removeprefix("CredSSP").strip())
            token = context.step(said) if said and not context.complete else None
        self.assertEqual((status, context.complete, context._auth_context.negotiated_protocol), (200, True, "kerberos"))
        body, kind = sealed(context, IDENTIFY.encode())
        status, answer, _ = self.post(body, Content_Type=kind)
        self.assertEqual(status, 200)
        self.assertIn(b"IdentifyResponse", opened(context, answer))
        self.assertIn("CredSSP (kerberos)", self.service.log.read_text())


if __name__ == "__main__":
    unittest.main()
