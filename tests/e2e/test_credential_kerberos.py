"""`mullion credential test` of Kerberos credentials against a KDC of MIT's and our service: each way to a ticket works, and what is wrong is told apart."""
import os
import unittest

from tests.e2e.test_connection_test import Tested
from tests.support import kdc as kerberos
from tests.support.kdc import Kdc, free_port
from tests.support.service import Service

NO_TICKET = "Failure: could not generate Ticket Granting Ticket(TGT)."
BAD_KEYTAB = "Failure: Invalid keytab file path. Cannot proceed with Ticket Granting Ticket(TGT) generation"
REFUSED = "Authorization Error: Invalid credentials. Check AuthenticationScheme, username and password"


@unittest.skipIf(kerberos.missing(), kerberos.missing())
class KerberosCredentialTest(Tested):
    noun = "credential"

    @classmethod
    def setUpClass(cls):
        cls.kdc = cls.enterClassContext(Kdc(users={**kerberos.USERS, "carol": "Carol-1"}))
        cls.service = cls.enterClassContext(Service(accounts=[("alice", kerberos.PASSWORD, ["--admin"])], options=["--keytab", str(cls.kdc.keytab)],
                                                    environment=cls.kdc.environment))
        cls.host = f"localhost:{cls.service.port('http')}"

    def setUp(self):
        super().setUp()
        # The machine's krb5.conf knows no KDC: the credential does.
        bare = self.folder / "krb5.conf"
        bare.write_text("[libdefaults]\n  dns_lookup_kdc = false\n  dns_canonicalize_hostname = false\n  rdns = false\n[domain_realm]\n"
                        f"  localhost = {kerberos.REALM}\n")
        self.environment = {**self.kdc.environment, "KRB5_CONFIG": str(bare)}
        self.add_text("alice_pw", value=kerberos.PASSWORD)
        self.file_secret("alice_keys", self.keytab("alice"))

    def run_it(self, *words, environment=None, **more):
        return super().run_it(*words, environment={**self.environment, **(environment or {})}, **more)

    def keytab(self, user):
        return self.kdc.folder / f"{user}.user.keytab"

    def file_secret(self, identifier, file):
        self.does("secret", "add", "--type", "file", "--id", identifier, "--file-name", "a.keytab", "--value-file", file)

    def credential(self, *ticket, kdcs=None, principal="alice"):
        """The credential `krb`, made anew."""
        if "krb" in self.identifiers("credential"):
            self.does("credential", "delete", "krb")
        named = [word for kdc in (kdcs if kdcs is not None else [f"127.0.0.1:{self.kdc.port}"]) for word in ("--kdc", kdc)]
        self.does("credential", "add", "--id", "krb", "--auth", "kerberos", "--principal", principal, "--realm", kerberos.REALM, *named, *ticket, "--ssl", "no")

    def failure(self, cause, error, text, *words, expect=4, host=None):
        """The error of the one host, or of the credential itself, as it is told to programs, to people, and kept."""
        page = self.ask("krb", host or self.host, *words, expect=expect)
        told = page["error"] or page["hosts"][0]["error"]
        self.assertEqual((told["cause"], told["id"], told["text"]), (cause, error, text), told)
        self.assertEqual(self.kept("krb")["error"], error)
        self.assertTrue(all(step["result"] != "ok" for one in page["hosts"] for step in one["steps"]), page)
        code, out, _ = self.run_it("credential", "test", "krb", host or self.host)
        self.assertEqual(code, expect)
        self.assertIn(f"{cause}: {text}\n", out)
        self.assertIn(f"[{error}]", out)
        for advice in told["advice"]:
            self.assertIn(f"next: {advice}\n", out)
        return told

    def works(self):
        host, = self.ask("krb", self.host)["hosts"]
        self.assertEqual((host["transport"], host["sealed"], [step["result"] for step in host["steps"]]), ("kerberos", True, ["ok", "ok"]), host)
        self.assertEqual((self.kept("krb")["passed"], self.kept("krb")["error"]), (True, None))

    def refusals(self, user):
        return sum(1 for line in self.kdc.asked() if f"{user}@{kerberos.REALM}" in line and "PREAUTH_FAILED" in line)

    # ---- what works ----

    def test_each_way_to_a_ticket(self):
        for ticket in (("--keytab-file", self.keytab("alice")), ("--keytab-ref", "alice_keys"), ("--password-ref", "alice_pw")):
            with self.subTest(ticket[0]):
                before = self.kdc.requests("AS_REQ")
                self.credential(*ticket)
                self.works()
                self.assertGreater(self.kdc.requests("AS_REQ"), before)
        self.assertFalse(self.kdc.cache.exists(), "a ticket was left on the disk")
        self.assertEqual({one["id"] for one in self.entries("used", "credential test")}, {"krb", "alice_keys", "alice_pw"})

    # ---- the KDC ----

    def test_kerberos_silent__no_kdc_answers(self):
        port = free_port()
        self.credential("--password-ref", "alice_pw", kdcs=[f"127.0.0.1:{port}"])
        told = self.failure("kdc", "kerberos.silent", NO_TICKET)
        self.assertIn(f"127.0.0.1:{port}", told["message"])
        self.assertTrue(any("nc -vz KDC 88" in line for line in told["advice"]), told)

    def test_kerberos_silent__the_next_one_does(self):
        self.credential("--password-ref", "alice_pw", kdcs=[f"127.0.0.1:{free_port()}", f"127.0.0.1:{self.kdc.port}"])
        self.works()

    def test_kerberos_no_kdc__nobody_knows_one(self):
        self.credential("--keytab-ref", "alice_keys", kdcs=[])
        self.failure("kdc", "kerberos.no_kdc", NO_TICKET)

    # ---- the keytab ----

    def test_kerberos_keytab__no_file_at_that_path(self):
        self.credential("--keytab-file", "/nowhere/alice.keytab")
        asked = len(self.kdc.asked())
        told = self.failure("keytab", "kerberos.keytab", BAD_KEYTAB, expect=5)
        self.assertIn("/nowhere/alice.keytab", told["message"])
        self.assertIn("is one of this machine", told["advice"][0])
        self.assertEqual(len(self.kdc.asked()), asked, "nobody is asked for it")

    def test_kerberos_keytab__a_file_that_may_not_be_read(self):
        if os.geteuid() == 0:  # Root may read every file, unless it gives that up.
            self.prefix = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")
        file = self.folder / "closed.keytab"
        file.write_bytes(self.keytab("alice").read_bytes())
        file.chmod(0)
        self.credential("--keytab-file", file)
        self.assertIn("may not read it", self.failure("keytab", "kerberos.keytab", BAD_KEYTAB, expect=5)["advice"][0])

    def test_kerberos_keytab__the_keys_are_another_users(self):
        for ticket in (("--keytab-file", self.keytab("carol")), ("--keytab-ref", "carol_keys")):
            with self.subTest(ticket[0]):
                if ticket[0] == "--keytab-ref":
                    self.file_secret("carol_keys", self.keytab("carol"))
                self.credential(*ticket)
                told = self.failure("keytab", "kerberos.keytab", BAD_KEYTAB, expect=5)
                self.assertIn(f"alice@{kerberos.REALM}", told["message"])
                self.assertIn("keys of other principals", told["advice"][0])

    def test_kerberos_keytab__it_is_none(self):
        junk = self.folder / "junk"
        junk.write_bytes(b"no keytab at all")
        self.credential("--keytab-file", junk)
        self.assertIn("It is no keytab", self.failure("keytab", "kerberos.keytab", BAD_KEYTAB, expect=5)["advice"][0])
        self.file_secret("junk", junk)
        self.credential("--keytab-ref", "junk")
        told = self.failure("keytab", "kerberos.keytab", BAD_KEYTAB, expect=5)
        self.assertIn("credential krb of account: the keytab does not begin as one", told["message"])
        self.assertIn("--value-file KEYTAB", told["advice"][0])

    def test_kerberos_rejected__a_keytab_that_is_out_of_date(self):
        self.file_secret("bob_keys", self.keytab("bob"))
        self.kdc.admin("cpw -pw Another-1 bob")
        self.credential("--keytab-ref", "bob_keys", principal="bob")
        before = self.refusals("bob")
        told = self.failure("credential-refused", "kerberos.rejected", REFUSED)
        self.assertIn("password was changed since the keytab was made", told["advice"][0])
        self.assertEqual(self.refusals("bob") - before, 2, "once for each of the two tests")

    # ---- the password ----

    def test_kerberos_rejected__a_wrong_password(self):
        self.add_text("wrong_pw", value="Not-Alices-1")
        self.credential("--password-ref", "wrong_pw")
        before = self.refusals("alice")
        told = self.failure("credential-refused", "kerberos.rejected", REFUSED)
        self.assertIn(f"alice@{kerberos.REALM} by password", told["message"])
        self.assertNotIn("keytab was made", " ".join(told["advice"]))
        self.assertEqual(self.refusals("alice") - before, 2, "once for each of the two tests")

    def test_kerberos_rejected__no_such_user(self):
        self.credential("--password-ref", "alice_pw", principal="mallory")
        told = self.failure("credential-refused", "kerberos.rejected", REFUSED)
        self.assertIn("The realm has no user of that name", told["advice"][0])

    # ---- the host ----

    def test_kerberos_ip_address__the_host_by_its_address(self):
        self.credential("--password-ref", "alice_pw")
        self.failure("ticket", "kerberos.ip_address", NO_TICKET, host=self.host.replace("localhost", "127.0.0.1"))


if __name__ == "__main__":
    unittest.main()
