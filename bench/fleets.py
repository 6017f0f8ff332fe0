"""Many hosts at once: memory, and every answer right."""
import json

from bench.simulator import KILOBYTE, PASSWORD, USER, Simulator
from bench.usage import Wrong
from tests.support.kdc import REALM, Kdc, in_environment, missing

IN_FLIGHT = 4  # KiB a host may have under way beside its 64 KiB: a request, its answer, the output in it.


def right_answers(count):
    """jsonl: each host once, with its own kilobyte."""
    def check(chunks):
        rest, hosts = b"", set()
        for chunk in chunks:
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                result = json.loads(line)
                text = result["stdout"]
                if result["status"] != "ok" or text[:6] != result["host"] or len(text) != KILOBYTE + 1 or result["host"] in hosts:
                    return False
                hosts.add(result["host"])
        return not rest and len(hosts) == count
    return check


def fleet(meter, clients, goals, hosts, forks):
    command = clients.fleet("http", "ntlm", hosts, forks, "kilobyte", "--output", "jsonl", "--timeout", 120)
    usage = meter.run("mullion", command, right_answers(hosts))
    peak = usage.peak_kib / 1024
    print(f"{hosts:>7} hosts, --forks {forks:<5} {usage.processor_ms / hosts:>8.2f} ms of processor a host {peak:>8.1f} MiB at most"
          f" {usage.wall_ms / 1000:>8.1f} s")
    return peak


def fleets(meter, clients, goals):
    print("\nMullion over many hosts, sealed NTLM, 1 KB of output each, every answer right")
    peak = fleet(meter, clients, goals, 1000, 1000)
    goals.at_most("1,000 hosts at --forks 1000: memory", peak, 100, "MiB")
    goals.at_most("1,000 hosts at --forks 1000: memory by the formula", peak, formula(1000), "MiB")
    for hosts, forks in [(1000, 64), (10_000, 64), (10_000, 2000)]:
        peak = fleet(meter, clients, goals, hosts, forks)
        goals.at_most(f"{hosts:,} hosts at --forks {forks}: memory by the formula", peak, formula(forks), "MiB")


def formula(forks):
    """20 MB + forks × (64 KiB + what is in flight)."""
    return 20e6 / 2**20 + forks * (64 + IN_FLIGHT) / 1024


def fleets_with_tickets(meter, build, goals):
    """One user of one realm: what 10,000 hosts cost the KDC, and whether memory stays what it is with a tenth of them."""
    if reason := missing():
        raise Wrong(reason)
    print("\nMullion over many hosts by Kerberos, from a password, --forks 64, every answer right")
    with Kdc(users={USER: PASSWORD}, services=("HTTP/fleet.test",), hosts=("fleet.test",)) as kdc, in_environment(kdc.environment), \
            Simulator(build, 10_000, keytab=kdc.keytab) as simulator:
        peaks = {hosts: with_tickets(meter, build, goals, kdc, simulator, hosts) for hosts in (1000, 10_000)}
    goals.at_most("10,000 hosts by Kerberos at --forks 64: memory by the formula", peaks[10_000], formula(64), "MiB")
    goals.at_most("10,000 hosts by Kerberos: memory over that with 1,000", peaks[10_000] / peaks[1000], 1.25, "x")


def with_tickets(meter, build, goals, kdc, simulator, hosts):
    before = {kind: kdc.requests(kind) for kind in ("AS_REQ", "TGS_REQ")}
    command = [build / "bin/mullion", "run", "all", "-i", simulator.inventory("http", "kerberos", hosts), "-u", f"{USER}@{REALM}", "--password-file", "-",
               "--kerberos-hostname", "fleet.test", "--forks", 64, "--output", "jsonl", "--timeout", 120, "--", "kilobyte"]
    usage = meter.run("mullion", command, right_answers(hosts))
    asked = {kind: kdc.requests(kind) - count for kind, count in before.items()}
    print(f"{hosts:>7} hosts {asked['AS_REQ']:>6} AS exchanges {asked['TGS_REQ']:>7} TGS exchanges {usage.processor_ms / hosts:>8.2f} ms of processor a host"
          f" {usage.peak_kib / 1024:>8.1f} MiB at most {usage.wall_ms / 1000:>8.1f} s")
    goals.at_most(f"{hosts:,} hosts by Kerberos: AS exchanges", asked["AS_REQ"], 1)
    goals.at_most(f"{hosts:,} hosts by Kerberos: TGS exchanges a host", asked["TGS_REQ"] / hosts, 1)
    return usage.peak_kib / 1024
