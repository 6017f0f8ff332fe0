"""The C++ library as somebody else uses it: the programs of examples/ run, and its headers bring no foreign ones along."""
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests.support import vault
from tests.support.inventory import connection, write
from tests.support.service import ADMIN, BUILD, DEADLINE, ROOT, Service

PUBLIC = ["client/client.h", "fleet/fleet.h", "inventory/inventory.h", "inventory/patterns.h", "inventory/host_plan.h"]
FOREIGN = r"/(boost|openssl|gssapi|krb5|pugixml|sodium|re2|CLI|fmt|spdlog|nlohmann|yaml)[/.]"


class Examples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service(["Service/Auth/Basic=true"]))
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.password = cls.folder / "password"
        cls.password.write_text(ADMIN[1] + "\n")
        cls.password.chmod(0o600)

    def example(self, name, *words):
        done = subprocess.run([BUILD / "examples" / name, *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE)
        return done.returncode, done.stdout, done.stderr

    def test_run_one__http_and_https(self):
        for url, ca in ((self.service.http, "-"), (self.service.https, self.service.ca)):
            with self.subTest(url):
                ran = self.example("run_one", url, ADMIN[0], self.password, ca, "echo out; echo err >&2; exit 3")
                self.assertEqual(ran, (3, "out\n", "err\n"))

    def test_run_one__says_what_to_do(self):
        code, out, errors = self.example("run_one", "http://127.0.0.1:1", ADMIN[0], self.password, "-", "true")
        self.assertEqual((code, out), (255, ""))
        self.assertIn("127.0.0.1", errors)
        self.assertIn("try: ", errors)

    def test_hold_a_shell__a_further_command_is_two_round_trips(self):
        for url, ca in ((self.service.http, "-"), (self.service.https, self.service.ca)):
            with self.subTest(url):
                code, out, errors = self.example("hold_a_shell", url, ADMIN[0], self.password, ca, "echo one", "echo two", "echo three; exit 3")
                self.assertEqual((code, out), (3, "one\ntwo\nthree\n"))
                self.assertEqual(re.findall(r"round trips: (\d+)", errors)[1:], ["2", "2"], errors)

    def test_run_fleet__one_result_for_each(self):
        here = self.service.http
        code, out, errors = self.example("run_fleet", ADMIN[0], self.password, "echo pane", here, "http://127.0.0.1:1", here, "not a host")
        results = re.findall(r"^(\S.*): (ok, exit code 0\npane|unreachable|not_started)$", out, re.M)
        self.assertEqual(sorted(results), sorted([(here, "ok, exit code 0\npane")] * 2 + [("http://127.0.0.1:1", "unreachable"), ("not a host", "not_started")]), out + errors)
        self.assertEqual(code, 1)

    def test_run_fleet__all_well(self):
        code, out, errors = self.example("run_fleet", ADMIN[0], self.password, "echo pane", *[self.service.http] * 5)
        self.assertEqual((code, out.count("ok, exit code 0\npane\n"), errors), (0, 5, ""))


    def test_run_inventory__vaulted_passwords_skipped_hosts_and_wrong_ones(self):
        write(self.folder, {"vault-password": "open sesame\n", "hosts.yml": "all:\n  vars:\n" + connection(self.service.port("http"), "    ", ansible_password=None)
                            + "    ansible_password: " + vault.as_yaml(ADMIN[1], "open sesame", indent=6)
                            + "  hosts:\n    pane: {ansible_host: 127.0.0.1}\n    unix: {ansible_connection: ssh}\n    odd: {ansible_host: '{{ nothing }}'}\n"})
        words = [self.folder / "hosts.yml", self.folder / "vault-password", "echo from the inventory; exit 3"]
        code, out, errors = self.example("run_inventory", words[0], "pane,unix", *words[1:])
        self.assertEqual(code, 3, errors)
        self.assertRegex(out, r"\Apane:\nfrom the inventory\nunix: skipped: ansible_connection is ssh\b.*\n\Z")
        code, out, errors = self.example("run_inventory", words[0], "all", *words[1:])
        self.assertEqual(code, 5)
        self.assertIn("hosts.yml:", errors)
        self.assertIn("from the inventory", out)
        code, out, errors = self.example("run_inventory", words[0], "pan", *words[1:])
        self.assertEqual((code, out), (5, ""))
        self.assertIn("pane", errors)


class Headers(unittest.TestCase):
    def read_by(self, header):
        """Every file that a program reads which includes this one alone."""
        with tempfile.NamedTemporaryFile("w", suffix=".cc") as file:
            file.write(f'#include "{header}"\n')
            file.flush()
            done = subprocess.run([os.environ.get("CXX", "g++"), "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-H", f"-I{ROOT}/src", file.name],
                                  capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 0, f"{header} does not compile alone: {done.stderr[-2000:]}")
            return [line.lstrip(". ") for line in done.stderr.splitlines() if line.startswith(".")]

    def test_public_headers_stand_alone_and_bring_nobody_along(self):
        for header in PUBLIC:
            with self.subTest(header):
                self.assertEqual([path for path in self.read_by(header) if re.search(FOREIGN, path)], [])

    def test_a_foreign_header_would_be_seen(self):
        self.assertTrue([path for path in self.read_by("net/task.h") if re.search(FOREIGN, path)])


if __name__ == "__main__":
    unittest.main()
