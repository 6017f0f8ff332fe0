"""What `mullion-centreon` prints, byte by byte beside what Centreon's own plugin printed to the same question (tests/centreon)."""
import unittest

from tests.centreon import oracle, ours
from tests.centreon.cases import CASES, MODES


class Ours(unittest.TestCase):
    def compare(self, mode):
        cases = [case for case in CASES if case.mode == mode and not case.differs and case.ntp is None]
        with ours.Player() as player:
            for case in cases:
                with self.subTest(case.id):
                    self.assertEqual(oracle.compare(case, player.ask(case)), [])


def of_one(mode):
    def test(self):
        if mode and mode not in ours.modes():
            self.skipTest(f"there is no mode {mode} yet")
        self.compare(mode)
    return test


for each in MODES:
    setattr(Ours, f"test_{each.replace('-', '_') or 'no_mode'}_is_as_centreon_prints_it", of_one(each))


if __name__ == "__main__":
    unittest.main()
