"""Client certificates between `mullion run` and `mullion serve`: asked for in three ways, made, mapped, withdrawn, refused.

Names of tests that are ids of errors count for test_error_table.py.
"""
import os
import signal
import ssl
import stat
import subprocess
import unittest
from pathlib import Path

from tests.e2e import bad_servers
from tests.e2e.client import mullion, start
from tests.e2e.test_errors import ErrorCase
from tests.support.service import ADMIN, DEADLINE, MULLION, Service, wait_until

AT_HANDSHAKE = "https://127.0.0.1:0?ClientCertNegotiation=true"
LATER = "https://127.0.0.1:0"
ON = ["Service/Auth/Certificate=true", "Service/Auth/Basic=true"]


def cert(*words, stdin=None, code=0):
    done = subprocess.run([MULLION, "cert", *map(str, words)], input=stdin, capture_output=True, text=True, timeout=DEADLINE)
    if done.returncode != code:
        raise AssertionError(f"mullion cert {words}: exit {done.returncode}: {done.stderr}")
    return done


def create(folder, user=ADMIN[0], *options):
    """A client's certificate as the command makes it: (certificate, key, what it printed)."""
    done = cert("create", "--client", "--user", user, "--out", folder, *options)
    return Path(folder) / f"{user}.pem", Path(folder) / f"{user}_key.pem", done


def thumbprint(certificate):
    text = subprocess.run(["openssl", "x509", "-in", certificate, "-noout", "-fingerprint", "-sha1"], check=True,
                          capture_output=True, text=True).stdout
    return text.split("=")[1].strip().replace(":", "")


def only_tls12(folder):
    """An environment in which OpenSSL speaks nothing newer."""
    config = Path(folder) / "tls12.cnf"
    config.write_text("openssl_conf = c\n[c]\nssl_conf = s\n[s]\nsystem_default = d\n[d]\nMaxProtocol = TLSv1.2\n")
    return {"OPENSSL_CONF": str(config)}


def reload(service):
    """Has the service read its configuration again, and waits until it has."""
    seen = service.log.read_text().count("the configuration was read again")
    service.process.send_signal(signal.SIGHUP)
    wait_until(lambda: service.log.read_text().count("the configuration was read again") > seen, "the reload")


class Mapped:
    """A service that has Administrator's certificate mapped; `listen` says how it asks."""

    listen = LATER
    options = ()

    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service(ON, listen=[cls.listen]))
        cls.folder = cls.service.folder
        cls.certificate, cls.key, _ = create(cls.folder / "own", ADMIN[0], *cls.options)
        cert("import", cls.certificate, "--trust", "--state", cls.service.state)
        cert("map", "--user", ADMIN[0], "--issuer", thumbprint(cls.certificate), "--state", cls.service.state)
        reload(cls.service)

    def words(self, *options, certificate=None, key=None):
        return (self.service.https, "--ca-file", self.service.ca, "--transport", "certificate", "--client-cert", certificate or self.certificate,
                *(("--client-key", key or self.key) if key != "" else ()), *options)


class ThreeWays(Mapped):
    def run_it(self, environment=None):
        ran = mullion("run", *self.words("--output", "json"), "--", "echo in; cat; exit 3", stdin=b"", environment=environment)
        self.assertEqual((ran.code, ran.host["exit_code"], ran.host["stdout"]), (2, 3, "in\n"), ran)

    def test_tls_13(self):
        self.run_it()

    def test_tls_12(self):
        self.run_it(only_tls12(self.folder))

    def test_ping_says_how_it_logged_on(self):
        ran = mullion("ping", *self.words("--output", "json"))
        self.assertEqual((ran.code, ran.host["transport"], ran.host["sealed"]), (0, "certificate", False), ran)

    def test_standard_input_of_a_megabyte(self):
        for environment in (None, only_tls12(self.folder)):
            ran = mullion("run", *self.words("--stdin", "-"), "--", "wc -c", stdin=b"x" * 1_000_000, environment=environment)
            self.assertEqual((ran.code, ran.stdout.strip()), (0, b"1000000"), ran)

    def test_without_a_user_or_a_password(self):
        done = subprocess.run([str(MULLION), "run", *map(str, self.words()), "--", "echo in"], stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=60, start_new_session=True)
        self.assertEqual((done.returncode, done.stdout), (0, b"in\n"), done.stderr)

    def test_a_client_without_one_still_logs_on_otherwise(self):
        ran = mullion("run", self.service.https, "--ca-file", self.service.ca, "-u", ADMIN[0], "--transport", "basic", "--", "echo in")
        self.assertEqual((ran.code, ran.stdout), (0, b"in\n"), ran)


class AtTheHandshake(ThreeWays, unittest.TestCase):
    """TLS 1.2 and 1.3 in the first handshake."""
    listen = AT_HANDSHAKE


class AfterTheHandshake(ThreeWays, unittest.TestCase):
    """TLS 1.3 by post-handshake authentication, TLS 1.2 by negotiating anew."""


class OnACurve(ThreeWays, unittest.TestCase):
    options = ("--key", "p256")


class Refused(Mapped, ErrorCase):
    """Each with its own id."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.authority = bad_servers.Authority(cls.folder / "ca")
        cert("import", cls.authority.ca, "--trust", "--state", cls.service.state)
        for user in (ADMIN[0], "gone"):
            if user != ADMIN[0]:
                cls.service.add_account(user, "a-Passw0rd-of-one")
            cert("map", "--user", user, "--issuer", thumbprint(cls.authority.ca), "--subject", f"{user}@*", "--state", cls.service.state)
        reload(cls.service)

    def issued(self, name, user=ADMIN[0], use="clientAuth", **more):
        return self.authority.issue(name, f"otherName:1.3.6.1.4.1.311.20.2.3;UTF8:{user}@localhost", use=use, **more)

    def expect_with(self, error_id, pair, **how):
        return self.expect(error_id, *self.words(certificate=pair[0], key=pair[1]), **how)

    def log_says(self, text):
        self.assertIn(text, self.service.log.read_text())

    def test_an_authoritys_certificate_is_taken(self):
        pair = self.issued("good")
        ran = mullion("run", *self.words(certificate=pair[0], key=pair[1]), "--", "echo in")
        self.assertEqual((ran.code, ran.stdout), (0, b"in\n"), ran)

    def test_auth_certificate_rejected(self):
        error = self.expect_with("auth.certificate_rejected", create(self.folder / "stranger")[:2], advice=["TrustedPeople"])
        self.assertEqual(error["http_status"], 401)

    def test_auth_certificate_rejected__another_authority(self):
        other = bad_servers.Authority(self.folder / "other-ca")
        pair = other.issue("foreign", f"otherName:1.3.6.1.4.1.311.20.2.3;UTF8:{ADMIN[0]}@localhost", use="clientAuth")
        self.expect_with("auth.certificate_rejected", pair)

    def test_auth_certificate_rejected__no_client_authentication(self):
        self.expect_with("auth.certificate_rejected", self.issued("server", use="serverAuth"))
        self.expect_with("auth.certificate_rejected", self.issued("useless", use=None))
        self.log_says("client authentication is not among its uses")

    def test_auth_certificate_rejected__it_is_off(self):
        with Service() as service:
            self.expect("auth.certificate_rejected", service.https, "--ca-file", service.ca, "--transport", "certificate", "--client-cert", self.certificate,
                        "--client-key", self.key, message=["never asked for it"])

    def test_auth_certificate_rejected__another_way_may_follow(self):
        with Service() as service:
            ran = mullion("run", service.https, "--ca-file", service.ca, "--transport", "certificate,ntlm", "-u", ADMIN[0], "--client-cert", self.certificate,
                          "--client-key", self.key, "--", "echo in")
            self.assertEqual((ran.code, ran.stdout), (0, b"in\n"), ran)

    def test_auth_certificate_unmapped(self):
        error = self.expect_with("auth.certificate_unmapped", self.issued("other", user="somebody"), advice=["ClientCertificate"])
        self.assertEqual(error["wsman_code"], 5)
        self.log_says("no mapping, or more than one")

    def test_auth_certificate_unmapped__the_account_is_gone(self):
        subprocess.run([MULLION, "user", "delete", "gone", "--state", self.service.state], check=True, timeout=DEADLINE)
        self.expect_with("auth.certificate_unmapped", self.issued("gone", user="gone"))
        self.log_says("there is no account gone")

    def test_auth_certificate_unmapped__while_the_connection_lives(self):
        with Service(ON, listen=[LATER]) as service:
            certificate, key, _ = create(service.folder / "own")
            cert("import", certificate, "--trust", "--state", service.state)
            cert("map", "--user", ADMIN[0], "--issuer", thumbprint(certificate), "--state", service.state)
            reload(service)
            running = start("run", service.https, "--ca-file", service.ca, "--transport", "certificate", "--client-cert", certificate, "--client-key", key,
                            "--stdin", "-", "--", "echo in; cat; echo never")
            try:
                self.assertEqual(running.stdout.readline(), b"in\n")
                settings = service.state / "winrm.yaml"
                settings.write_text(settings.read_text().replace("Enabled: true", "Enabled: false"))
                reload(service)
                out, err = running.communicate(b"more\n", timeout=60)
                self.assertNotIn(b"never", out)
                # Whichever asks next is refused: the input that is on its way, or who waits for output.
                self.assertRegex(err, rb"\[auth\.certificate_unmapped\]|maps the client certificate to no account .*\[run\.input\]")
            finally:
                running.kill()
                running.communicate()

    def test_revoked_by_a_list(self):
        pair = self.issued("revoked")
        self.authority.revoke("revoked")
        target = self.service.state / "trust/ca.crl"
        target.write_bytes(Path(self.authority.revocation_list()).read_bytes())
        if os.geteuid() == 0:
            os.chown(target, self.service.state.stat().st_uid, self.service.state.stat().st_gid)
        reload(self.service)
        try:
            self.expect_with("auth.certificate_rejected", pair)
            self.log_says("certificate revoked")
            ran = mullion("run", *self.words(certificate=self.issued("unrevoked")[0], key=self.authority.folder / "unrevoked.key"), "--", "echo in")
            self.assertEqual(ran.code, 0, ran)
        finally:
            target.unlink()
            reload(self.service)

    def test_tls_client_expired(self):
        pair = self.issued("expired", dates=("-startdate", "20200101000000Z", "-enddate", "20200201000000Z"))
        self.expect_with("tls.client_expired", pair, message=["2020-02-01"])

    def test_tls_client_key(self):
        self.expect("tls.client_key", *self.words(key=self.issued("another")[1]))

    def test_tls_client_key_password(self):
        locked = self.folder / "locked.pem"
        subprocess.run(["openssl", "pkey", "-in", self.key, "-aes256", "-passout", "pass:correct", "-out", locked], check=True, capture_output=True)
        (self.folder / "wrong").write_text("wrong\n")
        (self.folder / "right").write_text("correct\n")
        self.expect("tls.client_key_password", *self.words(key=locked), advice=["--client-key-password-file"])
        self.expect("tls.client_key_password", *self.words("--client-key-password-file", self.folder / "wrong", key=locked))
        ran = mullion("run", *self.words("--client-key-password-file", self.folder / "right", key=locked), "--", "echo in")
        self.assertEqual((ran.code, ran.stdout), (0, b"in\n"), ran)

    def test_auth_domain_account(self):
        for user in ("CORP\\admin", "admin@CORP.EXAMPLE"):
            self.expect("auth.domain_account", *self.words("-u", user), message=[user], advice=["kerberos"])
            self.expect("auth.domain_account", self.service.https, "--ca-file", self.service.ca, "--transport", "basic", "-u", user)
        for user in (f".\\{ADMIN[0]}", f"127.0.0.1\\{ADMIN[0]}", f"{ADMIN[0]}@127.0.0.1"):
            ran = mullion("run", self.service.https, "--ca-file", self.service.ca, "--transport", "basic", "-u", user, "--", "echo in")
            self.assertEqual((ran.code, ran.stdout), (0, b"in\n"), ran)

    def test_nothing_is_sent_that_could_not_be_sealed(self):
        for options in (self.words(), (self.service.https, "--ca-file", self.service.ca, "-u", ADMIN[0], "--transport", "basic")):
            self.expect("auth.plaintext", *options, "--message-encryption", "always", message=["cannot seal"])

    def test_http_is_wrong_usage(self):
        ran = mullion("run", "http://127.0.0.1:1", "--transport", "certificate", "--client-cert", self.certificate, "--", "echo")
        self.assertEqual(ran.code, 5)
        self.assertIn("needs https", ran.stderr)
        ran = mullion("run", "https://127.0.0.1:1", "--transport", "certificate", "--", "echo")
        self.assertEqual(ran.code, 5)
        self.assertIn("needs --client-cert", ran.stderr)

    def test_a_key_that_others_may_read_is_told(self):
        copy = self.folder / "open.pem"
        copy.write_bytes(self.key.read_bytes())
        copy.chmod(0o644)
        ran = mullion("run", *self.words(key=copy), "--", "echo in")
        self.assertEqual(ran.code, 0, ran)
        self.assertIn("others may read this key", ran.stderr)
        self.assertNotIn("others may read", mullion("run", *self.words(), "--", "echo in").stderr)

    def test_one_file_with_both_and_pkcs12(self):
        both = self.folder / "both.pem"
        both.touch(mode=0o600)
        both.write_bytes(self.certificate.read_bytes() + self.key.read_bytes())
        pfx = self.folder / "client.pfx"
        subprocess.run(["openssl", "pkcs12", "-export", "-in", both, "-out", pfx, "-passout", "pass:correct"], check=True, capture_output=True)
        (self.folder / "right").write_text("correct\n")
        for options in ((), ("--client-key-password-file", self.folder / "right")):
            ran = mullion("run", *self.words(*options, certificate=pfx if options else both, key=""), "--", "echo in")
            self.assertEqual((ran.code, ran.stdout), (0, b"in\n"), ran)


class AnUntrueHost(ErrorCase):
    """What happens where a certificate was shown to the wrong one."""

    def test_a_host_that_insists_on_one_of_its_authority(self):
        folder = Path(self.enterContext(Service()).folder)
        authority = bad_servers.Authority(folder / "ca")
        pair = authority.issue("host")
        certificate, key, _ = create(folder / "own")
        with bad_servers.over_tls(*pair, want_client=authority.ca) as server:
            ran = mullion("run", f"https://127.0.0.1:{server.port}", "--ca-file", authority.ca, "--transport", "certificate", "--client-cert", certificate,
                          "--client-key", key, "--output", "json", "--", "echo")
            self.assertEqual((ran.code, ran.host["status"]), (4, "unreachable"), ran)
            self.assertIn(ran.host["error"]["id"], ("tls.handshake", "net.closed"))


class TheCommand(unittest.TestCase):
    def setUp(self):
        self.service = self.enterContext(Service())
        self.folder = self.service.folder

    def test_makes_key_certificate_and_powershell(self):
        for kind, text in (("rsa2048", "2048 bit"), ("p256", "prime256v1")):
            with self.subTest(kind):
                certificate, key, done = create(self.folder / kind, "o'neil", "--key", kind, "--days", "30")
                self.assertEqual(stat.S_IMODE(key.stat().st_mode), 0o600)
                self.assertEqual(stat.S_IMODE((self.folder / kind).stat().st_mode), 0o700)
                shown = subprocess.run(["openssl", "x509", "-in", certificate, "-noout", "-text"], check=True, capture_output=True, text=True).stdout
                for part in (text, "CN = o'neil", "TLS Web Client Authentication", "othername: UPN::o'neil@localhost"):
                    self.assertIn(part, shown)
                for part in ("Service\\Auth\\Certificate -Value $true", "'Root', 'TrustedPeople'", "WSMan:\\localhost\\ClientCertificate",
                             "-Subject 'o''neil@localhost' -URI * -Issuer $issuer", "Get-Credential -UserName 'o''neil'"):
                    self.assertIn(part, done.stdout)
                self.assertNotIn("PRIVATE", done.stdout + done.stderr)
        self.assertIn("exists", cert("create", "--client", "--user", "o'neil", "--out", self.folder / "p256", code=5).stderr)

    def test_converts_pkcs12(self):
        certificate, key, _ = create(self.folder / "own")
        pfx, password = self.folder / "x.pfx", self.folder / "password"
        subprocess.run(["openssl", "pkcs12", "-export", "-in", certificate, "-inkey", key, "-out", pfx, "-passout", "pass:correct"], check=True)
        password.write_text("correct\n")
        cert("create", "--client", "--user", "ann", "--from-pfx", pfx, "--password-file", password, "--out", self.folder / "out")
        self.assertEqual((self.folder / "out/ann.pem").read_bytes(), certificate.read_bytes())
        self.assertEqual((self.folder / "out/ann_key.pem").read_bytes(), key.read_bytes())
        done = cert("create", "--client", "--user", "bob", "--from-pfx", pfx, "--out", self.folder / "out", code=5)
        self.assertIn("[tls.client_key_password]", done.stderr)
        self.assertFalse((self.folder / "out/bob.pem").exists())

    def test_maps_what_is_trusted_and_lists_it(self):
        certificate, _, _ = create(self.folder / "own")
        state, issuer = self.service.state, thumbprint(certificate)
        told = cert("map", "--user", ADMIN[0], "--issuer", issuer, "--state", state, code=5).stderr
        for part in (issuer, "there is no such certificate", "DIR/trust has no certificate"):
            self.assertIn(part, told)
        self.assertEqual(cert("import", certificate, "--trust", "--state", state).stdout.strip(), issuer)
        self.assertIn("[account.missing]", cert("map", "--user", "nobody-here", "--issuer", issuer, "--state", state, code=5).stderr)
        (state / "winrm.yaml").write_text("# mine\nMaxTimeoutms: 50000\n")
        cert("map", "--user", ADMIN[0], "--issuer", issuer.lower(), "--state", state)
        self.assertIn("already a mapping", cert("map", "--user", ADMIN[0], "--issuer", issuer, "--state", state, code=5).stderr)
        self.assertTrue((state / "winrm.yaml").read_text().startswith("# mine\nMaxTimeoutms: 50000\n"))
        text = cert("list", "--state", state).stdout
        for part in (f"Root,TrustedPeople  {issuer}", f"{ADMIN[0]}@localhost for * is {ADMIN[0]}", "My  "):
            self.assertIn(part, text)
        self.assertIn(f'"upns": [\n        "{ADMIN[0]}@localhost"', cert("list", "--state", state, "--output", "json").stdout)

    def test_a_mapping_without_its_issuer_is_told(self):
        """At the start and at a reload: with the thumbprint that is missing, and those that are there."""
        certificate, _, _ = create(self.folder / "own")
        other, _, _ = create(self.folder / "other", "somebody")
        state, issuer, present = self.service.state, thumbprint(certificate), thumbprint(other)
        for file in (certificate, other):
            cert("import", file, "--trust", "--state", state)
        cert("map", "--user", ADMIN[0], "--issuer", issuer, "--state", state)
        reload(self.service)
        self.assertNotIn("lets nobody in", self.service.log.read_text())
        (state / f"trust/{issuer}.pem").unlink()
        reload(self.service)
        told = f"CertMapping of {ADMIN[0]}@localhost lets nobody in: its issuer {issuer} is not trusted; DIR/trust has {present}"
        wait_until(lambda: self.service.log.read_text().count(told) == 1, "the warning of the reload")
        self.service.stop()
        self.service.start()
        self.assertEqual(self.service.log.read_text().count(told), 2)

    def test_refuses_what_is_no_certificate(self):
        broken = self.folder / "broken.pem"
        broken.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        self.assertIn("[tls.files]", cert("import", broken, "--trust", "--state", self.service.state, code=5).stderr)
        self.assertEqual([path for path in (self.service.state / "trust").rglob("*") if path.is_file()], [])


if __name__ == "__main__":
    unittest.main()
