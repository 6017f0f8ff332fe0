"""A network process that was taken over sends the monitor what it likes, and puts what it likes into the state directory, which is its own.

Who ran is told by files that each command leaves: their owner is set by the kernel. tests/monitor_attacks plays the network process.
"""
import json
import os
import pwd
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests.support.service import BUILD

NETWORK, ALLOWED = "nobody", "daemon"  # Whom the network process runs as, and the one name in root's list.
ROUNDS = 500  # Of 200 messages at random, each with a monitor of its own.


@unittest.skipUnless(os.geteuid() == 0, "only root has a monitor that could become others")
class TakenOver(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="mullion-test-")))
        os.chmod(self.folder, 0o755)
        self.state, self.evidence = self.folder / "state", self.folder / "evidence"
        self.state.mkdir(mode=0o700)
        self.evidence.mkdir()
        os.chmod(self.evidence, 0o1777)
        (self.folder / "names").write_text("root\nbin\n")  # A list of root's own, in another place.
        user = pwd.getpwnam(NETWORK)
        os.chown(self.state, user.pw_uid, user.pw_gid)

    def attack(self, allowed, rounds):
        (self.state / "shell-users").write_text("".join(name + "\n" for name in allowed))
        line = [BUILD / "tests/monitor_attacks/monitor_attacker", BUILD / "bin/mullion-monitor", self.state, self.evidence, NETWORK, ALLOWED]
        with open(self.folder / "log", "wb") as log:
            done = subprocess.run([*line, str(rounds)], stdout=subprocess.PIPE, stderr=log, timeout=600)
        log = [line for line in (self.folder / "log").read_text(errors="replace").splitlines() if "Z " not in line[:24]]
        self.assertEqual(done.returncode, 0, log[-20:])
        return json.loads(done.stdout), log

    def owners(self):
        return {pwd.getpwuid(one.stat().st_uid).pw_name for one in self.evidence.iterdir()}

    def test_nobody_else_is_become(self):
        bystander = subprocess.Popen(["sleep", "1000"])
        try:
            said, log = self.attack([ALLOWED], ROUNDS)
            self.assertEqual(said["wrong_ends"], 0, log[-20:])
            self.assertIsNone(bystander.poll(), "somebody else's process was ended")
        finally:
            bystander.kill()
            bystander.wait()
        self.assertEqual(said["spawned_as_others"], 0)
        self.assertGreaterEqual(said["messages"], 90_000)
        self.assertGreater(said["refused"], 30_000)
        # Positive control: commands did run, as the one user who is let in, with nothing but what is his.
        self.assertEqual(self.owners(), {ALLOWED})
        user = pwd.getpwnam(ALLOWED)
        groups = " ".join(map(str, os.getgrouplist(ALLOWED, user.pw_gid)))
        wanted = {"Uid": {str(user.pw_uid)}, "Gid": {str(user.pw_gid)}, "Groups": set(groups.split()),
                  **dict.fromkeys(("CapPrm", "CapEff", "CapAmb"), {"0" * 16})}
        whole = 0
        for one in self.evidence.iterdir():  # Some were killed as they wrote, of some the script was damaged.
            facts = dict(line.split(":\t", 1) for line in one.read_text(errors="replace").splitlines() if ":\t" in line)
            whole += facts.keys() == wanted.keys()
            for name in facts.keys() & wanted.keys():
                self.assertEqual(set(facts[name].split()), wanted[name], name)
        self.assertGreater(whole, 0)

    def test_the_evidence_would_show_it(self):
        """Positive control: with others in root's own list the same requests do become them."""
        said, _ = self.attack([ALLOWED, "bin", "root"], 1)
        self.assertGreater(said["spawned_as_others"], 0)
        self.assertEqual(self.owners(), {ALLOWED, "bin", "root"})
