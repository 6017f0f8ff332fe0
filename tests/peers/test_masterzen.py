"""masterzen/winrm, the Go client inside Packer and Terraform. Its NTLM neither seals nor binds to the channel."""
import unittest

from tests.peers.clients import MASTERZEN_FAILED, masterzen_run
from tests.support.service import ADMIN, Service


class EveryTransport:
    auth = ""

    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service(["Service/Auth/Basic=true"]))

    def run_command(self, command, stdin=None, account=ADMIN):
        return masterzen_run(self.service.https, self.service.ca, account, self.auth, command, stdin)

    def test_output_of_both_streams_and_exit_code(self):
        answer = self.run_command("echo out; echo err >&2; exit 3")
        self.assertEqual((answer.stdout, answer.stderr, answer.code), (b"out\n", b"err\n", 3))

    def test_standard_input(self):
        answer = self.run_command("read line; echo got $line", stdin=b"glass\n")
        self.assertEqual((answer.stdout, answer.code), (b"got glass\n", 0), answer.stderr)

    def test_a_megabyte_of_output(self):
        answer = self.run_command("head -c 1048576 /dev/zero | tr '\\0' x")
        self.assertEqual((len(answer.stdout), answer.code), (1048576, 0))

    def test_wrong_password(self):
        answer = self.run_command("echo never", account=(ADMIN[0], "wrong"))
        self.assertEqual((answer.stdout, answer.code), (b"", MASTERZEN_FAILED))
        self.assertIn(b"401", answer.stderr)


class BasicOverHttps(EveryTransport, unittest.TestCase):
    auth = "basic"


class NtlmOverHttps(EveryTransport, unittest.TestCase):
    auth = "ntlm"


class NtlmUnsealedOverHttp(unittest.TestCase):
    def test_refused_by_default(self):
        with Service() as service:
            answer = masterzen_run(service.http, None, ADMIN, "ntlm", "echo never")
        self.assertEqual((answer.stdout, answer.code), (b"", MASTERZEN_FAILED), answer.stderr)

    def test_allowed_when_the_service_allows_it(self):
        with Service(["Service/AllowUnencrypted=true"]) as service:
            answer = masterzen_run(service.http, None, ADMIN, "ntlm", "echo clear")
        self.assertEqual((answer.stdout, answer.code), (b"clear\n", 0), answer.stderr)
