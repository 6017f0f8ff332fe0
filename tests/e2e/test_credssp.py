"""CredSSP end to end: both programs together, and the client with hosts that misbehave or are not who they seem."""
import hashlib
import socket
import ssl
import tempfile
from pathlib import Path

from tests.e2e import bad_servers
from tests.e2e.client import mullion, words
from tests.e2e.test_errors import ErrorCase
from tests.support.credssp import InnerTls, fields_of, make_certificate, token_of, ts_request, turned_away
from tests.support.service import ADMIN, Service

HAS_CREDSSP = "Service/Auth/CredSSP=true"
MEGABYTE = "head -c 1048576 /dev/zero | tr '\\0' x"


def authorization(token):
    return b"Authorization" + turned_away(token).split(b"\r\n")[1].removeprefix(b"WWW-Authenticate")


class Conversation:
    """The client's end of one connection, without a client."""

    def __init__(self, service):
        self.connection = socket.create_connection(("127.0.0.1", int(service.url("http").split(":")[2].split("/")[0])))

    def ask(self, token):
        self.connection.sendall(b"POST /wsman HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n" + authorization(token) + b"\r\n\r\n")
        answer = bad_servers.read_request(self.connection)
        return token_of(answer[0]) or b""

    def begin(self):
        """The inner TLS, connected."""
        tls, token = InnerTls(), b""
        while said := tls.handshake(token):
            token = self.ask(said)
        return tls

    def close(self):
        self.connection.close()


def inner_certificate(service):
    talk = Conversation(service)
    tls = talk.begin()
    talk.close()
    return tls.tls.getpeercert(True)


class Together(ErrorCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service([HAS_CREDSSP]))

    def run_over(self, scheme, *command, **how):
        return mullion("run", *words(self.service, scheme=scheme, transport="credssp"), "--", *command, **how)

    def test_a_command_over_http_and_https(self):
        for scheme in ("http", "https"):
            with self.subTest(scheme):
                ran = self.run_over(scheme, "echo out; echo err >&2; exit 3")
                self.assertEqual((ran.code, ran.stdout), (2, b"out\n"), ran)

    def test_a_megabyte_in_many_chunks(self):
        for scheme in ("http", "https"):
            with self.subTest(scheme):
                ran = self.run_over(scheme, MEGABYTE)
                self.assertEqual((ran.code, len(ran.stdout), set(ran.stdout)), (0, 1048576, {ord("x")}), ran.stderr)

    def test_much_input_in_many_chunks(self):
        ran = mullion("run", *words(self.service, "--stdin", "-", transport="credssp"), "--", "wc -c", stdin=b"y" * 300_000)
        self.assertEqual((ran.code, ran.stdout.strip()), (0, b"300000"), ran.stderr)

    def test_sealed_also_inside_https(self):
        ran = mullion("run", *words(self.service, "--message-encryption", "always", scheme="https", transport="credssp"), "--", MEGABYTE)
        self.assertEqual((ran.code, len(ran.stdout)), (0, 1048576), ran.stderr)

    def test_ping_tells_the_transport(self):
        ran = mullion("ping", *words(self.service, transport="credssp"))
        self.assertEqual(ran.code, 0, ran)
        self.assertIn("credssp", ran.stdout.decode() + ran.stderr)

    def test_the_password_is_in_no_environment(self):
        """What was handed over is the session's, and not the command's to see."""
        ran = self.run_over("http", "env; cat /proc/$$/environ")
        self.assertEqual(ran.code, 0, ran)
        self.assertNotIn(ADMIN[1].encode(), ran.stdout)

    def test_auth_rejected__by_its_status(self):
        for user, password in ((ADMIN[0], "wrong"), ("nobody-of-that-name", ADMIN[1])):
            with self.subTest(user):
                self.expect("auth.rejected", *words(self.service, transport="credssp", user=user), password=password,
                            message=["STATUS_LOGON_FAILURE", "credssp"])

    def test_auth_not_offered__by_default(self):
        with Service() as service:
            error = self.expect("auth.not_offered", *words(service, transport="credssp"), message=["credssp"])
            self.assertNotIn("CredSSP", error["offered"])

    def test_usage_invalid__in_place_of_another(self):
        self.expect("usage.invalid", *words(self.service, transport="ntlm,credssp"), message=["alone"])

    def test_the_certificate_of_a_thumbprint(self):
        with tempfile.TemporaryDirectory() as folder, Service() as service:
            certificate, key = make_certificate(Path(folder))
            der = ssl.PEM_cert_to_DER_cert(certificate.read_text())
            thumbprint = hashlib.sha1(der).hexdigest()
            service.stop()
            file = Path(service.state) / "certs" / f"{thumbprint.upper()}.pem"
            file.parent.mkdir(mode=0o700, exist_ok=True)
            file.write_text(certificate.read_text() + key.read_text())
            service.settings = [HAS_CREDSSP, f"Service/CertificateThumbprint={thumbprint}"]
            service.start()
            self.assertEqual(inner_certificate(service), der)
            ran = mullion("run", *words(service, transport="credssp"), "--", "echo good")
            self.assertEqual((ran.code, ran.stdout), (0, b"good\n"), ran)

    def test_a_thumbprint_of_nothing_is_said_at_the_start(self):
        with Service() as service:
            service.stop()
            service.settings = [HAS_CREDSSP, "Service/CertificateThumbprint=" + "AB" * 20]
            with self.assertRaisesRegex(AssertionError, "Service/CertificateThumbprint " + "AB" * 20):
                service.start()


class Host:
    """Speaks TLS in HTTP's tokens; `reply` makes an answer of each TSRequest's fields, or None for a bare 401."""

    def __init__(self, certificate, reply, **versions):
        self.certificate, self.reply, self.versions = certificate, reply, versions
        self.heard = []

    def __call__(self, connection):
        tls = InnerTls(self.certificate, **self.versions)
        while request := bad_servers.read_request(connection):
            token = token_of(request[0])
            if not tls.connected:
                connection.sendall(turned_away(tls.handshake(token)))
                continue
            fields = fields_of(tls.open(token))
            self.heard.append(fields)
            said = self.reply(fields)
            connection.sendall(turned_away(tls.seal(said) if said else b""))


class ManInTheMiddle(Host):
    """Has a certificate of his own, and passes what is said inside on to the real host."""

    def __init__(self, certificate, service):
        super().__init__(certificate, self.pass_on)
        self.upstream = Conversation(service)
        self.tls = self.upstream.begin()

    def pass_on(self, fields):
        request = ts_request(fields[0][0], token=fields.get(1), proof=fields.get(3), nonce=fields.get(5))
        answer = fields_of(self.tls.open(self.upstream.ask(self.tls.seal(request))))
        # The real host has seen through him, and says so. He does not pass that on.
        return ts_request(6, token=answer.get(1), proof=b"x" * 48 if 3 in fields else None)


class BadHosts(ErrorCase):
    @classmethod
    def setUpClass(cls):
        folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.certificate = make_certificate(folder)

    def at(self, server, *options):
        return f"http://127.0.0.1:{server.port}", "-u", ADMIN[0], "--transport", "credssp", *options

    def test_credssp_tls12(self):
        """A host that has TLS 1.0 and nothing better, and one that says nothing at all."""
        old = Host(self.certificate, lambda _: None, oldest=ssl.TLSVersion.TLSv1, newest=ssl.TLSVersion.TLSv1)
        with bad_servers.BadServer(old) as server:
            self.expect("credssp.tls12", *self.at(server), advice=["KB3080079", "SCHANNEL", "--credssp-disable-tls12"])
        with bad_servers.answering("401 Unauthorized", ["WWW-Authenticate: CredSSP"]) as server:
            self.expect("credssp.tls12", *self.at(server))

    def test_tls_1_0_only_where_it_is_asked_for(self):
        old = Host(self.certificate, lambda _: ts_request(6, status=0xC000006E), oldest=ssl.TLSVersion.TLSv1, newest=ssl.TLSVersion.TLSv1)
        with bad_servers.BadServer(old) as server:
            self.expect("auth.rejected", *self.at(server, "--credssp-disable-tls12"), message=["STATUS_ACCOUNT_RESTRICTION"],
                        advice=["Protected Users"])
        new = Host(self.certificate, lambda _: ts_request(6, status=0xC000006E))
        with bad_servers.BadServer(new) as server:
            self.expect("credssp.tls12", *self.at(server, "--credssp-disable-tls12"))

    def test_credssp_version(self):
        host = Host(self.certificate, lambda _: ts_request(4, token=b"x"))
        with bad_servers.BadServer(host) as server:
            self.expect("credssp.version", *self.at(server, "-e", "ansible_winrm_credssp_minimum_version=5"), message=["version 4", "at least 5"])
        self.assertEqual(len(host.heard), 1)

    def test_credssp_error(self):
        for status, name in ((0xC000005E, "STATUS_NO_LOGON_SERVERS"), (0xC0001234, "0xC0001234")):
            with self.subTest(name), bad_servers.BadServer(Host(self.certificate, lambda _, s=status: ts_request(6, status=s))) as server:
                self.expect("credssp.error", *self.at(server), message=[name])

    def test_auth_protocol__not_a_message_of_credssp(self):
        with bad_servers.BadServer(Host(self.certificate, lambda _: b"nonsense")) as server:
            self.expect("auth.protocol", *self.at(server))

    def test_credssp_public_key(self):
        """A man in the middle gets no password: the log-on inside is real, but its ends are of two TLS conversations."""
        with Service([HAS_CREDSSP]) as service:
            middle = ManInTheMiddle(self.certificate, service)
            with bad_servers.BadServer(middle) as server:
                self.expect("credssp.public_key", *self.at(server), message=["the password was not sent"])
            middle.upstream.close()
        self.assertEqual([sorted(fields) for fields in middle.heard], [[0, 1], [0, 1, 3, 5]])
