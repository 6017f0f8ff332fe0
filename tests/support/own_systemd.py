"""A systemd of one's own, as process 1 of namespaces of its own (processes, mounts, network, host name, control groups), with no units but a test's.

Only root can have one, and only where systemd is installed and control groups of version 2 are mounted. It ends with its first process, and takes
everything that it started with it; nothing of the machine's own systemd is touched, and none need run.
"""
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from tests.support.service import DEADLINE, children, wait_until

PROGRAM = Path("/lib/systemd/systemd")
UNITS = "/usr/lib/systemd/system"
# What units of the world outside order themselves by; the rest of a machine is not started.
NEEDED = ("basic.target", "sysinit.target", "sockets.target", "shutdown.target", "network-online.target", "nss-user-lookup.target")
BOOT = f"""set -e
mount -t proc proc /proc
mount --bind /proc/sys /proc/sys
mount -o remount,bind,ro /proc/sys
umount -lR /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs {UNITS}
mount -t tmpfs tmpfs /usr/lib/systemd/system-generators
mount -t tmpfs tmpfs /etc/systemd/system
cp -R "$1"/* {UNITS}
ip link set lo up
export container=other
exec {PROGRAM} --system --log-target=console --show-status=0 --unit=nothing.target
"""
NOTHING = "[Unit]\nDescription=Nothing but what a test starts\nDefaultDependencies=no\n"


def groups():
    """Where control groups of version 2 are mounted; nothing where they are not."""
    mounts = (line.split() for line in Path("/proc/mounts").read_text().splitlines())
    return next((Path(words[1]) for words in mounts if words[2] == "cgroup2"), None)


def missing():
    """Why there can be none here; nothing where there can."""
    if os.geteuid() != 0:
        return "only root can have a systemd of its own"
    lacking = [name for name in ("unshare", "nsenter", "ip", "systemctl") if not shutil.which(name)]
    if not PROGRAM.exists() or lacking:
        return f"not installed: {', '.join(lacking) or PROGRAM}"
    if not groups():
        return "control groups of version 2 are not mounted"
    tried = subprocess.run(["unshare", "--pid", "--fork", "--mount", "--net", "--cgroup", "true"], capture_output=True, text=True)
    return f"no namespaces can be made here: {tried.stderr.strip()}" if tried.returncode != 0 else None


class OwnSystemd:
    """Use as a context manager. `units` is {name: text}."""

    def __init__(self, units):
        self.units = units
        self.folder = Path(tempfile.mkdtemp(prefix="mullion-test-"))
        self.folder.chmod(0o755)
        self.log = self.folder / "systemd.log"
        self.group = groups() / f"mullion-test-{os.getpid()}-{self.folder.name[-8:]}"
        self.starter = self.first = None

    def __enter__(self):
        try:
            self.boot()
        except BaseException:
            self.__exit__()
            raise
        return self

    def boot(self):
        units = self.folder / "units"
        units.mkdir()
        for name in NEEDED:
            shutil.copy(Path(UNITS) / name, units)
        for name, text in {**self.units, "nothing.target": NOTHING}.items():
            (units / name).parent.mkdir(exist_ok=True)
            (units / name).write_text(text)
        self.group.mkdir()
        inside = lambda: (self.group / "cgroup.procs").write_text(str(os.getpid()))
        with open(self.log, "wb") as log:
            self.starter = subprocess.Popen(["unshare", "--fork", "--pid", "--mount", "--uts", "--net", "--ipc", "--cgroup", "--propagation", "private", "sh", "-c", BOOT, "sh", units],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=inside)
        wait_until(lambda: self.starter.poll() is not None or children(self.starter.pid), "the first process")
        self.first = next(iter(children(self.starter.pid)), None)
        wait_until(lambda: self.starter.poll() is not None or self.systemctl("is-active", "nothing.target").stdout.strip() == "active", "systemd")
        if self.starter.poll() is not None:
            raise AssertionError(self.log.read_text())

    def run(self, *words, **how):
        """A program inside."""
        return subprocess.run(["nsenter", "--target", str(self.first), "--all", *map(str, words)], capture_output=True, text=True, timeout=DEADLINE, **how)

    def systemctl(self, *words):
        return self.run("systemctl", "--no-pager", *words)

    def show(self, unit, name):
        return self.systemctl("show", unit, "--property", name, "--value").stdout.strip()

    def processes(self, unit):
        """Process ids outside, of all that the unit's control group has."""
        top = self.group / "system.slice" / unit
        return [int(pid) for file in top.rglob("cgroup.procs") for pid in file.read_text().split()] if top.exists() else []

    def __exit__(self, *_):
        if self.first:
            os.kill(self.first, signal.SIGKILL)  # All others of the namespace end with it.
        if self.starter:
            self.starter.wait(DEADLINE)
        if self.group.exists():
            for folder in sorted([self.group, *(path for path in self.group.rglob("*") if path.is_dir())], reverse=True):
                wait_until(lambda: self.removed(folder), f"the end of what is in {folder}")
        shutil.rmtree(self.folder, ignore_errors=True)

    @staticmethod
    def removed(folder):
        try:
            folder.rmdir()
        except OSError:
            return False
        return True
