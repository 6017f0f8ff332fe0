"""The units of packaging/systemd, sockets that are passed on, and what systemd is told."""
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests.e2e.client import mullion, words
from tests.support.service import DEADLINE, MULLION, ROOT, Service

UNITS = ROOT / "packaging/systemd"
# What systemd does: the variables name the process that they are for, which is known only when it is there.
PASS_ON = 'LISTEN_PID=$$ exec "$@"'


@unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not here")
class Units(unittest.TestCase):
    def verify(self, change=lambda text: text):
        with tempfile.TemporaryDirectory(prefix="mullion-test-") as folder:
            for unit in UNITS.glob("mullion*.s[eo]*[et]"):
                # Not installed here: the program that was built stands in.
                Path(folder, unit.name).write_text(change(unit.read_text().replace("/usr/bin/mullion", str(MULLION))))
            files = sorted(map(str, Path(folder).iterdir()))
            self.assertEqual(len(files), 3)
            done = subprocess.run(["systemd-analyze", "verify", "--man=no", *files], capture_output=True, text=True, timeout=DEADLINE)
            # Of other units that are on this machine it may say more.
            return [line for line in done.stderr.splitlines() if "mullion" in line]

    def test_they_are_right(self):
        self.assertEqual(self.verify(), [])

    def test_what_is_wrong_would_be_seen(self):
        """Positive control."""
        self.assertNotEqual(self.verify(lambda text: text.replace("Type=notify", "Type=whatever").replace("Backlog=4096", "Backlogs=x")), [])


class PassedOn(Service):
    """Gets these (name, socket) as systemd would pass them."""

    def __init__(self, passed, **how):
        super().__init__(listen=(), **how)
        self.passed = passed
        self.environment |= {"LISTEN_FDS": str(len(passed)), "LISTEN_FDNAMES": ":".join(name for name, _ in passed)}

    def command_line(self):
        return ["sh", "-c", PASS_ON, "sh", *super().command_line()]

    def start(self):
        popen = subprocess.Popen

        def with_descriptors(*arguments, **how):
            def pass_on():
                high = [os.dup(one.fileno()) for _, one in self.passed]
                high = [os.dup2(fd, 100 + i) for i, fd in enumerate(high)]
                for i, fd in enumerate(high):
                    os.dup2(fd, 3 + i)
            return popen(*arguments, **{**how, "preexec_fn": pass_on, "close_fds": False})
        subprocess.Popen = with_descriptors
        try:
            super().start()
        finally:
            subprocess.Popen = popen


def listening(family=socket.AF_INET, address="127.0.0.1"):
    made = socket.socket(family)
    made.bind((address, 0))
    made.listen()
    return made


class Sockets(unittest.TestCase):
    def test_http_and_https(self):
        with listening() as http, listening() as https:
            with PassedOn([("https", https), ("http", http)], settings=["Service/Auth/Basic=true"]) as service:
                self.assertEqual(service.urls, [f"https://127.0.0.1:{https.getsockname()[1]}/wsman", f"http://127.0.0.1:{http.getsockname()[1]}/wsman"])
                self.assertEqual(mullion("run", *words(service), "--", "echo http").stdout, b"http\n")
                self.assertEqual(mullion("run", *words(service, scheme="https", transport="basic"), "--", "echo https").stdout, b"https\n")
                # Commands get neither the sockets nor what is said of them.
                ran = mullion("run", *words(service), "--", "ls -l /proc/self/fd | grep -c socket; env | grep -c ^LISTEN_")
                self.assertEqual(ran.stdout, b"0\n0\n")

    def test_of_another_process_are_left_alone(self):
        with Service(environment={"LISTEN_PID": "1", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "http"}) as service:
            self.assertEqual(len(service.urls), 2)

    def refused(self, passed, why):
        with self.assertRaises(AssertionError) as told:
            with PassedOn(passed):
                pass
        self.assertIn(why, str(told.exception))

    def test_that_are_none(self):
        with listening() as one, socket.socket() as silent, socket.socket(socket.AF_UNIX) as local:
            self.refused([("mullion.socket", one)], "FileDescriptorName= is http or https")
            self.refused([("http", silent)], "is no listening TCP socket")
            self.refused([("http", local)], "is no listening TCP socket")


class Told(unittest.TestCase):
    def test_ready_and_reloads(self):
        with tempfile.TemporaryDirectory(prefix="mullion-test-") as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
            os.chmod(folder, 0o755)
            ear.bind(f"{folder}/notify")
            os.chmod(f"{folder}/notify", 0o777)
            ear.settimeout(DEADLINE)
            with Service(environment={"NOTIFY_SOCKET": f"{folder}/notify"}) as service:
                self.assertEqual(ear.recv(1000), b"READY=1")
                os.kill(service.process.pid, signal.SIGHUP)
                self.assertRegex(ear.recv(1000).decode(), r"^RELOADING=1\nMONOTONIC_USEC=\d+$")
                self.assertEqual(ear.recv(1000), b"READY=1")
