"""`mullion simulate` as its users run it: the example fleets, faults at every step as our client sees them, counts, files that are wrong."""
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests.e2e.client import mullion
from tests.e2e.error_table import ROWS
from tests.support.sanitizer import is_sanitized
from tests.support.service import BUILD, ADMIN, DEADLINE, LOGS, MULLION, ROOT, read_line, wait_until

EXAMPLE_PASSWORD = "Passw0rd!"
FLEETS = ROOT / "examples/fleets"
HEAD = f"version: 1\naccounts: [{{user: {ADMIN[0]}, password: {json.dumps(ADMIN[1])}}}]\n"


class Fleet:
    """A fleet's file, or its text; with a listener of each URL of `listen`."""

    def __init__(self, fleet, *options, listen=("http://0.0.0.0:0", "https://0.0.0.0:0")):
        self.folder = Path(tempfile.mkdtemp(prefix="mullion-fleet-"))
        self.counts_file, self.log = self.folder / "counts.json", self.folder / "log"
        file = fleet
        if isinstance(fleet, str):
            file = self.folder / "fleet.yml"
            file.write_text(HEAD + fleet)
        self.words = [str(MULLION), "simulate", str(file), "--counts", str(self.counts_file), *options]
        for url in listen:
            self.words += ["--listen", url]
        self.process = None

    def __enter__(self):
        try:
            with open(self.log, "wb") as log:
                self.process = subprocess.Popen(self.words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log)
            line = read_line(self.process.stdout, self.process)
            if line is None:
                raise AssertionError(f"mullion simulate said nothing; its log:\n{self.log.read_text()[-4000:]}")
            self.ready = json.loads(line)
        except BaseException:
            self.__exit__(True, None, None)
            raise
        self.ca = self.ready["ca"]
        self.ports = [int(re.search(r":(\d+)/", url[6:])[1]) for url in self.ready["listening"]]
        return self

    def __exit__(self, failed, *_):
        self.stop()
        if failed and self.log.exists():
            LOGS.mkdir(parents=True, exist_ok=True)
            shutil.copy(self.log, LOGS / f"simulate-{self.folder.name}.log")
        shutil.rmtree(self.folder, ignore_errors=True)

    def stop(self):
        """The exit status; the counts are in counts_file then."""
        if not self.process:
            return None
        process, self.process = self.process, None
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError("mullion simulate did not end after SIGTERM")
        finally:
            process.stdout.close()
        return process.returncode

    def counts(self):
        os.kill(self.process.pid, signal.SIGUSR1)
        return json.loads(read_line(self.process.stdout, self.process))

    def run(self, address, command, *options, scheme="http", transport="ntlm", password=ADMIN[1], user=ADMIN[0], **more):
        """One command on one host, as the client's JSON object."""
        url = f"{scheme}://{address}:{self.ports[0 if scheme == 'http' else 1]}/wsman"
        trust = ["--ca-file", self.ca] if scheme == "https" else []
        ran = mullion("run", url, "-u", user, "--transport", transport, "--output", "json", *trust, *options, "--", command,
                      password=password, **more)
        self.last = ran
        return ran.host if ran.stdout else None


class LeftBehind(unittest.TestCase):
    def test_an_authority_of_one_that_was_killed_goes_with_the_next(self):
        """In a temporary folder of their own: the file that clients trust is there while its simulation lives, and no longer than until the next."""
        with tempfile.TemporaryDirectory(prefix="mullion-test-") as folder:
            fleet = Path(folder) / "fleet.yml"
            fleet.write_text(HEAD + "listeners: [{address: 127.0.0.1, port: 0, scheme: https}]\nhosts: [{name: one}]\n")
            temporary = Path(folder) / "tmp"
            temporary.mkdir()
            (temporary / "mullion-simulate-folder").mkdir()  # Somebody else's.

            def begin():
                process = subprocess.Popen([MULLION, "simulate", fleet], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                           env={**os.environ, "TMPDIR": str(temporary)})
                self.addCleanup(process.stdout.close)
                return process, Path(json.loads(read_line(process.stdout, process))["ca"])

            def end(process, number):
                process.send_signal(number)
                process.wait(DEADLINE)

            killed, left = begin()
            lives, kept = begin()
            end(killed, signal.SIGKILL)
            self.assertTrue(left.exists())
            last, own = begin()
            self.assertEqual({path.name for path in temporary.iterdir()}, {kept.name, own.name, "mullion-simulate-folder"})
            self.assertIn("BEGIN CERTIFICATE", kept.read_text())
            end(lives, signal.SIGTERM)
            end(last, signal.SIGTERM)
            self.assertEqual([path.name for path in temporary.iterdir()], ["mullion-simulate-folder"])


class Examples(unittest.TestCase):
    def test_windows(self):
        """What the page shows."""
        with Fleet(FLEETS / "windows.yml") as fleet:
            def out(command, *options, address="127.1.1.7", **more):
                host = fleet.run(address, command, *options, password=EXAMPLE_PASSWORD, **more)
                self.assertEqual(host["status"], "ok", host)
                return host["stdout"]
            self.assertEqual(out("hostname"), "web07\r\n")
            self.assertEqual(out("ver"), "\r\nMicrosoft Windows [Version 10.0.20348.2113]\r\n")
            self.assertEqual(out("ver", address="127.1.2.1"), "\r\nMicrosoft Windows [Version 6.1.7601]\r\n")
            self.assertEqual(out("whoami"), "web07\\administrator\r\n")
            self.assertIn("IPv4 Address. . . . . . . . . . . : 127.1.1.7(Preferred)\r\n", out("ipconfig /all"))
            self.assertIn("Host Name:                 win01\r\n", out("SYSTEMINFO", address="127.1.0.1", scheme="https", transport="basic"))
            self.assertIn("<DIR>          Windows\r\n", out("dir"))
            self.assertEqual(out("echo a  b"), "a  b\r\n")
            self.assertNotIn("\n", out("systeminfo").replace("\r\n", ""))
            self.assertEqual(fleet.run("127.1.1.7", "exit 3", password=EXAMPLE_PASSWORD)["exit_code"], 3)
            missing = fleet.run("127.1.1.7", "nothing-like-it /x", password=EXAMPLE_PASSWORD)
            self.assertEqual(missing["exit_code"], 1)
            self.assertEqual(missing["stderr"], "'nothing-like-it' is not recognized as an internal or external command,\r\n"
                                                "operable program or batch file.\r\n")
            guest = fleet.run("127.1.0.1", "ver", user="guest", password="guest")
            self.assertEqual(guest["error"]["id"], "wsman.access_denied")
            wrong = fleet.run("127.1.0.1", "ver", password="wrong")
            self.assertEqual(wrong["error"]["id"], "auth.rejected")

    def test_ten_thousand_hosts_cost_little_while_nobody_speaks_to_them(self):
        with Fleet(FLEETS / "ten-thousand.yml") as fleet:
            self.assertEqual(fleet.ready["hosts"], 10000)
            for address, name in (("127.2.0.1", "host00001"), ("127.2.39.16", "host10000")):
                host = fleet.run(address, "hostname", password=EXAMPLE_PASSWORD)
                self.assertEqual(host["stdout"], name + "\r\n")
            resident = int(re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{fleet.process.pid}/status").read_text())[1])
            if not is_sanitized(BUILD):  # Whose memory is mostly the sanitizer's.
                self.assertLess(resident, 64 * 1024)
            self.assertEqual(sorted(fleet.counts()["hosts"]), ["host00001", "host10000"])

    def test_faults(self):
        """Each host of the example misbehaves as its name says, and our client says so."""
        expected = {
            "127.1.0.1": ("ok", None), "127.1.0.2": ("unreachable", "net.read_timeout"), "127.1.0.3": ("unknown", "run.unknown"),
            # Our client chooses CommandId itself, so it can ask for the output of what it does not know to run.
            "127.1.0.4": ("ok", None), "127.1.0.7": ("refused", "wsman.quota"), "127.1.0.11": ("ok", None),
        }
        with Fleet(FLEETS / "faults.yml") as fleet:
            for address, (status, error_id) in expected.items():
                with self.subTest(address):
                    host = fleet.run(address, "hostname", "--read-timeout", "4", "--operation-timeout", "2", password=EXAMPLE_PASSWORD)
                    self.assertEqual(host["status"], status, host)
                    self.assertEqual((host["error"] or {}).get("id"), error_id, host)
            totals = fleet.counts()["totals"]
            self.assertLessEqual(totals["most_executions_of_a_command"], 1)


STEPS = """\
hosts: [{name: h, address: 127.1.0.1}]
answers:
  - {command: hostname, stdout: "{host}\\n"}
  - {command: cat, stdin: echo}
faults: [{STEP}]
"""


class FaultsAtSteps(unittest.TestCase):
    def outcome(self, step, what, command="hostname", options=(), **more):
        with Fleet(STEPS.replace("STEP", f"step: {step}, {what}"), listen=("http://127.1.0.1:0",)) as fleet:
            host = fleet.run("127.1.0.1", command, "--read-timeout", "4", "--operation-timeout", "2", *options, **more)
            counts = fleet.counts()
        self.assertGreaterEqual(counts["totals"]["faults"], 1)
        self.assertEqual(counts["repeated_commands"], [])
        self.assertLessEqual(counts["totals"]["executions"], 1)
        return host, counts["totals"]

    def test_drop_at_each_step(self):
        for step, status, executions in (("connect", "unreachable", 0), ("handshake", "unreachable", 0), ("create", None, 0),
                                         ("command", "unknown", 0), ("signal", "ok", 1), ("delete", "ok", 1)):
            with self.subTest(step):
                host, totals = self.outcome(step, "do: drop")
                self.assertEqual(totals["executions"], executions)
                if status:
                    self.assertEqual(host["status"], status, host)

    def test_drop_after_the_command_began(self):
        host, totals = self.outcome("command", "do: drop, when: after")
        self.assertEqual((host["status"], host["stdout"]), ("ok", "h\r\n"))
        self.assertEqual((totals["executions"], totals["steps"]["command"]), (1, 1))

    def test_http_status_at_each_step(self):
        host, _ = self.outcome("handshake", "do: http, status: 503")
        self.assertEqual(host["error"]["id"], "http.busy")
        host, totals = self.outcome("create", "do: http, status: 500")
        self.assertEqual(host["error"]["http_status"], 500)
        self.assertEqual(totals["shells_opened"], 0)

    def test_quota_fault(self):
        host, _ = self.outcome("create", "do: fault, code: 0x803381A5")
        self.assertEqual((host["status"], host["error"]["id"], host["error"]["wsman_code"]), ("refused", "wsman.quota", 0x803381A5))

    def test_garbled_answers(self):
        host, _ = self.outcome("create", "do: garble")
        self.assertEqual(host["error"]["id"], "wsman.malformed")

    def test_an_answer_to_another_request(self):
        host, _ = self.outcome("create", "do: wrong_relates_to")
        self.assertEqual(host["error"]["id"], "wsman.mismatch")

    def test_a_body_that_is_cut(self):
        host, totals = self.outcome("command", "do: truncate, bytes: 50")
        self.assertEqual(host["status"], "ok")
        self.assertEqual(totals["executions"], 1)

    def test_slow_bytes_and_delays_are_only_slow(self):
        for what in ("do: slow, bytes: 100, pause: 1ms", "do: delay, for: 50ms", "do: stall, for: 50ms, when: after"):
            with self.subTest(what):
                host, _ = self.outcome("receive", what)
                self.assertEqual((host["status"], host["stdout"]), ("ok", "h\r\n"), host)

    def test_input_that_is_lost(self):
        host, _ = self.outcome("send", "do: http, status: 500", command="cat", options=("--stdin", "-"), stdin=b"hello\n")
        self.assertEqual(host["error"]["id"], "run.input", host)


class Protocol(unittest.TestCase):
    def test_hosts_of_listeners(self):
        """Told apart by port, where there is only one address; over IPv6 as well."""
        fleet = ("hosts: [{name: a}, {name: b, address: 127.1.0.2}]\nanswers: [{command: hostname, stdout: '{host}'}]\n"
                 "listeners:\n  - {address: 127.0.0.1, port: 0, host: b}\n  - {address: 127.0.0.1, port: 0}\n  - {address: '::1', port: 0, scheme: https}\n")
        with Fleet(fleet, listen=()) as running:
            self.assertEqual(running.run("127.0.0.1", "hostname")["stdout"], "b")
            running.ports[0] = running.ports[1]
            self.assertEqual(running.run("127.0.0.1", "hostname")["stdout"], "a")
            running.ports[1] = running.ports[2]
            self.assertEqual(running.run("[::1]", "hostname", scheme="https")["stdout"], "a")

    def test_a_quick_command_costs_one_receive_and_a_slow_one_two(self):
        fleet = ("hosts: [{name: quick, address: 127.1.0.1}, {name: slow, address: 127.1.0.2}]\n"
                 "answers: [{command: quick, stdout: x}, {command: slow, stdout: x, delay: 60ms}]\n")
        with Fleet(fleet) as running:
            running.run("127.1.0.1", "quick")
            running.run("127.1.0.2", "slow")
            hosts = running.counts()["hosts"]
        self.assertEqual(hosts["quick"]["steps"]["receive"], 1)
        self.assertEqual(hosts["slow"]["steps"]["receive"], 2)
        # Two of the handshake (the third goes with Create), and one for each verb.
        self.assertEqual(hosts["quick"]["requests_per_connection"], [6] if hosts["quick"]["steps"]["handshake"] == 1 else [7])
        self.assertEqual((hosts["quick"]["shells_opened"], hosts["quick"]["shells_open"]), (1, 0))

    def test_large_output_arrives_whole(self):
        fleet = "hosts: [{name: h, address: 127.1.0.1}]\nanswers: [{command: big, stdout: \"0123456789abcde\\n\", size: 3MB, newlines: as_is}]\n"
        with Fleet(fleet) as running:
            out = running.run("127.1.0.1", "big")["stdout"]
        self.assertEqual(out, "0123456789abcde\n" * 187500)

    def test_max_connections(self):
        fleet = "hosts: [{name: h, address: 127.1.0.1, settings: {Service/MaxConnections: 1}}]\nanswers: [{command: wait, delay: never}]\n"
        with Fleet(fleet) as running:
            waiting = subprocess.Popen(["bash", "-c", f"exec 3<>/dev/tcp/127.1.0.1/{running.ports[0]} && echo open && read -u 3"],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            self.addCleanup(waiting.stdout.close)
            self.addCleanup(waiting.stdin.close)
            self.addCleanup(waiting.wait)
            self.addCleanup(waiting.kill)
            self.assertEqual(waiting.stdout.readline(), b"open\n")
            wait_until(lambda: running.counts()["totals"]["connections"] == 1, "the first connection is taken")
            host = running.run("127.1.0.1", "wait")
            self.assertEqual(host["error"]["id"], "net.closed")
            self.assertGreaterEqual(running.counts()["totals"]["connections_refused"], 1)

    def test_switches_of_log_on(self):
        fleet = ("hosts:\n  - {name: a, address: 127.1.0.1, settings: {Service/Auth/Negotiate: false, Service/Auth/Basic: true}}\n"
                 "  - {name: b, address: 127.1.0.2, settings: {Service/AllowUnencrypted: true, Service/Auth/Basic: true}}\n"
                 "answers: [{command: hostname, stdout: '{host}'}]\n")
        with Fleet(fleet) as running:
            self.assertEqual(running.run("127.1.0.1", "hostname", scheme="https", transport="basic")["stdout"], "a")
            self.assertEqual(running.run("127.1.0.1", "hostname", scheme="https")["error"]["id"], "auth.not_offered")
            self.assertEqual(running.run("127.1.0.2", "hostname", "--allow-unencrypted", transport="basic")["stdout"], "b")

    def test_the_counts_can_be_asked_for_as_soon_as_it_is_ready(self):
        with Fleet("hosts: [{name: h, address: 127.1.0.1}]\n") as running:
            self.assertEqual(running.counts()["totals"]["requests"], 0)

    def test_the_counts_are_written_at_the_end(self):
        fleet = "hosts: [{name: h, address: 127.1.0.1}]\nanswers: [{command: hostname, stdout: '{host}'}]\n"
        with Fleet(fleet) as running:
            running.run("127.1.0.1", "hostname")
            authority = Path(running.ca)
            self.assertTrue(authority.exists())
            self.assertEqual(running.stop(), 0)
            self.assertFalse(authority.exists())
            counts = json.loads(running.counts_file.read_text())
        self.assertEqual(counts["totals"]["executions"], 1)
        self.assertEqual(list(counts["hosts"]["h"]["executions_by_command_id"].values()), [1])


class Files(unittest.TestCase):
    def check(self, text, *options):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="mullion-test-")))
        file = folder / "fleet.yml"
        file.write_text(text)
        done = subprocess.run([MULLION, "simulate", str(file), *options], stdin=subprocess.DEVNULL, capture_output=True, timeout=DEADLINE)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def test_simulate_invalid(self):
        code, _, errors = self.check(HEAD + "hosts:\n  - {name: a, adress: 127.0.0.1}\n")
        self.assertEqual(code, ROWS["simulate.invalid"].exit_code)
        self.assertIn("[simulate.invalid]", errors)
        self.assertIn("fleet.yml: line 4: adress is not a key of a host; did you mean address?", errors)

    def test_check_only_reads(self):
        code, out, _ = self.check(HEAD + "hosts: [{name: 'web[1:7]', address: 127.1.0.1}]\nfaults: [{step: create, do: drop}]\n", "--check")
        self.assertEqual(code, 0)
        self.assertIn("7 hosts, 1 listeners, 1 faults", out)
        code, _, errors = self.check("version: 1\n", "--check")
        self.assertEqual(code, 5, errors)

    def test_a_file_that_is_not_there(self):
        done = subprocess.run([MULLION, "simulate", "/nowhere/fleet.yml"], stdin=subprocess.DEVNULL, capture_output=True, timeout=DEADLINE)
        self.assertEqual(done.returncode, 5)
        self.assertIn(b"[usage.file]", done.stderr)


if __name__ == "__main__":
    unittest.main()
