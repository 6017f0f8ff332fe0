"""Broken set-ups: what answers at the port, and what it offers."""
from tests.doctor.case import SetupCase, doctor, findings_of
from tests.e2e import bad_servers
from tests.e2e.client import words
from tests.support.service import ADMIN, Service

USER = ("-u", ADMIN[0], "--transport", "ntlm")


class Answers(SetupCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service())

    def at(self, server):
        return f"http://127.0.0.1:{server.port}"

    def test_row_09__http_to_the_https_port(self):
        port = self.service.port("https")
        self.expect(9, f"http://127.0.0.1:{port}", *USER, names=[f"https://127.0.0.1:{port}/wsman"])

    def test_row_15__a_wrong_path(self):
        self.expect(15, self.service.http.replace("/wsman", "/wrong"), *USER, names=["--path", "URLPrefix", "/wrong"])

    def test_row_16__a_web_server(self):
        with bad_servers.answering("200 OK", body=b"<html>It works!</html>") as server:
            self.expect(16, self.at(server), *USER, names=["5985", "5986"])

    def test_row_17__the_scheme_is_disabled(self):
        self.expect(17, *words(self.service, scheme="https", transport="basic"),
                    names=["Negotiate", "Set-Item WSMan:\\localhost\\Service\\Auth\\Basic $true"])

    def test_row_40__the_service_is_stopping(self):
        with bad_servers.answering("503 Service Unavailable") as server:
            self.expect(40, self.at(server), *USER, names=["Restart-Service WinRM", "--wait-for"])

    def test_the_clock_of_the_host_is_compared(self):
        date = ["Date: Sun, 06 Nov 1994 08:49:37 GMT", "WWW-Authenticate: Negotiate"]
        with bad_servers.answering("401 Unauthorized", date) as server:
            clock = findings_of(doctor(self.at(server), *USER))["clock"]
            self.assertEqual(clock["state"], "ok")  # NTLM does not mind.
            self.assertIn("ahead of the host's", clock["seen"])
