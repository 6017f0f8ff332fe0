"""What is left to the process that faces the network: `mullion serve` says it in its log, and the kernel says it of the process."""
import os
import unittest
from pathlib import Path

from tests.e2e.client import mullion, words
from tests.support.leftovers import processes_of
from tests.support.sanitizer import is_sanitized
from tests.support.service import BUILD, Service


def status_of(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return dict(line.split(":\t", 1) for line in lines if ":\t" in line)


def line_of(service, words):
    return next((line for line in service.log.read_text().splitlines() if words in line), None)


class Confined(unittest.TestCase):
    @unittest.skipIf(is_sanitized(BUILD), "the sanitizer's look for leaks needs what is taken")
    def test_system_calls(self):
        with Service() as service:
            self.assertRegex(line_of(service, "the network process: "), r"\d+ system calls are left to it; ")
            own = processes_of(service)
            facts = status_of(own["mullion-service"])
            self.assertEqual((facts["Seccomp"], facts["NoNewPrivs"]), ("2", "1"))
            # What runs commands is not confined, nor are they.
            self.assertEqual(status_of(own["mullion-monitor"])["Seccomp"], "0")
            ran = mullion("run", *words(service), "--", "grep -E '^(Seccomp|NoNewPrivs):' /proc/self/status")
            self.assertEqual(ran.stdout, b"NoNewPrivs:\t0\nSeccomp:\t0\n")

    @unittest.skipUnless(os.geteuid() == 0, "only root has mounts of its own")
    def test_files(self):
        with Service() as service:
            if "keeps the machine's mounts" in service.log.read_text():
                self.skipTest("mounts are forbidden here")
            line = line_of(service, "the network process: ")
            self.assertIn(f"files are read-only but for {service.state}; /home, /root", line)
            own = processes_of(service)
            mounts = {}
            for row in Path(f"/proc/{own['mullion-service']}/mountinfo").read_text().splitlines():
                fields = row.split(" ")
                mounts[fields[4]] = fields[5].split(",")
            self.assertIn("rw", mounts.pop(str(service.state)))
            self.assertEqual({path for path, options in mounts.items() if "ro" not in options}, set())
            self.assertLessEqual({"/home", "/root"}, mounts.keys())
            # Commands see the machine as it is.
            self.assertEqual(os.readlink(f"/proc/{own['mullion-monitor']}/ns/mnt"), os.readlink("/proc/self/ns/mnt"))
            self.assertNotEqual(os.readlink(f"/proc/{own['mullion-service']}/ns/mnt"), os.readlink("/proc/self/ns/mnt"))

    def test_none(self):
        with Service(options=["--no-sandbox"]) as service:
            self.assertIn("warning", line_of(service, "--no-sandbox: the network process may use every system call"))
            self.assertEqual(status_of(processes_of(service)["mullion-service"])["Seccomp"], "0")
