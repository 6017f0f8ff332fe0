"""The monitor with --pam by itself, with the test in the network process's place: what it answers, and what it leaves behind."""
import array
import os
import select
import signal
import socket
import struct
import subprocess
import time
import unittest

from tests.support import pam as scenes
from tests.support.pam import ALICE, CAROL, ROOT, UNIX, PamService, name_of
from tests.support.service import BUILD, DEADLINE, alive, children, wait_until

LET_IN, REFUSED, EXPIRED, BROKEN, BUSY, DENIED = 1, 2, 3, 4, 5, 6  # src/os/spawn_messages.h
KILL = 3
SCRIPTS = {"hang": "sleep 1000 & sleep 1000", "crash": "kill -SEGV $PPID", "leave": "kill -TERM $PPID",
           "tell": 'echo "$PAM_TYPE $PAM_USER $(id -u)" >> $(dirname $0)/told',
           "hangs-at-the-end": '[ "$PAM_TYPE" = open_session ] || sleep 1000',
           # Opens its session when the test says so.
           "gated": 'echo "$PAM_TYPE $PAM_USER $(id -u)" >> $(dirname $0)/told; [ "$PAM_TYPE" = close_session ] || cat $(dirname $0)/gate'}
PERMITTED = "auth required pam_permit.so\naccount required pam_permit.so\n"
NO_SESSION = "account required pam_permit.so\nsession required pam_permit.so\n"
OPENED, CLOSED = "open_session alice 0", "close_session alice 0"


def setUpModule():
    why = scenes.missing()
    if why:
        raise unittest.SkipTest(why)


def text(value):
    data = value.encode()
    return struct.pack("<I", len(data)) + data


class Monitor:
    """A mullion-monitor whose socket is the test's. Use as a context manager."""

    def __init__(self, pam, timeout=10):
        self.scene = PamService(pam, SCRIPTS)
        self.scene.state.mkdir()
        (self.scene.state / "shell-users").write_text("alice\n")
        self.told = self.scene.etc / "told"
        self.timeout, self.token = timeout, 0

    def __enter__(self):
        self.socket, end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = self.scene.inside([BUILD / "bin/mullion-monitor", "--state", self.scene.state, "--pam", scenes.PAM_SERVICE, self.timeout])
        self.log = open(self.scene.folder / "log", "w+")
        self.process = subprocess.Popen(command, stderr=self.log, preexec_fn=lambda: os.dup2(end.fileno(), 3), pass_fds=[3] if end.fileno() == 3 else [],
                                        close_fds=False)
        end.close()
        return self

    def __exit__(self, *_):
        self.socket.close()
        try:
            self.process.wait(DEADLINE)
        finally:
            self.log.close()
            self.scene.__exit__(False, None, None)

    def send(self, kind, body):
        self.token += 1
        self.socket.send(bytes([kind]) + struct.pack("<Q", self.token) + body)
        return self.token

    def log_on(self, user, password):
        return self.send(4, text(user) + text("192.0.2.1") + text(password))

    def spawn(self, *words, user="alice", address=""):
        return self.send(1, text(user) + struct.pack("<H", len(words)) + b"".join(map(text, words)) + struct.pack("<H", 0) + text("") + text("") + text(address)
                         + struct.pack("<I", 0) + b"\0\0")

    def signal(self, token, number):
        self.socket.send(b"\x02" + struct.pack("<Q", token) + bytes([number]))

    def release(self, token):
        self.socket.send(b"\x03" + struct.pack("<Q", token))

    def receive(self):
        """(kind, token, rest, descriptors) of the next message."""
        if not select.select([self.socket], [], [], DEADLINE)[0]:
            raise AssertionError("no message")
        data, ancillary, _, _ = self.socket.recvmsg(65536, socket.CMSG_SPACE(3 * 4))
        descriptors = array.array("i")
        for _, _, part in ancillary:
            descriptors.frombytes(part)
        return data[0], struct.unpack("<Q", data[1:9])[0], data[9:], list(descriptors)

    def answer(self):
        """(outcome, Linux user, detail) of a log-on."""
        kind, _, rest, _ = self.receive()
        assert kind == 68, kind
        size = struct.unpack("<I", rest[1:5])[0]
        return rest[0], rest[5:5 + size].decode(), rest[9 + size:].decode()

    def talks(self):
        return [pid for pid in children(self.process.pid) if name_of(pid) == "mullion-pam"]

    def monitor(self):
        return next(pid for pid in children(self.process.pid) if name_of(pid) == "mullion-monitor")

    def log_text(self):
        return (self.scene.folder / "log").read_text()

    def lines(self):
        return self.told.read_text().splitlines() if self.told.exists() else []


class MonitorCase(unittest.TestCase):
    def expect_nothing_left(self, monitor):
        """Neither processes of a conversation nor what modules have started, in whatever session."""
        wait_until(lambda: len(children(monitor.process.pid)) <= 1, "nothing below the keeper but the monitor")

    def closed(self, descriptors):
        for one in descriptors:
            os.close(one)


class Passwords(MonitorCase):
    def test_what_it_says_of_them(self):
        with Monitor(UNIX) as monitor:
            for account, expected in ((ALICE, (LET_IN, "alice", "")), (("alice", "wrong"), (REFUSED, "", "pam_authenticate: Authentication failure")),
                                      (("DOMAIN\\alice", ALICE[1]), (LET_IN, "alice", "")), (("alice@example.test", ALICE[1]), (LET_IN, "alice", "")),
                                      (CAROL, (EXPIRED, "", "pam_acct_mgmt: User account has expired")), (("@x", "y"), (BROKEN, "", "no name is left without its domain")),
                                      (("nobody-here", "x"), (REFUSED, "", "pam_authenticate: User not known to the underlying authentication module"))):
                monitor.log_on(*account)
                self.assertEqual(monitor.answer(), expected, account)
            self.expect_nothing_left(monitor)

    def test_root_is_let_in_by_roots_list_alone(self):
        with Monitor(UNIX) as monitor:
            monitor.log_on(*ROOT)
            outcome, user, detail = monitor.answer()
            self.assertEqual((outcome, user), (DENIED, ""))
            self.assertIn("root is not listed", detail)
            (monitor.scene.state / "shell-users").write_text("root\n")
            monitor.log_on(*ROOT)
            self.assertEqual(monitor.answer()[:2], (LET_IN, "root"))

    def test_whom_pam_let_in_shells_may_run_as(self):
        with Monitor(UNIX) as monitor:
            (monitor.scene.state / "shell-users").write_text("games\n")
            monitor.spawn("/bin/true")
            self.assertEqual(monitor.receive()[0], 66)
            monitor.log_on("alice", "wrong")
            monitor.answer()
            monitor.spawn("/bin/true")
            self.assertEqual(monitor.receive()[0], 66, "a refusal lets nobody in")
            monitor.log_on(*ALICE)
            monitor.answer()
            monitor.spawn("/bin/true")
            kind, _, _, descriptors = monitor.receive()
            self.assertEqual(kind, 65)
            self.closed(descriptors)

    def test_modules_that_hang_crash_and_leave(self):
        for name, detail in (("hang", "the modules did not answer within 1 s (--pam-timeout)"), ("crash", "a module crashed (signal 11)"),
                             ("leave", "a module crashed (signal 15)")):
            with self.subTest(name), Monitor(f"auth required pam_exec.so {{0}}/{name}\n" + NO_SESSION, timeout=1) as monitor:
                monitor.log_on(*ALICE)
                self.assertEqual(monitor.answer(), (BROKEN, "", detail))
                self.expect_nothing_left(monitor)

    def test_bounds(self):
        """Thirty-two of all, four of a name; whoever comes over that is told so at once."""
        with Monitor("auth required pam_exec.so {0}/hang\n" + NO_SESSION, timeout=3) as monitor:
            for number in range(5):
                monitor.log_on("ALICE" if number % 2 else "alice", "x")
            self.assertEqual(monitor.answer()[0], BUSY)
            for number in range(29):
                monitor.log_on(f"user{number}", "x")
            self.assertEqual(monitor.answer()[0], BUSY)
            self.assertEqual([monitor.answer()[0] for _ in range(32)], [BROKEN] * 32)
            self.expect_nothing_left(monitor)


class Sessions(MonitorCase):
    TOLD = PERMITTED + "session required pam_exec.so {0}/tell\n"

    def begun(self, monitor, *words):
        token = monitor.spawn(*words)
        kind, of, rest, descriptors = monitor.receive()
        self.assertEqual((kind, of), (65, token), rest)
        self.addCleanup(self.closed, descriptors)
        return token, struct.unpack("<I", rest[:4])[0], descriptors

    def wait_for(self, monitor, *lines):
        wait_until(lambda: len(monitor.lines()) >= len(lines), f"{lines}")
        self.assertEqual(monitor.lines(), list(lines))

    def test_from_its_begin_to_its_end(self):
        with Monitor(self.TOLD) as monitor:
            token, _, descriptors = self.begun(monitor, "/bin/sh", "-c", "read line; exit 3")
            self.assertEqual(monitor.lines(), [OPENED])
            self.assertEqual(len(monitor.talks()), 1)
            os.write(descriptors[0], b"\n")
            self.assertEqual(monitor.receive()[:3], (67, token, b"\0" + struct.pack("<i", 3) + b"\0"))
            self.wait_for(monitor, OPENED, CLOSED)
            monitor.release(token)
            self.expect_nothing_left(monitor)

    def test_the_command_is_the_monitors_own_child_and_has_a_session_of_its_own(self):
        with Monitor(self.TOLD) as monitor:
            _, pid, descriptors = self.begun(monitor, "/bin/sh", "-c", "cut -d' ' -f4-6 /proc/$$/stat; cat")
            parent, group, session = map(int, os.read(descriptors[1], 100).split())
            self.assertEqual((parent, group, session), (monitor.monitor(), pid, pid))

    def test_a_killed_command_a_killed_monitor_and_an_ended_service(self):
        with Monitor(self.TOLD) as monitor:
            _, pid, _ = self.begun(monitor, "/bin/cat")
            os.kill(pid, signal.SIGKILL)
            self.assertEqual(monitor.receive()[2], b"\1" + struct.pack("<i", 9) + b"\0")
            self.wait_for(monitor, OPENED, CLOSED)
            self.begun(monitor, "/bin/cat")
            monitor.socket.close()
            self.wait_for(monitor, OPENED, CLOSED, OPENED, CLOSED)
        with Monitor(self.TOLD) as monitor:
            _, pid, _ = self.begun(monitor, "/bin/sh", "-c", "sleep 1000 & cat")
            os.kill(monitor.monitor(), signal.SIGKILL)
            self.wait_for(monitor, OPENED, CLOSED)
            wait_until(lambda: not alive(pid), "the command's end")

    def test_refused(self):
        for how, detail in (("session required pam_deny.so", "pam_open_session: Cannot make/remove an entry for the specified session"),
                            ("session required pam_exec.so {0}/hang", "the modules did not answer in time (--pam-timeout)"),
                            ("session required pam_exec.so {0}/crash", "a module ended or crashed the process")):
            with self.subTest(how), Monitor(PERMITTED + how + "\n", timeout=1) as monitor:
                token = monitor.spawn("/bin/true")
                kind, of, rest, _ = monitor.receive()
                self.assertEqual((kind, of, rest[8:]), (66, token, b"open the PAM session"))
                self.assertIn(f"could not start a command: open the PAM session: {detail}", monitor.log_text())
                self.expect_nothing_left(monitor)

    def test_an_account_that_has_expired(self):
        """Whatever it logged on with; an expired password is no matter here."""
        with Monitor(UNIX) as monitor:
            (monitor.scene.state / "shell-users").write_text("carol\ndave\n")
            monitor.spawn("/bin/true", user="carol")
            self.assertEqual(monitor.receive()[0], 66)
            self.assertIn("pam_acct_mgmt: User account has expired", monitor.log_text())
            monitor.spawn("/bin/true", user="dave")
            kind, _, _, descriptors = monitor.receive()
            self.assertEqual(kind, 65)
            self.closed(descriptors)

    def test_what_cannot_be_executed_leaves_no_session(self):
        with Monitor(self.TOLD) as monitor:
            monitor.spawn("/no/such/program")
            self.assertEqual(monitor.receive()[2][8:], b"execute")
            self.wait_for(monitor, OPENED, CLOSED)
            self.expect_nothing_left(monitor)

    def gated(self, timeout=60):
        monitor = Monitor(PERMITTED + "session required pam_exec.so {0}/gated\n", timeout=timeout)
        os.mkfifo(monitor.scene.etc / "gate")
        return monitor

    def at_the_gate(self, monitor, *before):
        token = monitor.spawn("/bin/touch", str(monitor.scene.etc / "began"))
        self.wait_for(monitor, *before, OPENED)
        return token

    def open_gate(self, monitor):
        os.close(os.open(monitor.scene.etc / "gate", os.O_WRONLY))

    def test_killed_and_released_while_it_is_being_opened(self):
        """Its session is closed when it is open; the command never begins."""
        with self.gated() as monitor:
            token = self.at_the_gate(monitor)
            monitor.signal(token, KILL)
            self.open_gate(monitor)
            kind, of, rest, _ = monitor.receive()
            self.assertEqual((kind, of, rest[8:]), (66, token, b"open the PAM session"))
            self.wait_for(monitor, OPENED, CLOSED)
            self.expect_nothing_left(monitor)
            monitor.release(self.at_the_gate(monitor, OPENED, CLOSED))
            self.open_gate(monitor)
            self.wait_for(monitor, OPENED, CLOSED, OPENED, CLOSED)
            self.expect_nothing_left(monitor)
            self.assertFalse((monitor.scene.etc / "began").exists())
            monitor.spawn("/bin/true", user="nobody-here")
            self.assertEqual(monitor.receive()[:2], (66, 3), "of the one that was released nothing is told")
            self.assertNotIn("may be left open", monitor.log_text())

    def test_a_killed_monitor_and_an_ended_service_while_it_is_being_opened(self):
        with self.gated() as monitor:
            self.at_the_gate(monitor)
            os.kill(monitor.monitor(), signal.SIGKILL)
            wait_until(lambda: monitor.process.poll() is not None, "the keeper's end")
            self.open_gate(monitor)
            self.wait_for(monitor, OPENED, CLOSED)
            self.assertFalse((monitor.scene.etc / "began").exists())
        with self.gated() as monitor:
            self.at_the_gate(monitor)
            monitor.socket.close()
            self.open_gate(monitor)
            self.wait_for(monitor, OPENED, CLOSED)
            self.assertNotIn("may be left open", monitor.log_text())

    def test_killed_while_modules_hang_that_open_it(self):
        """They have --pam-timeout, and the log says what that may have left."""
        with Monitor(PERMITTED + "session required pam_exec.so {0}/hang\n", timeout=1) as monitor:
            for end in (lambda token: monitor.signal(token, KILL), monitor.release):
                token = monitor.spawn("/bin/true")
                wait_until(lambda: any(name_of(pid) == "sleep" for pid in children(monitor.process.pid)), "a module at work")
                end(token)
                self.expect_nothing_left(monitor)
            self.assertEqual(monitor.receive()[:2], (66, 1), "of the one that was released nothing is told")
            monitor.spawn("/bin/true", user="nobody-here")
            self.assertEqual(monitor.receive()[:2], (66, 3))
            self.assertEqual(monitor.log_text().count("a PAM session of alice may be left open: its process ended while the modules opened it"), 2)

    def test_sixty_four_that_are_slow_hold_up_no_log_ons_and_no_signals(self):
        """The commands behind them wait, in order; whoever is killed meanwhile waits no longer."""
        sessions = "session required pam_exec.so {0}/slow\n"
        with Monitor("auth required pam_unix.so nodelay\naccount required pam_permit.so\n" + sessions, timeout=60) as monitor:
            monitor.scene.script("slow", 'echo "$PAM_TYPE" >> $(dirname $0)/told; until [ -e $(dirname $0)/open ]; do sleep 0.2; done')
            slow = {monitor.spawn("/bin/true") for _ in range(64)}
            wait_until(lambda: len(monitor.lines()) == 64, "sessions that are being opened")
            killed, released, last = (monitor.spawn("/bin/true") for _ in range(3))
            monitor.log_on(*ALICE)
            self.assertEqual(monitor.answer(), (LET_IN, "alice", ""))
            monitor.signal(killed, KILL)
            kind, of, rest, _ = monitor.receive()
            self.assertEqual((kind, of, rest[8:]), (66, killed, b"wait for earlier commands"))
            monitor.release(released)
            (monitor.scene.etc / "open").touch()
            began = []
            while len(began) < 65:
                kind, token, _, descriptors = monitor.receive()
                self.assertIn(kind, (65, 67))
                if kind == 65:
                    began.append(token)
                    self.closed(descriptors)
            self.assertEqual(set(began), slow | {last})
            wait_until(lambda: len(monitor.lines()) == 130, "the end of each session")

    def test_modules_know_where_it_comes_from(self):
        with Monitor(PERMITTED + "session required pam_exec.so {0}/from\n") as monitor:
            monitor.scene.script("from", 'echo "$PAM_TYPE from ${PAM_RHOST-nowhere}" >> $(dirname $0)/told')
            for address in ("192.0.2.7", ""):
                monitor.spawn("/bin/true", address=address)
                self.closed(monitor.receive()[3])
                self.assertEqual(monitor.receive()[0], 67)
            wait_until(lambda: len(monitor.lines()) == 4, "both sessions")
            self.assertEqual(sorted(monitor.lines()), ["close_session from 192.0.2.7", "close_session from nowhere", "open_session from 192.0.2.7", "open_session from nowhere"])

    def test_a_session_whose_end_hangs(self):
        with Monitor(PERMITTED + "session required pam_exec.so {0}/hangs-at-the-end\n", timeout=1) as monitor:
            began = time.monotonic()
            token, _, _ = self.begun(monitor, "/bin/true")
            self.assertEqual(monitor.receive()[:2], (67, token))
            monitor.release(token)
            self.expect_nothing_left(monitor)
            self.assertGreater(time.monotonic() - began, 0.9)
            self.assertIn("the PAM session of alice was not closed: the modules did not answer in time (--pam-timeout)", monitor.log_text())
