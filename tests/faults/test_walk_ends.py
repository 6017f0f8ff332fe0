"""Faults while somebody presses Ctrl-C, and inside of a shell that is held for several commands."""
import unittest

from tests.faults.walk import fleet, table
from tests.faults.walk.conversation import BASIC, SEALED
from tests.faults.walk.ended_walk import InterruptedWalk
from tests.faults.walk.held_walk import HeldWalk


class Ends(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        pairs = [(transport, forever) for transport in (SEALED, BASIC) for forever in (False, True)]
        cls.interrupted = [InterruptedWalk(51 + number, *pair) for number, pair in enumerate(pairs)]
        cls.held = HeldWalk(50)
        cls.all = [*cls.interrupted, cls.held]
        with fleet.simulation(cls.all) as simulation:
            for walk in cls.all:
                walk.start(simulation)
            for walk in cls.all:
                walk.finish()
            cls.counts = simulation.counts()
        for walk in cls.all:
            walk.judge(cls.counts)
        table.publish(cls.all, cls.counts, "fault-walk-ends.txt")

    def check(self, walk):
        wrong = [f"{place.message} {place.cell.fault.way} {place.cell.fault.kind} ({place.host}): {'; '.join(place.problems)}" for place in walk.places if place.problems]
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))

    def test_ctrl_c_while_a_host_is_silent(self):
        for walk in self.interrupted:
            with self.subTest(walk.name):
                self.check(walk)
                self.assertEqual(list(walk.others_problems()), [])
                self.assertEqual(walk.ran.code, 130)

    def test_commands_of_a_held_shell(self):
        self.check(self.held)
        self.assertEqual(list(self.held.plain_problems()), [])

    def test_no_command_ran_twice(self):
        self.assertEqual(self.counts["repeated_commands"], [])


if __name__ == "__main__":
    unittest.main()
