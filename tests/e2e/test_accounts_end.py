"""An account that is deleted, or loses a group, while its connections are open and its commands run."""
import sqlite3
import subprocess
import unittest
from contextlib import closing
from pathlib import Path

from tests.e2e.client import MULLION
from tests.e2e.test_rights import OTHER, SHELL, denied
from tests.support import soap
from tests.support.service import ADMIN, DEADLINE, Service, wait_until
from tests.support.winrm import WinRM

BEFORE, AFTER = ("passing", "p4ssing Passw0rd"), ("passing", "an0ther Passw0rd")


def can_see_what_sleeps():
    """A kernel may be built, or a container made, so that nobody is told."""
    with subprocess.Popen(["sleep", "60"]) as sleeper:
        try:
            wait_until(lambda: "nanosleep" in Path(f"/proc/{sleeper.pid}/wchan").read_text(), "a sleeper", 5)
            return True
        except (AssertionError, OSError):
            return False
        finally:
            sleeper.kill()


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

    def waits_for_accounts(self):
        """Whether a thread of the service sleeps, as SQLite does until a lock is given back. The others wait for work."""
        for pid in self.service.processes:
            for task in Path(f"/proc/{pid}/task").glob("*/wchan"):
                try:
                    if "nanosleep" in task.read_text():
                        return True
                except OSError:
                    pass  # It has ended, or is none of ours to look at.
        return False

    def test_a_request_that_waits_meanwhile_has_nothing_of_the_next_one(self):
        """What the account may is looked up while another takes its place: here by its number, which is the account."""
        if not can_see_what_sleeps():
            self.skipTest("/proc/PID/wchan does not tell here what a process sleeps in")
        with WinRM(self.service.port("http"), account=BEFORE) as client:
            self.assertEqual(client.ask(soap.IDENTIFY)[0], 200)  # Logged on, and found to be there; what it may was not asked.
            with closing(sqlite3.connect(self.service.state / "accounts.db", isolation_level=None)) as accounts:
                accounts.execute("BEGIN EXCLUSIVE")
                accounts.execute("UPDATE account SET rid = (SELECT next_rid FROM machine) WHERE name = 'passing'")
                accounts.execute("UPDATE machine SET next_rid = next_rid + 1")
                client.write(SHELL[2])
                wait_until(self.waits_for_accounts, "a thread that waits for the accounts")
                accounts.execute("COMMIT")
            status, xml = client.read()
            self.assertEqual((status, soap.code_of(xml)), (500, soap.ACCESS_DENIED), xml)
            self.turned_out(client)

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
