"""What `mullion serve` costs: processor time of its processes for each request, and memory for each idle and each active TLS connection.

The service's own side: the client (bench/service_load.cc) is a process of its own and not counted. Connections have logged on by NTLM,
since a stranger gives way to others. Processor time of all the service's processes, commands that ended included, is the kernel's count.
"""
import os
import resource
import subprocess
from pathlib import Path

from bench.simulator import PASSWORD, USER, Simulator, address
from bench.usage import Wrong
from tests.support.service import ADMIN, Service, children, read_line
from tests.support.watch import monitor, network_process

IDENTIFY, SHELLS = 2_000, 100  # For each run.
ACTIVE = 200
IDLE_MEMORY = 400  # MB for 10,000 idle TLS connections.
TICK = os.sysconf("SC_CLK_TCK")
SECONDS = 600


def settings(connections):
    """One account may have seven eighths of the connections, and it is the only one here."""
    places = connections * 8 // 7 + 100
    return [f"Service/MaxConnections={places}", "Winrs/MaxShellsPerUser=0", "Winrs/MaxProcessesPerShell=0",
            "Service/MaxConcurrentOperationsPerUser=1000000"]


class Load:
    """bench_service_load, asked by the word. Use as a context manager."""

    def __init__(self, build, port, ca, account=ADMIN, host="127.0.0.1"):
        words = [build / "bench/bench_service_load", host, port, ca, account[0]]
        self.process = subprocess.Popen([str(word) for word in words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.say(account[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.communicate(timeout=SECONDS)

    def say(self, line):
        self.process.stdin.write(f"{line}\n".encode())
        self.process.stdin.flush()

    def ask(self, word, count):
        """Seconds that it took; every answer was right."""
        self.say(f"{word} {count}")
        line = read_line(self.process.stdout, self.process, SECONDS)
        if line is None or not line.startswith("ok "):
            raise Wrong(f"bench_service_load {word} {count}: {line or self.process.communicate(timeout=SECONDS)[1].decode()}")
        return float(line.split()[1])


def resident(pid):
    """KiB."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in text.splitlines() if line.startswith("VmRSS")))


def processor_seconds(service):
    """Of the service's processes, and of the commands that they have waited for."""
    ticks = 0
    for pid in [service.process.pid, *children(service.process.pid)]:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue  # A command that ended meanwhile: it counts with its parent.
        ticks += sum(int(field) for field in fields[11:15])
    return ticks / TICK


def done(load, service, what, word, count):
    """So many a second of one core, by what the service's processes took of the processor."""
    before = processor_seconds(service)
    wall = load.ask(word, count)
    used = max(processor_seconds(service) - before, 1 / TICK)
    print(f"{count:>7} {what:<46}{used * 1000 / count:>8.3f} ms of processor each{count / used:>8.0f} a second of one core{count / wall:>8.0f} a second")
    return count / used


def positive_control(build):
    """A service that answers wrongly must be found out."""
    with Simulator(build, 1, word="wrong") as simulator, \
            Load(build, simulator.ports["https"], simulator.ca, (USER, PASSWORD), address(0)) as load:
        load.ask("open", 1)
        try:
            load.ask("open", 31)
            load.ask("shells", 1)
        except Wrong as found:
            if "wrong output" in str(found):
                return print("positive control: the service's wrong answer was found out")
            raise
    raise Wrong("bench_service_load was shown a wrong answer, and did not notice")


def served(build, goals, idle, runs):
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = idle * 8 // 7 + 1000
    if hard < needed:
        raise Wrong(f"{idle} connections need {needed} open files, and {hard} are allowed (ulimit -Hn)")
    positive_control(build)
    print("\nmullion serve over HTTPS, logged on by NTLM: what its own processes take")
    with Service(settings(1000), files=hard) as service, Load(build, service.port("https"), service.ca) as load:
        load.ask("open", 32)
        load.ask("shells", 10)  # Whatever is made once is made.
        identify = done(load, service, "Identify", "identify", IDENTIFY * runs)
        shells = done(load, service, "shells (Create, a command, its output, Delete)", "shells", SHELLS * runs)
        goals.at_least("the service: Identify a second of one core", identify, 1000, "")
        goals.at_least("the service: shell round trips a second of one core", shells, 100, "")
        active(load, network_process(service), monitor(service))
    with Service(settings(idle), files=hard) as service, Load(build, service.port("https"), service.ca) as load:
        network = network_process(service)
        load.ask("open", 32)
        before = resident(network)
        took = load.ask("open", idle - 32)
        held, after = connections_of(network), resident(network)
        if held < idle:
            raise Wrong(f"{held} of {idle} connections were left: an idle one ends after two minutes, and opening took {took:.0f} s")
        print(f"{idle:>7} idle TLS connections: {after / 1024:.1f} MiB of the network process, {(after - before) / (idle - 32):.1f} KiB each;"
              f" opened in {took:.1f} s")
        goals.at_most(f"the service: memory with {idle:,} idle TLS connections", after * 1024 / 1e6, IDLE_MEMORY, "MB")


def active(load, network, the_monitor):
    """A shell, a command that runs and a Receive that waits, on a connection each."""
    load.ask("open", ACTIVE - 32)
    before = resident(network) + resident(the_monitor)
    load.ask("wait", ACTIVE)
    each = (resident(network) + resident(the_monitor) - before) / ACTIVE
    print(f"{ACTIVE:>7} active connections: {each:.1f} KiB each beside what an idle one takes, in network process and monitor")


def connections_of(pid):
    """Its TCP connections that are open."""
    folder = f"/proc/{pid}/fd"
    held = {os.readlink(f"{folder}/{name}") for name in os.listdir(folder)}
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return sum(1 for line in lines if line.split()[3] == "01" and f"socket:[{line.split()[9]}]" in held)
