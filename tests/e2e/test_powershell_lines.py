"""docs/powershell-lines.md: each row's command, as it stands there, against a service of ours or a simulated Windows."""
import json
import re
import shlex
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests.e2e.client import Password, words
from tests.e2e.test_certificates import cert, create, thumbprint
from tests.e2e.test_config import free_port, service_with_a_file
from tests.support.service import ADMIN, DEADLINE, MULLION, ROOT, Service
from tests.support.simulate import Simulation

DOCUMENT = ROOT / "docs/powershell-lines.md"
WINDOWS = """answers:
  - {glob: 'reg add *', stdout: "The operation completed successfully.\\r\\n"}
  - {command: ipconfig, stdout: "Windows IP Configuration\\r\\n"}
otherwise: {exit_code: 9009}
hosts:
  - {name: web01, address: 127.0.9.1}
"""


def rows():
    """{number: (line, command)} of the table."""
    found = {}
    for line in DOCUMENT.read_text().splitlines():
        cells = re.split(r"(?<!\\) \| ", line.strip("| "))
        if len(cells) == 3 and cells[0].isdigit():
            found[int(cells[0])] = (cells[1].strip("`"), cells[2].strip("`"))
    return found


ROWS = rows()


class Lines(unittest.TestCase):
    """A service with a certificate of its own in My, and one of a client."""

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="mullion-test-")))
        cls.certificate, _, _ = create(cls.folder, "user")
        cls.thumbprint = thumbprint(cls.certificate)

    def run_row(self, number, service, replaced=(), options=(), code=0):
        """The row's words with what stands for something replaced, and how the service is reached put behind TARGET."""
        _, command = ROWS[number]
        given = shlex.split(command)
        self.assertEqual(given[0], "mullion")
        for old, new in replaced:
            given = [word.replace(old, str(new)) for word in given]
        if "web01" not in given:
            done = subprocess.run([MULLION, *given[1:]], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE)
            self.assertEqual(done.returncode, code, (number, done.stderr))
            return done
        at = given.index("web01")
        given[at:at + 1] = [*words(service), *options] if isinstance(service, Service) else service
        verb = given[1:3] if given[1] == "config" else given[1:2]
        ran = self.with_password(verb, given[1 + len(verb):])
        self.assertEqual(ran.returncode, code, (number, ran.stderr))
        return ran

    @staticmethod
    def with_password(verb, rest):
        with Password(ADMIN[1]) as file:
            return subprocess.run([MULLION, *verb, "--password-file", file.path, *map(str, rest)], stdin=subprocess.DEVNULL, capture_output=True,
                                  text=True, timeout=DEADLINE, pass_fds=file.descriptors)

    def value(self, service, path):
        done = self.with_password(["config", "get"], [*words(service), path])
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip().split(" =", 1)[1].strip()

    def test_settings(self):
        for number, path, value in ((1, "Service/Auth/Basic", "true"), (2, "Service/Auth/Certificate", "true"), (8, "Service/Auth/CredSSP", "true"),
                                    (17, "Service/AllowUnencrypted", "true"), (22, "Service/EnumerationTimeoutms", "60000"),
                                    (23, "Service/Auth/CbtHardeningLevel", "Strict"), (24, "Winrs/MaxProcessesPerShell", "25"),
                                    (25, "Winrs/MaxShellRunTime", "2147483647")):
            with self.subTest(number), Service() as service:
                self.run_row(number, service)
                self.assertEqual(self.value(service, path), value)

    def test_certificates_of_the_stores(self):
        with Service() as service:
            self.run_row(3, service, [("USER", "someone"), ("FOLDER", self.folder)])
            self.assertTrue((self.folder / "someone.pem").exists())
            where = [("CERTIFICATE", self.certificate), ("DIR", service.state), ("THUMBPRINT", self.thumbprint)]
            self.run_row(4, service, where)
            self.run_row(5, service, where)
            self.assertIn(self.thumbprint, self.run_row(6, service, where).stdout.upper())
            own = Path(service.ca).stem
            self.assertIn(own, self.run_row(18, service, [("DIR", service.state), ("THUMBPRINT", own)]).stdout.upper())

    def test_a_mapping(self):
        with Service() as service:
            cert("import", self.certificate, "--store", "Root", "--state", service.state)
            service.add_account("someone", "a-Passw0rd")
            secret = self.folder / "secret"
            secret.write_text("a-Passw0rd\n")
            self.run_row(7, service, [("USER", "someone"), ("THUMBPRINT", self.thumbprint), ("FILE", secret)])
            self.assertEqual(self.value(service, "CertMapping/UserName"), "someone")
            self.assertNotIn("a-Passw0rd", service.log.read_text())

    def test_thumbprints(self):
        for number in (16, 19):
            # What has no port takes the default one, and that must be free.
            ports = f"Service: {{DefaultPorts: {{HTTPS: {free_port()}}}}}\n"
            with self.subTest(number), service_with_a_file({"HTTP": free_port(), "HTTPS": free_port()}, ports) as service:
                own = Path(service.ca).stem
                self.run_row(number, service, [("THUMBPRINT", own)])
                path = {16: "Service/CertificateThumbprint", 19: "Listener?Address=*+Transport=HTTPS/CertificateThumbprint"}[number]
                self.assertEqual(self.value(service, path), own)

    def test_listeners_are_deleted(self):
        for number, left in ((21, 1), (20, 0)):
            with self.subTest(number), service_with_a_file({"HTTP": free_port(), "HTTPS": free_port()}) as service:
                ran = self.run_row(number, service, options=["--output", "json"])
                self.assertEqual([change["done"] for change in json.loads(ran.stdout)["hosts"][0]["changes"]].count(False), 0)
                if left:
                    self.assertIn("Transport=HTTP", self.with_password(["config", "list"], [*words(service), "Listener"]).stdout)

    def test_what_runs_on_windows(self):
        with Simulation(WINDOWS, schemes=("http", "https")) as simulated:
            http = [f"http://127.0.9.1:{simulated.ports['http']}", "-u", ADMIN[0], "--transport", "ntlm"]
            https = [f"127.0.9.1:{simulated.ports['https']}", "-u", ADMIN[0], "--transport", "ntlm"]
            for number in (9, 10, 11, 12, 13, 14, 15):
                with self.subTest(number):
                    self.assertIn("completed", self.run_row(number, http).stdout)
            self.assertIn("Windows IP", self.run_row(26, https).stdout)
            self.assertIn("by ntlm", self.run_row(27, http).stdout)

    def test_every_row_is_run(self):
        source = Path(__file__).read_text()
        self.assertEqual(sorted(ROWS), list(range(1, 28)))
        for number in ROWS:
            self.assertRegex(source, rf"[(\[ ]{number}[,:)\]]", f"row {number}")
