"""Broken set-ups: Kerberos."""
import os
import subprocess
import time
import unittest

from tests.doctor.case import SetupCase, doctor, findings_of, hosts_file
from tests.e2e import bad_servers
from tests.e2e.client import words
from tests.e2e.test_kerberos import ALICE, serve
from tests.support import kdc as kerberos
from tests.support.kdc import PASSWORD, REALM, Kdc
from tests.support.played_kdc import answer_all, refusal
from tests.support.service import BUILD, DEADLINE

WRONG_REALM = 68  # RFC 4120 7.5.9
CLOCK = str(BUILD / "tests/kdc/libshifted_clock.so")


class Case(SetupCase):
    @classmethod
    def setUpClass(cls):
        if reason := kerberos.missing():
            raise unittest.SkipTest(reason)
        cls.kdc = cls.enterClassContext(Kdc())
        cls.service = cls.enterClassContext(serve(cls.kdc, cls.kdc.keytab))

    def broken(self, number, *options, names=(), kdc=None, service=None, user=ALICE, password=PASSWORD, host="localhost", **how):
        kdc = kdc or self.kdc
        named = ("--kerberos-hostname", host) if host else ()
        return self.expect(number, *words(service or self.service, *named, *options, transport="kerberos", user=user), names=names,
                           password=password, environment=kdc.environment, **how)


class Services(Case):
    def test_row_02__an_address(self):
        self.broken(2, host=None, names=["full name", "--kerberos-hostname"])

    def test_row_03__a_short_name(self):
        with hosts_file("127.0.0.1 web01.example.test web01\n") as apart:
            self.expect(3, f"http://web01:{self.service.port('http')}", "-u", ALICE, "--transport", "kerberos", apart=apart, password=PASSWORD,
                        environment=self.kdc.environment,
                        names=["web01.example.test", "HTTP, host, WSMAN", "setspn -Q HTTP/web01"])

    def test_row_36__the_services_key_is_another(self):
        with Kdc() as kdc, serve(kdc, kdc.keytab_of("host/localhost")) as service:
            self.broken(36, "--spn-service", "HTTP", kdc=kdc, service=service, names=["KRB_AP_ERR_MODIFIED", "setspn -X", "klist purge"])

    def test_all_is_well(self):
        ran = doctor(*words(self.service, "--kerberos-hostname", "localhost", transport="kerberos", user=ALICE), password=PASSWORD,
                     environment=self.kdc.environment)
        self.assertEqual(ran.code, 0, ran)
        found = findings_of(ran)
        for check in ("clock", "kdc", "ticket", "logon kerberos", "shell"):
            self.assertEqual(found[check]["state"], "ok", found[check])
        for name in ("HTTP", "host", "WSMAN"):
            self.assertIn(f"{name}/localhost@{REALM}", found["ticket"]["seen"])

    def test_the_password_is_shown_to_the_kdc_once(self):
        before = self.kdc.requests("AS_REQ")
        ran = doctor(*words(self.service, "--kerberos-hostname", "localhost", transport="kerberos,negotiate", user=ALICE), password=PASSWORD,
                     environment=self.kdc.environment)
        self.assertEqual(ran.code, 0, ran)
        self.assertEqual(self.kdc.requests("AS_REQ"), before + 1)


class Kdcs(Case):
    def test_row_25__a_clock_that_is_off(self):
        with Kdc(preload=CLOCK, environment={"MULLION_TEST_CLOCK": "600"}) as kdc, serve(kdc, kdc.keytab) as service:
            finding = self.broken(25, kdc=kdc, service=service, names=["behind the KDC's", "chronyc tracking", "timedatectl"])
            self.assertRegex(finding["seen"], r"\b(59\d|60\d) s\b")

    def test_row_26__a_kdc_that_never_answers(self):
        with bad_servers.silent() as kdc:
            self.broken(26, "--kdc", f"127.0.0.1:{kdc.port}", "--connect-timeout", "2",
                        names=[f"127.0.0.1:{kdc.port}", f"nc -vz 127.0.0.1 {kdc.port}", "port 88", "--kdc"])

    def test_row_27__no_kdc_is_known(self):
        self.broken(27, "--connect-timeout", "5", user="alice@NOWHERE.TEST",
                    names=["/etc/krb5.conf", "[realms]", "--kdc", "_kerberos._tcp.NOWHERE.TEST"])

    def test_row_28__small_letters(self):
        self.broken(28, "--connect-timeout", "5", user=f"alice@{REALM.lower()}", names=[f"alice@{REALM}"])

    def test_row_29__an_alias(self):
        def say():
            return refusal(WRONG_REALM, "CORP", "CORP.EXAMPLE.TEST", time.strftime("%Y%m%d%H%M%SZ", time.gmtime()).encode())
        with bad_servers.BadServer(answer_all(say)) as kdc:
            self.broken(29, "--kdc", f"127.0.0.1:{kdc.port}", user="alice@CORP", names=["alice@CORP", "CORP.EXAMPLE.TEST", "NAME@CORP.EXAMPLE.TEST"])


class Tickets(Case):
    def refusals(self):
        return self.service.log.read_text().count("logon refused")

    def test_row_30__an_unknown_user(self):
        self.broken(30, user=f"nobody@{REALM}", names=["nobody", REALM])

    def test_row_31__a_wrong_password(self):
        before = self.refusals()
        self.broken(31, password="not-the-one", names=["the host was not asked"])
        self.assertEqual(self.refusals(), before)

    def test_row_32__a_password_that_has_expired(self):
        self.kdc.admin("addprinc -pw Sesame-9 +needchange carol")
        self.broken(32, user=f"carol@{REALM}", password="Sesame-9", names=["kpasswd"])

    def test_row_33__no_ticket(self):
        self.broken(33, "--kinit-mode", "manual", names=[f"kinit {ALICE}", str(self.kdc.cache)])

    def test_row_34__a_ticket_that_has_expired(self):
        """Had yesterday, by yesterday's clock, from a KDC that had it too."""
        yesterday = {"MULLION_TEST_CLOCK": "-86400"}
        with Kdc(preload=CLOCK, environment=yesterday, lifetime="1h") as kdc, serve(kdc, kdc.keytab) as service:
            subprocess.run(["kinit", "alice"], input=PASSWORD.encode() + b"\n", check=True, stdout=subprocess.DEVNULL, timeout=DEADLINE,
                           env={**os.environ, **kdc.environment, **yesterday, "LD_PRELOAD": CLOCK})
            kdc.stop()
            kdc.preload = ""
            kdc.start()
            finding = self.broken(34, "--kinit-mode", "manual", kdc=kdc, service=service, names=["expired at", "kinit -R", f"kinit {ALICE}"])
            self.assertRegex(finding["seen"], r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ")

    def test_row_35__a_program_that_is_not_there(self):
        self.broken(35, "--kinit-cmd", "/nowhere/kinit", names=["/nowhere/kinit", "krb5-user", "no program is needed"])

    def test_a_password_that_the_kdc_refused_is_shown_to_nobody_else(self):
        before = self.refusals()
        ran = doctor(*words(self.service, "--kerberos-hostname", "localhost", transport="kerberos,negotiate,ntlm", user=ALICE),
                     password="not-the-one", environment=self.kdc.environment)
        self.assertEqual(self.refusals(), before)
        for check in ("logon negotiate", "logon ntlm"):
            self.assertEqual(findings_of(ran)[check]["because"], "ticket")
