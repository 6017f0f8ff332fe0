"""Kerberos end to end: our client, our service, and a KDC of MIT's."""
import json
import subprocess
import time
import unittest

from tests.e2e import bad_servers
from tests.e2e.client import mullion, words
from tests.support import kdc as kerberos
from tests.support.kdc import PASSWORD, REALM, Kdc
from tests.support.played_kdc import answer_all, refusal
from tests.support.service import BUILD, DEADLINE, MULLION, Service

ALICE = f"alice@{REALM}"
CELLS = {"http": ("http", []), "https": ("https", []), "https always": ("https", ["--message-encryption", "always"])}


def accounts(name="alice", password=PASSWORD):
    return [(name, password, ["--admin"])]


def serve(kdc, keytab=None, settings=(), environment=None, accounts=accounts()):
    options = ["--keytab", str(keytab)] if keytab else []
    return Service(settings, accounts=accounts, options=options, environment={**kdc.environment, **(environment or {})})


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if reason := kerberos.missing():
            raise unittest.SkipTest(reason)

    def ask(self, kdc, service, verb, *more, scheme="http", transport="kerberos", user=ALICE, password=PASSWORD):
        """The one host's object."""
        options = words(service, "--kerberos-hostname", "localhost", "--output", "json", *more[:-1 if verb == "run" else None],
                        scheme=scheme, transport=transport, user=user)
        end = ["--", more[-1]] if verb == "run" else []
        done = mullion(verb, *options, *end, password=password, environment=kdc.environment)
        self.assertTrue(done.stdout, done.stderr)
        return done.host

    def ping(self, *arguments, **more):
        host = self.ask(arguments[0], arguments[1], "ping", *arguments[2:], **more)
        return host

    def refused(self, host, identity, status="refused"):
        self.assertEqual((host["status"], (host["error"] or {}).get("id")), (status, identity), host)
        return host["error"]["message"]


class WithTicket(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kdc = cls.enterClassContext(Kdc())
        cls.service = cls.enterClassContext(serve(cls.kdc, cls.kdc.keytab, ["Service/Auth/CbtHardeningLevel=Strict"]))

    def test_every_cell(self):
        for transport in ("kerberos", "negotiate"):
            for name, (scheme, options) in CELLS.items():
                with self.subTest(transport=transport, cell=name):
                    host = self.ask(self.kdc, self.service, "run", *options, "echo ticket", scheme=scheme, transport=transport)
                    self.assertEqual((host["status"], host["stdout"]), ("ok", "ticket\n"), host)
                    host = self.ping(self.kdc, self.service, *options, scheme=scheme, transport=transport)
                    self.assertEqual((host["status"], host["transport"]), ("ok", transport), host)
                    self.assertEqual(host["how"], f"kerberos for HTTP/localhost@{REALM}")
                    self.assertEqual(host["sealed"], name != "https")

    def test_without_the_binding_strict_lets_nobody_in(self):
        for transport in ("kerberos", "negotiate"):
            with self.subTest(transport):
                host = self.ping(self.kdc, self.service, "--send-cbt", "false", scheme="https", transport=transport)
                self.refused(host, "auth.rejected")
        self.assertIn("sent no channel binding", self.service.log.read_text())

    def test_kerberos_rejected__the_host_is_not_asked(self):
        before = self.service.log.read_text().count("logon refused")
        for transport in ("kerberos", "negotiate"):
            with self.subTest(transport):
                self.refused(self.ping(self.kdc, self.service, transport=transport, password="wrong"), "kerberos.rejected")
        self.assertEqual(self.service.log.read_text().count("logon refused"), before)

    def test_kerberos_ip_address(self):
        """Without --kerberos-hostname the host is 127.0.0.1, which nobody registers."""
        def ping(transport):
            options = words(self.service, "--output", "json", transport=transport, user=ALICE)
            return mullion("ping", *options, password=PASSWORD, environment=self.kdc.environment).host
        self.assertIn("tried HTTP, host, WSMAN for 127.0.0.1", self.refused(ping("kerberos"), "kerberos.ip_address"))
        self.assertRegex(ping("negotiate")["how"], "^ntlm; kerberos: .*127.0.0.1")

    def test_kerberos_wrong_realm(self):
        def say():
            return refusal(68, "CORP", REALM, time.strftime("%Y%m%d%H%M%SZ", time.gmtime()).encode())
        with bad_servers.BadServer(answer_all(say)) as other:
            host = self.ping(self.kdc, self.service, "--kdc", f"127.0.0.1:{other.port}", user="alice@CORP")
        said = self.refused(host, "kerberos.wrong_realm")
        for part in ("alice@CORP", f"the KDC answers for {REALM}"):
            self.assertIn(part, said)
        self.assertIn(f"Write the user as NAME@{REALM}.", host["error"]["advice"])

    def test_who_has_no_account_is_refused(self):
        host = self.ping(self.kdc, self.service, user=f"bob@{REALM}", password=kerberos.USERS["bob"])
        self.refused(host, "auth.rejected")
        self.assertIn(f"no account for bob@{REALM}", self.service.log.read_text())

    def test_auth_local_account(self):
        before = self.service.log.read_text()
        self.refused(self.ping(self.kdc, self.service, user="alice"), "auth.local_account")
        self.assertEqual(self.service.log.read_text(), before)

    def test_a_user_without_realm_costs_the_kdc_nothing(self):
        before = self.kdc.asked()
        host = self.ping(self.kdc, self.service, transport="negotiate", user="alice")
        self.assertEqual(host["status"], "ok", host)
        self.assertNotIn("kerberos", host.get("how", ""))
        self.assertEqual(self.kdc.asked(), before)

    def test_a_fleet_of_one_principal_asks_for_it_once(self):
        before = self.kdc.requests("AS_REQ")
        hosts = ",".join(f"http://{name}:{self.service.port('http')}/wsman" for name in ("127.0.0.1", "localhost"))
        done = mullion("run", hosts, "-u", ALICE, "--transport", "kerberos", "--kerberos-hostname", "localhost", "--output",
                       "json", "--", "echo one", password=PASSWORD, environment=self.kdc.environment)
        self.assertEqual([host["status"] for host in json.loads(done.stdout)["hosts"]], ["ok", "ok"], done.stdout)
        self.assertEqual(self.kdc.requests("AS_REQ"), before + 1)

    def test_nothing_is_left_on_the_disk(self):
        self.assertEqual(self.ping(self.kdc, self.service)["status"], "ok")
        self.assertFalse(self.kdc.cache.exists())


class NamesOfTheService(Case):
    def test_the_next_one_where_the_kdc_does_not_know_it(self):
        with Kdc(services=("WSMAN/localhost",)) as kdc, serve(kdc, kdc.keytab) as service:
            host = self.ping(kdc, service)
            self.assertEqual((host["status"], host["how"]), ("ok", f"kerberos for WSMAN/localhost@{REALM}"), host)
            self.refused(self.ping(kdc, service, "--spn-service", "HTTP"), "kerberos.unknown_service")

    def test_kerberos_refused__the_next_one_where_the_key_is_another(self):
        with Kdc() as kdc, serve(kdc, kdc.keytab_of("host/localhost")) as service:
            for transport in ("kerberos", "negotiate"):
                with self.subTest(transport):
                    host = self.ping(kdc, service, transport=transport)
                    self.assertEqual((host["status"], host["how"]), ("ok", f"kerberos for host/localhost@{REALM}"), host)
            said = self.refused(self.ping(kdc, service, "--spn-service", "HTTP"), "kerberos.refused")
            self.assertIn(f"HTTP/localhost@{REALM}", said)


class FallingBack(Case):
    def test_the_host_has_no_keytab(self):
        with Kdc() as kdc, serve(kdc) as service:
            host = self.ping(kdc, service, transport="negotiate")
            self.assertEqual((host["status"], host["how"]), ("ok", "ntlm; kerberos: the host chose otherwise"), host)
            self.refused(self.ping(kdc, service), "auth.not_offered")

    def test_no_kdc_answers(self):
        with Kdc() as kdc, serve(kdc, kdc.keytab) as service:
            kdc.stop()
            host = self.ping(kdc, service, transport="negotiate")
            self.assertEqual(host["status"], "ok", host)
            self.assertRegex(host["how"], f"^ntlm; kerberos: .*{REALM}")
            self.refused(self.ping(kdc, service), "kerberos.silent", "unreachable")
            # Who wants the ticket handed on gets no log-on that cannot.
            self.refused(self.ping(kdc, service, "--kerberos-delegation", transport="negotiate"), "kerberos.silent", "unreachable")

    def test_without_a_transport_kerberos_then_basic_inside_tls_which_says_why(self):
        with Kdc() as kdc, serve(kdc, kdc.keytab, ["Service/Auth/Basic=true"]) as service:
            def ask(user, *where):
                return mullion("ping", *where, "-u", user, "--kerberos-hostname", "localhost", "--output", "json", password=PASSWORD,
                               environment=kdc.environment).host
            tls = (service.https, "--ca-file", service.ca)
            for where in (tls, (service.http,)):
                host = ask(ALICE, *where)
                self.assertEqual((host["status"], host["transport"]), ("ok", "kerberos"), host)
            local = "alice@127.0.0.1"  # An account of the host itself, which has no KDC.
            host = ask(local, *tls)
            self.assertEqual((host["status"], host["transport"]), ("ok", "basic"), host)
            self.assertRegex(host["how"], r"^kerberos: .*127\.0\.0\.1")
            self.refused(ask(local, service.http), "kerberos.no_kdc", "unreachable")

    def test_kerberos_clock__the_hosts(self):
        shift = {"LD_PRELOAD": str(BUILD / "tests/kdc/libshifted_clock.so"), "MULLION_TEST_CLOCK": "900"}
        with Kdc() as kdc, serve(kdc, kdc.keytab, environment=shift) as service:
            self.refused(self.ping(kdc, service), "kerberos.clock")
            self.assertIn("ntlm; kerberos: ", self.ping(kdc, service, transport="negotiate")["how"])


class Accounts(Case):
    def test_the_principal_itself_may_be_the_account(self):
        with Kdc() as kdc, serve(kdc, kdc.keytab, accounts=accounts(ALICE)) as service:
            self.assertEqual(self.ping(kdc, service)["status"], "ok")
            self.assertEqual(self.ask(kdc, service, "run", "echo me")["stdout"], "me\n")

    def test_without_a_password_kerberos_alone_lets_it_in(self):
        with Kdc() as kdc, serve(kdc, kdc.keytab, accounts=[]) as service:
            subprocess.run([MULLION, "user", "add", ALICE, "--no-password", "--admin", "--as", "nobody", "--state", service.state],
                           check=True, capture_output=True, timeout=DEADLINE)
            self.assertEqual(self.ping(kdc, service)["status"], "ok")
            self.refused(self.ping(kdc, service, transport="ntlm"), "auth.rejected")


class Keytab(Case):
    def start(self, *options, state=None):
        with Kdc() as kdc:
            service = Service(accounts=[], options=[*options], environment=kdc.environment)
            self.addCleanup(service.__exit__, None, None, None)
            done = subprocess.run(service.command_line(), capture_output=True, text=True, timeout=DEADLINE, stdin=subprocess.DEVNULL)
            return done.returncode, done.stderr

    def test_kerberos_keytab(self):
        code, said = self.start("--keytab", "/nowhere/krb5.keytab")
        self.assertEqual(code, 5, said)
        self.assertIn("the keytab cannot be used", said)
        self.assertIn("/nowhere/krb5.keytab", said)
