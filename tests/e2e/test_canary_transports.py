"""A password (or a key's passphrase) goes through every transport, and is then found nowhere.

test_canary.py and test_canary_memory.py say what is looked for and where; here every way to log on takes its turn. Each has its own
control: the secret is planted in the same run (a variable of the command, a copy that a program keeps), and must be seen.
"""
import os
import subprocess
import unittest
from pathlib import Path

from tests.e2e import canary_ways
from tests.e2e.canary_ways import OF_THE_SERVICE, WAYS
from tests.e2e.client import Password
from tests.support import core_at_exit
from tests.support.canary import files, in_memory, processes, search
from tests.support.leftovers import PrivateFolders, processes_of
from tests.support.service import BUILD, children, read_line, wait_until


class Nowhere(canary_ways.EveryWay):
    """argv, environments, what is printed, logs (of all levels, and libkrb5's own), files."""

    def held(self, way, folders, *more):
        """What others could read while a command runs, and what was said."""
        client = self.start(way, "--stdin", "-", *more, command="env; echo ready; cat", folders=folders, cwd=folders.home,
                            env={**os.environ, "KRB5_TRACE": str(folders.home / "trace")})
        try:
            lines = []
            while not lines or lines[-1] not in (b"ready\n", b""):
                lines.append(client.stdout.readline())
            told = [*processes([client.pid, *children(client.pid), *self.service.processes, *children(self.service.process.pid)])]
            out, errors = client.communicate(b"end\n", timeout=60)
        finally:
            client.kill()
            client.communicate()
        if b"[usage.unsupported]" in errors:
            self.skipTest(errors.decode().splitlines()[0])
        self.assertEqual(client.returncode, 0, errors)
        return told + [("output", b"".join(lines) + out), ("messages", errors)]

    def ended(self, way, folders, *more, password=None):
        client = self.start(way, *more, command="exit 3", folders=folders, password=password, cwd=folders.home, stdin=subprocess.DEVNULL)
        out, errors = client.communicate(timeout=60)
        self.assertEqual(client.returncode, 4 if password else 2, errors)
        return [(f"output with {more}", out), (f"messages with {more}", errors)]

    def test_every_way(self):
        for name, way in WAYS.items():
            with self.subTest(name), PrivateFolders(in_memory=True) as folders:
                told = self.held(way, folders)
                for output in ("json", "jsonl", "text"):
                    told += self.ended(way, folders, "--output", output)
                    if way.password:
                        told += self.ended(way, folders, "--output", output, password=self.secret + "x")  # Refused.
                told += [*files(self.service.folder), *files(folders.root), *files(folders.shm)]
                looked_at = {Path(where).name for where, _ in told}
                self.assertLessEqual({"serve.log", "cmdline", "environ"}, looked_at)
                if "kinit" in name:
                    self.assertTrue(any(place.startswith("kinit-") for place in looked_at), looked_at)
                elif way.transport == "kerberos":
                    self.assertIn("trace", looked_at)
                hits = search(self.wanted, told)
                self.assertTrue([hit for hit in hits if "accounts.db" in hit], "the hash that must be there is not seen")
                self.assertEqual([hit for hit in hits if not ("/state/accounts.db" in hit and hit.endswith(": NT hash"))], [])

    def test_the_search_sees_it_in_every_way(self):
        for name, way in WAYS.items():
            with self.subTest(name), PrivateFolders(in_memory=True) as folders:
                hits = search(self.wanted, self.held(way, folders, "--env", f"PLANTED={self.secret}"))
                self.assertIn("output: raw", hits)
                self.assertTrue([hit for hit in hits if hit.endswith("cmdline: raw")], hits)
                self.assertTrue([hit for hit in hits if hit.endswith("environ: raw")], hits)  # The command's own.

    def test_a_ticket_by_kinit_leaves_no_file(self):
        with PrivateFolders(in_memory=True) as folders:
            self.ended(WAYS["kerberos by kinit_cmd"], folders)
            self.assertEqual([file for file in folders.files() if not file.startswith("tmp/kinit-")], [])


@unittest.skipUnless(os.geteuid() == 0, "needs root: the processes hide their memory from everybody else")
class InMemory(canary_ways.EveryWay):
    def found(self, pid):
        return in_memory(self.wanted, pid)

    def test_of_living_processes(self):
        """While a shell is open, and when it has ended; the client at its own end."""
        for name, way in WAYS.items():
            with self.subTest(name):
                client = self.start(way, "--stdin", "-")
                try:
                    self.ready(client)
                    found = self.settled(way.copies, client.pid, "the client while its command runs")
                    self.assertEqual(found.get("raw", 0) > 0, way.password, "the client needs the password, and no passphrase any more")
                    self.look_at_service(way, handed_over=way.handed_over)
                    core_at_exit.follow(client.pid)
                    client.stdin.write(b"end\n")
                    client.stdin.close()
                    found, client.returncode = core_at_exit.look_at_end(client.pid, self.found)
                    self.assertEqual(client.returncode, 0)
                    self.expect_at_most(way.copies, found, "the client at its end")
                    self.look_at_service(way, handed_over=False)
                finally:
                    if client.returncode is None:
                        client.kill()
                        client.wait()
                    for stream in (client.stdin, client.stdout, client.stderr):
                        stream.close()

    def settled(self, allowed, pid, where):
        """What is there, once log-ons that are under way (a command's second connection) are over."""
        found = {}
        def look():
            found.clear()
            found.update(self.found(pid))
            return all(count <= allowed.get(form, 0) for form, count in found.items())
        try:
            wait_until(look, where, 10)
        except AssertionError:
            self.expect_at_most(allowed, found, where)
        return found

    def look_at_service(self, way, handed_over):
        own = processes_of(self.service)
        for name, pid in own.items():
            handed = {"raw": 1} if handed_over and name == "mullion-service" else {}
            found = self.settled({**OF_THE_SERVICE[name], **handed}, pid, name)
            if handed:
                self.assertEqual(found.get("raw"), 1, "what was handed over is the shell's")
        for pid in set(children(self.service.process.pid)) - set(own.values()):
            self.expect_at_most({}, self.found(pid), f"a process of the shell, {pid}")

    def let_go(self, way, keep):
        """What a program of the library has in its memory while it holds a shell, and when it has let go."""
        with Password(self.secret) as file:
            options = [name if value is None else f"{name}={value}" for name, value in self.options(way)]
            line = [BUILD / "tests/let_go/let_go", self.service.url(way.scheme), file.path, keep, *options]
            program = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=file.descriptors)
        try:
            seen = []
            for word in ("held", "let go"):
                said = read_line(program.stdout, program)
                why = b"" if said else program.stderr.read()
                if b"this is not available" in why:
                    self.skipTest(why.decode().strip())
                self.assertEqual(said, word + "\n", why)
                seen.append(self.found(program.pid))
                program.stdin.write(b"on\n")
                program.stdin.flush()
            program.communicate(timeout=60)
            self.assertEqual(program.returncode, 0)
            return seen
        finally:
            program.kill()
            program.communicate()

    def test_a_program_of_the_library_that_has_let_go(self):
        for name, way in WAYS.items():
            with self.subTest(name):
                held, end = self.let_go(way, "NONE")
                self.assertEqual(held.get("raw", 0) > 0, way.password, held)
                self.assertEqual(end, {})

    def test_a_program_that_keeps_it_is_caught(self):
        for name, way in WAYS.items():
            with self.subTest(name):
                self.assertGreaterEqual(self.let_go(way, "KEEP")[1].get("raw", 0), 1)


if __name__ == "__main__":
    unittest.main()
