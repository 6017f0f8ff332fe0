"""One walk: every fault at every message of one transport, each on a host of its own, all in one `mullion run`."""
import json
import os
import subprocess
import tempfile
import threading
from dataclasses import dataclass, replace
from pathlib import Path

from tests.e2e.client import Ran
from tests.faults.walk import kinds
from tests.faults.walk.conversation import COMMAND, ENVELOPE, EXIT_CODE, OUTPUT
from tests.faults.walk.model import Expected, expect
from tests.faults.walk.proxy import Cell, Fault, Proxy
from tests.support.inventory import by_host, connection, write
from tests.support.service import MULLION, wait_until

# The client's. They are long beside what any step takes that nothing happened to, also on a machine that is busy with other things.
SECONDS = {"connect": 10, "operation": 5, "read": 10}
TIMEOUT = {False: 60, True: 17}  # By whether the fault stays. In 17 s there is no room for two read timeouts.
HANG = 180  # Nothing takes that long: the deadline, ten seconds of cleaning up, and a slow machine.
BYSTANDERS = 3
TLS_12 = "openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\nsystem_default = newest\n[newest]\nMaxProtocol = TLSv1.2\n"


@dataclass
class Place:
    """One cell of the table."""
    host: str
    address: str
    message: str
    cell: Cell
    expected: Expected
    problems: list


def inventory(fleet, transport, rows, ports, seconds):
    variables = connection(0, "    ", ansible_port=None, ansible_winrm_scheme=transport.scheme, ansible_winrm_transport=transport.auth,
                           ansible_winrm_connection_timeout=None, mullion_connect_timeout=seconds["connect"],
                           ansible_winrm_operation_timeout_sec=seconds["operation"], ansible_winrm_read_timeout_sec=seconds["read"],
                           ansible_winrm_ca_trust_path=fleet.ca if transport.tls else None)
    hosts = "".join(f"    {host}: {{ansible_host: {address}, ansible_port: {port}}}\n" for (host, address), port in zip(rows, ports))
    return f"all:\n  vars:\n{variables}  hosts:\n{hosts}"


class Walk:
    """`index` is its own part of 127.0.0.0/8."""

    seconds = SECONDS
    command, output = COMMAND, OUTPUT
    lane = 1  # Whose messages are followed.

    def __init__(self, index, transport, forever, only=None):
        self.transport, self.forever, self.timeout = transport, forever, TIMEOUT[forever]
        self.name = f"{transport.name}, {'for good' if forever else 'once'}"
        self.prefix = f"w{index}"
        self.places = []
        for way in "><":
            for number, message in enumerate(transport.messages(way)):
                for kind in transport.kinds:
                    fault = Fault(way, number, kind, forever)
                    if (only is None or only(message, fault)) and possible(transport, message, fault):
                        self.add(index, message, fault)
        self.bystanders = [(f"{self.prefix}by{number}", f"127.{index}.250.{number + 1}") for number in range(BYSTANDERS)]
        self.plain = (f"{self.prefix}plain", f"127.{index}.251.1")  # Behind the proxy, without a fault.

    def add(self, index, message, fault):
        number = len(self.places)
        self.places.append(Place(f"{self.prefix}c{number:03}", f"127.{index}.{number // 200}.{number % 200 + 1}", message, Cell(fault, self.lane),
                                 self.expect(message, fault), []))

    def expect(self, message, fault):
        return expect(self.transport, message, fault)

    def hosts(self):
        rows = [(place.host, place.address) for place in self.places] + self.bystanders + [self.plain]
        return "".join(f"  - {{name: {host}, address: {address}, profile: {self.profile}}}\n" for host, address in rows)

    @property
    def profile(self):
        return "sealed" if self.transport.auth == "ntlm" else "clear"

    @property
    def unsealed(self):
        return not self.transport.tls and self.transport.auth == "basic"

    def start(self, fleet):
        """Returns when every fault has happened: from then on most hosts only wait, and another walk does not slow this one down."""
        self.trouble = None
        self.thread = threading.Thread(target=self.guarded_run, args=(fleet,))
        self.thread.start()
        wait_until(lambda: not self.thread.is_alive() or all(place.cell.fired for place in self.places), f"the faults of {self.name}", HANG)

    def guarded_run(self, fleet):
        try:
            self.run(fleet)
        except BaseException as trouble:  # noqa: BLE001: told by finish()
            self.trouble = trouble

    def finish(self):
        self.thread.join()
        if self.trouble:
            raise self.trouble

    def run(self, fleet):
        transport, real = self.transport, fleet.ports[self.transport.scheme]
        self.undisturbed = Cell(Fault(), self.lane)
        cells = {place.address: place.cell for place in self.places} | {self.plain[1]: self.undisturbed}
        with tempfile.TemporaryDirectory(prefix="mullion-faults-") as folder, Proxy(cells, real, transport.next_unit, transport.garbling) as proxy:
            rows = [(place.host, place.address) for place in self.places] + [self.plain] + self.bystanders
            ports = [proxy.port] * (len(self.places) + 1) + [real] * BYSTANDERS
            write(folder, {"hosts.yml": inventory(fleet, transport, rows, ports, self.seconds), **self.files()})
            self.ran = self.mullion(folder)
        self.results = by_host(self.ran)
        self.left = {line.split(":")[0] for line in self.ran.stderr.splitlines() if "[run.shell_left_open]" in line}

    def mullion(self, folder):
        done = self.carry_out(folder, [str(word) for word in self.words()])
        return Ran(done.returncode, done.stdout, done.stderr.decode(errors="replace"))

    def words(self):
        return [MULLION, "run", "all", "-i", "hosts.yml", "--output", "jsonl", "--forks", "1000", *(["--timeout", self.timeout] if self.timeout else []),
                 "--max-envelope-size", ENVELOPE, *(["--allow-unencrypted"] if self.unsealed else []), *self.more_words(), "--", self.command]

    def more_words(self):
        return []

    def files(self):
        """Beside the inventory. OpenSSL's own settings say what is the newest TLS; they are the administrator's to give."""
        return {"openssl.cnf": TLS_12} if self.transport.version == "1.2" else {}

    def carry_out(self, folder, words):
        settings = {"OPENSSL_CONF": str(Path(folder) / "openssl.cnf")} if "openssl.cnf" in self.files() else {}
        return subprocess.run(words, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=HANG, env={**os.environ, **settings})

    def judge(self, counts):
        """Fills in each place's problems; `counts` are the simulator's, of when everything has ended."""
        for place in self.places:
            place.problems = list(self.problems(place, counts["hosts"].get(place.host, {}), place.host in self.left))

    def problems(self, place, host, left):
        if place.cell.fired == 0:
            yield "the fault never happened"
        found = list(self.differences(place, place.expected, host, left))
        if found and place.expected.otherwise:
            found = [problem for problem in self.differences(place, place.expected.otherwise, host, left)] and found
        yield from found

    def differences(self, place, expected, host, left):
        result = self.results.get(place.host)
        if result is None:
            yield "no result"
            return
        error = (result["error"] or {}).get("id", "")
        found = (result["status"], error, result["output_complete"], host.get("executions", 0), left)
        wanted = (expected.status, expected.error, expected.complete, expected.executions, expected.left)
        for name, is_so, should in zip(("status", "error", "output_complete", "executions", "shell left open is told"), found, wanted):
            if is_so != should:
                yield f"{name} is {is_so!r}, not {should!r}"
        if result["exit_code"] != (EXIT_CODE if expected.status == "failed" and expected.error != "run.input" else None):
            yield f"exit_code is {result['exit_code']}"
        if (part := part_of(result["stdout"], self.output)) not in expected.output.split(", "):
            yield f"of the output came {part}, not {expected.output}"
        if most := [count for count in host.get("executions_by_command_id", {}).values() if count > 1]:
            yield f"a command ran {max(most)} times"
        if host.get("shells_open", 0) and not left:
            yield "a shell is left on the host, and nobody says so"
        if error and place.host not in result["error"]["message"]:
            yield f"the message does not name the host: {result['error']['message']}"

    def others_problems(self):
        """Of the hosts beside the proxy, and the one behind it that nothing happened to."""
        for host, _ in [self.plain, *self.bystanders]:
            result = self.results.get(host)
            if result is None or (result["status"], result["exit_code"], result["stdout"], result["output_complete"]) != ("failed", EXIT_CODE, self.output, True):
                yield f"{host}: {result}"
        names = {way: [unit for sent, unit in self.undisturbed.messages if sent == way] for way in "><"}
        for way in "><":
            if len(names[way]) != len(self.transport.messages(way)):
                yield f"{len(names[way])} messages go {way}, not {len(self.transport.messages(way))}: {[unit.data[:60] for unit in names[way]]}"


class PatientWalk(Walk):
    """Without --timeout. A host that restarts its service is waited for, half a minute, and no longer."""

    def __init__(self, index, transport):
        super().__init__(index, replace(transport, name=f"{transport.name}, no --timeout", kinds=("before", "line")), True)
        self.timeout = None

    def expect(self, message, fault):
        expected = super().expect(message, fault)
        return replace(expected, status="unknown", error="run.unknown") if expected.error == "run.timeout" else expected


def part_of(output, whole=OUTPUT):
    """Which of the two parts of the output it is: the first answer's, and the second's. Nothing else may come."""
    if output in ("", whole):
        return "all" if output else "none"
    if output and whole.startswith(output):
        return "first"
    if output and whole.endswith(output):
        return "not first"
    return f"something else: {output!r:.200}"


def possible(transport, message, fault):
    """Whether there is something that the fault can happen to. Where this is wrong the proxy tells, since the fault then never happens."""
    step, kind, way = message.partition(" ")[0], fault.kind, fault.way
    answer = way == "<"
    if transport.tls:  # A change of cipher is one byte.
        return {"after": answer, "drip": not fault.forever, "cut-body": not message.endswith("cipher")}.get(kind, True)
    body, sealed = step != "log-on", transport.auth == "ntlm"
    token = (not answer) if transport.auth == "basic" else (message == "log-on 1" or message == "log-on 2" and not answer)
    where = {"after": answer, "cut-body": body, "status": answer and message != "log-on 1", "type": body, "token": token,
             "signature": sealed and body, "data": sealed and body, "xml": not sealed, "id": not sealed,
             # Where all of them come by the byte, it is the proxy's own speed that is tried.
             "drip": not fault.forever,
             # In clear a refusal is believed, except of a connection that was good before.
             **{kind: answer and (sealed or step in ("command", "receive", "signal", "delete") and not fault.forever) for kind in kinds.FORGED},
             "twice": message == "command" and not answer}
    return where.get(kind, True)
