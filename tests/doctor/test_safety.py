"""Set-ups that work, and should not stay so."""
from tests.doctor.case import SetupCase, doctor
from tests.e2e.client import words
from tests.support.service import ADMIN, Service

OPERATOR = ("operator", "another-Passw0rd")


class Unsafe(SetupCase):
    @classmethod
    def setUpClass(cls):
        cls.accounts = [(*ADMIN, ["--admin"]), (*OPERATOR, ["--admin"])]
        cls.service = cls.enterClassContext(Service(accounts=cls.accounts))

    def test_row_45__messages_in_clear_are_taken(self):
        with Service(["Service/AllowUnencrypted=true"], accounts=self.accounts) as service:
            self.expect(45, *words(service, user=OPERATOR[0]), password=OPERATOR[1],
                        names=["Set-Item WSMan:\\localhost\\Service\\AllowUnencrypted $false"])

    def test_row_46__channel_bindings_are_ignored(self):
        with Service(["Service/Auth/CbtHardeningLevel=None"], accounts=self.accounts) as service:
            self.expect(46, *words(service, user=OPERATOR[0]), password=OPERATOR[1], names=["Relaxed", "Strict"])

    def test_the_configuration_is_read_where_the_account_may(self):
        ran = doctor(*words(self.service, user=OPERATOR[0]), password=OPERATOR[1])
        [finding] = [f for f in ran.host["findings"] if f["check"] == "config"]
        self.assertEqual(finding["state"], "ok", finding)
        self.assertIn("CbtHardeningLevel Relaxed", finding["seen"])

    def test_row_47__the_certificate_is_not_checked(self):
        self.expect(47, self.service.https, "-u", OPERATOR[0], "--transport", "ntlm", "--cert-validation", "ignore", password=OPERATOR[1],
                    names=["--ca-file", "--cert-pin"])

    def test_row_48__the_built_in_administrator(self):
        self.expect(48, *words(self.service), names=["an account of its own", "Remote Management Users"])

    def test_the_password_in_clear(self):
        with Service(["Service/AllowUnencrypted=true", "Service/Auth/Basic=true"], accounts=self.accounts) as service:
            ran = doctor(*words(service, "--allow-unencrypted", user=OPERATOR[0], transport="basic"), password=OPERATOR[1])
            self.assertEqual(ran.code, 0, ran)
            self.assertEqual([f["id"] for f in ran.host["findings"] if f["check"] == "safety"], ["safety.basic", "safety.unencrypted"])

    def test_what_is_safe_is_not_warned_of(self):
        for scheme in ("http", "https"):
            ran = doctor(*words(self.service, scheme=scheme, user=OPERATOR[0]), password=OPERATOR[1])
            self.assertEqual(ran.code, 0, ran)
            self.assertEqual([f["state"] for f in ran.host["findings"] if f["check"] == "safety"], ["ok"], scheme)
