"""Every transport, over http and https and sealed inside https, from every client, against our service and a real KDC."""
import unittest

from tests.grid.cells import CELLS, CLIENTS, TRANSPORTS, WAYS, drawn, not_run
from tests.grid.run_cell import RUN
from tests.grid.scene import Scene, missing
from tests.support.service import LOGS


class Grid(unittest.TestCase):
    """The grid is printed, and kept in build/test-logs/grid.txt."""

    @classmethod
    def setUpClass(cls):
        if reason := missing():
            raise unittest.SkipTest(reason)
        cls.scene = cls.enterClassContext(Scene())

    def one(self, cell):
        word = f"{cell.transport} {cell.way} {cell.client}"
        ran = RUN[cell.client](self.scene, cell, f"echo {word}; exit 3")
        self.assertEqual((ran.stdout.strip(), ran.code), (word, 3))
        if ran.sealed is not None:
            self.assertEqual(ran.sealed, cell.sealed)

    def test_every_cell(self):
        results = {}
        for cell in CELLS:
            if reason := not_run(cell):
                results[cell] = ("not run", reason)
                continue
            results[cell] = ("FAILED", None)
            with self.subTest(cell=cell):
                self.one(cell)
                results[cell] = ("ran", None)
        text = drawn(results)
        print(text)
        LOGS.mkdir(parents=True, exist_ok=True)
        (LOGS / "grid.txt").write_text(text + "\n")
        self.assertEqual(len(results), len(TRANSPORTS) * len(WAYS) * len(CLIENTS))

    def test_ours_runs_every_cell_that_can_seal(self):
        """The positive control of not_run(): of ours only what cannot seal is left out."""
        left_out = {(cell.transport, cell.way) for cell in CELLS if cell.client == "ours" and not_run(cell)}
        self.assertEqual(left_out, {(transport, way) for transport in ("basic", "certificate") for way in ("http encrypted", "https + always")})


if __name__ == "__main__":
    unittest.main()
