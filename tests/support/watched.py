"""Looks at the words and variables of all processes below this one, for as long as a block runs."""
import os
import threading

from tests.support.canary import processes
from tests.support.service import children, children_by_parent


class Watched:
    """.seen: {(where, bytes)} of every process that was met. Processes that live shorter than a look may be missed, so a test that must have
    met one holds it and calls look()."""

    def __init__(self, below=None):
        """What is below the process `below` is left out."""
        self.below = below

    def __enter__(self):
        self.seen, self.stop = set(), threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join(10)

    def run(self):
        while not self.stop.wait(0.005):
            self.look()

    def look(self):
        by_parent = children_by_parent()  # One look for both, or what begins in between would be in one alone.
        left_out = set(children(self.below, by_parent)) if self.below else set()
        for where, data in processes(set(children(os.getpid(), by_parent)) - left_out):
            self.seen.add((where, data))
