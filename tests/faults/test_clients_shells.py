"""Shells of others: for whoever is not their account they do not exist, in no word of any answer."""
import re
import unittest
import uuid

from tests.faults.targets import Target
from tests.support import soap
from tests.support.service import ADMIN
from tests.support.winrm import WinRM

OTHER = ("Other", "Corr3ct-other-h0rse")
PLAIN = ("Plain", "Corr3ct-plain-h0rse")
GUID = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", re.I)
INVALID_CONTEXT = 0x8033801B


def words(xml):
    """What a fault says, without the ids that differ from one message to the next."""
    return GUID.sub("GUID", xml)


def requests_of(shell, command):
    return {
        "Command": soap.command(shell, "echo mine"), "Receive": soap.receive(shell, command), "Send": soap.send(shell, command, b"x"),
        "Signal ctrl_c": soap.signal(shell, command, "ctrl_c"), "Signal terminate": soap.signal(shell, command), "Get": soap.get(shell), "Delete": soap.delete(shell),
        "Enumerate its commands": soap.envelope(soap.ENUMERATION + "Enumerate", soap.SHELL, "<n:Enumerate/>", soap.of_shell(shell)),
    }


class OthersShells(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.target = Target(cls, False, (), [(*ADMIN, ["--admin"]), (*OTHER, ["--admin"]), (*PLAIN, [])])

    def setUp(self):
        self.owner = self.enterContext(WinRM(self.target.port))
        self.thief = self.enterContext(WinRM(self.target.port, account=OTHER))
        self.shell = self.owner.create()
        self.command = self.owner.command(self.shell, "cat; echo ended")
        self.addCleanup(self.target.watch.settled)

    def still_whole(self):
        """The owner's command has heard nothing of all that, and ends as it would have."""
        self.owner.well(soap.send(self.shell, self.command, b"owner's\n", True))
        self.assertEqual(self.owner.collect(self.shell, self.command), (b"owner's\nended\n", 0))
        self.owner.well(soap.delete(self.shell))

    def test_another_account_is_told_what_it_is_told_of_no_shell(self):
        missing = requests_of(str(uuid.uuid4()).upper(), str(uuid.uuid4()).upper())
        for name, xml in requests_of(self.shell, self.command).items():
            with self.subTest(name):
                there, nowhere = self.thief.ask(xml), self.thief.ask(missing[name])
                self.assertEqual((there[0], soap.code_of(there[1])), (500, soap.UNEXPECTED_SELECTORS))
                self.assertEqual(words(there[1]), words(nowhere[1]))
        self.still_whole()

    def test_another_accounts_command_in_ones_own_shell(self):
        own = self.thief.create()
        for name, xml in requests_of(own, self.command).items():
            if name in ("Receive", "Send", "Signal ctrl_c", "Signal terminate"):
                with self.subTest(name):
                    self.assertEqual(self.thief.fault(xml), soap.UNEXPECTED_SELECTORS)
        self.thief.well(soap.delete(own))
        self.still_whole()

    def test_another_account_sees_no_shell(self):
        self.assertNotIn(self.shell, self.thief.well(soap.enumerate_shells()))
        self.assertIn(self.shell, self.owner.well(soap.enumerate_shells()))
        self.still_whole()

    def test_an_enumeration_is_its_accounts(self):
        second = self.owner.create()
        body = "<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>1</w:MaxElements></n:Enumerate>"
        context = soap.value_of(self.owner.well(soap.envelope(soap.ENUMERATION + "Enumerate", soap.SHELL, body)), "EnumerationContext")
        for action in ("Pull", "Release"):
            mine = f"<n:{action}><n:EnumerationContext>{context}</n:EnumerationContext></n:{action}>"
            self.assertEqual(self.thief.fault(soap.envelope(soap.ENUMERATION + action, soap.SHELL, mine)), INVALID_CONTEXT)
        pull = f"<n:Pull><n:EnumerationContext>{context}</n:EnumerationContext></n:Pull>"
        self.assertIn("ShellId", self.owner.well(soap.envelope(soap.ENUMERATION + "Pull", soap.SHELL, pull)))
        self.owner.well(soap.delete(second))
        self.still_whole()

    def test_the_id_of_anothers_shell_cannot_be_had(self):
        """Nor does the refusal tell more than that: a GUID that one chose oneself."""
        self.assertEqual(self.thief.fault(soap.create(self.shell)), 0x803381D7)
        self.still_whole()

    def test_an_account_without_rights_is_refused_before_any_look(self):
        with WinRM(self.target.port, account=PLAIN) as plain:
            for shell in (self.shell, str(uuid.uuid4())):
                for name, xml in requests_of(shell, self.command).items():
                    with self.subTest(name):
                        self.assertEqual(plain.fault(xml), soap.ACCESS_DENIED)
            self.assertEqual(plain.fault(soap.create()), soap.ACCESS_DENIED)
        self.still_whole()

    def test_what_a_refused_account_says_is_a_short_line_of_the_log(self):
        self.target.watch.read = self.target.service.log.stat().st_size
        with WinRM(self.target.port, account=PLAIN) as plain:
            action = "x&#10;2026-01-01T00:00:00Z info all is well &#x202e;" + "y" * 100_000
            self.assertEqual(plain.fault(soap.envelope(action)), soap.ACCESS_DENIED)
        lines = [line for line in self.target.watch.log().splitlines() if " info logon from " not in line]
        self.assertEqual(len(lines), 1)
        self.assertLess(len(lines[0]), 600)
        self.assertIn("warning Plain from 127.0.0.1: access denied", lines[0])
        self.still_whole()

    def test_the_same_account_on_another_connection_is_the_same(self):
        """A shell is the account's, not the connection's: whose connection breaks goes on with another."""
        with WinRM(self.target.port) as again:
            self.assertIn(self.shell, again.well(soap.get(self.shell)))
            again.well(soap.send(self.shell, self.command, b"again\n", True))
            self.assertEqual(again.collect(self.shell, self.command), (b"again\nended\n", 0))
            again.well(soap.delete(self.shell))

    def test_ids_that_are_nearly_right(self):
        for shell in ("", self.shell + "0", self.shell[:-1], "{" + self.shell + "}", "*", "%", "' or 1=1 --", "../" + self.shell, "\u00e9" * 2000, "A" * 100_000):
            with self.subTest(shell[:20]):
                self.assertEqual(self.thief.fault(soap.get(shell) if shell else soap.envelope(soap.TRANSFER + "Get", soap.SHELL, selectors=[("ShellId", "")])),
                                 soap.UNEXPECTED_SELECTORS)
        self.assertIn(self.shell, self.owner.well(soap.get(self.shell.lower())))  # GUIDs have no case.
        self.still_whole()


if __name__ == "__main__":
    unittest.main()
