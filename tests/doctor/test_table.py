"""Each row of docs/doctor-setups.md has one test here, named by its number, or a reason why it has none."""
import importlib
import re
import unittest
from pathlib import Path

from tests.doctor.setups import CHECK_ORDER, ORDER, ROWS
from tests.e2e.error_table import ROWS as ERRORS

NOT_HERE = {}


def tested():
    """Row numbers, as often as they are tested."""
    numbers = []
    for file in sorted(Path(__file__).parent.glob("test_*.py")):
        for case in vars(importlib.import_module(f"tests.doctor.{file.stem}")).values():
            if isinstance(case, type) and issubclass(case, unittest.TestCase) and case.__module__ == f"tests.doctor.{file.stem}":
                numbers += [int(found[1]) for name in vars(case) if (found := re.match(r"test_row_(\d+)__", name))]
    return numbers


class Table(unittest.TestCase):
    def test_every_row_has_one_test_or_a_reason(self):
        numbers = tested()
        self.assertEqual(sorted(numbers), sorted(set(numbers)), "a row is tested twice")
        self.assertEqual(sorted([*numbers, *NOT_HERE]), sorted(ROWS))

    def test_the_document_is_read_as_it_is_written(self):
        self.assertEqual(sorted(ROWS), list(range(1, len(ROWS) + 1)))
        self.assertGreaterEqual(len(ROWS), 48)
        for row in ROWS.values():
            self.assertIn(row.id, ERRORS, row)
            self.assertIn(row.check.split()[0], CHECK_ORDER if "--for check" in row.setup else ORDER, row)
            # A run goes on after a hint about a command's output; for doctor it is the failure of its own command.
            self.assertEqual(row.warning, ERRORS[row.id].exit_code == 0 and row.id != "run.module_path", row)
