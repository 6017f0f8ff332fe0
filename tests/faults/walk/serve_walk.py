"""The walk before `mullion serve`: real processes, and one `mullion run` for each fault, so that its exit status is seen as well."""
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from tests.e2e.client import Ran, mullion
from tests.faults.walk.conversation import ENVELOPE, EXIT_CODE, OUTPUT
from tests.faults.walk.one_walk import HANG, SECONDS, TIMEOUT, Walk
from tests.faults.walk.proxy import Proxy
from tests.support.service import ADMIN

AT_ONCE = 32
EXIT_STATUS = {"failed": 2, "unreachable": 4, "refused": 4, "timed_out": 4, "unknown": 4}  # design 3

# Each run notes that it ran, gives two answers full of output, and then waits to be let go: its end is in an answer of its own.
COMMAND = "echo {name} >> {folder}/ran; cat {folder}/output; read go < {folder}/{name}; exit " + str(EXIT_CODE)

SETTINGS = ["Winrs/MaxShellsPerUser=5000", "Winrs/MaxConcurrentUsers=100", "Service/MaxConcurrentOperationsPerUser=10000", "Service/MaxConnections=5000",
            "Service/Auth/Basic=true"]


class ServeWalk(Walk):
    def __init__(self, index, transport, forever, kinds):
        super().__init__(index, replace(transport, name=f"{transport.name}, mullion serve", kinds=kinds), forever)

    def run(self, service):
        self.folder = Path(service.folder) / self.prefix
        self.folder.mkdir()
        self.folder.chmod(0o777)
        (self.folder / "output").write_bytes(OUTPUT.encode())
        self.gates = [self.gate(place) for place in self.places]
        cells = {place.address: place.cell for place in self.places}
        with Proxy(cells, service.port(self.transport.scheme), self.transport.next_unit, self.transport.garbling) as proxy:
            for place in self.places:
                place.host = f"{place.address}:{proxy.port}"
            with ThreadPoolExecutor(AT_ONCE) as pool:
                runs = list(pool.map(lambda place: self.run_one(place, service), self.places))
        for gate in self.gates:
            os.close(gate)
        self.runs = {place.host: ran for place, ran in zip(self.places, runs)}
        self.results = {host: ran.host for host, ran in self.runs.items() if ran.stdout}
        self.ran = Ran(0, b"", "".join(ran.stderr for ran in runs))
        self.left = {host for host, ran in self.runs.items() if "[run.shell_left_open]" in ran.stderr}

    def gate(self, place):
        """Opens when the last Receive is on its way, or when the fault has happened."""
        path = self.folder / place.address
        os.mkfifo(path)
        path.chmod(0o666)
        gate = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        last = self.transport.messages(">").index("receive 3")

        def follow(number):
            if number is None or number == last:
                os.write(gate, b"\n")
        place.cell.follow = follow
        return gate

    def run_one(self, place, service):
        trust = ["--ca-file", service.ca, "--tls-server-name", "127.0.0.1"] if self.transport.tls else []
        words = [f"{self.transport.scheme}://{place.host}/wsman", "-u", ADMIN[0], "--transport", self.transport.auth, "--output", "jsonl", *trust,
                 "--connect-timeout", SECONDS["connect"], "--operation-timeout", SECONDS["operation"], "--read-timeout", SECONDS["read"],
                 "--timeout", TIMEOUT[self.forever], "--max-envelope-size", ENVELOPE]
        try:
            return mullion("run", *words, "--", COMMAND.format(name=place.address, folder=self.folder), timeout=HANG)
        except subprocess.TimeoutExpired:
            return Ran(-1, b"", "it hangs")

    def counts(self):
        """As the simulator's, of what the processes noted themselves."""
        ran = self.folder / "ran"
        noted = ran.read_text().split() if ran.exists() else []
        return {"hosts": {place.host: {"executions": noted.count(place.address)} for place in self.places}}

    def problems(self, place, host, left):
        yield from super().problems(place, host, left)
        code = self.runs[place.host].code
        if code != EXIT_STATUS[place.expected.status]:
            yield f"the exit status is {code}, not {EXIT_STATUS[place.expected.status]}"
