"""`cmake --install`: what lies there works from there, and the units name it."""
import os
import shutil
import subprocess
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.e2e.cim_scene import get
from tests.support import soap
from tests.support.service import ADMIN, BUILD, DEADLINE, Service, shell_user
from tests.support.winrm import WinRM


class Installed(Service):
    """`mullion serve` of another folder."""

    def __init__(self, program, **how):
        super().__init__(**how)
        self.program = program

    def add_account(self, name, password, *options):
        done = subprocess.run([self.program, "user", "add", name, "--state", self.state, "--password-stdin", "--as", shell_user(), *options],
                              input=password.encode(), capture_output=True, timeout=DEADLINE)
        if done.returncode != 0:
            raise AssertionError(done.stderr.decode())

    def command_line(self):
        return [str(self.program), *super().command_line()[1:]]


@unittest.skipUnless(shutil.which("cmake"), "cmake is not here")
class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(TemporaryDirectory(prefix="mullion-test-")))
        os.chmod(cls.folder, 0o755)
        done = subprocess.run(["cmake", "--install", BUILD, "--prefix", "/opt/mullion"], env={**os.environ, "DESTDIR": str(cls.folder)}, capture_output=True, text=True, timeout=10 * DEADLINE)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        cls.root = cls.folder / "opt/mullion"

    def test_what_lies_there(self):
        for path in ("bin/mullion", "bin/winrm", "bin/winrs", "bin/mullion-centreon", "libexec/mullion/mullion-service", "libexec/mullion/mullion-monitor",
                     "libexec/mullion/mullion-cim-host", "libexec/mullion/commands/powershell", "libexec/mullion/commands/powershell.exe"):
            self.assertTrue(os.access(self.root / path, os.X_OK), path)
        links = ("winrm", "winrs", "mullion-centreon")
        self.assertEqual([os.readlink(self.root / "bin" / name) for name in links], ["mullion"] * len(links))
        self.assertEqual({path.name for path in (self.root / "bin").iterdir()}, {"mullion", *links})
        for path in ("lib/systemd/system/mullion.service", "lib/systemd/system/mullion.socket", "lib/systemd/system/mullion-https.socket", "lib/sysusers.d/mullion.conf"):
            self.assertTrue((self.root / path).is_file(), path)
        for name in ("checks/iis-app-pools.yml", "checks/tcp-retransmissions.yml"):
            self.assertEqual(len(list(self.root.glob(f"share/doc/*/examples/{name}"))), 1, name)
        unit = (self.root / "lib/systemd/system/mullion.service").read_text()
        self.assertIn("ExecStart=/opt/mullion/bin/mullion serve ", unit)
        self.assertNotIn("/usr/bin/mullion", unit)
        for path in self.root.rglob("*"):
            self.assertEqual(path.lstat().st_mode & 0o022 if not path.is_symlink() else 0, 0, f"{path}: others can write it")

    def test_it_serves_and_runs_from_there(self):
        program = self.root / "bin/mullion"
        with Installed(program, listen=["http://127.0.0.1:0"]) as service:
            for pid in service.processes[1:]:
                if "mullion" in (name := os.readlink(f"/proc/{pid}/exe")):
                    self.assertTrue(name.startswith(str(self.root)), name)
            (service.folder / "password").write_text(ADMIN[1])
            with WinRM(service.port("http")) as client:
                self.assertIn("p:Win32_UTCTime", client.well(get("Win32_UTCTime")))
            for command, expected in (("echo from $((40 + 2))", "from 42"), ("command -v powershell.exe", str(self.root / "libexec/mullion/commands/powershell.exe"))):
                done = subprocess.run([program, "run", service.http, "-u", ADMIN[0], "--password-file", service.folder / "password", "--transport", "ntlm", "--", command],
                                      capture_output=True, text=True, timeout=DEADLINE)
                self.assertEqual((done.returncode, done.stdout.strip()), (0, expected), done.stderr)
            done = subprocess.run([program, "serve", "status", "--state", service.state], capture_output=True, text=True, timeout=DEADLINE)
            self.assertIn(service.http, done.stdout)
            done = subprocess.run([self.root / "bin/winrm", "help"], capture_output=True, text=True, timeout=DEADLINE)
            self.assertNotEqual(done.stdout + done.stderr, "")

    def test_without_what_answers_about_cim_all_else_is_served(self):
        host = self.root / "libexec/mullion/mullion-cim-host"
        host.rename(host.with_name("away"))
        self.addCleanup(lambda: host.with_name("away").rename(host))
        with Installed(self.root / "bin/mullion", listen=["http://127.0.0.1:0"]) as service, WinRM(service.port("http")) as client:
            status, xml = client.ask(get("Win32_UTCTime"))
            self.assertEqual((status, soap.code_of(xml)), (500, 0x54F))
            self.assertIn("mullion-cim-host is missing on this machine", xml)
            self.assertIn(f"CIM is not answered: mullion-cim-host is neither {self.root}/libexec/mullion/mullion-cim-host", service.log.read_text())
            self.assertEqual(client.run("echo still here")[0], b"still here\n")

    @unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not here")
    def test_the_units_are_right(self):
        units = self.folder / "units"
        shutil.copytree(self.root / "lib/systemd/system", units)
        for unit in units.iterdir():  # DESTDIR is not where they will be.
            unit.write_text(unit.read_text().replace("/opt/mullion", str(self.root)))
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", *sorted(map(str, units.iterdir()))], capture_output=True, text=True, timeout=DEADLINE)
        self.assertEqual([line for line in done.stderr.splitlines() if "mullion" in line], [])


if __name__ == "__main__":
    unittest.main()
