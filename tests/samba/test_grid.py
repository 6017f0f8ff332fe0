"""Every transport that takes domain accounts, over http and https and sealed inside https, from every client, with a user of the domain."""
import unittest

from tests.grid.cells import CELLS, CLIENTS, LOCAL_ONLY, WAYS, drawn, not_run
from tests.grid.run_cell import RUN
from tests.samba.scene import DomainScene, asks_winbind, missing
from tests.support.service import LOGS


def why_not(cell):
    if cell.transport in LOCAL_ONLY:
        return f"{cell.transport} takes no domain accounts; that ours refuses it by name is tests/samba/test_accounts.py's"
    if cell.transport == "ntlm" and not asks_winbind():
        return "the service cannot ask winbind: mullion serve has no --winbind"
    return not_run(cell)


class Grid(unittest.TestCase):
    """The grid is printed, and kept in build/test-logs/grid-samba.txt."""

    @classmethod
    def setUpClass(cls):
        if reason := missing():
            raise unittest.SkipTest(reason)
        cls.scene = cls.enterClassContext(DomainScene())

    def one(self, cell):
        word = f"{cell.transport} {cell.way} {cell.client}"
        ran = RUN[cell.client](self.scene, cell, f"echo {word}; exit 3")
        self.assertEqual((ran.stdout.strip(), ran.code), (word, 3))
        if ran.sealed is not None:
            self.assertEqual(ran.sealed, cell.sealed)

    def test_every_cell(self):
        results = {}
        for cell in CELLS:
            if reason := why_not(cell):
                results[cell] = ("not run", reason)
                continue
            results[cell] = ("FAILED", None)
            with self.subTest(cell=cell):
                self.one(cell)
                results[cell] = ("ran", None)
        text = drawn(results)
        print(text)
        LOGS.mkdir(parents=True, exist_ok=True)
        (LOGS / "grid-samba.txt").write_text(text + "\n")
        ran = {cell for cell, (verdict, _) in results.items() if verdict == "ran"}
        self.assertLessEqual({(way, client) for way in WAYS for client in CLIENTS}, {(cell.way, cell.client) for cell in ran}, "a client ran in no cell of a way")


if __name__ == "__main__":
    unittest.main()
