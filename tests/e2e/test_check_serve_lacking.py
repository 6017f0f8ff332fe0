"""`mullion check` against `mullion serve` where something is not there: a journal, log-ons, swap, a bus, rights."""
import os
import unittest
from pathlib import Path

from tests.e2e import check_serve_scene
from tests.e2e.check_serve_scene import OwnMachine, OwnService, check, perfdata
from tests.support.service import DEADLINE, Service


class Case(unittest.TestCase):
    def unknown(self, ran, said):
        """With that on the first line, which is all that many monitoring systems show."""
        self.assertEqual((ran.code, ran.stderr), (3, ""), ran)
        self.assertTrue(ran.stdout.startswith("UNKNOWN: "), ran)
        self.assertIn(said, ran.stdout.splitlines()[0])


@unittest.skipIf(check_serve_scene.missing(), check_serve_scene.missing())
class Lacking(Case):
    def setUp(self):
        self.machine = self.enterContext(OwnMachine(sessions=None, swaps="Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"))
        self.service = self.enterContext(OwnService(self.machine))

    def test_no_swap(self):
        self.unknown(check(self.service, "pages"), "Cannot find page files")
        ran = check(self.service, "pages", "--no-page-file", "ok")
        self.assertEqual((ran.code, ran.stdout), (0, "OK: There is no page file \n"))

    def test_no_journal(self):
        if any(Path("/var/log/journal").glob("*/system.journal")):
            self.skipTest("the machine's own journal is there")
        ran = check(self.service, "eventlog")
        self.unknown(ran, "the journal (systemd-journald: ")
        self.unknown(ran, "group systemd-journal or adm")

    def test_no_log_ons(self):
        self.unknown(check(self.service, "sessions"), "ActiveSessions is null")

    def test_no_bus(self):
        self.machine.daemon.terminate()
        self.machine.daemon.wait(DEADLINE)
        for mode, *options in (("services", "--auto"), ("list-services",)):
            self.unknown(check(self.service, mode, *options), "the service manager (systemd, by D-Bus: ")


class Rights(Case):
    def test_an_account_without_rights_is_told_so(self):
        weak = ("weak", "we4k Passw0rd")
        with Service(accounts=[(*weak, [])]) as service:
            ran = check(service, "memory", account=weak)
            self.unknown(ran, "denies access")
            self.assertIn("Remote Enable", ran.stdout)

    def test_an_answer_in_many_pulls_is_whole(self):
        with Service(["MaxBatchItems=3"]) as service:
            data = perfdata(check(service, "processes").stdout)
            there = len([one for one in os.listdir("/proc") if one.isdigit()])
            self.assertGreater(data["processes.detected.count"].value, there / 2)
            self.assertGreater(there, 20)


if __name__ == "__main__":
    unittest.main()
