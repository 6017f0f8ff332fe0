"""Limits of WinRM that a command met: told beside its result, which stays what it was. Names of tests are ids of the error table."""
import json
import re
import unittest

from tests.e2e.client import mullion
from tests.e2e.error_table import ROWS
from tests.support.service import ADMIN
from tests.support.simulate import Simulation

# What a Windows prints: {command: (stderr, exit code)}.
ENDS = {
    "share": ("Get-ChildItem : Zugriff verweigert\r\n    + CategoryInfo : PermissionDenied: (\\\\fs01\\share:String) [Get-ChildItem], UnauthorizedAccessException\r\n", 1),
    "updates": ('Exception calling "CreateUpdateDownloader" with "0" argument(s): "(HRESULT: 0x80070005 (E_ACCESSDENIED))"\r\n', 1),
    "prompt": ("    + FullyQualifiedErrorId : InvalidOperation,Microsoft.PowerShell.Commands.ReadHostCommand\r\n", 1),
    "protect": ("Schl\u00fcssel: 0x8009000B\r\n", 7),
    "modules": ("The 'Out-String' command was found in the module 'Microsoft.PowerShell.Utility', but the module could not be loaded.\r\n", 1),
    "warned": ("SSPI: 0x8009030E\r\n", 0),
    "denied": ("Access is denied.\r\n", 5),
    "fine": ("", 0),
}


def answers():
    return [{"command": name, "stderr": text, "exit_code": code} for name, (text, code) in ENDS.items()]


class Hints(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        fleet = f"hosts:\n  - {{name: one, address: 127.0.0.1}}\n  - {{name: two, address: 127.0.0.2}}\nanswers: {json.dumps(answers())}\n"
        cls.fleet = cls.enterClassContext(Simulation(fleet))

    def run_it(self, command, *options, hosts=("127.0.0.1",)):
        targets = ",".join(f"http://{host}:{self.fleet.ports['http']}/wsman" for host in hosts)
        return mullion("run", targets, "-u", ADMIN[0], "--transport", "ntlm", *options, "--", command)

    def hinted(self, command, error_id):
        _, code = ENDS[command]
        ran = self.run_it(command, "--output", "json")
        self.assertEqual((ran.host["exit_code"], ran.host["status"], ran.host["error"]), (code, "failed" if code else "ok", None))
        [hint] = ran.host["hints"]
        row = ROWS[error_id]
        self.assertEqual((hint["id"], hint["advice"]), (error_id, row.advice.split("|")))
        self.assertTrue(hint["cause"].startswith(row.text + ": "), hint)
        shown = self.run_it(command)
        self.assertEqual(shown.code, 2 if code else 0)
        self.assertRegex(shown.stderr, rf"127\.0\.0\.1[^\n]*: exit {code} in [^\n]*\nhint: {re.escape(row.text)} \[{error_id}\]\n")
        self.assertIn(row.advice.split("|")[0], shown.stderr)

    def test_run_double_hop(self):
        self.hinted("share", "run.double_hop")

    def test_run_double_hop__of_a_command_that_gave_0(self):
        self.hinted("warned", "run.double_hop")

    def test_run_windows_update(self):
        self.hinted("updates", "run.windows_update")

    def test_run_non_interactive(self):
        self.hinted("prompt", "run.non_interactive")

    def test_run_dpapi(self):
        self.hinted("protect", "run.dpapi")

    def test_run_module_path(self):
        self.hinted("modules", "run.module_path")

    def test_nothing_is_guessed_without_a_sign(self):
        for command in ("denied", "fine"):
            self.assertNotIn("hints", self.run_it(command, "--output", "json").host)
            self.assertNotIn("hint", self.run_it(command).stderr)

    def test_of_several_hosts_the_advice_is_said_once(self):
        ran = self.run_it("modules", hosts=("127.0.0.1", "127.0.0.2"))
        self.assertEqual(ran.stderr.count(f"{ROWS['run.module_path'].text} [run.module_path]"), 2, ran.stderr)
        self.assertEqual(ran.stderr.count("[run.module_path] of 2 hosts"), 1, ran.stderr)
        self.assertEqual(ran.stderr.count("KB4076842"), 1, ran.stderr)


if __name__ == "__main__":
    unittest.main()
