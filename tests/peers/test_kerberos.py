"""pywinrm with Kerberos, over pykerberos and the library's own GSSAPI."""
import os
import subprocess
import unittest

from winrm.exceptions import InvalidCredentialsError, WinRMError

from tests.peers.clients import pywinrm, pywinrm_run
from tests.support.kdc import PASSWORD, REALM, Kdc, missing
from tests.support.service import Service


class EveryWay:
    scheme, more = "", {}

    @classmethod
    def setUpClass(cls):
        if reason := missing():
            raise unittest.SkipTest(reason)
        cls.kdc = cls.enterClassContext(Kdc())
        kept = {name: os.environ.get(name) for name in cls.kdc.environment}
        cls.addClassCleanup(lambda: [os.environ.pop(n, None) if v is None else os.environ.__setitem__(n, v) for n, v in kept.items()])
        os.environ.update(cls.kdc.environment)  # The libraries in this process read them.
        subprocess.run(["kinit", "-f", "alice"], input=PASSWORD, text=True, check=True, capture_output=True, timeout=30)
        cls.service = cls.enterClassContext(Service(["Service/Auth/CbtHardeningLevel=Relaxed"], accounts=[("alice", PASSWORD, ["--admin"])],
                                                    options=["--keytab", str(cls.kdc.keytab)]))

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
