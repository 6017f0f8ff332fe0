"""Broken set-ups: logging on with a password or a certificate."""
import contextlib
import socket
import ssl
import tempfile
from pathlib import Path

from tests.doctor.case import SetupCase, doctor, findings_of
from tests.e2e import bad_servers
from tests.e2e.client import words
from tests.e2e.test_credssp import HAS_CREDSSP, Host, ManInTheMiddle
from tests.support.credssp import make_certificate, token_of, turned_away
from tests.support.service import ADMIN, Service


def ending_tls(pair, port):
    """A proxy with a certificate of its own: TLS ends there, and another begins."""
    front = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    front.load_cert_chain(*pair)
    back = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    back.check_hostname, back.verify_mode = False, ssl.CERT_NONE

    def serve(client):
        with socket.create_connection(("127.0.0.1", port)) as plain, back.wrap_socket(plain) as host:
            while request := bad_servers.read_request(client):
                host.sendall(request[0] + b"\r\n\r\n" + request[1])
                answer = bad_servers.read_request(host)
                if not answer:
                    return
                client.sendall(answer[0] + b"\r\n\r\n" + answer[1])
    return bad_servers.BadServer(serve, front)


def to_strangers(host):
    """The host of CredSSP says what it offers to who has no token yet."""
    def serve(connection):
        first = connection.recv(65536, socket.MSG_PEEK)
        while first and token_of(first.split(b"\r\n\r\n")[0]) is None:
            if not bad_servers.read_request(connection):
                return
            connection.sendall(turned_away())
            first = connection.recv(65536, socket.MSG_PEEK)
        if first:
            host(connection)
    return bad_servers.BadServer(serve)


class Passwords(SetupCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service(["Service/Auth/Basic=true"]))

    def refusals(self):
        return self.service.log.read_text().count("logon refused")

    def test_row_18__basic_in_clear(self):
        self.expect(18, *words(self.service, transport="basic"), names=["https", "ntlm", "--allow-unencrypted"])

    def test_row_19__messages_in_clear_that_the_host_refuses(self):
        self.expect(19, *words(self.service, "--message-encryption", "never", "--allow-unencrypted"), names=["--message-encryption auto"])

    def test_row_20__a_wrong_password(self):
        self.expect(20, *words(self.service), password="not-the-one", names=[ADMIN[0], "4625"])

    def test_row_21__a_domain_account_with_basic(self):
        self.expect(21, *words(self.service, scheme="https", transport="basic", user="CORP\\admin"),
                    names=["kerberos", "ntlm", "negotiate", "credssp"])

    def test_row_22__a_domain_account_with_a_certificate(self):
        authority = bad_servers.Authority(Path(self.service.folder) / "ca")
        certificate, key = authority.issue("client", "email:client@example.test", use="clientAuth")
        self.expect(22, *words(self.service, scheme="https", transport="certificate", user="CORP\\admin"), "--client-cert", certificate,
                    "--client-key", key, names=["kerberos", "ntlm", "negotiate", "credssp"])

    def test_row_23__a_local_account_with_kerberos(self):
        self.expect(23, *words(self.service, transport="kerberos", user="alice"), names=["ntlm", "basic, over https"])

    def test_row_24__strict_and_a_proxy_that_ends_tls(self):
        with Service(["Service/Auth/CbtHardeningLevel=Strict"]) as service:
            authority = bad_servers.Authority(Path(service.folder) / "ca")
            with ending_tls(authority.issue("proxy"), service.port("https")) as proxy:
                self.expect(24, f"https://127.0.0.1:{proxy.port}", "-u", ADMIN[0], "--transport", "ntlm", "--ca-file", authority.ca,
                            names=["channel binding", "proxy", "CbtHardeningLevel"])

    def test_a_password_is_wrong_once(self):
        """The next try may lock the account."""
        before = self.refusals()
        ran = doctor(*words(self.service, scheme="https", transport="ntlm,negotiate,basic"), password="not-the-one")
        self.assertEqual(self.refusals(), before + 1)
        for check in ("logon negotiate", "logon basic"):
            self.assertEqual(findings_of(ran)[check]["because"], "logon ntlm")
            self.assertIn("lock", findings_of(ran)[check]["seen"])

    def test_each_transport_is_tried(self):
        ran = doctor(*words(self.service, scheme="https", transport="ntlm,negotiate,basic"))
        self.assertEqual(ran.code, 0, ran)
        for check in ("logon ntlm", "logon negotiate", "logon basic", "shell"):
            self.assertEqual(findings_of(ran)[check]["state"], "ok", check)


class Credssp(SetupCase):
    @classmethod
    def setUpClass(cls):
        cls.certificate = make_certificate(Path(cls.enterClassContext(tempfile.TemporaryDirectory())))

    def at(self, server):
        return f"http://127.0.0.1:{server.port}", "-u", ADMIN[0], "--transport", "credssp"

    def test_row_41__no_tls_1_2(self):
        old = Host(self.certificate, lambda _: None, oldest=ssl.TLSVersion.TLSv1, newest=ssl.TLSVersion.TLSv1)
        with to_strangers(old) as server:
            self.expect(41, *self.at(server), names=["KB3080079", "--credssp-disable-tls12"])

    def test_row_42__a_man_in_the_middle(self):
        with Service([HAS_CREDSSP]) as service:
            middle = ManInTheMiddle(self.certificate, service)
            with contextlib.closing(middle.upstream), to_strangers(middle) as server:
                self.expect(42, *self.at(server), names=["nothing was delegated", "what is between"])
