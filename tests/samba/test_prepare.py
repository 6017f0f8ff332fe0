"""`mullion prepare kerberos` in a network of its own, where nobody tells the machine anything: from nothing to `mullion run` over Kerberos, in an Active
Directory domain and with a KDC of MIT's."""
import unittest

from tests.e2e.prepare_scene import statuses, steps_of
from tests.samba.scene import HOST, PASSWORD, PRINCIPAL, REALM, DomainScene, missing
from tests.support import bare_machine
from tests.support import kdc as kerberos
from tests.support.bare_machine import BareMachine
from tests.support.kdc import Kdc
from tests.support.samba_domain import ADDRESSES, CONTROLLER, DNS, NETBIOS
from tests.support.service import MULLION, Service

KNOWN = ("--host", f"{ADDRESSES[CONTROLLER]}={CONTROLLER},dc1", "--host", f"{ADDRESSES[HOST]}={HOST}")
INSTALLED = f"/etc/mullion/{REALM}.keytab"


class Case(unittest.TestCase):
    def machine(self):
        return self.enterContext(BareMachine(installed=(), krb5_conf="[libdefaults]\n", hosts="127.0.0.1 localhost\n"))

    def prepare(self, machine, mode, *options, stdin=None, realm=REALM):
        return machine.run(MULLION, "prepare", "kerberos", "--realm", realm, *options, mode, stdin=stdin)

    def goes_there_and_back(self, machine, options, run, realm=REALM, stdin=None, run_stdin=None):
        before = machine.state()
        self.assertNotEqual(machine.run(*run, stdin=run_stdin).returncode, 0)
        ran = self.prepare(machine, "--check", *options, realm=realm)
        self.assertEqual((ran.returncode, machine.state()), (2, before), ran)
        ran = self.prepare(machine, "--apply", *options, stdin=stdin, realm=realm)
        self.assertEqual(ran.returncode, 0, ran)
        for step in ("kdc", "ticket", "doctor"):
            self.assertEqual(statuses(ran)[step], "ok", ran)
        ran = machine.run(*run, stdin=run_stdin)
        self.assertEqual((ran.returncode, ran.stdout), (0, "prepared\n"), ran)
        after = machine.state()
        ran = self.prepare(machine, "--apply", *options, stdin=stdin, realm=realm)
        self.assertEqual((ran.returncode, machine.state()), (0, after), ran)
        self.assertNotIn("changed", statuses(ran).values())
        ran = self.prepare(machine, "--undo", realm=realm)
        self.assertEqual((ran.returncode, machine.state()), (0, before), ran)
        self.assertNotEqual(machine.run(*run, stdin=run_stdin).returncode, 0)


class Domain(Case):
    @classmethod
    def setUpClass(cls):
        if reason := missing() or bare_machine.missing():
            raise unittest.SkipTest(reason)
        cls.scene = cls.enterClassContext(DomainScene())
        cls.keytab = cls.scene.domain.folder / "dana.keytab"
        cls.scene.domain.tool("domain", "exportkeytab", cls.keytab, f"--principal={PRINCIPAL}")
        cls.keytab.chmod(0o600)
        cls.url = f"http://{HOST}:{cls.scene.service.port('http')}"

    def run_words(self, *how):
        return [MULLION, "run", self.url, "--user", PRINCIPAL, "--transport", "kerberos", *how, "--", "echo prepared"]

    def test_by_a_keytab(self):
        options = ["--kdc", CONTROLLER, *KNOWN, "--keytab", self.keytab, "--target", self.url]
        self.goes_there_and_back(self.machine(), options, self.run_words("--keytab", INSTALLED))

    def test_by_a_password(self):
        options = ["--kdc", CONTROLLER, *KNOWN, "--principal", "dana", "--target", self.url]
        self.goes_there_and_back(self.machine(), options, self.run_words("--password-file", "-"), stdin=PASSWORD + "\n", run_stdin=PASSWORD + "\n")

    def why(self, step, says, *options, stdin=PASSWORD + "\n", realm=REALM):
        ran = self.prepare(self.machine(), "--apply", "--kdc", CONTROLLER, *KNOWN, *options, stdin=stdin, realm=realm)
        self.assertEqual((ran.returncode, steps_of(ran)[step][0]), (1, "failed"), ran)
        self.assertIn(says, steps_of(ran)[step][1])
        self.assertIn("next: ", ran.stderr)
        return ran

    def test_a_wrong_password(self):
        self.why("ticket", f"the password of {PRINCIPAL} is wrong", "--principal", "dana", stdin="not-the-one\n")

    def test_an_account_that_the_domain_has_switched_off(self):
        self.why("ticket", "is locked, disabled or expired", "--principal", "disabled")

    def test_a_password_that_must_be_changed(self):
        self.why("ticket", "has expired", "--principal", "stale")

    def test_an_unknown_account(self):
        self.why("ticket", "the KDC knows no nobody-at-all", "--principal", "nobody-at-all")

    def test_a_keytab_of_another_principal(self):
        self.why("keytab", f"it has {PRINCIPAL}, not frida@{REALM}", "--principal", "frida", "--keytab", self.keytab)

    def test_the_domains_short_name_for_the_realm(self):
        self.why("ticket", f"{NETBIOS} is not the KDC's own realm", "--principal", "dana", "--domain", DNS, realm=NETBIOS)

    def test_another_realm(self):
        self.why("ticket", "the KDC knows no dana@ELSEWHERE.TEST, or ELSEWHERE.TEST is not its realm", "--principal", "dana", realm="ELSEWHERE.TEST")


class Mit(Case):
    """Nothing but the loopback is in this network, and no name server."""

    REALM, HOST = "MIT.EXAMPLE.TEST", "web02.mit.example.test"

    @classmethod
    def setUpClass(cls):
        if reason := missing() or kerberos.missing() or bare_machine.missing():
            raise unittest.SkipTest(reason)

    def test_by_a_keytab_from_nothing_and_back(self):
        with Kdc(realm=self.REALM, services=(f"HTTP/{self.HOST}",)) as kdc:
            with Service(accounts=[("alice", kerberos.PASSWORD, ["--admin"])], options=["--keytab", str(kdc.keytab)], environment=kdc.environment) as service:
                url = f"http://{self.HOST}:{service.port('http')}"
                keytab = kdc.folder / "alice.user.keytab"
                options = ["--kdc", f"kdc.mit.example.test:{kdc.port}", "--host", "127.0.0.1=kdc.mit.example.test", "--host", f"127.0.0.1={self.HOST}", "--keytab", keytab,
                           "--target", url]
                run = [MULLION, "run", url, "--user", f"alice@{self.REALM}", "--transport", "kerberos", "--keytab", f"/etc/mullion/{self.REALM}.keytab", "--",
                       "echo prepared"]
                self.goes_there_and_back(self.machine(), options, run, realm=self.REALM)


if __name__ == "__main__":
    unittest.main()
