"""What the operator sees and types: passwords, the progress line, Ctrl-C."""
import json
import os
import re
import signal
import unittest

from tests.support.service import ADMIN, MULLION, Service, wait_until
from tests.support.terminal import Terminal

HOSTS = [f"127.0.0.{number}" for number in range(1, 4)]


def screen(shown):
    """The lines that are left: after a return or an erasure, what stood there before is gone."""
    return [re.sub(rb"^.*(?:\r(?!$)|\x1b\[K)", b"", line.rstrip(b"\r")) for line in shown.split(b"\n")]


class WithHosts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service(listen=[f"http://{host}:0" for host in HOSTS]))
        cls.targets = [re.sub(r"^http://|/.*$", "", url) for url in cls.service.urls]

    def open(self, *words, **how):
        return self.enterContext(Terminal(MULLION, *words, **how))

    def words(self, *options, targets=None):
        return ["run", ",".join(self.targets if targets is None else targets), "-u", ADMIN[0], "--scheme", "http", "--transport", "ntlm", *options]

    def inventory(self, passwords):
        """Hosts named h0, h1 …; those of `passwords` that are None have none of their own."""
        path = self.service.folder / f"hosts-{len(os.listdir(self.service.folder))}.ini"
        lines = []
        for i, (target, password) in enumerate(zip(self.targets, passwords)):
            host, port = target.split(":")
            own = "" if password is None else f" ansible_password={json.dumps(password)}"
            lines.append(f"h{i} ansible_host={host} ansible_port={port}{own}\n")
        common = f"[all:vars]\nansible_user={ADMIN[0]}\nansible_winrm_scheme=http\nansible_winrm_transport=ntlm\n"
        path.write_text("".join(lines) + common)
        return path

    def folder(self, name):
        folder = self.service.folder / name
        folder.mkdir(mode=0o777)
        os.chmod(folder, 0o777)
        return folder


class Passwords(WithHosts):
    def test_is_asked_for_once_for_all_hosts(self):
        for option in ([], ["-k"]):
            with self.subTest(option):
                terminal = self.open(*self.words(*option), "--", "echo out")
                terminal.read(b": ")
                self.assertFalse(terminal.echoes())
                terminal.type(ADMIN[1].encode() + b"\n")
                shown = terminal.read()
                self.assertEqual(terminal.wait(), 0, shown)
                self.assertEqual((shown.count(b"Password"), shown.count(b" | out")), (1, len(HOSTS)))
                self.assertNotIn(ADMIN[1].encode(), shown)

    def test_is_asked_for_when_a_later_host_lacks_one(self):
        terminal = self.open("run", "all", "-i", self.inventory([ADMIN[1], None, None]), "--progress", "always", "--", "echo out")
        shown = terminal.read(b"own: ")
        self.assertIn(b"Password for h1 and other hosts without one of their own: ", screen(shown)[-1])
        terminal.type(ADMIN[1].encode() + b"\n")
        shown = terminal.read()
        self.assertEqual((terminal.wait(), shown.count(b"Password"), shown.count(b" | out")), (0, 1, len(HOSTS)), shown)

    def test_a_name_in_the_question_cannot_steer_the_terminal(self):
        path = self.service.folder / "steering.yml"
        path.write_text('all: {hosts: {"a\\e]0;title\\a": {ansible_user: me, ansible_host: h}, other: {ansible_user: me}}}\n')
        terminal = self.open("run", "all", "-i", path, "--", "echo out")
        shown = terminal.read(b"own: ")
        terminal.type(b"\x03")
        self.assertIn(b"Password for a\\x1b]0;title\\x07 and other hosts", shown)
        self.assertEqual((terminal.wait(), terminal.shown.count(b"\x1b")), (130, 0))

    def test_is_not_asked_for_when_every_host_has_one(self):
        terminal = self.open("run", "all", "-i", self.inventory([ADMIN[1]] * 3), "--", "echo out")
        self.assertNotIn(b"Password", terminal.read())
        self.assertEqual(terminal.wait(), 0)

    def test_a_flag_wins_over_the_hosts_own(self):
        terminal = self.open("run", "all", "-i", self.inventory(["wrong"] * 3), "-k", "--", "echo out")
        terminal.read(b": ")
        terminal.type(ADMIN[1].encode() + b"\n")
        terminal.read()
        self.assertEqual(terminal.wait(), 0, terminal.shown)

    def test_ctrl_c_at_the_question_ends_everything(self):
        for passwords in ([None] * 3, [ADMIN[1], None, None], [None, ADMIN[1], ADMIN[1]]):
            with self.subTest(passwords):
                terminal = self.open("run", "all", "-i", self.inventory(passwords), "--", "echo out")
                terminal.read(b": ")
                terminal.type(b"\x03")
                shown = terminal.read()
                self.assertEqual((terminal.wait(), terminal.echoes()), (130, True), shown)
                self.assertEqual(shown.count(b"Password"), 1)


    def test_a_signal_at_the_first_question_leaves_the_terminal_as_it_was(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(number):
                terminal = self.open(*self.words(), "--", "echo out")
                terminal.read(b": ")
                self.assertFalse(terminal.echoes())
                terminal.process.send_signal(number)
                terminal.read()
                self.assertEqual((terminal.wait(), terminal.echoes()), (-number, True), terminal.shown)

    def test_sigterm_at_a_later_question_ends_everything(self):
        terminal = self.open("run", "all", "-i", self.inventory([ADMIN[1], None, None]), "--", "echo out")
        terminal.read(b"own: ")
        terminal.process.send_signal(signal.SIGTERM)
        terminal.read()
        self.assertEqual((terminal.wait(), terminal.echoes()), (130, True), terminal.shown)


class Progress(WithHosts):
    def start(self, name, *options, **how):
        folder = self.folder(name)
        password = self.service.folder / f"{name}-password"
        password.write_text(ADMIN[1])
        self.addCleanup(password.unlink)
        command = f"echo before; echo $$ > {folder}/$$; while [ ! -e {folder}/go ]; do :; done; printf 'no end'; exit 3"
        return folder, self.open(*self.words("--password-file", password, *options), "--", command, **how)

    def test_is_one_line_below_the_output_and_gone_at_the_end(self):
        folder, terminal = self.start("together")
        shown = terminal.read(b"0/3 done, 3 running, 0 failed")
        self.assertIn(b"0/3 done, 3 running, 0 failed", screen(shown)[-1])
        (folder / "go").touch()
        lines = screen(terminal.read())
        self.assertEqual(terminal.wait(), 2)
        self.assertEqual(sorted(line for line in lines if b" | " in line),
                         sorted(f"{host} | {text}".encode() for host in self.targets for text in ("before", "no end")))
        self.assertFalse([line for line in lines if b"running" in line], lines)
        self.assertRegex(lines[-2], rb"^3 hosts: 3 failed in [\d.]+ s$")
        self.assertEqual(lines[-1], b"")

    def test_is_cut_where_the_terminal_ends(self):
        folder, terminal = self.start("narrow", columns=20)
        terminal.read(b"\x1b[K0/3 done")
        (folder / "go").touch()
        self.assertNotIn(b"running, ", terminal.read())

    def test_is_not_shown_when_it_is_not_wanted(self):
        folder, terminal = self.start("never", "--progress", "never")
        (folder / "go").touch()
        self.assertNotIn(b"running", terminal.read())

    def test_is_gone_when_a_second_ctrl_c_ends_the_process(self):
        folder, terminal = self.start("twice")
        terminal.read(b"0/3 done, 3 running")
        # The hosts cannot be told to stop any more: only the second one can end it.
        for pid in self.service.processes:
            os.kill(pid, signal.SIGSTOP)
        try:
            for _ in range(2):
                os.kill(terminal.process.pid, signal.SIGINT)
                wait_until(lambda: terminal.process.poll() is not None or not interrupt_pending(terminal.process.pid), "it is seen")
            shown = terminal.read()
            self.assertEqual(terminal.wait(), 130)
        finally:
            for pid in self.service.processes:
                os.kill(pid, signal.SIGCONT)
        self.assertNotIn(b"running", screen(shown)[-1])
        (folder / "go").touch()


def interrupt_pending(pid):
    with open(f"/proc/{pid}/status") as file:
        return int(re.search(r"ShdPnd:\s+([0-9a-f]+)", file.read())[1], 16) >> (signal.SIGINT - 1) & 1


if __name__ == "__main__":
    unittest.main()
