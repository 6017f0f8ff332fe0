"""Commands made to break the monitor, which is root where the service is: each runs as its user or is a fault, and it goes on."""
import ctypes
import os
import unittest

from tests.faults.targets import OnService
from tests.support import soap
from tests.support.service import Service
from tests.support.watch import descriptors, monitor, network_process
from tests.support.winrm import WinRM

FILE_NOT_FOUND, TOO_LONG, DIRECTORY, DENIED, INVALID, SCHEMA, INVALID_XML = 0x80070002, 0x800700CE, 0x8007010B, 0x80070005, 0x57, 0x80338041, 0x80338043
# keyctl and add_key: syscall numbers by machine; there is no tool for them everywhere.
KEYCTL = {"x86_64": (250, 248), "aarch64": (219, 217)}.get(os.uname().machine)
JOIN_SESSION, SEARCH, SESSION = 1, 10, -3
DIRECT = [("WINRS_SKIP_CMD_SHELL", "TRUE")]


class Commands(OnService):
    def setUp(self):
        super().setUp()
        self.before = (monitor(self.target.service), network_process(self.target.service))
        self.client = self.enterContext(WinRM(self.target.tls, self.target.ca))

    def tearDown(self):
        self.target.watch.settled()
        self.target.serves(self)
        self.assertEqual((monitor(self.target.service), network_process(self.target.service)), self.before)
        self.assertLess(descriptors(self.before[0]), 40)
        self.target.memory_within(self, 160, 32)

    def run_in(self, line, options=(), **shell):
        """Output and exit code, or the fault's code."""
        status, xml = self.client.ask(soap.create(**shell))
        if status != 200:
            return soap.code_of(xml)
        opened = soap.shell_of(xml)
        try:
            status, xml = self.client.ask(soap.command(opened, line, options=options))
            return self.client.collect(opened, soap.value_of(xml, "CommandId")) if status == 200 else soap.code_of(xml)
        finally:
            self.client.well(soap.delete(opened))

    def test_environments(self):
        big = "v" * 100_000
        for environment, wanted in {
            (("LD_PRELOAD", "/tmp/x.so"),): DENIED, (("LD_LIBRARY_PATH", "/tmp"), ("ld_preload", "x")): DENIED, (("A=B", "c"),): INVALID, (("", "c"),): None,
            (("PATH", ""),): (b"ok\n", 0), (("IFS", "/"),): (b"ok\n", 0), (("ENV", "/etc/passwd"),): (b"ok\n", 0), (("BASH_ENV", "/etc/passwd"),): (b"ok\n", 0),
            (("X", "a\nb\tc"),): (b"ok\n", 0), (("X\n", "y"),): (b"ok\n", 0), (("X", "\u00e9\U0001f600"),): (b"ok\n", 0), (("BASH_FUNC_echo%%", "() { exit 9; }"),): (b"ok\n", 0),
            tuple((f"V{n}", big) for n in range(4)): "any", tuple((f"V{n}", "x") for n in range(256)): "any", tuple((f"V{n}", "x") for n in range(257)): INVALID,
            (("X", "v" * 200_000),): "any", (("N" * 100_000, "v"),): "any",
        }.items():
            with self.subTest(str(environment)[:60]):
                found = self.run_in("echo ok", environment=environment)
                if wanted is None:
                    self.assertIsInstance(found, int)  # No name at all.
                elif wanted == "any":
                    self.assertTrue(isinstance(found, int) or found == (b"ok\n", 0), found)
                else:
                    self.assertEqual(found, wanted)

    def test_command_lines(self):
        for line in ("x" * 130_000, "echo " + "y " * 60_000, "true; " * 20_000, "exit 3 #" + "z" * 400_000):
            with self.subTest(line[:20]):
                found = self.run_in(line)
                self.assertTrue(isinstance(found, int) or isinstance(found[1], int))
        self.assertEqual(self.run_in("printf '\\000\\001\\377'"), (b"\0\1\xff", 0))
        self.assertEqual(self.run_in("exec 0<&- 1>&- 2>&-; exit 4"), (b"", 4))
        self.assertEqual(self.run_in("kill -9 $$"), (b"", 137))
        self.assertEqual(self.run_in("(kill -STOP $$; kill -CONT $$) & wait; exit 6")[1], 6)
        self.assertEqual(self.run_in("ulimit -n 3; true")[1], 0)

    def test_programs_without_a_shell(self):
        for line, wanted in {"/nonexistent": FILE_NOT_FOUND, "nonexistent": FILE_NOT_FOUND, "/etc/passwd": DENIED, "/": DENIED, "/etc/passwd/x": FILE_NOT_FOUND, ".": "any",
                             "../../../../etc/passwd": "any", "x" * 5000: "any", "\u00e9": FILE_NOT_FOUND, "-c": FILE_NOT_FOUND, "": "any"}.items():
            with self.subTest(line[:30]):
                found = self.run_in(line, DIRECT)
                if wanted == "any":
                    self.assertIsInstance(found, int)
                else:
                    self.assertEqual(found, wanted)

    def test_what_a_command_inherits(self):
        """Three pipes, and nothing of the service: no descriptor, no variable, no ignored or blocked signal."""
        out, _ = self.run_in("ls /proc/self/fd | wc -l; cat /proc/self/environ | tr '\\0' '\\n' | cut -d= -f1 | sort | tr '\\n' ' '; echo; grep -E '^Sig(Blk|Ign)' /proc/self/status")
        lines = out.decode().splitlines()
        self.assertEqual(lines[0], "4")  # Standard ones, and ls's own.
        self.assertEqual(set(lines[1].split()) - {"PWD", "OLDPWD", "SHLVL", "_"}, {"HOME", "LANG", "LOGNAME", "PATH", "SHELL", "USER"})
        self.assertEqual([int(line.split()[1], 16) for line in lines[2:]], [0, 0])


class AnotherUsersService(unittest.TestCase):
    @unittest.skipUnless(os.geteuid() == 0, "only root can give the network process a user of its own")
    def test_commands_cannot_signal_those_above_them(self):
        """The two processes by their ids, each with a signal that would be noticed."""
        with Service(options=["--run-as", "daemon"]) as service, WinRM(service.port("http")) as client:
            for pid in (monitor(service), network_process(service)):
                self.assertIn("not permitted", client.run(f"kill -TERM {pid} 2>&1")[0].decode())
            self.assertEqual(client.run("echo served"), (b"served\n", 0))

    @unittest.skipUnless(os.geteuid() == 0 and KEYCTL, "needs root, and the numbers of this machine's system calls")
    def test_commands_have_no_keys_of_whoever_started_the_service(self):
        """A log-on's session keyring, in which a Kerberos cache may be: possessing it is enough to read it."""
        keyctl, add_key = KEYCTL
        call = ctypes.CDLL(None).syscall
        call(keyctl, JOIN_SESSION, b"log-on")  # This process's own from here on.
        if call(add_key, b"user", b"operators", b"secret", 6, SESSION) < 0:
            self.skipTest("the kernel has no keyrings, or forbids them here")
        find = f'import ctypes; print(ctypes.CDLL(None).syscall({keyctl}, {SEARCH}, {SESSION}, b"user", b"operators", 0))'
        with Service() as service, WinRM(service.port("http")) as client:
            self.assertEqual(client.run(f"/usr/bin/python3 -c '{find}'"), (b"-1\n", 0))


if __name__ == "__main__":
    unittest.main()
