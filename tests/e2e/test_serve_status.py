"""`mullion serve status`: whether this machine's service runs, by its lock, its socket, its unit and the journal.

Other programs stand in the place of systemctl and journalctl. Names of tests that are ids of errors count for test_error_table.py.
"""
import json
import os
import signal
import subprocess
import unittest

from tests.e2e.test_config_service import Configured
from tests.support.service import DEADLINE, MULLION, Service

UNIT = {"LoadState": "loaded", "ActiveState": "active", "SubState": "running", "UnitFileState": "enabled", "Result": "success"}


class Status(unittest.TestCase):
    def setUp(self):
        self.service = self.enterContext(Service())
        self.programs = self.service.folder / "programs"
        self.programs.mkdir()
        self.program("systemctl", "echo 'System has not been booted with systemd as init system' >&2; exit 1")
        self.program("journalctl", "exit 1")

    def program(self, name, script):
        path = self.programs / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def unit(self, **values):
        lines = "".join(f"{name}={value}\\n" for name, value in {**UNIT, **values}.items())
        self.program("systemctl", f"printf '{lines}'")

    def ask(self, *options, state=None):
        done = subprocess.run([MULLION, "serve", "status", "--state", state or self.service.state, *options], capture_output=True, text=True, timeout=DEADLINE,
                              env={**os.environ, "PATH": f"{self.programs}:{os.environ['PATH']}"})
        return done.returncode, done.stdout, done.stderr

    def test_it_runs(self):
        self.unit()
        code, out, errors = self.ask()
        self.assertEqual(code, 0, errors + out)
        for part in ("unit       mullion.service: active (running), start type enabled",
                     f"service    running, process {self.service.process.pid}, state {self.service.state}", "version    ", "(Mullion",
                     f"listeners  {self.service.http}, at 127.0.0.1 [Source=\"CommandLine\"] (as the service says)"):
            self.assertIn(part, out)
        self.assertNotIn("start it", out)

    def test_json(self):
        code, out, _ = self.ask("--output", "json")
        found = json.loads(out)
        self.assertEqual((code, found["schema"], found["running"], found["pid"]), (0, 1, True, self.service.process.pid))
        self.assertEqual(found["unit"]["systemd"], False)
        self.assertIsNone(found["problem"])
        self.assertTrue(found["version"])
        self.assertEqual((found["listeners_from"], sorted(found["listeners"])), ("service", sorted(self.service.urls)))
        self.assertEqual(found["listening_on"], {url: ["127.0.0.1"] for url in self.service.urls})
        self.service.stop()
        code, out, _ = self.ask("--output", "json")
        found = json.loads(out)
        self.assertEqual((code, found["running"], found["pid"], found["version"]), (3, False, None, None))
        self.assertIn("mullion serve --state", found["start"])
        self.assertEqual((found["listeners_from"], found["listeners"], found["listening_on"]), ("files", ["http://*:5985/wsman"], {}))

    def test_without_a_listener(self):
        self.service.stop()
        Configured.own(self.service, "winrm.yaml", "Listener: []\n")
        self.assertIn("listeners  none (as winrm.yaml and policy.d say): nobody can reach it over the network. `winrm quickconfig` here makes one", self.ask()[1])
        Configured.own(self.service, "policy.d/10.yml", "Listener:\n  - {Address: 127.0.0.1, Transport: HTTP, Port: 7}\n")
        self.assertIn('listeners  http://127.0.0.1:7/wsman [Source="GPO"] (as winrm.yaml and policy.d say)', self.ask()[1])

    def test_who_waits_for_an_address(self):
        self.service.stop()
        self.service.listen.append("http://192.0.2.1:5985")
        self.service.start()
        code, out, _ = self.ask()
        self.assertEqual(code, 0)
        self.assertIn("listeners  http://192.0.2.1:5985/wsman, at no address that this machine has", out)

    def test_it_does_not_run(self):
        self.service.stop()
        code, out, _ = self.ask()
        self.assertEqual(code, 3)
        self.assertIn("unit       this machine is not run by systemd\nservice    not running", out)
        self.assertIn(f"start it   mullion serve --state {self.service.state} --listen http://*:5985", out)
        self.unit(ActiveState="failed", SubState="failed", Result="exit-code", UnitFileState="disabled")
        code, out, _ = self.ask()
        self.assertEqual(code, 3)
        self.assertIn("mullion.service: failed (failed, Result: exit-code), start type disabled", out)
        self.assertIn("start it   systemctl start mullion.service", out)

    def test_a_killed_service_does_not_run(self):
        self.service.stop(signal.SIGKILL)
        self.assertEqual(self.ask()[0], 3)

    def test_serve_not_running(self):
        """Its lock is held, and its socket gone: it runs, and does not answer."""
        (self.service.state / "run/admin.sock").unlink()
        code, out, _ = self.ask()
        self.assertEqual(code, 4)
        self.assertIn("it does not answer: ", out)
        self.assertIn("the WinRM service of this machine does not run", out)

    def test_the_journals_errors(self):
        self.unit()
        lines = [f"2026-11-22T03:0{i}:00Z error trouble {i}" for i in range(7)]
        self.program("journalctl", "cat <<'END'\n" + "\n".join(["2026-11-22T03:00:00Z info error is not its level", *lines,
                                                               "mullion.service: Failed with result 'exit-code'."]) + "\nEND")
        _, out, _ = self.ask()
        found = [line.split(None, 1)[1] for line in out.splitlines() if line.startswith("errors")]
        self.assertEqual(found, [*lines[3:], "mullion.service: Failed with result 'exit-code'."])
        self.program("journalctl", "exit 0")
        self.assertIn("errors     none in the journal", self.ask()[1])
        self.assertEqual(json.loads(self.ask("--output", "json")[1])["errors"], [])
        self.program("journalctl", "exit 1")
        self.assertIn("errors     not known (the journal cannot be read): the service's standard error has them", self.ask()[1])

    def test_without_systemd_errors_are_not_known(self):
        self.program("journalctl", "exit 0")  # It is there, and has nothing.
        self.assertIn("errors     not known (no systemd): the service's standard error has them", self.ask()[1])
        self.assertIsNone(json.loads(self.ask("--output", "json")[1])["errors"])

    def test_a_broken_configuration_is_told(self):
        self.service.stop()
        (self.service.state / "winrm.yaml").write_text("Service:\n  Nonsense: 1\n")
        code, _, errors = self.ask()
        self.assertEqual(code, 3)
        self.assertIn("winrm.yaml", errors)
        self.assertIn("Nonsense", errors)

    def test_asking_does_not_keep_a_service_from_starting(self):
        self.service.stop()
        self.service.start()
        for _ in range(5):
            self.assertEqual(self.ask()[0], 0)

    def test_a_directory_that_is_not_there(self):
        code, out, _ = self.ask(state=self.service.folder / "nowhere")
        self.assertEqual(code, 3)
        self.assertFalse((self.service.folder / "nowhere").exists(), "who looks makes nothing")

    def test_serve_itself_still_wants_a_state(self):
        done = subprocess.run([MULLION, "serve"], capture_output=True, text=True, timeout=DEADLINE)
        self.assertEqual(done.returncode, 5)
        self.assertIn("--state", done.stderr)


if __name__ == "__main__":
    unittest.main()
