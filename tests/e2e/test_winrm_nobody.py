"""`winrm identify -auth:none`: who answers, asked without logging on."""
import signal
import subprocess
import unittest

from tests.e2e.bad_servers import BadServer, closed_port, read_request
from tests.e2e.namesakes import WINRM, run
from tests.e2e.played_wsman import IDENTITY, Fault, Played
from tests.support.service import DEADLINE, Service, wait_until


class Nobody(unittest.TestCase):
    def test_a_stranger_is_told_who_answers(self):
        with Played(IDENTITY) as played:
            ran = run(WINRM, "id", f"-r:{played.url}", "-a:none")
        self.assertEqual((ran.code, ran.stderr), (0, ""))
        self.assertIn(b"    ProductVendor = Microsoft Corporation\n", ran.stdout)
        self.assertEqual((len(played.asked), played.asked[0].header("WSMANIDENTIFY")), (1, "unauthenticated"))
        self.assertNotIn("authorization", played.asked[0].head.lower())

    def test_utf16_goes_both_ways(self):
        with Played(IDENTITY, utf16=True) as played:
            ran = run(WINRM, "id", f"-r:{played.url}", "-a:none", "-encoding:utf-16")
        self.assertEqual((ran.code, ran.stderr), (0, ""))
        self.assertEqual(played.asked[0].header("Content-Type"), "application/soap+xml;charset=UTF-16")
        self.assertIn("Identify", played.asked[0].text)

    def test_our_service_keeps_its_version_to_itself(self):
        with Service() as service:
            for scheme, more in (("http", []), ("https", [f"--ca-file={service.ca}"]), ("https", ["-skipCAcheck", "-skipCNcheck"])):
                with self.subTest((scheme, more)):
                    ran = run(WINRM, "id", "-a:none", f"-r:{service.url(scheme)}", *more)
                    self.assertEqual((ran.code, ran.stderr), (0, ""))
                    self.assertRegex(ran.stdout.decode(), r"^IdentifyResponse\n(    .*\n)*    ProductVersion = OS: 0\.0\.0 ")
                    self.assertNotIn(b"SecurityProfile", ran.stdout)
            ran = run(WINRM, "id", "-a:none", f"-r:{service.https}")
            self.assertEqual((ran.code, ran.stdout), (1, b""))
            self.assertIn("0x80072F8F", ran.stderr)

    def test_failures(self):
        def refuse(connection):
            read_request(connection)
            connection.sendall(b"HTTP/1.1 401 \r\nWWW-Authenticate: Negotiate\r\nWWW-Authenticate: Kerberos\r\nContent-Length: 0\r\n\r\n")

        def page(connection):
            read_request(connection)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<p/>")

        for answer, said in ((refuse, "it does not tell who it is without a log-on; it offers Negotiate, Kerberos [auth.not_offered]"),
                             (page, "Error number:  -2144108526 0x80338012\n"), (read_request, "Error number:  -2144108250 0x80338126\n")):
            with BadServer(answer) as server:
                ran = run(WINRM, "id", "-a:none", f"-r:http://127.0.0.1:{server.port}")
            self.assertEqual((ran.code, ran.stdout), (1, b""))
            self.assertIn(said, ran.stderr)
        with Played(Fault(0x80338000, "It is not there.")) as played:
            ran = run(WINRM, "id", "-a:none", f"-r:{played.url}")
        self.assertIn("Error number:  -2144108544 0x80338000\nIt is not there.\n", ran.stderr)
        with closed_port() as port:
            ran = run(WINRM, "id", "-a:none", f"-r:http://127.0.0.1:{port}")
        self.assertIn("Error number:  -2144108526 0x80338012\n", ran.stderr)

    def test_ctrl_c_ends_it(self):
        with Played(None) as played:
            with subprocess.Popen([str(WINRM), "id", "-a:none", f"-r:{played.url}"], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
                wait_until(lambda: played.asked, "the request")
                process.send_signal(signal.SIGINT)
                self.assertEqual(process.wait(DEADLINE), 130)


if __name__ == "__main__":
    unittest.main()
