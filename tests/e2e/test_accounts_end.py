"""An account that is deleted, or loses a group, while its connections are open and its commands run."""
import subprocess
import unittest

from tests.e2e.client import MULLION
from tests.e2e.test_rights import OTHER, SHELL, denied
from tests.support import soap
from tests.support.service import ADMIN, DEADLINE, Service, wait_until
from tests.support.winrm import WinRM

BEFORE, AFTER = ("passing", "p4ssing Passw0rd"), ("passing", "an0ther Passw0rd")


class AccountsEnd(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service(["Service/Auth/Basic=true"], accounts=[(*ADMIN, ["--admin"]), (*OTHER, ["--admin"])]))

    def setUp(self):
        self.service.add_account(*BEFORE, "--admin")
        self.addCleanup(subprocess.run, [MULLION, "user", "delete", "passing", "--state", self.service.state], capture_output=True, timeout=DEADLINE)

    def user(self, *words):
        subprocess.run([MULLION, "user", *words, "--state", self.service.state], check=True, capture_output=True, timeout=DEADLINE)

    def made_again(self):
        self.user("delete", "passing")
        self.service.add_account(*AFTER, "--admin")

    def log(self):
        return self.service.log.read_text()

    def turned_out(self, client):
        status, xml = client.ask(SHELL[2])
        self.assertEqual((status, xml), (401, ""))
        self.assertIsNone(client.read(), "the connection goes on")

    def ways(self):
        yield dict(port=self.service.port("http"))
        yield dict(port=self.service.port("http"), how="spnego")
        yield dict(port=self.service.port("https"), ca=self.service.ca, how="basic")

    def test_a_deleted_one_has_lost_its_connections_with_the_next_request(self):
        for way in self.ways():
            with self.subTest(**way), WinRM(account=BEFORE, **way) as client, WinRM(account=OTHER, **way) as other:
                self.assertEqual(client.run("echo in"), (b"in\n", 0))
                self.user("delete", "passing")
                self.turned_out(client)
                self.assertEqual(other.run("echo in"), (b"in\n", 0), "whom nobody deleted")
            self.service.add_account(*BEFORE, "--admin")
        self.assertIn("passing from 127.0.0.1: the account that logged on was deleted: its connection is ended", self.log())

    def test_another_one_of_its_name_is_another_one(self):
        for way in self.ways():
            with self.subTest(**way), WinRM(account=BEFORE, **way) as waits, WinRM(account=BEFORE, **way) as client:
                self.assertEqual(client.run("echo in"), (b"in\n", 0))
                self.made_again()
                self.turned_out(client)
                if way.get("how") != "basic":  # Which proves nothing before its first request.
                    self.turned_out(waits)  # Logged on before, and said nothing yet.
                with WinRM(account=AFTER, **way) as after:
                    self.assertEqual(after.run("echo in"), (b"in\n", 0))
                self.user("delete", "passing")
            self.service.add_account(*BEFORE, "--admin")

    def test_its_shells_are_ended_and_are_not_the_next_ones(self):
        port = self.service.port("http")
        with WinRM(port, account=BEFORE) as client, WinRM(port, account=BEFORE) as reader:
            shell = client.create()
            command = client.command(shell, "sleep 600 & sleep 600")
            reader.write(soap.receive(shell, command, timeout="PT50S"))
            self.made_again()
            with WinRM(port, account=AFTER) as after:
                self.assertNotIn(shell, after.ask(soap.enumerate_shells())[1])
                self.assertEqual(soap.code_of(after.ask(soap.delete(shell))[1]), soap.UNEXPECTED_SELECTORS)
            status, xml = reader.read()
            self.assertEqual((status, soap.code_of(xml)), (500, 995))
            self.assertIn("the account passing that opened it was deleted", xml)
        wait_until(lambda: f"shell {shell} of passing closed" in self.log(), "the end of the shell")

    def test_a_group_that_is_taken_away_counts_from_the_next_request_on(self):
        with WinRM(self.service.port("http"), account=BEFORE) as client:
            for _ in range(3):
                self.assertFalse(denied(client, SHELL[2]))
                self.user("modify", "passing", "--remove-group", "Administrators")
                self.assertTrue(denied(client, SHELL[2]))
                self.user("modify", "passing", "--add-group", "Administrators")


if __name__ == "__main__":
    unittest.main()
