"""One test per error id produces it for real: here, or in the unit test that error_ids_not_here.txt names."""
import importlib
import unittest
from pathlib import Path

from tests.e2e.error_table import ENUMERATORS, ROWS
from tests.support.service import ROOT

ELSEWHERE = Path(__file__).parent / "error_ids_not_here.txt"
CHECKS = ROOT / "tests/data/checks.txt"
NOT_YET = Path(__file__).parent / "error_ids_not_yet.txt"


def tested_here():
    names = set()
    for file in Path(__file__).parent.glob("test_*.py"):
        for case in vars(importlib.import_module(f"tests.e2e.{file.stem}")).values():
            if isinstance(case, type) and issubclass(case, unittest.TestCase):
                names |= {name[len("test_"):].split("__")[0] for name in vars(case) if name.startswith("test_")}
    return {error_id for error_id in ROWS if error_id.replace(".", "_") in names}


def rows_of(path):
    lines = (line for line in path.read_text().splitlines() if line.strip() and not line.startswith("#"))
    parts = ([part.strip() for part in line.split("|")] for line in lines)
    return {error_id: tuple(rest) for error_id, *rest in parts}


def tested_elsewhere():
    return rows_of(ELSEWHERE)


class ErrorTable(unittest.TestCase):
    def test_every_id_is_produced_by_a_test(self):
        missing = sorted(set(ROWS) - tested_here() - set(tested_elsewhere()) - set(rows_of(NOT_YET)))
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

    def test_what_is_not_yet_produced_is_used_nowhere(self):
        code = "".join(path.read_text() for path in (ROOT / "src").rglob("*.cc"))
        for error_id in rows_of(NOT_YET):
            with self.subTest(error_id):
                self.assertIn(error_id, ROWS)
                self.assertNotRegex(code, rf"\b{ENUMERATORS[error_id]}\b", "is produced now: test it, and take the line out")

    def test_every_row_says_what_to_do_next(self):
        self.assertEqual([row.id for row in ROWS.values() if not row.advice], [])


class Documents(unittest.TestCase):
    """What the documents tell users to check stands in the entries that they get to see."""

    def rows(self):
        lines = [line for line in CHECKS.read_text().splitlines() if line.strip() and not line.startswith("#")]
        return [[part.strip() for part in line.split("|")] for line in lines]

    def test_every_check_is_in_its_entry(self):
        for failure, entries, words, fact in self.rows():
            for error_id in entries.split(";"):
                row = ROWS[error_id.strip()]
                said = " ".join((row.text, row.causes, row.advice)).lower()
                for word in words.split(";"):
                    with self.subTest(failure=failure, entry=row.id, fact=fact):
                        self.assertIn(word.strip().lower(), said)

    def test_the_lists_are_whole(self):
        """As many as the documents have."""
        counted = {}
        for failure, *_ in self.rows():
            counted[failure] = counted.get(failure, 0) + 1
        self.assertEqual(counted, {"401": 8, "500": 2, "timeout": 3, "refused": 3, "modules": 3, "limit": 8})


if __name__ == "__main__":
    unittest.main()
