"""Broken set-ups: TLS and certificates."""
import hashlib
import ssl
from pathlib import Path

from tests.doctor.case import SetupCase
from tests.e2e import bad_servers
from tests.support.service import ADMIN, Service

EXPIRED = ("-startdate", "20200101000000Z", "-enddate", "20200201000000Z")


class Certificates(SetupCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service())
        cls.authority = bad_servers.Authority(Path(cls.service.folder) / "ca")

    def look_at(self, number, pair, *options, names=(), **server):
        with bad_servers.over_tls(*pair, **server) as host:
            return self.expect(number, f"https://127.0.0.1:{host.port}", "-u", ADMIN[0], "--transport", "ntlm", "--ca-file", self.authority.ca,
                               *options, names=names)

    def test_row_08__https_to_the_http_port(self):
        port = self.service.port("http")
        self.expect(8, f"https://127.0.0.1:{port}", "-u", ADMIN[0], "--transport", "ntlm", names=[f"http://127.0.0.1:{port}/wsman", "5986"])

    def test_row_10__an_unknown_authority(self):
        der = ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(("127.0.0.1", self.service.port("https"))))
        self.expect(10, self.service.https, "-u", ADMIN[0], "--transport", "ntlm",
                    names=["--ca-file", f"--cert-pin sha256:{hashlib.sha256(der).hexdigest()}", hashlib.sha1(der).hexdigest().upper()])

    def test_row_11__another_name(self):
        self.look_at(11, self.authority.issue("other", "DNS:other.example,DNS:third.example"), names=["other.example", "third.example"])

    def test_row_12__expired(self):
        self.look_at(12, self.authority.issue("expired", dates=EXPIRED), names=["2020-02-01", "date -u", "clock"])

    def test_row_13__revoked(self):
        pair = self.authority.issue("revoked")
        serial = (self.authority.folder / "serial.old").read_text().strip()
        self.authority.revoke("revoked")
        crl = self.authority.revocation_list()
        self.look_at(13, pair, "--crl-file", crl, names=[serial, str(crl)])

    def test_row_14__tls_1_1_at_most(self):
        self.look_at(14, self.authority.issue("old"), oldest=ssl.TLSVersion.TLSv1_1, ciphers="ALL:@SECLEVEL=0",
                     names=["1.2 and 1.3", "SCHANNEL", "TLS 1.2"])
