"""`mullion prepare kerberos` with a KDC of MIT's: from nothing to `mullion run`, keytabs, and what is said of each thing that does not work."""
import contextlib
import os
import pty
import select
import subprocess
import unittest

from tests.e2e import bad_servers
from tests.e2e.prepare_scene import STEPS, Case, script_of, statuses, steps_of
from tests.e2e.test_kerberos import serve
from tests.support import bare_machine
from tests.support import kdc as kerberos
from tests.support.bare_machine import RUN, apart
from tests.support.kdc import PASSWORD, REALM, Kdc, free_port
from tests.support.played_kdc import answer_all, refusal
from tests.support.service import BUILD, DEADLINE, MULLION, read_line

HOST = "web01.example.test"
ALICE = f"alice@{REALM}"
CLOCK = str(BUILD / "tests/kdc/libshifted_clock.so")
INSTALLED = f"etc/mullion/{REALM}.keytab"
WRONG_REALM = 68  # RFC 4120 7.5.9


class WithKdc(Case):
    @classmethod
    def setUpClass(cls):
        if reason := kerberos.missing() or bare_machine.missing():
            raise unittest.SkipTest(reason)
        cls.kdc = cls.enterClassContext(Kdc(services=(f"HTTP/{HOST}", f"host/{HOST}")))

    def options(self, kdc=None, *more):
        return ["--realm", REALM, "--kdc", f"127.0.0.1:{(kdc or self.kdc).port}", *more]

    def keytab(self, machine, name="alice", kdc=None):
        """A copy that is root's own, as an administrator brings it along."""
        file = machine.folder / f"{name}.keytab"
        file.write_bytes(((kdc or self.kdc).folder / f"{name}.user.keytab").read_bytes())
        file.chmod(0o600)
        return file


class FromNothing(WithKdc):
    def test_to_a_command_on_a_host(self):
        with serve(self.kdc, self.kdc.keytab) as service:
            machine = self.machine(installed=())
            before = machine.state()
            url = f"http://{HOST}:{service.port('http')}"
            keytab = self.keytab(machine)
            options = self.options(None, "--host", f"127.0.0.1={HOST}", "--keytab", keytab, "--target", url)
            run = [MULLION, "run", url, "--user", ALICE, "--transport", "kerberos", "--keytab", f"/{INSTALLED}", "--", "echo prepared"]
            self.assertEqual(machine.run(*run).returncode, 4)  # Nothing is there yet.

            ran = self.prepare(machine, "--check", base=options)
            self.assertEqual((ran.returncode, statuses(ran)),
                             (2, {**dict.fromkeys(STEPS[:4], "changed"), **dict.fromkeys(STEPS[4:], "skipped")}), ran)
            self.assertEqual(machine.state(), before)

            ran = self.prepare(machine, base=options)
            self.assertEqual((ran.returncode, statuses(ran)), (0, {**dict.fromkeys(STEPS[:4], "changed"), **dict.fromkeys(STEPS[4:], "ok")}), ran)
            self.assertIn(f"a ticket of {ALICE} until ", steps_of(ran)["ticket"][1])
            for check in ("clock", "kdc", "ticket", "logon kerberos"):
                self.assertRegex(ran.stderr, rf"(?m)^ +{check} +ok ")
            ran = machine.run(*run)
            self.assertEqual((ran.returncode, ran.stdout), (0, "prepared\n"), ran)

            after = machine.state()
            ran = self.prepare(machine, base=options)
            self.assertEqual((ran.returncode, set(statuses(ran).values())), (0, {"ok"}), ran)
            ran = self.prepare(machine, "--check", base=options)
            self.assertEqual((ran.returncode, set(statuses(ran).values())), (0, {"ok"}), ran)
            self.assertEqual(machine.state(), after)

            ran = self.prepare(machine, "--undo", base=["--realm", REALM])
            self.assertEqual((ran.returncode, set(statuses(ran).values())), (0, {"changed"}), ran)
            self.assertEqual(machine.state(), before)
            self.assertFalse((machine.etc / "mullion").exists() or machine.journals.exists())

    def test_by_the_script_that_is_printed(self):
        machine = self.machine()
        script = machine.folder / "prepare.sh"
        script.write_text(script_of(*self.options(None, "--principal", "alice")))
        for mode, password, code in (("--check", "", 2), ("--apply", PASSWORD, 0), ("", PASSWORD, 0), ("--undo", "", 0)):
            ran = machine.run("sh", script, *([mode] if mode else []), stdin=password + "\n")
            self.assertEqual(ran.returncode, code, ran)
            self.assertNotIn(PASSWORD, ran.stdout + ran.stderr)
        self.assertEqual(machine.run("sh", script, "--nonsense").returncode, 5)

    def test_the_journal_is_roots_alone_while_it_is_needed(self):
        machine = self.machine()
        self.prepare(machine, base=self.options())
        journal = machine.journals / f"kerberos-{REALM}"
        self.assertEqual((oct(journal.stat().st_mode)[-3:], oct(machine.journals.stat().st_mode)[-3:]), ("700", "700"))
        self.assertTrue([*journal.iterdir()])
        for file in journal.iterdir():
            self.assertEqual((file.stat().st_uid, oct(file.stat().st_mode)[-3:]), (os.geteuid(), "600"), file)

    def test_two_runs_at_once(self):
        machine = self.machine()
        journal = machine.journals / f"kerberos-{REALM}"
        journal.mkdir(parents=True)
        held = subprocess.Popen(["flock", journal / "lock", "sh", "-c", "echo held; cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            read_line(held.stdout, held)
            ran = self.prepare(machine, base=self.options())
            self.failed(ran, "journal", f"another run for {REALM} is at work")
        finally:
            held.stdin.close()
            held.wait(DEADLINE)
            held.stdout.close()


class Tickets(WithKdc):
    def test_a_password_on_standard_input(self):
        machine = self.machine()
        ran = self.prepare(machine, "--apply", stdin=PASSWORD + "\n", base=self.options(None, "--principal", "alice"))
        self.assertEqual((ran.returncode, statuses(ran)["ticket"]), (0, "ok"), ran)
        self.assertNotIn(PASSWORD, ran.stdout + ran.stderr)

    def test_a_password_that_is_asked_for(self):
        machine = self.machine()
        ours, theirs = pty.openpty()
        words = [*apart(), "sh", "-c", RUN, str(machine.folder), str(MULLION), "prepare", "kerberos", *self.options(None, "--principal", "alice"), "--apply"]
        environment = {"PATH": f"{machine.bin}:{os.environ['PATH']}", "PLAYED": str(machine.played)}
        child = subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True)
        os.close(theirs)
        shown, asked = b"", False
        with contextlib.suppress(OSError):  # EIO: the last one who had the terminal has left.
            while select.select([ours], [], [], DEADLINE)[0]:
                got = os.read(ours, 4096)
                if not got:
                    break
                shown += got
                if not asked and f"Password for {ALICE}:".encode() in shown:
                    asked = True
                    os.write(ours, PASSWORD.encode() + b"\n")
        os.close(ours)
        self.assertEqual(child.wait(DEADLINE), 0, shown)
        self.assertTrue(asked, shown)
        self.assertIn(b"ticket     ok", shown)
        self.assertNotIn(PASSWORD.encode(), shown)
        self.assertNotIn(b"mullion-step", shown)

    def test_nothing_is_left_of_the_test_ticket(self):
        machine = self.machine()
        seen = machine.run("sh", "-c", '"$@" >/dev/null 2>&1; ls -d /run/mullion-prepare* /dev/shm/mullion-prepare* /tmp/mullion-prepare.* /tmp/krb5cc_0 2>/dev/null', "sh",
                           MULLION, "prepare", "kerberos", *self.options(None, "--principal", "alice"), "--apply", stdin=PASSWORD + "\n")
        self.assertNotIn("mullion-prepare", seen.stdout)

    def test_check_asks_for_no_password(self):
        machine = self.machine()
        options = self.options(None, "--principal", "alice")
        self.prepare(machine, stdin=PASSWORD + "\n", base=options)
        ran = self.prepare(machine, "--check", base=options)
        self.assertEqual((ran.returncode, steps_of(ran)["ticket"]), (0, ("skipped", "--check asks for no password")), ran)

    def why(self, step, *says, kdc=None, options=(), stdin=PASSWORD + "\n", environment=None):
        ran = self.prepare(self.machine(), stdin=stdin, environment=environment, base=self.options(kdc, *(options or ("--principal", "alice"))))
        self.failed(ran, step, *says)
        return ran

    def test_a_wrong_password(self):
        self.why("ticket", f"the password of {ALICE} is wrong", "lock an account", stdin="not-the-one\n")

    def test_no_password(self):
        self.why("ticket", f"no password of {ALICE} came", "first line of standard input", stdin="")

    def test_an_unknown_account(self):
        self.why("ticket", f"the KDC knows no nobody@{REALM}", options=("--principal", "nobody"))

    def test_an_account_that_is_locked(self):
        self.kdc.admin("addprinc -pw Sesame-5 lucy", "modprinc -allow_tix lucy")
        self.why("ticket", f"the account lucy@{REALM} is locked, disabled or expired", options=("--principal", "lucy"), stdin="Sesame-5\n")

    def test_a_password_that_has_expired(self):
        self.kdc.admin("addprinc -pw Sesame-9 +needchange carol")
        self.why("ticket", f"the password of carol@{REALM} has expired", f"kpasswd carol@{REALM}", options=("--principal", "carol"), stdin="Sesame-9\n")

    def test_no_kdc_answers(self):
        ran = self.prepare(self.machine(), base=["--realm", REALM, "--kdc", f"127.0.0.1:{free_port()},127.0.0.1:{free_port()}", "--principal", "alice"])
        self.failed(ran, "kdc", f"no KDC of {REALM} answers: 127.0.0.1:", "port 88", "nc -vz", "_kerberos._tcp.example.test")
        self.assertEqual(steps_of(ran)["ticket"], ("skipped", "because of kdc"))

    def test_a_kdc_that_never_answers(self):
        with bad_servers.silent() as kdc:
            ran = self.prepare(self.machine(), base=["--realm", REALM, "--kdc", f"127.0.0.1:{kdc.port}"])
            self.failed(ran, "kdc", f"no KDC of {REALM} answers: 127.0.0.1:{kdc.port}: ", "port 88")

    def test_a_name_that_does_not_resolve(self):
        self.failed(self.prepare(self.machine(), base=["--realm", REALM, "--kdc", "dc1.example.test"]), "kdc", f"no KDC of {REALM} answers: dc1.example.test",
                    "--host ADDRESS=NAME")

    def test_one_of_two_answers(self):
        dead = f"127.0.0.1:{free_port()}"
        ran = self.prepare(self.machine(), base=self.options(None, "--kdc", dead))
        status, detail = steps_of(ran)["kdc"]
        self.assertEqual((ran.returncode, status), (0, "ok"), ran)
        self.assertEqual(detail, f"answers: 127.0.0.1:{self.kdc.port}; does not answer: {dead}")

    def test_a_realm_that_is_not_the_kdcs(self):
        def say():
            return refusal(WRONG_REALM, "EXAMPLE", REALM, b"20260101000000Z")
        with bad_servers.BadServer(answer_all(say)) as kdc:
            self.failed(self.prepare(self.machine(), base=["--realm", REALM, "--kdc", f"127.0.0.1:{kdc.port}"]),
                        "kdc", f"the realm {REALM} is not its own", "in capitals")

    def test_a_clock_that_is_off(self):
        with Kdc(preload=CLOCK, environment={"MULLION_TEST_CLOCK": "600"}) as kdc:
            self.why("ticket", "the clocks of this machine and the KDC differ too much", "chronyc tracking", kdc=kdc)

    def test_a_configuration_that_is_not_what_libkrb5_reads(self):
        machine = self.machine(krb5_conf="[realms\n")
        ran = self.prepare(machine, stdin=PASSWORD + "\n", base=self.options(None, "--principal", "alice"))
        self.failed(ran, "krb5.conf", "libkrb5 cannot read krb5.conf as it is, nothing was changed: Improper format", "each brace is closed")
        self.assertEqual((machine.etc / "krb5.conf").read_text(), "[realms\n")

    def test_a_variable_that_names_another_configuration(self):
        ran = self.prepare(self.machine(), environment={"KRB5_CONFIG": "/nowhere/krb5.conf"}, stdin=PASSWORD + "\n", base=self.options(None, "--principal", "alice"))
        self.assertEqual(ran.returncode, 0, ran)
        self.assertIn("KRB5_CONFIG is /nowhere/krb5.conf in this environment", ran.stderr)

    def test_a_host_that_doctor_finds_wrong(self):
        self.why("doctor", f"127.0.0.1:{(port := free_port())}: ", "net.refused", options=("--principal", "alice", "--target", f"http://127.0.0.1:{port}"))


class Keytabs(WithKdc):
    def with_keytab(self, machine, *more, mode="--apply", keytab=None):
        return self.prepare(machine, mode, base=self.options(None, "--keytab", keytab or self.keytab(machine), *more))

    def test_for_one_account_alone(self):
        machine = self.machine()
        ran = self.with_keytab(machine)
        self.assertEqual((ran.returncode, statuses(ran)["ticket"]), (0, "ok"), ran)
        installed = machine.folder / INSTALLED
        self.assertEqual((oct(installed.stat().st_mode)[-3:], installed.stat().st_uid), ("600", os.geteuid()))
        self.assertIn("rm ", ran.stderr)
        (machine.folder / "alice.keytab").unlink()  # As it advises. The next run needs it no more.
        ran = self.with_keytab(machine, keytab=machine.folder / "alice.keytab")
        self.assertEqual((ran.returncode, statuses(ran)["keytab"]), (0, "ok"), ran)

    def test_an_owner_who_is_not_root(self):
        if os.geteuid() != 0:
            self.skipTest("only root can give a file away")
        machine = self.machine()
        ran = self.with_keytab(machine, "--keytab-owner", "nobody")
        self.assertEqual(ran.returncode, 0, ran)
        installed = machine.folder / INSTALLED
        self.assertEqual((oct(installed.stat().st_mode)[-3:], installed.stat().st_uid), ("600", 65534))
        installed.chmod(0o644)
        ran = self.with_keytab(machine, "--keytab-owner", "nobody")
        self.assertEqual(statuses(ran)["keytab"], "changed", ran)
        self.assertEqual(oct(installed.stat().st_mode)[-3:], "600")

    def test_an_account_that_there_is_not(self):
        self.failed(self.with_keytab(self.machine(), "--keytab-owner", "nobody-at-all"), "keytab", "there is no user nobody-at-all")

    def test_of_another_principal(self):
        machine = self.machine()
        ran = self.with_keytab(machine, "--principal", "bob")
        self.failed(ran, "keytab", f"is of another principal: it has {ALICE}, not bob@{REALM}", "--principal")
        self.assertEqual(steps_of(ran)["ticket"], ("skipped", "because of keytab"))
        self.assertFalse((machine.folder / INSTALLED).exists())

    def test_whose_password_was_changed_since(self):
        with Kdc() as kdc:
            machine = self.machine()
            keytab = self.keytab(machine, kdc=kdc)
            kdc.admin("cpw -pw Sesame-7 alice")
            self.failed(self.prepare(machine, base=self.options(kdc, "--keytab", keytab)), "ticket", "does not take the keys", "ask for the keytab anew")

    def test_that_is_none(self):
        machine = self.machine()
        file = machine.folder / "other"
        file.write_text("no keytab")
        file.chmod(0o600)
        self.failed(self.with_keytab(machine, keytab=file), "keytab", "is no keytab")
        self.failed(self.with_keytab(machine, keytab=machine.folder / "nowhere"), "keytab", "is not a file that can be read")

    def test_that_others_may_write(self):
        machine = self.machine()
        keytab = self.keytab(machine)
        for mode in (0o622, 0o620, 0o602):
            keytab.chmod(mode)
            self.failed(self.with_keytab(machine, keytab=keytab), "keytab", "others than its owner may write", "chmod 600")
        if os.geteuid() == 0:
            keytab.chmod(0o600)
            os.chown(keytab, 65534, 65534)
            self.failed(self.with_keytab(machine, keytab=keytab), "keytab", "belongs to user 65534", "chown root")

    def test_another_one_is_there(self):
        machine = self.machine()
        (machine.etc / "mullion").mkdir()
        (machine.folder / INSTALLED).write_text("somebody's")
        self.failed(self.with_keytab(machine), "keytab", "with other keys, and this script did not write it", "--keytab-to")
        self.assertEqual((machine.folder / INSTALLED).read_text(), "somebody's")

    def test_the_next_one_takes_the_place_of_ours(self):
        machine = self.machine()
        self.with_keytab(machine)
        ran = self.with_keytab(machine, keytab=self.keytab(machine, "bob"))
        self.assertEqual((ran.returncode, statuses(ran)["keytab"]), (0, "changed"), ran)
        ran = self.prepare(machine, "--undo", base=["--realm", REALM])
        self.assertEqual(ran.returncode, 0, ran)
        self.assertFalse((machine.etc / "mullion").exists())

    def test_undo_leaves_what_somebody_changed(self):
        machine = self.machine()
        self.with_keytab(machine)
        (machine.folder / INSTALLED).write_bytes(self.keytab(machine, "bob").read_bytes())
        ran = self.prepare(machine, "--undo", base=["--realm", REALM])
        self.failed(ran, "keytab", "somebody changed it since: left as it is")
        self.assertTrue((machine.folder / INSTALLED).exists())
        (machine.folder / INSTALLED).unlink()
        self.assertEqual(self.prepare(machine, "--undo", base=["--realm", REALM]).returncode, 0)

    def test_one_that_is_in_place_is_closed_and_opened_again(self):
        machine = self.machine()
        (machine.etc / "mullion").mkdir()
        installed = machine.folder / INSTALLED
        installed.write_bytes(self.keytab(machine).read_bytes())
        installed.chmod(0o640)
        ran = self.with_keytab(machine)
        self.assertEqual((statuses(ran)["keytab"], oct(installed.stat().st_mode)[-3:]), ("changed", "600"), ran)
        self.prepare(machine, "--undo", base=["--realm", REALM])
        self.assertEqual(oct(installed.stat().st_mode)[-3:], "640")


if __name__ == "__main__":
    unittest.main()
