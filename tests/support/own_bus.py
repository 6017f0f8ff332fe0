"""A D-Bus of a test's own with a stand-in for systemd on it (tests/mock_systemd), which `mullion serve` finds where the machine's bus is: in a mount
namespace of its own. Only root may make that."""
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.support.service import BUILD, DEADLINE, Service, read_line

MOCK = BUILD / "tests/mock_systemd/mock_systemd"
CONFIGURATION = """<busconfig><type>system</type><listen>unix:path={socket}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/></policy>
{policy}</busconfig>"""
# Everything else under /run, whatever of the machine's there is, is not there either.
INSIDE = 'mount -t tmpfs -o mode=755 tmpfs /run && mkdir /run/dbus && mount --bind "$1" /run/dbus && shift && exec "$@"'


def missing():
    """Why there can be none here; nothing where there can."""
    if os.geteuid() != 0:
        return "only root can put a bus of its own in the machine's place"
    lacking = [name for name in ("dbus-daemon", "unshare") if not shutil.which(name)]
    if lacking:
        return f"{', '.join(lacking)} not found: install dbus-daemon and util-linux"
    if not MOCK.exists():
        return f"{MOCK} is missing: build mock_systemd"
    tried = subprocess.run(["unshare", "--mount", "true"], capture_output=True, text=True)
    return f"no mount namespace can be made here: {tried.stderr.strip()}" if tried.returncode != 0 else None


def refusing(user, *members):
    """Policy: this Linux user may not ask systemd for that, as polkit would have it."""
    denied = "".join(f'<deny send_destination="org.freedesktop.systemd1" send_interface="org.freedesktop.systemd1.Manager" send_member="{member}"/>' for member in members)
    return f'<policy user="{user}">{denied}</policy>'


def unit(name, active="active", description=None, pid=0, user="", command=()):
    return "\t".join(["unit", name + ".service", active, description or f"about {name}", str(pid), user, *command])


def file(name, state):
    return "\t".join(["file", name + ".service", state])


class OwnBus:
    """Use as a context manager; `wrap` is what a program has to be started with to be on it."""

    def __init__(self, lines, policy=""):
        self.lines, self.policy = list(lines), policy
        self.folder = Path(tempfile.mkdtemp(prefix="mullion-test-"))
        self.folder.chmod(0o755)
        self.socket = self.folder / "system_bus_socket"
        self.daemon = self.systemd = None

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self):
        configuration = self.folder / "bus.conf"
        configuration.write_text(CONFIGURATION.format(socket=self.socket, policy=self.policy))
        self.daemon = subprocess.Popen(["dbus-daemon", f"--config-file={configuration}", "--nofork", "--print-address"], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE)
        if not read_line(self.daemon.stdout, self.daemon):
            raise AssertionError("dbus-daemon does not start")
        self.systemd = subprocess.Popen([MOCK, f"unix:path={self.socket}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.systemd.stdin.write("".join(line + "\n" for line in [*self.lines, ""]).encode())
        self.systemd.stdin.flush()
        if read_line(self.systemd.stdout, self.systemd) != "ready\n":
            raise AssertionError("mock_systemd does not start")

    def stop(self):
        """What systemd was asked to do."""
        process, self.systemd = self.systemd, None
        asked, _ = process.communicate(timeout=DEADLINE)
        return asked.decode().splitlines()

    def wrap(self, command):
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c", INSIDE, "sh", str(self.folder), *map(str, command)]

    def __exit__(self, *_):
        if self.systemd:
            self.stop()
        if self.daemon:
            self.daemon.terminate()
            self.daemon.wait(DEADLINE)
            self.daemon.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class BusService(Service):
    """`mullion serve` on such a bus."""

    def __init__(self, bus, *words, **how):
        super().__init__(*words, **how)
        self.bus = bus

    def command_line(self):
        return self.bus.wrap(super().command_line())
