"""What the memory of living processes, and of the library's at its end, holds of a password: that which it needs, and no copy more.

What may be there, and why:
- the client, while its command runs: the password itself, twice (the run's answer for every host that has none of its own, and this
  host's credential), since a connection that breaks has to log on again; with Basic also user:password (the engine), and the header
  field twice (of the connection, and of the request that waits for its answer). Each is a Secret, or wiped when the answer is there;
- the client at its end: no more than that. It does not wait for its last thread to wipe what it has: the memory goes with the process;
- a program of the library when it has let go: nothing, whichever way it logged on;
- the network process: the account's NT hash in SQLite's page cache, as it is in accounts.db, and once more while a log-on is under
  way; and, while a shell is open or a connection stands that was opened by CredSSP, the password that was handed over, once for both;
- the monitor and its keeper: nothing.
"""
import os
import subprocess
import sys
import tempfile
import unittest
import uuid
from pathlib import Path

from tests.e2e.client import start, words
from tests.support import core_at_exit
from tests.support.canary import account_forms, in_memory
from tests.support.leftovers import processes_of
from tests.support.service import BUILD, Service

WHILE_IT_RUNS = {"ntlm": {"raw": 2}, "negotiate": {"raw": 2}, "credssp": {"raw": 2},
                 "basic": {"raw": 3, "Basic": 2, "raw, base64 at 1": 2}}  # "canary:" is seven bytes: the password begins one after a group of three.
OF_THE_SERVICE = {"mullion-service": {"NT hash": 2}, "mullion-monitor": {}, "mullion-keeper": {}}
WAYS = (("http", "ntlm"), ("https", "basic"), ("https", "negotiate"), ("https", "ntlm"), ("http", "credssp"))


class Memory(unittest.TestCase):
    def setUp(self):
        self.secret = "Canary-" + uuid.uuid4().hex
        self.forms = account_forms("canary", self.secret)

    def expect_at_most(self, allowed, found, where):
        over = {form: count for form, count in found.items() if count > allowed.get(form, 0)}
        self.assertEqual(over, {}, where)

    def test_the_search_finds_each_form(self):
        program = "import sys; kept = [bytearray.fromhex(line) for line in iter(sys.stdin.readline, '\\n')]; print(flush=True); sys.stdin.readline()"
        with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
            child.stdin.write(b"".join(pattern.hex().encode() + b"\n" for pattern in self.forms.values()) + b"\n")
            child.stdin.flush()
            child.stdout.readline()
            self.assertEqual(set(in_memory(self.forms, child.pid)), set(self.forms))
            child.stdin.close()

    def test_the_search_at_the_end_finds_what_is_left(self):
        program = "import os, sys; kept = sys.stdin.readline(); print(flush=True); os._exit(0 if sys.stdin.readline() else 1)"
        with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
            child.stdin.write(self.secret.encode() + b"\n")
            child.stdin.flush()
            child.stdout.readline()
            core_at_exit.follow(child.pid)
            child.stdin.write(b"end\n")
            child.stdin.close()
            found, child.returncode = core_at_exit.look_at_end(child.pid, lambda pid: in_memory(self.forms, pid))
            self.assertGreaterEqual(found["raw"], 1)

    @unittest.skipUnless(os.geteuid() == 0, "needs root: the service's processes hide their memory from everybody else")
    def test_memory_of_living_processes(self):
        settings = ["Service/Auth/Basic=true", "Service/Auth/CredSSP=true"]
        with Service(settings, accounts=[("canary", self.secret, ["--admin"])], options=["--log-level", "debug"]) as service:
            for scheme, transport in WAYS:
                with self.subTest(scheme=scheme, transport=transport):
                    client = self.client(service, scheme, transport)
                    self.expect_at_most(WHILE_IT_RUNS[transport], in_memory(self.forms, client.pid), "the client while its command runs")
                    self.assertGreaterEqual(in_memory(self.forms, client.pid)["raw"], 1)  # Or the search does not see.
                    for name, pid in processes_of(service).items():
                        handed = {"raw": 1} if transport == "credssp" and name == "mullion-service" else {}
                        self.expect_at_most({**OF_THE_SERVICE[name], **handed}, in_memory(self.forms, pid), f"{name} while a shell is open")
                    core_at_exit.follow(client.pid)
                    client.stdin.write(b"end\n")
                    client.stdin.close()
                    found, client.returncode = core_at_exit.look_at_end(client.pid, lambda pid: in_memory(self.forms, pid))
                    self.assertEqual(client.returncode, 0)
                    self.expect_at_most(WHILE_IT_RUNS[transport], found, "the client at its end")
                    for name, pid in processes_of(service).items():
                        self.expect_at_most(OF_THE_SERVICE[name], in_memory(self.forms, pid), name)

    def test_a_program_of_the_library_at_its_end(self):
        with Service(["Service/Auth/Basic=true"], accounts=[("canary", self.secret, ["--admin"])]) as service, tempfile.TemporaryDirectory() as folder:
            password = Path(folder) / "password"
            password.write_text(self.secret + "\n")
            for url, ca in ((service.http, "-"), (service.https, service.ca)):
                with self.subTest(url):
                    command = [BUILD / "examples/hold_a_shell", url, "canary", password, ca, "echo one", "echo two; sleep 0.2"]
                    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
                    self.assertEqual(child.stdout.readline(), b"one\n")
                    core_at_exit.follow(child.pid)
                    found, child.returncode = core_at_exit.look_at_end(child.pid, lambda pid: in_memory(self.forms, pid))
                    child.stdout.close()
                    self.assertEqual((child.returncode, found), (0, {}))

    @staticmethod
    def put_away(client):
        if client.returncode is None:
            client.kill()
            client.wait()
        for stream in (client.stdin, client.stdout, client.stderr):
            stream.close()

    def client(self, service, scheme, transport):
        client = start("run", *words(service, "--stdin", "-", scheme=scheme, transport=transport, user="canary"), "--", "echo ready; cat", password=self.secret)
        self.addCleanup(self.put_away, client)
        self.assertEqual(client.stdout.readline(), b"ready\n", client.stderr)
        return client


if __name__ == "__main__":
    unittest.main()
