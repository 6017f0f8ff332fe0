"""The base of tests that ask `mullion serve` on this machine, beside what the machine itself says."""
import time
import unittest

from tests.e2e import check_serve_scene
from tests.e2e.check_serve_scene import OwnMachine, OwnService, check, entry, perfdata

NOW = time.time()
KERNEL = {"_TRANSPORT": "kernel", "SYSLOG_IDENTIFIER": "kernel"}
EVENTS = [entry(NOW - 7200, "long ago", PRIORITY=3, **KERNEL), entry(NOW - 600, "disk | fails\nbadly", PRIORITY=3, **KERNEL),
          entry(NOW - 500, "odd", PRIORITY=4, _SYSTEMD_UNIT="ssh.service", SYSLOG_IDENTIFIER="sshd", _TRANSPORT="syslog"),
          entry(NOW - 400, "é", PRIORITY=6, SYSLOG_IDENTIFIER="app", _TRANSPORT="journal"), entry(NOW - 300, "audited", _TRANSPORT="audit")]


class Machine(unittest.TestCase):
    def says(self, ran, code, text=""):
        self.assertEqual((ran.code, ran.stderr), (code, ""), ran)
        self.assertTrue(ran.stdout.startswith(text), ran)
        return ran

    def crosses(self, mode, option, label, *options, between, printed=None, service=None):
        """The value lies between these two; thresholds around it, above, below and inside of it, as warning and as critical."""
        low, high = between
        for range_, alerts in ((f"{low}:{high}", False), (f"~:{low}", True), (f"{high}:", True), (f"@{low}:{high}", True), (f"@{high}:", False)):
            for kind, code in (("warning", 1), ("critical", 2)):
                with self.subTest(mode=mode, option=f"--{kind}{option}={range_}"):
                    ran = check(service or self.service, mode, f"--{kind}{option}={range_}", *options)
                    self.says(ran, code if alerts else 0, f"{kind.upper()}: " if alerts else "OK: ")
                    shown = perfdata(ran.stdout)[label]
                    self.assertTrue(getattr(shown, kind), ran)
                    self.assertEqual(shown.critical if kind == "warning" else shown.warning, "")

    def steadily(self, read, ask, room=0):
        """Asks until what was said lies between what the kernel says before and after: values move on a machine that works."""
        for _ in range(60):
            before, said, after = read(), ask(), read()
            if min(before, after) - room <= said <= max(before, after) + room:
                return said
        return self.fail(f"{said} is never between {before} and {after}")


@unittest.skipIf(check_serve_scene.missing(), check_serve_scene.missing())
class ThisMachine(Machine):
    @classmethod
    def setUpClass(cls):
        cls.machine = cls.enterClassContext(OwnMachine(events=EVENTS))
        cls.service = cls.enterClassContext(OwnService(cls.machine))

    def ask(self, mode, *options, code=0, **how):
        ran = check(self.service, mode, "--verbose", *options, **how)
        self.says(ran, code)
        return perfdata(ran.stdout), ran.stdout.splitlines()
