"""Faults inside of a shell that is held: examples/hold_a_shell runs the command twice in one shell, a process for each fault."""
import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from tests.faults.walk import kinds
from tests.faults.walk.conversation import COMMAND, EXIT_CODE, LOG_ON, OUTPUT, Transport
from tests.faults.walk.one_walk import HANG, Walk
from tests.faults.walk.proxy import Cell, Fault, Proxy
from tests.faults.walk.units import http_message
from tests.support.service import ADMIN, BUILD

AT_ONCE = 16
# The library's own limits: a whole output is one answer, and its end another.
MESSAGES = [*LOG_ON, "create", "command 1", "receive 1 of 1", "receive 2 of 1", "signal 1", "command 2", "receive 1 of 2", "receive 2 of 2", "signal 2", "delete"]
KINDS = ("before", "after", "cut-body", "line", "data")  # What stalls waits for 30 s, which the walk has seen enough of.
HELD = Transport("HTTP, Negotiate sealed, a shell that is held", "http", "ntlm", tuple(MESSAGES), tuple(MESSAGES), KINDS, kinds.GARBLING)


@dataclass(frozen=True)
class HeldExpected:
    code: int
    executions: int
    outputs: int  # How often the whole output came.
    said: str = ""

    def brief(self):
        return f"{self.code}/{self.executions}"


def expect_held(message, fault):
    """By the rules of the walk; and whatever becomes of one command, the other is not touched."""
    step, _, rest = message.partition(" ")
    did, which = fault.way == "<", int(rest[-1]) if rest and step != "log-on" else 0
    if fault.kind == "after":
        return HeldExpected(255, 0, 0, "closed") if message == "log-on 1" else HeldExpected(EXIT_CODE, 2, 2)
    if step == "log-on":
        return HeldExpected(255, 0, 0, "log on")
    if step == "command" and not did:
        return HeldExpected(255, which - 1, which - 1, "it is not known whether the command ran")
    lost = step == "receive" and did and rest.startswith("1")
    return HeldExpected(EXIT_CODE, 2, 1 if lost else 2)


class HeldWalk(Walk):
    def __init__(self, index):
        super().__init__(index, HELD, False)
        self.left = set()

    def expect(self, message, fault):
        return expect_held(message, fault)

    def run(self, fleet):
        self.undisturbed = Cell(Fault())
        everyone = [*self.places, None]
        cells = {place.address: place.cell for place in self.places} | {self.plain[1]: self.undisturbed}
        with tempfile.TemporaryDirectory(prefix="mullion-faults-") as folder, Proxy(cells, fleet.ports["http"], http_message, kinds.GARBLING) as proxy:
            password = Path(folder) / "password"
            with open(os.open(password, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
                file.write(ADMIN[1] + "\n")

            def hold(place):
                url = f"http://{place.address if place else self.plain[1]}:{proxy.port}"
                return subprocess.run([BUILD / "examples/hold_a_shell", url, ADMIN[0], password, "-", COMMAND, COMMAND], stdin=subprocess.DEVNULL,
                                      capture_output=True, text=True, timeout=HANG)
            with ThreadPoolExecutor(AT_ONCE) as pool:
                done = list(pool.map(hold, everyone))
        self.runs = {place.host if place else "": each for place, each in zip(everyone, done)}
        whole = 2 * len(OUTPUT.replace("\r\n", "\n"))
        self.results = {host: {"error": None if ran.returncode == EXIT_CODE else {"id": f"exit {ran.returncode}"}, "output_complete": len(ran.stdout) == whole}
                        for host, ran in self.runs.items()}  # For the table.

    def problems(self, place, host, left):
        expected, ran = place.expected, self.runs[place.host]
        output = ran.stdout
        if place.cell.fired == 0:
            yield "the fault never happened"
        if (ran.returncode, host.get("executions", 0)) != (expected.code, expected.executions):
            yield f"exit status {ran.returncode} after {host.get('executions', 0)} executions, not {expected.code} after {expected.executions}"
        if output != OUTPUT.replace("\r\n", "\n") * expected.outputs:
            yield f"the output is {len(output)} characters: {output[:100]!r} …"
        if [count for count in host.get("executions_by_command_id", {}).values() if count > 1]:
            yield "a command ran twice"
        if host.get("shells_open", 0):
            yield "a shell is left on the host"
        if expected.said not in ran.stderr:
            yield f"it says {ran.stderr!r}"

    def plain_problems(self):
        ran = self.runs[""]
        if (ran.returncode, ran.stdout) != (EXIT_CODE, OUTPUT.replace("\r\n", "\n") * 2):
            yield f"exit status {ran.returncode}, {len(ran.stdout)} characters, {ran.stderr!r}"
        for way in "><":
            count = len([sent for sent, _ in self.undisturbed.messages if sent == way])
            if count != len(MESSAGES):
                yield f"{count} messages go {way}, not {len(MESSAGES)}"
