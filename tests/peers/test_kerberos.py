"""pywinrm with Kerberos over pykerberos; pypsrp with it over pyspnego, gssapi and krb5. All of them on the library's own GSSAPI."""
import subprocess
import unittest

from pypsrp.exceptions import AuthenticationError
from winrm.exceptions import InvalidCredentialsError, WinRMError

from tests.peers.clients import pypsrp, pypsrp_run, pywinrm, pywinrm_run
from tests.support.kdc import PASSWORD, REALM, USERS, Kdc, in_environment, missing
from tests.support.service import Service


class WithKdc:
    hardening = "Relaxed"

    @classmethod
    def setUpClass(cls):
        if reason := missing():
            raise unittest.SkipTest(reason)
        cls.kdc = cls.enterClassContext(Kdc())
        cls.enterClassContext(in_environment(cls.kdc.environment))  # The libraries in this process read it.
        subprocess.run(["kinit", "-f", "alice"], input=PASSWORD, text=True, check=True, capture_output=True, timeout=30)
        cls.service = cls.enterClassContext(Service([f"Service/Auth/CbtHardeningLevel={cls.hardening}"], accounts=[("alice", PASSWORD, ["--admin"])],
                                                    options=["--keytab", str(cls.kdc.keytab)]))


class EveryWay(WithKdc):
    scheme, more = "", {}

    def client(self, **more):
        return pywinrm(self.service.url(self.scheme), self.service.ca, (f"alice@{REALM}", None), "kerberos",
                       kerberos_hostname_override="localhost", **{**self.more, **more})

    def test_output_of_both_streams_and_exit_code(self):
        answer = pywinrm_run(self.client(), "echo out; echo err >&2; exit 3")
        self.assertEqual((answer.stdout, answer.stderr, answer.code), (b"out\n", b"err\n", 3))

    def test_standard_input_and_a_megabyte_of_output(self):
        answer = pywinrm_run(self.client(), "cat; head -c 1048576 /dev/zero | tr '\\0' x", stdin=b"one\n")
        self.assertEqual((len(answer.stdout), answer.code), (4 + 1048576, 0))

    def test_host_as_well(self):
        answer = pywinrm_run(self.client(service="host"), "echo host")
        self.assertEqual(answer.stdout, b"host\n")


class SealedOverHttp(EveryWay, unittest.TestCase):
    scheme, more = "http", {"message_encryption": "always"}


class OverHttps(EveryWay, unittest.TestCase):
    scheme = "https"


class SealedInsideTls(EveryWay, unittest.TestCase):
    scheme, more = "https", {"message_encryption": "always"}


class WithoutAnAccount(EveryWay, unittest.TestCase):
    scheme = "https"

    test_output_of_both_streams_and_exit_code = test_standard_input_and_a_megabyte_of_output = test_host_as_well = None

    def test_is_refused(self):
        subprocess.run(["kinit", "bob"], input="pa:ss w'ord", text=True, check=True, capture_output=True, timeout=30)
        with self.assertRaises((InvalidCredentialsError, WinRMError)):
            self.client().open_shell()


class EveryWayOfPypsrp(WithKdc):
    """Strict: over TLS it must bind."""
    hardening, scheme, more = "Strict", "", {}

    def client(self, auth="kerberos", user=f"alice@{REALM}", password=PASSWORD, **more):
        return pypsrp(self.service.url(self.scheme), self.service.ca if self.scheme == "https" else None, (user, password), auth,
                      negotiate_hostname_override="localhost", **{**self.more, **more})

    def test_output_of_both_streams_and_exit_code(self):
        for auth in ("kerberos", "negotiate"):
            with self.subTest(auth):
                before = self.service.log.stat().st_size
                answer = pypsrp_run(self.client(auth), "echo out; echo err >&2; exit 3")
                self.assertEqual((answer.stdout, answer.stderr, answer.code), (b"out\n", b"err\n", 3))
                self.assertIn("(kerberos)", self.service.log.read_bytes()[before:].decode())

    def test_with_the_ticket_that_is_there(self):
        answer = pypsrp_run(self.client(user=None, password=None), "echo ticket")
        self.assertEqual(answer.stdout, b"ticket\n")

    def test_standard_input_and_a_megabyte_of_output(self):
        answer = pypsrp_run(self.client(), "cat; head -c 1048576 /dev/zero | tr '\\0' x", stdin=b"one\n")
        self.assertEqual((len(answer.stdout), answer.code), (4 + 1048576, 0))

    def test_host_as_well(self):
        answer = pypsrp_run(self.client(negotiate_service="host"), "echo host")
        self.assertEqual(answer.stdout, b"host\n")

    def test_a_local_account_by_negotiate_is_ntlm(self):
        answer = pypsrp_run(self.client("negotiate", user="alice"), "echo local")
        self.assertEqual(answer.stdout, b"local\n")

    def test_who_has_no_account_is_refused(self):
        with self.assertRaises(AuthenticationError):
            pypsrp_run(self.client(user=f"bob@{REALM}", password=USERS["bob"]), "echo never")


class PypsrpSealedOverHttp(EveryWayOfPypsrp, unittest.TestCase):
    scheme, more = "http", {"encryption": "always"}


class PypsrpBoundOverHttps(EveryWayOfPypsrp, unittest.TestCase):
    scheme = "https"

    def test_without_the_binding_it_is_refused(self):
        with self.assertRaises(AuthenticationError):
            pypsrp_run(self.client(negotiate_send_cbt=False), "echo never")


class PypsrpSealedInsideTls(EveryWayOfPypsrp, unittest.TestCase):
    scheme, more = "https", {"encryption": "always"}
