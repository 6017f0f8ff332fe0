"""Secrets of the store in a run: they reach a remote command by its environment or its standard input, when that is asked for, and are masked in all that is said."""
import base64
import hashlib
import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path
from urllib.parse import quote

from tests.e2e.client import Password
from tests.support.canary import forms, search
from tests.support.inventory import connection, write
from tests.support.service import ADMIN, MULLION, Service

STARS = "**************"
TOKEN = "c4nary+tok/n \"q\" & <x>"
KEY = "-----BEGIN KEY-----\n  bGluZSBvbmU0NzEx\n---\nbGluZSB0d28wODE1\n"

# Prints its variable in every form that a script may.
SHOW = r"""python3 -c '
import base64, json, os, sys, urllib.parse
t = os.environ["TOKEN"]; raw = t.encode(); wide = t.encode("utf-16-le")
for form in (raw, wide, raw.hex().encode(), wide.hex().upper().encode(), json.dumps(t).encode(), urllib.parse.quote_plus(t).encode(), urllib.parse.quote(t).encode(),
             *(base64.b64encode(b"x" * n + one + b"yz") for one in (raw, wide) for n in range(3))):
    sys.stdout.buffer.write(b"<" + form + b">\n")
for byte in raw:
    sys.stderr.buffer.write(bytes([byte])); sys.stderr.flush()
'"""


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


class WithService(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service())

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.store = self.folder / "secrets.db"
        for identifier, value in (("token", TOKEN), ("admin_pw", ADMIN[1]), ("short", "ab"), ("key", KEY)):
            self.ends(0, "secret", "add", "--id", identifier, "--store", self.store, "--value-stdin", stdin=value.encode())
        rows = {f"host{n}": f"      ansible_host: 127.0.0.1\n{connection(self.service.port('http'), '      ', ansible_password=self.expression('admin_pw'))}" for n in (1, 2)}
        write(self.folder, {"hosts.yml": "all:\n  hosts:\n" + "".join(f"    {name}:\n{text}" for name, text in rows.items())})

    @staticmethod
    def expression(identifier):
        return f"'<+secrets.getValue(\"account.{identifier}\")>'"

    def call(self, *words, stdin=b""):
        return subprocess.run([str(MULLION), *map(str, words)], input=stdin, capture_output=True, timeout=90, cwd=self.folder, env=os.environ)

    def ends(self, code, *words, stdin=b""):
        done = self.call(*words, stdin=stdin)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout, done.stderr.decode()

    def run_on(self, pattern, *words, code=0):
        *options, command = words
        return self.ends(code, "run", pattern, "-i", "hosts.yml", "--store", self.store, *options, "--", command)

    def refused(self, error, *words):
        out, err = self.run_on("host1", *words, "true", code=5)
        self.assertEqual(out, b"")
        self.assertIn(f"[{error}]", err)
        return err

    def secrets_in(self, *texts, value=TOKEN):
        wanted = {**forms(value), "json": json.dumps(value).encode()[1:-1], "url": quote(value).encode()}
        return search(wanted, [("said", text.encode() if isinstance(text, str) else text) for text in texts])


class SecretInputs(WithService):
    def test_a_variable_arrives_and_is_masked(self):
        out, _ = self.run_on("host1", "--secret-env", "TOKEN=account.token", 'printf %s "$TOKEN" | sha256sum; echo "[$TOKEN]"')
        self.assertEqual(out.decode(), f"{digest(TOKEN)}  -\n[{STARS}]\n")

    def test_every_form_is_masked_in_every_output(self):
        for more, text in ((("host1",), "stdout"), (("all",), "stdout"), (("all", "--output", "json"), "json"), (("all", "--output", "jsonl"), "json")):
            with self.subTest(more):
                out, err = self.run_on(*more, "--secret-env", "TOKEN=account.token", SHOW)
                self.assertEqual(self.secrets_in(out, err), [])
                hosts = 2 if more[0] == "all" else 1
                # The edges of base64 in the midst of other text hold bits of its neighbours.
                self.assertEqual(out.count(STARS.encode()), hosts * (13 + (text == "json")), out)
                if text == "stdout":
                    self.assertIn(STARS, err)

    def test_the_search_sees_what_is_not_masked(self):
        """The control: the same by --env, which is no secret."""
        out, err = self.run_on("host1", "--env", f"TOKEN={TOKEN}", SHOW)
        self.assertGreaterEqual(len(self.secrets_in(out, err)), 9)

    def test_a_password_that_was_used_is_masked(self):
        for output in ("text", "json"):
            out, err = self.run_on("host1", "--output", output, "cat <<'END'\n" + ADMIN[1] + "\nEND")
            self.assertIn(STARS.encode(), out)
            self.assertEqual(self.secrets_in(out, err, value=ADMIN[1]), [])

    def test_lines_of_a_key_are_masked(self):
        out, _ = self.run_on("host1", "--secret-env", "KEY=account.key", 'echo "$KEY" | sed -n "2p;3p;4p" | tr -d " "; echo "$KEY" | base64')
        first, second, third, *rest = out.decode().splitlines()
        self.assertEqual((first, second, third), (STARS, "---", STARS))
        self.assertEqual(self.secrets_in(out, value="bGluZSBvbmU0NzEx"), [])
        self.assertTrue(any(STARS in line for line in rest), rest)

    def test_input_arrives_whole_and_is_masked(self):
        out, _ = self.run_on("all", "--secret-stdin", "account.key", "tee /dev/stderr | sha256sum")
        self.assertEqual(sorted(out.decode().splitlines()), [f"host{n} | {digest(KEY[:-1])}  -" for n in (1, 2)])  # One line's end is the pipe's.
        out, err = self.run_on("host1", "--secret-stdin", "account.token", "cat; echo; cat >&2 </dev/null; echo end")
        self.assertEqual(out.decode(), f"{STARS}\nend\n")
        self.assertEqual(self.secrets_in(out, err), [])

    def test_what_is_too_short_is_said_once(self):
        out, err = self.run_on("all", "--secret-env", "SHORT=account.short", "--secret-env", "TOKEN=account.token", "echo $SHORT")
        self.assertEqual(sorted(out.decode().splitlines()), ["host1 | ab", "host2 | ab"])
        self.assertEqual(err.count("fewer than 3 bytes"), 1, err)

    def test_it_is_in_the_audit_log_with_its_hosts(self):
        self.run_on("all", "--secret-env", "TOKEN=account.token", "true")
        entries = [json.loads(line)["entry"] for line in self.ends(0, "audit", "export", "--store", self.store)[0].splitlines()]
        used = [entry for entry in entries if entry["kind"] == "used" and "token" in json.dumps(entry)]
        self.assertTrue(used, entries)
        for host in ("host1", "host2"):
            self.assertTrue(any(host in json.dumps(entry) for entry in used), used)
        self.assertNotIn(TOKEN, json.dumps(entries))

    def test_wrong_words_are_refused_before_anything_is_looked_up(self):
        before = (self.folder / "secrets.db.audit").read_bytes()
        for name in ("", "1A", "A B", "A%B", "a\u00e9", "A" * 300):
            self.assertIn("--secret-env", self.refused("usage.invalid", "--secret-env", f"{name}=account.token"))
        self.assertIn("NAME=REF", self.refused("usage.invalid", "--secret-env", "TOKEN"))
        self.assertIn("twice", self.refused("usage.invalid", "--secret-env", "TOKEN=account.token", "--secret-env", "token=account.key"))
        self.assertIn("twice", self.refused("usage.invalid", "--env", "Token=1", "--secret-env", "TOKEN=account.token"))
        self.assertIn("--stdin", self.refused("usage.invalid", "--secret-stdin", "account.token", "--stdin", "/dev/null"))
        self.refused("secrets.invalid", "--secret-env", "TOKEN=project.token")
        self.refused("secrets.invalid", "--secret-stdin", "no such reference")
        self.assertEqual((self.folder / "secrets.db.audit").read_bytes(), before)

    def test_a_secret_that_is_not_there_runs_nothing(self):
        mark = self.folder / "ran"
        out, err = self.run_on("host1", "--secret-env", "TOKEN=account.none", f"touch {mark}", code=5)
        self.assertIn("[secrets.missing]", err)
        self.assertFalse(mark.exists())

    def test_values_that_no_variable_can_have_are_refused_without_a_word_of_them(self):
        for identifier, value in (("control", b"c4nary\x01bell"), ("long", b"c4nary" * 6000)):
            self.ends(0, "secret", "add", "--id", identifier, "--store", self.store, "--value-stdin", stdin=value)
            out, err = self.run_on("host1", "--secret-env", f"V=account.{identifier}", "true", code=5)
            self.assertIn("[usage.invalid]", err)
            self.assertNotIn("c4nary", err + out.decode())


class Others(WithService):
    """Commands that bring texts of hosts in other ways."""

    def plant(self):
        """A process of the host's, whose command line has the password."""
        child = subprocess.Popen(["sh", "-c", "read line", ADMIN[1]], stdin=subprocess.PIPE)
        self.addCleanup(child.communicate)
        return child.pid

    def test_rows_of_cim_are_masked(self):
        pid = self.plant()
        query = f"SELECT CommandLine, ProcessId FROM Win32_Process WHERE ProcessId = {pid}"
        for output in ("table", "list", "json", "jsonl"):
            with self.subTest(output):
                out, err = self.ends(0, "cim", "query", "host1", query, "-i", "hosts.yml", "--store", self.store, "--output", output)
                self.assertIn(STARS.encode(), out)
                self.assertEqual(self.secrets_in(out, err, value=ADMIN[1]), [])
        with Password(ADMIN[1]) as file:  # The control: with a password that is no secret of the store.
            shown = subprocess.run([MULLION, "cim", "query", self.service.url("http"), query, "-u", ADMIN[0], "--password-file", file.path, "--transport", "ntlm", "--output", "list"],
                                   capture_output=True, pass_fds=file.descriptors, timeout=90)
        self.assertIn(ADMIN[1].encode(), shown.stdout)


if __name__ == "__main__":
    unittest.main()
