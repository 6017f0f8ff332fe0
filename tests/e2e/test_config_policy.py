"""winrm/config that policy, the command line or a broken file decides."""
import os
import signal
import subprocess
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.e2e.test_config_service import Configured, POLICY, free_port, is_open, keys
from tests.support import soap
from tests.support.service import DEADLINE, MULLION, Service, read_line, wait_until
from tests.support.winrm import WinRM


class Policy(Configured):
    policies = {"10-windows.yml": "Allow Basic authentication: Disabled\nWinRM Client:\n  Allow unencrypted traffic: Disabled\nWinrs/IdleTimeout: 600000\n"}

    def setUp(self):
        self.policy_port = free_port()
        self.policies = {**self.policies, "20-ports.yml": f"Service/DefaultPorts/HTTP: {self.policy_port}\nListener:\n  - {{Address: 127.0.0.2, Transport: HTTP}}\n"}
        super().setUp()

    def test_it_shows_and_refuses(self):
        with self.connect() as winrm:
            xml = winrm.well(soap.config_get("service"))
            self.assertIn('<cfg:Basic Source="GPO">false</cfg:Basic>', xml)
            self.assertIn("<cfg:Kerberos>true", xml)
            self.assertEqual(winrm.fault(soap.config_put("service/auth", {"Basic": "true"})), POLICY)
            self.assertEqual(winrm.fault(soap.config_put("", {"Winrs/IdleTimeout": "1"})), POLICY)
            winrm.well(soap.config_put("service/auth", {"Basic": "false", "Kerberos": "false"}))
            where = keys("IP:127.0.0.2")
            self.assertRegex(winrm.well(soap.config_get("listener", where)), r'<cfg:Listener [^>]*Source="GPO"')
            self.assertEqual(winrm.fault(soap.config_put("listener", {"Enabled": "false"}, where)), POLICY)
            self.assertEqual(winrm.fault(soap.config_delete("listener", where)), POLICY)
            self.assertEqual(winrm.fault(soap.config_create("listener", {"Port": "1"}, where)), POLICY)
        self.assertTrue(is_open(self.policy_port, "127.0.0.2"))

    def test_it_is_read_again(self):
        (self.service.state / "policy.d/10-windows.yml").unlink()
        os.kill(self.service.process.pid, signal.SIGHUP)
        wait_until(lambda: "the configuration was read again" in self.log(), "the reload")
        self.well(soap.config_put("service/auth", {"Basic": "true"}))
        self.own(self.service, "policy.d/30.yml", "Service: 1\n")
        os.kill(self.service.process.pid, signal.SIGHUP)
        wait_until(lambda: "30.yml: line 1" in self.log(), "why it stays as it was")
        self.assertEqual(self.get("service/auth", "Basic"), "true")


class CommandLine(unittest.TestCase):
    def test_what_it_says_is_shown_and_stays(self):
        with Service(["Winrs/MaxShellsPerUser=9"], listen=["http://127.0.0.1:0"]) as service, WinRM(service.port("http")) as winrm:
            self.assertIn('<cfg:MaxShellsPerUser Source="CommandLine">9<', winrm.well(soap.config_get("winrs")))
            status, xml = winrm.ask(soap.config_put("winrs", {"MaxShellsPerUser": "8"}))
            self.assertEqual((status, soap.code_of(xml)), (500, POLICY))
            self.assertIn("command line", xml)
            where, port = keys("IP:127.0.0.1"), service.port("http")
            self.assertEqual(soap.value_of(winrm.well(soap.config_get("listener", where)), "Port"), str(port))
            self.assertEqual(winrm.fault(soap.config_delete("listener", where)), POLICY)
            winrm.well(soap.config_create("listener", {"Port": str(free_port())}, keys("IP:127.0.0.2")))


class Broken(unittest.TestCase):
    def refused(self, name, text):
        with TemporaryDirectory(prefix="mullion-test-") as folder:
            os.chmod(folder, 0o755)
            state = Path(folder) / "state"
            (state / "policy.d").mkdir(parents=True)
            state.chmod(0o700)
            (state / name).write_text(text)
            process = subprocess.Popen([MULLION, "serve", "--state", state], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            line = read_line(process.stdout, process)
            if line is not None:
                process.terminate()
            errors = process.communicate(timeout=DEADLINE)[1].decode()
            self.assertIsNone(line, "it started")
            self.assertIn("[config.invalid]", errors)
            return errors

    def test_file_line_and_key(self):
        self.assertIn("winrm.yaml: line 3: Service/MaxConections is not a setting", self.refused("winrm.yaml", "# x\nService:\n  MaxConections: 5\n"))
        self.assertIn("10.yml: line 2: Allow Basic authentication is Enabled", self.refused("policy.d/10.yml", "\nAllow Basic authentication: perhaps\n"))


if __name__ == "__main__":
    unittest.main()
