"""Asks Ansible what it makes of an inventory: a client of ansible_server.py."""
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Said:
    code: int
    out: str
    err: str

    @property
    def hosts(self):
        """Names of --list-hosts, in Ansible's order."""
        lines = self.out.splitlines()
        if not lines or not lines[0].startswith("  hosts ("):
            raise AssertionError(f"ansible --list-hosts said: {self}")
        return [line[4:] for line in lines[1:]]


class Ansible:
    """Use as a context manager. Nothing of the operator's is read or written: home and settings are the test's own."""

    def __enter__(self):
        self.home = tempfile.TemporaryDirectory(prefix="mullion-ansible-")
        settings = Path(self.home.name) / "ansible.cfg"
        settings.touch()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
        self.environment = {**kept, "ANSIBLE_HOME": self.home.name, "HOME": self.home.name, "ANSIBLE_CONFIG": str(settings),
                            "ANSIBLE_LOCAL_TEMP": self.home.name + "/tmp", "LC_ALL": "C.UTF-8", "COLUMNS": "4000", "ANSIBLE_NOCOLOR": "1"}
        read_end, write_end = os.pipe()
        # The answers have a descriptor of their own: what Ansible prints must never be mistaken for one.
        words = ["/bin/sh", "-c", f'exec "$0" "$1" 3>&{write_end}', sys.executable, str(Path(__file__).with_name("ansible_server.py"))]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=self.environment, pass_fds=[write_end])
        os.close(write_end)
        self.answers = open(read_end)
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.answers.close()
        self.home.cleanup()

    def request(self, **request):
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        self.process.stdin.flush()
        answer = json.loads(self.answers.readline() or "null")
        if answer is None or None in answer:
            raise AssertionError(f"Ansible ended without an answer to {request}")
        return answer

    def ask(self, folder, commands, salt=0):
        """`commands` are lists of words, "ansible" or "ansible-inventory" first; they run in `folder`, one after the other."""
        return [Said(*row) for row in self.request(folder=str(folder), commands=commands, salt=salt)]

    def encrypt(self, rows):
        """Armoured texts of rows of (text, password, label or None, salt)."""
        return self.request(encrypt=rows, folder="/")
