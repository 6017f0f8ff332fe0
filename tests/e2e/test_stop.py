"""How things end before they are done: Ctrl-C, --timeout, a service that goes away."""
import os
import resource
import signal
import socket
import subprocess
import unittest
import uuid

from tests.e2e.client import Password, mullion, start, words
from tests.support.service import ADMIN, DEADLINE, MULLION, Service, alive, children, wait_until


class Marked:
    """A command that can be found in the process list, and that says when it runs."""

    def __init__(self):
        self.mark = f"mullion-{uuid.uuid4().hex}"
        self.command = f": {self.mark}; echo started; sh -c ': {self.mark}; while :; do read nothing < /dev/zero; done'; echo never"

    def processes(self):
        found = []
        for pid in os.listdir("/proc"):
            if pid.isdigit():
                try:
                    with open(f"/proc/{pid}/cmdline", "rb") as file:
                        line = file.read()
                except OSError:
                    continue
                if self.mark.encode() in line and b"\0run\0" not in line and alive(int(pid)):
                    found.append(int(pid))
        return found

    def gone(self):
        return not self.processes()


class Ends(unittest.TestCase):
    def setUp(self):
        self.service = self.enterContext(Service())
        self.marked = Marked()

    def started(self, *options):
        child = start("run", *words(self.service, *options), "--", self.marked.command)
        self.addCleanup(self.put_away, child)
        self.assertEqual(child.stdout.readline(), b"started\n")
        wait_until(lambda: len(self.marked.processes()) >= 2, "the command and its child run")
        return child

    @staticmethod
    def put_away(child):
        if child.poll() is None:
            child.kill()
        child.communicate()

    def test_run_interrupted__ctrl_c_stops_the_command_and_exits_130(self):
        child = self.started()
        child.send_signal(signal.SIGINT)
        self.assertEqual(child.wait(DEADLINE), 130)
        wait_until(self.marked.gone, "the command's whole process group is gone")
        self.assertIn(b"interrupted", child.stderr.read())

    def test_run_interrupted__json_still_gives_the_one_object(self):
        # Output is only told at the end here, so the process list says when it runs.
        child = start("run", *words(self.service, "--output", "jsonl"), "--", self.marked.command)
        self.addCleanup(self.put_away, child)
        wait_until(lambda: len(self.marked.processes()) >= 2, "the command runs")
        child.send_signal(signal.SIGINT)
        out, _ = child.communicate(timeout=DEADLINE)
        self.assertEqual((child.returncode, out.count(b"\n")), (130, 1))
        self.assertIn(b'"run.interrupted"', out)
        wait_until(self.marked.gone, "the command is gone")

    def test_sigterm_is_as_ctrl_c(self):
        child = self.started()
        child.send_signal(signal.SIGTERM)
        self.assertNotEqual(child.wait(DEADLINE), 0)
        wait_until(self.marked.gone, "the command is gone")

    def test_a_closed_terminal_is_as_ctrl_c(self):
        """It says so itself, and its shell once more: the second time is no impatience."""
        child = start("run", *words(self.service, "--output", "jsonl"), "--", self.marked.command)
        self.addCleanup(self.put_away, child)
        wait_until(lambda: len(self.marked.processes()) >= 2, "the command runs")
        child.send_signal(signal.SIGHUP)
        child.send_signal(signal.SIGHUP)
        out, _ = child.communicate(timeout=DEADLINE)
        self.assertEqual((child.returncode, out.count(b"\n")), (130, 1))
        self.assertIn(b'"run.interrupted"', out)
        wait_until(self.marked.gone, "the command is gone")

    def test_what_is_ignored_from_the_start_stays_ignored(self):
        """nohup, and what a script puts into the background."""
        before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGHUP, signal.SIGINT)}
        try:
            child = start("run", *words(self.service, "--stdin", "-"), "--", "echo started; cat")
        finally:
            for number, action in before.items():
                signal.signal(number, action)
        self.addCleanup(self.put_away, child)
        self.assertEqual(child.stdout.readline(), b"started\n")
        child.send_signal(signal.SIGHUP)
        child.send_signal(signal.SIGINT)
        out, _ = child.communicate(b"still here\n", timeout=DEADLINE)
        self.assertEqual((child.returncode, out), (0, b"still here\n"))

    def test_a_file_that_may_not_grow_is_an_error_and_not_the_end(self):
        """ulimit -f: its signal would end the client, and leave the command running on the host."""
        output = self.service.folder / "output"
        command = [str(MULLION), "run", *words(self.service), "--", "seq 1 20000; " + self.marked.command]
        with Password(ADMIN[1]) as file, open(output, "wb") as into:
            child = subprocess.Popen([*command[:2], "--password-file", file.path, *command[2:]], stdin=subprocess.DEVNULL, stdout=into, stderr=subprocess.PIPE,
                                     pass_fds=file.descriptors, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)))
        self.addCleanup(self.put_away, child)
        _, errors = child.communicate(timeout=DEADLINE)
        self.assertGreater(child.returncode, 0, "a signal ended it")
        self.assertIn(b"File too large", errors)
        self.assertEqual(output.stat().st_size, 4096)
        wait_until(self.marked.gone, "the command is gone")

    def test_timeout_stops_the_command_and_says_so(self):
        ran = mullion("run", *words(self.service, "--timeout", "2", "--output", "json"), "--", self.marked.command)
        self.assertEqual((ran.code, ran.host["status"], ran.host["error"]["id"], ran.host["stdout"]),
                         (4, "timed_out", "run.timeout", "started\n"))
        wait_until(self.marked.gone, "the command is gone")

    def test_no_shell_stays_behind(self):
        child = self.started()
        child.send_signal(signal.SIGINT)
        self.assertEqual(child.wait(DEADLINE), 130)
        self.assertNotIn(b"could not be confirmed", child.stderr.read())

    def test_sigterm_of_the_service_ends_shells_and_both_processes(self):
        child = self.started("--output", "text")
        family = [self.service.process.pid, *children(self.service.process.pid)]
        self.assertEqual(self.service.stop(), 0)
        self.assertEqual(child.wait(60), 4)
        wait_until(self.marked.gone, "the command is gone")
        wait_until(lambda: not [pid for pid in family if alive(pid)], "monitor and network process are gone")

    def test_killed_network_process_takes_monitor_and_commands_along(self):
        child = self.started("--output", "text", "--read-timeout", "10", "--operation-timeout", "5")
        family = [self.service.process.pid, *children(self.service.process.pid)]
        os.kill(self.network_process(), signal.SIGKILL)
        # It is asked again for a minute: a host that restarts its WinRM service goes on where it was.
        self.assertEqual(child.wait(90), 4, "the client hangs after its host died")
        errors = child.stderr.read().decode()
        self.assertRegex(errors, r"\[(run\.unknown|net\.(closed|refused|read_timeout))\]")
        wait_until(self.marked.gone, "commands end with the service")
        wait_until(lambda: not [pid for pid in family if alive(pid)], "monitor and network process are gone")

    def network_process(self):
        """Which of the two it is, by name: who is no root cannot look at their descriptors, and should not."""
        family = [self.service.process.pid, *children(self.service.process.pid)]
        names = {}
        for pid in family:
            with open(f"/proc/{pid}/comm") as file:
                names[pid] = file.read().strip()
        found = [pid for pid, name in names.items() if name == "mullion-service"]
        self.assertEqual(len(found), 1, names)
        return found[0]


class Rights(unittest.TestCase):
    @unittest.skipUnless(os.geteuid() == 0, "needs root: only root gives rights up")
    def test_only_the_monitor_and_its_keeper_keep_root(self):
        with Service() as service:
            roots = {}
            for pid in [service.process.pid, *children(service.process.pid)]:
                with open(f"/proc/{pid}/status") as file:
                    status = dict(line.split(":", 1) for line in file)
                if "0" in status["Uid"].split():
                    roots[status["Name"].strip()] = pid
            self.assertEqual(set(roots), {"mullion-monitor", "mullion-keeper"})
            # The keeper hears nobody: of what it holds open nothing is a socket.
            held = [os.readlink(f"/proc/{roots['mullion-keeper']}/fd/{one}") for one in os.listdir(f"/proc/{roots['mullion-keeper']}/fd")]
            self.assertFalse([name for name in held if name.startswith("socket:")], held)


class Address(unittest.TestCase):
    def test_star_binds_both_families(self):
        with Service(listen=["http://*:0"]) as service:
            port = service.port("http")
            for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
                with self.subTest(address), socket.socket(family) as probe:
                    probe.settimeout(DEADLINE)
                    probe.connect((address, port))


if __name__ == "__main__":
    unittest.main()
