"""A terminal for a program that speaks to its operator: what it shows is read, and keys are typed."""
import fcntl
import os
import pty
import select
import subprocess
import termios
import time

from tests.support.service import DEADLINE


class Terminal:
    """The program's standard error and controlling terminal; standard output too unless a pipe is wanted."""

    def __init__(self, *command, output_too=True, columns=200):
        self.master, slave = pty.openpty()
        termios.tcsetwinsize(slave, (50, columns))
        self.shown = b""

        def take_terminal():
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen([str(word) for word in command], stdin=slave, stdout=slave if output_too else subprocess.PIPE,
                                        stderr=slave, start_new_session=True, preexec_fn=take_terminal)
        os.close(slave)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        os.close(self.master)

    def read(self, until=None):
        """Reads until that text was shown, or to the end; gives all that was shown."""
        end = time.monotonic() + DEADLINE
        while until is None or until not in self.shown:
            ready, _, _ = select.select([self.master], [], [], max(0, end - time.monotonic()))
            if not ready:
                raise AssertionError(f"not shown: {until!r}; but {self.shown!r}")
            try:
                block = os.read(self.master, 65536)
            except OSError:  # The other side is closed.
                block = b""
            if not block:
                if until is not None:
                    raise AssertionError(f"not shown: {until!r}; but {self.shown!r}")
                break
            self.shown += block
        return self.shown

    def type(self, keys):
        os.write(self.master, keys)

    def echoes(self):
        return bool(termios.tcgetattr(self.master)[3] & termios.ECHO)

    def wait(self):
        return self.process.wait(DEADLINE)
