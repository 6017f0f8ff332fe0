"""What tests of `mullion prepare kerberos` have in common: the script, what it reports, and machines on which nothing is prepared."""
import re
import subprocess
import unittest

from tests.support import bare_machine
from tests.support.bare_machine import BareMachine
from tests.support.service import DEADLINE, MULLION

REALM = "EXAMPLE.TEST"
OPTIONS = ["--realm", REALM, "--kdc", "127.0.0.1:1"]  # Nobody answers there.
STEPS = ["packages", "krb5.conf", "hosts", "keytab", "kdc", "ticket", "doctor"]
CHANGING = STEPS[:4]


def script_of(*options):
    done = subprocess.run([MULLION, "prepare", "kerberos", *(options or OPTIONS)], capture_output=True, text=True, timeout=DEADLINE)
    assert done.returncode == 0, done.stderr
    return done.stdout


def steps_of(ran):
    """{step: (status, detail)} from the lines for programs."""
    found = {}
    for line in ran.stdout.splitlines():
        if line.startswith("mullion-step\t"):
            _, step, status, detail = line.split("\t")
            found[step] = (status, detail)
    return found


def statuses(ran):
    return {step: status for step, (status, _) in steps_of(ran).items()}


class Case(unittest.TestCase):
    maxDiff = None

    def machine(self, **how):
        if reason := bare_machine.missing():
            self.skipTest(reason)
        return self.enterContext(BareMachine(**how))

    def prepare(self, machine, mode="--apply", *options, stdin=None, environment=None, base=OPTIONS):
        ran = machine.run(MULLION, "prepare", "kerberos", *base, *options, mode, stdin=stdin, environment=environment)
        lines = ran.stdout.splitlines()
        self.assertEqual(lines[:1], [f"mullion-prepare\t1\tkerberos-{REALM}\t{mode[2:]}"], ran)
        self.assertEqual(lines[-1], f"mullion-end\t{ran.returncode}", ran)
        # People are told the same.
        for step, (status, detail) in steps_of(ran).items():
            self.assertRegex(ran.stderr, rf"(?m)^{re.escape(step)} +({status}|would change) +{re.escape(detail)}$")
        return ran

    def changes(self, ran):
        return {step: status for step, status in statuses(ran).items() if step in CHANGING}

    def failed(self, ran, step, *says):
        """That step failed, with these words in what people read; what builds on it was not tried."""
        self.assertEqual(ran.returncode, 1, ran)
        self.assertEqual(steps_of(ran)[step][0], "failed", ran)
        self.assertIn("next: ", ran.stderr)
        for words in says:
            self.assertIn(words, ran.stderr)
