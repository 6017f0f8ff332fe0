"""A Linux machine under `mullion serve` whose services, events, log-ons, swap and one file system are a test's own, beside what the kernel says of it."""
import json
import os
import re
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.check_scene import run
from tests.support import own_bus
from tests.support.own_bus import BusService, OwnBus, file, unit
from tests.support.service import ADMIN, DEADLINE, MULLION

CONVERTER = Path("/lib/systemd/systemd-journal-remote")
MACHINE = Path("/etc/machine-id")
# ssh runs, cron is not asked to, broken should and does not.
UNITS = [unit("ssh", pid=4711, description="OpenBSD Secure Shell server"), unit("cron", "inactive"), unit("broken", "failed"),
         file("ssh", "enabled"), file("cron", "disabled"), file("broken", "enabled"), file("other", "masked")]
SESSIONS = {"1": "active", "2": "active", "3": "closing"}
SWAPS = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/swap-a                             partition\t4194304\t1048576\t-2\n/swap\\040b                              file\t\t2097152\t0\t\t-3\n"
VOLUME, LOCAL = "/run/volume", "/run/local"  # In memory, 64 MiB; and a disk that lies on it,
HELD = 48 << 20  # with so much in it.
INSIDE = f"""set -e
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/dbus /run/log/journal {VOLUME} {LOCAL}
mount --bind "$1" /run/dbus
mount --bind "$1/journal" /run/log/journal
if [ -d "$1/sessions" ]; then mkdir -p /run/systemd/sessions; mount --bind "$1/sessions" /run/systemd/sessions; fi
mount --bind "$1/swaps" /proc/swaps
mount -t tmpfs -o size=64m,mode=755 tmpfs {VOLUME}
mkdir {VOLUME}/lower {VOLUME}/upper {VOLUME}/work
mount -t overlay -o lowerdir={VOLUME}/lower,upperdir={VOLUME}/upper,workdir={VOLUME}/work overlay {LOCAL}
head -c {HELD} /dev/zero >{LOCAL}/held
shift
exec "$@"
"""


def missing():
    """Why there can be none here; nothing where there can."""
    if why := own_bus.missing():
        return why
    if not CONVERTER.exists():
        return f"{CONVERTER} is missing: install systemd-journal-remote"
    return None if MACHINE.exists() else f"{MACHINE} is missing"


def entry(at, message, **fields):
    """In journald's export format; `at` in seconds since 1970."""
    head = f"__REALTIME_TIMESTAMP={int(at * 1_000_000)}\n__MONOTONIC_TIMESTAMP={int(at * 1_000_000) % 10**12}\n_BOOT_ID={'0' * 31}1\n"
    text = message.encode()
    return head.encode() + "".join(f"{name}={value}\n" for name, value in fields.items()).encode() + b"MESSAGE\n" + struct.pack("<Q", len(text)) + text + b"\n\n"


class OwnMachine(OwnBus):
    """Use as a context manager. `events` are entries of the journal, oldest first."""

    def __init__(self, units=None, events=(), sessions=SESSIONS, swaps=SWAPS):
        super().__init__(UNITS if units is None else units)
        self.journal = self.folder / "journal"
        self.journal.mkdir()
        (self.folder / "swaps").write_text(swaps)
        if sessions is not None:
            (self.folder / "sessions").mkdir()
            for name, state in sessions.items():
                (self.folder / "sessions" / name).write_text(f"# This is private data.\nUID=1000\nCLASS=user\nSTATE={state}\nTYPE=tty\n")
        if events:
            self.record(list(events))

    def record(self, events):
        own = self.journal / MACHINE.read_text().strip()
        own.mkdir()
        (self.folder / "export").write_bytes(b"".join(events))
        subprocess.run([CONVERTER, f"--output={own}/system.journal", self.folder / "export"], check=True, capture_output=True, timeout=DEADLINE)
        for path in (self.folder, self.journal, own):
            path.chmod(0o755)
        (own / "system.journal").chmod(0o644)

    def events(self, *options):
        """What journalctl reads there: one dictionary for each entry, newest first."""
        command = ["journalctl", f"--directory={self.journal}", "--output=json", "--reverse", "--all", "--no-pager", *options]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=DEADLINE)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def wrap(self, command):
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c", INSIDE, "sh", str(self.folder), *map(str, command)]


class OwnService(BusService):
    """`mullion serve` on such a machine."""

    def inside(self, path):
        """What the service sees at that place."""
        return Path(f"/proc/{self.process.pid}/root{path}")


@dataclass
class Datum:
    value: float
    text: str  # Digits as they were printed.
    unit: str
    warning: str
    critical: str
    least: str
    most: str


def perfdata(out):
    """{label: Datum} of the first line, in its order."""
    line = out.split("\n", 1)[0]
    found = {}
    for label, digits, unit_, rest in re.findall(r"'((?:[^']|'')*)'=(-?[0-9.]+)([^;0-9]*)((?:;[^; ]*){4})(?= |$)", line.split("|", 1)[1] if "|" in line else ""):
        found[label.replace("''", "'")] = Datum(float(digits), digits, unit_, *rest.split(";")[1:])
    return found


def check(service, mode, *options, environment=None, account=ADMIN):
    words = [MULLION, "check", mode, service.http, "-u", account[0], "--password-file", "{password}", "--transport", "ntlm", *options]
    return run(words, environment, account[1])


def kernel(path, pattern, flags=re.M):
    """What a file of the kernel says behind a word, as a number."""
    return int(re.search(pattern, Path(path).read_text(), flags)[1])


def statvfs(service, path):
    """Bytes of the file system at that place: all, and free for everybody."""
    seen = os.statvfs(service.inside(path))
    return seen.f_blocks * seen.f_frsize, seen.f_bavail * seen.f_frsize


def read_or_nothing(path):
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
