"""pypsrp's command shell client: pure-Python NTLM and SPNEGO of its own."""
import ssl
import unittest
from unittest import mock

import spnego
from pypsrp.exceptions import AuthenticationError
from requests_credssp.exceptions import NTStatusException
from spnego.tls import default_tls_context

from tests.peers.clients import pypsrp, pypsrp_run
from tests.support.service import ADMIN, Service


class EveryTransport:
    auth, scheme, more = "", "", {}
    refused = AuthenticationError

    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service(["Service/Auth/Basic=true", "Service/Auth/CredSSP=true"]))

    def client(self, account=ADMIN):
        return pypsrp(self.service.url(self.scheme), self.service.ca, account, self.auth, **self.more)

    def test_output_of_both_streams_and_exit_code(self):
        answer = pypsrp_run(self.client(), "echo out; echo err >&2; exit 3")
        self.assertEqual((answer.stdout, answer.stderr, answer.code), (b"out\n", b"err\n", 3))

    def test_standard_input_to_its_end(self):
        answer = pypsrp_run(self.client(), "cat; exit 7", stdin=b"one\ntwo\n")
        self.assertEqual((answer.stdout, answer.code), (b"one\ntwo\n", 7))

    def test_a_megabyte_of_output(self):
        answer = pypsrp_run(self.client(), "head -c 1048576 /dev/zero | tr '\\0' x")
        self.assertEqual((len(answer.stdout), answer.code), (1048576, 0))

    def test_working_directory_and_environment(self):
        answer = pypsrp_run(self.client(), "pwd; echo $PANE", working_directory="/usr", environment={"PANE": "glass"})
        self.assertEqual(answer.stdout, b"/usr\nglass\n")

    def test_wrong_password(self):
        with self.assertRaises(self.refused):
            pypsrp_run(self.client((ADMIN[0], "wrong")), "echo never")


class NtlmSealedOverHttp(EveryTransport, unittest.TestCase):
    auth, scheme, more = "ntlm", "http", {"encryption": "always"}


class NegotiateSealedOverHttp(EveryTransport, unittest.TestCase):
    auth, scheme, more = "negotiate", "http", {"encryption": "always"}


class NtlmBoundOverHttps(EveryTransport, unittest.TestCase):
    auth, scheme = "ntlm", "https"


class NegotiateBoundOverHttps(EveryTransport, unittest.TestCase):
    auth, scheme = "negotiate", "https"


class SealedInsideTls(EveryTransport, unittest.TestCase):
    auth, scheme, more = "ntlm", "https", {"encryption": "always"}


class BasicOverHttps(EveryTransport, unittest.TestCase):
    auth, scheme = "basic", "https"


class CredSspSealedOverHttp(EveryTransport, unittest.TestCase):
    auth, scheme, more, refused = "credssp", "http", {"encryption": "always"}, NTStatusException


class CredSspOverHttps(EveryTransport, unittest.TestCase):
    auth, scheme, refused = "credssp", "https", NTStatusException


class CredSspSealedInsideTls(EveryTransport, unittest.TestCase):
    auth, scheme, more, refused = "credssp", "https", {"encryption": "always"}, NTStatusException


class CredSspOfTls12(EveryTransport, unittest.TestCase):
    """The trailers of its ciphers are others than those of 1.3."""

    auth, scheme, refused = "credssp", "http", NTStatusException

    def client(self, account=ADMIN):
        made = super().client(account)
        context = default_tls_context()
        context.context.maximum_version = ssl.TLSVersion.TLSv1_2
        begin = spnego.client
        self.enterContext(mock.patch.object(spnego, "client", lambda *words, **more: begin(*words, **{**more, "credssp_tls_context": context})))
        return made
