"""`mullion simulate` for tests: a fleet from a file, ports chosen by the kernel, stopped by process id, its counts read."""
import json
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.service import ADMIN, DEADLINE, LOGS, MULLION, read_line

# What every test wants of every host, unless it says otherwise.
ACCOUNT = f"accounts:\n  - user: {ADMIN[0]}\n    password: {json.dumps(ADMIN[1])}\n"


class Simulation:
    """Use as a context manager. `fleet` is the text of FLEET.yml below version and accounts; `address` what both listeners bind to."""

    def __init__(self, fleet, address="0.0.0.0", schemes=("http", "https"), settings="settings: {Service/Auth/Basic: true}\n"):
        self.folder = Path(tempfile.mkdtemp(prefix="mullion-simulate-"))
        self.file = self.folder / "fleet.yml"
        listeners = "".join(f"  - {{address: '{address}', port: 0, scheme: {scheme}}}\n" for scheme in schemes)
        self.file.write_text(f"version: 1\nlisteners:\n{listeners}{ACCOUNT}{settings}{fleet}")
        self.process = None

    def __enter__(self):
        try:
            with open(self.folder / "log", "wb") as log:
                self.process = subprocess.Popen([str(MULLION), "simulate", str(self.file)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log)
            line = read_line(self.process.stdout, self.process)
            if line is None:
                raise AssertionError(f"mullion simulate said nothing; exit {self.process.poll()}; its log:\n{(self.folder / 'log').read_text()[-4000:]}")
            ready = json.loads(line)
        except BaseException:
            self.__exit__(True, None, None)
            raise
        self.ca = ready.get("ca")
        where = [urlsplit(url) for url in ready["listening"]]
        self.ports = {url.scheme: url.port for url in where}
        return self

    def __exit__(self, failed, *_):
        process, self.process = self.process, None
        if process:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(DEADLINE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                failed = True
            process.stdout.close()
        if failed:
            LOGS.mkdir(parents=True, exist_ok=True)
            shutil.copy(self.folder / "log", LOGS / f"{self.folder.name}.log")
        shutil.rmtree(self.folder, ignore_errors=True)

    def counts(self):
        """What the hosts have seen so far: {"totals": …, "hosts": {NAME: …}, "repeated_commands": […]}."""
        os.kill(self.process.pid, signal.SIGUSR1)
        line = read_line(self.process.stdout, self.process)
        if line is None:
            raise AssertionError("mullion simulate told no counts")
        return json.loads(line)
