"""The PAM session that each command of a shell runs in (mullion serve --pam)."""
import os
import signal
import unittest

from tests.e2e.client import mullion, start, words
from tests.support import pam as scenes
from tests.support import soap
from tests.support.pam import ALICE, UNIX, PamService, name_of
from tests.support.service import ADMIN, alive, children, wait_until
from tests.support.winrm import WinRM

# pam_exec writes what happens; pam_limits and pam_env have files of the test.
LOGGED = UNIX.replace("session required pam_permit.so\n", """session required pam_exec.so {0}/tell
session required pam_limits.so conf={0}/limits.conf
session required pam_env.so conffile={0}/pam_env.conf envfile={0}/environment readenv=1
""")
SCRIPTS = {"tell": 'echo "$PAM_TYPE $PAM_USER $PAM_SERVICE $PAM_TTY $(id -u)" >> $(dirname $0)/told'}
OPENED, CLOSED = (f"{what}_session alice {scenes.PAM_SERVICE} winrm 0" for what in ("open", "close"))
# An account of the service whose commands run as alice, and one that is nobody's.
MAPPED = ("mapped", "m4pped Passw0rd")
HANGS = UNIX.replace("session required pam_permit.so", "session required pam_exec.so {0}/hang")


def setUpModule():
    why = scenes.missing()
    if why:
        raise unittest.SkipTest(why)


def serve(pam=LOGGED, scripts=None, **more):
    service = PamService(pam, {**SCRIPTS, **(scripts or {})}, accounts=[(*ADMIN, ["--admin"]), (*MAPPED, ["--admin", "--as", "alice"])], **more)
    service.write("limits.conf", "alice hard nofile 321\nalice soft nofile 123\nalice hard fsize 1000\n")
    service.write("pam_env.conf", "FROM_PAM DEFAULT=pams\nBOTH DEFAULT=pams\n")
    service.write("environment", "PATH=/opt/of-pam:/usr/bin:/bin\n")
    return service


class SessionCase(unittest.TestCase):
    def run_as(self, service, command, *more, account=MAPPED, transport="ntlm", scheme="http"):
        return mullion("run", *words(service, *more, transport=transport, scheme=scheme, user=account[0]), "--", command, password=account[1])

    def told(self, service):
        path = service.etc / "told"
        return path.read_text().splitlines() if path.exists() else []

    def wait_for(self, service, *expected):
        wait_until(lambda: self.told(service) == list(expected) or len(self.told(service)) > len(expected), f"{expected}")
        self.assertEqual(self.told(service), list(expected))

    def hold(self, service, command="echo ready; exec cat", account=MAPPED, ready=b"ready\n"):
        """A command that runs until its input ends."""
        client = start("run", *words(service, user=account[0]), "--stdin", "-", "--", command, password=account[1])
        self.addCleanup(self.end, client)
        self.assertEqual(client.stdout.readline(), ready)
        return client

    def end(self, client):
        client.kill()
        client.communicate()

    def command_of(self, service, name="cat"):
        return wait_until(lambda: [pid for pid in children(service.processes[0]) if name_of(pid) == name], f"{name} among the processes")[0]


class Sessions(SessionCase):
    def setUp(self):
        self.service = self.enterContext(serve())

    def test_is_opened_before_the_command_and_closed_after_it(self):
        client = self.hold(self.service)
        self.assertEqual(self.told(self.service), [OPENED])
        self.assertEqual(len(self.service.talks()), 1)
        client.communicate(b"", timeout=60)
        self.assertEqual(client.returncode, 0)
        self.wait_for(self.service, OPENED, CLOSED)
        wait_until(lambda: not self.service.talks(), "the process that held the session")

    def test_of_who_came_in_by_pam_as_well(self):
        done = self.run_as(self.service, "id -un", account=ALICE, transport="basic", scheme="https")
        self.assertEqual(done.stdout, b"alice\n")
        self.wait_for(self.service, OPENED, CLOSED)

    def test_modules_know_the_clients_address(self):
        self.service.script("tell", 'echo "$PAM_TYPE from $PAM_RHOST" >> $(dirname $0)/told')
        self.assertEqual(self.run_as(self.service, "echo fine").stdout, b"fine\n")
        self.wait_for(self.service, "open_session from 127.0.0.1", "close_session from 127.0.0.1")

    def test_environment(self):
        """PAM's over what stands there anyway, the client's over PAM's."""
        done = self.run_as(self.service, "echo $FROM_PAM $BOTH $HOME $PATH", "--env", "BOTH=clients")
        self.assertRegex(done.stdout.decode(), r"^pams clients /tmp /opt/of-pam:/usr/bin:/bin:\S+/commands\n$")

    def test_limits_groups_and_nothing_of_root(self):
        done = self.run_as(self.service, "ulimit -Hn; ulimit -Sn; ulimit -Hf; id -u; id -G; grep -E '^(Uid|CapEff|CapPrm):' /proc/self/status; umask; ls /proc/self/fd")
        lines = done.stdout.decode().split("\n")
        self.assertEqual(lines[:5], ["321", "123", "2000", "23001", "23001 23100"])
        self.assertEqual(lines[5:8], ["Uid:\t23001\t23001\t23001\t23001", "CapPrm:\t0000000000000000", "CapEff:\t0000000000000000"])
        self.assertEqual(lines[8], "0022")
        self.assertEqual(lines[9:13], ["0", "1", "2", "3"])  # 3 is the folder that ls looks into.

    def test_exit_codes_and_signals_are_the_commands_own(self):
        self.assertEqual(self.run_as(self.service, "exit 7").code, 2)
        self.assertIn(b"137", self.run_as(self.service, "sh -c 'kill -9 $$'; echo $?").stdout)
        with WinRM(self.service.port("http"), account=MAPPED) as client:
            shell = soap.shell_of(client.ask(soap.create())[1])
            one = "AAAAAAAA-0000-0000-0000-000000000001"
            self.assertEqual(client.ask(soap.command(shell, "trap 'echo interrupted; exit 3' INT; echo ready; while :; do sleep 0.1; done", command_id=one))[0], 200)
            output = b""
            while b"ready" not in output:
                output += soap.output_of(client.ask(soap.receive(shell, one))[1])
            self.assertEqual(client.ask(soap.signal(shell, one, "ctrl_c"))[0], 200)
            done, code = False, None
            while not done:
                answer = client.ask(soap.receive(shell, one))[1]
                output, done, code = output + soap.output_of(answer), soap.is_done(answer), soap.exit_code_of(answer)
            self.assertEqual((output, int(code)), (b"ready\ninterrupted\n", 3))

    def test_a_killed_command(self):
        self.hold(self.service)
        os.kill(self.command_of(self.service), signal.SIGKILL)
        self.wait_for(self.service, OPENED, CLOSED)

    def test_a_command_that_cannot_begin(self):
        done = self.run_as(self.service, "true", "--cwd", "/no/such/folder")
        self.assertEqual(done.code, 4, done)
        self.assertIn("directory name is invalid", done.stderr)
        self.wait_for(self.service, OPENED, CLOSED)

    def test_a_killed_client_and_an_ended_service(self):
        with WinRM(self.service.port("http"), account=MAPPED) as client:
            shell = soap.shell_of(client.ask(soap.create())[1])
            self.assertEqual(client.ask(soap.command(shell, "sleep 1000"))[0], 200)
            self.wait_for(self.service, OPENED)
            self.assertEqual(client.ask(soap.delete(shell))[0], 200)
            self.wait_for(self.service, OPENED, CLOSED)
        self.hold(self.service)
        self.service.stop()
        self.wait_for(self.service, OPENED, CLOSED, OPENED, CLOSED)

    def test_a_killed_monitor(self):
        """What it was about to close is closed all the same."""
        self.hold(self.service)
        holder, command = self.service.talks()[0], self.command_of(self.service)
        monitor = next(pid for pid in children(self.service.processes[0]) if name_of(pid) == "mullion-monitor")
        os.kill(monitor, signal.SIGKILL)
        self.wait_for(self.service, OPENED, CLOSED)
        wait_until(lambda: not alive(command) and not alive(holder), "the command and its session are gone")

    def test_a_killed_holder(self):
        """Then nobody can close the session; the command goes on, and the log says so."""
        client = self.hold(self.service)
        os.kill(self.service.talks()[0], signal.SIGKILL)
        out, _ = client.communicate(b"more\n", timeout=60)
        self.assertEqual((client.returncode, out), (0, b"more\n"))
        wait_until(lambda: "the PAM session of alice was not closed: signal 9 ended its process" in self.service.log.read_text(), "the line of it")

    def test_the_environment_of_the_service_is_not_the_commands(self):
        done = self.run_as(self.service, "env | cut -d= -f1 | sort | tr '\\n' ' '")
        self.assertEqual(set(done.stdout.decode().split()) - {"PWD", "SHLVL", "_", "OLDPWD"},
                         {"HOME", "USER", "LOGNAME", "SHELL", "PATH", "LANG", "FROM_PAM", "BOTH"})


class Refused(SessionCase):
    def expect_refused(self, service, reason):
        done = self.run_as(service, "echo never")
        self.assertEqual(done.code, 4, done)
        self.assertNotIn(b"never", done.stdout)
        self.assertIn("PAM refused a session; the service's log says why", done.stderr)
        self.assertRegex(service.log.read_text(), f"warning could not start a command: open the PAM session: {reason}")
        wait_until(lambda: not service.talks(), "processes that talk to PAM")

    def test_a_session_that_is_refused(self):
        with serve(UNIX.replace("session required pam_permit.so", "session required pam_deny.so")) as service:
            self.expect_refused(service, "pam_open_session: Cannot make/remove an entry for the specified session")
            # The next one is let in: nothing is left of the first.
            service.set_pam(UNIX)
            self.assertEqual(self.run_as(service, "echo fine").stdout, b"fine\n")

    def test_an_account_that_has_expired_since(self):
        with serve(UNIX) as service:
            shadow = (service.etc / "shadow").read_text().splitlines()
            # In the same file: it is what is mounted.
            with open(service.etc / "shadow", "w") as file:
                file.write("\n".join(line.rsplit(":", 2)[0] + ":1:" if line.startswith("alice:") else line for line in shadow) + "\n")
            self.expect_refused(service, "pam_acct_mgmt: User account has expired")

    def test_modules_that_hang(self):
        with serve(HANGS, {"hang": "sleep 1000 & sleep 1000"}, timeout=1) as service:
            self.expect_refused(service, r"the modules did not answer in time \(--pam-timeout\)")
            self.assertEqual([pid for pid in children(service.processes[0]) if name_of(pid) in ("hang", "sleep")], [])

    def test_modules_that_crash(self):
        with serve(HANGS, {"hang": "kill -SEGV $PPID"}) as service:
            self.expect_refused(service, "a module ended or crashed the process")

    def test_an_environment_without_end(self):
        with serve(LOGGED) as service:
            service.write("environment", "".join(f"V{number}=x\n" for number in range(300)))
            self.expect_refused(service, "the modules set too large an environment|PAM cannot be asked: the modules set too large an environment")
            self.wait_for(service, OPENED, CLOSED)

    def test_a_session_whose_end_hangs(self):
        """The command's end is told at once; the session's own is waited for, and no longer than --pam-timeout."""
        with serve(HANGS, {"hang": '[ "$PAM_TYPE" = open_session ] || sleep 1000'}, timeout=1) as service:
            self.assertEqual(self.run_as(service, "echo fine").stdout, b"fine\n")
            wait_until(lambda: "the PAM session of alice was not closed: the modules did not answer in time (--pam-timeout)" in service.log.read_text(),
                       "the line of it")
            wait_until(lambda: not service.talks(), "the process that held the session")
