"""The units of packaging/systemd under a real systemd (tests/support/own_systemd.py): sockets that it holds, ready and reload, kills, the end."""
import os
import signal
import sys
import unittest

from tests.support import own_systemd
from tests.support.service import ADMIN, MULLION, ROOT, Service, alive, wait_until

ASK = """import sys
sys.path.insert(0, sys.argv[1])
from tests.support.winrm import WinRM
with WinRM(int(sys.argv[3]), sys.argv[4] or None, address=sys.argv[2]) as winrm:
    print(winrm.run("echo here")[0].decode().strip())
"""
PACKAGED = ROOT / "packaging/systemd"


@unittest.skipIf(own_systemd.missing(), own_systemd.missing())
class Units(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # An account, and a state directory, as an operator makes them before.
        cls.service = Service(listen=[])
        cls.addClassCleanup(cls.service.__exit__, None, None, None)
        cls.service.add_account(*ADMIN, "--admin")
        cls.errors = cls.service.folder / "errors"
        units = {path.name: path.read_text().replace("/usr/bin/mullion", str(MULLION)) for path in PACKAGED.glob("*.s[eo]*[et]")}
        units["mullion.service.d/here.conf"] = (f"[Service]\nEnvironment=MULLION_STATE={cls.service.state} MULLION_RUN_AS=nobody MULLION_OPTIONS=\n"
                                                f"StandardError=append:{cls.errors}\n")
        cls.systemd = cls.enterClassContext(own_systemd.OwnSystemd(units))

    def setUp(self):
        self.addCleanup(self.systemctl, "stop", "mullion.socket", "mullion-https.socket", "mullion.service")

    def systemctl(self, *words):
        done = self.systemd.systemctl(*words)
        self.assertEqual(done.returncode, 0, f"{words}: {done.stderr}{self.log()}")

    def log(self):
        return self.errors.read_text() if self.errors.exists() else ""

    def state(self):
        return self.systemd.show("mullion.service", "ActiveState")

    def main(self):
        """The service's process outside of its namespace."""
        inside = self.systemd.show("mullion.service", "MainPID")
        for pid in self.systemd.processes("mullion.service"):
            status = open(f"/proc/{pid}/status").read()
            if f"NSpid:\t{pid}\t{inside}\n" in status:
                return pid
        return None

    def ask(self, port=5985, address="127.0.0.1"):
        """What a command that is run there says; over TLS at 5986."""
        authority = next(map(str, (self.service.state / "certs").glob("*.crt"))) if port == 5986 else ""
        done = self.systemd.run(sys.executable, "-c", ASK, ROOT, address, port, authority)
        return done.stdout.strip() or done.stderr + self.log()

    def test_by_itself(self):
        self.systemctl("start", "mullion.service")  # Answers when the service has said READY=1.
        self.assertEqual(self.ask(), "here")
        self.assertEqual(self.systemd.run(MULLION, "serve", "status", "--state", self.service.state).stdout.splitlines()[0], "unit       mullion.service: active (running), start type disabled")
        self.systemctl("stop", "mullion.service")
        self.assertEqual((self.state(), self.systemd.show("mullion.service", "Result"), self.systemd.processes("mullion.service")), ("inactive", "success", []))

    def test_started_by_who_connects(self):
        self.systemctl("start", "mullion.socket", "mullion-https.socket")
        self.assertEqual(self.state(), "inactive")
        self.assertEqual(self.ask(), "here")
        self.assertEqual(self.state(), "active")
        self.assertEqual(self.ask(5986), "here")
        self.assertEqual(self.ask(address="::1"), "here")
        # Who connects while it restarts waits.
        self.systemctl("restart", "mullion.service")
        self.assertEqual(self.ask(), "here")
        self.systemctl("stop", "mullion.service")
        self.assertEqual(self.ask(), "here", "the socket starts it again")

    def test_reload(self):
        self.systemctl("start", "mullion.socket", "mullion.service")
        before = self.main()
        (self.service.state / "winrm.yaml").write_text("Winrs:\n  MaxShellsPerUser: 7\nListener: []\n")
        os.chown(self.service.state / "winrm.yaml", *((facts := self.service.state.stat()).st_uid, facts.st_gid))
        self.systemctl("reload", "mullion.service")
        wait_until(lambda: "Winrs/MaxShellsPerUser: 2147483647, now 7" in self.log(), "the new value's line in the log")
        self.assertEqual((self.main(), self.state()), (before, "active"))
        self.assertEqual(self.ask(), "here")

    def test_killed(self):
        self.systemctl("start", "mullion.socket", "mullion.service")
        before, times = self.systemd.processes("mullion.service"), int(self.systemd.show("mullion.service", "NRestarts"))
        os.kill(self.main(), signal.SIGKILL)
        wait_until(lambda: int(self.systemd.show("mullion.service", "NRestarts")) > times and self.state() == "active", "the restart")
        for pid in before:
            wait_until(lambda: not alive(pid), f"the end of {pid}")
        self.assertEqual(self.ask(), "here")


if __name__ == "__main__":
    unittest.main()
