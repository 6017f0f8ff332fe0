"""What `mullion-centreon` prints, byte by byte beside what Centreon's own plugin printed to the same question (tests/centreon)."""
import unittest
from pathlib import Path

from tests.centreon import oracle, ours
from tests.centreon.cases import CASES, MODES

FOLDER = Path(oracle.__file__).parent


def listed(name):
    return {line for line in (FOLDER / name).read_text().splitlines() if line and not line.startswith("#")}


NOT_YET, WITH_COMPAT = listed("not_yet.txt"), listed("with_compat.txt")


class Ours(unittest.TestCase):
    def compare(self, mode):
        cases = [case for case in CASES if case.mode == mode and not case.differs and case.ntp is None]
        with ours.Player() as player:
            for case in cases:
                with self.subTest(case.id):
                    self.judge(case, player)

    def judge(self, case, player):
        plain = oracle.compare(case, player.ask(case))
        if case.id not in NOT_YET | WITH_COMPAT:
            return self.assertEqual(plain, [])
        self.assertNotEqual(plain, [], "it agrees now: take its line out of tests/centreon/not_yet.txt or with_compat.txt")
        with_compat = oracle.compare(case, player.ask(case, compat=True))
        if case.id in WITH_COMPAT:
            return self.assertEqual(with_compat, [])
        return self.assertNotEqual(with_compat, [], "it agrees with --centreon-compat now: with_compat.txt is for those")

    def test_the_lists_name_cases(self):
        self.assertEqual((NOT_YET | WITH_COMPAT) - {case.id for case in CASES if not case.differs}, set())
        self.assertEqual(NOT_YET & WITH_COMPAT, set())


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
