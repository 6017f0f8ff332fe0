"""What a command costs: a cold one, one more on a new connection, one more in a shell that is held, and one with much output."""
import re
import statistics
import subprocess

from bench.simulator import BULK
from bench.usage import Usage, Wrong, exactly, lines, so_many

CASES = [("HTTP, Basic", "http", "basic"), ("HTTP, NTLM", "http", "ntlm"), ("HTTPS, Basic", "https", "basic")]
MORE = 200  # Commands (for us: hosts) that the cost of one more is taken from.


def table(title, found, columns):
    """`found`: name → figures. x is how many times Mullion's."""
    print(f"\n{title}")
    print(f"{'client':<12}" + "".join(f"{column:>16}{'x':>7}" for column in columns))
    for name, figures in found.items():
        cells = (f"{value:>16.2f}{value / ours if ours else 0:>7.1f}" for value, ours in zip(figures, found["mullion"]))
        print(f"{name:<12}" + "".join(cells))


def median(rows):
    return Usage(*(statistics.median(column) for column in zip(*rows)))


def take_turns(meter, calls, expected, runs):
    """name → median of `runs` runs, the clients in turn so that a busy moment hits all; the first of each is not counted."""
    rows = {name: [] for name in calls}
    for number in range(runs + 1):
        for name, command in calls.items():
            usage = meter.run(name, command, expected)
            if number:
                rows[name].append(usage)
    return {name: median(found) for name, found in rows.items()}


def round_trips(meter, clients, calls, expected):
    """HTTP messages of one run, with what follows the result, as the simulator counted them."""
    trips = {}
    for name, command in calls.items():
        before = clients.simulator.requests()
        meter.run(name, command, expected)
        trips[name] = clients.simulator.requests() - before
    return trips


def cold(meter, clients, goals, runs):
    for title, scheme, transport in CASES:
        calls = {name: clients.one(name, scheme, transport) for name in clients.names(scheme, transport)}
        found = take_turns(meter, calls, exactly(b"bench\n"), runs)
        trips = round_trips(meter, clients, calls, exactly(b"bench\n"))
        rows = {name: (usage.processor_ms, usage.peak_kib / 1024, usage.wall_ms, trips[name]) for name, usage in found.items()}
        table(f"{title}: one cold command, median of {runs}", rows, ("processor ms", "peak MiB", "wall ms", "round trips"))
        goals.at_least(f"{title}: cold command, pywinrm's processor time over ours",
                       found["pywinrm"].processor_ms / found["mullion"].processor_ms, 15)


def one_more(meter, calls_of, names, runs, more=MORE):
    """name → processor ms of one more command, and the peak memory of the process with all."""
    many = take_turns(meter, {name: calls_of(name, more + 1) for name in names}, lines(more + 1), runs)
    single = take_turns(meter, {name: calls_of(name, 1) for name in names}, lines(1), runs)
    return {name: ((many[name].processor_ms - single[name].processor_ms) / more, many[name].peak_kib / 1024) for name in names}


def new_connections(meter, clients, goals, runs):
    for title, scheme, transport in CASES:
        names = clients.names(scheme, transport)
        peers = [name for name in names if name != "mullion"]
        found = one_more(meter, lambda name, count: clients.many(name, scheme, transport, count, "new"), peers, runs)
        whole = take_turns(meter, {"mullion": clients.many("mullion", scheme, transport, MORE, "new")}, lines(MORE), runs)["mullion"]
        found = {"mullion": (whole.processor_ms / MORE, whole.peak_kib / 1024), **found}
        table(f"{title}: one more command on a new connection (ours: mullion run over {MORE} hosts, its start included, divided)",
              found, ("processor ms", "peak MiB"))
        ours = found["mullion"][0]
        if scheme == "http":
            goals.at_least(f"{title}: further command, pywinrm's processor time over ours", found["pywinrm"][0] / ours, 20)
            goals.at_least(f"{title}: further command, masterzen's processor time over ours", found["masterzen"][0] / ours, 3)
        else:
            handshake = full_handshake(meter, clients.simulator.url("https"), clients.simulator.ca)
            print(f"openssl s_time -new on the same certificate: {handshake:.2f} ms of the client's processor time a handshake")
            goals.at_most(f"{title}: further command over the client's share of openssl s_time -new", ours / handshake, 2, "x")


def full_handshake(meter, url, ca, seconds=5):
    """Processor ms of the whole client process for one new TLS connection with the certificate checked."""
    where = url.split("://")[1].split("/")[0]
    counted = {}

    def expected(chunks):
        found = re.findall(rb"^(\d+) connections in [\d.]+s", b"".join(chunks), re.MULTILINE)
        counted["connections"] = int(found[0]) if found else 0
        return counted["connections"] > 0

    openssl = subprocess.run(["sh", "-c", "command -v openssl"], capture_output=True, text=True).stdout.strip()
    if not openssl:
        raise Wrong("openssl is missing")
    command = [openssl, "s_time", "-connect", where, "-new", "-time", seconds, "-verify", "3", "-CAfile", ca]
    return meter.run("openssl s_time", command, expected).processor_ms / counted["connections"]


def held_shell(meter, clients, goals, runs):
    for title, scheme, transport in CASES:
        names = clients.names(scheme, transport)
        found = one_more(meter, lambda name, count: clients.many(name, scheme, transport, count, "held"), names, runs)
        table(f"{title}: one more command in a shell that is held (ours: a program on the library)", found,
              ("processor ms", "peak MiB"))
        meter.run("mullion", clients.many("mullion", scheme, transport, 3, "held"), lines(3))
        first, last = (int(word) for word in meter.errors.split())
        if transport == "ntlm":
            goals.at_most(f"{title}: round trips until the first result is known", first, 5)
            goals.at_most(f"{title}: round trips until a further result in the held shell is known", last, 2)


def bulk(meter, clients, goals, runs):
    expected = so_many(b"e", BULK)
    for title, scheme, transport in [CASES[2], CASES[1]]:
        # pypsrp takes half a minute of processor time for it, and is left out.
        names = [name for name in clients.names(scheme, transport) if name != "pypsrp"]
        found = take_turns(meter, {name: clients.one(name, scheme, transport, "bulk") for name in names}, expected, runs)
        rows = {name: (usage.processor_ms, usage.peak_kib / 1024, BULK / 1e6 / usage.processor_ms * 1000)
                for name, usage in found.items()}
        table(f"{title}: 100 MB of output, median of {runs}", rows, ("processor ms", "peak MiB", "MB per second"))
        goals.at_most(f"{title}: memory with 100 MB of output", found["mullion"].peak_kib / 1024, 32, "MiB")
        if scheme == "https":
            goals.at_least(f"{title}: 100 MB of output, pywinrm's processor time over ours",
                           found["pywinrm"].processor_ms / found["mullion"].processor_ms, 5)
        else:
            alone = unwrap_alone(meter, clients, scheme, transport, expected)
            print(f"gss_unwrap alone, of as many messages as long: {alone:.0f} ms")
            goals.at_most(f"{title}: 100 MB of output over gss_unwrap alone", found["mullion"].processor_ms / alone, 1.3, "x")


def unwrap_alone(meter, clients, scheme, transport, expected):
    """Processor ms of gss_unwrap for the messages that carry the output: as many, each with its share in base64."""
    answers = round_trips(meter, clients, {"mullion": clients.one("mullion", scheme, transport, "bulk")}, expected)["mullion"]
    size = BULK * 4 // 3 // answers + 1300  # The envelope around it.
    found = []
    for _ in range(3):
        meter.run("unwrap", [clients.build / "bench/bench_unwrap", answers, size], lambda chunks: found.append(b"".join(chunks)) or True)
    return statistics.median(int(text) for text in found) / 1000
