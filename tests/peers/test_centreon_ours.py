"""What `mullion-centreon` prints, byte by byte beside what Centreon's own plugin printed to the same question (tests/centreon)."""
import re
import unittest
from pathlib import Path

from tests.centreon import oracle, ours
from tests.centreon.cases import CASES, MODES
from tests.e2e.test_check_options import ROWS

FOLDER = Path(oracle.__file__).parent


def listed(name):
    return {line for line in (FOLDER / name).read_text().splitlines() if line and not line.startswith("#")}


WITH_COMPAT = listed("with_compat.txt")


class Ours(unittest.TestCase):
    def compare(self, mode):
        cases = [case for case in CASES if case.mode == mode and not case.differs]
        with ours.Player() as player:
            for case in cases:
                with self.subTest(case.id):
                    self.judge(case, player)

    def judge(self, case, player):
        plain = oracle.compare(case, player.ask(case))
        if case.id not in WITH_COMPAT:
            return self.assertEqual(plain, [])
        self.assertNotEqual(plain, [], "it agrees now: take its line out of tests/centreon/with_compat.txt")
        return self.assertEqual(oracle.compare(case, player.ask(case, compat=True)), [])

    def test_the_list_names_cases(self):
        self.assertEqual(WITH_COMPAT - {case.id for case in CASES if not case.differs}, set())


class Options(unittest.TestCase):
    def test_the_table_of_options_has_all_that_centreon_reads(self):
        """By its own tables: what all modes have in common."""
        self.assertTrue(oracle.is_here(), f"{oracle.PLUGIN} is missing: tools/install-deps --peers")
        found = set()
        for file in ("script", "script_wsman", "wsman", "output", "statefile", "templates/counter"):
            text = Path(f"/usr/lib/centreon-plugins/centreon/plugins/{file}.pm").read_text()
            for names in re.findall(r"^\s*'([a-z|-]+)(?::s[@%]?)?'\s*=>\s*\{ ?name", text, re.MULTILINE):
                found |= set(names.split("|"))
        self.assertGreater(len(found), 60)
        self.assertEqual(found - {row.option for row in ROWS}, set())


def of_one(mode):
    return lambda self: self.compare(mode)


for each in MODES:
    setattr(Ours, f"test_{each.replace('-', '_') or 'no_mode'}_is_as_centreon_prints_it", of_one(each))


if __name__ == "__main__":
    unittest.main()
