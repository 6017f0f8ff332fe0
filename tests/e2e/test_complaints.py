"""What users of other tools complain about and no other test here covers: docs/complaints.md says which row each belongs to."""
import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from tests.e2e.client import Password, mullion, words
from tests.support.hostile import COMMAND, PEAK, Crowd, answer, attack, clear, fault, received, speaking, state, stream, usual
from tests.support.service import ADMIN, BUILD, DEADLINE, MULLION, Service, wait_until
from tests.support.simulate import Simulation

OPERATIONS = 0x803381A6  # The user's operations are used up; Windows counts them up only.
TIMED_OUT = 2150858793
BUSY, BROKEN_PIPE, TOO_LONG = 170, 109, 0x800700CE


def one(host, *options, timeout="20", command=COMMAND, way="bad"):
    """Runs a command on the one host of a crowd; its result, and the host."""
    with Crowd({way: host}) as crowd:
        ran = attack("run", crowd.url(way), *clear("--output", "jsonl", *options), "--timeout", timeout, "--", command)
        return crowd.results(ran)[way], crowd[way]


def at_first(times, said):
    """So many times that, and then what a good host says."""
    left = [times]

    def step(_, request):
        left[0] -= 1
        return said if left[0] >= 0 else usual(request)
    return step


def actions(host):
    return [request.action for request in host.requests]


class Shells(unittest.TestCase):
    def test_used_up_operations_cost_a_new_shell(self):
        """Row 8: the command runs once, in a second shell, and neither is left."""
        result, host = one(speaking(command=at_first(1, fault("used up", code=OPERATIONS))))
        self.assertEqual((result["status"], result["stdout"]), ("ok", "good\n"))
        self.assertEqual(actions(host), ["Create", "Command", "Delete", "Create", "Command", "Receive", "Signal", "Delete"])
        shells = [request.shell_id for request in host.requests]
        self.assertEqual(len(set(shells)), 2)

    def test_used_up_operations_for_good_are_a_quota_error(self):
        result, host = one(speaking(command=lambda *_: fault("used up", code=OPERATIONS)))
        self.assertEqual((result["status"], result["error"]["id"], result["error"]["wsman_code"]), ("refused", "wsman.quota", OPERATIONS))
        self.assertEqual(actions(host).count("Create"), actions(host).count("Delete"))

    def test_every_way_to_end_deletes_the_shell(self):
        """Rows 9 and 10: and a command that ended is signalled, one that did not is stopped."""
        ways = {
            "exit 0": speaking(), "exit 3": speaking(receive=lambda _, request: received(state("Done", "3", request.command_id))),
            "refused": speaking(command=lambda *_: fault("no", code=5)), "nonsense": speaking(receive="<x/>"), "no command": speaking(command="<x/>"),
            "no end": speaking(receive=lambda _, request: received(state("Running", None, request.command_id))),
            "a fault while it runs": speaking(receive=lambda *_: fault("no", code=5)),
            "a lost answer": speaking(receive=at_first(1, b"")), "Signal is refused": speaking(signal=lambda *_: fault("no", code=5)),
        }
        with Crowd(ways) as crowd:
            urls = ",".join(crowd.url(name) for name in ways)
            attack("run", urls, *clear("--forks", "20", "--output", "jsonl"), "--timeout", "3", "--", COMMAND)
            for name in ways:
                with self.subTest(name):
                    self.assertEqual(actions(crowd[name])[-1], "Delete")
                    self.assertEqual("Signal" in actions(crowd[name]), name != "refused")
                    self.assertLessEqual(crowd[name].commands, 1)

    def test_ctrl_c_deletes_the_shell(self):
        with Crowd({"bad": speaking(receive=lambda talk, _: talk.wait())}) as crowd, Password(ADMIN[1]) as file:
            child = subprocess.Popen([MULLION, "run", crowd.url("bad"), *clear(), "--password-file", file.path, "--", COMMAND], stdin=subprocess.DEVNULL,
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=file.descriptors)
            try:
                wait_until(lambda: "Receive" in actions(crowd["bad"]), "the command is waited for")
                child.send_signal(signal.SIGINT)
                self.assertEqual(child.wait(DEADLINE), 130)
            finally:
                child.kill()
                child.wait()
            self.assertIn("Signal", actions(crowd["bad"]))
            self.assertEqual(actions(crowd["bad"])[-1], "Delete")

    def test_a_run_uses_one_connection(self):
        """Row 27: not one for each message; Windows runs out of them."""
        _, host = one(speaking(receive=at_first(20, received(stream(b"x")))))
        self.assertEqual(host.connections, 1)


class Long(unittest.TestCase):
    def test_a_command_that_is_silent_for_many_operation_timeouts(self):
        """Row 16: what others report as an error after a minute is asked for again, with nothing lost."""
        result, host = one(speaking(receive=at_first(12, fault("timed out", code=TIMED_OUT))), timeout="60")
        self.assertEqual((result["status"], result["stdout"], result["output_complete"]), ("ok", "good\n", True))
        self.assertEqual(host.commands, 1)

    def test_a_read_timeout_that_is_too_short_is_refused(self):
        """Row 16: the reason of such errors elsewhere."""
        ran = mullion("run", "http://127.0.0.1:1", "-u", "x", "--operation-timeout", "60", "--read-timeout", "30", "--", COMMAND)
        self.assertEqual(ran.code, 5)
        self.assertIn("--read-timeout", ran.stderr)

    def test_a_line_that_is_too_long_for_the_host_says_what_to_do(self):
        """Row 19."""
        result, host = one(speaking(command=lambda *_: fault("too long", code=TOO_LONG)))
        self.assertEqual((result["status"], result["error"]["wsman_code"], host.commands), ("refused", TOO_LONG, 1))
        self.assertIn("--stdin", " ".join(result["error"]["advice"]))

    def test_a_script_of_a_megabyte(self):
        """Row 19: it goes in by standard input, and long lines go as they are where the host takes them."""
        with Service() as service:
            script = b"".join(b"echo line %d >/dev/null\n" % i for i in range(45_000)) + b"echo the end\n"
            self.assertGreater(len(script), 1_000_000)
            ran = mullion("run", *words(service, "--stdin", "-"), "--", "sh", stdin=script)
            self.assertEqual((ran.code, ran.stdout), (0, b"the end\n"), ran.stderr)
            ran = mullion("run", *words(service), "--", f"echo {'x' * 30_000} | wc -c")
            self.assertEqual((ran.code, ran.stdout.strip()), (0, b"30001"), ran.stderr)


class Text(unittest.TestCase):
    """Row 17."""
    TEXT = "Grüße 世界 🪟\n"

    def test_a_character_that_two_answers_share(self):
        pieces = [bytes([byte]) for byte in self.TEXT.encode()]

        def bytewise(talk, request):
            at = sum(other.action == "Receive" for other in talk.host.requests) - 1
            more = at + 1 < len(pieces)
            return received(stream(pieces[at], command_id=request.command_id), state("Running" if more else "Done", None if more else "0", request.command_id))
        for options, count in (((), 1), (("--output", "jsonl"), 2), ((), 2)):
            with self.subTest(options, hosts=count), Crowd({str(i): speaking(receive=bytewise) for i in range(count)}) as crowd:
                ran = attack("run", ",".join(crowd.url(name) for name in crowd.hosts), *clear(*options), "--timeout", "20", "--", COMMAND)
                if options:
                    self.assertEqual([json.loads(line)["stdout"] for line in ran.stdout.splitlines()], [self.TEXT] * count)
                elif count == 1:
                    self.assertEqual(ran.stdout.decode(), self.TEXT)
                else:
                    lines = [f"127.0.0.1:{host.port} | {self.TEXT[:-1]}" for host in crowd.hosts.values()]
                    self.assertEqual(sorted(ran.stdout.decode().splitlines()), sorted(lines))

    def test_the_shell_is_asked_for_utf8(self):
        _, host = one(speaking())
        self.assertIn(b"65001", host.requests[0].body)

    def test_the_command_goes_as_it_is(self):
        for text in ("echo Grüße 世界 🪟", "echo %PATH% $x \"q\" 'q' ^& \\"):
            with self.subTest(text):
                result, host = one(speaking(), command=text)
                self.assertEqual(result["status"], "ok")
                sent = host.requests[1].body.decode()
                for plain, escaped in (("&", "&amp;"), ("<", "&lt;")):
                    text = text.replace(plain, escaped)
                self.assertIn(text, sent.replace("&quot;", '"').replace("&apos;", "'"))


class Input(unittest.TestCase):
    """Row 28."""

    def go(self, **steps):
        with Crowd({"bad": speaking(**steps)}) as crowd, tempfile.NamedTemporaryFile() as file:
            file.write(b"row\n" * 100)
            file.flush()
            ran = attack("run", crowd.url("bad"), *clear("--output", "jsonl", "--stdin", file.name), "--timeout", "20", "--", COMMAND)
            return crowd.results(ran)["bad"], crowd["bad"]

    @staticmethod
    def when_all_was_sent(talk, request):
        done = any(b'End="true"' in other.body for other in talk.host.requests if other.action == "Send")
        return received(state("Done" if done else "Running", "0" if done else None, request.command_id))

    def test_a_busy_host_is_asked_again(self):
        result, host = self.go(send=at_first(3, fault("busy", code=BUSY)), receive=self.when_all_was_sent)
        self.assertEqual((result["status"], result["error"]), ("ok", None))
        sends = [request.body for request in host.requests if request.action == "Send"]
        self.assertGreater(len(sends), 3)

    def test_a_command_that_takes_no_more_is_no_error(self):
        result, _ = self.go(send=lambda *_: fault("The pipe has been ended", code=BROKEN_PIPE))
        self.assertEqual((result["status"], result["stdout"], result["error"]), ("ok", "good\n", None))


class Booting(unittest.TestCase):
    def test_a_host_that_boots_is_waited_for(self):
        """Row 29: 503 while the service starts, and then its answer."""
        busy = answer(b"", status="503 Service Unavailable")
        result, host = one(speaking(create=at_first(3, busy)), "--wait-for", "20", timeout="40")
        self.assertEqual((result["status"], host.commands), ("ok", 1))
        result, host = one(speaking(create=at_first(3, busy)))
        self.assertEqual((result["error"]["id"], actions(host)), ("http.busy", ["Create"]))


class Blips(unittest.TestCase):
    def test_a_connection_that_breaks_while_a_command_runs(self):
        """Row 15: its output is asked for on a new one; the command is not."""
        breaks = [3]

        def breaking(talk, request):
            breaks[0] -= 1
            if breaks[0] >= 0:
                talk.reset()
                return None
            return usual(request)
        result, host = one(speaking(receive=breaking))
        self.assertEqual((result["status"], result["exit_code"], result["output_complete"], host.commands), ("ok", 0, False, 1))
        self.assertGreater(host.connections, 3)


class OneBinary(unittest.TestCase):
    def test_ntlm_needs_nothing_that_is_installed_beside(self):
        """Row 32: with no GSSAPI mechanism configured at all."""
        with Service() as service:
            for transport in ("ntlm", "negotiate"):
                ran = mullion("run", *words(service, transport=transport), "--", "echo in", environment={"GSS_MECH_CONFIG": "/dev/null"})
                self.assertEqual((ran.code, ran.stdout), (0, b"in\n"), ran.stderr)


class Memory(unittest.TestCase):
    def test_five_thousand_commands_in_one_process_take_no_more_than_five_hundred(self):
        """Row 26: one shell, one connection."""
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "password").write_text(ADMIN[1])
        fleet = "hosts:\n  - {name: pane, address: 127.0.0.1}\nanswers:\n  - {command: c, stdout: \"0123456789abcdef\", size: 1024, newlines: as_is}\n"
        with Simulation(fleet, address="127.0.0.1", schemes=("http",)) as simulated:
            url = f"http://127.0.0.1:{simulated.ports['http']}"
            most = {}
            for count in (500, 5_000):
                told, tell = os.pipe()
                done = subprocess.run([sys.executable, "-I", "-S", PEAK, str(tell), BUILD / "examples/hold_a_shell", url, ADMIN[0], folder / "password", "-", *["c"] * count],
                                      stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, pass_fds=(tell,), timeout=120)
                os.close(tell)
                with open(told, "rb") as pipe:
                    most[count] = int(pipe.read())
                self.assertEqual((done.returncode, done.stderr.count(b"round trips: ")), (0, count), done.stderr[-500:])
        self.assertLess(most[5_000] - most[500], 1024, f"KiB: {most}")


if __name__ == "__main__":
    unittest.main()
