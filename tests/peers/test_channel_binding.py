"""CbtHardeningLevel in both directions: who binds to the TLS channel gets in, who does not is refused where it is Strict."""
import json
import subprocess
import unittest

from pypsrp.exceptions import AuthenticationError
from winrm.exceptions import InvalidCredentialsError

from tests.peers.clients import MASTERZEN_FAILED, masterzen_run, pypsrp, pypsrp_run, pywinrm, pywinrm_run
from tests.support.service import ADMIN, MULLION, Service


def mullion_run(service, transport, *options):
    command = [MULLION, "run", service.https, "-u", ADMIN[0], "--password-file", "-", "--ca-file", service.ca,
               "--transport", transport, "--output", "json", *options, "--", "echo", "bound"]
    done = subprocess.run(command, input=ADMIN[1].encode(), capture_output=True, timeout=60)
    return json.loads(done.stdout)["hosts"][0]


class Strict(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service(["Service/Auth/CbtHardeningLevel=Strict"]))

    def test_bound_clients_are_let_in(self):
        url, ca = self.service.https, self.service.ca
        for name, answer in {
            "pywinrm ntlm": lambda: pywinrm_run(pywinrm(url, ca, ADMIN, "ntlm"), "echo bound"),
            "pypsrp ntlm": lambda: pypsrp_run(pypsrp(url, ca, ADMIN, "ntlm"), "echo bound"),
            "pypsrp negotiate": lambda: pypsrp_run(pypsrp(url, ca, ADMIN, "negotiate"), "echo bound"),
        }.items():
            with self.subTest(name):
                self.assertEqual(answer().stdout, b"bound\n")

    def test_pywinrm_without_binding_is_refused(self):
        with self.assertRaises(InvalidCredentialsError):
            pywinrm(self.service.https, self.service.ca, ADMIN, "ntlm", send_cbt=False).open_shell()

    def test_pypsrp_without_binding_is_refused(self):
        for auth in ("ntlm", "negotiate"):
            with self.subTest(auth), self.assertRaises(AuthenticationError):
                pypsrp_run(pypsrp(self.service.https, self.service.ca, ADMIN, auth, negotiate_send_cbt=False), "echo never")

    def test_masterzen_which_cannot_bind_is_refused(self):
        answer = masterzen_run(self.service.https, self.service.ca, ADMIN, "ntlm", "echo never")
        self.assertEqual((answer.stdout, answer.code), (b"", MASTERZEN_FAILED))

    def test_our_client_binds(self):
        for transport in ("ntlm", "negotiate"):
            with self.subTest(transport):
                host = mullion_run(self.service, transport)
                self.assertEqual((host["status"], host["stdout"]), ("ok", "bound\n"), host)

    def test_our_client_without_binding_is_refused_and_says_why(self):
        for transport in ("ntlm", "negotiate"):
            with self.subTest(transport):
                host = mullion_run(self.service, transport, "--send-cbt", "false")
                self.assertEqual((host["status"], host["error"]["id"]), ("refused", "auth.rejected"), host)

    def test_sealed_over_http_has_no_channel_to_bind_to(self):
        answer = pypsrp_run(pypsrp(self.service.http, None, ADMIN, "ntlm", encryption="always"), "echo sealed")
        self.assertEqual(answer.stdout, b"sealed\n")


class RelaxedAndNone(unittest.TestCase):
    def test_both_let_unbound_clients_in(self):
        for level in ("Relaxed", "None"):
            with self.subTest(level), Service([f"Service/Auth/CbtHardeningLevel={level}"]) as service:
                unbound = pypsrp(service.https, service.ca, ADMIN, "ntlm", negotiate_send_cbt=False)
                self.assertEqual(pypsrp_run(unbound, "echo in").stdout, b"in\n")
                self.assertEqual(mullion_run(service, "ntlm", "--send-cbt", "false")["status"], "ok")
