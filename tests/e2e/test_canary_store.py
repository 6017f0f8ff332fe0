"""A secret of the store goes through all that is done with one, and is then found nowhere in clear, nor in any encoded form.

add, apply, run (as a password, a variable, an input), check, the test of a connection, rotate, rewrap, backup, restore, a crash. Looked through: words and
variables of all processes, what is printed, logs, every file (the database's pages and its journal, the audit log, backups, temporary files, cores), and what
passes on the network outside TLS. Each kind of place has its control: a leak that is made on purpose, and seen.
"""
import base64
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import unittest
import uuid
from pathlib import Path
from unittest import mock

from tests.support.canary import account_forms, files, forms, search
from tests.support.fake_aws import REGION, FakeAws
from tests.support.leftovers import PrivateFolders, run_in
from tests.support.recorder import Recorder
from tests.support.service import MULLION, Service, wait_until
from tests.support.watched import Watched

STARS = b"**************"
HTTP = ("Service/Auth/Basic=true", "Service/AllowUnencrypted=true")


def dumps_core():
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


class StoreCanary(unittest.TestCase):
    def setUp(self):
        # /tmp is another one for those whom PrivateFolders start.
        self.enterContext(mock.patch.object(tempfile, "tempdir", "/var/tmp"))
        self.password, self.token, self.signing = ("Canary-" + uuid.uuid4().hex for _ in range(3))
        self.aws = self.enterContext(FakeAws())
        self.aws.user(secret=self.signing)
        self.kms = self.enterContext(Recorder(self.aws.port))
        self.service = self.enterContext(Service(HTTP, accounts=[("canary", self.password, ["--admin"])], options=["--log-level", "debug"]))
        self.http, self.https = (self.enterContext(Recorder(self.service.port(scheme))) for scheme in ("http", "https"))
        self.folders = self.enterContext(PrivateFolders())
        self.home = self.folders.home
        self.home.chmod(0o700)  # A store wants a folder that others cannot put files into.
        self.own = Path(self.enterContext(tempfile.TemporaryDirectory()))  # The operator's, and not looked through.
        self.store = self.home / "secrets.db"
        self.told = []
        self.wanted = {**account_forms("canary", self.password), **{f"token, {name}": form for name, form in forms(self.token).items()},
                       **{f"signing key, {name}": form for name, form in forms(self.signing).items()}}

    # -- doing -----------------------------------------------------------------------------------------------------
    def start(self, *words, **more):
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
        end = words.index("--") if "--" in words else len(words)
        return run_in(self.folders, [MULLION, *words[:end], "--store", self.store, *words[end:]], cwd=self.home, **pipes)

    def does(self, *words, stdin=b"", code=0, look=None):
        """`look` is called while the command waits for its input."""
        child = self.start(*words)
        if look:
            wait_until(lambda: Path(f"/proc/{child.pid}/cmdline").read_bytes().startswith(str(MULLION).encode()), "the command has its words")
            look()
        out, err = child.communicate(stdin, timeout=90)
        self.told += [(f"output of {words}", out), (f"messages of {words}", err)]
        self.assertEqual(child.returncode, code, out + err)
        return out, err

    def add(self, identifier, value, *more, **how):
        self.does("secret", "add", "--id", identifier, "--value-stdin", *more, stdin=value.encode() + b"\n", **how)

    def fill_the_store(self, look=None):
        self.add("access_key", "AKIDEXAMPLE")
        self.add("secret_key", self.signing, look=look)
        endpoint = f"http://127.0.0.1:{self.kms.port}"
        self.does("connector", "add", "--type", "aws-kms", "--id", "kms", "--credential-type", "access-key", "--access-key-ref", "access_key", "--secret-key-ref",
                  "secret_key", "--kms-arn", self.aws.key(), "--region", REGION, "--endpoint", endpoint, "--sts-endpoint", endpoint)
        self.add("win_pw", self.password, "--manager", "kms", look=look)
        file = self.home / "more.yaml"
        file.write_text("secret:\n  type: SecretText\n  name: token\n  identifier: token\n  spec: {secretManagerIdentifier: kms, valueType: Inline}\n---\n"
                        "secret:\n  type: WinRmCredentials\n  name: win\n  identifier: win\n  spec:\n    port: %d\n    auth:\n      type: NTLM\n"
                        "      spec: {username: canary, password: account.win_pw, useSSL: false}\n" % self.http.port)
        value = self.own / "value"
        value.write_text(self.token + "\n")
        value.chmod(0o600)
        self.does("apply", "-f", file, "--value", f"account.token={value}")
        self.does("connector", "add", "--type", "pdc", "--id", "rack", "--host", f"127.0.0.1:{self.http.port}", "--credential", "win")

    def by_https(self):
        file = self.home / "hosts.yml"
        file.write_text(f"all:\n  hosts:\n    tls: {{ansible_host: 127.0.0.1, ansible_port: {self.https.port}, ansible_winrm_transport: basic, ansible_user: canary, "
                        f"ansible_winrm_ca_trust_path: '{self.service.ca}', ansible_password: '<+secrets.getValue(\"account.win_pw\")>'}}\n")
        return ["tls", "-i", file]

    def by_http(self):
        return [f"http://127.0.0.1:{self.http.port}", "--credential", "win"]

    def held(self, look, *words):
        """Runs a command that waits, and looks at all processes meanwhile. It prints its variable and its input, which are secret."""
        child = self.start("run", *words, "--", "echo ready; cat >/dev/null", stdin=subprocess.DEVNULL) if "--secret-stdin" in words else \
            self.start("run", *words, "--stdin", "-", "--", "echo ready; cat >/dev/null; echo $TOKEN; printf %s \"$TOKEN\" | base64; printf %s \"$TOKEN\" | od -An -tx1 | tr -d ' \\n'")
        first = child.stdout.readline()
        look()
        out, err = child.communicate(None if child.stdin is None else b"end\n", timeout=60)
        self.told += [(f"output of {words}", first + out), (f"messages of {words}", err)]
        self.assertEqual(child.returncode, 0, err)
        return out

    def use_it(self, look):
        for how in (self.by_https(), self.by_http()):
            for output in ("text", "json", "jsonl"):
                out = self.held(look, *how, "--secret-env", "TOKEN=account.token", "--output", output) if output == "text" else \
                    self.does("run", *how, "--secret-env", "TOKEN=account.token", "--output", output, "--", "echo $TOKEN; echo $TOKEN >&2; exit 3", code=2)[0]
                self.assertIn(STARS, out)
            out, _ = self.does("run", *how, "--secret-stdin", "account.token", "--", "cat; sha256sum /dev/null")
            self.assertIn(STARS, out)
            self.does("run", *how, "--", "exit 3", code=2)
            self.does("ping", *how)
            result = self.home / "result"
            self.does("check", "uptime", *how, "--output-file", result)
        self.each_connection()

    def each_connection(self):
        self.does("connector", "test", "kms")
        self.does("credential", "test", "win", f"127.0.0.1:{self.http.port}")
        self.does("connector", "test", "rack")
        self.does("ping", "rack", "-i", "connector:rack")
        self.centreon("--mode=uptime", "--hostname=127.0.0.1", "--wsman-credential=account.win")

    def centreon(self, *words):
        line = [MULLION.with_name("mullion-centreon"), "--plugin=os::windows::wsman::plugin", *words, f"--store={self.store}"]
        child = run_in(self.folders, line, cwd=self.home, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, err = child.communicate(timeout=90)
        self.told += [(f"output of {words}", out), (f"messages of {words}", err)]
        self.assertEqual((child.returncode, out[:3]), (0, b"OK:"), out + err)

    def keep_it(self):
        self.does("secret", "rotate")
        self.does("secret", "rewrap")
        self.does("secret", "backup", "--to", self.home / "backup")
        self.does("secret", "restore", "--from", self.home / "backup", "--replace")
        self.does("secret", "list", "--output", "json")
        self.does("credential", "show", "win", "--output", "yaml")
        self.does("audit", "verify")
        self.does("audit", "export")

    def crash(self, number, *words):
        """Whether it left a core; killed while the secret is in use."""
        child = self.start("run", *words, "--secret-env", "TOKEN=account.token", "--stdin", "-", "--", "echo ready; cat >/dev/null", preexec_fn=dumps_core)
        self.assertEqual(child.stdout.readline(), b"ready\n")
        child.send_signal(number)
        _, status = os.waitpid(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        for stream in (child.stdin, child.stdout, child.stderr):
            stream.close()
        self.assertEqual(child.returncode, -number)
        return os.WCOREDUMP(status)

    # -- looking ---------------------------------------------------------------------------------------------------
    def everywhere(self, watched):
        recorded = [(f"packets of {name}", bytes(one.bytes)) for name, one in (("http", self.http), ("https", self.https), ("kms", self.kms))]
        return [*self.told, *sorted(watched.seen), *recorded, *files(self.folders.root), *files(self.folders.shm), *files(self.service.folder)]

    def hits(self, places):
        """The service keeps the NT hash of an account: NTLM cannot do without."""
        return [hit for hit in search(self.wanted, places) if not ("/state/accounts.db" in hit and hit.endswith(": NT hash"))]

    def test_it_is_nowhere(self):
        # What a command of the service's got by its environment is there, which is what was asked for.
        with Watched(below=self.service.process.pid) as watched:
            self.fill_the_store(look=watched.look)
            self.use_it(watched.look)
            self.keep_it()
            self.use_it(watched.look)
            for number in (signal.SIGKILL, signal.SIGABRT):
                self.assertFalse(self.crash(number, *self.by_http()), "a core was left")
        self.end_recordings()
        places = self.everywhere(watched)
        names = {Path(where).name for where, _ in places}
        self.assertLessEqual({"serve.log", "cmdline", "environ", "secrets.db", "secrets.db.audit", "backup", "result", "packets of http"}, names)
        self.assertEqual([name for name in names if name.startswith("core")], [])
        for name in ("http", "https", "kms"):
            self.assertGreater(len(dict(places)[f"packets of {name}"]), 1000, name)
        self.assertEqual(self.hits(places), [])

    def end_recordings(self):
        for one in (self.http, self.https, self.kms):
            one.__exit__()

    # -- controls: what is planted is found -----------------------------------------------------------------------
    def test_the_search_sees_words_variables_and_outputs(self):
        self.fill_the_store()
        with Watched() as watched:
            child = self.start("run", *self.by_http(), "--env", f"PLANTED={self.token}", "--stdin", "-", "--", "env; echo ready; cat")
            while child.stdout.readline() not in (b"ready\n", b""):
                pass
            watched.look()
            child.communicate(b"end\n", timeout=60)
            out, _ = self.does("run", *self.by_http(), "--env", f"PLANTED={self.token}", "--", "printf %s \"$PLANTED\" | base64; echo $PLANTED")
        self.assertNotIn(STARS, out)
        hits = self.hits(self.everywhere(watched))
        for kind in ("cmdline: token, raw", "environ: token, raw"):
            self.assertTrue([hit for hit in hits if hit.endswith(kind)], hits)
        self.assertTrue([hit for hit in hits if hit.startswith("output of") and hit.endswith("token, raw")], hits)

    def test_the_search_sees_files_pages_journals_and_logs(self):
        self.fill_the_store()
        run_in(self.folders, ["sh", "-c", f"echo {self.token} >$TMPDIR/planted; echo {self.token} >$HOME/planted; printf %s {self.token} | base64 >/dev/shm/planted"]).wait()
        self.does("run", *self.by_http(), "--", f"true {self.token}")  # The command stands in the audit log.
        database = sqlite3.connect(self.home / "planted.db")
        self.addCleanup(database.close)
        database.executescript("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; CREATE TABLE t (v)")
        database.execute("INSERT INTO t VALUES (?)", (self.password,))
        database.commit()
        copy = sqlite3.connect(self.home / "copy.db")
        copy.executescript("CREATE TABLE t (v)")
        copy.execute("INSERT INTO t VALUES (?)", (self.password.encode("utf-16-le"),))
        copy.commit()
        copy.close()
        with Watched() as watched:
            pass
        hits = self.hits(self.everywhere(watched))
        for name in ("tmp/planted", "home/planted", "secrets.db.audit", "planted.db-wal", "copy.db"):
            self.assertTrue([hit for hit in hits if f"{name}: " in hit], (name, hits))
        self.assertTrue([hit for hit in hits if "planted" in hit and "base64" in hit], hits)

    def test_the_search_sees_what_passes_in_clear(self):
        self.fill_the_store()
        self.does("run", f"http://127.0.0.1:{self.http.port}", "--credential", "win", "--transport", "basic", "--allow-unencrypted", "--secret-env",
                  "TOKEN=account.token", "--", "true")
        self.end_recordings()
        hits = self.hits([("packets of http", bytes(self.http.bytes))])
        self.assertIn("packets of http: Basic", hits)
        self.assertIn("packets of http: token, raw", hits)

    def test_the_search_sees_a_core(self):
        program = "import sys; kept = sys.stdin.readline(); print(flush=True); sys.stdin.readline()"
        child = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=self.home, preexec_fn=dumps_core)
        child.stdin.write(self.token.encode() + b"\n")
        child.stdin.flush()
        child.stdout.readline()
        child.send_signal(signal.SIGABRT)
        _, status = os.waitpid(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        child.stdin.close()
        child.stdout.close()
        if not os.WCOREDUMP(status):
            self.skipTest("this machine makes no cores")
        cores = [file for file in self.home.glob("core*")]
        if not cores:
            self.skipTest("this machine's cores go elsewhere")
        self.assertTrue(self.hits(files(self.home)))

    def test_the_encoded_forms_are_looked_for(self):
        for data in (self.token.encode("utf-16-le"), self.token.encode().hex().encode(), base64.b64encode(b"xy" + self.token.encode() + b"z")):
            self.assertTrue(self.hits([("plant", b"<" + data + b">")]))
        self.assertEqual(self.hits([("plant", json.dumps("Canary-" + uuid.uuid4().hex).encode())]), [])


if __name__ == "__main__":
    unittest.main()
