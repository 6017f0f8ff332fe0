"""What Active Directory says of accounts, and what comes of it: who may, who may not, and by which way."""
import unittest

from tests.e2e.test_certificates import create
from tests.samba.scene import DOMAIN_NAME, HOST, LOCAL, PRINCIPAL, REALM, DomainScene, asks_winbind, missing
from tests.support.samba_domain import CONTROLLER, DNS


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if reason := missing():
            raise unittest.SkipTest(reason)
        cls.scene = cls.enterClassContext(DomainScene())

    def works(self, host, **expected):
        self.assertEqual(host["status"], "ok", host)
        self.assertEqual({name: host[name] for name in expected}, expected, host)

    def refused(self, host, *ids):
        self.assertIn((host["error"] or {}).get("id"), ids, host)
        return host["error"]["message"]


class Kerberos(Case):
    def test_the_kdc_is_found_by_dns_alone(self):
        for transport in ("kerberos", "negotiate"):
            with self.subTest(transport):
                self.works(self.scene.ask("ping", transport=transport), transport=transport, how=f"kerberos for HTTP/{HOST}@{REALM}")

    def test_each_name_of_the_service_that_the_computer_has(self):
        for service in ("HTTP", "host", "WSMAN"):
            with self.subTest(service):
                self.works(self.scene.ask("ping", "--spn-service", service), how=f"kerberos for {service}/{HOST}@{REALM}")

    def test_the_principal_itself_may_be_the_account(self):
        self.works(self.scene.ask("ping", user=f"frida@{REALM}"))

    def test_a_name_that_the_domain_does_not_know(self):
        self.refused(self.scene.ask("ping", "--spn-service", "http-not"), "kerberos.unknown_service")

    def test_a_wrong_password_never_reaches_the_host(self):
        before = self.scene.said()
        self.refused(self.scene.ask("ping", password="wrong"), "kerberos.rejected")
        self.assertEqual(self.scene.said(), before)

    def test_accounts_that_the_domain_shuts_out(self):
        for name in ("disabled", "stale"):
            with self.subTest(name):
                said = self.refused(self.scene.ask("ping", user=f"{name}@{REALM}"), "kerberos.rejected")
                self.assertIn(f"{name}@{REALM}", said)

    def test_who_has_no_account_at_the_host_is_refused(self):
        self.refused(self.scene.ask("ping", user=f"erik@{REALM}"), "auth.rejected")
        self.assertIn(f"no account for erik@{REALM}", self.scene.said())

    def test_the_realm_in_small_letters(self):
        """Active Directory answers for it as it stands in the domain: told, or let in by what it is called there."""
        host = self.scene.ask("ping", user=f"dana@{DNS}")
        if host["status"] != "ok":
            self.assertIn(REALM, self.refused(host, "kerberos.wrong_realm") + " ".join(host["error"]["advice"]))

    def test_bound_to_the_channel_where_it_is_strict(self):
        class Strict(DomainScene):
            settings = [*DomainScene.settings, "Service/Auth/CbtHardeningLevel=Strict"]
        with Strict() as scene:
            self.works(scene.ask("ping", scheme="https"), sealed=False)
            self.refused(scene.ask("ping", "--send-cbt", "false", scheme="https"), "auth.rejected")


class LocalOnly(Case):
    def test_basic_and_certificate_refuse_the_domain(self):
        certificate, key, _ = create(self.scene.service.folder / "own", "dana")
        for user in (PRINCIPAL, DOMAIN_NAME):
            for transport, more in (("basic", ()), ("certificate", ("--client-cert", certificate, "--client-key", key))):
                with self.subTest(user=user, transport=transport):
                    self.refused(self.scene.ask("ping", *more, user=user, transport=transport, scheme="https"), "auth.domain_account")

    def test_an_account_of_the_host_beside_the_domain(self):
        self.works(self.scene.ask("ping", user=LOCAL[0], password=LOCAL[1], transport="ntlm"), transport="ntlm")
        self.works(self.scene.ask("ping", user=LOCAL[0], password=LOCAL[1], transport="credssp"), transport="credssp")
        self.refused(self.scene.ask("ping", user=LOCAL[0], password=LOCAL[1], transport="kerberos"), "auth.local_account")


class InsideCredSsp(Case):
    def inside(self, user):
        """What the service says was inside."""
        self.works(self.scene.ask("ping", user=user, transport="credssp"), transport="credssp", sealed=True)
        return self.scene.said().splitlines()[-1]

    def test_a_principal_comes_with_its_ticket(self):
        self.assertIn("by CredSSP (kerberos)", self.inside(PRINCIPAL))

    def test_a_name_of_ntlms_comes_with_that(self):
        if not asks_winbind():
            self.skipTest("the service cannot ask winbind: mullion serve has no --winbind")
        self.assertIn("by CredSSP (ntlm)", self.inside(DOMAIN_NAME))

    def test_who_is_shut_out_hands_over_no_password(self):
        """The domain's refusal comes before the credentials would go: of a ticket at the KDC, of NTLM at the host."""
        self.refused(self.scene.ask("ping", user=f"disabled@{REALM}", transport="credssp"), "kerberos.rejected", "auth.rejected")
        self.refused(self.scene.ask("ping", user=DOMAIN_NAME, password="wrong", transport="credssp"), "auth.rejected")


class Delegation(Case):
    """On the host the ticket that came along gets another, for the domain controller itself."""
    ELSEWHERE = f"kvno host/{CONTROLLER}"

    def onward(self, *options, **account):
        ran = self.scene.ask("run", *options, command=f"{self.ELSEWHERE} 2>&1", **account)
        self.assertIn(ran["status"], ("ok", "failed"), ran)
        return ran

    def test_with_delegation_the_command_goes_on_as_the_user(self):
        for transport in ("kerberos", "negotiate"):
            with self.subTest(transport):
                ran = self.onward("--kerberos-delegation", transport=transport)
                self.assertEqual((ran["exit_code"], ran["status"]), (0, "ok"), ran)
                self.assertIn(f"host/{CONTROLLER}@{REALM}: kvno = ", ran["stdout"])

    def test_without_it_there_is_no_ticket(self):
        """The double hop: the positive control of the test above."""
        self.assertNotEqual(self.onward()["exit_code"], 0)

    def test_who_is_sensitive_hands_on_nothing(self):
        """UserAccountControl's NOT_DELEGATED: the KDC gives no ticket that may be forwarded."""
        account = {"user": f"guarded@{REALM}"}
        self.assertNotEqual(self.onward(**account)["exit_code"], 0)
        host = self.scene.ask("run", "--kerberos-delegation", command=self.ELSEWHERE, **account)
        self.refused(host, "kerberos.not_forwarded")


if __name__ == "__main__":
    unittest.main()
