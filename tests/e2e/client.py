"""`mullion run` and `mullion ping` for tests. The password goes by a pipe: never a file, never a word."""
import json
import os
import subprocess
from dataclasses import dataclass

from tests.support.service import ADMIN, MULLION


@dataclass
class Ran:
    code: int
    stdout: bytes
    stderr: str

    @property
    def host(self):
        """The one host's object, from --output json or jsonl."""
        document = json.loads(self.stdout)
        return document["hosts"][0] if "hosts" in document else document


class Password:
    """A pipe that holds a password; .path is what --password-file gets, .descriptors what must be passed on."""

    def __init__(self, password):
        self.read_end, write_end = os.pipe()
        os.write(write_end, password.encode() + b"\n")
        os.close(write_end)
        self.path = f"/dev/fd/{self.read_end}"
        self.descriptors = (self.read_end,)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.read_end)


def words(service, *options, scheme="http", transport="ntlm", user=ADMIN[0]):
    """How the service is reached, as options."""
    found = [service.url(scheme), "-u", user, "--transport", transport, *options]
    return found + (["--ca-file", service.ca] if scheme == "https" else [])


def mullion(*arguments, password=ADMIN[1], stdin=None, timeout=90, environment=None, preexec_fn=None):
    """Runs the client to its end."""
    with Password(password) as file:
        command = [str(MULLION), arguments[0], "--password-file", file.path, *map(str, arguments[1:])]
        done = subprocess.run(command, **({"input": stdin} if stdin is not None else {"stdin": subprocess.DEVNULL}),
                              capture_output=True, timeout=timeout, pass_fds=file.descriptors, preexec_fn=preexec_fn,
                              env={**os.environ, **(environment or {})})
    return Ran(done.returncode, done.stdout, done.stderr.decode(errors="replace"))


def start(*arguments, password=ADMIN[1], stdout=None):
    """Starts the client and leaves it running; the caller ends it. `stdout` is a file, or else a pipe."""
    with Password(password) as file, open(stdout or os.devnull, "wb") as output:
        command = [str(MULLION), arguments[0], "--password-file", file.path, *map(str, arguments[1:])]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=output if stdout else subprocess.PIPE,
                                stderr=subprocess.PIPE, pass_fds=file.descriptors)
