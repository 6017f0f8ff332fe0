"""Other people's clients with a client certificate: asked for at the handshake, after it (TLS 1.3) and by negotiating anew (TLS 1.2)."""
import os
import subprocess
import sys
import unittest

from winrm.exceptions import InvalidCredentialsError
from winrm.protocol import Protocol

from pypsrp.exceptions import AuthenticationError

from tests.e2e.test_certificates import AT_HANDSHAKE, LATER, Mapped, create, only_tls12
from tests.peers.clients import pypsrp, pypsrp_run, pywinrm_run
from tests.support.service import ROOT


class EveryPeer(Mapped):
    def pywinrm(self, certificate, key):
        return Protocol(endpoint=self.service.https, transport="certificate", cert_pem=str(certificate), cert_key_pem=str(key), ca_trust_path=self.service.ca,
                        proxy=None)

    def pypsrp(self, certificate, key):
        return pypsrp(self.service.https, self.service.ca, (None, None), "certificate", certificate_pem=str(certificate), certificate_key_pem=str(key))

    def test_pywinrm(self):
        answer = pywinrm_run(self.pywinrm(self.certificate, self.key), "echo out; cat; exit 3", stdin=b"in\n")
        self.assertEqual((answer.stdout, answer.code), (b"out\nin\n", 3))

    def test_pypsrp(self):
        answer = pypsrp_run(self.pypsrp(self.certificate, self.key), "echo out; cat; exit 3", stdin=b"in\n")
        self.assertEqual((answer.stdout, answer.code), (b"out\nin\n", 3))

    def test_a_strangers_is_refused(self):
        stranger = create(self.folder / "stranger")[:2]
        with self.assertRaises(InvalidCredentialsError):
            self.pywinrm(*stranger).open_shell()
        with self.assertRaises(AuthenticationError):
            pypsrp_run(self.pypsrp(*stranger), "echo never")

    def test_the_same_under_tls_12(self):
        """In a process of its own: OpenSSL reads its configuration once."""
        code = ("import sys; from tests.peers.clients import pywinrm_run, pypsrp, pypsrp_run; from winrm.protocol import Protocol\n"
                "url, ca, certificate, key = sys.argv[1:]\n"
                "one = Protocol(endpoint=url, transport='certificate', cert_pem=certificate, cert_key_pem=key, ca_trust_path=ca, proxy=None)\n"
                "print(pywinrm_run(one, 'echo one').stdout)\n"
                "two = pypsrp(url, ca, (None, None), 'certificate', certificate_pem=certificate, certificate_key_pem=key)\n"
                "print(pypsrp_run(two, 'echo two').stdout)\n")
        done = subprocess.run([sys.executable, "-c", code, self.service.https, self.service.ca, str(self.certificate), str(self.key)], cwd=ROOT,
                              env={**os.environ, **only_tls12(self.folder)}, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.stdout, "b'one\\n'\nb'two\\n'\n", done.stderr)


class AtTheHandshake(EveryPeer, unittest.TestCase):
    listen = AT_HANDSHAKE


class AfterTheHandshake(EveryPeer, unittest.TestCase):
    listen = LATER

if __name__ == "__main__":
    unittest.main()
