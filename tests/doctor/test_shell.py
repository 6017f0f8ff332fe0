"""Broken set-ups: what who has logged on may do."""
import json

from tests.doctor.case import SetupCase, doctor, findings_of
from tests.e2e.client import start, words
from tests.support.service import ADMIN, Service
from tests.support.simulate import Simulation

PLAIN = ("plain", "another-Passw0rd")
MODULE_FAILURE = ("The 'Out-String' command was found in the module 'Microsoft.PowerShell.Utility', but the module could not be loaded. "
                  "For more information, run 'Import-Module Microsoft.PowerShell.Utility'.")


class Shells(SetupCase):
    def test_row_37__an_account_that_may_not(self):
        with Service(accounts=[(*ADMIN, ["--admin"]), (*PLAIN, [])]) as service:
            self.expect(37, *words(service, user=PLAIN[0]), password=PLAIN[1],
                        names=["Remote Management Users", "Administrators", "winrm configSDDL default"])

    def test_row_38__no_shell_is_left(self):
        with Service(["Winrs/MaxShellsPerUser=1"]) as service:
            first = start("run", *words(service, "--stdin", "-"), "--", "echo in; cat")
            try:
                self.assertEqual(first.stdout.readline(), b"in\n")
                self.expect(38, *words(service), names=["MaxShellsPerUser", "1", "winrm enumerate shell"])
            finally:
                first.communicate(b"", timeout=60)


class OnWindows(SetupCase):
    """What only Windows says, said by the simulator."""

    def at(self, simulation):
        return f"http://127.0.0.1:{simulation.ports['http']}", "-u", ADMIN[0], "--transport", "ntlm"

    def fleet(self, answers, more=""):
        return Simulation("hosts: [{name: win01}]\nanswers:\n" + "".join(f"  - {json.dumps(answer)}\n" for answer in answers) + more)

    def test_row_39__no_operation_is_left(self):
        fault = "faults:\n  - {step: command, do: fault, code: 0x803381A6}\n"
        with self.fleet([{"command": "echo mullion", "stdout": "mullion\n"}], fault) as simulation:
            self.expect(39, *self.at(simulation), names=["MaxConcurrentOperationsPerUser"])

    def test_row_43__a_module_path_to_a_file_share(self):
        answers = [{"command": "echo mullion", "stdout": "mullion\n"},
                   {"contains": "Out-String", "as": "powershell", "stdout": "C:\\Modules;\\\\files\\modules\n", "stderr": MODULE_FAILURE, "exit_code": 1}]
        with self.fleet(answers) as simulation:
            self.expect(43, *self.at(simulation), names=["KB4076842", "\\\\files\\modules", "take the UNC path out of PSModulePath", "--kerberos-delegation"])

    def test_all_is_well(self):
        answers = [{"command": "echo mullion", "stdout": "mullion\n"},
                   {"contains": "Out-String", "as": "powershell", "stdout": "C:\\Modules\nmullion\n"}]
        with self.fleet(answers) as simulation:
            ran = doctor(*self.at(simulation))
            self.assertEqual(ran.code, 0, ran)
            self.assertIn("powershell loads its modules", findings_of(ran)["shell"]["seen"])
            counts = simulation.counts()["totals"]
            self.assertEqual(counts["shells_open"], 0)
            self.assertLessEqual(counts["most_executions_of_a_command"], 1)
