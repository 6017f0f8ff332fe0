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
from tests.e2e.test_config_service import Configured, free_port, is_open
from tests.support.raw_http import Raw
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


def listening(family=socket.AF_INET, address="127.0.0.1", port=0, only_six=None):
    made = socket.socket(family)
    if only_six is not None:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, only_six)
    made.bind((address, port))
    made.listen()
    return made


def answers(port, address="127.0.0.1"):
    """401 of a listener; None where it is closed without a word."""
    with Raw(port, address=address) as raw:
        answer = raw.ask()
        return answer and answer.status


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

    def test_of_both_versions_and_each(self):
        with listening(socket.AF_INET6, "::", only_six=0) as both:
            port = both.getsockname()[1]
            with PassedOn([("http", both)]) as service:
                self.assertEqual(service.urls, [f"http://127.0.0.1:{port}/wsman"])
                self.assertEqual([answers(port), answers(port, "::1")], [401, 401])
        with listening(socket.AF_INET6, "::", only_six=1) as six:
            port = six.getsockname()[1]
            with PassedOn([("http", six)]) as service:
                self.assertEqual(service.urls, [f"http://[::1]:{port}/wsman"])
                self.assertEqual(answers(port, "::1"), 401)
                self.assertFalse(is_open(port))
        with listening(socket.AF_INET6, "::", only_six=1) as six, listening(address="0.0.0.0", port=six.getsockname()[1]) as four:
            port = six.getsockname()[1]
            with PassedOn([("http", six), ("http", four)]) as service:
                self.assertEqual(len(service.urls), 2)
                self.assertEqual([answers(port), answers(port, "::1")], [401, 401])

    def policed(self, passed, policy):
        service = PassedOn(passed)
        service.state.mkdir(mode=0o700)
        Configured.own(service, "policy.d/10.yml", policy)
        return service

    def test_one_that_policy_has_elsewhere_is_closed_and_told(self):
        """Nobody hangs in it: systemd goes on listening, whatever the service does."""
        with listening() as one, listening() as other:
            port, elsewhere = one.getsockname()[1], free_port()
            with self.policed([("http", one), ("https", other)], f"Listener:\n  - {{Address: 127.0.0.1, Transport: HTTP, Port: {elsewhere}}}\n") as service:
                self.assertIsNone(answers(port))
                self.assertEqual(answers(elsewhere), 401)
                log = service.log.read_text()
                self.assertIn(f"no listener is for the socket that systemd passed on for http, 127.0.0.1 port {port}", log)
                self.assertIn("change ListenStream= of the socket unit, or stop it", log)
                self.assertNotIn(f"port {other.getsockname()[1]}: who", log)

    def test_a_wide_one_serves_particular_listeners_of_its_port(self):
        """What is bound by root cannot be shared with the service's user: the socket has to do for both."""
        with listening(socket.AF_INET6, "::", only_six=0) as both:
            port = both.getsockname()[1]
            with self.policed([("http", both)], f"Listener:\n  - {{Address: 127.0.0.2, Transport: HTTP, Port: {port}, URLPrefix: two}}\n"):
                self.assertEqual([answers(port), answers(port, "127.0.0.2")], [401, 404])

    def test_what_stands_in_the_way_is_named(self):
        with listening() as one:
            port = one.getsockname()[1]
            with self.assertRaises(AssertionError) as told:
                with self.policed([("http", one)], f"Listener:\n  - {{Address: '*', Transport: HTTP, Port: {port}}}\n"):
                    pass
            self.assertIn(f"systemd holds 127.0.0.1 port {port}", str(told.exception))

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
