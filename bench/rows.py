"""What `mullion serve` takes to enumerate 1,000 instances of a class: processor time of its processes, the one that answers included.

The class is CIM_DataFile, over a folder of 1,000 files made here, whose sizes add up to what the answer has to say; who asks is `mullion cim
query`, a process of its own and not counted. Log-on, connection and the start of the process that answers are in it.
"""
import json
import os
import subprocess
import tempfile
from pathlib import Path

from bench.service import processor_seconds
from bench.usage import Wrong
from tests.e2e.client import Password
from tests.support.service import ADMIN, Service

ROWS = 1_000
LEAST = 1  # Enumerations a second of one core.
SECONDS = 120


def files_in(folder):
    """Their sizes together."""
    os.chmod(folder, 0o755)  # The account's Linux user looks at them.
    for number in range(ROWS):
        (folder / f"file {number}").write_bytes(b"x" * number)
    return sum(range(ROWS))


def asked(build, service, folder):
    """(rows, sizes together), by one command."""
    query = f"SELECT * FROM CIM_DataFile WHERE Path = '{folder}/'"
    with Password(ADMIN[1]) as file:
        words = [build / "bin/mullion", "cim", "query", service.url("https"), query, "--password-file", file.path, "-u", ADMIN[0], "--transport", "ntlm",
                 "--ca-file", service.ca, "--output", "jsonl"]
        done = subprocess.run([str(word) for word in words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS, pass_fds=file.descriptors)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode != 0 or not lines or not lines[-1].get("complete"):
        raise Wrong(f"mullion cim query: exit {done.returncode}: {done.stderr or done.stdout[-500:]}")
    rows = [line["row"] for line in lines if "row" in line]
    return len(rows), sum(int(row["FileSize"]) for row in rows)


def rows(build, goals, runs):
    with tempfile.TemporaryDirectory() as scratch, Service([]) as service:
        folder = Path(scratch)
        wanted = ROWS, files_in(folder)
        (folder / "file 7").write_bytes(b"")
        if asked(build, service, folder) == wanted:  # Also what is made once.
            raise Wrong("a file has another size, and the rows say the same sum")
        (folder / "file 7").write_bytes(b"x" * 7)
        before = processor_seconds(service)
        for _ in range(runs):
            if (found := asked(build, service, folder)) != wanted:
                raise Wrong(f"mullion serve: {found} in place of {wanted} rows and bytes")
        each = (processor_seconds(service) - before) / runs
    print(f"\nmullion serve, {ROWS:,} whole instances of CIM_DataFile over HTTPS, {runs} times: {each * 1000:.0f} ms of processor each")
    goals.at_least(f"the service: enumerations of {ROWS:,} instances a second of one core", 1 / each, LEAST, "")
