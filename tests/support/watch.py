"""What a service did, seen from outside: its processes, its state directory, its memory, its log."""
import hashlib
import os
from pathlib import Path

from tests.support import soap
from tests.support.sanitizer import is_sanitized
from tests.support.service import BUILD, children, wait_until
from tests.support.winrm import WinRM

# Address sanitizer's shadow and quarantine are not the product's memory.
SANITIZED = is_sanitized(BUILD)


def name_of(pid):
    try:
        return os.path.basename(os.readlink(f"/proc/{pid}/exe"))
    except OSError:
        return ""


def network_process(service):
    return next(pid for pid in service.processes if name_of(pid) == "mullion-service")


def monitor(service):
    return next(pid for pid in service.processes if name_of(pid) == "mullion-monitor")


def peak_memory(pid):
    """VmHWM in MiB."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in text.splitlines() if line.startswith("VmHWM"))) / 1024


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def state_of(folder):
    """Every file below, with what it holds: a database that was only read is as it was."""
    found = {}
    for path in sorted(Path(folder).rglob("*")):
        facts = path.lstat()
        held = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        found[str(path.relative_to(folder))] = (facts.st_mode, facts.st_uid, facts.st_size, held)
    return found


class Watch:
    """Begins to look when it is made; untouched() says whether anything was done since."""

    def __init__(self, service):
        self.service = service
        self.canaries = service.folder / "canaries"
        self.canaries.mkdir(exist_ok=True)
        os.chmod(self.canaries, 0o777)  # Whoever a command runs as can leave its mark here.
        self.line = f"echo done >> {self.canaries}/mark"  # The command that must never run.
        self.processes = set(children(self.service.process.pid))
        self.begin()

    def begin(self):
        self.settled()  # A command's process is reaped a moment after its end was told.
        self.state = state_of(self.service.state)
        self.read = self.service.log.stat().st_size

    def log(self):
        """What was logged since."""
        with open(self.service.log) as file:
            file.seek(self.read)
            return file.read()

    def untouched(self, test):
        test.assertIsNone(self.service.process.poll(), "the service ended")
        test.assertEqual(set(children(self.service.process.pid)), self.processes, "processes came or went")
        test.assertEqual(list(self.canaries.iterdir()), [], "a command ran")
        test.assertEqual(state_of(self.service.state), self.state, "the state directory changed")
        test.assertNotRegex(self.log(), r"shell \S+ of .* opened")

    def no_shells(self, test, **how):
        with WinRM(self.service.port("http"), **how) as client:
            test.assertIsNone(soap.value_of(client.well(soap.enumerate_shells()), "ShellId"), "a shell is there")

    def serves(self, test, **how):
        """A good client is served as ever."""
        with WinRM(self.service.port("http"), **how) as client:
            test.assertEqual(client.run("echo served; exit 7"), (b"served\n", 7))

    def settled(self):
        """Waits until every command is gone."""
        wait_until(lambda: set(children(self.service.process.pid)) == self.processes, "the commands to be gone")

    def memory_within(self, test, network, its_monitor):
        if SANITIZED:
            return
        test.assertLess(peak_memory(network_process(self.service)), network, "MiB of the network process")
        test.assertLess(peak_memory(monitor(self.service)), its_monitor, "MiB of the monitor")
