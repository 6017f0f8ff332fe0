"""pywinrm: what Ansible's winrm connection is made of."""
import unittest

from requests_credssp.exceptions import NTStatusException
from winrm.exceptions import InvalidCredentialsError

from tests.peers.clients import pywinrm, pywinrm_run
from tests.support.service import ADMIN, Service


class EveryTransport:
    """The same conversation over each way to log on and seal."""

    transport, scheme, more = "", "", {}
    refused = InvalidCredentialsError

    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service(["Service/Auth/Basic=true", "Service/Auth/CredSSP=true"]))

    def client(self, account=ADMIN):
        return pywinrm(self.service.url(self.scheme), self.service.ca, account, self.transport, **self.more)

    def test_output_of_both_streams_and_exit_code(self):
        answer = pywinrm_run(self.client(), "echo out; echo err >&2; exit 3")
        self.assertEqual((answer.stdout, answer.stderr, answer.code), (b"out\n", b"err\n", 3))

    def test_standard_input_to_its_end(self):
        answer = pywinrm_run(self.client(), "wc -c; cat", stdin=b"one\ntwo\n")
        self.assertEqual((answer.stdout.strip(), answer.code), (b"8", 0))

    def test_a_megabyte_of_output(self):
        answer = pywinrm_run(self.client(), "head -c 1048576 /dev/zero | tr '\\0' x")
        self.assertEqual((len(answer.stdout), set(answer.stdout), answer.code), (1048576, {ord("x")}, 0))

    def test_characters_beyond_ascii_both_ways(self):
        text = "Grüße, мир, 世界 🪟"
        answer = pywinrm_run(self.client(), f"printf '%s|' '{text}'; cat", stdin=text.encode())
        self.assertEqual(answer.stdout.decode(), f"{text}|{text}")

    def test_environment(self):
        answer = pywinrm_run(self.client(), 'printf %s "$PANE"', environment={"PANE": "a <b> & \"c\""})
        self.assertEqual(answer.stdout, b'a <b> & "c"')

    def test_code_page_437(self):
        answer = pywinrm_run(self.client(), "printf 'Gr\\303\\274\\303\\237e'", code_page=437)
        self.assertEqual(answer.stdout.decode("cp437"), "Grüße")

    def test_wrong_password(self):
        with self.assertRaises(self.refused):
            self.client((ADMIN[0], "wrong")).open_shell()

    def test_unknown_user(self):
        with self.assertRaises(self.refused):
            self.client(("nobody-of-that-name", ADMIN[1])).open_shell()


class BasicOverHttps(EveryTransport, unittest.TestCase):
    transport, scheme = "basic", "https"


class NtlmOverHttps(EveryTransport, unittest.TestCase):
    transport, scheme = "ntlm", "https"


class NtlmSealedOverHttp(EveryTransport, unittest.TestCase):
    transport, scheme, more = "ntlm", "http", {"message_encryption": "always"}


class CredSspOverHttps(EveryTransport, unittest.TestCase):
    transport, scheme, refused = "credssp", "https", NTStatusException


class CredSspSealedOverHttp(EveryTransport, unittest.TestCase):
    """In chunks of 16 KiB each way."""

    transport, scheme, more, refused = "credssp", "http", {"message_encryption": "always"}, NTStatusException

    def test_much_input_in_many_chunks(self):
        answer = pywinrm_run(self.client(), "wc -c", stdin=b"y" * 200_000)
        self.assertEqual((answer.stdout.strip(), answer.code), (b"200000", 0))
