"""Checks that are not compiled in: the files of examples/checks, and queries on the command line."""
import json
import re
import unittest
from pathlib import Path

from tests.e2e.check_scene import ADMIN, State, centreon, run, url
from tests.support.service import MULLION
from tests.support.simulate import Simulation

CHECKS = Path(__file__).resolve().parents[2] / "examples/checks"
SETTINGS = "settings: {Service/Auth/Basic: true, Service/AllowUnencrypted: true}\n"

WEB = """
hosts:
  - {name: web01, address: 127.0.0.1}
cim_form: windows
cim:
  - class: Win32_PerfRawData_APPPOOLCountersProvider_APPPOOLWAS
    properties: {Name: string key, CurrentApplicationPoolState: uint32, CurrentWorkerProcesses: uint32, RecentWorkerProcessFailures: uint32}
    rows:
      - {Name: DefaultAppPool, CurrentApplicationPoolState: 3, CurrentWorkerProcesses: 1, RecentWorkerProcessFailures: 0}
      - {Name: shop, CurrentApplicationPoolState: 3, CurrentWorkerProcesses: 4, RecentWorkerProcessFailures: 0}
      - {Name: reports, CurrentApplicationPoolState: STATE, CurrentWorkerProcesses: 0, RecentWorkerProcessFailures: FAILED}
      - {Name: _Total, CurrentApplicationPoolState: 0, CurrentWorkerProcesses: 5, RecentWorkerProcessFailures: FAILED}
  - class: Win32_PerfRawData_Tcpip_TCPv4
    properties: {Name: string, SegmentsSentPersec: uint32, SegmentsRetransmittedPersec: uint32, Timestamp_PerfTime: uint64, Frequency_PerfTime: uint64}
    rows:
      - {Name: "", SegmentsSentPersec: SENT, SegmentsRetransmittedPersec: AGAIN, Timestamp_PerfTime: TICKS, Frequency_PerfTime: 10000000}
  - class: Win32_OperatingSystem
    properties: {Name: string key, Version: string, LastBootUpTime: datetime}
    rows:
      - {Name: Windows, Version: 10.0.20348, LastBootUpTime: 20260301061502.500000+000}
  - class: ApplicationPool
    namespace: root/WebAdministration
    properties: {Name: string key, AutoStart: boolean, QueueLength: uint32}
    rows:
      - {Name: shop, AutoStart: true, QueueLength: 1000}
      - {Name: reports, AutoStart: false, QueueLength: 250}
"""


def web(state=3, failed=0, sent=4294967000, again=100, ticks=10_000_000):
    fleet = WEB
    for word, value in (("STATE", state), ("FAILED", failed), ("SENT", sent), ("AGAIN", again), ("TICKS", ticks)):
        fleet = re.sub(rf"\b{word}\b", str(value), fleet)
    return Simulation(fleet, settings=SETTINGS)


def check(played, *words, environment=None):
    return run([MULLION, "check", words[0], url(played), "-u", ADMIN[0], "--password-file", "{password}", "--transport", "ntlm", *words[1:]], environment)


class Case(unittest.TestCase):
    def says(self, ran, code, text):
        self.assertEqual(ran.code, code, ran)
        self.assertTrue(ran.stdout.startswith(text), ran)


class ApplicationPools(Case):
    FILE = CHECKS / "iis-app-pools.yml"

    def test_all_are_well(self):
        with web() as played:
            ran = check(played, self.FILE, "--verbose")
            again = check(played, "wql", "--file", self.FILE)
        self.assertEqual(ran.stdout.splitlines(), [
            "OK: All application pools are ok | 'DefaultAppPool#pool.workers.count'=1;;;0; 'DefaultAppPool#pool.workers.failures.recent.count'=0;0:2;;0; "
            "'reports#pool.workers.count'=0;;;0; 'reports#pool.workers.failures.recent.count'=0;0:2;;0; "
            "'shop#pool.workers.count'=4;;;0; 'shop#pool.workers.failures.recent.count'=0;0:2;;0; 'pools.detected.count'=3;;;0;",
            "Application pool 'DefaultAppPool' state is running, workers: 1, workers that failed lately: 0",
            "Application pool 'reports' state is running, workers: 0, workers that failed lately: 0",
            "Application pool 'shop' state is running, workers: 4, workers that failed lately: 0"])
        self.assertEqual(again.stdout, ran.stdout.splitlines()[0] + "\n")

    def test_a_pool_that_is_stopped_is_critical_and_one_that_fails_a_warning(self):
        with web(state=5, failed=7) as played:
            self.says(check(played, self.FILE), 2, "CRITICAL: Application pool 'reports' state is disabled, workers that failed lately: 7 |")
            self.says(check(played, self.FILE, "--critical-status", ""), 1, "WARNING: Application pool 'reports' workers that failed lately: 7 |")
            self.says(check(played, self.FILE, "--exclude", "^(_Total|reports)$"), 0, "OK: All application pools are ok |")
            self.says(check(played, self.FILE, "--include", "^shop$"), 0, "OK: Application pool 'shop' state is running, workers: 4")
            self.says(check(played, self.FILE, "--critical-status", "", "--warning-failures", "", "--critical-workers", "1:"), 2,
                      "CRITICAL: Application pool 'reports' workers: 0 |")

    def test_nothing_to_see_is_unknown(self):
        with web() as played:
            self.says(check(played, self.FILE, "--include", "none"), 3, "UNKNOWN: No row of the answer is taken")
            self.says(check(played, self.FILE, "--include", "none", "--empty", "ok"), 0, "OK: ")
            self.says(check(played, self.FILE, "--critical-status", "%{Stat} == 1"), 3, "UNKNOWN: --critical-status: %{Stat}")

    def test_under_centreons_name(self):
        with web() as played:
            ran = centreon(played, "wql", f"--file={self.FILE}", "--critical-workers=1:", method="ntlm")
        self.says(ran, 2, "CRITICAL: Application pool 'reports' workers: 0 |")

    def test_its_options_are_those_of_the_file(self):
        ran = run([MULLION, "check", self.FILE, "--help"])
        self.assertEqual(ran.code, 0)
        for word in ("--critical-status", "--warning-instance-pool-workers-count", "--include", "--transport"):
            self.assertIn(word, ran.stdout)


class Retransmissions(Case):
    FILE = CHECKS / "tcp-retransmissions.yml"

    def test_two_runs_make_a_rate_and_a_counter_goes_round(self):
        with State() as state:
            with web() as played:
                port = played.ports["http"]
                self.says(check(played, self.FILE, environment=state.environment), 0, "OK: again : Buffer creation, rate : Buffer creation ")
            self.assertEqual(len(state.files()), 1)
            # Ten seconds later on the host: 900 segments, 100 more of them sent again. At the same address, as state is of a host and port.
            later = Simulation(WEB.replace("SENT", "604").replace("AGAIN", "200").replace("TICKS", "110000000").replace("STATE", "3").replace("FAILED", "0"),
                               settings=SETTINGS)
            later.file.write_text(re.sub(r"port: 0, scheme: http}", f"port: {port}, scheme: http}}", later.file.read_text()))
            with later as played:
                ran = check(played, self.FILE, environment=state.environment)
        self.assertEqual(ran.stdout, "WARNING: 10.00 % of the TCP segments were sent again | "
                                     "'tcp.segments.retransmitted.percentage'=10.00%;0:5;0:20;0;100 'tcp.segments.sent.persecond'=90.00;;;0;\n", ran)

    def test_counters_that_stand_still_are_unknown(self):
        with web() as played:
            ran = check(played, self.FILE, "--sample-interval", "0.1")
        self.says(ran, 3, "UNKNOWN: ")
        self.assertIn("stand still", ran.stdout)


class Queries(Case):
    def test_rows_are_counted(self):
        with web() as played:
            query = ["wql", "--query", "SELECT Name FROM ApplicationPool WHERE AutoStart = TRUE", "--namespace", "root\\WebAdministration"]
            ran = check(played, *query, "--critical", "@0:0")
            self.assertEqual(ran.stdout, "OK: Number of rows: 1 | 'rows.count'=1;;@0:0;0;\n")
            self.says(check(played, *query, "--warning", "2:"), 1, "WARNING: Number of rows: 1 |")
            self.says(check(played, "wql", "--query", "SELECT Name FROM ApplicationPool WHERE Name = 'x'", "--namespace", "root/WebAdministration"), 3,
                      "UNKNOWN: The host returned no row for SELECT Name")

    def test_metrics_and_states(self):
        with web() as played:
            ran = check(played, "wql", "--query", "SELECT * FROM ApplicationPool", "--namespace", "root/WebAdministration", "--instance", "Name",
                        "--metric", "pool.queue.length=QueueLength", "--metric", "pool.queue.kilo[k]=%{QueueLength} / 1000", "--status", "starts by itself: %{AutoStart}",
                        "--warning-pool-queue-length", "500", "--critical-status", "%{AutoStart} ne 'true'", "--output-json")
        self.assertEqual(ran.code, 2, ran)
        report = json.loads(ran.stdout)["plugin"]
        self.assertIn("CRITICAL: 'reports' starts by itself: false", [output["msg"] for output in report["outputs"] if output["exit"] == "CRITICAL"])
        self.assertEqual([(one["label"], one["value"], one["unit"]) for one in report["perfdatas"]],
                         [("reports#pool.queue.length", "250", ""), ("reports#pool.queue.kilo", "0.25", "k"),
                          ("shop#pool.queue.length", "1000", ""), ("shop#pool.queue.kilo", "1", "k")])

    def test_a_class_that_is_not_there_is_unknown(self):
        with web() as played:
            self.says(check(played, "wql", "--query", "SELECT * FROM Nothing"), 3, "UNKNOWN: ")


class Refusals(Case):
    def test_wrong_words_are_unknown_and_nobody_is_asked(self):
        with web() as played, State() as folder:
            broken = folder.path / "broken.yml"
            broken.write_text("version: 1\nname: x\nclass: C\ncounter: {}\n")
            for words, said in (([broken], f"{broken}:4: counter is not a key of a check file; did you mean counters?"),
                                ([folder.path / "gone.yml"], "gone.yml"),
                                (["wql"], "it takes --file FILE.yml, or --query"),
                                (["wql", "--file", broken, "--query", "x"], "--file says all of a check"),
                                (["wql", "--query", "x", "--metric", "a"], "Wrong --metric 'a'"),
                                (["wql", "--query", "x", "--metric", "a=A", "--warning", "5:x"], "Wrong warning-a threshold '5:x'.")):
                with self.subTest(words):
                    ran = check(played, *words)
                    self.says(ran, 3, "UNKNOWN: ")
                    self.assertIn(said, ran.stdout)
            self.assertEqual(played.counts()["totals"]["requests"], 0)
