"""`winrs` against our service: its switches, Ctrl-C, standard input, exit codes."""
import json
import os
import signal
import subprocess
import unittest
from pathlib import Path

from tests.e2e.bad_servers import closed_port
from tests.e2e.namesakes import WINRS, run, with_password
from tests.support.service import ADMIN, DEADLINE, MULLION, Service, read_line, wait_until
from tests.support.simulate import Simulation
from tests.support.terminal import Terminal

USER = f"-u:{ADMIN[0]}"
PASSWORD = f"-p:{ADMIN[1]}"


class WithService(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service(["Service/Auth/Basic=true"]))
        cls.remote = f"-r:{cls.service.http}"

    def winrs(self, *words, **how):
        return with_password(WINRS, self.remote, USER, *words, **how)

    def output(self, *words, **how):
        ran = self.winrs(*words, **how)
        self.assertEqual((ran.code, ran.stderr), (0, ""))
        return ran.stdout.decode()

    def started(self, *words, stdin=subprocess.DEVNULL):
        return subprocess.Popen([str(WINRS), self.remote, USER, PASSWORD, *words], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


class Lines(WithService):
    def test_of_the_document(self):
        # winrs -r:http://server:5985/wsman -u:Username -p:Password ipconfig
        ran = run(WINRS, self.remote, USER, PASSWORD, "echo", "over http")
        self.assertEqual((ran.code, ran.stdout), (0, b"over http\n"), ran.stderr)
        # winrs -r:https://server:5986/wsman -u:Username -p:Password -ssl ipconfig
        words = [f"-r:{self.service.https}", USER, PASSWORD, "-ssl", "echo", "over https"]
        ran = run(WINRS, f"--ca-file={self.service.ca}", *words)
        self.assertEqual((ran.code, ran.stdout), (0, b"over https\n"), ran.stderr)
        # "The command will fail if the certificate is not verifiable."
        ran = run(WINRS, *words)
        self.assertEqual((ran.code, ran.stdout), (255, b""))
        self.assertIn("[tls.untrusted]", ran.stderr)

    def test_as_a_command_of_mullion(self):
        ran = run(MULLION, "winrs", self.remote, USER, PASSWORD, "echo", "a")
        self.assertEqual((ran.code, ran.stdout), (0, b"a\n"), ran.stderr)

    def test_slashes_and_whole_names(self):
        self.assertEqual(self.output("/noprofile", "/environment:A=1", "/d:/", "echo $A; pwd"), "1\n/\n")


class Switches(WithService):
    def test_environment_and_directory(self):
        self.assertEqual(self.output("-env:A=one two", "-env:B=x=y", "-env:A=3", "-d:/tmp", 'echo "$A|$B"; pwd'), "3|x=y\n/tmp\n")

    def test_the_commands_own_switches_are_its_own(self):
        self.assertEqual(self.output("echo", "-p:mine", "/s", "--ca-file=x"), "-p:mine /s --ca-file=x\n")

    def test_exit_codes(self):
        for code in (0, 1, 3, 255):
            self.assertEqual(self.winrs(f"exit {code}").code, code)

    def test_both_streams(self):
        ran = self.winrs("echo out; echo err >&2")
        self.assertEqual((ran.code, ran.stdout, ran.stderr), (0, b"out\n", "err\n"))

    def test_switches_that_change_nothing_say_so(self):
        ran = self.winrs("-t:10", "-comp", "echo a")
        self.assertEqual((ran.code, ran.stdout), (0, b"a\n"))
        self.assertIn("-timeout is deprecated", ran.stderr)
        self.assertIn("-compression has no effect", ran.stderr)

    def test_unencrypted_is_what_it_says(self):
        # The service wants messages sealed, and these are not.
        ran = self.winrs("-un", "echo a")
        self.assertEqual((ran.code, ran.stdout), (255, b""))
        self.assertIn("[auth.encryption_required]", ran.stderr)

    def test_delegation_without_a_ticket_says_that_it_does_nothing(self):
        for options in ((), ("--transport=ntlm",)):
            ran = self.winrs("-ad", *options, "echo a")
            self.assertEqual((ran.code, ran.stdout), (0, b"a\n"))
            self.assertIn("winrs: warning: -allowdelegate hands nothing over here", ran.stderr)

    def test_a_path_begins_the_command(self):
        self.assertEqual(self.output("/bin/echo", "-p:mine", "--ca-file=x"), "-p:mine --ca-file=x\n")
        self.assertEqual(self.output("--", "/bin/echo", "x"), "x\n")

    def test_wrong_words(self):
        for words, said in ((["-colour:red", "dir"], "Unrecognized switch"), (["-r:h"], "No command is given"), (["-r:", "dir"], "needs a value"),
                            (["-env:A", "dir"], "NAME=VALUE"), (["-t:x", "dir"], "number of seconds"), (["--port=x", "dir"], "--port"),
                            (["/echo", "x"], "Unrecognized switch"), (["-certificate:x", "-r:h", "dir"], "--transport=certificate --client-cert=FILE"),
                            (["-a:certificate", "-r:h", "dir"], "--transport=LIST"), (["--grant=a:read", "-r:h", "dir"], "options of winrm configSDDL"),
                            (["-r:h", "-u:a", "-p:b", "--password-file=/dev/null", "dir"], "both give the password")):
            ran = run(WINRS, *words)
            self.assertEqual((ran.code, ran.stdout), (1, b""), words)
            self.assertIn(said, ran.stderr)
        for words in ([], ["-?"], ["/?"]):
            ran = run(WINRS, *words)
            self.assertEqual(ran.code, 0)
            self.assertIn(b"Usage: winrs", ran.stdout)

    def test_a_variable_that_is_not_taken_is_named(self):
        ran = self.winrs("-env:LD_PRELOAD=x", "-env:A=1", "echo a")
        self.assertEqual((ran.code, ran.stdout), (255, b""))
        self.assertIn("does not take LD_PRELOAD from a client", ran.stderr)
        self.assertNotIn("administrator", ran.stderr)

    def test_who_does_not_log_on_at_the_machine_is_told_as_whom_it_would_run(self):
        if os.geteuid() != 0:
            self.skipTest("only root is refused: others run commands as themselves")
        ran = run(WINRS, f"--state={self.service.state}", "id")
        self.assertEqual((ran.code, ran.stdout), (255, b""))
        self.assertIn("Nobody logged on: without -username the command would run as whoever asks here", ran.stderr)
        self.assertNotIn("administrator", ran.stderr)

    def test_failures_to_reach_the_host(self):
        ran = self.winrs("echo a", password="wrong")
        self.assertEqual((ran.code, ran.stdout), (255, b""))
        self.assertRegex(ran.stderr, r"^Winrs error:.*\[auth\.rejected\]")
        with closed_port() as port:
            ran = with_password(WINRS, f"-r:127.0.0.1:{port}", USER, "echo a")
        self.assertEqual(ran.code, 255)
        self.assertIn("[net.refused]", ran.stderr)
        ran = run(WINRS, self.remote, USER, "echo a")
        self.assertEqual(ran.code, 255)
        self.assertIn("[usage.password_missing]", ran.stderr)


class Input(WithService):
    def test_is_forwarded_to_its_end(self):
        self.assertEqual(self.output("sort", stdin=b"b\na\n"), "a\nb\n")
        block = os.urandom(300_000).hex().encode()
        self.assertEqual(self.output("cat", stdin=block).encode(), block)

    def test_comes_as_it_is_typed(self):
        with self.started('read a; echo "got $a"; read b; echo "then $b"', stdin=subprocess.PIPE) as process:
            for said, answer in ((b"one\n", "got one\n"), (b"two\n", "then two\n")):
                process.stdin.write(said)
                process.stdin.flush()
                self.assertEqual(read_line(process.stdout, process), answer)
            self.assertEqual(process.wait(DEADLINE), 0)
            process.stdin.close()

    def test_is_not_shown_where_that_is_wanted(self):
        for switch, echoes in (("-noe", False), ("-nop", True)):
            with Terminal(WINRS, self.remote, USER, PASSWORD, switch, "echo ready; read a; echo got $a") as terminal:
                terminal.read(b"ready")
                self.assertEqual(terminal.echoes(), echoes)
                terminal.type(b"word\n")
                terminal.read(b"got word")
                self.assertEqual(terminal.wait(), 0)
                self.assertTrue(terminal.echoes())


class Signals(WithService):
    def test_ctrl_c_is_the_commands(self):
        with self.started('trap "echo caught; exit 7" INT; echo ready; while :; do sleep 0.05; done') as process:
            self.assertEqual(read_line(process.stdout, process), "ready\n")
            process.send_signal(signal.SIGINT)
            self.assertEqual(read_line(process.stdout, process), "caught\n")
            self.assertEqual(process.wait(DEADLINE), 7)

    def test_ctrl_c_reaches_it_while_input_is_open(self):
        with self.started('trap "echo caught; exit 7" INT; echo ready; while read a; do :; done', stdin=subprocess.PIPE) as process:
            process.stdin.write(b"word\n")
            process.stdin.flush()
            self.assertEqual(read_line(process.stdout, process), "ready\n")
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(DEADLINE), 7)
            process.stdin.close()

    def test_a_second_one_ends_us(self):
        with self.started('trap "echo caught" INT; echo ready; while :; do sleep 0.05; done') as process:
            self.assertEqual(read_line(process.stdout, process), "ready\n")
            process.send_signal(signal.SIGINT)
            self.assertEqual(read_line(process.stdout, process), "caught\n")
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(DEADLINE), 130)

    def test_sigterm_ends_the_command_too(self):
        with self.started('trap "" INT; echo $$; while :; do sleep 0.05; done') as process:
            pid = int(read_line(process.stdout, process))
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(DEADLINE), 130)
        wait_until(lambda: not Path(f"/proc/{pid}").exists(), "the command's end")


class Secrets(WithService):
    def test_a_password_is_gone_from_the_process_list_at_once(self):
        with self.started("echo ready; cat", stdin=subprocess.PIPE) as process:
            self.assertEqual(read_line(process.stdout, process), "ready\n")
            listed = Path(f"/proc/{process.pid}/cmdline").read_bytes()
            process.stdin.close()
            self.assertEqual(process.wait(DEADLINE), 0)
            said = process.stderr.read().decode()
        self.assertIn(b"echo ready", listed)
        self.assertNotIn(ADMIN[1].encode(), listed)
        self.assertRegex(said, "^winrs: warning: the password stood on the command line")
        self.assertNotIn(ADMIN[1], said)


class ExitCodes(unittest.TestCase):
    def test_of_32_bits_keep_the_low_8_and_stay_failures(self):
        codes = {0: 0, 5: 5, 256: 255, 258: 2, 0xC0000000: 255, 0xC000013A: 0x3A, 0xFFFFFFFF: 255}
        answers = [{"command": f"give {code}", "exit_code": code} for code in codes]
        with Simulation(f"hosts:\n  - {{name: one, address: 127.0.0.1}}\nanswers: {json.dumps(answers)}\n") as fleet:
            for code, status in codes.items():
                ran = with_password(WINRS, f"-r:http://127.0.0.1:{fleet.ports['http']}/wsman", USER, f"give {code}")
                self.assertEqual((ran.code, ran.stderr), (status, ""), hex(code))
