"""What one check costs as a whole process, as a scheduler of a monitoring system starts it: ours beside pywinrm sending the same WQL over the same
transport to the same `mullion serve`, whose classes tell of this machine.

Memory is told twice: a process' own, which each check takes anew, and its peak with the programs and libraries that it has mapped, which checks that run
side by side share. Beside them stands what one request over TLS costs a program that does nothing else, by the same OpenSSL (tls_floor.cc): below
that no client comes that uses it."""
import os
import re
import tempfile
from pathlib import Path

from bench.clients import PYTHON, ROOT
from bench.commands import table, take_turns
from bench.usage import Meter, Wrong
from tests.support.service import ADMIN, Service

PEER = ROOT / "bench/check_peer.py"
CASES = [("memory", "http", "ntlm"), ("memory", "https", "ntlm"), ("cpu", "http", "ntlm")]
SHARE = 20  # Of the peer's processor time and memory ours is to be one of so many parts.


def calls(build, service, folder, mode, scheme, transport):
    url, ca = service.url(scheme), service.ca if scheme == "https" else "-"
    trust = ["--ca-file", ca] if scheme == "https" else []
    ours = [build / "bin/mullion", "check", mode, url, "-u", ADMIN[0], "--password-file", "-", "--transport", transport, *trust]
    if mode == "cpu":
        ours += ["--statefile-dir", folder]
    return {"mullion": ours, "pywinrm": [PYTHON, PEER, mode, url, ca, transport, ADMIN[0], folder]}


def total_memory():
    return int(re.search(r"MemTotal: *(\d+) kB", Path("/proc/meminfo").read_text())[1]) * 1024


def cores():
    return len(re.findall(r"^cpu\d", Path("/proc/stat").read_text(), re.M))


def right_memory(total):
    """Both tell all of the memory, which the kernel tells, too, and something that is used."""
    ours = re.compile(rb"^OK: .*'memory\.usage\.bytes'=(\d+)B;;;0;(\d+) ")
    peer = re.compile(rb"^memory used=(\d+) total=(\d+)\n$")

    def check(chunks):
        text = b"".join(chunks)
        found = ours.match(text) or peer.match(text)
        return found is not None and int(found[2]) == total and 0 < int(found[1]) < total
    return check


def right_cpu(number):
    """As many processors as there are, each compared with the last look; the first look has nothing to compare with."""
    def check(chunks):
        text = b"".join(chunks)
        if text.startswith(b"cpu "):
            compared = int(re.search(rb"compared=(\d+)", text)[1])
            return b"cores=%d " % number in text and compared in (0, number) and text.count(b"=") == 2 + compared
        values = re.findall(rb"'\d+#core\.cpu\.utilization\.percentage'=[\d.]+%", text)
        return text.startswith(b"OK: ") and (len(values) == number or b"Buffer creation" in text)
    return check


def over_tls_alone(meter, build, service, runs):
    program = build / "bench/bench_tls_floor"
    call = [program, "127.0.0.1", service.port("https"), service.ca]
    return take_turns(meter, {"floor": call}, lambda chunks: b"".join(chunks) == b"floor\n", runs)["floor"]


def row_of(usage):
    return usage.processor_ms, usage.own_kib / 1024, usage.peak_kib / 1024, usage.wall_ms


def positive_control(meter, build, service, folder):
    """A reader that is told of another machine's memory must be found out."""
    for name, call in calls(build, service, folder, "memory", "http", "ntlm").items():
        try:
            meter.run(name, call, right_memory(total_memory() + 1024))
        except Wrong as found:
            if "exit 0, wrong answer" in str(found):
                continue
            raise
        raise Wrong(f"{name} told of other memory, and nobody noticed")
    print("positive control: each client's wrong answer was found out")


def checks(program, build, goals, runs):
    meter = Meter(program, ADMIN[1])
    os.umask(0o077)
    with Service() as service, tempfile.TemporaryDirectory(prefix="mullion-bench-") as scratch:
        positive_control(meter, build, service, scratch)
        for number, (mode, scheme, transport) in enumerate(CASES):
            folder = Path(scratch) / str(number)
            folder.mkdir()
            right = right_memory(total_memory()) if mode == "memory" else right_cpu(cores())
            found = take_turns(meter, calls(build, service, folder, mode, scheme, transport), right, runs)
            rows = {name: row_of(usage) for name, usage in found.items()}
            if scheme == "https":
                rows["TLS alone"] = row_of(over_tls_alone(meter, build, service, runs))
            title = f"check {mode}, {scheme.upper()}, {transport.upper()}"
            table(f"{title}: one whole process, median of {runs}", rows, ("processor ms", "own MiB", "peak MiB", "wall ms"))
            goals.at_least(f"{title}: pywinrm's processor time over ours", rows["pywinrm"][0] / rows["mullion"][0], SHARE)
            goals.at_least(f"{title}: pywinrm's own memory over ours", rows["pywinrm"][1] / rows["mullion"][1], SHARE)
            goals.at_least(f"{title}: pywinrm's memory with all files that are mapped over ours", rows["pywinrm"][2] / rows["mullion"][2], SHARE)
