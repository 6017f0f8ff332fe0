"""CIM of simulated hosts as people ask for it: winrm, `mullion cim` over many hosts, faults on the way, files that are wrong."""
import json
import re
import subprocess
import tempfile
import textwrap
import unittest
from pathlib import Path

from tests.e2e.client import Password, Ran
from tests.e2e.error_table import ROWS
from tests.e2e.namesakes import WINRM, with_password
from tests.e2e.test_simulate import EXAMPLE_PASSWORD, FLEETS, HEAD, Fleet
from tests.support.sanitizer import is_sanitized
from tests.support.service import ADMIN, BUILD, DEADLINE, MULLION, ROOT

HTTP = ("http://0.0.0.0:0",)
PROCESSES = """\
hosts: [{name: h, address: 127.1.0.1}]
cim:
  - class: Win32_Process
    properties: {Handle: string key, Name: string, Text: string}
    generate: {count: 2500, row: {Handle: "{n}", Name: "p{n}"}}
"""


def of_the_page():
    """The classes that docs/simulate.md shows."""
    section = (ROOT / "docs/simulate.md").read_text().split("### CIM\n")[1]
    return textwrap.dedent(re.match(r"\n((?:    .*\n)+)", section)[1])


def cim(fleet, verb, addresses, *words, password=ADMIN[1], user=ADMIN[0]):
    targets = ",".join(f"http://{address}:{fleet.ports[0]}" for address in addresses)
    with Password(password) as file:
        command = [str(MULLION), "cim", verb, "--password-file", file.path, "-u", user, "--transport", "ntlm", targets, *words]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=DEADLINE, pass_fds=file.descriptors)
    return Ran(done.returncode, done.stdout, done.stderr.decode(errors="replace"))


def lines_of(ran):
    return [json.loads(line) for line in ran.stdout.decode().splitlines()]


class Winrm(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.fleet = cls.enterClassContext(Fleet("hosts: [{name: web01, address: 127.1.0.1}]\n" + of_the_page(), listen=HTTP))

    def winrm(self, *words):
        return with_password(WINRM, *words, f"-r:http://127.1.0.1:{self.fleet.ports[0]}", f"-u:{ADMIN[0]}")

    def prints(self, *words):
        ran = self.winrm(*words)
        self.assertEqual((ran.code, ran.stderr), (0, ""), ran)
        return ran.stdout.decode()

    def test_enumerate(self):
        out = self.prints("enumerate", "wmicimv2/Win32_Service")
        self.assertEqual(out.count("Win32_Service\n"), 2)
        self.assertIn("    Name = W32Time\n    ProcessId = 812\n    StartMode = Auto\n    State = Running\n    SystemName = web01\n", out)
        self.assertIn("    Name = Spooler\n    ProcessId = null\n", out)
        self.assertEqual(self.prints("enumerate", "wmicimv2/Win32_Process").count("    Handle = "), 1000)

    def test_a_filter(self):
        out = self.prints("enumerate", "wmicimv2/*", "-filter:select Name from Win32_Service where State = 'stopped' and StartMode like 'A%'")
        self.assertEqual(out, "XmlFragment\n    Name = Spooler\n\n")
        wrong = self.winrm("enumerate", "wmicimv2/*", "-filter:select Nam from Win32_Service")
        self.assertNotEqual(wrong.code, 0)
        self.assertIn("Nam", wrong.stderr)

    def test_get(self):
        self.assertIn("    ProcessId = 812\n", self.prints("get", "wmicimv2/Win32_Service?Name=w32time"))
        missing = self.winrm("get", "wmicimv2/Win32_Service?Name=nobody")
        self.assertNotEqual(missing.code, 0)
        self.assertIn("0x80338000", missing.stderr)
        near = self.winrm("get", "wmicimv2/Win32_Servise?Name=W32Time")
        self.assertIn("Win32_Service", near.stderr)

    def test_methods(self):
        self.assertEqual(self.prints("invoke", "StartService", "wmicimv2/Win32_Service?Name=Spooler"), "StartService_OUTPUT\n    ReturnValue = 10\n\n")
        out = self.prints("invoke", "Create", "wmicimv2/Win32_Process", '@{CommandLine="notepad"}')
        self.assertIn("    ProcessId = 4711\n", out)
        self.assertNotEqual(self.winrm("invoke", "StopService", "wmicimv2/Win32_Service?Name=nobody").code, 0)
        wrong = self.winrm("invoke", "Create", "wmicimv2/Win32_Process", '@{Command="notepad"}')
        self.assertNotEqual(wrong.code, 0)
        self.assertIn("Command", wrong.stderr)

    def test_changes_are_refused(self):
        self.assertNotEqual(self.winrm("set", "wmicimv2/Win32_Service?Name=Spooler", '@{State="Running"}').code, 0)


class ManyHosts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.fleet = cls.enterClassContext(Fleet("hosts: [{name: 'web[01:20]', address: 127.1.0.1}]\n" + of_the_page(), listen=HTTP))
        cls.addresses = [f"127.1.0.{number}" for number in range(1, 21)]

    def test_a_table(self):
        ran = cim(self.fleet, "query", self.addresses, "SELECT Name, State, SystemName FROM Win32_Service WHERE State = 'Running'")
        self.assertEqual(ran.code, 0, ran)
        head, *rows = ran.stdout.decode().splitlines()
        self.assertEqual(head.split(), ["host", "Name", "State", "SystemName"])
        port = self.fleet.ports[0]
        self.assertEqual(sorted(row.split() for row in rows),
                         sorted([f"127.1.0.{number}:{port}", "W32Time", "Running", f"web{number:02}"] for number in range(1, 21)))

    def test_jsonl(self):
        ran = cim(self.fleet, "query", self.addresses, "SELECT * FROM Win32_Service", "--output", "jsonl")
        self.assertEqual(ran.code, 0, ran)
        found = lines_of(ran)
        rows = [line["row"] for line in found if "row" in line]
        hosts = [line for line in found if "row" not in line]
        self.assertEqual(sorted(row["SystemName"] for row in rows if row["SystemName"]), [f"web{number:02}" for number in range(1, 21)])
        self.assertEqual(len(rows), 40)
        self.assertEqual([(host["status"], host["row_count"], host["complete"]) for host in hosts], [("ok", 2, True)] * 20)
        self.assertEqual(len({host["host"] for host in hosts}), 20)

    def test_somebody_who_is_no_administrator(self):
        with Fleet("hosts: [{name: h, address: 127.1.0.1}]\nprofiles: {}\n" + of_the_page(), listen=HTTP) as fleet:
            text = (fleet.folder / "fleet.yml").read_text()
        text = text.replace("accounts: [", "accounts: [{user: guest, password: guest, administrator: false}, ")
        with Fleet(written(self, text), listen=HTTP) as fleet:
            ran = cim(fleet, "query", ["127.1.0.1"], "SELECT Name FROM Win32_Service", password="guest", user="guest")
        self.assertEqual(ran.code, 4, ran)
        self.assertIn("[wsman.access_denied]", ran.stderr)


def written(case, text):
    """As a file that is there as long as the test."""
    file = Path(case.enterContext(tempfile.TemporaryDirectory(prefix="mullion-test-"))) / "fleet.yml"
    file.write_text(text)
    return file


class Faults(unittest.TestCase):
    """Rows are told as they came, and that they are not all is never hidden."""

    def ask(self, fault, *options):
        with Fleet(f"{PROCESSES}faults: [{{{fault}}}]\n", listen=HTTP) as fleet:
            ran = cim(fleet, "query", ["127.1.0.1"], "SELECT Handle FROM Win32_Process", "--output", "jsonl", "--read-timeout", "4", "--operation-timeout", "2",
                      *options)
            self.assertGreaterEqual(fleet.counts()["totals"]["faults"], 1, ran)
        *rows, host = lines_of(ran)
        self.assertEqual([row["row"]["Handle"] for row in rows], [str(number) for number in range(1, len(rows) + 1)])
        self.assertEqual(host["row_count"], len(rows))
        self.assertEqual(ran.code, 0 if host["status"] == "ok" else 4)
        self.assertEqual(host["complete"], host["status"] == "ok")
        return host

    def test_a_fault_in_a_later_pull(self):
        host = self.ask("step: pull, nth: 2, do: fault, code: 0x80338000")
        self.assertEqual((host["status"], host["error"]["wsman_code"]), ("refused", 0x80338000))
        self.assertEqual(host["row_count"], 2000)
        self.assertIn("2000 rows came before it", host["error"]["message"])

    def test_slow_is_only_slow(self):
        for fault in ("step: pull, do: slow, bytes: 20000, pause: 1ms", "step: enumerate, do: delay, for: 50ms"):
            host = self.ask(fault)
            self.assertEqual((host["status"], host["row_count"]), ("ok", 2500), host)

    def test_cut_off(self):
        for fault, rows in (("step: pull, do: truncate, bytes: 5000", 1000), ("step: pull, nth: 2, do: drop", 2000), ("step: pull, do: http, status: 500", 1000),
                            ("step: pull, do: wrong_relates_to", 1000)):
            with self.subTest(fault):
                host = self.ask(fault)
                self.assertEqual(host["row_count"], rows, host)
                self.assertNotEqual(host["status"], "ok")

    def test_what_is_no_xml_from_its_middle_on(self):
        """The rows before it were read already: they are shown, and said not to be all."""
        host = self.ask("step: pull, do: garble")
        self.assertTrue(1000 < host["row_count"] < 2000, host)
        self.assertEqual((host["status"], host["complete"], host["error"]["id"]), ("unreachable", False, "wsman.malformed"))
        self.assertIn(f"{host['row_count']} rows came before it, and they are not all", host["error"]["message"])

    def test_a_host_that_never_answers(self):
        host = self.ask("step: pull, do: stall", "--timeout", "1")
        self.assertEqual((host["status"], host["error"]["id"], host["row_count"]), ("timed_out", "run.timeout", 1000))


class Monitoring(unittest.TestCase):
    """The five questions that monitoring asks first, of a fleet."""
    QUESTIONS = {
        "SELECT Name, PercentProcessorTime, Timestamp_Sys100NS FROM Win32_PerfRawData_PerfOS_Processor WHERE Name != '_Total'":
            [{"Name": "0", "PercentProcessorTime": "1046510156250", "Timestamp_Sys100NS": "133538546450000000"},
             {"Name": "1", "PercentProcessorTime": "1047226562500", "Timestamp_Sys100NS": "133538546450000000"}],
        "SELECT CSName, FreePhysicalMemory, TotalVisibleMemorySize FROM Win32_OperatingSystem":
            [{"CSName": "HOST", "FreePhysicalMemory": "6352896", "TotalVisibleMemorySize": "8387584"}],
        "SELECT Name, Capacity, FreeSpace, DriveType FROM Win32_Volume":
            [{"Name": "C:\\", "Capacity": "63797456896", "FreeSpace": "52613349376", "DriveType": "3"},
             {"Name": "D:\\", "Capacity": None, "FreeSpace": None, "DriveType": "5"}],
        "SELECT Name, State, SystemName FROM Win32_Service WHERE StartMode = 'Auto' AND State = 'Running'":
            [{"Name": "W32Time", "State": "Running", "SystemName": "HOST"}, {"Name": "Winmgmt", "State": "Running", "SystemName": "HOST"}, {"Name": "WinRM", "State": "Running", "SystemName": "HOST"}],
        "SELECT * FROM Win32_UTCTime":
            [{"__CLASS": "Win32_UTCTime", "Day": "2", "DayOfWeek": "6", "Hour": "3", "Minute": "4", "Month": "3", "Second": "5", "Year": "2024"}],
    }

    def test_each_host_has_one_right_answer_to_each(self):
        hosts = [f"127.1.1.{number}" for number in range(1, 51)]
        with Fleet(FLEETS / "windows.yml", listen=HTTP) as fleet:
            for query, expected in self.QUESTIONS.items():
                with self.subTest(query):
                    ran = cim(fleet, "query", hosts, query, "--output", "jsonl", password=EXAMPLE_PASSWORD, user="Administrator")
                    self.assertEqual(ran.code, 0, ran.stderr)
                    self.check(fleet, lines_of(ran), expected)

    def check(self, fleet, lines, expected):
        rows, ends = {}, []
        for line in lines:
            if "row" in line:
                rows.setdefault(line["host"], []).append(line["row"])
            else:
                ends.append((line["host"], line["status"], line["complete"]))
        names = {f"127.1.1.{number}:{fleet.ports[0]}": f"web{number:02}" for number in range(1, 51)}
        self.assertEqual(sorted(ends), sorted((host, "ok", True) for host in names))
        for host, name in names.items():
            self.assertEqual(rows[host], [{key: name if value == "HOST" else value for key, value in row.items()} for row in expected])


class Size(unittest.TestCase):
    FLEET = PROCESSES.replace("2500", "10000000").replace('Name: "p{n}"', f'Name: "p{{n}}", Text: "{"x" * 2000}"')

    def test_more_than_a_host_makes_is_refused_and_not_cut(self):
        with Fleet(self.FLEET, listen=HTTP) as fleet:
            ran = cim(fleet, "query", ["127.1.0.1"], "SELECT Text FROM Win32_Process", "--output", "jsonl", "--max-rows", "100000")
            *rows, host = lines_of(ran)
            again = cim(fleet, "get", ["127.1.0.1"], "Win32_Process?Handle=7")  # It is well after that.
            memory = int(re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{fleet.process.pid}/status").read_text())[1])
        self.assertEqual(host["status"], "refused", host)
        self.assertIn("64 MiB", host["error"]["message"])
        self.assertGreater(len(rows), 20_000)
        self.assertEqual((again.code, "Name = p7" in again.stdout.decode()), (0, True), again)
        if not is_sanitized(BUILD):
            self.assertLess(memory, 512 * 1024)


class Forms(unittest.TestCase):
    """One host as mullion serve writes, one as Windows does: what is shown is the same, but for arrays that are null."""
    FLEET = """\
hosts: [{name: ours, address: 127.1.0.1}, {name: theirs, address: 127.1.0.2, cim_form: windows}]
cim:
  - class: Win32_OperatingSystem
    properties: {Name: string key, LastBootUpTime: datetime, MUILanguages: "string[]", Caption: string}
    rows: [{Name: "{host}", LastBootUpTime: "20260102030405.500000+060"}]
"""

    def rows(self, fleet, query):
        ran = cim(fleet, "query", ["127.1.0.1", "127.1.0.2"], query, "--output", "jsonl")
        self.assertEqual(ran.code, 0, ran.stderr)
        found = {line["row"].pop("Name"): line["row"] for line in lines_of(ran) if "row" in line}
        return found["ours"], found["theirs"]

    def test_what_is_shown(self):
        with Fleet(self.FLEET, listen=HTTP) as fleet:
            ours, theirs = self.rows(fleet, "SELECT Name, LastBootUpTime, MUILanguages FROM Win32_OperatingSystem")
            self.assertEqual(ours, {"LastBootUpTime": "2026-01-02T03:04:05.5+01:00", "MUILanguages": None})
            self.assertEqual(theirs, ours)
            ours, theirs = self.rows(fleet, "SELECT * FROM Win32_OperatingSystem")
            self.assertIsNone(ours.pop("MUILanguages"))
            self.assertEqual(theirs, ours)
            self.assertEqual(ours["LastBootUpTime"], "2026-01-02T03:04:05.5+01:00")


class Files(unittest.TestCase):
    def check(self, text):
        done = subprocess.run([MULLION, "simulate", "--check", written(self, HEAD + text)], stdin=subprocess.DEVNULL, capture_output=True, timeout=DEADLINE)
        return done.returncode, done.stderr.decode()

    def test_what_is_wrong_is_told_with_its_line(self):
        head = "hosts: [{name: a}]\ncim:\n  - class: C\n    properties: {Key: string key, Number: uint8}\n"
        for text, what in ((head + "    rows:\n      - {Key: a, Number: 300}\n", 'line 8: Number: "300" is no uint8'),
                           (head + "    rows:\n      - {Key: a, Numbr: 3}\n", "line 8: Numbr is not a property of C; did you mean Number?"),
                           (head + "    rows:\n      - {Key: a, Key: b}\n", "line 8: Key is given twice"),
                           (head + "    rows:\n      - {Key: a}\n      - {Key: A}\n", "line 9: two rows of C have the same key"),
                           (head + "    rows:\n      - {Number: 3}\n", "line 8: a row of C needs its key Key"),
                           (head.replace("uint8", "int"), 'line 6: Number: "int" is no type: boolean'),
                           (head + "    row: []\n", "line 7: row is not a key of a class of cim; did you mean rows?")):
            with self.subTest(what):
                code, errors = self.check(text)
                self.assertEqual(code, ROWS["simulate.invalid"].exit_code)
                self.assertIn(f"fleet.yml: {what}", errors)

    def test_a_hundred_thousand_rows(self):
        head = "hosts: [{name: a}]\ncim:\n  - class: C\n    properties: {Key: string key, Number: uint32, State: string}\n    rows:\n"
        rows = "".join(f"      - {{Key: k{number}, Number: {number}, State: Running}}\n" for number in range(100_000))
        self.assertEqual(self.check(head + rows), (0, ""))
        code, errors = self.check(head + rows + "      - {Key: k99, Number: 1}\n")
        self.assertEqual(code, ROWS["simulate.invalid"].exit_code)
        self.assertIn("line 100008: two rows of C have the same key", errors)


if __name__ == "__main__":
    unittest.main()
