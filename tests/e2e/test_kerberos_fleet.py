"""Many hosts of one realm, played by `mullion simulate` with a keytab: what they cost the KDC, and the client's memory."""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from tests.e2e.client import Password, mullion
from tests.support import kdc as kerberos
from tests.support.kdc import PASSWORD, REALM, Kdc
from tests.support.service import DEADLINE, MULLION, ROOT
from tests.support.simulate import Simulation

HOSTS = 200
NAMES = [f"h{number:03}.fleet.test" for number in range(1, HOSTS + 1)]
ALICE = f"alice@{REALM}"
FLEET = f"""
hosts:
  - name: h[001:{HOSTS:03}]
    address: 127.1.0.1
    accounts: [{{user: alice, password: "{PASSWORD}"}}]
    answers: [{{command: hostname, stdout: "{{host}}\\n", newlines: as_is}}]
"""


class Fleet(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if reason := kerberos.missing():
            raise unittest.SkipTest(reason)
        cls.kdc = cls.enterClassContext(Kdc(services=[f"HTTP/{name}" for name in NAMES], hosts=[".fleet.test"]))
        cls.simulation = cls.enterClassContext(Simulation(f"keytab: {cls.kdc.keytab}\n{FLEET}", schemes=["http"]))
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))

    def inventory(self, count):
        file = self.folder / f"{count}.ini"
        rows = "".join(f"{name.split('.')[0]} ansible_host=127.1.0.{number} ansible_winrm_kerberos_hostname_override={name}\n"
                       for number, name in enumerate(NAMES[:count], 1))
        file.write_text(f"{rows}[all:vars]\nansible_connection=winrm\nansible_winrm_scheme=http\nansible_port={self.simulation.ports['http']}\n")
        return file

    def words(self, count, *more, transport="kerberos"):
        return ["run", "all", "-i", self.inventory(count), "-u", ALICE, "--transport", transport, "--output", "jsonl", *more, "--", "hostname"]

    def right(self, count, output):
        results = [json.loads(line) for line in output.splitlines()]
        self.assertEqual({(one["host"], one["status"], one["stdout"]) for one in results},
                         {(name.split(".")[0], "ok", name.split(".")[0] + "\n") for name in NAMES[:count]}, results[:3])

    def asked(self):
        """(tickets for the user, those for each host) that the KDC has given so far."""
        log = self.kdc.log.read_text()
        return self.kdc.requests("AS_REQ"), re.findall(r"TGS_REQ .* ISSUE: .* for (\S+)@", log)

    def test_one_ticket_for_the_user_and_one_for_each_host(self):
        for transport in ("kerberos", "negotiate"):
            with self.subTest(transport):
                users, hosts = self.asked()
                ran = mullion(*self.words(HOSTS, "--forks", "50", transport=transport), password=PASSWORD, environment=self.kdc.environment)
                self.right(HOSTS, ran.stdout)
                users_then, hosts_then = self.asked()
                self.assertEqual(users_then - users, 1)
                self.assertEqual(sorted(hosts_then[len(hosts):]), [f"HTTP/{name}" for name in NAMES])
        counts = self.simulation.counts()["totals"]
        self.assertEqual((counts["hosts_spoken_to"], counts["shells_open"], counts["most_executions_of_a_command"]), (HOSTS, 0, 1))

    def peak(self, count):
        """KiB."""
        read, write = os.pipe()
        with Password(PASSWORD) as file:
            command = [str(MULLION), *map(str, self.words(count, "--forks", "8", "--password-file", file.path))]
            done = subprocess.run([sys.executable, ROOT / "tests/support/peak.py", str(write), *command], capture_output=True, timeout=120,
                                  pass_fds=[write, *file.descriptors], env={**os.environ, **self.kdc.environment})
        os.close(write)
        self.right(count, done.stdout)
        with open(read) as told:
            return int(told.read())

    def test_memory_does_not_grow_with_the_hosts(self):
        few, many = self.peak(20), self.peak(HOSTS)
        self.assertLess(many - few, (HOSTS - 20) * 16, f"{few} KiB with 20 hosts, {many} KiB with {HOSTS}")


class Keytab(unittest.TestCase):
    def check(self, keytab, *options):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "fleet.yml"
            file.write_text(f"version: 1\nkeytab: {keytab}\naccounts: [{{user: a, password: b}}]\nhosts: [{{name: a}}]\n")
            (Path(folder) / "junk").write_text("no keytab")
            done = subprocess.run([MULLION, "simulate", file, "--listen", "http://127.0.0.1:0", *options], stdin=subprocess.DEVNULL, capture_output=True,
                                  text=True, timeout=DEADLINE)
            return done.returncode, done.stderr

    def test_one_that_is_missing_or_none_is_told(self):
        code, said = self.check("nowhere.keytab", "--check")
        self.assertEqual(code, 5, said)
        self.assertIn("nowhere.keytab", said)
        code, said = self.check("junk")
        self.assertEqual(code, 5, said)
        self.assertIn("the keytab cannot be used", said)


if __name__ == "__main__":
    unittest.main()
