"""The runner of these tests themselves."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from tests.support.service import DEADLINE

ROOT = Path(__file__).resolve().parent.parent.parent
HANGING = """
import select, unittest
class Waits(unittest.TestCase):
    def test_1_for_ever(self):
        try:
            select.select([], [], [])
        except Exception:
            self.fail("was caught")
    def test_2_not_at_all(self):
        pass
"""


class Runner(unittest.TestCase):
    def test_what_hangs_fails_and_the_next_one_runs(self):
        with tempfile.TemporaryDirectory(prefix="mullion-runner-") as folder:
            tests = Path(folder) / "tests" / "some"
            tests.mkdir(parents=True)
            (tests / "test_waits.py").write_text(HANGING)
            for package in (tests, tests.parent):
                (package / "__init__.py").touch()
            script = f"""
import sys
from pathlib import Path
from tests.support import runner
del sys.modules["tests"]
sys.path.insert(0, {folder!r})
runner.LONGEST = 0.2
sys.exit(runner.main(Path({str(tests)!r}), []))
"""
            ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=DEADLINE)
        self.assertEqual(ran.returncode, 1, ran.stderr)
        self.assertIn("test_1_for_ever ... FAILED", ran.stdout)
        self.assertIn("not done after 0.2 s", ran.stdout)
        self.assertIn("1 passed, 1 failed, 0 skipped", ran.stdout)


if __name__ == "__main__":
    unittest.main()
