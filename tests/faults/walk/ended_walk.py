"""Ctrl-C while a host is silent: at each message, once and for good, all hosts in one `mullion run`."""
import signal
import subprocess
from dataclasses import replace
from pathlib import Path

from tests.faults.walk.model import DONE, Expected
from tests.faults.walk.one_walk import HANG, Walk
from tests.support.service import wait_until


def expect_interrupted(message, fault):
    """What had not begun has not run; of what had begun nothing more is known; a result that was there stays."""
    step, _, number = message.partition(" ")
    if step == "log-on":
        return Expected("not_started", "run.interrupted")
    if step == "create":
        return Expected("not_started", "run.interrupted", left=fault.forever)
    if step in ("signal", "delete"):
        return replace(DONE, left=fault.forever)
    ran = step == "receive" or fault.way == "<"
    output = {"2": "first", "3": "all"}.get(number, "none")
    return Expected("unknown", "run.interrupted", complete=False, executions=int(ran), output=output, left=fault.forever)


class InterruptedWalk(Walk):
    seconds = {"connect": 20, "operation": 15, "read": 20}  # Nothing but Ctrl-C ends the waiting; cleaning up may take as long.

    def __init__(self, index, transport, forever):
        super().__init__(index, replace(transport, name=f"{transport.name}, Ctrl-C", kinds=("stall",)), forever)
        self.timeout = None

    def expect(self, message, fault):
        return expect_interrupted(message, fault)

    def carry_out(self, folder, words):
        out, errors = Path(folder) / "out", Path(folder) / "errors"
        with open(out, "wb") as told, open(errors, "wb") as said:
            child = subprocess.Popen(words, cwd=folder, stdin=subprocess.DEVNULL, stdout=told, stderr=said)
        try:
            wait_until(lambda: child.poll() is not None or self.all_wait(out.read_bytes()), "all hosts are silent or have their results", HANG)
            child.send_signal(signal.SIGINT)
            child.wait(HANG)
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()
        return subprocess.CompletedProcess(words, child.returncode, out.read_bytes(), errors.read_bytes())

    def all_wait(self, told):
        """Every fault has happened, and who could get a result has it."""
        with_results = len([place for place in self.places if place.expected.status == "failed"]) + 1 + len(self.bystanders)
        return all(place.cell.fired for place in self.places) and told.count(b"\n") == with_results
