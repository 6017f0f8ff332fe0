"""Centreon's own plugin, as Debian packages it, says what tests/centreon/expected holds: what ours is measured by cannot drift, nor be written by
hand. tests/centreon/README.md tells how it is run."""
import json
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests.centreon import oracle, played
from tests.centreon.cases import BY_ID, CASES, MODES
from tests.centreon.oracle import Said
from tests.support.service import DEADLINE, MULLION


def of_mode(mode):
    return [case for case in CASES if case.mode == mode]


class Recorded(unittest.TestCase):
    def check(self, mode):
        """The cases of one mode: a test for each, since all together take minutes."""
        self.assertTrue(oracle.is_here(), f"{oracle.PLUGIN} is missing: tools/install-deps --peers")
        recorded, cases = oracle.read(mode), of_mode(mode)
        self.assertEqual(list(recorded), [case.id for case in cases], "run tests/centreon/record")
        answers = oracle.ask_all(cases)
        for case in cases:
            with self.subTest(case.id):
                self.assertEqual(oracle.recorded_form(case, answers[case.id]), recorded[case.id], "run tests/centreon/record")

    def test_every_mode_has_its_file_and_no_other_is_there(self):
        self.assertEqual({file.name for file in oracle.EXPECTED.iterdir()}, {oracle.file_of(mode).name for mode in MODES})

    def test_what_perl_says_is_no_example(self):
        """An answer that names Perl's files, and not only where a complaint comes from, or is no UTF-8, can be nobody's goal: such a case says that ours differs."""
        for case in CASES:
            text = "\n".join(line for one in oracle.expected(case) for line in oracle.without_place(one).stdout)
            if "/usr/lib/centreon-plugins" in text or re.search("[\udc80-\udcff]", text):
                self.assertTrue(case.differs, case.id)


def of_one(mode):
    return lambda self: self.check(mode)


for each in MODES:
    setattr(Recorded, f"test_debians_plugin_says_what_is_recorded_of_{each.replace('-', '_') or 'no_mode'}", of_one(each))


class Hosts(unittest.TestCase):
    def test_mullion_simulate_plays_every_host(self):
        for file in sorted(played.HOSTS.glob("*.yml")):
            with self.subTest(file.name):
                done = subprocess.run([MULLION, "simulate", "--check", file], capture_output=True, text=True, timeout=DEADLINE)
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_mullion_simulate_plays_files_laid_over_each_other_and_their_faults(self):
        for case in ("cpu-hotplug", "memory-fault", "memory-no-answer", "storages-fault-third-pull", "sessions-create-refused"):
            with self.subTest(case), tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
                file.write(played.fleet(BY_ID[case], BY_ID[case].runs[-1]))
                file.flush()
                done = subprocess.run([MULLION, "simulate", "--check", file.name], capture_output=True, text=True, timeout=DEADLINE)
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_every_host_is_asked(self):
        used = {name for case in CASES for run in case.runs for name in run.files}
        self.assertEqual({file.stem for file in played.HOSTS.glob("*.yml")}, used)


class Comparing(unittest.TestCase):
    """compare() lets nothing pass that differs."""

    def changed(self, name, **parts):
        case = BY_ID[name]
        said = oracle.expected(case)
        last = {"exit": said[-1].exit, "stdout": said[-1].stdout} | parts
        return oracle.compare(case, [*said[:-1], Said(**last)])

    def test_the_same_is_the_same(self):
        for case in CASES:
            self.assertEqual(oracle.compare(case, oracle.expected(case)), [])

    def test_each_part_is_compared(self):
        first, *rest = oracle.expected(BY_ID["cpu-verbose"])[-1].stdout
        for parts, told in (({"exit": 1}, "exit code"), ({"stdout": (first.replace("OK", "Ok"), *rest)}, "text"), ({"stdout": (first + " ", *rest)}, "perfdata"),
                            ({"stdout": (first, *rest[1:])}, "long output"), ({"stdout": (first, *rest[:-1])}, "long output")):
            with self.subTest(told):
                self.assertEqual([fault.split(":")[0].split(", ")[-1] for fault in self.changed("cpu-verbose", **parts)], [told])

    def test_a_run_too_few(self):
        self.assertIn("1 runs, 2 are recorded", oracle.compare(BY_ID["cpu-verbose"], oracle.expected(BY_ID["cpu-verbose"])[:1])[0])

    def test_json_without_its_order(self):
        (whole,) = oracle.expected(BY_ID["pages-json"])[-1].stdout
        found = json.loads(whole)
        found["plugin"]["outputs"].reverse()
        long = [output for output in found["plugin"]["outputs"] if output["type"] == 2]
        self.assertEqual(len(long), 2)
        self.assertNotEqual(self.changed("pages-json", stdout=(json.dumps(found),)), [], "the order of the long output")
        found["plugin"]["outputs"] = [output for output in found["plugin"]["outputs"] if output["type"] == 1] + long[::-1]
        self.assertEqual(self.changed("pages-json", stdout=(json.dumps(found, sort_keys=True),)), [])
        found["plugin"]["perfdatas"][0]["min"] = 1
        self.assertNotEqual(self.changed("pages-json", stdout=(json.dumps(found),)), [])

