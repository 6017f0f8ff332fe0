"""`winrm` and `winrs` for tests, under their own names."""
import os
import subprocess

from tests.e2e.client import Password, Ran
from tests.support.service import ADMIN, MULLION

WINRM, WINRS = MULLION.with_name("winrm"), MULLION.with_name("winrs")


def run(program, *words, stdin=None, timeout=90, environment=None):
    """To its end, without a terminal: nothing can be asked for."""
    done = subprocess.run([str(program), *map(str, words)], **({"input": stdin} if stdin is not None else {"stdin": subprocess.DEVNULL}),
                          capture_output=True, timeout=timeout, env={**os.environ, **(environment or {})}, start_new_session=True)
    return Ran(done.returncode, done.stdout, done.stderr.decode(errors="replace"))


def with_password(program, *words, password=ADMIN[1], stdin=None, options=()):
    """The password goes by a pipe."""
    with Password(password) as file:
        done = subprocess.run([str(program), f"--password-file={file.path}", *map(str, options), *map(str, words)], capture_output=True, timeout=90,
                              pass_fds=file.descriptors, start_new_session=True,
                              **({"input": stdin} if stdin is not None else {"stdin": subprocess.DEVNULL}))
    return Ran(done.returncode, done.stdout, done.stderr.decode(errors="replace"))
