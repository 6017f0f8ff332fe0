"""`mullion simulate` as the bench's service: hosts that answer a few commands, and count what they were asked."""
import json
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from tests.support.service import DEADLINE, read_line

USER, PASSWORD = "Administrator", "Corr3ct-h0rse"
KILOBYTE, BULK = 1000, 100 * 1024 * 1024
MANY = 1_000_000
SETTINGS = {"Service/Auth/Basic": True, "Service/AllowUnencrypted": True, "Service/MaxConnections": 100_000,
            "Service/MaxConcurrentOperationsPerUser": MANY, "Winrs/MaxShellsPerUser": MANY, "Winrs/MaxProcessesPerShell": MANY}


def fleet(hosts, word, keytab):
    """Every host answers `echo bench` with `word`. The output comes together with the command's end, as for any that is quick."""
    answers = [{"command": "echo bench", "stdout": word + "\n", "newlines": "as_is", "done": "together"},
               {"command": "kilobyte", "stdout": "{host}" + "." * (KILOBYTE - 6) + "\n", "newlines": "as_is", "done": "together"},
               {"command": "bulk", "stdout": "e", "size": BULK, "newlines": "as_is", "done": "together", "templates": False}]
    listeners = [{"address": "0.0.0.0", "port": 0, "scheme": scheme} for scheme in ("http", "https")]
    return {"version": 1, "settings": SETTINGS, "accounts": [{"user": USER, "password": PASSWORD}], "listeners": listeners,
            "hosts": [{"name": f"h[00001:{hosts:05}]", "address": "127.1.0.1"}], "answers": answers, **({"keytab": str(keytab)} if keytab else {})}


def address(index):
    """Of host number `index`, from 0."""
    number = index + 1
    return f"127.1.{number // 256}.{number % 256}"


class Simulator:
    """Use as a context manager."""

    def __init__(self, build, hosts, word="bench", keytab=None):
        self.build, self.hosts, self.word, self.keytab = build, hosts, word, keytab
        self.folder = Path(tempfile.mkdtemp(prefix="mullion-bench-"))
        self.process = None

    def __enter__(self):
        file = self.folder / "fleet.yml"
        file.write_text(json.dumps(fleet(self.hosts, self.word, self.keytab)))  # JSON is YAML.
        log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen([self.build / "bin/mullion", "simulate", file, "--ca", self.folder / "ca.pem"],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log)
        line = read_line(self.process.stdout, self.process)
        if line is None:
            self.__exit__()
            raise SystemExit(f"bench: mullion simulate said nothing: {(self.folder / 'log').read_text()}")
        urls = json.loads(line)["listening"]
        self.ports = {url.split("://")[0]: int(url.split("://")[1].split("/")[0].rsplit(":", 1)[1]) for url in urls}
        self.ca = str(self.folder / "ca.pem")
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(DEADLINE)
            except subprocess.TimeoutExpired:
                os.kill(self.process.pid, signal.SIGKILL)
                self.process.wait()
        if self.process:
            self.process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, scheme, index=0):
        return f"{scheme}://{address(index)}:{self.ports[scheme]}/wsman"

    def requests(self):
        """HTTP messages so far, of all hosts."""
        self.process.send_signal(signal.SIGUSR1)
        line = read_line(self.process.stdout, self.process)
        return json.loads(line)["totals"]["requests"]

    def inventory(self, scheme, transport, count):
        """An Ansible inventory of the first `count` hosts."""
        file = self.folder / f"{scheme}-{transport}-{count}.ini"
        rows = "".join(f"h{i + 1:05} ansible_host={address(i)}\n" for i in range(count))
        file.write_text(f"[all]\n{rows}\n[all:vars]\nansible_connection=winrm\nansible_port={self.ports[scheme]}\n"
                        f"ansible_winrm_scheme={scheme}\nansible_winrm_transport={transport}\n")
        return str(file)
