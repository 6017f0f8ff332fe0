"""kill -9 in the middle of writing the state: what is read again is whole, the rest is cleared away, and the same can be said again."""
import os
import random
import sqlite3
import subprocess
import time
import unittest

from tests.e2e.client import mullion, words
from tests.support.leftovers import PrivateFolders, PrivateService, at_a_moment_of_chance, names_below
from tests.support.service import DEADLINE, MULLION, shell_user

SEED = int(os.environ.get("MULLION_TEST_SEED", random.SystemRandom().randrange(1 << 32)))
POINTS = int(os.environ.get("MULLION_TEST_POINTS", 15))
PASSWORD = "a-Passw0rd"


class HalfDone(unittest.TestCase):
    def setUp(self):
        self.folders = self.enterContext(PrivateFolders())
        self.service = PrivateService(self.folders)
        self.addCleanup(self.service.__exit__, None, None, None)
        self.chance = random.Random(SEED)

    def user(self, *arguments):
        return [MULLION, "user", arguments[0], *arguments[1:], "--state", self.service.state]

    def add(self, name):
        return self.user("add", name, "--password-stdin", "--admin", "--as", shell_user())

    def call(self, command):
        return subprocess.run(command, input=PASSWORD.encode(), capture_output=True, timeout=DEADLINE)

    def killed_after(self, command, seconds):
        child = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        child.stdin.write(PASSWORD.encode())
        child.stdin.close()
        at_a_moment_of_chance(seconds)
        child.kill()
        child.wait()

    def whole(self, command):
        """How long it takes when nobody kills it."""
        began = time.monotonic()
        self.assertEqual(self.call(command).returncode, 0)
        return time.monotonic() - began

    def expect_whole(self):
        with sqlite3.connect(self.service.state / "accounts.db") as database:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])

    def test_an_account_is_there_or_not(self):
        seconds = self.whole(self.add("first"))
        killed = []
        for count in range(POINTS):
            self.killed_after(self.add(f"user{count}"), self.chance.uniform(0, seconds))
            killed.append(f"user{count}")
        self.expect_whole()
        listed = self.call(self.user("list")).stdout.decode()
        for name in killed:
            again = self.call(self.add(name))
            there = name in listed.split()
            self.assertEqual(again.returncode == 0, not there, f"{name}, seed {SEED}: {again.stderr.decode()}")
        self.service.start()
        for name in ("first", *self.chance.sample(killed, 3)):
            ran = mullion("run", *words(self.service, user=name), "--", "echo in", password=PASSWORD)
            self.assertEqual((ran.code, ran.stdout), (0, b"in\n"), f"{name}, seed {SEED}: {ran.stderr}")
        self.assertEqual([name for name in names_below(self.service.state) if "unfinished" in name], [])

    def test_a_withdrawn_account_can_be_withdrawn_again(self):
        names = [f"user{count}" for count in range(POINTS)]
        for name in names:
            self.assertEqual(self.call(self.add(name)).returncode, 0)
        seconds = self.whole(self.user("delete", names.pop()))
        for name in names:
            self.killed_after(self.user("delete", name), self.chance.uniform(0, seconds))
        self.expect_whole()
        for name in self.call(self.user("list")).stdout.decode().split():
            if name in names:
                self.assertEqual(self.call(self.user("delete", name)).returncode, 0, f"{name}, seed {SEED}")
        # Only root keeps the list; nobody's last account is gone, so it is empty.
        if os.geteuid() == 0:
            self.assertEqual((self.service.state / "shell-users").read_text(), "")

    def test_a_first_start(self):
        self.service.add_account("Administrator", PASSWORD, "--admin")
        self.service.start()
        complete = names_below(self.service.state)
        self.service.stop()
        for count in range(POINTS):
            for path in self.service.state.iterdir():
                if path.name == "certs":
                    for one in path.iterdir():
                        one.unlink()
            self.killed_after(self.service.command_line(), self.chance.uniform(0, 0.25))
        (self.service.state / "certs/half.pem.unfinished-a1B2c3").write_text("half a key")
        self.service.start()
        ran = mullion("run", *words(self.service, scheme="https"), "--", "echo in", password=PASSWORD)
        self.assertEqual((ran.code, ran.stdout), (0, b"in\n"), f"seed {SEED}: {ran.stderr}")
        mine = [name for name in names_below(self.service.state) if not name.startswith("certs/")]
        self.assertEqual(mine, [name for name in complete if not name.startswith("certs/")])
        self.assertEqual([name for name in names_below(self.service.state) if "unfinished" in name], [])
        self.assertEqual(self.folders.files(), [])


if __name__ == "__main__":
    unittest.main()
