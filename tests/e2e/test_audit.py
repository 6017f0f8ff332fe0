"""`mullion audit`: a log whose chain is made here, by docs/secret-store.md and nothing of ours, and what becomes of it when it is touched."""
import hashlib
import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests.support.service import MULLION


def chained(entries, previous="0" * 64):
    lines = []
    for entry in entries:
        text = json.dumps(entry, separators=(",", ":"))
        previous = hashlib.sha256(f"mullion audit 1\n{previous}\n{text}".encode()).hexdigest()
        lines.append(f'{{"hash":"{previous}","entry":{text}}}\n')
    return lines, previous


ENTRIES = [{"n": n, "time": "2026-01-01T00:00:00.000Z", "kind": "used", "who": "uid:1000", "action": "run", "host": "web01", "space": "secret",
            "scope": "account", "id": "win_pw", "version": n} for n in range(1, 6)]


class Audit(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.log = self.folder / "secrets.db.audit"
        self.lines, self.head = chained(ENTRIES)
        self.put("".join(self.lines))

    def put(self, text):
        self.log.write_text(text)
        self.log.chmod(0o600)

    def audit(self, *words, environment=None):
        done = subprocess.run([MULLION, "audit", *words], capture_output=True, text=True, timeout=60, env={**os.environ, **(environment or {})})
        return done.returncode, done.stdout, done.stderr

    def test_follows_the_chain(self):
        code, out, err = self.audit("verify", "--store", str(self.folder / "secrets.db"), "--head", self.head)
        self.assertEqual((code, err), (0, ""))
        self.assertIn(f"5 entries follow one another\nhead {self.head}\n0 of them came after", out)
        code, out, _ = self.audit("verify", "--log", str(self.log), "--output", "json", "--head", chained(ENTRIES[:2])[1])
        self.assertEqual(json.loads(out), {"schema": 1, "entries": 5, "head": self.head, "after_head": 3, "unfinished": 0, "cut_off": 0, "known_to_store": None})
        self.assertEqual(self.audit("export", "--log", str(self.log)), (0, "".join(self.lines), ""))

    def test_is_beside_the_store_by_default(self):
        (self.folder / "mullion").mkdir()
        self.log.rename(self.folder / "mullion/secrets.db.audit")
        code, out, _ = self.audit("verify", environment={"XDG_DATA_HOME": str(self.folder)})
        self.assertEqual((code, out.count("5 entries")), (0, 1))

    def test_audit_broken__the_first_entry_that_does_not_follow_is_named(self):
        for text, entry in (("".join(self.lines).replace('"version":3', '"version":4'), 3), ("".join(self.lines[:1] + self.lines[2:]), 2),
                            ("".join(self.lines[1:]), 1), ("".join(self.lines + self.lines[4:]), 6)):
            self.put(text)
            code, _, err = self.audit("verify", "--log", str(self.log))
            self.assertEqual(code, 5)
            self.assertIn("audit.broken", err)
            self.assertIn(f"entry {entry} does not follow", err)
            code, out, err = self.audit("export", "--log", str(self.log))
            self.assertEqual(code, 5)
            self.assertEqual(out, "".join(self.lines[:entry - 1]))

    def test_only_a_head_tells_that_the_end_is_gone(self):
        self.put("".join(self.lines[:3]))
        self.assertEqual(self.audit("verify", "--log", str(self.log))[0], 0)
        code, _, err = self.audit("verify", "--log", str(self.log), "--head", self.head)
        self.assertEqual(code, 5)
        self.assertIn("audit.broken", err)
        self.assertIn("none of them is", err)
        code, _, err = self.audit("verify", "--log", str(self.log), "--head", "abc")
        self.assertEqual(code, 5)
        self.assertIn("usage.invalid", err)

    def test_says_what_a_crash_cut_short(self):
        rest = self.lines[3][:40]
        self.put("".join(self.lines[:3]) + rest)
        code, out, _ = self.audit("verify", "--log", str(self.log))
        self.assertEqual(code, 0)
        self.assertIn("the last 40 bytes are no whole line", out)
        code, out, err = self.audit("export", "--log", str(self.log))
        self.assertEqual((code, out), (0, "".join(self.lines[:3])))
        self.assertIn("the last 40 bytes", err)
        # As the next writer does it.
        gap = rest + "\n"
        said = {"n": 4, "time": "2026-01-01T00:00:00.000Z", "kind": "unfinished", "size": len(gap), "sha256": hashlib.sha256(gap.encode()).hexdigest()}
        self.put("".join(self.lines[:3]) + gap + chained([said], chained(ENTRIES[:3])[1])[0][0])
        code, out, err = self.audit("verify", "--log", str(self.log))
        self.assertEqual(code, 0, err)
        self.assertIn("1 times a crash", out)

    def test_is_told_where_there_is_none(self):
        code, _, err = self.audit("verify", "--log", str(self.folder / "none"))
        self.assertEqual(code, 5)
        self.assertIn("audit.failed", err)


if __name__ == "__main__":
    unittest.main()
