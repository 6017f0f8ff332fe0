"""Every error id that the command line can produce on loopback, produced for real.

A test is named after its id: test_auth_rejected is auth.rejected (more words may follow after two underscores).
"""
import socket
import ssl
import unittest
from pathlib import Path

from tests.e2e import bad_servers
from tests.e2e.client import mullion, words
from tests.e2e.error_table import ROWS
from tests.support.service import ADMIN, Service

PLAIN_USER = ("plain", "another-Passw0rd")


class ErrorCase(unittest.TestCase):
    def expect(self, error_id, *arguments, message=(), advice=(), command="run", object_expected=True, **how):
        """Runs the client and checks what the table promises of that id."""
        row = ROWS[error_id]
        tail = ["--", "echo", "never"] if command == "run" else []
        ran = mullion(command, *arguments, "--output", "json", *tail, **how)
        self.assertEqual(ran.code, row.exit_code, ran)
        if not object_expected:  # Wrong words and missing files end before there is a host to have a result.
            self.assertIn(f"[{error_id}]", ran.stderr)
            text, error = ran.stderr, None
        else:
            error = ran.host["error"]
            self.assertEqual(error["id"], error_id, ran)
            self.assertEqual(ran.host["status"], row.status)
            self.assertIsNone(ran.host.get("exit_code"))
            self.assertTrue(error["advice"], "says nothing about what to do next")
            text = error["message"]
            self.assertIn("127.0.0.1" if "127.0.0.1" in arguments[0] else arguments[0].split("://")[-1].split(":")[0], text, "names the host")
            for part in advice:
                self.assertIn(part, " ".join(error["advice"]))
        for part in message:
            self.assertIn(part, text)
        self.assertNotIn(ADMIN[1], ran.stderr + ran.stdout.decode(errors="replace"))
        return error

    def http(self, server, *options):
        return f"http://127.0.0.1:{server.port}", "-u", ADMIN[0], "--transport", "ntlm", *options

    def https(self, server, *options, transport="basic"):
        return f"https://127.0.0.1:{server.port}", "-u", ADMIN[0], "--transport", transport, *options


class Reaching(ErrorCase):
    def test_net_name(self):
        self.expect("net.name", "http://no-such-host.invalid:5985", "-u", "x", message=["no-such-host.invalid"])

    def test_net_refused(self):
        with bad_servers.closed_port() as port:
            self.expect("net.refused", f"http://127.0.0.1:{port}", "-u", "x", message=[str(port)], advice=["5985"])

    def test_net_timeout__black_hole(self):
        with bad_servers.black_hole() as port:
            self.expect("net.timeout", f"http://127.0.0.1:{port}", "-u", "x", "--connect-timeout", "1", message=[str(port)])

    def test_net_timeout__tls_never_answers(self):
        with bad_servers.silent() as server:
            self.expect("net.timeout", *self.https(server, "--connect-timeout", "1"))

    def test_net_closed(self):
        with bad_servers.closing() as server:
            self.expect("net.closed", *self.http(server))

    def test_net_read_timeout(self):
        with bad_servers.silent() as server:
            self.expect("net.read_timeout", *self.http(server, "--read-timeout", "2", "--operation-timeout", "1"))


class Tls(ErrorCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service(["Service/Auth/Basic=true"]))
        cls.folder = Path(cls.service.folder) / "ca"
        cls.authority = bad_servers.Authority(cls.folder)
        cls.pair = cls.authority.issue("good")

    def test_tls_untrusted(self):
        self.expect("tls.untrusted", self.service.https, "-u", ADMIN[0], "--transport", "basic", advice=["--ca-file"])

    def test_tls_untrusted__another_authority(self):
        self.expect("tls.untrusted", self.service.https, "-u", ADMIN[0], "--transport", "basic", "--ca-file", self.authority.ca)

    def test_tls_name(self):
        pair = self.authority.issue("other", "DNS:other.example")
        with bad_servers.over_tls(*pair) as server:
            self.expect("tls.name", *self.https(server, "--ca-file", self.authority.ca), message=["other.example"], advice=["--tls-server-name"])

    def test_tls_expired(self):
        pair = self.authority.issue("expired", dates=("-startdate", "20200101000000Z", "-enddate", "20200201000000Z"))
        with bad_servers.over_tls(*pair) as server:
            self.expect("tls.expired", *self.https(server, "--ca-file", self.authority.ca))

    def test_tls_expired__not_valid_yet(self):
        pair = self.authority.issue("early", dates=("-startdate", "20450101000000Z", "-enddate", "20460201000000Z"))
        with bad_servers.over_tls(*pair) as server:
            self.expect("tls.expired", *self.https(server, "--ca-file", self.authority.ca))

    def test_tls_revoked(self):
        pair = self.authority.issue("revoked")
        self.authority.revoke("revoked")
        crl = self.authority.revocation_list()
        with bad_servers.over_tls(*pair) as server:
            self.expect("tls.revoked", *self.https(server, "--ca-file", self.authority.ca, "--crl-file", crl))
        with bad_servers.over_tls(*self.pair) as server:  # The list refuses that one certificate only.
            self.expect("http.not_found", *self.https(server, "--ca-file", self.authority.ca, "--crl-file", crl))

    def test_tls_pin(self):
        self.expect("tls.pin", self.service.https, "-u", ADMIN[0], "--transport", "basic", "--cert-pin", "sha256:" + "00" * 32)

    def test_tls_not_tls(self):
        self.expect("tls.not_tls", f"https://127.0.0.1:{self.service.port('http')}", "-u", ADMIN[0], "--transport", "basic", advice=["http://"])

    def test_tls_handshake__no_version_in_common(self):
        with bad_servers.over_tls(*self.pair, ciphers="ALL:@SECLEVEL=0", oldest=ssl.TLSVersion.TLSv1) as server:
            self.expect("tls.handshake", *self.https(server, "--ca-file", self.authority.ca))

    def test_tls_files(self):
        broken = self.folder / "broken.pem"
        broken.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        self.expect("tls.files", self.service.https, "-u", ADMIN[0], "--transport", "basic", "--ca-file", broken, message=["broken.pem"])

    def test_tls_files__missing(self):
        self.expect("tls.files", self.service.https, "-u", ADMIN[0], "--transport", "basic", "--ca-file", self.folder / "none.pem", message=["none.pem"])

    def test_http_tls_port(self):
        self.expect("http.tls_port", f"http://127.0.0.1:{self.service.port('https')}", "-u", ADMIN[0], "--transport", "ntlm", advice=["https://"])

    def test_http_tls_port__another_tls_server(self):
        with bad_servers.over_tls(*self.pair) as server:
            self.expect("http.tls_port", *self.http(server))


class Http(ErrorCase):
    def test_http_malformed(self):
        with bad_servers.saying(b"SSH-2.0-OpenSSH_9.2\r\n") as server:
            self.expect("http.malformed", *self.http(server))

    def test_http_too_large(self):
        endless = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\nContent-Type: application/soap+xml\r\n\r\n"
        with bad_servers.saying(endless) as server:
            self.expect("http.too_large", *self.http(server))

    def test_http_not_found(self):
        with bad_servers.answering("404 Not Found") as server:
            self.expect("http.not_found", *self.http(server), message=["/wsman"], advice=["--path"])

    def test_http_not_found__wrong_path_of_a_real_service(self):
        with Service() as service:
            self.expect("http.not_found", service.http, "-u", ADMIN[0], "--transport", "ntlm", "--path", "/wrong", message=["/wrong"])

    def test_http_not_winrm(self):
        with bad_servers.answering("200 OK", body=b"<html>It works!</html>") as server:
            self.expect("http.not_winrm", *self.http(server))

    def test_http_redirected(self):
        with bad_servers.answering("302 Found", ["Location: https://elsewhere.example/"]) as server:
            self.expect("http.redirected", *self.http(server), message=["elsewhere.example"])

    def test_http_busy(self):
        with bad_servers.answering("503 Service Unavailable") as server:
            self.expect("http.busy", *self.http(server), advice=["--wait-for"])

    def test_http_status(self):
        with bad_servers.answering("418 I'm a teapot") as server:
            self.expect("http.status", *self.http(server), message=["418"])

    def test_http_request_too_large(self):
        with bad_servers.answering("413 Payload Too Large") as server:
            self.expect("http.request_too_large", *self.http(server))


class Authentication(ErrorCase):
    @classmethod
    def setUpClass(cls):
        accounts = [(*ADMIN, ["--admin"]), (*PLAIN_USER, [])]
        cls.service = cls.enterClassContext(Service(["Service/Auth/Basic=true"], accounts=accounts))
        cls.defaults = cls.enterClassContext(Service())

    def test_auth_rejected(self):
        for scheme, transport in (("http", "ntlm"), ("http", "negotiate"), ("https", "basic"), ("https", "ntlm")):
            with self.subTest(scheme=scheme, transport=transport):
                error = self.expect("auth.rejected", *words(self.service, scheme=scheme, transport=transport), password="wrong", advice=["4625"])
                self.assertIn("Negotiate", " ".join(error["offered"]))
                self.assertEqual(error["http_status"], 401)

    def test_auth_rejected__text_names_offered_tried_and_causes(self):
        ran = mullion("run", *words(self.service), "--", "echo", "never", password="wrong")
        for part in ("tried:", "ntlm", "offered:", "Negotiate", "likely:", "next:"):
            self.assertIn(part, ran.stderr)

    def test_auth_rejected__unknown_account_looks_the_same(self):
        known = self.expect("auth.rejected", *words(self.service), password="wrong")
        unknown = self.expect("auth.rejected", *words(self.service, user="nobody-of-that-name"), password="wrong")
        self.assertEqual(known["message"].replace(ADMIN[0], "?"), unknown["message"].replace("nobody-of-that-name", "?"))

    def test_auth_not_offered(self):
        error = self.expect("auth.not_offered", *words(self.defaults, scheme="https", transport="basic"), advice=["--transport"])
        self.assertIn("Negotiate", " ".join(error["offered"]))

    def test_auth_not_offered__nothing_at_all(self):
        with bad_servers.answering("401 Unauthorized") as server:
            self.expect("auth.not_offered", *self.http(server))

    def test_auth_not_offered__an_unknown_scheme(self):
        with bad_servers.answering("401 Unauthorized", ["WWW-Authenticate: Hawk realm=\"x\""]) as server:
            error = self.expect("auth.not_offered", *self.http(server))
            self.assertIn("Hawk", " ".join(error["offered"]))

    def test_auth_protocol(self):
        with bad_servers.answering("401 Unauthorized", ["WWW-Authenticate: Negotiate bm90IGEgdG9rZW4="]) as server:
            self.expect("auth.protocol", *self.http(server))

    def test_auth_plaintext(self):
        self.expect("auth.plaintext", *words(self.service, transport="basic"), advice=["--allow-unencrypted"])

    def test_auth_encryption_required(self):
        self.expect("auth.encryption_required", *words(self.service, "--message-encryption", "never", "--allow-unencrypted"))

    def test_wsman_access_denied(self):
        self.expect("wsman.access_denied", *words(self.service, user=PLAIN_USER[0]), password=PLAIN_USER[1])


class Usage(ErrorCase):
    def test_usage_invalid(self):
        self.expect("usage.invalid", "http://127.0.0.1:1", "-u", "x", "--env", "nothing", object_expected=False)

    def test_usage_target(self):
        for target in ("http://", "ftp://host", "http://user:secret@host", "http://host:99999", "::1:5985:x", "http://[::1"):
            with self.subTest(target):
                self.expect("usage.target", target, "-u", "x", object_expected=False)

    def test_usage_password_missing(self):
        import subprocess

        from tests.support.service import MULLION
        done = subprocess.run([MULLION, "run", "http://127.0.0.1:1", "-u", "x", "--", "echo"], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=30, start_new_session=True)
        self.assertEqual(done.returncode, 5)
        self.assertIn("[usage.password_missing]", done.stderr)

    def test_usage_file(self):
        self.expect("usage.file", "http://127.0.0.1:1", "-u", "x", "--stdin", "/nonexistent/rows", message=["/nonexistent/rows"], object_expected=False)

    def test_usage_unsupported(self):
        self.expect("usage.unsupported", "host1,host2", "-u", "x", object_expected=False)

    def test_auth_credentials(self):
        self.expect("auth.credentials", "http://127.0.0.1:1", object_expected=False)


class Running(ErrorCase):
    def test_run_timeout(self):
        with Service() as service:
            ran = mullion("run", *words(service, "--timeout", "1", "--output", "json"), "--", "while read x; do :; done </dev/zero")
            self.assertEqual((ran.code, ran.host["status"], ran.host["error"]["id"]), (4, "timed_out", "run.timeout"))

    def test_wsman_quota(self):
        with Service(["Winrs/MaxShellsPerUser=0"]) as service:
            self.expect("wsman.quota", *words(service), message=["shell"])

    def test_wsman_fault(self):
        with Service() as service:
            error = self.expect("wsman.fault", *words(service, "--codepage", "12345"))
            self.assertEqual(error["wsman_code"], 2150859072)


class SealBroken(ErrorCase):
    def test_seal_broken(self):
        """A proxy that turns one bit of each sealed answer."""
        with Service() as service:
            port = service.port("http")

            def serve(client):
                with socket.create_connection(("127.0.0.1", port)) as host:
                    while request := bad_servers.read_request(client):
                        host.sendall(request[0] + b"\r\n\r\n" + request[1])
                        head, body = bad_servers.read_request(host)
                        if b"multipart/encrypted" in head:
                            at = body.rindex(b"--Encrypted Boundary--") - 5
                            body = body[:at] + bytes([body[at] ^ 1]) + body[at + 1:]
                        client.sendall(head + b"\r\n\r\n" + body)

            with bad_servers.BadServer(serve) as proxy:
                self.expect("seal.broken", *self.http(proxy))


if __name__ == "__main__":
    unittest.main()
