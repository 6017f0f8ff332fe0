"""NTLM is ours: no process has GSSAPI or a plugin of it in its memory while it is logged on so. Kerberos loads MIT krb5 late: no program links it."""
import re
import subprocess
import unittest

from tests.e2e.client import start, words
from tests.support.service import BUILD, DEADLINE, Service

GSS = re.compile(r"/\S*(?:libgss|gssntlm|libkrb5|libwbclient)\S*")
OURS = re.compile(r"/\S*libcrypto\S*")  # What is surely there: the search finds libraries.


def mapped(pid, pattern):
    with open(f"/proc/{pid}/maps", encoding="utf-8") as file:
        return sorted(set(pattern.findall(file.read())))


class Libraries(unittest.TestCase):
    def look_at(self, pid):
        try:
            self.assertEqual(mapped(pid, GSS), [], f"process {pid}")
        except PermissionError:
            self.skipTest("what a hardened process has in memory, only root may read")

    def logged_on(self, *options):
        """A client in the middle of a command, ended afterwards."""
        child = start("run", *options, "--", "echo started; cat")
        self.addCleanup(child.communicate)
        self.assertEqual(child.stdout.readline(), b"started\n")
        return child

    def test_no_process_of_a_command_has_gssapi(self):
        for transport in ("ntlm", "negotiate"):
            with self.subTest(transport), Service() as service:
                child = self.logged_on(*words(service, transport=transport))
                self.look_at(child.pid)
                for pid in service.processes:
                    self.look_at(pid)
                self.assertTrue(any(mapped(pid, OURS) for pid in service.processes))
                child.communicate(b"", timeout=DEADLINE)
                self.assertEqual(child.returncode, 0)

    def test_no_program_links_it(self):
        programs = [BUILD / "bin" / name for name in ("mullion", "mullion-service", "mullion-monitor")]
        for program in programs:
            done = subprocess.run(["ldd", program], capture_output=True, text=True, timeout=DEADLINE)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(GSS.findall(done.stdout), [], program)


if __name__ == "__main__":
    unittest.main()
