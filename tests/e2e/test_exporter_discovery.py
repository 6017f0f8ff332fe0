"""Hosts out of an inventory for Prometheus (http_sd and file_sd, read by a real one), and the alert rules that we ship."""
import json
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests.e2e.test_exporter import Exporter
from tests.e2e.test_exporter_endpoint import CONFIG, Scene
from tests.support.prometheus import Prometheus
from tests.support.service import DEADLINE, MULLION, ROOT, wait_until


class Discovers(Scene):
    INVENTORY = """\
[web]
first ansible_host=127.1.0.1 site=berlin
second ansible_host=127.1.0.2 site=oslo
[db]
third ansible_host=127.1.0.3 site=bern thing="{{ ansible_password }}"
far ansible_host=10.9.9.9
jump ansible_connection=ssh
[all:vars]
ansible_connection=winrm
ansible_winrm_transport=ntlm
ansible_password=Never-shown-1
ansible_port=%d
"""
    SETTINGS = "discovery: {{inventory: hosts.ini, hosts: 'all', labels: {{site: site, thing: thing}}}}\n"

    def start(self, inventory=None):
        self.play(settings=self.SETTINGS)
        self.inventory = self.exporter.folder / "hosts.ini"
        self.inventory.write_text((inventory or self.INVENTORY) % self.fleet.ports["http"])

    def relabelled(self, source):
        return f"""
              - job_name: windows
                metrics_path: /probe
                {source}
                relabel_configs:
                  - {{source_labels: [__address__], target_label: __param_target}}
                  - {{source_labels: [__meta_mullion_host], target_label: instance}}
                  - {{source_labels: [__meta_mullion_groups], regex: '.*,(web|db),.*', target_label: kind}}
                  - {{target_label: __address__, replacement: '127.0.0.1:{self.exporter.port}'}}
            """

    def assert_scraped(self, prometheus):
        wait_until(lambda: len(prometheus.query("probe_success == 1")) == 3, "all of the inventory are scraped")
        found = {(one["metric"]["instance"], one["metric"]["site"], one["metric"]["kind"]) for one in prometheus.query("windows_os_hostname")}
        self.assertEqual(found, {("first", "berlin", "web"), ("second", "oslo", "web"), ("third", "bern", "db")})

    def test_http_sd(self):
        self.start()
        status, text, headers = self.exporter.ask("/sd", headers={"X-Prometheus-Refresh-Interval-Seconds": "60"})
        self.assertEqual((status, headers["Content-Type"]), (200, "application/json"), text)
        listed = json.loads(text)
        self.assertEqual(listed[0], {"targets": [self.target(1)],
                                     "labels": {"__meta_mullion_host": "first", "__meta_mullion_groups": ",all,web,", "site": "berlin"}})
        self.assertEqual(len(listed), 3)
        self.assertNotIn("Never-shown", text)
        for state, count in (("listed", 3), ("not_allowed", 1), ("other", 1)):
            self.assertEqual(self.own(f'mullion_exporter_sd_targets{{state="{state}"}}'), count)
        source = f"http_sd_configs: [{{url: 'http://127.0.0.1:{self.exporter.port}/sd', refresh_interval: 1s}}]"
        with Prometheus(self.relabelled(source)) as prometheus:
            self.assert_scraped(prometheus)

    def test_an_inventory_that_breaks(self):
        self.start()
        self.assertEqual(self.exporter.ask("/sd")[0], 200)
        self.inventory.write_text("[web\n")
        status, text, _ = self.exporter.ask("/sd")
        self.assertEqual(status, 500, "then Prometheus keeps the list that it has")
        self.assertIn("hosts.ini:1", text)
        self.assertEqual(self.own("mullion_exporter_sd_failures_total"), 1)
        self.inventory.write_text("new ansible_host=127.1.0.4\n")
        self.assertEqual(json.loads(self.exporter.ask("/sd")[1])[0]["targets"], ["127.1.0.4"])

    def test_without_a_discovery(self):
        self.play()
        self.assertEqual(self.exporter.ask("/sd")[0], 404)
        self.assertEqual(self.run_targets("-")[0], 5)

    def run_targets(self, file):
        done = subprocess.run([MULLION, "exporter", "--config", self.exporter.file, "--targets", file], capture_output=True, text=True, timeout=DEADLINE)
        return done.returncode, done.stdout, done.stderr

    def test_file_sd(self):
        self.start()
        file = self.exporter.folder / "targets.json"
        code, said, told = self.run_targets(file)
        self.assertEqual((code, said), (0, ""), told)
        self.assertIn("far: 10.9.9.9:", told)
        self.assertIn("third: thing is not shown as a label: there is a secret in it", told)
        self.assertNotIn("Never-shown", told)
        self.assertEqual(file.read_text(), self.exporter.ask("/sd")[1], "the same as over HTTP")
        self.assertEqual(self.run_targets("-")[1], file.read_text())
        before = file.stat()
        self.assertEqual(self.run_targets(file)[0], 0)
        self.assertEqual(file.stat().st_ino, before.st_ino, "a file that is as it should be is not written")
        self.assertEqual(before.st_mode & 0o777, 0o644)
        with Prometheus(self.relabelled(f"file_sd_configs: [{{files: ['{file}'], refresh_interval: 1s}}]")) as prometheus:
            self.assert_scraped(prometheus)
            self.inventory.write_text("fifth ansible_host=127.1.0.5 site=rome\n[all:vars]\nansible_port=%d\n" % self.fleet.ports["http"])
            self.assertEqual(self.run_targets(file)[0], 0)
            self.assertNotEqual(file.stat().st_ino, before.st_ino, "in its place in one step")
            wait_until(lambda: prometheus.query('probe_success{instance="fifth"} == 1'), "Prometheus reads the file again")
        self.inventory.write_text("[web\n")
        text = file.read_text()
        self.assertEqual(self.run_targets(file)[0], 5)
        self.assertEqual(file.read_text(), text, "what cannot be read changes nothing")


class Alerts(unittest.TestCase):
    FOLDER = ROOT / "examples/prometheus"

    def promtool(self, *words, folder=FOLDER):
        return subprocess.run(["promtool", *words], cwd=folder, capture_output=True, text=True, timeout=DEADLINE)

    def test_rules(self):
        done = self.promtool("check", "rules", "alerts.yml")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("12 rules found", done.stdout)
        done = self.promtool("test", "rules", "alerts_test.yml")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_each_alert_is_tested_and_a_broken_one_is_found_out(self):
        rules, tests = ((self.FOLDER / name).read_text() for name in ("alerts.yml", "alerts_test.yml"))
        for alert in re.findall(r"alert: (\w+)", rules):
            with self.subTest(alert), tempfile.TemporaryDirectory(prefix="mullion-test-") as folder:
                broken = re.sub(rf"(alert: {alert}\n +expr: )([^\n]*)", r"\1(\2) > 1e300", rules)
                self.assertNotEqual(broken, rules)
                (Path(folder) / "alerts.yml").write_text(broken)
                (Path(folder) / "alerts_test.yml").write_text(tests)
                self.assertNotEqual(self.promtool("test", "rules", "alerts_test.yml", folder=folder).returncode, 0)

    def test_their_metrics_exist(self):
        names = set(re.findall(r"\b(?:windows|wsman|mullion)_\w+", "".join(re.findall(r"expr: (.*)", (self.FOLDER / "alerts.yml").read_text()))))
        with Exporter(CONFIG) as exporter:
            own = exporter.metrics()
        sources = "".join(path.read_text() for path in (ROOT / "src/exporter").rglob("*.cc") if "tests" not in path.parts)
        for name in names:
            self.assertIn(f'"{name}"', sources, name)
        self.assertIn("mullion_exporter_config_last_reload_successful", own)


if __name__ == "__main__":
    unittest.main()
