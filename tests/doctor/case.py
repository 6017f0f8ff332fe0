"""`mullion doctor` on a broken set-up, compared with its row of docs/doctor-setups.md."""
import contextlib
import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests.doctor.setups import ORDER, ROWS
from tests.e2e.client import Password, Ran
from tests.e2e.error_table import ROWS as ERRORS
from tests.support.service import ADMIN, MULLION


def doctor(*arguments, password=ADMIN[1], environment=None, apart=(), output="json", timeout=120):
    """Runs it to its end. `apart` is a command line that runs what is behind it somewhere else."""
    with Password(password) as file:
        command = [*map(str, apart), str(MULLION), "doctor", "--password-file", file.path, "--output", output, *map(str, arguments)]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout, pass_fds=file.descriptors,
                              env={**os.environ, **(environment or {})})
    return Ran(done.returncode, done.stdout, done.stderr.decode(errors="replace"))


@contextlib.contextmanager
def hosts_file(text):
    """A command line that runs what is behind it with these lines as /etc/hosts."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "hosts"
        file.write_text(text)
        os.chmod(folder, 0o755)
        own = ["--mount"] if os.geteuid() == 0 else ["--mount", "--map-root-user"]
        apart = ["unshare", *own, "--propagation", "private", "sh", "-c", 'mount --bind "$0" /etc/hosts && exec "$@"', file]
        done = subprocess.run([*map(str, apart), "true"], capture_output=True, text=True)
        if done.returncode != 0:
            raise unittest.SkipTest(f"no mount name space here: {done.stderr.strip()}")
        yield apart


def text_of(finding):
    """All that an operator reads of it."""
    return "\n".join([finding["seen"], *finding["likely"], *finding["on_host"], *finding["here"], *finding["next"]])


class SetupCase(unittest.TestCase):
    def expect(self, number, *arguments, names=(), password=ADMIN[1], **how):
        """The row's check fails (or warns) with the row's id and names all of `names`; those above it have not failed, and those
        below it are skipped because of it."""
        row = ROWS[number]
        ran = doctor(*arguments, password=password, **how)
        self.assertTrue(ran.stdout, ran)
        host = ran.host
        found = [finding for finding in host["findings"] if finding["check"] == row.check and finding["id"] == row.id]
        self.assertEqual(len(found), 1, f"row {number}: {row.check} {row.id} in {ran}")
        [finding] = found
        for part in names:
            self.assertIn(part, text_of(finding))
        self.assertNotIn(password, ran.stderr + ran.stdout.decode(errors="replace"))
        self.in_order(host["findings"])
        if row.warning:
            self.warned(row, finding, host, ran)
        else:
            self.failed(row, finding, host, ran)
        return finding

    def in_order(self, findings):
        places = [ORDER.index(finding["check"].split()[0]) for finding in findings]
        self.assertEqual(places, sorted(places))
        self.assertEqual(set(places), set(range(len(ORDER))), "a check is missing")

    def warned(self, row, finding, host, ran):
        self.assertEqual(finding["state"], "warning")
        self.assertEqual((ran.code, host["status"], host["error"]), (0, "ok", None), ran)
        self.assertNotIn("failed", [one["state"] for one in host["findings"]])

    def failed(self, row, finding, host, ran):
        self.assertEqual(finding["state"], "failed")
        self.assertEqual(host["error"]["id"], row.id)
        self.assertEqual(ran.code, ERRORS[row.id].exit_code, ran)
        self.assertTrue(finding["next"], "says nothing about what to do next")
        at = host["findings"].index(finding)
        for above in host["findings"][:at]:
            self.assertIn(above["state"], ("ok", "warning", "skipped"), above)
            self.assertNotIn("because", above)
        for below in host["findings"][at + 1:]:
            self.assertEqual((below["state"], below.get("because")), ("skipped", row.check), below)
            self.assertIn(row.check, below["seen"])


def findings_of(ran):
    """The one host's findings by their check's name."""
    return {finding["check"]: finding for finding in json.loads(ran.stdout)["hosts"][0]["findings"]}
