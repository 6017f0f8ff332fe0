"""Linux users who log on by Basic, whose passwords PAM checks (mullion serve --pam)."""
import os
import pwd
import signal
import subprocess
import unittest
from concurrent.futures import ThreadPoolExecutor

from tests.e2e.client import mullion, words
from tests.e2e.test_service_logons import Log
from tests.support import pam as scenes
from tests.support import soap
from tests.support.canary import account_forms, files, in_memory, processes, search
from tests.support.pam import ALICE, BOB, CAROL, DAVE, ROOT, UIDS, UNIX, PamService
from tests.support.raw_http import Raw
from tests.support.service import ADMIN, MULLION, Service, alive, children, wait_until
from tests.support.winrm import WinRM, basic

KIND = ("Content-Type", soap.SOAP_TYPE)
WRONG = "not-the-Passw0rd"


def setUpModule():
    why = scenes.missing()
    if why:
        raise unittest.SkipTest(why)


def knock(service, account):
    """The status of one request by Basic."""
    with Raw(service.port("https"), service.ca) as raw:
        answer = raw.ask(soap.IDENTIFY.encode(), [KIND, ("Authorization", basic(account))])
        return answer.status


class PamCase(unittest.TestCase):
    def run_as(self, service, account, command="id -un; id -u", *more, password=None):
        return mullion("run", *words(service, *more, scheme="https", transport="basic", user=account[0]), "--", command, password=password or account[1])

    def expect_refused(self, service, account, reason, scheme=r"Basic \(PAM\)", name=None):
        """A 401 and no word more; the reason is in the log."""
        log = Log(service)
        self.assertEqual(knock(service, account), 401)
        lines = wait_until(log.lines, "a line of the log-on")
        self.assertRegex(lines[0], f'^warning logon refused from 127.0.0.1: "{name or account[0]}" by {scheme}: {reason}(; answered after .*)?$')
        self.assertEqual(len(lines), 1)
        self.assertNotIn(account[1] or WRONG, service.log.read_text())

    def expect_quiet(self, service):
        """No process of a conversation is left, and no zombie."""
        wait_until(lambda: not service.talks(), "processes that talk to PAM")


class Passwords(PamCase):
    """By pam_unix, with a shadow file of the test's."""

    @classmethod
    def setUpClass(cls):
        accounts = [(*ADMIN, ["--admin"]), ("bob", "bobs 0wn Passw0rd", ["--admin"]), ("byhand", None, ["--pam", "--admin", "--as", "alice"])]
        cls.service = cls.enterClassContext(PamService(accounts=accounts))

    def test_the_right_one(self):
        log = Log(self.service)
        done = self.run_as(self.service, ALICE)
        self.assertEqual(done.stdout, b"alice\n23001\n", done)
        self.assertRegex(log.lines()[0], r'^info logon from 127.0.0.1: "Unix User\\alice" by Basic \(PAM\)(; answered after .*)?$')
        for spelling in ("WORKGROUP\\alice", "alice@example.test"):
            # Clients of ours send no name of a domain by Basic.
            log = Log(self.service)
            self.assertEqual(knock(self.service, (spelling, ALICE[1])), 200, spelling)
            self.assertRegex(wait_until(log.lines, "a line of the log-on")[0], r'^info logon from 127.0.0.1: "Unix User\\alice" by Basic \(PAM\)(; answered after .*)?$')
        self.expect_quiet(self.service)

    def test_a_wrong_one_and_nobody(self):
        self.expect_refused(self.service, ("alice", WRONG), "pam_authenticate: Authentication failure")
        self.expect_refused(self.service, ("nobody-at-all", WRONG), "pam_authenticate: (Authentication failure|User not known to the underlying authentication module)")
        self.expect_refused(self.service, ("-alice", WRONG), "PAM: no Linux user has such a name.*")
        self.expect_refused(self.service, ("alice", "x" * 600), "PAM: the password has over 511 bytes")
        self.expect_refused(self.service, ("alice", ""), "PAM: the password is empty")
        self.assertEqual(knock(self.service, ALICE), 200)
        self.expect_quiet(self.service)

    def test_what_has_expired_is_told_apart_in_the_log_alone(self):
        right = "the password is right, and the account or it has expired: pam_acct_mgmt: "
        self.expect_refused(self.service, CAROL, right + "User account has expired")
        self.expect_refused(self.service, DAVE, right + "Authentication token is no longer valid; new one required")

    def test_an_account_of_ones_own_wins(self):
        self.expect_refused(self.service, BOB, "basic: unknown user or wrong password", scheme="Basic")
        self.assertEqual(self.run_as(self.service, ("bob", "bobs 0wn Passw0rd")).stdout, b"nobody\n65534\n")

    def test_an_account_whose_password_pam_knows(self):
        self.assertEqual(self.run_as(self.service, ("byhand", ALICE[1])).stdout, b"alice\n23001\n")
        self.expect_refused(self.service, ("byhand", WRONG), "pam_authenticate: Authentication failure")
        listed = subprocess.run([MULLION, "user", "list", "--state", self.service.state], capture_output=True, text=True, check=True).stdout
        self.assertRegex(listed, r"(?m)^byhand  administrator  as alice .*  password by PAM$")
        self.assertRegex(listed, r"(?m)^bob  administrator  as nobody  \S+$")

    def test_ntlm_and_credssp_are_told_why_not(self):
        for user in ("alice", "byhand"):
            log = Log(self.service)
            mullion("ping", *words(self.service, transport="ntlm", user=user), password=ALICE[1])
            self.assertRegex(wait_until(log.lines, "a line of the log-on")[0],
                             rf"ntlm: unknown user: {user}; Linux users come in by Basic \(--pam\): PAM cannot check what NTLM sends")

    def test_fifty_at_once(self):
        """Four of a name and thirty-two of all are asked about at a time; nobody is sent away for that."""
        who = [ALICE, ("byhand", ALICE[1])] * 20 + [("alice", WRONG)] * 10
        with ThreadPoolExecutor(len(who)) as pool:
            found = list(pool.map(lambda account: knock(self.service, account), who))
        self.assertEqual(found, [200] * 40 + [401] * 10)
        self.expect_quiet(self.service)

    def test_a_broken_token_is_nobodys(self):
        log = Log(self.service)
        with Raw(self.service.port("https"), self.service.ca) as raw:
            self.assertEqual(raw.ask(b"", [("Authorization", "Basic bm9jb2xvbg==")]).status, 401)
        self.assertRegex(wait_until(log.lines, "a line of the log-on")[0], "basic: the token is not user:password")


class Rights(PamCase):
    """What somebody may who has no account of the service."""

    def test_nothing_without_a_rule_and_root_only_by_one(self):
        with PamService() as service:
            self.assertEqual(knock(service, BOB), 200)
            with WinRM(service.port("https"), service.ca, BOB, "basic") as client:
                status, answer = client.ask(soap.create())
                self.assertEqual((status, soap.code_of(answer)), (500, soap.ACCESS_DENIED))
            self.expect_refused(service, ROOT, "root is not listed in .*/shell-users")
            service.add_account("root", None, "--pam", "--admin", "--as", "root", "--allow-root")
            self.assertEqual(self.run_as(service, ROOT).stdout, b"root\n0\n")
            self.expect_refused(service, ("root", WRONG), "pam_authenticate: Authentication failure")

    def test_a_shell_of_another_by_the_same_name(self):
        """An account `bob` and the Linux user bob are two, also one after the other."""
        with PamService(accounts=[(*ADMIN, ["--admin"]), ("alice", "own Passw0rd 1", ["--admin"])]) as service:
            with WinRM(service.port("https"), service.ca, ("alice", "own Passw0rd 1"), "basic") as own:
                shell = soap.shell_of(own.ask(soap.create())[1])
                subprocess.run([MULLION, "user", "delete", "alice", "--state", service.state], check=True, capture_output=True)
                with WinRM(service.port("https"), service.ca, ALICE, "basic") as other:
                    status, answer = other.ask(soap.command(shell, "true"))
                    self.assertEqual((status, "shell" in answer.lower()), (500, True))
                    self.assertNotEqual(soap.code_of(answer), soap.ACCESS_DENIED)  # It may use shells; there is none such.
                    self.assertEqual(other.ask(soap.create())[0], 200)


class BadModules(PamCase):
    """Each conversation is a process of its own: what its modules do is nobody else's trouble."""

    def check(self, how, reason, timeout=10, account=ALICE, ended=True):
        with PamService(how, SCRIPTS, timeout) as service:
            self.expect_refused(service, account, "PAM could not say: " + reason)
            self.assertEqual(knock(service, ADMIN), 200)
            if ended:
                self.expect_quiet(service)
                self.assertEqual([pid for pid in children(service.processes[0]) if b"hang" in command_of(pid)], [])

    def test_that_hangs(self):
        self.check("auth required pam_exec.so {0}/hang\n", r"the modules did not answer within 1 s \(--pam-timeout\)", timeout=1)

    def test_that_crashes(self):
        self.check("auth required pam_exec.so {0}/crash\n", r"a module crashed \(signal 11\)")

    def test_that_leaves(self):
        self.check("auth required pam_exec.so {0}/leave\n", r"a module (ended|crashed).*")

    def test_that_floods(self):
        flood = "auth requisite pam_unix.so nodelay\nauth required pam_exec.so stdout {0}/flood\naccount required pam_permit.so\nsession required pam_permit.so\n"
        with PamService(flood, SCRIPTS) as service:
            self.assertEqual(self.run_as(service, ALICE, "echo fine").stdout, b"fine\n")
            self.assertLess(service.log.stat().st_size, 100_000)
            self.expect_quiet(service)

    def test_that_is_not_there(self):
        self.check("auth required pam_no_such_module.so\naccount required pam_permit.so\n", "pam_authenticate: Module is unknown")

    def test_a_service_file_that_goes_is_not_others(self):
        """PAM would take "other", which lets in whom it likes."""
        with PamService() as service:
            service.write("pam.d/other", "auth required pam_permit.so\naccount required pam_permit.so\nsession required pam_permit.so\n")
            (service.etc / "pam.d" / scenes.PAM_SERVICE).unlink()
            self.expect_refused(service, ("alice", WRONG), "PAM could not say: .*there is no PAM service mullion-test.*")

    def test_one_that_hangs_holds_up_nobody_elses_name(self):
        hangs = "auth [success=1 default=ignore] pam_succeed_if.so quiet user != bob\nauth required pam_exec.so {0}/hang\n" + UNIX
        with PamService(hangs, SCRIPTS, 5) as service, ThreadPoolExecutor(8) as pool:
            waiting = [pool.submit(knock, service, BOB) for _ in range(8)]
            wait_until(lambda: len(service.talks()) == 4, "four of a name, and no more")
            self.assertEqual(knock(service, ALICE), 200)
            self.assertFalse(any(one.done() for one in waiting))
            self.assertEqual({one.result() for one in waiting}, {401})
            self.expect_quiet(service)


SCRIPTS = {"hang": "sleep 1000 & sleep 1000", "crash": "kill -SEGV $PPID", "leave": "kill -TERM $PPID",
           "flood": "head -c 20000000 /dev/zero | tr '\\0' 'x\\n' | fold; echo done >&2"}


def command_of(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read()
    except OSError:
        return b""


class Secrets(PamCase):
    def test_the_password_is_nowhere(self):
        """Neither while PAM is at it, nor afterwards."""
        slow = "auth requisite pam_unix.so nodelay\nauth required pam_exec.so {0}/slow\naccount required pam_unix.so\nsession required pam_permit.so\n"
        secret = account_forms(*ALICE)
        with PamService(slow, {"slow": "echo > $(dirname $0)/begun; cat $(dirname $0)/go"}) as service, ThreadPoolExecutor(1) as pool:
            os.mkfifo(service.etc / "go")
            answer = pool.submit(knock, service, ALICE)
            wait_until((service.etc / "begun").exists, "PAM's turn")
            told = [*processes([*service.processes, *children(service.processes[0])]), *files(service.state)]
            (service.etc / "go").write_text("")
            self.assertEqual(answer.result(), 200)
            told += [*files(service.state), (str(service.log), service.log.read_bytes())]
            self.assertEqual(search(secret, told), [])
            self.assertTrue(search(account_forms("x", "mullion"), told), "the search finds what is there")
            self.expect_quiet(service)
            for pid in service.processes[1:]:  # The monitor and its keeper.
                if alive(pid):
                    self.assertEqual(in_memory(secret, pid), {}, scenes.name_of(pid))


class Starting(PamCase):
    """What is wrong with --pam is said before anybody could log on."""

    def refused(self, command):
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
        return done.returncode, done.stderr

    def test_serve_pam__no_file(self):
        service = PamService(pam=None)
        try:
            code, said = self.refused(service.command_line())
            self.assertEqual(code, 4, said)
            for part in ("[serve.pam]", "neither /etc/pam.d/mullion-test nor /usr/lib/pam.d/mullion-test", "packaging/pam/mullion to /etc/pam.d/mullion-test"):
                self.assertIn(part, said)
            service.write(f"pam.d/{scenes.PAM_SERVICE}", UNIX, 0o666)
            self.assertIn("is no file of root's that nobody else can write", self.refused(service.command_line())[1])
        finally:
            service.__exit__(False, None, None)

    def test_serve_pam__names(self):
        service = Service(accounts=[])
        try:
            for name in ("../shadow", "other", ".hidden", "a b", "x" * 65):
                code, said = self.refused([*service.command_line(), f"--pam={name}"])
                self.assertEqual((code, "[serve.pam]" in said), (4, True), said)
        finally:
            service.__exit__(False, None, None)

    def test_serve_pam__not_root(self):
        service = Service(accounts=[])
        try:
            nobody = pwd.getpwnam("nobody")
            os.chown(service.folder, nobody.pw_uid, nobody.pw_gid)
            done = subprocess.run([*service.command_line(), "--pam"], capture_output=True, text=True, timeout=60, user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[])
            self.assertEqual(done.returncode, 4)
            self.assertIn("[serve.pam]", done.stderr)
            self.assertIn("only root", done.stderr)
        finally:
            service.__exit__(False, None, None)


class WithoutPam(PamCase):
    def test_an_account_by_pam_is_nobody(self):
        with Service(["Service/Auth/Basic=true"], accounts=[(*ADMIN, ["--admin"])]) as service:
            subprocess.run([MULLION, "user", "add", "byhand", "--pam", "--as", "nobody", "--state", service.state], check=True, capture_output=True)
            self.expect_refused(service, ("byhand", WRONG), "basic: PAM has the password of byhand, and is not asked: the service was started without --pam",
                                scheme="Basic")
            self.assertEqual(service.stop(signal.SIGTERM), 0)
