"""`mullion exporter` over simulated hosts: what it answers, whom it refuses, what it does when time is over, and a real Prometheus that scrapes it."""
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import textwrap
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tests.support.service import ADMIN, DEADLINE, MULLION, ROOT, Service, read_line, wait_until
from tests.support.simulate import Simulation

FLEET = """\
hosts:
  - {name: web01, address: 127.1.0.1}
  - {name: web02, address: 127.1.0.2}
  - {name: slow01, address: 127.1.0.3}
  - {name: cut01, address: 127.1.0.4}
faults:
  - {host: slow01, step: pull, nth: 1, do: stall, times: 1}
  - {host: cut01, step: pull, nth: 2, do: fault, code: 0x80338000}
cim:
  - class: Win32_OperatingSystem
    properties: {Caption: string, Version: string, BuildNumber: string, ProductType: uint32, InstallDate: datetime, LocalDateTime: datetime,
                 TotalVisibleMemorySize: uint64, FreePhysicalMemory: uint64, MaxProcessMemorySize: uint64, MaxNumberOfProcesses: uint32}
    rows: [{Caption: Microsoft Windows Server 2022 Standard, Version: 10.0.20348, BuildNumber: '20348', ProductType: 3,
            InstallDate: 20260101120000.000000+000, TotalVisibleMemorySize: 8388608}]
  - class: Win32_ComputerSystem
    properties: {DNSHostName: string, Domain: string, PartOfDomain: boolean}
    rows: [{DNSHostName: "{host}", Domain: WORKGROUP, PartOfDomain: false}]
  - class: Win32_PageFileUsage
    properties: {Name: string key, AllocatedBaseSize: uint32, CurrentUsage: uint32}
    rows: [{Name: 'C:\\pagefile.sys', AllocatedBaseSize: 4096, CurrentUsage: 96}]
  - class: Win32_Service
    properties: {Name: string key, DisplayName: string, PathName: string, ProcessId: uint32, StartMode: string, StartName: string, State: string}
    generate: {count: 3000, row: {Name: "svc{n}", DisplayName: 'a "service"', State: Running, StartMode: Auto, ProcessId: "{n}"}}
  - class: Win32_Process
    properties: {ProcessId: uint32 key, CreationDate: datetime}
    rows: [{ProcessId: 7, CreationDate: 20260101120000.000000+000}]
"""

CONFIG = """\
version: 1
listen: ['127.0.0.1:0']
targets: {{allow: ['127.1.0.0/29:*']}}
auths:
  default: {{user: {user}, password_file: password, transport: ntlm, scheme: http}}
  wrong: {{user: {user}, password_file: wrong, transport: ntlm, scheme: http}}
  nofile: {{user: {user}, password_file: missing, transport: ntlm, scheme: http}}
modules:
  default: {{collectors: [os, pagefile]}}
  services: {{collectors: [service], services: {{include: 'svc[0-9]'}}}}
  all_services: {{collectors: [service]}}
  unknown: {{collectors: [tcp, time]}}
"""


class Exporter:
    """Use as a context manager; its files are in a folder of their own."""

    def __init__(self, config=CONFIG):
        self.folder = Path(tempfile.mkdtemp(prefix="mullion-exporter-"))
        self.file = self.folder / "exporter.yml"
        self.file.write_text(config.format(user=ADMIN[0]))
        for name, text in (("password", ADMIN[1]), ("wrong", "wrong")):
            (self.folder / name).write_text(text + "\n")
            (self.folder / name).chmod(0o600)

    def __enter__(self):
        self.log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen([str(MULLION), "exporter", "--config", str(self.file)], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=self.log)
        line = read_line(self.process.stdout, self.process)
        if line is None:
            self.process.wait(DEADLINE)
            raise AssertionError(f"mullion exporter said nothing: {(self.folder / 'log').read_text()}")
        self.url = json.loads(line)["listening"][0]
        self.port = int(self.url.rsplit(":", 1)[1])
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.code = self.process.wait(DEADLINE)
        finally:
            self.process.kill()
            self.process.stdout.close()
            self.log.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def ask(self, path, method="GET", headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE)
        try:
            connection.request(method, path, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), answer.headers
        finally:
            connection.close()

    def probe(self, target, timeout=None, **words):
        headers = {"X-Prometheus-Scrape-Timeout-Seconds": str(timeout)} if timeout else {}
        return self.ask("/probe?" + urlencode({"target": target, **words}), headers=headers)

    def metrics(self):
        return self.ask("/metrics")[1]


def value(text, series):
    found = re.search(rf"^{re.escape(series)} (\S+)$", text, re.M)
    return float(found[1]) if found else None


class Scrapes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.fleet = cls.enterClassContext(Simulation(FLEET))
        cls.port = cls.fleet.ports["http"]

    def setUp(self):
        self.exporter = self.enterContext(Exporter())

    def probe(self, host="127.1.0.1", code=200, **words):
        status, text, headers = self.exporter.probe(f"{host}:{self.port}", **words)
        self.assertEqual(status, code, text)
        return text

    def test_metrics_of_a_host(self):
        status, text, headers = self.exporter.probe(f"127.1.0.1:{self.port}", module="default,services")
        self.assertEqual((status, headers["Content-Type"]), (200, "text/plain; version=0.0.4; charset=utf-8"))
        self.assertEqual(value(text, "probe_success"), 1, text)
        self.assertIn('windows_os_info{product="Windows Server 2022 Standard",version="10.0.20348",major_version="10",minor_version="0",'
                      'build_number="20348",installation_type="Server"} 1\n', text)
        self.assertIn('windows_os_hostname{hostname="web01",fqdn="web01"} 1\n', text)
        self.assertEqual(value(text, 'windows_pagefile_limit_bytes{file="C:\\\\pagefile.sys"}'), 4096 << 20)
        self.assertEqual(value(text, 'windows_service_state{name="svc7",state="running"}'), 1)
        self.assertEqual(value(text, 'windows_service_process{name="svc7",process_id="7"}'), 1767268800)
        self.assertEqual(len(re.findall(r"^windows_service_info", text, re.M)), 9, "the filter is of the whole name")
        self.assertIn('display_name="a \\"service\\""', text)
        checked = subprocess.run(["promtool", "check", "metrics"], input=text, text=True, capture_output=True, timeout=DEADLINE)
        self.assertEqual((checked.returncode, checked.stdout + checked.stderr), (0, ""))

    def test_a_host_is_logged_on_to_once(self):
        before = self.fleet.counts()["hosts"].get("web02", {})
        for _ in range(3):
            self.assertEqual(value(self.probe("127.1.0.2"), "probe_success"), 1)
        after = self.fleet.counts()["hosts"]["web02"]
        self.assertEqual(after["connections"] - before.get("connections", 0), 1, after)
        own = self.exporter.metrics()
        self.assertEqual(value(own, 'mullion_exporter_sessions{state="idle"}'), 1)
        self.assertEqual(value(own, 'mullion_exporter_probes_total{result="success"}'), 3)
        self.assertEqual(value(own, "mullion_exporter_queries_total"), 9)
        checked = subprocess.run(["promtool", "check", "metrics"], input=own, text=True, capture_output=True, timeout=DEADLINE)
        self.assertEqual((checked.returncode, checked.stdout + checked.stderr), (0, ""))

    def test_time_is_over_in_the_middle_and_the_next_scrape_is_well(self):
        text = self.probe("127.1.0.3", module="default,all_services", timeout=2)
        self.assertEqual(value(text, "probe_success"), 0)
        self.assertEqual(value(text, "probe_timeout_seconds"), 1.5)
        self.assertEqual(value(text, 'windows_exporter_collector_timeout{collector="service"}'), 1, text)
        self.assertEqual(value(text, 'windows_exporter_collector_success{collector="os"}'), 1, "what came is shown")
        self.assertEqual(value(text, 'wsman_collector_failure{collector="service",reason="run.timeout"}'), 1)
        self.assertNotIn("windows_service_info", text, "half an answer is none")
        self.assertLess(value(text, "probe_duration_seconds"), 2)
        again = self.probe("127.1.0.3", module="all_services")
        self.assertEqual(value(again, "probe_success"), 1, again)
        self.assertEqual(len(re.findall(r"^windows_service_info", again, re.M)), 3000)

    def test_a_fault_in_the_middle_is_no_answer(self):
        text = self.probe("127.1.0.4", module="default,all_services")
        self.assertEqual(value(text, 'windows_exporter_collector_success{collector="os"}'), 1)
        self.assertEqual(value(text, 'windows_exporter_collector_success{collector="service"}'), 0)
        self.assertNotIn("windows_service_info", text)
        self.assertEqual(value(text, "wsman_up"), 1)

    def test_a_wrong_password_is_tried_once_a_scrape(self):
        def refused():
            return self.fleet.counts()["hosts"]["web01"]
        self.probe()
        before = refused()
        text = self.probe(auth="wrong", module="default,services")
        self.assertEqual(value(text, "wsman_up"), 0)
        for collector in ("os", "pagefile", "service"):
            self.assertEqual(value(text, f'wsman_collector_failure{{collector="{collector}",reason="auth.rejected"}}'), 1, text)
        self.assertEqual(refused()["connections"] - before["connections"], 1)
        self.assertNotIn("wrong", text)
        text = self.probe(auth="nofile")
        self.assertEqual(value(text, 'wsman_collector_failure{collector="os",reason="usage.file"}'), 1, text)

    def test_debug_says_what_to_do(self):
        text = self.probe(auth="wrong", debug="true")
        self.assertIn("os: 0 rows", text)
        self.assertIn("[auth.rejected]", text)
        self.assertIn("  next: ", text)
        self.assertIn("Metrics that would have been returned:\n", text)

    def test_classes_that_a_host_lacks(self):
        text = self.probe(module="unknown")
        self.assertEqual(value(text, 'windows_exporter_collector_success{collector="tcp"}'), 0)
        self.assertEqual(value(text, 'wsman_collector_failure{collector="tcp",reason="wsman.fault"}'), 1, text)
        self.assertEqual(value(text, 'windows_exporter_collector_success{collector="time"}'), 1, "its other classes are of newer hosts")

    def test_nobody_there(self):
        status, text, _ = self.exporter.probe("127.1.0.5:1")
        self.assertEqual((status, value(text, "wsman_up"), value(text, "probe_success")), (200, 0, 0))
        self.assertIn('reason="net.refused"', text)

    def test_refusals(self):
        for target, code, why in (("", 400, "target is missing"), ("http://127.1.0.1", 400, "without scheme"), ("127.1.0.9", 403, "not among"),
                                  ("user@127.1.0.1", 400, "without scheme")):
            status, text, _ = self.exporter.probe(target)
            self.assertEqual(status, code, text)
            self.assertIn(why, text)
        self.assertIn("unknown module x", self.probe(code=400, module="x"))
        self.assertIn("unknown auth x", self.probe(code=400, auth="x"))
        self.assertIn("unknown parameter password", self.probe(code=400, password="x"))
        self.assertIn("no number of seconds", self.probe(code=400, timeout="soon"))
        self.assertEqual(self.exporter.ask("/nothing")[0], 404)
        self.assertEqual(self.exporter.ask("/probe", method="POST")[0], 405)
        self.assertEqual(self.exporter.ask("/-/reload")[0], 405)
        self.assertEqual(self.exporter.ask("/-/healthy")[:2], (200, "ok\n"))
        self.assertEqual(self.exporter.ask("/probe", headers={"X-Long": "x" * 20_000})[0], 431)

    def test_reload(self):
        self.assertEqual(self.probe("127.1.0.1", code=400, module="new"), "unknown module new\n")
        text = self.exporter.file.read_text()
        self.exporter.file.write_text(text + "  new: {collectors: [os]}\n")
        self.assertEqual(self.exporter.ask("/-/reload", method="POST")[:2], (200, "reloaded\n"))
        self.assertEqual(value(self.probe(module="new"), "probe_success"), 1)
        self.exporter.file.write_text(text + "  newer: {collectors: [so]}\n")
        status, why, _ = self.exporter.ask("/-/reload", method="POST")
        self.assertEqual(status, 500)
        self.assertIn("so is no collector", why)
        self.assertEqual(value(self.exporter.metrics(), "mullion_exporter_config_last_reload_successful"), 0)
        self.assertEqual(value(self.probe(module="new"), "probe_success"), 1, "the one before it stays")
        self.exporter.file.write_text(text + "  newest: {collectors: [os]}\n")
        os.kill(self.exporter.process.pid, signal.SIGHUP)
        wait_until(lambda: value(self.exporter.metrics(), "mullion_exporter_config_last_reload_successful") == 1, "SIGHUP reloads")
        self.assertEqual(value(self.probe(module="newest"), "probe_success"), 1)

    def test_who_waits_over_a_reload_leaves_no_session_of_the_old_auth(self):
        def in_flight(count):
            wait_until(lambda: value(self.exporter.metrics(), "mullion_exporter_probes_in_flight") == count, f"{count} in flight")

        fleet = self.enterContext(Simulation(FLEET.replace("step: pull, nth: 1", "step: enumerate, nth: 1")))
        target = f"127.1.0.3:{fleet.ports['http']}"
        with ThreadPoolExecutor(2) as threads:
            stalled = threads.submit(self.exporter.probe, target, 4)
            in_flight(1)
            waits = threads.submit(self.exporter.probe, target, 60)
            in_flight(2)
            self.exporter.file.write_text(self.exporter.file.read_text().replace("password_file: password,", "password_file: wrong,"))
            self.assertEqual(self.exporter.ask("/-/reload", method="POST")[0], 200)
            self.assertIn('reason="run.timeout"', stalled.result()[1])
            self.assertEqual(value(waits.result()[1], "probe_success"), 1)
        self.assertIn('reason="auth.rejected"', self.exporter.probe(target)[1])

    def test_prometheus_scrapes_it(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="mullion-prometheus-")))
        (folder / "prometheus.yml").write_text(textwrap.dedent(f"""\
            global: {{scrape_interval: 1s}}
            rule_files: [{ROOT}/examples/prometheus/alerts.yml]
            scrape_configs:
              - job_name: windows
                metrics_path: /probe
                params: {{module: ['default,services']}}
                static_configs: [{{targets: ['127.1.0.1:{self.port}', '127.1.0.2:{self.port}']}}]
                relabel_configs:
                  - {{source_labels: [__address__], target_label: __param_target}}
                  - {{source_labels: [__param_target], target_label: instance}}
                  - {{target_label: __address__, replacement: '127.0.0.1:{self.exporter.port}'}}
            """))
        with open(folder / "log", "wb") as log:
            prometheus = subprocess.Popen(["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
                                           "--web.listen-address=127.0.0.1:0"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            def port():
                return re.search(r'msg="Listening on" address=127.0.0.1:(\d+)', (folder / "log").read_text())
            own = int(wait_until(port, "prometheus listens")[1])

            def query(text):
                connection = http.client.HTTPConnection("127.0.0.1", own, timeout=DEADLINE)
                try:
                    connection.request("GET", "/api/v1/query?" + urlencode({"query": text}))
                    answer = connection.getresponse()
                    body = answer.read()
                    return json.loads(body)["data"]["result"] if answer.status == 200 else []
                finally:
                    connection.close()
            found = wait_until(lambda: len(query("windows_os_info")) == 2 and query("windows_os_hostname"), "both hosts are scraped")
            self.assertEqual({one["metric"]["hostname"] for one in found}, {"web01", "web02"})
            # A scrape that ran out of its second on a busy machine has no services: then the next one has.
            for series in ("up", 'windows_service_state{name="svc3",state="running"}'):
                wait_until(lambda series=series: [one["value"][1] for one in query(series)] == ["1", "1"], f"both hosts have {series}")
        finally:
            prometheus.terminate()
            prometheus.wait(DEADLINE)


class Floods(unittest.TestCase):
    def test_what_all_answers_hold_together_has_an_end(self):
        # Each of the two is under the limit; answers are in memory until the last has come.
        text = "x" * 4096
        flood = f"""\
hosts: [{{name: flood01, address: 127.1.0.1}}]
cim:
  - class: Win32_OperatingSystem
    properties: {{Name: string key, Caption: string, Version: string, BuildNumber: string, ProductType: uint32, InstallDate: datetime}}
    generate: {{count: 9000, row: {{Name: "{{n}}", Caption: {text}}}}}
  - class: Win32_ComputerSystem
    properties: {{Name: string key, DNSHostName: string, Domain: string, PartOfDomain: boolean}}
    generate: {{count: 9000, row: {{Name: "{{n}}", Domain: {text}}}}}
"""
        with Simulation(flood, address="127.1.0.1", schemes=("http",)) as played, Exporter() as exporter:
            status, text, _ = exporter.probe(f"127.1.0.1:{played.ports['http']}", debug="true")
            self.assertEqual(status, 200, text)
            self.assertIn("Win32_ComputerSystem has more rows than are taken", text)
            self.assertIn("os: 9000 rows", text)
            self.assertEqual(value(text, "wsman_up"), 1)


class ThisMachine(unittest.TestCase):
    """Every collector over `mullion serve`, beside what the kernel says itself."""

    EVERYTHING = """\
version: 1
listen: ['127.0.0.1:0']
targets: {{allow: ['127.0.0.1:*']}}
auths: {{default: {{user: {user}, password_file: password, transport: ntlm, scheme: http}}}}
modules:
  default: {{collectors: [cpu, cpu_info, logical_disk, memory, net, os, pagefile, physical_disk, process, system, tcp, terminal_services, time, udp]}}
"""

    def test_every_collector_but_services(self):
        service, exporter = self.enterContext(Service()), self.enterContext(Exporter(self.EVERYTHING))
        status, text, _ = exporter.probe(f"127.0.0.1:{urlsplit(service.url('http')).port}")
        self.assertEqual((status, value(text, "probe_success")), (200, 1), text)
        memory = int(re.search(r"MemTotal: *(\d+) kB", Path("/proc/meminfo").read_text())[1]) * 1024
        self.assertEqual(value(text, "windows_memory_physical_total_bytes"), memory)
        booted = int(re.search(r"btime (\d+)", Path("/proc/stat").read_text())[1])
        self.assertEqual(value(text, "windows_system_boot_time_timestamp"), booted)
        self.assertEqual(value(text, "windows_cpu_logical_processor"), len(re.findall(r"^cpu\d", Path("/proc/stat").read_text(), re.M)))
        self.assertIn(f'windows_os_hostname{{hostname="{os.uname().nodename.split(".")[0]}"', text)
        self.assertRegex(text, rf'windows_process_info{{process="mullion[^"]*",process_id="{exporter.process.pid}"')
        checked = subprocess.run(["promtool", "check", "metrics"], input=text, text=True, capture_output=True, timeout=DEADLINE)
        self.assertEqual((checked.returncode, checked.stdout + checked.stderr), (0, ""))


class Starts(unittest.TestCase):
    def check(self, text):
        with tempfile.TemporaryDirectory(prefix="mullion-test-") as folder:
            file = Path(folder) / "exporter.yml"
            file.write_text(text)
            done = subprocess.run([str(MULLION), "exporter", "--config", str(file), "--check"], capture_output=True, text=True, timeout=DEADLINE)
            return done.returncode, done.stdout + done.stderr.replace(folder, "")

    def test_check(self):
        code, said = self.check(CONFIG.format(user="a"))
        self.assertEqual((code, "3 auths, 4 modules" in said), (0, True), said)
        self.assertIn("warning auth nofile: /missing: No such file or directory", said)
        code, said = self.check(CONFIG.format(user="a").replace("targets", "target"))
        self.assertEqual(code, 5)
        self.assertIn("/exporter.yml:3: target is not a key of the configuration; did you mean targets?", said)

    def test_the_example_of_the_page(self):
        page = (ROOT / "docs/exporter.md").read_text().split("## The configuration\n")[1]
        example = textwrap.dedent(re.match(r"\n((?:    .*\n)+)", page)[1])
        self.assertIn("\nweb:\n  tls_server_config: ", example)
        example = re.sub(r"\nweb:\n(?: .*\n)+", "\n", example)  # Its files would have to be there.
        code, said = self.check(example)
        self.assertEqual((code, "3 auths, 2 modules" in said), (0, True), said)

    def test_stops_on_sigterm(self):
        with Exporter() as exporter:
            self.assertEqual(exporter.ask("/-/healthy")[0], 200)
        self.assertEqual(exporter.code, 0)


if __name__ == "__main__":
    unittest.main()
