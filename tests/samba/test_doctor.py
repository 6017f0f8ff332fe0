"""`mullion doctor` where names, tickets and accounts are Active Directory's: nothing is wrong, and it says so; something is, and it says what."""
import json
import unittest

from tests.e2e.client import mullion
from tests.samba.scene import HOST, PASSWORD, PRINCIPAL, REALM, DomainScene, missing
from tests.support.samba_domain import DNS


class Doctor(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if reason := missing():
            raise unittest.SkipTest(reason)
        cls.scene = cls.enterClassContext(DomainScene())

    def doctor(self, user=PRINCIPAL, password=PASSWORD, transport="kerberos"):
        ran = mullion("doctor", self.scene.url("https"), "-u", user, "--transport", transport, "--ca-file", self.scene.service.ca, "--output", "json",
                      password=password)
        return json.loads(ran.stdout)["hosts"][0]

    def test_all_is_well(self):
        host = self.doctor()
        self.assertEqual((host["status"], host["error"]), ("ok", None), host)
        states = {finding["check"]: finding["state"] for finding in host["findings"]}
        self.assertNotIn("failed", states.values(), host)
        for check in ("name", "reverse", "kdc", "clock", "ticket", "logon kerberos"):
            self.assertIn("ok", [state for name, state in states.items() if name == check or name.startswith(check + " ")], (check, host))

    def test_a_realm_in_small_letters(self):
        host = self.doctor(user=f"dana@{DNS}")
        if host["status"] != "ok":
            self.assertIn(host["error"]["id"], ("kerberos.wrong_realm", "kerberos.unknown_service"), host)
            self.assertIn(REALM, json.dumps(host))

    def test_an_account_that_the_domain_has_switched_off(self):
        host = self.doctor(user=f"disabled@{REALM}")
        self.assertEqual(host["error"]["id"], "kerberos.rejected", host)
        self.assertIn(HOST, json.dumps(host))


if __name__ == "__main__":
    unittest.main()
