"""Many hosts at once: memory, and every answer right."""
import json

from bench.simulator import KILOBYTE

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
