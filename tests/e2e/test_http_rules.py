"""What the service does with HTTP itself, row by row (docs/service-protocol-tests.md, 3.1 and 3.2), byte for byte."""
import unittest

from tests.support import soap
from tests.support.raw_http import Raw, request
from tests.support.service import ADMIN, Service
from tests.support.winrm import WinRM, basic

KIND = ("Content-Type", soap.SOAP_TYPE)
ME = ("Authorization", basic(ADMIN))
SERVER = "Microsoft-HTTPAPI/2.0"


class InClear(unittest.TestCase):
    """Basic and messages in clear, so that every byte can be said."""

    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service(["Service/Auth/Basic=true", "Service/AllowUnencrypted=true", "MaxEnvelopeSizekb=64"]))
        cls.port = cls.service.port("http")

    def ask(self, body, *fields, **how):
        with Raw(self.port) as raw:
            return raw.ask(body, [ME, *fields], **how)

    def test_soap_in_either_charset__200_and_faults_500(self):
        for charset, codec in (("UTF-8", "utf-8"), ("UTF-16", "utf-16")):
            with self.subTest(charset):
                kind = ("Content-Type", f"application/soap+xml;charset={charset}")
                done = self.ask(soap.enumerate_shells().encode(codec), kind)
                self.assertEqual((done.status, done.first("content-type")), (200, kind[1]))
                self.assertIn("EnumerateResponse", done.body.decode(codec))
                fault = self.ask(soap.get("12345678-0000-4000-8000-000000000000").encode(codec), kind)
                self.assertEqual((fault.status, fault.first("content-type")), (500, kind[1]))
                self.assertEqual(soap.code_of(fault.body.decode(codec)), soap.UNEXPECTED_SELECTORS)

    def test_without_credentials__401_and_what_is_enabled(self):
        with Raw(self.port) as raw:
            for fields in ([], [("Authorization", basic((ADMIN[0], "wrong")))], [("Authorization", "Digest x")]):
                found = raw.ask(soap.create().encode(), [KIND, *fields])
                self.assertEqual((found.status, found.body), (401, b""))
                self.assertEqual(found.first("content-length"), "0")
                self.assertEqual(found.first("server"), SERVER)
                self.assertEqual(sorted(found.all("www-authenticate")), ['Basic realm="WSMAN"', "Negotiate"])

    def test_too_large__413_without_soap(self):
        found = self.ask(b"<" + b"x" * (64 * 1024 + 1000), KIND)
        self.assertEqual((found.status, found.body), (413, b""))

    def test_not_complete_in_time__500(self):
        whole = request(soap.create().encode(), [ME, KIND])
        with Service(["Service/Auth/Basic=true", "Service/AllowUnencrypted=true", "Service/MaxPacketRetrievalTimeSeconds=1"]) as service, \
                Raw(service.port("http")) as raw:
            raw.send(whole[:-10])
            found = raw.answer()
        self.assertEqual((found.status, found.body), (500, b""))

    def test_another_path__404(self):
        found = self.ask(soap.create().encode(), KIND, target="/other")
        self.assertEqual((found.status, found.body), (404, b""))

    def test_identify_of_somebody_and_of_nobody(self):
        known = self.ask(soap.IDENTIFY.encode(), KIND).body.decode()
        self.assertEqual(soap.value_of(known, "ProtocolVersion"), "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd")
        self.assertRegex(soap.value_of(known, "ProductVersion"), r"^OS: \d+\.\d+\.\S+ SP: 0\.0 Stack: 3\.0$")
        for scheme in ("basic", "spnego-kerberos"):
            self.assertIn(f"http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/http/{scheme}<", known)
        with Raw(self.port) as raw:
            nobody = raw.ask(soap.IDENTIFY.encode(), [KIND, ("WSMANIDENTIFY", "unauthenticated")])
        self.assertEqual(nobody.status, 200)
        self.assertEqual(soap.value_of(nobody.body.decode(), "ProductVersion"), "OS: 0.0.0 SP: 0.0 Stack: 3.0")
        self.assertNotIn("SecurityProfile", nobody.body.decode())
        self.assertIn("<wsmid:IdentifyResponse", nobody.body.decode())


class AsInstalled(unittest.TestCase):
    """Windows' defaults: no Basic, nothing in clear."""

    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service(["Service/Auth/CredSSP=true"]))

    def offered(self, scheme):
        with Raw(self.service.port(scheme), self.service.ca if scheme == "https" else None) as raw:
            return sorted(raw.ask(soap.create().encode(), [KIND]).all("www-authenticate"))

    def test_what_is_not_enabled_is_not_offered(self):
        for scheme in ("http", "https"):
            self.assertEqual(self.offered(scheme), ["CredSSP", "Negotiate"])

    def test_basic_over_http_needs_allow_unencrypted(self):
        with Service(["Service/Auth/Basic=true"]) as service:
            with Raw(service.port("http")) as raw:
                found = raw.ask(soap.create().encode(), [KIND, ME])
                self.assertEqual((found.status, found.all("www-authenticate")), (401, ["Negotiate"]))
            with Raw(service.port("https"), service.ca) as raw:
                self.assertEqual(raw.ask(soap.enumerate_shells().encode(), [KIND, ME]).status, 200)

    def test_a_plain_body_over_http__500_and_no_fault(self):
        with WinRM(self.service.port("http")) as client:
            found = client.raw.ask(soap.create().encode(), [KIND])
            self.assertEqual((found.status, found.body), (500, b""))

    def test_the_answer_to_a_sealed_request_is_sealed__faults_too(self):
        with WinRM(self.service.port("http")) as client:
            for body in (soap.enumerate_shells(), soap.get("12345678-0000-4000-8000-000000000000")):
                client.write(body)
                answer = client.raw.answer()
                self.assertTrue(answer.first("content-type").startswith('multipart/encrypted;protocol="application/HTTP-SPNEGO-session-encrypted"'))
                self.assertNotIn(b"Envelope", answer.body)


if __name__ == "__main__":
    unittest.main()
