"""What `mullion-centreon` prints, byte by byte beside what Centreon's own plugin printed to the same question (tests/centreon)."""
import unittest
from pathlib import Path

from tests.centreon import oracle, ours
from tests.centreon.cases import CASES, MODES

NOT_YET = {line for line in (Path(oracle.__file__).parent / "not_yet.txt").read_text().splitlines() if line and not line.startswith("#")}


class Ours(unittest.TestCase):
    def compare(self, mode):
        cases = [case for case in CASES if case.mode == mode and not case.differs and case.ntp is None]
        with ours.Player() as player:
            for case in cases:
                with self.subTest(case.id):
                    said = oracle.compare(case, player.ask(case))
                    if case.id in NOT_YET:
                        self.assertNotEqual(said, [], "it agrees now: take its line out of tests/centreon/not_yet.txt")
                    else:
                        self.assertEqual(said, [])

    def test_the_list_names_cases(self):
        self.assertEqual(NOT_YET - {case.id for case in CASES if not case.differs}, set())


def of_one(mode):
    def test(self):
        if mode and mode not in ours.modes():
            self.skipTest(f"there is no mode {mode}")
        self.compare(mode)
    return test


for each in MODES:
    setattr(Ours, f"test_{each.replace('-', '_') or 'no_mode'}_is_as_centreon_prints_it", of_one(each))


if __name__ == "__main__":
    unittest.main()
