"""One client process: what it took of the processor and of memory (the kernel's own count), and whether it answered rightly."""
import subprocess
import tempfile
from collections import namedtuple
from pathlib import Path

Usage = namedtuple("Usage", "processor_ms peak_kib wall_ms own_kib")


class Wrong(Exception):
    """A client that is missing, failed, or gave another answer than it should: what it cost says nothing."""


class Meter:
    """`program` is bench/measure.cc, compiled: its note says why a program of its own."""

    def __init__(self, program, password):
        self.program, self.password = program, password

    def run(self, name, command, expected, seconds=600):
        """`expected(chunks)` reads the output as it comes, and says whether it is right."""
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report"
            with open(Path(folder) / "errors", "w+b") as errors:
                process = subprocess.Popen([str(word) for word in (self.program, report, *command)], stdin=subprocess.PIPE,
                                           stdout=subprocess.PIPE, stderr=errors, bufsize=0)
                process.stdin.write(self.password.encode() + b"\n")
                process.stdin.close()
                fine = expected(iter(lambda: process.stdout.read(1 << 20), b""))
                process.stdout.close()
                code = process.wait(seconds)
                errors.seek(0)
                self.errors = errors.read().decode(errors="replace")
            if code != 0 or not fine:
                raise Wrong(f"{name}: exit {code}, {'right' if fine else 'wrong'} answer: {self.errors[-2000:]}")
            user, system, peak, wall, own = (int(word) for word in report.read_text().split())
            return Usage((user + system) / 1000, peak, wall / 1000, own)


def exactly(text):
    return lambda chunks: b"".join(chunks) == text


def lines(count):
    """The bench's word so often; with several hosts before each the host's name."""
    def check(chunks):
        got = b"".join(chunks).split()
        return got.count(b"bench") == count and len(got) in (count, 3 * count)
    return check


def so_many(letter, size):
    """One letter `size` times; not kept."""
    def check(chunks):
        total, clean = 0, True
        for chunk in chunks:
            total += len(chunk)
            clean = clean and chunk.count(letter) == len(chunk)
        return clean and total == size
    return check
