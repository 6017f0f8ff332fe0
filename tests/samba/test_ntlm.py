"""NTLM of the domain's users: the service has no hash of theirs, so it has winbind ask the domain."""
import json
import re
import unittest

from tests.e2e.client import start
from tests.peers import clients
from tests.samba.scene import DOMAIN_NAME, LOCAL, PASSWORD, PRINCIPAL, DomainScene, asks_winbind, missing
from tests.support.samba_domain import NETBIOS
from tests.support.service import DEADLINE, wait_until

SILENT = "winbind: it has not answered others for a while"


class Ntlm(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if reason := missing():
            raise unittest.SkipTest(reason)
        if not asks_winbind():
            raise unittest.SkipTest("the service cannot ask winbind: mullion serve has no --winbind")
        cls.scene = cls.enterClassContext(DomainScene())

    def ask(self, user=DOMAIN_NAME, password=PASSWORD, transport="ntlm", **more):
        return self.scene.ask("ping", user=user, password=password, transport=transport, **more)

    def works(self, host, **expected):
        self.assertEqual(host["status"], "ok", host)
        self.assertEqual({name: host[name] for name in expected}, expected, host)

    def refused(self, host, reason):
        before = self.scene.said()
        self.assertEqual((host["error"] or {}).get("id"), "auth.rejected", host)
        self.assertRegex(before.splitlines()[-1], reason)

    def test_a_user_of_the_domain_sealed_and_bound(self):
        for scheme in ("http", "https"):
            for user in (DOMAIN_NAME, DOMAIN_NAME.lower(), PRINCIPAL):
                with self.subTest(scheme=scheme, user=user):
                    self.works(self.ask(user, scheme=scheme), transport="ntlm", sealed=scheme == "http")

    def test_the_channel_is_bound_where_it_is_strict(self):
        class Strict(DomainScene):
            settings = [*DomainScene.settings, "Service/Auth/CbtHardeningLevel=Strict"]
        with Strict() as scene:
            bound = {"user": DOMAIN_NAME, "transport": "ntlm", "scheme": "https"}
            self.works(scene.ask("ping", **bound))
            self.assertEqual(scene.ask("ping", "--send-cbt", "false", **bound)["error"]["id"], "auth.rejected")

    def test_commands_of_other_peoples_clients(self):
        """masterzen's takes the domain away, so it is for those alone whose account has the whole name."""
        frida = (f"{NETBIOS}\\frida", PASSWORD)
        for name, ran in {
            "pywinrm": lambda: clients.pywinrm_run(clients.pywinrm(self.scene.url("http"), None, (DOMAIN_NAME, PASSWORD), "ntlm"), "echo in"),
            "pypsrp": lambda: clients.pypsrp_run(clients.pypsrp(self.scene.url("http"), None, (DOMAIN_NAME, PASSWORD), "ntlm"), "echo in"),
            "masterzen": lambda: clients.masterzen_run(self.scene.url("https"), self.scene.service.ca, frida, "ntlm", "echo in"),
        }.items():
            with self.subTest(name):
                self.assertEqual(ran().stdout, b"in\n")

    def test_a_wrong_password(self):
        self.refused(self.ask(password="wrong"), "winbind: .*")

    def test_accounts_that_the_domain_shuts_out(self):
        for name in ("disabled", "stale"):
            with self.subTest(name):
                self.refused(self.ask(f"{NETBIOS}\\{name}"), "winbind: .*")

    def test_who_has_no_account_at_the_host(self):
        """The domain says yes; it is this host that does not know him."""
        self.refused(self.ask(f"{NETBIOS}\\erik"), "no account")

    def test_a_name_without_domain_is_the_domains_where_nobody_here_is_called_so(self):
        self.works(self.ask("frida"), transport="ntlm", sealed=True)
        self.refused(self.ask("frida", "wrong"), "winbind: .*")
        self.refused(self.ask("dana"), "wrong password for dana")

    def test_an_account_of_the_host_is_not_asked_for(self):
        self.works(self.ask(*LOCAL))
        self.refused(self.ask(LOCAL[0], "wrong"), "wrong password for loki")

    def test_a_winbind_that_does_not_answer_holds_up_the_domains_users_alone(self):
        unheard = len(re.findall(SILENT, self.scene.said()))
        words = (self.scene.url("http"), "-u", DOMAIN_NAME, "--transport", "ntlm", "--output", "json")
        with self.scene.domain.without_winbind():
            waiting = [start("ping", *words, password=PASSWORD) for _ in range(3)]
            # Two have their turn, and wait for winbind; the third has waited for a turn.
            wait_until(lambda: len(re.findall(SILENT, self.scene.said())) > unheard, "somebody is refused, as winbind does not answer")
            self.works(self.ask(*LOCAL))
            self.refused(self.ask(), SILENT)
            self.works(self.scene.ask("ping"), transport="kerberos")
        ended = [json.loads(one.communicate(timeout=DEADLINE)[0])["hosts"][0]["status"] for one in waiting]
        self.assertEqual(sorted(ended), ["ok", "ok", "refused"])
        self.works(self.ask())

    def test_inside_credssp(self):
        self.works(self.ask(transport="credssp"), transport="credssp")
        self.assertEqual(self.ask(transport="credssp", password="wrong")["error"]["id"], "auth.rejected")


if __name__ == "__main__":
    unittest.main()
