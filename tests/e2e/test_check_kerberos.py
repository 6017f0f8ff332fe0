"""The last command of the tutorial that Centreon's users follow: https, gssnegotiate, a user with its realm, a host by its DNS name,
and a KDC of MIT's. As it is written there, but for the program's name; and three ways to have it wrong."""
import contextlib
import secrets
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from tests.doctor.case import hosts_file
from tests.e2e import bad_servers
from tests.e2e.check_scene import CENTREON, FIRST, LATER, WINDOWS, State, run
from tests.support import kdc as kerberos
from tests.support.kdc import Kdc
from tests.support.played_kdc import answer_all, refusal
from tests.support.simulate import Simulation

HOST, REALM, USER = "EC2AMAZ-VU25UDV", "CONTOSO.LOCAL", "sa_centreon"
# The tutorial's words. Its host has one processor.
COMMAND = ["--plugin=os::windows::wsman::plugin", "--mode=cpu", f"--hostname={HOST}", "--wsman-scheme=https", "--wsman-port=5986",
           f"--wsman-username={USER}@{REALM}", "--wsman-password=XXXXX", "--wsman-auth-method=gssnegotiate", "--verbose"]
SAYS = ("OK: CPU(s) average usage is 0.24 % - CPU '0' usage: 0.24 % | 'cpu.utilization.percentage'=0.24%;;;0;100 "
        "'0#core.cpu.utilization.percentage'=0.24%;;;0;100\n"
        "CPU '0' usage: 0.24 %\n")
FIRST_LOOK = "OK: average : Buffer creation - CPU '0' core : Buffer creation \nCPU '0' core : Buffer creation\n"
WARNING = "mullion-centreon: warning: a password stood on the command line"


def own_address():
    """One of the loopback's that nobody else has, so that the port may be the tutorial's."""
    return "127." + ".".join(str(64 + byte % 186) for byte in secrets.token_bytes(3))


class Domain:
    """Use as a context manager: the KDC, the host's name and certificate, and who plays the host at which moment."""

    def __enter__(self):
        self.stack = contextlib.ExitStack()
        try:
            self.folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="mullion-domain-")))
            self.state = self.stack.enter_context(State())
            self.address = own_address()
            self.apart = self.stack.enter_context(hosts_file(f"127.0.0.1 localhost\n{self.address} {HOST}\n"))
            # An Active Directory knows a host's names in any case; a KDC of MIT's as they are asked for, in small letters.
            self.kdc = self.stack.enter_context(Kdc(realm=REALM, users={USER: "XXXXX"}, services=(f"HTTP/{HOST.lower()}",), hosts=(HOST.lower(),)))
            self.trusted = self.folder / "trusted"
            self.make_certificate()
        except BaseException:
            self.stack.close()
            raise
        return self

    def __exit__(self, *failed):
        return self.stack.__exit__(*failed)

    def make_certificate(self):
        """Self-signed, as the tutorial makes one; `trusted` is what a machine looks like that was told to trust it."""
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}",
                   "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem"]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        self.trusted.mkdir()
        (self.trusted / "host.pem").write_bytes((self.folder / "cert.pem").read_bytes())
        subprocess.run(["openssl", "rehash", self.trusted], check=True, capture_output=True, timeout=60)

    @property
    def pin(self):
        done = subprocess.run(["openssl", "x509", "-in", self.folder / "cert.pem", "-noout", "-fingerprint", "-sha256"], check=True, capture_output=True,
                              text=True, timeout=60)
        return "sha256:" + done.stdout.strip().partition("=")[2].replace(":", "").lower()

    def host(self, at=FIRST):
        played = Simulation("", schemes=())
        fleet = WINDOWS.replace("BUSY", str(at[0])).replace("AT}", f"{at[1]}}}").replace("address: 127.0.0.1", f"address: {self.address}")
        # Its account is the domain's; the password here is nobody's.
        played.file.write_text(f"version: 1\nlisteners:\n  - {{address: {self.address}, port: 5986, scheme: https, certificate: {self.folder}/cert.pem, "
                               f"key: {self.folder}/key.pem}}\naccounts:\n  - {{user: {USER}, password: {secrets.token_hex(16)}}}\n"
                               f"keytab: {self.kdc.keytab}\n{fleet}")
        return played

    def run(self, *options, instead=(), trusting=True):
        """The tutorial's command. `instead` are words for those of the same name."""
        names = [word.partition("=")[0] for word in instead]
        words = [*(word for word in COMMAND if word.partition("=")[0] not in names), *instead, *options]
        trust = {"SSL_CERT_DIR": str(self.trusted)} if trusting else {}
        ran = run([*self.apart, CENTREON, *words], {**self.kdc.environment, **self.state.environment, **trust})
        assert "XXXXX" not in ran.stdout + ran.stderr, ran
        return ran


class DomainCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if reason := kerberos.missing():
            raise unittest.SkipTest(reason)
        cls.domain = cls.enterClassContext(Domain())

    def fails(self, ran, *parts):
        """UNKNOWN; the first line says what happened at which step on which host, the lines below what to do."""
        self.assertEqual(ran.code, 3, ran)
        first, _, below = ran.stdout.partition("\n")
        self.assertRegex(first, r"^UNKNOWN: [^ ]+: (log on|connect): ", ran)
        for part in parts:
            self.assertIn(part, ran.stdout)
        return first, below


class AsItIsWritten(DomainCase):
    def test_the_last_command_of_the_tutorial(self):
        with self.domain.host():
            ran = self.domain.run()
            self.assertEqual((ran.code, ran.stdout), (0, FIRST_LOOK), ran)
        with self.domain.host(LATER) as later:
            ran = self.domain.run()
            self.assertEqual((ran.code, ran.stdout), (0, SAYS), ran)
            self.assertTrue(ran.stderr.startswith(WARNING) and ran.stderr.count("\n") == 1, ran)
            asked = later.counts()["hosts"]["web01"]
            self.assertEqual(asked["steps"]["create"], 0, "no shell is needed for it")
        self.assertFalse(self.domain.kdc.cache.exists(), "a ticket was left on the disk")
        self.assertGreater(self.domain.kdc.requests("TGS_REQ"), 0)

    def test_a_certificate_that_nobody_signed_is_told_with_both_ways_out(self):
        with self.domain.host() as played:
            first, _ = self.fails(self.domain.run(trusting=False), "--ca-file", "--cert-pin", "--cert-validation ignore")
            self.assertIn(self.domain.pin, first)
            self.assertEqual(played.counts()["totals"]["requests"], 0, "nothing is sent to who is not known")
            for way in (f"--cert-pin={self.domain.pin}", "--cert-validation=ignore", f"--ca-file={self.domain.folder}/cert.pem"):
                with self.subTest(way):
                    self.assertEqual(self.domain.run(way, "--statefile-suffix=" + way.partition("=")[0], trusting=False).stdout, FIRST_LOOK)


class HaveItWrong(DomainCase):
    def test_an_address_in_place_of_the_name(self):
        with self.domain.host() as played:
            address = self.domain.address
            _, below = self.fails(self.domain.run("--tls-server-name=" + HOST, instead=[f"--hostname={address}"]),
                                  "Kerberos knows hosts by their names, and this one was named by its address", f"HTTP/{address}")
            self.assertTrue(below.startswith(f"gssnegotiate needs the host's DNS name: --hostname NAME.DOMAIN in place of {address}; or --kerberos-hostname"), below)
            # What it says to do works.
            ran = self.domain.run("--tls-server-name=" + HOST, f"--kerberos-hostname={HOST}", instead=[f"--hostname={address}"])
            self.assertEqual(ran.stdout, FIRST_LOOK)
            self.assertEqual(played.counts()["hosts"]["web01"]["steps"]["enumerate"], 2)

    def test_a_realm_in_small_letters(self):
        small = f"--wsman-username={USER}@{REALM.lower()}"
        with self.domain.host() as played:
            _, below = self.fails(self.domain.run("--wsman-timeout=5", instead=[small]), "no KDC of the realm is known", REALM.lower())
            self.capitals(below)
            self.assertEqual(played.counts()["hosts"].get("web01", {}).get("steps", {}).get("enumerate", 0), 0)

    def test_a_realm_in_small_letters__where_dns_finds_the_kdc_all_the_same(self):
        """As Active Directory does: it is asked, and answers for the true one."""
        def say():
            return refusal(68, REALM.lower(), REALM, time.strftime("%Y%m%d%H%M%SZ", time.gmtime()).encode())
        with self.domain.host(), bad_servers.BadServer(answer_all(say)) as directory:
            ran = self.domain.run(f"--kdc=127.0.0.1:{directory.port}", instead=[f"--wsman-username={USER}@{REALM.lower()}"])
            _, below = self.fails(ran, "the KDC answers for another realm")
            self.capitals(below)

    def capitals(self, below):
        self.assertTrue(below.startswith(f"Realms are case-sensitive, and a domain's is written in capitals: --wsman-username={USER}@{REALM}.\n"), below)

    def test_basic_with_a_user_of_the_domain(self):
        with self.domain.host() as played:
            for user, advised in ((f"{USER}@{REALM}", f"{USER}@{REALM}"), (f"CONTOSO\\{USER}", "NAME@REALM")):
                with self.subTest(user):
                    ran = self.domain.run(instead=["--wsman-auth-method=basic", f"--wsman-username={user}"])
                    first, below = self.fails(ran, "that way to log on is for the host's own accounts only")
                    self.assertIn(f"{user} with basic", first)
                    self.assertTrue(below.startswith(f"Basic looks for {user} among the host's own accounts. For a domain's: "
                                                     f"--wsman-auth-method=gssnegotiate with --wsman-username={advised}, or --wsman-auth-method=ntlm.\n"), below)
            self.assertEqual(played.counts()["totals"]["connections"], 0, "the password is shown to nobody")


if __name__ == "__main__":
    unittest.main()
