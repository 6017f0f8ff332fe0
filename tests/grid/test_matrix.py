"""The twenty cells of tests/data/authentication.txt, the "no" ones included: what each transport can is done, what it cannot is refused by name."""
import unittest

from tests.e2e.client import mullion
from tests.grid.scene import ALICE, PRINCIPAL, Scene, missing
from tests.support.service import ROOT

COLUMNS = ("local accounts", "domain accounts", "delegation", "encryption over HTTP")
NO_DOMAIN = "needs a domain, of which this run has the KDC alone: tests/samba/test_ntlm.py"


def documented():
    lines = [line.split() for line in (ROOT / "tests/data/authentication.txt").read_text().splitlines() if line and not line.startswith("#")]
    return {(name, column): word == "yes" for name, *words in lines for column, word in zip(COLUMNS, words)}


class Matrix(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if reason := missing():
            raise unittest.SkipTest(reason)
        cls.scene = cls.enterClassContext(Scene())

    def ping(self, transport, scheme="https", account=ALICE, *options):
        user, password = account
        words = [self.scene.service.url(scheme), "--transport", transport, "--output", "json", "--kerberos-hostname", "localhost", "-u", user, *options]
        words += ["--ca-file", self.scene.service.ca] if scheme == "https" else []
        words += ["--client-cert", self.scene.certificate, "--client-key", self.scene.key] if transport == "certificate" else []
        return mullion("ping", *words, password=password)

    def works(self, ran, **expected):
        self.assertEqual((ran.code, ran.host["status"]), (0, "ok"), ran)
        self.assertEqual({name: ran.host[name] for name in expected}, expected)

    def refused(self, ran, error_id):
        self.assertEqual(ran.host["error"]["id"], error_id, ran)

    # The cells: what is done for a yes, and for a no. Each gives why it is not run, or nothing.
    def local_accounts(self, transport, yes):
        ran = self.ping(transport)
        self.works(ran, transport=transport) if yes else self.refused(ran, "auth.local_account")

    def domain_accounts(self, transport, yes):
        if transport == "ntlm":
            return NO_DOMAIN
        ran = self.ping(transport, "https", PRINCIPAL)
        if not yes:
            return self.refused(ran, "auth.domain_account")
        self.works(ran, transport=transport)
        # An account of the host has the same name and password: that it was not taken for that one.
        self.assertIn("(kerberos)", self.scene.service.log.read_text().splitlines()[-1])
        return None

    def delegation(self, transport, yes):
        if transport == "kerberos":
            before = self.scene.kdc.requests("TGS_REQ")
            self.works(self.ping(transport, "https", PRINCIPAL, "--kerberos-delegation"))
            self.assertGreater(self.scene.kdc.requests("TGS_REQ"), before + 1, "no ticket was asked for to be forwarded")
        elif transport == "credssp":
            self.works(self.ping(transport), transport="credssp")  # What is handed over: tests/credssp_logon/exchange_test.cc.
        else:
            # Nothing that could be handed on is sent: the option for it changes nothing, or ends in another transport's refusal.
            self.assertFalse(yes)
            self.works(self.ping(transport, "https", ALICE, "--kerberos-delegation"), transport=transport)

    def encryption(self, transport, yes):
        if yes:
            account = PRINCIPAL if transport == "kerberos" else ALICE
            self.works(self.ping(transport, "http", account), transport=transport, sealed=True)
        elif transport == "basic":
            self.refused(self.ping(transport, "http"), "auth.plaintext")
        else:
            ran = self.ping(transport, "http")
            self.assertEqual(ran.code, 5, ran)
            self.assertIn("needs https", ran.stderr)

    def test_every_cell(self):
        cells = dict(zip(COLUMNS, (self.local_accounts, self.domain_accounts, self.delegation, self.encryption)))
        expected, verdicts = documented(), {}
        self.assertEqual(len(expected), 20)
        for (transport, column), yes in expected.items():
            verdicts[transport, column] = f"{'yes' if yes else 'no'}: FAILED"
            with self.subTest(transport=transport, column=column, yes=yes):
                reason = cells[column](transport, yes)
                verdicts[transport, column] = f"{'yes' if yes else 'no'}: {'not run, ' + reason if reason else 'shown'}"
        for (transport, column), verdict in verdicts.items():
            print(f"{transport:<13}{column:<22}{verdict}")


if __name__ == "__main__":
    unittest.main()
