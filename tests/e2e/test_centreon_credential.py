"""`mullion-centreon --wsman-credential=REF`: Centreon's command line with a credential of the secret store in the place of a user and a password."""
import unittest

from tests.e2e.check_scene import CENTREON, PLUGIN, run, windows
from tests.e2e.test_secret_use import HEAD, WithKerberos, WithUse
from tests.support.service import ADMIN

LINE = "OK: Number of current processes: 3 | 'processes.detected.count'=3;;;0;\n"


class WithCredential(WithUse):
    @classmethod
    def setUpClass(cls):
        cls.played = cls.enterClassContext(windows())
        cls.port = cls.played.ports["http"]

    def check(self, *options, mode="processes", credential="account.win_prod", code=0):
        ran = run([CENTREON, PLUGIN, f"--mode={mode}", "--hostname=127.0.0.1", f"--wsman-credential={credential}", f"--store={self.store}", *options])
        self.assertEqual(ran.code, code, ran)
        self.assertNotIn(ADMIN[1], ran.stdout + ran.stderr, "the password was shown")
        return ran

    def refused(self, words, *options, **how):
        before = self.played.counts()["totals"]["requests"]
        ran = self.check(*options, code=3, **how)
        self.assertIn(words, ran.stdout)
        self.assertEqual(self.played.counts()["totals"]["requests"], before, "the host was asked")
        return ran


class Credential(WithCredential):
    def test_it_logs_on_and_is_in_the_audit_log(self):
        ran = self.check(f"--wsman-port={self.port}")
        self.assertEqual(ran.stdout, LINE)
        head, = HEAD.findall(ran.stderr)
        self.does("audit", "verify", "--head", head[1])
        used = self.entries(kind="used", action="check", command="processes", host="127.0.0.1")
        self.assertEqual([entry["id"] for entry in used], ["win_prod", "win_pw"])

    def test_the_port_is_the_credentials_unless_it_is_said(self):
        self.does("credential", "update", "win_prod", "--port", self.port)
        # Macros that are empty say nothing, and what the credential says may be said again.
        for words in ([], ["--wsman-scheme=http"], ["--wsman-username=", "--wsman-password=", "--wsman-auth-method=", "--wsman-scheme=", "--wsman-port="]):
            with self.subTest(words):
                self.assertEqual(self.check(*words).stdout, LINE)
        self.assertIn("127.0.0.1: connect: ", self.check("--wsman-port=1", code=3).stdout)

    def test_scopes_and_our_own_options(self):
        self.add_text("pw", "--scope", "project:o/p", value=ADMIN[1])
        self.add_credential("win", "--scope", "project:o/p", password="pw")
        words = [f"--wsman-port={self.port}", "--secret-scope=project:o/p"]
        self.assertEqual(self.check(*words, credential="win").stdout, LINE)
        self.assertEqual(self.check(*words, "--transport=negotiate", credential="win").stdout, LINE)

    def test_what_the_credential_decides_is_refused_beside_it(self):
        for word in ("--wsman-username=me", "--wsman-password=x", "--wsman-auth-method=ntlm", "--password-file=pw", "--cert-validation=ignore", "--realm=X"):
            with self.subTest(word):
                ran = self.refused(" cannot be given beside ", word)
                self.assertIn(word.partition("=")[0], ran.stdout)
        self.refused("--wsman-scheme https: the credential account.win_prod is for http", "--wsman-scheme=https")

    def test_what_cannot_be_opened_is_unknown(self):
        for credential, words in (("account.gone", "secret gone of account is not there"), ("win_pw", "and no WinRM credential"),
                                  ("project.x", "Invalid Secret Reference"), ("org.x", "the account's scope has no organisation")):
            with self.subTest(credential):
                self.assertTrue(self.refused(words, credential=credential).stdout.startswith("UNKNOWN: "))
        self.refused("is none of account, org:ORG", "--secret-scope=here")
        self.refused("there is no store", f"--store={self.folder}/none.db")

    def test_a_certificate_that_is_not_checked_is_said(self):
        self.does("credential", "update", "win_prod", "--ssl", "yes", "--port", self.played.ports["https"])
        ran = self.check(code=3)
        self.assertIn("--cert-pin sha256:HEX", ran.stdout)
        self.assertNotIn("--cert-validation ignore", ran.stdout, "which the credential decides")
        self.assertEqual(self.check(f"--ca-file={self.played.ca}").stdout, LINE)
        self.does("credential", "update", "win_prod", "--skip-cert-check", "yes")
        ran = self.check()
        self.assertEqual(ran.stdout, LINE)
        self.assertIn("mullion-centreon: warning: credential win_prod of account: the host's certificate is not checked", ran.stderr)
        self.assertNotIn("warning", self.check("--ignore-warn-msg").stderr)


class KerberosCredential(WithKerberos):
    def test_by_the_keys_of_a_file_secret(self):
        """They are in this process's memory alone, for as long as the host is asked."""
        self.credential("by_keys", "--keytab-ref", "alice_keys")
        port = self.target.rpartition(":")[2]
        ran = run([CENTREON, PLUGIN, "--mode=uptime", "--hostname=localhost", f"--wsman-port={port}", "--wsman-credential=by_keys", f"--store={self.store}"],
                  self.environment)
        self.assertEqual((ran.code, ran.stdout[:3]), (0, "OK:"), ran)
        self.assertEqual([entry["id"] for entry in self.entries(kind="used", action="check")], ["by_keys", "alice_keys"])

    def test_an_address_is_told_in_centreons_words(self):
        self.credential("by_pw", "--password-ref", "alice_pw")
        port = self.target.rpartition(":")[2]
        ran = run([CENTREON, PLUGIN, "--mode=uptime", "--hostname=127.0.0.1", f"--wsman-port={port}", "--wsman-credential=by_pw", f"--store={self.store}"],
                  self.environment)
        self.assertEqual(ran.code, 3, ran)
        self.assertIn("gssnegotiate needs the host's DNS name: --hostname NAME.DOMAIN in place of 127.0.0.1", ran.stdout)


if __name__ == "__main__":
    unittest.main()
