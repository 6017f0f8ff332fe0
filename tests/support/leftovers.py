"""What a killed process could leave behind: processes, files, open descriptors, listening sockets.

The marks of commands are variables of their environment: whatever they start, however far in the background, carries them along.
"""
import os
import select
import shutil
import socket
import subprocess
import tempfile
import uuid
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.service import DEADLINE, Service, alive, children, wait_until


class Mark:
    """Use as `--env` of a run: finds every process that came of it."""

    def __init__(self):
        self.name, self.value = "MULLION_TEST_MARK", uuid.uuid4().hex
        self.option = f"{self.name}={self.value}"

    def processes(self):
        wanted, found = f"{self.name}={self.value}".encode(), []
        for pid in os.listdir("/proc"):
            if not pid.isdigit():
                continue
            try:
                variables = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
            except OSError:
                continue
            if wanted in variables and alive(int(pid)):
                found.append(int(pid))
        return found

    def gone(self):
        return not self.processes()


def name_of(pid):
    return Path(f"/proc/{pid}/comm").read_text(errors="replace").strip()


def processes_of(service):
    """{name: pid} of a service's own processes, commands left out."""
    own = {}
    for pid in [service.process.pid, *children(service.process.pid)]:
        try:
            name = name_of(pid)
        except OSError:
            continue
        if name.startswith("mullion"):
            own[name] = pid
    return own


def descriptors(pid):
    """What is open, as sorted names without the numbers that differ from time to time."""
    names = []
    for one in os.listdir(f"/proc/{pid}/fd"):
        try:
            name = os.readlink(f"/proc/{pid}/fd/{one}")
        except OSError:
            continue  # Closed meanwhile.
        names.append(name.split(":[")[0])
    return sorted(names)


def listening(url):
    where = urlsplit(url)
    with socket.socket() as probe:
        return probe.connect_ex((where.hostname, where.port)) == 0


class PrivateFolders:
    """/tmp, /dev/shm and a home of its own for what is started through `wrap`: whatever is left there is a leftover.

    Root mounts empty folders over the real ones, for those processes alone. Who is not root gets the variables only.
    """

    VARIABLES = ("HOME", "TMPDIR", "TMP", "TEMP", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")

    def __init__(self, in_memory=False):
        """`in_memory`: /dev/shm is a tmpfs there too, as some things ask."""
        self.root = Path(tempfile.mkdtemp(prefix="mullion-left-", dir="/var/tmp"))
        os.chmod(self.root, 0o755)
        self.tmp, self.shm, self.home = (self.root / name for name in ("tmp", "shm", "home"))
        if in_memory:
            self.shm = Path(tempfile.mkdtemp(prefix="mullion-left-", dir="/dev/shm"))
        for folder in (self.tmp, self.shm, self.home):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o1777)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for folder in (self.root, self.shm):
            shutil.rmtree(folder, ignore_errors=True)

    def wrap(self, command):
        """The same process becomes the command, so its id is the command's."""
        own = [f"{name}={self.home if name.startswith(('HOME', 'XDG')) else self.tmp}" for name in self.VARIABLES]
        command = ["env", *own, *map(str, command)]
        if os.geteuid() != 0:
            return command
        script = 'mount --bind "$1" /tmp && mount --bind "$2" /dev/shm && shift 2 && exec "$@"'
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh", str(self.tmp), str(self.shm), *command]

    def files(self):
        named = {"tmp": self.tmp, "shm": self.shm, "home": self.home}
        return sorted(f"{name}/{path.relative_to(folder)}" for name, folder in named.items() for path in folder.rglob("*"))


def at_a_moment_of_chance(seconds):
    """Returns then: the moment itself is what a test that kills is about, and there is nothing to wait for."""
    select.select([], [], [], seconds)


def names_below(folder):
    return sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*"))


def settled(read, wanted, what):
    """Waits until `read()` is `wanted`; tells what it was otherwise."""
    last = []
    def look():
        last[:] = [read()]
        return last[0] == wanted
    try:
        wait_until(look, what)
    except AssertionError as problem:
        raise AssertionError(f"{problem}: {last[0]!r}, not {wanted!r}") from None


def run_in(folders, command, **more):
    return subprocess.Popen(folders.wrap(command), **more)


class PrivateService(Service):
    """A service in private folders, which its tests kill and start again."""

    def __init__(self, folders, settings=()):
        super().__init__(settings, state=folders.root / "state")
        self.folders = folders

    def command_line(self):
        return self.folders.wrap(super().command_line())

    def forget(self):
        """It was killed."""
        process, self.process = self.process, None
        process.wait(DEADLINE)
        process.stdout.close()
