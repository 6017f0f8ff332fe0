"""Memory and descriptors of processes that live long, sampled, and the rule that says whether they stayed flat.

The first third of the samples is warm-up. Of the other two the medians are compared: the last third's may be at most GROWTH of the
middle third's above it, and a little more that does not depend on size. A median does not mind single peaks; a leak moves both.
"""
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

GROWTH = 0.04
MORE_KIB = 768
MORE_DESCRIPTORS = 6
BUSY_KIB = 4096  # The shells and answers of two hundred clients, now more and now fewer.


@dataclass
class Watched:
    pid: int
    busy: bool = False
    rss: list = field(default_factory=list)  # KiB
    descriptors: list = field(default_factory=list)

    def sample(self):
        """False once it is gone. Who is not root may not count the descriptors of a process that hides them."""
        try:
            status = Path(f"/proc/{self.pid}/status").read_text()
        except OSError:
            return False
        found = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")]
        if not found:
            return False
        self.rss.append(int(found[0]))
        try:
            self.descriptors.append(len(os.listdir(f"/proc/{self.pid}/fd")))
        except OSError:
            pass
        return True


class Verdict:
    def __init__(self, samples, more):
        third = len(samples) // 3
        self.known = third >= 3
        if not self.known:
            return
        self.middle, self.last = median(samples[third:2 * third]), median(samples[2 * third:])
        self.allowed = self.middle * (1 + GROWTH) + more
        self.flat = self.last <= self.allowed


class Watch:
    """Samples the processes that were added, every `pause` seconds, until stop()."""

    def __init__(self, pause):
        self.pause, self.watched, self.over = pause, {}, threading.Event()
        self.gone = []
        self.thread = threading.Thread(target=self.run, daemon=True)

    def add(self, name, pid, busy=False):
        """`busy`: two hundred clients come and go, so its descriptors do, too. They are counted when all are gone (tests/soak/left.py)."""
        self.watched[name] = Watched(pid, busy)

    def start(self):
        self.thread.start()

    def run(self):
        while not self.over.wait(self.pause):
            for name, one in self.watched.items():
                if name not in self.gone and not one.sample():
                    self.gone.append(name)

    def stop(self):
        self.over.set()
        self.thread.join()

    def report(self):
        """(table, faults)"""
        head = f"{'process':<30}{'samples':>9}{'RSS KiB':>10}{'later':>9}{'allowed':>9}{'open':>7}{'later':>7}{'allowed':>9}\n"
        rows, faults = head, [f"{name} ended by itself" for name in self.gone]
        for name, one in self.watched.items():
            row = f"{name:<30}{len(one.rss):>9}"
            measured = (("memory", one.rss, BUSY_KIB if one.busy else MORE_KIB, (10, 9, 9)),
                        ("descriptors", [] if one.busy else one.descriptors, MORE_DESCRIPTORS, (7, 7, 9)))
            for what, samples, more, widths in measured:
                verdict = Verdict(samples, more)
                if not verdict.known:
                    row += "".join(f"{'-':>{width}}" for width in widths)
                    if what == "memory":
                        faults.append(f"{name}: {len(samples)} samples are too few to tell")
                    continue
                row += "".join(f"{value:>{width}.0f}" for value, width in zip((verdict.middle, verdict.last, verdict.allowed), widths))
                if not verdict.flat:
                    faults.append(f"{name}: {what} grew from {verdict.middle:.0f} to {verdict.last:.0f}, over {verdict.allowed:.0f}")
            rows += row + "\n"
        return rows, faults
