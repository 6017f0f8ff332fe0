"""MaxMemoryPerShellMB: who takes more is killed, and the client is told why."""
import unittest
from pathlib import Path

from tests.e2e.client import mullion, words
from tests.support.service import Service, wait_until

HOLD = "head -c {0}m /dev/zero | tail -c {0}m | wc -c"  # tail keeps all of it.


def kept_by(service):
    """The line of the service's log that says by what: it is there from the start."""
    return next(line.split("MaxMemoryPerShellMB is kept ", 1)[1] for line in service.log.read_text().splitlines() if "MaxMemoryPerShellMB is kept" in line)


def groups(how):
    """The control groups of shells that are there now."""
    return [one for one in Path(how.split(" in ")[1]).iterdir() if one.is_dir()]


class Memory(unittest.TestCase):
    def run_command(self, service, command):
        return mullion("run", *words(service), "--", command)

    def test_a_shell_that_takes_too_much(self):
        with Service(settings=["Winrs/MaxMemoryPerShellMB=64"]) as service:
            self.assertEqual(self.run_command(service, HOLD.format(16)).stdout, f"{16 << 20}\n".encode())
            ran = self.run_command(service, HOLD.format(160))
            how = kept_by(service)
            self.assertNotEqual(ran.stdout, f"{160 << 20}\n".encode())
            if how.startswith("by control groups"):
                self.assertIn("mullion: a process was killed: the shell may use 64 MB of memory (MaxMemoryPerShellMB)", ran.stderr)
                wait_until(lambda: not groups(how), "the shells' control groups are removed")
            else:
                self.assertIn("RLIMIT_AS", how)

    def test_no_limit(self):
        for number in ("0", "2147483647"):
            with self.subTest(number), Service(settings=[f"Winrs/MaxMemoryPerShellMB={number}"]) as service:
                self.assertEqual(self.run_command(service, HOLD.format(160)).stdout, f"{160 << 20}\n".encode())

    def test_a_killed_services_groups_are_removed_by_the_next(self):
        with Service(settings=["Winrs/MaxMemoryPerShellMB=64"]) as service:
            how = kept_by(service)
            if not how.startswith("by control groups"):
                self.skipTest(f"no control groups here: {how}")
            service.stop()
            left = Path(how.split(" in ")[1])
            self.assertFalse(left.exists(), "gone with the service")
            (left / "LEFT").mkdir(parents=True)
            service.start()
            self.assertEqual(groups(how), [])
