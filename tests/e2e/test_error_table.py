"""One test per error id produces it for real: here, or in the unit test that error_ids_not_here.txt names."""
import importlib
import unittest
from pathlib import Path

from tests.e2e.error_table import ENUMERATORS, ROWS
from tests.support.service import ROOT

ELSEWHERE = Path(__file__).parent / "error_ids_not_here.txt"


def tested_here():
    names = set()
    for file in Path(__file__).parent.glob("test_*.py"):
        for case in vars(importlib.import_module(f"tests.e2e.{file.stem}")).values():
            if isinstance(case, type) and issubclass(case, unittest.TestCase):
                names |= {name[len("test_"):].split("__")[0] for name in vars(case) if name.startswith("test_")}
    return {error_id for error_id in ROWS if error_id.replace(".", "_") in names}


def tested_elsewhere():
    rows = {}
    for line in ELSEWHERE.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            error_id, file, test, why = (part.strip() for part in line.split("|"))
            rows[error_id] = (file, test, why)
    return rows


class ErrorTable(unittest.TestCase):
    def test_every_id_is_produced_by_a_test(self):
        missing = sorted(set(ROWS) - tested_here() - set(tested_elsewhere()))
        self.assertEqual(missing, [], "write a test named after the id, or name the unit test in error_ids_not_here.txt")

    def test_the_list_of_others_is_true(self):
        for error_id, (file, test, why) in tested_elsewhere().items():
            with self.subTest(error_id):
                self.assertIn(error_id, ROWS)
                self.assertNotIn(error_id, tested_here(), "is produced here; take the line out")
                self.assertTrue(why)
                text = (ROOT / file).read_text()
                self.assertRegex(text, rf"TEST(_F|_P)?\(\w+,\s*{test}\)", f"{file} has no test {test}")
                self.assertIn(f"ErrorId::{ENUMERATORS[error_id]}", text, f"{file} does not mention it")

    def test_every_row_says_what_to_do_next(self):
        self.assertEqual([row.id for row in ROWS.values() if not row.advice], [])


if __name__ == "__main__":
    unittest.main()
